"""The whole trajectory of one world, packed for a player in the browser: it is sent once and played there.

Frame 0 is the start, frame k the state after k weeks; an event of week w is seen in frame w + 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.model import PartnershipModel
from sim.stories import tell_world
from sim.vocabulary.audiences import AUDIENCES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sim.scenarios import Scenario

#: Firms that are drawn; more dots cannot be told apart.
MOST_FIRMS = 300
_ROOM = 4_000


@dataclass(frozen=True)
class Trajectory:
    """One world, week by week.

    Attributes
    ----------
    scenario, seed, replicate
        Which world it is.
    organisations, dyads, pairs
        Ids, and rows of organisations: directed dyads (i towards j), undirected pairs.
    frames
        Arrays by name, (weeks + 1, ...): trust and grievance (dyads), credibility (organisations x audiences), heat
        and money (organisations), state and hidden (pairs), uptake (firms that are shown), told (ideas x
        organisations), coverage, storm and goal.
    firms, shown
        Number of firms, and rows of those that are drawn.
    named
        For each organisation its row among the firms, -1 for those that are none.
    owners
        For each bundle of ideas the row of the organisation that it belongs to.
    lines
        Story lines: week, date, text, importance, kind, rows of the organisations.
    """

    scenario: Scenario
    seed: int
    replicate: int
    organisations: tuple[str, ...]
    dyads: tuple[tuple[int, int], ...]
    pairs: tuple[tuple[int, int], ...]
    frames: dict[str, NDArray[Any]]
    firms: int
    shown: tuple[int, ...]
    named: tuple[int, ...]
    owners: tuple[int, ...]
    lines: tuple[dict[str, Any], ...]


def trajectory(
    scenario: Scenario,
    seed: int = 0,
    replicate: int = 0,
    parameters: Mapping[str, float] | None = None,
    language: str = "en",
) -> Trajectory:
    """Run one world and keep every week of it.

    Parameters
    ----------
    scenario, seed, replicate, parameters
        Which world: the same as replicate ``replicate`` of an ensemble.
    language
        Language of the story.
    """
    room = _ROOM
    while True:
        found = _run(scenario, seed, replicate, parameters, language, room)
        if isinstance(found, Trajectory):
            return found
        room = found


def _run(
    scenario: Scenario,
    seed: int,
    replicate: int,
    parameters: Mapping[str, float] | None,
    language: str,
    room: int,
) -> Trajectory | int:
    """Run a world with so much room for events, or return the room that it needs."""
    model = PartnershipModel(scenario, seed, replicate, parameters, measures=[], events=room)
    world, ids = model.world, model.setting.ids
    n = len(ids)
    known = np.flatnonzero(world.relation.exists)
    pairs = [k for k in range(len(world.partnership)) if world.partnership[k].link != 1]
    named = [int(row) for row in world.organisation.firm if row >= 0]
    ordinary = [f for f in range(len(world.firm)) if f not in named]
    shown = ordinary[:: max(1, -(-len(ordinary) // MOST_FIRMS))]
    times = scenario.weeks + 1
    shapes: dict[str, tuple[tuple[int, ...], str]] = {
        "trust": ((len(known),), "f4"),
        "grievance": ((len(known),), "f4"),
        "credibility": ((n * len(AUDIENCES),), "f4"),
        "heat": ((n,), "f4"),
        "money": ((n,), "f4"),
        "told": ((len(world.idea) * n,), "f4"),
        "state": ((len(pairs),), "u1"),
        "hidden": ((len(pairs),), "u1"),
        "uptake": ((len(shown),), "u1"),
        "named_uptake": ((len(named),), "u1"),
        "coverage": ((), "f4"),
        "storm": ((), "u1"),
        "goal": ((), "f4"),
    }
    frames = {name: np.zeros((times, *shape), kind) for name, (shape, kind) in shapes.items()}

    def keep(t: int) -> None:
        media = world.media[0]
        tallies = world.tallies[0]
        frames["trust"][t] = world.relation.trust[known]
        frames["grievance"][t] = world.relation.grievance[known]
        frames["credibility"][t] = world.credibility.reshape(-1)
        frames["heat"][t] = world.organisation.heat
        frames["money"][t] = world.account[:n] / 100.0
        frames["told"][t] = world.decision.told.reshape(-1)
        frames["state"][t] = world.partnership.state[pairs]
        frames["hidden"][t] = world.partnership.visibility[pairs] == 1
        frames["uptake"][t] = world.firm.uptake[shown]
        frames["named_uptake"][t] = world.firm.uptake[named]
        frames["coverage"][t] = media.coverage
        frames["storm"][t] = media.storm
        frames["goal"][t] = tallies.goal_impact / tallies.total_weight

    keep(0)
    while model.week < scenario.weeks:
        model.step()
        keep(model.week)
    if world.tallies[0].events > room:
        return int(world.tallies[0].events)
    lines = tuple(
        {
            "frame": line.week + 1,
            "date": line.date.isoformat(),
            "text": line.text,
            "importance": line.importance,
            "kind": line.kind,
            "who": [row for row in (line.actor, line.other) if row >= 0],
        }
        for line in tell_world(model.setting, world, language)
    )
    return Trajectory(
        scenario,
        seed,
        replicate,
        tuple(ids),
        tuple((int(k) // n, int(k) % n) for k in known),
        tuple((int(world.partnership[k].a), int(world.partnership[k].b)) for k in pairs),
        frames,
        len(world.firm),
        tuple(shown),
        tuple(int(row) for row in world.organisation.firm),
        tuple(int(row) for row in world.idea.owner),
        lines,
    )


def packed(one: Trajectory) -> tuple[dict[str, list[Any]], bytes]:
    """Pack the frames: shares (0 to 1) as bytes of 1/250, money and coverage as float32.

    Returns
    -------
    dict, bytes
        For each array [offset in bytes, columns, kind], kind "share", "code" or "float"; and the bytes.
    """
    table: dict[str, list[Any]] = {}
    parts: list[bytes] = []
    place = 0
    for name in sorted(one.frames, key=lambda key: _kind(key) != "float"):  # floats first: they need alignment
        values = one.frames[name]
        kind = _kind(name)
        if kind == "share":
            values = np.round(np.clip(values, 0.0, 1.0) * 250.0).astype("u1")
        content = np.ascontiguousarray(values, dtype="<f4" if kind == "float" else "u1").tobytes()
        columns = int(np.prod(values.shape[1:], dtype=int))
        table[name] = [place, columns, kind]
        parts.append(content)
        place += len(content)
    return table, b"".join(parts)


def _kind(name: str) -> str:
    if name in ("money", "coverage"):
        return "float"
    return "code" if name in ("state", "hidden", "uptake", "named_uptake", "storm") else "share"
