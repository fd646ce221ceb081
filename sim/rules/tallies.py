"""Closing the week: counts of the week and range checks (step 14)."""

from __future__ import annotations

from sim.engine.compiled import rule
from sim.rules.alliances import is_active
from sim.vocabulary.partnerships import State

__all__ = ["close_week"]


@rule
def close_week(w):
    """Count partnership weeks and weeks away."""
    arena = w.arena[0]
    for k in range(w.pair.shape[0]):
        tie = w.pair[k]
        if tie.link == 1:
            continue
        if is_active(tie):
            arena.partnership_weeks += 1
            if tie.visibility == 0:
                arena.public_partnership_weeks += 1
        elif tie.state == State.COOLING:
            arena.weeks_away += 1
