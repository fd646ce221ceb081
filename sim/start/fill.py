"""The start state of a scenario: the same in all replicates."""

from __future__ import annotations

import datetime
from functools import cache
from itertools import combinations, product
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.randomness import entity_key, mix
from sim.engine.world import (
    CALENDAR,
    DRAWN,
    World,
)
from sim.observe.places import quantity_table
from sim.parameters import WEEKS_PER_YEAR
from sim.parameters.relations import relation_defaults
from sim.plan.organising import set_rule
from sim.plan.translate import translate_plan
from sim.rules.alliances import is_active, purse_of, seat_members
from sim.rules.joint_work import choose_model
from sim.rules.life_cycle import open_spell, set_structure
from sim.rules.speakers import own_voice
from sim.scenarios import MAX_STACK
from sim.scenarios.actions import strategy_number
from sim.start.shape import alliances_of, firm_arrays, ideas_of, in_one_block, log_arrays, state_shapes
from sim.vocabulary.audiences import AUDIENCES, SKILLS, Skill
from sim.vocabulary.coded import NEVER
from sim.vocabulary.kinds import KINDS, exposure
from sim.vocabulary.partnerships import Element, State, StructureItem
from sim.vocabulary.topics import Intervention, Level, Place, Quarrel, Stage, Topic
from sim.vocabulary.verbs import Strategy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.scenarios import Scenario


BY_PARAMETER = -1.0  # nothing is said: the parameters of each world decide


@cache
def _calendar(start: datetime.date, weeks: int, rivals: tuple[float, ...] | None) -> np.recarray[Any, Any]:
    """One row a week: dates, windows, January's first week. Shared by all worlds, never written."""
    rows = []
    given = rivals or ()
    for week in range(weeks):
        monday = start + datetime.timedelta(weeks=week)
        days = [monday + datetime.timedelta(days=d) for d in range(7)]
        work = int(any(d.month == 3 and d.day == 8 for d in days))
        violence = int(any((11, 25) <= (d.month, d.day) <= (12, 10) for d in days))
        ends = sum((d.month, d.day) in ((11, 25), (12, 10)) for d in days)
        rows.append(
            {
                "ordinal": monday.toordinal(),
                "year": monday.year,
                "month": monday.month,
                "iso_week": monday.isocalendar()[1],
                "window_work": work,
                "window_violence": violence,
                "days_work": work,
                "days_violence": ends,
                "budget_week": int(monday.month == 1 and monday.day <= 7),
                "grant_week": int(any(d.month == 12 and d.day == 15 for d in days)),
                "year_index": monday.year - start.year,
                "busy_season": int(monday.month in (11, 12)),
                "rivals": given[week] if week < len(given) else -1.0,  # -1: by the rule of awareness days
            }
        )
    names = CALENDAR.names or ()
    return np.array([tuple(row[name] for name in names) for row in rows], CALENDAR).view(np.recarray)


def _rows_of_pairs(scenario: Scenario, rows: list[Any]) -> list[tuple[int, int]]:
    place = {row.id: i for i, row in enumerate(rows)}
    return [(place[a], place[b]) for a, b in scenario.pairs]


def _given(value: Any, default: Any) -> Any:
    return default if value is None else value


def _fill_organisations(world: World, scenario: Scenario, rows: list[Any]) -> None:
    firm = 0
    for i, row in enumerate(rows):
        kind = KINDS[row.kind]
        organisation = world.organisation[i]
        organisation.key = entity_key(row.id)
        organisation.kind = kind.code
        organisation.firm = -1
        if row.type == "firm":
            organisation.firm = firm
            firm += 1
        organisation.flagship = int(row.flagship)
        for trait in (
            "public_body",
            "funds",
            "carries_to_members",
            "addresses_firms",
            "speaks_for_others",
            "opens_channels",
        ):
            organisation[trait] = int(getattr(kind, trait))
        if row.funds is not None:
            organisation.funds = int(row.funds)
        organisation.overlap = kind.overlap
        organisation.training_reach = kind.training_reach
        organisation.stance = _given(row.stance, kind.stance)
        organisation.exposure = _given(row.exposure, exposure(row.kind, scenario.topic))
        organisation.role = _given(row.role, _given(kind.role, BY_PARAMETER))
        organisation.champion_chance = _given(row.champion, kind.champion)
        organisation.top = _given(row.top, kind.top)
        organisation.direct = int(row.direct)
        organisation.observed = int(row.id in scenario.observed_ids)
        organisation.pool = -1 if row.pool is None else round(100 * row.pool)
        organisation.pool_factor = 1.0
        organisation.need = row.need
        organisation.at_stake = int(not scenario.goal.stake or row.id in scenario.goal.stake)
        organisation.csr = -1 if row.csr is None else int(row.csr)
        organisation.eligible = int(_given(row.eligible, kind.eligible))
        organisation.capacity = _given(row.capacity, kind.capacity)
        organisation.capacity_now = organisation.capacity
        organisation.annual_budget = round(100 * _given(row.annual_budget, kind.annual_budget))
        organisation.followers = _given(row.followers, kind.followers)
        organisation.evidence = _given(row.evidence_stock, kind.evidence)
        for name in ("campaign_week", "survey_week", "lobby_week",
                     "counter_lobby_week"):  # fmt: skip
            organisation[name] = NEVER
        for name in ("reapproach_hazard", "joint_level", "meeting_share"):
            organisation[name] = -1.0
        organisation.voice = own_voice(float(organisation.stance))
        organisation.deference = -1
        organisation.plan_first_year = min(row.in_plan_years, default=NEVER)
        organisation.plan_last_year = max(row.in_plan_years, default=NEVER)
        organisation.leaves_by_itself = int(row.leaves_by_itself)
        organisation.members = row.members if isinstance(row.members, float) else -1.0
        organisation.name_column = -1
        if organisation.carries_to_members == 1:
            organisation.name_column = len(rows) + 1 + sum(KINDS[r.kind].carries_to_members for r in rows[:i])
        organisation.disclosure_before = row.disclosure_before
        organisation.disclosure_after = row.disclosure_after
        for a, audience in enumerate(AUDIENCES):
            world.credibility[i, a] = row.credibility.get(audience, kind.credibility[a])
            world.channel[i, a] = row.reach.get(audience, kind.reach[a])
        for x, skill in enumerate(SKILLS):
            world.skill[i, x] = row.skills.get(skill, kind.skills[x])
        for topic in Quarrel:  # left out, who has the skill has the expertise
            usual = Skill.CHANNEL if topic == Quarrel.CHANNEL else Skill.CONTENT
            world.expertise[i, topic] = row.expertise.get(topic.word, world.skill[i, usual])
    world.credibility_anchor[:] = world.credibility
    world.credibility_start[:] = world.credibility


def _fill_relations(world: World, scenario: Scenario, rows: list[Any]) -> None:
    n = len(rows)
    for k, (i, j) in enumerate(_rows_of_pairs(scenario, rows)):
        partnership = world.partnership[k]
        keys = sorted((int(world.organisation[i].key), int(world.organisation[j].key)))
        partnership.key = mix(keys[0], keys[1])
        partnership.a, partnership.b, partnership.initiator, partnership.member = i, j, i, j
        partnership.lead = partnership.funder = partnership.paid_by = -1
        partnership.model = -1
        partnership.meeting_share = -1.0
        partnership.rule = partnership.focal_by = partnership.left_by = -1
        partnership.in_plan_a = partnership.in_plan_b = 1
        partnership.applied_year = NEVER
        partnership.alliance = partnership.direct = -1
        partnership.since = 0
        for name in ("exit_week", "return_week", "formed_week", "first_formed", "result_week", "celebration_week",
                     "defer_week", "insist_week", "pester_week", "lapse_week"):  # fmt: skip
            partnership[name] = NEVER
        partnership.attempts = 0
        first, second = world.organisation[i], world.organisation[j]
        start = relation_defaults(float(first.stance), float(second.stance))
        partnership.distance = start.distance
        partnership.fit = start.fit
        world.partnership_of[i, j] = world.partnership_of[j, i] = k
        for a, b in ((i, j), (j, i)):
            relation = world.relation[a * n + b]
            relation.exists = 1
            relation.partnership = k
            relation.key = mix(int(world.organisation[a].key), int(world.organisation[b].key))
            relation.trust = start.trust
            relation.anchor = start.anchor
            relation.value = start.value
            relation.expectation = start.expectation
            relation.refusal_week = NEVER
            relation.role = BY_PARAMETER
            for name in ("explained_week", "offence_week"):
                relation[name] = NEVER
    for i in range(n):
        for j in range(n):
            world.relation[i * n + j].apology_week = NEVER
            if world.relation[i * n + j].exists == 0:
                world.relation[i * n + j].partnership = -1


def _name_members(world: World, rows: list[Any], place: Mapping[str, int]) -> None:
    """A list of members names them all: no other firm belongs to the federation."""
    for j, row in enumerate(rows):
        if isinstance(row.members, tuple):
            world.organisation[j].members = 0.0
            for name in row.members:
                world.joins[j, place[name]] = world.joins[place[name], j] = 1


def _give_rules(world: World, rows: list[Any]) -> None:
    for i, row in enumerate(rows):
        for key in ("reapproach_interval", "deference", "expectation", "visibility"):
            value = getattr(row, key)
            if value is not None:
                set_rule(world, i, int(Strategy.of(key)), strategy_number(key, value))
        for key in ("gives_time", "apply_yearly"):
            if getattr(row, key):
                set_rule(world, i, int(Strategy.of(key)), 1.0)


def _override_relations(world: World, scenario: Scenario, place: Mapping[str, int]) -> None:
    n = len(place)
    for row in scenario.dyad:
        i, j = place[row.a], place[row.b]
        partnership = world.partnership[world.partnership_of[i, j]]
        for name in ("distance", "fit"):
            if getattr(row, name) is not None:
                partnership[name] = getattr(row, name)
        partnership.fit_bonus = row.fit_bonus
        if row.member is not None:
            world.joins[i, j] = world.joins[j, i] = int(row.member)
        for a, b, suffix in ((i, j, "ab"), (j, i, "ba")):
            relation = world.relation[a * n + b]
            for name in ("trust", "value", "expectation", "grievance", "role"):
                value = getattr(row, f"{name}_{suffix}")
                if value is not None:
                    relation[name] = value
            if row.anchor is not None:
                relation.anchor = row.anchor


def _start_partnerships(world: World, scenario: Scenario, place: Mapping[str, int]) -> None:
    for table, row in enumerate(alliances_of(scenario)):
        world.alliance[table].initiator = place[row.members[0]]
        world.alliance[table].members = sum(1 << place[name] for name in row.members)
        for number, name in enumerate(row.members):
            world.seat[table, place[name]] = number
        for a, b in combinations(row.members, 2):
            partnership = world.partnership[world.partnership_of[place[a], place[b]]]
            partnership.alliance = table
            partnership.link = int(row.members[0] not in (a, b))
    for row in scenario.partnership:
        for a, b in combinations(row.members, 2):
            _share_work(world, scenario, row, place, int(world.partnership_of[place[a], place[b]]))
        for member in row.members[1:]:
            _start_membership(world, row, place, member)
    seat_members(world)


def _share_work(world: World, scenario: Scenario, row: Any, place: Mapping[str, int], k: int) -> None:
    """What belongs to a partnership as a whole is the same in all its pairs; the money stands with one of them."""
    partnership = world.partnership[k]
    if row.lead is not None:
        partnership.lead = place[row.lead]
    elif partnership.alliance >= 0 or row.state not in ("none", "contact"):
        partnership.lead = place[row.members[0]]
    partnership.advertising_share = row.advertising_share
    if purse_of(world, k) == k:
        partnership.next_budget = round(100 * row.grant)  # becomes this year's with the first January or the first week
        partnership.grant_left = partnership.next_budget
    partnership.elements = sum(1 << Element.of(name) for name in row.elements)
    for name, eur in row.element_eur.items():
        world.element_eur[k, Element.of(name)] = eur
    _plan_joint_work(world, scenario, row, k)


def _start_membership(world: World, row: Any, place: Mapping[str, int], member: str) -> None:
    """One of those who were asked takes part."""
    i, j = place[row.members[0]], place[member]
    k = int(world.partnership_of[i, j])
    partnership = world.partnership[k]
    if row.model is not None:
        choose_model(world, k, 1 if row.model == "integrated" else 0)
    partnership.initiator = i
    partnership.member = j
    partnership.state = State.of(row.state)
    if is_active(partnership) or partnership.state == State.COOLING:
        partnership.launch_hours = 0.0  # it was launched before the run began
    partnership.visibility = int(row.visibility == "shadow")
    partnership.contract = row.contract_score
    partnership.clause = int("credit_clause" in row.items)
    partnership.criticism_allowed = int("criticism_allowed" in row.items)
    partnership.term = row.term
    partnership.term_end = row.term
    set_structure(world, k, sum(1 << StructureItem.of(name) for name in row.structure))
    _let_draw(world, row, k)
    if partnership.state == State.COOLING:  # the exit that led here counts, as if it were of week 0
        partnership.exit_week = 0
        partnership.exits = 1
        partnership.left_by = j
        world.tallies[0].exits += 1
        partnership.spell_row = open_spell(world, 1, k)
    elif is_active(partnership):
        partnership.first_formed = partnership.formed_week = 0
        partnership.spell_row = open_spell(world, 0, k)


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


def _plan_joint_work(world: World, scenario: Scenario, row: Any, k: int) -> None:
    for week in range(scenario.weeks):
        if row.joint is not None:
            world.joint_profile[k, week] = row.joint[min(week, len(row.joint) - 1)]
        if row.season is not None and row.season.holds(scenario.date(week)):
            world.joint_profile[k, week] = row.season.joint
            world.in_season[k, week] = 1


def _nothing_drawn(pairs: int) -> np.recarray[Any, Any]:
    names = DRAWN.names or ()
    return np.array([tuple(-1.0 for _ in names)] * pairs, DRAWN).view(np.recarray)


def _fill_board(world: World, scenario: Scenario, place: Mapping[str, int]) -> None:
    """Put the tasks of a scenario into the 24 cells; cells without a task stay empty."""
    tasks = {task.cell: task for task in scenario.task}
    cells = product(Level.words(), Intervention.words(), Place.words())
    for cell, (level, intervention, where) in zip(world.task, cells, strict=False):
        cell.recipe = Level.of(level) * len(Intervention) + Intervention.of(intervention)
        task = tasks.get((level, intervention, where))
        if task is not None:
            cell.workers = sum(1 << place[name] for name in task.who)
            cell.hours = task.hours


def fill_world(scenario: Scenario, rows: list[Any], record: Any, plausible: Any, upto: Any) -> World:
    """Build the world of a scenario at its start, before anything is drawn.

    Parameters
    ----------
    scenario, rows
        The scenario, and its organisations in the order of their rows.
    record
        The values that hold where no set says otherwise, (1,).
    plausible, upto
        Sets of values that worlds draw, and their weights summed up, (sets,).
    """
    n = len(rows)
    place = {row.id: i for i, row in enumerate(rows)}
    ideas = ideas_of(scenario)
    idea_rows = {name: b for b, name in enumerate(ideas)}
    shapes = state_shapes(scenario, rows)
    arrays = in_one_block(shapes)
    partnership_of = np.full((n, n), -1, np.int64)
    for k, (i, j) in enumerate(_rows_of_pairs(scenario, rows)):
        partnership_of[i, j] = partnership_of[j, i] = k
    action, code, given, target = translate_plan(scenario, place, partnership_of, idea_rows)
    arrays["parameter"][:] = record
    world = World(
        plausible=plausible,
        upto=upto,
        calendar=_calendar(scenario.start, scenario.weeks, scenario.rivals),
        action=action,
        code=code,
        quantity=quantity_table(arrays),
        given_exposures=given,
        target=target,
        skill=np.zeros((n, len(SKILLS))),
        expertise=np.zeros((n, len(Quarrel))),
        channel=np.zeros((n, len(AUDIENCES))),
        partnership_of=partnership_of,
        joint_profile=np.full((len(arrays["partnership"]), scenario.weeks), -1.0),
        in_season=np.zeros((len(arrays["partnership"]), scenario.weeks), np.int64),
        joins=np.full((n, n), -1, np.int8),
        seat=np.zeros((len(alliances_of(scenario)), n), np.int64),
        drawn=_nothing_drawn(len(arrays["partnership"])),
        stack=np.zeros(MAX_STACK),
        **arrays,
        **firm_arrays(scenario, rows),
        **log_arrays(0),
    )
    clock = world.clock[0]
    media = world.media[0]
    demand = world.demand[0]
    tallies = world.tallies[0]
    clock.weeks = scenario.weeks
    clock.topic = Topic.of(scenario.topic)
    clock.audit = int(scenario.audit)
    clock.complete = int(scenario.firms.network == "complete")
    clock.population = scenario.audience.population
    for a, audience in enumerate(AUDIENCES):
        world.audience[a].persons = scenario.audience.size(audience)
    media.relief = 1.0
    media.last_storm_week = NEVER
    tallies.seats_week = tallies.seats_opened = -1
    demand.stage = Stage.of(scenario.policy.stage)
    demand.exists = int(scenario.policy.demand is not None)
    demand.law_when_in_force = (scenario.policy.law_rate or 0.0) / WEEKS_PER_YEAR
    demand.law = demand.law_when_in_force if demand.stage == Stage.FORCE else 0.0
    _fill_organisations(world, scenario, rows)
    _fill_relations(world, scenario, rows)
    _give_rules(world, rows)
    _name_members(world, rows, place)
    _override_relations(world, scenario, place)
    for i in range(n * n):
        world.relation[i].value_start = world.relation[i].value
    world.warned_week[:] = NEVER
    for b, (name, (owner, quality)) in enumerate(ideas.items()):
        idea = world.idea[b]
        idea.key = entity_key(name)
        idea.owner = place[owner]
        idea.quality = quality
        for j in range(n):
            decision = world.decision[b, j]
            decision.key = mix(int(idea.key), int(world.organisation[j].key))
            decision.press_week = decision.found_week = decision.chosen_week = decision.spread_week = NEVER
    _start_partnerships(world, scenario, place)
    _fill_board(world, scenario, place)
    for k, a in enumerate(scenario.plan):
        state = world.action_state[k]
        state.next_week = 0 if a.is_conditional else action[k].week
        state.campaign = -1
        state.leaked_to = -1
    return world
