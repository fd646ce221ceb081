"""Credibility: how far each audience believes an organisation (submodel S5).

Public partners lend each other credibility (much upwards, a little downwards); one's own supporters mistrust a
partner from the other side; evidence raises it, rebuttals wear it, and it drifts back to its anchor.
"""

from __future__ import annotations

from sim.engine.compiled import rule
from sim.engine.world import AUDIENCE_COUNT
from sim.rules.alliances import is_active
from sim.rules.attention import attention_share
from sim.vocabulary.audiences import Audience
from sim.vocabulary.coded import NEVER, numbers
from sim.vocabulary.partnerships import State, Visibility

__all__ = ["halo", "messenger_effect", "seen_by_supporters", "update_credibility"]

PUBLIC, EMPLOYEES, SUPPORTERS = numbers(Audience.PUBLIC, Audience.EMPLOYEES, Audience.SUPPORTERS)


@rule
def halo(own, partner, weight_down, p):
    """h_up max(0, C_j - C_i) - h_down k max(0, C_i - C_j)."""
    gap = partner - own
    if gap > 0.0:
        return p.halo_up * gap
    return p.halo_down * weight_down * gap


@rule
def seen_by_supporters(w, i, j, p):
    """How j looks to i's supporters: as to its own when on the same side, else half of what the public thinks."""
    if w.organisation[i].stance * w.organisation[j].stance > 0.0:
        return w.credibility[j, SUPPORTERS]
    return p.opposite_view * w.credibility[j, PUBLIC]


@rule
def messenger_effect(credibility, stance, message_stance, p):
    """C_m (1 + b_u unexpected): a messenger whom one did not expect to say it convinces more; at most 1."""
    unexpected = abs(message_stance - stance) / 2.0
    return min(1.0, credibility * (1.0 + p.unexpected_messenger * unexpected))


@rule
def _add_halo(w, i, j, weight, p):
    opposite = w.organisation[i].stance * w.organisation[j].stance < 0.0
    for a in range(AUDIENCE_COUNT):
        partner = seen_by_supporters(w, i, j, p) if a == SUPPORTERS else w.credibility[j, a]
        down = 1.0 if (a == SUPPORTERS and opposite) else p.halo_down_other
        w.credibility_change[i, a] += weight * halo(w.credibility[i, a], partner, down, p)


@rule
def update_credibility(w, week):
    """All organisations and audiences at once: changes are added up first, then applied."""
    tallies = w.tallies[0]
    p = w.parameter[0]
    for i in range(w.organisation.shape[0]):
        organisation = w.organisation[i]
        seen = organisation.campaigning == 1 or week < organisation.inform_until
        if organisation.survey_week != NEVER and week - organisation.survey_week < p.survey_news_weeks:
            seen = True
        heard = w.voice[organisation.voice].coverage  # on its own side
        gain = p.evidence_credibility * organisation.evidence * attention_share(heard, p) if seen else 0.0
        loss = p.rebuttal_loss * organisation.rebutted * (1.0 - organisation.evidence)
        for a in range(AUDIENCE_COUNT):
            c = w.credibility[i, a]
            change = p.credibility_return * (w.credibility_anchor[i, a] - c) + gain * (1.0 - c)
            if loss > 0.0 and a != SUPPORTERS:
                change -= (p.rebuttal_employees if a == EMPLOYEES else 1.0) * loss * c
            w.credibility_change[i, a] = change
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if partnership.visibility == Visibility.PUBLIC and is_active(partnership):
            weight = 1.0 if partnership.state == State.FORMAL else p.halo_informal
            _add_halo(w, partnership.a, partnership.b, weight, p)
            _add_halo(w, partnership.b, partnership.a, weight, p)
    for i in range(w.organisation.shape[0]):
        for a in range(AUDIENCE_COUNT):
            c = w.credibility[i, a] + w.credibility_change[i, a]
            if c < 0.0 or c > 1.0:
                tallies.clips += 1
                c = min(1.0, max(0.0, c))
            w.credibility[i, a] = c
