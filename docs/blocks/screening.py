"""What the screening of all parameters found."""

from __future__ import annotations

from collections import Counter

from docs.blocks.markdown import code, plain, table

__all__ = ["screening"]

_ORDER = ("kept", "merged", "constant", "removed")


def screening() -> str:
    """Return every parameter with its largest effect and what became of it, the strongest first."""
    from sim.parameters.screened import screened

    rows = sorted(screened().values(), key=lambda row: -float(row.effect or 0.0))
    counts = Counter(row.fate for row in rows)
    words = ", ".join(f"{counts[fate]} {fate}" for fate in _ORDER)
    found = table(
        ("parameter", "value", "largest effect", "on", "now"),
        [
            (
                code(row.parameter),
                f"{row.value} {plain(row.unit)}",
                row.effect or "below the floor",
                plain(row.of),
                f"{row.fate}{': ' if row.why else ''}{plain(row.why)}",
            )
            for row in rows
        ],
    )
    return f"{len(rows)} parameters: {words}.\n\n{found}"
