"""Employer federations: exposed to criticism of their members, and the channel to them."""

from __future__ import annotations

from sim.agents.face import Face
from sim.agents.organisation import Organisation

__all__ = ["EmployerFederation"]


class EmployerFederation(Organisation):
    """Employer federation. While it is a partner it carries ideas to its member firms."""

    push = Face("push")
