"""Closing the week: what is counted at its end (step 14)."""

from __future__ import annotations

from sim.engine.compiled import rule
from sim.rules.alliances import is_active
from sim.vocabulary.partnerships import State, Visibility


@rule
def close_week(w):
    """Count weeks of the partnerships at stake, and weeks away."""
    tallies = w.tallies[0]
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if partnership.link == 1:
            continue
        at_stake = w.organisation[partnership.a].at_stake + w.organisation[partnership.b].at_stake > 0
        if is_active(partnership) and at_stake:
            tallies.partnership_weeks += 1
            if partnership.visibility == Visibility.PUBLIC:
                tallies.public_partnership_weeks += 1
        elif partnership.state == State.COOLING:
            tallies.weeks_away += 1
