"""The organisation's own words: customers, code names, internal host names -> findings, wherever and however they are written.

Every literal has one word that is looked for, the rarest of its words among all terms, in one pass over the folded text; where
it stands, the words around it are held against the others. Expressions run on a linear-time engine.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from attrs import evolve, field, frozen

from tightlip.detect.confirm import Context
from tightlip.detect.gate import Gate
from tightlip.detect.kept_databases import kept
from tightlip.detect.linear import compile_linear
from tightlip.detect.own import Looked
from tightlip.detect.patterns import Patterns, is_over, time_limit
from tightlip.detect.term_words import BETWEEN, BETWEEN_LONGEST, Folded, as_written, fold, is_word, whole, words_of
from tightlip.finding import POLICY, Action, Category, Confidence, Finding, RuleId, Severity, Span
from tightlip.syntax.language import PLAIN

TITLE = "Organisation's term"
PLACEHOLDER = "TERM"
LONGEST_TEXT = 500
"""Characters of a literal."""
MOST_WORDS = 40
"""Words of a literal."""


@frozen
class TermSpec:
    """One `[[term]]`. `detect` needs no more than the first six; the others are for who decides and who tells."""

    id: RuleId
    texts: tuple[str, ...] = field(default=(), repr=False)
    """Literals; empty where there is a `pattern`."""
    pattern: str = field(default="", repr=False)
    """Expression of `tightlip.detect.linear`; a group `value` marks what is to be redacted."""
    case: bool = False
    """Whether upper and lower case differ."""
    word: bool = True
    """Whether a literal counts only where it is no part of a longer word; an expression says that itself with `\\b`."""
    title: str = TITLE
    placeholder: str = PLACEHOLDER
    action: Action | None = None
    """What is done at least; None leaves it to the category."""
    owner: str = ""
    contact: str = ""
    reason: str = ""
    layer: str = ""
    source: str = ""
    """`file:line`."""

    @property
    def says(self) -> str:
        """Why it must not leave and whom to ask: `A customer under NDA. Ask legal@acme.example.`"""
        ask = self.contact or self.owner
        said = [self.reason, f"Ask {ask}" if ask else ""]
        return " ".join(f"{sentence.rstrip('. ')}." for sentence in said if sentence)


_Place = tuple[int, int, int]
"""Start, end, and which term."""


class _Literal(NamedTuple):
    """One literal of a term, folded."""

    term: int
    words: tuple[str, ...]
    rare: int
    """Which of its words is looked for."""

    @property
    def before(self) -> int:
        """Code points of a folded text that its words before the rare one take at most."""
        return sum(len(word) + BETWEEN_LONGEST for word in self.words[: self.rare])


class Terms:
    """The terms of one policy layer, compiled. One object may be used by several threads at once."""

    def __init__(
        self, specs: Sequence[TermSpec], words: Sequence[Sequence[_Literal]], gate: Gate | None, patterns: Patterns
    ):
        """`words` are the literals by the number of the gate's expression; `build` makes all of it."""
        self.specs = tuple(specs)
        self._words = words
        self._gate = gate
        self._patterns = patterns
        self._by_pattern = [number for number, spec in enumerate(specs) if spec.pattern]

    @classmethod
    def build(cls, specs: Sequence[TermSpec]) -> Terms:
        """Compile terms, or take what is compiled from the cache.

        Raises PatternError for an expression that cannot be used (`compile_linear` says so beforehand).
        """
        words: dict[str, list[_Literal]] = {}
        for literal in _literals(specs):
            words.setdefault(literal.words[literal.rare], []).append(literal)
        patterns = Patterns.build([compile_linear(spec.pattern, case=spec.case) for spec in specs if spec.pattern])
        return cls(specs, list(words.values()), _gate(list(words)) if words else None, patterns)

    def __len__(self) -> int:
        return len(self.specs)

    def find(self, text: str) -> list[Finding]:
        """Where the terms stand, sorted by span.

        Of two on the same characters the longer stays, unless more is done about the shorter: then both do.
        """
        return self.look(Context(text, PLAIN, None)).findings

    def look(self, context: Context) -> Looked:
        """The same for a document."""
        text = context.text
        spans, complete = self._in_literals(text)
        hits = self._patterns.find(text)
        spans.update((start, end, self._by_pattern[index]) for start, end, index in hits.hits)
        found = [_finding(self.specs[term], Span(start, end), text) for start, end, term in self._outermost(spans)]
        return Looked(found, complete and hits.complete)

    def _in_literals(self, text: str) -> tuple[set[_Place], bool]:
        spans: set[_Place] = set()
        if self._gate is None:
            return spans, True
        folded = Folded(text)
        candidates = self._gate.candidates(folded.text)
        until = time_limit(text)
        for count, (end, number) in enumerate(candidates.hits):
            literals = self._words[number]
            if (len(literals) > _MANY or not count % _MANY) and is_over(until):
                return spans, False
            for literal in literals:
                span = _confirmed(self.specs[literal.term], literal, text, folded, end)
                if span is not None:
                    spans.add((*span, literal.term))
        return spans, candidates.complete

    def _outermost(self, spans: Iterable[_Place]) -> Iterator[_Place]:
        """Without those inside of another about which no less is done."""
        actions = [-1 if spec.action is None else int(spec.action) for spec in self.specs]
        around: list[_Place] = []
        for place in sorted(spans, key=lambda one: (one[0], -one[1], -actions[one[2]], one[2])):
            start, stop, term = place
            around = [one for one in around if one[1] > start]
            if not any(one[1] >= stop and actions[one[2]] >= actions[term] for one in around):
                around.append(place)
                yield place


def text_problem(text: str) -> str | None:
    """Why a literal cannot be looked for, as the end of a sentence about it; None where it can."""
    if len(text) > LONGEST_TEXT:
        return f"is longer than {LONGEST_TEXT} characters"
    words = words_of(text)
    if len(words) > MOST_WORDS:
        return f"has more than {MOST_WORDS} words"
    letters = [c for word in words for c in word if c.isalnum()]
    if not letters:
        return "has no letter and no digit"
    if len(letters) == 1 and is_word(letters[0]):
        return "is a single letter or digit, which stands everywhere"
    return None


def says(spec: TermSpec, text: str) -> bool:
    """Whether a term stands in a text, in any case."""
    if spec.pattern and compile_linear(spec.pattern, case=spec.case).search(text) is not None:
        return True
    folded = Folded(text)
    texts = tuple(one for one in spec.texts if all(fold(word) in folded.text for word in words_of(one)))
    if not texts:
        return False
    spec = evolve(spec, texts=texts, case=False)
    return any(
        _confirmed(spec, literal, text, folded, match.end()) is not None
        for literal in _literals([spec])
        for match in re.finditer(re.escape(literal.words[literal.rare]), folded.text)
    )


_OFTENER = {1: 1000, 2: 100, 3: 10}
"""About how many times as often as a longer word one of so many letters stands in a text, be it in the middle of another."""
_MANY = 64
"""Candidates, or literals behind one, from which on it is asked whether the time is over."""


def _finding(spec: TermSpec, span: Span, text: str) -> Finding:
    return Finding(
        rule=spec.id,
        title=spec.title,
        category=Category.TERM,
        span=span,
        severity=Severity.ERROR if spec.action is Action.BLOCK else Severity.WARNING,
        confidence=Confidence.HIGH,
        value=text[span.start : span.end],
        placeholder=spec.placeholder,
        detector=POLICY,
    )


def _literals(specs: Sequence[TermSpec]) -> list[_Literal]:
    """The literals of terms; of the words of each, the one that fewest terms have, then the longest, is its rare one.

    A text is full of words of up to three letters, whoever has them: each counts for as many terms as it stands oftener.
    """
    folded: list[tuple[int, tuple[str, ...]]] = [
        (number, tuple(word for word in map(fold, words_of(text)) if word))
        for number, spec in enumerate(specs)
        for text in dict.fromkeys(spec.texts)
    ]
    counts = Counter(word for _, words in folded for word in set(words))

    def rare(words: tuple[str, ...]) -> int:
        return min(range(len(words)), key=lambda place: common(words[place]))

    def common(word: str) -> tuple[int, int]:
        return counts[word] * _OFTENER.get(len(word), 1), -len(word)

    return [
        _Literal(number, words, rare(words) if len(words) > 1 else 0)
        for number, words in dict.fromkeys(folded)
        if words
    ]


def _gate(words: Sequence[str]) -> Gate:
    """One database of words for all texts, one more for those beyond ASCII."""
    expressions = [(number, re.escape(word)) for number, word in enumerate(words)]

    def make() -> list[bytes]:
        plain = [one for one in expressions if one[1].isascii()]
        return Gate.compile(
            plain or [(len(words), _NEVER)], beyond=[one for one in expressions if not one[1].isascii()]
        ).to_bytes()

    return kept("terms", words, make, Gate.from_bytes)


_NEVER = r"\x00\x00tightlip"


def _confirmed(spec: TermSpec, literal: _Literal, text: str, folded: Folded, end: int) -> tuple[int, int] | None:
    """Where a term is in a text whose folded form has the rare word of one of its literals up to `end`, or None."""
    place = _around(literal, folded.text, end)
    if place is None or not (folded.is_edge(place[0]) and folded.is_edge(place[1])):
        return None
    start, stop = folded.start(place[0]), folded.end(place[1])
    if spec.case and not _is_written(spec.texts, text[start:stop]):
        return None
    if spec.word and (stop := whole(text, start, stop)) < 0:
        return None
    return start, stop


def _around(literal: _Literal, folded: str, end: int) -> tuple[int, int] | None:
    """Where a literal is whose rare word ends at `end`, or None."""
    words, rare = literal.words, literal.rare
    start = end - len(words[rare])
    if rare:
        head = _expression(words[:rare], True).search(folded, max(0, start - literal.before), start)
        if head is None:
            return None
        start = head.start()
    if rare + 1 < len(words):
        tail = _expression(words[rare + 1 :], False).match(folded, end)
        if tail is None:
            return None
        end = tail.end()
    return start, end


@lru_cache(maxsize=16_384)
def _expression(words: tuple[str, ...], before: bool) -> re.Pattern[str]:
    """What stands before the rare word, up to it, or behind it."""
    written = "".join(re.escape(word) + BETWEEN if before else BETWEEN + re.escape(word) for word in words)
    return re.compile(written + r"\Z" if before else written)


def _is_written(texts: tuple[str, ...], found: str) -> bool:
    """Whether some characters are one of the literals, letter by letter."""
    written = as_written(found)
    return any(expression.fullmatch(written) for expression in _written(texts))


@lru_cache(maxsize=1024)
def _written(texts: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(BETWEEN.join(map(re.escape, words_of(text)))) for text in texts)
