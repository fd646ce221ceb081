"""Firms that have taken the measures up: what others see of it, and running totals (submodel S11)."""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.vocabulary.events import EventKind
from sim.vocabulary.uptake import Route, Uptake

ROUTE_IDEA = int(Route.IDEA)


@rule
def visible_weight(uptake, p):
    """How much of an adoption others see: 1 public, v_q quiet."""
    if uptake == Uptake.NONE:
        return 0.0
    return p.quiet_visibility if uptake == Uptake.QUIET else 1.0


@rule
def show(w, f, change):
    """Let the peers of firm f see it more by `change`, by its weight among their peers; a flagship is seen by all."""
    tallies = w.tallies[0]
    weight = np.float64(w.firm[f].weight)
    i = w.firm[f].organisation
    if i >= 0 and w.organisation[i].flagship == 1:
        tallies.signal_visibility += w.parameter[0].flagship_share * change
    tallies.crowd_visibility += weight * change
    for t in range(w.peer_start[f], w.peer_start[f + 1]):
        g = w.peer[t]
        w.visibility[g] += weight * change / w.peer_weight[g]


@rule
def count_adopter(w, f, sign):
    """Add (or take out) firm f in the running totals of impact, credit and cause."""
    tallies = w.tallies[0]
    firm = w.firm[f]
    weight = sign * np.float64(firm.weight)
    tallies.goal_impact += weight * np.float64(firm.depth) * np.float64(firm.quality)
    tallies.adopters += int(sign)
    if firm.uptake >= Uptake.PUBLIC_UNCREDITED:
        tallies.public_adopters += int(sign)
        tallies.public_weight += weight
    column = 1
    for i in range(w.organisation.shape[0]):
        organisation = w.organisation[i]
        if (np.int64(firm.names) >> i) & 1 == 1:
            organisation.credited += weight
        if organisation.firm < 0:
            organisation.causal += weight * np.float64(w.lineage[f, column])
            column += 1


@rule
def lineage_column(w, i):
    """Column of organisation i among the sources: 0 is background, then the non-firm organisations."""
    if w.organisation[i].firm >= 0:
        return 0
    column = 1
    for j in range(i):
        if w.organisation[j].firm < 0:
            column += 1
    return column


@rule
def owns_ideas(w, i):
    """Whether some bundle of ideas belongs to organisation i."""
    for b in range(w.idea.shape[0]):
        if w.idea[b].owner == i:
            return True
    return False


@rule
def take_up(w, f, uptake, source, names, depth, quality, week):
    """Firm f takes up an idea by its own decision. Uptake never falls; the first cause stays the cause.

    Returns by how much its peers will see more of it (see `show`).
    """
    p = w.parameter[0]
    firm = w.firm[f]
    before = visible_weight(firm.uptake, p)
    first = firm.uptake == Uptake.NONE
    if not first:
        count_adopter(w, f, -1.0)
    else:
        for column in range(w.lineage.shape[1]):
            w.lineage[f, column] = 0.0
        w.lineage[f, lineage_column(w, source)] = 1.0
        firm.week = week
        firm.route = ROUTE_IDEA
        w.remaining[f] = math.inf
        w.tallies[0].adoption_weeks += np.float64(firm.weight) * week
        w.tallies[0].adopted_weight += np.float64(firm.weight)
    firm.uptake = max(np.int64(firm.uptake), uptake)
    firm.names = np.int64(firm.names) | names
    firm.depth = max(np.float64(firm.depth), depth)
    firm.quality = quality
    count_adopter(w, f, 1.0)
    if first:
        event = note(w, EventKind.ADOPTED, firm.organisation, source, f)
        w.log_number[event, 0] = np.float64(ROUTE_IDEA)
        w.log_number[event, 1] = np.float64(firm.uptake)
        w.log_number[event, 2] = np.float64(firm.depth)
    return visible_weight(firm.uptake, p) - before
