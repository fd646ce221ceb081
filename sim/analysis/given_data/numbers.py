"""How responses move with sampled values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.analysis.curves import LEAST_SETS, LEVEL, Fit, Uncertain
from sim.statistics import mean_and_error

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from sim.analysis.curves import Curves
    from sim.analysis.factors import Factor


@dataclass(frozen=True)
class Response:
    """One outcome or difference, and how it moves with each sampled value.

    Attributes
    ----------
    name, unit
        What is looked at.
    curves
        How it moves.
    labels
        Words for the sampled values.
    """

    name: str
    unit: str
    curves: Curves
    labels: tuple[str, ...]


def moved(
    factors: Sequence[Factor],
    values: NDArray[np.float64],
    responses: Iterable[tuple[str, str, NDArray[np.float64]]],
    seed: int,
) -> tuple[Response, ...]:
    """Find how responses move with sampled values; one with too few samples is left out.

    Parameters
    ----------
    factors, values
        The sampled values: what they are, and (samples, factors).
    responses
        Name, unit and (samples, replicates) of each, NaN where a world has none.
    seed
        Key of the deals.
    """
    # A set that is there several times is one set of values.
    distinct, rows, count = np.unique(values, axis=0, return_inverse=True, return_counts=True)
    names = tuple(factor.name for factor in factors)
    found = []
    for name, unit, worlds in responses:
        means, _, _ = mean_and_error(worlds)
        there = np.flatnonzero(np.isfinite(means))
        if len(np.unique(rows[there])) < LEAST_SETS:
            continue
        fit = Fit(Uncertain(names, distinct, rows[there], count / count.sum()), seed)
        (curves,) = fit.scan(means[there][:, None], LEVEL)
        found.append(Response(name, unit, curves, tuple(factor.words for factor in factors)))
    return tuple(found)
