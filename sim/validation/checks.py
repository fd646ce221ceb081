"""One line of the validation table: an estimate with its interval, held against a threshold."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

CONFIDENCE = 0.90
_NORMAL = 1.645  # half width of the 90 % interval in standard errors
_MEANS = 1000  # resamples of a ratio of means
_STATISTICS = 100  # resamples of any other statistic

Use = Literal["CAL", "VER"]


@dataclass(frozen=True)
class Check:
    """One line of the validation table.

    Attributes
    ----------
    id, check
        Pattern and what it asks, in words.
    value, low, high
        Point estimate and 90 % interval; NaN where no world could answer.
    threshold
        What passes, in words.
    passed
        The estimate meets the threshold (so the interval cannot lie wholly outside it).
    use
        "CAL" may set parameters, "VER" verifies the code.
    worlds
        Replicates behind the number (0: exact).
    least, most
        The threshold in numbers.
    counted
        A share of worlds, so that chance is binomial.
    """

    id: str
    check: str
    value: float
    low: float
    high: float
    threshold: str
    passed: bool
    use: Use
    worlds: int
    least: float = -math.inf
    most: float = math.inf
    counted: bool = False

    @property
    def settled(self) -> bool:
        """Whether the whole interval says the same as the estimate: more worlds would not change the result."""
        return all((self.least <= bound <= self.most) == self.passed for bound in (self.low, self.high))


class Estimate(NamedTuple):
    """A number with its 90 % interval."""

    value: float
    low: float
    high: float


UNKNOWN = Estimate(math.nan, math.nan, math.nan)


def judge(
    identifier: str,
    words: str,
    estimate: Estimate,
    *,
    worlds: int,
    least: float = -math.inf,
    most: float = math.inf,
    strictly: bool = False,
    use: Use = "CAL",
    counted: bool = False,
) -> Check:
    """Hold an estimate against the range it should lie in.

    Parameters
    ----------
    identifier, words
        Pattern and what it asks.
    estimate
        What was measured.
    worlds
        Replicates behind it.
    least, most
        The range; an open end is infinite.
    strictly
        The ends themselves do not pass.
    use
        "CAL" or "VER".
    counted
        A share of worlds.
    """
    value, low, high = (float(number) for number in estimate)
    passed = least < value < most if strictly else least <= value <= most
    threshold = _range(least, most, strictly)
    return Check(identifier, words, value, low, high, threshold, passed, use, worlds, least, most, counted)


def _range(least: float, most: float, strictly: bool) -> str:
    low, high = (f"{bound:,.0f}" if abs(bound) >= 1000 else f"{bound:g}" for bound in (least, most))
    if least == most:
        return low
    if math.isinf(most):
        return f"> {low}" if strictly else f">= {low}"
    if math.isinf(least):
        return f"< {high}" if strictly else f"<= {high}"
    return f"{low} to {high}"


def at_least(identifier: str, words: str, hits: NDArray[Any], least: float, use: Use = "CAL") -> Check:
    """Expect a share of worlds that is not smaller."""
    return judge(identifier, words, share(hits), worlds=len(hits), least=least, use=use, counted=True)


def at_most(identifier: str, words: str, hits: NDArray[Any], most: float, use: Use = "CAL") -> Check:
    """Expect a share of worlds that is not larger."""
    return judge(identifier, words, share(hits), worlds=len(hits), most=most, use=use, counted=True)


def between(identifier: str, words: str, hits: NDArray[Any], least: float, most: float, use: Use = "CAL") -> Check:
    """Expect a share of worlds that is neither smaller nor larger: where both sides are known."""
    return judge(identifier, words, share(hits), worlds=len(hits), least=least, most=most, use=use, counted=True)


def formula(
    identifier: str,
    words: str,
    value: float,
    *,
    least: float = -math.inf,
    most: float = math.inf,
    strictly: bool = False,
    use: Use,
) -> Check:
    """Expect a number that follows from the parameters alone, without chance."""
    exact = Estimate(value, value, value)
    return judge(identifier, words, exact, worlds=0, least=least, most=most, strictly=strictly, use=use)


# --- estimates --------------------------------------------------------------------------------------------------------


def share(hits: NDArray[Any]) -> Estimate:
    """Share of true values with its Wilson interval."""
    from scipy import stats

    if len(hits) == 0:
        return UNKNOWN
    interval = stats.binomtest(int(np.sum(hits)), len(hits)).proportion_ci(CONFIDENCE, method="wilson")
    return Estimate(float(np.mean(hits)), float(interval.low), float(interval.high))


def mean(values: ArrayLike) -> Estimate:
    """Mean over worlds with its normal interval."""
    found = np.asarray(values, float)
    if len(found) == 0:
        return UNKNOWN
    middle, half = float(found.mean()), _NORMAL * float(found.std()) / math.sqrt(len(found))
    return Estimate(middle, middle - half, middle + half)


def ratio(upper: ArrayLike, lower: ArrayLike) -> Estimate:
    """Ratio of two means over the same worlds with the interval of a keyed bootstrap."""
    return over(lambda a, b: a / b, upper, lower)


def over(statistic: Callable[..., Any], *columns: ArrayLike) -> Estimate:
    """Compute a statistic of the means of several columns over the same worlds, with the interval of a keyed bootstrap.

    Parameters
    ----------
    statistic
        Takes one mean a column (a number, or an array over resamples) and is finite or not.
    columns
        One number a world each.
    """
    from sim.engine.randomness import entity_key, resample

    found = [np.ascontiguousarray(column, float) for column in columns]
    if len(found[0]) == 0:
        return UNKNOWN
    drawn = [np.empty(_MEANS) for _ in found]
    for values, out in zip(found, drawn, strict=True):
        resample(values, 0, entity_key("ratio"), out)  # one key: a world keeps its columns together
    with np.errstate(divide="ignore", invalid="ignore"):
        value = float(statistic(*(np.float64(values.mean()) for values in found)))
        low, high = interval_of(statistic(*drawn))
    return Estimate(value, low, high)


def resampled(size: int, statistic: Callable[[NDArray[np.int64]], float]) -> Estimate:
    """Compute a statistic of worlds that is no mean, with the interval of a keyed bootstrap.

    Parameters
    ----------
    size
        Number of worlds (or spells).
    statistic
        Takes row numbers, which may repeat.
    """
    from sim.engine.randomness import Decision, entity_key, uniform

    if size == 0:
        return UNKNOWN
    key = entity_key("median weeks away")
    draws = [
        statistic(np.array([int(size * uniform(b, 0, int(Decision.BOOTSTRAP), key, k)) for k in range(size)], np.int64))
        for b in range(_STATISTICS)
    ]
    return Estimate(statistic(np.arange(size)), *interval_of(np.array(draws)))


def interval_of(draws: NDArray[np.float64]) -> tuple[float, float]:
    """Return the middle 90 % of resamples; infinite ones count as large, undefined ones are left out."""
    ordered = np.sort(draws[~np.isnan(draws)])
    if len(ordered) == 0:
        return math.nan, math.nan
    last = len(ordered) - 1
    low, high = math.floor(last * (1 - CONFIDENCE) / 2), math.ceil(last * (1 + CONFIDENCE) / 2)
    return float(ordered[low]), float(ordered[high])
