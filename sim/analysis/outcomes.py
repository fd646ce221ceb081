"""Outcomes that a study adds to those of the model: worked out from the spells of a world."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.vocabulary.quantities import MATTERS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.ensemble import Ensemble
    from sim.observe.measures import Measure
    from sim.scenarios import Scenario

_LONGEST_AWAY = "longest_away_"


def is_derived(name: str) -> bool:
    """Tell whether an outcome is worked out here."""
    return name.startswith(_LONGEST_AWAY)


def derived_outcomes(scenario: Scenario) -> list[str]:
    """Ids of the outcomes of this kind that a scenario has: one for every pair of organisations that may be partners.

    ``longest_away_<a>_<b>``: weeks of the longest time that the two were apart after a break-up, counted up to the
    horizon if it was still going on then; 0 if they never broke up.
    """
    from sim.start.prepared import prepare

    setting = prepare(scenario)
    return [f"{_LONGEST_AWAY}{setting.ids[pair.a]}_{setting.ids[pair.b]}" for pair in setting.start.partnership]


def describe(name: str) -> Measure:
    """Describe an outcome of a study: label, unit, direction, definition."""
    from sim.observe.measures import Measure, measure

    if not is_derived(name):
        return measure(name)
    pair = name.removeprefix(_LONGEST_AWAY).replace("_", " and ", 1).replace("_", " ")
    return Measure(
        name, f"longest time apart of {pair}", "weeks", -1, "longest spell after a break-up, up to the horizon"
    )


def matter(name: str, scenario: Scenario) -> float:
    """Return the smallest difference of an outcome that matters."""
    from sim.observe.measures import matters

    return scenario.goal.matters.get(name, MATTERS["weeks"]) if is_derived(name) else matters(name, scenario)


def outcome_values(ensemble: Ensemble, names: tuple[str, ...]) -> NDArray[np.float64]:
    """Return outcomes by name, (replicates, names)."""
    found = np.empty((ensemble.replicates, len(names)))
    for column, name in enumerate(names):
        found[:, column] = _longest_away(ensemble, name) if is_derived(name) else ensemble.outcomes[name].to_numpy()
    return found


def _longest_away(ensemble: Ensemble, name: str) -> NDArray[np.float64]:
    spells = ensemble.durations
    partner = name.removeprefix(_LONGEST_AWAY)
    away = spells[(spells["kind"] == "away") & (spells["partner"].str.replace("-", "_") == partner)]
    longest = np.zeros(ensemble.replicates)
    np.maximum.at(longest, away["replicate"].to_numpy(int), away["weeks"].to_numpy(float))
    return longest
