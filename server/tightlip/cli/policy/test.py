"""`tightlip policy test`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from tightlip.cli.guards import guard_for, guard_of_file
from tightlip.cli.paths import label, printable
from tightlip.cli.policy.cases import Outcome, read_cases, run_cases
from tightlip.cli.policy.options import LAYERS, format_option
from tightlip.finding import Reason
from tightlip.guard import workspace_root
from tightlip.policy.words import word


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="CASES.toml...", type=click.Path(dir_okay=False))
@click.option(
    "--config",
    metavar="FILE",
    type=click.Path(dir_okay=False),
    help="Policy file to test by itself; of those in force here, the organisation's too, none counts.",
)
@click.option("--layer", type=click.Choice(list(LAYERS)), help="As what --config is read: repo, by default.")
@format_option
@click.pass_context
def test(ctx: click.Context, files: tuple[str, ...], config: str | None, layer: str | None, form: str) -> None:
    """Hold the policy against cases: texts and files with the decision that is expected.

    A case says name, text or file, and expect (off, info, warn, ask, block). It may say surface (prompt, by default),
    path (where the text is thought to lie), remote or class (of the repository it is thought to lie in), and reasons: rules
    that must be among the reasons, "restricted" for the class.

    \b
        [[case]]
        name    = "a token in a prompt"
        text    = "token = 'ghp_{crc32-base62:30}'"
        expect  = "block"
        reasons = ["github-personal-access-token"]

    A text is written with samples, as the examples of rules are, so that no value stands in the file: {base62:36},
    {digits:9}, {card}, {iban:DE}. No text is ever printed.

    Exits with 0 when every case is decided as expected, 1 when one is not, 2 when one cannot be read.
    """
    if layer is not None and config is None:
        raise click.UsageError("--layer needs --config", ctx)
    outcomes: list[Outcome] = []
    for file in files:
        folder = (Path.cwd() / file).parent.resolve()
        root = workspace_root(folder)
        guard = guard_for(root) if config is None else guard_of_file(root, config, LAYERS[layer or "repo"])
        for problem in guard.problems:
            click.echo(f"tightlip: {printable(str(problem))}", err=True)
        outcomes += run_cases(read_cases(label(file)), guard, str(folder))
    failed = sum(not outcome.passed for outcome in outcomes)
    if form == "json":
        click.echo(json.dumps([_plain(outcome) for outcome in outcomes], indent=2, ensure_ascii=False))
    else:
        for outcome in outcomes:
            for line in _lines(outcome):
                click.echo(printable(line))
        cases = f"{len(outcomes)} case{'' if len(outcomes) == 1 else 's'}"
        click.echo(f"{failed} of {cases} failed." if failed else f"{cases}, all as expected.")
    ctx.exit(1 if failed else 0)


def _lines(outcome: Outcome) -> Iterator[str]:
    case, action = outcome.case, word(outcome.decision.action)
    why = ", ".join(outcome.found)
    if outcome.passed:
        yield f"ok    {action:<5}  {case.name}{f'  ({why})' if why else ''}"
        return
    yield f"FAIL  {action:<5}  {case.name}  ({case.source})"
    if outcome.decision.action is not case.expect:
        yield f"      expected {word(case.expect)} on {case.surface.value}, decided {action}"
    if outcome.missing:
        yield f"      expected for {', '.join(outcome.missing)}, which is no reason"
    for reason in outcome.decision.reasons:
        yield f"      {word(reason.action):<5}  {_told(reason)}"
    if not outcome.decision.reasons:
        yield "      nothing spoke against it"


def _told(reason: Reason) -> str:
    place = ", ".join(filter(None, [reason.rule, reason.layer, reason.source]))
    return f"{reason.text} ({place})"


def _plain(outcome: Outcome) -> dict[str, object]:
    return {
        "name": outcome.case.name,
        "source": outcome.case.source,
        "surface": outcome.case.surface.value,
        "passed": outcome.passed,
        "expected": word(outcome.case.expect),
        "decision": word(outcome.decision.action),
        "missing": list(outcome.missing),
        "reasons": [
            {"action": word(reason.action), "text": reason.text, "rule": reason.rule, "layer": reason.layer,
             "source": reason.source, "exception": reason.exception}
            for reason in outcome.decision.reasons
        ],
    }  # fmt: skip
