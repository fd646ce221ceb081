"""Professional bodies: for example of managers, between the sides."""

from __future__ import annotations

from sim.agents.organisation import Organisation

__all__ = ["ProfessionalBody"]


class ProfessionalBody(Organisation):
    """Professional body, for example of managers."""
