"""Boxes in the space of factors: limits that can be said in a few words.

A box is a list of limits, one a factor. Limits are rounded towards the outside before anything is counted, so that
what is said is what was counted.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.words.numbers import decimals, short_number, unit_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from sim.analysis.factors import Factor, Value

#: Up to so many different values are levels, and a limit is one of them.
MOST_LEVELS = 20
#: A limit is known to about this share of the range: what one step of peeling takes away.
STEP = 0.05


@dataclass(frozen=True, slots=True)
class Limit:
    """Limits of one factor in a box.

    Attributes
    ----------
    factor
        What is limited.
    lower, upper
        Limits of a number, in the box themselves; infinite where there is none.
    options
        Options in the box, if some are outside.
    lower_p, upper_p
        Quasi-p values: the chance of so dense a box if the limit did nothing. NaN without a limit; that of options
        is ``lower_p``.
    levels
        Whether the limits are levels of a grid, so that it matters that they are in the box.
    """

    factor: Factor
    lower: float = -math.inf
    upper: float = math.inf
    options: tuple[str, ...] = ()
    lower_p: float = math.nan
    upper_p: float = math.nan
    levels: bool = False

    @property
    def label(self) -> str:
        """The factor in plain words, without its unit."""
        return self.factor.label or self.factor.name.replace("_", " ")

    @property
    def p(self) -> float:
        """Quasi-p value of the limit that tells most."""
        found = [value for value in (self.lower_p, self.upper_p) if not math.isnan(value)]
        return min(found, default=math.nan)

    @property
    def sides(self) -> tuple[str, ...]:
        """Which limits there are: of "options", "lower" and "upper"."""
        if self.options:
            return ("options",)
        ends = (("lower", self.lower), ("upper", self.upper))
        return tuple(side for side, end in ends if math.isfinite(end))

    def without(self, side: str) -> Limit:
        """Return what remains when one limit is dropped."""
        if side == "options":
            return replace(self, options=(), lower_p=math.nan)
        if side == "lower":
            return replace(self, lower=-math.inf, lower_p=math.nan)
        return replace(self, upper=math.inf, upper_p=math.nan)

    def holds(self, values: NDArray[Any]) -> NDArray[np.bool_]:
        """Tell which values are within the limits."""
        if self.options:
            return np.isin(values, self.options)
        if not self.sides:
            return np.ones(len(values), bool)
        inside: NDArray[np.bool_] = (values >= self.lower) & (values <= self.upper)
        return inside

    @property
    def words(self) -> str:
        """The limits as a sentence says them.

        Examples
        --------
        >>> from sim.analysis.factors import Factor
        >>> Limit(Factor("half_life", 4, 104, unit="weeks"), lower=33.0).words
        'half life > 33 weeks'
        """
        return f"{self.label} {self.range_words}"

    @property
    def range_words(self) -> str:
        """The limits without the name of the factor."""
        unit = unit_text(self.factor.unit)
        if self.options:
            return f"is {' or '.join(self.options)}"
        low, high = short_number(self.lower), short_number(self.upper)
        above, below = ("≥", "≤") if self.levels else (">", "<")
        if self.sides == ("lower", "upper"):
            return f"is {low}{unit}" if self.lower == self.upper else f"between {low} and {high}{unit}"
        return f"{above} {low}{unit}" if self.sides == ("lower",) else f"{below} {high}{unit}"


def option(value: Value) -> str:
    """Return the text of an option; a switch is on or off."""
    return ("on" if value else "off") if isinstance(value, (bool, np.bool_)) else str(value)


def column(table: pd.DataFrame, factor: Factor) -> NDArray[Any]:
    """Return the values of one factor: numbers, or texts of options.

    Raises
    ------
    InputError
        The table does not have the factor, or not for every point.
    """
    if factor.name not in table.columns:
        raise InputError(
            f"points: {factor.name}: found no such column, expected one of {', '.join(map(str, table.columns))}"
        )
    found = table[factor.name]
    if bool(found.isna().any()):
        raise InputError(f"points: {factor.name}: found {int(found.isna().sum())} missing values, expected none")
    if not factor.numeric:
        return np.array([option(value) for value in found], object)
    try:
        return found.to_numpy(np.float64)
    except (TypeError, ValueError):
        raise InputError(f"points: {factor.name}: found {found.iloc[0]!r}, expected numbers") from None


def contains(limits: Sequence[Limit], table: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell which points of a table are in a box."""
    inside = np.ones(len(table), bool)
    for limit in limits:
        inside &= limit.holds(column(table, limit.factor))
    return inside


def has_levels(factor: Factor, values: NDArray[Any]) -> bool:
    """Tell whether the values of a number are so few that limits are best said as one of them."""
    return factor.whole or bool(factor.values) or len(np.unique(values)) <= MOST_LEVELS


def outward(factor: Factor, lower: float, upper: float, values: NDArray[np.float64]) -> Limit:
    """Return limits of a number, rounded towards the outside; one that leaves nothing out is none.

    Parameters
    ----------
    factor, values
        A factor and its values at all points.
    lower, upper
        Limits as found; infinite, or the smallest and largest value, where there is none.
    """
    least, most = float(values.min()), float(values.max())
    if has_levels(factor, values):
        inside = values[(values >= lower) & (values <= upper)]
        low, high = (float(inside.min()), float(inside.max())) if len(inside) else (lower, upper)
        levels = True
    else:
        # On a logarithmic range a step is a share of the value.
        step = [
            STEP * (abs(end) * math.log(most / least) if factor.logarithmic and least > 0.0 else most - least)
            for end in (lower, upper)
        ]
        low, high = _rounded(lower, step[0], math.floor), _rounded(upper, step[1], math.ceil)
        levels = False
    return Limit(factor, low if low > least else -math.inf, high if high < most else math.inf, levels=levels)


def _rounded(value: float, step: float, towards: Any) -> float:
    if not math.isfinite(value):
        return value
    scale = 10.0 ** decimals(step, value)
    return float(towards(round(value * scale, 9)) / scale)
