"""Run a study: what is missing is run, kept shard by shard, and can be stopped and resumed at any moment."""

from __future__ import annotations

import operator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from humanize import naturalsize, precisedelta

from sim.errors import InputError
from sim.studies.answer import Study
from sim.studies.executors import open_runner, threads
from sim.studies.location import open_location
from sim.studies.prepared import prepare_study, reopen
from sim.studies.shard import run_shard, work_of
from sim.studies.store import Store, manifest_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from concurrent.futures import Executor
    from pathlib import Path

    from sim.studies.executors import Runner
    from sim.studies.file import StudyFile
    from sim.studies.location import Location
    from sim.studies.prepared import PreparedStudy, ShardPlan
    from sim.studies.shard import ShardResult, ShardWork

#: So much of the free disk is left alone.
_RESERVE = 0.05


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a study takes, measured on its first shard.

    Attributes
    ----------
    points, replicates, worlds, shards
        Its size.
    workers, seconds
        Time for all shards on so many workers.
    size
        Bytes of all shards.
    rate
        Worlds a second of one worker.
    """

    points: int
    replicates: int
    worlds: int
    shards: int
    workers: int
    seconds: float
    size: int
    rate: float

    def sentence(self) -> str:
        """Say it in a line."""
        shards = "1 shard" if self.shards == 1 else f"{self.shards:,} shards"
        workers = "1 worker" if self.workers == 1 else f"{self.workers} workers"
        unit = "seconds" if self.seconds < 90.0 else "minutes"
        time = precisedelta(max(self.seconds, 1.0), minimum_unit=unit, format="%.0f")
        return (
            f"about {time} on {workers} ({self.rate:,.0f} worlds a second each), {naturalsize(self.size)} in {shards}"
        )


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a running study is: worlds done, worlds in all, points that failed, and bytes kept in this run."""

    done: int
    total: int
    failed: int
    size: int


def study(
    source: StudyFile | str | Path | Mapping[str, Any],
    out: str | Path | None = None,
    *,
    workers: int | None = None,
    cluster: str | None = None,
    executor: Executor | None = None,
    resume: bool = False,
    progress: Callable[[Progress], None] | None = None,
    **changes: Any,
) -> Study:
    """Run a study, or what is missing of it.

    Parameters
    ----------
    source
        A study file, or its keys and tables.
    out
        Folder or address (``s3://bucket/folder``) to keep it in; None keeps it in memory.
    workers
        Threads to use, default all; with ``cluster="local"`` processes. Results do not depend on it.
    cluster
        Address of a Dask scheduler, or "local".
    executor
        Who runs it instead: any executor of `concurrent.futures`, such as ``client.get_executor(pure=False)`` of Dask
        or an ``MPIPoolExecutor`` of mpi4py; ``workers`` says how many it has.
    resume
        Go on with a study that was stopped.
    progress
        Called after every shard.
    **changes
        Keys that replace those of the file, such as ``replicates=50``.

    Returns
    -------
    Study
        Results, read when they are asked for.

    Raises
    ------
    InputError
        One line that says what is wrong with the file, the location or the cluster.

    Examples
    --------
    >>> import sim
    >>> found = sim.study("experiments/when-to-campaign.toml", replicates=20)   # doctest: +SKIP
    >>> found.figure()   # doctest: +SKIP
    """
    prepared = prepare_study(source, **changes)
    location = open_location(out)
    with open_runner(workers, cluster, executor) as runner:
        return run_study(prepared, location, runner, resume=resume, progress=progress)


def estimate(prepared: PreparedStudy, workers: int, first: ShardResult | None = None) -> Estimate:
    """Estimate time and disk of a study from its first shard, which is run unless given."""
    shard = prepared.shards[0]
    if first is None:
        _load_rules(prepared)
        first = run_shard(work_of(prepared, shard))
    share = shard.points / len(prepared.design)
    worlds = shard.points * prepared.file.replicates
    return Estimate(
        points=len(prepared.design),
        replicates=prepared.file.replicates,
        worlds=prepared.worlds,
        shards=len(prepared.shards),
        workers=workers,
        seconds=first.seconds / share / min(workers, len(prepared.shards)),
        size=int(first.size / share),
        rate=worlds / max(first.seconds, 1e-9),
    )


def _load_rules(prepared: PreparedStudy) -> None:
    """Run one world, so that loading or compiling the rules does not count as the time of a shard."""
    work = work_of(prepared, prepared.shards[0])
    run_shard(replace(work, cases=work.cases[:1], replicates=1, series=(), events=0))


def check_room(prepared: PreparedStudy, location: Location, size: int) -> None:
    """Refuse a study that does not fit on the disk.

    Raises
    ------
    InputError
        It needs more than there is.
    """
    free = location.free()
    if free is not None and size > free * (1.0 - _RESERVE):
        raise InputError(
            f"{prepared.where}: design: {len(prepared.design):,} points x {prepared.file.replicates:,} worlds need "
            f"about {naturalsize(size)} in {location.address}, where {naturalsize(free)} are free: expected fewer "
            "points, worlds, outcomes or series, or another --out"
        )


def run_study(
    prepared: PreparedStudy,
    location: Location,
    runner: Runner | None = None,
    *,
    resume: bool = False,
    progress: Callable[[Progress], None] | None = None,
    told: Callable[[Estimate], None] | None = None,
    part: tuple[int, int] | None = None,
) -> Study:
    """Run the shards that are missing at a location.

    Parameters
    ----------
    prepared
        The study.
    location
        Where it is kept.
    runner
        Who runs it, default all threads.
    resume
        Go on with a study that was stopped.
    progress, told
        Called after every shard, and once with the estimate, measured on the first shard.
    part
        Run part i of n only, (i, n): every n-th shard. Parts may share a folder, or be put together by
        `sim.studies.merge`.
    """
    store = Store.begin(location, prepared)
    status = store.status()
    if not resume and part is None and not status.finished and status.worlds_done:
        raise InputError(
            f"{location.address}: holds {status.done:,} of {status.shards:,} shards of this study, expected --resume "
            "to go on with it, or another folder"
        )
    if part is None:  # else other parts may be at work
        store.tidy()
    there = store.done() | set(store.failures)
    missing = [shard for shard in prepared.shards if shard.number not in there and _is_of(shard.number, part)]
    if missing:
        _run(prepared, store, runner or threads(), missing, progress, told)
    return Study(prepared, store)


def _is_of(number: int, part: tuple[int, int] | None) -> bool:
    return part is None or number % part[1] == part[0] - 1


def _run(
    prepared: PreparedStudy,
    store: Store,
    runner: Runner,
    missing: list[ShardPlan],
    progress: Callable[[Progress], None] | None,
    told: Callable[[Estimate], None] | None,
) -> None:
    status = store.status()
    plans = {shard.number: shard for shard in missing}
    done, failed, size = status.worlds_done + status.failed_points * prepared.file.replicates, status.failed_points, 0

    def kept(result: ShardResult) -> None:
        nonlocal done, failed, size
        shard = plans[result.number]
        store.keep(prepared, shard, result)
        done += shard.points * prepared.file.replicates
        failed += len(result.failures)
        size += result.size
        if progress is not None:
            progress(Progress(done, prepared.worlds, failed, size))

    first, *rest = missing
    if first.number == 0:
        _load_rules(prepared)
    result = run_shard(work_of(prepared, first))
    expected = estimate(prepared, runner.workers, result) if first.number == 0 else None
    if expected is not None:
        check_room(prepared, store.location, expected.size)
        if told is not None:
            told(expected)
    kept(result)
    address = store.location.address if store.location.remote else None
    # Closed at once, whatever happens: shards that wait are not run for nobody.
    with closing(runner.run((work_of(prepared, shard) for shard in rest), address)) as results:
        for result in results:
            kept(result)


def retry_study(
    where: str | Path,
    runner: Runner | None = None,
    *,
    progress: Callable[[Progress], None] | None = None,
) -> Study:
    """Run the failed points of a study again, and nothing else.

    Raises
    ------
    InputError
        No study there, or no failed points in it.
    """
    found = open_study(where)
    prepared, store = found.prepared, found.store
    if prepared.digest != store.manifest["digest"]:
        raise InputError(
            f"{store.location.address}: was run with another version of the rules ({store.manifest['version']}), "
            "expected the same one: run the study again in another folder"
        )
    store.tidy()
    failures = dict(store.failures)
    if not failures:
        raise InputError(f"{store.location.address}: no point of the study failed, expected a study with failures")
    plans = {shard.number: shard for shard in prepared.shards}
    total = sum(len(row.points) for row in failures.values()) * prepared.file.replicates
    done = failed = size = 0
    with closing((runner or threads()).run(_again(prepared, plans, failures))) as results:
        for result in results:
            store.keep(prepared, plans[result.number], result)
            done += len(failures[result.number].points) * prepared.file.replicates
            failed += len(result.failures)
            size += result.size
            if progress is not None:
                progress(Progress(done, total, failed, size))
    return Study(prepared, store)


def _again(prepared: PreparedStudy, plans: Mapping[int, ShardPlan], failures: Mapping[int, Any]) -> Iterator[ShardWork]:
    for number, failure in failures.items():
        yield work_of(prepared, plans[number], frozenset(failure.points))


def open_study(where: str | Path) -> Study:
    """Open a study that was run before, finished or not.

    Raises
    ------
    InputError
        No study there, or one that this version of the package cannot read.
    """
    location = open_location(where, to_read=True)
    store = Store(location, manifest_of(location))
    points = store.points()
    prepared = reopen(store.manifest, points)
    if len(points) != len(prepared.design) or any(
        map(operator.ne, points, map(prepared.design.point, range(len(points))))
    ):
        raise InputError(
            f"{location.address}: its points cannot be made again: other versions of the package or of SALib made "
            "them, expected the same ones; its tables can be read all the same"
        )
    return Study(prepared, store)
