"""How the plans of a study do over its samples, if the study asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from sim.analysis.asked import Analysis, Threshold, one_of
from sim.analysis.outcomes import describe
from sim.analysis.robustness.figure import robustness_figure
from sim.analysis.robustness.numbers import robustness
from sim.analysis.robustness.words import sentences
from sim.errors import InputError
from sim.scenarios.explain import show
from sim.scenarios.fields import Frozen, real

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from sim.analysis.asked import Points
    from sim.analysis.robustness.numbers import Robustness


class RobustnessTable(Frozen):
    """How plans are judged over the samples: weights (for regret) and bounds (for satisficing)."""

    weights: dict[str, Annotated[float, real(0.0, 1e9)]] = Field(default_factory=dict)
    satisfice: dict[str, Threshold] = Field(default_factory=dict)


@dataclass(frozen=True)
class RobustnessAnswer:
    """Plans, judged over all samples."""

    found: Robustness

    def sentences(self) -> list[str]:
        """Say what is best on average and at worst, what is good enough, and which weights turn that."""
        return sentences(self.found)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return one row a plan, and break-even weights if there are weights."""
        tables = {"robustness": self.found.table()}
        return {**tables, "break-even": self.found.break_even()} if self.found.weights else tables

    def figures(self, title: str, foot: str) -> dict[str, Any]:
        """Draw regret, and what is good enough."""
        return {"robustness": robustness_figure(self.found, title, foot=foot)}

    def document(self) -> dict[str, Any]:
        """Return everything but the worlds, and the sentences."""
        return {**self.found.to_dict(), "sentences": self.sentences()}


def _check(asked: RobustnessTable, plans: Sequence[str], outcomes: Sequence[str], where: str) -> None:
    if len(plans) < 2:
        raise InputError(f"{where}: robustness: found {len(plans)} plan, expected two or more crossed plans")
    for name in (*asked.weights, *asked.satisfice):
        one_of(name, outcomes, f"{where}: robustness", "one of outcomes")
    for name in asked.weights:
        if describe(name).direction == 0:
            raise InputError(
                f"{where}: robustness: weights: found {show(name)}, of which neither more nor less is better, "
                "expected a measure with a direction"
            )


def _answer(points: Points) -> RobustnessAnswer | None:
    asked = points.asked("robustness")
    if asked is None:
        return None
    about = {name: describe(name) for name in (*asked.weights, *asked.satisfice)}
    return RobustnessAnswer(
        robustness(
            points.plans,
            {name: points.values(name) for name in about},
            weights=asked.weights or None,
            directions={name: row.direction for name, row in about.items()},
            satisfice={name: (row.at_least, row.at_most) for name, row in asked.satisfice.items()},
            labels={name: row.label for name, row in about.items()},
            units={name: row.unit for name, row in about.items()},
            scales={name: points.matter(name) for name in about},
            seed=points.seed,
        )
    )


ROBUSTNESS = Analysis("robustness", _answer, RobustnessTable, own_worlds=True, check=_check)
