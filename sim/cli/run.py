"""sim run: the story of one world."""

# Typer reads the annotations at run time, so this module goes without postponed annotations.

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from sim.cli.console import (
    MOST_SEED,
    Parameters,
    Seed,
    Set,
    Sets,
    announce,
    app,
    folder_of,
    overrides_of,
    whole,
    wrapped,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.ensemble import Ensemble


@app.command("run")
def run(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Name or path of a scenario.")],
    seed: Seed = 0,
    weeks: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option("--weeks", help="Stop after so many weeks, default as in the scenario."),
    ] = None,
    changed: Set = None,
    parameters: Parameters = None,
    parameter_sets: Sets = "shipped",
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--out", metavar="DIR", help="Folder for story, events, series and outcomes."),
    ] = None,
) -> None:
    """Tell the story of one world, week by week, and how it ends."""
    whole("--seed", seed, 0, MOST_SEED)
    if weeks is not None:
        whole("--weeks", weeks, 1, 5200)
    overrides = overrides_of(changed, parameters)
    from sim.parameters.sets import sets_of
    from sim.scenarios import scenario as load

    sets = sets_of(parameter_sets)
    found = load(scenario)
    if weeks is not None:
        found = found.replace(weeks=weeks)
    folder = folder_of(out)
    announce()
    from sim.ensemble import simulate
    from sim.stories import story

    told = story(found, seed=seed, replicate=0, parameters=overrides, parameter_sets=sets)
    ensemble = simulate(found, 1, seed, parameters=overrides, parameter_sets=sets)
    typer.echo(f"{found.title or found.name}: one world, seed {seed}")
    year = None
    for line in told.lines:
        if line.date.year != year:
            year = line.date.year
            typer.echo(f"\n{year}")
        typer.echo(wrapped(f"{line.date:%d %b}  ", line.text))
    typer.echo("\nHow it ended")
    for label, value in _headline(ensemble):
        typer.echo(f"  {label}: {value}")
    typer.echo("One world is an anecdote: compare plans over many worlds with sim compare.")
    if folder is not None:
        _save_run(told, ensemble, folder, seed, overrides)
        typer.echo(f"written to {folder}")


def _headline(ensemble: "Ensemble") -> "Iterator[tuple[str, str]]":
    from sim.observe.measures import headline_ids, measure
    from sim.words.numbers import amount, capital

    for name in headline_ids(ensemble.scenario):
        value = float(ensemble.outcomes[name].iloc[0]) if name in ensemble.outcomes else math.nan
        if not math.isnan(value):  # else the scenario has nothing of the kind
            about = measure(name)
            yield capital(about.label), amount(value, about.unit)


def _save_run(told: Any, ensemble: "Ensemble", folder: Path, seed: int, overrides: "dict[str, float]") -> None:
    import pandas as pd

    from sim.drawing.export import save
    from sim.provenance import manifest

    series = pd.DataFrame({name: values[0] for name, values in ensemble.series.items()})
    series.insert(0, "date", [f"{date:%Y-%m-%d}" for date in ensemble.dates])
    series.insert(0, "week", range(len(series)))
    described = manifest([ensemble.scenario], seed=seed, replicates=1, parameters=overrides, **_drawn(ensemble))
    results = {
        "story.txt": told.text().rstrip("\n") + "\n",
        "events.csv": told.events,
        "series.csv": series,
        "outcomes.csv": ensemble.outcomes.reset_index(names="replicate"),
        "manifest.json": described,
    }
    save(folder, results.items())


def _drawn(ensemble: "Ensemble") -> dict[str, Any]:
    """Which set the world drew."""
    sets = ensemble.parameter_sets
    if sets is None or ensemble.set_rows is None:
        return {"parameter_sets": None}
    return {"parameter_sets": {**sets.described(), "drawn": int(ensemble.set_rows[0])}}
