"""All patterns, and the model held against them.

A pattern that fails is shown like one that passes. Patterns marked CAL set parameters; VER verify the code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import InputError
from sim.validation import campaign, federation, flagship, pairs, politics, portfolio, roles, shelter, spread
from sim.validation.worlds import Worlds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from sim.validation.checks import Check
    from sim.validation.worlds import Pattern

# A new pattern stands in the file of its case; a new case gets a file with its own PATTERNS and one word here.
_CASES = (federation, shelter, flagship, campaign, pairs, portfolio, politics, roles, spread)
_TABLE: dict[str, Pattern] = {
    pattern.id: pattern
    for pattern in sorted((pattern for case in _CASES for pattern in case.PATTERNS), key=lambda pattern: pattern.id)
}

PATTERNS: tuple[str, ...] = tuple(_TABLE)
"""Ids of the patterns that can be checked."""


def chosen(patterns: Iterable[str] | None = None, case: str | None = None) -> list[Pattern]:
    """Return the patterns with some ids, or of one case, in order.

    Raises
    ------
    InputError
        An unknown pattern or case, or a choice that leaves none.
    """
    wanted = set(PATTERNS if patterns is None else patterns)
    for name in sorted(wanted - set(PATTERNS)):
        raise InputError(f"--pattern: unknown pattern {name!r}, expected some of {', '.join(PATTERNS)}")
    cases = sorted({pattern.case for pattern in _TABLE.values()})
    if case is not None and case not in cases:
        raise InputError(f"--case: unknown case {case!r}, expected one of {', '.join(cases)}")
    found = [pattern for pattern in _TABLE.values() if pattern.id in wanted and case in (None, pattern.case)]
    if not found:
        asked = f"of {', '.join(sorted(wanted))} none belongs to case {case!r}" if wanted else "found no pattern"
        raise InputError(f"--pattern: {asked}, expected at least one pattern")
    return found


def validate(
    replicates: int = 400,
    patterns: Iterable[str] | None = None,
    case: str | None = None,
    *,
    seed: int = 0,
    parameters: Mapping[str, float] | None = None,
    beyond_range: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> list[Check]:
    """Check patterns.

    Parameters
    ----------
    replicates
        Worlds per case.
    patterns, case
        Only these patterns, or only those of a case; None for all.
    seed
        Key of the worlds.
    parameters, beyond_range
        Parameter values to check instead of the defaults, and whether they may leave their ranges.
    progress
        Called with (patterns done, patterns in all).

    Returns
    -------
    list of Check
        In the order of the patterns; a pattern may have several lines.

    Raises
    ------
    InputError
        An unknown pattern or case.
    """
    wanted = chosen(patterns, case)
    worlds = Worlds(replicates, seed, parameters, beyond_range=beyond_range)
    checks: list[Check] = []
    for done, pattern in enumerate(wanted):
        checks.extend(pattern.measure(worlds))
        if progress is not None:
            progress(done + 1, len(wanted))
    return checks
