"""The task board of a scenario: which organisations work in which cell, and for how many hours."""

# Pydantic reads the annotations at run time, so this module goes without postponed annotations.

from typing import Annotated, Literal, get_args

from sim.scenarios.fields import Frozen, Words, real

__all__ = ["INTERVENTIONS", "LEVELS", "PLACES", "Task"]

_Intervention = Literal["prevention", "safe_passage", "monitoring", "assistance"]
_Place = Literal["hiring", "expecting", "leave_and_return"]
_Level = Literal["policy", "outreach"]

INTERVENTIONS: tuple[str, ...] = get_args(_Intervention)
PLACES: tuple[str, ...] = get_args(_Place)
LEVELS: tuple[str, ...] = get_args(_Level)


class Task(Frozen):
    """One cell of the board: an intervention, in a place, on a level, and who works there.

    Places are stages of the employment relation; that they correspond to source, transit and destination in the
    matrix of the source is an assumption. ``hours`` are the weekly hours of each who works there.
    """

    intervention: _Intervention
    place: _Place
    level: _Level
    who: Words = ()
    hours: Annotated[float, real(0.0, 40.0)] = 4.0

    @property
    def cell(self) -> tuple[str, str, str]:
        """Which of the 24 cells it is."""
        return self.level, self.intervention, self.place
