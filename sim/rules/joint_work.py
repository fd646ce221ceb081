"""Joint work: hours, results, meetings (submodel S12), disagreement and deference (submodel S7).

Working together costs hours, yields results as far as the partners' skills complement each other, and makes
them disagree; every settled disagreement brings their languages closer.
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.engine.randomness import Decision, mix, poisson_count, uniform_pair
from sim.rules.alliances import (
    active_membership,
    count_members,
    first_membership,
    is_active,
    purse_of,
    sits,
)
from sim.rules.elements import has_champion, joint_result
from sim.rules.life_cycle import other_member
from sim.rules.resources import hours_left, spend_hours
from sim.rules.understanding import is_suspended
from sim.vocabulary.coded import numbers
from sim.vocabulary.events import EventKind
from sim.vocabulary.kinds import code_of
from sim.vocabulary.partnerships import Deference
from sim.vocabulary.topics import Quarrel

NGO = code_of("ngo")  # a measure is about NGOs that give way
MAX_DISAGREEMENTS = 40  # a pair and week
RULE_EXPERTISE, RULE_LEAD, RULE_ALTERNATE, RULE_NEVER = numbers(
    Deference.EXPERTISE, Deference.LEAD, Deference.ALTERNATE, Deference.NEVER
)
TOPICS = len(Quarrel)

# How much a gap in skill makes the less skilled side defer (logit): source talk (direction); calibrated to P13.
DEFERENCE_GAP = 0.7
# What replaces the skill gap when the lead decides or turns are taken (logit): assumption.
DEFERENCE_RULE_GAP = 0.5
# Time that a disagreement costs when one side defers (hours): assumption.
HOURS_DEFERRED = 1.0
# Hours needed to start a project outside the core business (hours): calibrated to P38.
LAUNCH_HOURS_ADD_ON = 20.0
# Hours needed to start a project inside the core business (hours): calibrated to P38.
LAUNCH_HOURS_INTEGRATED = 60.0
# Match of purposes for a project outside the core business (share): Zasuwa 2017 (consumers judging a firm and a
# cause; direction); level assumed.
FIT_ADD_ON = 0.5
# Match of purposes for a project inside the core business (share): Zasuwa 2017 (consumers judging a firm and a
# cause; direction); level assumed.
FIT_INTEGRATED = 0.8
# Weight of one deferral as a good experience (events): calibrated to P14.
DEFERRAL_CREDIT = 0.5
# Weight of a week of full joint work in a common language as good experience (events): calibrated to P14.
JOINT_WORK_CREDIT = 2.0


@rule
def choose_model(w, k, model):
    """Agree on a partnership model, 0 add-on or 1 integrated: it sets fit, start value and the hours of launching."""
    p = w.parameter[0]
    n = w.organisation.shape[0]
    partnership = w.partnership[k]
    partnership.model = model
    partnership.whole = 0.0
    partnership.fit = min(1.0, (FIT_INTEGRATED if model == 1 else FIT_ADD_ON) + partnership.fit_bonus)
    partnership.launch_hours = LAUNCH_HOURS_INTEGRATED if model == 1 else LAUNCH_HOURS_ADD_ON
    start = p.value_integrated if model == 1 else p.value_add_on
    for side in range(2):
        relation = (
            w.relation[partnership.a * n + partnership.b]
            if side == 0
            else w.relation[partnership.b * n + partnership.a]
        )
        relation.value += start - relation.value_start
        relation.value = min(1.0, max(0.0, relation.value))
        relation.value_start = start


@rule
def closer(distance, floor, p):
    """A settled disagreement: d <- d_inf + (d - d_inf)(1 - kd)."""
    return floor + (distance - floor) * (1.0 - p.language_learning)


@rule
def deference_logit(trust, term, p):
    """6 (min trust - 0.75) + term: a_gap |difference of skill|, or 0.5 by the rules `lead` and `alternate`."""
    return p.deference_slope * (trust - p.deference_midpoint) + term


@rule
def _level_wanted(w, k):
    """Joint work that the members of pair k would like to do this week, before their leaders are asked."""
    p = w.parameter[0]
    partnership = w.partnership[k]
    level = w.joint_profile[k, w.clock[0].week]
    if level < 0.0:
        level = p.joint_level
    if w.organisation[partnership.initiator].joint_level >= 0.0:
        level = w.organisation[partnership.initiator].joint_level
    elif w.organisation[partnership.member].joint_level >= 0.0:
        level = w.organisation[partnership.member].joint_level
    return min(1.0, level + partnership.workshop)


@rule
def _level_of_all(w, k):
    """Joint work that the partnership of pair k would like to do: of several members, what most of them want."""
    partnership = w.partnership[k]
    level = _level_wanted(w, k)
    if partnership.alliance >= 0:
        for m in range(w.partnership.shape[0]):
            other = w.partnership[m]
            if other.alliance == partnership.alliance and other.link == 0 and is_active(other):
                level = max(level, _level_wanted(w, m))
    return level


@rule
def joint_level(w, k):
    """Joint work that a partnership plans for this week, 0 to 1; half of it where the leaders of one are against it."""
    partnership = w.partnership[k]
    approved = partnership.in_plan_a == 1 and partnership.in_plan_b == 1
    if partnership.alliance >= 0:
        for m in range(w.partnership.shape[0]):
            other = w.partnership[m]
            if other.alliance == partnership.alliance and other.link == 0 and is_active(other):
                approved = approved and other.in_plan_a == 1 and other.in_plan_b == 1
    level = _level_of_all(w, k)
    return level if approved else level * w.parameter[0].plan_without


@rule
def _meeting_share(w, partnership):
    for i in (partnership.initiator, partnership.member):
        if w.organisation[i].meeting_share >= 0.0:
            return w.organisation[i].meeting_share
    return w.parameter[0].meeting_share


@rule
def _hours(partnership, p):
    """Hours that a member gives in a week: productive ones, meetings, and those of launching."""
    return p.joint_hours * partnership.joint_wanted / (1.0 - partnership.meeting_share) + partnership.launch_hours


@rule
def _pays_for(w, k, i):
    """Whether i's hours for a partnership are booked on pair k: once, on the pair through which it takes part."""
    alliance = w.partnership[k].alliance
    return alliance < 0 or active_membership(w, alliance, i) == k


@rule
def _plan_hours(w):
    """Each pair's wanted joint work, scaled by the member who has too few hours for all it takes part in."""
    p = w.parameter[0]
    for i in range(w.organisation.shape[0]):
        w.organisation[i].hours_asked = 0.0
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        partnership.positive = np.float64(partnership.celebrated)
        partnership.unresolved = 0
        partnership.deferrals = 0
        partnership.joint = 0.0
        partnership.joint_wanted = 0.0
        partnership.joint_profile = 0.0
        partnership.result = 0.0
        if not is_active(partnership):
            continue
        lead = first_membership(w, partnership.alliance) if partnership.alliance >= 0 else k
        partnership.meeting_share = _meeting_share(w, w.partnership[lead])
        partnership.joint_profile = _level_of_all(w, lead)
        partnership.joint_wanted = 0.0 if is_suspended(w, k) else joint_level(w, lead)
        if partnership.joint_wanted <= 0.0:
            continue
        for i in (partnership.a, partnership.b):
            if _pays_for(w, k, i):
                w.organisation[i].hours_asked += _hours(partnership, p)
    for i in range(w.organisation.shape[0]):
        organisation = w.organisation[i]
        left = hours_left(w, i)
        organisation.hours_ratio = 1.0 if organisation.hours_asked <= left else left / organisation.hours_asked


@rule
def _scarcest(w, k):
    """The member of a partnership that has the least of the hours asked of it."""
    partnership = w.partnership[k]
    if partnership.alliance < 0:
        return (
            partnership.a
            if w.organisation[partnership.a].hours_ratio <= w.organisation[partnership.b].hours_ratio
            else partnership.b
        )
    best = -1
    for i in range(w.organisation.shape[0]):
        if sits(w, partnership.alliance, i) and (
            best < 0 or w.organisation[i].hours_ratio < w.organisation[best].hours_ratio
        ):
            best = i
    return best


@rule
def _share_out_hours(w):
    """Book the hours of joint work; who lacks hours slows down all who work with it."""
    p = w.parameter[0]
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if partnership.joint_wanted <= 0.0:
            continue
        short = _scarcest(w, k)
        partnership.hours_ratio = w.organisation[short].hours_ratio
        partnership.joint = partnership.joint_wanted * partnership.hours_ratio
        for i in (partnership.a, partnership.b):
            if _pays_for(w, k, i):
                spend_hours(w, i, partnership.hours_ratio * _hours(partnership, p))
        partnership.launch_hours *= 1.0 - partnership.hours_ratio
        if partnership.hours_ratio < 1.0 and partnership.link == 0:
            event = note(w, EventKind.JOINT_WORK_SCALED, short, other_member(partnership, short), k)
            w.log_number[event, 0] = partnership.joint_wanted
            w.log_number[event, 1] = partnership.joint


@rule
def _deference_rule(w, partnership):
    """Who gives way: as agreed in the terms, else the standing rule of the one who asked, else by expertise."""
    if partnership.rule >= 0:
        return partnership.rule
    asked_by = partnership.initiator if partnership.alliance < 0 else w.alliance[partnership.alliance].initiator
    standing = w.organisation[asked_by].deference
    return standing if standing >= 0 else RULE_EXPERTISE


@rule
def _settle(w, k, number, trust, week):
    """One disagreement: topic, deference or negotiation. Returns hours, who deferred (-1 none), settled or not."""
    clock = w.clock[0]
    p = w.parameter[0]
    partnership = w.partnership[k]
    key = mix(partnership.key, number)
    topic_u, defer_u = uniform_pair(clock.seed, clock.replicate, Decision.DISAGREEMENT, key, week, 0)
    fail_u, tie_u = uniform_pair(clock.seed, clock.replicate, Decision.DISAGREEMENT, key, week, 1)
    topic = min(TOPICS - 1, int(topic_u * TOPICS))
    gap = w.expertise[partnership.a, topic] - w.expertise[partnership.b, topic]
    yielding = partnership.b if gap > 0.0 or (gap == 0.0 and tie_u < 0.5) else partnership.a
    term = DEFERENCE_GAP * abs(gap)
    agreed = _deference_rule(w, partnership)
    if agreed == RULE_LEAD and (
        partnership.lead == partnership.a or partnership.lead == partnership.b
    ):  # two yielding do not lead go by expertise
        yielding = partnership.b if partnership.lead == partnership.a else partnership.a
        term = DEFERENCE_RULE_GAP
    elif agreed == RULE_ALTERNATE:
        yielding = partnership.a if partnership.turn == 0 else partnership.b
        term = DEFERENCE_RULE_GAP
    chance = 1.0 / (1.0 + math.exp(-deference_logit(trust, term, p)))
    if agreed == RULE_NEVER:
        chance = 0.0
    if partnership.defer_week == week and (partnership.defer_topic < 0 or partnership.defer_topic == topic):
        yielding = partnership.defer_by
        chance = 1.0
    if (
        partnership.insist_week == week
        and (partnership.insist_topic < 0 or partnership.insist_topic == topic)
        and yielding == partnership.insist_by
    ):
        chance = 0.0
    if defer_u < chance:
        return HOURS_DEFERRED, yielding, True
    return p.hours_negotiated, -1, fail_u >= p.unresolved_rate * (1.0 - trust)


@rule
def _disagree(w, k, week):
    """Disagreements of pair k this week: m ~ Poisson(D0 d joint / (members - 1)), each deferred, negotiated or open."""
    clock = w.clock[0]
    tallies = w.tallies[0]
    p = w.parameter[0]
    n = w.organisation.shape[0]
    partnership = w.partnership[k]
    u = uniform_pair(clock.seed, clock.replicate, Decision.DISAGREEMENTS, partnership.key, week, 0)[0]
    rate = p.disagreement_rate * partnership.distance * partnership.joint / (count_members(w, k) - 1)
    count = min(MAX_DISAGREEMENTS, poisson_count(rate, u))
    if count == 0:
        return
    trust = min(
        w.relation[partnership.a * n + partnership.b].trust, w.relation[partnership.b * n + partnership.a].trust
    )
    by_a = 0
    by_b = 0
    spent = 0.0
    put_off = 0
    for number in range(count):
        hours, yielding, settled = _settle(w, k, number, trust, week)
        if min(hours_left(w, partnership.a), hours_left(w, partnership.b)) < hours:
            put_off += 1  # no time to talk it over: not settled, and no quarrel either
            continue
        spend_hours(w, partnership.a, hours)
        spend_hours(w, partnership.b, hours)
        spent += hours
        if not settled:
            partnership.unresolved += 1
            continue
        if yielding == partnership.a:
            by_a += 1
        elif yielding == partnership.b:
            by_b += 1
        if yielding >= 0 and _deference_rule(w, partnership) == RULE_ALTERNATE:
            partnership.turn = 1 - partnership.turn
        partnership.distance = closer(partnership.distance, partnership.distance_floor, p)
    partnership.deferrals = by_a + by_b
    count -= put_off
    tallies.disagreements += count
    tallies.deferred += partnership.deferrals
    tallies.disagreement_hours += spent
    w.partnership[purse_of(w, k)].year_hours += spent
    tallies.deferred_by_ngo += by_a if w.organisation[partnership.a].kind == NGO else 0
    tallies.deferred_by_ngo += by_b if w.organisation[partnership.b].kind == NGO else 0
    event = note(w, EventKind.DISAGREEMENT, partnership.a, partnership.b, k)
    w.log_number[event, 0] = np.float64(count)
    w.log_number[event, 1] = np.float64(by_a)
    w.log_number[event, 2] = np.float64(by_b)
    w.log_number[event, 3] = np.float64(count - by_a - by_b - partnership.unresolved)
    w.log_number[event, 4] = np.float64(partnership.unresolved)
    w.log_cause[event, 0] = p.deference_slope * (trust - p.deference_midpoint)
    w.log_cause[event, 1] = partnership.distance


@rule
def _count_result(w, k, week):
    """Add this week's result of pair k to what the partnership has reached, once where there are several pairs."""
    partnership = w.partnership[k]
    if partnership.link == 1:
        return
    partnership.joint_result += partnership.joint * partnership.result
    partnership.joint_total += partnership.joint
    if partnership.alliance < 0 or first_membership(w, partnership.alliance) == k:
        w.tallies[0].joint_result += partnership.joint * partnership.result
        purse = w.partnership[purse_of(w, k)]
        purse.year_joint += partnership.joint
        if partnership.reference_result > 0.0:
            purse.year_ratio += (
                partnership.joint
                * partnership.result
                * (1.0 - partnership.meeting_share)
                / partnership.reference_result
            )
    if partnership.result > 0.0:
        partnership.result_week = week


@rule
def work_together(w, week):
    """All active partnerships work: hours, results, disagreements, and what raises trust this week.

    p = 0.5 x deferrals + 2 joint (1 - d), with the distance after this week's settlements.
    """
    _plan_hours(w)
    _share_out_hours(w)
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if partnership.joint_wanted <= 0.0:
            continue
        lead = first_membership(w, partnership.alliance) if partnership.alliance >= 0 else k
        partnership.result = joint_result(w, lead, has_champion(w, k), partnership.hours_ratio)
        if partnership.joint > 0.0:
            _disagree(w, k, week)
            _count_result(w, k, week)
        partnership.positive += DEFERRAL_CREDIT * partnership.deferrals + JOINT_WORK_CREDIT * partnership.joint * (
            1.0 - partnership.distance
        )
