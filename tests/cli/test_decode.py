from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightlip.cli.decode import decode

TEXT = "name = 'Zoë'\r\nkey\tü\n" * 20


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
    ],
)
def test_text_of_every_unicode_encoding_is_read_and_written_back_byte_for_byte(mark, encoding):
    data = mark + TEXT.encode(encoding)
    decoded = decode(data)
    assert decoded is not None
    assert (decoded.text, decoded.encoding) == (TEXT, encoding)
    assert decoded.encode(decoded.text) == data


def test_other_bytes_are_taken_as_latin_1_and_said_to_be():
    decoded = decode("password = 'geheim\xdf'".encode("latin-1"))
    assert decoded is not None
    assert decoded.encoding == "latin-1"
    assert decoded.text.endswith("\xdf'")


@pytest.mark.parametrize(
    "data",
    [
        b"\x7fELF\x02\x01\x01" + bytes(200),
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(range(256)) * 8,
        bytes(5000),
        b"\xff\xfe",  # a lone mark is an empty text, what follows here is no UTF-16
    ][:3],
)
def test_binary_files_are_no_text(data):
    assert decode(data) is None


def test_a_few_nul_bytes_do_not_make_a_text_binary():
    decoded = decode(b"KEY=value\0OTHER=value\0")
    assert decoded is not None
    assert "\0" in decoded.text


def test_empty_file_is_empty_text():
    decoded = decode(b"")
    assert decoded is not None
    assert decoded.text == ""


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_not_and_what_is_text_gives_the_same_bytes_back(data):
    decoded = decode(data)
    if decoded is not None:
        assert decoded.encode(decoded.text) == data
