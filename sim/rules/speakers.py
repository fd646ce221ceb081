"""Who speaks in public: senders of campaigns, on which side and in which voice (submodels S2, S3 and S15).

Whoever speaks, speaks for or against the measures. Surveys, disputes over credit and storms from elsewhere are rows
of ``w.campaign`` too: stirs, news of a size of their own.
"""

from __future__ import annotations

from sim.engine.compiled import rule
from sim.rules.credibility import messenger_effect
from sim.vocabulary.coded import NEVER, numbers
from sim.vocabulary.topics import News, Side, Voice

FOR, AGAINST = numbers(Side.FOR, Side.AGAINST)
ORDINARY = int(Voice.ORDINARY)
CAMPAIGN, DISPUTE = numbers(News.CAMPAIGN, News.DISPUTE)
CRITICAL = 0.5  # tone from which a campaign is critical
HEARD_WEEKS = 4  # for so long somebody counts as one who speaks up, and a round of talks as standing


@rule
def runs(campaign, week):
    """Whether a campaign is on in a week."""
    return campaign.active == 1 and campaign.start <= week < campaign.end


@rule
def sends(campaign, i):
    """Whether organisation i is sender or co-sender of a campaign."""
    return campaign.by == i or (i >= 0 and (campaign.cosenders >> i) & 1 == 1)


@rule
def campaigns(w, i, week):
    """Whether i sends or co-sends a campaign in a week; surveys and disputes about credit are none."""
    for c in range(w.tallies[0].campaigns):
        campaign = w.campaign[c]
        if campaign.kind == CAMPAIGN and runs(campaign, week) and sends(campaign, i):
            return True
    return False


@rule
def side_of(stance, chosen):
    """The side that was chosen (0: none), else that of the stance."""
    if chosen > 0:
        return chosen
    return AGAINST if stance < 0.0 else FOR


@rule
def own_voice(stance):
    """The voice in which one is heard before one has spoken up: none in particular for those without a stance."""
    if stance > 0.0:
        return FOR
    return AGAINST if stance < 0.0 else ORDINARY


@rule
def has_lobbied(w, i, side, week):
    """Whether organisation i lobbied on a side, this week or in the three weeks before."""
    organisation = w.organisation[i]
    then = organisation.lobby_week if side == FOR else organisation.counter_lobby_week
    return then != NEVER and week - then < HEARD_WEEKS


@rule
def spoke_lately(w, i, week):
    """Whether i campaigned or lobbied in the last four weeks: who speaks up can be attacked."""
    then = w.organisation[i].campaign_week
    if then != NEVER and week - then < HEARD_WEEKS:
        return True
    return has_lobbied(w, i, FOR, week) or has_lobbied(w, i, AGAINST, week)


@rule
def campaign_credibility(w, c, audience):
    """How far an audience believes campaign c: the largest of its senders, or its own messenger if that is more."""
    campaign = w.campaign[c]
    believed = 0.0
    for i in range(w.organisation.shape[0]):
        if sends(campaign, i):
            believed = max(believed, w.credibility[i, audience])
    if campaign.messenger >= 0:
        messenger = w.organisation[campaign.messenger]
        message = 1.0 if campaign.side == FOR else -1.0
        lent = messenger_effect(w.credibility[campaign.messenger, audience], messenger.stance, message)
        believed = max(believed, lent)
    return believed


@rule
def mark_speakers(w, week):
    """Note who campaigns this week, on which side, and in which voice each is heard."""
    for i in range(w.organisation.shape[0]):
        w.organisation[i].campaigning = 0
    for c in range(w.tallies[0].campaigns):
        campaign = w.campaign[c]
        if not runs(campaign, week):
            continue
        for i in range(w.organisation.shape[0]):
            if not sends(campaign, i):
                continue
            organisation = w.organisation[i]
            organisation.voice = campaign.side
            if campaign.kind == DISPUTE:
                continue
            if campaign.side == FOR:
                organisation.spoke_for = 1
            else:
                organisation.spoke_against = 1
            if campaign.kind == CAMPAIGN:
                organisation.campaigning = 1
                organisation.campaign_week = week
