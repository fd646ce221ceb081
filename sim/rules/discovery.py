"""Partnerships in the shadow that are found out (submodel S9)."""

from __future__ import annotations

import numpy as np

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.rules.alliances import is_active
from sim.rules.stirs import add_stir
from sim.rules.trust import PROMISE_BREAK
from sim.vocabulary.audiences import Audience
from sim.vocabulary.coded import numbers
from sim.vocabulary.events import EventKind
from sim.vocabulary.partnerships import Visibility
from sim.vocabulary.topics import News, Voice

PUBLIC, SUPPORTERS = numbers(Audience.PUBLIC, Audience.SUPPORTERS)
DISCOVERY, ORDINARY = int(News.DISCOVERY), int(Voice.ORDINARY)
WHO_TALKED = 0.2  # weight of the promise that both take for broken
LEFT_WITH_SUPPORTERS, LEFT_SAME_SIDE, LEFT_WITH_PUBLIC = 0.9, 0.97, 0.95  # of one's standing

# Media items that a public dispute over credit brings (items/week): assumption.
CLAIM_ITEMS = 5.0
# How long a public dispute over credit lasts (weeks): assumption.
CLAIM_WEEKS = 2.0
# How much faster under full public attention (factor): assumption.
FOUND_ATTENTION = 5.0


@rule
def count_who_know(w, k):
    """Those who know of pair k: the two, other active partners of the initiator, who was told ideas, who was warned."""
    n = w.organisation.shape[0]
    partnership = w.partnership[k]
    i = partnership.initiator
    total = 2
    for j in range(n):
        if j == i or j == partnership.member:
            continue
        m = w.partnership_of[i, j]
        knows = (m >= 0 and is_active(w.partnership[m])) or w.relation[j * n + i].warned > 0.0
        for b in range(w.idea.shape[0]):
            knows = knows or (w.idea[b].owner == i and w.decision[b, j].told > 0.0)
        total += 1 if knows else 0
    return total


@rule
def _lose_face(w, i, j):
    """I's partnership with j has come out: its supporters, and the public, think less of it."""
    opposite = w.organisation[i].stance * w.organisation[j].stance < 0.0
    w.credibility[i, SUPPORTERS] *= LEFT_WITH_SUPPORTERS if opposite else LEFT_SAME_SIDE
    w.credibility[i, PUBLIC] *= LEFT_WITH_PUBLIC


@rule
def find_out(w):
    """Hidden partnerships come out with hazard (l_s / 52)(1 + a_A A) n_know / 2: both ask who talked."""
    p = w.parameter[0]
    n = w.organisation.shape[0]
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if partnership.visibility == Visibility.PUBLIC or partnership.link == 1 or not is_active(partnership):
            continue
        know = count_who_know(w, k)
        loud = 1.0 + FOUND_ATTENTION * w.media[0].attention
        partnership.found_sum += p.found_hazard * loud * know / 2.0
        if partnership.found_sum < partnership.found_threshold:
            continue
        partnership.found_sum = 0.0  # who hides again has as long as before
        for m in range(w.partnership.shape[0]):  # a partnership of several comes out as a whole
            other = w.partnership[m]
            if m == k or (partnership.alliance >= 0 and other.alliance == partnership.alliance):
                other.visibility = 0
        partnership.found = 1
        add_stir(w, DISCOVERY, -1, ORDINARY, CLAIM_ITEMS, 0.0, int(CLAIM_WEEKS), 1)
        for i in (partnership.a, partnership.b):
            j = partnership.b if i == partnership.a else partnership.a
            w.relation[i * n + j].trust *= 1.0 - WHO_TALKED * PROMISE_BREAK
            _lose_face(w, i, j)
        event = note(w, EventKind.FOUND_OUT, partnership.initiator, partnership.member, k)
        w.log_number[event, 0] = np.float64(know)
