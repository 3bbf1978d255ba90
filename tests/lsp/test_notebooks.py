"""Cells of a notebook are checked like documents, under the notebook's own path."""

from pathlib import Path

import pytest
from lsprotocol import types as lsp

from tests.lsp.conftest import CLIENTS, Editor, Start
from tests.lsp.samples import AWS_KEY, CODE, GITHUB_TOKEN, RESTRICTING_POLICY, SECRET_FILE
from tightlip.editor.documents import LinedText

pytestmark = pytest.mark.asyncio


def cell_uri(notebook: Path, number: int) -> str:
    return f"vscode-notebook-cell:{notebook.as_posix()}#W{number}sZmlsZQ%3D%3D"


def open_notebook(editor: Editor, notebook: Path, *texts: str) -> list[str]:
    cells = [cell_uri(notebook, number) for number in range(len(texts))]
    document = lsp.NotebookDocument(
        notebook.as_uri(), "jupyter-notebook", 1, [lsp.NotebookCell(lsp.NotebookCellKind.Code, uri) for uri in cells]
    )
    items = [lsp.TextDocumentItem(uri, "python", 1, text) for uri, text in zip(cells, texts, strict=True)]
    for item in items:
        editor.texts[item.uri], editor.versions[item.uri] = LinedText(item.text, editor.encoding), 1
    editor.client.notebook_document_did_open(lsp.DidOpenNotebookDocumentParams(document, items))
    return cells


def change(editor: Editor, notebook: Path, cells: lsp.NotebookDocumentCellChanges) -> None:
    identifier = lsp.VersionedNotebookDocumentIdentifier(uri=notebook.as_uri(), version=2)
    event = lsp.NotebookDocumentChangeEvent(cells=cells)
    editor.client.notebook_document_did_change(lsp.DidChangeNotebookDocumentParams(identifier, event))


async def test_cells_are_checked_as_they_are_typed_added_and_removed(start: Start, tmp_path: Path):
    editor = await start(CLIENTS[0], [tmp_path])
    assert editor.result.capabilities.notebook_document_sync is not None
    notebook = tmp_path / "analysis.ipynb"
    first, second = open_notebook(editor, notebook, CODE, SECRET_FILE)
    assert [item.code for item in await editor.pushed(second)] == ["github-personal-access-token"]
    assert await editor.pushed(first) == []
    place = lsp.Position(0, 0)
    edit = lsp.TextDocumentContentChangePartial(lsp.Range(place, place), f'k = "{AWS_KEY}"\n')
    identifier = lsp.VersionedTextDocumentIdentifier(uri=first, version=2)
    change(
        editor,
        notebook,
        lsp.NotebookDocumentCellChanges(text_content=[lsp.NotebookDocumentCellContentChanges(identifier, [edit])]),
    )
    assert len(await editor.pushed(first, lambda params: params.version == 2)) == 1
    third = lsp.TextDocumentItem(cell_uri(notebook, 2), "python", 1, f't = "{GITHUB_TOKEN}"')
    change(
        editor,
        notebook,
        lsp.NotebookDocumentCellChanges(
            structure=lsp.NotebookDocumentCellChangeStructure(
                lsp.NotebookCellArrayChange(1, 1, [lsp.NotebookCell(lsp.NotebookCellKind.Code, third.uri)]),
                did_open=[third],
                did_close=[lsp.TextDocumentIdentifier(second)],
            )
        ),
    )
    assert len(await editor.pushed(third.uri)) == 1
    assert await editor.pushed(second, lambda params: not params.diagnostics) == []
    editor.client.notebook_document_did_close(
        lsp.DidCloseNotebookDocumentParams(
            lsp.NotebookDocumentIdentifier(notebook.as_uri()), [lsp.TextDocumentIdentifier(first)]
        )
    )
    assert await editor.pushed(third.uri, lambda params: not params.diagnostics) == []


async def test_a_client_that_pulls_cells_is_no_longer_pushed_to(start: Start, tmp_path: Path):
    editor = await start(CLIENTS[0], [tmp_path])
    first, second = open_notebook(editor, tmp_path / "a.ipynb", SECRET_FILE, SECRET_FILE)
    await editor.pushed(first)
    await editor.pushed(second)
    assert len((await editor.pull(first)).items) == 1
    assert await editor.pushed(first, lambda params: not params.diagnostics) == []
    assert await editor.pushed(second, lambda params: not params.diagnostics) == []
    pushes = len(editor.published[first])
    editor.replace(first, SECRET_FILE + "\n")
    assert len((await editor.pull(first)).items) == 1
    assert len(editor.published[first]) == pushes


async def test_a_cell_of_a_restricted_notebook_is_restricted_and_its_edits_apply(start: Start, tmp_path: Path):
    (tmp_path / "tightlip.toml").write_text(RESTRICTING_POLICY)
    editor = await start(CLIENTS[0], [tmp_path])
    (cell,) = open_notebook(editor, tmp_path / "ledger.ipynb", SECRET_FILE)
    items = await editor.pushed(cell)
    assert [item.code for item in items] == ["restricted", "github-personal-access-token"]
    actions = await editor.actions(cell, items[1].range, ["quickfix"])
    editor.apply(actions[0].edit)
    assert GITHUB_TOKEN not in editor.text(cell)
