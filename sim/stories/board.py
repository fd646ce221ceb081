"""The task board in words: who works where, as a matrix of interventions and places for each level."""

from __future__ import annotations

import textwrap
from itertools import zip_longest
from typing import TYPE_CHECKING

from sim.vocabulary.topics import Intervention, Level, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.scenarios import Scenario

_FIRST, _COLUMN = 16, 32


def board_lines(scenario: Scenario) -> Iterator[str]:
    """Yield the lines of the role matrix; nothing for a scenario without a board."""
    if not scenario.task:
        return
    tasks = {task.cell: task for task in scenario.task}
    hours = {task.hours for task in scenario.task if task.who}
    same = len(hours) == 1
    yield f"Task board: who works where{f', {hours.pop():g} hours a week each' if same else ''}"
    for level in Level.words():
        yield from _row(f"{level}:", [_words(place) for place in Place.words()])
        for intervention in Intervention.words():
            cells = []
            for place in Place.words():
                task = tasks.get((level, intervention, place))
                who = task.who if task is not None else ()
                names = "everybody" if set(who) == set(scenario.organisation_ids) else ", ".join(who) or "nobody"
                cells.append(names if task is None or not who or same else f"{names} ({task.hours:g} h)")
            yield from _row("  " + _words(intervention), cells)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _row(head: str, cells: list[str]) -> Iterator[str]:
    """One row of the matrix; what does not fit into a column goes on in the next line."""
    columns = [textwrap.wrap(cell, _COLUMN - 2) for cell in cells]
    for number, parts in enumerate(zip_longest(*columns, fillvalue="")):
        first = head if number == 0 else ""
        yield "  " + (first.ljust(_FIRST) + "".join(part.ljust(_COLUMN) for part in parts)).rstrip()
