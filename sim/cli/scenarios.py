"""sim scenarios: list, show and check scenarios, and what a plan can say."""

# Typer reads the annotations at run time, so this module goes without postponed annotations.

from typing import TYPE_CHECKING, Annotated, Optional

import typer

from sim.cli.console import app, print_wide

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.scenarios import Scenario

scenarios_app = typer.Typer(help="List the scenarios that come with the package, show one, or check a file.")
app.add_typer(scenarios_app, name="scenarios")


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
    print_wide(table)


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


def _scenario_lines(found: "Scenario") -> "Iterator[str]":
    from sim.report.board import board_lines
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
    if found.task:
        yield ""
        yield from board_lines(found)
    if found.policy != type(found.policy)():
        demand = found.policy
        yield f"\nDemand on politics: {demand.demand or 'not named'} (stage at the start: {demand.stage})"
        if demand.base_rate_factor != 1.0:
            yield f"  a decision multiplies the rate at which firms act by themselves by {demand.base_rate_factor:g}"
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
