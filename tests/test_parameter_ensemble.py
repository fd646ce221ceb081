"""Comparisons across parameter sets: exact zeros, honest signs, and what turns them."""

from __future__ import annotations

import dataclasses
import json
import math

import numpy as np
import pytest
from made_up import noise

import sim
from sim.cli import _run
from sim.errors import InputError
from sim.report.html import command_line, render
from sim.report.parameter_ensemble import across_section, lines_across, table_across
from sim.scenarios import scenario
from sim.studies.calibration.parameter_sets import REFERENCE, ParameterSets
from sim.studies.parameter_ensemble import (
    find_turning,
    resolve_sets,
    run_across_sets,
    sentence,
    summarise_sets,
    turning_sentence,
    worlds_of_set,
)

A, B = "campaign-while-partnering", "partner-in-calm-seas"


def made_sets(number: int = 3, **columns: float) -> ParameterSets:
    names = ("third_party_blame", "stimulus")
    values = np.column_stack([np.linspace(0.05, 0.45, number), np.linspace(4.0, 9.0, number)])
    return ParameterSets("made-up.csv", names, values, np.full(number, 1.0 / number))


def summarised(differences, weights=None, verdicts=None, mean=None):
    """Sum up made-up sets; the worlds leave no doubt unless an interval is given."""
    found = np.asarray(differences, float)
    share = np.ones(len(found)) if weights is None else np.asarray(weights, float)
    if mean is None:
        there = np.isfinite(found)
        mean = (float(np.average(found[there], weights=share[there])),) * 3
    return summarise_sets(found, verdicts or ["undecided"] * len(found), share, (), np.empty((len(found), 0)), mean)


# ---------------------------------------------------------------------- signs


def test_the_sign_has_to_agree_in_nine_of_ten_sets():
    up, down = [0.5] * 9 + [-0.1], [0.5] * 8 + [-0.1] * 2
    assert summarised(up).verdict == "B higher"
    assert summarised([-x for x in up]).verdict == "A higher"
    found = summarised(down)
    assert found.verdict == "undecided"
    assert (found.b_sign, found.a_sign, found.agreement) == pytest.approx((0.8, 0.2, 0.8))


def test_a_mean_that_may_be_zero_settles_nothing():
    """Sets of one sign, and yet a mean whose interval holds 0: no answer."""
    found = summarised([0.01] * 10, mean=(0.01, -0.002, 0.022))
    assert (found.agreement, found.agrees, found.verdict) == (1.0, True, "undecided")
    assert summarised([0.01] * 10, mean=(0.01, 0.002, 0.018)).verdict == "B higher"
    assert summarised([-0.01] * 10, mean=(-0.01, -0.018, -0.002)).verdict == "A higher"
    assert summarised([-0.01] * 10, mean=(-0.01, -0.018, 0.001)).verdict == "undecided"


def test_sets_count_by_their_weights():
    assert summarised([1.0, -1.0], [95.0, 5.0]).verdict == "B higher"
    assert summarised([1.0, -1.0], [5.0, 95.0]).verdict == "A higher"
    found = summarised([1.0, 2.0, 3.0], [1.0, 1.0, 98.0], ["B higher", "undecided", "A higher"])
    assert (found.b_higher, found.undecided, found.a_higher) == pytest.approx((0.01, 0.01, 0.98))
    assert found.median == pytest.approx(3.0, abs=0.05)


def test_a_set_without_a_difference_is_for_nobody():
    found = summarised([0.5] * 8 + [0.0] * 2)
    assert (found.b_sign, found.a_sign, found.verdict) == (pytest.approx(0.8), 0.0, "undecided")
    assert summarised([0.0] * 5).verdict == "identical"


def test_a_set_in_which_no_world_has_a_value_does_not_count():
    found = summarised([1.0] * 9 + [math.nan] * 5, None, ["B higher"] * 9 + ["undecided"] * 5)
    assert (found.b_sign, found.b_higher, found.undecided) == pytest.approx((1.0, 1.0, 0.0))


# ---------------------------------------------------------------------- what turns the sign


def _columns(sets: int, seed: int = 0, parameters: int = 12) -> np.ndarray:
    return np.column_stack([noise(sets, 10 + k, seed) for k in range(parameters)])


def test_the_parameter_that_turns_the_sign_is_found():
    names = [f"p{k}" for k in range(12)]
    values = _columns(120)
    differences = values[:, 7] - 0.3 + 0.2 * noise(120, 99)
    found = find_turning(names, values, differences, np.full(120, 1 / 120))
    assert found is not None
    assert found.name == "p7"
    assert found.cut == pytest.approx(0.3, abs=0.2)
    assert found.separation > found.floor > 0.5
    assert found.b_above > 0.9
    assert found.b_below < 0.1
    turned = find_turning(names, values, -differences, np.full(120, 1 / 120))
    assert turned is not None
    assert (turned.name, turned.separation) == ("p7", pytest.approx(found.separation))
    assert turned.b_above == pytest.approx(1.0 - found.b_above)


def test_nothing_is_found_in_noise():
    """Twelve parameters have twelve chances: the floor is what the best of them reaches among shuffled labels."""
    names = [f"p{k}" for k in range(12)]
    found = [find_turning(names, _columns(60, s), noise(60, 99, s), np.full(60, 1 / 60), s) for s in range(30)]
    assert sum(one is not None for one in found) <= 2


def test_weights_say_which_sets_matter():
    values = _columns(80, parameters=2)
    weights = np.where(np.arange(80) < 40, 1.0, 1e-9)
    differences = np.where(np.arange(80) < 40, values[:, 0], -values[:, 0])
    found = find_turning(["p0", "p1"], values, differences, weights / weights.sum())
    assert found is not None
    assert (found.name, found.separation) == ("p0", pytest.approx(1.0))
    assert (found.b_above, found.b_below) == pytest.approx((1.0, 0.0), abs=1e-6)


def test_few_sets_on_a_side_or_a_fixed_parameter_say_nothing():
    values = _columns(60, parameters=2)
    assert find_turning(["p0", "p1"], values, np.where(np.arange(60) < 4, -1.0, 1.0), np.full(60, 1 / 60)) is None
    assert find_turning(["p0"], np.ones((60, 1)), noise(60, 3), np.full(60, 1 / 60)) is None


def test_sentences_say_who_where_and_how_surely():
    class About:
        label, unit, direction = "goal share", "share", 1

    one = summarised([0.02] * 6 + [-0.01] * 4)
    text = sentence(About, one)
    assert text.startswith(
        "Goal share: undecided, the sign is not settled within the plausible parameters: B is better"
    )
    assert "in 60 of 100 sets, A in 40 of 100 sets" in text
    lucky = sentence(About, summarised([0.02] * 10, mean=(0.02, -0.01, 0.05)))
    assert lucky == (
        "Goal share: undecided, B is better in 100 of 100 sets, but a few sets weigh so much the other way that the "
        "mean may be 0 (mean over the sets +0.02, 95 % interval -0.01 to 0.05)."
    )
    assert sentence(About, summarised([0.02] * 10)).startswith("Goal share: B is better in 100 of 100 sets (median")
    names, values = ["third_party_blame"], np.linspace(0, 0.5, 100)[:, None]
    turning = find_turning(names, values, 0.31 - values[:, 0], np.full(100, 0.01))
    assert turning is not None
    assert turning_sentence(About, turning) == (
        "Goal share turns with third party blame (third_party_blame): where it is above 0.311, A is better in "
        "100 of 100 sets; below, B in 100 of 100 sets."
    )
    About.direction = -1  # less is better: whoever is higher is worse
    assert "above 0.311, B is better" in turning_sentence(About, turning)


# ---------------------------------------------------------------------- with the model


def test_a_plan_that_changes_nothing_gives_zero_under_every_set():
    same = scenario(A).replace(name="the-same")
    found = run_across_sets([scenario(A), same], made_sets(), 6, measures=["goal_share", "exits", "cost_eur"])
    for one in found.results[0, 1].values():
        assert (one.differences == 0.0).all()
        assert (one.verdict, one.identical, one.turning) == ("identical", 1.0, None)


def test_a_set_gives_what_its_parameters_give_in_worlds_of_its_own():
    sets = made_sets()
    found = run_across_sets([scenario(A), scenario(B)], sets, 15, seed=4, measures=["goal_share", "weeks_away"])
    for number in range(3):
        values = sets.overrides(number)
        one, other = (sim.simulate(name, 15, 4, parameters=values, series=(), first=15 * number) for name in (A, B))
        for name in ("goal_share", "weeks_away"):
            expected = (other.outcomes[name] - one.outcomes[name]).mean()
            assert found.results[0, 1][name].differences[number] == pytest.approx(expected, abs=1e-12)


def test_the_mean_over_the_sets_counts_by_weight():
    sets = made_sets()
    found = run_across_sets([scenario(A), scenario(B)], sets, 25, measures=["weeks_away"]).results[0, 1]["weeks_away"]
    assert found.mean == pytest.approx(np.average(found.differences, weights=sets.weights))
    assert found.low < found.mean < found.high


def test_threads_change_nothing():
    runs = [
        run_across_sets([scenario(A), scenario(B)], made_sets(), 60, measures=["goal_share"], threads=threads)
        for threads in (1, 3)
    ]
    one, other = (found.results[0, 1]["goal_share"] for found in runs)
    assert one.differences.tobytes() == other.differences.tobytes()
    assert one.verdicts == other.verdicts


def test_what_was_given_holds_under_every_set():
    sets = made_sets()
    found = run_across_sets(
        [scenario(A), scenario(B)], sets, 5, measures=["goal_share"],
        parameters={"third_party_blame": 0.2, "stimulus": 6.0},
    )  # fmt: skip
    assert found.held == ("third_party_blame", "stimulus")
    plain = sim.compare([A, B], 5, parameters={"third_party_blame": 0.2, "stimulus": 6.0}, measures=["goal_share"])
    first = found.results[0, 1]["goal_share"].differences[0]  # its worlds are those of a plain comparison
    assert first == plain.results[0, 1]["goal_share"].difference


def test_worlds_are_split_between_the_sets():
    assert [worlds_of_set(n) for n in (5, 20, 100, 1000, 20_000)] == [5, 20, 20, 100, 2000]


def test_the_sets_that_are_meant(tmp_path):
    sets = made_sets()
    assert resolve_sets(sets) is sets
    if REFERENCE.exists():
        assert resolve_sets(True).source == "reference"
    else:
        with pytest.raises(InputError, match="not calibrated yet"):
            resolve_sets(True)
    path = tmp_path / "sets.csv"
    path.write_bytes(sets.as_csv())
    assert resolve_sets(path).values.tobytes() == sets.values.tobytes()
    with pytest.raises(InputError, match="found False"):
        resolve_sets(False)


@pytest.fixture(scope="module")
def comparison():
    return sim.compare([A, B], 30, ensemble=made_sets(6))


def test_the_answer_across_sets_is_part_of_the_comparison(comparison):
    document = json.loads(comparison.to_json())["ensemble"]
    assert (document["sets"], document["worlds_of_each_set"]) == (6, 20)
    numbers = document["pairs"][0]["measures"]["goal_share"]
    assert sum(numbers["verdicts"].values()) == pytest.approx(1.0)
    assert numbers["verdict"] in ("B higher", "A higher", "undecided", "identical")
    assert set(document["pairs"][0]["measures"]) <= set(comparison.headline)
    assert command_line(comparison).endswith("--ensemble made-up.csv")
    assert "ensemble" not in json.loads(sim.compare([A, B], 5).to_json())
    assert comparison.sentences_across_sets()[0].startswith("Goal share: ")
    table = table_across(comparison)
    assert len(table) == 6 * len(lines_across(comparison, (0, 1)))


def test_the_report_has_a_section_on_parameters(comparison, tmp_path):
    page = render(comparison)
    assert "Does the answer hold for other plausible parameters?" in page
    assert "20 worlds under each" in page
    assert "at least 90%" in page
    assert across_section(dataclasses.replace(comparison, across=None)) is None
    comparison.save(tmp_path)
    assert (tmp_path / "across-sets.csv").read_text().startswith("a,b,measure,set,weight,difference,verdict\n")
    assert (tmp_path / "across-sets-A-B.png").stat().st_size > 10_000


def test_the_command_reads_sets_from_a_file(tmp_path, capsys):
    path = tmp_path / "sets.csv"
    path.write_bytes(made_sets().as_csv())
    out = str(tmp_path / "out")
    assert _run(["compare", A, B, "--replicates", "20", "--ensemble", str(path), "--out", out]) == 0
    text = capsys.readouterr().out
    assert f"Across plausible parameters: 3 parameter sets of {path} (they weigh as much as 3 equal ones)" in text
    assert _run(["compare", A, B, "--replicates", "20", "--ensemble", str(path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ensemble"]["sets"] == 3


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (["nowhere.csv"], "cannot be read"),
        (["a.csv", "b.csv"], "found 2 files of parameter sets, expected at most one"),
    ],
)
def test_bad_files_are_one_line(files, message, capsys):
    assert _run(["compare", A, B, "--ensemble", *files, "--json"]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1
