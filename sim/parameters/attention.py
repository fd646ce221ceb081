"""Coverage, criticism and the calendar."""

from __future__ import annotations

from functools import partial

from sim.parameters.parameter import Parameter

row = partial(Parameter, group="attention")

# fmt: off
ATTENTION: tuple[Parameter, ...] = (
    row("background_coverage", "mu", 2.0, 0.5, 5.0, "items/week",
        "Media items on the issue in a week when nobody campaigns and nothing echoes.", "assumption", "low"),
    row("coverage_dispersion", "k_Y", 3.0, 1.5, 6.0, "number",
        "Evenness of the weekly news: counts vary with m + m^2 / k, the smaller k the moodier.",
        "set by the length and number of storms (Markus et al. 2024, recalled; Boydstun, Hardy & Walgrave 2014)", "low",
        positive=True),
    row("coverage_memory", "phi", 0.3, 0.1, 0.6, "share",
        "Share of last week's media memory that is still there this week.",
        "Litterer, Jurgens & Card 2023 (direction: most events get brief coverage); value assumed", "low"),
    row("branching_base", "n0", 0.5, 0.0, 0.8, "items per item",
        "New items that one remembered item brings when the tone is friendly.",
        "assumption, checked with P02, P32", "low"),
    row("branching_conflict", "n1", 0.20, 0.0, 0.4, "items per item",
        "How much more an item echoes when the tone is fully critical.",
        "calibrated to P02, P32", "low", core=True,
        label="echo of conflict"),
    row("branching_max", "n_max", 0.92, 0.5, 0.949, "items per item",
        "Cap on the echo, so that coverage always dies down in the end.", "assumption", "medium",
        ceiling=0.999),
    row("coverage_half", "Y_half", 40.0, 20.0, 80.0, "items/week",
        "Coverage at which public attention reaches half of its maximum.", "assumption", "low",
        positive=True),
    row("stimulus", "s0", 3.0, 1.0, 9.0, "items/week",
        "Media items that a campaign of intensity 1 brings about by itself in a week.",
        "calibrated to P02", "low", core=True,
        label="news value of a campaign"),
    row("launch_factor", "launch", 9.0, 3.0, 15.0, "factor",
        "How much stronger a campaign works on the media in its first two weeks.",
        "calibrated to P02 and the length of storms", "low"),
    row("evidence_news_value", "v_ev", 0.5, 0.0, 1.0, "factor",
        "News value of a survey of full quality, compared with a launch.",
        "source talk (direction); level assumed", "low"),
    row("tone_news_value", "tone_news_value", 0.5, 0.25, 1.0, "factor",
        "Extra coverage of a campaign because it is critical.", "assumption", "low"),
    row("rebuttal_rate", "h_reb", 1.0, 0.0, 3.0, "per week",
        "How readily a criticised organisation rebuts in public, per unit of heat.", "assumption", "low"),
    row("third_party_blame", "third", 0.15, 0.0, 0.5, "share",
        "Share of the criticism of others, who resemble one, that is held against one as well.", "assumption", "low",
        core=True,
        label="blame for others' criticism"),
)

row = partial(Parameter, group="calendar")

CALENDAR: tuple[Parameter, ...] = (
    row("window_boost", "a_win", 0.61, 0.0, 1.5, "factor",
        "Extra public interest in the topic on an awareness day.",
        "Ayers et al. 2016 (news +61 % on one day); Hao, Liu & Ge 2018 (10 of 46 days raised searches)", "medium"),
    row("everyday_rivals", "n_o", 0.5, 0.0, 2.0, "campaigns",
        "Campaigns on other matters that compete for attention on any day.", "assumption", "low"),
    row("stunt_boost", "b_nu", 2.0, 0.0, 4.0, "factor",
        "How much more a surprising stunt stands out than a plain campaign.", "assumption", "low"),
    row("window_rivals", "n_c", 1.0, 0.5, 2.0, "campaigns",
        "Further campaigns that compete on an awareness day.", "assumption", "low"),
)
# fmt: on
