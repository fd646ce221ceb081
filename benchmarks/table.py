"""The table that benchmarks print, the machine they ran on, and their file."""

from __future__ import annotations

import json
import os
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from rich.table import Table

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.rows import Row

__all__ = ["machine", "table", "write"]


def _number(x: float) -> str:
    return f"{x:,.0f}" if x >= 100 or x == 0 else f"{x:.3g}"


def table(rows: list[Row], peer: str = "plain Mesa") -> Table:
    """Lay the rows out; without a peer there are no columns for it."""
    found = Table(title="One run, jobs side by side, medians. Ratios hold better than times.", show_lines=True)
    found.add_column("job", ratio=3)
    for name in ("measured", "reach", *((peer, "ratio") if peer else ())):
        found.add_column(name, justify="right", no_wrap=True)
    found.add_column("what limits it", ratio=4)
    for row in rows:
        plain = "" if row.plain is None else f"{_number(row.plain)} {row.unit}"
        ratio = "" if row.ratio is None else f"x{row.ratio:,.0f}"
        compared = (plain, ratio) if peer else ()
        found.add_row(row.job, f"{_number(row.measured)} {row.unit}", row.target, *compared, row.limit)
    return found


def machine(*packages: str) -> dict[str, Any]:
    """Describe where this runs."""
    found = {name: version(name) for name in packages}
    return {"python": platform.python_version(), "cores": os.cpu_count(), **found}


def write(path: Path, rows: list[Row], about: dict[str, Any]) -> None:
    """Write rows and machine to a JSON file."""
    document = {"machine": about, "rows": [row.document() for row in rows]}
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
