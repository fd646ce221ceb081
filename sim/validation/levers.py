"""Levers: what each verb, and each argument that costs, moves in six base cases (the dead-lever test).

An act that costs hours or money and moves nothing is a defect of the model. Each lever is put into the plan of a base
case once, where it can be done, and the same worlds are run with and without it. It moves something if in some world a
measure of the goal differs, or what a goal depends on: who knows, what federations have to pass on, trust, what is
held against whom, pressure on politics. It passes, too, if the plan refuses it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.ensemble import simulate
from sim.errors import InputError
from sim.observe.measures import headline_ids, outcome_ids, series_ids
from sim.scenarios import scenario
from sim.vocabulary.quantities import GOAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sim.ensemble import Ensemble
    from sim.scenarios import Scenario

CASES: dict[str, tuple[str, str, int]] = {
    "campaign-while-partnering": ("ombud", "federation", 14),
    "stop-femicides": ("ombud", "ngo", 12),
    "ideas-given-early": ("ombud", "federation", 12),
    "invitation-to-decline": ("managers", "federation", 1),
    "danish-portfolio": ("area_renewal", "property_group", 12),
    "ilo-roles": ("government", "union", 12),
}
"""Federation, shelter movement, flagship, invitation, portfolio, roles: who acts, with whom, in which week."""

OFTEN = 0.9  # share of worlds in which a refused act counts as refused

EXEMPT: dict[str, str] = {
    "pause": "it costs nothing, and matters only for those who would ask",
    "set_strategy": "it costs nothing, and matters when the rule is used",
    "stop_campaign": "it saves hours and money",
    "shock": "nobody does it",
}
"""Verbs that may move nothing, with the reason."""

_DEPENDS = ("aware_", "trust_")  # outcomes that goals depend on
_SERIES = ("carries_", "held_", "pressure_for", "pressure_against", "role_", "trained_share")


@dataclass(frozen=True)
class Lever:
    """One lever: the verb, what is varied, and the actions with and without it."""

    verb: str
    what: str
    without: tuple[dict[str, Any], ...]
    plus: tuple[dict[str, Any], ...]


@dataclass(frozen=True)
class Moved:
    """What a lever moved: mean change of the first measure of the goal, how many measures differed, or why not."""

    case: str
    lever: Lever
    goal: str
    change: float
    differed: tuple[str, ...]
    refused: bool
    note: str = ""

    @property
    def passes(self) -> bool:
        """Whether it moves something, is refused, or is exempt."""
        return bool(self.differed) or self.refused or self.lever.verb in EXEMPT or bool(self.note)


def levers_of(case: Scenario) -> Iterator[Lever]:
    """Every verb, and every argument that costs, of a case."""
    by, partner, week = CASES[case.name]
    firm = next((row.id for row in case.organisation if row.type == "firm"), None)
    storyteller = next((row.id for row in case.organisation if row.type == "messenger"), None)
    pair = [by, partner]
    other = firm or partner

    def act(verb: str, **arguments: Any) -> dict[str, Any]:
        return {"when": week, "verb": verb, "by": by, **arguments}

    def alone(verb: str, what: str = "", *before: dict[str, Any], **arguments: Any) -> Lever:
        return Lever(verb, what or "done", tuple(before), (*before, act(verb, **arguments)))

    def varied(verb: str, what: str, first: dict[str, Any], then: dict[str, Any]) -> Lever:
        return Lever(verb, what, (act(verb, **first),), (act(verb, **then),))

    yield alone("approach", to=other)
    yield alone("offer_terms", to=partner, items=8)
    yield Lever("sign", "done", (), ({"when": week, "verb": "sign", "members": pair},))
    yield varied("offer_terms", "term", {"to": partner}, {"to": partner, "term": 26})
    yield alone("share_idea", to=other, how="list")
    yield alone("hold_workshop", **{"with": other})
    yield varied("publish_survey", "n", {"n": 100, "cost": 0}, {"n": 2014, "cost": 0})
    yield alone("publish_survey", n=1000, cost=0)
    yield alone("publish_guide", cost=0)
    yield alone("publish_guide", "with a partner", cost=0, **{"with": partner})
    yield alone("run_training", seats=100)
    yield varied("run_training", "seats", {"seats": 100}, {"seats": 2000})
    yield alone("inform", weeks=10)
    yield varied("inform", "weeks", {"weeks": 4}, {"weeks": 20})
    yield varied("inform", "hours", {"hours": 2.5}, {"hours": 10})
    yield alone("launch_campaign", budget=0)
    for name, low, high in (
        ("tone", 0.1, 0.9), ("intensity", 0.5, 1.5), ("weeks", 4, 12), ("budget", 0, 2_000), ("stunt", 0.0, 1.0),
    ):  # fmt: skip
        yield varied("launch_campaign", name, {name: low}, {name: high})
    yield varied("launch_campaign", "video", {}, {"format": {"video": 1.0}})
    yield varied("launch_campaign", "cosenders", {}, {"cosenders": [partner]})
    yield varied("launch_campaign", "messenger", {}, {"messenger": partner})
    launch = {**act("launch_campaign", weeks=10), "label": "lever"}
    change = {"when": week + 2, "verb": "adjust_campaign", "by": by, "campaign": "lever", "intensity": 2.0}
    yield Lever("adjust_campaign", "intensity", (launch,), (launch, change))
    stop = {"when": week + 2, "verb": "stop_campaign", "by": by, "campaign": "lever"}
    yield Lever("stop_campaign", "done", (launch,), (launch, stop))
    if storyteller is not None:
        spoken = {"when": week + 1, "verb": "launch_campaign", "by": by, "messenger": storyteller}
        silent = {"when": week + 1, "verb": "launch_campaign", "by": by}
        recruit = act("recruit_messenger", who=storyteller, cost=0)
        yield Lever("recruit_messenger", "and speaking", (silent,), (recruit, spoken))
    yield alone("go_public", partnership=pair)
    yield alone("go_shadow", partnership=pair)
    if firm is not None:
        seen = {"when": f"uncredited_public({firm})", "verb": "claim_credit", "by": by, "about": firm}
        yield Lever("claim_credit", "done", (), (seen,))
        named = {"when": f"uncredited_public({firm})", "verb": "credit", "by": firm, "about": by}
        yield Lever("credit", "done", (), (named,))
    for verb in ("defer", "insist"):
        yield Lever(verb, "every week", (), ({**act(verb, **{"with": partner}), "repeat_every": 1},))
    promise = act("promise", to=partner, what="film", due=week + 8)
    yield Lever("promise", "broken", (), (promise,))
    deliver = {"when": week + 4, "verb": "deliver", "by": by, "to": partner, "what": "film"}
    yield Lever("deliver", "done", (promise,), (promise, deliver))
    sorry = {"when": week + 10, "verb": "apologise", "by": by, "to": partner}
    yield Lever("apologise", "after a broken promise", (promise,), (promise, sorry))
    yield alone("pause", to=partner, weeks=8)
    leave = {"when": week, "verb": "exit", "by": partner, "partnership": pair}
    yield Lever("exit", "done", (), (leave,))
    back = {"when": week + 20, "verb": "reapproach", "by": by, "to": partner}
    yield Lever("reapproach", "after an exit", (leave,), (leave, back))
    yield alone("apply_funding", amount=50_000)
    yield alone("lobby", "every four weeks", repeat_every=4, max_times=4)
    yield alone("set_strategy", key="joint_level", value=0.6)
    bare = {"when": week, "verb": "shock", "what": "champion_leaves", "org": by}
    again = {"when": week + 1, "verb": "appoint_champion", "org": by}
    yield Lever("appoint_champion", "after a loss", (bare,), (bare, again))
    focal = {"when": week, "verb": "set_focal_point", "org": by, "partnership": pair}
    yield Lever("set_focal_point", "done", (), (focal,))
    yield alone("celebrate", partnership=pair, cost=0)
    feast = {"partnership": pair, "cost": 0}
    yield varied("celebrate", "public", feast, {**feast, "public": True})
    yield alone("explain_role", to=partner)
    told = act("warn", to=partner, campaign="lever")
    yield Lever("warn", "before a campaign", (_later(launch),), (told, _later(launch)))
    shown = {**told, "show_text": True}
    yield Lever("warn", "show_text", (told, _later(launch)), (shown, _later(launch)))
    yield alone("suspend", partnership=pair, weeks=8)


def _later(launch: dict[str, Any]) -> dict[str, Any]:
    return {**launch, "when": launch["when"] + 2, "tone": 0.9}


def _watched(case: Scenario) -> tuple[list[str], list[str], tuple[str, ...]]:
    """Outcomes and series that count, and the measures of the goal."""
    goal = tuple(name for name in headline_ids(case)[: len(case.goal.measures or GOAL)])
    outcomes = [name for name in outcome_ids(case) if name in goal or name.startswith(_DEPENDS)]
    return outcomes, [name for name in series_ids(case) if name.startswith(_SERIES)], goal


def _run(
    case: Scenario, actions: tuple[dict[str, Any], ...], series: list[str], replicates: int, seed: int
) -> Ensemble:
    return simulate(case.with_actions(actions), replicates, seed, series=series, parameter_sets=None)


def pull(
    names: Sequence[str] = tuple(CASES),
    replicates: int = 50,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> list[Moved]:
    """Pull every lever in every case and say what it moved.

    Parameters
    ----------
    names
        Names of the base cases.
    replicates, seed
        Paired worlds for each lever.
    progress
        Called with levers pulled and levers in all.
    """
    work = [(name, lever) for name in names for lever in levers_of(scenario(name))]
    rows = []
    for done, (name, lever) in enumerate(work):
        case = scenario(name)
        case = case.replace(observed=list(case.organisation_ids))  # so that trust of all is read
        rows.append(_moved(case, lever, replicates, seed))
        if progress is not None:
            progress(done + 1, len(work))
    return rows


def _moved(case: Scenario, lever: Lever, replicates: int, seed: int) -> Moved:
    outcomes, series, goal = _watched(case)
    try:
        plain = _run(case, (), series, replicates, seed)
        first = _run(case, lever.without, series, replicates, seed)
        second = _run(case, lever.plus, series, replicates, seed)
    except InputError as error:
        return Moved(case.name, lever, goal[0], math.nan, (), refused=True, note=str(error).rsplit(": ", 1)[-1])
    differed = [
        name for name in outcomes if not np.array_equal(first.outcomes[name], second.outcomes[name], equal_nan=True)
    ]
    differed += [name for name in series if not np.array_equal(first.series[name], second.series[name], equal_nan=True)]
    change = float((second.outcomes[goal[0]] - first.outcomes[goal[0]]).mean())
    refused = bool((second.outcomes["refused_actions"] > plain.outcomes["refused_actions"]).mean() >= OFTEN)
    return Moved(case.name, lever, goal[0], change, tuple(differed), refused)
