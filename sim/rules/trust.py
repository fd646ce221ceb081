"""Trust, its anchor, grievance, value and felt betrayal (submodels S8 and S16).

Two clocks: heat is fast, grievance is slow. Trust falls with what is felt of criticism and rises with joint work;
what hurts it also lowers the anchor to which it returns, and a good deed counts for less where the anchor is low.
"""

from __future__ import annotations

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.rules.alliances import active_membership, is_active
from sim.rules.understanding import felt_criticism
from sim.vocabulary.coded import numbers
from sim.vocabulary.events import EventKind
from sim.vocabulary.partnerships import EffectKind, Promised, State, Visibility

EFFECTS = len(EffectKind)
OFFENCE = 0.02  # felt criticism that one may apologise for
BROKEN, CANCELLED = numbers(Promised.BROKEN, Promised.CANCELLED)

# How much of the blow to the target's trust also hits the critic's trust in the target (factor): assumption.
MIRROR_BLAME = 0.3
# How much trust a breach costs, per unit of disappointment and severity (factor): assumption.
BREACH_SLOPE = 0.6
# Share of the missing trust that an apology brings back (share): Kim, Ferrin, Cooper & Dirks 2004 (direction);
# level assumed.
APOLOGY_GAIN = 0.05
# Share of the grievance that an apology in the week of the offence takes away (share): Kim, Ferrin, Cooper & Dirks
# 2004 (direction); level assumed.
APOLOGY_GRIEVANCE = 0.25
# Share of the missing trust that the idea's owner gains when credit is given (share): assumption.
CREDIT_GAIN = 0.05
# What is left of the user's trust after the owner claimed the idea in public (factor): assumption.
CLAIM_TRUST_FACTOR = 0.8
# Resentment that a public claim leaves with the user of the idea (share): assumption.
CLAIM_GRIEVANCE = 0.05
# How fast hopes follow what partners really did, if they adapt (per event): assumption.
EXPECT_RATE = 0.1
# How fast the top management makes a working partnership its own (per week): assumption.
TOP_RATE = 0.01

# Share of trust lost by breaking a promise of full weight (share): Schweitzer, Hershey & Bradlow 2006 (persons;
# trust falls after untrustworthy acts and, after deception, never wholly returns); level assumed.
PROMISE_BREAK = 0.45


@rule
def move_trust(trust, anchor, positive, negative, p):
    """T + eta_p p 2 T0 (1 - T) - eta_n n T + rho (T0 - T), and T0 + rho0 (T - T0) - scar eta_n n T0."""
    gain = p.trust_gain * positive * 2.0 * anchor * (1.0 - trust)
    after = trust + gain - p.trust_loss * negative * trust + p.trust_return * (anchor - trust)
    return after, anchor + p.anchor_learning * (trust - anchor) - p.breach_scar * p.trust_loss * negative * anchor


@rule
def grieve(grievance, felt, p):
    """G 2^(-1/hG) + kG f (1 - G)."""
    return grievance * p.grievance_decay + p.grievance_gain * felt * (1.0 - grievance)


@rule
def value_towards(value, start, ratio, kept_up, p):
    """V + nu_V (V_start min(1, results per hour / reference) k - V), k the work done over the work wanted."""
    return value + p.value_rate * (start * min(1.0, ratio) * kept_up - value)


@rule
def kept_up(joint, wanted, p):
    """K = min(1, joint / max(wanted, j_min)): a partnership without work is worth less every week."""
    return min(1.0, joint / max(wanted, p.keep_warm))


@rule
def breach(relation, severity, realised, lasting, p):
    """Disappointment scales with expectation: gap = max(0, expect - realised); returns the gap.

    T *= 1 - slope gap severity; after an integrity breach also T0 *= 1 - scar gap severity.
    """
    gap = max(0.0, relation.expectation - realised)
    relation.trust *= 1.0 - BREACH_SLOPE * gap * severity
    if lasting:
        relation.anchor *= 1.0 - p.breach_scar * gap * severity
    return gap


@rule
def learn_expectation(relation, adapts, realised):
    """An adaptive organisation moves its expectation towards what it got."""
    if adapts == 1:
        relation.expectation += EXPECT_RATE * (realised - relation.expectation)


@rule
def disappoint(w, i, relation, realised):
    """Add what falls short of i's expectation to its morale loss, and let an adaptive i learn."""
    w.organisation[i].morale_loss += max(0.0, relation.expectation - realised)
    learn_expectation(relation, w.organisation[i].expectation_adapts, realised)


@rule
def add_effect(w, kind, by, to, severity, realised):
    """Queue an effect of `by` on `to` for the trust step of this week."""
    tallies = w.tallies[0]
    if tallies.effects < w.effect.shape[0]:
        effect = w.effect[tallies.effects]
        effect.kind = kind
        effect.by = by
        effect.to = to
        effect.severity = severity
        effect.realised = realised
        tallies.effects += 1


@rule
def break_due_promises(w, week):
    """A promise that was not delivered in its due week is broken: T of the receiver *= 1 - 0.45 weight."""
    n = w.organisation.shape[0]
    for k in range(w.promise.shape[0]):
        promise = w.promise[k]
        if promise.status != Promised.OPEN or week < promise.due:
            continue
        pair = w.partnership_of[promise.by, promise.to]
        if pair >= 0 and w.partnership[pair].state == State.COOLING:
            promise.status = CANCELLED  # nobody expects it of one who has left
            continue
        promise.status = BROKEN
        receiver = w.relation[promise.to * n + promise.by]
        receiver.trust *= 1.0 - PROMISE_BREAK * promise.weight
        w.relation[promise.by * n + promise.to].promises_broken += 1
        event = note(w, EventKind.PROMISE_BROKEN, promise.by, promise.to, k)
        w.log_number[event, 0] = promise.weight
        w.log_cause[event, 0] = promise.due


@rule
def cancel_promises(w, i, j):
    """When two part, what they still owe each other is cancelled, not broken."""
    for k in range(w.promise.shape[0]):
        promise = w.promise[k]
        if promise.status == Promised.OPEN and (
            (promise.by == i and promise.to == j) or (promise.by == j and promise.to == i)
        ):
            promise.status = CANCELLED


@rule
def update_trust(w):
    """Weekly trust, anchor and grievance of every relation, partnered or not; then the events of the week.

    N_ij = f_ij + mirror f_ji + unresolved: the blow of j's criticism, and a part of it for the critic's own trust.
    """
    week = w.clock[0].week
    p = w.parameter[0]
    n = w.organisation.shape[0]
    for i in range(n):
        for j in range(n):
            relation = w.relation[i * n + j]
            if relation.exists == 0:
                continue
            positive = relation.kept
            felt = felt_criticism(w, i, j)
            negative = felt + MIRROR_BLAME * felt_criticism(w, j, i)
            if felt > OFFENCE:
                relation.offence_week = week
            if relation.partnership >= 0:
                partnership = w.partnership[relation.partnership]
                positive += partnership.positive
                negative += partnership.unresolved
            trust, anchor = move_trust(relation.trust, relation.anchor, positive, negative, p)
            if trust < 0.0 or trust > 1.0:
                w.tallies[0].clips += 1
                event = note(w, EventKind.CLIP, i, j, -1)
                w.log_number[event, 0] = trust
                trust = min(1.0, max(0.0, trust))
            relation.trust = trust
            relation.anchor = anchor
            relation.grievance = grieve(relation.grievance, felt, p)
    apply_effects(w)


@rule
def update_value(w):
    """Value and top-management ownership of active partnerships; ownership moves only in weeks with joint work."""
    p = w.parameter[0]
    n = w.organisation.shape[0]
    for i in range(n):
        w.organisation[i].top_change = 0.0
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if partnership.link == 1 or not is_active(partnership):
            continue
        share = partnership.meeting_share if partnership.meeting_share >= 0.0 else p.meeting_share
        ratio = (
            partnership.result * (1.0 - share) / partnership.reference_result
            if partnership.reference_result > 0.0
            else 1.0
        )
        done = kept_up(partnership.joint, partnership.joint_profile, p)
        for side in range(2):
            j = partnership.a if side == 0 else partnership.b
            i = partnership.b if side == 0 else partnership.a
            relation = w.relation[j * n + i]
            shown = partnership.result if partnership.visibility == Visibility.PUBLIC else 0.0
            organisation = w.organisation[j]
            once = partnership.alliance < 0 or active_membership(w, partnership.alliance, j) == k
            if partnership.joint > 0.0 and once:  # one step for each partnership
                organisation.top_change += TOP_RATE * ((relation.value + shown) / 2.0 - organisation.top)
            relation.value = value_towards(relation.value, relation.value_start, ratio, done, p)
    for i in range(n):
        organisation = w.organisation[i]
        organisation.top = min(1.0, max(0.0, organisation.top + organisation.top_change))


@rule
def apply_effects(w):
    """The events of the week act on trust in a fixed order: credit, breaches, apologies."""
    n = w.organisation.shape[0]
    for kind in range(EFFECTS):
        for k in range(w.tallies[0].effects):
            effect = w.effect[k]
            if effect.kind != kind:
                continue
            relation = w.relation[effect.to * n + effect.by]  # how the receiver stands to the one who acted
            adapts = w.organisation[effect.to].expectation_adapts
            if kind == EffectKind.CREDIT:
                relation.trust += CREDIT_GAIN * (1.0 - relation.trust)
                learn_expectation(relation, adapts, effect.realised)
            elif kind == EffectKind.CLAIM:
                relation.trust *= CLAIM_TRUST_FACTOR
                relation.grievance = min(1.0, relation.grievance + CLAIM_GRIEVANCE)
            elif kind == EffectKind.BREACH_ROLE or kind == EffectKind.BREACH_INTEGRITY:
                _suffer_breach(w, effect, relation)
            elif kind == EffectKind.APOLOGY:
                half = 0.5 if w.relation[effect.by * n + effect.to].last_breach_integrity == 1 else 1.0
                relation.trust += half * effect.severity * APOLOGY_GAIN * (1.0 - relation.trust)
                relation.grievance *= 1.0 - half * effect.severity * APOLOGY_GRIEVANCE
            else:
                disappoint(w, effect.to, relation, effect.realised)


@rule
def _suffer_breach(w, effect, relation):
    p = w.parameter[0]
    n = w.organisation.shape[0]
    lasting = effect.kind == EffectKind.BREACH_INTEGRITY
    trust = relation.trust
    anchor = relation.anchor
    gap = breach(relation, effect.severity, effect.realised, lasting, p)
    w.organisation[effect.to].morale_loss += gap
    learn_expectation(relation, w.organisation[effect.to].expectation_adapts, effect.realised)
    relation.offence_week = w.clock[0].week
    offence = w.relation[effect.by * n + effect.to]
    offence.last_breach_integrity = 1 if lasting else 0
    if lasting:
        offence.integrity_breaches += 1
    event = note(w, EventKind.BREACH, effect.by, effect.to, 1 if lasting else 0)
    w.log_number[event, 0] = effect.severity
    w.log_number[event, 1] = gap
    w.log_cause[event, 0] = trust
    w.log_cause[event, 1] = relation.trust
    w.log_cause[event, 2] = anchor
    w.log_cause[event, 3] = relation.anchor
