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
from sim.start.fill import fill_world
from sim.start.shape import MOST_ORGANISATIONS, firm_arrays, in_one_block, log_arrays, ring_ties, state_shapes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.scenarios import Scenario


__all__ = ["Setting", "new_world", "prepare"]


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
        All parameter values used.
    overrides
        Those that the scenario or the caller changed.
    """

    scenario: Scenario
    ids: tuple[str, ...]
    start: World
    parameters: dict[str, float]
    overrides: dict[str, float]

    @property
    def ring_ties(self) -> int:
        """Ties that each firm owns on the ring; 0 where firms have no ring."""
        return ring_ties(self.scenario, int(self.parameters["peer_ties"]))

    def row(self, organisation: str) -> int:
        """Row of an organisation id."""
        if organisation not in self.ids:
            raise InputError(f"unknown organisation {organisation!r}, expected one of {', '.join(self.ids)}")
        return self.ids.index(organisation)


def prepare(
    scenario: Scenario, parameters: Mapping[str, float] | None = None, *, beyond_range: bool = False
) -> Setting:
    """Turn a scenario into arrays.

    Parameters
    ----------
    scenario
        Checked scenario.
    parameters
        Values that differ from the registry and from the scenario's own.
    beyond_range
        Allow values outside the plausible ranges (ablations, analytic limits).

    Raises
    ------
    InputError
        A parameter that cannot be used, or more organisations than a world holds.
    """
    overrides = {**scenario.parameters, **(parameters or {})}
    record = parameter_record(overrides, where=scenario.name, beyond_range=beyond_range)
    rows = sorted(scenario.organisation, key=lambda row: row.id)
    if len(rows) > MOST_ORGANISATIONS:
        raise InputError(f"{scenario.name}: found {len(rows)} organisations, expected at most {MOST_ORGANISATIONS}")
    ids = tuple(row.id for row in rows)
    named = sum(row.type == "firm" for row in rows)
    if named > scenario.firms.number:
        raise InputError(
            f"{scenario.name}: firms: number: found {scenario.firms.number}, expected at least the {named} named firms"
        )
    world = fill_world(scenario, rows, record)
    return Setting(scenario, ids, world, as_dict(record), overrides)


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
    ties = int(setting.parameters["peer_ties"])
    rows = sorted(setting.scenario.organisation, key=lambda row: row.id)
    shapes = state_shapes(setting.scenario, rows)
    arrays = in_one_block(shapes)
    own = {
        "stack": np.zeros(MAX_STACK),
        **arrays,
        **firm_arrays(setting.scenario, rows, ties),
        **log_arrays(events),
    }
    shared = {field.name: getattr(start, field.name) for field in fields(start) if field.init}
    return World(**{**shared, **own})
