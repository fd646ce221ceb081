"""Campaigns, the attention they get and the people they reach (P29 to P36)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.engine.world import CAMPAIGN
from sim.rules.calendar import day_multiplier
from sim.rules.evidence import EVIDENCE_DECAY, survey_quality
from sim.rules.formation import sigma, willingness_terms
from sim.rules.reach import exposure_sources
from sim.scenarios import scenario
from sim.start.prepared import prepare
from sim.validation import federation
from sim.validation.checks import Check, at_least, formula, judge, ratio, share
from sim.validation.worlds import Pattern
from sim.vocabulary.events import CAUSES

if TYPE_CHECKING:
    from sim.validation.worlds import Worlds

_FUNNEL = "invitation-to-decline"
_COUNTED = (("reach", 877_209), ("visitors", 3_739), ("page_views", 5_761), ("minutes", 13_211))
_USUAL = (3_620, 3_859)  # the middle 95 % of visitors


def _p29(worlds: Worlds) -> list[Check]:
    outcomes = worlds.play(scenario(_FUNNEL).replace(audit=True), replicates=1).outcomes
    return [
        formula(
            "P29",
            f"audit mode reproduces the funnel: {name.replace('_', ' ')}",
            float(outcomes[name][0]),
            least=exact,
            most=exact,
            use="VER",
        )
        for name, exact in _COUNTED
    ]


def _p30(worlds: Worlds) -> list[Check]:
    visitors = worlds.of(_FUNNEL).outcomes["visitors"].to_numpy()
    low, high = np.quantile(visitors, [0.025, 0.975])
    found = share((visitors >= _USUAL[0]) & (visitors <= _USUAL[1]))
    words = "visitors between 3,620 and 3,859 in 95 of 100 worlds"
    inside, wanted = found.low <= 0.95 <= found.high, "0.95 in the interval"
    return [
        Check("P30", words, *found, wanted, inside, "VER", len(visitors), 0.95, 0.95),
        formula(
            "P30", "the 95 % range of visitors covers 3,739 (1: yes)", float(low <= 3739 <= high), least=1.0, use="VER"
        ),
    ]


def _p31(worlds: Worlds) -> list[Check]:
    stunt, plain = (
        day_multiplier(1, nu, worlds.p.window_rivals, worlds.p) / day_multiplier(0, nu, 0.0, worlds.p)
        for nu in (1.0, 0.0)
    )
    return [
        formula("P31", "8 March: reach of a stunt over an ordinary day", stunt, least=1.10, use="CAL"),
        formula("P31", "8 March: reach of a plain campaign over an ordinary day", plain, most=1.0, use="CAL"),
    ]


def _p32(worlds: Worlds) -> list[Check]:
    ensemble = federation.federation_case(worlds)
    coverage = ensemble.series["coverage"]
    peak = federation.departures(ensemble).peak
    rows = np.arange(len(coverage))
    excess = coverage - 4.0  # over the mean of quiet weeks
    weeks = np.arange(coverage.shape[1])
    faded = (excess < 0.1 * excess[rows, peak][:, None]) & (weeks >= peak[:, None])
    fade = np.where(faded.any(axis=1), faded.argmax(axis=1), 10_000) - peak
    return [
        at_least("P32", "coverage peaks within 8 weeks of the launch", peak - federation.LAUNCH <= 8, 0.80),
        at_least("P32", "excess coverage falls below a tenth of its peak within 26 weeks", fade <= 26, 0.90),
    ]


def _p33(worlds: Worlds) -> list[Check]:
    campaign = np.zeros(2, CAMPAIGN).view(np.recarray)
    campaign.loudness = 1.0
    campaign[0].video = 1.0
    video, photo = (exposure_sources(row, 0.0, 30_000.0, 0.0, 0.0, worlds.p)[0] for row in campaign)
    words = "organic reach of video over photo, same posts"
    return [formula("P33", words, video / photo, least=1.5, most=3.0, use="CAL")]


def _p34(worlds: Worlds) -> list[Check]:
    with_survey = federation.federation_case(worlds)
    plan = [row for row in with_survey.scenario.document()["plan"] if row["verb"] != "publish_survey"]
    without = worlds.play(with_survey.scenario.replace(plan=plan), ("coverage",))
    weeks = slice(federation.LAUNCH, federation.LAUNCH + 8)
    found = ratio(*(ensemble.series["coverage"][:, weeks].mean(axis=1) for ensemble in (with_survey, without)))
    words = "a survey raises a sceptic's acceptance (share)"
    return [
        judge("P34", "a survey raises coverage (ratio)", found, least=1.0, strictly=True, worlds=worlds.replicates),
        formula("P34", words, _survey_points(worlds), least=0.05, most=0.20, use="CAL"),
    ]


def _survey_points(worlds: Worlds) -> float:
    """Acceptance of a first approach one week after a survey of 2,014, minus without; mean over champions."""
    setting = prepare(scenario("baseline"), worlds.parameters, beyond_range=worlds.beyond_range)
    i, j = setting.row("ombud"), setting.row("federation")
    world = setting.start
    request = world.request[0]
    request.ask, request.tone = 0.3, 1.0
    terms = np.zeros(CAUSES)
    chance = []
    for evidence in (survey_quality(2014.0, 1.0, 1.0) * EVIDENCE_DECAY, 0.0):
        world.organisation[i].evidence = evidence
        mean = 0.0
        for champion, weight in ((1, 0.4), (0, 0.6)):
            world.organisation[j].champion = champion
            mean += weight * sigma(willingness_terms(world, world.partnership_of[i, j], i, j, request, terms))
        chance.append(mean)
    return float(chance[0] - chance[1])


def _p36(worlds: Worlds) -> list[Check]:
    weeks = []
    for channel in ([], ["union"]):
        training = {"when": 1, "verb": "run_training", "by": "ombud", "channel": channel, "seats": 200}
        outcomes = worlds.play(scenario("baseline").with_actions([training])).outcomes
        weeks.append(outcomes["seats_weeks"].to_numpy())
    words = "weeks until training seats fill, without over with the union's channels"
    return [judge("P36", words, ratio(*weeks), least=2.0, worlds=worlds.replicates)]


PATTERNS = (
    Pattern("P29", _FUNNEL, _p29),
    Pattern("P30", _FUNNEL, _p30),
    Pattern("P31", "attention", _p31),
    Pattern("P32", federation.CASE, _p32),
    Pattern("P33", "attention", _p33),
    Pattern("P34", federation.CASE, _p34),
    Pattern("P36", "trainings", _p36),
)
