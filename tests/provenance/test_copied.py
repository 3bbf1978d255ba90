from __future__ import annotations

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from tests.provenance.code import ACME, code, opened, text
from tightlip.finding import Classification
from tightlip.provenance.copied import Own, Restricted, blob_id, find_copies, own_of
from tightlip.provenance.index_build import Builder
from tightlip.provenance.index_file import Index
from tightlip.provenance.lines_seen import Memory
from tightlip.provenance.repository import Repositories, Repository
from tightlip.provenance.roots import Roots

LEDGER = code("ledger", 120)
FOREIGN = code("weather", 80)


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    files = {"src/ledger.go": text(LEDGER), "src/bank.go": text(code("bank"))}
    one = opened(tmp_path_factory.mktemp("index") / "acme.idx", files)
    yield one
    one.close()


def test_a_copy_is_told_with_its_place_here_and_there(index):
    pasted = text(FOREIGN[:10], LEDGER[20:38], FOREIGN[10:])
    (copied,) = find_copies(pasted, [index])
    assert pasted[copied.span.start : copied.span.end] == text(LEDGER[20:38])[:-1]
    assert (copied.repository, copied.file, copied.first_line, copied.last_line) == (ACME[0], "src/ledger.go", 21, 38)
    assert (copied.lines, copied.strict, copied.whole_file) == (18, True, False)
    assert (copied.classification, copied.source) == (Classification.RESTRICTED, index.path)
    assert "settle" not in repr(copied)


@given(
    lines=st.integers(8, 40),
    at=st.integers(0, 80),
    into=st.integers(0, 80),
    indentation=st.sampled_from(["", "  ", "\t\t", "> ", "+"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_eight_whole_lines_are_found_wherever_and_however_they_are_pasted(index, lines, at, into, indentation, end):
    pasted = end.join(
        [*FOREIGN[:into], *(indentation + line.strip() for line in LEDGER[at : at + lines]), *FOREIGN[into:]]
    )
    (copied,) = find_copies(pasted, [index])
    assert (copied.first_line, copied.last_line, copied.lines) == (at + 1, at + lines, lines)
    assert pasted[: copied.span.start].count(end) == into
    assert pasted[copied.span.start : copied.span.end].count(end) == lines - 1


@given(st.text())
def test_a_text_that_shares_no_line_never_matches(index, other):
    assert find_copies(other, [index]) == ()


@given(st.lists(st.sampled_from(FOREIGN)))
def test_code_that_shares_no_line_never_matches(index, lines):
    assert find_copies("\n".join(lines), [index]) == ()


def test_two_copied_lines_are_not_told():
    memory = Memory()
    memory.remember("file:///ledger.go", "\n".join(f"balance({n}, open)" for n in range(9)), "ledger.go", ACME)
    assert find_copies("balance(3, open)\nbalance(4, open)\n", [memory]) == ()


def test_a_whole_file_is_told_as_such_whatever_ends_its_lines(index):
    for content in (text(LEDGER), text(LEDGER).replace("\n", "\r\n"), text(LEDGER).rstrip("\n"), text(LEDGER) + "\n"):
        (copied,) = find_copies(content, [index])
        assert copied.whole_file
        assert copied.strict
        assert (copied.first_line, copied.last_line, copied.lines) == (1, 120, 120)
        assert content[copied.span.start : copied.span.end].strip() == content.strip()


def test_git_gives_the_same_id(make, git):
    folder = make("pay")
    (folder / "a.go").write_text(text(LEDGER))
    assert git(folder, "hash-object", "a.go").strip() == blob_id(text(LEDGER))


def own_by(*remotes: str, folder: str = "/code/pay", roots: tuple[str, ...] = ()) -> Own:
    return own_of(Repository(folder, f"{folder}/.git", remotes, roots=Roots(roots)))


def test_a_file_is_no_copy_of_its_own_repository(index):
    pasted = text(LEDGER[:30])
    assert find_copies(pasted, [index], own_by("github.com/acme/pay")) == ()
    assert find_copies(pasted, [index], own_by("github.com/acme/web")) != ()
    assert find_copies(pasted, [index], own_by("github.com/acme/web", "github.com/acme/pay")) != ()
    memory = Memory()
    memory.remember("file:///a.go", pasted, "a.go")
    assert find_copies(pasted, [memory], Own(source="file:///a.go")) == ()
    assert find_copies(pasted, [memory], Own(source="file:///b.go")) != ()


def test_each_stretch_is_told_once_from_the_file_it_has_most_of(index, tmp_path):
    more = opened(
        tmp_path / "b.idx", {"half.go": text(LEDGER[:30]), "bank.go": text(code("bank")[:3])}, names=("acme/b",)
    )
    pasted = text(LEDGER[10:40], FOREIGN, code("bank")[:10])
    assert [(one.repository, one.file) for one in find_copies(pasted, [more, index])] == [
        (ACME[0], "src/ledger.go"),
        (ACME[0], "src/bank.go"),
    ]
    more.close()


def test_nothing_to_ask_nothing_found():
    assert find_copies(text(LEDGER), []) == ()
    assert find_copies("", [Memory()]) == ()


def test_a_submodule_is_its_superproject_too(make, git):
    web, pay = make("web", origin="https://github.com/acme/web.git"), make("pay")
    git(web, "submodule", "add", "-q", str(pay), "inner")
    own = own_of(Repositories().of(web / "inner" / "app.py"), "file:///app.py")
    assert own.source == "file:///app.py"
    assert own.holds(Restricted(("github.com/acme/web",), "app.go", Classification.RESTRICTED, "web.idx"))
    assert not own.holds(Restricted(("github.com/acme/pay",), "app.go", Classification.RESTRICTED, "pay.idx"))
    assert own_of(None) == Own()


def test_a_fork_is_its_upstream_where_the_index_knows_the_root_and_only_there(tmp_path):
    builder = Builder()
    builder.repository(ACME, ["a" * 40])
    builder.add("ledger.go", text(LEDGER))
    builder.write(str(tmp_path / "rooted.idx"))
    rooted, asked = Index(str(tmp_path / "rooted.idx")), []

    def with_roots(repository: Repository) -> Repository:
        asked.append(repository.name)
        return evolve(repository, roots=Roots(("a" * 40,)))

    for remotes, told in ((("dev/pay", "acme/pay"), False), ((), False), (("acme/web",), True)):
        repository = Repository("/code/pay", "/code/pay/.git", tuple(f"github.com/{remote}" for remote in remotes))
        assert bool(find_copies(text(LEDGER), [rooted], own_of(repository, with_roots=with_roots))) == told
    assert asked == ["github.com/dev/pay", "pay"]
    assert find_copies(text(LEDGER), [rooted], own_by("github.com/dev/pay", ACME[0], roots=("b" * 40,))) != ()
    rooted.close()


def test_a_folder_of_the_same_name_is_another_repository():
    memory = Memory()
    memory.remember("file:///a.go", text(LEDGER[:30]), "a.go", ("backend",), common_dir="/x/backend/.git")
    assert find_copies(text(LEDGER[:30]), [memory], own_by(folder="/x/backend")) == ()
    assert find_copies(text(LEDGER[:30]), [memory], own_by(folder="/y/backend")) != ()
