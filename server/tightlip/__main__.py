"""The `tightlip` command."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Mapping, Sequence

FOUND = 1
"""Exit code of a command that found what it looks for."""
ERROR = 2
"""Exit code of a command that could not do what it was asked to."""
INTERRUPTED = 130
"""Exit code after Ctrl-C: 128 + SIGINT, as shells count."""
BROKEN_PIPE = 141
"""Exit code when the reader of our output went away: 128 + SIGPIPE."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line (default: this process's own) and return its exit code.

    Every error ends as one sentence on standard error, and where `tightlip policy` was asked for JSON, as an object on
    standard output too. What an unexpected exception says may be a document's text, so
    only its type and place are told.
    """
    _set_up_streams()
    collects = gc.isenabled()
    gc.disable()  # what a start makes stays: to look for garbage in it is a tenth of it. Who goes on longer turns it on again
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _silence(sys.stdout)
        return BROKEN_PIPE
    except MemoryError:
        return _fail(arguments, "there is not enough memory for this; try fewer files at once, or fewer --jobs")
    except Exception as error:
        return _fail(arguments, _unexpected(error))
    finally:
        if collects:
            gc.enable()


def _run(arguments: Sequence[str] | None) -> int:
    import click

    from tightlip.cli.app import cli
    from tightlip.errors import TightlipError

    try:
        code: object = cli.main(
            args=None if arguments is None else list(arguments), prog_name="tightlip", standalone_mode=False
        )
        sys.stdout.flush()
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return ERROR
    except click.UsageError as error:
        where = error.ctx.command_path if error.ctx else "tightlip"
        return _fail(arguments, f"{error.format_message().rstrip('.')}. See `{where} --help`.")
    except click.Abort:
        return INTERRUPTED
    except SystemExit as error:  # click's answer to a broken pipe, with standard output already silenced
        return BROKEN_PIPE if error.code == 1 else 0
    except click.ClickException as error:
        return _fail(arguments, error.format_message())
    except TightlipError as error:
        place = {"file": error.file, "line": error.line, "column": error.column}
        return _fail(arguments, str(error), {"message": error.message, **place})
    return code if isinstance(code, int) else 0


def _set_up_streams() -> None:
    """Pipes carry UTF-8 on every platform, and a character a terminal cannot show is escaped, not an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace", **({} if stream.isatty() else {"encoding": "utf-8"}))


def _fail(arguments: Sequence[str] | None, sentence: str, told: Mapping[str, object] | None = None) -> int:
    """Tell an error. `told` is what of it a machine reads: the sentence alone, by default."""
    try:
        sys.stderr.write(f"tightlip: {sentence}\n")
        sys.stderr.flush()
        if _wants_json(arguments):
            import json

            error = told or {"message": sentence, "file": None, "line": None, "column": None}
            sys.stdout.write(json.dumps({"error": error}, indent=2) + "\n")
            sys.stdout.flush()
    except OSError:
        pass
    return ERROR


def _wants_json(arguments: Sequence[str] | None) -> bool:
    """Whether a command of `tightlip policy` was asked for JSON, be it that its arguments could not be read."""
    given = sys.argv[1:] if arguments is None else [*arguments]
    pairs = zip(given, [*given[1:], ""], strict=True)
    return given[:1] == ["policy"] and any(
        one == "--format=json" or (one, following) == ("--format", "json") for one, following in pairs
    )


def _unexpected(error: BaseException) -> str:
    from tightlip.cli.failure import type_and_place

    return f"internal error: {type_and_place(error)}. Please report it with this line; it holds no text of yours."


def _silence(stream: object) -> None:
    """Let the interpreter's last flush go nowhere."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())


if __name__ == "__main__":
    # `python -m` puts the current folder first on the import path; what is scanned there must not be run
    here = os.getcwd()  # noqa: PTH109
    if sys.path[:1] in ([""], [here]) and here != os.path.dirname(os.path.dirname(os.path.abspath(__file__))):  # noqa: PTH100, PTH120
        del sys.path[0]
    sys.exit(main())
