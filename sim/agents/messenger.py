"""Messengers: storytellers who reach people that the topic does not reach."""

from __future__ import annotations

from sim.agents.organisation import Organisation

__all__ = ["Messenger"]


class Messenger(Organisation):
    """Storyteller or other messenger: lends followers and credibility to campaigns that recruited it."""
