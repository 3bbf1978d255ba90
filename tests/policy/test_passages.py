"""Fenced sections and copied lines, from the guard that finds them to the decision they give."""

from __future__ import annotations

import subprocess
from datetime import date
from pathlib import Path

import pytest

from tests.detect.people import FILES, people
from tightlip.detect.detector import Document
from tightlip.detect.found import Found
from tightlip.detect.ruleset import builtin_ruleset
from tightlip.finding import Action, Category, Severity, Surface
from tightlip.guard import Guard
from tightlip.policy.load import Above, load_policy
from tightlip.policy.organisation import Organisation, OrgFile, State
from tightlip.policy.passages import COPIED
from tightlip.provenance.copied import Lookup
from tightlip.provenance.index_build import Builder
from tightlip.provenance.index_file import Index
from tightlip.provenance.lines_seen import Memory
from tightlip.syntax.toml import parse_toml

CODE = "".join(
    f"    total_{i} = settle_claim(ledger[{i}], tariff_of('zone {i * 7}'), cutoff={i * 13})\n" for i in range(30)
)


def repository(folder: Path, remote: str, files: dict[str, str]) -> Path:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    commands = (["init", "-q"], ["remote", "add", "origin", remote], ["add", "-A"])
    for command in commands:
        subprocess.run(["git", *command], cwd=folder, check=True)
    commit = ["-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "-m", "x"]
    subprocess.run(["git", *commit], cwd=folder, check=True)
    return folder


def build(folder: Path, name: str, output: Path, key: bytes | None = None) -> None:
    builder = Builder(key) if key else Builder()
    builder.repository([name])
    for file in folder.rglob("*.py"):
        builder.add(file.relative_to(folder).as_posix(), file.read_text())
    builder.write(str(output), with_key=key is None)


@pytest.fixture
def pay(tmp_path: Path) -> Path:
    return repository(
        tmp_path / "pay", "git@github.com:acme/pay.git", {"src/settle.py": f"def settle(ledger):\n{CODE}"}
    )


@pytest.fixture
def app(tmp_path: Path) -> Path:
    return repository(tmp_path / "app", "git@github.com:acme/app.git", {"main.py": "x = 1\n"})


def organisation(folder: Path, text: str) -> Above:
    file = OrgFile(parse_toml(text, "org.toml"), str(folder / "org.toml"), "org.toml", str(folder))
    return Above(Organisation(State.TRUSTED, (file,)))


def guard(top: Path, text: str, folder: Path, memory: Memory | None = None) -> Guard:
    above = organisation(folder, text)
    policy = load_policy(top, top, builtin_ruleset().categories, above=above)
    return Guard(policy, builtin_ruleset(), top, above=above, memory=memory, today=lambda: date(2026, 11, 22))


PAY = '[[repo]]\nmatch = { remote = "github.com/acme/pay" }\nclass = "restricted"\ncontact = "payments@acme.example"\n'


def test_what_is_pasted_from_a_restricted_buffer_is_known(tmp_path: Path, pay: Path, app: Path) -> None:
    memory = Memory()
    there, here = guard(pay, PAY, tmp_path, memory), guard(app, PAY, tmp_path, memory)
    there.remember(Document((pay / "src/settle.py").read_text(), str(pay / "src/settle.py"), "python"))
    pasted = "import x\n\n" + "".join(CODE.splitlines(keepends=True)[4:14]) + "\ndone = True\n"
    found = here.inspect(Document(pasted, str(app / "main.py")), Surface.PROMPT)
    (passage,) = found.passages
    assert passage.finding.rule == COPIED
    assert pasted[slice(*passage.finding.span)].strip() == pasted[len("import x\n\n") : pasted.index("\ndone")].strip()
    assert (passage.copied.first_line, passage.copied.last_line) == (6, 15) if passage.copied else False
    assert passage.reason.text == (
        "10 lines of restricted code from acme/pay, src/settle.py:6-15: an assistant would receive them. "
        "Ask payments@acme.example."
    )
    assert (passage.reason.source, passage.entry.contact if passage.entry else "") == (
        "org.toml:1",
        "payments@acme.example",
    )
    assert "total_" not in passage.reason.text
    assert found.decision.action is Action.ASK
    assert found.findings == ()
    assert [finding.category for finding in found.everything] == [Category.RESTRICTED]
    prompt = here.inspect(Document(pasted), Surface.PROMPT)
    assert prompt.decision.action is Action.ASK
    assert here.inspect(Document("".join(CODE.splitlines(keepends=True)[:1])), Surface.PROMPT).passages == ()


def test_what_is_only_likely_says_so_and_a_whole_file_is_called_a_copy(tmp_path: Path, pay: Path, app: Path) -> None:
    short = "rates = rate_of(zone_seven, 0x7)\ncapital = floor_of(claims, 41)\nreserved(claims, tail='tail', y=9)\n"
    (pay / "src/short.py").write_text(short)
    memory = Memory()
    document = Document(short, str(pay / "src/short.py"), "python")
    guard(pay, PAY, tmp_path, memory).remember(document)
    spread = short.replace("\n", "\n\n\n\n\n\n")
    strict = PAY + '[class.restricted]\ncopied_code = "block"\n'
    (passage,) = guard(app, strict, tmp_path, memory).inspect(Document(spread), Surface.PROMPT).passages
    assert passage.reason.action is Action.ASK
    assert passage.reason.text.startswith(
        "3 lines that look like lines of restricted code from acme/pay, src/short.py:1-3: an assistant would receive them."
    )
    build(pay, "github.com/acme/pay", tmp_path / "pay.idx")
    indexed = guard(app, PAY + 'index = "pay.idx"\n', tmp_path)
    (passage,) = indexed.inspect(Document((pay / "src/settle.py").read_text()), Surface.PROMPT).passages
    assert passage.reason.text == (
        "Copy of restricted code from acme/pay, src/settle.py: an assistant would receive it. Ask payments@acme.example."
    )


def test_a_restricted_file_is_no_copy_of_itself(tmp_path: Path, pay: Path) -> None:
    there = guard(pay, PAY, tmp_path, Memory())
    document = Document((pay / "src/settle.py").read_text(), str(pay / "src/settle.py"), "python")
    there.remember(document)
    assert there.inspect(document).passages == ()


def test_a_file_that_is_not_restricted_any_more_is_forgotten(tmp_path: Path, pay: Path, app: Path) -> None:
    memory = Memory()
    document = Document((pay / "src/settle.py").read_text(), str(pay / "src/settle.py"), "python")
    guard(pay, PAY, tmp_path, memory).remember(document)
    assert len(memory)
    guard(pay, "", tmp_path, memory).remember(document)
    assert not len(memory)


def test_lines_of_an_index_are_known_in_a_prompt(tmp_path: Path, pay: Path, app: Path) -> None:
    build(pay, "github.com/acme/pay", tmp_path / "pay.idx")
    indexed = PAY + 'index = "pay.idx"\nallowed = "Use the public SDK"\n'
    here = guard(app, indexed, tmp_path)
    found = here.inspect(Document("How does this work?\n" + CODE, None), Surface.PROMPT)
    (passage,) = found.passages
    assert passage.copied is not None
    assert passage.copied.strict
    assert found.decision.reasons[0].source == "org.toml:1"
    assert found.decision.action is Action.ASK
    assert passage.reason.text.endswith("would receive them. Use the public SDK. Ask payments@acme.example.")
    strict = guard(app, indexed + '[class.restricted]\ncopied_code = "block"\n', tmp_path)
    assert strict.inspect(Document(CODE), Surface.PROMPT).decision.action is Action.BLOCK
    quiet = '[class.restricted]\ncopied_code = "off"\n[class.confidential]\ncopied_code = "off"\n'
    off = guard(app, indexed + quiet, tmp_path)
    assert off.inspect(Document(CODE), Surface.PROMPT).passages == ()


def test_an_index_may_have_its_key_in_a_file(tmp_path: Path, pay: Path, app: Path) -> None:
    build(pay, "github.com/acme/pay", tmp_path / "pay.idx", b"k" * 32)
    (tmp_path / "pay.key").write_bytes(b"k" * 32)
    here = guard(app, PAY + 'index = "pay.idx"\nindex_key = "pay.key"\n', tmp_path)
    assert here.inspect(Document(CODE), Surface.PROMPT).passages
    assert here.problems == ()
    here = guard(app, PAY + 'index = "pay.idx"\n', tmp_path)
    assert here.inspect(Document(CODE), Surface.PROMPT).passages == ()
    assert "does not hold its key" in str(here.problems[0])


@pytest.mark.parametrize(("on_error", "action"), [("open", Action.OFF), ("warn", Action.WARN), ("closed", Action.ASK)])
def test_an_index_that_cannot_be_used_is_told_and_decides_as_on_error_says(
    tmp_path: Path, app: Path, on_error: str, action: Action
) -> None:
    (tmp_path / "pay.idx").write_bytes(b"not an index")
    here = guard(app, f'{PAY}index = "pay.idx"\n[defaults]\non_error = "{on_error}"\n', tmp_path)
    assert here.inspect(Document("x = 1\n", str(app / "main.py")), Surface.PROMPT).decision.action is action
    (problem,) = here.problems
    assert str(problem).startswith("org.toml:1:1: the index pay.idx cannot be used: ")


def test_a_fenced_section_may_not_leave_and_what_stands_in_it_is_still_told(tmp_path: Path, app: Path) -> None:
    token = "ghp_" + "a8Zk2Lq9" * 4 + "0wXy"
    text = f"a = 1\n# tightlip: private-begin pricing\nmargin = 3\ntoken = '{token}'\n# tightlip: private-end\nb = 2\n"
    found = guard(app, "", tmp_path).inspect(Document(text, str(app / "main.py")), Surface.PROMPT)
    (passage,) = found.passages
    assert text[slice(*passage.finding.span)].startswith("margin = 3\n")
    assert passage.reason.text == "Private section “pricing”: lines 3 to 4 may not be shared with an assistant."
    assert passage.finding.severity is Severity.ERROR
    assert found.decision.action is Action.BLOCK
    assert len(found.findings) == 1
    assert token not in repr(found)


def test_a_section_that_is_never_closed_goes_to_the_end(tmp_path: Path, app: Path) -> None:
    found = guard(app, "", tmp_path).inspect(Document("a = 1\n# tightlip: private-begin\nb = 2\n"), Surface.PROMPT)
    (passage,) = found.passages
    assert passage.reason.text == "Private section: everything from line 3 on may not be shared with an assistant."
    assert [notice.code for notice in found.notices] == ["private-section"]


def test_a_section_that_holds_nothing_but_placeholders_is_safe(tmp_path: Path, app: Path) -> None:
    here = guard(app, "", tmp_path)
    fence = "# tightlip: private-begin\n{}\n# tightlip: private-end\n"
    for safe in ("  TL_PRIVATE_SECTION_7F3K2Q", '    "TL_PRIVATE_SECTION_7F3K2Q"', "`TL_PRIVATE_SECTION_7F3K2Q`,"):
        assert here.inspect(Document(fence.format(safe)), Surface.PROMPT).passages == ()
    for private in ("a = TL_PASSWORD_7F3K2Q", "TL_PRIVATE_SECTION_", "===="):
        assert len(here.inspect(Document(fence.format(private)), Surface.PROMPT).passages) == 1


def test_an_exception_for_restricted_code_lets_a_section_and_a_copy_go(tmp_path: Path, app: Path) -> None:
    text = "# tightlip: private-begin\nmargin = 3\n# tightlip: private-end\n"
    exception = (
        '[[exception]]\nid = "EX-1"\nscope = { category = "restricted", remote = "github.com/acme/app" }\n'
        'reason = "public soon"\napprover = "ciso"\nexpires = 2026-11-22\n'
    )
    allowed = guard(app, exception, tmp_path).inspect(Document(text, str(app / "main.py")), Surface.PROMPT)
    assert allowed.decision.action is Action.INFO
    assert allowed.decision.reasons[0].exception == "EX-1"
    late = guard(app, exception.replace("2026-11-22", "2026-11-21"), tmp_path)
    assert late.inspect(Document(text, str(app / "main.py")), Surface.PROMPT).decision.action is Action.BLOCK


def test_an_exception_for_one_repository_is_not_opened_by_a_remote_that_was_added(tmp_path: Path, app: Path) -> None:
    text = "# tightlip: private-begin\nmargin = 3\n# tightlip: private-end\n"
    exception = (
        '[[exception]]\nid = "EX-1"\nscope = {{ category = "restricted", remote = {} }}\n'
        'reason = "public soon"\napprover = "ciso"\nexpires = 2026-11-22\n'
    )
    subprocess.run(["git", "remote", "add", "x", "https://github.com/acme/open"], cwd=app, check=True)
    for remotes, action in (
        ('["github.com/acme/open"]', Action.BLOCK),
        ('["github.com/acme/open", "github.com/acme/app"]', Action.INFO),
    ):
        here = guard(app, exception.format(remotes), tmp_path)
        assert here.inspect(Document(text, str(app / "main.py")), Surface.PROMPT).decision.action is action


def test_the_class_is_the_one_that_the_policy_now_gives_an_index(tmp_path: Path, pay: Path, app: Path) -> None:
    build(pay, "github.com/acme/pay", app / "pay.idx")
    mark = '[[repo]]\nmatch = { remote = "github.com/acme/pay" }\nindex = "pay.idx"\nclass = '
    (app / "tightlip.toml").write_text(mark + '"confidential"\n')
    here = guard(app, "", tmp_path)
    path = str(app / "main.py")
    (passage,) = here.inspect(Document(CODE, path)).passages
    assert "confidential code" in passage.finding.title
    (app / "tightlip.toml").write_text(mark + '"restricted"\n')
    here.reload()
    (passage,) = here.inspect(Document(CODE, path)).passages
    assert "restricted code" in passage.finding.title


def test_a_key_file_that_is_made_later_is_seen(tmp_path: Path, pay: Path, app: Path) -> None:
    build(pay, "github.com/acme/pay", tmp_path / "pay.idx", b"k" * 32)
    here = guard(app, PAY + 'index = "pay.idx"\nindex_key = "pay.key"\n', tmp_path)
    assert here.inspect(Document(CODE), Surface.PROMPT).passages == ()
    assert "cannot read this key file" in str(here.problems[0])
    (tmp_path / "pay.key").write_bytes(b"k" * 32)
    assert here.inspect(Document(CODE), Surface.PROMPT).passages
    assert here.problems == ()


def test_an_index_that_is_replaced_while_it_is_asked_answers_to_the_end(
    tmp_path: Path, pay: Path, app: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(pay, "github.com/acme/pay", tmp_path / "pay.idx")
    here, look_up = guard(app, PAY + 'index = "pay.idx"\n', tmp_path), Index.look_up
    others: list[int] = []

    def replaced(index: Index, hashes: list[bytes]) -> list[Lookup]:
        monkeypatch.setattr(Index, "look_up", look_up)
        build(pay, "github.com/acme/pay", tmp_path / "pay.idx")
        others.append(len(here.inspect(Document(CODE), Surface.PROMPT).passages))  # as another thread would
        return look_up(index, hashes)

    monkeypatch.setattr(Index, "look_up", replaced)
    assert len(here.inspect(Document(CODE), Surface.PROMPT).passages) == 1
    assert others == [1]


def test_a_section_around_a_table_leaves_its_cells_packed_until_they_are_wanted(tmp_path: Path, app: Path) -> None:
    text = f"# tightlip: private-begin\n{FILES['users.csv'](people(30))}# tightlip: private-end\n"
    found = guard(app, "", tmp_path).inspect(Document(text, str(app / "users.csv")))
    everything, findings, (passage,) = found.everything, found.findings, found.passages
    assert isinstance(everything, Found)
    assert isinstance(findings, Found)
    assert everything.packed is findings.packed
    assert everything is found.everything, "what was made of it once is kept"
    assert sum(count for _, count in everything.counted()) == len(everything) == len(findings) + 1
    assert list(everything) == sorted([*findings, passage.finding], key=lambda finding: finding.span)
