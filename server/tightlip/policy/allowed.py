"""What a person has already allowed: `[[allow]]` of a policy, and the baselines of a folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from tightlip.detect.baseline import BASELINE, GITLEAKS_IGNORE, Baselines
from tightlip.detect.suppress import Suppressed
from tightlip.errors import PolicyError, RefusedError, TightlipError
from tightlip.finding import Finding
from tightlip.policy.model import AllowEntry, Policy
from tightlip.policy.place import Place
from tightlip.provenance.glob import relative
from tightlip.redact.fingerprint import fingerprint
from tightlip.redact.key import Key, workspace_key
from tightlip.syntax.lines import LineIndex


class Allowed:
    """What is allowed in a folder. It serves many threads."""

    def __init__(self, top: Path | None, policy: Policy, *, trusted: bool, key: Key | None, today: Callable[[], date]):
        """`top` is the outermost folder that is looked into, `policy` what holds there: it may name a baseline elsewhere.

        In a folder that is not `trusted` baselines do not count, and where there is an organisation only one that it names.
        Without a `key`, that of the workspace at `top` is read or
        made when one is first wanted.
        """
        self._top = top
        self._policy = policy
        self._trusted = trusted
        self._key = key
        self._key_problem: TightlipError | None = None
        self._today = today
        self._baselines: Baselines | None = None
        self._refused: tuple[RefusedError, ...] = ()

    @property
    def key(self) -> Key:
        """The key of the workspace. Raises TightlipError where the key file cannot be used."""
        if self._key is None:
            self._key = workspace_key(self._top)
        return self._key

    @property
    def problems(self) -> tuple[TightlipError, ...]:
        """Mistakes in the baselines, and why allowed fingerprints cannot be told."""
        mistakes = (*(PolicyError(notice.message) for notice in self._read().notices), *self._refused)
        return (*mistakes, self._key_problem) if self._key_problem is not None else mistakes

    def fingerprint(self, finding: Finding) -> str:
        """Name of a finding's value, as `[[allow]] fingerprint` takes it. Raises TightlipError as `key` does."""
        return fingerprint(self.key.secret, finding.rule, finding.value)

    def forget(self, policy: Policy) -> None:
        """Read the baselines again when they are next wanted, as `policy` has them now."""
        self._policy = policy
        self._baselines = None
        self._key_problem = None

    def known(self, text: str, place: Place) -> Callable[[Finding], Suppressed | None] | None:
        """Tells whether a person has already allowed a finding of a text; None where nothing is allowed."""
        day = self._today()
        allows = [allow for allow in place.policy.allows if allow.counts_on(day) and _speaks_of(allow, place.path)]
        name = relative(place.path, str(self._top)) if place.path is not None and self._top is not None else None
        baselines = self._read()
        covered = name is not None and baselines.covers(name)
        if not allows and not covered:
            return None
        by_rule = {allow.rule: allow for allow in allows if not allow.fingerprint}
        by_value = {allow.fingerprint: allow for allow in allows if allow.fingerprint and self._has_key()}
        lines = LineIndex(text) if covered else None

        def known(finding: Finding) -> Suppressed | None:
            allow = by_rule.get(finding.rule)
            if allow is None and by_value:
                allow = by_value.get(self.fingerprint(finding))
                if allow is not None and allow.rule not in ("", finding.rule):
                    allow = None
            if allow is not None:
                return Suppressed(finding, "allow", f"{allow.reason} ({allow.source})")
            if name is not None and lines is not None:
                line = lines.line_column(finding.span.start)[0] + 1
                reason = baselines.suppresses(name, line, finding.rule, finding.value)
                if reason is not None:
                    return Suppressed(finding, "baseline", reason)
            return None

        return known

    def _read(self) -> Baselines:
        if self._baselines is None:
            wanted = self._top if self._trusted else None
            named = Path(self._policy.baseline.path) if self._policy.baseline else None
            governed = self._policy.governed
            self._refused = tuple(_refused(self._top)) if governed and self._top else ()
            self._baselines = Baselines.load(wanted, named, only_named=governed) if wanted else Baselines()
        return self._baselines

    def _has_key(self) -> bool:
        """Whether fingerprints can be told; where not, what they allow is reported, and so is the reason."""
        try:
            return bool(self.key.secret)
        except TightlipError as problem:
            self._key_problem = problem
            return False


def _refused(top: Path) -> Iterator[RefusedError]:
    for name in (BASELINE, GITLEAKS_IGNORE):
        if os.path.lexists(top / name):
            yield RefusedError("ignored: only the organisation may name a baseline", file=name, line=1, column=1)


def _speaks_of(allow: AllowEntry, path: str | None) -> bool:
    return allow.path is None or (path is not None and allow.path.matches(path))
