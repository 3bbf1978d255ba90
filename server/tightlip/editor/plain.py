"""Plain JSON from a client, whose shape nobody has checked yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast


def as_object(value: object) -> Mapping[str, object] | None:
    """A JSON object, or None for anything else."""
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else None
