"""`tightlip scan`."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timezone

import click

from tightlip.cli import formats, git
from tightlip.cli.files import Selection, Source, select_added, select_files, select_history, select_staged
from tightlip.cli.ignore import OWN
from tightlip.cli.paths import label, printable, way_from_here
from tightlip.cli.pool import check_all
from tightlip.cli.progress import Bar
from tightlip.cli.report import FileResult, Outcome, Rule, ScanReport, Skipped
from tightlip.cli.work import Settings, Worker
from tightlip.detect.realistic import ADVICE
from tightlip.detect.realistic import TITLE as TABLE
from tightlip.detect.ruleset import builtin_ruleset
from tightlip.errors import TightlipError
from tightlip.finding import RuleId, Severity
from tightlip.policy.load import above_all
from tightlip.policy.places import places

_SEVERITIES = [severity.name.lower() for severity in Severity]


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--staged", is_flag=True, help="Check what is staged for the next commit, as the index holds it.")
@click.option(
    "--diff", "revision", metavar="REV", help="Check only lines added since this branch left REV, and untracked files."
)
@click.option("--history", is_flag=True, help="Check every version of every file in every commit.")
@click.option("--archives", is_flag=True, help="Look inside zip, jar, whl, tar, gz and bz2 files.")
@click.option(
    "--format", "form", type=click.Choice(formats.NAMES), default="text", show_default=True, help="How to report."
)
@click.option("--output", metavar="FILE", type=click.Path(dir_okay=False), help="Write the report into this file.")
@click.option(
    "--min-severity",
    type=click.Choice(_SEVERITIES),
    default="warning",
    show_default=True,
    help="Quietest findings reported.",
)
@click.option(
    "--all",
    "everything",
    is_flag=True,
    help="Report findings of every severity, and each value of a table of personal data.",
)
@click.option("--strict", is_flag=True, help="Ignore inline allow comments.")
@click.option("--deep", is_flag=True, help="Let Presidio and detect-secrets look at every file too; slow.")
@click.option(
    "--max-size",
    metavar="BYTES",
    type=click.IntRange(1),
    default=10_000_000,
    show_default=True,
    help="Largest file checked.",
)
@click.option(
    "--jobs", "-j", metavar="N", type=click.IntRange(1), help="Processes; as many as there are cores, by default."
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
    help="Let policy, baselines, ignore files and allow comments of what is scanned loosen nothing. What git ignores "
    "(node_modules, builds) is read too, which takes longer.",
)
@click.pass_context
def scan(
    ctx: click.Context,
    paths: tuple[str, ...],
    staged: bool,
    revision: str | None,
    history: bool,
    archives: bool,
    form: str,
    output: str | None,
    min_severity: str,
    everything: bool,
    strict: bool,
    deep: bool,
    max_size: int,
    jobs: int | None,
    config: str | None,
    untrusted: bool,
) -> None:
    """Find secrets, personal data and other values that should not leave, in files and folders (default: this one).

    Reads what git tracks or would track, with --untrusted everything; a file that is named is read in any case.
    Exits with 0 when nothing was found, 1 when something was, 2 when something could not be checked.
    """
    modes = [
        name
        for name, chosen in (("--staged", staged), ("--diff", revision is not None), ("--history", history))
        if chosen
    ]
    if len(modes) > 1:
        raise click.UsageError(f"{' and '.join(modes)} exclude each other; choose one", ctx)
    if untrusted and config is not None:
        raise click.UsageError("--untrusted and --config exclude each other; choose one", ctx)
    started, begin = datetime.now(timezone.utc), time.perf_counter()
    mode = modes[0].removeprefix("--") if modes else "files"
    selection = _select(mode, paths, revision, trusted=not untrusted, governed=config is None)
    for message in selection.messages:
        click.echo(f"tightlip: {printable(message)}", err=True)
    threshold = Severity.HINT if everything else Severity.parse(min_severity)
    settings = Settings(
        threshold,
        max_size,
        archives,
        everything,
        strict,
        deep,
        os.path.abspath(config) if config else None,  # noqa: PTH100
        not untrusted,
    )
    outcomes, problems = _check(selection.sources, settings, 1 if deep and jobs is None else jobs)
    for problem in problems:
        click.echo(f"tightlip: {printable(problem)}", err=True)
    report = _report(outcomes, selection, mode, started)
    excluded = [item for item in report.skipped if item.reason == "excluded"]
    unsaid = _excluded(excluded, paths, report)
    for message in unsaid:
        click.echo(f"tightlip: {printable(message)}", err=True)
    if history:
        report = _with_commits(report, selection.sources)
    report = report._replace(seconds=time.perf_counter() - begin, messages=(*selection.messages, *problems, *unsaid))
    _write(report, form, output)
    if not report.clean:
        ctx.exit(1)
    nothing = not report.files and (selection.wanting or bool(excluded))
    ctx.exit(2 if nothing or problems or not report.complete else 0)


def _select(mode: str, paths: tuple[str, ...], revision: str | None, *, trusted: bool, governed: bool) -> Selection:
    """`governed` says that the organisation's policy counts, where there is one."""
    if mode == "staged":
        return select_staged(paths)
    if mode == "history":
        return select_history(paths)
    if revision is not None:
        return select_added(paths, revision, trusted=trusted)
    return select_files(paths or (".",), trusted=trusted, governed=governed and above_all(places()).governs)


def _check(sources: Sequence[Source], settings: Settings, jobs: int | None) -> tuple[list[Outcome], list[str]]:
    """All outcomes, and what is wrong with the policies they were judged by."""
    outcomes: list[Outcome] = []
    problems: dict[str, None] = {}
    with Worker(settings) as first:
        # here before any other process: mistakes end the scan early, and the rules are compiled once
        first.warm_up(sorted({source.root for source in sources}))
        gc.freeze()  # rules and modules are no garbage
        gc.enable()
        with Bar(sum(max(source.size, 0) for source in sources)) as bar:
            for checked in check_all(sources, first, settings, jobs):
                outcomes += checked.outcomes
                problems.update(dict.fromkeys(checked.problems))
                bar.advance(checked.size)
    return outcomes, list(problems)


def _report(outcomes: list[Outcome], selection: Selection, mode: str, started: datetime) -> ScanReport:
    results = [outcome for outcome in outcomes if isinstance(outcome, FileResult)]
    skipped = [*selection.skipped, *(outcome for outcome in outcomes if isinstance(outcome, Skipped))]
    told = sorted((one for one in results if one.findings or one.notices), key=lambda one: one.path)
    return ScanReport(
        results=tuple(told),
        skipped=tuple(sorted(skipped)),
        rules=_rules(told),
        files=len(results),
        size=sum(result.size for result in results),
        hidden=sum(result.hidden for result in results),
        suppressed=Counter(kind for result in results for kind in result.suppressed),
        restricted=Counter(result.restricted for result in results if result.restricted),
        started=started,
        seconds=0.0,
        mode=mode,
        prefix=_prefix(),
    )


def _excluded(excluded: Sequence[Skipped], paths: Sequence[str], report: ScanReport) -> list[str]:
    """What to say of files that were named and are excluded, or when there are no others."""
    named = {label(path) for path in paths}
    told = [f"{item.path}: not checked. {item.detail}" for item in excluded if item.path in named]
    if excluded and not report.files and len(told) < len(excluded):
        told.append(f"nothing was checked: all {len(excluded)} files are excluded by the policy or {OWN}")
    return told


def _rules(results: Sequence[FileResult]) -> dict[RuleId, Rule]:
    """What to tell of the rules of all findings; the deep lane's have no rule of ours."""
    known = builtin_ruleset().by_id
    rules: dict[RuleId, Rule] = {}
    for result in results:
        for finding in result.findings:
            rule = known.get(finding.rule)
            if finding.rule in rules:
                continue
            rules[finding.rule] = Rule(
                id=finding.rule,
                title=TABLE if finding.table else finding.title,
                category=finding.category,
                severity=finding.severity,
                advice=rule.advice if rule else ADVICE if finding.table else "",
                revoke=rule.revoke if rule else "",
                help=rule.references[0] if rule and rule.references else "",
                criteria=rule.criteria if rule else (),
            )
    return dict(sorted(rules.items()))


def _prefix() -> str:
    """The working directory as seen from the top of its repository."""
    here = os.path.realpath(os.getcwd())  # noqa: PTH109
    top = git.work_tree_above(here)[0]
    way = os.path.relpath(here, top).replace(os.sep, "/")
    return "" if way == "." else way + "/"


def _with_commits(report: ScanReport, sources: Sequence[Source]) -> ScanReport:
    """Findings of a history name the commit that brought them in, and the path it brought them under."""
    oids = {result.blob for result in report.results if result.findings}
    if not oids:
        return report
    top = sources[0].root
    found = git.origins(top, oids)
    results: list[FileResult] = []
    prefix = way_from_here(top) + "/"
    for result in report.results:
        commit, path = found.get(result.blob, (None, ""))
        member = result.path[result.path.find("!/") :] if "!/" in result.path else ""
        results.append(result._replace(commit=commit, path=label(prefix + path) + member) if commit else result)
    return report._replace(results=tuple(sorted(results, key=lambda one: (one.path, one.commit or ""))))


def _write(report: ScanReport, form: str, output: str | None) -> None:
    color = (
        output is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )
    text = formats.render(form, report, color=color)
    if output is None:
        click.echo(text, nl=False, color=color)
    else:
        try:
            with open(output, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
                file.write(text)
        except OSError as problem:
            raise TightlipError(
                f"cannot write the report to {output}: {problem.strerror}; choose another --output"
            ) from None
    if output is not None or form != "text":
        from tightlip.cli.formats.text import summary

        click.echo(f"tightlip: {summary(report)}", err=True)
