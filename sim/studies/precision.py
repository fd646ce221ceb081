"""How many worlds are enough: paired worlds are added until the interval of a difference is as narrow as asked for.

The number of worlds is not fixed beforehand but follows from the spread that is found [1]_: after each batch the
half-width of the 95 % interval of the mean paired difference is estimated, and the search ends once it is small enough
for every pair of plans that was looked at.

References
----------
.. [1] Chow & Robbins (1965). On the asymptotic theory of fixed-width sequential confidence intervals for the mean.
   Annals of Mathematical Statistics 36, 457-462.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.outcomes import describe, outcome_values
from sim.errors import InputError
from sim.statistics import NORMAL_95, mean_and_error
from sim.studies.paths import changed
from sim.studies.prepared import some_points
from sim.words.numbers import capital, number, short_number, unit_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.studies.prepared import Case, PreparedStudy

#: Points that are compared with the first one.
COMPARED = 12
FIRST_BATCH = 100
MOST_WORLDS = 100_000


@dataclass(frozen=True, slots=True)
class Precision:
    """How many worlds the precision asked for needs.

    Attributes
    ----------
    outcome, asked
        Outcome, and half-width of the 95 % interval of a paired difference in its unit.
    worlds
        Worlds that are enough, rounded up to two digits.
    half_width
        Half-width reached with them by the widest pair.
    widest
        Point whose difference from the first point has the widest interval.
    compared
        Points compared.
    reached
        False if not even the largest number of worlds is enough.
    """

    outcome: str
    asked: float
    worlds: int
    half_width: float
    widest: int
    compared: int
    reached: bool

    def sentence(self) -> str:
        """Say it in a sentence."""
        about = describe(self.outcome)
        unit = unit_text(about.unit)
        if not self.reached:
            return (
                f"{capital(about.label)}: {self.worlds:,} worlds give paired differences to +-"
                f"{number(self.half_width)}{unit}, not to the +-{short_number(self.asked)}{unit} asked for."
            )
        return (
            f"{capital(about.label)}: {self.worlds:,} worlds are enough for paired differences to "
            f"+-{short_number(self.asked)}{unit} (95 % interval; +-{number(self.half_width)}{unit} for the widest of "
            f"{self.compared} pairs of points)."
        )


def worlds_for_precision(
    prepared: PreparedStudy,
    asked: float,
    outcome: str | None = None,
    *,
    threads: int | None = None,
    most: int = MOST_WORLDS,
    progress: Callable[[int, int], None] | None = None,
) -> Precision:
    """Find how many worlds a study needs.

    Parameters
    ----------
    prepared
        The study; up to `COMPARED` of its points, from all over the design, are compared with the first one.
    asked
        Half-width of the 95 % interval of the mean paired difference, in the unit of the outcome.
    outcome
        Which outcome, default the first of the study.
    threads
        Threads to use; the result does not depend on it.
    most
        Worlds at which the search ends.
    progress
        Called with worlds run of each point, and worlds thought to be needed.

    Raises
    ------
    InputError
        A precision that is no positive number, or an outcome that the study does not keep or that hardly any world has.
    """
    name = outcome or prepared.file.outcomes[0]
    if not math.isfinite(asked) or asked <= 0.0:
        raise InputError(f"--precision: found {asked:g}, expected a number above 0, in the unit of {name}")
    if prepared.file.own_worlds:
        raise InputError(
            f'{prepared.where}: worlds: found "own", expected "common" with --precision: differences are paired only '
            "between points in the same worlds"
        )
    if name not in prepared.file.outcomes:
        raise InputError(f"--precision: found outcome {name!r}, expected one of {', '.join(prepared.file.outcomes)}")
    cases = list(some_points(prepared, COMPARED + 1))
    if len(cases) < 2:
        raise InputError(f"{prepared.where}: --precision: found one point, expected two or more to compare")
    values = np.empty((len(cases), 0))
    worlds = min(FIRST_BATCH, most)
    while True:
        more = [_run(prepared, case, name, values.shape[1], worlds, threads) for case in cases]
        values = np.concatenate([values, np.stack(more)], axis=1)
        _check_values(prepared, name, values)
        errors = _half_widths(values)
        needed = math.ceil(worlds * float(errors.max() / asked) ** 2)
        if progress is not None:
            progress(worlds, min(max(needed, worlds), most))
        if needed <= worlds or worlds >= most:
            break
        worlds = min(max(needed, worlds + FIRST_BATCH), 4 * worlds, most)
    widest = int(errors.argmax())
    # Never fewer than were looked at: a rare difference needs them to be seen at all.
    enough, reached = _rounded_up(worlds), needed <= worlds
    return Precision(name, asked, enough, float(errors[widest]), cases[1 + widest].point, len(cases) - 1, reached)


def _run(
    prepared: PreparedStudy, case: Case, name: str, first: int, upto: int, threads: int | None
) -> NDArray[np.float64]:
    from sim.ensemble import simulate

    scenario = changed(prepared.bases[case.base], case.change)
    # All points in the same worlds, even where a study gives each sample worlds of its own.
    ensemble = simulate(
        scenario,
        upto - first,
        prepared.file.seed,
        parameters=dict(case.parameters),
        series=(),
        threads=threads,
        first=first,
        parameter_sets=prepared.sets,
    )
    return outcome_values(ensemble, (name,))[:, 0]


def _check_values(prepared: PreparedStudy, name: str, values: NDArray[np.float64]) -> None:
    """See that differences have a spread: an outcome that hardly any world has is not settled but unknown."""
    both = np.isfinite(values[1:] - values[0]).sum(axis=1)
    if both.min() < 2:
        found = "no world" if both.min() == 0 else "one world"
        raise InputError(
            f"{prepared.where}: --precision: {name}: {found} of {values.shape[1]} has a value at both of two points, "
            "expected a first outcome that more worlds have"
        )


def _half_widths(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Half-width of the interval of each point's mean difference from the first.

    Where few worlds differ, the spread that was seen says little: with none of n worlds different, up to 3/n of all
    worlds may be (rule of three), by as much as two worlds differ.
    """
    differences = values[1:] - values[0]
    _, error, count = mean_and_error(differences)
    there = np.isfinite(differences)
    changed_by = np.where(there, differences**2, 0.0).sum(axis=1)
    differing = (there & (differences != 0.0)).sum(axis=1)
    _, spread, seen = mean_and_error(values)
    usual = 2.0 * (spread[0] ** 2) * seen[0]
    size = np.where(differing > 0, changed_by / np.maximum(differing, 1), usual)
    found: NDArray[np.float64] = NORMAL_95 * np.sqrt(error**2 + 3.0 / count * size / count)
    return found


def _rounded_up(worlds: int) -> int:
    unit: int = 10 ** max(0, len(str(worlds)) - 2)
    return -(-worlds // unit) * unit
