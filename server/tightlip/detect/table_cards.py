"""Address books and calendars: vCard (RFC 6350), iCalendar (RFC 5545) and LDIF (RFC 2849); every entry is a row of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tightlip.detect.table_shape import Range, Table
from tightlip.syntax.lazy import lazy

_VALUE = r"(?P<value>[^\r\n]*(?:\r?\n[ \t][^\r\n]*){0,8})"
_PROPERTY = lazy(
    rf"^(?:[\w-]{{1,32}}\.)?(?P<name>[A-Za-z-]{{1,32}})(?:;(?:[^:\"\r\n]|\"[^\"\r\n]*\"){{0,1024}})?:{_VALUE}",
    re.MULTILINE,
)
_CARD = lazy(r"^BEGIN:VCARD\b", re.MULTILINE | re.IGNORECASE)
_PEOPLE = lazy(
    r"^(?:ATTENDEE|ORGANIZER)(?P<parameters>;(?:[^:\"\r\n]|\"[^\"\r\n]*\"|\r?\n[ \t]){0,2048}):"
    r"(?:mailto:)?(?P<email>[^\s;]{0,320})",
    re.MULTILINE | re.IGNORECASE,
)
_COMMON_NAME = lazy(r";CN=(?:\"([^\"]*)\"|([^;:\"]*))", re.IGNORECASE)
_SCHEME = lazy(r"(?:tel|mailto):", re.IGNORECASE)
_COMPONENT = lazy(r"(?:[^;\\]|\\.|\\\Z)*", re.DOTALL)
_ENTRY = lazy(r"^dn:", re.MULTILINE | re.IGNORECASE)
_BLANK = lazy(r"^\r?$", re.MULTILINE)
_ATTRIBUTE = lazy(rf"^(?P<name>[A-Za-z][\w-]{{0,63}})(?:;[\w-]{{1,32}}){{0,4}}:[ ]?(?![:<]){_VALUE}", re.MULTILINE)
_LONGEST = 65_536
"""Code points of a card or an entry that are read."""

_OF_A_CARD = {
    "n": ("last_name", "first_name"),
    "fn": ("full_name",),
    "nickname": ("nickname",),
    "tel": ("phone",),
    "email": ("email",),
    "adr": ("", "", "street", "city", "", "zip"),
    "bday": ("date_of_birth",),
}
"""What the components of a card's properties hold, as fields are called (RFC 6350, 6.2 to 6.4)."""
_OF_AN_ENTRY = {
    "cn": "full_name",
    "displayname": "full_name",
    "sn": "last_name",
    "surname": "last_name",
    "givenname": "first_name",
    "mail": "email",
    "telephonenumber": "phone",
    "mobile": "phone",
    "homephone": "phone",
    "street": "street",
    "streetaddress": "street",
    "l": "city",
    "postalcode": "zip",
    "uid": "username",
    "samaccountname": "username",
}
"""What the attributes of a directory's entry hold (RFC 4519 and RFC 2798)."""
_OF_A_PERSON = frozenset({"sn", "surname", "givenname"})
_PERSONS = frozenset({"person", "organizationalperson", "inetorgperson"})
"""Attributes, or classes, without which an entry is a group, a host or a unit, whose `cn` is nobody's name."""


def card_tables(text: str) -> Iterator[Table]:
    """The vCards of a text, and the people whom its calendar entries name."""
    for begin, end in _parts(text, _CARD):
        end = stop if (stop := text.find("\nEND:VCARD", begin, end)) >= 0 else end
        cells: list[tuple[str, Range]] = []
        for found in _PROPERTY.finditer(text, begin, end):
            start = found.start("value")
            for name in _OF_A_CARD.get(found["name"].lower(), ()):
                component = _COMPONENT.match(text, start, found.end("value"))
                stop = component.end() if component else start
                scheme = _SCHEME.match(text, start, stop)
                cells.append((name, _trimmed(text, scheme.end() if scheme else start, stop)))
                start = stop + 1
        yield from _row(cells)
    for found in _PEOPLE.finditer(text) if "ATTENDEE" in text or "ORGANIZER" in text else ():
        name = _COMMON_NAME.search(text, *found.span("parameters"))
        cells = [("full_name", _trimmed(text, *name.span(name.lastindex or 0)))] if name else []
        yield from _row([*cells, ("email", found.span("email"))])


def entry_tables(text: str) -> Iterator[Table]:
    """The entries of people in an export of a directory (LDIF)."""
    for begin, end in _parts(text, _ENTRY):
        blank = _BLANK.search(text, begin, end)
        found = list(_ATTRIBUTE.finditer(text, begin, blank.start() if blank else end))
        names = [attribute["name"].lower() for attribute in found]
        classes = {
            text[slice(*one.span("value"))].strip().lower() for one in found if one["name"].lower() == "objectclass"
        }
        if _OF_A_PERSON.isdisjoint(names) and (_PERSONS.isdisjoint(classes) or "computer" in classes):
            continue
        known = zip(map(_OF_AN_ENTRY.get, names), found, strict=True)
        yield from _row([(name, _trimmed(text, *attribute.span("value"))) for name, attribute in known if name])


def _parts(text: str, beginning: re.Pattern[str]) -> Iterator[Range]:
    """From each beginning to the next."""
    starts = [*(match.start() for match in beginning.finditer(text)), len(text)]
    for start, end in pairwise(starts):
        yield start, min(end, start + _LONGEST)


def _row(cells: Sequence[tuple[str, Range]]) -> Iterator[Table]:
    filled = [(name, place) for name, place in cells if name and place[0] < place[1]]
    if filled:
        places = [place for _, place in filled]
        yield Table(tuple(name for name, _ in filled), lambda positions: iter([[places[at] for at in positions]]))


def _trimmed(text: str, start: int, end: int) -> Range:
    content = text[start:end]
    return end - len(content.lstrip()), start + len(content.rstrip())
