"""Finds the organisation's policy files, reads each once, and says what proves it or why nothing does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from attrs import Factory, define

from tightlip.errors import PolicyError
from tightlip.policy.bundle import BundleRead, read_bundle
from tightlip.policy.managed import managed_policy
from tightlip.policy.organisation import State
from tightlip.policy.ownership import Content, doubt_about, printable, read_content
from tightlip.policy.places import VARIABLE, Places, folder_files
from tightlip.policy.signature import MAX_SIGNATURE, SUFFIX, Signed, check, own
from tightlip.syntax.toml import TomlDocument, parse_toml


class Source(NamedTuple):
    """One policy file of the organisation. Without a failure it is proven and parsed; with one, what was got is kept."""

    place: str
    """Absolute path, or the registry's key."""
    base: str
    failure: PolicyError | None = None
    proof: State | None = None
    """TRUSTED or SIGNED; None where nothing proves it."""
    signed: Signed | None = None
    data: bytes = b""
    signature: bytes = b""
    document: TomlDocument | None = None
    """Parsed from `data`, the bytes that were proven."""
    read: BundleRead = BundleRead(None, (), doubtful=False)


@define
class Sources:
    """The files of some places. `now` is for ssh-keygen; None is its clock."""

    places: Places
    now: datetime | None = None
    watched: list[str] = Factory(list[str])
    """Files that were looked at."""
    problems: list[PolicyError] = Factory(list[PolicyError])
    """Of signers, which proves nothing and disproves nothing."""
    missing: list[PolicyError] = Factory(list[PolicyError])
    """Folders from which something may be missing."""
    _pinned: list[Content] | None = None

    def all(self) -> list[Source]:
        """The device manager's, the folder's, TIGHTLIP_POLICY's. Never raises."""
        return [*self._managed(), *self._folder(), *self._bundle()]

    def checked(self, data: bytes, signature: bytes, *, alone: bool = True) -> Signed:
        """Whose signature this is, by the signers of these places. Raises PolicyError.

        `alone`: nothing else proves the data. Then signers whom only this account pins count on a machine for which no
        administrator has set anything up: else a user could pin himself, and be his own organisation.
        """
        if self._pinned is None:
            self._pinned = list(self._signers())
        if not self._pinned:
            where = " or ".join(map(printable, self.places.signers)) or "no place"
            raise PolicyError(f"its signature cannot be checked: nobody may sign yet; name the signers in {where}")
        pinned = self._pinned[0]
        if alone and not self.is_inside(pinned.path) and self._is_administered():
            where = printable(self.places.signers[0])
            raise PolicyError(
                f"its signer is named by this account only ({printable(pinned.path)}), and this machine has a policy of its "
                f"organisation; an administrator must name the signer in {where}"
            )
        return check(data, signature, pinned, self.now)

    def is_inside(self, path: str) -> bool:
        """Whether a path lies in the organisation's folder."""
        return bool(self.places.folder) and Path(path).parent == Path(self.places.folder)

    def _signers(self) -> Iterator[Content]:
        """The first file of allowed signers, if it counts. One that is there and does not count is never passed over."""
        self.watched += self.places.signers
        for path in filter(_is_there, self.places.signers):
            try:
                found = read_content(path, None if self.is_inside(path) else own(), MAX_SIGNATURE)
            except PolicyError as error:
                self.problems.append(error)
                return
            if found.doubt:
                self.problems.append(PolicyError(f"these signers do not count: {found.doubt}", file=printable(path)))
            else:
                yield found
            return

    def _is_administered(self) -> bool:
        """Whether an administrator has made the organisation's folder, or a device manager has written a policy."""
        return bool(self.places.folder and _is_there(self.places.folder)) or any(self._managed())

    def _managed(self) -> Iterator[Source]:
        place = self.places.managed
        if not place:
            return
        try:
            data = managed_policy(place)
        except PolicyError as error:
            yield Source(place, self.places.folder, error)
            return
        if data is not None:
            yield _parsed(Source(place, self.places.folder, proof=State.TRUSTED, data=data))

    def _folder(self) -> list[Source]:
        folder = self.places.folder
        if not folder:
            return []
        _, main, _, drop_ins = folder_files(self.places)
        if not _is_there(folder):
            return []
        paths: list[str] = []
        try:
            if _look(main):
                paths.append(main)
            here = folder
            if _look(drop_ins):
                here = drop_ins
                paths += (f"{drop_ins}/{name}" for name in sorted(os.listdir(drop_ins)) if _is_policy(name))  # noqa: PTH208
            if not paths and (doubt := doubt_about(here)):
                message = f"there is no policy here, and one may have been taken away: {doubt}"
                self.missing.append(PolicyError(message, file=printable(here)))
        except (OSError, ValueError) as problem:
            why = problem.strerror if isinstance(problem, OSError) else "this is no path"
            message = f"cannot look for the organisation's policy here: {why}"
            self.missing.append(PolicyError(message, file=printable(folder)))
        return [self._file(path) for path in paths]

    def _bundle(self) -> list[Source]:
        path = self.places.bundle
        if not path:
            return []
        if not Path(path).is_absolute():
            message = f"{VARIABLE} must name a file by its absolute path"
            return [Source(path, "", PolicyError(message, file=printable(path)))]
        return [self._file(path, must_be_signed=True)]

    def _file(self, path: str, *, must_be_signed: bool = False) -> Source:
        base = str(Path(path).parent)
        self.watched += (path, path + SUFFIX)
        try:
            content = read_content(path)
        except PolicyError as error:
            return Source(path, base, error)
        try:
            source = self._proven(content, base, must_be_signed=must_be_signed)
        except PolicyError as error:
            source = Source(path, base, _placed(error, path), data=content.data)
        return _parsed(source)

    def _proven(self, content: Content, base: str, *, must_be_signed: bool) -> Source:
        """Raises PolicyError where nothing proves the content, or a signature that is there does not."""
        path, data = content.path, content.data
        if _is_there(path + SUFFIX):
            signature = read_content(path + SUFFIX, limit=MAX_SIGNATURE).data
            signed = self.checked(data, signature, alone=must_be_signed or bool(content.doubt))
            return Source(path, base, None, State.SIGNED, signed, data, signature)
        if must_be_signed:
            what = f"there is no signature beside this file, and what {VARIABLE} names needs one"
            raise PolicyError(f"{what}; put its {SUFFIX} there, or sign it: tightlip policy sign")
        if content.doubt:
            raise PolicyError(f"{content.doubt}, or sign the file: tightlip policy sign")
        return Source(path, base, None, State.TRUSTED, data=data)


def parsed_policy(data: bytes, path: str) -> TomlDocument:
    """A policy's bytes as TOML. Raises PolicyError."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise PolicyError("this file is not UTF-8; save it as UTF-8", file=printable(path)) from None
    return parse_toml(text.replace("\r\n", "\n"), printable(path), PolicyError)


def _parsed(source: Source) -> Source:
    try:
        document = parsed_policy(source.data, source.place)
    except PolicyError as error:
        return source._replace(failure=source.failure or error)
    return source._replace(document=document, read=read_bundle(document))


def _placed(error: PolicyError, path: str) -> PolicyError:
    return error if error.file else PolicyError(error.message, file=printable(path))


def _is_policy(name: str) -> bool:
    return name.lower().endswith(".toml") and not name.startswith(".")


def _is_there(path: str) -> bool:
    try:
        return _look(path)
    except OSError:
        return True  # reading it tells why it cannot be looked at


def _look(path: str) -> bool:
    """Whether something is there. Raises OSError where that cannot be told."""
    try:
        os.lstat(path)
    except FileNotFoundError:
        return False
    except ValueError:
        pass  # a path that no system knows: reading it says so
    return True
