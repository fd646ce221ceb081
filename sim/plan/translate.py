"""Translating the plan of a scenario into the records that compiled rules carry out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.world import ACTION, INSTRUCTION
from sim.parameters import AUDIENCES
from sim.plan.conditions import Operation, Seen
from sim.plan.verbs import COSTS, ShockKind, StrategyKey, Verb
from sim.scenarios.fields import ELEMENTS, STRUCTURE_ITEMS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.scenarios import Scenario
    from sim.scenarios.conditions import Condition

__all__ = ["STRATEGY_WORDS", "TOPICS", "campaign_rows", "strategy_value", "translate_plan"]

TOPICS = {"none": 0, "work_equality": 1, "violence": 2, "gender_general": 3}
_OPERATIONS = {
    "number": Operation.NUMBER,
    "observe": Operation.OBSERVE,
    "<": Operation.LESS,
    "<=": Operation.LESS_EQUAL,
    ">": Operation.GREATER,
    ">=": Operation.GREATER_EQUAL,
    "==": Operation.EQUAL,
    "!=": Operation.NOT_EQUAL,
    "and": Operation.AND,
    "or": Operation.OR,
    "not": Operation.NOT,
}
_QUARRELS = {None: 3, "words": 0, "pictures": 1, "channel": 2}
_TONES = {"positive": 1.0, "neutral": 0.5, "critical": 0.0}
_RULES = {None: -1, "expertise": 0, "lead": 1, "alternate": 2, "never": 3}
_MODELS = {None: -1, "add_on": 0, "integrated": 1}
_SENT = ("approach", "offer_terms", "share_idea", "promise", "deliver", "apologise", "pause", "reapproach")
STRATEGY_WORDS: Mapping[str, Mapping[str, float]] = {
    "deference": {"expertise": 0, "lead": 1, "alternate": 2, "never": 3},
    "expectation": {"high": 0, "medium": 1, "low": 2, "adaptive": 3},
    "visibility": {"public": 0, "shadow": 1, "firm": 2},
}


def strategy_value(key: str, value: Any) -> float:
    """Return the number that stands for the value of a standing rule."""
    if key == "reapproach_interval" and value == "never":
        return 0.0
    if key in STRATEGY_WORDS:
        return float(STRATEGY_WORDS[key][value])
    return float(value)


def campaign_rows(scenario: Scenario) -> int:
    """Most campaigns, disputes and foreign storms that the plan can start."""
    starts = ("launch_campaign", "claim_credit", "shock")
    return sum(min(a.max_times, scenario.weeks) for a in scenario.plan if a.verb in starts)


def _condition(condition: Condition, rows: Mapping[str, int]) -> list[tuple[int, int, int, int, float]]:
    code = []
    for step in condition.program:
        name = int(Seen[step.name.upper()]) if step.op == "observe" else 0
        second = rows.get(step.b, -1)
        if step.name == "credibility":
            second = AUDIENCES.index(step.b)
        code.append((int(_OPERATIONS[step.op]), name, rows.get(step.a, -1), second, float(step.number)))
    return code


def translate_plan(
    scenario: Scenario, rows: Mapping[str, int], pair_of: np.ndarray[Any, Any], ideas: Mapping[str, int], p: Any
) -> tuple[np.recarray[Any, Any], np.recarray[Any, Any], np.ndarray[Any, Any]]:
    """Translate a plan.

    Parameters
    ----------
    scenario
        Checked scenario.
    rows
        Row of every organisation id.
    pair_of
        Row of every pair of organisation rows, -1 if they have none.
    ideas
        Row of every idea bundle.
    p
        Parameter record, for arguments that a plan leaves open.

    Returns
    -------
    action, code : numpy.recarray
        The actions in file order and the instructions of all conditions.
    given_exposures : numpy.ndarray
        Weekly exposures that campaigns were given, one list after the other.
    """
    actions = np.zeros(len(scenario.plan), ACTION).view(np.recarray)
    code: list[tuple[int, int, int, int, float]] = []
    given: list[float] = []
    labels = {a.label: k for k, a in enumerate(scenario.plan) if a.label is not None}
    words = sorted({getattr(a, "what", "") for a in scenario.plan if a.verb in ("promise", "deliver")})
    for k, a in enumerate(scenario.plan):
        row = actions[k]
        for name in (
            "by",
            "to",
            "pair",
            "idea",
            "firm",
            "reference",
            "direct",
            "messenger",
            "weeks",
            "model",
            "rule",
        ):
            row[name] = -1
        for name in ("tone", "intensity", "budget"):
            row[name] = -1.0
        row.verb = Verb[a.verb.upper()]
        hours, eur = COSTS[Verb(row.verb)]
        row.hours = hours if a.hours is None else a.hours
        row.cost = round(100 * (eur if a.cost is None else a.cost))
        row.repeat_every = a.repeat_every or 0
        row.max_times = a.max_times
        condition = scenario.conditions[k]
        if condition is None:
            row.week = a.week(scenario.start)
        else:
            row.when = 1
            row.code_start = len(code)
            code.extend(_condition(condition, rows))
            row.code_end = len(code)
        _parties(row, a, rows, pair_of)
        bundle = getattr(a, "bundle", None)
        if bundle is not None:
            row.idea = ideas[bundle]
        _arguments(row, a, scenario, rows, labels, words, ideas, p)
        exposures = getattr(a, "exposures", None)
        if exposures is not None:
            row.given_start = len(given)
            row.given_count = len(exposures)
            given.extend(exposures)
    return actions, np.array(code, INSTRUCTION).view(np.recarray), np.array(given, np.float64)


def _parties(row: Any, a: Any, rows: Mapping[str, int], pair_of: np.ndarray[Any, Any]) -> None:
    """Fill in who acts, towards whom, and their pair."""
    if a.actor is not None:
        row.by = rows[a.actor]
    for name in ("to", "with_", "who", "about", "org"):
        other = getattr(a, name, None)
        if other is not None and (name != "org" or a.verb == "shock"):
            row.to = rows[other]
    members = getattr(a, "members", None) or getattr(a, "partnership", None) or getattr(a, "dyad", None)
    if members is not None:
        row.pair = pair_of[rows[members[0]], rows[members[1]]]
        if a.verb == "shock":
            row.to = rows[members[1]]
        else:
            row.to = rows[members[1] if rows[members[0]] == row.by else members[0]]
    elif row.by >= 0 and row.to >= 0:
        row.pair = pair_of[row.by, row.to]


def _mask(ids: tuple[str, ...], rows: Mapping[str, int]) -> int:
    return sum(1 << rows[name] for name in ids)


def _arguments(
    row: Any,
    a: Any,
    scenario: Scenario,
    rows: Mapping[str, int],
    labels: Mapping[str, int],
    words: list[str],
    ideas: Mapping[str, int],
    p: Any,
) -> None:
    """Fill in the arguments of the verb."""
    verb = a.verb
    if verb == "approach":
        row.ask = a.ask
        row.tone = _TONES[a.tone]
        row.visibility = int(a.visibility == "shadow")
        row.purpose = int(a.purpose == "meeting")
        row.direct = -1 if a.direct is None else int(a.direct)
    elif verb in ("offer_terms", "sign"):
        row.items = len(a.items)
        row.clause = int("credit_clause" in a.items)
        row.structure = sum(1 << STRUCTURE_ITEMS.index(name) for name in a.structure)
        if verb == "offer_terms":
            row.menu = int("public" in a.menu) + 2 * int("shadow" in a.menu)
            row.model = _MODELS[a.model]
            row.rule = _RULES[a.deference]
            row.ask = a.ask
            owned = [idea.id for idea in scenario.idea if idea.owner == a.by]
            row.idea = ideas[owned[0]] if owned else _default_idea(a.by, ideas)
    elif verb == "share_idea":
        told = {"list": p.share_list, "teaser": p.share_teaser, "guide": p.share_guide, "workshop": p.share_workshop}
        row.share = told[a.how or "list"] if a.share is None else a.share
    elif verb == "publish_survey":
        row.respondents = a.n
        row.method = a.method
    elif verb == "run_training":
        row.seats = a.seats
        row.channels = _mask(a.channel, rows)
    elif verb == "inform":
        row.weeks = a.weeks
    elif verb == "launch_campaign":
        _campaign(row, a, scenario, rows)
    elif verb in ("adjust_campaign", "stop_campaign"):
        row.reference = -1 if a.campaign is None else labels[a.campaign]
        for name in ("tone", "intensity", "budget", "weeks"):
            if getattr(a, name, None) is not None:
                row[name] = getattr(a, name)
    elif verb in ("defer", "insist"):
        row.topic = _QUARRELS[a.topic]
    elif verb in ("promise", "deliver"):
        row.what = words.index(a.what)
        if verb == "promise":
            row.weight = p.promise_weight if a.weight is None else a.weight
            row.due = a.due_week(scenario.start)
    elif verb == "pause":
        row.weeks = a.weeks
    elif verb == "exit":
        row.final = int(a.final)
    elif verb == "apply_funding":
        row.value = a.amount
    elif verb == "set_strategy":
        row.key = StrategyKey[a.key.upper()]
        row.value = strategy_value(a.key, a.value)
    elif verb == "shock":
        _shock(row, a, scenario, rows)


def _default_idea(owner: str, ideas: Mapping[str, int]) -> int:
    return ideas.get(f"{owner}_ideas", -1)


def _campaign(row: Any, a: Any, scenario: Scenario, rows: Mapping[str, int]) -> None:
    row.cosenders = _mask(a.cosenders, rows)
    row.tone = a.tone
    row.intensity = a.intensity
    row.weeks = a.weeks
    row.video = a.format.video
    row.messenger = -1 if a.messenger is None else rows[a.messenger]
    row.budget = a.budget
    row.budget_share = a.budget_share
    row.stunt = a.stunt
    row.topic = TOPICS[a.topic or scenario.topic]
    row.audience = sum(1 << AUDIENCES.index(name) for name in a.audience)
    row.elements = sum(1 << ELEMENTS.index(name) for name in a.elements)


def _shock(row: Any, a: Any, scenario: Scenario, rows: Mapping[str, int]) -> None:
    row.key = ShockKind[a.what.upper()]
    row.magnitude = a.size or 0.0
    row.tone = a.tone or 0.0
    row.weeks = a.weeks or 0
    row.share = a.share or 0.0
    row.value = a.p0_factor if a.p0_factor is not None else 1.0
    if a.firm is not None:
        named = sorted(o.id for o in scenario.organisation if o.type == "firm")
        row.firm = named.index(a.firm) if isinstance(a.firm, str) else a.firm - 1
