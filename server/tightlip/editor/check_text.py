"""tightlip/checkText: whether a text may be sent, for every place a client sends one from (chat box, clipboard, command).

    {text, uri?, languageId?} -> {decision, summary, reasons, findings, notices, redacted, restricted}

`decision` is `off`, `info`, `warn`, `ask` or `block`; `summary` a sentence on the findings; `redacted` is the text with a
placeholder for every value, also for one that is known from another text; `restricted` says why the file may not leave in
any form, or is null. Offsets are code points of `text`, lines count from 1. Values are in none of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tightlip.detect.detector import Detection, Document
from tightlip.detect.told import summarise
from tightlip.editor.checked import Checked, may_not_leave
from tightlip.editor.looking import inspect
from tightlip.editor.plain import as_object
from tightlip.editor.protocol import invalid_params
from tightlip.editor.session import Session
from tightlip.editor.uris import path_of
from tightlip.finding import Finding, Notice, Reason, Surface
from tightlip.guard import Inspection
from tightlip.syntax.language import language_of
from tightlip.syntax.lines import LineIndex

Json = dict[str, Any]


async def check_text(session: Session, params: object) -> Json:
    """Look at a text on its way to an assistant. Raises JsonRpcInvalidParams for params of another shape."""
    values = as_object(params) or {}
    text = _text(values, "text")
    if text is None:
        raise invalid_params('"text" is needed')
    uri, language_id = _text(values, "uri"), _text(values, "languageId")
    open_document = session.documents.get(uri) if uri else None
    if open_document is not None:
        language_id = language_id or open_document.language_id
    path = open_document.path if open_document else path_of(uri) if uri else None
    # what the editor marks already, with the deep lane's findings, must not leave by another way
    checked = await session.checked(uri) if uri and open_document and open_document.text == text else None
    return await session.worker.run(_verdict, session, Document(text, path, language_id), checked)


def _verdict(session: Session, document: Document, checked: Checked | None) -> Json:
    if checked is not None and checked.guard is not None and checked.document.text == document.text:
        guard, seen = checked.guard, checked.inspection
        inspection = guard.judge(document, Detection(seen.findings, seen.suppressed, seen.notices), Surface.PROMPT)
    else:
        inspection, guard = inspect(session, document, Surface.PROMPT)
    language = language_of(document.path, document.language_id, document.text)
    redacted = document.text
    lines = LineIndex(document.text)
    if guard is not None and (inspection.everything or session.redactor.knows_values):
        redacted = session.redactor.text(document.text, inspection.everything, guard, language).text
    return {
        "decision": _decision(inspection),
        "summary": _summary(inspection),
        "reasons": [_reason(reason) for reason in inspection.decision.reasons],
        "findings": [finding_json(finding, lines) for finding in inspection.everything],
        "notices": [_notice(notice) for notice in inspection.notices],
        "redacted": redacted,
        "restricted": may_not_leave(inspection),
    }


def _summary(inspection: Inspection) -> str:
    passages = [passage.reason.text for passage in inspection.passages[:3]]
    return " ".join(filter(None, [*passages, summarise(inspection.findings)]))


def _decision(inspection: Inspection) -> str:
    return inspection.decision.action.name.lower()


def _reason(reason: Reason) -> Json:
    return {
        "action": reason.action.name.lower(),
        "text": reason.text,
        "rule": reason.rule,
        "source": reason.source,
        "exception": reason.exception,
    }


def finding_json(finding: Finding, lines: LineIndex) -> Json:
    """A finding without its value."""
    return {
        "rule": finding.rule,
        "title": finding.title,
        "category": finding.category.value,
        "entity": finding.entity,
        "severity": finding.severity.name.lower(),
        "confidence": finding.confidence.name.lower(),
        "start": finding.span.start,
        "end": finding.span.end,
        "line": lines.line_column(finding.span.start)[0] + 1,
    }


def _notice(notice: Notice) -> Json:
    return {"code": notice.code, "message": notice.message}


def _text(values: Mapping[str, object], key: str) -> str | None:
    value = values.get(key)
    if value is None or isinstance(value, str):
        return value
    raise invalid_params(f'"{key}" must be a string')
