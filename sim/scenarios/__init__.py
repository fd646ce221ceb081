"""Scenario files: who is there, how they stand to each other, and the plan."""

from __future__ import annotations

from sim.scenarios.actions import SHARE_TOLD, STRATEGY_KEYS, VERBS, Action
from sim.scenarios.board import INTERVENTIONS, LEVELS, PLACES, Task
from sim.scenarios.check import SHADOW_CAVEAT, warnings
from sim.scenarios.conditions import (
    DECISION_CODES,
    MAX_STACK,
    NEVER,
    OBSERVABLES,
    POLICY_CODES,
    STATE_CODES,
    Condition,
    Instruction,
    parse_condition,
)
from sim.scenarios.demand import Policy
from sim.scenarios.fields import CONTRACT_ITEMS, STRUCTURE_ITEMS
from sim.scenarios.loading import catalogue, lineage, load, scenario
from sim.scenarios.observables import Observable
from sim.scenarios.organisations import Dyad, Firms, Idea, Organisation, Partnership
from sim.scenarios.schema import Scenario, build

__all__ = [
    "CONTRACT_ITEMS",
    "DECISION_CODES",
    "INTERVENTIONS",
    "LEVELS",
    "MAX_STACK",
    "NEVER",
    "OBSERVABLES",
    "PLACES",
    "POLICY_CODES",
    "SHADOW_CAVEAT",
    "SHARE_TOLD",
    "STATE_CODES",
    "STRATEGY_KEYS",
    "STRUCTURE_ITEMS",
    "VERBS",
    "Action",
    "Condition",
    "Dyad",
    "Firms",
    "Idea",
    "Instruction",
    "Observable",
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
