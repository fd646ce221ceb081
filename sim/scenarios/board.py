"""The task board of a scenario: which organisations work in which cell, and for how many hours."""

# Pydantic reads the annotations at run time, so this module goes without postponed annotations.

from typing import Annotated

from sim.scenarios.fields import Frozen, OneOf, Words, real
from sim.vocabulary.topics import Intervention, Level, Place


class Task(Frozen):
    """One cell of the board: an intervention, in a place, on a level, and who works there.

    ``hours`` are the weekly hours of each who works there.
    """

    intervention: Annotated[str, OneOf(Intervention)]
    place: Annotated[str, OneOf(Place)]
    level: Annotated[str, OneOf(Level)]
    who: Words = ()
    hours: Annotated[float, real(0.0, 40.0)] = 4.0

    @property
    def cell(self) -> tuple[str, str, str]:
        """Which of the 24 cells it is."""
        return self.level, self.intervention, self.place
