"""The analyses of studies: a new one is a folder and a line here."""

from __future__ import annotations

from sim.analysis.difference.answer import DIFFERENCE
from sim.analysis.discovery.answer import DISCOVERY
from sim.analysis.given_data.answer import GIVEN_DATA
from sim.analysis.robustness.answer import ROBUSTNESS
from sim.analysis.sensitivity.answer import SENSITIVITY

#: In the order in which findings tell them.
ANALYSES = (DIFFERENCE, SENSITIVITY, GIVEN_DATA, DISCOVERY, ROBUSTNESS)
