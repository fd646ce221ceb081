"""Reach: the funnel of a campaign from exposures to visits, minutes and what people learn (submodel S3)."""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.engine.randomness import Decision, binomial_count, mix, poisson_count, uniform
from sim.rules.awareness import campaign_teaches
from sim.vocabulary.events import EventKind
from sim.vocabulary.topics import Side

FOR = int(Side.FOR)
MOST_SHARED = 0.8  # visits a visit brings at most, so that sharing dies out

# Pages looked at per visit (pages): diversity campaign case (5,761 by 3,739).
PAGES_PER_VISIT = 1.540786306499064
# Mean time that a visitor stays (seconds): diversity campaign case.
VISIT_SECONDS = 212.0
# Share of a messenger's followers reached in a week of the campaign (share per week): assumption.
MESSENGER_REACH = 0.3
# Own posts in a week at intensity 1 (posts/week): assumption.
POSTS_PER_WEEK = 5.0
# Share of people outside the usual audience among those reached by own posts (share): assumption.
NEW_OWN = 0.05
# Share of people outside the usual audience among those reached by paid media (share): assumption.
NEW_PAID = 0.25
# Share of people outside the usual audience among those reached by news (share): assumption.
NEW_EARNED = 0.25


@rule
def exposure_sources(campaign, weekly_eur, followers, messenger_followers, told, p):
    """Exposures of a week before the day's multiplier, by source: own posts, paid, messenger, earned.

    What is told in the news, items times the heads of the population, gives earned exposures.
    """
    format_ratio = 1.0 + (p.video_reach_ratio - 1.0) * campaign.video
    own = followers * POSTS_PER_WEEK * campaign.loudness * p.organic_reach * format_ratio
    paid = 1000.0 * weekly_eur / p.cost_per_mille
    voiced = messenger_followers * MESSENGER_REACH * (0.5 + 0.5 * format_ratio)
    return own, paid, voiced, p.earned_reach * told


@rule
def shared_visits(came, video, stunt, p):
    """Visits that last week's visitors bring by sharing: min(0.8, r_sh (1 + nu) m_format) of them each."""
    format_ratio = 1.0 + (p.video_reach_ratio - 1.0) * video
    return min(MOST_SHARED, p.share_rate * (1.0 + stunt) * format_ratio) * came


@rule
def expected_count(mean):
    """An expected number of people, free of the rounding of binary fractions (audit mode)."""
    return math.floor(mean * 1e6 + 0.5) / 1e6


@rule
def reach_people(w, c, week, spent):
    """Exposures -> visitors -> page views -> minutes of campaign c this week, and what its audiences learn.

    What the news of last week told of its side is split among those who made this week's news on it.
    """
    clock = w.clock[0]
    tallies = w.tallies[0]
    p = w.parameter[0]
    campaign = w.campaign[c]
    sender = w.organisation[campaign.by]
    fans = 0.0
    overlap = 1.0
    if campaign.messenger >= 0:
        messenger = w.organisation[campaign.messenger]
        fans = messenger.followers
        overlap = messenger.overlap
    voice = w.voice[campaign.side]
    items = voice.coverage * campaign.stimulus / voice.stimulus if voice.stimulus > 0.0 else 0.0
    own, paid, voiced, earned = exposure_sources(campaign, spent, sender.followers, fans, items * clock.population, p)
    total = own + paid + voiced + earned
    exposures = math.floor(campaign.reach * total + 0.5)
    alike, bought = campaign.reach * earned, campaign.reach * paid
    action = w.action[campaign.action]
    if action.given_count > 0:
        since = week - campaign.start
        exposures = (
            math.floor(w.given_exposures[action.given_start + since] + 0.5) if since < action.given_count else 0.0
        )
        alike, bought = exposures, 0.0
    fresh = own * NEW_OWN + paid * NEW_PAID + earned * NEW_EARNED + voiced * (1.0 - overlap)
    new_share = fresh / total if total > 0.0 else 0.0

    key = mix(sender.key, campaign.number)  # the sender's n-th campaign: those of others change nothing
    if clock.audit == 1:
        visitors = expected_count(exposures * p.click_through)
        views = expected_count(visitors * PAGES_PER_VISIT)
    else:
        u = uniform(clock.seed, clock.replicate, Decision.VISITORS, key, week)
        visitors = np.float64(binomial_count(int(exposures), p.click_through, u))
        u = uniform(clock.seed, clock.replicate, Decision.PAGE_VIEWS, key, week)
        views = visitors + np.float64(poisson_count(visitors * (PAGES_PER_VISIT - 1.0), u))
    minutes = visitors * VISIT_SECONDS / 60.0
    shared = 0.0 if clock.audit == 1 else shared_visits(campaign.came, campaign.video, campaign.stunt, p)
    campaign.came = visitors + shared
    format_ratio = 1.0 + (p.video_reach_ratio - 1.0) * campaign.video
    posts = POSTS_PER_WEEK * campaign.loudness * p.organic_reach * format_ratio * campaign.reach
    messages = MESSENGER_REACH * format_ratio * campaign.reach
    campaign_teaches(w, c, alike, bought, posts, messages)

    campaign.exposures += exposures
    campaign.visitors += visitors
    campaign.page_views += views
    campaign.minutes += minutes
    if campaign.side == FOR:
        tallies.reach += exposures
        tallies.visitors += visitors
        tallies.page_views += views
        tallies.minutes += minutes
        tallies.shared_visits += shared
        tallies.new_reach += new_share * exposures
    event = note(w, EventKind.VISITORS, campaign.by, -1, c)
    w.log_number[event, 0] = exposures
    w.log_number[event, 1] = visitors
    w.log_number[event, 2] = views
    w.log_number[event, 3] = minutes
    w.log_number[event, 4] = new_share
    w.log_cause[event, 0] = own
    w.log_cause[event, 1] = paid
    w.log_cause[event, 2] = voiced
    w.log_cause[event, 3] = earned
