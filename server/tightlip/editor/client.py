"""What the client can do, resolved once at `initialize`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from attrs import frozen
from lsprotocol import types as lsp
from pygls.capabilities import ServerCapabilitiesBuilder

from tightlip.editor.plain import as_object


@frozen
class Client:
    """The client's capabilities, as far as the server behaves differently for them."""

    name: str = ""
    encoding: str = "utf-16"
    """Unit of columns: the first one of the client's list that the server knows, UTF-16 without a list."""
    pulls: bool = False
    """Whether diagnostics are pulled. A client that pulls but cannot be asked to pull again (Neovim 0.11) would keep
    showing old findings after a change of policy, so it is pushed to instead; never both."""
    lens_refresh: bool = False
    related_information: bool = False
    code_description: bool = False
    diagnostic_data: bool = False
    document_changes: bool = False
    """Whether an edit may name the version it is for. Who creates files by an edit can, even without saying so (Neovim)."""
    creates_files: bool = False
    resolves_edits: bool = False
    literal_actions: bool = False
    preferred_actions: bool = False
    markdown: bool = False
    progress: bool = False
    watches_files: bool = False
    configuration: bool = False
    watches_configuration: bool = False
    applies_edits: bool = False
    shows_documents: bool = False
    watches_anywhere: bool = False
    """Whether it watches files outside of its folders too, by a folder of their own."""
    diagnostics_in_hover: bool = False
    """Whether it shows a place's diagnostics above what a hover answers (`initializationOptions.diagnosticsInHover`)."""
    handles: frozenset[str] = frozenset()
    """Our own notifications it does something with (`initializationOptions.notifications`): `status`, `policy`, `copyText`,
    `openText`. Others warn of methods they do not know, and would show a menu entry that does nothing."""


def resolve_client(params: lsp.InitializeParams) -> Client:
    """Read the capabilities a client sends at `initialize`."""
    capabilities = params.capabilities
    workspace = capabilities.workspace or lsp.WorkspaceClientCapabilities()
    text = capabilities.text_document or lsp.TextDocumentClientCapabilities()
    window = capabilities.window or lsp.WindowClientCapabilities()
    edits = workspace.workspace_edit or lsp.WorkspaceEditClientCapabilities()
    operations = edits.resource_operations or ()
    actions = text.code_action or lsp.CodeActionClientCapabilities()
    resolves = actions.resolve_support.properties if actions.resolve_support else ()
    hover = text.hover.content_format if text.hover else None
    refresh = workspace.diagnostics.refresh_support if workspace.diagnostics else False
    pulls = text.diagnostic is not None and bool(refresh)
    shown = text.diagnostic if pulls else text.publish_diagnostics
    encoding = ServerCapabilitiesBuilder.choose_position_encoding(capabilities)
    options = as_object(params.initialization_options) or {}
    named = options.get("notifications")
    handles = cast("Sequence[object]", named) if isinstance(named, Sequence) and not isinstance(named, str) else ()
    return Client(
        name=params.client_info.name if params.client_info else "",
        encoding=encoding.value if isinstance(encoding, lsp.PositionEncodingKind) else encoding,
        pulls=pulls,
        lens_refresh=bool(workspace.code_lens and workspace.code_lens.refresh_support),
        related_information=bool(shown and shown.related_information),
        code_description=bool(shown and shown.code_description_support),
        diagnostic_data=bool(shown and shown.data_support),
        document_changes=bool(edits.document_changes or operations),
        creates_files=lsp.ResourceOperationKind.Create in operations,
        resolves_edits="edit" in resolves,
        literal_actions=actions.code_action_literal_support is not None,
        preferred_actions=bool(actions.is_preferred_support),
        markdown=bool(hover) and lsp.MarkupKind.Markdown in hover,
        progress=bool(window.work_done_progress),
        watches_files=bool(
            workspace.did_change_watched_files and workspace.did_change_watched_files.dynamic_registration
        ),
        configuration=bool(workspace.configuration),
        watches_configuration=bool(
            workspace.did_change_configuration and workspace.did_change_configuration.dynamic_registration
        ),
        applies_edits=bool(workspace.apply_edit),
        shows_documents=bool(window.show_document and window.show_document.support),
        watches_anywhere=bool(
            workspace.did_change_watched_files and workspace.did_change_watched_files.relative_pattern_support
        ),
        diagnostics_in_hover=options.get("diagnosticsInHover") is True,
        handles=frozenset(name for name in handles if isinstance(name, str)),
    )
