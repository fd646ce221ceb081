"""A cache for what several sessions ask for: the newest stay, what was long not asked for goes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable

Thing = TypeVar("Thing")


class Cache(Generic[Thing]):
    """Keeps ``most`` things, those that were asked for last; threads may share it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._things: OrderedDict[Hashable, Thing] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """Number of things on it."""
        return len(self._things)

    def get(self, key: Hashable) -> Thing | None:
        """Return a thing, or None if it is not there."""
        with self._lock:
            if key in self._things:
                self._things.move_to_end(key)
            return self._things.get(key)

    def put(self, key: Hashable, thing: Thing) -> None:
        """Keep a thing."""
        with self._lock:
            self._things[key] = thing
            while len(self._things) > self._most:
                self._things.popitem(last=False)

    def clear(self) -> None:
        """Keep nothing."""
        with self._lock:
            self._things.clear()
