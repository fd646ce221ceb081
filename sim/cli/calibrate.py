"""sim calibrate: weighted parameter sets that show the targets together."""

# Typer reads the annotations at run time, so this module goes without postponed annotations.

from pathlib import Path
from typing import Annotated, Any

import typer

from sim.cli.console import (
    MOST_THREADS,
    Seed,
    Set,
    Stopped,
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
    first: Annotated[int, typer.Option("--first", help="Sets from the prior.")] = 1_200,
    waves: Annotated[int, typer.Option("--waves", help="Waves of likely sets after them.")] = 3,
    wave: Annotated[int, typer.Option("--wave", help="Sets of each wave.")] = 300,
    rounds: Annotated[int, typer.Option("--rounds", help="Times that the sets of the last wave are moved.")] = 6,
    fresh: Annotated[int, typer.Option("--fresh", help="Sets of the largest weight that are judged once more.")] = 64,
    worlds: Annotated[int, typer.Option("--worlds", help="Worlds of each case that turn a set down.")] = 100,
    many: Annotated[int, typer.Option("--many", help="Worlds of each case that weigh a set.")] = 1_000,
    seed: Seed = 0,
    changed: Set = None,
    processes: Annotated[
        int, typer.Option("--processes", help="Sets judged at a time, 0: one a core. Results do not depend on it.")
    ] = 0,
) -> None:
    """Find parameter sets that show the targets together; the same command goes on where it was stopped."""
    whole("--processes", processes, 0, MOST_THREADS)
    from sim.calibration import BOUNDS, Settings
    from sim.calibration import calibrate as run
    from sim.calibration.report import TEXT, save_calibration, stage_line
    from sim.calibration.storage import finished_manifest

    asked: dict[str, Any] = {
        "first": first,
        "waves": waves,
        "wave": wave,
        "rounds": rounds,
        "fresh": fresh,
        "worlds": worlds,
        "many": many,
        "seed": seed,
    }
    for name, number in asked.items():
        whole(f"--{name}", number, *BOUNDS[name])
    overrides = overrides_of(changed)
    folder = folder_of(out)
    assert folder is not None
    announce()
    settings = Settings(**asked, fixed=tuple(sorted(overrides.items())))
    if finished_manifest(folder, settings.document()) is not None:
        typer.echo((folder / TEXT).read_text(encoding="utf-8"), nl=False)
        typer.echo(f"\nfinished before: {folder}")
        return
    try:
        found = run(
            settings,
            folder,
            processes=processes or None,
            bar=progress_bar,
            finished=lambda stage: typer.echo(stage_line(stage)),
        )
        save_calibration(found, folder)
    except KeyboardInterrupt:
        raise Stopped(f"finished batches kept in {folder}; the same command goes on from there") from None
    _show(found)
    typer.echo(f"\nwritten to {folder}")


def _show(found: "Any") -> None:
    from sim.calibration.report import ending
    from sim.parameters import REGISTRY

    table = table_of("parameter", "symbol", "range before", "median", "10-90 %", "default", "narrower by", "")
    for row in sorted(found.posteriors, key=lambda row: -row.shrinkage):
        about = REGISTRY[row.name]
        table.add_row(
            row.name,
            about.symbol,
            f"{about.low:g} to {about.high:g}",
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
