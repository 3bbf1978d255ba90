"""tightlip keeps secrets, personal data and restricted code from reaching AI coding assistants."""

from __future__ import annotations

__version__ = "0.1.0"
