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
from sim.vocabulary.events import EventKind
from sim.vocabulary.partnerships import State

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


FOCAL_POINTS = 1  # the first structure item, as a bit
FOCAL_POINT_HOURS = 2.0  # a week, of the one who named a contact person


@rule
def set_structure(w, k, items):
    """Set the structure items (a bit mask of eight) of a partnership; each adds 1/8 to the score Z."""
    for m in range(w.pair.shape[0]):
        tie = w.pair[m]
        if m == k or (tie.alliance >= 0 and tie.alliance == w.pair[k].alliance):
            change = 0  # a drawn score has no items of its own: it moves with those that come and go
            for item in range(8):
                change += ((items >> item) & 1) - ((tie.structure_items >> item) & 1)
            tie.structure_items = items
            tie.focal_points = items & FOCAL_POINTS
            tie.structure = min(1.0, max(0.0, tie.structure + change / 8.0))


@rule
def other_member(tie, i):
    """The member of a pair that is not i."""
    return tie.b if tie.a == i else tie.a


@rule
def softplus(x):
    """-log(1 - sigma(x)): the weekly hazard that gives probability sigma(x) in a week."""
    if x > 30.0:
        return x
    return math.log1p(math.exp(x))


@rule
def exit_terms(w, k):
    """Terms of the exit logit of pair k, of the member that may leave: their sum is the logit.

    base, heat, grievance, trust, formal, champion, value, top: b0 + bH Heat own vis + bG G - bT (T - 1/2)
    - bF [FORMAL] - bC champion - bV V - bTop (top - 1/2). Among several, T is the mean trust in the other members,
    G and own are the largest.
    """
    p = w.parameter[0]
    tie = w.pair[k]
    i = tie.initiator
    j = other_member(tie, i)
    member = w.organisation[j]
    dyad = w.dyad[j * w.organisation.shape[0] + i]
    trust, grievance, own = towards_others(w, k, j)
    seen = 1.0 if tie.visibility == 0 else p.shadow_visibility
    return (
        p.exit_base,
        p.exit_heat * member.heat * own * seen,
        p.exit_grievance * grievance,
        -p.exit_trust * (trust - 0.5),
        -p.exit_formal if tie.state == State.FORMAL else 0.0,
        -p.exit_champion * member.champion,
        -p.exit_value * dyad.value,
        -p.exit_top * (member.top - 0.5),
    )


@rule
def willing(trust, grievance, heat, p):
    """Whether one who left would come back: grievance low, heat low, some trust left."""
    return grievance < p.return_grievance and heat < p.return_heat and trust > p.return_trust


@rule
def form(w, k, initiator, state, visibility):
    """Pair k becomes an active partnership: a new spell with a new exit threshold."""
    arena = w.arena[0]
    tie = w.pair[k]
    was = tie.state
    tie.state = state
    tie.initiator = initiator if tie.alliance < 0 else w.alliance[tie.alliance].initiator
    tie.member = other_member(tie, tie.initiator)
    if tie.lead < 0:
        tie.lead = tie.initiator
    tie.visibility = visibility
    tie.since = arena.week
    if was == State.NONE or was == State.CONTACT:
        arena.formed += 1
        tie.formed_week = arena.week
        if tie.first_formed == NEVER:
            tie.first_formed = arena.week
            tie.spell_row = open_spell(w, 0, k)
        row = note(w, EventKind.PARTNERSHIP_FORMED, tie.initiator, tie.member, k)
        w.log_number[row, 0] = np.float64(visibility)
        w.log_number[row, 1] = tie.contract
    start_spell(w, k)


@rule
def start_spell(w, k):
    """Draw the exit threshold of the active spell that begins now."""
    arena = w.arena[0]
    tie = w.pair[k]
    tie.spell += 1
    tie.exit_hazard = 0.0
    tie.exit_hazard_since = 0.0
    tie.exit_threshold = threshold(arena.seed, arena.replicate, Decision.EXIT, tie.key, tie.spell)


@rule
def open_spell(w, kind, k):
    """Start a row in the list of durations (0: formation to first exit, 1: exit to return)."""
    arena = w.arena[0]
    row = min(arena.spells, w.spell.shape[0] - 1)
    arena.spells += 1
    spell = w.spell[row]
    spell.kind = kind
    spell.pair = k
    spell.start = arena.week
    spell.end = -1
    return row


@rule
def _part(w, stays, leaver):
    """What the leaving of one does to one who stays: its trust x 0.55, disappointment, promises cancelled."""
    dyad = w.dyad[stays * w.organisation.shape[0] + leaver]
    dyad.trust *= w.parameter[0].exit_trust_factor
    disappoint(w, stays, dyad, 0.0)
    cancel_promises(w, leaver, stays)


@rule
def _dismiss_contact(w, k, leaver):
    """A contact person goes with the organisation that named it, or when nobody is left to contact."""
    alliance = w.pair[k].alliance
    for m in range(w.pair.shape[0]):
        tie = w.pair[m]
        if tie.focal_by < 0 or (m != k and (alliance < 0 or tie.alliance != alliance)):
            continue
        if tie.focal_by == leaver or not lives(w, w.pair[k]):
            w.organisation[tie.focal_by].standing_hours -= FOCAL_POINT_HOURS
            tie.focal_by = -1
            set_structure(w, k, w.pair[k].structure_items & ~FOCAL_POINTS)


@rule
def leave(w, k, leaver):
    """`leaver` goes: COOLING, the contract void, open promises cancelled, the others' trust in it x 0.55.

    From a partnership of several it takes only its own membership along; an initiator hands over to the next member.
    Returns the pair that it left.
    """
    arena = w.arena[0]
    alliance = w.pair[k].alliance
    if alliance >= 0 and w.alliance[alliance].initiator == leaver:
        handed = hand_over(w, alliance)
        k = handed if handed >= 0 else k
    tie = w.pair[k]
    stays = other_member(tie, leaver)
    n = w.organisation.shape[0]
    _part(w, stays, leaver)
    if alliance >= 0:
        for i in range(n):
            if i != leaver and i != stays and sits(w, alliance, i):
                _part(w, i, leaver)
    tie.left_by = leaver
    tie.state = State.COOLING
    _dismiss_contact(w, k, leaver)
    tie.since = arena.week
    tie.exit_week = arena.week
    tie.exits += 1
    arena.exits += 1
    tie.contract = 0.0
    tie.clause = 0
    tie.agreed = 0.0
    tie.agreed_clause = 0
    tie.cooling_spells += 1
    tie.reapproach_sum = 0.0
    tie.reapproach_threshold = threshold(arena.seed, arena.replicate, Decision.REAPPROACH, tie.key, tie.attempts)
    tie.return_sum = 0.0
    tie.return_threshold = threshold(arena.seed, arena.replicate, Decision.SELF_RETURN, tie.key, tie.cooling_spells)
    if tie.exits == 1 and tie.first_formed != NEVER:
        w.spell[tie.spell_row].end = arena.week
    tie.spell_row = open_spell(w, 1, k)
    dyad = w.dyad[stays * n + leaver]
    if w.organisation[stays].gives_time == 1:
        dyad.pause_until = max(dyad.pause_until, arena.week + 13)
    return k


@rule
def come_back(w, k, by_itself):
    """The one who left returns: INFORMAL again, with the common language of before."""
    arena = w.arena[0]
    tie = w.pair[k]
    j = tie.left_by
    i = other_member(tie, j)
    dyad = w.dyad[j * w.organisation.shape[0] + i]
    away = arena.week - tie.exit_week
    tie.state = State.INFORMAL
    tie.since = arena.week
    if tie.reference_result <= 0.0:  # it was formed before the run, and left
        set_reference(w, k)
    tie.returns += 1
    tie.return_week = arena.week
    arena.returns += 1
    w.spell[tie.spell_row].end = arena.week
    start_spell(w, k)
    row = note(w, EventKind.RETURNED, j, i, k)
    w.log_number[row, 0] = 1.0 if by_itself else 0.0
    w.log_number[row, 1] = np.float64(away)
    w.log_number[row, 2] = dyad.trust
    w.log_number[row, 3] = w.dyad[i * w.organisation.shape[0] + j].trust
    w.log_cause[row, 0] = dyad.grievance
    w.log_cause[row, 1] = w.organisation[j].heat
    w.log_cause[row, 2] = dyad.trust


@rule
def attempt_return(w, k, i):
    """One re-approach by i: the other says yes with a chance if willing; one who is not willing is pestered."""
    arena = w.arena[0]
    p = w.parameter[0]
    tie = w.pair[k]
    j = other_member(tie, i)
    dyad = w.dyad[j * w.organisation.shape[0] + i]
    heat = w.organisation[j].heat
    trust, grievance, _ = towards_others(w, k, j)
    tie.attempts += 1
    tie.reapproach_sum = 0.0
    tie.reapproach_threshold = threshold(arena.seed, arena.replicate, Decision.REAPPROACH, tie.key, tie.attempts)
    if not willing(trust, grievance, heat, p):
        row = note(w, EventKind.REAPPROACH_UNWILLING, i, j, k)
        w.log_cause[row, 0] = 1.0 if grievance >= p.return_grievance else 0.0
        w.log_cause[row, 1] = 1.0 if heat >= p.return_heat else 0.0
        w.log_cause[row, 2] = 1.0 if trust <= p.return_trust else 0.0
        dyad.grievance = min(1.0, dyad.grievance + p.pester)
        w.log_number[row, 0] = dyad.grievance
        return
    u = uniform(arena.seed, arena.replicate, Decision.REAPPROACH_SUCCESS, tie.key, tie.attempts)
    if u < p.return_success:
        come_back(w, k, False)
    else:
        row = note(w, EventKind.REAPPROACH_FAILED, i, j, k)
        w.log_number[row, 0] = dyad.grievance


@rule
def end(w, k, by, breached):
    """Pair k is over for good."""
    if is_active(w.pair[k]):
        k = leave(w, k, by)
    tie = w.pair[k]
    tie.state = State.ENDED
    tie.since = w.arena[0].week
    row = note(w, EventKind.ENDED, by, other_member(tie, by), k)
    w.log_number[row, 0] = 1.0 if breached else 0.0


@rule
def _note_exit(w, k, terms, logit):
    arena = w.arena[0]
    tie = w.pair[k]
    row = note(w, EventKind.EXIT, tie.member, tie.initiator, k)
    for term in range(8):
        w.log_cause[row, term] = terms[term]
    member = w.organisation[tie.member]
    w.log_number[row, 0] = logit
    w.log_number[row, 1] = tie.exit_hazard
    w.log_number[row, 2] = tie.exit_threshold
    w.log_number[row, 3] = tie.exit_hazard_since / tie.exit_hazard if tie.exit_hazard > 0.0 else 0.0
    w.log_cause[row, 8] = arena.attention
    w.log_cause[row, 9] = arena.tone
    w.log_cause[row, 10] = member.exposure
    w.log_cause[row, 11] = w.organisation[tie.initiator].own
    heat = w.log_cause[row, 1]
    largest = heat
    for term in range(2, 8):
        largest = max(largest, w.log_cause[row, term])
    label = 2.0  # drift
    if heat > 0.5 and heat >= largest:
        label = 0.0  # storm
    elif w.log_cause[row, 2] > 0.25 and w.log_cause[row, 2] >= largest:
        label = 1.0  # grievance
    w.log_number[row, 4] = label


@rule
def live_on(w, week):
    """Exits of members that have had enough, returns of those who want to, ends after a second breach of integrity."""
    p = w.parameter[0]
    n = w.organisation.shape[0]
    for k in range(w.pair.shape[0]):
        tie = w.pair[k]
        if tie.state == State.NONE or tie.state == State.ENDED or tie.link == 1:
            continue
        i = tie.initiator
        j = tie.member
        if w.dyad[j * n + i].integrity_breaches >= 2:
            end(w, k, j if tie.alliance >= 0 else i, True)  # among several, only the one who broke faith goes
            continue
        if is_active(tie):
            terms = exit_terms(w, k)
            logit = 0.0
            for term in terms:
                logit += term
            hazard = softplus(logit)
            tie.exit_hazard += hazard
            if tie.campaign_mark == 1:
                tie.exit_hazard_since += hazard
            if tie.exit_hazard >= tie.exit_threshold:
                _note_exit(w, k, terms, logit)
                leave(w, k, j)
        elif tie.state == State.COOLING and tie.left_by == j and week - tie.exit_week >= p.cooling_weeks:
            trust, grievance, _ = towards_others(w, k, j)
            if willing(trust, grievance, w.organisation[j].heat, p):
                tie.return_sum += p.self_return_rate
                if tie.return_sum >= tie.return_threshold:
                    come_back(w, k, True)
    seat_members(w)
