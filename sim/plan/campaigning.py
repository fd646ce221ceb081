"""Verbs towards the public: surveys, guides, trainings, information, campaigns and messengers."""

from __future__ import annotations

import numpy as np

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.plan.spending import spend, spend_amount
from sim.rules.campaigns import survey_gain
from sim.rules.elements import COMMUNICATION, GUIDE, TRAINING, add_element, guide_quality
from sim.rules.funding import has_project
from sim.rules.life_cycle import is_active
from sim.rules.media import runs, sends
from sim.rules.resources import afford
from sim.vocabulary.audiences import Audience
from sim.vocabulary.events import EventKind, Reason
from sim.vocabulary.uptake import Uptake

__all__ = [
    "add_stir",
    "adjust_campaign",
    "inform",
    "launch_campaign",
    "publish_guide",
    "publish_survey",
    "recruit_messenger",
    "run_training",
    "stop_campaign",
]

DONE, PRECONDITION = int(Reason.DONE), int(Reason.PRECONDITION)
EMPLOYEES = int(Audience.EMPLOYEES)
MESSENGER_WEEKS = 26


@rule
def publish_survey(w, k):
    """Publish a survey: evidence from step 6 of this week on."""
    a = w.action[k]
    short = spend(w, k)
    if short != DONE:
        return short
    who = w.organisation[a.by]
    who.survey_now += survey_gain(who.survey_now, a.respondents, a.method, w.parameter[0])
    who.survey_week = w.clock[0].week
    who.survey_published = 1
    row = note(w, EventKind.SURVEY_PUBLISHED, a.by, -1, -1)
    w.log_number[row, 0] = a.respondents
    w.log_number[row, 1] = who.survey_now
    return DONE


@rule
def publish_guide(w, k):
    """Publish a guide of good practice; with a partner it opens the partner's channels fully."""
    a = w.action[k]
    if a.to >= 0 and not is_active(w.partnership[a.partnership]):
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    quality = guide_quality(w, a.by, a.partnership if a.to >= 0 else -1)
    w.organisation[a.by].guide_published = 1
    w.organisation[a.by].guide_quality = max(w.organisation[a.by].guide_quality, quality)
    if a.to >= 0:
        w.organisation[a.to].guide_published = 1
        w.organisation[a.to].guide_quality = max(w.organisation[a.to].guide_quality, quality)
        add_element(w, a.partnership, GUIDE, a.cost / 100.0)
    row = note(w, EventKind.GUIDE_PUBLISHED, a.by, a.to, a.partnership)
    w.log_number[row, 0] = quality
    return DONE


@rule
def run_training(w, k):
    """Open training seats; they fill through the channels of those who announce them."""
    a = w.action[k]
    row = -1
    for q in range(w.training.shape[0]):
        if w.training[q].open == 0:
            row = q
            break
    if row < 0:
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    rate = 0.0
    for i in range(w.organisation.shape[0]):
        if i != a.by and (a.channel >> i) & 1 == 0:
            continue
        rate += w.organisation[i].training_reach * w.credibility[i, EMPLOYEES]
    course = w.training[row]
    course.open = 1
    course.by = a.by
    course.start = w.clock[0].week
    course.seats = a.seats
    course.filled = 0.0
    course.rate = rate
    w.tallies[0].seats_open += a.seats
    if w.tallies[0].seats_opened < 0:
        w.tallies[0].seats_opened = w.clock[0].week
    w.organisation[a.by].trainings += 1
    course.number = w.organisation[a.by].trainings
    w.organisation[a.by].training_week = w.clock[0].week
    w.organisation[a.by].taught_week = w.clock[0].week
    if a.to >= 0:
        w.organisation[a.to].training_week = w.clock[0].week
        w.organisation[a.to].taught_week = w.clock[0].week
        if is_active(w.partnership[a.partnership]):
            add_element(w, a.partnership, TRAINING, a.cost / 100.0)
    line = note(w, EventKind.TRAINING_OPENED, a.by, a.to, row)
    w.log_number[line, 0] = a.seats
    w.log_number[line, 1] = rate
    return DONE


@rule
def inform(w, k):
    """Spread information: full push towards employers for some weeks."""
    a = w.action[k]
    short = spend(w, k)
    if short != DONE:
        return short
    who = w.organisation[a.by]
    who.inform_until = max(who.inform_until, w.clock[0].week + a.weeks)
    return DONE


@rule
def _may_speak(w, i, m):
    """A messenger must have been recruited, or be an active partner."""
    if m == i:
        return True
    if w.clock[0].week < w.relation[i * w.organisation.shape[0] + m].messenger_until:
        return True
    k = w.partnership_of[i, m]
    return k >= 0 and is_active(w.partnership[k])


@rule
def _free_campaign(w):
    tallies = w.tallies[0]
    if tallies.campaigns >= w.campaign.shape[0]:
        return -1
    tallies.campaigns += 1
    return tallies.campaigns - 1


@rule
def _share_elements(w, campaign, elements, eur):
    """Partners who send a campaign together do its elements together; the budget is that of the communication."""
    told = 0  # partnerships of several that know: they have several pairs, and one budget
    for m in range(w.partnership.shape[0]):
        partnership = w.partnership[m]
        if partnership.alliance >= 0 and (told >> partnership.alliance) & 1 == 1:
            continue
        if is_active(partnership) and sends(campaign, partnership.a) and sends(campaign, partnership.b):
            if partnership.alliance >= 0:
                told |= 1 << partnership.alliance
            for element in range(w.element_eur.shape[1]):
                if (elements >> element) & 1 == 1:
                    add_element(w, m, element, eur if element == COMMUNICATION else 0.0)


@rule
def launch_campaign(w, k):
    """Start a campaign this week. The whole budget must be there; it is paid week by week."""
    a = w.action[k]
    if a.messenger >= 0 and not _may_speak(w, a.by, a.messenger):
        return PRECONDITION
    budget = np.int64(a.budget * 100.0 + 0.5)
    project = -1
    if a.budget_share > 0.0:  # a part of this year's grant of the project that the sender leads
        for m in range(w.partnership.shape[0]):
            if w.partnership[m].lead == a.by and has_project(w, m) and w.partnership[m].year_budget > 0:
                project = m
                budget = min(np.int64(w.partnership[m].year_budget * a.budget_share + 0.5), w.partnership[m].grant_left)
                break
    if w.tallies[0].campaigns >= w.campaign.shape[0]:
        return PRECONDITION
    short = afford(w, a.by, a.hours, budget + a.cost)
    if short != DONE:
        return short
    spend(w, k)
    c = _free_campaign(w)
    week = w.clock[0].week
    campaign = w.campaign[c]
    campaign.active = 1
    campaign.by = a.by
    w.organisation[a.by].launches += 1
    campaign.number = w.organisation[a.by].launches
    campaign.cosenders = a.cosenders
    campaign.start = week
    campaign.end = week + a.weeks
    campaign.action = k
    campaign.messenger = a.messenger if a.messenger != a.by else -1
    campaign.topic = a.topic if a.topic >= 0 else w.clock[0].topic
    campaign.audience = a.audience
    campaign.tone = a.tone
    campaign.intensity = a.intensity
    campaign.weeks = a.weeks
    campaign.video = a.video
    campaign.stunt = a.stunt
    campaign.items = 0.0
    campaign.budget = budget
    campaign.paid = 0
    campaign.project = project
    w.action_state[k].campaign = c
    _share_elements(w, campaign, a.elements, budget / 100.0)
    for m in range(w.partnership.shape[0]):
        w.partnership[m].exit_hazard_since = 0.0  # what drives partners out from now on
        w.partnership[m].campaign_mark = 1
    row = note(w, EventKind.CAMPAIGN_STARTED, a.by, a.messenger, c)
    w.log_number[row, 0] = a.tone
    w.log_number[row, 1] = a.intensity
    w.log_number[row, 2] = budget / 100.0
    w.log_number[row, 3] = np.float64(a.weeks)
    return DONE


@rule
def _meant_campaign(w, k):
    """The running campaign that action k refers to: of the labelled launch, else the sender's latest; -1 if none."""
    a = w.action[k]
    clock = w.clock[0]
    tallies = w.tallies[0]
    if a.campaign >= 0:
        c = w.action_state[a.campaign].campaign
        return c if c >= 0 and runs(w.campaign[c], clock.week) and w.campaign[c].by == a.by else -1
    for c in range(tallies.campaigns - 1, -1, -1):
        if w.campaign[c].by == a.by and w.campaign[c].items <= 0.0 and runs(w.campaign[c], clock.week):
            return c
    return -1


@rule
def adjust_campaign(w, k):
    """Change tone, intensity, budget or length of a running campaign from this week on."""
    a = w.action[k]
    c = _meant_campaign(w, k)
    if c < 0:
        return PRECONDITION
    campaign = w.campaign[c]
    budget = np.int64(a.budget * 100.0 + 0.5) if a.budget >= 0.0 else campaign.budget
    if budget < campaign.paid:
        return PRECONDITION
    if a.weeks >= 0 and campaign.start + a.weeks <= w.clock[0].week:
        return PRECONDITION
    short = afford(w, a.by, a.hours, a.cost + budget - campaign.paid)
    if short != DONE:
        return short
    spend(w, k)
    campaign.budget = budget
    if a.tone >= 0.0:
        campaign.tone = a.tone
    if a.intensity >= 0.0:
        campaign.intensity = a.intensity
    if a.weeks >= 0:
        campaign.weeks = a.weeks
        campaign.end = campaign.start + a.weeks
    row = note(w, EventKind.CAMPAIGN_CHANGED, a.by, -1, c)
    w.log_number[row, 0] = campaign.tone
    w.log_number[row, 1] = campaign.intensity
    w.log_number[row, 2] = campaign.budget / 100.0
    return DONE


@rule
def stop_campaign(w, k):
    """End a running campaign before this week; the rest of the budget stays with the sender."""
    c = _meant_campaign(w, k)
    if c < 0:
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    w.campaign[c].end = w.clock[0].week
    return DONE


@rule
def recruit_messenger(w, k):
    """Win a storyteller, a partner or a public adopter as messenger for half a year; a partner costs nothing."""
    a = w.action[k]
    who = w.organisation[a.to]
    partner = a.partnership >= 0 and is_active(w.partnership[a.partnership])
    adopter = who.firm >= 0 and w.firm[who.firm].uptake >= Uptake.PUBLIC_UNCREDITED
    if who.speaks_for_others == 0 and not partner and not adopter:
        return PRECONDITION
    cost = 0 if partner else a.cost
    short = spend_amount(w, a.by, a.hours, cost)
    if short != DONE:
        return short
    w.relation[a.by * w.organisation.shape[0] + a.to].messenger_until = w.clock[0].week + MESSENGER_WEEKS
    return DONE


@rule
def add_stir(w, by, items, tone, weeks):
    """Coverage that no campaign made: a public dispute (sender `by`) or a storm from elsewhere (by -1)."""
    c = _free_campaign(w)
    if c < 0:
        return
    campaign = w.campaign[c]
    campaign.active = 1
    campaign.by = by
    campaign.cosenders = 0
    campaign.start = w.clock[0].week
    campaign.end = campaign.start + weeks
    campaign.action = -1
    campaign.messenger = -1
    campaign.topic = 0
    campaign.audience = 0
    campaign.tone = tone
    campaign.intensity = items / w.parameter[0].stimulus
    campaign.project = -1
    campaign.items = items
