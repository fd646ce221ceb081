"""Public attention: four voices of self-exciting coverage (submodel S2).

News is made at the launch of a campaign or the publication of a survey, and breeds news. Each voice (ordinary news,
those for the measures, those against, other matters) is a count process of its own, so that what opponents say
cannot add to what advocates are heard saying.
"""

from __future__ import annotations

import numpy as np

from sim.engine.compiled import rule
from sim.engine.randomness import Decision, negative_binomial_count, uniform
from sim.rules.attention import attention_share
from sim.rules.calendar import reach_multiplier
from sim.rules.speakers import runs, sends
from sim.vocabulary.audiences import Audience
from sim.vocabulary.coded import numbers
from sim.vocabulary.topics import News, Voice

CAMPAIGN = int(News.CAMPAIGN)
ORDINARY, ELSEWHERE = numbers(Voice.ORDINARY, Voice.ELSEWHERE)
VOICES = len(Voice)
PUBLIC = int(Audience.PUBLIC)
LAUNCH_WEEKS = 2  # for so long a launch is news
USUAL_CREDIBILITY = 0.6  # with the public: a sender with this much makes news at the rate of `stimulus`
FADED = 1e-9  # items; below this a memory is gone, else its tail becomes a denormal number, and slow

# Time after which half of the news value of a sender's launch is back (weeks): assumption.
NOVELTY_HALF_LIFE = 13.0
NOVELTY_DECAY = 2.0 ** (-1.0 / NOVELTY_HALF_LIFE)
# How much a public rebuttal adds to the conflict seen by the media (factor): assumption.
REBUTTAL_TONE = 0.1


@rule
def campaign_stimulus(campaign, since, reach, credibility, elsewhere, p):
    """Items a week that a campaign starts in its week `since`.

    S = s0 I L M (C / 0.6)(1 + v_crit crit) Y_half / (Y_half + E_x); L = 1 + (launch - 1) novelty in its first two
    weeks, 1 later; novelty is 1 for a sender that has launched nothing lately; E_x is what fills the news elsewhere.
    """
    launch = 1.0 + (p.launch_factor - 1.0) * campaign.novelty if since < LAUNCH_WEEKS else 1.0
    crowded = p.coverage_half / (p.coverage_half + elsewhere)
    loud = campaign.loudness * launch * reach * (credibility / USUAL_CREDIBILITY)
    return p.stimulus * loud * (1.0 + p.tone_news_value * campaign.tone) * crowded


@rule
def branching_ratio(critical_share, p):
    """N = min(n_max, n0 + n1 min(1, critical share)): items that one remembered item breeds; conflict breeds more."""
    return min(p.branching_max, p.branching_base + p.branching_conflict * min(1.0, critical_share))


@rule
def _most_believed(w, campaign):
    """Credibility with the public of the most credible of the senders."""
    believed = 0.0
    for i in range(w.organisation.shape[0]):
        if sends(campaign, i):
            believed = max(believed, w.credibility[i, PUBLIC])
    return believed


@rule
def make_news(w, week):
    """What every campaign and stir that runs adds to this week's coverage; news of yesterday grows stale."""
    p = w.parameter[0]
    for v in range(VOICES):
        w.voice[v].stimulus = 0.0
        w.voice[v].critical_stimulus = 0.0
    for c in range(w.tallies[0].campaigns):
        campaign = w.campaign[c]
        if not runs(campaign, week):
            continue
        if campaign.kind == CAMPAIGN:
            campaign.reach = reach_multiplier(w.calendar[week], campaign.topic, campaign.stunt, p)
            campaign.stimulus = campaign_stimulus(
                campaign,
                week - campaign.start,
                campaign.reach,
                _most_believed(w, campaign),
                w.voice[ELSEWHERE].memory,
                p,
            )
        else:
            campaign.stimulus = campaign.items
        w.voice[campaign.side].stimulus += campaign.stimulus
        w.voice[campaign.side].critical_stimulus += campaign.stimulus * campaign.tone
    for i in range(w.organisation.shape[0]):
        w.organisation[i].staleness *= NOVELTY_DECAY
        w.organisation[i].survey_staleness *= NOVELTY_DECAY


@rule
def draw_coverage(w, week):
    """Draw the coverage of the week, voice by voice, and update what is remembered of it.

    m = mu [ordinary] + S + n E;  Y ~ NB(m, k);  E' = phi E + (1 - phi) Y, and likewise Z, its critical part.
    """
    clock = w.clock[0]
    media = w.media[0]
    p = w.parameter[0]
    keep = p.coverage_memory
    coverage = 0.0
    critical = 0.0
    for v in range(VOICES):
        voice = w.voice[v]
        critical_share = voice.critical_memory / voice.memory if voice.memory > 0.0 else 0.0
        voice.branching = branching_ratio(critical_share + REBUTTAL_TONE * voice.rebutted, p)
        expected = voice.stimulus + voice.branching * voice.memory
        if v == ORDINARY:
            expected += p.background_coverage
        voice.coverage = 0.0
        voice.ratio = 0.0
        if expected > 0.0:
            u = uniform(clock.seed, clock.replicate, Decision.COVERAGE, v, week)
            voice.coverage = np.float64(negative_binomial_count(expected, p.coverage_dispersion, u))
            voice.ratio = voice.coverage / expected
        voice.expected = expected
        blame = (voice.critical_stimulus + voice.branching * voice.critical_memory) * voice.ratio
        voice.memory = keep * voice.memory + (1.0 - keep) * voice.coverage
        voice.critical_memory = min(voice.memory, keep * voice.critical_memory + (1.0 - keep) * blame)
        if voice.memory < FADED:
            voice.memory = 0.0
            voice.critical_memory = 0.0
        coverage += voice.coverage
        critical += blame
    media.coverage = coverage
    media.attention = attention_share(coverage, p)
    media.tone = critical / coverage if coverage > 0.0 else 0.0
    media.peak_coverage = max(media.peak_coverage, coverage)
    w.coverage_history[week] = coverage
