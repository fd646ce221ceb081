"""The answer in plain words: a sentence a measure, what it costs, and what to know before believing it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.analysis.comparison.numbers import EUR_AN_HOUR
from sim.ensemble import OFTEN_REFUSED
from sim.scenarios import SHADOW_CAVEAT
from sim.statistics import FEW_PAIRS
from sim.words.language import SHARES, Said
from sim.words.numbers import capital, decimals, in_100, more_worlds, of_100, unit_text, with_interval

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.analysis.comparison.numbers import Compared
    from sim.ensemble import Ensemble
    from sim.observe.measures import Measure
    from sim.statistics import Paired
    from sim.words.language import Language


def sentence_of(compared: Compared, measure: str, pair: tuple[int, int] = (0, 1)) -> str:
    """Answer in plain words for one measure and pair of scenarios (by position)."""
    paired = compared.results[pair][measure]
    a, b = (compared.letters[position] for position in pair)
    return sentence(compared.describe(measure), paired, compared.better(measure, paired), a, b)


def sentence(measure: Measure, paired: Paired, better: str, a: str = "A", b: str = "B") -> str:
    """Answer for one measure and two scenarios in one sentence.

    ``better`` is "A", "B" or "" (none, or a measure without a direction); ``a`` and ``b`` are what the
    scenarios are called in the text.
    """
    label = capital(measure.label)
    if paired.pairs_used == 0:
        return f"{label}: no world has a value in both {a} and {b}."
    if paired.verdict == "identical":
        return f"{label}: identical in every world."
    text = f"{label}: {'undecided, ' if paired.verdict == 'undecided' else ''}"
    text += f"{_worlds(measure, paired, better, a, b)} ({_evidence(measure, paired)})"
    if paired.used < 1.0:
        text += f", compared where both have a value: in {of_100(paired.used)}"
    if paired.verdict == "undecided" and (paired.low > 0.0 or paired.high < 0.0):
        text += "; the average moves, but no clear majority of worlds with it"
    if paired.verdict == "undecided":
        text += f"; {more_worlds(paired.worlds_needed)}"
    return text + "."


def _worlds(measure: Measure, paired: Paired, better: str, a: str, b: str) -> str:
    """Say in how many worlds one is ahead; with ties worth a mention, all three groups."""
    word = "better" if measure.direction else "higher"
    b_leads = better == "B" if better else paired.verdict != "A higher"
    for_a, equal, for_b = paired.ahead(measure.direction)
    leads, other, ahead, behind = (b, a, for_b, for_a) if b_leads else (a, b, for_a, for_b)
    if equal < 0.01:
        return f"{leads} is {word} in {of_100(ahead + equal / 2.0)}"
    return f"{leads} is {word} in {of_100(ahead)}, {other} in {in_100(behind)}, equal in {in_100(equal)}"


def _evidence(measure: Measure, paired: Paired) -> str:
    difference, low, high = with_interval(paired.difference, paired.low, paired.high)
    difference += unit_text(measure.unit)
    if not math.isfinite(paired.low):
        return f"paired difference {difference}, one world only"
    return f"paired difference {difference}, 95 % interval {low} to {high}"


def cost_sentence(compared: Compared) -> str:
    """What a further year with the measures costs under each plan; empty where the case is about something else."""
    if "firm_years" not in compared.headline:
        return ""
    told = (
        f"{letter} wins no more than one" if math.isnan(cost) else f"{letter} {cost:,.0f} EUR"
        for letter, cost in zip(compared.letters, compared.cost_per_firm_year, strict=True)
    )
    hours = f"an hour counts {EUR_AN_HOUR:g} EUR"
    return f"Cost of each further firm-year with the measures, against nobody acting: {'; '.join(told)} ({hours})."


def caveats(compared: Compared) -> list[str]:
    """What a reader has to know before believing the numbers."""
    found: list[str] = []
    hidden = [
        letter
        for letter, scenario in zip(compared.letters, compared.scenarios, strict=True)
        if scenario.shadow_strategy
    ]
    if hidden:
        found.append(f"{' and '.join(hidden)}: {SHADOW_CAVEAT}")
    found += unlike(compared)
    for letter, scenario in zip(compared.letters, compared.scenarios, strict=True):
        if scenario.policy.demand is not None:
            found.append(f"{letter}: {scenario.policy.consequence}")
    if compared.replicates < FEW_PAIRS:
        worlds = "1 world" if compared.replicates == 1 else f"{compared.replicates} worlds"
        found.append(f"only {worlds}: intervals from so few are too narrow")
    for letter, ensemble in zip(compared.letters, compared.ensembles, strict=True):
        if ensemble.clips:
            found.append(f"{letter}: {ensemble.clips:,} values left their range and were cut back")
        found.extend(f"{letter}: {text}" for text in _often_refused(ensemble))
    return found


def unlike(compared: Compared) -> list[Said]:
    """What differs besides the plans: a difference in outcomes is then not theirs alone."""
    found = []
    if len({(one.start, one.weeks) for one in compared.scenarios}) > 1:
        times = [
            Said("time", plan=letter, weeks=one.weeks, start=str(one.start))
            for letter, one in zip(compared.letters, compared.scenarios, strict=True)
        ]
        found.append(Said("times", times=times))
    worlds_of = {
        (tuple(sorted(one.organisation_ids)), one.firms.number, one.topic, one.dyad) for one in compared.scenarios
    }
    if len(worlds_of) > 1:
        found.append(Said("unlike"))
    return found


def _often_refused(ensemble: Ensemble) -> Iterator[str]:
    """Say which actions could not be done in many worlds: a plan that is not carried out is another plan."""
    for row in ensemble.refusals.to_dict("records"):
        if row["share"] >= OFTEN_REFUSED:
            yield f"{row['label']} was refused in {round(100 * row['share'])} of 100 worlds ({row['reason']})"


def verdict(words: Language, about: Measure, paired: Paired, better: str) -> tuple[str, str]:
    """Answer in one short sentence for the wall, and the evidence for it in a second one.

    ``better`` is "A", "B" or "" (not settled, or a measure without a direction).
    """
    if paired.pairs_used == 0:
        return words("verdict.nothing"), ""
    if paired.verdict == "identical":
        return words("verdict.identical"), ""
    word = words("verdict.better" if about.direction else "verdict.higher")
    for_a, _, for_b = paired.ahead(about.direction)
    settled = paired.verdict != "undecided"
    leads = better or ("B" if for_b >= for_a else "A")
    other = "A" if leads == "B" else "B"
    worlds = {"A": for_a, "B": for_b}
    short = words(
        f"verdict.{'settled' if settled else 'undecided'}",
        leads=leads,
        word=word,
        worlds=words.worlds(worlds[leads]),
        other=other,
        fewer=words.of_100(worlds[other]),
    )
    digits = decimals((paired.high - paired.low) / 2.0, paired.difference)
    shares = about.unit in SHARES  # a difference of shares counts in percentage points; the unit stands once
    scale, unit = (100.0, words("verdict.points")) if shares else (1.0, words.unit(about.unit))
    digits = max(0, digits - 2) if shares else digits
    difference = words.number(scale * paired.difference, digits, sign=True) + (f"\u00a0{unit}" if unit else "")
    low, high = (words.number(scale * value, digits) for value in (paired.low, paired.high))
    parts = [words("verdict.difference", difference=difference, low=low, high=high)]
    if paired.ties >= 0.01:
        parts.append(words("verdict.ties", worlds=words.worlds(paired.ties)))
    if paired.used < 1.0:
        parts.append(words("verdict.used", worlds=words.worlds(paired.used)))
    if not settled and (paired.low > 0.0 or paired.high < 0.0):
        parts.append(words("verdict.not_ahead"))
    elif not settled:
        needed = paired.worlds_needed
        if math.isinf(needed):
            parts.append(words("verdict.never"))
        elif math.isfinite(needed):
            parts.append(words("verdict.needed", worlds=words.number(needed, 0)))
    return short, " ".join(parts)
