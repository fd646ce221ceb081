"""Criticism by critic and target: heat, what is held against whom, press on firms, rebuttals (submodel S2).

Only those spoken about feel criticism, and they hold it against whoever said it, less so if several say it.
A critic is an organisation speaking on one side: row 2i of ``w.criticism`` for i speaking for the measures, 2i + 1
for i speaking against them, and the last row where nobody is known to have spoken. Targets are the organisations,
after them employers in general, and after these the federations once more, as far as they are named themselves.
"""

from __future__ import annotations

import math

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.engine.randomness import Decision, uniform
from sim.rules.attention import attention_share
from sim.rules.membership import is_member
from sim.rules.speakers import runs, sends, spoke_lately
from sim.vocabulary.coded import numbers
from sim.vocabulary.events import EventKind
from sim.vocabulary.topics import Side, Topic, Voice

FOR, AGAINST = numbers(Side.FOR, Side.AGAINST)
ELSEWHERE = int(Voice.ELSEWHERE)
VIOLENCE = int(Topic.VIOLENCE)
FADED = 1e-9  # items a week; below this criticism is forgotten

# Time after which a firm's memory of public criticism has halved (weeks): assumption.
HEAT_MEMORY_HALF_LIFE = 8.0
HEAT_MEMORY_DECAY = 2.0 ** (-1.0 / HEAT_MEMORY_HALF_LIFE)


@rule
def held_share(own, others, third):
    """Min(1, own part + third x what others said): the share of the criticism that is held against a critic."""
    return min(1.0, own + third * others)


@rule
def _exposure_to_crowd(w, j):
    """How much of what is said about employers in general hits firm j; 0 for all others."""
    return w.organisation[j].exposure if w.organisation[j].firm >= 0 else 0.0


@rule
def criticised_by(w, j, i):
    """Items a week in which i criticised j last."""
    crowd = w.organisation.shape[0]
    items = w.criticism[2 * i, j] + w.criticism[2 * i + 1, j]
    return items + _exposure_to_crowd(w, j) * (w.criticism[2 * i, crowd] + w.criticism[2 * i + 1, crowd])


@rule
def _answer(w, j, i, c):
    """J answers i in public, over campaign c."""
    organisation = w.organisation[j]
    organisation.rebuts = 1
    organisation.rebuttals += 1
    w.organisation[i].rebutted = 1.0
    w.voice[w.campaign[c].side].rebutted = 1.0
    event = note(w, EventKind.REBUTTAL, j, i, c)
    w.log_number[event, 0] = organisation.heat


@rule
def rebut_critics(w, week):
    """Who was criticised last week answers its critics in public with probability 1 - exp(-h_reb Heat)."""
    clock = w.clock[0]
    tallies = w.tallies[0]
    n = w.organisation.shape[0]
    for i in range(n):
        w.organisation[i].rebuts = 0
        w.organisation[i].rebutted = 0.0
    for v in range(w.voice.shape[0]):
        w.voice[v].rebutted = 0.0
    for c in range(tallies.campaigns):
        campaign = w.campaign[c]
        if campaign.leaked_to >= 0 and week == campaign.start and runs(campaign, week):
            _answer(w, campaign.leaked_to, campaign.by, c)  # it knew beforehand
            w.organisation[campaign.leaked_to].rebuts = 0  # whether it answers others as well is drawn as ever
    if w.media[0].critics == 0:
        return
    for c in range(tallies.campaigns):
        campaign = w.campaign[c]
        if campaign.by < 0 or campaign.tone <= 0.0 or not runs(campaign, week):
            continue
        for j in range(n):
            organisation = w.organisation[j]
            if organisation.heat <= 0.0 or sends(campaign, j):
                continue
            for i in range(n):
                if not sends(campaign, i) or criticised_by(w, j, i) <= 0.0:
                    continue
                if organisation.rebuts == 0:
                    chance = 1.0 - math.exp(-w.parameter[0].rebuttal_rate * organisation.heat)
                    u = uniform(clock.seed, clock.replicate, Decision.REBUTTAL, organisation.key, week)
                    organisation.rebuts = 1 if u < chance else -1
                    if organisation.rebuts == 1:
                        organisation.rebuts = 0
                        _answer(w, j, i, c)
                elif organisation.rebuts == 1:
                    w.organisation[i].rebutted = 1.0
                    w.voice[campaign.side].rebutted = 1.0


@rule
def _firm_hit(w, c, j):
    """Share of all weight of the largest named firm that federation j has as a member."""
    hit = 0.0
    for g in range(w.organisation.shape[0]):
        f = w.organisation[g].firm
        if w.named[c, g] == 1 and f >= 0 and is_member(w, j, f):
            hit = max(hit, float(w.firm[f].weight) / w.tallies[0].total_weight)
    return hit


@rule
def aim(w, c, week):
    """Fill ``w.hit``: how far campaign c is about each organisation, and about employers in general.

    Named: 1. A named firm hits its federations by its share of all weight. Employers in general: the federations by
    their exposure. Nobody named: of critics for the measures, employers and the exposed without a stance for them;
    of critics against, whoever spoke up for them lately. Senders, and unnamed organisations on the critic's side: 0.
    """
    campaign = w.campaign[c]
    n = w.organisation.shape[0]
    nobody_named = campaign.names == 0
    employers = w.named[c, n] == 1
    against_all = nobody_named and campaign.side == FOR
    against_speakers = nobody_named and campaign.side == AGAINST
    w.hit[n] = 1.0 if (employers or against_all) and w.clock[0].topic != VIOLENCE else 0.0
    for j in range(n):
        organisation = w.organisation[j]
        stands = organisation.stance if campaign.side == FOR else -organisation.stance
        hit = 0.0
        if sends(campaign, j):
            hit = 0.0
        elif w.named[c, j] == 1:
            hit = 1.0
        elif stands > 0.0 and campaign.side != ELSEWHERE:
            hit = 0.0
        elif against_speakers and organisation.stance > 0.0 and spoke_lately(w, j, week):
            hit = 1.0
        elif organisation.firm < 0:
            if against_all or (employers and organisation.carries_to_members == 1):
                hit = organisation.exposure
            if organisation.carries_to_members == 1 and campaign.names > 0:
                hit = max(hit, _firm_hit(w, c, j))
        w.hit[j] = hit
        if organisation.name_column >= 0:
            w.hit[organisation.name_column] = 1.0 if w.named[c, j] == 1 and not sends(campaign, j) else 0.0


@rule
def _voice_of(r, rows):
    """The voice of critic row r."""
    if r == rows - 1:
        return ELSEWHERE
    return FOR if r % 2 == 0 else AGAINST


@rule
def place_blame(w, week):
    """Items of the week by critic and target, and the memory of them.

    b = (sum of S crit hit / senders + n B) Y / m, in the voice of the critic;  B' = phi B + (1 - phi) b.
    """
    media = w.media[0]
    tallies = w.tallies[0]
    p = w.parameter[0]
    n = w.organisation.shape[0]
    rows, columns = w.criticism.shape
    running = 0
    for c in range(tallies.campaigns):
        if runs(w.campaign[c], week) and w.campaign[c].tone > 0.0 and w.campaign[c].stimulus > 0.0:
            running += 1
    if media.critics == 0 and running == 0:
        return
    for r in range(rows):
        voice = w.voice[_voice_of(r, rows)]
        for j in range(columns):
            w.criticism[r, j] = voice.branching * voice.ratio * w.criticism_memory[r, j]
    for c in range(tallies.campaigns):
        campaign = w.campaign[c]
        if not runs(campaign, week) or campaign.tone <= 0.0:
            continue
        aim(w, c, week)
        senders = 0
        for i in range(n):
            senders += 1 if sends(campaign, i) else 0
        items = campaign.stimulus * campaign.tone * w.voice[campaign.side].ratio / max(1, senders)
        for i in range(-1, n):
            if (senders == 0 and i < 0) or (i >= 0 and sends(campaign, i)):
                r = rows - 1 if i < 0 else 2 * i + (1 if campaign.side == AGAINST else 0)
                for j in range(columns):
                    w.criticism[r, j] += items * w.hit[j]
    keep = p.coverage_memory
    media.critics = 0
    for r in range(rows):
        heard = 0
        for j in range(columns):
            remembered = keep * w.criticism_memory[r, j] + (1.0 - keep) * w.criticism[r, j]
            if remembered < FADED:
                remembered = 0.0
            else:
                heard = 1
            w.criticism_memory[r, j] = remembered
        media.critics += heard
    if media.critics == 0:  # what is too little to remember is too little to feel
        w.criticism[:, :] = 0.0


@rule
def _feel(w, j):
    """What hits j this week and what is remembered of it, critic by critic (filled into ``w.blame``).

    Returns items of the week, items remembered, their sums over critics for and against, and the sum of stances.
    """
    n = w.organisation.shape[0]
    crowd = _exposure_to_crowd(w, j)
    nobody = w.criticism.shape[0] - 1
    items = w.criticism[nobody, j] + crowd * w.criticism[nobody, n]
    total = w.criticism_memory[nobody, j] + crowd * w.criticism_memory[nobody, n]
    for_it = 0.0
    against_it = 0.0
    stances = 0.0
    for i in range(n):
        share = 0.0
        if i != j:
            for r in (2 * i, 2 * i + 1):
                items += w.criticism[r, j] + crowd * w.criticism[r, n]
                share += w.criticism_memory[r, j] + crowd * w.criticism_memory[r, n]
        stance = w.organisation[i].stance
        w.blame[i] = share
        total += share
        stances += share * stance
        if stance > 0.0:
            for_it += share
        elif stance < 0.0:
            against_it += share
    return items, total, for_it, against_it, stances


@rule
def _press_on_firms(w):
    """Critics for the measures press firms, those named much more than all others; opponents take pressure off."""
    media = w.media[0]
    p = w.parameter[0]
    n = w.organisation.shape[0]
    heard = w.voice[FOR].coverage
    opposed = w.voice[AGAINST].coverage
    media.relief = heard / (heard + opposed) if opposed > 0.0 else 1.0
    crowd = 0.0
    for i in range(n):
        crowd += w.criticism[2 * i, n]
    media.firm_press = media.relief * p.crowd_share * attention_share(crowd, p)
    for j in range(n):
        organisation = w.organisation[j]
        organisation.named_press = 0.0
        if organisation.firm >= 0:
            items = 0.0
            for i in range(n):
                items += w.criticism[2 * i, j]
            organisation.named_press = media.relief * (1.0 - p.crowd_share) * attention_share(items, p)


@rule
def hold_against(w):
    """Heat of every organisation, what it holds against each critic, and what makes others welcome to it.

    Heat = X / (X + Y_half);  omega_i = the part of i in what is remembered;  own_i = min(1, omega_i + third x sum of
    omega_k (1 + s_i s_k) / 2);  H_ji = Heat_j own_i;  flank_i =
    heat memory x max(0, what others of its side said - omega_i).
    """
    media = w.media[0]
    p = w.parameter[0]
    n = w.organisation.shape[0]
    for j in range(n):
        organisation = w.organisation[j]
        if media.critics == 0 and media.blamed == 0:  # a quiet week after a quiet week
            organisation.heat = 0.0
            organisation.heat_memory *= HEAT_MEMORY_DECAY
            continue
        items, total, for_it, against_it, stances = _feel(w, j)
        organisation.heat = attention_share(items, p)
        organisation.peak_heat = max(organisation.peak_heat, organisation.heat)
        organisation.heat_memory = max(organisation.heat, HEAT_MEMORY_DECAY * organisation.heat_memory)
        for i in range(n):
            w.own[j, i] = 0.0
            w.held[j, i] = 0.0
            w.flank[j, i] = 0.0
            if i == j or total <= 0.0:
                continue
            stance = w.organisation[i].stance
            own = w.blame[i] / total
            like_minded = stance * (stances / total - own * stance)
            others = (max(0.0, 1.0 - own) + like_minded) / 2.0  # nobody known counts half
            w.own[j, i] = held_share(own, others, p.third_party_blame)
            w.held[j, i] = organisation.heat * w.own[j, i]
            side = 0.0
            if stance > 0.0:
                side = for_it / total - own
            elif stance < 0.0:
                side = against_it / total - own
            w.flank[j, i] = organisation.heat_memory * max(0.0, side - own)
    media.blamed = media.critics
    _press_on_firms(w)
