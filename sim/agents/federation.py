"""Employer federations: exposed to criticism of their members, and the channel to them."""

from __future__ import annotations

from sim.agents.face import Face
from sim.agents.organisation import Organisation


class EmployerFederation(Organisation):
    """Employer federation. While it has a partner it passes what they worked out on to its member firms."""

    carries = Face("carries")
