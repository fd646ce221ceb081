"""What an action costs the one who acts: hours of this week and money, or the reason why it cannot be had."""

from __future__ import annotations

from sim.engine.compiled import rule
from sim.rules.resources import OuterAccount, afford, pay, spend_hours
from sim.vocabulary.coded import numbers
from sim.vocabulary.events import Reason

DONE, HOURS = numbers(Reason.DONE, Reason.HOURS)


@rule
def spend_amount(w, i, hours, cents):
    """Take hours and cents from organisation i, all or nothing; returns the reason if they are short."""
    short = afford(w, i, hours, cents)
    if short == DONE:
        spend_hours(w, i, hours)
        if cents > 0:
            pay(w, i, OuterAccount.SUPPLIERS, cents)
    return short


@rule
def spend(w, k):
    """Take what action k costs from its actor."""
    action = w.action[k]
    return spend_amount(w, action.by, action.hours, action.cost)


@rule
def spend_both(w, k, other):
    """Take what action k costs from its actor, and the same hours from the other organisation."""
    action = w.action[k]
    short = afford(w, action.by, action.hours, action.cost)
    if short == DONE and afford(w, other, action.hours, 0) != DONE:
        short = HOURS
    if short == DONE:
        spend(w, k)
        spend_hours(w, other, action.hours)
    return short
