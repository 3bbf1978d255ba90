"""A syntax: a page of a language with a place for one field and its value."""

from __future__ import annotations

import re
from itertools import cycle

from attrs import frozen

from tests.bench.quality_escape import Escape, plain, whole
from tests.bench.quality_sample import Sample, marked, sample
from tests.bench.quality_vendors import GENERATED, STRUCTURAL

_STYLES = ("snake", "camel", "pascal", "upper", "kebab", "dotted", "words")
_PLACE = re.compile(r"\$\{(" + "|".join(("value", *_STYLES)) + r")\}")


@frozen
class Syntax:
    """How a field and its value are written."""

    name: str
    path: str
    page: str
    """The text, with places `${value}`, and `${snake}`, `${camel}`, `${pascal}`, `${upper}`, `${kebab}`, `${dotted}`, `${words}` for the field's name."""
    escape: Escape = plain
    whole: bool = False
    """Whether only a value that is a secret as a whole can stand here."""
    holds: str = ""
    """What a page without the field's name says of the value: `password`, `token`, or nothing."""

    def tells(self, tier: str) -> bool:
        """Whether a reader of the page would know that a value of the tier is a secret."""
        named = any(f"${{{style}}}" in self.page for style in _STYLES)
        return named or tier == STRUCTURAL or self.holds == "password" or (self.holds == "token" and tier == GENERATED)

    def write(self, field: str, *values: str, label: str, kind: str) -> Sample | None:
        """The page with a field (in snake case) and its values, or None where they cannot be written so.

        The page's places for a value take the values in turn.
        """
        written = [self._escaped(value) for value in values]
        usable = [value for value in written if value is not None]
        if len(usable) < len(written):
            return None
        turns = cycle(usable)
        page = _PLACE.sub(lambda place: next(turns) if place[1] == "value" else styled(field, place[1]), self.page)
        return sample(self.path, page, label=label, kind=kind, syntax=self.name)

    def _escaped(self, value: str) -> str | None:
        value = marked(value)
        return self.escape(value) if whole(value) or not self.whole else None


def styled(field: str, style: str) -> str:
    """A snake-case name in another style. Raises KeyError for an unknown one."""
    words = field.split("_")
    pascal = "".join(word[:1].upper() + word[1:] for word in words)
    return {
        "snake": field,
        "camel": words[0] + "".join(word[:1].upper() + word[1:] for word in words[1:]),
        "pascal": pascal,
        "upper": field.upper(),
        "kebab": "-".join(words),
        "dotted": ".".join(words),
        "words": " ".join(words),
    }[style]
