"""Whether an organisation says yes when it is asked."""

from __future__ import annotations

from functools import partial

from sim.parameters.parameter import Parameter

__all__ = ["FORMATION"]

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
    row("accept_direct", "aD", 0.7, 0.35, 1.05, "logit",
        "How much it counts that those who talk can also decide.",
        "collection of good cases (direction); level assumed", "low"),
    row("accept_heat", "aH", 5.0, 2.5, 7.5, "logit",
        "How much public criticism at the moment holds the asked organisation back.",
        "source talk (direction); level assumed", "low"),
    row("accept_grievance", "aG", 4.0, 2.0, 6.0, "logit",
        "How much old resentment against the asker holds the asked organisation back.",
        "source talk (direction); level assumed", "low"),
    row("accept_ask", "aAsk", 2.0, 1.0, 3.0, "logit",
        "How much a large request deters, the more so the less trust there is.",
        "Freedman & Fraser 1966 (persons: 53 of 100 agree to a large request after a small one, 22 without); "
        "level assumed", "low"),
    row("accept_flank", "aFl", 2.0, 0.0, 3.0, "logit",
        "How much criticism from others of the asker's side makes the asker attractive.",
        "Baron 2012; Odziemkowska 2022; McDonnell, King & Soule 2015 (direction)", "low", core=True,
        label="welcome while others criticise"),
    row("accept_need", "a_need", 0.5, 0.0, 1.0, "logit",
        "How much a firm is drawn by an asker that needs partners badly.",
        "collection of good cases (direction); level assumed", "low"),
    row("accept_format", "a_format", 0.5, 0.0, 1.0, "logit",
        "How much it deters a firm that it is offered a list and wants a workshop, or the other way round.",
        "source talk (direction); level assumed", "low"),
    row("accept_contract", "aK", 0.5, 0.25, 0.75, "logit",
        "How much a complete offer of contract items counts.", "assumption", "low"),
    row("accept_tone", "aPos", 0.8, 0.0, 1.6, "logit",
        "How much a positive rather than a critical approach counts.",
        "source talk (direction); level assumed", "low"),
    row("accept_top", "aTop", 1.0, 0.0, 2.0, "logit",
        "How much the ownership of the top management counts when it comes to terms and signatures.",
        "assumption", "low"),
    row("shadow_visibility", "vis", 0.3, 0.15, 0.6, "share",
        "How visible a partnership in the shadow is, compared with a public one.", "assumption", "low"),
)
# fmt: on
