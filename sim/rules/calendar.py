"""Opening the week: the clock, capacities, budgets and awareness windows (submodel S1).

Reach depends on the day: on an awareness day more people listen, and more rivals speak.
"""

from __future__ import annotations

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.rules.resources import pay_annual_budgets, spend_hours
from sim.vocabulary.events import EventKind
from sim.vocabulary.topics import Topic

__all__ = ["open_week", "reach_multiplier", "share_of_voice", "window_factor", "window_open"]


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
def window_factor(is_open, p):
    """W = 1 + a_win in an open window, else 1."""
    return 1.0 + p.window_boost * is_open


@rule
def share_of_voice(stunt, rivals, p):
    """SOV = (1 + b_nu nu) / (1 + b_nu nu + chi n_c): a stunt stands out among rivals."""
    loud = 1.0 + p.stunt_boost * stunt
    return loud / (loud + p.rivalry * rivals)


@rule
def reach_multiplier(is_open, stunt, rivals, p):
    """M = W x SOV. An open window pays a stunt and costs a plain campaign (pattern P31)."""
    return window_factor(is_open, p) * share_of_voice(stunt, rivals, p)


@rule
def open_week(w, week):
    """Set the clock, give every organisation its hours of the week, pay January's budgets, tell of windows."""
    clock = w.clock[0]
    tallies = w.tallies[0]
    p = w.parameter[0]
    clock.week = week
    tallies.effects = 0
    tallies.requests = 0
    day = w.calendar[week]
    if week > 0 and day.budget_week == 1:
        pay_annual_budgets(w)
    for i in range(w.organisation.shape[0]):
        organisation = w.organisation[i]
        organisation.hours_used_before = organisation.hours_used
        organisation.hours_used = 0.0
        hours = organisation.capacity
        if day.busy_season == 1:
            hours *= organisation.busy_season  # volunteers help in November and December
        if day.holiday == 1:
            hours *= p.holiday_factor
        if week < organisation.capacity_cut_until:
            hours *= 1.0 - organisation.capacity_cut
        organisation.capacity_now = hours
        spend_hours(w, i, organisation.standing_hours)  # appointed champions, contact persons
        organisation.survey_now = 0.0
    for k in range(w.partnership.shape[0]):
        w.partnership[k].workshop = 0.0
        w.partnership[k].celebrated = 0
    for k in range(w.relation.shape[0]):
        w.relation[k].kept = 0.0
    if window_open(day, clock.topic) == 1 and (week == 0 or window_open(w.calendar[week - 1], clock.topic) == 0):
        note(w, EventKind.WINDOW_OPENED, -1, -1, clock.topic)
