"""The errors a user can cause. Every message is a sentence that says what to do; none carries a finding's value."""

from __future__ import annotations


class TightlipError(Exception):
    """A user's mistake or a broken environment, told in one sentence, with its place where there is one."""

    def __init__(self, message: str, *, file: str | None = None, line: int | None = None, column: int | None = None):
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.column = column

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        return f"{place}: {self.message}" if place else self.message


class RuleError(TightlipError):
    """A rule file that cannot be used."""


class PolicyError(TightlipError):
    """A policy file that cannot be used, or a mistake in one."""

    def __init__(
        self,
        message: str,
        *,
        file: str | None = None,
        line: int | None = None,
        column: int | None = None,
        path: tuple[str | int, ...] = (),
        word: str = "",
        on_key: bool = False,
    ):
        """`path` are the keys that lead to what is wrong, `word` the word of it that is, `on_key` says that it is the key."""
        super().__init__(message, file=file, line=line, column=column)
        self.path = path
        self.word = word
        self.on_key = on_key


class RefusedError(PolicyError):
    """What a layer asks for and may not have; no mistake, and it does not count."""

    def __init__(
        self,
        message: str,
        *,
        file: str,
        line: int,
        column: int,
        path: tuple[str | int, ...] = (),
        on_key: bool = False,
        against: str = "",
    ):
        """`against` is the `file:line` that stands against it, or empty; the others are as in `PolicyError`."""
        super().__init__(message, file=file, line=line, column=column, path=path, on_key=on_key)
        self.against = against
