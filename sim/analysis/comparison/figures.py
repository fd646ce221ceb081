"""Figures of a comparison: bands over time, possible futures, paired differences.

All have labelled axes and a line at the foot that says what was simulated.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.comparison.words import Told
from sim.drawing.bands import Line, draw_bands
from sim.drawing.parts import (
    FUTURES,
    SHARE_OF_WORLDS,
    TALLEST,
    blocks,
    dots,
    in_unit,
    possible_futures,
    stacked,
    tick,
    value_axis,
)
from sim.drawing.sheet import axes_inches, in_rows, sheet, text_inches, wrapped
from sim.drawing.style import INK, LOOKS, MUTED, SMALL
from sim.provenance import simulated
from sim.stories.plans import short
from sim.stories.texts import texts
from sim.words.language import ENGLISH, SHARES
from sim.words.numbers import capital

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.analysis.comparison.numbers import Compared
    from sim.stories.texts import Texts

_BINS = 34


# ---------------------------------------------------------------------- what to show


def series_to_show(comparison: Compared, most: int = 6) -> tuple[str, ...]:
    """Series that every scenario has: headline measures, then who is partner of whom, then the rest."""
    shared = [
        name
        for name in comparison.ensembles[0].series
        if all(name in ensemble.series for ensemble in comparison.ensembles)
    ]
    first = [name for name in comparison.headline if name in shared]
    partners = [name for name in shared if name.startswith("partnered_")]
    return tuple(dict.fromkeys([*first[:1], *partners, *first[1:], *shared]))[:most]


def _varied(comparison: Compared) -> list[str]:
    """Headline measures that differ between scenarios in some world (all of them, if none does)."""
    found = [
        name
        for name in comparison.headline
        if any(name in results and results[name].differing for results in comparison.results.values())
    ]
    return found or list(comparison.headline)


def main_measure(comparison: Compared) -> str:
    """Measure of the first figure: the first headline one that can be followed over time."""
    series = series_to_show(comparison, 100)
    for name in comparison.headline:
        if name in series:
            return name
    return comparison.headline[0]


# ---------------------------------------------------------------------- figures


def futures(comparison: Compared, measure: str | None = None) -> Any:
    """Draw one measure: bands over time, the possible futures at the end, and the plans underneath.

    Parameters
    ----------
    comparison
        What was compared.
    measure
        Id of a series or an outcome measure, default the first headline measure.

    Returns
    -------
    matplotlib.figure.Figure
    """
    name = measure or main_measure(comparison)
    if not all(name in ensemble.series for ensemble in comparison.ensembles):
        return distributions(comparison, [name])
    ending = all(name in found for found in comparison.summaries)
    panels = [["bands", "futures"], ["plans", "."]] if ending else [["bands"], ["plans"]]
    heights = [5.2, 0.42 * len(comparison.ensembles) + 0.2]
    with sheet(panels, heights, foot=_foot(comparison), widths=[4.2, 1.3] if ending else None) as (figure, drawn):
        about, axes = comparison.describe(name), drawn["bands"]
        draw_bands(axes, _lines(comparison, name), about.unit)
        axes.set_title(capital(about.label))
        if ending:
            drawn["futures"].sharey(axes)
            _futures_beside(drawn["futures"], comparison, name)
        drawn["plans"].sharex(axes)
        figure.draw_without_rendering()  # from here on it is known how much room the plans have
        _plans(drawn["plans"], comparison)
    return figure


def brief_picture(comparison: Compared, measure: str, words: Texts) -> Any:
    """Draw one series over time in the language of the brief, small enough for its page."""
    from matplotlib.ticker import FuncFormatter

    about = comparison.describe(measure)
    with sheet([["bands"]], [2.5]) as (figure, drawn):
        axes = drawn["bands"]
        draw_bands(axes, _lines(comparison, measure), about.unit, bands=len(comparison.ensembles) == 2)
        axes.set_ylabel(words.axis(about.unit))
        if about.unit == SHARE_OF_WORLDS:
            axes.set_ylim(0.0, 1.02)
        scale = 100.0 if about.unit in SHARES else 1.0
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: words.local(tick(scale * value))))
    return figure


def over_time(comparison: Compared, series: Iterable[str] | None = None) -> Any:
    """Draw several series over time, two in a row: median, 25-75 % and 10-90 % of the worlds."""
    names = tuple(series_to_show(comparison) if series is None else series)
    panels = in_rows(len(names), 2)
    with sheet(panels, [3.3] * len(panels), foot=_foot(comparison)) as (figure, drawn):
        for place, name in enumerate(names):
            about = comparison.describe(name)
            draw_bands(drawn[place], _lines(comparison, name), about.unit)
            drawn[place].set_title(capital(about.label))
    return figure


def distributions(comparison: Compared, measures: Iterable[str] | None = None) -> Any:
    """Draw how measures end: for each scenario, 50 dots stand for 50 equally likely futures."""
    wanted = _varied(comparison)[:6] if measures is None else measures
    names = [name for name in wanted if all(name in found for found in comparison.summaries)]
    panels = in_rows(len(names), 2)
    heights = [0.2 + 0.95 * len(comparison.ensembles)] * len(panels)
    with sheet(panels, heights, foot=_foot(comparison)) as (figure, drawn):
        for place, name in enumerate(names):
            _stacks(drawn[place], comparison, name)
    return figure


def differences(comparison: Compared, pair: tuple[int, int] = (0, 1)) -> Any:
    """Draw the paired differences of the headline measures with their intervals, against what matters.

    Each is counted in smallest differences that matter and turned so that right is better for the later scenario; the
    numbers at the side have their own units. The scale is even up to 1 and logarithmic from there on.
    """
    from matplotlib.ticker import FuncFormatter, NullLocator

    told = Told(comparison)
    results = comparison.results[pair]
    names = [name for name in comparison.headline if name in results and results[name].pairs_used]
    a, b = (comparison.letters[position] for position in pair)
    with sheet([["all"]], [0.62 * max(len(names), 1)], foot=_foot(comparison)) as (figure, drawn):
        axes = drawn["all"]
        axes.set_xscale("symlog", linthresh=1.0, linscale=1.0)
        widest = 3.0
        for row, name in enumerate(names):
            widest = max(widest, _difference(axes, told, pair, name, row))
        axes.set_ylim(len(names) - 0.4, -0.6)
        axes.set_xlim(-1.5 * widest, 1.5 * widest)
        axes.axvspan(-1.0, 1.0, color="#ececec", zorder=0)
        axes.axvline(0.0, color=INK, linewidth=1.2, zorder=1)
        powers = [10.0**power for power in range(6) if 10.0**power <= 1.5 * widest]
        axes.set_xticks([*(-power for power in reversed(powers)), 0.0, *powers])
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: tick(value)))
        axes.xaxis.set_minor_locator(NullLocator())
        labels = [wrapped(capital(comparison.describe(name).label), 2.9, SMALL + 1) for name in names]
        axes.set_yticks(range(len(names)), labels)
        axes.tick_params(axis="y", length=0, labelcolor=INK, labelsize=SMALL + 1)
        axes.grid(visible=True, axis="x")
        axes.grid(visible=False, axis="y")
        axes.spines["left"].set_visible(False)
        axes.set_xlabel("difference, in smallest differences that matter (grey: less than matters)")
        style = {"va": "bottom", "fontweight": "bold", "transform": axes.transAxes}
        axes.text(0.48, 1.01, f"◀ {a} better", ha="right", color=LOOKS[pair[0]].text, **style)
        axes.text(0.52, 1.01, f"{b} better ▶", ha="left", color=LOOKS[pair[1]].text, **style)
        axes.text(
            1.05, 1.01, f"difference {b} \N{MINUS SIGN} {a}  (interval)", transform=axes.transAxes, va="bottom",
            color=MUTED, fontsize=SMALL,
        )  # fmt: skip
    return figure


# ---------------------------------------------------------------------- parts


def _futures_beside(axes: Any, comparison: Compared, name: str) -> None:
    """Dots at the height of their value, next to the bands, whose scale grows to hold them."""
    low, high = axes.get_ylim()
    every = np.concatenate([possible_futures(one.outcomes[name].to_numpy(float)) for one in comparison.ensembles])
    if every.size:
        room = 0.03 * (high - low)
        low, high = min(low, float(every.min()) - room), max(high, float(every.max()) + room)
    size = (high - low) / _BINS
    column, widest = 0.0, 0.0
    stacks = []
    for position in range(len(comparison.ensembles)):
        values = possible_futures(comparison.ensembles[position].outcomes[name].to_numpy(float))
        places = stacked(values, low, size)
        stacks.append((values, places))
        widest = max(widest, places.max(initial=0) + 1.0)
    for look, letter, (values, places) in zip(LOOKS, comparison.letters, stacks, strict=False):
        heights = low + (np.floor((values - low) / size) + 0.5) * size
        dots(axes, column + places, heights, look, 34.0)
        axes.text(
            column, 1.005, letter, transform=axes.get_xaxis_transform(), color=look.text,
            fontweight="bold", ha="center", va="bottom",
        )  # fmt: skip
        column += widest + 1.5
    axes.set_xlim(-1.0, max(column, 12.0))
    axes.set_ylim(low, high)
    axes.tick_params(length=0, labelleft=False, labelbottom=False)
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_xlabel(f"{FUTURES} possible futures\nat the end, each")


def _stacks(axes: Any, comparison: Compared, name: str) -> None:
    """One row of stacked dots for each scenario, on a common scale."""
    about = comparison.describe(name)
    values = [possible_futures(one.outcomes[name].to_numpy(float)) for one in comparison.ensembles]
    every = np.concatenate(values)
    low, high = (float(every.min()), float(every.max())) if every.size else (0.0, 1.0)
    if high <= low:
        low, high = low - 0.5, high + 0.5
    bins = 40
    size = (high - low) / (bins - 1)
    reach = 1.5
    for row, (look, letter, one) in enumerate(zip(LOOKS, comparison.letters, values, strict=False)):
        floor = float(len(values) - 1 - row)
        cells = np.floor((one - low) / size)
        rows, columns = blocks(stacked(one, low, size), cells)
        reach = max(reach, float(columns.max(initial=0.0)) + 1.5)
        dots(axes, low + (cells + columns) * size, floor + (rows + 0.6) * 0.8 / TALLEST, look, 30.0)
        axes.axhline(floor, color="#cccccc", linewidth=0.8, zorder=1)
        median = comparison.summaries[row][name].median
        if math.isfinite(median):
            axes.plot([median, median], [floor, floor + 0.8], color=look.text, linewidth=1.6, zorder=2)
        axes.text(
            -0.015, floor + 0.3, letter, transform=axes.get_yaxis_transform(), color=look.text,
            fontweight="bold", ha="right", va="center",
        )  # fmt: skip
    axes.set_ylim(-0.08, len(values))
    axes.set_xlim(low - reach * size, high + reach * size)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.tick_params(length=0)
    axes.grid(visible=False)
    value_axis(axes.xaxis, about.unit, whole=bool(np.equal(every, np.round(every)).all()) and high - low < 12.0)
    axes.set_title(capital(about.label) + in_unit(about.unit))


def _plans(axes: Any, comparison: Compared) -> None:
    """Dated actions of each plan as markers, campaigns as bars."""
    from datetime import timedelta

    from matplotlib.dates import date2num

    axes.set_ylim(len(comparison.ensembles) - 0.4, -0.6)
    first_day, last_day = axes.get_xlim()
    span = float(last_day - first_day)
    inch = span / axes_inches(axes)[0]  # in days
    for row, (look, letter, scenario) in enumerate(zip(LOOKS, comparison.letters, comparison.scenarios, strict=False)):
        by_week: dict[int, list[str]] = {}
        bars: dict[int, float] = {}
        for action in scenario.plan:
            week = action.week(scenario.start)
            if week is None or week >= scenario.weeks:
                continue
            by_week.setdefault(week, []).append(short(action, texts(ENGLISH)))
            if action.verb == "launch_campaign":
                first = scenario.date(week)
                last = first + timedelta(weeks=action.weeks)
                axes.plot([first, last], [row, row], color=look.colour, linewidth=7, alpha=0.45)
                bars[week] = date2num(last)
        weeks = sorted(by_week)
        axes.plot(
            [scenario.date(week) for week in weeks], [row] * len(weeks), linestyle="none", marker="|",
            markersize=13, markeredgewidth=2.4, color=look.colour,
        )  # fmt: skip
        free = -math.inf
        for place, week in enumerate(weeks):
            text = " + ".join(dict.fromkeys(by_week[week]))
            start = bars.get(week, date2num(scenario.date(week)))
            ends = start + (text_inches(text) + 0.13) * inch
            following = date2num(scenario.date(weeks[place + 1])) if place + 1 < len(weeks) else math.inf
            if start >= free and ends <= following:
                axes.annotate(
                    text, (start, row), xytext=(6, 0), textcoords="offset points",
                    va="center", fontsize=SMALL, color=look.text,
                )  # fmt: skip
                free = ends
        if not weeks:
            axes.text(
                0.005, row, "no dated actions", transform=axes.get_yaxis_transform(), color=MUTED,
                va="center", fontsize=SMALL,
            )  # fmt: skip
        axes.text(
            -0.012, row, f"plan {letter}", transform=axes.get_yaxis_transform(), color=look.text,
            fontweight="bold", ha="right", va="center", fontsize=SMALL,
        )  # fmt: skip
    axes.tick_params(length=0, labelbottom=False, labelleft=False)
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _difference(axes: Any, told: Told, pair: tuple[int, int], name: str, row: int) -> float:
    """Draw one paired difference and return how far out it reaches."""
    comparison = told.compared
    paired, about = comparison.results[pair][name], comparison.describe(name)
    unit = (-1.0 if about.direction < 0 else 1.0) / (paired.matters or 1.0)
    middle = unit * paired.difference
    ends = sorted(unit * end for end in (paired.low, paired.high) if math.isfinite(end))
    better = comparison.better(name, paired)
    colour = {"A": LOOKS[pair[0]].colour, "B": LOOKS[pair[1]].colour}.get(better, "#767676")
    if ends:
        axes.plot(ends, [row, row], color=colour, linewidth=3.2, solid_capstyle="butt", zorder=2)
    axes.plot(
        [middle], [row], marker="D" if about.direction == 0 else "o", markersize=10.5, zorder=3,
        markeredgecolor=colour, markeredgewidth=2.2, markerfacecolor=colour if better else "white",
    )  # fmt: skip
    difference, low, high = told.difference(name, paired)
    text = f"{difference}  ({low} to {high})" if math.isfinite(paired.low) and paired.differing else difference
    style = {"transform": axes.get_yaxis_transform(), "ha": "left", "fontsize": SMALL}
    axes.text(1.05, row - 0.17, text, va="center", color=INK, **style)
    axes.text(1.05, row + 0.2, told.verdict(name, pair[1]).word, va="center", color=MUTED, **style)
    return max(abs(middle), *(abs(end) for end in ends)) if ends else abs(middle)


def _foot(comparison: Compared) -> str:
    return "  ·  ".join(simulated(comparison.letters, comparison.scenarios, comparison.seed, comparison.replicates))


def _lines(comparison: Compared, name: str) -> list[Line]:
    return [
        Line(letter, one.dates.to_pydatetime(), one.series[name])
        for letter, one in zip(comparison.letters, comparison.ensembles, strict=True)
    ]
