"""Campaigns: their weekly costs, the funnel from exposures to minutes, training seats (submodel S3), evidence (S4)."""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.engine.randomness import Decision, binomial_count, mix, poisson_count, uniform
from sim.rules.calendar import reach_multiplier, window_open
from sim.rules.media import runs, sends, set_stimuli
from sim.rules.resources import OuterAccount, pay, spend_hours
from sim.vocabulary.events import EventKind

__all__ = [
    "expected_count",
    "exposure_sources",
    "gather_evidence",
    "run_campaigns",
    "run_trainings",
    "survey_gain",
]

CAMPAIGN_HOURS = 30.0  # per week and unit of intensity


@rule
def survey_gain(evidence, respondents, method, p):
    """Evidence gained by a survey: (1 - Ev) n / (n + n_half) x method. 2,014 respondents give 0.80 from nothing."""
    return (1.0 - evidence) * respondents / (respondents + p.survey_half) * method


@rule
def gather_evidence(w):
    """Evidence ages with a half-life; a survey published this week adds to it."""
    p = w.parameter[0]
    for i in range(w.organisation.shape[0]):
        who = w.organisation[i]
        who.evidence *= p.evidence_decay
        if who.survey_now > 0.0:
            who.evidence += who.survey_now * (1.0 - who.evidence)


@rule
def exposure_sources(campaign, weekly_eur, followers, messenger_followers, earned_items, p):
    """Exposures of a week before the day's multiplier, by source: own posts, paid, messenger, earned."""
    format_ratio = 1.0 + (p.video_reach_ratio - 1.0) * campaign.video
    own = followers * p.posts_per_week * campaign.intensity * p.organic_reach * format_ratio
    paid = 1000.0 * weekly_eur / p.cost_per_mille
    return own, paid, messenger_followers * p.messenger_reach, p.earned_exposures * earned_items


@rule
def expected_count(mean):
    """An expected number of people, free of the rounding of binary fractions (audit mode)."""
    return math.floor(mean * 1e6 + 0.5) / 1e6


@rule
def _funnel(w, c, week, spent, earned_share):
    """Exposures -> visitors -> page views -> minutes of campaign c this week."""
    clock = w.clock[0]
    media = w.media[0]
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
    own, paid, voiced, earned = exposure_sources(
        campaign, spent, sender.followers, fans, earned_share * media.coverage, p
    )
    day = w.calendar[week]
    is_open = window_open(day, campaign.topic)
    rivals = day.rivals if day.rivals >= 0.0 else p.window_rivals * is_open
    multiplier = reach_multiplier(is_open, campaign.stunt, rivals, p)
    total = own + paid + voiced + earned
    exposures = math.floor(multiplier * total + 0.5)
    action = w.action[campaign.action]
    if action.given_count > 0:
        since = week - campaign.start
        exposures = (
            math.floor(w.given_exposures[action.given_start + since] + 0.5) if since < action.given_count else 0.0
        )
    fresh = own * p.new_own + paid * p.new_paid + earned * p.new_earned + voiced * (1.0 - overlap)
    new_share = fresh / total if total > 0.0 else 0.0

    key = mix(sender.key, campaign.number)  # the sender's n-th campaign: those of others change nothing
    if clock.audit == 1:
        visitors = expected_count(exposures * p.click_through * p.call_to_action)
        views = expected_count(visitors * p.pages_per_visit)
    else:
        u = uniform(clock.seed, clock.replicate, Decision.VISITORS, key, week)
        visitors = np.float64(binomial_count(int(exposures), p.click_through * p.call_to_action, u))
        u = uniform(clock.seed, clock.replicate, Decision.PAGE_VIEWS, key, week)
        views = visitors + np.float64(poisson_count(visitors * (p.pages_per_visit - 1.0), u))
    minutes = visitors * p.visit_seconds / 60.0

    campaign.exposures += exposures
    campaign.visitors += visitors
    campaign.page_views += views
    campaign.minutes += minutes
    campaign.new_reach += new_share * exposures
    tallies.reach += exposures
    tallies.visitors += visitors
    tallies.page_views += views
    tallies.minutes += minutes
    tallies.new_reach += new_share * exposures
    row = note(w, EventKind.VISITORS, campaign.by, -1, c)
    w.log_number[row, 0] = exposures
    w.log_number[row, 1] = visitors
    w.log_number[row, 2] = views
    w.log_number[row, 3] = minutes
    w.log_number[row, 4] = new_share
    w.log_cause[row, 0] = own
    w.log_cause[row, 1] = paid
    w.log_cause[row, 2] = voiced
    w.log_cause[row, 3] = earned


@rule
def run_campaigns(w, week):
    """Book the week's hours and money of the running campaigns and let them reach people."""
    tallies = w.tallies[0]
    for i in range(w.organisation.shape[0]):
        w.organisation[i].employer_campaign = 0
        w.organisation[i].messenger = -1
    set_stimuli(w, week)
    stimulus = 0.0
    for c in range(tallies.campaigns):
        campaign = w.campaign[c]
        if campaign.active == 1 and week == campaign.end and campaign.items <= 0.0:
            campaign.active = 0
            row = note(w, EventKind.CAMPAIGN_ENDED, campaign.by, -1, c)
            w.log_number[row, 0] = campaign.exposures
            w.log_number[row, 1] = campaign.visitors
            w.log_number[row, 2] = campaign.paid / 100.0
        if runs(campaign, week) and campaign.items <= 0.0:
            stimulus += campaign.stimulus
    for c in range(tallies.campaigns):
        campaign = w.campaign[c]
        if campaign.items > 0.0 or not runs(campaign, week):
            continue
        spend_hours(w, campaign.by, CAMPAIGN_HOURS * campaign.intensity)
        left = campaign.budget - campaign.paid
        weeks_left = campaign.end - week
        spent = max(0, min(left // weeks_left, w.account[campaign.by]))
        if spent > 0:
            pay(w, campaign.by, OuterAccount.MEDIA_BUYING, spent)
            campaign.paid += spent
            if campaign.project >= 0:
                partnership = w.partnership[campaign.project]
                partnership.grant_left -= min(partnership.grant_left, spent)
                partnership.advertised += spent
        _funnel(w, c, week, spent / 100.0, campaign.stimulus / stimulus if stimulus > 0.0 else 0.0)
        if campaign.messenger >= 0:
            w.organisation[campaign.by].messenger = campaign.messenger
        for i in range(w.organisation.shape[0]):
            if sends(campaign, i) and campaign.audience & 1 == 1:
                w.organisation[i].employer_campaign = 1


@rule
def run_trainings(w, week):
    """People sign up for open training seats: Binomial(seats left, 1 - exp(-lambda))."""
    clock = w.clock[0]
    tallies = w.tallies[0]
    for k in range(w.training.shape[0]):
        course = w.training[k]
        if course.open == 0 or course.filled >= course.seats:
            continue
        u = uniform(
            clock.seed, clock.replicate, Decision.SEATS, mix(w.organisation[course.by].key, course.number), week
        )
        signed = binomial_count(int(course.seats - course.filled), 1.0 - math.exp(-course.rate), u)
        course.filled += np.float64(signed)
        tallies.seats_filled += np.float64(signed)
        if course.filled >= course.seats:
            row = note(w, EventKind.SEATS_FILLED, course.by, -1, k)
            w.log_number[row, 0] = course.seats
            w.log_number[row, 1] = np.float64(week - course.start)
    if tallies.seats_open > 0.0 and tallies.seats_week < 0 and tallies.seats_filled >= 0.9 * tallies.seats_open:
        tallies.seats_week = week
