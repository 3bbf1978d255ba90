"""Two lanes, one result: the deep lane's findings joined with those of the fast one."""

from __future__ import annotations

from tightlip.detect.deep.job import DeepJob, DeepResult
from tightlip.detect.deep.merge import merge
from tightlip.detect.deep.protocol import Settings
from tightlip.detect.detector import Detection, Document
from tightlip.detect.suppress import allowed_findings, quiet_spans
from tightlip.editor.documents import OpenDocument
from tightlip.guard import Guard, Inspection


def job_for(document: OpenDocument, guard: Guard) -> DeepJob:
    """What the deep lane is asked."""
    policy = guard.policy
    settings = Settings(
        baseline=policy.baseline.path if policy.baseline else None,
        recognizers=policy.recognizers.path if policy.recognizers else None,
        plugins=tuple(plugin.path for plugin in policy.plugins),
    )
    return DeepJob(document.text, document.path, document.language_id, document.uri, settings)


def is_worth_it(inspection: Inspection) -> bool:
    """Whether the deep lane may look at a document: not where the policy leaves it out."""
    return all(notice.code != "excluded" for notice in inspection.notices)


def joined(document: Document, inspection: Inspection, deep: DeepResult, guard: Guard) -> Inspection:
    """The inspection of both lanes' findings; allow comments and the policy count for the deep lane's too."""
    allowed = (
        allowed_findings(document.text, deep.findings) if guard.policy_for(document.path).inline_allow.value else ()
    )
    quiet = {suppressed.finding.span for suppressed in allowed}
    found = [finding for finding in deep.findings if finding.span not in quiet]
    suppressed = (*inspection.suppressed, *allowed)
    findings = merge(inspection.findings, found, quiet_spans(suppressed))
    return guard.judge(document, Detection(findings, suppressed, (*inspection.notices, *deep.notices)))
