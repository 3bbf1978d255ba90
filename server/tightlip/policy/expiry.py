"""When what a policy says for a while ends: an exception, an allowed value, the policy itself."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import NamedTuple

from tightlip.policy.bundle import Bundle
from tightlip.policy.model import AllowEntry, ExceptionEntry

SOON = timedelta(days=30)
"""What ends within this time is told of."""


class Expiry(NamedTuple):
    """That something has ended, or soon will."""

    message: str
    """One sentence without the place."""
    is_over: bool
    source: str
    """`file:line` of the entry."""


def expiry_of(entry: AllowEntry | ExceptionEntry | Bundle, day: date) -> Expiry | None:
    """What is to be told on a day; None where it never ends, or not soon. What is only asked for cannot end soon."""
    expires = entry.expires
    if isinstance(expires, datetime):
        expires = expires.date()
    if expires is None or expires - day > SOON:
        return None
    what, remedy = "this allow", "remove it, or have it approved anew"
    if isinstance(entry, Bundle):
        what, remedy = "this policy", "make a new revision of it"
    elif isinstance(entry, ExceptionEntry):
        what = f"exception {entry.id}"
    if expires < day:
        return Expiry(f"{what} expired on {expires}: {remedy}", True, entry.source)
    if isinstance(entry, ExceptionEntry) and not entry.approved:
        return None
    days = (expires - day).days
    when = "today" if not days else "tomorrow" if days == 1 else f"in {days} days"
    return Expiry(f"{what} expires on {expires}, {when}", False, entry.source)
