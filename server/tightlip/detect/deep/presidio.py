"""presidio-analyzer in the worker: its recognizers, called one by one.

Never an `AnalyzerEngine` on a document: its context enhancer costs matches x tokens, 22 s for 1,000 lines of CSV. Importing
this file imports presidio and spaCy, one to three seconds; only the worker does.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Protocol, cast

from attrs import frozen

from tightlip.detect.deep.catalog import ENTITIES, OWN, PERSON, VAGUE_WORDS, Entity
from tightlip.detect.deep.nearby import Joined, phrases, stands_alone, word_near
from tightlip.detect.deep.protocol import Hit, Problem, Region
from tightlip.finding import Confidence

os.environ["REGEX_TIMEOUT_SECONDS"] = "1"  # read once, on import; the default is a minute for every pattern

import presidio_analyzer
import regex
import spacy.util
import tldextract.tldextract
from presidio_analyzer import predefined_recognizers
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from presidio_analyzer.predefined_recognizers import SpacyRecognizer

# The e-mail recognizer asks the public suffix list, which tldextract would fetch; this one reads the copy it came with.
tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)

LEAST_SCORE = 0.4
"""Presidio's score from which a value counts."""
WORD_SCORE = 0.35
"""What a word near adds to the score: as much as presidio's own context."""

_EMAIL = re.compile(r"[\w.+-]+@[^@]*\Z")
_NO_PERSON = frozenset(("git", "hg", "svn", "noreply", "no-reply"))
_FULL_NAME = re.compile(r"[^\W\d_a-z][^\W\d_]*(?:[ '-][^\W\d_]+\.?)+")


class Explanation(Protocol):
    """Presidio's `AnalysisExplanation`, as far as it is read here."""

    validation_result: bool | None


class Result(Protocol):
    """Presidio's `RecognizerResult`, as far as it is read here."""

    entity_type: str
    start: int
    end: int
    score: float
    analysis_explanation: Explanation | None


class Recognizer(Protocol):
    """Presidio's `LocalRecognizer`, as far as it is used here."""

    name: str
    supported_entities: list[str]
    context: list[str] | None
    score_thresholds: Mapping[str, float] | None

    def analyze(self, text: str, entities: list[str]) -> list[Result]:
        """Values in a text."""
        ...


class Pattern(Protocol):
    """Presidio's `Pattern`, as far as it is read here."""

    score: float


class PatternRecognizer(Recognizer, Protocol):
    """Presidio's `PatternRecognizer`, as far as it is used here."""

    patterns: list[Pattern]

    def validate_result(self, pattern_text: str) -> bool | None:
        """Whether a value's checksum is right; None where it has none."""
        ...

    def analyze(
        self, text: str, entities: list[str], nlp_artifacts: None = None, regex_flags: int | None = None
    ) -> list[Result]:
        """Values in a text; `regex_flags` replaces presidio's (DOTALL, MULTILINE, IGNORECASE)."""
        ...


@frozen
class _Known:
    entity: Entity
    recognizer: PatternRecognizer
    words: tuple[str, ...]


class Recognizers:
    """Presidio's own recognizers that are worth running on code, all countries' among them."""

    def __init__(self) -> None:
        self.known: tuple[_Known, ...] = tuple(_known(entity) for entity in ENTITIES if _exists(entity))
        self.slow = _SlowPatterns()

    def hits(self, joined: Joined, problems: list[Problem]) -> Iterator[Hit]:
        """Values in regions of lines that a checksum proves, or that a word near names."""
        for known in self.known:
            flags = None if known.entity.any_case else int(regex.MULTILINE)
            analyze = partial(known.recognizer.analyze, joined.text, [known.entity.name], regex_flags=flags)
            for result in _results(known.entity.recognizer, analyze, problems):
                placed = joined.place(result.start, result.end)
                if placed and (hit := _judge(known, result, *placed)):
                    yield hit


def own_hits(recognizers: Sequence[Recognizer], joined: Joined, problems: list[Problem]) -> Iterator[Hit]:
    """Values that the user's own recognizers find."""
    for recognizer in recognizers:
        words = phrases(recognizer.context or ())
        thresholds = recognizer.score_thresholds or {}
        analyze = partial(recognizer.analyze, joined.text, recognizer.supported_entities)
        for result in _results(recognizer.name, analyze, problems):
            placed = joined.place(result.start, result.end)
            if placed is None:
                continue
            region, start = placed
            near = word_near(region, start, start + result.end - result.start, words) if words else None
            score = round(result.score + (WORD_SCORE if near else 0), 2)
            if score < thresholds.get(result.entity_type, thresholds.get("default", LEAST_SCORE)):
                continue
            yield Hit(
                detector="presidio",
                name=result.entity_type,
                start=region.offset + start,
                end=region.offset + start + result.end - result.start,
                confidence=_confidence(score),
                evidence=f'{OWN}recognizer "{recognizer.name}"' + (f', near "{near}"' if near else ""),
                own=True,
            )


class Names:
    """Names of people in prose, where a spaCy model is installed; loaded with the first prose."""

    def __init__(self) -> None:
        self.models: tuple[str, ...] = tuple(sorted(spacy.util.get_installed_models()))
        self._engine: SpacyNlpEngine | None = None
        self._recognizer = SpacyRecognizer(supported_entities=[PERSON.name])
        self._broken = not self.models

    def hits(self, regions: Sequence[Region], problems: list[Problem]) -> Iterator[Hit]:
        """Names of people, each of at least two words."""
        if not regions or not self._load(problems):
            return
        engine = cast("SpacyNlpEngine", self._engine)
        for region in regions:
            artifacts = engine.process_text(region.text, "en")
            results = cast("list[Result]", self._recognizer.analyze(region.text, [PERSON.name], artifacts))
            for result in results:
                if _FULL_NAME.fullmatch(region.text[result.start : result.end]):
                    start, end = region.offset + result.start, region.offset + result.end
                    yield Hit("presidio", PERSON.name, start, end, Confidence.LOW, f"language model {self.models[0]}")

    def _load(self, problems: list[Problem]) -> bool:
        if self._engine is None and not self._broken:
            try:
                engine = SpacyNlpEngine([{"lang_code": "en", "model_name": self.models[0]}])
                engine.load()
                self._engine = engine
            except Exception as error:  # a model package may fail in any way
                self._broken = True
                what = f'The spaCy model "{self.models[0]}" cannot be loaded ({type(error).__name__})'
                problems.append(Problem("deep-settings", f"{what}: names of people in prose are not looked for."))
        return self._engine is not None


def _results(name: str, analyze: Callable[[], list[Result]], problems: list[Problem]) -> list[Result]:
    try:
        return analyze()
    except MemoryError:
        raise
    except Exception as error:  # one recognizer must not cost the others; its message may hold the text
        problems.append(Problem("deep-settings", f'The recognizer "{name}" failed ({type(error).__name__}).'))
        return []


def _exists(entity: Entity) -> bool:
    return hasattr(predefined_recognizers, entity.recognizer)


def _known(entity: Entity) -> _Known:
    recognizer = cast("PatternRecognizer", getattr(predefined_recognizers, entity.recognizer)())
    if type(recognizer).validate_result is presidio_analyzer.PatternRecognizer.validate_result:
        # without a checksum its weakest patterns never count, and one of them reads a long line in quadratic time
        recognizer.patterns = [pattern for pattern in recognizer.patterns if _counts(pattern.score)]
    words = (*entity.words, entity.name, entity.name.partition("_")[2], *(recognizer.context or ()))
    return _Known(entity, recognizer, tuple(word for word in phrases(words) if word.strip() not in VAGUE_WORDS))


def _judge(known: _Known, result: Result, region: Region, start: int) -> Hit | None:
    entity, text = known.entity, region.text
    end = start + result.end - result.start
    value = text[start:end]
    if "\n" in value or "\r" in value or not (entity.any_case or value == value.upper()):
        return None
    if entity.name == "EMAIL_ADDRESS":
        match = _EMAIL.search(value)
        if match is None or value[match.start() : value.index("@", match.start())].lower() in _NO_PERSON:
            return None
        start += match.start()
    elif not stands_alone(text, start, end):
        return None
    explanation = result.analysis_explanation
    valid = explanation is not None and explanation.validation_result is True
    near = None
    if not (valid and entity.alone):
        near = word_near(region, start, end, known.words)
        if near is None or not _counts(result.score):
            return None
    proofs = [entity.proof] if valid else []
    if near:
        proofs.append(f'near "{near}"')
    confidence = Confidence.HIGH if valid else _confidence(result.score + WORD_SCORE)
    return Hit("presidio", entity.name, region.offset + start, region.offset + end, confidence, ", ".join(proofs))


def _counts(score: float) -> bool:
    """Whether presidio's score is enough once a word near says what the value is."""
    return round(score + WORD_SCORE, 2) >= LEAST_SCORE


def _confidence(score: float) -> Confidence:
    if score >= 0.85:
        return Confidence.HIGH
    return Confidence.MEDIUM if score >= 0.5 else Confidence.LOW


class _SlowPatterns(logging.Handler):
    """Hears presidio's warnings about patterns that ran out of time, and nothing else of what it logs."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._names: set[str] = set()
        logger = logging.getLogger("presidio-analyzer")
        logger.handlers = [self]
        logger.propagate = False

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the pattern's name."""
        if "timed out" in str(record.msg):
            first = record.args[0] if isinstance(record.args, tuple) and record.args else None
            self._names.add(first if isinstance(first, str) else "IBAN")

    def take(self) -> list[Problem]:
        """What was heard since the last call."""
        names, self._names = sorted(self._names), set()
        return [
            Problem("deep-timeout", f'The recognizer pattern "{name}" took longer than a second and was left out.')
            for name in names
        ]
