from __future__ import annotations

from datetime import date
from itertools import permutations
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.policy.stacks import RULES, evolve_file, random_files
from tightlip.errors import PolicyError, RefusedError
from tightlip.finding import Action, Category, Classification, Confidence, Severity
from tightlip.policy.keys import KEYS
from tightlip.policy.layers import fold
from tightlip.policy.model import (
    BUILTIN,
    AllowEntry,
    ExceptionEntry,
    FileReference,
    Layer,
    PathGlob,
    Policy,
    RulePolicy,
    Setting,
)
from tightlip.policy.read import FilePolicy, read_policy
from tightlip.provenance.classify import RepoEntry, classify
from tightlip.syntax.toml import parse_toml

CATEGORIES = {"aws-access-key-id": Category.SECRET, "us-ssn": Category.PII}


def file(name: str = "tightlip.toml", layer: Layer = Layer.REPO, **keys: object) -> FilePolicy:
    return FilePolicy(f"/r/{name}", layer, **keys)  # pyright: ignore[reportArgumentType]


def said(source: str, layer: str = "repo", **keys: object) -> dict[str, Setting[object]]:
    """`said("a:1", detect_secret_action=Action.WARN)`: keys with one value, by their names."""
    named = {name.replace(".", "_"): name for name in KEYS}
    return {named[key]: Setting(value, layer, source) for key, value in keys.items()}


def actions(secret: Action, source: str = "tightlip.toml:1") -> dict[str, Setting[object]]:
    return said(source, source.partition(".toml")[0].replace("tightlip", "repo"), detect_secret_action=secret)


def test_the_outermost_file_sets_what_the_defaults_leave_to_it() -> None:
    policy = fold([file(settings=actions(Action.INFO))])
    assert policy.action(Category.SECRET).value is Action.INFO
    assert policy.problems == ()


def test_an_inner_file_cannot_loosen_and_both_places_are_told() -> None:
    policy = fold(
        [
            file(settings=actions(Action.BLOCK, "tightlip.toml:3")),
            file("sub/tightlip.toml", settings=actions(Action.WARN, "sub/tightlip.toml:2")),
        ]
    )
    assert policy.action(Category.SECRET).value is Action.BLOCK
    assert [str(problem) for problem in policy.problems] == [
        "sub/tightlip.toml:2:1: ignored: tightlip.toml:3 sets block, this asks warn"
    ]


def test_an_inner_file_cannot_loosen_a_default_that_no_outer_file_sets() -> None:
    policy = fold([file(), file("sub/tightlip.toml", settings=actions(Action.OFF, "sub/tightlip.toml:2"))])
    assert policy.action(Category.SECRET).value is Action.BLOCK
    assert policy.problems[0].message == "ignored: the default is block, this asks off"


def test_an_inner_file_may_tighten() -> None:
    outer = file(settings={**actions(Action.WARN), **said("a:1", detect_secret_min_confidence=Confidence.HIGH)})
    inner = file(
        "sub/tightlip.toml",
        settings={
            **actions(Action.ASK, "sub/tightlip.toml:2"),
            **said("b:1", detect_secret_min_confidence=Confidence.MEDIUM),
            **said("b:2", defaults_class=Classification.RESTRICTED),
            **said("b:3", inline_allow=False),
        },
    )
    policy = fold([outer, inner])
    assert policy.action(Category.SECRET).source == "sub/tightlip.toml:2"
    assert policy.min_confidence(Category.SECRET).value is Confidence.MEDIUM
    assert policy.default_class.value is Classification.RESTRICTED
    assert policy.inline_allow.value is False
    assert policy.problems == ()


def test_a_rule_of_an_inner_file_cannot_undercut_its_category() -> None:
    inner = {
        "us-ssn": RulePolicy(Setting(Action.BLOCK, "repo", "b:1")),
        "aws-access-key-id": RulePolicy(Setting(Action.ASK, "repo", "b:2")),
    }
    policy = fold([file(), file("sub/tightlip.toml", rules=inner)], CATEGORIES)
    assert policy.rule_action("us-ssn", Category.PII).value is Action.BLOCK
    assert policy.rule_action("aws-access-key-id", Category.SECRET).value is Action.BLOCK
    assert [str(problem) for problem in policy.problems] == ["b:2:1: ignored: the default is block, this asks ask"]


def test_a_severity_may_only_become_louder() -> None:
    def rule(severity: Severity, source: str) -> dict[str, RulePolicy]:
        return {"us-ssn": RulePolicy(severity=Setting(severity, "repo", source))}

    for inner, result in ((Severity.HINT, Severity.WARNING), (Severity.ERROR, Severity.ERROR)):
        policy = fold([file(rules=rule(Severity.WARNING, "a:1")), file(rules=rule(inner, "b:1"))])
        severity = policy.rules["us-ssn"].severity
        assert severity is not None
        assert severity.value is result


def test_the_first_file_that_names_a_baseline_keeps_it() -> None:
    policy = fold(
        [file(baseline=FileReference("/r/a", "repo", "a:1")), file(baseline=FileReference("/r/b", "repo", "b:1"))]
    )
    assert policy.baseline is not None
    assert policy.baseline.path == "/r/a"
    assert policy.problems[0].message == "ignored: a:1 sets it already"


def test_layers_are_ordered_whatever_order_they_come_in() -> None:
    org = file("org.toml", Layer.ORG, settings=actions(Action.ASK, "org.toml:1"))
    user = file("user.toml", Layer.USER, settings=actions(Action.BLOCK, "user.toml:1"))
    repo = file("tightlip.toml", Layer.REPO, settings=actions(Action.OFF, "tightlip.toml:1"))
    for order in permutations([org, user, repo]):
        assert fold(order).action(Category.SECRET).source == "user.toml:1"


def test_problems_of_every_file_are_kept() -> None:
    policy = fold([file(problems=[PolicyError("a")]), file(problems=[PolicyError("b")], readable=False)])
    assert [problem.message for problem in policy.problems] == ["a", "b"]
    assert policy.unreadable == ("/r/tightlip.toml",)


def strictness(policy: Policy) -> list[tuple[str, object]]:
    """Every question a policy answers, with its answer."""
    answers: list[tuple[str, object]] = [
        (name, setting.value) for name, setting in policy.settings.items() if KEYS[name].path[-1] != "fixtures"
    ]
    for level in Classification:
        answers.append((f"share {level.name}", policy.share_action(level).value))
        answers.append((f"copied {level.name}", policy.copied_action(level).value))
    for path in ("/x/a.py", "/x/docs/a.md", "/x/pay/a.py", "/y/a.py"):
        level = classify(path, None, policy.repos, policy.default_class.value).origin.classification
        answers.append((f"class of {path}", level))
    for rule, category in RULES.items():
        for fixture in (False, True):
            answers.append((f"{rule} {fixture}", policy.rule_action(rule, category, fixture=fixture).value))
        severity = policy.rules[rule].severity if rule in policy.rules else None
        answers.append((f"severity {rule}", -severity.value if severity else -9))
    answers.append(("exceptions", -len([one for one in policy.exceptions if one.approved])))
    answers += [("excludes", -len(policy.exclude)), ("allows", -len(policy.allows)), ("repos", len(policy.repos))]
    return answers


def loosened(before: list[tuple[str, object]], after: list[tuple[str, object]]) -> list[str]:
    """Questions to which the second policy gives a looser answer than the first."""
    found: list[str] = []
    for (name, was), (_, now) in zip(before, after, strict=True):
        key = KEYS.get(name)
        if name.startswith("severity") and was == -9:
            continue  # nothing was said of it, and a rule's own severity may be higher or lower
        if key is not None and key.is_looser(now, was):
            found.append(name)
        if key is None and now < was:  # pyright: ignore[reportOperatorIssue]
            found.append(name)
    return found


STACKS = 20
"""Random stacks of layers in one example: 520 examples make 10,400."""
seeds = st.integers(0, 2**32)


@settings(max_examples=520, deadline=None)
@given(seeds)
def test_no_layer_below_the_organisation_loosens_anything_in_whatever_order(seed: int) -> None:
    random = Random(seed)
    for _ in range(STACKS):
        organisation = random_files(random, Layer.ORG, random.randint(1, 3))
        lower = [
            *random_files(random, Layer.USER, random.randint(0, 1)),
            *random_files(random, Layer.REPO, random.randint(0, 3)),
        ]
        whole = strictness(fold([*organisation, *lower], RULES))
        assert loosened(strictness(fold(organisation, RULES)), whole) == []
        shuffled = [*organisation, *lower]
        random.shuffle(shuffled)
        assert strictness(fold(shuffled, RULES)) == whole


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_a_further_file_of_the_repository_never_loosens_anything(seed: int) -> None:
    random = Random(seed)
    for _ in range(STACKS):
        outer = random_files(random, Layer.REPO, random.randint(1, 3))
        inner = random_files(random, Layer.REPO, 1)
        before, after = strictness(fold(outer, RULES)), strictness(fold([*outer, *inner], RULES))
        assert [name for name in loosened(before, after) if name not in ("excludes", "allows")] == []


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_what_a_user_sets_no_repository_loosens(seed: int) -> None:
    random = Random(seed)
    for _ in range(STACKS):
        user = random_files(random, Layer.USER, 1)
        repo = random_files(random, Layer.REPO, 2)
        policy = fold([*user, *repo], RULES)
        if "defaults.class" in user[0].settings:
            lost = loosened(strictness(fold(user, RULES)), strictness(policy))
            assert [name for name in lost if name.startswith("class of ")] == []
        for name, setting in user[0].settings.items():
            if KEYS[name].path[-1] != "fixtures":
                assert not KEYS[name].is_looser(policy.settings[name].value, setting.value), name


@settings(max_examples=100, deadline=None)
@given(seeds)
def test_every_claim_is_kept_with_its_place_and_what_came_of_it(seed: int) -> None:
    random = Random(seed)
    files = [*random_files(random, Layer.ORG, 2), *random_files(random, Layer.REPO, 2)]
    policy = fold(files, RULES)
    asked = [(name, setting.source) for found in files for name, setting in found.settings.items()]
    told = [(claim.key, claim.source) for claim in policy.claims if claim.key in KEYS]
    assert sorted(told) == sorted(asked)
    refused = {str(problem) for problem in policy.problems}
    for claim in policy.claims:
        assert not claim.ignored or any(claim.ignored in problem for problem in refused)


def test_a_file_of_the_organisation_that_may_be_somebody_elses_only_tightens() -> None:
    weak = evolve_file(Layer.ORG, said("o:1", "org", detect_secret_action=Action.OFF, detect_pii_action=Action.BLOCK))
    weak.believed = False
    weak.allows.append(AllowEntry("trust me", "tl1:x", source="o:3"))
    policy = fold([weak], RULES)
    assert policy.action(Category.SECRET).value is Action.BLOCK
    assert policy.action(Category.PII).value is Action.BLOCK
    assert policy.allows == ()
    assert policy.governed
    assert [str(problem) for problem in policy.problems] == [
        "o:3:1: ignored: only the organisation may allow a value",
        "o:1:1: ignored: the default is block, this asks off",
    ]


def test_under_an_organisation_a_repository_excludes_allows_and_names_nothing() -> None:
    repo = FilePolicy(
        "/r/tightlip.toml",
        Layer.REPO,
        exclude=[PathGlob("**", "/r", "t:1")],
        allows=[AllowEntry("mine", "tl1:x", source="t:2")],
        exceptions=[ExceptionEntry("E", "r", "me", date(2030, 1, 1), source="t:3")],
        baseline=FileReference("/r/b", "repo", "t:4"),
        recognizers=FileReference("/r/y", "repo", "t:5"),
        plugins=[FileReference("/r/p.py", "repo", "t:6")],
        rules={"us-ssn": RulePolicy(severity=Setting(Severity.HINT, "repo", "t:7"))},
    )
    policy = fold([FilePolicy("/etc/tightlip/tightlip.toml", Layer.ORG), repo], RULES)
    assert (policy.exclude, policy.allows, policy.exceptions, policy.plugins) == ((), (), (), ())
    assert (policy.baseline, policy.recognizers, dict(policy.rules)) == (None, None, {})
    assert [problem.line for problem in policy.problems] == [1, 2, 4, 5, 6, 3, 7]
    assert all(problem.message.startswith("ignored: only the organisation ") for problem in policy.problems)


def test_only_who_has_the_say_lowers_the_class_of_what_no_entry_names() -> None:
    strict = FilePolicy(
        "/etc/tightlip/tightlip.toml",
        Layer.ORG,
        settings=said("/etc/tightlip/tightlip.toml:2", "org", defaults_class=Classification.RESTRICTED),
    )
    for layer in (Layer.USER, Layer.REPO):
        entry = RepoEntry(Classification.PUBLIC, paths=("/**",), layer=layer.label, source="t:5")
        lower = FilePolicy("/r/tightlip.toml", layer, repos=[entry])
        for order in ([strict, lower], [lower, strict]):
            policy = fold(order)
            found = classify("/r/x.py", None, policy.repos, policy.default_class.value)
            assert found.origin.classification is Classification.RESTRICTED
            why = "ignored: the organisation (/etc/tightlip/tightlip.toml:2) sets restricted, this asks public"
            assert [str(problem) for problem in policy.problems] == [f"t:5:1: {why}"]
            assert [claim.ignored for claim in policy.claims if claim.key == "repo"] == [why]
    for say in (Layer.ORG, Layer.USER):
        entry = RepoEntry(Classification.PUBLIC, paths=("/**",), layer=say.label, source="t:5")
        policy = fold([FilePolicy("/u/tightlip.toml", say, repos=[entry])])
        found = classify("/r/x.py", None, policy.repos, Classification.RESTRICTED)
        assert found.origin.classification is Classification.PUBLIC
        assert policy.problems == ()


def test_an_exception_that_is_asked_for_has_no_effect_and_is_kept() -> None:
    asked = ExceptionEntry("E", "r", "", date(2030, 1, 1), approved=False, layer="repo", source="t:3")
    policy = fold([file(exceptions=[asked])])
    assert policy.exceptions == (asked,)
    assert not asked.counts_on(date(2026, 1, 1))
    assert policy.problems == ()


def test_a_repository_names_no_code_even_where_it_is_trusted() -> None:
    policy = fold([file(plugins=[FileReference("/r/p.py", "repo", "t:6")])])
    assert policy.plugins == ()
    assert [problem.message for problem in policy.problems] == ["ignored: a repository may not name code to run"]


def test_the_built_in_policy_is_what_no_file_gives() -> None:
    assert fold([]) == BUILTIN


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ('[detect]\n  secret = { min_confidence = "low", action = "warn" }\n', ["in.toml:2:38"]),
        ('[detect.secret]\n    action = "warn"\n', ["in.toml:2:5"]),
        ('[detect]\nrule = { us-ssn = { action = "off" } }\n', ["in.toml:2:21"]),
        ('[detect]\nset.gdpr.action = "off"\n', ["in.toml:2:1"]),
        ('scan = { exclude = "a" }\n  [[allow]]\nfingerprint = "x"\nreason = "y"\n', ["in.toml:1:10", "in.toml:2:3"]),
        ('bundle = { id = "a" }\n', ["in.toml:1:1"]),
    ],
)  # fmt: skip
def test_what_is_refused_is_told_at_the_line_and_column_it_stands_at(text: str, places: list[str]) -> None:
    org = file("org.toml", Layer.ORG, settings=said("org.toml:1", "org", detect_secret_action=Action.BLOCK))
    found = read_policy(parse_toml(text, "in.toml"), file="/r/in.toml", base="/r")
    assert found is not None
    problems = fold([org, found], CATEGORIES).problems
    assert [f"{one.file}:{one.line}:{one.column}" for one in problems] == places
    assert all(isinstance(one, RefusedError) for one in problems)


def test_of_a_pyproject_the_whole_path_is_told_of_what_is_refused() -> None:
    org = file("org.toml", Layer.ORG, settings=said("org.toml:1", "org", detect_secret_action=Action.BLOCK))
    text = '[tool.tightlip.detect]\nsecret = { action = "warn" }\n'
    found = read_policy(parse_toml(text, "pyproject.toml"), file="/r/pyproject.toml", base="/r")
    assert found is not None
    (problem,) = fold([org, found], CATEGORIES).problems
    assert (problem.column, problem.path) == (12, ("tool", "tightlip", "detect", "secret", "action"))
