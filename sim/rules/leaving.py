"""Who leaves a partnership, and why: competing risks of an ending (submodel S9).

Each side of a pair may walk out in anger, because its members complain or an old grievance weighs, or let the
partnership lapse, because it is worth little or no common language has been found. The first risk to arrive wins.
Whether a calm partnership lasts is a matter of what it is worth, hardly of trust.
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.engine.randomness import Decision, uniform, uniform_pair
from sim.rules.alliances import first_membership, is_active, seat_members, towards_others
from sim.rules.clocks import CONFLICT, DRIFT, INITIATOR, MEMBER, clock_of
from sim.rules.life_cycle import come_back, end, leave, start_term, willing
from sim.rules.membership import is_member
from sim.vocabulary.coded import numbers
from sim.vocabulary.events import EndCause, EventKind, ExitCause
from sim.vocabulary.partnerships import State

BY_STORM, BY_GRIEVANCE, LAPSE, TERM = numbers(
    ExitCause.CONFLICT_STORM, ExitCause.CONFLICT_GRIEVANCE, ExitCause.LAPSE, ExitCause.TERM
)
BREACHES, MOVED_ON = numbers(EndCause.BREACHES, EndCause.MOVED_ON)
LARGEST = 10  # members whose part in an exit is told
TIME_GIVEN = 26  # weeks without an attempt that came too early


SMALL = 1e-3  # odds below which five terms of the series of the logarithm are enough

# How strongly trust keeps a partner from walking out (logit): calibrated to P02.
EXIT_TRUST = 3.0
# How strongly the ownership of the top management keeps a partnership from lapsing (logit): assumption.
EXIT_TOP = 0.5
# How much the value to the one to whom it is worth less counts at the end of a term (logit): assumption.
RENEWAL_VALUE = 4.0
# Shortest time away after an exit (weeks): assumption, checked with P05.
COOLING_WEEKS = 13.0
# How much faster a full grievance makes one move on (factor): assumption.
MOVING_GRIEVANCE = 4.0
# How much faster somebody moves on who works with others (factor): Greve et al. 2013 (direction: outside options).
MOVING_ALTERNATIVE = 1.0
# What is left of the rate of moving on while nobody knocks too early (factor): assumption.
MOVING_TIME = 0.5
# Share of firms with a duty to report (share): assumption.
MUST_REPORT_SHARE = 0.1


@rule
def softplus(x):
    """-log(1 - sigma(x)): the weekly hazard that gives probability sigma(x) in a week."""
    if x > 30.0:
        return x
    odds = math.exp(x)
    if odds < SMALL:  # log(1 + odds) to the last bit, at a third of the time
        return odds * (1.0 - odds * (0.5 - odds * (1.0 / 3.0 - odds * (0.25 - odds * 0.2))))
    return math.log1p(odds)


@rule
def conflict_terms(w, k, m):
    """Terms of the logit with which m walks out of pair k in anger: base, pressure, grievance, trust, formal, champion.

    c0 + bH P + bG G - bT (T - 1/2) - bF [FORMAL] - bC champion. Among several, T is the mean trust in the others, G and
    P are the largest.
    """
    p = w.parameter[0]
    trust, grievance, _, pressure = towards_others(w, k, m)
    return (
        p.conflict_base,
        p.exit_heat * pressure,
        p.exit_grievance * grievance,
        -EXIT_TRUST * (trust - 0.5),
        -p.exit_formal if w.partnership[k].state == State.FORMAL else 0.0,
        -p.exit_champion * w.organisation[m].champion,
    )


@rule
def drift_terms(w, k, m):
    """Terms of the logit with which m lets pair k lapse: base, value, top, newness, formal, champion.

    b0 - bV (V - 1/2) - bTop (top - 1/2) + bD (d - d_inf) - bF [FORMAL] - bC champion. A language that is not yet shared
    is what makes young partnerships end.
    """
    p = w.parameter[0]
    partnership = w.partnership[k]
    organisation = w.organisation[m]
    other = partnership.b if partnership.a == m else partnership.a
    value = w.relation[m * w.organisation.shape[0] + other].value
    return (
        p.exit_base,
        -p.exit_value * (value - 0.5),
        -EXIT_TOP * (organisation.top - 0.5),
        p.exit_newness * (partnership.distance - partnership.distance_floor),
        -p.exit_formal if partnership.state == State.FORMAL else 0.0,
        -p.exit_champion * organisation.champion,
    )


@rule
def _sum(terms):
    total = 0.0
    for term in terms:
        total += term
    return total


@rule
def _side(partnership, side):
    return partnership.member if side == MEMBER else partnership.initiator


@rule
def _may_leave(w, k, side):
    """The initiator of several answers once, on its first active membership; some never leave by themselves."""
    partnership = w.partnership[k]
    if side == INITIATOR and partnership.alliance >= 0 and first_membership(w, partnership.alliance) != k:
        return False
    return w.organisation[_side(partnership, side)].leaves_by_itself == 1


@rule
def _who_drove_it(w, j, event):
    """Of the complaint in federation j in this spell: the shares of those with a duty to report, and of ten."""
    clock = w.clock[0]
    share = MUST_REPORT_SHARE
    total = 0.0
    reporting = 0.0
    for f in range(w.member.shape[0]):
        if w.pressed[f] > 0.0 and is_member(w, j, f):
            total += w.pressed[f]
            _, v = uniform_pair(clock.seed, clock.replicate, Decision.FIRM_TRAITS, f, 0, 0)
            reporting += w.pressed[f] if v < share else 0.0
    if total <= 0.0:
        return
    w.log_number[event, 5] = reporting / total
    last = math.inf
    largest = 0.0
    for _ in range(LARGEST):
        best = 0.0
        for f in range(w.member.shape[0]):
            if best < w.pressed[f] < last and is_member(w, j, f):
                best = w.pressed[f]
        largest += best
        last = best
    w.log_number[event, 6] = min(1.0, largest / total)


@rule
def _note_exit(w, k, m, cause, column):
    partnership = w.partnership[k]
    other = partnership.b if partnership.a == m else partnership.a
    event = note(w, EventKind.EXIT, m, other, k)
    conflict = conflict_terms(w, k, m)
    drift = drift_terms(w, k, m)
    for term in range(6):
        w.log_cause[event, term] = conflict[term]
    for term in range(4):
        w.log_cause[event, 6 + term] = drift[term]
    w.log_cause[event, 10] = w.held[m, other]
    w.log_number[event, 0] = np.float64(cause)
    if column >= 0:
        w.log_number[event, 1] = w.leaving[k, column]
        w.log_number[event, 2] = w.leaving_limit[k, column]
        if cause != LAPSE and w.leaving[k, column] > 0.0:
            w.log_number[event, 3] = w.leaving_since[k, column % 2] / w.leaving[k, column]
    w.log_number[event, 4] = w.organisation[m].complaint
    if w.organisation[m].carries_to_members == 1 and cause != LAPSE:
        _who_drove_it(w, m, event)


@rule
def walk_out(w, k, m, column):
    """M leaves pair k in anger."""
    terms = conflict_terms(w, k, m)
    cause = BY_STORM if terms[1] >= terms[2] and terms[1] > 0.0 else BY_GRIEVANCE
    _note_exit(w, k, m, cause, column)
    leave(w, k, m, cause)


@rule
def renewal_chance(value, p):
    """Sigma(r0 + rV (V - 1/2)): the one to whom the partnership is worth less decides."""
    return 1.0 / (1.0 + math.exp(-(p.renewal_base + RENEWAL_VALUE * (value - 0.5))))


@rule
def _renew_or_end(w, k, week):
    """At the end of a term both decide together; what is not renewed ends as planned."""
    clock = w.clock[0]
    n = w.organisation.shape[0]
    partnership = w.partnership[k]
    a, b = partnership.a, partnership.b
    value = min(w.relation[a * n + b].value, w.relation[b * n + a].value)
    partnership.terms += 1
    u = uniform(clock.seed, clock.replicate, Decision.RENEWAL, partnership.key, partnership.terms)
    chance = renewal_chance(value, w.parameter[0])
    if u < chance:
        start_term(partnership, partnership.term, week)
        event = note(w, EventKind.RENEWED, partnership.initiator, partnership.member, k)
        w.log_number[event, 0] = chance
        w.log_number[event, 1] = u
        w.log_number[event, 2] = np.float64(partnership.terms)
        return
    less = partnership.member
    if partnership.alliance < 0:  # of several, who was asked does not renew its own membership, and the others go on
        if w.relation[a * n + b].value < w.relation[b * n + a].value:
            less = a
        elif w.relation[b * n + a].value < w.relation[a * n + b].value:
            less = b
    _note_exit(w, k, less, TERM, -1)
    leave(w, k, less, TERM)


@rule
def end_after_breaches(w):
    """A second breach of integrity ends a partnership for good; among several, only the one who broke faith goes."""
    n = w.organisation.shape[0]
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        i = partnership.initiator
        j = partnership.member
        if partnership.state == State.NONE or partnership.state == State.ENDED or partnership.link == 1:
            continue
        if w.relation[j * n + i].integrity_breaches >= 2:
            end(w, k, j if partnership.alliance >= 0 else i, BREACHES)


@rule
def leave_or_stay(w, week):
    """Add up the week's hazards of every active pair; the first risk to arrive ends it.

    Within a week anger comes before lapse, the member before the initiator, and all of them before the end of a term.
    """
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if partnership.link == 1 or not is_active(partnership):
            continue
        for side in range(2):
            if not _may_leave(w, k, side):
                continue
            m = _side(partnership, side)
            conflict = softplus(_sum(conflict_terms(w, k, m)))
            w.leaving[k, clock_of(CONFLICT, side)] += conflict
            w.leaving_since[k, side] += conflict
            w.leaving[k, clock_of(DRIFT, side)] += softplus(_sum(drift_terms(w, k, m)))
        gone = False
        for column in range(4):
            if not gone and w.leaving[k, column] >= w.leaving_limit[k, column]:
                m = _side(partnership, column % 2)
                if column < 2:
                    walk_out(w, k, m, column)
                else:
                    _note_exit(w, k, m, LAPSE, column)
                    leave(w, k, m, LAPSE)
                gone = True
        if not gone and partnership.term > 0 and week + 1 >= partnership.term_end:
            _renew_or_end(w, k, week + 1)


@rule
def return_by_itself(w, week):
    """One who left in anger comes back by itself: the sum grows only in weeks in which it is willing."""
    p = w.parameter[0]
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if partnership.state != State.COOLING or partnership.link == 1 or partnership.decided == 1:
            continue
        if week - partnership.exit_week >= COOLING_WEEKS and willing(w, k, partnership.left_by):
            partnership.return_sum += p.self_return_rate
            if partnership.return_sum >= partnership.return_threshold:
                come_back(w, k, True)


@rule
def _has_alternative(w, j, k):
    """Whether j works with anybody else."""
    for m in range(w.partnership.shape[0]):
        partnership = w.partnership[m]
        if m != k and (partnership.a == j or partnership.b == j) and is_active(partnership):
            return True
    return False


@rule
def move_on(w, week):
    """One who left may move on for good: sooner with a grievance, pestered, or with somebody else at hand.

    H = l_m (1 + a_G G)(1 + a_alt [active elsewhere]) (f_time if nobody knocked too early in the last 26 weeks, else 1).
    """
    p = w.parameter[0]
    n = w.organisation.shape[0]
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if partnership.state != State.COOLING or partnership.link == 1:
            continue
        j = partnership.left_by
        other = partnership.b if partnership.a == j else partnership.a
        hazard = p.moving_rate * (1.0 + MOVING_GRIEVANCE * w.relation[j * n + other].grievance)
        if _has_alternative(w, j, k):
            hazard *= 1.0 + MOVING_ALTERNATIVE
        if week - partnership.pester_week >= TIME_GIVEN:
            hazard *= MOVING_TIME
        partnership.moving_sum += hazard
        if partnership.moving_sum >= partnership.moving_threshold:
            partnership.moved_on += 1
            w.tallies[0].moved_on += 1
            end(w, k, j, MOVED_ON)
    seat_members(w)
