"""What the measured processes are given."""

from __future__ import annotations

import os


def as_installed() -> dict[str, str]:
    """This environment without what keeps Python from writing bytecode: an installed package has its bytecode."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
