"""sim compare: plans in the same worlds."""

# Typer reads the annotations at run time, so this module goes without postponed annotations.

import math
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from sim.cli.console import (
    MOST_REPLICATES,
    MOST_SEED,
    MOST_THREADS,
    Parameters,
    Seed,
    Set,
    Sets,
    Stopped,
    Threads,
    announce,
    app,
    folder_of,
    overrides_of,
    print_wide,
    progress_bar,
    table_of,
    whole,
)
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.analysis.comparison.answer import Comparison
    from sim.analysis.comparison.words import Told
    from sim.ensemble import Ensemble


#: Worlds unless asked, and with --deep.
WORLDS, DEEP = 1_000, 20_000


@app.command("compare")
def compare(
    scenarios: Annotated[
        list[str], typer.Argument(metavar="A B [C ...]", help="Two to eight names or paths of scenarios.")
    ],
    replicates: Annotated[int, typer.Option("--replicates", help="Paired worlds in each scenario.")] = WORLDS,
    seed: Seed = 0,
    changed: Set = None,
    parameters: Parameters = None,
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--out", metavar="DIR", help="Folder to write to, default results/<a>-vs-<b>."),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object and nothing else; no folder unless --out.")
    ] = False,
    threads: Threads = None,
    parameter_sets: Sets = "shipped",
    measures: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--measure", metavar="ID", help="Measure to judge in place of the usual; the first is the goal."),
    ] = None,
    matters: Annotated[
        Optional[list[str]],  # noqa: UP045
        typer.Option("--matters", metavar="ID=VALUE", help="Smallest difference of a measure that matters."),
    ] = None,
    weeks: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option("--weeks", help="Compare the first weeks only, as many as all plans have."),
    ] = None,
    deep: Annotated[
        bool, typer.Option("--deep", help=f"Spend {DEEP:,} worlds, to find what the answer hangs on.")
    ] = False,
    csv: Annotated[
        str, typer.Option("--csv", metavar="KIND", help="Tables: plain, nordic (semicolons, decimal commas) or xlsx.")
    ] = "plain",
    language: Annotated[str, typer.Option("--language", metavar="CODE", help="Of the answer and the brief.")] = "en",
) -> None:
    """Compare plans in the same worlds: the answer, a brief, tables and a report."""
    replicates = DEEP if deep and replicates == WORLDS else replicates
    whole("--replicates", replicates, 1, MOST_REPLICATES, "worlds")
    whole("--seed", seed, 0, MOST_SEED)
    if threads is not None:
        whole("--threads", threads, 1, MOST_THREADS)
    overrides = overrides_of(changed, parameters)
    from sim.analysis.asked import one_of
    from sim.analysis.comparison.answer import check_number, compare_scenarios
    from sim.analysis.comparison.folder import CSV
    from sim.observe.measures import outcome_ids
    from sim.parameters.sets import sets_of
    from sim.scenarios import scenario as load
    from sim.words.language import LANGUAGES

    sets = sets_of(parameter_sets)
    check_number(scenarios)
    one_of(csv, CSV, "--csv", "a kind of table")
    one_of(language, LANGUAGES, "--language", "a language")
    loaded = [load(item) for item in scenarios]
    if weeks is not None:
        whole("--weeks", weeks, 1, min(one.weeks for one in loaded), "weeks that all plans have")
        loaded = [one.replace(weeks=weeks) for one in loaded]
    given = _matters_of(matters)
    for name in (*given, *(measures or ())):
        one_of(name, outcome_ids(loaded[0]), "--measure" if name in (measures or ()) else "--matters", "a measure")
    target = out
    if out is None and not json:
        target = Path("results") / "-vs-".join(item.name for item in loaded)
    folder = folder_of(target)
    announce()
    finished: list[Ensemble] = []
    try:
        with progress_bar("worlds") as report:
            comparison = compare_scenarios(
                loaded,
                replicates,
                seed,
                parameters=overrides,
                threads=threads,
                progress=report,
                finished=finished.append,
                references=scenarios,
                parameter_sets=sets,
                headline=measures or (),
                matters=given,
            )
        if json:
            typer.echo(comparison.to_json())
        else:
            _show_comparison(comparison, language)
        if folder is not None:
            comparison.save(folder, csv=csv, language=language)
    except KeyboardInterrupt:
        if folder is not None and finished:
            from sim.analysis.comparison.folder import save_outcomes

            save_outcomes(finished, folder)
            names = ", ".join(ensemble.scenario.name for ensemble in finished)
            raise Stopped(f"outcomes of {names} kept in {folder}") from None
        raise
    if folder is not None and not json:
        typer.echo(f"\nbrief: {folder / 'brief.html'}\nreport: {folder / 'report.html'}")


def _unsettled(told: "Told") -> "list[str]":
    """Say what is known of the goal, and of what is undecided or rare."""
    from sim.statistics import Verdict
    from sim.words.numbers import capital

    compared, found = told.compared, []
    for (_, b), results in compared.results.items():
        for name in compared.headline if len(compared.results) == 1 else (compared.goal,):
            row = results.get(name)
            if row is not None and row.verdict in (Verdict.UNDECIDED, Verdict.RARE):
                lead = f"{compared.letters[b]}, " if len(compared.results) > 1 else ""
                judged = told.verdict(name, b)
                advice = judged.evidence[-1:] if row.verdict is Verdict.UNDECIDED else judged.evidence[:1]
                found.append(" ".join([f"{capital(lead + told.label(name))}: {judged.short}", *advice]))
    return found


def _matters_of(given: "list[str] | None") -> "dict[str, float]":
    """Read --matters ID=VALUE."""
    found: dict[str, float] = {}
    for text in given or ():
        name, _, value = text.partition("=")
        try:
            number = float(value)
        except ValueError:
            number = -1.0
        if not (math.isfinite(number) and number >= 0.0):
            raise InputError(f"--matters: found {text!r}, expected a measure and a number from 0, as goal_share=0.01")
        found[name] = number
    return found


def _show_comparison(comparison: "Comparison", language: str) -> None:
    from sim.analysis.comparison.page import glance
    from sim.analysis.comparison.words import Told
    from sim.provenance import sets_in_words

    told = Told(comparison, language)
    for letter, scenario in zip(comparison.letters, comparison.scenarios, strict=True):
        typer.echo(f"{letter}  {scenario.name}: {told.words.scenario(scenario)}")
    worlds = "1 world" if comparison.replicates == 1 else f"{comparison.replicates:,} worlds"
    typer.echo(f"{worlds}, seed {comparison.seed}\n")
    for sentence in told.answer():
        typer.echo(sentence)
    typer.echo("")
    # Where the terminal is narrow, the report tells the counts.
    wide = not sys.stdout.isatty() or shutil.get_terminal_size().columns >= 120
    several = len(comparison.ensembles) > 2
    heads = ["measure", "A median"]
    for letter, front in zip(comparison.letters[1:], comparison.front[1:], strict=True):
        if several:
            heads.append(f"{letter} - A{' *' if front else ''}")
        else:
            heads += ["B median", "B - A", *(["better in, of 100 worlds"] if wide else []), "verdict"]
    table = table_of(*heads)
    for line in glance(comparison):
        row = [f"{line.label} ({line.unit})" if line.unit else line.label, line.first[0]]
        for cell in line.cells:
            if several:
                row.append("" if cell is None else f"{cell.difference}  {cell.word}")
            elif cell is not None:
                interval = f" ({cell.interval})" if cell.interval else ""
                row += [cell.spread[0], cell.difference + interval, *([cell.counts] if wide else []), cell.word]
        table.add_row(*row)
    print_wide(table)
    if several:
        typer.echo(told.words("brief.front"))
    typer.echo("")
    for sentence in _unsettled(told):
        typer.echo(sentence)
    for sentence in told.hangs():
        typer.echo(sentence)
    if comparison.cost_sentence():
        typer.echo(comparison.cost_sentence())
    for text in comparison.caveats():
        typer.echo(f"Note: {text}.")
    typer.echo(f"Parameters: {sets_in_words(comparison.parameter_sets)}.")
