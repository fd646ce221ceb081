"""Exit, cooling, return."""

from __future__ import annotations

from functools import partial

from sim.parameters.parameter import Parameter

__all__ = ["LIFE_CYCLE"]

row = partial(Parameter, group="life cycle")

# fmt: off
LIFE_CYCLE: tuple[Parameter, ...] = (
    row("exit_base", "b0", -5.3, -7.95, -2.65, "logit",
        "Weekly tendency to leave a partnership when nothing speaks for or against it.",
        "calibrated to X1, survival over five years (Lunnan & Haugland 2008)", "low"),
    row("exit_heat", "bH", 9.0, 5.0, 11.0, "logit",
        "How strongly public criticism at the moment drives a partner out.",
        "calibrated to P02, P03", "low", core=True,
        label="weight of public heat in leaving"),
    row("exit_grievance", "bG", 2.5, 1.25, 5.0, "logit",
        "How strongly old resentment drives a partner out.", "calibrated to P02", "low"),
    row("exit_trust", "bT", 3.0, 1.5, 6.0, "logit",
        "How strongly trust keeps a partner in.", "calibrated to P02", "low"),
    row("exit_formal", "bF", 0.8, 0.4, 1.6, "logit",
        "How strongly a signed agreement keeps a partner in.", "assumption", "low"),
    row("exit_champion", "bC", 0.7, 0.35, 1.4, "logit",
        "How strongly a champion keeps the own organisation in.",
        "collection of good cases (direction); level assumed", "low"),
    row("exit_value", "bV", 0.8, 0.4, 1.6, "logit",
        "How strongly the felt value keeps a partner in.", "calibrated to P38, P39", "low"),
    row("exit_top", "bTop", 0.5, 0.0, 1.0, "logit",
        "How strongly the ownership of the top management keeps a partner in.", "assumption", "low"),
    row("cooling_weeks", "c_min", 13.0, 7.0, 26.0, "weeks",
        "Shortest time away after an exit.", "assumption, checked with P05", "low", integer=True),
    row("return_grievance", "g_ret", 0.15, 0.1, 0.2, "share",
        "Resentment below which a partner is willing to come back; held fixed in calibration, because only "
        "together with the half-life of grievance does it decide the time away.",
        "assumption (fixed)", "low",
        label="grievance that bars a return"),
    row("return_heat", "h_ret", 0.10, 0.05, 0.2, "share",
        "Public criticism below which a partner is willing to come back.",
        "source talk (direction); level assumed", "low"),
    row("return_trust", "T_ret", 0.12, 0.06, 0.24, "share",
        "Trust that a partner needs at least to be willing to come back.", "assumption", "low"),
    row("reapproach_interval", "re_int", 26.0, 8.0, 104.0, "weeks",
        "Mean time between two attempts to win a partner back.", "assumption", "low", positive=True),
    row("pester", "pester", 0.01, 0.0, 0.03, "share",
        "Resentment added by an attempt that comes too early.", "assumption", "low"),
    row("self_return_rate", "self_return_rate", 1 / 52, 0.5 / 52, 2 / 52, "per week",
        "How readily a willing partner comes back without being asked.", "assumption", "low"),
    row("return_success", "return_success", 0.7, 0.3, 1.0, "probability",
        "Chance that a willing partner says yes to an attempt.",
        "Levin, Walter & Murnighan 2011 (direction); level assumed", "low"),
    row("burned_weeks", "burned_weeks", 104.0, 52.0, 208.0, "weeks",
        "Time away after which a bridge counts as burned (report only).", "assumption", "medium",
        integer=True),
)
# fmt: on
