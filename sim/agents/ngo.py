"""NGOs: same side as the ombud, eligible for campaign money, with volunteers in November and December."""

from __future__ import annotations

from sim.agents.organisation import Organisation


class NGO(Organisation):
    """Non-governmental organisation or movement; its capacity is half as large again in November and December."""
