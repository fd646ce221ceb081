"""The life of a partnership: forming, parting, cooling, returning, ending (submodel S9).

The state belongs to the membership of the one who was asked. Who walks out in anger leaves a partnership that cools;
one that lapses, or whose term is not renewed, falls back to contact without bitterness.
"""

from __future__ import annotations

import numpy as np

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.rules.alliances import hand_over, is_active, lives, sits, towards_others
from sim.rules.clocks import knock_threshold, wind_active, wind_cooling
from sim.rules.elements import set_reference
from sim.rules.members import reset_pressed
from sim.rules.trust import cancel_promises, disappoint
from sim.vocabulary.coded import NEVER, numbers
from sim.vocabulary.events import EventKind, ExitCause
from sim.vocabulary.partnerships import State, StructureItem

LAPSE, DECISION, TERM = numbers(ExitCause.LAPSE, ExitCause.DECISION, ExitCause.TERM)
STRUCTURE_ITEMS = len(StructureItem)
FOCAL_POINTS = 1 << StructureItem.FOCAL_POINTS
FOCAL_POINT_HOURS = 2.0  # a week, of the one who named a contact person
TIME_GIVEN = 13  # weeks of rest after an exit, by who gives time

# What is left of the others' trust in a member who walks out (factor): assumption.
EXIT_TRUST_FACTOR = 0.55


@rule
def set_structure(w, k, items):
    """Set the structure items (a bit mask of eight) of a partnership; each adds 1/8 to the score Z."""
    for m in range(w.partnership.shape[0]):
        partnership = w.partnership[m]
        if m == k or (partnership.alliance >= 0 and partnership.alliance == w.partnership[k].alliance):
            change = 0  # a drawn score has no items of its own: it moves with those that come and go
            for item in range(STRUCTURE_ITEMS):
                change += ((items >> item) & 1) - ((partnership.structure_items >> item) & 1)
            partnership.structure_items = items
            partnership.focal_points = items & FOCAL_POINTS
            partnership.structure = min(1.0, max(0.0, partnership.structure + change / STRUCTURE_ITEMS))


@rule
def other_member(partnership, i):
    """The member of a pair that is not i."""
    return partnership.b if partnership.a == i else partnership.a


@rule
def start_term(partnership, weeks, now):
    """A term of so many weeks begins; 0 leaves the partnership open."""
    partnership.term = weeks
    partnership.term_end = now + weeks


@rule
def form(w, k, initiator, state, visibility):
    """Pair k becomes an active partnership: a new spell with new thresholds, and its term begins."""
    clock = w.clock[0]
    tallies = w.tallies[0]
    partnership = w.partnership[k]
    was = partnership.state
    partnership.state = state
    partnership.initiator = initiator if partnership.alliance < 0 else w.alliance[partnership.alliance].initiator
    partnership.member = other_member(partnership, partnership.initiator)
    if partnership.lead < 0:
        partnership.lead = partnership.initiator
    partnership.visibility = visibility
    partnership.since = clock.week
    start_term(partnership, partnership.term, clock.week)
    if was == State.NONE or was == State.CONTACT:
        tallies.formed += 1
        partnership.formed_week = clock.week
        if partnership.first_formed == NEVER:
            partnership.first_formed = clock.week
            partnership.spell_row = open_spell(w, 0, k)
        event = note(w, EventKind.PARTNERSHIP_FORMED, partnership.initiator, partnership.member, k)
        w.log_number[event, 0] = np.float64(visibility)
        w.log_number[event, 1] = partnership.contract
    start_spell(w, k)


@rule
def start_spell(w, k):
    """Draw the thresholds of the active spell that begins now; members' complaints of before are forgotten."""
    wind_active(w, k)
    for j in (w.partnership[k].a, w.partnership[k].b):
        if w.organisation[j].carries_to_members == 1:
            reset_pressed(w, j)


@rule
def open_spell(w, kind, k):
    """Start a row in the list of durations (0: formation to first ending, 1: exit to return)."""
    clock = w.clock[0]
    tallies = w.tallies[0]
    place = min(tallies.spells, w.spell.shape[0] - 1)
    tallies.spells += 1
    spell = w.spell[place]
    spell.kind = kind
    spell.partnership = k
    spell.start = clock.week
    spell.end = -1
    return place


@rule
def _part(w, stays, leaver):
    """What a walk-out does to one who stays: its trust x 0.55, disappointment, promises cancelled."""
    relation = w.relation[stays * w.organisation.shape[0] + leaver]
    relation.trust *= EXIT_TRUST_FACTOR
    disappoint(w, stays, relation, 0.0)
    cancel_promises(w, leaver, stays)


@rule
def _dismiss_contact(w, k, leaver):
    """A contact person goes with the organisation that named it, or when nobody is left to contact."""
    alliance = w.partnership[k].alliance
    for m in range(w.partnership.shape[0]):
        partnership = w.partnership[m]
        if partnership.focal_by < 0 or (m != k and (alliance < 0 or partnership.alliance != alliance)):
            continue
        if partnership.focal_by == leaver or not lives(w, w.partnership[k]):
            w.organisation[partnership.focal_by].standing_hours -= FOCAL_POINT_HOURS
            partnership.focal_by = -1
            set_structure(w, k, w.partnership[k].structure_items & ~FOCAL_POINTS)


@rule
def _void_contract(partnership):
    partnership.contract = 0.0
    partnership.clause = 0
    partnership.agreed = 0.0
    partnership.agreed_clause = 0
    partnership.criticism_allowed = 0
    partnership.agreed_criticism = 0
    partnership.term = 0
    partnership.term_end = 0
    partnership.suspended_until = 0


@rule
def leave(w, k, leaver, cause):
    """`leaver` goes, and the contract is void. Returns the pair that it left.

    In anger or by decision: COOLING, and the trust of others in it x 0.55. When the partnership lapses or its term is
    not renewed: CONTACT, and no bitterness. Either way what they owe each other is cancelled. From a partnership of
    several it takes only its own membership along; an initiator hands over to the next member.
    """
    clock = w.clock[0]
    tallies = w.tallies[0]
    alliance = w.partnership[k].alliance
    if alliance >= 0 and w.alliance[alliance].initiator == leaver:
        handed = hand_over(w, alliance)
        k = handed if handed >= 0 else k
    partnership = w.partnership[k]
    stays = other_member(partnership, leaver)
    calm = cause in (LAPSE, TERM)
    for i in range(w.organisation.shape[0]):
        if i == stays or (i != leaver and alliance >= 0 and sits(w, alliance, i)):
            if calm:
                cancel_promises(w, leaver, i)
            else:
                _part(w, i, leaver)
    partnership.left_by = leaver
    partnership.decided = 1 if cause == DECISION else 0
    partnership.state = State.CONTACT if calm else State.COOLING
    _dismiss_contact(w, k, leaver)
    partnership.since = clock.week
    _void_contract(partnership)
    if (partnership.exits + partnership.planned_ends == 0) and partnership.first_formed != NEVER:
        w.spell[partnership.spell_row].end = clock.week
    if cause == TERM:
        partnership.planned_ends += 1
        tallies.planned_ends += 1
    else:
        partnership.exits += 1
        tallies.exits += 1
    if calm:
        partnership.lapse_week = clock.week
        if cause == LAPSE:
            partnership.lapses += 1
            tallies.lapses += 1
        return k
    if cause != DECISION:
        tallies.angry_exits += 1
    partnership.exit_week = clock.week
    partnership.cooling_spells += 1
    wind_cooling(w, k)
    partnership.spell_row = open_spell(w, 1, k)
    if w.organisation[stays].gives_time == 1:
        relation = w.relation[stays * w.organisation.shape[0] + leaver]
        relation.pause_until = max(relation.pause_until, clock.week + TIME_GIVEN)
    return k


@rule
def return_limit(trust, value, forgiveness, p):
    """What one who left can forgive: g_ret (1 + s_f (2u - 1)) (T + V), of what is left of trust and of value."""
    return p.return_grievance * (1.0 + p.forgiveness_spread * (2.0 * forgiveness - 1.0)) * (trust + value)


@rule
def willing(w, k, j):
    """Whether j would come back to pair k: its grievance and what it holds against the other are below its limit."""
    partnership = w.partnership[k]
    trust, grievance, held, _ = towards_others(w, k, j)
    value = w.relation[j * w.organisation.shape[0] + other_member(partnership, j)].value
    return grievance + held < return_limit(trust, value, partnership.forgiveness, w.parameter[0])


@rule
def come_back(w, k, by_itself):
    """The one who left returns: INFORMAL again, with the common language of before."""
    clock = w.clock[0]
    tallies = w.tallies[0]
    partnership = w.partnership[k]
    j = partnership.left_by
    i = other_member(partnership, j)
    relation = w.relation[j * w.organisation.shape[0] + i]
    away = clock.week - partnership.exit_week
    partnership.state = State.INFORMAL
    partnership.since = clock.week
    if partnership.reference_result <= 0.0:  # it was formed before the run, and left
        set_reference(w, k)
    partnership.returns += 1
    partnership.return_week = clock.week
    tallies.returns += 1
    w.spell[partnership.spell_row].end = clock.week
    start_spell(w, k)
    event = note(w, EventKind.RETURNED, j, i, k)
    w.log_number[event, 0] = 1.0 if by_itself else 0.0
    w.log_number[event, 1] = np.float64(away)
    w.log_number[event, 2] = relation.trust
    w.log_number[event, 3] = w.relation[i * w.organisation.shape[0] + j].trust
    w.log_cause[event, 0] = relation.grievance
    w.log_cause[event, 1] = w.organisation[j].heat
    w.log_cause[event, 2] = relation.trust


@rule
def attempt_return(w, k, i):
    """One re-approach by i: the other says yes if it is willing, and is pestered if it is not."""
    clock = w.clock[0]
    p = w.parameter[0]
    partnership = w.partnership[k]
    j = other_member(partnership, i)
    partnership.attempts += 1
    partnership.reapproach_sum = 0.0
    partnership.reapproach_threshold = knock_threshold(w, partnership)
    if willing(w, k, j):
        come_back(w, k, False)
        return
    relation = w.relation[j * w.organisation.shape[0] + i]
    trust, _, held, _ = towards_others(w, k, j)
    event = note(w, EventKind.REAPPROACH_UNWILLING, i, j, k)
    w.log_number[event, 1] = held
    w.log_number[event, 2] = return_limit(trust, relation.value, partnership.forgiveness, p)
    relation.grievance = min(1.0, relation.grievance + p.pester)
    w.log_number[event, 0] = relation.grievance
    partnership.pester_week = clock.week


@rule
def end(w, k, by, why):
    """Pair k is over for good (`EndCause`)."""
    if is_active(w.partnership[k]):
        k = leave(w, k, by, DECISION)
    partnership = w.partnership[k]
    partnership.state = State.ENDED
    partnership.since = w.clock[0].week
    event = note(w, EventKind.ENDED, by, other_member(partnership, by), k)
    w.log_number[event, 0] = np.float64(why)
