"""The law of values: found in every syntax, exactly its characters, and after redaction nothing of it is left and the file parses."""

from __future__ import annotations

import ast
import base64
import configparser
import csv
import io
import json
import random
import re
import sqlite3
import string
import xml.etree.ElementTree as ET
from collections.abc import Callable
from urllib.parse import quote

import pytest
import tomli
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.detect.value_syntaxes import IN_TWO, WRITTEN
from tightlip.detect.detector import Document, detect
from tightlip.detect.ruleset import builtin_ruleset
from tightlip.detect.sample import draw, fill
from tightlip.finding import Finding, Severity
from tightlip.redact.redact import redact
from tightlip.syntax.language import language_of

VALUES = {
    "api_key": fill("{base62:32}"),
    "api_secret": "+" + fill("{base64:41}") + "==",
    "signing_key": fill("{hex:40}"),
    "password": fill("{base62:9}!{base62:5}"),
}
CAMEL = frozenset("js ts java kt scala swift dart cs".split())
UPPER = frozenset("sh c dockerfile env".split())


def _of_sql(text: str) -> None:
    if not sqlite3.complete_statement(text):
        raise ValueError("no statement")


PARSERS: dict[str, Callable[[str], object]] = {
    "py": ast.parse,
    "json": json.loads,
    "toml": tomli.loads,
    "yaml": lambda text: list(yaml.safe_load_all(text)),
    "csv": lambda text: list(csv.reader(io.StringIO(text), strict=True)),
    "ini": lambda text: configparser.ConfigParser(interpolation=None).read_string(
        text if "[" in text else f"[x]\n{text}"
    ),
    "xml": ET.fromstring,
    "sql": _of_sql,
}


def parses(parser: Callable[[str], object], text: str) -> bool:
    try:
        parser(text)
    except Exception:
        return False
    return True


def in_style(name: str, extension: str) -> str:
    if extension in CAMEL:
        head, *rest = name.split("_")
        return head + "".join(part.title() for part in rest)
    return name.upper() if extension in UPPER else name


def written(template: str, path: str, name: str) -> str:
    name = in_style(name, path.rpartition(".")[2].lower())
    return template.replace("setNAME", "set" + name[0].upper() + name[1:]).replace("NAME", name)


def findings_of(text: str, path: str) -> list[Finding]:
    return list(detect(Document(text, path), builtin_ruleset()).findings)


def check_redacted(text: str, path: str, found: list[Finding], value: str) -> None:
    after = redact(text, found, bytes(32), language_of(path, None, text)).text
    assert not [value[at : at + 6] for at in range(len(value) - 5) if value[at : at + 6] in after]
    parser = PARSERS.get(path.rpartition(".")[2])
    if parser is not None and parses(parser, text):
        assert parses(parser, after), after


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize(("path", "template"), [(path, one) for path, texts in WRITTEN.items() for one in texts])
def test_a_value_is_found_whole_and_alone_in_every_syntax(path: str, template: str, name: str):
    value = VALUES[name]
    text = written(template, path, name).replace("§", value)
    found = findings_of(text, path)
    places = [match.span() for match in re.finditer(re.escape(value), text)]
    assert [tuple(one.span) for one in found] == places
    check_redacted(text, path, found, value)


@pytest.mark.parametrize(("path", "template"), [(path, one) for path, texts in IN_TWO.items() for one in texts])
def test_a_value_in_two_pieces_is_one_finding_from_its_first_character_to_its_last(path: str, template: str):
    value = VALUES["api_key"]
    text = written(template, path, "api_key").replace("«", value[:17]).replace("»", value[17:])
    found = findings_of(text, path)
    assert [tuple(one.span) for one in found] == [(text.index(value[:17]), text.index(value[17:]) + len(value) - 17)]
    check_redacted(text, path, found, value)


KEY = fill("{pem:RSA PRIVATE KEY}")


@pytest.mark.parametrize(
    ("path", "text", "value"),
    [
        ("a.json", json.dumps({"private_key": KEY + "\n"}), KEY.split("\n")[1]),
        ("a.py", f"KEY = {KEY!r}", KEY.split("\n")[2]),
        ("a.yaml", "key: |\n  " + KEY.replace("\n", "\n  ") + "\nnext: 1\n", KEY.split("\n")[3]),
        ("a.tf", f"key = <<EOT\n{KEY}\nEOT\n", KEY.split("\n")[1]),
        ("a.yaml", f"tls.key: {base64.b64encode(KEY.encode()).decode()}\n", base64.b64encode(KEY.encode()).decode()),
        (
            "a.py",
            f"url = 'postgres://app:{quote('p@ss/' + VALUES['api_key'], safe='')}@db.acme.example/x'",
            VALUES["api_key"],
        ),
        ("a.sh", "curl -u jane:" + VALUES["password"] + " https://h.acme.example", VALUES["password"]),
        ("a.sh", f"curl -H 'Authorization: Bearer {VALUES['api_key']}' https://h.acme.example", VALUES["api_key"]),
        (".netrc", f"machine h.acme.example login jane password {VALUES['password']}\n", VALUES["password"]),
        (".pgpass", f"db.acme.example:5432:pay:app:{VALUES['api_key']}\n", VALUES["api_key"]),
    ],
)
def test_nothing_is_left_of_keys_addresses_and_headers(path: str, text: str, value: str):
    found = findings_of(text, path)
    assert found
    check_redacted(text, path, found, value)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", 'token = other or "unknown"'),
        ("a.py", "password = hash_of(password, 'sha256')"),
        ("a.py", "password = password.encode('latin1')"),
        ("a.py", "token = tokens[0] if tokens else 'nothing'"),
        ("a.py", "secret = load_secret('projects/acme/secrets/§')"),
        ("a.py", "TOKEN = 'abc'\n'''About the token.'''"),
        ("a.py", "def token(self):\n    '§'\n"),
        ("a.py", "if password:\n    raise ValueError\n"),
        ("a.py", "# the password is the one of yesterday"),
        ("a.py", "WORDS = ['username', 'password', '§']"),
        ("a.py", "nextToken = '§'"),
        ("a.xml", '<assemblyIdentity name="x" publicKeyToken="§"/>'),
        ("a.json", '{"nextPageToken": "§", "continuationToken": "§", "csrfToken": "§"}'),
        ("a.html", '<input type="hidden" name="csrf_token" value="§">'),
        ("a.py", "pad_token = '§'"),
        ("a.c", "#define TOKEN_NAME other"),
        ("a.c", '#define PASSWORD "%s"'),
        ("a.groovy", "token 'of the next page'"),
        ("a.md", "Your password is safe with us. The token is `required`."),
        ("a.md", "| password | required |"),
        ("a.yaml", "password:\n  secretKeyRef:\n    name: db\n"),
        ("a.yaml", "token: !Ref ApiToken"),
        ("a.yaml", "secret: &anchor\n  name: x\n"),
        ("a.tf", 'variable "password" {\n  default = ""\n}'),
        ("a.sh", 'PASSWORD="${PASSWORD:-}"'),
        ("a.sh", 'PASSWORD="${PASSWORD:?is not set}"'),
        ("a.js", "const token = await getToken('§');"),
        ("a.js", "const password = t('login.password.label');"),
        ("a.js", "const apiKey = config.apiKey ?? '';"),
        ("a.go", 'token := os.Getenv("§")'),
        ("a.rs", 'let token = env::var("API_TOKEN").expect("token is set");'),
        ("a.java", '@Value("${api.key:}") String apiKey;'),
        ("a.json", '{"name": "password", "type": "string", "value": ""}'),
        ("a.xml", "<password>${db.password}</password>"),
    ],
)
def test_names_calls_words_and_tokens_that_are_no_secrets_are_left_alone(path: str, text: str):
    assert findings_of(text.replace("§", VALUES["api_key"]), path) == []


# ------------------------------------------------------------------------------------------------ random values

LETTERS = string.ascii_letters + string.digits
# with the digits that generated values have: of letters alone, three in ten thousand read like words, which the bench counts
secrets = st.builds(
    lambda seed, size: draw(random.Random(seed), LETTERS, size), st.integers(0, 2**64), st.integers(24, 40)
).filter(lambda value: sum(map(str.isdigit, value)) >= 4)
odd = st.text(LETTERS + "\"'\\ é漢🔑\t/&<>", max_size=6)


def _python(value: str) -> str:
    return f"password = {value!r}\n"


def _json(value: str) -> str:
    return json.dumps({"user": "x", "password": value})


def _json_plain(value: str) -> str:
    return json.dumps([{"password": value}], ensure_ascii=False)


def _yaml(value: str) -> str:
    return yaml.safe_dump({"password": value, "z": 1}, allow_unicode=True, width=10_000)


def _yaml_quoted(value: str) -> str:
    return yaml.safe_dump({"password": value, "z": 1}, default_style='"', width=10_000)


def _xml(value: str) -> str:
    element = ET.Element("a")
    ET.SubElement(element, "b", {"password": value})
    return ET.tostring(element, encoding="unicode")


def _csv(value: str) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([["id", "password"], ["1", value]])
    return out.getvalue()


def _sql(value: str) -> str:
    return "UPDATE users SET password = '" + value.replace("'", "''") + "' WHERE id = 1;"


def _toml(value: str) -> str:
    return f"password = {json.dumps(value, ensure_ascii=False)}\n"


def _javascript(value: str) -> str:
    return f"const password = {json.dumps(value, ensure_ascii=False)};\n"


WRITERS = {
    "a.py": _python,
    "a.json": _json,
    "b.json": _json_plain,
    "a.yaml": _yaml,
    "b.yaml": _yaml_quoted,
    "a.xml": _xml,
    "a.csv": _csv,
    "a.sql": _sql,
    "a.toml": _toml,
    "a.js": _javascript,
}


@settings(max_examples=250, deadline=None)
@given(st.sampled_from(sorted(WRITERS)), secrets, odd, odd)
def test_nothing_of_a_generated_value_is_left_however_it_must_be_escaped(path: str, core: str, before: str, after: str):
    value = (before + core + after).strip()
    text = WRITERS[path](value)
    found = findings_of(text, path)
    assume(not any(c.isspace() or not c.isascii() for c in value))
    assert found
    check_redacted(text, path, found, core)


@pytest.mark.parametrize("name", ["password", "api_key", "client_secret", "auth_token"])
def test_the_default_of_an_expansion_is_found_by_every_kind_of_name(name: str):
    value = fill("{base62:24}")
    text = written("NAME=${NAME:-§}", "thing.sh", name).replace("§", value)
    assert [text[slice(*one.span)] for one in findings_of(text, "thing.sh")] == [value]


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from([(path, one) for path, texts in WRITTEN.items() for one in texts]),
    secrets,
    st.sampled_from(["api_key", "client_secret", "password", "auth_token"]),
)
def test_any_generated_value_is_found_whole_and_alone(case: tuple[str, str], value: str, name: str):
    path, template = case
    text = written(template, path, name).replace("§", value)
    found = findings_of(text, path)
    assert [text[slice(*one.span)] for one in found] == [value] * text.count(value)
    assert all(one.severity <= Severity.INFORMATION for one in found)
    check_redacted(text, path, found, value)
