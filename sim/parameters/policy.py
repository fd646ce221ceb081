"""Policy: how a demand comes onto the political agenda, and how far a board of tasks is covered."""

from __future__ import annotations

from functools import partial

from sim.parameters.parameter import Parameter

row = partial(Parameter, group="policy")

# fmt: off
POLICY: tuple[Parameter, ...] = (
    row("stage_rate", "b", 0.25, 0.15, 0.3, "per year",
        "Rate at which a demand comes one stage further when nobody presses.",
        "set by the pace of politics (Baumgartner et al. 2009)", "low"),
    row("policy_force", "theta", 1.6, 1.1, 2.0, "log factor",
        "How much pressure speeds a demand up, or holds it back.",
        "set by the pace of politics (Baumgartner et al. 2009: 60 % of 98 issues unchanged after four years)", "low",
        core=True, label="force of political pressure"),
    row("pressure_half_life", "h_pol", 26.0, 8.0, 104.0, "weeks",
        "Time after which politics has forgotten half of the pressure.", "assumption", "low", positive=True),
    row("breadth_weight", "w_br", 0.5, 0.25, 0.75, "share",
        "Share of the pressure that only a broad coalition can reach.", "assumption", "low"),
    row("coalition_full", "coalition_full", 5.0, 2.0, 10.0, "organisations",
        "Allies beside the first at which a coalition has its full breadth.",
        "assumption", "low", positive=True),
)

row = partial(Parameter, group="task board")

TASK_BOARD: tuple[Parameter, ...] = (
    row("task_hours", "h_ref", 4.0, 1.0, 40.0, "hours/week",
        "Hours that an organisation needs in a cell of the task board to bring its skills fully to bear.",
        "assumption", "low", positive=True),
    row("task_covered", "task_covered", 0.5, 0.3, 0.8, "share",
        "Result from which on a cell of the task board counts as covered.", "assumption", "low"),
)
# fmt: on
