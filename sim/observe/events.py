"""The event log as a table: kinds by name, organisations by id, numbers and causes by what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.vocabulary.events import EventKind

if TYPE_CHECKING:
    import pandas as pd

    from sim.engine.world import World
    from sim.scenarios import Scenario


def ordered_events(world: World) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Rows of the log in the order in which they are told: by week, then by kind, then as they happened."""
    kept = min(int(world.tallies[0].events), len(world.log) - 1)
    return np.lexsort((np.arange(kept), world.log.kind[:kept], world.log.week[:kept]))


def events_frame(scenario: Scenario, world: World, replicate: int) -> pd.DataFrame:
    """Return the log of a world as a table, one row an event.

    Columns: replicate, week, date, event, actor, other, object, action (label or number of the plan), numbers
    and causes (as dictionaries of names and values; names depend on the kind).
    """
    import pandas as pd

    ids = sorted(scenario.organisation_ids)
    rows = []
    for row in ordered_events(world):
        event = world.log[row]
        kind = EventKind(int(event.kind))
        number, cause = world.log_number[row], world.log_cause[row]
        action = int(event.action)
        label = ""
        if action >= 0:
            label = scenario.plan[action].label or f"action {action + 1}"
        rows.append(
            {
                "replicate": replicate,
                "week": int(event.week),
                "date": scenario.date(int(event.week)),
                "event": kind.word,
                "actor": ids[event.actor] if event.actor >= 0 else "",
                "other": ids[event.other] if event.other >= 0 else "",
                "object": int(event.object),
                "action": label,
                "numbers": {n: float(x) for n, x in zip(kind.numbers, number, strict=False)},
                "causes": {n: float(x) for n, x in zip(kind.causes, cause, strict=False)},
            }
        )
    columns = ["replicate", "week", "date", "event", "actor", "other", "object", "action", "numbers", "causes"]
    return pd.DataFrame(rows, columns=columns)
