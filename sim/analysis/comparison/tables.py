"""A comparison for other programs: its tables and its JSON document, with the columns that they have."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.comparison.words import Told
from sim.analysis.durations import ALL_PARTNERS
from sim.files import plain
from sim.provenance import package_version
from sim.statistics import share_interval

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.analysis.comparison.numbers import Compared
    from sim.statistics import Paired

#: Version of the columns and keys of what is written for other programs; `CHANGES` says what changed.
SCHEMA = 2

#: Columns of the table of pairs, and what they say.
PAIR_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "a": "letter of the plan compared with",
        "b": "letter of the plan",
        "a_name": "scenario of a",
        "b_name": "scenario of b",
        "measure": "id of the measure",
        "label": "the measure in words",
        "unit": "its unit",
        "headline": "goal, headline, or empty: then there is no verdict",
        "difference": "mean of b - a over the worlds, in the unit",
        "low": "lower end of its interval; missing with fewer than ten differing worlds, unless the unit bounds them",
        "high": "upper end of its interval",
        "matters": "smallest difference that matters, in the unit",
        "verdict": "better, worse, higher, lower, same, undecided, rare, none",
        "sentence": "the verdict in words, as the page has it",
        "a_better": "share of the worlds in which a is better (lower, where neither is better)",
        "equal": "share of the worlds in which both are equal",
        "b_better": "share of the worlds in which b is better (higher, where neither is better)",
        "b_better_low": "lower end of the exact 95 % interval of that share",
        "b_better_high": "upper end",
        "size": "mean of b - a over the worlds that differ",
        "pairs_used": "worlds with a value under both plans",
        "turns": "share of the plausible assumptions in which the other plan is ahead by more than matters",
        "worlds_needed": "worlds that give a verdict with a chance of 80 %; inf (in JSON missing): more than 50,000",
    }
)


#: What changed from one version to the next.
CHANGES: Mapping[int, str] = MappingProxyType(
    {
        1: "verdicts without a smallest difference that matters; every pair of plans",
        2: "matters, headline, sentence, shares of worlds with an interval, turns, size; verdicts better, worse, same, "
        "rare, none; every plan against the first one; share_b_higher and ties became a_better, equal, b_better; "
        "identical became same; hangs_on",
    }
)


def summary_table(compared: Compared) -> pd.DataFrame:
    """Summaries: one row a measure and scenario."""
    rows = []
    for name in compared.measures:
        about = compared.describe(name)
        for letter, found in zip(compared.letters, compared.summaries, strict=True):
            if name in found:
                one = found[name]
                numbers = (one.median, one.p10, one.p90, one.mean, one.missing)
                rows.append((name, letter, about.label, about.unit, *numbers))
    columns = ["measure", "scenario", "label", "unit", "median", "p10", "p90", "mean", "missing"]
    return pd.DataFrame(rows, columns=columns).set_index(["measure", "scenario"])


def pairs_table(compared: Compared) -> pd.DataFrame:
    """Paired results: one row a later scenario and measure; the columns are those of `PAIR_COLUMNS`."""
    rows = [
        {
            "a": compared.letters[a],
            "b": compared.letters[b],
            "a_name": compared.scenarios[a].name,
            "b_name": compared.scenarios[b].name,
            "measure": name,
            **pair_numbers(compared, b, name, paired),
        }
        for (a, b), found in compared.results.items()
        for name, paired in found.items()
    ]
    return pd.DataFrame(rows, columns=list(PAIR_COLUMNS))


def pair_numbers(compared: Compared, b: int, name: str, paired: Paired) -> dict[str, Any]:
    """Return what is known of a measure in a scenario against the first one, by column."""
    about = compared.describe(name)
    for_a, equal, for_b = paired.ahead(about.direction)
    low, high = share_interval(paired.lower if about.direction < 0 else paired.higher, paired.pairs_used)
    role = "goal" if name == compared.goal else "headline" if name in compared.headline else ""
    return {
        "label": about.label,
        "unit": about.unit,
        "headline": role,
        "difference": paired.difference,
        "low": paired.low,
        "high": paired.high,
        "matters": paired.matters,
        "verdict": verdict_word(compared, name, paired),
        "sentence": Told(compared).verdict(name, b).short,
        "a_better": for_a,
        "equal": equal,
        "b_better": for_b,
        "b_better_low": low,
        "b_better_high": high,
        "size": paired.size,
        "pairs_used": paired.pairs_used,
        "turns": compared.turns(name, b),
        "worlds_needed": paired.worlds_needed,
    }


def verdict_word(compared: Compared, name: str, paired: Paired) -> str:
    """Return the verdict on the later scenario: better or worse where the measure has a direction."""
    better = compared.better(name, paired)
    return {"A": "worse", "B": "better"}.get(better, paired.verdict.value)


def document(compared: Compared) -> dict[str, Any]:
    """Everything that matters as plain numbers and texts; missing numbers are None.

    Scenarios are keyed by name.
    """
    told = Told(compared)
    scenarios = {}
    for position, (name, scenario) in enumerate(zip(compared.names, compared.scenarios, strict=True)):
        numbers = {
            key: {"median": one.median, "p10": one.p10, "p90": one.p90}
            for key, one in compared.summaries[position].items()
        }
        numbers |= _duration_numbers(compared, compared.letters[position])
        scenarios[name] = {
            "name": scenario.name,
            "title": scenario.title,
            "digest": scenario.digest(),
            "front": compared.front[position],
            "happened": compared.happened(position),
            "measures": numbers,
        }
    pairs = []
    for (a, b), results in compared.results.items():
        found = {key: pair_numbers(compared, b, key, one) for key, one in results.items()}
        pairs.append({"a": compared.names[a], "b": compared.names[b], "measures": found})
    written = {
        "schema": SCHEMA,
        "version": package_version(),
        "seed": compared.seed,
        "replicates": compared.replicates,
        "parameters": dict(compared.parameters),
        "answer": told.answer(),
        "scenarios": scenarios,
        "pairs": pairs,
        "hangs_on": compared.hangs.document(),
        "parameter_sets": compared.parameter_sets.described() if compared.parameter_sets else None,
    }
    return dict(plain(written))


def _duration_numbers(compared: Compared, letter: str) -> dict[str, dict[str, float]]:
    rows = compared.durations
    rows = rows[(rows["scenario"] == letter) & (rows["partner"] == ALL_PARTNERS)]
    return {str(row["measure"]): {key: row[key] for key in ("median", "p10", "p90")} for row in rows.to_dict("records")}
