"""Signs policies and checks their signatures, with OpenSSH's `ssh-keygen -Y` (8.2 or later; format: PROTOCOL.sshsig).

A signature lies beside its file as `FILE.sig`. Who may sign stands in a file of allowed signers (ssh-keygen(1), "ALLOWED
SIGNERS"); its `valid-after` and `valid-before` are honoured, and read as UTC where they end without Z.

What is checked is what was read: ssh-keygen gets the bytes of policy, signature and signers, never the name of a file that
somebody may exchange meanwhile.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Generator, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import NamedTuple

from tightlip.errors import PolicyError
from tightlip.policy.ownership import Content, doubt_about, printable, read_content
from tightlip.policy.table import shown

NAMESPACE = "tightlip-policy@v1"
SUFFIX = ".sig"
MAX_SIGNATURE = 64_000
"""Bytes of a signature, and of a file of signers, that are read."""

_TIMEOUT = 5.0
_MAX_PRINCIPALS = 16
_NAME = "ssh-keygen.exe" if sys.platform == "win32" else "ssh-keygen"
_FOLDERS = ("/usr/bin", "/bin", "/usr/local/bin", "/run/current-system/sw/bin")


class Signed(NamedTuple):
    """By whom a policy is signed, and the file that lets him."""

    principal: str
    signers: str


def verify(file: Path, signers: Sequence[Path], now: datetime | None = None) -> Signed:
    """Check `FILE.sig` beside a policy. The first file of allowed signers that is there counts; it must belong to root or
    to this user. Raises PolicyError."""
    path = _absolute(file)
    data = read_content(path, own()).data
    signature = read_content(path + SUFFIX, own(), MAX_SIGNATURE).data
    for candidate in map(_absolute, signers):
        if os.path.lexists(candidate):
            allowed = read_content(candidate, own(), MAX_SIGNATURE)
            if allowed.doubt:
                raise PolicyError(allowed.doubt, file=printable(candidate))
            return check(data, signature, allowed, now)
    raise PolicyError("there is no file of allowed signers to hold the signature against", file=printable(path))


def sign(file: Path, key: Path, *, overwrite: bool = False) -> Path:
    """Sign a policy; the signature comes to lie beside it as `FILE.sig`, which is returned.

    `key` is a private key, or the public half of one that an agent or a hardware token holds. ssh-keygen asks at the
    terminal for what it needs. Raises PolicyError; an existing signature stays unless `overwrite`.
    """
    import subprocess

    path = _absolute(file)
    target = path + SUFFIX
    if not overwrite and os.path.lexists(target):
        raise PolicyError("there is a signature already; say so if it is to be replaced", file=printable(target))
    data = read_content(path, own()).data
    command = [keygen(), "-Y", "sign", "-q", "-f", _absolute(key), "-n", NAMESPACE]
    try:
        done = subprocess.run(command, input=data, stdout=subprocess.PIPE, check=False)
    except OSError as problem:
        raise PolicyError(f"cannot start ssh-keygen: {problem.strerror}", file=printable(path)) from None
    if done.returncode or not done.stdout.startswith(b"-----BEGIN SSH SIGNATURE-----"):
        raise PolicyError(
            f"ssh-keygen did not sign with the key {printable(str(key))}; it says why above", file=printable(path)
        )
    try:
        write_whole(target, done.stdout, 0o644)
    except OSError as problem:
        raise PolicyError(f"cannot write the signature: {problem.strerror}", file=printable(target)) from None
    return Path(target)


def check(data: bytes, signature: bytes, signers: Content, now: datetime | None = None) -> Signed:
    """Whose signature of `data` this is, at `now` (default: the clock's). Raises PolicyError without a place."""
    program = keygen()
    at = [] if now is None else ["-O", f"verify-time={now.astimezone(timezone.utc):%Y%m%d%H%M%S}"]
    try:
        with _private_folder({"signers": signers.data, "signature": signature}) as folder:
            files = ["-f", "signers", "-s", "signature"]
            principals, why = _principals(signature, signers.data), ""
            if not principals:
                found, output, why = _run([program, "-Y", "find-principals", *at, *files], b"", folder)
                principals = output.decode("utf-8", "replace").splitlines() if found else []
            for principal in filter(str.isprintable, principals[:_MAX_PRINCIPALS]):
                arguments = ["-Y", "verify", *at, *files, "-n", NAMESPACE, "-I", principal]
                good, _, why = _run([program, *arguments], data, folder)
                if good:
                    return Signed(shown(principal), signers.path)
    except OSError as problem:
        raise PolicyError(f"the signature cannot be checked: {problem.strerror or problem}") from None
    raise PolicyError(_told(why, printable(signers.path)))


def keygen() -> str:
    """Absolute path of an ssh-keygen that only the administrator can replace. Raises PolicyError."""
    for folder in _folders():
        path = f"{folder.rstrip('/')}/{_NAME}"
        if not os.access(path, os.X_OK):
            continue
        with contextlib.suppress(OSError, ValueError):
            if not doubt_about(path):
                return path
    raise PolicyError(
        "signatures of policies cannot be checked: there is no ssh-keygen here that belongs to root alone; "
        "install OpenSSH's client (openssh-client)"
    )


def own() -> frozenset[int]:
    """The user ids whose files a person may name himself: root's and his own."""
    return frozenset({0}) if sys.platform == "win32" else frozenset({0, os.getuid()})


def write_whole(path: str, data: bytes, mode: int) -> None:
    """Put a file in place complete or not at all. Raises OSError."""
    import secrets

    draft = f"{path}.{os.getpid()}.{secrets.token_hex(8)}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    handle = os.open(draft, flags, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(draft).replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            Path(draft).unlink()
        raise


def _absolute(path: Path) -> str:
    return str(Path.cwd() / path)


def _folders() -> tuple[str, ...]:
    if sys.platform == "win32":
        from tightlip.policy.windows import program_files, shell_folder

        return (rf"{shell_folder(0x25)}\OpenSSH", rf"{program_files()}\Git\usr\bin")
    # of the user's PATH only what starts at the root, and of that only what is root's
    return (*_FOLDERS, *(folder for folder in os.environ.get("PATH", "").split(":") if folder.startswith("/")))


def _principals(signature: bytes, signers: bytes) -> list[str]:
    """Names under which the key of a signature stands in a file of signers, of every line that has it.

    Only a hint what to ask for: find-principals tells of the first such line alone, and a key may stand there twice, for
    two namespaces or two times. Empty for a key that a certificate authority lets in, which has no line.
    """
    import base64

    try:
        packet = base64.b64decode(signature.partition(b"-----\n")[2].partition(b"-----")[0])
    except ValueError:
        return []
    # PROTOCOL.sshsig: magic preamble SSHSIG, version (uint32), public key (string: its length as uint32, its bytes)
    key = base64.b64encode(packet[14 : 14 + int.from_bytes(packet[10:14], "big")]).decode()
    found: list[str] = []
    for line in signers.decode("utf-8", "replace").splitlines():
        if key and key in line.split():
            names = line.lstrip()
            names = names[1:].partition('"')[0] if names.startswith('"') else names.split()[0]
            found += (name for name in names.split(",") if name and not name.startswith("!"))
    return list(dict.fromkeys(found))


@contextlib.contextmanager
def _private_folder(files: dict[str, bytes]) -> Generator[str]:
    import tempfile

    with tempfile.TemporaryDirectory(prefix="tightlip-", ignore_cleanup_errors=True) as folder:
        for name, data in files.items():
            (Path(folder) / name).write_bytes(data)
        yield folder


def _run(command: list[str], data: bytes, folder: str) -> tuple[bool, bytes, str]:
    """Whether it went well, what it printed, what it complained of. Raises OSError, PolicyError when it hangs."""
    import subprocess

    environment = {"PATH": "", "LC_ALL": "C", "TZ": "UTC0"}
    if sys.platform == "win32":
        from tightlip.policy.windows import shell_folder

        environment["SystemRoot"] = shell_folder(0x24)
    try:
        done = subprocess.run(
            command,
            input=data,
            capture_output=True,
            cwd=folder,
            env=environment,
            timeout=_TIMEOUT,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired:
        raise PolicyError(
            f"the signature cannot be checked: ssh-keygen did not answer in {_TIMEOUT:.0f} seconds"
        ) from None
    return done.returncode == 0, done.stdout, done.stderr.decode("utf-8", "replace")


def _told(complaint: str, signers: str) -> str:
    """ssh-keygen's complaint in our words; what it prints of files is not repeated."""
    if "namespace does not match" in complaint:
        return f"its signature was made for something else; sign it for {NAMESPACE}: tightlip policy sign"
    if "incorrect signature" in complaint:
        return "it was changed after it was signed; get the original, or let it be signed again"
    if "has expired" in complaint or "not yet valid" in complaint:
        return f"its signature is by a key that {signers} does not let sign at this time; let it be signed anew"
    if "No principal matched" in complaint and "arse signature" not in complaint:
        return f"its signature is by a key that {signers} does not name; let it be signed by one of them"
    if "No user exists" in complaint:
        return (
            "the signature cannot be checked: ssh-keygen refuses to run for a user without an entry in the user table"
        )
    if "nknown option" in complaint or "nvalid option" in complaint or "usage:" in complaint:
        return "the signature cannot be checked: this ssh-keygen is too old; install OpenSSH 8.2 or later"
    return f"its signature is damaged or not one that {signers} lets in; let it be signed again: tightlip policy sign"
