"""How a value is written in a language's literals. Each gives the escaped text, or None where it cannot be written so.

The marks of planted values pass through all of them.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable
from urllib.parse import quote
from xml.sax.saxutils import escape as xml_escape

from tests.bench.quality_sample import CLOSE, CUT, OPEN

Escape = Callable[[str], "str | None"]
_MARKS = OPEN + CLOSE + CUT


def double(value: str) -> str:
    """Between double quotes in most languages: backslash escapes, line ends as `\\n`."""
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def dollar(value: str) -> str | None:
    """As `double`, where `$` begins an interpolation: Kotlin, Dart, Groovy, PowerShell's neighbours."""
    return double(value).replace("$", "\\$")


def single(value: str) -> str | None:
    """Between single quotes with backslash escapes."""
    return value.replace("\\", "\\\\").replace("'", "\\'") if "\n" not in value else None


def template(value: str) -> str:
    """In a JavaScript template literal."""
    return value.replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")


def json_string(value: str) -> str:
    """In a JSON string."""
    return json.dumps(value, ensure_ascii=False)[1:-1]


def json_twice(value: str) -> str:
    """In a JSON document that is itself a JSON string."""
    return json_string(json_string(value))


def without(characters: str) -> Escape:
    """As it is, where none of the characters is in it."""
    return lambda value: None if set(characters) & set(value) else value


def matching(pattern: str) -> Escape:
    """As it is, where all of it (marks left out) matches."""
    compiled = re.compile(pattern)
    return lambda value: value if compiled.fullmatch(value.translate(dict.fromkeys(map(ord, _MARKS)))) else None


word = matching(r"[A-Za-z0-9_./:=@%+,^~-]+")
"""A word of a shell."""
token = matching(r"[A-Za-z0-9_.+/=~:-]+")
"""What may stand in a header without quotes."""
line = without("\n")
plain = without("\n\"'\\`$")
"""One line that needs no escape in any language."""
yaml_plain = matching(r"(?![\d.]+\Z)[A-Za-z0-9/](?:[^\s#:]|(?<!\s)#|:(?=\S))*")
yaml_flow = matching(r"(?![\d.]+\Z)[A-Za-z0-9/](?:[^\s#:,\[\]{}]|:(?=\S))*")
dotenv = matching(r"[^\s#\"'`$\\]+")


def yaml_single(value: str) -> str | None:
    """Between single quotes in YAML."""
    return value.replace("'", "''") if "\n" not in value else None


def shell_double(value: str) -> str | None:
    """Between double quotes in a shell."""
    return re.sub(r'([\\"$`])', r"\\\1", value) if "\n" not in value and "!" not in value else None


def properties(value: str) -> str | None:
    """In a Java properties file."""
    return value.replace("\\", "\\\\") if "\n" not in value else None


def element(value: str) -> str:
    """As the text of an XML element."""
    return xml_escape(value)


def attribute(value: str) -> str | None:
    """In an XML attribute."""
    return xml_escape(value, {'"': "&quot;"}) if "\n" not in value else None


def sql(value: str) -> str | None:
    """Between single quotes in SQL."""
    return value.replace("'", "''") if "\\" not in value and "\n" not in value else None


def csv_cell(value: str) -> str:
    """In a CSV cell, with quotes where it needs them."""
    doubled = value.replace('"', '""')
    return f'"{doubled}"' if set(value) & set(',"\n') else value


def query(value: str) -> str | None:
    """Percent-encoded, in a query or before the `@` of an address."""
    if "\n" in value or len(value) > 400:
        return None
    return "".join(c if c in _MARKS else quote(c, safe="") for c in value)


def encoded(value: str) -> str | None:
    """In Base64, all of it."""
    bare = value.translate(dict.fromkeys(map(ord, _MARKS)))
    return f"{OPEN}{base64.b64encode(bare.encode()).decode()}{CLOSE}"


def whole(value: str) -> bool:
    """Whether all of a marked value is the secret, so that it can be cut in two."""
    return value.startswith(OPEN) and value.endswith(CLOSE) and value.count(OPEN) == 1


def cut(joint: str, escape: Escape = plain) -> Escape:
    """In two literals with `joint` between them."""

    def write(value: str) -> str | None:
        middle = len(value) // 2
        if not whole(value) or len(value) < 14 or escape(value) is None:
            return None
        return f"{escape(value[:middle])}{CUT}{joint}{OPEN}{escape(value[middle:])}"

    return write


def indented(margin: str) -> Escape:
    """Each further line behind a margin."""
    return lambda value: value.replace("\n", "\n" + margin)
