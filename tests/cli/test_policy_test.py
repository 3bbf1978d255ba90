"""`policy test`: a policy is held against samples, and no sample is ever shown."""

from __future__ import annotations

import json

import pytest

from tightlip.__main__ import main
from tightlip.detect.detector import Document
from tightlip.detect.sample import fill
from tightlip.guard import load_guard

TOKEN = "token = 'ghp_{crc32-base62:30}'"


@pytest.fixture
def cases(folder):
    def write(*entries: str) -> None:
        (folder / "cases.toml").write_text("".join(f"[[case]]\n{entry}\n" for entry in entries))

    return write


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    code = main(["policy", "test", "cases.toml", *arguments])
    return (code, *capsys.readouterr())


BLOCKED = f'name = "a token"\ntext = "{TOKEN}"\nexpect = "block"\nreasons = ["github-personal-access-token"]'


def test_a_case_that_is_decided_as_expected_passes(cases, capsys):
    cases(BLOCKED, 'name = "nothing"\ntext = "explain this"\nexpect = "off"')
    code, out, err = run(capsys)
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "ok    block  a token  (github-personal-access-token)", "ok    off    nothing", "2 cases, all as expected.",
    ]  # fmt: skip


def test_a_case_that_is_not_says_what_was_decided_and_why(cases, capsys):
    cases(f'name = "a token"\nsurface = "editor"\ntext = "{TOKEN}"\nexpect = "block"\nreasons = ["us-ssn"]')
    code, out, _ = run(capsys)
    assert code == 1
    assert out.splitlines() == [
        "FAIL  warn   a token  (cases.toml:1)",
        "      expected block on editor, decided warn",
        "      expected for us-ssn, which is no reason",
        "      warn   GitHub personal access token: an assistant would receive it. (github-personal-access-token, builtin)",
        "1 of 1 case failed.",
    ]


def test_the_policy_of_the_folder_counts(folder, cases, capsys):
    (folder / "tightlip.toml").write_text('[detect.secret]\naction = "info"\n')
    cases(f'name = "a token"\ntext = "{TOKEN}"\nexpect = "info"')
    assert run(capsys)[0] == 0


def test_a_draft_is_tested_as_the_organisations(folder, cases, capsys):
    (folder / "org.toml").write_text(
        '[[repo]]\nmatch = { remote = "github.com/acme/pay" }\nclass = "restricted"\n'
        '[[exception]]\nid = "E"\nscope = { category = "restricted", path = "docs/**" }\nreason = "r"\napprover = "a"\n'
        "expires = 2099-01-01\n"
    )
    place = 'text = "x"\nremote = "git@github.com:acme/pay.git"\n'
    cases(
        f'name = "source"\n{place}path = "src/a.py"\nexpect = "block"\nreasons = "restricted"',
        f'name = "documentation"\n{place}path = "docs/a.md"\nexpect = "info"',
        'name = "another repository"\ntext = "x"\nremote = "https://github.com/acme/other"\nexpect = "off"',
    )
    code, out, _ = run(capsys, "--config", "org.toml", "--layer", "org")
    assert code == 0, out
    assert run(capsys)[0] == 1
    assert run(capsys, "--layer", "org")[0] == 2


ORG = (
    '[[exception]]\nid = "E"\nscope = { category = "restricted", path = "docs/**" }\nreason = "r"\napprover = "a"\n'
    "expires = 2099-01-01\n"
)


def test_an_exception_for_paths_counts_from_the_folder_where_there_is_no_repository(folder, cases, capsys):
    (folder / "org.toml").write_text(ORG)
    place = 'text = "x"\nclass = "restricted"\n'
    cases(
        f'name = "source"\n{place}path = "src/a.py"\nexpect = "block"',
        f'name = "documentation"\n{place}path = "docs/a.md"\nexpect = "info"',
    )
    code, out, _ = run(capsys, "--config", "org.toml", "--layer", "org")
    assert code == 0, out


@pytest.mark.parametrize("pretended", ['class = "internal"', 'remote = "github.com/acme/pay"', ""])
@pytest.mark.parametrize("config", [(), ("--config", "tightlip.toml")])
def test_an_allowed_value_counts_in_a_repository_that_is_pretended(
    folder, cases, capsys, pretended: str, config: tuple[str, ...]
):
    text = fill(TOKEN)
    (folder / "a.py").write_text(text)
    (folder / "tightlip.toml").write_text("")
    guard = load_guard(folder)
    (finding,) = guard.inspect(Document(text, str(folder / "a.py"))).findings
    allow = f'[[allow]]\nfingerprint = "{guard.fingerprint(finding)}"\nreason = "r"\n'
    cases(f'name = "a token"\nfile = "a.py"\n{pretended}\nexpect = "block"')
    assert run(capsys, *config)[0] == 0
    (folder / "tightlip.toml").write_text(allow)
    cases(f'name = "a token"\nfile = "a.py"\n{pretended}\nexpect = "off"')
    code, out, _ = run(capsys, *config)
    assert code == 0, out


@pytest.mark.parametrize(
    ("level", "expect"), [("public", "off"), ("internal", "off"), ("confidential", "info"), ("restricted", "block")]
)
def test_a_class_is_pretended(cases, capsys, level: str, expect: str):
    cases(f'name = "n"\ntext = "x"\nclass = "{level}"\nexpect = "{expect}"')
    assert run(capsys)[0] == 0


def test_a_file_is_read_beside_the_cases(folder, cases, capsys):
    (folder / "sample.env").write_text(fill(TOKEN))
    cases('name = "n"\nfile = "sample.env"\nexpect = "block"')
    assert run(capsys)[0] == 0


def test_a_real_repository_counts_for_a_path(repository, capsys):
    repository.git("remote", "add", "origin", "git@github.com:acme/pay.git")
    repository.write("tightlip.toml", '[[repo]]\nmatch = { remote = "github.com/acme/pay" }\nclass = "restricted"\n')
    repository.write(
        "cases.toml", '[[case]]\nname = "n"\ntext = "x"\npath = "a.py"\nexpect = "block"\nreasons = "restricted"\n'
    )
    code, out, _ = run(capsys)
    assert code == 0, out


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ('name = "n"\nexpect = "off"', 'cases.toml:1:1: a [[case]] needs a "text" or a "file"'),
        ('name = "n"\ntext = "x"', 'cases.toml:1:1: a [[case]] needs "expect"'),
        (
            'name = "n"\ntext = "x"\nexpect = "blok"',
            'cases.toml:4:1: "expect" must be one of off, info, warn, ask, block',
        ),
        (
            'name = "n"\ntext = "x"\nexpect = "off"\nsurfac = "cli"',
            'cases.toml:5:1: unknown key "surfac". Did you mean "surface"?',
        ),
        (
            'name = "n"\ntext = "secret {nothing:36}"\nexpect = "off"',
            'cases.toml:3:1: "text" has a sample that is not known',
        ),
        (
            'name = "n"\ntext = "secret {iban:XX}"\nexpect = "off"',
            'cases.toml:3:1: "text" has a sample that is not known',
        ),
        ('name = "n"\nfile = "absent"\nexpect = "off"', "cases.toml:3:1: cannot read this file"),
        ('name = "n"\ntext = 3\nexpect = "off"', 'cases.toml:3:1: "text" must be a text'),
        ('name = "n"\ntext = "x"\nclass = "secret"\nexpect = "off"', 'cases.toml:4:1: "class" must be one of'),
    ],
)
def test_a_case_that_cannot_be_read_is_told_and_nothing_is_run(cases, capsys, entry: str, told: str):
    cases(BLOCKED, entry)
    code, out, err = run(capsys)
    first, _, rest = told.partition(":")
    line, _, message = rest.partition(":")
    assert (code, out) == (2, "")
    assert err.startswith(f"tightlip: {first}:{int(line) + 5}:{message}"), err
    assert "secret" not in err or "class" in entry


def test_a_file_without_cases_is_no_success(folder, capsys):
    (folder / "cases.toml").write_text("")
    assert run(capsys)[0] == 2
    (folder / "cases.toml").write_text("[[cases]]\n")
    assert run(capsys)[0] == 2


def test_no_text_of_a_case_is_ever_shown(folder, cases, capsys):
    cases(BLOCKED.replace("block", "off"), BLOCKED)
    value = fill(TOKEN).partition("'")[2].rstrip("'")
    for arguments in ((), ("--format", "json")):
        code, out, err = run(capsys, *arguments)
        assert code == 1
        assert value not in out + err
        assert "ghp_" not in out + err


def test_json_tells_the_same(cases, capsys):
    cases(BLOCKED)
    code, out, _ = run(capsys, "--format", "json")
    (told,) = json.loads(out)
    assert (code, told["passed"], told["decision"], told["missing"]) == (0, True, "block", [])
    assert told["reasons"][0]["rule"] == "github-personal-access-token"
