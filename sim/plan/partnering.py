"""Verbs between two organisations: asking, agreeing, giving way, promising, apologising, leaving, returning."""

from __future__ import annotations

from sim.compiled import rule
from sim.exchange.ideas import open_decision
from sim.log import EventKind, Reason, note
from sim.partnership.formation import ask_for
from sim.partnership.joint_work import joint_level
from sim.partnership.lifecycle import end, is_active, leave, other_member
from sim.partnership.trust import add_effect
from sim.plan.spending import spend, spend_both
from sim.world import NEVER, NoteKind, State

__all__ = [
    "apologise",
    "approach",
    "celebrate",
    "defer_or_insist",
    "deliver",
    "exit_partnership",
    "go_public",
    "go_shadow",
    "offer_terms",
    "pause",
    "promise",
    "reapproach",
    "sign",
]

DONE, PRECONDITION, PAUSED, REPEATED = (
    int(Reason.DONE),
    int(Reason.PRECONDITION),
    int(Reason.PAUSED),
    int(Reason.REPEATED),
)
APPROACH, TERMS, SIGN, GO_PUBLIC, REAPPROACH = 0, 1, 2, 3, 4


@rule
def approach(w, k):
    """Ask for a meeting or a partnership; the answer comes in step 4 of the same week."""
    a = w.action[k]
    tie = w.pair[a.pair]
    dyad = w.dyad[a.by * w.organisation.shape[0] + a.to]
    if w.arena[0].week < dyad.pause_until:
        return PAUSED
    if tie.state != State.NONE and not (tie.state == State.CONTACT and a.purpose == 0):
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    dyad.approaches += 1  # the n-th attempt is counted when it is answered
    request = w.request[ask_for(w, APPROACH, a.by, a.to, k)]
    request.ask = a.ask
    request.tone = a.tone
    request.purpose = a.purpose
    request.visibility = 1 if w.organisation[a.by].visibility == 1 else a.visibility
    if a.direct >= 0:
        request.direct = a.direct
    return DONE


@rule
def offer_terms(w, k):
    """Offer terms: a firm will decide on the ideas; a contract or rules are agreed by a separate reply."""
    a = w.action[k]
    tie = w.pair[a.pair]
    if tie.state != State.CONTACT and tie.state != State.INFORMAL:
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    firm = w.organisation[a.to].firm >= 0
    if firm and a.idea >= 0:
        menu = a.menu
        if w.organisation[a.by].visibility == 2:
            menu = 3  # the firm may choose
        elif w.organisation[a.by].visibility == 1:
            menu = 2
        open_decision(w, a.idea, a.to, menu, a.model)
    if not firm or a.items > 0 or a.structure > 0 or a.rule >= 0:
        request = w.request[ask_for(w, TERMS, a.by, a.to, k)]
        request.ask = a.ask
        request.offered = a.items / 8.0
        request.tone = 0.5
        request.visibility = 1 if w.organisation[a.by].visibility == 1 else tie.visibility
    return DONE


@rule
def sign(w, k):
    """Ask an informal partner to sign: 16 hours of each."""
    a = w.action[k]
    tie = w.pair[a.pair]
    if tie.state != State.INFORMAL:
        return PRECONDITION
    asked = other_member(tie, a.by)
    short = spend_both(w, k, asked)
    if short != DONE:
        return short
    request = w.request[ask_for(w, SIGN, a.by, asked, k)]
    request.offered = a.items / 8.0
    request.visibility = tie.visibility
    return DONE


@rule
def go_public(w, k):
    """Ask a partner in the shadow to be seen together."""
    a = w.action[k]
    tie = w.pair[a.pair]
    if not is_active(tie) or tie.visibility == 0:
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    ask_for(w, GO_PUBLIC, a.by, other_member(tie, a.by), k)
    return DONE


@rule
def go_shadow(w, k):
    """Take a partnership out of the public eye: the promise of public presence counts as broken (weight 0.2)."""
    a = w.action[k]
    p = w.parameter[0]
    tie = w.pair[a.pair]
    if not is_active(tie) or tie.visibility == 1:
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    tie.visibility = 1
    other = other_member(tie, a.by)
    w.dyad[other * w.organisation.shape[0] + a.by].trust *= 1.0 - p.promise_break * 0.2
    w.dyad[a.by * w.organisation.shape[0] + other].promises_broken += 1
    row = note(w, EventKind.PROMISE_BROKEN, a.by, other, -1)
    w.log_number[row, 0] = 0.2
    return DONE


@rule
def reapproach(w, k):
    """One attempt, now, to win back a partner who left."""
    a = w.action[k]
    tie = w.pair[a.pair]
    if w.arena[0].week < w.dyad[a.by * w.organisation.shape[0] + a.to].pause_until:
        return PAUSED
    if tie.state != State.COOLING or w.arena[0].week - tie.exit_week <= w.parameter[0].cooling_weeks:
        return PRECONDITION  # too early, or nobody has left
    short = spend(w, k)
    if short != DONE:
        return short
    ask_for(w, REAPPROACH, a.by, a.to, k)
    return DONE


@rule
def exit_partnership(w, k):
    """Leave a partnership, for good if final."""
    a = w.action[k]
    tie = w.pair[a.pair]
    if not is_active(tie):
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    row = note(w, EventKind.EXIT, a.by, other_member(tie, a.by), a.pair)
    w.log_number[row, 4] = 3.0  # by decision
    if a.final == 1:
        end(w, a.pair, a.by, False)
    else:
        leave(w, a.pair, a.by)
    return DONE


@rule
def pause(w, k):
    """Give an organisation time: no approach for some weeks."""
    a = w.action[k]
    short = spend(w, k)
    if short != DONE:
        return short
    dyad = w.dyad[a.by * w.organisation.shape[0] + a.to]
    dyad.pause_until = max(dyad.pause_until, w.arena[0].week + a.weeks)
    return DONE


@rule
def defer_or_insist(w, k, insists):
    """Give way, or never give way, in this week's disagreements."""
    a = w.action[k]
    tie = w.pair[a.pair]
    if not is_active(tie) or joint_level(w, a.pair) <= 0.0:
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    if insists:
        tie.insist_by = a.by
        tie.insist_topic = a.topic
        tie.insist_week = w.arena[0].week
    else:
        tie.defer_by = a.by
        tie.defer_topic = a.topic
        tie.defer_week = w.arena[0].week
    return DONE


@rule
def promise(w, k):
    """Promise something by a due week; the receiver comes to expect it."""
    a = w.action[k]
    if a.due <= w.arena[0].week:
        return PRECONDITION
    row = -1
    for q in range(w.promise.shape[0]):
        if w.promise[q].status != 1:
            row = q
            break
    if row < 0:
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    made = w.promise[row]
    made.status = 1
    made.by = a.by
    made.to = a.to
    made.what = a.what
    made.due = a.due
    made.weight = a.weight
    dyad = w.dyad[a.to * w.organisation.shape[0] + a.by]
    dyad.expectation = max(dyad.expectation, w.parameter[0].expect_medium)
    line = note(w, EventKind.PROMISE_MADE, a.by, a.to, k)
    w.log_number[line, 0] = a.weight
    w.log_cause[line, 0] = a.due
    return DONE


@rule
def deliver(w, k):
    """Keep an open promise."""
    a = w.action[k]
    found = -1
    for q in range(w.promise.shape[0]):
        made = w.promise[q]
        if made.status == 1 and made.by == a.by and made.to == a.to and made.what == a.what:
            found = q
            break
    if found < 0:
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    made = w.promise[found]
    made.status = 2
    w.dyad[a.to * w.organisation.shape[0] + a.by].kept += made.weight
    add_effect(w, NoteKind.REALISED, a.by, a.to, 0.0, 1.0)
    row = note(w, EventKind.PROMISE_KEPT, a.by, a.to, k)
    w.log_number[row, 0] = made.weight
    return DONE


@rule
def apologise(w, k):
    """Apologise: costs a little credibility with the own supporters; void if repeated within a year."""
    a = w.action[k]
    p = w.parameter[0]
    week = w.arena[0].week
    dyad = w.dyad[a.by * w.organisation.shape[0] + a.to]
    if dyad.apology_week != NEVER and week - dyad.apology_week < p.apology_repeat_weeks:
        return REPEATED
    short = spend(w, k)
    if short != DONE:
        return short
    dyad.apology_week = week
    w.credibility[a.by, 4] = max(0.0, w.credibility[a.by, 4] - p.apology_supporters_loss)
    add_effect(w, NoteKind.APOLOGY, a.by, a.to, 0.0, 0.0)
    note(w, EventKind.APOLOGY, a.by, a.to, -1)
    return DONE


@rule
def celebrate(w, k):
    """Celebrate what was reached together in the last half year; once in 26 weeks."""
    a = w.action[k]
    n = w.organisation.shape[0]
    week = w.arena[0].week
    tie = w.pair[a.pair]
    if not is_active(tie) or tie.result_week == NEVER or week - tie.result_week > 26:
        return PRECONDITION
    if tie.celebration_week != NEVER and week - tie.celebration_week < 26:
        return REPEATED
    other = other_member(tie, a.by)
    short = spend_both(w, k, other)
    if short != DONE:
        return short
    tie.celebration_week = week
    tie.celebrated = 1
    for side in range(2):
        dyad = w.dyad[tie.a * n + tie.b] if side == 0 else w.dyad[tie.b * n + tie.a]
        dyad.value += w.parameter[0].celebration_value * (1.0 - dyad.value)
    note(w, EventKind.CELEBRATION, a.by, other, a.pair)
    return DONE
