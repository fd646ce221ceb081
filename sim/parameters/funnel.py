"""From exposure to visits, training seats and evidence."""

from __future__ import annotations

from functools import partial

from sim.parameters.parameter import Parameter

row = partial(Parameter, group="funnel")

# fmt: off
FUNNEL: tuple[Parameter, ...] = (
    row("click_through", "ctr", 3739 / 877209, 0.001, 0.01, "share",
        "Share of exposures that lead to a visit of the campaign site.",
        "diversity campaign case (3,739 of 877,209; visitors from elsewhere are in the figure)", "medium"),
    row("cost_per_mille", "CPM", 8.0, 3.0, 30.0, "EUR per 1,000 exposures",
        "Price of a thousand paid exposures.", "general knowledge of advertising prices", "low",
        positive=True),
    row("organic_reach", "f_org", 0.0373, 0.01, 0.1, "share",
        "People whom one photo post reaches without advertising, as a share of the organisation's followers.",
        "Socialbakers 2015 (photo 3.73 %; people who do not follow the page are in the figure)", "medium"),
    row("earned_reach", "rho_earn", 0.005, 0.001, 0.02, "share/item",
        "Exposures that one media item gives to the campaign, for each head of the population.", "assumption", "low"),
    row("video_reach_ratio", "m_format", 2.34, 1.0, 3.0, "ratio",
        "Organic reach of a video compared with a photo.", "Socialbakers 2015 (8.71 % by 3.73 %)", "medium"),
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
    row("learner_share", "l", 0.5, 0.1, 1.0, "share",
        "Share of the visitors of a campaign site who learn from it.", "assumption", "low"),
    row("share_rate", "r_sh", 0.2, 0.0, 0.6, "visits/visit",
        "Visits in the next week by people with whom a visitor shares a photo, before the gain of a stunt.",
        "assumption", "low"),
    row("help_rate", "help", 2.0, 0.2, 10.0, "per 1,000 persons",
        "Of a thousand people who learned, how many seek help.", "assumption", "low"),
)
# fmt: on
