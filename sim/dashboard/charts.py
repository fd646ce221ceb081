"""Charts as ECharts options: plain numbers and texts that a browser draws. Colours as in all figures.

Shares are drawn in percent. Every option carries a sentence for those who cannot see it (``aria``).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.drawing.bands import weekly_quantiles
from sim.drawing.parts import FUTURES, possible_futures, stacked
from sim.drawing.style import INK, LOOKS, MUTED, RULE
from sim.observe.measures import measure as describe

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.analysis.comparison.answer import Comparison
    from sim.analysis.comparison.words import Told
    from sim.analysis.curves import Curves
    from sim.dashboard.slider_map import SliderMap
    from sim.ensemble import Ensemble
    from sim.stories.texts import Texts

_POINTS = 140  # of a line; more cannot be told apart on a wall
_BINS = 34
_DASHES: tuple[Any, ...] = ([7, 4], "solid")
_SHARES = ("share", "shares", "share of worlds")
_LARGE, _NORMAL = 21, 14
_FONT = "Roboto, Segoe UI, Helvetica, Arial, sans-serif"


def _scale(unit: str) -> float:
    return 100.0 if unit in _SHARES else 1.0


def _rounded(values: NDArray[np.float64]) -> list[float | None]:
    return [float(f"{x:.4g}") if math.isfinite(x) else None for x in values.tolist()]


def _range(parts: Sequence[NDArray[np.float64]]) -> tuple[float, float, float]:
    """Lowest and highest value of a shared axis and the step between its ticks."""
    found = np.concatenate([part[np.isfinite(part)].ravel() for part in parts]) if parts else np.empty(0)
    low, high = (float(found.min()), float(found.max())) if found.size else (0.0, 1.0)
    if low > 0.0 and low < 0.4 * high:
        low = 0.0
    span = (high - low) or abs(high) or 1.0
    raw = span / 5.0
    unit = 10.0 ** math.floor(math.log10(raw))
    step = next(unit * f for f in (1.0, 2.0, 2.5, 5.0, 10.0) if unit * f >= raw)
    bottom, top = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    return bottom, max(top, bottom + step), step  # one value everywhere still needs an axis


def _style(large: bool) -> dict[str, Any]:
    return {"fontSize": _LARGE if large else _NORMAL, "color": INK, "fontFamily": _FONT}


def _axis(large: bool, **more: Any) -> dict[str, Any]:
    base = {
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "splitLine": {"lineStyle": {"color": "#e8e8e8"}},
        "axisLabel": {"fontSize": _LARGE if large else _NORMAL, "color": MUTED},
    }
    return {**base, **more}


def _bands(ensemble: Ensemble, name: str, scale: float) -> NDArray[np.float64] | None:
    """Weekly 10, 25, 50, 75 and 90 % quantiles over the worlds, (5, weeks)."""
    if name not in ensemble.series:
        return None
    return weekly_quantiles(ensemble.series[name]) * scale


def fan_option(comparison: Comparison, name: str, words: Texts, *, large: bool = False) -> dict[str, Any]:
    """Draw bands over time with fifty possible futures beside them.

    Parameters
    ----------
    comparison
        A and B.
    name
        Id of the measure.
    words
        Language.
    large
        Type for a wall.
    """
    about = describe(name)
    scale = _scale(about.unit)
    bands = [_bands(one, name, scale) for one in comparison.ensembles]
    dots = [possible_futures(one.outcomes[name].to_numpy(float)) * scale for one in comparison.ensembles]
    low, high, step = _range([*(band for band in bands if band is not None), *dots])
    digits = max(0, -math.floor(math.log10(step) + 1e-9)) if step < 1 else 0
    series: list[dict[str, Any]] = []
    shifts = _apart([band[2][-1] for band in bands if band is not None], high - low, large)
    for place, (ensemble, band) in enumerate(zip(comparison.ensembles, bands, strict=True)):
        if band is not None:
            series += _fan(ensemble, band, place, comparison.letters[place], about.unit, words, large)
            series[-1]["endLabel"]["offset"] = [0, shifts.pop(0)]
    columns, widest = _columns(dots, low, (high - low) / _BINS)
    for place, points in enumerate(columns):
        look = LOOKS[place]
        series.append(
            {
                "type": "scatter",
                "name": comparison.letters[place],
                "xAxisIndex": 1,
                "yAxisIndex": 1,
                "data": points,
                "symbolSize": 9 if large else 7,
                "itemStyle": {
                    "color": look.colour if look.filled else "#ffffff",
                    "borderColor": look.colour,
                    "borderWidth": 1.8,
                },
                "animationDuration": 0,
            }
        )
    label = words.axis(about.unit)
    y_axis = _axis(large, type="value", min=low, max=high, interval=step)
    dots_name = words("chart.futures", number=FUTURES)
    over_time = any(band is not None for band in bands)
    return {
        "animationDuration": 250,
        "animationDurationUpdate": 250,
        "textStyle": _style(large),
        "aria": {"enabled": True, "label": {"description": _described(comparison, name, words)}},
        "format": {
            "locale": words.code,
            "digits": digits,
            "unit": label,
            "columns": max(widest, 14) + 1,
            "share": 0.22,
        },
        "grid": [
            {"left": 92 if large else 62, "right": "38%", "top": 54 if large else 44, "bottom": 46 if large else 36},
            {"left": "77%", "right": 8, "top": 54 if large else 44, "bottom": 46 if large else 36},
        ],
        "xAxis": [
            _axis(
                large,
                type="time",
                show=over_time,
                splitLine={"show": False},
                minInterval=365 * 86_400_000,
                axisLabel={
                    "fontSize": _LARGE if large else _NORMAL,
                    "color": MUTED,
                    "formatter": "{yyyy}",
                    "hideOverlap": True,
                },
            ),
            {
                "gridIndex": 1,
                "type": "value",
                "min": -1,
                "max": max(widest, 14),
                "axisLabel": {"show": False},
                "axisLine": {"show": False},
                "axisTick": {"show": False},
                "splitLine": {"show": False},
                "name": dots_name,
                "nameLocation": "middle",
                "nameGap": 18,
                "nameTextStyle": {"fontSize": _LARGE - 4 if large else _NORMAL - 1, "color": MUTED},
            },
        ],
        "yAxis": [
            {
                **y_axis,
                "name": "" if label == "%" else label,
                "nameGap": 22 if large else 15,
                "nameTextStyle": {
                    "fontSize": _LARGE - 2 if large else _NORMAL,
                    "color": MUTED,
                    "align": "left",  # from the edge of the chart: a long unit would leave it
                    "padding": [0, 0, 0, -84 if large else -54],
                },
            },
            {**y_axis, "gridIndex": 1, "axisLabel": {"show": False}},
        ],
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "line", "lineStyle": {"color": RULE}}, "confine": True},
        "series": series,
    }


def _apart(ends: list[float], span: float, large: bool) -> list[float]:
    """Shift the labels of two lines that end close together, in pixels downwards."""
    shifts = [0.0] * len(ends)
    if len(ends) == 2 and abs(ends[0] - ends[1]) < 0.08 * span:
        half = 0.5 * (_LARGE if large else _NORMAL) + 3.0
        upper = 0 if ends[0] >= ends[1] else 1
        shifts[upper], shifts[1 - upper] = -half, half
    return shifts


def _fan(
    ensemble: Ensemble, band: NDArray[np.float64], place: int, letter: str, unit: str, words: Texts, large: bool
) -> list[dict[str, Any]]:
    """Two shaded bands and a median line; a band is a see-through base with the height stacked upon it."""
    look = LOOKS[place]
    every = max(1, -(-band.shape[1] // _POINTS))
    weeks = np.unique(np.append(np.arange(0, band.shape[1], every), band.shape[1] - 1))
    times = [int(moment) for moment in (ensemble.dates.to_numpy().astype("datetime64[ms]").astype("i8"))[weeks]]
    p10, p25, p50, p75, p90 = band[:, weeks]

    def line(values: NDArray[np.float64], **more: Any) -> dict[str, Any]:
        data = [[moment, value] for moment, value in zip(times, _rounded(values), strict=True)]
        return {"type": "line", "symbol": "none", "silent": True, "data": data, "animationDuration": 0, **more}

    found: list[dict[str, Any]] = []
    for number, (bottom, top, opacity) in enumerate(((p10, p90, 0.14), (p25, p75, 0.24))):
        stack = {"stack": f"{letter}{number}", "stackStrategy": "all"}
        clear = {"lineStyle": {"opacity": 0}, "tooltip": {"show": False}}
        found.append(line(bottom, **stack, **clear))
        found.append(line(top - bottom, **stack, **clear, areaStyle={"color": look.colour, "opacity": opacity}))
    last = float(p50[np.isfinite(p50)][-1]) / _scale(unit) if np.isfinite(p50).any() else math.nan
    found.append(
        line(
            p50,
            name=letter,
            silent=False,
            z=5 + place,
            lineStyle={"color": look.colour, "width": 5 if large else 3.2, "type": _DASHES[place % 2]},
            itemStyle={"color": look.colour},
            endLabel={
                "show": True,
                "formatter": f"{letter}  {words.amount(last, unit if unit in _SHARES else '')}",
                "color": look.text,
                "fontSize": _LARGE + 2 if large else _NORMAL + 2,
                "fontWeight": "bold",
                "distance": 6,
            },
        )
    )
    return found


def _columns(dots: list[NDArray[np.float64]], low: float, size: float) -> tuple[list[list[list[float]]], float]:
    """Place dots side by side in the bin of their value, the columns of the plans next to each other."""
    found: list[list[list[float]]] = []
    column = 0.0
    for values in dots:
        places = stacked(values, low, size)
        heights = low + (np.floor((values - low) / size) + 0.5) * size
        found.append([[column + float(x), float(f"{y:.5g}")] for x, y in zip(places, heights, strict=True)])
        column += float(places.max(initial=0)) + 3.0
    return found, column


def _described(comparison: Comparison, name: str, words: Texts) -> str:
    unit = describe(name).unit
    parts = [
        words(
            "chart.described",
            letter=letter,
            median=words.amount(found[name].median, unit),
            low=words.amount(found[name].p10, unit),
            high=words.amount(found[name].p90, unit),
        )
        for letter, found in zip(comparison.letters, comparison.summaries, strict=True)
    ]
    return f"{words.measure(name, comparison.scenarios[0])}. {' '.join(parts)}"


def difference_option(comparison: Comparison, name: str, words: Texts, *, large: bool = False) -> dict[str, Any]:
    """Draw the paired difference B - A: fifty equally likely pairs of worlds, and the interval of the mean."""
    about = describe(name)
    scale = _scale(about.unit)
    a, b = (one.outcomes[name].to_numpy(float) * scale for one in comparison.ensembles)
    values = possible_futures(b - a)
    paired = comparison.results[0, 1].get(name)
    low, high, step = _range([values, np.zeros(1)])
    size = (high - low) / 40.0 or 1.0
    places = stacked(values, low, size)
    centres = low + (np.floor((values - low) / size) + 0.5) * size
    groups: list[list[list[float]]] = [[], [], []]  # for A, for B, equal
    for value, x, y in zip(values, centres, places, strict=True):
        sign = value * (about.direction or 1)
        groups[2 if value == 0.0 else 1 if sign > 0 else 0].append([0.0 if value == 0 else float(f"{x:.5g}"), float(y)])
    # Shares differ by percentage points.
    unit = words("verdict.points") if about.unit in _SHARES else words.axis(about.unit)
    digits = max(0, -math.floor(math.log10(step) + 1e-9)) if step < 1 else 0
    ahead = words("judged.word_better") if about.direction else words("judged.word_higher")
    sides = [ahead.format(leads=letter) for letter in ("BA" if about.direction < 0 else "AB")]
    series: list[dict[str, Any]] = [
        {
            "type": "scatter",
            "data": points,
            "symbolSize": 11 if large else 9,
            "silent": True,
            "itemStyle": {
                "color": look.colour if look.filled else "#ffffff",
                "borderColor": look.colour,
                "borderWidth": 2,
            },
        }
        for points, look in zip(groups[:2], LOOKS, strict=False)
    ]
    series.append(
        {"type": "scatter", "data": groups[2], "symbolSize": 9, "silent": True, "itemStyle": {"color": "#8c8c8c"}}
    )
    if paired is not None and math.isfinite(paired.low):
        y = -1.6
        series.append(
            {
                "type": "line",
                "data": [[paired.low * scale, y], [paired.high * scale, y]],
                "symbol": "rect",
                "symbolSize": [3, 14],
                "itemStyle": {"color": INK},
                "lineStyle": {"color": INK, "width": 4},
                "silent": True,
            }
        )
        mean: dict[str, Any] = {
            "type": "scatter",
            "data": [[paired.difference * scale, y]],
            "symbol": "diamond",
            "symbolSize": 15,
        }
        series.append({**mean, "itemStyle": {"color": INK}, "silent": True})
    series[0]["markLine"] = {
        "silent": True,
        "symbol": "none",
        "label": {"show": False},
        "lineStyle": {"color": INK, "width": 1.5, "type": "solid"},
        "data": [{"xAxis": 0}],
    }
    return {
        "animation": False,
        "textStyle": _style(large),
        "aria": {"enabled": True, "label": {"description": words("chart.difference")}},
        "format": {"locale": words.code, "digits": digits, "unit": unit, "on": "x", "sign": True},
        "grid": {"left": 14, "right": 20, "top": 10, "bottom": 34 if large else 28, "containLabel": True},
        "xAxis": _axis(
            large,
            type="value",
            min=low,
            max=high,
            interval=step,
            name=f"\u2190 {sides[0]}    {words('chart.difference')}{f' ({unit})' if unit else ''}    {sides[1]} \u2192",
            nameLocation="middle",
            nameGap=38 if large else 30,
            nameTextStyle={"fontSize": _LARGE - 4 if large else _NORMAL - 1, "color": MUTED},
        ),
        "yAxis": {"show": False, "type": "value", "min": -3, "max": max(float(places.max(initial=0)) + 1.5, 9.0)},
        "series": series,
    }


def share_bar(comparison: Comparison, name: str, words: Texts) -> list[dict[str, Any]]:
    """Return the shares of worlds in which A is ahead, both are equal, and B is ahead, as parts of a bar."""
    paired = comparison.results[0, 1].get(name)
    if paired is None:
        return []
    parts = zip(("A", "", "B"), paired.ahead(describe(name).direction), strict=True)
    looks = {"A": LOOKS[0].text, "B": LOOKS[1].text, "": "#6b6b6b"}
    return [
        {
            "share": share,
            "colour": looks[letter],
            "label": letter or words("chart.equal"),
            "text": words.worlds(share),
        }
        for letter, share in parts
        if share > 0.0005
    ]


#: Uncertain values that the tornado shows.
_SHOWN = 12


def tornado_option(curves: Curves, measure: str, told: Told, *, large: bool = False) -> dict[str, Any]:
    """Draw how far each uncertain value moves the difference B - A; grey is what chance alone reaches."""
    words = told.words
    about = describe(measure)
    scale = _scale(about.unit)
    unit = words.axis(about.unit)
    sizes = np.abs(curves.moves) * scale
    shown = [int(place) for place in np.argsort(-sizes, kind="stable")[:_SHOWN]][::-1]
    labels = [told.value(curves.names[place], bare=True) for place in shown]
    data = [
        {
            "value": float(f"{sizes[place]:.4g}"),
            "itemStyle": {"color": LOOKS[0].colour if sizes[place] > scale * curves.chance else "#b3b3b3"},
        }
        for place in shown
    ]
    series: dict[str, Any] = {"type": "bar", "data": data, "barCategoryGap": "30%", "silent": True}
    series["markLine"] = {
        "silent": True,
        "symbol": "none",
        "lineStyle": {"color": INK, "type": [5, 4], "width": 1.5},
        "label": {"show": False},
        "data": [{"xAxis": float(f"{scale * curves.chance:.4g}")}],
    }
    highest = max(float(sizes.max(initial=0.0)), scale * curves.chance) or 1.0
    digits = max(0, 1 - math.floor(math.log10(highest)))
    spoken = "; ".join(f"{label} {sizes[place]:.3g}" for label, place in zip(labels[::-1], shown[::-1], strict=True))
    return {
        "animation": False,
        "textStyle": _style(large),
        "aria": {"enabled": True, "label": {"description": f"{words('why.tornado')}: {spoken}"}},
        "format": {"locale": words.code, "digits": digits, "unit": unit, "on": "x"},
        "grid": {"left": 8, "right": 24, "top": 6, "bottom": 34, "containLabel": True},
        "xAxis": _axis(
            large,
            type="value",
            min=0,
            max=float(f"{1.05 * highest:.3g}"),
            name=words("why.change") + (f" ({unit})" if unit else ""),
            nameLocation="middle",
            nameGap=38 if large else 28,
            nameTextStyle={"fontSize": _LARGE - 4 if large else _NORMAL - 1, "color": MUTED},
        ),
        "yAxis": {
            "type": "category",
            "data": labels,
            "axisLine": {"show": False},
            "axisTick": {"show": False},
            "axisLabel": {
                "fontSize": _LARGE - 3 if large else _NORMAL - 1,
                "color": INK,
                "width": 300,
                "overflow": "break",
            },
        },
        "series": [series],
    }


def map_option(
    found: SliderMap,
    measure: str,
    labels: tuple[str, str],
    ticks: tuple[list[str], list[str]],
    words: Texts,
    *,
    large: bool,
) -> dict[str, Any]:
    """Draw the difference B - A over two sliders: the colour of the better plan, paler towards no difference."""
    about = describe(measure)
    scale = _scale(about.unit)
    values = found.difference * scale
    finite = values[np.isfinite(values)]
    reach = float(f"{max(float(np.abs(finite).max()) if finite.size else 1.0, 1e-9):.2g}")
    cells = [
        [i, j, float(f"{values[j, i]:.3g}"), int(found.settled[j, i])]
        for j in range(values.shape[0])
        for i in range(values.shape[1])
        if math.isfinite(values[j, i])
    ]
    ends = [LOOKS[0].colour, "#f7f7f7", LOOKS[1].colour]
    size = _LARGE - 3 if large else _NORMAL - 1
    unit = words.axis(about.unit)
    axis = {"type": "category", "axisLine": {"show": False}, "axisTick": {"show": False}, "splitArea": {"show": False}}
    name = {"nameLocation": "middle", "nameTextStyle": {"fontSize": size, "color": INK}}
    label = {"fontSize": size - 1, "color": MUTED}
    return {
        "animation": False,
        "textStyle": _style(large),
        "aria": {"enabled": True, "label": {"description": words("why.map_text")}},
        "format": {
            "locale": words.code,
            "digits": 0,
            "unit": unit,
            "on": "none",
            "cells": [*labels, words("why.cell")],
        },
        "tooltip": {"trigger": "item", "confine": True},
        "grid": {"left": 92 if large else 66, "right": 96, "top": 10, "bottom": 66 if large else 56},
        "xAxis": {
            **axis,
            **name,
            "data": ticks[0],
            "name": labels[0],
            "nameGap": 34 if large else 30,
            "axisLabel": label,
        },
        "yAxis": {
            **axis,
            **name,
            "data": ticks[1],
            "name": labels[1],
            "nameGap": 66 if large else 46,
            "axisLabel": label,
        },
        "visualMap": {
            "min": -reach,
            "max": reach,
            "calculable": False,
            "orient": "vertical",
            "right": 0,
            "top": "middle",
            "itemHeight": 150,
            "precision": 1,
            "seriesIndex": 0,
            "dimension": 2,
            "text": [f"+{reach:g} {unit}".strip(), f"\u2212{reach:g} {unit}".strip()],
            "textStyle": {"fontSize": size - 1, "color": INK},
            "inRange": {"color": ends if about.direction >= 0 else ends[::-1]},
        },
        "series": [
            {
                "type": "heatmap",
                "data": cells,
                "label": {"show": True, "fontSize": size - 1, "color": INK},
                "itemStyle": {"borderColor": "#fff", "borderWidth": 1},
            },
            {
                "type": "scatter",
                "data": [[*found.here, 0, 1]],
                "symbolSize": 34 if large else 28,
                "silent": True,
                "itemStyle": {"color": "transparent", "borderColor": INK, "borderWidth": 2.5},
            },
        ],
    }
