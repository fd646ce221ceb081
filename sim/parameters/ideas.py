"""Telling ideas, using them, breaking faith, and what was expected."""

from __future__ import annotations

from functools import partial

from sim.parameters.parameter import Parameter

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
    row("own_use_value", "b_own", 0.35, 0.175, 0.525, "utility",
        "What a firm gains by using the ideas alone under its own name.",
        "Khanna, Gulati & Nohria 1998 (direction); calibrated to P21, P22", "low", core=True,
        label="value of using ideas alone"),
    row("appropriation_cost", "c_app", 0.30, 0.15, 0.45, "utility",
        "What taking ideas without credit costs a firm in any case.", "calibrated to P21, P22", "low"),
    row("appropriation_contract", "c_con", 0.8, 0.4, 1.2, "utility",
        "What taking ideas costs in addition when a complete contract was agreed.",
        "calibrated to P21, P22", "low"),
    row("implementation_cost", "c_impl", 0.35, 0.0, 0.8, "utility",
        "What carrying the measures out costs an ordinary firm, however it uses the ideas.",
        "calibrated to P21, P22", "low"),
    row("quiet_use_found", "quiet_use_found", 0.5, 0.0, 1.0, "probability",
        "Chance that quiet use becomes known to the idea's owner.", "assumption", "low"),
    row("leak_rate", "leak_rate", 0.0, 0.0, 0.01, "per week",
        "How readily an organisation passes on an idea it knows; 0 turns leaks off.",
        "Pahnke, McDonald, Wang & Hallen 2015 (direction); off by default", "low"),
)

row = partial(Parameter, group="breach")

BREACH: tuple[Parameter, ...] = (
    row("severity_uncredited_use", "sev", 0.8, 0.4, 1.0, "share",
        "Severity of public use without credit (a breach of integrity).", "assumption", "low"),
    row("realised_public", "realised", 1.0, 0.5, 1.0, "share",
        "How much of the hopes a public partnership fulfils.", "assumption", "low"),
)
# fmt: on
