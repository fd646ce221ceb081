"""A verdict of a study in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.words.numbers import capital, in_100, of_100, unit_text, with_interval

if TYPE_CHECKING:
    from sim.analysis.difference.numbers import PlanDifference


def sentence(found: PlanDifference) -> str:
    """Say the difference of two plans in a sentence."""
    one = found.overall
    if one.pairs_used == 0:
        return f"{capital(found.title)}: no world has a value under both."
    if one.verdict == "identical":
        return f"{capital(found.title)}: identical in every world."
    difference, low, high = with_interval(one.difference, one.low, one.high)
    told = f"{difference}{unit_text(found.about.unit)}"
    if np.isfinite(one.low):
        told += f" (95 % interval {low} to {high})"
    if len(found.verdicts) == 1:
        words = {"B higher": f"{found.b} is higher", "A higher": f"{found.a} is higher"}
        return f"{capital(found.title)}: {told}; {words.get(one.verdict, one.verdict)}."
    # A sample by itself has few worlds: only what is settled there counts for a plan.
    higher, lower = found.share("B higher"), found.share("A higher")
    return (
        f"{capital(found.title)}: {told} on average over the samples; higher in {of_100(higher, 'samples')}, lower in "
        f"{in_100(lower)}, undecided in {in_100(1.0 - higher - lower)}."
    )
