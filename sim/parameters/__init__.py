"""Parameters of the model: tables, ranges, sources, start values by type of organisation."""

from __future__ import annotations

from sim.parameters.organisation_types import (
    AUDIENCES,
    ORGANISATION_TYPES,
    SKILLS,
    TOPICS,
    DyadDefaults,
    OrganisationType,
    dyad_defaults,
    exposure,
)
from sim.parameters.registry import CORE, GROUPS, REGISTRY, Parameter
from sim.parameters.values import DERIVED, PARAMETERS_DTYPE, as_dict, parameter_record, parse_override

__all__ = [
    "AUDIENCES",
    "CORE",
    "DERIVED",
    "GROUPS",
    "ORGANISATION_TYPES",
    "PARAMETERS_DTYPE",
    "REGISTRY",
    "SKILLS",
    "TOPICS",
    "DyadDefaults",
    "OrganisationType",
    "Parameter",
    "as_dict",
    "dyad_defaults",
    "exposure",
    "parameter_record",
    "parse_override",
]
