"""One policy file -> what it says, key by key. A mistake costs its own entry and never its neighbours."""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

from attrs import define, evolve, field, frozen

from tightlip.errors import PolicyError
from tightlip.finding import Action, Category, RuleId, Severity
from tightlip.policy.keys import ACTIONS, EVERY, KEYS, Direction, Key, KeyPath
from tightlip.policy.known import Mention
from tightlip.policy.model import (
    EDITOR_GUARDS,
    AllowEntry,
    ExceptionEntry,
    FileReference,
    Layer,
    OwnEntries,
    OwnEntry,
    PathGlob,
    RulePolicy,
    Setting,
    Unusable,
)
from tightlip.policy.read_entries import Entries
from tightlip.policy.sets import SETS
from tightlip.policy.table import Table
from tightlip.provenance.classify import RepoEntry
from tightlip.provenance.files import real_path
from tightlip.provenance.glob import relative
from tightlip.syntax.toml import TomlDocument

SEVERITIES = {level.name.lower(): level for level in Severity}

CHILDREN: dict[KeyPath, dict[str, Key | None]] = {}
"""What may stand in every table that holds keys with one value: the key, or None for a table or list of its own."""


def _declare() -> None:
    for key in KEYS.values():
        for size in range(len(key.path)):
            last = size == len(key.path) - 1
            CHILDREN.setdefault(key.path[:size], {})[key.path[size]] = key if last else None
    CHILDREN[()].update(dict.fromkeys(("bundle", "repo", "term", "rule", "allow", "exception", "scan", "editor")))
    CHILDREN["detect",].update(dict.fromkeys(("rule", "set", "detect_secrets", "presidio")))


_declare()


@frozen
class Places:
    """Where what a file says stands in it."""

    document: TomlDocument
    root: tuple[str | int, ...]
    """The table that is the policy."""
    _first: dict[int, int] = field(factory=dict, init=False, eq=False, repr=False)

    def column(self, line: int, path: KeyPath) -> int:
        """Column of the key that a path leads to, where it stands on the line; else of what stands first there. From 1."""
        place = self.document.place_within(*self.root, *path) if path else None
        if place is not None and place.line == line:
            return place.column
        if not self._first:
            for known in self.document.places.values():
                self._first.setdefault(known.line, known.column)
        return self._first.get(line, 1)


@define
class FilePolicy:
    """What one file of one layer says; what it does not say is absent."""

    file: str
    """Absolute path."""
    layer: Layer
    settings: dict[str, Setting[object]] = field(factory=dict)
    """Keys with one value, by their names."""
    rules: dict[RuleId, RulePolicy] = field(factory=dict)
    sets: dict[str, RulePolicy] = field(factory=dict)
    """`[detect.set.<name>]`: what holds for all rules of a named set, but for what is said of a rule itself."""
    repos: list[RepoEntry] = field(factory=list)
    exclude: list[PathGlob] = field(factory=list)
    allows: list[AllowEntry] = field(factory=list)
    exceptions: list[ExceptionEntry] = field(factory=list)
    baseline: FileReference | None = None
    plugins: list[FileReference] = field(factory=list)
    recognizers: FileReference | None = None
    required: dict[str, str] = field(factory=dict)
    own: OwnEntries | None = None
    own_categories: dict[RuleId, Category] = field(factory=dict)
    """Categories of its terms and rules."""
    mentions: list[Mention] = field(factory=list, eq=False)
    """The rules it names."""
    unusable: list[Unusable] = field(factory=list)
    problems: list[PolicyError] = field(factory=list, eq=False)
    places: Places | None = field(default=None, eq=False, repr=False)
    readable: bool = True
    name: str = ""
    """What messages call it."""
    believed: bool = True
    """False for a file of the organisation that may be somebody else's: it may tighten and nothing more."""


def read_policy(
    document: TomlDocument,
    *,
    file: str,
    base: str,
    layer: Layer = Layer.REPO,
    rule_ids: Collection[RuleId] = (),
    globs: str | None = None,
) -> FilePolicy | None:
    """Read a parsed `tightlip.toml`, or the table `[tool.tightlip]` of a parsed `pyproject.toml`; None where it has none.

    `base` is the absolute folder from which its file names count, `globs` the one from which its globs do (default: the
    same). `rule_ids`, where given, are the built-in rules, whose ids no entry may have. Never raises; mistakes are in
    `problems`, but for rules that it names and nobody knows (`tightlip.policy.known`). What the organisation mistypes
    counts as the strictest it could have meant.
    """
    found = FilePolicy(file, layer, name=document.file)
    root = policy_table(document, found.problems)
    if root is None:
        return None
    found.places = Places(document, root.path)
    _Reader(found, base, base if globs is None else globs, rule_ids).all(root)
    found.problems.sort(key=lambda problem: (problem.line or 0, problem.column or 0))
    return found


def policy_table(document: TomlDocument, problems: list[PolicyError]) -> Table | None:
    """The table that is the policy: the whole of a `tightlip.toml`, `[tool.tightlip]` of a `pyproject.toml` that has it.

    What is then found to be mistaken in it goes to `problems`.
    """
    root = Table(document, (), document.data, problems)
    if document.file.rpartition("/")[2] != "pyproject.toml":
        return root
    tool = root.inner("tool")
    return tool.inner("tightlip") if tool is not None else None


class _Reader:
    def __init__(self, found: FilePolicy, base: str, globs: str, rule_ids: Collection[RuleId]):
        self.found = found
        self.base = base
        self.globs = globs
        self.rule_ids = rule_ids
        """Rules that are not ours, and what is meant by each."""

    def all(self, root: Table) -> None:
        found = self.found
        self._keys(root, ())
        if (detect := root.inner("detect")) is not None:
            self._detect(detect)
        if (editor := root.table("editor")) is not None:
            self._editor(editor)
        entries = Entries(found.file, found.layer.label, self.globs, self.mention, self._path)
        if (scan := root.table("scan")) is not None:
            scan.known("exclude")
            found.exclude.extend(entries.globs(scan, "exclude"))
        for table in root.tables("repo"):
            if (repo := entries.repo(table, may_mark_itself=found.layer is Layer.REPO)) is not None:
                found.repos.append(repo)
        found.unusable.extend(entries.unusable)
        for table in root.tables("allow"):
            if (allow := entries.allow(table)) is not None:
                found.allows.append(allow)
        for table in root.tables("exception"):
            if (exception := entries.exception(table)) is not None:
                found.exceptions.append(exception)
        if {"term", "rule"} & root.data.keys():
            self._own(root)
        if found.layer is not Layer.ORG and "bundle" in root.data:
            root.refuse('ignored: only a policy of the organisation has a "bundle"', "bundle")

    def _own(self, root: Table) -> None:
        """Terms and rules of the file's own. What a term asks for itself is asked as for a rule of its name."""
        from tightlip.policy.read_custom import read_rules, read_terms  # most policies have none

        found, layer = self.found, self.found.layer
        terms = read_terms(root, layer, self.rule_ids)
        rules = read_rules(root, layer, self.rule_ids)
        if terms.specs or rules.rules:
            by_id = {spec.id: OwnEntry(layer.label, spec.source, spec.says) for spec in terms.specs}
            by_id |= {rule.id: OwnEntry(layer.label, rule.source) for rule in rules.rules}
            found.own = OwnEntries(tuple(terms.specs), tuple(rules.rules), by_id)
        found.own_categories = {spec.id: Category.TERM for spec in terms.specs}
        found.own_categories |= {rule.id: rule.category for rule in rules.rules}
        for spec in terms.specs:
            said = found.rules.get(spec.id, RulePolicy())
            if spec.action is not None and said.action is None:
                found.rules[spec.id] = evolve(said, action=Setting(spec.action, layer.label, spec.source))
        for entry in (*terms.unusable, *rules.unusable):
            what = f"The {entry.kind} {entry.id} of the policy cannot be looked for: {entry.reason}."
            found.unusable.append(Unusable(what, entry.category, entry.source, entry.wanted, entry.action))

    def _keys(self, table: Table, path: KeyPath) -> None:
        """Read the keys with one value under a table, and note what is unknown."""
        children = CHILDREN[path]
        table.known(*children)
        for name, key in children.items():
            if key is not None:
                value, mistaken = _value(table, name, key)
                if mistaken and self.found.layer is Layer.ORG:
                    value, mistaken = strictest(key), False
                if name in table.data and not mistaken:
                    self.found.settings[key.name] = self._setting(table, name, value)
            elif (*path, name) in CHILDREN and (inner := table.table(name)) is not None:
                self._keys(inner, (*path, name))

    def _setting(self, table: Table, key: str, value: object) -> Setting[object]:
        return Setting(value, self.found.layer.label, table.source(key))

    def _detect(self, detect: Table) -> None:
        found = self.found
        if (rules := detect.table("rule")) is not None:
            for rule in rules.data:
                self.mention(rules, rule, rule)
                if (table := rules.table(rule)) is not None:
                    found.rules[rule] = self._rule(table)
        if (sets := detect.table("set")) is not None:
            sets.known(*SETS)
            for name in SETS:
                if (table := sets.table(name)) is not None:
                    found.sets[name] = self._rule(table)
        if (table := detect.table("detect_secrets")) is not None:
            table.known("baseline", "plugins")
            found.baseline = self._file(table, "baseline")
            for name in table.texts("plugins") or ():
                if (plugin := self._reference(table, "plugins", name)) is not None:
                    found.plugins.append(plugin)
        if (table := detect.table("presidio")) is not None:
            table.known("recognizers")
            found.recognizers = self._file(table, "recognizers")

    def _editor(self, editor: Table) -> None:
        editor.known("required")
        for guard in editor.texts("required") or ():
            if guard in EDITOR_GUARDS:
                self.found.required[guard] = editor.source("required")
            else:
                known = f"must name guards of {', '.join(EDITOR_GUARDS)}"
                editor.problem(f'"required" {known}{editor.near(guard, EDITOR_GUARDS)}', "required", word=guard)

    def _rule(self, table: Table) -> RulePolicy:
        table.known("action", "severity")
        action, severity = table.choice("action", ACTIONS), table.choice("severity", SEVERITIES)
        if action is None and "action" in table.data and self.found.layer is Layer.ORG:
            action = Action.BLOCK  # what the organisation mistypes is the strictest it could have meant
        source = self.found.layer.label
        return RulePolicy(
            None if action is None else Setting(action, source, table.source("action")),
            None if severity is None else Setting(severity, source, table.source("severity")),
        )

    def mention(self, table: Table, rule: RuleId, key: str) -> None:
        """Take down a rule that the file names: whether it is known, only all files of the stack together say."""
        place = table.document.place(*table.path, key)
        line, column = (place.line, place.column) if place else (1, 1)
        on_key = rule == key
        elsewhere = self.found.layer is not Layer.REPO and not on_key
        path = (*table.path, key)
        self.found.mentions.append(Mention(rule, table.document.file, line, column, path, on_key, elsewhere))

    def _path(self, table: Table, key: str) -> str | None:
        found = self._file(table, key)
        return found.path if found is not None else None

    def _file(self, table: Table, key: str) -> FileReference | None:
        name = table.text(key)
        return None if name is None else self._reference(table, key, name)

    def _reference(self, table: Table, key: str, name: str) -> FileReference | None:
        path = self._inside(name)
        if path is None:
            table.problem(f'"{key}" must name a file in this folder or below it', key)
            return None
        return FileReference(path, self.found.layer.label, table.source(key))

    def _inside(self, name: str) -> str | None:
        """Absolute path of a file named by the policy, or None when it lies outside the policy's own folder.

        For what a repository names, links count: one that is committed may lead anywhere on this machine.
        """
        parts = name.replace("\\", "/").split("/")
        if parts[0] in ("", "~") or ":" in parts[0] or ".." in parts or "\0" in name:
            return None
        path = "/".join([self.base.rstrip("/"), *(part for part in parts if part not in ("", "."))])
        if self.found.layer is Layer.REPO and relative(real_path(path), real_path(self.base)) is None:
            return None
        return path


def _value(table: Table, name: str, key: Key) -> tuple[object, bool]:
    """What a key says, and whether it is mistaken: then the value says nothing."""
    before = len(table.problems)
    value: object = None
    if key.is_list:
        value = _list(table, name, key)
    elif key.words:
        value = table.choice(name, dict(key.words))
    elif isinstance(key.default, bool):
        value = table.flag(name)
    else:
        value = table.number(name)
    return value, len(table.problems) > before


def _list(table: Table, name: str, key: Key) -> frozenset[str] | None:
    names = table.texts(name)
    if names is None:
        return EVERY
    good: set[str] = set()
    for each in names:
        if not key.words or each in key.words:
            good.add(each)
        else:
            words = tuple(key.words)
            near = table.near(each, words)
            table.problem(f'"{name}" must be of {", ".join(words)}{near}', name, word=each)
    return frozenset(good)


def strictest(key: Key) -> object:
    """The strictest a key can say: what the organisation's counts as where it is mistyped."""
    if key.direction is Direction.GROWS:
        return EVERY
    if key.words:
        return max(key.words.values(), key=key.rank)
    if isinstance(key.default, bool):
        return max((False, True), key=key.rank)
    return cast("int", key.default)
