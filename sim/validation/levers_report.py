"""What every lever moves, as a table and for other programs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.files import as_json
from sim.provenance import manifest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.validation.levers import Moved


def levers_table(rows: Sequence[Moved]) -> str:
    """Return the levers as a Markdown table."""
    lines = [
        "| case | act | varied | first measure of the goal | change | moves |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        moves = "refused" if row.refused else f"{len(row.differed)} measures" if row.differed else "nothing"
        change = "" if math.isnan(row.change) else f"{row.change:+.3g}"
        lines.append(f"| {row.case} | {row.lever.verb} | {row.lever.what} | {row.goal} | {change} | {moves} |")
    return "\n".join(lines) + "\n"


def levers_json(rows: Sequence[Moved], *, seed: int, replicates: int, **more: Any) -> str:
    """Return the levers as one JSON object."""
    found = [
        {
            "case": row.case,
            "verb": row.lever.verb,
            "varied": row.lever.what,
            "goal": row.goal,
            "change": None if math.isnan(row.change) else row.change,
            "differed": list(row.differed),
            "refused": row.refused,
            "passed": row.passes,
        }
        for row in rows
    ]
    return as_json(
        {"levers": found, "made_by": manifest([], seed=seed, replicates=replicates, parameters={}, **more)}
    ).decode()
