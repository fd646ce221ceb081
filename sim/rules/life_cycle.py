"""The life of a partnership: forming, leaving, cooling, returning, ending (submodel S9).

The state belongs to the membership of the one who was asked: the initiator leaves only by decision, the other
side may leave of its own accord, with a weekly hazard.
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.engine.randomness import Decision, threshold, uniform
from sim.rules.alliances import hand_over, is_active, lives, seat_members, sits, towards_others
from sim.rules.elements import set_reference
from sim.rules.trust import cancel_promises, disappoint
from sim.vocabulary.coded import NEVER
from sim.vocabulary.events import EventKind, ExitCause
from sim.vocabulary.partnerships import State, StructureItem, Visibility

__all__ = [
    "attempt_return",
    "end",
    "exit_terms",
    "form",
    "is_active",
    "leave",
    "live_on",
    "other_member",
    "set_structure",
    "softplus",
    "willing",
]


STORM, GRIEVANCE, DRIFT = float(ExitCause.STORM), float(ExitCause.GRIEVANCE), float(ExitCause.DRIFT)
STRUCTURE_ITEMS = len(StructureItem)
FOCAL_POINTS = 1 << StructureItem.FOCAL_POINTS
FOCAL_POINT_HOURS = 2.0  # a week, of the one who named a contact person


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
def softplus(x):
    """-log(1 - sigma(x)): the weekly hazard that gives probability sigma(x) in a week."""
    if x > 30.0:
        return x
    return math.log1p(math.exp(x))


@rule
def exit_terms(w, k):
    """Terms of the exit logit of pair k, of the member that may leave: their sum is the logit.

    base, heat, grievance, trust, formal, champion, value, top: b0 + bH H vis + bG G - bT (T - 1/2)
    - bF [FORMAL] - bC champion - bV V - bTop (top - 1/2). Among several, T is the mean trust in the other members,
    G and H are the largest.
    """
    p = w.parameter[0]
    partnership = w.partnership[k]
    i = partnership.initiator
    j = other_member(partnership, i)
    member = w.organisation[j]
    relation = w.relation[j * w.organisation.shape[0] + i]
    trust, grievance, held = towards_others(w, k, j)
    seen = 1.0 if partnership.visibility == Visibility.PUBLIC else p.shadow_visibility
    return (
        p.exit_base,
        p.exit_heat * held * seen,
        p.exit_grievance * grievance,
        -p.exit_trust * (trust - 0.5),
        -p.exit_formal if partnership.state == State.FORMAL else 0.0,
        -p.exit_champion * member.champion,
        -p.exit_value * relation.value,
        -p.exit_top * (member.top - 0.5),
    )


@rule
def willing(trust, grievance, heat, p):
    """Whether one who left would come back: grievance low, heat low, some trust left."""
    return grievance < p.return_grievance and heat < p.return_heat and trust > p.return_trust


@rule
def form(w, k, initiator, state, visibility):
    """Pair k becomes an active partnership: a new spell with a new exit threshold."""
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
    """Draw the exit threshold of the active spell that begins now."""
    clock = w.clock[0]
    partnership = w.partnership[k]
    partnership.spell += 1
    partnership.exit_hazard = 0.0
    partnership.exit_hazard_since = 0.0
    partnership.exit_threshold = threshold(
        clock.seed, clock.replicate, Decision.EXIT, partnership.key, partnership.spell
    )


@rule
def open_spell(w, kind, k):
    """Start a row in the list of durations (0: formation to first exit, 1: exit to return)."""
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
    """What the leaving of one does to one who stays: its trust x 0.55, disappointment, promises cancelled."""
    relation = w.relation[stays * w.organisation.shape[0] + leaver]
    relation.trust *= w.parameter[0].exit_trust_factor
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
def leave(w, k, leaver):
    """`leaver` goes: COOLING, the contract void, open promises cancelled, the others' trust in it x 0.55.

    From a partnership of several it takes only its own membership along; an initiator hands over to the next member.
    Returns the pair that it left.
    """
    clock = w.clock[0]
    tallies = w.tallies[0]
    alliance = w.partnership[k].alliance
    if alliance >= 0 and w.alliance[alliance].initiator == leaver:
        handed = hand_over(w, alliance)
        k = handed if handed >= 0 else k
    partnership = w.partnership[k]
    stays = other_member(partnership, leaver)
    n = w.organisation.shape[0]
    _part(w, stays, leaver)
    if alliance >= 0:
        for i in range(n):
            if i != leaver and i != stays and sits(w, alliance, i):
                _part(w, i, leaver)
    partnership.left_by = leaver
    partnership.state = State.COOLING
    _dismiss_contact(w, k, leaver)
    partnership.since = clock.week
    partnership.exit_week = clock.week
    partnership.exits += 1
    tallies.exits += 1
    partnership.contract = 0.0
    partnership.clause = 0
    partnership.agreed = 0.0
    partnership.agreed_clause = 0
    partnership.cooling_spells += 1
    partnership.reapproach_sum = 0.0
    partnership.reapproach_threshold = threshold(
        clock.seed, clock.replicate, Decision.REAPPROACH, partnership.key, partnership.attempts
    )
    partnership.return_sum = 0.0
    partnership.return_threshold = threshold(
        clock.seed, clock.replicate, Decision.SELF_RETURN, partnership.key, partnership.cooling_spells
    )
    if partnership.exits == 1 and partnership.first_formed != NEVER:
        w.spell[partnership.spell_row].end = clock.week
    partnership.spell_row = open_spell(w, 1, k)
    relation = w.relation[stays * n + leaver]
    if w.organisation[stays].gives_time == 1:
        relation.pause_until = max(relation.pause_until, clock.week + 13)
    return k


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
    """One re-approach by i: the other says yes with a chance if willing; one who is not willing is pestered."""
    clock = w.clock[0]
    p = w.parameter[0]
    partnership = w.partnership[k]
    j = other_member(partnership, i)
    relation = w.relation[j * w.organisation.shape[0] + i]
    heat = w.organisation[j].heat
    trust, grievance, _ = towards_others(w, k, j)
    partnership.attempts += 1
    partnership.reapproach_sum = 0.0
    partnership.reapproach_threshold = threshold(
        clock.seed, clock.replicate, Decision.REAPPROACH, partnership.key, partnership.attempts
    )
    if not willing(trust, grievance, heat, p):
        event = note(w, EventKind.REAPPROACH_UNWILLING, i, j, k)
        w.log_cause[event, 0] = 1.0 if grievance >= p.return_grievance else 0.0
        w.log_cause[event, 1] = 1.0 if heat >= p.return_heat else 0.0
        w.log_cause[event, 2] = 1.0 if trust <= p.return_trust else 0.0
        relation.grievance = min(1.0, relation.grievance + p.pester)
        w.log_number[event, 0] = relation.grievance
        return
    u = uniform(clock.seed, clock.replicate, Decision.REAPPROACH_SUCCESS, partnership.key, partnership.attempts)
    if u < p.return_success:
        come_back(w, k, False)
    else:
        event = note(w, EventKind.REAPPROACH_FAILED, i, j, k)
        w.log_number[event, 0] = relation.grievance


@rule
def end(w, k, by, breached):
    """Pair k is over for good."""
    if is_active(w.partnership[k]):
        k = leave(w, k, by)
    partnership = w.partnership[k]
    partnership.state = State.ENDED
    partnership.since = w.clock[0].week
    event = note(w, EventKind.ENDED, by, other_member(partnership, by), k)
    w.log_number[event, 0] = 1.0 if breached else 0.0


@rule
def _note_exit(w, k, terms, logit):
    partnership = w.partnership[k]
    event = note(w, EventKind.EXIT, partnership.member, partnership.initiator, k)
    for term in range(8):
        w.log_cause[event, term] = terms[term]
    member = w.organisation[partnership.member]
    w.log_number[event, 0] = logit
    w.log_number[event, 1] = partnership.exit_hazard
    w.log_number[event, 2] = partnership.exit_threshold
    w.log_number[event, 3] = (
        partnership.exit_hazard_since / partnership.exit_hazard if partnership.exit_hazard > 0.0 else 0.0
    )
    w.log_cause[event, 8] = member.heat
    w.log_cause[event, 9] = w.held[partnership.member, partnership.initiator]
    heat = w.log_cause[event, 1]
    largest = heat
    for term in range(2, 8):
        largest = max(largest, w.log_cause[event, term])
    label = DRIFT
    if heat > 0.5 and heat >= largest:
        label = STORM
    elif w.log_cause[event, 2] > 0.25 and w.log_cause[event, 2] >= largest:
        label = GRIEVANCE
    w.log_number[event, 4] = label


@rule
def live_on(w, week):
    """Exits of members that have had enough, returns of those who want to, ends after a second breach of integrity."""
    p = w.parameter[0]
    n = w.organisation.shape[0]
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if partnership.state == State.NONE or partnership.state == State.ENDED or partnership.link == 1:
            continue
        i = partnership.initiator
        j = partnership.member
        if w.relation[j * n + i].integrity_breaches >= 2:
            end(w, k, j if partnership.alliance >= 0 else i, True)  # among several, only the one who broke faith goes
            continue
        if is_active(partnership):
            terms = exit_terms(w, k)
            logit = 0.0
            for term in terms:
                logit += term
            hazard = softplus(logit)
            partnership.exit_hazard += hazard
            if partnership.campaign_mark == 1:
                partnership.exit_hazard_since += hazard
            if partnership.exit_hazard >= partnership.exit_threshold:
                _note_exit(w, k, terms, logit)
                leave(w, k, j)
        elif (
            partnership.state == State.COOLING
            and partnership.left_by == j
            and week - partnership.exit_week >= p.cooling_weeks
        ):
            trust, grievance, _ = towards_others(w, k, j)
            if willing(trust, grievance, w.organisation[j].heat, p):
                partnership.return_sum += p.self_return_rate
                if partnership.return_sum >= partnership.return_threshold:
                    come_back(w, k, True)
    seat_members(w)
