"""Lists of points: CSV files with one column a factor and one row a point."""

from __future__ import annotations

import csv
import io
import math
from typing import TYPE_CHECKING

from sim.errors import InputError
from sim.files import MAX_BYTES
from sim.scenarios.explain import show

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sim.analysis.factors import Factor, Value
    from sim.studies.file import StudyFile

MOST_ROWS_BYTES = 100 * MAX_BYTES


def read_rows(file: StudyFile, where: str, folder: Path, sampled: Sequence[Factor]) -> list[dict[str, Value]]:
    """Read the points of a list: a CSV file with one column a factor."""
    path = folder / str(file.design.file)
    shown = f"{where}: design: file {str(file.design.file)!r}"
    try:
        with path.open("rb") as stream:
            content = stream.read(MOST_ROWS_BYTES + 1)
        text = content.decode("utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no UTF-8 text"
        raise InputError(f"{shown}: cannot be read ({reason}), expected a CSV file next to the study") from None
    if len(content) > MOST_ROWS_BYTES:
        raise InputError(f"{shown}: found more than {MOST_ROWS_BYTES:,} bytes, expected a CSV file of at most that")
    try:
        return _rows_of(text, shown, sampled)
    except csv.Error as error:
        raise InputError(f"{shown}: found what is no CSV ({error}), expected one row a point") from None


def _rows_of(text: str, shown: str, sampled: Sequence[Factor]) -> list[dict[str, Value]]:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    columns = [name.strip() for name in reader.fieldnames or ()]
    for factor in sampled:
        if factor.name not in columns:
            raise InputError(
                f"{shown}: found no column {factor.name!r}, expected one column a factor: "
                f"{', '.join(one.name for one in sampled)} (it has {', '.join(columns) or 'none'})"
            )
    for name in columns:
        if name not in [factor.name for factor in sampled]:
            raise InputError(f"{shown}: found column {name!r}, expected only factors that the study names")
        if columns.count(name) > 1:
            raise InputError(f"{shown}: found column {name!r} twice, expected one column a factor")
    rows = []
    for row in reader:
        if None in row:
            raise InputError(f"{shown}: line {reader.line_num}: found more cells than the {len(columns)} columns")
        cells = {str(name).strip(): (cell or "").strip() for name, cell in row.items()}
        rows.append({factor.name: _cell(factor, cells[factor.name], shown, reader.line_num) for factor in sampled})
    if not rows:
        raise InputError(f"{shown}: found no rows, expected one row a point")
    return rows


def _cell(factor: Factor, cell: str, shown: str, line: int) -> Value:
    found: Value = cell
    if factor.numeric:
        try:
            found = float(cell)
        except ValueError:
            found = math.nan
    elif all(isinstance(value, bool) for value in factor.values):
        found = {"true": True, "false": False}.get(cell.lower(), cell)
    if not factor.holds(found):
        raise InputError(f"{shown}: line {line}: {factor.name}: found {show(cell)}, expected {factor.range_text}")
    return found
