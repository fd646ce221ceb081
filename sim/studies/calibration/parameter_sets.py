"""Sets of parameter values: reading and writing them, and the sets that come with the package."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import InputError
from sim.parameters import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["FILE", "REFERENCE", "ParameterSets", "read_sets", "reference_sets"]

FILE = "parameter_sets.csv"
"""Name of the file in a folder of results."""
REFERENCE = Path(__file__).parent / "reference.csv"
"""The sets that come with the package: accepted by `sim calibrate` with its defaults."""
MOST_SETS = 10_000


@dataclass(frozen=True)
class ParameterSets:
    """Parameter sets that agree with the patterns.

    Attributes
    ----------
    source
        Where they come from: "reference", or the path of a file.
    names
        Parameters.
    values
        (sets, parameters)
    weights
        (sets,), summing to 1.
    seeds
        Seed of the worlds by which each set was judged, if known.
    """

    source: str
    names: tuple[str, ...]
    values: NDArray[np.float64]
    weights: NDArray[np.float64]
    seeds: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.values)

    @property
    def files(self) -> tuple[str, ...]:
        """The file to name when the sets are asked for again; none for those of the package."""
        return () if self.source == "reference" else (self.source,)

    def overrides(self, number: int) -> dict[str, float]:
        """Return the values of one set by name."""
        return {name: float(value) for name, value in zip(self.names, self.values[number], strict=True)}

    def as_csv(self) -> bytes:
        """Return one row a set, in full precision."""
        heading = ("set", "weight", *(["seed"] if self.seeds else []), *self.names)
        lines = [",".join(heading)]
        for number, (weight, row) in enumerate(zip(self.weights.tolist(), self.values.tolist(), strict=True)):
            seed = [str(self.seeds[number])] if self.seeds else []
            lines.append(",".join((str(number), repr(weight), *seed, *map(repr, row))))
        return ("\n".join(lines) + "\n").encode()


def reference_sets() -> ParameterSets:
    """Return the sets that come with the package.

    Raises
    ------
    InputError
        None do: sets belong to the rules they were found by, and these are not calibrated yet.
    """
    if not REFERENCE.exists():
        raise InputError(
            "this version comes with no parameter sets, because its rules are not calibrated yet: "
            "expected a parameter_sets.csv that `sim calibrate` writes"
        )
    return read_sets(REFERENCE, source="reference")


def read_sets(path: str | Path, source: str | None = None) -> ParameterSets:
    """Read parameter sets.

    Parameters
    ----------
    path
        A CSV file with one column a parameter, and optionally ``set`` (a label), ``weight`` and ``seed`` (of the
        worlds by which the set was judged); or a folder of `sim calibrate`.
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
    seeds = tuple(int(found["seed"]) for found in table if "seed" in found)
    return ParameterSets(source or str(path), names, values, weights / weights.sum(), seeds)


def _names(heading: list[str], place: Path) -> tuple[str, ...]:
    names = [name for name in heading if name not in ("set", "weight", "seed")]
    for name in names:
        if name not in REGISTRY:
            raise InputError(f"{place}: line 1: unknown parameter {name!r}, expected names from `sim parameters`")
    twice = sorted({name for name in heading if heading.count(name) > 1})
    if twice:
        raise InputError(f"{place}: line 1: {twice[0]!r} is there twice, expected one column")
    if not names:
        raise InputError(f"{place}: line 1: found no parameter, expected names from `sim parameters`")
    return tuple(names)


def _numbers(heading: list[str], row: list[str], where: str) -> Mapping[str, float]:
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
        if name in ("weight", "seed"):
            if not (math.isfinite(number) and number >= 0.0):
                raise InputError(f"{where}: {name} is {text}, expected a number from 0")
            found[name] = number
        else:
            found[name] = REGISTRY[name].check(number, where)
    return found
