"""Who runs the shards: any executor of `concurrent.futures`, such as threads of this machine or a Dask cluster.

Never more shards are under way than keep every worker busy, so that memory does not grow with the study.
"""

from __future__ import annotations

import logging
import os
import signal
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace
from queue import SimpleQueue
from typing import TYPE_CHECKING

from sim.errors import InputError
from sim.studies.location import open_location
from sim.studies.shard import ShardResult, run_shard

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    from sim.studies.shard import ShardWork

#: Address that stands for a cluster of processes on this machine.
LOCAL = "local"
#: Shards under way for each worker: one in work, one waiting.
_AHEAD = 2
#: Shards handed out after which workers are counted again: those of a cluster come and go.
_COUNT_AGAIN = 16
#: Seconds in which a scheduler has to answer, and in which the first worker has to come.
_ANSWERS_IN = 10
_FIRST_WORKER_IN = 120
#: Times that Dask gives a shard to another worker if its worker dies.
_ALLOWED_DEATHS = 3


class Runner:
    """Runs shards in any order.

    Parameters
    ----------
    executor
        Who works; it is not shut down.
    count
        Says how many workers it has.
    """

    def __init__(self, executor: Executor, count: Callable[[], int]) -> None:
        self.executor = executor
        self._count = count

    @property
    def workers(self) -> int:
        """How many shards can be in work at once."""
        return max(1, self._count())

    def run(self, works: Iterable[ShardWork], address: str | None = None) -> Generator[ShardResult, None, None]:
        """Run shards; with an address the workers write to it themselves.

        Raises
        ------
        InputError
            A worker refuses the work, or all of them are gone.
        """
        finished: SimpleQueue[Future[ShardResult]] = SimpleQueue()
        under_way: dict[Future[ShardResult], ShardWork] = {}

        def next_result() -> ShardResult:
            future = finished.get()
            return _result(future, under_way.pop(future))

        try:
            for number, work in enumerate(works):
                if number % _COUNT_AGAIN == 0:
                    most = _AHEAD * self.workers
                future = self.executor.submit(run_and_write, work, address)
                under_way[future] = work
                future.add_done_callback(finished.put)
                while len(under_way) >= most:
                    yield next_result()
            while under_way:
                yield next_result()
        except (BrokenExecutor, CancelledError):
            raise InputError(
                "--cluster: the scheduler is gone, or the workers are; finished shards are kept, run the same command "
                "with --resume"
            ) from None
        finally:
            wait([future for future in under_way if not future.cancel()])


def _result(future: Future[ShardResult], work: ShardWork) -> ShardResult:
    try:
        return future.result()
    except (InputError, BrokenExecutor, CancelledError):
        raise
    except Exception as error:  # this shard was given up, for example because every worker that had it died
        text = f"{type(error).__name__}: {' '.join(str(error).split())}"
        return ShardResult(work.number, {}, {case.point: text for case in work.cases})


def threads(workers: int | None = None) -> Runner:
    """Return a runner on threads of this machine, default all: compiled rules run beside each other."""
    number = workers or os.cpu_count() or 1
    return Runner(ThreadPoolExecutor(number), lambda: number)


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
def open_runner(
    workers: int | None = None, cluster: str | None = None, executor: Executor | None = None
) -> Iterator[Runner]:
    """Open threads, a Dask cluster [1]_ by its address ("local": processes of this machine), or take an executor.

    Raises
    ------
    InputError
        Dask is not installed, or nobody answers at the address.

    References
    ----------
    .. [1] Rocklin (2015). Dask: Parallel computation with blocked algorithms and task scheduling. Proceedings of the
       14th Python in Science Conference, 126-132.
    """
    number = workers or os.cpu_count() or 1
    if executor is not None:
        if cluster is not None:
            raise InputError("cluster: found together with executor, expected one of them")
        yield Runner(executor, lambda: number)
        return
    if cluster is None:
        yield threads(workers)
        return
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError:
        raise InputError(
            "--cluster: needs Dask, which is not installed: pip install 'partnership-dynamics[cluster]'"
        ) from None

    def on(client: Client) -> Runner:
        # Not pure: a scheduler takes equal work for the same, also that of another user who keeps it elsewhere.
        return Runner(client.get_executor(pure=False), lambda: sum(client.nthreads().values()))

    for name in ("distributed", "distributed.client"):  # Dask gives the second a level of its own
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with dask.config.set({"distributed.scheduler.allowed-failures": _ALLOWED_DEATHS}):
        if cluster == LOCAL:
            with (
                LocalCluster(
                    n_workers=number, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
                ) as local,
                Client(local) as client,
            ):
                client.run(_leave_interrupts)
                yield on(client)
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
            yield on(client)
