"""The numbers of a comparison: summaries by scenario, paired results by pair, durations, costs."""

from __future__ import annotations

import math
import string
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.analysis.durations import ALL_PARTNERS, spells
from sim.ensemble import simulate
from sim.files import plain
from sim.provenance import package_version
from sim.statistics import Paired, Summary, compare_pairs, summarise

if TYPE_CHECKING:
    import numpy as np

    from sim.ensemble import Ensemble
    from sim.observe.measures import Measure
    from sim.parameters.sets import ParameterSets
    from sim.scenarios import Scenario

EUR_AN_HOUR = 40.0  # of staff, where hours are told as money


@dataclass(frozen=True)
class Compared:
    """Two or more scenarios over the same worlds.

    Scenarios are called A, B, C ... in the order given. A difference is always the later scenario minus the
    earlier one, world by world.

    Attributes
    ----------
    ensembles : tuple of Ensemble
        What was simulated.
    measures : tuple of str
        Ids of the outcome measures that are compared.
    parameters : dict
        Parameter values that the caller changed in all scenarios.
    references : tuple of str
        How the scenarios can be named to repeat the comparison.
    """

    ensembles: tuple[Ensemble, ...]
    measures: tuple[str, ...]
    parameters: dict[str, float] = field(default_factory=dict)
    references: tuple[str, ...] = ()
    threads: int | None = None

    # ------------------------------------------------------------------ who is compared

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenarios, in order."""
        return tuple(ensemble.scenario for ensemble in self.ensembles)

    @property
    def letters(self) -> tuple[str, ...]:
        """A, B, C ..., one a scenario."""
        return tuple(string.ascii_uppercase[: len(self.ensembles)])

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the scenarios; where two are the same, the letter makes them distinct."""
        found = [scenario.name for scenario in self.scenarios]
        return tuple(
            f"{name} ({letter})" if found.count(name) > 1 else name
            for name, letter in zip(found, self.letters, strict=True)
        )

    @property
    def seed(self) -> int:
        """Seed of the worlds."""
        return self.ensembles[0].seed

    @property
    def parameter_sets(self) -> ParameterSets | None:
        """Plausible sets of which each world drew one, the same under every plan; None: the defaults in all."""
        return self.ensembles[0].parameter_sets

    @property
    def replicates(self) -> int:
        """Number of paired worlds."""
        return len(self._worlds)

    # ------------------------------------------------------------------ numbers

    @cached_property
    def _worlds(self) -> pd.Index:
        found = self.ensembles[0].outcomes.index
        for ensemble in self.ensembles[1:]:
            found = found.intersection(ensemble.outcomes.index)
        return found

    @cached_property
    def _values(self) -> list[np.ndarray[Any, np.dtype[np.float64]]]:
        """Outcomes of each scenario: paired worlds by measures; a measure it does not have is missing."""
        return [
            ensemble.outcomes.reindex(index=self._worlds, columns=list(self.measures)).to_numpy(float)
            for ensemble in self.ensembles
        ]

    @cached_property
    def summaries(self) -> tuple[dict[str, Summary], ...]:
        """Summary of each measure, scenario by scenario."""
        return tuple(
            {name: row for name, row in zip(self.measures, summarise(values), strict=True) if name in ensemble.outcomes}
            for values, ensemble in zip(self._values, self.ensembles, strict=True)
        )

    @cached_property
    def results(self) -> dict[tuple[int, int], dict[str, Paired]]:
        """Paired results by the positions of the two scenarios and the measure.

        A measure that no pair of worlds has in both (no training, no seats to fill) is left out.
        """
        found = {}
        for a, b in combinations(range(len(self.ensembles)), 2):
            shared = [name for name in self.measures if name in self.summaries[a] and name in self.summaries[b]]
            columns = [self.measures.index(name) for name in shared]
            rows = compare_pairs(
                self._values[a][:, columns],
                self._values[b][:, columns],
                shared,  # keys of the bootstrap: what plans are called moves no interval
                self.seed,
                threads=self.threads,
            )
            found[a, b] = {name: row for name, row in zip(shared, rows, strict=True) if row.pairs_used}
        return found

    @cached_property
    def durations(self) -> pd.DataFrame:
        """Kaplan-Meier medians by scenario: how long partners stay, and how long they stay away."""
        tables = []
        for ensemble in self.ensembles:
            table = spells(ensemble.durations)
            firms = ensemble.scenario.firms.number * ensemble.replicates
            share = (
                1.0 - float(ensemble.outcomes["adopters"].sum()) / firms
                if "adopters" in ensemble.outcomes
                else math.nan
            )
            median = ensemble.adoption_median
            row = ("adoption_median_km", ALL_PARTNERS, median, math.nan, math.nan, firms, share)
            table = pd.DataFrame([*table.itertuples(index=False), row], columns=table.columns)
            tables.append(table)
        return pd.concat(tables, keys=self.letters, names=["scenario", None]).reset_index(level=0)

    @cached_property
    def headline(self) -> tuple[str, ...]:
        """The measures to look at first."""
        from sim.observe.measures import headline_ids

        return tuple(name for name in headline_ids(self.scenarios[0]) if name in self.measures) or self.measures

    def describe(self, measure: str) -> Measure:
        """Describe a measure: label, unit, direction, definition."""
        from sim.observe.measures import measure as describe

        return describe(measure)

    def better(self, measure: str, paired: Paired) -> str:
        """Return "A" or "B" (first or second of the pair) where one is better, "" where that is not known."""
        direction = self.describe(measure).direction
        if paired.verdict not in ("A higher", "B higher") or direction == 0:
            return ""
        return "B" if (paired.verdict == "B higher") == (direction > 0) else "A"

    # ------------------------------------------------------------------ as tables

    def table(self) -> pd.DataFrame:
        """Summaries: one row a measure and scenario."""
        rows = []
        for name in self.measures:
            about = self.describe(name)
            for letter, found in zip(self.letters, self.summaries, strict=True):
                if name in found:
                    one = found[name]
                    numbers = (one.median, one.p10, one.p90, one.mean, one.missing)
                    rows.append((name, letter, about.label, about.unit, *numbers))
        columns = ["measure", "scenario", "label", "unit", "median", "p10", "p90", "mean", "missing"]
        return pd.DataFrame(rows, columns=columns).set_index(["measure", "scenario"])

    def pairs(self) -> pd.DataFrame:
        """Paired results: one row a pair of scenarios and measure."""
        rows = []
        for (a, b), found in self.results.items():
            for name, paired in found.items():
                about = self.describe(name)
                rows.append(
                    {
                        "a": self.letters[a],
                        "b": self.letters[b],
                        "a_name": self.scenarios[a].name,
                        "b_name": self.scenarios[b].name,
                        "measure": name,
                        "label": about.label,
                        "unit": about.unit,
                        "difference": paired.difference,
                        "low": paired.low,
                        "high": paired.high,
                        "share_b_higher": paired.share_b_higher,
                        "ties": paired.ties,
                        "pairs_used": paired.pairs_used,
                        "verdict": paired.verdict,
                        "better": self.better(name, paired),
                        "worlds_needed": paired.worlds_needed,
                    }
                )
        return pd.DataFrame(rows)

    @cached_property
    def cost_per_firm_year(self) -> tuple[float, ...]:
        """EUR for each further firm-year of each scenario, against the same worlds without its plan.

        Hours count 40 EUR. Missing (NaN) where the plan wins one firm-year or less.
        """
        names = ["cost_eur", "cost_hours", "firm_years"]
        costs = []
        for ensemble in self.ensembles:
            nobody = simulate(
                ensemble.scenario.replace(plan=[]),
                ensemble.replicates,
                self.seed,
                parameters=self.parameters,
                series=(),
                threads=self.threads,
                parameter_sets=ensemble.parameter_sets,
            )
            more = ensemble.outcomes[names].mean() - nobody.outcomes[names].mean()
            won = float(more["firm_years"])
            cost = float(more["cost_eur"] + EUR_AN_HOUR * more["cost_hours"])
            costs.append(cost / won if won > 1.0 else math.nan)
        return tuple(costs)

    # ------------------------------------------------------------------ as files

    def to_dict(self) -> dict[str, Any]:
        """Everything that matters as plain numbers and texts; missing numbers are None.

        Scenarios are keyed by name.
        """
        scenarios = {}
        for position, (name, scenario) in enumerate(zip(self.names, self.scenarios, strict=True)):
            numbers = {
                key: {"median": one.median, "p10": one.p10, "p90": one.p90}
                for key, one in self.summaries[position].items()
            }
            numbers |= self._duration_numbers(self.letters[position])
            scenarios[name] = {
                "name": scenario.name,
                "title": scenario.title,
                "digest": scenario.digest(),
                "measures": numbers,
            }
        pairs = []
        for (a, b), results in self.results.items():
            found = {key: _paired_numbers(one) for key, one in results.items()}
            pairs.append({"a": self.names[a], "b": self.names[b], "measures": found})
        document = {
            "version": package_version(),
            "seed": self.seed,
            "replicates": self.replicates,
            "parameters": dict(self.parameters),
            "scenarios": scenarios,
            "pairs": pairs,
            "parameter_sets": self.parameter_sets.described() if self.parameter_sets else None,
        }
        return dict(plain(document))

    def _duration_numbers(self, letter: str) -> dict[str, dict[str, float]]:
        rows = self.durations
        rows = rows[(rows["scenario"] == letter) & (rows["partner"] == ALL_PARTNERS)]
        return {
            str(row["measure"]): {key: row[key] for key in ("median", "p10", "p90")} for row in rows.to_dict("records")
        }


def _paired_numbers(paired: Paired) -> dict[str, Any]:
    return {
        "difference": paired.difference,
        "low": paired.low,
        "high": paired.high,
        "share_b_higher": paired.share_b_higher,
        "ties": paired.ties,
        "verdict": paired.verdict,
    }
