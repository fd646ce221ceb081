"""What each replicate draws before week 0."""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.engine.randomness import Decision, normal_quantile, threshold, uniform, uniform_pair
from sim.rules.alliances import is_active, purse_of
from sim.rules.champions import install_champion
from sim.rules.clocks import wind_cooling
from sim.rules.directors import await_director
from sim.rules.elements import set_reference
from sim.rules.funding import funder_of, give, open_pools
from sim.rules.giving_up import resistance
from sim.rules.joint_work import choose_model
from sim.rules.leaving import MUST_REPORT_SHARE
from sim.rules.life_cycle import start_spell
from sim.rules.media import branching_ratio
from sim.rules.membership import draw_members
from sim.rules.peers import draw_peers
from sim.rules.resources import pay_annual_budgets
from sim.vocabulary.events import EventKind
from sim.vocabulary.partnerships import State
from sim.vocabulary.topics import Voice

ORDINARY = int(Voice.ORDINARY)

# Smallest value that the ideas can have for a firm (utility): assumption.
IDEA_VALUE_LOW = 0.65
# Largest value that the ideas can have for a firm (utility): assumption.
IDEA_VALUE_HIGH = 1.35
# Share of firms with a policy of social responsibility (share): assumption.
CSR_SHARE = 0.1
# Better match of purposes in such firms (share): assumption.
CSR_FIT = 0.1
# How much more sensitive to the press such firms are (factor): assumption.
MUST_REPORT_SENSITIVITY = 1.5


@rule
def parameter_set_of(upto, seed, replicate):
    """Which of the plausible sets a replicate has: drawn by weight, from seed and replicate alone.

    `upto` holds the weights, summed up; without weights replicate r has set r.
    """
    if upto.shape[0] == 0:
        return int(replicate)
    if upto.shape[0] == 1:
        return 0
    u = uniform(seed, replicate, Decision.PARAMETER_SET, 0, 0)
    low = 0
    high = upto.shape[0] - 1  # the last one takes what rounding leaves
    while low < high:
        middle = (low + high) // 2
        if u < upto[middle]:
            high = middle
        else:
            low = middle + 1
    return low


@rule
def parameter_set_rows(upto, sets, seed, first, rows):
    """Fill the rows of the sets that replicates first, first + 1, ... have."""
    for r in range(rows.shape[0]):
        rows[r] = parameter_set_of(upto, seed, first + r) % sets


@rule
def draw_parameters(w):
    """Write the set of this world into its own state."""
    clock = w.clock[0]
    row = parameter_set_of(w.upto, clock.seed, clock.replicate) % w.plausible.shape[0]
    clock.parameter_set = row
    w.parameter[0] = w.plausible[row]


@rule
def _start_from_parameters(w):
    """What the start takes from parameters: calm news, floors of language, and roles of which nothing is said."""
    p = w.parameter[0]
    media = w.media[0]
    ordinary = w.voice[ORDINARY]
    calm = p.background_coverage / (1.0 - branching_ratio(0.0, p))
    media.coverage = media.coverage_before_start = ordinary.coverage = ordinary.memory = calm
    media.attention = calm / (calm + p.coverage_half)
    n = w.organisation.shape[0]
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        apart = abs(w.organisation[partnership.a].stance - w.organisation[partnership.b].stance) / 2.0
        partnership.distance_floor = p.distance_base + p.distance_stance * apart
        partnership.distance = max(partnership.distance, partnership.distance_floor)
    for i in range(n):
        organisation = w.organisation[i]
        if organisation.role < 0.0:
            organisation.role = p.role_understanding_federation
        for j in range(n):
            relation = w.relation[i * n + j]
            if relation.role < 0.0:
                relation.role = organisation.role
            relation.role_start = relation.role


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
    clock = w.clock[0]
    sd = w.parameter[0].start_spread
    n = w.organisation.shape[0]
    for d in range(n * n):
        relation = w.relation[d]
        if relation.exists == 1:
            relation.trust = _spread(relation.trust, clock.seed, clock.replicate, relation.key, 0, sd)
            relation.value = _spread(relation.value, clock.seed, clock.replicate, relation.key, 1, sd)
            relation.value_start = relation.value
    for i in range(n):
        for a in range(w.credibility.shape[1]):
            c = _spread(w.credibility[i, a], clock.seed, clock.replicate, w.organisation[i].key, 2 + a, sd)
            w.credibility[i, a] = c
            w.credibility_start[i, a] = c


@rule
def _draw_partnerships(w):
    """Model, terms, access, structure and trust of partnerships that differ between replicates."""
    clock = w.clock[0]
    n = w.organisation.shape[0]
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        traits = w.drawn[k]
        if max(traits.integrated, traits.formal, traits.direct, traits.structure_low, traits.trust_low) < 0.0:
            continue  # nothing to draw
        shared = w.partnership[purse_of(w, k)].key  # one draw for all members
        model_u, formal_u = uniform_pair(clock.seed, clock.replicate, Decision.PARTNERSHIP_TRAITS, shared, 0, 0)
        direct_u, structure_u = uniform_pair(clock.seed, clock.replicate, Decision.PARTNERSHIP_TRAITS, shared, 0, 1)
        trust_u, _ = uniform_pair(clock.seed, clock.replicate, Decision.PARTNERSHIP_TRAITS, partnership.key, 0, 2)
        if traits.integrated >= 0.0:
            choose_model(w, k, 1 if model_u < traits.integrated else 0)
            if is_active(partnership):
                partnership.launch_hours = 0.0
        if traits.formal >= 0.0:
            partnership.signs_at_once = 1 if formal_u < traits.formal else 0
        if traits.direct >= 0.0:
            partnership.direct = 1 if direct_u < traits.direct else 0
        if traits.structure_low >= 0.0:
            structure = traits.structure_low + (traits.structure_high - traits.structure_low) * structure_u
            partnership.structure = structure
            for m in range(w.partnership.shape[0]):
                if partnership.alliance >= 0 and w.partnership[m].alliance == partnership.alliance:
                    w.partnership[m].structure = structure
        if traits.trust_low >= 0.0:
            for relation in (
                w.relation[partnership.a * n + partnership.b],
                w.relation[partnership.b * n + partnership.a],
            ):
                relation.trust = traits.trust_low + (traits.trust_high - traits.trust_low) * trust_u
                relation.anchor = relation.trust


@rule
def _draw_firms(w):
    """Weights, thresholds and sensitivities of the firms."""
    clock = w.clock[0]
    tallies = w.tallies[0]
    p = w.parameter[0]
    firms = w.firm.shape[0]
    half_variance = 0.5 * p.sensitivity_spread * p.sensitivity_spread
    tallies.total_weight = np.float64(firms)
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
        firm.times = 0
        w.visibility[f] = 0.0
        for column in range(w.lineage.shape[1]):
            w.lineage[f, column] = 0.0
        u, v = uniform_pair(clock.seed, clock.replicate, Decision.FIRM_TRAITS, f, 0, 0)
        sensitivity = math.exp(p.sensitivity_spread * normal_quantile(max(u, 1e-16)) - half_variance)
        if v < MUST_REPORT_SHARE:
            sensitivity *= MUST_REPORT_SENSITIVITY
        w.sensitivity[f] = sensitivity
        w.pressed[f] = 0.0
    for i in range(w.organisation.shape[0]):
        organisation = w.organisation[i]
        if organisation.firm >= 0:
            w.firm[organisation.firm].organisation = i
            if organisation.flagship == 1:
                w.firm[organisation.firm].weight = p.flagship_weight
                tallies.total_weight += p.flagship_weight - 1.0
            organisation.burden = resistance(w, organisation.firm)
            u, v = uniform_pair(clock.seed, clock.replicate, Decision.FIRM_TRAITS, organisation.firm, 0, 2)
            if organisation.csr == 1 or (
                organisation.csr < 0 and u < CSR_SHARE
            ):  # a strategy for social responsibility: fits better
                for k in range(w.partnership.shape[0]):
                    if w.partnership[k].a == i or w.partnership[k].b == i:
                        w.partnership[k].fit = min(1.0, w.partnership[k].fit + CSR_FIT)
                        w.partnership[k].fit_bonus += CSR_FIT


@rule
def _draw_thresholds(w):
    """How much hazard each firm takes before it adopts: a unit exponential times what measures cost it."""
    clock = w.clock[0]
    for f in range(w.firm.shape[0]):
        first = threshold(clock.seed, clock.replicate, Decision.ADOPTION, f, 0)
        w.remaining[f] = first * resistance(w, f)


@rule
def _weigh_peers(w):
    """Weight of all peers of each firm, so that seeing them all is 1."""
    for f in range(w.firm.shape[0]):
        total = 0.0
        for t in range(w.peer_start[f], w.peer_start[f + 1]):
            total += np.float64(w.firm[w.peer[t]].weight)
        w.peer_weight[f] = total


@rule
def _pay_first_grants(w):
    """Projects that start with a grant have it paid by who funds; outside January the project year is on already."""
    open_pools(w)
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        funder = funder_of(w, k) if partnership.next_budget > 0 else -1
        if funder < 0:
            continue
        partnership.next_budget = give(w, funder, partnership.lead, partnership.next_budget)
        partnership.grant_left = partnership.next_budget
        partnership.paid_by = funder
        w.project_budget[0] += partnership.next_budget / 100.0
        w.organisation[partnership.lead].last_grant = partnership.next_budget
        w.tallies[0].grants += partnership.next_budget
        event = note(w, EventKind.GRANT_AWARDED, partnership.lead, funder, k)
        w.log_number[event, 0] = partnership.next_budget / 100.0
        w.log_number[event, 1] = 1.0
        if w.calendar[0].budget_week == 0:
            partnership.year_budget = partnership.next_budget
            partnership.next_budget = 0


@rule
def begin(w, start, seed, replicate, own):
    """Put a world back to the start of replicate `replicate` and draw all that is drawn before week 0.

    `start` holds the bytes of the start state, `own` is the number of ring ties that each firm owns.
    """
    for b in range(start.shape[0]):
        w.state[b] = start[b]
    clock = w.clock[0]
    clock.seed = seed
    clock.replicate = replicate
    draw_parameters(w)
    p = w.parameter[0]
    _start_from_parameters(w)
    _draw_partnerships(w)
    if p.start_spread > 0.0:
        _spread_start(w)
    _draw_firms(w)
    _draw_thresholds(w)
    draw_members(w)
    for i in range(w.organisation.shape[0]):
        await_director(w, i)
    for i in range(w.organisation.shape[0]):
        organisation = w.organisation[i]
        if uniform(seed, replicate, Decision.CHAMPION_AT_START, organisation.key, 0) < organisation.champion_chance:
            install_champion(w, i)
    for b in range(w.idea.shape[0]):
        for j in range(w.organisation.shape[0]):
            decision = w.decision[b, j]
            u = uniform(seed, replicate, Decision.IDEA_VALUE, decision.key, 0)
            decision.value = IDEA_VALUE_LOW + (IDEA_VALUE_HIGH - IDEA_VALUE_LOW) * u
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if is_active(partnership) and partnership.link == 0:
            start_spell(w, k)
            set_reference(w, k)
        elif partnership.state == State.COOLING:
            wind_cooling(w, k)
    if own > 0:
        draw_peers(w, own)
        _weigh_peers(w)
    pay_annual_budgets(w)
    _pay_first_grants(w)
