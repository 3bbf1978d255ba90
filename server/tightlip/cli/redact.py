"""`tightlip redact`."""

from __future__ import annotations

import difflib
import os
from collections import Counter
from pathlib import Path

import click

from tightlip.cli.guards import Guards
from tightlip.cli.paths import printable
from tightlip.cli.texts import STANDARD, read_text, replace_text, write_text
from tightlip.detect.detector import Document
from tightlip.errors import TightlipError
from tightlip.finding import Surface
from tightlip.redact.edit import Edit, apply
from tightlip.redact.redact import Redaction
from tightlip.redact.redact import redact as redact_text
from tightlip.syntax.language import language_of


@click.command()
@click.argument("file", metavar="[FILE|-]", default=STANDARD)
@click.option(
    "--path", metavar="NAME", help="File name of what comes in on standard input; it tells language and policy."
)
@click.option("--in-place", is_flag=True, help="Write the file itself.")
@click.option("--diff", is_flag=True, help="Only show which lines would change; values are masked in it.")
@click.option(
    "--workspace",
    metavar="DIR",
    type=click.Path(exists=True, file_okay=False),
    help="Workspace whose key and policy count; that of the file, by default.",
)
@click.option(
    "--config",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Policy file to use instead of the user's and the repository's own; the organisation's stays.",
)
def redact(file: str, path: str | None, in_place: bool, diff: bool, workspace: str | None, config: str | None) -> None:
    """Write a text with a placeholder for everything that should not leave.

    The same value has the same placeholder in every file of a workspace; `tightlip restore` puts the values back.
    """
    if in_place and (diff or file == STANDARD):
        raise TightlipError("--in-place needs a file, and excludes --diff")
    source = read_text(file, path)
    text = source.decoded.text
    document = Document(text, source.path)
    guard = Guards(Path(workspace or source.path or os.curdir), config).of(None)
    inspection = guard.inspect(document, Surface.PROMPT)
    for notice in inspection.notices:
        click.echo(f"tightlip: {notice.message}", err=True)
    if inspection.restricted is not None:
        click.echo(f"tightlip: redacting does not change this: {inspection.restricted.sentence}", err=True)
    key = guard.key
    redaction = redact_text(text, inspection.everything, key.secret, language_of(source.path, None, text))
    if diff:
        click.echo(
            _diff(text, redaction, {one.rule: one.title for one in inspection.everything}, source.path), nl=False
        )
    elif in_place:
        replace_text(file, source.decoded, redaction.text)
    else:
        write_text(source.decoded, redaction.text)
    click.echo(f"tightlip: {_summary(redaction)}", err=True)
    if redaction.edits and key.path is None:
        click.echo(
            "tightlip: there is no place to keep a key, so `tightlip restore` will not know these placeholders",
            err=True,
        )


def _summary(redaction: Redaction) -> str:
    if not redaction.edits:
        return "nothing to redact."
    types = Counter(entry.type for entry in redaction.mapping.entries())
    kinds = ", ".join(f"{count} {name}" for name, count in sorted(types.items()))
    return f"{len(redaction.edits)} place{'' if len(redaction.edits) == 1 else 's'} redacted ({kinds})."


def _diff(text: str, redaction: Redaction, titles: dict[str, str], path: str | None) -> str:
    """Which lines change. The old ones are shown with the name of what stands there, never with the value."""
    masked = apply(text, (Edit(edit.span, f"<{titles.get(edit.rule, 'value')}>") for edit in redaction.edits))
    name = printable(path or "standard input")
    lines = difflib.unified_diff(
        masked.splitlines(),
        redaction.text.splitlines(),
        f"{name} (values masked)",
        f"{name} (redacted)",
        lineterm="",
        n=0,
    )
    return "".join(f"{line}\n" for line in lines)
