"""Figure of a scenario discovery: the points, the box, and how it was chosen."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.discovery.boxes import Limit, column
from sim.analysis.discovery.numbers import COVERAGE, Discovery
from sim.analysis.discovery.words import sentence
from sim.drawing.parts import tick
from sim.drawing.sheet import sheet, wrapped
from sim.drawing.style import INK, LOOKS, MUTED, SMALL
from sim.provenance import PACKAGE, package_version
from sim.words.numbers import capital, short_number, unit_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.analysis.factors import Factor

#: Heights in inches: of the choice, of points that stand alone, of a line and a bar of the limits.
_CHOICE, _ALONE, _LINE, _BAR = 3.0, 4.6, 0.21, 0.2
#: Inches that words above a bar may be wide.
_WORDS = 3.85
_OTHER, _CASE = LOOKS[0], LOOKS[1]
#: Successive multiples of it spread evenly, so that points of one option do not cover each other.
_GOLDEN = 0.6180339887498949
_FAINT = 0.22


def discovery_figure(discovery: Discovery, foot: str = "", title: str = "") -> Any:
    """Draw points over the two factors that tell most, the box in them, and the boxes it was chosen from.

    If nothing was found, the points over the first two factors only.

    Parameters
    ----------
    discovery
        What was looked for, and what was found.
    foot
        What was simulated, for the foot of the figure.
    title
        Above the sentence.

    Returns
    -------
    matplotlib.figure.Figure
    """
    rows = [wrapped(_unbroken(limit.words), _WORDS) for limit in discovery.limits]
    panels, heights = [["points"]] if discovery.points else [], [_ALONE] if discovery.points else []
    if discovery.found:
        panels, heights = [["points", "choice"], ["points", "limits"]], [_CHOICE, sum(_row_height(row) for row in rows)]
    with sheet(
        panels,
        heights,
        title=title,
        lead=_unbroken(sentence(discovery)),
        legend=_legend(discovery) if discovery.points else (),
        notes=_notes(discovery),
        foot=foot or f"{PACKAGE} {package_version()}",
        widths=[1.55, 1.0] if discovery.found else None,
    ) as (figure, drawn):
        if discovery.points:
            _points(drawn["points"], discovery)
        if discovery.found:
            _choice(drawn["choice"], discovery)
            _limits(drawn["limits"], discovery, rows)
    return figure


def _unbroken(text: str) -> str:
    """Keep a sign and its number on one line."""
    return re.sub(r"([<>≥≤]) (?=\S)", "\\1\N{NO-BREAK SPACE}", text)


def _notes(discovery: Discovery) -> str:
    size = f"{_size(discovery)}, {discovery.cases:,} of them cases; {len(discovery.factors)} factors searched"
    how = [
        "by chance: what the search finds, with the coverage of the box, in outcomes dealt out at random (permuted)"
        + (", block by block" if discovery.blocks < discovery.points else ""),
        "quasi-p: chance of so dense a box if the limit did nothing",
    ]
    return "\n".join([size, *(how if discovery.found else [])])


def _size(discovery: Discovery) -> str:
    text = f"{discovery.points:,} points"
    if discovery.left_out:
        text += f" ({discovery.left_out:,} more without an answer)"
    return text + (f" in {discovery.blocks:,} blocks" if 0 < discovery.blocks < discovery.points else "")


# ---------------------------------------------------------------------- points


def _points(axes: Any, discovery: Discovery) -> None:
    """Points over two factors; those that other limits shut out are faint."""
    across = discovery.limits[0] if discovery.found else Limit(discovery.factors[0])
    up = _second(discovery)
    x = _places(axes.xaxis, discovery, across.factor)
    y = _heights(axes, discovery) if up is None else _places(axes.yaxis, discovery, up.factor)
    others = np.ones(len(x), bool)
    for limit in discovery.limits[2:]:
        others &= limit.holds(column(discovery.points_table, limit.factor))
    for look, which in ((_OTHER, ~discovery.is_case), (_CASE, discovery.is_case)):
        for there, strength in ((others, 1.0), (~others, _FAINT)):
            axes.scatter(
                x[which & there], y[which & there], s=46, marker=look.marker, linewidths=1.3, alpha=strength,
                edgecolors=look.colour, facecolors=look.colour if look.filled else "white", zorder=3, clip_on=False,
            )  # fmt: skip
    _limit_axis(axes, "x", x, across.factor)
    if up is not None:
        _limit_axis(axes, "y", y, up.factor)
    if discovery.found:
        _box(axes, discovery, across, up)
    axes.tick_params(length=0)
    axes.grid(visible=False)


def _legend(discovery: Discovery) -> list[Any]:
    from matplotlib.lines import Line2D

    happens, does_not = "it happens", "it does not"
    if discovery.in_shares:
        happens, does_not = f"in {discovery.share:.0%} of worlds or more", "in fewer"
    kinds = [(_CASE, happens, 1.0), (_OTHER, does_not, 1.0)]
    if len(discovery.limits) > 2:
        kinds.append((_OTHER, "faint: outside other limits", _FAINT))
    return [
        Line2D(
            [], [], linestyle="none", marker=look.marker, markersize=8, markeredgecolor=look.colour, alpha=strength,
            markerfacecolor=look.colour if look.filled else "white", label=words,
        )
        for look, words, strength in kinds
    ]  # fmt: skip


def _second(discovery: Discovery) -> Limit | None:
    if discovery.found:
        return discovery.limits[1] if len(discovery.limits) > 1 else None
    return Limit(discovery.factors[1]) if len(discovery.factors) > 1 else None


def _heights(axes: Any, discovery: Discovery) -> NDArray[np.float64]:
    """Where there is one limit only: the share of the worlds, or just room for the points."""
    if discovery.in_shares:
        axes.set_ylabel("share of worlds in which it happens")
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
        low, high = (pick([*discovery.shares, discovery.share]) for pick in (min, max))
        axes.set_ylim(low - 0.05 * (high - low), high + 0.05 * (high - low))
        axes.axhline(discovery.share, color=MUTED, linewidth=1.0, linestyle=(0, (4, 3)), zorder=1)
        return discovery.shares
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_ylim(-0.05, 1.05)
    return _spread(discovery.points)


def _spread(number: int) -> NDArray[np.float64]:
    found: NDArray[np.float64] = (np.arange(number, dtype=np.float64) * _GOLDEN) % 1.0
    return found


def _places(axis: Any, discovery: Discovery, factor: Factor) -> NDArray[np.float64]:
    """Values of a factor as places on an axis; options stand side by side."""
    values = column(discovery.points_table, factor)
    axis.set_label_text(capital(factor.title))
    if factor.numeric:
        if factor.logarithmic:
            axis.axes.set(**{f"{axis.axis_name}scale": "log"})
            for ticks in (axis.set_major_formatter, axis.set_minor_formatter):
                ticks(lambda value, _: tick(value))  # 6, not 6 x 10^0
        found: NDArray[np.float64] = values.astype(np.float64)
        return found
    names = list(dict.fromkeys(values))
    axis.set_ticks(range(len(names)), names)
    beside: NDArray[np.float64] = np.array([names.index(value) for value in values], np.float64)
    return beside + 0.6 * (_spread(len(values)) - 0.5)


def _limit_axis(axes: Any, side: str, places: NDArray[np.float64], factor: Factor) -> None:
    low, high = float(places.min()), float(places.max())
    if not factor.numeric:
        low, high = round(low) - 0.5, round(high) + 0.5
    elif factor.logarithmic and low > 0.0:
        room = (high / low) ** 0.03
        low, high = low / room, high * room
    else:
        room = 0.03 * (high - low) or 0.5
        low, high = low - room, high + room
    axes.set(**{f"{side}lim": (low, high)})


def _box(axes: Any, discovery: Discovery, across: Limit, up: Limit | None) -> None:
    """Draw the box to the edge of the picture where it has no limit."""
    from matplotlib.patches import Rectangle

    spans = _spans(axes.get_xlim(), across, discovery)
    rises = [axes.get_ylim()] if up is None else _spans(axes.get_ylim(), up, discovery)
    for left, right in spans:
        for bottom, top in rises:
            size = ((left, bottom), right - left, top - bottom)
            axes.add_patch(Rectangle(*size, facecolor=_CASE.colour, alpha=0.1, linewidth=0, zorder=1))
            axes.add_patch(Rectangle(*size, facecolor="none", edgecolor=INK, linewidth=2.2, zorder=4, clip_on=False))
    tag = {
        "fontsize": SMALL, "fontweight": "bold", "zorder": 6,
        "bbox": {"facecolor": "white", "edgecolor": INK, "linewidth": 1.0, "boxstyle": "round,pad=0.25"},
    }  # fmt: skip
    bottom, top = rises[0][0], rises[-1][1]
    left, right = spans[0][0], spans[-1][1]
    for side in across.sides:
        if side != "options":
            at, end = (left, across.lower) if side == "lower" else (right, across.upper)
            axes.text(at, _middle(axes.get_yscale(), bottom, top), _end(across, side, end), ha="center",
                      va="center", rotation=90, **tag)  # fmt: skip
    for side in () if up is None else up.sides:
        if side != "options" and up is not None:
            at, end = (bottom, up.lower) if side == "lower" else (top, up.upper)
            axes.text(_middle(axes.get_xscale(), left, right), at, _end(up, side, end), ha="center", va="center",
                      **tag)  # fmt: skip


def _middle(scale: str, low: float, high: float) -> float:
    return math.sqrt(low * high) if scale == "log" else 0.5 * (low + high)


def _end(limit: Limit, side: str, end: float) -> str:
    sign = {"lower": "≥" if limit.levels else ">", "upper": "≤" if limit.levels else "<"}[side]
    return f"{sign} {short_number(end)}{unit_text(limit.factor.unit)}"


def _spans(ends: tuple[float, float], limit: Limit, discovery: Discovery) -> list[tuple[float, float]]:
    if not limit.options:
        half = 0.02 * (ends[1] - ends[0]) if limit.levels else 0.0  # a level is in the box, so the line goes around it
        low = limit.lower - half if math.isfinite(limit.lower) else ends[0]
        return [(low, limit.upper + half if math.isfinite(limit.upper) else ends[1])]
    names = list(dict.fromkeys(column(discovery.points_table, limit.factor)))
    return [(place - 0.4, place + 0.4) for place, name in enumerate(names) if name in limit.options]


# ---------------------------------------------------------------------- how it was chosen


def _choice(axes: Any, discovery: Discovery) -> None:
    """Coverage against density of the boxes on the way, with the one that is told."""
    boxes = discovery.trajectory
    axes.set_xlim(COVERAGE - 0.02, 1.02)
    axes.set_ylim(0.0, 1.04)
    axes.set_xlabel("coverage (share of all cases)")
    axes.set_ylabel("density (share of cases)")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axes.set_title("Chosen among these boxes")
    axes.axhline(discovery.base_rate, color=MUTED, linewidth=1.3, linestyle=(0, (6, 3)), zorder=1)
    axes.text(
        1.02, discovery.base_rate / 1.04, f"everywhere\n{discovery.base_rate:.0%}", transform=axes.transAxes,
        fontsize=SMALL, color=MUTED, va="center", linespacing=1.05,
    )  # fmt: skip
    axes.plot(boxes["coverage"], boxes["density"], color="#bdbdbd", linewidth=1.5, zorder=2)
    axes.scatter(
        boxes["coverage"], boxes["density"], s=38, facecolors="white", edgecolors=MUTED, linewidths=1.2, zorder=3,
        clip_on=False,
    )  # fmt: skip
    axes.scatter(
        [discovery.coverage], [discovery.density], s=190, color=_CASE.colour, edgecolors=INK, linewidths=1.6,
        zorder=4, clip_on=False,
    )  # fmt: skip
    high = discovery.density > 0.85  # no room above; and no box to the upper right of the densest
    axes.annotate(
        "the box", (discovery.coverage, discovery.density), xytext=(12 if high else 0, 0 if high else 10),
        textcoords="offset points", ha="left" if high else "center", va="center" if high else "bottom",
        color=_CASE.text, fontweight="bold", zorder=5,
    )  # fmt: skip
    if math.isfinite(discovery.floor):
        _by_chance(axes, discovery)
    axes.tick_params(length=0)


def _by_chance(axes: Any, discovery: Discovery) -> None:
    """Mark what chance reaches, which is known at the coverage of the box only."""
    x, y = discovery.coverage, discovery.floor
    axes.plot([x, x], [y, discovery.density], color=MUTED, linewidth=1.2, linestyle=(0, (1, 1.5)), zorder=1)
    axes.scatter([x], [y], s=120, marker="X", color=MUTED, edgecolors="white", linewidths=1.0, zorder=4, clip_on=False)
    left = x > 0.72
    axes.annotate(
        f"by chance {y:.0%}", (x, y), xytext=(-10 if left else 10, 0), textcoords="offset points", fontsize=SMALL,
        color=MUTED, ha="right" if left else "left", va="center", zorder=5,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
    )  # fmt: skip


# ---------------------------------------------------------------------- limits


def _row_height(words: str) -> float:
    """Inches of a row: its words, the bar, the ends of the range, and air."""
    return _LINE * (words.count("\n") + 1) + _BAR + _LINE + 0.22


def _limits(axes: Any, discovery: Discovery, rows: list[str]) -> None:
    """One bar a factor: the part of its range that is in the box; heights in inches."""
    top = 0.0
    for limit, words in zip(discovery.limits, rows, strict=True):
        at = top + _LINE * (words.count("\n") + 1) + 0.06 + _BAR / 2.0
        axes.barh(at, 1.0, height=_BAR, color="#ececec", zorder=1)
        values = column(discovery.points_table, limit.factor)
        if limit.options:
            names = list(dict.fromkeys(values))
            for place, name in enumerate(names):
                if name in limit.options:
                    axes.barh(at, 1.0 / len(names), left=place / len(names), height=_BAR, color=_CASE.colour, zorder=2)
        else:
            about = limit.factor
            given = about.low < about.high  # NaN where values are listed
            low, high = (about.low, about.high) if given else (float(values.min()), float(values.max()))
            ends = [_share(limit.factor, end, low, high) for end in (limit.lower, limit.upper)]
            width = max(ends[1] - ends[0], 0.02)
            axes.barh(at, width, left=min(ends[0], 0.98), height=_BAR, color=_CASE.colour, zorder=2)
            for end, value, align in ((0.0, low, "left"), (1.0, high, "right")):
                text = short_number(float(f"{value:.3g}"))
                axes.text(end, at + _BAR / 2.0 + 0.03, text, ha=align, va="top", fontsize=SMALL, color=MUTED)
        style = {"fontsize": SMALL, "linespacing": 1.1}
        axes.text(0.0, at - _BAR / 2.0 - 0.03, words, color=INK, va="bottom", **style)
        axes.text(1.03, at, _chance(limit.p), color=MUTED, va="center", **style)
        top += _row_height(words)
    axes.set_title("Limits, with quasi-p")
    axes.set_ylim(top, 0.0)
    axes.set_xlim(0.0, 1.0)
    axes.set_axis_off()


def _share(factor: Factor, value: float, low: float, high: float) -> float:
    if factor.logarithmic and low > 0.0:
        value, low, high = (math.log(one) if one > 0.0 else -math.inf for one in (value, low, high))
    return min(max((value - low) / (high - low), 0.0), 1.0)


def _chance(p: float) -> str:
    return "p < 0.001" if p < 0.001 else f"p {p:.3f}"
