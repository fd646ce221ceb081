"""Amounts in words: two digits at most, weeks as months and years, no signs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.words.language import SHARES

if TYPE_CHECKING:
    from sim.words.language import Language

_WEEKS_A_MONTH = 365.25 / 12.0 / 7.0
_WEEKS_A_YEAR = 365.25 / 7.0
#: Units whose numbers mean little to a reader: their size is told by degree.
_BY_DEGREE = ("index", "result", "0 to 1", "0 to 4", "-1 to 1", "ratio", "-", "")


def two_digits(value: float, words: Language) -> str:
    """Write a number with two digits that count."""
    if value == 0.0 or not math.isfinite(value):
        return words.number(0.0, 0)
    digits = 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, digits)
    shown = 0 if float(rounded).is_integer() else max(0, digits)
    return words.number(rounded, shown)


def duration(weeks: float, words: Language) -> str:
    """Say a number of weeks as people do."""
    years = weeks / _WEEKS_A_YEAR
    if weeks < 1.5:
        return words("amount.week")
    if weeks < 11.5:
        return words("amount.weeks", n=words.number(round(weeks), 0))
    if 0.42 < years < 0.58:
        return words("amount.half_year")
    if 0.9 < years < 1.1:
        return words("amount.year")
    if years < 1.75:
        return words("amount.months", n=words.number(round(weeks / _WEEKS_A_MONTH), 0))
    halves = round(2.0 * years) / 2.0 if years < 9.75 else float(round(years))
    return words("amount.years", n=words.number(halves, 0 if halves.is_integer() else 1))


def amount_in_words(size: float, unit: str, words: Language) -> str:
    """Say how large a difference is; empty where only its degree means something."""
    if unit in ("weeks", "week"):
        return duration(size, words)
    if unit in SHARES:
        return words("amount.points", n=two_digits(100.0 * size, words))
    if unit == "count" and size < 0.95:
        tenths = 10.0 * size
        return words("amount.in_ten", n=words.number(round(tenths), 0) if tenths >= 1.0 else two_digits(tenths, words))
    if unit in _BY_DEGREE:
        return ""
    if unit == "count":
        return words("amount.each", n=two_digits(size, words))
    word = words.unit(unit)
    return two_digits(size, words) + (f" {word}" if word else "")


def degree(size: float, matters: float, words: Language) -> str:
    """Say how large a difference is beside the smallest one that matters."""
    times = size / matters if matters > 0.0 else math.inf
    return words(f"amount.{'little' if times < 2.0 else 'clear' if times < 6.0 else 'much'}")
