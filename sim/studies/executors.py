"""Who runs the shards: threads of this machine, or the workers of a Dask cluster.

Never more shards are under way than keep every worker busy, so that memory does not grow with the study.
"""

from __future__ import annotations

import logging
import os
import signal
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any, Protocol

from sim.errors import InputError
from sim.studies.location import open_location
from sim.studies.shard import ShardResult, run_shard

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

    from sim.studies.shard import ShardWork

#: Address that stands for a cluster of processes on this machine.
LOCAL = "local"
#: Shards under way for each worker: one in work, one waiting.
_AHEAD = 2
#: Seconds in which a scheduler has to answer.
_ANSWERS_IN = 10
#: Seconds in which the first worker has to come, and finished shards after which workers are counted again.
_FIRST_WORKER_IN = 120
_COUNT_AGAIN = 16
#: Times that Dask gives a shard to another worker if its worker dies.
_ALLOWED_DEATHS = 3


class Executor(Protocol):
    """Runs shards in any order."""

    workers: int

    def run(self, works: Iterable[ShardWork], address: str | None = None) -> Generator[ShardResult, None, None]:
        """Run shards; with an address the workers write to it themselves."""


class Threads:
    """Threads of this machine; compiled rules run beside each other."""

    def __init__(self, workers: int | None = None) -> None:
        self.workers = workers or os.cpu_count() or 1

    def run(self, works: Iterable[ShardWork], address: str | None = None) -> Generator[ShardResult, None, None]:
        """Run shards; this process writes."""
        pool = ThreadPoolExecutor(self.workers)
        waiting: set[Future[ShardResult]] = set()
        try:
            for work in works:
                waiting.add(pool.submit(run_shard, work))
                if len(waiting) >= self.workers * _AHEAD:
                    finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in finished)
            while waiting:
                finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in finished)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


class Cluster:
    """Workers of a Dask cluster [1]_: an existing scheduler by its address, or processes of this machine.

    References
    ----------
    .. [1] Rocklin (2015). Dask: Parallel computation with blocked algorithms and task scheduling. Proceedings of the
       14th Python in Science Conference, 126-132.
    """

    def __init__(self, client: Any) -> None:
        self._client = client
        self._submitted = count()
        self.workers = self._count()

    def _count(self) -> int:
        threads: int = sum(self._client.nthreads().values())
        return max(1, threads)

    def run(self, works: Iterable[ShardWork], address: str | None = None) -> Generator[ShardResult, None, None]:
        """Run shards; a shard whose worker dies is given to another one."""
        from distributed import as_completed

        source = iter(works)
        points: dict[str, ShardWork] = {}
        queue = as_completed()

        def submit() -> bool:
            work = next(source, None)
            if work is not None:
                # A scheduler takes an equal key for equal work, also that of another user who keeps it elsewhere.
                key = f"shard-{work.name}-{self._client.id}-{next(self._submitted)}"
                points[key] = work
                queue.add(self._client.submit(run_and_write, work, address, key=key, pure=False))
            return work is not None

        def fill() -> None:
            while len(points) < self.workers * _AHEAD and submit():
                pass

        fill()
        for finished, future in enumerate(queue, start=1):
            work = points.pop(future.key)
            result = self._result(future, work)
            future.release()
            yield result
            if finished % _COUNT_AGAIN == 0:  # workers come and go
                self.workers = self._count()
            fill()

    def _result(self, future: Any, work: ShardWork) -> ShardResult:
        try:
            found: ShardResult = future.result()
        except InputError:
            raise
        except Exception as error:
            if future.status in ("lost", "cancelled"):
                raise InputError(
                    "--cluster: the scheduler is gone; finished shards are kept, run the same command with --resume"
                ) from None
            # The cluster gave this shard up, for example because every worker that had it died.
            text = f"{type(error).__name__}: {' '.join(str(error).split())}"
            return ShardResult(work.number, {}, {case.point: text for case in work.cases})
        return found


def run_and_write(work: ShardWork, address: str | None) -> ShardResult:
    """Run a shard and, if all of it went well, write it to a remote location, so that it need not travel twice."""
    result = run_shard(work)
    if address is None or result.failures:
        return result
    location = open_location(address, to_read=True)
    for table, content in result.tables.items():
        location.write(f"{table}/{work.name}.parquet", content)
    return replace(result, tables={}, written=result.size)


def _leave_interrupts() -> None:
    """Leave Ctrl-C, which a terminal sends to all processes, to the one that was started there."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def open_executor(workers: int | None = None, cluster: str | None = None) -> Iterator[Executor]:
    """Open threads, or a Dask cluster by its address ("local": processes of this machine).

    Raises
    ------
    InputError
        Dask is not installed, or nobody answers at the address.
    """
    if cluster is None:
        yield Threads(workers)
        return
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError:
        raise InputError(
            "--cluster: needs Dask, which is not installed: pip install 'partnership-dynamics[cluster]'"
        ) from None
    for name in ("distributed", "distributed.client"):  # Dask gives the second a level of its own
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with dask.config.set({"distributed.scheduler.allowed-failures": _ALLOWED_DEATHS}):
        if cluster == LOCAL:
            number = workers or os.cpu_count() or 1
            with (
                LocalCluster(
                    n_workers=number, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
                ) as local,
                Client(local) as client,
            ):
                client.run(_leave_interrupts)
                yield Cluster(client)
            return
        try:
            client = Client(cluster, timeout=_ANSWERS_IN)
        except (OSError, ValueError, TypeError) as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            raise InputError(
                f"--cluster: found {cluster!r}, where no scheduler answers ({reason}), expected an address such as "
                'tcp://host:8786, or "local"'
            ) from None
        with client:
            try:
                client.wait_for_workers(1, timeout=_FIRST_WORKER_IN)
            except TimeoutError:
                raise InputError(
                    f"--cluster: the scheduler at {cluster} has no workers after {_FIRST_WORKER_IN} s, expected one "
                    "at least"
                ) from None
            yield Cluster(client)
