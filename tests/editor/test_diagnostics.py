"""A warning leads to the lines of the policy behind it, and costs no more for a thousand findings of one rule."""

from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types as lsp

from tests.editor.policies import document, guard_of, organised
from tests.lsp.samples import GITHUB_TOKEN
from tightlip.detect.detector import Document
from tightlip.editor import diagnostics
from tightlip.editor.client import Client
from tightlip.editor.diagnostics import diagnostics_of
from tightlip.policy.load import NOTHING_ABOVE, Above
from tightlip.policy.whose import Line, lines_of

SHOWS = Client(related_information=True)
ROWS = "full_name,email,date_of_birth\n" + "".join(
    f"{first} {last},{first[0]}.{last}@gm" + f"ail.com,19{70 + at}-0{1 + at % 9}-1{at % 10}\n"
    for first in ("Johanna", "Mikael", "Astrid")
    for at, last in enumerate(("Lindqvist", "Berg", "Holm", "Dahl", "Strand", "Nyman", "Falk", "Wall", "Roos", "Ek"))
)
SECRETS = f'token = "{GITHUB_TOKEN}"\n' * 500


def shown(folder: Path, text: str, name: str, client: Client = SHOWS, above: Above = NOTHING_ABOVE):
    guard = guard_of(folder, above)
    path = folder / name
    inspection = guard.inspect(Document(text, str(path)))
    return diagnostics_of(document(path, text), inspection, guard.ruleset, client, 1000)


def related(item: lsp.Diagnostic) -> list[tuple[str, str, int]]:
    return [(one.message, one.location.uri, one.location.range.start.line) for one in item.related_information or ()]


def test_rows_of_personal_data_lead_to_the_line_that_says_what_is_done_about_them(tmp_path: Path):
    above = organised(tmp_path, '[detect.pii]\naction = "block"\n')
    item = shown(tmp_path, ROWS, "people.csv", above=above)[0]
    assert item.code == "realistic-personal-data"
    org = (tmp_path / "etc" / "tightlip.toml").as_uri()
    assert related(item) == [("Action: block, set by the organisation.", org, 1)]


@pytest.mark.parametrize("text", [ROWS, SECRETS])
def test_without_a_policy_and_for_a_client_that_shows_none_nothing_is_added(tmp_path: Path, text: str):
    found = shown(tmp_path, text, "x.csv")
    assert found
    assert all(one.related_information is None for one in found)
    (tmp_path / "tightlip.toml").write_text('[detect.secret]\naction = "warn"\n[detect.pii]\naction = "warn"\n')
    assert all(one.related_information is None for one in shown(tmp_path, text, "x.csv", Client()))


def test_a_word_of_the_organisations_says_why_and_whom_to_ask(tmp_path: Path):
    asks = '[[term]]\ntext = "Peregrine"\nreason = "Not announced yet"\ncontact = "press@acme.example"\n'
    (tmp_path / "tightlip.toml").write_text(asks)
    (item,) = shown(tmp_path, "ship peregrine\n", "x.py", Client())
    assert item.message.endswith("an assistant would receive it. Not announced yet. Ask press@acme.example.")


def test_the_policy_is_asked_once_for_all_findings_of_a_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []

    def counting(rule, category, place) -> tuple[Line, ...]:
        asked.append(rule)
        return lines_of(rule, category, place)

    monkeypatch.setattr(diagnostics, "lines_of", counting)
    (tmp_path / "tightlip.toml").write_text('[detect.secret]\naction = "warn"\n')
    found = shown(tmp_path, SECRETS, "x.py")
    assert len(found) == 500
    assert {one[2] for item in found for one in related(item)} == {1}
    assert asked == ["github-personal-access-token"]
