"""Where policies lie that are not a repository's: the organisation's, and the user's own.

Nothing in the environment moves the organisation's places but TIGHTLIP_POLICY, and what that names must be signed. The
signers an account has pinned, and what tightlip remembers of revisions, lie under the home that the system's user table
gives, not under $HOME or $XDG_CONFIG_HOME: whoever can set a variable (an .envrc, a dev container) could name his own
signers there. Only the user's own tightlip.toml follows them.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

VARIABLE = "TIGHTLIP_POLICY"
NAME = "tightlip.toml"
FOLDER = "policy.d"
SIGNERS = "allowed_signers"
REGISTRY = r"HKLM\SOFTWARE\Policies\tightlip"


class Places(NamedTuple):
    """Absolute paths; an empty one is a place that this machine does not have."""

    folder: str
    """Of the organisation: `tightlip.toml`, `policy.d/*.toml` and `allowed_signers` are looked for in it."""
    bundle: str = ""
    """A signed policy, as TIGHTLIP_POLICY names it."""
    signers: tuple[str, ...] = ()
    """Files of allowed signers; the first that is there is taken. One in `folder` must belong to root, and another proves
    nothing alone where `folder` or `managed` is there."""
    state: str = ""
    """Folder for the revisions that were seen and the last good copies."""
    user: str = ""
    """Folder of the user's `tightlip.toml`."""
    managed: str = ""
    """A property list that a device manager writes (macOS), or `REGISTRY` (Windows)."""


def places(environ: Mapping[str, str] | None = None, platform: str | None = None) -> Places:
    """The places of this machine and account. `platform` is as in `sys.platform`."""
    platform = platform or sys.platform
    bundle = (os.environ if environ is None else environ).get(VARIABLE, "")
    if platform == "win32":
        return _windows(bundle)
    home = _home()
    if platform == "darwin":
        folder = "/Library/Application Support/tightlip"
        config = f"{home}{folder}" if home else ""
        state = f"{config}/policy" if config else ""
        managed = "/Library/Managed Preferences/tightlip.plist"
    else:
        folder = "/etc/tightlip"
        config = f"{home}/.config/tightlip" if home else ""
        state = f"{home}/.local/state/tightlip/policy" if home else ""
        managed = ""
    signers = (f"{folder}/{SIGNERS}", *([f"{config}/{SIGNERS}"] if config else []))
    return Places(folder, bundle, signers, state, _user(), managed)


def folder_files(places: Places) -> tuple[str, str, str, str]:
    """The organisation's folder, its policy and that one's signature, and the folder of drop-ins."""
    folder = places.folder
    return folder, f"{folder}/{NAME}", f"{folder}/{NAME}.sig", f"{folder}/{FOLDER}"


def user_file(places: Places) -> Path | None:
    """The user's own `tightlip.toml`, if there is one."""
    path = Path(places.user, NAME)
    return path if path.is_absolute() and os.path.lexists(path) else None


def _windows(bundle: str) -> Places:
    from tightlip.policy.windows import program_files, shell_folder

    folder = rf"{program_files()}\tightlip"
    roaming, local = shell_folder(0x1A), shell_folder(0x1C)
    signers = (rf"{folder}\{SIGNERS}", *([rf"{roaming}\tightlip\{SIGNERS}"] if roaming else []))
    state = rf"{local}\tightlip\policy" if local else ""
    return Places(folder, bundle, signers, state, _user(), REGISTRY)


def _user() -> str:
    from platformdirs import user_config_dir

    return user_config_dir("tightlip", appauthor=False)


def _home() -> str:
    """The home of this account by the system's user table; empty for an account that is not in it."""
    if sys.platform == "win32":
        return ""
    import pwd

    try:
        home = pwd.getpwuid(os.getuid()).pw_dir
    except KeyError:
        return ""
    return home.rstrip("/") if home.startswith("/") else ""
