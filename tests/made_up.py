"""Ensembles with known answers: worlds that nobody simulated."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
import pandas as pd

from sim.engine.randomness import normal_quantile, uniform
from sim.ensemble import Ensemble
from sim.parameters import as_dict, parameter_record
from sim.scenarios import Scenario, scenario


def noise(size: int, name: int, seed: int = 0) -> np.ndarray:
    """Standard normal numbers, the same for a name and seed."""
    return np.array([normal_quantile(max(uniform(seed, r, 999, name, 0), 1e-12)) for r in range(size)])


def unpacked(answer: Any) -> Any:
    """Give an answer as tuples: with a NaN in it, it equals its like as a data class only before Python 3.13."""
    if isinstance(answer, dict):
        return {key: unpacked(value) for key, value in answer.items()}
    if isinstance(answer, tuple):
        return tuple(map(unpacked, answer))
    if is_dataclass(answer):
        return (type(answer), *(unpacked(getattr(answer, field.name)) for field in fields(answer) if field.compare))
    return answer


def ensemble(
    case: str | Scenario = "baseline",
    outcomes: dict[str, object] | None = None,
    *,
    replicates: int = 40,
    seed: int = 0,
    weeks: int = 30,
    durations: list[tuple] | None = None,
    refusals: list[tuple] | None = None,
    overrides: dict[str, float] | None = None,
) -> Ensemble:
    found = scenario(case) if isinstance(case, str) else case
    if outcomes is None:
        goal = 0.4 + 0.1 * noise(replicates, 1, seed)
        exits = (noise(replicates, 2, seed) > 0).astype(float)
        outcomes = {
            "goal_share": goal,
            "adopters": np.round(200 * goal),
            "credited_impact_ombud": np.round(50 * goal),
            "exits": exits,
            "weeks_away": 40 * exits,
            "peak_coverage": 30 + 5 * noise(replicates, 3, seed),
            "cost_eur": np.full(replicates, 80_000.0),
        }
    table = pd.DataFrame(
        {key: np.asarray(value, dtype=float) for key, value in outcomes.items()},
        index=pd.RangeIndex(replicates, name="replicate"),
    )
    end = table["goal_share"].to_numpy() if "goal_share" in table else np.ones(replicates)
    rise = np.linspace(0.0, 1.0, weeks)
    series = {"goal_share": np.outer(end, rise).astype("f4"), "coverage": np.outer(end, 9 * rise).astype("f4")}
    spells = durations if durations is not None else [(0, "active", "federation-ombud", 4, 20, True)]
    return Ensemble(
        scenario=found,
        seed=seed,
        replicates=replicates,
        outcomes=table,
        series=series,
        dates=pd.date_range(found.start, periods=weeks, freq="7D"),
        parameters={**as_dict(parameter_record()), **(overrides or {})},
        overrides=dict(overrides or {}),
        durations=pd.DataFrame(spells, columns=["replicate", "kind", "partner", "start", "weeks", "observed"]),
        refusals=pd.DataFrame(refusals or [], columns=["label", "verb", "reason", "share", "action", "never"]),
        clips=0,
        adoption_median=float("nan"),
    )


def shifted(by: float, case: str = "partner-in-calm-seas", **more) -> Ensemble:
    """The made-up ensemble with a goal share that is higher by a number in every world."""
    base = ensemble(**more)
    outcomes = {name: base.outcomes[name].to_numpy().copy() for name in base.outcomes}
    outcomes["goal_share"] += by
    return ensemble(case, outcomes, **more)
