"""The points of a study: which values are run together.

What is sampled is sampled by SALib [1]_ in places from 0 to 1. Levers may be *crossed* with it: every plan is then run
under every sample, as a comparison of plans under uncertainty needs it. Points stand sample by sample, plan by plan.

References
----------
.. [1] Herman & Usher (2017). SALib: an open-source Python library for sensitivity analysis. Journal of Open Source
   Software 2(9), 97.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from sim.analysis.factors import Factor, Value

KINDS = ("grid", "latin-hypercube", "sobol", "morris", "sets", "list")
#: Levels of the grid on which Morris trajectories walk; half of them is the step of an elementary effect.
MORRIS_LEVELS = 4

Point = dict[str, "Value"]


class _Sampled(Sequence[Point]):
    """Points at places; made when asked for, because a design may have millions."""

    def __init__(self, factors: Sequence[Factor], places: NDArray[np.float64]) -> None:
        self._factors, self._places = tuple(factors), places

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, number: Any) -> Any:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        row = self._places[number]
        return {factor.name: factor.value(float(place)) for factor, place in zip(self._factors, row, strict=True)}


class _Combinations(Sequence[Point]):
    """Every combination of some levels, the last factor changing fastest."""

    def __init__(self, factors: Sequence[Factor], levels: Mapping[str, int]) -> None:
        self._levels = {factor.name: factor.levels(levels[factor.name]) for factor in factors}

    def __len__(self) -> int:
        return math.prod(len(values) for values in self._levels.values())

    def __getitem__(self, number: Any) -> Any:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        rest = range(len(self))[number]
        found: Point = {}
        for name, values in reversed(self._levels.items()):
            rest, place = divmod(rest, len(values))
            found[name] = values[place]
        return {name: found[name] for name in self._levels}


@dataclass(frozen=True, eq=False)
class Design:
    """Points of a study.

    Attributes
    ----------
    kind
        One of `KINDS`.
    sampled
        Factors that the samples vary.
    crossed
        Levers of which every combination is run under every sample.
    samples
        Values of the sampled factors, sample by sample (one empty sample if nothing is sampled).
    plans
        Values of the crossed levers, plan by plan (one empty plan if none is crossed).
    places
        (samples, sampled factors) places from 0 to 1, as SALib's analyses want them; empty for "grid" and "list".
    second_order
        Whether a Sobol design allows indices of pairs.
    """

    kind: str
    sampled: tuple[Factor, ...]
    crossed: tuple[Factor, ...]
    samples: Sequence[Point]
    plans: Sequence[Point]
    places: NDArray[np.float64]
    second_order: bool = False

    def __len__(self) -> int:
        return len(self.samples) * len(self.plans)

    @property
    def factors(self) -> tuple[Factor, ...]:
        """All factors, sampled ones first."""
        return (*self.sampled, *self.crossed)

    @property
    def problem(self) -> dict[str, Any]:
        """The sampled factors as SALib describes them."""
        return {
            "num_vars": len(self.sampled),
            "names": [factor.name for factor in self.sampled],
            "bounds": [[0.0, 1.0]] * len(self.sampled),
        }

    def point(self, number: int) -> Point:
        """Return the values of one point, by factor."""
        sample, plan = divmod(number, len(self.plans))
        return {**self.samples[sample], **self.plans[plan]}

    @cached_property
    def table(self) -> pd.DataFrame:
        """All points: one row a point, one column a factor."""
        import pandas as pd

        columns: dict[str, list[Value]] = {factor.name: [] for factor in self.factors}
        for number in range(len(self)):
            for name, value in self.point(number).items():
                columns[name].append(value)
        return pd.DataFrame(columns, index=pd.RangeIndex(len(self), name="point"))

    def plan_name(self, plan: int) -> str:
        """Name a plan by what sets it apart."""
        values = self.plans[plan]
        if not values:
            return "the plan"
        if len(values) == 1:
            return _text(next(iter(values.values())), next(iter(values)))
        return ", ".join(_text(value, name) for name, value in values.items())


def _text(value: Value, name: str) -> str:
    if isinstance(value, str):
        return value
    return f"{name} {value:g}" if not isinstance(value, bool) else f"{name} {'yes' if value else 'no'}"


def count_samples(kind: str, factors: Sequence[Factor], samples: int, levels: Mapping[str, int], second: bool) -> int:
    """Count the samples of a design without making it."""
    if not factors:
        return 1
    if kind == "grid":
        return math.prod(len(factor.levels(levels[factor.name])) for factor in factors)
    if kind == "sobol":
        return samples * (2 * len(factors) + 2 if second else len(factors) + 2)
    if kind == "morris":
        return samples * (len(factors) + 1)
    return samples


def make_design(
    kind: str,
    sampled: Sequence[Factor],
    crossed: Sequence[Factor] = (),
    *,
    samples: int = 0,
    seed: int = 0,
    levels: Mapping[str, int] | None = None,
    rows: Sequence[Mapping[str, Value]] = (),
    second_order: bool = False,
) -> Design:
    """Make the points of a study; the same arguments give the same points.

    Parameters
    ----------
    kind
        "grid" (every combination of levels), "latin-hypercube", "sobol", "morris"; "sets" and "list" have ``rows``.
    sampled, crossed
        Factors to sample, and levers to cross with the samples.
    samples
        Latin hypercube: points. Sobol: base samples, a power of 2. Morris: trajectories.
    seed
        Seed of the sampler.
    levels
        Levels of a factor on a grid, by name (default 5).
    rows
        Points of a "list" or of "sets".
    second_order
        Sobol: also sample for the indices of pairs.

    Raises
    ------
    InputError
        A number of samples or a factor that the design cannot use.
    """
    if kind not in KINDS:
        raise InputError(f"design: kind: found {kind!r}, expected one of {', '.join(KINDS)}")
    of = {factor.name: (levels or {}).get(factor.name, 5) for factor in (*sampled, *crossed)}
    plans = _Combinations(crossed, of)
    empty = np.zeros((0, len(sampled)))
    if kind in ("sets", "list"):
        return Design(kind, tuple(sampled), tuple(crossed), tuple(dict(row) for row in rows), plans, empty)
    if kind == "grid" or not sampled:
        return Design(kind, tuple(sampled), tuple(crossed), _Combinations(sampled, of), plans, empty)
    places = _places(kind, sampled, samples, seed, second_order)
    return Design(kind, tuple(sampled), tuple(crossed), _Sampled(sampled, places), plans, places, second_order)


def _places(kind: str, factors: Sequence[Factor], samples: int, seed: int, second: bool) -> NDArray[np.float64]:
    if samples < 2:
        raise InputError(f"design: samples: found {samples}, expected at least 2")
    # SALib takes a seed of 0 for none.
    problem = {
        "num_vars": len(factors),
        "names": [factor.name for factor in factors],
        "bounds": [[0.0, 1.0]] * len(factors),
    }
    if kind == "latin-hypercube":
        from SALib.sample import latin

        return np.asarray(latin.sample(problem, samples, seed=seed + 1), np.float64)
    if kind == "sobol":
        from SALib.sample import sobol

        if samples & (samples - 1):
            raise InputError(f"design: samples: found {samples}, expected a power of 2 for a Sobol sequence")
        return np.asarray(sobol.sample(problem, samples, calc_second_order=second, seed=seed + 1), np.float64)
    from SALib.sample import morris

    for factor in factors:
        if not factor.numeric and len(factor.values) > 2:
            raise InputError(
                f"design: {factor.name}: found {len(factor.values)} options, expected numbers or two options: Morris "
                "effects need an order"
            )
    return np.asarray(morris.sample(problem, samples, num_levels=MORRIS_LEVELS, seed=seed + 1), np.float64)
