"""Figures of a sweep: heat maps over two factors, lines over one, dots over options, clouds over samples."""

from __future__ import annotations

import math
import textwrap
from itertools import product
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.outcomes import describe
from sim.drawing.style import INK, LOOKS, MUTED, RULE, SMALL, figure_style
from sim.provenance import PACKAGE, package_version
from sim.statistics import mean_and_error
from sim.words.numbers import capital, number, short_number, unit_text

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.factors import Factor
    from sim.studies.results import Results

MOST_OUTCOMES = 4
MOST_ROWS = 4
#: Fewer worlds than this say nothing about which point is best.
LEAST_WORLDS = 20
_NUMBERS_UP_TO = 120  # cells that carry their number
_MAP = "cividis"


def sweep_figure(study: Results) -> Any:
    """Draw the outcomes of a study over its factors.

    Two ranges make heat maps, one range makes lines, options alone make dots, and samples make clouds of points. What
    is left over (options of a lever) makes rows of panels or lines of their own.

    Returns
    -------
    matplotlib.figure.Figure
    """
    outcomes = study.prepared.file.outcomes[:MOST_OUTCOMES]
    ranges = [factor for factor in study.design.factors if factor.numeric and _levels(study, factor) > 2]
    ranges.sort(key=lambda factor: not factor.lever)  # what is chosen goes across, what is found goes up
    options = [factor for factor in study.design.factors if factor not in ranges]
    with figure_style():
        if study.design.kind not in ("grid",) and study.design.sampled:
            return _clouds(study, outcomes)
        if len(ranges) >= 2 and len(ranges) + len(options) <= 3:
            return _maps(study, outcomes, ranges[0], ranges[1], [*ranges[2:], *options])
        if ranges:
            return _lines(study, outcomes, ranges[0], [*ranges[1:], *options])
        return _dots(study, outcomes)


def _levels(study: Results, factor: Factor) -> int:
    return int(study.design.table[factor.name].nunique())


def foot_of(study: Results) -> str:
    """Say what was simulated, as a line at the foot of a figure."""
    file = study.prepared.file
    scenarios = ", ".join(dict.fromkeys(base.name for base in study.prepared.bases))
    worlds = "world" if file.replicates == 1 else "worlds"
    return (
        f"{scenarios}  ·  {len(study.design):,} points x {file.replicates:,} {worlds}  ·  seed {file.seed}  ·  "
        f"study {file.name}, digest {study.digest[:12]}  ·  {PACKAGE} {package_version()}"
    )


def _sheet(
    study: Results,
    columns: int,
    rows: int,
    width: float,
    height: float,
    names: list[str] | None = None,
    *,
    lines: bool = True,
) -> tuple[Any, Any]:
    """Return a figure with panels: title and names of what is drawn above, what was simulated at the foot."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine
    from matplotlib.lines import Line2D

    wide = max(11.0, width * columns + 1.2)
    title = textwrap.fill(study.prepared.file.title, int(wide * 6.6))
    heading = 0.22 + 0.3 * (title.count("\n") + 1)
    per_row = 3
    above = heading + (0.3 * math.ceil(len(names) / per_row) + 0.1 if names else 0.0)
    foot = 0.5
    tall = height * rows + above + foot
    room = ConstrainedLayoutEngine(rect=(0.0, foot / tall, 1.0, 1.0 - (foot + above) / tall), w_pad=0.12, h_pad=0.1)
    figure = Figure(figsize=(wide, tall), layout=room)
    figure.text(0.01, 1.0 - 0.15 / tall, title, fontsize=18, fontweight="bold", color=INK, va="top")
    if names:
        handles = [Line2D([], [], **(_line(place) | ({} if lines else {"ls": "none"}))) for place in range(len(names))]
        where = (0.0, 1.0 - heading / tall)
        figure.legend(handles, names, loc="upper left", bbox_to_anchor=where, ncols=per_row, frameon=False)
    figure.text(
        0.01, 0.1 / tall, textwrap.fill(foot_of(study), int(wide * 8.5)), fontsize=SMALL - 2, color=MUTED, va="bottom"
    )
    return figure, figure.subplots(rows, columns, squeeze=False)


def _line(place: int) -> dict[str, Any]:
    """Look of a line; later ones are thinner, so that lines that coincide are all seen."""
    look = LOOKS[place]
    return {
        "color": look.colour, "ls": look.line, "lw": max(4.4 - 1.1 * place, 1.6), "marker": look.marker,
        "ms": max(9.0 - 1.5 * place, 5.0), "mfc": look.colour if look.filled else "white",
    }  # fmt: skip


def _axis_text(name: str) -> str:
    about = describe(name)
    unit = "" if about.unit in ("count", "index", "ratio", "-", "") else about.unit
    return capital(about.label) + (f" ({unit})" if unit and unit not in about.label else "")


def _tick_texts(values: list[Any]) -> list[str]:
    return [short_number(value) if isinstance(value, (int, float)) else str(value) for value in values]


# ---------------------------------------------------------------------- heat maps


def _maps(study: Results, outcomes: tuple[str, ...], x: Factor, y: Factor, rest: list[Factor]) -> Any:
    table = study.summary
    parts = _parts(table, rest)[:MOST_ROWS]
    across, up = sorted(table[x.name].unique()), sorted(table[y.name].unique())
    # One part: outcomes in a block; several parts: outcomes across, parts down.
    columns = min(len(outcomes), 2) if len(parts) == 1 else len(outcomes)
    rows = math.ceil(len(outcomes) / columns) if len(parts) == 1 else len(parts)
    figure, panels = _sheet(study, columns, rows, max(5.6, 0.5 * len(across) + 1.2), max(3.4, 0.55 * len(up) + 1.1))
    settled = {name: _settled(study, name) for name in outcomes}
    for place, name in enumerate(outcomes):
        every = np.concatenate([part[name].to_numpy() for _, part in parts])
        there = every[np.isfinite(every)]
        limits = (float(there.min()), float(there.max())) if there.size else (0.0, 1.0)
        for number_of_part, (words, part) in enumerate(parts):
            row, column = divmod(place, columns) if len(parts) == 1 else (number_of_part, place)
            axes = panels[row, column]
            grid = part.pivot_table(index=y.name, columns=x.name, values=name, dropna=False, observed=False)
            image = axes.imshow(
                grid.to_numpy(), origin="lower", aspect="auto", cmap=_MAP, vmin=limits[0], vmax=limits[1]
            )
            _mark_cells(axes, part, (across, up), (x.name, y.name, name), settled[name], limits)
            _ticks(axes.xaxis, across)
            _ticks(axes.yaxis, up)
            axes.grid(visible=False)
            if row == rows - 1:
                axes.set_xlabel(x.title)
            if column == 0:
                axes.set_ylabel(textwrap.fill(f"{words}: {y.title}" if words else y.title, 26))
            if row == 0 or len(parts) == 1:
                axes.set_title(textwrap.fill(_axis_text(name), 44))
        bar = figure.colorbar(image, ax=axes if len(parts) == 1 else list(panels[:, column]), shrink=0.92, aspect=24)
        bar.outline.set_visible(False)
    _drop_empty(panels, len(outcomes) if len(parts) == 1 else panels.size)
    if any(best is not None for best in settled.values()):
        _key(figure, f"ring: best{_among(study)}   dot: not settled against it")
    return figure


def _among(study: Results) -> str:
    """Say what the best was chosen among, where it was chosen more than once."""
    given = [factor for factor in study.design.factors if not factor.lever]
    return f" for each value of {given[0].words}" if given else ""


def _ticks(axis: Any, values: list[Any]) -> None:
    step = max(1, math.ceil(len(values) / 16))
    axis.set_ticks(range(0, len(values), step), _tick_texts(values[::step]))


def _mark_cells(
    axes: Any,
    part: pd.DataFrame,
    levels: tuple[list[Any], list[Any]],
    names: tuple[str, str, str],
    settled: tuple[set[int], set[int]] | None,
    limits: tuple[float, float],
) -> None:
    (across, up), (x, y, name) = levels, names
    # All cells of a panel with as many digits as its largest number needs.
    digits = 0 if limits[1] >= 20 else 1 if limits[1] >= 2 else 2
    numbers = len(across) * len(up) <= _NUMBERS_UP_TO and len(across) <= 14
    for point, row in part.iterrows():
        place = across.index(row[x]), up.index(row[y])
        share = (row[name] - limits[0]) / max(limits[1] - limits[0], 1e-12)
        ink = "white" if share < 0.55 else INK
        if numbers and math.isfinite(row[name]):
            axes.text(*place, number(row[name], digits), ha="center", va="center", fontsize=SMALL - 1.5, color=ink)
        if settled is not None and point in settled[0]:
            axes.plot(*place, marker="o", ms=27 if numbers else 13, mfc="none", mec=LOOKS[1].colour, mew=2.6)
        elif settled is not None and point in settled[1]:
            axes.plot(place[0] + 0.36, place[1] + 0.32, marker="o", ms=4.5, mfc=ink, mec="none")


def _settled(study: Results, name: str) -> tuple[set[int], set[int]] | None:
    """Best points, and points that are not settled against them; best among the levers, for each uncertainty apart.

    The best is chosen in one half of the worlds and compared in the other, with an interval for as many comparisons as
    there are (Bonferroni).
    """
    direction, file = describe(name).direction, study.prepared.file
    levers = [factor for factor in study.design.factors if factor.lever]
    if direction == 0 or file.own_worlds or not levers or file.replicates < LEAST_WORLDS:
        return None
    values = study.values(name).reshape(len(study.design), -1)
    given = [factor.name for factor in study.design.factors if not factor.lever]
    table = study.design.table
    groups = table.groupby(given, sort=False).indices.values() if given else [np.arange(len(table))]
    bests, open_points = set(), set()
    for points in groups:
        means, _, _ = mean_and_error(values[points, 0::2])
        if not np.isfinite(means).any() or np.nanmin(means) == np.nanmax(means):
            continue
        best = points[int(np.nanargmax(means * direction))]
        mean, error, _ = mean_and_error(values[points, 1::2] - values[best, 1::2])
        wide = NormalDist().inv_cdf(1.0 - 0.025 / max(len(points) - 1, 1))
        bests.add(int(best))
        open_points |= {int(point) for point, near in zip(points, np.abs(mean) <= wide * error, strict=True) if near}
    return bests, open_points - bests


def _parts(table: pd.DataFrame, rest: list[Factor]) -> list[tuple[str, pd.DataFrame]]:
    """Split a table by the remaining factors."""
    found = []
    for values in product(*(list(dict.fromkeys(table[factor.name])) for factor in rest)):
        part = table
        for factor, value in zip(rest, values, strict=True):
            part = part[part[factor.name] == value]
        words = ", ".join(_option_text(factor, value) for factor, value in zip(rest, values, strict=True))
        found.append((words, part))
    return found


def _option_text(factor: Factor, value: Any) -> str:
    if isinstance(value, str):
        return value.replace("_", " ").replace("-", " ")
    return f"{factor.words} {short_number(value)}{unit_text(factor.unit)}"


# ---------------------------------------------------------------------- lines


def _lines(study: Results, outcomes: tuple[str, ...], x: Factor, rest: list[Factor]) -> Any:
    parts = _parts(study.summary, rest)[: len(LOOKS)]
    columns = min(len(outcomes), 2 if len(outcomes) == 4 else 3)
    names = [words for words, _ in parts] if len(parts) > 1 else None
    figure, panels = _sheet(study, columns, math.ceil(len(outcomes) / columns), 5.6, 4.0, names)
    for place, name in enumerate(outcomes):
        axes = panels[place // columns, place % columns]
        for number_of_part, (_, part) in enumerate(parts):
            look = LOOKS[number_of_part]
            ordered = part.sort_values(x.name)
            at, mean = ordered[x.name].to_numpy(float), ordered[name].to_numpy()
            half = ordered[f"{name}_half_width"].to_numpy()
            if len(parts) <= 2:
                low, high = ordered[f"{name}_p10"], ordered[f"{name}_p90"]
                axes.fill_between(at, low, high, color=look.colour, alpha=0.1, linewidth=0)
            axes.fill_between(at, mean - half, mean + half, color=look.colour, alpha=0.22, linewidth=0)
            axes.plot(at, mean, **_line(number_of_part))
        axes.set_title(textwrap.fill(_axis_text(name), 40))
        axes.set_xlabel(x.title)
        axes.margins(x=0.02)
    _drop_empty(panels, len(outcomes))
    band = (
        "dark band: 95 % of the mean   light band: 10-90 % of the worlds"
        if len(parts) <= 2
        else "band: 95 % of the mean"
    )
    _key(figure, band)
    return figure


def _key(figure: Any, text: str) -> None:
    figure.text(0.99, 0.1 / figure.get_figheight(), text, fontsize=SMALL, color=INK, ha="right", va="bottom")


def _drop_empty(panels: Any, used: int) -> None:
    for place, axes in enumerate(panels.flat):
        axes.set_visible(place < used)


# ---------------------------------------------------------------------- dots


def _dots(study: Results, outcomes: tuple[str, ...]) -> Any:
    table = study.summary
    factors = study.design.factors
    words = [
        ", ".join(_option_text(factor, row[factor.name]) for factor in factors) or "the plan"
        for _, row in table.iterrows()
    ]
    columns = min(len(outcomes), 3)
    rows = math.ceil(len(outcomes) / columns)
    figure, panels = _sheet(study, columns, rows, 5.6, max(2.6, 0.5 * len(table)))
    places = np.arange(len(table))[::-1]
    for number_of_panel, name in enumerate(outcomes):
        axes = panels[number_of_panel // columns, number_of_panel % columns]
        axes.hlines(places, table[f"{name}_p10"], table[f"{name}_p90"], color=RULE, lw=7)
        axes.errorbar(
            table[name], places, xerr=table[f"{name}_half_width"], fmt="o", ms=9, color=LOOKS[0].colour, lw=2.4
        )
        axes.set_yticks(places, [textwrap.fill(text, 34) for text in words] if number_of_panel % columns == 0 else [])
        axes.set_ylim(-0.6, len(table) - 0.4)
        axes.set_title(textwrap.fill(_axis_text(name), 40))
        axes.grid(axis="x")
        axes.grid(visible=False, axis="y")
    _drop_empty(panels, len(outcomes))
    _key(figure, "dot: mean, whisker: its 95 % interval   bar: 10-90 % of the worlds")
    return figure


# ---------------------------------------------------------------------- clouds


def _clouds(study: Results, outcomes: tuple[str, ...]) -> Any:
    name, table = outcomes[0], study.summary
    factors = [factor for factor in study.design.sampled if factor.numeric][:12] or list(study.design.sampled)[:12]
    columns = min(4, len(factors))
    plans = study.plans[: len(LOOKS)]
    names = list(plans) if len(plans) > 1 else None
    figure, panels = _sheet(study, columns, math.ceil(len(factors) / columns), 3.6, 3.0, names, lines=False)
    for place, factor in enumerate(factors):
        axes = panels[place // columns, place % columns]
        for plan, look in zip(range(len(plans)), LOOKS, strict=False):
            part = table.iloc[plan :: len(study.plans)]
            axes.plot(
                part[factor.name], part[name], ls="", marker=look.marker, ms=5, alpha=0.55, color=look.colour,
                mfc=look.colour if look.filled else "none",
            )  # fmt: skip
        axes.set_xlabel(textwrap.fill(factor.title, 30))
        if place % columns == 0:
            axes.set_ylabel(textwrap.fill(_axis_text(name), 24))
    _drop_empty(panels, len(factors))
    return figure
