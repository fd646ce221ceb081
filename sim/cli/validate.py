"""sim validate: the model against the patterns of its sources."""

# Typer reads the annotations at run time, so this module goes without postponed annotations.

from pathlib import Path
from typing import Annotated, Optional

import typer

from sim.cli.console import (
    MOST_REPLICATES,
    MOST_SEED,
    Seed,
    Set,
    announce,
    app,
    folder_of,
    overrides_of,
    print_wide,
    progress_bar,
    whole,
)


@app.command("validate")
def validate(
    replicates: Annotated[int, typer.Option("--replicates", help="Worlds for each check.")] = 400,
    patterns: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--patterns", metavar="P01,P02", help="Only these patterns, default all."),
    ] = None,
    case: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--case", help="Only the patterns of one case."),
    ] = None,
    seed: Seed = 0,
    changed: Set = None,
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--out", metavar="DIR", help="Write the table as text, JSON and figure to this folder."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Hold the model against the patterns it should show; exit code 1 if one fails."""
    whole("--replicates", replicates, 1, MOST_REPLICATES, "worlds")
    whole("--seed", seed, 0, MOST_SEED)
    overrides = overrides_of(changed)
    folder = folder_of(out)
    announce()
    from rich.table import Table

    from sim.report.figures import as_png
    from sim.report.validation import validation_figure, validation_json, validation_table
    from sim.studies.saving import write
    from sim.studies.validation import validate as check

    wanted = [word.strip() for word in patterns.split(",") if word.strip()] if patterns else None
    with progress_bar("checks") as report:
        rows = check(replicates, wanted, case, seed=seed, parameters=overrides, progress=report)
    document = validation_json(rows, seed=seed, replicates=replicates, parameters=overrides)
    if folder is not None:
        write(folder / "validation.json", document.encode())
        write(folder / "validation.md", validation_table(rows).encode())
        write(folder / "validation.png", as_png(validation_figure(rows)))
    if json:
        typer.echo(document)
        raise typer.Exit(0 if all(row.passed for row in rows) else 1)
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in ("id", "check", "value", "90 % interval", "expected", "result"):
        table.add_column(heading)
    for row in rows:
        interval = f"{row.low:.3g} to {row.high:.3g}"
        table.add_row(
            row.id,
            row.check,
            f"{row.value:.3g}",
            interval,
            str(row.threshold),
            "ok" if row.passed else "FAILED",
        )
    print_wide(table)
    failed = sum(not row.passed for row in rows)
    typer.echo(f"{len(rows) - failed} of {len(rows)} checks passed")
    if folder is not None:
        typer.echo(f"written to {folder}")
    if failed:
        raise typer.Exit(1)
