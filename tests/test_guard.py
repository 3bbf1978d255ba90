"""Promises of the one entrance: document in; findings, origin and decision out."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path
from threading import Thread

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from tightlip.detect.detector import Document, detect
from tightlip.detect.rule import Rule
from tightlip.detect.ruleset import Ruleset
from tightlip.detect.told import describe
from tightlip.errors import TightlipError
from tightlip.finding import Action, Category, Classification, Confidence, Severity, Surface
from tightlip.guard import Guard, Inspection, load_guard, workspace_root
from tightlip.policy.load import load_policy
from tightlip.policy.model import BUILTIN
from tightlip.policy.place import RestrictedBy
from tightlip.redact.key import ephemeral_key

CANARY = "key-" + "Qz7Wx9Lm3Vb5"
OTHER = "key-" + "Np4Rt8Ks2Hd6"
TEXT = f'access = "{CANARY}"\nother = "{OTHER}"\n'


def rule(name: str, category: Category, pattern: str, **more: object) -> Rule:
    values: dict[str, object] = {
        "id": name,
        "title": name.replace("-", " ").capitalize(),
        "category": category,
        "severity": Severity.ERROR if category is Category.SECRET else Severity.WARNING,
        "confidence": Confidence.HIGH,
        "placeholder": "KEY",
        "pattern": rf"(?P<value>{pattern})",
        "gate": pattern,
    } | more
    return Rule(**values)  # pyright: ignore[reportArgumentType]


RULESET = Ruleset.build(
    [
        rule("acme-access-key", Category.SECRET, "key-[A-Za-z0-9]{12}"),
        rule("person-number", Category.PII, "P[0-9]{9}", confidence=Confidence.LOW),
    ]
)


@pytest.fixture(autouse=True)
def quiet_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A repository of its own."""
    folder = tmp_path.resolve() / "app"
    repository(folder, "https://github.com/acme/app")
    return folder


def repository(folder: Path, remote: str) -> None:
    folder.mkdir(parents=True)
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    subprocess.run(["git", "remote", "add", "origin", remote], cwd=folder, check=True)


def guard_of(root: Path, policy: str = "", **more: object) -> Guard:
    if policy:
        (root / "tightlip.toml").write_text(policy)
    categories = {rule.id: rule.category for rule in RULESET.rules}
    return Guard(load_policy(root, root, categories), RULESET, root, **more)  # pyright: ignore[reportArgumentType]


def look(guard: Guard, path: Path | None, text: str = TEXT, surface: Surface = Surface.PROMPT) -> Inspection:
    return guard.inspect(Document(text, str(path) if path else None), surface)


def kinds(inspection: Inspection) -> list[tuple[str, str]]:
    return [(suppressed.kind, suppressed.reason) for suppressed in inspection.suppressed]


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


def test_a_fingerprint_allows_one_value_and_no_other(root: Path) -> None:
    guard = guard_of(root, key=ephemeral_key())
    (first, _) = look(guard, root / "x.py").findings
    (root / "tightlip.toml").write_text(
        f'[[allow]]\nfingerprint = "{guard.fingerprint(first)}"\nreason = "test account"\nexpires = 2027-01-31\n'
    )
    guard.reload()
    guard_today = guard_of(root, key=guard.key, today=lambda: date(2027, 1, 31))
    seen = look(guard_today, root / "x.py")
    assert [finding.value for finding in seen.findings] == [OTHER]
    assert kinds(seen) == [("allow", "test account (tightlip.toml:1)")]
    expired = guard_of(root, key=guard.key, today=lambda: date(2027, 2, 1))
    assert len(look(expired, root / "x.py").findings) == 2


def test_a_rule_can_be_allowed_in_a_path(root: Path) -> None:
    guard = guard_of(root, '[[allow]]\nrule = "acme-access-key"\npath = "tests/**"\nreason = "made up"\n')
    assert look(guard, root / "tests" / "a" / "x.py").findings == ()
    assert len(look(guard, root / "src" / "x.py").findings) == 2
    assert len(look(guard, None).findings) == 2


def test_a_key_that_cannot_be_used_allows_nothing_and_is_told(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIGHTLIP_KEY_FILE", str(root / "key"))
    guard = guard_of(root, '[[allow]]\nfingerprint = "tl1:x"\nreason = "r"\n')
    assert len(look(guard, root / "x.py").findings) == 2
    assert "TIGHTLIP_KEY_FILE" in str(guard.problems[0])
    with pytest.raises(TightlipError):
        guard.fingerprint(look(guard, root / "x.py").findings[0])


def test_inline_comments_count_unless_the_policy_says_no(root: Path) -> None:
    text = f'access = "{CANARY}"  # tightlip: allow made up\n'
    assert look(guard_of(root), root / "x.py", text).findings == ()
    assert len(look(guard_of(root, "[inline]\nallow = false\n"), root / "x.py", text).findings) == 1


def test_what_a_baseline_knows_is_not_reported(root: Path) -> None:
    hashed = hashlib.sha1(CANARY.encode(), usedforsecurity=False).hexdigest()
    (root / ".secrets.baseline").write_text(json.dumps({"results": {"src/x.py": [{"hashed_secret": hashed}]}}))
    (root / ".gitleaksignore").write_text("src/x.py:acme-token:2\n")
    guard = guard_of(root)
    assert kinds(look(guard, root / "src" / "x.py")) == [
        ("baseline", "known in .secrets.baseline"),
        ("baseline", "known in .gitleaksignore:1"),
    ]
    assert len(look(guard, root / "y.py").findings) == 2
    (root / ".secrets.baseline").write_text("no baseline")
    guard.reload()
    assert len(look(guard, root / "src" / "x.py").findings) == 1
    assert [problem.message for problem in guard.problems] == [
        ".secrets.baseline is not a detect-secrets baseline: what it knows is reported again."
    ]


def test_a_baseline_elsewhere_is_named_by_the_policy(root: Path) -> None:
    hashed = hashlib.sha1(CANARY.encode(), usedforsecurity=False).hexdigest()
    (root / "ci").mkdir()
    (root / "ci" / "known").write_text(json.dumps({"results": {"x.py": [{"hashed_secret": hashed}]}}))
    guard = guard_of(root, '[detect.detect_secrets]\nbaseline = "ci/known"\n')
    assert kinds(look(guard, root / "x.py")) == [("baseline", "known in known")]


RESTRICT = """\
[[repo]]
match = { remote = "github.com/acme/*" }
contact = "payments@acme.example"
paths = { "docs/**" = "internal" }
"""


def test_a_restricted_file_says_whose_rule_it_is_and_whom_to_ask(root: Path) -> None:
    seen = look(guard_of(root, RESTRICT), root / "src" / "x.py", "nothing here", Surface.EDITOR)
    assert seen.restricted == RestrictedBy(
        sentence="Restricted: acme/app may not be shared with an assistant (tightlip.toml:1). Ask payments@acme.example.",
        action=Action.BLOCK,
        classification=Classification.RESTRICTED,
        entry=guard_of(root).policy.repos[0],
        source="tightlip.toml:1",
        file=f"{root}/tightlip.toml",
        line=1,
    )
    assert seen.decision.action is Action.WARN
    assert seen.decision.reasons[0].text == seen.restricted.sentence


def test_a_path_inside_may_have_another_class(root: Path) -> None:
    seen = look(guard_of(root, RESTRICT), root / "docs" / "x.md", "nothing here")
    assert (seen.restricted, seen.decision.action) == (None, Action.OFF)


def test_a_link_into_a_restricted_repository_is_restricted(root: Path, tmp_path: Path) -> None:
    pay = tmp_path.resolve() / "pay"
    repository(pay, "git@github.com:acme/pay.git")
    (pay / "x.py").write_text("x = 1\n")
    (root / "innocent.py").symlink_to(pay / "x.py")
    guard = guard_of(root, '[[repo]]\nmatch = { remote = "github.com/acme/pay" }\n')
    assert look(guard, root / "innocent.py", "").restricted is not None
    assert look(guard, root / "other.py", "").restricted is None


def test_a_link_is_followed_beside_files_that_were_looked_at_just_now(root: Path, tmp_path: Path) -> None:
    pay = tmp_path.resolve() / "pay"
    repository(pay, "git@github.com:acme/pay.git")
    (pay / "x.py").write_text("x = 1\n")
    guard = guard_of(root, '[[repo]]\nmatch = { remote = "github.com/acme/pay" }\n')
    assert look(guard, root / "plain.py", "").restricted is None
    (root / "innocent.py").symlink_to(pay / "x.py")
    assert look(guard, root / "innocent.py", "").restricted is not None
    assert look(guard, root / "plain.py", "").restricted is None
    (root / "linked").symlink_to(pay)
    for _ in range(2):
        seen = look(guard, root / "linked" / "x.py", "")
        assert seen.restricted is not None
        assert seen.origin.path == str(pay / "x.py")


def test_a_repository_that_marks_itself_is_restricted_from_any_workspace(root: Path, tmp_path: Path) -> None:
    pay = tmp_path.resolve() / "pay"
    repository(pay, "git@github.com:acme/pay.git")
    (pay / "tightlip.toml").write_text('[[repo]]\ncontact = "payments@acme.example"\n')
    seen = look(guard_of(root), pay / "deep" / "x.py", "").restricted
    assert seen is not None
    assert seen.file == f"{pay}/tightlip.toml"


def test_what_the_workspace_restricts_counts_for_files_of_other_repositories(root: Path, tmp_path: Path) -> None:
    pay = tmp_path.resolve() / "pay"
    repository(pay, "git@github.com:acme/pay.git")
    (pay / "tightlip.toml").write_text('[detect.pii]\naction = "block"\n')
    seen = look(guard_of(root, '[[repo]]\nmatch = { remote = "github.com/acme/pay" }\n'), pay / "x.py", "").restricted
    assert seen is not None
    assert seen.file == f"{root}/tightlip.toml"


def test_a_policy_file_in_a_folder_below_counts_there_and_may_only_tighten(root: Path) -> None:
    (root / "pay").mkdir()
    (root / "pay" / "tightlip.toml").write_text('[[repo]]\n[detect.secret]\naction = "off"\n')
    guard = guard_of(root, "# nothing set here\n")
    inner = look(guard, root / "pay" / "deep" / "x.py")
    assert inner.restricted is not None
    assert inner.restricted.source == "pay/tightlip.toml:1"
    assert len(inner.findings) == 2
    assert look(guard, root / "x.py").restricted is None
    assert [str(problem) for problem in guard.problems] == [
        "pay/tightlip.toml:3:1: ignored: the default is block, this asks off"
    ]


def test_the_default_class_restricts_what_no_entry_names(root: Path) -> None:
    seen = look(guard_of(root, '[defaults]\nclass = "restricted"\n'), root / "x.py", "").restricted
    assert seen is not None
    assert (seen.source, seen.file, seen.line, seen.entry) == ("tightlip.toml:2", f"{root}/tightlip.toml", 2, None)


def test_a_file_that_may_go_to_an_approved_assistant_is_only_told(root: Path) -> None:
    seen = look(guard_of(root, '[[repo]]\nclass = "confidential"\n'), root / "x.py", "")
    assert (seen.restricted, seen.decision.action) == (None, Action.INFO)
    assert seen.decision.reasons[0].text == (
        "Confidential: acme/app may be shared with an approved assistant only (tightlip.toml:1)."
    )


def test_changed_policy_files_count_after_a_reload(root: Path) -> None:
    guard = guard_of(root)
    assert look(guard, root / "sub" / "x.py", "").restricted is None
    (root / "tightlip.toml").write_text("[[repo]]\n")
    guard.reload()
    assert look(guard, root / "sub" / "x.py", "").restricted is not None
    (root / "tightlip.toml").unlink()
    (root / "sub").mkdir()
    (root / "sub" / "tightlip.toml").write_text("[[repo]]\n")
    guard.reload()
    assert look(guard, root / "sub" / "x.py", "").restricted is not None
    assert look(guard, root / "x.py", "").restricted is None


def test_a_slip_in_a_policy_file_does_not_lift_what_it_restricted(root: Path) -> None:
    (root / "sub").mkdir()
    guard = guard_of(root, "[[repo]]\n")
    (root / "sub" / "tightlip.toml").write_text('[detect.pii]\naction = "block"\n')
    assert look(guard, root / "sub" / "x.py", "P123456780").decision.action is Action.BLOCK
    (root / "tightlip.toml").write_text("[[repo\n")
    (root / "sub" / "tightlip.toml").write_text("x = \n")
    guard.reload()
    assert look(guard, root / "x.py", "").restricted is not None
    assert look(guard, root / "sub" / "x.py", "").restricted is not None
    messages = [problem.message for problem in guard.problems]
    assert any(message.startswith("this is not TOML") for message in messages)
    assert "the policy read before stays in force until this file can be read" in messages
    (root / "tightlip.toml").write_text("")
    (root / "sub" / "tightlip.toml").unlink()
    guard.reload()
    assert look(guard, root / "x.py", "").restricted is None
    assert guard.problems == ()


def test_a_policy_that_never_could_be_read_leaves_the_defaults(root: Path) -> None:
    guard = guard_of(root, "[[repo\n")
    assert guard.policy.settings == BUILTIN.settings
    assert len(guard.problems) == 1
    assert len(look(guard, root / "x.py").findings) == 2


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
