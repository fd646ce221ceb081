"""Sequential Monte Carlo for a model that can only be run: ABC-SMC, judged in batches.

A generation draws sets from the one before, moves each a little, and keeps those whose distance is within a
tolerance [1]_; weights correct for where they were drawn from [2]_. The first generation comes from the prior and
keeps everything; each tolerance is a quantile of the distances before, until it is 0. Points live in the unit cube
(places in flat priors). The move is normal in every direction with twice the weighted variance [2]_, folded back
at the walls of the cube, so that no draw leaves the prior and the density of a move sums over its mirror images.

Every draw is keyed by (seed, generation, draw, parameter), and is judged in worlds of its own: with the same worlds
for all, what these happen to do would shift every accepted set alike, and look like knowledge. Batches have a fixed
size and are judged whole, and the first sets in the order of the draws are kept: neither threads nor interruptions
change a byte.

References
----------
.. [1] Toni, Welch, Strelkowa, Ipsen & Stumpf (2009). Approximate Bayesian computation scheme for parameter
   inference and model selection in dynamical systems. J. R. Soc. Interface 6.
.. [2] Beaumont, Cornuet, Marin & Robert (2009). Adaptive approximate Bayesian computation. Biometrika 96.
"""

from __future__ import annotations

import math
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.randomness import Decision, entity_key, normal_quantile, uniform
from sim.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from numpy.typing import NDArray

    from sim.studies.calibration.patterns import Outcome
    from sim.studies.calibration.storage import Storage

    #: Gives a way to report (done, total) for something that is counted in "sets, ...".
    Bar = Callable[[str], AbstractContextManager[Callable[[int, int], None]]]

__all__ = ["BATCH", "Population", "Sampler", "effective_size", "importance", "in_threads", "next_tolerance"]

#: Share of the sets of a generation that sets the tolerance of the next.
QUANTILE = 0.25
#: Share of the sets with distance 0 from which on all have to get there.
ENOUGH = 0.1
#: Draws judged between two writings.
BATCH = 32
#: Spread, relative to the prior, above which a parameter is drawn from the prior anew.
LOOSE = 0.9
_CHANCE = int(Decision.BOOTSTRAP)  # resampling; the text of the entity keeps it apart from others
_IMAGES = range(-3, 4)
_TINY = 2.0**-54


@dataclass(frozen=True)
class Population:
    """The sets that a generation kept.

    Attributes
    ----------
    generation, tolerance
        Number from 0, and the largest distance that was kept.
    draws
        Sets that were judged until the last one was kept.
    points
        (sets, parameters), places in the priors.
    weights
        (sets,), summing to 1.
    distances
        (sets,)
    values
        (sets, checks) value of every check.
    worlds
        (sets,) seed of the worlds by which each set was judged.
    """

    generation: int
    tolerance: float
    draws: int
    points: NDArray[np.float64]
    weights: NDArray[np.float64]
    distances: NDArray[np.float64]
    values: NDArray[np.float64]
    worlds: NDArray[np.int64]

    @property
    def acceptance(self) -> float:
        """Share of the draws that were kept."""
        return len(self.points) / self.draws


@dataclass(frozen=True)
class Sampler:
    """Draws generation after generation until every set has distance 0.

    Attributes
    ----------
    names
        Parameters, in the order of a point; they key the draws.
    judge
        Distance of a point and the values behind it, given a tolerance beyond which it may stop early, and the seed
        of the worlds to judge by.
    sets, seed
        Sets to keep in each generation, and the key of all draws.
    label
        Name of the run: keys the draws, and names what is stored.
    most_draws
        Draws of one generation after which the search is given up.
    """

    names: tuple[str, ...]
    judge: Callable[[NDArray[np.float64], float, int], Outcome]
    sets: int
    seed: int
    label: str = "calibration"
    most_draws: int = 100_000
    batch: int = BATCH
    quantile: float = QUANTILE

    def run(
        self,
        storage: Storage,
        *,
        threads: int,
        bar: Bar,
        finished: Callable[[Population], None] | None = None,
    ) -> list[Population]:
        """Sample all generations, from where the storage has got to.

        Raises
        ------
        InputError
            A generation needs more than ``most_draws`` draws.
        """
        done: list[Population] = []
        while not done or done[-1].tolerance > 0.0:
            number = len(done)
            name = f"{self.label}-{number:02d}"
            stored = storage.load(name)
            if stored is None:
                tolerance = next_tolerance(done[-1], self.quantile) if done else math.inf
                with bar(f"sets, {self.label} {number}") as report:
                    population = self._generation(
                        number, tolerance, done[-1] if done else None, storage, threads, report
                    )
                storage.save(name, _as_document(population))
                storage.forget(f"{name}-")
            else:
                population = _from_document(stored)
            done.append(population)
            if finished is not None:
                finished(population)
        return done

    def _generation(
        self,
        number: int,
        tolerance: float,
        before: Population | None,
        storage: Storage,
        threads: int,
        report: Callable[[int, int], None],
    ) -> Population:
        kept: list[tuple[int, NDArray[np.float64], float, list[float]]] = []
        first = 0
        while len(kept) < self.sets:
            if first >= self.most_draws:
                raise InputError(
                    f"{self.label}: found {len(kept)} of {self.sets} sets in {first:,} draws of generation {number}, "
                    "expected all; finished batches are kept, a higher limit of draws goes on"
                )
            report(len(kept), self.sets)
            name = f"{self.label}-{number:02d}-{first // self.batch:05d}"
            draws = range(first, first + self.batch)
            points = [self.draw(number, draw, before) for draw in draws]
            stored = storage.load(name)
            if stored is None:
                asked = [(point, self.worlds(number, draw)) for point, draw in zip(points, draws, strict=True)]
                outcomes = in_threads(lambda one: self.judge(one[0], tolerance, one[1]), asked, threads)
                stored = {"draws": [(outcome.distance, outcome.values) for outcome in outcomes]}
                storage.save(name, stored)
            for place, (distance, values) in enumerate(stored["draws"]):
                if values is not None and distance <= tolerance:
                    kept.append((first + place, points[place], distance, values))
            first += self.batch
        kept = kept[: self.sets]
        report(self.sets, self.sets)
        found = np.array([point for _, point, _, _ in kept])
        return Population(
            number,
            tolerance,
            kept[-1][0] + 1,
            found,
            importance(found, before),
            np.array([distance for _, _, distance, _ in kept]),
            np.array([values for _, _, _, values in kept], float).reshape(len(kept), -1),
            np.array([self.worlds(number, draw) for draw, _, _, _ in kept], np.int64),
        )

    def worlds(self, generation: int, draw: int) -> int:
        """Return the seed of the worlds by which a draw is judged."""
        return entity_key(f"{self.label} worlds of {self.seed} {generation} {draw}")

    def draw(self, generation: int, draw: int, before: Population | None) -> NDArray[np.float64]:
        """Draw a point: from the prior, or near a point of the generation before."""
        chance = np.array([self._uniform(generation, draw, name) for name in self.names])
        if before is None:
            return chance
        pick = self._uniform(generation, draw, "")
        origin = min(int(np.searchsorted(np.cumsum(before.weights), pick, side="right")), len(before.points) - 1)
        normal = np.array([normal_quantile(max(u, _TINY)) for u in chance])
        return np.where(_loose(before), chance, _folded(before.points[origin] + _widths(before) * normal))

    def _uniform(self, generation: int, draw: int, name: str) -> float:
        return float(uniform(self.seed, generation, _CHANCE, entity_key(f"{self.label} {name}"), draw))


def in_threads(function: Callable[[Any], Any], items: list[Any], threads: int) -> list[Any]:
    """Apply a function to all items, several at a time; on Ctrl-C what has not begun is dropped."""
    pool = ThreadPoolExecutor(threads)
    try:
        with warnings.catch_warnings():
            # An absurd set may leave nobody to count: a median is missing then, and its check fails.
            warnings.simplefilter("ignore", RuntimeWarning)
            return list(pool.map(function, items))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def next_tolerance(population: Population, quantile: float = QUANTILE) -> float:
    """Return the tolerance of the next generation: always smaller than the last one, in the end 0.

    Once a tenth of the sets have distance 0, nothing less is asked of the next: what is near a solution is found
    as cheaply from here as from one more step.
    """
    ordered = np.sort(population.distances)
    if np.mean(ordered == 0.0) >= ENOUGH:
        return 0.0
    found = float(ordered[min(int(quantile * len(ordered)), len(ordered) - 1)])
    return found if found < population.tolerance else 0.0


def importance(points: NDArray[np.float64], before: Population | None) -> NDArray[np.float64]:
    """Weights of points drawn from the generation before: prior density over the density of being proposed."""
    if before is None:
        return np.full(len(points), 1.0 / len(points))
    tight = ~_loose(before)
    origins, widths = before.points[:, tight], _widths(before)[tight]
    weights = np.empty(len(points))
    for place, point in enumerate(points[:, tight]):
        moves = np.zeros(origins.shape)
        for image in _IMAGES:
            for mirrored in (point, -point):
                moves += np.exp(-0.5 * ((mirrored + 2.0 * image - origins) / widths) ** 2)
        weights[place] = 1.0 / np.dot(before.weights, np.prod(moves / widths, axis=1))
    found: NDArray[np.float64] = weights / weights.sum()
    return found


def effective_size(weights: NDArray[np.float64]) -> float:
    """Number of equally weighted sets that would say as much."""
    return float(weights.sum() ** 2 / np.dot(weights, weights))


def _variance(population: Population) -> NDArray[np.float64]:
    mean = population.weights @ population.points
    found: NDArray[np.float64] = population.weights @ (population.points - mean) ** 2
    return found


def _widths(population: Population) -> NDArray[np.float64]:
    """Standard deviation of the move in every direction."""
    found: NDArray[np.float64] = np.sqrt(np.maximum(2.0 * _variance(population), 1e-8))
    return found


def _loose(population: Population) -> NDArray[np.bool_]:
    """Which parameters are still about as uncertain as in the prior: they are drawn from it anew."""
    found: NDArray[np.bool_] = np.sqrt(12.0 * _variance(population)) > LOOSE
    return found


def _folded(point: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fold a point back into the unit cube, as a mirror would."""
    turned = np.mod(point, 2.0)
    found: NDArray[np.float64] = np.where(turned > 1.0, 2.0 - turned, turned)
    return found


def _as_document(population: Population) -> dict[str, Any]:
    return {
        "generation": population.generation,
        "tolerance": population.tolerance,
        "draws": population.draws,
        "points": population.points.tolist(),
        "weights": population.weights.tolist(),
        "distances": population.distances.tolist(),
        "values": population.values.tolist(),
        "worlds": population.worlds.tolist(),
    }


def _from_document(document: dict[str, Any]) -> Population:
    arrays = {name: np.array(document[name], float) for name in ("points", "weights", "distances", "values")}
    worlds = np.array(document["worlds"], np.int64)
    return Population(document["generation"], document["tolerance"], document["draws"], worlds=worlds, **arrays)
