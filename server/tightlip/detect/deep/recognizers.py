"""The user's `recognizers.yaml`, loaded by presidio's own loader, one recognizer at a time.

A mistake costs the recognizer it stands in and nothing else, and is told with file and line. The file is data: recognizers
that run a model or ask a remote service are not taken from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

import yaml
from attrs import frozen
from presidio_analyzer import predefined_recognizers
from presidio_analyzer.recognizer_registry import RecognizerRegistryProvider

from tightlip.detect.deep.presidio import Recognizer
from tightlip.detect.deep.protocol import Problem

_LOCAL = (".generic.", ".country_specific.")


@frozen
class OwnRecognizers:
    """What a `recognizers.yaml` gives."""

    recognizers: tuple[Recognizer, ...]
    problems: tuple[Problem, ...]


def load_recognizers(path: str) -> OwnRecognizers:
    """The recognizers of a file, and a problem for every part that cannot be used. Never raises."""
    file = Path(path)
    try:
        text = file.read_text(encoding="utf-8-sig")
        data = cast("object", yaml.safe_load(text))
        lines = _lines(text)
    except OSError as error:
        return OwnRecognizers((), (_problem(f"{file.name} cannot be read ({error.strerror or type(error).__name__})"),))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{file.name}:{mark.line + 1}" if isinstance(mark, yaml.Mark) else file.name
        return OwnRecognizers((), (_problem(f"{place} is not YAML"),))
    common = _mapping(data)
    entries = common.pop("recognizers", None)
    if not isinstance(entries, list) or not entries:
        return OwnRecognizers((), (_problem(f"{file.name} has no list under `recognizers:`"),))
    recognizers: list[Recognizer] = []
    problems: list[Problem] = []
    for index, entry in enumerate(cast("list[object]", entries)):
        place = f"{file.name}:{lines[index]}" if index < len(lines) else file.name
        try:
            recognizers.extend(_recognizers(entry, common))
        except Exception as error:  # presidio and pydantic raise many kinds
            problems.append(_problem(f"{place}: {_named(entry)} cannot be used, {_reason(error)}"))
    return OwnRecognizers(tuple(recognizers), tuple(problems))


def _problem(sentence: str) -> Problem:
    return Problem("deep-settings", f"{sentence}.")


def _mapping(value: object) -> dict[str, object]:
    """A YAML mapping with its keys as texts; empty for anything else."""
    return (
        {str(key): part for key, part in cast("dict[object, object]", value).items()} if isinstance(value, dict) else {}
    )


def _lines(text: str) -> list[int]:
    """Line, from 1, of every entry under `recognizers`."""
    root = cast("object", yaml.compose(text, Loader=yaml.SafeLoader))  # pyright: ignore[reportUnknownMemberType]
    if isinstance(root, yaml.MappingNode):
        for key, value in root.value:
            if isinstance(key, yaml.ScalarNode) and key.value == "recognizers" and isinstance(value, yaml.SequenceNode):
                return [entry.start_mark.line + 1 for entry in value.value]
    return []


class _Refused(ValueError):
    """Why an entry is not taken; the text is ours and may be shown."""


def _recognizers(entry: object, common: Mapping[str, object]) -> Iterator[Recognizer]:
    settings = _settings(entry)
    if settings.get("enabled") is False:
        return
    languages = _languages(settings) or ["en"]  # every one it names: presidio drops a recognizer of another, in silence
    configuration = {"global_regex_flags": 26, **common, "supported_languages": languages, "recognizers": [settings]}
    registry = RecognizerRegistryProvider(registry_configuration=configuration).create_recognizer_registry()
    yield from cast("list[Recognizer]", registry.recognizers)


def _settings(entry: object) -> dict[str, object]:
    """An entry as presidio's loader wants it; the short form is only a name."""
    if isinstance(entry, str):
        entry = {"name": entry, "type": "predefined"}
    settings = _mapping(entry)
    if not settings:
        raise _Refused("an entry is a name or has a name")
    if "patterns" in settings or "deny_list" in settings:
        return settings
    name = settings.get("class_name") or settings.get("name")
    known = cast("object", getattr(predefined_recognizers, str(name), None))
    if known is None:
        raise _Refused("it has neither `patterns` nor `deny_list`, and presidio knows none of that name")
    module = known.__module__ if isinstance(known, type) else ""
    if not any(part in module for part in _LOCAL):
        raise _Refused("it needs a model or a remote service, and tightlip asks none")
    return settings


def _languages(settings: Mapping[str, object]) -> list[str]:
    one, many = settings.get("supported_language"), settings.get("supported_languages")
    names: list[object] = [one, *(cast("list[object]", many) if isinstance(many, list) else ())]
    names = [_mapping(name).get("language", name) for name in names]
    return [name for name in names if isinstance(name, str)]


def _named(entry: object) -> str:
    name = _mapping(entry).get("name", entry)
    return f'recognizer "{name}"' if isinstance(name, str) else "a recognizer without a name"


def _reason(error: Exception) -> str:
    """What is wrong, without the patterns and words of the file: a deny list may hold what must not be told."""
    message = str(error)
    if isinstance(error, _Refused):
        return f"because {message}"
    if message.startswith("Invalid regex pattern: "):
        return f"because its pattern does not compile ({message.removeprefix('Invalid regex pattern: ')})"
    cause = error.__cause__
    details = cast("object", getattr(cause, "errors", None))
    if callable(details):
        parts = cast("list[dict[str, object]]", details())
        names = [".".join(str(part) for part in cast("tuple[object, ...]", detail["loc"])) for detail in parts]
        return f"because of {', '.join(f'`{name}`' for name in names)}: see presidio's description of recognizers.yaml"
    return f"because presidio refuses it ({type(error).__name__})"
