"""Which guard looks at a file, and what the folder it lies in may say."""

from __future__ import annotations

from pathlib import Path

from tests.guarded import repository
from tightlip.editor.guards import Guards


def test_trust_in_the_open_folders_is_none_in_what_lies_outside_of_them(tmp_path: Path, quiet_git: None) -> None:
    app, clone = tmp_path / "app", tmp_path / "clone"
    repository(app, "https://github.com/acme/app")
    repository(clone, "https://github.com/stranger/lib")
    guards = Guards()
    guards.set_folders([str(app)])
    assert guards.of(str(app / "x.py")).trusted
    assert not guards.of(str(clone / "x.py")).trusted
    guards.set_folders([str(app), str(clone)])
    assert guards.of(str(clone / "x.py")).trusted


def test_a_file_opened_without_a_folder_is_trusted_as_the_client_says(tmp_path: Path, quiet_git: None) -> None:
    clone = tmp_path / "clone"
    repository(clone, "https://github.com/acme/app")
    guards = Guards()
    assert guards.of(str(clone / "x.py")).trusted
    guards.set_trusted(False)
    assert not guards.of(str(clone / "x.py")).trusted
