"""What a pair of organisations starts with if a scenario says nothing. All values are assumptions."""

from __future__ import annotations

from dataclasses import dataclass

TRUST_SAME, TRUST_OPPOSITE = 0.5, 0.4  # of those on the same side, or neutral; on opposite sides


@dataclass(frozen=True, slots=True)
class RelationDefaults:
    """Start values of a pair of organisations, the same in both directions.

    Parameters
    ----------
    trust, anchor : float
        Trust and the level to which it returns.
    distance : float
        Distance in language; the builder of a world raises it to the floor set by the stances.
    value, fit : float
        Felt value of a partnership and match of purposes.
    expectation : float
        What each expects of the other.
    """

    trust: float
    anchor: float
    distance: float
    value: float
    fit: float
    expectation: float


def relation_defaults(stance_a: float, stance_b: float) -> RelationDefaults:
    """Return the start values of a pair for which a scenario says nothing.

    Pairs whose stances have the same sign trust each other more and get more out of working together than
    pairs with opposite signs. A pair in which somebody is neutral (stance 0) has the trust of the same side,
    because there is nothing to quarrel about, but only the value and fit of opposite sides, because there is
    no shared cause either.

    Parameters
    ----------
    stance_a, stance_b : float
        Positions on the issue in [-1, 1].

    Returns
    -------
    RelationDefaults
    """
    product = stance_a * stance_b
    trust = TRUST_OPPOSITE if product < 0 else TRUST_SAME
    value, fit = (0.60, 0.7) if product > 0 else (0.45, 0.5)
    return RelationDefaults(trust=trust, anchor=trust, distance=0.70, value=value, fit=fit, expectation=0.6)
