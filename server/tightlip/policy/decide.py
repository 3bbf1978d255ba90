"""MAY it leave? Findings, class and surface -> one decision with every reason for it.

The decision is the strictest of its reasons, and every finding and the class of the file give a reason each of their
own; so a finding more, or a higher class, can never lower it.
"""

from __future__ import annotations

from collections.abc import Collection

from tightlip.detect.found import counted
from tightlip.finding import Action, Category, Decision, Finding, Origin, Reason, RuleId, Severity, Surface
from tightlip.policy.model import Policy
from tightlip.provenance.classify import RepoEntry, short_name

_STRICTEST = {Surface.EDITOR: Action.WARN}
"""What a surface can do at most: an editor says what would be stopped elsewhere, it does not stop typing."""
_NOTHING = Decision(Action.OFF, ())


def decide(
    findings: Collection[Finding], origin: Origin, policy: Policy, surface: Surface, entry: RepoEntry | None = None
) -> Decision:
    """Whether a text may go to an assistant by way of `surface`.

    `entry` is the policy entry that gave the origin its class, so that the reason can name its place. Reasons are sorted,
    strictest first; findings of one rule share one. On the editor a decision is at most a warning.
    """
    about = share_reason(origin, policy, entry)
    if about is None and not findings:
        return _NOTHING
    strictest = _STRICTEST.get(surface, Action.BLOCK)
    reasons: list[Reason] = []
    if about is not None:
        reasons.append(about)
    kinds: dict[tuple[RuleId, Category], tuple[str, int]] = {}
    for finding, count in counted(findings):
        title, before = kinds.get((finding.rule, finding.category), (finding.title, 0))
        kinds[finding.rule, finding.category] = title, before + count
    for (rule, category), (title, count) in kinds.items():
        setting = policy.rule_action(rule, category)
        if setting.value > Action.OFF:
            times = f", {count} times" if count > 1 else ""
            text = f"{title}{times}: an assistant would receive it."
            reasons.append(Reason(setting.value, text, rule, setting.layer, setting.source))
    limited = [Reason(min(r.action, strictest), r.text, r.rule, r.layer, r.source) for r in reasons]
    limited.sort(key=lambda reason: (-reason.action, reason.rule or ""))
    return Decision(limited[0].action if limited else Action.OFF, tuple(limited))


def share_reason(origin: Origin, policy: Policy, entry: RepoEntry | None) -> Reason | None:
    """Why a file of the origin's class may not simply leave, or None where it may."""
    if origin.path is None:
        return None
    share = policy.share_action(origin.classification)
    if share.value is Action.OFF:
        return None
    layer, source = policy.default_class.layer, policy.default_class.source
    if entry is not None:
        layer, source = entry.layer, entry.source
    return Reason(share.value, describe_restricted(origin, share.value, entry, source), None, layer, source)


def describe_restricted(origin: Origin, action: Action, entry: RepoEntry | None, source: str) -> str:
    """`Restricted: acme/pay may not be shared with an assistant (tightlip.toml:12). Ask payments@acme.example.`"""
    what = {
        Action.BLOCK: "may not be shared with an assistant",
        Action.ASK: "may be shared with an assistant only after asking",
        Action.WARN: "should not be shared with an assistant",
    }.get(action, "may be shared with an approved assistant only")
    place = f" ({source})" if source else ""
    sentences = [f"{origin.classification.name.capitalize()}: {short_name(origin)} {what}{place}."]
    if entry is not None and entry.allowed:
        sentences.append(entry.allowed.rstrip(". ") + ".")
    if entry is not None and (entry.contact or entry.owner):
        sentences.append(f"Ask {(entry.contact or entry.owner).rstrip('. ')}.")
    return " ".join(sentences)


def effective_severity(finding: Finding, policy: Policy) -> Severity | None:
    """How loud a finding is shown, or None where it is not.

    What is blocked or asked about is as loud as its rule says, what is warned about at most a warning, what is only told
    at most an information; a severity the policy sets for the rule counts instead.
    """
    action = policy.rule_action(finding.rule, finding.category).value
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
    return finding.confidence < policy.category_policy(finding.category).min_confidence.value
