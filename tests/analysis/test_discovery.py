"""Scenario discovery: known boxes are found, noise is not, and what is said is what was counted."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sim.analysis.discovery.boxes import Limit, outward
from sim.analysis.discovery.numbers import _dealt, discover
from sim.analysis.discovery.words import sentence
from sim.analysis.factors import Factor
from sim.engine.randomness import uniform
from sim.errors import InputError
from sim.words.numbers import of_100

pytest.importorskip("ema_workbench")

FIVE = (
    Factor("half_life", 4.0, 104.0, label="grievance half-life", unit="weeks"),
    Factor("interval", 2.0, 26.0, label="re-approach interval", unit="weeks"),
    *(Factor(f"other_{k}", 0.0, 1.0) for k in range(3)),
)
TEXT = "the federation does not return within two years"


def points(number: int = 300, seed: int = 1, factors=FIVE) -> pd.DataFrame:
    columns = {}
    for place, factor in enumerate(factors):
        chance = [uniform(seed, row, 37, place, 7) for row in range(number)]
        columns[factor.name] = [factor.value(one) for one in chance]
    return pd.DataFrame(columns)


def coins(number: int, heads: float, seed: int) -> np.ndarray:
    return np.array([uniform(seed, row, 37, 99, 8) < heads for row in range(number)])


def in_known_box(table: pd.DataFrame) -> np.ndarray:
    return ((table["half_life"] > 54.0) & (table["interval"] < 14.0)).to_numpy()


@pytest.fixture(scope="module")
def known():
    table = points()
    return discover(table, in_known_box(table), FIVE, text=TEXT)


# ---------------------------------------------------------------------- known boxes


def test_a_known_box_is_found_with_its_two_factors_of_five(known):
    assert known.found
    limits = {limit.factor.name: limit for limit in known.limits}
    assert set(limits) == {"half_life", "interval"}
    assert limits["half_life"].lower == pytest.approx(54.0, abs=5.0)
    assert limits["half_life"].sides == ("lower",)
    assert limits["interval"].upper == pytest.approx(14.0, abs=1.2)
    assert limits["interval"].sides == ("upper",)
    assert max(limit.p for limit in known.limits) < 0.001


def test_coverage_density_and_mass_are_those_of_the_limits_as_said(known):
    table, cases = points(), in_known_box(points())
    inside = known.contains(table)
    limits = {limit.factor.name: limit for limit in known.limits}
    by_hand = (table["half_life"] >= limits["half_life"].lower) & (table["interval"] <= limits["interval"].upper)
    np.testing.assert_array_equal(inside, by_hand)
    assert known.density == pytest.approx(cases[inside].mean())
    assert known.coverage == pytest.approx(cases[inside].sum() / cases.sum())
    assert known.mass == pytest.approx(inside.mean())
    assert known.base_rate == pytest.approx(cases.mean())
    assert known.cases == cases.sum()
    assert known.coverage > 0.9
    assert known.density > 0.95
    assert known.floor < known.density
    chosen = known.trajectory[known.trajectory["chosen"]].iloc[0]
    assert (chosen["coverage"], chosen["density"]) == (known.coverage, known.density)


def test_quasi_p_values_are_those_of_the_workbench(known):
    """One-sided binomial test of each limit against the box without it (Bryant & Lempert 2010)."""
    from scipy.stats import binomtest

    table, cases = points(), in_known_box(points())
    first, second = known.limits
    inside = known.contains(table)
    without = second.holds(table[second.factor.name].to_numpy())
    wanted = binomtest(int(cases[inside].sum()), int(inside.sum()), cases[without].mean(), alternative="greater")
    assert first.p == pytest.approx(wanted.pvalue)


def test_noise_around_a_box_does_not_hide_it_and_adds_no_factor():
    table = points(400, seed=3)
    cases = np.where(in_known_box(table), coins(400, 0.8, 3), coins(400, 0.1, 4))
    found = discover(table, cases, FIVE, text=TEXT, relabellings=4)
    assert {limit.factor.name for limit in found.limits} == {"half_life", "interval"}
    assert found.density == pytest.approx(0.8, abs=0.12)
    assert found.coverage >= 0.5


def test_an_option_can_be_the_limit():
    factors = (*FIVE[:2], Factor("critic", values=("ombud", "ngo", "union"), label="critic"))
    table = points(240, seed=5, factors=factors)
    cases = (table["critic"] != "union").to_numpy() & (table["interval"] < 14.0).to_numpy()
    seen = []
    found = discover(table, cases, factors, text=TEXT, relabellings=4, progress=lambda *done: seen.append(done))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    limits = {limit.factor.name: limit for limit in found.limits}
    assert set(limits) == {"critic", "interval"}
    assert set(limits["critic"].options) == {"ombud", "ngo"}
    assert limits["critic"].words in ("critic is ombud or ngo", "critic is ngo or ombud")
    assert not found.contains(table)[(table["critic"] == "union").to_numpy()].any()


def test_switches_and_whole_numbers_are_said_as_such():
    factors = (Factor("public", values=(False, True)), Factor("partners", 1, 6, whole=True), FIVE[0])
    table = points(240, seed=6, factors=factors)
    found = discover(
        table, table["public"].to_numpy(bool) & (table["partners"] >= 4).to_numpy(), factors, text=TEXT, relabellings=4
    )
    assert {limit.words for limit in found.limits} == {"public is on", "partners ≥ 4"}
    assert (found.coverage, found.density) == (1.0, 1.0)


def test_a_column_called_scenario_is_a_factor_like_any_other():
    factors = (Factor("scenario", 0.0, 1.0), FIVE[0])
    table = points(200, seed=7, factors=factors)
    found = discover(table, (table["scenario"] > 0.6).to_numpy(), factors, text=TEXT, relabellings=4)
    assert [limit.factor.name for limit in found.limits] == ["scenario"]


def test_weights_count_points():
    """Points of weight 0 are as good as not there, and shares are those of the weights."""
    table = points()
    cases = in_known_box(table)
    weights = np.where(np.arange(300) < 220, 1.0, 0.0)
    weighted = discover(table, cases, FIVE, text=TEXT, relabellings=4, weights=weights)
    fewer = discover(table[:220], cases[:220], FIVE, text=TEXT, relabellings=4)
    assert sentence(weighted) == sentence(fewer)
    uneven = np.where(cases, 3.0, 1.0)
    heavy = discover(table, cases, FIVE, text=TEXT, relabellings=4, weights=uneven)
    assert heavy.base_rate == pytest.approx(3 * cases.sum() / (3 * cases.sum() + (~cases).sum()))


# ---------------------------------------------------------------------- nothing to find


def test_noise_is_seen_for_what_it_is():
    told = 0
    for seed in range(8):
        table = points(120, seed=20 + seed)
        found = discover(table, coins(120, 0.35, 50 + seed), FIVE, text=TEXT, seed=seed)
        told += found.found
        assert found.found or found.limits == ()
        assert found.found == found.contains(table).any()
    assert told <= 1


def crossed(samples: int, plans: int, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
    """Return samples under several plans, and the number of the sample of each point."""
    block = np.repeat(np.arange(samples), plans)
    table = points(samples, seed=seed).iloc[block].reset_index(drop=True)
    table["plan"] = [f"plan {k % plans}" for k in range(samples * plans)]
    return table, block


SIX = (*FIVE, Factor("plan", values=tuple(f"plan {k}" for k in range(5)), lever=True))


def test_samples_crossed_with_plans_are_not_so_many_points():
    """Luck that the plans of one sample share makes boxes of noise, if every point is taken to stand by itself.

    With 40 samples of noise under 5 plans, 10 of 24 seeds gave a box so, and 1 when dealt out by samples.
    """
    for seed in (1, 4, 5):
        table, block = crossed(40, 5, 200 + seed)
        luck = coins(40, 0.4, 300 + seed)[block]
        assert discover(table, luck, SIX, text=TEXT, seed=seed, relabellings=19).found
        found = discover(table, luck, SIX, text=TEXT, seed=seed, relabellings=19, blocks=block)
        assert not found.found
        assert found.blocks == 40


def test_blocks_do_not_hide_a_box_of_a_factor_or_of_plans():
    table, block = crossed(60, 5, 7)
    cases = (table["half_life"] > 54.0).to_numpy() & table["plan"].isin(["plan 1", "plan 2"]).to_numpy()
    found = discover(table, cases ^ coins(300, 0.05, 9), SIX, text=TEXT, blocks=block, relabellings=4)
    assert {limit.factor.name for limit in found.limits} == {"half_life", "plan"}
    assert found.density > 0.85


def test_blocks_are_dealt_out_whole():
    """Whatever the order of rows, each block gets all outcomes of one block of as many points."""
    blocks = np.array([0, 1, 0, 2, 1, 2, 3, 4, 3, 3, 4, 4])
    cases = np.array([0, 1, 0, 1, 1, 1, 0, 1, 0, 0, 1, 1], bool)
    seen = set()
    for deal in range(20):
        dealt = _dealt(cases, blocks, 1, deal)
        sums = [int(dealt[blocks == k].sum()) for k in range(5)]
        assert sorted(sums[:3]) == [0, 2, 2]
        assert sorted(sums[3:]) == [0, 3]
        seen.add(tuple(sums))
    assert len(seen) == 6


def test_none_and_all_and_too_few_cases_are_said_plainly():
    table = points(60)
    never = discover(table, np.zeros(60), FIVE, text=TEXT, relabellings=4)
    assert sentence(never) == (
        "The federation does not return within two years: nothing found, it happens at none of 60 points."
    )
    assert "at every one of 60 points" in discover(table, np.ones(60, bool), FIVE, text=TEXT, relabellings=4).reason
    few = np.arange(60) < 2
    assert "at 2 of 60 points, which leaves too few" in discover(table, few, FIVE, text=TEXT, relabellings=4).reason
    same = pd.DataFrame({"half_life": [5.0] * 60})
    assert discover(same, np.arange(60) < 30, FIVE[:1], text=TEXT, relabellings=4).reason == "no factor varies"
    json.dumps(never.to_dict(), allow_nan=False)


def test_a_box_has_to_be_as_dense_as_was_asked():
    table = points(400, seed=3)
    cases = np.where(in_known_box(table), coins(400, 0.7, 3), coins(400, 0.1, 4))
    found = discover(table, cases, FIVE, text=TEXT, threshold=0.95)
    assert not found.found
    assert "asked for were 95 of 100 points" in found.reason


# ---------------------------------------------------------------------- in words


def test_the_sentence_says_limits_density_coverage_and_base_rate(known):
    assert sentence(known) == (
        f"The federation does not return within two years when {known.limits[0].words} and {known.limits[1].words}: "
        f"{of_100(known.density, 'points').replace('points', 'such points')} show it (density), and they cover "
        f"{of_100(known.coverage, 'points').removesuffix(' points')} of all that do (coverage); it happens at "
        f"{of_100(known.base_rate, 'points')} overall."
    )
    assert {limit.words.split(" weeks")[0][:24] for limit in known.limits} == {
        "grievance half-life > 54",
        "re-approach interval < 1",
    }


def test_shares_of_worlds_say_what_counts():
    table = points(200)
    shares = np.where(in_known_box(table), 0.7, 0.2)
    shares[0] = np.nan
    found = discover(table, shares, FIVE, text=TEXT, relabellings=4)
    assert found.left_out == 1
    assert found.points == 199
    assert "a point counts if it happens in at least 50 of 100 worlds" in sentence(found)
    numbers = found.to_dict()
    assert numbers["mean_share_in_box"] > 0.65 > numbers["mean_share"]
    assert not discover(table, shares, FIVE, text=TEXT, share=0.8).found


def test_points_without_an_answer_are_told():
    from sim.analysis.discovery.figure import discovery_figure

    table = points(200)
    shares = np.where(in_known_box(table), 1.0, 0.0)
    shares[:7] = np.nan
    found = discover(table, shares, FIVE, text=TEXT, relabellings=4)
    assert (found.points, found.left_out) == (193, 7)
    assert sentence(found).endswith("; 7 of 200 points have no answer and are left out.")
    assert "193 points (7 more without an answer)" in drawn_texts(discovery_figure(found))
    nothing = discover(table, np.where(np.arange(200) < 1, np.nan, 0.0), FIVE, text=TEXT)
    assert sentence(nothing).endswith("at none of 199 points; 1 of 200 points has no answer and is left out.")
    without = discover(table, shares, FIVE, text=TEXT, relabellings=4, weights=np.isfinite(shares) * 1.0)
    assert without.left_out == 0  # points of weight 0 were not asked


def test_limits_are_rounded_outwards_to_what_a_step_of_peeling_tells():
    values = np.linspace(4.0, 104.0, 200)
    limit = outward(FIVE[0], 33.77, 71.22, values)
    assert (limit.lower, limit.upper) == (33.0, 72.0)
    assert limit.range_words == "between 33 and 72 weeks"
    assert outward(FIVE[0], 4.2, 104.0, values).sides == ()
    narrow = outward(FIVE[2], 0.3377, 1.0, np.linspace(0.0, 1.0, 200))
    assert narrow.words == "other 0 > 0.33"


def test_few_values_are_levels():
    levels = Factor("interval", 2.0, 26.0, unit="weeks")
    limit = outward(levels, 7.0, 11.0, np.repeat([2.0, 8.0, 14.0, 20.0], 10))
    assert limit.words == "interval is 8 weeks"
    assert Limit(levels, upper=14.0, levels=True).words == "interval ≤ 14 weeks"


def test_the_table_has_one_row_a_factor(known):
    table = known.table()
    assert list(table["factor"]) == [limit.factor.name for limit in known.limits]
    assert table["quasi_p_lower"].notna().sum() + table["quasi_p_upper"].notna().sum() == 2
    assert json.loads(json.dumps(known.to_dict(), allow_nan=False))["found"] is True


# ---------------------------------------------------------------------- figure


def drawn_texts(figure) -> str:
    from matplotlib.text import Text

    figure.canvas.draw()
    return " | ".join(one.get_text() for one in figure.findobj(Text) if one.get_visible())


def test_the_figure_shows_box_points_and_choice(known):
    from sim.analysis.discovery.figure import discovery_figure

    figure = discovery_figure(known)
    axes = figure.axes[0]
    assert {axes.get_xlabel(), axes.get_ylabel()} == {"Grievance half-life (weeks)", "Re-approach interval (weeks)"}
    shown = sum(len(one.get_offsets()) for one in axes.collections)
    assert shown == known.points
    texts = drawn_texts(figure)
    assert "> 54 weeks" in texts
    assert f"everywhere\n{known.base_rate:.0%}" in texts
    assert f"300 points, {known.cases} of them cases" in texts
    box = next(one for one in axes.patches if one.get_facecolor()[3] == 0.0).get_bbox()
    limits = {limit.factor.name: limit for limit in known.limits}
    ends = (box.x0, box.y1) if known.limits[0].factor.name == "half_life" else (box.y0, box.x1)
    assert ends == pytest.approx((limits["half_life"].lower, limits["interval"].upper))


def test_the_figure_can_show_one_limit_options_and_nothing():
    from sim.analysis.discovery.figure import discovery_figure

    factors = (Factor("critic", values=("ombud", "ngo", "union")), *FIVE[:2])
    table = points(150, seed=9, factors=factors)
    one = discover(table, (table["critic"] == "ngo").to_numpy() * 0.9, factors, text=TEXT, relabellings=2)
    assert [limit.words for limit in one.limits] == ["critic is ngo"]
    assert "in 50% of worlds or more" in drawn_texts(discovery_figure(one))
    nothing = discover(table, np.zeros(150), factors, text=TEXT)
    bare = discovery_figure(nothing, title="Where it fails")
    assert "nothing found" in drawn_texts(bare).replace("\n", " ")
    assert "Where it fails" in drawn_texts(bare)
    assert len(bare.axes) == 1  # points, and no empty panel beside them
    assert bare.get_figheight() < discovery_figure(one).get_figheight()
    silent = discover(table, np.full(150, np.nan), factors, text=TEXT)
    assert discovery_figure(silent).axes == []
    logarithmic = (Factor("rate", 0.01, 10.0, logarithmic=True), FIVE[0])
    table = points(200, seed=10, factors=logarithmic)
    two = discover(
        table, ((table["rate"] < 0.3) & (table["half_life"] > 40)).to_numpy(), logarithmic, text=TEXT, relabellings=2
    )
    scales = {figure_axes.get_xscale() for figure_axes in discovery_figure(two).axes[:1]}
    scales |= {figure_axes.get_yscale() for figure_axes in discovery_figure(two).axes[:1]}
    assert scales == {"log", "linear"}


def five_limits(known):
    """Return a discovery with five limits of the longest kind."""
    rest = tuple(Limit(factor, lower=0.1, upper=0.53, lower_p=0.0001, upper_p=0.02) for factor in FIVE[2:])
    weeks = replace(FIVE[0], label="weeks in which the grievance of the federation loses half of its weight")
    return replace(known, limits=(replace(known.limits[0], factor=weeks), known.limits[1], *rest), factors=FIVE)


def test_texts_of_five_limits_do_not_lie_on_bars_or_on_each_other(known):
    from sim.analysis.discovery.figure import discovery_figure

    figure = discovery_figure(five_limits(known))
    figure.canvas.draw()
    axes = figure.axes[2]
    bars = [bar.get_window_extent() for bar in axes.patches]
    texts = [one for one in axes.texts if one.get_text()]
    boxes = [one.get_window_extent() for one in texts]
    assert len(texts) == 5 * 4  # words, quasi-p and both ends
    for place, box in enumerate(boxes):
        assert not any(box.overlaps(bar) for bar in bars), texts[place].get_text()
        assert not any(box.overlaps(other) for other in boxes[:place]), texts[place].get_text()
        assert box.x1 < figure.bbox.x1


def test_a_limit_stays_on_one_line_and_chance_is_marked_at_the_coverage_of_the_box(known):
    from sim.analysis.discovery.figure import discovery_figure

    for length in range(40, 60):  # one of them would break within the limit
        figure = discovery_figure(replace(known, text="x" * length + " " + "y" * 20))
        assert not any(line.endswith(("<", ">")) for line in figure.texts[0].get_text().split("\n"))
    axes = figure.axes[1]
    marks = [tuple(one.get_offsets()[0]) for one in axes.collections if len(one.get_offsets()) == 1]
    assert (known.coverage, known.floor) in [pytest.approx(mark) for mark in marks]
    assert [line for line in axes.lines if set(line.get_ydata()) == {known.floor}] == []


# ---------------------------------------------------------------------- promises


def test_the_same_question_gets_the_same_answer(known):
    table = points()
    again = discover(table, in_known_box(table), FIVE, text=TEXT)
    assert again.to_dict() == known.to_dict()


def test_wrong_input_is_named(monkeypatch):
    table = points(30)
    with pytest.raises(InputError, match="points: more: found no such column"):
        discover(table, np.zeros(30), (Factor("more", 0, 1),), text=TEXT, relabellings=4)
    with pytest.raises(InputError, match=r"interesting: found shape \(29,\)"):
        discover(table, np.zeros(29), FIVE, text=TEXT, relabellings=4)
    with pytest.raises(InputError, match="interesting: found 3"):
        discover(table, np.full(30, 3.0), FIVE, text=TEXT, relabellings=4)
    with pytest.raises(InputError, match="weights"):
        discover(table, np.zeros(30), FIVE, text=TEXT, weights=np.full(30, -1.0))
    with pytest.raises(InputError, match=r"blocks: found shape \(2,\)"):
        discover(table, np.zeros(30), FIVE, text=TEXT, blocks=[0, 1])
    table.loc[3, "half_life"] = np.nan
    with pytest.raises(InputError, match="half_life: found 1 missing"):
        discover(table, np.zeros(30), FIVE, text=TEXT, relabellings=4)
    monkeypatch.setitem(sys.modules, "ema_workbench.analysis.prim", None)
    with pytest.raises(InputError, match=r"pip install 'partnership-dynamics\[discovery\]'"):
        discover(points(30), np.zeros(30), FIVE, text=TEXT, relabellings=4)
