"""Federations: what they have to pass on, and what their members hear of it (submodel S11)."""

from __future__ import annotations

import math

from sim.engine.compiled import rule
from sim.rules.alliances import is_active
from sim.rules.awareness import joint_results
from sim.rules.understanding import is_suspended
from sim.vocabulary.audiences import Audience
from sim.vocabulary.partnerships import Visibility

EMPLOYERS = int(Audience.EMPLOYERS)
CARRIED_KEPT = 2.0 ** (-1.0 / 26.0)  # half of what a federation has to pass on is out of date after half a year


@rule
def carry_on(w):
    """What federations have to pass on: J' = 2^(-1/26) J + (1 - J)(1 - exp(-eta_J sum of joint results))."""
    p = w.parameter[0]
    for m in range(w.organisation.shape[0]):
        federation = w.organisation[m]
        if federation.carries_to_members == 1:
            gained = 1.0 - math.exp(-p.joint_push * joint_results(w, m))
            federation.carries = CARRIED_KEPT * federation.carries + (1.0 - federation.carries) * gained


@rule
def federation_push(w, m):
    """F_m = C_m,employers J_m v: what federation m passes on to each member, as long as it has a partner.

    v is 1 while some partnership is public, and less while all are in the shadow; one that rests does not count.
    """
    visible = 0.0
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if (partnership.a != m and partnership.b != m) or not is_active(partnership):
            continue
        j = partnership.b if partnership.a == m else partnership.a
        if w.organisation[j].firm >= 0 or is_suspended(w, k):
            continue
        public = partnership.visibility == Visibility.PUBLIC
        visible = max(visible, 1.0 if public else w.parameter[0].shadow_push)
    return w.credibility[m, EMPLOYERS] * w.organisation[m].carries * visible


@rule
def pass_on(w):
    """What each federation passes on this week; returns the largest."""
    most = 0.0
    for m in range(w.organisation.shape[0]):
        federation = w.organisation[m]
        if federation.carries_to_members == 1:
            federation.passed_on = federation_push(w, m)
            most = max(most, federation.passed_on)
    return most


@rule
def push_on(w, f):
    """F_f = 1 - product over the federations of firm f of (1 - F_m): never above 1, however many there are."""
    spared = 1.0
    for slot in range(w.member.shape[1]):
        m = w.member[f, slot]
        if m >= 0:
            spared *= 1.0 - w.organisation[m].passed_on
    return 1.0 - spared


@rule
def push_members(w, most):
    """Take what federations pass on from their members, where not every firm belongs to the only one."""
    hazard = w.parameter[0].federation_hazard
    if w.member.shape[1] == 1:  # one federation: the compiler turns this loop into vector instructions
        push = hazard * most
        remaining = w.remaining
        for f in range(remaining.shape[0]):
            remaining[f] -= push if w.member[f, 0] >= 0 else 0.0
        return
    for f in range(w.member.shape[0]):
        push = push_on(w, f)
        if push > 0.0:
            w.remaining[f] -= hazard * push


@rule
def relays_flagships(w):
    """Whether some federation has an active partnership: it then passes a flagship's signal on."""
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if is_active(partnership):
            for i in (partnership.a, partnership.b):
                j = partnership.b if partnership.a == i else partnership.a
                if w.organisation[i].carries_to_members == 1 and w.organisation[j].firm < 0:
                    return True
    return False
