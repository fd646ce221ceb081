"""Compare plans in the same worlds: what differs, how surely, and in how many worlds."""

from __future__ import annotations

import difflib
import json
import math
import string
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.errors import InputError
from sim.parameters.sets import SHIPPED, sets_of
from sim.studies.durations import ALL_PARTNERS, spells
from sim.studies.provenance import package_version
from sim.studies.saving import json_number
from sim.studies.statistics import FEW_PAIRS, Paired, Summary, compare_pairs, summarise
from sim.studies.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    import numpy as np

    from sim.ensemble import Ensemble
    from sim.observe.measures import Measure
    from sim.parameters.sets import ParameterSets
    from sim.scenarios import Scenario

__all__ = [
    "MOST_SCENARIOS",
    "Comparison",
    "check_number",
    "compare",
    "compare_ensembles",
    "compare_scenarios",
]

MOST_SCENARIOS = 6
EUR_AN_HOUR = 40.0  # of staff, where hours are told as money
OFTEN_REFUSED = 0.10  # share of worlds from which a refused action is worth a note


@dataclass(frozen=True)
class Comparison:
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
            keys = [f"{name}|{self.scenarios[a].name}|{self.scenarios[b].name}" for name in shared]
            rows = compare_pairs(
                self._values[a][:, columns],
                self._values[b][:, columns],
                keys,
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

    # ------------------------------------------------------------------ in words

    def sentences(self, measures: Iterable[str] | None = None) -> list[str]:
        """Answer in plain words, one sentence a pair of scenarios and measure (default: the headline ones)."""
        wanted = self.headline if measures is None else self._resolve(measures)
        found = []
        for (a, b), results in self.results.items():
            for name in wanted:
                if name in results:
                    found.append(self.sentence(name, (a, b)))
        return found

    def sentence(self, measure: str, pair: tuple[int, int] = (0, 1)) -> str:
        """Answer in plain words for one measure and pair of scenarios (by position)."""
        paired = self.results[pair][measure]
        a, b = (self.letters[position] for position in pair)
        return sentence(self.describe(measure), paired, self.better(measure, paired), a, b)

    def __repr__(self) -> str:
        return f"<Comparison of {', '.join(self.names)}: {self.replicates} paired worlds, seed {self.seed}>"

    @cached_property
    def cost_per_firm_year(self) -> tuple[float, ...]:
        """EUR for each further firm-year of each scenario, against the same worlds without its plan.

        Hours count 40 EUR. Missing (NaN) where the plan wins one firm-year or less.
        """
        from sim.ensemble import simulate

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

    def cost_sentence(self) -> str:
        """What a further year with the measures costs under each plan; empty where the case is about something else."""
        if "firm_years" not in self.headline:
            return ""
        told = (
            f"{letter} wins no more than one" if math.isnan(cost) else f"{letter} {cost:,.0f} EUR"
            for letter, cost in zip(self.letters, self.cost_per_firm_year, strict=True)
        )
        hours = f"an hour counts {EUR_AN_HOUR:g} EUR"
        return f"Cost of each further firm-year with the measures, against nobody acting: {'; '.join(told)} ({hours})."

    def caveats(self) -> list[str]:
        """What a reader has to know before believing the numbers."""
        from sim.scenarios import SHADOW_CAVEAT

        found = []
        hidden = [
            letter for letter, scenario in zip(self.letters, self.scenarios, strict=True) if scenario.shadow_strategy
        ]
        if hidden:
            found.append(f"{' and '.join(hidden)}: {SHADOW_CAVEAT}")
        found += self.unlike()
        for letter, scenario in zip(self.letters, self.scenarios, strict=True):
            if scenario.policy.demand is not None:
                found.append(f"{letter}: {scenario.policy.consequence}")
        if self.replicates < FEW_PAIRS:
            worlds = "1 world" if self.replicates == 1 else f"{self.replicates} worlds"
            found.append(f"only {worlds}: intervals from so few are too narrow")
        for letter, ensemble in zip(self.letters, self.ensembles, strict=True):
            if ensemble.clips:
                found.append(f"{letter}: {ensemble.clips:,} values left their range and were cut back")
            found.extend(f"{letter}: {text}" for text in _often_refused(ensemble))
        return found

    def unlike(self) -> list[str]:
        """What differs besides the plans: a difference in outcomes is then not theirs alone."""
        found = []
        if len({(one.start, one.weeks) for one in self.scenarios}) > 1:
            times = "; ".join(
                f"{letter} {one.weeks} weeks from {one.start}"
                for letter, one in zip(self.letters, self.scenarios, strict=True)
            )
            found.append(f"the plans run over different times ({times}): sums over the run do not compare")
        worlds_of = {
            (tuple(sorted(one.organisation_ids)), one.firms.number, one.topic, one.dyad) for one in self.scenarios
        }
        if len(worlds_of) > 1:
            found.append("the scenarios differ in more than the plan (organisations, start values, firms or topic)")
        return found

    # ------------------------------------------------------------------ as files

    def to_dict(self) -> dict[str, Any]:
        """Everything that matters as plain numbers and texts; missing numbers are None.

        Scenarios are keyed by name. Measures of the organisation whose plan it is are also found without its
        name, ``credited_impact`` for ``credited_impact_ombud``.
        """
        scenarios = {}
        for position, (name, scenario) in enumerate(zip(self.names, self.scenarios, strict=True)):
            numbers = {
                key: {"median": json_number(one.median), "p10": json_number(one.p10), "p90": json_number(one.p90)}
                for key, one in self.summaries[position].items()
            }
            numbers.update(self._duration_numbers(self.letters[position]))
            scenarios[name] = {
                "name": scenario.name,
                "title": scenario.title,
                "digest": scenario.digest(),
                "measures": numbers | _aliased(numbers, [scenario]),
            }
        pairs = []
        for (a, b), results in self.results.items():
            found = {key: _paired_numbers(one) for key, one in results.items()}
            both = [self.scenarios[a], self.scenarios[b]]
            pairs.append({"a": self.names[a], "b": self.names[b], "measures": found | _aliased(found, both)})
        return {
            "version": package_version(),
            "seed": self.seed,
            "replicates": self.replicates,
            "parameters": dict(self.parameters),
            "scenarios": scenarios,
            "pairs": pairs,
            "parameter_sets": self.parameter_sets.described() if self.parameter_sets else None,
        }

    def _duration_numbers(self, letter: str) -> dict[str, dict[str, float | None]]:
        rows = self.durations
        rows = rows[(rows["scenario"] == letter) & (rows["partner"] == ALL_PARTNERS)]
        return {
            str(row["measure"]): {key: json_number(row[key]) for key in ("median", "p10", "p90")}
            for row in rows.to_dict("records")
        }

    def to_json(self, indent: int | None = 1) -> str:
        """Write `to_dict` as one JSON object."""
        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=False, allow_nan=False)

    def plot(self, measure: str | None = None) -> Any:
        """Draw bands over time and possible futures of a measure, by default the first headline one.

        Returns
        -------
        matplotlib.figure.Figure
        """
        from sim.report.figures import futures

        return futures(self, None if measure is None else self._resolve([measure], series=True)[0])

    def report(self, path: str | Path) -> Path:
        """Write the report: one self-contained HTML page."""
        from sim.report.html import render
        from sim.studies.saving import write

        return write(Path(path), render(self).encode())

    def save(self, folder: str | Path) -> Path:
        """Write tables, figures, report and manifest into a folder; the same run gives the same bytes."""
        from sim.studies.saving import save_comparison

        return save_comparison(self, Path(folder))

    def _repr_html_(self) -> str:
        from sim.report.html import render_fragment

        return render_fragment(self)

    def _resolve(self, measures: Iterable[str], *, series: bool = False) -> tuple[str, ...]:
        known = [*self.measures]
        if series:
            known += [name for ensemble in self.ensembles for name in ensemble.series]
        return _resolve(measures, known, self.scenarios)


def _often_refused(ensemble: Ensemble) -> Iterator[str]:
    """Say which actions could not be done in many worlds: a plan that is not carried out is another plan."""
    for row in ensemble.refusals.to_dict("records"):
        if row["share"] >= OFTEN_REFUSED:
            yield f"{row['label']} was refused in {round(100 * row['share'])} of 100 worlds ({row['reason']})"


def compare(
    scenarios: Sequence[str | Path | Scenario],
    replicates: int = 1000,
    seed: int = 0,
    *,
    parameters: Mapping[str, float] | None = None,
    measures: Iterable[str] | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    parameter_sets: ParameterSets | str | Path | None = SHIPPED,
) -> Comparison:
    """Simulate scenarios in the same worlds and compare them.

    Parameters
    ----------
    scenarios
        Two to six names, paths or scenarios, called A, B ... in this order.
    replicates, seed
        Number of worlds and what chance in them depends on.
    parameters
        Parameter values that differ from the registry, in all scenarios.
    measures
        Ids of outcome measures, default all.
    threads
        Default all; results do not depend on it.
    progress
        Called with worlds done and worlds in all.
    parameter_sets
        Plausible sets of which each world draws one, the same under every plan: "shipped", a file of `sim calibrate`,
        or "none" for the defaults in all. `parameters`, and those of a scenario, win over them.

    Returns
    -------
    Comparison

    Raises
    ------
    InputError
        A scenario, parameter or measure cannot be used.
    """
    from sim.scenarios import Scenario
    from sim.scenarios import scenario as load

    check_number(scenarios)
    # All are read before the first one runs: a typing error should not cost a minute.
    loaded = [item if isinstance(item, Scenario) else load(item) for item in scenarios]
    references = [item.name if isinstance(item, Scenario) else str(item) for item in scenarios]
    return compare_scenarios(
        loaded,
        replicates,
        seed,
        parameters=parameters,
        measures=measures,
        threads=threads,
        progress=progress,
        references=references,
        parameter_sets=parameter_sets,
    )


def compare_scenarios(
    scenarios: Sequence[Scenario],
    replicates: int,
    seed: int,
    *,
    parameters: Mapping[str, float] | None = None,
    measures: Iterable[str] | None = None,
    threads: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    finished: Callable[[Ensemble], None] | None = None,
    references: Sequence[str] | None = None,
    parameter_sets: ParameterSets | str | Path | None = SHIPPED,
) -> Comparison:
    """Compare scenarios that are loaded; ``finished`` gets each ensemble as soon as it is complete."""
    from sim.ensemble import simulate

    total = replicates * len(scenarios)
    sets = sets_of(parameter_sets)
    ensembles = []
    for position, scenario in enumerate(scenarios):
        ensemble = simulate(
            scenario,
            replicates,
            seed,
            parameters=parameters,
            threads=threads,
            progress=_shifted(progress, position * replicates, total),
            parameter_sets=sets,
        )
        if finished is not None:
            finished(ensemble)
        ensembles.append(ensemble)
    return compare_ensembles(ensembles, measures, parameters=parameters, references=references, threads=threads)


def check_number(scenarios: Sequence[object]) -> None:
    """Refuse fewer than two scenarios, and more than can be told apart in a figure."""
    if isinstance(scenarios, (str, Path)) or not 2 <= len(scenarios) <= MOST_SCENARIOS:
        found = 1 if isinstance(scenarios, (str, Path)) else len(scenarios)
        raise InputError(f"scenarios: found {found}, expected 2 to {MOST_SCENARIOS} to compare")


def compare_ensembles(
    ensembles: Sequence[Ensemble],
    measures: Iterable[str] | None = None,
    *,
    parameters: Mapping[str, float] | None = None,
    references: Iterable[str] | None = None,
    threads: int | None = None,
) -> Comparison:
    """Compare ensembles that were simulated before, with the same seed.

    Worlds that only some of them have are left out.

    Raises
    ------
    InputError
        Fewer than two or too many ensembles, different seeds or parameter sets, or an unknown measure.
    """
    check_number(ensembles)
    seeds = {ensemble.seed for ensemble in ensembles}
    if len(seeds) > 1:
        raise InputError(
            f"ensembles: found seeds {', '.join(map(str, sorted(seeds)))}, expected one: only worlds with the "
            "same seed are pairs"
        )
    drawn = {ensemble.parameter_sets.digest if ensemble.parameter_sets else "" for ensemble in ensembles}
    if len(drawn) > 1:
        raise InputError("ensembles: found different parameter sets, expected the same: else worlds are no pairs")
    known = list(dict.fromkeys(str(name) for ensemble in ensembles for name in ensemble.outcomes.columns))
    scenarios = [ensemble.scenario for ensemble in ensembles]
    chosen = tuple(known) if measures is None else _resolve(measures, known, scenarios)
    return Comparison(
        tuple(ensembles),
        chosen,
        dict(parameters or {}),
        tuple(references or (scenario.name for scenario in scenarios)),
        threads,
    )


def _shifted(progress: Callable[[int, int], None] | None, before: int, total: int) -> Callable[[int, int], None] | None:
    if progress is None:
        return None
    return lambda done, _: progress(before + done, total)


def _resolve(measures: Iterable[str], known: Sequence[str], scenarios: Sequence[Scenario]) -> tuple[str, ...]:
    """Turn what was asked for into ids that are there, without doubles."""
    wanted = [measures] if isinstance(measures, str) else list(measures)
    short = _aliased({name: name for name in known}, scenarios)
    found = []
    for name in wanted:
        if name not in known and name not in short:
            close = difflib.get_close_matches(str(name), [*known, *short], n=1)
            hint = f"did you mean {close[0]!r}?" if close else f"expected one of {', '.join(known[:5])} ..."
            raise InputError(f"measures: found {name!r}, {hint}")
        found.append(name if name in known else short[name])
    if not found:
        raise InputError("measures: found none, expected at least one")
    return tuple(dict.fromkeys(found))


def _aliased(found: Mapping[str, Any], scenarios: Sequence[Scenario]) -> dict[str, Any]:
    """Entries that name the initiator and nobody else, under the id without its name."""
    initiators = {scenario.default_initiator for scenario in scenarios}
    initiator = initiators.pop()
    if initiators or initiator is None:
        return {}
    others = {row for scenario in scenarios for row in scenario.organisation_ids} - {initiator}
    short = {}
    for key, value in found.items():
        words = f"_{key}_"
        if f"_{initiator}_" not in words or any(f"_{other}_" in words for other in others):
            continue
        name = words.replace(f"_{initiator}_", "_", 1).strip("_")
        if name and name not in found:
            short[name] = value
    return short


def _paired_numbers(paired: Paired) -> dict[str, Any]:
    return {
        "difference": json_number(paired.difference),
        "low": json_number(paired.low),
        "high": json_number(paired.high),
        "share_b_higher": json_number(paired.share_b_higher),
        "ties": json_number(paired.ties),
        "verdict": paired.verdict,
    }
