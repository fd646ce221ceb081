"""What agents need of the model that they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from sim.engine.world import World
    from sim.start.prepared import Setting


class Host(Protocol):
    """A model with one world: its arrays, and the agents beside the one that asks."""

    world: World
    setting: Setting
    columns: dict[str, Any]

    def organisation(self, which: str | int) -> Any:
        """Return the agent of an organisation, by its id or row."""
        ...

    def firm(self, number: int) -> Any:
        """Return the agent of a firm, by its number from 0."""
        ...
