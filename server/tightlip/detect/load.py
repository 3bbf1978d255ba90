"""Rule files -> rules. Every mistake in a rule file is an error that names file and line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, cast

from attrs import fields

from tightlip.detect.rule import LIST_KEYS, Rule
from tightlip.detect.validators import parse_validator
from tightlip.errors import RuleError
from tightlip.finding import Category, Confidence, Severity
from tightlip.syntax.toml import TomlDocument, read_toml

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_PLACEHOLDER = re.compile(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_FIELD = re.compile(r"[^\W_]+(?:_[^\W_]+)*")
_REQUIRED = ("id", "title", "category", "severity", "confidence", "placeholder", "references", "matches", "misses")
_KEYS = tuple(attribute.name for attribute in fields(Rule) if attribute.name != "source")


def load_rules(files: Iterable[Path], base: Path | None = None) -> tuple[Rule, ...]:
    """Read rule files.

    `base` shortens the file names in errors and in `Rule.source`. Raises RuleError, with file and line, for a file that
    is not TOML, an unknown or missing key, a wrong type, a pattern that does not compile or an id that stands twice.
    """
    rules: dict[str, Rule] = {}
    for path in files:
        name = path.relative_to(base).as_posix() if base else str(path)
        for rule in _rules_in(read_toml(path, RuleError, name)):
            if rule.id in rules:
                raise _error(rule.source, f'rule id "{rule.id}" stands already at {rules[rule.id].source}')
            rules[rule.id] = rule
    return tuple(rules.values())


def _error(source: str, message: str) -> RuleError:
    file, _, line = source.rpartition(":")
    return RuleError(message, file=file, line=int(line))


def _rules_in(document: TomlDocument) -> Iterator[Rule]:
    for key in document.data:
        if key != "rule":
            message = f'unknown table "{key}"; a rule file holds [[rule]] entries'
            raise RuleError(message, file=document.file, line=document.line(key))
    entries: Any = document.data.get("rule", [])
    if not isinstance(entries, list):
        raise RuleError("a rule file holds [[rule]] entries", file=document.file, line=document.line("rule"))
    for index, entry in enumerate(cast("list[Any]", entries)):
        if not isinstance(entry, dict):
            raise RuleError("a rule file holds [[rule]] entries", file=document.file, line=document.line("rule"))
        yield parse_rule(cast("dict[str, Any]", entry), document, ("rule", index))


def parse_rule(entry: dict[str, Any], document: TomlDocument, path: tuple[str | int, ...]) -> Rule:
    """One `[[rule]]` table that stands at `path` of `document`. Raises RuleError with file, line and column."""

    def fail(message: str, key: str | None = None) -> RuleError:
        place = document.place(*path, key) if key else document.place(*path)
        line, column = (place.line, place.column) if place else (None, None)
        return RuleError(message, file=document.file, line=line, column=column)

    for key, value in entry.items():
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, 1)
            raise fail(f'unknown key "{key}"' + (f'. Did you mean "{near[0]}"?' if near else ""), key)
        if key in LIST_KEYS:
            if not isinstance(value, list) or not all(isinstance(item, str) for item in cast("list[Any]", value)):
                raise fail(f'"{key}" must be a list of strings', key)
        elif key == "window":
            if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 65536:
                raise fail('"window" must be a number of code points from 1 to 65536', key)
        elif not isinstance(value, str):
            raise fail(f'"{key}" must be a string', key)
    for key in _REQUIRED:
        if not entry.get(key):
            raise fail(f'a rule needs "{key}"')

    def word(key: str, words: Iterable[str]) -> str:
        known = list(words)
        if entry[key] not in known:
            raise fail(f'"{key}" must be one of {", ".join(known)}', key)
        return entry[key]

    category = Category(word("category", (member.value for member in Category)))
    severity = Severity.parse(word("severity", (member.name.lower() for member in Severity)))
    confidence = Confidence.parse(word("confidence", (member.name.lower() for member in Confidence)))
    for key, message in _mistakes(entry):
        raise fail(message, key)
    values: dict[str, Any] = {key: tuple(value) if key in LIST_KEYS else value for key, value in entry.items()}
    values.update(category=category, severity=severity, confidence=confidence)
    return Rule(**values, source=f"{document.file}:{document.line(*path) or 1}")


def _mistakes(entry: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Key and sentence of everything wrong in a rule whose keys and types are right."""
    if not _ID.fullmatch(entry["id"]):
        yield "id", '"id" must be lower-case words joined by hyphens'
    if not _PLACEHOLDER.fullmatch(entry["placeholder"]):
        yield "placeholder", '"placeholder" must be upper-case words joined by underscores'
    if not entry.get("pattern") and not entry.get("fields"):
        yield "id", 'a rule needs "pattern" (with "gate") or "fields"'
    if bool(entry.get("pattern")) != bool(entry.get("gate")):
        yield "pattern" if entry.get("pattern") else "gate", '"pattern" and "gate" go together'
    for name in entry.get("fields", ()):
        if not _FIELD.fullmatch(name) or name != name.lower():
            yield "fields", f'field name "{name}" must be in snake_case'
    for key in ("pattern", "value"):
        try:
            compiled = re.compile(entry.get(key, ""), re.ASCII | re.MULTILINE)
        except re.error as problem:
            yield key, f'"{key}" does not compile: {problem.msg} at position {problem.pos}'
            continue
        if key == "pattern" and entry.get(key) and "value" not in compiled.groupindex:
            yield key, '"pattern" needs a group named value: (?P<value>...)'
    for key, names in (
        ("validators", entry.get("validators", ())),
        ("checksum", filter(None, [entry.get("checksum")])),
    ):
        for name in names:
            try:
                parse_validator(name)
            except ValueError as problem:
                yield key, str(problem)
