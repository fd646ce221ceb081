"""Results as files: pictures, tables, texts, and what other programs read; the same result has the same bytes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from sim.drawing.style import figure_style
from sim.files import as_csv, as_json, prepare_folder, write

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

#: Dots an inch of images; texts are measured in it too, as their width depends on it a little.
DPI = 110


def as_png(figure: Any, dpi: int = DPI) -> bytes:
    """Return a figure as PNG bytes."""
    buffer = io.BytesIO()
    with figure_style():
        figure.savefig(buffer, format="png", dpi=dpi)
    return buffer.getvalue()


def as_svg(figure: Any) -> bytes:
    """Return a figure as SVG bytes, without a date, so that the same figure has the same bytes."""
    buffer = io.BytesIO()
    with figure_style():
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return buffer.getvalue()


def as_file(name: str, content: Any) -> bytes:
    """Return a result as the file that its name says.

    Parameters
    ----------
    name
        Ends in .png (a figure), .csv or .parquet (a table), .json (numbers, texts and tables), or as a text does.
    content
        The result; bytes are taken as they are.
    """
    if isinstance(content, bytes):
        return content
    kind = name.rpartition(".")[2]
    if kind == "parquet":
        buffer = io.BytesIO()
        content.to_parquet(buffer, index=False)
        return buffer.getvalue()
    if isinstance(content, str):
        return content.encode()
    return as_png(content) if kind == "png" else as_csv(content) if kind == "csv" else as_json(content)


def save(folder: Path, results: Iterable[tuple[str, Any]]) -> Path:
    """Write results into a folder, one by one: the manifest comes last, so that it vouches for the rest.

    Whether the folder can be written is seen before the first result is made.
    """
    prepare_folder(folder, "folder")
    for name, content in results:
        write(folder / name, as_file(name, content))
    return folder
