"""Figure of given data: how far each sampled value moves a response, above what chance alone reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.drawing.sheet import in_rows, sheet, wrapped
from sim.drawing.style import INK, LOOKS, SMALL
from sim.words.numbers import capital, unit_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.analysis.given_data.numbers import Response

_SHOWN = 10
_GREY = "#b3b3b3"


def given_data_figure(found: Sequence[Response], title: str = "", foot: str = "") -> Any:
    """Draw a panel of bars for each response: its strongest values, grey where chance alone reaches as far.

    Parameters
    ----------
    found
        One or more responses.
    title
        Above all panels.
    foot
        What was simulated, as the last line.

    Returns
    -------
    matplotlib.figure.Figure
    """
    panels = in_rows(len(found), 2)
    with sheet(panels, [0.42 * _SHOWN + 0.3] * len(panels), title=title, foot=foot) as (figure, drawn):
        for place, one in enumerate(found):
            axes, curves = drawn[place], one.curves
            order = np.argsort(-np.abs(curves.moves), kind="stable")[:_SHOWN]
            sizes = np.abs(curves.moves[order])
            colours = [LOOKS[0].colour if size > curves.chance else _GREY for size in sizes]
            axes.barh(range(len(order)), sizes, color=colours, height=0.7)
            axes.axvline(curves.chance, color=INK, linestyle=(0, (5, 4)), linewidth=1.4)
            axes.set_yticks(range(len(order)), [wrapped(capital(one.labels[k]), 3.0, SMALL) for k in order])
            axes.set_ylim(len(order) - 0.5, -0.5)
            axes.tick_params(axis="y", length=0, labelsize=SMALL)
            axes.grid(visible=False, axis="y")
            axes.set_title(wrapped(capital(one.name), 5.0, SMALL + 3))
            axes.set_xlabel(f"moves the mean by{unit_text(one.unit)} (dashed: by chance)")
    return figure
