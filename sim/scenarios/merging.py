"""Put a scenario and its parents together: what a child says wins, what it leaves out stays.

Rows carry the file they come from, so that an error names the file that has to be changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sim.errors import InputError
from sim.scenarios.explain import Place, nearest, show

_ROWS = ("organisation", "dyad", "partnership", "idea", "task", "plan")
_TABLES = ("firms", "policy", "parameters")
_NESTED = ("credibility", "skills")
#: What belongs to one file and is not handed on.
_OWN = ("name", "extends", "remove")


Identity = Callable[[Mapping[str, Any]], object]


@dataclass
class Row:
    """One row with the place each of its keys was written."""

    values: dict[str, Any]
    place: tuple[str, int]
    keys: dict[str, tuple[str, int]]


@dataclass
class Layer:
    """A file, or several merged: values with the file they come from."""

    values: dict[str, tuple[Any, str]] = field(default_factory=dict)
    tables: dict[str, dict[str, tuple[Any, str]]] = field(default_factory=dict)
    rows: dict[str, list[Row]] = field(default_factory=dict)
    removed: list[tuple[str, tuple[str, int]]] = field(default_factory=list)


def read_layer(document: Mapping[str, Any], where: str) -> Layer:
    """Sort the keys of one file.

    Raises
    ------
    InputError
        A key that should hold tables holds something else.
    """
    layer = Layer()
    for key, value in document.items():
        if key in _ROWS:
            layer.rows[key] = [
                Row(dict(row), (where, number), dict.fromkeys(row, (where, number)))
                for number, row in enumerate(_tables(key, value, where), start=1)
            ]
        elif key in _TABLES:
            if not isinstance(value, Mapping):
                raise InputError(f"{where}: {key}: found {show(value)}, expected a table [{key}]")
            layer.tables[key] = {name: (inner, where) for name, inner in value.items()}
        elif key == "remove":
            layer.removed = [_removal(row, number, where) for number, row in enumerate(_tables(key, value, where), 1)]
        elif key not in _OWN:
            layer.values[key] = (value, where)
    return layer


def _tables(key: str, value: object, where: str) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(row, Mapping) for row in value):
        raise InputError(f"{where}: {key}: found {show(value)}, expected tables [[{key}]]")
    return value


def _removal(row: Mapping[str, Any], number: int, where: str) -> tuple[str, tuple[str, int]]:
    if set(row) != {"label"} or not isinstance(row["label"], str):
        raise InputError(f"{where}: remove {number}: found {show(dict(row))}, expected label = the label of an action")
    return row["label"], (where, number)


def merge(parent: Layer, child: Layer) -> Layer:
    """Lay a child over its parent.

    Raises
    ------
    InputError
        The child removes an action that its parent does not have.
    """
    merged = Layer(values={**parent.values, **child.values})
    for key in _TABLES:
        joined = {**parent.tables.get(key, {}), **child.tables.get(key, {})}
        if joined:
            merged.tables[key] = joined
    for key, identity in _IDENTITIES.items():
        rows = _merge_rows(parent.rows.get(key, []), child.rows.get(key, []), identity)
        if rows:
            merged.rows[key] = rows
    merged.rows["plan"] = _merge_plan(parent.rows.get("plan", []), child)
    return merged


def _members(row: Mapping[str, Any]) -> object:
    members = row.get("members")
    return frozenset(map(str, members)) if isinstance(members, list) and members else None


def _pair(row: Mapping[str, Any]) -> object:
    return frozenset((str(row["a"]), str(row["b"]))) if "a" in row and "b" in row else None


def _id(row: Mapping[str, Any]) -> object:
    return str(row["id"]) if "id" in row else None


def _cell(row: Mapping[str, Any]) -> object:
    keys = ("intervention", "place", "level")
    return tuple(str(row[key]) for key in keys) if all(key in row for key in keys) else None


_IDENTITIES: dict[str, Identity] = {
    "organisation": _id,
    "dyad": _pair,
    "partnership": _members,
    "idea": _id,
    "task": _cell,
}


def _merge_rows(parent: list[Row], child: list[Row], identity: Callable[[Mapping[str, Any]], object]) -> list[Row]:
    """Merge rows with the same identity key by key; other rows of the child come after the parent's."""
    rows = list(parent)
    places = {identity(row.values): number for number, row in enumerate(rows)}
    for row in child:
        number = places.get(identity(row.values)) if identity(row.values) is not None else None
        if number is None:
            rows.append(row)
        else:
            rows[number] = _overlay(rows[number], row)
    return rows


def _overlay(parent: Row, child: Row) -> Row:
    if "a" in parent.values and parent.values.get("a") == child.values.get("b"):
        child = _swapped(child)
    values = {**parent.values, **child.values}
    for key in _NESTED:
        if isinstance(parent.values.get(key), Mapping) and isinstance(child.values.get(key), Mapping):
            values[key] = {**parent.values[key], **child.values[key]}
    return Row(values, child.place, {**parent.keys, **child.keys})


def _swapped(row: Row) -> Row:
    """Write a dyad from the other side, so that it fits a parent that names the two in the other order."""

    def turn(key: str) -> str:
        if key.endswith("_ab"):
            return key[:-3] + "_ba"
        return key[:-3] + "_ab" if key.endswith("_ba") else {"a": "b", "b": "a"}.get(key, key)

    values = {turn(key): value for key, value in row.values.items()}
    marks = values.get("evidence")
    if isinstance(marks, list):
        values["evidence"] = [turn(mark) if isinstance(mark, str) else mark for mark in marks]
    return Row(values, row.place, {turn(key): place for key, place in row.keys.items()})


def _merge_plan(parent: list[Row], child: Layer) -> list[Row]:
    """Drop what the child removes, replace what it labels the same, add the rest at the end."""
    labels = [str(row.values["label"]) for row in parent if "label" in row.values]
    for label, (where, number) in child.removed:
        if label not in labels:
            known = ", ".join(labels) or "none: the parent has no labels"
            raise InputError(
                f"{where}: remove {number}: label: found {show(label)}, expected a label of the parent's "
                f"plan, {known}{nearest(label, labels)}"
            )
    gone = {label for label, _ in child.removed}
    rows = [row for row in parent if str(row.values.get("label")) not in gone]
    # Only the parent's rows can be replaced: a label used twice in one file stays an error.
    places = {
        row.values["label"]: number for number, row in enumerate(rows) if isinstance(row.values.get("label"), str)
    }
    for row in child.rows.get("plan", []):
        name = row.values.get("label")
        if isinstance(name, str) and name in places:
            rows[places.pop(name)] = row
        else:
            rows.append(row)
    return rows


def assemble(layer: Layer) -> tuple[dict[str, Any], dict[Place, tuple[str, int | None]]]:
    """Give the merged keys and tables, and where each of them was written."""
    data: dict[str, Any] = {}
    origins: dict[Place, tuple[str, int | None]] = {}
    for key, (value, where) in layer.values.items():
        data[key] = value
        origins[(key,)] = (where, None)
    for key, table in layer.tables.items():
        data[key] = {name: value for name, (value, _) in table.items()}
        origins.update({(key, name): (where, None) for name, (_, where) in table.items()})
    for key, rows in layer.rows.items():
        data[key] = [row.values for row in rows]
        for number, row in enumerate(rows):
            origins[(key, number)] = row.place
            origins.update({(key, number, name): place for name, place in row.keys.items()})
    return data, origins
