"""Universities and institutes: evidence and legitimacy."""

from __future__ import annotations

from sim.agents.organisation import Organisation

__all__ = ["Academia"]


class Academia(Organisation):
    """University or research institute."""
