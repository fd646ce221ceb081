"""Write results to a folder: under a temporary name first, so that a file is whole or not there."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.comparison.figures import differences, futures
from sim.analysis.comparison.page import render
from sim.drawing.export import as_png
from sim.files import as_csv, as_json, prepare_folder, write
from sim.provenance import manifest

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from sim.analysis.comparison.numbers import Compared
    from sim.ensemble import Ensemble


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


def save_comparison(comparison: Compared, folder: Path) -> Path:
    """Write everything about a comparison; the manifest comes last, so that it vouches for the rest."""
    prepare_folder(folder, "folder")
    save_outcomes(list(comparison.ensembles), folder)
    write(folder / "series.parquet", _series(comparison))
    write(folder / "summary.csv", as_csv(comparison.table().reset_index()))
    write(folder / "pairs.csv", as_csv(comparison.pairs()))
    write(folder / "durations.csv", as_csv(comparison.durations))
    write(folder / "comparison.json", as_json(comparison.to_dict()))
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


def _series(comparison: Compared) -> bytes:
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
