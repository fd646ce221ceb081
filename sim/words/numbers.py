"""Numbers, amounts and shares as people read them: sensibly rounded, in English."""

from __future__ import annotations

import math
import re

#: Units that a number is clearer without.
_BARE = ("", "-", "share", "shares", "count", "index", "ratio", "0 to 1", "0 to 4", "-1 to 1", "[0, 1]", "[-1, 1]")


def decimals(uncertainty: float, value: float = 0.0) -> int:
    """Decimals worth printing: two digits of an uncertainty that starts with 1 or 2, else one.

    Never more than three significant digits of the value itself.
    """
    most = 6 if value == 0.0 else max(0, 2 - math.floor(math.log10(abs(value))))
    if not math.isfinite(uncertainty) or uncertainty <= 0.0:
        return min(most, 2)
    exponent = math.floor(math.log10(uncertainty))
    leading = uncertainty / 10.0**exponent
    return min(most, 6, max(0, -exponent + (1 if leading < 3.0 else 0)))


def number(value: float, digits: int | None = None, *, sign: bool = False) -> str:
    """Write a number with thousands separators; three significant digits unless told."""
    if not math.isfinite(value):
        return "none"
    if digits is None:
        digits = 0 if value == 0.0 else min(6, max(0, 2 - math.floor(math.log10(abs(value)))))
        digits = 0 if float(value).is_integer() else digits
    rounded = round(value, digits) + 0.0  # no minus zero
    return f"{rounded:+,.{digits}f}" if sign and rounded else f"{rounded:,.{digits}f}"


def short_number(value: float) -> str:
    """Write a number without zeros at its end."""
    text = number(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def unit_text(unit: str) -> str:
    """Unit as it follows a number, with its space; nothing for shares, counts and indices."""
    return "" if unit in _BARE else f" {unit}"


def amount(value: float, unit: str) -> str:
    """Write a number with its unit."""
    return number(value) + (unit_text(unit) if math.isfinite(value) else "")


def in_100(share: float) -> str:
    """Say a share as a number of 100; near certainty is not rounded to certainty."""
    share = round(share, 9)  # sums of weights carry rounding
    if share >= 1.0:
        return "100"
    if share <= 0.0:
        return "0"
    if share > 0.995:
        return "more than 99"
    return "fewer than 1" if share < 0.005 else f"{round(100.0 * share)}"


def of_100(share: float, of: str = "worlds") -> str:
    """Say a share as worlds (or something else) of 100."""
    return f"{in_100(share)} of 100 {of}"


def with_interval(value: float, low: float, high: float) -> tuple[str, str, str]:
    """Write a difference and the ends of its interval with as many digits as the interval is worth."""
    digits = decimals((high - low) / 2.0, value)
    return number(value, digits, sign=True), number(low, digits), number(high, digits)


def more_worlds(needed: float) -> str:
    """Say how many worlds a firmer answer needs."""
    if math.isnan(needed):
        return "too few worlds to tell"
    if math.isinf(needed):
        return "more worlds will not settle it"
    return f"a firmer answer needs about {needed:,.0f} worlds"


def capital(text: str) -> str:
    """Start a text with a capital letter."""
    return text[:1].upper() + text[1:]


def minus_signs(text: str) -> str:
    """Set minus signs before digits, and leave hyphens."""
    return re.sub(r"(?<![\w])-(?=\d)", "\N{MINUS SIGN}", text)
