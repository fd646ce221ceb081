"""A scenario made ready to run, and worlds for its replicates."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

from sim.engine.world import (
    World,
)
from sim.errors import InputError
from sim.parameters import as_dict, parameter_record
from sim.scenarios import MAX_STACK
from sim.start.draw import parameter_set_rows
from sim.start.fill import fill_world
from sim.start.shape import MOST_ORGANISATIONS, firm_arrays, in_one_block, log_arrays, ring_ties, state_shapes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sim.parameters.sets import ParameterSets
    from sim.scenarios import Scenario


@dataclass(frozen=True)
class Setting:
    """A scenario made ready to run: its world at the start, before anything is drawn.

    Attributes
    ----------
    scenario
        What was prepared.
    ids
        Ids of the organisations in the order of their rows (sorted).
    start
        World at the start; replicates copy it, and share its unchanging arrays.
    parameters
        All parameter values; a world that draws a set has that set's in their place.
    overrides
        Those that the scenario or the caller changed, which hold in every world.
    sets
        Sets that worlds draw from, or None.
    """

    scenario: Scenario
    ids: tuple[str, ...]
    start: World
    parameters: dict[str, float]
    overrides: dict[str, float]
    sets: ParameterSets | None = None

    @property
    def ring_ties(self) -> int:
        """Ties that each firm owns on the ring; 0 where firms have no ring."""
        return ring_ties(self.scenario)

    def set_rows(self, seed: int, first: int, replicates: int) -> NDArray[np.int64]:
        """Row of the set that each of some replicates draws, (replicates,); zeros without sets."""
        rows = np.empty(replicates, np.int64)
        parameter_set_rows(self.start.upto, len(self.start.plausible), seed, first, rows)
        return rows

    def row(self, organisation: str) -> int:
        """Row of an organisation id."""
        if organisation not in self.ids:
            raise InputError(f"unknown organisation {organisation!r}, expected one of {', '.join(self.ids)}")
        return self.ids.index(organisation)


def prepare(
    scenario: Scenario,
    parameters: Mapping[str, float] | None = None,
    *,
    sets: ParameterSets | None = None,
    beyond_range: bool = False,
) -> Setting:
    """Turn a scenario into arrays.

    Parameters
    ----------
    scenario
        Checked scenario.
    parameters
        Values that differ from the registry and from the scenario's own; like the scenario's, they hold in every world.
    sets
        Plausible sets of which each world draws one; None: every world has the default values.
    beyond_range
        Allow values outside the plausible ranges (ablations, analytic limits).

    Raises
    ------
    InputError
        A parameter that cannot be used, or more organisations than a world holds.
    """
    overrides = {**scenario.parameters, **(parameters or {})}
    record = parameter_record(overrides, where=scenario.name, beyond_range=beyond_range)
    plausible = record if sets is None else sets.records(record, overrides)
    upto = np.ones(1) if sets is None else sets.upto
    rows = sorted(scenario.organisation, key=lambda row: row.id)
    if len(rows) > MOST_ORGANISATIONS:
        raise InputError(f"{scenario.name}: found {len(rows)} organisations, expected at most {MOST_ORGANISATIONS}")
    ids = tuple(row.id for row in rows)
    named = sum(row.type == "firm" for row in rows)
    if named > scenario.firms.number:
        raise InputError(
            f"{scenario.name}: firms: number: found {scenario.firms.number}, expected at least the {named} named firms"
        )
    world = fill_world(scenario, rows, record, plausible, upto)
    return Setting(scenario, ids, world, as_dict(record), overrides, sets)


def new_world(setting: Setting, events: int = 0) -> World:
    """Allocate a world for replicates of a setting; it shares what never changes.

    Parameters
    ----------
    setting
        Prepared scenario.
    events
        Rows of the event log to keep; what does not fit is counted but lost.
    """
    start = setting.start
    rows = sorted(setting.scenario.organisation, key=lambda row: row.id)
    shapes = state_shapes(setting.scenario, rows)
    arrays = in_one_block(shapes)
    own = {
        "stack": np.zeros(MAX_STACK),
        **arrays,
        **firm_arrays(setting.scenario, rows),
        **log_arrays(events),
    }
    shared = {field.name: getattr(start, field.name) for field in fields(start) if field.init}
    return World(**{**shared, **own})
