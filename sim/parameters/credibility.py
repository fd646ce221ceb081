"""Credibility with the five audiences."""

from __future__ import annotations

from functools import partial

from sim.parameters.parameter import Parameter

row = partial(Parameter, group="credibility")

# fmt: off
CREDIBILITY: tuple[Parameter, ...] = (
    row("halo_up", "nu_up", 0.45, 0.2, 0.7, "share",
        "Share of an audience that takes the standing of a signed public partner as one's own where that is higher: "
        "0.6 notice, and 75 of 100 of them.",
        "GlobeScan 2012 (75 of 100 respondents would respect a company more that partners with an NGO); "
        "used for other kinds too; who notices assumed", "low"),
    row("halo_down", "nu_down", 0.32, 0.1, 0.6, "share",
        "The same where the partner's standing is lower: 0.6 notice, and 53 of 100 of them.",
        "GlobeScan 2012 (53 of 100 would respect an NGO less that partners with a company); used for other kinds too; "
        "who notices assumed", "low"),
    row("halo_informal", "halo_informal", 0.33, 0.0, 1.0, "share",
        "How much of the halo an unsigned partnership gives, because few notice it.",
        "assumption, checked with P21", "low"),
    row("halo_down_other", "k_a", 0.2, 0.1, 0.4, "factor",
        "Weight of the loss outside the case of supporters looking at a partner from the other side.",
        "Odziemkowska 2022 (direction); level assumed", "low"),
    row("opposite_view", "opposite_view", 0.5, 0.0, 1.0, "factor",
        "How far supporters discount the public standing of a partner who is not on their side.",
        "assumption", "low"),
    row("credibility_return", "rho_c", 0.01, 0.005, 0.02, "per week",
        "How fast credibility drifts back to its usual level.",
        "assumption (Hovland & Weiss 1951 is about what a message does, not about the standing of its source)",
        "low"),
)
# fmt: on
