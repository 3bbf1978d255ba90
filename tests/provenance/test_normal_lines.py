from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightlip.provenance.common_lines import common_lines
from tightlip.provenance.normal_lines import LEAST, hashes_of, licence_lines, long_lines, tells
from tightlip.syntax.lines import line_starts

LINE = 'total = ledger.sum("open", accounts)'


def only(text: str) -> bytes:
    (line,) = long_lines(text).lines
    return line


@pytest.mark.parametrize(
    "other",
    [
        "\t\ttotal  =  ledger.sum( 'open', accounts )",
        "total=ledger.sum('open',accounts);",
        "+    total = ledger.sum('open', accounts)",
        "> total = ledger.sum('open', accounts)",
        "# total = ledger.sum('open', accounts)",
        "    // total = ledger.sum('open', accounts)",
        "total\u00a0= ledger.sum(\u200b'open', accounts)\r\n",
        "\ufefftotal = ledger.sum('open', accounts)\r",
    ],
)
def test_how_a_line_is_written_makes_no_difference(other):
    assert only(other) == only(LINE)


def test_what_a_line_says_makes_one():
    assert only(LINE) != only(LINE.replace("open", "closed"))
    assert only(LINE) != only(LINE.upper())


@given(st.text(st.sampled_from("ab =\t\r\n\u2028\u0085\f\ud800é")))
def test_lines_are_counted_as_the_protocol_counts_them(text):
    lines = long_lines(text)
    assert lines.total == len(line_starts(text))
    assert lines.numbers == sorted(set(lines.numbers))
    assert all(len(line) >= LEAST for line in lines.lines)


def test_short_lines_are_left_out_and_the_others_keep_their_places():
    assert long_lines(f"}}\n\nreturn False\n{LINE}\n").numbers == [3]


@pytest.mark.parametrize(
    "line",
    [
        "import collections.abc",
        "from tightlip.finding import Span",
        "import { useState, useEffect } from 'react';",
        "const settings = require('./settings/production')",
        "} from '../../components/settings';",
        "export * from './components/settings';",
        "#include <sys/resource.h>",
        "using System.Collections.Generic;",
        "use std::collections::HashMap;",
        "package com.acme.pay.ledger;",
        'if __name__ == "__main__":',
    ],
)
def test_imports_and_what_every_project_has_tell_nothing(line):
    assert not tells(only(line))


@pytest.mark.parametrize("line", [LINE, "fromage = cheese_of(country, region)", "def import_ledger(path, account):"])
def test_other_lines_tell_something(line):
    assert tells(only(line))


def test_the_list_of_common_lines_is_there():
    assert len(common_lines()) > 3000


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("# Copyright 2024 Acme\n#\n# All rights reserved.\n\nx = 1\n", 4),
        ("/*\n  SPDX-License-Identifier: Apache-2.0\n*/\nlet x = 1\n", 3),
        ("#!/bin/sh\r\n# Licensed under the terms below.\r\nexit\r\n", 2),
        ('"""Pays.\n\nLicence: MIT\n"""\nx = 1\n', 4),
        ("# Pays what is owed.\nx = 1\n# Copyright\n", 0),
        ("/* never closed, licence", 0),
        ("", 0),
    ],
)
def test_a_licence_at_the_top_is_told_from_other_comments(text, lines):
    assert licence_lines(text) == lines


def test_hashes_depend_on_the_key():
    line = only(LINE)
    assert hashes_of([line], b"a" * 32) == hashes_of([line], b"a" * 32)
    assert hashes_of([line], b"a" * 32) != hashes_of([line], b"b" * 32)
