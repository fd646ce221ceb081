"""A fast stand-in for the worlds of the targets: what a set would show, and how unsure that is.

Each line (ratios and sizes by their logarithm) is a quadratic function of the places of all parameters in their priors,
with products of those that move it most, fitted by ridge regression to the sets that were judged. What worlds would
show scatters about it by the residual. Draws from the prior weighted by the emulated likelihood propose the next sets
(history matching: Vernon, Goldstein & Bower 2010).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.engine.randomness import Decision, entity_key, uniform_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.calibration.judge import Line

FLOOR = 1e-3
"""Least chance that a line counts for: what the windows themselves may be wrong by."""
_STRONGEST = 20  # parameters of a line whose products it has
_PENALTIES = np.logspace(-3.0, 4.0, 15)
_LEAST = 0.01  # of the window's end: what is less counts as so much where logarithms are taken
_FAR = 3.0  # widths of the window beyond which a value is only "far out"
_NEAR = 0.05  # squared distance in the prior at which what was seen at a place tells 1/e of what it tells there
_LEAST_LUCK = 0.02  # of a window's width, where worlds show no luck at all
_BLOCK = 4  # parameters that a step moves at most


@dataclass(frozen=True)
class Emulator:
    """Fitted surfaces of all lines.

    Attributes
    ----------
    low, high
        (lines,) windows, in widths from their middle or one end.
    main
        (1 + 2 parameters, lines) constant, slopes and squares.
    pairs
        For each line the parameters whose products it has, and their coefficients.
    spread
        (lines,) standard deviation of what is shown about what is predicted, the luck of the worlds apart.
    """

    low: NDArray[np.float64]
    high: NDArray[np.float64]
    main: NDArray[np.float64]
    pairs: tuple[tuple[NDArray[np.int64], NDArray[np.float64]], ...]
    spread: NDArray[np.float64]

    def predict(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (sets, lines) what sets would show, in widths of the windows."""
        found = _features(places) @ self.main
        centred = 2.0 * places - 1.0
        for line, (strongest, weights) in enumerate(self.pairs):
            found[:, line] += _products(centred[:, strongest]) @ weights
        return found

    def log_likelihood(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (sets,) the logarithm of the product of the chances that each truth lies in its window."""
        return self._log_inside(self.predict(places), self.spread)

    def _log_inside(self, shown: NDArray[np.float64], spread: NDArray[np.float64]) -> NDArray[np.float64]:
        from scipy.special import ndtr

        inside = ndtr((self.high - shown) / spread) - ndtr((self.low - shown) / spread)
        return np.asarray(np.log(np.maximum(inside, FLOOR)).sum(axis=1))


@dataclass(frozen=True)
class Informed:
    """An emulator for walkers that each know what worlds showed at one place: near it, they know better.

    What the emulator missed there, as far as it is not luck, it is taken to miss nearby as well, the less the farther
    (a Gaussian process with one observation). Near is measured for each line in the parameters that move it.

    Attributes
    ----------
    emulator
        Fitted surfaces.
    places
        (walkers, parameters) where worlds were run.
    missed
        (walkers, lines) what they showed beyond what was predicted, shrunk by the share that is luck.
    sure
        (walkers, lines) share of the emulator's variance that they take away.
    moves
        (parameters, lines) how much each parameter moves a line, summing to 1.
    """

    emulator: Emulator
    places: NDArray[np.float64]
    missed: NDArray[np.float64]
    sure: NDArray[np.float64]
    moves: NDArray[np.float64]

    @classmethod
    def by(
        cls,
        emulator: Emulator,
        lines: Sequence[Line],
        places: NDArray[np.float64],
        values: NDArray[np.float64],
        errors: NDArray[np.float64],
    ) -> Informed:
        """Tell an emulator what worlds showed: values and errors as in `fit`."""
        surfaces = [_surface(line, values[:, column], errors[:, column]) for column, line in enumerate(lines)]
        shown = np.array([surface.shown for surface in surfaces]).T
        luck = np.array([surface.luck for surface in surfaces]).T
        there = np.isfinite(shown) & np.isfinite(luck)
        variance = emulator.spread**2
        luck = np.where(there, np.maximum(luck, _LEAST_LUCK), np.inf)
        sure = variance / (variance + luck**2)
        missed = sure * np.where(there, shown - emulator.predict(places), 0.0)
        moves = _strength(emulator.main) + 1e-12
        return cls(emulator, places, missed, sure, moves / moves.sum(axis=0))

    def log_likelihood(self, places: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return (walkers,) as `Emulator.log_likelihood`, of one place for each walker."""
        near = np.exp(-((places - self.places) ** 2 @ self.moves) / _NEAR)
        spread = self.emulator.spread * np.sqrt(np.maximum(1.0 - near**2 * self.sure, 0.01))
        return self.emulator._log_inside(self.emulator.predict(places) + near * self.missed, spread)


def _features(places: NDArray[np.float64]) -> NDArray[np.float64]:
    centred = 2.0 * places - 1.0
    return np.concatenate([np.ones((len(places), 1)), centred, centred**2 - 1.0 / 3.0], axis=1)


def _strength(main: NDArray[np.float64]) -> NDArray[np.float64]:
    """How strongly each parameter moves what is fitted, from coefficients in the order of the features."""
    slopes, squares = np.split(main[1:], 2)
    return np.asarray(slopes**2 + squares**2)


def _products(centred: NDArray[np.float64]) -> NDArray[np.float64]:
    first, second = np.triu_indices(centred.shape[1], 1)
    return np.asarray(centred[:, first] * centred[:, second])


def fit(
    lines: Sequence[Line],
    places: NDArray[np.float64],
    values: NDArray[np.float64],
    errors: NDArray[np.float64],
    weights: NDArray[np.float64],
) -> Emulator:
    """Fit the surfaces.

    Parameters
    ----------
    lines
        The targets.
    places
        (sets, parameters) places of the parameters in their priors.
    values, errors
        (sets, lines) what worlds showed, and its standard error; missing where nobody could be counted.
    weights
        (sets,) how much each set counts: those near the windows more.
    """
    surfaces = [_surface(line, values[:, column], errors[:, column]) for column, line in enumerate(lines)]
    low, high = np.array([surface.window for surface in surfaces]).T
    design, centred = _features(places), 2.0 * places - 1.0
    main = np.zeros((design.shape[1], len(lines)))
    pairs, spread = [], np.empty(len(lines))
    for line in range(len(lines)):
        shown, luck = surfaces[line].shown, surfaces[line].luck
        there = np.isfinite(shown)
        if there.sum() < 10:
            pairs.append((np.zeros(0, np.int64), np.zeros(0)))
            spread[line] = 10.0 * _FAR
            continue
        y, share = shown[there], weights[there] / weights[there].mean()
        first, _ = _ridge(design[there], y, share)
        strongest = np.argsort(-_strength(first))[:_STRONGEST]
        whole = np.concatenate([design[there], _products(centred[there][:, strongest])], axis=1)
        found, left_out = _ridge(whole, y, share)
        main[:, line] = found[: design.shape[1]]
        pairs.append((strongest, found[design.shape[1] :]))
        left = np.average(left_out**2, weights=share)
        known = np.isfinite(luck[there])
        chance = np.average(luck[there][known] ** 2, weights=share[known]) if known.any() else 0.0
        spread[line] = np.sqrt(max(left - chance, 0.05 * left, 1e-6))
    return Emulator(low, high, main, tuple(pairs), spread)


@dataclass(frozen=True)
class _Surface:
    """A line as it is fitted: its window, and what sets showed with its luck, in widths of the window."""

    window: tuple[float, float]
    shown: NDArray[np.float64]
    luck: NDArray[np.float64]


def _surface(line: Line, values: NDArray[np.float64], errors: NDArray[np.float64]) -> _Surface:
    """Measure from the middle of the window, or its one end; ratios and sizes by their logarithm.

    A ratio below 0 has lost its meaning (nothing was won that could be lost) and is left out.
    """
    ends = np.array([line.least, line.most])
    finite = ends[np.isfinite(ends)]
    positive = not line.counted and (finite > 0.0).all()
    if positive:
        with np.errstate(divide="ignore", invalid="ignore"):
            there = np.where(values < 0.0, np.nan, np.maximum(values, _LEAST * finite.min()))
            shown, luck = np.log(there), errors / np.maximum(there, finite.min())
            ends = np.log(ends.clip(0.0))
        finite = np.log(finite)
    else:
        shown, luck = values, errors
    middle = finite.mean()
    width = float(np.ptp(finite)) or (0.5 if positive else abs(float(middle)) or 1.0)
    ends = (ends - middle) / width
    return _Surface((float(ends[0]), float(ends[1])), np.clip((shown - middle) / width, -_FAR, _FAR), luck / width)


def _ridge(
    design: NDArray[np.float64], y: NDArray[np.float64], share: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ridge regression with the penalty of the least error of rows left out of the fit.

    Returns coefficients, and what each row misses by when the others predict it (PRESS; Allen 1974).
    """
    root = np.sqrt(share)
    u, s, vt = np.linalg.svd(design * root[:, None], full_matrices=False)
    turned = u.T @ (y * root)
    least, coefficients, left_out = np.inf, np.zeros(design.shape[1]), y
    for penalty in _PENALTIES:
        shrunk = s**2 / (s**2 + penalty)
        leverage = np.minimum(u**2 @ shrunk, 0.999)
        missed = (y - u @ (shrunk * turned) / root) / (1.0 - leverage)
        error = float(share @ missed**2)
        if error < least:
            least, coefficients, left_out = error, vt.T @ (s / (s**2 + penalty) * turned), missed
    return coefficients, left_out


def sample(emulator: Emulator, parameters: int, wanted: int, seed: int, label: str, steps: int) -> NDArray[np.float64]:
    """Draw places from the prior weighted by the emulated likelihood: one Metropolis chain for each.

    Parameters
    ----------
    emulator
        Fitted surfaces.
    parameters, wanted
        How many parameters, and how many draws.
    seed, label
        Key of the chance.
    steps
        Moves of each chain; each moves a few parameters.

    Returns
    -------
    (wanted, parameters) places.
    """
    start = np.empty((wanted, parameters))
    uniform_table(seed, int(Decision.CALIBRATION), entity_key(f"{label} start"), start)
    return walk(emulator, start, seed, label, steps)


def walk(
    emulator: Emulator | Informed,
    start: NDArray[np.float64],
    seed: int,
    label: str,
    steps: int,
    *,
    uphill: bool = False,
) -> NDArray[np.float64]:
    """Move places by steps that leave the prior weighted by the emulated likelihood as it is, or only uphill."""
    now, likely = start.copy(), emulator.log_likelihood(start)
    wanted, parameters = start.shape
    chosen = np.empty((steps, _BLOCK + 1))
    uniform_table(seed, int(Decision.CALIBRATION), entity_key(f"{label} blocks"), chosen)
    moves = np.empty((wanted, _BLOCK + 1))
    for step in range(steps):
        block = np.unique((chosen[step, :-1] * parameters).astype(np.int64))
        reach = 0.02 * 50.0 ** chosen[step, -1]  # from a fiftieth of the range to all of it
        uniform_table(seed, int(Decision.CALIBRATION), entity_key(f"{label} {step}"), moves)
        other = now.copy()
        other[:, block] = _folded(now[:, block] + reach * (2.0 * moves[:, : len(block)] - 1.0))
        then = emulator.log_likelihood(other)
        least = 0.0 if uphill else np.log(np.maximum(moves[:, -1], 1e-300))
        better = then - likely > least
        now[better], likely[better] = other[better], then[better]
    return now


def _folded(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fold places back into the prior, as a mirror would."""
    turned = np.mod(places, 2.0)
    return np.asarray(np.where(turned > 1.0, 2.0 - turned, turned))
