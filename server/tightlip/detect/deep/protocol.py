"""What the client and the worker say to each other: one JSON object a line, both ways.

Lines are ASCII (every other character is escaped), so that a line end inside a text never ends a message.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Literal, TypeVar, cast

from attrs import asdict, field, frozen

from tightlip.finding import Confidence

LONGEST_LINE = 32 * 1024 * 1024
"""Bytes of the longest message either side accepts."""

OUT_OF_MEMORY = 75
BAD_MESSAGE = 76
"""Exit codes of the worker."""

Kind = Literal["lines", "prose"]
Detector = Literal["presidio", "detect-secrets"]

_T = TypeVar("_T")


class ProtocolError(ValueError):
    """A message that is not one; says which part is wrong and never what stood there."""


@frozen
class Region:
    """A piece of a document that is looked at."""

    text: str = field(repr=False)
    offset: int
    """Where the piece begins in the document, in code points."""
    kind: Kind = "lines"
    """`lines`: whole lines that may hold a value; `prose`: sentences in which names of people may stand."""
    columns: tuple[str, ...] = ()
    """Column names, where the piece is rows of a table."""
    separator: str = ""
    """What separates the cells of a row, where the piece is rows of a table."""


@frozen
class Settings:
    """What the user brought along for the deep lane."""

    baseline: str | None = None
    """Path of a detect-secrets baseline (`.secrets.baseline`) whose plugins and filters are used."""
    run_baseline_code: bool = False
    """Whether plugin and filter files that the baseline names (`file://...`) are run. They are code: only where a person,
    and not the repository itself, said so."""
    recognizers: str | None = None
    """Path of a presidio `recognizers.yaml`."""
    plugins: tuple[str, ...] = ()
    """Paths of detect-secrets plugin files, which are run: the organisation or the user named them, not the repository."""


@frozen
class Request:
    """One job for the worker."""

    id: int
    regions: tuple[Region, ...]
    path: str | None = None
    language: str = "plaintext"
    """Name of a `tightlip.syntax.language.Language`."""
    settings: Settings = Settings()


@frozen
class Ping:
    """Asks whether the worker still answers; it sends the same back."""

    id: int


@frozen
class Hit:
    """One value the worker found."""

    detector: Detector
    name: str
    """Presidio's entity (`UK_NHS`), or detect-secrets' secret type (`Stripe Access Key`)."""
    start: int
    end: int
    """Half-open range in code points of the document."""
    confidence: Confidence
    evidence: str
    own: bool = False
    """Whether the user's own recognizer or plugin found it."""


@frozen
class Problem:
    """Something that was not looked at, in a sentence for the user."""

    code: str
    message: str


@frozen
class Hello:
    """The worker's first words: `starting` at once, `ready` when its libraries are loaded."""

    state: Literal["starting", "ready"]
    pid: int = 0
    versions: Mapping[str, str] = field(factory=dict[str, str])
    models: tuple[str, ...] = ()
    """Installed spaCy models; names of people are only looked for where there is one."""
    recognizers: tuple[str, ...] = ()
    plugins: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


@frozen
class Reply:
    """The answer to a request."""

    id: int
    findings: tuple[Hit, ...] = ()
    problems: tuple[Problem, ...] = ()


def encode(message: Request | Ping | Hello | Reply) -> bytes:
    """The line of a message, its line end included."""
    return json.dumps({"type": type(message).__name__.lower(), **asdict(message)}).encode("ascii") + b"\n"


def decode_request(line: bytes) -> Request | Ping:
    """What a line from the client says. Raises ProtocolError."""
    data = _object(line)
    kind = _get(data, "type", str)
    if kind == "ping":
        return Ping(_get(data, "id", int))
    if kind != "request":
        raise ProtocolError("the message is neither a request nor a ping")
    settings = _child(data, "settings")
    return Request(
        id=_get(data, "id", int),
        regions=tuple(
            Region(
                text=_get(region, "text", str),
                offset=_get(region, "offset", int),
                kind="prose" if _get(region, "kind", str) == "prose" else "lines",
                columns=_words(region, "columns"),
                separator=_get(region, "separator", str),
            )
            for region in _children(data, "regions")
        ),
        path=_optional(data, "path"),
        language=_get(data, "language", str),
        settings=Settings(
            baseline=_optional(settings, "baseline"),
            run_baseline_code=_get(settings, "run_baseline_code", bool),
            recognizers=_optional(settings, "recognizers"),
            plugins=_words(settings, "plugins"),
        ),
    )


def decode_answer(line: bytes) -> Hello | Reply | Ping:
    """What a line from the worker says. Raises ProtocolError."""
    data = _object(line)
    kind = _get(data, "type", str)
    if kind == "ping":
        return Ping(_get(data, "id", int))
    if kind == "hello":
        versions = _child(data, "versions")
        return Hello(
            state="ready" if _get(data, "state", str) == "ready" else "starting",
            pid=_get(data, "pid", int),
            versions={name: _get(versions, name, str) for name in versions},
            models=_words(data, "models"),
            recognizers=_words(data, "recognizers"),
            plugins=_words(data, "plugins"),
            problems=_problems(data),
        )
    if kind != "reply":
        raise ProtocolError("the message is no answer")
    return Reply(_get(data, "id", int), tuple(_hit(entry) for entry in _children(data, "findings")), _problems(data))


def _hit(data: dict[str, object]) -> Hit:
    try:
        confidence = Confidence(_get(data, "confidence", int))
    except ValueError:
        raise ProtocolError('"confidence" is not one') from None
    return Hit(
        detector="presidio" if _get(data, "detector", str) == "presidio" else "detect-secrets",
        name=_get(data, "name", str),
        start=_get(data, "start", int),
        end=_get(data, "end", int),
        confidence=confidence,
        evidence=_get(data, "evidence", str),
        own=_get(data, "own", bool),
    )


def _problems(data: dict[str, object]) -> tuple[Problem, ...]:
    return tuple(
        Problem(_get(entry, "code", str), _get(entry, "message", str)) for entry in _children(data, "problems")
    )


def _object(line: bytes) -> dict[str, object]:
    try:
        return _as_object(json.loads(line))
    except (ValueError, RecursionError):
        raise ProtocolError("the message is not a JSON object") from None


def _as_object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ProtocolError("the message holds something else where an object belongs")
    return cast("dict[str, object]", value)


def _get(data: dict[str, object], key: str, kind: type[_T]) -> _T:
    value = data.get(key)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ProtocolError(f'"{key}" is missing or of another type')
    return value


def _optional(data: dict[str, object], key: str) -> str | None:
    return None if data.get(key) is None else _get(data, key, str)


def _child(data: dict[str, object], key: str) -> dict[str, object]:
    return _as_object(data.get(key))


def _children(data: dict[str, object], key: str) -> list[dict[str, object]]:
    return [_as_object(entry) for entry in cast("list[object]", _get(data, key, list))]


def _words(data: dict[str, object], key: str) -> tuple[str, ...]:
    words = cast("list[object]", _get(data, key, list))
    if not all(isinstance(word, str) for word in words):
        raise ProtocolError(f'"{key}" is not a list of texts')
    return tuple(cast("list[str]", words))
