"""Measure the model against a plain Mesa model of the same rules: `python -m benchmarks`."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from rich.console import Console

from benchmarks.rows import measure
from benchmarks.table import machine, table, write


def main() -> None:
    """Measure, print the table, write JSON if asked to."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows to a file as well")
    parser.add_argument("--repeats", type=int, default=3, help="repeats of every job (default 3)")
    options = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 170)
    start = time.perf_counter()
    rows = []
    with console.status("compiling, first run only") as status:
        for row in measure(max(1, options.repeats)):
            rows.append(row)
            status.update(f"measured: {row.job}")
    console.print(table(rows))
    about = {**machine("mesa", "numba", "numpy"), "seconds": round(time.perf_counter() - start, 1)}
    console.print(", ".join(f"{name} {found}" for name, found in about.items()))
    if options.json is not None:
        write(options.json, rows, about)


if __name__ == "__main__":
    main()
