from __future__ import annotations

import os

from tests.cli.conftest import run


def test_doctor_tells_what_is_there_and_that_the_worker_answers(folder):
    result = run("doctor", cwd=folder)
    assert result.code == 0, result.out + result.err
    for expected in (
        "ok  tightlip",
        "hyperscan 0.",
        "ok  rules",
        "ok  cache",
        "ok  organisation  absent",
        "ok  policy",
        "ok  key",
        "worker answers",
        "git version",
    ):
        assert expected in result.out
    assert os.name == "nt" or "(mode 0600)" in result.out
    assert result.out.endswith("Everything is in order.\n")
