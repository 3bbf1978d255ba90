"""One spelling for every way a git remote can be written: `host/path`, as a policy names it."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

from tightlip.syntax.lazy import lazy

_SCHEME = lazy(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<rest>.*)", re.DOTALL)
_SCP = lazy(r"(?:[^/]*@)?(?P<host>\[[^\]/]+\]|[^/:\[\]@]+):(?!//)(?P<path>.*)", re.DOTALL)
_HELPER = lazy(r"[A-Za-z0-9-]+::")
_WINDOWS = lazy(r"[A-Za-z]:[\\/]")

_SAME_HOST = {
    "ssh.github.com": "github.com",
    "www.github.com": "github.com",
    "altssh.gitlab.com": "gitlab.com",
    "altssh.bitbucket.org": "bitbucket.org",
    "ssh.dev.azure.com": "dev.azure.com",
    "vs-ssh.visualstudio.com": "dev.azure.com",
}
"""Hosts of "SSH over the HTTPS port" and other second names of a forge (their documentation on blocked ports)."""

_FOLDED = frozenset({"github.com", "gitlab.com", "bitbucket.org", "dev.azure.com"})
"""Forges on which `Acme/Pay` and `acme/pay` are one repository."""


def normalise_remote(url: str) -> str:
    """`host/path` of a remote: without scheme, user, password, port, `.git` and trailing slash, host in lower case.

    `git@github.com:acme/pay.git` and `https://user@GitHub.com:443/acme/pay/` are both `github.com/acme/pay`; the old
    and new addresses of Azure DevOps are one. A local repository keeps its path. Never raises, and never gives back
    the user part: it may hold a token. Forms: git-fetch(1), "GIT URLS".
    """
    url = url.strip()
    if url.startswith(("/", ".", "~", "\\")) or _WINDOWS.match(url):
        return _local(url)
    if (helper := _HELPER.match(url)) is not None:
        return normalise_remote(url[helper.end() :])
    if (match := _SCHEME.fullmatch(url)) is not None:
        if match["scheme"].lower() == "file":
            return _local(_file_path(match["rest"]))
        authority, _, path = match["rest"].partition("/")
        user, _, host = authority.rpartition("@")
        host, path = _host(host), unquote(path)
        if host == "dev.azure.com" and match["scheme"].lower() == "ssh" and "/_ssh/" in path:
            # the oldest form of SSH addresses has the organisation's name in the user's place, and a key in no place
            path = f"{user.partition(':')[0]}/{path}"
        return _joined(host, path)
    if (match := _SCP.fullmatch(url)) is not None:
        return _joined(_host(match["host"]), match["path"])
    return _trimmed(url.rpartition("@")[2])


def through_ssh(url: str, real_name: Callable[[str], str]) -> str:
    """The address with the host that ssh connects to, where it is one of ssh; any other as it is.

    `real_name` says what a name in a person's configuration stands for.
    """
    url = url.strip()
    if local_path(url) is not None or _HELPER.match(url) is not None:
        return url
    if (match := _SCHEME.fullmatch(url)) is not None:
        authority, _, path = match["rest"].partition("/")
        user, at, host = authority.rpartition("@")
        begin, end = f"ssh://{user}{at}", f"/{path}"
        if match["scheme"].lower() not in ("ssh", "git+ssh", "ssh+git"):
            return url
    elif (match := _SCP.fullmatch(url)) is not None:
        begin, host, end = "", match["host"], f":{match['path']}"
    else:
        return url
    name = _without_port(host)
    real = real_name(name)
    return url if real == name else f"{begin}{f'[{real}]' if ':' in real else real}{end}"


def local_path(url: str) -> str | None:
    """The path of a repository on this machine, as written; None for one elsewhere (git-fetch(1), "GIT URLS")."""
    url = url.strip()
    if url.startswith(("/", ".", "\\")) or _WINDOWS.match(url):
        return url
    if (match := _SCHEME.fullmatch(url)) is not None:
        return _file_path(match["rest"]) if match["scheme"].lower() == "file" else None
    return url if url and ":" not in url.partition("/")[0] else None


def is_host_name(name: str) -> bool:
    """Whether a normalised remote names the same repository on every machine: one of a host, and no folder's name."""
    return "/" in name and not name.startswith(("/", ".", "~", "\\")) and not _WINDOWS.match(name + "/")


def _file_path(rest: str) -> str:
    path = unquote(rest).removeprefix("localhost")
    return path[1:] if path.startswith("/") and _WINDOWS.match(path, 1) else path


def _host(authority: str) -> str:
    host = _without_port(authority)
    return _SAME_HOST.get(host, host)


def _without_port(authority: str) -> str:
    """Host without port: `[::1]:22`, `[host:22]` (git's form for a port in an scp address), `host:22`."""
    if authority.startswith("["):
        inside, _, _ = authority[1:].partition("]")
        if inside.count(":") > 1:
            return f"[{inside.lower()}]"
        authority = inside.rpartition("@")[2]
    return authority.partition(":")[0].lower().rstrip(".")


def _trimmed(path: str) -> str:
    path = path.strip("/")
    return path.removesuffix(".git").rstrip("/") if path != ".git" else path


def _local(path: str) -> str:
    path = path.replace("\\", "/") if _WINDOWS.match(path) or path.startswith("\\") else path
    shorter = path.rstrip("/")
    if shorter.endswith("/.git"):
        return shorter.removesuffix("/.git") or "/"
    return shorter.removesuffix(".git") or "/"


def _joined(host: str, path: str) -> str:
    path = re.sub(r"/{2,}", "/", _trimmed(path))
    if host == "dev.azure.com" or host.endswith(".visualstudio.com"):
        host, path = _azure(host, path)
    if host in _FOLDED:
        path = path.lower()
    return f"{host}/{path}" if path else host


def _azure(host: str, path: str) -> tuple[str, str]:
    """Organisation/project/repository of Azure DevOps.

    Known forms: `dev.azure.com/org/project/_git/repo`, `org.visualstudio.com/[DefaultCollection/]project/_git/repo`,
    `ssh.dev.azure.com:v3/org/project/repo`, `org@vs-ssh.visualstudio.com/project/_ssh/repo`; `_git/repo` without a project
    means the project of the same name, and `_full` or `_optimized` before the name the same repository.
    """
    parts = unquote(path).split("/")
    if host != "dev.azure.com":
        parts.insert(0, host.removesuffix(".visualstudio.com"))
    elif parts[0].lower() in ("v3", "v2"):
        parts.pop(0)
    if len(parts) > 2 and parts[1].lower() == "defaultcollection":
        parts.pop(1)
    way = next((part for part in parts if part in ("_git", "_ssh")), None)
    if way is not None:
        at = parts.index(way)
        before, after = parts[:at], [part for part in parts[at + 1 :] if part not in ("_full", "_optimized")]
        parts = [*before, *(after[:1] if len(before) < 2 else []), *after]
    return "dev.azure.com", "/".join(parts)
