"""The worlds that patterns look at: each case is simulated once and shared by its patterns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.ensemble import Ensemble, simulate
from sim.parameters import parameter_record
from sim.scenarios import scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sim.parameters.sets import ParameterSets
    from sim.scenarios import Scenario
    from sim.validation.checks import Check

CASES = Path(__file__).parent / "cases"
"""Folder of the cases that are not scenarios of the catalogue."""


@dataclass(frozen=True)
class Pattern:
    """What a source says that the model should show.

    Attributes
    ----------
    id
        As in the documentation.
    case
        Name under which `sim validate --case` finds it.
    measure
        Looks at the worlds and gives one or more lines of the table.
    """

    id: str
    case: str
    measure: Callable[[Worlds], list[Check]]


class Worlds:
    """Ensembles of the cases with one set of parameters, the same chance in all.

    Parameters
    ----------
    replicates, seed
        Worlds per case, and their key.
    parameters, beyond_range
        Values other than the defaults, and whether they may leave their ranges.
    parameter_sets
        Sets of which each world draws one; None: the defaults.
    threads
        Threads to use; None uses all cores.
    """

    def __init__(
        self,
        replicates: int,
        seed: int = 0,
        parameters: Mapping[str, float] | None = None,
        *,
        beyond_range: bool = False,
        parameter_sets: ParameterSets | None = None,
        threads: int | None = None,
    ) -> None:
        self.threads = threads
        self.parameter_sets = parameter_sets
        self.replicates = replicates
        self.seed = seed
        self.parameters = dict(parameters or {})
        self.beyond_range = beyond_range
        self._known: dict[tuple[str, tuple[str, ...]], Ensemble] = {}

    @property
    def p(self) -> Any:
        """The record that rules read."""
        return parameter_record(self.parameters, beyond_range=self.beyond_range)[0]

    def of(self, name: str, series: tuple[str, ...] = ()) -> Ensemble:
        """Return the worlds of a case of this folder or of a scenario of the catalogue."""
        if (name, series) not in self._known:
            path = CASES / f"{name}.toml"
            self._known[name, series] = self.play(scenario(path if path.exists() else name), series)
        return self._known[name, series]

    def play(self, case: Scenario, series: tuple[str, ...] = (), replicates: int | None = None) -> Ensemble:
        """Simulate a scenario made for one pattern."""
        return simulate(
            case,
            self.replicates if replicates is None else replicates,
            self.seed,
            parameters=self.parameters,
            series=series,
            beyond_range=self.beyond_range,
            parameter_sets=self.parameter_sets,
            threads=self.threads,
        )


def with_organisations(case: Scenario, **changes: dict[str, Any]) -> Scenario:
    """Change start values of organisations of a scenario."""
    rows = [{**row, **changes.get(str(row["id"]), {})} for row in case.document()["organisation"]]
    return case.replace(organisation=rows)
