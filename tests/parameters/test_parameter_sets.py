"""A world is luck and ignorance: each draws a plausible set, the same under every plan, and what is chosen wins."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from one_run import small
from scipy import stats

import sim
from sim.cli import run_command
from sim.ensemble import simulate
from sim.errors import InputError
from sim.parameters import REGISTRY
from sim.parameters.sets import ParameterSets, shipped_sets
from sim.scenarios import scenario
from sim.start.prepared import prepare

NAMES = ("stimulus", "exit_base", "peer_rate", "grievance_half_life", "role_understanding_federation")


def made_up(weights: tuple[float, ...] = (0.1, 0.2, 0.3, 0.4)) -> ParameterSets:
    places = np.linspace(0.1, 0.9, len(weights))
    values = np.array([[REGISTRY[name].at(float(place)) for name in NAMES] for place in places])
    return ParameterSets("made up", NAMES, values, np.array(weights))


def played(case: Any = "campaign-while-partnering", worlds: int = 12, **keys: Any) -> Any:
    return simulate(case, worlds, 3, parameter_sets=made_up(), **keys)


def test_sets_are_drawn_by_weight_and_from_seed_and_replicate_alone():
    setting = prepare(small(), sets=made_up())
    rows = setting.set_rows(7, 0, 4_000)
    counts = np.bincount(rows, minlength=4)
    assert stats.chisquare(counts, 4_000 * made_up().weights).pvalue > 1e-3
    assert (setting.set_rows(7, 1_000, 50) == rows[1_000:1_050]).all()
    assert (setting.set_rows(8, 0, 4_000) != rows).any()
    other = prepare(scenario("baseline"), sets=made_up())
    assert (other.set_rows(7, 0, 4_000) == rows).all()


def test_the_first_worlds_stay_the_same_when_there_are_more():
    few, many = played(worlds=20), played(worlds=60, threads=1)
    assert few.outcomes.equals(many.outcomes.iloc[:20])
    assert (few.set_rows == many.set_rows[:20]).all()
    later = played(worlds=10, first=10)
    assert later.outcomes.reset_index(drop=True).equals(few.outcomes.iloc[10:].reset_index(drop=True))


def test_a_world_lives_by_the_set_that_it_drew():
    """The same numbers as with the values of the set given to all worlds."""
    mixed = played()
    for row in sorted(set(mixed.set_rows.tolist())):
        alone = simulate("campaign-while-partnering", 12, 3, parameters=made_up().overrides(row), parameter_sets=None)
        mine = mixed.set_rows == row
        assert mixed.outcomes[mine].equals(alone.outcomes[mine])


def test_the_mesa_model_the_story_and_the_ensemble_draw_the_same():
    worlds = played("parent-project", 3)
    for replicate in range(3):
        model = sim.PartnershipModel("parent-project", 3, replicate, parameter_sets=made_up())
        assert model.parameters["stimulus"] == made_up().values[worlds.set_rows[replicate], 0]
        while model.running:
            model.step()
        for name in ("adopters", "exits", "goal_impact", "cost_hours"):
            assert model.measure(name) == worlds.outcomes[name].iloc[replicate]
        told = sim.story("parent-project", 3, replicate, parameter_sets=made_up())
        assert (told.events["event"] == "exit").sum() == model.measure("exits")


def test_a_plan_that_changes_nothing_differs_by_nothing():
    case = scenario("campaign-while-partnering")
    never = {"when": "coverage > 1000000", "verb": "inform", "by": "ombud"}
    idle = case.replace(plan=[*case.document()["plan"], never])
    found = sim.compare([case, idle], 30, 3, parameter_sets=made_up())
    assert all(row.difference == row.low == row.high == 0.0 for row in found.results[0, 1].values())


def test_what_is_chosen_wins_and_the_rest_stays_as_drawn():
    given = prepare(small(), {"stimulus": 4.0}, sets=made_up())
    assert (given.start.plausible.stimulus == 4.0).all()
    assert (given.start.plausible.peer_rate == made_up().values[:, 2]).all()
    by_scenario = prepare(small(parameters={"stimulus": 5.0}), sets=made_up())
    assert (by_scenario.start.plausible.stimulus == 5.0).all()
    half_lives = made_up().values[:, 3]
    assert given.start.plausible.grievance_decay == pytest.approx(2.0 ** (-1.0 / half_lives), rel=1e-15)


def test_values_that_start_a_world_are_drawn_too():
    """Calm news and how a federation sees the critic's role come from the set, not from the default."""
    values = np.array([[1.0, 0.9], [4.0, 0.1]])
    sets = ParameterSets("two", ("background_coverage", "role_understanding_federation"), values, np.array([0.5, 0.5]))
    for replicate in range(6):
        model = sim.PartnershipModel("baseline", 0, replicate, parameter_sets=sets)
        row = int(model.world.clock[0].parameter_set)
        assert model.world.media[0].coverage == pytest.approx(
            values[row, 0] / (1.0 - model.parameters["branching_base"])
        )
        federation = model.setting.row("federation")
        assert model.world.organisation[federation].role == values[row, 1]


def test_without_weights_world_r_has_set_r():
    design = ParameterSets("design", ("stimulus",), np.array([[1.0], [2.0], [3.0]]), np.empty(0))
    assert prepare(small(), sets=design).set_rows(5, 0, 3).tolist() == [0, 1, 2]


def test_ensembles_of_different_sets_are_no_pairs():
    a, b = played(worlds=4), simulate("campaign-while-partnering", 4, 3, parameter_sets=None)
    from sim.analysis.comparison.answer import compare_ensembles

    with pytest.raises(InputError, match="different parameter sets"):
        compare_ensembles([a, b])


def test_a_comparison_says_which_sets_made_it(tmp_path):
    found = sim.compare(["baseline", "positive-framing"], 4, parameter_sets=made_up())
    assert found.to_dict()["parameter_sets"] == {"source": "made up", "sets": 4, "digest": made_up().digest}
    assert sim.compare(["baseline", "positive-framing"], 4, parameter_sets="none").to_dict()["parameter_sets"] is None
    assert sim.compare(["baseline", "positive-framing"], 4).parameter_sets is shipped_sets()
    page = found.report(tmp_path / "report.html").read_text()
    assert "one of 4 plausible sets of made up" in page


def test_the_command_takes_a_file_of_sets_or_none(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> tuple[int, str, str]:
        code = run_command(list(words))
        return code, *capsys.readouterr()

    (tmp_path / "sets.csv").write_bytes(made_up().as_csv())
    arguments = ("compare", "baseline", "positive-framing", "--replicates", "3", "--json")
    shipped, named, none = (
        call(*arguments, *more)[1] for more in ((), ("--parameter-sets", "sets.csv"), ("--parameter-sets", "none"))
    )
    assert '"source": "shipped"' in shipped
    assert '"source": "sets.csv"' in named
    assert '"parameter_sets": null' in none
    code, _, error = call(*arguments, "--parameter-sets", "nowhere.csv")
    assert code == 2
    assert error.count("\n") == 1
    assert "nowhere.csv" in error
