"""One policy file -> what it says, key by key. A mistake costs its own entry and never its neighbours."""

from __future__ import annotations

from collections.abc import Collection
from typing import TypeVar

from attrs import define, field

from tightlip.errors import PolicyError
from tightlip.finding import Action, Category, Classification, Confidence, RuleId, Severity
from tightlip.policy.model import EDITOR_GUARDS, AllowEntry, FileReference, Layer, PathGlob, RulePolicy, Setting
from tightlip.policy.sets import SETS
from tightlip.policy.table import Table, did_you_mean, shown
from tightlip.provenance.classify import RepoEntry
from tightlip.provenance.glob import glob_problem
from tightlip.provenance.remote import normalise_remote
from tightlip.syntax.toml import TomlDocument

T = TypeVar("T")

ACTIONS = {action.name.lower(): action for action in Action}
CLASSES = {level.name.lower(): level for level in Classification}
CONFIDENCES = {level.name.lower(): level for level in Confidence}
SEVERITIES = {level.name.lower(): level for level in Severity}
CATEGORIES = {"secret": Category.SECRET, "pii": Category.PII, "term": Category.TERM}


@define
class FilePolicy:
    """What one file of one layer says; what it does not say is absent."""

    file: str
    """Absolute path."""
    layer: Layer
    actions: dict[Category, Setting[Action]] = field(factory=dict)
    confidences: dict[Category, Setting[Confidence]] = field(factory=dict)
    share: dict[Classification, Setting[Action]] = field(factory=dict)
    default_class: Setting[Classification] | None = None
    inline_allow: Setting[bool] | None = None
    rules: dict[RuleId, RulePolicy] = field(factory=dict)
    sets: dict[str, RulePolicy] = field(factory=dict)
    """`[detect.set.<name>]`: what holds for all rules of a named set that are not named themselves."""
    repos: list[RepoEntry] = field(factory=list)
    exclude: list[PathGlob] = field(factory=list)
    allows: list[AllowEntry] = field(factory=list)
    baseline: FileReference | None = None
    recognizers: FileReference | None = None
    required: dict[str, str] = field(factory=dict)
    problems: list[PolicyError] = field(factory=list, eq=False)
    readable: bool = True


def read_policy(
    document: TomlDocument, *, file: str, base: str, layer: Layer = Layer.REPO, rule_ids: Collection[RuleId] = ()
) -> FilePolicy | None:
    """Read a parsed `tightlip.toml`, or the table `[tool.tightlip]` of a parsed `pyproject.toml`; None where it has none.

    `base` is the absolute folder from which its globs and file names count. `rule_ids`, where given, are the rules that
    exist: a name close to one of them is taken for a slip. Never raises; mistakes are in `problems`.
    """
    found = FilePolicy(file, layer)
    root = Table(document, (), document.data, found.problems)
    if document.file.rpartition("/")[2] == "pyproject.toml":
        tool = root.inner("tool")
        table = tool.inner("tightlip") if tool is not None else None
        if table is None:
            return None
        root = table
    root.known("class", "defaults", "detect", "repo", "scan", "allow", "inline", "editor")
    _Reader(found, base, rule_ids).all(root)
    found.problems.sort(key=lambda problem: (problem.line or 0, problem.column or 0))
    return found


class _Reader:
    def __init__(self, found: FilePolicy, base: str, rule_ids: Collection[RuleId]):
        self.found = found
        self.base = base
        self.rule_ids = rule_ids

    def all(self, root: Table) -> None:
        found = self.found
        if (defaults := root.table("defaults")) is not None:
            defaults.known("class")
            found.default_class = self._setting(defaults, "class", defaults.choice("class", CLASSES))
        if (classes := root.table("class")) is not None:
            classes.known(*CLASSES)
            for name, level in CLASSES.items():
                if (table := classes.table(name)) is not None:
                    table.known("share")
                    share = self._setting(table, "share", table.choice("share", ACTIONS))
                    if share is not None:
                        found.share[level] = share
        if (detect := root.table("detect")) is not None:
            self._detect(detect)
        if (inline := root.table("inline")) is not None:
            inline.known("allow")
            found.inline_allow = self._setting(inline, "allow", inline.flag("allow"))
        if (editor := root.table("editor")) is not None:
            editor.known("required")
            for guard in editor.texts("required") or ():
                if guard in EDITOR_GUARDS:
                    found.required[guard] = editor.source("required")
                else:
                    known = f"must name guards of {', '.join(EDITOR_GUARDS)}"
                    editor.problem(f'"required" {known}{did_you_mean(guard, EDITOR_GUARDS)}', "required")
        if (scan := root.table("scan")) is not None:
            scan.known("exclude")
            for glob in self._globs(scan, "exclude"):
                found.exclude.append(PathGlob(glob, self.base, scan.source("exclude")))
        for table in root.tables("repo"):
            self._repo(table)
        for table in root.tables("allow"):
            self._allow(table)

    def _setting(self, table: Table, key: str, value: T | None) -> Setting[T] | None:
        return None if value is None else Setting(value, self.found.layer.label, table.source(key))

    def _detect(self, detect: Table) -> None:
        found = self.found
        detect.known(*CATEGORIES, "rule", "set", "detect_secrets", "presidio")
        for name, category in CATEGORIES.items():
            if (table := detect.table(name)) is not None:
                table.known("action", "min_confidence")
                action = self._setting(table, "action", table.choice("action", ACTIONS))
                if action is not None:
                    found.actions[category] = action
                least = self._setting(table, "min_confidence", table.choice("min_confidence", CONFIDENCES))
                if least is not None:
                    found.confidences[category] = least
        if (rules := detect.table("rule")) is not None:
            for rule in rules.data:
                self._check_rule(rules, rule, rule)
                if (table := rules.table(rule)) is not None:
                    found.rules[rule] = self._rule(table)
        if (sets := detect.table("set")) is not None:
            sets.known(*SETS)
            for name in SETS:
                if (table := sets.table(name)) is not None:
                    found.sets[name] = self._rule(table)
        if (table := detect.table("detect_secrets")) is not None:
            table.known("baseline")
            found.baseline = self._file(table, "baseline")
        if (table := detect.table("presidio")) is not None:
            table.known("recognizers")
            found.recognizers = self._file(table, "recognizers")

    def _rule(self, table: Table) -> RulePolicy:
        table.known("action", "severity")
        return RulePolicy(
            self._setting(table, "action", table.choice("action", ACTIONS)),
            self._setting(table, "severity", table.choice("severity", SEVERITIES)),
        )

    def _check_rule(self, table: Table, rule: RuleId, key: str) -> None:
        """Note a rule id that is nearly one of ours; another may be a deep detector's, or of a later version."""
        if self.rule_ids and rule not in self.rule_ids and (near := did_you_mean(rule, tuple(self.rule_ids))):
            table.problem(f'unknown rule "{shown(rule)}"{near}', key)

    def _file(self, table: Table, key: str) -> FileReference | None:
        name = table.text(key)
        if name is None:
            return None
        path = self._inside(name)
        if path is None:
            table.problem(f'"{key}" must name a file in this folder or below it', key)
            return None
        return FileReference(path, self.found.layer.label, table.source(key))

    def _inside(self, name: str) -> str | None:
        """Absolute path of a file named by the policy, or None when it lies outside the policy's own folder."""
        parts = name.replace("\\", "/").split("/")
        if parts[0] in ("", "~") or ":" in parts[0] or ".." in parts or "\0" in name:
            return None
        return "/".join([self.base.rstrip("/"), *(part for part in parts if part not in ("", "."))])

    def _globs(self, table: Table, key: str) -> tuple[str, ...]:
        """The globs of a key that can be used; the others are noted."""
        good: list[str] = []
        for glob in table.texts(key) or ():
            if (problem := glob_problem(glob)) is None:
                good.append(glob)
            else:
                table.problem(shown(problem), key)
        return tuple(good)

    def _repo(self, table: Table) -> None:
        """One `[[repo]]`. A mistake makes it stricter: an unreadable class is `restricted`."""
        table.known("match", "class", "paths", "owner", "contact", "allowed", "remote", "path")
        level = table.choice("class", CLASSES)
        remotes: tuple[str, ...] = ()
        paths: tuple[str, ...] = ()
        if {"match", "remote", "path"} & table.data.keys():
            match = table.table("match")
            if match is not None:
                match.known("remote", "path")
            # a key that was meant for `match` restricts as if it stood there, besides being a mistake
            for key in ("remote", "path"):
                if key in table.data:
                    table.problem(f'"{key}" belongs into match: write match = {{ {key} = ... }}', key)
            for place in (match, table) if match is not None else (table,):
                remotes += self._globs(place, "remote")
                paths += self._globs(place, "path")
            if not remotes and not paths:
                table.problem(
                    'this entry names no repository: write match = { remote = "github.com/acme/pay" }', "match"
                )
                return
        elif self.found.layer is not Layer.REPO:
            table.problem('an entry of this file needs match = { remote = "github.com/acme/pay" }')
            return
        self.found.repos.append(
            RepoEntry(
                classification=Classification.RESTRICTED if level is None else level,
                remotes=tuple(normalise_remote(remote) for remote in remotes),
                paths=paths,
                base=self.base,
                within=tuple(self._within(table)),
                owner=table.text("owner") or "",
                contact=table.text("contact") or "",
                allowed=table.text("allowed") or "",
                layer=self.found.layer.label,
                source=table.source(),
            )
        )

    def _within(self, table: Table) -> list[tuple[str, Classification]]:
        paths = table.table("paths")
        if paths is None:
            return []
        within: list[tuple[str, Classification]] = []
        for glob in paths.data:
            level = paths.choice(glob, CLASSES)
            if (problem := glob_problem(glob)) is not None:
                paths.problem(shown(problem), glob)
            else:
                within.append((glob, Classification.RESTRICTED if level is None else level))
        return within

    def _allow(self, table: Table) -> None:
        """One `[[allow]]`. A mistake makes it void: what it was to allow is still reported."""
        before = len(self.found.problems)
        table.known("fingerprint", "rule", "path", "reason", "expires")
        fingerprint, rule, reason = table.text("fingerprint"), table.text("rule"), table.text("reason")
        expires = table.day("expires")
        glob = table.text("path")
        if glob is not None and (problem := glob_problem(glob)) is not None:
            table.problem(shown(problem), "path")
        if rule is not None:
            self._check_rule(table, rule, "rule")
        if "reason" not in table.data:
            table.problem('an [[allow]] needs a "reason"')
        if "fingerprint" not in table.data and not {"rule", "path"} <= table.data.keys():
            table.problem('an [[allow]] needs a "fingerprint", or a "rule" and a "path"')
        if len(self.found.problems) > before or reason is None:
            return
        self.found.allows.append(
            AllowEntry(
                reason=reason,
                fingerprint=fingerprint or "",
                rule=rule or "",
                path=PathGlob(glob, self.base, table.source("path")) if glob else None,
                expires=expires,
                layer=self.found.layer.label,
                source=table.source(),
            )
        )
