"""How something moves with uncertain values, found from samples that are there anyhow.

A curve (a line and a bend, over the ranks of the values) is fitted to the sums of each sample. What chance alone
reaches is found by dealing the values out anew among the samples; a value counts where it moves more than the largest
of all does then, in 95 of 100 deals [1]_. The worth of finding a value out (EVPPI, the expected value of partial
perfect information [2]_) is cross-fitted: the better plan is chosen from a curve that was fitted to other samples.

References
----------
.. [1] Westfall & Young (1993). Resampling-Based Multiple Testing. Wiley.
.. [2] Strong, Oakley & Brennan (2014). Estimating multiparameter partial expected value of perfect information from a
   probabilistic sensitivity analysis sample: a nonparametric regression approach. Medical Decision Making 34.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.engine.randomness import Decision, entity_key, uniform_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

#: Times that values are dealt out anew.
DEALS = 400
#: Rank correlation over the sets from which on two values are known only together.
TOGETHER = 0.5
#: With fewer sets there is no curve to be found.
LEAST_SETS = 30
_DEALS_OF_WORTH = 200
#: Deals in 100 that stay below what counts.
LEVEL = 0.95
_FOLDS = 8
_AT = np.linspace(0.05, 0.95, 19)  # ranks at which a curve is read
_MOST = 4  # drivers whose curves are put together


@dataclass(frozen=True)
class Driver:
    """One uncertain value that moves a difference.

    Attributes
    ----------
    name
        The parameter, or the start value.
    together
        Others that are known only together with it.
    moves, chance
        How far the mean difference goes up (or down, below 0) from the low to the high end of the middle nine tenths
        of its values, along the curve, the largest step if it turns back; and
        what the largest of all reaches by chance.
    turns_at
        Value at which the mean difference changes its sign; NaN if it does not.
    """

    name: str
    together: tuple[str, ...]
    moves: float
    chance: float
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
        (samples,) mean of each sample as the drivers have it, and the weight of the sample.
    index
        (values,) share of what differs between samples that each curve explains.
    """

    names: tuple[str, ...]
    moves: Numbers
    chance: float
    drivers: tuple[Driver, ...]
    predicted: Numbers
    weights: Numbers
    index: Numbers


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


class Fit:
    """Uncertain values made ready: their curves over ranks, and how they are dealt out anew."""

    def __init__(self, uncertain: Uncertain, seed: int) -> None:
        present, self.row = np.unique(uncertain.rows, return_inverse=True)
        self.names = uncertain.names
        self.values = uncertain.values[present]
        self.weights = uncertain.weights[present] / uncertain.weights[present].sum()
        self.sets = len(present)
        self.basis = _basis(self.values)
        # The sample whose rank is nearest to each rank at which a curve is read: (ranks, values).
        order = np.argsort(self.values, axis=0, kind="stable")
        self.at = order[np.clip(np.floor(_AT * self.sets).astype(int), 0, self.sets - 1)]
        self.read = np.take_along_axis(self.basis, self.at[:, :, None], axis=0)
        drawn = np.empty((DEALS, self.sets))
        uniform_table(seed, int(Decision.BOOTSTRAP), entity_key("values dealt out anew"), drawn)
        self.deals = np.argsort(drawn, axis=1, kind="stable")
        self.groups = _groups(uncertain.values)

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
            along = np.einsum("ufk,fkc->ufc", self.read, by_chance)
            largest[number] = (along.max(axis=0) - along.min(axis=0)).max(axis=0)
        chance = np.quantile(largest, level, axis=0)
        return [
            self._curves(slopes[column], sums[:, column] / each[column], float(mean[column]), float(chance[column]))
            for column in range(table.shape[1])
        ]

    def _curves(self, slopes: Numbers, apart: Numbers, mean: float, chance: float) -> Curves:
        along = np.einsum("ufk,fk->fu", self.read, slopes)
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
            drivers.append(Driver(self.names[place], others, float(moves[place]), chance, turns))
        index = (slopes**2).sum(axis=1) / max(float((apart**2).sum()), 1e-300)
        return Curves(self.names, moves, chance, tuple(drivers), predicted, self.weights, index)

    def _turns_at(self, place: int, along: Numbers) -> float:
        """Value at which a curve changes its sign first."""
        crossed = np.flatnonzero(along[:-1] * along[1:] < 0.0)
        if not len(crossed):
            return math.nan
        k = int(crossed[0])
        low, high = self.values[self.at[[k, k + 1], place], place]
        return float(low + (high - low) * along[k] / (along[k] - along[k + 1]))

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
                best = (expected == expected.max(axis=2, keepdims=True)) & (expected > 0.0)
                chosen = best / np.maximum(best.sum(axis=2, keepdims=True), 1)  # plans that are equal share a world
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
    """Line and bend of every value, (rows, values, 2), each of length 1 and apart from each other and from the mean."""
    found: Numbers = _curve((_ranks(values) - 0.5) / len(values) - 0.5, len(values))
    found -= found.mean(axis=0)
    line, bend = found[..., 0], found[..., 1]
    line /= np.maximum(np.linalg.norm(line, axis=0), 1e-12)
    bend -= line * (line * bend).sum(axis=0)
    size = np.linalg.norm(bend, axis=0)
    bend *= np.where(size > 1e-6, 1.0 / np.maximum(size, 1e-12), 0.0)  # two levels have no bend
    return found


def _ranks(values: Numbers) -> Numbers:
    import pandas as pd

    return pd.DataFrame(values).rank().to_numpy(float)


def _groups(values: Numbers) -> list[tuple[int, ...]]:
    """Values that are known only together with each value, itself among them; the same for all of a group."""
    import networkx as nx

    ranks = _ranks(values) - (len(values) + 1) / 2.0
    least = max(TOGETHER, 5.0 / math.sqrt(len(values)))  # with few rows chance alone relates some
    size = np.sqrt((ranks**2).sum(axis=0))
    related = np.abs(ranks.T @ ranks) / np.maximum(np.outer(size, size), 1e-12) >= least
    groups = nx.connected_components(nx.from_numpy_array(related))
    found = {one: tuple(sorted(group)) for group in groups for one in group}
    return [found[one] for one in range(values.shape[1])]
