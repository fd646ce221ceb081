"""Timing side by side: jobs take turns, so that a machine that slows down slows all of them."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["seconds", "side_by_side"]


def seconds(job: Callable[[], Any]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def side_by_side(jobs: Mapping[str, Callable[[], Any]], repeats: int = 3) -> dict[str, float]:
    """Median wall times of jobs that take turns; every job but those called `plain ...` is run once before."""
    for name, job in jobs.items():
        if not name.startswith("plain"):
            job()
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for _ in range(repeats):
        for name, job in jobs.items():
            times[name].append(seconds(job))
    return {name: statistics.median(found) for name, found in times.items()}
