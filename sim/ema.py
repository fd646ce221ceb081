"""The model as the EMA workbench wants it, so that its users can plug it into their own studies.

The workbench [1]_ samples uncertainties and levers itself, runs a model once for each combination, and looks at what
comes out. Here one run is a scenario in some paired worlds; what comes out is the mean of each outcome over them.

References
----------
.. [1] Kwakkel (2017). The Exploratory Modeling Workbench: an open source toolkit for exploratory modeling, scenario
   discovery, and (multi-objective) robust decision making. Environmental Modelling & Software 96, 239-250.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.outcomes import derived_outcomes, outcome_values
from sim.errors import InputError
from sim.observe.measures import headline_ids, outcome_ids
from sim.parameters import CORE, REGISTRY, parameter_record
from sim.scenarios import Scenario
from sim.scenarios import scenario as load_scenario
from sim.scenarios.explain import nearest
from sim.statistics import mean_and_error
from sim.studies.paths import Change, changed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


def ema_model(
    scenario: Scenario | str | Path,
    *,
    uncertainties: Sequence[str] = CORE,
    levers: Mapping[str, tuple[float, float] | Sequence[str]] | None = None,
    outcomes: Sequence[str] | None = None,
    replicates: int = 100,
    seed: int = 0,
    threads: int | None = None,
) -> Any:
    """Return an EMA workbench model of a scenario.

    Parameters
    ----------
    scenario
        A scenario, or the name or file of one.
    uncertainties
        Parameters that the workbench samples over their ranges, the twelve core parameters by default.
    levers
        Places of the scenario that it may write to, with a range (two numbers) or a list of options:
        ``{"plan.launch-campaign.tone": (0.0, 1.0)}``. A lever is called as its path, with "_" for "." and "-".
    outcomes
        Outcomes whose mean over the worlds is returned, the headline measures of the scenario by default.
    replicates, seed
        Worlds of every run; the same for all, so that runs are paired.
    threads
        Threads of one run. Use 1 with the workbench's own parallel evaluators.

    Returns
    -------
    ema_workbench.Model
        Its outcomes are missing (NaN) where no world has a value.

    Raises
    ------
    InputError
        The workbench is not installed, or a parameter, place or outcome is not known.

    Examples
    --------
    >>> from ema_workbench import perform_experiments   # doctest: +SKIP
    >>> tone = {"plan.launch-campaign.tone": (0.0, 1.0)}
    >>> model = ema_model("campaign-while-partnering", levers=tone)   # doctest: +SKIP
    >>> experiments, results = perform_experiments(model, scenarios=50, policies=4)   # doctest: +SKIP
    """
    try:
        from ema_workbench import CategoricalParameter, IntegerParameter, Model, RealParameter, ScalarOutcome
    except ImportError:
        raise InputError(
            "ema_model: needs ema-workbench, which is not installed: pip install 'partnership-dynamics[discovery]'"
        ) from None
    case = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    wanted = _known_outcomes(case, outcomes)
    places = {_identifier(path): (path, values) for path, values in (levers or {}).items()}
    for name in uncertainties:
        if name not in REGISTRY:
            raise InputError(f"ema_model: uncertainties: unknown parameter {name!r}{nearest(name, list(REGISTRY))}")

    def run(**values: Any) -> dict[str, float]:
        from sim.ensemble import simulate

        change = Change(tuple((path, _plain(values.pop(name))) for name, (path, _) in places.items()))
        ensemble = simulate(
            changed(case, change),
            replicates,
            seed,
            parameters={**change.parameters, **{name: float(value) for name, value in values.items()}},
            series=(),
            threads=threads,
        )
        means, _, _ = mean_and_error(outcome_values(ensemble, wanted).T)
        return dict(zip(wanted, map(float, means), strict=True))

    model = Model("".join(part.capitalize() for part in _identifier(case.name).split("_")), function=run)
    model.uncertainties = [
        (IntegerParameter if row.integer else RealParameter)(row.name, row.low, row.high)
        for row in (REGISTRY[name] for name in uncertainties)
    ]
    rows = []
    for name, (path, values) in places.items():
        numbers = [value for value in values if isinstance(value, (int, float)) and not isinstance(value, bool)]
        for value in values:  # a place or value that cannot be is told now, not in every run
            _try(case, path, value)
        if len(numbers) == len(values) == 2:
            if not numbers[0] < numbers[1]:
                raise InputError(f"ema_model: levers: {path}: found {values}, expected a range from low to high")
            whole = all(isinstance(value, int) for value in values)
            rows.append((IntegerParameter if whole else RealParameter)(name, *numbers))
        else:
            rows.append(CategoricalParameter(name, list(values)))
    model.levers = rows
    model.outcomes = [ScalarOutcome(name) for name in wanted]
    return model


def _try(case: Scenario, path: str, value: Any) -> None:
    change = Change(((path, value),))
    try:
        scenario = changed(case, change)
        parameter_record({**scenario.parameters, **change.parameters}, where=path)
    except InputError as error:
        raise InputError(f"ema_model: levers: {error}") from None


def _known_outcomes(scenario: Scenario, outcomes: Sequence[str] | None) -> tuple[str, ...]:
    known = [*outcome_ids(scenario), *derived_outcomes(scenario)]
    if outcomes is None:
        return tuple(name for name in headline_ids(scenario) if name in known)
    for name in outcomes:
        if name not in known:
            raise InputError(f"ema_model: outcomes: unknown outcome {name!r}{nearest(name, known)}")
    return tuple(outcomes)


def _identifier(text: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in text)


def _plain(value: Any) -> Any:
    """Numbers of numpy as Python has them, which is what scenarios are checked for."""
    return value.item() if isinstance(value, np.generic) else value
