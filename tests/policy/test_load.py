from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tightlip.finding import Action, Category, Classification, Confidence, Severity
from tightlip.policy import keys
from tightlip.policy.load import load_policy, parse_draft, policy_files
from tightlip.policy.model import BUILTIN, Layer, Policy
from tightlip.policy.read import read_policy
from tightlip.syntax.toml import parse_toml

Write = Callable[..., Policy]


@pytest.fixture
def load(tmp_path: Path) -> Write:
    """Policy of one text: `load("[scan]...")`; further files by name: `load(text, **{"sub/tightlip.toml": text})`."""

    def write(text: str | None = None, folder: str = "", files: dict[str, str] | None = None) -> Policy:
        named = dict(files or {})
        if text is not None:
            named["tightlip.toml"] = text
        for name, content in named.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(content, encoding="utf-8")
        return load_policy(tmp_path / folder, tmp_path, {"aws-access-key-id": Category.SECRET, "us-ssn": Category.PII})

    return write


def problems(policy: Policy) -> list[str]:
    return [str(problem) for problem in policy.problems]


EVERYTHING = """\
[defaults]
class = "confidential"

[class.confidential]
share = "ask"

[detect.secret]
action = "ask"
min_confidence = "high"

[detect.rule.aws-access-key-id]
action = "info"
severity = "hint"

[detect.detect_secrets]
baseline = "ci/known.baseline"

[detect.presidio]
recognizers = "recognizers.yaml"

[scan]
exclude = ["vendor/**", "*.min.js"]

[inline]
allow = false

[[repo]]
match = { remote = "https://GitHub.com/acme/pay.git", path = ["services/pay/**"] }
class = "restricted"
paths = { "docs/**" = "confidential" }
owner = "payments"
contact = "payments@acme.example"
allowed = "Use the public SDK"

[[allow]]
fingerprint = "tl1:abc"
reason = "test account"
expires = 2027-01-31

[[allow]]
rule = "us-ssn"
path = "tests/**"
reason = "made up"
"""


def test_every_key_is_read_with_its_place(load: Write, tmp_path: Path) -> None:
    policy = load(EVERYTHING)
    assert problems(policy) == []
    assert (policy.default_class.value, policy.default_class.source) == (Classification.CONFIDENTIAL, "tightlip.toml:2")
    assert policy.share_action(Classification.CONFIDENTIAL).value is Action.ASK
    assert policy.share_action(Classification.RESTRICTED) == BUILTIN.share_action(Classification.RESTRICTED)
    secret = policy.action(Category.SECRET)
    assert (secret.value, secret.source, secret.layer) == (Action.ASK, "tightlip.toml:8", "repo")
    assert policy.min_confidence(Category.SECRET).value is Confidence.HIGH
    assert policy.action(Category.PII) == BUILTIN.action(Category.PII)
    rule = policy.rules["aws-access-key-id"]
    assert rule.action is not None
    assert rule.severity is not None
    assert (rule.action.value, rule.severity.value) == (Action.INFO, Severity.HINT)
    assert policy.baseline is not None
    assert policy.baseline.path == f"{tmp_path.as_posix()}/ci/known.baseline"
    assert policy.recognizers is not None
    assert policy.recognizers.source == "tightlip.toml:19"
    assert [glob.glob for glob in policy.exclude] == ["vendor/**", "*.min.js"]
    assert (policy.inline_allow.value, policy.inline_allow.source) == (False, "tightlip.toml:25")
    (repo,) = policy.repos
    assert repo.remotes == ("github.com/acme/pay",)
    assert repo.paths == ("services/pay/**",)
    assert repo.within == (("docs/**", Classification.CONFIDENTIAL),)
    assert (repo.owner, repo.contact, repo.allowed) == ("payments", "payments@acme.example", "Use the public SDK")
    assert (repo.source, repo.layer, repo.base) == ("tightlip.toml:27", "repo", str(tmp_path))
    first, second = policy.allows
    assert (first.fingerprint, first.expires, first.source) == ("tl1:abc", date(2027, 1, 31), "tightlip.toml:35")
    assert first.counts_on(date(2027, 1, 31))
    assert not first.counts_on(date(2027, 2, 1))
    assert (second.rule, second.reason) == ("us-ssn", "made up")
    assert second.path is not None
    assert second.path.matches(f"{tmp_path}/tests/a/x.py")


def test_without_a_file_the_built_in_policy_is_in_force(load: Write) -> None:
    assert load() == BUILTIN
    assert load("# nothing set\n").settings == BUILTIN.settings


@pytest.mark.parametrize("category", [Category.SECRET, Category.PII, Category.TERM])
def test_the_built_in_policy_sets_every_key(category: Category) -> None:
    assert BUILTIN.action(category).value > Action.OFF
    assert set(BUILTIN.settings) == set(keys.KEYS)


def test_pyproject_holds_the_same_keys(load: Write) -> None:
    policy = load(files={"pyproject.toml": '[project]\nname = "x"\n\n[tool.tightlip.detect.pii]\naction = "wran"\n'})
    assert problems(policy) == [
        'pyproject.toml:5:1: "action" must be one of off, info, warn, ask, block. Did you mean "warn"?'
    ]
    policy = load(files={"pyproject.toml": '[tool]\ntightlip.detect.pii.action = "info"\n'})
    assert policy.action(Category.PII).value is Action.INFO


def test_a_pyproject_without_our_table_is_no_policy(load: Write) -> None:
    policy = load(files={"pyproject.toml": '[project]\ndependencies = ["tightlip"]\n'})
    assert policy == BUILTIN
    assert policy.files == ()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[detect.secret]\nacton = "warn"', 'tightlip.toml:2:1: unknown key "acton". Did you mean "action"?'),
        ('[detct.secret]\naction = "warn"', 'tightlip.toml:1:1: unknown key "detct". Did you mean "detect"?'),
        ('[detect.secrets]\naction = "warn"', 'tightlip.toml:1:1: unknown key "secrets". Did you mean "secret"?'),
        ("[detect.pii]\n  action = 3", 'tightlip.toml:2:3: "action" must be one of off, info, warn, ask, block'),
        ('[detect]\npii = "off"', 'tightlip.toml:2:1: "pii" must be a table'),
        ('[defaults]\nclass = "secret"', 'tightlip.toml:2:1: "class" must be one of public, internal, confidential, restricted'),
        ("[inline]\nallow = 1", 'tightlip.toml:2:1: "allow" must be true or false'),
        ("[scan]\nexclude = [1]", 'tightlip.toml:2:1: "exclude" must be a text or a list of texts'),
        ('[scan]\nexclude = ["!x"]', 'tightlip.toml:2:1: a glob may not begin with "!"'),
        ("repo = 1", 'tightlip.toml:1:1: "repo" holds entries; write [[repo]]'),
        ('[[allow]]\nfingerprint = "x"', 'tightlip.toml:1:1: an [[allow]] needs a "reason"'),
        ('[[allow]]\nreason = "x"', 'tightlip.toml:1:1: an [[allow]] needs a "fingerprint", or a "rule" and a "path"'),
        ('[[allow]]\nfingerprint = "x"\nreason = "y"\nexpires = "soon"', 'tightlip.toml:4:1: "expires" must be a date, as in 2027-01-31'),
        ('[detect.rule.aws-acces-key-id]\naction = "off"', 'tightlip.toml:1:1: unknown rule "aws-acces-key-id". Did you mean "aws-access-key-id"?'),
        ('[detect.detect_secrets]\nbaseline = "../x"', 'tightlip.toml:2:1: "baseline" must name a file in this folder or below it'),
        ('[detect.presidio]\nrecognizers = "/etc/x"', 'tightlip.toml:2:1: "recognizers" must name a file in this folder or below it'),
        ("[class.restricted]\nshre = 1", 'tightlip.toml:2:1: unknown key "shre". Did you mean "share"?'),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_what_to_do(load: Write, text: str, message: str) -> None:
    assert problems(load(text)) == [message]


def test_all_mistakes_are_told_and_the_rest_stays_in_force(load: Write) -> None:
    policy = load(
        """\
[detect.secret]
action = "nope"
min_confidence = "medium"
[scan]
exclude = ["vendor/**", "[z-a]"]
exlude = []
[[allow]]
fingerprint = "x"
[[repo]]
match = { remote = "github.com/acme/pay" }
class = "internal"
"""
    )
    assert [(problem.line, problem.column) for problem in policy.problems] == [(2, 1), (5, 1), (6, 1), (7, 1)]
    assert policy.action(Category.SECRET) == BUILTIN.action(Category.SECRET)
    assert policy.min_confidence(Category.SECRET).value is Confidence.MEDIUM
    assert [glob.glob for glob in policy.exclude] == ["vendor/**"]
    assert policy.allows == ()
    assert len(policy.repos) == 1


@pytest.mark.parametrize(
    "entry",
    [
        'match = { remote = "github.com/acme/pay" }\nclass = "resticted"',
        'match = { remote = "github.com/acme/pay" }\nclass = 3',
        'match = { remote = "github.com/acme/pay", path = 3 }',
        'match = { remote = ["github.com/acme/pay", 3, "[z-a]"] }',
        'match = { remote = "github.com/acme/pay" }\nclss = "public"',
        'match = { remote = "github.com/acme/pay" }\npaths = 3',
        'match = { remote = "github.com/acme/pay" }\npaths = { "!x" = "public" }',
        'match = { remote = "github.com/acme/pay", root = ["abc"] }',
        'remote = "github.com/acme/pay"',
        'match = 3\nremote = "github.com/acme/pay"',
    ],
)
def test_a_broken_entry_restricts_what_it_can_still_name(load: Write, entry: str) -> None:
    for header in ("[[repo]]", "[repo]"):
        policy = load(f"{header}\n{entry}\n")
        assert policy.problems
        assert [repo.classification for repo in policy.repos] == [Classification.RESTRICTED]
        assert policy.repos[0].remotes == ("github.com/acme/pay",)


@pytest.mark.parametrize(
    "entry", ["match = 3", "match = {}", 'match = { remote = "[z-a]" }', 'match = { root = ["abc"] }']
)
def test_an_entry_that_names_nothing_is_told_and_does_not_speak_of_everything(load: Write, entry: str) -> None:
    policy = load(f"[[repo]]\n{entry}\n")
    assert policy.repos == ()
    assert 'write match = { remote = "github.com/acme/pay" }' in problems(policy)[-1]


def test_an_entry_without_match_marks_the_repository_it_stands_in(load: Write, tmp_path: Path) -> None:
    (repo,) = load('[[repo]]\ncontact = "payments@acme.example"\n').repos
    assert (repo.classification, repo.remotes, repo.paths) == (Classification.RESTRICTED, (), ())
    assert repo.base == str(tmp_path)


def test_above_the_repository_an_entry_must_say_what_it_speaks_of() -> None:
    document = parse_toml('[[repo]]\nclass = "restricted"\n', "tightlip.toml")
    found = read_policy(document, file="/etc/tightlip/tightlip.toml", base="/etc/tightlip", layer=Layer.ORG)
    assert found is not None
    assert found.repos == []
    assert len(found.problems) == 1


@pytest.mark.parametrize(
    "content", [b"[detect", b"\xff\xfe", b"a = 1\na = 2", b"\0", b"x = " + b"[" * 5000, b"#" * 1_000_001]
)
def test_a_file_that_is_no_policy_leaves_the_defaults_and_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "tightlip.toml").write_bytes(content)
    policy = load_policy(tmp_path)
    assert policy.settings == BUILTIN.settings
    assert len(policy.problems) == 1
    assert policy.problems[0].file == "tightlip.toml"
    assert policy.unreadable == (str(tmp_path / "tightlip.toml"),)


def test_what_stands_in_place_of_a_file_is_told_and_does_not_hold_us_up(tmp_path: Path) -> None:
    path = tmp_path / "tightlip.toml"
    for make in (
        path.mkdir,
        lambda: os.mkfifo(path),
        lambda: path.symlink_to("/dev/zero"),
        lambda: path.symlink_to("x"),
    ):
        make()
        policy = load_policy(tmp_path)
        assert problems(policy) == ["tightlip.toml: this is not a file"]
        path.rmdir() if path.is_dir() else path.unlink()


def test_a_file_with_a_byte_order_mark_and_windows_line_ends_is_read(tmp_path: Path) -> None:
    (tmp_path / "tightlip.toml").write_bytes(b'\xef\xbb\xbf[detect.pii]\r\naction = "warn"\r\n')
    policy = load_policy(tmp_path)
    assert problems(policy) == []
    assert policy.action(Category.PII).source == "tightlip.toml:2"


def test_files_are_read_from_the_top_of_the_repository_down(load: Write, tmp_path: Path) -> None:
    files = {"a/b/tightlip.toml": '[[repo]]\n[scan]\nexclude = ["x"]\n', "other/tightlip.toml": "[[repo]]\n"}
    policy = load("[scan]\nexclude = ['gen']\n", "a/b", files)
    assert [Path(file).relative_to(tmp_path).as_posix() for file in policy.files] == [
        "tightlip.toml",
        "a/b/tightlip.toml",
    ]
    assert [repo.source for repo in policy.repos] == ["a/b/tightlip.toml:1"]
    assert policy.exclude[0].matches(f"{tmp_path}/a/gen/x.py")
    assert policy.exclude[1].matches(f"{tmp_path}/a/b/c/x")
    assert not policy.exclude[1].matches(f"{tmp_path}/x")
    assert policy_files(tmp_path / "a", Path("/elsewhere")) == ()


@given(st.text(max_size=200))
def test_malformed_toml_never_raises(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.getbasetemp() / "fuzz"
    folder.mkdir(exist_ok=True)
    (folder / "tightlip.toml").write_text(text, encoding="utf-8", errors="replace")
    assert load_policy(folder).action(Category.SECRET).value is Action.BLOCK


KEYS = [
    "class",
    "defaults",
    "detect",
    "repo",
    "scan",
    "allow",
    "inline",
    "secret",
    "rule",
    "match",
    "remote",
    "path",
    "paths",
]
KEYS += ["exclude", "share", "action", "restricted", "reason", "expires", "presidio", "recognizers", "fingerprint", "x"]
values: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | st.datetimes() | st.text(max_size=8)
    | st.sampled_from(["warn", "restricted", "!x", "[z-a]", "github.com/acme/*", ""]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(KEYS), values, max_size=7))
def test_any_value_anywhere_is_a_problem_and_not_an_exception(data: dict[str, object]) -> None:
    document = parse_toml("", "tightlip.toml")
    document.data.update(data)
    found = read_policy(document, file="/r/tightlip.toml", base="/r", rule_ids=["aws-access-key-id"])
    assert found is not None
    for problem in found.problems:
        assert str(problem).startswith("tightlip.toml:1:1: ")
        assert len(str(problem)) < 400


def test_what_a_repository_names_lies_in_it_when_links_are_followed(tmp_path: Path):
    top, text = tmp_path / "top", '[[repo]]\nclass = "restricted"\nindex = "in.idx"\nindex_key = "out.key"\n'
    top.mkdir()
    (top / "real.idx").touch()
    (tmp_path / "out.key").touch()
    (top / "in.idx").symlink_to("real.idx")
    (top / "out.key").symlink_to("../out.key")
    (top / "tightlip.toml").write_text(text)
    policy = load_policy(top)
    assert [(repo.index, repo.index_key) for repo in policy.repos] == [(str(top / "in.idx"), "")]
    assert [str(problem) for problem in policy.problems] == [
        'tightlip.toml:4:1: "index_key" must name a file in this folder or below it'
    ]


def test_a_file_of_thousands_of_unknown_words_is_not_held_against_all_that_are_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    for room in ("table", "known"):
        monkeypatch.setattr(f"tightlip.policy.{room}.did_you_mean", lambda word, words: asked.append(word) or "")
    unknown = ", ".join(f'"w{number}"' for number in range(2_000))
    text = (
        f"[editor]\nrequired = [{unknown}]\n[detect.secret]\nphases = [{unknown}]\n"
        f"[[exception]]\nscope = {{ rule = [{unknown}], category = [{unknown}] }}\n"
    )
    document = parse_draft(text, "tightlip.toml")
    found = read_policy(document, file="/x/tightlip.toml", base="/x", rule_ids=["aws-access-key-id"])
    assert found is not None
    assert len(found.problems) >= 6_000
    assert 0 < len(asked) < 300
