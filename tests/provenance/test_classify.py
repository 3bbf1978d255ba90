from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightlip.finding import Classification, Origin
from tightlip.provenance.classify import RepoEntry, classify, relevant, short_name
from tightlip.provenance.repository import Repository

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
    entry = RepoEntry(
        RESTRICTED, remotes=("github.com/acme/pay",), within=(("docs/**", PUBLIC), ("docs/keys/**", CONFIDENTIAL))
    )
    assert class_of("/code/pay/docs/a.md", PAY, entry) == PUBLIC
    assert class_of("/code/pay/docs/keys/a.md", PAY, entry) == CONFIDENTIAL
    assert class_of("/code/pay/src/docs/a.py", PAY, entry) == RESTRICTED


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_strictest_of_all_matching_entries_counts_in_any_order(order: tuple[int, ...]) -> None:
    entries = [
        RepoEntry(PUBLIC, remotes=("github.com/**",), source="a:1"),
        RepoEntry(RESTRICTED, remotes=("github.com/acme/*",), source="a:2"),
        RepoEntry(INTERNAL, base="/code", source="a:3"),
    ]
    found = classify("/code/pay/x.py", PAY, [entries[i] for i in order])
    assert (found.origin.classification, found.entry) == (RESTRICTED, entries[1])


entries = st.builds(
    RepoEntry,
    st.sampled_from(Classification),
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


@given(st.lists(entries, max_size=6), st.sampled_from(["/code/pay/src/x.py", "/code/pay/docs/a", "/other/x"]))
def test_the_entries_that_can_speak_of_a_repository_give_the_same_class(some: list[RepoEntry], path: str) -> None:
    assert classify(path, PAY, relevant(some, PAY)) == classify(path, PAY, some)
