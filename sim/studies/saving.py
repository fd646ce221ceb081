"""Write results to a folder: under a temporary name first, so that a file is whole or not there."""

from __future__ import annotations

import io
import json
import math
import os
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.studies.provenance import manifest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from sim.ensemble import Ensemble
    from sim.studies.compare import Comparison

__all__ = ["as_csv", "as_json", "json_number", "prepare_folder", "save_comparison", "save_outcomes", "write"]


def prepare_folder(folder: Path, option: str = "--out") -> Path:
    """Make a folder and see that files can be written there, before anything is computed.

    Raises
    ------
    InputError
        It cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(
            f"{option}: found {str(folder)!r}, which cannot be written ({reason}), expected a folder to write to"
        ) from None
    return folder


def write(path: Path, content: bytes) -> Path:
    """Write a file whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise InputError(f"{path}: cannot be written ({reason})") from None
    except BaseException:  # Ctrl-C in the middle of a file
        temporary.unlink(missing_ok=True)
        raise
    return path


def as_csv(table: pd.DataFrame, *, index: bool = False) -> bytes:
    """Return a table as text, the same on every system."""
    return table.to_csv(index=index, lineterminator="\n").encode()


def as_json(content: Mapping[str, Any]) -> bytes:
    """Return a mapping as readable JSON."""
    return (json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def json_number(value: float) -> float | None:
    """Return a number as JSON knows it: a missing one is None."""
    return float(value) if math.isfinite(value) else None


def save_outcomes(ensembles: list[Ensemble], folder: Path) -> list[Path]:
    """Write the outcome measures of every world, for one or more scenarios."""
    table = _outcomes(ensembles)
    buffer = io.BytesIO()
    table.to_parquet(buffer, index=False)
    return [
        write(folder / "outcomes.parquet", buffer.getvalue()),
        write(folder / "outcomes.csv", as_csv(table)),
    ]


def _outcomes(ensembles: list[Ensemble]) -> pd.DataFrame:
    import pandas as pd

    tables = []
    for letter, ensemble in zip("ABCDEF", ensembles, strict=False):
        table = ensemble.outcomes.reset_index(names="replicate")
        table.insert(0, "scenario", letter)
        table.insert(1, "name", ensemble.scenario.name)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def save_comparison(comparison: Comparison, folder: Path) -> Path:
    """Write everything about a comparison; the manifest comes last, so that it vouches for the rest."""
    from sim.report.figures import as_png, differences, futures
    from sim.report.html import render

    prepare_folder(folder, "folder")
    save_outcomes(list(comparison.ensembles), folder)
    write(folder / "series.parquet", _series(comparison))
    write(folder / "summary.csv", as_csv(comparison.table().reset_index()))
    write(folder / "pairs.csv", as_csv(comparison.pairs()))
    write(folder / "durations.csv", as_csv(comparison.durations))
    write(folder / "comparison.json", (comparison.to_json() + "\n").encode())
    write(folder / "futures.png", as_png(futures(comparison)))
    for a, b in comparison.results:
        name = f"differences-{comparison.letters[a]}-{comparison.letters[b]}.png"
        write(folder / name, as_png(differences(comparison, (a, b))))
    write(folder / "report.html", render(comparison).encode())
    described = manifest(
        comparison.scenarios,
        seed=comparison.seed,
        replicates=comparison.replicates,
        parameters=comparison.parameters,
        measures=list(comparison.measures),
        parameter_sets=comparison.parameter_sets.described() if comparison.parameter_sets else None,
    )
    write(folder / "manifest.json", as_json(described))
    return folder


def _series(comparison: Comparison) -> bytes:
    """Weekly series of every world: scenario, replicate, week, then one column a series."""
    import pyarrow as pa
    from pyarrow import parquet

    ids = list(dict.fromkeys(name for ensemble in comparison.ensembles for name in ensemble.series))
    tables = []
    for letter, ensemble in zip(comparison.letters, comparison.ensembles, strict=True):
        worlds, weeks = ensemble.replicates, len(ensemble.dates)
        columns: dict[str, Any] = {
            "scenario": pa.DictionaryArray.from_arrays(pa.array(np.zeros(worlds * weeks, "i1")), [letter]),
            "replicate": np.repeat(np.arange(worlds, dtype="i4"), weeks),
            "week": np.tile(np.arange(weeks, dtype="i4"), worlds),
        }
        for name in ids:
            found = ensemble.series.get(name)
            empty = pa.nulls(worlds * weeks, pa.float32())
            columns[name] = empty if found is None else np.asarray(found, "f4").reshape(-1)
        tables.append(pa.table(columns))
    buffer = io.BytesIO()
    parquet.write_table(pa.concat_tables(tables, promote_options="default").unify_dictionaries(), buffer)
    return buffer.getvalue()
