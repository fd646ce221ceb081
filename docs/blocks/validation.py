"""Blocks of the validation page: what the patterns say, with 400 worlds a case and seed 0."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.studies.validation import Check

__all__ = ["BLOCKS", "ablations", "corroboration", "patterns", "precision", "trade_off"]


@cache
def _checks() -> list[Check]:
    from sim.studies.validation import validate

    return validate()


def patterns() -> str:
    """Return all patterns with their numbers, and how many pass."""
    from sim.report.validation import validation_table

    checks = _checks()
    passed = sum(check.passed for check in checks)
    failed = sorted({check.id for check in checks if not check.passed})
    words = f"{passed} of {len(checks)} checks pass" + (f"; {', '.join(failed)} fail." if failed else ".")
    return f"{words}\n\n{validation_table(checks)}"


def corroboration() -> str:
    """Return the patterns that no parameter was set with."""
    from sim.report.validation import corroboration_table

    return corroboration_table(_checks())


def ablations() -> str:
    """Return what the patterns say about the model without each mechanism, and with rival ones."""
    from sim.report.validation import ablation_findings, ablation_table
    from sim.studies.validation.ablations import ablate

    rows = ablate()
    return f"{ablation_table(rows)}\n{ablation_findings(rows)}"


def precision() -> str:
    """Return how intervals shrink with the number of worlds."""
    from sim.report.validation import precision_table
    from sim.studies.validation import analysis

    return precision_table(analysis.precision())


def trade_off() -> str:
    """Return the weeks away for two parameters that one case cannot tell apart."""
    from sim.report.validation import trade_off_table
    from sim.studies.validation import analysis

    return trade_off_table(list(analysis.TRADE_OFF), analysis.trade_off())


BLOCKS: dict[str, Callable[[], str]] = {
    "validation-ablations": ablations,
    "validation-corroboration": corroboration,
    "validation-patterns": patterns,
    "validation-precision": precision,
    "validation-trade-off": trade_off,
}
"""Functions by the name of their block."""
