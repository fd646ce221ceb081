"""Where stored quantities lie in the block of state of a world."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.world import QUANTITY
from sim.observe.quantities import BY_AUDIENCE, BY_ORGANISATION, BY_PARTNERSHIP, BY_RELATION, BY_RULE, BY_WORLD
from sim.vocabulary.quantities import QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["quantity_table"]

_BY = {"relation": BY_RELATION, "partnership": BY_PARTNERSHIP, "credibility": BY_AUDIENCE}
#: Arrays with one row for the whole world; what a year has is read as an organisation is, by its number.
_ONE_ROW = frozenset({"clock", "media", "demand", "tallies"})
_WORD = 8  # bytes of a number
_ARRAYS = {row.stored.place.partition(".")[0] for row in QUANTITIES if row.stored is not None}


def quantity_table(arrays: Mapping[str, Any]) -> np.recarray[Any, Any]:
    """Return one row a quantity: where it is stored (in numbers of eight bytes), or that a rule computes it.

    Parameters
    ----------
    arrays
        The arrays of a world by name, all in one block of state.
    """
    origin = arrays["state"].ctypes.data
    starts = {name: (arrays[name].ctypes.data - origin) // _WORD for name in _ARRAYS}
    rows = []
    for quantity in QUANTITIES:
        if quantity.stored is None:
            rows.append((BY_RULE, 0, 0, 0, 0))
            continue
        name, _, field = quantity.stored.place.partition(".")
        array = arrays[name]
        dtype, offset = array.dtype.fields[field][:2] if field else (array.dtype, 0)
        by = BY_WORLD if name in _ONE_ROW else _BY.get(name, BY_ORGANISATION)
        place, stride = starts[name] + offset // _WORD, array.strides[0] // _WORD
        rows.append((by, place, stride, int(dtype.kind == "f"), int(quantity.stored.how)))
    return np.array(rows, QUANTITY).view(np.recarray)
