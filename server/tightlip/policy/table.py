"""Reads one table of a policy file: every key is checked, every mistake collected with its place, nothing raised."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from typing import TypeGuard, TypeVar, cast

from tightlip.errors import PolicyError, RefusedError
from tightlip.syntax.toml import TomlDocument

T = TypeVar("T")

Path = tuple[str | int, ...]

_MOST_SUGGESTIONS = 100
"""Mistakes of one file that are compared with every known word, for that may take a millisecond each."""
_LONGEST_SUGGESTED = 80
"""Characters of a word that is compared with others."""


class Table:
    """One TOML table and where it stands. Missing keys read as None; a mistaken one too, and it is noted as a problem."""

    def __init__(
        self,
        document: TomlDocument,
        path: Path,
        data: dict[str, object],
        problems: list[PolicyError],
        above: Table | None = None,
    ):
        self.document = document
        self.path = path
        self.data = data
        self.problems = problems
        self._compared: list[str] = above._compared if above is not None else []

    def problem(self, message: str, key: str | None = None, *, word: str = "", on_key: bool = False) -> None:
        """Note a mistake in the table, or at one of its keys: in `word` of its value, or in the key itself."""
        path = self.path if key is None else (*self.path, key)
        place = self.document.place(*path)
        self.problems.append(
            PolicyError(
                message,
                file=self.document.file,
                line=place.line if place else 1,
                column=place.column if place else 1,
                path=path,
                word=word,
                on_key=on_key,
            )
        )

    def refuse(self, message: str, key: str) -> None:
        """Note that one of the table's keys is in order and does not count."""
        path = (*self.path, key)
        place = self.document.place_within(*path)
        line, column = (place.line, place.column) if place else (1, 1)
        self.problems.append(
            RefusedError(message, file=self.document.file, line=line, column=column, path=path, on_key=True)
        )

    def source(self, key: str | None = None) -> str:
        """`file:line` of the table or of one of its keys."""
        line = self.document.line(*self.path, key) if key is not None else self.document.line(*self.path)
        return f"{self.document.file}:{line or 1}"

    def known(self, *names: str) -> None:
        """Note every key that is not one of `names`."""
        for key in self.data:
            if key not in names:
                self.problem(f'unknown key "{shown(key)}"{self.near(key, names)}', key, word=key, on_key=True)

    def near(self, word: str, words: Collection[str]) -> str:
        """`did_you_mean`, or nothing where the file has so many mistakes already that comparing takes long."""
        if len(self._compared) >= _MOST_SUGGESTIONS or len(word) > _LONGEST_SUGGESTED:
            return ""
        self._compared.append(word)
        return did_you_mean(word, tuple(words))

    def text(self, key: str) -> str | None:
        """A string that is not empty."""
        value = self.data.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            self.problem(f'"{key}" must be a text that is not empty', key)
            return None
        return value

    def texts(self, key: str) -> tuple[str, ...] | None:
        """A string or a list of strings; of a mixed list, those that are strings."""
        value = self.data.get(key)
        if value is None:
            return None
        items = cast("list[object]", value) if isinstance(value, list) else [value]
        good = tuple(item for item in items if isinstance(item, str) and item.strip())
        if len(good) != len(items):
            self.problem(f'"{key}" must be a text or a list of texts', key)
        return good

    def flag(self, key: str) -> bool | None:
        """True or false."""
        value = self.data.get(key)
        if value is None or isinstance(value, bool):
            return value
        self.problem(f'"{key}" must be true or false', key)
        return None

    def number(self, key: str) -> int | None:
        """A whole number that is not negative."""
        value = self.data.get(key)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0):
            return value
        self.problem(f'"{key}" must be a whole number that is not negative', key)
        return None

    def day(self, key: str) -> date | None:
        """A date, written as TOML writes it or as a text."""
        value = self.data.get(key)
        if isinstance(value, datetime):
            return value.date()
        if value is None or isinstance(value, date):
            return value
        try:
            return date.fromisoformat(cast("str", value))
        except (TypeError, ValueError):
            self.problem(f'"{key}" must be a date, as in 2027-01-31', key)
            return None

    def choice(self, key: str, words: dict[str, T]) -> T | None:
        """One of some words."""
        value = self.data.get(key)
        if value is None:
            return None
        if isinstance(value, str) and value in words:
            return words[value]
        word = value if isinstance(value, str) else ""
        near = self.near(word, words) if word else ""
        self.problem(f'"{key}" must be one of {", ".join(words)}{near}', key, word=word)
        return None

    def inner(self, key: str) -> Table | None:
        """A table in this one, if the key is one."""
        value = self.data.get(key)
        return self._at(value, key) if _is_table(value) else None

    def table(self, key: str) -> Table | None:
        """A table in this one; anything else is a mistake."""
        found = self.inner(key)
        if found is None and key in self.data:
            self.problem(f'"{key}" must be a table', key)
        return found

    def tables(self, key: str) -> Iterator[Table]:
        """The tables of an array; a single table counts as one, so that `[repo]` for `[[repo]]` loses nothing."""
        if key not in self.data:
            return
        single = self.inner(key)
        value = self.data[key]
        items = cast("list[object]", value) if isinstance(value, list) else []
        if single is not None:
            yield single
        if not items or not all(map(_is_table, items)):
            self.problem(f'"{key}" holds entries; write [[{key}]]', key)
        for index, item in enumerate(items):
            if _is_table(item):
                yield self._at(item, key, index)

    def _at(self, data: dict[str, object], *key: str | int) -> Table:
        return Table(self.document, (*self.path, *key), data, self.problems, self)


def _is_table(value: object) -> TypeGuard[dict[str, object]]:
    return isinstance(value, dict)


def shown(text: str) -> str:
    """A key or glob of the file as a message may repeat it: one short line."""
    line = "".join(c if c.isprintable() else "?" for c in text)
    return line if len(line) <= 80 else line[:79] + "…"


_MEANT = ('. Did you mean "', '"?')


def did_you_mean(word: str, words: Sequence[str]) -> str:
    """`. Did you mean "action"?` for a word close to a known one, else nothing."""
    import difflib  # only a mistake needs it

    near = difflib.get_close_matches(word.lower(), words, 1)
    return near[0].join(_MEANT) if near else ""


def meant(message: str) -> str:
    """The word a message with `did_you_mean` in it asks after, or nothing."""
    opening, closing = _MEANT
    _, found, word = message.rpartition(opening)
    return word.removesuffix(closing) if found and word.endswith(closing) else ""
