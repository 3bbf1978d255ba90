"""Every editor has one page, of one structure; its configuration can be read by what reads it and starts `tightlip server`."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

EDITORS = Path(__file__).parent.parent.parent / "editors"
PAGES = ("emacs", "helix", "jetbrains", "kakoune", "sublime", "vim", "zed")
SECTIONS = ["Install", "Configuration", "What works", "What was tried"]
FORMATS = {"elisp", "json", "kak", "toml", "vim"}


def page(editor: str) -> str:
    """The text of an editor's page."""
    return (EDITORS / editor / "README.md").read_text(encoding="utf-8")


def section(editor: str, title: str) -> str:
    """The text under a heading."""
    return page(editor).split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


def blocks(editor: str, language: str) -> list[str]:
    """The code blocks of a page in one language."""
    return re.findall(rf"```{language}\n(.*?)```", page(editor), flags=re.DOTALL)


def test_every_editor_has_a_page() -> None:
    folders = {folder.name for folder in EDITORS.iterdir() if folder.is_dir()}
    assert folders == {*PAGES, "neovim", "vscode"}
    for folder in folders:
        assert (EDITORS / folder / "README.md").is_file()


@pytest.mark.parametrize("editor", PAGES)
def test_a_page_has_the_sections_of_every_page(editor: str) -> None:
    assert re.findall(r"^## (.*)$", page(editor), flags=re.MULTILINE) == SECTIONS
    assert "pipx install tightlip" in section(editor, "Install")
    assert "tightlip server" in section(editor, "Configuration")
    assert re.search(r"\b(Tried in \w+ [\d.]+|Not tried here: )", section(editor, "What was tried"))


@pytest.mark.parametrize("editor", PAGES)
def test_what_a_page_says_was_tried_is_tested(editor: str) -> None:
    tested = (EDITORS.parent / "tests" / "editors" / f"test_{editor}.py").is_file()
    assert ("on every change of this repository" in " ".join(section(editor, "What was tried").split())) == tested


@pytest.mark.parametrize("editor", PAGES)
def test_every_block_is_of_a_language_that_is_read_here(editor: str) -> None:
    assert set(re.findall(r"^```(\w+)$", page(editor), flags=re.MULTILINE)) <= FORMATS


@pytest.mark.parametrize("editor", PAGES)
def test_links_lead_somewhere(editor: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page(editor)):
        assert target.startswith("https://") or (EDITORS / editor / target).exists(), target


def test_helix_starts_the_server_for_every_language_it_lists() -> None:
    [block] = blocks("helix", "toml")
    config = tomllib.loads(block)
    server = config["language-server"]["tightlip"]
    assert [server["command"], *server["args"]] == ["tightlip", "server"]
    names = [language["name"] for language in config["language"]]
    assert len(names) == len(set(names))
    assert {"env", "json", "yaml", "python"} <= set(names)
    for language in config["language"]:
        assert language["language-servers"][-1] == "tightlip"
        assert set(language) == {"name", "language-servers"}
    # what stands in a comment is an example of the same format
    example = re.search(r"^# (config = .*)$", block, flags=re.MULTILINE)
    assert example is not None
    known_settings(tomllib.loads(example[1])["config"]["settings"])


def test_sublime_starts_the_server() -> None:
    [block] = blocks("sublime", "json")
    client = json.loads(block)["clients"]["tightlip"]
    assert (client["enabled"], client["command"]) == (True, ["tightlip", "server"])
    known_settings(client["initializationOptions"]["settings"])


def test_zed_has_an_extension_that_starts_the_server() -> None:
    folder = EDITORS / "zed"
    manifest = tomllib.loads((folder / "extension.toml").read_text(encoding="utf-8"))
    cargo = tomllib.loads((folder / "Cargo.toml").read_text(encoding="utf-8"))
    [(name, server)] = manifest["language_servers"].items()
    assert name == manifest["id"] == "tightlip"
    assert set(server["language_ids"]) <= set(server["languages"])
    assert len(server["languages"]) == len(set(server["languages"]))
    assert (manifest["version"], cargo["lib"]["crate-type"]) == (cargo["package"]["version"], ["cdylib"])
    code = (folder / "src" / "lib.rs").read_text(encoding="utf-8")
    assert 'worktree.which("tightlip")' in code
    assert 'vec!["server".into()]' in code
    assert cargo["dependencies"]["zed_extension_api"] in page("zed")
    [block] = blocks("zed", "json")
    settings = json.loads(block)
    known_settings(settings["lsp"]["tightlip"]["initialization_options"]["settings"])
    assert settings["languages"]["Python"]["language_servers"] == ["tightlip", "..."]
    assert "Python" in server["languages"]


def test_jetbrains_has_a_template_that_starts_the_server() -> None:
    folder = EDITORS / "jetbrains" / "lsp4ij"
    template = json.loads((folder / "template.json").read_text(encoding="utf-8"))
    assert template["programArgs"] == {"default": "tightlip server", "windows": "tightlip.exe server"}
    patterns = [pattern for mapping in template["fileTypeMappings"] for pattern in mapping["fileType"]["patterns"]]
    assert len(patterns) == len(set(patterns))
    assert {".env", "*.py", "*.csv", "*.ipynb"} <= set(patterns)
    options = json.loads((folder / "initializationOptions.json").read_text(encoding="utf-8"))
    known_settings(options["settings"])
    [block] = blocks("jetbrains", "json")
    assert json.loads(block) == options


def test_kakoune_adds_the_server_to_those_of_a_file_type() -> None:
    [block] = blocks("kakoune", "kak")
    added = re.search(r"set-option -add buffer lsp_servers %\{(.*?)\n    \}", block, flags=re.DOTALL)
    assert added is not None
    server = tomllib.loads(added[1])["tightlip"]
    assert [server["command"], *server["args"]] == ["tightlip", "server"]
    assert block.count("{") == block.count("}")


def test_vims_other_clients_start_the_server() -> None:
    [coc] = blocks("vim", "json")
    server = json.loads(coc)["languageserver"]["tightlip"]
    assert [server["command"], *server["args"]] == ["tightlip", "server"]
    others = [block for block in blocks("vim", "vim") if "server" in block]
    assert len(others) == 2
    assert "path: 'tightlip', args: ['server']" in others[0]
    assert "cmd: ['tightlip', 'server']" in others[1]


def test_emacs_pages_lisp_is_balanced() -> None:
    for block in blocks("emacs", "elisp"):
        code = re.sub(r'"[^"]*"|;.*', "", block)
        assert code.count("(") == code.count(")")


@pytest.mark.parametrize("editor", PAGES)
def test_a_page_is_short_and_of_this_machine_nothing(editor: str) -> None:
    text = page(editor)
    assert len(text.splitlines()) <= 110
    assert max(len(line) for line in text.splitlines()) <= 140
    assert "/tmp" not in text
    assert "!" not in re.sub(r"`[^`\n]*`|```.*?```", "", text, flags=re.DOTALL)


def known_settings(settings: dict[str, Any]) -> None:
    """Fails where the server does not know a setting or its value."""
    from tightlip.editor.settings import Settings, read_settings

    read, problems = read_settings(settings, Settings())
    assert problems == ()
    assert settings
    assert set(settings) <= {"deep", "debounce"}
    assert all(getattr(read, name) == value for name, value in settings.items())


def test_the_server_the_pages_name_exists() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tightlip", "server", "--help"], capture_output=True, text=True, check=True, timeout=60
    )
    assert "language server" in done.stdout.lower()
