"""Verbs within an organisation, and what happens from outside: standing rules, champions, focal points, shocks."""

from __future__ import annotations

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.parameters import WEEKS_PER_YEAR
from sim.plan.spending import spend
from sim.rules.alliances import is_active, membership_of
from sim.rules.champions import CHAMPION_HOURS, lose_champion
from sim.rules.directors import change_director
from sim.rules.funding import has_project
from sim.rules.life_cycle import FOCAL_POINT_HOURS, FOCAL_POINTS, set_structure
from sim.rules.resources import OuterAccount, post
from sim.rules.stirs import add_stir
from sim.rules.uptake import show, take_up
from sim.vocabulary.coded import numbers
from sim.vocabulary.events import EventKind, Reason
from sim.vocabulary.topics import News, Voice
from sim.vocabulary.uptake import Uptake
from sim.vocabulary.verbs import Expectation, Shock, Strategy

DONE, PRECONDITION, ELIGIBILITY = numbers(Reason.DONE, Reason.PRECONDITION, Reason.ELIGIBILITY)
PUBLIC_UNCREDITED = int(Uptake.PUBLIC_UNCREDITED)
STORM, ELSEWHERE = int(News.STORM), int(Voice.ELSEWHERE)

# What an organisation expects of a partner under the strategy of high hopes (share): assumption, checked with P25.
EXPECT_HIGH = 0.9
# What an organisation expects of a partner if nothing else is said (share): assumption.
EXPECT_MEDIUM = 0.6
# What an organisation expects of a partner under the strategy of low hopes (share): assumption, checked with P25.
EXPECT_LOW = 0.3
# Time from the decision to appoint a champion until one is in place (weeks): assumption.
CHAMPION_APPOINTMENT_WEEKS = 4.0
# Ownership of the top management when it was absent from the first meeting (share): source talk (direction); level
# assumed.
TOP_ABSENT = 0.3


@rule
def set_rule(w, i, key, value):
    """Give organisation i a standing rule (see `Strategy`)."""
    n = w.organisation.shape[0]
    organisation = w.organisation[i]
    if key == Strategy.REAPPROACH_INTERVAL:
        organisation.reapproach_hazard = 1.0 / value if value > 0.0 else 0.0
    elif key == Strategy.DEFERENCE:
        organisation.deference = int(value)
    elif key == Strategy.EXPECTATION:
        chosen = int(value)
        organisation.expectation_adapts = 1 if chosen == Expectation.ADAPTIVE else 0
        if chosen != Expectation.ADAPTIVE:
            level = EXPECT_HIGH
            if chosen == Expectation.MEDIUM:
                level = EXPECT_MEDIUM
            elif chosen == Expectation.LOW:
                level = EXPECT_LOW
            for j in range(n):
                w.relation[i * n + j].expectation = level
    elif key == Strategy.DISCLOSURE_BEFORE:
        organisation.disclosure_before = value
    elif key == Strategy.DISCLOSURE_AFTER:
        organisation.disclosure_after = value
    elif key == Strategy.VISIBILITY:
        organisation.visibility = int(value)
    elif key == Strategy.JOINT_LEVEL:
        organisation.joint_level = value
    elif key == Strategy.MEETING_SHARE:
        organisation.meeting_share = value
    elif key == Strategy.APPLY_YEARLY:
        organisation.apply_yearly = int(value)
    else:
        organisation.gives_time = int(value)


@rule
def set_strategy(w, k):
    """Set a standing rule from now on."""
    action = w.action[k]
    short = spend(w, k)
    if short != DONE:
        return short
    set_rule(w, action.by, action.key, action.value)
    return DONE


@rule
def apply_funding(w, k):
    """Apply for a grant for the project that one leads; only who is eligible may."""
    action = w.action[k]
    project = -1
    for m in range(w.partnership.shape[0]):
        if w.partnership[m].lead == action.by and has_project(w, m):
            project = m
            break
    if project < 0:
        return PRECONDITION
    if w.organisation[action.by].eligible == 0 or (action.to >= 0 and w.organisation[action.to].funds == 0):
        return ELIGIBILITY
    short = spend(w, k)
    if short != DONE:
        return short
    w.partnership[project].applied_year = w.calendar[w.clock[0].week].year
    w.partnership[project].applied_amount = action.value
    w.partnership[project].funder = action.to
    return DONE


@rule
def appoint_champion(w, k):
    """Put a committed person in place: four weeks later, and four hours a week from then on."""
    action = w.action[k]
    organisation = w.organisation[action.by]
    if organisation.champion == 1 or organisation.appointment_left > 0:
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    organisation.appointment_left = int(CHAMPION_APPOINTMENT_WEEKS)
    organisation.vacancy_left = 0
    if organisation.appointed == 0:
        organisation.appointed = 1
        organisation.standing_hours += CHAMPION_HOURS
    return DONE


@rule
def set_focal_point(w, k):
    """Name a contact person for a partnership: one more structure item, and champions are replaced more often."""
    action = w.action[k]
    m = membership_of(w, action.partnership, action.by)
    partnership = w.partnership[m]
    if not is_active(partnership) or partnership.focal_points == 1:
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    set_structure(w, m, partnership.structure_items | FOCAL_POINTS)
    partnership.focal_by = action.by
    w.organisation[action.by].standing_hours += FOCAL_POINT_HOURS
    return DONE


@rule
def shock(w, k):
    """Something from outside; it costs nobody anything."""
    action = w.action[k]
    clock = w.clock[0]
    demand = w.demand[0]
    n = w.organisation.shape[0]
    if action.key == Shock.CHAMPION_LEAVES:
        if w.organisation[action.to].champion == 0:
            return PRECONDITION
        lose_champion(w, action.to)
    elif action.key == Shock.DIRECTOR_ABSENT:
        w.organisation[action.to].top = TOP_ABSENT
    elif action.key == Shock.FOREIGN_STORM:
        c = add_stir(w, STORM, -1, ELSEWHERE, action.magnitude, action.tone, action.weeks, 0)
        if c >= 0:
            for j in range(w.named.shape[1]):
                w.named[c, j] = w.target[k, j]
                w.campaign[c].names += w.target[k, j]
    elif action.key == Shock.POLICY_CHANGE:
        demand.law += action.value / WEEKS_PER_YEAR
    elif action.key == Shock.BUDGET_CUT:
        organisation = w.organisation[action.to]
        post(w, action.to, n + OuterAccount.TREASURY, int(w.account[action.to] * action.share))
        kept = int(organisation.annual_budget * (1.0 - action.share))
        if action.weeks > 0:  # each cut ends by itself
            state = w.action_state[k]
            state.cut += organisation.annual_budget - kept
            state.until = clock.week + action.weeks
            w.tallies[0].cut_until = max(w.tallies[0].cut_until, state.until)
        organisation.annual_budget = kept
    elif action.key == Shock.CAPACITY_CUT:
        organisation = w.organisation[action.to]
        w.action_state[k].until = clock.week + action.weeks
        w.tallies[0].cut_until = max(w.tallies[0].cut_until, w.action_state[k].until)
        organisation.capacity_now = max(organisation.hours_used, organisation.capacity_now * (1.0 - action.share))
    elif action.key == Shock.ELIGIBILITY:
        w.organisation[action.to].eligible = action.final
    elif action.key == Shock.POOL:
        w.organisation[action.to].pool_factor = action.share  # of what it gave at the start
    elif action.key == Shock.DIRECTOR_CHANGES:
        change_director(w, action.to)
    else:
        firm = w.firm[action.firm]
        if firm.uptake != Uptake.QUIET:
            return PRECONDITION
        show(
            w,
            action.firm,
            take_up(w, action.firm, PUBLIC_UNCREDITED, -1, 0, float(firm.depth), float(firm.quality), clock.week),
        )
    event = note(w, EventKind.SHOCK, action.to, -1, action.key)
    w.log_number[event, 0] = action.magnitude
    if action.key == Shock.POOL:
        w.log_number[event, 0] = action.share
    elif action.key == Shock.ELIGIBILITY:
        w.log_number[event, 0] = float(action.final)
    return DONE
