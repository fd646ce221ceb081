"""One world at a time through the compiled rules, with parts that can be switched off to see what they cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.compiled import rule
from sim.observe.measures import default_series, outcome_ids, resolve, value
from sim.rules.peers import own_ties
from sim.schedule import advance
from sim.start.draw import begin
from sim.start.prepared import new_world, prepare

if TYPE_CHECKING:
    from sim.scenarios import Scenario

__all__ = ["FIRM_ARRAYS", "Bench", "bytes_per_firm"]

FIRM_ARRAYS = (
    "firm",
    "remaining",
    "sensitivity",
    "visibility",
    "lineage",
    "peer_start",
    "peer",
    "ring",
    "adopting",
)


@rule
def _run(w, start, seed, own, outcomes, codes, out, kept):
    """Run replicates 0, 1, ... for as many weeks as `kept` has, as the ensemble does on one of its threads."""
    for r in range(out.shape[0]):
        begin(w, start, seed, r, own)
        for week in range(kept.shape[1]):
            advance(w, week)
            for m in range(codes.shape[0]):
                kept[r, week, m] = np.float32(value(w, codes[m, 0], codes[m, 1], codes[m, 2]))
        for m in range(outcomes.shape[0]):
            out[r, m] = value(w, outcomes[m, 0], outcomes[m, 1], outcomes[m, 2])


@dataclass
class Bench:
    """A scenario made ready, with one world that is used again and again."""

    scenario: Scenario
    setting: Any = field(init=False)
    world: Any = field(init=False)

    def __post_init__(self) -> None:
        self.setting = prepare(self.scenario)
        self.world = new_world(self.setting)
        self.own = own_ties(self.scenario.firms.number)
        self.outcomes = resolve(outcome_ids(self.scenario), self.scenario, self.setting.ids)
        self.kept = resolve(default_series(self.scenario), self.scenario, self.setting.ids)

    def run(
        self,
        replicates: int = 1,
        *,
        weeks: int | None = None,
        network: bool = True,
        series: bool = True,
        seed: int = 1,
    ) -> np.ndarray[Any, Any]:
        """Run replicates on one thread, compiled from start to end, and return their outcomes."""
        weeks = self.scenario.weeks if weeks is None else weeks
        codes = self.kept if series else self.kept[:0]
        out = np.empty((replicates, len(self.outcomes)))
        kept = np.empty((replicates, weeks, len(codes)), np.float32)
        own = self.own if network else 0
        _run(self.world, self.setting.start.state, seed, own, self.outcomes, codes, out, kept)
        return out

    def step_through(self, replicate: int = 0, seed: int = 1) -> None:
        """Run one world by single weeks called from Python."""
        begin(self.world, self.setting.start.state, seed, replicate, self.own)
        for week in range(self.scenario.weeks):
            advance(self.world, week)

    def parts(self, replicates: int, repeats: int = 3) -> dict[str, float]:
        """Seconds of a run by part, found by leaving parts out: firms, network, weekly rules, series."""
        from benchmarks.timing import side_by_side

        times = side_by_side(
            {
                "firms": lambda: self.run(replicates, weeks=0, network=False, series=False),
                "drawn": lambda: self.run(replicates, weeks=0, series=False),
                "weeks": lambda: self.run(replicates, series=False),
                "all": lambda: self.run(replicates),
            },
            repeats,
        )
        return {
            "firms": times["firms"],
            "network": max(0.0, times["drawn"] - times["firms"]),
            "weeks": max(0.0, times["weeks"] - times["drawn"]),
            "series": max(0.0, times["all"] - times["weeks"]),
            "all": times["all"],
        }


def bytes_per_firm(world: Any) -> float:
    """Bytes of all arrays that grow with the firms, by firm."""
    return float(sum(getattr(world, name).nbytes for name in FIRM_ARRAYS)) / len(world.firm)
