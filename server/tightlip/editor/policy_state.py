"""tightlip/policy: how the policy stands, told to the client whenever it was read.

{state, sentence, files, problems, required, organisation: {state, sentence}}

`state` is `problem` also where the organisation's policy is broken, stale or not believed, and its sentence then comes first.
What a file asks for and may not have is among `problems`, and is none of the state.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from attrs import frozen

from tightlip.editor.uris import uri_of
from tightlip.errors import RefusedError

if TYPE_CHECKING:
    from tightlip.editor.guards import Guards

POLICY = "tightlip/policy"

State = Literal["ok", "absent", "problem", "untrusted"]


@frozen
class Problem:
    """A mistake in a policy file."""

    message: str
    uri: str | None
    line: int | None
    """Counted from 1."""
    text: str
    """Message and place in one line."""
    refused: bool = False
    """Whether it is no mistake, only does not count."""


@frozen
class PolicyState:
    """What a client shows of the policy of all folders together."""

    state: State
    sentence: str
    files: tuple[str, ...]
    """URIs of the policy files, outermost first."""
    problems: tuple[Problem, ...]
    required: tuple[str, ...]
    """Guards of the editor that nobody may switch off."""
    organisation: str = "absent"
    """State of the organisation's policy (`tightlip.policy.organisation.State`)."""
    organisation_sentence: str = ""

    def as_json(self) -> dict[str, Any]:
        """The notification's params."""
        return {
            "state": self.state,
            "sentence": self.sentence,
            "files": list(self.files),
            "problems": [
                {"uri": problem.uri, "line": problem.line, "message": problem.message} for problem in self.problems
            ],
            "required": list(self.required),
            "organisation": {"state": self.organisation, "sentence": self.organisation_sentence},
        }


def state_of(guards: Guards) -> PolicyState:
    """How the policies read so far stand; on the worker's thread."""
    from tightlip.editor.guards import file_of, is_trouble

    loaded = guards.loaded
    files = tuple(dict.fromkeys(uri_of(file) for guard in loaded for file in guard.policy.files))
    problems: dict[str, Problem] = {}
    for guard in loaded:
        for problem in guard.problems:
            file = file_of(problem, guard)
            told = Problem(
                problem.message,
                uri_of(file) if file else None,
                problem.line,
                str(problem),
                isinstance(problem, RefusedError),
            )
            problems.setdefault(told.text, told)
    required = sorted({name for guard in loaded for name in guard.policy.required})
    found = guards.organisation
    state, sentence = _state(files, tuple(problems.values()), trusted=guards.trusted)
    if found is not None and is_trouble(found):
        state, sentence = "problem", found.sentence
    return PolicyState(
        state,
        sentence,
        files,
        tuple(problems.values()),
        tuple(required),
        found.state.value if found is not None else "absent",
        found.sentence if found is not None else "",
    )


def _state(files: tuple[str, ...], problems: tuple[Problem, ...], *, trusted: bool) -> tuple[State, str]:
    if not trusted:
        return "untrusted", "This workspace is not trusted: what it allows or excludes does not count."
    mistakes = [problem for problem in problems if not problem.refused]
    if mistakes:
        return "problem", _first_of(mistakes)
    if not files:
        return "absent", "No policy file: the built-in policy holds."
    return "ok", _first_of(problems)


def _first_of(problems: Sequence[Problem]) -> str:
    if not problems:
        return ""
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return problems[0].text + more
