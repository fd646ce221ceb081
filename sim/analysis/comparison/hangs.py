"""What a difference hangs on: the uncertain values that turn it, and what it is worth to find one out first.

Worlds draw their parameters from plausible sets, so that the worlds of a comparison already tell how the difference
moves with each of them. A curve (a line and a bend, over the ranks of the values) is fitted to the sums of each set.
What chance alone reaches is found by dealing the values out anew among the sets; a value counts where it moves the
difference more than the largest of all does then, in 95 of 100 deals [1]_. The worth of finding a value out (EVPPI,
the expected value of partial perfect information [2]_) is cross-fitted: the better plan is chosen from a curve that was
fitted to other sets.

References
----------
.. [1] Westfall & Young (1993). Resampling-Based Multiple Testing. Wiley.
.. [2] Strong, Oakley & Brennan (2014). Estimating multiparameter partial expected value of perfect information from a
   probabilistic sensitivity analysis sample: a nonparametric regression approach. Medical Decision Making 34.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.randomness import Decision, entity_key, uniform_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from sim.ensemble import Ensemble

    Numbers = NDArray[np.float64]

#: Times that values are dealt out anew.
DEALS = 400
#: Rank correlation over the sets from which on two values are known only together.
TOGETHER = 0.5
#: With fewer sets there is no curve to be found.
LEAST_SETS = 30
_DEALS_OF_WORTH = 200
_LEVEL = 0.95
_FOLDS = 8
_AT = np.linspace(0.05, 0.95, 19)  # ranks at which a curve is read
_MOST = 4  # drivers whose curves are put together
_INSIDE = 0.1  # share of plausible assumptions from which on a verdict turns


@dataclass(frozen=True)
class Driver:
    """One uncertain value that moves a difference.

    Attributes
    ----------
    name
        The parameter, or the start value.
    together
        Others that are known only together with it.
    moves
        How far the mean difference goes up (or down, below 0) from the low to the high end of the middle nine tenths
        of its values, along the curve; the largest step if it turns back.
    turns_at
        Value at which the mean difference changes its sign; NaN if it does not.
    """

    name: str
    together: tuple[str, ...]
    moves: float
    turns_at: float


@dataclass(frozen=True)
class Worth:
    """What it is worth to find a value out before choosing a plan, in the unit of the goal measure."""

    name: str
    together: tuple[str, ...]
    worth: float


@dataclass(frozen=True)
class Curves:
    """How one difference moves with every uncertain value.

    Attributes
    ----------
    names
        Of the values.
    moves
        (values,) as in `Driver`.
    chance
        What the largest of all reaches by chance, in 95 of 100 deals.
    drivers
        Those above it, the strongest first.
    predicted, weights
        (sets,) mean difference of each plausible set as the drivers have it, and the weight of the set.
    """

    names: tuple[str, ...]
    moves: Numbers
    chance: float
    drivers: tuple[Driver, ...]
    predicted: Numbers
    weights: Numbers


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
    asked
        Whether anything could be found: worlds draw plausible values, of enough sets.
    """

    worlds: int
    curves: Mapping[tuple[int, str], Curves] = field(default_factory=dict)
    worth: tuple[Worth, ...] = ()
    matters: Mapping[str, float] = field(default_factory=dict)
    asked: bool = False

    def drivers(self, b: int, measure: str) -> tuple[Driver, ...]:
        """What the difference of a measure hangs on, the strongest first."""
        found = self.curves.get((b, measure))
        return () if found is None else found.drivers

    def beyond(self, b: int, measure: str, sign: float) -> float:
        """Share of the plausible sets whose mean difference is beyond what matters, on the side of a sign."""
        found = self.curves.get((b, measure))
        if found is None:
            return math.nan
        return float(found.weights[sign * found.predicted > self.matters[measure]].sum())

    def document(self) -> dict[str, Any]:
        """Return it as plain numbers."""
        return {
            "worlds": self.worlds,
            "asked": self.asked,
            "drivers": [
                {"b": b, "measure": name, "value": one.name, "together": list(one.together), "moves": one.moves,
                 "turns_at": one.turns_at, "chance": curves.chance}
                for (b, name), curves in self.curves.items()
                for one in curves.drivers
            ],
            "worth_finding_out": [
                {"value": one.name, "together": list(one.together), "worth": one.worth} for one in self.worth
            ],
        }  # fmt: skip


@dataclass(frozen=True)
class Uncertain:
    """Uncertain values, and which of their rows each world has.

    Attributes
    ----------
    names
        (values,)
    values
        (rows, values): plausible sets, or worlds where each has its own.
    rows
        (worlds,) row of each world.
    weights
        (rows,) summing to 1.
    """

    names: tuple[str, ...]
    values: Numbers
    rows: NDArray[np.int64]
    weights: Numbers


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
    kinds = [_Kind(one, seed) for one in uncertain if one.names and len(np.unique(one.rows)) >= LEAST_SETS]
    if not kinds or not differences:
        return Hangs(len(next(iter(differences.values()), ())))
    level = 1.0 - (1.0 - _LEVEL) / len(kinds)
    table = np.column_stack(list(differences.values()))
    scans = [kind.scan(table, level) for kind in kinds]
    curves = {}
    for column, key in enumerate(differences):
        first = scans[0][column]
        drivers = tuple(driver for scan in scans for driver in scan[column].drivers)
        curves[key] = Curves(first.names, first.moves, first.chance, drivers, first.predicted, first.weights)
    about_goal = [place for place, (_, name) in enumerate(differences) if name == goal]
    worth: list[Worth] = []
    if about_goal and direction:
        worth = [found for kind in kinds for found in kind.worth(direction * table[:, about_goal], level)]
    worth.sort(key=lambda one: -one.worth)
    return Hangs(len(table), curves, tuple(worth), dict(matters), True)


class _Kind:
    """Values of one kind, made ready: their curves over ranks, and how they are dealt out anew."""

    def __init__(self, uncertain: Uncertain, seed: int) -> None:
        present, self.row = np.unique(uncertain.rows, return_inverse=True)
        self.names = uncertain.names
        self.values = uncertain.values[present]
        self.weights = uncertain.weights[present] / uncertain.weights[present].sum()
        self.sets = len(present)
        self.basis = _basis(self.values)
        self.read = _curve((_AT - 0.5)[:, None], self.sets)[:, 0]
        drawn = np.empty((DEALS, self.sets))
        uniform_table(seed, int(Decision.BOOTSTRAP), entity_key("values dealt out anew"), drawn)
        self.deals = np.argsort(drawn, axis=1, kind="stable")
        self.groups = _groups(self.values)

    def sums(self, table: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """Sums over the worlds of each set, less the mean; the mean; worlds for a set on average: (sets, columns)."""
        there = np.isfinite(table)
        count = np.maximum(there.sum(axis=0), 1)
        mean = np.where(there, table, 0.0).sum(axis=0) / count
        centred = np.where(there, table - mean, 0.0)
        found = np.zeros((self.sets, table.shape[1]))
        np.add.at(found, self.row, centred)
        return found, mean, count / self.sets

    def scan(self, table: Numbers, level: float) -> list[Curves]:
        """Curves of every column."""
        sums, mean, each = self.sums(table)
        slopes = np.einsum("sfk,sc->cfk", self.basis, sums) / each[:, None, None]
        flat = self.basis.reshape(self.sets, -1)
        largest = np.empty((DEALS, table.shape[1]))
        for number, deal in enumerate(self.deals):
            by_chance = (flat.T @ sums[deal]).reshape(len(self.names), 2, -1) / each
            along = np.einsum("uk,fkc->ufc", self.read, by_chance)
            largest[number] = (along.max(axis=0) - along.min(axis=0)).max(axis=0)
        chance = np.quantile(largest, level, axis=0)
        return [
            self._curves(slopes[column], float(mean[column]), float(chance[column])) for column in range(table.shape[1])
        ]

    def _curves(self, slopes: Numbers, mean: float, chance: float) -> Curves:
        along = slopes @ self.read.T  # (values, ranks)
        swing = along.max(axis=1) - along.min(axis=1)
        rises = np.argmax(along, axis=1) > np.argmin(along, axis=1)
        moves = np.where(rises, swing, -swing)
        above = [int(place) for place in np.argsort(-swing, kind="stable") if swing[place] > chance]
        drivers: list[Driver] = []
        told: set[int] = set()
        predicted = np.full(self.sets, mean)
        for place in above:
            if place in told:
                continue
            group = self.groups[place]
            told |= set(group)
            if len(drivers) < _MOST:
                predicted = predicted + self.basis[:, place] @ slopes[place]
            others = tuple(self.names[other] for other in group if other != place)
            turns = self._turns_at(place, mean + along[place])
            drivers.append(Driver(self.names[place], others, float(moves[place]), turns))
        return Curves(self.names, moves, chance, tuple(drivers), predicted, self.weights)

    def _turns_at(self, place: int, along: Numbers) -> float:
        """Value at which a curve changes its sign first."""
        crossed = np.flatnonzero(along[:-1] * along[1:] < 0.0)
        if not len(crossed):
            return math.nan
        k = int(crossed[0])
        rank = _AT[k] + (_AT[k + 1] - _AT[k]) * along[k] / (along[k] - along[k + 1])
        return float(np.quantile(self.values[:, place], rank))

    def worth(self, gains: Numbers, level: float) -> list[Worth]:
        """Values that are worth finding out; ``gains`` are those of the later plans over the first, (worlds, plans)."""
        sums, mean, each = self.sums(gains)
        deals = self.deals[:_DEALS_OF_WORTH]
        ordered = np.stack([sums, *(sums[deal] for deal in deals)], axis=1)  # (sets, deals, plans)
        sizes = np.bincount(self.row, minlength=self.sets).astype(float)
        worlds = np.stack([sizes, *(sizes[deal] for deal in deals)], axis=1)
        total = ordered + worlds[:, :, None] * mean  # what the worlds of a set gain
        fold = np.argsort(np.argsort(self.deals[0], kind="stable"), kind="stable") % _FOLDS
        groups = sorted(set(self.groups))
        won = np.zeros((len(groups), ordered.shape[1]))
        for number in range(_FOLDS):
            held, rest = fold == number, fold != number
            share = float(rest.sum()) / self.sets
            level_of_rest = mean + ordered[rest].sum(axis=0) / (each * rest.sum())  # (deals, plans)
            flat = ordered[rest].reshape(int(rest.sum()), -1)
            for place, group in enumerate(groups):
                shapes = self.basis[:, list(group)].reshape(self.sets, -1)
                slope = (
                    shapes[rest].T @ flat / share
                    if len(group) == 1
                    else np.linalg.lstsq(shapes[rest], flat, rcond=None)[0]
                )
                curve = (shapes[held] @ slope).reshape(int(held.sum()), *ordered.shape[1:]) / each
                expected = level_of_rest + curve
                chosen = (expected == expected.max(axis=2, keepdims=True)) & (expected > 0.0)
                won[place] += np.einsum("sdp,sdp->d", total[held], chosen)
        won = won / len(gains) - max(0.0, float(mean.max()))
        floor = max(0.0, float(np.quantile(won[:, 1:].max(axis=0), level)))
        found = []
        for place, group in enumerate(groups):
            if won[place, 0] > floor + 1e-12:
                worth = float(won[place, 0] - max(0.0, float(won[place, 1:].mean())))
                names = [self.names[one] for one in group]
                found.append(Worth(names[0], tuple(names[1:]), worth))
        return found


def _curve(centred: Numbers, sets: int) -> Numbers:
    """A line and a bend over centred ranks (-1/2 to 1/2), (..., 2); over ``sets`` even ranks both have length 1."""
    line = centred * math.sqrt(12.0)
    bend = math.sqrt(180.0) * (centred**2 - 1.0 / 12.0)
    return np.stack([line, bend], axis=-1) / math.sqrt(sets)


def _basis(values: Numbers) -> Numbers:
    """Line and bend of every value, (rows, values, 2)."""
    return _curve((_ranks(values) - 0.5) / len(values) - 0.5, len(values))


def _ranks(values: Numbers) -> Numbers:
    import pandas as pd

    return pd.DataFrame(values).rank().to_numpy(float)


def _groups(values: Numbers) -> list[tuple[int, ...]]:
    """Values that are known only together with each value, itself among them; the same for all of a group."""
    import networkx as nx

    ranks = _ranks(values) - (len(values) + 1) / 2.0
    size = np.sqrt((ranks**2).sum(axis=0))
    related = np.abs(ranks.T @ ranks) / np.maximum(np.outer(size, size), 1e-12) >= TOGETHER
    groups = nx.connected_components(nx.from_numpy_array(related))
    found = {one: tuple(sorted(group)) for group in groups for one in group}
    return [found[one] for one in range(values.shape[1])]


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
