"""The chance that is left in a mean over worlds, drawn again from how the worlds differ.

Worlds are split at random into two halves. Half the difference of the two means has the noise of the mean over all
worlds, and nothing of what all worlds share: a wild bootstrap [1]_ with balanced signs. Points that share their
worlds share the split, so that luck which is common to points stays common.

References
----------
.. [1] Wu (1986). Jackknife, bootstrap and other resampling methods in regression analysis. Annals of Statistics 14(4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.engine.randomness import Decision, entity_key, uniform

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: With fewer worlds there are too few splits, or too few values behind a variance, for a floor that holds: of inert
#: designs, one in ten comes above it with 6 worlds, and one in four with 4, in place of one in twenty.
LEAST_WORLDS = 8


def draw_noise(values: NDArray[np.float64], draws: int, seed: int, *, own_worlds: bool) -> NDArray[np.float64] | None:
    """Draw the noise of the means over replicates.

    Parameters
    ----------
    values
        (points, replicates), NaN where a world has no value; every point has at least one.
    draws
        Number of splits.
    seed
        Key of the splits.
    own_worlds
        Whether every point has worlds of its own, and so a split of its own in every draw.

    Returns
    -------
    array or None
        (draws, points) in the unit of the values; None with fewer than `LEAST_WORLDS` replicates, or if no point has
        two values.
    """
    there = np.isfinite(values)
    counts = there.sum(axis=1)
    if values.shape[1] < LEAST_WORLDS or counts.max(initial=0) < 2:
        return None
    means = np.nanmean(values, axis=1)
    residuals = np.where(there, values - means[:, None], 0.0)
    squares = (residuals**2).sum(axis=1)
    several = counts > 1
    # A lone value says nothing about its chance: it is given that of a typical point.
    typical = np.sqrt(np.mean(squares[several] / (counts[several] - 1)))
    residuals[~several] = np.where(there[~several], typical, 0.0)

    replicates = values.shape[1]
    signs = split_in_halves(replicates, draws, seed)
    # Halves lean against each other: two signs have this covariance. The scale makes the variance that of a mean.
    covariance = -1.0 / (replicates - 1 + replicates % 2)
    scale = np.ones(len(counts))
    scale[several] = np.sqrt(counts[several] / (counts[several] - 1) / (1.0 - covariance))
    noise: NDArray[np.float64] = (signs @ residuals.T) * (scale / counts)
    if own_worlds:
        key = entity_key("split of a point")
        start = [int(draws * uniform(seed, 0, int(Decision.BOOTSTRAP), key, point)) for point in range(len(counts))]
        # Every point goes through the same splits, but starts at one of its own.
        noise = np.take_along_axis(noise, (np.arange(draws)[:, None] + np.array(start)) % draws, axis=0)
    return noise


def split_in_halves(replicates: int, draws: int, seed: int) -> NDArray[np.float64]:
    """Return (draws, replicates) signs, in every draw as many +1 as -1; of an odd number, one more or one less."""
    key = entity_key("halves of the worlds")
    chance = np.array(
        [[uniform(seed, d, int(Decision.BOOTSTRAP), key, r) for r in range(replicates + 1)] for d in range(draws)]
    )
    order = np.argsort(np.argsort(chance[:, :replicates], axis=1, kind="stable"), axis=1, kind="stable")
    more = (replicates + np.where(chance[:, replicates:] < 0.5, 0, 1)) // 2
    return np.where(order < more, 1.0, -1.0)
