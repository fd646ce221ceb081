"""What a comparison of plans over samples says, in plain sentences."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.words.numbers import capital, decimals, in_100, number, of_100, short_number, unit_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.analysis.robustness.numbers import Ends, Robustness
    from sim.analysis.robustness.trade_offs import BreakEven, Estimate


def sentences(result: Robustness) -> list[str]:
    """Say what is best on average and at worst, what never is, what is good enough, and which weights turn that."""
    return [*_regret(result), *_never(result), *_satisficing(result), *_turning(result), *_limits(result)]


def _regret(result: Robustness) -> list[str]:
    if result.weights is None:
        return ["No weights were given, therefore no regret: what matters how much is for those who decide."]
    first = min(result.rows, key=lambda row: row.regret.value)
    if not math.isfinite(first.regret.value):
        return ["No world has a value of every weighted measure under every plan: there is no regret to tell."]
    told = [
        "Regret, how far a plan is behind the best one, is told in weighted differences that matter (1: the smallest "
        "difference of a measure that matters)."
    ]
    safest = [row for row in result.rows if row.minimax]
    worst = max(result.rows, key=lambda row: row.regret_max)
    digits = decimals(0.05 * worst.regret_max, worst.regret_max)
    most = f"the largest regret of all, {number(worst.regret_max, digits)}, is that of {worst.plan}"
    if first.regret_max == 0.0:
        equals = [row.plan for row in result.rows if row.regret_max == 0.0]
        told.append(f"Best in every sample: {_listed(equals)}" + (f"; {most}." if worst.regret_max > 0.0 else "."))
    else:
        told.append(
            f"Smallest mean regret: {first.plan}, {_estimate(first.regret)}{_cross(first.cross.value, first.regret)}; "
            f"it is the best plan in {of_100(first.best.value, 'samples')}."
        )
        if not safest:
            shares = [row.minimax_share for plan in result.contenders for row in result.rows if row.plan == plan]
            each = _listed([f"{round(100.0 * share)}" for share in shares])
            told.append(
                f"Smallest largest regret (minimax regret): undecided between {_listed(result.contenders)}, which have "
                f"it in {each} of 100 resamples of the worlds; {most}."
            )
        elif len(safest) < len(result.rows):
            cross = safest[0].cross_max
            less = f" ({number(max(cross, 0.0), digits)} cross-validated)" if math.isfinite(cross) else ""
            told.append(
                f"Smallest largest regret (minimax regret): {_listed([row.plan for row in safest])}, never more than "
                f"{number(safest[0].regret_max, digits)}{less} behind the best plan; {most}."
            )
    if math.isfinite(result.agreement):
        told.append(
            f"Two halves of the worlds agree on the best plan in {of_100(result.agreement, 'samples')}: regret holds "
            "chance of the worlds and is rather too large, cross-validated regret rather too small."
            if result.agreement < 1.0
            else "Two halves of the worlds agree on the best plan in every sample."
        )
    elif result.worlds == 1:
        told.append("There is one world a sample: how much of the regret is its chance is not known.")
    losers = [row.plan for row in result.rows if row.best.value == 0.0]
    if losers:
        told.append(f"Best in no sample with these weights: {_listed(losers)}.")
    return told


def _never(result: Robustness) -> list[str]:
    told = []
    for one in result.never:
        single = math.isnan(one.agreement)
        agree = " (one sample only)" if single else f" ({_of_resamples(one.agreement)} agree)"
        if one.settled:
            claim = "is not the best for any weights" if one.never else "is never the only best"
            words = f"{one.by} is at least as good in every measure and better in one"
            words = words if one.by else "whichever they are, another plan is better"
            told.append(f"On average over the samples, {one.plan} {claim}: {words}{agree}.")
        else:
            words = f"{one.by} is at least as good as {one.plan} in every measure and better in one"
            words = words if one.by else f"{one.plan} is not the best for any weights"
            told.append(f"On average over the samples, {words}, but that is not settled{agree}.")
    return told


def _satisficing(result: Robustness) -> list[str]:
    if not result.satisfice:
        return []
    ordered = sorted(result.rows, key=lambda row: -row.satisficing.value if row.judged else math.inf)
    shares = [
        f"{of_100(row.satisficing.value) if place == 0 else in_100(row.satisficing.value)} under "
        f"{row.plan}{_band(row.satisficing)}"
        if row.judged
        else f"no world under {row.plan} can be judged"
        for place, row in enumerate(ordered)
    ]
    wanted = " and ".join(
        f"{result.label(name)} {_threshold(ends)}{unit_text(result.units.get(name, ''))}"
        for name, ends in result.satisfice.items()
    )
    return [f"Good enough (satisficing: {wanted}), all samples and worlds pooled: in {', '.join(shares)}."]


def _turning(result: Robustness) -> list[str]:
    told = []
    for other in dict.fromkeys(one.other for one in result.turning):
        pair = [one for one in result.turning if one.other == other]
        best = pair[0].best
        if pair[0].verdict == "identical":
            told.append(f"{best} and {other} are worth the same in every sample.")
            continue
        if pair[0].verdict == "undecided":
            told.append(f"{best} against {other}: undecided, the order is not settled with the given weights.")
            continue
        turns = [one for one in pair if one.side]
        words = [f"{result.label(one.measure)} counts {one.side} than {_weight(one)}" for one in turns]
        if words:
            told.append(f"{other} overtakes {best} when {', or when '.join(words)}.")
        else:
            told.append(f"{other} does not overtake {best}, whichever weight is changed alone.")
    return told


def _limits(result: Robustness) -> list[str]:
    told = [
        f"{capital(result.label(name))} does not tell plans apart: it is the same under all plans in every world."
        for name in result.flat
        if result.weights is None or name in result.weights
    ]
    if result.weights is not None and result.used < 1.0:
        told.append(
            f"Worth is compared in {of_100(result.used)}: elsewhere a weighted measure has no value under some plan."
        )
    short = [row for row in result.rows if result.satisfice and row.judged < 1.0]
    told += [f"{row.plan} can be judged in {of_100(row.judged)} only." for row in short]
    return told


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _estimate(one: Estimate) -> str:
    digits = decimals((one.high - one.low) / 2.0, one.value)
    if one.low == one.high:
        return f"{number(one.value, digits)} in every sample"
    if not math.isfinite(one.low):
        return f"{number(one.value, digits)} (one sample only)"
    return f"{number(one.value, digits)} (95 % interval {number(one.low, digits)} to {number(one.high, digits)})"


def _cross(value: float, plain: Estimate) -> str:
    if not math.isfinite(value):
        return ""
    return f", cross-validated {number(max(value, 0.0), decimals((plain.high - plain.low) / 2.0, plain.value))}"


def _band(one: Estimate) -> str:
    if not math.isfinite(one.low) or one.low == one.high:
        return ""
    return f" (95 % interval {round(100.0 * one.low)} to {round(100.0 * one.high)})"


def _threshold(ends: Ends) -> str:
    least, most = ends
    if least is None:
        return f"at most {short_number(float(most or 0.0))}"
    if most is None:
        return f"at least {short_number(least)}"
    return f"from {short_number(least)} to {short_number(most)}"


def _weight(one: BreakEven) -> str:
    spread = (one.high - one.low) / 2.0 if math.isfinite(one.high - one.low) else 0.1 * one.weight
    digits = decimals(spread, one.weight)
    text = f"{number(one.weight, digits)} (given: {one.given:g}"
    if math.isnan(one.low) or math.isclose(one.low, one.high):
        return f"{text})"
    high = number(one.high, digits) if math.isfinite(one.high) else "any weight"
    return f"{text}; 95 % interval {number(one.low, digits)} to {high})"


def _of_resamples(share: float) -> str:
    return of_100(share, "resamples")
