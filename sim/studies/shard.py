"""Run the points of one shard: pure work, the same bytes on every machine.

A point that raises is told with its error; the others of its shard are not lost.
"""

from __future__ import annotations

import io
import json
import time
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.outcomes import outcome_values
from sim.engine.compiled import sources_digest
from sim.errors import InputError
from sim.provenance import package_version
from sim.scenarios import build
from sim.studies.paths import changed

if TYPE_CHECKING:
    import pyarrow as pa

    from sim.analysis.factors import Value
    from sim.ensemble import Ensemble
    from sim.parameters.sets import ParameterSets
    from sim.scenarios import Scenario
    from sim.studies.prepared import Case, PreparedStudy, ShardPlan

#: Tables that a shard may have, the one that vouches for the rest last.
TABLES = ("series", "events", "outcomes")


@dataclass(frozen=True, slots=True)
class ShardWork:
    """What a worker needs for one shard: plain data only, so that it can be sent to another machine."""

    number: int
    name: str
    scenarios: tuple[tuple[str, dict[str, Any]], ...]
    cases: tuple[Case, ...]
    factors: tuple[str, ...]
    seed: int
    replicates: int
    outcomes: tuple[str, ...]
    series: tuple[str, ...]
    events: int
    rules: str
    sets: ParameterSets | None


@dataclass(frozen=True)
class ShardResult:
    """What came of a shard: Parquet files by table, errors by point, and the seconds it took.

    ``written`` counts the bytes that the worker has put into the store itself; ``tables`` is empty then.
    """

    number: int
    tables: dict[str, bytes]
    failures: dict[int, str] = field(default_factory=dict)
    seconds: float = 0.0
    written: int = 0

    @property
    def size(self) -> int:
        """Bytes of all tables."""
        return self.written or sum(map(len, self.tables.values()))


def work_of(prepared: PreparedStudy, shard: ShardPlan, points: frozenset[int] | None = None) -> ShardWork:
    """Return the work of a shard, or of some of its points."""
    file = prepared.file
    cases = tuple(case for case in prepared.cases(shard) if points is None or case.point in points)
    return ShardWork(
        number=shard.number,
        name=shard.name,
        scenarios=tuple((base.name, base.document()) for base in prepared.bases),
        cases=cases,
        factors=prepared.factor_names,
        seed=file.seed,
        replicates=file.replicates,
        outcomes=prepared.outcomes,
        series=file.series,
        events=file.events,
        rules=prepared.rules,
        sets=prepared.sets,
    )


@cache
def _rules() -> str:
    return sources_digest(rules_only=True)


def run_shard(work: ShardWork) -> ShardResult:
    """Run every point of a shard on the calling thread."""
    started = time.perf_counter()
    if _rules() != work.rules:
        raise InputError(f"this worker has another version of the rules ({package_version()}), expected the same one")
    bases = [build(document, name) for name, document in work.scenarios]
    varied: dict[str, Scenario] = {}
    found: dict[str, list[pa.Table]] = {name: [] for name in TABLES}
    failures: dict[int, str] = {}
    for case in work.cases:
        try:
            # Levers often have few values: plans are put together once a shard.
            key = json.dumps([case.base, case.change.values, case.change.removed])
            if key not in varied:
                varied[key] = changed(bases[case.base], case.change)
            tables = _run_case(work, case, varied[key])
        except Exception as error:  # whatever is wrong with one point must not cost the others
            failures[case.point] = f"{type(error).__name__}: {' '.join(str(error).split())}"
            continue
        for name, table in tables.items():
            found[name].append(table)
    files = {name: as_parquet(join_tables(tables)) for name, tables in found.items() if tables}
    return ShardResult(work.number, files, failures, time.perf_counter() - started)


def _run_case(work: ShardWork, case: Case, scenario: Scenario) -> dict[str, pa.Table]:
    from sim.ensemble import simulate

    ensemble = simulate(
        scenario,
        work.replicates,
        work.seed,
        parameters=dict(case.parameters),
        series=work.series,
        threads=1,
        chunk=work.replicates,
        first=case.first,
        parameter_sets=work.sets,
    )
    tables = {"outcomes": _outcomes(work, case, ensemble)}
    if work.series:
        tables["series"] = _series(work, case, ensemble)
    if work.events:
        tables["events"] = _events(work, case, scenario)
    return tables


def _head(case: Case, replicates: np.ndarray[Any, Any]) -> dict[str, Any]:
    return {"point": np.full(len(replicates), case.point, "i4"), "replicate": replicates.astype("i4")}


def _outcomes(work: ShardWork, case: Case, ensemble: Ensemble) -> pa.Table:
    """One row a world: point, replicate, the factors of the point, outcomes."""
    import pyarrow as pa

    columns = _head(case, case.first + np.arange(work.replicates))
    for name, value in zip(work.factors, case.values, strict=True):
        columns[name] = pa.repeat(pa.scalar(value, _kind(value)), work.replicates)
    values = outcome_values(ensemble, work.outcomes)
    for column, name in enumerate(work.outcomes):
        columns[name] = pa.array(values[:, column], from_pandas=True)  # missing is NULL, not NaN
    return pa.table(columns)


def _kind(value: Value) -> Any:
    import pyarrow as pa

    if isinstance(value, bool):
        return pa.bool_()
    return pa.string() if isinstance(value, str) else pa.float64()


def _series(work: ShardWork, case: Case, ensemble: Ensemble) -> pa.Table:
    """One row a world and week."""
    import pyarrow as pa

    weeks = len(ensemble.dates)
    columns = _head(case, np.repeat(case.first + np.arange(work.replicates), weeks))
    columns["week"] = np.tile(np.arange(weeks, dtype="i4"), work.replicates)
    for name in work.series:
        columns[name] = np.ascontiguousarray(ensemble.series[name], "f4").reshape(-1)
    return pa.table(columns)


def _events(work: ShardWork, case: Case, scenario: Scenario) -> pa.Table:
    """One row an event of the first worlds, with its sentence's numbers and causes."""
    import pyarrow as pa

    from sim.stories import story

    # Stated rather than guessed from the rows, so that all shards agree, also where nothing happens.
    kinds = {"week": pa.int32(), "date": pa.date32(), "object": pa.int32()}
    pieces = []
    for replicate in range(case.first, case.first + work.events):
        events = story(
            scenario, work.seed, replicate, parameters=dict(case.parameters), parameter_sets=work.sets
        ).events
        columns: dict[str, Any] = _head(case, np.full(len(events), replicate))
        for name in events.columns.drop("replicate", errors="ignore"):
            found = events[name].tolist()
            if name in ("numbers", "causes"):
                found = [json.dumps(row, sort_keys=True) for row in found]
            columns[name] = pa.array(found, kinds.get(name, pa.string()))
        pieces.append(pa.table(columns))
    return pa.concat_tables(pieces)


def join_tables(tables: list[pa.Table]) -> pa.Table:
    """Put the tables of points together, point by point; within a point rows keep their order."""
    import pyarrow as pa

    joined = pa.concat_tables(tables, promote_options="permissive").combine_chunks()
    order = np.argsort(joined["point"].to_numpy(), kind="stable")
    return joined if (np.diff(order) == 1).all() else joined.take(pa.array(order)).combine_chunks()


def as_parquet(table: pa.Table) -> bytes:
    """Return a table as a Parquet file; the same table gives the same bytes."""
    from pyarrow import parquet

    stream = io.BytesIO()
    parquet.write_table(table, stream, compression="zstd")
    return stream.getvalue()
