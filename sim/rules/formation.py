"""Formation: approaches, terms, signatures, and the replies to them (submodel S6)."""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.engine.randomness import Decision, uniform
from sim.rules.alliances import is_active, seat_members
from sim.rules.elements import set_reference
from sim.rules.joint_work import choose_model
from sim.rules.life_cycle import attempt_return, form, set_structure, start_term
from sim.rules.resources import spend_hours
from sim.rules.understanding import SHADOW_VISIBILITY
from sim.vocabulary.coded import numbers
from sim.vocabulary.events import EventKind
from sim.vocabulary.partnerships import SCORED_ITEMS, ContractItem, Request, State, Visibility
from sim.vocabulary.uptake import Telling

CONTRACT_ITEMS = len(ContractItem)
CREDIT_CLAUSE, CRITICISM = numbers(ContractItem.CREDIT_CLAUSE, ContractItem.CRITICISM_ALLOWED)
LIST = int(Telling.LIST)
SHORT_FORM = 0.875  # seven of eight contract items
APPROACH, TERMS, SIGN, GO_PUBLIC, REAPPROACH, SUSPENSION = numbers(
    Request.APPROACH, Request.TERMS, Request.SIGN, Request.GO_PUBLIC, Request.REAPPROACH, Request.SUSPENSION
)
FIRST_ACCEPTED, FIRST_REFUSED = numbers(EventKind.APPROACH_ACCEPTED, EventKind.APPROACH_REFUSED)
SUSPENSION_ACCEPTED, SUSPENSION_REFUSED = numbers(EventKind.SUSPENSION_ACCEPTED, EventKind.SUSPENSION_REFUSED)
ACCEPT_APPROACH, ACCEPT_TERMS, ACCEPT_SIGNING, ACCEPT_GOING_PUBLIC, ACCEPT_SUSPENSION = numbers(
    Decision.ACCEPT_APPROACH,
    Decision.ACCEPT_TERMS,
    Decision.ACCEPT_SIGNING,
    Decision.ACCEPT_GOING_PUBLIC,
    Decision.ACCEPT_SUSPENSION,
)

# How much it counts that those who talk can also decide (logit): collection of good cases (direction); level
# assumed.
ACCEPT_DIRECT = 0.7
# How much old resentment against the asker holds the asked organisation back (logit): source talk (direction);
# level assumed.
ACCEPT_GRIEVANCE = 4.0
# How much a large request deters, the more so the less trust there is (logit): Freedman & Fraser 1966 (persons: 53
# of 100 agree to a large request after a small one, 22 without); level assumed.
ACCEPT_ASK = 2.0
# How much a firm is drawn by an asker that needs partners badly (logit): collection of good cases (direction);
# level assumed.
ACCEPT_NEED = 0.5
# How much it deters a firm that it is offered a list and wants a workshop, or the other way round (logit): source
# talk (direction); level assumed.
ACCEPT_FORMAT = 0.5
# How much a complete offer of contract items counts (logit): assumption.
ACCEPT_CONTRACT = 0.5
# How much the ownership of the top management counts when it comes to terms and signatures (logit): assumption.
ACCEPT_TOP = 1.0
# Chance that a firm would rather have a list than a workshop (probability): source talk (one firm did); level
# assumed.
WISH_LIST = 0.7


@rule
def contract_share(items):
    """Share of the contract items in a set (bits)."""
    count = 0
    for item in range(CONTRACT_ITEMS):
        count += (items >> item) & 1
    return min(1.0, count / SCORED_ITEMS)


@rule
def has_credit_clause(items):
    """Whether a set of contract items (bits) holds the rule on credit."""
    return (items >> CREDIT_CLAUSE) & 1


@rule
def allows_criticism(items):
    """Whether a set of contract items (bits) says that members may criticise each other."""
    return (items >> CRITICISM) & 1


@rule
def sigma(x):
    """1 / (1 + exp(-x)), safe at both ends."""
    if x < -700.0:
        return 0.0
    return 1.0 / (1.0 + math.exp(-x))


@rule
def willingness_terms(w, k, i, j, request, terms):
    """Fill the terms of the logit with which j says yes to i, and return their sum.

    base, trust, fit, value, evidence, champion, direct, heat, grievance, ask, flank, tone, contract, top, format, need.
    """
    p = w.parameter[0]
    n = w.organisation.shape[0]
    partnership = w.partnership[k]
    asked = w.organisation[j]
    asker = w.organisation[i]
    relation = w.relation[j * n + i]
    seen = 1.0 if request.visibility == Visibility.PUBLIC else SHADOW_VISIBILITY
    terms[0] = p.accept_base
    terms[1] = p.accept_trust * (relation.trust - 0.5)
    terms[2] = p.accept_fit * partnership.fit
    terms[3] = p.accept_value * relation.value
    terms[4] = p.accept_evidence * asker.evidence
    terms[5] = p.accept_champion * asked.champion
    terms[6] = ACCEPT_DIRECT * request.direct
    terms[7] = -p.accept_heat * w.held[j, i] * seen
    terms[8] = -ACCEPT_GRIEVANCE * relation.grievance
    terms[9] = -ACCEPT_ASK * request.ask * (1.0 - relation.trust)
    terms[10] = p.accept_flank * w.flank[j, i]
    terms[11] = p.accept_tone * (request.tone - 0.5)
    terms[12] = ACCEPT_CONTRACT * request.offered
    terms[13] = ACCEPT_TOP * (asked.top - 0.5) if request.kind != 0 else 0.0
    terms[14] = -ACCEPT_FORMAT * _other_format(w, i, j, request)
    terms[15] = ACCEPT_NEED * asker.need if asked.firm >= 0 else 0.0
    total = 0.0
    for term in range(16):
        total += terms[term]
    return total


@rule
def _other_format(w, i, j, request):
    """Whether firm j is offered a list and wishes a workshop, or the other way round; drawn once for each asker."""
    if request.action < 0 or request.kind != APPROACH or w.organisation[j].firm < 0:
        return 0.0
    how = w.action[request.action].how
    if how < 0:
        return 0.0
    clock = w.clock[0]
    key = w.relation[j * w.organisation.shape[0] + i].key
    likes_list = uniform(clock.seed, clock.replicate, Decision.WISH, key, 0) < WISH_LIST
    return 0.0 if likes_list == (how == LIST) else 1.0


@rule
def ask_for(w, kind, by, to, action):
    """Put a request on the table for this week's replies and return its row (the caller fills in the terms)."""
    clock = w.clock[0]
    tallies = w.tallies[0]
    place = min(tallies.requests, w.request.shape[0] - 1)
    tallies.requests += 1
    request = w.request[place]
    request.kind = kind
    request.by = by
    request.to = to
    request.action = action
    request.visibility = 0
    request.purpose = 0
    request.direct = w.organisation[by].direct * w.organisation[to].direct
    partnership = w.partnership[w.partnership_of[by, to]]
    if partnership.direct >= 0:
        request.direct = partnership.direct
    request.done = 0
    request.ask = 0.5
    request.tone = 0.5
    request.offered = 0.0
    u = uniform(clock.seed, clock.replicate, Decision.REPLY_ORDER, w.organisation[to].key, clock.week)
    request.order = u
    return place


@rule
def _draw(w, request, relation):
    """The uniform of this attempt: keyed by the ordered pair, the verb and the number of the attempt."""
    clock = w.clock[0]
    decision = ACCEPT_APPROACH
    count = 0
    if request.kind == APPROACH:
        relation.attempts_approach += 1
        count = relation.attempts_approach
    elif request.kind == TERMS:
        decision = ACCEPT_TERMS
        relation.attempts_terms += 1
        count = relation.attempts_terms
    elif request.kind == SIGN:
        decision = ACCEPT_SIGNING
        relation.attempts_sign += 1
        count = relation.attempts_sign
    elif request.kind == GO_PUBLIC:
        decision = ACCEPT_GOING_PUBLIC
        relation.attempts_public += 1
        count = relation.attempts_public
    elif request.kind == SUSPENSION:
        decision = ACCEPT_SUSPENSION
        relation.attempts_suspension += 1
        count = relation.attempts_suspension
    return uniform(clock.seed, clock.replicate, decision, relation.key, count)


@rule
def meet(w, k):
    """The first meeting: NONE becomes CONTACT."""
    partnership = w.partnership[k]
    partnership.state = State.CONTACT
    partnership.since = w.clock[0].week


@rule
def _note_signed(w, k, request):
    event = note(w, EventKind.PARTNERSHIP_SIGNED, request.by, request.to, k)
    w.log_number[event, 0] = np.float64(w.partnership[k].visibility)
    w.log_number[event, 1] = w.partnership[k].contract


@rule
def _accept_approach(w, k, request):
    partnership = w.partnership[k]
    if request.action >= 0:
        w.action_state[request.action].stopped = 1  # an approach that repeats stops once accepted
    if request.purpose == 1:
        if partnership.state == State.NONE:
            partnership.initiator = request.by
            partnership.member = request.to
            meet(w, k)
    else:
        form(w, k, request.by, State.INFORMAL, request.visibility)
        if partnership.signs_at_once == 1:
            partnership.state = State.FORMAL
            partnership.contract = SHORT_FORM
            _note_signed(w, k, request)
        set_reference(w, k)


@rule
def _accept_terms(w, k, request):
    partnership = w.partnership[k]
    action = w.action[request.action]
    partnership.agreed = max(partnership.agreed, contract_share(action.items))
    partnership.agreed_clause = max(partnership.agreed_clause, has_credit_clause(action.items))
    partnership.agreed_criticism = max(partnership.agreed_criticism, allows_criticism(action.items))
    if action.term >= 0:
        partnership.term = action.term
        start_term(partnership, action.term, w.clock[0].week)
    if action.model >= 0:
        choose_model(w, k, action.model)
    if action.deference >= 0:
        partnership.rule = action.deference
    set_structure(w, k, partnership.structure_items | action.structure)
    if w.organisation[request.to].firm < 0:
        partnership.contract = max(partnership.contract, partnership.agreed)
        partnership.clause = max(partnership.clause, partnership.agreed_clause)
        partnership.criticism_allowed = max(partnership.criticism_allowed, partnership.agreed_criticism)
    if w.organisation[request.to].firm < 0 and partnership.state == State.CONTACT:
        form(w, k, request.by, State.INFORMAL, request.visibility)
        set_reference(w, k)


@rule
def _accept_signing(w, k, request):
    partnership = w.partnership[k]
    action = w.action[request.action]
    partnership.state = State.FORMAL
    partnership.since = w.clock[0].week
    items = action.items
    partnership.contract = max(partnership.contract, partnership.agreed, contract_share(items))
    partnership.clause = max(partnership.clause, partnership.agreed_clause, has_credit_clause(items))
    partnership.criticism_allowed = max(
        partnership.criticism_allowed, partnership.agreed_criticism, allows_criticism(items)
    )
    if action.term >= 0:
        start_term(partnership, action.term, w.clock[0].week)
    set_structure(w, k, partnership.structure_items | action.structure)
    _note_signed(w, k, request)


@rule
def _still_open(partnership, request):
    """Whether the state still allows the request when its turn comes."""
    if request.kind == APPROACH:
        return partnership.state == State.NONE or partnership.state == State.CONTACT
    if request.kind == TERMS:
        return partnership.state == State.CONTACT or partnership.state == State.INFORMAL
    if request.kind == SIGN:
        return partnership.state == State.INFORMAL
    if request.kind == GO_PUBLIC:
        return is_active(partnership) and partnership.visibility == Visibility.SHADOW
    if request.kind == SUSPENSION:
        return is_active(partnership)
    return partnership.state == State.COOLING


@rule
def _reply(w, request):
    n = w.organisation.shape[0]
    i = request.by
    j = request.to
    k = w.partnership_of[i, j]
    partnership = w.partnership[k]
    if not _still_open(partnership, request):
        return
    if request.kind == REAPPROACH:
        attempt_return(w, k, i)
        return
    relation = w.relation[i * n + j]
    u = _draw(w, request, relation)
    rests = request.kind == SUSPENSION
    event = note(w, SUSPENSION_REFUSED if rests else FIRST_REFUSED + 2 * request.kind, i, j, k)
    w.log[event].action = request.action
    logit = willingness_terms(w, k, i, j, request, w.log_cause[event])
    chance = sigma(logit)
    w.log_number[event, 0] = chance
    w.log_number[event, 1] = u
    w.log_number[event, 2] = request.ask
    w.log_number[event, 3] = np.float64(request.purpose)
    if u >= chance:
        relation.refusals += 1
        relation.refusal_week = w.clock[0].week
        return
    w.log[event].kind = SUSPENSION_ACCEPTED if rests else FIRST_ACCEPTED + 2 * request.kind
    if request.kind == APPROACH:
        _accept_approach(w, k, request)
    elif request.kind == TERMS:
        _accept_terms(w, k, request)
    elif request.kind == SIGN:
        _accept_signing(w, k, request)
    elif rests:
        action = w.action[request.action]
        spend_hours(w, j, action.hours)
        partnership.suspended_until = max(partnership.suspended_until, w.clock[0].week + action.weeks)
    else:
        partnership.visibility = 0


@rule
def reply_to_requests(w):
    """Those who were asked this week answer, one after the other in an order drawn by target."""
    count = min(w.tallies[0].requests, w.request.shape[0])
    for _ in range(count):
        best = -1
        for r in range(count):
            if w.request[r].done == 0 and (best < 0 or w.request[r].order < w.request[best].order):
                best = r
        w.request[best].done = 1
        _reply(w, w.request[best])
    seat_members(w)
