"""What worlds say of a set: for every target its value, and how probable it is that the truth lies in the window.

This is the only place that knows of the validation. Shares of worlds are binomial (Jeffreys' posterior); for other
numbers the interval that the check comes with is taken as that of a normal distribution. No hard window is laid on a
noisy share: a set that is in the window by luck alone counts for what it is worth.
"""

from __future__ import annotations

import math
import multiprocessing
import re
import string
import warnings
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import InputError
from sim.validation.patterns import PATTERNS, chosen
from sim.validation.worlds import Worlds

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from numpy.typing import NDArray

    from sim.validation.checks import Check

    Task = tuple["Judge", Mapping[str, float], int]

_NORMAL = 1.645  # half width of the 90 % interval of a check in standard errors


@dataclass(frozen=True, slots=True)
class Line:
    """One check that may set parameters: its key (pattern and letter), words, window, and whether it is a share."""

    key: str
    pattern: str
    words: str
    threshold: str
    least: float
    most: float
    counted: bool = False


@dataclass(frozen=True)
class Answer:
    """Values of all lines for one set, their standard errors, and the chance that each truth lies in its window."""

    values: NDArray[np.float64]
    errors: NDArray[np.float64]
    chances: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judge:
    """Runs the worlds of the targets for a set.

    Attributes
    ----------
    worlds
        Worlds of each case.
    patterns
        Targets; empty for all that may set parameters.
    fixed
        Parameter values that are not calibrated.
    """

    worlds: int
    patterns: tuple[str, ...] = ()
    fixed: Mapping[str, float] = field(default_factory=dict)

    def checks(self, values: Mapping[str, float], seed: int) -> list[Check]:
        """Return the checks that may set parameters, in the order of the patterns."""
        for name in sorted(set(self.patterns) - set(PATTERNS)):
            raise InputError(f"calibration: unknown pattern {name!r}, expected some of {', '.join(PATTERNS)}")
        worlds = Worlds(self.worlds, seed, {**values, **self.fixed}, threads=1)
        found: list[Check] = []
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # an absurd set may leave nobody to count
            for pattern in chosen(self.patterns or None):
                found += [check for check in pattern.measure(worlds) if check.use == "CAL"]
        return found

    def __call__(self, values: Mapping[str, float], seed: int) -> Answer:
        """Judge a set in the worlds of a seed."""
        checks = self.checks(values, seed)
        width = np.array([check.high - check.low for check in checks])
        return Answer(
            np.array([check.value for check in checks]),
            np.where(np.isfinite(width), width / (2.0 * _NORMAL), np.inf),
            np.array([chance(check) for check in checks]),
        )


def judged(tasks: Sequence[Task], processes: int) -> Generator[Answer]:
    """Judge sets, each a judge, values and a seed, in processes of their own; answers come in order."""
    if processes == 1:
        yield from map(_answer, tasks)
        return
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"))
    try:
        yield from pool.map(_answer, tasks)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _answer(task: Task) -> Answer:
    judge, values, seed = task
    return judge(values, seed)


def chance(check: Check) -> float:
    """Return how probable it is, after what the worlds showed, that the true value lies in the window."""
    from scipy import stats

    if not math.isfinite(check.value):
        return 0.0
    if check.counted:
        hits = round(check.value * check.worlds)
        truth = stats.beta(hits + 0.5, check.worlds - hits + 0.5)
        return float(truth.cdf(check.most) - truth.cdf(check.least))
    error = (check.high - check.low) / (2.0 * _NORMAL)
    if not (math.isfinite(error) and error > 0.0):
        return float(check.passed)
    return float(
        stats.norm.cdf((check.most - check.value) / error) - stats.norm.cdf((check.least - check.value) / error)
    )


def inside(lines: Sequence[Line], values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """(sets, lines) whether each value lies in the window of its line."""
    least, most = np.array([(line.least, line.most) for line in lines]).T
    return np.asarray((values >= least) & (values <= most))


def which_of(lines: Sequence[Line], patterns: Sequence[str]) -> list[int]:
    """Return the places of the lines of some patterns, or of all lines for none."""
    return [place for place, line in enumerate(lines) if not patterns or line.pattern in patterns]


def lines_of(checks: Sequence[Check]) -> tuple[Line, ...]:
    """Give every check a key: the pattern, and a letter where it has several lines."""
    ids = [check.id for check in checks]
    found = []
    for place, check in enumerate(checks):
        letter = string.ascii_lowercase[ids[:place].count(check.id)] if ids.count(check.id) > 1 else ""
        words = re.sub(r"\s*\([^()]*\d[^()]* to [^()]*\)$", "", check.check)  # numbers of this very run
        found.append(
            Line(f"{check.id}{letter}", check.id, words, check.threshold, check.least, check.most, check.counted)
        )
    return tuple(found)
