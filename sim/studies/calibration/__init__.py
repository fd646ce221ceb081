"""Calibration: parameter sets that show every pattern, and what the patterns say about each parameter."""

from __future__ import annotations

from sim.studies.calibration.calibrate import Calibration, Settings, calibrate
from sim.studies.calibration.parameter_sets import ParameterSets, read_sets, reference_sets

__all__ = ["Calibration", "ParameterSets", "Settings", "calibrate", "read_sets", "reference_sets"]
