"""A scenario as it is used: checked, complete and unchangeable."""

# Pydantic reads the annotations at run time, so this module goes without postponed annotations.

import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from sim.errors import InputError
from sim.scenarios.actions import Approach, GoShadow, OfferTerms, PlanAction, SetStrategy
from sim.scenarios.board import Task
from sim.scenarios.conditions import Condition
from sim.scenarios.demand import Policy
from sim.scenarios.explain import Origins, explain
from sim.scenarios.fields import Day, Flag, Frozen, Label, Text, Weekly, Word, Words, integer, problem
from sim.scenarios.organisations import Dyad, Firms, Idea, Organisation, Partnership
from sim.scenarios.references import check_references, read_conditions, with_bundle
from sim.scenarios.toml_text import write_toml

__all__ = ["Scenario", "build"]

#: Texts that only describe: they do not count for the digest.
#: Types of organisations whose outcomes are measured if a scenario does not say otherwise.
OBSERVED_TYPES = ("ombud", "ngo", "federation")
_DESCRIPTIVE = frozenset({"name", "title", "question", "source", "notes", "assumptions"})


def _monday(value: datetime.date) -> datetime.date:
    # Far from either end of the calendar, so that every week of a run has a date.
    if not 1900 <= value.year <= 2200:
        raise problem("a Monday between 1900 and 2200")
    if value.weekday() != 0:
        raise problem(f"a Monday, for example {value - datetime.timedelta(days=value.weekday())}")
    return value


def _texts(value: object) -> tuple[str, ...]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, (list, tuple)) or not all(isinstance(item, str) for item in listed):
        raise problem("a list of texts")
    return tuple(listed)


def _start(value: object) -> datetime.date:
    found = value
    if isinstance(value, str):
        try:
            found = datetime.date.fromisoformat(value.strip())
        except ValueError:
            found = None
    if isinstance(found, datetime.datetime) or not isinstance(found, datetime.date):
        raise problem("a Monday as 2014-09-01")
    return _monday(found)


Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]


class Scenario(Frozen):
    """Who is there at the start, and the plan: what happens when.

    Lists have the names of a file's tables: ``organisation``, ``dyad``, ``partnership``, ``idea``,
    ``task``, ``plan``.
    Use `sim.scenarios.scenario` to load one and `replace` or `with_actions` to vary it.
    """

    name: Label = "scenario"
    title: Text = ""
    question: Text = ""
    source: Text = ""
    start: Annotated[Day, BeforeValidator(_start)]
    weeks: Annotated[int, integer(1, 5200)] = 260
    topic: Literal["work_equality", "violence", "gender_general", "none"] = "work_equality"
    omniscient: Flag = False
    audit: Flag = False
    initiator: Word | None = None
    observed: Words = ()
    rivals: Weekly | None = None
    notes: Texts = ()
    assumptions: Texts = ()
    firms: Firms = Firms()
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
                    raise problem("a number", "parameters", str(name), found=value)
        return data

    @model_validator(mode="after")
    def _whole(self) -> "Scenario":
        check_references(self)
        # The only write after validation: an unnamed bundle becomes the one that is meant.
        self.__dict__["plan"] = with_bundle(self)
        self.__dict__["conditions"] = read_conditions(self)
        return self

    @cached_property
    def conditions(self) -> tuple[Condition | None, ...]:
        """The conditions of the plan, action by action; None for an action with a date or week."""
        return read_conditions(self)

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

    @property
    def observed_ids(self) -> tuple[str, ...]:
        """Whose credit, cost and credibility are measured: as given, or ombud, NGOs and federations; sorted."""
        if self.observed:
            return tuple(sorted(self.observed))
        return tuple(sorted(row.id for row in self.organisation if row.type in OBSERVED_TYPES))

    @property
    def default_initiator(self) -> str | None:
        """First organisation of conditions in short form: as given, or the ombud, or the first one."""
        if self.initiator is not None or not self.organisation:
            return self.initiator
        ombuds = [row.id for row in self.organisation if row.type == "ombud"]
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

    def __repr__(self) -> str:
        return (
            f"<Scenario {self.name}: {len(self.organisation)} organisations, {len(self.plan)} actions, "
            f"{self.weeks} weeks from {self.start}>"
        )

    __str__ = __repr__

    def document(self) -> dict[str, Any]:
        """Return the scenario as the keys and tables of a file, without what is at its default."""
        found: dict[str, Any] = self.model_dump(by_alias=True, exclude_defaults=True)
        for row, action in zip(found.get("plan", ()), self.plan, strict=False):
            if action.repeat_every is not None:
                row["max_times"] = action.max_times
        return found

    def to_toml(self) -> str:
        """Write the scenario as a file that stands alone; loading it gives an equal scenario."""
        return write_toml(self.document())

    def digest(self) -> str:
        """Hash everything that can change a result (sha256 in hex).

        Two scenarios with the same digest give the same results; name, title and notes do not count.
        """
        found = self.model_dump(mode="json", by_alias=True, exclude=set(_DESCRIPTIVE))
        for rows in ("organisation", "dyad", "partnership", "idea"):
            for row in found[rows]:
                row.pop("evidence", None)
                row.pop("name", None)
        found["policy"].pop("demand")
        text = json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
        return hashlib.sha256(text.encode("ascii")).hexdigest()

    def replace(self, **changes: Any) -> "Scenario":
        """Return a scenario with other values at the top level, checked anew.

        Raises
        ------
        InputError
            The changed scenario is not sound.
        """
        return build({**self.document(), **changes}, self.name)

    def with_actions(self, actions: Iterable[Mapping[str, Any]]) -> "Scenario":
        """Return a scenario with more actions at the end of its plan, each a table as in a file."""
        rows = [*self.document().get("plan", ()), *(dict(row) for row in actions)]
        return self.replace(plan=rows)


def build(data: Mapping[str, Any], where: str, origins: Origins | None = None) -> Scenario:
    """Check a scenario given as keys and tables.

    Parameters
    ----------
    data
        As read from a file, parents merged in.
    where
        Name of the file, for messages.
    origins
        Where merged rows and keys come from.

    Raises
    ------
    InputError
        One line that names the file, the place, what was found and what was expected.
    """
    try:
        return Scenario.model_validate(dict(data))
    except ValidationError as error:
        keys = list(Scenario.model_fields)
        raise InputError(explain(error, data, where, origins or {}, keys)) from None
