"""Tables in calls of Python."""

from __future__ import annotations

import time

import pytest

from tightlip.detect.detector import Document, detect
from tightlip.detect.ruleset import builtin_ruleset
from tightlip.detect.table_code import code_tables, factory_tables, json_tables

ROWS = '[("Jonna", 12), pytest.param("O\\"le", f(1, "x"), id="y"), ("A" "B", None)]  # ('


def read(text: str) -> list[tuple[tuple[str, ...], list[list[str]]]]:
    return [
        (table.columns, [[text[max(0, start) : max(0, end)] for start, end in row] for row in table.rows])
        for table in code_tables(text)
    ]


@pytest.mark.parametrize(
    "names", ['"first_name,age"', "'first_name, age'", '["first_name", "age"]', '("first_name", "age",)']
)
def test_parametrize_names_its_columns_in_four_ways(names: str):
    text = f"@pytest.mark.parametrize({names}, {ROWS})\ndef test(): ..."
    assert read(text) == [(("first_name", "age"), [["Jonna", "12"], ['O\\"le', ""], ["", ""]])]


def test_one_name_takes_the_elements_themselves():
    assert read('parametrize("city", ["Neustadt", b"Alt", x])') == [(("city",), [["Neustadt"], ["Alt"], [""]])]


def test_frames_are_given_by_column_or_by_row():
    assert read('pd.DataFrame({"city": ["Neustadt", "Alt"], "n": [1], **more, "m": f()})') == [
        (("city",), [["Neustadt"], ["Alt"]]),
        (("n",), [["1"]]),
    ]
    assert read('pd.DataFrame({"city": pd.Series(["Neustadt"]), "n": [f(x)]})') == [
        (("city",), [["Neustadt"]]),
        (("n",), [[""]]),
    ]
    assert read('DataFrame([["Neustadt", 1]], columns=["city", "n"])') == [(("city", "n"), [["Neustadt", "1"]])]
    assert read('spark.createDataFrame([("Neustadt", 1)], ["city", "n"])') == [(("city", "n"), [["Neustadt", "1"]])]


@pytest.mark.parametrize(
    "text", ['parametrize("a", [', 'parametrize("a,b", [("x', 'DataFrame({"a": [}', "DataFrame([)", "DataFrame([{]})"]
)
def test_broken_code_is_read_as_far_as_it_goes(text: str):
    for _, rows in read(text):
        assert all(cell in text for row in rows for cell in row)


def test_columns_of_json_are_named_once():
    text = '{"columns": ["id", "city"], "index": [0, 1],\n "data": [[1, "Neustadt"], [2, null], [3]]}'
    assert [[text[max(0, a) : max(0, b)] for a, b in row] for table in json_tables(text) for row in table.rows] == [
        ["1", "Neustadt"],
        ["2", ""],
        ["3", ""],
    ]
    for broken in (
        '{"columns": ["a"], "data": [["b"',
        '{"columns": ["a"]',
        '{"columns": [], "rows": [[]]}',
        '"columns": ["a',
    ):
        list(json_tables(broken))


@pytest.mark.parametrize(
    "text",
    [
        '"columns": ["a"], ' * 20_000,
        '"columns": ["a"], "data": [[' * 10_000,
        '"columns": [' + '"a" ' * 20_000 + "x",
        '"columns": ["a"' + " " * 100_000 + "x",
        "parametrize([" + '"a" ' * 60 + "x",
        "DataFrame([[1]], [" + '"a" ' * 60 + "x",
    ],
)
def test_a_text_that_was_written_to_be_slow_is_not(text: str):
    start = time.process_time()
    list(json_tables(text))
    list(code_tables(text))
    assert time.process_time() - start < 2


def test_a_factory_of_ruby_gives_its_attributes_values():
    text = "factory :person do\n  city { 'Neustadt' }\n  zip { zip_of(city) }\n  hobby { \"chess\" }\nend\n"
    assert [(table.columns, [text[a:b] for row in table.rows for a, b in row]) for table in factory_tables(text)] == [
        (("city",), ["Neustadt"]),
        (("hobby",), ["chess"]),
    ]


def test_people_in_parameters_are_found():
    text = '@pytest.mark.parametrize(("first_name", "city"), [\n    ("Jonna", "Neustadt"),\n    ("Ole", "Kiel"),\n])\n'
    found = {one.field: one.value for one in detect(Document(text, "test_a.py"), builtin_ruleset()).findings}
    assert found == {"first_name": "Ole", "city": "Kiel"}
