"""Lines of restricted code in other texts: `python -m tests.bench.copied_code`. How often one is missed, or an innocent file
accused, how large an index is, and what a question costs.

`copied_code.toml` says which packages are restricted, which are innocent and why a match in one of those is a copy in truth.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import NamedTuple

from rich.console import Console

from tests.bench.copied_corpus import Code, Corpus, corpus, lines_of
from tests.bench.copied_edits import Edit, broken, edited, exact, joined, renamed, wrapped
from tests.bench.table import Row, show
from tightlip.finding import Span
from tightlip.provenance.copied import Copied, LineSource, find_copies
from tightlip.provenance.index_build import Builder
from tightlip.provenance.index_file import Index
from tightlip.provenance.lines_seen import Memory
from tightlip.syntax.lines import LineIndex

_MANY = 1500
"""Copies of each kind."""
_AROUND = 40
"""Lines of an innocent file before and behind a copy."""
_SESSIONS, _OPEN, _ASKED = 20, 30, 400
"""Sessions, restricted files open in each, innocent files asked about in each."""
_KEY = bytes(range(32))


class _Kind(NamedTuple):
    name: str
    lines: int
    edit: Edit
    least: float | None


_KINDS = (
    _Kind("5 exact lines", 5, exact, None),
    _Kind("8 exact lines", 8, exact, None),
    _Kind("10 exact lines", 10, exact, 0.81),
    _Kind("20 exact lines", 20, exact, 0.94),
    _Kind("40 exact lines", 40, exact, 0.98),
    _Kind("20 lines, 10 % of identifiers renamed", 20, renamed, 0.86),
    _Kind("20 lines, 25 % of lines edited", 20, edited, 0.88),
    _Kind("20 lines, long ones wrapped", 20, wrapped, None),
    _Kind("20 lines, brackets put on one line", 20, joined, None),
    _Kind("20 lines, broken at every comma and bracket", 20, broken, None),
)


def run(told: Console | None = None) -> list[Row]:
    """All rows. Matches in innocent files that `copied_code.toml` does not explain are printed to `told`."""
    code = corpus()
    if not code.restricted or not code.innocent:
        return [Row("copied code", "not measured: pip and npm cannot fetch the packages", "", "", "", None)]
    random = Random(5)
    with tempfile.TemporaryDirectory(prefix="tightlip-bench-") as folder:
        rows, index, without = _indexes(code, Path(folder))
        try:
            rows += _alarms(code, index, without, told)
            rows += [_recall(kind, code, index, random) for kind in _KINDS]
            rows += [_query(code, index), *_memory(code, random)]
        finally:
            index.close()
            without.close()
    return rows


def _indexes(code: Corpus, folder: Path) -> tuple[list[Row], Index, Index]:
    """The index with both stop lists, and the one without the innocent projects' other halves."""
    builder = Builder(_KEY)
    start = time.process_time()
    for package in dict.fromkeys(file.package for file in code.restricted):
        builder.repository((package,))
        for file in code.restricted:
            if file.package == package:
                builder.add(file.path, file.text)
    building = time.process_time() - start
    for file in code.public:
        builder.stop(file.text)
    builder.write(str(folder / "public.idx"))
    for file in code.unrestricted:
        builder.stop(file.text)
    start = time.process_time()
    built = builder.write(str(folder / "both.idx"))
    building += time.process_time() - start
    size = built.size / built.lines
    missing = f"; {code.missing} packages could not be fetched" if code.missing else ""
    rows = [
        Row(f"restricted: lines of code{missing}", f"{built.lines / 1e6:.2f} million", "", "", "", None),
        Row("size of the index", f"{size:.2f} MB per million lines", "", "", "<= 3", size <= 3),
        Row("building, without stop lists", f"{built.lines / building / 1000:.0f} thousand lines/s", "", "", "", None),
    ]
    return rows, Index(str(folder / "both.idx")), Index(str(folder / "public.idx"))


def _alarms(code: Corpus, index: Index, without: Index, told: Console | None) -> list[Row]:
    files, alarms, strict, alone = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    explained = 0
    for file in code.innocent:
        files[file.language] += 1
        copies = find_copies(file.text, (index,))
        unknown = _unexplained(copies, file, code)
        explained += bool(copies) and not unknown
        alarms[file.language] += bool(unknown)
        strict[file.language] += any(one.strict for one in unknown)
        alone[file.language] += bool(_unexplained(find_copies(file.text, (without,)), file, code))
        for one in unknown if told else ():
            told.print(f"alarm  {file.package}  {file.path}  {one.repository} {one.file}:{one.first_line}", style="dim")
    rows: list[Row] = []
    for language, count in sorted(files.items()):
        rate = alarms[language] / count
        beside = f"public stop list alone {alone[language] / count:.2%}, strict {strict[language] / count:.2%}"
        name = f"false alarms, {count} files of {language}"
        rows.append(Row(name, f"{rate:.2%}", beside, "", "<= 0.3 %", rate <= 0.003))
    count = files.total()
    rate = alarms.total() / count
    beside = f"public stop list alone {alone.total() / count:.2%}, strict {strict.total() / count:.2%}"
    name = f"false alarms, {count} files, {explained} copies in truth left aside"
    return [*rows, Row(name, f"{rate:.2%}", beside, "", "<= 0.3 %", rate <= 0.003)]


def _unexplained(copies: Iterable[Copied], file: Code, code: Corpus) -> list[Copied]:
    """Matches in an innocent file that are not known to be copies in truth."""
    known = {copy.of for copy in code.copies if (copy.package, copy.at) == (file.package, file.path)}
    return [one for one in copies if f"{one.repository} {one.file}" not in known]


def _recall(kind: _Kind, code: Corpus, index: Index, random: Random) -> Row:
    """Copies from anywhere in the restricted files, each within lines of an innocent one."""
    long_enough = [file for file in code.restricted if file.text.count("\n") > kind.lines + 20]
    weights = list(accumulate(file.text.count("\n") for file in long_enough))
    around = [file.text.split("\n") for file in code.innocent if file.text.count("\n") > 3 * _AROUND]
    found = strict = 0
    for file in random.choices(long_enough, cum_weights=weights, k=_MANY):
        lines = file.text.split("\n")
        at = random.randrange(len(lines) - kind.lines)
        copied = kind.edit(lines[at : at + kind.lines], random)
        foreign = random.choice(around)
        before = random.randrange(len(foreign) - 2 * _AROUND)
        head, tail = foreign[before : before + _AROUND], foreign[before + _AROUND : before + 2 * _AROUND]
        text = "\n".join([*head, *copied, *tail])
        copies = _of(find_copies(text, (index,)), file, text, range(_AROUND, _AROUND + len(copied)))
        found += bool(copies)
        strict += any(one.strict for one in copies)
    recall = found / _MANY
    bar, met = ("", None) if kind.least is None else (f">= {kind.least:.0%}", recall >= kind.least)
    return Row(f"found: {kind.name}", f"{recall:.1%}", f"strict {strict / _MANY:.1%}", "", bar, met)


def _of(copies: Iterable[Copied], file: Code, text: str, lines: range) -> list[Copied]:
    """Those that name the right repository for lines of the text."""
    index = LineIndex(text)
    span = Span(index.starts[lines.start], index.starts[min(lines.stop, len(index.starts) - 1)])
    return [one for one in copies if one.repository == file.package and one.span.overlaps(span)]


def _query(code: Corpus, index: Index) -> Row:
    texts = [file.text for file in code.innocent[:1500]]
    cost = _cost(lambda: [find_copies(text, (index,)) for text in texts])
    each = cost / lines_of(code.innocent[:1500]) * 500 * 1000
    return Row("one question, 500 lines", f"{each:.2f} ms", "", "", "< 1 ms", each < 1)


def _memory(code: Corpus, random: Random) -> list[Row]:
    """What a session remembers: without any stop list but the one that comes with tightlip."""
    alarms = asked = 0
    for _ in range(_SESSIONS):
        memory = Memory()
        for number, file in enumerate(random.sample(code.restricted, _OPEN)):
            memory.remember(str(number), file.text, file.path, (file.package,))
        sources: Sequence[LineSource] = (memory,)
        for file in random.sample(code.innocent, _ASKED):
            asked += 1
            alarms += bool(_unexplained(find_copies(file.text, sources), file, code))
    rate = alarms / asked
    lines = next(file.text for file in code.restricted if file.text.count("\n") > 1000).split("\n")[:1000]
    memory = Memory()
    memory.remember("open", "\n".join(lines), "open.py")
    versions = ["\n".join([*lines[:500], f"value = {number} + something", *lines[501:]]) for number in range(20)]

    def edit() -> None:
        for version in versions:
            memory.remember("open", version, "open.py")

    each = _cost(edit) / len(versions) * 1000
    return [
        Row(f"false alarms of {_OPEN} open files, {asked} files", f"{rate:.2%}", "", "", "<= 0.3 %", rate <= 0.003),
        Row("an edit of 1,000 remembered lines", f"{each:.2f} ms", "", "", "< 1 ms", each < 1),
    ]


def _cost(work: Callable[[], object]) -> float:
    """Seconds of processor time, of the best of five."""
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best


if __name__ == "__main__":
    screen = Console(width=170)
    sys.exit(0 if show("copied code", run(screen), screen) else 1)
