"""Parameters of the model: tables, ranges, sources."""

from __future__ import annotations

from sim.parameters.registry import CORE, GROUPS, REGISTRY, Parameter
from sim.parameters.values import DERIVED, PARAMETERS_DTYPE, as_dict, parameter_record, parse_override

__all__ = [
    "CORE",
    "DERIVED",
    "GROUPS",
    "PARAMETERS_DTYPE",
    "REGISTRY",
    "Parameter",
    "as_dict",
    "parameter_record",
    "parse_override",
]
