"""Verbs that work on how criticism will be taken: explaining one's role, warning a partner."""

from __future__ import annotations

import numpy as np

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.engine.randomness import Decision, uniform_pair
from sim.plan.spending import spend_amount, spend_both
from sim.rules.alliances import is_active, membership_of
from sim.rules.clocks import CONFLICT, INITIATOR, MEMBER, clock_of
from sim.rules.leaving import walk_out
from sim.rules.resources import afford, spend_hours
from sim.rules.speakers import runs
from sim.rules.understanding import EXPLAIN_GAIN
from sim.vocabulary.audiences import Audience
from sim.vocabulary.coded import NEVER, numbers
from sim.vocabulary.events import EventKind, Reason
from sim.vocabulary.partnerships import State

DONE, PRECONDITION, REPEATED, HOURS = numbers(Reason.DONE, Reason.PRECONDITION, Reason.REPEATED, Reason.HOURS)
SUPPORTERS = int(Audience.SUPPORTERS)
LEAK_COST = 0.01  # of one's standing with supporters, when a text that was shown comes out
AGAIN_WEEKS = 13  # between two explanations to the same


@rule
def explain_role(w, k):
    """Explain that criticism is one's job: r + g_r (1 - r); both give the hours. Once a quarter."""
    action = w.action[k]
    week = w.clock[0].week
    partnership = w.partnership[action.partnership]
    if partnership.state < State.CONTACT or partnership.state > State.FORMAL:
        return PRECONDITION
    relation = w.relation[action.to * w.organisation.shape[0] + action.by]
    if relation.role >= 1.0:
        return PRECONDITION  # understands already
    if relation.explained_week != NEVER and week - relation.explained_week < AGAIN_WEEKS:
        return REPEATED
    short = spend_both(w, k, action.to)
    if short != DONE:
        return short
    relation.explained_week = week
    relation.role += EXPLAIN_GAIN * (1.0 - relation.role)
    event = note(w, EventKind.ROLE_EXPLAINED, action.by, action.to, action.partnership)
    w.log_number[event, 0] = relation.role
    return DONE


@rule
def _launch_is_over(w, k, launch, week):
    """Whether the campaign of a launch runs, or cannot come any more; of this week what stands later still comes."""
    state = w.action_state[launch]
    if state.campaign >= 0 and runs(w.campaign[state.campaign], week):
        return True
    comes = state.due == 1 and launch > k
    return state.fired >= w.action[launch].max_times and not comes


@rule
def warn(w, k):
    """Tell a partner before a campaign, or show it the text: the blow is softer, and now and then it leaks.

    With probability p_w (1 - T) the partner leaves at once, with the same it leaks: then the launch is no news, and the
    partner answers in the week of the launch.
    """
    action = w.action[k]
    clock = w.clock[0]
    p = w.parameter[0]
    n = w.organisation.shape[0]
    partnership = w.partnership[action.partnership]
    if partnership.state < State.CONTACT or partnership.state > State.FORMAL:
        return PRECONDITION
    if action.campaign < 0 or _launch_is_over(w, k, action.campaign, clock.week):
        return PRECONDITION
    hours = 2.0 * action.hours if action.show_text == 1 else action.hours
    if action.show_text == 1 and afford(w, action.to, hours, 0) != DONE:
        return HOURS
    short = spend_amount(w, action.by, hours, action.cost)
    if short != DONE:
        return short
    relation = w.relation[action.to * n + action.by]
    if action.show_text == 1:
        spend_hours(w, action.to, hours)
        relation.kept += 1.0
        w.text_shown[action.campaign, action.to] = 1
    relation.warnings += 1
    relation.warned = max(relation.warned, p.show_effect if action.show_text == 1 else p.warn_effect)
    w.warned_week[action.campaign, action.to] = clock.week
    leave_u, leak_u = uniform_pair(clock.seed, clock.replicate, Decision.WARNING, relation.key, relation.warnings, 0)
    risk = p.warn_risk * (1.0 - relation.trust)
    leaves = is_active(partnership) and leave_u < risk
    leaks = leak_u < risk
    event = note(w, EventKind.WARNED, action.by, action.to, action.partnership)
    w.log_number[event, 0] = 1.0 if leaves else 0.0
    w.log_number[event, 1] = 1.0 if leaks else 0.0
    w.log_number[event, 2] = np.float64(action.show_text)
    if leaks:
        w.action_state[action.campaign].leaked_to = action.to
        if action.show_text == 1:
            w.credibility[action.by, SUPPORTERS] *= 1.0 - LEAK_COST
    if leaves:
        m = membership_of(w, action.partnership, action.to)
        side = MEMBER if w.partnership[m].member == action.to else INITIATOR
        walk_out(w, m, action.to, clock_of(CONFLICT, side))
    return DONE
