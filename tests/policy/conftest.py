"""A folder of an organisation, keys to sign with, and an account, all under the test's own folder."""

from __future__ import annotations

import os
import subprocess
from datetime import datetime, timezone
from pathlib import Path

import pytest
from attrs import evolve, frozen

from tests.guarded import repository
from tightlip.policy import ownership
from tightlip.policy.organisation import Organisation, organisation
from tightlip.policy.places import Places
from tightlip.policy.signature import NAMESPACE, sign

NOW = datetime(2026, 11, 22, 12, tzinfo=timezone.utc)
WHO = "security@acme.example"


@frozen
class Org:
    """What an administrator of the organisation does on a machine."""

    root: Path
    keys: Path
    places: Places

    @property
    def folder(self) -> Path:
        return self.root / "etc/tightlip"

    def write(self, name: str = "tightlip.toml", text: str | bytes = '[detect.secret]\naction = "block"\n') -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def sign(self, path: Path, key: str = "security", namespace: str = NAMESPACE) -> Path:
        if namespace == NAMESPACE:
            return sign(path, self.keys / key, overwrite=True)
        signature = path.with_name(f"{path.name}.sig")
        signature.unlink(missing_ok=True)
        command = ["ssh-keygen", "-Y", "sign", "-q", "-f", str(self.keys / key), "-n", namespace, str(path)]
        subprocess.run(command, check=True, capture_output=True)
        return signature

    def pin(self, key: str = "security", options: str = "", where: Path | None = None) -> Path:
        """Let a key sign, by the organisation's own file or by another."""
        path = where or self.folder / "allowed_signers"
        path.parent.mkdir(parents=True, exist_ok=True)
        public = " ".join((self.keys / f"{key}.pub").read_text().split()[:2])
        path.write_text(f"{WHO} {options} {public}\n")
        return path

    def bundle(self, text: str = "", head: str = 'id = "acme"\nrevision = 7\n', key: str = "security") -> Org:
        """The machine with a signed policy that TIGHTLIP_POLICY names; the signer is pinned beside the organisation's files."""
        path = self.root / "home/bundle.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"[bundle]\n{head}{text}")
        self.sign(path, key)
        self.pin()
        return evolve(self, places=self.places._replace(bundle=str(path)))

    @property
    def bundle_path(self) -> Path:
        return Path(self.places.bundle)

    def read(self, now: datetime = NOW) -> Organisation:
        return organisation(self.places, now)


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the key pairs `security`, which signs, and `stranger`."""
    folder = tmp_path_factory.mktemp("keys")
    for name in ("security", "stranger"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(folder / name)]
        subprocess.run(command, check=True, capture_output=True)
    return folder


@pytest.fixture
def org(tmp_path: Path, keys: Path, monkeypatch: pytest.MonkeyPatch) -> Org:
    """A machine without a policy. Who runs the tests is its administrator, root or not."""
    monkeypatch.setattr(ownership, "ADMINISTRATOR", frozenset({0, os.getuid()}))
    folder = tmp_path / "etc/tightlip"
    account = tmp_path / "home"
    account.mkdir()
    signers = (str(folder / "allowed_signers"), str(account / "config/allowed_signers"))
    return Org(tmp_path, keys, Places(str(folder), "", signers, str(account / "state"), str(account / "config")))


def told(found: Organisation) -> str:
    return "\n".join(map(str, found.problems))


@pytest.fixture
def root(tmp_path: Path, quiet_git: None) -> Path:
    """A repository of its own."""
    folder = tmp_path.resolve() / "app"
    repository(folder, "https://github.com/acme/app")
    return folder
