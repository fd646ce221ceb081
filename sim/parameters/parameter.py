"""One row of the parameter tables, with its range check."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real

import numpy as np

from sim.errors import InputError
from sim.parameters.screened import screened

#: Priors over ranges whose ends differ by more than this factor are flat in the logarithm.
MOST_RATIO = 5.0


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of the model that can be changed, with all that is known about it.

    Parameters
    ----------
    name, symbol : str
        Identifier in code and files; symbol in the equations (the name again if it has none).
    default, low, high : float
        Default and plausible range. The range is what input is checked against.
    unit, meaning, source : str
        Unit, one sentence in plain words, and where the number comes from.
    confidence : str
        "high", "medium" or "low".
    group : str
        Heading under which the parameter is listed.
    core : bool
        Varied in the global sensitivity analysis.
    integer : bool
        Only whole numbers make sense (counts, whole weeks, 0/1 switches).
    positive : bool
        The equations divide by it, so zero is impossible even for limiting cases.
    ceiling : float
        Largest value for which the equations hold, also for limiting cases.
    label : str
        A few plain words for figures; the name if there are none.
    """

    name: str
    symbol: str
    default: float
    low: float
    high: float
    unit: str
    meaning: str
    source: str
    confidence: str
    group: str
    core: bool = False
    integer: bool = False
    positive: bool = False
    ceiling: float = math.inf
    label: str = ""

    @property
    def words(self) -> str:
        """A few plain words for it."""
        return self.label or self.name.replace("_", " ")

    @property
    def moves(self) -> str:
        """What it moves most: a pattern, or a measure with its case."""
        found = screened().get(self.name)
        return found.of if found else ""

    @property
    def is_switch(self) -> bool:
        """Whether the parameter is a 0/1 switch."""
        return self.unit == "switch"

    @property
    def range_text(self) -> str:
        """The range with its unit, as error messages and tables print it."""
        if self.is_switch:
            return "0 (off) or 1 (on)"
        return f"{self.low:g} to {self.high:g} ({self.unit})"

    @property
    def logarithmic(self) -> bool:
        """Whether the prior is flat in the logarithm: a wide range states an order of magnitude, not a number."""
        return self.low > 0.0 and self.high / self.low > MOST_RATIO

    def at(self, place: float) -> float:
        """Return the value at a place of the prior, from 0 at the low end to 1 at the high end."""
        if self.logarithmic:
            found = self.low * math.exp(place * math.log(self.high / self.low))
        else:
            found = self.low + place * (self.high - self.low)
        return min(max(found, self.low), self.high)

    def place(self, value: float) -> float:
        """Return the place of a value in the prior."""
        if self.logarithmic:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def contains(self, value: float) -> bool:
        """Tell whether a value lies in the plausible range."""
        return self.low <= value <= self.high

    def check(self, value: object, where: str, *, beyond_range: bool = False) -> float:
        """Return a usable value as a float, or say what is wrong with it.

        Parameters
        ----------
        value : object
            What the user wrote.
        where : str
            File or option, for the message.
        beyond_range : bool
            Allow values outside the plausible range, for limiting cases and for switching a mechanism off
            (for example a gain of 0). Impossible values are still refused.

        Returns
        -------
        float

        Raises
        ------
        InputError
            Not a number, not finite, not whole where it must be, or out of range.
        """
        place = f"{where}: {self.name}"
        if isinstance(value, (bool, np.bool_)) or not isinstance(value, Real):
            raise InputError(f"{place} is {value!r}, expected a number, {self.range_text}")
        number = float(value)
        if not math.isfinite(number):
            raise InputError(f"{place} is {number}, expected a finite number, {self.range_text}")
        if self.integer and not number.is_integer():
            raise InputError(f"{place} is {number:.12g}, expected a whole number, {self.range_text}")
        if self.contains(number):
            return number
        if not beyond_range or self.is_switch:
            raise InputError(f"{place} is {number:.12g}, expected {self.range_text}")
        signed = self.low < 0 or self.unit == "logit"
        possible = number > 0 if self.positive else number >= 0 or signed
        if not possible or number > self._limit:
            above = "above 0" if self.positive else "a finite number" if signed else "0 or more"
            most = "" if math.isinf(self._limit) else f", at most {self._limit:g}"
            raise InputError(f"{place} is {number:.12g}, expected {above}{most} ({self.unit})")
        return number

    @property
    def _limit(self) -> float:
        """Largest possible value: shares and probabilities end at 1."""
        return min(self.ceiling, 1.0) if self.unit in ("share", "probability") else self.ceiling
