"""How an agent shows its row of the world: descriptors for numbers, views for tables keyed by name."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import TYPE_CHECKING, Any

from sim.vocabulary.quantities import QUANTITIES

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np


class Face:
    """One stored quantity of an organisation, read and set on its agent (see `sim.vocabulary.quantities`).

    Parameters
    ----------
    name
        Id of the quantity, which is also the name of the attribute.
    """

    def __init__(self, name: str) -> None:
        quantity = next(row for row in QUANTITIES if row.id == name and row.of == "i" and row.stored is not None)
        self.name = name
        self.flag = quantity.flag
        self.low, self.high = _RANGES.get(quantity.unit, (0.0, float("inf")))
        self.__doc__ = f"{quantity.definition[:1].upper()}{quantity.definition[1:]} ({quantity.unit})."

    def __get__(self, agent: Any, owner: type | None = None) -> Any:
        if agent is None:
            return self
        number = agent.model.columns[self.name].item(agent.row)
        return bool(number) if self.flag else number

    def __set__(self, agent: Any, value: float) -> None:
        if not self.low <= value <= self.high:
            raise ValueError(f"{self.name}: found {value!r}, expected {self.low:g} to {self.high:g}")
        agent.model.columns[self.name][agent.row] = value


#: What values of a unit lie between; all others are at least 0.
_RANGES = {"0 to 1": (0.0, 1.0), "-1 to 1": (-1.0, 1.0), "0 or 1": (0.0, 1.0), "share of worlds": (0.0, 1.0)}


class Levels(MutableMapping[str, float]):
    """Shares keyed by name (audience, skill or organisation id) that can be read and set.

    Parameters
    ----------
    places
        Index of each name in `values`.
    values
        Array that holds the shares.
    """

    def __init__(self, places: Callable[[], dict[str, int]], values: np.ndarray[Any, Any]) -> None:
        self._places = places
        self._values = values

    def _place(self, name: str) -> int:
        places = self._places()
        if name not in places:
            raise KeyError(f"{name!r}, expected one of {', '.join(places)}")
        return places[name]

    def __getitem__(self, name: str) -> float:
        return float(self._values[self._place(name)])

    def __setitem__(self, name: str, value: float) -> None:
        if not 0.0 <= value <= 1.0:
            raise ValueError(f"{name}: found {value!r}, expected 0 to 1")
        self._values[self._place(name)] = value

    def __delitem__(self, name: str) -> None:
        raise TypeError("a level can be set but not deleted")

    def __iter__(self) -> Iterator[str]:
        return iter(self._places())

    def __len__(self) -> int:
        return len(self._places())

    def __repr__(self) -> str:
        return repr({name: round(value, 4) for name, value in self.items()})
