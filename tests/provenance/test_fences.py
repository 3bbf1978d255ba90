from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightlip.finding import Category, Span
from tightlip.provenance.fences import Section, private_sections, section_findings, section_notices

# in two parts, so that this file is not fenced itself
BEGIN, END = "tightlip: " + "private-begin", "tightlip: " + "private-end"

COMMENTS = [
    ("", ""),
    ("    ", ""),
    ("# ", ""),
    ("#", ""),
    ("## ", " ##"),
    ("// ", ""),
    ("/// ", ""),
    ("//! ", ""),
    ("/* ", " */"),
    ("/*", "*/"),
    ("/** ", " */"),
    (" * ", ""),
    ("<!-- ", " -->"),
    ("<!--", "-->"),
    ("-- ", ""),
    ("--[[ ", " ]]"),
    ("; ", ""),
    (";; ", ""),
    ("% ", ""),
    ("%{ ", " %}"),
    ('" ', ""),
    ("' ", ""),
    ("REM ", ""),
    ("rem ", ""),
    ("@REM ", ""),
    (":: ", ""),
    ("{- ", " -}"),
    ("(* ", " *)"),
    ("<# ", " #>"),
    ("#| ", " |#"),
    ("#= ", " =#"),
    ("{# ", " #}"),
    ("{{/* ", " */}}"),
    ("{{!-- ", " --}}"),
    ("<%# ", " %>"),
    ("<%-- ", " --%>"),
    ("@* ", " *@"),
    ("! ", ""),
    ("C ", ""),
    ("*> ", ""),
    ("dnl ", ""),
    ("NB. ", ""),
    ("\\ ", ""),
    (".. ", ""),
    ("⍝ ", ""),
    ("[//]: # (", ")"),
    ('[//]: # "', '"'),
    ("[comment]: # (", ")"),
    ('"""', '"""'),
    ('  "//": "', '",'),
    ('  "_comment": "', '",'),
    ("+# ", ""),
    ("> ", ""),
    ("\ufeff# ", ""),
]


def texts(text: str) -> list[str]:
    return [text[section.span.start : section.span.end] for section in private_sections(text)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(("before", "after"), COMMENTS)
def test_a_section_is_fenced_by_a_comment_of_any_language(before: str, after: str, end: str) -> None:
    lines = ["a", f"{before}{BEGIN} Rate card{after}", "x = 1", "", "y = 2", f"{before}{END}{after}", "b", ""]
    text = end.join(lines)
    start = text.index("x = 1")
    stop = text.index("y = 2") + 5
    assert private_sections(text) == (Section(Span(start, stop), 3, 5, True, "Rate card"),)


def test_the_marker_is_found_in_any_case_and_with_or_without_a_space() -> None:
    for begin in (BEGIN.upper(), BEGIN.title(), BEGIN.replace(" ", ""), BEGIN.replace(": ", ":\t")):
        for text in (f"# {begin}\nx\n", f"# ä {chr(0x6F22)}\n# {begin}\nx\n"):
            assert texts(text) == ["x"]


def test_a_section_that_is_not_closed_goes_on_to_the_end() -> None:
    text = f"a\n# {BEGIN}\nx\ny\n"
    assert private_sections(text) == (Section(Span(text.index("x"), len(text) - 1), 3, 4, False, ""),)
    assert [notice.message for notice in section_notices(text)] == [
        "The private section that begins in line 3 is never closed: everything to the end of the text counts as private. "
        f"Write `{END}` behind it."
    ]


def test_nested_sections_are_one() -> None:
    text = f"# {BEGIN} outer\n1\n# {BEGIN} inner\n2\n# {END}\n3\n# {END}\n4\n"
    assert [(section.label, section.closed) for section in private_sections(text)] == [("outer", True)]
    assert texts(text) == [f"1\n# {BEGIN} inner\n2\n# {END}\n3"]
    assert texts(text.replace(f"3\n# {END}\n", "3\n")) == [f"1\n# {BEGIN} inner\n2\n# {END}\n3\n4"]


def test_an_end_that_closes_nothing_is_told_and_changes_nothing() -> None:
    text = f"# {END}\na\n# {BEGIN}\nx\n# {END}\nb\n# {END}\n"
    assert texts(text) == ["x"]
    notices = section_notices(text)
    assert [notice.message for notice in notices] == [f"`private-end` in line {n} closes nothing." for n in (1, 7)]
    assert [text[notice.span.start : notice.span.end] for notice in notices] == [END, END]
    assert section_notices(f"# {BEGIN}\nx\n# {END}\n") == []
    assert private_sections(f"# {END}\n") == ()


def test_what_shares_a_line_with_the_fence_is_inside_on_the_inner_side_of_it() -> None:
    assert texts(f"a(); /* {BEGIN} */ b(); /* {END} */ c();") == [" b();"]
    assert texts(f"a(); /* {BEGIN} */ b();\nc(); /* {END} */ d();") == [" b();\nc();"]
    assert texts(f"def a():  # {BEGIN}\n    x\n    y  # {END}\nz\n") == ["    x\n    y"]
    assert texts(f'{{"//": "{BEGIN}", "a": 1,\n"//": "{END}", "b": 2}}') == [', "a": 1,']


@pytest.mark.parametrize(
    "line",
    [
        f"Write `{BEGIN}` above it.",
        f"Write {BEGIN} above it.",
        f"With a comment, {BEGIN} fences it.",
        f"# {BEGIN}ning",
        f"# {BEGIN}-here",
        f"# not{BEGIN}",
        f"# not-{BEGIN}",
        "# tightlip: " + "private begin",
    ],
)
def test_what_only_speaks_of_a_fence_is_none(line: str) -> None:
    assert private_sections(f"{line}\nx\n") == ()
    assert section_notices(f"{line}\nx\n") == []


def test_empty_sections_and_texts_that_end_with_the_fence_hold_nothing() -> None:
    for text in (f"# {BEGIN}\n# {END}\n", f"# {BEGIN}", f"# {BEGIN}\n", f"# {BEGIN}\n\n \n# {END}"):
        assert len(private_sections(text)) == 1
        assert "".join(texts(text)).strip() == ""
        assert section_findings(text) == []


def test_a_finding_says_where_its_section_lies_and_not_what_it_holds() -> None:
    text = f"a\n<!-- {BEGIN} Rate card 2031 -->\ncanary\ncanary\n<!-- {END} -->\n# {BEGIN}\ncanary\n"
    first, second = section_findings(text)
    assert (first.rule, first.title, first.category) == ("private-section", "Private section", Category.RESTRICTED)
    assert (first.placeholder, first.field, first.evidence) == (
        "PRIVATE_SECTION",
        "Rate card 2031",
        "fenced, lines 3 to 4",
    )
    assert first.value == text[first.span.start : first.span.end] == "canary\ncanary"
    assert second.evidence == "fenced, everything from line 7 on"
    told = repr([first, second]) + str(section_notices(text))
    assert "canary" not in told


def test_a_label_is_short_and_without_control_characters() -> None:
    (section,) = private_sections(f"# {BEGIN} a\x1b[31mb\u202e{'c' * 500}\nx\n")
    assert section.label.startswith("a[31mb")
    assert section.label.isprintable()
    assert len(section.label) <= 80


pieces = st.sampled_from(
    [
        "\n",
        "\r\n",
        "\r",
        "x",
        "é",
        "𝒳",
        " ",
        "# ",
        "/* ",
        " */",
        "`",
        '"',
        "(",
        ")",
        "x = 1",
        f"# {BEGIN}",
        f"# {END}",
        BEGIN,
        END,
    ]
)


@given(st.lists(pieces, max_size=30).map("".join))
def test_sections_are_in_order_inside_the_text_and_hold_what_their_lines_say(text: str) -> None:
    sections = private_sections(text)
    reached = 0
    for section in sections:
        assert reached <= section.span.start <= section.span.end <= len(text)
        reached = section.span.end
        before = len(re.findall(r"\r\n|\r|\n", text[: section.span.start]))
        inside = len(re.findall(r"\r\n|\r|\n", text[section.span.start : section.span.end].rstrip("\r\n")))
        assert section.first_line == before + 1
        assert section.last_line >= before + inside
    assert all(section.closed for section in sections[:-1])
    assert len(section_findings(text)) <= len(sections)
    section_notices(text)


@given(st.lists(st.sampled_from(["a", "x = 1", f"# {BEGIN}", f"# {END}"]), max_size=20))
def test_every_line_behind_an_open_fence_is_inside_and_no_other(lines: list[str]) -> None:
    text = "\n".join(lines)
    depth, starts, at = 0, [], 0
    for line in lines:
        depth += line.endswith("begin")
        if depth and not line.startswith("#"):
            starts.append(at)
        depth -= line.endswith("end") and depth > 0
        at += len(line) + 1
    spans = [section.span for section in private_sections(text)]
    inside = [start for start, line in _starts(lines) if any(span.start <= start < span.end for span in spans)]
    assert [start for start in inside if not text.startswith("#", start)] == starts


def _starts(lines: list[str]) -> list[tuple[int, str]]:
    found, at = [], 0
    for line in lines:
        found.append((at, line))
        at += len(line) + 1
    return found


@given(
    st.lists(st.sampled_from(["a", "x = 1", f"# {BEGIN} l", f"// {END}"]), max_size=20), st.sampled_from(["\n", "\r\n"])
)
def test_a_text_whose_sections_were_replaced_is_still_fenced(lines: list[str], end: str) -> None:
    text = end.join(lines)
    safer = text
    for finding in reversed(section_findings(text)):
        safer = safer[: finding.span.start] + "TL" + safer[finding.span.end :]
    again = private_sections(safer)
    assert [(section.closed, section.label) for section in again] == [
        (section.closed, section.label) for section in private_sections(text)
    ]


@pytest.mark.parametrize(
    "text", [f"# {BEGIN} ", f"# {BEGIN}\n", f"{BEGIN} {END} ", "(" * 50 + f" {BEGIN} ", f"`{BEGIN}` "]
)
def test_a_long_text_of_nothing_but_fences_is_read(text: str) -> None:
    # quadratic time would reach the suite's limit
    sections = private_sections((text * (1_000_000 // len(text)))[:1_000_000])
    assert (sections == ()) == ("`" in text)
