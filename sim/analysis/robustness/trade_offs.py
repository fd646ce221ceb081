"""What weights decide: plans that no weights make the best, and weights at which another plan overtakes.

All works on one table: the mean of every measure under every plan, in units of its smallest difference that matters and
turned so that more is better. With weights w, the worth of plan p is the sum over measures of w times its entry.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.engine.randomness import entity_key, resample
from sim.statistics import CONFIDENCE, RESAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

#: Share of the resamples that have to agree before a plan is said never to be the best.
SETTLED = 0.95
#: Resamples in which the question is asked again; each is a linear programme.
_PROGRAMMES = 200
_ZERO = 1e-9
#: Compiled, therefore without types of its own.
_resample: Callable[[NDArray[np.float64], int, int, NDArray[np.float64]], None] = resample


class Estimate(NamedTuple):
    """A number with its 95 % interval; NaN where there is none."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Overshadowed:
    """A plan that is not the best for any weights from 0 on, or that another plan dominates.

    Attributes
    ----------
    plan
        Name.
    never
        Whether no weights make it the best or one of the best.
    by
        A plan that is at least as good in every measure and better in one; empty if only several together are.
    agreement
        Share of the resamples (of samples) that say the same; NaN for a single sample, which cannot tell.
    """

    plan: str
    never: bool
    by: str
    agreement: float

    @property
    def settled(self) -> bool:
        """Whether nearly all resamples agree."""
        return self.agreement >= SETTLED


@dataclass(frozen=True, slots=True)
class BreakEven:
    """The weight of one measure at which another plan draws level with the best one, other weights as given.

    Attributes
    ----------
    best, other, measure
        Plans and measure.
    given
        Weight of the measure as given.
    weight
        Weight at which both are worth the same; NaN if there is none from 0 on.
    low, high
        Its 95 % interval (keyed bootstrap of the samples); infinite where no weight is large enough.
    side
        "less" if the other plan is ahead below that weight, "more" if above; empty if there is none.
    agreement
        Share of the resamples in which there is such a weight.
    verdict
        Of the order at the given weights: "ahead", "undecided", or "identical".
    """

    best: str
    other: str
    measure: str
    given: float
    weight: float
    low: float
    high: float
    side: str
    agreement: float
    verdict: str


def resampled(columns: NDArray[np.float64], seed: int, *, resamples: int = RESAMPLES) -> NDArray[np.float64]:
    """Return means of resampled rows: (resamples, columns). Columns stay together, and every call deals alike."""
    drawn = np.empty((resamples, columns.shape[1]))
    key = entity_key("samples of a study")
    for place in range(columns.shape[1]):
        means = np.empty(resamples)
        _resample(np.ascontiguousarray(columns[:, place]), seed, key, means)
        drawn[:, place] = means
    return drawn


def interval_of(draws: NDArray[np.float64]) -> tuple[float, float]:
    """Return the middle 95 % of draws, of which some may be infinite."""
    ordered = np.sort(draws[~np.isnan(draws)])
    if len(ordered) == 0:
        return math.nan, math.nan
    tail = (len(ordered) - 1) * (1.0 - CONFIDENCE) / 2.0
    return float(ordered[math.floor(tail)]), float(ordered[math.ceil(len(ordered) - 1 - tail)])


# ---------------------------------------------------------------------- never the best


def overshadowed(plans: Sequence[str], worth: NDArray[np.float64], seed: int = 0) -> tuple[Overshadowed, ...]:
    """Find plans that no weights make the best, and plans that another one dominates.

    Parameters
    ----------
    plans
        Names.
    worth
        (samples, plans, measures) means in units of what matters, more is better.
    seed
        Key of the bootstrap.
    """
    samples, number, measures = worth.shape
    if number < 2 or measures == 0 or samples == 0:
        return ()
    means = worth.mean(axis=0)
    draws = resampled(worth.reshape(samples, -1), seed, resamples=_PROGRAMMES).reshape(-1, number, measures)
    found = []
    for place, plan in enumerate(plans):
        never, by = _margin(means, place) < -_ZERO, _dominator(means, place)
        if not never and by < 0:
            continue
        if samples < 2:
            agree = [math.nan]
        elif never and by < 0:
            agree = [_margin(draw, place) < -_ZERO for draw in draws]
        else:
            agree = [_dominates(draw[by], draw[place]) for draw in draws]
        found.append(Overshadowed(plan, never, plans[by] if by >= 0 else "", float(np.mean(agree))))
    return tuple(found)


def _margin(means: NDArray[np.float64], place: int) -> float:
    """Largest lead over the best of the others that any weights (adding up to 1) give a plan."""
    from scipy.optimize import linprog

    number, measures = means.shape
    others = np.delete(means, place, axis=0)
    # Unknown are the weights and the lead: lead <= w (own - other) for every other plan.
    limits = np.column_stack([others - means[place], np.ones(number - 1)])
    solved = linprog(
        c=[0.0] * measures + [-1.0],
        A_ub=limits,
        b_ub=np.zeros(number - 1),
        A_eq=[[1.0] * measures + [0.0]],
        b_eq=[1.0],
        bounds=[(0.0, None)] * measures + [(None, None)],
    )
    return -float(solved.fun)


def _dominates(one: NDArray[np.float64], other: NDArray[np.float64]) -> bool:
    gap = one - other
    return bool((gap >= -_ZERO).all() and (gap > _ZERO).any())


def _dominator(means: NDArray[np.float64], place: int) -> int:
    """Plan that dominates another one most, or -1."""
    able = [other for other in range(len(means)) if _dominates(means[other], means[place])]
    return max(able, key=lambda other: float((means[other] - means[place]).sum()), default=-1)


# ---------------------------------------------------------------------- weights that turn the order


def break_evens(
    plans: Sequence[str],
    measures: Sequence[str],
    worth: NDArray[np.float64],
    weights: NDArray[np.float64],
    seed: int = 0,
) -> tuple[BreakEven, ...]:
    """Find, for the best plan against every other one, the weight of each measure at which they are equal.

    Parameters
    ----------
    plans, measures
        Names.
    worth
        (samples, plans, measures) means in units of what matters, more is better.
    weights
        (measures,) weights as given, from 0 on.
    seed
        Key of the bootstrap.
    """
    utility = worth @ weights
    best = int(utility.mean(axis=0).argmax())
    found = []
    for other, name in enumerate(plans):
        if other == best:
            continue
        gaps = worth[:, best] - worth[:, other]
        draws = resampled(gaps, seed) if len(gaps) > 1 else np.full((1, len(measures)), math.nan)
        leads = draws @ weights
        equal = bool((np.abs(utility[:, best] - utility[:, other]) <= _ZERO).all())
        verdict = "identical" if equal else "ahead" if interval_of(leads)[0] > 0.0 else "undecided"
        mean = gaps.mean(axis=0)
        for place, measure in enumerate(measures):
            weight, side = _weight(float(mean @ weights), float(mean[place]), float(weights[place]))
            low, high, agreement = math.nan, math.nan, math.nan
            if side and len(gaps) > 1:
                turned = _turned(leads, draws[:, place], float(weights[place]), side)
                low, high = interval_of(turned)
                agreement = float(((turned > 0.0) & np.isfinite(turned)).mean())
            given = float(weights[place])
            found.append(BreakEven(plans[best], name, measure, given, weight, low, high, side, agreement, verdict))
    return tuple(found)


def _weight(lead: float, gap: float, given: float) -> tuple[float, str]:
    """Weight at which a lead is used up, and on which side of it the other plan is ahead."""
    if abs(gap) <= _ZERO:
        return math.nan, ""
    weight = given - lead / gap
    if weight <= 0.0:
        return math.nan, ""
    return weight, "less" if gap > 0.0 else "more"


def _turned(leads: NDArray[np.float64], gaps: NDArray[np.float64], given: float, side: str) -> NDArray[np.float64]:
    """Break-even weights of resamples; where a measure speaks for the other plan, none is too small or large enough."""
    same = gaps > _ZERO if side == "less" else gaps < -_ZERO
    weights = np.maximum(given - leads / np.where(same, gaps, 1.0), 0.0)
    nowhere = np.where((leads > 0.0) == (side == "less"), 0.0, math.inf)
    found: NDArray[np.float64] = np.where(same, weights, nowhere)
    return found
