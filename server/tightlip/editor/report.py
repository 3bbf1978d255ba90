"""What was found, for a person to read: counts by rule and by file, in Markdown. Holds no values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from tightlip.editor.checked import Checked
from tightlip.editor.scan import ScannedFile
from tightlip.editor.uris import path_of

_MOST_FILES = 200


def report_of(documents: Sequence[Checked], scanned: Iterable[ScannedFile]) -> str:
    """The report on open documents and, as far as a scan has seen them, on the other files of the workspace."""
    by_file = {_key(checked): Counter(finding.rule for finding in checked.findings) for checked in documents}
    restricted = {_key(checked) for checked in documents if checked.inspection.restricted}
    passed_over = 0
    for file in scanned:
        by_file.setdefault(file.path, file.rules)
        passed_over += bool(file.passed_over)
        if file.restricted:
            restricted.add(file.path)
    with_findings = {name: rules for name, rules in by_file.items() if rules}
    total: Counter[str] = Counter()
    for rules in with_findings.values():
        total.update(rules)
    lines = [
        "# tightlip report",
        "",
        f"{total.total():,} findings in {len(with_findings):,} of {len(by_file):,} files; "
        f"{len(restricted):,} files are restricted, {passed_over:,} were passed over (binary or too large).",
    ]
    if total:
        lines += ["", "| Rule | Findings |", "|---|---:|", *(f"| {rule} | {n:,} |" for rule, n in total.most_common())]
        lines += ["", "| File | Findings |", "|---|---:|"]
        ranked = sorted(with_findings.items(), key=lambda item: (-item[1].total(), item[0]))
        lines += [f"| {_shown(name)} | {rules.total():,} |" for name, rules in ranked[:_MOST_FILES]]
        if len(ranked) > _MOST_FILES:
            lines += ["", f"{len(ranked) - _MOST_FILES:,} more files are not listed; `tightlip scan` lists all."]
    return "\n".join(lines) + "\n"


def _key(checked: Checked) -> str:
    document = checked.document
    return path_of(document.uri) or document.uri


def _shown(name: str) -> str:
    return name.replace("|", "\\|")
