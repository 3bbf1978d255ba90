"""The finders of personal data tightlip is measured beside: run on texts in their own environment, without a network."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from tests.bench.quality_sample import Sample
from tests.bench.quality_scanners import PEERS, offline
from tests.bench.quality_score import Found
from tightlip.finding import Span


@frozen
class Reader:
    """A finder of personal data."""

    name: str
    package: str
    """Folder of its package, to see whether it is installed."""
    script: str
    """What runs it; beside this file."""
    entities: frozenset[str]
    """What it claims to find; it is measured by these alone."""

    @property
    def is_installed(self) -> bool:
        """Whether it can be run."""
        return any(PEERS.glob(f"lib/python*/site-packages/{self.package}"))


READERS = (
    Reader(
        "presidio",
        "presidio_analyzer",
        "quality_run_presidio.py",
        frozenset(
            "EMAIL_ADDRESS PHONE_NUMBER CREDIT_CARD IBAN_CODE US_SSN IP_ADDRESS MAC_ADDRESS UK_NHS UK_NINO IN_AADHAAR".split()
        ),
    ),
    Reader(
        "datafog-core",
        "datafog_core",
        "quality_run_datafog.py",
        frozenset(
            "EMAIL_ADDRESS PHONE_NUMBER CREDIT_CARD US_SSN IP_ADDRESS ZIP_CODE DATE_OF_BIRTH US_NPI ABA_ROUTING_NUMBER".split()
        ),
    ),
)


def read(reader: Reader, samples: Sequence[Sample]) -> dict[str, list[Found]]:
    """What it finds in samples, by their path. Raises RuntimeError, with the end of what it said, when it fails."""
    script = Path(__file__).with_name(reader.script)
    done = subprocess.run(
        [*offline(), str(PEERS / "bin" / "python"), str(script)],
        input=json.dumps([sample.text for sample in samples]).encode(),
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{reader.name}: exit {done.returncode}: {done.stderr.decode()[-300:]}")
    return {
        sample.path: [Found(Span(start, end), entity) for start, end, entity in findings]
        for sample, findings in zip(samples, json.loads(done.stdout), strict=True)
    }
