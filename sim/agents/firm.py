"""Firms: they take ideas up, quietly or in public, alone or following peers.

Ordinary firms are only members of the crowd; a firm that the scenario names is also an organisation with trust,
money and partners of its own.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import mesa

from sim.agents.organisation import Organisation
from sim.rules.uptake import show, take_up
from sim.vocabulary.uptake import Uptake

if TYPE_CHECKING:
    from sim.agents.host import Host


class _FirmFace:
    """What ordinary and named firms share: a row among the firms."""

    model: Any
    firm_row: int

    @property
    def uptake(self) -> str:
        """none, quiet, public_uncredited or public_credited."""
        return Uptake(int(self.model.world.firm.uptake[self.firm_row])).name.lower()

    @property
    def adopted(self) -> bool:
        """Whether the firm uses the idea."""
        return bool(self.model.world.firm.uptake[self.firm_row] != Uptake.NONE)

    @property
    def adoption_week(self) -> int | None:
        """Week of adoption, None before."""
        return int(self.model.world.firm.week[self.firm_row]) if self.adopted else None

    @property
    def depth(self) -> float:
        """Depth of adoption, 0 to 1."""
        return float(self.model.world.firm.depth[self.firm_row])

    @property
    def weight(self) -> float:
        """Weight among the firms; the flagship counts more than one."""
        return float(self.model.world.firm.weight[self.firm_row])

    @property
    def sensitivity(self) -> float:
        """Sensitivity to the press, mean 1; can be set."""
        return float(self.model.world.sensitivity[self.firm_row])

    @sensitivity.setter
    def sensitivity(self, value: float) -> None:
        if not 0.0 <= value < math.inf:
            raise ValueError(f"sensitivity: found {value!r}, expected at least 0")
        self.model.world.sensitivity[self.firm_row] = value

    @property
    def seen(self) -> float:
        """Weighted share of its peers that it sees using the idea."""
        return float(self.model.world.visibility[self.firm_row])

    @property
    def credits(self) -> list[str]:
        """Ids of the organisations named on its public record."""
        names = int(self.model.world.firm.names[self.firm_row])
        return [name for i, name in enumerate(self.model.setting.ids) if names >> i & 1]

    @property
    def sources(self) -> dict[str, float]:
        """Shares of its adoption by source; they sum to 1 (background first)."""
        outside = [i for i, who in enumerate(self.model.world.organisation) if who.firm < 0]
        names = ["background", *(self.model.setting.ids[i] for i in outside)]
        return dict(zip(names, self.model.world.lineage[self.firm_row].tolist(), strict=True))

    def adopt(self, *, public: bool = True, depth: float = 0.5) -> None:
        """Let the firm take the idea up now, by itself."""
        uptake = Uptake.PUBLIC_UNCREDITED if public else Uptake.QUIET
        world = self.model.world
        change = take_up(world, self.firm_row, int(uptake), -1, 0, depth, 1.0, int(world.clock[0].week))
        show(world, self.firm_row, change)


class Firm(_FirmFace, mesa.Agent):  # type: ignore[misc]
    """An ordinary firm.

    Attributes
    ----------
    firm_row : int
        Its number among the firms, from 0.
    """

    def __init__(self, model: Host, firm_row: int) -> None:
        super().__init__(model)
        self.firm_row = firm_row

    @property
    def id(self) -> str:
        """Name in tables."""
        return f"firm_{self.firm_row + 1:03d}"

    @property
    def peers(self) -> list[Firm | NamedFirm]:
        """Firms it watches."""
        start = self.model.world.peer_start
        rows = self.model.world.peer[start[self.firm_row] : start[self.firm_row + 1]]
        return [self.model.firm(int(row)) for row in rows]

    def __repr__(self) -> str:
        return f"<Firm {self.id}, {self.uptake}>"


class NamedFirm(_FirmFace, Organisation):
    """A firm with a name in the scenario, for example the flagship: an organisation and a firm at once.

    Attributes
    ----------
    firm_row : int
        Its number among the firms, from 0.
    """

    def __init__(self, model: Host, row: int) -> None:
        super().__init__(model, row)
        self.firm_row = int(model.world.organisation[row].firm)

    peers = Firm.peers
