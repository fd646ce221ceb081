"""Which firms belong to which federations (submodel S11)."""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiled import rule
from sim.engine.randomness import Decision, mix, uniform


@rule
def is_member(w, j, f):
    """Whether firm f is a member of federation j."""
    for slot in range(w.member.shape[1]):
        if w.member[f, slot] == j:
            return True
    return False


@rule
def _affinity(w, j, f):
    """Uniform of firm f and federation j: below the share of its members f belongs to it; the largest wins f."""
    clock = w.clock[0]
    return uniform(clock.seed, clock.replicate, Decision.MEMBERSHIP, mix(f, w.organisation[j].key), 0)


@rule
def _winner(w, f):
    """Of the federations that give no share of members: the one that firm f belongs to, -1 if there is none."""
    best = -1.0
    winner = -1
    for j in range(w.organisation.shape[0]):
        organisation = w.organisation[j]
        if organisation.carries_to_members == 1 and organisation.members < 0.0:
            u = _affinity(w, j, f)
            if u > best:
                best = u
                winner = j
    return winner


@rule
def draw_members(w):
    """Members of the federations: a firm belongs to exactly one of those that give no share of members.

    A scenario may say of a firm that it is a member, or that it is none.
    """
    federations = 0
    only = -1
    for j in range(w.organisation.shape[0]):
        if w.organisation[j].carries_to_members == 1:
            federations += 1
            only = j
    whole = federations == 1
    for j in range(w.organisation.shape[0]):
        w.organisation[j].member_weight = 0.0
    for f in range(w.member.shape[0]):
        for slot in range(w.member.shape[1]):
            w.member[f, slot] = -1
            w.member_rest[f, slot] = np.float64(math.nan)
        if federations == 0:
            continue
        i = w.firm[f].organisation
        if federations == 1 and i < 0 and w.organisation[only].members < 0.0:
            w.member[f, 0] = only
            w.organisation[only].member_weight += np.float64(w.firm[f].weight)
            continue
        winner = _winner(w, f)
        slot = 0
        for j in range(w.organisation.shape[0]):
            organisation = w.organisation[j]
            if organisation.carries_to_members == 0:
                continue
            belongs = j == winner
            if i >= 0 and w.joins[j, i] >= 0:
                belongs = w.joins[j, i] == 1
            elif organisation.members >= 0.0:
                belongs = _affinity(w, j, f) < organisation.members
            if belongs:
                w.member[f, slot] = j
                w.organisation[j].member_weight += np.float64(w.firm[f].weight)
                slot += 1
        whole = whole and slot > 0
    for j in range(w.organisation.shape[0]):
        w.organisation[j].member_weight /= w.tallies[0].total_weight
    w.tallies[0].whole_membership = 1 if whole else 0
