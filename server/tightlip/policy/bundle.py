"""`[bundle]`: which policy of an organisation a file is, and from when to when it holds.

A datetime with an offset is that moment; one without is UTC. A date means the whole day in UTC: `not_before` its first
moment, `expires` its last.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from typing import NamedTuple

from tightlip.errors import PolicyError
from tightlip.policy.table import Table, shown
from tightlip.syntax.toml import TomlDocument

GRACE = timedelta(days=30)
"""How long a policy is kept after it expired, or after the last time it could be believed."""

MAX_REVISION = 2**63 - 1
_KEYS = ("id", "revision", "not_before", "expires", "incident_contact")


class Bundle(NamedTuple):
    """What `[bundle]` says; a key it does not have is empty or None."""

    id: str
    revision: int | None
    not_before: datetime | None
    expires: datetime | None
    incident_contact: str
    source: str
    """`file:line` of the table."""

    @property
    def label(self) -> str:
        """As messages name it: `acme revision 7`."""
        name = shown(self.id) if self.id else "without an id"
        return f"{name} revision {self.revision}" if self.revision is not None else name


class Lapse(NamedTuple):
    """That a policy is not in force by its own dates, or is only kept."""

    sentence: str
    is_kept: bool
    """Whether it expired so lately that it still counts."""


class BundleRead(NamedTuple):
    """The table of one file, and its mistakes."""

    bundle: Bundle | None
    problems: tuple[PolicyError, ...]
    doubtful: bool
    """What protects the policy cannot be read: its revision or one of its dates."""


def read_bundle(document: TomlDocument) -> BundleRead:
    """Read `[bundle]` of a policy. Never raises."""
    problems: list[PolicyError] = []
    table = Table(document, (), document.data, problems).table("bundle")
    if table is None:
        return BundleRead(None, tuple(problems), doubtful=bool(problems))
    table.known(*_KEYS)
    name = table.text("id") or ""
    revision = _revision(table)
    if revision is not None and not name:
        table.problem('a "revision" counts for an "id"; write id = "acme"', "revision")
    bundle = Bundle(
        name,
        revision,
        _moment(table, "not_before", time.min),
        _moment(table, "expires", time.max),
        table.text("incident_contact") or "",
        table.source(),
    )
    read = {"revision": revision, "not_before": bundle.not_before, "expires": bundle.expires}
    doubtful = any(value is None and key in table.data for key, value in read.items())
    return BundleRead(bundle, tuple(problems), doubtful)


def lapse_of(bundle: Bundle, now: datetime) -> Lapse | None:
    """Why a policy is not in force at a moment by what it says itself; None where it is."""
    if bundle.not_before is not None and bundle.not_before > now:
        return Lapse(f"policy {bundle.label} is in force only from {bundle.not_before:%Y-%m-%d %H:%M} UTC", False)
    if bundle.expires is None or bundle.expires >= now:
        return None
    if now - bundle.expires > GRACE:
        return Lapse(f"policy {bundle.label} expired more than {GRACE.days} days ago; {get_new(bundle)}", False)
    kept = f"is kept until {day(graced(bundle.expires))}"
    return Lapse(f"policy {bundle.label} expired on {day(bundle.expires)} and {kept}; {get_new(bundle)}", True)


def get_new(bundle: Bundle) -> str:
    """What to do about a policy that is too old."""
    return (
        f"get the newest one from {shown(bundle.incident_contact)}" if bundle.incident_contact else "get the newest one"
    )


def graced(moment: datetime) -> datetime:
    """The end of the grace period that begins at a moment."""
    try:
        return moment + GRACE
    except OverflowError:
        return datetime.max.replace(tzinfo=timezone.utc)


def day(moment: datetime) -> str:
    """A moment as a message names it: its day in UTC."""
    return f"{moment:%Y-%m-%d}"


def _revision(table: Table) -> int | None:
    value = table.data.get("revision")
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_REVISION:
        return value
    table.problem('"revision" must be a whole number from 0, as in revision = 7', "revision")
    return None


def _moment(table: Table, key: str, of_day: time) -> datetime | None:
    value = table.data.get(key)
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.removesuffix("Z")) if len(value) > 10 else date.fromisoformat(value)
        except ValueError:
            value = None
    if isinstance(value, datetime):
        try:
            return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)
        except OverflowError:
            value = None
    if isinstance(value, date):
        return datetime.combine(value, of_day, timezone.utc)
    if key in table.data:
        table.problem(f'"{key}" must be a date or a time, as in 2027-01-31 or 2027-01-31T08:00:00Z', key)
    return None
