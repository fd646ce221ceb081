"""International bodies: standards and policy dialogue."""

from __future__ import annotations

from sim.agents.organisation import Organisation

__all__ = ["International"]


class International(Organisation):
    """International body."""
