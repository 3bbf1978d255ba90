"""`tightlip server`."""

from __future__ import annotations

import ipaddress
import os
import sys

import click

from tightlip.errors import TightlipError

_LEVELS = ("error", "warning", "info", "debug")


@click.command()
@click.option("--stdio", is_flag=True, help="Speak over standard input and output; what is done anyway without --tcp.")
@click.option("--tcp", metavar="HOST:PORT", help="Speak over one connection to this address instead.")
@click.option(
    "--force-remote",
    is_flag=True,
    help="Let --tcp listen on an address other machines can reach. It asks for no password.",
)
@click.option(
    "--log-level",
    type=click.Choice(_LEVELS),
    default="warning",
    show_default=True,
    help="How much to log; never a text.",
)
@click.option(
    "--log-file", metavar="FILE", type=click.Path(dir_okay=False), help="Log into this file instead of standard error."
)
@click.pass_context
def server(
    ctx: click.Context, stdio: bool, tcp: str | None, force_remote: bool, log_level: str, log_file: str | None
) -> None:
    """Run the language server for an editor; editors start it themselves."""
    if stdio and tcp:
        raise click.UsageError("--stdio and --tcp exclude each other; choose one", ctx)
    address = parse_address(tcp, remote=force_remote) if tcp else None
    if log_file is not None:
        _log_into(log_file)
    from tightlip.editor.server import serve

    ctx.exit(serve(address, log_level))


def parse_address(address: str, *, remote: bool = False) -> tuple[str, int]:
    """Host and port of `HOST:PORT`, `[HOST]:PORT` or `PORT`.

    Raises TightlipError when it is none, or when other machines could reach it and `remote` is false.
    """
    host, _, port = address.rpartition(":")
    host = host.strip("[]") or "127.0.0.1"
    if not port.isdecimal() or int(port) > 65535:
        raise TightlipError(f'"{address}" is no address; write HOST:PORT, as in 127.0.0.1:4389')
    if not remote and not _is_loopback(host):
        raise TightlipError(
            f"{host} can be reached by other machines, and the server asks for no password; use 127.0.0.1, or add --force-remote"
        )
    return host, int(port)


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _log_into(path: str) -> None:
    """Send standard error, where the log goes, to the end of a file."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    except OSError as problem:
        raise TightlipError(
            f"cannot write the log file {path}: {problem.strerror}; choose another --log-file"
        ) from None
    os.dup2(handle, sys.stderr.fileno())
    os.close(handle)
