"""The entries of a policy file that are lists: `[[repo]]`, `[[allow]]`, `[[exception]]` and globs."""

from __future__ import annotations

from collections.abc import Callable

from tightlip.finding import Category, Classification, RuleId
from tightlip.policy.keys import ACTIONS, CLASSES
from tightlip.policy.model import AllowEntry, ExceptionEntry, PathGlob, Unusable
from tightlip.policy.table import Table, shown
from tightlip.provenance.classify import RepoEntry
from tightlip.provenance.glob import glob_problem
from tightlip.provenance.remote import normalise_remote
from tightlip.provenance.roots import root_problem

CATEGORIES = {category.value: category for category in Category}
_STATUSES = {"approved": True, "requested": False}

_MATCHERS = ("remote", "root", "path")

Reference = Callable[[Table, str], "str | None"]
"""Absolute path of the file that a key names, or None where it names none that may be read."""
Mention = Callable[[Table, RuleId, str], None]
"""Takes down the rule that a key names."""


class Entries:
    """Reads entries of one file. A mistake makes what restricts stricter, and what lets through void."""

    def __init__(self, file: str, layer: str, globs: str, mention: Mention, reference: Reference):
        """`file` is the absolute path of the policy, `globs` the folder from which its globs count."""
        self.file = file
        self.layer = layer
        self.base = globs
        self._mention = mention
        self._reference = reference
        self.unusable: list[Unusable] = []
        """What was to restrict and names nothing that can be recognised."""

    def globs(self, table: Table, key: str) -> list[PathGlob]:
        """The globs of a key that can be used; the others are noted."""
        return [PathGlob(glob, self.base, table.source(key), self.layer) for glob in self._good_globs(table, key)]

    def repo(self, table: Table, *, may_mark_itself: bool) -> RepoEntry | None:
        """One `[[repo]]`. A mistake makes it stricter: an unreadable class is `restricted`."""
        table.known(
            "match", "class", "paths", "owner", "contact", "allowed", "index", "index_key", "remote", "root", "path"
        )
        level = table.choice("class", CLASSES)
        level = Classification.RESTRICTED if level is None else level
        remotes: tuple[str, ...] = ()
        roots: tuple[str, ...] = ()
        paths: tuple[str, ...] = ()
        if {"match", *_MATCHERS} & table.data.keys():
            before = len(table.problems)
            match = table.table("match")
            if match is not None:
                match.known(*_MATCHERS)
            self._lost(table, before, "match", level)
            # a key that was meant for `match` restricts as if it stood there, besides being a mistake
            for key in _MATCHERS:
                if key in table.data:
                    table.problem(f'"{key}" belongs into match: write match = {{ {key} = ... }}', key, on_key=True)
            before = len(table.problems)
            for place in (match, table) if match is not None else (table,):
                remotes += self._good_globs(place, "remote")
                roots += self._roots(place)
                paths += self._good_globs(place, "path")
            self._lost(table, before, "match", level)
            if not remotes and not roots and not paths:
                before = len(table.problems) + (match is None)  # that it is no table has been told
                table.problem(
                    'this entry names no repository: write match = { remote = "github.com/acme/pay" }', "match"
                )
                self._lost(table, before, "match", level)
                return None
        elif not may_mark_itself:
            before = len(table.problems)
            table.problem('an entry of this file needs match = { remote = "github.com/acme/pay" }')
            self._lost(table, before, "match", level)
            return None
        return RepoEntry(
            classification=level,
            remotes=tuple(normalise_remote(remote) for remote in remotes),
            roots=roots,
            paths=paths,
            base=self.base,
            within=tuple(self._within(table, level)),
            owner=table.text("owner") or "",
            contact=table.text("contact") or "",
            allowed=table.text("allowed") or "",
            layer=self.layer,
            source=table.source(),
            file=self.file,
            index=self._reference(table, "index") or "",
            index_key=self._reference(table, "index_key") or "",
        )

    def _lost(self, table: Table, before: int, key: str, level: Classification) -> None:
        """Note a part of an entry that cannot restrict, as the first problem since there were `before` says."""
        for problem in table.problems[before : before + 1]:
            what = f"A [[repo]] of the policy cannot be applied: {problem.message}."
            self.unusable.append(Unusable(what, Category.RESTRICTED, table.source(key), level=level))

    def _roots(self, table: Table) -> tuple[str, ...]:
        good: list[str] = []
        for root in table.texts("root") or ():
            if (problem := root_problem(root)) is None:
                good.append(root.lower())
            else:
                table.problem(problem, "root")
        return tuple(good)

    def _within(self, table: Table, least: Classification) -> list[tuple[str, Classification]]:
        before = len(table.problems)
        paths = table.table("paths")
        if paths is None:
            self._lost(table, before, "paths", Classification.RESTRICTED)
            return []
        within: list[tuple[str, Classification]] = []
        for glob in paths.data:
            level = paths.choice(glob, CLASSES)
            level = Classification.RESTRICTED if level is None else level
            if (problem := glob_problem(glob)) is not None:
                before = len(paths.problems)
                paths.problem(shown(problem), glob)
                if level > least:
                    self._lost(paths, before, glob, level)
            else:
                within.append((glob, level))
        return within

    def allow(self, table: Table) -> AllowEntry | None:
        """One `[[allow]]`. A mistake makes it void: what it was to allow is still reported."""
        before = len(table.problems)
        table.known("fingerprint", "rule", "path", "reason", "expires")
        fingerprint, rule, reason = table.text("fingerprint"), table.text("rule"), table.text("reason")
        expires = table.day("expires")
        glob = table.text("path")
        if glob is not None and (problem := glob_problem(glob)) is not None:
            table.problem(shown(problem), "path")
        if rule is not None:
            self._mention(table, rule, "rule")
        if "reason" not in table.data:
            table.problem('an [[allow]] needs a "reason"')
        if "fingerprint" not in table.data and not {"rule", "path"} <= table.data.keys():
            table.problem('an [[allow]] needs a "fingerprint", or a "rule" and a "path"')
        if len(table.problems) > before or reason is None:
            return None
        return AllowEntry(
            reason=reason,
            fingerprint=fingerprint or "",
            rule=rule or "",
            path=PathGlob(glob, self.base, table.source("path"), self.layer) if glob else None,
            expires=expires,
            layer=self.layer,
            source=table.source(),
        )

    def exception(self, table: Table) -> ExceptionEntry | None:
        """One `[[exception]]`. A mistake makes it void: what it was to let through is still stopped."""
        before = len(table.problems)
        table.known("id", "scope", "action", "reason", "approver", "expires", "status")
        approved = True if "status" not in table.data else table.choice("status", _STATUSES)
        wanted = ("id", "scope", "reason", "expires", *(("approver",) if approved is not False else ()))
        for key in wanted:
            if key not in table.data:
                table.problem(f'an [[exception]] needs "{key}"')
        names = {key: table.text(key) for key in ("id", "reason", "approver") if key in table.data}
        expires = table.day("expires")
        action = table.choice("action", ACTIONS) if "action" in table.data else ACTIONS["info"]
        scope = table.table("scope")
        rules: tuple[str, ...] = ()
        categories: list[Category] = []
        remotes: tuple[str, ...] = ()
        paths: tuple[str, ...] = ()
        if scope is not None:
            scope.known("rule", "category", "remote", "path")
            rules = scope.texts("rule") or ()
            for rule in rules:
                self._mention(scope, rule, "rule")
            for name in scope.texts("category") or ():
                if name in CATEGORIES:
                    categories.append(CATEGORIES[name])
                else:
                    near = scope.near(name, CATEGORIES)
                    scope.problem(f'"category" must be of {", ".join(CATEGORIES)}{near}', "category", word=name)
            remotes = self._good_globs(scope, "remote")
            paths = self._good_globs(scope, "path")
            for key, said in scope.data.items():
                if said == []:
                    scope.problem(f'"{key}" is an empty list, which names nothing; leave it out to mean all', key)
            if not rules and not categories:
                scope.problem('a scope needs a "rule" or a "category"')
        if len(table.problems) > before or expires is None or action is None:
            return None
        return ExceptionEntry(
            id=names.get("id") or "",
            reason=names.get("reason") or "",
            approver=names.get("approver") or "",
            expires=expires,
            action=action,
            rules=rules,
            categories=tuple(categories),
            remotes=tuple(normalise_remote(remote) for remote in remotes),
            paths=paths,
            approved=approved is True,
            layer=self.layer,
            source=table.source(),
        )

    def _good_globs(self, table: Table, key: str) -> tuple[str, ...]:
        good: list[str] = []
        for glob in table.texts(key) or ():
            if (problem := glob_problem(glob)) is None:
                good.append(glob)
            else:
                table.problem(shown(problem), key)
        return tuple(good)
