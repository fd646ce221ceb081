"""Awareness: what audiences learn, from whom, and forget (submodel S3).

People know if somebody told them whom they believe. Whatever reaches an audience goes through one stock of those who
know; it fades by itself, and the more people know, the fewer there are left to learn.
"""

from __future__ import annotations

import math

from sim.engine.compiled import rule
from sim.engine.world import AUDIENCE_COUNT
from sim.rules.alliances import active_membership, is_active
from sim.rules.credibility import messenger_effect
from sim.rules.speakers import runs, sends
from sim.vocabulary.audiences import Audience
from sim.vocabulary.coded import numbers
from sim.vocabulary.partnerships import Visibility
from sim.vocabulary.topics import News, Side

PUBLIC = int(Audience.PUBLIC)
FOR, AGAINST = numbers(Side.FOR, Side.AGAINST)
CAMPAIGN = int(News.CAMPAIGN)
HALF = 0.5  # contacts of joint work and of the task board, compared with information work
GUIDE_CONTACTS = 2.0  # of a guide with all it needs, in its week

# Share of paid contacts that an audience gets that a campaign is not meant for (share): assumption.
SPILL = 0.3
# Share of all people whom campaign sites can draw in a week at most (share): assumption.
VISITING_POOL = 0.02


@rule
def contact(within_reach, contacts):
    """Share of an audience that is reached in a week: x = R (1 - exp(-contacts))."""
    return within_reach * (1.0 - math.exp(-contacts))


@rule
def believed(credibility, evidence):
    """C + (1 - C) Ev / 2: evidence convinces half of those who would not believe the speaker alone."""
    return credibility + (1.0 - credibility) * evidence / 2.0


@rule
def open_lessons(w):
    """Nobody was reached this week so far."""
    for a in range(AUDIENCE_COUNT):
        audience = w.audience[a]
        audience.missed = 1.0
        audience.taught_for = 0.0
        audience.taught_against = 0.0
        for i in range(w.organisation.shape[0]):
            w.lesson[i, a] = 0.0


@rule
def _teach(w, i, a, reached, credibility, side):
    """I reaches a share of audience a, which believes it so far: learning Lambda = kappa C x, returned."""
    audience = w.audience[a]
    audience.missed *= 1.0 - reached
    learning = w.parameter[0].learning * credibility * reached
    if side == FOR:
        w.lesson[i, a] += learning
        audience.taught_for += learning
    else:
        audience.taught_against += learning
    return learning


@rule
def _within_reach(w, i, a):
    """Share of an audience within reach of i's own channels; a federation's are those of its members."""
    share = w.channel[i, a]
    if w.organisation[i].carries_to_members == 1:
        share *= w.organisation[i].member_weight
    return share


@rule
def _joint_result(w, k, public):
    """Joint work times result of pair k this week, where it is about the measures, and public if that is asked."""
    partnership = w.partnership[k]
    hidden = public and partnership.visibility != Visibility.PUBLIC
    if partnership.joint <= 0.0 or hidden or not is_active(partnership):
        return 0.0
    if w.organisation[partnership.a].stance < 0.0 and w.organisation[partnership.b].stance < 0.0:
        return 0.0  # two who stand against the measures work on something else
    return partnership.joint * partnership.result


@rule
def _counts_for(w, k, i):
    """Whether pair k, with one that is no firm, is that by which i takes part: of several members, work counts once."""
    partnership = w.partnership[k]
    j = partnership.b if partnership.a == i else partnership.a
    if w.organisation[j].firm >= 0:
        return False
    return partnership.alliance < 0 or active_membership(w, partnership.alliance, i) == k


@rule
def joint_results(w, i):
    """Sum over i's partnerships with others than firms of joint work times result this week."""
    total = 0.0
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if (partnership.a == i or partnership.b == i) and _counts_for(w, k, i):
            total += _joint_result(w, k, False)
    return total


@rule
def tell_own(w):
    """Information, guides, celebrations, public joint work and the task board reach audiences of those who do them."""
    p = w.parameter[0]
    for i in range(w.organisation.shape[0]):
        w.partner_mark[i] = w.organisation[i].board_contacts
    for k in range(w.partnership.shape[0]):
        result = _joint_result(w, k, True)
        if result > 0.0:
            for i in (w.partnership[k].a, w.partnership[k].b):
                w.partner_mark[i] += result if _counts_for(w, k, i) else 0.0
    for i in range(w.organisation.shape[0]):
        organisation = w.organisation[i]
        aside = w.partner_mark[i]
        contacts = p.contacts * (organisation.informing + HALF * aside)
        contacts += p.contacts * organisation.celebrating
        contacts += GUIDE_CONTACTS * organisation.guide_now
        if contacts <= 0.0:
            continue
        met = contact(1.0, contacts)
        for a in range(AUDIENCE_COUNT):
            credibility = believed(w.credibility[i, a], organisation.evidence)
            _teach(w, i, a, _within_reach(w, i, a) * met, credibility, FOR)


@rule
def campaign_teaches(w, c, exposures, spent_exposures, posts, messages):
    """What campaign c teaches: its broad media contacts, the posts of its senders, and its messenger.

    `exposures` are those that meet everybody alike, `spent_exposures` those that were paid for and meet the targets,
    and others by the parameter `spill`; `posts` and `messages` are contacts with each person within reach.
    """
    campaign = w.campaign[c]
    campaign.taught = 0.0
    for a in range(AUDIENCE_COUNT):
        meant = 1.0 if (campaign.audience >> a) & 1 == 1 else SPILL
        broad = 1.0 - math.exp(-(exposures + meant * spent_exposures) / w.clock[0].population)
        learning = 0.0
        for i in range(w.organisation.shape[0]):
            if not sends(campaign, i):
                continue
            own = contact(_within_reach(w, i, a), posts)
            reached = 1.0 - (1.0 - broad) * (1.0 - own) if campaign.by == i else (1.0 - broad) * own
            credibility = believed(w.credibility[i, a], w.organisation[i].evidence)
            learning += _teach(w, i, a, reached, credibility, campaign.side)
        if campaign.messenger >= 0:
            m = campaign.messenger
            message = 1.0 if campaign.side == FOR else -1.0
            credibility = messenger_effect(w.credibility[m, a], w.organisation[m].stance, message)
            learning += _teach(w, m, a, contact(_within_reach(w, m, a), messages), credibility, campaign.side)
        if a == PUBLIC:
            campaign.taught = learning


@rule
def _visitors_learn(w, week):
    """Of those who come to campaign sites some learn, the smaller a share the more come; they are of the public."""
    clock = w.clock[0]
    p = w.parameter[0]
    came = 0.0
    for c in range(w.tallies[0].campaigns):
        campaign = w.campaign[c]
        if campaign.kind == CAMPAIGN and campaign.side == FOR and runs(campaign, week):
            came += campaign.came
    if came <= 0.0:
        return
    pool = VISITING_POOL * clock.population
    learners = p.learner_share * pool * (1.0 - math.exp(-came / pool))
    w.tallies[0].learners += learners
    for c in range(w.tallies[0].campaigns):
        campaign = w.campaign[c]
        if campaign.kind == CAMPAIGN and campaign.side == FOR and runs(campaign, week):
            learning = learners * campaign.came / came / clock.population
            campaign.taught += learning
            w.lesson[campaign.by, PUBLIC] += learning
            w.audience[PUBLIC].taught_for += learning


@rule
def forget_and_learn(w, week):
    """U' = 2^(-1/h_U) U + (1 - U)(1 - exp(-Lambda)); with more said against than for, those who know grow fewer.

    What is learned belongs to those who taught it, and fades with them.
    """
    p = w.parameter[0]
    _visitors_learn(w, week)
    for c in range(w.tallies[0].campaigns):
        w.campaign[c].taught *= 1.0 - w.audience[PUBLIC].aware
    for a in range(AUDIENCE_COUNT):
        audience = w.audience[a]
        learning = audience.taught_for - audience.taught_against
        gained = (1.0 - audience.aware) * (1.0 - math.exp(-learning)) if learning > 0.0 else 0.0
        kept = p.awareness_decay * (math.exp(learning) if learning < 0.0 else 1.0)
        known = 0.0
        for i in range(w.organisation.shape[0]):
            w.taught[i, a] *= kept
            if gained > 0.0:
                w.taught[i, a] += gained * w.lesson[i, a] / audience.taught_for
            known += w.taught[i, a]
        audience.aware = min(1.0, known)
        audience.reached += (1.0 - audience.reached) * (1.0 - audience.missed)
        audience.learned += audience.persons * gained
