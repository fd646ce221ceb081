"""Trust, grievance, value, and what damages or repairs them."""

from __future__ import annotations

from functools import partial

from sim.parameters.parameter import Parameter

__all__ = ["TRUST"]

row = partial(Parameter, group="trust")

# fmt: off
TRUST: tuple[Parameter, ...] = (
    row("trust_gain", "eta_p", 0.020, 0.005, 0.05, "per event and week",
        "How fast good experience builds trust.", "calibrated to P14", "low", core=True),
    row("trust_loss", "eta_n", 0.12, 0.03, 0.3, "per week",
        "How fast public criticism destroys trust.",
        "Slovic 1993 (direction); level assumed, not identified", "low", core=True),
    row("trust_return", "rho", 0.008, 0.0, 0.03, "per week",
        "How fast trust drifts back to its anchor.", "assumption", "low"),
    row("anchor_learning", "rho0", 0.002, 0.0, 0.03, "per week",
        "How fast the anchor itself follows the trust that was lived.",
        "Gulati 1995 (direction); level assumed", "low"),
    row("deferral_credit", "p_ij", 0.5, 0.25, 1.0, "events",
        "Weight of one deferral as a good experience.", "calibrated to P14", "low"),
    row("joint_work_credit", "p_ij", 2.0, 1.0, 4.0, "events",
        "Weight of a week of full joint work in a common language as good experience.",
        "calibrated to P14", "low"),
    row("mirror_blame", "mirror", 0.3, 0.0, 1.0, "factor",
        "How much of the blow to the target's trust also hits the critic's trust in the target.",
        "assumption", "low"),
    row("grievance_gain", "kG", 0.30, 0.1, 0.6, "per week",
        "How fast criticism piles up resentment in the target and its members.", "calibrated to P04", "low"),
    row("grievance_half_life", "hG", 30.0, 22.0, 42.0, "weeks",
        "Time after which resentment has halved.", "calibrated to P04 (one case)", "low",
        core=True, positive=True),
    row("value_rate", "nu_V", 0.02, 0.0, 0.1, "per week",
        "How fast the felt value of a partnership follows its results.", "assumption", "low"),
    row("exit_trust_factor", "exit_trust_factor", 0.55, 0.3, 0.9, "factor",
        "What is left of the others' trust in a member who walks out.",
        "Schweitzer, Hershey & Bradlow 2006 (direction); level assumed", "low"),
    row("breach_slope", "breach_slope", 0.6, 0.3, 0.9, "factor",
        "How much trust a breach costs, per unit of disappointment and severity.", "assumption", "low",
        ceiling=1.0),
    row("breach_scar", "scar", 0.5, 0.0, 1.0, "factor",
        "How much a breach of integrity lowers the trust to which one can ever return.",
        "Schweitzer, Hershey & Bradlow 2006 (direction); level assumed", "low", ceiling=1.0),
    row("apology_gain", "apology_gain", 0.05, 0.0, 0.2, "share",
        "Share of the missing trust that an apology brings back.",
        "Kim, Ferrin, Cooper & Dirks 2004 (direction); level assumed", "low"),
    row("apology_supporters_loss", "apology_supporters_loss", 0.01, 0.005, 0.02, "share",
        "Credibility that an apology costs with one's own supporters.", "assumption", "low"),
    row("apology_repeat_weeks", "apology_repeat_weeks", 52.0, 26.0, 104.0, "weeks",
        "Time within which a second apology to the same partner has no effect.", "assumption", "low",
        integer=True),
    row("promise_break", "promise_break", 0.45, 0.2, 0.8, "share",
        "Share of trust lost by breaking a promise of full weight.",
        "Schweitzer, Hershey & Bradlow 2006 (direction); level assumed", "low"),
    row("promise_weight", "w", 0.5, 0.0, 1.0, "share",
        "Weight of a promise if nothing else is said.", "assumption", "low"),
    row("credit_gain", "credit_gain", 0.05, 0.025, 0.1, "share",
        "Share of the missing trust that the idea's owner gains when credit is given.", "assumption", "low"),
    row("claim_trust_factor", "claim_trust_factor", 0.8, 0.4, 1.0, "factor",
        "What is left of the user's trust after the owner claimed the idea in public.", "assumption", "low"),
    row("claim_grievance", "claim_grievance", 0.05, 0.025, 0.1, "share",
        "Resentment that a public claim leaves with the user of the idea.", "assumption", "low"),
    row("claim_items", "claim_items", 5.0, 2.5, 10.0, "items/week",
        "Media items that a public dispute over credit brings.", "assumption", "low"),
    row("claim_weeks", "claim_weeks", 2.0, 1.0, 4.0, "weeks",
        "How long a public dispute over credit lasts.", "assumption", "low", integer=True),
    row("claim_tone", "claim_tone", 0.3, 0.15, 0.6, "share",
        "Critical tone of a public dispute over credit.", "assumption", "low"),
    row("celebration_value", "celebration_value", 0.05, 0.025, 0.1, "share",
        "Share of the missing value that celebrating results adds for each member.", "assumption", "low"),
    row("symmetric_trust", "symmetric_trust", 0.0, 0.0, 1.0, "switch",
        "Alternative theory: trust is lost no faster than it is gained (eta_n = eta_p).",
        "contrast to Slovic 1993", "medium", integer=True),
    row("fixed_anchor", "fixed_anchor", 0.0, 0.0, 1.0, "switch",
        "Alternative theory: the level to which trust returns never learns (rho0 = 0).",
        "contrast to Gulati 1995", "medium", integer=True),
)
# fmt: on
