"""The store of a study: a manifest, a table of points, and shards that are whole or not there.

    manifest.json                    what was asked: study, scenarios, seed, versions, names of all shards
    points.parquet                   one row a point, one column a factor
    outcomes/<number>-<digest>.parquet   one row a world; read the folder as one table
    series/, events/                 the same for weekly series and event logs, if kept
    failures/<number>.json           points of a shard that raised, with their errors

A shard's name is the digest of everything that its numbers depend on, so that a file with the right name is the right
file: a study that was killed runs only what is missing, and ends with the bytes of one that was not. A shard with
failed points is kept under the digest of the points it does hold, until they are retried.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.files import as_json
from sim.studies.shard import TABLES, ShardResult, as_parquet, join_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import pyarrow as pa

    from sim.studies.location import Location
    from sim.studies.prepared import PreparedStudy, ShardPlan

MANIFEST = "manifest.json"
POINTS = "points.parquet"
_FAILURES = "failures"
_OUTCOMES = "outcomes"
_SUFFIX = ".parquet"


@dataclass(frozen=True, slots=True)
class Failure:
    """Points of a shard that raised, and the name under which the others of it are kept (or None)."""

    number: int
    points: dict[int, str]
    kept: str | None


@dataclass(frozen=True, slots=True)
class Status:
    """How far a study is."""

    shards: int
    done: int
    failed_shards: int
    failed_points: int
    worlds: int
    worlds_done: int

    @property
    def missing(self) -> int:
        """Shards that have not been run."""
        return self.shards - self.done - self.failed_shards

    @property
    def finished(self) -> bool:
        """Whether every shard has been run, failed points or not."""
        return self.missing == 0


class Store:
    """What a study has got done.

    Parameters
    ----------
    location
        Where it is kept.
    manifest
        What belongs there, as `PreparedStudy.manifest` gives it.
    """

    def __init__(self, location: Location, manifest: dict[str, Any]) -> None:
        self.location = location
        self.manifest = manifest
        self.names = [str(row[0]) for row in manifest["shards"]]
        self.tables = [name for name in TABLES if name == _OUTCOMES or manifest[name]]
        self.failures = self._read_failures()

    # ------------------------------------------------------------------ start

    @classmethod
    def begin(cls, location: Location, prepared: PreparedStudy) -> Store:
        """Open the store of a study, a new one or one that was begun.

        Raises
        ------
        InputError
            The location holds another study, or results of another command.
        """
        wanted = {**json.loads(json.dumps(prepared.manifest())), "digest": prepared.digest}
        held = _read_manifest(location)
        # A study that was refused for its size has left its manifest, but nothing that could be lost.
        if held is None or not (location.names(_OUTCOMES) or location.names(_FAILURES)):
            location.write(POINTS, as_parquet(_points(prepared)))
            location.write(MANIFEST, as_json(wanted))
        else:
            _refuse_other(location, held, wanted)
            if held != wanted:  # other words or questions about the same numbers
                location.write(MANIFEST, as_json(wanted))
        return cls(location, wanted)

    # ------------------------------------------------------------------ what is there

    def _read_failures(self) -> dict[int, Failure]:
        """Read which shards have failed points, by number; a shard that is there as a whole has none."""
        found, done = {}, self.done()
        for name in self.location.names(_FAILURES):
            content = json.loads(self.location.read(f"{_FAILURES}/{name}"))
            points = {int(point): str(text) for point, text in content["points"].items()}
            if content["shard"] not in done:  # else a retry was killed before it could drop this note
                found[int(content["shard"])] = Failure(int(content["shard"]), points, content["kept"])
        return found

    def done(self) -> set[int]:
        """Return the numbers of the shards that are there with all their points."""
        there = {name.removesuffix(_SUFFIX) for name in self.location.names(_OUTCOMES)}
        return {number for number, name in enumerate(self.names) if name in there}

    def status(self) -> Status:
        """Say how far the study is."""
        done = self.done()
        points = {number: int(row[2]) for number, row in enumerate(self.manifest["shards"])}
        failed = sum(len(row.points) for row in self.failures.values())
        finished = sum(points[number] for number in (*done, *self.failures)) - failed
        replicates = int(self.manifest["replicates"])
        return Status(
            shards=len(self.names),
            done=len(done),
            failed_shards=len(self.failures),
            failed_points=failed,
            worlds=int(self.manifest["points"]) * replicates,
            worlds_done=finished * replicates,
        )

    def files(self, table: str = _OUTCOMES) -> list[str]:
        """Names of the files that make up a table, in the order of the points."""
        kept = {*self.names, *(row.kept for row in self.failures.values() if row.kept)}
        return [f"{table}/{name}" for name in self.location.names(table) if name.removesuffix(_SUFFIX) in kept]

    def read(self, table: str = _OUTCOMES, columns: Sequence[str] | None = None) -> Iterator[pa.Table]:
        """Read a table shard by shard."""
        from pyarrow import parquet

        for name in self.files(table):
            stream = io.BytesIO(self.location.read(name))
            yield parquet.ParquetFile(stream).read(columns=None if columns is None else list(columns))

    def points(self) -> list[dict[str, Any]]:
        """Return the points of the study, each by factor."""
        table = _load(self.location.read(POINTS))
        assert table is not None
        found: list[dict[str, Any]] = table.drop_columns(["point"]).to_pylist()
        return found

    # ------------------------------------------------------------------ what is added

    def keep(self, prepared: PreparedStudy, shard: ShardPlan, result: ShardResult) -> None:
        """Keep what came of a shard, or of the points of it that were retried.

        Raises
        ------
        InputError
            It cannot be written; what was kept before stays as it was.
        """
        before = self.failures.get(shard.number)
        files = result.tables
        if before is not None and before.kept is not None:
            files = {table: self._with_kept(table, before.kept, files.get(table)) for table in self.tables}
        name = self._name(prepared, shard, result.failures)
        if name is not None and not result.written:
            for table in self.tables:
                self.location.write(f"{table}/{name}{_SUFFIX}", files[table])
        note = _note(shard.number)
        if result.failures:
            self.failures[shard.number] = Failure(shard.number, result.failures, name)
            points = {str(point): text for point, text in result.failures.items()}
            self.location.write(note, as_json({"shard": shard.number, "kept": name, "points": points}))
        elif before is not None:
            del self.failures[shard.number]
            self.location.delete(note)
        if before is not None and before.kept not in (None, name):
            for table in self.tables:
                self.location.delete(f"{table}/{before.kept}{_SUFFIX}")

    @staticmethod
    def _name(prepared: PreparedStudy, shard: ShardPlan, failed: dict[int, str]) -> str | None:
        """Name under which the points that did not fail are kept."""
        if not failed:
            return shard.name
        cases = [case for case in prepared.cases(shard) if case.point not in failed]
        return prepared.shard_name(shard.number, cases) if cases else None

    def _with_kept(self, table: str, kept: str, added: bytes | None) -> bytes:
        pieces = [self._table(f"{table}/{kept}{_SUFFIX}"), _load(added)]
        return as_parquet(join_tables([piece for piece in pieces if piece is not None]))

    def _table(self, name: str) -> pa.Table | None:
        try:
            return _load(self.location.read(name))
        except FileNotFoundError:
            return None

    def take(self, other: Store) -> None:
        """Copy the shards and notes of failed points that another store of the same study has and this one has not."""
        there = self.done()
        for number in sorted(other.done() - there):
            for table in self.tables:
                name = f"{table}/{self.names[number]}{_SUFFIX}"
                self.location.write(name, other.location.read(name))
            self.failures.pop(number, None)
            self.location.delete(_note(number))
        for number, failure in other.failures.items():
            if number not in self.done() and number not in self.failures:
                for table in self.tables if failure.kept else ():
                    name = f"{table}/{failure.kept}{_SUFFIX}"
                    self.location.write(name, other.location.read(name))
                self.location.write(_note(number), other.location.read(_note(number)))
                self.failures[number] = failure

    def tidy(self) -> None:
        """Drop what a killed process left behind: unfinished files, and shards that others have replaced."""
        self.location.tidy()
        notes = {_note(number) for number in self.failures}
        for name in self.location.names(_FAILURES):
            if f"{_FAILURES}/{name}" not in notes:
                self.location.delete(f"{_FAILURES}/{name}")
        kept = {row.kept for row in self.failures.values()}
        for table in self.tables:
            for name in self.location.names(table):
                stem = name.removesuffix(_SUFFIX)
                if stem not in self.names and stem not in kept and _is_shard(stem):
                    self.location.delete(f"{table}/{name}")


def manifest_of(location: Location) -> dict[str, Any]:
    """Return the manifest of a location that holds a study.

    Raises
    ------
    InputError
        It holds none.
    """
    found = _read_manifest(location)
    if found is None:
        raise InputError(f"{location.address}: holds no study, expected a folder that `sim study` has written")
    return found


def _read_manifest(location: Location) -> dict[str, Any] | None:
    try:
        content = location.read(MANIFEST)
    except FileNotFoundError:
        return None
    try:
        found = json.loads(content)
    except ValueError:
        raise InputError(f"{location.address}/{MANIFEST}: is not JSON, expected what `sim study` wrote") from None
    if not isinstance(found, dict) or not {"shards", "study", "digest"} <= found.keys():
        raise InputError(f"{location.address}: holds results of another command, expected a new folder or a study")
    return found


#: What a reader is told first if two studies differ.
_TOLD = ("seed", "replicates", "worlds_per_shard", "outcomes", "points", "scenarios", "version", "rules")


def _refuse_other(location: Location, held: dict[str, Any], wanted: dict[str, Any]) -> None:
    # Words, questions and newer libraries change no numbers.
    if held["shards"] == wanted["shards"]:
        return
    told = next((key for key in _TOLD if held.get(key) != wanted.get(key)), "points")
    detail = {"rules": "the version of the rules", "points": "the values of its points"}.get(told, told)
    raise InputError(
        f"{location.address}: holds a study that differs in {detail} (digest {held['digest'][:12]}, expected "
        f"{wanted['digest'][:12]}): choose another folder, or delete this one"
    )


def _note(number: int) -> str:
    """Name of the file that says which points of a shard failed."""
    return f"{_FAILURES}/{number:06d}.json"


def _is_shard(stem: str) -> bool:
    number, _, digest = stem.partition("-")
    return number.isdigit() and len(digest) == 20


def _load(content: bytes | None) -> pa.Table | None:
    from pyarrow import parquet

    return None if content is None else parquet.ParquetFile(io.BytesIO(content)).read()


def _points(prepared: PreparedStudy) -> pa.Table:
    import pyarrow as pa

    table = prepared.design.table
    columns: dict[str, Any] = {"point": table.index.to_numpy("i4")}
    for name in table.columns:
        listed: Iterable[Any] = table[name].tolist()
        columns[name] = pa.array(list(listed))
    return pa.table(columns)
