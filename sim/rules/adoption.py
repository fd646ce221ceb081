"""Adoption by firms: hazards, peers, visibility, and where every adoption came from (submodel S11).

Every firm has one threshold; the weekly hazards of its five routes (background, federation, ombud, press, peers)
are taken from what remains of it, and the firm adopts when nothing remains. Each adoption is attributed to its
sources in shares that sum to 1: the peers' part passes on the peers' own sources.
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.engine.randomness import Decision, normal_quantile, uniform_pair
from sim.rules.alliances import is_active
from sim.rules.membership import MOST_FEDERATIONS, is_member
from sim.rules.speakers import campaign_credibility, runs, sends
from sim.rules.understanding import is_suspended
from sim.vocabulary.audiences import Audience
from sim.vocabulary.coded import NEVER, numbers
from sim.vocabulary.events import EventKind
from sim.vocabulary.partnerships import Integration, Visibility
from sim.vocabulary.topics import News, Side
from sim.vocabulary.uptake import Route, Uptake

__all__ = [
    "adopt",
    "contagion_threshold",
    "credibility_with",
    "owns_ideas",
    "peer_response",
    "show",
    "take_up",
    "visible_weight",
    "withdraw",
]

ROUTE_BASE, ROUTE_FEDERATION, ROUTE_OMBUD, ROUTE_PRESS, ROUTE_PEER, ROUTE_IDEA = numbers(
    Route.BASE, Route.FEDERATION, Route.OMBUD, Route.PRESS, Route.PEER, Route.IDEA
)
EMPLOYERS = int(Audience.EMPLOYERS)
FOR, CAMPAIGN = int(Side.FOR), int(News.CAMPAIGN)
SCAN_BLOCK = 128  # firms scanned at a time


@rule
def contagion_threshold(w, f):
    """Theta of firm f, drawn again from its key: normal(0.25, 0.12), not clipped below."""
    clock = w.clock[0]
    p = w.parameter[0]
    u, _ = uniform_pair(clock.seed, clock.replicate, Decision.FIRM_TRAITS, f, 0, 1)
    return p.threshold_mean + p.threshold_sd * normal_quantile(max(u, 1e-16))


@rule
def peer_response(w, f, seen, p):
    """S(x) = x, or with complex contagion 1 if x >= theta_f, else 0."""
    if p.complex_contagion == 1.0:
        return 1.0 if seen >= contagion_threshold(w, f) else 0.0
    return seen


@rule
def visible_weight(uptake, p):
    """How much of an adoption others see: 1 public, v_q quiet."""
    if uptake == Uptake.NONE:
        return 0.0
    return p.quiet_visibility if uptake == Uptake.QUIET else 1.0


@rule
def show(w, f, change):
    """Let the peers of firm f see it more by `change`; a flagship is seen by all."""
    tallies = w.tallies[0]
    p = w.parameter[0]
    weight = np.float64(w.firm[f].weight)
    i = w.firm[f].organisation
    if i >= 0 and w.organisation[i].flagship == 1:
        weight *= 1.0 + p.unexpected_messenger * max(0.0, 1.0 - w.organisation[i].stance) / 2.0
        tallies.signal_visibility += p.flagship_signal * weight * change / p.flagship_audience
    tallies.crowd_visibility += weight * change
    for t in range(w.peer_start[f], w.peer_start[f + 1]):
        g = w.peer[t]
        w.visibility[g] += weight * change / (w.peer_start[g + 1] - w.peer_start[g])


@rule
def _count(w, f, sign):
    """Add (or take out) firm f in the running totals of impact, credit and cause."""
    tallies = w.tallies[0]
    firm = w.firm[f]
    weight = sign * np.float64(firm.weight)
    tallies.goal_impact += weight * np.float64(firm.depth) * np.float64(firm.quality)
    tallies.adopters += int(sign)
    if firm.uptake >= Uptake.PUBLIC_UNCREDITED:
        tallies.public_adopters += int(sign)
        tallies.public_weight += weight
    column = 1
    for i in range(w.organisation.shape[0]):
        organisation = w.organisation[i]
        if (np.int64(firm.names) >> i) & 1 == 1:
            organisation.credited += weight
        if organisation.firm < 0:
            organisation.causal += weight * np.float64(w.lineage[f, column])
            column += 1


@rule
def lineage_column(w, i):
    """Column of organisation i among the sources: 0 is background, then the non-firm organisations."""
    if w.organisation[i].firm >= 0:
        return 0
    column = 1
    for j in range(i):
        if w.organisation[j].firm < 0:
            column += 1
    return column


@rule
def take_up(w, f, uptake, source, names, depth, quality, week):
    """Firm f takes up an idea by its own decision. Uptake never falls; the first cause stays the cause.

    Returns by how much its peers will see more of it (see `show`).
    """
    p = w.parameter[0]
    firm = w.firm[f]
    before = visible_weight(firm.uptake, p)
    first = firm.uptake == Uptake.NONE
    if not first:
        _count(w, f, -1.0)
    else:
        for column in range(w.lineage.shape[1]):
            w.lineage[f, column] = 0.0
        w.lineage[f, lineage_column(w, source)] = 1.0
        firm.week = week
        firm.route = ROUTE_IDEA
        w.remaining[f] = math.inf
        w.tallies[0].adoption_weeks += np.float64(firm.weight) * week
        w.tallies[0].adopted_weight += np.float64(firm.weight)
    firm.uptake = max(np.int64(firm.uptake), uptake)
    firm.names = np.int64(firm.names) | names
    firm.depth = max(np.float64(firm.depth), depth)
    firm.quality = quality
    _count(w, f, 1.0)
    if first:
        event = note(w, EventKind.ADOPTED, firm.organisation, source, f)
        w.log_number[event, 0] = np.float64(ROUTE_IDEA)
        w.log_number[event, 1] = np.float64(firm.uptake)
        w.log_number[event, 2] = np.float64(firm.depth)
    return visible_weight(firm.uptake, p) - before


@rule
def _federation_push(w, i, p):
    """Best push of federation i among its active partnerships: visibility of the partnership times the guide."""
    best = 0.0
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if not is_active(partnership):
            continue
        if partnership.a != i and partnership.b != i:
            continue
        j = partnership.b if partnership.a == i else partnership.a
        if w.organisation[j].firm >= 0:
            continue
        if is_suspended(w, partnership):
            continue
        push = p.push_federation if partnership.visibility == Visibility.PUBLIC else p.push_federation_shadow
        if w.organisation[i].push >= 0.0:
            push = w.organisation[i].push
        guide = max(
            p.guide_before, w.organisation[partnership.a].guide_quality, w.organisation[partnership.b].guide_quality
        )
        best = max(best, push * guide)
    return best


@rule
def credibility_with(w, i, audience, week):
    """Credibility of i with an audience: its own, or that of a running campaign of its for the measures if larger."""
    believed = w.credibility[i, audience]
    if w.organisation[i].campaigning == 1:
        for c in range(w.tallies[0].campaigns):
            campaign = w.campaign[c]
            if campaign.kind == CAMPAIGN and campaign.side == FOR and runs(campaign, week) and sends(campaign, i):
                believed = max(believed, campaign_credibility(w, c, audience))
    return believed


@rule
def _campaigns_to_employers(w, i, week):
    """Whether i sends a campaign for the measures that turns to employers."""
    if w.organisation[i].campaigning == 0:
        return False
    for c in range(w.tallies[0].campaigns):
        campaign = w.campaign[c]
        to_employers = campaign.kind == CAMPAIGN and campaign.side == FOR and (campaign.audience >> EMPLOYERS) & 1 == 1
        if to_employers and runs(campaign, week) and sends(campaign, i):
            return True
    return False


@rule
def _organisation_hazards(w, week):
    """Weekly hazard that each organisation brings to every firm (federations to their members); returns two sums."""
    p = w.parameter[0]
    federation = 0.0
    ombud = 0.0
    for i in range(w.organisation.shape[0]):
        organisation = w.organisation[i]
        w.hazard[i] = 0.0
        if organisation.carries_to_members == 1:
            push = _federation_push(w, i, p)
            if push > 0.0:
                w.hazard[i] = p.federation_hazard * credibility_with(w, i, EMPLOYERS, week) * push
                federation += w.hazard[i]
        elif organisation.addresses_firms == 1:
            push = organisation.push if organisation.push >= 0.0 else p.push_ombud
            if (
                _campaigns_to_employers(w, i, week)
                or week < organisation.inform_until
                or organisation.training_week == week
            ):
                push = 1.0
            believed = credibility_with(w, i, EMPLOYERS, week)
            w.hazard[i] = p.ombud_hazard * believed * (1.0 + organisation.evidence) * push
            ombud += w.hazard[i]
    return federation, ombud


@rule
def _relayed(w):
    """Whether some federation has an active partnership: it then passes a flagship's signal on."""
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if is_active(partnership):
            for i in (partnership.a, partnership.b):
                j = partnership.b if partnership.a == i else partnership.a
                if w.organisation[i].carries_to_members == 1 and w.organisation[j].firm < 0:
                    return True
    return False


@rule
def _scan(w, common, press, peer, signal, complete):
    """Take the week's hazard from every firm that has not adopted; list those with nothing left."""
    p = w.parameter[0]
    count = 0
    remaining = w.remaining
    sensitivity = w.sensitivity
    if complete >= 0.0:  # everybody sees everybody: no list of peers
        seen = min(1.0, complete + signal)
        for f in range(remaining.shape[0]):
            if remaining[f] == math.inf:
                continue
            remaining[f] -= common + press * sensitivity[f] + peer * peer_response(w, f, seen, p)
            if remaining[f] <= 0.0:
                w.adopting[count] = f
                count += 1
        return count
    if p.complex_contagion == 1.0:
        for f in range(remaining.shape[0]):
            if remaining[f] == math.inf:
                continue
            seen = min(1.0, w.visibility[f] + signal)
            remaining[f] -= common + press * sensitivity[f] + peer * peer_response(w, f, seen, p)
            if remaining[f] <= 0.0:
                w.adopting[count] = f
                count += 1
        return count
    for low in range(0, remaining.shape[0], SCAN_BLOCK):
        high = min(low + SCAN_BLOCK, remaining.shape[0])
        left = remaining[low:high]
        if _use_up(left, sensitivity[low:high], w.visibility[low:high], common, press, peer, signal) > 0:
            for f in range(left.shape[0]):
                if left[f] <= 0.0:
                    w.adopting[count] = low + f
                    count += 1
    return count


@rule
def _use_up(left, sensitivity, visibility, common, press, peer, signal):
    """Take the week's hazard from a block of firms; returns how many have nothing left.

    No branch and no store but one: the compiler turns this loop into vector instructions.
    """
    done = 0
    for f in range(left.shape[0]):
        rest = left[f] - (common + press * sensitivity[f] + peer * min(1.0, visibility[f] + signal))
        left[f] = rest
        done += 1 if rest <= 0.0 else 0
    return done


@rule
def hazard_on(w, i, f):
    """Hazard that organisation i brings to firm f this week: a federation reaches only its members."""
    if w.organisation[i].carries_to_members == 1 and not is_member(w, i, f):
        return 0.0
    return w.hazard[i]


@rule
def _push_members(w):
    """Take the hazards of the federations from their members, where not every firm belongs to the only one."""
    for f in range(w.member.shape[0]):
        for slot in range(MOST_FEDERATIONS):
            j = w.member[f, slot]
            if j >= 0:
                w.remaining[f] -= w.hazard[j]


@rule
def _correct_organisations(w):
    """Firms that are organisations: what named ones feel beside what all firms do."""
    for j in range(w.organisation.shape[0]):
        f = w.organisation[j].firm
        if f >= 0:
            w.remaining[f] -= w.parameter[0].press_hazard * w.organisation[j].named_press * w.sensitivity[f]


@rule
def adopt(w, week):
    """One week of adoption: h = p0 + p_law + p_fed C push + p_omb C (1 + Ev) push + p_press press sens + q S(vis)."""
    clock = w.clock[0]
    media = w.media[0]
    tallies = w.tallies[0]
    p = w.parameter[0]
    federation, ombud = _organisation_hazards(w, week)
    base = p.base_hazard + w.demand[0].law
    press = p.press_hazard * media.firm_press
    signal = tallies.signal_visibility * (2.0 if tallies.signal_visibility > 0.0 and _relayed(w) else 1.0)
    n = w.remaining.shape[0]
    complete = -1.0
    if w.peer.shape[0] == 0:
        complete = tallies.crowd_visibility / max(1.0, tallies.total_weight - 1.0) if clock.complete == 1 else 0.0
    _correct_organisations(w)
    common = base + ombud
    if tallies.whole_membership == 1:
        common += federation
    elif federation > 0.0:
        _push_members(w)
    count = _scan(w, common, press, p.peer_hazard, signal, complete)
    for c in range(count):
        _trace(w, w.adopting[c], base, press, signal, complete)
    routes = 0
    for c in range(count):
        f = w.adopting[c]
        _enter(w, f, week)
        if w.firm[f].organisation >= 0:
            event = note(w, EventKind.ADOPTED, w.firm[f].organisation, -1, f)
            w.log_number[event, 0] = np.float64(w.firm[f].route)
            w.log_number[event, 1] = np.float64(w.firm[f].uptake)
            w.log_number[event, 2] = np.float64(w.firm[f].depth)
        else:
            routes += 1
    if routes > 0:
        event = note(w, EventKind.ADOPTED_COUNT, -1, -1, -1)
        for c in range(count):
            if w.firm[w.adopting[c]].organisation < 0:
                w.log_number[event, w.firm[w.adopting[c]].route] += 1.0
        w.log_cause[event, ROUTE_BASE] = base
        w.log_cause[event, ROUTE_FEDERATION] = federation
        w.log_cause[event, ROUTE_OMBUD] = ombud
        w.log_cause[event, ROUTE_PRESS] = press
        w.log_cause[event, ROUTE_PEER] = p.peer_hazard
    if p.de_adoption_hazard > 0.0:
        withdraw(w, week, n)


@rule
def _partners_of(w, i):
    """Mark (1.0) the idea-owning active partners of federation i, and return how many."""
    count = 0
    for j in range(w.organisation.shape[0]):
        w.partner_mark[j] = 0.0
        k = w.partnership_of[i, j]
        if k < 0 or w.organisation[j].firm >= 0:
            continue
        if not owns_ideas(w, j):
            continue
        if is_active(w.partnership[k]):
            w.partner_mark[j] = 1.0
            count += 1
    return count


@rule
def _share(w, f, column, share):
    w.lineage[f, column] = np.float32(np.float64(w.lineage[f, column]) + share)


@rule
def _peer_weight(w, g, week, p):
    """Weight with which firm g, adopted before this week, counts among a firm's visible peers."""
    firm = w.firm[g]
    if firm.uptake == Uptake.NONE:
        return 0.0
    weight = np.float64(firm.weight)
    i = firm.organisation
    if i >= 0 and w.organisation[i].flagship == 1:
        weight *= 1.0 + p.unexpected_messenger * max(0.0, 1.0 - w.organisation[i].stance) / 2.0
    return weight * visible_weight(firm.uptake, p)


@rule
def _trace(w, f, base, press, signal, complete):
    """Attribute the adoption of firm f to its sources and draw its route, from the state before this week."""
    clock = w.clock[0]
    p = w.parameter[0]
    n = w.organisation.shape[0]
    week = clock.week
    seen = complete if complete >= 0.0 else w.visibility[f]
    peer = p.peer_hazard * peer_response(w, f, min(1.0, seen + signal), p)
    crowd = press * w.sensitivity[f]
    named = 0.0
    if w.firm[f].organisation >= 0:
        named = p.press_hazard * w.organisation[w.firm[f].organisation].named_press * w.sensitivity[f]
    heated = crowd + named
    pushed = 0.0
    for i in range(n):
        pushed += hazard_on(w, i, f)
    total = base + pushed + heated + peer
    for column in range(w.lineage.shape[1]):
        w.lineage[f, column] = 0.0
    firm = w.firm[f]
    firm.names = 0
    _, v = uniform_pair(clock.seed, clock.replicate, Decision.ADOPTION_ROUTE, f, 0, 0)
    target = v * total
    route = ROUTE_BASE
    source = -1
    running = base
    _share(w, f, 0, base / total)
    if target >= running:
        route = ROUTE_PRESS
    for i in range(n):
        hazard = hazard_on(w, i, f)
        if hazard > 0.0:
            if running <= target < running + hazard:
                source = i
                route = ROUTE_OMBUD if w.organisation[i].addresses_firms == 1 else ROUTE_FEDERATION
            running += hazard
            if w.organisation[i].addresses_firms == 1:
                _share(w, f, lineage_column(w, i), hazard / total)
    _share_press(w, f, n, crowd / total)
    if named > 0.0:
        _share_press(w, f, w.firm[f].organisation, named / total)
    if running + heated <= target:
        route = ROUTE_PEER
    _share_federations(w, f, total)
    names = 0
    if peer > 0.0:
        u2, _ = uniform_pair(clock.seed, clock.replicate, Decision.ADOPTION_ROUTE, f, 0, 1)
        g = _share_peers(w, f, peer / total, signal, complete, u2)
        if route == ROUTE_PEER and g >= 0:
            names = np.int64(w.firm[g].names)
    if route == ROUTE_OMBUD:
        names = 1 << source
    elif route == ROUTE_FEDERATION:
        names = _federation_names(w, source)
    firm.names = names
    firm.route = route
    firm.quality = 1.0
    firm.depth = _organic_depth(w, route, source, week)


@rule
def _share_press(w, f, target, share):
    """Split what press on a target caused among the critics for the measures, by what is remembered of them."""
    n = w.organisation.shape[0]
    remembered = 0.0
    for i in range(n):
        remembered += w.criticism_memory[2 * i, target]
    if share <= 0.0:
        return
    if remembered <= 0.0:
        _share(w, f, 0, share)
        return
    for i in range(n):
        part = w.criticism_memory[2 * i, target] / remembered
        if part > 0.0:
            _share(w, f, lineage_column(w, i), share * part)


@rule
def _federation_names(w, i):
    """A federation names itself, and its partners in public partnerships."""
    names = 1 << i
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if (partnership.a == i or partnership.b == i) and partnership.visibility == Visibility.PUBLIC:
            j = partnership.b if partnership.a == i else partnership.a
            if is_active(partnership) and w.organisation[j].firm < 0:
                names |= 1 << j
    return names


@rule
def _organic_depth(w, route, source, week):
    """0.5; 0.7 after a training or workshop by the route's organisation; 0.85 through an integrated partnership."""
    p = w.parameter[0]
    depth = p.depth_plain
    if source < 0:
        return depth
    trained = w.organisation[source].taught_week
    if trained != NEVER and week - trained < p.training_memory_weeks:
        depth = p.depth_workshop
    if route == ROUTE_FEDERATION:
        for k in range(w.partnership.shape[0]):
            partnership = w.partnership[k]
            active = is_active(partnership)
            if (
                (partnership.a == source or partnership.b == source)
                and active
                and partnership.model == Integration.INTEGRATED
            ):
                depth = p.depth_integrated
    return depth


@rule
def _share_federations(w, f, total):
    """Half of a federation's push is its own channel, half belongs to the partners whose ideas it carries."""
    p = w.parameter[0]
    n = w.organisation.shape[0]
    for i in range(n):
        hazard = hazard_on(w, i, f)
        if w.organisation[i].carries_to_members == 0 or hazard <= 0.0:
            continue
        owners = _partners_of(w, i)
        if owners == 0:
            _share(w, f, lineage_column(w, i), hazard / total)
            continue
        _share(w, f, lineage_column(w, i), p.split_channel * hazard / total)
        for j in range(n):
            if w.partner_mark[j] > 0.0:
                _share(w, f, lineage_column(w, j), (1.0 - p.split_channel) * hazard / (total * owners))


@rule
def _share_peers(w, f, share, signal, complete, u):
    """Pass the peers' sources on, by visibility x weight; returns one visible peer drawn by weight (-1: none)."""
    p = w.parameter[0]
    week = w.clock[0].week
    start = w.peer_start[f]
    stop = w.peer_start[f + 1]
    if complete >= 0.0:
        start = 0
        stop = w.firm.shape[0]
    ties = max(1, stop - start)
    total = 0.0
    for t in range(start, stop):
        g = t if complete >= 0.0 else w.peer[t]
        if g != f:
            total += _peer_weight(w, g, week, p) / ties
    flagship = -1
    if signal > 0.0:
        for i in range(w.organisation.shape[0]):
            if w.organisation[i].flagship == 1 and w.firm[w.organisation[i].firm].uptake != Uptake.NONE:
                flagship = w.organisation[i].firm
        total += signal
    if total <= 0.0:
        _share(w, f, 0, share)
        return -1
    drawn = -1
    running = 0.0
    for t in range(start, stop):
        g = t if complete >= 0.0 else w.peer[t]
        if g == f:
            continue
        weight = _peer_weight(w, g, week, p) / ties
        if weight <= 0.0:
            continue
        if drawn < 0 and u * total < running + weight:
            drawn = g
        running += weight
        for column in range(w.lineage.shape[1]):
            _share(w, f, column, share * weight / total * np.float64(w.lineage[g, column]))
    if flagship >= 0:
        if drawn < 0:
            drawn = flagship
        for column in range(w.lineage.shape[1]):
            _share(w, f, column, share * signal / total * np.float64(w.lineage[flagship, column]))
    return drawn


@rule
def _enter(w, f, week):
    """Enter a traced adopter: state, totals, and what its peers see from next week on."""
    clock = w.clock[0]
    tallies = w.tallies[0]
    p = w.parameter[0]
    firm = w.firm[f]
    u, _ = uniform_pair(clock.seed, clock.replicate, Decision.ADOPTION_ROUTE, f, 0, 0)
    public = u < p.public_share
    firm.week = week
    credited = False
    for i in range(w.organisation.shape[0]):
        if (np.int64(firm.names) >> i) & 1 == 1 and owns_ideas(w, i):
            credited = True
    if not public:
        firm.uptake = Uptake.QUIET
    else:
        firm.uptake = Uptake.PUBLIC_CREDITED if credited else Uptake.PUBLIC_UNCREDITED
    if not public:
        firm.names = 0
    w.remaining[f] = math.inf
    tallies.adoption_weeks += np.float64(firm.weight) * week
    tallies.adopted_weight += np.float64(firm.weight)
    _count(w, f, 1.0)
    show(w, f, visible_weight(firm.uptake, p))


@rule
def owns_ideas(w, i):
    """Whether some bundle of ideas belongs to organisation i."""
    for b in range(w.idea.shape[0]):
        if w.idea[b].owner == i:
            return True
    return False


@rule
def withdraw(w, week, firms):
    """De-adoption (off by default): an ordinary adopter gives up with a weekly hazard and never adopts again."""
    clock = w.clock[0]
    p = w.parameter[0]
    chance = 1.0 - math.exp(-p.de_adoption_hazard)
    for f in range(firms):
        firm = w.firm[f]
        if firm.uptake == Uptake.NONE or firm.organisation >= 0 or firm.week == week:
            continue
        u, _ = uniform_pair(clock.seed, clock.replicate, Decision.DE_ADOPTION, f, week, 0)
        if u < chance:
            _count(w, f, -1.0)
            show(w, f, -visible_weight(firm.uptake, p))
            firm.uptake = Uptake.NONE
            firm.names = 0
