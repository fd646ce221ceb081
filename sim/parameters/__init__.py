"""Parameters of the model: tables, ranges, sources."""

from __future__ import annotations

from sim.parameters.parameter import Parameter
from sim.parameters.registry import CORE, GROUPS, REGISTRY
from sim.parameters.values import (
    DERIVED,
    GONE,
    PARAMETERS_DTYPE,
    WEEKS_PER_YEAR,
    as_dict,
    parameter_record,
    parse_override,
)

__all__ = [
    "CORE",
    "DERIVED",
    "GONE",
    "GROUPS",
    "PARAMETERS_DTYPE",
    "REGISTRY",
    "WEEKS_PER_YEAR",
    "Parameter",
    "as_dict",
    "parameter_record",
    "parse_override",
]
