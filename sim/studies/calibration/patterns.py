"""How far a set of parameter values is from showing the patterns that may be used for calibration.

This is the only place that knows of the validation. A check that passes has a shortfall of 0; one that fails, how
far its value is from the threshold relative to the threshold, at most 1 (and at least `LEAST`). The distance of a
set is the sum over the checks, so a distance of 0 means that every check passes by the rule of its pattern.
"""

from __future__ import annotations

import math
import re
import string
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import InputError
from sim.studies.validation import PATTERNS, Check, validate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["RIDGE_PATTERNS", "Judge", "Line", "Outcome", "lines_of", "shortfall", "usable_patterns"]

#: Patterns that share their worlds stand together; groups that are cheap and turn down much come first.
_GROUPS: tuple[tuple[str, ...], ...] = (
    ("X1",),
    ("P12", "P13", "P14", "P15", "P16"),
    ("P21", "P22"),
    ("P20",),
    ("P38", "P39"),
    ("P01", "P02", "P03", "P04", "P05", "P06", "P07", "P32", "P34"),
)
RIDGE_PATTERNS: tuple[str, ...] = ("P01", "P02", "P03", "P04", "P05", "P06", "P07")
"""Patterns of the federation that left and came back."""

LEAST = 0.01


@dataclass(frozen=True, slots=True)
class Line:
    """One check that may be used for calibration: its key (pattern and letter), words and threshold."""

    key: str
    pattern: str
    words: str
    threshold: str
    least: float = -math.inf
    most: float = math.inf

    def meets(self, value: float) -> bool:
        """Tell whether a value passes; where the threshold is "more than" or "less than", the bound itself does not."""
        if self.threshold.startswith(("> ", "< ")):
            return self.least < value < self.most
        return self.least <= value <= self.most


@dataclass(frozen=True, slots=True)
class Outcome:
    """Distance of a set, and the value of every check, or None where judging stopped early."""

    distance: float
    values: tuple[float, ...] | None


@dataclass(frozen=True, slots=True)
class Judge:
    """Runs the worlds of the patterns and sums up the shortfalls.

    Attributes
    ----------
    worlds, seed
        Worlds of each case, and their key.
    patterns
        Patterns to show.
    fixed
        Parameter values that are not calibrated.
    beyond_range
        Whether values may leave the ranges of the registry.
    """

    worlds: int
    seed: int
    patterns: tuple[str, ...]
    fixed: Mapping[str, float]
    beyond_range: bool = False

    def checks(self, values: Mapping[str, float], patterns: Sequence[str]) -> list[Check]:
        """Return the checks of some patterns that may be used for calibration."""
        parameters = {**values, **self.fixed}
        with np.errstate(all="ignore"):  # an absurd set may leave nobody to count
            found = validate(
                self.worlds, patterns, seed=self.seed, parameters=parameters, beyond_range=self.beyond_range
            )
        return [check for check in found if check.use == "CAL"]

    def __call__(self, values: Mapping[str, float], most: float = math.inf) -> Outcome:
        """Judge a set, and stop as soon as its distance is known to exceed ``most``."""
        distance = 0.0
        found: list[Check] = []
        for group in self.groups:
            checks = self.checks(values, group)
            distance += sum(shortfall(check) for check in checks)
            if distance > most:
                return Outcome(distance, None)
            found += checks
        order = {pattern: place for place, pattern in enumerate(self.patterns)}
        found.sort(key=lambda check: order[check.id])  # stable: lines of a pattern keep their order
        return Outcome(distance, tuple(float(check.value) for check in found))

    @property
    def groups(self) -> tuple[tuple[str, ...], ...]:
        """Patterns in the order in which they are judged."""
        known = {pattern for group in _GROUPS for pattern in group}
        rest = tuple(pattern for pattern in self.patterns if pattern not in known)
        wanted = set(self.patterns)
        groups = [tuple(pattern for pattern in group if pattern in wanted) for group in (*_GROUPS, rest)]
        return tuple(group for group in groups if group)


def usable_patterns(judge: Judge) -> list[Check]:
    """Return all checks with the default parameters that may be used for calibration, in the order of the patterns."""
    wanted = set(judge.patterns)
    for name in sorted(wanted - set(PATTERNS)):
        raise InputError(f"calibration: unknown pattern {name!r}, expected some of {', '.join(PATTERNS)}")
    return judge.checks({}, [pattern for pattern in PATTERNS if not wanted or pattern in wanted])


def lines_of(checks: Sequence[Check]) -> tuple[Line, ...]:
    """Give every check a key: the pattern, and a letter where it has several lines."""
    ids = [check.id for check in checks]
    found = []
    for place, check in enumerate(checks):
        letter = string.ascii_lowercase[ids[:place].count(check.id)] if ids.count(check.id) > 1 else ""
        words = re.sub(r"\s*\([^()]*\d[^()]* to [^()]*\)$", "", check.check)  # numbers of this very run
        found.append(Line(f"{check.id}{letter}", check.id, words, check.threshold, check.least, check.most))
    return tuple(found)


def shortfall(check: Check) -> float:
    """Return how far a check is from passing: 0 if it passes, up to 1."""
    if check.passed:
        return 0.0
    if not math.isfinite(check.value):
        return 1.0
    low, high = check.least, check.most
    missed, bound = (low - check.value, low) if check.value < low else (check.value - high, high)
    return min(1.0, max(LEAST, missed / (abs(bound) or 1.0)))
