"""How far the patterns can be trusted: the worlds they need, what they cannot tell apart, what set the parameters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sim.parameters import REGISTRY
from sim.validation.patterns import PATTERNS, validate

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sim.validation.checks import Check

TRADE_OFF: dict[str, tuple[float, ...]] = {
    "grievance_half_life": (22.0, 26.0, 30.0, 36.0, 42.0),
    "return_grievance": (0.10, 0.15, 0.20),
}
"""Two parameters that decide the time away only together, and values of them from their ranges."""


def precision(
    sizes: Iterable[int] = (100, 400, 1600), patterns: Iterable[str] = ("P02", "P04", "P20", "P22"), *, seed: int = 0
) -> dict[int, list[Check]]:
    """Measure some patterns with several numbers of worlds.

    Parameters
    ----------
    sizes
        Numbers of worlds a case.
    patterns, seed
        As for `validate`.

    Returns
    -------
    dict
        The checks by number of worlds.
    """
    wanted = list(patterns)
    return {size: validate(size, wanted, seed=seed) for size in sizes}


def trade_off(
    values: Mapping[str, Sequence[float]] | None = None, pattern: str = "P04", *, replicates: int = 400, seed: int = 0
) -> dict[tuple[float, float], list[Check]]:
    """Measure one pattern for all combinations of the values of two parameters.

    Parameters
    ----------
    values
        Two parameters and the values of each, default `TRADE_OFF`.
    pattern, replicates, seed
        As for `validate`.

    Returns
    -------
    dict
        The checks of the pattern by the pair of values.
    """
    (first, firsts), (second, seconds) = (values or TRADE_OFF).items()
    return {
        (a, b): validate(replicates, [pattern], seed=seed, parameters={first: a, second: b})
        for a in firsts
        for b in seconds
    }


def targets() -> dict[str, tuple[str, ...]]:
    """Return, by pattern, the parameters whose source says that they were set or checked with it."""
    found: dict[str, list[str]] = {}
    for parameter in REGISTRY.values():
        for name in re.findall(r"\b[PX]\d+\b", parameter.source):
            found.setdefault(name, []).append(parameter.name)
    return {name: tuple(found[name]) for name in PATTERNS if name in found}
