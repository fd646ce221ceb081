"""What is calibrated: every number of the model that nobody knows well, over its prior in the registry.

Left out are switches and whole numbers, what is well known, and what only an alternative theory needs and is off by
default (`OFF`). Whether a target says anything about a parameter does not matter: what is not informed keeps its prior,
and a comparison has to carry that doubt, too.
"""

from __future__ import annotations

from sim.parameters import REGISTRY

OFF: tuple[str, ...] = ("leak_rate", "start_spread", "exit_grievance")
"""Off, or standing for another theory."""

CALIBRATED: tuple[str, ...] = tuple(
    name for name, about in REGISTRY.items() if not about.integer and about.confidence != "high" and name not in OFF
)
"""Parameters of the calibration, in the order of the registry."""
