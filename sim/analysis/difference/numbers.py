"""Verdicts of a study: one plan against another in the same worlds, sample by sample and over all samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.analysis.asked import against
from sim.statistics import Paired, Verdict, compare_pairs, mean_and_error

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from sim.observe.measures import Measure


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
    verdicts: tuple[Verdict, ...]

    @property
    def title(self) -> str:
        """What is compared."""
        return against(self.about.label, self.a, self.b)

    def share(self, verdict: Verdict) -> float:
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
            "matters": one.matters,
            "verdict": one.verdict.value,
            "b_higher": self.share(Verdict.HIGHER),
            "a_higher": self.share(Verdict.LOWER),
            "same": self.share(Verdict.SAME),
            "samples": len(self.verdicts),
        }

    def table(self) -> pd.DataFrame:
        """One row a sample: mean difference, standard error, verdict."""
        import pandas as pd

        mean, error, _ = mean_and_error(self.values)
        return pd.DataFrame(
            {"difference": mean, "standard_error": error, "verdict": [one.value for one in self.verdicts]}
        )


def plan_difference(
    a: str, b: str, about: Measure, difference: NDArray[np.float64], matters: float, *, own_worlds: bool
) -> PlanDifference:
    """Compare two plans of a study.

    Parameters
    ----------
    a, b, about
        Names of the plans, and the outcome.
    difference
        (samples, replicates) b - a in each world.
    matters
        Smallest difference that matters.
    own_worlds
        Whether each sample has worlds of its own; then samples are what is drawn. In common worlds the luck of a world
        is common to all samples, so that worlds are.
    """
    by_sample = own_worlds and len(difference) > 1
    means, _, _ = mean_and_error(difference if by_sample else difference.T)
    overall = compare_pairs(means.reshape(-1, 1), [matters])[0]
    rows = compare_pairs(difference.T, [matters] * len(difference))
    return PlanDifference(a, b, about, difference, overall, tuple(row.verdict for row in rows))
