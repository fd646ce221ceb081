"""Parameter sets held against the targets: which share of them meets each, and which meets all at once."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.calibration.judge import Judge, inside, judged, lines_of, which_of
from sim.engine.randomness import entity_key
from sim.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.calibration.judge import Line
    from sim.parameters.sets import ParameterSets


@dataclass(frozen=True)
class SetsJudged:
    """What the worlds of many sets show.

    Attributes
    ----------
    lines
        The checks.
    values
        (sets, lines)
    weights
        (sets,), summing to 1.
    worlds
        Worlds of each case and set.
    """

    lines: tuple[Line, ...]
    values: NDArray[np.float64]
    weights: NDArray[np.float64]
    worlds: int

    @property
    def passed(self) -> NDArray[np.bool_]:
        """(sets, lines) whether each value lies in its window."""
        return inside(self.lines, self.values)

    @property
    def shares(self) -> NDArray[np.float64]:
        """(lines,) weighted share of the sets that meet each check."""
        return np.asarray(self.weights @ self.passed)

    def share_of_all(self, patterns: tuple[str, ...] = ()) -> float:
        """Weighted share of the sets that meet all checks, or all of some patterns."""
        return float(self.weights @ self.passed[:, which_of(self.lines, patterns)].all(axis=1))


def judge_sets(
    sets: ParameterSets,
    replicates: int = 400,
    patterns: tuple[str, ...] = (),
    *,
    seed: int = 0,
    processes: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> SetsJudged:
    """Hold every set against the targets, each in worlds of its own.

    Parameters
    ----------
    sets
        Weighted sets.
    replicates
        Worlds of each case and set.
    patterns
        Targets; empty for all that may set parameters.
    seed
        Key of the worlds.
    processes
        Sets judged at a time, default all cores; the result does not depend on it.
    progress
        Called with sets done and sets in all.
    """
    judge = Judge(replicates, patterns)
    lines = lines_of(judge.checks(sets.overrides(0), seed))
    if not lines:
        raise InputError("--parameter-sets: found no pattern that may set parameters, expected at least one")
    tasks = [(judge, sets.overrides(row), entity_key(f"set {row} of {seed}")) for row in range(len(sets))]
    values = np.empty((len(sets), len(lines)))
    with closing(judged(tasks, processes or os.cpu_count() or 1)) as answers:
        for row, answer in enumerate(answers):
            values[row] = answer.values
            if progress is not None:
                progress(row + 1, len(sets))
    return SetsJudged(lines, values, sets.weights, replicates)
