"""`tightlip check`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import NoReturn, cast

import click

from tightlip.cli.decode import decode
from tightlip.cli.failure import type_and_place
from tightlip.cli.guards import Guards
from tightlip.detect.detector import Document
from tightlip.detect.realistic import Realistic, column_name
from tightlip.errors import TightlipError
from tightlip.finding import Action, Finding, Surface
from tightlip.guard import Inspection

_SURFACES = [surface.value for surface in Surface]


@click.command()
@click.option(
    "--surface",
    type=click.Choice(_SURFACES),
    default=Surface.PROMPT.value,
    show_default=True,
    help="Where the text would go.",
)
@click.option(
    "--path", metavar="FILE", help="Name of the file the text is from; it tells its language, repository and policy."
)
@click.option(
    "--jsonl",
    is_flag=True,
    help='Check many texts: a line {"i", "text", "path"?} in, a line {"i", "decision", "findings"} out.',
)
@click.option(
    "--config",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Policy file to use instead of the user's and the repository's own; the organisation's stays.",
)
@click.option(
    "--untrusted",
    is_flag=True,
    help="Let the repository's own policy and allow comments in the text loosen nothing.",
)
@click.pass_context
def check(ctx: click.Context, surface: str, path: str | None, jsonl: bool, config: str | None, untrusted: bool) -> None:
    """Say whether the text on standard input may go to an assistant, as JSON and without any value.

    Exits with 0 when it may, 1 when it is blocked or should be asked about, 2 when it could not be checked.
    With --jsonl, exits with 0 at the end of the stream.
    """
    if untrusted and config is not None:
        raise click.UsageError("--untrusted and --config exclude each other; choose one", ctx)
    guards = Guards(Path(path) if path is not None else Path(), config, trusted=not untrusted)
    for problem in guards.problems:
        click.echo(f"tightlip: {problem}", err=True)
    if jsonl:
        _check_stream(guards, Surface(surface), path)
        return
    decoded = decode(sys.stdin.buffer.read())
    if decoded is None:
        raise TightlipError("what came in is not text; check text files only")
    inspection = guards.of(path).inspect(Document(decoded.text, path), Surface(surface))
    click.echo(json.dumps(_verdict(inspection), indent=2))
    ctx.exit(1 if inspection.decision.action >= Action.ASK else 0)


def _verdict(inspection: Inspection) -> dict[str, object]:
    """Decision, its reasons and what it rests on."""
    return {
        "decision": inspection.decision.action.name.lower(),
        "reasons": [
            {"action": reason.action.name.lower(), "text": reason.text, "rule": reason.rule, "layer": reason.layer,
             "source": reason.source, "exception": reason.exception}
            for reason in inspection.decision.reasons
        ],
        "findings": [_entry(finding) for finding in inspection.everything],
        "notices": [{"code": notice.code, "message": notice.message} for notice in inspection.notices],
        "realistic": _table(inspection.realistic) if inspection.realistic else None,
    }  # fmt: skip


def _table(table: Realistic) -> dict[str, object]:
    """The rows of personal data that many of the findings are; they stand in `findings` all the same."""
    return {
        "rows": table.rows,
        "columns": {column_name(column.name): column.title for column in table.columns},
        "values": table.values,
        "confidence": table.confidence.name.lower(),
        "evidence": list(table.evidence),
    }


def _entry(finding: Finding) -> dict[str, object]:
    """A finding by name and place; offsets in code points."""
    return {
        "rule": finding.rule,
        "category": finding.category.value,
        "entity": finding.entity,
        "severity": finding.severity.name.lower(),
        "confidence": finding.confidence.name.lower(),
        "start": finding.span.start,
        "end": finding.span.end,
    }


def _check_stream(guards: Guards, surface: Surface, path: str | None) -> None:
    """Answer every line of standard input with one line, at once."""
    output = sys.stdout.buffer
    sys.stdout.flush()
    for number, line in enumerate(sys.stdin.buffer, 1):
        if line.isspace():
            continue
        output.write(json.dumps(_answer(guards, surface, path, line, number)).encode() + b"\n")
        output.flush()


class _Malformed(Exception):
    """A line that is no request."""

    def __init__(self, i: object, message: str):
        super().__init__(message)
        self.i = i
        self.message = message


def _answer(guards: Guards, surface: Surface, default: str | None, line: bytes, number: int) -> dict[str, object]:
    try:
        i, text, path = _request(line, default)
    except _Malformed as problem:
        return {"i": problem.i, "line": number, "error": problem.message}
    try:
        inspection = guards.of(path).inspect(Document(text, path), surface)
    except TightlipError as problem:
        return {"i": i, "line": number, "error": str(problem)}
    except Exception as problem:  # one text must not end the stream; what the exception says may be a part of it
        return {"i": i, "line": number, "error": f"internal error: {type_and_place(problem)}"}
    return {
        "i": i,
        "decision": inspection.decision.action.name.lower(),
        "findings": [_entry(finding) for finding in inspection.everything],
    }


def _request(line: bytes, default: str | None) -> tuple[object, str, str | None]:
    """Number, text and path of a request. Raises _Malformed, whose message repeats nothing of the line."""
    try:
        request: object = json.loads(line)
    except UnicodeDecodeError:
        _refuse(None, "this line is not UTF-8")
    except (ValueError, RecursionError):
        _refuse(None, "this line is not JSON")
    if not isinstance(request, dict):
        _refuse(None, 'this line is no object; write {"i": 1, "text": "..."}')
    fields = cast("dict[str, object]", request)
    i, text, path = fields.get("i"), fields.get("text"), fields.get("path", default)
    if not isinstance(text, str):
        _refuse(i, '"text" must be a string')
    if not (path is None or isinstance(path, str)):
        _refuse(i, '"path" must be a string')
    if path is not None and "\0" in path:
        _refuse(i, '"path" must be the name of a file')
    return i, text, path


def _refuse(i: object, message: str) -> NoReturn:
    raise _Malformed(i, message)
