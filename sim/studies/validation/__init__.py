"""Holding the model against the patterns of its sources: each pattern a number, an interval and a threshold."""

from __future__ import annotations

from sim.studies.validation.checks import Check
from sim.studies.validation.patterns import PATTERNS, validate
from sim.studies.validation.worlds import CASES

__all__ = ["CASES", "PATTERNS", "Check", "validate"]
