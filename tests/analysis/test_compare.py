"""Paired comparison: exact zeros, honest intervals, the rules of the verdict, spells, files."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from made_up import ensemble, noise, shifted

from sim.analysis.comparison.answer import compare, compare_ensembles, compare_scenarios
from sim.analysis.durations import kaplan_meier
from sim.errors import InputError
from sim.scenarios import scenario
from sim.statistics import compare_pairs, summarise, worlds_needed
from sim.words.numbers import decimals, number, of_100


def paired(difference, key="x", seed=0, **more):
    column = np.asarray(difference, dtype=float)[:, None]
    return compare_pairs(np.zeros_like(column), column, [key], seed, **more)[0]


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


def test_the_interval_covers_a_planted_difference_in_about_95_of_100_trials():
    trials, worlds, truth = 300, 80, 0.3
    difference = np.column_stack([truth + noise(worlds, 1000 + k) for k in range(trials)])
    keys = [f"trial {k}" for k in range(trials)]
    rows = compare_pairs(np.zeros_like(difference), difference, keys, 0)
    covered = sum(row.low <= truth <= row.high for row in rows) / trials
    # A percentile interval of 80 pairs covers a little less than 95 %; the sampling error is 1.3 points.
    assert 0.91 <= covered <= 0.98


def test_a_planted_difference_is_found_and_nothing_is_found_where_there_is_nothing():
    found = paired(0.5 + noise(400, 7))
    assert found.verdict == "B higher"
    assert found.low < 0.5 < found.high
    assert paired(-0.5 + noise(400, 7)).verdict == "A higher"
    nothing = [paired(noise(200, 500 + k), f"null {k}").verdict for k in range(40)]
    assert nothing.count("undecided") >= 38


def test_equal_worlds_give_exact_zeros():
    found = paired(np.zeros(50))
    assert (found.difference, found.low, found.high) == (0.0, 0.0, 0.0)
    assert (found.share_b_higher, found.ties, found.verdict) == (0.5, 1.0, "identical")


def test_ties_count_half_and_missing_pairs_do_not_count():
    found = paired([1.0, 1.0, 0.0, 0.0, -1.0, math.nan])
    assert found.share_b_higher == pytest.approx((2 + 0.5 * 2) / 5)
    assert found.ties == pytest.approx(0.4)
    assert (found.pairs_used, found.pairs) == (5, 6)


def test_a_clear_mean_without_a_majority_is_undecided():
    # B gains much in few worlds and loses a little in most: the mean is clear, the choice is not.
    difference = np.where(np.arange(1000) % 2 == 0, 3.0, -1.0) + 0.01 * noise(1000, 3)
    found = paired(difference)
    assert found.low > 0.0
    assert found.share_b_higher == pytest.approx(0.5)
    assert found.verdict == "undecided"
    assert math.isinf(found.worlds_needed)


def test_mean_and_majority_that_disagree_are_told_apart():
    # Three of four worlds lose a little, one gains a lot.
    up = np.where(np.arange(40) % 4 == 0, 8.0, -1.0)
    a = ensemble("baseline", {"adopters": np.full(40, 9.0)})
    b = ensemble("baseline", {"adopters": 9.0 + up})
    (text,) = compare_ensembles([a, b]).sentences()
    assert "undecided, B is better in 25 of 100 worlds" in text
    assert "the average moves, but no clear majority of worlds with it; more worlds will not settle it" in text


def test_one_world_and_no_world_say_nothing():
    one, none = paired([2.0]), paired([math.nan, math.nan])
    assert one.verdict == none.verdict == "undecided"
    assert math.isnan(one.low)
    assert math.isnan(none.difference)


def test_intervals_depend_on_key_and_seed_but_not_on_threads():
    values = noise(60, 4)
    again = paired(values, threads=1)
    assert paired(values, threads=4) == again
    assert paired(values, key="y").low != again.low
    assert paired(values, seed=1).low != again.low


def test_the_number_of_worlds_asked_for_settles_the_question():
    asked = {name: paired(0.2 + noise(60, name)) for name in range(20, 45)}
    open_ones = {name: row.worlds_needed for name, row in asked.items() if row.worlds_needed < 1_000}
    assert len(open_ones) >= 5
    settled = [paired(0.2 + noise(int(worlds), name)).verdict for name, worlds in open_ones.items()]
    assert settled.count("B higher") >= 0.8 * len(settled)
    assert all(row.verdict == "undecided" or math.isnan(row.worlds_needed) for row in asked.values())


@pytest.mark.parametrize(
    "difference, low, high, share", [(0.0, -1, 1, 0.6), (1e-6, -1.0, 1.0, 0.6), (0.1, -0.1, 0.3, 0.5)]
)
def test_more_worlds_do_not_settle_what_is_even(difference, low, high, share):
    assert math.isinf(worlds_needed(difference, low, high, share, 4000))


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
    assert set(table["verdict"]) == {"identical"}
    assert (table[["difference", "low", "high"]].to_numpy() == 0.0).all()
    assert found.names == ("baseline (A)", "baseline (B)")
    assert all("identical in every world" in text for text in found.sentences())
    assert len(found.to_dict()["scenarios"]) == 2


def test_the_engine_gives_exact_zeros_for_the_same_plan():
    case = scenario("campaign-while-partnering").replace(weeks=40)
    found = compare([case, case], replicates=6, seed=3)
    assert set(found.pairs()["verdict"]) <= {"identical", "undecided"}
    results = found.results[0, 1].values()
    assert all(row.verdict == "identical" for row in results if row.pairs_used)
    assert any(row.pairs_used for row in results)


def test_which_is_better_follows_the_direction_of_the_measure():
    a = ensemble("baseline", {"adopters": np.arange(40), "exits": np.arange(40), "peak_coverage": np.arange(40)})
    b = ensemble("baseline", {name: a.outcomes[name] + 1 for name in a.outcomes})
    table = compare_ensembles([a, b]).pairs().set_index("measure")
    assert list(table["verdict"]) == ["B higher"] * 3
    assert table.loc["adopters", "better"] == "B"
    assert table.loc["exits", "better"] == "A"
    assert table.loc["peak_coverage", "better"] == ""


def test_every_pair_is_compared_in_the_order_given():
    found = compare_ensembles([ensemble(), shifted(0.1), shifted(0.3, "positive-framing")])
    table = found.pairs()
    goal = table[table["measure"] == "goal_share"]
    assert list(zip(goal["a"], goal["b"], strict=True)) == [("A", "B"), ("A", "C"), ("B", "C")]
    assert list(goal["difference"]) == pytest.approx([0.1, 0.3, 0.2])
    assert "C is better in 100 of 100 worlds" in found.sentence("goal_share", (1, 2))


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
    assert text.startswith("Goal share: B is better in 83 of 100 worlds (paired difference +0.04")
    assert "95 % interval 0.0" in text
    even = np.where(np.arange(worlds) % 2 == 0, 0.05, -0.05)
    c = ensemble("baseline", {"goal_share": 0.5 + even}, replicates=worlds)
    assert "undecided" in compare_ensembles([a, c]).sentences()[0]
    assert "more worlds will not settle it" in compare_ensembles([a, c]).sentences()[0]


def test_ties_are_told():
    a = ensemble("baseline", {"exits": np.zeros(40)})
    b = ensemble("baseline", {"exits": (np.arange(40) < 16).astype(float)})
    assert "A is better in 40 of 100 worlds, B in 0, equal in 60" in compare_ensembles([a, b]).sentences()[0]


def test_json_has_the_promised_shape():
    a = ensemble("campaign-while-partnering")
    b = shifted(0.1)
    text = compare_ensembles([a, b], parameters={"stimulus": 8.0}).to_json()
    found = json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is not JSON"))
    assert list(found) == ["version", "seed", "replicates", "parameters", "scenarios", "pairs", "parameter_sets"]
    assert found["parameters"] == {"stimulus": 8.0}
    assert list(found["scenarios"]) == ["campaign-while-partnering", "partner-in-calm-seas"]
    first = found["scenarios"]["campaign-while-partnering"]
    assert list(first) == ["name", "title", "digest", "measures"]
    assert first["digest"] == a.scenario.digest()
    assert set(first["measures"]["goal_share"]) == {"median", "p10", "p90"}
    assert first["measures"]["weeks_away_km"] == {"median": None, "p10": None, "p90": None}
    (pair,) = found["pairs"]
    assert (pair["a"], pair["b"]) == ("campaign-while-partnering", "partner-in-calm-seas")
    keys = {"difference", "low", "high", "share_b_higher", "ties", "verdict"}
    assert all(set(row) == keys for row in pair["measures"].values())


def test_measures_can_be_chosen():
    found = compare_ensembles([ensemble(), shifted(0.1)], ["credited_impact_ombud", "exits"])
    assert found.measures == ("credited_impact_ombud", "exits")
    with pytest.raises(InputError, match="did you mean 'adopters'"):
        compare_ensembles([ensemble(), ensemble()], ["adopterz"])


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(InputError, match="expected 2 to 6"):
        compare(["baseline"])
    with pytest.raises(InputError, match="expected 2 to 6"):
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


def test_plans_over_different_times_are_not_compared_in_silence():
    """Sums over 260 weeks and over 156 do not compare: the reader is told before the verdicts."""
    found = compare_ensembles([ensemble(), ensemble("ideas-given-early")])
    assert any("different times" in text for text in found.caveats())


def test_saving_twice_gives_the_same_bytes(tmp_path):
    found = compare_ensembles([ensemble(), shifted(0.1)])
    for name in ("one", "two"):
        found.save(tmp_path / name)
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    expected = {"comparison.json", "manifest.json", "outcomes.csv", "outcomes.parquet", "pairs.csv"}
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
    assert "B: publish-survey was refused in 100 of 100 worlds (money)" in notes
    assert not any(text.startswith("A: publish-survey") for text in notes)


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
