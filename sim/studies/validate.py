"""Holding the model against the patterns of its sources: each pattern a number, an interval and a threshold.

A pattern that fails is shown like one that passes. Patterns marked CAL set parameters; VER verify the code.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.ensemble import Ensemble, simulate
from sim.environment.calendar import reach_multiplier
from sim.environment.campaign import exposure_sources, survey_gain
from sim.errors import InputError
from sim.exchange.funding import approval_logit
from sim.initialisation import prepare
from sim.parameters import parameter_record
from sim.partnership.formation import sigma, willingness_terms
from sim.partnership.trust import breach
from sim.scenarios import scenario
from sim.studies.durations import kaplan_meier
from sim.world import CAMPAIGN, CAUSES, DYAD, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

    from sim.scenarios import Scenario

__all__ = ["CASES", "PATTERNS", "Check", "validate"]

LAUNCH = 23  # week of the campaign in the federation's case
CONFIDENCE = 0.90
CASES = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Check:
    """One line of the validation table.

    Attributes
    ----------
    id, check
        Pattern and what it asks, in words.
    value, low, high
        Point estimate and 90 % interval.
    threshold
        What passes, in words.
    passed
        The estimate meets the threshold and the interval does not lie wholly outside it.
    use
        "CAL" may set parameters, "VER" verifies the code.
    worlds
        Replicates behind the number (0: exact).
    """

    id: str
    check: str
    value: float
    low: float
    high: float
    threshold: str
    passed: bool
    use: Literal["CAL", "VER"]
    worlds: int


@dataclass(frozen=True)
class _Pattern:
    id: str
    case: str
    measure: Callable[[_Worlds], list[Check]]


class _Worlds:
    """Ensembles of the cases, run once and shared by the patterns."""

    def __init__(self, replicates: int, seed: int, parameters: Mapping[str, float] | None, beyond_range: bool) -> None:
        self.replicates = replicates
        self.seed = seed
        self.parameters = dict(parameters or {})
        self.beyond_range = beyond_range
        self._known: dict[str, Ensemble] = {}

    def of(self, name: str, series: tuple[str, ...]) -> Ensemble:
        if name not in self._known:
            path = CASES / f"{name}.toml"
            self._known[name] = simulate(
                scenario(path if path.exists() else name),
                self.replicates,
                self.seed,
                parameters=self.parameters,
                series=series,
                beyond_range=self.beyond_range,
            )
        return self._known[name]

    @property
    def p(self) -> Any:
        return parameter_record(self.parameters, beyond_range=self.beyond_range)[0]


# --- shares and their intervals -----------------------------------------------------------------------------------


def _share(hits: NDArray[Any]) -> tuple[float, float, float]:
    """Share of true values with its Wilson interval."""
    from scipy import stats

    n = len(hits)
    if n == 0:
        return float("nan"), float("nan"), float("nan")
    interval = stats.binomtest(int(np.sum(hits)), n).proportion_ci(CONFIDENCE, method="wilson")
    return float(np.mean(hits)), float(interval.low), float(interval.high)


def _at_least(
    identifier: str, words: str, hits: NDArray[Any], least: float, use: Literal["CAL", "VER"] = "CAL"
) -> Check:
    value, low, high = _share(hits)
    return Check(identifier, words, value, low, high, f">= {least:g}", value >= least <= high, use, len(hits))


def _at_most(identifier: str, words: str, hits: NDArray[Any], most: float, use: Literal["CAL", "VER"] = "CAL") -> Check:
    value, low, high = _share(hits)
    return Check(identifier, words, value, low, high, f"<= {most:g}", value <= most >= low, use, len(hits))


def _exact(identifier: str, words: str, value: float, low: float, high: float, threshold: str) -> Check:
    return Check(identifier, words, value, value, value, threshold, low <= value <= high, "VER", 0)


def _ratio(upper: NDArray[Any], lower: NDArray[Any]) -> tuple[float, float, float]:
    """Ratio of two paired shares with the interval of a keyed bootstrap over worlds."""
    from sim.randomness import entity_key, resample

    means = [np.empty(1000), np.empty(1000)]
    for values, out in zip((upper, lower), means, strict=True):
        resample(np.ascontiguousarray(values, float), 0, entity_key("ratio"), out)  # one key: the pairs stay together
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = means[0] / means[1]
        value = float(np.mean(upper) / np.mean(lower))
    low, high = np.nanquantile(ratios, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return value, float(low), float(high)


# --- the federation's case ------------------------------------------------------------------------------------------

_B_SERIES = (
    "state_ombud_federation",
    "coverage",
    "heat_federation",
    "trust_ombud_federation",
    "trust_federation_ombud",
)


@dataclass(frozen=True)
class _Departures:
    """Exits of the federation after the campaign, and what came of them (week numbers, -1: never)."""

    base: NDArray[np.bool_]  # active in the week before the launch
    peak: NDArray[np.int64]
    exit: NDArray[np.int64]  # first exit in the window
    back: NDArray[np.int64]  # first return after it


def _departures(worlds: Ensemble) -> _Departures:
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
    return _Departures(active[:, LAUNCH - 1], peak, exits, back)


def _b_case(worlds: _Worlds) -> Ensemble:
    return worlds.of("campaign-while-partnering", _B_SERIES)


def _p01(worlds: _Worlds) -> list[Check]:
    state = _b_case(worlds).series["state_ombud_federation"][:, :17]
    words = "federation accepts a positive, narrow approach within 16 weeks"
    return [_at_least("P01", words, (state == State.INFORMAL).any(axis=1), 0.70)]


def _exit_share(ensemble: Ensemble) -> NDArray[np.bool_]:
    found = _departures(ensemble)
    return (found.exit >= 0)[found.base]


def _p02(worlds: _Worlds) -> list[Check]:
    words = "federation leaves within 8 weeks of the coverage peak of a critical campaign"
    return [_at_least("P02", words, _exit_share(_b_case(worlds)), 0.70)]


def _p03(worlds: _Worlds) -> list[Check]:
    positive = worlds.of("positive-framing", _B_SERIES)
    both = _departures(_b_case(worlds)).base & _departures(positive).base
    upper = (_departures(positive).exit >= 0)[both]
    lower = (_departures(_b_case(worlds)).exit >= 0)[both]
    value, low, high = _ratio(upper, lower)
    words = "with a positive tone it leaves far less often (ratio of exit shares)"
    return [Check("P03", words, value, low, high, "<= 0.3", value <= 0.3 >= low, "CAL", int(both.sum()))]


def _p04(worlds: _Worlds) -> list[Check]:
    ensemble = _b_case(worlds)
    found = _departures(ensemble)
    gone = found.base & (found.exit >= 0)
    away = np.where(found.back >= 0, found.back, ensemble.scenario.weeks) - found.exit
    seen = found.back >= 0
    share = _at_least("P04", "of those that left, back within 104 weeks", (seen & (away <= 104))[gone], 0.60)
    median = kaplan_meier(away[gone], seen[gone])
    draws = np.array([kaplan_meier(away[gone][pick], seen[gone][pick]) for pick in _resamples(int(gone.sum()))])
    low, high = np.nanquantile(draws, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    passed = 52 <= median <= 104 and low <= 104 and high >= 52
    words = "median weeks away (Kaplan-Meier; observed about 85 to 98)"
    return [share, Check("P04", words, median, float(low), float(high), "52 to 104", passed, "CAL", int(gone.sum()))]


def _resamples(size: int, times: int = 100) -> list[NDArray[np.int64]]:
    from sim.randomness import Decision, entity_key, uniform

    key = entity_key("median weeks away")
    return [
        np.array([int(size * uniform(b, 0, int(Decision.BOOTSTRAP), key, k)) for k in range(size)], np.int64)
        for b in range(times)
    ]


def _p05(worlds: _Worlds) -> list[Check]:
    ensemble = _b_case(worlds)
    found = _departures(ensemble)
    returned = found.base & (found.back >= 0)
    heat = ensemble.series["heat_federation"]
    at_return = heat[np.arange(len(heat)), found.back]
    calm = at_return <= 0.1 * heat.max(axis=1)
    early = found.back - found.exit < 13
    return [
        _at_least("P05", "at the return heat is at most a tenth of its peak", calm[returned], 0.95),
        _at_most("P05", "returns before the 13th week (set by the cooling weeks)", early[returned], 0.0, "VER"),
    ]


def _p06(worlds: _Worlds) -> list[Check]:
    found = _departures(_b_case(worlds))
    weeks = _b_case(worlds).scenario.weeks
    gone = found.base & (found.exit >= 0) & (found.exit + 156 < weeks)
    never = ~((found.back >= 0) & (found.back - found.exit <= 156))
    return [_at_most("P06", '"they will never come back": not back within 156 weeks', never[gone], 0.25)]


def _p07(worlds: _Worlds) -> list[Check]:
    ensemble = _b_case(worlds)
    found = _departures(ensemble)
    returned = np.flatnonzero(found.base & (found.back >= 0))
    lower = np.ones(len(returned), bool)
    for name in ("trust_ombud_federation", "trust_federation_ombud"):
        trust = ensemble.series[name]
        lower &= trust[returned, found.back[returned]] < trust[returned, LAUNCH - 1]
    return [_at_least("P07", "both trusts are lower at the return than before the campaign", lower, 0.70)]


def _p32(worlds: _Worlds) -> list[Check]:
    ensemble = _b_case(worlds)
    coverage = ensemble.series["coverage"]
    peak = _departures(ensemble).peak
    rows = np.arange(len(coverage))
    excess = coverage - 4.0
    weeks = np.arange(coverage.shape[1])
    faded = (excess < 0.1 * excess[rows, peak][:, None]) & (weeks >= peak[:, None])
    fade = np.where(faded.any(axis=1), faded.argmax(axis=1), 10_000) - peak
    return [
        _at_least("P32", "coverage peaks within 8 weeks of the launch", peak - LAUNCH <= 8, 0.80),
        _at_least("P32", "excess coverage falls below a tenth of its peak within 26 weeks", fade <= 26, 0.90),
    ]


# --- the case of the shelter movement --------------------------------------------------------------------------------

_A_SERIES = (
    "disagreements",
    "deferred",
    "deferred_by_ngo",
    "partnered_ngo_ombud",
    "trust_ngo_ombud",
    "trust_ombud_ngo",
)
_SEASONS = (2013, 2014, 2015, 2016)


def _a_case(worlds: _Worlds) -> Ensemble:
    return worlds.of("stop-femicides", _A_SERIES)


def _by_season(ensemble: Ensemble, name: str) -> NDArray[np.float64]:
    """Counts of each season (a calendar year), (replicates, seasons)."""
    total = ensemble.series[name].astype(float)
    ends = [int(np.flatnonzero(ensemble.dates.year == year)[-1]) for year in _SEASONS]
    return np.diff(total[:, ends], axis=1, prepend=0.0)


def _p12(worlds: _Worlds) -> list[Check]:
    seasons = _by_season(_a_case(worlds), "disagreements")
    value, low, high = _ratio(seasons[:, 3], seasons[:, 0])
    early, least, most = _ratio(seasons[:, :2].sum(axis=1), seasons.sum(axis=1))
    n = worlds.replicates
    words = "disagreements, season 4 over season 1"
    return [
        Check("P12", words, value, low, high, "<= 0.5", value <= 0.5, "CAL", n),
        Check(
            "P12", "share of all disagreements in seasons 1 and 2", early, least, most, ">= 0.6", early >= 0.6, "CAL", n
        ),
    ]


def _p13(worlds: _Worlds) -> list[Check]:
    ensemble = _a_case(worlds)
    counts, deferred = _by_season(ensemble, "disagreements"), _by_season(ensemble, "deferred")
    shares = [deferred[:, k].sum() / counts[:, k].sum() for k in (0, 3)]
    value = float(shares[1] / shares[0])
    words = f"share settled by giving way, season 4 over season 1 ({shares[0]:.2f} to {shares[1]:.2f})"
    by_ngo = _by_season(ensemble, "deferred_by_ngo")[:, 3] > 0
    return [
        Check("P13", words, value, value, value, ">= 1.4", value >= 1.4, "CAL", worlds.replicates),
        _at_least("P13", "the NGO gives way to the experts at least once in season 4", by_ngo, 0.80),
    ]


def _p14(worlds: _Worlds) -> list[Check]:
    ensemble = _a_case(worlds)
    trust = np.minimum(ensemble.series["trust_ngo_ombud"], ensemble.series["trust_ombud_ngo"])
    gain = trust[:, -1].astype(float) - 0.55
    spread = 1.645 * float(gain.std()) / len(gain) ** 0.5
    mean = float(gain.mean())
    words = "trust (lower direction) gained from season 1 to 4"
    return [
        Check("P14", words, mean, mean - spread, mean + spread, ">= 0.15", mean >= 0.15, "CAL", len(gain)),
        _at_least(
            "P14", "partnership alive after four seasons", ensemble.series["partnered_ngo_ombud"][:, -1] == 1, 0.85
        ),
    ]


def _p15(worlds: _Worlds) -> list[Check]:
    budget = _a_case(worlds).outcomes["budget_2016"].to_numpy()
    median = float(np.median(budget))
    draws = np.array([np.median(budget[pick]) for pick in _resamples(len(budget))])
    low, high = np.quantile(draws, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    passed = 30_000 <= median <= 70_000
    inside = (budget >= 25_000) & (budget <= 100_000)
    return [
        _at_least("P15", "budget of 2016 between 25,000 and 100,000 EUR", inside, 0.80),
        Check("P15", "median budget of 2016 (EUR; observed 50,000)", median, float(low), float(high),
              "30,000 to 70,000", passed, "CAL", len(budget)),
    ]  # fmt: skip


def _p16(worlds: _Worlds) -> list[Check]:
    budget = _a_case(worlds).outcomes[[f"budget_{year}" for year in _SEASONS]].to_numpy()
    rises = np.asarray((np.diff(budget, axis=1) > 0).all(axis=1))
    return [_at_least("P16", "the budget rises every year", rises, 0.70)]


def _p17(worlds: _Worlds) -> list[Check]:
    small, large = (
        sigma(approval_logit(external, ask, 1.0, 0.0, worlds.p)) for external, ask in ((1.0, 0.1), (0.0, 0.8))
    )
    words = "approval: small ask with outside money over large ask with own money"
    return [_exact("P17", words, small / large, 1.5, np.inf, ">= 1.5")]


def _variant(worlds: _Worlds, case: Scenario, series: tuple[str, ...] = ()) -> Ensemble:
    return simulate(
        case,
        worlds.replicates,
        worlds.seed,
        parameters=worlds.parameters,
        series=series,
        beyond_range=worlds.beyond_range,
    )


def _with_organisations(case: Scenario, **changes: dict[str, Any]) -> Scenario:
    rows = [{**row, **changes.get(str(row["id"]), {})} for row in case.document()["organisation"]]
    return case.replace(organisation=rows)


def _p18(worlds: _Worlds) -> list[Check]:
    document = scenario("stop-femicides").document()
    rows = [{**row, "grant": 0.0} for row in document["partnership"]]
    case = _with_organisations(scenario("stop-femicides").replace(partnership=rows), ngo={"eligible": False})
    grants = float(_variant(worlds, case).outcomes["grants"].abs().max())
    return [_exact("P18", "without an eligible applicant: money from outside (EUR)", grants, 0.0, 0.0, "0")]


def _p20(worlds: _Worlds) -> list[Check]:
    document = scenario("stop-femicides").document()
    rows = [{**row, "grant": 0.0} for row in document["partnership"]]
    plain = scenario("stop-femicides").replace(partnership=rows)
    shares, exits = [], []
    for champion in (1.0, 0.0):
        sides = {"champion": champion}
        case = _with_organisations(plain, ombud={**sides, "in_plan_years": []}, ngo=sides)
        outcomes = _variant(worlds, case).outcomes
        shares.append((outcomes["approval_years"] == len(_SEASONS)).to_numpy())
        exits.append((outcomes["exits"] > 0).to_numpy())
    lost = float(shares[0].mean() - shares[1].mean())
    spread = 1.645 * float((shares[0].astype(float) - shares[1]).std()) / worlds.replicates**0.5
    more = float(exits[1].mean() - exits[0].mean())
    wide = 1.645 * float((exits[1].astype(float) - exits[0]).std()) / worlds.replicates**0.5
    n = worlds.replicates
    words = f"no champions: in plan in all four years, lost ({shares[0].mean():.2f} to {shares[1].mean():.2f})"
    return [
        Check("P20", words, lost, lost - spread, lost + spread, ">= 0.20", lost >= 0.20, "CAL", n),
        Check(
            "P20",
            "no champions: more worlds with an exit in four years",
            more,
            more - wide,
            more + wide,
            "> 0",
            more > 0,
            "CAL",
            n,
        ),
    ]


# --- the flagship's case ----------------------------------------------------------------------------------------------

_C_SERIES = ("decision_flagship", "state_ombud_flagship")
_PUBLIC, _ALONE, _QUIET, _NOTHING = 2, 4, 5, 6


def _first_choice(ensemble: Ensemble) -> NDArray[np.int64]:
    """Code of the flagship's first decision in every world in which the meeting took place (0: none yet)."""
    code = ensemble.series["decision_flagship"].astype(int)
    met = (ensemble.series["state_ombud_flagship"] >= State.CONTACT).any(axis=1)
    decided = code >= _PUBLIC
    first = np.where(decided.any(axis=1), code[np.arange(len(code)), decided.argmax(axis=1)], 0)
    return first[met]


def _p21(worlds: _Worlds) -> list[Check]:
    choice = _first_choice(worlds.of("ideas-given-early", _C_SERIES))
    uncredited = (choice == _ALONE) | (choice == _QUIET)
    value, low, high = _share(uncredited)
    words = "full list before commitment: used without credit"
    inside = 0.40 <= value <= 0.85 and high >= 0.40 and low <= 0.85
    return [
        Check("P21", words, value, low, high, "0.40 to 0.85", inside, "CAL", len(choice)),
        _at_most("P21", "full list before commitment: public partnership", choice == _PUBLIC, 0.35),
        _at_least("P21", "full list before commitment: any use", (choice >= _PUBLIC) & (choice < _NOTHING), 0.80),
    ]


def _p22(worlds: _Worlds) -> list[Check]:
    early = _first_choice(worlds.of("ideas-given-early", _C_SERIES))
    late = _first_choice(worlds.of("ideas-after-commitment", _C_SERIES))
    value, low, high = _ratio(late == _PUBLIC, early == _PUBLIC)
    words = "only a teaser before commitment: public partnership, ratio to the full list"
    use = [(choice >= _PUBLIC) & (choice < _NOTHING) for choice in (early, late)]
    lost = float(use[0].mean() - use[1].mean())
    spread = 1.645 * float(np.sqrt(use[0].var() / max(1, len(use[0])) + use[1].var() / max(1, len(use[1]))))
    worlds_used = min(len(early), len(late))
    return [
        Check("P22", words, value, low, high, ">= 1.5", value >= 1.5 <= high, "CAL", worlds_used),
        Check(
            "P22",
            "only a teaser: loss of total use (share)",
            lost,
            lost - spread,
            lost + spread,
            "<= 0.15",
            lost <= 0.15,
            "CAL",
            worlds_used,
        ),
    ]


def _p25(worlds: _Worlds) -> list[Check]:
    losses = []
    for expectation in (0.9, 0.3):
        dyad = np.zeros(1, DYAD).view(np.recarray)
        dyad[0].trust = dyad[0].anchor = 0.5
        dyad[0].expectation = expectation
        breach(dyad[0], worlds.p.severity_uncredited_use, 0.0, True, worlds.p)
        losses.append(0.5 - float(dyad[0].trust))
    words = "felt betrayal: trust lost with high over low expectation, same event"
    return [_exact("P25", words, losses[0] / losses[1], 2.0, np.inf, ">= 2")]


# --- attention and base rates -----------------------------------------------------------------------------------------


def _p31(worlds: _Worlds) -> list[Check]:
    stunt, plain = (
        reach_multiplier(1, nu, worlds.p.window_rivals, worlds.p) / reach_multiplier(0, nu, 0.0, worlds.p)
        for nu in (1.0, 0.0)
    )
    return [
        _exact("P31", "8 March: reach of a stunt over an ordinary week", stunt, 1.10, np.inf, ">= 1.10"),
        _exact("P31", "8 March: reach of a plain campaign over an ordinary week", plain, 0.0, 1.0, "<= 1.00"),
    ]


def _x1(worlds: _Worlds) -> list[Check]:
    ensemble = worlds.of("calm-pair", ("partnerships",))
    value, low, high = _share((ensemble.outcomes["exits"] == 0).to_numpy())
    passed = 0.60 <= value <= 0.72 and high >= 0.60 and low <= 0.72
    words = "calm partnerships without any exit after five years (66 of 100 observed)"
    return [Check("X1", words, value, low, high, "0.60 to 0.72", passed, "CAL", ensemble.replicates)]


# --- the funnel and the audiences -------------------------------------------------------------------------------------


def _p29(worlds: _Worlds) -> list[Check]:
    case = scenario("invitation-to-decline").replace(audit=True)
    found = simulate(case, 1, worlds.seed, parameters=worlds.parameters, series=(), beyond_range=worlds.beyond_range)
    checks = []
    for name, exact in (("reach", 877_209), ("visitors", 3_739), ("page_views", 5_761), ("minutes", 13_211)):
        value = float(found.outcomes[name][0])
        checks.append(_exact("P29", f"audit mode reproduces the funnel: {name}", value, exact, exact, f"{exact:,}"))
    return checks


def _p30(worlds: _Worlds) -> list[Check]:
    visitors = worlds.of("invitation-to-decline", ()).outcomes["visitors"].to_numpy()
    low, high = np.quantile(visitors, [0.025, 0.975])
    value, least, most = _share((visitors >= 3620) & (visitors <= 3859))
    passed = least <= 0.95 <= most
    words = "visitors between 3,620 and 3,859 in 95 of 100 worlds"
    covers = float(low <= 3739 <= high)
    return [
        Check("P30", words, value, least, most, "0.95 in the interval", passed, "VER", len(visitors)),
        _exact("P30", "the 95 % range of visitors covers 3,739", covers, 1.0, 1.0, "yes (1)"),
    ]


def _p33(worlds: _Worlds) -> list[Check]:
    campaign = np.zeros(2, CAMPAIGN).view(np.recarray)
    campaign.intensity = 1.0
    campaign[0].video = 1.0
    video, photo = (exposure_sources(row, 0.0, 30_000.0, 0.0, 0.0, worlds.p)[0] for row in campaign)
    return [_exact("P33", "organic reach of video over photo, same posts", video / photo, 1.5, 3.0, "1.5 to 3.0")]


def _p34(worlds: _Worlds) -> list[Check]:
    with_survey = _b_case(worlds)
    plan = [row for row in with_survey.scenario.document()["plan"] if row["verb"] != "publish_survey"]
    without = _variant(worlds, with_survey.scenario.replace(plan=plan), ("coverage",))
    weeks = slice(LAUNCH, LAUNCH + 8)
    means = [np.ascontiguousarray(e.series["coverage"][:, weeks].mean(axis=1)) for e in (with_survey, without)]
    value, low, high = _ratio(means[0], means[1])
    points = _survey_points(worlds)
    return [
        Check(
            "P34", "a survey raises coverage (ratio)", value, low, high, "> 1", value > 1.0, "CAL", worlds.replicates
        ),
        _exact("P34", "a survey raises a sceptic's acceptance (share)", points, 0.05, 0.20, "0.05 to 0.20"),
    ]


def _survey_points(worlds: _Worlds) -> float:
    """Acceptance of a first approach one week after a survey of 2,014, minus without; mean over champions."""
    setting = prepare(scenario("baseline"), worlds.parameters, beyond_range=worlds.beyond_range)
    i, j = setting.row("ombud"), setting.row("federation")
    world = setting.start
    request = world.request[0]
    request.ask, request.tone = 0.3, 1.0
    terms = np.zeros(CAUSES)
    chance = []
    for evidence in (survey_gain(0.0, 2014.0, 1.0, worlds.p) * worlds.p.evidence_decay, 0.0):
        world.organisation[i].evidence = evidence
        mean = 0.0
        for champion, share in ((1, 0.4), (0, 0.6)):
            world.organisation[j].champion = champion
            mean += share * sigma(willingness_terms(world, world.pair_of[i, j], i, j, request, terms))
        chance.append(mean)
    return float(chance[0] - chance[1])


def _p36(worlds: _Worlds) -> list[Check]:
    weeks = []
    for channel in ((), ("union",)):
        case = scenario("baseline").with_actions(
            [{"when": 1, "verb": "run_training", "by": "ombud", "channel": list(channel), "seats": 200}]
        )
        found = _variant(worlds, case)
        weeks.append(found.outcomes["seats_weeks"].to_numpy())
    value, low, high = _ratio(weeks[0], weeks[1])
    words = "weeks until training seats fill, without over with the union's channels"
    return [Check("P36", words, value, low, high, ">= 2", value >= 2.0 <= high, "CAL", worlds.replicates)]


# --- models of partnership and meetings -----------------------------------------------------------------------------


def _p38(worlds: _Worlds) -> list[Check]:
    found = [worlds.of(f"{model}-pair", ("partnerships",)).outcomes for model in ("integrated", "add-on")]
    result = found[0]["joint_result"] - found[1]["joint_result"]
    spread = 1.645 * float(result.std()) / max(1, len(result)) ** 0.5
    mean = float(result.mean())
    left = [(outcomes["exits"] > 0).to_numpy() for outcomes in found]
    value, low, high = _ratio(left[0], left[1])
    n = worlds.replicates
    hours = float(worlds.p.launch_hours_add_on / worlds.p.launch_hours_integrated)
    return [
        Check(
            "P38", "integrated over add-on: joint result", mean, mean - spread, mean + spread, "> 0", mean > 0, "CAL", n
        ),
        Check("P38", "integrated over add-on: share that ever left", value, low, high, "< 1", value < 1.0, "CAL", n),
        _exact("P38", "hours to launch, add-on over integrated", hours, 0.0, 0.999, "< 1"),
    ]


def _p39(worlds: _Worlds) -> list[Check]:
    found = [worlds.of(f"{name}-pair", ("partnerships",)) for name in ("busy", "meeting")]
    value = found[1].outcomes["value_partner"].to_numpy()
    start = found[1].scenario.dyad[0].value_ba or 1.0
    ratio = float(value.mean()) / start
    spread = 1.645 * float(value.std()) / len(value) ** 0.5 / start
    left = [(one.outcomes["exits"] > 0).to_numpy() for one in found]
    more, low, high = _ratio(left[1], left[0])
    n = worlds.replicates
    return [
        Check(
            "P39",
            "meetings doubled: value at the end over the start",
            ratio,
            ratio - spread,
            ratio + spread,
            "< 1",
            ratio < 1,
            "CAL",
            n,
        ),
        Check("P39", "meetings doubled: share that ever left (ratio)", more, low, high, "> 1", more > 1.0, "CAL", n),
    ]


_TABLE = (
    _Pattern("P01", "campaign-while-partnering", _p01),
    _Pattern("P02", "campaign-while-partnering", _p02),
    _Pattern("P03", "campaign-while-partnering", _p03),
    _Pattern("P04", "campaign-while-partnering", _p04),
    _Pattern("P05", "campaign-while-partnering", _p05),
    _Pattern("P06", "campaign-while-partnering", _p06),
    _Pattern("P07", "campaign-while-partnering", _p07),
    _Pattern("P12", "stop-femicides", _p12),
    _Pattern("P13", "stop-femicides", _p13),
    _Pattern("P14", "stop-femicides", _p14),
    _Pattern("P15", "stop-femicides", _p15),
    _Pattern("P16", "stop-femicides", _p16),
    _Pattern("P17", "stop-femicides", _p17),
    _Pattern("P18", "stop-femicides", _p18),
    _Pattern("P20", "stop-femicides", _p20),
    _Pattern("P21", "ideas-given-early", _p21),
    _Pattern("P22", "ideas-given-early", _p22),
    _Pattern("P25", "ideas-given-early", _p25),
    _Pattern("P29", "invitation-to-decline", _p29),
    _Pattern("P30", "invitation-to-decline", _p30),
    _Pattern("P31", "attention", _p31),
    _Pattern("P32", "campaign-while-partnering", _p32),
    _Pattern("P33", "attention", _p33),
    _Pattern("P34", "campaign-while-partnering", _p34),
    _Pattern("P36", "trainings", _p36),
    _Pattern("P38", "models", _p38),
    _Pattern("P39", "meetings", _p39),
    _Pattern("X1", "calm-pair", _x1),
)
PATTERNS: tuple[str, ...] = tuple(pattern.id for pattern in _TABLE)
"""Ids of the patterns that can be checked."""


def validate(
    replicates: int = 400,
    patterns: Iterable[str] | None = None,
    case: str | None = None,
    *,
    seed: int = 0,
    parameters: Mapping[str, float] | None = None,
    beyond_range: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> list[Check]:
    """Check patterns.

    Parameters
    ----------
    replicates
        Worlds per case.
    patterns, case
        Only these patterns, or only those of a case; None for all.
    seed
        Key of the worlds.
    parameters, beyond_range
        Parameter values to check instead of the defaults, and whether they may leave their ranges.
    progress
        Called with (patterns done, patterns in all).

    Returns
    -------
    list of Check
        In the order of the patterns; a pattern may have several lines.

    Raises
    ------
    InputError
        An unknown pattern or case.
    """
    wanted = set(PATTERNS if patterns is None else patterns)
    for name in sorted(wanted - set(PATTERNS)):
        raise InputError(f"--patterns: unknown pattern {name!r}, expected some of {', '.join(PATTERNS)}")
    cases = sorted({pattern.case for pattern in _TABLE})
    if case is not None and case not in cases:
        raise InputError(f"--case: unknown case {case!r}, expected one of {', '.join(cases)}")
    chosen = [row for row in _TABLE if row.id in wanted and case in (None, row.case)]
    worlds = _Worlds(replicates, seed, parameters, beyond_range)
    checks: list[Check] = []
    for done, pattern in enumerate(chosen):
        checks.extend(pattern.measure(worlds))
        if progress is not None:
            progress(done + 1, len(chosen))
    return checks
