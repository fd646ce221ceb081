"""sim validate: the model against the patterns of its sources, as it is or without one mechanism at a time."""

# Typer reads the annotations at run time, so this module goes without postponed annotations.

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer

from sim.cli.console import (
    MOST_REPLICATES,
    MOST_SEED,
    Parameters,
    Seed,
    Set,
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

ENOUGH_SETS = 0.90  # share of the sets that should meet each check
LEVER_WORLDS = 50  # are enough: one that differs is a difference

if TYPE_CHECKING:
    from sim.parameters.sets import ParameterSets
    from sim.validation import Check
    from sim.validation.ablations import Ablation


@app.command("validate")
def validate(
    replicates: Annotated[int, typer.Option("--replicates", help="Worlds for each check.")] = 400,
    patterns: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--pattern", "--patterns", metavar="P01,P02", help="Only these patterns, default all."),
    ] = None,
    case: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--case", help="Only the patterns of one case."),
    ] = None,
    seed: Seed = 0,
    changed: Set = None,
    parameters: Parameters = None,
    ablations: Annotated[
        bool, typer.Option("--ablations", help="Take away or replace one mechanism at a time: which do patterns need?")
    ] = False,
    properties: Annotated[
        bool, typer.Option("--properties", help="Pull every lever in six base cases: what does each act move?")
    ] = False,
    parameter_sets: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            "--parameter-sets",
            metavar="FILE|shipped",
            help="Hold every set against the targets instead of the defaults: what share of them meets each?",
        ),
    ] = None,
    out: Annotated[
        Optional[Path],  # noqa: UP045
        typer.Option("--out", metavar="DIR", help="Write the table as text, JSON and figure to this folder."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")] = False,
) -> None:
    """Hold the model against the patterns it should show; exit code 1 if one fails."""
    whole("--replicates", replicates, 1, MOST_REPLICATES, "worlds")
    whole("--seed", seed, 0, MOST_SEED)
    made_by: dict[str, Any] = {"seed": seed, "replicates": replicates}
    made_by["parameters"] = overrides_of(changed, parameters)
    about: dict[str, Any] = {}
    if parameters is not None:
        from sim.parameters.files import read_parameters

        about["parameter_file"] = read_parameters(parameters).described()
    from sim.validation.patterns import chosen

    wanted = None if patterns is None else [word.strip() for word in patterns.split(",") if word.strip()]
    found = chosen(wanted, case)  # what is misspelt is said before a folder is made
    sets = None if parameter_sets is None else _sets_of(parameter_sets, made_by, properties or ablations)
    folder = folder_of(out)
    announce()
    if sets is not None:
        passed = _sets(sets, tuple(pattern.id for pattern in found), made_by, about, folder, json)
    elif properties:
        passed = _properties(made_by, about, folder, json)
    elif ablations:
        passed = _ablations(wanted, case, made_by, about, folder, json)
    else:
        passed = _patterns(wanted, case, made_by, about, folder, json)
    if folder is not None and not json:
        typer.echo(f"written to {folder}")
    if not passed:
        raise typer.Exit(1)


def _save(folder: Path, name: str, document: str, text: str, figure: Any) -> None:
    from sim.drawing.export import save

    save(folder, [(f"{name}.json", document), (f"{name}.md", text), (f"{name}.png", figure)])


def _patterns(
    wanted: "list[str] | None",
    case: "str | None",
    made_by: "dict[str, Any]",
    about: "dict[str, Any]",
    folder: "Path | None",
    json: bool,
) -> bool:
    from sim.validation import validate as check
    from sim.validation.report import validation_figure, validation_json, validation_table

    with progress_bar("patterns") as report:
        rows = check(patterns=wanted, case=case, progress=report, **made_by)
    document = validation_json(rows, **made_by, **about)
    if folder is not None:
        _save(folder, "validation", document, validation_table(rows), validation_figure(rows, **made_by))
    if json:
        typer.echo(document, nl=False)
    else:
        _show_patterns(rows)
    return all(row.passed for row in rows)


def _sets_of(which: str, made_by: "dict[str, Any]", more: bool) -> "ParameterSets":
    from sim.parameters.sets import sets_of

    if more or made_by["parameters"]:
        raise InputError("--parameter-sets: found together with other values or questions, expected it alone")
    sets = sets_of(which)
    if sets is None:
        raise InputError(f"--parameter-sets: found {which!r}, expected a file of sets, or shipped")
    return sets


def _sets(
    sets: "ParameterSets",
    patterns: "tuple[str, ...]",
    made_by: "dict[str, Any]",
    about: "dict[str, Any]",
    folder: "Path | None",
    json: bool,
) -> bool:
    """Judge all sets; passed if 90 of 100 of them meet each check."""
    from sim.calibration.report import CLOSEST, sets_json, sets_table
    from sim.calibration.sets_judged import judge_sets
    from sim.files import write

    with progress_bar("parameter sets") as report:
        judged = judge_sets(sets, made_by["replicates"], patterns, seed=made_by["seed"], progress=report)
    document = sets_json(judged, sets, **made_by, **about)
    if folder is not None:
        write(folder / "sets.json", document.encode())
        write(folder / "sets.md", sets_table(judged).encode())
    if json:
        typer.echo(document, nl=False)
    else:
        table = table_of("id", "check", "expected", "sets that meet it")
        for line, share in zip(judged.lines, judged.shares, strict=True):
            table.add_row(line.key, line.words, line.threshold, f"{share:.0%}")
        print_wide(table)
        asked = {line.pattern for line in judged.lines}
        closest = tuple(name for name in CLOSEST if name in asked)
        also = f", {judged.share_of_all(closest):.0%} all of {', '.join(closest)}" if closest else ""
        typer.echo(f"{judged.share_of_all():.0%} of the sets meet all checks{also}")
    return bool((judged.shares >= ENOUGH_SETS).all())


def _properties(made_by: "dict[str, Any]", about: "dict[str, Any]", folder: "Path | None", json: bool) -> bool:
    from sim.files import write
    from sim.validation.levers import pull
    from sim.validation.levers_report import levers_json, levers_table

    if made_by["parameters"]:
        raise InputError("--properties: found changed parameters, expected the defaults")
    worlds = min(made_by["replicates"], LEVER_WORLDS)
    with progress_bar("levers") as report:
        rows = pull(replicates=worlds, seed=made_by["seed"], progress=report)
    document = levers_json(rows, replicates=worlds, seed=made_by["seed"], **about)
    if folder is not None:
        write(folder / "levers.json", document.encode())
        write(folder / "levers.md", levers_table(rows).encode())
    if json:
        typer.echo(document, nl=False)
    else:
        table = table_of("case", "act", "varied", "goal", "change", "moves", "result")
        for row in rows:
            moves = "refused" if row.refused else f"{len(row.differed)} measures"
            change = "" if math.isnan(row.change) else f"{row.change:+.3g}"
            cells = (row.case, row.lever.verb, row.lever.what, row.goal, change, moves)
            table.add_row(*cells, "ok" if row.passes else "MOVES NOTHING")
        print_wide(table)
        typer.echo(f"{sum(row.passes for row in rows)} of {len(rows)} levers move something or are refused")
    return all(row.passes for row in rows)


def _show_patterns(rows: "list[Check]") -> None:
    from sim.validation.report import interval_text, number_text

    table = table_of("id", "check", "value", "90 % interval", "expected", "result")
    for row in rows:
        result = "ok" if row.passed else "FAILED"
        table.add_row(row.id, row.check, number_text(row.value), interval_text(row), row.threshold, result)
    print_wide(table)
    typer.echo(f"{sum(row.passed for row in rows)} of {len(rows)} checks passed")


def _ablations(
    wanted: "list[str] | None",
    case: "str | None",
    made_by: "dict[str, Any]",
    about: "dict[str, Any]",
    folder: "Path | None",
    json: bool,
) -> bool:
    from sim.validation.ablations import ablate
    from sim.validation.report import ablation_figure, ablation_findings, ablation_json, ablation_table

    with progress_bar("patterns of all variants") as report:
        rows = ablate(patterns=wanted, case=case, progress=report, **made_by)
    document = ablation_json(rows, **made_by, **about)
    if folder is not None:
        text = f"{ablation_table(rows)}\n{ablation_findings(rows)}"
        _save(folder, "ablations", document, text, ablation_figure(rows, **made_by))
    if json:
        typer.echo(document, nl=False)
    else:
        _show_ablations(rows)
    return not rows[0].fails


def _show_ablations(rows: "list[Ablation]") -> None:
    from sim.validation.ablations import conclusions
    from sim.validation.report import ABLATION_COLUMNS, ablation_cells

    shown = {check.id for check in rows[0].checks}
    keep = [0, *(1 + k for k, column in enumerate(ABLATION_COLUMNS) if column[1] in shown), -1]
    headings = ("variant", *(heading for heading, _, _ in ABLATION_COLUMNS), "fails", "verdict")
    table = table_of(*(headings[k] for k in keep))
    for row in rows:
        cells = ablation_cells(row)
        table.add_row(*(cells[k] for k in keep))
    print_wide(table)
    for sentence in conclusions(rows):
        typer.echo(sentence)
