"""Robust decisions: which plan does well enough wherever the truth lies, and what would change the answer.

Every plan is run under every sample of what is uncertain (a state of the world), in several worlds that differ by
chance only. A plan's *regret* in a sample is how much better the best of the compared plans is there [1]_: a plan with
small regret is never far behind, whichever sample is true. A plan *satisfices* in a world if every threshold holds
there [2]_. Neither needs the samples to be likely or unlikely.

To add measures up, each is divided by its smallest difference that matters and multiplied by a weight. That scale is
fixed: another plan in the comparison does not change it. There are no default weights: what matters how much is for
those who decide. Break-even weights say how far opinions may differ before the choice of a plan does.

A world counts for the worth of plans only if every weighted measure has a value there under every plan, so that plans
are compared in the same worlds; a world counts for satisficing if every measure with a threshold has a value. How
many count is told.

Regret is taken between means over worlds. The best of noisy means is partly the luckiest one, so regret is too large:
more so with few worlds and many plans. *Cross-validated* regret chooses on one half of the worlds (the best plan of a
sample; for the largest regret, also the worst sample) and values on the other [3]_, both ways, averaged over keyed
halves. Its choices know half the worlds only, so it is rather too small: of the mean, the truth lies between the two.

Intervals are those of a bootstrap of the samples. Every sample should have worlds of its own, the same for all plans
(`sim.ensemble.simulate` with ``first`` = sample number times worlds): luck that is common to all samples would not
show in the intervals.

References
----------
.. [1] Savage (1951). The theory of statistical decision. Journal of the American Statistical Association 46, 55-67.
.. [2] Lempert, Groves, Popper & Bankes (2006). A general, analytic method for generating robust strategies and
   narrative scenarios. Management Science 52, 514-528.
.. [3] Stone (1974). Cross-validatory choice and assessment of statistical predictions. Journal of the Royal
   Statistical Society B 36, 111-147.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.noise import split_in_halves
from sim.analysis.robustness.trade_offs import (
    BreakEven,
    Estimate,
    Overshadowed,
    break_evens,
    interval_of,
    overshadowed,
    resampled,
)
from sim.engine.randomness import Decision, entity_key, uniform
from sim.errors import InputError
from sim.files import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import ArrayLike, NDArray

Ends = tuple[float | None, float | None]
"""At least, at most; None where there is no such threshold."""

_NOTHING = Estimate(math.nan, math.nan, math.nan)
#: Worths closer than this share of the largest one are equal: sums carry rounding.
_ROUNDING = 1e-12
#: Halves of the worlds, and resamples of them; so many of these have to agree on what plan has minimax regret.
_HALVES = 100
_SURE = 0.9
#: A plan that has minimax regret in this share of the resamples is a rival.
_RIVAL = 0.05


@dataclass(frozen=True, slots=True)
class PlanResult:
    """One plan over all samples.

    Attributes
    ----------
    plan
        Name.
    regret
        Mean over the samples, with its interval. NaN without weights, as is all up to ``worth``.
    regret_p90, regret_max
        Over the samples. The largest of few samples has no interval worth telling.
    cross, cross_p90, cross_max
        Mean, 90 % and largest regret, cross-validated over halves of the worlds; may come below 0. NaN for one world.
    minimax
        Whether its largest regret is the smallest of all plans, and stays so in 90 of 100 resamples of the worlds.
    minimax_share
        Share of the resamples in which its largest regret is the smallest; NaN for one world.
    best
        Share of the samples in which it is the best; equals share one.
    worth
        Mean weighted sum.
    satisficing
        Share of the worlds in which every threshold holds, of those that can be judged: all samples and worlds pooled,
        so that a share of 50 of 100 may be half of the worlds of every sample, or all worlds of half of the samples.
    judged
        Share of the worlds that can be judged.
    """

    plan: str
    regret: Estimate
    regret_p90: float
    regret_max: float
    cross: Estimate
    cross_p90: float
    cross_max: float
    minimax: bool
    minimax_share: float
    best: Estimate
    worth: float
    satisficing: Estimate
    judged: float


@dataclass(frozen=True, eq=False)
class Robustness:
    """Plans compared over samples of what is uncertain.

    Attributes
    ----------
    plans, rows
        Names, and one result a plan.
    values
        (samples, plans, worlds) by measure.
    weights, directions, satisfice, labels, units
        As given; ``weights`` is None where none were.
    scales
        What each measure is divided by: its smallest difference that matters.
    flat
        Measures in which all plans are equal in every world: they do not tell plans apart.
    regrets
        (samples, plans); no plans without weights, and NaN in samples without a world that counts.
    used
        Share of the worlds that count for the worth of plans.
    agreement
        How often, over samples, two halves of the worlds agree on the best plan; NaN for one world.
    never
        Plans that no weights make the best, or that another one dominates.
    turning
        Break-even weights of the best plan against each other one.
    scales
        What measures are divided by to be added up, their smallest difference that matters; 1 where none is given.
    seed
        Key of the bootstraps.
    """

    plans: tuple[str, ...]
    rows: tuple[PlanResult, ...]
    values: dict[str, NDArray[np.float64]]
    weights: dict[str, float] | None
    directions: dict[str, int]
    satisfice: dict[str, Ends]
    labels: dict[str, str]
    units: dict[str, str]
    scales: dict[str, float]
    flat: tuple[str, ...]
    regrets: NDArray[np.float64]
    used: float
    agreement: float
    never: tuple[Overshadowed, ...]
    turning: tuple[BreakEven, ...]
    seed: int

    @property
    def samples(self) -> int:
        """Number of samples."""
        return int(next(iter(self.values.values())).shape[0])

    @property
    def worlds(self) -> int:
        """Worlds of each plan in each sample."""
        return int(next(iter(self.values.values())).shape[2])

    @property
    def contenders(self) -> tuple[str, ...]:
        """Plans between which it is open whose largest regret is the smallest; empty if it is known."""
        if any(row.minimax for row in self.rows) or not math.isfinite(self.rows[0].regret_max):
            return ()
        first = min(self.rows, key=lambda row: row.regret_max)
        others = sorted((row for row in self.rows if row is not first), key=lambda row: -row.minimax_share)
        rivals = [row for place, row in enumerate(others) if place == 0 or row.minimax_share >= _RIVAL]
        return tuple(row.plan for row in (first, *rivals))

    def label(self, measure: str) -> str:
        """Plain words for a measure."""
        return self.labels.get(measure) or measure.replace("_", " ")

    def table(self) -> pd.DataFrame:
        """Return one row a plan: regret, how often best, satisficing, and whether it can be the best at all."""
        import pandas as pd

        never = {one.plan: one for one in self.never}
        rows = []
        for row in self.rows:
            one = never.get(row.plan)
            rows.append(
                {
                    "plan": row.plan,
                    "worth": row.worth,
                    **_columns("regret", row.regret),
                    "regret_p90": row.regret_p90,
                    "regret_max": row.regret_max,
                    **_columns("cross_validated", row.cross),
                    "cross_validated_p90": row.cross_p90,
                    "cross_validated_max": row.cross_max,
                    "minimax_regret": row.minimax,
                    "minimax_share": row.minimax_share,
                    **_columns("best", row.best),
                    **_columns("satisficing", row.satisficing),
                    "judged": row.judged,
                    "never_best_for_any_weights": one.never if one else False,
                    "dominated_by": one.by if one else "",
                }
            )
        return pd.DataFrame(rows).set_index("plan")

    def measures(self) -> pd.DataFrame:
        """Return one row a plan and measure.

        Columns: mean with interval, share of the samples in which the plan is the best in it (of the measures with a
        direction), share of the worlds in which its threshold holds (of those with a value), and what the measure is
        divided by ("scale") to be added to others.
        """
        import pandas as pd

        rows = []
        for name, values in self.values.items():
            best = _best_shares(_over_worlds(values), self.directions.get(name, 0))
            for place, plan in enumerate(self.plans):
                one = values[:, place]
                there = np.isfinite(one)
                meets = (
                    _ratio(_holds(one, self.satisfice[name]), there, self.seed) if name in self.satisfice else _NOTHING
                )
                rows.append(
                    {
                        "plan": plan,
                        "measure": name,
                        "unit": self.units.get(name, ""),
                        **_columns("mean", _ratio(np.where(there, one, 0.0), there, self.seed)),
                        "best": best[place],
                        **_columns("meets", meets),
                        "there": float(there.mean()),
                        "scale": self.scales[name],
                    }
                )
        return pd.DataFrame(rows)

    def break_even(self) -> pd.DataFrame:
        """Return one row for the best plan against another one and a weighted measure."""
        import pandas as pd

        names = ["best", "other", "measure", "given", "weight", "low", "high", "side", "agreement", "verdict"]
        return pd.DataFrame([[getattr(one, name) for name in names] for one in self.turning], columns=names)

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the worlds as plain numbers and texts."""
        found: dict[str, Any] = plain(
            {
                "plans": list(self.plans),
                "samples": self.samples,
                "worlds": self.worlds,
                "seed": self.seed,
                "weights": self.weights,
                "directions": self.directions,
                "thresholds": {name: list(ends) for name, ends in self.satisfice.items()},
                "scales": self.scales,
                "flat": list(self.flat),
                "worlds_used": self.used,
                "halves_agree": self.agreement,
                "table": self.table().reset_index(),
                "measures": self.measures(),
                "never_best": [
                    {"plan": one.plan, "never": one.never, "dominated_by": one.by, "agreement": one.agreement}
                    for one in self.never
                ],
                "break_even": self.break_even(),
            }
        )
        return found


def robustness(
    plans: Sequence[str],
    values: Mapping[str, ArrayLike],
    *,
    weights: Mapping[str, float] | None = None,
    directions: Mapping[str, int],
    satisfice: Mapping[str, Ends] | None = None,
    labels: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    scales: Mapping[str, float] | None = None,
    seed: int = 0,
) -> Robustness:
    """Compare plans over samples of what is uncertain.

    Parameters
    ----------
    plans
        Names.
    values
        By measure: (samples, plans, worlds); NaN where a world has no value.
    weights
        Weights from 0 on of what counts, by measure; None for no regret.
    directions
        1 more is better, -1 less is better, 0 neither, by measure.
    satisfice
        Thresholds by measure: (at least, at most), None where there is none.
    labels, units
        Plain words and units of measures.
    seed
        Key of the bootstraps.

    Raises
    ------
    InputError
        Shapes that do not fit, unknown measures, weights below 0 or of a measure without a direction.
    """
    tables = _tables(plans, values)
    wanted = dict(satisfice or {})
    _check_thresholds(wanted, tables)
    ways = {name: int(directions.get(name, 0)) for name in tables}
    if weights is not None:
        _check_weights(weights, ways)
    divided = {name: float((scales or {}).get(name) or 1.0) for name in tables}
    # Without weights the question which plans can be the best at all is asked of every measure with a direction.
    weighted = [name for name in (weights if weights is not None else ways) if ways[name]]
    worth, used = _worth(tables, weighted, ways, divided)
    there = np.isfinite(worth).all(axis=(1, 2))
    share = None if weights is None else np.array([float(weights[name]) for name in weighted])
    utility = np.full(worth.shape[:2], math.nan) if share is None else worth @ share
    chance = _no_chance(len(plans))
    if weights is not None:
        factors = {name: ways[name] * one / divided[name] for name, one in weights.items()}
        chance = _chance(*_by_world(tables, factors), seed)
    return Robustness(
        plans=tuple(plans),
        rows=_rows(plans, utility, chance, tables, wanted, seed),
        values=tables,
        weights=None if weights is None else {name: float(weight) for name, weight in weights.items()},
        directions=ways,
        satisfice=wanted,
        labels=dict(labels or {}),
        units=dict(units or {}),
        scales=divided,
        flat=tuple(name for name, table in tables.items() if _is_flat(table)),
        regrets=_regrets(utility) if share is not None else np.empty((len(worth), 0)),
        used=used,
        agreement=chance.agreement,
        never=overshadowed(plans, worth[there], seed),
        turning=break_evens(plans, weighted, worth[there], share, seed) if share is not None and there.any() else (),
        seed=seed,
    )


# ---------------------------------------------------------------------- what came in


def _tables(plans: Sequence[str], values: Mapping[str, ArrayLike]) -> dict[str, NDArray[np.float64]]:
    if len(plans) < 2 or len(set(plans)) < len(plans):
        raise InputError(f"robustness: plans: found {', '.join(plans) or 'none'}, expected at least two different ones")
    if not values:
        raise InputError("robustness: values: found no measure, expected at least one")
    tables = {name: np.asarray(one, np.float64) for name, one in values.items()}
    shape = next(iter(tables.values())).shape
    for name, one in tables.items():
        if one.ndim != 3 or one.shape != shape or one.shape[1] != len(plans) or 0 in one.shape:
            raise InputError(
                f"robustness: values: {name}: found shape {one.shape}, expected (samples, {len(plans)} plans, worlds), "
                "the same for every measure"
            )
    return tables


def _check_weights(weights: Mapping[str, float], directions: Mapping[str, int]) -> None:
    for name, weight in weights.items():
        if name not in directions:
            raise InputError(f"robustness: weights: found {name!r}, expected one of {', '.join(directions)}")
        if not (math.isfinite(weight) and weight >= 0.0):
            raise InputError(f"robustness: weights: {name}: found {weight:g}, expected a number from 0 on")
        if directions[name] not in (-1, 1):
            raise InputError(
                f"robustness: weights: {name}: found a measure of which neither more nor less is better, expected one "
                "with a direction"
            )
    if not any(weights.values()):
        raise InputError("robustness: weights: found none above 0, expected at least one")


def _check_thresholds(satisfice: Mapping[str, Ends], tables: Mapping[str, Any]) -> None:
    for name, (least, most) in satisfice.items():
        if name not in tables:
            raise InputError(f"robustness: satisfice: found {name!r}, expected one of {', '.join(tables)}")
        if least is None and most is None:
            raise InputError(
                f"robustness: satisfice: {name}: found no threshold, expected at least or at most a number"
            )
        if least is not None and most is not None and least > most:
            raise InputError(
                f"robustness: satisfice: {name}: found at least {least:g} and at most {most:g}, expected the first to "
                "be the smaller one"
            )


# ---------------------------------------------------------------------- worth and regret


def _is_flat(values: NDArray[np.float64]) -> bool:
    """Whether all plans are equal in every world in which they have a value."""
    there = np.isfinite(values).all(axis=1)
    apart = values.max(axis=1)[there] - values.min(axis=1)[there]
    return bool(there.any() and (apart <= _ROUNDING * np.abs(values[np.isfinite(values)]).max()).all())


def _worth(
    tables: Mapping[str, NDArray[np.float64]],
    measures: Sequence[str],
    directions: Mapping[str, int],
    scales: Mapping[str, float],
) -> tuple[NDArray[np.float64], float]:
    """Means over worlds, (samples, plans, measures), in scales and with more better; and the share of worlds used."""
    samples, plans, _ = next(iter(tables.values())).shape
    if not measures:
        return np.empty((samples, plans, 0)), 1.0
    there = _counted(tables, measures)
    count = there.sum(axis=1)
    found = np.empty((samples, plans, len(measures)))
    for place, name in enumerate(measures):
        total = np.where(there[:, None, :], tables[name], 0.0).sum(axis=2)
        mean = np.where(count[:, None] > 0, total / np.maximum(count, 1)[:, None], math.nan)
        found[:, :, place] = mean * directions[name] / scales[name]
    return found, float(there.mean())


def _counted(tables: Mapping[str, NDArray[np.float64]], measures: Iterable[str]) -> NDArray[np.bool_]:
    """Worlds (samples, worlds) in which every measure has a value under every plan."""
    found: NDArray[np.bool_] = np.logical_and.reduce([np.isfinite(tables[name]).all(axis=1) for name in measures])
    return found


def _close(worth: NDArray[np.float64]) -> float:
    return _ROUNDING * max(1.0, float(np.nanmax(np.abs(worth), initial=0.0)))


def _regrets(utility: NDArray[np.float64]) -> NDArray[np.float64]:
    found = utility.max(axis=1, keepdims=True) - utility
    clean: NDArray[np.float64] = np.where(found <= _close(utility), 0.0 * found, found)
    return clean


def _best_shares(worth: NDArray[np.float64], direction: int = 1) -> NDArray[np.float64]:
    """Share of the samples in which each plan is the best; equals share one."""
    turned = direction * worth[np.isfinite(worth).all(axis=1)]
    if not direction or not len(turned):
        return np.full(worth.shape[1], math.nan)
    found: NDArray[np.float64] = _shared(turned).mean(axis=0)
    return found


def _shared(worth: NDArray[np.float64]) -> NDArray[np.float64]:
    best = worth >= worth.max(axis=1, keepdims=True) - _close(worth)
    found: NDArray[np.float64] = best / best.sum(axis=1, keepdims=True)
    return found


def _rows(
    plans: Sequence[str],
    utility: NDArray[np.float64],
    chance: _Chance,
    tables: Mapping[str, NDArray[np.float64]],
    satisfice: Mapping[str, Ends],
    seed: int,
) -> tuple[PlanResult, ...]:
    known = utility[np.isfinite(utility).all(axis=1)]
    some = bool(len(known))
    regrets = _regrets(known) if some else known
    shared = _shared(known) if some else known
    largest = regrets.max(axis=0) if some else np.full(len(plans), math.nan)
    smallest = largest <= largest.min() + _close(known)
    # In a single world, chance has nothing to show itself in.
    sure = np.isnan(chance.minimax) | (chance.minimax >= _SURE)
    rows = []
    for place, plan in enumerate(plans):
        judged, good = _judged(tables, satisfice, place)
        rows.append(
            PlanResult(
                plan=plan,
                regret=_mean(regrets[:, place], seed),
                regret_p90=float(np.quantile(regrets[:, place], 0.9)) if some else math.nan,
                regret_max=float(largest[place]),
                cross=_mean(chance.regrets[:, place], seed),
                cross_p90=float(chance.p90[place]),
                cross_max=float(chance.largest[place]),
                minimax=some and bool(smallest[place] and sure[place]),
                minimax_share=float(chance.minimax[place]),
                best=_mean(shared[:, place], seed),
                worth=float(known[:, place].mean()) if some else math.nan,
                satisficing=_ratio(good, judged, seed) if satisfice else _NOTHING,
                judged=float(judged.mean()) if satisfice else math.nan,
            )
        )
    return tuple(rows)


# ---------------------------------------------------------------------- chance of the worlds


@dataclass(frozen=True, eq=False, slots=True)
class _Chance:
    """What halves and resamples of the worlds say: cross-validated regrets (samples, plans), and figures by plan."""

    regrets: NDArray[np.float64]
    p90: NDArray[np.float64]
    largest: NDArray[np.float64]
    minimax: NDArray[np.float64]
    agreement: float


def _no_chance(plans: int) -> _Chance:
    nothing = np.full(plans, math.nan)
    return _Chance(np.empty((0, plans)), nothing, nothing, nothing, math.nan)


def _by_world(
    tables: Mapping[str, NDArray[np.float64]], factors: Mapping[str, float]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Worth in every world (samples, plans, worlds), and which worlds (samples, worlds) count; 0 in the others."""
    there = _counted(tables, factors)
    worth = np.zeros(next(iter(tables.values())).shape)
    for name, factor in factors.items():
        worth += np.where(there[:, None, :], tables[name], 0.0) * factor
    return worth, there


def _chance(worth: NDArray[np.float64], there: NDArray[np.bool_], seed: int) -> _Chance:
    _, plans, worlds = worth.shape
    counts = there.sum(axis=1)
    worth, there = worth[counts > 0], there[counts > 0]
    if worlds < 2 or counts.max(initial=0) < 2:
        return _no_chance(plans)
    total, seen = np.zeros(worth.shape[:2]), np.zeros(len(worth))
    upper: list[NDArray[np.float64]] = []
    agree: list[float] = []
    for signs in split_in_halves(worlds, _HALVES, seed):
        halves = [_weighted_means(worth, there, np.where(signs == side, 1.0, 0.0)) for side in (1.0, -1.0)]
        known = np.isfinite(halves[0][:, 0]) & np.isfinite(halves[1][:, 0])
        if not known.any():
            continue
        one, other = (half[known] for half in halves)
        agree.append(float(((_shared(one) > 0.0) & (_shared(other) > 0.0)).any(axis=1).mean()))
        for chosen, valued in ((one, other), (other, one)):
            regrets = (_shared(chosen) * valued).sum(axis=1, keepdims=True) - valued
            regrets[np.abs(regrets) <= _close(valued)] = 0.0
            total[known] += regrets
            seen[known] += 1.0
            # The worst samples are chosen on one half too.
            order = np.argsort(_regrets(chosen), axis=0, kind="stable")
            upper.append(_upper(np.take_along_axis(regrets, order, axis=0)))
    if not agree:
        return _no_chance(plans)
    means = np.mean(upper, axis=0)
    return _Chance(
        regrets=total[seen > 0.0] / seen[seen > 0.0, None],
        p90=means[0],
        largest=means[1],
        minimax=_minimax_shares(worth, there, seed),
        agreement=float(np.mean(agree)),
    )


def _upper(ordered: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (2, plans): what stands nine tenths up rows in a given order, and at their end."""
    place = 0.9 * (len(ordered) - 1)
    low = math.floor(place)
    between = ordered[low] + (place - low) * (ordered[math.ceil(place)] - ordered[low])
    return np.array([between, ordered[-1]])


def _minimax_shares(worth: NDArray[np.float64], there: NDArray[np.bool_], seed: int) -> NDArray[np.float64]:
    """Share of the resamples of the worlds in which the largest regret of each plan is the smallest."""
    worlds = worth.shape[2]
    key = entity_key("worlds of a study")
    found = np.zeros(worth.shape[1])
    for resample in range(_HALVES):
        drawn = [int(worlds * uniform(seed, resample, int(Decision.BOOTSTRAP), key, one)) for one in range(worlds)]
        means = _weighted_means(worth, there, np.bincount(drawn, minlength=worlds).astype(np.float64))
        largest = _regrets(means[np.isfinite(means[:, 0])]).max(axis=0, initial=0.0)
        found += largest <= largest.min() + _close(means)
    return found / _HALVES


def _weighted_means(
    worth: NDArray[np.float64], there: NDArray[np.bool_], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Mean worth (samples, plans) over weighted worlds; NaN where none is left."""
    count = (there @ weights)[:, None]
    found: NDArray[np.float64] = np.where(count > 0.0, worth @ weights / np.maximum(count, 1.0), math.nan)
    return found


# ---------------------------------------------------------------------- satisficing


def _holds(values: NDArray[np.float64], threshold: Ends) -> NDArray[np.bool_]:
    least, most = threshold
    found: NDArray[np.bool_] = np.isfinite(values)
    if least is not None:
        found = found & (values >= least)
    if most is not None:
        found = found & (values <= most)
    return found


def _judged(
    tables: Mapping[str, NDArray[np.float64]], satisfice: Mapping[str, Ends], plan: int
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which worlds (samples, worlds) of a plan have all values, and in which of them all thresholds hold."""
    shape = next(iter(tables.values()))[:, plan].shape
    judged, good = np.ones(shape, bool), np.ones(shape, bool)
    for name, threshold in satisfice.items():
        judged &= np.isfinite(tables[name][:, plan])
        good &= _holds(tables[name][:, plan], threshold)
    return judged, good & judged


# ---------------------------------------------------------------------- means with intervals


def _over_worlds(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean over the worlds with a value."""
    there = np.isfinite(values)
    count = there.sum(axis=2)
    total = np.where(there, values, 0.0).sum(axis=2)
    return np.where(count > 0, total / np.maximum(count, 1), math.nan)


def _mean(column: NDArray[np.float64], seed: int) -> Estimate:
    return _ratio(column[:, None], np.ones((len(column), 1), bool), seed)


def _ratio(amounts: NDArray[Any], there: NDArray[np.bool_], seed: int) -> Estimate:
    """Mean over worlds that are there, with the interval of a bootstrap of the samples (rows)."""
    if not there.any():
        return _NOTHING
    columns = np.column_stack([amounts.sum(axis=1), there.sum(axis=1)]).astype(np.float64)
    value = float(columns[:, 0].sum() / columns[:, 1].sum())
    if len(columns) < 2:  # one sample says nothing about others
        return Estimate(value, math.nan, math.nan)
    drawn = resampled(columns, seed)
    with np.errstate(invalid="ignore", divide="ignore"):
        return Estimate(value, *interval_of(drawn[:, 0] / drawn[:, 1]))


def _columns(name: str, one: Estimate) -> dict[str, float]:
    return {name: one.value, f"{name}_low": one.low, f"{name}_high": one.high}
