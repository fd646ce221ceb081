"""Employer federations: exposed to criticism of their members, and the channel to them."""

from __future__ import annotations

from sim.agents.face import Number
from sim.agents.organisation import Organisation

__all__ = ["EmployerFederation"]


class EmployerFederation(Organisation):
    """Employer federation. While it is a partner it carries ideas to its member firms.

    Attributes
    ----------
    push : float
        Effort towards its members while it is a partner, 0 to 1; -1: 0.6 in public, 0.45 in the shadow.
    """

    push = Number("push", -1.0, 1.0, doc="Effort towards its members while a partner, -1: by visibility.")
