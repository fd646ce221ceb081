"""The verb towards politics: lobbying for or against the demand of the scenario."""

from __future__ import annotations

from sim.engine.compiled import rule
from sim.plan.spending import spend
from sim.rules.speakers import FOR, has_lobbied, side_of
from sim.vocabulary.coded import numbers
from sim.vocabulary.events import Reason

DONE, REPEATED = numbers(Reason.DONE, Reason.REPEATED)


@rule
def lobby(w, k):
    """Talk to politicians: it weighs this week, and for four weeks the actor counts among those who speak up.

    For as long politicians see no reason to hear the same from the same organisation again.
    """
    action = w.action[k]
    organisation = w.organisation[action.by]
    side = side_of(organisation.stance, action.side)
    if has_lobbied(w, action.by, side, w.clock[0].week):
        return REPEATED
    short = spend(w, k)
    if short != DONE:
        return short
    organisation.lobbies_now |= 1 << side
    if side == FOR:
        organisation.lobby_week = w.clock[0].week
    else:
        organisation.counter_lobby_week = w.clock[0].week
    return DONE
