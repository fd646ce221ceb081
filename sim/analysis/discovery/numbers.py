"""Scenario discovery: where, among the points of a study, a thing happens.

The patient rule induction method [1]_ peels the space of factors off in thin slices until what remains holds many of
the cases: a box, said in a few limits [2]_. *Density* is the share of its points that are cases, *coverage* the share
of all cases that it holds, *mass* the share of all points.

Peeling always ends in some box. It is told only if it survives two questions: does each limit do something (quasi-p
values [2]_; limits that do not are dropped), and is the box denser than what the same search finds when the outcomes
are dealt out anew among the points (permuted), as they would be if no factor mattered? Such deals take points for
exchangeable. Points of one sample under several plans are not: they share what else is uncertain, and often their
worlds. Such blocks are dealt out whole, and count once where a limit cannot part them.

Every point should have worlds of its own (`sim.ensemble.simulate` with ``first``): in common worlds, their luck draws
the border between cases and others, and boxes look sharper than they are. A point counts in full however few of its
worlds have an answer; give ``weights``, such as the share of worlds with one, to count it less.

References
----------
.. [1] Friedman & Fisher (1999). Bump hunting in high-dimensional data. Statistics and Computing 9, 123-143.
.. [2] Bryant & Lempert (2010). Thinking inside the box: a participatory, computer-assisted approach to scenario
   discovery. Technological Forecasting and Social Change 77, 34-49.
.. [3] Breiman, Friedman, Olshen & Stone (1984). Classification and Regression Trees. Section 3.4.3.
.. [4] Kwakkel (2017). The Exploratory Modeling Workbench. Environmental Modelling & Software 96, 239-250.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import import_module
from inspect import signature
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.discovery.boxes import Limit, column, contains, outward
from sim.engine.randomness import Decision, entity_key, uniform
from sim.errors import InputError
from sim.files import plain
from sim.statistics import effective_size
from sim.words.numbers import of_100

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

    from sim.analysis.factors import Factor

#: A box has to hold this share of all cases: one that misses most of them is no answer to "when does it happen?".
COVERAGE = 0.5
#: Limits with a quasi-p value from this on are dropped.
SIGNIFICANT = 0.05
#: Searches with outcomes dealt out anew; at most `_AS_GOOD` of them may do as well (a false alarm in 20).
RELABELLINGS = 39
_AS_GOOD = 1
#: With fewer cases than this, or fewer points that are none, nothing can be told.
FEWEST = 5
#: Share of the points that one step takes away, and that the last box keeps.
_PEEL = 0.05
_LEAST_MASS = 0.05


@dataclass(frozen=True, eq=False)
class Discovery:
    """Where a thing happens: a box, or the reason why none is told.

    Attributes
    ----------
    text
        What happens, as the start of a sentence.
    factors
        Factors that were searched.
    limits
        Limits of the box, those that tell most first; empty if nothing was found.
    reason
        Why nothing was found; empty if something was.
    points, cases
        Number of points with an answer, and of points in which it happens.
    blocks
        Number of blocks of points that belong together; that of points if each stands by itself.
    base_rate
        Share of all points that are cases.
    coverage, density, mass
        Of the box; NaN if nothing was found.
    floor
        Density that the same search reaches at the coverage of the box with outcomes dealt out anew (all but about
        one in 20 deals); NaN if there was nothing to compare.
    trajectory
        Boxes along the peeling, without limits that do nothing: ``coverage``, ``density``, ``mass``, ``dimensions``
        and ``chosen``.
    points_table, shares, weights
        Points, the share of the worlds of each in which it happens (0 or 1 where there is only one answer), and
        the weights of the points, which add up to 1.
    share
        From this share on a point is a case.
    left_out
        Points without any answer, which are in none of the other numbers.
    """

    text: str
    factors: tuple[Factor, ...]
    limits: tuple[Limit, ...]
    reason: str
    points: int
    cases: int
    base_rate: float
    coverage: float
    density: float
    mass: float
    floor: float
    trajectory: pd.DataFrame
    points_table: pd.DataFrame
    shares: NDArray[np.float64]
    weights: NDArray[np.float64]
    share: float
    left_out: int = 0
    blocks: int = 0

    @property
    def found(self) -> bool:
        """Whether there is a box to tell."""
        return not self.reason

    @property
    def is_case(self) -> NDArray[np.bool_]:
        """Which points are cases."""
        return _cases(self.shares, self.share)

    @property
    def in_shares(self) -> bool:
        """Whether points have a share of worlds rather than a plain yes or no."""
        return bool(((self.shares > 0.0) & (self.shares < 1.0)).any())

    def contains(self, table: pd.DataFrame) -> NDArray[np.bool_]:
        """Tell which points of a table are in the box (none, if there is no box)."""
        return contains(self.limits, table) if self.found else np.zeros(len(table), bool)

    def table(self) -> pd.DataFrame:
        """Return the limits: one row a factor, those that tell most first."""
        import pandas as pd

        rows = [
            {
                "factor": limit.factor.name,
                "label": limit.label,
                "unit": limit.factor.unit,
                "lower": limit.lower if math.isfinite(limit.lower) else math.nan,
                "upper": limit.upper if math.isfinite(limit.upper) else math.nan,
                "options": ", ".join(limit.options),
                "quasi_p_lower": limit.lower_p,
                "quasi_p_upper": limit.upper_p,
            }
            for limit in self.limits
        ]
        names = ["factor", "label", "unit", "lower", "upper", "options", "quasi_p_lower", "quasi_p_upper"]
        return pd.DataFrame(rows, columns=names)

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the points as plain numbers and texts."""
        inside = self.contains(self.points_table)
        weight = self.weights
        found: dict[str, Any] = plain(
            {
                "what": self.text,
                "found": self.found,
                "reason": self.reason,
                "factors": [factor.name for factor in self.factors],
                "points": self.points,
                "left_out": self.left_out,
                "blocks": self.blocks,
                "cases": self.cases,
                "case_from_share": self.share,
                "base_rate": self.base_rate,
                "coverage": self.coverage,
                "density": self.density,
                "mass": self.mass,
                "density_of_relabelled": self.floor,
                "mean_share": _mean(self.shares, weight),
                "mean_share_in_box": _mean(self.shares[inside], weight[inside]),
                "limits": [
                    {
                        "factor": limit.factor.name,
                        "lower": limit.lower,
                        "upper": limit.upper,
                        "options": list(limit.options),
                        "quasi_p_lower": limit.lower_p,
                        "quasi_p_upper": limit.upper_p,
                    }
                    for limit in self.limits
                ],
                "trajectory": self.trajectory.to_dict(orient="records"),
            }
        )
        return found


def discover(
    table: pd.DataFrame,
    interesting: ArrayLike,
    factors: Sequence[Factor],
    *,
    text: str,
    share: float = 0.5,
    weights: ArrayLike | None = None,
    blocks: ArrayLike | None = None,
    threshold: float = 0.0,
    relabellings: int = RELABELLINGS,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Discovery:
    """Find the box of factor values in which a thing happens.

    Of the boxes on the peeling trajectory that cover at least half of the cases, the densest is taken, or rather the
    simplest (fewest factors, then most coverage) of those within one standard error of it [3]_. Peeling is that of
    ema-workbench [4]_.

    Parameters
    ----------
    table
        Points (rows) by factors (columns).
    interesting
        (points,) whether it happens, or the share of the worlds of each point in which it does; NaN: no answer
        (counted in ``left_out``).
    factors
        Factors to search; those with one value only are left alone.
    text
        What happens, as the start of a sentence: "the federation does not return".
    share
        From this share of the worlds on a point is a case.
    weights
        (points,) weights of the points, default equal. Peeling looks at points; whatever is counted is weighted.
    blocks
        (points,) numbers; points with the same number belong together, such as one sample under several plans.
        Default: each stands by itself. Dealing gives all outcomes of one block to another one with as many points,
        in any order within it; in quasi-p values of limits on factors that are the same throughout each block, a
        block is one observation.
    threshold
        Density that a box must have to be told.
    relabellings
        Searches with outcomes dealt out anew that the box has to stand against (39: a false alarm in 20).
    seed
        Key of the dealing.
    progress
        Called with deals done and deals in all: each takes as long as the search itself, up to a second for
        thousands of points.

    Raises
    ------
    InputError
        ema-workbench is not installed, or the points and outcomes do not fit together.
    """
    prim = _prim()
    shares = _checked("interesting", interesting, len(table))
    weight = np.full(len(table), 1.0) if weights is None else _checked("weights", weights, len(table))
    if not (np.isfinite(weight).all() and (weight >= 0.0).all() and weight.sum() > 0.0):
        raise InputError("discover: weights: found a missing or negative one, or only 0, expected weights from 0 on")
    there = np.isfinite(shares) & (weight > 0.0)
    unanswered = int((~np.isfinite(shares) & (weight > 0.0)).sum())
    block = np.arange(len(table)) if blocks is None else _blocks(blocks, len(table))
    if shares[there].size and not 0.0 <= shares[there].min() <= shares[there].max() <= 1.0:
        raise InputError(f"discover: interesting: found {shares[there].max():g}, expected shares from 0 to 1")
    if not 0.0 < share <= 1.0:
        raise InputError(f"discover: share: found {share:g}, expected above 0 and at most 1")
    points = table[there].reset_index(drop=True)
    columns = [column(points, factor) for factor in factors]
    data = _Points(
        points, tuple(factors), columns, shares[there], share, weight[there] / weight[there].sum(),
        np.unique(block[there], return_inverse=True)[1],
    )  # fmt: skip
    empty = Discovery(
        text=text,
        factors=tuple(factors),
        limits=(),
        reason="",
        points=len(points),
        cases=int(data.cases.sum()),
        base_rate=data.base_rate,
        coverage=math.nan,
        density=math.nan,
        mass=math.nan,
        floor=math.nan,
        trajectory=_trajectory([], -1),
        points_table=points,
        shares=data.shares,
        weights=data.weights,
        share=share,
        left_out=unanswered,
        blocks=len(np.unique(data.blocks)),
    )
    nothing = _too_plain(data)
    if nothing:
        return replace(empty, reason=nothing)
    boxes = data.boxes(_peel(prim, data, data.cases))
    if not boxes:
        return replace(empty, reason="no limit on any factor makes a difference that chance does not make")
    place = _choose(boxes)
    box = boxes[place]
    known = replace(empty, trajectory=_trajectory(boxes, place))
    if box.density < threshold:
        best, wanted = of_100(box.density, "points"), of_100(threshold, "points")
        return replace(known, reason=f"the best box shows it at {best}, asked for were {wanted}")
    floor, as_good, done = _relabelled(prim, data, box, relabellings, seed, progress)
    known = replace(known, floor=floor)
    if as_good > _AS_GOOD:
        return replace(
            known,
            reason=f"with the outcomes dealt out at random the search found as good a box {as_good} times in {done}",
        )
    return replace(
        known,
        limits=tuple(sorted(box.limits, key=lambda limit: limit.p)),
        coverage=box.coverage,
        density=box.density,
        mass=box.mass,
    )


# ---------------------------------------------------------------------- points and boxes


@dataclass(frozen=True)
class _Box:
    limits: tuple[Limit, ...]
    coverage: float
    density: float
    mass: float
    size: float
    blocks: int


@dataclass(frozen=True, eq=False)
class _Points:
    """Points with their outcomes; columns are those of the factors."""

    table: pd.DataFrame
    factors: tuple[Factor, ...]
    columns: list[NDArray[Any]]
    shares: NDArray[np.float64]
    share: float
    weights: NDArray[np.float64]
    blocks: NDArray[np.int64]

    @cached_property
    def whole(self) -> tuple[bool, ...]:
        """Which factors are the same throughout each block of several points."""
        first = np.unique(self.blocks, return_index=True)[1][self.blocks]
        several = len(first) > self.blocks.max(initial=-1) + 1
        return tuple(several and bool((values == values[first]).all()) for values in self.columns)

    @property
    def cases(self) -> NDArray[np.bool_]:
        return _cases(self.shares, self.share)

    @property
    def base_rate(self) -> float:
        return float(self.weights[self.cases].sum()) if len(self.weights) else math.nan

    def measure(self, limits: Iterable[Limit]) -> _Box:
        """Count a box."""
        kept = tuple(limits)
        inside = np.ones(len(self.weights), bool)
        for limit in kept:
            inside &= limit.holds(self.columns[self.factors.index(limit.factor)])
        mass, both = float(self.weights[inside].sum()), float(self.weights[inside & self.cases].sum())
        size = effective_size(self.weights[inside]) if inside.any() else 0.0
        blocks = len(np.unique(self.blocks[inside]))
        return _Box(kept, both / self.base_rate, both / mass if mass else 0.0, mass, size, blocks)

    def boxes(self, trajectory: Iterable[list[Limit]]) -> list[_Box]:
        """Measure the boxes of a trajectory without the limits that do nothing; those with none left are no boxes."""
        found = (self.measure(_significant(self, limits)) for limits in trajectory)
        return [box for box in found if box.limits and box.coverage >= COVERAGE and box.density > self.base_rate]


def _significant(data: _Points, limits: Sequence[Limit]) -> list[Limit]:
    """Drop limits that do nothing, the most useless first, and give the others their quasi-p values."""
    from scipy.stats import binom

    kept = list(limits)
    while True:
        box = data.measure(kept)
        worst, where = SIGNIFICANT, (-1, "")
        for place, limit in enumerate(kept):
            together = data.whole[data.factors.index(limit.factor)]
            size = round(min(box.size, box.blocks) if together else box.size)
            for side in limit.sides:
                wider = data.measure([*kept[:place], limit.without(side), *kept[place + 1 :]])
                # The chance of as many cases in the box if the cut had hit cases and others alike.
                chance = float(binom.sf(round(box.density * size) - 1, size, wider.density))
                limit = replace(limit, upper_p=chance) if side == "upper" else replace(limit, lower_p=chance)
                if chance >= worst:
                    worst, where = chance, (place, side)
            kept[place] = limit
        place, side = where
        if not side:
            return kept
        kept[place] = kept[place].without(side)
        kept = [limit for limit in kept if limit.sides]


def _choose(boxes: Sequence[_Box]) -> int:
    """Choose the simplest of the boxes within one standard error of the densest."""
    best = max(boxes, key=lambda box: (box.density, box.coverage))
    likely = (best.density * best.size + 1.0) / (best.size + 2.0)  # also a full box is known from few points only
    least = best.density - math.sqrt(likely * (1.0 - likely) / best.size)
    near = [place for place, box in enumerate(boxes) if box.density >= least]
    return min(near, key=lambda place: (len(boxes[place].limits), -boxes[place].coverage, -boxes[place].density))


def _too_plain(data: _Points) -> str:
    """Say why a search makes no sense, if it makes none."""
    cases, points = int(data.cases.sum()), len(data.cases)
    if points == 0:
        return "no point has an answer"
    if cases == 0:
        return f"it happens at none of {points:,} points"
    if cases == points:
        return f"it happens at every one of {points:,} points"
    if not any(len(np.unique(values)) > 1 for values in data.columns):
        return "no factor varies"
    if min(cases, points - cases) < FEWEST:
        return f"it happens at {cases:,} of {points:,} points, which leaves too few to tell apart"
    return ""


def _trajectory(boxes: Sequence[_Box], chosen: int) -> pd.DataFrame:
    import pandas as pd

    rows = [(box.coverage, box.density, box.mass, len(box.limits), k == chosen) for k, box in enumerate(boxes)]
    return pd.DataFrame(rows, columns=["coverage", "density", "mass", "dimensions", "chosen"])


# ---------------------------------------------------------------------- peeling


def _prim() -> Any:
    """Import what peels."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about its own optional parts
        try:
            return import_module("ema_workbench.analysis.prim")
        except ImportError:
            raise InputError(
                "discover: found no ema-workbench, expected it installed: pip install 'partnership-dynamics[discovery]'"
            ) from None


def _peel(prim: Any, data: _Points, cases: NDArray[np.bool_]) -> list[list[Limit]]:
    """Peel, and return the limits of every box on the trajectory."""
    import pandas as pd

    varied = [place for place, values in enumerate(data.columns) if len(np.unique(values)) > 1]
    # Names of its own: the workbench gives some names a meaning.
    frame = pd.DataFrame({f"x{place}": data.columns[place] for place in varied})
    # Until version 3 the workbench asks from which number on a point is a case; since then it takes 0 and 1 only.
    asked = {"threshold": 1e-9} if "threshold" in signature(prim.Prim).parameters else {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the table library it was written for
        search = prim.Prim(
            frame,
            cases.astype(np.int64),
            peel_alpha=_PEEL,
            # No smaller box can cover enough of the cases.
            mass_min=max(_LEAST_MASS, COVERAGE * float(cases.mean())),
            **asked,
        )
        box = search.find_box()
    return [[limit for place in varied if (limit := _limit(data, place, one)).sides] for one in box.box_lims[1:]]


def _limit(data: _Points, place: int, box: pd.DataFrame) -> Limit:
    factor, values = data.factors[place], data.columns[place]
    lower, upper = box[f"x{place}"]
    if factor.numeric:
        return outward(factor, float(lower), float(upper), values)
    every = [str(name) for name in dict.fromkeys(values)]
    kept = tuple(name for name in every if name in lower)
    return Limit(factor, options=kept if len(kept) < len(every) else ())


def _relabelled(
    prim: Any, data: _Points, box: _Box, deals: int, seed: int, progress: Callable[[int, int], None] | None
) -> tuple[float, int, int]:
    """Search again with outcomes dealt out anew, for boxes with as much coverage.

    Limits are not dropped from these, which makes them denser, and the comparison strict.

    Returns
    -------
    float, int, int
        Density that all but a few deals stay below, deals that did as well as the outcomes, and deals in all: no
        more than it takes to see that there is nothing.
    """
    best: list[float] = []
    as_good = 0
    for deal in range(deals):
        dealt = _dealt(data.cases, data.blocks, seed, deal)
        best.append(_densest(data, dealt, _peel(prim, data, dealt), box.coverage))
        as_good += best[-1] >= box.density
        if progress is not None:
            progress(deal + 1, deals)
        if as_good > _AS_GOOD:
            break
    ordered = sorted(best, reverse=True)
    return (ordered[min(_AS_GOOD, len(ordered) - 1)] if ordered else math.nan), as_good, len(best)


def _dealt(cases: NDArray[np.bool_], blocks: NDArray[np.int64], seed: int, deal: int) -> NDArray[np.bool_]:
    """Deal outcomes out by whole blocks, among blocks of as many points, in any order within a block."""

    def chance(text: str, count: int) -> NDArray[np.float64]:
        key = entity_key(text)
        return np.array([uniform(seed, deal, int(Decision.BOOTSTRAP), key, one) for one in range(count)])

    sizes = np.bincount(blocks)
    among = chance("outcomes of points dealt out anew", len(sizes))
    within = chance("order within a block", len(blocks)) if sizes.max(initial=0) > 1 else np.zeros(len(blocks))
    sorted_rows = np.argsort(blocks, kind="stable")
    found = np.empty_like(cases)
    for size in np.unique(sizes):
        alike = np.flatnonzero(sizes == size)
        places = sorted_rows[np.isin(blocks[sorted_rows], alike)].reshape(len(alike), size)
        taken = places[np.argsort(among[alike], kind="stable")]
        taken = np.take_along_axis(taken, np.argsort(within[taken], axis=1, kind="stable"), axis=1)
        found[places] = cases[taken]
    return found


def _densest(data: _Points, cases: NDArray[np.bool_], trajectory: Iterable[list[Limit]], coverage: float) -> float:
    """Density of the densest box with so much coverage; at worst that of all points."""
    dealt = replace(data, shares=cases.astype(np.float64), share=0.5)
    boxes = [dealt.measure(limits) for limits in trajectory]
    enough = [box.density for box in boxes if box.coverage >= coverage - 1e-12]
    return max(enough, default=dealt.base_rate)


# ---------------------------------------------------------------------- small change


def _cases(shares: NDArray[np.float64], share: float) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = shares >= share - 1e-12  # shares carry rounding
    return found


def _checked(name: str, values: ArrayLike, points: int) -> NDArray[np.float64]:
    found = np.asarray(values, np.float64)
    if found.shape != (points,):
        raise InputError(f"discover: {name}: found shape {found.shape}, expected one value for each of {points} points")
    return found


def _blocks(blocks: ArrayLike, points: int) -> NDArray[Any]:
    found = np.asarray(blocks)
    if found.shape != (points,):
        raise InputError(
            f"discover: blocks: found shape {found.shape}, expected one number for each of {points} points"
        )
    return found


def _mean(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    return float(np.average(values, weights=weights)) if weights.sum() > 0.0 else math.nan
