"""Whether an organisation says yes when it is asked."""

from __future__ import annotations

from functools import partial

from sim.parameters.parameter import Parameter

row = partial(Parameter, group="formation")

# fmt: off
FORMATION: tuple[Parameter, ...] = (
    row("accept_base", "a0", -1.0, -1.5, -0.5, "logit",
        "Readiness to say yes before anything else is weighed.", "calibrated to P01", "low"),
    row("accept_trust", "aT", 3.0, 1.5, 4.5, "logit",
        "How much the trust in the asker counts.", "Venn & Berg 2014 (direction); calibrated to P01", "low"),
    row("accept_fit", "aFit", 1.0, 0.5, 1.5, "logit",
        "How much a good match of purposes counts.",
        "Zasuwa 2017 (consumers judging a firm and a cause; direction); level assumed", "low"),
    row("accept_value", "aV", 1.5, 0.75, 2.25, "logit",
        "How much the expected benefit counts.", "calibrated to P01", "low"),
    row("accept_evidence", "aE", 0.7, 0.35, 1.05, "logit",
        "How much evidence in the asker's hand counts.", "calibrated to P34", "low"),
    row("accept_champion", "aC", 1.0, 0.5, 1.5, "logit",
        "How much a committed person inside the asked organisation counts.",
        "collection of good cases (7 of 7 had one, selected on success)", "low"),
    row("accept_heat", "aH", 5.0, 2.5, 7.5, "logit",
        "How much public criticism at the moment holds the asked organisation back.",
        "source talk (direction); level assumed", "low"),
    row("accept_flank", "aFl", 2.0, 0.0, 3.0, "logit",
        "How much criticism from others of the asker's side makes the asker attractive.",
        "Baron 2012; Odziemkowska 2022; McDonnell, King & Soule 2015 (direction)", "low", core=True,
        label="welcome while others criticise"),
    row("accept_tone", "aPos", 0.8, 0.0, 1.6, "logit",
        "How much a positive rather than a critical approach counts.",
        "source talk (direction); level assumed", "low"),
)
# fmt: on
