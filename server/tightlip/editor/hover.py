"""textDocument/hover."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lsprotocol import types as lsp

from tightlip.detect.realistic import Realistic, column_name
from tightlip.detect.rule import Rule
from tightlip.detect.told import remedy, warning
from tightlip.editor.checked import Checked
from tightlip.editor.policy_hover import policy_hover
from tightlip.editor.session import Session
from tightlip.finding import Category, Finding, RuleId, Span
from tightlip.policy.whose import lines_of


async def hover(session: Session, params: lsp.HoverParams) -> lsp.Hover | None:
    """What a finding is, what to do, why it was believed, and which criteria it concerns; never the value.

    In a policy file also what a key means and what holds.
    """
    checked = await session.checked(params.text_document.uri)
    if checked is None:
        return None
    lined = checked.document.lined
    offset = lined.offset(params.position.line, params.position.character)
    found = checked.touching(Span(offset, offset))
    table = checked.inspection.realistic
    if not found:
        told = table is not None and session.settings.summarise and params.position.line == 0
        if table is not None and told:
            return _hover_of_table(table, checked, session)
        return await session.worker.run(_hover_of_policy, session, checked, offset)
    finding = found[-1]
    rule = checked.guard.ruleset.by_id.get(finding.rule) if checked.guard else None
    markdown = session.client.markdown
    kind = lsp.MarkupKind.Markdown if markdown else lsp.MarkupKind.PlainText
    paragraphs = list(
        _markdown(finding, rule, checked, named=session.client.diagnostics_in_hover)
        if markdown
        else _plain(finding, rule, checked)
    )
    paragraphs += _whose([(finding.rule, finding.category)], checked)
    if table is not None and table.covers(finding):
        paragraphs.append(f"One of {table.values:,} values. {table.sentence}")
    return lsp.Hover(lsp.MarkupContent(kind, "\n\n".join(paragraphs)), lined.range(finding.span))


def _hover_of_policy(session: Session, checked: Checked, offset: int) -> lsp.Hover | None:
    """A key, a rule or a set of a policy file."""
    if checked.guard is None:
        return None
    told = policy_hover(checked.document, checked.guard, offset)
    if told is None:
        return None
    text = "\n\n".join(told.paragraphs)
    kind = lsp.MarkupKind.Markdown
    if not session.client.markdown:
        kind, text = lsp.MarkupKind.PlainText, text.replace("**", "").replace("`", "").replace("  \n", "\n")
    return lsp.Hover(lsp.MarkupContent(kind, text), checked.document.lined.range(told.span))


def _hover_of_table(table: Realistic, checked: Checked, session: Session) -> lsp.Hover:
    """The rows of personal data of a file: columns, what they are, how sure that is; never a value."""
    markdown = session.client.markdown
    kind = lsp.MarkupKind.Markdown if markdown else lsp.MarkupKind.PlainText
    rows = [(column_name(column.name), column.title, f"{column.values:,}") for column in table.columns]
    if markdown:
        listed = ["| Column | Holds | Values |", "|---|---|---:|", *(f"| `{n}` | {t} | {v} |" for n, t, v in rows)]
    else:
        listed = [f"{name}: {title}, {values}" for name, title, values in rows]
    paragraphs = [] if session.client.diagnostics_in_hover else [f"**{table.title}**" if markdown else table.title]
    paragraphs.append("\n".join(listed))
    why = "; ".join(table.evidence)
    paragraphs.append(f"Confidence that they are real: {table.confidence.name.lower()}" + (f" ({why})" if why else ""))
    paragraphs.append("Redact all in the file, replace all with synthetic values, or work on a redacted copy.")
    paragraphs += _whose([(column.rule, Category.PII) for column in table.columns], checked)
    return lsp.Hover(lsp.MarkupContent(kind, "\n\n".join(paragraphs)))


def _whose(rules: Iterable[tuple[RuleId, Category]], checked: Checked) -> list[str]:
    """A paragraph with the lines of policy files behind what is told; none where all of it is built in."""
    place = checked.inspection.place
    lines = [str(line) for one in rules for line in lines_of(*one, place)] if place is not None else []
    return ["  \n".join(dict.fromkeys(lines))] if lines else []


def _markdown(finding: Finding, rule: Rule | None, checked: Checked, *, named: bool) -> Iterator[str]:
    """`named`: what it is and by which rule stands above it already."""
    if not named:
        yield f"**{finding.title}**"
    if not named and (says := _says(finding, checked)):
        yield says
    yield remedy(finding)
    yield _why(finding) if named else f"{_why(finding)}  \nRule `{finding.rule}`"
    if rule is not None:
        if rule.advice:
            yield rule.advice
        links = [f"[Revoke or rotate it]({rule.revoke})"] if rule.revoke else []
        links += [f"[Format]({rule.references[0]})"] if rule.references else []
        if links:
            yield " · ".join(links)
        if rule.criteria:
            yield f"SOC 2 criteria: {', '.join(rule.criteria)}"
    if checked.inspection.restricted is not None:
        yield checked.inspection.restricted.sentence


def _plain(finding: Finding, rule: Rule | None, checked: Checked) -> Iterator[str]:
    yield " ".join(filter(None, (warning(finding), _says(finding, checked), remedy(finding))))
    yield f"{_why(finding)}\nRule {finding.rule}"
    if rule is not None:
        if rule.advice:
            yield rule.advice
        places = [f"Revoke or rotate it: {rule.revoke}"] if rule.revoke else []
        places += [f"Format: {rule.references[0]}"] if rule.references else []
        if places:
            yield "\n".join(places)
        if rule.criteria:
            yield f"SOC 2 criteria: {', '.join(rule.criteria)}"
    if checked.inspection.restricted is not None:
        yield checked.inspection.restricted.sentence


def _says(finding: Finding, checked: Checked) -> str:
    """Why it must not leave and whom to ask, as the policy's own entry says it."""
    place = checked.inspection.place
    own = place.policy.own_entry(finding.rule) if place is not None else None
    return own.says if own is not None else ""


def _why(finding: Finding) -> str:
    by = "" if finding.detector == "tightlip" else f", found by {finding.detector}"
    evidence = f" ({finding.evidence})" if finding.evidence else ""
    return f"Confidence: {finding.confidence.name.lower()}{evidence}{by}"
