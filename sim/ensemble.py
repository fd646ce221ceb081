"""Many worlds at once: the same week, the same rules, replicate after replicate on all cores.

Replicates are independent and keyed, so neither threads nor chunks can change a byte of the result.
"""

from __future__ import annotations

import os
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.compiled import rule
from sim.errors import InputError
from sim.observe.measures import default_series, outcome_ids, resolve, value
from sim.parameters.sets import SHIPPED, sets_of
from sim.provenance import simulated
from sim.schedule import advance
from sim.start.draw import begin
from sim.start.prepared import Setting, new_world, prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from sim.parameters.sets import ParameterSets
    from sim.scenarios import Scenario

LARGEST_SEED = 2**32 - 1
REFUSAL_FIELDS = 3
#: Share of worlds from which on refused actions are told: a plan that is not carried out is another plan.
OFTEN_REFUSED = 0.10


@rule
def run_replicates(
    w, start, seed, first, own, weeks, outcome_codes, series_codes, out, series, spells, refusals, clips, adopters
):
    """Run replicates first, first + 1, ... and fill their rows of the results.

    `out` is (replicates, outcomes), `series` (replicates, weeks, series), `spells` (replicates, rows, 4),
    `refusals` (replicates, actions, 3): times refused, last reason, times due, `clips` (replicates,), `adopters`
    (replicates, weeks).
    """
    for r in range(out.shape[0]):
        begin(w, start, seed, first + r, own)
        for week in range(weeks):
            advance(w, week)
            adopters[r, week] = w.tallies[0].adopters
            for m in range(series_codes.shape[0]):
                series[r, week, m] = np.float32(value(w, series_codes[m, 0], series_codes[m, 1], series_codes[m, 2]))
        for m in range(outcome_codes.shape[0]):
            out[r, m] = value(w, outcome_codes[m, 0], outcome_codes[m, 1], outcome_codes[m, 2])
        for s in range(spells.shape[1]):
            if s < w.tallies[0].spells:
                spells[r, s, 0] = w.spell[s].kind
                spells[r, s, 1] = w.spell[s].partnership
                spells[r, s, 2] = w.spell[s].start
                spells[r, s, 3] = w.spell[s].end
        for k in range(refusals.shape[1]):
            refusals[r, k, 0] = w.action_state[k].refused
            refusals[r, k, 1] = w.action_state[k].reason
            refusals[r, k, 2] = w.action_state[k].fired
        clips[r] = w.tallies[0].clips


@dataclass(frozen=True)
class Ensemble:
    """Results of many worlds of one scenario.

    Attributes
    ----------
    scenario, seed, replicates
        What was run; replicate r of a seed is the same world in every scenario.
    outcomes
        One row a replicate, one column an outcome measure; missing values are NaN.
    series
        Weekly series by id, float32, (replicates, weeks).
    dates
        Monday of each week.
    parameters, overrides
        Parameter values where no set says otherwise, and those that were chosen and hold in every world.
    durations
        One row a spell: replicate, kind ("active" from formation to the first exit, "away" from exit to
        return), partner, start (week), weeks, observed (False: still going on at the horizon).
    refusals
        One row an action that was refused in some world: label, verb, reason, share of worlds, place in the plan, and
        the share of worlds in which it came due and was never carried out.
    clips
        How often a state left its range; 0 in a sound run.
    parameter_sets, set_rows
        Sets that worlds drew from, and the row that each drew, (replicates,).
    adoption_median
        Week by which half of the firms of all worlds have adopted; NaN if the horizon comes first.
    """

    scenario: Scenario
    seed: int
    replicates: int
    outcomes: pd.DataFrame
    series: dict[str, np.ndarray[Any, np.dtype[np.float32]]]
    dates: pd.DatetimeIndex
    parameters: dict[str, float]
    overrides: dict[str, float]
    durations: pd.DataFrame
    refusals: pd.DataFrame
    clips: int
    adoption_median: float
    parameter_sets: ParameterSets | None = None
    set_rows: np.ndarray[Any, np.dtype[np.int64]] | None = None

    def __repr__(self) -> str:
        return (
            f"<Ensemble of {self.scenario.name}: {self.replicates} worlds, {len(self.dates)} weeks, seed {self.seed}>"
        )

    def _repr_html_(self) -> str:
        summary = self.outcomes.quantile([0.1, 0.5, 0.9]).T
        summary.columns = ["p10", "median", "p90"]
        return f"<p>{self!r}</p>{summary.to_html(float_format='{:.3g}'.format)}"

    def plot(self, measure: str | None = None) -> Any:
        """Draw the bands of a weekly series over time (a matplotlib figure)."""
        from sim.drawing.bands import Line, bands_figure
        from sim.observe.measures import measure as describe

        name = measure or next(iter(self.series))
        about = describe(name)
        line = Line("", self.dates.to_pydatetime(), self.series[name])
        return bands_figure(
            [line], about.label, about.unit, *simulated([""], [self.scenario], self.seed, self.replicates)
        )


@dataclass
class _Job:
    """Result arrays of a run, filled chunk by chunk."""

    outcomes: np.ndarray[Any, np.dtype[np.float64]]
    series: np.ndarray[Any, np.dtype[np.float32]]
    spells: np.ndarray[Any, np.dtype[np.int32]]
    refusals: np.ndarray[Any, np.dtype[np.int32]]
    clips: np.ndarray[Any, np.dtype[np.int64]]
    adopters: np.ndarray[Any, np.dtype[np.int32]]


def _check_counts(replicates: int, seed: int, threads: int | None, chunk: int) -> None:
    for name, number, low, high in (
        ("replicates", replicates, 1, 10_000_000),
        ("seed", seed, 0, LARGEST_SEED),
        ("threads", 1 if threads is None else threads, 1, 1024),
        ("chunk", chunk, 1, 10_000_000),
    ):
        if not isinstance(number, (int, np.integer)) or isinstance(number, bool) or not low <= number <= high:
            raise InputError(f"{name}: found {number!r}, expected a whole number from {low:,} to {high:,}")


def simulate(
    scenario: Scenario | str | Path,
    replicates: int = 1000,
    seed: int = 0,
    *,
    parameters: Mapping[str, float] | None = None,
    series: Sequence[str] | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    chunk: int = 50,
    first: int = 0,
    beyond_range: bool = False,
    parameter_sets: ParameterSets | str | Path | None = SHIPPED,
) -> Ensemble:
    """Run many worlds of a scenario.

    Parameters
    ----------
    scenario
        A scenario, or the name or file of one.
    replicates, seed
        How many worlds, and the key of their chance. Replicate r is paired with replicate r of any other
        scenario run with the same seed.
    parameters
        Values that differ from the registry, by name.
    series
        Ids of the weekly series to keep; None keeps those that figures show.
    threads
        Threads to use; None uses all cores. The result does not depend on it.
    progress
        Called with (worlds done, worlds in all) from the calling thread.
    chunk
        Worlds that a thread runs at a time. The result does not depend on it.
    first
        Number of the first replicate.
    beyond_range
        Allow parameter values outside their plausible range.
    parameter_sets
        Plausible sets of which each world draws one: "shipped", a file, or "none". `parameters`, and those that the
        scenario gives, win over them.

    Raises
    ------
    InputError
        A scenario, parameter or series that cannot be used.
    """
    from sim.scenarios import Scenario as ScenarioClass
    from sim.scenarios import scenario as load

    _check_counts(replicates, seed, threads, chunk)
    case = scenario if isinstance(scenario, ScenarioClass) else load(scenario)
    setting = prepare(case, parameters, sets=sets_of(parameter_sets), beyond_range=beyond_range)
    kept = list(default_series(case) if series is None else series)
    measured = outcome_ids(case)
    outcome_codes = resolve(measured, case, setting.ids)
    series_codes = resolve(kept, case, setting.ids)
    start = setting.start
    job = _Job(
        np.empty((replicates, len(measured))),
        np.empty((replicates, case.weeks, len(kept)), np.float32),
        np.full((replicates, len(start.spell), 4), -1, np.int32),
        np.zeros((replicates, len(start.action), REFUSAL_FIELDS), np.int32),
        np.zeros(replicates, np.int64),
        np.zeros((replicates, case.weeks), np.int32),
    )
    _run_chunks(
        setting,
        job,
        seed,
        first,
        outcome_codes,
        series_codes,
        threads or os.cpu_count() or 1,
        chunk,
        progress,
    )
    return _collect(setting, job, seed, first, replicates, measured, kept)


def _run_chunks(
    setting: Setting,
    job: _Job,
    seed: int,
    first: int,
    outcome_codes: Any,
    series_codes: Any,
    threads: int,
    chunk: int,
    progress: Callable[[int, int], None] | None,
) -> None:
    """Spread the replicates over threads; every thread has a world of its own."""
    replicates = len(job.outcomes)
    own = setting.ring_ties
    idle = [new_world(setting) for _ in range(min(threads, -(-replicates // chunk)))]

    def run(low: int) -> int:
        high = min(low + chunk, replicates)
        world = idle.pop()
        try:
            run_replicates(
                world,
                setting.start.state,
                seed,
                first + low,
                own,
                setting.scenario.weeks,
                outcome_codes,
                series_codes,
                job.outcomes[low:high],
                job.series[low:high],
                job.spells[low:high],
                job.refusals[low:high],
                job.clips[low:high],
                job.adopters[low:high],
            )
        finally:
            idle.append(world)
        return high - low

    starts = list(range(0, replicates, chunk))
    done = 0
    if len(idle) == 1:
        for low in starts:
            done += run(low)
            if progress is not None:
                progress(done, replicates)
        return
    pool = ThreadPoolExecutor(len(idle))
    try:
        waiting: set[Future[int]] = {pool.submit(run, low) for low in starts}
        while waiting:
            finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            done += sum(future.result() for future in finished)
            if progress is not None:
                progress(done, replicates)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _collect(
    setting: Setting, job: _Job, seed: int, first: int, replicates: int, measured: list[str], kept: list[str]
) -> Ensemble:
    import pandas as pd

    scenario = setting.scenario
    numbers = pd.RangeIndex(replicates, name="replicate")
    dates = pd.date_range(scenario.start, periods=scenario.weeks, freq="7D", name="date")
    return Ensemble(
        scenario=scenario,
        seed=int(seed),
        replicates=int(replicates),
        outcomes=pd.DataFrame(job.outcomes, index=numbers, columns=measured),
        series={name: np.ascontiguousarray(job.series[:, :, m]) for m, name in enumerate(kept)},
        dates=dates,
        parameters=setting.parameters,
        overrides=setting.overrides,
        parameter_sets=setting.sets,
        set_rows=setting.set_rows(seed, first, replicates),
        durations=_durations(setting, job.spells),
        refusals=_refusals(scenario, job.refusals),
        clips=int(job.clips.sum()),
        adoption_median=_adoption_median(job.adopters, scenario.firms.number),
    )


def _adoption_median(adopters: Any, firms: int) -> float:
    """Kaplan-Meier median over firms and worlds: all are censored at the same horizon, so counting is enough."""
    reached = adopters.sum(axis=0) * 2 >= adopters.shape[0] * firms
    return float(reached.argmax()) if reached.any() else float("nan")


def _durations(setting: Setting, spells: Any) -> pd.DataFrame:
    import pandas as pd

    replicate, row = np.nonzero(spells[:, :, 0] >= 0)
    kind, pair, start, end = spells[replicate, row].T
    partnership = setting.start.partnership
    names = np.array([f"{setting.ids[t.a]}-{setting.ids[t.b]}" for t in partnership] or [""], object)
    observed = end >= 0
    weeks = np.where(observed, end, setting.scenario.weeks) - start
    return pd.DataFrame(
        {
            "replicate": replicate,
            "kind": np.where(kind == 0, "active", "away"),
            "partner": names[pair],
            "start": start,
            "weeks": weeks,
            "observed": observed,
        }
    )


def _refusals(scenario: Scenario, refusals: Any) -> pd.DataFrame:
    import pandas as pd

    from sim.vocabulary.events import Reason

    rows = []
    for k, action in enumerate(scenario.plan):
        refused = refusals[:, k, 0] > 0
        if refused.any():
            reasons, counts = np.unique(refusals[refused, k, 1], return_counts=True)
            reason = Reason(int(reasons[counts.argmax()])).name.lower()
            never = refused & (refusals[:, k, 0] == refusals[:, k, 2])
            label = action.label or f"action {k + 1}"
            rows.append((label, action.verb, reason, float(refused.mean()), k, float(never.mean())))
    return pd.DataFrame(rows, columns=["label", "verb", "reason", "share", "action", "never"])
