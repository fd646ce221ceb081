"""Holding the model against the patterns of its sources: each pattern a number, an interval and a threshold."""

from __future__ import annotations

from sim.validation.checks import Check
from sim.validation.patterns import PATTERNS, validate
from sim.validation.worlds import CASES

__all__ = ["CASES", "PATTERNS", "Check", "validate"]
