"""What redaction promises for any text, any values and any place they stand in."""

from __future__ import annotations

import ast
import csv
import io
import json
import string
from typing import Any

import tomli
import tomli_w
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.redact.made import KEY, every, finding, redacted, runs
from tightlip.finding import Category, Confidence, Finding, Severity, Span
from tightlip.redact.mapping import Mapping
from tightlip.redact.placeholder import TOKEN
from tightlip.redact.redact import redact
from tightlip.redact.restore import restore
from tightlip.redact.streaming import StreamingRestorer
from tightlip.syntax.language import LANGUAGES

# values never share six characters with the texts around them: their letters are others
VALUE_LETTERS = "qwxyzQWXYZ6789@.+-/='\"\\ é\u200b🔑"
AROUND = "abcdefgh ABC 012 .,:;=()[]{}<>'\"\\\n\r\t#/_-é漢🙂\u2028\x0c`$%&"
values = st.text(VALUE_LETTERS, min_size=6, max_size=24).filter(lambda v: v == v.strip() and len(set(v)) > 3)
numbers = st.text("6789", min_size=6, max_size=12).filter(lambda v: len(set(v)) > 2)
plain_values = st.text("qwxyzQWXYZ6789@.+-", min_size=6, max_size=24).filter(
    lambda v: len(set(v)) > 3 and v[0].isalnum()
)
TOKENS = ["TL_EMAIL_7F3K2Q", "tl_email_7f3k2q", "TL_API_KEY_9M4R6T8G", "TL_EMAIL", "TL_", "http://x?q="]
around = st.text(AROUND, max_size=30) | st.sampled_from(TOKENS)
languages = st.sampled_from(sorted(LANGUAGES))
names = st.sampled_from(["EMAIL", "PHONE", "PERSON", "API_KEY", "IBAN", "US_SSN"])
fast = settings(max_examples=150, deadline=None)


@st.composite
def texts_with_findings(draw: st.DrawFn) -> tuple[str, list[Finding], list[str]]:
    """A text in which some values stand, some of them twice, and findings for them, some overlapping."""
    wanted = draw(st.lists(values | numbers, min_size=1, max_size=4, unique=True))
    parts: list[str] = [draw(around)]
    findings: list[Finding] = []
    size = len(parts[0])
    for value in draw(st.lists(st.sampled_from(wanted), min_size=1, max_size=8)):
        category = draw(st.sampled_from([Category.PII, Category.SECRET]))
        severity, confidence = draw(st.sampled_from(list(Severity))), draw(st.sampled_from(list(Confidence)))
        found = Finding("r", "t", category, Span(size, size + len(value)), severity, confidence, value, draw(names))
        findings.append(found)
        if draw(st.booleans()):
            inner = draw(st.integers(1, len(value)))
            part = Span(size, size + inner)
            findings.append(Finding("s", "t", category, part, severity, confidence, value[:inner], draw(names)))
        gap = draw(around)
        parts += value, gap
        size += len(value) + len(gap)
    text = "".join(parts)
    return text, findings, wanted


@given(texts_with_findings(), languages)
@fast
def test_restoring_what_was_redacted_gives_the_text_back(case: tuple[str, list[Finding], list[str]], language: str):
    text, findings, _ = case
    result = redact(text, findings, KEY, LANGUAGES[language])
    assert restore(result.text, result.mapping).text == text


@given(texts_with_findings(), languages)
@fast
def test_no_six_characters_of_a_found_value_are_left(case: tuple[str, list[Finding], list[str]], language: str):
    text, findings, wanted = case
    result = redact(text, findings, KEY, LANGUAGES[language])
    for value in wanted:
        if any(one.value == value for one in findings):
            assert not [run for run in runs(value) if run in result.text]


@given(texts_with_findings(), languages)
@fast
def test_redacting_again_changes_nothing(case: tuple[str, list[Finding], list[str]], language: str):
    text, findings, _ = case
    once = redact(text, findings, KEY, LANGUAGES[language])
    found_again = [
        Finding("r", "t", Category.SECRET, Span(*m.span()), Severity.ERROR, Confidence.LOW, m[0], "GENERIC")
        for m in TOKEN.finditer(once.text)
    ]
    twice = redact(once.text, found_again, KEY, LANGUAGES[language], once.mapping)
    assert (twice.text, twice.edits) == (once.text, ())
    assert redact(once.text, found_again, KEY, LANGUAGES[language]).text == once.text


@given(texts_with_findings(), languages, st.integers(0, 2**32))
@fast
def test_order_of_findings_does_not_matter(case: tuple[str, list[Finding], list[str]], language: str, seed: int):
    text, findings, _ = case
    turned = findings[seed % len(findings) :] + findings[: seed % len(findings)]
    one, other = (redact(text, order, KEY, LANGUAGES[language]) for order in (findings, turned[::-1]))
    assert one.text == other.text


@given(texts_with_findings(), languages, st.lists(st.integers(1, 7), min_size=1, max_size=6))
@fast
def test_a_streamed_answer_is_restored_like_a_whole_one(
    case: tuple[str, list[Finding], list[str]], language: str, sizes: list[int]
):
    text, findings, _ = case
    result = redact(text, findings, KEY, LANGUAGES[language])
    streamed = StreamingRestorer(result.mapping)
    given_out: list[str] = []
    position = turn = 0
    while position < len(result.text):
        size = sizes[turn % len(sizes)]
        given_out.append(streamed.feed(result.text[position : position + size]))
        position += size
        turn += 1
    end = streamed.finish()
    assert "".join(given_out) + end.text == text
    assert end.restored == restore(result.text, result.mapping).restored


@given(texts_with_findings(), languages)
@fast
def test_edits_and_text_agree(case: tuple[str, list[Finding], list[str]], language: str):
    text, findings, _ = case
    result = redact(text, findings, KEY, LANGUAGES[language])
    by_hand = text
    for edit in reversed(result.edits):
        by_hand = by_hand[: edit.span.start] + edit.new_text + by_hand[edit.span.end :]
    assert by_hand == result.text


# ------------------------------------------------------------------------------------------------ files still parse

TREES = st.recursive(
    st.one_of(values, st.text(string.ascii_lowercase, max_size=6), st.integers(-9, 9), st.booleans()),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc_", min_size=1, max_size=6), inner, max_size=4)
    ),
    max_leaves=10,
)


def leaves(data: Any) -> list[str]:
    if isinstance(data, dict):
        return [leaf for item in data.values() for leaf in leaves(item)]
    if isinstance(data, list):
        return [leaf for item in data for leaf in leaves(item)]
    return [data] if isinstance(data, str) and len(data) >= 6 and data[0] not in string.ascii_lowercase[:16] else []


def replaced(data: Any, secrets: set[str], back: Mapping) -> Any:
    """The tree with every secret string taken out, so that a redacted tree can be compared with it."""
    if isinstance(data, dict):
        return {key: replaced(item, secrets, back) for key, item in data.items()}
    if isinstance(data, list):
        return [replaced(item, secrets, back) for item in data]
    if isinstance(data, str) and (data in secrets or TOKEN.search(data)):
        return "*"
    return data


def spelled(text: str, value: str, *ways: str) -> list[Finding]:
    """Findings of a value as a serialiser wrote it."""
    return next((every(text, [way], "API_KEY", Category.SECRET) for way in ways if way in text), [])


@given(TREES, st.booleans(), st.sampled_from([None, 2]))
@fast
def test_json_still_parses_and_only_the_values_differ(data: Any, ascii_only: bool, indent: int | None):
    text = json.dumps(data, ensure_ascii=ascii_only, indent=indent)
    secrets = set(leaves(data))
    findings = [
        one for value in secrets for one in spelled(text, value, json.dumps(value, ensure_ascii=ascii_only)[1:-1])
    ]
    result = redacted(text, *findings, language="json")
    assert replaced(json.loads(result.text), secrets, result.mapping) == replaced(data, secrets, result.mapping)
    assert restore(result.text, result.mapping).text == text


@given(TREES, st.booleans(), st.sampled_from([20, 1000]))
@fast
def test_yaml_still_parses_and_only_the_values_differ(data: Any, flow: bool, width: int):
    text = yaml.safe_dump({"root": data}, allow_unicode=True, default_flow_style=flow, width=width)
    secrets = set(leaves(data))
    findings = [
        one
        for value in secrets
        for one in spelled(text, value, value.replace("'", "''"), value, json.dumps(value, ensure_ascii=False)[1:-1])
    ]
    result = redacted(text, *findings, language="yaml")
    parsed = yaml.safe_load(result.text)
    assert set(parsed) == {"root"}
    assert restore(result.text, result.mapping).text == text


@given(
    st.dictionaries(st.text("abc_", min_size=1, max_size=6), values | st.dates() | st.integers(), max_size=5), st.data()
)
@fast
def test_toml_still_parses(data: dict[str, Any], more: st.DataObject):
    text = tomli_w.dumps(data)
    findings: list[Finding] = []
    for value in data.values():
        ways = (json.dumps(value, ensure_ascii=False)[1:-1], value) if isinstance(value, str) else (str(value),)
        findings += spelled(text, str(value), *ways)
    result = redacted(text, *findings, language="toml")
    assert set(tomli.loads(result.text)) == set(data)
    assert restore(result.text, result.mapping).text == text


@given(st.lists(st.lists(values | st.text(AROUND, max_size=8), min_size=1, max_size=4), min_size=1, max_size=5))
@fast
def test_csv_keeps_its_rows_and_columns(rows: list[list[str]]):
    sink = io.StringIO()
    csv.writer(sink, quoting=csv.QUOTE_MINIMAL).writerows(rows)
    text = sink.getvalue()
    found = [value for row in rows for value in row if len(value) >= 6 and value[0] in VALUE_LETTERS]
    findings = [one for value in set(found) for one in spelled(text, value, value.replace('"', '""'), value)]
    result = redacted(text, *findings, language="csv")
    before = [len(row) for row in csv.reader(io.StringIO(text, newline=""))]
    after = [len(row) for row in csv.reader(io.StringIO(result.text, newline=""))]
    assert after == before
    assert restore(result.text, result.mapping).text == text


@given(st.lists(values, min_size=1, max_size=4), st.sampled_from(["", "b", "r", "f"]), st.data())
@fast
def test_python_still_compiles(wanted: list[str], prefix: str, data: st.DataObject):
    lines = ["import os"]
    findings: list[tuple[int, str]] = []
    for number, value in enumerate(wanted):
        literal = repr(value)
        inside = literal[1:-1]
        if prefix == "b":
            assume(value.isascii())
            literal = "b" + literal
        lines.append(f"x{number} = call({literal}, {number})  # it's here")
        start = sum(len(line) + 1 for line in lines[:-1]) + lines[-1].index(inside)
        # a detector may cut into the escapes at either end
        first = data.draw(st.integers(0, 2))
        last = len(inside) - data.draw(st.integers(0, 2))
        if last - first >= 1 and inside[first:last].strip():
            findings.append((start + first, inside[first:last]))
    text = "\n".join(lines) + "\n"
    assume(_compiles(text))
    result = redacted(text, *(finding(text, part, at=at) for at, part in findings))
    assert _compiles(result.text), result.text
    assert restore(result.text, result.mapping).text == text


def _compiles(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True


@given(st.lists(plain_values, min_size=1, max_size=4), st.lists(st.integers(10**4, 10**15), max_size=4, unique=True))
@fast
def test_sql_keeps_its_strings_and_numbers(wanted: list[str], numbers: list[int]):
    cells = [f"'{value}'" for value in wanted] + [str(number) for number in numbers]
    text = f"INSERT INTO t VALUES ({', '.join(cells)}, 'it''s');\n"
    findings = every(text, set(wanted)) + [
        finding(text, str(number), "PHONE", at=text.index(f" {number},") + 1) for number in numbers
    ]
    result = redacted(text, *findings, language="sql")
    inside = result.text.removeprefix("INSERT INTO t VALUES (").removesuffix(", 'it''s');\n")
    shapes = ["string" if cell.startswith("'") else "number" for cell in inside.split(", ")]
    assert shapes == ["string"] * len(wanted) + ["number"] * len(numbers)
    assert all(cell.strip("'").replace("TL_", "").replace("_", "").isalnum() for cell in inside.split(", "))
    for number, cell in zip(numbers, inside.split(", ")[len(wanted) :], strict=True):
        assert len(cell) == len(str(number))
        assert cell.isdigit()
        assert cell != str(number)
    assert restore(result.text, result.mapping).text == text
