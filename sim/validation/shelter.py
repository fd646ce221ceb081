"""The shelter movement: four seasons in which two partners learn a common language and the money grows (P12 to P20)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.rules.formation import sigma
from sim.rules.funding import approval_logit
from sim.scenarios import scenario
from sim.validation.checks import at_least, formula, judge, mean, over, ratio, resampled
from sim.validation.worlds import Pattern, with_organisations

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.ensemble import Ensemble
    from sim.scenarios import Scenario
    from sim.validation.checks import Check
    from sim.validation.worlds import Worlds

_CASE = "stop-femicides"
_SEASONS = (2013, 2014, 2015, 2016)
_SERIES = (
    "disagreements",
    "deferred",
    "deferred_by_ngo",
    "partnered_ngo_ombud",
    "trust_ngo_ombud",
    "trust_ombud_ngo",
)
_TRUST_AT_START = 0.55


def _shelter_case(worlds: Worlds) -> Ensemble:
    return worlds.of(_CASE, _SERIES)


def _by_season(ensemble: Ensemble, name: str) -> NDArray[np.float64]:
    """Counts of each season (a calendar year), (replicates, seasons)."""
    total = ensemble.series[name].astype(float)
    ends = [int(np.flatnonzero(ensemble.dates.year == year)[-1]) for year in _SEASONS]
    return np.diff(total[:, ends], axis=1, prepend=0.0)


def _p12(worlds: Worlds) -> list[Check]:
    seasons = _by_season(_shelter_case(worlds), "disagreements")
    last, early = ratio(seasons[:, 3], seasons[:, 0]), ratio(seasons[:, :2].sum(axis=1), seasons.sum(axis=1))
    n = worlds.replicates
    return [
        judge("P12", "disagreements, season 4 over season 1", last, most=0.5, worlds=n),
        judge("P12", "share of all disagreements in seasons 1 and 2", early, least=0.6, worlds=n),
    ]


def _p13(worlds: Worlds) -> list[Check]:
    ensemble = _shelter_case(worlds)
    counts, deferred = _by_season(ensemble, "disagreements"), _by_season(ensemble, "deferred")
    columns = deferred[:, 3], counts[:, 3], deferred[:, 0], counts[:, 0]
    found = over(lambda late, of_late, early, of_early: (late / of_late) / (early / of_early), *columns)
    first, last = (over(lambda late, of_late: late / of_late, deferred[:, k], counts[:, k]).value for k in (0, 3))
    words = f"share settled by giving way, season 4 over season 1 ({first:.2f} to {last:.2f})"
    by_ngo = _by_season(ensemble, "deferred_by_ngo")[:, 3] > 0
    return [
        judge("P13", words, found, least=1.4, worlds=worlds.replicates),
        at_least("P13", "the NGO gives way to the experts at least once in season 4", by_ngo, 0.80),
    ]


def _p14(worlds: Worlds) -> list[Check]:
    ensemble = _shelter_case(worlds)
    trust = np.minimum(ensemble.series["trust_ngo_ombud"], ensemble.series["trust_ombud_ngo"])
    gain = trust[:, -1].astype(float) - _TRUST_AT_START
    alive = ensemble.series["partnered_ngo_ombud"][:, -1] == 1
    return [
        judge("P14", "trust (lower direction) gained from season 1 to 4", mean(gain), least=0.15, worlds=len(gain)),
        at_least("P14", "partnership alive after four seasons", alive, 0.85),
    ]


def _p15(worlds: Worlds) -> list[Check]:
    budget = _shelter_case(worlds).outcomes["budget_2016"].to_numpy()
    middle = resampled(len(budget), lambda rows: float(np.median(budget[rows])))
    inside = (budget >= 25_000) & (budget <= 100_000)
    words = "median budget of 2016 (EUR; observed 50,000)"
    return [
        at_least("P15", "budget of 2016 between 25,000 and 100,000 EUR", inside, 0.80),
        judge("P15", words, middle, least=30_000, most=70_000, worlds=len(budget)),
    ]


def _p16(worlds: Worlds) -> list[Check]:
    budget = _shelter_case(worlds).outcomes[[f"budget_{year}" for year in _SEASONS]].to_numpy()
    rises = np.asarray((np.diff(budget, axis=1) > 0).all(axis=1))
    case = scenario(_CASE)
    silent = case.replace(plan=[row for row in case.document()["plan"] if row["verb"] != "launch_campaign"])
    without = worlds.play(silent).outcomes["budget_2016"].to_numpy()
    middle = resampled(len(without), lambda rows: float(np.median(without[rows])))
    found = worlds.play(_without_first_grant()).outcomes
    won = found["budget_2014"].to_numpy() > 0.0
    later = found["budget_2015"].to_numpy() + found["budget_2016"].to_numpy()
    winners, losers = (later * (won == kind) for kind in (True, False))
    more = over(lambda a, m, b, k: (a / m) / (b / k), winners, won, losers, ~won)
    n = worlds.replicates
    return [
        at_least("P16", "the budget rises every year", rises, 0.70),
        judge("P16", "without campaigns: median budget of 2016 (EUR)", middle, most=7_500, worlds=n),
        judge("P16", "later funding of those awarded in the first round over those refused", more, least=1.5, worlds=n),
    ]


def _p17(worlds: Worlds) -> list[Check]:
    small, large = (
        sigma(approval_logit(external, ask, 1.0, 0.0, worlds.p)) for external, ask in ((1.0, 0.1), (0.0, 0.8))
    )
    words = "approval: small ask with outside money over large ask with own money"
    return [formula("P17", words, small / large, least=1.5, use="CAL")]


def _without_first_grant() -> Scenario:
    """Return the case in which the first year's money is not given but has to be found."""
    rows = [{**row, "grant": 0.0} for row in scenario(_CASE).document()["partnership"]]
    return scenario(_CASE).replace(partnership=rows)


def _p18(worlds: Worlds) -> list[Check]:
    case = with_organisations(_without_first_grant(), ngo={"eligible": False})
    grants = float(worlds.play(case).outcomes["grants"].abs().max())
    words = "without an eligible applicant: money from outside (EUR)"
    return [formula("P18", words, grants, least=0.0, most=0.0, use="VER")]


def _p20(worlds: Worlds) -> list[Check]:
    planned, left = [], []
    for champion in (1.0, 0.0):
        sides = {"champion": champion}
        case = with_organisations(_without_first_grant(), ombud={**sides, "in_plan_years": []}, ngo=sides)
        outcomes = worlds.play(case).outcomes
        planned.append((outcomes["approval_years"] == len(_SEASONS)).to_numpy(float))
        left.append((outcomes["exits"] > 0).to_numpy(float))
    n = worlds.replicates
    words = f"no champions: in plan in all four years, lost ({planned[0].mean():.2f} to {planned[1].mean():.2f})"
    more = "no champions: more worlds with an exit in four years"
    return [
        judge("P20", words, mean(planned[0] - planned[1]), least=0.20, worlds=n),
        judge("P20", more, mean(left[1] - left[0]), least=0.0, strictly=True, worlds=n),
    ]


PATTERNS = (
    Pattern("P12", _CASE, _p12),
    Pattern("P13", _CASE, _p13),
    Pattern("P14", _CASE, _p14),
    Pattern("P15", _CASE, _p15),
    Pattern("P16", _CASE, _p16),
    Pattern("P17", _CASE, _p17),
    Pattern("P18", _CASE, _p18),
    Pattern("P20", _CASE, _p20),
)
