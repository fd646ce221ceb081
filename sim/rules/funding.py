"""Money from outside and the annual plan: grants, reporting duty, internal approval (submodel S13).

Success breeds success: a project that the funder trusts, and whose campaigns taught the public something, gets more
next year. A public body cannot apply itself; whether it takes part is decided in January, by its leaders.
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.engine.randomness import Decision, mix, normal_quantile, uniform, uniform_pair
from sim.rules.alliances import active_membership, is_active, lives, purse_of, sits
from sim.rules.formation import sigma
from sim.rules.life_cycle import other_member
from sim.rules.resources import OuterAccount, pay, post
from sim.rules.speakers import runs, sends
from sim.vocabulary.events import EventKind
from sim.vocabulary.topics import News, Side

CAMPAIGN, FOR = int(News.CAMPAIGN), int(Side.FOR)

# What it adds that the money comes from outside (logit): source talk (direction: externally funded, so leaders say
# yes); level assumed.
APPROVE_EXTERNAL = 2.0
# What it adds that the project was in last year's plan (logit): assumption.
APPROVE_IN_PLAN = 0.8


@rule
def is_public_body(organisation):
    """Whether projects of an organisation need its leaders' approval."""
    return organisation.public_body == 1


@rule
def approval_logit(external, ask, champion, in_plan, p):
    """1 + 2 external share - 2.5 ask / annual budget + 1.2 champion + 0.8 already in the plan."""
    return (
        p.approve_base
        + APPROVE_EXTERNAL * external
        - p.approve_ask * ask
        + p.approve_champion * champion
        + APPROVE_IN_PLAN * in_plan
    )


@rule
def _put_in_plan(w, k, i, yes):
    """The decision of i holds for the whole partnership of pair k, whoever takes part in it later in the year."""
    alliance = w.partnership[k].alliance
    for m in range(w.partnership.shape[0]):
        partnership = w.partnership[m]
        if m == k or (alliance >= 0 and partnership.alliance == alliance):
            if partnership.a == i:
                partnership.in_plan_a = yes
            elif partnership.b == i:
                partnership.in_plan_b = yes


@rule
def decide_annual_plans(w, week):
    """In the first week of January public bodies decide on each of their partnerships for the year."""
    clock = w.clock[0]
    tallies = w.tallies[0]
    p = w.parameter[0]
    day = w.calendar[week]
    if day.budget_week == 0:
        return
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if purse_of(w, k) != k or not lives(w, partnership):
            continue
        partnership.year_budget = partnership.next_budget  # the project year is the calendar year
        partnership.next_budget = 0
        partnership.advertised = 0
        partnership.year_hours = 0.0
        partnership.year_ratio = 0.0
        partnership.year_joint = 0.0
        partnership.year_learning = 0.0
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if partnership.link == 1:
            continue
        for side in range(2):
            i = partnership.a if side == 0 else partnership.b
            organisation = w.organisation[i]
            if not is_public_body(organisation) or not is_active(partnership):
                continue
            if partnership.alliance >= 0 and active_membership(w, partnership.alliance, i) != k:
                continue  # one decision for each partnership
            before = partnership.in_plan_a if side == 0 else partnership.in_plan_b
            external = 1.0 if w.partnership[purse_of(w, k)].year_budget > 0 else 0.0
            logit = approval_logit(external, p.plan_ask, organisation.champion, before, p)
            chance = sigma(logit)
            given = organisation.plan_first_year <= day.year <= organisation.plan_last_year
            u = uniform(
                clock.seed, clock.replicate, Decision.IN_PLAN, mix(organisation.key, partnership.key), day.year_index
            )
            yes = 1 if given or u < chance else 0
            _put_in_plan(w, k, i, yes)
            tallies.approval_years += yes
            event = note(w, EventKind.PLAN_DECIDED, i, other_member(partnership, i), k)
            w.log_number[event, 0] = np.float64(yes)
            w.log_number[event, 1] = 1.0 if given else chance
            w.log_cause[event, 0] = p.approve_base
            w.log_cause[event, 1] = APPROVE_EXTERNAL * external
            w.log_cause[event, 2] = -p.approve_ask * p.plan_ask
            w.log_cause[event, 3] = p.approve_champion * organisation.champion
            w.log_cause[event, 4] = APPROVE_IN_PLAN * before


@rule
def season_achieved(learning, hours, ratio, p):
    """What a season achieved: (1 - exp(-L / L_ref)) max(0.2, 1 - disagreement hours / 200) min(1.5, rho / rho_ref)."""
    return (1.0 - math.exp(-learning / p.grant_learning)) * max(0.2, 1.0 - hours / 200.0) * min(1.5, ratio)


@rule
def grant_success(trust, achieved, p):
    """S = 0.4 T[funder -> lead] + 0.6 min(1, a)."""
    return p.grant_trust * trust + (1.0 - p.grant_trust) * min(1.0, achieved)


@rule
def next_grant(budget, success, noise, p):
    """B' = min(cap, max(first, B max(0.2, 1 + g (S - S_0)))) x exp(sd z), EUR, at most the cap."""
    grown = max(p.first_grant, budget * max(0.2, 1.0 + p.grant_growth * (success - p.grant_need)))
    return min(p.grant_cap, min(p.grant_cap, grown) * math.exp(p.grant_noise * noise))


@rule
def _takes_part(w, partnership, i):
    if partnership.alliance < 0:
        return partnership.a == i or partnership.b == i
    return sits(w, partnership.alliance, i)


@rule
def count_season_learning(w, week):
    """What the public learned from campaigns that two members of a project sent counts for the project."""
    for c in range(w.tallies[0].campaigns):
        campaign = w.campaign[c]
        if campaign.kind != CAMPAIGN or campaign.side != FOR or not runs(campaign, week):
            continue
        for k in range(w.partnership.shape[0]):
            partnership = w.partnership[k]
            if not has_project(w, k):
                continue
            senders = 0
            for i in range(w.organisation.shape[0]):
                if sends(campaign, i) and _takes_part(w, partnership, i):
                    senders += 1
            if senders >= 2:
                partnership.year_learning += campaign.taught


@rule
def has_project(w, k):
    """Whether pair k holds the money of a partnership that is on, with its lead in it."""
    partnership = w.partnership[k]
    if purse_of(w, k) != k or not lives(w, partnership):
        return False
    return partnership.alliance < 0 or sits(w, partnership.alliance, partnership.lead)


@rule
def purse_left(w, i):
    """Cents that funder i can still give in this round."""
    organisation = w.organisation[i]
    left = max(0, w.account[i])
    return left if organisation.pool < 0 else min(left, organisation.pool_left)


@rule
def funder_of(w, k):
    """Who decides on the grant of pair k: the one that was asked, else the one with the largest trust times money left.

    -1 if nobody gives grants.
    """
    partnership = w.partnership[k]
    if partnership.funder >= 0:
        return partnership.funder
    best = -1.0
    chosen = -1
    for i in range(w.organisation.shape[0]):
        if w.organisation[i].funds == 1 and i != partnership.lead:
            trust = w.relation[i * w.organisation.shape[0] + partnership.lead].trust
            worth = trust * purse_left(w, i) * w.organisation[i].pool_factor
            if worth > best:
                best = worth
                chosen = i
    return chosen


@rule
def open_pools(w):
    """What funders may give in a round is theirs again."""
    for i in range(w.organisation.shape[0]):
        w.organisation[i].pool_left = w.organisation[i].pool


@rule
def give(w, funder, lead, cents):
    """Pay a grant, at most what the funder has left; returns the cents that were paid."""
    paid = min(cents, purse_left(w, funder))
    post(w, funder, lead, paid)
    w.organisation[funder].pool_left -= paid
    return paid


@rule
def _return_unspent(w, k, funder):
    """What was not spent of this year's grant goes back to the funder."""
    partnership = w.partnership[k]
    back = min(partnership.grant_left, w.account[partnership.lead])
    if back > 0:
        post(w, partnership.lead, funder, back)
        event = note(w, EventKind.GRANT_RETURNED, partnership.lead, funder, k)
        w.log_number[event, 0] = back / 100.0
    partnership.grant_left = 0


@rule
def _refuse(w, k, funder, success):
    """The application for the project of pair k gets nothing."""
    lead = w.partnership[k].lead
    event = note(w, EventKind.GRANT_REFUSED, lead, funder, k)
    w.log_number[event, 0] = success
    w.organisation[lead].grant_refused = 1


@rule
def award_grants(w, week):
    """The round of the week that holds 15 December: reports, then grants for the year to come."""
    clock = w.clock[0]
    tallies = w.tallies[0]
    p = w.parameter[0]
    day = w.calendar[week]
    if day.grant_week == 0:
        return
    open_pools(w)
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if partnership.paid_by >= 0:
            _return_unspent(w, k, partnership.paid_by)  # whether or not one works together still, and applies again
        if not has_project(w, k):
            continue
        lead = w.organisation[partnership.lead]
        funder = funder_of(w, k)
        partnership.funder = -1  # the next application may name another
        if partnership.applied_year != day.year and lead.apply_yearly == 0:
            continue
        if funder < 0 or lead.eligible == 0:
            _refuse(w, k, funder, 0.0)
            continue
        trust = w.relation[funder * w.organisation.shape[0] + partnership.lead].trust
        budget = partnership.year_budget / 100.0
        ratio = partnership.year_ratio / partnership.year_joint if partnership.year_joint > 0.0 else 0.0
        achieved = season_achieved(partnership.year_learning, partnership.year_hours, ratio, p)
        success = grant_success(trust, achieved, p)
        given, _ = uniform_pair(clock.seed, clock.replicate, Decision.AWARD, lead.key, day.year_index, 0)
        if given >= success / p.award_full:
            _refuse(w, k, funder, success)
            continue
        u = uniform(clock.seed, clock.replicate, Decision.GRANT_NOISE, lead.key, day.year_index)
        eur = next_grant(budget, success, normal_quantile(max(u, 1e-16)), p)
        if partnership.applied_year == day.year:
            eur = min(eur, partnership.applied_amount)
        eur *= w.organisation[funder].pool_factor
        cents = give(w, funder, partnership.lead, np.int64(eur * 100.0 + 0.5))
        if cents <= 0:  # nothing is left to give, or asked for
            _refuse(w, k, funder, success)
            continue
        partnership.paid_by = funder
        partnership.next_budget = cents
        partnership.grant_left = cents
        lead.last_grant = cents
        lead.grant_refused = 0
        tallies.grants += cents
        if day.year_index + 1 < w.project_budget.shape[0]:
            w.project_budget[day.year_index + 1] += cents / 100.0
        event = note(w, EventKind.GRANT_AWARDED, partnership.lead, funder, k)
        w.log_number[event, 0] = cents / 100.0
        w.log_cause[event, 0] = p.grant_trust * trust
        w.log_cause[event, 1] = success - p.grant_trust * trust
        w.log_cause[event, 2] = achieved


@rule
def spend_project_money(w, week):
    """In the season, the lead spends what of the grant is not for advertising, in equal parts over its weeks."""
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if partnership.grant_left <= 0 or partnership.year_budget <= 0 or w.in_season[k, week] == 0:
            continue
        if purse_of(w, k) != k or not lives(w, partnership):
            continue
        year = w.calendar[week].year
        left = 0
        for later in range(week, w.calendar.shape[0]):
            if w.calendar[later].year != year:
                break
            left += w.in_season[k, later]
        reserved = np.int64(partnership.year_budget * partnership.advertising_share + 0.5) - partnership.advertised
        share = min((partnership.grant_left - max(0, reserved)) // max(1, left), w.account[partnership.lead])
        if share > 0:
            meetings = share * 2 // 5 if partnership.advertising_share > 0.0 else share // 5
            pay(w, partnership.lead, OuterAccount.PARTICIPANTS, meetings)
            pay(w, partnership.lead, OuterAccount.SUPPLIERS, share - meetings)
            partnership.grant_left -= share
