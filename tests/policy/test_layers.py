from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from tightlip.errors import PolicyError
from tightlip.finding import Action, Category, Classification, Confidence, Severity
from tightlip.policy.layers import fold
from tightlip.policy.model import BUILTIN, FileReference, Layer, Policy, RulePolicy, Setting
from tightlip.policy.read import FilePolicy

CATEGORIES = {"aws-access-key-id": Category.SECRET, "us-ssn": Category.PII}


def file(name: str = "tightlip.toml", layer: Layer = Layer.REPO, **keys: object) -> FilePolicy:
    return FilePolicy(f"/r/{name}", layer, **keys)  # pyright: ignore[reportArgumentType]


def actions(secret: Action, source: str = "tightlip.toml:1") -> dict[Category, Setting[Action]]:
    return {Category.SECRET: Setting(secret, "repo", source)}


def test_the_outermost_file_sets_what_the_defaults_leave_to_it() -> None:
    policy = fold([file(actions=actions(Action.INFO))])
    assert policy.detect[Category.SECRET].action.value is Action.INFO
    assert policy.problems == ()


def test_an_inner_file_cannot_loosen_and_both_places_are_told() -> None:
    policy = fold(
        [
            file(actions=actions(Action.BLOCK, "tightlip.toml:3")),
            file("sub/tightlip.toml", actions=actions(Action.WARN, "sub/tightlip.toml:2")),
        ]
    )
    assert policy.detect[Category.SECRET].action.value is Action.BLOCK
    assert [str(problem) for problem in policy.problems] == [
        "sub/tightlip.toml:2:1: ignored: tightlip.toml:3 sets block, this asks warn"
    ]


def test_an_inner_file_cannot_loosen_a_default_that_no_outer_file_sets() -> None:
    policy = fold([file(), file("sub/tightlip.toml", actions=actions(Action.OFF, "sub/tightlip.toml:2"))])
    assert policy.detect[Category.SECRET].action.value is Action.BLOCK
    assert policy.problems[0].message == "ignored: the default is block, this asks off"


def test_an_inner_file_may_tighten() -> None:
    outer = file(actions=actions(Action.WARN), confidences={Category.SECRET: Setting(Confidence.HIGH, "repo", "a:1")})
    inner = file(
        "sub/tightlip.toml",
        actions=actions(Action.ASK, "sub/tightlip.toml:2"),
        confidences={Category.SECRET: Setting(Confidence.MEDIUM, "repo", "b:1")},
        default_class=Setting(Classification.RESTRICTED, "repo", "b:2"),
        inline_allow=Setting(False, "repo", "b:3"),
    )
    policy = fold([outer, inner])
    assert policy.detect[Category.SECRET].action.source == "sub/tightlip.toml:2"
    assert policy.detect[Category.SECRET].min_confidence.value is Confidence.MEDIUM
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
    org = file("org.toml", Layer.ORG, actions=actions(Action.ASK, "org.toml:1"))
    user = file("user.toml", Layer.USER, actions=actions(Action.BLOCK, "user.toml:1"))
    repo = file("tightlip.toml", Layer.REPO, actions=actions(Action.OFF, "tightlip.toml:1"))
    for order in permutations([org, user, repo]):
        assert fold(order).detect[Category.SECRET].action.source == "user.toml:1"


def test_problems_of_every_file_are_kept() -> None:
    policy = fold([file(problems=[PolicyError("a")]), file(problems=[PolicyError("b")], readable=False)])
    assert [problem.message for problem in policy.problems] == ["a", "b"]
    assert policy.unreadable == ("/r/tightlip.toml",)


def optional(source: str, values: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | values.map(lambda value: Setting(value, "repo", source))


def sparse(keys: Sequence[object], values: Sequence[object], source: str) -> st.SearchStrategy[dict[object, object]]:
    return st.dictionaries(
        st.sampled_from(keys), st.sampled_from(values).map(lambda value: Setting(value, "repo", source))
    )


CATS = [Category.SECRET, Category.PII, Category.TERM]
files = st.builds(
    FilePolicy,
    st.just("/r/tightlip.toml"),
    st.just(Layer.REPO),
    actions=sparse(CATS, list(Action), "x:1"),
    confidences=sparse(CATS, list(Confidence), "x:2"),
    share=sparse(list(Classification), list(Action), "x:3"),
    default_class=optional("x:4", st.sampled_from(Classification)),
    inline_allow=optional("x:5", st.booleans()),
    rules=st.dictionaries(
        st.sampled_from([*CATEGORIES, "other"]),
        st.builds(RulePolicy, optional("x:6", st.sampled_from(Action)), optional("x:7", st.sampled_from(Severity))),
    ),
)


def strictness(policy: Policy) -> list[int]:
    """Every key as a number that grows with its strictness."""
    numbers = [int(policy.default_class.value), int(not policy.inline_allow.value)]
    for category in CATS:
        numbers += [int(policy.detect[category].action.value), -int(policy.detect[category].min_confidence.value)]
    numbers += [int(policy.share_action(level).value) for level in Classification]
    for rule, category in {**CATEGORIES, "other": Category.SECRET}.items():
        numbers.append(int(policy.rule_action(rule, category).value))
    return numbers


@settings(max_examples=1000)
@given(st.lists(files, min_size=1, max_size=4), files)
def test_a_further_file_never_loosens_anything(outer: list[FilePolicy], inner: FilePolicy) -> None:
    before, after = strictness(fold(outer, CATEGORIES)), strictness(fold([*outer, inner], CATEGORIES))
    assert all(b <= a for b, a in zip(before, after, strict=True)), (before, after)


@settings(max_examples=300)
@given(files, st.lists(files, min_size=2, max_size=3))
def test_the_order_of_files_above_the_outermost_does_not_matter(outer: FilePolicy, inner: list[FilePolicy]) -> None:
    results = {tuple(strictness(fold([outer, *order], CATEGORIES))) for order in permutations(inner)}
    assert len(results) == 1


def test_the_built_in_policy_is_what_no_file_gives() -> None:
    assert fold([]) == BUILTIN
