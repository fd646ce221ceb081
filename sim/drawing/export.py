"""Figures as bytes: the same figure has the same bytes."""

from __future__ import annotations

import io
from typing import Any

from sim.drawing.style import figure_style

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
