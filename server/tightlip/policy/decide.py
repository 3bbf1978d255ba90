"""MAY it leave? Findings, class and surface -> one decision with every reason for it.

The decision is the strictest of its reasons, and every finding and the class of the file give a reason each of their
own; so a finding more, or a higher class, can never lower it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from attrs import evolve

from tightlip.detect.found import counted
from tightlip.finding import Action, Category, Decision, Finding, Origin, Reason, RuleId, Severity, Surface
from tightlip.policy.keys import OnError
from tightlip.policy.model import ExceptionEntry, Layer, Policy, Unusable
from tightlip.provenance.classify import RepoEntry, short_name

_STRICTEST = {Surface.EDITOR: Action.WARN}
"""What a surface can do at most: an editor says what would be stopped elsewhere, it does not stop typing."""
_NOTHING = Decision(Action.OFF, ())
_ON_ERROR = {OnError.OPEN: Action.OFF, OnError.WARN: Action.WARN, OnError.CLOSED: Action.BLOCK}


def decide(
    findings: Collection[Finding],
    origin: Origin,
    policy: Policy,
    surface: Surface,
    entry: RepoEntry | None = None,
    *,
    fixture: bool = False,
    exceptions: Sequence[ExceptionEntry] = (),
    further: Sequence[Reason] = (),
) -> Decision:
    """Whether a text may go to an assistant by way of `surface`.

    `entry` is the policy entry that gave the origin its class, so that the reason can name its place; `fixture` says that
    the file is one of tests or examples; `exceptions` are those that count today and here; `further` are reasons besides
    findings and class. Reasons are sorted, strictest first; findings of one rule share one. On the editor a decision is at
    most a warning.
    """
    about = share_reason(origin, policy, entry)
    if about is None and not findings and not further and not policy.failure and not policy.unusable:
        return _NOTHING
    reasons: list[Reason] = [*failures(policy), *further]
    if about is not None:
        reasons.append(excepted(about, Category.RESTRICTED, exceptions))
    kinds: dict[tuple[RuleId, Category], tuple[str, int]] = {}
    for finding, count in counted(findings):
        title, before = kinds.get((finding.rule, finding.category), (finding.title, 0))
        kinds[finding.rule, finding.category] = title, before + count
    for (rule, category), (title, count) in kinds.items():
        setting = policy.rule_action(rule, category, fixture=fixture)
        if setting.value > Action.OFF and policy.looks_for(category, surface):
            times = f", {count} times" if count > 1 else ""
            text = f"{title}{times}: an assistant would receive it."
            if (own := policy.own_entry(rule)) is not None and own.says:
                text += f" {own.says}"
            reason = Reason(setting.value, text, rule, setting.layer, setting.source)
            reasons.append(excepted(reason, category, exceptions))
    strictest = _STRICTEST.get(surface, Action.BLOCK)
    limited = [reason if reason.action <= strictest else evolve(reason, action=strictest) for reason in reasons]
    limited.sort(key=lambda reason: (-reason.action, reason.rule or ""))
    return Decision(limited[0].action if limited else Action.OFF, tuple(limited))


def failures(policy: Policy) -> list[Reason]:
    """What `on_error` says of a policy of the organisation that is not wholly in force; empty where all of it is."""
    action = on_error_action(policy)
    found: list[Reason] = []
    if policy.failure and action > Action.OFF:
        found.append(Reason(action, policy.failure, None, policy.on_error.layer, policy.on_error.source))
    for entry in policy.unusable:
        limited = min(action, _asked_by(entry, policy))
        if limited > Action.OFF:
            found.append(Reason(limited, entry.what, None, Layer.ORG.label, entry.source))
    return found


def _asked_by(entry: Unusable, policy: Policy) -> Action:
    """What would be done about what an entry was to find."""
    if entry.level is not None:
        return policy.share_action(entry.level).value
    return policy.rule_action(entry.rule, entry.category).value if entry.action is None else entry.action


def on_error_action(policy: Policy) -> Action:
    """What is done while something that should be in force is not."""
    return _ON_ERROR[policy.on_error.value]


def excepted(reason: Reason, category: Category, exceptions: Sequence[ExceptionEntry]) -> Reason:
    """The reason as the most lenient exception for it leaves it, with its name."""
    least = lowering(reason.action, reason.rule, category, exceptions)
    if least is None:
        return reason
    said = f" Exception {least.id} of {least.approver} until {least.expires} ({least.source}): {least.reason}"
    return evolve(reason, action=least.action, text=reason.text + said, exception=least.id)


def lowering(
    action: Action, rule: RuleId | None, category: Category, exceptions: Sequence[ExceptionEntry]
) -> ExceptionEntry | None:
    """The most lenient exception for a rule's findings, or None where none asks for less than `action`."""
    allowed = [one for one in exceptions if one.action < action and one.covers(rule, category)]
    return min(allowed, key=lambda one: (one.action, one.id), default=None)


def share_reason(origin: Origin, policy: Policy, entry: RepoEntry | None) -> Reason | None:
    """Why a file of the origin's class may not simply leave, or None where it may.

    Its source is what gave the file its class, or where no file did that, what says how such a class is shared; its
    sentence names both.
    """
    if origin.path is None:
        return None
    share = policy.share_action(origin.classification)
    if share.value is Action.OFF:
        return None
    layer, source = policy.default_class.layer, policy.default_class.source
    if entry is not None:
        layer, source = entry.layer, entry.source
    place = source
    if not source:
        layer, source, place = share.layer, share.source, share.source
    elif share.source:
        place = f"class: {source}; share: {share.source}"
    return Reason(share.value, describe_restricted(origin, share.value, entry, place), None, layer, source)


def describe_restricted(origin: Origin, action: Action, entry: RepoEntry | None, place: str) -> str:
    """`Restricted: acme/pay may not be shared with an assistant (tightlip.toml:12). Ask payments@acme.example.`

    `place` names the lines that say so; empty where none does.
    """
    what = {
        Action.BLOCK: "may not be shared with an assistant",
        Action.ASK: "may be shared with an assistant only after asking",
        Action.WARN: "should not be shared with an assistant",
    }.get(action, "may be shared with an approved assistant only")
    by = f" ({place})" if place else ""
    sentences = [f"{origin.classification.name.capitalize()}: {short_name(origin)} {what}{by}."]
    if entry is not None and entry.allowed:
        sentences.append(entry.allowed.rstrip(". ") + ".")
    if entry is not None and (entry.contact or entry.owner):
        sentences.append(f"Ask {(entry.contact or entry.owner).rstrip('. ')}.")
    return " ".join(sentences)


def effective_severity(
    finding: Finding, policy: Policy, *, fixture: bool = False, exceptions: Sequence[ExceptionEntry] = ()
) -> Severity | None:
    """How loud a finding is shown, or None where it is not. `fixture` and `exceptions` are as in `decide`.

    What is blocked or asked about is as loud as its rule says, what is warned about at most a warning, what is only told
    at most an information; a severity the policy sets for the rule counts instead.
    """
    action = policy.rule_action(finding.rule, finding.category, fixture=fixture).value
    for one in exceptions:
        if one.covers(finding.rule, finding.category):
            action = min(action, one.action)
    if action is Action.OFF:
        return None
    override = policy.rules.get(finding.rule)
    if override is not None and override.severity is not None:
        return override.severity.value
    if action is Action.WARN:
        return max(finding.severity, Severity.WARNING)
    if action is Action.INFO:
        return max(finding.severity, Severity.INFORMATION)
    return finding.severity


def is_below_confidence(finding: Finding, policy: Policy) -> bool:
    """Whether the policy does not want findings as unsure as this one."""
    return finding.confidence < policy.min_confidence(finding.category).value
