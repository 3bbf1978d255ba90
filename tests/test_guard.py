"""Promises of the one entrance: document in; findings, origin and decision out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from tests.guarded import CANARY, OTHER, RESTRICT, RULESET, TEXT, guard_of, kinds, look, repository
from tightlip.detect.detector import Document, detect
from tightlip.detect.told import describe
from tightlip.finding import Action, Category, Severity, Surface
from tightlip.guard import Guard, Inspection, load_guard, workspace_root
from tightlip.policy.model import BUILTIN


@pytest.fixture
def root(tmp_path: Path, quiet_git: None) -> Path:
    """A repository of its own."""
    folder = tmp_path.resolve() / "app"
    repository(folder, "https://github.com/acme/app")
    return folder


def test_a_document_comes_out_with_findings_origin_and_decision(root: Path) -> None:
    seen = look(guard_of(root), root / "x.py")
    assert [finding.value for finding in seen.findings] == [CANARY, OTHER]
    assert (seen.origin.repository, seen.origin.root) == ("github.com/acme/app", str(root))
    assert seen.decision.action is Action.BLOCK
    assert seen.restricted is None


def test_a_text_without_a_path_is_looked_at_all_the_same(root: Path) -> None:
    seen = look(guard_of(root, '[[repo]]\nclass = "restricted"\n'), None)
    assert len(seen.findings) == 2
    assert (seen.origin.path, seen.restricted) == (None, None)


def test_the_value_is_in_nothing_that_is_printed(root: Path) -> None:
    seen = look(guard_of(root), root / "x.py")
    printed = repr(seen) + repr(seen.suppressed) + "".join(describe(finding) for finding in seen.findings)
    assert CANARY not in printed
    assert OTHER not in printed


def test_a_rule_switched_off_is_not_reported_and_says_where(root: Path) -> None:
    seen = look(guard_of(root, '[detect.rule.acme-access-key]\naction = "off"\n'), root / "x.py")
    assert seen.findings == ()
    assert kinds(seen) == [("action", "switched off (tightlip.toml:2)")] * 2
    assert seen.decision.action is Action.OFF


def test_findings_less_sure_than_wanted_are_not_reported(root: Path) -> None:
    seen = look(guard_of(root, '[detect.pii]\nmin_confidence = "medium"\n'), root / "x.py", "P123456780")
    assert kinds(seen) == [("confidence", "less sure than wanted (tightlip.toml:2)")]


def test_severity_follows_the_action(root: Path) -> None:
    seen = look(guard_of(root, '[detect.secret]\naction = "info"\n'), root / "x.py")
    assert {finding.severity for finding in seen.findings} == {Severity.INFORMATION}


def test_an_excluded_file_says_that_it_was_not_checked(root: Path) -> None:
    guard = guard_of(root, '[scan]\nexclude = ["vendor/**"]\n')
    seen = look(guard, root / "vendor" / "x.py")
    assert seen.findings == ()
    assert [(n.code, n.message) for n in seen.notices] == [
        ("excluded", "Not checked: tightlip.toml:2 excludes this file.")
    ]
    assert len(look(guard, root / "src" / "x.py").findings) == 2


def test_many_documents_are_told_as_each_would_be(root: Path) -> None:
    guard = guard_of(root, '[scan]\nexclude = ["vendor/**"]\n')
    texts = [TEXT, "", "é " + TEXT, "x = 1\n", TEXT]
    documents = [Document(text, str(root / f"{place}.py")) for place, text in enumerate(texts)]
    documents += [Document(TEXT, str(root / "vendor" / "x.py")), Document(TEXT)]
    together = [guard.finish(begun, Surface.PROMPT) for begun in guard.begin(documents)]
    assert together == [guard.inspect(document, Surface.PROMPT) for document in documents]
    assert [len(one.findings) for one in together] == [2, 0, 2, 0, 2, 0, 2]


def test_excluding_a_file_does_not_lift_its_class(root: Path) -> None:
    seen = look(guard_of(root, '[[repo]]\n[scan]\nexclude = ["vendor/**"]\n'), root / "vendor" / "x.py")
    assert seen.decision.action is Action.BLOCK


def test_inline_comments_count_unless_the_policy_says_no(root: Path) -> None:
    text = f'access = "{CANARY}"  # tightlip: allow made up\n'
    assert look(guard_of(root), root / "x.py", text).findings == ()
    assert len(look(guard_of(root, "[inline]\nallow = false\n"), root / "x.py", text).findings) == 1


def test_findings_of_both_lanes_are_judged_alike(root: Path) -> None:
    guard = guard_of(root, '[detect.pii]\naction = "off"\n')
    document = Document(TEXT, str(root / "x.py"))
    detection = detect(document, RULESET)
    deep = evolve(detection.findings[0], rule="person-name", category=Category.PII, detector="presidio")
    seen = guard.judge(document, evolve(detection, findings=(*detection.findings, deep)), Surface.PROMPT)
    assert len(seen.findings) == 2
    assert [suppressed.kind for suppressed in seen.suppressed] == ["action"]
    assert seen.decision == guard.inspect(document, Surface.PROMPT).decision


def test_one_guard_serves_many_threads(root: Path) -> None:
    guard = guard_of(root, RESTRICT)
    results: list[Inspection] = []

    def work(number: int) -> None:
        results.extend(look(guard, root / f"d{number % 3}" / f"{i}.py") for i in range(20))

    threads = [Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 120
    assert all(len(seen.findings) == 2 and seen.restricted is not None for seen in results)


def test_load_guard_reads_from_the_top_of_the_repository(root: Path) -> None:
    (root / "tightlip.toml").write_text("[[repo]]\n")
    (root / "web").mkdir()
    guard = load_guard(root / "web")
    assert guard.top == root
    assert len(guard.ruleset.rules) > 50
    assert look(guard, root / "web" / "x.py", "").restricted is not None


def test_the_workspace_of_a_file_is_its_repository_or_the_folder_with_a_policy(root: Path, tmp_path: Path) -> None:
    assert workspace_root(root / "a" / "b.py") == root
    loose = tmp_path.resolve() / "loose"
    (loose / "a").mkdir(parents=True)
    assert workspace_root(loose / "a" / "b.py") == loose / "a"
    assert workspace_root(loose / "a") == loose / "a"
    (loose / "tightlip.toml").write_text("")
    assert workspace_root(loose / "a" / "b.py") == loose


@pytest.mark.parametrize(
    ("category", "message"),
    [
        (
            Category.SECRET,
            "Acme access key: an assistant would receive it. Redact it before prompting, and rotate it if it was ever sent.",
        ),
        (
            Category.PII,
            "Acme access key: an assistant would receive personal data. Redact it, or replace it with a synthetic value.",
        ),
        (Category.TERM, "Acme access key: an assistant would receive it. Redact it before prompting."),
    ],
)
def test_a_message_says_what_it_is_what_happens_and_what_to_do(root: Path, category: Category, message: str) -> None:
    finding = look(guard_of(root), root / "x.py").findings[0]
    assert describe(evolve(finding, category=category)) == message


PATHS: Callable[[], st.SearchStrategy[str]] = lambda: st.text(st.characters(blacklist_categories=["Cs"]), max_size=40)  # noqa: E731


@given(PATHS(), st.text(max_size=80), st.sampled_from(Surface))
def test_whatever_the_path_and_the_text_nothing_raises(path: str, text: str, surface: Surface) -> None:
    Guard(BUILTIN, RULESET).inspect(Document(text, path), surface)
