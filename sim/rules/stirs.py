"""Stirs: news of a size of their own, beside campaigns (submodel S2)."""

from __future__ import annotations

from sim.engine.compiled import rule


@rule
def free_campaign(w):
    """Take the next row for a campaign or stir; -1 if there is none left."""
    tallies = w.tallies[0]
    if tallies.campaigns >= w.campaign.shape[0]:
        return -1
    tallies.campaigns += 1
    return tallies.campaigns - 1


@rule
def add_stir(w, kind, by, side, items, tone, weeks, delay):
    """Coverage that no campaign made: a survey, a dispute over credit, a storm from elsewhere, a discovery (by -1).

    It begins after `delay` weeks.
    Returns its row, so that the caller can say whom it names; -1 if nothing is heard of it.
    """
    if items <= 0.0:
        return -1
    c = free_campaign(w)
    if c < 0:
        return -1
    campaign = w.campaign[c]
    campaign.active = 1
    campaign.kind = kind
    campaign.by = by
    campaign.side = side
    campaign.names = 0
    for j in range(w.named.shape[1]):
        w.named[c, j] = 0
    campaign.cosenders = 0
    campaign.start = w.clock[0].week + delay
    campaign.end = campaign.start + weeks
    campaign.action = -1
    campaign.messenger = -1
    campaign.topic = 0
    campaign.audience = 0
    campaign.tone = tone
    campaign.project = -1
    campaign.leaked_to = -1
    campaign.items = items
    return c
