"""What a scenario may say about politics: one demand, where it stands, and what a decision would change."""

# Pydantic reads the annotations at run time, so this module goes without postponed annotations.

from typing import Annotated

from sim.scenarios.fields import Frozen, OneOf, Text, real
from sim.vocabulary.topics import Stage

__all__ = ["Policy"]


class Policy(Frozen):
    """The demand of the scenario.

    ``demand`` says in words what is asked for, as it stands in a sentence ("a duty to report"); ``stage`` is how
    far it has come at the start. A decision multiplies the rate at which firms act by themselves by
    ``base_rate_factor``; 1 means that it changes nothing.
    """

    demand: Text | None = None
    stage: Annotated[str, OneOf(Stage)] = "none"
    base_rate_factor: Annotated[float, real(0.0, 100.0)] = 1.0
