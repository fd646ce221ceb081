"""On which factors an outcome hangs, and how much of that chance alone would show.

Indices are those of Sobol [1]_ [2]_, shares of the variance of the outcome between points, or of Morris [3]_ [4]_,
mean absolute changes of the outcome over the whole range of a factor; SALib estimates them. The outcome of a point is a
mean over few worlds, and its noise gives every factor an index, also one that does nothing. The *floor* is what such a
factor reaches: points that differ by one factor are taken to differ by drawn noise only (`draw_noise`), the same
estimators are applied, and in 95 % of the draws no factor comes higher. A factor is ranked if the whole 95 % interval
of its index (over the design) is above the floor; if only the index is, it is above the floor, but not clearly.

References
----------
.. [1] Sobol (2001). Global sensitivity indices for nonlinear mathematical models and their Monte Carlo estimates.
   Mathematics and Computers in Simulation 55(1-3).
.. [2] Saltelli, Annoni, Azzini, Campolongo, Ratto & Tarantola (2010). Variance based sensitivity analysis of model
   output. Computer Physics Communications 181(2).
.. [3] Morris (1991). Factorial sampling plans for preliminary computational experiments. Technometrics 33(2).
.. [4] Campolongo, Cariboni & Saltelli (2007). An effective screening design for sensitivity analysis of large models.
   Environmental Modelling & Software 22(10).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.design import MORRIS_LEVELS
from sim.analysis.noise import draw_noise
from sim.errors import InputError
from sim.files import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from sim.analysis.design import Design
    from sim.analysis.factors import Factor, Value

#: Draws of the noise, and the share of them in which no inert factor comes above the floor.
DRAWS = 200
CERTAINTY = 0.95
#: Bootstrap resamples of the design behind the confidence intervals.
RESAMPLES = 500
#: What differs by less, as a share of the spread of the outcome, differs by rounding.
ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Index:
    """One index of one factor.

    ``confidence`` is the half-width of its 95 % interval, over the design; ``floor`` is what chance alone reaches,
    the same for all factors (NaN: not known).
    """

    value: float
    confidence: float
    floor: float

    @property
    def clear(self) -> bool:
        """Whether its whole interval is above the floor."""
        return self.value - self.confidence > self.floor

    @property
    def above(self) -> bool:
        """Whether it is above the floor itself, clearly or not."""
        return self.value > self.floor


@dataclass(frozen=True, slots=True)
class FactorIndices:
    """What an outcome owes to one factor.

    Attributes
    ----------
    name, label, lever
        Of the factor.
    main
        Total index ST of Sobol, or mu* of Morris in the unit of the outcome.
    first
        First-order index S1 of Sobol: what the factor does by itself.
    mu, sigma
        Mean and standard deviation of the Morris effects: their direction, and how they depend on the rest (NaN for
        Sobol).
    rank
        1 for the largest ``main`` of those that are clear; None if it is not.
    """

    name: str
    label: str
    lever: bool
    main: Index
    first: Index | None
    mu: float
    sigma: float
    rank: int | None


@dataclass(frozen=True, slots=True)
class PairIndex:
    """Second-order Sobol index of two factors: what they do together only. It has no floor, and no rank."""

    a: str
    b: str
    value: float
    confidence: float


@dataclass(frozen=True)
class Sensitivity:
    """Global sensitivity of one outcome.

    Attributes
    ----------
    method
        "sobol" or "morris".
    name, label, unit
        Of the outcome.
    rows
        One a factor, in the order of the design.
    pairs
        Second-order indices, if the design allows them.
    mean, sd
        Of the outcome over the points of the design.
    noise
        Share of the variance over points that is chance of the worlds (NaN: not known).
    missing
        Share of worlds without a value.
    points, replicates
        Size of what was analysed.
    varies
        Whether the outcome differs between points.
    """

    method: str
    name: str
    label: str
    unit: str
    rows: tuple[FactorIndices, ...]
    pairs: tuple[PairIndex, ...]
    mean: float
    sd: float
    noise: float
    missing: float
    points: int
    replicates: int
    varies: bool

    @property
    def floor(self) -> float:
        """What the main index of an inert factor reaches by chance (NaN: not known)."""
        return self.rows[0].main.floor

    @property
    def ranked(self) -> tuple[FactorIndices, ...]:
        """Factors that stand out from chance, the largest first."""
        return tuple(sorted((row for row in self.rows if row.rank is not None), key=lambda row: row.rank or 0))

    def table(self) -> pd.DataFrame:
        """One row a factor, in the order of the design."""
        import pandas as pd

        rows = [_columns(self.method, row) for row in self.rows]
        return pd.DataFrame(rows).astype({"rank": "Int64"})

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain numbers and texts; None is what is not known."""
        found: dict[str, Any] = plain(
            {
                "outcome": self.name,
                "label": self.label,
                "unit": self.unit,
                "method": self.method,
                "points": self.points,
                "replicates": self.replicates,
                "mean": self.mean,
                "sd": self.sd,
                "noise_share": self.noise,
                "missing_share": self.missing,
                "varies": self.varies,
                "factors": [_columns(self.method, row) for row in self.rows],
                "pairs": [
                    {"a": pair.a, "b": pair.b, "S2": pair.value, "S2_confidence": pair.confidence}
                    for pair in self.pairs
                ],
            }
        )
        return found


def sensitivity(
    design: Design,
    values: NDArray[np.float64],
    *,
    seed: int = 0,
    name: str = "",
    unit: str = "",
    label: str = "",
    own_worlds: bool = False,
) -> Sensitivity:
    """Find out on which sampled factors an outcome hangs.

    Parameters
    ----------
    design
        A "sobol" or "morris" design.
    values
        (samples, replicates) outcome of one plan, or difference between two plans in paired worlds; NaN where a world
        has no value. A point counts with its mean over the worlds that have one.
    seed
        Key of the bootstrap and of the noise.
    name, unit, label
        Of the outcome.
    own_worlds
        Whether every point has worlds of its own. If not, column r is the same world at every point, and luck that
        moves all points alike does not raise the floor.

    Returns
    -------
    Sensitivity
        Indices are NaN if the outcome does not vary; floors are NaN, and nothing is ranked, with fewer than
        `LEAST_WORLDS` replicates.

    Raises
    ------
    InputError
        Another design, a table of another shape, infinite values, or points without any value.

    Notes
    -----
    With worlds of their own, points differ also by noise, and all total indices are raised by about its share.
    The noisiest factor sets the floor for all. In common worlds, where weak factors change little else, this is strict:
    what is grey is not shown to matter, but neither shown not to.
    """
    table = np.asarray(values, np.float64)
    called = label or name.replace("_", " ") or "the outcome"
    _check(design, table, name or "the outcome")
    response = np.nanmean(table, axis=1)
    varies = _varies(design, response)
    noise = draw_noise(table, DRAWS, seed, own_worlds=own_worlds) if varies else None
    share = math.nan if noise is None else min(float(noise.var(axis=1).mean() / response.var()), 1.0)
    if design.kind == "sobol":
        rows, pairs = _sobol(design, response, noise, seed, varies)
    else:
        rows, pairs = _morris(design, response, noise, seed, varies), ()
    return Sensitivity(
        method=design.kind,
        name=name,
        label=called,
        unit=unit,
        rows=_with_ranks(rows),
        pairs=pairs,
        mean=float(response.mean()),
        sd=float(response.std()),
        noise=share,
        missing=float(np.isnan(table).mean()),
        points=len(response),
        replicates=table.shape[1],
        varies=varies,
    )


def _check(design: Design, table: NDArray[np.float64], name: str) -> None:
    if design.kind not in ("sobol", "morris"):
        raise InputError(f"sensitivity: design: found {design.kind!r}, expected 'sobol' or 'morris'")
    if not design.sampled:
        raise InputError("sensitivity: design: found no sampled factor, expected at least one")
    if table.ndim != 2 or table.shape[0] != len(design.samples) or table.shape[1] < 1:
        raise InputError(
            f"sensitivity: {name}: found a table of shape {table.shape}, expected {len(design.samples)} points by "
            "replicates"
        )
    infinite = int(np.isinf(table).sum())
    if infinite:
        raise InputError(f"sensitivity: {name}: found {infinite} infinite values, expected numbers, or NaN for none")
    empty = int(np.isnan(table).all(axis=1).sum())
    if empty:
        raise InputError(
            f"sensitivity: {name}: found {empty} of {len(table)} points without a value in any world, expected an "
            "outcome that every point has, such as a share or a count"
        )


def _varies(design: Design, response: NDArray[np.float64]) -> bool:
    """Whether there is a variance to share out (for Sobol: between the two base samples, which it is taken from)."""
    base = np.concatenate(_base(design, response)) if design.kind == "sobol" else response
    return bool(np.ptp(base) > ROUNDING * 1e-3 * np.abs(response).max())


def _with_ranks(rows: Sequence[FactorIndices]) -> tuple[FactorIndices, ...]:
    clear = sorted((row for row in rows if row.main.clear), key=lambda row: -row.main.value)
    ranks = {row.name: place + 1 for place, row in enumerate(clear)}
    return tuple(replace(row, rank=ranks.get(row.name)) for row in rows)


def _floor(inert: Sequence[NDArray[np.float64]], rounding: float) -> float:
    """Floor of an index: ``inert`` has, factor by factor, what noise alone gives in each draw."""
    return max(float(np.quantile(np.max(np.abs(inert), axis=0), CERTAINTY)), rounding)


# ---------------------------------------------------------------------- Sobol


def _step(design: Design) -> int:
    """Rows of a block: a base point A, A with each factor from B, (B with each factor from A,) and B."""
    return (2 if design.second_order else 1) * len(design.sampled) + 2


def _base(design: Design, columns: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the rows of the two base samples."""
    step = _step(design)
    return columns[::step], columns[step - 1 :: step]


def _sobol(
    design: Design, response: NDArray[np.float64], noise: NDArray[np.float64] | None, seed: int, varies: bool
) -> tuple[list[FactorIndices], tuple[PairIndex, ...]]:
    if not varies:
        nothing = Index(math.nan, math.nan, math.nan)
        return [_row(factor, nothing, nothing) for factor in design.sampled], ()
    from SALib.analyze import sobol

    found = sobol.analyze(
        design.problem,
        response,
        calc_second_order=design.second_order,
        num_resamples=RESAMPLES,
        seed=seed + 1,  # SALib takes 0 for no seed
    )
    first_floor, total_floor = _sobol_floors(design, response, noise)
    rows = [
        _row(
            factor,
            Index(float(found["ST"][j]), float(found["ST_conf"][j]), total_floor),
            Index(float(found["S1"][j]), float(found["S1_conf"][j]), first_floor),
        )
        for j, factor in enumerate(design.sampled)
    ]
    pairs = []
    if design.second_order:
        for j, a in enumerate(design.sampled):
            for k in range(j + 1, len(design.sampled)):
                value, confidence = float(found["S2"][j, k]), float(found["S2_conf"][j, k])
                pairs.append(PairIndex(a.name, design.sampled[k].name, value, confidence))
    return rows, tuple(pairs)


def _sobol_floors(
    design: Design, response: NDArray[np.float64], noise: NDArray[np.float64] | None
) -> tuple[float, float]:
    """Floors of S1 and ST: indices of factors whose change moves the response by noise only.

    S1 multiplies this noise with the whole response, so its floor is above the index of the noise by itself.
    """
    if noise is None:
        return math.nan, math.nan
    from SALib.analyze.sobol import first_order, total_order

    scale = response.std()
    drawn = noise.T / scale
    base, other = _base(design, (response - response.mean()) / scale)
    shape = (len(base), noise.shape[0])
    base, other = np.broadcast_to(base[:, None], shape), np.broadcast_to(other[:, None], shape)
    drawn_base = _base(design, drawn)[0]
    first, total = [], []
    for j in range(len(design.sampled)):
        inert = base + (drawn[j + 1 :: _step(design)] - drawn_base)
        first.append(first_order(base, inert, other))
        total.append(total_order(base, inert, other))
    return _floor(first, ROUNDING), _floor(total, ROUNDING)


def _row(
    factor: Factor, main: Index, first: Index | None, mu: float = math.nan, sigma: float = math.nan
) -> FactorIndices:
    label = factor.label or factor.name.replace("_", " ")
    return FactorIndices(factor.name, label, factor.lever, main, first, mu, sigma, None)


# ---------------------------------------------------------------------- Morris


def _morris(
    design: Design, response: NDArray[np.float64], noise: NDArray[np.float64] | None, seed: int, varies: bool
) -> list[FactorIndices]:
    if not varies:
        return [_row(factor, Index(math.nan, math.nan, math.nan), None) for factor in design.sampled]
    from SALib.analyze import morris

    found = morris.analyze(
        design.problem, design.places, response, num_resamples=RESAMPLES, num_levels=MORRIS_LEVELS, seed=seed + 1
    )
    whole = np.array([_whole_range(design, j) for j in range(len(design.sampled))])
    floor = math.nan
    if noise is not None:
        inert = np.abs(_effects(design, noise.T)).mean(axis=1) * whole[:, None]
        floor = _floor(inert, ROUNDING * float(response.std()))
    star, half, mu, sigma = (
        np.ma.getdata(found[key]).astype(float) * whole for key in ("mu_star", "mu_star_conf", "mu", "sigma")
    )
    return [
        _row(factor, Index(float(star[j]), float(half[j]), floor), None, float(mu[j]), float(sigma[j]))
        for j, factor in enumerate(design.sampled)
    ]


def _effects(design: Design, columns: NDArray[np.float64]) -> NDArray[np.float64]:
    """Elementary effects (factors, trajectories, columns) of columns of responses (points, columns)."""
    factors = len(design.sampled)
    moves = np.diff(design.places.reshape(-1, factors + 1, factors), axis=1)
    changes = np.diff(columns.reshape(-1, factors + 1, columns.shape[1]), axis=1)
    moved = np.abs(moves).argmax(axis=2)  # every step moves one factor
    step = np.take_along_axis(moves, moved[:, :, None], axis=2)
    effects = np.empty_like(changes)
    np.put_along_axis(effects, moved[:, :, None], changes / step, axis=1)
    return effects.transpose(1, 0, 2)


def _whole_range(design: Design, j: int) -> float:
    """Factor that turns an effect per range of places into one per range of values.

    They are the same for numbers. A step of places that turns a switch, however, is one over its whole range.
    """
    factor = design.sampled[j]
    if not factor.values and not factor.whole:
        return 1.0
    found = [sample[factor.name] for sample in design.samples]
    order: list[Value] = list(factor.values or range(int(factor.low), int(factor.high) + 1))
    if len(order) < 2:
        return 1.0
    factors = len(design.sampled)
    trajectories = np.array([order.index(value) for value in found]).reshape(-1, factors + 1) / (len(order) - 1)
    step = MORRIS_LEVELS / (2.0 * (MORRIS_LEVELS - 1))
    return step / float(np.abs(np.diff(trajectories, axis=1)).sum(axis=1).mean())


# ---------------------------------------------------------------------- as plain values


def _columns(method: str, row: FactorIndices) -> dict[str, Any]:
    columns: dict[str, Any] = {"factor": row.name, "label": row.label}
    indices = {"ST": row.main, "S1": row.first} if method == "sobol" else {"mu_star": row.main}
    for kind, index in indices.items():
        if index is not None:
            columns |= {kind: index.value, f"{kind}_confidence": index.confidence, f"{kind}_floor": index.floor}
    if method == "morris":
        columns |= {"mu": row.mu, "sigma": row.sigma}
    return {**columns, "rank": row.rank}
