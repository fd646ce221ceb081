"""Hours and money. Hours are spent within the week; money moves in a double-entry ledger of whole cents."""

from __future__ import annotations

from enum import IntEnum

from sim.engine.compiled import rule
from sim.vocabulary.coded import numbers
from sim.vocabulary.events import Reason

DONE, HOURS, MONEY = numbers(Reason.DONE, Reason.HOURS, Reason.MONEY)


class OuterAccount(IntEnum):
    """Accounts of the ledger beside those of the organisations, counted from the end of the organisations."""

    TREASURY = 0
    SUPPLIERS = 1
    MEDIA_BUYING = 2
    PARTICIPANTS = 3


@rule
def post(w, source, target, cents):
    """Move money: what one account loses the other gains, so that all balances always sum to zero."""
    w.account[source] -= cents
    w.account[target] += cents


@rule
def pay(w, i, outer, cents):
    """Organisation i pays an outer account; the outflow counts as its cost."""
    post(w, i, w.organisation.shape[0] + outer, cents)
    w.organisation[i].cost += cents


@rule
def hours_left(w, i):
    """Hours that organisation i has not yet spent this week."""
    organisation = w.organisation[i]
    return max(0.0, organisation.capacity_now - organisation.hours_used)


@rule
def spend_hours(w, i, hours):
    """Book hours of organisation i this week (never more than are left)."""
    spent = min(hours, hours_left(w, i))
    w.organisation[i].hours_used += spent
    w.organisation[i].hours_total += spent
    return spent


@rule
def afford(w, i, hours, cents):
    """Why organisation i cannot spend these hours and cents now, or `Reason.DONE` if it can."""
    if hours_left(w, i) < hours:
        return HOURS
    if w.account[i] < cents:
        return MONEY
    return DONE


@rule
def pay_annual_budgets(w):
    """In the first week of January the treasury pays every organisation its annual budget."""
    n = w.organisation.shape[0]
    for i in range(n):
        post(w, n + OuterAccount.TREASURY, i, w.organisation[i].annual_budget)
