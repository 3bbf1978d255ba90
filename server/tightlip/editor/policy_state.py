"""tightlip/policy: how the policy stands, told to the client whenever it was read.

{state, sentence, files, problems, required}
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from attrs import frozen

from tightlip.editor.uris import uri_of

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
        }


def state_of(guards: Guards) -> PolicyState:
    """How the policies read so far stand; on the worker's thread."""
    from tightlip.editor.guards import file_of

    loaded = guards.loaded
    files = tuple(dict.fromkeys(uri_of(file) for guard in loaded for file in guard.policy.files))
    problems: dict[str, Problem] = {}
    for guard in loaded:
        for problem in guard.problems:
            file = file_of(problem, guard)
            told = Problem(problem.message, uri_of(file) if file else None, problem.line, str(problem))
            problems.setdefault(told.text, told)
    required = sorted({name for guard in loaded for name in guard.policy.required})
    state, sentence = _state(files, tuple(problems.values()), trusted=guards.trusted)
    return PolicyState(state, sentence, files, tuple(problems.values()), tuple(required))


def _state(files: tuple[str, ...], problems: tuple[Problem, ...], *, trusted: bool) -> tuple[State, str]:
    if not trusted:
        return "untrusted", "This workspace is not trusted: what it allows or excludes does not count."
    for problem in problems:
        others = len(problems) - 1
        return "problem", f"{problem.text} (and {others} more)" if others else problem.text
    if not files:
        return "absent", "No policy file: the built-in policy holds."
    return "ok", ""
