"""The deep lane for commands, which wait for it: an editor does not."""

from __future__ import annotations

from concurrent.futures import CancelledError

from tightlip.detect.deep.client import DeepLane
from tightlip.detect.deep.job import DeepJob
from tightlip.detect.deep.merge import merge
from tightlip.detect.deep.protocol import Settings
from tightlip.detect.detector import Detection, Document
from tightlip.detect.suppress import allowed_findings, quiet_spans
from tightlip.finding import Notice
from tightlip.policy.model import Policy


class Deep:
    """One worker process. Close it when done."""

    def __init__(self) -> None:
        self._lane = DeepLane()

    def add(self, document: Document, detection: Detection, policy: Policy, *, strict: bool) -> Detection:
        """What the fast lane found, and what Presidio and detect-secrets find besides. Waits for the answer.

        `strict` ignores inline allow comments.
        """
        settings = Settings(
            baseline=policy.baseline.path if policy.baseline else None,
            recognizers=policy.recognizers.path if policy.recognizers else None,
            plugins=tuple(plugin.path for plugin in policy.plugins),
        )
        future = self._lane.submit(DeepJob(document.text, document.path, document.language_id, settings=settings))
        try:
            result = future.result()
        except CancelledError:
            notice = Notice("deep-failed", "Presidio and detect-secrets did not look at this file.")
            return Detection(detection.findings, detection.suppressed, (*detection.notices, notice))
        allowed = () if strict else allowed_findings(document.text, result.findings)
        suppressed = (*detection.suppressed, *allowed)
        quiet = {one.finding.span for one in allowed}
        deep = [finding for finding in result.findings if finding.span not in quiet]
        found = merge(detection.findings, deep, quiet_spans(suppressed))
        return Detection(found, suppressed, (*detection.notices, *result.notices))

    def close(self) -> None:
        """End the worker process."""
        self._lane.close()
