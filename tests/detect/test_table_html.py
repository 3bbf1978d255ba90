"""Tables of HTML."""

from __future__ import annotations

import pytest

from tightlip.detect.detector import Document, detect
from tightlip.detect.ruleset import builtin_ruleset
from tightlip.detect.table_html import html_tables


def read(text: str) -> list[tuple[tuple[str, ...], list[list[str]]]]:
    return [
        (table.columns, [[text[max(0, start) : max(0, end)] for start, end in row] for row in table.rows])
        for table in html_tables(text)
    ]


def test_a_row_of_heads_names_the_columns_below():
    text = """<TABLE class="x"><thead><tr><th scope="col">First name</th><th>City</th></tr></thead>
      <tbody><tr><td> Jonna </td><td><b class="y"><i>Neustadt</i></b>
      </td></tr><tr><td>Ole</td></tr></tbody></table><table><tr><td>no name</td></tr></table>"""
    assert read(text) == [(("First name", "City"), [["Jonna", "Neustadt"], ["Ole", ""]])]


def test_a_head_before_one_cell_names_it():
    text = "<table><tr><th>City</th><td>Neustadt</td></tr><tr><th>Phone</th><td>171</td></tr></table>"
    assert read(text) == [(("City",), [["Neustadt"]]), (("Phone",), [["171"]])]


def test_a_term_names_its_definition_and_an_input_its_own_value():
    text = """<dl><dt class="x">City</dt>
      <dd><b>Neustadt</b></dd><dt>Phone<dd>171<dt>Empty</dt></dl>
      <input name="city" type="text" value=" Neustadt"><INPUT VALUE='x' TYPE=text ID='town'/><input name="zip" value="">"""
    assert read(text) == [
        (("City",), [["Neustadt"]]),
        (("Phone",), [["171"]]),
        (("city",), [["Neustadt"]]),
        (("town",), [["x"]]),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "<th",
        "<dt>",
        "<dt><dt><dd",
        "<dt>a</dt><dd>",
        '<input value="',
        '<input name="a" value="b" <',
        "<tr><th>a",
        "<th><td><th><tr></table></td>",
        "<table><th >x<tr><td>y",
    ],
)
def test_broken_tables_are_read_as_far_as_they_go(text: str):
    for _, rows in read(text):
        assert all(cell in text for row in rows for cell in row)


def test_names_in_a_page_are_found():
    text = "<table><tr><th>First name</th><th>Last name</th></tr><tr><td>Jonna</td><td>Kowalski</td></tr></table>"
    found = [
        text[one.span.start : one.span.end] for one in detect(Document(text, "a.html"), builtin_ruleset()).findings
    ]
    assert found == ["Jonna", "Kowalski"]
