"""What `tightlip policy explain` prints for people."""

from __future__ import annotations

import os
import shutil
import textwrap
from collections.abc import Iterable, Iterator, Sequence

import click

from tightlip.cli.paths import label, printable
from tightlip.finding import Action, Reason, Surface
from tightlip.policy.explain import Explained, ExplainedList, Part, Standing
from tightlip.policy.explain_entries import Entry
from tightlip.policy.explain_file import ClassTold, FileExplained, RepositoryTold
from tightlip.policy.words import LAYERS, Plain, word

_NARROW, _WIDE = 80, 120
_COLORS = {
    "block": "red",
    "ask": "yellow",
    "warn": "yellow",
    "restricted": "red",
    "untrusted": "red",
    "stale": "yellow",
}
_NAMES = 13
"""Columns of the names on the left."""


def overview_text(
    folder: str,
    root: str,
    layers: Sequence[Standing],
    found: Sequence[Explained | ExplainedList],
    problems: Sequence[str],
    every: int,
) -> str:
    """All keys that were asked for, a line for each, and what is wrong."""
    lines = [_bold(f"Policy for {printable(folder)}"), "", *_standings(layers, root), ""]
    keys = [one for one in found if isinstance(one, Explained)]
    width = max((len(one.name) for one in keys), default=0)
    wide = min(max((len(_flat(one.value)) for one in keys), default=0), 20)
    for one in keys:
        lines.append(f"  {one.name:<{width}}  {_flat(one.value):<{wide}}  {_by(one.layer, one.source)}")
        for voice in one.voices:
            if voice.part in (Part.LOST, Part.COUNTS):
                lines += _wrapped(f"{_by(voice.layer, voice.source)} asks {_flat(voice.value)}: {voice.why}", 6)
        for note in one.notes:
            lines += _wrapped(note, 6)
    for one in found:
        if isinstance(one, ExplainedList):
            lines += ["", *_list(one)]
    if not found:
        lines.append("  Every key is at its default.")
    if problems:
        lines += ["", _bold("Mistakes"), *(line for problem in problems for line in _wrapped(problem, 2))]
    left = every - len(found)
    more = f"{left} more keys and lists are at their default (--all). " if left else ""
    lines += ["", f"{more}`tightlip policy explain KEY` tells all of one."]
    return _joined(lines)


def keys_text(found: Sequence[Explained | ExplainedList]) -> str:
    """Everything about some keys."""
    lines: list[str] = []
    for one in found:
        lines += [""] if lines else []
        lines += list(_list(one, whole=True)) if isinstance(one, ExplainedList) else list(_key(one))
    return _joined(lines)


def file_text(told: FileExplained, layers: Sequence[Standing], root: str) -> str:
    """The way of a file, from where it lies to what is decided."""
    lines = [_bold(printable(label(told.path))) + (f"  ({told.unread}: judged by its place)" if told.unread else "")]
    if told.fixture:
        lines.append("  a file of tests, examples or documentation: `fixtures` counts for it")
    if told.excluded:
        lines.append(f"  not looked at: {printable(told.excluded)} excludes it")
    lines += ["", _bold("Layers"), *_standings(layers, root), ""]
    if told.repository is None:
        lines += [_row("Repository", "none: only paths and the default class count", head=True)]
    else:
        lines += _repository("Repository", told.repository)
    for outer in told.superprojects:
        lines += ["", *_repository("Inside", outer)]
    lines += ["", *_class(told.classified), "", *_exceptions(told.exceptions), "", _bold("Decisions")]
    lines += _decisions(told)
    return _joined(lines)


def _standings(layers: Sequence[Standing], root: str) -> Iterator[str]:
    for one in layers:
        files = [printable(_from(root, file)) for file in one.files]
        state = _painted(f"{one.state:<9}", one.state)
        yield f"  {LAYERS[one.layer]:<{_NAMES}} {state} {', '.join(files)}".rstrip()
        if one.sentence:
            yield from _wrapped(one.sentence, _NAMES + 3)


def _from(root: str, file: str) -> str:
    """A file as messages name it: from the root of its repository."""
    return os.path.relpath(file, root).replace(os.sep, "/") if file.startswith(root + os.sep) else file


def _key(one: Explained) -> Iterator[str]:
    yield f"{_bold(one.name)} = {_painted(_flat(one.value), _flat(one.value))}"
    words = f" One of {', '.join(one.words)}." if one.words else ""
    yield from _wrapped(f"{one.description}{words} Default: {_flat(one.default)}. {_sentence(one.direction)}", 2)
    yield from (line for note in one.notes for line in _wrapped(f"Note: {note}", 2))
    yield ""
    width = max(len(_flat(voice.value)) for voice in one.voices)
    layer = max(len(LAYERS[voice.layer]) for voice in one.voices)
    for voice in one.voices:
        place = printable(voice.source)
        line = f"  {_MARKS[voice.part]} {_flat(voice.value):<{width}}  {LAYERS[voice.layer]:<{layer}}  {place}"
        yield line.rstrip()
        if voice.why:
            yield from _wrapped(voice.why, width + 7)


_MARKS = {Part.IN_FORCE: "=>", Part.COUNTS: " +", Part.LOST: " -", Part.DEFAULT: "  "}


def _list(one: ExplainedList, *, whole: bool = False) -> Iterator[str]:
    yield _bold(one.name) if whole else f"  {one.name}"
    if whole:
        yield from _wrapped(f"{one.description} {_sentence(one.direction)}", 2)
        yield ""
    if not one.entries:
        yield "  No entry."
    for entry in one.entries:
        yield from _entry(entry, 2 if whole else 6)


def _entry(entry: Entry, indent: int) -> Iterator[str]:
    yield from _wrapped(f"{'+' if entry.counts else '-'} {entry.text}", indent, hanging=2)
    by = _by(entry.layer, entry.source) if entry.layer else printable(entry.source)
    yield from _wrapped(f"{by}{f'; {entry.outcome}' if entry.outcome else ''}", indent + 2)


def _repository(title: str, one: RepositoryTold) -> Iterator[str]:
    yield _row(title, printable(one.name), head=True)
    yield _row("root", printable(one.root))
    yield from _rows("remotes", one.remotes or ("none",))
    if one.roots:
        yield from _rows("commits", one.roots)
    if one.problem:
        yield from _prose("problem", one.problem)


def _class(one: ClassTold) -> Iterator[str]:
    yield _row("Class", _painted(one.name, one.name), head=True)
    yield from _prose("given by", one.by)
    yield _row("", _by(one.layer, one.source))
    yield _row("share", f"{_painted(f'{one.share:<5}', one.share)} {_place(one.share_source)}".rstrip())
    yield _row(
        "copied code", f"{_painted(f'{one.copied_code:<5}', one.copied_code)} {_place(one.copied_code_source)}".rstrip()
    )
    for name, said in (
        ("owner", one.owner),
        ("contact", one.contact),
        ("allowed", one.allowed),
        ("problem", one.problem),
    ):
        if said:
            yield from _prose(name, said)
    for number, entry in enumerate(one.others):
        yield from _prose(
            "besides" if not number else "", f"{entry.text} ({_by(entry.layer, entry.source)}; {entry.outcome})"
        )


def _exceptions(entries: Sequence[Entry]) -> Iterator[str]:
    yield _row("Exceptions", "" if entries else "none", head=True)
    for entry in entries:
        yield from _entry(entry, 2)


def _decisions(told: FileExplained) -> Iterator[str]:
    reasons: dict[str, tuple[Reason, list[Surface]]] = {}
    for surface, decision in told.decisions.items():
        action = word(decision.action)
        yield f"  {surface.value:<{_NAMES}}{_painted(action, action)}"
        for reason in decision.reasons:
            strictest, surfaces = reasons.get(reason.text, (reason, []))
            reasons[reason.text] = (max(strictest, reason, key=lambda one: one.action), [*surfaces, surface])
    for reason, surfaces in sorted(reasons.values(), key=lambda pair: -pair[0].action):
        action = word(reason.action)
        yield ""
        indent = 4 + len(_LONGEST)
        first, *rest = _wrapped(reason.text, indent)
        yield f"  {_painted(action.ljust(len(_LONGEST)), action)}  {first.strip()}"
        yield from rest
        rule = f", rule {reason.rule}" if reason.rule else ""
        only = "" if len(surfaces) == len(told.decisions) else f"; only for {', '.join(one.value for one in surfaces)}"
        yield from _wrapped(f"{_by(reason.layer, reason.source)}{rule}{only}", indent)
    if not reasons:
        yield ""
        yield "  Nothing speaks against sharing it."


_LONGEST = max((word(action) for action in Action), key=len)


def _by(layer: str, source: str) -> str:
    return ", ".join(filter(None, [LAYERS.get(layer, layer), printable(source)]))


def _place(source: str) -> str:
    return f"({printable(source) or 'built-in default'})"


def _row(name: str, said: str, *, head: bool = False) -> str:
    left = _bold(name) + " " * (_NAMES + 2 - len(name)) if head else f"  {name:<{_NAMES}}"
    return f"{left}{said}".rstrip()


def _rows(name: str, said: Iterable[str]) -> Iterator[str]:
    for number, one in enumerate(said):
        yield _row("" if number else name, printable(one))


def _prose(name: str, said: str) -> Iterator[str]:
    first, *rest = _wrapped(said, _NAMES + 2)
    yield _row(name, first.strip())
    yield from rest


def _wrapped(text: str, indent: int, *, hanging: int = 0) -> list[str]:
    return textwrap.wrap(
        printable(text), _width(), initial_indent=" " * indent, subsequent_indent=" " * (indent + hanging),
        break_long_words=False, break_on_hyphens=False,
    ) or [""]  # fmt: skip


def _width() -> int:
    return min(max(shutil.get_terminal_size((100, 24)).columns, _NARROW), _WIDE)


def _flat(value: Plain) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return printable(", ".join(value) or "nothing" if isinstance(value, list) else str(value))


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _painted(text: str, word: str) -> str:
    return click.style(text, fg=_COLORS[word]) if word in _COLORS else text


def _bold(text: str) -> str:
    return click.style(text, bold=True)


def _joined(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
