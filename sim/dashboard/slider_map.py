"""Two sliders of plan B as a map: a small sweep, answered within seconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.design import make_design
from sim.analysis.factors import Factor
from sim.dashboard.analyses import Stopped
from sim.dashboard.engine import outcome
from sim.dashboard.sliders import SLIDERS, slide, sliders_of
from sim.ensemble import simulate
from sim.errors import InputError
from sim.statistics import NORMAL_95, mean_and_error

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.dashboard.analyses import Progress
    from sim.dashboard.state import View

#: Levels of each slider of the map, and worlds in each of its cells.
LEVELS, CELL_WORLDS = 7, 40


@dataclass(frozen=True)
class SliderMap:
    """Mean difference B - A over two sliders of plan B.

    Attributes
    ----------
    x, y
        Ids of the sliders.
    columns, rows
        Their values.
    difference
        (rows, columns) mean of B - A over the paired worlds; NaN where no world has a value.
    settled
        (rows, columns) whether the 95 % interval of that mean leaves 0 out.
    here
        (column, row) nearest to plan B as it is.
    """

    x: str
    y: str
    columns: tuple[float, ...]
    rows: tuple[float, ...]
    difference: NDArray[np.float64]
    settled: NDArray[np.bool_]
    here: tuple[int, int]


def slider_map(view: View, x: str, y: str, progress: Progress) -> SliderMap:
    """Sweep two sliders of plan B on a grid, and hold each cell against plan A in the same worlds.

    Raises
    ------
    Stopped
        Nobody waits for the answer any more.
    InputError
        Plan B has no such slider.
    """
    there = {slider.id: slider for slider, _ in sliders_of(view.b.scenario)}
    if x not in there or y not in there or x == y:
        raise InputError(f"map: found sliders {x!r} and {y!r}, expected two of {', '.join(there)}")
    factors = [_slider_factor(name, view) for name in (x, y)]
    design = make_design("grid", factors, levels={x: LEVELS, y: LEVELS})
    name = outcome(view)
    fixed = dict(view.parameters)
    base = simulate(view.a.scenario, CELL_WORLDS, view.seed, parameters=fixed, series=()).outcomes[name].to_numpy(float)
    table = design.table
    columns = tuple(float(value) for value in dict.fromkeys(table[x]))
    rows = tuple(float(value) for value in dict.fromkeys(table[y]))
    worlds = np.full((len(rows), len(columns), CELL_WORLDS), np.nan)
    for number in range(len(design)):
        point: Any = design.point(number)
        plan = slide(slide(view.b, x, float(point[x])), y, float(point[y]))
        found = simulate(plan.scenario, CELL_WORLDS, view.seed, parameters=fixed, series=()).outcomes[name]
        worlds[rows.index(float(point[y])), columns.index(float(point[x]))] = found.to_numpy(float) - base
        if not progress(number + 1, len(design)):
            raise Stopped
    mean, error, _ = mean_and_error(worlds)
    now = {slider.id: value for slider, value in sliders_of(view.b.scenario)}
    here = (_nearest(columns, now[x]), _nearest(rows, now[y]))
    return SliderMap(x, y, columns, rows, mean, np.abs(mean) > NORMAL_95 * error, here)


def _nearest(levels: tuple[float, ...], value: float) -> int:
    return int(np.argmin(np.abs(np.asarray(levels) - value)))


def _slider_factor(name: str, view: View) -> Factor:
    slider = next(row for row in SLIDERS if row.id == name)
    high = min(slider.high, view.b.scenario.weeks - 1) if slider.unit == "week" else slider.high
    # A grid of whole numbers would lose levels to rounding only where the slider itself has fewer.
    return Factor(name, slider.low, high, slider.step >= 1, lever=True)
