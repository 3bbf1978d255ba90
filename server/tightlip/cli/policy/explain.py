"""`tightlip policy explain`."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any, cast

import click
from attrs import fields, has

from tightlip.cli.decode import decode
from tightlip.cli.policy.explain_text import file_text, keys_text, overview_text
from tightlip.cli.policy.options import format_option
from tightlip.detect.detector import Document
from tightlip.finding import Surface
from tightlip.guard import Guard, load_guard, workspace_root
from tightlip.policy.explain import explain as explain_keys
from tightlip.policy.explain import explain_all, standings
from tightlip.policy.explain_file import FileExplained, explain_file

_LARGEST = 10_000_000
"""Bytes of a file whose text is looked at; as `scan`."""


@click.command()
@click.argument("key", required=False)
@click.option("--file", "file", metavar="FILE", help="Explain what is decided about this file, which need not exist.")
@click.option("--all", "everything", is_flag=True, help="Every key, those at their default too.")
@format_option
def explain(key: str | None, file: str | None, everything: bool, form: str) -> None:
    """Say what the policy says of KEY, which file says so, and who asked for something else in vain.

    KEY is a dotted name: detect.secret.action, a table (detect.pii), a list (repo, exception, allow), or a rule
    (detect.rule.us-ssn). Without a KEY, all that is not at its default. With --file, the whole way of a file: its
    repository, its class and who gave it, the exceptions for it, and what every surface would decide; with both, what
    KEY is for that file.
    """
    today = date.today()
    path = Path.cwd() / file if file is not None else Path.cwd()
    guard = load_guard(workspace_root(path) if file is not None else path)
    policy, categories = guard.policy if file is None else guard.policy_for(path), guard.ruleset.categories
    if key is not None:
        bundle = guard.above.organisation.bundle if guard.above.organisation is not None else None
        found = explain_keys(policy, key, today, categories, bundle)
        _print(form, [_plain(one) for one in found], lambda: keys_text(found))
        return
    layers, root = standings(policy, guard.above), str(guard.top)
    if file is not None:
        told = _explained(guard, path, today)
        _print(form, {"layers": _plain(layers), **_plain(told)}, lambda: file_text(told, layers, root))
        return
    every = explain_all(policy, today, categories)
    found = [one for one in every if everything or not one.is_default]
    names = {one.name for one in found}
    told = {(claim.source, claim.ignored) for claim in policy.claims if claim.key in names}
    problems = [str(one) for one in guard.problems if (f"{one.file}:{one.line}", one.message) not in told]
    said = {"folder": str(guard.root), "layers": _plain(layers), "keys": _plain(found), "problems": problems}
    _print(form, said, lambda: overview_text(str(guard.root), root, layers, found, problems, len(every)))


def _print(form: str, plain: object, text: Callable[[], str]) -> None:
    click.echo(json.dumps(plain, indent=2, ensure_ascii=False) if form == "json" else text(), nl=form == "json")


def _explained(guard: Guard, path: Path, today: date) -> FileExplained:
    place = guard.whereabouts(path)
    resolved = place.path or str(path)
    text, unread = _text(resolved)
    document = Document(text, resolved)
    return explain_file(
        resolved,
        place.policy,
        place.repository,
        place.classified,
        {surface: guard.inspect(document, surface).decision for surface in Surface},
        unread=unread,
        fixture=place.fixture,
        counting=place.exceptions,
        day=today,
    )


def _text(path: str) -> tuple[str, str]:
    """The text of a file, and why there is none."""
    if not os.path.lexists(path):
        return "", "it does not exist"
    try:
        if not os.path.isfile(path):  # noqa: PTH113
            return "", "it is not a file"
        if os.path.getsize(path) > _LARGEST:  # noqa: PTH202
            return "", f"it is larger than {_LARGEST // 1_000_000} MB"
        with open(path, "rb") as opened:
            decoded = decode(opened.read())
    except OSError as problem:
        return "", f"it cannot be read: {problem.strerror}"
    return (decoded.text, "") if decoded is not None else ("", "it is not text")


def _plain(value: object) -> Any:
    """A value of ours in JSON's types."""
    if has(type(value)):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(type(value))}
    if isinstance(value, Enum):
        return value.name.lower() if isinstance(value, int) else value.value
    if isinstance(value, Mapping):
        return {_plain(key): _plain(one) for key, one in cast("Mapping[object, object]", value).items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in cast("Sequence[object]", value)]
    return value
