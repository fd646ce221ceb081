"""Verbs within an organisation, and what happens from outside: standing rules, champions, focal points, shocks."""

from __future__ import annotations

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.plan.campaigning import add_stir
from sim.plan.spending import spend
from sim.rules.adoption import show, take_up
from sim.rules.alliances import membership_of
from sim.rules.champions import CHAMPION_HOURS, lose_champion
from sim.rules.funding import has_project
from sim.rules.life_cycle import FOCAL_POINT_HOURS, FOCAL_POINTS, is_active, set_structure
from sim.rules.resources import OuterAccount, post
from sim.vocabulary.events import EventKind, Reason
from sim.vocabulary.uptake import Uptake
from sim.vocabulary.verbs import Shock, Strategy

__all__ = ["apply_funding", "appoint_champion", "set_focal_point", "set_rule", "set_strategy", "shock"]

DONE, PRECONDITION, ELIGIBILITY = int(Reason.DONE), int(Reason.PRECONDITION), int(Reason.ELIGIBILITY)
PUBLIC_UNCREDITED = int(Uptake.PUBLIC_UNCREDITED)


@rule
def set_rule(w, i, key, value):
    """Give organisation i a standing rule (see `StrategyKey`)."""
    p = w.parameter[0]
    n = w.organisation.shape[0]
    who = w.organisation[i]
    if key == Strategy.REAPPROACH_INTERVAL:
        who.reapproach_hazard = 1.0 / value if value > 0.0 else 0.0
    elif key == Strategy.DEFERENCE:
        who.deference = int(value)
    elif key == Strategy.EXPECTATION:
        who.expectation_adapts = 1 if value == 3.0 else 0
        if value < 3.0:
            level = p.expect_high
            if value == 1.0:
                level = p.expect_medium
            elif value == 2.0:
                level = p.expect_low
            for j in range(n):
                w.relation[i * n + j].expectation = level
    elif key == Strategy.DISCLOSURE_BEFORE:
        who.disclosure_before = value
    elif key == Strategy.DISCLOSURE_AFTER:
        who.disclosure_after = value
    elif key == Strategy.VISIBILITY:
        who.visibility = int(value)
    elif key == Strategy.JOINT_LEVEL:
        who.joint_level = value
    elif key == Strategy.MEETING_SHARE:
        who.meeting_share = value
    elif key == Strategy.PUSH:
        who.push = value
    elif key == Strategy.APPLY_YEARLY:
        who.apply_yearly = int(value)
    else:
        who.gives_time = int(value)


@rule
def set_strategy(w, k):
    """Set a standing rule from now on."""
    a = w.action[k]
    short = spend(w, k)
    if short != DONE:
        return short
    set_rule(w, a.by, a.key, a.value)
    return DONE


@rule
def apply_funding(w, k):
    """Apply for a grant for the project that one leads; only who is eligible may."""
    a = w.action[k]
    found = -1
    for m in range(w.partnership.shape[0]):
        if w.partnership[m].lead == a.by and has_project(w, m):
            found = m
            break
    if found < 0:
        return PRECONDITION
    if w.organisation[a.by].eligible == 0:
        return ELIGIBILITY
    short = spend(w, k)
    if short != DONE:
        return short
    w.partnership[found].applied_year = w.calendar[w.clock[0].week].year
    w.partnership[found].applied_amount = a.value
    return DONE


@rule
def appoint_champion(w, k):
    """Put a committed person in place: four weeks later, and four hours a week from then on."""
    a = w.action[k]
    who = w.organisation[a.by]
    if who.champion == 1 or who.appointment_left > 0:
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    who.appointment_left = int(w.parameter[0].champion_appointment_weeks)
    who.vacancy_left = 0
    if who.appointed == 0:
        who.appointed = 1
        who.standing_hours += CHAMPION_HOURS
    return DONE


@rule
def set_focal_point(w, k):
    """Name a contact person for a partnership: one more structure item, and champions are replaced more often."""
    a = w.action[k]
    m = membership_of(w, a.partnership, a.by)
    partnership = w.partnership[m]
    if not is_active(partnership) or partnership.focal_points == 1:
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    set_structure(w, m, partnership.structure_items | FOCAL_POINTS)
    partnership.focal_by = a.by
    w.organisation[a.by].standing_hours += FOCAL_POINT_HOURS
    return DONE


@rule
def shock(w, k):
    """Something from outside; it costs nobody anything."""
    a = w.action[k]
    clock = w.clock[0]
    demand = w.demand[0]
    n = w.organisation.shape[0]
    if a.key == Shock.CHAMPION_LEAVES:
        if w.organisation[a.to].champion == 0:
            return PRECONDITION
        lose_champion(w, a.to)
    elif a.key == Shock.DIRECTOR_ABSENT:
        w.organisation[a.to].top = w.parameter[0].top_absent
    elif a.key == Shock.FOREIGN_STORM:
        add_stir(w, -1, a.magnitude, a.tone, a.weeks)
    elif a.key == Shock.POLICY_CHANGE:
        demand.base_rate_factor *= a.value
    elif a.key == Shock.BUDGET_CUT:
        who = w.organisation[a.to]
        post(w, a.to, n + OuterAccount.TREASURY, int(w.account[a.to] * a.share))
        who.annual_budget = int(who.annual_budget * (1.0 - a.share))
    elif a.key == Shock.CAPACITY_CUT:
        who = w.organisation[a.to]
        who.capacity_cut = a.share
        who.capacity_cut_until = clock.week + a.weeks
        who.capacity_now = max(who.hours_used, who.capacity_now * (1.0 - a.share))
    else:
        firm = w.firm[a.firm]
        if firm.uptake != Uptake.QUIET:
            return PRECONDITION
        show(
            w, a.firm, take_up(w, a.firm, PUBLIC_UNCREDITED, -1, 0, float(firm.depth), float(firm.quality), clock.week)
        )
    row = note(w, EventKind.SHOCK, a.to, -1, a.key)
    w.log_number[row, 0] = a.magnitude
    return DONE
