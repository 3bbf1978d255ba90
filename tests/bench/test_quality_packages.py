"""The popular packages: the list is whole, archives are read as they should be, and what cannot be had is said."""

from __future__ import annotations

import io
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.bench import quality_packages, quality_packages_table
from tests.bench.quality_packages import Listed, Package, Stays, fetched, package_list
from tests.bench.quality_packages_table import packages_rows
from tightlip.detect.ruleset import builtin_ruleset
from tightlip.detect.sample import fill

NPM, WHEEL = Package("npm", "@acme/pay", "1.2.0"), Package("pypi", "acme-pay", "1.2.0")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(quality_packages, "CACHE", tmp_path)
    return tmp_path


def put(cache: Path, files: dict[str, bytes]) -> None:
    """The same files as a tarball of npm's and as a wheel."""
    for package in (NPM, WHEEL):
        (cache / package.registry / package.name.replace("/", "+") / package.version).mkdir(parents=True)
    with tarfile.open(cache / "npm/@acme+pay/1.2.0/acme-pay-1.2.0.tgz", "w:gz") as tarball:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tarball.addfile(info, io.BytesIO(content))
    with zipfile.ZipFile(cache / "pypi/acme-pay/1.2.0/acme_pay-1.2.0-py3-none-any.whl", "w") as wheel:
        for name, content in files.items():
            wheel.writestr(name, content)


def test_the_list_has_two_hundred_packages_and_an_explanation_says_more_than_a_word() -> None:
    known = package_list()
    names = [package.name for package in known.packages]
    assert (len(known.packages), len(set(known.packages))) == (200, 200)
    for one in known.stays:
        assert one.package in names
        assert one.rule in builtin_ruleset().by_id
        assert one.at.rpartition(":")[2].isdigit()
        assert len(one.why.split()) > 4


@pytest.mark.parametrize("package", [NPM, WHEEL])
def test_texts_are_read_without_tests_binaries_and_ways_out(cache: Path, package: Package) -> None:
    put(
        cache,
        {
            "package/z.js": b"z",
            "package/README": "é".encode(),
            "package/tests/a.js": b"a",
            "package/__tests__/a.js": b"a",
            "package/a.png": b"\x89PNG",
            "package/a.bin": b"a\0",
            "package/big.js": b"x" * 1_000_001,
            "../out.js": b"a",
        },
    )
    folder = f"packages/{package.registry}/{package.name}/package"
    assert [(one.path, one.text) for one in package.samples()] == [(f"{folder}/README", "é"), (f"{folder}/z.js", "z")]


def test_what_is_there_is_not_fetched_again(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(cache, {})
    monkeypatch.setattr(subprocess, "run", None)
    assert fetched([NPM, WHEEL]) == [NPM, WHEEL]


def test_without_a_network_a_few_packages_are_asked_for_and_the_table_says_so(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[bytes]:
        asked.append(command)
        return subprocess.CompletedProcess(command, 1)

    monkeypatch.setattr(subprocess, "run", run)
    rows, unexplained = packages_rows(alone=True)
    assert [(row.ours, row.met) for row in rows] == [("not measured: pip and npm cannot fetch them", None)]
    assert not unexplained
    assert len(asked) <= 6
    assert not [path for path in cache.rglob("*") if path.is_file() or path.name.endswith(".arriving")]


def test_a_finding_is_explained_by_package_line_and_rule(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = fill("x\ntoken = 'ghp_{crc32-base62:30}'\ntoken = 'ghp_{crc32-base62:30}'\n")
    put(cache, {"package/a.py": text.encode()})
    known = Listed((NPM,), (Stays("@acme/pay", "package/a.py:2", "github-personal-access-token", "It was revoked."),))
    monkeypatch.setattr(quality_packages_table, "package_list", lambda: known)
    rows, unexplained = packages_rows(alone=True)
    assert unexplained == ["unexplained  github-personal-access-token  @acme/pay  package/a.py:3"]
    assert [(row.ours, row.met) for row in rows][2] == ("1 of 2", False)
