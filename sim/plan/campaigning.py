"""Verbs towards the public: surveys, guides, trainings, information, campaigns and messengers."""

from __future__ import annotations

import numpy as np

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.plan.spending import spend, spend_amount
from sim.rules.alliances import is_active
from sim.rules.elements import COMMUNICATION, GUIDE, TRAINING, add_element, guide_quality
from sim.rules.evidence import survey_quality
from sim.rules.funding import has_project
from sim.rules.ideas import disclose
from sim.rules.resources import afford
from sim.rules.speakers import CRITICAL, FOR, runs, sends, side_of
from sim.rules.stirs import add_stir, free_campaign
from sim.rules.trust import PROMISE_BREAK
from sim.vocabulary.audiences import Audience
from sim.vocabulary.coded import NEVER, numbers
from sim.vocabulary.events import EventKind, Reason
from sim.vocabulary.topics import News
from sim.vocabulary.uptake import SHARE_TOLD, Telling, Uptake
from sim.vocabulary.verbs import Verb

DONE, PRECONDITION, NO_CHANNEL = numbers(Reason.DONE, Reason.PRECONDITION, Reason.NO_CHANNEL)
INFORM_HOURS = Verb.INFORM.hours  # a week of full information work
EMPLOYEES = int(Audience.EMPLOYEES)
SHARE_TOLD_BY_GUIDE = SHARE_TOLD[Telling.GUIDE]
CAMPAIGN, SURVEY = numbers(News.CAMPAIGN, News.SURVEY)
MESSENGER_WEEKS = 26
SURVEY_NEWS_WEEKS = 2
WARNING_WEEKS = 26  # before a launch
RELAPSE_WEEKS, RELAPSE_WEIGHT = 26, 0.5

# Critical tone that a campaign loses when its text is shown to the partner (share): assumption.
SHOW_SOFTENS = 0.15
# What a guide adds to what a federation has to pass on (share): assumption.
GUIDE_STEP = 0.25


@rule
def publish_survey(w, k):
    """Publish a survey: evidence from step 6 of this week on, and news of its own for two weeks, without blame."""
    action = w.action[k]
    p = w.parameter[0]
    short = spend(w, k)
    if short != DONE:
        return short
    organisation = w.organisation[action.by]
    quality = survey_quality(action.respondents, action.method, action.severity)
    organisation.survey_now += (1.0 - organisation.survey_now) * quality
    items = p.stimulus * p.launch_factor * p.evidence_news_value * quality * (1.0 - organisation.survey_staleness)
    add_stir(w, SURVEY, action.by, side_of(organisation.stance, action.side), items, 0.0, SURVEY_NEWS_WEEKS, 0)
    organisation.survey_staleness = 1.0
    organisation.survey_week = w.clock[0].week
    organisation.survey_published = 1
    event = note(w, EventKind.SURVEY_PUBLISHED, action.by, -1, -1)
    w.log_number[event, 0] = action.respondents
    w.log_number[event, 1] = organisation.survey_now
    return DONE


@rule
def publish_guide(w, k):
    """Publish a guide of good practice: its authors' audiences read it, federations pass it on, and it tells ideas."""
    action = w.action[k]
    if action.to >= 0 and not is_active(w.partnership[action.partnership]):
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    quality = guide_quality(w, action.by, action.partnership if action.to >= 0 else -1)
    for i in (action.by, action.to):
        if i < 0:
            continue
        author = w.organisation[i]
        author.guide_published = 1
        author.guide_now = max(author.guide_now, quality)
        if author.carries_to_members == 1:
            author.carries += (1.0 - author.carries) * GUIDE_STEP * quality
        disclose(w, i, SHARE_TOLD_BY_GUIDE)
    if action.to >= 0:
        add_element(w, action.partnership, GUIDE, action.cost / 100.0)
    event = note(w, EventKind.GUIDE_PUBLISHED, action.by, action.to, action.partnership)
    w.log_number[event, 0] = quality
    return DONE


@rule
def run_training(w, k):
    """Open training seats; they fill through the channels of those who announce them."""
    action = w.action[k]
    free = -1
    for q in range(w.training.shape[0]):
        if w.training[q].open == 0:
            free = q
            break
    if free < 0:
        return PRECONDITION
    rate = 0.0
    for i in range(w.organisation.shape[0]):
        if i != action.by and (action.channel >> i) & 1 == 0:
            continue
        if not _has_channel(w, action.by, i):
            return NO_CHANNEL
        rate += w.organisation[i].training_reach * w.credibility[i, EMPLOYEES]
    if rate <= 0.0:
        return NO_CHANNEL
    short = spend(w, k)
    if short != DONE:
        return short
    course = w.training[free]
    course.open = 1
    course.by = action.by
    course.action = k
    course.start = w.clock[0].week
    course.seats = action.seats
    course.filled = 0.0
    course.rate = rate
    w.tallies[0].seats_open += action.seats
    if w.tallies[0].seats_opened < 0:
        w.tallies[0].seats_opened = w.clock[0].week
    w.organisation[action.by].trainings += 1
    course.number = w.organisation[action.by].trainings
    if action.to >= 0 and is_active(w.partnership[action.partnership]):
        add_element(w, action.partnership, TRAINING, action.cost / 100.0)
    event = note(w, EventKind.TRAINING_OPENED, action.by, action.to, free)
    w.log_number[event, 0] = action.seats
    w.log_number[event, 1] = rate
    return DONE


@rule
def _has_channel(w, i, j):
    """I may use its own channels, those of an active partner, and of whoever opens them (unions)."""
    if j == i or w.organisation[j].opens_channels == 1:
        return True
    k = w.partnership_of[i, j]
    return k >= 0 and is_active(w.partnership[k])


@rule
def _inform_week(w, k):
    """One week of information work: hours and money, and contacts in each channel."""
    action = w.action[k]
    short = spend(w, k)
    if short != DONE:
        return short
    w.organisation[action.by].informs = 1
    for i in range(w.organisation.shape[0]):
        own = action.channel == 0 and i == action.by
        if own or (action.channel >> i) & 1 == 1:
            w.organisation[i].informing += action.hours / INFORM_HOURS
    return DONE


@rule
def inform(w, k):
    """Spread information in the own channels, or in those named, for some weeks; it costs hours and EUR every week."""
    action = w.action[k]
    for i in range(w.organisation.shape[0]):
        if (action.channel >> i) & 1 == 1 and not _has_channel(w, action.by, i):
            return NO_CHANNEL
    short = _inform_week(w, k)
    if short == DONE:
        w.action_state[k].until = w.clock[0].week + action.weeks
    return short


@rule
def go_on_informing(w, week):
    """Information work goes on for its weeks; without hours, money or channel it stops."""
    for k in range(w.action.shape[0]):
        action = w.action[k]
        state = w.action_state[k]
        if action.verb != Verb.INFORM or state.until <= 0 or state.due == 1:
            continue
        planned = week >= state.until
        stops = planned
        for i in range(w.organisation.shape[0]):
            stops = stops or ((action.channel >> i) & 1 == 1 and not _has_channel(w, action.by, i))
        if stops or _inform_week(w, k) != DONE:
            state.until = 0
            event = note(w, EventKind.INFORMATION_ENDED, action.by, -1, k)
            w.log_number[event, 0] = 1.0 if planned else 0.0


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
def _heed_warnings(w, k, campaign):
    """Warnings hold for the launch they were about; the text shown to somebody is softer, news that leaked is old."""
    n = w.organisation.shape[0]
    week = w.clock[0].week
    shown = False
    for j in range(n):
        relation = w.relation[j * n + campaign.by]
        then = w.warned_week[k, j]
        if then == NEVER or week - then > WARNING_WEEKS:
            relation.warned = 0.0  # an unwarned launch
        elif w.text_shown[k, j] == 1:
            shown = True
        w.warned_week[k, j] = NEVER
        w.text_shown[k, j] = 0
    if shown:
        campaign.tone *= 1.0 - SHOW_SOFTENS
    _relapse(w, campaign)
    campaign.leaked_to = w.action_state[k].leaked_to
    w.action_state[k].leaked_to = -1
    if campaign.leaked_to >= 0:
        campaign.novelty = 0.0


@rule
def _relapse(w, campaign):
    """Whoever criticises within half a year of an apology breaks its word, with the weight of half a promise."""
    n = w.organisation.shape[0]
    week = w.clock[0].week
    if campaign.tone < CRITICAL:
        return
    for i in range(n):
        for j in range(n):
            sorry = w.relation[i * n + j].apology_week
            if sends(campaign, i) and sorry != NEVER and week - sorry <= RELAPSE_WEEKS:
                w.relation[j * n + i].trust *= 1.0 - RELAPSE_WEIGHT * PROMISE_BREAK
                w.relation[i * n + j].promises_broken += 1
                note(w, EventKind.RELAPSE, i, j, -1)


@rule
def _join(w, k):
    """Whether all co-senders send action k too: who is not on its side only as a partner, and never in criticism."""
    action = w.action[k]
    sign = 1.0 if side_of(w.organisation[action.by].stance, action.side) == FOR else -1.0
    for i in range(w.organisation.shape[0]):
        if (action.cosenders >> i) & 1 == 0 or w.organisation[i].stance * sign > 0.0:
            continue
        m = w.partnership_of[action.by, i]
        if action.tone >= CRITICAL or m < 0 or not is_active(w.partnership[m]):
            return False
    return True


@rule
def launch_campaign(w, k):
    """Start a campaign this week. The whole budget must be there; it is paid week by week."""
    action = w.action[k]
    if action.messenger >= 0 and not _may_speak(w, action.by, action.messenger):
        return PRECONDITION
    if not _join(w, k):
        return PRECONDITION
    budget = np.int64(action.budget * 100.0 + 0.5)
    project = -1
    if action.budget_share > 0.0:  # a part of this year's grant of the project that the sender leads
        for m in range(w.partnership.shape[0]):
            if w.partnership[m].lead == action.by and has_project(w, m) and w.partnership[m].year_budget > 0:
                project = m
                budget = min(
                    np.int64(w.partnership[m].year_budget * action.budget_share + 0.5), w.partnership[m].grant_left
                )
                break
    if w.tallies[0].campaigns >= w.campaign.shape[0]:
        return PRECONDITION
    short = afford(w, action.by, action.hours, budget + action.cost)
    if short != DONE:
        return short
    spend(w, k)
    c = free_campaign(w)
    week = w.clock[0].week
    campaign = w.campaign[c]
    sender = w.organisation[action.by]
    campaign.active = 1
    campaign.kind = CAMPAIGN
    campaign.by = action.by
    campaign.side = side_of(sender.stance, action.side)
    campaign.names = 0
    for j in range(w.named.shape[1]):
        w.named[c, j] = w.target[k, j]
        campaign.names += w.target[k, j]
    sender.launches += 1
    campaign.number = sender.launches
    campaign.novelty = 1.0 - sender.staleness
    campaign.cosenders = action.cosenders
    for i in range(w.organisation.shape[0]):
        if sends(campaign, i):
            w.organisation[i].staleness = 1.0
    campaign.start = week
    campaign.end = week + action.weeks
    campaign.action = k
    campaign.messenger = action.messenger if action.messenger != action.by else -1
    campaign.topic = action.topic if action.topic >= 0 else w.clock[0].topic
    campaign.audience = action.audience
    campaign.tone = action.tone
    _heed_warnings(w, k, campaign)
    campaign.intensity = action.intensity
    campaign.weeks = action.weeks
    campaign.video = action.video
    campaign.stunt = action.stunt
    campaign.items = 0.0
    campaign.budget = budget
    campaign.paid = 0
    campaign.project = project
    w.action_state[k].campaign = c
    _share_elements(w, campaign, action.elements, budget / 100.0)
    for m in range(w.partnership.shape[0]):
        w.leaving_since[m, 0] = 0.0  # what drives partners out from now on
        w.leaving_since[m, 1] = 0.0
    event = note(w, EventKind.CAMPAIGN_STARTED, action.by, action.messenger, c)
    w.log_number[event, 0] = action.tone
    w.log_number[event, 1] = action.intensity
    w.log_number[event, 2] = budget / 100.0
    w.log_number[event, 3] = np.float64(action.weeks)
    w.log_number[event, 4] = np.float64(campaign.side)
    w.log_number[event, 5] = np.float64(campaign.names)
    return DONE


@rule
def _meant_campaign(w, k):
    """The running campaign that action k refers to: of the labelled launch, else the sender's latest; -1 if none."""
    action = w.action[k]
    clock = w.clock[0]
    tallies = w.tallies[0]
    if action.campaign >= 0:
        c = w.action_state[action.campaign].campaign
        return c if c >= 0 and runs(w.campaign[c], clock.week) and w.campaign[c].by == action.by else -1
    for c in range(tallies.campaigns - 1, -1, -1):
        if w.campaign[c].by == action.by and w.campaign[c].kind == CAMPAIGN and runs(w.campaign[c], clock.week):
            return c
    return -1


@rule
def adjust_campaign(w, k):
    """Change tone, intensity, budget or length of a running campaign from this week on."""
    action = w.action[k]
    c = _meant_campaign(w, k)
    if c < 0:
        return PRECONDITION
    campaign = w.campaign[c]
    budget = np.int64(action.budget * 100.0 + 0.5) if action.budget >= 0.0 else campaign.budget
    if budget < campaign.paid:
        return PRECONDITION
    if action.weeks >= 0 and campaign.start + action.weeks <= w.clock[0].week:
        return PRECONDITION
    short = afford(w, action.by, action.hours, action.cost + budget - campaign.paid)
    if short != DONE:
        return short
    spend(w, k)
    campaign.budget = budget
    if action.tone >= 0.0:
        campaign.tone = action.tone
    if action.intensity >= 0.0:
        campaign.intensity = action.intensity
    if action.weeks >= 0:
        campaign.weeks = action.weeks
        campaign.end = campaign.start + action.weeks
    event = note(w, EventKind.CAMPAIGN_CHANGED, action.by, -1, c)
    w.log_number[event, 0] = campaign.tone
    w.log_number[event, 1] = campaign.intensity
    w.log_number[event, 2] = campaign.budget / 100.0
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
    action = w.action[k]
    organisation = w.organisation[action.to]
    partner = action.partnership >= 0 and is_active(w.partnership[action.partnership])
    adopter = organisation.firm >= 0 and w.firm[organisation.firm].uptake >= Uptake.PUBLIC_UNCREDITED
    if organisation.speaks_for_others == 0 and not partner and not adopter:
        return PRECONDITION
    cost = 0 if partner else action.cost
    short = spend_amount(w, action.by, action.hours, cost)
    if short != DONE:
        return short
    w.relation[action.by * w.organisation.shape[0] + action.to].messenger_until = w.clock[0].week + MESSENGER_WEEKS
    return DONE
