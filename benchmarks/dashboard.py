"""Measure the dashboard as people meet it: `python -m benchmarks.dashboard`.

A browser for what is painted, visitors without a browser for a full room, and the memory of the serving process.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from benchmarks.rows import Row
from benchmarks.table import machine, table, write
from benchmarks.visitors import meet

if TYPE_CHECKING:
    from collections.abc import Iterator

MOVES, PLAYED = 25, 6.0
#: Seconds between moves: too short for refining to a thousand worlds, as when somebody drags.
_PAUSE = 0.3
_SETTLED = 60.0
#: Seconds after which what ended sessions left is tidied up, and how long a second room stays.
_TIDY, _AGAIN = 15.0, 20.0
_PAINTED = ".pd-chart[data-painted]"
_TOOK = "document.querySelector('.pd-chart').dataset.paintedAt - document.body.dataset.asked"
_FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]


class _Server:
    """A dashboard in a process of its own."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "sim", "dashboard", "--port", "0", "--no-browser"]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().split()[1].rstrip("/")

    def memory(self) -> float:
        """Resident memory in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return float(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024.0

    @contextmanager
    def watched(self) -> Iterator[list[float]]:
        """Note the memory five times a second."""
        seen, done = [self.memory()], threading.Event()

        def watch() -> None:
            while not done.wait(0.2):
                seen.append(self.memory())

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        try:
            yield seen
        finally:
            done.set()
            thread.join()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)


def _in_a_browser(address: str) -> tuple[float, float]:
    """Return milliseconds from a slider's move to the painted chart (median), and the player's frames a second."""
    from playwright.sync_api import sync_playwright

    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        page = browser.new_page(viewport={"width": 1600, "height": 900})
        page.goto(f"{address}/explore")
        page.wait_for_selector(_PAINTED)
        page.wait_for_selector("[data-ready]")
        slider, took = page.locator("[data-slider=campaign_tone]"), []
        for move in range(MOVES):
            before = page.get_attribute(_PAINTED, "data-painted")
            slider.fill(f"{round(0.05 + (0.618034 * move) % 0.9, 2)}")
            page.wait_for_function(
                "(n) => document.querySelector('.pd-chart').dataset.painted !== n", arg=before, timeout=20_000
            )
            took.append(page.evaluate(_TOOK))
            page.wait_for_timeout(1000 * _PAUSE)
        page.wait_for_timeout(4000)
        page.evaluate("document.activeElement.blur()")  # a slider would take the key
        page.keyboard.press("Space")
        page.wait_for_selector("[data-fps]", state="attached")
        page.wait_for_timeout(1000 * PLAYED)
        frames = float(page.get_attribute("[data-fps]", "data-fps") or 0.0)
        browser.close()
    return statistics.median(took), frames


def _room(server: _Server, visitors: int, seconds: float) -> Iterator[Row]:
    start = server.memory()
    meet(server.address, 1, 6.0)
    time.sleep(_TIDY)
    opened = server.memory()
    with server.watched() as seen:
        met = meet(server.address, visitors, seconds)
    times = sorted(1000.0 * t for one in met for t in one.times)
    errors = [text for one in met for text in one.errors]
    time.sleep(_SETTLED)
    what = f"{visitors} sessions, an action every 2 s for {seconds:.0f} s"
    yield Row(f"{what}: errors", len(errors), "", "0", None, errors[0] if errors else f"{len(times):,} actions")
    if times:
        text = "four in five move a slider to a value of their own, one in five plays another world; no painting in it"
        yield Row(f"{what}: median", statistics.median(times), "ms", "", None, text)
        yield Row(
            f"{what}: nine in ten within", times[int(0.9 * len(times))], "ms", "", None, f"slowest {times[-1]:.0f}"
        )
    yield Row("memory at the start", start, "MB", "", None, "interpreter, numba, compiled rules; no page served yet")
    yield Row("memory after the first page", opened, "MB", "", None, "what pages import; one session came and went")
    yield Row("memory at the height", max(seen), "MB", "", None, f"at most 32 ensembles, {visitors} sessions")
    text = "no session, plan or result is left: heaps with gaps, and idle threads"
    yield Row("memory 60 s after the sessions ended", server.memory(), "MB", "its start", None, text)
    meet(server.address, visitors, _AGAIN)
    time.sleep(_TIDY)
    text = "gaps are used again: nothing grows"
    yield Row(f"memory after {visitors} more sessions", server.memory(), "MB", "no growth", None, text)


def measure(visitors: int, seconds: float) -> Iterator[Row]:
    """Measure all rows, one after the other."""
    server = _Server()
    try:
        painted, frames = _in_a_browser(server.address)
        yield Row(
            "slider to painted chart, 2 x 200 worlds",
            painted,
            "ms",
            "300 ms",
            None,
            "median of 25 moves, in Debian's chromium",
        )
        yield Row("player", frames, "frames/s", "50", None, "the screen's rate; Debian's chromium without a GPU")
    finally:
        server.stop()
    server = _Server()
    try:
        time.sleep(2.0)
        yield from _room(server, visitors, seconds)
    finally:
        server.stop()


def main() -> None:
    """Measure, print the table, write JSON if asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.dashboard", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows to a file as well")
    parser.add_argument("--visitors", type=int, default=20, help="sessions at a time (default 20)")
    parser.add_argument("--seconds", type=float, default=120.0, help="how long they act (default 120)")
    options = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 170)
    load = os.getloadavg()[0]
    rows = []
    with console.status("starting") as status:
        for row in measure(options.visitors, options.seconds):
            rows.append(row)
            console.log(f"{row.job}: {row.measured:.4g} {row.unit}")
            status.update(f"measured: {row.job}")
    console.print(table(rows, peer=""))
    about = {**machine("solara", "numba", "numpy"), "load before": round(load, 2)}
    console.print(", ".join(f"{name} {found}" for name, found in about.items()))
    if options.json is not None:
        write(options.json, rows, about)


if __name__ == "__main__":
    main()
