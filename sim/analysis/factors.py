"""What a study varies: uncertainties that nobody chooses and levers that a planner does."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Value = float | int | str | bool
"""What a factor may be set to: a number, a switch, or the name of an option."""


@dataclass(frozen=True, slots=True)
class Factor:
    """One thing that a study varies.

    Samplers work with a *place* from 0 to 1, so that every factor has the same range there.

    Attributes
    ----------
    name, label, unit
        Name in tables, plain words for figures, and unit.
    low, high
        Range of a number; NaN where ``values`` lists what there is.
    whole
        Only whole numbers.
    logarithmic
        Places are even in the logarithm.
    values
        The only values there are: numbers, or names of options.
    lever
        Whether a planner chooses it.
    """

    name: str
    low: float = math.nan
    high: float = math.nan
    whole: bool = False
    logarithmic: bool = False
    values: tuple[Value, ...] = ()
    label: str = ""
    unit: str = ""
    lever: bool = False

    @property
    def title(self) -> str:
        """Label with unit, as axes show it."""
        text = self.label or self.name.replace("_", " ")
        return f"{text} ({self.unit})" if self.unit and self.unit not in text else text

    @property
    def words(self) -> str:
        """Label as sentences say it: without what stands in brackets."""
        return (self.label or self.name.replace("_", " ")).partition(" (")[0]

    @property
    def numeric(self) -> bool:
        """Whether its values are numbers (and no switches)."""
        return not self.values or all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in self.values)

    def value(self, place: float) -> Value:
        """Return the value at a place from 0 to 1.

        Examples
        --------
        >>> Factor("tone", 0.0, 1.0).value(0.25)
        0.25
        >>> Factor("weeks", 1, 3, whole=True).value(0.99)
        3
        >>> Factor("critic", values=("ombud", "ngo")).value(0.2)
        'ombud'
        """
        if self.values:
            return self.values[min(int(place * len(self.values)), len(self.values) - 1)]
        if self.whole:  # every whole number has an equal share of the places
            return min(int(self.low + place * (self.high - self.low + 1.0)), int(self.high))
        if self.logarithmic:
            found = self.low * math.exp(place * math.log(self.high / self.low))
        else:
            found = self.low + place * (self.high - self.low)
        return min(max(found, self.low), self.high)

    def levels(self, number: int) -> tuple[Value, ...]:
        """Return its values for a grid: those listed, or so many evenly spread from low to high."""
        if self.values:
            return self.values
        steps = [step / max(number - 1, 1) for step in range(number)]
        if self.whole:
            return tuple(dict.fromkeys(round(self.low + step * (self.high - self.low)) for step in steps))
        return tuple(self.value(step) for step in steps)

    def holds(self, value: Value) -> bool:
        """Tell whether a value is one that the factor can have."""
        if self.values:
            return value in self.values
        if isinstance(value, (str, bool)) or not math.isfinite(value):
            return False
        return self.low <= value <= self.high and (not self.whole or float(value).is_integer())

    def exact(self, value: Value) -> Value:
        """Return a value of its own as the factor has it: a table may have made 3.0 of 3.

        Examples
        --------
        >>> Factor("weeks", 1, 3, whole=True).exact(2.0)
        2
        """
        if self.values:
            return next((known for known in self.values if known == value), value)
        return int(value) if self.whole else value

    @property
    def range_text(self) -> str:
        """Its values as messages say them."""
        if self.values:
            return f"one of {_listed(self.values)}"
        kind = "a whole number" if self.whole else "a number"
        return f"{kind} from {self.low:g} to {self.high:g}"


def _listed(values: Sequence[Value]) -> str:
    return ", ".join(f"{value:g}" if isinstance(value, float) else str(value) for value in values)
