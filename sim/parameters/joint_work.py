"""Joint work, disagreement, deference and results."""

from __future__ import annotations

from functools import partial

from sim.parameters.parameter import Parameter

row = partial(Parameter, group="joint work")

# fmt: off
JOINT_WORK: tuple[Parameter, ...] = (
    row("disagreement_rate", "D0", 2.5, 1.0, 4.0, "per week",
        "Disagreements in a week of full joint work between partners with nothing in common.",
        "calibrated to P12", "low"),
    row("language_learning", "kd", 0.045, 0.02, 0.1, "share",
        "Share of the avoidable distance that one settled disagreement removes.", "calibrated to P12", "low"),
    row("deference_slope", "deference_slope", 6.0, 3.0, 9.0, "logit",
        "How sharply deferring to the partner depends on mutual trust.", "calibrated to P13", "low"),
    row("deference_midpoint", "deference_midpoint", 0.75, 0.6, 0.85, "share",
        "Mutual trust at which deferring and negotiating are equally likely.", "calibrated to P13", "low"),
    row("hours_negotiated", "hours_negotiated", 6.0, 3.0, 12.0, "hours",
        "Time that a disagreement costs when it is negotiated.", "assumption", "low"),
    row("unresolved_rate", "unresolved_rate", 0.1, 0.0, 0.3, "probability",
        "Chance that a negotiation between partners without any trust ends open.", "assumption", "low"),
    row("joint_hours", "joint_hours", 20.0, 10.0, 40.0, "hours/week",
        "Productive hours of each member in a week of full joint work.", "assumption", "low"),
    row("meeting_share", "m", 0.20, 0.0, 0.8, "share",
        "Share of the joint hours that goes into meetings.", "assumption", "low", ceiling=0.99),
    row("joint_level", "joint_t", 0.3, 0.0, 1.0, "share",
        "Joint work in an ordinary week, compared with a full campaign week.", "assumption", "low"),
    row("distance_base", "dinf", 0.05, 0.025, 0.1, "share",
        "Distance in language that remains between partners of the same mind.", "assumption", "low"),
    row("distance_stance", "dinf", 0.40, 0.2, 0.8, "share",
        "Further distance that remains between partners with opposite views.", "assumption", "low"),
)

row = partial(Parameter, group="results")

RESULTS: tuple[Parameter, ...] = (
    row("quality_base", "Q", 0.6, 0.3, 1.0, "share",
        "Quality of joint results without a champion and without structure.", "assumption", "low"),
    row("quality_champion", "Q", 0.2, 0.1, 0.4, "share",
        "Quality gained when at least one member has a champion.",
        "collection of good cases (direction); level assumed", "low"),
    row("quality_structure", "Q", 0.2, 0.1, 0.4, "share",
        "Quality gained by a complete partnership structure.",
        "international labour guidance (direction); level assumed", "low"),
    row("returns_to_scale", "eps", 0.95, 0.8, 1.0, "exponent",
        "Sum of the exponents with which inputs make a joint result: below 1, doing more of the same pays less.",
        "calibrated to P40, from both sides", "medium"),
    row("add_on_skill", "add_on_skill", 0.7, 0.35, 1.0, "factor",
        "Share of its skills that a firm brings when the project is outside its core business.",
        "Austin 2000 (direction); level assumed", "low"),
    row("value_add_on", "V", 0.45, 0.225, 0.9, "share",
        "Value of the partnership to the firm at the start, project outside the core business.",
        "calibrated to P38", "low"),
    row("value_integrated", "V", 0.60, 0.3, 1.0, "share",
        "Value of the partnership to the firm at the start, project inside the core business.",
        "calibrated to P38", "low"),
)
# fmt: on
