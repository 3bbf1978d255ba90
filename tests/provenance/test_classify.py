from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightlip.finding import Classification, Origin
from tightlip.provenance.classify import RepoEntry, classify, relevant, short_name
from tightlip.provenance.repository import Repository
from tightlip.provenance.roots import SHALLOW, Roots

PAY = Repository("/code/pay", "/code/pay/.git", ("github.com/acme/pay", "github.com/dev/pay"))
RESTRICTED, CONFIDENTIAL, INTERNAL, PUBLIC = (
    Classification.RESTRICTED,
    Classification.CONFIDENTIAL,
    Classification.INTERNAL,
    Classification.PUBLIC,
)


def class_of(path: str | None, repository: Repository | None, *entries: RepoEntry) -> Classification:
    return classify(path, repository, entries).origin.classification


def test_any_remote_of_the_repository_counts() -> None:
    entry = RepoEntry(RESTRICTED, remotes=("github.com/dev/*",), source="tightlip.toml:1")
    found = classify("/code/pay/x.py", PAY, [entry])
    assert found.entry is entry
    assert found.origin == Origin("/code/pay/x.py", "github.com/acme/pay", "/code/pay", RESTRICTED)


def test_without_an_entry_the_default_counts() -> None:
    found = classify("/code/pay/x.py", PAY, [RepoEntry(RESTRICTED, remotes=("github.com/other/*",))], CONFIDENTIAL)
    assert (found.entry, found.origin.classification) == (None, CONFIDENTIAL)


def test_a_text_without_a_path_has_no_class_of_its_own() -> None:
    assert classify(None, None, [RepoEntry(RESTRICTED, base="/")], RESTRICTED).origin == Origin()


def test_a_restricted_superproject_restricts_its_submodules() -> None:
    inner = Repository("/code/pay/lib", "/code/pay/.git/modules/lib", ("github.com/public/lib",), PAY)
    assert class_of("/code/pay/lib/x.py", inner, RepoEntry(RESTRICTED, remotes=("github.com/acme/pay",))) == RESTRICTED


def test_an_entry_without_a_match_speaks_of_its_own_folder() -> None:
    entry = RepoEntry(RESTRICTED, base="/code/pay")
    assert class_of("/code/pay/deep/x.py", PAY, entry) == RESTRICTED
    assert class_of("/code/payroll/x.py", None, entry) == INTERNAL


def test_a_path_rule_needs_no_repository() -> None:
    entry = RepoEntry(RESTRICTED, paths=("clients/**",), base="/code")
    assert class_of("/code/clients/a/x.py", None, entry) == RESTRICTED
    assert class_of("/code/other/x.py", None, entry) == INTERNAL


def test_paths_within_count_from_the_root_of_what_matched() -> None:
    within = (("docs/**", PUBLIC), ("docs/keys/**", CONFIDENTIAL))
    entry = RepoEntry(RESTRICTED, remotes=("github.com/acme/pay",), within=within, layer="org", may_lower=True)
    assert class_of("/code/pay/docs/a.md", PAY, entry) == PUBLIC
    assert class_of("/code/pay/docs/keys/a.md", PAY, entry) == CONFIDENTIAL
    assert class_of("/code/pay/src/docs/a.py", PAY, entry) == RESTRICTED


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_strictest_of_all_matching_entries_counts_in_any_order(order: tuple[int, ...]) -> None:
    entries = [
        RepoEntry(PUBLIC, remotes=("github.com/**",), layer="org", may_lower=True, source="a:1"),
        RepoEntry(RESTRICTED, remotes=("github.com/acme/*",), source="a:2"),
        RepoEntry(INTERNAL, base="/code", source="a:3"),
    ]
    found = classify("/code/pay/x.py", PAY, [entries[i] for i in order])
    assert (found.origin.classification, found.entry) == (RESTRICTED, entries[1])


ROOT, OTHER = "a1" * 20, "b2" * 20


BROKEN = Repository("/code/pay", "/code/pay/.git", ("x",), problem="git is not installed", roots=Roots((ROOT,)))


def with_roots(commits: tuple[str, ...], problem: str = "", superproject: Repository | None = None) -> Repository:
    return Repository("/code/pay", "/code/pay/.git", (), superproject, roots=Roots(commits, problem))


@pytest.mark.parametrize("root", [ROOT, ROOT[:12], ROOT.upper()])
def test_any_root_commit_of_the_repository_counts(root: str) -> None:
    entry = RepoEntry(RESTRICTED, roots=(OTHER, root))
    found = classify("/code/pay/x.py", with_roots(("c3" * 20, ROOT)), [entry])
    assert (found.entry, found.origin.classification, found.problem) == (entry, RESTRICTED, "")
    assert class_of("/code/pay/x.py", with_roots(("c3" * 20,)), entry) == INTERNAL
    assert class_of("/code/pay/x.py", None, entry) == INTERNAL


def test_an_entry_that_names_roots_does_not_speak_of_its_own_folder() -> None:
    assert (
        class_of("/code/pay/x.py", with_roots((OTHER,)), RepoEntry(RESTRICTED, roots=(ROOT,), base="/code")) == INTERNAL
    )


def test_a_superproject_with_a_restricted_root_restricts_its_submodules() -> None:
    inner = Repository("/code/pay/lib", "/code/pay/.git/modules/lib", (), with_roots((ROOT,)), roots=Roots((OTHER,)))
    entry = RepoEntry(RESTRICTED, roots=(ROOT,), within=(("lib/docs/**", CONFIDENTIAL),))
    assert class_of("/code/pay/lib/x.py", inner, entry) == RESTRICTED
    assert class_of("/code/pay/lib/docs/x.md", inner, entry) == CONFIDENTIAL


def test_roots_that_are_not_known_are_told_and_not_guessed() -> None:
    entry = RepoEntry(RESTRICTED, roots=(ROOT,), source="tightlip.toml:3")
    found = classify("/code/pay/x.py", with_roots((OTHER,), SHALLOW), [entry])
    assert (found.entry, found.origin.classification) == (None, INTERNAL)
    assert found.problem == (
        "This clone is shallow (git fetch --unshallow completes it): the root commit of this repository cannot be told; "
        "its remotes and paths count (tightlip.toml:3)."
    )
    assert classify("/code/pay/x.py", PAY, [entry]).problem.startswith("Git was not asked: ")


def test_remotes_that_git_could_not_complete_are_told() -> None:
    broken = Repository("/code/pay", "/code/pay/.git", ("work/pay",), problem="git is not installed")
    entry = RepoEntry(RESTRICTED, remotes=("github.com/acme/*",), source="tightlip.toml:3")
    assert classify("/code/pay/x.py", broken, [entry]).problem == (
        "Git is not installed: only remotes as its configuration file has them count (tightlip.toml:3)."
    )
    assert classify("/code/pay/x.py", broken, [entry, RepoEntry(RESTRICTED, remotes=("work/pay",))]).problem == ""


def test_roots_that_are_not_known_are_no_problem_where_they_cannot_change_the_class() -> None:
    unsure = with_roots((OTHER,), SHALLOW)
    by_path = RepoEntry(RESTRICTED, paths=("pay/**",), base="/code")
    assert classify("/code/pay/x.py", unsure, [RepoEntry(RESTRICTED, roots=(ROOT,)), by_path]).problem == ""
    assert classify("/code/pay/x.py", unsure, [RepoEntry(INTERNAL, roots=(ROOT,))]).problem == ""
    assert classify("/code/pay/x.py", unsure, [RepoEntry(RESTRICTED, roots=(OTHER,))]).problem == ""
    assert classify("/code/pay/x.py", unsure, [RepoEntry(RESTRICTED, remotes=("x/y",))]).problem == ""
    assert classify("/code/x.py", None, [RepoEntry(RESTRICTED, roots=(ROOT,))]).problem == ""


@pytest.mark.parametrize("level", Classification)
@pytest.mark.parametrize("default", Classification)
def test_what_a_repository_says_of_itself_only_raises_the_default(
    level: Classification, default: Classification
) -> None:
    mark = RepoEntry(level, base="/code/pay", source="tightlip.toml:1")
    found = classify("/code/pay/x.py", PAY, [mark], default)
    assert found.origin.classification == max(level, default)
    assert found.entry is (mark if level >= default else None)


@pytest.mark.parametrize("level", Classification)
def test_what_a_repository_says_of_itself_only_raises_what_others_say_of_it(level: Classification) -> None:
    named = RepoEntry(CONFIDENTIAL, remotes=("github.com/acme/*",), layer="org", may_lower=True)
    mark = RepoEntry(level, base="/code/pay", within=(("docs/**", PUBLIC),))
    for path in ("/code/pay/x.py", "/code/pay/docs/x.md"):
        told = PUBLIC if "docs" in path else level
        for entries in ([named, mark], [mark, named]):
            found = classify(path, PAY, entries, RESTRICTED)
            assert found.origin.classification == max(told, CONFIDENTIAL)
            assert found.entry is (mark if told > CONFIDENTIAL else named)


def test_where_case_does_not_count_globs_and_folders_are_compared_without_it() -> None:
    folding = Repository("/mnt/c/Code/Pay", "/mnt/c/Code/Pay/.git", PAY.remotes, folds_case=True)
    exact = Repository("/mnt/c/Code/Pay", "/mnt/c/Code/Pay/.git", PAY.remotes, folds_case=False)
    path = "/mnt/c/code/pay/Docs/Keys/x.md"
    by_path = RepoEntry(RESTRICTED, paths=("PAY/docs/keys/**",), base="/mnt/c/Code")
    assert class_of(path, folding, by_path) == RESTRICTED
    assert class_of(path, exact, by_path) == INTERNAL
    within = RepoEntry(CONFIDENTIAL, remotes=("github.com/acme/pay",), within=(("docs/keys/**", RESTRICTED),))
    assert class_of(path, folding, within) == RESTRICTED
    assert class_of(path, folding, RepoEntry(RESTRICTED, base="/mnt/c/CODE/pay")) == RESTRICTED


entries = st.builds(
    RepoEntry,
    st.sampled_from(Classification),
    roots=st.sampled_from([(), (ROOT,), (OTHER[:12],)]),
    may_lower=st.booleans(),
    remotes=st.lists(st.sampled_from(["github.com/acme/*", "**/pay", "x"]), max_size=2).map(tuple),
    paths=st.lists(st.sampled_from(["src/**", "*.py", "docs"]), max_size=2).map(tuple),
    base=st.sampled_from(["/code", "/code/pay", "/other"]),
    within=st.lists(st.tuples(st.sampled_from(["src", "docs/**"]), st.sampled_from(Classification)), max_size=2).map(
        tuple
    ),
)


@given(st.lists(entries, max_size=5), entries, st.sampled_from(["/code/pay/src/x.py", "/code/pay/docs/a", "/other/x"]))
def test_one_entry_more_never_lowers_the_class_another_gave(some: list[RepoEntry], more: RepoEntry, path: str) -> None:
    before, after = classify(path, PAY, some), classify(path, PAY, [*some, more])
    assert before.entry is None or after.origin.classification >= before.origin.classification


@pytest.mark.parametrize(
    ("origin", "name"),
    [
        (Origin("/code/pay/x.py", "github.com/acme/pay", "/code/pay"), "acme/pay"),
        (Origin("/code/pay/x.py", "pay", "/code/pay"), "pay"),
        (Origin("/code/pay/x.py", "/srv/git/pay", "/code/pay"), "/srv/git/pay"),
        (Origin("/code/x.py"), "x.py"),
        (Origin(), "this text"),
    ],
)
def test_a_message_names_the_repository_as_people_do(origin: Origin, name: str) -> None:
    assert short_name(origin) == name


@given(
    st.lists(entries, max_size=6),
    st.sampled_from(["/code/pay/src/x.py", "/code/pay/docs/a", "/other/x"]),
    st.sampled_from(
        [PAY, with_roots((ROOT,)), with_roots((OTHER,), SHALLOW), with_roots((), superproject=PAY), BROKEN, None]
    ),
)
def test_the_entries_that_can_speak_of_a_repository_give_the_same_class(
    some: list[RepoEntry], path: str, repository: Repository | None
) -> None:
    assert classify(path, repository, relevant(some, repository)) == classify(path, repository, some)
