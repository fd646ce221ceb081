"""Verbs between two organisations: asking, agreeing, giving way, promising, apologising, leaving, returning."""

from __future__ import annotations

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.plan.spending import spend, spend_both
from sim.rules.alliances import membership_of, sits
from sim.rules.formation import APPROACH, GO_PUBLIC, REAPPROACH, SIGN, TERMS, ask_for, contract_share
from sim.rules.ideas import open_decision
from sim.rules.joint_work import joint_level
from sim.rules.life_cycle import end, is_active, leave, other_member
from sim.rules.resources import afford, spend_hours
from sim.rules.trust import add_effect
from sim.vocabulary.coded import NEVER
from sim.vocabulary.events import EventKind, Reason
from sim.vocabulary.partnerships import EffectKind, State

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

DONE, PRECONDITION, PAUSED, REPEATED, HOURS = (
    int(Reason.DONE),
    int(Reason.PRECONDITION),
    int(Reason.PAUSED),
    int(Reason.REPEATED),
    int(Reason.HOURS),
)


@rule
def approach(w, k):
    """Ask for a meeting or a partnership; the answer comes in step 4 of the same week."""
    a = w.action[k]
    partnership = w.partnership[a.partnership]
    relation = w.relation[a.by * w.organisation.shape[0] + a.to]
    if w.clock[0].week < relation.pause_until:
        return PAUSED
    if partnership.alliance >= 0 and w.alliance[partnership.alliance].initiator != a.by:
        return PRECONDITION  # whoever called the members together invites
    if partnership.state != State.NONE and not (partnership.state == State.CONTACT and a.purpose == 0):
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    relation.approaches += 1  # the n-th attempt is counted when it is answered
    request = w.request[ask_for(w, APPROACH, a.by, a.to, k)]
    request.ask = a.ask
    request.tone = a.tone / 2.0  # the code of an asking tone: 0 critical, 1 neutral, 2 positive
    request.purpose = a.purpose
    request.visibility = 1 if w.organisation[a.by].visibility == 1 else a.visibility
    if a.direct >= 0:
        request.direct = a.direct
    return DONE


@rule
def offer_terms(w, k):
    """Offer terms: a firm will decide on the ideas; a contract or rules are agreed by a separate reply."""
    a = w.action[k]
    partnership = w.partnership[a.partnership]
    if partnership.link == 1 or (partnership.state != State.CONTACT and partnership.state != State.INFORMAL):
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
    if not firm or a.items > 0 or a.structure > 0 or a.deference >= 0:
        request = w.request[ask_for(w, TERMS, a.by, a.to, k)]
        request.ask = a.ask
        request.offered = contract_share(a.items)
        request.tone = 0.5
        request.visibility = 1 if w.organisation[a.by].visibility == 1 else partnership.visibility
    return DONE


@rule
def _ask_to_sign(w, k, m):
    a = w.action[k]
    asked = other_member(w.partnership[m], a.by)
    request = w.request[ask_for(w, SIGN, a.by, asked, k)]
    request.offered = contract_share(a.items)
    request.visibility = w.partnership[m].visibility


@rule
def sign(w, k):
    """Ask informal partners to sign: 16 hours of each. Among several, every one answers for itself."""
    a = w.action[k]
    partnership = w.partnership[a.partnership]
    if partnership.alliance < 0:
        if partnership.state != State.INFORMAL:
            return PRECONDITION
        short = spend_both(w, k, other_member(partnership, a.by))
        if short == DONE:
            _ask_to_sign(w, k, a.partnership)
        return short
    if a.by != w.alliance[partnership.alliance].initiator:
        return PRECONDITION  # whoever called the members together asks
    asked = 0
    for m in range(w.partnership.shape[0]):
        other = w.partnership[m]
        if other.alliance == partnership.alliance and other.link == 0 and other.state == State.INFORMAL:
            asked += 1
            if afford(w, other.member, a.hours, 0) != DONE:
                return HOURS
    if asked == 0:
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    for m in range(w.partnership.shape[0]):
        other = w.partnership[m]
        if other.alliance == partnership.alliance and other.link == 0 and other.state == State.INFORMAL:
            spend_hours(w, other.member, a.hours)
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
    a = w.action[k]
    mine = w.partnership[membership_of(w, a.partnership, a.by)]
    if not _some_seen_as(w, mine, a.by, 1):
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    if mine.alliance < 0 or a.by != w.alliance[mine.alliance].initiator:
        ask_for(w, GO_PUBLIC, a.by, other_member(mine, a.by), k)
        return DONE
    for m in range(w.partnership.shape[0]):
        other = w.partnership[m]
        if other.alliance == mine.alliance and other.link == 0 and is_active(other) and other.visibility == 1:
            ask_for(w, GO_PUBLIC, a.by, other.member, k)
    return DONE


@rule
def _withdraw(w, by, other):
    """The promise of public presence counts as broken (weight 0.2)."""
    n = w.organisation.shape[0]
    w.relation[other * n + by].trust *= 1.0 - w.parameter[0].promise_break * 0.2
    w.relation[by * n + other].promises_broken += 1
    row = note(w, EventKind.PROMISE_BROKEN, by, other, -1)
    w.log_number[row, 0] = 0.2


@rule
def go_shadow(w, k):
    """Take a partnership out of the public eye; the initiator of one of several takes all of it."""
    a = w.action[k]
    mine = w.partnership[membership_of(w, a.partnership, a.by)]
    if not _some_seen_as(w, mine, a.by, 0):
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    if mine.alliance < 0:
        mine.visibility = 1
        _withdraw(w, a.by, other_member(mine, a.by))
        return DONE
    for i in range(w.organisation.shape[0]):
        if i != a.by and sits(w, mine.alliance, i):
            _withdraw(w, a.by, i)
    mine.visibility = 1
    if a.by == w.alliance[mine.alliance].initiator:
        for m in range(w.partnership.shape[0]):
            if w.partnership[m].alliance == mine.alliance:
                w.partnership[m].visibility = 1
    return DONE


@rule
def reapproach(w, k):
    """One attempt, now, to win back a partner who left."""
    a = w.action[k]
    partnership = w.partnership[a.partnership]
    if w.clock[0].week < w.relation[a.by * w.organisation.shape[0] + a.to].pause_until:
        return PAUSED
    if partnership.link == 1:
        return PRECONDITION
    if partnership.state != State.COOLING or w.clock[0].week - partnership.exit_week <= w.parameter[0].cooling_weeks:
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
    m = membership_of(w, a.partnership, a.by)
    partnership = w.partnership[m]
    if not is_active(partnership):
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    row = note(w, EventKind.EXIT, a.by, other_member(partnership, a.by), m)
    w.log_number[row, 4] = 3.0  # by decision
    if a.final == 1:
        end(w, m, a.by, False)
    else:
        leave(w, m, a.by)
    return DONE


@rule
def pause(w, k):
    """Give an organisation time: no approach for some weeks."""
    a = w.action[k]
    short = spend(w, k)
    if short != DONE:
        return short
    relation = w.relation[a.by * w.organisation.shape[0] + a.to]
    relation.pause_until = max(relation.pause_until, w.clock[0].week + a.weeks)
    return DONE


@rule
def defer_or_insist(w, k, insists):
    """Give way, or never give way, in this week's disagreements."""
    a = w.action[k]
    partnership = w.partnership[a.partnership]
    if not is_active(partnership) or joint_level(w, a.partnership) <= 0.0:
        return PRECONDITION
    short = spend(w, k)
    if short != DONE:
        return short
    if insists:
        partnership.insist_by = a.by
        partnership.insist_topic = a.topic
        partnership.insist_week = w.clock[0].week
    else:
        partnership.defer_by = a.by
        partnership.defer_topic = a.topic
        partnership.defer_week = w.clock[0].week
    return DONE


@rule
def promise(w, k):
    """Promise something by a due week; the receiver comes to expect it."""
    a = w.action[k]
    if a.due <= w.clock[0].week:
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
    made.weight = a.weight if a.weight >= 0.0 else w.parameter[0].promise_weight
    relation = w.relation[a.to * w.organisation.shape[0] + a.by]
    relation.expectation = max(relation.expectation, w.parameter[0].expect_medium)
    line = note(w, EventKind.PROMISE_MADE, a.by, a.to, k)
    w.log_number[line, 0] = made.weight
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
    w.relation[a.to * w.organisation.shape[0] + a.by].kept += made.weight
    add_effect(w, EffectKind.REALISED, a.by, a.to, 0.0, 1.0)
    row = note(w, EventKind.PROMISE_KEPT, a.by, a.to, k)
    w.log_number[row, 0] = made.weight
    return DONE


@rule
def apologise(w, k):
    """Apologise: costs a little credibility with the own supporters; void if repeated within a year."""
    a = w.action[k]
    p = w.parameter[0]
    week = w.clock[0].week
    relation = w.relation[a.by * w.organisation.shape[0] + a.to]
    if relation.apology_week != NEVER and week - relation.apology_week < p.apology_repeat_weeks:
        return REPEATED
    short = spend(w, k)
    if short != DONE:
        return short
    relation.apology_week = week
    w.credibility[a.by, 4] = max(0.0, w.credibility[a.by, 4] - p.apology_supporters_loss)
    add_effect(w, EffectKind.APOLOGY, a.by, a.to, 0.0, 0.0)
    note(w, EventKind.APOLOGY, a.by, a.to, -1)
    return DONE


@rule
def _celebrate_together(w, k, m):
    """Hours of all members, and what the celebration does to each pair; all or nothing."""
    a = w.action[k]
    n = w.organisation.shape[0]
    partnership = w.partnership[m]
    for i in range(n):
        if i != a.by and sits(w, partnership.alliance, i) and afford(w, i, a.hours, 0) != DONE:
            return HOURS
    short = spend(w, k)
    if short != DONE:
        return short
    for i in range(n):
        if i != a.by and sits(w, partnership.alliance, i):
            spend_hours(w, i, a.hours)
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
        relation.value += w.parameter[0].celebration_value * (1.0 - relation.value)


@rule
def celebrate(w, k):
    """Celebrate what was reached together in the last half year; once in 26 weeks."""
    a = w.action[k]
    week = w.clock[0].week
    m = membership_of(w, a.partnership, a.by)
    partnership = w.partnership[m]
    if not is_active(partnership) or partnership.result_week == NEVER or week - partnership.result_week > 26:
        return PRECONDITION
    if partnership.celebration_week != NEVER and week - partnership.celebration_week < 26:
        return REPEATED
    if partnership.alliance >= 0:
        short = _celebrate_together(w, k, m)
    else:
        short = spend_both(w, k, other_member(partnership, a.by))
        if short == DONE:
            _enjoy(w, m)
    if short == DONE:
        note(w, EventKind.CELEBRATION, a.by, other_member(partnership, a.by), m)
    return short
