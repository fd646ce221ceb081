"""The equality ombud: a public body that knows, argues and campaigns, but may not apply for campaign money."""

from __future__ import annotations

from sim.agents.face import Number, Share
from sim.agents.organisation import Organisation

__all__ = ["Ombud"]


class Ombud(Organisation):
    """Equality ombud. Its own push reaches firms by its credibility with employers (route "ombud" of adoption).

    Attributes
    ----------
    push : float
        Standing effort towards employers, 0 to 1; -1 leaves it to what the plan does.
    disclosure_before, disclosure_after : float
        Share of its ideas told at the first meeting and after commitment.
    """

    push = Number("push", -1.0, 1.0, doc="Standing effort towards employers, -1: by the plan.")
    disclosure_before = Share("disclosure_before", doc="Share of ideas told at the first meeting.")
    disclosure_after = Share("disclosure_after", doc="Share of ideas told after commitment.")
