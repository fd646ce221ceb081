"""Verdicts that a study asks for: one plan against another, in one outcome."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.analysis.asked import Analysis, one_of
from sim.analysis.difference.numbers import plan_difference
from sim.analysis.difference.words import sentence
from sim.analysis.outcomes import describe
from sim.errors import InputError
from sim.scenarios.explain import show
from sim.scenarios.fields import Frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from sim.analysis.asked import Points
    from sim.analysis.difference.numbers import PlanDifference


class Difference(Frozen):
    """A verdict: one plan against another in the same worlds, one outcome."""

    a: str
    b: str
    outcome: str


@dataclass(frozen=True)
class DifferenceAnswer:
    """Paired differences of plans."""

    found: tuple[PlanDifference, ...]

    def sentences(self) -> list[str]:
        """Say them, one sentence a pair and outcome."""
        return [sentence(one) for one in self.found]

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return one table, one row a pair and outcome."""
        import pandas as pd

        return {"differences": pd.DataFrame([one.row() for one in self.found])}

    def figures(self, title: str, foot: str) -> dict[str, Any]:
        """Nothing to draw."""
        return {}

    def document(self) -> list[dict[str, Any]]:
        """Return the rows of the table."""
        return [one.row() for one in self.found]


def _check(asked: Sequence[Difference], plans: Sequence[str], outcomes: Sequence[str], where: str) -> None:
    for number, row in enumerate(asked, start=1):
        place = f"{where}: difference {number}"
        for key in ("a", "b"):
            one_of(getattr(row, key), plans, f"{place}: {key}", "a plan of the study")
        if row.a == row.b:
            raise InputError(f"{place}: b: found {show(row.b)}, expected another plan than a")
        one_of(row.outcome, outcomes, f"{place}: outcome", "one of outcomes")


def _answer(points: Points) -> DifferenceAnswer | None:
    asked = points.asked("difference")
    if not asked:
        return None
    return DifferenceAnswer(
        tuple(
            plan_difference(
                row.a,
                row.b,
                describe(row.outcome),
                points.difference(row.a, row.b, row.outcome),
                points.matter(row.outcome),
                own_worlds=points.own_worlds,
            )
            for row in asked
        )
    )


DIFFERENCE = Analysis("difference", _answer, Difference, many=True, own_worlds=True, check=_check)
