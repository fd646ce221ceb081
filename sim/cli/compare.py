"""sim compare: plans in the same worlds."""

# Typer reads the annotations at run time, so this module goes without postponed annotations.

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

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
    whole,
)

if TYPE_CHECKING:
    from sim.analysis.comparison.answer import Comparison
    from sim.ensemble import Ensemble


@app.command("compare")
def compare(
    scenarios: Annotated[
        list[str], typer.Argument(metavar="A B [C ...]", help="Two to six names or paths of scenarios.")
    ],
    replicates: Annotated[int, typer.Option("--replicates", help="Paired worlds in each scenario.")] = 1000,
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
) -> None:
    """Compare plans in the same worlds: verdicts, a table and a report."""
    whole("--replicates", replicates, 1, MOST_REPLICATES, "worlds")
    whole("--seed", seed, 0, MOST_SEED)
    if threads is not None:
        whole("--threads", threads, 1, MOST_THREADS)
    overrides = overrides_of(changed, parameters)
    from sim.analysis.comparison.answer import check_number, compare_scenarios
    from sim.parameters.sets import sets_of
    from sim.scenarios import scenario as load

    sets = sets_of(parameter_sets)
    check_number(scenarios)
    loaded = [load(item) for item in scenarios]
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
            )
        if json:
            typer.echo(comparison.to_json())
        else:
            _show_comparison(comparison)
        if folder is not None:
            comparison.save(folder)
    except KeyboardInterrupt:
        if folder is not None and finished:
            from sim.analysis.comparison.folder import save_outcomes

            save_outcomes(finished, folder)
            names = ", ".join(ensemble.scenario.name for ensemble in finished)
            raise Stopped(f"outcomes of {names} kept in {folder}") from None
        raise
    if folder is not None and not json:
        typer.echo(f"\nreport: {folder / 'report.html'}")


def _say_verdicts(lines: "list[Any]", sentences: "list[str]") -> None:
    """Say the first verdict and all that are settled in full; only name what is undecided or identical."""
    rest: dict[str, list[str]] = {"undecided": [], "identical": []}
    for place, (line, text) in enumerate(zip(lines, sentences, strict=True)):
        if place == 0 or line.verdict not in rest:
            typer.echo(text)
        else:
            rest[line.verdict].append(line.label[:1].lower() + line.label[1:])
    for verdict, labels in rest.items():
        if labels:
            typer.echo(f"{verdict.capitalize()}: {', '.join(labels)}.")


def _show_comparison(comparison: "Comparison") -> None:
    from rich.table import Table

    from sim.analysis.comparison.page import glance
    from sim.provenance import sets_in_words

    for letter, scenario in zip(comparison.letters, comparison.scenarios, strict=True):
        typer.echo(f"{letter}  {scenario.name}: {scenario.title}")
    worlds = "1 world" if comparison.replicates == 1 else f"{comparison.replicates:,} worlds"
    typer.echo(f"{worlds}, seed {comparison.seed}")
    for pair in comparison.results:
        found = glance(comparison, pair)
        a, b = found["a"], found["b"]
        table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
        # Where the terminal is narrow, the sentences below tell the counts.
        wide = not sys.stdout.isatty() or shutil.get_terminal_size().columns >= 120
        counts = ("better in, of 100 worlds",) if wide else ()
        table.add_column("measure")
        for heading in (f"{a} median", f"{b} median", f"{b} - {a} (95 %)", *counts, "verdict"):
            table.add_column(heading)
        for line in found["lines"]:
            label = f"{line.label} ({line.unit})" if line.unit else line.label
            interval = f" ({line.interval})" if line.interval else ""
            cells = (line.a[0], line.b[0], line.difference + interval)
            table.add_row(label, *cells, *([line.counts] if wide else []), line.verdict)
        typer.echo("")
        print_wide(table)
        typer.echo(f"\n{found['short']}")
        _say_verdicts(found["lines"], found["sentences"])
    if comparison.cost_sentence():
        typer.echo(comparison.cost_sentence())
    for text in comparison.caveats():
        typer.echo(f"Note: {text}.")
    typer.echo(f"Parameters: {sets_in_words(comparison.parameter_sets)}.")
