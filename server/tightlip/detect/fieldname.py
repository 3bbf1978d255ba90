"""Names of fields: `customerDateOfBirth`, `DATE-OF-BIRTH`, `date_of_birth_2` are one field, `date_of_birth`.

A field name is evidence about its value that costs one dictionary look-up, in every language and data format.
"""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate

from attrs import frozen

from tightlip.detect.rule import Rule
from tightlip.finding import Span
from tightlip.syntax.lazy import lazy

LONGEST = 5
"""Most tokens at the end of a name that are compared with a field name."""

TRAILING = frozenset(
    "prod production dev development test testing stage staging live sandbox local qa uat ci"
    " value values val str string text raw input default old new".split()
)
"""Last tokens that say where or how a value is used, not what it is; numbers are dropped too."""

_HARMLESS = frozenset(
    "next page continuation continue cursor sync delta resume scroll starting pagination previous prev csrf xsrf forgery"
    " antiforgery verification idempotency cancellation cancel stop public publickey pad eos bos unk mask sep cls special".split()
)
"""Words before `token` that make it no secret: of pages, of forms, of assemblies, of language models."""

_NOT_OF = {
    "PERSON": frozenset(
        "service product project package module class method function file folder repo repository table column database schema"
        " type event field property attribute metric resource role policy device app application api tag branch library".split()
    ),
    "US_BANK_NUMBER": frozenset("aws amazon cloud azure gcp subscription tenant".split()),
    "HEALTH_INSURANCE": frozenset("national social car vehicle motor home travel pet".split()),
}
"""Words before a field's name that say it is no person's, no bank's, no health insurer's: `serviceFullName`."""

_MEMORY = 4096
_NAME_LIMIT = 128


def field_tokens(name: str) -> tuple[str, ...]:
    """Lower-case words of a field name in camelCase, PascalCase, snake_case, kebab-case, dotted or spaced writing.

    Letters and digits are apart (`line2` is `line`, `2`); `IPAddress` is `ip`, `address`.
    """
    if not name.isascii():
        name = unicodedata.normalize("NFC", name)
        return tuple(_unicode_tokens(name))
    return tuple(map(str.lower, _ASCII_TOKEN.findall(name)))


_ASCII_TOKEN = lazy(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def _unicode_tokens(name: str) -> list[str]:
    tokens: list[str] = []
    start = 0
    for index in range(1, len(name) + 1):
        if index == len(name) or _breaks(name, index):
            token = name[start:index].lower()
            if token[0].isalnum():
                tokens.append(token)
            start = index
    return tokens


def _breaks(name: str, index: int) -> bool:
    """Whether a new token, or the space between two, begins at `index`."""
    before, here = name[index - 1], name[index]
    if before.isalnum() != here.isalnum() or before.isdigit() != here.isdigit():
        return True
    if not here.isupper():
        return False
    return before.islower() or (before.isupper() and name[index + 1 : index + 2].islower())


def names_of(rules: Iterable[Rule]) -> dict[str, list[int]]:
    """The field names of rules without joints, each with the places of its rules."""
    names: dict[str, list[int]] = {}
    for place, rule in enumerate(rules):
        for field in rule.fields:
            sharing = names.setdefault("".join(field_tokens(field)), [])
            if place not in sharing:
                sharing.append(place)
    return names


class FieldLexicon:
    """The field names of many rules, looked up by the end of a name as it stands in a text."""

    def __init__(self, rules: Sequence[Rule], names: Mapping[str, Sequence[int]] | None = None):
        """`names` are the places in `rules` by name, as `names_of` gives them, where they are known already."""
        self._rules = rules
        self._names = names_of(rules) if names is None else names
        self._memory: dict[str, tuple[Rule, ...]] = {}

    def __len__(self) -> int:
        return len(self._names)

    def lookup(self, name: str) -> tuple[Rule, ...]:
        """Rules for the known field names at the end of `name`, the longest first; often none.

        Rules of one field name stand in the order of the rule files.
        """
        found = self._memory.get(name)
        if found is None:
            found = self._find(field_tokens(name)) if len(name) <= _NAME_LIMIT else ()
            if len(self._memory) >= _MEMORY:
                self._memory.clear()
            self._memory[name] = found
        return found

    def is_name(self, text: str) -> bool:
        """Whether a text as a whole is a field's name, and so a column's title or a label rather than a value."""
        if len(text) > _NAME_LIMIT:
            return False
        return text.replace("_", "").replace(" ", "").replace("-", "").replace(".", "").lower() in self._names

    def names_among(self, texts: Sequence[str]) -> set[int]:
        """Which of some texts of one line each are a field's name as a whole: their places."""
        bare = "\n".join(texts).replace("_", "").replace(" ", "").replace("-", "").replace(".", "").lower().split("\n")
        if self._names.keys().isdisjoint(bare):
            return set()
        return {place for place, text in enumerate(texts) if self.is_name(text)}

    def _is_harmless(self, tokens: tuple[str, ...]) -> bool:
        """Whether a name says of which harmless kind a token is, and no rule knows it by more than its last word."""
        if tokens[-1] != "token" or _HARMLESS.isdisjoint((*tokens[-2:-1], "".join(tokens[-3:-1]))):
            return False
        return not any("".join(tokens[-size:]) in self._names for size in range(2, LONGEST + 1))

    def _may_be(self, place: int, before: tuple[str, ...]) -> bool:
        """Whether nothing before a rule's field says that it is no such field."""
        return not before or before[-1] not in _NOT_OF.get(self._rules[place].entity or "", ())

    def _find(self, tokens: tuple[str, ...]) -> tuple[Rule, ...]:
        names = self._names
        while tokens:
            found: dict[int, Sequence[int]] = {}
            ending = ""
            for size, token in enumerate(tokens[: -LONGEST - 1 : -1], 1):
                ending = token + ending
                if ending in names:
                    found[size] = names[ending]
            if found:
                if self._is_harmless(tokens):
                    return ()
                sizes_of: dict[int, int] = {}
                for size in sorted(found, reverse=True):
                    for place in found[size]:
                        sizes_of.setdefault(place, size)
                return tuple(
                    self._rules[place] for place, size in sizes_of.items() if self._may_be(place, tokens[:-size])
                )
            if not (tokens[-1].isdigit() or tokens[-1] in TRAILING):
                break
            tokens = tokens[:-1]
        return ()


@frozen
class Assignment:
    """What stands before a value: its name, and where the literal (with prefix and quote) begins."""

    names: tuple[Span, ...]
    """The possible names, the likeliest first: of `email: str = "x"` both `str` and `email`."""
    value: int


def assignment_before(text: str, offset: int) -> Assignment | None:
    """The name and separator of the value whose first character, behind its quote, is at `offset` (code points).

    Looks at most `REACH` code points back. None where no separator stands between a name and the value.
    """
    low = max(0, offset - REACH)
    value = start_of_literal(text, offset)
    behind = _back(text, value, low, " \t\r\n", 24)
    separator = _back(text, behind, low, ":=>(,", 3)
    if separator == behind or ("," in text[separator:behind] and "\n" in text[separator:value]):
        return None  # strings under one another are a list, not a name and its value
    name = _name_before(text, _close(text, separator, low), low)
    if text[separator] == "," and not _is_first_argument(text, name.start, low):
        return None
    word = text[name.start : name.end].lower()
    if word == "value" and (first := _paired(text, name.start, low)) is not None:
        return Assignment((first,), value)
    if word == "string" and (key := _PLIST_KEY.search(text, low, name.start)) is not None:
        return Assignment((Span(*key.span(1)),), value)
    names = (name,) if name.end > name.start else ()
    if text[separator] == "=" and (typed := _annotated_name(text, separator, low)) is not None:
        names += (typed,)
    return Assignment(names, value) if names else None


def start_of_literal(text: str, offset: int) -> int:
    """Where the literal begins, with prefix and quote, whose content has its first character at `offset`."""
    if offset and text[offset - 1] in " \t\n":
        line = _back(text, offset, 0, " \t", 24)
        if line and text[line - 1] == "\n" and text[line - 4 : line - 1] in ('"""', "'''"):
            return line - 4
    value = _back(text, offset, 0, "\"'`", 3)
    value -= value > 0 and text[value - 1] == "\\"  # a quote inside a JSON string
    if 0 < value < offset and text[value - 1] in _PREFIX:
        value = _back(text, value, 0, _PREFIX, 2)
    return value


REACH = 160
"""Code points that `assignment_before` looks back."""

_PREFIX = "burfnlBURFNL@$"
_NAME_CHARACTERS = string.ascii_letters + string.digits + "_.-$ "
_TYPE_HERE = lazy(
    r"\s{0,2}(?:&(?:'\w{1,12}\s)?)?[\w.]{1,24}(?:[\[<][\w.,\s\[\]<>|?]{0,32}[\]>])?\??(?:\s?\|\s?[\w.]{1,24}){0,2}\s{0,2}"
)
_PLIST_KEY = lazy(r"<key>([^<>]{1,64})</key>\s{0,16}<\Z")


def _is_first_argument(text: str, start: int, low: int) -> bool:
    """Whether the name at `start` comes first in brackets: `("name", "value")`; in a list of words it is no name."""
    opening = _back(text, _back(text, start, low, "\"'`\\", 4), low, " \t\r\n", 24)
    return opening > low and text[opening - 1] in "(["


def _annotated_name(text: str, end: int, low: int) -> Span | None:
    """The name of `name: type =` whose type ends at `end`."""
    colon = text.rfind(":", low, end)
    if colon <= low or not _TYPE_HERE.fullmatch(text, colon + 1, end):
        return None
    name = _name_before(text, _close(text, colon - (text[colon - 1] == "?"), low), low)
    return name if name.end > name.start else None


def _back(text: str, end: int, low: int, characters: str, limit: int) -> int:
    if end <= low or text[end - 1] not in characters:
        return end  # as it is mostly
    low = max(low, end - limit)
    return low + len(text[low:end].rstrip(characters))


def _close(text: str, end: int, low: int) -> int:
    """Where a name ends whose quotes, brackets and spaces end at `end`."""
    return _back(text, _back(text, end, low, " \t\r\n", 24), low, "\"'`])\\*", 4)


def _name_before(text: str, end: int, low: int) -> Span:
    quote = text[end : end + 1]
    low = max(low, end - 64)
    if quote and quote in "\"'`" and (start := text.rfind(quote, low, end)) >= 0 and "\n" not in text[start:end]:
        return Span(start + 1, end)
    near = text[low:end]
    start = low + len(near.rstrip(_NAME_CHARACTERS))
    while start > low and ((c := text[start - 1]).isalnum() or c in "_.-$ "):  # letters beyond ASCII
        start -= 1
    return Span(end - len(text[start:end].lstrip()), end)


def _paired(text: str, end: int, low: int) -> Span | None:
    """The name of `name: NAME, value: ...` whose word `value` begins at `end`."""
    end = _back(text, _back(text, end, low, "\"'`", 1), low, " \t\r\n", 24)
    end = _back(text, _back(text, end, low, ",;", 1), low, "\"'`", 1)
    start = end
    while start > low and ((c := text[start - 1]).isalnum() or c in "_.-$"):
        start -= 1
    return Span(start, end) if start < end else None


def gate_expressions(fields: Iterable[str]) -> list[str]:
    """Hyperscan expressions for `<field name><separator><first character of a value>`, for all fields of all rules.

    Scan the UTF-8 bytes of a text. A report ends just behind the first character of the field's value, quotes left out;
    whether the name before it really is such a field is for `assignment_before` and `FieldLexicon.lookup` to say.
    Nothing stands before a name and repeats have no upper bound: both keep the pass fast (bounded ones cost four times
    the time, and three times the database).
    """
    spellings = sorted({_spelling(field) for field in shortest(fields)})
    value = f"(?:{_QUOTED}|{_NUMBER}|{_ELEMENT}|{_BARE})"
    return [f"(?i){spelling}{_TAIL}{value}" for spelling in spellings] + [*GENERAL_GATES]


def shortest(fields: Iterable[str]) -> list[str]:
    """The fields whose expressions also find all the others: `token` is the end of `github_token`, however that is written.

    A rule more for a name that ends as others do then costs the pass nothing.
    """
    wanted = set(fields)
    ends: dict[str, set[str]] = {}
    for field in wanted:
        if field.isascii() and len(field.replace("_", "")) > _SHORT:
            ends.setdefault(field.replace("_", ""), set()).add(field)
    return [field for field in wanted if not _has_end(field, ends)]


def _has_end(field: str, ends: dict[str, set[str]]) -> bool:
    """Whether another field is the end of `field` and has a joint wherever that end has one."""
    for start in range(1, len(field)):
        end = field[start:]
        if any(_joints(end) <= _joints(other) for other in ends.get(end.replace("_", ""), ())):
            return True
    return any(_joints(field) < _joints(other) for other in ends.get(field.replace("_", ""), ()))


def _joints(field: str) -> frozenset[int]:
    """How many characters stand behind each joint of a field's name."""
    parts = field.split("_")
    return frozenset(accumulate(len(part) for part in reversed(parts[1:])))


_FIRST = r"[burfnl@$]{0,2}\\?[\"'`]{1,3}[^\s\"'`]"
_TAIL = r"(?:[_.-][a-z0-9]+|[0-9]{1,2})?"
_CLOSE = r"[\"'`\])\\*]*\s*"
_QUOTED = _CLOSE + r"(?:[:=]=?>?|[(,])\s*" + _FIRST
_NUMBER = _CLOSE + r"[:=]=?>?\s*[+(]?[0-9]"
_ELEMENT = r"[\"']?>[^\W_]"
_BARE = r"[\"'*]*[ \t]*[:=][ \t]*[^\s\"'`=0-9+(]"
_SHORT = 3

_TYPE = r"(?:(?:optional|final|annotated)\[)?(?:&(?:'static )?)?(?:str|string|bytes|secretstr|text|char|varchar|any|final)\]?"
GENERAL_GATES = (
    rf"(?i)[\w\"']\??:\s?{_TYPE}(?:\s?\|\s?(?:none|null|undefined)|\?)?\s?=\s?" + _FIRST,
    r"(?i)(?:name|key)[\"'`]?\s{0,4}[:=]\s{0,4}[\"'`]?[\w.-]{2,48}[\"'`]?[,;]?\s{1,24}[\"'`]?value[\"'`]?"
    r"\s{0,4}[:=]{1,2}>?\s{0,4}[\"'`]?[^\s\"'`]",
    r"(?i)</key>\s{0,16}<string>[^\s<]",
)
"""Hyperscan expressions for values whose name does not stand next to them, of whatever rule: `email: str = "x"`,
`{name: EMAIL, value: "x"}`, `<key>email</key><string>x`. They report as `gate_expressions` do."""


def _spelling(field: str) -> str:
    """The field name as an expression: `_` is any joint or none, letters beyond ASCII in both cases.

    A short name must begin a word (`tel` is not in `hotel`); in a long one that is left to the look-up.
    """
    name = "[_.\\- ]?".join("".join(map(_letter, part)) for part in field.split("_"))
    if len(field) > _SHORT or not field.isascii():
        return name
    return rf"(?:(?:\b|[_0-9]){name[0]}|(?-i:[a-z]{name[0].upper()})){name[1:]}"


def _letter(letter: str) -> str:
    if letter.isascii():
        return letter
    upper = letter.upper()
    return f"(?:{letter}|{upper})" if upper != letter else letter
