"""stub until merge"""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from attrs import frozen

from tightlip.errors import PolicyError
from tightlip.syntax.toml import TomlDocument


class State(str, Enum):
    TRUSTED = "trusted"
    SIGNED = "signed"
    UNTRUSTED = "untrusted"
    STALE = "stale"
    ABSENT = "absent"


@frozen
class OrgFile:
    document: TomlDocument
    path: str
    name: str
    base: str


@frozen
class Organisation:
    state: State
    files: tuple[OrgFile, ...] = ()
    tightening: tuple[OrgFile, ...] = ()
    problems: tuple[PolicyError, ...] = ()
    broken: bool = False
    sentence: str = ""
    bundle: object = None
    watched: tuple[str, ...] = ()


from pathlib import Path


@frozen
class Places:
    folder: str = ""
    bundle: str = ""
    signers: tuple[str, ...] = ()
    state: str = ""
    user: str = ""


def places(environ=None, platform=None) -> Places:
    return Places()


def organisation(where: Places, now: datetime | None = None) -> Organisation:
    return Organisation(State.ABSENT)


def user_file(where: Places) -> Path | None:
    return None
