"""sim study: run a study file, see how far it is, try failed points again."""

# Typer reads the annotations at run time, so this module goes without postponed annotations.

from typing import TYPE_CHECKING, Annotated, Any, Optional

import typer
from typer.core import TyperGroup

from sim.cli.console import (
    MOST_SEED,
    MOST_THREADS,
    Stopped,
    announce,
    app,
    print_wide,
    progress_bar,
    say,
    table_of,
    whole,
)
from sim.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.studies.answer import Study
    from sim.studies.run import Progress

MOST_REPLICATES = 1_000_000
#: Exit code of a study in which some points failed.
INCOMPLETE = 1


class _RunsFiles(TyperGroup):
    """A group whose first word may be a study file: ``sim study FILE`` is ``sim study run FILE``."""

    def parse_args(self, ctx: Any, args: "list[str]") -> "list[str]":
        known = {*self.commands, "-h", "--help"}
        return super().parse_args(ctx, ["run", *args] if args and args[0] not in known else args)


study_app = typer.Typer(
    help="Run a study of many parameter sets and plans: sim study FILE (options: sim study run --help); see how far it "
    "is; try failed points again.",
    cls=_RunsFiles,
    no_args_is_help=True,
)
app.add_typer(study_app, name="study")

Workers = Annotated[
    Optional[int],  # noqa: UP045
    typer.Option("--workers", metavar="N", help="Threads to use, default all; with --cluster local, processes."),
]
Where = Annotated[str, typer.Argument(metavar="DIR", help="Folder or address of a study.")]
ClusterAddress = Annotated[
    Optional[str],  # noqa: UP045
    typer.Option("--cluster", metavar="ADDRESS", help='Dask scheduler, such as tcp://host:8786, or "local".'),
]


@study_app.command("run")
def run(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Study file (.toml).")],
    out: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--out", metavar="DIR", help="Folder or address (s3://...), default results/<study>."),
    ] = None,
    workers: Workers = None,
    cluster: ClusterAddress = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a study that was stopped.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say how large it is and how long it takes; keep nothing.")
    ] = False,
    replicates: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option("--replicates", help="Worlds of each point, instead of those of the file."),
    ] = None,
    seed: Annotated[
        Optional[int],  # noqa: UP045
        typer.Option("--seed", help="What chance depends on, instead of that of the file."),
    ] = None,
    parameter_sets: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option(
            "--parameter-sets", metavar="FILE|none", help="Plausible parameter sets, instead of those of the file."
        ),
    ] = None,
    part: Annotated[
        Optional[str],  # noqa: UP045
        typer.Option("--part", metavar="I/N", help="Run part I of N only, for job arrays; see sim study merge."),
    ] = None,
    json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object of the findings and nothing else.")
    ] = False,
) -> None:
    """Run a study file: size and estimate first, then shard by shard, then what was found."""
    changes = _changes(replicates, seed, parameter_sets)
    asked = _part(part)
    if workers is not None:
        whole("--workers", workers, 1, MOST_THREADS)
    announce()
    from sim.studies.executors import open_runner
    from sim.studies.location import open_location
    from sim.studies.prepared import prepare_study
    from sim.studies.run import check_room, estimate, run_study

    prepared = prepare_study(file, **changes)
    from sim.studies.findings import size_lines

    tell: Callable[[str], None] = (lambda text: None) if json else typer.echo
    for line in size_lines(prepared):
        tell(line)
    target = f"results/{prepared.file.name}" if out is None else out
    if dry_run:
        with open_runner(workers, cluster) as runner:
            found = estimate(prepared, runner.workers)
        typer.echo(f"estimate: {found.sentence()}")
        check_room(prepared, open_location(target, to_read=True), found.size)
        return
    location = open_location(target)
    try:
        with open_runner(workers, cluster) as runner, progress_bar("worlds") as bar:
            study = run_study(
                prepared,
                location,
                runner,
                resume=resume,
                progress=lambda progress: bar(progress.done, progress.total, _note(progress)),
                told=lambda found: tell(f"estimate: {found.sentence()}"),
                part=asked,
            )
    except KeyboardInterrupt:
        raise Stopped(f"finished shards kept in {location.address}; the same command with --resume goes on") from None
    except InputError as error:
        if "cannot be written" not in str(error):
            raise
        raise InputError(f"{error}; finished shards are kept: make room, then --resume goes on") from None
    if asked is not None and not study.store.status().finished:
        _tell_status(study)
    elif json:
        _print_json(study)
    else:
        _tell(study)


@study_app.command("merge")
def merge(
    parts: Annotated[list[str], typer.Argument(metavar="DIR...", help="Folders of parts of the same study.")],
    out: Annotated[str, typer.Option("--out", metavar="DIR", help="Folder or address to put them together in.")],
) -> None:
    """Put the parts of a study together that ran in folders of their own."""
    from sim.studies.merge import merge_studies

    study = merge_studies(parts, out)
    if study.store.status().finished:
        _tell(study)
    else:
        _tell_status(study)


@study_app.command("status")
def status(where: Where) -> None:
    """Say how far a study is, and which points failed."""
    from sim.studies.run import open_study

    _tell_status(open_study(where))


@study_app.command("retry")
def retry(where: Where, workers: Workers = None, cluster: ClusterAddress = None) -> None:
    """Run the points of a study again that failed, and nothing else."""
    announce()
    from sim.studies.executors import open_runner
    from sim.studies.run import retry_study

    with open_runner(workers, cluster) as runner, progress_bar("worlds") as bar:
        study = retry_study(
            where,
            runner,
            progress=lambda progress: bar(progress.done, progress.total, _note(progress)),
        )
    _tell(study)


def _tell_status(study: "Study") -> None:
    from sim.studies.findings import status_lines

    for line in status_lines(study):
        typer.echo(line)


def _part(text: "str | None") -> "tuple[int, int] | None":
    """Read --part I/N."""
    if text is None:
        return None
    number, _, of = text.partition("/")
    if not (number.isdecimal() and of.isdecimal() and 1 <= int(number) <= int(of)):
        raise InputError(f"--part: found {text!r}, expected I/N with I from 1 to N, as 2/5")
    return int(number), int(of)


def _changes(replicates: "int | None", seed: "int | None", parameter_sets: "str | None") -> "dict[str, Any]":
    changes: dict[str, Any] = {}
    if parameter_sets is not None:
        changes["parameter_sets"] = parameter_sets
    if replicates is not None:
        whole("--replicates", replicates, 1, MOST_REPLICATES, "worlds")
        changes["replicates"] = replicates
    if seed is not None:
        whole("--seed", seed, 0, MOST_SEED)
        changes["seed"] = seed
    return changes


def _note(progress: "Progress") -> str:
    from humanize import naturalsize

    failed = f", {progress.failed} points failed" if progress.failed else ""
    return f"{naturalsize(progress.size)}{failed}"


def _print_json(study: "Study") -> None:
    """Write tables and figures, and print what was found for another program."""
    from sim.files import as_json
    from sim.studies.findings import document, save_study

    save_study(study)
    typer.echo(as_json(document(study)).decode(), nl=False)
    if study.failures:
        raise typer.Exit(INCOMPLETE)


def _tell(study: "Study") -> None:
    """Print table and findings, and write them beside the shards."""
    from sim.studies.findings import findings, heading, save_study, summary_rows

    if study.asked("discovery"):
        say("searching for boxes ...")
    typer.echo("")
    typer.echo(heading(study))
    headings, rows = summary_rows(study)
    if rows:
        table = table_of(*headings)
        for row in rows:
            table.add_row(*row)
        typer.echo("")
        print_wide(table)
    typer.echo("")
    for sentence in findings(study):
        typer.echo(sentence)
    if study.failures:
        typer.echo("")
        point, text = next(iter(study.failures.items()))
        typer.echo(f"failed: {len(study.failures)} of {len(study.design):,} points, the first is point {point}: {text}")
        typer.echo(f"sim study retry {study.store.location.address} runs only these again")
    names = save_study(study)
    typer.echo(f"\nwritten to {study.store.location.address}: {', '.join(names)}")
    if study.failures:
        raise typer.Exit(INCOMPLETE)
