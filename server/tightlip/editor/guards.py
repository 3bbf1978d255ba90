"""One guard per workspace folder, loaded when it is first wanted. Used on the worker's thread only."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

from tightlip.editor.uris import is_under
from tightlip.errors import TightlipError
from tightlip.guard import BASELINES, Guard, load_guard, rootless_guard, workspace_root
from tightlip.policy.organisation import Organisation, State
from tightlip.policy.stamp import Stamp, stamp_of
from tightlip.provenance.lines_seen import Memory
from tightlip.provenance.repository import Repositories


class Guards:
    """The guards of the folders that are open, and of files that lie outside of them."""

    def __init__(self) -> None:
        self.trusted = True
        """Whether the policy files of the folders may weaken anything; those of what lies outside of them may not."""
        self._memory = Memory()
        self._folders: tuple[str, ...] = ()
        self._by_root: dict[str, Guard] = {}
        self._without_root: Guard | None = None
        self._roots: dict[str, str] = {}
        self._seen: dict[str, Stamp] = {}

    def set_folders(self, folders: Sequence[str]) -> None:
        """Set the workspace folders (absolute paths); guards of folders that are gone are dropped."""
        self._folders = tuple(folders)
        self._roots.clear()
        for root, guard in list(self._by_root.items()):
            if not self._is_inside(root) or guard.trusted is not self._trusts(root):
                del self._by_root[root]
        self._remember()

    def set_trusted(self, trusted: bool) -> None:
        """Set whether the folders are trusted; every policy is then read anew when it is next wanted."""
        if trusted is not self.trusted:
            self.trusted = trusted
            self._by_root.clear()

    def of(self, path: str | None) -> Guard:
        """The guard for a file: that of its workspace folder (the innermost), else of its repository.

        A text without a path is looked at with the first folder's guard, or with what lies above all folders where there is
        none.
        Raises RuleError when the rules of this installation cannot be used.
        """
        root = self.root_of(path)
        if root is None:
            if self._without_root is None:
                self._without_root = rootless_guard(memory=self._memory)
                self._remember()
            return self._without_root
        guard = self._by_root.get(root)
        if guard is None:
            guard = self._by_root[root] = load_guard(Path(root), trusted=self._trusts(root), memory=self._memory)
            self._remember()
        return guard

    def _trusts(self, root: str) -> bool:
        """Whether a person trusts what lies at a root. Where no folder is open, it was the file's that he opened."""
        return self.trusted and (not self._folders or self._is_inside(root))

    def _is_inside(self, root: str) -> bool:
        return any(is_under(root, folder) for folder in self._folders)

    def root_of(self, path: str | None) -> str | None:
        """The folder whose guard looks at a file."""
        if path is None:
            return self._folders[0] if self._folders else None
        folder = os.path.dirname(path)  # noqa: PTH120
        root = self._roots.get(folder)
        if root is None:
            around = [candidate for candidate in self._folders if is_under(path, candidate)]
            root = max(around, key=len) if around else str(workspace_root(Path(folder)))
            self._roots[folder] = root
        return root

    def reload(self) -> None:
        """Read every policy again."""
        self._roots.clear()
        self._seen = {
            path: stamp_of(path) for path in self._watched()
        }  # what changes while it is read is read once more
        for guard in self.loaded:
            guard.reload()
        self._remember()

    def is_stale(self, folders: Sequence[str] | None = None) -> bool:
        """Whether a policy file has changed since it was read, or the organisation's policy by the passing of time.

        Of the policy files below the roots only those are compared that hold in `folders`; default: all that were met.
        """
        if any(seen != stamp_of(path) for path, seen in self._seen.items()):
            return True
        if any(guard.is_stale(folders) for guard in self.loaded):
            return True
        until = [found.until for found in self._organisations if found.until is not None]
        return bool(until) and min(until) <= datetime.now(timezone.utc)

    @property
    def loaded(self) -> list[Guard]:
        """The guards made so far, in the order they were wanted."""
        without = [self._without_root] if self._without_root is not None else []
        return [*self._by_root.values(), *without]

    @property
    def organisation(self) -> Organisation | None:
        """The organisation's policy as it was last read; of several readings one that is not wholly in force."""
        found = self._organisations
        return next((one for one in found if is_trouble(one)), found[0] if found else None)

    @property
    def outside(self) -> tuple[str, ...]:
        """Absolute paths of the organisation's and the user's policy files, also where they would be."""
        return tuple(dict.fromkeys(path for guard in self.loaded for path in guard.above.watched))

    @property
    def _organisations(self) -> list[Organisation]:
        return [guard.above.organisation for guard in self.loaded if guard.above.organisation is not None]

    def _remember(self) -> None:
        """Keep in mind how the files are that no guard compares itself; what a guard read before, as it was then."""
        watched = self._watched()
        self._seen = {path: self._seen[path] if path in self._seen else stamp_of(path) for path in watched}

    def _watched(self) -> set[str]:
        paths = set(self.outside)
        for root, guard in self._by_root.items():
            folders = {root, str(guard.top or root), str(guard.root or root)}
            paths.update(os.path.join(folder, name) for folder in folders for name in BASELINES)  # noqa: PTH118
        return paths


def is_trouble(organisation: Organisation) -> bool:
    """Whether the organisation's policy is not wholly in force, or not believed."""
    return organisation.broken or organisation.state in (State.UNTRUSTED, State.STALE)


def file_of(problem: TightlipError, guard: Guard) -> str | None:
    """Absolute path of the file a problem names: messages name files as seen from the top."""
    if problem.file is None or guard.top is None:
        return problem.file
    return str(Repositories().resolve(guard.top / problem.file))
