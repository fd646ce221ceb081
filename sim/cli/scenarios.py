"""sim scenarios: list, show, check and start scenarios, the lessons they answer, and what a plan can say."""

# Typer reads the annotations at run time, so this module goes without postponed annotations.

import shutil
import sys
import textwrap
from typing import TYPE_CHECKING, Annotated, Optional

import typer

from sim.cli.console import announce, app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.scenarios import Scenario
    from sim.scenarios.lessons import Lesson

WIDEST = 100

scenarios_app = typer.Typer(help="List the scenarios that come with the package, show one, check or start a file.")
app.add_typer(scenarios_app, name="scenarios")


@scenarios_app.callback(invoke_without_command=True)
def list_scenarios(context: typer.Context) -> None:
    """List the scenarios that come with the package."""
    if context.invoked_subcommand is not None:
        return
    from sim.scenarios import scenario

    rows = list(_family_tree())
    column = 2 + max(len(name) + 2 * depth for name, depth in rows)
    for name, depth in rows:
        if depth == 0:
            typer.echo("")
        start = "  " * depth + name
        _tell(scenario(name).question, start.ljust(column), " " * column)
    typer.echo("")
    _tell(
        "A scenario that is set in extends the one above it and says only what differs. sim scenarios show NAME tells "
        "one in words, sim scenarios lessons says which to compare, sim scenarios new FILE starts your own."
    )


def _family_tree() -> "Iterator[tuple[str, int]]":
    """Names of the shipped scenarios with their depth, each followed by those that extend it."""
    from sim.scenarios import catalogue, lineage

    lines = {name: [step.removesuffix(".toml") for step in lineage(name)] for name in catalogue()}
    for name in sorted(lines, key=lambda name: lines[name]):
        yield name, len(lines[name]) - 1


def _width() -> int:
    """Columns to fill: those of the terminal, up to a width that reads well; a file gets all of these."""
    return min(WIDEST, shutil.get_terminal_size().columns) if sys.stdout.isatty() else WIDEST


def _tell_command(command: str, indent: str) -> None:
    """Print a command, broken so that it can be pasted."""
    lines = textwrap.wrap(command, max(60, _width()) - len(indent) - 6, break_long_words=False, break_on_hyphens=False)
    typer.echo(" \\\n".join(indent + ("    " if number else "") + line for number, line in enumerate(lines)))


def _tell(text: str, first: str = "", then: str = "") -> None:
    """Print a paragraph, broken at the width of the terminal."""
    typer.echo(
        textwrap.fill(
            text,
            max(60, _width()),
            initial_indent=first,
            subsequent_indent=then,
            break_long_words=False,
            break_on_hyphens=False,
        )
    )


@scenarios_app.command("lessons")
def show_lessons(
    name: Annotated[
        Optional[str],  # noqa: UP045
        typer.Argument(metavar="[ID]", help="One lesson or question, as M22 or Q3."),
    ] = None,
) -> None:
    """List the lessons and what-if questions with what to compare, or show one."""
    from sim.scenarios.lessons import find_lesson, lessons

    if name is not None:
        _show_lesson(find_lesson(name))
        return
    kind = ""
    for row in lessons():
        if row.kind != kind:
            kind = row.kind
            typer.echo({"lesson": "Lessons of the talk", "question": "\nWhat-if questions"}[kind])
        _tell(row.text, f"{row.id:5}", "     ")
        for command in row.commands:
            _tell_command(command, "     ")
    typer.echo("\nsim scenarios lessons ID tells what to look at first, and what an honest answer looks like.")


def _show_lesson(row: "Lesson") -> None:
    from sim.observe.measures import measure
    from sim.scenarios import scenario

    _tell(row.text, f"{row.id}  ", "     ")
    for group, command in zip(row.compare, row.commands, strict=True):
        typer.echo("")
        for name in group:
            _tell(scenario(name).question, f"  {name}: ", "      ")
        _tell_command(command, "  ")
    typer.echo("\nLook first at")
    for identifier in row.measures:
        about = measure(identifier)
        _tell(f"{about.label} ({identifier}): {about.definition}", "  ", "      ")
    typer.echo("\nAn honest answer")
    _tell(row.answer, "  ", "  ")
    if row.caveat:
        typer.echo("\nCaveat")
        _tell(row.caveat, "  ", "  ")


@scenarios_app.command("new")
def new_scenario(
    file: Annotated[str, typer.Argument(metavar="FILE", help="File to write, as my-case.toml.")],
    source: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--from", metavar="NAME", help="Copy this scenario instead of the template."),
    ] = None,
) -> None:
    """Write a file to start a case of your own from: it runs as it is and explains itself."""
    from sim.scenarios.template import write_new

    path = write_new(file, source)
    typer.echo(f"written to {path}; try: sim run {path}")


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
    """Check a file, play some worlds, and warn of a plan that cannot do what it seems to want."""
    from sim.analysis.comparison.happened import TRIED, undone
    from sim.ensemble import simulate
    from sim.scenarios import scenario, warnings
    from sim.stories.plans import in_words, not_ready
    from sim.stories.texts import texts
    from sim.words.language import ENGLISH

    found = scenario(file)
    for text in warnings(found):
        typer.echo(f"warning: {text}")
    announce()
    words = texts(ENGLISH)
    for one in undone(simulate(found, TRIED, series=()), 0, []):
        action = found.plan[one.action]
        label = action.label or in_words(action, found, words)
        why = "as an outcome of the plan: " if one.outcome else ""
        reason = why + not_ready(action, one.reason, found, words)
        share = f"in {round(TRIED * one.share)} of {TRIED} worlds"
        typer.echo(f"warning: plan {one.action + 1} ({label}): came due and was never carried out {share}, {reason}")
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
    from sim.scenarios import VERBS
    from sim.scenarios.guide import argument_lines, find_verb, verb_summary
    from sim.vocabulary.verbs import Verb

    if name is None:
        for verb, model in VERBS.items():
            typer.echo(f"{verb:18} {verb_summary(model)}")
        typer.echo("sim scenarios verbs NAME shows the arguments of one.")
        return
    model = find_verb(name)
    price = Verb.of(name)
    typer.echo(f"{name}: {verb_summary(model)}")
    typer.echo(f"takes {price.hours:g} hours and {price.eur:,.0f} EUR unless the plan says otherwise (hours, cost)")
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


def _scenario_lines(found: "Scenario") -> "Iterator[str]":
    from sim.scenarios import warnings
    from sim.stories.board import board_lines
    from sim.stories.plans import in_words, when_said
    from sim.stories.texts import texts
    from sim.words.language import ENGLISH

    words = texts(ENGLISH)

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
    if found.task:
        yield ""
        yield from board_lines(found)
    if found.policy != type(found.policy)():
        demand = found.policy
        yield f"\nDemand on politics: {demand.demand} (stage at the start: {demand.stage})"
        yield f"  {demand.consequence}"
    yield "\nPlan"
    for action in found.plan:
        yield f"  {when_said(action, found, words)}: {in_words(action, found, words)}"
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
