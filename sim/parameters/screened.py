"""What a screening of all parameters found: what each moves most, and what became of those that move nothing.

Condensed from the effects that ``python -m experiments.screening`` writes and from moving each parameter alone for the
targets of ``sim validate``; docs/screening.md shows it. Effects are those of the whole range of a parameter, in units
of the smallest difference that matters, less what chance alone may do.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "screened.csv"


@dataclass(frozen=True, slots=True)
class Screened:
    """One parameter of the screening.

    Attributes
    ----------
    parameter, unit
        Its name and unit.
    value
        Its value, as text.
    effect
        Its largest effect, as text; empty: none beyond chance.
    of
        On what: a pattern, or a measure with its case.
    fate
        "kept", "merged", "constant" or "removed".
    why
        Into what it was merged, or why it was removed.
    """

    parameter: str
    value: str
    unit: str
    effect: str
    of: str
    fate: str
    why: str

    @property
    def farewell(self) -> str:
        """What to tell who still uses it."""
        if self.fate == "constant":
            return f"fixed at {self.value} ({self.unit}): {self.why or 'it moved nothing that is asked for'}"
        return f"{'merged into' if self.fate == 'merged' else 'removed:'} {self.why}"


@cache
def screened() -> dict[str, Screened]:
    """Return all parameters of the screening by name."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {row["parameter"]: Screened(**row) for row in csv.DictReader(file)}
