"""Policy: how a demand comes onto the political agenda, and how far a board of tasks is covered."""

from __future__ import annotations

from functools import partial

from sim.parameters.parameter import Parameter

__all__ = ["POLICY", "TASK_BOARD"]

row = partial(Parameter, group="policy")

# fmt: off
POLICY: tuple[Parameter, ...] = (
    row("agenda_base", "agenda_base", 0.0005, 0.0, 0.005, "per week",
        "Hazard that the demand comes onto the political agenda although nobody presses for it.",
        "assumption", "low"),
    row("agenda_pressure", "agenda_pressure", 0.02, 0.0, 0.1, "per week",
        "Further hazard under full attention, when a sender whom politicians fully believe presses for it.",
        "assumption", "low"),
    row("promise_hazard", "promise_hazard", 0.01, 0.002, 0.05, "per week",
        "Hazard that politicians promise to act on a demand that is on the agenda.", "assumption", "low"),
    row("decision_hazard", "decision_hazard", 0.005, 0.001, 0.025, "per week",
        "Hazard that a promised measure is decided.", "assumption", "low"),
    row("force_delay", "force_delay", 26.0, 4.0, 104.0, "weeks",
        "Time from the decision until it is in force.", "assumption", "low", integer=True),
    row("lobby_factor", "lobby_factor", 1.5, 1.0, 3.0, "factor",
        "How much more the pressure of a sender weighs that also talks to politicians directly.",
        "assumption", "low"),
    row("lobby_weeks", "lobby_weeks", 4.0, 1.0, 13.0, "weeks",
        "How long one round of lobbying works.", "assumption", "low", integer=True),
    row("coalition_full", "coalition_full", 5.0, 2.0, 10.0, "organisations",
        "Allies beside the sender at which a coalition has its full breadth and doubles every hazard.",
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
