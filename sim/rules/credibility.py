"""Credibility: how far each audience believes an organisation (submodel S5).

Public partners lend each other credibility (much upwards, a little downwards); one's own supporters mistrust a
partner from the other side; evidence raises it, rebuttals wear it, and it drifts back to its anchor.
"""

from __future__ import annotations

from sim.engine.compiled import rule
from sim.engine.world import AUDIENCE_COUNT
from sim.rules.alliances import is_active
from sim.rules.attention import attention_share
from sim.rules.understanding import is_suspended
from sim.vocabulary.audiences import Audience
from sim.vocabulary.coded import NEVER, numbers
from sim.vocabulary.partnerships import State, Visibility

PUBLIC, EMPLOYEES, SUPPORTERS = numbers(Audience.PUBLIC, Audience.EMPLOYEES, Audience.SUPPORTERS)

# How fast visible evidence raises the credibility of its owner (per week): assumption.
EVIDENCE_CREDIBILITY = 0.01
# How long a published survey keeps its owner in view of the audiences (weeks): assumption.
SURVEY_NEWS_WEEKS = 13.0
# Credibility that a rebuttal takes from a campaigner who has no evidence (per week): assumption.
REBUTTAL_LOSS = 0.02
# How far a rebuttal works with employees, compared with employers and the public (factor): assumption.
REBUTTAL_EMPLOYEES = 0.5
# How much more a message convinces when it comes from somebody one would not expect (factor): Berinsky 2017;
# Bolsen, Palm & Kingsland 2019 (direction).
UNEXPECTED_MESSENGER = 1.0


@rule
def seen_by_supporters(w, i, j, p):
    """How j looks to i's supporters: as to its own when on the same side, else half of what the public thinks."""
    if w.organisation[i].stance * w.organisation[j].stance > 0.0:
        return w.credibility[j, SUPPORTERS]
    return p.opposite_view * w.credibility[j, PUBLIC]


@rule
def messenger_effect(credibility, stance, message_stance):
    """C_m (1 + b_u unexpected): a messenger whom one did not expect to say it convinces more; at most 1."""
    unexpected = abs(message_stance - stance) / 2.0
    return min(1.0, credibility * (1.0 + UNEXPECTED_MESSENGER * unexpected))


@rule
def noticed(own, partner, weight_down, seen, p):
    """Share of an audience that takes a partner's standing as one's own: 75 of 100 who notice upwards, 53 downwards."""
    return seen * (p.halo_up if partner > own else p.halo_down * weight_down)


@rule
def _lend(w, i, j, seen, p):
    """Add what the partner j lends (or costs) i: weights, their product of complements, and weighted standing."""
    opposite = w.organisation[i].stance * w.organisation[j].stance < 0.0
    for a in range(AUDIENCE_COUNT):
        partner = seen_by_supporters(w, i, j, p) if a == SUPPORTERS else w.credibility[j, a]
        down = 1.0 if (a == SUPPORTERS and opposite) else p.halo_down_other
        weight = noticed(w.credibility_anchor[i, a], partner, down, seen, p)
        w.lent_weight[i, a] += weight
        w.lent_rest[i, a] *= 1.0 - weight
        w.lent[i, a] += weight * partner


@rule
def standing(anchor, lent, weight, rest):
    """C* = (1 - W) C0 + W x the weighted mean of the partners, W = 1 - product of (1 - weight): never leaves [0, 1]."""
    if weight <= 0.0:
        return anchor
    return rest * anchor + (1.0 - rest) * lent / weight


@rule
def update_credibility(w, week):
    """All organisations and audiences at once: C + rho_c (C* - C), and what evidence gives and rebuttals take."""
    tallies = w.tallies[0]
    p = w.parameter[0]
    for i in range(w.organisation.shape[0]):
        organisation = w.organisation[i]
        seen = organisation.campaigning == 1 or organisation.informs == 1
        if organisation.survey_week != NEVER and week - organisation.survey_week < SURVEY_NEWS_WEEKS:
            seen = True
        heard = w.voice[organisation.voice].coverage  # on its own side
        gain = EVIDENCE_CREDIBILITY * organisation.evidence * attention_share(heard, p) if seen else 0.0
        loss = REBUTTAL_LOSS * organisation.rebutted * (1.0 - organisation.evidence)
        for a in range(AUDIENCE_COUNT):
            c = w.credibility[i, a]
            change = gain * (1.0 - c)
            if loss > 0.0 and a != SUPPORTERS:
                change -= (REBUTTAL_EMPLOYEES if a == EMPLOYEES else 1.0) * loss * c
            w.credibility_change[i, a] = change
            w.lent[i, a] = 0.0
            w.lent_weight[i, a] = 0.0
            w.lent_rest[i, a] = 1.0
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        public = partnership.visibility == Visibility.PUBLIC and not is_suspended(w, k)
        if public and is_active(partnership):
            seen = 1.0 if partnership.state == State.FORMAL else p.halo_informal
            _lend(w, partnership.a, partnership.b, seen, p)
            _lend(w, partnership.b, partnership.a, seen, p)
    for i in range(w.organisation.shape[0]):
        for a in range(AUDIENCE_COUNT):
            towards = standing(w.credibility_anchor[i, a], w.lent[i, a], w.lent_weight[i, a], w.lent_rest[i, a])
            c = w.credibility[i, a]
            c += w.credibility_change[i, a] + p.credibility_return * (towards - c)
            if c < 0.0 or c > 1.0:
                tallies.clips += 1
                c = min(1.0, max(0.0, c))
            w.credibility[i, a] = c
