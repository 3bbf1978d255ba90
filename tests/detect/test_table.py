"""Tables: the right cells, at the exact place, whatever the table is written in."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightlip.detect.table import cells, tables
from tightlip.syntax.language import LANGUAGES

WANTED = {"email": "E", "name": "N"}


def found(text: str, language: str) -> list[tuple[str, str]]:
    """(column's answer, content) of every cell; checks that each span covers the content."""
    result = []
    for answer, span, content in cells(text, LANGUAGES[language], lambda column: WANTED.get(column.lower())):
        assert text[span.start : span.end] == content
        result.append((answer, content))
    return result


CELL = st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=12)
# csv cannot tell an empty line from a row of one empty cell, so rows have two cells and more
ROWS = st.integers(2, 5).flatmap(
    lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=8)
)


@given(
    rows=ROWS,
    delimiter=st.sampled_from(",;\t|"),
    end=st.sampled_from(["\r\n", "\n"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    bom=st.booleans(),
)
def test_cells_are_those_the_csv_module_reads(rows, delimiter, end, quoting, bom):
    width = len(rows[0])
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writerow([f"column{number}" for number in range(width)])
    writer.writerows(rows)
    text = "\ufeff" * bom + buffer.getvalue()

    read = list(cells(text, LANGUAGES["csv"], lambda column: column))

    body = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter))[1:]
    expected = [
        (f"column{number}", cell.strip(" \t"))
        for row in body
        for number, cell in enumerate(row[:width])
        if cell.strip(" \t")
    ]
    got = [(column, content.replace('""', '"').strip(" \t")) for column, _, content in read]
    assert [(column, cell) for column, cell in got if cell] == expected
    assert all(text[span.start : span.end] == content for _, span, content in read)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("csv", "id,email\n1,a@b\n2,c@d\n", [("E", "a@b"), ("E", "c@d")]),
        ("csv", "email\na@b\nc@d", [("E", "a@b"), ("E", "c@d")]),
        ("csv", 'email;name\r\n"a;b";"say ""hi"""\r\n', [("E", "a;b"), ("N", 'say ""hi""')]),
        ("csv", 'id,"email"\n1,"a\nb"\n2,c\n', [("E", "a\nb"), ("E", "c")]),
        ("csv", "sep=;\nid;email\n1;x,y\n", [("E", "x,y")]),
        ("csv", "# export of today\n\nid|email\n1|x\n", [("E", "x")]),
        ("csv", 'id , email\n1 , a@b \n2, "c@d" \n', [("E", "a@b"), ("E", "c@d")]),
        ("csv", "id,x,email\n1\n2,3\n4,5,ok\n6,7,more,than,enough\n", [("E", "ok"), ("E", "more")]),
        ("csv", "email,id\n\n\na,1\n", [("E", "a")]),
        ("csv", 'email,id\n"never closed,1\nb,2\n', [("E", '"never closed'), ("E", "b")]),
        ("csv", 'email,id\n"odd"end,1\nb,2\n', [("E", '"odd"end'), ("E", "b")]),
        ("csv", "email,id\rx,1\ry,2\r", [("E", "x"), ("E", "y")]),
        ("csv", "\ufeffemail,name\n📧,Zoë\n", [("E", "📧"), ("N", "Zoë")]),
        ("csv", "email,email\na,b\n", [("E", "a"), ("E", "b")]),
        ("csv", "", []),
        ("csv", "email", []),
        ("tsv", "id\temail, work\temail\n1\t2\t3\n", [("E", "3")]),
        ("sql", "INSERT INTO t (id, email) VALUES (1, 'a@b'), (2, 'O''Neil');", [("E", "a@b"), ("E", "O''Neil")]),
        ("sql", 'insert ignore into `db`.`t` (`id`, `email`) values\n  (1, "a")\n, (2, 7);', [("E", "a"), ("E", "7")]),
        ("sql", "INSERT INTO t (email, id) VALUES (lower('x'), 1), (NULL, 2), (N'y', f('(', 3));", [("E", "y")]),
        ("sql", "INSERT INTO t (email, id) VALUES ('a\\'b', 1), ('c:\\', 2);", [("E", "a\\'b"), ("E", "c:\\")]),
        ("sql", "INSERT INTO t (id, email) VALUES (1, 'a') -- x ('\n, (2, 'b');", [("E", "a"), ("E", "b")]),
        ("sql", "INSERT INTO t (email) VALUES (%s), (:email), ($1), (?)", []),
        (
            "sql",
            "CREATE TABLE `t` (\n `id` int(11) NOT NULL,\n `email` varchar(20) DEFAULT 'a,b',\n PRIMARY KEY (`id`)\n);\n"
            "INSERT INTO `t` VALUES (1,'x'),(2,'y');",
            [("E", "x"), ("E", "y")],
        ),
        (
            "sql",
            "COPY public.t (id, email) FROM stdin;\n1\ta@b\n2\t\\N\n3\tc\n\\.\nSELECT 1;\n",
            [("E", "a@b"), ("E", "c")],
        ),
        ("python", "db.execute(\"INSERT INTO t (id, email) VALUES (1, 'a@b')\")", [("E", "a@b")]),
        (
            "markdown",
            "| id | Email |\n|----|:-----:|\n| 1 | a@b |\n| 2 | `c@d` |\n\n| 3 | x |",
            [("E", "a@b"), ("E", "c@d")],
        ),
        ("markdown", "id | email\n--- | ---\n1 | a \\| b\n", [("E", "a \\| b")]),
        ("plaintext", " id | email \n----+-------\n  1 | a@b\n(1 row)\n", [("E", "a@b")]),
        (
            "plaintext",
            "+----+-------+\n| id | email |\n+----+-------+\n|  1 | a@b   |\n+----+-------+\n",
            [("E", "a@b")],
        ),
        ("gherkin", "Examples:\n  | id | email |\n  | 1  | a@b   |\n\nThen x\n", [("E", "a@b")]),
        ("plaintext", "Please mend this:\n\nid,email,name\n1,a@b,Zoë\n\nThanks", [("E", "a@b"), ("N", "Zoë")]),
        ("plaintext", "Dear name, email\nwe write, again\n", []),
        ("json", "id,email\n1,a@b\n", []),
    ],
)
def test_wanted_cells_are_found(language, text, expected):
    assert found(text, language) == expected


def test_columns_and_rows_can_be_counted_without_asking_for_values():
    (table,) = tables("id;email;name\n1;a;b\n2;c;d\n", LANGUAGES["csv"])
    assert table.columns == ("id", "email", "name")
    assert len(list(table.rows)) == 2


def test_a_very_wide_table_is_read_too():
    columns = ",".join(f"c{number}" for number in range(3000)) + ",email"
    row = ",".join("1" for _ in range(3000)) + ',"a@b"'
    assert found(f"{columns}\n{row}\n{row}\n", "csv") == [("E", "a@b"), ("E", "a@b")]


def test_two_tables_of_one_text_are_both_read():
    text = "INSERT INTO a (email) VALUES ('x');\nINSERT INTO b (name, id) VALUES ('y', 1);\n"
    assert found(text, "sql") == [("E", "x"), ("N", "y")]
    assert found("|email|\n|-----|\n|a|\n\n|name|\n|----|\n|b|\n", "markdown") == [("E", "a"), ("N", "b")]


@given(
    text=st.text(alphabet="a,;|\t\n\r\"'`()\\-+ 1é", max_size=200),
    head=st.sampled_from(
        ["email,name\n", "email|name\n-|-\n", "INSERT INTO t (email, name) VALUES ", "copy t (email) from stdin;\n"]
    ),
    language=st.sampled_from(["csv", "tsv", "sql", "markdown", "plaintext", "gherkin", "python"]),
)
def test_no_text_breaks_the_reading(text, head, language):
    end = 0
    for _, span, content in cells(head + text, LANGUAGES[language], lambda column: column):
        assert (head + text)[span.start : span.end] == content
        assert content
        end = max(end, span.end)
    assert end <= len(head + text)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("csv", "email,b\n" + '"' * 1_000_000),
        ("csv", "email,b\n" + '1,"\n' * 250_000),
        ("csv", "email,b\n" + "," * 1_000_000),
        ("sql", "insert into t (email) values (" * 30_000),
        ("sql", "insert into t (email) values ('\\'" * 30_000),
        ("sql", "insert into t (email) values " + "(" * 1_000_000),
        ("sql", "create table t (" * 60_000 + "insert into t values (1)"),
        ("markdown", "|-|\n|a|email|\n" * 70_000),
        ("plaintext", "a,email,b\n" * 100_000),
    ],
)
def test_a_megabyte_of_malice_is_read_once(language, text):
    # quadratic reading would take minutes; nothing is timed here
    for _ in cells(text, LANGUAGES[language], lambda column: column):
        pass
