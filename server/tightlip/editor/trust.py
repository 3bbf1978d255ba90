"""tightlip/trust {trusted}: the user trusts the workspace, or no longer does."""

from __future__ import annotations

from tightlip.editor.plain import as_object
from tightlip.editor.session import Session


def trust(session: Session, params: object) -> None:
    """Read every policy again under the new trust; anything but true is none."""
    session.trust((as_object(params) or {}).get("trusted") is True)
