"""Money from outside and from inside: grants, internal approval."""

from __future__ import annotations

from functools import partial

from sim.parameters.parameter import Parameter

row = partial(Parameter, group="money")

# fmt: off
MONEY: tuple[Parameter, ...] = (
    row("approve_base", "approve_base", 1.0, 0.5, 1.5, "logit",
        "Readiness of a public body to put a project into its annual plan.", "assumption", "low"),
    row("approve_ask", "approve_ask", 2.5, 1.25, 3.75, "logit",
        "What the size of the project takes away, as a share of the annual budget.",
        "source talk (direction: started small, so leaders say yes); level assumed", "low"),
    row("approve_champion", "approve_champion", 1.2, 0.6, 1.8, "logit",
        "What a committed person inside adds.",
        "source talk (direction: passionate advocates); level assumed", "low"),
    row("plan_ask", "plan_ask", 0.3, 0.05, 1.0, "share",
        "Size of a project in the annual plan, as a share of the annual budget (hours counted as money).",
        "assumption", "low",
        label="size of the project asked for"),
    row("plan_without", "plan_without", 0.5, 0.0, 1.0, "ratio",
        "Joint work that is left of a project that is not in the annual plan.", "assumption", "low"),
    row("grant_growth", "g", 4.0, 2.0, 7.0, "ratio",
        "Growth of a grant from year to year for each unit of success above what the funder asks for.",
        "calibrated to P15 (5,000 to 50,000 EUR)", "low"),
    row("grant_need", "S_0", 0.4, 0.2, 0.6, "share",
        "Success at which a grant stays as it is.", "calibrated to P15", "low"),
    row("grant_learning", "L_ref", 0.012, 0.004, 0.05, "share",
        "Share of the public taught by a season's joint campaigns that counts as success.", "calibrated to P15", "low",
        positive=True),
    row("award_full", "S_full", 0.6, 0.4, 1.0, "share",
        "Success from which a grant is certain.", "calibrated to P16; Bol, de Vaan & van de Rijt 2018 (direction)",
        "low",
        positive=True),
    row("grant_trust", "grant_trust", 0.4, 0.2, 0.6, "share",
        "Part of grant success that is the funder's trust in the lead; the rest is results.", "assumption", "low"),
    row("grant_noise", "sd", 0.12, 0.0, 0.3, "log units",
        "Spread of grants that nothing in the model explains.", "assumption", "low"),
    row("grant_cap", "cap_grant", 150_000.0, 50_000.0, 500_000.0, "EUR",
        "Largest grant.", "assumption", "low"),
    row("first_grant", "first_grant", 5_000.0, 1_000.0, 20_000.0, "EUR",
        "Smallest grant that is given.", "source talk (a 5,000 EUR letter)", "medium"),
)
