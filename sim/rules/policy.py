"""Policy: the way of a demand through politics (submodel S15).

A demand comes onto the agenda, is promised, decided and put into force, in this order. What moves it is attention,
a sender whom politicians believe and who has evidence, lobbying, and the breadth of the coalition behind it.
"""

from __future__ import annotations

import numpy as np

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.engine.randomness import Decision, threshold
from sim.rules.adoption import credibility_with
from sim.rules.life_cycle import is_active
from sim.rules.media import runs, sends
from sim.vocabulary.audiences import Audience
from sim.vocabulary.coded import NEVER, numbers
from sim.vocabulary.events import EventKind
from sim.vocabulary.partnerships import Visibility
from sim.vocabulary.topics import Stage

__all__ = ["agenda_pressure", "coalition_breadth", "coalition_of", "find_sender", "pursue_policy", "stage_hazard"]

AGENDA, DECIDED, IN_FORCE = numbers(Stage.AGENDA, Stage.DECIDED, Stage.FORCE)
POLITICIANS = int(Audience.POLITICIANS)
THE_DEMAND = 0  # a scenario has one demand: the entity of its draws


@rule
def lobbied(w, i, week):
    """Whether organisation i lobbied this week or in the weeks before in which that still works."""
    then = w.organisation[i].lobby_week
    return then != NEVER and week - then < w.parameter[0].lobby_weeks


@rule
def _campaigns(w, i, week):
    """Whether i sends or co-sends a campaign; public disputes about credit are none."""
    for c in range(w.tallies[0].campaigns):
        campaign = w.campaign[c]
        if campaign.items <= 0.0 and runs(campaign, week) and sends(campaign, i):
            return True
    return False


@rule
def find_sender(w, week):
    """Of those who campaign or lobbied lately: the one whom politicians believe most, or -1."""
    p = w.parameter[0]
    best = -1.0
    sender = -1
    for i in range(w.organisation.shape[0]):
        if lobbied(w, i, week) or _campaigns(w, i, week):
            believed = credibility_with(w, i, POLITICIANS, p)
            if believed > best:
                best = believed
                sender = i
    return sender


@rule
def _sends_with(w, i, j, week):
    """Whether i and j stand behind the same running campaign."""
    for c in range(w.tallies[0].campaigns):
        campaign = w.campaign[c]
        if campaign.items <= 0.0 and runs(campaign, week) and sends(campaign, i) and sends(campaign, j):
            return True
    return False


@rule
def coalition_of(w, sender, week):
    """Count the active members for the demand.

    They are the sender, who campaigns with it, its partners in active public partnerships that are on the side of
    the demand (stance > 0), and everybody who lobbied lately.
    """
    members = 0
    for j in range(w.organisation.shape[0]):
        k = w.partnership_of[sender, j] if j != sender else -1
        stands_by = (
            k >= 0
            and is_active(w.partnership[k])
            and w.partnership[k].visibility == Visibility.PUBLIC
            and w.organisation[j].stance > 0.0
        )
        if j == sender or stands_by or lobbied(w, j, week) or _sends_with(w, sender, j, week):
            members += 1
    return members


@rule
def coalition_breadth(members, p):
    """Breadth = min(1, (members - 1) / 5)."""
    return min(1.0, (members - 1) / p.coalition_full)


@rule
def agenda_pressure(attention, credibility, evidence, has_lobbied, p):
    """0.02 A C[sender, politicians] (1 + Ev), x 1.5 after lobbying."""
    return p.agenda_pressure * attention * credibility * (1.0 + evidence) * (p.lobby_factor if has_lobbied else 1.0)


@rule
def stage_hazard(stage, pressure, breadth, p):
    """Weekly hazard of the next stage: agenda 0.0005 + pressure, promise 0.01, decision 0.005; each x (1 + breadth)."""
    if stage == 0:
        hazard = p.agenda_base + pressure
    elif stage == AGENDA:
        hazard = p.promise_hazard
    else:
        hazard = p.decision_hazard
    return hazard * (1.0 + breadth)


@rule
def _enter(w, stage, sender, week):
    """Reach a stage, start the sum of hazards anew, and log it; the decision changes what firms do by themselves."""
    demand = w.demand[0]
    demand.stage = stage
    demand.week = week
    demand.hazard = 0.0
    if stage == DECIDED:
        demand.base_rate_factor *= demand.factor
    event = note(w, EventKind.POLICY_STAGE, sender, -1, stage)
    w.log_number[event, 0] = np.float64(stage)
    return event


@rule
def pursue_policy(w, week):
    """One week of the demand: at most one stage further, when its hazards so far cross the threshold of the stage.

    What is decided comes into force after a fixed time.
    """
    clock = w.clock[0]
    media = w.media[0]
    demand = w.demand[0]
    p = w.parameter[0]
    stage = demand.stage
    if stage == IN_FORCE:
        return
    if stage == DECIDED:
        if week - demand.week >= p.force_delay:
            _enter(w, IN_FORCE, -1, week)
        return
    sender = find_sender(w, week)
    pressure = 0.0
    breadth = 0.0
    members = 0
    if sender >= 0:
        organisation = w.organisation[sender]
        believed = credibility_with(w, sender, POLITICIANS, p)
        pressure = agenda_pressure(media.attention, believed, organisation.evidence, lobbied(w, sender, week), p)
        members = coalition_of(w, sender, week)
        breadth = coalition_breadth(members, p)
    hazard = stage_hazard(stage, pressure, breadth, p)
    demand.hazard += hazard
    limit = threshold(clock.seed, clock.replicate, Decision.POLICY_STAGE, THE_DEMAND, stage + 1)
    if demand.hazard < limit:
        return
    summed = demand.hazard
    event = _enter(w, stage + 1, sender, week)
    w.log_number[event, 1] = np.float64(members)
    w.log_number[event, 2] = 1.0 if sender >= 0 and lobbied(w, sender, week) else 0.0
    w.log_cause[event, 0] = stage_hazard(stage, 0.0, breadth, p)
    w.log_cause[event, 1] = hazard - w.log_cause[event, 0]
    w.log_cause[event, 2] = breadth
    w.log_cause[event, 3] = summed
    w.log_cause[event, 4] = limit
    if sender >= 0:
        w.log_cause[event, 5] = media.attention
        w.log_cause[event, 6] = credibility_with(w, sender, POLITICIANS, p)
        w.log_cause[event, 7] = w.organisation[sender].evidence
