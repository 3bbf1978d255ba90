"""What a user installs: the wheel alone, in an empty environment, away from this checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tightlip.detect.sample import fill

ROOT = Path(__file__).resolve().parent.parent

pytestmark = pytest.mark.xdist_group("package")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_package_rules_and_licence(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    rules = {f"tightlip/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "rules").rglob("*.toml")}
    assert rules <= set(names)
    assert len(rules) > 20
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"tightlip"}


def test_the_wheel_works_in_an_empty_environment_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
    environment["TIGHTLIP_CACHE_DIR"] = str(tmp_path / "cache")
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "env"], check=True)
    binaries = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin")
    install = [binaries / "python", "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    subprocess.run(
        [*install, "-c", ROOT / "tests" / "requirements.txt", wheel], check=True, env=environment, cwd=tmp_path
    )

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [binaries / "tightlip", *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, check=False)

    listed = run("rules", "list")
    assert listed.returncode == 0
    assert "github-personal-access-token" in listed.stdout
    token = fill("ghp_{crc32-base62:30}")
    (tmp_path / "app.py").write_text(f"TOKEN = '{token}'\n")
    scanned = run("scan", "app.py")
    assert scanned.returncode == 1
    assert "app.py:1:" in scanned.stdout
    assert token not in scanned.stdout + scanned.stderr
    module = subprocess.run(
        [binaries / "python", "-m", "tightlip", "--version"],
        capture_output=True,
        text=True,
        env=environment,
        cwd=tmp_path,
        check=True,
    )
    assert module.stdout.split()[-1] == "0.1.0"
