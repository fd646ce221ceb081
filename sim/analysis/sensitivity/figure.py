"""Figure of sensitivity: on which factors outcomes hang, above the band of what chance alone reaches."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.drawing.sheet import in_rows, sheet, wrapped
from sim.drawing.style import INK, LOOKS, MUTED, RULE, SMALL
from sim.errors import InputError
from sim.provenance import PACKAGE, package_version
from sim.words.numbers import capital, unit_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.analysis.sensitivity.numbers import FactorIndices, Sensitivity

_COLUMNS = 3
_GREY, _BAND, _EDGE = "#b3b3b3", "#f0e6d2", "#8a7440"
_BAR, _SECOND = LOOKS[5], LOOKS[1]
_LIGHT = "#c9e6f7"  # the colour of bars at a third of its strength
#: An effect that has the same sign in nearly every place has a direction: |mu| is nearly mu*.
_ONE_SIGN = 0.8


def sensitivity_figure(found: Sequence[Sensitivity], title: str = "", foot: str = "") -> Any:
    """Draw one panel of bars for each outcome, all with the same factors from top to bottom.

    Bars are total indices of Sobol, or mean absolute Morris effects; whiskers are 95 % intervals over the design.
    Bars that do not stand out from chance are grey, those above it but not clearly are light; neither has a rank.

    Parameters
    ----------
    found
        One or more outcomes, all by the same method and with the same factors.
    title
        Above all panels.
    foot
        What was simulated, as the last line; the design alone if not given.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    InputError
        Nothing to draw, or outcomes of different designs.
    """
    order = _order(found)
    labels = [wrapped(capital(found[0].rows[k].label), 3.6, SMALL + 1) for k in order]
    row = 0.36 + 0.16 * max(label.count("\n") for label in labels)
    panels = in_rows(len(found), _COLUMNS)
    with sheet(
        panels,
        [row * len(order) + 0.25] * len(panels),
        title=title,
        legend=_legend(found),
        notes=_notes(found[0]),
        foot=_foot(found[0], foot),
    ) as (figure, drawn):
        for place, one in enumerate(found):
            axes = drawn[place]
            _panel(axes, one, [one.rows[k] for k in order])
            axes.set_title(capital(one.label))
            first = place % _COLUMNS == 0
            axes.set_yticks(range(len(order)), labels if first else [])
            if first:
                axes.tick_params(axis="y", labelsize=SMALL + 1, labelcolor=INK, pad=7)
    return figure


def _order(found: Sequence[Sensitivity]) -> list[int]:
    """Positions of the factors, those that matter most over all outcomes first."""
    if not found:
        raise InputError("figure: found no outcome, expected at least one sensitivity")
    first = found[0]
    for one in found[1:]:
        if one.method != first.method or [row.name for row in one.rows] != [row.name for row in first.rows]:
            raise InputError(
                f"figure: {one.name or one.label}: found another method or other factors than for "
                f"{first.name or first.label}, expected outcomes of one design"
            )
    weight = np.zeros(len(first.rows))
    for one in found:
        if one.varies:  # every outcome counts the same, whatever its unit
            values = np.array([row.main.value for row in one.rows])
            weight += values / max(float(values.max()), 1e-300)
    return [int(k) for k in np.argsort(-weight, kind="stable")]


def _unclear(found: Sequence[Sensitivity]) -> bool:
    """Whether any factor is above the floor, but not clearly."""
    return any(row.main.above and row.rank is None for one in found for row in one.rows)


def _legend(found: Sequence[Sensitivity]) -> list[Any]:
    """Say what bars, marks and the band are."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    sobol = found[0].method == "sobol"
    bar = "total share of the variance" if sobol else "mean absolute effect over the whole range"
    mark = "share of the factor by itself" if sobol else "spread of the effect (σ)"
    handles: list[Any] = [
        Patch(color=_BAR.colour, label=bar),
        Line2D([], [], linestyle="none", marker="D", markersize=8, markeredgewidth=1.6, markeredgecolor=_SECOND.text,
               markerfacecolor="white", label=mark),
        Patch(color=_GREY, label="may be chance: not ranked"),
    ]  # fmt: skip
    if _unclear(found):
        light = Patch(
            facecolor=_LIGHT, edgecolor=_BAR.text, linestyle="--", label="above chance, not clearly: not ranked"
        )
        handles.insert(2, light)
    if any(one.floor > 0.0 for one in found):
        handles.append(Patch(facecolor=_BAND, edgecolor=_EDGE, label="below this: chance of the worlds"))
    return handles


def _panel(axes: Any, one: Sensitivity, rows: Sequence[FactorIndices]) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.grid(visible=False)
    axes.hlines(range(len(rows)), 0.0, 1.0, transform=axes.get_yaxis_transform(), color=RULE, linewidth=0.7, zorder=0.5)
    axes.tick_params(length=0)
    axes.spines["left"].set_color(INK)
    axes.set_xlabel(_axis_label(one))
    if not one.varies:
        axes.set_xlim(0.0, 1.0)
        axes.set_xticks([])
        axes.text(0.5, (len(rows) - 1) / 2.0, "does not vary", ha="center", va="center", color=MUTED)
        return
    if one.floor > 0.0:
        axes.axvspan(0.0, one.floor, color=_BAND, linewidth=0, zorder=0)
        axes.axvline(one.floor, color=_EDGE, linewidth=1.2, linestyle=(0, (4, 2)), zorder=1)
    ends = [_bar(axes, one.method, place, row) for place, row in enumerate(rows)]
    # Shares of a variance can be read across panels.
    reach = max(*ends, 1.0 if one.method == "sobol" else 0.0, one.floor if math.isfinite(one.floor) else 0.0)
    axes.set_xlim(0.0, 1.2 * reach)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    for place, row in enumerate(rows):
        if row.rank is not None:
            axes.annotate(
                f"{row.rank}{_direction(row)}", (ends[place], place), xytext=(7, 0), textcoords="offset points",
                va="center", color=_BAR.text, fontweight="bold",
            )  # fmt: skip


def _bar(axes: Any, method: str, place: int, row: FactorIndices) -> float:
    """Draw one factor and return how far it reaches."""
    value, half = row.main.value, row.main.confidence
    clear = row.rank is not None
    low, high = max(value - half, 0.0), value + half
    if method == "sobol":
        high = max(min(high, 1.0), value)  # no index is above 1
    if row.main.above and not clear:
        axes.barh(place, value, height=0.62, color=_LIGHT, edgecolor=_BAR.text, linewidth=1.2, linestyle="--", zorder=2)
    else:
        axes.barh(place, value, height=0.66, color=_BAR.colour if clear else _GREY, linewidth=0, zorder=2)
    axes.plot(
        [low, high], [place, place], color=INK if clear else MUTED, linewidth=1.8, solid_capstyle="butt", zorder=3,
    )  # fmt: skip
    if not clear:  # the second mark of what is chance says nothing
        return high
    second = max(row.first.value, 0.0) if row.first is not None else row.sigma
    axes.plot(
        [second], [place], marker="D", markersize=7, markeredgewidth=1.8, zorder=4, clip_on=False,
        markeredgecolor=_SECOND.text, markerfacecolor="white",
    )  # fmt: skip
    return max(high, second)


def _direction(row: FactorIndices) -> str:
    """Arrow for an effect that has one sign nearly everywhere."""
    if math.isnan(row.mu) or abs(row.mu) < _ONE_SIGN * row.main.value:
        return ""
    return " ↑" if row.mu > 0.0 else " ↓"


def _axis_label(one: Sensitivity) -> str:
    if one.method == "sobol":
        return "share of the variance"
    unit = unit_text(one.unit).strip()
    return f"change{f' ({unit})' if unit else ''}"


def _notes(first: Sensitivity) -> str:
    """Say how to read it."""
    numbers = "Numbers: ranks of what stands out from chance"
    if first.method == "morris":
        numbers += "; ↑ raises, ↓ lowers the outcome nearly everywhere"
    return f"{numbers}. Whiskers: 95 % intervals over the design."


def _foot(first: Sensitivity, foot: str) -> str:
    """Say what was analysed."""
    worlds = "1 world" if first.replicates == 1 else f"{first.replicates:,} worlds"
    simulated = foot or f"{first.points:,} points, {worlds} each  ·  {PACKAGE} {package_version()}"
    return f"{first.method.capitalize()} design  ·  {simulated}"
