"""Verbs of ideas and credit: telling, workshops, giving and claiming credit."""

from __future__ import annotations

import numpy as np

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.engine.randomness import Decision, uniform
from sim.plan.spending import spend, spend_both
from sim.rules.alliances import membership_of
from sim.rules.discovery import CLAIM_ITEMS, CLAIM_WEEKS
from sim.rules.ideas import tell
from sim.rules.speakers import side_of
from sim.rules.stirs import add_stir
from sim.rules.trust import add_effect
from sim.rules.uptake import show, take_up
from sim.vocabulary.audiences import Audience
from sim.vocabulary.coded import numbers
from sim.vocabulary.events import EventKind, Reason
from sim.vocabulary.partnerships import EffectKind, State
from sim.vocabulary.topics import News
from sim.vocabulary.uptake import SHARE_TOLD, Telling, Uptake

DONE, PRECONDITION = numbers(Reason.DONE, Reason.PRECONDITION)
PUBLIC_CREDITED = int(Uptake.PUBLIC_CREDITED)
SHARE_TOLD_IN_WORKSHOP = SHARE_TOLD[Telling.WORKSHOP]
EMPLOYERS, PUBLIC = numbers(Audience.EMPLOYERS, Audience.PUBLIC)
DISPUTE = int(News.DISPUTE)

# Joint work that a workshop adds in its week (share): assumption.
WORKSHOP_JOINT_WORK = 0.5
# Critical tone of a public dispute over credit (share): assumption.
CLAIM_TONE = 0.3

# Severity of naming a firm that asked not to be named (share): source talk (direction); level assumed.
SEVERITY_NAMING = 0.6


@rule
def share_idea(w, k):
    """Tell an organisation part of a bundle that one knows."""
    action = w.action[k]
    if action.idea < 0 or (w.idea[action.idea].owner != action.by and w.decision[action.idea, action.by].told <= 0.0):
        return PRECONDITION
    if action.partnership >= 0 and w.partnership[action.partnership].state == State.ENDED:
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    share = action.share
    if w.organisation[action.to].firm >= 0 and w.partnership[action.partnership].state == State.NONE:
        share *= w.credibility[action.by, EMPLOYERS]  # sent without having met: read as far as the sender is believed
    tell(w, action.idea, action.by, action.to, share, False)
    return DONE


@rule
def hold_workshop(w, k):
    """Work on the ideas together: a share is known afterwards, and in a partnership there is more joint work."""
    action = w.action[k]
    partnership = w.partnership[action.partnership]
    if action.idea < 0 or partnership.state < State.CONTACT or partnership.state > State.FORMAL:
        return PRECONDITION
    short = spend_both(w, k, action.to)
    if short != DONE:
        return short
    tell(w, action.idea, action.by, action.to, action.share if action.share >= 0.0 else SHARE_TOLD_IN_WORKSHOP, True)
    if partnership.state >= State.INFORMAL:
        w.partnership[membership_of(w, action.partnership, action.by)].workshop = WORKSHOP_JOINT_WORK
    return DONE


@rule
def _breaks_name_ban(w, by, about):
    """Naming a firm that asked not to be named is a breach by the one who names it."""
    if w.organisation[about].unnamed == 1:
        add_effect(w, EffectKind.BREACH_INTEGRITY, by, about, SEVERITY_NAMING, 0.0)


@rule
def credit(w, k):
    """A user names the owner, or the owner names a user that has agreed in public."""
    action = w.action[k]
    if action.idea < 0:
        return PRECONDITION
    owner = w.idea[action.idea].owner
    user = w.organisation[action.by].firm
    week = w.clock[0].week
    told = w.decision[action.idea, action.by].told > 0.0
    uses = user >= 0 and w.firm[user].uptake > Uptake.NONE and action.by != owner and told
    named = w.organisation[action.to].firm
    agreed = action.by == owner and named >= 0 and w.firm[named].uptake >= Uptake.PUBLIC_UNCREDITED
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
        w.decision[action.idea, action.by].visible = 0  # nothing is left uncredited
        add_effect(w, EffectKind.CREDIT, action.by, owner, 0.0, 1.0)
        event = note(w, EventKind.CREDIT_GIVEN, action.by, owner, action.idea)
    else:
        _breaks_name_ban(w, action.by, action.to)
        event = note(w, EventKind.CREDIT_GIVEN, action.by, action.to, action.idea)
    w.log_number[event, 0] = 1.0
    return DONE


@rule
def claim_credit(w, k):
    """Say in public that somebody uses one's ideas: believed with the claimant's public credibility, and resented."""
    action = w.action[k]
    clock = w.clock[0]
    if action.idea < 0 or w.idea[action.idea].owner != action.by or w.decision[action.idea, action.to].told <= 0.0:
        return PRECONDITION
    named = w.organisation[action.to].firm
    visible = w.decision[action.idea, action.to].visible == 1
    if named >= 0 and w.firm[named].uptake == Uptake.PUBLIC_UNCREDITED:
        visible = True
    if not visible:
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    relation = w.relation[action.by * w.organisation.shape[0] + action.to]
    relation.claims += 1
    u = uniform(clock.seed, clock.replicate, Decision.CLAIM_CREDIT, relation.key, relation.claims)
    success = u < w.credibility[action.by, PUBLIC]
    if success and named >= 0:
        firm = w.firm[named]
        change = take_up(
            w,
            named,
            PUBLIC_CREDITED,
            action.by,
            1 << action.by,
            np.float64(firm.depth),
            np.float64(firm.quality),
            clock.week,
        )
        show(w, named, change)
        w.decision[action.idea, action.to].visible = 0
    add_effect(w, EffectKind.CLAIM, action.by, action.to, 0.0, 0.0)
    _breaks_name_ban(w, action.by, action.to)
    side = side_of(w.organisation[action.by].stance, 0)
    c = add_stir(w, DISPUTE, action.by, side, CLAIM_ITEMS, CLAIM_TONE, int(CLAIM_WEEKS), 0)
    if c >= 0:
        w.named[c, action.to] = 1
        w.campaign[c].names = 1
    event = note(w, EventKind.CREDIT_CLAIMED, action.by, action.to, action.idea)
    w.log_number[event, 0] = 1.0 if success else 0.0
    return DONE
