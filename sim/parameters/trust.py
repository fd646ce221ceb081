"""Trust, grievance, value, and what damages or repairs them."""

from __future__ import annotations

from functools import partial

from sim.parameters.parameter import Parameter

row = partial(Parameter, group="trust")

# fmt: off
TRUST: tuple[Parameter, ...] = (
    row("trust_gain", "eta_p", 0.020, 0.005, 0.05, "per event and week",
        "How fast good experience builds trust.", "calibrated to P14", "low", core=True,
        label="speed of gaining trust"),
    row("trust_loss", "eta_n", 0.04, 0.02, 0.08, "per week",
        "How fast public criticism destroys trust.",
        "Slovic 1993 (direction); erosion over build 2 to 5 (Pant & Yu 2025, recalled)", "low", core=True,
        label="speed of losing trust"),
    row("trust_return", "rho", 0.008, 0.0, 0.03, "per week",
        "How fast trust drifts back to its anchor.", "assumption", "low"),
    row("anchor_learning", "rho0", 0.002, 0.0, 0.03, "per week",
        "How fast the anchor itself follows the trust that was lived.",
        "Gulati 1995 (direction); level assumed", "low"),
    row("grievance_gain", "kG", 0.40, 0.2, 0.6, "per week",
        "How fast criticism piles up resentment in the target and its members.", "calibrated to P04", "low",
        label="speed of resentment"),
    row("grievance_half_life", "hG", 30.0, 22.0, 42.0, "weeks",
        "Time after which resentment has halved.", "calibrated to P04 (one case)", "low",
        core=True, positive=True,
        label="half-life of grievance"),
    row("value_rate", "nu_V", 0.02, 0.0, 0.1, "per week",
        "How fast the felt value of a partnership follows its results.", "assumption", "low"),
    row("breach_scar", "scar", 0.7, 0.3, 1.0, "factor",
        "How much of what hurts trust, a breach of integrity or criticism, also lowers the trust that can be regained.",
        "Schweitzer, Hershey & Bradlow 2006; Pant & Yu 2025 (direction, recalled); level assumed", "low",
        ceiling=1.0),
)
# fmt: on
