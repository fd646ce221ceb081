"""The numbers of a comparison: summaries by plan, paired results against the first plan, durations, costs."""

from __future__ import annotations

import math
import string
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sim.analysis.comparison.hangs import Hangs, drawn_starts, what_it_hangs_on
from sim.analysis.comparison.happened import undone
from sim.analysis.curves import Uncertain
from sim.analysis.durations import ALL_PARTNERS, spells
from sim.ensemble import simulate
from sim.observe.measures import headline_ids, matters, reach, split, themes
from sim.statistics import Paired, Summary, Verdict, compare_pairs, summarise

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.analysis.comparison.happened import Undone
    from sim.ensemble import Ensemble
    from sim.observe.measures import Measure
    from sim.parameters.sets import ParameterSets
    from sim.scenarios import Scenario

EUR_AN_HOUR = 40.0  # of staff, where hours are told as money


@dataclass(frozen=True)
class Compared:
    """Two or more scenarios over the same worlds.

    Scenarios are called A, B, C ... in the order given. A difference is always a later scenario minus the first one,
    world by world.

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
    given : dict
        Smallest differences that matter, where the caller wants others, by measure.
    asked : tuple of str
        Headline measures that the caller asked for in place of those of the scenario, the goal measure first.
    """

    ensembles: tuple[Ensemble, ...]
    measures: tuple[str, ...]
    parameters: dict[str, float] = field(default_factory=dict)
    references: tuple[str, ...] = ()
    threads: int | None = None
    given: dict[str, float] = field(default_factory=dict)
    asked: tuple[str, ...] = ()

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

    # ------------------------------------------------------------------ what is asked

    @cached_property
    def headline(self) -> tuple[str, ...]:
        """Measures that get a verdict, the goal measure first."""
        there = [name for ensemble in self.ensembles for name in ensemble.outcomes.columns]
        wanted = self.asked or headline_ids(self.scenarios[0])
        found = tuple(name for name in wanted if name in there and self._somewhere(name))
        return found or self.measures[:1]

    @cached_property
    def themes(self) -> tuple[tuple[str, ...], ...]:
        """Headline measures by what they are about; those that the caller asked for stand by themselves."""
        groups = tuple((name,) for name in self.asked) or themes(self.scenarios[0])
        found = tuple(tuple(name for name in group if name in self.headline) for group in groups)
        return tuple(group for group in found if group) or (self.headline,)

    @property
    def goal(self) -> str:
        """The measure that the comparison is about first."""
        return self.headline[0]

    def unlike(self, b: int) -> str:
        """Tell what of the time of a later scenario is not that of the first: "start", "weeks" or nothing."""
        first, other = self.scenarios[0], self.scenarios[b]
        return "start" if first.start != other.start else "weeks" if first.weeks != other.weeks else ""

    def answered(self, b: int) -> bool:
        """Whether a later scenario can be judged against the first: the same time, and both were carried out."""
        return not self.unlike(b) and self.happened(0) and self.happened(b)

    @cached_property
    def undone(self) -> tuple[tuple[Undone, ...], ...]:
        """What of each plan was refused in half of the worlds or more, scenario by scenario."""
        found = []
        for position, ensemble in enumerate(self.ensembles):
            others = self.scenarios[1:] if position == 0 else self.scenarios[:1]
            found.append(undone(ensemble, position, [one for one in others if one.plan != ensemble.scenario.plan]))
        return tuple(found)

    def happened(self, position: int) -> bool:
        """Whether a plan was carried out, as far as it is another plan than the ones that it is compared with."""
        return all(one.outcome for one in self.undone[position])

    def matter(self, measure: str) -> float:
        """Smallest difference of a measure that matters, in its unit."""
        return self.given.get(measure, matters(measure, self.scenarios[0]))

    # ------------------------------------------------------------------ numbers

    @cached_property
    def _worlds(self) -> pd.Index:
        found = self.ensembles[0].outcomes.index
        for ensemble in self.ensembles[1:]:
            found = found.intersection(ensemble.outcomes.index)
        return found

    @cached_property
    def _names(self) -> list[str]:
        return list(dict.fromkeys((*self.headline, *self.measures)))

    def _somewhere(self, name: str) -> bool:
        return any(name in one.outcomes and one.outcomes[name].notna().any() for one in self.ensembles)

    @cached_property
    def _values(self) -> list[NDArray[np.float64]]:
        """Outcomes of each scenario: paired worlds by measures; a measure it does not have is missing."""
        return [
            ensemble.outcomes.reindex(index=self._worlds, columns=self._names).to_numpy(float)
            for ensemble in self.ensembles
        ]

    def values(self, measure: str, position: int) -> NDArray[np.float64]:
        """Return a measure of one scenario in the paired worlds, NaN where a world lacks it."""
        return self._values[position][:, self._names.index(measure)]

    def filled(self, measure: str, position: int) -> NDArray[np.float64]:
        """Return a measure of one scenario; a time that some of its worlds lack lasts until the horizon there."""
        found = self.values(measure, position)
        row, _ = split(measure, None)
        waits = row is not None and row.until_horizon and bool(np.isfinite(found).any())
        return np.where(np.isnan(found), self.scenarios[position].weeks, found) if waits else found

    def missing(self, measure: str) -> tuple[int, ...]:
        """Worlds that lack a measure, scenario by scenario."""
        return tuple(int(np.isnan(self.filled(measure, k)).sum()) for k in range(len(self.ensembles)))

    def differences(self, measure: str, position: int) -> NDArray[np.float64]:
        """Return a later scenario minus the first one in each paired world, NaN where one of them lacks the measure."""
        return self.filled(measure, position) - self.filled(measure, 0)

    @cached_property
    def summaries(self) -> tuple[dict[str, Summary], ...]:
        """Summary of each measure, scenario by scenario."""
        return tuple(
            {name: row for name, row in zip(self._names, summarise(values), strict=True) if name in ensemble.outcomes}
            for values, ensemble in zip(self._values, self.ensembles, strict=True)
        )

    @cached_property
    def results(self) -> dict[tuple[int, int], dict[str, Paired]]:
        """Paired results of each later scenario against the first, by their positions and the measure.

        A measure that no pair of worlds has in both (no training, no seats to fill) is left out.
        """
        asked: list[tuple[int, str]] = []
        for b in range(1, len(self.ensembles)):
            shared = [name for name in self._names if all(name in self.summaries[k] for k in (0, b))]
            asked += [(b, name) for name in shared if np.isfinite(self.differences(name, b)).any()]
        rows = compare_pairs(
            np.column_stack([self.differences(name, b) for b, name in asked]) if asked else np.empty((0, 0)),
            [self.matter(name) for _, name in asked],
            groups=[self._group(name, b) for b, name in asked],
            reach=[reach(name, self.scenarios[0]) for _, name in asked],
            seed=self.seed,
        )
        found: dict[tuple[int, int], dict[str, Paired]] = {(0, b): {} for b in range(1, len(self.ensembles))}
        for (b, name), row in zip(asked, rows, strict=True):
            found[0, b][name] = row
        return found

    def _group(self, name: str, b: int) -> int:
        """Group whose intervals a measure shares: 0 the goal, 1 the other headline measures, -1 no verdict."""
        if name not in self.headline or not self.answered(b) or any(self.missing(name)[k] for k in (0, b)):
            return -1
        return 0 if name == self.goal else 1

    @cached_property
    def hangs(self) -> Hangs:
        """What the differences of the headline measures hang on, and what it is worth to find out first."""
        found = {
            (b, name): self.differences(name, b)
            for (_, b), results in self.results.items()
            for name, row in results.items()
            if row.differing and (name in self.headline or len(self.measures) == 1)
        }
        about = self.describe(self.goal)
        limits = {name: self.matter(name) for name in self._names}
        return what_it_hangs_on(found, self.goal, about.direction, limits, self._uncertain(), self.seed)

    def _uncertain(self) -> list[Uncertain]:
        """What worlds have drawn: plausible parameter values, and start values where those differ."""
        found = []
        sets, rows = self.parameter_sets, self.ensembles[0].set_rows
        if sets is not None and rows is not None:
            given = set.intersection(*(set(one.overrides) for one in self.ensembles))
            free = [place for place, name in enumerate(sets.names) if name not in given]
            names = tuple(sets.names[place] for place in free)
            found.append(Uncertain(names, sets.values[:, free], rows[self._worlds.to_numpy()], sets.weights))
        names, values = drawn_starts(self.ensembles[0], self._worlds.to_numpy())
        found.append(Uncertain(names, values, np.arange(len(values)), np.full(len(values), 1.0 / max(len(values), 1))))
        return found

    def turns(self, measure: str, b: int) -> float:
        """Share of the plausible assumptions in which the other plan is ahead by more than matters; NaN: not asked."""
        paired = self.results[0, b].get(measure)
        if paired is None or paired.verdict not in (Verdict.HIGHER, Verdict.LOWER):
            return math.nan
        return self.hangs.beyond(b, measure, -1.0 if paired.verdict is Verdict.HIGHER else 1.0)

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

    def describe(self, measure: str) -> Measure:
        """Label, unit, direction and definition of a measure."""
        from sim.observe.measures import measure as describe

        return describe(measure)

    def better(self, measure: str, paired: Paired) -> str:
        """Return "A" or "B" (first or second of the pair) where one is better, "" where that is not known."""
        direction = self.describe(measure).direction
        if paired.verdict not in (Verdict.HIGHER, Verdict.LOWER) or direction == 0:
            return ""
        return "B" if (paired.verdict is Verdict.HIGHER) == (direction > 0) else "A"

    @cached_property
    def front(self) -> tuple[bool, ...]:
        """Whether each scenario is on the Pareto front: no other is better in one and worse in none.

        By more than matters, over the means of the headline measures that have a better and a worse.
        """
        judged = [name for name in self.headline if self.describe(name).direction and not any(self.missing(name))]
        limits = np.array([self.matter(name) for name in judged])
        means = np.array(
            [
                [self.describe(name).direction * self.filled(name, k).mean() for name in judged]
                for k in range(len(self.ensembles))
            ]
        )
        compared = [0, *(b for b in range(1, len(self.ensembles)) if self.answered(b))]
        return tuple(
            k in compared
            and not any(
                (means[other] - means[k] > limits).any() and (means[k] - means[other] <= limits).all()
                for other in compared
            )
            for k in range(len(self.ensembles))
        )

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
