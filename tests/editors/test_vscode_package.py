"""What the VS Code extension's manifest promises, held against its sources: no editor, no network, no Node."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

import tightlip

ROOT = Path(__file__).resolve().parent.parent.parent
EXTENSION = ROOT / "editors" / "vscode"
MANIFEST: dict[str, Any] = json.loads((EXTENSION / "package.json").read_text(encoding="utf-8"))
CONTRIBUTES: dict[str, Any] = MANIFEST["contributes"]
SETTINGS: dict[str, dict[str, Any]] = CONTRIBUTES["configuration"]["properties"]
SOURCES = {path: path.read_text(encoding="utf-8") for path in sorted((EXTENSION / "src").rglob("*.ts"))}
CODE = "\n".join(SOURCES.values())

ONLY_LOOKS = {"tightlip.codeLens", "tightlip.trace.server"}
"""Settings that an untrusted workspace may choose: they change what is shown, not what is checked or let through."""


def registered() -> set[str]:
    """Ids of the commands that the sources register: by a name, by a constant, or by a part of the name."""
    found = set(re.findall(r'registerCommand\(\s*"(tightlip\.\w+)"', CODE))
    for constant in re.findall(r"registerCommand\(\s*([A-Z_]+)\b", CODE):
        found |= set(re.findall(rf'\bconst {constant} = "(tightlip\.\w+)"', CODE))
    for text in SOURCES.values():
        if "registerCommand(`tightlip.${name}`" in text:
            found |= {f"tightlip.{name}" for name in re.findall(r'\bcommand\(\s*"(\w+)"', text)}
    return found


def walk(value: object) -> Iterator[dict[str, Any]]:
    """Every object inside a JSON value."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from walk(item)


def texts(value: object) -> Iterator[str]:
    """Every string inside a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts(item)


def contributed() -> set[str]:
    return {command["command"] for command in CONTRIBUTES["commands"]}


def menu_items() -> list[dict[str, Any]]:
    return [item for items in CONTRIBUTES["menus"].values() for item in items]


def pictures() -> set[str]:
    """Paths of files that the manifest names."""
    found = {text for text in texts(MANIFEST) if re.fullmatch(r"(media|walkthrough|dist)/[\w./-]+", text)}
    assert len(found) > 5
    return found


def test_every_command_in_the_palette_is_registered() -> None:
    assert contributed() - registered() == set()


def test_every_command_of_a_menu_is_contributed_and_its_submenu_exists() -> None:
    assert {item["command"] for item in menu_items() if "command" in item} <= contributed()
    submenus = {item["id"] for item in CONTRIBUTES["submenus"]}
    assert {item["submenu"] for item in menu_items() if "submenu" in item} == submenus
    assert submenus <= set(CONTRIBUTES["menus"])


def test_every_key_runs_a_registered_command_and_asks_for_a_context_of_ours() -> None:
    for key in CONTRIBUTES["keybindings"]:
        assert key["command"] in registered()
        assert "tightlip." in key["when"], f"{key['key']} would be taken from its owner everywhere"


def test_every_command_that_a_text_links_to_exists() -> None:
    links = [link for text in texts(CONTRIBUTES) for link in re.findall(r"\(command:([\w.]+)", text)]
    assert len(links) > 5
    assert {link for link in links if link.startswith("tightlip.")} <= contributed()


def test_every_setting_that_a_text_links_to_exists() -> None:
    linked = re.findall(r'openSettings\?\["([\w.]+)"\]', unquote(" ".join(texts(CONTRIBUTES))))
    assert linked
    assert all(any(name.startswith(link) for name in SETTINGS) for link in linked)


def test_every_context_key_of_a_condition_is_set_by_the_sources() -> None:
    places = {view["id"] for views in CONTRIBUTES["views"].values() for view in views} | {"tightlip.report"}
    asked = {
        name
        for found in walk(CONTRIBUTES)
        for name in re.findall(r"(?<![\w.])tightlip\.[\w.]+", str(found.get("when", "")))
    } - places
    assert "tightlip.running" in asked
    for name in asked:
        own = name.removeprefix("tightlip.")
        group = own.rpartition(".")[0]
        ways = [f'"setContext", "{name}"', f'set("{own}"', f'contextKey("{own}"']
        if group:
            ways.append(f'"setContext", `tightlip.{group}.${{')
        assert any(way in CODE for way in ways), f"nothing sets {name}"


def test_every_view_of_a_welcome_exists_and_is_filled() -> None:
    views = {view["id"] for views in CONTRIBUTES["views"].values() for view in views}
    assert {welcome["view"] for welcome in CONTRIBUTES["viewsWelcome"]} == views
    assert all(f'"{view}"' in CODE for view in views)
    assert set(CONTRIBUTES["views"]) <= {container["id"] for container in CONTRIBUTES["viewsContainers"]["activitybar"]}


def test_participant_and_tools_are_registered_by_the_names_the_manifest_gives() -> None:
    for participant in CONTRIBUTES["chatParticipants"]:
        assert f'createChatParticipant("{participant["id"]}"' in CODE
    for tool in CONTRIBUTES["languageModelTools"]:
        assert f'registerTool("{tool["name"]}"' in CODE


def test_every_setting_stands_in_the_readme_with_its_default() -> None:
    readme = (EXTENSION / "README.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(tightlip\.[\w.]+)` \| (?:`([^`]*)`)? ?\|", readme, re.MULTILINE))
    shown = {name: "" if found["default"] == "" else str(found["default"]) for name, found in SETTINGS.items()}
    assert rows == {name: text.lower() if text in ("True", "False") else text for name, text in shown.items()}


def test_an_untrusted_workspace_chooses_nothing_but_looks() -> None:
    trust = MANIFEST["capabilities"]["untrustedWorkspaces"]
    assert trust["supported"] == "limited"
    assert set(trust["restrictedConfigurations"]) == set(SETTINGS) - ONLY_LOOKS


def test_no_workspace_switches_a_guard_off() -> None:
    guards = {name for name in SETTINGS if name.startswith("tightlip.guard.")}
    assert len(guards) >= 3
    assert {SETTINGS[name]["scope"] for name in guards} == {"application"}


def test_the_program_is_chosen_per_machine() -> None:
    assert SETTINGS["tightlip.server.path"]["scope"] in ("machine", "machine-overridable")


def test_no_proposed_api_can_slip_in() -> None:
    assert "enabledApiProposals" not in MANIFEST
    floor = MANIFEST["engines"]["vscode"].removeprefix("^")
    assert MANIFEST["devDependencies"]["@types/vscode"] == floor
    assert not list((EXTENSION / "src").rglob("*proposed*"))
    assert "declare module" not in CODE


def test_types_are_checked_without_a_way_round() -> None:
    options = json.loads((EXTENSION / "tsconfig.json").read_text(encoding="utf-8"))["compilerOptions"]
    assert options["strict"] is True
    for path, text in SOURCES.items():
        assert not re.search(r":\s*any\b|\bas any\b|<any>|@ts-(ignore|nocheck|expect-error)", text), path.name


def test_the_extension_has_no_telemetry_and_no_network() -> None:
    assert set(MANIFEST["dependencies"]) == {"vscode-languageclient"}
    for path, text in SOURCES.items():
        code = re.sub(r"^\s*(//|\*|/\*).*$", "", text, flags=re.MULTILINE)
        assert not re.search(r"telemetry", code, re.IGNORECASE), path.name
        assert not re.search(r"""["'](node:)?(https?|http2|net|tls|dgram|dns)["']""", code), path.name
        assert not re.search(r"\b(fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon)\s*\(", code), path.name


def test_what_the_server_finds_is_kept_in_no_state_of_the_editor() -> None:
    assert not re.search(r"\b(globalState|workspaceState|setKeysForSync)\b|\bcontext\.secrets\b", CODE)


def test_versions_are_pinned_and_the_lock_file_is_of_this_manifest() -> None:
    lock = json.loads((EXTENSION / "package-lock.json").read_text(encoding="utf-8"))
    ours = {**MANIFEST["dependencies"], **MANIFEST["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in ours.values())
    assert {name: lock["packages"][f"node_modules/{name}"]["version"] for name in ours} == ours
    root = lock["packages"][""]
    assert {**root["dependencies"], **root["devDependencies"]} == ours


def test_the_lock_file_does_not_say_where_packages_came_from() -> None:
    assert '"resolved"' not in (EXTENSION / "package-lock.json").read_text(encoding="utf-8")
    npm = (EXTENSION / ".npmrc").read_text(encoding="utf-8").splitlines()
    assert {"omit-lockfile-registry-resolved=true", "ignore-scripts=true"} <= set(npm)


def test_the_package_holds_what_the_manifest_names_and_nothing_it_does_not_list() -> None:
    rules = [line for line in (EXTENSION / ".vscodeignore").read_text(encoding="utf-8").splitlines() if line]
    let_in = [rule.removeprefix("!") for rule in rules if rule.startswith("!")]
    assert [rule for rule in rules if not rule.startswith(("!", "#"))] == ["**"]
    for name in pictures() | {"README.md", "CHANGELOG.md", "LICENSE", MANIFEST["main"].removeprefix("./")}:
        assert any(Path(name).match(rule) for rule in let_in), f"{name} would be left out"
        if not name.startswith("dist/"):
            assert (EXTENSION / name).is_file()
    assert not any(rule.startswith(("src", "server", "node_modules", "test")) for rule in let_in)


def test_the_schema_of_the_policy_is_packed() -> None:
    assert "tightlip.schema.json" in MANIFEST["scripts"]["build"]
    json.loads((ROOT / "rules" / "schema" / "tightlip.schema.json").read_text(encoding="utf-8"))


def test_the_icon_is_a_square_of_128_pixels() -> None:
    content = (EXTENSION / MANIFEST["icon"]).read_bytes()
    assert content.startswith(b"\x89PNG")
    assert struct.unpack(">II", content[16:24]) == (128, 128)


def test_the_walkthrough_has_few_steps_each_with_a_picture_that_is_described() -> None:
    (walkthrough,) = CONTRIBUTES["walkthroughs"]
    assert 4 <= len(walkthrough["steps"]) <= 5
    for step in walkthrough["steps"]:
        assert step["media"]["altText"]
        assert (EXTENSION / (step["media"].get("svg") or step["media"]["image"])).is_file()


@pytest.mark.parametrize("path", sorted(EXTENSION.glob("*/*.svg")), ids=lambda path: path.name)
def test_a_picture_runs_nothing_and_loads_nothing(path: Path) -> None:
    picture = path.read_text(encoding="utf-8")
    assert picture.startswith("<svg ")
    assert not re.search(r"<(script|style|image|foreignObject|use)\b|\bon\w+=|href=|url\(", picture)


def test_the_words_of_the_palette_are_short_and_in_sentence_case() -> None:
    for command in CONTRIBUTES["commands"]:
        assert command["category"] == "tightlip"
        title = command["title"]
        assert re.fullmatch(r"[A-Z]([^A-Z!]|[A-Z]{2,}){3,50}", title), title
    assert not [text for text in texts(CONTRIBUTES) if "!" in text and " " in text and not re.search(r"&& |!\w", text)]


def test_extension_and_program_are_of_one_version() -> None:
    assert MANIFEST["version"] == tightlip.__version__
    assert f"## {MANIFEST['version']}" in (EXTENSION / "CHANGELOG.md").read_text(encoding="utf-8")
    assert (EXTENSION / "LICENSE").read_text() == (ROOT / "LICENSE").read_text()
