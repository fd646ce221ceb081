"""The command line.

What is heavy is imported inside the commands, so that help is there at once. Whatever a user gets wrong ends in one
line on standard error and exit code 2; Ctrl-C ends in one line and exit code 130, and keeps finished work.
"""

# Typer reads the annotations at run time, so this module goes without postponed annotations.

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from sim.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from sim.ensemble import Ensemble
    from sim.parameters import Parameter
    from sim.scenarios import Scenario
    from sim.studies.compare import Comparison

__all__ = ["app", "main"]

MOST_REPLICATES = 1_000_000
MOST_SEED = 2**32 - 1
MOST_THREADS = 1024
BAD_INPUT = 2
INTERRUPTED = 130
BROKEN_PIPE = 1  # as typer and rich end when a reader has gone

app = typer.Typer(
    name="sim",
    help="What happens when an equality ombud, NGOs, employer federations and firms win, lose and regain each other as "
    "partners.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
scenarios_app = typer.Typer(help="List the scenarios that come with the package, show one, or check a file.")
app.add_typer(scenarios_app, name="scenarios")

Seed = Annotated[int, typer.Option("--seed", help="What chance depends on: a whole number from 0.")]
Set = Annotated[
    Optional[list[str]],  # noqa: UP045 - typer reads this form in all its versions
    typer.Option("--set", metavar="NAME=VALUE", help="Give a parameter another value; may be repeated."),
]
Threads = Annotated[
    Optional[int],  # noqa: UP045
    typer.Option("--threads", help="Threads to use, default all. Results do not depend on it."),
]


# ---------------------------------------------------------------------- commands


def _version(wanted: bool) -> None:
    if wanted:
        from importlib import metadata

        try:
            found = metadata.version("partnership-dynamics")
        except metadata.PackageNotFoundError:
            found = "unknown"
        typer.echo(f"sim {found}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", help="Say the version and stop.", is_eager=True, callback=_version)
    ] = False,
) -> None:
    pass


@scenarios_app.callback(invoke_without_command=True)
def list_scenarios(context: typer.Context) -> None:
    """List the scenarios that come with the package."""
    if context.invoked_subcommand is not None:
        return
    from rich.table import Table

    from sim.scenarios import catalogue, scenario

    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in ("name", "from", "weeks"):
        table.add_column(heading, no_wrap=True)
    table.add_column("question")
    for name in catalogue():
        found = scenario(name)
        table.add_row(name, str(found.start), str(found.weeks), found.question)
    _print(table)


@scenarios_app.command("show")
def show_scenario(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name or path of a scenario.")],
    toml: Annotated[bool, typer.Option("--toml", help="Write it as a complete file, parents merged in.")] = False,
) -> None:
    """Show who is in a scenario, and its plan in words."""
    from sim.scenarios import scenario

    found = scenario(name)
    if toml:
        typer.echo(found.to_toml().rstrip("\n"))
        return
    for line in _scenario_lines(found):
        typer.echo(line)


@scenarios_app.command("check")
def check_scenario(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Path of a scenario file, or a name.")],
) -> None:
    """Check a file, and warn of a plan that cannot do what it seems to want."""
    from sim.scenarios import scenario, warnings

    found = scenario(file)
    for text in warnings(found):
        typer.echo(f"warning: {text}")
    actions = "1 action" if len(found.plan) == 1 else f"{len(found.plan)} actions"
    typer.echo(f"ok: {found.name}, {len(found.organisation)} organisations, {actions}, {found.weeks} weeks")


@scenarios_app.command("verbs")
def verbs(
    name: Annotated[
        Optional[str],  # noqa: UP045
        typer.Argument(metavar="[NAME]", help="One verb, with all its arguments."),
    ] = None,
) -> None:
    """List what a plan can do, or show one verb with its arguments and price."""
    from sim.plan.verbs import COSTS, Verb
    from sim.scenarios import VERBS
    from sim.scenarios.guide import argument_lines, find_verb, verb_summary

    if name is None:
        for verb, model in VERBS.items():
            typer.echo(f"{verb:18} {verb_summary(model)}")
        typer.echo("sim scenarios verbs NAME shows the arguments of one.")
        return
    model = find_verb(name)
    hours, eur = COSTS[Verb[name.upper()]]
    typer.echo(f"{name}: {verb_summary(model)}")
    typer.echo(f"takes {hours:g} hours and {eur:,.0f} EUR unless the plan says otherwise (hours, cost)")
    for line in argument_lines(model):
        typer.echo(f"  {line}")


@scenarios_app.command("conditions")
def conditions() -> None:
    """List what the condition of an action may read."""
    from sim.scenarios.guide import condition_lines

    for written, unit, meaning in condition_lines():
        typer.echo(f"{written:28} {unit:12} {meaning}")
    typer.echo("a, b: organisations; with one left out the first is the initiator. Compare with < <= > >= == !=,")
    typer.echo("combine with and, or, not and parentheses; words and days in single quotes.")


@app.command("parameters")
def parameters(
    name: Annotated[
        Optional[str],  # noqa: UP045
        typer.Argument(metavar="[NAME]", help="One parameter, by name or symbol."),
    ] = None,
) -> None:
    """List all parameters by group, or show one in full."""
    from rich.table import Table

    from sim.parameters import GROUPS, REGISTRY

    if name is not None:
        _show_parameter(_find_parameter(name))
        return
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("parameter", no_wrap=True)
    table.add_column("default", justify="right", no_wrap=True)
    table.add_column("range (unit)")
    table.add_column("meaning")
    for group in GROUPS:
        table.add_row(f"[bold]{group}[/bold]")
        for row in REGISTRY.values():
            if row.group == group:
                mark = " *" if row.core else ""
                table.add_row(f"  {row.name}{mark}", f"{row.default:g}", row.range_text, row.meaning)
    _print(table)
    typer.echo("* core: varied in the global sensitivity analysis")


@app.command("run")
def run(
    scenario: Annotated[str, typer.Argument(metavar="SCENARIO", help="Name or path of a scenario.")],
    seed: Seed = 0,
    weeks: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option("--weeks", help="Stop after so many weeks, default as in the scenario."),
    ] = None,
    changed: Set = None,
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--out", metavar="DIR", help="Folder for story, events, series and outcomes."),
    ] = None,
) -> None:
    """Tell the story of one world, week by week, and how it ends."""
    _whole("--seed", seed, 0, MOST_SEED)
    if weeks is not None:
        _whole("--weeks", weeks, 1, 5200)
    overrides = _overrides(changed)
    from sim.scenarios import scenario as load

    found = load(scenario)
    if weeks is not None:
        found = found.replace(weeks=weeks)
    folder = _folder(out)
    _announce()
    from sim.ensemble import simulate
    from sim.observe.story import story

    told = story(found, seed=seed, replicate=0, parameters=overrides)
    ensemble = simulate(found, 1, seed, parameters=overrides)
    typer.echo(f"{found.title or found.name}: one world, seed {seed}")
    year = None
    for line in told.lines:
        if line.date.year != year:
            year = line.date.year
            typer.echo(f"\n{year}")
        typer.echo(_wrapped(f"{line.date:%d %b}  ", line.text))
    typer.echo("\nHow it ended")
    for label, value in _headline(ensemble):
        typer.echo(f"  {label}: {value}")
    typer.echo("One world is an anecdote: compare plans over many worlds with sim compare.")
    if folder is not None:
        _save_run(told, ensemble, folder, seed, overrides)
        typer.echo(f"written to {folder}")


@app.command("compare")
def compare(
    scenarios: Annotated[
        list[str], typer.Argument(metavar="A B [C ...]", help="Two to six names or paths of scenarios.")
    ],
    replicates: Annotated[int, typer.Option("--replicates", help="Paired worlds in each scenario.")] = 1000,
    seed: Seed = 0,
    changed: Set = None,
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--out", metavar="DIR", help="Folder to write to, default results/<a>-vs-<b>."),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object and nothing else; no folder unless --out.")
    ] = False,
    threads: Threads = None,
) -> None:
    """Compare plans in the same worlds: verdicts, a table and a report."""
    _whole("--replicates", replicates, 1, MOST_REPLICATES, "worlds")
    _whole("--seed", seed, 0, MOST_SEED)
    if threads is not None:
        _whole("--threads", threads, 1, MOST_THREADS)
    overrides = _overrides(changed)
    from sim.scenarios import scenario as load
    from sim.studies.compare import check_number, compare_scenarios

    check_number(scenarios)
    loaded = [load(item) for item in scenarios]
    target = out
    if out is None and not json:
        target = Path("results") / "-vs-".join(item.name for item in loaded)
    folder = _folder(target)
    _announce()
    finished: list[Ensemble] = []
    try:
        with _progress("worlds") as report:
            comparison = compare_scenarios(
                loaded,
                replicates,
                seed,
                parameters=overrides,
                threads=threads,
                progress=report,
                finished=finished.append,
                references=scenarios,
            )
        if json:
            typer.echo(comparison.to_json())
        else:
            _show_comparison(comparison)
        if folder is not None:
            comparison.save(folder)
    except KeyboardInterrupt:
        if folder is not None and finished:
            from sim.studies.saving import save_outcomes

            save_outcomes(finished, folder)
            names = ", ".join(ensemble.scenario.name for ensemble in finished)
            raise _Stopped(f"outcomes of {names} kept in {folder}") from None
        raise
    if folder is not None and not json:
        typer.echo(f"\nreport: {folder / 'report.html'}")


@app.command("validate")
def validate(
    replicates: Annotated[int, typer.Option("--replicates", help="Worlds for each check.")] = 400,
    patterns: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--patterns", metavar="P01,P02", help="Only these patterns, default all."),
    ] = None,
    case: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--case", help="Only the patterns of one case."),
    ] = None,
    seed: Seed = 0,
    changed: Set = None,
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--out", metavar="DIR", help="Write the table as text, JSON and figure to this folder."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Hold the model against the patterns it should show; exit code 1 if one fails."""
    _whole("--replicates", replicates, 1, MOST_REPLICATES, "worlds")
    _whole("--seed", seed, 0, MOST_SEED)
    overrides = _overrides(changed)
    folder = _folder(out)
    _announce()
    from rich.table import Table

    from sim.report.figures import as_png
    from sim.report.validation import validation_figure, validation_json, validation_table
    from sim.studies.saving import write
    from sim.studies.validate import validate as check

    wanted = [word.strip() for word in patterns.split(",") if word.strip()] if patterns else None
    with _progress("checks") as report:
        rows = check(replicates, wanted, case, seed=seed, parameters=overrides, progress=report)
    document = validation_json(rows, seed=seed, replicates=replicates, parameters=overrides)
    if folder is not None:
        write(folder / "validation.json", document.encode())
        write(folder / "validation.md", validation_table(rows).encode())
        write(folder / "validation.png", as_png(validation_figure(rows)))
    if json:
        typer.echo(document)
        raise typer.Exit(0 if all(row.passed for row in rows) else 1)
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for heading in ("id", "check", "value", "90 % interval", "expected", "result"):
        table.add_column(heading)
    for row in rows:
        interval = f"{row.low:.3g} to {row.high:.3g}"
        table.add_row(
            row.id,
            row.check,
            f"{row.value:.3g}",
            interval,
            str(row.threshold),
            "ok" if row.passed else "FAILED",
        )
    _print(table)
    failed = sum(not row.passed for row in rows)
    typer.echo(f"{len(rows) - failed} of {len(rows)} checks passed")
    if folder is not None:
        typer.echo(f"written to {folder}")
    if failed:
        raise typer.Exit(1)


# ---------------------------------------------------------------------- entry


class _Stopped(Exception):  # noqa: N818 - not an error
    """Ctrl-C, with what was kept; typer swallows a KeyboardInterrupt and its text."""


def main() -> None:
    """Run the command line and end the process with its exit code."""
    sys.exit(_run(sys.argv[1:]))


def _run(arguments: "list[str]") -> int:
    try:
        result = app(arguments, prog_name="sim", standalone_mode=False)
        sys.stdout.flush()
    except InputError as error:
        return _fail(str(error))
    except BrokenPipeError:
        # The reader has gone; Python would complain once more when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except _Stopped as stopped:
        _say(f"stopped: {stopped}")
        return INTERRUPTED
    except (KeyboardInterrupt, typer.Abort):
        result = INTERRUPTED
    except OSError as error:
        if error.filename is None:
            raise
        return _fail(f"{error.filename}: {error.strerror}")
    except Exception as error:
        return _usage(error)
    if result == INTERRUPTED:
        _say("stopped")
    return result if isinstance(result, int) else 0


def _usage(error: Exception) -> int:
    """Say what was wrong with the command itself; anything else is a bug and keeps its traceback."""
    # Known by name: newer versions of typer bring a copy of click along, older ones use click.
    kinds = {kind.__name__ for kind in type(error).__mro__}
    message: Any = getattr(error, "format_message", None)
    if "ClickException" not in kinds or message is None:
        raise error
    if "NoArgsIsHelpError" in kinds:
        typer.echo(message())
        return 0
    return _fail(message())


def _fail(text: str) -> int:
    _say("error: " + " ".join(text.split()))
    return BAD_INPUT


def _say(text: str) -> None:
    typer.echo(text, err=True)


# ---------------------------------------------------------------------- input


def _whole(option: str, value: int, low: int, high: int, of: str = "") -> None:
    if not low <= value <= high:
        expected = f"a whole number{' of ' + of if of else ''} from {low:,} to {high:,}"
        raise InputError(f"{option}: found {value}, expected {expected}")


def _overrides(changed: "Iterable[str] | None") -> "dict[str, float]":
    if not changed:
        return {}
    from sim.parameters import parameter_record, parse_override

    found: dict[str, float] = {}
    for text in changed:
        name, value = parse_override(text)
        if name in found:
            raise InputError(f"--set: {name} is given twice, expected one value")
        found[name] = value
    parameter_record(found, where="--set")  # two values may contradict each other
    return found


def _folder(out: "Path | None") -> "Path | None":
    if out is None:
        return None
    if str(out) in ("", "."):
        raise InputError("--out: found no name or the current folder, expected a folder of its own")
    from sim.studies.saving import prepare_folder

    return prepare_folder(out)


def _find_parameter(name: str) -> "Parameter":
    import difflib

    from sim.parameters import REGISTRY

    if name in REGISTRY:
        return REGISTRY[name]
    by_symbol = [row for row in REGISTRY.values() if row.symbol == name]
    if len(by_symbol) == 1:
        return by_symbol[0]
    close = [row.name for row in by_symbol] or difflib.get_close_matches(name, REGISTRY, n=3, cutoff=0.4)
    hint = f"did you mean {' or '.join(close)}?" if close else "sim parameters lists them"
    raise InputError(f"parameters: found {name!r}, {hint}")


# ---------------------------------------------------------------------- output


def _print(thing: Any) -> None:
    """Print for people: as wide as the terminal, or wide enough for a file."""
    from rich.console import Console

    console = Console(highlight=False, soft_wrap=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=160)
    console.print(thing)


def _wrapped(date: str, text: str) -> str:
    """Break a line of a story where the terminal ends, under its first word; a file gets whole lines."""
    import textwrap

    if not sys.stdout.isatty():
        return f"  {date}{text}"
    width = max(50, min(110, shutil.get_terminal_size().columns))
    indent = " " * (len(date) + 2)
    return textwrap.fill(text, width, initial_indent=f"  {date}", subsequent_indent=indent)


def _announce() -> None:
    """Say so before the first run compiles the rules."""
    from sim.compiled import is_warm

    if not is_warm():
        _say("compiling the rules, first run only ...")


class _progress:  # noqa: N801 - reads as a verb where it is used
    """Progress bar on standard error, with the time that is left; silent where nobody watches."""

    def __init__(self, of: str) -> None:
        self.of = of
        self.bar: Any = None
        self.task: Any = None

    def __enter__(self) -> "Callable[[int, int], None]":
        if not sys.stderr.isatty():
            return lambda done, total: None
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (BarColumn(), MofNCompleteColumn(), TextColumn(self.of), TimeRemainingColumn())
        self.bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self.task = self.bar.add_task("", total=None)
        self.bar.start()
        return lambda done, total: self.bar.update(self.task, completed=done, total=total)

    def __exit__(self, *_: object) -> None:
        if self.bar is not None:
            self.bar.stop()


def _scenario_lines(found: "Scenario") -> "Iterator[str]":
    from sim.report.plans import in_words, when_text
    from sim.scenarios import warnings

    yield found.title or found.name
    if found.question:
        yield found.question
    if found.source:
        yield f"Source: {found.source}"
    yield f"From {found.start}, {found.weeks} weeks, {found.firms.number:,} firms, topic {found.topic}"
    yield "\nOrganisations"
    for row in found.organisation:
        name = f" ({row.name})" if row.name and row.name != row.id else ""
        yield f"  {row.id}{name}: {row.type}{', flagship' if row.flagship else ''}"
    if found.partnership:
        yield "\nPartnerships at the start"
        for pair in found.partnership:
            yield f"  {' and '.join(pair.members)}: {pair.state}, {pair.visibility}"
    yield "\nPlan"
    for action in found.plan:
        yield f"  {when_text(action, found)}: {in_words(action, found)}"
    if not found.plan:
        yield "  no actions"
    if found.parameters:
        yield "\nParameters changed"
        for name, value in found.parameters.items():
            yield f"  {name} = {value:g}"
    for text in found.assumptions:
        yield f"Assumption: {text}"
    for text in warnings(found):
        yield f"Warning: {text}"


def _show_parameter(row: "Parameter") -> None:
    symbol = f" ({row.symbol})" if row.symbol != row.name else ""
    typer.echo(f"{row.name}{symbol}: {row.meaning}")
    for label, text in (
        ("default", f"{row.default:g}"),
        ("range", row.range_text),
        ("unit", row.unit),
        ("source", row.source),
        ("confidence", row.confidence),
        ("group", row.group),
        ("core", "yes, varied in the global sensitivity analysis" if row.core else "no"),
    ):
        typer.echo(f"  {label}: {text}")


def _headline(ensemble: "Ensemble") -> "Iterator[tuple[str, str]]":
    from sim.observe.measures import HEADLINE, measure
    from sim.studies.wording import amount, capital

    for name in HEADLINE:
        if name in ensemble.outcomes:
            about = measure(name)
            yield capital(about.label), amount(float(ensemble.outcomes[name].iloc[0]), about.unit)


def _save_run(told: Any, ensemble: "Ensemble", folder: Path, seed: int, overrides: "dict[str, float]") -> None:
    import pandas as pd

    from sim.studies.provenance import manifest
    from sim.studies.saving import as_csv, as_json, write

    write(folder / "story.txt", (told.text().rstrip("\n") + "\n").encode())
    write(folder / "events.csv", as_csv(told.events))
    series = pd.DataFrame({name: values[0] for name, values in ensemble.series.items()})
    series.insert(0, "date", [f"{date:%Y-%m-%d}" for date in ensemble.dates])
    series.insert(0, "week", range(len(series)))
    write(folder / "series.csv", as_csv(series))
    write(folder / "outcomes.csv", as_csv(ensemble.outcomes.reset_index(names="replicate")))
    described = manifest([ensemble.scenario], seed=seed, replicates=1, parameters=overrides)
    write(folder / "manifest.json", as_json(described))


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

    from sim.report.html import glance

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
        _print(table)
        typer.echo(f"\n{found['short']}")
        _say_verdicts(found["lines"], found["sentences"])
    for text in comparison.caveats():
        typer.echo(f"Note: {text}.")
