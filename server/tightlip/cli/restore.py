"""`tightlip restore`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from tightlip.cli.decode import decode
from tightlip.cli.files import select_files
from tightlip.cli.guards import Guards
from tightlip.cli.paths import printable
from tightlip.cli.texts import STANDARD, read_text, replace_text, write_text
from tightlip.detect.detector import Document
from tightlip.errors import TightlipError
from tightlip.finding import Surface
from tightlip.guard import Guard
from tightlip.redact.mapping import EMPTY, Mapping
from tightlip.redact.redact import redact
from tightlip.redact.restore import restore as restore_text
from tightlip.syntax.language import language_of

_MAX_SIZE = 10_000_000
"""Bytes of a workspace file that is looked through for values."""
_SHOWN = 10


@click.command()
@click.argument("file", metavar="[FILE|-]", default=STANDARD)
@click.option("--path", metavar="NAME", help="File name of what comes in on standard input; it tells the language.")
@click.option(
    "--workspace",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False),
    default=os.curdir,
    help="Where the values stand; this folder, by default.",
)
@click.option(
    "--original",
    "originals",
    metavar="FILE",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False),
    help="A text from elsewhere as it was before it was redacted. Repeatable.",
)
@click.option("--in-place", is_flag=True, help="Write the file itself.")
@click.option(
    "--config",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Policy file to use instead of the user's and the repository's own; the organisation's stays.",
)
@click.pass_context
def restore(
    ctx: click.Context,
    file: str,
    path: str | None,
    workspace: str,
    originals: tuple[str, ...],
    in_place: bool,
    config: str | None,
) -> None:
    """Put the values back into a text that `tightlip redact` wrote, or that an assistant made of one.

    Nothing is stored between the two: the values are looked up in the workspace again, and found by its key.
    Exits with 1 when placeholders are left that stand for nothing here.
    """
    if in_place and file == STANDARD:
        raise TightlipError("--in-place needs a file")
    source = read_text(file, path)
    text = source.decoded.text
    guard = Guards(Path(workspace), config).of(None)
    mapping = _mapping(guard, _files([*originals, *(one.path for one in select_files([workspace]).sources)]))
    restoration = restore_text(text, mapping, language_of(source.path, None, text) if source.path else None)
    if in_place:
        replace_text(file, source.decoded, restoration.text)
    else:
        write_text(source.decoded, restoration.text)
    click.echo(f"tightlip: {_count(restoration.restored, 'placeholder')} restored.", err=True)
    if restoration.unknown:
        named = _named(restoration.unknown)
        click.echo(f"tightlip: {_count(len(restoration.unknown), 'placeholder')} of no value here: {named}.", err=True)
    for one in restoration.leftover[:_SHOWN]:
        nearest = f"; it resembles {one.nearest}" if one.nearest else ""
        click.echo(f"tightlip: left as it is: {printable(one.token)}{nearest}.", err=True)
    if restoration.unknown or restoration.leftover:
        if not originals:
            click.echo("tightlip: name the --workspace the text is from, or its --original.", err=True)
        ctx.exit(1)


def _mapping(guard: Guard, documents: Iterable[Document]) -> Mapping:
    """What the placeholders of all texts stand for."""
    mappings: list[Mapping] = []
    for document in documents:
        findings = guard.inspect(document, Surface.PROMPT).everything
        if findings:
            language = language_of(document.path, None, document.text)
            mappings.append(redact(document.text, findings, guard.key.secret, language).mapping)
    return EMPTY.merge(*mappings)


def _files(paths: Iterable[str]) -> Iterator[Document]:
    """Texts of all files that have one; others hold nothing that was redacted."""
    for path in paths:
        try:
            with open(path, "rb") as file:
                data = file.read(_MAX_SIZE + 1)
        except OSError:
            continue
        decoded = decode(data) if len(data) <= _MAX_SIZE else None
        if decoded is not None:
            yield Document(decoded.text, path)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _named(tokens: tuple[str, ...]) -> str:
    more = f" and {len(tokens) - _SHOWN} more" if len(tokens) > _SHOWN else ""
    return ", ".join(tokens[:_SHOWN]) + more
