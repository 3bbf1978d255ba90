"""Names that do not stand right before their value: `#define NAME "x"`, `getenv("NAME") or "x"`, `name: NAME, ..., value: x`.

`fieldname` knows the names that a colon or an equals sign joins to a value; here are the other ways to write the two. Only
secrets are looked for in them. Every look back is bounded, and one match of one expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from attrs import frozen

from tightlip.detect.fieldname import field_tokens
from tightlip.finding import Span
from tightlip.syntax.lazy import lazy

REACH = 200
"""Code points that `name_apart` looks back."""


@frozen
class Apart:
    """The names a value may have, the likeliest first."""

    names: tuple[Span, ...]
    sure: bool
    """Whether this is how names and values are written, and not perhaps a sentence or a list: there only a value that looks
    generated counts."""
    ends: str = ""
    """What ends a bare value here, whatever ends others in the language: `}` (`${NAME:-value}`) or a space; or empty."""


def name_apart(text: str, value: int) -> Apart | None:
    """The names of the value whose literal, with prefix and quote, begins at `value` (code points), or None."""
    low = max(0, value - REACH)
    before = text[low:value][::-1]
    last = before[:32].lstrip()[:1]
    if last in "=:(>" and last:
        if (match := _DEFAULT.match(before)) is not None:
            return _sure((*_names_around(text, low, value - match.end()), *_key_above(text, low, value - match.end())))
        if (match := _VALUE.match(before)) is not None and before[match.end() : match.end() + 1] != "<":
            return _sure((*_names_beside(text, low, value - match.end()), *_key_above(text, low, value - match.end())))
    match = _FORMS.get(last, _FORMS[""]).match(before)
    if match is None:
        element = _ELEMENT.match(before) if last in "[>" else None
        return _sure(_names_of_tag(text, value - element.end(1), value - element.start(1))) if element else None
    kind = match.lastgroup or ""
    start, end = match.span(kind)
    name = Span(value - end, value - start)
    if kind == "listed" and text[_opening(text, low, name.start)] == "[":
        return None
    if kind == "beside":
        return Apart((name,), sure=_begins_line(text, name.start) or text[name.start] == "-")
    return Apart((name,), kind not in _UNSURE, _ENDS.get(kind, ""))


def name_behind(text: str, value: int, end: int) -> Span | None:
    """The name that stands behind a value: `{"value": "x", "name": "NAME"}`; `value` as above, `end` is where its content ends."""
    low = max(0, value - 40)
    if _VALUE.match(text[low:value][::-1]) is None:
        return None
    match = _BEHIND.match(text, end, end + 200)
    return Span(*match.span(1)) if match else None


def gate_expressions_apart(fields: Iterable[str]) -> list[str]:
    """Hyperscan expressions for the values whose names stand apart, for the fields of all rules for secrets.

    They report as those of `fieldname.gate_expressions` do. A name counts when it ends as some field does (`...key`).
    """
    stems = {field_tokens(field)[-1] for field in fields} & _STEMS
    stems = {stem for stem in stems if not any(stem != other and stem.endswith(other) for other in stems)}
    if not stems:
        return []
    name = rf"(?:{'|'.join(map(_letters, sorted(stems)))})(?:[_.-][a-z0-9]+|[0-9]{{1,2}})?"
    return [
        f"(?i){name}(?:{'|'.join(_BEHIND_NAME)})",
        *(f"(?i){form.replace('NAME', name)}" for form in _WITH_NAME),
    ]


def _letters(stem: str) -> str:
    # Hyperscan folds the case of ASCII letters only
    return "".join(c if c.isascii() or c == c.upper() else f"(?:{c}|{c.upper()})" for c in stem)


_STEMS = frozenset(
    """
    key apikey token secret pass passwd password passwort passphrase passcode pwd psw pswd pword credential credentials
    authorization cookie kennwort passe mdp contrasena contraseña senha wachtwoord parola hasło haslo heslo salasana
    lösenord losenord passord
    adgangskode jelszo jelszó sifre şifre clave geheimnis пароль 密码 密碼 口令 パスワード 비밀번호
    """.split()
)
"""Last words of fields that say secret wherever they stand."""

_FIRST = r"[burfnl@$]{0,2}\\?[\"'`]{1,3}[^\s\"'`]"
_BEHIND_NAME = (
    r"[\"'`\])]*\s*(?:!==?|===|~=|<>|<{1,2}-|\|\|=|\?\?=|\?=|-?eq)\s*" + _FIRST,
    r"[\"'`\])]*\s*(?:[:?]=|<-)[ \t]*[^\s\"'`=]",
    r"[\"'`\])]*[ \t]*[:=][ \t]*\+",
    r"[\"'`\])]*\s*[:=]\s*(?:\"{3}|'{3})\\?\s+[^\s\"']",
    r"[\"'`\])]*\s*[:=]>?\s*[(\[{]\s*" + _FIRST,
    r"(?:\[[^\]\n]*\]|\s*\{[^}\n]*\}|[\"']?\})\s*(?:\w+\s+)?=\s*" + _FIRST,
    r"\s?\{\s*" + _FIRST,
    r"[\"'`*]?[ \t]+\(?" + _FIRST,
    r"[\"'`)\]*_]*:?\s+(?:is:?|to:?|[=-]>|[-–—→])[ \t]+[\"'`]?[^\s\"'`]",
    r"(?:[*_]{1,2}:[*_]{0,2}|:[*_]{1,2})\s*[\"'`]?[^\s\"'`*_]",
    r"(?:\s[^<>]*[\"']|[\"'])?>\s*(?:<!\[cdata\[|<value>)\s*[^\s<]",
    r"\s*</td>\s*<td>\s*[^\s<]",
    r"(?:\s[^<>]*[\"']>\s*|[\"']?>\r?\n\s*)[^\s<]",
    r"[\"']?>[+/=&]",
    r"[\"'][)\]]\s*(?:\|\||\?\?|\?:|or|\{)\s*" + _FIRST,
    r"[\"']\)\.\w+\(\s*" + _FIRST,
    r"\.eq\w+\(\s*" + _FIRST,
    r"(?:[ \t]*,[ \t]*[\w.$@*]+){1,4}[ \t]*[)\]]?[ \t]*:?=[ \t]*[(\[]?[ \t]*" + _FIRST,
    r"[ \t]+(?:(?:as[ \t]+)?string|n?(?:var)?char\([^)\n]*\))[ \t]*(?:=|default)[ \t]*" + _FIRST,
    r"[`*]*[ \t]*\|[ \t]*[`]?[^\s|`=]",
    r"[\"']?:[ \t]*\r?\n[ \t]*[^\s\"'#*&!|>{\[-]",
    r"[\"']?:[ \t]*\r?\n(?:[ \t]+(?:type|description|required|sensitive|noecho|comment):[^\n]*\n){0,3}[ \t]+(?:value|default):"
    r"[ \t]+[\"']?[^\s\"'#*&!|>{\[]",
)
_WITH_NAME = (
    r"(?:\benv|\barg|setenv|setx|\bset(?:[ \t]+-\w+)?|_header)[ \t]+[\w.$-]*NAME[ \t]+[^\s\"'`=-]",
    r"(?:^|[\s\"'=,(\[`])--(?:\w[\w-]*)?NAME[\"']?,?\s+(?:-\s+)?[\"']?[^\s\"'-]",
    r"\$\{[\w.]*NAME:[-=]?[\"']?[^\s\"'}$]",
    r"(?:default|fallback)(?:_?value)?[\"']?\s*[:=]\s*\(?" + _FIRST,
    r"[\"'\s,{]value[\"']?\s*[:=]\s*\\?[\"'][^\s\"']",
    r"parametervalue[\"']?\s*[:=]\s*[\"']?[^\s\"']",
)
"""What stands between a field's name and its value, and what else the pass looks for; `NAME` is the end of a field's name. The
comments of `_BEFORE_VALUE` say which syntax each is of."""

_NAME = r"[\w.$-]{1,64}"
_SP, _WS, _CLOSE = r"[ \t]{0,24}", r"\s{0,24}", r"[\"'`\])\\]{0,4}"


def _reversed(*words: str) -> str:
    return "|".join(re.escape(word[::-1]) for word in words)


_KEYWORDS = _reversed(
    "define", "ENV", "ARG", "setenv", "setx", "set", "header", "def", "defvar", "setq", "defparameter", "setProperty"
)
_TYPES = _reversed("string", "str", "text", "varchar", "nvarchar", "char")
_JOINS = _reversed("is", "to", "as", "was", "is:", "to:", "as:", "=>", "->", "-", "–", "—", "→")
_OPERATORS = _reversed(
    "!=", "!==", "===", "==", "~=", "<>", "<-", "<<-", "||=", "??=", "?=", ":=", "-eq", "eq", "=", ":", "=>"
)
_BEFORE_VALUE = {
    # ${NAME:-x}   ${NAME:x}
    "expansion": rf"[\"']?[=?+-]?:(?P<expansion>{_NAME})\{{\$",
    # $ENV{NAME} = "x"
    "subscript": rf"{_SP}={_SP}\}}[\"']?(?P<subscript>{_NAME})[\"']?\{{",
    # NAME[64] = "x"   NAME[] PROGMEM = "x"   NAME { get; set; } = "x"
    "array": rf"{_SP}={_SP}(?:\w{{1,12}}[ \t]{{1,4}})?(?:\][^\[\]\"'\n]{{0,24}}\[|\}}[^{{}}\n]{{0,24}}\{{){_SP}(?P<array>{_NAME})",
    # NAME string = "x"   NAME As String = "x"   NAME: &'static str = "x"   @NAME NVARCHAR(50) = 'x'   NAME varchar(64) DEFAULT 'x'
    "typed": rf"{_WS}(?:=|tluafed){_SP}[\"']?(?:\)\w{{1,6}}\()?(?:{_TYPES})(?:[ \t]?\w{{1,12}}'&|&|[\"'])?[ \t]{{0,2}}:?"
    rf"(?:[ \t]{{1,4}}(?:sa[ \t]{{1,2}})?|(?<=:))(?P<typed>{_NAME})",
    # NAME != "x"   NAME <- "x"   NAME ||= "x"   NAME := x   NAME = ("x")   NAME: ["x"]
    "operator": rf"{_WS}(?:[(\[{{]{_WS})?(?:{_OPERATORS}){_SP}{_CLOSE}(?P<operator>{_NAME})",
    # string NAME{"x"}
    "brace": rf"{_WS}\{{[ ]?(?P<brace>{_NAME})[ \t]",
    # #define NAME "x"   ENV NAME x   set -x NAME x   (def NAME "x")
    "keyword": rf"\(?[ \t]{{1,24}}{_CLOSE}\*?(?P<keyword>{_NAME})[:@*\"']{{0,2}}[ \t]{{1,8}}"
    rf"(?:\w{{1,3}}-[ \t]{{1,4}}){{0,2}}(?:{_KEYWORDS})(?![a-z0-9])",
    # "NAME" to "x"   "NAME" -> "x"
    "pair": rf"[ \t]{{1,8}}(?:{_reversed('to', '->')})[ \t]{{1,8}}[\"'](?P<pair>{_NAME})[\"']",
    # the NAME is "x"   NAME -> x
    "sentence": rf"[ \t]{{1,8}}(?:{_JOINS})[ \t]{{1,8}}:?[\"'`)\]*_]{{0,3}}(?P<sentence>{_NAME})",
    # **NAME**: x   **NAME:** x
    "strong": rf"{_SP}(?:[*_]{{0,2}}:[*_]{{1,2}}|[*_]{{1,2}}:)(?P<strong>{_NAME})",
    # {"NAME", "x"}
    "first": rf"{_WS},{_WS}(?P<first>{_NAME}){_WS}\{{",
    "first_quoted": rf"{_WS},{_WS}[\"'](?P<first_quoted>{_NAME})[\"']{_WS}\{{",
    # ["--NAME", "x"]   --NAME x
    "option": r"[\"']?\s{0,24}(?:-[ ]{1,8}\n[ ]{0,24})?,?[\"']?(?<=\W)(?P<option>[\w-]{1,62}--)",
    # f(x, "NAME", "x")   set :NAME, 'x'
    "listed": rf"{_WS},{_WS}[\"'`](?P<listed>{_NAME})[\"'`]",
    "symbol": rf"{_WS},{_WS}(?P<symbol>{_NAME}):",
    # getenv("NAME") or "x"   ENV["NAME"] || "x"   ENV.fetch("NAME") { "x" }
    "fallback": rf"{_WS}(?:\|\||\?\?|:\?|ro|\{{){_WS}[\])]{{1,2}}[\"'](?P<fallback>{_NAME})",
    # var("NAME").unwrap_or("x")
    "method": rf"{_WS}\((?=\w{{0,20}}(?:_ro|ro_|rO|eslE|tluafe))\w{{2,24}}\.[\])]{{1,2}}[\"'](?P<method>{_NAME})",
    # NAME.equals("x")
    "equals": rf"{_WS}\((?:esacerongi)?(?:slauqe|lqe|qe)\??\.(?P<equals>{_NAME})",
    # | NAME | x |   <td>NAME</td><td>x</td>
    "cell": rf"(?:[ \t]{{0,24}}\|[ \t]{{0,24}}|\s{{0,24}}>dt<\s{{0,24}}>dt/<\s{{0,8}})[`*_]{{0,2}}(?P<cell>{_NAME})",
    # NAME:   x on the next line
    "below": rf"[ \t]{{0,24}}\n\r?[ \t]{{0,8}}:(?P<below>{_NAME})",
    # name 'x'   -Name "x"   :name "x"
    "beside": rf"\(?[ \t]{{1,8}}[\"'`]?(?P<beside>{_NAME})",
}
"""Expressions for the text before a value, read backwards: so one match from the value on tells, and nothing is searched."""
_ENDING_WITH = {
    "=": "expansion subscript array typed operator",
    ":": "expansion sentence fallback strong below operator",
    ">": "pair sentence cell operator",
    "-": "expansion sentence option operator",
    "(": "method equals keyword operator beside",
    "[": "operator",
    "{": "operator brace fallback",
    ",": "first first_quoted option listed symbol",
    "|": "fallback cell",
    "?": "fallback",
    "*": "strong keyword beside",
    "_": "strong",
    "–": "sentence",
    "—": "sentence",
    "→": "sentence",
    "": "typed operator pair sentence keyword option fallback cell below beside",
}
"""Which of them can end with a character; the empty key is for all other characters."""
_UNSURE = frozenset({"brace", "sentence", "listed", "symbol", "cell", "below", "beside"})
_ENDS = {"expansion": "}", "keyword": " ", "option": " ", "sentence": " ", "cell": " ", "below": " "}
_FORMS = {
    last: lazy("|".join(_BEFORE_VALUE[name] for name in names.split()), re.IGNORECASE)
    for last, names in _ENDING_WITH.items()
}

_DEFAULT = lazy(rf"{_WS}\(?{_WS}[:=]{_SP}[\"']?(?:eulav_?)?(?:{_reversed('default', 'fallback')})(?!\w)", re.IGNORECASE)
_VALUE = lazy(rf"\\?{_WS}[:=>]{_WS}\\?[\"']?(?:eulav(?:retemarap)?|tnetnoc)(?!\w)", re.IGNORECASE)
_ELEMENT = lazy(r"\s{0,24}(?:\[ATADC\[!<)?\s{0,8}(?:>eulav<)?\s{0,24}(>[^<>]{0,160}<)", re.IGNORECASE)
_NAMING = lazy(r"(?i)(?<![\w.])(?:parameterkey|name|key|id)\\?[\"']?\s{0,4}[:=]\s{0,4}\\?[\"']?([\w.$-]{2,64})")
_BEHIND = lazy(r"(?i)\\?[\"']?[\s,]{1,8}\\?[\"']?(?:name|key)\\?[\"']?\s{0,4}[:=]\s{0,4}\\?[\"']?([\w.$-]{2,64})")
_QUOTED = lazy(r"([\"'])(?:--?)?([\w.$-]{2,64})\1")
_TAG_NAME = lazy(r"<([\w:.-]{1,64})")
_PARENT = lazy(r"([\w.$-]{1,64})[\"']?\s{0,4}[:=]\s{0,8}\Z")
_KEY = lazy(r"[ -]*[\"']?([\w.$-]{1,64})[\"']?:[ \t]*(?:#.*)?\r?")
_TARGET = lazy(r"([\w.$-]{1,64})\s{0,4}(?::[^=\n]{0,40})?=\s{0,4}[\w.]{1,40}\Z")


def _begins_line(text: str, start: int) -> bool:
    begin = text.rfind("\n", max(0, start - 80), start) + 1
    return not text[begin:start].strip(" \t@:$+-")


def _sure(names: Iterable[Span]) -> Apart | None:
    found = tuple(names)
    return Apart(found, sure=True) if found else None


def _opening(text: str, low: int, end: int) -> int:
    """Where the bracket that is open at `end` stands, or `low`."""
    depth = 0
    for match in _BRACKET.finditer(text[low:end][::-1]):
        if match[0] in ")]}":
            depth += 1
        elif not depth:
            return end - match.end()
        else:
            depth -= 1
    return low


_BRACKET = lazy(r"[()\[\]{}]")


def _names_around(text: str, low: int, end: int) -> Iterator[Span]:
    """Names of what has a default: the strings in the same brackets, or what stands before these."""
    opening = _opening(text, low, end)
    yield from (Span(*match.span(2)) for match in _QUOTED.finditer(text, opening, end))
    yield from (Span(*match.span(1)) for match in _NAMING.finditer(text, opening, end))
    line = max(text.rfind("\n", low, opening) + 1, low)
    if text[opening : opening + 1] == "(" and (target := _TARGET.search(text, line, opening)) is not None:
        yield Span(*target.span(1))
    elif text[opening : opening + 1] == "{":
        yield from (Span(*match.span(2)) for match in _QUOTED.finditer(text, line, opening))


def _names_beside(text: str, low: int, end: int) -> Iterator[Span]:
    """What the other attributes of the same object or element say the value's name is."""
    start = max(_opening(text, low, end), text.rfind("<", low, end))
    yield from (Span(*match.span(1)) for match in _NAMING.finditer(text, start, end))
    if text[start : start + 1] == "{" and (parent := _PARENT.search(text, max(low, start - 80), start)) is not None:
        yield Span(*parent.span(1))


def _key_above(text: str, low: int, end: int) -> Iterator[Span]:
    """The key one level further out, where indentation is what nests."""
    line = text.rfind("\n", low, end) + 1
    depth = end - line
    if not line or text[line:end].strip(" \"'-"):
        return
    while line > low:
        stop = line - 1
        line = max(text.rfind("\n", low, stop) + 1, low)
        above = text[line:stop]
        if above.strip() and len(above) - len(above.lstrip(" ")) < depth:
            if (key := _KEY.fullmatch(above)) is not None:
                yield Span(line + key.start(1), line + key.end(1))
            return


def _names_of_tag(text: str, start: int, end: int) -> Iterator[Span]:
    """The name of an element and what its attributes call it."""
    tag = _TAG_NAME.match(text, start, end)
    if tag is not None:
        yield Span(*tag.span(1))
    yield from (Span(*match.span(1)) for match in _NAMING.finditer(text, start, end))
