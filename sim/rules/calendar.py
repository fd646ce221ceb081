"""Opening the week: the clock, capacities, budgets and awareness days (submodel S1).

Reach depends on the day: on an awareness day more people listen, and more rivals speak.
"""

from __future__ import annotations

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.rules.resources import pay_annual_budgets, spend_hours
from sim.vocabulary.events import EventKind
from sim.vocabulary.topics import Topic
from sim.vocabulary.verbs import Shock, Verb

# Hours that committed people inside a public body add in November and December (share): source talk (direction);
# level assumed.
SEASON_HELP = 0.25


@rule
def window_open(day, topic):
    """1 if a window of the topic holds a day of the week of calendar row `day`."""
    if topic == Topic.WORK_EQUALITY:
        return day.window_work
    if topic == Topic.VIOLENCE:
        return day.window_violence
    if topic == Topic.GENDER_GENERAL:
        return max(day.window_work, day.window_violence)
    return 0


@rule
def awareness_days(day, topic):
    """Awareness days of the topic in the week of calendar row `day`: 8 March; 25 November and 10 December."""
    if topic == Topic.WORK_EQUALITY:
        return day.days_work
    if topic == Topic.VIOLENCE:
        return day.days_violence
    if topic == Topic.GENDER_GENERAL:
        return day.days_work + day.days_violence
    return 0


@rule
def share_of_voice(stunt, rivals, p):
    """SOV = (1 + b_nu nu) / (1 + b_nu nu + n): a stunt stands out among n rivals."""
    loud = 1.0 + p.stunt_boost * stunt
    return loud / (loud + rivals)


@rule
def day_multiplier(awareness, stunt, rivals, p):
    """M = (1 + a_win [awareness day]) SOV(nu, n_o + n_c) / SOV(0, n_o): 1 for a plain campaign on an ordinary day.

    An awareness day pays a stunt and costs a plain campaign (pattern P31).
    """
    ordinary = share_of_voice(0.0, p.everyday_rivals, p)
    heard = 1.0 + p.window_boost if awareness == 1 else 1.0
    return heard * share_of_voice(stunt, p.everyday_rivals + rivals, p) / ordinary


@rule
def reach_multiplier(day, topic, stunt, p):
    """M of a week: the mean over its days, d of which are awareness days of the topic."""
    days = awareness_days(day, topic)
    given = day.rivals >= 0.0
    ordinary = day_multiplier(0, stunt, day.rivals if given else 0.0, p)
    if days == 0:
        return ordinary
    busy = day_multiplier(1, stunt, day.rivals if given else p.window_rivals, p)
    return (days * busy + (7 - days) * ordinary) / 7.0


@rule
def _left_after_cuts(w, i, week):
    """Share of its hours that organisation i has while capacity is cut: every cut takes its part of what is left."""
    left = 1.0
    for k in range(w.action.shape[0]):
        action = w.action[k]
        cut = action.verb == Verb.SHOCK and action.key == Shock.CAPACITY_CUT
        if cut and action.to == i and week < w.action_state[k].until:
            left *= 1.0 - action.share
    return left


@rule
def _end_budget_cuts(w, week):
    """What budgets were cut for a time is given back when the time is over, cut by cut."""
    for k in range(w.action.shape[0]):
        state = w.action_state[k]
        if state.cut > 0 and week >= state.until:
            w.organisation[w.action[k].to].annual_budget += state.cut
            state.cut = 0


@rule
def open_week(w, week):
    """Set the clock, give every organisation its hours of the week, pay January's budgets, tell of windows."""
    clock = w.clock[0]
    tallies = w.tallies[0]
    clock.week = week
    tallies.effects = 0
    tallies.requests = 0
    day = w.calendar[week]
    if week <= w.tallies[0].cut_until:
        _end_budget_cuts(w, week)
    if week > 0 and day.budget_week == 1:
        pay_annual_budgets(w)
    for i in range(w.organisation.shape[0]):
        organisation = w.organisation[i]
        organisation.hours_used = 0.0
        hours = organisation.capacity
        if day.busy_season == 1 and organisation.public_body == 1 and organisation.champion == 1:
            hours *= 1.0 + SEASON_HELP  # committed people inside help in November and December
        if week < w.tallies[0].cut_until:
            hours *= _left_after_cuts(w, i, week)
        organisation.capacity_now = hours
        spend_hours(w, i, organisation.standing_hours)  # appointed champions, contact persons
        organisation.survey_now = 0.0
        organisation.informing = 0.0
        organisation.informs = 0
        organisation.guide_now = 0.0
        organisation.celebrating = 0.0
        organisation.board_contacts = 0.0
        organisation.lobbies_now = 0
    for k in range(w.partnership.shape[0]):
        w.partnership[k].workshop = 0.0
        w.partnership[k].celebrated = 0
    for k in range(w.relation.shape[0]):
        w.relation[k].kept = 0.0
    if window_open(day, clock.topic) == 1 and (week == 0 or window_open(w.calendar[week - 1], clock.topic) == 0):
        note(w, EventKind.WINDOW_OPENED, -1, -1, clock.topic)
