"""The event log: what happened, to whom and why, as codes and numbers.

A rule that has something to tell calls `note` and fills numbers and causes into the row that it returns. Worlds
that keep no log have a single spill row, so that the rules need no second way of running.
"""

from __future__ import annotations

from enum import IntEnum

from sim.engine.compiled import rule

__all__ = ["EventKind", "Reason", "note"]


class EventKind(IntEnum):
    """Kinds of events; the order is the order in which one week is told."""

    CHAMPION_LEFT = 1
    CHAMPION_CAME = 2
    WINDOW_OPENED = 3
    SHOCK = 4
    PLAN_DECIDED = 5
    ACTION_DONE = 6
    ACTION_REFUSED = 7
    APPROACH_ACCEPTED = 8
    APPROACH_REFUSED = 9
    TERMS_ACCEPTED = 10
    TERMS_REFUSED = 11
    SIGN_ACCEPTED = 12
    SIGN_REFUSED = 13
    GO_PUBLIC_ACCEPTED = 14
    GO_PUBLIC_REFUSED = 15
    PARTNERSHIP_FORMED = 16
    PARTNERSHIP_SIGNED = 17
    JOINT_WORK_SCALED = 18
    DISAGREEMENT = 19
    PROMISE_MADE = 20
    PROMISE_KEPT = 21
    PROMISE_BROKEN = 22
    SURVEY_PUBLISHED = 23
    GUIDE_PUBLISHED = 24
    TRAINING_OPENED = 25
    SEATS_FILLED = 26
    CAMPAIGN_STARTED = 27
    CAMPAIGN_CHANGED = 28
    CAMPAIGN_ENDED = 29
    VISITORS = 30
    STORM_STARTED = 31
    STORM_ENDED = 32
    REBUTTAL = 33
    IDEA_TOLD = 34
    IDEA_LEAKED = 35
    IDEA_DECISION = 36
    PRESS_RELEASE = 37
    UNCREDITED_USE_SEEN = 38
    CREDIT_GIVEN = 39
    CREDIT_CLAIMED = 40
    ADOPTED = 41
    ADOPTED_COUNT = 42
    BREACH = 43
    APOLOGY = 44
    CELEBRATION = 45
    EXIT = 46
    REAPPROACH_FAILED = 47
    REAPPROACH_UNWILLING = 48
    RETURNED = 49
    ENDED = 50
    GRANT_AWARDED = 51
    GRANT_REFUSED = 52
    GRANT_RETURNED = 53
    POLICY_STAGE = 54
    CLIP = 55


class Reason(IntEnum):
    """Why an action was refused (0: it was not)."""

    DONE = 0
    UNKNOWN = 1
    PRECONDITION = 2
    ELIGIBILITY = 3
    HOURS = 4
    MONEY = 5
    APPROVAL = 6
    PAUSED = 7
    REPEATED = 8


@rule
def note(w, kind, actor, other, thing):
    """Add an event of this week and return its row, for its numbers and causes."""
    arena = w.arena[0]
    row = min(arena.events, w.log.shape[0] - 1)
    arena.events += 1
    event = w.log[row]
    event.week = arena.week
    event.kind = kind
    event.actor = actor
    event.other = other
    event.object = thing
    event.action = -1
    for k in range(w.log_number.shape[1]):
        w.log_number[row, k] = 0.0
    for k in range(w.log_cause.shape[1]):
        w.log_cause[row, k] = 0.0
    return row
