"""A verdict of a study in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.statistics import Verdict
from sim.words.numbers import capital, in_100, of_100, unit_text, with_interval

if TYPE_CHECKING:
    from sim.analysis.difference.numbers import PlanDifference


def sentence(found: PlanDifference) -> str:
    """Say the difference of two plans in a sentence."""
    one = found.overall
    if one.pairs_used == 0:
        return f"{capital(found.title)}: no world has a value under both."
    if not one.differing:
        return f"{capital(found.title)}: identical in every world."
    difference, low, high = with_interval(one.difference, one.low, one.high)
    told = f"{difference}{unit_text(found.about.unit)}"
    if np.isfinite(one.low):
        told += f" (95 % interval {low} to {high})"
    if len(found.verdicts) == 1:
        return f"{capital(found.title)}: {told}; {_said(found, one.verdict)}."
    # A sample by itself has few worlds: only what is settled there counts for a plan.
    higher, lower, same = (found.share(one) for one in (Verdict.HIGHER, Verdict.LOWER, Verdict.SAME))
    return (
        f"{capital(found.title)}: {told} on average over the samples, {_said(found, one.verdict)}; higher in "
        f"{of_100(higher, 'samples')}, lower in {in_100(lower)}, no difference that matters in {in_100(same)}, "
        f"undecided in {in_100(1.0 - higher - lower - same)}."
    )


def _said(found: PlanDifference, verdict: Verdict) -> str:
    words = {
        Verdict.HIGHER: f"{found.b} is higher",
        Verdict.LOWER: f"{found.a} is higher",
        Verdict.SAME: "no difference that matters",
        Verdict.RARE: "too few worlds differ for a verdict",
    }
    return words.get(verdict, "undecided")
