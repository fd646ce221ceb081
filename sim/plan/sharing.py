"""Verbs of ideas and credit: telling, workshops, giving and claiming credit."""

from __future__ import annotations

import numpy as np

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.engine.randomness import Decision, uniform
from sim.plan.campaigning import add_stir
from sim.plan.spending import spend, spend_both
from sim.rules.adoption import show, take_up
from sim.rules.alliances import membership_of
from sim.rules.ideas import tell
from sim.rules.trust import add_effect
from sim.vocabulary.events import EventKind, Reason
from sim.vocabulary.partnerships import EffectKind, State
from sim.vocabulary.uptake import Uptake

__all__ = ["claim_credit", "credit", "hold_workshop", "share_idea"]

DONE, PRECONDITION = int(Reason.DONE), int(Reason.PRECONDITION)
PUBLIC_CREDITED = int(Uptake.PUBLIC_CREDITED)


@rule
def share_idea(w, k):
    """Tell an organisation part of a bundle that one knows."""
    a = w.action[k]
    if a.idea < 0 or (w.idea[a.idea].owner != a.by and w.decision[a.idea, a.by].told <= 0.0):
        return PRECONDITION
    if a.partnership >= 0 and w.partnership[a.partnership].state == State.ENDED:
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    tell(w, a.idea, a.by, a.to, a.share, False)
    return DONE


@rule
def hold_workshop(w, k):
    """Work on the ideas together: half is known afterwards, and in a partnership there is more joint work."""
    a = w.action[k]
    p = w.parameter[0]
    partnership = w.partnership[a.partnership]
    if a.idea < 0 or partnership.state < State.CONTACT or partnership.state > State.FORMAL:
        return PRECONDITION
    short = spend_both(w, k, a.to)
    if short != DONE:
        return short
    tell(w, a.idea, a.by, a.to, p.share_workshop, True)
    w.organisation[a.by].taught_week = w.clock[0].week
    if partnership.state >= State.INFORMAL:
        w.partnership[membership_of(w, a.partnership, a.by)].workshop = p.workshop_joint_work
    return DONE


@rule
def _breaks_name_ban(w, by, about):
    """Naming a firm that asked not to be named is a breach by the one who names it."""
    if w.organisation[about].unnamed == 1:
        add_effect(w, EffectKind.BREACH_INTEGRITY, by, about, w.parameter[0].severity_naming, 0.0)


@rule
def credit(w, k):
    """A user names the owner, or the owner names a user that has agreed in public."""
    a = w.action[k]
    if a.idea < 0:
        return PRECONDITION
    owner = w.idea[a.idea].owner
    user = w.organisation[a.by].firm
    week = w.clock[0].week
    uses = user >= 0 and w.firm[user].uptake > Uptake.NONE and a.by != owner
    named = w.organisation[a.to].firm
    agreed = a.by == owner and named >= 0 and w.firm[named].uptake >= Uptake.PUBLIC_UNCREDITED
    if not uses and not agreed:
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    if uses:
        firm = w.firm[user]
        change = take_up(
            w,
            user,
            PUBLIC_CREDITED,
            owner,
            1 << owner,
            np.float64(firm.depth),
            np.float64(firm.quality),
            week,
        )
        show(w, user, change)
        w.decision[a.idea, a.by].visible = 0  # nothing is left uncredited
        add_effect(w, EffectKind.CREDIT, a.by, owner, 0.0, 1.0)
        row = note(w, EventKind.CREDIT_GIVEN, a.by, owner, a.idea)
    else:
        _breaks_name_ban(w, a.by, a.to)
        row = note(w, EventKind.CREDIT_GIVEN, a.by, a.to, a.idea)
    w.log_number[row, 0] = 1.0
    return DONE


@rule
def claim_credit(w, k):
    """Say in public that somebody uses one's ideas: believed with the claimant's public credibility, and resented."""
    a = w.action[k]
    clock = w.clock[0]
    p = w.parameter[0]
    if a.idea < 0 or w.idea[a.idea].owner != a.by or w.decision[a.idea, a.to].told <= 0.0:
        return PRECONDITION
    named = w.organisation[a.to].firm
    visible = w.decision[a.idea, a.to].visible == 1
    if named >= 0 and w.firm[named].uptake == Uptake.PUBLIC_UNCREDITED:
        visible = True
    if not visible:
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    relation = w.relation[a.by * w.organisation.shape[0] + a.to]
    relation.claims += 1
    u = uniform(clock.seed, clock.replicate, Decision.CLAIM_CREDIT, relation.key, relation.claims)
    success = u < w.credibility[a.by, 2]
    if success and named >= 0:
        firm = w.firm[named]
        change = take_up(
            w,
            named,
            PUBLIC_CREDITED,
            a.by,
            1 << a.by,
            np.float64(firm.depth),
            np.float64(firm.quality),
            clock.week,
        )
        show(w, named, change)
        w.decision[a.idea, a.to].visible = 0
    add_effect(w, EffectKind.CLAIM, a.by, a.to, 0.0, 0.0)
    _breaks_name_ban(w, a.by, a.to)
    add_stir(w, a.by, p.claim_items, p.claim_tone, int(p.claim_weeks))
    row = note(w, EventKind.CREDIT_CLAIMED, a.by, a.to, a.idea)
    w.log_number[row, 0] = 1.0 if success else 0.0
    return DONE
