"""Where adoptions come from: the route of each, and its sources in shares that sum to 1 (submodel S11)."""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiled import rule
from sim.engine.randomness import Decision, mix, threshold, uniform_pair
from sim.rules.alliances import is_active
from sim.rules.contagion import peer_response
from sim.rules.federations import push_on
from sim.rules.uptake import lineage_column, owns_ideas, visible_weight
from sim.vocabulary.audiences import Audience
from sim.vocabulary.coded import numbers
from sim.vocabulary.partnerships import Integration, Visibility
from sim.vocabulary.uptake import Route, Uptake

ROUTE_BASE, ROUTE_LAW, ROUTE_MANAGERS, ROUTE_STAFF, ROUTE_PRESS, ROUTE_FEDERATION, ROUTE_PEER = numbers(
    Route.BASE, Route.LAW, Route.MANAGERS, Route.STAFF, Route.PRESS, Route.FEDERATION, Route.PEER
)
EMPLOYERS, EMPLOYEES = numbers(Audience.EMPLOYERS, Audience.EMPLOYEES)

# How deep a change goes where somebody was trained (share): assumption.
DEPTH_WORKSHOP = 0.7
# How deep a change goes that comes from an integrated partnership (share): assumption.
DEPTH_INTEGRATED = 0.85


@rule
def add_share(w, f, column, share):
    """Add to the share of a source in the adoption of firm f."""
    w.lineage[f, column] = np.float32(np.float64(w.lineage[f, column]) + share)


@rule
def _peer_weight(w, g, p):
    """Weight with which firm g, adopted before this week, counts among a firm's visible peers."""
    firm = w.firm[g]
    if firm.uptake == Uptake.NONE:
        return 0.0
    return np.float64(firm.weight) * visible_weight(firm.uptake, p)


@rule
def _partners_of(w, i):
    """Mark (1.0) the idea-owning active partners of federation i, and return how many."""
    count = 0
    for j in range(w.organisation.shape[0]):
        w.partner_mark[j] = 0.0
        k = w.partnership_of[i, j]
        if k < 0 or w.organisation[j].firm >= 0:
            continue
        if not owns_ideas(w, j):
            continue
        if is_active(w.partnership[k]):
            w.partner_mark[j] = 1.0
            count += 1
    return count


@rule
def _drawn(w, f, i, weight):
    """Whoever has the smallest of these is drawn: with a chance in proportion to its weight, whatever its row."""
    clock = w.clock[0]
    key = mix(f, w.organisation[i].key)
    return threshold(clock.seed, clock.replicate, Decision.NAMED_SOURCE, key, w.firm[f].times) / weight


@rule
def _share_teachers(w, f, audience, share):
    """Split what those who know caused among those who taught them, and what the trained did among the trainers."""
    if share <= 0.0:
        return
    known = w.audience[audience].aware
    for i in range(w.organisation.shape[0]):
        if w.taught[i, audience] > 0.0:
            add_share(w, f, lineage_column(w, i), share * w.taught[i, audience] / known)


@rule
def _share_trainers(w, f, share):
    if share <= 0.0:
        return
    for i in range(w.organisation.shape[0]):
        if w.organisation[i].trained > 0.0:
            add_share(w, f, lineage_column(w, i), share * w.organisation[i].trained / w.tallies[0].trained)


@rule
def _share_press(w, f, target, share):
    """Split what press on a target caused among the critics for the measures, by what is remembered of them."""
    n = w.organisation.shape[0]
    remembered = 0.0
    for i in range(n):
        remembered += w.criticism_memory[2 * i, target]
    if share <= 0.0:
        return
    if remembered <= 0.0:
        add_share(w, f, 0, share)
        return
    for i in range(n):
        part = w.criticism_memory[2 * i, target] / remembered
        if part > 0.0:
            add_share(w, f, lineage_column(w, i), share * part)


@rule
def _share_federations(w, f, share):
    """Split what federations passed on among them, by how much; returns one of them, drawn likewise (-1: none).

    Half of it is a federation's own channel, half belongs to the partners whose ideas it carries.
    """
    p = w.parameter[0]
    if share <= 0.0:
        return -1
    total = 0.0
    for slot in range(w.member.shape[1]):
        if w.member[f, slot] >= 0:
            total += w.organisation[w.member[f, slot]].passed_on
    drawn = -1
    first = math.inf
    for slot in range(w.member.shape[1]):
        i = np.int64(w.member[f, slot])
        if i < 0 or w.organisation[i].passed_on <= 0.0:
            continue
        place = _drawn(w, f, i, w.organisation[i].passed_on)
        if place < first:
            first = place
            drawn = i
        part = share * w.organisation[i].passed_on / total
        owners = _partners_of(w, i)
        own = part if owners == 0 else p.split_channel * part
        add_share(w, f, lineage_column(w, i), own)
        for j in range(w.organisation.shape[0]):
            if owners > 0 and w.partner_mark[j] > 0.0:
                add_share(w, f, lineage_column(w, j), (1.0 - p.split_channel) * part / owners)
    return drawn


@rule
def _share_peers(w, f, share, signal, complete, u):
    """Pass the peers' sources on, by visibility x weight; returns one visible peer drawn by weight (-1: none)."""
    p = w.parameter[0]
    start = w.peer_start[f]
    stop = w.peer_start[f + 1]
    weights = w.peer_weight[f]
    if complete >= 0.0:
        start = 0
        stop = w.firm.shape[0]
        weights = max(1.0, w.tallies[0].total_weight - 1.0)
    total = 0.0
    for t in range(start, stop):
        g = t if complete >= 0.0 else w.peer[t]
        if g != f:
            total += _peer_weight(w, g, p) / weights
    flagship = -1
    if signal > 0.0:
        for i in range(w.organisation.shape[0]):
            if w.organisation[i].flagship == 1 and w.firm[w.organisation[i].firm].uptake != Uptake.NONE:
                flagship = w.organisation[i].firm
        total += signal
    if total <= 0.0:
        add_share(w, f, 0, share)
        return -1
    drawn = -1
    running = 0.0
    for t in range(start, stop):
        g = t if complete >= 0.0 else w.peer[t]
        if g == f:
            continue
        weight = _peer_weight(w, g, p) / weights
        if weight <= 0.0:
            continue
        if drawn < 0 and u * total < running + weight:
            drawn = g
        running += weight
        for column in range(w.lineage.shape[1]):
            add_share(w, f, column, share * weight / total * np.float64(w.lineage[g, column]))
    if flagship >= 0:
        if drawn < 0:
            drawn = flagship
        for column in range(w.lineage.shape[1]):
            add_share(w, f, column, share * signal / total * np.float64(w.lineage[flagship, column]))
    return drawn


@rule
def _teacher(w, f, route):
    """Who of those that taught managers, or staff, is the one that a firm names: drawn by what they taught."""
    audience = EMPLOYERS if route == ROUTE_MANAGERS else EMPLOYEES
    drawn = -1
    first = math.inf
    for i in range(w.organisation.shape[0]):
        if w.taught[i, audience] > 0.0:
            place = _drawn(w, f, i, w.taught[i, audience])
            if place < first:
                first = place
                drawn = i
    return drawn


@rule
def _federation_names(w, i):
    """A federation names itself, and its partners in public partnerships."""
    names = 1 << i
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if (partnership.a == i or partnership.b == i) and partnership.visibility == Visibility.PUBLIC:
            j = partnership.b if partnership.a == i else partnership.a
            if is_active(partnership) and w.organisation[j].firm < 0:
                names |= 1 << j
    return names


@rule
def _organic_depth(w, f, route, source):
    """0.5; 0.7 in firms where somebody was trained; 0.85 through a federation in an integrated partnership."""
    clock = w.clock[0]
    p = w.parameter[0]
    depth = p.depth_plain
    u, _ = uniform_pair(clock.seed, clock.replicate, Decision.ADOPTION_ROUTE, f, w.firm[f].times, 2)
    if u < w.tallies[0].trained_share:
        depth = DEPTH_WORKSHOP
    if route == ROUTE_FEDERATION and source >= 0:
        for k in range(w.partnership.shape[0]):
            partnership = w.partnership[k]
            takes_part = partnership.a == source or partnership.b == source
            if takes_part and is_active(partnership) and partnership.model == Integration.INTEGRATED:
                depth = DEPTH_INTEGRATED
    return depth


@rule
def trace(w, f, press, signal, complete):
    """Attribute the adoption of firm f to its sources and draw its route, from the state before this week."""
    clock = w.clock[0]
    p = w.parameter[0]
    n = w.organisation.shape[0]
    firm = w.firm[f]
    trained = w.tallies[0].trained_share
    staff_know = w.audience[EMPLOYEES].aware * (1.0 - trained)
    base = p.base_hazard
    law = w.demand[0].law
    managers = p.manager_hazard * w.audience[EMPLOYERS].aware
    staff = p.staff_hazard * (staff_know + trained)
    crowd = press * w.sensitivity[f]
    named = 0.0
    if firm.organisation >= 0:
        named = p.press_hazard * w.organisation[firm.organisation].named_press * w.sensitivity[f]
    pushed = p.federation_hazard * push_on(w, f)
    visible = complete if complete >= 0.0 else w.visibility[f]
    peer = p.peer_hazard * peer_response(w, f, visible, signal, p)
    total = base + law + managers + staff + crowd + named + pushed + peer
    for column in range(w.lineage.shape[1]):
        w.lineage[f, column] = 0.0
    _, v = uniform_pair(clock.seed, clock.replicate, Decision.ADOPTION_ROUTE, f, firm.times, 0)
    u2, _ = uniform_pair(clock.seed, clock.replicate, Decision.ADOPTION_ROUTE, f, firm.times, 1)
    route = ROUTE_BASE
    target = v * total - base
    if target >= 0.0:
        route = ROUTE_LAW
        target -= law
    if target >= 0.0:
        route = ROUTE_MANAGERS
        target -= managers
    if target >= 0.0:
        route = ROUTE_STAFF
        target -= staff
    if target >= 0.0:
        route = ROUTE_PRESS
        target -= crowd + named
    if target >= 0.0:
        route = ROUTE_FEDERATION
        target -= pushed
    if target >= 0.0 and peer > 0.0:
        route = ROUTE_PEER
    add_share(w, f, 0, (base + law) / total)
    _share_teachers(w, f, EMPLOYERS, managers / total)
    _share_teachers(w, f, EMPLOYEES, p.staff_hazard * staff_know / total)
    _share_trainers(w, f, p.staff_hazard * trained / total)
    _share_press(w, f, n, crowd / total)
    if named > 0.0:
        _share_press(w, f, firm.organisation, named / total)
    source = _share_federations(w, f, pushed / total)
    names = 0
    if peer > 0.0:
        g = _share_peers(w, f, peer / total, signal, complete, u2)
        if route == ROUTE_PEER and g >= 0:
            names = np.int64(w.firm[g].names)
    if route == ROUTE_FEDERATION and source >= 0:
        names = _federation_names(w, source)
    elif route in (ROUTE_MANAGERS, ROUTE_STAFF):
        teacher = _teacher(w, f, route)
        names = 1 << teacher if teacher >= 0 and owns_ideas(w, teacher) else 0
    firm.names = names
    firm.route = route
    firm.quality = 1.0
    firm.depth = _organic_depth(w, f, route, source)
