"""How attention, and heat, follow from items of news (submodel S2)."""

from __future__ import annotations

from sim.engine.compiled import rule


@rule
def attention_share(coverage, p):
    """A = Y / (Y + Y_half): of so many items a week; heat is the same of the items that criticise somebody."""
    return coverage / (coverage + p.coverage_half)
