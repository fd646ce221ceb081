"""Government: funder and target at once."""

from __future__ import annotations

from sim.agents.organisation import Organisation

__all__ = ["Government"]


class Government(Organisation):
    """Government: pays for campaigns of NGOs and is asked to act; a small part of criticism hits it."""
