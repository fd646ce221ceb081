"""Sliders: each reads one number from a plan and writes it back, so that sliders and plan editor are one thing."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.parameters import REGISTRY
from sim.scenarios.actions import week_index
from sim.vocabulary.kinds import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.dashboard.state import Plan
    from sim.scenarios import Scenario

MOST_SLIDERS = 6
#: What goes with a campaign in time.
_COMPANIONS = ("launch_campaign", "publish_survey", "recruit_messenger")
_NEAR = 4  # weeks around the launch

Changes = dict[str, Any]


@dataclass(frozen=True)
class Slider:
    """One slider: how it is read from a scenario (None: the plan has no such thing) and written back."""

    id: str
    low: float
    high: float
    step: float
    unit: str
    read: Callable[[Scenario], float | None]
    write: Callable[[Scenario, float], Changes]


def sliders_of(scenario: Scenario) -> list[tuple[Slider, float]]:
    """Return the sliders that a plan has, with their values; at most six."""
    found = [(slider, slider.read(scenario)) for slider in SLIDERS]
    return [(slider, float(value)) for slider, value in found if value is not None][:MOST_SLIDERS]


def slide(plan: Plan, slider: str, value: float) -> Plan:
    """Return the plan with a slider at another value, cut to its range.

    Raises
    ------
    InputError
        The scenario does not bear it.
    """
    one = next(row for row in SLIDERS if row.id == slider)
    bounded = min(max(float(value), one.low), one.high)
    return plan.with_changes(one.write(plan.scenario, bounded))


def _rows(scenario: Scenario, table: str) -> list[dict[str, Any]]:
    return [dict(row) for row in scenario.document().get(table, ())]


def _verb(scenario: Scenario, verb: str) -> list[Any]:
    return [action for action in scenario.plan if action.verb == verb]


def _set_all(scenario: Scenario, verb: str, key: str, value: float) -> Changes:
    rows = _rows(scenario, "plan")
    for row in rows:
        if row["verb"] == verb:
            row[key] = value
    return {"plan": rows}


def _of_first(verb: str, key: str) -> Callable[[Scenario], float | None]:
    def read(scenario: Scenario) -> float | None:
        actions = _verb(scenario, verb)
        return float(getattr(actions[0], key)) if actions else None

    return read


def _to_all(verb: str, key: str, kind: type = float) -> Callable[[Scenario, float], Changes]:
    return lambda scenario, value: _set_all(scenario, verb, key, kind(round(value, 6)))


# --- when the campaign starts


def _campaign_week(scenario: Scenario) -> float | None:
    for action in _verb(scenario, "launch_campaign"):
        week = action.week(scenario.start)
        if week is not None:
            return float(week)
    return None


def _move_campaign(scenario: Scenario, value: float) -> Changes:
    """Move the campaign and what belongs to it, all by the same number of weeks."""
    now = _campaign_week(scenario)
    shift = round(value - (now or 0.0))
    rows = _rows(scenario, "plan")
    for row in rows:
        when = row["when"]
        if row["verb"] not in _COMPANIONS or isinstance(when, str) or now is None:
            continue
        week = week_index(when, scenario.start)
        if abs(week - now) > _NEAR:
            continue
        moved = max(0, week + shift)
        if isinstance(when, datetime.date):
            row["when"] = when + datetime.timedelta(weeks=moved - week)
        else:
            row["when"] = moved
    return {"plan": rows}


# --- ideas, knocking, understanding


def _ideas_told(scenario: Scenario) -> float | None:
    actions = _verb(scenario, "share_idea")
    return float(actions[0].share_told) if actions else None


def _tell(scenario: Scenario, value: float) -> Changes:
    rows = _rows(scenario, "plan")
    for row in rows:
        if row["verb"] == "share_idea":
            row["share"] = value
    return {"plan": rows}


def _knock(scenario: Scenario) -> float | None:
    """Weeks between two tries to win a partner back."""
    initiator = scenario.default_initiator
    if initiator is None or scenario.find(initiator).reapproach_interval == "never":
        return None
    given = scenario.find(initiator).reapproach_interval
    if given is None:
        given = scenario.parameters.get("reapproach_interval", REGISTRY["reapproach_interval"].default)
    return float(given)


def _set_organisation(scenario: Scenario, who: str, key: str, value: float) -> Changes:
    rows = _rows(scenario, "organisation")
    for row in rows:
        if row["id"] == who:
            row[key] = value
    return {"organisation": rows}


def _set_knock(scenario: Scenario, value: float) -> Changes:
    initiator = scenario.default_initiator
    return _set_organisation(scenario, initiator, "reapproach_interval", float(round(value))) if initiator else {}


def _partner(scenario: Scenario) -> str | None:
    """The partner from the other side: the first federation, or the flagship."""
    others = [row.id for row in scenario.organisation if row.type == "federation" or row.flagship]
    return others[0] if others else None


def _understanding(scenario: Scenario) -> float | None:
    who = _partner(scenario)
    if who is None:
        return None
    row = scenario.find(who)
    given = KINDS[row.kind].role if row.role is None else row.role
    name = "role_understanding_federation"  # the parameter that stands for what no file and no type says
    return float(scenario.parameters.get(name, REGISTRY[name].default) if given is None else given)


def _understand(scenario: Scenario, value: float) -> Changes:
    who = _partner(scenario)
    return _set_organisation(scenario, who, "role", round(value, 6)) if who else {}


SLIDERS: tuple[Slider, ...] = (
    Slider("campaign_week", 0, 156, 1, "week", _campaign_week, _move_campaign),
    Slider(
        "campaign_tone", 0, 1, 0.05, "share", _of_first("launch_campaign", "tone"), _to_all("launch_campaign", "tone")
    ),
    Slider(
        "campaign_weeks",
        1,
        26,
        1,
        "weeks",
        _of_first("launch_campaign", "weeks"),
        _to_all("launch_campaign", "weeks", int),
    ),
    Slider("ideas_told", 0, 1, 0.05, "share", _ideas_told, _tell),
    Slider("ask", 0, 1, 0.05, "share", _of_first("approach", "ask"), _to_all("approach", "ask")),
    Slider("knock", 8, 104, 2, "weeks", _knock, _set_knock),
    Slider("understanding", 0, 1, 0.05, "share", _understanding, _understand),
)
