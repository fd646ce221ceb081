"""From exposure to visits, training seats and evidence."""

from __future__ import annotations

from functools import partial

from sim.parameters.parameter import Parameter

__all__ = ["EVIDENCE", "FUNNEL", "LEARNING", "TRAINING"]

row = partial(Parameter, group="funnel")

# fmt: off
FUNNEL: tuple[Parameter, ...] = (
    row("click_through", "ctr", 3739 / 877209, 0.001, 0.01, "share",
        "Share of exposures that lead to a visit of the campaign site.",
        "diversity campaign case (3,739 of 877,209; visitors from elsewhere are in the figure)", "medium"),
    row("pages_per_visit", "ppv", 5761 / 3739, 1.0, 3.1, "pages",
        "Pages looked at per visit.", "diversity campaign case (5,761 by 3,739)", "high"),
    row("visit_seconds", "tau", 212.0, 106.0, 424.0, "seconds",
        "Mean time that a visitor stays.", "diversity campaign case", "high"),
    row("call_to_action", "m_cta", 1.0, 0.5, 2.0, "ratio",
        "How much better or worse the call to action works than in the case.", "assumption", "low"),
    row("cost_per_mille", "CPM", 8.0, 3.0, 30.0, "EUR per 1,000 exposures",
        "Price of a thousand paid exposures.", "general knowledge of advertising prices", "low",
        positive=True),
    row("organic_reach", "f_org", 0.0373, 0.01, 0.1, "share",
        "People whom one photo post reaches without advertising, as a share of the organisation's followers.",
        "Socialbakers 2015 (photo 3.73 %; people who do not follow the page are in the figure)", "medium"),
    row("messenger_reach", "f_msg", 0.3, 0.1, 0.6, "share per week",
        "Share of a messenger's followers reached in a week of the campaign.", "assumption", "low"),
    row("posts_per_week", "posts", 5.0, 1.0, 10.0, "posts/week",
        "Own posts in a week at intensity 1.", "assumption", "low"),
    row("earned_reach", "rho_earn", 0.005, 0.001, 0.02, "share/item",
        "Exposures that one media item gives to the campaign, for each head of the population.", "assumption", "low"),
    row("video_reach_ratio", "m_format", 2.34, 1.0, 3.0, "ratio",
        "Organic reach of a video compared with a photo.", "Socialbakers 2015 (8.71 % by 3.73 %)", "medium"),
    row("new_own", "new_own", 0.05, 0.0, 1.0, "share",
        "Share of people outside the usual audience among those reached by own posts.", "assumption", "low"),
    row("new_paid", "new_paid", 0.25, 0.0, 1.0, "share",
        "Share of people outside the usual audience among those reached by paid media.", "assumption", "low"),
    row("new_earned", "new_earned", 0.25, 0.0, 1.0, "share",
        "Share of people outside the usual audience among those reached by news.", "assumption", "low"),
    row("overlap_storyteller", "overlap", 0.2, 0.1, 0.4, "share",
        "Share of a storyteller's followers who follow the sender anyway.",
        "source talk (direction); level assumed", "low"),
    row("overlap_federation", "overlap", 0.3, 0.15, 0.6, "share",
        "Share of the federation's audience who follow the sender anyway.", "assumption", "low"),
    row("overlap_flagship", "overlap", 0.3, 0.15, 0.6, "share",
        "Share of the flagship leader's audience who follow the sender anyway.", "assumption", "low"),
    row("overlap_union", "overlap", 0.5, 0.25, 1.0, "share",
        "Share of the union's audience who follow the sender anyway.", "assumption", "low"),
    row("overlap_ngo", "overlap", 0.6, 0.3, 1.0, "share",
        "Share of the NGO's audience who follow the sender anyway.", "assumption", "low"),
    row("overlap_own", "overlap", 0.95, 0.475, 1.0, "share",
        "Share of the usual audience when an organisation is its own messenger.", "assumption", "low"),
)

row = partial(Parameter, group="learning")

LEARNING: tuple[Parameter, ...] = (
    row("learning", "kappa", 0.06, 0.02, 0.2, "per contact week",
        "How much of an audience that is reached learns in a week, from somebody it believes in full.",
        "assumption", "low", core=True,
        label="learning from those one believes"),
    row("awareness_half_life", "h_U", 26.0, 8.0, 104.0, "weeks",
        "Time after which half of those who knew have forgotten.",
        "recall of advertising lasts 2-12 weeks, knowledge longer (order); level assumed", "low", positive=True),
    row("contacts", "phi_c", 1.0, 0.2, 2.0, "per week",
        "Contacts a week with each reachable person by full information work; public joint work makes half as many.",
        "assumption", "low"),
    row("spill", "spill", 0.3, 0.0, 1.0, "share",
        "Share of paid contacts that an audience gets that a campaign is not meant for.", "assumption", "low"),
    row("learner_share", "l", 0.5, 0.1, 1.0, "share",
        "Share of the visitors of a campaign site who learn from it.", "assumption", "low"),
    row("visiting_pool", "v_pool", 0.02, 0.005, 0.1, "share",
        "Share of all people whom campaign sites can draw in a week at most.", "assumption", "low", positive=True),
    row("share_rate", "r_sh", 0.2, 0.0, 0.6, "visits/visit",
        "Visits in the next week by people with whom a visitor shares a photo, before the gain of a stunt.",
        "assumption", "low"),
    row("help_rate", "help", 2.0, 0.2, 10.0, "per 1,000 persons",
        "Of a thousand people who learned, how many seek help.", "assumption", "low"),
)

row = partial(Parameter, group="training")

TRAINING: tuple[Parameter, ...] = (
    row("training_reach_ombud", "reach", 0.08, 0.04, 0.16, "per week",
        "Weekly sign-up rate per free seat through the ombud's channels, at full credibility.",
        "calibrated to P36", "low"),
    row("training_reach_union", "reach", 0.20, 0.10, 0.40, "per week",
        "Weekly sign-up rate per free seat through the union's channels, at full credibility.",
        "source talk (direction); calibrated to P36", "low"),
    row("training_reach_ngo", "reach", 0.10, 0.05, 0.20, "per week",
        "Weekly sign-up rate per free seat through the NGO's channels, at full credibility.",
        "assumption", "low"),
    row("training_reach_federation", "reach", 0.10, 0.05, 0.20, "per week",
        "Weekly sign-up rate per free seat through the federation's channels, at full credibility.",
        "assumption", "low"),
)

row = partial(Parameter, group="evidence")

EVIDENCE: tuple[Parameter, ...] = (
    row("survey_half", "n_half", 500.0, 250.0, 1000.0, "persons",
        "Respondents that a survey needs for half of its possible weight as evidence.", "assumption", "low",
        positive=True),
    row("evidence_half_life", "evidence_half_life", 104.0, 52.0, 208.0, "weeks",
        "Time after which published evidence counts for half.", "assumption", "low", positive=True),
)
# fmt: on
