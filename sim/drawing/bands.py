"""Bands over time: the median world, the middle half and the middle 80 % of the worlds, week by week."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.drawing.parts import SHARE_OF_WORLDS, axis_label, value_axis, value_text, years
from sim.drawing.sheet import sheet
from sim.drawing.style import LOOKS
from sim.words.numbers import capital

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Line:
    """What one line and its bands show: a letter, the days of the weeks, and the values, (worlds, weeks)."""

    letter: str
    dates: Any
    worlds: NDArray[np.float32]


def bands_figure(lines: Sequence[Line], label: str, unit: str, names: str, facts: str) -> Any:
    """Draw one series over time, one line a scenario; ``names`` and ``facts`` say what was simulated."""
    with sheet([["bands"]], [4.3], foot=f"{names}  ·  {facts}") as (figure, drawn):
        draw_bands(drawn["bands"], lines, unit)
        drawn["bands"].set_title(capital(label))
    return figure


def draw_bands(axes: Any, lines: Sequence[Line], unit: str, *, bands: bool = True) -> None:
    """Median, middle half and middle 80 % of the worlds, week by week, with a label at the end of each line."""
    ends = []
    for look, line in zip(LOOKS, lines, strict=False):
        if unit == SHARE_OF_WORLDS:  # yes or no in each world: only the share over the worlds tells
            p50 = line.worlds.mean(axis=0, dtype=np.float64)
        else:
            p10, p25, p50, p75, p90 = weekly_quantiles(line.worlds)
            if bands:
                axes.fill_between(line.dates, p10, p90, color=look.colour, alpha=0.14, linewidth=0)
                axes.fill_between(line.dates, p25, p75, color=look.colour, alpha=0.24, linewidth=0)
        axes.plot(line.dates, p50, color=look.colour, linestyle=look.line, linewidth=2.6, solid_capstyle="round")
        ends.append((float(p50[-1]), f"{line.letter}  {value_text(float(p50[-1]), unit)}".strip(), look.text))
    first = min(line.dates[0] for line in lines)
    last = max(line.dates[-1] for line in lines)
    axes.set_xlim(first, max(last, first + datetime.timedelta(days=7)))
    value_axis(axes.yaxis, unit)
    axes.set_ylabel(axis_label(unit))
    axes.margins(y=0.03)
    axes.tick_params(length=0)
    years(axes)
    _label_ends(axes, ends)


def weekly_quantiles(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return the 10, 25, 50, 75 and 90 % quantiles over the worlds, (5, weeks); `values` is (worlds, weeks)."""
    import warnings

    with warnings.catch_warnings():
        # A series may not exist in some week of any world; the line then has a gap.
        warnings.simplefilter("ignore", RuntimeWarning)
        every = np.asarray(values, dtype=np.float64)
        quantile = np.quantile if np.isfinite(every).all() else np.nanquantile
        found: NDArray[np.float64] = quantile(every, [0.1, 0.25, 0.5, 0.75, 0.9], axis=0)
    return found


def _label_ends(axes: Any, ends: Sequence[tuple[float, str, str]]) -> None:
    """Label the lines at their right ends, moved apart where they would overlap."""
    low, high = axes.get_ylim()
    apart = 0.062 * (high - low)
    places: list[float] = []
    for value, text, colour in sorted(ends):
        place = max(value, places[-1] + apart) if places else value
        places.append(place)
        axes.annotate(
            text,
            (1.0, place),
            xycoords=("axes fraction", "data"),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            color=colour,
            fontweight="bold",
            annotation_clip=False,
        )
    axes.set_ylim(low, high)
