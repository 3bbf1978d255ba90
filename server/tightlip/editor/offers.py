"""What can be done about a finding, and about all of them: the one table that code actions are made of."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from typing import NamedTuple

from attrs import frozen
from lsprotocol import types as lsp

from tightlip.detect.safe import builtin_safe_values
from tightlip.editor.allow import allow_by_fingerprint, allow_in_comment
from tightlip.editor.append_entry import policy_path
from tightlip.editor.checked import Checked
from tightlip.editor.edits import workspace_edit
from tightlip.editor.kinds import FIX_ALL, QUICK_FIX, REDACT_ALL
from tightlip.editor.request_exception import is_governed, request_for_file, request_for_finding, request_for_rows
from tightlip.editor.session import Session
from tightlip.finding import POLICY, Category, Finding
from tightlip.redact.edit import Edit
from tightlip.redact.environment import LANGUAGES, environment_edit, variable_name
from tightlip.redact.synthetic import KINDS, synthetic

_ENTITY_KINDS = {
    "EMAIL_ADDRESS": "email",
    "PHONE_NUMBER": "phone",
    "CREDIT_CARD": "payment-card",
    "IBAN_CODE": "iban",
    "US_SSN": "ssn",
    "IP_ADDRESS": "ip",
    "MAC_ADDRESS": "mac",
    "PERSON": "name",
    "UK_NHS": "nhs",
    "UK_NINO": "nino",
}
"""Kinds of synthetic values for entities of the deep lane, whose rules are not ours."""

ForFinding = Callable[[Session, Checked, Finding], lsp.WorkspaceEdit | None]
ForDocument = Callable[[Session, Checked], lsp.WorkspaceEdit | None]


@frozen
class Offer:
    """Something that can be done about one finding."""

    name: str
    title: str
    fits: Callable[[Session, Checked, Finding], bool]
    make: ForFinding
    """The edit, made on the worker's thread when the client wants it; None where it cannot be."""
    preferred: bool = False
    last: bool = False
    """Whether it stands below what is offered for the whole document."""


@frozen
class WholeOffer:
    """Something that can be done about all findings of a document."""

    name: str
    title: str
    kind: str
    make: ForDocument


class CommandOffer(NamedTuple):
    """A command about the document."""

    title: str
    command: str
    needs: str
    """The notification its text comes by."""


def redact_value(session: Session, checked: Checked, finding: Finding) -> lsp.WorkspaceEdit:
    """A placeholder wherever the value stands in the document."""
    edits = session.redactor.values(checked, [finding]).edits
    return workspace_edit(session.client, checked.document, edits)


def use_synthetic(session: Session, checked: Checked, finding: Finding) -> lsp.WorkspaceEdit | None:
    """A value of the same kind that belongs to nobody, in place of every finding with this value."""
    kind = _kind(checked, finding)
    if kind is None or checked.guard is None:
        return None
    text = checked.document.text
    value = synthetic(kind, finding.value, checked.guard.key.secret, builtin_safe_values().pools(), text)
    if value is None:
        return None
    same = {other.span: other.rule for other in checked.findings if other.value == finding.value}
    edits = [Edit(span, value, rule) for span, rule in same.items()]
    return workspace_edit(session.client, checked.document, edits)


def use_environment(session: Session, checked: Checked, finding: Finding) -> lsp.WorkspaceEdit | None:
    """A lookup of an environment variable, with the import it needs."""
    text = checked.document.text
    name = variable_name(text, finding.span, finding.placeholder)
    edit = environment_edit(text, finding.span, name, checked.language, checked.document.path)
    return workspace_edit(session.client, checked.document, edit.edits) if edit else None


def redact_all(session: Session, checked: Checked) -> lsp.WorkspaceEdit | None:
    """A placeholder for every value of the document."""
    edits = session.redactor.document(checked).edits
    return workspace_edit(session.client, checked.document, edits) if edits else None


def all_synthetic(session: Session, checked: Checked) -> lsp.WorkspaceEdit | None:
    """A value that belongs to nobody for everything of the rows of personal data, a placeholder where there is no such value.

    The same value becomes the same everywhere; different addresses and numbers stay different as long as there are enough.
    """
    table = checked.inspection.realistic
    if table is None or checked.guard is None:
        return None
    key, pools = checked.guard.key.secret, builtin_safe_values().pools()
    covered = [finding for finding in checked.findings if table.covers(finding)]
    known = {finding.value for finding in covered}
    taken = _Taken(set(known), checked.document.text)
    made: dict[tuple[str, str], str | None] = {}
    edits: list[Edit] = []
    others: list[Finding] = []
    for finding in covered:
        kind = _kind(checked, finding)
        if kind is None or finding.detector == POLICY:  # which may lie on another
            others.append(finding)
            continue
        pair = kind, finding.value
        if pair not in made:
            value = synthetic(kind, finding.value, key, pools, known if kind in _SHARED else taken)
            made[pair] = value or synthetic(kind, finding.value, key, pools, known)
            taken.values.add(made[pair] or finding.value)
        value = made[pair]
        if value is None:
            others.append(finding)
        else:
            edits.append(Edit(finding.span, value, finding.rule))
    if others:
        made_edits = tuple(edits)
        starts = [edit.span.start for edit in made_edits]
        for edit in session.redactor.values(checked, others).edits:
            place = bisect_left(starts, edit.span.end)
            if not place or made_edits[place - 1].span.end <= edit.span.start:
                edits.append(edit)
    return workspace_edit(session.client, checked.document, edits) if edits else None


class _Taken(NamedTuple):
    """What a synthetic value must not be: one that is given already, or anything that stands in the text."""

    values: set[str]
    text: str

    def __contains__(self, value: object) -> bool:
        return value in self.values or (isinstance(value, str) and value in self.text)


_SHARED = frozenset({"name", "city", "date", "street", "address", "postcode"})
"""Kinds that several people may have in common."""


def redact_restricted(session: Session, checked: Checked) -> lsp.WorkspaceEdit | None:
    """One placeholder for the whole text of a file that may not leave in any form."""
    edits = session.redactor.everything(checked)
    return workspace_edit(session.client, checked.document, edits) if edits else None


def _kind(checked: Checked, finding: Finding) -> str | None:
    rule = checked.guard.ruleset.by_id.get(finding.rule) if checked.guard else None
    kind = rule.synthetic if rule is not None else _ENTITY_KINDS.get(finding.entity or "", "")
    return kind if kind in KINDS else None


def _has_environment(session: Session, checked: Checked, finding: Finding) -> bool:
    return finding.category is Category.SECRET and checked.language.name in LANGUAGES


def _always(session: Session, checked: Checked, finding: Finding) -> bool:
    return True


def _has_kind(session: Session, checked: Checked, finding: Finding) -> bool:
    return _kind(checked, finding) is not None


def _may_comment(session: Session, checked: Checked, finding: Finding) -> bool:
    if finding.category is Category.RESTRICTED or checked.guard is None:
        return False
    if not checked.guard.policy_for(checked.document.path).inline_allow.value:
        return False
    return bool(checked.language.line_comments or checked.language.block_comments)


def _has_policy(session: Session, checked: Checked, finding: Finding) -> bool:
    if finding.category is Category.RESTRICTED:
        return False
    governed = is_governed(session, checked)  # then what a repository allows does not count
    trusted = session.trusted and checked.guard is not None and checked.guard.trusted
    return trusted and not governed and policy_path(session, checked) is not None


def _may_ask(session: Session, checked: Checked, finding: Finding) -> bool:
    return is_governed(session, checked)


OFFERS = (
    Offer("redact", "Redact this value", _always, redact_value, preferred=True),
    Offer("synthetic", "Replace with a synthetic value", _has_kind, use_synthetic),
    Offer("environment", "Read from environment", _has_environment, use_environment),
    Offer("allow-comment", "Allow this value… with a comment", _may_comment, allow_in_comment, last=True),
    Offer("allow-fingerprint", "Allow this value… in tightlip.toml", _has_policy, allow_by_fingerprint, last=True),
    Offer("request-exception", "Request exception…", _may_ask, request_for_finding, last=True),
)
WHOLE_OFFERS = (
    WholeOffer("redact-all", "Redact all in file", QUICK_FIX, redact_all),
    WholeOffer("fix-all", "Redact all in file", FIX_ALL, redact_all),
    WholeOffer("redact-all-source", "Redact all in file", REDACT_ALL, redact_all),
)
SYNTHETIC_OFFER = WholeOffer("synthetic-all", "Replace all with synthetic values", QUICK_FIX, all_synthetic)
REQUEST_FILE_OFFER = WholeOffer("request-file", "Request exception… for this file", QUICK_FIX, request_for_file)
REQUEST_ROWS_OFFER = WholeOffer("request-rows", "Request exception… for these rows", QUICK_FIX, request_for_rows)
RESTRICTED_OFFER = WholeOffer("redact-restricted", "Redact this restricted file", QUICK_FIX, redact_restricted)
COMMAND_OFFERS = (
    CommandOffer("Copy redacted for assistant", "tightlip.copyRedacted", "copyText"),
    CommandOffer("Open redacted copy", "tightlip.openRedactedCopy", "openText"),
)
