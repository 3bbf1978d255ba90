"""`tightlip rules`."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import click
from attrs import asdict

from tightlip.detect.load import load_rules
from tightlip.detect.rule import Rule
from tightlip.detect.ruleset import Ruleset, builtin_ruleset
from tightlip.detect.shipped import rule_files, rules_directory
from tightlip.errors import TightlipError
from tightlip.finding import Category

_FORMS = ("text", "markdown", "json")
_FACTS = (
    "category", "severity", "confidence", "entity", "placeholder", "pattern", "gate", "window", "fields", "value", "validators",
    "checksum", "keywords", "synthetic", "advice", "revoke", "criteria", "references", "source",
)  # fmt: skip


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def rules() -> None:
    """List, show or test the rules: what is looked for."""


@rules.command("list")
@click.option("--format", "form", type=click.Choice(_FORMS), default="text", show_default=True)
@click.option(
    "--category", type=click.Choice([category.value for category in Category]), help="Only rules of this category."
)
def list_rules(form: str, category: str | None) -> None:
    """List all rules."""
    chosen = [rule for rule in builtin_ruleset().rules if category in (None, rule.category.value)]
    if form == "json":
        click.echo(json.dumps([_facts(rule) for rule in chosen], indent=2, ensure_ascii=False))
    elif form == "markdown":
        click.echo("| rule | what | category | severity | SOC 2 |\n|---|---|---|---|---|")
        for rule in chosen:
            name = f"[{rule.id}]({rule.references[0]})" if rule.references else rule.id
            row = (name, _cell(rule.title), rule.category.value, rule.severity.name.lower(), ", ".join(rule.criteria))
            click.echo(f"| {' | '.join(row)} |")
    else:
        width = max((len(rule.id) for rule in chosen), default=0)
        for rule in chosen:
            click.echo(f"{rule.id:<{width}}  {rule.category.value:<6}  {rule.severity.name.lower():<11}  {rule.title}")
        click.echo(f"{len(chosen)} rules; `tightlip rules show RULE` tells all of one.")


@rules.command("show")
@click.argument("rule_id", metavar="RULE")
@click.option("--format", "form", type=click.Choice(_FORMS), default="text", show_default=True)
def show_rule(rule_id: str, form: str) -> None:
    """Show everything about one rule."""
    by_id = builtin_ruleset().by_id
    rule = by_id.get(rule_id)
    if rule is None:
        near = difflib.get_close_matches(rule_id, by_id, 1)
        hint = f'did you mean "{near[0]}"?' if near else "`tightlip rules list` names all."
        raise TightlipError(f'there is no rule "{rule_id}"; {hint}')
    if form == "json":
        click.echo(json.dumps(_facts(rule), indent=2, ensure_ascii=False))
        return
    facts = _facts(rule)
    click.echo(f"# {rule.title}\n\n`{rule.id}`\n" if form == "markdown" else f"{rule.title}\n{rule.id}\n")
    for name in _FACTS:
        lines = _lines(facts[name])
        if not lines:
            continue
        if form == "markdown":
            click.echo(f"- {name}: " + ", ".join(_code(name, line) for line in lines))
        else:
            click.echo(f"{name:<12}" + f"\n{'':<12}".join(lines))


def _lines(fact: object) -> list[str]:
    if isinstance(fact, tuple):
        return [str(item) for item in cast("tuple[object, ...]", fact)]
    return [str(fact)] if fact else []


def _facts(rule: Rule) -> dict[str, object]:
    """What a rule says, in JSON's types and without its examples, whose forms mean nothing outside of its file."""
    facts: dict[str, object] = asdict(rule, recurse=False)
    facts |= {
        "category": rule.category.value,
        "severity": rule.severity.name.lower(),
        "confidence": rule.confidence.name.lower(),
    }
    del facts["matches"], facts["misses"]
    return facts


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _code(name: str, text: str) -> str:
    """Patterns as code, whatever backticks they hold."""
    if name not in ("pattern", "gate", "value"):
        return text
    fence = "``" if "`" in text else "`"
    return f"{fence}{' ' if '`' in text else ''}{text}{' ' if '`' in text else ''}{fence}"


@rules.command("test")
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path(dir_okay=False))
@click.pass_context
def run_examples(ctx: click.Context, files: tuple[str, ...]) -> None:
    """Test every example of every rule of this installation, or of rule FILEs, which run beside the others as in use.

    Exits with 0 when all hold, 1 when one does not, 2 for a rule that cannot be used.
    """
    from tightlip.detect.selftest import check_rules

    directory = rules_directory()
    shipped = load_rules(rule_files(directory), directory.parent)
    further = _further([Path(file) for file in files], {rule.id for rule in shipped})
    chosen = further or shipped
    failures = 0
    for failure in check_rules(chosen, Ruleset.build((*shipped, *further))):
        click.echo(str(failure))
        failures += 1
    examples = sum(len(rule.matches) + len(rule.misses) for rule in chosen)
    if failures:
        click.echo(f"{failures} of {examples} examples do not hold.", err=True)
        ctx.exit(1)
    click.echo(f"{len(chosen)} rule{'' if len(chosen) == 1 else 's'}, {examples} examples: all hold.")


def _further(files: Sequence[Path], taken: set[str]) -> tuple[Rule, ...]:
    found = load_rules(files)
    for rule in found:
        if rule.id in taken:
            file, _, line = rule.source.rpartition(":")
            raise TightlipError(
                f'rule id "{rule.id}" is one of this installation; choose another', file=file, line=int(line)
            )
    return found
