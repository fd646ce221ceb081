"""On what an outcome hangs, in a sentence or two."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.analysis.noise import LEAST_WORLDS
from sim.analysis.sensitivity.numbers import ROUNDING
from sim.words.numbers import amount, capital, decimals, number, unit_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.analysis.sensitivity.numbers import FactorIndices, Sensitivity

#: What is worth a remark: share of noise in the variance, share of missing values.
_NOISY, _MISSING = 0.2, 0.01


def sentence(found: Sensitivity) -> str:
    """Say on what the outcome hangs, in one or two sentences."""
    subject = capital(found.label)
    if not found.varies:
        return f"{subject} does not vary: it is {amount(found.mean, found.unit)} at nearly every point."
    if math.isnan(found.floor):
        largest = [row for row in sorted(found.rows, key=lambda row: -row.main.value)[:2] if row.main.value > 0.0]
        return (
            f"{subject} moves most with {_listed(found, largest)}; with fewer than {LEAST_WORLDS} worlds a point it "
            "is not known what chance alone reaches, and nothing is ranked."
        )
    ranked, rest = found.ranked, _rest(found)
    if not ranked:
        text = f"{subject} hangs clearly on none of {len(found.rows)} {_kind(found.rows)}: {rest}."
    else:
        more = f", and clearly on {_count(len(ranked) - 3)} more" if len(ranked) > 3 else ""
        text = f"{subject} hangs most on {_listed(found, ranked[:3])}{more}{'; ' if rest else ''}{rest}."
    return text + _remark(found)


def _rest(found: Sensitivity) -> str:
    """Say why the others are not ranked."""
    within = sum(not row.main.above for row in found.rows)
    wide = len(found.rows) - within - len(found.ranked)
    parts = []
    if within:
        some = f"{within} of {len(found.rows)} {_kind(found.rows)} cannot"
        some = "none can" if within == len(found.rows) else some
        parts.append(f"{some} be told from what chance alone reaches ({_reached(found)})")
    if wide:
        parts.append(f"{wide} {'is' if wide == 1 else 'are'} above that, but not clearly")
    return ", and ".join(parts)


def _remark(found: Sensitivity) -> str:
    if found.missing >= _MISSING:
        return f" {found.missing:.0%} of the worlds have no value and do not count."
    if found.noise >= _NOISY:
        return f" Chance makes {found.noise:.0%} of what varies: more worlds a point would show more."
    return ""


def _listed(found: Sensitivity, rows: Sequence[FactorIndices]) -> str:
    parts = []
    for place, row in enumerate(rows):
        digits = 2 if found.method == "sobol" else decimals(row.main.confidence, row.main.value)
        value = f"{number(row.main.value, digits)} ± {number(row.main.confidence, digits)}"
        if found.method == "sobol":
            value = f"total index {value}" if place == 0 else value
        else:
            value += unit_text(found.unit) + (" over its range" if place == 0 else "")
        parts.append(f"{row.label} ({value})")
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def _reached(found: Sensitivity) -> str:
    if found.method == "sobol":
        return number(found.floor, 2) if found.floor >= 0.005 else "less than 0.01"
    if found.floor <= ROUNDING * found.sd:
        return "0"
    return number(found.floor, decimals(found.floor, found.floor)) + unit_text(found.unit)


def _count(number: int) -> str:
    return "one" if number == 1 else f"{number:,}"


def _kind(rows: Sequence[FactorIndices]) -> str:
    levers = sum(row.lever for row in rows)
    return "levers" if levers == len(rows) else "factors" if levers else "parameters"
