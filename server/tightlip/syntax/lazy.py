"""Regular expressions that cost nothing until they are used: a start compiles only what its texts ask for."""

from __future__ import annotations

import re
from typing import Any, cast

_METHODS = ("match", "fullmatch", "search", "finditer", "findall", "sub")


class _Lazy:
    def __init__(self, pattern: str, flags: int):
        self._source = pattern, flags

    def __getattr__(self, name: str) -> Any:
        """Called once, for the first method that is asked for: the next finds the compiled expression's own."""
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(*self._source)
        self.__dict__.update({method: getattr(compiled, method) for method in _METHODS})
        return self.__dict__[name]


def lazy(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """`re.compile(pattern, flags)`, compiled at the first use.

    What is wrong with the pattern is raised then, as re.error. Only the methods that look at a text are there.
    """
    return cast("re.Pattern[str]", _Lazy(pattern, flags))
