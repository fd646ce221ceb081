"""Verdicts of a study: one plan against another in the same worlds, sample by sample and over all samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.asked import against
from sim.statistics import compare_pairs, mean_and_error

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sim.observe.measures import Measure
from sim.statistics import Paired


@dataclass(frozen=True, eq=False)
class PlanDifference:
    """Plan b against plan a in one outcome.

    Attributes
    ----------
    a, b, about
        The plans, and the outcome.
    values
        (samples, replicates) b - a in each world.
    overall
        Over all samples: mean difference with its interval over the worlds (and the samples, where each has worlds of
        its own), and a verdict.
    verdicts
        Verdict of each sample by itself.
    """

    a: str
    b: str
    about: Measure
    values: NDArray[np.float64]
    overall: Paired
    verdicts: tuple[str, ...]

    @property
    def title(self) -> str:
        """What is compared."""
        return against(self.about.label, self.a, self.b)

    def share(self, verdict: str) -> float:
        """Share of the samples with a verdict."""
        return self.verdicts.count(verdict) / len(self.verdicts)

    def row(self) -> dict[str, Any]:
        """Return the numbers of the difference, for a table."""
        one = self.overall
        return {
            "outcome": self.about.id,
            "a": self.a,
            "b": self.b,
            "difference": one.difference,
            "low": one.low,
            "high": one.high,
            "verdict": one.verdict,
            "b_higher": self.share("B higher"),
            "a_higher": self.share("A higher"),
            "samples": len(self.verdicts),
        }

    def table(self) -> pd.DataFrame:
        """One row a sample: mean difference, standard error, verdict."""
        import pandas as pd

        mean, error, _ = mean_and_error(self.values)
        return pd.DataFrame({"difference": mean, "standard_error": error, "verdict": list(self.verdicts)})


def plan_difference(
    a: str, b: str, about: Measure, difference: NDArray[np.float64], *, seed: int, own_worlds: bool
) -> PlanDifference:
    """Compare two plans of a study.

    Parameters
    ----------
    a, b, about
        Names of the plans, and the outcome.
    difference
        (samples, replicates) b - a in each world.
    seed
        Key of the bootstrap.
    own_worlds
        Whether each sample has worlds of its own; then samples are resampled. In common worlds the luck of a world is
        common to all samples, so that worlds are resampled.
    """
    key = f"{about.id}|{a}|{b}"
    by_sample = own_worlds and len(difference) > 1
    means, _, _ = mean_and_error(difference if by_sample else difference.T)
    pooled = np.ascontiguousarray(means.reshape(-1, 1))
    overall = compare_pairs(np.zeros_like(pooled), pooled, [f"{key}|over all samples"], seed)[0]
    keys = [f"{key}|{sample}" for sample in range(len(difference))]
    rows = compare_pairs(np.zeros_like(difference.T), np.ascontiguousarray(difference.T), keys, seed)
    return PlanDifference(a, b, about, difference, overall, tuple(row.verdict for row in rows))
