"""Paired comparison: exact zeros, honest intervals, the rules of the verdict, spells, files."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up import ensemble, noise, shifted
from scipy.special import ndtr

from sim.analysis.comparison.answer import compare, compare_ensembles, compare_scenarios
from sim.analysis.comparison.tables import PAIR_COLUMNS
from sim.analysis.durations import kaplan_meier
from sim.errors import InputError
from sim.scenarios import scenario
from sim.statistics import (
    LEAST_DIFFERING,
    Verdict,
    compare_pairs,
    judge,
    share_interval,
    summarise,
    worlds_for_verdict,
)
from sim.words.numbers import decimals, number, of_100


def paired(difference, matters=0.0, **more):
    return compare_pairs(np.asarray(difference, dtype=float)[:, None], [matters], **more)[0]


# ---------------------------------------------------------------------- statistics


def test_summaries_are_those_of_numpy_and_skip_missing_values():
    values = noise(101, 1)
    values[::7] = math.nan
    table = np.column_stack([values, np.full(101, math.nan), np.arange(101.0)])
    some, none, all_there = summarise(table)
    assert some.median == pytest.approx(np.nanmedian(values))
    assert (some.p10, some.p90) == pytest.approx(tuple(np.nanquantile(values, [0.1, 0.9])))
    assert some.mean == pytest.approx(np.nanmean(values))
    assert some.missing == pytest.approx(15 / 101)
    assert math.isnan(none.median)
    assert none.missing == 1.0
    assert (all_there.median, all_there.p10, all_there.p90) == (50.0, 10.0, 90.0)


def covered(draws, truth):
    """Share of the columns of draws, with ten or more differing worlds, whose interval holds the truth."""
    rows = [row for row in compare_pairs(draws, [0.0] * draws.shape[1]) if row.differing >= LEAST_DIFFERING]
    return sum(row.low <= truth <= row.high for row in rows) / len(rows)


@pytest.mark.parametrize("differ", [1.0, 0.25, 0.15])
@pytest.mark.parametrize("shape", ["normal", "one-sided", "both sides"])
def test_the_interval_covers_a_planted_difference_skewed_and_with_ties_included(differ, shape):
    trials, worlds = 400, 100
    sizes = np.column_stack([noise(worlds, 1000 + k) for k in range(trials)])
    chance = ndtr(np.column_stack([noise(worlds, 9000 + k) for k in range(trials)]))
    if shape == "one-sided":  # exponential: mean 1
        drawn, mean = -np.log(ndtr(sizes)), 1.0
    elif shape == "both sides":
        drawn, mean = np.where(sizes > 0.0, 3.0 * sizes, sizes), 2.0 / math.sqrt(2.0 * math.pi)
    else:
        drawn, mean = 0.3 + sizes, 0.3
    assert covered(np.where(chance < differ, drawn, 0.0), differ * mean) >= 0.92  # 400 trials: 0.95 less three errors


def test_the_share_of_worlds_has_the_exact_interval():
    assert share_interval(0, 1000) == (0.0, pytest.approx(1.0 - 0.025 ** (1 / 1000)))
    assert share_interval(1000, 1000)[1] == 1.0
    # The textbook case of Clopper & Pearson: 3 of 10.
    assert share_interval(3, 10) == pytest.approx((0.0667, 0.6525), abs=1e-4)


def test_a_verdict_is_read_from_the_interval_and_what_matters():
    found = paired(0.5 + noise(400, 7), 0.2)
    assert found.verdict is Verdict.HIGHER
    assert 0.2 < found.low < 0.5 < found.high
    assert paired(-0.5 + noise(400, 7), 0.2).verdict is Verdict.LOWER
    assert paired(0.1 * noise(400, 7), 0.2).verdict is Verdict.SAME
    lean = paired(0.3 + noise(400, 7), 0.3)
    assert lean.verdict is Verdict.UNDECIDED
    assert lean.low > 0.0
    assert [lean.judged(0.1), lean.judged(1.0)] == [Verdict.HIGHER, Verdict.SAME]


@given(low=st.floats(-5, 5), width=st.floats(0, 5), matters=st.floats(0, 3))
def test_verdicts_turn_with_the_sign_and_never_contradict(low, width, matters):
    high = low + width
    mirrored = {Verdict.HIGHER: Verdict.LOWER, Verdict.LOWER: Verdict.HIGHER}
    found = judge(low, high, matters)
    assert judge(-high, -low, matters) is mirrored.get(found, found)
    assert (found is Verdict.HIGHER) == (low > matters)
    if found is Verdict.SAME:  # a larger difference would have to matter for it to be one
        assert judge(low, high, 2 * matters) is Verdict.SAME


def test_equal_worlds_give_exact_zeros():
    found = paired(np.zeros(50))
    assert (found.difference, found.low, found.high) == (0.0, 0.0, 0.0)
    assert (found.lower, found.equal, found.higher, found.verdict) == (0, 50, 0, Verdict.SAME)


def test_missing_pairs_do_not_count():
    found = paired([1.0, 1.0, 0.0, 0.0, -1.0, math.nan])
    assert (found.lower, found.equal, found.higher) == (1, 2, 2)
    assert (found.pairs_used, found.pairs) == (5, 6)
    assert found.ahead(1) == (0.2, 0.4, 0.4)
    assert found.ahead(-1) == (0.4, 0.4, 0.2)


def test_rare_differences_have_no_interval_unless_bounds_are_declared():
    """1,174 of 100,000 worlds are worse, none better: undecided it is not, nor 0 to 0."""
    few = np.where(np.arange(1000) < 9, -1.0, 0.0)
    found = paired(few, 0.25)
    assert found.verdict is Verdict.RARE
    assert math.isnan(found.low)
    assert found.size == -1.0
    bounded = paired(few, 0.25, reach=[1.0])
    assert bounded.verdict is Verdict.SAME  # even if each of them differed as much as it can
    assert bounded.low < few.mean() < bounded.high
    more = np.where(np.arange(100_000) < 1_174, -1.0, 0.0)
    assert paired(more).verdict is Verdict.LOWER


def test_one_world_and_no_world_say_nothing():
    one, none = paired([2.0]), paired([math.nan, math.nan])
    assert one.verdict is Verdict.RARE
    assert none.verdict is Verdict.NONE
    assert math.isnan(one.low)
    assert math.isnan(none.difference)


def test_many_measures_together_give_few_false_alarms():
    """A plan against itself in other worlds: any verdict among sixteen measures would be false."""
    trials, worlds, measures = 150, 60, 16
    groups = [0] + [1] * (measures - 1)
    alarms = 0
    for trial in range(trials):
        common = noise(worlds, 50_000 + trial)  # measures are related, as those of a model are
        table = np.column_stack([noise(worlds, 10_000 + trial * measures + k) + common for k in range(measures)])
        rows = compare_pairs(table, [0.0] * measures, groups=groups)
        alarms += any(row.verdict in (Verdict.HIGHER, Verdict.LOWER) for row in rows)
    assert alarms / trials <= 0.10  # 0.0525 expected; 0.30 to 0.37 with 95 % for each


def test_intervals_of_several_measures_are_wider_and_do_not_depend_on_their_order():
    table = np.column_stack([0.2 + noise(200, k) for k in range(6)])
    alone = compare_pairs(table, [0.0] * 6)
    together = compare_pairs(table, [0.0] * 6, groups=[0, 1, 1, 1, 1, 1])
    assert (together[0].low, together[0].high) == (alone[0].low, alone[0].high)  # the goal stands alone
    assert all(more.low < one.low and more.high > one.high for more, one in zip(together[1:], alone[1:], strict=True))
    turned = compare_pairs(table[:, ::-1], [0.0] * 6, groups=[1, 1, 1, 1, 1, 0])[::-1]
    assert [row.low for row in turned] == pytest.approx([row.low for row in together], abs=0.01)


def test_the_number_of_worlds_asked_for_settles_the_question():
    asked = {name: paired(0.25 + noise(100, name), 0.1) for name in range(20, 90)}
    open_ones = {name: row.worlds_needed for name, row in asked.items() if row.worlds_needed < 3_000}
    assert len(open_ones) >= 10
    settled = [paired(0.25 + noise(int(worlds), 500 + name), 0.1).verdict for name, worlds in open_ones.items()]
    assert sum(verdict is not Verdict.UNDECIDED for verdict in settled) >= 0.75 * len(settled)
    assert all(row.verdict is Verdict.UNDECIDED or math.isnan(row.worlds_needed) for row in asked.values())


def test_more_worlds_do_not_settle_what_lies_on_the_edge():
    assert math.isinf(worlds_for_verdict(0.1, 1.0, 40_000, 0.1, 2.0))
    assert worlds_for_verdict(0.3, 1.0, 100, 0.1, 2.0) < 1_500
    assert worlds_for_verdict(0.0, 1.0, 100, 0.1, 2.0) < 20_000  # that nothing matters can be found, too


# ---------------------------------------------------------------------- spells


def test_kaplan_meier_on_a_classic():
    # Remission times under 6-MP (Freireich et al. 1963; Kalbfleisch & Prentice), weeks: the median is 23.
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    cut_off = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    seen = [True] * len(ended) + [False] * len(cut_off)
    assert kaplan_meier(ended + cut_off, seen) == 23.0
    assert kaplan_meier(ended + cut_off, seen, 0.1) == 6.0


def test_kaplan_meier_by_hand():
    # 4 spells: 1 of 4 ends at 10 (0.75 left), one is cut off at 15, 1 of 2 ends at 20 (0.375 left).
    assert kaplan_meier([10, 15, 20, 30], [True, False, True, False]) == 20.0
    assert math.isnan(kaplan_meier([10, 15, 20, 30], [True, False, False, False]))
    assert math.isnan(kaplan_meier([], []))
    assert kaplan_meier([1, 2, 3, 4], [True] * 4) == 2.0  # exactly one half has ended


def test_durations_count_spells_and_what_the_horizon_cut_off():
    spells = [
        (0, "active", "federation-ombud", 4, 20, True),
        (0, "away", "federation-ombud", 24, 60, True),
        (1, "active", "federation-ombud", 4, 256, False),
        (1, "active", "ngo-ombud", 0, 260, False),
    ]
    table = compare_ensembles([ensemble(durations=spells), ensemble(durations=[])]).durations
    found = table.set_index(["scenario", "measure", "partner"])
    assert found.loc[("A", "time_to_exit_km", "all"), "spells"] == 3
    assert found.loc[("A", "time_to_exit_km", "all"), "censored"] == pytest.approx(2 / 3)
    assert found.loc[("A", "time_to_exit_km", "federation-ombud"), "median"] == 20.0
    assert found.loc[("A", "weeks_away_km", "all"), "median"] == 60.0
    assert math.isnan(found.loc[("B", "weeks_away_km", "all"), "median"])


# ---------------------------------------------------------------------- comparison


def test_a_scenario_against_itself_is_identical_in_every_measure():
    found = compare_ensembles([ensemble(), ensemble()])
    table = found.pairs()
    assert set(table["verdict"]) == {"same"}
    assert (table[["difference", "low", "high"]].to_numpy() == 0.0).all()
    assert found.names == ("baseline (A)", "baseline (B)")
    assert all("The same in every world." in text for text in found.sentences())
    assert len(found.to_dict()["scenarios"]) == 2


def test_the_engine_gives_exact_zeros_for_the_same_plan():
    case = scenario("campaign-while-partnering").replace(weeks=40)
    found = compare([case, case], replicates=12, seed=3)
    assert set(found.pairs()["verdict"]) <= {"same", "none"}
    results = found.results[0, 1].values()
    assert all(row.difference == 0.0 and not row.differing for row in results)
    assert any(row.verdict is Verdict.SAME for row in results)


def test_which_is_better_follows_the_direction_of_the_measure():
    a = ensemble("baseline", {"adopters": np.arange(40), "exits": np.arange(40), "peak_coverage": np.arange(40)})
    b = ensemble("baseline", {name: a.outcomes[name] + 9 for name in a.outcomes})
    found = compare_ensembles([a, b])
    table = found.pairs().set_index("measure")
    assert table["verdict"].to_dict() == {"adopters": "better", "exits": "worse", "peak_coverage": "higher"}
    assert [found.better(name, found.results[0, 1][name]) for name in table.index] == ["B", "A", ""]


def test_every_plan_is_compared_with_the_first():
    found = compare_ensembles([ensemble(), shifted(0.1), shifted(0.3, "positive-framing")])
    table = found.pairs()
    goal = table[table["measure"] == "goal_share"]
    assert list(zip(goal["a"], goal["b"], strict=True)) == [("A", "B"), ("A", "C")]
    assert list(goal["difference"]) == pytest.approx([0.1, 0.3])
    assert "C is better: ahead in 100 of 100 worlds" in found.sentence("goal_share", (0, 2))
    assert found.front == (False, False, True)


def test_only_measures_that_both_have_are_compared():
    a = ensemble("baseline", {"adopters": np.arange(40), "exits": np.arange(40)})
    b = ensemble("baseline", {"adopters": np.arange(40), "returns": np.arange(40)})
    found = compare_ensembles([a, b])
    assert list(found.results[0, 1]) == ["adopters"]
    assert ("exits", "B") not in found.table().index


def test_worlds_pair_by_replicate_not_by_row():
    a, b = ensemble(), shifted(0.1)
    shuffled = b.outcomes.iloc[::-1]
    object.__setattr__(b, "outcomes", shuffled)
    row = compare_ensembles([a, b]).results[0, 1]["goal_share"]
    assert (row.low, row.high) == pytest.approx((0.1, 0.1))


def test_sentences_say_it_plainly():
    worlds = 100
    up = np.where(np.arange(worlds) < 83, 0.06, -0.05) + 0.001 * noise(worlds, 5)
    a = ensemble("baseline", {"goal_share": np.full(worlds, 0.5)}, replicates=worlds)
    b = ensemble("baseline", {"goal_share": 0.5 + up}, replicates=worlds)
    text = compare_ensembles([a, b]).sentences()[0]
    assert text.startswith("Goal share: B is better: ahead in 83 of 100 worlds, A in 17. On average B − A is +4")
    assert "2 percentage points would matter" in text
    assert "B is ahead in 83 of 100 worlds (74 to 90), equal in 0, A ahead in 17." in text
    c = ensemble("baseline", {"goal_share": 0.5 + 0.4 * np.sign(up)}, replicates=worlds)
    assert (
        "Undecided: either may be better"
        in compare_ensembles(
            [a, ensemble("baseline", {"goal_share": 0.5 + 0.3 * noise(worlds, 8)}, replicates=worlds)]
        ).sentences()[0]
    )
    assert compare_ensembles([a, c]).sentences()[0].startswith("Goal share: B is better")


def test_ties_are_told():
    a = ensemble("baseline", {"exits": np.zeros(40)})
    b = ensemble("baseline", {"exits": (np.arange(40) < 16).astype(float)})
    text = compare_ensembles([a, b]).sentences()[0]
    assert "B is ahead in 0 of 100 worlds (0 to 9), equal in 60, A ahead in 40." in text


def test_measures_outside_the_headline_get_no_verdict():
    names = ("goal_share", "reach")
    a = ensemble("baseline", dict.fromkeys(names, np.arange(40.0)))
    b = ensemble("baseline", dict.fromkeys(names, np.arange(40.0) + 1e9))
    found = compare_ensembles([a, b])
    assert found.results[0, 1]["reach"].verdict is Verdict.NONE
    assert "no verdict" in found.sentence("reach")
    asked = compare_ensembles([a, b], headline=["reach"])
    assert asked.results[0, 1]["reach"].verdict is Verdict.HIGHER
    assert asked.goal == "reach"


def test_what_matters_can_be_said_by_the_scenario_and_by_the_caller():
    a, b = ensemble(), shifted(0.03)
    assert compare_ensembles([a, b]).results[0, 1]["goal_share"].verdict is Verdict.HIGHER
    given = compare_ensembles([a, b], matters={"goal_share": 0.05})
    assert given.results[0, 1]["goal_share"].verdict is Verdict.SAME
    case = scenario("baseline").replace(goal={"matters": {"goal_share": 0.05}})
    assert case.digest() == scenario("baseline").digest()  # it changes no world
    told = compare_ensembles([ensemble(case), b]).results[0, 1]["goal_share"]
    assert (told.verdict, told.matters) == (Verdict.SAME, 0.05)


def test_a_measure_that_some_worlds_lack_gets_no_verdict_but_a_time_lasts_until_the_horizon():
    some = np.where(np.arange(40) < 30, 100.0, math.nan)
    a = ensemble("baseline", {"cost_per_adopter": np.full(40, 9_000.0), "seats_weeks": np.full(40, 30.0)})
    b = ensemble("baseline", {"cost_per_adopter": some, "seats_weeks": some})
    found = compare_ensembles([a, b], headline=["cost_per_adopter", "seats_weeks"])
    assert found.results[0, 1]["cost_per_adopter"].verdict is Verdict.NONE
    assert "Missing in 0 worlds of A and 10 of B" in found.sentence("cost_per_adopter")
    waited = found.results[0, 1]["seats_weeks"]
    assert waited.pairs_used == 40
    assert waited.difference == pytest.approx((30 * 70.0 + 10 * (scenario("baseline").weeks - 30.0)) / 40)


def test_json_has_the_promised_shape():
    a = ensemble("campaign-while-partnering")
    b = shifted(0.1)
    text = compare_ensembles([a, b], parameters={"stimulus": 8.0}).to_json()
    found = json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is not JSON"))
    keys = ["schema", "version", "seed", "replicates", "parameters", "answer", "scenarios", "pairs", "hangs_on"]
    assert list(found) == [*keys, "parameter_sets"]
    assert found["parameters"] == {"stimulus": 8.0}
    assert list(found["scenarios"]) == ["campaign-while-partnering", "partner-in-calm-seas"]
    first = found["scenarios"]["campaign-while-partnering"]
    assert list(first) == ["name", "title", "digest", "front", "happened", "measures"]
    assert first["digest"] == a.scenario.digest()
    assert set(first["measures"]["goal_share"]) == {"median", "p10", "p90"}
    assert first["measures"]["weeks_away_km"] == {"median": None, "p10": None, "p90": None}
    (pair,) = found["pairs"]
    assert (pair["a"], pair["b"]) == ("campaign-while-partnering", "partner-in-calm-seas")
    assert all(set(PAIR_COLUMNS) >= set(row) for row in pair["measures"].values())
    assert list(compare_ensembles([a, b]).pairs().columns) == list(PAIR_COLUMNS)


def test_measures_can_be_chosen():
    found = compare_ensembles([ensemble(), shifted(0.1)], ["credited_impact_ombud", "exits"])
    assert found.measures == ("credited_impact_ombud", "exits")
    with pytest.raises(InputError, match="did you mean 'adopters'"):
        compare_ensembles([ensemble(), ensemble()], ["adopterz"])


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(InputError, match="expected 2 to 8"):
        compare(["baseline"])
    with pytest.raises(InputError, match="expected 2 to 8"):
        compare("baseline")
    with pytest.raises(InputError, match="same seed"):
        compare_ensembles([ensemble(seed=1), ensemble(seed=2)])


def test_caveats_name_hidden_partnerships_and_few_worlds():
    assert compare_ensembles([ensemble(), ensemble()]).caveats() == []
    hidden = compare_ensembles([ensemble(replicates=8), ensemble("stay-in-the-shadows", replicates=8)])
    first, other_worlds, few = hidden.caveats()
    assert first.startswith("B: partnership out of sight")
    assert "differ in more than the plan" in other_worlds  # one has a flagship firm
    assert "only 8 worlds" in few


def test_plans_over_different_times_get_no_verdict():
    """Sums over 260 weeks and over 156 do not compare."""
    found = compare_ensembles([ensemble(), ensemble("ideas-given-early"), ensemble()])
    assert any("different times" in text for text in found.caveats())
    assert {row.verdict for row in found.results[0, 1].values()} == {Verdict.NONE}
    assert {row.verdict for row in found.results[0, 2].values()} == {Verdict.SAME}  # of the same time
    assert any("start on different days" in text for text in found.answer())
    shorter = compare_ensembles([ensemble(), ensemble(scenario("baseline").replace(weeks=100))])
    assert "--weeks" in shorter.answer()[-1]


def test_saving_twice_gives_the_same_bytes(tmp_path):
    found = compare_ensembles([ensemble(), shifted(0.1)])
    for name in ("one", "two"):
        found.save(tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    expected = {"brief.html", "comparison.json", "manifest.json", "outcomes.csv", "outcomes.parquet", "pairs.csv"}
    assert expected | {"report.html", "series.parquet", "futures.png", "differences-A-B.png"} <= set(files)
    assert not [name for name in files if name.startswith(".")]
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    manifest = json.loads((tmp_path / "one" / "manifest.json").read_text())
    assert manifest["seed"] == 0
    assert manifest["scenarios"][0]["digest"] == scenario("baseline").digest()
    assert {"sources", "version", "libraries", "replicates", "parameters"} <= set(manifest)


def test_saved_series_hold_every_world(tmp_path):
    import pandas as pd

    found = compare_ensembles([ensemble(), shifted(0.1)])
    found.save(tmp_path)
    table = pd.read_parquet(tmp_path / "series.parquet")
    assert list(table.columns) == ["scenario", "replicate", "week", "goal_share", "coverage"]
    part = table[(table["scenario"] == "B") & (table["replicate"] == 7)]
    assert part["goal_share"].to_numpy() == pytest.approx(found.ensembles[1].series["goal_share"][7])


# ---------------------------------------------------------------------- wording


@pytest.mark.parametrize(
    "share, text",
    [(1.0, "100 of 100 worlds"), (0.999, "more than 99 of 100 worlds"), (0.83, "83 of 100 worlds"),
     (0.001, "fewer than 1 of 100 worlds"), (0.0, "0 of 100 worlds")],
)  # fmt: skip
def test_near_certainty_is_not_certainty(share, text):
    assert of_100(share) == text


@pytest.mark.parametrize("uncertainty, digits", [(0.01, 3), (0.04, 2), (3.0, 0), (1.2, 1), (250.0, 0)])
def test_digits_follow_the_uncertainty(uncertainty, digits):
    assert decimals(uncertainty) == digits


def test_numbers_are_written_for_people():
    assert number(1234567.0) == "1,234,567"
    assert number(0.0394) == "0.0394"
    assert number(-0.0001, 2, sign=True) == "0.00"
    assert number(math.nan) == "none"


def test_what_could_often_not_be_done_is_said():
    """A plan that is not carried out is another plan: the reader is told, on the screen and in the report."""
    poor = scenario("campaign-while-partnering")
    rows = [{**row, "annual_budget": 10} if row["id"] == "ombud" else row for row in poor.document()["organisation"]]
    found = compare_scenarios([poor, poor.replace(organisation=rows)], 4, seed=1)
    notes = [text for text in found.caveats() if "refused" in text]
    assert (
        "B: the equality ombud publishes a survey of 2,014 people: refused in 100 of 100 worlds: no money left" in notes
    )
    assert not any(text.startswith("A") and "survey" in text for text in notes)
    # The plans are the same, and the one is not carried out: there is no verdict on it.
    assert not any(row.verdict is Verdict.HIGHER for row in found.results[0, 1].values())


def test_the_headline_follows_the_ombud_whatever_its_id_is():
    """Measures of the one that plans start from come first, also where it is not called ombud."""
    rows = [{"id": "equality_body", "type": "ombud"}, {"id": "federation", "type": "federation"}]
    case = scenario("baseline").replace(
        organisation=rows, dyad=[], partnership=[], plan=[], weeks=20, firms={"number": 5}, initiator=None
    )
    answer = compare([case, case], replicates=2)
    of_the_ombud = {"credited_impact", "shadow_impact", "relationship_capital", "cooptation"}
    assert {f"{name}_equality_body" for name in of_the_ombud} <= set(answer.headline)
    assert not any("ombud" in name for name in answer.headline)
