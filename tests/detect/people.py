"""Files full of people who do not exist, in the syntaxes such files are written in. Made on the spot: this repository holds none."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence

from tightlip.detect.sample_pii import PII_MAKERS

Person = dict[str, str]


def people(count: int, seed: int = 1) -> list[Person]:
    rng = random.Random(seed)

    def made(kind: str, argument: str = "") -> str:
        return PII_MAKERS[kind](rng, argument)

    return [
        {
            "id": str(number),
            "first_name": made("given"),
            "last_name": made("family") + rng.choice(("", "son", "berg", "mann")),
            "email": made("email", rng.choice(("g" + "mail.com", ""))),
            "phone": made("phone", "US"),
            "ssn": made("ssn"),
            "date_of_birth": f"{rng.randrange(1940, 2004)}-{rng.randrange(2, 13):02}-{rng.randrange(13, 29)}",
            "street": f"{rng.choice(('Lange Reihe', 'Friedrichstrasse', 'Linden Boulevard'))} {rng.randrange(1, 200)}",
            "city": rng.choice(("Braunschweig", "Hobart", "Lyon")),
            "amount": f"{rng.random() * 100:.2f}",
        }
        for number in range(1, count + 1)
    ]


NAMED = ("first_name", "last_name", "email", "phone", "ssn", "date_of_birth", "street", "city")
"""Keys of a person that hold personal data."""


def _lines(rows: Sequence[Person], joint: str) -> str:
    return "".join(joint.join(row) + "\n" for row in (rows[0], *(row.values() for row in rows)))


def _inserts(rows: Sequence[Person]) -> str:
    columns = ", ".join(rows[0])
    return "".join(f"INSERT INTO users ({columns}) VALUES ({_quoted(row)});\n" for row in rows)


def _insert(rows: Sequence[Person]) -> str:
    tuples = ",\n".join(f"({_quoted(row)})" for row in rows)
    return f"INSERT INTO users ({', '.join(rows[0])}) VALUES\n{tuples};\n"


def _quoted(row: Person) -> str:
    return ", ".join(f"'{value}'" for value in row.values())


def _copy(rows: Sequence[Person]) -> str:
    body = "".join("\t".join(row.values()) + "\n" for row in rows)
    return f"COPY public.users ({', '.join(rows[0])}) FROM stdin;\n{body}\\.\n"


def _yaml(rows: Sequence[Person]) -> str:
    return "".join("- " + "\n  ".join(f'{key}: "{value}"' for key, value in row.items()) + "\n" for row in rows)


def _python(rows: Sequence[Person]) -> str:
    return "USERS = [\n" + "".join(f"    {row!r},\n" for row in rows) + "]\n"


def _calls(rows: Sequence[Person]) -> str:
    return "".join("User.create(" + ", ".join(f"{key}={value!r}" for key, value in row.items()) + ")\n" for row in rows)


def _javascript(rows: Sequence[Person]) -> str:
    lines = ("  { " + ", ".join(f"{key}: '{value}'" for key, value in row.items()) + " },\n" for row in rows)
    return "export const users = [\n" + "".join(lines) + "];\n"


def _markdown(rows: Sequence[Person]) -> str:
    head = ["| " + " | ".join(rows[0]) + " |", "|" + "---|" * len(rows[0])]
    return "\n".join([*head, *("| " + " | ".join(row.values()) + " |" for row in rows)]) + "\n"


FILES: dict[str, Callable[[Sequence[Person]], str]] = {
    "users.csv": lambda rows: _lines(rows, ","),
    "users.tsv": lambda rows: _lines(rows, "\t"),
    "inserts.sql": _inserts,
    "insert.sql": _insert,
    "copy.sql": _copy,
    "users.json": lambda rows: json.dumps(rows, indent=2),
    "users.jsonl": lambda rows: "".join(json.dumps(row) + "\n" for row in rows),
    "users.yaml": _yaml,
    "users.py": _python,
    "calls.py": _calls,
    "users.js": _javascript,
    "users.md": _markdown,
}
"""A name for a file of each syntax, and how it is written."""
