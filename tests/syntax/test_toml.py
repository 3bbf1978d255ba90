from __future__ import annotations

from pathlib import Path

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from tightlip.errors import PolicyError, TightlipError
from tightlip.syntax.toml import parse_toml, read_toml


def test_every_key_has_its_line_and_column() -> None:
    document = parse_toml(
        'title = "x"\n\n[a.b]\n  c = 1\n[[rule]]\nid = "one"\n[[rule]]\nid = "two"\nd.e = 3\n', "f.toml"
    )
    assert document.place("title") is not None
    assert [document.line(*path) for path in [("title",), ("a", "b"), ("a", "b", "c"), ("rule", 0, "id"), ("rule", 1, "d", "e")]] == [
        1, 3, 4, 6, 9,
    ]  # fmt: skip
    place = document.place("a", "b", "c")
    assert place is not None
    assert place.column == 3


def test_a_key_without_a_place_has_its_tables_place() -> None:
    document = parse_toml("[a]\nb = { c = 1 }\n", "f.toml")
    assert document.line("a", "b", "c") == 2
    assert document.line("nowhere") is None


def test_text_in_a_multi_line_string_is_no_key() -> None:
    document = parse_toml('a = """\nb = 1\n[c]\n"""\nd = 2\n', "f.toml")
    assert document.line("d") == 5
    assert document.line("b") is None


def test_the_error_of_a_broken_file_names_file_and_line_and_never_the_text() -> None:
    canary = "can" + "ary-7781"
    with pytest.raises(PolicyError) as caught:
        parse_toml(f'a = 1\nb = "{canary}\nc = 2\n', "dir/tightlip.toml", PolicyError)
    assert str(caught.value).startswith("dir/tightlip.toml:2:")
    assert canary not in str(caught.value)


@given(st.text(max_size=200))
def test_no_text_makes_the_parser_raise_anything_but_our_error(text: str) -> None:
    try:
        document = parse_toml(text, "f.toml")
    except TightlipError as problem:
        assert problem.file == "f.toml"
    else:
        assert document.data == tomli.loads(text)


def test_a_number_longer_than_python_reads_is_our_error() -> None:
    with pytest.raises(TightlipError, match="too long"):
        parse_toml("x = " + "1" * 5000, "f.toml")


def test_a_file_that_is_not_utf8_or_absent_is_a_clear_error(tmp_path: Path) -> None:
    latin = tmp_path / "a.toml"
    latin.write_bytes(b'a = "\xe9"')
    with pytest.raises(TightlipError, match="not UTF-8"):
        read_toml(latin)
    with pytest.raises(TightlipError, match="cannot read this file"):
        read_toml(tmp_path / "b.toml")


def test_a_byte_order_mark_is_accepted(tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(b"\xef\xbb\xbfa = 1\n")
    assert read_toml(path).data == {"a": 1}


DEEP = ".".join("a" * 17)


@pytest.mark.parametrize("text", [f"{DEEP} = 1", f"[{DEEP}]", f"x = {{ {DEEP} = 1 }}", '"a" . ' * 16 + "'a' = 1"])
def test_a_key_of_very_many_parts_is_refused_before_it_is_read(text: str) -> None:
    with pytest.raises(PolicyError) as told:
        parse_toml("b = 1\n" + text, "f.toml", PolicyError)
    assert (told.value.file, told.value.line) == ("f.toml", 2)
    assert "16 parts" in told.value.message


@pytest.mark.parametrize(
    "text",
    [f'x = "{DEEP}"', f"# {DEEP}", f"x = '''\n{DEEP}\n'''", f'x = """\n\\"{DEEP}\n"""', ".".join("a" * 16) + " = 1",
     "x = [" + ", ".join(["1.5"] * 20) + "]"],
)  # fmt: skip
def test_many_dots_that_are_no_key_are_read(text: str) -> None:
    assert parse_toml(text, "f.toml").data == tomli.loads(text)
