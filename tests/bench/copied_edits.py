"""What people do to code they have copied."""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Sequence
from random import Random

Edit = Callable[[Sequence[str], Random], list[str]]

_WORD = re.compile(r"[A-Za-z_]\w*")
_KEYWORDS = frozenset(
    "async await break case catch class const continue default delete do else export extends false finally for function if"
    " import in instanceof let new null of return self static super switch this throw true try typeof undefined var void"
    " while yield".split()
) | set(keyword.kwlist)


def exact(lines: Sequence[str], random: Random) -> list[str]:
    """Nothing."""
    return list(lines)


def renamed(lines: Sequence[str], random: Random) -> list[str]:
    """One of ten identifiers gets another name, wherever it stands."""
    words = sorted(set(_WORD.findall("\n".join(lines))) - _KEYWORDS)
    names = {word: f"other_{word[::-1]}" for word in words if random.random() < 0.1}
    return [_WORD.sub(lambda match: names.get(match[0], match[0]), line) for line in lines]


def edited(lines: Sequence[str], random: Random) -> list[str]:
    """One of four lines is commented on, taken out, changed in a word, or followed by a new one."""
    kept: list[str] = []
    for line in lines:
        words = list(_WORD.finditer(line))
        if random.random() >= 0.25:
            kept.append(line)
            continue
        way = random.randrange(4)
        if way == 0:
            kept.append(f"{line}  # checked again")
        elif way == 1 and words:
            word = random.choice(words)
            kept.append(f"{line[: word.start()]}another{line[word.end() :]}")
        elif way == 2:
            kept += [line, "    checked = another(value)"]
    return kept


def wrapped(lines: Sequence[str], random: Random) -> list[str]:
    """Lines of more than 60 characters are broken behind each comma and opening bracket, as formatters do."""
    return [part for line in lines for part in (_broken(line) if len(line) > 60 else [line])]


def broken(lines: Sequence[str], random: Random) -> list[str]:
    """Every line is broken so, as no formatter does."""
    return [part for line in lines for part in _broken(line)]


def joined(lines: Sequence[str], random: Random) -> list[str]:
    """What stands in brackets is put on one line."""
    kept: list[str] = []
    depth = 0
    for line in lines:
        if depth > 0:
            before = kept.pop().rstrip()
            kept.append(f"{before}{' ' if before.endswith(',') else ''}{line.strip()}")
        else:
            kept.append(line)
        depth = max(0, depth + sum(map(line.count, "([")) - sum(map(line.count, ")]")))
    return kept


def _broken(line: str) -> list[str]:
    indentation = line[: len(line) - len(line.lstrip())]
    first, *rest = re.sub(r"([,(\[{])(?=\S| \S)", r"\1\n", line).split("\n")
    return [first, *(f"{indentation}    {part.lstrip()}" for part in rest)]
