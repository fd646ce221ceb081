"""One comparison under every plausible parameter set: whether its sign is settled, and if not, what turns it.

Every set has worlds of its own, the same for the plans under it. With common worlds their luck would be common to all
sets, and could give them all the same sign. A sign is settled if it agrees in nearly all sets, and the difference
averaged over the sets stands out from set to set.
Sets count by their weights; a share "of 100 sets" is a share of weight.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.randomness import Decision, entity_key, uniform
from sim.errors import InputError
from sim.studies.calibration.diagnostics import weighted_quantile
from sim.studies.calibration.parameter_sets import ParameterSets, read_sets, reference_sets
from sim.studies.saving import json_number
from sim.studies.statistics import compare_pairs
from sim.studies.wording import capital, decimals, number, of_100, unit_text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.observe.measures import Measure
    from sim.scenarios import Scenario
    from sim.studies.statistics import Paired

__all__ = [
    "AGREEMENT",
    "Across",
    "ParameterEnsemble",
    "Turning",
    "find_turning",
    "resolve_sets",
    "run_across_sets",
    "sentence",
    "summarise_sets",
    "turning_sentence",
    "worlds_of_set",
]

#: Share of the sets in which the sign has to agree before a comparison counts as settled.
AGREEMENT = 0.9
#: A set gets one in so many of the worlds that were asked for, but at least `LEAST_WORLDS`.
WORLDS_SHARE = 10
LEAST_WORLDS = 20
#: Fewer sets on a side than this say nothing about what turns the sign.
FEWEST = 5
_ENOUGH = AGREEMENT - 1e-12  # sums of weights carry rounding
#: Relabellings of the sets, and the share of them that a parameter has to beat.
SHUFFLES = 500
CLEAR = 0.99


@dataclass(frozen=True, slots=True)
class Turning:
    """The parameter whose values best tell where B is higher from where A is.

    ``separation`` is the chance that a set with B higher has the larger (or smaller) value, 0.5 to 1; ``floor`` what
    the best of all parameters reaches when sets are relabelled at random. ``b_above`` and ``b_below`` are the shares
    of the sets above and below ``cut`` in which B is higher (of those with a difference).
    """

    name: str
    cut: float
    separation: float
    floor: float
    b_above: float
    b_below: float


@dataclass(frozen=True, slots=True, eq=False)
class Across:
    """One measure of one pair of scenarios across the parameter sets.

    Attributes
    ----------
    differences, verdicts
        Mean paired difference B - A under each set (NaN: no pair of worlds has a value), and its own verdict.
    b_higher, a_higher, undecided, identical
        Shares of the sets by their own verdicts.
    b_sign, a_sign
        Shares of the sets whose mean difference is above 0, and below.
    median, p10, p90
        Of the differences across the sets.
    mean, low, high
        Difference averaged over the sets by weight, with its 95 % interval (bootstrap of the sets).
    verdict
        "B higher" or "A higher" if the sign agrees in at least `AGREEMENT` of the sets and the interval of the mean
        has the same sign, "identical" if no set has a difference, else "undecided".
    turning
        What turns the sign, if anything does clearly.
    """

    differences: NDArray[np.float64]
    verdicts: tuple[str, ...]
    b_higher: float
    a_higher: float
    undecided: float
    identical: float
    b_sign: float
    a_sign: float
    median: float
    p10: float
    p90: float
    mean: float
    low: float
    high: float
    verdict: str
    turning: Turning | None

    @property
    def agreement(self) -> float:
        """Share of the sets that have the sign of the majority."""
        return max(self.a_sign, self.b_sign)

    @property
    def agrees(self) -> bool:
        """Whether so many sets have the same sign that only the spread of the sets can leave it open."""
        return self.agreement >= _ENOUGH


@dataclass(frozen=True)
class ParameterEnsemble:
    """A comparison under every parameter set.

    Attributes
    ----------
    sets, worlds, seed
        The sets, and the worlds under each of them.
    held
        Parameters of the sets that a scenario or the caller gave another value, which holds instead.
    results
        By the positions of the two scenarios and the measure.
    """

    sets: ParameterSets
    worlds: int
    seed: int
    held: tuple[str, ...]
    results: dict[tuple[int, int], dict[str, Across]]

    def to_dict(self, names: Sequence[str]) -> dict[str, Any]:
        """Return everything as plain numbers and texts."""
        return {
            "source": self.sets.source,
            "sets": len(self.sets),
            "worlds_of_each_set": self.worlds,
            "seed": self.seed,
            "agreement_needed": AGREEMENT,
            "held": list(self.held),
            "pairs": [
                {"a": names[a], "b": names[b], "measures": {key: _numbers(one) for key, one in found.items()}}
                for (a, b), found in self.results.items()
            ],
        }


def worlds_of_set(replicates: int) -> int:
    """Worlds under each set when so many were asked for in all: a tenth, at least 20 (or all, if fewer)."""
    return min(replicates, max(LEAST_WORLDS, replicates // WORLDS_SHARE))


def resolve_sets(ensemble: ParameterSets | str | Path | bool) -> ParameterSets:
    """Return the sets that are meant: those given, those of a file, or (True) those of the package."""
    if isinstance(ensemble, ParameterSets):
        return ensemble
    if ensemble is True:
        return reference_sets()
    if ensemble is False:
        raise InputError("ensemble: found False, expected True, a file of parameter sets, or parameter sets")
    return read_sets(ensemble)


def run_across_sets(
    scenarios: Sequence[Scenario],
    sets: ParameterSets,
    worlds: int,
    seed: int = 0,
    *,
    measures: Sequence[str],
    parameters: Mapping[str, float] | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> ParameterEnsemble:
    """Compare scenarios under every parameter set, each in worlds of its own.

    Parameters
    ----------
    scenarios
        Two or more.
    sets
        Parameter sets; what a scenario or ``parameters`` gives another value keeps it.
    worlds, seed
        Worlds under each set, and their key: set number s has the worlds from s times that number on.
    measures
        Ids of outcome measures; those that a scenario does not have are left out.
    parameters
        Values that the caller changed in all scenarios.
    threads
        Default all; results do not depend on it.
    progress
        Called with sets done and sets in all.
    """
    from sim.ensemble import simulate

    pairs = list(combinations(range(len(scenarios)), 2))
    given = dict(parameters or {})
    found: dict[tuple[int, int], list[dict[str, Paired]]] = {pair: [] for pair in pairs}
    for number_of_set in range(len(sets)):
        outcomes = []
        for scenario in scenarios:
            chosen = {**sets.overrides(number_of_set), **scenario.parameters, **given}
            run = simulate(
                scenario,
                worlds,
                seed,
                parameters=chosen,
                series=(),
                threads=threads,
                first=number_of_set * worlds,
            )
            outcomes.append(run.outcomes)
        for a, b in pairs:
            names = [name for name in measures if name in outcomes[a] and name in outcomes[b]]
            values = [outcomes[side][names].to_numpy(float) for side in (a, b)]
            keys = [f"{name}|{scenarios[a].name}|{scenarios[b].name}" for name in names]
            rows = compare_pairs(values[0], values[1], keys, seed, threads=threads)
            found[a, b].append(dict(zip(names, rows, strict=True)))
        if progress is not None:
            progress(number_of_set + 1, len(sets))
    held = [name for name in sets.names if name in given or all(name in one.parameters for one in scenarios)]
    return ParameterEnsemble(sets, worlds, seed, tuple(held), _summaries(found, sets, held, seed))


def _average(differences: NDArray[np.float64], weights: NDArray[np.float64], key: str, seed: int) -> Paired:
    """Weighted mean over the sets, with the interval of a bootstrap of the sets."""
    weighed = differences * weights * np.isfinite(differences).sum() / weights[np.isfinite(differences)].sum()
    column = weighed.reshape(-1, 1)
    return compare_pairs(np.zeros_like(column), column, [f"{key}|over parameter sets"], seed)[0]


def _summaries(
    found: Mapping[tuple[int, int], list[dict[str, Paired]]],
    sets: ParameterSets,
    held: Sequence[str],
    seed: int,
) -> dict[tuple[int, int], dict[str, Across]]:
    free = [name for name in sets.names if name not in held]
    values = sets.values[:, [sets.names.index(name) for name in free]]
    results: dict[tuple[int, int], dict[str, Across]] = {}
    for pair, rows in found.items():
        results[pair] = {}
        for name in rows[0]:
            differences = np.array([row[name].difference for row in rows])
            if np.isfinite(differences).any():
                verdicts = [row[name].verdict for row in rows]
                mean = _average(differences, sets.weights, name, seed)
                results[pair][name] = summarise_sets(
                    differences, verdicts, sets.weights, free, values, (mean.difference, mean.low, mean.high), seed
                )
    return results


def summarise_sets(
    differences: NDArray[np.float64],
    verdicts: Sequence[str],
    weights: NDArray[np.float64],
    names: Sequence[str],
    values: NDArray[np.float64],
    mean: tuple[float, float, float],
    seed: int = 0,
) -> Across:
    """Sum up one measure of one pair over the sets.

    Parameters
    ----------
    differences, verdicts, weights
        (sets,) mean paired difference B - A, own verdict, and weight; a missing difference does not count.
    names, values
        Parameters, and (sets, parameters) their values.
    mean
        Difference averaged over the sets, and its interval over the worlds.
    seed
        Key of the relabellings.
    """
    there = np.isfinite(differences)
    found, share = differences[there], weights[there] / weights[there].sum()
    own = np.array(verdicts, object)[there]

    def of(what: NDArray[np.bool_]) -> float:
        return float(share[what].sum())

    b_sign, a_sign = of(found > 0.0), of(found < 0.0)
    verdict = "undecided"
    if b_sign >= _ENOUGH and mean[1] > 0.0:
        verdict = "B higher"
    elif a_sign >= _ENOUGH and mean[2] < 0.0:
        verdict = "A higher"
    return Across(
        differences=differences,
        verdicts=tuple(verdicts),
        b_higher=of(own == "B higher"),
        a_higher=of(own == "A higher"),
        undecided=of(own == "undecided"),
        identical=of(own == "identical"),
        b_sign=b_sign,
        a_sign=a_sign,
        median=weighted_quantile(found, share, 0.5),
        p10=weighted_quantile(found, share, 0.1),
        p90=weighted_quantile(found, share, 0.9),
        mean=mean[0],
        low=mean[1],
        high=mean[2],
        verdict=verdict if found.any() else "identical",
        turning=find_turning(names, values[there], found, share, seed),
    )


# ---------------------------------------------------------------------- what turns the sign


def find_turning(
    names: Sequence[str],
    values: NDArray[np.float64],
    differences: NDArray[np.float64],
    weights: NDArray[np.float64],
    seed: int = 0,
) -> Turning | None:
    """Find the parameter that best separates sets with B higher from sets with A higher.

    Returns
    -------
    Turning or None
        None if a side has fewer than `FEWEST` sets, or if the best parameter does not separate them more clearly
        than the best of all parameters does in `CLEAR` of `SHUFFLES` random relabellings.
    """
    signed = differences != 0.0
    varied = [k for k in range(len(names)) if np.ptp(values[:, k]) > 0.0]
    higher = differences[signed] > 0.0
    if min(int(higher.sum()), int((~higher).sum())) < FEWEST or not varied:
        return None
    table, share = values[signed][:, varied], weights[signed]
    sorter = _Sorter(table)
    separation = sorter.separations(higher, share)
    best = int(np.abs(separation - 0.5).argmax())
    strength = 0.5 + abs(float(separation[best]) - 0.5)
    floor = _floor(sorter, higher, share, seed)
    if strength <= floor:
        return None
    cut, above, below = _cut(table[:, best], higher, share)
    return Turning(names[varied[best]], cut, strength, floor, above, below)


class _Sorter:
    """Columns sorted once, for many labellings of the rows."""

    def __init__(self, table: NDArray[np.float64]) -> None:
        self.order = np.argsort(table, axis=0, kind="stable").T
        ordered = np.sort(table, axis=0).T
        self.left = np.array([np.searchsorted(row, row, side="left") for row in ordered])
        self.right = np.array([np.searchsorted(row, row, side="right") for row in ordered])

    def separations(self, higher: NDArray[np.bool_], weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Chance that a row of the one kind has a larger value than one of the other, column by column."""
        ones, others = np.where(higher, weights, 0.0)[self.order], np.where(higher, 0.0, weights)[self.order]
        summed = np.concatenate([np.zeros((len(others), 1)), np.cumsum(others, axis=1)], axis=1)
        # Equal values count half.
        below = 0.5 * (np.take_along_axis(summed, self.left, 1) + np.take_along_axis(summed, self.right, 1))
        total = float(weights[higher].sum()) * float(weights[~higher].sum())
        found: NDArray[np.float64] = (ones * below).sum(axis=1) / total
        return found


def _floor(sorter: _Sorter, higher: NDArray[np.bool_], weights: NDArray[np.float64], seed: int) -> float:
    """Separation of the best parameter that so few relabellings exceed."""
    key = entity_key("relabelled parameter sets")
    best = np.empty(SHUFFLES)
    for shuffle in range(SHUFFLES):
        chance = [uniform(seed, shuffle, int(Decision.BOOTSTRAP), key, row) for row in range(len(higher))]
        order = np.argsort(chance, kind="stable")
        # Sets keep their values; signs are dealt out anew, with the weights that they had.
        found = sorter.separations(higher[order], weights[order])
        best[shuffle] = np.abs(found - 0.5).max()
    return 0.5 + float(np.quantile(best, CLEAR))


def _cut(
    column: NDArray[np.float64], higher: NDArray[np.bool_], weights: NDArray[np.float64]
) -> tuple[float, float, float]:
    """Value that splits the sets best, and the shares with B higher above and below it."""
    ordered = np.unique(column)
    middles = 0.5 * (ordered[1:] + ordered[:-1])
    sides = column[None, :] > middles[:, None]
    b_above = (sides * (weights * higher)).sum(axis=1) / float(weights[higher].sum())
    a_above = (sides * (weights * ~higher)).sum(axis=1) / float(weights[~higher].sum())
    counts = sides.sum(axis=1)
    fair = np.minimum(counts, len(column) - counts) >= min(FEWEST, len(column) // 2)
    best = int(np.where(fair, np.abs(b_above - a_above), -1.0).argmax())
    above = sides[best]

    def share(side: NDArray[np.bool_]) -> float:
        return float((weights * higher)[side].sum() / weights[side].sum())

    return float(middles[best]), share(above), share(~above)


# ---------------------------------------------------------------------- in words


def sentence(about: Measure, across: Across, a: str = "A", b: str = "B") -> str:
    """Say in one sentence what the sets say about one measure."""
    label = capital(about.label)
    if across.verdict == "identical":
        return f"{label}: identical under every parameter set."
    digits = decimals((across.p90 - across.p10) / 2.0, across.median)
    unit = unit_text(about.unit)
    band = (
        f"median difference {number(across.median, digits, sign=True)}{unit}, "
        f"80 of 100 sets between {number(across.p10, digits)} and {number(across.p90, digits)}"
    )
    for_b, for_a = (across.a_sign, across.b_sign) if about.direction < 0 else (across.b_sign, across.a_sign)
    leads, share, other, rest = (b, for_b, a, for_a) if for_b >= for_a else (a, for_a, b, for_b)
    word = "better" if about.direction else "higher"
    if across.verdict == "undecided" and across.agrees:
        digits = decimals((across.high - across.low) / 2.0, across.mean)
        interval = f"{number(across.low, digits)} to {number(across.high, digits)}"
        return (
            f"{label}: undecided, {leads} is {word} in {of_100(share, 'sets')}, but a few sets weigh so much the other "
            f"way that the mean may be 0 (mean over the sets {number(across.mean, digits, sign=True)}{unit}, 95 % "
            f"interval {interval})."
        )
    if across.verdict == "undecided":
        return (
            f"{label}: undecided, the sign is not settled within the plausible parameters: {leads} is {word} in "
            f"{of_100(share, 'sets')}, {other} in {of_100(rest, 'sets')} ({band})."
        )
    return f"{label}: {leads} is {word} in {of_100(share, 'sets')} ({band})."


def turning_sentence(about: Measure, turning: Turning, a: str = "A", b: str = "B") -> str:
    """Say which parameter turns the sign, and where."""
    word = "better" if about.direction else "higher"
    if about.direction < 0:
        a, b = b, a
    sides = [(b, share) if share >= 0.5 else (a, 1.0 - share) for share in (turning.b_above, turning.b_below)]
    (above, much), (below, many) = sides
    name = turning.name.replace("_", " ")
    verb = "turns with" if above != below else "depends most on"
    return (
        f"{capital(about.label)} {verb} {name} ({turning.name}): where it is above {number(turning.cut)}, {above} is "
        f"{word} in {of_100(much, 'sets')}; below, {below} in {of_100(many, 'sets')}."
    )


def _numbers(one: Across) -> dict[str, Any]:
    turning = one.turning
    return {
        "verdict": one.verdict,
        "sign_agreement": one.agreement,
        "sign": {"b_higher": one.b_sign, "a_higher": one.a_sign},
        "verdicts": {
            "b_higher": one.b_higher,
            "a_higher": one.a_higher,
            "undecided": one.undecided,
            "identical": one.identical,
        },
        "difference": {"median": one.median, "p10": one.p10, "p90": one.p90},
        "mean_over_sets": {
            key: json_number(value) for key, value in (("mean", one.mean), ("low", one.low), ("high", one.high))
        },
        "turning": None
        if turning is None
        else {
            "parameter": turning.name,
            "cut": turning.cut,
            "separation": turning.separation,
            "noise_floor": turning.floor,
            "b_higher_above": turning.b_above,
            "b_higher_below": turning.b_below,
        },
    }
