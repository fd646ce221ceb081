"""Calibration: weighted parameter sets that show the targets together, and what these say about each parameter."""

from __future__ import annotations

from sim.calibration.calibrate import BOUNDS, Calibration, Settings, Stage, calibrate

__all__ = ["BOUNDS", "Calibration", "Settings", "Stage", "calibrate"]
