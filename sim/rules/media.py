"""Public attention: self-exciting coverage, tone, heat, blame and storms (submodel S2).

Coverage breeds coverage. Heat, what an organisation feels, is attention times critical tone times its exposure:
attention alone, however large, hurts nobody.
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.engine.randomness import Decision, poisson_count, uniform
from sim.rules.calendar import window_factor, window_open
from sim.vocabulary.events import EventKind

__all__ = [
    "attention_share",
    "branching_ratio",
    "campaign_stimulus",
    "heat_on",
    "held_against",
    "mean_coverage",
    "runs",
    "sends",
    "set_stimuli",
    "update_attention",
]


@rule
def runs(campaign, week):
    """Whether a campaign is on in a week."""
    return campaign.active == 1 and campaign.start <= week < campaign.end


@rule
def sends(campaign, i):
    """Whether organisation i is sender or co-sender of a campaign."""
    return campaign.by == i or (i >= 0 and (campaign.cosenders >> i) & 1 == 1)


@rule
def campaign_stimulus(campaign, week, window, evidence, p):
    """Items a week that a campaign starts: s0 I W (1 + v_ev Ev)(1 + 0.5 crit), x launch in its first two weeks."""
    if campaign.items > 0.0:  # a dispute or a foreign storm has a size of its own
        return campaign.items
    intensity = campaign.intensity
    if week < campaign.start + 2:
        intensity *= p.launch_factor
    return (
        p.stimulus
        * intensity
        * window
        * (1.0 + p.evidence_news_value * evidence)
        * (1.0 + p.tone_news_value * campaign.tone)
    )


@rule
def branching_ratio(confrontation, p):
    """N = min(n_max, n0 + n1 conf): items that one remembered item breeds; conflict breeds more."""
    if p.no_self_excitation == 1.0:
        return 0.0
    return min(p.branching_max, p.branching_base + p.branching_conflict * confrontation)


@rule
def attention_share(coverage, p):
    """A = Y / (Y + Y_half)."""
    return coverage / (coverage + p.coverage_half)


@rule
def heat_on(attention, tone, exposure):
    """Heat = A K e in [0, 1]."""
    return attention * tone * exposure


@rule
def held_against(blame, p):
    """Own = omega + third (1 - omega): the share of the criticism that is held against an organisation."""
    return blame + p.third_party_blame * (1.0 - blame)


@rule
def _evidence_of(w, campaign):
    best = 0.0
    for i in range(w.organisation.shape[0]):
        if sends(campaign, i):
            best = max(best, w.organisation[i].evidence)
    return best


@rule
def set_stimuli(w, week):
    """What every running campaign adds to this week's coverage, with the evidence of this week."""
    p = w.parameter[0]
    for c in range(w.tallies[0].campaigns):
        campaign = w.campaign[c]
        if runs(campaign, week):
            window = window_factor(window_open(w.calendar[week], campaign.topic), p)
            campaign.stimulus = campaign_stimulus(campaign, week, window, _evidence_of(w, campaign), p)


@rule
def _criticism(w, week):
    """Mean tone of the running campaigns by intensity; how many run; each organisation's part of the criticism."""
    for i in range(w.organisation.shape[0]):
        organisation = w.organisation[i]
        organisation.critic_share = 0.0
        organisation.campaigning = 0
    running = 0
    intensity = 0.0
    criticism = 0.0
    for c in range(w.tallies[0].campaigns):
        campaign = w.campaign[c]
        if not runs(campaign, week):
            continue
        running += 1
        intensity += campaign.intensity
        criticism += campaign.intensity * campaign.tone
        for i in range(w.organisation.shape[0]):
            if sends(campaign, i):
                w.organisation[i].critic_share += campaign.intensity * campaign.tone
                w.organisation[i].campaigning = 1
                w.organisation[i].campaign_week = week
    if criticism > 0.0:
        for i in range(w.organisation.shape[0]):
            w.organisation[i].critic_share = min(1.0, w.organisation[i].critic_share / criticism)
    mean = criticism / intensity if intensity > 0.0 else 0.0
    return mean, running


@rule
def _rebut(w, week):
    """Organisations under heat answer critics in public with probability 1 - exp(-h_reb Heat of last week)."""
    clock = w.clock[0]
    media = w.media[0]
    tallies = w.tallies[0]
    p = w.parameter[0]
    media.rebuttals_now = 0
    for i in range(w.organisation.shape[0]):
        w.organisation[i].rebuts = 0
        w.organisation[i].rebutted = 0.0
    for c in range(tallies.campaigns):
        campaign = w.campaign[c]
        if campaign.by < 0 or campaign.tone <= 0.0 or not runs(campaign, week):
            continue
        for j in range(w.organisation.shape[0]):
            organisation = w.organisation[j]
            if organisation.heat <= 0.0 or sends(campaign, j):
                continue
            if organisation.rebuts == 0:
                chance = 1.0 - math.exp(-p.rebuttal_rate * organisation.heat)
                if uniform(clock.seed, clock.replicate, Decision.REBUTTAL, organisation.key, week) < chance:
                    organisation.rebuts = 1
                    organisation.rebuttals += 1
                    media.rebuttals_now += 1
                    event = note(w, EventKind.REBUTTAL, j, campaign.by, c)
                    w.log_number[event, 0] = organisation.heat
            if organisation.rebuts == 1:
                for i in range(w.organisation.shape[0]):
                    if sends(campaign, i):
                        w.organisation[i].rebutted = 1.0


@rule
def mean_coverage(w, week, weeks):
    """Mean coverage of the weeks before `week`; before the start it was at its calm level."""
    total = 0.0
    for k in range(week - weeks, week):
        total += w.coverage_history[k] if k >= 0 else w.media[0].coverage_before_storm
    return total / weeks


@rule
def _watch_storm(w, week):
    """A storm begins when coverage is large and has leapt; it lasts while coverage is large. Only reported."""
    media = w.media[0]
    p = w.parameter[0]
    if media.storm == 0:
        before = mean_coverage(w, week, 4)
        if media.coverage >= p.storm_level and media.coverage >= p.storm_ratio * before:
            media.storm = 1
            media.storms += 1
            media.storm_started = week
            event = note(w, EventKind.STORM_STARTED, -1, -1, -1)
            w.log_number[event, 0] = media.coverage
            w.log_number[event, 1] = before
            w.log_cause[event, 0] = media.stimulus
            w.log_cause[event, 1] = media.branching * media.coverage_memory
            w.log_cause[event, 2] = p.background_coverage
    elif media.coverage < p.storm_level:
        media.storm = 0
        event = note(w, EventKind.STORM_ENDED, -1, -1, -1)
        w.log_number[event, 0] = media.coverage
        w.log_number[event, 1] = np.float64(week - media.storm_started)
        for i in range(w.organisation.shape[0]):
            organisation = w.organisation[i]
            if organisation.storm_heat > p.receptivity_heat:
                organisation.receptivity += p.receptivity_step * (1.0 - organisation.receptivity)
            organisation.storm_heat = 0.0
    if media.storm == 1:
        media.storm_weeks += 1
        media.last_storm_week = week


@rule
def update_attention(w, week):
    """Draw the coverage of the week and update memory, attention, tone, heat, blame and the storm mark.

    S = sum of the campaigns' stimuli;  Y ~ Poisson(mu + S + n E);  E' = phi E + (1 - phi) Y.
    """
    clock = w.clock[0]
    media = w.media[0]
    tallies = w.tallies[0]
    p = w.parameter[0]
    _rebut(w, week)
    tone, running = _criticism(w, week)

    media.stimulus = 0.0
    for c in range(tallies.campaigns):
        if runs(w.campaign[c], week):
            media.stimulus += w.campaign[c].stimulus
    media.critical_tone = tone
    media.confrontation = 0.0
    if running > 0:
        media.confrontation = min(1.0, tone + (p.rebuttal_tone if media.rebuttals_now > 0 else 0.0))
    media.branching = branching_ratio(media.confrontation, p)

    mean = p.background_coverage + media.stimulus + media.branching * media.coverage_memory
    u = uniform(clock.seed, clock.replicate, Decision.COVERAGE, 0, week)
    media.coverage = np.float64(poisson_count(mean, u))
    w.coverage_history[week] = media.coverage
    for i in range(w.organisation.shape[0]):
        w.organisation[i].receptivity *= p.receptivity_decay
    media.peak_coverage = max(media.peak_coverage, media.coverage)
    _watch_storm(w, week)
    memory = p.coverage_memory
    media.coverage_memory = memory * media.coverage_memory + (1.0 - memory) * media.coverage
    media.attention = attention_share(media.coverage, p)

    faded = p.tone_memory * media.tone
    speaks = running > 0 and tone > 0.0 and tone >= faded
    media.tone = max(tone, faded) if running > 0 else faded
    if media.tone < 1e-12:  # else the fading tail becomes a denormal number, and slow
        media.tone = 0.0

    for i in range(w.organisation.shape[0]):
        organisation = w.organisation[i]
        if speaks:
            organisation.blame = organisation.critic_share
        organisation.own = held_against(organisation.blame, p)
        organisation.heat_before = organisation.heat
        organisation.heat = heat_on(media.attention, media.tone, organisation.exposure)
        organisation.peak_heat = max(organisation.peak_heat, organisation.heat)
        organisation.heat_memory = max(organisation.heat, p.heat_memory_decay * organisation.heat_memory)
        organisation.flank = media.attention * media.tone * max(0.0, 1.0 - 2.0 * organisation.blame)
        if media.storm == 1:
            organisation.storm_heat = max(organisation.storm_heat, organisation.heat)
