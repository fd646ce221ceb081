"""Ask the ensemble: the same simulation, statistics and comparison as everywhere else, kept while they are of use.

A slider waits for the first worlds only; a worker refines the answer when nobody moves anything, and an answer
that is no longer wanted is dropped before it starts.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.analysis.comparison.answer import Comparison, compare_ensembles
from sim.dashboard.cache import Cache
from sim.ensemble import Ensemble, simulate
from sim.observe.measures import series_ids

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.dashboard.state import Plan, View

    Job = Callable[[Callable[[], bool]], Any]
    from sim.scenarios import Scenario

FIRST_WORLDS = 200
MORE_WORLDS = 1_000
#: Ensembles kept for all sessions together; one of 1,000 worlds is a few MB.
_KEPT = 32

#: Seconds a world takes, by size of the scenario.
_rates: dict[tuple[int, int, int], float] = {}
#: When any session asked last; refining waits until nobody does, and one refines at a time, on one core.
_asked = [0.0]
_refining = threading.Lock()
_IDLE, _LONGEST_WAIT = 0.7, 15.0
_cache: Cache[Ensemble] = Cache(_KEPT)


def ensemble_of(
    scenario: Scenario,
    worlds: int,
    seed: int,
    parameters: tuple[tuple[str, float], ...] = (),
    series: tuple[str, ...] = (),
    threads: int | None = None,
) -> Ensemble:
    """Simulate a scenario, or take it from the cache: results depend on nothing but these arguments."""
    key = (scenario.digest(), scenario.name, scenario.title, worlds, seed, parameters, series)
    kept = _cache.get(key)
    if kept is not None:
        return kept
    began = time.perf_counter()
    found = simulate(scenario, worlds, seed, parameters=dict(parameters), series=series, threads=threads)
    rate = (time.perf_counter() - began) / worlds
    if threads is None:
        _rates[_size(scenario)] = min(rate, 2.0 * _rates.get(_size(scenario), rate))
    _cache.put(key, found)
    return found


def empty_cache() -> None:
    """Keep no ensemble; the next question simulates its worlds again."""
    _cache.clear()


def _size(scenario: Scenario) -> tuple[int, int, int]:
    return len(scenario.organisation), scenario.firms.number, scenario.weeks


def seconds_of(view: View, worlds: int) -> float:
    """Guess how long a change of one plan takes from how long it took before; 0 where nothing is known."""
    return worlds * max(_rates.get(_size(plan.scenario), 0.0) for plan in (view.a, view.b))


def measures_of(scenarios: tuple[Scenario, ...]) -> tuple[str, ...]:
    """Outcome measures that all scenarios have, the headline ones of reports first."""
    from sim.observe.measures import headline_ids, outcome_ids

    others = [set(outcome_ids(scenario)) for scenario in scenarios[1:]]
    shared = [name for name in outcome_ids(scenarios[0]) if all(name in known for known in others)]
    first = [name for name in headline_ids(scenarios[0]) if name in shared]
    return (*first, *(name for name in shared if name not in first))


def outcome(view: View) -> str:
    """The outcome to show: the wanted one where both plans have it, else the first headline one."""
    known = measures_of((view.a.scenario, view.b.scenario))
    return view.measure if view.measure in known else known[0]


def _one(plan: Plan, view: View, worlds: int, measure: str, threads: int | None) -> Ensemble:
    scenario = plan.scenario
    series = (measure,) if measure in series_ids(scenario) else ()
    return ensemble_of(scenario, worlds, view.seed, view.parameters, series, threads)


@dataclass(frozen=True)
class Answer:
    """A comparison of A and B in one outcome."""

    comparison: Comparison
    measure: str
    worlds: int


def compared(view: View, worlds: int = FIRST_WORLDS, threads: int | None = None) -> Answer:
    """Compare the plans of a view in one outcome."""
    if threads is None:
        _asked[0] = time.monotonic()
    measure = outcome(view)
    pair = [_one(plan, view, worlds, measure, threads) for plan in (view.a, view.b)]
    found = compare_ensembles(pair, [measure], parameters=dict(view.parameters))
    return Answer(found, measure, worlds)


def refined(view: View, wanted: Callable[[], bool] = lambda: True) -> Answer | None:
    """Compare the plans over more worlds, as soon as no session waits for an answer of its own.

    ``wanted`` says whether anybody still waits for it; None if nobody does.
    """
    began = time.monotonic()
    with _refining:
        while time.monotonic() - _asked[0] < _IDLE and time.monotonic() - began < _LONGEST_WAIT and wanted():
            threading.Event().wait(0.05)
        return compared(view, MORE_WORLDS, threads=1) if wanted() else None


def whole(view: View, worlds: int = MORE_WORLDS) -> Comparison:
    """Compare the plans of a view in every outcome, with the series that reports show."""
    from sim.observe.measures import default_series

    pair = []
    for plan in (view.a, view.b):
        series = tuple(dict.fromkeys([*default_series(plan.scenario), *_kept_series(view, plan)]))
        pair.append(ensemble_of(plan.scenario, worlds, view.seed, view.parameters, series))
    return compare_ensembles(pair, parameters=dict(view.parameters))


def _kept_series(view: View, plan: Plan) -> list[str]:
    measure = outcome(view)
    return [measure] if measure in series_ids(plan.scenario) else []


class Latest:
    """Run the newest jobs; what was overtaken is not started, or its result not handed over."""

    def __init__(self) -> None:
        self._number = 0
        self._lock = threading.Lock()

    def ask(self, jobs: Sequence[Job], done: Callable[[Any], None]) -> None:
        """Ask for jobs, one after the other.

        A job is called with a function that says whether it is still wanted. ``done`` gets the result of each, unless
        other jobs were asked for meanwhile or the result is None.
        """
        with self._lock:
            self._number += 1
            mine = self._number
        threading.Thread(target=self._run, args=(mine, jobs, done), daemon=True).start()

    def forget(self) -> None:
        """Want nothing any more."""
        with self._lock:
            self._number += 1

    def _current(self, number: int) -> bool:
        with self._lock:
            return number == self._number

    def _run(self, number: int, jobs: Sequence[Job], done: Callable[[Any], None]) -> None:
        def wanted() -> bool:
            return self._current(number)

        for job in jobs:
            found = job(wanted) if wanted() else None
            if found is not None and wanted():
                done(found)
