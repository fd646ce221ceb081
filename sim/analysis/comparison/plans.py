"""The plans of a comparison side by side, in the order of time, with what was refused."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.stories.plans import in_words, when_said
from sim.stories.texts import texts
from sim.words.language import ENGLISH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.ensemble import Ensemble
    from sim.scenarios.actions import Action

_WORDS = texts(ENGLISH)


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


def align(ensembles: Sequence[Ensemble]) -> list[PlanRow]:
    """Put the plans of several scenarios side by side, in the order of time; what waits for conditions last.

    Actions belong together if they have the same label, or (without one) the same verb and the same parties.
    """
    rows: dict[tuple[Any, ...], dict[int, tuple[float, Cell]]] = {}
    for position, ensemble in enumerate(ensembles):
        scenario = ensemble.scenario
        seen: dict[tuple[Any, ...], int] = {}
        for number, action in enumerate(scenario.plan):
            identity = _identity(action)
            seen[identity] = seen.get(identity, 0) + 1
            week = action.week(scenario.start)
            refused = _refused(number, ensemble)
            cell = Cell(when_said(action, scenario, _WORDS), in_words(action, scenario, _WORDS), refused)
            place = math.inf if week is None else float(week)
            rows.setdefault((*identity, seen[identity]), {})[position] = (place, cell)
    ordered = sorted(rows.values(), key=lambda row: min(place for place, _ in row.values()))
    found = []
    for row in ordered:
        cells = tuple(row[position][1] if position in row else None for position in range(len(ensembles)))
        texts = {None if cell is None else (cell.when, cell.text) for cell in cells}
        found.append(PlanRow(cells, len(texts) == 1))
    return found


def _identity(action: Action) -> tuple[Any, ...]:
    if action.label is not None:
        return ("label", action.label)
    return (action.verb, action.actor, getattr(action, "to", None), getattr(action, "about", None))


def _refused(place: int, ensemble: Ensemble) -> tuple[str, ...]:
    """Say in how many worlds the action at a place of the plan was refused, and why."""
    rows = ensemble.refusals
    found = []
    for row in rows[rows["action"] == place].to_dict("records"):
        reason = _WORDS(f"reason.{row['reason']}")
        found.append(f"refused in {max(1, round(100 * float(row['share'])))} of 100 worlds: {reason}")
    return tuple(found)
