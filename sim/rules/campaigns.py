"""Campaigns: what they cost, week by week (submodel S3)."""

from __future__ import annotations

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.rules.media import make_news
from sim.rules.reach import reach_people
from sim.rules.resources import OuterAccount, pay, spend_hours
from sim.rules.speakers import mark_speakers, runs
from sim.vocabulary.events import EventKind
from sim.vocabulary.topics import News

CAMPAIGN = int(News.CAMPAIGN)
CAMPAIGN_HOURS = 30.0  # per week and unit of intensity


@rule
def run_campaigns(w, week):
    """Book the week's hours and money of the running campaigns and let them reach people."""
    tallies = w.tallies[0]
    mark_speakers(w, week)
    for c in range(tallies.campaigns):
        campaign = w.campaign[c]
        if campaign.kind == CAMPAIGN and runs(campaign, week):  # as loud as there are hours for
            campaign.loudness = spend_hours(w, campaign.by, CAMPAIGN_HOURS * campaign.intensity) / CAMPAIGN_HOURS
    make_news(w, week)
    for c in range(tallies.campaigns):
        campaign = w.campaign[c]
        if campaign.active == 1 and week == campaign.end and campaign.kind == CAMPAIGN:
            campaign.active = 0
            event = note(w, EventKind.CAMPAIGN_ENDED, campaign.by, -1, c)
            w.log_number[event, 0] = campaign.exposures
            w.log_number[event, 1] = campaign.visitors
            w.log_number[event, 2] = campaign.paid / 100.0
    for c in range(tallies.campaigns):
        campaign = w.campaign[c]
        if campaign.kind != CAMPAIGN or not runs(campaign, week):
            continue
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
        reach_people(w, c, week, spent / 100.0)
