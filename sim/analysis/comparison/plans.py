"""The plans of a comparison side by side, in the order of time, with what was refused."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.stories.plans import in_words, not_ready, when_said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.ensemble import Ensemble
    from sim.scenarios import Scenario
    from sim.scenarios.actions import Action
    from sim.stories.texts import Texts


@dataclass(frozen=True, slots=True)
class Cell:
    """One action of one plan; ``refused`` says in how many worlds it was refused, and why."""

    when: str
    text: str
    refused: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlanRow:
    """The same action in all plans (``same``), or what each plan has in its place (None: nothing)."""

    cells: tuple[Cell | None, ...]
    same: bool


def pair_up(scenarios: Sequence[Scenario]) -> list[tuple[int | None, ...]]:
    """Pair the actions of several plans up: one row an action, the place of it in each plan.

    Actions belong together if they have the same label, or (without one) the same verb and the same parties. Rows are
    in the order of time; what waits for conditions comes last.
    """
    rows: dict[tuple[Any, ...], dict[int, int]] = {}
    first: dict[tuple[Any, ...], float] = {}
    for position, scenario in enumerate(scenarios):
        seen: dict[tuple[Any, ...], int] = {}
        for number, action in enumerate(scenario.plan):
            identity = _identity(action)
            seen[identity] = seen.get(identity, 0) + 1
            key = (*identity, seen[identity])
            week = action.week(scenario.start)
            rows.setdefault(key, {})[position] = number
            first[key] = min(first.get(key, math.inf), math.inf if week is None else float(week))
    ordered = sorted(rows, key=lambda key: first[key])
    return [tuple(rows[key].get(position) for position in range(len(scenarios))) for key in ordered]


def _identity(action: Action) -> tuple[Any, ...]:
    if action.label is not None:
        return ("label", action.label)
    return (action.verb, action.actor, getattr(action, "to", None), getattr(action, "about", None))


def differing(a: Scenario, b: Scenario) -> tuple[set[int], set[int]]:
    """Places of the actions by which two plans differ, in the one and in the other."""
    found: tuple[set[int], set[int]] = (set(), set())
    for places in pair_up((a, b)):
        same = None not in places and a.plan[places[0] or 0] == b.plan[places[1] or 0]
        for side, place in enumerate(places):
            if not same and place is not None:
                found[side].add(place)
    return found


def align(ensembles: Sequence[Ensemble], words: Texts) -> list[PlanRow]:
    """Put the plans of several scenarios side by side, in words."""
    found = []
    for places in pair_up([ensemble.scenario for ensemble in ensembles]):
        cells = tuple(
            None if place is None else _cell(ensemble, place, words)
            for ensemble, place in zip(ensembles, places, strict=True)
        )
        texts = {None if cell is None else (cell.when, cell.text) for cell in cells}
        found.append(PlanRow(cells, len(texts) == 1))
    return found


def _cell(ensemble: Ensemble, place: int, words: Texts) -> Cell:
    scenario = ensemble.scenario
    action = scenario.plan[place]
    rows = ensemble.refusals
    refused = tuple(
        words(
            "answer.refused",
            worlds=words.worlds(float(row["share"])),
            reason=not_ready(action, str(row["reason"]), scenario, words),
        )
        for row in rows[rows["action"] == place].to_dict("records")
    )
    return Cell(when_said(action, scenario, words), in_words(action, scenario, words), refused)
