"""Which parameters move anything that somebody asks for: elementary effects of all of them (Morris 1991).

The headline measures of all shipped scenarios, and the differences that the lessons ask about. A trajectory is one
world: all its points share chance, so that a parameter without effect has effects of exactly 0, and what is left of an
effect over trajectories is held against its standard error.

Run as ``python -m experiments.screening FOLDER``; the table is effects.csv. An effect is that of the whole range of a
parameter, in units of the smallest difference that matters.
"""

from __future__ import annotations

import csv
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from SALib.sample import morris as morris_sample

import sim
from sim.observe.measures import headline_ids
from sim.observe.measures import measure as describe
from sim.parameters import REGISTRY
from sim.parameters.sets import ParameterSets
from sim.scenarios import catalogue, scenario
from sim.scenarios.lessons import lessons

LEVELS = 4
#: Smallest difference that matters, by unit; a share of the mean for what has none.
MATTERS = {
    "share": 0.02, "-1 to 1": 0.02, "0 to 1": 0.02, "index": 0.05, "0 to 4": 0.25, "EUR": 2_000.0, "count": 0.25,
    "weeks": 4.0, "firm-years": 20.0, "firms": 4.0, "weighted firms": 4.0,
}  # fmt: skip
OF_MEAN = 0.05


def design(trajectories: int, names: list[str], seed: int) -> tuple[Any, Any]:
    """Return points (trajectories, points, parameters) and which parameter each step moves and how (-1 or 1)."""
    problem = {"num_vars": len(names), "names": names, "bounds": [[0.0, 1.0]] * len(names)}
    places = morris_sample.sample(problem, trajectories, num_levels=LEVELS, seed=seed)
    places = places.reshape(trajectories, len(names) + 1, len(names))
    moved = np.diff(places, axis=1)
    points = np.empty_like(places)
    for column, name in enumerate(names):
        about = REGISTRY[name]
        values = about.low + places[:, :, column] * (about.high - about.low)
        points[:, :, column] = np.rint(values) if about.integer else values
    return points, moved


def measured(sets: ParameterSets, trajectories: int, seed: int) -> dict[str, Any]:
    """Return what is asked for: measures and differences, by world."""
    found: dict[str, Any] = {}
    played = {
        name: sim.simulate(scenario(name), trajectories, seed, series=(), parameter_sets=sets, chunk=8).outcomes
        for name in catalogue()
    }
    for name, outcomes in played.items():
        for one in headline_ids(scenario(name)):
            if one in outcomes:
                found[f"{name}: {one}"] = outcomes[one].to_numpy(float)
    for lesson in lessons():
        for first, *others in lesson.compare:
            for other in others:
                for one in lesson.measures:
                    if one in played[first] and one in played[other]:
                        difference = played[other][one].to_numpy(float) - played[first][one].to_numpy(float)
                        found[f"{other} - {first}: {one}"] = difference
    return found


def scale_of(key: str, values: Any) -> float:
    """Return the smallest difference that matters of a measure."""
    unit = describe(key.split(": ")[1]).unit
    return MATTERS.get(unit) or max(1e-9, OF_MEAN * float(np.nanmean(np.abs(values))))


def main(folder: str, trajectories: int = 64, seed: int = 0) -> None:
    """Screen all parameters and write the table."""
    warnings.simplefilter("ignore")
    names = list(REGISTRY)
    points, moved = design(trajectories, names, seed)
    steps = []
    for step in range(points.shape[1]):
        sets = ParameterSets("screening", tuple(names), points[:, step, :], np.empty(0))
        steps.append(measured(sets, trajectories, seed))
        print(f"\r{step + 1} of {points.shape[1]} points a trajectory", end="", file=sys.stderr, flush=True)
    rows = []
    for key in steps[0]:
        values = np.array([found[key] for found in steps])  # (points, trajectories)
        scale = scale_of(key, values)
        change = np.diff(values, axis=0).T[:, :, None] / (moved + (moved == 0.0)) * (moved != 0.0)
        effects = change.sum(axis=1)  # (trajectories, parameters): each is moved once
        used = np.isfinite(effects)
        count = used.sum(axis=0)
        mean = np.where(count > 1, np.nansum(np.where(used, effects, 0.0), axis=0) / np.maximum(count, 1), np.nan)
        error = np.nanstd(np.where(used, effects, np.nan), axis=0, ddof=1) / np.sqrt(np.maximum(count, 1))
        star = np.nanmean(np.abs(np.where(used, effects, np.nan)), axis=0)
        for column, name in enumerate(names):
            rows.append((name, key, mean[column] / scale, error[column] / scale, star[column] / scale))
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    with (target / "effects.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(("parameter", "measure", "effect", "standard_error", "mean_absolute_effect"))
        table.writerows((name, key, *(f"{one:.6g}" for one in numbers)) for name, key, *numbers in rows if numbers[2])


if __name__ == "__main__":
    main(sys.argv[1], *(int(word) for word in sys.argv[2:]))
