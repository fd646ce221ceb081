"""Who works where: the board of interventions, places and levels (P53)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.validation.checks import judge, mean
from sim.validation.worlds import Pattern

if TYPE_CHECKING:
    from sim.validation.checks import Check
    from sim.validation.worlds import Worlds

PARENT = "ilo-roles"
LESS = {
    "ilo-everyone-does-everything": "a division of roles over everybody everywhere, with the same hours",
    "ilo-without-structure": "a structure (coordination, focal points, indicators) over none",
    "ilo-without-employers": "employers in their place over nobody there",
}
"""What covers less of the board than the parent: scenarios, and what they lack in words."""


def _p53(worlds: Worlds) -> list[Check]:
    """The source leaves its matrix empty and gives no numbers: only directions are asked, and no parameter is set."""
    covered = worlds.of(PARENT).outcomes["task_board_coverage"]
    return [
        judge("P53", f"board covered: {words}", mean(covered - worlds.of(name).outcomes["task_board_coverage"]),
              least=0.0, strictly=True, use="VER", worlds=worlds.replicates)
        for name, words in LESS.items()
    ]  # fmt: skip


PATTERNS = (Pattern("P53", "roles", _p53),)
