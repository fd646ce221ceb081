"""The verb towards politics: lobbying for the demand of the scenario."""

from __future__ import annotations

from sim.engine.compiled import rule
from sim.plan.spending import spend
from sim.vocabulary.events import Reason

__all__ = ["lobby"]

DONE = int(Reason.DONE)


@rule
def lobby(w, k):
    """Talk to politicians: for some weeks the actor speaks for the demand, and weighs more."""
    short = spend(w, k)
    if short == DONE:
        w.organisation[w.action[k].by].lobby_week = w.clock[0].week
    return short
