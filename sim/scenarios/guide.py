"""The language of plans, told from its own definitions: verbs with their arguments, and what conditions may read."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from pydantic_core import PydanticUndefined

from sim.errors import InputError
from sim.scenarios.actions import VERBS, Action
from sim.scenarios.fields import OneOf, mark
from sim.vocabulary.quantities import OBSERVABLES, Quantity

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo


def find_verb(name: str) -> type[Action]:
    """Return the model of a verb.

    Raises
    ------
    InputError
        There is no such verb.
    """
    if name not in VERBS:
        close = difflib.get_close_matches(name, VERBS, n=1)
        hint = f" (did you mean {close[0]!r}?)" if close else ""
        raise InputError(f"verb: found {name!r}, expected one of {', '.join(VERBS)}{hint}")
    return VERBS[name]


def verb_summary(model: type[Action]) -> str:
    """Return what a verb does, in one sentence."""
    return (model.__doc__ or "").strip().split("\n\n")[0].replace("\n    ", " ")


def choices_of(field: FieldInfo) -> tuple[str, ...]:
    """Return the words that a field accepts; none if it takes anything else."""
    closed = mark(field, OneOf)
    return () if closed is None else closed.words


def _default(field: FieldInfo) -> str:
    if field.default is PydanticUndefined:
        return "needed"
    if field.default is None or field.default == ():
        return "may be left out"
    if hasattr(type(field.default), "model_fields"):
        return "a table, may be left out"
    return f"default {field.default!r}"


def argument_lines(model: type[Action]) -> list[str]:
    """Return one line an argument of a verb: name, choices, default. What all actions have comes last."""
    common = [name for name in Action.model_fields if name != "verb"]
    own = [name for name in model.model_fields if name not in (*common, "verb")]
    lines = []
    for name in (*own, *common):
        field = model.model_fields[name]
        words = choices_of(field)
        choice = f": one of {', '.join(words)}" if words else ""
        lines.append(f"{field.alias or name}{choice} ({_default(field)})")
    return lines


def condition_lines() -> list[tuple[str, str, str]]:
    """Return what a condition may read: how it is written, unit, meaning; hidden quantities last."""
    rows = sorted(OBSERVABLES.values(), key=lambda row: (row.hidden, row.condition))
    return [(row.pattern, _unit(row), row.meaning + row.hidden * " (only with omniscient = true)") for row in rows]


def _unit(row: Quantity) -> str:
    return "0/1" if row.flag else "word" if row.words is not None else row.unit
