"""Statistics of worlds: means, quantiles, and the difference of two plans world by world with a verdict.

Two plans are run in the same worlds (same seed and replicate), so that what is compared is B - A world by world.
A world is luck and ignorance: its draws, and its own plausible parameter values. The interval is that of the mean
over both.

The verdict is that of a three-sided test [1]_: it asks on which side of the smallest difference that matters, m, the
interval lies. The interval holds for skewed differences with many ties: it is the wider of Student's and of one that
undoes the skewness by Hall's cubic transformation [2]_, [3]_. Several measures share simultaneous intervals: the
largest of their t statistics, over the same worlds, stays below a common bound [4]_. A share of worlds has its exact
interval [5]_.

References
----------
.. [1] Goeman, Solari & Stijnen (2010). Three-sided hypothesis testing. Statistics in Medicine 29.
.. [2] Johnson (1978). Modified t tests and confidence intervals for asymmetrical populations. JASA 73.
.. [3] Hall (1992). On the removal of skewness by transformation. JRSS B 54.
.. [4] Romano & Wolf (2005). Exact and approximate stepdown methods for multiple hypothesis testing. JASA 100.
.. [5] Clopper & Pearson (1934). The use of confidence or fiducial limits. Biometrika 26.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from sim.engine.randomness import Decision, entity_key, uniform_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

CONFIDENCE = 0.95
#: Bootstrap samples, where there are any.
RESAMPLES = 2_000
#: Quantile of the normal distribution that bounds a 95 % interval: two standard errors, a little more than 1.96, for
#: what the approximation lacks.
TWO_ERRORS = 2.0
#: Chance that any headline verdict is false, the goal measure's among them.
FALSE_ALARM = 0.0525
#: With fewer differing worlds than this the mean has no interval.
LEAST_DIFFERING = 10
#: A question that needs more worlds than this is not settled by more worlds.
MOST_WORLDS = 50_000
#: Chance of a verdict that advice on worlds aims at, to give 80 %: skewed differences vary more than few worlds show.
POWER = 0.85
#: Quantile of the normal distribution for 95 % intervals.
NORMAL_95 = 1.959964
_MAXIMA = 20_000  # draws of the largest t statistic


class Verdict(StrEnum):
    """What an interval says of B against A."""

    HIGHER = "higher"
    LOWER = "lower"
    SAME = "same"  # no difference that matters
    UNDECIDED = "undecided"
    RARE = "rare"  # too few worlds differ for an interval
    NONE = "none"  # not asked, or not to be answered


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

    Attributes
    ----------
    difference, low, high
        Mean of B - A and its interval; NaN where there is none.
    lower, equal, higher
        Worlds in which B is lower, equal, higher.
    pairs
        All worlds; those without a value in either plan are in none of the three.
    matters
        Smallest difference that matters.
    verdict
        Read from the interval.
    size
        Mean of B - A over the worlds that differ.
    worlds_needed
        Worlds that give a verdict with a chance of 80 %; infinity where `MOST_WORLDS` do not, NaN where there is one
        or none to be had.
    """

    difference: float
    low: float
    high: float
    lower: int
    equal: int
    higher: int
    pairs: int
    matters: float
    verdict: Verdict
    size: float
    worlds_needed: float

    @property
    def pairs_used(self) -> int:
        """Worlds with a value under both plans."""
        return self.lower + self.equal + self.higher

    @property
    def differing(self) -> int:
        """Worlds in which the plans differ."""
        return self.lower + self.higher

    def ahead(self, direction: int) -> tuple[float, float, float]:
        """Shares of the worlds in which A is ahead, both are equal, and B is ahead.

        Where less is better (``direction`` -1), a world goes to the one with less.
        """
        counts = (self.higher, self.equal, self.lower) if direction < 0 else (self.lower, self.equal, self.higher)
        used = max(self.pairs_used, 1)
        return counts[0] / used, counts[1] / used, counts[2] / used

    def judged(self, matters: float) -> Verdict:
        """Read the interval against another smallest difference that matters."""
        if self.verdict in (Verdict.NONE, Verdict.RARE) or not self.differing:
            return self.verdict
        return judge(self.low, self.high, matters)

    @property
    def known(self) -> tuple[bool, bool]:
        """Whether the interval excludes that B is lower at all, or by more than matters; and that B is higher."""
        return self.low > 0.0, self.high < 0.0


def judge(low: float, high: float, matters: float) -> Verdict:
    """Read a verdict from an interval and the smallest difference that matters."""
    if not low <= high:  # NaN: no interval
        return Verdict.RARE
    if low > matters:
        return Verdict.HIGHER
    if high < -matters:
        return Verdict.LOWER
    return Verdict.SAME if -matters <= low and high <= matters and matters > 0.0 else Verdict.UNDECIDED


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


# ---------------------------------------------------------------------- pairs


def compare_pairs(
    differences: NDArray[np.float64],
    matters: Sequence[float],
    *,
    groups: Sequence[int] | None = None,
    reach: Sequence[float] | None = None,
    seed: int = 0,
) -> list[Paired]:
    """Compare two plans in every column of a table of differences.

    Parameters
    ----------
    differences
        B - A: worlds (rows) by measures (columns); NaN where a world has no value in either.
    matters
        (measures,) smallest difference that matters, 0 for none.
    groups
        (measures,) 0: goal measures, whose intervals hold together at 95 %; 1: the other headline measures, whose
        intervals hold together beside those; -1: no verdict, and an interval of its own. Default: each by itself.
    reach
        (measures,) largest possible size of a difference, infinity where none is declared.
    seed
        Key of the draws of the largest t statistic.

    Returns
    -------
    list of Paired
        One a column.
    """
    columns = differences.shape[1]
    asked = np.array([-2] * columns if groups is None else groups)
    limits = np.full(columns, math.inf) if reach is None else np.asarray(reach, float)
    there = np.isfinite(differences)
    found = np.where(there, differences, 0.0)
    used = there.sum(axis=0)
    mean = found.sum(axis=0) / np.maximum(used, 1)
    centred = np.where(there, differences - mean, 0.0)
    deviation = np.sqrt((centred**2).sum(axis=0) / np.maximum(used - 1, 1))
    varies = deviation > 1e-12 * np.maximum(np.abs(mean), 1e-12)
    scale = np.where(varies, deviation, 1.0)
    skewness = ((centred / scale) ** 3).sum(axis=0) / np.maximum(used, 1)
    higher, lower = ((found > 0.0) & there).sum(axis=0), ((found < 0.0) & there).sum(axis=0)
    enough = (higher + lower >= LEAST_DIFFERING) & varies
    bounds = _bounds(centred / scale, used, np.where(enough, asked, -3), seed)
    rows = []
    for column in range(columns):
        level = float(bounds[column])
        counts = int(lower[column]), int(used[column] - lower[column] - higher[column]), int(higher[column])
        low, high = math.nan, math.nan
        if enough[column]:
            low, high = interval(
                float(mean[column]), float(deviation[column]), float(skewness[column]), int(used[column]), level
            )
        elif counts[0] + counts[2] >= LEAST_DIFFERING:  # every world differs by the same
            low = high = float(mean[column])
        elif math.isfinite(limits[column]) and used[column]:
            low, high = _interval_of_few(counts, float(limits[column]))
        rows.append(_paired(float(mean[column]), float(deviation[column]), low, high, counts, len(differences),
                            float(matters[column]), int(asked[column]), level))  # fmt: skip
    return rows


def _paired(
    mean: float, deviation: float, low: float, high: float, counts: tuple[int, int, int], pairs: int,
    matters: float, group: int, level: float,
) -> Paired:  # fmt: skip
    used, differing = sum(counts), counts[0] + counts[2]
    if not used:
        nothing = math.nan
        return Paired(nothing, nothing, nothing, 0, 0, 0, pairs, matters, Verdict.NONE, nothing, nothing)
    if not differing:
        low = high = 0.0
    few = Verdict.RARE if used < LEAST_DIFFERING else Verdict.SAME
    verdict = judge(low, high, matters) if differing else few
    if group == -1:
        verdict = Verdict.NONE
    size = mean * used / differing if differing else 0.0
    needed = math.nan
    if verdict is Verdict.UNDECIDED and differing >= LEAST_DIFFERING:
        needed = worlds_for_verdict(mean, deviation, used, matters, level)
    return Paired(mean, low, high, *counts, pairs, matters, verdict, size, needed)


def interval(mean: float, deviation: float, skewness: float, worlds: int, level: float) -> tuple[float, float]:
    """Interval of a mean: the wider of Student's and of the one that undoes the skewness.

    Parameters
    ----------
    mean, deviation, skewness, worlds
        Of the sample.
    level
        Quantile of t that bounds the interval, from `student`.
    """
    error = deviation / math.sqrt(worlds)
    a = skewness / math.sqrt(worlds)

    def undone(t: float) -> float:
        # Solves t = x + a x^2 / 3 + a^2 x^3 / 27 + a / 6 for x.
        return t if abs(a) < 1e-8 else 3.0 / a * (float(np.cbrt(1.0 + a * (t - a / 6.0))) - 1.0)

    return mean - error * max(level, undone(level)), mean + error * max(level, -undone(-level))


def _interval_of_few(counts: tuple[int, int, int], reach: float) -> tuple[float, float]:
    """Interval of a mean of which only bounds are known: worlds that differ may differ as much as they can."""
    used = sum(counts)
    return -reach * share_interval(counts[0], used)[1], reach * share_interval(counts[2], used)[1]


def share_interval(number: int, worlds: int) -> tuple[float, float]:
    """Exact 95 % interval of a share of worlds."""
    from scipy.special import betaincinv

    tail = (1.0 - CONFIDENCE) / 2.0
    low = float(betaincinv(number, worlds - number + 1, tail)) if number else 0.0
    high = float(betaincinv(number + 1, worlds - number, 1.0 - tail)) if number < worlds else 1.0
    return low, high


# ---------------------------------------------------------------------- bounds on t


def student(z: float, worlds: int) -> float:
    """Quantile of t that is as far out as one of the normal distribution, for so many worlds."""
    from scipy.special import ndtr, stdtrit

    return float(-stdtrit(max(worlds - 1, 1), ndtr(-z)))


def _bounds(
    standard: NDArray[np.float64], used: NDArray[np.int64], groups: NDArray[np.int64], seed: int
) -> NDArray[np.float64]:
    """Bound on t of each column, (columns,): of its own, or common to its group."""
    normal = np.full(len(groups), TWO_ERRORS)
    goal, rest = groups == 0, groups == 1
    together = goal | rest
    if together.sum() > 1:
        root = np.sqrt(np.maximum(used[together], 1))
        related = standard[:, together].T @ standard[:, together] / np.outer(root, root)
        first, others = largest_together(related, goal[together], seed)
        normal[goal], normal[rest] = first, others
    return np.array([student(float(z), int(n)) for z, n in zip(normal, used, strict=True)])


def largest_together(related: NDArray[np.float64], goal: NDArray[np.bool_], seed: int) -> tuple[float, float]:
    """Bound the largest of correlated normal variables: of those of the goal at 95 %, and of the others beside them.

    Parameters
    ----------
    related
        (variables, variables) correlations.
    goal
        (variables,) which are of the goal.
    seed
        Key of the draws.
    """
    values, vectors = np.linalg.eigh(related)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    size = np.sqrt(np.maximum((root**2).sum(axis=1), 1e-12))
    drawn = np.abs(_normals(seed, len(related)) @ (root / size[:, None]).T)
    first = TWO_ERRORS
    if goal.sum() > 1:
        first = max(TWO_ERRORS, float(np.quantile(drawn[:, goal].max(axis=1), CONFIDENCE)))
    if goal.all():
        return first, first
    others = drawn[:, ~goal].max(axis=1)
    # The goal uses up its own chance of a false alarm; the others have what is left beside it.
    held = (drawn[:, goal] <= first).all(axis=1) if goal.any() else np.ones(len(drawn), bool)
    left = FALSE_ALARM - (1.0 - float(held.mean())) if goal.any() else 1.0 - CONFIDENCE
    spare = max(left, 0.1 * FALSE_ALARM) * len(drawn) / max(int(held.sum()), 1)
    return first, max(TWO_ERRORS, float(np.quantile(others[held], 1.0 - spare)))


@cache
def _normals(seed: int, variables: int) -> NDArray[np.float64]:
    from scipy.special import ndtri

    drawn = np.empty((_MAXIMA // 2, variables))
    uniform_table(seed, int(Decision.BOOTSTRAP), entity_key("largest together"), drawn)
    half = ndtri(np.maximum(drawn, 1e-16))
    return np.vstack([half, -half])


# ---------------------------------------------------------------------- advice


def worlds_for_verdict(mean: float, deviation: float, worlds: int, matters: float, level: float) -> float:
    """Smallest number of fresh worlds whose chance of a verdict is 80 %.

    The chance is averaged over what the true difference may be, given the worlds so far.

    Returns
    -------
    float
        Rounded up to two digits; infinity where `MOST_WORLDS` are too few.
    """
    from scipy.special import ndtr

    numbers = _two_digits()
    numbers = numbers[numbers > worlds]
    half = level * deviation / np.sqrt(numbers)
    spread = deviation * np.sqrt(1.0 / worlds + 1.0 / numbers)
    if deviation <= 0.0 or not len(numbers):
        return math.inf
    chance = ndtr((mean - matters - half) / spread) + ndtr((-mean - matters - half) / spread)
    if matters > 0.0:
        chance += np.maximum(0.0, ndtr((matters - half - mean) / spread) - ndtr((half - matters - mean) / spread))
    enough = chance >= POWER
    return float(numbers[int(enough.argmax())]) if enough.any() else math.inf


@cache
def _two_digits() -> NDArray[np.float64]:
    found = sorted({lead * 10.0**power for lead in range(10, 100) for power in range(5)})
    return np.array([number for number in found if number <= MOST_WORLDS])


def effective_size(weights: NDArray[np.float64]) -> float:
    """Number of equally weighted items that would say as much."""
    return float(weights.sum() ** 2 / np.dot(weights, weights))
