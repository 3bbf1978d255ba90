"""Regular expressions that cost nothing until they are used, and next to nothing then: kept compiled from run to run.

Python compiles an expression anew in every process, in 0.2 to 1 ms each; a scan of one small file would spend more on that
than on the file. `pack` keeps what the compiler of this Python made of expressions, `unpack` takes it from there. That part
of Python is its own business and may change with any version: what is kept is for one version (`PYTHON`), and whatever does
not come back as it was is compiled as always.
"""

from __future__ import annotations

import json
import re
import sys
import zlib
from array import array
from collections.abc import Iterable
from typing import Any, cast

_METHODS = ("match", "fullmatch", "search", "finditer", "findall", "sub")

_engine: Any = sys.modules.get("_sre")
_make: Any = getattr(_engine, "compile", None)
PYTHON = f"{sys.implementation.cache_tag} {getattr(_engine, 'MAGIC', 0)}"
"""The version of Python whose compiled expressions can be read here."""

_Packed = tuple[int, int, dict[str, int], "array[int]", int, int]
"""Flags, number of groups, names of groups; the code is the part from start to end of the array."""
_packed: dict[tuple[str, int], _Packed] = {}
_lazy: list[tuple[str, int]] = []


def compile_expression(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """`re.compile(pattern, flags)`, from what was unpacked where it is there. Raises re.error for a broken pattern."""
    packed = _packed.get((pattern, int(flags)))
    if packed is not None and _make is not None:
        try:
            return _made(pattern, packed)
        except Exception:
            del _packed[pattern, int(flags)]
    return re.compile(pattern, flags)


def _made(pattern: str, packed: _Packed) -> re.Pattern[str]:
    flags, groups, names, codes, start, end = packed
    by_group: list[str | None] = [None] * (groups + 1)
    for name, group in names.items():
        by_group[group] = name
    return cast("re.Pattern[str]", _make(pattern, flags, codes[start:end].tolist(), groups, names, tuple(by_group)))


def pack(expressions: Iterable[tuple[str, int]]) -> bytes:
    """Expressions with their flags, and all lazy ones, as `unpack` takes them. What cannot be packed is left out."""
    head: list[list[Any]] = []
    codes = array("I")
    for pattern, flags in dict.fromkeys((*expressions, *_lazy)):
        packed = _pack(pattern, flags)
        if packed is not None:
            start = len(codes)
            codes.extend(packed[3])
            head.append([pattern, flags, *packed[:3], start, len(codes)])
    described = json.dumps(head).encode()
    return zlib.compress(len(described).to_bytes(8, sys.byteorder) + described + codes.tobytes())


def _pack(pattern: str, flags: int) -> _Packed | None:
    compiler: Any = getattr(re, "_compiler", None) or getattr(re, "sre_compile", None)
    parser: Any = getattr(re, "_parser", None) or getattr(re, "sre_parse", None)
    try:
        compiled = re.compile(pattern, flags)
        code = array("I", compiler._code(parser.parse(pattern, flags), compiled.flags))
        packed = compiled.flags, compiled.groups, dict(compiled.groupindex), code, 0, len(code)
        return packed if _made(pattern, packed) == compiled else None
    except Exception:  # a broken expression, or another Python: it is compiled when it is used, and says so then
        return None


def unpack(data: bytes) -> None:
    """From now on, compile the packed expressions by looking them up. Raises ValueError for what `pack` did not make."""
    try:
        content = zlib.decompress(data)
        size = 8 + int.from_bytes(content[:8], sys.byteorder)
        head: list[list[Any]] = json.loads(content[8:size])
        codes = array("I", content[size:])
    except zlib.error as problem:
        raise ValueError(str(problem)) from None
    if head and head[-1][-1] != len(codes):
        raise ValueError("compiled expressions are damaged")
    for pattern, flags, full, groups, names, start, end in head:
        _packed[pattern, flags] = full, groups, names, codes, start, end


class _Lazy:
    def __init__(self, pattern: str, flags: int):
        self._source = pattern, int(flags)
        _lazy.append(self._source)

    def __getattr__(self, name: str) -> Any:
        """Called once, for the first method that is asked for: the next finds the compiled expression's own."""
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = compile_expression(*self._source)
        self.__dict__.update({method: getattr(compiled, method) for method in _METHODS})
        return self.__dict__[name]


def lazy(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """`re.compile(pattern, flags)`, compiled at the first use.

    What is wrong with the pattern is raised then, as re.error. Only the methods that look at a text are there.
    """
    return cast("re.Pattern[str]", _Lazy(pattern, flags))
