"""Adoption by firms: hazards of the week and who crosses its threshold (submodel S11).

Every firm has one threshold; the weekly hazards of its routes (of its own accord, law, managers, staff, press,
federation, peers) are taken from what remains of it, and the firm adopts when nothing remains.
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.engine.randomness import Decision, threshold, uniform_pair
from sim.parameters import WEEKS_PER_YEAR
from sim.rules.attribution import trace
from sim.rules.contagion import peer_response
from sim.rules.federations import pass_on, push_members, relays_flagships
from sim.rules.giving_up import give_up
from sim.rules.uptake import count_adopter, owns_ideas, show, visible_weight
from sim.vocabulary.audiences import Audience
from sim.vocabulary.coded import numbers
from sim.vocabulary.events import EventKind
from sim.vocabulary.uptake import Route, Uptake

ROUTE_BASE, ROUTE_LAW, ROUTE_MANAGERS, ROUTE_STAFF, ROUTE_PRESS, ROUTE_FEDERATION, ROUTE_PEER = numbers(
    Route.BASE, Route.LAW, Route.MANAGERS, Route.STAFF, Route.PRESS, Route.FEDERATION, Route.PEER
)
EMPLOYERS, EMPLOYEES = numbers(Audience.EMPLOYERS, Audience.EMPLOYEES)
SCAN_BLOCK = 128  # firms scanned at a time


@rule
def _use_up(left, sensitivity, visibility, common, press, peer):
    """Take the week's hazard from a block of firms; returns how many have nothing left.

    No branch and no store but one: the compiler turns this loop into vector instructions.
    """
    done = 0
    for f in range(left.shape[0]):
        rest = left[f] - (common + press * sensitivity[f] + peer * visibility[f])
        left[f] = rest
        done += 1 if rest <= 0.0 else 0
    return done


@rule
def _scan(w, common, press, peer, signal, complete):
    """Take the week's hazard from every firm that has not adopted; list those with nothing left."""
    p = w.parameter[0]
    count = 0
    remaining = w.remaining
    sensitivity = w.sensitivity
    if complete >= 0.0 or p.complex_contagion == 1.0:  # everybody sees everybody, or each has a threshold of its own
        for f in range(remaining.shape[0]):
            if remaining[f] == math.inf:
                continue
            visible = complete if complete >= 0.0 else w.visibility[f]
            remaining[f] -= common + press * sensitivity[f] + peer * peer_response(w, f, visible, signal, p)
            if remaining[f] <= 0.0:
                w.adopting[count] = f
                count += 1
        return count
    common += peer * signal  # 1 - (1 - vis)(1 - phi) = phi + (1 - phi) vis
    peer *= 1.0 - signal
    for low in range(0, remaining.shape[0], SCAN_BLOCK):
        high = min(low + SCAN_BLOCK, remaining.shape[0])
        left = remaining[low:high]
        if _use_up(left, sensitivity[low:high], w.visibility[low:high], common, press, peer) > 0:
            for f in range(left.shape[0]):
                if left[f] <= 0.0:
                    w.adopting[count] = low + f
                    count += 1
    return count


@rule
def _correct_organisations(w):
    """Firms that are organisations: what named ones feel beside what all firms do."""
    for j in range(w.organisation.shape[0]):
        f = w.organisation[j].firm
        if f >= 0:
            w.remaining[f] -= w.parameter[0].press_hazard * w.organisation[j].named_press * w.sensitivity[f]


@rule
def _asked_by_staff(w):
    """Share of firms whose staff know, or where somebody was trained: 1 - (1 - U)(1 - q_T)."""
    return 1.0 - (1.0 - w.audience[EMPLOYEES].aware) * (1.0 - w.tallies[0].trained_share)


@rule
def _signal(w):
    """Phi = min(1, s_flag v), twice as much while a partner federation passes it on."""
    signal = w.tallies[0].signal_visibility
    return min(1.0, signal * (2.0 if signal > 0.0 and relays_flagships(w) else 1.0))


@rule
def _complete(w):
    """Share of all firms, by weight, seen to use the idea, where everybody sees everybody; else -1."""
    if w.peer.shape[0] > 0:
        return -1.0
    tallies = w.tallies[0]
    return tallies.crowd_visibility / max(1.0, tallies.total_weight - 1.0) if w.clock[0].complete == 1 else 0.0


@rule
def _enter(w, f, week):
    """Enter a traced adopter: state, totals, and what its peers see from next week on."""
    clock = w.clock[0]
    tallies = w.tallies[0]
    p = w.parameter[0]
    firm = w.firm[f]
    u, _ = uniform_pair(clock.seed, clock.replicate, Decision.ADOPTION_ROUTE, f, firm.times, 0)
    public = u < p.public_share
    firm.week = week
    credited = False
    for i in range(w.organisation.shape[0]):
        if (np.int64(firm.names) >> i) & 1 == 1 and owns_ideas(w, i):
            credited = True
    if not public:
        firm.uptake = Uptake.QUIET
    else:
        firm.uptake = Uptake.PUBLIC_CREDITED if credited else Uptake.PUBLIC_UNCREDITED
    if not public:
        firm.names = 0
    w.remaining[f] = math.inf
    if firm.organisation < 0:
        w.adopter[tallies.adopted] = f
        tallies.adopted += 1
        w.keeping[f] = threshold(clock.seed, clock.replicate, Decision.DE_ADOPTION, f, firm.times)
    firm.times += 1
    tallies.adoption_weeks += np.float64(firm.weight) * week
    tallies.adopted_weight += np.float64(firm.weight)
    count_adopter(w, f, 1.0)
    show(w, f, visible_weight(firm.uptake, p))


@rule
def adopt(w, week):
    """One week of adoption.

    h = p0 + p_law + p_mgr U_employers + p_staff (1 - (1 - U_employees)(1 - q_T)) + p_press press sens + p_fed F
    + q (1 - (1 - vis)(1 - phi)).
    """
    p = w.parameter[0]
    tallies = w.tallies[0]
    most = pass_on(w)
    press = p.press_hazard * w.media[0].firm_press
    managers = p.manager_hazard * w.audience[EMPLOYERS].aware
    staff = p.staff_hazard * _asked_by_staff(w)
    signal = _signal(w)
    complete = _complete(w)
    _correct_organisations(w)
    common = p.base_hazard + w.demand[0].law + managers + staff
    if tallies.whole_membership == 1:
        common += p.federation_hazard * most
    elif most > 0.0:
        push_members(w, most)
    count = _scan(w, common, press, p.peer_hazard, signal, complete)
    for c in range(count):
        trace(w, w.adopting[c], press, signal, complete)
    routes = 0
    for c in range(count):
        f = w.adopting[c]
        _enter(w, f, week)
        if w.firm[f].organisation >= 0:
            event = note(w, EventKind.ADOPTED, w.firm[f].organisation, -1, f)
            w.log_number[event, 0] = np.float64(w.firm[f].route)
            w.log_number[event, 1] = np.float64(w.firm[f].uptake)
            w.log_number[event, 2] = np.float64(w.firm[f].depth)
        else:
            routes += 1
    if routes > 0:
        event = note(w, EventKind.ADOPTED_COUNT, -1, -1, -1)
        for c in range(count):
            if w.firm[w.adopting[c]].organisation < 0:
                w.log_number[event, w.firm[w.adopting[c]].route] += 1.0
        w.log_cause[event, ROUTE_BASE] = p.base_hazard
        w.log_cause[event, ROUTE_LAW] = w.demand[0].law
        w.log_cause[event, ROUTE_MANAGERS] = managers
        w.log_cause[event, ROUTE_STAFF] = staff
        w.log_cause[event, ROUTE_PRESS] = press
        w.log_cause[event, ROUTE_FEDERATION] = p.federation_hazard * most
        w.log_cause[event, ROUTE_PEER] = p.peer_hazard
    if p.de_adoption_hazard > 0.0:
        give_up(w, week, complete, most if tallies.whole_membership == 1 else -1.0)
    tallies.firm_years += np.float64(tallies.adopters) / WEEKS_PER_YEAR
    tallies.weighted_firm_years += tallies.goal_impact / WEEKS_PER_YEAR
