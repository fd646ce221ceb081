"""Blocks of the validation page: what the patterns say, with 1,000 worlds a case and seeds 0, 1, 2."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.validation import Check

__all__ = ["BLOCKS", "ablations", "corroboration", "patterns", "precision", "trade_off"]


WORLDS, SEEDS = 1_000, (0, 1, 2)


@cache
def _at_seeds() -> dict[int, list[Check]]:
    from sim.validation import validate

    return {seed: validate(WORLDS, seed=seed) for seed in SEEDS}


def _checks() -> list[Check]:
    return _at_seeds()[SEEDS[0]]


def patterns() -> str:
    """Return all patterns with their numbers at every seed, and how many pass."""
    from sim.validation.report import seeds_table

    words = []
    for seed, checks in _at_seeds().items():
        missed = [
            f"{check.id} misses ({check.check}: {check.value:.4g}, expected {check.threshold})"
            for check in checks
            if not check.passed
        ]
        passed = f"seed {seed}: {sum(check.passed for check in checks)} of {len(checks)} pass"
        words.append("; ".join([passed, *missed]))
    return f"{'. '.join(words)}.\n\n{seeds_table(_at_seeds())}"


def sets() -> str:
    """Return what share of the shipped parameter sets meets each target, as the calibration found."""
    import json
    from pathlib import Path

    file = Path(__file__).parents[2] / "results" / "reference" / "diagnostics.json"
    found = json.loads(file.read_text(encoding="utf-8"))
    rows = ["| check | asked | at the defaults | sets that meet it |", "| --- | --- | --- | --- |"]
    rows += [
        f"| {row['key']} {row['check']} | {row['threshold']} | {row['at_default']:,.4g} | {row['passed_again']:.0%} |"
        for row in found["checks"]
    ]
    least = sum(row["passed_again"] >= 0.9 for row in found["checks"])
    words = (
        f"{least} of {len(found['checks'])} checks are met by 90 % or more of the sets in fresh worlds; all at once by "
        f"{found['passed_all_again']:.0%}, all of the closest targets by {found['passed_closest_again']:.0%}."
    )
    return "\n".join([words, "", *rows])


def corroboration() -> str:
    """Return the patterns that no parameter was set with."""
    from sim.validation.report import corroboration_table

    return corroboration_table(_checks())


def ablations() -> str:
    """Return what the patterns say about the model without each mechanism, and with rival ones."""
    from sim.validation.ablations import ablate
    from sim.validation.report import ablation_findings, ablation_table

    rows = ablate()
    return f"{ablation_table(rows)}\n{ablation_findings(rows)}"


def precision() -> str:
    """Return how intervals shrink with the number of worlds."""
    from sim.validation import analysis
    from sim.validation.report import precision_table

    return precision_table(analysis.precision())


def trade_off() -> str:
    """Return the weeks away for two parameters that one case cannot tell apart."""
    from sim.validation import analysis
    from sim.validation.report import trade_off_table

    return trade_off_table(list(analysis.TRADE_OFF), analysis.trade_off())


BLOCKS: dict[str, Callable[[], str]] = {
    "validation-ablations": ablations,
    "validation-corroboration": corroboration,
    "validation-patterns": patterns,
    "validation-precision": precision,
    "validation-sets": sets,
    "validation-trade-off": trade_off,
}
"""Functions by the name of their block."""
