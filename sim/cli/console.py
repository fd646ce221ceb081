"""The console: options that commands share, checks of what was typed, progress, and how output is laid out."""

# Typer reads the annotations at run time, so this module goes without postponed annotations.

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from sim.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MOST_REPLICATES = 1_000_000
MOST_SEED = 2**32 - 1
MOST_THREADS = 1024

app = typer.Typer(
    name="sim",
    help="What happens when an equality ombud, NGOs, employer federations and firms win, lose and regain each other as "
    "partners.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Seed = Annotated[int, typer.Option("--seed", help="What chance depends on: a whole number from 0.")]
Set = Annotated[
    Optional[list[str]],  # noqa: UP045 - typer reads this form in all its versions
    typer.Option("--set", metavar="NAME=VALUE", help="Give a parameter another value; may be repeated."),
]
Parameters = Annotated[
    Optional[Path],  # noqa: UP045
    typer.Option("--parameters", metavar="FILE", help="TOML file of parameter values; those of --set win."),
]
Sets = Annotated[
    str,
    typer.Option(
        "--parameter-sets",
        metavar="FILE|none",
        help="Plausible parameter sets of which each world has one, the same under every plan; none: the defaults in "
        "all. What --set, --parameters and a scenario say wins.",
    ),
]
Threads = Annotated[
    Optional[int],  # noqa: UP045
    typer.Option("--threads", help="Threads to use, default all. Results do not depend on it."),
]


class Stopped(Exception):  # noqa: N818 - not an error
    """Ctrl-C, with what was kept; typer swallows a KeyboardInterrupt and its text."""


def say(text: str) -> None:
    """Say something on standard error."""
    typer.echo(text, err=True)


def whole(option: str, value: int, low: int, high: int, of: str = "") -> None:
    """Refuse a number outside its bounds."""
    if not low <= value <= high:
        expected = f"a whole number{' of ' + of if of else ''} from {low:,} to {high:,}"
        raise InputError(f"{option}: found {value}, expected {expected}")


def overrides_of(changed: "Iterable[str] | None", file: "Path | None" = None) -> "dict[str, float]":
    """Return the parameters that --set and a file of --parameters change; --set wins."""
    if not changed and file is None:
        return {}
    from sim.parameters import parameter_record, parse_override
    from sim.parameters.files import read_parameters

    found: dict[str, float] = {}
    for text in changed or ():
        name, value = parse_override(text)
        if name in found:
            raise InputError(f"--set: {name} is given twice, expected one value")
        found[name] = value
    written = {} if file is None else read_parameters(file).values
    merged = {**written, **found}
    parameter_record(merged, where="--set" if file is None else f"--set with {file}")  # two may contradict each other
    return merged


def folder_of(out: "Path | None") -> "Path | None":
    """Make sure that the folder of --out can be written to."""
    if out is None:
        return None
    if str(out) in ("", "."):
        raise InputError("--out: found no name or the current folder, expected a folder of its own")
    from sim.files import prepare_folder

    return prepare_folder(out)


def print_wide(thing: Any) -> None:
    """Print for people: as wide as the terminal, or wide enough for a file."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=160)
    console.print(thing)


def wrapped(date: str, text: str) -> str:
    """Break a line of a story where the terminal ends, under its first word; a file gets whole lines."""
    import textwrap

    if not sys.stdout.isatty():
        return f"  {date}{text}"
    width = max(50, min(110, shutil.get_terminal_size().columns))
    indent = " " * (len(date) + 2)
    return textwrap.fill(text, width, initial_indent=f"  {date}", subsequent_indent=indent)


def announce() -> None:
    """Say so before the first run compiles the rules."""
    from sim.engine.compiled import is_warm

    if not is_warm():
        say("compiling the rules, first run only ...")


class progress_bar:  # noqa: N801 - reads as a verb where it is used
    """Progress bar on standard error, with the time that is left; silent where nobody watches."""

    def __init__(self, of: str) -> None:
        self.of = of
        self.bar: Any = None
        self.task: Any = None

    def __enter__(self) -> "Callable[..., None]":
        """Return what is called with (done, in all) and, if there is more to say, a note."""
        if not sys.stderr.isatty():
            return lambda done, total, note="": None
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn(f"{self.of} {{task.description}}"),
            TimeRemainingColumn(),
        )
        self.bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self.task = self.bar.add_task("", total=None)
        self.bar.start()
        return lambda done, total, note="": self.bar.update(self.task, completed=done, total=total, description=note)

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()


def table_of(*headings: str) -> Any:
    """Return an empty table without lines."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(heading)
    return table
