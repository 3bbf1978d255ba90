"""Environment lookups in shell scripts, YAML and Terraform."""

from __future__ import annotations

import re

from tightlip.redact.edit import Edit
from tightlip.redact.literals import heredocs
from tightlip.redact.site import Site

Edits = tuple[Edit, ...] | None


def shell(site: Site, name: str) -> Edits:
    """`"${X:?}"`, which stops the script where the variable is not set; single quotes are closed and opened around it."""
    if site.literals.is_comment(site.span.start):
        return None
    lookup = f"${{{name}:?}}"
    for heredoc in heredocs(site.text):
        if heredoc.body.start <= site.span.start and site.span.end <= heredoc.body.end:
            return None if heredoc.plain else (Edit(site.span, lookup),)
    literal = site.literal
    if literal is None:
        return (Edit(site.span, f'"{lookup}"'),) if "\n" not in site.text[site.span.start : site.span.end] else None
    if literal.quote == '"':
        return (Edit(site.span, lookup),)
    if site.left.endswith("$"):
        return None
    before = f"'{site.before}'" if site.before else ""
    after = f"'{site.after}'" if site.after else ""
    return (Edit(literal.outer, f'{before}"{lookup}"{after}'),)


def yaml(site: Site, name: str) -> Edits:
    """`${{ secrets.X }}` in a GitHub workflow, `${X:?}` in a compose file, else `${X}`. None in comments."""
    if site.literals.is_comment(site.span.start):
        return None
    path = (site.path or "").replace("\\", "/")
    if ".github/" in path or (not path and _has_keys(site.text, "on", "jobs")):
        # a repository's own secrets cannot be named GITHUB_...
        own = name if name == "GITHUB_TOKEN" or not name.startswith("GITHUB_") else f"GH_{name[7:]}"
        lookup = f"${{{{ secrets.{own} }}}}"
    elif re.search(r"(?:^|/)(?:docker-)?compose[\w.-]*\.ya?ml\Z", path) or (
        not path and _has_keys(site.text, "services")
    ):
        lookup = f"${{{name}:?}}"
    else:
        lookup = f"${{{name}}}"
    if site.literal is None and _in_flow(site):
        before = site.text[: site.span.start].rstrip(" ")[-1:]
        after = site.text[site.span.end : site.span.end + 80].lstrip(" ")[:1]
        return (Edit(site.span, f'"{lookup}"'),) if before in "[{,:" and after in "]},\r\n" else None
    return (Edit(site.span, lookup),)


def _has_keys(text: str, *keys: str) -> bool:
    return all(re.search(rf"^[\"']?{key}[\"']?[ \t]*:", text, re.MULTILINE) for key in keys)


def _in_flow(site: Site) -> bool:
    return re.search(r"(?:^|[\s:,\[{-])[\[{][^\]}]*\Z", site.line) is not None


def terraform(site: Site, name: str) -> Edits:
    """`var.x`, inside a string as `${var.x}`. None in `variable` and backend blocks and .tfvars files, which take no lookup."""
    literal = site.literal
    if literal is None or (site.path or "").endswith(".tfvars"):
        return None
    for bracket, before in site.openers():
        if bracket == "{" and re.search(
            r"(?:\bvariable\s+\"[^\"\n]*\"|\bterraform|\bbackend\s+\"[^\"\n]*\")\s*\Z", before
        ):
            return None
    if re.match(r"\s*\{|\s+\"", site.right) or re.search(
        r"^\s*(?:resource|data|module|provider|output)\s+\Z", site.line
    ):
        return None
    lookup = f"var.{name.lower()}"
    return (Edit(literal.outer, lookup) if site.whole else Edit(site.span, f"${{{lookup}}}"),)
