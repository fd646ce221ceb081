"""Champions, and how a run starts."""

from __future__ import annotations

from functools import partial

from sim.parameters.parameter import Parameter

row = partial(Parameter, group="champions")

# fmt: off
CHAMPIONS: tuple[Parameter, ...] = (
    row("champion_leaving_rate", "chi_c", 0.2, 0.1, 0.35, "per year",
        "Rate at which a champion leaves.", "general knowledge of staff turnover", "low"),
    row("champion_replaced", "champion_replaced", 0.5, 0.25, 1.0, "probability",
        "Chance that a champion who left is replaced.", "assumption", "low"),
    row("champion_replaced_focal", "champion_replaced_focal", 0.8, 0.4, 1.0, "probability",
        "The same chance when the agreement names focal points.", "assumption", "low"),
    row("director_rate", "director_rate", 0.12, 0.0, 0.25, "per year",
        "Rate at which the director of an organisation changes.", "general knowledge of executive turnover", "low"),
    row("personal_share", "phi_d", 0.5, 0.2, 0.8, "share",
        "Share of trust, understanding and grievance that goes with a director.", "assumption", "low"),
)

row = partial(Parameter, group="start")

START: tuple[Parameter, ...] = (
    row("start_spread", "start_spread", 0.0, 0.0, 1.0, "logit",
        "Spread of trust, credibility and value at the start between replicates; 0 means none.",
        "assumption (off by default)", "low"),
    row("role_understanding_federation", "r_FED", 0.5, 0.0, 1.0, "share",
        "How far a federation sees criticism as the critic's job rather than as ill will, where a scenario "
        "does not say.", "assumption", "low", core=True,
        label="understanding of the critic's role"),
)
# fmt: on
