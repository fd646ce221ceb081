"""A verdict of a study in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.words.numbers import capital, decimals, number, of_100, unit_text

if TYPE_CHECKING:
    from sim.analysis.difference.numbers import PlanDifference


def sentence(found: PlanDifference) -> str:
    """Say the difference of two plans in a sentence."""
    one = found.overall
    if one.pairs_used == 0:
        return f"{capital(found.title)}: no world has a value under both."
    if one.verdict == "identical":
        return f"{capital(found.title)}: identical in every world."
    digits = decimals((one.high - one.low) / 2.0, one.difference)
    told = f"{number(one.difference, digits, sign=True)}{unit_text(found.about.unit)}"
    if np.isfinite(one.low):
        told += f" (95 % interval {number(one.low, digits)} to {number(one.high, digits)})"
    if len(found.verdicts) == 1:
        words = {"B higher": f"{found.b} is higher", "A higher": f"{found.a} is higher"}
        return f"{capital(found.title)}: {told}; {words.get(one.verdict, one.verdict)}."
    # A sample by itself has few worlds: only what is settled there counts for a plan.
    higher, lower = of_100(found.share("B higher"), "samples"), of_100(found.share("A higher"), "samples")
    rest = 1.0 - found.share("B higher") - found.share("A higher")
    return (
        f"{capital(found.title)}: {told} on average over the samples; higher in {higher}, lower in "
        f"{lower.removesuffix(' of 100 samples')}, undecided in {of_100(rest).removesuffix(' of 100 worlds')}."
    )
