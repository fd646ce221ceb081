"""Figures of a sweep: heat maps over two factors, lines over one, dots over options, clouds over samples."""

from __future__ import annotations

import math
from itertools import product
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.outcomes import describe
from sim.drawing.sheet import in_rows, sheet, wrapped
from sim.drawing.style import INK, LOOKS, RULE, SMALL
from sim.provenance import PACKAGE, package_version
from sim.statistics import mean_and_error
from sim.words.numbers import capital, number, short_number, unit_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    import pandas as pd

    from sim.analysis.factors import Factor
    from sim.drawing.style import Look
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
    panels: list[list[Any]],
    width: float,
    height: float,
    legend: Sequence[Any] = (),
    notes: str = "",
) -> AbstractContextManager[tuple[Any, dict[Any, Any]]]:
    """Return a sheet of equal panels; width and height in inches, the width with what stands around a panel."""
    return sheet(
        panels,
        [height] * len(panels),
        title=study.prepared.file.title,
        legend=legend,
        notes=notes,
        foot=foot_of(study),
        width=max(11.0, width * len(panels[0]) + 1.2),
    )


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
    settled = {name: _settled(study, name) for name in outcomes}
    found = any(best is not None for best in settled.values())
    notes = f"ring: best{_among(study)}   dot: not settled against it" if found else ""
    # One part: outcomes in a block; several parts: outcomes across, parts down.
    block = len(parts) == 1
    panels = in_rows(len(outcomes) * len(parts), 2 if block else len(outcomes))
    size = max(5.6, 0.5 * len(across) + 1.2), max(2.8, 0.52 * len(up))
    with _sheet(study, panels, *size, notes=notes) as (figure, drawn):
        for place, name in enumerate(outcomes):
            every = np.concatenate([part[name].to_numpy() for _, part in parts])
            there = every[np.isfinite(every)]
            limits = (float(there.min()), float(there.max())) if there.size else (0.0, 1.0)
            column = []
            for number_of_part, (words, part) in enumerate(parts):
                number_of_panel = number_of_part * len(outcomes) + place
                axes = drawn[number_of_panel]
                column.append(axes)
                grid = part.pivot_table(index=y.name, columns=x.name, values=name, dropna=False, observed=False)
                image = axes.imshow(
                    grid.to_numpy(), origin="lower", aspect="auto", cmap=_MAP, vmin=limits[0], vmax=limits[1]
                )
                _mark_cells(axes, part, (across, up), (x.name, y.name, name), settled[name], limits)
                _ticks(axes.xaxis, across)
                _ticks(axes.yaxis, up)
                axes.grid(visible=False)
                if number_of_panel + len(panels[0]) >= len(drawn):  # nothing below it
                    axes.set_xlabel(x.title)
                if number_of_panel % len(panels[0]) == 0:
                    axes.set_ylabel(f"{words}: {y.title}" if words else y.title)
                if number_of_part == 0:
                    axes.set_title(_axis_text(name))
            bar = figure.colorbar(image, ax=column, shrink=0.92, aspect=24)
            bar.outline.set_visible(False)
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
    from matplotlib.lines import Line2D

    parts = _parts(study.summary, rest)[: len(LOOKS)]
    panels = in_rows(len(outcomes), 2 if len(outcomes) == 4 else 3)
    names = [words for words, _ in parts] if len(parts) > 1 else []
    legend = [Line2D([], [], label=words, **_line(place)) for place, words in enumerate(names)]
    notes = "band: 95 % of the mean"
    if len(parts) <= 2:
        notes = "dark band: 95 % of the mean   light band: 10-90 % of the worlds"
    with _sheet(study, panels, 5.6, 3.0, legend, notes) as (figure, drawn):
        for place, name in enumerate(outcomes):
            axes = drawn[place]
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
            axes.set_title(_axis_text(name))
            axes.set_xlabel(x.title)
            axes.margins(x=0.02)
    return figure


# ---------------------------------------------------------------------- dots


def _dots(study: Results, outcomes: tuple[str, ...]) -> Any:
    table = study.summary
    factors = study.design.factors
    words = [
        ", ".join(_option_text(factor, row[factor.name]) for factor in factors) or "the plan"
        for _, row in table.iterrows()
    ]
    panels = in_rows(len(outcomes), 3)
    places = np.arange(len(table))[::-1]
    notes = "dot: mean, whisker: its 95 % interval   bar: 10-90 % of the worlds"
    with _sheet(study, panels, 5.6, max(1.6, 0.5 * len(table)), notes=notes) as (figure, drawn):
        for number_of_panel, name in enumerate(outcomes):
            axes = drawn[number_of_panel]
            axes.hlines(places, table[f"{name}_p10"], table[f"{name}_p90"], color=RULE, lw=7)
            axes.errorbar(
                table[name], places, xerr=table[f"{name}_half_width"], fmt="o", ms=9, color=LOOKS[0].colour, lw=2.4
            )
            first = number_of_panel % len(panels[0]) == 0
            axes.set_yticks(places, [wrapped(text, 3.2) for text in words] if first else [])
            axes.set_ylim(-0.6, len(table) - 0.4)
            axes.set_title(_axis_text(name))
            axes.grid(axis="x")
            axes.grid(visible=False, axis="y")
    return figure


# ---------------------------------------------------------------------- clouds


def _clouds(study: Results, outcomes: tuple[str, ...]) -> Any:
    from matplotlib.lines import Line2D

    name, table = outcomes[0], study.summary
    factors = [factor for factor in study.design.sampled if factor.numeric][:12] or list(study.design.sampled)[:12]
    panels = in_rows(len(factors), 4)
    plans = study.plans[: len(LOOKS)]
    names = list(plans) if len(plans) > 1 else []
    legend = [Line2D([], [], label=words, **_mark(look, 8)) for words, look in zip(names, LOOKS, strict=False)]
    with _sheet(study, panels, 3.6, 2.1, legend) as (figure, drawn):
        for place, factor in enumerate(factors):
            axes = drawn[place]
            for plan, look in zip(range(len(plans)), LOOKS, strict=False):
                part = table.iloc[plan :: len(study.plans)]
                axes.plot(part[factor.name], part[name], alpha=0.55, **_mark(look, 5))
            axes.set_xlabel(factor.title)
            if place % len(panels[0]) == 0:
                axes.set_ylabel(_axis_text(name))
    return figure


def _mark(look: Look, size: float) -> dict[str, Any]:
    filling = look.colour if look.filled else "none"
    return {"ls": "none", "marker": look.marker, "ms": size, "color": look.colour, "mfc": filling}
