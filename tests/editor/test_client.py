"""What the three real clients can do is told from what they say, and a client that says nothing is served too."""

import json
from pathlib import Path

import pytest
from lsprotocol import types as lsp
from lsprotocol.converters import get_converter

from tightlip.editor.client import Client, resolve_client

CAPABILITIES = Path(__file__).parents[1] / "lsp" / "capabilities"


def resolved(name: str) -> Client:
    params = json.loads((CAPABILITIES / f"{name}.json").read_text("utf-8"))
    return resolve_client(get_converter().structure(params, lsp.InitializeParams))


def test_visual_studio_code_pulls_resolves_and_creates():
    client = resolved("vscode-1.139")
    assert (client.encoding, client.pulls, client.lens_refresh) == ("utf-16", True, True)
    assert client.resolves_edits
    assert client.document_changes
    assert client.creates_files
    assert client.code_description


def test_neovim_pulls_but_cannot_be_asked_to_so_it_is_pushed_to():
    client = resolved("nvim-0.11.4")
    assert (client.encoding, client.pulls) == ("utf-8", False)
    assert client.document_changes, "it applies them though it does not say so"
    assert not client.watches_files


def test_eglot_resolves_nothing_and_reads_plain_text():
    client = resolved("emacs-28-eglot-1.9")
    assert (client.encoding, client.pulls, client.resolves_edits, client.markdown) == ("utf-16", False, False, False)
    assert not client.related_information
    assert not client.creates_files


@pytest.mark.parametrize("capabilities", [{}, {"textDocument": {}, "workspace": {}, "window": {}, "general": {}}])
def test_a_client_that_says_nothing_is_pushed_plain_things_to(capabilities):
    params = {"processId": None, "rootUri": None, "capabilities": capabilities}
    client = resolve_client(get_converter().structure(params, lsp.InitializeParams))
    assert client == Client()
