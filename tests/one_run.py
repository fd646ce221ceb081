"""One world run week by week, with its rows by id, and small scenarios to run."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

import sim.ensemble
from sim.parameters import parameter_record
from sim.rules.peers import own_ties
from sim.scenarios import Scenario, build
from sim.schedule import advance
from sim.start.draw import begin
from sim.start.prepared import Setting, new_world, prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from sim.engine.world import World
    from sim.vocabulary.events import EventKind

START = "2014-09-01"

simulate = partial(sim.ensemble.simulate, parameter_sets=None)
"""Many worlds at the default parameters: for what rules do, not for what is unknown."""


@dataclass
class Run:
    """A world after (or during) a run, with its rows by organisation id."""

    setting: Setting
    world: World

    def organisation(self, name: str) -> Any:
        return self.world.organisation[self.setting.row(name)]

    def relation(self, a: str, b: str) -> Any:
        """What a feels towards b."""
        return self.world.relation[self.setting.row(a) * len(self.setting.ids) + self.setting.row(b)]

    def partnership(self, a: str, b: str) -> Any:
        return self.world.partnership[self.world.partnership_of[self.setting.row(a), self.setting.row(b)]]

    def decision(self, firm: str, bundle: int = 0) -> Any:
        return self.world.decision[bundle, self.setting.row(firm)]

    def money(self, name: str) -> float:
        return float(self.world.account[self.setting.row(name)]) / 100.0

    def events(self, kind: EventKind) -> list[int]:
        """Rows of the log that hold events of a kind."""
        kept = self.world.log[: min(int(self.world.tallies[0].events), len(self.world.log) - 1)]
        return [int(row) for row in np.flatnonzero(kept.kind == int(kind))]


def start_run(
    scenario: Scenario,
    parameters: Mapping[str, float] | None = None,
    *,
    seed: int = 1,
    replicate: int = 0,
    events: int = 20_000,
    change: Callable[[Setting], None] | None = None,
) -> Run:
    """Put a world at the start of a replicate; `change` may alter the prepared start state first."""
    setting = prepare(scenario, parameters, beyond_range=True)
    if change is not None:
        change(setting)
    world = new_world(setting, events=events)
    restart(Run(setting, world), seed, replicate)
    return Run(setting, world)


def restart(run: Run, seed: int, replicate: int) -> None:
    firms = run.setting.scenario.firms
    own = own_ties(firms.number) if firms.network == "ring" else 0
    begin(run.world, run.setting.start.state, seed, replicate, own)


def play(run: Run, weeks: int | None = None, first: int = 0) -> Run:
    """Move a world through its weeks."""
    for week in range(first, run.setting.scenario.weeks if weeks is None else weeks):
        advance(run.world, week)
    return run


def small(organisations: tuple[str, ...] = ("ombud",), **keys: Any) -> Scenario:
    """Build a small scenario in an arena without awareness windows: ids are type codes unless rows are given."""
    rows = keys.pop("organisation", [{"id": name, "type": name} for name in organisations])
    found: dict[str, Any] = {"name": "small", "start": START, "weeks": 40, "topic": "none", "firms": {"number": 20}}
    return build({**found, "organisation": rows, **keys}, "small")


def write_results(scenario: Scenario, path: Path) -> None:
    """Write every outcome and series of two worlds of a scenario as bytes."""
    result = simulate(scenario, 2, seed=3, threads=1)
    path.write_bytes(result.outcomes.to_numpy().tobytes() + b"".join(s.tobytes() for s in result.series.values()))


def parameters(**values: float) -> Any:
    """Give the record that rules read, with some values changed, also beyond their plausible range."""
    return parameter_record(values, beyond_range=True)[0]
