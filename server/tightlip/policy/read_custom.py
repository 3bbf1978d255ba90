"""`[[term]]` and `[[rule]]` of a policy file -> plain values for `tightlip.detect`.

A mistake costs its own entry, and where it can, not even that: the entry goes on looking for what it names, under the defaults.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple, cast

from attrs import evolve, frozen

from tightlip.detect.linear import Linear, PatternError, compile_linear
from tightlip.detect.rule import Rule
from tightlip.detect.terms import PLACEHOLDER, TITLE, TermSpec, says, text_problem
from tightlip.detect.validators import parse_validator
from tightlip.finding import Action, Category, Confidence, RuleId, Severity
from tightlip.policy.model import Layer
from tightlip.policy.table import Table, shown
from tightlip.syntax.lazy import lazy

TERM_KEYS = tuple("id text pattern title placeholder action case word owner contact reason".split())
RULE_KEYS = tuple(
    "id title category severity confidence placeholder entity pattern gate window fields value validators checksum keywords"
    " advice revoke references criteria synthetic matches misses".split()
)
RULE_CATEGORIES = {"secret": Category.SECRET, "pii": Category.PII, "term": Category.TERM}
RULE_TITLE = "Organisation's detector"

MOST = 20_000
"""Literals, and entries, of one file."""
LARGEST_TOGETHER = 40_000
"""Instructions (`Linear.size`) that the expressions of one table of a file may have together: they compile in some seconds."""

_ACTIONS = {action.name.lower(): action for action in Action}
_SEVERITIES = {level.name.lower(): level for level in Severity}
_CONFIDENCES = {level.name.lower(): level for level in Confidence}
_ID = lazy(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_OWN_ID = lazy(r"[a-z]+-(?:.*-)?(?:term|rule)-[0-9]+")
_PLACEHOLDER = lazy(r"(?=.{1,40}\Z)[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")
_FIELD = lazy(r"[^\W_]+(?:_[^\W_]+)*")


@frozen
class NotLookedFor:
    """An entry, or a part of one, that cannot look for what it was written to find."""

    kind: str
    """`term` or `rule`."""
    id: RuleId
    """The one an entry without an id gets."""
    reason: str
    """A sentence without the text or expression."""
    layer: str
    source: str
    """`file:line`."""
    category: Category = Category.SECRET
    wanted: RuleId = ""
    """The id it gives itself, which may say the term: not for people."""
    action: Action | None = None
    """What it asks for itself."""


class TermsRead(NamedTuple):
    """What the `[[term]]` of a file say."""

    specs: list[TermSpec]
    unusable: list[NotLookedFor]


class RulesRead(NamedTuple):
    """What the `[[rule]]` of a file say."""

    rules: list[Rule]
    unusable: list[NotLookedFor]


def read_terms(root: Table, layer: Layer, rule_ids: Collection[RuleId] = ()) -> TermsRead:
    """The terms of a policy file; `root` is its top table.

    Mistakes become problems of `root`, with file, line and column. `rule_ids` are the built-in rules, whose ids are taken.
    """
    entries = _Entries("term", root, layer, rule_ids)
    specs = [spec for table in entries.tables() if (spec := _term(table, entries)) is not None]
    return TermsRead(specs, entries.unusable)


def read_rules(root: Table, layer: Layer, rule_ids: Collection[RuleId] = ()) -> RulesRead:
    """The rules of a policy file, read as `read_terms` reads its terms.

    Their examples are run by `tightlip.detect.custom.check_examples`.
    """
    entries = _Entries("rule", root, layer, rule_ids)
    rules = [rule for table in entries.tables() if (rule := _rule(table, entries)) is not None]
    return RulesRead(rules, entries.unusable)


class _Entries:
    """The entries of one kind in one file: which ids are taken, what has been read, and what cannot be used."""

    def __init__(self, kind: str, root: Table, layer: Layer, rule_ids: Collection[RuleId]):
        self.kind = kind
        self.root = root
        self.layer = layer.label
        self.unusable: list[NotLookedFor] = []
        self.id = self.default_id = ""
        self.category = Category.SECRET
        self.action: Action | None = None
        self._rule_ids = rule_ids
        self._taken: set[str] = set()
        self._prefix = "-".join(filter(None, [self.layer, _slug(root.document.file), kind]))
        self._literals = self._size = 0

    def tables(self) -> Iterator[Table]:
        """Each entry; while it is read, `id` is its id."""
        before = len(self.root.problems)
        tables = list(self.root.tables(self.kind))
        self.id = self.default_id = self._prefix
        self._begin({})
        self.lost(self.root, before, self.kind)
        for number, table in enumerate(tables, 1):
            self.id = self.default_id = f"{self._prefix}-{number}"
            self._begin(table.data)
            if number > MOST:
                self.refuse(table, f"more than {MOST:,} entries; put several texts into one")
                return
            self.id = self._wanted(table) or self.id
            self._taken.add(self.id)
            yield table

    def refuse(self, table: Table, reason: str, key: str | None = None) -> None:
        """Note that what stands at `key` cannot be looked for."""
        table.problem(reason, key)
        self._unusable(reason, table.source(key))

    def lost(self, table: Table, before: int, key: str) -> None:
        """The same, where a problem noted since there were `before` of them says why."""
        for problem in table.problems[before:]:
            self._unusable(problem.message, table.source(key))

    def expression(
        self, table: Table, key: str, source: str, *, case: bool = True, lines: bool = False
    ) -> Linear | None:
        """An expression that can be used; None for another, which is refused."""
        try:
            linear = compile_linear(source, case=case, lines=lines)
        except PatternError as problem:
            self.refuse(table, problem.message, key)
            return None
        self._size += linear.size
        if self._size > LARGEST_TOGETHER:
            self.refuse(
                table, "the patterns of this file are too large together; write texts, or smaller repeats {n,m}", key
            )
            return None
        return linear

    def counted(self, texts: int) -> bool:
        """Whether so many literals more are few enough."""
        self._literals += texts
        return self._literals <= MOST

    def _unusable(self, reason: str, source: str) -> None:
        entry = NotLookedFor(
            self.kind, self.default_id, reason, self.layer, source, self.category, self.id, self.action
        )
        self.unusable.append(entry)

    def _begin(self, data: Mapping[str, object]) -> None:
        """Take what an entry asks for before anything of it is refused; what cannot be read is the strictest."""
        category = data.get("category")
        self.category = RULE_CATEGORIES.get(category, Category.SECRET) if isinstance(category, str) else Category.SECRET
        self.action = None
        if self.kind == "term":
            self.category = Category.TERM
            action = data.get("action")
            if action is not None:
                self.action = _ACTIONS.get(action, Action.BLOCK) if isinstance(action, str) else Action.BLOCK

    def _wanted(self, table: Table) -> str:
        """The id an entry gives itself, where it may have it."""
        wanted = table.text("id")
        if wanted is None:
            return ""
        if not _ID.fullmatch(wanted):
            why = "must be lower-case words joined by hyphens"
        elif wanted in self._rule_ids:
            why = "is that of a built-in rule, which no entry replaces"
        elif _OWN_ID.fullmatch(wanted):
            why = "is of the form that entries without an id get"
        elif wanted in self._taken:
            why = "stands twice in this file"
        else:
            return wanted
        table.problem(f'"id" {why}; this entry is called {self.id}', "id")
        return ""


def _term(table: Table, entries: _Entries) -> TermSpec | None:
    table.known(*TERM_KEYS)
    before = len(table.problems)
    pattern = table.text("pattern")
    entries.lost(table, before, "pattern")
    texts = _texts(table, entries)
    case = bool(table.flag("case"))
    word = table.flag("word")
    if pattern is not None and texts:
        entries.refuse(table, 'a [[term]] has "text" or "pattern", not both; write two entries', "pattern")
        pattern = None
    if pattern is not None and word is not None:
        table.problem('"word" is for "text"; in a "pattern" write \\b where a word begins and ends', "word")
    if pattern is not None and entries.expression(table, "pattern", pattern, case=case) is None:
        return None
    if not texts and pattern is None:
        if not {"text", "pattern"} & table.data.keys():
            entries.refuse(table, 'a [[term]] needs "text" or "pattern"')
        return None
    table.choice("action", _ACTIONS)
    spec = TermSpec(
        id=entries.id,
        texts=texts,
        pattern=pattern or "",
        case=case,
        word=word is not False,
        action=entries.action,
        layer=entries.layer,
        source=table.source(),
    )
    placeholder = _placeholder(table) or PLACEHOLDER
    said = {key: _discreet(table, key, spec, table.text(key) or "", "") for key in ("owner", "contact", "reason")}
    return evolve(
        spec,
        **said,
        title=_discreet(table, "title", spec, table.text("title") or TITLE, TITLE),
        placeholder=_discreet(table, "placeholder", spec, placeholder, PLACEHOLDER),
        id=_discreet(table, "id", spec, spec.id, entries.default_id),
    )


def _texts(table: Table, entries: _Entries) -> tuple[str, ...]:
    """The literals of a term that can be looked for."""
    before = len(table.problems)
    texts = table.texts("text")
    entries.lost(table, before, "text")
    if texts is None:
        return ()
    if not texts and len(table.problems) == before:
        entries.refuse(table, '"text" is an empty list', "text")
    if not entries.counted(len(texts)):
        entries.refuse(table, f"more than {MOST:,} texts in this file", "text")
        return ()
    good: list[str] = []
    written = table.data["text"]
    for number, text in enumerate(cast("list[object]", written) if isinstance(written, list) else [written], 1):
        if not isinstance(text, str) or not text.strip():
            continue
        if (problem := text_problem(text)) is None:
            good.append(text)
        else:
            which = f'"text" number {number}' if isinstance(written, list) else '"text"'
            entries.refuse(table, f"{which} {problem}", "text")
    return tuple(dict.fromkeys(good))


def _discreet(table: Table, key: str, spec: TermSpec, said: str, instead: str) -> str:
    """What people read of a term, unless it says the term itself."""
    if said in (instead, TITLE, PLACEHOLDER) or not says(spec, said):
        return said
    until = f'is "{instead}"' if instead else "is left out"
    table.problem(f'"{key}" says the term itself, and is shown to people; it {until} until that is changed', key)
    return instead


def _rule(table: Table, entries: _Entries) -> Rule | None:
    table.known(*RULE_KEYS)
    before = len(table.problems)
    pattern, value = table.text("pattern"), table.text("value")
    entries.lost(table, before, "pattern")
    fields = _fields(table, entries)
    for key, source in (("pattern", pattern), ("value", value)):
        if source is not None and entries.expression(table, key, source, lines=True) is None:
            return None
    if pattern is None and not fields:
        if not {"pattern", "fields"} & table.data.keys():
            entries.refuse(table, 'a [[rule]] needs "pattern" or "fields"')
        return None
    category = table.choice("category", RULE_CATEGORIES)
    if category is None:
        if "category" not in table.data:
            table.problem('a [[rule]] needs "category"; it is secret until one is given')
        category = Category.SECRET
    return Rule(
        id=entries.id,
        title=table.text("title") or RULE_TITLE,
        category=category,
        severity=table.choice("severity", _SEVERITIES) or Severity.WARNING,
        confidence=table.choice("confidence", _CONFIDENCES) or Confidence.MEDIUM,
        placeholder=_placeholder(table) or category.value.upper(),
        entity=_entity(table),
        pattern=pattern or "",
        gate=table.text("gate") or "",
        window=_window(table),
        fields=fields,
        value=value or "",
        validators=tuple(name for name in table.texts("validators") or () if _is_check(table, "validators", name)),
        checksum=next((name for name in _one(table.text("checksum")) if _is_check(table, "checksum", name)), ""),
        keywords=tuple(word.lower() for word in table.texts("keywords") or ()),
        advice=table.text("advice") or "",
        revoke=table.text("revoke") or "",
        references=table.texts("references") or (),
        criteria=table.texts("criteria") or (),
        synthetic=_synthetic(table),
        matches=table.texts("matches") or (),
        misses=table.texts("misses") or (),
        source=table.source(),
    )


def _fields(table: Table, entries: _Entries) -> tuple[str, ...]:
    before = len(table.problems)
    names = table.texts("fields") or ()
    entries.lost(table, before, "fields")
    good = [name for name in names if _FIELD.fullmatch(name) and name == name.lower()]
    if len(good) < len(names):
        entries.refuse(table, '"fields" must be names in snake_case, as in date_of_birth', "fields")
    elif not names and "fields" in table.data and len(table.problems) == before:
        entries.refuse(table, '"fields" is an empty list', "fields")
    return tuple(good)


def _is_check(table: Table, key: str, name: str) -> bool:
    try:
        parse_validator(name)
    except ValueError as problem:
        table.problem(f"{shown(str(problem))}; what it would have checked is reported unchecked", key)
        return False
    return True


def _one(text: str | None) -> tuple[str, ...]:
    return () if text is None else (text,)


def _placeholder(table: Table) -> str | None:
    placeholder = table.text("placeholder")
    if placeholder is not None and not _PLACEHOLDER.fullmatch(placeholder):
        table.problem(
            '"placeholder" must be upper-case words joined by underscores, 40 characters at most', "placeholder"
        )
        return None
    return placeholder


def _entity(table: Table) -> str | None:
    entity = table.text("entity")
    if entity is not None and not _PLACEHOLDER.fullmatch(entity):
        table.problem('"entity" must be upper-case words joined by underscores, as in EMAIL_ADDRESS', "entity")
        return None
    return entity


def _window(table: Table) -> int:
    window = table.data.get("window", _WINDOW)
    if isinstance(window, int) and not isinstance(window, bool) and 1 <= window <= 65536:
        return window
    table.problem('"window" must be a number of code points from 1 to 65536', "window")
    return _WINDOW


_WINDOW = 256


def _synthetic(table: Table) -> str:
    kind = table.text("synthetic")
    if kind is None:
        return ""
    from tightlip.redact.synthetic import KINDS  # few policies make values up

    if kind in KINDS:
        return kind
    near = table.near(kind, tuple(KINDS))
    table.problem(f'"synthetic" must be a kind of value that can be made up, as in email{near}', "synthetic")
    return ""


def _slug(file: str) -> str:
    """What tells the entries of one file from those of another of the same layer, as a part of their ids."""
    folder, _, name = file.replace("\\", "/").rpartition("/")
    stem = name.rpartition(".")[0]
    parts = ([] if folder.startswith("/") or ":" in folder else [folder]) + ([] if stem == "tightlip" else [stem])
    return "-".join(re.findall(r"[a-z0-9]+", "-".join(parts).lower()))
