"""`tightlip index`."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence

import click

from tightlip.cli.index_files import CodeFile, Tree, read_code, texts_under, tracked_files
from tightlip.cli.paths import label, printable
from tightlip.cli.progress import Bar
from tightlip.cli.texts import STANDARD, read_text
from tightlip.errors import TightlipError
from tightlip.provenance.copied import Copied, find_copies, own_of
from tightlip.provenance.index_build import Builder, Built
from tightlip.provenance.index_file import Index
from tightlip.provenance.index_file import verify as verify_index
from tightlip.provenance.index_header import MAGIC, Header
from tightlip.provenance.index_key import read_key, read_or_make_key
from tightlip.provenance.indexable import why_skipped
from tightlip.provenance.repository import Repositories
from tightlip.syntax.lines import LineIndex

_FORMS = click.Choice(("text", "json"))
_FILE = click.Path(dir_okay=False)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def index() -> None:
    """Recognise lines of restricted repositories in other texts.

    An index holds no source text, but keyed hashes of lines, and the paths of the files they stand in. Copies of fewer than
    eight lines are often not recognised.
    """


@index.command()
@click.argument("repositories", nargs=-1, required=True, metavar="REPO...")
@click.option("--output", "-o", metavar="FILE", type=_FILE, required=True, help="Where to write the index.")
@click.option(
    "--stop",
    metavar="PATH",
    multiple=True,
    help="Code that is no secret (public, or repositories without restriction): its lines are left out. Repeatable.",
)
@click.option(
    "--key-file",
    metavar="FILE",
    type=_FILE,
    help="Key of 32 bytes for several indexes, made where there is none; the index then tells nothing to others.",
)
@click.option("--format", "form", type=_FORMS, default="text", show_default=True, help="How to report.")
def build(repositories: tuple[str, ...], output: str, stop: tuple[str, ...], key_file: str | None, form: str) -> None:
    """Build an index of what git tracks in restricted repositories.

    Files that people did not write are left out: generated, vendored, minified ones, lock files and data. The same files
    and --key-file give the same index; without one the key is new each time, and kept in the index.
    """
    _refuse_other_file(output)
    trees = [tracked_files(path) for path in repositories]
    stops = [file for path in stop for file in texts_under(path)]
    builder = Builder(read_or_make_key(key_file)) if key_file else Builder()
    skipped: Counter[str] = Counter()
    total = sum(file.size for tree in trees for file in tree.files) + sum(file.size for file in stops)
    with Bar(total, "indexing") as bar:
        for tree in trees:
            _add(builder, tree, skipped, bar)
        _stop(builder, stops, bar)
    built = builder.write(output, with_key=key_file is None)
    click.echo(_told(output, built, skipped) if form == "text" else _json(output, built, skipped))


def _add(builder: Builder, tree: Tree, skipped: Counter[str], bar: Bar) -> None:
    builder.repository(tree.names, tree.roots)
    for file in tree.files:
        bar.advance(file.size)
        why = why_skipped(file.name)
        text = None if why else read_code(file)
        if text is None:
            skipped[why or "no text"] += 1
            continue
        why = why_skipped(file.name, text) or ("" if builder.add(file.name, text) else "twice")
        if why:
            skipped[why] += 1


def _stop(builder: Builder, files: Sequence[CodeFile], bar: Bar) -> None:
    for file in files:
        bar.advance(file.size)
        text = read_code(file)
        if text is not None:
            builder.stop(text)


def _refuse_other_file(output: str) -> None:
    """Nothing but an index is written over."""
    try:
        with open(output, "rb") as file:
            if file.read(len(MAGIC) - 1) == MAGIC[:-1]:
                return
    except FileNotFoundError:
        return
    except OSError as problem:
        raise TightlipError(f"cannot write {output}: {problem.strerror}; choose another --output") from None
    raise TightlipError(f"{output} is there already and is no index; choose another --output")


def _told(output: str, built: Built, skipped: Counter[str]) -> str:
    left_out = ", ".join(f"{count:,} {why}" for why, count in sorted(skipped.items()))
    return (
        f"{printable(output)}: {built.files:,} files, {built.lines:,} lines, of which {built.hashes:,} tell where they are"
        f" from; {built.size / 1e6:.1f} MB. It holds no source text, but the paths of the files."
        + (f"\nLeft out: {left_out}." if left_out else "")
    )


def _json(output: str, built: Built, skipped: Counter[str]) -> str:
    return json.dumps({"index": output, **built._asdict(), "skipped": dict(sorted(skipped.items()))}, indent=2)


@index.command()
@click.argument("file", metavar="FILE|-")
@click.option("--index", "indexes", metavar="FILE", type=_FILE, multiple=True, required=True, help="Repeatable.")
@click.option("--key-file", metavar="FILE", type=_FILE, help="Key of indexes that do not hold their own.")
@click.option("--format", "form", type=_FORMS, default="text", show_default=True, help="How to report.")
@click.pass_context
def query(ctx: click.Context, file: str, indexes: tuple[str, ...], key_file: str | None, form: str) -> None:
    """Say which lines of a text are lines of indexed repositories, its own repository aside.

    Exits with 0 when none are, 1 when some are, 2 when the text or an index cannot be read.
    """
    text = read_text(file).decoded.text
    key = read_key(key_file) if key_file else None
    opened: list[Index] = []
    try:
        opened += (Index(path, key) for path in indexes)
        repositories = Repositories()
        own = own_of(None if file == STANDARD else repositories.of(file), with_roots=repositories.with_roots)
        copies = find_copies(text, opened, own)
    finally:
        for one in opened:
            one.close()
    for one in opened:
        if one.problem is not None:
            raise one.problem
    lines = LineIndex(text)
    if form == "json":
        click.echo(json.dumps({"copies": [_entry(copied, lines) for copied in copies]}, indent=2))
    else:
        name = "standard input" if file == STANDARD else label(file)
        for copied in copies:
            click.echo(printable(_sentence(name, copied, lines)))
        if not copies:
            click.echo("No copied lines were recognised.")
    ctx.exit(1 if copies else 0)


def _sentence(name: str, copied: Copied, lines: LineIndex) -> str:
    there = f"{copied.repository} {copied.file}:{copied.first_line}-{copied.last_line}"
    first, last = _lines(copied, lines)
    if copied.whole_file:
        return f"{name}:{first}:1: the whole text is {there}"
    sure = "" if copied.strict else "; few, so look at them"
    return f"{name}:{first}:1: {copied.lines} lines down to line {last} are those of {there}{sure}"


def _entry(copied: Copied, lines: LineIndex) -> dict[str, object]:
    first, last = _lines(copied, lines)
    return {
        "start": copied.span.start,
        "end": copied.span.end,
        "start_line": first,
        "end_line": last,
        "repository": copied.repository,
        "file": copied.file,
        "file_start_line": copied.first_line,
        "file_end_line": copied.last_line,
        "lines": copied.lines,
        "strict": copied.strict,
        "whole_file": copied.whole_file,
        "index": copied.source,
    }


def _lines(copied: Copied, lines: LineIndex) -> tuple[int, int]:
    """First and last line in the text that was asked about, from 1."""
    return lines.line_column(copied.span.start)[0] + 1, lines.line_column(copied.span.end)[0] + 1


@index.command()
@click.argument("file", metavar="INDEX", type=_FILE)
@click.option("--format", "form", type=_FORMS, default="text", show_default=True, help="How to report.")
def verify(file: str, form: str) -> None:
    """Read a whole index, compare its checksum, and say what it is of.

    Exits with 0 when it is as it was built, 2 when it is damaged, cut short or no index. A checksum does not tell who built
    it: sign an index that travels.
    """
    header = verify_index(file)
    if form == "json":
        click.echo(json.dumps(_facts(file, header), indent=2))
        return
    holds = "holds its key" if header.key is not None else f"needs its key file ({header.key_name})"
    click.echo(
        f"{printable(file)}: as it was built; {header.files:,} files, {header.lines:,} lines, of which {header.hashes:,}"
        f" tell where they are from; {holds}."
    )
    for one in header.repositories:
        click.echo(f"  {printable(', '.join(one.names))}: {one.files:,} files, {one.lines:,} lines")


def _facts(file: str, header: Header) -> dict[str, object]:
    return {
        "index": file,
        "size": os.path.getsize(file),  # noqa: PTH202
        "holds_key": header.key is not None,
        "key_name": header.key_name,
        "files": header.files,
        "lines": header.lines,
        "hashes": header.hashes,
        "repositories": [one._asdict() for one in header.repositories],
    }
