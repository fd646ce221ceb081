"""The folder of a comparison: tables, series, figures, report and manifest."""

from __future__ import annotations

import io
import string
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.asked import one_of
from sim.analysis.comparison.brief import render_brief
from sim.analysis.comparison.figures import differences, futures
from sim.analysis.comparison.page import render
from sim.analysis.comparison.tables import document, pairs_table, summary_table
from sim.drawing.export import save
from sim.files import as_csv, as_workbook
from sim.provenance import manifest
from sim.words.language import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd

    from sim.analysis.comparison.numbers import Compared
    from sim.ensemble import Ensemble


#: How tables are written.
CSV = ("plain", "nordic", "xlsx")


def save_outcomes(ensembles: list[Ensemble], folder: Path) -> Path:
    """Write the outcome measures of every world, for one or more scenarios."""
    table = _outcomes(ensembles)
    return save(folder, [("outcomes.parquet", table), ("outcomes.csv", table)])


def _outcomes(ensembles: list[Ensemble]) -> pd.DataFrame:
    import pandas as pd

    tables = []
    for letter, ensemble in zip(string.ascii_uppercase, ensembles, strict=False):
        table = ensemble.outcomes.reset_index(names="replicate")
        table.insert(0, "scenario", letter)
        table.insert(1, "name", ensemble.scenario.name)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def save_comparison(comparison: Compared, folder: Path, csv: str = "plain", language: str = ENGLISH) -> Path:
    """Write everything about a comparison.

    Parameters
    ----------
    comparison, folder
        What was found, and where to.
    csv
        How tables are written, one of `CSV`: "nordic" with semicolons and decimal commas, "xlsx" as one workbook.
    language
        Of the brief.
    """
    one_of(csv, CSV, "csv", "a kind of table")
    return save(folder, _files(comparison, csv, language))


def _files(comparison: Compared, csv: str, language: str) -> Iterator[tuple[str, Any]]:
    outcomes = _outcomes(list(comparison.ensembles))
    yield "brief.html", render_brief(comparison, language)
    yield "outcomes.parquet", outcomes
    tables = {
        "outcomes": outcomes,
        "summary": summary_table(comparison).reset_index(),
        "pairs": pairs_table(comparison),
        "durations": comparison.durations,
    }
    if csv == "xlsx":
        yield "tables.xlsx", as_workbook(tables)
    else:
        for name, table in tables.items():
            yield f"{name}.csv", as_csv(table, nordic=csv == "nordic")
    yield "series.parquet", _series(comparison)
    yield "comparison.json", document(comparison)
    yield "futures.png", futures(comparison)
    for a, b in comparison.results:
        yield f"differences-{comparison.letters[a]}-{comparison.letters[b]}.png", differences(comparison, (a, b))
    yield "report.html", render(comparison)
    described = manifest(
        comparison.scenarios,
        seed=comparison.seed,
        replicates=comparison.replicates,
        parameters=comparison.parameters,
        measures=list(comparison.measures),
        parameter_sets=comparison.parameter_sets.described() if comparison.parameter_sets else None,
    )
    yield "manifest.json", described


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
