"""Candidate -> finding: the exact pattern in a bounded window, checks, and what stands around the value."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from attrs import frozen

from tightlip.detect.credit import is_credit
from tightlip.detect.fieldname import assignment_before
from tightlip.detect.rule import Rule
from tightlip.detect.ruleset import Ruleset
from tightlip.detect.validators import parse_validator
from tightlip.finding import Category, Confidence, Finding, Severity, Span
from tightlip.syntax.language import Language
from tightlip.syntax.lazy import lazy
from tightlip.syntax.literal import Literal, literal_at

_KEYWORDS_BEFORE, _KEYWORDS_AFTER = 80, 40
_LINE_END = lazy(r"\\[nrt]")
_QUERY_VALUE = lazy(r"[^\s\"'`<>&#]{1,4096}")
_FEW = 96
_TYPED = lazy(r"[ \t]*[A-Za-z_][\w\[\]., |?<>*&:'\"]{0,60}?=[ \t]*(?!=)")
_CONTACT = frozenset({"EMAIL_ADDRESS", "PHONE_NUMBER"})
_TYPED_LANGUAGES = frozenset({"python", "typescript", "kotlin", "swift", "rust", "scala", "dart"})
_READER = lazy(r"(?i)(?:get|fetch|load|read|find|lookup|resolve|prompt|ask|is|has|check|delete|remove)(?=[_A-Z])")
"""Names of calls whose argument says which value, and is not the value."""
_TEST_PATH = lazy(
    r"(?i)(?:^|[/\\])(?:tests?|testing|__tests__|spec|specs|fixtures?|testdata|test[-_]data|mocks?|__mocks__|examples?|samples?"
    r"|docs?|cassettes|snapshots|__snapshots__)[/\\]|(?:^|[/\\])(?:test_[^/\\]*|conftest\.py|[^/\\]*[._-](?:test|tests|spec|mock|fixture)s?\.[a-z]+)$"
)


@frozen
class Context:
    """What is known of a document while its candidates are confirmed."""

    text: str
    language: Language
    path: str | None

    @property
    def is_test(self) -> bool:
        """Whether the path is one of tests or documentation: it lowers the severity of guessed secrets, and skips nothing."""
        return self.path is not None and _is_test_path(self.path)


@lru_cache(maxsize=256)
def _is_test_path(path: str) -> bool:
    return _TEST_PATH.search(path) is not None


def confirm_pattern(ruleset: Ruleset, index: int, end: int, context: Context) -> list[Finding]:
    """Findings of the rule's exact pattern around a gate's `end` (code points).

    Looks at most the gate's own length before, and the rule's `window` behind, so that a candidate costs the same in any
    document.
    """
    rule = ruleset.rules[index]
    text = context.text
    low = max(0, end - ruleset.reach[index] - 2)
    high = min(len(text), end + rule.window)
    pattern = ruleset.compiled(rule.pattern)
    spans = [match.span("value") for match in _matches(pattern, text, low, end, high)]
    if not spans and "\\" in text[low:high]:
        # in a string that holds several lines, the `n` of a line end is no letter before the value
        part = _LINE_END.sub("  ", text[low:high])
        moved = _matches(pattern, part, 0, end - low, len(part))
        spans = [(low + match.start("value"), low + match.end("value")) for match in moved]
    return [
        make_finding(rule, Span(start, stop), text[start:stop], context, "")
        for start, stop in spans
        if start < stop and has_keyword(rule, text, start, stop) and is_valid(rule, text[start:stop])
    ]


def _matches(pattern: re.Pattern[str], text: str, low: int, end: int, high: int) -> Iterator[re.Match[str]]:
    """Matches in [low, high) of the candidate whose gate ended at `end`."""
    if end - low <= _FEW:  # a few attempts cost less than a search that goes on behind the candidate
        for start in range(low, end):
            match = pattern.match(text, start, high)
            if match is not None and _is_at(match, end):
                yield match
                return
        return
    yield from (match for match in pattern.finditer(text, low, high) if _is_at(match, end))


def _is_at(match: re.Match[str], end: int) -> bool:
    """Whether a match is the one whose gate ended at `end`."""
    return match.start() < end <= match.end() + 2


def confirm_field(ruleset: Ruleset, end: int, context: Context) -> Finding | None:
    """The finding of a field whose value's first character ends at `end`, by the best rule that knows the field's name."""
    text = context.text
    assignment = assignment_before(text, end - 1)
    if assignment is None:
        return None
    for start, stop in assignment.names:
        name = text[start:stop]
        rules = ruleset.lexicon.lookup(name)
        if not rules or ("(" in text[stop : assignment.value] and _READER.match(name)):
            continue
        literal = _literal(text, assignment.value, context.language, in_query=start > 0 and text[start - 1] in "?&")
        if literal is not None:
            return confirm_value(ruleset, rules, literal.span, context, f'field "{name}"')
    return None


def confirm_value(
    ruleset: Ruleset, rules: tuple[Rule, ...], span: Span, context: Context, evidence: str
) -> Finding | None:
    """The finding of a field's value by the first rule whose shape and checks it passes, or None."""
    value = context.text[span.start : span.end]
    stripped = value.strip()
    if not stripped:
        return None
    if stripped != value:
        start = span.start + len(value) - len(value.lstrip())
        span, value = Span(start, start + len(stripped)), stripped
    for rule in rules:
        if rule.value and ruleset.compiled(rule.value).fullmatch(value) is None:
            continue
        if rule.category is Category.PII and ruleset.lexicon.is_name(value):
            continue
        if is_valid(rule, value) and has_keyword(rule, context.text, span.start, span.end):
            return make_finding(rule, span, value, context, evidence)
    return None


def is_valid(rule: Rule, value: str) -> bool:
    """Whether a value passes all of the rule's validators."""
    return all(parse_validator(name)(value) for name in rule.validators)


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
    if guessed and context.is_test and severity < Severity.HINT:
        severity = Severity(severity + 1)
    if (
        rule.entity in _CONTACT
        and severity < Severity.INFORMATION
        and is_credit(context.text, span, context.language, context.path)
    ):
        severity, evidence = Severity.INFORMATION, "names an author or contact"
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


def _literal(text: str, offset: int, language: Language, *, in_query: bool) -> Literal | None:
    if in_query and (value := _QUERY_VALUE.match(text, offset)):
        return Literal(Span(*value.span()), "")
    found = literal_at(text, offset, language)
    if found is None and language.name in _TYPED_LANGUAGES and (typed := _TYPED.match(text, offset)):
        found = literal_at(text, typed.end(), language)
    return found
