from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tightlip.detect import detector
from tightlip.detect.detector import Document, detect, merge_overlaps
from tightlip.detect.ruleset import Ruleset, builtin_ruleset
from tightlip.detect.sample import fill
from tightlip.finding import Category, Confidence, Finding, Severity, Span

TOKEN = fill("ghp_{crc32-base62:30}")
WORD = fill("zz{base62:10}")
"""What stands for `§` in a text; written out, it would be a password to other scanners."""


def document(text: str, path: str | None = None) -> Document:
    return Document(text.replace("§", WORD), path)


def found(ruleset: Ruleset, text: str, path: str | None = None) -> list[tuple[str, str]]:
    text = text.replace("§", WORD)
    detection = detect(Document(text, path), ruleset)
    assert all(text[slice(*finding.span)] == finding.value for finding in detection.findings)
    return [(finding.rule, finding.value) for finding in detection.findings]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "db_password: str = '§'"),
        ("a.py", "connect(password='§')"),
        ("a.py", "{'password': '§'}"),
        ("a.py", "if password == '§':"),
        ("a.py", "set('password', '§')"),
        ("a.java", 'setPassword("§");'),
        ("a.go", "password := `§`"),
        ("a.json", '{"é😀": 1, "userPassword": "§"}'),
        ("a.json", '{"password":\n  "§"}'),
        ("a.yml", "password: § # why"),
        ("a.yml", "- PASSWORD: '§'"),
        ("a.env", "export DB_PASSWORD_PROD=§"),
        ("a.ini", "passwd = §"),
        ("a.xml", "<password>§</password>"),
        ("a.xml", '<login password="§"/>'),
        ("a.csv", "id,password\n1,§\n"),
        ("a.sql", "INSERT INTO u (id, password) VALUES (1, '§');"),
        (None, "password: §"),
        ("a.ipynb", '{"source": ["password = \\"§\\"\\n"]}'),
        ("a.py", "url = 'https://h.example/?password=§&x=1'"),
        ("a.py", "\ufeffpassword = '§'"),
        ("a.py", "# é😀\r\npassword = '§'\r\n"),
    ],
)
def test_a_fields_value_is_found_in_every_syntax(ruleset: Ruleset, path: str | None, text: str) -> None:
    assert found(ruleset, text, path) == [("password", WORD)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "password = get_password('§')"),
        ("a.py", "password = other_name"),
        ("a.py", "password = None"),
        ("a.py", "password = os.environ['PASSWORD']"),
        ("a.py", "password_policy = '§'"),
        ("a.yml", "password: ${PASSWORD}"),
        ("a.yml", "password: {{ vault_password }}"),
        ("a.env", "PASSWORD=<your-password>"),
        ("a.env", "PASSWORD=changeme"),
        ("a.env", "PASSWORD=xxxxxxxx"),
        ("a.py", "password = '${PASSWORD}'"),
        ("a.py", "password = 'TL_PASSWORD_7F3K2Q'"),
        ("a.js", "password: this.password"),
        ("a.py", "FIELDS = ['username', 'password', '§']"),
        ("a.py", f"token = 'my_{TOKEN}_more'"),
        ("a.py", "x = 'nw" + "0a1b2c3d4e5f6a7b'"),
    ],
)
def test_a_name_a_reference_or_a_placeholder_is_no_value(ruleset: Ruleset, path: str, text: str) -> None:
    assert found(ruleset, text, path) == []


def test_a_checksum_raises_the_confidence_and_never_drops_the_finding(ruleset: Ruleset) -> None:
    wrong = TOKEN[:-1] + ("a" if TOKEN[-1] != "a" else "b")
    first, second = detect(Document(f"{TOKEN} {wrong}"), ruleset).findings
    assert (first.confidence, first.evidence) == (Confidence.HIGH, "checksum valid")
    assert (second.confidence, second.evidence) == (Confidence.MEDIUM, "format only")


def test_a_line_end_written_as_an_escape_is_no_letter_before_a_value(ruleset: Ruleset) -> None:
    assert found(ruleset, f'{{"log": "first\\n{TOKEN}\\nlast"}}', "a.json") == [("github-personal-access-token", TOKEN)]


def test_a_keyword_near_the_value_is_asked_for(ruleset: Ruleset) -> None:
    value = fill("nw{hex:16}")
    assert found(ruleset, f"NearCloud key {value}") == [("near-word", value)]
    assert found(ruleset, f"NearCloud {'-' * 100} key {value}") == []


def test_a_test_path_lowers_a_guessed_secret_and_keeps_a_structural_one(ruleset: Ruleset) -> None:
    text = f"password = '§'\ntoken = '{TOKEN}'"
    here = [finding.severity for finding in detect(document(text, "src/app.py"), ruleset).findings]
    test = [finding.severity for finding in detect(document(text, "tests/test_app.py"), ruleset).findings]
    assert here == [Severity.WARNING, Severity.ERROR]
    assert test == [Severity.INFORMATION, Severity.ERROR]


@pytest.mark.parametrize(
    ("path", "text", "severity"),
    [
        ("a.py", 'def f():\n    """Sign in.\n\n    >>> f(password=\'§\')\n    """\n', Severity.INFORMATION),
        ("a.js", "/**\n * let password = '§'\n */\n", Severity.INFORMATION),
        ("api/2019.examples.json", '{"password": "§"}', Severity.INFORMATION),
        ("api/examples-1.json", '{"password": "§"}', Severity.INFORMATION),
        ("a.py", "# password = '§'", Severity.WARNING),
        ("a.js", "// let password = '§'", Severity.WARNING),
        ("api/2019.json", '{"password": "§"}', Severity.WARNING),
    ],
)
def test_documentation_lowers_a_guessed_secret_and_a_comment_does_not(
    ruleset: Ruleset, path: str, text: str, severity: Severity
) -> None:
    assert [finding.severity for finding in detect(document(text, path), ruleset).findings] == [severity]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("a.ts", "export type Password = '§' | 'other'", []),
        ("a.ts", "const typePassword = '§'", ["password"]),
        ("a.js", "require('password')('§')", []),
        ("a.js", "set('password', '§')", ["password"]),
    ],
)
def test_a_type_and_a_second_call_hold_no_value_of_a_field(
    ruleset: Ruleset, path: str, text: str, expected: list[str]
) -> None:
    assert [rule for rule, _ in found(ruleset, text, path)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "password = '§'  # tightlip: allow[password] rotated in May",
        "password = '§'  // tightlip:allow rotated in May",
        "# tightlip: allow[password, badge] rotated in May\npassword = '§'",
        "password = '§'  # pragma: allowlist secret",
        "# pragma: allowlist nextline secret\npassword = '§'",
        "password = '§'  # gitleaks:allow",
        "password = '§'  # betterleaks:allow",
        "password = '§'  # trufflehog:ignore",
        "password = '§'  # kingfisher:ignore",
        "password = '§'  # ggignore",
    ],
)
def test_a_comment_allows_its_line_or_the_next_and_strict_mode_ignores_it(ruleset: Ruleset, text: str) -> None:
    detection = detect(document(text, "a.py"), ruleset)
    assert detection.findings == ()
    assert [(why.kind, why.finding.rule) for why in detection.suppressed] == [("inline", "password")]
    assert [f.rule for f in detect(document(text, "a.py"), ruleset, strict=True).findings] == ["password"]


@pytest.mark.parametrize(
    "text",
    [
        "password = '§'  # tightlip: allow[badge] another rule",
        "# tightlip: allow[password]\n\npassword = '§'",
        "x = 1  # gitleaks:allow\npassword = '§'",
        "password = '§'\n# gitleaks:allow",
    ],
)
def test_a_comment_allows_nothing_else(ruleset: Ruleset, text: str) -> None:
    assert found(ruleset, text, "a.py") == [("password", WORD)]


def test_the_reason_of_an_inline_allow_is_kept(ruleset: Ruleset) -> None:
    text = "password = '§'  /* tightlip: allow[password] rotated in May */"
    (why,) = detect(document(text, "a.js"), ruleset).suppressed
    assert why.reason == "rotated in May"


def finding(start: int, end: int, severity: Severity = Severity.WARNING, rule: str = "r") -> Finding:
    return Finding(rule, rule, Category.SECRET, Span(start, end), severity, Confidence.LOW, "v", "P")


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 10), st.sampled_from(list(Severity))), max_size=12))
def test_merged_findings_are_sorted_and_do_not_overlap(spans: list[tuple[int, int, Severity]]) -> None:
    findings = [finding(start, start + size, severity) for start, size, severity in spans]
    merged = merge_overlaps(findings)
    assert all(one.span.end <= other.span.start for one, other in pairwise(merged))
    assert all(any(kept.span.overlaps(lost.span) for kept in merged) for lost in findings)


def test_of_two_findings_on_the_same_characters_the_more_specific_stays(ruleset: Ruleset) -> None:
    assert found(ruleset, f"password = '{TOKEN}'", "a.py") == [("github-personal-access-token", TOKEN)]


@settings(max_examples=150, deadline=None)
@given(
    st.text(max_size=200)
    | st.lists(
        st.sampled_from(
            [
                "password",
                "=",
                ":",
                "'",
                '"',
                "\n",
                "\r\n",
                " ",
                "(",
                ",",
                "<",
                ">",
                "é",
                "😀",
                "\0",
                "\ud800",
                TOKEN,
                "zz9",
            ]
        ),
        max_size=40,
    ).map("".join),
    st.sampled_from([None, "a.py", "a.csv", "a.sql", "a.json", "a.yml", "a.xml", ".env", "a.md", "a.js"]),
)
def test_no_text_breaks_detection_and_every_span_covers_its_value(text: str, path: str | None) -> None:
    detection = detect(Document(text, path), builtin_ruleset())
    end = 0
    for one in detection.findings:
        assert end <= one.span.start < one.span.end <= len(text)
        assert text[slice(*one.span)] == one.value
        end = one.span.end


def test_a_hundred_thousand_findings_are_all_found(ruleset: Ruleset) -> None:
    text = "BDG-123987\n" * 100_000
    assert len(detect(Document(text), ruleset).findings) == 100_000


def test_a_text_beyond_the_limit_is_said_to_be_unchecked(ruleset: Ruleset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detector, "MAX_TEXT", 100)
    detection = detect(Document("x" * 90 + " BDG-123987"), ruleset)
    assert [notice.code for notice in detection.notices] == ["too-large"]
    assert detection.findings == ()


def test_a_finding_never_shows_its_value() -> None:
    one = Finding("r", "t", Category.SECRET, Span(0, 3), Severity.ERROR, Confidence.LOW, "can" + "ary", "P")
    assert "canary" not in repr(one)
    assert "canary" not in str(one)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"password": "\\u041f\\u0430\\u0440\\u043e\\u043b\\u044c"}', 0),  # the Russian word for password
        ('{"password": "\\u0052t7Qz9\\u0056wKp3x"}', 1),
        ('{"FontName": "Garden", "FamilyName": "Dunkelblum"}', 0),
        ('{"FirstName": "Henrik", "FamilyName": "Dunkelblum"}', 1),
    ],
)
def test_what_a_field_says_and_means(text: str, expected: int) -> None:
    found = detect(document(text, "a.json"), builtin_ruleset()).findings
    assert sum(finding.field in ("password", "FamilyName") for finding in found) == expected


@pytest.mark.parametrize(("name", "expected"), [("ordId", 0), ("transactionId", 0), ("number", 1), ("cardId", 1)])
def test_the_number_of_an_order_is_no_card(name: str, expected: int) -> None:
    found = detect(document(f'{{"{name}": "{fill("{card:4539,16}")}"}}', "a.json"), builtin_ruleset()).findings
    assert sum(finding.entity == "CREDIT_CARD" for finding in found) == expected
