"""Policy files in an editor, and an organisation above them."""

from __future__ import annotations

from pathlib import Path

from tightlip.detect.ruleset import builtin_ruleset
from tightlip.editor.documents import LinedText, OpenDocument
from tightlip.editor.policy_notes import Note
from tightlip.errors import PolicyError
from tightlip.guard import Guard
from tightlip.policy.load import NOTHING_ABOVE, Above, load_policy
from tightlip.policy.organisation import Organisation, OrgFile, Places, State
from tightlip.syntax.toml import parse_toml


def document(path: Path, text: str) -> OpenDocument:
    return OpenDocument(path.as_uri(), "toml", 1, LinedText(text), 1, str(path))


def organised(folder: Path, text: str) -> Above:
    """An organisation whose file is below `folder`."""
    path = folder / "etc" / "tightlip.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    file = OrgFile(parse_toml(text, str(path), PolicyError), str(path), str(path), str(path.parent))
    return Above(Organisation(State.TRUSTED, (file,)), None, Places(folder=str(path.parent), user=str(folder / "user")))


def guard_of(folder: Path, above: Above = NOTHING_ABOVE) -> Guard:
    ruleset = builtin_ruleset()
    return Guard(load_policy(folder, folder, ruleset.categories, above=above), ruleset, folder, above=above)


def marked(text: str, note: Note) -> str:
    """The part of a text a note is on."""
    return text[note.span.start : note.span.end]
