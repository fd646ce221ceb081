"""What is measured: outcome measures and weekly series, one definition for both.

`value` reads any of them from a world at any time: as an outcome it is read at the end of the run, as a series
at the end of every week.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from sim.engine.compiled import rule
from sim.errors import InputError
from sim.rules.life_cycle import is_active
from sim.rules.task_board import board_coverage, board_result
from sim.vocabulary.audiences import AUDIENCES
from sim.vocabulary.partnerships import State

if TYPE_CHECKING:
    from sim.scenarios import Scenario

__all__ = [
    "HEADLINE",
    "Measure",
    "Quantity",
    "default_series",
    "measure",
    "outcome_ids",
    "resolve",
    "series_ids",
    "split",
    "value",
]


class Quantity(IntEnum):
    """Codes of what can be measured."""

    GOAL_IMPACT = 0
    GOAL_SHARE = 1
    ADOPTERS = 2
    PUBLIC_ADOPTERS = 3
    CREDITED_IMPACT = 4
    CAUSAL_IMPACT = 5
    SHADOW_IMPACT = 6
    UNCREDITED_USES = 7
    PARTNERSHIPS_FORMED = 8
    PARTNERSHIP_WEEKS = 9
    PUBLIC_PARTNERSHIP_WEEKS = 10
    EXITS = 11
    RETURNS = 12
    WEEKS_AWAY = 13
    BURNED_BRIDGES = 14
    RELATIONSHIP_CAPITAL = 15
    TRUST = 16
    DISAGREEMENTS = 17
    DEFERRAL_SHARE = 18
    DISAGREEMENT_HOURS = 19
    CREDIBILITY_CHANGE = 20
    COOPTATION = 21
    PEAK_COVERAGE = 22
    STORM_WEEKS = 23
    REACH = 24
    VISITORS = 25
    PAGE_VIEWS = 26
    MINUTES = 27
    NEW_AUDIENCE_SHARE = 28
    SEATS_WEEKS = 29
    ADOPTION_WEEK = 30
    COST_EUR = 31
    COST_HOURS = 32
    COST_PER_ADOPTER = 33
    JOINT_RESULT = 34
    VALUE = 35
    MORALE_LOSS = 36
    REFUSED_ACTIONS = 37
    EXITS_OF = 38
    RETURNS_OF = 39
    COVERAGE = 40
    ATTENTION = 41
    TONE = 42
    STORM = 43
    PARTNERSHIPS = 44
    PARTNERED = 45
    STATE = 46
    HEAT = 47
    GRIEVANCE = 48
    DISTANCE = 49
    CREDIBILITY = 50
    MONEY = 51
    EVIDENCE = 52
    COST_EUR_ALL = 53
    COST_HOURS_ALL = 54
    DECISION = 55
    GRANTS = 56
    APPROVAL_YEARS = 57
    BUDGET = 58
    DEFERRED = 59
    DEFERRED_BY_NGO = 60
    POLICY_STAGE = 61
    TASK_BOARD_COVERAGE = 62
    TASK_BOARD_RESULT = 63
    CHAMPION = 70
    DIRECT = 71
    MEAN_RESULT = 72


@dataclass(frozen=True)
class Measure:
    """One measure.

    Attributes
    ----------
    id
        Name in files and tables.
    label
        Plain words.
    unit
        Unit of the value.
    direction
        1 more is better, -1 less is better, 0 neither.
    definition
        How it is computed.
    """

    id: str
    label: str
    unit: str
    direction: int
    definition: str


@dataclass(frozen=True)
class _Kind:
    """A family of measures: the arguments its id carries, e.g. ``trust_ombud_federation``."""

    quantity: Quantity
    arguments: str  # "" none, "i" organisation, "ij" pair, "ia" organisation and audience
    label: str
    unit: str
    direction: int
    definition: str
    outcome: bool = True


_Q = Quantity
_KINDS: dict[str, _Kind] = {
    "goal_share": _Kind(
        _Q.GOAL_SHARE,
        "",
        "goal share",
        "share",
        1,
        "share of firms that took the measures up, weighted by size and depth",
    ),
    "goal_impact": _Kind(
        _Q.GOAL_IMPACT,
        "",
        "goal impact",
        "weighted firms",
        1,
        "sum of weight x depth x quality over adopters",
    ),
    "adopters": _Kind(_Q.ADOPTERS, "", "firms that adopted", "firms", 1, "firms that use the idea at the end"),
    "public_adopters": _Kind(
        _Q.PUBLIC_ADOPTERS,
        "",
        "firms that adopted in public",
        "firms",
        1,
        "firms that use the idea in public",
    ),
    "credited_impact": _Kind(
        _Q.CREDITED_IMPACT,
        "i",
        "impact credited to {i}",
        "weighted firms",
        1,
        "weight of adopters that name {i}",
    ),
    "causal_impact": _Kind(
        _Q.CAUSAL_IMPACT,
        "i",
        "impact caused by {i}",
        "weighted firms",
        0,
        "weight of adoptions traced to {i}",
    ),
    "shadow_impact": _Kind(
        _Q.SHADOW_IMPACT,
        "i",
        "impact of {i} without credit",
        "weighted firms",
        0,
        "caused minus credited impact",
    ),
    "uncredited_uses": _Kind(
        _Q.UNCREDITED_USES, "", "uses without credit", "count", 0, "decisions to use ideas alone or quietly"
    ),
    "partnerships_formed": _Kind(
        _Q.PARTNERSHIPS_FORMED,
        "",
        "partnerships formed",
        "count",
        1,
        "memberships that became informal or formal",
    ),
    "partnership_weeks": _Kind(
        _Q.PARTNERSHIP_WEEKS, "", "weeks of partnership", "weeks", 1, "membership-weeks informal or formal"
    ),
    "public_partnership_weeks": _Kind(
        _Q.PUBLIC_PARTNERSHIP_WEEKS, "", "weeks of public partnership", "weeks", 0, "of these, public"
    ),
    "exits": _Kind(_Q.EXITS, "", "break-ups", "count", -1, "exits from partnerships"),
    "returns": _Kind(_Q.RETURNS, "", "returns", "count", 0, "returns of partners that had left"),
    "weeks_away": _Kind(_Q.WEEKS_AWAY, "", "weeks apart", "weeks", -1, "membership-weeks of cooling"),
    "burned_bridges": _Kind(
        _Q.BURNED_BRIDGES,
        "",
        "burned bridges",
        "count",
        -1,
        "memberships apart for 104 weeks or more at the end",
    ),
    "relationship_capital": _Kind(
        _Q.RELATIONSHIP_CAPITAL,
        "i",
        "relationship capital of {i}",
        "0 to 1",
        1,
        "mean of the geometric mean trust with those it has to do with",
    ),
    "disagreements": _Kind(_Q.DISAGREEMENTS, "", "disagreements", "count", 0, "disagreements in joint work"),
    "deferral_share": _Kind(
        _Q.DEFERRAL_SHARE, "", "share settled by deference", "share", 1, "deferred over all disagreements"
    ),
    "disagreement_hours": _Kind(
        _Q.DISAGREEMENT_HOURS, "", "hours of disagreement", "h", -1, "hours spent settling disagreements"
    ),
    "peak_coverage": _Kind(_Q.PEAK_COVERAGE, "", "peak coverage", "items/week", 0, "largest weekly coverage"),
    "storm_weeks": _Kind(_Q.STORM_WEEKS, "", "storm weeks", "weeks", 0, "weeks with a media storm"),
    "reach": _Kind(_Q.REACH, "", "exposures", "count", 1, "exposures of all campaigns"),
    "visitors": _Kind(_Q.VISITORS, "", "visitors", "count", 1, "visitors that campaigns brought"),
    "page_views": _Kind(_Q.PAGE_VIEWS, "", "page views", "count", 1, "pages that visitors opened"),
    "minutes": _Kind(_Q.MINUTES, "", "minutes of attention", "min", 1, "minutes that visitors stayed"),
    "new_audience_share": _Kind(
        _Q.NEW_AUDIENCE_SHARE,
        "",
        "reach among new people",
        "share",
        1,
        "exposures outside the usual audience",
    ),
    "seats_weeks": _Kind(
        _Q.SEATS_WEEKS,
        "",
        "weeks until training seats filled",
        "weeks",
        -1,
        "from the first opening until 90 % of all seats are taken",
    ),
    "adoption_week": _Kind(
        _Q.ADOPTION_WEEK, "", "mean week of adoption", "weeks", -1, "mean of min(adoption week, horizon)"
    ),
    "cost_eur": _Kind(
        _Q.COST_EUR_ALL,
        "",
        "cost",
        "EUR",
        -1,
        "money spent by all whose outcomes are measured",
    ),
    "cost_hours": _Kind(_Q.COST_HOURS_ALL, "", "work", "h", -1, "hours spent by all whose outcomes are measured"),
    "cost_eur_": _Kind(_Q.COST_EUR, "i", "cost of {i}", "EUR", -1, "money spent by {i}"),
    "cost_hours_": _Kind(_Q.COST_HOURS, "i", "work of {i}", "h", -1, "hours spent by {i}"),
    "cost_per_adopter": _Kind(
        _Q.COST_PER_ADOPTER, "", "cost per adopter", "EUR", -1, "cost over adopters, missing without adopters"
    ),
    "grants": _Kind(_Q.GRANTS, "", "grants", "EUR", 1, "money received from outside for projects"),
    "budget": _Kind(_Q.BUDGET, "y", "project budget {i}", "EUR", 1, "money granted for the projects of {i}"),
    "approval_years": _Kind(
        _Q.APPROVAL_YEARS, "", "years in the annual plan", "count", 1, "Januaries in which a project was approved"
    ),
    "joint_result": _Kind(
        _Q.JOINT_RESULT, "", "joint results", "result weeks", 1, "joint work times result, summed over weeks"
    ),
    "value": _Kind(_Q.VALUE, "i", "value to {i} of working with {0}", "0 to 1", 1, "felt value of the partnership"),
    "morale_loss": _Kind(
        _Q.MORALE_LOSS,
        "i",
        "disappointment of {i}",
        "index",
        -1,
        "sum of the gaps between expected and realised",
    ),
    "cooptation": _Kind(
        _Q.COOPTATION, "i", "change in standing of {i} with own supporters", "-1 to 1", 1, "change over the run"
    ),
    "exits_": _Kind(_Q.EXITS_OF, "i", "break-ups of {i}", "count", -1, "exits from partnerships with {i}"),
    "returns_": _Kind(_Q.RETURNS_OF, "i", "returns of {i}", "count", 0, "returns to partnerships with {i}"),
    "policy_stage": _Kind(
        _Q.POLICY_STAGE,
        "",
        "stage of the demand",
        "0 to 4",
        1,
        "0 none, 1 on the agenda, 2 promised, 3 decided, 4 in force",
    ),
    "task_board_coverage": _Kind(
        _Q.TASK_BOARD_COVERAGE,
        "",
        "cells of the task board covered",
        "share",
        1,
        "cells with a result of 0.5 or more over all 24, missing without a board",
    ),
    "task_board_result": _Kind(
        _Q.TASK_BOARD_RESULT,
        "",
        "result on the task board",
        "0 to 1",
        1,
        "mean result of the 24 cells, missing without a board",
    ),
    "refused_actions": _Kind(
        _Q.REFUSED_ACTIONS, "", "refused actions", "count", 0, "actions of the plan that could not be done"
    ),
    "trust": _Kind(_Q.TRUST, "ij", "trust of {i} in {j}", "0 to 1", 1, "trust at the end"),
    "credibility_change": _Kind(
        _Q.CREDIBILITY_CHANGE, "ia", "change in credibility of {i} with {a}", "-1 to 1", 1, "change over the run"
    ),
    "deferred": _Kind(_Q.DEFERRED, "", "disagreements settled by giving way", "count", 1, "so far", False),
    "deferred_by_ngo": _Kind(
        _Q.DEFERRED_BY_NGO, "", "disagreements in which an NGO gave way", "count", 0, "so far", False
    ),
    "coverage": _Kind(_Q.COVERAGE, "", "media coverage", "items/week", 0, "items in the week", False),
    "attention": _Kind(_Q.ATTENTION, "", "attention", "0 to 1", 0, "coverage / (coverage + 40)", False),
    "tone": _Kind(_Q.TONE, "", "critical tone", "0 to 1", 0, "tone of the coverage", False),
    "storm": _Kind(_Q.STORM, "", "media storm", "0 or 1", 0, "whether a storm is on", False),
    "partnerships": _Kind(
        _Q.PARTNERSHIPS, "", "active partnerships", "count", 1, "memberships informal or formal now", False
    ),
    "partnered": _Kind(
        _Q.PARTNERED, "ij", "{i} and {j} are partners", "share of worlds", 1, "informal or formal now", False
    ),
    "state": _Kind(_Q.STATE, "ij", "state of {i} and {j}", "code", 0, "0 none ... 5 ended", False),
    "heat": _Kind(_Q.HEAT, "i", "heat on {i}", "0 to 1", -1, "attention x tone x exposure", False),
    "grievance": _Kind(_Q.GRIEVANCE, "ij", "grievance of {i} against {j}", "0 to 1", -1, "slow memory", False),
    "distance": _Kind(_Q.DISTANCE, "ij", "distance of {i} and {j}", "0 to 1", -1, "in words and channels", False),
    "credibility": _Kind(_Q.CREDIBILITY, "ia", "credibility of {i} with {a}", "0 to 1", 1, "this week", False),
    "money": _Kind(_Q.MONEY, "i", "money of {i}", "EUR", 0, "account at the end of the week", False),
    "evidence": _Kind(_Q.EVIDENCE, "i", "evidence of {i}", "0 to 1", 1, "evidence stock", False),
    "champion": _Kind(_Q.CHAMPION, "i", "champion in {i}", "share of worlds", 1, "a committed person in place", False),
    "direct": _Kind(
        _Q.DIRECT, "ij", "{i} and {j} can decide", "share of worlds", 1, "contact between people who can decide", False
    ),
    "mean_result": _Kind(
        _Q.MEAN_RESULT, "ij", "result of {i} and {j}", "0 to 1", 1, "mean result of their joint work so far", False
    ),
    "decision": _Kind(_Q.DECISION, "i", "choice of {i} on ideas", "code", 0, "0 none, 1 pending, 2 ... 6", False),
}

HEADLINE: tuple[str, ...] = (
    "goal_share",
    "adopters",
    "public_adopters",
    "credited_impact_ombud",
    "shadow_impact_ombud",
    "uncredited_uses",
    "partnership_weeks",
    "exits",
    "returns",
    "weeks_away",
    "task_board_coverage",
    "relationship_capital_ombud",
    "credibility_change_ombud_employers",
    "cooptation_ombud",
    "peak_coverage",
    "cost_eur",
    "cost_hours",
)
"""Measures that a reader sees first."""


def _words(identifier: str) -> str:
    return identifier.replace("_", " ")


@lru_cache(maxsize=4096)
def split(identifier: str, ids: tuple[str, ...] | None) -> tuple[str, tuple[str, ...]]:
    """Split an id into the name of its family and its arguments."""
    best = ""
    for name in _KINDS:
        stem = name.rstrip("_")
        exact = identifier == stem and not name.endswith("_")
        longer = identifier.startswith(stem + "_") and _KINDS[name].arguments != ""
        if (exact or longer) and len(name) >= len(best):
            best = name
    if not best:
        return "", ()
    rest = identifier[len(best.rstrip("_")) :].lstrip("_")
    kind = _KINDS[best]
    if not rest:
        return best, ()
    if kind.arguments == "i" or (kind.arguments == "y" and rest.isdigit()):
        return best, (rest,)
    if kind.arguments == "ia":
        for audience in AUDIENCES:
            if rest.endswith("_" + audience):
                return best, (rest[: -len(audience) - 1], audience)
    if kind.arguments == "ij":
        parts = rest.split("_")
        for cut in range(1, len(parts)):
            left, right = "_".join(parts[:cut]), "_".join(parts[cut:])
            if ids is None or (left in ids and right in ids):
                return best, (left, right)
    return "", ()


def measure(identifier: str) -> Measure:
    """Return what a measure means, for an id with or without organisations in it.

    Raises
    ------
    InputError
        There is no such measure.
    """
    name, arguments = split(identifier, None)
    if not name:
        raise InputError(f"unknown measure {identifier!r}, expected one of {', '.join(n.rstrip('_') for n in _KINDS)}")
    kind = _KINDS[name]
    words = {"i": "the ombud", "j": "its partner", "a": "employers", "0": "the ombud"}
    if arguments:
        words["i"] = _words(arguments[0])
    if len(arguments) > 1:
        words["j"] = words["a"] = _words(arguments[1])
    label = kind.label.replace("{0}", words["0"]).format(**words)
    return Measure(identifier, label, kind.unit, kind.direction, kind.definition.format(**words))


def _observed(scenario: Scenario) -> list[str]:
    return list(scenario.observed_ids)


def _has_projects(scenario: Scenario) -> bool:
    return any(row.grant > 0 for row in scenario.partnership) or any(a.verb == "apply_funding" for a in scenario.plan)


def _trusting_pairs(scenario: Scenario) -> list[tuple[str, str]]:
    firms = {row.id for row in scenario.organisation if row.type == "firm"}
    shown = firms.union(scenario.observed_ids)
    return [pair for pair in scenario.pairs if shown.issuperset(pair)]


def outcome_ids(scenario: Scenario) -> list[str]:
    """Ids of all outcome measures of a scenario: i ranges over ombud, NGOs and federations."""
    observed = _observed(scenario)
    found: list[str] = []
    for name, kind in _KINDS.items():
        if not kind.outcome:
            continue
        stem = name.rstrip("_")
        if kind.arguments == "":
            found.append(stem)
        elif kind.arguments == "i":
            found.extend(f"{stem}_{i}" for i in observed if name != "value" or i != scenario.default_initiator)
        elif kind.arguments == "ia":
            found.extend(f"{stem}_{i}_{a}" for i in observed for a in AUDIENCES)
        elif kind.arguments == "y":
            if _has_projects(scenario):
                years = range(scenario.start.year, scenario.date(scenario.weeks - 1).year + 1)
                found.extend(f"{stem}_{year}" for year in years)
        else:
            for i, j in _trusting_pairs(scenario):
                found.extend((f"{stem}_{i}_{j}", f"{stem}_{j}_{i}"))
    return found


def series_ids(scenario: Scenario) -> list[str]:
    """Ids of all weekly series of a scenario."""
    everyone = sorted(row.id for row in scenario.organisation)
    found = outcome_ids(scenario)
    for name, kind in _KINDS.items():
        if kind.outcome:
            continue
        if kind.arguments == "":
            found.append(name)
        elif kind.arguments == "i":
            found.extend(f"{name}_{i}" for i in everyone)
        elif kind.arguments == "ia":
            found.extend(f"{name}_{i}_{a}" for i in everyone for a in AUDIENCES)
        else:
            for i, j in _trusting_pairs(scenario):
                found.extend((f"{name}_{i}_{j}", f"{name}_{j}_{i}"))
    return found


def default_series(scenario: Scenario) -> list[str]:
    """Series that figures show: the goal, the media, the partnership with the first federation, trust, credit."""
    found = ["goal_share", "coverage", "public_adopters", "partnerships"]
    i = scenario.default_initiator
    if i is None:
        return found
    if i in _observed(scenario):
        found += [f"credited_impact_{i}", f"relationship_capital_{i}", f"credibility_{i}_employers"]
    federations = sorted(row.id for row in scenario.organisation if row.type == "federation" and row.id != i)
    flagships = sorted(row.id for row in scenario.organisation if row.flagship)
    pairs = set(_trusting_pairs(scenario))
    for j in (*federations[:1], *flagships[:1]):
        if (i, j) in pairs or (j, i) in pairs:
            found += [f"partnered_{i}_{j}", f"trust_{i}_{j}", f"trust_{j}_{i}"]
    return found


def resolve(
    identifiers: list[str], scenario: Scenario, ids: tuple[str, ...]
) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Translate ids into codes (quantity, row or audience, row) for `value`.

    An id of one organisation without its name means the one that most plans start from (the ombud).

    Raises
    ------
    InputError
        A measure or organisation that the scenario does not have.
    """
    codes = np.full((len(identifiers), 3), -1, np.int64)
    initiator = scenario.default_initiator
    for row, identifier in enumerate(identifiers):
        name, arguments = split(identifier, ids)
        if not name:
            measure(identifier)  # says what is known, if the family is unknown
            raise InputError(
                f"{scenario.name}: no measure {identifier!r}, expected ids of its organisations: {', '.join(ids)}"
            )
        kind = _KINDS[name]
        codes[row, 0] = int(kind.quantity)
        if kind.arguments == "y":
            year = int(arguments[0]) if arguments else scenario.start.year
            last = scenario.date(scenario.weeks - 1).year
            if not scenario.start.year <= year <= last:
                raise InputError(f"{scenario.name}: measure {identifier!r}: expected a year to {last}")
            codes[row, 1:] = year - scenario.start.year
            continue
        if kind.arguments and not arguments and initiator is not None:
            arguments = (initiator, "employers") if kind.arguments == "ia" else (initiator,)
        if len(arguments) != len(kind.arguments) or any(a not in ids for a in arguments if a not in AUDIENCES):
            raise InputError(f"{scenario.name}: measure {identifier!r}: expected organisations out of {', '.join(ids)}")
        for place, argument in enumerate(arguments):
            codes[row, 1 + place] = AUDIENCES.index(argument) if argument in AUDIENCES else ids.index(argument)
        if kind.quantity == Quantity.VALUE and initiator is not None:
            codes[row, 2] = ids.index(initiator)
    return codes


@rule
def _relationship_capital(w, i):
    n = w.organisation.shape[0]
    total = 0.0
    count = 0
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if (
            (partnership.a == i or partnership.b == i)
            and partnership.state != State.NONE
            and partnership.state != State.ENDED
        ):
            j = partnership.b if partnership.a == i else partnership.a
            total += math.sqrt(w.relation[i * n + j].trust * w.relation[j * n + i].trust)
            count += 1
    return total / count if count > 0 else 0.0


@rule
def _count_pairs(w, quantity, i):
    """Counts over partnerships, of all or of organisation i."""
    p = w.parameter[0]
    week = w.clock[0].week
    total = 0
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if (i >= 0 and partnership.a != i and partnership.b != i) or partnership.link == 1:
            continue
        if quantity == Quantity.EXITS_OF:
            total += partnership.exits
        elif quantity == Quantity.RETURNS_OF:
            total += partnership.returns
        elif quantity == Quantity.PARTNERSHIPS:
            total += 1 if is_active(partnership) else 0
        elif partnership.state == State.COOLING or partnership.state == State.ENDED:  # burned bridges
            apart = partnership.since if partnership.state == State.ENDED else partnership.exit_week
            total += 1 if week - apart >= p.burned_weeks else 0
    return np.float64(total)


@rule
def _of_arena(w, quantity):
    media = w.media[0]
    demand = w.demand[0]
    tallies = w.tallies[0]
    if quantity == Quantity.GOAL_IMPACT:
        return tallies.goal_impact
    if quantity == Quantity.GOAL_SHARE:
        return tallies.goal_impact / tallies.total_weight
    if quantity == Quantity.ADOPTERS:
        return np.float64(tallies.adopters)
    if quantity == Quantity.PUBLIC_ADOPTERS:
        return np.float64(tallies.public_adopters)
    if quantity == Quantity.UNCREDITED_USES:
        return np.float64(tallies.uncredited_uses)
    if quantity == Quantity.PARTNERSHIPS_FORMED:
        return np.float64(tallies.formed)
    if quantity == Quantity.PARTNERSHIP_WEEKS:
        return np.float64(tallies.partnership_weeks)
    if quantity == Quantity.PUBLIC_PARTNERSHIP_WEEKS:
        return np.float64(tallies.public_partnership_weeks)
    if quantity == Quantity.EXITS:
        return np.float64(tallies.exits)
    if quantity == Quantity.RETURNS:
        return np.float64(tallies.returns)
    if quantity == Quantity.WEEKS_AWAY:
        return np.float64(tallies.weeks_away)
    if quantity == Quantity.DISAGREEMENTS:
        return np.float64(tallies.disagreements)
    if quantity == Quantity.DEFERRAL_SHARE:
        return np.float64(tallies.deferred) / tallies.disagreements if tallies.disagreements > 0 else math.nan
    if quantity == Quantity.DISAGREEMENT_HOURS:
        return tallies.disagreement_hours
    if quantity == Quantity.PEAK_COVERAGE:
        return media.peak_coverage
    if quantity == Quantity.STORM_WEEKS:
        return np.float64(media.storm_weeks)
    if quantity == Quantity.REFUSED_ACTIONS:
        return np.float64(tallies.refused)
    if quantity == Quantity.GRANTS:
        return tallies.grants / 100.0
    if quantity == Quantity.APPROVAL_YEARS:
        return np.float64(tallies.approval_years)
    if quantity == Quantity.DEFERRED:
        return np.float64(tallies.deferred)
    if quantity == Quantity.DEFERRED_BY_NGO:
        return np.float64(tallies.deferred_by_ngo)
    if quantity == Quantity.JOINT_RESULT:
        return tallies.joint_result
    if quantity == Quantity.POLICY_STAGE:
        return np.float64(demand.stage)
    if quantity == Quantity.TASK_BOARD_COVERAGE:
        return board_coverage(w)
    if quantity == Quantity.TASK_BOARD_RESULT:
        return board_result(w)
    return _of_public(w, quantity)


@rule
def _of_public(w, quantity):
    """Reach, media and adoption times."""
    clock = w.clock[0]
    media = w.media[0]
    tallies = w.tallies[0]
    if quantity == Quantity.REACH:
        return tallies.reach
    if quantity == Quantity.VISITORS:
        return tallies.visitors
    if quantity == Quantity.PAGE_VIEWS:
        return tallies.page_views
    if quantity == Quantity.MINUTES:
        return math.floor(tallies.minutes) if clock.audit == 1 else tallies.minutes
    if quantity == Quantity.NEW_AUDIENCE_SHARE:
        return tallies.new_reach / tallies.reach if tallies.reach > 0.0 else math.nan
    if quantity == Quantity.SEATS_WEEKS:
        if tallies.seats_open <= 0.0:
            return math.nan
        return np.float64((tallies.seats_week if tallies.seats_week >= 0 else clock.week) - tallies.seats_opened + 1)
    if quantity == Quantity.ADOPTION_WEEK:
        return _mean_adoption_week(w)
    if quantity == Quantity.COVERAGE:
        return media.coverage
    if quantity == Quantity.ATTENTION:
        return media.attention
    if quantity == Quantity.TONE:
        return media.tone
    if quantity == Quantity.STORM:
        return np.float64(media.storm)
    return _of_costs(w, quantity)


@rule
def _mean_adoption_week(w):
    """Mean over firms, by weight, of min(week of adoption, weeks so far)."""
    clock = w.clock[0]
    tallies = w.tallies[0]
    now = np.float64(clock.week + 1)
    return (tallies.adoption_weeks + (tallies.total_weight - tallies.adopted_weight) * now) / tallies.total_weight


@rule
def _of_costs(w, quantity):
    """Money and hours of those whose outcomes are measured."""
    cents = 0
    hours = 0.0
    for i in range(w.organisation.shape[0]):
        if w.organisation[i].observed == 1:
            cents += w.organisation[i].cost
            hours += w.organisation[i].hours_total
    if quantity == Quantity.COST_HOURS_ALL:
        return hours
    if quantity == Quantity.COST_PER_ADOPTER:
        return cents / 100.0 / w.tallies[0].adopters if w.tallies[0].adopters > 0 else math.nan
    return cents / 100.0


@rule
def _of_organisation(w, quantity, i, j):
    who = w.organisation[i]
    if quantity == Quantity.CREDITED_IMPACT:
        return who.credited
    if quantity == Quantity.CAUSAL_IMPACT:
        return who.causal
    if quantity == Quantity.SHADOW_IMPACT:
        return who.causal - who.credited
    if quantity == Quantity.RELATIONSHIP_CAPITAL:
        return _relationship_capital(w, i)
    if quantity == Quantity.COOPTATION:
        return w.credibility[i, 4] - w.credibility_start[i, 4]
    if quantity == Quantity.COST_EUR:
        return who.cost / 100.0
    if quantity == Quantity.COST_HOURS:
        return who.hours_total
    if quantity == Quantity.MORALE_LOSS:
        return who.morale_loss
    if quantity == Quantity.VALUE:
        return w.relation[i * w.organisation.shape[0] + j].value
    if quantity == Quantity.HEAT:
        return who.heat
    if quantity == Quantity.MONEY:
        return w.account[i] / 100.0
    if quantity == Quantity.EVIDENCE:
        return who.evidence
    if quantity == Quantity.CREDIBILITY_CHANGE:
        return w.credibility[i, j] - w.credibility_start[i, j]
    if quantity == Quantity.CREDIBILITY:
        return w.credibility[i, j]
    if quantity == Quantity.CHAMPION:
        return np.float64(who.champion)
    if quantity == Quantity.DECISION:
        best = 0.0
        for b in range(w.idea.shape[0]):
            case = w.decision[b, i]
            if case.count > 0:
                best = 1.0 if case.pending == 1 else 2.0 + case.choice_code
        return best
    return _count_pairs(w, quantity, i)


@rule
def _of_pair(w, quantity, i, j):
    k = w.partnership_of[i, j]
    if k < 0:
        return 0.0
    partnership = w.partnership[k]
    if quantity == Quantity.PARTNERED:
        return 1.0 if is_active(partnership) else 0.0
    if quantity == Quantity.STATE:
        return np.float64(partnership.state)
    if quantity == Quantity.DIRECT:
        return (
            np.float64(partnership.direct)
            if partnership.direct >= 0
            else w.organisation[i].direct * w.organisation[j].direct * 1.0
        )
    if quantity == Quantity.MEAN_RESULT:
        return partnership.joint_result / partnership.joint_total if partnership.joint_total > 0.0 else math.nan
    return partnership.distance


@rule
def value(w, quantity, i, j):
    """Value of a measure now; i and j are rows of organisations (or j an audience), -1 where there is none."""
    if quantity == Quantity.BURNED_BRIDGES or quantity == Quantity.PARTNERSHIPS:
        return _count_pairs(w, quantity, -1)
    if quantity == Quantity.BUDGET:
        return w.project_budget[i]
    if i < 0:
        return _of_arena(w, quantity)
    n = w.organisation.shape[0]
    if quantity == Quantity.TRUST:
        return w.relation[i * n + j].trust
    if quantity == Quantity.GRIEVANCE:
        return w.relation[i * n + j].grievance
    if quantity in (Quantity.PARTNERED, Quantity.STATE, Quantity.DISTANCE, Quantity.DIRECT, Quantity.MEAN_RESULT):
        return _of_pair(w, quantity, i, j)
    return _of_organisation(w, quantity, i, j)
