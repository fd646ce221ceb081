"""Translating the plan of a scenario into the records that compiled rules carry out.

How an argument becomes a number stands with its field (`sim.scenarios.fields`): a word of a closed list is its code,
a list of words its bits, a name the row of what it refers to, a number itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.world import ACTION, INSTRUCTION
from sim.plan.conditions import Operation
from sim.scenarios.fields import EMPLOYERS, Aimed, Kept, OneOf, Refers, SomeOf, mark
from sim.vocabulary.audiences import AUDIENCES
from sim.vocabulary.quantities import OBSERVABLES
from sim.vocabulary.verbs import Verb

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Mapping

    from sim.scenarios import Scenario
    from sim.scenarios.actions import Action
    from sim.scenarios.conditions import Condition

#: Columns that say "left open" where a plan says nothing; all others begin at 0.
OPEN = (
    "by", "to", "partnership", "idea", "firm", "campaign", "direct", "messenger", "weeks", "model", "deference",
    "topic", "tone", "intensity", "budget", "weight", "side",
    "term", "how", "share",
)  # fmt: skip


def campaign_rows(scenario: Scenario) -> int:
    """Most campaigns and stirs (surveys, disputes, foreign storms) that the plan can start, and discoveries."""
    starts = ("launch_campaign", "publish_survey", "claim_credit", "shock")
    found: int = 2 * len(scenario.pairs) if scenario.shadow_strategy else 0
    return found + sum(int(min(a.max_times, scenario.weeks)) for a in scenario.plan if a.verb in starts)


#: What all actions have, or what is translated by hand below.
_COMMON = frozenset({"verb", "when", "label", "repeat_every", "max_times", "cost", "hours", "essential", "exposures"})
#: Arguments that name two who share a partnership.
_SHARED = frozenset({"members", "partnership", "dyad"})


@dataclass(frozen=True)
class _Argument:
    """An argument of a verb: its column in a compiled plan, and what its marks say of it."""

    name: str
    column: str
    number: Callable[[Any, Any], float] | None
    refers: Refers | None
    closed: OneOf | SomeOf | None


@cache
def arguments_of(model: type[Action]) -> tuple[_Argument, ...]:
    """Read the marks of the arguments of a verb."""
    rows = []
    for name, about in model.model_fields.items():
        if name not in _COMMON and name not in _SHARED and mark(about, Aimed) is None:
            kept = mark(about, Kept) or Kept()
            closed = mark(about, OneOf) or mark(about, SomeOf)
            rows.append(_Argument(name, kept.column or name, kept.number, mark(about, Refers), closed))
    return tuple(rows)


@dataclass
class Translation:
    """What the arguments of a plan refer to, and what it has filled so far.

    Attributes
    ----------
    scenario
        The scenario whose plan is translated.
    rows, ideas
        Row of every organisation id and of every bundle of ideas.
    partnership_of
        Row of every pair of organisation rows, -1 if they have none.
    code
        Instructions of all conditions so far.
    exposures
        Weekly exposures that campaigns were given, one list after the other.
    """

    scenario: Scenario
    rows: Mapping[str, int]
    ideas: Mapping[str, int]
    partnership_of: np.ndarray[Any, Any]
    code: list[tuple[int, int, int, int, float]] = field(default_factory=list)
    exposures: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        plan = self.scenario.plan
        self.campaigns = {action.label: k for k, action in enumerate(plan) if action.label is not None}
        self.promises = sorted({getattr(a, "what", "") for a in plan if a.verb in ("promise", "deliver")})

    @property
    def start(self) -> datetime.date:
        """Monday of the first week."""
        return self.scenario.start

    def firm(self, which: str | int) -> int:
        """Row of a firm, from its number (from 1) or its id: named firms come first."""
        if isinstance(which, int):
            return which - 1
        return sorted(row.id for row in self.scenario.organisation if row.type == "firm").index(which)

    def number(self, action: Action, argument: _Argument, value: Any) -> float | None:
        """Return the number of an argument; None for what is told to people only."""
        if argument.number is not None:
            return argument.number(action, self)
        if argument.refers is not None:
            known = {"organisation": self.rows, "idea": self.ideas, "campaign": self.campaigns}[argument.refers.kind]
            return known[value] if isinstance(value, str) else sum(1 << known[name] for name in value)
        if argument.closed is not None:
            return float(argument.closed.code(value))
        if isinstance(value, str):
            return None
        if not isinstance(value, (int, float)):
            raise TypeError(
                f"{action.verb}: {argument.name}: no number for {value!r}: its field needs a mark, see `Kept`"
            )
        return float(value)

    def condition(self, condition: Condition) -> tuple[int, int]:
        """Add the instructions of a condition; returns where they start and end."""
        start = len(self.code)
        for step in condition.program:
            name = OBSERVABLES[step.name].code if step.op == "observe" else -1
            about = step.a if step.op == "observe" and OBSERVABLES[step.name].of == "a" else step.b
            second = AUDIENCES.index(about) if about in AUDIENCES else self.rows.get(about, -1)
            operation = int(Operation.of(step.op))
            self.code.append((operation, name, self.rows.get(step.a, -1), second, float(step.number)))
        return start, len(self.code)


def translate_plan(
    scenario: Scenario,
    rows: Mapping[str, int],
    partnership_of: np.ndarray[Any, Any],
    ideas: Mapping[str, int],
) -> tuple[np.recarray[Any, Any], np.recarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Translate a plan (see `Translation` for the parameters).

    Returns
    -------
    action, code : numpy.recarray
        The actions in file order and the instructions of all conditions.
    given_exposures : numpy.ndarray
        Weekly exposures that campaigns were given, one list after the other.
    target : numpy.ndarray
        (actions, organisations + 1): 1 where an action names an organisation, in the last column employers.
    """
    plan = Translation(scenario, rows, ideas, partnership_of)
    actions = np.zeros(len(scenario.plan), ACTION).view(np.recarray)
    target = np.zeros((len(scenario.plan), len(rows) + 1), np.uint8)
    columns = {**rows, EMPLOYERS: len(rows)}
    for column in OPEN:
        actions[column] = -1
    for row, named, action, condition in zip(actions, target, scenario.plan, scenario.conditions, strict=True):
        row.verb = Verb.of(action.verb)
        row.hours = action.takes_hours
        row.cost = round(100 * action.eur)
        row.repeat_every = action.repeat_every or 0
        row.max_times = action.max_times
        if condition is None:
            row.week = action.week(scenario.start)
        else:
            row.when = 1
            row.code_start, row.code_end = plan.condition(condition)
        for argument in arguments_of(action.__class__):
            value = getattr(action, argument.name)
            number = None if value is None else plan.number(action, argument, value)
            if number is not None:
                row[argument.column] = number
        for name in getattr(action, "targets", None) or ():
            named[columns[name]] = 1
        _parties(row, action, plan)
        exposures = getattr(action, "exposures", None) or ()
        row.given_start, row.given_count = len(plan.exposures), len(exposures)
        plan.exposures.extend(exposures)
    return actions, np.array(plan.code, INSTRUCTION).view(np.recarray), np.array(plan.exposures, np.float64), target


def _parties(row: Any, action: Action, plan: Translation) -> None:
    """Fill in who acts, towards whom, what they share, and whose ideas are meant where nothing is said."""
    if action.actor is not None:
        row.by = plan.rows[action.actor]
    members = next((getattr(action, name) for name in _SHARED if getattr(action, name, None)), None)
    if members is not None:
        first, second = plan.rows[members[0]], plan.rows[members[1]]
        row.partnership = plan.partnership_of[first, second]
        row.to = first if second == row.by else second
    elif row.by >= 0 and row.to >= 0:
        row.partnership = plan.partnership_of[row.by, row.to]
    if row.idea < 0 and action.actor is not None:
        own = [idea.id for idea in plan.scenario.idea if idea.owner == action.actor]
        row.idea = plan.ideas.get(own[0] if own else f"{action.actor}_ideas", -1)
