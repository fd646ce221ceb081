"""Parts that figures share: axes in the unit of a measure, stacks of dots that stand for equally likely futures."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.words.numbers import number, unit_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: Dots that stand for equally likely futures.
FUTURES = 50
TALLEST = 8.0
SHARE_OF_WORLDS = "share of worlds"
SHARES = ("share", "shares", SHARE_OF_WORLDS)


def possible_futures(values: NDArray[np.float64], dots: int = FUTURES) -> NDArray[np.float64]:
    """Pick equally likely futures: the middles of equal slices of the distribution, in order."""
    found = values[np.isfinite(values)]
    if not found.size:
        return np.empty(0)
    picked: NDArray[np.float64] = np.quantile(found, (np.arange(dots) + 0.5) / dots, method="hazen")
    return picked


def stacked(values: NDArray[np.float64], low: float, size: float) -> NDArray[np.float64]:
    """Place of each dot in the stack of its bin."""
    places = np.zeros(values.shape[0])
    heights: dict[int, int] = {}
    for k, value in enumerate(values):
        cell = math.floor((value - low) / size)
        places[k] = heights.get(cell, 0)
        heights[cell] = heights.get(cell, 0) + 1
    return places


def blocks(places: NDArray[np.float64], values: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Break stacks that are too tall into columns side by side, centred on their value."""
    row, column = places % TALLEST, places // TALLEST
    columns = {float(value): float(column[values == value].max()) for value in set(values.tolist())}
    return row, column - np.array([columns[float(value)] / 2.0 for value in values])


def dots(axes: Any, x: Any, y: Any, look: Any, size: float) -> None:
    """Draw dots in the look of a scenario."""
    axes.scatter(
        x, y, s=size, marker=look.marker, linewidths=1.3, edgecolors=look.colour,
        facecolors=look.colour if look.filled else "white", clip_on=False, zorder=3,
    )  # fmt: skip


def years(axes: Any) -> None:
    """Give an axis of days a few dates that fit."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    locator = AutoDateLocator(minticks=3, maxticks=7)
    axes.xaxis.set_major_locator(locator)
    formatter = ConciseDateFormatter(locator, show_offset=False)
    axes.xaxis.set_major_formatter(formatter)


def value_axis(axis: Any, unit: str, *, whole: bool = False) -> None:
    """Give an axis ticks in the unit of a measure; shares as percent."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    axis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10], integer=whole))
    if unit in SHARES:
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{tick(100.0 * value)}%"))
    else:
        axis.set_major_formatter(FuncFormatter(lambda value, _: tick(value)))


def tick(value: float) -> str:
    """Write the number of a tick."""
    text = f"{round(value, 6):,.0f}" if abs(value) >= 1000 else f"{round(value, 6):g}"
    return text.replace("-", "\N{MINUS SIGN}")


def axis_label(unit: str) -> str:
    """Name the axis of a unit."""
    if unit in ("", "-"):
        return "share"
    return SHARE_OF_WORLDS if unit == SHARE_OF_WORLDS else "share" if unit in SHARES else unit


def in_unit(unit: str) -> str:
    """Return the unit in brackets, as it follows a title; nothing for shares, counts and indices."""
    text = unit_text(unit).strip()
    return f" ({text})" if text else ""


def value_text(value: float, unit: str) -> str:
    """Write a value as short as a label needs."""
    if unit in SHARES and math.isfinite(value):
        return f"{value:.0%}"
    return number(value)
