"""How an agent shows its row of the world: descriptors for numbers, views for tables keyed by name."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

__all__ = ["Flag", "Levels", "Number", "Share"]


class Number:
    """A number of an agent's row, with its unit in the docstring of the class that uses it."""

    def __init__(self, column: str, low: float = -float("inf"), high: float = float("inf"), *, doc: str = "") -> None:
        self.column = column
        self.low = low
        self.high = high
        self.__doc__ = doc

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, agent: Any, owner: type | None = None) -> Any:
        if agent is None:
            return self
        return agent._table[self.column].item(agent.row)

    def __set__(self, agent: Any, value: float) -> None:
        if not self.low <= value <= self.high:
            raise ValueError(f"{self.name}: found {value!r}, expected {self.low:g} to {self.high:g}")
        agent._table[self.column][agent.row] = value


class Share(Number):
    """A number in [0, 1]."""

    def __init__(self, column: str, *, doc: str = "") -> None:
        super().__init__(column, 0.0, 1.0, doc=doc)


class Flag(Number):
    """Yes or no."""

    def __init__(self, column: str, *, doc: str = "") -> None:
        super().__init__(column, 0, 1, doc=doc)

    def __get__(self, agent: Any, owner: type | None = None) -> Any:
        return self if agent is None else bool(agent._table[self.column][agent.row])


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
