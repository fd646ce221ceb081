"""Verbs between two organisations: asking, agreeing, giving way, promising, apologising, leaving, returning."""

from __future__ import annotations

import numpy as np

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.plan.organising import EXPECT_MEDIUM
from sim.plan.spending import spend, spend_both
from sim.rules.alliances import is_active, membership_of, sits
from sim.rules.formation import APPROACH, GO_PUBLIC, REAPPROACH, SIGN, SUSPENSION, TERMS, ask_for, contract_share
from sim.rules.ideas import open_decision
from sim.rules.joint_work import joint_level
from sim.rules.leaving import COOLING_WEEKS
from sim.rules.life_cycle import end, leave, other_member
from sim.rules.resources import afford, spend_hours
from sim.rules.speakers import CRITICAL, runs, sends
from sim.rules.trust import PROMISE_BREAK, add_effect
from sim.vocabulary.audiences import Audience
from sim.vocabulary.coded import NEVER, numbers
from sim.vocabulary.events import EndCause, EventKind, ExitCause, Reason
from sim.vocabulary.partnerships import EffectKind, Promised, State, Visibility
from sim.vocabulary.verbs import Working

DONE, PRECONDITION, PAUSED, REPEATED, HOURS = numbers(
    Reason.DONE, Reason.PRECONDITION, Reason.PAUSED, Reason.REPEATED, Reason.HOURS
)
NO_OFFENCE, NOT_SINCERE = numbers(Reason.NO_OFFENCE, Reason.NOT_SINCERE)
BY_DECISION, FOR_GOOD = int(ExitCause.DECISION), int(EndCause.DECISION)
OPEN, KEPT = numbers(Promised.OPEN, Promised.KEPT)
SUPPORTERS = int(Audience.SUPPORTERS)
OFFENCE_WEEKS = 52  # for so long one can apologise

# Time after an offence at which an apology has half of its effect (weeks): assumption.
APOLOGY_HALF_LIFE = 13.0
# Credibility that an apology costs with one's own supporters (share): assumption.
APOLOGY_SUPPORTERS_LOSS = 0.01
# Time within which a second apology to the same partner has no effect (weeks): assumption.
APOLOGY_REPEAT_WEEKS = 52.0
# Weight of a promise if nothing else is said (share): assumption.
PROMISE_WEIGHT = 0.5
# Share of the missing value that celebrating results adds for each member (share): assumption.
CELEBRATION_VALUE = 0.05


@rule
def approach(w, k):
    """Ask for a meeting or a partnership; the answer comes in step 4 of the same week."""
    action = w.action[k]
    partnership = w.partnership[action.partnership]
    relation = w.relation[action.by * w.organisation.shape[0] + action.to]
    if w.clock[0].week < relation.pause_until:
        return PAUSED
    if partnership.alliance >= 0 and w.alliance[partnership.alliance].initiator != action.by:
        return PRECONDITION  # whoever called the members together invites
    if partnership.state != State.NONE and not (partnership.state == State.CONTACT and action.purpose == 0):
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    relation.approaches += 1  # the n-th attempt is counted when it is answered
    request = w.request[ask_for(w, APPROACH, action.by, action.to, k)]
    request.ask = action.ask
    request.tone = action.tone / 2.0  # the code of an asking tone: 0 critical, 1 neutral, 2 positive
    request.purpose = action.purpose
    request.visibility = 1 if w.organisation[action.by].visibility == Working.SHADOW else action.visibility
    if action.direct >= 0:
        request.direct = action.direct
    return DONE


@rule
def offer_terms(w, k):
    """Offer terms: a firm will decide on the ideas; a contract or rules are agreed by a separate reply."""
    action = w.action[k]
    partnership = w.partnership[action.partnership]
    if partnership.link == 1 or (partnership.state != State.CONTACT and partnership.state != State.INFORMAL):
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    firm = w.organisation[action.to].firm >= 0
    if firm and action.idea >= 0:
        menu = action.menu
        if w.organisation[action.by].visibility == Working.FIRM:
            menu = 3  # the firm may choose
        elif w.organisation[action.by].visibility == Working.SHADOW:
            menu = 2
        open_decision(w, action.idea, action.to, menu, action.model)
    if not firm or action.items > 0 or action.structure > 0 or action.deference >= 0 or action.term >= 0:
        request = w.request[ask_for(w, TERMS, action.by, action.to, k)]
        request.ask = action.ask
        request.offered = contract_share(action.items)
        request.tone = 0.5
        request.visibility = 1 if w.organisation[action.by].visibility == Working.SHADOW else partnership.visibility
    return DONE


@rule
def _ask_to_sign(w, k, m):
    action = w.action[k]
    asked = other_member(w.partnership[m], action.by)
    request = w.request[ask_for(w, SIGN, action.by, asked, k)]
    request.offered = contract_share(action.items)
    request.visibility = w.partnership[m].visibility


@rule
def sign(w, k):
    """Ask informal partners to sign: 16 hours of each. Among several, every one answers for itself."""
    action = w.action[k]
    partnership = w.partnership[action.partnership]
    if partnership.alliance < 0:
        if partnership.state != State.INFORMAL:
            return PRECONDITION
        short = spend_both(w, k, other_member(partnership, action.by))
        if short == DONE:
            _ask_to_sign(w, k, action.partnership)
        return short
    if action.by != w.alliance[partnership.alliance].initiator:
        return PRECONDITION  # whoever called the members together asks
    asked = 0
    for m in range(w.partnership.shape[0]):
        other = w.partnership[m]
        if other.alliance == partnership.alliance and other.link == 0 and other.state == State.INFORMAL:
            asked += 1
            if afford(w, other.member, action.hours, 0) != DONE:
                return HOURS
    if asked == 0:
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    for m in range(w.partnership.shape[0]):
        other = w.partnership[m]
        if other.alliance == partnership.alliance and other.link == 0 and other.state == State.INFORMAL:
            spend_hours(w, other.member, action.hours)
            _ask_to_sign(w, k, m)
    return DONE


@rule
def _some_seen_as(w, mine, by, visibility):
    """Whether the membership of `by`, or any of those that it called together, is active and has a visibility."""
    if mine.alliance < 0 or w.alliance[mine.alliance].initiator != by:
        return is_active(mine) and mine.visibility == visibility
    for m in range(w.partnership.shape[0]):
        other = w.partnership[m]
        if other.alliance == mine.alliance and other.link == 0 and is_active(other) and other.visibility == visibility:
            return True
    return False


@rule
def go_public(w, k):
    """Ask partners in the shadow to be seen together."""
    action = w.action[k]
    mine = w.partnership[membership_of(w, action.partnership, action.by)]
    if not _some_seen_as(w, mine, action.by, 1):
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    if mine.alliance < 0 or action.by != w.alliance[mine.alliance].initiator:
        ask_for(w, GO_PUBLIC, action.by, other_member(mine, action.by), k)
        return DONE
    for m in range(w.partnership.shape[0]):
        other = w.partnership[m]
        if (
            other.alliance == mine.alliance
            and other.link == 0
            and is_active(other)
            and other.visibility == Visibility.SHADOW
        ):
            ask_for(w, GO_PUBLIC, action.by, other.member, k)
    return DONE


@rule
def _withdraw(w, by, other):
    """The promise of public presence counts as broken (weight 0.2)."""
    n = w.organisation.shape[0]
    w.relation[other * n + by].trust *= 1.0 - PROMISE_BREAK * 0.2
    w.relation[by * n + other].promises_broken += 1
    event = note(w, EventKind.PROMISE_BROKEN, by, other, -1)
    w.log_number[event, 0] = 0.2


@rule
def go_shadow(w, k):
    """Take a partnership out of the public eye; the initiator of one of several takes all of it."""
    action = w.action[k]
    mine = w.partnership[membership_of(w, action.partnership, action.by)]
    if not _some_seen_as(w, mine, action.by, 0):
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    if mine.alliance < 0:
        mine.visibility = 1
        _withdraw(w, action.by, other_member(mine, action.by))
        return DONE
    for i in range(w.organisation.shape[0]):
        if i != action.by and sits(w, mine.alliance, i):
            _withdraw(w, action.by, i)
    mine.visibility = 1
    if action.by == w.alliance[mine.alliance].initiator:
        for m in range(w.partnership.shape[0]):
            if w.partnership[m].alliance == mine.alliance:
                w.partnership[m].visibility = 1
    return DONE


@rule
def reapproach(w, k):
    """One attempt, now, to win back a partner who left."""
    action = w.action[k]
    partnership = w.partnership[action.partnership]
    if w.clock[0].week < w.relation[action.by * w.organisation.shape[0] + action.to].pause_until:
        return PAUSED
    if partnership.link == 1:
        return PRECONDITION
    if partnership.state != State.COOLING or w.clock[0].week - partnership.exit_week <= COOLING_WEEKS:
        return PRECONDITION  # too early, or nobody has left
    short = spend(w, k)
    if short != DONE:
        return short
    ask_for(w, REAPPROACH, action.by, action.to, k)
    return DONE


@rule
def exit_partnership(w, k):
    """Leave a partnership, for good if final."""
    action = w.action[k]
    m = membership_of(w, action.partnership, action.by)
    partnership = w.partnership[m]
    if not is_active(partnership):
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    event = note(w, EventKind.EXIT, action.by, other_member(partnership, action.by), m)
    w.log_number[event, 0] = np.float64(BY_DECISION)
    if action.final == 1:
        end(w, m, action.by, FOR_GOOD)
    else:
        leave(w, m, action.by, BY_DECISION)
    return DONE


@rule
def pause(w, k):
    """Give an organisation time: no approach for some weeks."""
    action = w.action[k]
    short = spend(w, k)
    if short != DONE:
        return short
    relation = w.relation[action.by * w.organisation.shape[0] + action.to]
    relation.pause_until = max(relation.pause_until, w.clock[0].week + action.weeks)
    return DONE


@rule
def defer_or_insist(w, k, insists):
    """Give way, or never give way, in this week's disagreements."""
    action = w.action[k]
    partnership = w.partnership[action.partnership]
    if not is_active(partnership) or joint_level(w, action.partnership) <= 0.0:
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    if insists:
        partnership.insist_by = action.by
        partnership.insist_topic = action.topic
        partnership.insist_week = w.clock[0].week
    else:
        partnership.defer_by = action.by
        partnership.defer_topic = action.topic
        partnership.defer_week = w.clock[0].week
    return DONE


@rule
def promise(w, k):
    """Promise something by a due week; the receiver comes to expect it."""
    action = w.action[k]
    if action.due <= w.clock[0].week:
        return PRECONDITION
    free = -1
    for q in range(w.promise.shape[0]):
        if w.promise[q].status != Promised.OPEN:
            free = q
            break
    if free < 0:
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    made = w.promise[free]
    made.status = OPEN
    made.by = action.by
    made.to = action.to
    made.what = action.what
    made.due = action.due
    made.weight = action.weight if action.weight >= 0.0 else PROMISE_WEIGHT
    relation = w.relation[action.to * w.organisation.shape[0] + action.by]
    relation.expectation = max(relation.expectation, EXPECT_MEDIUM)
    event = note(w, EventKind.PROMISE_MADE, action.by, action.to, k)
    w.log_number[event, 0] = made.weight
    w.log_cause[event, 0] = action.due
    return DONE


@rule
def deliver(w, k):
    """Keep an open promise."""
    action = w.action[k]
    open_row = -1
    for q in range(w.promise.shape[0]):
        made = w.promise[q]
        if made.status == Promised.OPEN and made.by == action.by and made.to == action.to and made.what == action.what:
            open_row = q
            break
    if open_row < 0:
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    made = w.promise[open_row]
    made.status = KEPT
    w.relation[action.to * w.organisation.shape[0] + action.by].kept += made.weight
    add_effect(w, EffectKind.REALISED, action.by, action.to, 0.0, 1.0)
    event = note(w, EventKind.PROMISE_KEPT, action.by, action.to, k)
    w.log_number[event, 0] = made.weight
    return DONE


@rule
def apologise(w, k):
    """Apologise: costs a little credibility with the own supporters, and works the less the later it comes.

    Refused if repeated within a year, without an offence in the last year, or while the own critical campaign runs.
    """
    action = w.action[k]
    week = w.clock[0].week
    n = w.organisation.shape[0]
    relation = w.relation[action.by * n + action.to]
    if relation.apology_week != NEVER and week - relation.apology_week < APOLOGY_REPEAT_WEEKS:
        return REPEATED
    offence = w.relation[action.to * n + action.by].offence_week
    if offence == NEVER or week - offence > OFFENCE_WEEKS:
        return NO_OFFENCE
    for c in range(w.tallies[0].campaigns):
        if sends(w.campaign[c], action.by) and w.campaign[c].tone >= CRITICAL and runs(w.campaign[c], week):
            return NOT_SINCERE
    short = spend(w, k)
    if short != DONE:
        return short
    relation.apology_week = week
    w.credibility[action.by, SUPPORTERS] = max(0.0, w.credibility[action.by, SUPPORTERS] - APOLOGY_SUPPORTERS_LOSS)
    fresh = 2.0 ** (-(week - offence) / APOLOGY_HALF_LIFE)
    add_effect(w, EffectKind.APOLOGY, action.by, action.to, fresh, 0.0)
    note(w, EventKind.APOLOGY, action.by, action.to, -1)
    return DONE


@rule
def _celebrate_together(w, k, m):
    """Hours of all members, and what the celebration does to each pair; all or nothing."""
    action = w.action[k]
    n = w.organisation.shape[0]
    partnership = w.partnership[m]
    for i in range(n):
        if i != action.by and sits(w, partnership.alliance, i) and afford(w, i, action.hours, 0) != DONE:
            return HOURS
    short = spend(w, k)
    if short != DONE:
        return short
    for i in range(n):
        if i != action.by and sits(w, partnership.alliance, i):
            spend_hours(w, i, action.hours)
    for other in range(w.partnership.shape[0]):
        if w.partnership[other].alliance == partnership.alliance and is_active(w.partnership[other]):
            _enjoy(w, other)
    return DONE


@rule
def _enjoy(w, m):
    n = w.organisation.shape[0]
    partnership = w.partnership[m]
    partnership.celebration_week = w.clock[0].week
    partnership.celebrated = 1
    for side in range(2):
        relation = (
            w.relation[partnership.a * n + partnership.b]
            if side == 0
            else w.relation[partnership.b * n + partnership.a]
        )
        relation.value += CELEBRATION_VALUE * (1.0 - relation.value)


@rule
def celebrate(w, k):
    """Celebrate what was reached together in the last half year; once in 26 weeks."""
    action = w.action[k]
    week = w.clock[0].week
    m = membership_of(w, action.partnership, action.by)
    partnership = w.partnership[m]
    if not is_active(partnership) or partnership.result_week == NEVER or week - partnership.result_week > 26:
        return PRECONDITION
    if partnership.celebration_week != NEVER and week - partnership.celebration_week < 26:
        return REPEATED
    if partnership.alliance >= 0:
        short = _celebrate_together(w, k, m)
    else:
        short = spend_both(w, k, other_member(partnership, action.by))
        if short == DONE:
            _enjoy(w, m)
    if short == DONE and action.in_public == 1 and partnership.visibility == Visibility.PUBLIC:
        for i in range(w.organisation.shape[0]):
            alone = partnership.alliance < 0 and (i == partnership.a or i == partnership.b)
            if alone or (partnership.alliance >= 0 and sits(w, partnership.alliance, i)):
                w.organisation[i].celebrating = 1.0
    if short == DONE:
        note(w, EventKind.CELEBRATION, action.by, other_member(partnership, action.by), m)
    return short


@rule
def suspend(w, k):
    """Ask a partner to rest the partnership for some weeks; whoever called several together asks all of them."""
    action = w.action[k]
    mine = w.partnership[membership_of(w, action.partnership, action.by)]
    if not is_active(mine):
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    for m in range(w.partnership.shape[0]):
        other = w.partnership[m]
        called = mine.alliance >= 0 and other.alliance == mine.alliance and other.link == 0
        asks_all = called and action.by == w.alliance[mine.alliance].initiator
        if (other.key == mine.key or asks_all) and is_active(other):
            request = w.request[ask_for(w, SUSPENSION, action.by, other_member(other, action.by), k)]
            request.tone = 1.0
            request.visibility = other.visibility
    return DONE
