"""Plausible sets of parameter values, of which each world draws one: what nobody knows, beside luck.

A set that comes with the package agrees with the patterns as far as `sim calibrate` could tell. Replicate r of a seed
draws the same set in every plan, whatever the number of worlds.
"""

from __future__ import annotations

import csv
import hashlib
import io
import math
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.parameters.registry import REGISTRY
from sim.parameters.values import PARAMETERS_DTYPE, derive

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

FILE = "parameter_sets.csv"
"""Name of the file in a folder of results."""
SHIPPED, NONE = "shipped", "none"
"""Words for the sets that come with the package, and for the default values in every world."""
_SHIPPED_FILE = Path(__file__).parent / "plausible.csv"
MOST_SETS = 10_000


@dataclass(frozen=True, eq=False)
class ParameterSets:
    """Weighted sets of parameter values.

    Attributes
    ----------
    source
        Where they come from: "shipped", or the path of a file.
    names
        Parameters that differ between sets; all others have their defaults.
    values
        (sets, parameters)
    weights
        (sets,), summing to 1.
    """

    source: str
    names: tuple[str, ...]
    values: NDArray[np.float64]
    weights: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def upto(self) -> NDArray[np.float64]:
        """Weights, summed up, (sets,)."""
        return np.cumsum(self.weights)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the sets as they would be written."""
        return hashlib.sha256(self.as_csv()).hexdigest()

    def described(self) -> dict[str, Any]:
        """Return source, number and digest, for the description of a run."""
        return {"source": self.source, "sets": len(self), "digest": self.digest}

    def overrides(self, number: int) -> dict[str, float]:
        """Return the values of one set by name."""
        return {name: float(value) for name, value in zip(self.names, self.values[number], strict=True)}

    def records(self, record: np.recarray[Any, Any], given: Mapping[str, float]) -> np.recarray[Any, Any]:
        """Return one record a set.

        Parameters
        ----------
        record
            (1,) values of what the sets do not say.
        given
            What was chosen for all worlds: it wins over the sets.

        Returns
        -------
        numpy.recarray
            (sets,)
        """
        found = np.repeat(np.asarray(record), len(self)).astype(PARAMETERS_DTYPE).view(np.recarray)
        for name, column in zip(self.names, self.values.T, strict=True):
            if name not in given:
                found[name] = column
        derive(found)
        return found

    def as_csv(self) -> bytes:
        """Return one row a set, in full precision."""
        lines = [",".join(("set", "weight", *self.names))]
        for number, (weight, row) in enumerate(zip(self.weights.tolist(), self.values.tolist(), strict=True)):
            lines.append(",".join((str(number), repr(weight), *map(repr, row))))
        return ("\n".join(lines) + "\n").encode()


@cache
def shipped_sets() -> ParameterSets:
    """Return the sets that come with the package."""
    return read_sets(_SHIPPED_FILE, source=SHIPPED)


def sets_of(which: ParameterSets | str | Path | None) -> ParameterSets | None:
    """Return the sets that somebody asks for.

    Parameters
    ----------
    which
        Sets; "shipped"; a file or folder of `sim calibrate`; "none" or None for the defaults in every world.
    """
    if which is None or isinstance(which, ParameterSets):
        return which
    word = str(which)
    return None if word == NONE else shipped_sets() if word == SHIPPED else read_sets(which)


def read_sets(path: str | Path, source: str | None = None) -> ParameterSets:
    """Read parameter sets.

    Parameters
    ----------
    path
        A CSV file with one column a parameter, and optionally ``set`` (a label) and ``weight``; or a folder of
        `sim calibrate`.
    source
        What to call them, by default the path.

    Raises
    ------
    InputError
        The file cannot be read or used: one line with the place.
    """
    place = Path(path)
    place = place / FILE if place.is_dir() else place
    try:
        text = place.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a text file"
        raise InputError(f"{place}: cannot be read ({reason}), expected a CSV file of parameter sets") from None
    return parse_sets(text, source or str(path), str(place))


def parse_sets(text: str, source: str, place: str) -> ParameterSets:
    """Read parameter sets from the text of a CSV file; `place` names it in messages."""
    rows = [row for row in csv.reader(io.StringIO(text)) if row]
    if len(rows) < 2:
        raise InputError(f"{place}: found no sets, expected a line of parameter names and one line a set")
    heading, body = [word.strip() for word in rows[0]], rows[1:]
    if len(body) > MOST_SETS:
        raise InputError(f"{place}: found {len(body):,} sets, expected at most {MOST_SETS:,}")
    names = _names(heading, place)
    table = [_numbers(heading, row, f"{place}: line {line}") for line, row in enumerate(body, start=2)]
    weights = np.array([found.get("weight", 1.0) for found in table])
    if not weights.sum() > 0.0:
        raise InputError(f"{place}: all weights are 0, expected at least one above 0")
    values = np.array([[found[name] for name in names] for found in table])
    return ParameterSets(source, names, values, weights / weights.sum())


def _names(heading: list[str], place: str) -> tuple[str, ...]:
    names = [name for name in heading if name not in ("set", "weight")]
    for name in names:
        if name not in REGISTRY:
            raise InputError(f"{place}: line 1: unknown parameter {name!r}, expected names from `sim parameters`")
    twice = sorted({name for name in heading if heading.count(name) > 1})
    if twice:
        raise InputError(f"{place}: line 1: {twice[0]!r} is there twice, expected one column")
    if not names:
        raise InputError(f"{place}: line 1: found no parameter, expected names from `sim parameters`")
    return tuple(names)


def _numbers(heading: list[str], row: list[str], where: str) -> dict[str, float]:
    if len(row) != len(heading):
        raise InputError(f"{where}: found {len(row)} values, expected {len(heading)}")
    found = {}
    for name, text in zip(heading, row, strict=True):
        if name == "set":
            continue
        try:
            number = float(text)
        except ValueError:
            raise InputError(f"{where}: {name} is {text!r}, expected a number") from None
        if name == "weight":
            if not (math.isfinite(number) and number >= 0.0):
                raise InputError(f"{where}: {name} is {text}, expected a number from 0")
            found[name] = number
        else:
            found[name] = REGISTRY[name].check(number, where)
    return found
