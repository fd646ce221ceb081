"""Money from outside and the annual plan: grants, reporting duty, internal approval (submodel S13).

Success breeds success: a project that the funder trusts and that had results gets more next year. A public body
cannot apply itself; whether it takes part is decided in January, by its leaders.
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.engine.randomness import Decision, mix, normal_quantile, uniform
from sim.rules.alliances import active_membership, lives, purse_of, sits
from sim.rules.formation import sigma
from sim.rules.life_cycle import is_active, other_member
from sim.rules.resources import OuterAccount, pay, post
from sim.vocabulary.events import EventKind

__all__ = [
    "approval_logit",
    "award_grants",
    "decide_annual_plans",
    "grant_success",
    "has_project",
    "is_public_body",
    "next_grant",
    "season_result",
    "spend_project_money",
]


@rule
def is_public_body(who):
    """Whether projects of an organisation need its leaders' approval: ombud and government."""
    return who.public_body == 1


@rule
def approval_logit(external, ask, champion, in_plan, p):
    """1 + 2 external share - 2.5 ask / annual budget + 1.2 champion + 0.8 already in the plan."""
    return (
        p.approve_base
        + p.approve_external * external
        - p.approve_ask * ask
        + p.approve_champion * champion
        + p.approve_in_plan * in_plan
    )


@rule
def _put_in_plan(w, k, i, yes):
    """The decision of i holds for the whole partnership of pair k, whoever takes part in it later in the year."""
    alliance = w.pair[k].alliance
    for m in range(w.pair.shape[0]):
        tie = w.pair[m]
        if m == k or (alliance >= 0 and tie.alliance == alliance):
            if tie.a == i:
                tie.in_plan_a = yes
            elif tie.b == i:
                tie.in_plan_b = yes


@rule
def decide_annual_plans(w, week):
    """In the first week of January public bodies decide on each of their partnerships for the year."""
    arena = w.arena[0]
    p = w.parameter[0]
    day = w.calendar[week]
    if day.budget_week == 0:
        return
    for k in range(w.pair.shape[0]):
        tie = w.pair[k]
        if purse_of(w, k) != k or not lives(w, tie):
            continue
        tie.year_budget = tie.next_budget  # the project year is the calendar year
        tie.next_budget = 0
        tie.advertised = 0
        tie.year_hours = 0.0
        tie.year_ratio = 0.0
        tie.year_joint = 0.0
    for k in range(w.pair.shape[0]):
        tie = w.pair[k]
        if tie.link == 1:
            continue
        for side in range(2):
            i = tie.a if side == 0 else tie.b
            who = w.organisation[i]
            if not is_public_body(who) or not is_active(tie):
                continue
            if tie.alliance >= 0 and active_membership(w, tie.alliance, i) != k:
                continue  # one decision for each partnership
            before = tie.in_plan_a if side == 0 else tie.in_plan_b
            external = 1.0 if w.pair[purse_of(w, k)].year_budget > 0 else 0.0
            logit = approval_logit(external, p.plan_ask, who.champion, before, p)
            chance = sigma(logit)
            given = who.plan_first_year <= day.year <= who.plan_last_year
            u = uniform(arena.seed, arena.replicate, Decision.IN_PLAN, mix(who.key, tie.key), day.year_index)
            yes = 1 if given or u < chance else 0
            _put_in_plan(w, k, i, yes)
            arena.approval_years += yes
            row = note(w, EventKind.PLAN_DECIDED, i, other_member(tie, i), k)
            w.log_number[row, 0] = np.float64(yes)
            w.log_number[row, 1] = 1.0 if given else chance
            w.log_cause[row, 0] = p.approve_base
            w.log_cause[row, 1] = p.approve_external * external
            w.log_cause[row, 2] = -p.approve_ask * p.plan_ask
            w.log_cause[row, 3] = p.approve_champion * who.champion
            w.log_cause[row, 4] = p.approve_in_plan * before


@rule
def season_result(budget, hours, ratio):
    """Result = 2 sqrt(B / 10,000) max(0.2, 1 - disagreement hours / 200) x results per hour over the reference."""
    return 2.0 * math.sqrt(budget / 10_000.0) * max(0.2, 1.0 - hours / 200.0) * ratio


@rule
def grant_success(trust, result, p):
    """S = 0.4 T[funder -> lead] + 0.6 (1 - exp(-1.6 result / res_half))."""
    return p.grant_trust * trust + (1.0 - p.grant_trust) * (1.0 - math.exp(-1.6 * result / p.grant_result_half))


@rule
def next_grant(budget, success, noise, p):
    """B' = min(cap, B (1 + g S)) x exp(sd z), EUR, at most the cap."""
    return min(
        p.grant_cap, min(p.grant_cap, budget * (1.0 + p.grant_growth * success)) * math.exp(p.grant_noise * noise)
    )


@rule
def has_project(w, k):
    """Whether pair k holds the money of a partnership that is on, with its lead in it."""
    tie = w.pair[k]
    if purse_of(w, k) != k or not lives(w, tie):
        return False
    return tie.alliance < 0 or sits(w, tie.alliance, tie.lead)


@rule
def _funder(w):
    for i in range(w.organisation.shape[0]):
        if w.organisation[i].funds == 1:
            return i
    return -1


@rule
def _return_unspent(w, k, funder):
    """What was not spent of this year's grant goes back to the funder."""
    tie = w.pair[k]
    back = min(tie.grant_left, w.account[tie.lead])
    if back > 0:
        post(w, tie.lead, funder, back)
        row = note(w, EventKind.GRANT_RETURNED, tie.lead, funder, k)
        w.log_number[row, 0] = back / 100.0
    tie.grant_left = 0


@rule
def award_grants(w, week):
    """The round of the week that holds 15 December: reports, then grants for the year to come."""
    arena = w.arena[0]
    p = w.parameter[0]
    day = w.calendar[week]
    if day.grant_week == 0:
        return
    funder = _funder(w)
    for k in range(w.pair.shape[0]):
        tie = w.pair[k]
        if not has_project(w, k):
            continue
        lead = w.organisation[tie.lead]
        if funder >= 0:
            _return_unspent(w, k, funder)  # whether or not one applies again
        if tie.applied_year != day.year and lead.apply_yearly == 0:
            continue
        if funder < 0 or lead.eligible == 0:
            row = note(w, EventKind.GRANT_REFUSED, tie.lead, funder, k)
            continue
        trust = w.dyad[funder * w.organisation.shape[0] + tie.lead].trust
        budget = tie.year_budget / 100.0
        ratio = tie.year_ratio / tie.year_joint if tie.year_joint > 0.0 else 0.0
        result = season_result(budget, tie.year_hours, ratio)
        success = grant_success(trust, result, p)
        u = uniform(arena.seed, arena.replicate, Decision.GRANT_NOISE, lead.key, day.year_index)
        eur = next_grant(max(budget, p.first_grant), success, normal_quantile(max(u, 1e-16)), p)
        if tie.applied_year == day.year:
            eur = min(eur, tie.applied_amount)
        cents = min(np.int64(eur * 100.0 + 0.5), w.account[funder])
        post(w, funder, tie.lead, cents)
        tie.next_budget = cents
        tie.grant_left = cents
        lead.last_grant = cents
        arena.grants += cents
        if day.year_index + 1 < w.project_budget.shape[0]:
            w.project_budget[day.year_index + 1] += cents / 100.0
        row = note(w, EventKind.GRANT_AWARDED, tie.lead, funder, k)
        w.log_number[row, 0] = cents / 100.0
        w.log_cause[row, 0] = p.grant_trust * trust
        w.log_cause[row, 1] = success - p.grant_trust * trust
        w.log_cause[row, 2] = result


@rule
def spend_project_money(w, week):
    """In the season, the lead spends what of the grant is not for advertising, in equal parts over its weeks."""
    for k in range(w.pair.shape[0]):
        tie = w.pair[k]
        if tie.grant_left <= 0 or tie.year_budget <= 0 or w.in_season[k, week] == 0:
            continue
        if purse_of(w, k) != k or not lives(w, tie):
            continue
        year = w.calendar[week].year
        left = 0
        for later in range(week, w.calendar.shape[0]):
            if w.calendar[later].year != year:
                break
            left += w.in_season[k, later]
        reserved = np.int64(tie.year_budget * tie.advertising_share + 0.5) - tie.advertised
        share = min((tie.grant_left - max(0, reserved)) // max(1, left), w.account[tie.lead])
        if share > 0:
            meetings = share * 2 // 5 if tie.advertising_share > 0.0 else share // 5
            pay(w, tie.lead, OuterAccount.PARTICIPANTS, meetings)
            pay(w, tie.lead, OuterAccount.SUPPLIERS, share - meetings)
            tie.grant_left -= share
