"""Joint work: hours, results, meetings (submodel S12), disagreement and deference (submodel S7).

Working together costs hours, yields results as far as the partners' skills complement each other, and makes
them disagree; every settled disagreement brings their languages closer.
"""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import rule
from sim.exchange.resources import hours_left, spend_hours
from sim.log import EventKind, note
from sim.partnership.lifecycle import other_member
from sim.randomness import Decision, mix, poisson_count, uniform_pair
from sim.world import OrganisationKind, State

__all__ = [
    "RECIPES",
    "choose_model",
    "closer",
    "deference_logit",
    "joint_level",
    "joint_result",
    "partnership_quality",
    "production",
    "set_reference",
    "work_together",
]

# What a piece of joint work needs: shares over content, channel, legitimacy, evidence, policy, money access.
RECIPES = np.array(
    [
        [0.4, 0.4, 0.2, 0.0, 0.0, 0.0],  # project, for partnerships without elements
        [0.0, 0.0, 0.2, 0.5, 0.0, 0.3],  # survey
        [0.4, 0.6, 0.0, 0.0, 0.0, 0.0],  # information
        [0.5, 0.5, 0.0, 0.0, 0.0, 0.0],  # training
        [0.4, 0.3, 0.3, 0.0, 0.0, 0.0],  # guide
        [0.3, 0.3, 0.0, 0.0, 0.0, 0.4],  # communication
    ]
)
CONTENT, CHANNEL = 0, 1
MAX_DISAGREEMENTS = 40  # a pair and week
RULE_EXPERTISE, RULE_LEAD, RULE_ALTERNATE, RULE_NEVER = 0, 1, 2, 3


@rule
def production(recipe, available):
    """Product over inputs x of min(1, available[x]) ^ share[x]: the scarcest input limits most."""
    result = 1.0
    for x in range(recipe.shape[0]):
        if recipe[x] > 0.0:
            result *= math.pow(max(0.0, min(1.0, available[x])), recipe[x])
    return result


@rule
def partnership_quality(champion, structure, p):
    """Q = 0.6 + 0.2 champion + 0.2 Z."""
    return p.quality_base + p.quality_champion * champion + p.quality_structure * structure


@rule
def _skill_of(w, tie, i, x, p):
    skill = w.skill[i, x]
    if tie.model == 0 and w.organisation[i].kind == OrganisationKind.FIRM:
        skill *= p.add_on_skill
    return skill


@rule
def joint_result(w, k, champion, hours_ratio):
    """R = Q x production of both members' skills, with the share of the asked hours that they could give."""
    p = w.parameter[0]
    tie = w.pair[k]
    result = 1.0
    for x in range(RECIPES.shape[1]):
        share = RECIPES[0, x]
        if share > 0.0:
            skill = (_skill_of(w, tie, tie.a, x, p) + _skill_of(w, tie, tie.b, x, p)) * hours_ratio
            if skill < 1.0:
                result *= math.pow(skill, share)
    return partnership_quality(champion, tie.structure, p) * result


@rule
def set_reference(w, k):
    """Results per hour that the members expect: as at formation, with a champion, all hours and 20 % meetings."""
    w.pair[k].reference_result = joint_result(w, k, 1, 1.0) * 0.8


@rule
def choose_model(w, k, model):
    """Agree on a partnership model, 0 add-on or 1 integrated: it sets fit, start value and the hours of launching."""
    p = w.parameter[0]
    n = w.organisation.shape[0]
    tie = w.pair[k]
    tie.model = model
    tie.fit = min(1.0, (p.fit_integrated if model == 1 else p.fit_add_on) + tie.fit_bonus)
    tie.launch_hours = p.launch_hours_integrated if model == 1 else p.launch_hours_add_on
    start = p.value_integrated if model == 1 else p.value_add_on
    for side in range(2):
        dyad = w.dyad[tie.a * n + tie.b] if side == 0 else w.dyad[tie.b * n + tie.a]
        dyad.value += start - dyad.value_start
        dyad.value = min(1.0, max(0.0, dyad.value))
        dyad.value_start = start


@rule
def closer(distance, floor, p):
    """A settled disagreement: d <- d_inf + (d - d_inf)(1 - kd). With bounded confidence only the near come nearer."""
    if p.bounded_confidence == 1.0:
        if distance < p.confidence_bound:
            return max(floor, distance * (1.0 - 2.0 * p.confidence_step))
        return distance
    return floor + (distance - floor) * (1.0 - p.language_learning)


@rule
def deference_logit(trust, term, p):
    """6 (min trust - 0.75) + term: a_gap |difference of skill|, or 0.5 by the rules `lead` and `alternate`."""
    return p.deference_slope * (trust - p.deference_midpoint) + term


@rule
def joint_level(w, k):
    """Joint work that a partnership plans for this week, 0 to 1."""
    p = w.parameter[0]
    tie = w.pair[k]
    level = w.joint_profile[k, w.arena[0].week]
    if level < 0.0:
        level = p.joint_level
    if w.organisation[tie.initiator].joint_level >= 0.0:
        level = w.organisation[tie.initiator].joint_level
    elif w.organisation[tie.member].joint_level >= 0.0:
        level = w.organisation[tie.member].joint_level
    if w.calendar[w.arena[0].week].holiday == 1:
        level *= p.holiday_factor
    level = min(1.0, level + tie.workshop)
    if tie.in_plan_a == 0 or tie.in_plan_b == 0:
        level *= p.plan_without
    return level


@rule
def _meeting_share(w, tie):
    for i in (tie.initiator, tie.member):
        if w.organisation[i].meeting_share >= 0.0:
            return w.organisation[i].meeting_share
    return w.parameter[0].meeting_share


@rule
def _plan_hours(w):
    """Each pair's wanted joint work, scaled by the member who has too few hours for all it takes part in."""
    p = w.parameter[0]
    for i in range(w.organisation.shape[0]):
        w.organisation[i].hours_asked = 0.0
    for k in range(w.pair.shape[0]):
        tie = w.pair[k]
        tie.positive = np.float64(tie.celebrated)
        tie.unresolved = 0
        tie.deferrals = 0
        tie.joint = 0.0
        tie.joint_wanted = 0.0
        tie.result = 0.0
        if tie.state != State.INFORMAL and tie.state != State.FORMAL:
            continue
        tie.meeting_share = _meeting_share(w, tie)
        tie.joint_wanted = joint_level(w, k)
        if tie.joint_wanted <= 0.0:
            continue
        hours = p.joint_hours * tie.joint_wanted / (1.0 - tie.meeting_share) + tie.launch_hours
        w.organisation[tie.a].hours_asked += hours
        w.organisation[tie.b].hours_asked += hours
    for i in range(w.organisation.shape[0]):
        who = w.organisation[i]
        left = hours_left(w, i)
        who.hours_ratio = 1.0 if who.hours_asked <= left else left / who.hours_asked


@rule
def _deference_rule(w, tie):
    """Who gives way: as agreed in the terms, else the standing rule of the one who asked, else by expertise."""
    if tie.rule >= 0:
        return tie.rule
    standing = w.organisation[tie.initiator].deference
    return standing if standing >= 0 else RULE_EXPERTISE


@rule
def _settle(w, k, number, trust, week):
    """One disagreement: topic, deference or negotiation. Returns hours, who deferred (-1 none), settled or not."""
    arena = w.arena[0]
    p = w.parameter[0]
    tie = w.pair[k]
    key = mix(tie.key, number)
    topic_u, defer_u = uniform_pair(arena.seed, arena.replicate, Decision.DISAGREEMENT, key, week, 0)
    fail_u, tie_u = uniform_pair(arena.seed, arena.replicate, Decision.DISAGREEMENT, key, week, 1)
    topic = min(2, int(topic_u * 3.0))  # words, pictures, channel
    x = CHANNEL if topic == 2 else CONTENT
    gap = w.skill[tie.a, x] - w.skill[tie.b, x]
    who = tie.b if gap > 0.0 or (gap == 0.0 and tie_u < 0.5) else tie.a
    term = p.deference_gap * abs(gap)
    agreed = _deference_rule(w, tie)
    if agreed == RULE_LEAD:
        who = tie.b if tie.lead == tie.a else tie.a
        term = p.deference_rule_gap
    elif agreed == RULE_ALTERNATE:
        who = tie.a if tie.turn == 0 else tie.b
        term = p.deference_rule_gap
    chance = 1.0 / (1.0 + math.exp(-deference_logit(trust, term, p)))
    if agreed == RULE_NEVER:
        chance = 0.0
    if tie.defer_week == week and (tie.defer_topic == 3 or tie.defer_topic == topic):
        who = tie.defer_by
        chance = 1.0
    if tie.insist_week == week and (tie.insist_topic == 3 or tie.insist_topic == topic) and who == tie.insist_by:
        chance = 0.0
    if defer_u < chance:
        if agreed == RULE_ALTERNATE:
            tie.turn = 1 - tie.turn
        return p.hours_deferred, who, True
    return p.hours_negotiated, -1, fail_u >= p.unresolved_rate * (1.0 - trust)


@rule
def _disagree(w, k, week):
    """Disagreements of pair k this week: m ~ Poisson(D0 d joint), each deferred, negotiated or left unresolved."""
    arena = w.arena[0]
    p = w.parameter[0]
    n = w.organisation.shape[0]
    tie = w.pair[k]
    u = uniform_pair(arena.seed, arena.replicate, Decision.DISAGREEMENTS, tie.key, week, 0)[0]
    count = min(MAX_DISAGREEMENTS, poisson_count(p.disagreement_rate * tie.distance * tie.joint, u))
    if count == 0:
        return
    trust = min(w.dyad[tie.a * n + tie.b].trust, w.dyad[tie.b * n + tie.a].trust)
    by_a = 0
    by_b = 0
    spent = 0.0
    for number in range(count):
        hours, who, settled = _settle(w, k, number, trust, week)
        if min(hours_left(w, tie.a), hours_left(w, tie.b)) < hours:
            settled = False  # no time left to talk it over
            who = -1
        else:
            spend_hours(w, tie.a, hours)
            spend_hours(w, tie.b, hours)
            spent += hours
        if not settled:
            tie.unresolved += 1
            continue
        if who == tie.a:
            by_a += 1
        elif who == tie.b:
            by_b += 1
        tie.distance = closer(tie.distance, tie.distance_floor, p)
    tie.deferrals = by_a + by_b
    arena.disagreements += count
    arena.deferred += tie.deferrals
    arena.disagreement_hours += spent
    tie.year_hours += spent
    arena.deferred_by_ngo += by_a if w.organisation[tie.a].kind == OrganisationKind.NGO else 0
    arena.deferred_by_ngo += by_b if w.organisation[tie.b].kind == OrganisationKind.NGO else 0
    row = note(w, EventKind.DISAGREEMENT, tie.a, tie.b, k)
    w.log_number[row, 0] = np.float64(count)
    w.log_number[row, 1] = np.float64(by_a)
    w.log_number[row, 2] = np.float64(by_b)
    w.log_number[row, 3] = np.float64(count - by_a - by_b - tie.unresolved)
    w.log_number[row, 4] = np.float64(tie.unresolved)
    w.log_cause[row, 0] = p.deference_slope * (trust - p.deference_midpoint)
    w.log_cause[row, 1] = tie.distance


@rule
def work_together(w, week):
    """All active partnerships work: hours, results, disagreements, and what raises trust this week.

    p = 0.5 x deferrals + 2 joint (1 - d), with the distance after this week's settlements.
    """
    p = w.parameter[0]
    _plan_hours(w)
    for k in range(w.pair.shape[0]):
        tie = w.pair[k]
        if tie.joint_wanted > 0.0:
            ratio = min(w.organisation[tie.a].hours_ratio, w.organisation[tie.b].hours_ratio)
            tie.hours_ratio = ratio
            tie.joint = tie.joint_wanted * ratio
            hours = ratio * (p.joint_hours * tie.joint_wanted / (1.0 - tie.meeting_share) + tie.launch_hours)
            tie.launch_hours *= 1.0 - ratio
            spend_hours(w, tie.a, hours)
            spend_hours(w, tie.b, hours)
            if ratio < 1.0:
                short = tie.a if w.organisation[tie.a].hours_ratio <= w.organisation[tie.b].hours_ratio else tie.b
                row = note(w, EventKind.JOINT_WORK_SCALED, short, other_member(tie, short), k)
                w.log_number[row, 0] = tie.joint_wanted
                w.log_number[row, 1] = tie.joint
    for k in range(w.pair.shape[0]):
        tie = w.pair[k]
        if tie.joint_wanted <= 0.0:
            continue
        champion = max(w.organisation[tie.a].champion, w.organisation[tie.b].champion)
        tie.result = joint_result(w, k, champion, tie.hours_ratio)
        if tie.joint > 0.0:
            _disagree(w, k, week)
            tie.joint_result += tie.joint * tie.result
            if tie.reference_result > 0.0:
                share = tie.result * (1.0 - tie.meeting_share) / tie.reference_result
                tie.year_ratio += tie.joint * share
            tie.year_joint += tie.joint
            w.arena[0].joint_result += tie.joint * tie.result
            if tie.result > 0.0:
                tie.result_week = week
        tie.positive += p.deferral_credit * tie.deferrals + p.joint_work_credit * tie.joint * (1.0 - tie.distance)
