"""The command line.

What is heavy is imported inside the commands, so that help is there at once. Whatever a user gets wrong ends in one
line on standard error and exit code 2; Ctrl-C ends in one line and exit code 130, and keeps finished work.
One module holds one command.
"""

# Typer reads the annotations at run time, so this module goes without postponed annotations.

import os
import sys
from typing import Annotated, Any

import typer

from sim.cli import (  # noqa: F401 - each adds its command
    calibrate,
    compare,
    dashboard,
    parameters,
    run,
    scenarios,
    study,
    validate,
)
from sim.cli.console import Stopped, app, say
from sim.errors import InputError

__all__ = ["app", "main"]

BAD_INPUT = 2
INTERRUPTED = 130
BROKEN_PIPE = 1  # as typer and rich end when a reader has gone


def _version(wanted: bool) -> None:
    if wanted:
        from importlib import metadata

        try:
            found = metadata.version("partnership-dynamics")
        except metadata.PackageNotFoundError:
            found = "unknown"
        typer.echo(f"sim {found}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Say the version and stop.", is_eager=True, callback=_version)
    ] = False,
) -> None:
    pass


def main() -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(run_command(sys.argv[1:]))


def run_command(arguments: "list[str]") -> int:
    try:
        result = app(arguments, prog_name="sim", standalone_mode=False)
        sys.stdout.flush()
    except InputError as error:
        return _fail(str(error))
    except BrokenPipeError:
        # The reader has gone; Python would complain once more when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except Stopped as stopped:
        say(f"stopped: {stopped}")
        return INTERRUPTED
    except (KeyboardInterrupt, typer.Abort):
        result = INTERRUPTED
    except OSError as error:
        if error.filename is None:
            raise
        return _fail(f"{error.filename}: {error.strerror}")
    except Exception as error:
        return _usage(error)
    if result == INTERRUPTED:
        say("stopped")
    return result if isinstance(result, int) else 0


def _usage(error: Exception) -> int:
    """Say what was wrong with the command itself; anything else is a bug and keeps its traceback."""
    # Known by name: newer versions of typer bring a copy of click along, older ones use click.
    kinds = {kind.__name__ for kind in type(error).__mro__}
    message: Any = getattr(error, "format_message", None)
    if "ClickException" not in kinds or message is None:
        raise error
    if "NoArgsIsHelpError" in kinds:
        typer.echo(message())
        return 0
    return _fail(message())


def _fail(text: str) -> int:
    say("error: " + " ".join(text.split()))
    return BAD_INPUT
