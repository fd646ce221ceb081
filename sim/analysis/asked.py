"""What all analyses of a study have in common: what they may read, what they give, and how a study asks for them."""

# Pydantic reads the annotations at run time, so this module goes without postponed annotations.

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import model_validator

from sim.analysis.design import Design
from sim.errors import InputError
from sim.scenarios.explain import nearest, show
from sim.scenarios.fields import Frozen, problem, real

Number = Annotated[float, real()]


class Points(Protocol):
    """A study as its analyses see it: points, and what came of them."""

    @property
    def design(self) -> Design:
        """The points."""

    @property
    def plans(self) -> tuple[str, ...]:
        """Names of the plans."""

    @property
    def measures(self) -> tuple[str, ...]:
        """Outcomes that the study asks for."""

    @property
    def seed(self) -> int:
        """Key of what is drawn."""

    @property
    def own_worlds(self) -> bool:
        """Whether each sample has worlds of its own."""

    def values(self, outcome: str) -> NDArray[np.float64]:
        """Return one outcome, (samples, plans, replicates); NaN where there is none."""

    def difference(self, a: str, b: str, outcome: str) -> NDArray[np.float64]:
        """Return plan b minus plan a in one outcome, (samples, replicates), world by world."""

    def matter(self, outcome: str) -> float:
        """Return the smallest difference of an outcome that matters."""

    def asked(self, analysis: str) -> Any:
        """Return what the study file asks of an analysis: its table, or a tuple of tables."""


class Answer(Protocol):
    """What an analysis found, in every form that a result takes."""

    def sentences(self) -> list[str]:
        """Say it, one sentence a finding."""

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return its tables, by the name of a file."""

    def figures(self, title: str, foot: str) -> dict[str, Any]:
        """Draw it: figures by the name of a file."""

    def document(self) -> Any:
        """Return its numbers and texts for other programs."""


@dataclass(frozen=True)
class Analysis:
    """A question that a study file may ask.

    Attributes
    ----------
    name
        Its key in study files and in findings.json.
    answer
        Answers it; None where it was not asked.
    table
        What a study file may say about it; None: nothing, the kind of the design asks.
    many
        Whether it may be asked several times: ``[[name]]``.
    own_worlds
        Whether points are looked at together, so that each sample should have worlds of its own.
    check
        Raises InputError if what is asked cannot be answered: what is asked, plans, outcomes, and how messages name
        the place.
    """

    name: str
    answer: Callable[[Points], Answer | None]
    table: type[Frozen] | None = None
    many: bool = False
    own_worlds: bool = False
    check: Callable[[Any, Sequence[str], Sequence[str], str], None] = lambda asked, plans, outcomes, place: None


def against(label: str, a: str, b: str) -> str:
    """Name the difference of two plans in an outcome."""
    return f"{label}: {b} against {a}"


def one_of(name: str, known: Sequence[str], place: str, expected: str) -> None:
    """Refuse a name that is not known."""
    if name not in known:
        shown = ", ".join(known[:8]) + (", ..." if len(known) > 8 else "")
        raise InputError(f"{place}: found {show(name)}, expected {expected}: {shown}{nearest(name, list(known))}")


class Threshold(Frozen):
    """Bounds of an outcome, ends included."""

    at_least: Number | None = None
    at_most: Number | None = None

    @model_validator(mode="after")
    def _some(self) -> "Threshold":
        if self.at_least is None and self.at_most is None:
            raise problem("at_least, at_most or both", "at_least", found=None)
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise problem(f"at least {self.at_least:g}: the range is empty", "at_most", found=self.at_most)
        return self
