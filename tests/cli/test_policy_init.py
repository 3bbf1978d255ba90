"""The first policy is a good one, and never written over another."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tightlip.__main__ import main
from tightlip.policy.model import Layer
from tightlip.policy.schema import policy_schema


@pytest.mark.parametrize("layer", ["org", "repo"])
def test_the_first_policy_is_accepted_also_with_every_comment_taken_out(folder: Path, capsys, layer: str):
    assert main(["policy", "init", "--layer", layer]) == 0
    out = capsys.readouterr().out
    assert out.startswith("tightlip.toml written. Next:")
    assert "tightlip policy check" in out
    assert main(["policy", "check", "--layer", layer, "tightlip.toml"]) == 0
    assert capsys.readouterr().out == "1 file, no mistake.\n"
    text = Path("tightlip.toml").read_text()
    proposed = re.sub(r"^# (?=\[|[a-z_]+ = )", "", text, flags=re.MULTILINE)
    assert proposed.count("#") < text.count("#") - 5
    Path("tightlip.toml").write_text(proposed)
    assert main(["policy", "check", "--layer", layer, "tightlip.toml"]) == 0, capsys.readouterr().out


def test_a_file_that_is_there_stays(folder: Path, capsys):
    Path("tightlip.toml").write_text("# mine\n")
    assert main(["policy", "init"]) == 2
    assert "there already" in capsys.readouterr().err
    assert Path("tightlip.toml").read_text() == "# mine\n"
    assert main(["policy", "init", "--force"]) == 0
    assert Path("tightlip.toml").read_text() != "# mine\n"


def test_a_file_that_cannot_be_written_is_an_error_of_one_sentence(folder: Path, capsys):
    assert main(["policy", "init", "--output", "absent/tightlip.toml"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_json_names_the_file_and_the_steps(folder: Path, capsys):
    assert main(["policy", "init", "--format", "json", "--output", "org.toml", "--layer", "org"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["file"], told["layer"], len(told["next"])) == ("org.toml", Layer.ORG.label, 5)


def test_the_first_policy_of_a_repository_changes_nothing(folder: Path, capsys):
    assert main(["policy", "init"]) == 0
    Path("empty.toml").write_text("")
    capsys.readouterr()
    assert main(["policy", "diff", "empty.toml", "tightlip.toml"]) == 0, capsys.readouterr().out


def test_the_schema_is_printed(capsys):
    assert main(["policy", "schema"]) == 0
    assert json.loads(capsys.readouterr().out) == policy_schema()
