"""What an account remembers of policies: the highest revision of each id, and the last good copy of each signed file.

Nothing here is believed: a copy is kept with its signature and is verified again whenever it is used, and a revision only
makes what is accepted stricter. Who may write the folder may delete it, and then every policy is the first one seen; that is
as safe as an account can be against itself.

`seen.json` that cannot be read is left as it is, and nothing is written over it: revisions are then held against nothing,
which is told at every read until a person deletes the file. It does not begin anew by itself.
"""

from __future__ import annotations

import contextlib
import json
import os
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import NamedTuple, cast

from attrs import Factory, define, evolve

from tightlip.errors import PolicyError
from tightlip.policy.bundle import MAX_REVISION, Bundle
from tightlip.policy.ownership import printable, read_content
from tightlip.policy.signature import MAX_SIGNATURE, SUFFIX, own, write_whole

FILE = "seen.json"
_EVERY = timedelta(days=1)
"""How often it is noted that a policy is still good."""


class Seen(NamedTuple):
    """The last time the policy of one place was good, the bundle it was, and the name of its copy."""

    id: str
    at: datetime
    copy: str


class Good(NamedTuple):
    """A policy that is in force: where it lies, and what is to be kept of it."""

    place: str
    bundle: Bundle | None
    data: bytes
    signature: bytes
    """Empty for a policy that is believed because of whom it belongs to: of that one no copy is kept."""


@define
class Memory:
    """What was seen, as it was when it was recalled."""

    folder: str
    revisions: dict[str, int] = Factory(dict[str, int])
    places: dict[str, Seen] = Factory(dict[str, Seen])
    problem: PolicyError | None = None

    def copy(self, place: str) -> tuple[str, bytes, bytes] | None:
        """Path, policy and signature of the last good copy of a place; None where there is none that can be read."""
        seen = self.places.get(place)
        if seen is None or not seen.copy:
            return None
        path = f"{self.folder}/{seen.copy}.toml"
        try:
            return (
                path,
                read_content(path, own()).data,
                read_content(path + SUFFIX, own(), MAX_SIGNATURE).data,
            )
        except PolicyError:
            return None


def recall(folder: str) -> Memory:
    """What is remembered in a folder. Never raises: what cannot be read is a problem of the memory."""
    path = f"{folder}/{FILE}"
    if not folder or not os.path.lexists(path):
        return Memory(folder)
    try:
        return _parsed(folder, read_content(path, own()).data)
    except PolicyError as error:
        return Memory(folder, problem=_damaged(path, error.message))
    except (ValueError, TypeError, AttributeError, KeyError, OverflowError, RecursionError):
        return Memory(folder, problem=_damaged(path, "it is damaged"))


def remember(memory: Memory, good: list[Good], now: datetime) -> PolicyError | None:
    """Note what is in force; nothing is written when all of it is known. Returns what went wrong, never raises."""
    if memory.problem is not None:
        return None
    if not memory.folder:
        return _cannot("this account has no home in the user table") if _news(memory, good, now) else None
    if _news(memory, good, now) is None:
        return None
    try:
        Path(memory.folder).mkdir(mode=0o700, parents=True, exist_ok=True)
        latest = recall(memory.folder)  # another process may have noted something meanwhile
        if latest.problem is not None or (news := _news(latest, good, now)) is None:
            return None
        for one in good:
            if one.signature:
                _keep(news, one)
        write_whole(f"{memory.folder}/{FILE}", _written(news), 0o600)
        _forget_copies(news)
    except OSError as problem:
        return _cannot(problem.strerror or "it cannot be written", memory.folder)
    return None


def _news(memory: Memory, good: list[Good], now: datetime) -> Memory | None:
    """The memory with what is new, or None when nothing is."""
    import hashlib

    revisions, places = dict(memory.revisions), dict(memory.places)
    new = False
    for one in good:
        name = one.bundle.id if one.bundle else ""
        if name and one.bundle and one.bundle.revision is not None:
            revisions[name] = max(revisions.get(name, 0), one.bundle.revision)
        if not one.signature:
            continue
        copy = hashlib.sha256(one.signature + one.data).hexdigest()[:32]
        known = places.get(one.place)
        same = known is not None and (known.id, known.copy) == (name, copy)
        if known is None or not same or abs(now - known.at) > _EVERY or not _kept(memory.folder, copy):
            places[one.place] = Seen(name, now, copy)
            new = True
    if not new and revisions == memory.revisions:
        return None
    return evolve(memory, revisions=revisions, places=places)


def _kept(folder: str, copy: str) -> bool:
    path = f"{folder}/{copy}.toml"
    return os.path.lexists(path) and os.path.lexists(path + SUFFIX)


def _keep(memory: Memory, one: Good) -> None:
    seen = memory.places[one.place]
    if not _kept(memory.folder, seen.copy):
        path = f"{memory.folder}/{seen.copy}.toml"
        write_whole(path, one.data, 0o600)
        write_whole(path + SUFFIX, one.signature, 0o600)


def _forget_copies(memory: Memory) -> None:
    wanted = {seen.copy for seen in memory.places.values()}
    for path in Path(memory.folder).glob("*.toml*"):
        name = path.name.partition(".")[0]
        if path.name in (f"{name}.toml", f"{name}.toml{SUFFIX}") and _is_copy(name) and name not in wanted:
            with contextlib.suppress(OSError):
                path.unlink()


def _is_copy(name: str) -> bool:
    return len(name) == 32 and set(name) <= set("0123456789abcdef")


def _written(memory: Memory) -> bytes:
    places = {
        place: {"id": seen.id, "at": seen.at.astimezone(timezone.utc).isoformat(), "copy": seen.copy}
        for place, seen in memory.places.items()
    }
    return json.dumps({"revisions": memory.revisions, "places": places}, indent=1, sort_keys=True).encode()


def _parsed(folder: str, data: bytes) -> Memory:
    """Raises ValueError, TypeError, AttributeError or KeyError for what `_written` does not write."""
    found = cast("dict[str, dict[str, object]]", json.loads(data))
    revisions: dict[str, int] = {}
    for name, revision in found["revisions"].items():
        if not isinstance(revision, int) or isinstance(revision, bool) or not 0 <= revision <= MAX_REVISION:
            raise ValueError
        revisions[name] = revision
    places: dict[str, Seen] = {}
    for place, entry in cast("dict[str, dict[str, str]]", found["places"]).items():
        at = datetime.fromisoformat(entry["at"])
        if at.tzinfo is None or not _is_copy(entry["copy"]):
            raise ValueError
        places[place] = Seen(str(entry["id"]), at.astimezone(timezone.utc), entry["copy"])
    return Memory(folder, revisions, places)


def _damaged(path: str, why: str) -> PolicyError:
    message = (
        f"what was seen of policies cannot be read, so that an older policy would not be noticed: {why}; "
        "find out who changed this file, then delete it"
    )
    return PolicyError(message, file=printable(path))


def _cannot(why: str, folder: str = "") -> PolicyError:
    message = f"the revision of the organisation's policy cannot be remembered, so that an older one would not be noticed: {why}"
    return PolicyError(message, file=printable(folder) or None)
