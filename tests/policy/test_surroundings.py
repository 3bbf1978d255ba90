"""What holds for a file follows from where it lies, however one gets there, and is read again when it changed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from attrs import evolve

from tests.guarded import CANARY, RESTRICT, RULESET, TEXT, governed_guard, guard_of, look, repository
from tests.policy.conftest import Org
from tightlip.finding import Action, Category, Classification, Surface
from tightlip.guard import Guard
from tightlip.policy import surroundings
from tightlip.policy.model import BUILTIN, ExceptionEntry, Policy
from tightlip.policy.place import RestrictedBy
from tightlip.provenance.classify import RepoEntry


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


def test_both_lines_are_told_where_one_gives_the_class_and_another_says_how_it_is_shared(root: Path) -> None:
    share = '[class.internal]\nshare = "block"\n'
    seen = look(guard_of(root, share), root / "x.py", "", Surface.EDITOR).restricted
    assert seen is not None
    assert seen.sentence == "Internal: acme/app may not be shared with an assistant (tightlip.toml:2)."
    assert (seen.source, seen.file, seen.line, seen.share) == ("tightlip.toml:2", f"{root}/tightlip.toml", 2, None)
    seen = look(guard_of(root, share + RESTRICT), root / "x.py", "", Surface.EDITOR).restricted
    assert seen is not None
    assert (seen.sentence.count("tightlip.toml:"), seen.share) == (
        1,
        None,
    )  # restricted code is blocked without that line
    share = share.replace("internal", "restricted")
    seen = look(guard_of(root, share + RESTRICT), root / "x.py", "", Surface.EDITOR).restricted
    assert seen is not None
    assert "(class: tightlip.toml:3; share: tightlip.toml:2)" in seen.sentence
    assert (seen.line, seen.share) == (3, (f"{root}/tightlip.toml", 2))


def test_a_word_of_the_organisations_says_why_and_whom_to_ask_and_never_the_word(root: Path) -> None:
    asks = '[[term]]\ntext = "Peregrine"\nreason = "Not announced yet"\ncontact = "press@acme.example"\n'
    seen = look(guard_of(root, asks), root / "x.py", "ship peregrine, then Peregrine\n")
    (reason,) = seen.decision.reasons
    assert reason.text == (
        "Organisation's term, 2 times: an assistant would receive it. Not announced yet. Ask press@acme.example."
    )


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


def test_a_policy_file_that_comes_changes_or_goes_is_noticed_where_it_holds_and_only_there(root: Path) -> None:
    sub, beside = root / "sub" / "deep", root / "beside"
    sub.mkdir(parents=True)
    beside.mkdir()
    guard = guard_of(root)
    inner = root / "sub" / "tightlip.toml"

    def stale() -> list[bool]:
        return [guard.is_stale(folders) for folders in ([str(sub)], [str(beside)], [], None)]

    look(guard, sub / "x.py")
    look(guard, beside / "x.py")
    assert stale() == [False, False, False, False]
    inner.write_text("[[repo]]\n")
    assert stale() == [True, False, False, True]
    guard.reload()
    assert stale() == [False, False, False, False]
    assert look(guard, sub / "x.py", "").restricted is not None
    inner.write_text("# nothing any more\n")
    assert stale() == [True, False, False, True]
    guard.reload()
    assert look(guard, sub / "x.py", "").restricted is None
    inner.unlink()
    assert stale() == [True, False, False, True]
    guard.reload()
    look(guard, sub / "x.py")
    (root / "pyproject.toml").write_text("[tool.tightlip.scan]\nexclude = []\n")
    assert stale() == [True, True, True, True]


def test_a_policy_of_another_repository_that_changes_is_noticed(root: Path, tmp_path: Path) -> None:
    pay = tmp_path.resolve() / "pay"
    repository(pay, "git@github.com:acme/pay.git")
    guard = guard_of(root)
    assert look(guard, pay / "src" / "x.py", "").restricted is None
    (pay / "tightlip.toml").write_text("[[repo]]\n")
    assert guard.is_stale([str(pay / "src")])
    guard.reload()
    assert look(guard, pay / "src" / "x.py", "").restricted is not None


def test_who_reads_while_policies_are_read_again_leaves_nothing_old_behind(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guard = guard_of(root, "# nothing set here\n")
    path = root / "sub" / "x.py"
    load = surroundings.load_policy

    def load_slowly(*args: object, **kwargs: object) -> Policy:
        monkeypatch.setattr(surroundings, "load_policy", load)
        assert look(guard, path, "").restricted is None  # as another thread would, by what was read before
        return load(*args, **kwargs)  # pyright: ignore[reportArgumentType]

    (root / "tightlip.toml").write_text("[[repo]]\n")
    monkeypatch.setattr(surroundings, "load_policy", load_slowly)
    guard.reload()
    assert look(guard, path, "").restricted is not None


def test_a_policy_that_was_read_for_no_folder_holds_everywhere_and_its_paths_count_from_the_top(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "tightlip.toml").write_text('[defaults]\nclass = "internal"\n')
    mark = RepoEntry(Classification.RESTRICTED, base=str(tmp_path), layer="org", source="p:1")
    exception = ExceptionEntry(
        "E", "r", "a", date(2099, 1, 1), categories=(Category.RESTRICTED,), paths=("docs/**",), source="p:2"
    )
    policy = evolve(BUILTIN, repos=(mark,), exceptions=(exception,))
    guard = Guard(policy, RULESET, top=tmp_path)
    assert guard.policy_for(tmp_path / "docs" / "a.md") is policy
    decided = [look(guard, tmp_path / name, "").decision.action for name in ("docs/a.md", "src/a.py")]
    assert decided == [Action.INFO, Action.BLOCK]
    nowhere = Guard(policy, RULESET)
    assert look(nowhere, tmp_path / "docs/a.md", "").decision.action is Action.BLOCK, "there is no folder to count from"


def test_a_slip_in_one_file_holds_up_no_other_file(root: Path, org: Org) -> None:
    (root / "tightlip.toml").write_text('[[repo]]\ncontact = "payments@acme.example"\n')
    lenient = (
        '[detect.pii]\naction = "off"\n[[exception]]\nid = "EX-1"\nreason = "r"\napprover = "ciso"\n'
        'expires = 2099-01-01\nscope = { category = "secret" }\n'
    )
    org.write(text=lenient)
    guard = governed_guard(root, org)
    assert look(guard, root / "x.py", "P123456780").findings == ()
    (root / "tightlip.toml").write_text("[[repo\n")
    org.write(text='[detect.pii]\naction = "block"\n')
    guard.reload()
    assert guard.policy.action(Category.PII).value is Action.BLOCK
    assert guard.policy.exceptions == ()
    assert look(guard, root / "x.py", "").restricted is not None
    org.write(text="[detect\n")
    guard.reload()
    assert guard.policy.failure
    assert look(guard, root / "x.py", "").decision.action is Action.BLOCK


def test_what_was_taken_out_of_a_file_does_not_come_back_with_a_slip(root: Path) -> None:
    guard = guard_of(root, '[scan]\nexclude = ["**"]\n')
    for text in ("", "[scan\n"):
        (root / "tightlip.toml").write_text(text)
        guard.reload()
    assert guard.policy.exclude == ()
    shared = root / "pyproject.toml"
    for text in ('[tool.tightlip.scan]\nexclude = ["**"]\n', 'dependencies = "tightlip"\n', "tightlip = \n"):
        shared.write_text(text)
        guard.reload()
    assert guard.policy.exclude == ()


def test_who_trusts_a_folder_trusts_no_other_repository(root: Path, tmp_path: Path) -> None:
    clone = tmp_path.resolve() / "clone"
    repository(clone, "https://github.com/stranger/lib")
    comment = f'access = "{CANARY}"  # tightlip: allow\n'
    guard = guard_of(root, "# nothing set here\n")
    assert look(guard, root / "x.py", comment).findings == ()
    assert len(look(guard, clone / "x.py", comment).findings) == 1
    (clone / "tightlip.toml").write_text(
        '[scan]\nexclude = ["**"]\n[detect.pii]\naction = "off"\n'
        '[[allow]]\nrule = "acme-access-key"\npath = "**"\nreason = "trust me"\n[[repo]]\n'
    )
    guard.reload()
    seen = look(guard, clone / "x.py", TEXT + "P123456780")
    assert (len(seen.findings), seen.restricted is not None) == (3, True)
    assert "ignored: only a trusted workspace may exclude files" in [one.message for one in guard.problems]
