"""One test for every kind of mistake that managed settings of other tools are known for (their change logs and advisories).

Where a policy comes from (signatures, owners, environment) is tested in test_organisation.py.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tightlip.detect.detector import Document
from tightlip.detect.ruleset import builtin_ruleset
from tightlip.finding import Action, Category, Classification, Surface
from tightlip.guard import Guard
from tightlip.policy.load import Above, load_policy
from tightlip.policy.model import BUILTIN, Policy
from tightlip.policy.organisation import Organisation, OrgFile, State
from tightlip.syntax.toml import parse_toml

SECRET = "password = 'q8Zr" + "T2mX9vLw'\n"


def organisation(text: str, **changes: object) -> Above:
    file = OrgFile(
        parse_toml(text, "/etc/tightlip/tightlip.toml"), "/etc/tightlip/tightlip.toml", "org", "/etc/tightlip"
    )
    return Above(Organisation(State.TRUSTED, (file,), **changes))  # pyright: ignore[reportArgumentType]


def policy(folder: Path, org: str, repo: str = "", user: str = "") -> Policy:
    (folder / "tightlip.toml").write_text(repo)
    above = organisation(org)
    if user:
        (folder / "user").mkdir()
        (folder / "user" / "tightlip.toml").write_text(user)
        above = Above(above.organisation, folder / "user" / "tightlip.toml")
    return load_policy(folder, folder, builtin_ruleset().categories, above=above)


def guard(folder: Path, org: str, repo: str = "") -> Guard:
    made = policy(folder, org, repo)
    return Guard(made, builtin_ruleset(), folder, above=organisation(org))


def test_an_allow_of_a_lower_layer_does_not_get_past_a_deny(tmp_path: Path) -> None:
    """A hook's "allow" got past the managed "deny"."""
    (rule,) = {finding.rule for finding in Guard(BUILTIN, builtin_ruleset()).inspect(Document(SECRET)).findings}
    allows = f'[[allow]]\nrule = "{rule}"\npath = "**"\nreason = "mine"\n[detect.secret]\naction = "off"\n'
    made = guard(tmp_path, '[detect.secret]\naction = "block"\n', allows)
    found = made.inspect(Document(SECRET, str(tmp_path / "x.py")), Surface.PROMPT)
    assert found.findings
    assert found.decision.action is Action.BLOCK
    assert [problem.line for problem in made.problems] == [1, 6]


def test_one_entry_that_cannot_be_read_disables_no_other(tmp_path: Path) -> None:
    """One invalid entry made the rest of a valid managed policy silently void."""
    made = policy(
        tmp_path,
        '[detect.pii]\naction = 7\n[detect.term]\naction = "block"\n[[repo]]\nmatch = { remote = 3 }\n'
        '[[repo]]\nmatch = { remote = "github.com/acme/pay" }\nclass = "restricted"\n',
    )
    assert made.action(Category.TERM).value is Action.BLOCK
    assert [repo.remotes for repo in made.repos] == [("github.com/acme/pay",)]
    assert len(made.problems) == 3


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ('[detect.pii]\naction = "blok"\n', "detect.pii.action", Action.BLOCK),
        ('[class.confidential]\nshare = ["block"]\n', "class.confidential.share", Action.BLOCK),
        ('[defaults]\nclass = "confidental"\n', "defaults.class", Classification.RESTRICTED),
        ("[inline]\nallow = 0\n", "inline.allow", False),
        ("[detect.pii]\nphases = [1]\n", "detect.pii.phases", None),
    ],
)
def test_a_value_that_is_mistyped_is_applied_as_the_strictest(
    tmp_path: Path, text: str, key: str, value: object
) -> None:
    """A managed value with a mistake in it was not applied: it failed open."""
    made = policy(tmp_path, text)
    assert made.settings[key].value == value
    assert made.settings[key].layer == "org"
    assert [problem.line for problem in made.problems] == [2]


def test_a_lower_layer_widens_no_list_of_the_organisation(tmp_path: Path) -> None:
    """A user's or project's list was joined to the managed list of what is allowed."""
    org = '[scan]\nexclude = ["vendor/**"]\n[detect.pii]\nphases = ["prompt", "tool_input"]\n'
    lower = '[scan]\nexclude = ["**"]\n[detect.pii]\nphases = ["prompt"]\n'
    made = policy(tmp_path, org, lower, user=lower)
    assert [glob.glob for glob in made.exclude] == ["vendor/**"]
    assert made.phases(Category.PII).value == {"prompt", "tool_input"}
    assert len(made.problems) == 4


def test_what_is_no_longer_allowed_is_reported_without_a_restart(tmp_path: Path) -> None:
    """A removed "allow" stayed in force until the tool was started anew."""
    document = Document(SECRET, str(tmp_path / "x.py"))
    (rule,) = {finding.rule for finding in Guard(BUILTIN, builtin_ruleset()).inspect(document).findings}
    (tmp_path / "tightlip.toml").write_text(f'[[allow]]\nrule = "{rule}"\npath = "**"\nreason = "r"\n')
    made = Guard(load_policy(tmp_path), builtin_ruleset(), tmp_path)
    assert not made.inspect(document).findings
    (tmp_path / "tightlip.toml").write_text("")
    made.reload()
    assert made.inspect(document).findings


def test_a_guard_that_the_organisation_requires_stays_required(tmp_path: Path) -> None:
    """One switch of a user turned all managed hooks off."""
    made = policy(
        tmp_path, '[editor]\nrequired = ["send"]\n', "[editor]\nrequired = []\n", user="[editor]\nrequired = []\n"
    )
    assert set(made.required) == {"send"}


def test_who_is_refused_is_told_with_both_places(tmp_path: Path) -> None:
    """A value fell back to another, and the user was not told."""
    made = policy(tmp_path, '[detect.pii]\naction = "block"\n', '[detect.pii]\naction = "warn"\n')
    assert [str(problem) for problem in made.problems] == [
        "tightlip.toml:2:1: ignored: the organisation (/etc/tightlip/tightlip.toml:2) sets block, this asks warn"
    ]


def test_an_entry_that_restricts_and_is_mistaken_still_restricts(tmp_path: Path) -> None:
    """A "forbid" whose evaluation failed was skipped."""
    made = policy(tmp_path, '[[repo]]\nmatch = { remote = "github.com/acme/pay" }\nclass = "resticted"\n')
    assert [repo.classification for repo in made.repos] == [Classification.RESTRICTED]


def test_a_policy_of_a_repository_replaces_no_built_in_rule(tmp_path: Path) -> None:
    """A configuration file in the repository replaced all built-in rules, and the scan said: nothing found."""
    text = '[[rule]]\nid = "mine"\ntitle = "Mine"\npattern = "zzz"\n'
    made = guard(tmp_path, "", text)
    assert made.inspect(Document(SECRET, str(tmp_path / "x.py"))).findings


def test_a_nearer_file_does_not_hide_the_one_above_it(tmp_path: Path) -> None:
    """The nearest configuration won, and its parents were not read."""
    (tmp_path / "in").mkdir()
    (tmp_path / "tightlip.toml").write_text('[detect.pii]\naction = "block"\n[defaults]\nclass = "restricted"\n')
    (tmp_path / "in" / "tightlip.toml").write_text('[detect.term]\naction = "block"\n')
    made = load_policy(tmp_path / "in", tmp_path)
    assert made.action(Category.PII).value is Action.BLOCK
    assert made.action(Category.TERM).value is Action.BLOCK
    assert made.default_class.value is Classification.RESTRICTED


@pytest.mark.parametrize("on_error", ["open", "warn", "closed"])
def test_a_policy_that_cannot_be_used_decides_as_on_error_says(tmp_path: Path, on_error: str) -> None:
    """Unparsable meant: no policy."""
    above = organisation(
        f'[defaults]\non_error = "{on_error}"\n', broken=True, sentence="b.toml cannot be read: everything waits."
    )
    made = Guard(load_policy(tmp_path, above=above), builtin_ruleset(), tmp_path, above=above)
    decision = made.inspect(Document("x = 1\n", str(tmp_path / "x.py")), Surface.PROMPT).decision
    assert decision.action is {"open": Action.OFF, "warn": Action.WARN, "closed": Action.BLOCK}[on_error]
    assert (decision.reasons == ()) is (on_error == "open")


def test_on_error_is_closed_where_nobody_could_say_otherwise(tmp_path: Path) -> None:
    (tmp_path / "tightlip.toml").write_text('[defaults]\non_error = "open"\n')
    above = Above(Organisation(State.UNTRUSTED, broken=True, sentence="Somebody else may write it."))
    made = Guard(load_policy(tmp_path, above=above), builtin_ruleset(), tmp_path, above=above)
    assert made.inspect(Document("x = 1\n"), Surface.TOOL_INPUT).decision.action is Action.BLOCK
    assert [problem.line for problem in made.problems] == [2]


NOT_AN_ACTION = '[detect.rule.us-ssn]\naction = "blok"\n'


@pytest.mark.parametrize(
    ("org", "rule", "action"),
    [
        (
            '[detect.set.pci]\naction = "block"\n[detect.rule.payment-card]\naction = "blok"\n',
            "payment-card",
            Action.BLOCK,
        ),
        (
            '[detect.set.pci]\naction = "block"\n[detect.rule.payment-card]\nseverity = "hint"\n',
            "payment-card",
            Action.BLOCK,
        ),
        ('[detect.pii]\naction = "warn"\n' + NOT_AN_ACTION, "us-ssn", Action.BLOCK),
        ('[detect.pii]\naction = "warn"\n[detect.set.hipaa]\naction = 1\n', "us-ssn", Action.BLOCK),
    ],
)
def test_an_action_of_a_rule_that_is_mistyped_takes_nothing_from_what_is_said_beside_it(
    tmp_path: Path, org: str, rule: str, action: Action
) -> None:
    assert policy(tmp_path, org).rule_action(rule, Category.PII).value is action


def test_a_mistyped_action_of_a_repository_is_none(tmp_path: Path) -> None:
    assert policy(tmp_path, "", NOT_AN_ACTION).rule_action("us-ssn", Category.PII).value is Action.ASK


@pytest.mark.parametrize(
    "entry",
    [
        '[[repo]]\nmatch = "github.com/acme/pay"\nclass = "restricted"\n',
        '[[repo]]\nmatch = { remote = "[z-a]" }\nclass = "restricted"\n',
        '[[repo]]\nmatch = { remot = "github.com/acme/pay" }\nclass = "restricted"\n',
        '[[repo]]\nmatch = { remote = ["github.com/acme/pay", 3] }\nclass = "restricted"\n',
        '[[repo]]\nclass = "restricted"\n',
        '[[repo]]\nmatch = { remote = "x/y" }\nclass = "internal"\n[repo.paths]\n"[z-a]" = "restricted"\n',
        '[[term]]\naction = "block"\npattern = "(a"\n',
        '[[term]]\nid = "project-falcon"\ntext = "!!!"\n[detect.rule.project-falcon]\naction = "block"\n',
    ],
)
@pytest.mark.parametrize("on_error", [Action.WARN, Action.BLOCK])
def test_what_was_to_restrict_and_cannot_be_recognised_decides_as_on_error_says(
    tmp_path: Path, entry: str, on_error: Action
) -> None:
    word = "warn" if on_error is Action.WARN else "closed"
    made = guard(tmp_path, f'{entry}[defaults]\non_error = "{word}"\n')
    decision = made.inspect(Document("x = 1\n", str(tmp_path / "x.py")), Surface.PROMPT).decision
    assert decision.action is on_error
    assert {(reason.action, reason.layer) for reason in decision.reasons} == {(on_error, "org")}


def test_an_entry_that_was_to_restrict_little_stops_no_more_than_that(tmp_path: Path) -> None:
    """A repository that was to be internal, and one of a repository's own file, stop nothing."""
    mistaken = '[[repo]]\nmatch = "github.com/acme/pay"\nclass = "{}"\n'
    made = guard(tmp_path, mistaken.format("internal"), mistaken.format("restricted"))
    assert made.inspect(Document("x = 1\n", str(tmp_path / "x.py")), Surface.PROMPT).decision.action is Action.OFF


def test_a_rule_of_personal_data_that_cannot_be_looked_for_is_none_of_secrets(tmp_path: Path) -> None:
    made = policy(tmp_path, '[[rule]]\ncategory = "pii"\npattern = "(a"\n')
    assert [one.category for one in made.unusable] == [Category.PII]


def test_a_severity_beside_it_leaves_a_term_its_own_action(tmp_path: Path) -> None:
    term = '[[term]]\nid = "names"\ntext = "Acme"\naction = "block"\n[detect.rule.names]\nseverity = "hint"\n'
    assert policy(tmp_path, term).rule_action("names", Category.TERM).value is Action.BLOCK


def test_a_term_that_cannot_be_looked_for_is_told_without_the_term(tmp_path: Path) -> None:
    made = guard(tmp_path, '[[term]]\nid = "project-falcon"\ntext = ["Project Falcon", "!!!"]\n')
    decision = made.inspect(Document("x = 1\n"), Surface.PROMPT).decision
    assert decision.reasons
    assert "falcon" not in str(decision).lower()


@pytest.mark.parametrize("key", ["rule", "category", "remote", "path"])
def test_an_exception_with_an_empty_list_in_its_scope_is_void(tmp_path: Path, key: str) -> None:
    scope = {"category": '["secret"]', key: "[]"}
    written = ", ".join(f"{name} = {value}" for name, value in scope.items())
    made = policy(
        tmp_path,
        f'[[exception]]\nid = "E-1"\nscope = {{ {written} }}\nreason = "r"\napprover = "a"\nexpires = 2099-01-01\n',
    )
    assert made.exceptions == ()
    assert any("empty list" in problem.message for problem in made.problems)


def test_an_organisations_own_rule_is_heard_whatever_entities_are_looked_for(tmp_path: Path) -> None:
    org = '[detect.pii]\nentities = ["EMAIL_ADDRESS"]\n[[rule]]\nid = "staff"\ncategory = "pii"\npattern = "STAFF-[0-9]{6}"\n'
    found = guard(tmp_path, org).inspect(Document("staff = 'STAFF-123456'\n"), Surface.PROMPT)
    assert [finding.rule for finding in found.findings] == ["staff"]


def test_words_like_none_that_is_known_are_compared_a_hundred_times_and_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[str] = []
    monkeypatch.setattr("tightlip.policy.table.did_you_mean", lambda word, words: compared.append(word) or "")
    policy(tmp_path, "".join(f"[detect.rule.x{number}]\naction = 'y{number}'\n" for number in range(500)))
    assert len(compared) == 100
