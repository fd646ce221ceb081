"""What came of a study: outcomes by point, and the answers to what the study file asks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.studies.exploration.differences import plan_difference
from sim.studies.exploration.outcomes import describe
from sim.studies.exploration.prepared import REFUSED
from sim.studies.statistics import NORMAL_95, compare_pairs, mean_and_error, summarise

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from sim.studies.exploration.design import Design
    from sim.studies.exploration.differences import PlanDifference
    from sim.studies.exploration.discovery import Discovery
    from sim.studies.exploration.prepared import PreparedStudy
    from sim.studies.exploration.robustness import Robustness
    from sim.studies.exploration.sensitivity import Sensitivity
    from sim.studies.exploration.store import Status, Store

__all__ = ["Study"]


@dataclass(frozen=True, eq=False)
class Study:
    """A study that was run, or as much of it as there is.

    Attributes
    ----------
    prepared
        The study.
    store
        Where its shards are kept.
    """

    prepared: PreparedStudy
    store: Store

    @property
    def design(self) -> Design:
        """The points."""
        return self.prepared.design

    @property
    def status(self) -> Status:
        """How far it is."""
        return self.store.status()

    @property
    def digest(self) -> str:
        """Hash of everything that its numbers depend on."""
        return str(self.store.manifest["digest"])

    @property
    def plans(self) -> tuple[str, ...]:
        """Names of the plans."""
        return tuple(self.design.plan_name(plan) for plan in range(len(self.design.plans)))

    @property
    def failures(self) -> dict[int, str]:
        """Points that raised, with their errors."""
        return dict(sorted(item for row in self.store.failures.values() for item in row.points.items()))

    def __repr__(self) -> str:
        return (
            f"<Study {self.prepared.file.name}: {len(self.design):,} points x {self.prepared.file.replicates:,} "
            f"worlds, digest {self.digest[:12]}>"
        )

    # ------------------------------------------------------------------ numbers

    def outcomes(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return one row a world: point, replicate, factors, outcomes.

        Parameters
        ----------
        columns
            Some of the columns, all by default. A large study is better read in pieces: its folder ``outcomes`` is one
            dataset for pyarrow and DuckDB.
        """
        import pyarrow as pa

        tables = list(self.store.read(columns=columns))
        if not tables:
            raise InputError(f"{self.store.place.address}: holds no finished shard yet")
        found: pd.DataFrame = pa.concat_tables(tables, promote_options="permissive").to_pandas()
        return found

    def values(self, outcome: str) -> NDArray[np.float64]:
        """Return one outcome, (samples, plans, replicates); NaN where a world has none or its point failed."""
        self._known(outcome)
        replicates = self.prepared.file.replicates
        found = np.full((len(self.design), replicates), np.nan)
        for table in self.store.read(columns=["point", outcome]):
            points = table["point"].to_numpy()[::replicates]
            found[points] = table[outcome].to_numpy().reshape(-1, replicates)
        return found.reshape(len(self.design.samples), len(self.design.plans), replicates)

    def _known(self, outcome: str) -> None:
        if outcome not in self.prepared.outcomes:
            raise InputError(f"found outcome {outcome!r}, expected one of {', '.join(self.prepared.outcomes)}")

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row a point: factors, then mean, its 95 % half-width, 10, 50 and 90 % of each outcome, and missing."""
        found = self.design.table.copy()
        for name in self.prepared.file.outcomes:
            values = self.values(name).reshape(len(self.design), -1)
            rows = summarise(np.ascontiguousarray(values.T))
            found[name], error, _ = mean_and_error(values)
            found[f"{name}_half_width"] = NORMAL_95 * error
            for key in ("p10", "median", "p90", "missing"):
                found[f"{name}_{key}"] = [getattr(row, key) for row in rows]
        return found

    @cached_property
    def refused(self) -> NDArray[np.float64]:
        """Share of the worlds of each point in which some action of the plan was refused."""
        values = self.values(REFUSED).reshape(len(self.design), -1)
        there = np.isfinite(values)
        found: NDArray[np.float64] = (there & (values > 0.0)).sum(axis=1) / np.maximum(there.sum(axis=1), 1)
        return found

    # ------------------------------------------------------------------ answers

    @cached_property
    def differences(self) -> tuple[PlanDifference, ...]:
        """Paired differences of plans that the study asks for."""
        file = self.prepared.file
        return tuple(
            plan_difference(
                row.a,
                row.b,
                describe(row.outcome),
                self.values(row.outcome)[:, [self.plans.index(row.a), self.plans.index(row.b)]],
                seed=file.seed,
                own_worlds=file.own_worlds,
            )
            for row in file.difference
        )

    @cached_property
    def _responses(self) -> list[tuple[str, str, NDArray[np.float64]]]:
        """What is analysed: title, unit, and (samples, replicates); the differences or, without any, all outcomes."""
        if self.prepared.file.difference:
            return [(one.title, one.about.unit, one.values) for one in self.differences]
        found = []
        for outcome in self.prepared.file.outcomes:
            about, values = describe(outcome), self.values(outcome)
            for plan, name in enumerate(self.plans):
                title = about.label if len(self.plans) == 1 else f"{about.label}, {name}"
                found.append((title, about.unit, values[:, plan]))
        return found

    @cached_property
    def _analysed(self) -> tuple[list[Sensitivity], list[str]]:
        """Sensitivities, and a sentence for each response that cannot be analysed."""
        if self.design.kind not in ("sobol", "morris"):
            return [], []
        from sim.studies.exploration.sensitivity import sensitivity

        own, seed = self.prepared.file.own_worlds, self.prepared.file.seed
        found, left = [], []
        for title, unit, values in self._responses:
            try:
                found.append(sensitivity(self.design, values, seed=seed, name=title, unit=unit, own_worlds=own))
            except InputError as error:
                left.append(f"Not analysed: {error}.")
        return found, left

    @property
    def sensitivities(self) -> tuple[Sensitivity, ...]:
        """Which factors the differences or outcomes are most sensitive to; Sobol and Morris designs only."""
        return tuple(self._analysed[0])

    @property
    def not_analysed(self) -> tuple[str, ...]:
        """Sentences on what could not be analysed, for example because a point failed."""
        return tuple(self._analysed[1])

    @cached_property
    def discoveries(self) -> tuple[Discovery, ...]:
        """Where the things happen that the study looks for."""
        if not self.prepared.file.discovery:
            return ()
        from sim.studies.exploration.discovery import discover

        found = []
        for row in self.prepared.file.discovery:
            values = self.values(row.outcome)
            hit = np.ones(values.shape, bool)
            if row.at_least is not None:
                hit &= values >= row.at_least
            if row.at_most is not None:
                hit &= values <= row.at_most
            there = np.isfinite(values)
            count = there.sum(axis=2)
            share = np.where(count > 0, (hit & there).sum(axis=2) / np.maximum(count, 1), np.nan)
            plans = np.arange(len(self.plans)) if row.plan is None else np.array([self.plans.index(row.plan)])
            chosen = (np.arange(len(self.design)).reshape(share.shape)[:, plans]).reshape(-1)
            shares = share[:, plans].reshape(-1)
            table = self.design.table.iloc[chosen]
            factors = self.design.factors if row.plan is None else self.design.sampled
            found.append(
                discover(
                    table,
                    shares,
                    factors,
                    text=row.text,
                    share=row.share,
                    blocks=chosen // len(self.plans),  # plans under one sample belong together
                    seed=self.prepared.file.seed,
                )
            )
        return tuple(found)

    @cached_property
    def robustness(self) -> Robustness | None:
        """How the plans do over the samples, if the study asks for it."""
        asked = self.prepared.file.robustness
        if asked is None:
            return None
        from sim.studies.exploration.robustness import robustness

        names = list(dict.fromkeys([*asked.weights, *asked.satisfice]))
        about = {name: describe(name) for name in names}
        return robustness(
            self.plans,
            {name: self.values(name) for name in names},
            weights=asked.weights or None,
            directions={name: row.direction for name, row in about.items()},
            satisfice={name: (row.at_least, row.at_most) for name, row in asked.satisfice.items()},
            labels={name: row.label for name, row in about.items()},
            units={name: row.unit for name, row in about.items()},
            seed=self.prepared.file.seed,
        )

    def pair(self, outcome: str, a: int, b: int) -> Any:
        """Compare two points in the same worlds (`sim.studies.statistics.Paired`)."""
        if self.prepared.file.own_worlds:
            raise InputError('worlds: found "own", expected "common" to compare two points world by world')
        values = self.values(outcome).reshape(len(self.design), -1)
        return compare_pairs(values[a : a + 1].T, values[b : b + 1].T, [f"{outcome}|{a}|{b}"], self.prepared.file.seed)[
            0
        ]

    def sentences(self) -> list[str]:
        """Say what was found, one sentence a finding."""
        from sim.report.study import findings

        return findings(self)

    def figure(self) -> Any:
        """Draw what was found: the most telling figure (a matplotlib figure)."""
        from sim.report.study import figures

        if len(self.failures) == len(self.design):
            raise InputError(f"{self.store.place.address}: every point failed, expected results to draw")
        return next(iter(figures(self).values()))
