"""The rows of the table: what is measured, what it should reach, and what limits it."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from mesa.batchrunner import batch_run

from benchmarks import apart
from benchmarks.peers.plain_mesa import PlainMesa
from benchmarks.timing import side_by_side
from benchmarks.worlds import Bench
from sim.analysis.comparison.answer import compare_scenarios
from sim.ensemble import simulate
from sim.parameters.sets import NONE, SHIPPED
from sim.scenarios import scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sim.scenarios import Scenario

__all__ = ["Row", "case", "measure"]

PARTNERSHIP = ("campaign-while-partnering", "positive-framing")
PLAIN_WORLDS = 9  # of each of the two scenarios: enough for a rate
STUDY_POINTS, STUDY_WORLDS = 1000, 100
CORES = min(2, os.cpu_count() or 1)


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    job: str
    measured: float
    unit: str
    target: str
    plain: float | None  # the same by the plain Mesa model, in the same unit
    limit: str

    @property
    def ratio(self) -> float | None:
        """How many times faster (or smaller) than plain Mesa."""
        return None if self.plain is None else self.plain / self.measured

    def document(self) -> dict[str, Any]:
        """Return the row for a JSON file."""
        return {**asdict(self), "ratio": self.ratio}


def case(name: str = PARTNERSHIP[0], firms: int = 200) -> Scenario:
    """A shipped scenario with a number of firms."""
    found = scenario(name)
    return found if firms == found.firms.number else found.replace(firms={"number": firms})


def run_plain(found: Scenario, seed: int = 1) -> PlainMesa:
    """One world of the plain model, from the first week to the last."""
    model = PlainMesa(found, seed=seed)
    while model.running:
        model.step()
    return model


def _plain_world(scenario: Scenario, replicate: int, rng: None = None) -> PlainMesa:
    """Make a world with seed 1; from Mesa 3.4 on, batch_run brings `rng`, or puts None in the place of a seed."""
    return PlainMesa(scenario, 1, replicate)


def _batch(cases: list[Scenario], worlds: int) -> None:
    """Mesa's own way to run many worlds: as many of each scenario, on all cores."""
    batch_run(
        _plain_world,
        {"scenario": cases, "replicate": list(range(worlds))},
        number_processes=CORES,
        display_progress=False,
    )


def _simulate(cases: list[Scenario], replicates: int, threads: int = CORES, sets: str = SHIPPED) -> None:
    for found in cases:
        simulate(found, replicates, seed=1, threads=threads, parameter_sets=sets)


def _answer(cases: list[Scenario]) -> None:
    found = compare_scenarios(cases, 1000, 1)
    found.answer()
    found.what_it_hangs_on()


def _shares(parts: dict[str, float]) -> str:
    whole = parts["all"]
    words = {"weeks": "rules of the week", "firms": "drawing firms", "network": "drawing peers", "series": "series"}
    return ", ".join(f"{word} {parts[name] / whole:.0%}" for name, word in words.items())


def _ensembles(repeats: int) -> Iterator[Row]:
    cases = [case(name) for name in PARTNERSHIP]
    times = side_by_side(
        {
            "1000": lambda: _simulate(cases, 1000),
            "answer": lambda: _answer(cases),
            "1000 at defaults": lambda: _simulate(cases, 1000, sets=NONE),
            "plain": lambda: _batch(cases, PLAIN_WORLDS),
            "plain start": lambda: _batch(cases, 1),
            "200": lambda: _simulate(cases, 200),
            "1000 on one": lambda: _simulate(cases, 1000, 1),
            "1": lambda: _simulate(cases, 1),
        },
        repeats,
    )
    # Per world, on all cores. Mesa starts fresh processes, which takes a second: that is left out.
    plain = (times["plain"] - times["plain start"]) / (2 * (PLAIN_WORLDS - 1))
    whole, peak, size = apart.study_of(STUDY_POINTS, STUDY_WORLDS, CORES)
    bench, few, none = Bench(cases[0]), Bench(case(firms=20)), Bench(case("baseline"))
    parts = bench.parts(200, repeats)
    other = side_by_side({"few": lambda: few.run(200), "none": lambda: none.run(200)}, repeats)
    around = times["1"] - 2 * parts["all"] / 200
    scan = (parts["all"] - other["few"]) / parts["all"]
    yield Row(
        f"compare 2 scenarios x 1,000 worlds x 260 weeks x 200 firms, {CORES} threads",
        times["1000"],
        "s",
        "1.0, then 0.5",
        plain * 2000,
        f"{_shares(parts)}; firms in all {scan:.0%}, the rest is organisations; "
        f"threads gain x{times['1000 on one'] / times['1000']:.2f}",
    )
    yield Row(
        "the same with its answer: verdicts, what it hangs on, what is worth finding out, in sentences",
        times["answer"],
        "s",
        "1.5",
        plain * 2000,
        f"worlds {times['1000'] / times['answer']:.0%}; the rest is curves over 146 parameters and what chance reaches",
    )
    yield Row(
        "the same over that with the default parameters in all worlds",
        times["1000"] / times["1000 at defaults"],
        "x",
        "1.1",
        None,
        "each world has a parameter set of its own: the table is made once a run, a world copies its row; with other "
        "parameters a world is busier or calmer",
    )
    yield Row(
        f"first 200 worlds of both, {CORES} threads",
        times["200"],
        "s",
        "0.15",
        plain * 400,
        f"{around * 1e3:.0f} ms of it is Python around the rules: preparing, data frames, threads",
    )

    worlds = STUDY_POINTS * STUDY_WORLDS
    yield Row(
        f"study of {STUDY_POINTS:,} parameter sets x {STUDY_WORLDS} worlds (200 firms, 260 weeks), {CORES} threads",
        whole,
        "s",
        "-",
        plain * worlds,
        f"{worlds / whole:,.0f} worlds a second; peak memory {peak / 1e6:.0f} MB (reach: under 1 GiB), "
        f"{size / worlds:.1f} bytes on disk a world; Python around the rules of each set is a quarter",
    )


def _single(
    firms: int, worlds: int, target: str, repeats: int, plain: bool
) -> tuple[Row, dict[str, float], float | None]:
    """One world after another: `worlds` in a row, so that the small one is measured warm too."""
    bench = Bench(case(firms=firms))
    jobs: dict[str, Callable[[], Any]] = {"engine": lambda: bench.run(worlds)}
    if plain:
        jobs["plain"] = lambda: run_plain(case(firms=firms))
    times = side_by_side(jobs, repeats)
    parts = bench.parts(worlds, repeats)
    row = Row(
        f"one world, {firms:,} firms, 260 weeks",
        times["engine"] / worlds * 1e3,
        "ms",
        target,
        times["plain"] * 1e3 if plain else None,
        f"{_shares(parts)}; {1e9 * parts['weeks'] / (worlds * firms * 260):.2f} ns a firm-week",
    )
    return row, parts, times.get("plain")


def _worlds(repeats: int) -> Iterator[Row]:
    small, _, _ = _single(200, 50, "plain / 100", repeats, plain=True)
    middle, _, plain = _single(20_000, 5, "20, plain / 1,000", repeats, plain=True)
    large, parts, _ = _single(1_000_000, 1, "2,000", repeats, plain=False)
    yield small
    yield middle
    # A million Mesa agents would take a quarter of an hour: the plain model's time grows with its firms.
    yield Row(large.job, large.measured, "ms", large.target, 50.0 * (plain or 0.0) * 1e3, large.limit)
    # A week reads what remains, sensitivity and visibility of every firm and writes what remains.
    flow = 32.0 * 1_000_000 * 260 / parts["weeks"] / 1e9
    yield Row("memory traffic of the weeks of 1,000,000 firms", flow, "GB/s", "-", None, "32 bytes a firm and week")
    bench = Bench(case())

    def steps() -> None:
        for replicate in range(50):
            bench.step_through(replicate)

    times = side_by_side({"whole": lambda: bench.run(50, series=False), "steps": steps}, repeats)
    call = (times["steps"] - times["whole"]) / (50 * 260)
    yield Row(
        "one world, 200 firms, 260 single steps called from Python",
        times["steps"] / 50 * 1e3,
        "ms",
        "-",
        small.plain,
        f"a call from Python costs {max(0.0, call) * 1e6:.2f} us more than one from compiled code",
    )


def _apart() -> Iterator[Row]:
    whole, load, first = apart.warm_start()
    yield Row("warm start: import and one world", whole, "s", "1.0", None, f"import {load:.2f} s, world {first:.2f} s")
    yield Row("sim --help", apart.help_time(), "s", "0.5", None, "Python itself and the command line package")
    whole, first, used = apart.cold_compilation()
    text = f"compiling {first:.1f} s of it; {used:.1f} s of processor time, on one core"
    yield Row("cold: compile all rules, one world", whole, "s", "30", None, text)
    arrays, before, after = apart.memory_of_a_million()
    text = "8 peers 52 of it (list 32, own ties 16, start 4), lineage 28 (4 a source), record 24, three numbers 24"
    yield Row("firm arrays at 1,000,000 firms", arrays, "B/firm", "160", None, text)
    text = f"peak of the process {after / 1e6:.0f} MB, {before / 1e6:.0f} MB without these firms"
    yield Row("growth of peak memory, 1,000,000 firms", (after - before) / 1e6, "B/firm", "160", None, text)


def measure(repeats: int = 3) -> Iterator[Row]:
    """Measure all rows, one after the other."""
    _simulate([case()], 1)  # compile first, also what the plain model calls of the draws
    run_plain(case())
    yield from _ensembles(repeats)
    yield from _worlds(repeats)
    yield from _apart()
