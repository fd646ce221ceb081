"""Carrying out a plan: which actions are due, and doing or refusing each, in the order of the file."""

from __future__ import annotations

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.plan.campaigning import (
    adjust_campaign,
    go_on_informing,
    inform,
    launch_campaign,
    publish_guide,
    publish_survey,
    recruit_messenger,
    run_training,
    stop_campaign,
)
from sim.plan.conditions import holds
from sim.plan.explaining import explain_role, warn
from sim.plan.lobbying import lobby
from sim.plan.organising import apply_funding, appoint_champion, set_focal_point, set_strategy, shock
from sim.plan.partnering import (
    apologise,
    approach,
    celebrate,
    defer_or_insist,
    deliver,
    exit_partnership,
    go_public,
    go_shadow,
    offer_terms,
    pause,
    promise,
    reapproach,
    sign,
    suspend,
)
from sim.plan.sharing import claim_credit, credit, hold_workshop, share_idea
from sim.rules.alliances import is_active
from sim.rules.formation import REAPPROACH, ask_for
from sim.rules.funding import is_public_body
from sim.rules.ideas import told_by_strategy
from sim.rules.leaving import COOLING_WEEKS
from sim.rules.life_cycle import other_member
from sim.rules.resources import spend_hours
from sim.vocabulary.coded import numbers
from sim.vocabulary.events import EventKind, Reason
from sim.vocabulary.partnerships import State
from sim.vocabulary.verbs import Verb

APPROVAL = int(Reason.APPROVAL)
ACTION_DONE, ACTION_REFUSED = numbers(EventKind.ACTION_DONE, EventKind.ACTION_REFUSED)


@rule
def find_due_actions(w, week):
    """Mark the actions of this week; conditions read the world as last week left it."""
    for k in range(w.action.shape[0]):
        action = w.action[k]
        state = w.action_state[k]
        state.due = 0
        if state.stopped == 1 or state.fired >= action.max_times or week < state.next_week:
            continue
        if action.when == 0:
            state.due = 1 if week == state.next_week else 0
        elif holds(w, action.code_start, action.code_end, week):
            state.due = 1
        if state.due == 1:
            state.fired += 1
            state.next_week = week + action.repeat_every


@rule
def _perform(w, k):
    """Do action k and return `Reason.DONE`, or the reason why not."""
    verb = w.action[k].verb
    if verb == Verb.APPROACH:
        return approach(w, k)
    if verb == Verb.OFFER_TERMS:
        return offer_terms(w, k)
    if verb == Verb.SIGN:
        return sign(w, k)
    if verb == Verb.SHARE_IDEA:
        return share_idea(w, k)
    if verb == Verb.HOLD_WORKSHOP:
        return hold_workshop(w, k)
    if verb == Verb.PUBLISH_SURVEY:
        return publish_survey(w, k)
    if verb == Verb.PUBLISH_GUIDE:
        return publish_guide(w, k)
    if verb == Verb.RUN_TRAINING:
        return run_training(w, k)
    if verb == Verb.INFORM:
        return inform(w, k)
    if verb == Verb.LAUNCH_CAMPAIGN:
        return launch_campaign(w, k)
    if verb == Verb.ADJUST_CAMPAIGN:
        return adjust_campaign(w, k)
    if verb == Verb.STOP_CAMPAIGN:
        return stop_campaign(w, k)
    if verb == Verb.RECRUIT_MESSENGER:
        return recruit_messenger(w, k)
    if verb == Verb.GO_PUBLIC:
        return go_public(w, k)
    if verb == Verb.GO_SHADOW:
        return go_shadow(w, k)
    if verb == Verb.CREDIT:
        return credit(w, k)
    if verb == Verb.CLAIM_CREDIT:
        return claim_credit(w, k)
    if verb == Verb.DEFER:
        return defer_or_insist(w, k, False)
    if verb == Verb.INSIST:
        return defer_or_insist(w, k, True)
    if verb == Verb.PROMISE:
        return promise(w, k)
    if verb == Verb.DELIVER:
        return deliver(w, k)
    if verb == Verb.APOLOGISE:
        return apologise(w, k)
    if verb == Verb.PAUSE:
        return pause(w, k)
    if verb == Verb.REAPPROACH:
        return reapproach(w, k)
    if verb == Verb.EXIT:
        return exit_partnership(w, k)
    if verb == Verb.APPLY_FUNDING:
        return apply_funding(w, k)
    if verb == Verb.LOBBY:
        return lobby(w, k)
    if verb == Verb.SET_STRATEGY:
        return set_strategy(w, k)
    if verb == Verb.APPOINT_CHAMPION:
        return appoint_champion(w, k)
    if verb == Verb.SET_FOCAL_POINT:
        return set_focal_point(w, k)
    if verb == Verb.CELEBRATE:
        return celebrate(w, k)
    if verb == Verb.EXPLAIN_ROLE:
        return explain_role(w, k)
    if verb == Verb.WARN:
        return warn(w, k)
    if verb == Verb.SUSPEND:
        return suspend(w, k)
    return shock(w, k)


@rule
def _not_approved(w, k):
    """A public body spends no own money on a partnership that is not in its annual plan, nor on a joint campaign."""
    action = w.action[k]
    i = action.by
    if i < 0 or not is_public_body(w.organisation[i]) or (action.cost <= 0 and action.budget <= 0.0):
        return False
    for m in range(w.partnership.shape[0]):
        partnership = w.partnership[m]
        if (partnership.a == i and partnership.in_plan_a == 0) or (partnership.b == i and partnership.in_plan_b == 0):
            meant = m == action.partnership or (action.cosenders >> other_member(partnership, i)) & 1 == 1
            if meant and is_active(partnership):
                return True
    return False


@rule
def carry_out_plan(w):
    """Do what is due, in the order of the file; refusals are logged with their reason and cost nothing."""
    for k in range(w.action.shape[0]):
        if w.action_state[k].due == 0:
            continue
        action = w.action[k]
        hours = w.organisation[action.by].hours_total if action.by >= 0 else 0.0
        cents = w.organisation[action.by].cost if action.by >= 0 else 0
        reason = APPROVAL if _not_approved(w, k) else _perform(w, k)
        kind = ACTION_DONE if reason == Reason.DONE else ACTION_REFUSED
        event = note(w, kind, action.by, action.to, action.verb)
        w.log[event].action = k
        w.log_number[event, 0] = action.verb
        if action.by >= 0:  # what it really took
            w.log_number[event, 1] = (w.organisation[action.by].cost - cents) / 100.0
            w.log_number[event, 2] = w.organisation[action.by].hours_total - hours
        w.log_number[event, 3] = reason
        if reason != Reason.DONE:
            w.tallies[0].refused += 1
            w.action_state[k].refused += 1
            w.action_state[k].reason = reason


@rule
def act_by_strategy(w, week):
    """Standing strategies act: ideas told at the first meeting, and knocking again at the door of one who left.

    After the cooling weeks the re-approach clock of the one who stayed runs with hazard 1/re_int, unless paused.
    """
    p = w.parameter[0]
    go_on_informing(w, week)
    told_by_strategy(w)
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if (
            partnership.state != State.COOLING
            or partnership.link == 1
            or partnership.decided == 1
            or week - partnership.exit_week <= COOLING_WEEKS
        ):
            continue
        i = other_member(partnership, partnership.left_by)  # who stayed
        if week < w.relation[i * w.organisation.shape[0] + partnership.left_by].pause_until:
            continue
        hazard = w.organisation[i].reapproach_hazard
        partnership.reapproach_sum += hazard if hazard >= 0.0 else p.reapproach_hazard
        if partnership.reapproach_sum >= partnership.reapproach_threshold:
            ask_for(w, REAPPROACH, i, partnership.left_by, -1)
            spend_hours(w, i, 8.0)
