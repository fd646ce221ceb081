"""Robust decisions: regrets and break-even weights worked by hand, and what must not change them."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from sim.analysis.robustness.numbers import robustness
from sim.analysis.robustness.words import sentences
from sim.engine.randomness import uniform
from sim.errors import InputError

SCALES = {"goal": 10.0, "cost": 4.0}
WAYS = {"goal": 1, "cost": -1}


def one_world(*samples):
    """Return values of one world a sample: (samples, plans, 1)."""
    return np.array(samples, float)[:, :, None]


def drawn(samples=30, plans=3, worlds=8, seed=1):
    """Return plans that differ by a little on average and a lot by sample and world."""

    def one(key):
        cells = np.ndindex(samples, plans, worlds)
        flat = [
            uniform(seed, s, 37, key, p * worlds + w) + 0.2 * p * uniform(seed, s, 37, key + 1, p) for s, p, w in cells
        ]
        return np.array(flat).reshape(samples, plans, worlds)

    return {"goal": 100.0 * one(10), "cost": 5.0 * one(20)}


# ---------------------------------------------------------------------- regret by hand


def by_hand():
    """Of the goal 10 matters, of the cost 4; worth is goal/10 - cost/8.

    Sample 1: A 1 - 1/2, B 0. Sample 2: A 1, B 0 - 1/2. Sample 3: A 0 - 1/2, B 1.
    """
    values = {
        "goal": one_world([10, 0], [10, 0], [0, 10]),
        "cost": one_world([4, 0], [0, 4], [4, 0]),
    }
    return robustness(["A", "B"], values, weights={"goal": 1.0, "cost": 0.5}, directions=WAYS, scales=SCALES)


def test_regret_is_how_much_better_the_best_plan_is():
    found = by_hand()
    assert found.scales == SCALES
    np.testing.assert_allclose(found.regrets, [[0.0, 0.5], [0.0, 1.5], [1.5, 0.0]], atol=1e-12)
    table = found.table()
    assert list(table["regret"]) == pytest.approx([0.5, 2.0 / 3.0])
    assert list(table["regret_max"]) == pytest.approx([1.5, 1.5])
    assert list(table["regret_p90"]) == pytest.approx([1.2, 1.3])
    assert list(table["best"]) == pytest.approx([2.0 / 3.0, 1.0 / 3.0])
    assert list(table["worth"]) == pytest.approx([1.0 / 3.0, 1.0 / 6.0])
    assert list(table["minimax_regret"]) == [True, True]
    assert (table["regret_low"] <= table["regret"]).all()
    assert (table["regret"] <= table["regret_high"]).all()


def test_the_plan_with_the_smallest_mean_regret_need_not_be_the_one_with_the_smallest_largest():
    steady, daring = [6.0] * 10, [10.0] * 9 + [0.0]
    values = {"goal": one_world(*zip(steady, daring, strict=True))}
    found = robustness(["steady", "daring"], values, weights={"goal": 1.0}, directions=WAYS)
    table = found.table()
    assert table.loc["daring", "regret"] < table.loc["steady", "regret"]
    assert list(table["minimax_regret"]) == [True, False]
    told = " ".join(sentences(found))
    assert "Smallest mean regret: daring" in told
    assert "it is the best plan in 90 of 100 samples" in told
    assert "Smallest largest regret (minimax regret): steady" in told
    assert "There is one world a sample: how much of the regret is its chance is not known." in told


def by_luck(samples=40, worlds=20):
    """Return three plans of one worth, each with luck of its own in every world."""
    cells = np.ndindex(samples, 3, worlds)
    return np.array([uniform(5, s, 37, p, w) for s, p, w in cells]).reshape(samples, 3, worlds)


def test_regret_that_is_luck_of_the_worlds_vanishes_cross_validated():
    """The best of three noisy means is ahead by luck; chosen on one half of the worlds, it is not on the other."""
    found = robustness(["A", "B", "C"], {"goal": by_luck()}, weights={"goal": 1.0}, directions=WAYS)
    table = found.table()
    assert table["regret"].mean() > 0.05
    assert abs(table["cross_validated"].mean()) < 0.012
    assert table["cross_validated_max"].mean() < 0.2 * table["regret_max"].mean()
    assert table["cross_validated_p90"].mean() < 0.2 * table["regret_p90"].mean()
    assert found.agreement == pytest.approx(1.0 / 3.0, abs=0.08)  # as often as dice
    assert not table["minimax_regret"].any()
    told = " ".join(sentences(found))
    assert "Smallest largest regret (minimax regret): undecided between " in told
    assert set(found.contenders) <= {"A", "B", "C"}
    assert len(found.contenders) >= 2
    assert "Two halves of the worlds agree on the best plan in " in told


def test_regret_that_is_no_luck_stays():
    """A is the best in two thirds of the samples by 1, C never; worlds differ by little."""
    base = np.array([[1.0, 0.0, -1.0], [1.0, 0.0, -1.0], [0.0, 1.0, -1.0]] * 10)
    values = {"goal": base[:, :, None] + 0.01 * by_luck(30)}
    found = robustness(["A", "B", "C"], values, weights={"goal": 1.0}, directions=WAYS)
    table = found.table()
    np.testing.assert_allclose(table["cross_validated"], table["regret"], rtol=0.01)
    np.testing.assert_allclose(table["cross_validated_max"], table["regret_max"], rtol=0.01)
    np.testing.assert_allclose(table["cross_validated_p90"], table["regret_p90"], rtol=0.01)
    assert found.agreement == 1.0
    steady = {"goal": np.where(np.arange(3)[:, None] == 0, 0.4, 1.0) * values["goal"]}
    clear = robustness(["A", "B", "C"], steady, weights={"goal": 1.0}, directions=WAYS)
    assert list(clear.table()["minimax_regret"]) == [False, True, False]
    assert clear.table().loc["B", "minimax_share"] >= 0.9
    assert clear.contenders == ()


def test_equals_share_being_the_best():
    values = {"goal": one_world([1, 1, 0], [1, 1, 0], [0, 0, 1], [1, 1, 0])}
    found = robustness(["A", "B", "C"], values, weights={"goal": 1.0}, directions=WAYS)
    assert list(found.table()["best"]) == pytest.approx([0.375, 0.375, 0.25])


def test_intervals_are_those_of_resampled_samples():
    """The interval of a mean regret is about 1.96 standard errors wide on either side."""
    found = robustness(["A", "B", "C"], drawn(60), weights={"goal": 1.0}, directions=WAYS)
    table = found.table()
    error = found.regrets.std(axis=0) / math.sqrt(60)
    assert np.allclose((table["regret_high"] - table["regret_low"]) / 2.0, 1.96 * error, rtol=0.15)


# ---------------------------------------------------------------------- break-even weights


def spendthrift(samples=4):
    """Return A: all of the goal at full cost; B: nothing at no cost. Worth of A over B: goal weight - cost weight."""
    values = {"goal": one_world(*[[10, 0]] * samples), "cost": one_world(*[[4, 0]] * samples)}
    return robustness(["A", "B"], values, weights={"goal": 1.0, "cost": 0.25}, directions=WAYS, scales=SCALES)


def test_break_even_weights_by_hand():
    table = spendthrift().break_even().set_index("measure")
    assert list(table["best"]) == ["A", "A"]
    assert table.loc["goal", "weight"] == pytest.approx(0.25)
    assert table.loc["goal", "side"] == "less"
    assert table.loc["cost", "weight"] == pytest.approx(1.0)
    assert table.loc["cost", "side"] == "more"
    for end in ("low", "high"):  # the same in every sample: nothing is uncertain
        assert table.loc["cost", end] == pytest.approx(1.0)
    assert set(table["verdict"]) == {"ahead"}
    assert (
        "B overtakes A when goal counts less than 0.25 (given: 1), or when cost counts more than 1.00 (given: 0.25)."
    ) in sentences(spendthrift())


def test_at_the_break_even_weight_both_are_worth_the_same():
    values = drawn()
    weights = {"goal": 1.0, "cost": 0.3}
    found = robustness(["A", "B", "C"], values, weights=weights, directions=WAYS)
    rows = found.break_even().dropna(subset=["weight"])
    assert len(rows) > 0
    for row in rows.itertuples():
        again = robustness(
            ["A", "B", "C"], values, weights={**weights, row.measure: row.weight}, directions=WAYS
        ).table()
        assert again.loc[row.best, "worth"] == pytest.approx(again.loc[row.other, "worth"])
        assert row.low <= row.weight <= row.high


def test_a_plan_ahead_in_everything_is_not_overtaken_by_changing_a_weight():
    values = {"goal": one_world(*[[10, 0]] * 5), "cost": one_world(*[[0, 4]] * 5)}
    found = robustness(["A", "B"], values, weights={"goal": 1.0, "cost": 1.0}, directions=WAYS)
    assert found.break_even()["weight"].isna().all()
    assert "B does not overtake A, whichever weight is changed alone." in sentences(found)


def test_an_unsettled_order_is_undecided():
    values = {"goal": one_world(*[[10, 0], [0, 9.9]] * 6)}
    found = robustness(["A", "B"], values, weights={"goal": 1.0}, directions=WAYS)
    assert set(found.break_even()["verdict"]) == {"undecided"}
    assert any("A against B: undecided" in one for one in sentences(found))


# ---------------------------------------------------------------------- never the best


def test_a_dominated_plan_is_named_with_what_dominates_it():
    values = {"goal": one_world(*[[10, 6, 4]] * 4), "cost": one_world(*[[4, 0, 2]] * 4)}
    found = robustness(["A", "B", "C"], values, weights={"goal": 1.0, "cost": 1.0}, directions=WAYS)
    table = found.table()
    assert list(table["never_best_for_any_weights"]) == [False, False, True]
    assert list(table["dominated_by"]) == ["", "", "B"]
    assert any(
        one.startswith("On average over the samples, C is not the best for any weights: B is at least as good")
        for one in sentences(found)
    )


def test_a_plan_can_be_beaten_for_any_weights_by_no_plan_alone():
    """C is worse than A in one measure, than B in the other, but the better of both always beats it."""
    values = {"goal": one_world(*[[10, 0, 4]] * 4), "cost": one_world(*[[4, 0, 2.4]] * 4)}
    found = robustness(["A", "B", "C"], values, directions=WAYS)  # needs no weights
    assert [(one.plan, one.never, one.by) for one in found.never] == [("C", True, "")]
    middling = robustness(["A", "B", "C"], {**values, "goal": one_world(*[[10, 0, 7]] * 4)}, directions=WAYS)
    assert middling.never == ()


def test_a_plan_that_only_ties_is_never_the_only_best():
    values = {"goal": one_world(*[[10, 10, 0]] * 4), "cost": one_world(*[[0, 4, 4]] * 4)}
    (b, c) = robustness(["A", "B", "C"], values, directions=WAYS).never
    assert (b.plan, b.never, b.by) == ("B", False, "A")
    assert (c.plan, c.never, c.by) == ("C", True, "A")


def test_one_sample_settles_nothing():
    values = {"goal": one_world([10, 0]), "cost": one_world([0, 4])}
    found = robustness(["A", "B"], values, weights={"goal": 1.0}, directions=WAYS)
    assert found.table()["regret_low"].isna().all()
    assert (
        "On average over the samples, A is at least as good as B in every measure and better in one, but that is not "
        "settled (one sample" in (" ".join(sentences(found)))
    )
    assert "A against B: undecided, the order is not settled with the given weights." in sentences(found)
    json.dumps(found.to_dict(), allow_nan=False)


def test_identical_plans_have_no_regret_and_no_order():
    goal = np.repeat(drawn()["goal"][:, :1], 2, axis=1)
    found = robustness(["A", "B"], {"goal": goal}, weights={"goal": 1.0}, directions=WAYS)
    assert not found.regrets.any()
    assert list(found.table()["best"]) == [0.5, 0.5]
    assert found.never == ()
    assert found.break_even()["weight"].isna().all()
    assert "A and B are worth the same in every sample." in sentences(found)


# ---------------------------------------------------------------------- what must not matter


def test_units_do_not_matter():
    values, weights = drawn(), {"goal": 1.0, "cost": 0.7}
    asked = {"weights": weights, "directions": WAYS}
    small = robustness(["A", "B", "C"], values, scales=SCALES, **asked)
    scales = {**SCALES, "goal": 1000.0 * SCALES["goal"]}
    large = robustness(["A", "B", "C"], {**values, "goal": 1000.0 * values["goal"]}, scales=scales, **asked)
    np.testing.assert_allclose(small.regrets, large.regrets, atol=1e-12)
    numbers = small.break_even().select_dtypes("number").columns
    np.testing.assert_allclose(small.break_even()[numbers], large.break_even()[numbers], rtol=1e-9)
    assert sentences(small) == sentences(large)


def test_the_order_of_samples_does_not_matter():
    values, weights = drawn(), {"goal": 1.0, "cost": 0.7}
    order = np.argsort([uniform(3, k, 37, 0, 0) for k in range(30)])
    first = robustness(["A", "B", "C"], values, weights=weights, directions=WAYS).table()
    turned = {name: one[order] for name, one in values.items()}
    again = robustness(["A", "B", "C"], turned, weights=weights, directions=WAYS).table()
    points = ["worth", "regret", "regret_p90", "regret_max", "best"]
    np.testing.assert_allclose(first[points], again[points], rtol=1e-12)


def test_the_same_question_gets_the_same_answer():
    weights = {"goal": 1.0, "cost": 0.7}
    first, again = (robustness(["A", "B", "C"], drawn(), weights=weights, directions=WAYS, seed=4) for _ in "12")
    assert first.to_dict() == again.to_dict()
    json.dumps(first.to_dict(), allow_nan=False)


# ---------------------------------------------------------------------- satisficing and gaps


def test_satisficing_counts_worlds_in_which_every_threshold_holds():
    values = {
        "goal": np.array([[[1.0, 2.0, 3.0, 4.0], [4.0, 4.0, 0.0, 0.0]]]),
        "cost": np.array([[[1.0, 1.0, 9.0, 1.0], [1.0, 9.0, 1.0, 1.0]]]),
    }
    found = robustness(["A", "B"], values, directions=WAYS, satisfice={"goal": (2.0, None), "cost": (None, 5.0)})
    assert list(found.table()["satisficing"]) == [0.5, 0.25]
    assert found.table()["satisficing_low"].isna().all()  # one sample says nothing about others
    meets = found.measures().set_index(["plan", "measure"])["meets"]
    assert meets["A", "goal"] == 0.75
    assert meets["B", "cost"] == 0.75
    assert (
        "Good enough (satisficing: goal at least 2 and cost at most 5), all samples and worlds pooled: in 50 of 100 "
        "worlds under A, 25 under B."
    ) in sentences(found)


def test_without_weights_there_is_no_regret():
    found = robustness(["A", "B", "C"], drawn(), directions=WAYS, satisfice={"goal": (50.0, None)})
    assert found.table()["regret"].isna().all()
    assert found.break_even().empty
    assert found.regrets.shape == (30, 0)
    assert "no regret" in sentences(found)[0]
    assert found.table()["satisficing"].between(0.0, 1.0).all()
    best = found.measures().set_index(["measure", "plan"])["best"]
    assert best["goal"].sum() == pytest.approx(1.0)
    json.dumps(found.to_dict(), allow_nan=False)


def test_worlds_with_gaps_are_left_out_for_all_plans():
    values = drawn(5, 2, 6)
    values["goal"][0, 1, 2] = np.nan
    values["goal"][3] = np.nan
    weights = {"goal": 1.0, "cost": 0.5}
    found = robustness(["A", "B"], values, weights=weights, directions=WAYS, satisfice={"goal": (10.0, None)})
    assert found.used == pytest.approx(23 / 30)
    assert np.isnan(found.regrets[3]).all()
    scaled = {name: WAYS[name] * weights[name] / found.scales[name] for name in weights}
    kept = [0, 1, 3, 4, 5]
    worth = sum(scaled[name] * values[name][0][:, kept].mean(axis=1) for name in weights)
    np.testing.assert_allclose(found.regrets[0], worth.max() - worth, atol=1e-12)
    assert list(found.table()["judged"]) == pytest.approx([24 / 30, 23 / 30])
    told = " ".join(sentences(found))
    assert "Worth is compared in 77 of 100 worlds" in told
    assert "B can be judged in 77 of 100 worlds only." in told


def test_a_dominated_third_plan_does_not_change_a_recommendation():
    """What measures are divided by is fixed: a plan that is far off in one of them weighs nothing on the others."""
    values = drawn(30, 2, 8)
    asked = {"weights": {"goal": 1.0, "cost": 0.5}, "directions": WAYS, "scales": SCALES}
    two = robustness(["A", "B"], values, **asked).table()
    far = {"goal": np.full((30, 1, 8), -1e6), "cost": np.full((30, 1, 8), 1e3)}
    third = {name: np.concatenate([values[name], far[name]], axis=1) for name in values}
    three = robustness(["A", "B", "C"], third, **asked).table()
    for column in ("worth", "regret", "regret_max"):
        assert list(three.loc[["A", "B"], column]) == pytest.approx(list(two[column]))


def test_a_measure_that_no_plan_changes_is_said_not_to_tell_them_apart():
    """It varies by world, and by sample, but never by plan."""
    same = np.repeat(drawn()["cost"][:, :1], 3, axis=1)
    found = robustness(["A", "B", "C"], {"cost": same}, weights={"cost": 1.0}, directions=WAYS)
    assert "Cost does not tell plans apart: it is the same under all plans in every world." in sentences(found)
    almost = same.copy()
    almost[4, 1, 2] += 0.5
    found = robustness(["A", "B", "C"], {"cost": almost}, weights={"cost": 1.0}, directions=WAYS)
    assert found.flat == ()


def test_a_measure_without_a_spread_counts_nothing_and_is_said_to():
    values = {**drawn(), "cost": np.full((30, 3, 8), 7.0)}
    found = robustness(["A", "B", "C"], values, weights={"goal": 1.0, "cost": 1.0}, directions=WAYS)
    alone = robustness(["A", "B", "C"], {"goal": values["goal"]}, weights={"goal": 1.0}, directions=WAYS)
    np.testing.assert_allclose(found.regrets, alone.regrets)
    assert [one.plan for one in found.never] == [one.plan for one in alone.never]
    assert any(one.startswith("Cost does not tell plans apart") for one in sentences(found))


def test_no_world_in_common_is_said_plainly():
    goal = drawn(4, 2, 3)["goal"]
    goal[:, 0] = np.nan
    found = robustness(
        ["A", "B"], {"goal": goal}, weights={"goal": 1.0}, directions=WAYS, satisfice={"goal": (1, None)}
    )
    assert any("there is no regret to tell" in one for one in sentences(found))
    assert any("no world under A can be judged" in one for one in sentences(found))
    json.dumps(found.to_dict(), allow_nan=False)


def test_the_figure_shows_every_sample_and_what_was_asked():
    from matplotlib.text import Text

    from sim.analysis.robustness.figure import robustness_figure

    def told(figure):
        figure.canvas.draw()
        return " | ".join(one.get_text() for one in figure.findobj(Text))

    asked = {"weights": {"goal": 1.0, "cost": 0.5}, "satisfice": {"goal": (50.0, None)}}
    found = robustness(["A", "B", "C"], drawn(), directions=WAYS, units={"goal": "firms"}, **asked)
    figure = robustness_figure(found)
    regret, good = figure.axes
    assert sum(len(one.get_offsets()) for one in regret.collections) == 3 * (30 + 4)  # and mean (twice), 90 %, largest
    order = [text.get_text() for text in regret.get_yticklabels()]
    assert order == list(found.table().sort_values("regret").index)
    assert "cost × 0.5 (less is better)" in told(figure)
    assert "goal ≥ 50 firms" in told(figure)
    assert good.get_xlabel() == "share of all worlds, samples pooled"
    assert "largest; filled: the smallest of all" in told(figure)
    assert "two halves of the worlds agree on the best plan in" in told(figure)
    bare = robustness_figure(robustness(["A", "B"], drawn(plans=2), directions=WAYS))
    assert "no weights and no thresholds were given" in told(bare)
    only = robustness(["A", "B"], drawn(plans=2), directions=WAYS, satisfice=asked["satisfice"])
    assert len(robustness_figure(only).axes) == 1


def test_wrong_input_is_named():
    values = drawn(3, 2, 2)

    def ask(message, plans=("A", "B"), data=values, **options):
        with pytest.raises(InputError, match=message):
            robustness(plans, data, **{"directions": WAYS, **options})

    ask("plans: found A, A", plans=("A", "A"))
    ask("found no measure", data={})
    ask(r"goal: found shape \(3, 2, 2\), expected \(samples, 3 plans", plans=("A", "B", "C"))
    ask("weights: found 'fame', expected one of goal, cost", weights={"fame": 1.0})
    ask("weights: goal: found -1", weights={"goal": -1.0})
    ask("weights: found none above 0", weights={"goal": 0.0})
    ask("neither more nor less is better", weights={"goal": 1.0}, directions={"goal": 0})
    ask("satisfice: found 'fame'", satisfice={"fame": (1.0, None)})
    ask("goal: found no threshold", satisfice={"goal": (None, None)})
    ask("goal: found at least 3 and at most 2", satisfice={"goal": (3.0, 2.0)})
