"""What is calibrated, and what is thought of it before any pattern is looked at.

Calibrated are the parameters that the patterns can inform (marked "calibrated to" in the registry) and the core
parameters of the sensitivity analysis, informed or not: a comparison over the accepted sets has to carry the
doubt about those, too. In detail:

* news and blame (stimulus, launch, echo of conflict, blame for others' criticism, understanding of roles): P02, P03,
  P32
* saying yes (base, trust, value, heat): P01; welcome while others criticise: core, though no pattern speaks of it
* joint work (disagreements, learning of a common language, giving way): P12, P13
* trust and resentment (gain, loss, credits, gain and half-life of grievance): P04 to P07, P14
* leaving (two bases, complaint, grievance, trust, value, newness, renewal): P02, P38, P39, X1
* coming back and moving on (how forgiving partners differ, rate of moving on): P04, P06; what understanding and
  warnings do: core, though no pattern speaks of them
* ideas and credit (what a firm weighs, value of ideas untold): P21, P22
* grants (growth, half point of results): P15, P16; internal approval (base, champion): P20
* training reach: P36; values of the two models of partnership: P38
* adoption (rates by federation, peers, press), force of political pressure: core, though no pattern speaks of them

Left at their defaults are effects that only exact formulas test (evidence in P34, launch hours in P38) and the
limit of grievance below which partners come back: with the half-life of grievance it decides the time away
together, so that one of the two has to be fixed (a run of its own shows the ridge).

Every prior is flat over the range of the registry. Where a range spans more than a factor of five, it states an
order of magnitude rather than a number; flat in the logarithm then gives half and double the same weight.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import InputError
from sim.parameters import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["CALIBRATED", "RIDGE", "Prior", "prior_of", "priors"]

#: Ranges whose ends differ by more than this factor are flat in the logarithm.
MOST_RATIO = 5.0

CALIBRATED: tuple[str, ...] = (
    "stimulus", "launch_factor", "branching_conflict", "third_party_blame", "role_understanding_federation",
    "accept_base", "accept_trust", "accept_value", "accept_heat", "accept_flank",
    "disagreement_rate", "language_learning", "deference_slope", "deference_midpoint", "deference_gap",
    "trust_gain", "trust_loss", "deferral_credit", "joint_work_credit", "grievance_gain", "grievance_half_life",
    "conflict_base", "exit_base", "exit_heat", "exit_grievance", "exit_trust", "exit_value", "exit_newness",
    "renewal_base", "forgiveness_spread", "moving_rate", "role_calms", "warn_effect", "show_effect", "warn_risk",
    "untold_value", "brand_value", "association_cost", "trust_utility", "own_use_value",
    "appropriation_cost", "implementation_cost", "appropriation_contract", "appropriation_trust",
    "grant_growth", "grant_need", "grant_learning", "award_full", "returns_to_scale",
    "approve_base", "approve_champion",
    "training_reach_ombud", "training_reach_union", "value_add_on", "value_integrated",
    "federation_rate", "manager_rate", "staff_rate", "learning", "peer_rate", "press_rate", "crowd_share",
    "policy_force",
)  # fmt: skip
"""Parameters of the calibration, by theme."""


@dataclass(frozen=True, slots=True)
class Prior:
    """A flat prior; a *place* runs from 0 at the low end to 1 at the high end."""

    name: str
    low: float
    high: float
    logarithmic: bool = False

    def value(self, place: float) -> float:
        """Return the parameter at a place."""
        if self.logarithmic:
            found = self.low * math.exp(place * math.log(self.high / self.low))
        else:
            found = self.low + place * (self.high - self.low)
        return min(max(found, self.low), self.high)


def prior_of(name: str, low: float | None = None, high: float | None = None) -> Prior:
    """Return the prior of a parameter, over its range in the registry unless told."""
    about = REGISTRY.get(name)
    if about is None:
        raise InputError(f"calibration: unknown parameter {name!r}, expected a name from `sim parameters`")
    if about.integer:
        raise InputError(f"calibration: {name} takes whole numbers only, expected a parameter that can vary smoothly")
    low, high = about.low if low is None else low, about.high if high is None else high
    return Prior(name, low, high, low > 0.0 and high / low > MOST_RATIO)


def priors(names: Iterable[str] = CALIBRATED) -> tuple[Prior, ...]:
    """Return the priors of some parameters, by default all that are calibrated."""
    return tuple(prior_of(name) for name in dict.fromkeys(names))


RIDGE: tuple[Prior, ...] = (
    prior_of("grievance_half_life", 10.0, 80.0),
    prior_of("return_grievance", 0.05, 0.30),
    prior_of("grievance_gain"),
)
"""Priors of the run that shows what cannot be told apart: wider than plausible, so that the whole ridge is seen."""
