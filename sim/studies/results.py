"""The numbers of a study: outcomes by point, and the answers to what the study file asks."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.outcomes import matter
from sim.analysis.registered import ANALYSES
from sim.errors import InputError
from sim.statistics import NORMAL_95, compare_pairs, mean_and_error, summarise
from sim.studies.prepared import REFUSED

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from sim.analysis.asked import Answer
    from sim.analysis.design import Design
    from sim.studies.prepared import PreparedStudy
    from sim.studies.store import Status, Store


@dataclass(frozen=True, eq=False)
class Results:
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
            raise InputError(f"{self.store.location.address}: holds no finished shard yet")
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

    @property
    def measures(self) -> tuple[str, ...]:
        """Outcomes that the study asks for."""
        return self.prepared.file.outcomes

    @property
    def seed(self) -> int:
        """Seed of the worlds, and key of what analyses draw."""
        return self.prepared.file.seed

    @property
    def own_worlds(self) -> bool:
        """Whether each sample has worlds of its own."""
        return self.prepared.file.own_worlds

    def matter(self, outcome: str) -> float:
        """Return the smallest difference of an outcome that matters, in the first scenario."""
        return matter(outcome, self.prepared.bases[0])

    def asked(self, analysis: str) -> Any:
        """Return what the study file asks of an analysis."""
        return self.prepared.file.asked(analysis)

    def difference(self, a: str, b: str, outcome: str) -> NDArray[np.float64]:
        """Return plan b minus plan a in one outcome, (samples, replicates); read once for all who look at it."""
        if (a, b, outcome) not in self._differences:
            values = self.values(outcome)
            before, after = (values[:, self.plans.index(plan)] for plan in (a, b))
            self._differences[a, b, outcome] = after - before
        return self._differences[a, b, outcome]

    @cached_property
    def _differences(self) -> dict[tuple[str, str, str], NDArray[np.float64]]:
        return {}

    @property
    def hopeless(self) -> bool:
        """Whether every point failed, so that there is nothing to be found."""
        return len(self.failures) == len(self.design)

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """What the analyses found that the study asks for, by name, in the order in which they are told."""
        if self.hopeless:
            return {}
        found = ((analysis.name, analysis.answer(self)) for analysis in ANALYSES)
        return {name: answer for name, answer in found if answer is not None}

    def pair(self, outcome: str, a: int, b: int) -> Any:
        """Compare two points in the same worlds (`sim.statistics.Paired`)."""
        if self.prepared.file.own_worlds:
            raise InputError('worlds: found "own", expected "common" to compare two points world by world')
        values = self.values(outcome).reshape(len(self.design), -1)
        return compare_pairs((values[b : b + 1] - values[a : a + 1]).T, [self.matter(outcome)])[0]
