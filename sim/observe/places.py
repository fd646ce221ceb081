"""Where stored quantities lie in the block of state of a world."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.world import QUANTITY
from sim.observe.quantities import BY_AUDIENCE, BY_ORGANISATION, BY_PARTNERSHIP, BY_RELATION, BY_RULE, BY_WORLD
from sim.vocabulary.quantities import QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What may hold a quantity, by what it is of, and which row it is read from (a year by its number).
_HOLDS: dict[str, dict[str, int]] = {
    "": dict.fromkeys(("clock", "media", "demand", "tallies"), BY_WORLD),
    "i": {"organisation": BY_ORGANISATION, "account": BY_ORGANISATION},
    "i0": {"relation": BY_RELATION},
    "ij": {"relation": BY_RELATION, "partnership": BY_PARTNERSHIP},
    "ia": {"credibility": BY_AUDIENCE},
    "y": {"project_budget": BY_ORGANISATION},
}
_WORD = 8  # bytes of a number
_ARRAYS = {row.stored.place.partition(".")[0] for row in QUANTITIES if row.stored is not None}


def quantity_table(arrays: Mapping[str, Any]) -> np.recarray[Any, Any]:
    """Return one row a quantity: where it is stored (in numbers of eight bytes), or that a rule computes it.

    Parameters
    ----------
    arrays
        The arrays of a world by name, all in one block of state.

    Raises
    ------
    ValueError
        A quantity is declared to be stored where what it is of has no row.
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
        by = _HOLDS[quantity.of].get(name)
        if by is None or dtype.itemsize != _WORD:
            held = ", ".join(_HOLDS[quantity.of])
            raise ValueError(
                f"quantity {quantity.id!r}: stored in {quantity.stored.place}, expected a number of {held}"
            )
        place, stride = starts[name] + offset // _WORD, array.strides[0] // _WORD
        rows.append((by, place, stride, int(dtype.kind == "f"), int(quantity.stored.how)))
    return np.array(rows, QUANTITY).view(np.recarray)
