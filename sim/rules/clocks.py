"""Thresholds of what may happen to a partnership in any week, drawn anew whenever it starts to be active or apart."""

from __future__ import annotations

from sim.engine.compiled import rule
from sim.engine.randomness import Decision, threshold, uniform

#: Causes of leaving, and the two sides of a pair: who was asked, and who asked. Columns of ``w.leaving``.
CONFLICT, DRIFT = range(2)
MEMBER, INITIATOR = range(2)


@rule
def clock_of(cause, side):
    """Column of a cause and a side."""
    return 2 * cause + side


@rule
def wind_active(w, k):
    """A new active spell of pair k: four sums for leaving (two causes, two sides), and one for being found out."""
    clock = w.clock[0]
    n = w.organisation.shape[0]
    partnership = w.partnership[k]
    partnership.spell += 1
    for side in range(2):
        m = partnership.member if side == MEMBER else partnership.initiator
        other = partnership.initiator if side == MEMBER else partnership.member
        key = w.relation[m * n + other].key
        for cause in range(2):
            decision = Decision.CONFLICT if cause == CONFLICT else Decision.DRIFT
            column = clock_of(cause, side)
            w.leaving[k, column] = 0.0
            w.leaving_limit[k, column] = threshold(clock.seed, clock.replicate, decision, key, partnership.spell)
        w.leaving_since[k, side] = 0.0
    partnership.found_sum = 0.0
    partnership.found_threshold = threshold(
        clock.seed, clock.replicate, Decision.FOUND_OUT, partnership.key, partnership.spell
    )


@rule
def knock_threshold(w, partnership):
    """Sum of the hazards of knocking at which the next attempt is made."""
    clock = w.clock[0]
    return threshold(clock.seed, clock.replicate, Decision.REAPPROACH, partnership.key, partnership.attempts)


@rule
def wind_cooling(w, k):
    """A cooling spell of pair k: how forgiving who left is, and the sums for knocking, coming back and moving on."""
    clock = w.clock[0]
    partnership = w.partnership[k]
    spell = partnership.cooling_spells
    partnership.reapproach_sum = 0.0
    partnership.reapproach_threshold = knock_threshold(w, partnership)
    partnership.return_sum = 0.0
    partnership.return_threshold = threshold(clock.seed, clock.replicate, Decision.SELF_RETURN, partnership.key, spell)
    partnership.forgiveness = uniform(clock.seed, clock.replicate, Decision.FORGIVENESS, partnership.key, spell)
    partnership.moving_sum = 0.0
    partnership.moving_threshold = threshold(clock.seed, clock.replicate, Decision.MOVING_ON, partnership.key, spell)
