"""Code for the tests of copied lines: every line is long enough to tell something, and stands nowhere else."""

from __future__ import annotations

from tightlip.provenance.index_build import Builder
from tightlip.provenance.index_file import Index

KEY = bytes(range(32))
ACME = ("github.com/acme/pay",)


def code(name: str, lines: int = 40) -> list[str]:
    """Distinct lines of a made-up module."""
    return [f'    {name}.settle_{number}(ledger, account="{number * 7919}")' for number in range(lines)]


def text(*parts: list[str]) -> str:
    return "".join(f"{line}\n" for part in parts for line in part)


def build(path, files: dict[str, str], *, key: bytes = KEY, with_key: bool = True, stop: str = "", names=ACME) -> str:
    builder = Builder(key)
    builder.repository(names)
    for name, content in files.items():
        builder.add(name, content)
    if stop:
        builder.stop(stop)
    builder.write(str(path), with_key=with_key)
    return str(path)


def opened(path, files: dict[str, str], **how) -> Index:
    return Index(build(path, files, **how))
