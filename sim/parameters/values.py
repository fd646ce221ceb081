"""One set of parameter values, as the record that compiled code reads."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import InputError
from sim.parameters.registry import REGISTRY
from sim.parameters.screened import screened

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.parameters.parameter import Parameter

WEEKS_PER_YEAR = 52.0

# Powers are taken here, once, because a compiled 2**x may differ in its last bit between machines.
_DECAYS: dict[str, str] = {
    "awareness_decay": "awareness_half_life",
    "grievance_decay": "grievance_half_life",
    "pressure_decay": "pressure_half_life",
}
_WEEKLY_HAZARDS: dict[str, str] = {
    "base_hazard": "base_rate",
    "federation_hazard": "federation_rate",
    "manager_hazard": "manager_rate",
    "staff_hazard": "staff_rate",
    "press_hazard": "press_rate",
    "peer_hazard": "peer_rate",
    "stage_hazard": "stage_rate",
    "director_hazard": "director_rate",
    "found_hazard": "found_rate",
    "champion_leaving_hazard": "champion_leaving_rate",
    "de_adoption_hazard": "de_adoption_rate",
}

DERIVED: dict[str, str] = {**_DECAYS, **_WEEKLY_HAZARDS, "reapproach_hazard": "reapproach_interval"}
"""Fields of the record that follow from a parameter, with its name."""

PARAMETERS_DTYPE: np.dtype[np.void] = np.dtype([(name, "f8") for name in (*REGISTRY, *DERIVED)], align=True)
"""Layout of the record: all parameters in the order of the registry, then the derived fields."""

GONE: dict[str, str] = {
    "tone_memory": "criticism is remembered as coverage is: coverage_memory",
    "accept_receptivity": "criticism by others makes the asker welcome: accept_flank",
    "receptivity_half_life": "the welcome fades with the memory of heat",
    "receptivity_step": "criticism by others makes the asker welcome: accept_flank",
    "receptivity_heat": "criticism by others makes the asker welcome: accept_flank",
    "agenda_base": "all stages have one rate a year: stage_rate",
    "agenda_pressure": "pressure comes from talks and coverage, and fades: pressure_half_life",
    "promise_hazard": "all stages have one rate a year: stage_rate",
    "decision_hazard": "all stages have one rate a year: stage_rate",
    "lobby_factor": "what a round of talks adds is fixed",
    "lobby_weeks": "politics forgets with pressure_half_life",
    "return_heat": "one limit decides on a return: return_grievance",
    "return_trust": "one limit decides on a return: return_grievance",
    "return_success": "a partner that is willing and asked says yes",
    "ombud_rate": "firms act when managers or staff know: manager_rate, staff_rate",
    "push_ombud": "managers learn from whom they believe: learning, contacts",
    "push_federation": "a federation passes on what was worked out with it: joint_push",
    "push_federation_shadow": "compared with a public partnership: shadow_push",
    "guide_before": "what a guide adds to what a federation passes on is fixed",
    "flagship_signal": "as a share of all peers: flagship_share",
    "flagship_audience": "as a share of all peers: flagship_share",
    "training_memory_weeks": "trained people make changes deeper, as many as there are",
    "earned_exposures": "a share of the population for each item: earned_reach",
    "grant_result_half": "a season succeeds by what the public learned: grant_learning",
}
"""Parameters of earlier versions, with what took their place."""


def parameter_record(
    overrides: Mapping[str, float] | None = None, *, where: str = "parameters", beyond_range: bool = False
) -> np.recarray[Any, Any]:
    """Build the record of all parameters from the defaults and some other values.

    Parameters
    ----------
    overrides : mapping of str to float, optional
        Values that differ from the defaults.
    where : str
        File or option the values come from, for messages.
    beyond_range : bool
        Allow values outside the plausible ranges, as analytic limiting cases and ablations need them.

    Returns
    -------
    numpy.recarray
        Shape (1,), one field per parameter and derived quantity.

    Raises
    ------
    InputError
        Unknown name or unusable value.
    """
    values = {name: parameter.default for name, parameter in REGISTRY.items()}
    for name, value in (overrides or {}).items():
        values[name] = _lookup(name, where).check(value, where, beyond_range=beyond_range)
    record = np.zeros(1, PARAMETERS_DTYPE).view(np.recarray)
    for name, value in values.items():
        record[name] = value
    derive(record)
    return record


def derive(records: np.recarray[Any, Any]) -> None:
    """Fill in what follows from the parameters, row by row."""
    for name, half_life in _DECAYS.items():
        records[name] = [2.0 ** (-1.0 / value) for value in records[half_life].tolist()]
    for name, rate in _WEEKLY_HAZARDS.items():
        records[name] = records[rate] / WEEKS_PER_YEAR
    records["reapproach_hazard"] = 1.0 / records["reapproach_interval"]


def parse_override(text: str, *, where: str = "--set", beyond_range: bool = False) -> tuple[str, float]:
    """Read ``name=value`` from the command line.

    Parameters
    ----------
    text : str
        What was typed.
    where : str
        Option it was typed for, for messages.
    beyond_range : bool
        Allow values outside the plausible range.

    Returns
    -------
    tuple of str and float

    Raises
    ------
    InputError
        No equals sign, unknown name or unusable value.
    """
    name, separator, written = (part.strip() for part in text.partition("="))
    if not separator or not name or not written:
        raise InputError(f"{where}: found {text!r}, expected name=value, for example stimulus=8")
    parameter = _lookup(name, where)
    try:
        value: object = float(written)
    except ValueError:
        value = written
    return name, parameter.check(value, where, beyond_range=beyond_range)


def as_dict(record: np.recarray[Any, Any]) -> dict[str, float]:
    """Return the parameters of a record, without the derived fields.

    Parameters
    ----------
    record : numpy.recarray
        As built by `parameter_record`.

    Returns
    -------
    dict of str to float
        In the order of the registry.
    """
    values = dict(zip(record.dtype.names or (), record[0].item(), strict=True))
    return {name: values[name] for name in REGISTRY}


def _lookup(name: str, where: str) -> Parameter:
    """Find a parameter, or say which one may have been meant."""
    parameter = REGISTRY.get(name)
    if parameter is not None:
        return parameter
    if name in GONE:
        raise InputError(f"{where}: {name} is no longer a parameter, {GONE[name]}")
    if name in screened():
        raise InputError(f"{where}: {name} is no longer a parameter, {screened()[name].farewell}")
    # Who knows the equations may have written the symbol.
    meant = [row.name for row in REGISTRY.values() if row.symbol == name]
    meant = meant or difflib.get_close_matches(str(name), REGISTRY, n=1)
    hint = f"did you mean {meant[0]!r}?" if meant else "no parameter has a similar name"
    raise InputError(f"{where}: unknown parameter {name!r}, {hint}")
