"""The event log: what happened, to whom and why, as codes and numbers.

A rule that has something to tell calls `note` and fills numbers and causes into the row that it returns. Worlds
that keep no log have a single spill row, so that the rules need no second way of running.
"""

from __future__ import annotations

from sim.engine.compiled import rule


@rule
def note(w, kind, actor, other, thing):
    """Add an event of this week and return its row, for its numbers and causes."""
    clock = w.clock[0]
    tallies = w.tallies[0]
    row = min(tallies.events, w.log.shape[0] - 1)
    tallies.events += 1
    event = w.log[row]
    event.week = clock.week
    event.kind = kind
    event.actor = actor
    event.other = other
    event.object = thing
    event.action = -1
    if w.log.shape[0] == 1:
        return row  # nobody reads it
    for k in range(w.log_number.shape[1]):
        w.log_number[row, k] = 0.0
    for k in range(w.log_cause.shape[1]):
        w.log_cause[row, k] = 0.0
    return row
