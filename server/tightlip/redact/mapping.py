"""Which token stands for which value. A mapping lives in memory only: it can be recomputed from the workspace and its key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NoReturn

from attrs import evolve, field, frozen

from tightlip.finding import RuleId


class Form(str, Enum):
    """How a replacement is written."""

    TOKEN = "token"  # noqa: S105
    NUMBER = "number"
    """A number, where an unquoted number stood."""
    QUOTED = "quoted"
    """A token in quotes of its own, where something unquoted stood that only quotes keep legal (a TOML date)."""


@frozen
class Entry:
    """One token and what it stands for. Nothing of the value is in `repr`."""

    token: str
    original: str = field(repr=False)
    """The characters the token took the place of, with the escapes of the literal they stood in."""
    value: str = field(repr=False)
    """The same without those escapes."""
    type: str
    normal: str = field(repr=False)
    """What all spellings of the value have in common (`tightlip.redact.placeholder.normalise`)."""
    secret: bool = False
    rule: RuleId = ""
    form: Form = Form.TOKEN
    quotes: frozenset[tuple[str, str]] = frozenset()
    """Quotes (`tightlip.redact.quoting.Quote`) inside which `original` is legal as it stands; counts where it needs escapes."""


class Mapping:
    """Tokens and their originals, both ways. Immutable; never leaves the process."""

    __slots__ = ("_by_original", "_by_token", "ambiguous")

    def __init__(self, entries: Iterable[Entry] = (), ambiguous: frozenset[str] = frozenset()):
        self._by_token = {entry.token: entry for entry in entries}
        self._by_original: dict[tuple[str, Form], Entry] = {}
        for entry in self._by_token.values():
            self._by_original.setdefault((entry.original, entry.form), entry)
        self.ambiguous = ambiguous
        """Tokens that stand for two different values in mappings that were merged; they are never restored."""

    def lookup(self, token: str) -> Entry | None:
        """The entry of a token as redaction wrote it, or None."""
        return self._by_token.get(token)

    def token_of(self, original: str, form: Form = Form.TOKEN) -> str | None:
        """The token (or number) that stands for these characters in this form, or None."""
        entry = self._by_original.get((original, form))
        return entry.token if entry else None

    def merge(self, *others: Mapping) -> Mapping:
        """All these mappings in one.

        Where two texts spelled one value differently, the earlier mapping's spelling stays. A token that stands for two
        different values is kept for neither.
        """
        new = [other for other in others if other is not self and (other or other.ambiguous)]
        if not new:
            return self
        if len(new) == 1 and not (self or self.ambiguous):
            return new[0]
        entries = dict(self._by_token)
        ambiguous = set(self.ambiguous)
        for other in new:
            ambiguous |= other.ambiguous
            for entry in other.entries():
                mine = entries.setdefault(entry.token, entry)
                if mine is entry:
                    continue
                if (mine.normal, mine.form) != (entry.normal, entry.form):
                    ambiguous.add(entry.token)
                elif mine.original == entry.original and not entry.quotes <= mine.quotes:
                    entries[entry.token] = evolve(mine, quotes=mine.quotes | entry.quotes)
        return Mapping((entry for token, entry in entries.items() if token not in ambiguous), frozenset(ambiguous))

    def entries(self) -> Iterator[Entry]:
        """All entries, in the order their values were first seen."""
        return iter(self._by_token.values())

    def types(self) -> Counter[str]:
        """How many values of each type there are."""
        return Counter(entry.type for entry in self.entries())

    def __len__(self) -> int:
        return len(self._by_token)

    def __contains__(self, token: object) -> bool:
        return token in self._by_token

    def __repr__(self) -> str:
        types = ", ".join(f"{type_} {count}" for type_, count in sorted(self.types().items()))
        return f"Mapping({types or 'empty'})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a mapping stays in memory: it cannot be pickled or copied to a file")


EMPTY = Mapping()
