"""Find the sets of parameter values that show the targets together: waves, chains, weights.

1. Sets from the prior are judged by few worlds, and an emulator is fitted to what they showed.
2. Waves of sets that the emulator thinks likely are judged, and it is fitted anew: history matching.
3. Rounds move the sets of the last wave, each uphill from where it is and no farther than needed, under an emulator
   that knows what worlds showed where the set stands; few worlds judge where it came to, and what is likelier by all
   that is known stays (randomised maximum likelihood; Oliver, He and Reynolds 1996). Each round fits the emulator anew.
4. Many worlds give every set its likelihood, which is its weight.
5. Some of them, drawn by weight, are judged once more, in worlds that had no part in choosing them.

Whatever is judged is kept batch by batch, so that the same command goes on where it was stopped, to the same bytes.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import closing, nullcontext
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.calibration.diagnostics import Link, Posterior, links, posteriors
from sim.calibration.emulator import FLOOR, Emulator, Informed, fit, sample, walk
from sim.calibration.judge import Answer, Judge, Line, inside, judged, lines_of
from sim.calibration.priors import CALIBRATED
from sim.calibration.storage import Storage, finished_manifest
from sim.engine.randomness import Decision, entity_key, uniform, uniform_table
from sim.errors import InputError
from sim.parameters import REGISTRY, parameter_record
from sim.parameters.sets import ParameterSets
from sim.provenance import package_version
from sim.statistics import effective_size

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from numpy.typing import NDArray

    Report = Callable[[int, int], None]
    Bar = Callable[[str], AbstractContextManager[Report]]

BATCH = 32
"""Sets judged between two writings."""
LEAST_SETS = 8
#: Parts of the package that only show what was found.
_NO_JUDGES = frozenset(
    {
        "agents",
        "cli",
        "dashboard",
        "drawing",
        "stories",
        "studies",
        "words",
        "ema.py",
        "model.py",
        "__main__.py",
        "__init__.py",
    }
)
_CHANCE = int(Decision.CALIBRATION)
_MOST_WEIGHT = 64.0  # of a set in the fit: with more, only the last sets would count
_PER_SET = ("places", "values", "errors", "chances")
BOUNDS: dict[str, tuple[int, int, str]] = {
    "first": (LEAST_SETS, 100_000, "sets"),
    "waves": (0, 20, "waves"),
    "wave": (LEAST_SETS, 100_000, "sets"),
    "rounds": (0, 1_000, "rounds"),
    "worlds": (2, 100_000, "worlds"),
    "many": (2, 100_000, "worlds"),
    "fresh": (1, 100_000, "sets"),
    "steps": (1, 1_000_000, "steps"),
    "seed": (0, 2**32 - 1, ""),
}
"""Least and most of every number of the settings, and what it counts."""


@dataclass(frozen=True)
class Settings:
    """What decides the result of a calibration, to the byte.

    Attributes
    ----------
    first, waves, wave
        Sets from the prior, number of waves after them, and sets of each.
    rounds
        How often the sets of the last wave (of the prior, without waves) are moved.
    worlds, many
        Worlds of each case by which a set is judged first, and by which it is weighed.
    fresh
        Sets of the largest weight that are judged once more.
    steps
        Moves of each set under the emulator, in a wave; a sixth of them in a round.
    seed
        Key of all chance.
    names, patterns
        Parameters to calibrate; targets, empty for all that may set parameters.
    fixed
        Parameter values that are given instead of calibrated.
    """

    first: int = 1_200
    waves: int = 3
    wave: int = 300
    rounds: int = 6
    worlds: int = 100
    many: int = 1_000
    fresh: int = 64
    steps: int = 3_000
    seed: int = 0
    names: tuple[str, ...] = CALIBRATED
    patterns: tuple[str, ...] = ()
    fixed: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        for name, (low, high, _) in BOUNDS.items():
            number = getattr(self, name)
            if not isinstance(number, int) or not low <= number <= high:
                raise InputError(f"calibration: {name} is {number!r}, expected a whole number from {low:,} to {high:,}")
        for name in self.names:
            about = REGISTRY.get(name)
            if about is None:
                raise InputError(f"calibration: unknown parameter {name!r}, expected a name from `sim parameters`")
            if about.integer:
                raise InputError(f"calibration: {name} takes whole numbers only, expected one that varies smoothly")
        parameter_record(dict(self.fixed), where="calibration")
        if not self.free:
            raise InputError("calibration: no parameter is left to calibrate, expected at least one that is not fixed")

    @property
    def free(self) -> tuple[str, ...]:
        """Parameters that are not fixed."""
        return tuple(name for name in dict.fromkeys(self.names) if name not in dict(self.fixed))

    def values(self, places: NDArray[np.float64]) -> dict[str, float]:
        """Return the parameter values at places of the prior."""
        return {name: REGISTRY[name].at(place) for name, place in zip(self.free, places.tolist(), strict=True)}

    def document(self) -> dict[str, Any]:
        """Return everything that a stored batch depends on."""
        return {
            "version": package_version(),
            "judged_by": _judged_by(),
            **{name: getattr(self, name) for name in BOUNDS},
            "fixed": dict(self.fixed),
            "patterns": list(self.patterns) or "all",
            "priors": {
                name: [REGISTRY[name].low, REGISTRY[name].high, "log" if REGISTRY[name].logarithmic else "flat"]
                for name in self.free
            },
        }


@cache
def _judged_by() -> str:
    """Digest of all rules, scenarios and studies: whatever can change what a set is judged to be."""
    folder = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for path in sorted([*folder.rglob("*.py"), *folder.rglob("*.toml")]):
        place = path.relative_to(folder)
        if place.parts[0] not in _NO_JUDGES and place.name != "report.py":
            digest.update(place.as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True)
class Stage:
    """Sets that were judged together.

    Attributes
    ----------
    name
        Of the stage: "prior", "wave 1", ..., "round 1", ..., "many", "fresh".
    worlds
        Worlds of each case.
    places
        (sets, parameters) in the priors.
    values, errors, chances
        (sets, lines) what worlds showed, its standard error, and the chance that the truth lies in the window.
    """

    name: str
    worlds: int
    places: NDArray[np.float64]
    values: NDArray[np.float64]
    errors: NDArray[np.float64]
    chances: NDArray[np.float64]

    @property
    def log_likelihood(self) -> NDArray[np.float64]:
        """(sets,) logarithm of the product of the chances."""
        return np.asarray(np.log(np.maximum(self.chances, FLOOR)).sum(axis=1))

    def replaced(self, which: NDArray[np.bool_], other: Stage) -> Stage:
        """The sets, some of them those of another stage at the same rows."""
        fields = {field: np.where(which[:, None], getattr(other, field), getattr(self, field)) for field in _PER_SET}
        return replace(self, **fields)


@dataclass(frozen=True)
class Calibration:
    """The outcome of a calibration.

    Attributes
    ----------
    settings, lines
        What was asked: parameters, and the checks of the targets.
    stages
        Everything from few worlds: sets from the prior, the waves, and where the rounds moved the last wave.
    many
        The sets after the rounds in many worlds.
    weights
        (sets,) of these, summing to 1.
    again
        Rows of the sets that were judged once more, drawn by weight.
    fresh
        The same sets in other worlds.
    at_default
        What the default parameters show in many worlds.
    """

    settings: Settings
    lines: tuple[Line, ...]
    stages: tuple[Stage, ...]
    many: Stage
    weights: NDArray[np.float64]
    again: NDArray[np.int64]
    fresh: Stage
    at_default: Answer

    @property
    def judged(self) -> int:
        """Sets judged by few worlds."""
        return sum(len(stage.places) for stage in self.stages)

    @cached_property
    def sets(self) -> ParameterSets:
        """The weighted sets as parameter values, to six digits."""
        values = [
            [float(f"{value:.6g}") for value in self.settings.values(place).values()] for place in self.many.places
        ]
        weights = np.array([float(f"{weight:.6g}") for weight in self.weights])
        return ParameterSets("calibration", self.settings.free, np.array(values), weights / weights.sum())

    @property
    def effective(self) -> float:
        """Number of equally weighted sets that would say as much."""
        return effective_size(self.weights)

    @cached_property
    def posteriors(self) -> tuple[Posterior, ...]:
        """Every parameter after the calibration."""
        return posteriors(self.settings.free, self.many.places, self.weights)

    @cached_property
    def confounded(self) -> tuple[Link, ...]:
        """Pairs of parameters that move together among the weighted sets, strongest first."""
        return links(self._columns(self.many), self.weights)

    @cached_property
    def informed_by(self) -> tuple[Link, ...]:
        """Parameters and the checks whose values they move, over sets from the prior, strongest first."""
        prior = self.stages[0]
        values = [(line.key, prior.values[:, k]) for k, line in enumerate(self.lines)]
        return links(self._columns(prior), np.full(len(prior.places), 1.0 / len(prior.places)), values)

    def _columns(self, stage: Stage) -> list[tuple[str, NDArray[np.float64]]]:
        return [(name, stage.places[:, k]) for k, name in enumerate(self.settings.free)]

    def passed(self, stage: Stage) -> NDArray[np.bool_]:
        """(sets, lines) whether each value lies in its window."""
        return inside(self.lines, stage.values)


@dataclass(frozen=True)
class _Judging:
    """Judges sets stage by stage, and keeps what is done batch by batch."""

    settings: Settings
    storage: Storage
    processes: int
    bar: Bar
    judge_of: Callable[..., Judge]

    def stage(self, name: str, places: NDArray[np.float64], worlds: int) -> Stage:
        """Judge sets, each in worlds of its own."""
        judge = self.judge_of(worlds, self.settings.patterns, dict(self.settings.fixed))
        batches = [range(first, min(first + BATCH, len(places))) for first in range(0, len(places), BATCH)]
        known = {number: self.storage.load(_batch(name, number)) for number in range(len(batches))}
        missing = [number for number, stored in known.items() if stored is None]
        tasks = [
            (judge, self.settings.values(places[row]), entity_key(f"worlds of {self.settings.seed} {name} {row}"))
            for number in missing
            for row in batches[number]
        ]
        rows: list[list[list[float]]] = []
        # Closed when interrupted: the pool would otherwise go on with all that was asked.
        with closing(judged(tasks, self.processes)) as answers, self.bar(f"sets, {name}") as report:
            for number, batch in enumerate(batches):
                stored = known[number]
                if stored is None:
                    found = (next(answers) for _ in batch)
                    stored = {"answers": [[a.values.tolist(), a.errors.tolist(), a.chances.tolist()] for a in found]}
                    self.storage.save(_batch(name, number), stored)
                rows += stored["answers"]
                report(len(rows), len(places))
        table = np.array(rows, float)
        return Stage(name, worlds, places, table[:, 0], table[:, 1], table[:, 2])


def _batch(stage: str, number: int) -> str:
    return f"{stage.replace(' ', '-')}-{number:05d}"


def calibrate(
    settings: Settings | None = None,
    folder: str | Path | None = None,
    *,
    processes: int | None = None,
    bar: Bar | None = None,
    finished: Callable[[Stage], None] | None = None,
    judge_of: Callable[..., Judge] = Judge,
) -> Calibration:
    """Find weighted parameter sets that show the targets together.

    Parameters
    ----------
    settings
        What to calibrate and by what.
    folder
        Where to keep finished batches, and to go on from those that are there; None keeps them in memory.
    processes
        Sets judged at a time, default all cores; the result does not depend on it.
    bar
        Gives a progress report for what it is told to count.
    finished
        Called with each stage.
    judge_of
        Makes what judges sets from a number of worlds, the targets and the values that are fixed.

    Raises
    ------
    InputError
        Settings that cannot be used, or a folder with other results.
    """
    settings = settings or Settings()
    target = None if folder is None else Path(folder)
    if target is not None and finished_manifest(target, settings.document()) is not None:
        raise InputError(f"{target}: holds this calibration already, expected an unfinished one or a new folder")
    show: Bar = bar or (lambda text: nullcontext(lambda done, total: None))
    tell = finished or (lambda stage: None)
    storage = Storage(target, settings.document())
    default = judge_of(settings.many, settings.patterns, dict(settings.fixed))
    checks = default.checks({}, settings.seed)
    lines = lines_of(checks)
    judging = _Judging(settings, storage, processes or os.cpu_count() or 1, show, judge_of)
    stages = [judging.stage("prior", _from_prior(settings), settings.worlds)]
    tell(stages[-1])
    for wave in range(1, settings.waves + 1):
        places = sample(
            _emulator(lines, stages, 4.0),
            len(settings.free),
            settings.wave,
            settings.seed,
            f"wave {wave}",
            settings.steps,
        )
        stages.append(judging.stage(f"wave {wave}", places, settings.worlds))
        tell(stages[-1])
    now = stages[-1]
    for number in range(1, settings.rounds + 1):
        emulator = _emulator(lines, stages, 2.0)
        here = _informed(emulator, lines, now)
        places = walk(here, now.places, settings.seed, f"round {number}", -(-settings.steps // 6), uphill=True)
        stages.append(judging.stage(f"round {number}", places, settings.worlds))
        tell(stages[-1])
        there = _informed(emulator, lines, stages[-1])
        better = there.log_likelihood(places) > here.log_likelihood(now.places)
        now = now.replaced(better, stages[-1])
    many = judging.stage("many", now.places, settings.many)
    tell(many)
    weights = _weights(many.log_likelihood)
    again = _drawn_by(weights, settings.fresh, settings.seed)
    fresh = judging.stage("fresh", many.places[again], settings.many)
    tell(fresh)
    at_default = default({}, settings.seed)
    return Calibration(settings, lines, tuple(stages), many, weights, again, fresh, at_default)


def _informed(emulator: Emulator, lines: tuple[Line, ...], stage: Stage) -> Informed:
    return Informed.by(emulator, lines, stage.places, stage.values, stage.errors)


def _from_prior(settings: Settings) -> NDArray[np.float64]:
    """Draw sets from the prior, a Latin hypercube: each parameter meets every part of its range."""
    parameters = len(settings.free)
    within, order = np.empty((settings.first, parameters)), np.empty((settings.first, parameters))
    uniform_table(settings.seed, _CHANCE, entity_key("prior"), within)
    uniform_table(settings.seed, _CHANCE, entity_key("order of the prior"), order)
    return np.asarray((order.argsort(axis=0).argsort(axis=0) + within) / settings.first)


def _emulator(lines: tuple[Line, ...], stages: list[Stage], more: float) -> Emulator:
    """Fit to all that was judged; each wave counts so many times more than the one before, up to a limit."""
    weights = np.concatenate(
        [np.full(len(stage.places), min(more**wave, _MOST_WEIGHT)) for wave, stage in enumerate(stages)]
    )
    places, values, errors = (
        np.concatenate([getattr(stage, field) for stage in stages]) for field in ("places", "values", "errors")
    )
    return fit(lines, places, values, errors, weights)


def _weights(log_weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights that sum to 1, the largest cut to their mean times the root of their number (Ionides 2008)."""
    raw = np.exp(log_weights - log_weights.max())
    cut = np.minimum(raw, raw.mean() * np.sqrt(len(raw)))
    return np.asarray(cut / cut.sum())


def _drawn_by(weights: NDArray[np.float64], wanted: int, seed: int) -> NDArray[np.int64]:
    """Rows drawn by weight, evenly spread (systematic resampling)."""
    start = float(uniform(seed, 0, _CHANCE, entity_key("fresh"), 0))
    places = (np.arange(wanted) + start) / wanted
    return np.minimum(np.searchsorted(np.cumsum(weights), places, side="right"), len(weights) - 1)
