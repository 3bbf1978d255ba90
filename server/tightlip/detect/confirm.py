"""Candidate -> finding: the exact pattern in a bounded window, checks, and what stands around the value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from attrs import frozen

from tightlip.detect.credit import is_credit, is_shown
from tightlip.detect.randomness import randomness
from tightlip.detect.rule import Rule
from tightlip.detect.ruleset import Ruleset
from tightlip.detect.validators import parse_validator
from tightlip.finding import Category, Confidence, Finding, Severity, Span
from tightlip.syntax.comment import is_documentation
from tightlip.syntax.language import LANGUAGES, Language
from tightlip.syntax.lazy import lazy

_KEYWORDS_BEFORE, _KEYWORDS_AFTER = 80, 40
_LINE_END = lazy(r"\\[nrt]")
UNSURE = 2.0
"""Evidence (`tightlip.detect.randomness`) a value needs where it is not sure that the field's name is its name."""
_LONGEST = 512
_LONG = 24
"""Characters from which a generated value may be without a digit: less than one of sixty of 62 signs is."""

_CREDITED = frozenset({"EMAIL_ADDRESS", "PHONE_NUMBER", "PERSON"})
_TEST_FOLDER = lazy(
    r"(?i)(?:^|[/\\])(?:tests?|testing|__tests__|spec|specs|fixtures?|testdata|test[-_]data|mocks?|__mocks__|examples?|samples?"
    r"|docs?|cassettes|snapshots|__snapshots__)[/\\]"
)
_TEST_FILE = lazy(
    r"(?is)(?:test_.*|conftest\.py|.*[._-](?:test|tests|spec|mock|fixture)s?\.[a-z]+"
    r"|(?:.*[._-])?(?:examples?|samples?)(?:-\d+)?\.(?:json|ya?ml))\Z"
)


@frozen
class Context:
    """What is known of a document while its candidates are confirmed."""

    text: str
    language: Language
    path: str | None

    @property
    def is_test(self) -> bool:
        """Whether the path is one of tests, examples or documentation."""
        return self.path is not None and is_test_path(self.path)

    def place(self, span: Span) -> tuple[str, Span, Language]:
        """The text around a span as its author wrote it: in a source map, the lines that a string of JSON holds."""
        if self.path is None or not self.path.endswith(".map"):
            return self.text, span, self.language
        before = _unfolded(self.text[max(0, span.start - _SOURCE) : span.start])
        value = self.text[span.start : span.end]
        text = before + value + _unfolded(self.text[span.end : span.end + _SOURCE])
        return text, Span(len(before), len(before) + len(value)), LANGUAGES["typescript"]

    def is_example(self, span: Span) -> bool:
        """Whether a span lies in tests or documentation: it lowers the severity of guessed secrets, and skips nothing."""
        return self.is_test or is_documentation(self.text, span.start, self.language)


def _unfolded(text: str) -> str:
    return text.replace("\\n", "\n").replace("\\t", "\t").replace('\\"', '"')


_SOURCE = 1200
"""Code points of a source map around a value that are looked at."""


def is_test_path(path: str) -> bool:
    """Whether a path is one of tests, examples or documentation."""
    behind = max(path.rfind("/"), path.rfind("\\")) + 1
    return _is_test_folder(path[:behind]) or _TEST_FILE.match(path, behind) is not None


@lru_cache(maxsize=256)
def _is_test_folder(path: str) -> bool:
    return _TEST_FOLDER.search(path) is not None


def confirm_pattern(ruleset: Ruleset, index: int, end: int, context: Context) -> list[Finding]:
    """Findings of the rule's exact pattern around a gate's `end` (code points).

    Looks at most the gate's own length before, and behind as far as it can decide anything (the rule's `window`, at most),
    so that a candidate costs the same in any document.
    """
    rule, text = ruleset.rules[index], context.text
    return [
        make_finding(rule, Span(start, stop), text[start:stop], context, "")
        for start, stop in pattern_spans(ruleset, index, end, context)
    ]


def pattern_spans(ruleset: Ruleset, index: int, end: int, context: Context) -> list[tuple[int, int]]:
    """Where those findings lie."""
    rule, text = ruleset.rules[index], context.text
    low = max(0, end - ruleset.reach[index] - 2)
    high = min(len(text), end + ruleset.ahead[index])
    pattern = ruleset.compiled(rule.pattern)
    spans = _spans(pattern, text, low, end, high)
    if not spans and text.find("\\", low, high) >= 0:
        # in a string that holds several lines, the `n` of a line end is no letter before the value
        part = _LINE_END.sub("  ", text[low:high])
        moved = _matches(pattern, part, 0, end - low, len(part))
        spans = [(low + match.start("value"), low + match.end("value")) for match in moved]
    return [
        (start, stop)
        for start, stop in spans
        if start < stop
        and has_keyword(rule, text, start, stop)
        and is_valid(rule, text[start:stop])
        and not (rule.entity == "EMAIL_ADDRESS" and _is_password_and_host(text, start))
        and not (rule.entity == "CREDIT_CARD" and _NUMBERED.search(text, max(0, start - 48), start) is not None)
        and not (rule.category is Category.SECRET and _is_the_users_name(text, start, stop))
    ]


def _is_password_and_host(text: str, start: int) -> bool:
    """Whether what begins at `start` is `password@host` of a URL."""
    return text[start - 1 : start] == ":" and _USER.search(text, max(0, start - 128), start) is not None


_USER = lazy(r"://(?P<user>[^\s:/@?#]{0,120}):\Z")


_NUMBERED = lazy(r"(?<![A-Za-z])(?![A-Za-z]*(?i:card|pan))[a-z][A-Za-z]{0,15}Id[\"']?\s{0,2}[:=]\s{0,2}[\"']?\Z")
"""The name of a thing's own number before it: `"ordId": "`."""


def _is_the_users_name(text: str, start: int, stop: int) -> bool:
    """Whether a password in a URL is its user's name once more, and the host one without a domain: a program's own default."""
    if not text.startswith("@", stop):
        return False
    user = _USER.search(text, max(0, start - 128), start)
    return user is not None and user["user"] == text[start:stop] and _LOCAL.match(text, stop) is not None


_LOCAL = lazy(r"@(?:[A-Za-z0-9_-]{1,63}|127\.0\.0\.1|0\.0\.0\.0)(?![\w.-])")


def _spans(pattern: re.Pattern[str], text: str, low: int, end: int, high: int) -> list[tuple[int, int]]:
    """Where the values of the matches in [low, high) are that belong to the candidate whose gate ended at `end`."""
    if high - end <= _NARROW:
        first = pattern.search(text, low, high)
        if first is None or first.start() >= end:
            return []
        if first.end() >= end:
            return [first.span("value")]
    return [match.span("value") for match in _matches(pattern, text, low, end, high)]


def _matches(pattern: re.Pattern[str], text: str, low: int, end: int, high: int) -> Iterator[re.Match[str]]:
    """Matches in [low, high) of the candidate whose gate ended at `end`."""
    found = pattern.finditer(text, low, high) if high - end <= _NARROW else _beginning(pattern, text, low, end, high)
    for match in found:
        if match.start() >= end:
            return
        if _is_at(match, end):
            yield match
        if match.end() >= end:
            return  # the next would begin behind the candidate


def _beginning(pattern: re.Pattern[str], text: str, low: int, end: int, high: int) -> Iterator[re.Match[str]]:
    """Matches that begin in [low, end): a search would go on from every place of the window, and that is a wide one."""
    place = low
    while place < end:
        match = pattern.match(text, place, high)
        if match is not None:
            yield match
        place = max(place + 1, match.end() if match is not None else 0)


_NARROW = 512
"""Code points of a window that may be searched to its end."""


def _is_at(match: re.Match[str], end: int) -> bool:
    """Whether a match is the one whose gate ended at `end`."""
    return match.start() < end <= match.end() + 2


def confirm_value(
    ruleset: Ruleset,
    rules: tuple[Rule, ...],
    span: Span,
    context: Context,
    evidence: str,
    meaning: str | None = None,
    *,
    sure: bool = True,
) -> Finding | None:
    """The finding of a field's value by the first rule whose shape and checks it passes, or None.

    `meaning` is the value where it is not just the text under `span` (one in several pieces). Where it is not `sure` that
    this is the field's value, only a secret that looks generated counts.
    """
    written = context.text[span.start : span.end]
    stripped = written.strip()
    if not stripped:
        return None
    if stripped != written:
        start = span.start + len(written) - len(written.lstrip())
        span, written = Span(start, start + len(stripped)), stripped
    value = written if meaning is None else meaning.strip()
    if context.language.family == "markup" and "&" in value:
        from html import unescape  # no other text needs it

        value = unescape(value)
    elif "\\u" in value and context.language.family in ("code", "data"):
        value = _UNICODE_ESCAPE.sub(_character, value)
    if not sure and (len(value) > _LONGEST or not _looks_generated(value)):
        return None
    for rule in rules:
        if rule.category is not Category.SECRET and not sure:
            continue
        if rule.value and ruleset.compiled(rule.value).fullmatch(value) is None:
            continue
        if ruleset.lexicon.is_name(value) or (rule.entity == "PERSON" and _is_of_a_font(context.text, span)):
            continue
        if is_valid(rule, value) and has_keyword(rule, context.text, span.start, span.end):
            return make_finding(rule, span, written, context, evidence)
    return None


def _is_of_a_font(text: str, span: Span) -> bool:
    """Whether a name in a field stands among the names of a font (`FontName`, `font-family`)."""
    return _FONT.search(text, max(0, span.start - 120), span.end + 120) is not None


_FONT = lazy(r"\b(?:Font(?:Name|Family|BBox|Weight)|font[-_]?(?:name|family))|\bSplineFontDB")
_UNICODE_ESCAPE = lazy(r"(?<!\\)\\u([0-9A-Fa-f]{4})")


def _character(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16))


def _looks_generated(value: str) -> bool:
    return " " not in value and randomness(value) >= UNSURE and (len(value) >= _LONG or any(c.isdigit() for c in value))


def is_valid(rule: Rule, value: str) -> bool:
    """Whether a value passes all of the rule's validators."""
    for name in rule.validators:  # noqa: SIM110 - a generator would cost more than most checks, and values come in thousands
        if not parse_validator(name)(value):
            return False
    return True


def has_keyword(rule: Rule, text: str, start: int, stop: int) -> bool:
    """Whether one of the rule's keywords stands near [start, stop), or the rule asks for none."""
    if not rule.keywords:
        return True
    near = text[max(0, start - _KEYWORDS_BEFORE) : stop + _KEYWORDS_AFTER].lower()
    return any(word in near for word in rule.keywords)


def make_finding(rule: Rule, span: Span, value: str, context: Context, evidence: str) -> Finding:
    """A finding of `rule`, with the confidence its checksum gives and the severity its place gives."""
    confidence, severity = rule.confidence, rule.severity
    name = evidence.partition('"')[2][:-1]
    if rule.checksum:
        if parse_validator(rule.checksum)(value):
            confidence, evidence = Confidence.HIGH, "checksum valid"
        else:
            confidence, evidence = min(confidence, Confidence.MEDIUM), "format only"
    guessed = not rule.pattern and rule.category is Category.SECRET
    if guessed and severity < Severity.HINT and context.is_example(span):
        severity = Severity(severity + 1)
    elif rule.category is Category.PII and severity < Severity.INFORMATION:
        text, place, language = context.place(span)
        if rule.entity in _CREDITED and is_credit(text, place, language, context.path):
            severity, evidence = Severity.INFORMATION, "names an author or contact"
        elif is_shown(text, place, language, context.path):
            severity, evidence = Severity(severity + 1), evidence or "shown as an example"
    return Finding(
        rule=rule.id,
        title=rule.title,
        category=rule.category,
        span=span,
        severity=severity,
        confidence=confidence,
        value=value,
        placeholder=rule.placeholder,
        entity=rule.entity,
        evidence=evidence,
        field=name,
    )
