"""What a difference hangs on: the uncertain values that turn it, and what it is worth to find one out first.

Worlds draw their parameters from plausible sets, so that the worlds of a comparison already tell how the difference
moves with each of them (`sim.analysis.curves`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.curves import LEAST_SETS, LEVEL, Curves, Driver, Fit, Uncertain, Worth

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from sim.ensemble import Ensemble

    Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Hangs:
    """What the differences of a comparison hang on.

    Attributes
    ----------
    worlds
        That were looked at.
    curves
        By position of the later scenario and measure.
    worth
        Values that are worth finding out, the most first.
    why_not
        Why nothing could be found: "fixed" (all worlds have the same values), "few" (too few of them), "equal" (nothing
        differs); empty if it could.
    """

    worlds: int
    curves: Mapping[tuple[int, str], Curves] = field(default_factory=dict)
    worth: tuple[Worth, ...] = ()
    matters: Mapping[str, float] = field(default_factory=dict)
    why_not: str = ""

    def drivers(self, b: int, measure: str) -> tuple[Driver, ...]:
        """What the difference of a measure hangs on, the strongest first."""
        found = self.curves.get((b, measure))
        return () if found is None else found.drivers

    def beyond(self, b: int, measure: str, sign: float) -> float:
        """Share of the worlds' assumptions whose mean difference is beyond what matters, on the side of a sign."""
        found = self.curves.get((b, measure))
        if found is None:
            return math.nan
        return float(found.weights[sign * found.predicted > self.matters[measure]].sum())

    def document(self) -> dict[str, Any]:
        """Return it as plain numbers."""
        return {
            "worlds": self.worlds,
            "asked": not self.why_not,
            "drivers": [
                {"b": b, "measure": name, "value": one.name, "together": list(one.together), "moves": one.moves,
                 "turns_at": one.turns_at, "chance": one.chance}
                for (b, name), curves in self.curves.items()
                for one in curves.drivers
            ],
            "worth_finding_out": [
                {"value": one.name, "together": list(one.together), "worth": one.worth} for one in self.worth
            ],
        }  # fmt: skip


def what_it_hangs_on(
    differences: Mapping[tuple[int, str], Numbers],
    goal: str,
    direction: int,
    matters: Mapping[str, float],
    uncertain: Sequence[Uncertain],
    seed: int,
) -> Hangs:
    """Find what differences hang on.

    Parameters
    ----------
    differences
        By position of the later plan and measure: (worlds,) that plan minus the first one, NaN where there is none.
    goal, direction
        The goal measure, and whether more of it is better (1), worse (-1) or neither (0).
    matters
        Smallest difference that matters, by measure.
    uncertain
        What worlds have drawn.
    seed
        Key of the deals.
    """
    there = [one for one in uncertain if one.names]
    kinds = [Fit(one, seed) for one in there if len(np.unique(one.rows)) >= LEAST_SETS]
    if not kinds or not differences:
        why_not = "fixed" if not there else "few" if not kinds else "equal"
        return Hangs(len(next(iter(differences.values()), ())), why_not=why_not)
    level = 1.0 - (1.0 - LEVEL) / len(kinds)
    table = np.column_stack(list(differences.values()))
    scans = [kind.scan(table, level) for kind in kinds]
    curves = {}
    for column, key in enumerate(differences):
        drivers = sorted((one for scan in scans for one in scan[column].drivers), key=lambda one: -abs(one.moves))
        # What the drivers of all kinds make of a world together, within what was seen.
        low, high, mean = (float(what(table[:, column])) for what in (np.nanmin, np.nanmax, np.nanmean))
        parts = [scan[column].predicted[kind.row] - mean for kind, scan in zip(kinds, scans, strict=True)]
        predicted = np.clip(mean + np.sum(parts, axis=0), low, high)
        weights = np.full(len(table), 1.0 / len(table))
        curves[key] = replace(scans[0][column], drivers=tuple(drivers), predicted=predicted, weights=weights)
    about_goal = [place for place, (_, name) in enumerate(differences) if name == goal]
    worth: list[Worth] = []
    if about_goal and direction:
        worth = [found for kind in kinds for found in kind.worth(direction * table[:, about_goal], level)]
    worth.sort(key=lambda one: -one.worth)
    return Hangs(len(table), curves, tuple(worth), dict(matters))


def drawn_starts(ensemble: Ensemble, worlds: NDArray[np.int64]) -> tuple[tuple[str, ...], Numbers]:
    """Return what of trust, value and credibility at the start differs between worlds: names, (worlds, values)."""
    from sim.start.draw import begin
    from sim.start.prepared import new_world, prepare
    from sim.vocabulary.audiences import AUDIENCES

    setting = prepare(ensemble.scenario, ensemble.overrides, sets=ensemble.parameter_sets, beyond_range=True)
    spread = setting.start.plausible.start_spread
    if not (spread > 0.0).any():
        return (), np.empty((len(worlds), 0))
    world = new_world(setting)
    ids, number = setting.ids, len(setting.ids)
    there = np.flatnonzero(setting.start.relation.exists == 1)
    names = [f"{what}_{ids[d // number]}_{ids[d % number]}" for what in ("trust", "value") for d in there]
    names += [f"credibility_{i}_{a}" for i in ids for a in AUDIENCES]
    values = np.empty((len(worlds), len(names)))
    for row, replicate in enumerate(worlds.tolist()):
        begin(world, setting.start.state, ensemble.seed, replicate, setting.ring_ties)
        relation = world.relation
        values[row] = [*relation.trust[there], *relation.value[there], *world.credibility.ravel()]
    differ = np.ptp(values, axis=0) > 1e-9
    return tuple(name for name, varies in zip(names, differ, strict=True) if varies), values[:, differ]
