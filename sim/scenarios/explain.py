"""Turn what pydantic found into the one line a user reads: file, row, key, found, expected."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, get_args

from sim.scenarios.actions import VERBS
from sim.scenarios.board import Task
from sim.scenarios.demand import Policy
from sim.scenarios.organisations import Dyad, Firms, Idea, Organisation, Partnership
from sim.words.language import Said, guessed

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError

Place = tuple[str | int, ...]
#: For the place of a value: the file that wrote it and, for a row, its number in that file.
Origins = Mapping[Place, tuple[str, int | None]]

_TABLES: dict[str, type[BaseModel]] = {
    "organisation": Organisation,
    "dyad": Dyad,
    "partnership": Partnership,
    "idea": Idea,
    "task": Task,
    "firms": Firms,
    "policy": Policy,
}
_MISSING = object()
#: Keys of older files, with what to write now.
_GONE: dict[str, str] = {
    "base_rate_factor": "law_rate, the rate a year at which a law in force makes firms act",
    "push": "no such key: what is worked out with a federation is what it passes on",
    "p0_factor": "rate, the rate a year at which a law makes firms act",
}


def show(value: object) -> str:
    """Write a value as a file would, on one line and not too long."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "nothing"
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def nearest(word: object, known: list[str]) -> str:
    """Suggest the known word that looks most like a misspelt one."""
    return guessed("", word, known)


def explain(
    error: ValidationError,
    data: Mapping[str, Any],
    where: str,
    origins: Origins,
    keys: list[str],
    tables: Mapping[str, type[BaseModel]] = _TABLES,
) -> Said:
    """Say in one line what is wrong with a scenario, or with another file of tables.

    Parameters
    ----------
    error
        What pydantic raised; its first error is told, the others are counted.
    data
        The scenario as it was handed to pydantic.
    where
        Name of the file, for what has no origin of its own.
    origins
        Where merged rows and keys come from.
    keys
        Keys that the file may have at the top.
    tables
        Models of its tables.
    """
    errors = error.errors(include_url=False)
    first = errors[0]
    context: dict[str, Any] = first.get("ctx", {})
    place: list[str | int] = list(first["loc"])
    verb = None
    if place[:1] == ["plan"] and len(place) > 2 and place[2] in VERBS:
        verb = str(place.pop(2))
    place.extend(context.get("place", ()))
    known = _known_keys(place, VERBS.get(verb or "") or tables.get(str(place[0]) if len(place) > 1 else ""), keys)
    where, shown = _locate(place, data, where, origins)
    told = _told(dict(first), place, context, known)
    told = Said("more", rest=told, n=len(errors) - 1) if len(errors) > 1 else told
    return Said("at", place=" ".join(f"{where}: {shown}".rstrip(": ").split()), rest=told)


def _known_keys(place: list[str | int], model: type[BaseModel] | None, keys: list[str]) -> list[str]:
    for part in place[1:-1]:  # tables within a row, such as the options of a lever
        inner = None if model is None or not isinstance(part, str) else _inner(model, part)
        model = inner or model
    if model is None:
        return keys
    return [field.alias or name for name, field in model.model_fields.items()]


def _inner(model: type[BaseModel], key: str) -> type[BaseModel] | None:
    """Model of the rows that a key of another model holds, if it holds rows."""
    field = model.model_fields.get(key)
    for kind in () if field is None else (field.annotation, *get_args(field.annotation)):
        if isinstance(kind, type) and hasattr(kind, "model_fields"):
            return kind
    return None


def _locate(place: list[str | int], data: Mapping[str, Any], where: str, origins: Origins) -> tuple[str, str]:
    """Find the file a value comes from and say where in it the value stands."""
    number: int | None = None
    for length in range(len(place), 0, -1):
        if tuple(place[:length]) in origins:
            where, number = origins[tuple(place[:length])]
            break
    if len(place) < 2 or not isinstance(place[1], int):
        return where, ": ".join(str(part) for part in place)
    rows = data.get(str(place[0]))
    row = rows[place[1]] if isinstance(rows, (list, tuple)) and place[1] < len(rows) else {}
    names = [f"{place[0]} {number or place[1] + 1}{_name(row)}"]
    names += [str(part) for part in place[2:]]
    return where, ": ".join(names)


def _name(row: object) -> str:
    """Name a row by its label, verb, id or members."""
    if not isinstance(row, Mapping):
        return ""
    if "a" in row and "b" in row:
        return f" ({show(row['a'])[1:-1]}-{show(row['b'])[1:-1]})"
    if "intervention" in row:
        return f" ({show(row['intervention'])[1:-1]}, {show(row.get('place'))[1:-1]}, {show(row.get('level'))[1:-1]})"
    for key in ("label", "verb", "id", "members"):
        if row.get(key):
            value = row[key]
            words = [str(part) for part in value] if isinstance(value, (list, tuple)) else [str(value)]
            return f" ({'-'.join(words)[:60]})"
    return ""


def _told(error: dict[str, Any], place: list[str | int], context: dict[str, Any], known: list[str]) -> str:
    kind = error["type"]
    value = context.get("found", error.get("input"))
    if kind == "stated":
        message: str = context["message"]
        return message
    if kind == "extra_forbidden" and place[-1] in _GONE:
        return f"no longer a key, expected {_GONE[str(place[-1])]}"
    if kind == "extra_forbidden":
        return f"unknown key, expected one of {', '.join(known)}{nearest(place[-1], known)}"
    if kind == "missing":
        return Said("nothing", expected=Said("value"))
    if kind == "union_tag_not_found":
        return "verb: found nothing, expected a verb such as approach"
    if kind == "union_tag_invalid":
        return Said("at", place="verb", rest=_unknown_verb(context.get("tag", "")))
    if kind == "expected":
        expected: str = context["expected"]
    elif kind == "literal_error":
        expected = Said("one_of", list=", ".join(re.findall(r"'([^']*)'", str(context["expected"]))))
    elif kind in ("model_type", "model_attributes_type", "dict_type"):
        expected = Said("table")
    else:
        expected = re.sub(r"^Input should be ", "", str(error["msg"]))
    hinted = "did you mean" in expected
    words = re.findall(r"\w+", expected) if isinstance(value, str) and not hinted else []
    expected = guessed(expected, value, words) if words else expected
    return Said("nothing", expected=expected) if value is None else Said("found", found=show(value), expected=expected)


def _unknown_verb(tag: object) -> str:
    expected = guessed(Said("one_of", list=", ".join(VERBS)), tag, list(VERBS))
    return Said("found", found=show(tag), expected=expected)
