"""Stand-ins that pass for the real thing: same kind, same format, and nobody's."""

from __future__ import annotations

from collections.abc import Container

from tightlip.redact import synthetic_numbers as numbers
from tightlip.redact import synthetic_people as people
from tightlip.redact.draws import ATTEMPTS, Draws, Maker
from tightlip.redact.invented import Pool, default_pool
from tightlip.redact.placeholder import normalise


def synthetic(kind: str, value: str, key: bytes, pool: Pool | None, taken: Container[str]) -> str | None:
    """A value of the same kind and format that belongs to nobody, or None where there is none left, or none at all.

    The same value under the same key gives the same answer (HMAC-SHA256, RFC 2104) as long as `taken`, the values that occur
    in the workspace, allows it; never one of them, and never `value` itself. `pool` replaces built-in values by kind (see
    `tightlip.redact.invented`). Kinds: those of `KINDS`.
    """
    make = KINDS.get(kind)
    if make is None or not value.strip():
        return None
    values = {**default_pool(), **(pool or {})}
    same = value.casefold()
    draws = Draws(key, kind, normalise(kind.upper().replace("-", "_"), value))
    for attempt, candidate in enumerate(make(value, draws, values)):
        if attempt >= ATTEMPTS:
            return None
        if candidate.casefold() != same and candidate not in taken:
            return candidate
    return None


KINDS: dict[str, Maker] = {
    "email": people.email,
    "phone": numbers.phone,
    "payment-card": numbers.card,
    "iban": numbers.iban,
    "ssn": numbers.ssn,
    "ip": numbers.ip,
    "mac": numbers.mac,
    "name": people.name,
    "street": people.street,
    "address": people.street,
    "city": people.city,
    "postcode": people.postcode,
    "date": people.date,
    "nino": numbers.nino,
    "nhs": numbers.nhs,
    "sin": numbers.sin,
    "imei": numbers.imei,
    "username": people.username,
}
"""What can be made, by the names a rule's `synthetic` uses."""
