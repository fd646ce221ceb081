"""Telling ideas, using them, breaking faith, and what was expected."""

from __future__ import annotations

from functools import partial

from sim.parameters.parameter import Parameter

__all__ = ["BREACH", "EXPECTATION", "IDEAS"]

row = partial(Parameter, group="ideas")

# fmt: off
IDEAS: tuple[Parameter, ...] = (
    row("choice_slope", "beta", 4.0, 2.0, 8.0, "per utility",
        "How sharply a firm picks the option with the largest utility.", "assumption", "low"),
    row("untold_value", "psi0", 0.5, 0.0, 1.0, "share",
        "Share of the true value that a firm sees in ideas of which it was told nothing.",
        "Arrow 1962; Anton & Yao 2002 (shape); value assumed", "low"),
    row("untold_saturation", "s_q", 0.4, 0.1, 1.0, "share",
        "Share told from which the firm values the untold rest in full.",
        "Anton & Yao 2002 (shape); value assumed", "low", positive=True),
    row("brand_value", "b_brand", 0.30, 0.15, 0.45, "utility",
        "What being seen with a publicly believed partner is worth to a firm.",
        "calibrated to P21, P22", "low"),
    row("association_cost", "c_assoc", 0.9, 0.45, 1.35, "utility",
        "What being seen with a partner whom employers do not believe costs a firm.",
        "calibrated to P21, P22", "low", core=True,
        label="cost of being seen with the critic"),
    row("trust_utility", "b_T", 0.5, 0.25, 0.75, "utility",
        "What trust in the idea's owner adds to working together.", "calibrated to P21, P22", "low"),
    row("own_use_value", "b_own", 0.35, 0.175, 0.525, "utility",
        "What a firm gains by using the ideas alone under its own name.",
        "Khanna, Gulati & Nohria 1998 (direction); calibrated to P21, P22", "low", core=True,
        label="value of using ideas alone"),
    row("appropriation_cost", "c_app", 0.30, 0.15, 0.45, "utility",
        "What taking ideas without credit costs a firm in any case.", "calibrated to P21, P22", "low"),
    row("appropriation_contract", "c_con", 0.8, 0.4, 1.2, "utility",
        "What taking ideas costs in addition when a complete contract was agreed.",
        "calibrated to P21, P22", "low"),
    row("appropriation_trust", "c_appT", 0.4, 0.2, 0.6, "utility",
        "What taking ideas costs in addition when the firm trusts their owner.",
        "calibrated to P21, P22", "low"),
    row("workshop_time_cost", "c_time", 0.2, 0.1, 0.3, "utility",
        "What the time for a workshop costs the firm.", "assumption", "low"),
    row("workshop_value", "b_workshop", 0.25, 0.125, 0.375, "utility",
        "What having worked on the ideas together adds to a partnership.",
        "source talk (direction); level assumed", "low"),
    row("shadow_utility", "u_shadow", -0.1, -0.15, -0.05, "utility",
        "What it costs to work together without being able to show it.", "assumption", "low"),
    row("shadow_association", "f_assoc_shadow", 0.3, 0.15, 0.45, "factor",
        "Share of the cost of association that remains in the shadow.", "assumption", "low"),
    row("quiet_utility", "u_quiet", -0.15, -0.225, -0.075, "utility",
        "What it costs to use ideas without telling anybody.", "assumption", "low"),
    row("quiet_appropriation", "f_quiet", 0.5, 0.25, 0.75, "factor",
        "Share of the cost of taking ideas that remains when the use is quiet.", "assumption", "low"),
    row("heat_memory_half_life", "heat_memory_half", 8.0, 2.0, 26.0, "weeks",
        "Time after which a firm's memory of public criticism has halved.", "assumption", "low",
        positive=True),
    row("decision_delay_min", "decision_delay", 4.0, 1.0, 13.0, "weeks",
        "Shortest time from an offer to the firm's decision.", "source talk (order of events)", "low",
        integer=True),
    row("decision_delay_max", "decision_delay", 8.0, 1.0, 13.0, "weeks",
        "Longest time from an offer to the firm's decision.", "source talk (order of events)", "low",
        integer=True),
    row("clause_kept", "clause_kept", 0.8, 0.0, 1.0, "probability",
        "Chance that a firm that uses the ideas alone honours a credit clause.", "assumption", "low"),
    row("quiet_use_found", "quiet_use_found", 0.5, 0.0, 1.0, "probability",
        "Chance that quiet use becomes known to the idea's owner.", "assumption", "low"),
    row("idea_value_low", "v_j", 0.65, 0.325, 1.3, "utility",
        "Smallest value that the ideas can have for a firm.", "assumption", "low"),
    row("idea_value_high", "v_j", 1.35, 0.675, 2.7, "utility",
        "Largest value that the ideas can have for a firm.", "assumption", "low"),
    row("leak_rate", "leak_rate", 0.0, 0.0, 0.01, "per week",
        "How readily an organisation passes on an idea it knows; 0 turns leaks off.",
        "Pahnke, McDonald, Wang & Hallen 2015 (direction); off by default", "low"),
    row("leak_share", "leak_share", 0.5, 0.25, 1.0, "share",
        "Share of the ideas that one leak gives away.", "assumption", "low"),
    row("share_list", "s", 1.0, 0.5, 1.0, "share",
        "Share of the ideas told by handing over a list.", "source talk (the full list was given)", "medium"),
    row("share_teaser", "s", 0.2, 0.1, 0.4, "share",
        "Share of the ideas told by a teaser.", "assumption", "low"),
    row("share_guide", "s", 0.6, 0.3, 1.0, "share",
        "Share of the ideas told by a guide.", "assumption", "low"),
    row("share_workshop", "s", 0.5, 0.25, 1.0, "share",
        "Share of the ideas told in a workshop.", "assumption", "low"),
    row("press_release_delay", "press_release_delay", 1.0, 1.0, 2.0, "weeks",
        "Time from deciding to use the ideas alone to announcing it.",
        "source talk (order of events)", "low", integer=True),
)

row = partial(Parameter, group="breach")

BREACH: tuple[Parameter, ...] = (
    row("severity_uncredited_use", "sev", 0.8, 0.4, 1.0, "share",
        "Severity of public use without credit (a breach of integrity).", "assumption", "low"),
    row("severity_quiet_use", "sev", 0.4, 0.2, 0.8, "share",
        "Severity of quiet use that was found out (a breach of integrity).", "assumption", "low"),
    row("severity_leak", "sev", 0.5, 0.25, 1.0, "share",
        "Severity of passing on an idea of somebody else (a breach of integrity).", "assumption", "low"),
    row("severity_clause", "sev", 0.9, 0.45, 1.0, "share",
        "Severity of breaking an agreed credit clause (a breach of integrity).", "assumption", "low"),
    row("severity_refusal", "sev", 0.2, 0.1, 0.4, "share",
        "Severity of a refusal after the full list was given (no breach of integrity).", "assumption", "low"),
    row("severity_naming", "sev", 0.6, 0.3, 1.0, "share",
        "Severity of naming a firm that asked not to be named.", "source talk (direction); level assumed",
        "low"),
    row("realised_public", "realised", 1.0, 0.5, 1.0, "share",
        "How much of the hopes a public partnership fulfils.", "assumption", "low"),
    row("realised_shadow", "realised", 0.5, 0.25, 1.0, "share",
        "How much of the hopes a partnership in the shadow fulfils.", "assumption", "low"),
    row("realised_quiet", "realised", 0.3, 0.15, 0.6, "share",
        "How much of the hopes quiet use fulfils once it is known.", "assumption", "low"),
    row("realised_refusal", "realised", 0.2, 0.1, 0.4, "share",
        "How much of the hopes a refusal leaves.", "assumption", "low"),
)

row = partial(Parameter, group="expectation")

EXPECTATION: tuple[Parameter, ...] = (
    row("expect_high", "expect", 0.9, 0.45, 1.0, "share",
        "What an organisation expects of a partner under the strategy of high hopes.",
        "assumption, checked with P25", "low"),
    row("expect_medium", "expect", 0.6, 0.3, 1.0, "share",
        "What an organisation expects of a partner if nothing else is said.", "assumption", "low"),
    row("expect_low", "expect", 0.3, 0.15, 0.6, "share",
        "What an organisation expects of a partner under the strategy of low hopes.",
        "assumption, checked with P25", "low"),
    row("expect_rate", "expect_rate", 0.1, 0.0, 0.5, "per event",
        "How fast hopes follow what partners really did, if they adapt.", "assumption", "low"),
)
# fmt: on
