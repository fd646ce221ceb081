"""What a scenario may say about politics: one demand, where it stands, and what a law would make firms do."""

# Pydantic reads the annotations at run time, so this module goes without postponed annotations.

from typing import Annotated

from pydantic import model_validator

from sim.scenarios.fields import Frozen, OneOf, Rate, Text, problem
from sim.vocabulary.topics import Stage
from sim.words.language import Said


class Policy(Frozen):
    """The demand of the scenario.

    ``demand`` says in words what is asked for, as it stands in a sentence ("a duty to report"); ``stage`` is how
    far it has come at the start. Once in force, every firm acts at the further rate ``law_rate`` (a year) by law:
    0 means that politics does not count towards the goal, 0.4 is a law with sanctions such as the Norwegian quota.
    """

    demand: Text | None = None
    stage: Annotated[str, OneOf(Stage)] = "none"
    law_rate: Rate | None = None

    @property
    def consequence(self) -> str:
        """What a law would mean for the goal, in a sentence."""
        if not self.law_rate:
            return "no law makes firms act: politics does not count towards the goal"
        return f"once in force, the law makes firms act at a rate of {self.law_rate:g} a year"

    @model_validator(mode="after")
    def _complete(self) -> "Policy":
        if self.demand is not None and self.law_rate is None:
            raise problem(Said("law_rate"), "law_rate", found=None)
        if self.demand is None and (self.law_rate is not None or self.stage != "none"):
            raise problem(Said("demanded"), "demand", found=None)
        return self
