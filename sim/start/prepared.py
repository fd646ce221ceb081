"""Building worlds: the start state of a scenario (the same in all replicates), and what each replicate draws."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass, fields
from functools import cache
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.compiled import rule
from sim.engine.randomness import Decision, entity_key, mix, normal_quantile, threshold, uniform, uniform_pair
from sim.engine.world import (
    ACTION_STATE,
    ALLIANCE,
    ARENA,
    AUDIENCE_COUNT,
    CALENDAR,
    CAMPAIGN,
    CAUSES,
    DECISION,
    DRAWN,
    DYAD,
    EFFECT,
    FIRM,
    IDEA,
    LOG,
    NEVER,
    NUMBERS,
    ORGANISATION,
    PAIR,
    PROMISE,
    REQUEST,
    SPELL,
    TASK,
    TRAINING,
    OrganisationKind,
    State,
    World,
)
from sim.errors import InputError
from sim.parameters import (
    AUDIENCES,
    ORGANISATION_TYPES,
    SKILLS,
    as_dict,
    dyad_defaults,
    exposure,
    parameter_record,
)
from sim.plan.organising import set_rule
from sim.plan.translate import TOPICS, campaign_rows, strategy_value, translate_plan
from sim.plan.verbs import StrategyKey
from sim.rules.alliances import purse_of, seat_members
from sim.rules.champions import install_champion
from sim.rules.elements import set_reference
from sim.rules.joint_work import choose_model
from sim.rules.life_cycle import is_active, open_spell, set_structure, start_spell
from sim.rules.media import branching_ratio
from sim.rules.peers import draw_peers, own_ties
from sim.rules.resources import OuterAccount, pay_annual_budgets, post
from sim.rules.task_board import CELLS
from sim.scenarios import INTERVENTIONS, LEVELS, MAX_STACK, PLACES, POLICY_CODES, STRUCTURE_ITEMS
from sim.scenarios.fields import ELEMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.scenarios import Scenario

__all__ = ["Setting", "begin", "new_world", "prepare"]

MOST_ORGANISATIONS = 31  # they stand as bits in one 32-bit word


@dataclass(frozen=True)
class Setting:
    """A scenario made ready to run: its world at the start, before anything is drawn.

    Attributes
    ----------
    scenario
        What was prepared.
    ids
        Ids of the organisations in the order of their rows (sorted).
    start
        World at the start; replicates copy it, and share its unchanging arrays.
    parameters
        All parameter values used.
    overrides
        Those that the scenario or the caller changed.
    """

    scenario: Scenario
    ids: tuple[str, ...]
    start: World
    parameters: dict[str, float]
    overrides: dict[str, float]

    @property
    def ring_ties(self) -> int:
        """Ties that each firm owns on the ring; 0 where firms have no ring."""
        return _ring_ties(self.scenario, int(self.parameters["peer_ties"]))

    def row(self, organisation: str) -> int:
        """Row of an organisation id."""
        if organisation not in self.ids:
            raise InputError(f"unknown organisation {organisation!r}, expected one of {', '.join(self.ids)}")
        return self.ids.index(organisation)


def prepare(
    scenario: Scenario, parameters: Mapping[str, float] | None = None, *, beyond_range: bool = False
) -> Setting:
    """Turn a scenario into arrays.

    Parameters
    ----------
    scenario
        Checked scenario.
    parameters
        Values that differ from the registry and from the scenario's own.
    beyond_range
        Allow values outside the plausible ranges (ablations, analytic limits).

    Raises
    ------
    InputError
        A parameter that cannot be used, or more organisations than a world holds.
    """
    overrides = {**scenario.parameters, **(parameters or {})}
    record = parameter_record(overrides, where=scenario.name, beyond_range=beyond_range)
    rows = sorted(scenario.organisation, key=lambda row: row.id)
    if len(rows) > MOST_ORGANISATIONS:
        raise InputError(f"{scenario.name}: found {len(rows)} organisations, expected at most {MOST_ORGANISATIONS}")
    ids = tuple(row.id for row in rows)
    named = sum(row.type == "firm" for row in rows)
    if named > scenario.firms.number:
        raise InputError(
            f"{scenario.name}: firms: number: found {scenario.firms.number}, expected at least the {named} named firms"
        )
    world = _build(scenario, rows, record)
    return Setting(scenario, ids, world, as_dict(record), overrides)


# --- arrays -----------------------------------------------------------------------------------------------------


def _state_shapes(scenario: Scenario, rows: list[Any]) -> dict[str, tuple[Any, Any]]:
    """Shapes and types of the state arrays, from the size of the scenario."""
    n = len(rows)
    pairs = len(_pairs(scenario, rows))
    ideas = max(1, len(_ideas(scenario)))
    weeks = scenario.weeks
    promises = sum(min(a.max_times, weeks) for a in scenario.plan if a.verb == "promise")
    trainings = sum(min(a.max_times, weeks) for a in scenario.plan if a.verb == "run_training")
    shapes: dict[str, tuple[Any, Any]] = {
        "arena": (1, ARENA),
        "organisation": (n, ORGANISATION),
        "credibility": ((n, AUDIENCE_COUNT), np.float64),
        "credibility_anchor": ((n, AUDIENCE_COUNT), np.float64),
        "credibility_start": ((n, AUDIENCE_COUNT), np.float64),
        "credibility_change": ((n, AUDIENCE_COUNT), np.float64),
        "dyad": (n * n, DYAD),
        "pair": (pairs, PAIR),
        "alliance": (len(_alliances(scenario)), ALLIANCE),
        "element_eur": ((pairs, len(ELEMENTS)), np.float64),
        "campaign": (campaign_rows(scenario), CAMPAIGN),
        "idea": (ideas if _ideas(scenario) else 0, IDEA),
        "decision": ((ideas if _ideas(scenario) else 0, n), DECISION),
        "promise": (promises, PROMISE),
        "training": (trainings, TRAINING),
        "request": (len(scenario.plan) + pairs + 1 + MOST_ORGANISATIONS * _asking_several(scenario), REQUEST),
        "effect": (4 * (len(scenario.plan) + n * ideas) + 16, EFFECT),
        "task": (CELLS if scenario.task else 0, TASK),
        "spell": (2 * pairs + pairs * (weeks // 14 + 1) + 1, SPELL),
        "account": (n + len(OuterAccount), np.int64),
        "coverage_history": (weeks, np.float64),
        "action_state": (len(scenario.plan), ACTION_STATE),
        "project_budget": (scenario.date(weeks - 1).year - scenario.start.year + 2, np.float64),
        "hazard": (n, np.float64),
        "partner_mark": (n, np.float64),
    }
    return shapes


def _in_one_block(
    shapes: dict[str, tuple[Any, Any]],
) -> tuple[np.ndarray[Any, Any], dict[str, Any]]:
    """Lay arrays out in one block of bytes, so that one copy saves or restores a world."""
    places = {}
    size = 0
    for name, (shape, kind) in shapes.items():
        dtype = np.dtype(kind)
        count = int(np.prod(shape))
        places[name] = (size, count, shape, dtype)
        size += -(-count * dtype.itemsize // 16) * 16
    block = np.zeros(size, np.uint8)
    arrays = {}
    for name, (offset, count, shape, dtype) in places.items():
        view = block[offset : offset + count * dtype.itemsize].view(dtype).reshape(shape)
        arrays[name] = view.view(np.recarray) if dtype.names else view
    return block, arrays


def _ring_ties(scenario: Scenario, ties: int) -> int:
    return own_ties(scenario.firms.number, ties) if scenario.firms.network == "ring" else 0


def _firm_arrays(scenario: Scenario, rows: list[Any], ties: int) -> dict[str, Any]:
    firms = scenario.firms.number
    own = _ring_ties(scenario, ties)
    sources = 1 + sum(row.type != "firm" for row in rows)
    return {
        "firm": np.zeros(firms, FIRM).view(np.recarray),
        "remaining": np.zeros(firms),
        "sensitivity": np.zeros(firms),
        "visibility": np.zeros(firms),
        "lineage": np.zeros((firms, sources), np.float32),
        "peer_start": np.zeros(firms + 1, np.int32),
        "peer": np.zeros(2 * firms * own, np.int32),
        "ring": np.zeros(firms * own, np.int32),
        "adopting": np.zeros(firms, np.int32),
    }


def _log_arrays(events: int) -> dict[str, Any]:
    return {
        "log": np.zeros(events + 1, LOG).view(np.recarray),
        "log_number": np.zeros((events + 1, NUMBERS)),
        "log_cause": np.zeros((events + 1, CAUSES)),
    }


def new_world(setting: Setting, events: int = 0) -> World:
    """Allocate a world for replicates of a setting; it shares what never changes.

    Parameters
    ----------
    setting
        Prepared scenario.
    events
        Rows of the event log to keep; what does not fit is counted but lost.
    """
    start = setting.start
    ties = int(setting.parameters["peer_ties"])
    rows = sorted(setting.scenario.organisation, key=lambda row: row.id)
    shapes = _state_shapes(setting.scenario, rows)
    block, arrays = _in_one_block(shapes)
    own = {
        "state": block,
        "stack": np.zeros(MAX_STACK),
        **arrays,
        **_firm_arrays(setting.scenario, rows, ties),
        **_log_arrays(events),
    }
    shared = {field.name: getattr(start, field.name) for field in fields(start) if field.init}
    return World(**{**shared, **own})


# --- the start state -----------------------------------------------------------------------------------------------


@cache
def _calendar(start: datetime.date, weeks: int, rivals: tuple[float, ...] | None) -> np.recarray[Any, Any]:
    """One row a week: dates, windows, January's first week, holidays. Shared by all worlds, never written."""
    rows = []
    given = rivals or ()
    for week in range(weeks):
        monday = start + datetime.timedelta(weeks=week)
        days = [monday + datetime.timedelta(days=d) for d in range(7)]
        work = int(any(d.month == 3 and d.day == 8 for d in days))
        violence = int(any((11, 25) <= (d.month, d.day) <= (12, 10) for d in days))
        rows.append(
            {
                "ordinal": monday.toordinal(),
                "year": monday.year,
                "month": monday.month,
                "iso_week": monday.isocalendar()[1],
                "window_work": work,
                "window_violence": violence,
                "budget_week": int(monday.month == 1 and monday.day <= 7),
                "grant_week": int(any(d.month == 12 and d.day == 15 for d in days)),
                "year_index": monday.year - start.year,
                "holiday": int(monday.isocalendar()[1] in (28, 29, 30, 52, 1)),
                "busy_season": int(monday.month in (11, 12)),
                "rivals": given[week] if week < len(given) else -1.0,  # -1: by the rule of windows
            }
        )
    names = CALENDAR.names or ()
    return np.array([tuple(row[name] for name in names) for row in rows], CALENDAR).view(np.recarray)


def _alliances(scenario: Scenario) -> list[Any]:
    """Partnerships of three and more members, in the order of the file."""
    return [row for row in scenario.partnership if len(row.members) > 2]


def _asking_several(scenario: Scenario) -> int:
    """Actions that may put a request to each member of a partnership."""
    return sum(a.verb in ("sign", "go_public") for a in scenario.plan) if _alliances(scenario) else 0


def _pairs(scenario: Scenario, rows: list[Any]) -> list[tuple[int, int]]:
    """Pairs with a row of their own: all non-firm organisations, and (organisation, firm) pairs that are named."""
    place = {row.id: i for i, row in enumerate(rows)}
    named: set[tuple[int, int]] = set()
    for dyad in scenario.dyad:
        named.add((place[dyad.a], place[dyad.b]))
    for partnership in scenario.partnership:
        named.update((place[a], place[b]) for a, b in combinations(partnership.members, 2))
    for action in scenario.plan:
        members = getattr(action, "members", None) or getattr(action, "partnership", None)
        if members:
            named.add((place[members[0]], place[members[1]]))
        elif action.actor is not None:
            for name in ("to", "with_", "who", "about"):
                other = getattr(action, name, None)
                if other is not None and other != action.actor:
                    named.add((place[action.actor], place[other]))
    for idea in scenario.idea:
        for i, row in enumerate(rows):
            if row.type == "firm" and row.id != idea.owner:
                named.add((place[idea.owner], i))
    found = {(min(pair), max(pair)) for pair in named}
    for i in range(len(rows)):
        for j in range(i + 1, len(rows)):
            if rows[i].type != "firm" and rows[j].type != "firm":
                found.add((i, j))
    return sorted(found)


def _ideas(scenario: Scenario) -> dict[str, tuple[str, float, bool]]:
    """Idea bundles: those of the file, and one for every ombud that has none."""
    found = {idea.id: (idea.owner, idea.quality, idea.tested) for idea in scenario.idea}
    for row in scenario.organisation:
        if row.type == "ombud" and not any(idea.owner == row.id for idea in scenario.idea):
            found[f"{row.id}_ideas"] = (row.id, 1.0, False)
    return dict(sorted(found.items()))


def _given(value: Any, default: Any) -> Any:
    return default if value is None else value


def _fill_organisations(world: World, scenario: Scenario, rows: list[Any]) -> None:
    p = world.parameter[0]
    firm = 0
    for i, row in enumerate(rows):
        kind = ORGANISATION_TYPES[row.kind]
        who = world.organisation[i]
        who.key = entity_key(row.id)
        who.kind = OrganisationKind[row.type.upper()]
        who.firm = -1
        if row.type == "firm":
            who.firm = firm
            firm += 1
        who.flagship = int(row.flagship)
        who.stance = _given(row.stance, kind.stance)
        who.exposure = _given(row.exposure, exposure(row.kind, scenario.topic))
        role = p.role_understanding_federation if kind.role is None else kind.role
        who.role = _given(row.role, role)
        who.champion_chance = _given(row.champion, kind.champion)
        who.top = _given(row.top, kind.top)
        who.direct = int(row.direct)
        who.observed = int(row.id in scenario.observed_ids)
        who.csr = -1 if row.csr is None else int(row.csr)
        who.eligible = int(_given(row.eligible, kind.eligible))
        who.capacity = _given(row.capacity, kind.capacity)
        who.capacity_now = who.capacity
        who.annual_budget = round(100 * _given(row.annual_budget, kind.annual_budget))
        who.followers = _given(row.followers, kind.followers)
        who.evidence = _given(row.evidence_stock, kind.evidence)
        for name in ("campaign_week", "survey_week", "training_week", "taught_week", "lobby_week"):
            who[name] = NEVER
        for name in ("push", "reapproach_hazard", "joint_level", "meeting_share"):
            who[name] = -1.0
        who.messenger = -1
        who.deference = -1
        who.plan_first_year = min(row.in_plan_years, default=NEVER)
        who.plan_last_year = max(row.in_plan_years, default=NEVER)
        who.disclosure_before = row.disclosure_before
        who.disclosure_after = row.disclosure_after
        who.own = p.third_party_blame
        for a, audience in enumerate(AUDIENCES):
            world.credibility[i, a] = row.credibility.get(audience, kind.credibility[a])
        for x, skill in enumerate(SKILLS):
            world.skill[i, x] = row.skills.get(skill, kind.skills[x])
    world.credibility_anchor[:] = world.credibility
    world.credibility_start[:] = world.credibility


def _fill_dyads(world: World, scenario: Scenario, rows: list[Any]) -> None:
    p = world.parameter[0]
    n = len(rows)
    for k, (i, j) in enumerate(_pairs(scenario, rows)):
        tie = world.pair[k]
        keys = sorted((int(world.organisation[i].key), int(world.organisation[j].key)))
        tie.key = mix(keys[0], keys[1])
        tie.a, tie.b, tie.initiator, tie.member = i, j, i, j
        tie.lead = -1
        tie.model = -1
        tie.meeting_share = -1.0
        tie.rule = tie.focal_by = tie.left_by = -1
        tie.in_plan_a = tie.in_plan_b = 1
        tie.applied_year = NEVER
        tie.alliance = tie.direct = -1
        tie.since = 0
        for name in ("exit_week", "return_week", "formed_week", "first_formed", "result_week", "celebration_week",
                     "defer_week", "insist_week"):  # fmt: skip
            tie[name] = NEVER
        tie.attempts = 0
        first, second = world.organisation[i], world.organisation[j]
        start = dyad_defaults(float(first.stance), float(second.stance))
        tie.distance_floor = p.distance_base + p.distance_stance * abs(first.stance - second.stance) / 2.0
        tie.distance = max(tie.distance_floor, start.distance)
        tie.fit = start.fit
        world.pair_of[i, j] = world.pair_of[j, i] = k
        for a, b in ((i, j), (j, i)):
            dyad = world.dyad[a * n + b]
            dyad.exists = 1
            dyad.pair = k
            dyad.key = mix(int(world.organisation[a].key), int(world.organisation[b].key))
            dyad.trust = start.trust
            dyad.anchor = start.anchor
            dyad.value = start.value
            dyad.expectation = start.expectation
            dyad.refusal_week = NEVER
            dyad.apology_week = NEVER
    for i in range(n):
        for j in range(n):
            if world.dyad[i * n + j].exists == 0:
                world.dyad[i * n + j].pair = -1


def _give_rules(world: World, rows: list[Any]) -> None:
    for i, row in enumerate(rows):
        for key in ("reapproach_interval", "deference", "expectation", "visibility", "push"):
            value = getattr(row, key)
            if value is not None:
                set_rule(world, i, int(StrategyKey[key.upper()]), strategy_value(key, value))
        for key in ("gives_time", "apply_yearly"):
            if getattr(row, key):
                set_rule(world, i, int(StrategyKey[key.upper()]), 1.0)


def _override_dyads(world: World, scenario: Scenario, place: Mapping[str, int]) -> None:
    n = len(place)
    for row in scenario.dyad:
        i, j = place[row.a], place[row.b]
        tie = world.pair[world.pair_of[i, j]]
        for name in ("distance", "fit"):
            if getattr(row, name) is not None:
                tie[name] = getattr(row, name)
        tie.distance = max(tie.distance, tie.distance_floor)
        tie.fit_bonus = row.fit_bonus
        tie.outside = int(not row.member)
        for a, b, suffix in ((i, j, "ab"), (j, i, "ba")):
            dyad = world.dyad[a * n + b]
            for name in ("trust", "value", "expectation", "grievance"):
                value = getattr(row, f"{name}_{suffix}")
                if value is not None:
                    dyad[name] = value
            if row.anchor is not None:
                dyad.anchor = row.anchor


def _start_partnerships(world: World, scenario: Scenario, place: Mapping[str, int]) -> None:
    for table, row in enumerate(_alliances(scenario)):
        world.alliance[table].initiator = place[row.members[0]]
        world.alliance[table].members = sum(1 << place[name] for name in row.members)
        for number, name in enumerate(row.members):
            world.seat[table, place[name]] = number
        for a, b in combinations(row.members, 2):
            tie = world.pair[world.pair_of[place[a], place[b]]]
            tie.alliance = table
            tie.link = int(row.members[0] not in (a, b))
    for row in scenario.partnership:
        for a, b in combinations(row.members, 2):
            _share_work(world, scenario, row, place, int(world.pair_of[place[a], place[b]]))
        for member in row.members[1:]:
            _start_membership(world, row, place, member)
    seat_members(world)


def _share_work(world: World, scenario: Scenario, row: Any, place: Mapping[str, int], k: int) -> None:
    """What belongs to a partnership as a whole is the same in all its pairs; the money stands with one of them."""
    tie = world.pair[k]
    if row.lead is not None:
        tie.lead = place[row.lead]
    elif tie.alliance >= 0 or row.state not in ("none", "contact"):
        tie.lead = place[row.members[0]]
    tie.advertising_share = row.advertising_share
    if purse_of(world, k) == k:
        tie.next_budget = round(100 * row.grant)  # becomes this year's with the first January or the first week
        tie.grant_left = tie.next_budget
    tie.elements = sum(1 << ELEMENTS.index(name) for name in row.elements)
    for name, eur in row.element_eur.items():
        world.element_eur[k, ELEMENTS.index(name)] = eur
    _plan_joint_work(world, scenario, row, k)


def _start_membership(world: World, row: Any, place: Mapping[str, int], member: str) -> None:
    """One of those who were asked takes part."""
    i, j = place[row.members[0]], place[member]
    k = int(world.pair_of[i, j])
    tie = world.pair[k]
    if row.model is not None:
        choose_model(world, k, 1 if row.model == "integrated" else 0)
    tie.initiator = i
    tie.member = j
    tie.state = State[row.state.upper()]
    if is_active(tie) or tie.state == State.COOLING:
        tie.launch_hours = 0.0  # it was launched before the run began
    tie.visibility = int(row.visibility == "shadow")
    tie.contract = row.contract_score
    tie.clause = int("credit_clause" in row.items)
    set_structure(world, k, sum(1 << STRUCTURE_ITEMS.index(name) for name in row.structure))
    _let_draw(world, row, k)
    if tie.state == State.COOLING:  # the exit that led here counts, as if it were of week 0
        tie.exit_week = 0
        tie.exits = 1
        tie.left_by = j
        world.arena[0].exits += 1
        tie.spell_row = open_spell(world, 1, k)
    elif is_active(tie):
        tie.first_formed = tie.formed_week = 0
        tie.spell_row = open_spell(world, 0, k)


def _plan_joint_work(world: World, scenario: Scenario, row: Any, k: int) -> None:
    for week in range(scenario.weeks):
        if row.joint is not None:
            world.joint_profile[k, week] = row.joint[min(week, len(row.joint) - 1)]
        if row.season is not None and row.season.holds(scenario.date(week)):
            world.joint_profile[k, week] = row.season.joint
            world.in_season[k, week] = 1


def _let_draw(world: World, row: Any, k: int) -> None:
    """Note what each replicate draws about a partnership."""
    if row.drawn is None:
        return
    traits = world.drawn[k]
    for name in ("integrated", "formal", "direct"):
        value = getattr(row.drawn, name)
        traits[name] = -1.0 if value is None else value
    for name in ("structure", "trust"):
        bounds = getattr(row.drawn, name)
        traits[f"{name}_low"], traits[f"{name}_high"] = (-1.0, -1.0) if bounds is None else bounds


def _nothing_drawn(pairs: int) -> np.recarray[Any, Any]:
    names = DRAWN.names or ()
    return np.array([tuple(-1.0 for _ in names)] * pairs, DRAWN).view(np.recarray)


def _fill_board(world: World, scenario: Scenario, place: Mapping[str, int]) -> None:
    """Put the tasks of a scenario into the 24 cells; cells without a task stay empty."""
    tasks = {task.cell: task for task in scenario.task}
    for cell, (level, intervention, where) in zip(world.task, product(LEVELS, INTERVENTIONS, PLACES), strict=False):
        cell.recipe = LEVELS.index(level) * len(INTERVENTIONS) + INTERVENTIONS.index(intervention)
        task = tasks.get((level, intervention, where))
        if task is not None:
            cell.workers = sum(1 << place[name] for name in task.who)
            cell.hours = task.hours


def _build(scenario: Scenario, rows: list[Any], record: Any) -> World:
    n = len(rows)
    place = {row.id: i for i, row in enumerate(rows)}
    ideas = _ideas(scenario)
    idea_rows = {name: b for b, name in enumerate(ideas)}
    shapes = _state_shapes(scenario, rows)
    block, arrays = _in_one_block(shapes)
    pair_of = np.full((n, n), -1, np.int64)
    for k, (i, j) in enumerate(_pairs(scenario, rows)):
        pair_of[i, j] = pair_of[j, i] = k
    action, code, given = translate_plan(scenario, place, pair_of, idea_rows, record[0])
    world = World(
        parameter=record,
        calendar=_calendar(scenario.start, scenario.weeks, scenario.rivals),
        action=action,
        code=code,
        given_exposures=given,
        skill=np.zeros((n, len(SKILLS))),
        pair_of=pair_of,
        joint_profile=np.full((len(arrays["pair"]), scenario.weeks), -1.0),
        in_season=np.zeros((len(arrays["pair"]), scenario.weeks), np.int64),
        seat=np.zeros((len(_alliances(scenario)), n), np.int64),
        drawn=_nothing_drawn(len(arrays["pair"])),
        state=block,
        stack=np.zeros(MAX_STACK),
        **arrays,
        **_firm_arrays(scenario, rows, int(record[0].peer_ties)),
        **_log_arrays(0),
    )
    p = record[0]
    arena = world.arena[0]
    arena.weeks = scenario.weeks
    arena.topic = TOPICS[scenario.topic]
    arena.audit = int(scenario.audit)
    arena.complete = int(scenario.firms.network == "complete")
    calm = p.background_coverage / (1.0 - branching_ratio(0.0, p))
    arena.coverage = arena.coverage_memory = arena.coverage_before_storm = calm
    arena.attention = calm / (calm + p.coverage_half)
    arena.last_storm_week = NEVER
    arena.seats_week = arena.seats_opened = -1
    arena.firm_exposure = exposure("firm", scenario.topic)
    arena.policy_stage = POLICY_CODES[scenario.policy.stage]
    arena.policy_factor = scenario.policy.base_rate_factor
    arena.base_rate_factor = arena.policy_factor if arena.policy_stage >= POLICY_CODES["decided"] else 1.0
    _fill_organisations(world, scenario, rows)
    _fill_dyads(world, scenario, rows)
    _give_rules(world, rows)
    _override_dyads(world, scenario, place)
    for i in range(n * n):
        world.dyad[i].value_start = world.dyad[i].value
    for b, (name, (owner, quality, tested)) in enumerate(ideas.items()):
        idea = world.idea[b]
        idea.key = entity_key(name)
        idea.owner = place[owner]
        idea.quality = quality
        idea.tested = int(tested)
        for j in range(n):
            case = world.decision[b, j]
            case.key = mix(int(idea.key), int(world.organisation[j].key))
            case.press_week = case.found_week = case.chosen_week = case.spread_week = NEVER
    _start_partnerships(world, scenario, place)
    _fill_board(world, scenario, place)
    for k, a in enumerate(scenario.plan):
        state = world.action_state[k]
        state.next_week = 0 if a.is_conditional else action[k].week
        state.campaign = -1
    return world


# --- what a replicate draws -----------------------------------------------------------------------------------------


@rule
def _spread(x, seed, replicate, key, lane, sd):
    """Shift a share on the logit scale by a normal draw."""
    u, _ = uniform_pair(seed, replicate, Decision.START_SPREAD, key, lane, 0)
    inside = min(1.0 - 1e-9, max(1e-9, x))
    logit = math.log(inside / (1.0 - inside)) + sd * normal_quantile(max(u, 1e-16))
    return 1.0 / (1.0 + math.exp(-logit))


@rule
def _spread_start(w):
    """With `start_spread` > 0 trust, value and credibility differ between replicates."""
    arena = w.arena[0]
    sd = w.parameter[0].start_spread
    n = w.organisation.shape[0]
    for d in range(n * n):
        dyad = w.dyad[d]
        if dyad.exists == 1:
            dyad.trust = _spread(dyad.trust, arena.seed, arena.replicate, dyad.key, 0, sd)
            dyad.value = _spread(dyad.value, arena.seed, arena.replicate, dyad.key, 1, sd)
            dyad.value_start = dyad.value
    for i in range(n):
        for a in range(w.credibility.shape[1]):
            c = _spread(w.credibility[i, a], arena.seed, arena.replicate, w.organisation[i].key, 2 + a, sd)
            w.credibility[i, a] = c
            w.credibility_start[i, a] = c


@rule
def _draw_partnerships(w):
    """Model, terms, access, structure and trust of partnerships that differ between replicates."""
    arena = w.arena[0]
    n = w.organisation.shape[0]
    for k in range(w.pair.shape[0]):
        tie = w.pair[k]
        traits = w.drawn[k]
        if max(traits.integrated, traits.formal, traits.direct, traits.structure_low, traits.trust_low) < 0.0:
            continue  # nothing to draw
        shared = w.pair[purse_of(w, k)].key  # one draw for all members
        model_u, formal_u = uniform_pair(arena.seed, arena.replicate, Decision.PARTNERSHIP_TRAITS, shared, 0, 0)
        direct_u, structure_u = uniform_pair(arena.seed, arena.replicate, Decision.PARTNERSHIP_TRAITS, shared, 0, 1)
        trust_u, _ = uniform_pair(arena.seed, arena.replicate, Decision.PARTNERSHIP_TRAITS, tie.key, 0, 2)
        if traits.integrated >= 0.0:
            choose_model(w, k, 1 if model_u < traits.integrated else 0)
            if is_active(tie):
                tie.launch_hours = 0.0
        if traits.formal >= 0.0:
            tie.signs_at_once = 1 if formal_u < traits.formal else 0
        if traits.direct >= 0.0:
            tie.direct = 1 if direct_u < traits.direct else 0
        if traits.structure_low >= 0.0:
            structure = traits.structure_low + (traits.structure_high - traits.structure_low) * structure_u
            tie.structure = structure
            for m in range(w.pair.shape[0]):
                if tie.alliance >= 0 and w.pair[m].alliance == tie.alliance:
                    w.pair[m].structure = structure
        if traits.trust_low >= 0.0:
            for dyad in (w.dyad[tie.a * n + tie.b], w.dyad[tie.b * n + tie.a]):
                dyad.trust = traits.trust_low + (traits.trust_high - traits.trust_low) * trust_u
                dyad.anchor = dyad.trust


@rule
def _draw_firms(w):
    """Weights, thresholds and sensitivities of the firms."""
    arena = w.arena[0]
    p = w.parameter[0]
    firms = w.firm.shape[0]
    half_variance = 0.5 * p.sensitivity_spread * p.sensitivity_spread
    arena.total_weight = np.float64(firms)
    for f in range(firms):
        firm = w.firm[f]
        firm.names = 0
        firm.week = -1
        firm.depth = 0.0
        firm.quality = 0.0
        firm.weight = 1.0
        firm.uptake = 0
        firm.route = -1
        firm.organisation = -1
        w.visibility[f] = 0.0
        for column in range(w.lineage.shape[1]):
            w.lineage[f, column] = 0.0
        w.remaining[f] = threshold(arena.seed, arena.replicate, Decision.ADOPTION, f, 0)
        u, v = uniform_pair(arena.seed, arena.replicate, Decision.FIRM_TRAITS, f, 0, 0)
        sensitivity = math.exp(p.sensitivity_spread * normal_quantile(max(u, 1e-16)) - half_variance)
        if v < p.must_report_share:
            sensitivity *= p.must_report_sensitivity
        w.sensitivity[f] = sensitivity
    for i in range(w.organisation.shape[0]):
        who = w.organisation[i]
        if who.firm >= 0:
            w.firm[who.firm].organisation = i
            if who.flagship == 1:
                w.firm[who.firm].weight = p.flagship_weight
                arena.total_weight += p.flagship_weight - 1.0
            u, v = uniform_pair(arena.seed, arena.replicate, Decision.FIRM_TRAITS, who.firm, 0, 2)
            if who.csr == 1 or (who.csr < 0 and u < p.csr_share):  # a strategy for social responsibility: fits better
                for k in range(w.pair.shape[0]):
                    if w.pair[k].a == i or w.pair[k].b == i:
                        w.pair[k].fit = min(1.0, w.pair[k].fit + p.csr_fit)
                        w.pair[k].fit_bonus += p.csr_fit


@rule
def _pay_first_grants(w):
    """Projects that start with a grant have it paid by government; outside January the project year is on already."""
    funder = -1
    for i in range(w.organisation.shape[0]):
        if w.organisation[i].kind == OrganisationKind.GOVERNMENT:
            funder = i
            break
    for k in range(w.pair.shape[0]):
        tie = w.pair[k]
        if tie.next_budget <= 0 or funder < 0:
            continue
        post(w, funder, tie.lead, tie.next_budget)
        w.project_budget[0] += tie.next_budget / 100.0
        w.organisation[tie.lead].last_grant = tie.next_budget
        w.arena[0].grants += tie.next_budget
        if w.calendar[0].budget_week == 0:
            tie.year_budget = tie.next_budget
            tie.next_budget = 0


@rule
def begin(w, start, seed, replicate, own):
    """Put a world back to the start of replicate `replicate` and draw all that is drawn before week 0.

    `start` holds the bytes of the start state, `own` is the number of ring ties that each firm owns.
    """
    for b in range(start.shape[0]):
        w.state[b] = start[b]
    arena = w.arena[0]
    p = w.parameter[0]
    arena.seed = seed
    arena.replicate = replicate
    _draw_partnerships(w)
    if p.start_spread > 0.0:
        _spread_start(w)
    for i in range(w.organisation.shape[0]):
        who = w.organisation[i]
        if uniform(seed, replicate, Decision.CHAMPION_AT_START, who.key, 0) < who.champion_chance:
            install_champion(w, i)
    for b in range(w.idea.shape[0]):
        for j in range(w.organisation.shape[0]):
            case = w.decision[b, j]
            u = uniform(seed, replicate, Decision.IDEA_VALUE, case.key, 0)
            case.value = p.idea_value_low + (p.idea_value_high - p.idea_value_low) * u
    for k in range(w.pair.shape[0]):
        tie = w.pair[k]
        if is_active(tie) and tie.link == 0:
            start_spell(w, k)
            set_reference(w, k)
        elif tie.state == State.COOLING:
            tie.reapproach_threshold = threshold(seed, replicate, Decision.REAPPROACH, tie.key, 0)
            tie.return_threshold = threshold(seed, replicate, Decision.SELF_RETURN, tie.key, 0)
    _draw_firms(w)
    if own > 0:
        draw_peers(w, own)
    pay_annual_budgets(w)
    _pay_first_grants(w)
