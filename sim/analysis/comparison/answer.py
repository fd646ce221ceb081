"""Compare plans in the same worlds: what differs, how surely, and in how many worlds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.analysis.comparison.brief import write_brief
from sim.analysis.comparison.figures import futures
from sim.analysis.comparison.folder import save_comparison
from sim.analysis.comparison.numbers import Compared
from sim.analysis.comparison.page import render, render_fragment
from sim.analysis.comparison.tables import document, pairs_table, summary_table
from sim.analysis.comparison.words import Told, caveats, cost_sentence
from sim.ensemble import simulate
from sim.errors import InputError
from sim.files import write
from sim.parameters.sets import SHIPPED, sets_of
from sim.scenarios import Scenario
from sim.scenarios import scenario as load
from sim.scenarios.explain import nearest
from sim.words.language import ENGLISH
from sim.words.numbers import capital

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pandas as pd

    from sim.ensemble import Ensemble
    from sim.parameters.sets import ParameterSets

MOST_SCENARIOS = 8


class Comparison(Compared):
    """Two or more scenarios over the same worlds: numbers, sentences, figures, report and files.

    Scenarios are called A, B, C ... in the order given. A difference is always a later scenario minus the first one,
    world by world.
    """

    def __repr__(self) -> str:
        return f"<Comparison of {', '.join(self.names)}: {self.replicates} paired worlds, seed {self.seed}>"

    def answer(self, language: str = ENGLISH) -> list[str]:
        """Say the trade-off in plain words: the goal first, then what else differs by more than matters."""
        return Told(self, language).answer()

    def sentences(self, measures: Iterable[str] | None = None, language: str = ENGLISH) -> list[str]:
        """Say the verdict on each later scenario in each measure (default: the headline ones), a line each."""
        wanted = self.headline if measures is None else self._resolve(measures)
        return [
            self.sentence(name, pair, language)
            for pair, results in self.results.items()
            for name in wanted
            if name in results
        ]

    def sentence(self, measure: str, pair: tuple[int, int] = (0, 1), language: str = ENGLISH) -> str:
        """Say the verdict in one measure on a later scenario against the first one, and what it rests on."""
        told = Told(self, language)
        judged = told.verdict(measure, pair[1])
        label = capital(told.label(measure))
        return " ".join([f"{label}: {judged.short}", *judged.evidence])

    def what_it_hangs_on(self, language: str = ENGLISH) -> list[str]:
        """Say which uncertain values turn the difference, and which are worth finding out first."""
        return Told(self, language).hangs()

    def table(self) -> pd.DataFrame:
        """Summaries: one row a measure and scenario."""
        return summary_table(self)

    def pairs(self) -> pd.DataFrame:
        """Paired results: one row a later scenario and measure, with the verdict in the words of the page."""
        return pairs_table(self)

    def to_dict(self) -> dict[str, Any]:
        """Everything that matters as plain numbers and texts; missing numbers are None."""
        return document(self)

    def cost_sentence(self) -> str:
        """What a further year with the measures costs under each plan; empty where the case is about something else."""
        return cost_sentence(self)

    def caveats(self) -> list[str]:
        """What a reader has to know before believing the numbers."""
        return caveats(self)

    def to_json(self, indent: int | None = 1) -> str:
        """Write `to_dict` as one JSON object."""
        return json.dumps(self.to_dict(), indent=indent, ensure_ascii=False, allow_nan=False)

    def plot(self, measure: str | None = None) -> Any:
        """Draw bands over time and possible futures of a measure, by default the first headline one.

        Returns
        -------
        matplotlib.figure.Figure
        """
        return futures(self, None if measure is None else self._resolve([measure], series=True)[0])

    def brief(self, path: str | Path, language: str = ENGLISH) -> Path:
        """Write the decision brief: one page (A4) of HTML, or of Word where the path ends in .docx."""
        return write_brief(self, Path(path), language)

    def report(self, path: str | Path) -> Path:
        """Write the report: one self-contained HTML page."""
        return write(Path(path), render(self).encode())

    def save(self, folder: str | Path, *, csv: str = "plain", language: str = ENGLISH) -> Path:
        """Write brief, report, tables, figures and manifest into a folder; the same run gives the same bytes.

        ``csv="nordic"`` writes tables with semicolons and decimal commas.
        """
        return save_comparison(self, Path(folder), csv, language)

    def _repr_html_(self) -> str:
        return render_fragment(self)

    def _resolve(self, measures: Iterable[str], *, series: bool = False) -> tuple[str, ...]:
        known = [*self.measures]
        if series:
            known += [name for ensemble in self.ensembles for name in ensemble.series]
        return _resolve(measures, known)


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
    headline: Iterable[str] = (),
    matters: Mapping[str, float] | None = None,
) -> Comparison:
    """Simulate scenarios in the same worlds and compare them.

    Parameters
    ----------
    scenarios
        Two to eight names, paths or scenarios, called A, B ... in this order.
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
    headline
        Measures that get a verdict in place of those of the first scenario, the goal measure first.
    matters
        Smallest differences that matter, by measure, in place of those of the first scenario.

    Returns
    -------
    Comparison

    Raises
    ------
    InputError
        A scenario, parameter or measure cannot be used.
    """
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
        headline=headline,
        matters=matters,
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
    headline: Iterable[str] = (),
    matters: Mapping[str, float] | None = None,
) -> Comparison:
    """Compare scenarios that are loaded; ``finished`` gets each ensemble as soon as it is complete."""
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
    return compare_ensembles(
        ensembles,
        measures,
        parameters=parameters,
        references=references,
        threads=threads,
        headline=headline,
        matters=matters,
    )


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
    headline: Iterable[str] = (),
    matters: Mapping[str, float] | None = None,
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
    chosen = tuple(known) if measures is None else _resolve(measures, known)
    asked = _resolve(headline, known) if headline else ()
    for name in asked:
        if not any(name in one.outcomes and one.outcomes[name].notna().any() for one in ensembles):
            raise InputError(f"measures: found {name!r}, which no world of these scenarios has, expected another one")
    return Comparison(
        tuple(ensembles),
        chosen,
        dict(parameters or {}),
        tuple(references or (scenario.name for scenario in scenarios)),
        threads,
        {name: float(value) for name, value in (matters or {}).items() if _resolve([name], known)},
        asked,
    )


def _shifted(progress: Callable[[int, int], None] | None, before: int, total: int) -> Callable[[int, int], None] | None:
    if progress is None:
        return None
    return lambda done, _: progress(before + done, total)


def _resolve(measures: Iterable[str], known: Sequence[str]) -> tuple[str, ...]:
    """Return the ids that were asked for, without doubles."""
    wanted = [measures] if isinstance(measures, str) else list(measures)
    for name in wanted:
        if name not in known:
            raise InputError(
                f"measures: found {name!r}, expected one of {', '.join(known[:5])} ...{nearest(name, list(known))}"
            )
    if not wanted:
        raise InputError("measures: found none, expected at least one")
    return tuple(dict.fromkeys(wanted))
