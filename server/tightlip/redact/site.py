"""The place in source where a lookup is to stand: its literal, what is left and right of it, what encloses it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import frozen

from tightlip.finding import Span
from tightlip.redact.literals import Literals, Quoted
from tightlip.syntax.language import Language

LOOKBACK = 4000
"""Code points before a literal in which its statement is looked for."""

_BLANK = re.compile(r"(?:[ \t\r\n\\]|#[^\n]*)*")
_FREE_BEFORE = re.compile(r"(?:[=(,\[{:;+?>]|=>|\breturn|^)\s*\Z")
_FREE_AFTER = re.compile(r"\s*(?:[,)\]};:+]|\Z|\r|\n|//|#)")


@frozen
class Site:
    """A span of a text, and the literal it stands in."""

    text: str
    span: Span
    literals: Literals
    literal: Quoted | None
    path: str | None

    @property
    def before(self) -> str:
        """The literal's text before the span; empty without a literal."""
        return self.text[self.literal.span.start : self.span.start] if self.literal else ""

    @property
    def after(self) -> str:
        """The literal's text behind the span; empty without a literal."""
        return self.text[self.span.end : self.literal.span.end] if self.literal else ""

    @property
    def whole(self) -> bool:
        """Whether the span is all of its literal."""
        return self.literal is not None and self.literal.span == self.span

    @property
    def outer(self) -> Span:
        """The literal with its quotes and prefix; the span itself without a literal."""
        return self.literal.outer if self.literal else self.span

    @property
    def left(self) -> str:
        """The text before the literal, as far back as a statement may begin."""
        start = self.outer.start
        return self.text[max(start - LOOKBACK, 0) : start]

    @property
    def right(self) -> str:
        """A little of the text behind the literal."""
        return self.text[self.outer.end : self.outer.end + 200]

    @property
    def line(self) -> str:
        """The text of the line before the literal."""
        return self.left[self.left.rfind("\n") + 1 :]

    @property
    def statement(self) -> str:
        """The text before the literal, back to the last `;`, `{` or `}` outside literals."""
        start = self.outer.start
        least = max(start - LOOKBACK, 0)
        for offset in range(start - 1, least - 1, -1):
            if self.text[offset] in ";{}" and self.literals.enclosing(Span(offset, offset + 1)) is None:
                return self.text[offset + 1 : start]
        return self.text[least:start]

    @property
    def newline(self) -> str:
        """The line end the text uses."""
        end = self.text.find("\n")
        return "\r\n" if end > 0 and self.text[end - 1] == "\r" else "\n"

    def openers(self) -> Iterator[tuple[str, str]]:
        """The brackets that are open at the literal, innermost first, each with the text before it."""
        depth = 0
        start = self.outer.start
        least = max(start - LOOKBACK, 0)
        for offset in range(start - 1, least - 1, -1):
            c = self.text[offset]
            if c not in "()[]{}" or self.literals.enclosing(Span(offset, offset + 1)) is not None:
                continue
            if c in ")]}":
                depth += 1
            elif depth:
                depth -= 1
            else:
                yield c, self.text[least:offset]

    def joined(self, lookup: str, operator: str) -> str:
        """The literal as an expression with `lookup` in place of the span: `"Bearer " + lookup`, in brackets where needed."""
        assert self.literal is not None
        head = self.text[self.outer.start : self.literal.span.start]
        tail = self.text[self.literal.span.end : self.outer.end]
        parts = [head + self.before + tail] if self.before else []
        parts.append(lookup)
        if self.after:
            parts.append(head + self.after + tail)
        expression = f" {operator} ".join(parts)
        alone = len(parts) == 1 or (_FREE_BEFORE.search(self.left[-80:]) and _FREE_AFTER.match(self.right))
        return expression if alone else f"({expression})"

    def has_neighbour(self) -> bool:
        """Whether another literal stands right before or behind, with nothing but space between (implicit joining)."""
        if self.literal is None:
            return False
        before, after = self.literals.around(self.literal)
        near_before = before is not None and _BLANK.fullmatch(self.text, before.outer.end, self.outer.start)
        near_after = after is not None and _BLANK.fullmatch(self.text, self.outer.end, after.outer.start)
        return bool(near_before or near_after)


def find_site(text: str, span: Span, language: Language, path: str | None) -> Site:
    """The place of a span in a text."""
    literals = Literals(text, language)
    return Site(text, span, literals, literals.enclosing(span), path)
