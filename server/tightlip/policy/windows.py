"""What only Windows knows: whom its access lists let write, and which folders it has, asked of it and not of variables.

`%ProgramFiles%` and `%APPDATA%` are variables that a user sets; the registry's machine part and the shell's folder table
are not. `%ProgramData%` is no place for a policy: every user may create folders there by default.

Without an access list that can be read a file is doubted: it counts only with a signature.
"""

from __future__ import annotations

import re
import sys

_ADMINISTRATORS = frozenset(
    {
        "BA",
        "S-1-5-32-544",
        "SY",
        "S-1-5-18",
        "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464",  # TrustedInstaller, to whom Program Files belongs
    }
)
_NOBODY = frozenset({"CO", "S-1-3-0", "OW", "S-1-3-4"})
"""Stand for whoever creates or owns a thing: they let nobody in who is not the owner."""

# two-letter rights of the security descriptor definition language, as masks for files
_RIGHTS = {
    "CC": 0x1, "DC": 0x2, "LC": 0x4, "SW": 0x8, "RP": 0x10, "WP": 0x20, "DT": 0x40, "LO": 0x80, "CR": 0x100,
    "SD": 0x10000, "RC": 0x20000, "WD": 0x40000, "WO": 0x80000,
    "GA": 0x10000000, "GX": 0x20000000, "GW": 0x40000000, "GR": 0x80000000,
    "FA": 0x1F01FF, "FR": 0x120089, "FW": 0x120116, "FX": 0x1200A0,
}  # fmt: skip
_REPLACES = 0x40 | 0x10000 | 0x40000 | 0x80000 | 0x10000000 | 0x40000000
"""Delete, delete a child, change the access list or the owner, or all of it."""
_WRITES = _REPLACES | 0x2 | 0x4
"""Write or append; of a folder: put a file or a folder into it."""

_SDDL = re.compile(r"O:(?P<owner>S-[0-9-]+|[A-Z]{2})(?:G:(?:S-[0-9-]+|[A-Z]{2}))?D:[A-Z]*(?P<entries>(?:\([^()]*\))*)")


def doubt_of_sddl(sddl: str, *, above: bool) -> str:
    """Why a file with this security descriptor (SDDL: owner and access list) cannot be believed; empty where it may.

    `above`: it is a folder further up, where others may create, as in `C:\\`, but not replace. Denials are not counted.
    """
    found = _SDDL.fullmatch(sddl)
    if found is None or not found["entries"]:
        return "has an access list that cannot be read"
    if found["owner"] not in _ADMINISTRATORS:
        return "does not belong to the administrators"
    for entry in found["entries"][1:-1].split(")("):
        fields = entry.split(";")
        if len(fields) < 6:
            return "has an access list that cannot be read"
        kind, flags, rights, who = fields[0], fields[1], fields[2], fields[5]
        inherited_only = "IO" in re.findall("..", flags)
        if kind in ("D", "OD", "XD") or inherited_only or who in _ADMINISTRATORS or who in _NOBODY:
            continue
        mask = _mask(rights)
        if mask is None or mask & (_REPLACES if above else _WRITES):
            return "may be written by others than the administrators"
    return ""


def _mask(rights: str) -> int | None:
    try:
        if rights.lower().startswith("0x"):
            return int(rights, 16)
        return sum({_RIGHTS[name] for name in re.findall("..?", rights)})
    except (KeyError, ValueError):
        return None


def doubt_of_access(path: str) -> str:
    """Why a file of Windows cannot be believed, in the words of `ownership.Content.doubt`. Never raises."""
    if sys.platform != "win32":
        return "there are no access lists here"
    import os

    if os.path.normcase(os.path.realpath(path)) != os.path.normcase(os.path.normpath(path)):
        return f"{path} goes by a link or a short name: name the file itself"
    here, depth = os.path.normpath(path), 0
    while True:
        if doubt := doubt_of_sddl(_sddl(here), above=depth > 1):
            return f"{here} {doubt}: put the policy under Program Files as an administrator, or sign it"
        up = os.path.dirname(here)  # noqa: PTH120
        if up == here:
            return ""
        here, depth = up, depth + 1


def _sddl(path: str) -> str:
    """Owner and access list of a path as SDDL; empty where Windows does not tell."""
    if sys.platform != "win32":
        return ""
    import ctypes
    from ctypes import wintypes

    advapi, kernel = ctypes.windll.advapi32, ctypes.windll.kernel32
    what = 0x1 | 0x4  # owner, access list
    descriptor, text = ctypes.c_void_p(), wintypes.LPWSTR()
    if advapi.GetNamedSecurityInfoW(ctypes.c_wchar_p(path), 1, what, None, None, None, None, ctypes.byref(descriptor)):
        return ""
    try:
        if not advapi.ConvertSecurityDescriptorToStringSecurityDescriptorW(
            descriptor, 1, what, ctypes.byref(text), None
        ):
            return ""
        found = text.value or ""
        kernel.LocalFree(ctypes.cast(text, ctypes.c_void_p))
        return found
    finally:
        kernel.LocalFree(descriptor)


def program_files() -> str:
    """The folder of programs, from the machine's part of the registry."""
    found = machine_value(r"SOFTWARE\Microsoft\Windows\CurrentVersion", "ProgramFilesDir")
    return found if isinstance(found, str) and found else r"C:\Program Files"


def machine_value(key: str, name: str) -> object:
    """A value of HKEY_LOCAL_MACHINE, which only administrators write; None where it is not there. Raises OSError."""
    if sys.platform != "win32":
        return None
    import winreg

    try:
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, key, access=winreg.KEY_READ | winreg.KEY_WOW64_64KEY) as opened:
            return winreg.QueryValueEx(opened, name)[0]
    except FileNotFoundError:
        return None


def shell_folder(number: int) -> str:
    """A folder from the shell's table (CSIDL: 0x1A roaming, 0x1C local, 0x24 Windows, 0x25 system); empty where unknown."""
    if sys.platform != "win32":
        return ""
    import ctypes

    buffer = ctypes.create_unicode_buffer(260)
    return "" if ctypes.windll.shell32.SHGetFolderPathW(None, number, None, 0, buffer) else buffer.value
