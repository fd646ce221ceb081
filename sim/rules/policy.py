"""Policy: the way of a demand through politics (submodel S15).

A demand comes onto the agenda, is promised, decided and put into force, in this order. What moves it is pressure for
it, and what holds it back is pressure against it: talks with politicians and coverage of one's side, weighted by
credibility, evidence and the breadth of those who speak up. Politics forgets, so that steady pressure by several moves
a demand, and a single storm does not.
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.engine.randomness import Decision, threshold
from sim.rules.alliances import is_active
from sim.rules.attention import attention_share
from sim.rules.speakers import campaign_credibility, campaigns, has_lobbied, runs, sends
from sim.vocabulary.audiences import Audience
from sim.vocabulary.coded import numbers
from sim.vocabulary.events import EventKind
from sim.vocabulary.partnerships import Visibility
from sim.vocabulary.topics import News, Side, Stage, Voice

DECIDED, IN_FORCE = numbers(Stage.DECIDED, Stage.FORCE)
FOR, AGAINST = numbers(Side.FOR, Side.AGAINST)
ORDINARY = int(Voice.ORDINARY)
CAMPAIGN = int(News.CAMPAIGN)
POLITICIANS = int(Audience.POLITICIANS)
THE_DEMAND = 0  # a scenario has one demand: the entity of its draws

# What a round of talks adds to the pressure, of somebody fully believed (per round): assumption.
LOBBY_PRESSURE = 0.2
# What a week of full coverage adds to the pressure, of a side fully believed (per week): assumption.
COVERAGE_PRESSURE = 0.8
# What coverage weighs in politics while no campaign turns to politicians (share): assumption.
UNADDRESSED = 0.5
# Time from the decision until it is in force (weeks): assumption.
FORCE_DELAY = 26.0


@rule
def lobby_stimulus(w, side):
    """What the talks of this week on a side weigh: l_lob sum of C (1 + Ev) (1 + A), A of ordinary news and its own."""
    p = w.parameter[0]
    topical = attention_share(w.voice[ORDINARY].coverage + w.voice[side].coverage, p)
    total = 0.0
    for i in range(w.organisation.shape[0]):
        organisation = w.organisation[i]
        if (organisation.lobbies_now >> side) & 1 == 1:
            total += w.credibility[i, POLITICIANS] * (1.0 + organisation.evidence)
    return LOBBY_PRESSURE * total * (1.0 + topical)


@rule
def _addresses_politics(w, side, week):
    """Whether a running campaign of the side turns to politicians, or names a public body that decides on money."""
    for c in range(w.tallies[0].campaigns):
        campaign = w.campaign[c]
        if campaign.kind != CAMPAIGN or campaign.side != side or not runs(campaign, week):
            continue
        if (campaign.audience >> POLITICIANS) & 1 == 1:
            return True
        for j in range(w.organisation.shape[0]):
            if w.named[c, j] == 1 and w.organisation[j].funds == 1:
                return True
    return False


@rule
def _most_believed(w, side, week):
    """The largest C (1 + Ev) with politicians, of running campaigns of a side and of all who once spoke up on it."""
    best = 0.0
    for i in range(w.organisation.shape[0]):
        organisation = w.organisation[i]
        spoke = organisation.spoke_for if side == FOR else organisation.spoke_against
        if spoke == 1:
            best = max(best, w.credibility[i, POLITICIANS] * (1.0 + organisation.evidence))
    for c in range(w.tallies[0].campaigns):
        campaign = w.campaign[c]
        if campaign.kind != CAMPAIGN or campaign.side != side or not runs(campaign, week):
            continue
        evidence = 0.0
        for i in range(w.organisation.shape[0]):
            if sends(campaign, i):
                evidence = max(evidence, w.organisation[i].evidence)
        best = max(best, campaign_credibility(w, c, POLITICIANS) * (1.0 + evidence))
    return best


@rule
def news_stimulus(w, side, week):
    """What the coverage of a side weighs: l_cov A C (1 + Ev), less when no campaign turns to politicians."""
    p = w.parameter[0]
    heard = attention_share(w.voice[side].coverage, p)
    if heard <= 0.0:
        return 0.0
    addressed = 1.0 if _addresses_politics(w, side, week) else UNADDRESSED
    return COVERAGE_PRESSURE * heard * _most_believed(w, side, week) * addressed


@rule
def _speaks(w, i, side, week):
    """Whether i campaigns on a side, or lobbied on it lately."""
    if has_lobbied(w, i, side, week):
        return True
    organisation = w.organisation[i]
    return organisation.campaigning == 1 and organisation.voice == side and campaigns(w, i, week)


@rule
def count_speakers(w, side, week):
    """Those who speak up on a side, and their active public partners who are on it (no firms)."""
    n = w.organisation.shape[0]
    total = 0
    for i in range(n):
        w.partner_mark[i] = 1.0 if _speaks(w, i, side, week) else 0.0
        total += int(w.partner_mark[i])
    if total == 0:
        return 0
    for j in range(n):
        stance = w.organisation[j].stance if side == FOR else -w.organisation[j].stance
        if w.partner_mark[j] > 0.0 or stance <= 0.0 or w.organisation[j].firm >= 0:
            continue
        for i in range(n):
            k = w.partnership_of[i, j]
            if k < 0 or w.partner_mark[i] == 0.0:
                continue
            if is_active(w.partnership[k]) and w.partnership[k].visibility == Visibility.PUBLIC:
                total += 1
                break
    return total


@rule
def breadth(speakers, p):
    """Rho = 1 - w + w min(1, (N - 1) / 5): the pressure that so many can reach, N - 1 not below 0."""
    return 1.0 - p.breadth_weight + p.breadth_weight * min(1.0, max(0, speakers - 1) / p.coalition_full)


@rule
def build_up(pressure, most, stimulus, p):
    """P' = P 2^(-1/h) + max(0, rho - P 2^(-1/h)) (1 - exp(-u)): politics forgets, and fills up towards rho."""
    kept = pressure * p.pressure_decay
    return kept + max(0.0, most - kept) * (1.0 - math.exp(-stimulus))


@rule
def stage_hazard(pressure_for, pressure_against, p):
    """(b / 52) exp(theta (P_for - P_against)): the weekly hazard of the next stage."""
    return p.stage_hazard * math.exp(p.policy_force * (pressure_for - pressure_against))


@rule
def _largest_contributor(w, week):
    """Of those who speak up for the demand: the one whom politicians believe most, or -1."""
    best = -1.0
    found = -1
    for i in range(w.organisation.shape[0]):
        weight = w.credibility[i, POLITICIANS] * (1.0 + w.organisation[i].evidence)
        if _speaks(w, i, FOR, week) and weight > best:
            best = weight
            found = i
    return found


@rule
def _enter(w, stage, speaker, week):
    """Reach a stage, start the sum of hazards anew, and log it; in force, a law makes firms act."""
    demand = w.demand[0]
    demand.stage = stage
    demand.week = week
    demand.hazard = 0.0
    if stage == IN_FORCE:
        demand.law += demand.law_when_in_force
    event = note(w, EventKind.POLICY_STAGE, speaker, -1, stage)
    w.log_number[event, 0] = np.float64(stage)
    return event


@rule
def pursue_policy(w, week):
    """One week of the demand: at most one stage further, when its hazards so far cross the threshold of the stage.

    What is decided comes into force after a fixed time.
    """
    clock = w.clock[0]
    demand = w.demand[0]
    p = w.parameter[0]
    if demand.exists == 0:
        return
    members = count_speakers(w, FOR, week)
    opponents = count_speakers(w, AGAINST, week)
    pushed = lobby_stimulus(w, FOR) + news_stimulus(w, FOR, week)
    opposed = lobby_stimulus(w, AGAINST) + news_stimulus(w, AGAINST, week)
    demand.pressure_for = build_up(demand.pressure_for, breadth(members, p), pushed, p)
    demand.pressure_against = build_up(demand.pressure_against, breadth(opponents, p), opposed, p)
    stage = demand.stage
    if stage == IN_FORCE:
        return
    if stage == DECIDED:
        if week - demand.week >= FORCE_DELAY:
            _enter(w, IN_FORCE, -1, week)
        return
    hazard = stage_hazard(demand.pressure_for, demand.pressure_against, p)
    demand.hazard += hazard
    limit = threshold(clock.seed, clock.replicate, Decision.POLICY_STAGE, THE_DEMAND, stage + 1)
    if demand.hazard < limit:
        return
    summed = demand.hazard
    event = _enter(w, stage + 1, _largest_contributor(w, week), week)
    w.log_number[event, 1] = np.float64(members)
    w.log_number[event, 2] = np.float64(opponents)
    w.log_cause[event, 0] = demand.pressure_for
    w.log_cause[event, 1] = demand.pressure_against
    w.log_cause[event, 2] = summed
    w.log_cause[event, 3] = limit
