"""Partnerships of three and more members (submodels S7 and S9).

One member asked the others. Each of the others has a membership of its own, the pair it forms with the initiator:
it answers for itself, leaves alone and returns alone. Two members who were both asked are linked while both take
part. The partnership lives while two members do.
"""

from __future__ import annotations

from sim.engine.compiled import rule
from sim.rules.clocks import wind_active, wind_cooling
from sim.rules.understanding import pressure_on
from sim.vocabulary.coded import NEVER
from sim.vocabulary.partnerships import State


@rule
def is_active(partnership):
    """INFORMAL or FORMAL."""
    return partnership.state == State.INFORMAL or partnership.state == State.FORMAL


@rule
def first_membership(w, alliance):
    """The first active membership of a partnership of three and more, -1 if there is none."""
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if partnership.alliance == alliance and partnership.link == 0 and is_active(partnership):
            return k
    return -1


@rule
def sits(w, alliance, i):
    """Whether i takes part now: an asked member by its membership, the initiator while anybody else does."""
    table = w.alliance[alliance]
    if (table.members >> i) & 1 == 0:
        return False
    if i == table.initiator:
        return first_membership(w, alliance) >= 0
    return is_active(w.partnership[w.partnership_of[table.initiator, i]])


@rule
def active_membership(w, alliance, i):
    """The pair through which i takes part; for the initiator, the first active one."""
    table = w.alliance[alliance]
    return first_membership(w, alliance) if i == table.initiator else w.partnership_of[table.initiator, i]


@rule
def membership_of(w, k, i):
    """The membership that an action of i about pair k means: its own, whatever pair was named."""
    partnership = w.partnership[k]
    if partnership.alliance < 0:
        return k
    if i == w.alliance[partnership.alliance].initiator:
        first = first_membership(w, partnership.alliance)
        return first if first >= 0 else k
    return w.partnership_of[w.alliance[partnership.alliance].initiator, i]


@rule
def count_members(w, k):
    """How many take part in the partnership of pair k now."""
    partnership = w.partnership[k]
    if partnership.alliance < 0:
        return 2
    count = 0
    for i in range(w.organisation.shape[0]):
        if sits(w, partnership.alliance, i):
            count += 1
    return count


@rule
def lives(w, partnership):
    """Whether a partnership is on: this membership, or any other of the same partnership."""
    return is_active(partnership) or (partnership.alliance >= 0 and first_membership(w, partnership.alliance) >= 0)


@rule
def purse_of(w, k):
    """The pair with which the money of k's partnership and its sums of the year stand, whoever calls its members."""
    alliance = w.partnership[k].alliance
    if alliance >= 0:
        for m in range(k):
            if w.partnership[m].alliance == alliance:
                return m
    return k


@rule
def towards_others(w, k, j):
    """What j feels about those it works with through pair k: trust, grievance, the heat held against them, pressure.

    With one partner these are its own; with several, the mean of trust and the largest of each of the others.
    """
    partnership = w.partnership[k]
    n = w.organisation.shape[0]
    if partnership.alliance < 0:
        i = partnership.b if partnership.a == j else partnership.a
        relation = w.relation[j * n + i]
        return relation.trust, relation.grievance, w.held[j, i], pressure_on(w, k, j, i)
    table = w.alliance[partnership.alliance]
    trust = 0.0
    grievance = 0.0
    held = 0.0
    pressure = 0.0
    count = 0
    for i in range(n):
        if i == j or not (i == table.initiator or sits(w, partnership.alliance, i)):
            continue
        relation = w.relation[j * n + i]
        trust += relation.trust
        grievance = max(grievance, relation.grievance)
        held = max(held, w.held[j, i])
        pressure = max(pressure, pressure_on(w, k, j, i))
        count += 1
    return trust / max(1, count), grievance, held, pressure


@rule
def seat_members(w):
    """Who sits together: members who were both asked are partners as long as both take part."""
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if partnership.link == 0:
            continue
        hub = w.alliance[partnership.alliance].initiator
        first = w.partnership[w.partnership_of[hub, partnership.a]]
        second = w.partnership[w.partnership_of[hub, partnership.b]]
        was = partnership.state
        if is_active(first) and is_active(second):
            both = first.state == State.FORMAL and second.state == State.FORMAL
            partnership.state = State.FORMAL if both else State.INFORMAL
            partnership.visibility = max(first.visibility, second.visibility)
            if was == State.COOLING:
                partnership.return_week = w.clock[0].week
        elif is_active(partnership):
            apart = first.state >= State.COOLING or second.state >= State.COOLING
            partnership.state = State.COOLING if apart else State.CONTACT
            if apart:
                partnership.exit_week = w.clock[0].week
        if partnership.state != was:
            partnership.since = w.clock[0].week


@rule
def _pass_on(w, before, now, k):
    """A membership goes on as pair k: its state, its terms, and what it has lived through."""
    if before.first_formed != NEVER or before.exits > 0:
        w.spell[before.spell_row].partnership = k
    now.spell_row = before.spell_row
    now.state = before.state
    now.since = before.since
    now.visibility = before.visibility
    now.contract = before.contract
    now.clause = before.clause
    now.agreed = before.agreed
    now.agreed_clause = before.agreed_clause
    now.signs_at_once = before.signs_at_once
    now.rule = before.rule
    now.model = before.model
    now.launch_hours = before.launch_hours
    now.left_by = before.left_by
    now.exit_week = max(now.exit_week, before.exit_week)
    now.return_week = max(now.return_week, before.return_week)
    now.first_formed = before.first_formed
    now.formed_week = before.formed_week
    now.exits = before.exits
    now.returns = before.returns
    now.lapses = before.lapses
    now.planned_ends = before.planned_ends
    now.lapse_week = max(now.lapse_week, before.lapse_week)
    now.term = before.term
    now.term_end = before.term_end
    now.terms = before.terms
    now.suspended_until = before.suspended_until
    now.criticism_allowed = before.criticism_allowed
    now.agreed_criticism = before.agreed_criticism
    now.found = before.found
    now.reference_result = before.reference_result
    now.joint_result = before.joint_result
    now.joint_total = before.joint_total
    now.result_week = before.result_week
    now.celebration_week = before.celebration_week
    before.exits = 0  # a link has no exits and returns of its own
    before.returns = 0
    before.lapses = 0
    before.planned_ends = 0
    before.term = 0
    before.term_end = 0
    before.suspended_until = 0
    before.contract = 0.0
    before.clause = 0
    before.agreed = 0.0
    before.agreed_clause = 0
    before.launch_hours = 0.0
    before.joint_result = 0.0
    before.joint_total = 0.0


@rule
def hand_over(w, alliance):
    """The initiator goes: the next member of the list calls the others together; the one who goes becomes a member.

    Returns the pair that is now the membership of the old initiator, -1 if nobody else takes part.
    """
    n = w.organisation.shape[0]
    table = w.alliance[alliance]
    old = table.initiator
    new = -1
    for j in range(w.organisation.shape[0]):
        if j != old and sits(w, alliance, j) and (new < 0 or w.seat[alliance, j] < w.seat[alliance, new]):
            new = j
    if new < 0:
        return -1
    table.initiator = new
    for j in range(w.organisation.shape[0]):
        if j in (old, new) or (table.members >> j) & 1 == 0:
            continue
        before = w.partnership[w.partnership_of[old, j]]
        k = w.partnership_of[new, j]
        now = w.partnership[k]
        now.link = 0
        before.link = 1
        now.initiator = new
        now.member = j
        _pass_on(w, before, now, k)
        value = w.relation[j * n + old]  # what the partnership is worth to j does not depend on who calls
        w.relation[j * n + new].value = value.value
        w.relation[j * n + new].value_start = value.value_start
        wind_active(w, k)
        wind_cooling(w, k)
    k = w.partnership_of[old, new]
    w.partnership[k].initiator = new
    w.partnership[k].member = old
    return k
