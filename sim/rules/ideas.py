"""Ideas: telling them, and what firms do with what they were told (submodel S10).

The disclosure paradox [1]_: a firm cannot value ideas that it has not heard, and need not pay for those it has.
Telling a little shows their worth; telling all leaves nothing to commit for.

References
----------
.. [1] Arrow (1962); Anton & Yao (2002). The sale of ideas. Review of Economic Studies 69(3):513-533.
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.engine.randomness import Decision, mix, threshold, uniform
from sim.rules.alliances import is_active
from sim.rules.attribution import DEPTH_INTEGRATED, DEPTH_WORKSHOP
from sim.rules.elements import set_reference
from sim.rules.joint_work import choose_model
from sim.rules.life_cycle import form
from sim.rules.trust import add_effect
from sim.rules.uptake import show, take_up
from sim.vocabulary.audiences import Audience
from sim.vocabulary.coded import NEVER, numbers
from sim.vocabulary.events import EventKind
from sim.vocabulary.partnerships import EffectKind, Integration, State
from sim.vocabulary.uptake import SHARE_TOLD, Choice, Seen, Telling, Uptake

PUBLIC, SHADOW, ALONE, QUIET, NOTHING = numbers(
    Choice.PUBLIC, Choice.SHADOW, Choice.ALONE, Choice.QUIET, Choice.NOTHING
)
OPTIONS = len(Choice)
SHARE_TOLD_BY_LIST = SHARE_TOLD[Telling.LIST]
AUDIENCE_PUBLIC, EMPLOYERS = numbers(Audience.PUBLIC, Audience.EMPLOYERS)
SEEN_PUBLIC, SEEN_SHADOW, SEEN_ALONE, SEEN_NOTHING = numbers(Seen.PUBLIC, Seen.SHADOW, Seen.ALONE, Seen.NOTHING)
TOGETHER = (1 << PUBLIC) | (1 << SHADOW)  # options that need a partner, as bits
INFORMAL, FORMAL = numbers(State.INFORMAL, State.FORMAL)
USED_QUIETLY, PUBLIC_UNCREDITED, PUBLIC_CREDITED = numbers(
    Uptake.QUIET, Uptake.PUBLIC_UNCREDITED, Uptake.PUBLIC_CREDITED
)

# What trust in the idea's owner adds to working together (utility): calibrated to P21, P22.
TRUST_UTILITY = 0.5
# What taking ideas costs in addition when the firm trusts their owner (utility): calibrated to P21, P22.
APPROPRIATION_TRUST = 0.4
# What the time for a workshop costs the firm (utility): assumption.
WORKSHOP_TIME_COST = 0.2
# What having worked on the ideas together adds to a partnership (utility): source talk (direction); level assumed.
WORKSHOP_VALUE = 0.25
# What it costs to work together without being able to show it (utility): assumption.
SHADOW_UTILITY = -0.1
# Share of the cost of association that remains in the shadow (factor): assumption.
SHADOW_ASSOCIATION = 0.3
# What it costs to use ideas without telling anybody (utility): assumption.
QUIET_UTILITY = -0.15
# Shortest time from an offer to the firm's decision (weeks): assumption.
DECISION_DELAY_MIN = 4.0
# Longest time from an offer to the firm's decision (weeks): assumption.
DECISION_DELAY_MAX = 8.0
# Chance that a firm that uses the ideas alone honours a credit clause (probability): assumption.
CLAUSE_KEPT = 0.8
# Share of the ideas that one leak gives away (share): assumption.
LEAK_SHARE = 0.5
# Time from deciding to use the ideas alone to announcing it (weeks): source talk (order of events).
PRESS_RELEASE_DELAY = 1.0
# Severity of quiet use that was found out (a breach of integrity) (share): assumption.
SEVERITY_QUIET_USE = 0.4
# Severity of passing on an idea of somebody else (a breach of integrity) (share): assumption.
SEVERITY_LEAK = 0.5
# Severity of breaking an agreed credit clause (a breach of integrity) (share): assumption.
SEVERITY_CLAUSE = 0.9
# Severity of a refusal after the full list was given (no breach of integrity) (share): assumption.
SEVERITY_REFUSAL = 0.2
# How much of the hopes a partnership in the shadow fulfils (share): assumption.
REALISED_SHADOW = 0.5
# How much of the hopes quiet use fulfils once it is known (share): assumption.
REALISED_QUIET = 0.3
# How much of the hopes a refusal leaves (share): assumption.
REALISED_REFUSAL = 0.2

# Share of the cost of taking ideas that remains when the use is quiet (factor): assumption.
QUIET_APPROPRIATION = 0.5


@rule
def believed_value(value, told, p):
    """Val = v [s + (1 - s) psi(s)], psi(s) = psi0 + (1 - psi0) min(1, s / s_q): the untold rest is discounted."""
    belief = p.untold_value + (1.0 - p.untold_value) * min(1.0, told / p.untold_saturation)
    return value * (told + (1.0 - told) * belief)


@rule
def utilities(value, told, workshop, contract, trust, public, employers, heat_memory, burden, p, out):
    """Utility to a firm of the five options: public, shadow, use alone in public, use quietly, nothing.

    `trust` is the firm's trust in the owner, `public` and `employers` the owner's credibility with these
    audiences, `contract` the score agreed before disclosure, all in [0, 1]; `burden` is what measures cost it.
    """
    worth = believed_value(value, told, p)
    format_gain = (WORKSHOP_VALUE - WORKSHOP_TIME_COST) * workshop
    shame = p.appropriation_cost + p.appropriation_contract * contract + APPROPRIATION_TRUST * trust
    out[PUBLIC] = (
        worth
        + p.brand_value * public
        - p.association_cost * (1.0 - employers)
        - heat_memory
        + TRUST_UTILITY * trust
        + format_gain
    )
    out[SHADOW] = (
        worth
        - SHADOW_ASSOCIATION * p.association_cost * (1.0 - employers)
        + TRUST_UTILITY * trust
        + format_gain
        + SHADOW_UTILITY
    )
    out[ALONE] = value * told + p.own_use_value - shame
    out[QUIET] = value * told - QUIET_APPROPRIATION * shame + QUIET_UTILITY
    for option in (PUBLIC, SHADOW, ALONE, QUIET):  # whoever uses the ideas carries the measures out
        out[option] -= p.implementation_cost * burden
    out[NOTHING] = 0.0


@rule
def choose_among(utility, menu, u, p, chance):
    """Logit choice with slope beta among the options on the menu (a bit mask); fills `chance`, returns the option."""
    best = -1e300
    for option in range(OPTIONS):
        if (menu >> option) & 1 == 1:
            best = max(best, utility[option])
    total = 0.0
    for option in range(OPTIONS):
        chance[option] = 0.0
        if (menu >> option) & 1 == 1:
            chance[option] = math.exp(max(-700.0, p.choice_slope * (utility[option] - best)))
            total += chance[option]
    running = 0.0
    chosen = -1
    last = -1
    for option in range(OPTIONS):
        if (menu >> option) & 1 == 0:
            continue
        chance[option] /= total
        running += chance[option]
        last = option
        if chosen < 0 and u < running:
            chosen = option
    return chosen if chosen >= 0 else last


@rule
def open_decision(w, b, j, menu, model):
    """Let firm j decide on idea bundle b some weeks from now. An offer takes the place of a plain wait."""
    clock = w.clock[0]
    decision = w.decision[b, j]
    if decision.pending == 0:
        decision.count += 1
    decision.pending = 1
    decision.menu = menu | (1 << ALONE) | (1 << QUIET) | (1 << NOTHING)
    decision.model = model
    u = uniform(clock.seed, clock.replicate, Decision.DECISION_DELAY, decision.key, decision.count)
    span = DECISION_DELAY_MAX - DECISION_DELAY_MIN + 1.0
    decision.due = clock.week + int(DECISION_DELAY_MIN + math.floor(u * span))


@rule
def _hold_to_contract(w, b, j):
    """Let what was agreed before the first disclosure bind the firm: later terms do not protect what is known."""
    k = w.partnership_of[w.idea[b].owner, j]
    if k >= 0:
        w.decision[b, j].contract = max(w.partnership[k].contract, w.partnership[k].agreed)
        w.decision[b, j].clause = max(w.partnership[k].clause, w.partnership[k].agreed_clause)


@rule
def tell(w, b, teller, j, share, workshop):
    """Tell organisation j a share of idea bundle b: what is told stays told."""
    decision = w.decision[b, j]
    if decision.told <= 0.0:
        _hold_to_contract(w, b, j)
    decision.told = max(decision.told, share)
    decision.workshop = 1.0 if workshop else 0.0
    event = note(w, EventKind.IDEA_TOLD, teller, j, b)
    w.log_number[event, 0] = decision.told
    w.log_number[event, 1] = decision.workshop
    if w.organisation[j].firm >= 0 and decision.pending == 0 and decision.count == 0:
        open_decision(w, b, j, 0, -1)


@rule
def disclose(w, i, share):
    """Publish ideas of i in a guide: every named firm knows a share of them that it believes; nobody has to decide."""
    for b in range(w.idea.shape[0]):
        if w.idea[b].owner != i:
            continue
        for j in range(w.organisation.shape[0]):
            if w.organisation[j].firm >= 0:
                if w.decision[b, j].told <= 0.0:
                    _hold_to_contract(w, b, j)
                w.decision[b, j].told = max(w.decision[b, j].told, share * w.credibility[i, EMPLOYERS])


@rule
def told_by_strategy(w):
    """Owners with a standing rule tell a share of their ideas to a firm as soon as the two have met."""
    n = w.organisation.shape[0]
    for b in range(w.idea.shape[0]):
        owner = w.idea[b].owner
        share = w.organisation[owner].disclosure_before
        if share <= 0.0:
            continue
        for j in range(n):
            k = w.partnership_of[owner, j]
            if k < 0 or w.organisation[j].firm < 0:
                continue
            if (
                w.partnership[k].state >= State.CONTACT
                and w.partnership[k].state <= State.FORMAL
                and w.decision[b, j].told < share
            ):
                tell(w, b, owner, j, share, False)


@rule
def _commit(w, b, j, visibility):
    """The firm becomes a partner, in public or in the shadow; the rest of the idea is told."""
    clock = w.clock[0]
    p = w.parameter[0]
    idea = w.idea[b]
    owner = idea.owner
    decision = w.decision[b, j]
    partnership = w.partnership[w.partnership_of[owner, j]]
    k = w.partnership_of[owner, j]
    agreed = max(partnership.agreed, partnership.contract)
    state = FORMAL if agreed > 0.0 else INFORMAL
    if decision.model >= 0:
        choose_model(w, k, decision.model)
    partnership.contract = agreed
    if partnership.link == 0 and (partnership.state == State.NONE or partnership.state == State.CONTACT):
        form(w, k, owner, state, visibility)
        set_reference(w, k)
    elif is_active(partnership):
        partnership.state = max(partnership.state, state)
        partnership.visibility = visibility
    partnership.clause = max(partnership.clause, partnership.agreed_clause)
    partnership.criticism_allowed = max(partnership.criticism_allowed, partnership.agreed_criticism)
    decision.told = max(decision.told, w.organisation[owner].disclosure_after)
    depth = DEPTH_INTEGRATED if decision.model == Integration.INTEGRATED else _depth_of(decision, p)
    firm = w.organisation[j].firm
    decision.spread_week = clock.week + int(PRESS_RELEASE_DELAY)
    if visibility == 0:
        decision.spread = take_up(w, firm, PUBLIC_CREDITED, owner, 1 << owner, depth, idea.quality, clock.week)
        add_effect(w, EffectKind.REALISED, j, owner, 0.0, p.realised_public)
    else:
        decision.spread = take_up(w, firm, USED_QUIETLY, owner, 0, depth, idea.quality, clock.week)
        add_effect(w, EffectKind.REALISED, j, owner, 0.0, REALISED_SHADOW)


@rule
def _depth_of(decision, p):
    return DEPTH_WORKSHOP if decision.workshop > 0.0 else p.depth_plain


@rule
def _decide(w, b, j):
    clock = w.clock[0]
    p = w.parameter[0]
    idea = w.idea[b]
    owner = idea.owner
    decision = w.decision[b, j]
    organisation = w.organisation[j]
    decision.pending = 0
    if decision.told <= 0.0:
        _hold_to_contract(w, b, j)
    trust = w.relation[j * w.organisation.shape[0] + owner].trust
    event = note(w, EventKind.IDEA_DECISION, j, owner, b)
    utilities(
        decision.value,
        decision.told,
        decision.workshop,
        decision.contract,
        trust,
        w.credibility[owner, AUDIENCE_PUBLIC],
        w.credibility[owner, EMPLOYERS],
        organisation.heat_memory,
        organisation.burden,
        p,
        w.log_cause[event],
    )
    u = uniform(clock.seed, clock.replicate, Decision.IDEA_CHOICE, decision.key, decision.count)
    apart = w.partnership[w.partnership_of[owner, j]].state >= State.COOLING
    menu = (
        decision.menu & ~TOGETHER if apart else decision.menu
    )  # nobody goes public together with one it has parted from
    choice = choose_among(w.log_cause[event], menu, u, p, w.log_number[event])
    w.log_number[event, 5] = np.float64(choice)
    w.log_number[event, 6] = u
    w.log_number[event, 7] = decision.told
    w.log_cause[event, 5] = believed_value(decision.value, decision.told, p)
    w.log_cause[event, 6] = p.brand_value * w.credibility[owner, AUDIENCE_PUBLIC]
    w.log_cause[event, 7] = -p.association_cost * (1.0 - w.credibility[owner, EMPLOYERS])
    w.log_cause[event, 8] = -organisation.heat_memory
    w.log_cause[event, 9] = TRUST_UTILITY * trust
    w.log_cause[event, 10] = -p.appropriation_contract * decision.contract
    decision.chosen_week = clock.week
    decision.choice = SEEN_NOTHING
    decision.choice_code = choice  # what it really chose; the observable knows only what can be seen
    if choice == PUBLIC:
        decision.choice = SEEN_PUBLIC
        organisation.unnamed = 0
        _commit(w, b, j, 0)
        return
    if choice in (SHADOW, ALONE, QUIET):
        organisation.unnamed = 1  # it acts, and does not want to be seen with the owner
    if choice == SHADOW:
        decision.choice = SEEN_SHADOW
        _commit(w, b, j, 1)
    elif choice == ALONE:
        decision.press_week = clock.week + int(PRESS_RELEASE_DELAY)
    elif choice == QUIET:
        _count_use(w, decision)
        decision.spread = take_up(
            w, organisation.firm, USED_QUIETLY, owner, 0, _depth_of(decision, p), idea.quality, clock.week
        )
        decision.spread_week = clock.week + int(PRESS_RELEASE_DELAY)
        u = uniform(clock.seed, clock.replicate, Decision.QUIET_USE_FOUND, decision.key, decision.count)
        if u < p.quiet_use_found:
            decision.found_week = clock.week + int(PRESS_RELEASE_DELAY)
    elif decision.told >= SHARE_TOLD_BY_LIST:  # a refusal after as much was told as a list tells disappoints
        add_effect(w, EffectKind.BREACH_ROLE, j, owner, SEVERITY_REFUSAL, REALISED_REFUSAL)


@rule
def _count_use(w, decision):
    """A use without the owner's name counts once, however often the firm is asked again."""
    if decision.used == 0:
        decision.used = 1
        w.tallies[0].uncredited_uses += 1


@rule
def _release(w, b, j):
    """The firm's press release: the idea in public, the owner's name only if a credit clause is kept."""
    clock = w.clock[0]
    p = w.parameter[0]
    idea = w.idea[b]
    decision = w.decision[b, j]
    decision.press_week = NEVER
    decision.choice = SEEN_ALONE
    u = uniform(clock.seed, clock.replicate, Decision.CLAUSE_KEPT, decision.key, decision.count)
    kept = decision.clause == 1 and u < CLAUSE_KEPT
    names = 1 << idea.owner if kept else 0
    uptake = PUBLIC_CREDITED if kept else PUBLIC_UNCREDITED
    firm = w.organisation[j].firm
    show(w, firm, take_up(w, firm, uptake, idea.owner, names, _depth_of(decision, p), idea.quality, clock.week))
    event = note(w, EventKind.PRESS_RELEASE, j, idea.owner, b)
    w.log_number[event, 0] = 1.0 if kept else 0.0
    if not kept:
        _count_use(w, decision)
    if kept:
        add_effect(w, EffectKind.REALISED, j, idea.owner, 0.0, p.realised_public)
        return
    decision.visible = 1
    severity = SEVERITY_CLAUSE if decision.clause == 1 else p.severity_uncredited_use
    add_effect(w, EffectKind.BREACH_INTEGRITY, j, idea.owner, severity, 0.0)


@rule
def _leak(w, b, j):
    """Organisation j lets idea bundle b out to one that does not know it yet."""
    clock = w.clock[0]
    p = w.parameter[0]
    n = w.organisation.shape[0]
    decision = w.decision[b, j]
    decision.leak_threshold = math.inf
    strangers = 0
    for i in range(n):
        if i != w.idea[b].owner and w.decision[b, i].told <= 0.0:
            strangers += 1
    if strangers == 0:
        return
    u = uniform(clock.seed, clock.replicate, Decision.LEAK_TARGET, decision.key, 0)
    pick = int(u * strangers)
    for i in range(n):
        if i != w.idea[b].owner and w.decision[b, i].told <= 0.0:
            if pick == 0:
                w.decision[b, i].told = LEAK_SHARE
                event = note(w, EventKind.IDEA_LEAKED, j, i, b)
                w.log_number[event, 0] = LEAK_SHARE
            pick -= 1
    u = uniform(clock.seed, clock.replicate, Decision.LEAK_TARGET, decision.key, 1)
    if j != w.idea[b].owner and u < p.quiet_use_found:
        add_effect(w, EffectKind.BREACH_INTEGRITY, j, w.idea[b].owner, SEVERITY_LEAK, 0.0)


@rule
def decide_on_ideas(w, week):
    """Press releases and discoveries that are due, then decisions that are due, then leaks (off by default)."""
    p = w.parameter[0]
    clock = w.clock[0]
    for b in range(w.idea.shape[0]):
        for j in range(w.organisation.shape[0]):
            decision = w.decision[b, j]
            if decision.spread_week == week:
                show(w, w.organisation[j].firm, decision.spread)
            if decision.press_week == week:
                _release(w, b, j)
            if decision.found_week == week:
                decision.found_week = NEVER
                decision.visible = 1
                decision.choice = SEEN_ALONE
                note(w, EventKind.UNCREDITED_USE_SEEN, j, w.idea[b].owner, b)
                add_effect(w, EffectKind.BREACH_INTEGRITY, j, w.idea[b].owner, SEVERITY_QUIET_USE, REALISED_QUIET)
            if decision.pending == 1 and week >= decision.due:
                _decide(w, b, j)
            if p.leak_rate > 0.0 and decision.told > 0.0:
                if decision.leak_threshold == 0.0:
                    key = mix(w.idea[b].key, w.organisation[j].key)
                    decision.leak_threshold = threshold(clock.seed, clock.replicate, Decision.LEAK, key, 0)
                decision.leak_sum += p.leak_rate
                if decision.leak_sum >= decision.leak_threshold:
                    _leak(w, b, j)
