"""sim calibrate: parameter sets that show every pattern."""

# Typer reads the annotations at run time, so this module goes without postponed annotations.

from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.console import (
    MOST_SEED,
    MOST_THREADS,
    Seed,
    Set,
    Stopped,
    Threads,
    announce,
    app,
    folder_of,
    overrides_of,
    print_wide,
    progress_bar,
    table_of,
    whole,
)


@app.command("calibrate")
def calibrate(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to write to.")] = Path(
        "results/calibration"
    ),
    sets: Annotated[int, typer.Option("--sets", help="Parameter sets to accept.")] = 128,
    worlds: Annotated[int, typer.Option("--worlds", help="Worlds of each case a set is judged by.")] = 100,
    seed: Seed = 0,
    changed: Set = None,
    draws: Annotated[
        int, typer.Option("--draws", help="Draws of one generation after which the search is given up.")
    ] = 100_000,
    threads: Threads = None,
) -> None:
    """Find parameter sets that show every pattern; the same command goes on where it was stopped."""
    whole("--sets", sets, 2, 10_000, "sets")
    whole("--worlds", worlds, 2, 100_000, "worlds")
    whole("--seed", seed, 0, MOST_SEED)
    whole("--draws", draws, 1, 100_000_000, "draws")
    if threads is not None:
        whole("--threads", threads, 1, MOST_THREADS)
    overrides = overrides_of(changed)
    folder = folder_of(out)
    assert folder is not None
    announce()
    from sim.report.calibration import TEXT, generation_line
    from sim.studies.calibration import Settings
    from sim.studies.calibration import calibrate as run
    from sim.studies.calibration.storage import finished_manifest

    settings = Settings(sets=sets, worlds=worlds, seed=seed, fixed=tuple(sorted(overrides.items())))
    if finished_manifest(folder, settings.document()) is not None:
        typer.echo((folder / TEXT).read_text(encoding="utf-8"), nl=False)
        typer.echo(f"\nfinished before: {folder}")
        return
    try:
        found = run(
            settings,
            folder,
            threads=threads,
            bar=progress_bar,
            finished=lambda name, population: typer.echo(generation_line(name, population)),
            most_draws=draws,
        )
        found.save(folder)
    except KeyboardInterrupt:
        raise Stopped(f"finished batches kept in {folder}; the same command goes on from there") from None
    _show(found)
    typer.echo(f"\nwritten to {folder}")


def _show(found: "Any") -> None:
    from sim.parameters import REGISTRY
    from sim.report.calibration import ending

    table = table_of("parameter", "symbol", "range before", "median", "10-90 %", "default", "narrower by", "")
    for row in sorted(found.posteriors, key=lambda row: -row.shrinkage):
        about = REGISTRY[row.prior.name]
        table.add_row(
            row.prior.name,
            about.symbol,
            f"{row.prior.low:g} to {row.prior.high:g}",
            f"{row.median:.3g}",
            f"{row.p10:.3g} to {row.p90:.3g}",
            f"{about.default:g}",
            f"{max(row.shrinkage, 0.0):.0%}",
            row.told,
        )
    typer.echo("")
    print_wide(table)
    typer.echo("")
    for line in ending(found):
        typer.echo(line)
