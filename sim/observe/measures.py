"""Measures: which quantities are outcomes and weekly series of a scenario, under which ids, and what they mean.

An outcome is read at the end of the run, a series at the end of every week.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from sim.engine.compiled import rule
from sim.errors import InputError
from sim.observe.quantities import read
from sim.vocabulary.audiences import AUDIENCES
from sim.vocabulary.kinds import KINDS
from sim.vocabulary.quantities import GOAL, MATTERS, QUANTITIES, REACH, THEMES, Quantity
from sim.words.language import language

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sim.scenarios import Scenario

_MEASURED = tuple(row for row in QUANTITIES if row.measured)
_STEMS = tuple(dict.fromkeys(row.id for row in _MEASURED))


@dataclass(frozen=True)
class Measure:
    """One measure.

    Attributes
    ----------
    id
        Name in files and tables.
    label
        Plain words.
    unit
        Unit of the value.
    direction
        1 more is better, -1 less is better, 0 neither.
    definition
        How it is computed.
    """

    id: str
    label: str
    unit: str
    direction: int
    definition: str


@rule
def value(w, code, i, j):
    """Value of a measure now, after the week; i and j are what it is of, -1 where there is nothing."""
    return read(w, code, i, j, w.clock[0].week + 1)


def _words(identifier: str) -> str:
    """Name an organisation or an audience that is known by its id only."""
    name = identifier.replace("_", " ")
    return name if identifier in AUDIENCES else language().named(name)


@lru_cache(maxsize=4096)
def split(identifier: str, ids: tuple[str, ...] | None) -> tuple[Quantity | None, tuple[str, ...]]:
    """Split an id into its quantity and what it is of; None if it is no id of a measure.

    An id without organisations in it stands for the measure of the world, or else of nobody in particular.
    """
    stems = [stem for stem in _STEMS if identifier == stem or identifier.startswith(stem + "_")]
    for stem in sorted(stems, key=len, reverse=True):
        rest = identifier[len(stem) + 1 :]
        rows = [row for row in _MEASURED if row.id == stem]
        if not rest:
            return rows[0], ()
        for row in rows:
            arguments = _arguments(row, rest, ids)
            if arguments:
                return row, arguments
        if any(row.of for row in rows):
            break  # the longest name counts: what follows it is wrong
    return None, ()


def _arguments(row: Quantity, rest: str, ids: tuple[str, ...] | None) -> tuple[str, ...]:
    """What stands behind the name of a measure: organisations, an audience, a year; () if it does not fit."""
    if row.of in ("i", "i0") or (row.of == "y" and rest.isdigit()) or (row.of == "a" and rest in AUDIENCES):
        return (rest,)
    if row.of == "ia":
        return next(((rest[: -len(a) - 1], a) for a in AUDIENCES if rest.endswith("_" + a)), ())
    if row.of == "ij":
        parts = rest.split("_")
        for cut in range(1, len(parts)):
            left, right = "_".join(parts[:cut]), "_".join(parts[cut:])
            if ids is None or (left in ids and right in ids):
                return left, right
    return ()


def measure(identifier: str) -> Measure:
    """Return what a measure means, for an id with or without organisations in it.

    Raises
    ------
    InputError
        There is no such measure.
    """
    row, arguments = split(identifier, None)
    if row is None:
        raise InputError(f"unknown measure {identifier!r}, expected one of {', '.join(_STEMS)}")
    words = {"i": "the ombud", "j": "its partner", "a": "employers"}
    if row.of == "i0":
        words["j"] = "the ombud"
    if arguments:
        words["a" if row.of == "a" else "i"] = _words(arguments[0])
    if len(arguments) > 1:
        words["j"] = words["a"] = _words(arguments[1])
    return Measure(identifier, row.label.format(**words), row.unit, row.direction, row.definition.format(**words))


def _has_projects(scenario: Scenario) -> bool:
    applies = any(row.apply_yearly for row in scenario.organisation)
    granted = any(row.grant > 0 for row in scenario.partnership)
    return applies or granted or any(action.verb == "apply_funding" for action in scenario.plan)


def _trusting_pairs(scenario: Scenario) -> list[tuple[str, str]]:
    firms = {row.id for row in scenario.organisation if row.type == "firm"}
    shown = firms.union(scenario.observed_ids)
    return [pair for pair in scenario.pairs if shown.issuperset(pair)]


def _ids_of(row: Quantity, scenario: Scenario, organisations: tuple[str, ...]) -> Iterator[str]:
    """Ids of a measure: of each organisation, with each audience, of each pair that matters, of each year."""
    if row.of == "":
        yield row.id
    elif row.of in ("i", "i0"):
        yield from (f"{row.id}_{i}" for i in organisations if row.of == "i" or i != scenario.default_initiator)
    elif row.of == "a":
        yield from (f"{row.id}_{a}" for a in AUDIENCES)
    elif row.of == "ia":
        yield from (f"{row.id}_{i}_{a}" for i in organisations for a in AUDIENCES)
    elif row.of == "ij":
        for i, j in _trusting_pairs(scenario):
            yield from (f"{row.id}_{i}_{j}", f"{row.id}_{j}_{i}")
    elif _has_projects(scenario):
        years = range(scenario.start.year, scenario.date(scenario.weeks - 1).year + 1)
        yield from (f"{row.id}_{year}" for year in years)


def outcome_ids(scenario: Scenario) -> list[str]:
    """Ids of all outcome measures of a scenario: i ranges over those whose outcomes are measured."""
    rows = (row for row in _MEASURED if row.measured == "outcome")
    return [identifier for row in rows for identifier in _ids_of(row, scenario, scenario.observed_ids)]


def series_ids(scenario: Scenario) -> list[str]:
    """Ids of all weekly series of a scenario: all outcomes, and series that range over all organisations."""
    everyone = tuple(sorted(scenario.organisation_ids))
    rows = (row for row in _MEASURED if row.measured == "series")
    only = [identifier for row in rows for identifier in _ids_of(row, scenario, everyone)]
    return outcome_ids(scenario) + only


def headline_ids(scenario: Scenario) -> tuple[str, ...]:
    """Ids of the measures that a reader sees first: those of the goal, then those of whom most plans start from."""
    return tuple(dict.fromkeys(name for theme in themes(scenario) for name in theme))


def themes(scenario: Scenario) -> tuple[tuple[str, ...], ...]:
    """Return the measures that a reader sees first by what they are about, the goal first."""
    rest = (tuple(name.format(i=scenario.default_initiator or "") for name in theme) for theme in THEMES)
    goal = tuple((name,) for name in scenario.goal.measures) or (GOAL,)
    return (*goal, *rest)


def matters(identifier: str, scenario: Scenario) -> float:
    """Return the smallest difference of a measure that matters: as the scenario says, or by its unit."""
    given = scenario.goal.matters.get(identifier)
    row, arguments = split(identifier, None)
    if given is not None or row is None:
        return given or 0.0
    if row.matters is not None:
        return row.matters
    firms, years = scenario.firms.number, scenario.weeks * 7.0 / 365.25
    people = scenario.audience.size(arguments[0] if arguments else "public") if row.of == "a" else 1.0
    many = {"firms": firms, "weighted firms": firms, "persons": people}
    many |= {"firm-years": firms * years, "weighted firm-years": firms * years}
    return MATTERS.get(row.unit, 0.0) * many.get(row.unit, 1.0)


def reach(identifier: str, scenario: Scenario) -> float:
    """Return the largest possible difference of a measure; infinity where none is declared."""
    row, _ = split(identifier, None)
    if row is None:
        return np.inf
    return float(scenario.firms.number) if row.unit == "firms" else REACH.get(row.unit, np.inf)


def default_series(scenario: Scenario) -> list[str]:
    """Series that figures show: the goal, the media, the partnership with the first federation, trust, credit."""
    series = ["goal_share", "coverage", "public_adopters", "partnerships"]
    i = scenario.default_initiator
    if i is None:
        return series
    if i in scenario.observed_ids:
        series += [f"credited_impact_{i}", f"relationship_capital_{i}", f"credibility_{i}_employers"]
    others = sorted((row for row in scenario.organisation if row.id != i), key=lambda row: row.id)
    carriers = [row.id for row in others if KINDS[row.type].carries_to_members]
    flagships = [row.id for row in others if row.flagship]
    pairs = set(_trusting_pairs(scenario))
    for j in (*carriers[:1], *flagships[:1]):
        if (i, j) in pairs or (j, i) in pairs:
            series += [f"partnered_{i}_{j}", f"trust_{i}_{j}", f"trust_{j}_{i}"]
    return series


def resolve(
    identifiers: list[str], scenario: Scenario, ids: tuple[str, ...]
) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Translate ids into codes (quantity, row or year, row or audience) for `value`.

    An id of one organisation without its name means the one that most plans start from (the ombud).

    Raises
    ------
    InputError
        A measure or organisation that the scenario does not have.
    """
    codes = np.full((len(identifiers), 3), -1, np.int64)
    initiator = scenario.default_initiator
    for place, identifier in enumerate(identifiers):
        row, arguments = split(identifier, ids)
        where = f"{scenario.name}: measure {identifier!r}: expected"
        if row is None:
            measure(identifier)  # says what is known, if the family is unknown
            raise InputError(
                f"{scenario.name}: no measure {identifier!r}, expected ids of its organisations: {', '.join(ids)}"
            )
        codes[place, 0] = row.code
        if row.of == "y":
            year = int(arguments[0]) if arguments else scenario.start.year
            last = scenario.date(scenario.weeks - 1).year
            if not scenario.start.year <= year <= last:
                raise InputError(f"{where} a year to {last}")
            codes[place, 1] = year - scenario.start.year
            continue
        if row.of == "a":
            codes[place, 2] = AUDIENCES.index(arguments[0] if arguments else "public")
            continue
        if row.of and not arguments and initiator is not None:
            arguments = (initiator, "employers") if row.of == "ia" else (initiator,)
        if row.of == "i0" and initiator is not None:
            arguments = (*arguments, initiator)
        if len(arguments) != len(row.of) or any(a not in ids for a in arguments if a not in AUDIENCES):
            raise InputError(f"{where} organisations out of {', '.join(ids)}")
        for side, argument in enumerate(arguments, start=1):
            codes[place, side] = AUDIENCES.index(argument) if argument in AUDIENCES else ids.index(argument)
    return codes
