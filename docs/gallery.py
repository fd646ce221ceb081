"""The pictures of the gallery: each is one short function that uses the package as a reader would.

``python -m docs.gallery`` draws all of them into docs/pictures, ``python -m docs.gallery NAME ...`` some. The page
shows the source of these functions, so what stands beside a picture is what made it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import sim
from docs.drawing import Sheet, picture, timeline
from sim.analysis.comparison.figures import differences, distributions

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure

PICTURES = Path(__file__).parent / "pictures"


def one_world(worlds: int = 1) -> Figure:
    """Draw what happens in one world, week by week."""
    told = sim.story("campaign-while-partnering", seed=7)
    watch = [
        "coverage",
        "heat_federation",
        "grievance_federation_ombud",
        "trust_ombud_federation",
        "trust_federation_ombud",
    ]
    one = sim.simulate("campaign-while-partnering", worlds, seed=7, series=watch)
    coverage, heat, grievance, ours, theirs = (one.series[name][0] for name in watch)
    panels = [
        ("items a week", [(coverage, "media coverage", 0)]),
        ("0 to 1", [(heat, "heat on the federation", 1), (grievance, "its grievance", 3)]),
        ("trust", [(ours, "the ombud's", 0), (theirs, "the federation's", 1)]),
    ]
    return timeline(one.dates, panels, told, "campaign-while-partnering", seed=7)


def what_a_plan_changes(worlds: int = 1000) -> Figure:
    """Draw what the order of campaigning and partnering changes, and what it does not."""
    answer = sim.compare(["campaign-while-partnering", "partner-in-calm-seas"], worlds)
    return differences(answer)


def trust_over_time(worlds: int = 1000) -> Figure:
    """Draw what blame and praise do to the trust of the federation."""
    answer = sim.compare(["campaign-while-partnering", "positive-framing"], worlds)
    return answer.plot("trust_federation_ombud")


def until_they_are_back(worlds: int = 1000) -> Figure:
    """Draw how long the federation stays away, by who criticised."""
    from scipy.stats import CensoredData, ecdf

    sheet = Sheet(
        "How long a federation stays away that left in the half year of the campaign",
        "still away",
        "weeks since it left",
        "campaign-while-partnering, ngo-as-critic; Kaplan-Meier",
        worlds,
        right=0.97,
    )
    in_the_storm = "kind == 'away' and partner == 'federation-ombud' and 23 <= start < 49"
    for look, (plan, label, at) in enumerate(
        [
            ("campaign-while-partnering", "the ombud criticised", (20, 0.92)),
            ("ngo-as-critic", "the NGO criticised", (34, 0.36)),
        ]
    ):
        spells = sim.simulate(plan, worlds).durations.query(in_the_storm)
        ended = spells[spells.observed].weeks
        away = ecdf(CensoredData(uncensored=ended, right=spells[~spells.observed].weeks)).sf
        sheet.line([0, *away.quantiles], [1, *away.probabilities], label, look, steps=True, at=at)
    sheet.axes.axvspan(85, 98, color="#e8e8e8", zorder=0)
    sheet.note(91.5, 0.98, "the case:\n85 to 98", ha="center", va="top")
    sheet.axes.set_xlim(0, 156)
    sheet.shares()
    return sheet.finish()


def how_much_to_tell(worlds: int = 400) -> Figure:
    """Draw what a firm does with ideas, by how much of them it heard before it committed itself."""
    shares = np.linspace(0, 1, 11)
    codes = {"public, with credit": (2,), "alone or quietly,\nwithout credit": (4, 5), "not at all": (6,)}
    found = {label: [] for label in codes}
    for share in shares:
        plan = sim.scenario(f"""
            extends = "ideas-given-early"
            [[plan]]
            label = "share-ideas"
            when = "state(ombud, flagship) == 'contact'"
            verb = "share_idea"
            by = "ombud"
            to = "flagship"
            share = {share}
        """)
        choice = sim.simulate(plan, worlds, series=["decision_flagship"]).series["decision_flagship"]
        first = np.array([next((code for code in one if code >= 2), np.nan) for one in choice])
        for label, wanted in codes.items():
            found[label].append(np.isin(first[first >= 2], wanted).mean())
    sheet = Sheet(
        "What the flagship firm does with ideas, by how much it was told before",
        "share of worlds",
        "share of the ideas told before anything was agreed",
        "ideas-given-early, share varied",
        worlds,
    )
    for look, (label, line) in zip((0, 1, 3), found.items(), strict=True):
        sheet.line(shares, line, label, look, dots=True)
    sheet.axes.xaxis.set_major_formatter("{x:.0%}")
    sheet.shares()
    return sheet.finish()


def how_often_to_knock(worlds: int = 400) -> Figure:
    """Draw how many come back, by how often one asks."""
    intervals = [8, 12, 16, 20, 26, 39, 52, 78, 104]
    sheet = Sheet(
        "How often to knock at the door of a partner who left",
        "back within two years",
        "weeks between two tries, on average",
        "campaign-while-partnering, two parameters varied",
        worlds,
    )
    for look, (pester, label) in enumerate(
        [(0.0, "no offence\nat a try too early"), (0.01, "some offence\n(the default)"), (0.03, "much offence")]
    ):
        back = []
        for weeks in intervals:
            changed = {"reapproach_interval": weeks, "pester": pester}
            found = sim.simulate("campaign-while-partnering", worlds, parameters=changed, series=[])
            spells = found.durations.query("kind == 'away' and partner == 'federation-ombud' and start <= 156")
            back.append((spells.observed & (spells.weeks <= 104)).mean())
        sheet.line(intervals, back, label, look, dots=True)
    sheet.shares()
    return sheet.finish()


def shape_of_a_storm(worlds: int = 1000) -> Figure:
    """Draw the media coverage of two campaigns that differ in tone only."""
    sheet = Sheet(
        "A critical campaign and a praising one, in the media",
        "items a week",
        "weeks since the campaign began",
        "campaign-while-partnering, positive-framing",
        worlds,
        right=0.97,
    )
    launch, weeks = 23, np.arange(-8, 40)
    for plan, label, look in [("campaign-while-partnering", "it blames", 1), ("positive-framing", "it praises", 0)]:
        coverage = sim.simulate(plan, worlds, series=["coverage"]).series["coverage"][:, launch + weeks]
        low, middle, high = np.quantile(coverage, [0.1, 0.5, 0.9], axis=0)
        sheet.band(weeks, low, high, look)
        sheet.line(weeks, middle, label, look, at=(-4.5, middle.max() - 3))
    sheet.axes.set_ylim(0)
    sheet.axes.set_xlim(-8, 39)
    sheet.axes.axvspan(0, 8, color="#f0f0f0", zorder=0)
    sheet.note(4, 2, "the campaign", ha="center")
    return sheet.finish()


def a_letter_becomes_a_campaign(worlds: int = 1000) -> Figure:
    """Draw the money of four seasons."""
    years = [2013, 2014, 2015, 2016]
    budget = sim.simulate("stop-femicides", worlds, series=[]).outcomes[[f"budget_{year}" for year in years]]
    low, middle, high = budget.quantile([0.1, 0.5, 0.9]).to_numpy() / 1000
    sheet = Sheet(
        "A letter of 5,000 EUR becomes a campaign", "money granted (1,000 EUR)", "season", "stop-femicides", worlds
    )
    sheet.band(years, low, high, 2)
    sheet.line(years, middle, "median world;\nband: 80 of\n100 worlds", 2, dots=True)
    sheet.axes.plot([2013, 2016], [5, 50], "x", color="black", markersize=11, markeredgewidth=2.6, clip_on=False)
    sheet.note(2015.9, 52.5, "the case: 50", ha="right", colour="black")
    sheet.axes.set_xticks(years)
    sheet.axes.set_ylim(0)
    return sheet.finish()


def learning_a_common_language(worlds: int = 1000) -> Figure:
    """Draw the quarrels of four seasons, and how they end."""
    watch = ["disagreements", "deferred", "trust_ngo_ombud"]
    found = sim.simulate("stop-femicides", worlds, series=watch)
    ends = [int(np.flatnonzero(found.dates.year == year)[-1]) for year in (2013, 2014, 2015, 2016)]
    counts, settled = (np.diff(found.series[name][:, ends].astype(float), prepend=0).mean(axis=0) for name in watch[:2])
    sheet = Sheet(
        "Four seasons of working together", "a season, mean over the worlds", "season", "stop-femicides", worlds
    )
    sheet.line([1, 2, 3, 4], counts, "disagreements", 1, dots=True)
    sheet.line([1, 2, 3, 4], settled, "of these, settled\nby giving way", 0, dots=True)
    for season, trust in enumerate(found.series["trust_ngo_ombud"][:, ends].mean(axis=0), 1):
        sheet.note(season, 1.0, f"trust {trust:.2f}", ha="center")
    sheet.axes.set_xticks([1, 2, 3, 4])
    sheet.axes.set_yticks([0, 5, 10, 15, 20])
    sheet.axes.set_xlim(0.7, 4.3)
    return sheet.finish()


def who_brought_the_firms(worlds: int = 200) -> Figure:
    """Draw by which route firms come to adopt."""
    weeks = np.arange(260)
    total = np.zeros((5, len(weeks)))
    for replicate in range(worlds):
        model = sim.PartnershipModel("campaign-while-partnering", replicate=replicate)
        while model.running:
            model.step()
        firm = model.world.firm
        for route in range(5):
            adopted = firm.week[(firm.uptake > 0) & (firm.route == route)]
            total[route] += np.searchsorted(np.sort(adopted), weeks, side="right") / worlds
    sheet = Sheet(
        "What moves the firms",
        "firms that adopted, of 200 (mean)",
        "weeks since the start",
        "campaign-while-partnering",
        worlds,
    )
    routes = ["on their own", "through the federation", "through the ombud", "pressed by the media", "following peers"]
    for route in np.argsort(total[:, -1]):
        sheet.line(weeks, total[route], routes[route], int(route))
    sheet.axes.set_xlim(0, 260)
    sheet.axes.set_ylim(0)
    return sheet.finish()


def credit_and_cause(worlds: int = 1000) -> Figure:
    """Draw the two ledgers of the ombud, in public and in the shadow."""
    answer = sim.compare(["public-partnership", "stay-in-the-shadows"], worlds)
    return distributions(answer, ["credited_impact_ombud", "shadow_impact_ombud"])


FIGURES: dict[str, Callable[..., Figure]] = {
    function.__name__.replace("_", "-"): function
    for function in (
        one_world,
        what_a_plan_changes,
        trust_over_time,
        shape_of_a_storm,
        until_they_are_back,
        how_often_to_knock,
        how_much_to_tell,
        credit_and_cause,
        a_letter_becomes_a_campaign,
        learning_a_common_language,
        who_brought_the_firms,
    )
}


def main(names: list[str]) -> int:
    """Draw the pictures that are named, or all."""
    unknown = [name for name in names if name not in FIGURES]
    if unknown:
        print(f"error: found {unknown[0]!r}, expected one of {', '.join(FIGURES)}", file=sys.stderr)
        return 2
    PICTURES.mkdir(exist_ok=True)
    for name in names or FIGURES:
        path = PICTURES / f"{name}.png"
        path.write_bytes(picture(FIGURES[name]()))
        print(f"{path.relative_to(PICTURES.parent.parent)}: {path.stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
