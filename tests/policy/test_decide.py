from __future__ import annotations

from datetime import date
from types import MappingProxyType

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.policy.stacks import exceptions, said_by
from tightlip.finding import Action, Category, Classification, Confidence, Finding, Origin, Severity, Span, Surface
from tightlip.policy.decide import decide, describe_restricted, effective_severity, is_below_confidence
from tightlip.policy.keys import OnError
from tightlip.policy.model import BUILTIN, ExceptionEntry, Policy, RulePolicy, Setting
from tightlip.provenance.classify import RepoEntry

CANARY = "the-value-itself"


def finding(
    category: Category = Category.SECRET,
    rule: str = "aws-access-key-id",
    severity: Severity = Severity.ERROR,
    confidence: Confidence = Confidence.HIGH,
) -> Finding:
    return Finding(rule, "AWS access key id", category, Span(0, 4), severity, confidence, CANARY, "AWS_KEY")


PAY = Origin("/code/pay/x.py", "github.com/acme/pay", "/code/pay", Classification.RESTRICTED)
OWN = Origin("/code/app/x.py", "github.com/acme/app", "/code/app")
ENTRY = RepoEntry(
    Classification.RESTRICTED, contact="payments@acme.example", allowed="Use the public SDK.", source="tightlip.toml:12"
)


def test_nothing_found_in_internal_code_may_leave() -> None:
    decision = decide([], OWN, BUILTIN, Surface.PROMPT)
    assert (decision.action, decision.reasons) == (Action.OFF, ())


@pytest.mark.parametrize("surface", [Surface.PROMPT, Surface.TOOL_INPUT, Surface.TOOL_OUTPUT, Surface.CLI])
def test_by_default_a_secret_is_blocked_personal_data_asked_about_and_a_term_warned_about(surface: Surface) -> None:
    assert decide([finding()], OWN, BUILTIN, surface).action is Action.BLOCK
    assert decide([finding(Category.PII)], OWN, BUILTIN, surface).action is Action.ASK
    assert decide([finding(Category.TERM)], OWN, BUILTIN, surface).action is Action.WARN
    assert decide([], PAY, BUILTIN, surface).action is Action.BLOCK


def test_an_editor_warns_and_does_not_stop_anybody() -> None:
    assert decide([finding()], PAY, BUILTIN, Surface.EDITOR).action is Action.WARN


def test_a_restricted_file_is_told_with_its_rule_and_contact() -> None:
    (reason,) = decide([], PAY, BUILTIN, Surface.PROMPT, ENTRY).reasons
    assert reason.text == (
        "Restricted: acme/pay may not be shared with an assistant (tightlip.toml:12). "
        "Use the public SDK. Ask payments@acme.example."
    )
    assert (reason.source, reason.layer, reason.rule) == ("tightlip.toml:12", "repo", None)


SHARE = {**BUILTIN.settings, "class.restricted.share": Setting(Action.BLOCK, "org", "/etc/t.toml:3")}


def test_the_line_that_says_how_a_class_is_shared_is_named_beside_the_one_that_gave_the_class() -> None:
    policy = evolve(BUILTIN, settings=MappingProxyType(SHARE))
    (reason,) = decide([], PAY, policy, Surface.PROMPT, ENTRY).reasons
    assert "(class: tightlip.toml:12; share: /etc/t.toml:3)." in reason.text
    assert (reason.source, reason.layer) == ("tightlip.toml:12", "repo")
    (reason,) = decide([], PAY, policy, Surface.PROMPT).reasons
    assert reason.text == "Restricted: acme/pay may not be shared with an assistant (/etc/t.toml:3)."
    assert (reason.source, reason.layer) == ("/etc/t.toml:3", "org")


def test_a_prompt_without_a_file_has_no_class_to_be_restricted_by() -> None:
    assert decide([], evolve(PAY, path=None), BUILTIN, Surface.PROMPT).action is Action.OFF


@pytest.mark.parametrize("action", list(Action))
def test_every_action_has_its_sentence(action: Action) -> None:
    sentence = describe_restricted(PAY, action, None, "")
    assert sentence.startswith("Restricted: acme/pay ")
    assert sentence.endswith("assistant.") or "only" in sentence


def test_reasons_name_rule_and_place_and_findings_of_one_rule_share_one() -> None:
    policy = evolve(BUILTIN, rules={"us-ssn": RulePolicy(Setting(Action.BLOCK, "repo", "tightlip.toml:7"))})
    found = [finding(), finding(), finding(Category.PII, "us-ssn"), finding(Category.PII, "email-address")]
    decision = decide(found, OWN, policy, Surface.PROMPT)
    assert [(r.rule, r.action, r.layer, r.source) for r in decision.reasons] == [
        ("aws-access-key-id", Action.BLOCK, "builtin", ""),
        ("us-ssn", Action.BLOCK, "repo", "tightlip.toml:7"),
        ("email-address", Action.ASK, "builtin", ""),
    ]
    assert decision.reasons[0].text == "AWS access key id, 2 times: an assistant would receive it."


def test_the_value_is_in_no_reason() -> None:
    assert CANARY not in repr(decide([finding(), finding(Category.PII)], PAY, BUILTIN, Surface.PROMPT, ENTRY))


@pytest.mark.parametrize(
    ("action", "rule_says", "shown"),
    [
        (Action.BLOCK, Severity.ERROR, Severity.ERROR),
        (Action.ASK, Severity.INFORMATION, Severity.INFORMATION),
        (Action.WARN, Severity.ERROR, Severity.WARNING),
        (Action.WARN, Severity.HINT, Severity.HINT),
        (Action.INFO, Severity.ERROR, Severity.INFORMATION),
        (Action.OFF, Severity.ERROR, None),
    ],
)
def test_a_weaker_action_is_shown_less_loud(action: Action, rule_says: Severity, shown: Severity | None) -> None:
    policy = evolve(BUILTIN, rules={"aws-access-key-id": RulePolicy(Setting(action))})
    assert effective_severity(finding(severity=rule_says), policy) == shown


def test_a_severity_set_for_a_rule_counts() -> None:
    policy = evolve(BUILTIN, rules={"aws-access-key-id": RulePolicy(None, Setting(Severity.HINT))})
    assert effective_severity(finding(), policy) is Severity.HINT


def test_findings_less_sure_than_wanted_are_known() -> None:
    policy = evolve(
        BUILTIN, settings={**BUILTIN.settings, "detect.pii.min_confidence": Setting(Confidence.MEDIUM, "repo", "a:1")}
    )
    assert is_below_confidence(finding(Category.PII, confidence=Confidence.LOW), policy)
    assert not is_below_confidence(finding(Category.PII, confidence=Confidence.MEDIUM), policy)
    assert not is_below_confidence(finding(Category.SECRET, confidence=Confidence.LOW), policy)


actions = st.sampled_from(Action).map(Setting)
policies = st.builds(
    Policy,
    settings=said_by("org", "a:1", every_key=True),
    rules=st.dictionaries(st.sampled_from(["a", "b"]), st.builds(RulePolicy, st.none() | actions)).map(
        MappingProxyType
    ),
    exceptions=st.just(()),
    failure=st.sampled_from(["", "The organisation's policy cannot be used."]),
)
findings = st.builds(
    finding,
    st.sampled_from(Category),
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from(Severity),
    st.sampled_from(Confidence),
)
classes = st.sampled_from(Classification)


@settings(max_examples=500)
@given(
    policies,
    st.lists(findings, max_size=6),
    findings,
    classes,
    st.sampled_from(Surface),
    st.booleans(),
    st.lists(exceptions, max_size=2),
)
def test_one_finding_more_never_lowers_the_decision(
    policy: Policy,
    some: list[Finding],
    more: Finding,
    level: Classification,
    surface: Surface,
    fixture: bool,
    excepted: list[ExceptionEntry],
) -> None:
    origin = evolve(PAY, classification=level)
    before = decide(some, origin, policy, surface, fixture=fixture, exceptions=excepted)
    after = decide([*some, more], origin, policy, surface, fixture=fixture, exceptions=excepted)
    assert after.action >= before.action
    assert after.action == max([reason.action for reason in after.reasons], default=Action.OFF)


@settings(max_examples=500)
@given(
    policies,
    st.lists(findings, max_size=6),
    classes,
    classes,
    st.sampled_from(Surface),
    st.lists(exceptions, max_size=2),
)
def test_a_higher_class_never_lowers_the_decision(
    policy: Policy,
    some: list[Finding],
    one: Classification,
    other: Classification,
    surface: Surface,
    excepted: list[ExceptionEntry],
) -> None:
    lower, higher = (evolve(PAY, classification=level) for level in sorted((one, other)))
    stricter = decide(some, higher, policy, surface, exceptions=excepted)
    assert stricter.action >= decide(some, lower, policy, surface, exceptions=excepted).action


def test_an_exception_lowers_what_it_covers_and_is_named() -> None:
    allowed = ExceptionEntry(
        "EX-1", "a published test key.", "ciso", date(2027, 1, 31), rules=("aws-access-key-id",), source="policy.toml:9"
    )
    found = [finding(), finding(rule="generic-secret")]
    decision = decide(found, OWN, BUILTIN, Surface.PROMPT, exceptions=[allowed])
    assert [(r.rule, r.action, r.exception) for r in decision.reasons] == [
        ("generic-secret", Action.BLOCK, ""),
        ("aws-access-key-id", Action.INFO, "EX-1"),
    ]
    assert decision.reasons[1].text.endswith(
        "Exception EX-1 of ciso until 2027-01-31 (policy.toml:9): a published test key."
    )
    assert effective_severity(finding(), BUILTIN, exceptions=[allowed]) is Severity.INFORMATION


def test_an_exception_for_a_class_lets_the_file_go_and_not_the_secret_in_it() -> None:
    allowed = ExceptionEntry("EX-2", "docs", "ciso", date(2027, 1, 31), categories=(Category.RESTRICTED,))
    assert decide([], PAY, BUILTIN, Surface.PROMPT, exceptions=[allowed]).action is Action.INFO
    assert decide([finding()], PAY, BUILTIN, Surface.PROMPT, exceptions=[allowed]).action is Action.BLOCK


@pytest.mark.parametrize(
    ("on_error", "action"), [(OnError.OPEN, Action.OFF), (OnError.WARN, Action.WARN), (OnError.CLOSED, Action.BLOCK)]
)
def test_a_broken_policy_of_the_organisation_decides_as_on_error_says(on_error: OnError, action: Action) -> None:
    policy = evolve(
        BUILTIN,
        settings={**BUILTIN.settings, "defaults.on_error": Setting(on_error)},
        failure="The organisation's policy cannot be used.",
    )
    assert decide([], OWN, policy, Surface.PROMPT).action is action
    assert decide([], evolve(OWN, path=None), policy, Surface.TOOL_INPUT).action is action


def test_what_is_not_looked_for_on_a_surface_is_no_reason_there() -> None:
    policy = evolve(
        BUILTIN, settings={**BUILTIN.settings, "detect.pii.phases": Setting(frozenset({"prompt"}), "org", "a:1")}
    )
    assert decide([finding(Category.PII)], OWN, policy, Surface.PROMPT).action is Action.ASK
    assert decide([finding(Category.PII)], OWN, policy, Surface.TOOL_OUTPUT).action is Action.OFF


def test_tests_and_examples_may_have_an_action_of_their_own() -> None:
    policy = evolve(BUILTIN, settings={**BUILTIN.settings, "detect.pii.fixtures": Setting(Action.WARN, "org", "a:1")})
    found = [finding(Category.PII)]
    assert decide(found, OWN, policy, Surface.PROMPT, fixture=True).action is Action.WARN
    assert decide(found, OWN, policy, Surface.PROMPT).action is Action.ASK
