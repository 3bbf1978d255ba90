"""What a policy adds to the built-in rules: its terms and its rules, one piece for every layer that has some."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from attrs import frozen

from tightlip.detect.confirm import Context
from tightlip.finding import Finding, Notice


@frozen
class Looked:
    """What a look at a text gave."""

    findings: list[Finding]
    """Their `detector` is `POLICY`. They may overlap, each other and those of the built-in rules."""
    complete: bool = True
    """Whether everything was looked for."""


class Own(Protocol):
    """Terms or rules of one layer. What one layer looks for takes nothing from what another finds."""

    def look(self, context: Context) -> Looked:
        """Look at a document. Never raises for a text."""
        ...


def look_for(own: Iterable[Own], context: Context) -> tuple[list[Finding], list[Notice]]:
    """What all layers find, and what is to be told where one could not look for everything."""
    looked = [one.look(context) for one in own]
    notices = [] if all(one.complete for one in looked) else [_INCOMPLETE]
    return [finding for one in looked for finding in one.findings], notices


_INCOMPLETE = Notice(
    "too-many", "Too much to look for of the policy's own terms and rules: the rest of them was not checked."
)
