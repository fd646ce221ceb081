"""Trade unions: credible with employees, with channels that fill trainings."""

from __future__ import annotations

from sim.agents.organisation import Organisation

__all__ = ["Union"]


class Union(Organisation):
    """Trade union."""
