"""Which firms belong to which federations (submodel S11)."""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiled import rule
from sim.engine.randomness import Decision, mix, uniform

__all__ = ["MOST_FEDERATIONS", "draw_members", "is_member"]

MOST_FEDERATIONS = 3  # that a firm belongs to


@rule
def is_member(w, j, f):
    """Whether firm f is a member of federation j."""
    for slot in range(MOST_FEDERATIONS):
        if w.member[f, slot] == j:
            return True
    return False


@rule
def _belongs(w, j, f, turn):
    """Whether firm f joins federation j: as the scenario says, by the share of its members, or when it is j's turn."""
    clock = w.clock[0]
    i = w.firm[f].organisation
    if i >= 0 and w.joins[j, i] >= 0:
        return w.joins[j, i] == 1
    share = w.organisation[j].members
    if share >= 0.0:
        return uniform(clock.seed, clock.replicate, Decision.MEMBERSHIP, mix(f, w.organisation[j].key), 0) < share
    return turn


@rule
def draw_members(w):
    """Members of the federations: a firm belongs to at most three, and to exactly one of those that give no share."""
    clock = w.clock[0]
    n = w.organisation.shape[0]
    federations = 0
    open_ones = 0
    for j in range(n):
        if w.organisation[j].carries_to_members == 1:
            federations += 1
            open_ones += 1 if w.organisation[j].members < 0.0 else 0
    w.tallies[0].whole_membership = 1 if federations == 1 else 0
    for f in range(w.member.shape[0]):
        turn = 0
        if open_ones > 1:
            turn = int(uniform(clock.seed, clock.replicate, Decision.MEMBERSHIP, f, 0) * open_ones)
        slot = 0
        number = 0
        for j in range(n):
            if w.organisation[j].carries_to_members == 0:
                continue
            mine = False
            if w.organisation[j].members < 0.0:
                mine = number == turn
                number += 1
            if slot < MOST_FEDERATIONS and _belongs(w, j, f, mine):
                w.member[f, slot] = j
                slot += 1
            elif federations == 1:
                w.tallies[0].whole_membership = 0
        for rest in range(slot, MOST_FEDERATIONS):
            w.member[f, rest] = -1
        for one in range(MOST_FEDERATIONS):
            w.member_rest[f, one] = np.float64(math.nan)
