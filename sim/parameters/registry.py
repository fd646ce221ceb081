"""All parameters of the model in one ordered registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.parameters.adoption import ADOPTION
from sim.parameters.attention import ATTENTION, CALENDAR
from sim.parameters.credibility import CREDIBILITY
from sim.parameters.formation import FORMATION
from sim.parameters.funnel import FUNNEL, LEARNING
from sim.parameters.ideas import BREACH, IDEAS
from sim.parameters.joint_work import JOINT_WORK, RESULTS
from sim.parameters.life_cycle import LIFE_CYCLE
from sim.parameters.money import MONEY
from sim.parameters.policy import POLICY, TASK_BOARD
from sim.parameters.resources import CHAMPIONS, START
from sim.parameters.trust import TRUST

if TYPE_CHECKING:
    from sim.parameters.parameter import Parameter

TABLES: tuple[tuple[Parameter, ...], ...] = (
    ATTENTION,
    CALENDAR,
    FUNNEL,
    LEARNING,
    CREDIBILITY,
    FORMATION,
    JOINT_WORK,
    RESULTS,
    TRUST,
    LIFE_CYCLE,
    IDEAS,
    BREACH,
    ADOPTION,
    CHAMPIONS,
    MONEY,
    POLICY,
    TASK_BOARD,
    START,
)
"""The tables by group, in order."""

REGISTRY: dict[str, Parameter] = {parameter.name: parameter for table in TABLES for parameter in table}
"""Every parameter by name, ordered by group."""

GROUPS: tuple[str, ...] = tuple(dict.fromkeys(parameter.group for parameter in REGISTRY.values()))
"""The group headings in order."""

CORE: tuple[str, ...] = tuple(name for name, parameter in REGISTRY.items() if parameter.core)
"""Names of the parameters that the global sensitivity analysis varies."""
