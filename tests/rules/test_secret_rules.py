"""What the rules of `rules/secrets` promise, beyond their own examples."""

from __future__ import annotations

import json
import re
import sysconfig
from collections import Counter
from functools import lru_cache
from pathlib import Path

import pytest

from tightlip.detect.detector import Document, detect
from tightlip.detect.gate import Gate
from tightlip.detect.load import load_rules
from tightlip.detect.rule import Rule
from tightlip.detect.ruleset import Ruleset
from tightlip.detect.sample import fill
from tightlip.detect.selftest import check_rules
from tightlip.detect.shipped import rules_directory
from tightlip.finding import Confidence, Finding, Severity

RULES = load_rules(sorted((rules_directory() / "secrets").glob("*.toml")), rules_directory().parent)
BY_ID = {rule.id: rule for rule in RULES}


@lru_cache(maxsize=1)
def all_secrets() -> Ruleset:
    return Ruleset.build(RULES)


def find(template: str, path: str | None = None) -> list[Finding]:
    return list(detect(Document(fill(template), path), all_secrets()).findings)


def found(template: str, path: str | None = None) -> list[tuple[str, str]]:
    return [(finding.rule, finding.value) for finding in find(template, path)]


@pytest.mark.parametrize("file", sorted({rule.source.rpartition(":")[0] for rule in RULES}))
def test_every_example_holds(file: str) -> None:
    rules = [rule for rule in RULES if rule.source.rpartition(":")[0] == file]
    assert [str(failure) for failure in check_rules(rules, all_secrets())] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_says_what_to_do_and_where_its_format_is_from(rule: Rule) -> None:
    assert rule.advice.endswith(".")
    assert set(rule.criteria) <= {"CC6.1", "CC6.7"}
    assert rule.criteria
    assert all(page.startswith("https://") for page in (*rule.references, *filter(None, [rule.revoke])))
    assert len(rule.misses) >= 2
    assert rule.severity is Severity.ERROR or rule.id in TIERS


TIERS = {
    # of a test mode, an id, or a shape that other things have too
    "stripe-test-key", "twilio-api-key-sid", "connection-string-password", "command-line-credential", "http-bearer-token", "url-query-credential",
    # the id half of a pair
    "ovh-application-key", "wasabi-access-key", "backblaze-application-key-id", "cloudflare-r2-access-key-id", "huawei-cloud-access-key",
    "qiniu-access-key",
    # for others to read, or a way back to a password rather than one
    "tomtom-api-key", "ansible-vault-text", "snmp-community", "aspnet-protected-payload", "unix-password-hash", "bcrypt-password-hash", "argon2-password-hash",
    "ldap-password-hash", "python-web-password-hash", "phpass-password-hash", "database-password-hash",
    # of a field or a place that others use too
    "client-password-variable", "code-user-password-pair", "c-define-password", "ldap-bind-password", "recovery-code", "scim-token", "infura-api-key",
    "raygun-access-token", "airbrake-project-key", "healthchecks-ping-url", "stripe-ephemeral-key", "stripe-client-secret", "keystore-password",
    "certificate-password", "key-passphrase", "ipinfo-token", "ethereum-keystore",
    # known by the field alone
    "generic-secret", "generic-password-random", "generic-password",
}  # fmt: skip


SELF_CONTAINED = [
    (rule, template)
    for rule in RULES
    for template in rule.matches
    if rule.pattern
    and (match := re.compile(rule.pattern, re.ASCII | re.MULTILINE).search(fill(template)))
    and match[0] == match["value"]
]


@pytest.mark.parametrize(
    "around",
    ["{}", '"{}"', "'{}'", "`{}`", "({})", "[{}]", "<{}>", "{},", "{};", "{}:", "It is {}.", "{}!", "key={}", "key: {}", "key={}&x=1",
     "a\r\n{}\r\nb", "é {} ü", "\U0001f511{}", "**{}**", "|{}|", '"{}\\n"', "<a>{}</a>", "x = f('{}')", "echo {} | cat"],
)  # fmt: skip
def test_a_vendors_token_is_found_whole_wherever_it_stands(around: str) -> None:
    missed: list[str] = []
    for rule, template in SELF_CONTAINED:
        if "{" in around and rule.id in ("private-key", "pgpass-password"):
            continue
        text = fill(template)
        match = re.compile(rule.pattern, re.ASCII | re.MULTILINE).search(text)
        assert match is not None
        document = around.replace("{}", match[0])
        start = document.index(match[0])
        findings = detect(Document(document), all_secrets()).findings
        if not any(finding.span == (start, start + len(match[0])) for finding in findings):
            missed.append(rule.id)
    assert missed == []


def test_there_are_tokens_to_put_in_other_surroundings() -> None:
    assert len({rule.id for rule, _ in SELF_CONTAINED}) > 70


def test_gates_are_small() -> None:
    gates = [(number, rule.gate) for number, rule in enumerate(RULES) if rule.gate]
    assert sum(map(len, Gate.compile(gates).to_bytes())) < 3_000_000


def test_clean_code_wakes_no_gate_often_and_gives_no_error() -> None:
    gates = Gate.compile([(number, rule.gate) for number, rule in enumerate(RULES) if rule.gate])
    hits: Counter[str] = Counter()
    errors: list[str] = []
    size = 0
    for path in _standard_library():
        text = path.read_text(encoding="utf-8", errors="replace")
        size += len(text)
        hits.update(RULES[number].id for _, number in gates.candidates(text).hits)
        errors += [
            f"{path.name}: {f.rule}"
            for f in detect(Document(text, path.name), all_secrets()).findings
            if f.severity is Severity.ERROR
        ]
    often = {rule: count for rule, count in hits.items() if count > 300 * size / 12_000_000}
    assert often == {}
    assert errors == []


def _standard_library() -> list[Path]:
    folder = Path(sysconfig.get_path("stdlib"))
    skipped = {"test", "tests", "site-packages", "dist-packages", "idle_test", "ensurepip"}
    return [path for path in sorted(folder.rglob("*.py")) if not skipped & set(path.relative_to(folder).parts)]


def test_no_rule_file_holds_what_a_scanner_reports() -> None:
    from detect_secrets import SecretsCollection
    from detect_secrets.settings import default_settings

    secrets = SecretsCollection()
    with default_settings():
        for path in sorted({Path(rules_directory().parent, rule.source.rpartition(":")[0]) for rule in RULES}):
            secrets.scan_file(str(path))
    assert [f"{file}:{secret.line_number} {secret.type}" for file, secret in secrets] == []


def test_the_two_halves_of_a_key_pair_are_each_found_alone() -> None:
    assert found("id: AKIA{base32:16}")[0][0] == "aws-access-key-id"
    assert found("AWS_SECRET_ACCESS_KEY='{base64:40}'")[0][0] == "aws-secret-access-key"


def test_a_secret_key_beside_its_id_is_found_without_a_name() -> None:
    rules = [rule for rule, _ in found("AKIA{base32:16},{base64:40}\n")]
    assert rules == ["aws-access-key-id", "aws-secret-access-key"]


@pytest.mark.parametrize(
    ("template", "rule"),
    [
        ("api_key = 'ghp_{base62:36}'", "github-personal-access-token"),
        ("Authorization: Bearer ghp_{base62:36}", "github-personal-access-token"),
        ('token: "glpat-{base62:20}"', "gitlab-personal-access-token"),
        ("https://app.acme.example/?token={jwt}", "jwt"),
        ('secret_key = "sk_live_{base62:24}"', "stripe-live-key"),
        ("password: '{jwt}'", "jwt"),
        ("GITHUB_TOKEN=ghs_1234_{jwt}", "github-app-installation-token-stateless"),
        ('{"private_key_id": "{hex:40}", "private_key": "{pem:PRIVATE KEY,\\n}\\n"}', "gcp-service-account-key"),
    ],
)
def test_a_vendors_rule_is_named_where_a_general_one_fits_too(template: str, rule: str) -> None:
    assert [name for name, _ in found(template)] == [rule]


def test_only_a_valid_checksum_is_certain() -> None:
    certain, format_only = find("ghp_{crc32-base62:30} ghp_{base62:36}")
    assert (certain.confidence, certain.evidence) == (Confidence.HIGH, "checksum valid")
    assert (format_only.confidence, format_only.evidence) == (Confidence.MEDIUM, "format only")
    assert certain.severity is format_only.severity is Severity.ERROR


@pytest.mark.parametrize(
    ("template", "password"),
    [
        ("postgres://app:{base62:20}@db.acme.example/pay", "{base62:20}"),
        ("mongodb+srv://app:{base62:18}" + "@c0.acme.example/?w=majority", "{base62:18}"),
        ("redis://:{base62:22}@cache:6379/0", "{base62:22}"),
        ("git clone https://ci:{base62:24}@git.acme.example/pay.git", "{base62:24}"),
        ("Server=s.acme.example;User ID=app;Password={base62:16};Encrypt=True", "{base62:16}"),
        ("machine git.acme.example login jane password {base62:20}", "{base62:20}"),
    ],
)
def test_of_an_address_only_the_password_is_the_value(template: str, password: str) -> None:
    text = fill(template)
    finding = detect(Document(text), all_secrets()).findings[0]
    before, _, after = template.partition(password)
    assert text == before + finding.value + after


KEY = re.compile(r"(?:[A-Za-z0-9+/]{20,}={0,2})")


@pytest.mark.parametrize(
    "kind", ["RSA PRIVATE KEY", "EC PRIVATE KEY", "OPENSSH PRIVATE KEY", "PRIVATE KEY", "PGP PRIVATE KEY BLOCK"]
)
@pytest.mark.parametrize(
    "around",
    ["{}", "key: |\n  {}\n", 'key = """\n{}\n"""', '{"key": "{}"}', "+{}", "-{}", '  "{}",', "// {}", "\t\t{}\r\n"],
)
@pytest.mark.parametrize(
    "joint", ["\n", "\\n", "\\\\n", "\r\n", '\\n" +\n  "', "\n    ", "\n+", "\n-", "\n// ", "',\n  '"]
)
def test_no_line_of_a_private_key_stays_and_its_frame_does(kind: str, around: str, joint: str) -> None:
    block = fill("{pem:" + kind + "}").replace("\n", joint)
    text = around.replace("{}", block)
    finding = next(f for f in detect(Document(text), all_secrets()).findings if f.rule == "private-key")
    redacted = text[: finding.span.start] + "TL" + text[finding.span.end :]
    assert not KEY.search(redacted)
    assert re.search(rf"BEGIN {kind}-----.{{0,12}}TL.{{0,12}}-----END {kind}-----", redacted, re.DOTALL)


def test_a_service_account_file_is_still_json_without_its_key() -> None:
    text = fill(
        '{"type": "service_account", "private_key_id": "{hex:40}", "private_key": "{pem:PRIVATE KEY,\\n}\\n", "x": 1}'
    )
    finding = detect(Document(text, "key.json"), all_secrets()).findings[0]
    redacted = json.loads(text[: finding.span.start] + "TL_KEY" + text[finding.span.end :])
    assert redacted["private_key"].split("\n") == [
        "-----BEGIN PRIVATE" + " KEY-----",
        "TL_KEY",
        "-----END PRIVATE" + " KEY-----",
        "",
    ]


def test_two_private_keys_in_one_text_are_two_values() -> None:
    block = fill("{pem:RSA PRIVATE KEY}")
    other = fill("{pem:EC PRIVATE KEY}")
    values = [finding.value for finding in detect(Document(f"{block}\n{other}\n"), all_secrets()).findings]
    assert len(values) == 2
    assert not any("-----" in value for value in values)


@pytest.mark.parametrize(
    ("template", "rule", "severity"),
    [
        ("api_key = '{base62:32}'", "generic-secret", Severity.WARNING),
        ("password = '{base62:16}'", "generic-password-random", Severity.WARNING),
        ("password = 'sunshine99'", "generic-password", Severity.INFORMATION),
    ],
)
def test_what_only_a_name_gives_away_is_no_error(template: str, rule: str, severity: Severity) -> None:
    (finding,) = find(template)
    assert (finding.rule, finding.severity) == (rule, severity)
    assert finding.confidence < Confidence.HIGH


@pytest.mark.parametrize(
    "text",
    [
        "password = os.environ['DB_PASSWORD']", "password: ${DB_PASSWORD}", "password = \"<your-password>\"", "api_key: {{ api_key }}",
        "password = \"Passwort eingeben\"", "\"password\": \"Mot de passe\"", "password = \"********\"", "public_key = \"{hex:64}\"",
        "postgres://app:${PW}@db/pay", "Authorization: Bearer ${TOKEN}", "commit {hex:40}", "sha256:{hex:64}", "uuid = \"{hex:8}-{hex:4}-{hex:4}\"",
        "integrity: sha512-{base64:86}==", "data:image/png;base64,{base64:200}", "monkey = \"{base62:32}\"", "keyboard_layout = \"{base62:32}\"",
    ],
)  # fmt: skip
def test_what_is_no_secret_is_left_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "junk",
    [
        " ",
        "\\n",
        "\\\\n",
        "\n",
        "A",
        "a:",
        "/",
        "%20",
        ".eyJ",
        "=",
        "-",
        "_",
        "Abc: ",
        "\\",
        "a.",
        ", ",
        "<",
        "://",
        "@",
    ],
)
def test_no_text_makes_a_pattern_run_away(junk: str) -> None:
    # a pattern that backtracks would not end here
    for rule in RULES:
        text = fill(rule.matches[0])
        for size in (len(text) // 3, len(text) // 2, len(text) * 4 // 5):
            detect(Document((text[:size] + junk * 1500 + "\n") * 3), all_secrets())
