"""Observing: what the conditions of a plan can read, and how a compiled condition is evaluated."""

from __future__ import annotations

from enum import IntEnum

import numpy as np

from sim.engine.compiled import rule
from sim.rules.alliances import is_active
from sim.rules.calendar import window_open
from sim.rules.media import runs, sends
from sim.rules.resources import hours_left
from sim.vocabulary.coded import NEVER, Coded
from sim.vocabulary.uptake import Uptake

__all__ = ["Operation", "Seen", "holds", "observe"]


class Operation(Coded):
    """Steps of a condition in postfix order, each with its sign in the program of a condition."""

    sign: str

    def __new__(cls, code: int, sign: str) -> Operation:
        """Give a code its sign."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.sign = sign
        return member

    NUMBER = 0, "number"
    OBSERVE = 1, "observe"
    LESS = 2, "<"
    LESS_EQUAL = 3, "<="
    GREATER = 4, ">"
    GREATER_EQUAL = 5, ">="
    EQUAL = 6, "=="
    NOT_EQUAL = 7, "!="
    AND = 8, "and"
    OR = 9, "or"
    NOT = 10, "not"

    @property
    def word(self) -> str:
        """The sign."""
        return self.sign

    @classmethod
    def of(cls, word: str) -> Operation:
        """Return the operation with a sign."""
        return next(member for member in cls if member.sign == word)


class Seen(IntEnum):
    """Codes of the observables, by the names that conditions use."""

    WEEK = 0
    YEAR = 1
    MONTH = 2
    DATE = 3
    IN_WINDOW = 4
    COVERAGE = 5
    COVERAGE_MEAN = 6
    STORM = 7
    STORMS = 8
    WEEKS_SINCE_STORM = 9
    CAMPAIGN_RUNNING = 10
    WEEKS_SINCE_CAMPAIGN = 11
    CRITICAL_CAMPAIGN_RUNNING = 12
    REBUTTED = 13
    STATE = 14
    WEEKS_IN_STATE = 15
    PARTNERED = 16
    PUBLIC_PARTNERSHIP = 17
    EXITED = 18
    WEEKS_SINCE_EXIT = 19
    EXITS = 20
    RETURNED = 21
    WEEKS_SINCE_RETURN = 22
    APPROACHES = 23
    REFUSALS = 24
    WEEKS_SINCE_REFUSAL = 25
    CONTRACT = 26
    DECISION = 27
    TOLD = 28
    UNCREDITED_PUBLIC = 29
    PUBLIC_ADOPTERS = 30
    PUBLIC_ADOPTER_SHARE = 31
    GUIDE_PUBLISHED = 32
    SURVEY_PUBLISHED = 33
    WEEKS_SINCE_SURVEY = 34
    MONEY = 35
    GRANT = 36
    HOURS_LEFT = 37
    IN_PLAN = 38
    OWN_CHAMPION = 39
    PROMISE_DUE = 40
    PROMISES_BROKEN = 41
    POLICY = 42
    SEATS_FILLED = 43
    TRUST = 44
    GRIEVANCE = 45
    VALUE = 46
    DISTANCE = 47
    EXPECTATION = 48
    CREDIBILITY = 49
    HEAT = 50


_NEVER = 9999.0


@rule
def _since(week, then):
    return _NEVER if then == NEVER else np.float64(max(0, week - then))


@rule
def _observe_arena(w, name, weeks, now):
    """Observables without an organisation; `now` is the week that is about to begin."""
    clock = w.clock[0]
    media = w.media[0]
    demand = w.demand[0]
    tallies = w.tallies[0]
    day = w.calendar[now]
    if name == Seen.WEEK:
        return np.float64(now)
    if name == Seen.YEAR:
        return np.float64(day.year)
    if name == Seen.MONTH:
        return np.float64(day.month)
    if name == Seen.DATE:
        return np.float64(day.ordinal)
    if name == Seen.IN_WINDOW:
        return np.float64(window_open(day, clock.topic))
    if name == Seen.COVERAGE:
        return media.coverage
    if name == Seen.COVERAGE_MEAN:
        total = 0.0
        for k in range(now - int(weeks), now):
            total += w.coverage_history[k] if k >= 0 else media.coverage_before_storm
        return total / weeks
    if name == Seen.STORM:
        return np.float64(media.storm)
    if name == Seen.STORMS:
        return np.float64(media.storms)
    if name == Seen.WEEKS_SINCE_STORM:
        return _since(now - 1, media.last_storm_week)
    if name == Seen.CRITICAL_CAMPAIGN_RUNNING:
        for c in range(tallies.campaigns):
            if runs(w.campaign[c], now - 1) and w.campaign[c].tone >= 0.5:
                return 1.0
        return 0.0
    if name == Seen.PUBLIC_ADOPTERS:
        return np.float64(tallies.public_adopters)
    if name == Seen.PUBLIC_ADOPTER_SHARE:
        return tallies.public_weight / tallies.total_weight
    if name == Seen.POLICY:
        return np.float64(demand.stage)
    if name == Seen.SEATS_FILLED:
        return tallies.seats_filled / tallies.seats_open if tallies.seats_open > 0.0 else 0.0
    return 0.0


@rule
def _observe_organisation(w, name, i, audience, now):
    """Observables of one organisation."""
    who = w.organisation[i]
    if name == Seen.CAMPAIGN_RUNNING:
        for c in range(w.tallies[0].campaigns):
            if runs(w.campaign[c], now - 1) and sends(w.campaign[c], i):
                return 1.0
        return 0.0
    if name == Seen.WEEKS_SINCE_CAMPAIGN:
        return _since(now - 1, who.campaign_week)
    if name == Seen.REBUTTED:
        return np.float64(who.rebuttals)
    if name == Seen.UNCREDITED_PUBLIC:
        if who.firm >= 0 and w.firm[who.firm].uptake == Uptake.PUBLIC_UNCREDITED:
            return 1.0
        for b in range(w.idea.shape[0]):
            if w.decision[b, i].visible == 1:
                return 1.0
        return 0.0
    if name == Seen.GUIDE_PUBLISHED:
        return np.float64(who.guide_published)
    if name == Seen.SURVEY_PUBLISHED:
        return np.float64(who.survey_published)
    if name == Seen.WEEKS_SINCE_SURVEY:
        return _since(now - 1, who.survey_week)
    if name == Seen.MONEY:
        return w.account[i] / 100.0
    if name == Seen.HOURS_LEFT:
        return hours_left(w, i)
    if name == Seen.IN_PLAN:
        for k in range(w.partnership.shape[0]):
            partnership = w.partnership[k]
            voted_out = (partnership.a == i and partnership.in_plan_a == 0) or (
                partnership.b == i and partnership.in_plan_b == 0
            )
            if voted_out and is_active(partnership):
                return 0.0
        return 1.0
    if name == Seen.GRANT:
        return who.last_grant / 100.0
    if name == Seen.OWN_CHAMPION:
        return np.float64(who.champion)
    if name == Seen.CREDIBILITY:
        return w.credibility[i, audience]
    if name == Seen.HEAT:
        return who.heat
    return 0.0


@rule
def _observe_decision(w, name, i, j):
    """What j was told of i's ideas, and what it chose last."""
    told = 0.0
    latest = NEVER
    seen = 0.0
    for b in range(w.idea.shape[0]):
        if w.idea[b].owner != i:
            continue
        case = w.decision[b, j]
        told = max(told, case.told)
        if case.pending == 1:
            return told if name == Seen.TOLD else 1.0
        if case.chosen_week > latest:
            latest = case.chosen_week
            seen = np.float64(case.choice)
    return told if name == Seen.TOLD else seen


@rule
def _observe_pair(w, name, i, j, now):
    """Observables of what i and j share (directed: a asked b, a told b, a promised b)."""
    n = w.organisation.shape[0]
    k = w.partnership_of[i, j]
    if name == Seen.DECISION or name == Seen.TOLD:
        return _observe_decision(w, name, i, j)
    if k < 0:
        return _NEVER if name in (Seen.WEEKS_SINCE_EXIT, Seen.WEEKS_SINCE_RETURN, Seen.WEEKS_SINCE_REFUSAL) else 0.0
    partnership = w.partnership[k]
    relation = w.relation[i * n + j]
    active = is_active(partnership)
    if name == Seen.STATE:
        return np.float64(partnership.state)
    if name == Seen.WEEKS_IN_STATE:
        return np.float64(max(0, now - 1 - partnership.since))
    if name == Seen.PARTNERED:
        return 1.0 if active else 0.0
    if name == Seen.PUBLIC_PARTNERSHIP:
        return 1.0 if active and partnership.visibility == 0 else 0.0
    if name == Seen.EXITED:
        return 1.0 if partnership.exit_week != NEVER else 0.0
    if name == Seen.WEEKS_SINCE_EXIT:
        return _since(now - 1, partnership.exit_week)
    if name == Seen.EXITS:
        return np.float64(partnership.exits)
    if name == Seen.RETURNED:
        return 1.0 if partnership.return_week != NEVER else 0.0
    if name == Seen.WEEKS_SINCE_RETURN:
        return _since(now - 1, partnership.return_week)
    if name == Seen.APPROACHES:
        return np.float64(relation.approaches)
    if name == Seen.REFUSALS:
        return np.float64(relation.refusals)
    if name == Seen.WEEKS_SINCE_REFUSAL:
        return _since(now - 1, relation.refusal_week)
    if name == Seen.CONTRACT:
        return max(partnership.contract, partnership.agreed)
    if name == Seen.PROMISE_DUE:
        for q in range(w.promise.shape[0]):
            promise = w.promise[q]
            if promise.status == 1 and promise.by == i and promise.to == j and promise.due - now <= 4:
                return 1.0
        return 0.0
    if name == Seen.PROMISES_BROKEN:
        return np.float64(relation.promises_broken)
    if name == Seen.TRUST:
        return relation.trust
    if name == Seen.GRIEVANCE:
        return relation.grievance
    if name == Seen.VALUE:
        return relation.value
    if name == Seen.DISTANCE:
        return partnership.distance
    if name == Seen.EXPECTATION:
        return relation.expectation
    return 0.0


@rule
def observe(w, step, now):
    """Value of the observable of one instruction."""
    if step.a < 0:
        return _observe_arena(w, step.name, step.number, now)
    if step.b < 0 or step.name == Seen.CREDIBILITY:
        return _observe_organisation(w, step.name, step.a, step.b, now)
    return _observe_pair(w, step.name, step.a, step.b, now)


@rule
def _compare(operation, left, right):
    if operation == Operation.LESS:
        return left < right
    if operation == Operation.LESS_EQUAL:
        return left <= right
    if operation == Operation.GREATER:
        return left > right
    if operation == Operation.GREATER_EQUAL:
        return left >= right
    if operation == Operation.EQUAL:
        return left == right
    if operation == Operation.NOT_EQUAL:
        return left != right
    if operation == Operation.AND:
        return left != 0.0 and right != 0.0
    return left != 0.0 or right != 0.0


@rule
def holds(w, start, stop, now):
    """Whether the condition code[start:stop] holds before week `now` begins."""
    stack = w.stack
    height = 0
    for line in range(start, stop):
        step = w.code[line]
        if step.operation == Operation.NUMBER:
            stack[height] = step.number
            height += 1
        elif step.operation == Operation.OBSERVE:
            stack[height] = observe(w, step, now)
            height += 1
        elif step.operation == Operation.NOT:
            stack[height - 1] = 1.0 if stack[height - 1] == 0.0 else 0.0
        else:
            height -= 1
            stack[height - 1] = 1.0 if _compare(step.operation, stack[height - 1], stack[height]) else 0.0
    return stack[0] != 0.0
