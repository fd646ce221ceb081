"""What a calibration has learned: how far each parameter narrowed, what moves together, what no pattern tells."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from sim.engine.randomness import normal_quantile
from sim.parameters import REGISTRY
from sim.statistics import effective_size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


#: Share of the prior's 80 % band that has to go before a parameter counts as identified, or as informed.
IDENTIFIED = 0.5
INFORMED = 0.2
#: Chance that any correlation passes for real although none is.
_FALSE_ALARM = 0.05
_BAND = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True)
class Posterior:
    """One parameter after the calibration: median and 80 % band; ``shrinkage`` 0 is the prior, 1 a point."""

    name: str
    p10: float
    median: float
    p90: float
    shrinkage: float

    @property
    def told(self) -> str:
        """How much the patterns tell: "identified", "informed" or "not informed"."""
        return (
            "identified"
            if self.shrinkage >= IDENTIFIED
            else "informed"
            if self.shrinkage >= INFORMED
            else "not informed"
        )


@dataclass(frozen=True, slots=True)
class Link:
    """A rank correlation that is stronger than chance would give among so many."""

    a: str
    b: str
    correlation: float


def posteriors(
    names: Sequence[str], places: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[Posterior, ...]:
    """Summarise every parameter; bands are compared on the scale on which the prior is flat."""
    found = []
    for column, name in enumerate(names):
        band = [weighted_quantile(places[:, column], weights, at) for at in _BAND]
        low, middle, high = (REGISTRY[name].at(place) for place in band)
        found.append(Posterior(name, low, middle, high, 1.0 - (band[2] - band[0]) / (_BAND[2] - _BAND[0])))
    return tuple(found)


def weighted_quantile(values: NDArray[np.float64], weights: NDArray[np.float64], at: float) -> float:
    """Quantile of weighted values, linear between the middles of their weights."""
    order = np.argsort(values, kind="stable")
    share = weights[order] / weights.sum()
    middle = np.cumsum(share) - 0.5 * share
    return float(np.interp(at, middle, values[order]))


def rank_correlation(a: NDArray[np.float64], b: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """Spearman's rank correlation with weights; NaN where one of them does not vary."""
    there = np.isfinite(a) & np.isfinite(b)
    if there.sum() < 3:
        return math.nan
    share = weights[there] / weights[there].sum()
    x, y = _ranks(a[there]), _ranks(b[there])
    dx, dy = x - float(share @ x), y - float(share @ y)
    spread = math.sqrt(float(share @ dx**2) * float(share @ dy**2))
    return float(share @ (dx * dy)) / spread if spread > 0.0 else math.nan


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ranks from 0; equal values share the middle of theirs."""
    ordered = np.sort(values)
    left = np.searchsorted(ordered, values, side="left")
    right = np.searchsorted(ordered, values, side="right")
    return np.asarray(0.5 * (left + right - 1.0), np.float64)


def noise_floor(weights: NDArray[np.float64], tests: int) -> float:
    """Correlation that none of so many reaches by chance, in 95 of 100 calibrations."""
    z = float(normal_quantile(1.0 - _FALSE_ALARM / (2.0 * max(tests, 1))))
    return min(1.0, z / math.sqrt(max(effective_size(weights) - 1.0, 1.0)))


def links(
    left: Sequence[tuple[str, NDArray[np.float64]]],
    weights: NDArray[np.float64],
    right: Sequence[tuple[str, NDArray[np.float64]]] | None = None,
) -> tuple[Link, ...]:
    """Return rank correlations above the noise floor, strongest first: among columns, or between two groups."""
    tests = list(combinations(left, 2)) if right is None else [(a, b) for a in left for b in right]
    floor = noise_floor(weights, len(tests))
    found = [Link(a, b, rank_correlation(x, y, weights)) for (a, x), (b, y) in tests]
    strong = [link for link in found if abs(link.correlation) > floor]  # a missing one is not
    return tuple(sorted(strong, key=lambda link: (-abs(link.correlation), link.a, link.b)))
