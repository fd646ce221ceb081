"""Politics and storms: how far demands come, and how long the news keeps a storm (P43 to P45)."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.scenarios import build, scenario
from sim.validation.checks import at_most, between, judge, over, ratio, resampled, share
from sim.validation.federation import LAUNCH
from sim.validation.worlds import Pattern
from sim.vocabulary.topics import Stage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.scenarios import Scenario
    from sim.validation.checks import Check
    from sim.validation.worlds import Worlds

DECIDED = int(Stage.DECIDED)
ASKED_BY = datetime.date(2017, 4, 25)  # when parliament asked for it
STORM_LEVEL_WEEKS = 26


def _demand(plan: list[dict[str, Any]]) -> Scenario:
    kinds = ("ombud", "ngo", "union", "federation", "government")
    rows = [{"id": name, "type": name, "annual_budget": 100_000} for name in kinds]
    return build(
        {"start": "2014-09-01", "weeks": 208, "organisation": rows, "plan": plan, "initiator": "ombud",
         "policy": {"demand": "a duty to report", "law_rate": 0.0}},
        "demand",
    )  # fmt: skip


def _decided(worlds: Worlds, case: Scenario) -> NDArray[np.bool_]:
    return worlds.play(case).outcomes["policy_stage"].to_numpy() >= DECIDED


def _p43(worlds: Worlds) -> list[Check]:
    talks = [
        {"when": 2 + k, "verb": "lobby", "by": name, "repeat_every": 6, "max_times": 40}
        for k, name in enumerate(("ombud", "ngo", "union"))
    ]
    campaigns = [
        {"when": 10 + 8 * k, "verb": "launch_campaign", "by": name, "tone": 0.5, "weeks": 8, "budget": 5_000,
         "repeat_every": 26, "max_times": 8}
        for k, name in enumerate(("ombud", "ngo", "union"))
    ]  # fmt: skip
    opponent = [{"when": 2, "verb": "lobby", "by": "federation", "repeat_every": 6, "max_times": 40}]
    broad = _decided(worlds, _demand(talks + campaigns))
    nobody = _decided(worlds, _demand([]))
    opposed = _decided(worlds, _demand(opponent))
    return [
        between("P43", "decided after four years: three campaign and talk", broad, 0.25, 0.50),
        at_most("P43", "decided after four years: nobody does anything", nobody, 0.15),
        at_most("P43", "worlds in which only an opponent's talks bring a decision", opposed & ~nobody, 0.0, "VER"),
    ]


def _p44(worlds: Worlds) -> list[Check]:
    case = scenario("stop-femicides")
    weeks = (ASKED_BY - case.start).days // 7 + 1
    longer = case.replace(weeks=weeks)
    with_ = _decided(worlds, longer)
    without = _decided(worlds, longer.replace(plan=[]))
    words = "the demand of the shelter case decided by April 2017, with the campaigns over without"
    return [judge("P44", words, ratio(with_, without), least=2.0, worlds=worlds.replicates)]


def _lengths(storm: NDArray[np.bool_]) -> list[int]:
    """Lengths in weeks of the storms of a world."""
    edges = np.diff(np.concatenate([[0], storm.astype(int), [0]]))
    return [int(n) for n in np.flatnonzero(edges < 0) - np.flatnonzero(edges > 0)]


def _p45(worlds: Worlds) -> list[Check]:
    campaign = worlds.of("campaign-while-partnering", ("storm", "coverage"))
    window = slice(LAUNCH, LAUNCH + STORM_LEVEL_WEEKS)
    lengths = np.array([n for row in campaign.series["storm"][:, window] > 0 for n in _lengths(row)])
    peaks = campaign.series["coverage"][:, window].max(axis=1)
    calm = worlds.of("baseline", ("storm",)).series["storm"][:, :260].any(axis=1)
    n = worlds.replicates
    spread = over(lambda x, square: np.sqrt(square - x * x) / x, peaks, peaks**2)
    middle = resampled(len(lengths), lambda rows: float(np.median(lengths[rows])))
    tail = resampled(len(lengths), lambda rows: float(np.quantile(lengths[rows], 0.99) / np.median(lengths[rows])))
    return [
        judge("P45", "length of a campaign's storms, median (weeks)", middle, least=1.0, most=4.0, worlds=n),
        judge("P45", "their 99 % quantile over the median", tail, least=3.0, worlds=n),
        judge("P45", "five-year worlds with a storm that nobody made", share(np.asarray(calm)), least=0.2, most=0.7,
              worlds=n),
        judge("P45", "peaks of the campaign's coverage: standard deviation over mean", spread, least=0.3, worlds=n),
    ]  # fmt: skip


PATTERNS = (
    Pattern("P43", "politics", _p43),
    Pattern("P44", "politics", _p44),
    Pattern("P45", "attention", _p45),
)
