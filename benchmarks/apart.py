"""What has to be measured in a process of its own: starting, compiling, memory."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.timing import seconds

__all__ = ["cold_compilation", "help_time", "memory_of_a_million", "peak_memory", "study_of", "warm_start"]

ROOT = Path(__file__).parent.parent

ONE_WORLD = """
import json, time
start = time.perf_counter()
import sim.ensemble
loaded = time.perf_counter()
sim.ensemble.simulate("campaign-while-partnering", 1, seed=1, threads=1)
print(json.dumps([loaded - start, time.perf_counter() - loaded]))
"""

MILLION = """
import json
from benchmarks.apart import peak_memory
from benchmarks.worlds import Bench, bytes_per_firm
from benchmarks.rows import case
small = Bench(case(firms=200))
small.run()
before = peak_memory()
large = Bench(case(firms=1_000_000))
large.run()
after = peak_memory()
print(json.dumps([bytes_per_firm(large.world), before, after]))
"""

STUDY = """
import json, sys, tempfile, time
import sim
from benchmarks.apart import peak_memory
points, worlds, threads, cluster = (json.loads(text) for text in sys.argv[1:])
study = {
    "title": "benchmark", "scenarios": "campaign-while-partnering", "replicates": worlds,
    "outcomes": ["goal_share", "adopters", "weeks_away", "credited_impact_ombud"],
    "design": {"kind": "latin-hypercube", "samples": points}, "uncertainty": [{"group": "core"}],
}
if __name__ == "__main__":
    sim.study({**study, "design": {"kind": "latin-hypercube", "samples": 2}})  # compiled and loaded
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        found = sim.study(study, folder, workers=threads, cluster=cluster)
        seconds = time.perf_counter() - start
        assert found.status.worlds_done == points * worlds
        size = sum(len(found.store.location.read(name)) for name in found.store.files())
    print(json.dumps([seconds, peak_memory(), size]))
"""


def _python(*arguments: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def peak_memory() -> int:
    """Largest resident memory of this process so far, in bytes.

    Linux hands `ru_maxrss` on to the processes that a large one starts, so the mark of the own memory is read
    where there is one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    import resource

    factor = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * factor


def help_time(repeats: int = 5) -> float:
    """Seconds until `sim --help` has answered."""
    return statistics.median(seconds(lambda: _python("-m", "sim", "--help")) for _ in range(repeats))


def warm_start(repeats: int = 3) -> tuple[float, float, float]:
    """Seconds in all, of the import and of a first world, with the compiled rules on disk."""
    found = []
    for _ in range(repeats):
        parts: list[Any] = []
        whole = seconds(lambda parts=parts: parts.extend(json.loads(_python("-c", ONE_WORLD))))
        found.append((whole, *parts))
    return sorted(found)[len(found) // 2]


def cold_compilation() -> tuple[float, float, float]:
    """Seconds of the first world with nothing compiled: in all, of the world, and of processor time in all."""
    with tempfile.TemporaryDirectory() as folder:
        parts: list[float] = []
        before = os.times()
        whole = seconds(lambda: parts.extend(json.loads(_python("-c", ONE_WORLD, PARTNERSHIP_DYNAMICS_CACHE=folder))))
        after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return whole, parts[1], used


def memory_of_a_million() -> tuple[float, float, float]:
    """Bytes of the arrays by firm; peak resident memory before and after a world of 1,000,000 firms."""
    arrays, before, after = json.loads(_python("-c", MILLION))
    return arrays, before, after


def study_of(points: int, worlds: int, threads: int, cluster: str | None = None) -> tuple[float, float, float]:
    """Seconds, peak resident memory and bytes on disk of a study in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "study.py"
        script.write_text(STUDY)
        arguments = [json.dumps(value) for value in (points, worlds, threads, cluster)]
        found = json.loads(_python(str(script), *arguments, PYTHONPATH=str(ROOT)))
    return found[0], found[1], found[2]
