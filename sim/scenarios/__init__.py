"""Scenario files: who is there, how they stand to each other, and the plan."""

from __future__ import annotations

from sim.scenarios.actions import VERBS, Action
from sim.scenarios.board import Task
from sim.scenarios.check import SHADOW_CAVEAT, warnings
from sim.scenarios.conditions import MAX_STACK, Condition, Instruction, parse_condition
from sim.scenarios.demand import Policy
from sim.scenarios.loading import catalogue, lineage, load, scenario
from sim.scenarios.organisations import Dyad, Firms, Idea, Organisation, Partnership
from sim.scenarios.schema import Scenario, build
from sim.vocabulary.quantities import OBSERVABLES

__all__ = [
    "MAX_STACK",
    "OBSERVABLES",
    "SHADOW_CAVEAT",
    "VERBS",
    "Action",
    "Condition",
    "Dyad",
    "Firms",
    "Idea",
    "Instruction",
    "Organisation",
    "Partnership",
    "Policy",
    "Scenario",
    "Task",
    "build",
    "catalogue",
    "lineage",
    "load",
    "parse_condition",
    "scenario",
    "warnings",
]
