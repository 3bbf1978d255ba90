"""A policy that is being written is read as it stands in the editor, and as a file of the layer it belongs to."""

from __future__ import annotations

from pathlib import Path

from tightlip.errors import PolicyError, RefusedError
from tightlip.finding import Action, Category
from tightlip.policy.draft import read_draft
from tightlip.policy.load import Above, load_policy
from tightlip.policy.model import Layer
from tightlip.policy.organisation import Organisation, OrgFile, Places, State
from tightlip.policy.table import meant
from tightlip.syntax.toml import parse_toml


def above(folder: Path, text: str) -> Above:
    """An organisation with one file, and a place for the user's."""
    path = folder / "org" / "tightlip.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    document = parse_toml(text, str(path), PolicyError)
    file = OrgFile(document, str(path), str(path), str(path.parent))
    found = Organisation(State.TRUSTED, (file,), watched=(str(path),))
    return Above(found, None, Places(folder=str(path.parent), user=str(folder / "user")))


def test_the_unsaved_text_counts_and_not_the_file(tmp_path: Path):
    file = tmp_path / "tightlip.toml"
    file.write_text('[detect.secret]\naction = "warn"\n')
    draft = read_draft(str(file), '[detect.secret]\r\naction = "off"\r\n', tmp_path)
    assert draft.policy.action(Category.SECRET).value is Action.OFF
    assert draft.policy.action(Category.SECRET).source == "tightlip.toml:2"
    assert draft.problems == ()


def test_a_file_that_is_not_saved_yet_counts_as_well(tmp_path: Path):
    draft = read_draft(str(tmp_path / "a" / "tightlip.toml"), '[detect.pii]\naction = "blok"\n', tmp_path)
    assert [str(problem) for problem in draft.problems] == [
        'a/tightlip.toml:2:1: "action" must be one of off, info, warn, ask, block. Did you mean "block"?'
    ]


def test_a_refused_loosening_names_what_stands_against_it(tmp_path: Path):
    org = above(tmp_path, '[detect.secret]\naction = "block"\n')
    draft = read_draft(str(tmp_path / "tightlip.toml"), '[detect.secret]\naction = "warn"\n', tmp_path, above=org)
    (problem,) = draft.problems
    assert isinstance(problem, RefusedError)
    assert problem.against == f"{tmp_path}/org/tightlip.toml:2"
    assert problem.path == ("detect", "secret", "action")
    assert problem.message.startswith("ignored: the organisation")


def test_a_draft_of_the_organisation_has_the_mistakes_of_its_bundle_and_no_other_has(tmp_path: Path):
    org = above(tmp_path, '[bundle]\nid = "acme"\n')
    text = '[bundle]\nid = "acme"\nexpire = 2020-01-01\nrevision = "x"\n[detect.pii]\nacton = "off"\n'
    draft = read_draft(f"{tmp_path}/org/tightlip.toml", text, tmp_path, above=org)
    assert [(one.line, one.path) for one in draft.problems] == [
        (3, ("bundle", "expire")), (4, ("bundle", "revision")), (6, ("detect", "pii", "acton")),
    ]  # fmt: skip
    assert draft.bundle is not None
    own = read_draft(str(tmp_path / "tightlip.toml"), text, tmp_path, above=org)
    assert own.bundle is None
    assert [one.path for one in own.problems] == [("detect", "pii", "acton"), ("bundle",)]
    assert isinstance(own.problems[-1], RefusedError)


def test_each_file_is_read_as_its_layer(tmp_path: Path):
    org = above(tmp_path, '[bundle]\nid = "acme"\n')
    text = (
        '[[exception]]\nid = "E-1"\nscope = { category = "pii" }\nreason = "x"\napprover = "y"\nexpires = 2099-01-01\n'
    )
    seen = {
        name: read_draft(str(tmp_path / name / "tightlip.toml"), text, tmp_path, above=org)
        for name in ("org", "user", "repo")
    }
    assert {name: draft.layer for name, draft in seen.items()} == {
        "org": Layer.ORG,
        "user": Layer.USER,
        "repo": Layer.REPO,
    }
    assert {name: bool(draft.problems) for name, draft in seen.items()} == {"org": False, "user": True, "repo": True}
    assert [one.id for one in seen["org"].policy.exceptions] == ["E-1"]
    assert seen["repo"].policy.exceptions == ()


def test_the_organisations_file_is_not_read_a_second_time_as_a_repositorys(tmp_path: Path):
    org = above(tmp_path, '[bundle]\nid = "acme"\n[detect.secret]\naction = "ask"\n')
    policy = load_policy(tmp_path / "org", tmp_path / "org", above=org)
    assert policy.problems == ()
    assert policy.files == (str(tmp_path / "org" / "tightlip.toml"),)


def test_without_a_folder_what_lies_above_all_folders_holds(tmp_path: Path):
    org = above(tmp_path, '[detect.pii]\naction = "block"\n')
    policy = load_policy(None, above=org)
    assert policy.governed
    assert policy.action(Category.PII).value is Action.BLOCK


def test_what_is_asked_after_is_found_again_in_its_message():
    assert meant('unknown key "acton". Did you mean "action"?') == "action"
    assert meant('unknown key "x"') == ""


def test_a_file_of_many_mistakes_is_read_to_its_end(tmp_path: Path):
    text = "\n".join(f'key{number} = "x"' for number in range(20_000))
    draft = read_draft(str(tmp_path / "tightlip.toml"), text, tmp_path)
    assert len(draft.problems) == 20_000
