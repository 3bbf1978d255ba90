"""A language server that says one thing of every text: what an editor's own server is to tightlip."""

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

server = LanguageServer("other", "1")
ALL = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 3))


@server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
def opened(params: lsp.DidOpenTextDocumentParams) -> None:
    """Publish the one diagnostic."""
    found = lsp.Diagnostic(ALL, "said by the other server", severity=lsp.DiagnosticSeverity.Warning, source="other")
    server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(params.text_document.uri, [found]))


if __name__ == "__main__":
    server.start_io()
