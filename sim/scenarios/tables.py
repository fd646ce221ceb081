"""The tables of a scenario file, each row sound by itself."""

# Pydantic reads the annotations at run time, so this module goes without postponed annotations.

import datetime
from functools import cached_property
from itertools import combinations
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from sim.scenarios.actions import Approach, GoShadow, OfferTerms, PlanAction, SetStrategy
from sim.scenarios.board import Task
from sim.scenarios.demand import Policy
from sim.scenarios.fields import Day, Flag, Frozen, Label, OneOf, Text, Weekly, Word, Words, integer, problem
from sim.scenarios.organisations import AudienceSizes, Dyad, Firms, Goal, Idea, Organisation, Partnership
from sim.vocabulary.kinds import KINDS
from sim.vocabulary.topics import Topic
from sim.words.language import Said


def _monday(value: datetime.date) -> datetime.date:
    # Far from either end of the calendar, so that every week of a run has a date.
    if not 1900 <= value.year <= 2200:
        raise problem(Said("monday"))
    if value.weekday() != 0:
        raise problem(Said("monday_near", day=str(value - datetime.timedelta(days=value.weekday()))))
    return value


def _texts(value: object) -> tuple[str, ...]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, (list, tuple)) or not all(isinstance(item, str) for item in listed):
        raise problem(Said("texts"))
    return tuple(listed)


def _start(value: object) -> datetime.date:
    day = value
    if isinstance(value, str):
        try:
            day = datetime.date.fromisoformat(value.strip())
        except ValueError:
            day = None
    if isinstance(day, datetime.datetime) or not isinstance(day, datetime.date):
        raise problem(Said("monday_as"))
    return _monday(day)


Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]


class Tables(Frozen):
    """The keys and tables of a scenario file. Whether rows fit together is checked by `sim.scenarios.references`."""

    name: Label = "scenario"
    title: Text = ""
    question: Text = ""
    source: Text = ""
    start: Annotated[Day, BeforeValidator(_start)]
    weeks: Annotated[int, integer(1, 5200)] = 260
    topic: Annotated[str, OneOf(Topic)] = "work_equality"
    omniscient: Flag = False
    audit: Flag = False
    initiator: Word | None = None
    observed: Words = ()
    rivals: Weekly | None = None
    notes: Texts = ()
    assumptions: Texts = ()
    firms: Firms = Firms()
    audience: AudienceSizes = AudienceSizes()
    goal: Goal = Goal()
    policy: Policy = Policy()
    parameters: dict[str, float] = Field(default_factory=dict)
    organisation: tuple[Organisation, ...] = ()
    dyad: tuple[Dyad, ...] = ()
    partnership: tuple[Partnership, ...] = ()
    idea: tuple[Idea, ...] = ()
    task: tuple[Task, ...] = ()
    plan: tuple[PlanAction, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _numbers_only(cls, data: Any) -> Any:
        parameters = data.get("parameters") if isinstance(data, dict) else None
        if isinstance(parameters, dict):
            for name, value in parameters.items():
                if isinstance(value, bool) or not isinstance(value, (int, float)):
                    raise problem(Said("any_number"), "parameters", str(name), found=value)
        return data

    @property
    def organisation_ids(self) -> tuple[str, ...]:
        """Ids of the organisations, in the order of the file."""
        return tuple(row.id for row in self.organisation)

    def find(self, organisation: str) -> Organisation:
        """Return the organisation with an id."""
        for row in self.organisation:
            if row.id == organisation:
                return row
        raise KeyError(organisation)

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Pairs of ids that can share a partnership: all non-firms, and who is named together with a firm; sorted."""
        named = {(row.a, row.b) for row in self.dyad}
        for partnership in self.partnership:
            named.update(combinations(partnership.members, 2))
        for action in self.plan:
            named.update(action.named_together())
        firms = [row.id for row in self.organisation if row.type == "firm"]
        named.update((idea.owner, firm) for idea in self.idea for firm in firms if firm != idea.owner)
        named.update(combinations((row.id for row in self.organisation if row.type != "firm"), 2))
        return tuple(sorted((min(pair), max(pair)) for pair in {frozenset(pair) for pair in named}))

    @property
    def observed_ids(self) -> tuple[str, ...]:
        """Whose credit, cost and credibility are measured: as given, or ombud, NGOs and federations; sorted."""
        if self.observed:
            return tuple(sorted(self.observed))
        return tuple(sorted(row.id for row in self.organisation if KINDS[row.type].observed))

    @property
    def default_initiator(self) -> str | None:
        """First organisation of conditions in short form: as given, or the ombud, or the first one."""
        if self.initiator is not None or not self.organisation:
            return self.initiator
        ombuds = [row.id for row in self.organisation if KINDS[row.type].addresses_firms]
        return "ombud" if "ombud" in ombuds else (ombuds or [self.organisation[0].id])[0]

    def date(self, week: int) -> datetime.date:
        """Monday of a week."""
        return self.start + datetime.timedelta(weeks=week)

    @property
    def shadow_strategy(self) -> bool:
        """Whether anybody works, or offers to work, hidden from the public."""
        if any(row.visibility == "shadow" for row in self.partnership):
            return True
        if any(row.visibility in ("shadow", "firm") for row in self.organisation):
            return True
        for action in self.plan:
            hidden = (
                isinstance(action, GoShadow)
                or (isinstance(action, Approach) and action.visibility == "shadow")
                or (isinstance(action, OfferTerms) and "shadow" in action.menu)
                or (isinstance(action, SetStrategy) and action.value in ("shadow", "firm"))
            )
            if hidden:
                return True
        return False
