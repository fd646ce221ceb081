"""sim parameters: the registry, or one parameter in full."""

# Typer reads the annotations at run time, so this module goes without postponed annotations.

from typing import TYPE_CHECKING, Annotated, Optional

import typer

from sim.cli.console import app, print_wide
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.parameters import Parameter


@app.command("parameters")
def parameters(
    name: Annotated[
        Optional[str],  # noqa: UP045
        typer.Argument(metavar="[NAME]", help="One parameter, by name or symbol."),
    ] = None,
) -> None:
    """List all parameters by group, or show one in full."""
    from rich.table import Table

    from sim.parameters import GROUPS, REGISTRY

    if name is not None:
        _show_parameter(_find_parameter(name))
        return
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("parameter", no_wrap=True)
    table.add_column("default", justify="right", no_wrap=True)
    table.add_column("range (unit)")
    table.add_column("meaning")
    for group in GROUPS:
        table.add_row(f"[bold]{group}[/bold]")
        for row in REGISTRY.values():
            if row.group == group:
                mark = " *" if row.core else ""
                table.add_row(f"  {row.name}{mark}", f"{row.default:g}", row.range_text, row.meaning)
    print_wide(table)
    typer.echo("* core: varied in the global sensitivity analysis")


def _find_parameter(name: str) -> "Parameter":
    import difflib

    from sim.parameters import REGISTRY

    if name in REGISTRY:
        return REGISTRY[name]
    by_symbol = [row for row in REGISTRY.values() if row.symbol == name]
    if len(by_symbol) == 1:
        return by_symbol[0]
    close = [row.name for row in by_symbol] or difflib.get_close_matches(name, REGISTRY, n=3, cutoff=0.4)
    hint = f"did you mean {' or '.join(close)}?" if close else "sim parameters lists them"
    raise InputError(f"parameters: found {name!r}, {hint}")


def _show_parameter(row: "Parameter") -> None:
    symbol = f" ({row.symbol})" if row.symbol != row.name else ""
    typer.echo(f"{row.name}{symbol}: {row.meaning}")
    for label, text in (
        ("default", f"{row.default:g}"),
        ("range", row.range_text),
        ("unit", row.unit),
        ("source", row.source),
        ("confidence", row.confidence),
        ("group", row.group),
        ("core", "yes, varied in the global sensitivity analysis" if row.core else "no"),
    ):
        typer.echo(f"  {label}: {text}")
