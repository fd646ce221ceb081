"""One world at a time through the compiled rules, with parts that can be switched off to see what they cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.ensemble import REFUSAL_FIELDS, run_replicates
from sim.initialisation import begin, new_world, prepare
from sim.network import own_ties
from sim.observe.measures import default_series, outcome_ids, resolve
from sim.schedule import advance

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


@dataclass
class Bench:
    """A scenario made ready, with one world that is used again and again."""

    scenario: Scenario
    setting: Any = field(init=False)
    world: Any = field(init=False)

    def __post_init__(self) -> None:
        self.setting = prepare(self.scenario)
        self.world = new_world(self.setting)
        self.own = own_ties(self.scenario.firms.number, int(self.setting.parameters["peer_ties"]))
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
        start = self.setting.start
        weeks = self.scenario.weeks if weeks is None else weeks
        codes = self.kept if series else self.kept[:0]
        out = np.empty((replicates, len(self.outcomes)))
        run_replicates(
            self.world,
            start.state,
            seed,
            0,
            self.own if network else 0,
            weeks,
            self.outcomes,
            codes,
            out,
            np.empty((replicates, max(1, weeks), len(codes)), np.float32),
            np.full((replicates, len(start.spell), 4), -1, np.int32),
            np.zeros((replicates, len(start.action), REFUSAL_FIELDS), np.int32),
            np.zeros(replicates, np.int64),
        )
        return out

    def step_through(self, seed: int = 1) -> None:
        """Run one world by single weeks called from Python."""
        begin(self.world, self.setting.start.state, seed, 0, self.own)
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
