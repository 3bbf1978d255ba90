"""Every kind of personal data in every syntax it is written in: found whole, once, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tightlip.detect.detector import Document, detect
from tightlip.detect.ruleset import builtin_ruleset
from tightlip.detect.sample import fill

FIELDS = {
    "full_name": "{given} {family}", "last_name": "{family}", "email": "{email}", "phone": "{phone:US}", "city": "Braunschweig",
    "street_address": "1187 Linden Boulevard", "postal_code": "94121", "date_of_birth": "1984-03-17", "username": "kbrandt84",
    "card_number": "{card:51,16}", "cvv": "834", "iban": "{iban:DE}", "bic": "DEUTDEFF500", "account_number": "839{digits:5}",
    "routing_number": "{stdnum:us-rtn,02#######}", "client_ip": "{ip}", "mac_address": "{mac}", "imei": "{stdnum:imei,35############^}",
    "vin": "{vin}", "license_plate": "HH-KB 2104", "latitude": "52.2641{digits:3}", "ssn": "{ssn}", "ssn_last4": "7{digits:3}",
    "passport_number": "C01X{digits:5}", "drivers_license": "D{digits:7}", "mrn": "8{digits:7}", "health_insurance_number": "A{digits:9}",
    "diagnosis": "Type 2 diabetes", "religion": "Lutheran", "trade_union": "Unite", "sexual_orientation": "bisexual",
    "ethnicity": "Roma", "political_party": "Liberal Democrats", "criminal_record": "theft 2019", "gender": "female",
    "steuer_id": "{stdnum:de-idnr,4##########}", "pesel": "{stdnum:pl-pesel,840317#####}", "hetu": "{stdnum:fi-hetu,131052-###?}",
}  # fmt: skip
Syntax = Callable[[str, str], str]


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.title() for word in rest)


def pascal(name: str) -> str:
    return "".join(word.title() for word in name.split("_"))


SYNTAXES: dict[str, tuple[str, Syntax]] = {
    "csv": ("a.csv", lambda n, v: f"id,{n}\n1,{v}\n"),
    "semicolons": ("a.csv", lambda n, v: f'id;{n}\n1;"{v}"\n'),
    "tsv": ("a.tsv", lambda n, v: f"id\t{n}\n1\t{v}\n"),
    "pipes": ("a.csv", lambda n, v: f"id|{n}|x\n1|{v}|y\n"),
    "json": ("a.json", lambda n, v: f'{{"a": 1, "{n}": "{v}"}}'),
    "jsonl": ("a.jsonl", lambda n, v: f'{{"{camel(n)}":"{v}"}}\n'),
    "geojson": ("a.geojson", lambda n, v: f'{{"type": "Feature", "properties": {{"{n}": "{v}"}}}}'),
    "yaml": ("a.yml", lambda n, v: f"user:\n  {n}: {v}\n"),
    "yaml list": ("a.yml", lambda n, v: f'- {camel(n)}: "{v}"\n'),
    "toml": ("a.toml", lambda n, v: f'[u]\n{n} = "{v}"\n'),
    "env": (".env", lambda n, v: f"{n.upper()}={v}\n"),
    "ini": ("a.ini", lambda n, v: f"[u]\n{n} = {v}\n"),
    "properties": ("a.properties", lambda n, v: f"user.{camel(n)}={v}\n"),
    "insert": ("a.sql", lambda n, v: f"INSERT INTO u (id, {n}) VALUES (1, '{v}');\n"),
    "update": ("a.sql", lambda n, v: f"UPDATE u SET {n} = '{v}' WHERE id = 1;\n"),
    "copy": ("a.sql", lambda n, v: f"COPY u (id, {n}) FROM stdin;\n1\t{v}\n\\.\n"),
    "sql in a string": ("a.py", lambda n, v: f"q = \"INSERT INTO u (id, {n}) VALUES (1, '{v}')\"\n"),
    "element": ("a.xml", lambda n, v: f"<p><{n}>{v}</{n}></p>"),
    "attribute": ("a.xml", lambda n, v: f'<p id="1" {n}="{v}"/>'),
    "input": ("a.html", lambda n, v: f'<input name="{n}" value="{v}">'),
    "data attribute": ("a.html", lambda n, v: f'<div data-{n.replace("_", "-")}="{v}"></div>'),
    "keyword": ("a.py", lambda n, v: f"User.create(id=1, {n}='{v}')\n"),
    "dict": ("a.py", lambda n, v: f"x = {{'{n}': '{v}'}}\n"),
    "python attribute": ("a.py", lambda n, v: f'user.{n} = "{v}"\n'),
    "dataclass": ("a.py", lambda n, v: f"@dataclass\nclass U:\n    {n}: str = '{v}'\n"),
    "default": ("a.py", lambda n, v: f"def f({n}='{v}'):\n    pass\n"),
    "assert": ("a.py", lambda n, v: f"assert user.{n} == '{v}'\n"),
    "javascript": ("a.js", lambda n, v: f"const u = {{ {camel(n)}: '{v}' }};\n"),
    "typescript": ("a.ts", lambda n, v: f'const {camel(n)}: string = "{v}";\n'),
    "setter": ("A.java", lambda n, v: f'u.set{pascal(n)}("{v}");\n'),
    "java": ("A.java", lambda n, v: f'String {camel(n)} = "{v}";\n'),
    "go": ("a.go", lambda n, v: f'u := User{{{pascal(n)}: "{v}"}}\n'),
    "c#": ("a.cs", lambda n, v: f'var u = new User {{ {pascal(n)} = "{v}" }};\n'),
    "ruby": ("a.rb", lambda n, v: f"u = {{ :{n} => '{v}' }}\n"),
    "php": ("a.php", lambda n, v: f"<?php $u = ['{n}' => '{v}'];\n"),
    "gherkin": ("a.feature", lambda n, v: f"Feature: x\n  Scenario: y\n    Given users\n      | id | {n} |\n      | 1 | {v} |\n"),
    "markdown table": ("a.md", lambda n, v: f"| id | {n} |\n|---|---|\n| 1 | {v} |\n"),
    "log": ("a.log", lambda n, v: f'2026-01-02 10:00:00 INFO login {n}="{v}" ok=true\n'),
    "ldif": ("a.ldif", lambda n, v: f"dn: uid=1\n{camel(n)}: {v}\n"),
    "query": ("a.py", lambda n, v: f"u = 'https://api.acme-prod.com/x?a=1&{n}={v.replace(' ', '%20')}'\n"),
}  # fmt: skip


@pytest.mark.parametrize("syntax", SYNTAXES)
def test_it_is_found_in_every_syntax(syntax: str) -> None:
    path, write = SYNTAXES[syntax]
    wrong: dict[str, list[str]] = {}
    for name, template in FIELDS.items():
        value = fill(template)
        if syntax == "query" and " " in value:
            continue
        found = [finding.value for finding in detect(Document(write(name, value), path), builtin_ruleset()).findings]
        if found != [value]:
            wrong[name] = ["".join("x" if c.isalnum() else c for c in one) for one in found]
    assert wrong == {}
