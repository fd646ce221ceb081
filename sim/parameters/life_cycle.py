"""Leaving, cooling, return; understanding of roles; being found out."""

from __future__ import annotations

from functools import partial

from sim.parameters.parameter import Parameter

row = partial(Parameter, group="life cycle")

# fmt: off
LIFE_CYCLE: tuple[Parameter, ...] = (
    row("conflict_base", "c0", -8.0, -9.5, -6.5, "logit",
        "Weekly tendency to walk out in anger when nothing speaks for or against it.",
        "calibrated to P02 and to angry endings of calm partnerships", "low", core=True,
        label="walking out without a reason"),
    row("exit_base", "b0", -8.1, -9.0, -7.0, "logit",
        "Weekly tendency to let a partnership of middling value lapse.",
        "calibrated to X1 (Lunnan & Haugland 2008)", "medium"),
    row("exit_value", "bV", 3.0, 1.5, 4.5, "logit",
        "How strongly the felt value keeps a partnership from lapsing.",
        "Lunnan & Haugland 2008 (direction: importance decides); calibrated to X1", "low"),
    row("exit_newness", "bD", 4.0, 2.0, 6.0, "logit",
        "How strongly a language that is not yet shared makes a partnership lapse.",
        "Lunnan & Haugland 2008 (direction: new ones end more often); calibrated to X1", "low"),
    row("exit_heat", "bH", 13.0, 7.0, 16.0, "logit",
        "How strongly the complaint of members about the partner drives a partner out.",
        "calibrated to P02, P03", "low", core=True,
        label="weight of complaint in leaving"),
    row("exit_grievance", "bG", 2.5, 1.25, 5.0, "logit",
        "How strongly old resentment drives a partner out.", "calibrated to P02", "low"),
    row("exit_formal", "bF", 0.8, 0.4, 1.6, "logit",
        "How strongly a signed agreement keeps a partner in.", "assumption", "low"),
    row("exit_champion", "bC", 0.7, 0.35, 1.4, "logit",
        "How strongly a champion keeps the own organisation in.",
        "collection of good cases (direction); level assumed", "low"),
    row("role_calms", "mu", 0.5, 0.0, 0.8, "share",
        "How far the understanding of an organisation's office calms its members.", "assumption", "low", core=True,
        label="what understanding does to members"),
    row("member_tolerance", "tau", 0.25, 0.15, 0.4, "share",
        "Felt criticism at which half of the members complain.", "assumption", "low"),
    row("renewal_base", "r0", 2.5, 1.2, 3.2, "logit",
        "Readiness to renew a partnership of middling value at the end of its term.",
        "calibrated to X1 (25 of 34 endings came early)", "medium"),
    row("keep_warm", "j_min", 0.10, 0.02, 0.3, "joint work",
        "Joint work below which the value of a partnership decays, whatever was wanted.", "assumption", "low",
        positive=True),
    row("return_grievance", "g_ret", 0.14, 0.1, 0.2, "share",
        "Resentment and criticism that one who left can forgive, where trust and value left sum to 1; held fixed in "
        "calibration, because only together with the half-life of grievance does it decide the time away.",
        "assumption, chosen with P04", "low",
        label="grievance that bars a return"),
    row("forgiveness_spread", "s_f", 0.5, 0.0, 1.0, "share",
        "How much those who left differ in what they can forgive.", "calibrated to P04, P06", "low", ceiling=1.0),
    row("moving_rate", "l_m", 0.0015, 0.0005, 0.004, "per week",
        "Rate at which one who left moves on for good, without a grievance.", "calibrated to P06", "low", core=True,
        label="moving on after a break"),
    row("reapproach_interval", "re_int", 26.0, 8.0, 104.0, "weeks",
        "Mean time between two attempts to win a partner back.", "assumption", "low", positive=True),
    row("pester", "pester", 0.01, 0.0, 0.03, "share",
        "Resentment added by an attempt that comes too early.", "assumption", "low"),
    row("self_return_rate", "self_return_rate", 2 / 52, 0.5 / 52, 3 / 52, "per week",
        "How readily a willing partner comes back without being asked.", "assumption", "low"),
    row("warn_effect", "w_warn", 0.3, 0.0, 0.5, "share",
        "What a warning takes from the blow of the campaign that it was about.", "assumption", "low", core=True,
        label="what a warning takes from the blow"),
    row("show_effect", "w_show", 0.5, 0.0, 0.7, "share",
        "The same when the text was shown.", "assumption", "low", core=True,
        label="what showing the text takes from the blow"),
    row("warn_risk", "p_w", 0.3, 0.05, 0.6, "probability",
        "Chance that somebody without any trust who is warned leaves at once, and that it lets the news out.",
        "assumption", "low", core=True, label="risk of a warning"),
    row("found_rate", "l_s", 0.03, 0.01, 0.2, "per year",
        "Rate at which a hidden partnership that only two know of comes out.", "assumption", "low"),
)
# fmt: on
