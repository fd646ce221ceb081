"""Measure the model against a plain Mesa model of the same rules: `python -m benchmarks`."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks.rows import Row, measure


def _number(x: float) -> str:
    return f"{x:,.0f}" if x >= 100 else f"{x:.3g}"


def _table(rows: list[Row]) -> Table:
    table = Table(title="One run, jobs side by side, medians. Ratios hold better than times.", show_lines=True)
    table.add_column("job", ratio=3)
    for name in ("measured", "reach", "plain Mesa", "ratio"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("what limits it", ratio=4)
    for row in rows:
        plain = "" if row.plain is None else f"{_number(row.plain)} {row.unit}"
        ratio = "" if row.ratio is None else f"x{row.ratio:,.0f}"
        table.add_row(row.job, f"{_number(row.measured)} {row.unit}", row.target, plain, ratio, row.limit)
    return table


def _machine() -> dict[str, Any]:
    packages = {name: version(name) for name in ("mesa", "numba", "numpy")}
    return {"python": platform.python_version(), "cores": os.cpu_count(), **packages}


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
    console.print(_table(rows))
    machine = {**_machine(), "seconds": round(time.perf_counter() - start, 1)}
    console.print(", ".join(f"{name} {found}" for name, found in machine.items()))
    if options.json is not None:
        document = {"machine": machine, "rows": [row.document() for row in rows]}
        options.json.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
