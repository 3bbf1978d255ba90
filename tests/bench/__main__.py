"""`make bench`: every figure the README gives, measured again on this machine."""

from __future__ import annotations

import platform
import sys

from rich.console import Console

from tests.bench import (
    copied_code,
    engine_speed,
    identity_speed,
    policy_speed,
    quality,
    replay,
    scan_speed,
    server_speed,
)
from tests.bench.table import show


def main() -> int:
    """Measure everything; exit code 1 when a bar is missed."""
    console = Console(width=170)
    console.print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}")
    met = quality.run(console)
    met &= show("language server", server_speed.run(), console)
    met &= show("copied code", copied_code.run(console), console)
    met &= show("engine", engine_speed.run(), console)
    met &= show("policy", policy_speed.run(), console)
    met &= show("identity", identity_speed.run(), console)
    met &= show("scan", scan_speed.run(), console)
    met &= show("replayed editing session", replay.run(), console)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
