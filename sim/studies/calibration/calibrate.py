"""Calibrate: find parameter sets that show every pattern, and say what the patterns tell."""

from __future__ import annotations

import hashlib
import os
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.randomness import entity_key
from sim.errors import InputError
from sim.parameters import parameter_record
from sim.studies.calibration.diagnostics import Link, Posterior, links, posteriors, rank_correlation
from sim.studies.calibration.parameter_sets import ParameterSets
from sim.studies.calibration.patterns import RIDGE_PATTERNS, Judge, Line, Outcome, lines_of, shortfall, usable_patterns
from sim.studies.calibration.priors import CALIBRATED, RIDGE, Prior, priors
from sim.studies.calibration.sampler import BATCH, Population, Sampler, in_threads
from sim.studies.calibration.storage import Storage, drop_unfinished, finished_manifest
from sim.studies.provenance import package_version

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from sim.studies.calibration.sampler import Bar

__all__ = ["Calibration", "Fresh", "Ridge", "Settings", "calibrate"]

LEAST_SETS = 2
#: Parts of the package that only show what was found.
_NO_JUDGES = frozenset({"agents", "cli", "dashboard", "report", "model.py", "__main__.py", "__init__.py"})
#: The second line of P04.
_WEEKS_AWAY = "P04b"


@dataclass(frozen=True)
class Settings:
    """What decides the result of a calibration, to the byte.

    Attributes
    ----------
    sets, worlds, seed
        Sets to accept, worlds of each case a set is judged by (other ones for each set), and the key of all chance.
    names
        Parameters to calibrate.
    patterns
        Patterns to show, empty for all that may be used for calibration.
    fixed
        Parameter values that are given instead of calibrated.
    ridge
        Whether to run the second, small calibration that shows the ridge of grievance.
    """

    sets: int = 128
    worlds: int = 100
    seed: int = 0
    names: tuple[str, ...] = CALIBRATED
    patterns: tuple[str, ...] = ()
    fixed: tuple[tuple[str, float], ...] = ()
    ridge: bool = True

    def __post_init__(self) -> None:
        for name, number, low, high in (
            ("sets", self.sets, LEAST_SETS, 10_000),
            ("worlds", self.worlds, 2, 100_000),
            ("seed", self.seed, 0, 2**32 - 1),
        ):
            if not isinstance(number, int) or not low <= number <= high:
                raise InputError(f"calibration: {name} is {number!r}, expected a whole number from {low:,} to {high:,}")
        parameter_record(dict(self.fixed), where="calibration")
        if not self.priors:
            raise InputError("calibration: no parameter is left to calibrate, expected at least one that is not fixed")

    @property
    def priors(self) -> tuple[Prior, ...]:
        """Priors of the parameters that are not fixed."""
        return tuple(prior for prior in priors(self.names) if prior.name not in dict(self.fixed))

    @property
    def with_ridge(self) -> bool:
        """Whether the ridge can be shown: nothing on it is fixed."""
        return self.ridge and not {prior.name for prior in RIDGE} & set(dict(self.fixed))

    def document(self) -> dict[str, Any]:
        """Return everything that a stored batch depends on."""
        return {
            "version": package_version(),
            "judged_by": _judged_by(),
            "sets": self.sets,
            "worlds": self.worlds,
            "seed": self.seed,
            "fixed": dict(self.fixed),
            "patterns": list(self.patterns) or "all",
            "priors": {row.name: [row.low, row.high, "log" if row.logarithmic else "flat"] for row in self.priors},
            "ridge": self.with_ridge,
        }


@cache
def _judged_by() -> str:
    """Digest of all rules, scenarios and studies: whatever can change what a set is judged to be."""
    folder = Path(__file__).parents[2]
    digest = hashlib.sha256()
    for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.toml")]):
        place = path.relative_to(folder)
        if place.parts[0] not in _NO_JUDGES:
            digest.update(place.as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True)
class Ridge:
    """A small calibration of the half-life of grievance and the limit for a return, over wide ranges.

    Attributes
    ----------
    populations, lines
        Its generations, and the checks of the federation's case.
    """

    populations: tuple[Population, ...]
    lines: tuple[Line, ...]

    @property
    def priors(self) -> tuple[Prior, ...]:
        """Half-life of grievance, limit for a return, gain of grievance."""
        return RIDGE

    @property
    def accepted(self) -> Population:
        """The last generation."""
        return self.populations[-1]

    @property
    def posteriors(self) -> tuple[Posterior, ...]:
        """The parameters after this run."""
        return posteriors(RIDGE, self.accepted)

    @property
    def away(self) -> int:
        """Column of the median weeks away."""
        return [line.key for line in self.lines].index(_WEEKS_AWAY)

    def together(self) -> float:
        """Rank correlation of half-life and limit among the accepted sets."""
        points, weights = self.accepted.points, self.accepted.weights
        return rank_correlation(points[:, 0], points[:, 1], weights)

    def with_time_away(self) -> dict[str, float]:
        """Rank correlation of each parameter with the median weeks away, over sets from the prior."""
        population = self.populations[0]
        away = population.values[:, self.away]
        return {
            prior.name: rank_correlation(population.points[:, k], away, population.weights)
            for k, prior in enumerate(RIDGE)
        }


@dataclass(frozen=True)
class Fresh:
    """How the accepted sets do in worlds that they were not chosen by.

    Attributes
    ----------
    passed
        (sets, checks) whether each check passes.
    """

    passed: NDArray[np.bool_]


@dataclass(frozen=True)
class Calibration:
    """The outcome of a calibration.

    Attributes
    ----------
    settings, priors, lines
        What was asked: parameters, and the checks of the patterns.
    populations
        Every generation; the last one shows every pattern.
    at_default
        Shortfall of each check with the default parameters (0: passes).
    fresh
        The accepted sets in other worlds.
    ridge
        The second calibration, or None.
    """

    settings: Settings
    priors: tuple[Prior, ...]
    lines: tuple[Line, ...]
    populations: tuple[Population, ...]
    at_default: tuple[float, ...]
    fresh: Fresh
    ridge: Ridge | None

    @property
    def accepted(self) -> Population:
        """The sets that show every pattern."""
        return self.populations[-1]

    @property
    def draws(self) -> int:
        """Sets judged in all generations."""
        return sum(population.draws for population in self.populations)

    @cached_property
    def sets(self) -> ParameterSets:
        """The accepted sets as parameter values."""
        values = [
            [prior.value(place) for prior, place in zip(self.priors, point, strict=True)]
            for point in self.accepted.points.tolist()
        ]
        names = tuple(prior.name for prior in self.priors)
        return ParameterSets(
            "calibration", names, np.array(values), self.accepted.weights, tuple(self.accepted.worlds.tolist())
        )

    @cached_property
    def posteriors(self) -> tuple[Posterior, ...]:
        """Every parameter after the calibration."""
        return posteriors(self.priors, self.accepted)

    @cached_property
    def confounded(self) -> tuple[Link, ...]:
        """Pairs of parameters that move together among the accepted sets, strongest first."""
        return links(self._columns(self.accepted), self.accepted.weights)

    @cached_property
    def informed_by(self) -> tuple[Link, ...]:
        """Parameters and the checks whose values they move, over sets from the prior, strongest first."""
        prior = self.populations[0]
        values = [(line.key, prior.values[:, k]) for k, line in enumerate(self.lines)]
        return links(self._columns(prior), prior.weights, values)

    def _columns(self, population: Population) -> list[tuple[str, NDArray[np.float64]]]:
        return [(prior.name, population.points[:, k]) for k, prior in enumerate(self.priors)]

    def save(self, folder: str | Path) -> Path:
        """Write sets, diagnostics, figure, text and, last, the manifest; unfinished work goes away."""
        from sim.report.calibration import save_calibration

        target = save_calibration(self, Path(folder))
        drop_unfinished(target)
        return target


def calibrate(
    settings: Settings | None = None,
    folder: str | Path | None = None,
    *,
    threads: int | None = None,
    bar: Bar | None = None,
    finished: Callable[[str, Population], None] | None = None,
    most_draws: int = 100_000,
) -> Calibration:
    """Find parameter sets that show every calibration pattern (ABC-SMC).

    Parameters
    ----------
    settings
        What to calibrate and by what; the defaults give the sets that come with the package.
    folder
        Where to keep finished batches, and to go on from those that are there; None keeps them in memory.
    threads
        Sets judged at a time, default all cores; the result does not depend on it.
    bar
        Gives a progress report for what it is told to count.
    finished
        Called with the name of the run and each generation.
    most_draws
        Draws of one generation after which the search is given up.

    Returns
    -------
    Calibration

    Raises
    ------
    InputError
        Settings that cannot be used, a folder with other results, or too many draws.
    """
    settings = settings or Settings()
    target = None if folder is None else Path(folder)
    if target is not None and finished_manifest(target, settings.document()) is not None:
        raise InputError(f"{target}: holds this calibration already, expected an unfinished one or a new folder")
    show: Bar = bar or (lambda text: nullcontext(lambda done, total: None))
    cores = threads or os.cpu_count() or 1
    storage = Storage(target, settings.document())

    fixed = dict(settings.fixed)
    first = Judge(settings.worlds, settings.seed, settings.patterns, fixed)
    found = usable_patterns(first)
    judge = Judge(settings.worlds, settings.seed, tuple(dict.fromkeys(check.id for check in found)), fixed)
    sampler = _sampler(settings, settings.priors, judge, "calibration", most_draws)
    tell = finished or (lambda name, population: None)
    populations = sampler.run(storage, threads=cores, bar=show, finished=lambda p: tell("calibration", p))
    fresh = _look_again(settings, judge, populations[-1], storage, cores, show)
    ridge = None
    if settings.with_ridge:
        by = Judge(settings.worlds, settings.seed, RIDGE_PATTERNS, fixed, beyond_range=True)
        walk = _sampler(settings, RIDGE, by, "ridge", most_draws)
        along = walk.run(storage, threads=cores, bar=show, finished=lambda p: tell("ridge", p))
        ridge = Ridge(tuple(along), lines_of(usable_patterns(by)))
    return Calibration(
        settings,
        settings.priors,
        lines_of(found),
        tuple(populations),
        tuple(shortfall(check) for check in found),
        fresh,
        ridge,
    )


def _sampler(settings: Settings, over: Sequence[Prior], judge: Judge, label: str, most_draws: int) -> Sampler:
    def distance(point: NDArray[np.float64], most: float, seed: int) -> Outcome:
        return replace(judge, seed=seed)(_values(over, point), most)

    names = tuple(prior.name for prior in over)
    return Sampler(names, distance, settings.sets, settings.seed, label, most_draws)


def _values(over: Sequence[Prior], point: NDArray[np.float64]) -> dict[str, float]:
    return {prior.name: prior.value(place) for prior, place in zip(over, point.tolist(), strict=True)}


def _look_again(
    settings: Settings, judge: Judge, population: Population, storage: Storage, threads: int, bar: Bar
) -> Fresh:
    """Judge the accepted sets once more, in worlds that had no part in choosing them."""

    def passes(number: int) -> list[bool]:
        other = replace(judge, seed=entity_key(f"fresh worlds of {settings.seed} {number}"))
        values = _values(settings.priors, population.points[number])
        return [bool(check.passed) for check in other.checks(values, other.patterns)]

    rows: list[list[bool]] = []
    with bar("sets, second look") as report:
        for first in range(0, len(population.points), BATCH):
            name = f"fresh-{first // BATCH:05d}"
            stored = storage.load(name)
            if stored is None:
                numbers = range(first, min(first + BATCH, len(population.points)))
                stored = {"passed": in_threads(passes, list(numbers), threads)}
                storage.save(name, stored)
            rows += stored["passed"]
            report(len(rows), len(population.points))
    return Fresh(np.array(rows, bool))
