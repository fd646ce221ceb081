"""A sheet of panels: title, lead and legend above, notes and foot below, and room for all that is written.

Nothing is counted by hand: texts are wrapped where they end, and matplotlib measures what stands around a panel. So a
panel is as high as was asked for, whatever its title, ticks and labels are, and the figure as high as it has to be.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sim.drawing.export import DPI
from sim.drawing.style import INK, MUTED, SIZE, SMALL, figure_style

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: In inches: air at the edges of the figure, between what stands above and below the panels.
_EDGE, _AIR = 0.16, 0.13


@contextmanager
def sheet(
    panels: Sequence[Sequence[Any]],
    heights: Sequence[float],
    *,
    title: str = "",
    lead: str = "",
    legend: Sequence[Any] = (),
    notes: str = "",
    foot: str = "",
    width: float = 13.0,
    widths: Sequence[float] | None = None,
) -> Iterator[tuple[Any, dict[Any, Any]]]:
    """Make a figure, without global state, to draw in; at the end of the block it gets its size and its layout.

    Parameters
    ----------
    panels
        Rows of names of panels. A name that stands in several places is one large panel; ``"."`` leaves a place empty.
    heights
        Inches that the panels of each row are high, without what is written around them.
    title, lead
        Heading, and a text below it; lines that are too long are broken.
    legend
        Handles with labels, for all panels.
    notes, foot
        How to read the figure, and what was simulated, so that a figure that travels alone can be traced back.
    width
        Inches of the whole figure.
    widths
        Widths of the columns in relation to each other.

    Yields
    ------
    tuple of matplotlib.figure.Figure and dict
        The figure, and its axes by their names.
    """
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    with figure_style():
        room = ConstrainedLayoutEngine(w_pad=0.11, h_pad=0.14, wspace=0.0, hspace=0.0)
        figure = Figure(figsize=(width, 10.0), dpi=DPI, layout=room if panels else None)
        above, below = _above(figure, title, lead, legend), _below(figure, notes, foot)
        _set_height(figure, room, above, below, sum(heights) + len(heights))  # as a first guess
        if not panels:
            yield figure, {}
            return
        drawn: dict[Any, Any] = figure.subplot_mosaic(
            [list(row) for row in panels], height_ratios=heights, width_ratios=widths
        )
        yield figure, drawn
        titles = {axes: axes.get_title(loc="left") for axes in drawn.values()}
        for axes in titles:
            axes.set_title("", loc="left")  # one that is too long would make its axes narrow
        room.execute(figure)
        for axes, words in titles.items():
            _wrap_labels(axes, words)
        room.execute(figure)
        between = figure.get_figheight() - above - below
        _set_height(figure, room, above, below, between + _missing(drawn, heights))
        room.execute(figure)
        figure.set_layout_engine("none")  # to be drawn as it is, however often


def in_rows(count: int, most: int) -> list[list[Any]]:
    """Name panels by their numbers, at most so many in a row; what is left of the last row stays empty."""
    columns = max(min(count, most), 1)
    places = [*range(count), *["."] * (-count % columns)]
    return [places[start : start + columns] for start in range(0, len(places), columns)]


def text_inches(text: str, size: float = SMALL, weight: str = "normal") -> float:
    """Return how wide a line of text is."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family="DejaVu Sans", size=size, weight=weight)
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0]) / 72.0


def wrapped(text: str, inches: float, size: float = SMALL, weight: str = "normal") -> str:
    """Break a text into lines that are no wider than so many inches; words only if they do not fit, at their hyphens.

    No line begins or ends with a dot that divides facts.
    """
    lines = []
    for paragraph in text.replace("  ·", "\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}·").split("\n"):
        line = ""
        for word in re.split(r"(?<= )(?! )", paragraph):
            too_long = text_inches(word.strip(), size, weight) > inches
            for part in re.split(r"(?<=-)", word) if too_long else [word]:
                if line and text_inches((line + part).strip(), size, weight) > inches:
                    lines.append(line.strip(" \N{NO-BREAK SPACE}·"))
                    line = ""
                line += part
        lines.append(line.strip(" "))
    return "\n".join(lines)


def axes_inches(axes: Any) -> tuple[float, float]:
    """Return width and height of axes, once their figure has its layout."""
    place = axes.get_window_extent()
    return place.width / axes.figure.dpi, place.height / axes.figure.dpi


# ---------------------------------------------------------------------- above and below


def _above(figure: Any, title: str, lead: str, legend: Sequence[Any]) -> float:
    """Write what stands above the panels, and return how many inches it takes."""
    from matplotlib.transforms import ScaledTranslation

    from_top = figure.dpi_scale_trans + ScaledTranslation(0.0, 1.0, figure.transFigure)
    used = _EDGE
    for text, size, weight in ((title, SIZE + 4, "bold"), (lead, SIZE, "normal")):
        if text:
            lines = wrapped(text, figure.get_figwidth() - 2.0 * _EDGE, size, weight)
            one = figure.text(_EDGE, -used, lines, size=size, weight=weight, color=INK, va="top", transform=from_top)
            used += _inches(one) + _AIR
    for columns in range(len(legend), 0, -1):
        one = figure.legend(
            handles=legend, ncols=columns, loc="upper left", bbox_to_anchor=(_EDGE, -used), bbox_transform=from_top,
            frameon=False, fontsize=SMALL, borderaxespad=0.0, borderpad=0.0, handletextpad=0.5, columnspacing=1.6,
        )  # fmt: skip
        if columns == 1 or one.get_window_extent().width / figure.dpi < figure.get_figwidth() - 2.0 * _EDGE:
            return used + _inches(one) + _AIR
        one.remove()
    return used


def _below(figure: Any, *texts: str) -> float:
    """Write what stands below the panels, the last text lowest, and return how many inches it takes."""
    used = _EDGE
    for text in reversed(texts):
        if text:
            lines = wrapped(text, figure.get_figwidth() - 2.0 * _EDGE)
            one = figure.text(
                _EDGE, used, lines, size=SMALL, color=MUTED, va="bottom", transform=figure.dpi_scale_trans
            )
            used += _inches(one) + _AIR / 2.0
    return used


def _inches(artist: Any) -> float:
    return float(artist.get_window_extent().height) / float(artist.figure.dpi)


# ---------------------------------------------------------------------- panels


def _set_height(figure: Any, room: Any, above: float, below: float, between: float) -> None:
    tall = above + between + below
    figure.set_figheight(tall)
    room.set(rect=(0.0, below / tall, 1.0, between / tall))


def _wrap_labels(axes: Any, title: str) -> None:
    """Break title and labels that are longer than their axes."""
    width, height = axes_inches(axes)
    axes.set_title(wrapped(title, width, SIZE + 1, "bold"), loc="left")
    for axis, inches in ((axes.xaxis, width), (axes.yaxis, height)):
        axis.set_label_text(wrapped(axis.get_label_text(), inches, axis.label.get_fontsize()))


def _missing(drawn: dict[Any, Any], heights: Sequence[float]) -> float:
    """Inches by which a figure is too low for its panels; all rows share what there is in the same proportion."""
    for axes in drawn.values():
        rows = axes.get_subplotspec().rowspan
        if len(rows) == 1:
            return sum(heights) * (1.0 - axes_inches(axes)[1] / float(heights[rows.start]))
    return 0.0
