"""Members of federations: who belongs where, how many complain, and who leaves (submodel S9).

A federation leaves a partner because its members complain. Broad discontent drives it out, a few furious members
do not; a large member counts more.
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiled import rule
from sim.engine.randomness import Decision, mix, threshold
from sim.parameters import WEEKS_PER_YEAR
from sim.rules.alliances import is_active
from sim.rules.attention import attention_share
from sim.rules.membership import is_member
from sim.vocabulary.partnerships import Visibility

# Rate at which complaining members leave a federation that is the critic's partner (per year): assumption.
MEMBER_LEAVING = 0.2
MEMBER_LEAVING_HAZARD = MEMBER_LEAVING / WEEKS_PER_YEAR


@rule
def complaint_of_member(felt, p):
    """C_f = h^2 / (h^2 + tau^2): how far a member complains that feels h."""
    squared = felt * felt
    return squared / (squared + p.member_tolerance * p.member_tolerance)


@rule
def _items_about(w, column):
    """Items of the week about a target, whoever said them."""
    total = 0.0
    for r in range(w.criticism.shape[0]):
        total += w.criticism[r, column]
    return total


@rule
def _worst_critic(w, j):
    """Of the critics of federation j: what it holds most against one of its active public partners."""
    worst = 0.0
    for i in range(w.organisation.shape[0]):
        k = w.partnership_of[j, i]
        if i != j and k >= 0 and is_active(w.partnership[k]) and w.partnership[k].visibility == Visibility.PUBLIC:
            worst = max(worst, w.own[j, i])
    return worst


@rule
def _leave(w, f, slot, complaint, own):
    """A complaining member leaves with hazard (l_f / 52) c own, while its federation is the critic's partner."""
    clock = w.clock[0]
    j = w.member[f, slot]
    if math.isnan(w.member_rest[f, slot]):  # drawn when it is first needed
        key = mix(f, w.organisation[j].key)
        w.member_rest[f, slot] = threshold(clock.seed, clock.replicate, Decision.MEMBER_LEAVES, key, 0)
    w.member_rest[f, slot] -= MEMBER_LEAVING_HAZARD * complaint * own
    if w.member_rest[f, slot] <= 0.0:
        w.member[f, slot] = -1
        w.organisation[j].members_left += 1
        w.tallies[0].whole_membership = 0


@rule
def complain(w):
    """How many members of each federation complain this week, by weight; who is no federation feels its own heat.

    kappa_j = sum of w_f c_f / sum of w_f over the members;  c_f = h_f^2 / (h_f^2 + tau^2);  h_f = min(1, sens_f X /
    (X + Y_half)), X the items about employers, about f by name, and about a federation of f by name.
    """
    p = w.parameter[0]
    n = w.organisation.shape[0]
    federations = 0
    for i in range(n):
        organisation = w.organisation[i]
        organisation.complaint = organisation.heat
        if organisation.carries_to_members == 1:
            organisation.complaint = 0.0
            federations += 1
    if federations == 0 or (w.media[0].critics == 0 and w.media[0].blamed == 0):
        return
    crowd = _items_about(w, n)
    for j in range(n):
        w.blame[j] = 0.0  # items about a federation by name; then its members' complaint
        w.hit[j] = 0.0  # their weight
        w.worst[j] = 0.0
        if w.organisation[j].carries_to_members == 1:
            w.blame[j] = _items_about(w, w.organisation[j].name_column)
            w.worst[j] = _worst_critic(w, j)
    named = 0.0
    for j in range(n):
        named += w.blame[j]
    heard = crowd + named
    for i in range(n):
        if w.organisation[i].firm >= 0:
            heard += _items_about(w, i)
    if heard <= 0.0:
        return
    for j in range(n):
        w.complaining[j] = 0.0
    for f in range(w.member.shape[0]):
        items = crowd
        i = w.firm[f].organisation
        if i >= 0:
            items += _items_about(w, i)
        for slot in range(w.member.shape[1]):
            if w.member[f, slot] >= 0:
                items += w.blame[w.member[f, slot]]
        weight = np.float64(w.firm[f].weight)
        felt = min(1.0, w.sensitivity[f] * attention_share(items, p))
        complaint = complaint_of_member(felt, p)
        w.pressed[f] += weight * complaint
        for slot in range(w.member.shape[1]):
            j = w.member[f, slot]
            if j >= 0:
                w.hit[j] += weight
                w.complaining[j] += weight * complaint
                if w.worst[j] > 0.0:
                    _leave(w, f, slot, complaint, w.worst[j])
    for j in range(n):
        if w.hit[j] > 0.0:
            w.organisation[j].complaint = w.complaining[j] / w.hit[j]


@rule
def reset_pressed(w, j):
    """Forget what members of federation j complained of before it became somebody's partner."""
    for f in range(w.member.shape[0]):
        if is_member(w, j, f):
            w.pressed[f] = 0.0
