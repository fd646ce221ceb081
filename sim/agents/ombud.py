"""The equality ombud: a public body that knows, argues and campaigns, but may not apply for campaign money."""

from __future__ import annotations

from sim.agents.face import Face
from sim.agents.organisation import Organisation


class Ombud(Organisation):
    """Equality ombud. It has ideas to tell."""

    disclosure_before = Face("disclosure_before")
    disclosure_after = Face("disclosure_after")
