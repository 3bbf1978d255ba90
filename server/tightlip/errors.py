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
    """A policy file that cannot be used."""
