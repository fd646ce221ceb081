"""The employer federation: it comes, leaves in the storm of a critical campaign, and comes back (P01-P07, P49-P51)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.durations import kaplan_meier
from sim.scenarios import scenario
from sim.validation.checks import at_least, at_most, between, judge, mean, ratio, resampled
from sim.validation.worlds import Pattern
from sim.vocabulary.partnerships import State

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.ensemble import Ensemble
    from sim.validation.checks import Check
    from sim.validation.worlds import Worlds

CASE = "campaign-while-partnering"
LAUNCH = 23  # week of the campaign
_SERIES = (
    "state_ombud_federation",
    "coverage",
    "heat_federation",
    "trust_ombud_federation",
    "trust_federation_ombud",
)


def federation_case(worlds: Worlds) -> Ensemble:
    """Return the worlds in which the ombud campaigns while it is the federation's partner."""
    return worlds.of(CASE, _SERIES)


@dataclass(frozen=True)
class Departures:
    """Exits of the federation after the campaign, and what came of them (week numbers, -1: never)."""

    base: NDArray[np.bool_]  # active in the week before the launch
    peak: NDArray[np.int64]
    exit: NDArray[np.int64]  # first exit in the window
    back: NDArray[np.int64]  # first return after it


def departures(worlds: Ensemble) -> Departures:
    """Find, in every world, the peak of coverage, the exit that followed the campaign, and the return."""
    state = worlds.series["state_ombud_federation"].astype(int)
    active = (state == State.INFORMAL) | (state == State.FORMAL)
    coverage = worlds.series["coverage"]
    peak = LAUNCH + coverage[:, LAUNCH : LAUNCH + 26].argmax(axis=1)
    weeks = np.arange(state.shape[1])
    left = (state[:, 1:] == State.COOLING) & active[:, :-1]
    left = np.concatenate([np.zeros((len(state), 1), bool), left], axis=1)
    window = left & (weeks >= LAUNCH) & (weeks <= (peak + 8)[:, None])
    exits = np.where(window.any(axis=1), window.argmax(axis=1), -1)
    later = active & (weeks > exits[:, None]) & (exits >= 0)[:, None]
    back = np.where(later.any(axis=1), later.argmax(axis=1), -1)
    return Departures(active[:, LAUNCH - 1], peak, exits, back)


def _p01(worlds: Worlds) -> list[Check]:
    state = federation_case(worlds).series["state_ombud_federation"][:, :17]
    words = "federation accepts a positive, narrow approach within 16 weeks"
    return [at_least("P01", words, (state == State.INFORMAL).any(axis=1), 0.70)]


def _p02(worlds: Worlds) -> list[Check]:
    found = departures(federation_case(worlds))
    words = "federation leaves within 8 weeks of the coverage peak of a critical campaign"
    return [between("P02", words, (found.exit >= 0)[found.base], 0.70, 0.90)]


def _p03(worlds: Worlds) -> list[Check]:
    critical = departures(federation_case(worlds))
    positive = departures(worlds.of("positive-framing", _SERIES))
    both = critical.base & positive.base
    found = ratio((positive.exit >= 0)[both], (critical.exit >= 0)[both])
    words = "with a positive tone it leaves far less often (ratio of exit shares)"
    return [judge("P03", words, found, most=0.3, worlds=int(both.sum()))]


def _p04(worlds: Worlds) -> list[Check]:
    ensemble = federation_case(worlds)
    found = departures(ensemble)
    gone = found.base & (found.exit >= 0)
    seen = (found.back >= 0)[gone]
    away = (np.where(found.back >= 0, found.back, ensemble.scenario.weeks) - found.exit)[gone]
    middle = resampled(len(away), lambda rows: kaplan_meier(away[rows], seen[rows]))
    return [
        at_least("P04", "of those that left, back within 104 weeks", seen & (away <= 104), 0.60),
        judge(
            "P04",
            "median weeks away (Kaplan-Meier; observed about 85 to 98)",
            middle,
            least=75,
            most=100,
            worlds=len(away),
        ),
    ]


def _p05(worlds: Worlds) -> list[Check]:
    ensemble = federation_case(worlds)
    found = departures(ensemble)
    returned = found.base & (found.back >= 0)
    heat = ensemble.series["heat_federation"]
    at_return = heat[np.arange(len(heat)), found.back]
    calm = at_return <= 0.1 * heat.max(axis=1)
    early = found.back - found.exit < 13
    return [
        at_least("P05", "at the return heat is at most a tenth of its peak", calm[returned], 0.95),
        at_most("P05", "returns before the 13th week (set by the cooling weeks)", early[returned], 0.0, "VER"),
    ]


def _p06(worlds: Worlds) -> list[Check]:
    ensemble = federation_case(worlds)
    found = departures(ensemble)
    gone = found.base & (found.exit >= 0) & (found.exit + 156 < ensemble.scenario.weeks)
    never = ~((found.back >= 0) & (found.back - found.exit <= 156))
    return [between("P06", '"they will never come back": not back within 156 weeks', never[gone], 0.05, 0.25)]


def _p07(worlds: Worlds) -> list[Check]:
    ensemble = federation_case(worlds)
    found = departures(ensemble)
    returned = np.flatnonzero(found.base & (found.back >= 0))
    lower = np.ones(len(returned), bool)
    for name in ("trust_ombud_federation", "trust_federation_ombud"):
        trust = ensemble.series[name]
        lower &= trust[returned, found.back[returned]] < trust[returned, LAUNCH - 1]
    return [at_least("P07", "both trusts are lower at the return than before the campaign", lower, 0.70)]


def _p49(worlds: Worlds) -> list[Check]:
    """Trust of the federation before and after the launch; and trust of the ombud after a breach of faith."""
    ensemble = federation_case(worlds)
    trust = ensemble.series["trust_federation_ombud"][departures(ensemble).base]
    built = (trust[:, LAUNCH - 1] - trust[:, LAUNCH - 13]) / 12.0
    eroded = (trust[:, LAUNCH - 1] - trust[:, LAUNCH + 8]) / 9.0
    early = worlds.of("ideas-given-early", ("trust_ombud_flagship",))
    faith = early.series["trust_ombud_flagship"]
    falls = np.diff(faith, axis=1)
    broken = (falls.min(axis=1) < -0.05) & (falls.argmin(axis=1) + 105 < faith.shape[1])
    rows = np.flatnonzero(broken)
    week = falls.argmin(axis=1)[rows]
    lost = faith[rows, week + 105] < faith[rows, week]
    n = worlds.replicates
    return [
        judge("P49", "trust lost in a week of a storm over trust won in a week of work", ratio(eroded, built),
              least=2.0, most=5.0, worlds=n),
        at_least("P49", "two years after a breach of faith trust is lower than before it", lost, 0.90),
    ]  # fmt: skip


def _p50(worlds: Worlds) -> list[Check]:
    """The ombud asks the federation in the third week of a critical campaign, by nobody, by the NGO, by itself."""
    accepted = []
    for by in (None, "ngo", "ombud"):
        plan: list[dict[str, Any]] = [{"when": 12, "verb": "approach", "by": "ombud", "to": "federation"}]
        if by is not None:
            plan.append({"when": 10, "verb": "launch_campaign", "by": by, "tone": 0.9})
        case = scenario("baseline").replace(weeks=14, plan=plan)
        found = worlds.play(case, ("partnered_federation_ombud",)).series["partnered_federation_ombud"]
        accepted.append(found[:, -1])
    calm, others, own = accepted
    n = worlds.replicates
    return [
        judge("P50", "the ombud is accepted more often while the NGO criticises", mean(others - calm), least=0.0,
              strictly=True, worlds=n),
        judge("P50", "and less often while it criticises itself", mean(own - calm), most=0.0, strictly=True, worlds=n),
    ]  # fmt: skip


def _p51(worlds: Worlds) -> list[Check]:
    """All of it in one world: leaves within 8 weeks of the peak, back from October to December 2016, uncredited use."""
    ensemble = worlds.of("parent-project", _SERIES)
    found = departures(ensemble)
    dates = ensemble.dates
    back = np.array([bool(k >= 0 and dates[k].year == 2016 and dates[k].month >= 10) for k in found.back])
    used = ensemble.outcomes["uncredited_uses"].to_numpy() > 0
    whole = found.base & (found.exit >= 0) & back & used
    return [at_least("P51", "the whole case at once (reported, no threshold)", whole, 0.0)]


PATTERNS = (
    Pattern("P01", CASE, _p01),
    Pattern("P02", CASE, _p02),
    Pattern("P03", CASE, _p03),
    Pattern("P04", CASE, _p04),
    Pattern("P05", CASE, _p05),
    Pattern("P06", CASE, _p06),
    Pattern("P07", CASE, _p07),
    Pattern("P49", CASE, _p49),
    Pattern("P50", CASE, _p50),
    Pattern("P51", "parent-project", _p51),
)
