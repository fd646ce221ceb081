"""Statistics of paired worlds: quantiles, the paired difference with its interval, and a verdict.

Two plans are run in the same worlds (same seed and replicate), so that what is compared is B - A world by world.
The interval is a percentile bootstrap of the mean difference [1]_, with keyed draws: the same question always
gets the same interval.

References
----------
.. [1] Efron & Tibshirani (1993). An Introduction to the Bootstrap. Chapman & Hall. Chapter 13.
"""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.engine.randomness import entity_key, resample

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

RESAMPLES = 2_000
CONFIDENCE = 0.95
#: Share of worlds from which on B (or A) may be called ahead.
AHEAD = 0.55
#: Below so many pairs a percentile interval is known to be too narrow, and reports say so.
FEW_PAIRS = 30
#: A question that needs more worlds than this is not settled by more worlds.
MOST_WORLDS = 1_000_000
#: (1.960 + 0.842)^2 / 1.960^2: to find a true difference in 80 of 100 studies, not only in half of them.
_POWER = 2.04
#: Quantile of the normal distribution for 95 % intervals.
NORMAL_95 = 1.959964
#: Compiled, therefore without types of its own.
_resample: Callable[[NDArray[np.float64], int, int, NDArray[np.float64]], None] = resample


@dataclass(frozen=True, slots=True)
class Summary:
    """One measure over the worlds of one scenario; NaN where no world has a value."""

    median: float
    p10: float
    p90: float
    mean: float
    missing: float


@dataclass(frozen=True, slots=True)
class Paired:
    """One measure in B against A, world by world.

    ``difference`` is the mean of B - A with its 95 % interval ``low`` to ``high``; ``share_b_higher`` counts ties
    as half. ``worlds_needed`` is NaN where a verdict was reached, infinity where more worlds will not settle it.
    """

    difference: float
    low: float
    high: float
    share_b_higher: float
    ties: float
    pairs_used: int
    pairs: int
    verdict: str
    worlds_needed: float

    @property
    def used(self) -> float:
        """Share of the pairs in which both worlds have a value."""
        return self.pairs_used / self.pairs if self.pairs else math.nan

    def ahead(self, direction: int) -> tuple[float, float, float]:
        """Shares of the worlds in which A is ahead, both are equal, and B is ahead.

        Where less is better (``direction`` -1), a world goes to the one with less.
        """
        for_b = 1.0 - self.share_b_higher if direction < 0 else self.share_b_higher
        half = self.ties / 2.0
        return max(1.0 - for_b - half, 0.0), self.ties, max(for_b - half, 0.0)


def summarise(values: NDArray[np.float64]) -> list[Summary]:
    """Summarise every column of a table of worlds (rows) and measures (columns)."""
    ordered = np.sort(values, axis=0)  # missing values come last
    there = np.isfinite(values)
    count = there.sum(axis=0)
    total = np.where(there, values, 0.0).sum(axis=0)
    missing = 1.0 - count / max(values.shape[0], 1)
    columns = zip(
        *(_quantile(ordered, count, at) for at in (0.5, 0.1, 0.9)),
        np.where(count > 0, total / np.maximum(count, 1), np.nan),
        missing,
        strict=True,
    )
    return [Summary(*(float(number) for number in column)) for column in columns]


def _quantile(ordered: NDArray[np.float64], count: NDArray[np.int64], at: float) -> NDArray[np.float64]:
    """Quantile of the first ``count`` rows of each sorted column, linear between two worlds."""
    if not ordered.shape[0]:
        return np.full(ordered.shape[1], np.nan)
    place = at * np.maximum(count - 1, 0)
    low = np.floor(place).astype(np.int64)
    high = np.minimum(low + 1, np.maximum(count - 1, 0))
    column = np.arange(ordered.shape[1])
    below, above = ordered[low, column], ordered[high, column]
    found: NDArray[np.float64] = np.where(count > 0, below + (above - below) * (place - low), np.nan)
    return found


def mean_and_error(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Mean over the last axis, its standard error, and the number of values; missing values do not count.

    NaN where there are too few: no value for a mean, fewer than two for an error.
    """
    there = np.isfinite(values)
    count = there.sum(axis=-1)
    mean = np.where(there, values, 0.0).sum(axis=-1) / np.maximum(count, 1)
    squares = np.where(there, (values - mean[..., None]) ** 2, 0.0).sum(axis=-1)
    error = np.sqrt(squares / np.maximum(count - 1, 1) / np.maximum(count, 1))
    return np.where(count > 0, mean, np.nan), np.where(count > 1, error, np.nan), count


def compare_pairs(
    a: NDArray[np.float64],
    b: NDArray[np.float64],
    keys: Sequence[str],
    seed: int,
    *,
    resamples: int = RESAMPLES,
    threads: int | None = None,
) -> list[Paired]:
    """Compare every column of two tables of the same worlds.

    Parameters
    ----------
    a, b
        Worlds (rows) by measures (columns); a pair with a missing value in either does not count.
    keys
        One text a column that names the question: it keys the bootstrap.
    seed
        Seed of the worlds, which keys the bootstrap too.
    resamples
        Bootstrap samples.
    threads
        Threads to use, default all; results do not depend on it.

    Returns
    -------
    list of Paired
        One a column.
    """
    difference = np.ascontiguousarray((b - a).T)

    def one(column: int) -> Paired:
        return _paired(difference[column], entity_key(keys[column]), seed, resamples)

    with ThreadPoolExecutor(threads or os.cpu_count() or 1) as pool:
        return list(pool.map(one, range(len(keys))))


def _paired(difference: NDArray[np.float64], key: int, seed: int, resamples: int) -> Paired:
    pairs = int(difference.shape[0])
    found = np.ascontiguousarray(difference[np.isfinite(difference)])
    used = int(found.shape[0])
    if used == 0:
        nan = math.nan
        return Paired(nan, nan, nan, nan, nan, 0, pairs, "undecided", nan)
    higher, equal = int((found > 0.0).sum()), int((found == 0.0).sum())
    share, ties = (higher + 0.5 * equal) / used, equal / used
    if equal == used:
        return Paired(0.0, 0.0, 0.0, 0.5, 1.0, used, pairs, "identical", math.nan)
    mean = float(found.mean())
    low, high = _interval(found, key, seed, resamples)
    if low > 0.0 and share >= AHEAD:
        verdict = "B higher"
    elif high < 0.0 and share <= 1.0 - AHEAD:
        verdict = "A higher"
    else:
        verdict = "undecided"
    needed = worlds_needed(mean, low, high, share, used, ties) if verdict == "undecided" else math.nan
    return Paired(mean, low, high, share, ties, used, pairs, verdict, needed)


def _interval(found: NDArray[np.float64], key: int, seed: int, resamples: int) -> tuple[float, float]:
    if found.shape[0] < 2:  # one pair is an anecdote: it says nothing about its own uncertainty
        return math.nan, math.nan
    if found.min() == found.max():
        return float(found[0]), float(found[0])
    means: NDArray[np.float64] = np.empty(resamples)
    _resample(found, seed, key, means)
    tail = (1.0 - CONFIDENCE) / 2.0
    low, high = np.quantile(means, [tail, 1.0 - tail])
    return float(low), float(high)


def worlds_needed(difference: float, low: float, high: float, share: float, worlds: int, ties: float = 0.0) -> float:
    """Estimate how many worlds would settle an undecided question.

    The interval narrows with the square root of the number of worlds; it is asked to exclude 0 with a chance of
    80 %, taking the difference found as the true one.

    Returns
    -------
    float
        Number of worlds, rounded up to two digits; infinity where more worlds will not settle it: the worlds are
        split so evenly, or the difference is so small, that there is nothing to be found. NaN if the worlds so
        far cannot tell.
    """
    if worlds < 2 or not math.isfinite(high - low):
        return math.nan
    # A world scores 1, 1/2 (tie) or 0 for B; at least one world of each kind is taken as possible.
    variance = max(share - ties / 4.0 - share * share, 1.0 / worlds)
    error = math.sqrt(variance / worlds)
    # How far the share is from its mark, on the side to which the mean difference points.
    short = AHEAD - 0.5 - math.copysign(1.0, difference) * (share - 0.5)
    if short > error or difference == 0.0:
        return math.inf
    # The share, too, has to clear its mark: from as close as it is now, seen with less noise.
    by_share = worlds * (NORMAL_95 * error / max(short, 0.005)) ** 2 if short > 0.0 else 0.0
    by_interval = worlds * (0.5 * (high - low) / difference) ** 2 * _POWER
    number = max(by_share, by_interval, 2.0 * worlds)
    if number > MOST_WORLDS:
        return math.inf
    unit = 10.0 ** (math.floor(math.log10(number)) - 1)
    return math.ceil(number / unit) * unit


def effective_size(weights: NDArray[np.float64]) -> float:
    """Number of equally weighted items that would say as much."""
    return float(weights.sum() ** 2 / np.dot(weights, weights))
