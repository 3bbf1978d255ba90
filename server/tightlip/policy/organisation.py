"""The organisation's policy: which files of it count, and why the others do not.

A file counts when only root can have written it (`ownership`), or when it is signed (`signature`); a signature that lies
beside a file must always verify, and what TIGHTLIP_POLICY names must have one. What does not count is never passed over: it
is a problem, and `broken` says that something is missing that should be in force. While a last good copy stands in for it,
nothing is missing, and the state is `stale`.

What no copy stands in for is handed out apart, in `tightening`: what it forbids can be obeyed without belief.
"""

from __future__ import annotations

import os
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from tightlip.errors import PolicyError
from tightlip.policy.ownership import printable
from tightlip.policy.places import REGISTRY, Places, folder_files
from tightlip.syntax.toml import TomlDocument

if TYPE_CHECKING:
    from tightlip.policy.bundle import Bundle


class State(str, Enum):
    """Whether the organisation's policy may be believed; of several files, the worst."""

    TRUSTED = "trusted"
    """Only an administrator can have written it."""
    SIGNED = "signed"
    UNTRUSTED = "untrusted"
    """Something lies there that cannot be believed, or cannot be read."""
    STALE = "stale"
    """It has expired, or its last good copy is in force."""
    ABSENT = "absent"


class OrgFile(NamedTuple):
    """One policy of the organisation, parsed from the very bytes that were found good."""

    document: TomlDocument
    path: str
    """Absolute; of a last good copy, the copy's."""
    name: str
    """As messages show it."""
    base: str
    """Absolute folder from which its globs and file names count."""


class Organisation(NamedTuple):
    """What there is of the organisation's policy at one moment."""

    state: State
    files: tuple[OrgFile, ...] = ()
    """Those that count: a device manager's, `tightlip.toml`, `policy.d` by name, TIGHTLIP_POLICY's. None replaces another."""
    tightening: tuple[OrgFile, ...] = ()
    """Those that can be read and not believed."""
    problems: tuple[PolicyError, ...] = ()
    broken: bool = False
    """Something that should be in force is not."""
    sentence: str = ""
    bundle: Bundle | None = None
    """Of the first file that counts and has one."""
    watched: tuple[str, ...] = ()
    """Paths; when one of them appears, changes or goes, read again."""
    until: datetime | None = None
    """The next moment at which it changes by itself; read again then."""


def organisation(places: Places, now: datetime | None = None) -> Organisation:
    """Find, prove and parse the organisation's policy. Never raises.

    `now` is the clock's; one without an offset is UTC. ssh-keygen is started only where there is a signature, and where there
    is no policy a look or two is all that it costs.
    """
    if not places.bundle and all(map(_is_absent, filter(None, (places.folder, places.managed)))):
        return Organisation(State.ABSENT, sentence=no_policy(places), watched=looked_for(places))
    from tightlip.policy.in_force import in_force

    return in_force(places, now)


def no_policy(places: Places) -> str:
    """The sentence for a machine without a policy of an organisation."""
    return f"There is no organisation's policy on this machine: nothing lies in {printable(places.folder)}."


def looked_for(places: Places) -> tuple[str, ...]:
    """Where a policy may appear."""
    folder = folder_files(places) if places.folder else ()
    return (*folder, places.managed) if places.managed else folder


def _is_absent(path: str) -> bool:
    if path == REGISTRY:
        return False
    try:
        os.lstat(path)
    except FileNotFoundError:
        return True
    except (OSError, ValueError):
        pass
    return False
