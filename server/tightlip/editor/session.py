"""All state of one run of the server: client, settings, documents, folders, results, what was told."""

from __future__ import annotations

import asyncio
import gc
import secrets
import time
from collections.abc import Iterable, Sequence
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, cast

from attrs import evolve
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from tightlip.editor.client import Client
from tightlip.editor.deep import Deep
from tightlip.editor.documents import LinedText, OpenDocument
from tightlip.editor.peer import Peer
from tightlip.editor.policy_state import POLICY, state_of
from tightlip.editor.protocol import TightlipProtocol
from tightlip.editor.schedule import Closed, Schedule
from tightlip.editor.settings import Settings, read_settings
from tightlip.editor.status import STATUS, Status, Statuses
from tightlip.editor.uris import path_of
from tightlip.editor.watched import WATCHED, watch_outside
from tightlip.editor.worker import Worker
from tightlip.errors import TightlipError

if TYPE_CHECKING:
    from tightlip.detect.deep.state import LaneState
    from tightlip.editor.checked import Checked
    from tightlip.editor.guards import Guards
    from tightlip.editor.redaction import Redactor
    from tightlip.editor.scan import ScannedFile


class Session:
    """The state, and what every handler needs of it: documents, results, a word to the client, work off the loop."""

    def __init__(self, protocol: TightlipProtocol):
        self.protocol = protocol
        self.peer = Peer(protocol)
        self.client = Client()
        self.settings = Settings()
        self.documents: dict[str, OpenDocument] = {}
        self.trusted = True
        """Whether the client's user trusts the folders; what an untrusted one says can only tighten."""
        self.folders: dict[str, str] = {}
        """Workspace folders: URI to absolute path."""
        self.worker = Worker()
        self.errands = Worker()
        """For slow questions to the disk, which no text must wait for."""
        self.run = secrets.token_hex(4)
        """Names this run of the server in result ids, so that an earlier run's are never taken for its own."""
        self.generation = 0
        """Grows with every change of policy or settings; results of an older one are looked at again."""
        self.policy_looked_at = 0.0
        """When (`time.monotonic`) the policy files were last compared with what was read."""
        self.schedule: Schedule[Checked] = Schedule(
            self._check,
            self.is_current,
            self._ready,
            self.settings.debounce / 1000,
            self.settings.max_delay / 1000,
        )
        self.deep = Deep(self._rested, self._worker_state)
        self.statuses = Statuses(lambda status: self.tell(STATUS, status.as_json()))
        self.changed = asyncio.Event()
        """Set when something changes that a report on the workspace shows: the policy, a saved or closed document."""
        self.changes = 0
        """How often that happened."""
        self.reported_changes = -1
        """The value of `changes` when the last report on the workspace was made."""
        self.scanned: dict[str, ScannedFile] = {}
        """What the last scan of the workspace kept of each file, by path."""
        self.recalled = -1
        """Generation under which the workspace's files were last searched for the values of placeholders."""
        self.published_files: set[str] = set()
        """URIs of files that are not open and have diagnostics pushed, by a scan of the workspace."""
        self.cells_are_pulled = False
        """Whether the client has pulled a notebook cell's diagnostics; until then they are pushed, for most pull none."""
        self.outside: tuple[str, ...] = ()
        """Policy files that are not the folders' own: absolute paths, also where there is none yet."""
        self._published: set[str] = set()
        self._loaded = False
        self._revision = 0

    @cached_property
    def guards(self) -> Guards:
        """The guards of the folders. Made, as `redactor`, when first wanted: the rooms below cost half of a start."""
        from tightlip.editor.guards import Guards

        return Guards()

    @cached_property
    def redactor(self) -> Redactor:
        """The mapping of this session, and what is done with it."""
        from tightlip.editor.redaction import Redactor

        return Redactor()

    # documents

    def open(self, item: lsp.TextDocumentItem, notebook: str | None = None) -> None:
        """Take a document in, and look at it at once."""
        if not self.settings.untitled and item.uri.startswith("untitled:"):
            return
        self._revision += 1
        self.documents[item.uri] = OpenDocument(
            item.uri,
            item.language_id,
            item.version,
            LinedText(item.text, self.client.encoding),
            self._revision,
            path_of(notebook or item.uri),
            notebook,
        )
        self.published_files.discard(item.uri)
        self.statuses.set(Status(item.uri, "checking", 0, self.deep.worker))
        self.schedule.touch(item.uri, self.protocol.received, at_once=True)

    def change(self, uri: str, version: int, changes: Iterable[lsp.TextDocumentContentChangeEvent]) -> None:
        """Apply edits, in order; for a document that is not open, nothing."""
        document = self.documents.get(uri)
        if document is None:
            return
        lined = document.lined
        for change in changes:
            lined = lined.changed(change)
        self._revision += 1
        self.documents[uri] = evolve(document, lined=lined, version=version, revision=self._revision)
        self.deep.forget_timer(uri)
        self.schedule.touch(uri, self.protocol.received)

    def close_document(self, uri: str) -> None:
        """Forget a document; what was pushed about it is taken back."""
        if self.documents.pop(uri, None) is None:
            return
        self.schedule.drop(uri)
        self.deep.forget(uri)
        self.statuses.forget(uri)
        if uri in self._published:
            self.publish(uri, None, ())
        self.something_changed()

    def cells_of(self, notebook: str) -> set[str]:
        """URIs of the open cells of a notebook."""
        return {document.uri for document in self.documents.values() if document.notebook == notebook}

    def is_open(self, path: str) -> bool:
        """Whether a file is open, however the client writes its URI."""
        return any(document.path == path for document in self.documents.values())

    def saved(self, uri: str) -> None:
        """A document was saved; a policy file is read again."""
        self.something_changed()
        if uri.rpartition("/")[2] in WATCHED or path_of(uri) in self.outside:
            self.policy_changed()

    async def checked(self, uri: str) -> Checked | None:
        """The newest result for a document, once its check is done; None when it is not open."""
        try:
            return await self.schedule.latest(uri)
        except Closed:
            return None

    # settings, folders, policy

    def configure(self, values: object) -> None:
        """Take new settings; wrong ones are told and leave the old."""
        before = self.settings
        self.settings, problems = read_settings(values, before)
        for problem in problems:
            self.peer.warn_once(f"{problem}.")
        if self.settings == before:
            return
        self.schedule.delay = self.settings.debounce / 1000
        self.schedule.max_delay = self.settings.max_delay / 1000
        if not self.settings.deep:
            self.deep.close()
        self._look_again()

    def pull_configuration(self) -> None:
        """Ask the client for its settings, where it answers such questions."""
        if self.client.configuration:
            self.peer.spawn(self._pull_configuration())

    def change_folders(self, added: Iterable[lsp.WorkspaceFolder], removed: Iterable[lsp.WorkspaceFolder]) -> None:
        """Workspace folders come and go; each has its own guard."""
        for folder in removed:
            self.folders.pop(folder.uri, None)
        for folder in added:
            path = path_of(folder.uri)
            if path is not None:
                self.folders[folder.uri] = path.rstrip("/\\") or path
        if self._loaded:
            self.worker.run(self.guards.set_folders, tuple(self.folders.values()))

    def trust(self, trusted: bool) -> None:
        """The user trusts the folders, or no longer does."""
        if trusted is self.trusted:
            return
        self.trusted = trusted
        self.policy_changed()

    def warm_up(self) -> None:
        """Load rules and policies on the worker's thread, before the first document wants them."""
        self.peer.spawn(self._warm_up())

    def policy_changed(self) -> None:
        """Policy, baseline or ignore files changed: read them again, and look at everything that is open."""
        self.peer.spawn(self.reload())

    async def reload(self) -> None:
        """The same, and wait until they are read."""
        await self._load()
        await self.worker.run(self.guards.set_trusted, self.trusted)
        await self.worker.run(self.guards.reload)
        await self._load_folders()
        self.generation += 1  # whoever asks because the policy was told gets an answer by it
        try:
            await self._told_and_watched()
        finally:
            self._look_again()

    # the client

    def tell(self, method: str, params: object) -> None:
        """Send one of our own notifications, where the client does something with it."""
        if method.removeprefix("tightlip/") in self.client.handles:
            self.peer.notify(method, params)

    def pushes(self, document: OpenDocument) -> bool:
        """Whether diagnostics of a document are pushed. Cells are, until the client pulls one: most pull only files."""
        if document.notebook is not None and self.client.pulls:
            return not self.cells_are_pulled
        return not self.client.pulls

    def publish(self, uri: str, version: int | None, diagnostics: Sequence[lsp.Diagnostic]) -> None:
        """Push the diagnostics of a document."""
        if diagnostics:
            self._published.add(uri)
        else:
            self._published.discard(uri)
        params = lsp.PublishDiagnosticsParams(uri, list(diagnostics), version)
        self.peer.notify(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, params)

    def take_back_cells(self) -> None:
        """The client pulls notebook cells after all: what was pushed about them is taken back."""
        for document in self.documents.values():
            if document.notebook is not None and document.uri in self._published:
                self.publish(document.uri, document.version, ())

    def refresh_diagnostics(self) -> None:
        """Have a pulling client pull again; a pushed one has been told already."""
        if self.client.pulls:
            self.peer.refresh(lsp.WORKSPACE_DIAGNOSTIC_REFRESH)

    def refresh_lenses(self) -> None:
        """Have the client ask for its code lenses again."""
        if self.client.lens_refresh:
            self.peer.refresh(lsp.WORKSPACE_CODE_LENS_REFRESH)

    def something_changed(self) -> None:
        """Wake whoever holds a report on the workspace back until there is something new in it."""
        self.changes += 1
        self.changed.set()
        self.changed = asyncio.Event()

    # work

    def close(self) -> None:
        """End the deep lane's worker and everything that runs."""
        self.deep.close()
        self.peer.close()

    async def _pull_configuration(self) -> None:
        item = lsp.ConfigurationItem(section="tightlip")
        try:
            values = await self.peer.request(lsp.WORKSPACE_CONFIGURATION, lsp.ConfigurationParams([item]))
        except JsonRpcException:
            return
        if isinstance(values, Sequence) and values:
            self.configure(cast("Sequence[object]", values)[0])

    async def _warm_up(self) -> None:
        try:
            await self._load()
            await self._load_folders()
            await self._told_and_watched()
            await self.worker.run_in_background(import_module, "tightlip.editor.code_action_resolve")
        finally:
            gc.freeze()  # rules and modules are no garbage: nothing that is typed waits until they were looked through
            gc.enable()

    async def _load_folders(self) -> None:
        for path in tuple(self.folders.values()) or (None,):
            try:
                await self.worker.run(self.guards.of, path and f"{path}/.")
            except TightlipError as error:
                self.peer.warn_once(str(error))

    async def _load(self) -> None:
        """Import the rooms below on the worker's thread, for the loop must not wait; once."""
        if not self._loaded:
            await self.worker.run(_import)
        if not self._loaded:
            self._loaded = True
            # as they are now: what comes from here on follows on the worker
            self.worker.run(self.guards.set_trusted, self.trusted)
            self.worker.run(self.guards.set_folders, tuple(self.folders.values()))

    async def _check(self, uri: str) -> Checked:
        await self._load()
        from tightlip.editor import looking

        return await looking.check(self, uri)

    def is_current(self, checked: Checked) -> bool:
        """Whether a result speaks of the document as it is, under the policy as it is."""
        document = self.documents.get(checked.document.uri)
        same = document is not None and document.revision == checked.document.revision
        return same and checked.generation == self.generation

    def _ready(self, checked: Checked) -> None:
        from tightlip.editor import looking

        looking.ready(self, checked)

    async def _told_and_watched(self) -> None:
        state = await self.worker.run(state_of, self.guards)
        self.tell(POLICY, state.as_json())
        if state.organisation in ("untrusted", "stale") or state.sentence == state.organisation_sentence != "":
            self.peer.warn_once(state.organisation_sentence)
        for problem in state.problems:
            if not problem.refused:
                self.peer.warn_once(problem.text)
        before, self.outside = self.outside, await self.worker.run(lambda: self.guards.outside)
        watch_outside(self.peer, self.client, before, self.outside)

    def _look_again(self) -> None:
        self.generation += 1
        for uri in self.documents:
            self.schedule.touch(uri, time.monotonic(), at_once=True)
        self.something_changed()
        if self.protocol.initialized:
            self.refresh_diagnostics()
            self.refresh_lenses()

    def _rested(self, uri: str) -> None:
        from tightlip.editor import looking

        self.peer.spawn(looking.look_deep(self, uri))

    def _worker_state(self, state: LaneState) -> None:
        """Tell each new state of the deep lane's worker: in every document's status, and once as a message in the log."""
        name = state.state.value
        if name not in ("off", "busy") and self.peer.is_news(name):
            kind = lsp.MessageType.Warning if name in ("failed", "restarting") else lsp.MessageType.Info
            self.peer.notify(lsp.WINDOW_LOG_MESSAGE, lsp.LogMessageParams(kind, f"tightlip: {state.sentence}"))
        for uri in self.documents:
            status = self.statuses.get(uri)
            if status is not None:
                self.statuses.set(evolve(status, worker=self.deep.worker))


def _import() -> None:
    import_module("tightlip.editor.guards")
    import_module("tightlip.editor.looking")
