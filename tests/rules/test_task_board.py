"""The task board: results of cells by hand, scarce hours, coverage, and the matrix in words."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from one_run import Run, play, simulate, small, start_run

from sim.errors import InputError
from sim.rules.elements import production
from sim.rules.task_board import TASK_RECIPES
from sim.scenarios import scenario
from sim.stories.board import board_lines
from sim.vocabulary.topics import Intervention, Level, Place

STAY = {"exit_base": -500.0, "conflict_base": -500.0, "champion_leaving_rate": 0.0}
EVERYBODY = ("academia", "federation", "government", "messenger", "ngo", "union")


def cell(*who: str, **keys: Any) -> dict[str, Any]:
    """A row [[task]]: prevention in hiring by outreach, unless said otherwise."""
    return {"intervention": "prevention", "place": "hiring", "level": "outreach", "who": list(who), **keys}


def board(*tasks: dict[str, Any], champion: float = 0.0, weeks: int = 1, **keys: Any) -> Run:
    """Play weeks of a world with a board; nobody or everybody has a champion, and nobody leaves."""
    rows = [{"id": name, "type": name, "champion": champion} for name in EVERYBODY]
    case = small(**{"organisation": rows, **keys}, task=list(tasks))
    return play(start_run(case, STAY), weeks)


def result(run: Run, level: str = "outreach", intervention: str = "prevention", place: str = "hiring") -> float:
    row = (Level.of(level) * 4 + Intervention.of(intervention)) * 3 + Place.of(place)
    return float(run.world.task[row].result)


def test_recipes_are_shares_and_policy_is_half_of_it():
    np.testing.assert_allclose(TASK_RECIPES.sum(axis=1), 1.0, atol=1e-15)
    np.testing.assert_allclose(TASK_RECIPES[:4, :4], TASK_RECIPES[4:, :4] / 2.0)
    np.testing.assert_allclose(TASK_RECIPES[:4, 4], TASK_RECIPES[4:, 4] / 2.0 + 0.5)


def test_a_cell_by_hand():
    """Government and NGO, 4 hours each: content 0.3 + 0.2, channel 0.3 + 0.8, money 2; Q = 0.6 without a champion."""
    run = board(cell("government", "ngo"))
    assert result(run) == pytest.approx(0.6 * (0.5**0.4 * 1.1**0.4 * 2.0**0.2) ** 0.95, rel=1e-12)
    assert run.world.task.result.sum() == result(run)  # all other cells are empty
    assert run.organisation("ngo").hours_used == 4.0
    assert run.organisation("union").hours_used == 0.0
    half = board(cell("government", "ngo", hours=2))
    assert result(half) == pytest.approx(0.6 * (0.25**0.4 * 0.55**0.4 * 1.0**0.2) ** 0.95, rel=1e-12)


def test_a_cell_is_the_production_of_its_workers_skills():
    """All eight recipes, three workers: the same as the production function of joint work."""
    names = ["academia", "government", "union"]
    tasks = [
        cell(*names, intervention=i, level=level, hours=1) for level in Level.words() for i in Intervention.words()
    ]
    run = board(*tasks)
    skills = sum(run.world.skill[run.setting.row(name)] for name in names) / 4.0
    for number, (level, intervention) in enumerate((a, b) for a in Level.words() for b in Intervention.words()):
        expected = 0.6 * production(TASK_RECIPES[number], skills, 0.95)
        assert result(run, level, intervention) == pytest.approx(expected, rel=1e-12)


def test_champions_and_structure_raise_the_quality():
    """Q = 0.6 + 0.2 champion + 0.2 Z, Z of the best structured active partnership between two who work there."""
    ties = [
        {"members": ["government", "ngo"], "structure": 4, "joint": 0.0},
        {"members": ["government", "union"], "structure": 8, "joint": 0.0},
        {"members": ["government", "academia"], "structure": 8, "state": "contact"},
    ]
    bare = result(board(cell("government", "ngo"))) / 0.6
    assert result(board(cell("government", "ngo"), champion=1.0)) == pytest.approx(0.8 * bare)
    assert result(board(cell("government", "ngo"), partnership=ties)) == pytest.approx(0.7 * bare)
    three = board(cell("government", "ngo", "union"), partnership=ties)
    assert result(three) == pytest.approx(0.8 * (0.9**0.4 * 1.9**0.4 * 2.4**0.2) ** 0.95)
    met = board(cell("government", "academia"), partnership=ties)
    without = board(cell("government", "academia"))
    assert result(met) == result(without)


def test_who_lacks_hours_scales_all_its_cells_alike():
    """A storyteller with 20 hours who should give 30 gives two thirds everywhere; the union gives all of its hours."""
    tasks = [cell("messenger", "union", place=place, intervention="safe_passage", hours=10) for place in Place.words()]
    run = board(*tasks)
    assert run.organisation("messenger").hours_used == 20.0
    assert run.organisation("union").hours_used == 30.0
    for place in Place.words():
        content, channel = (0.8 * 2 / 3 + 0.4) * 2.5, (0.9 * 2 / 3 + 0.8) * 2.5
        expected = 0.6 * (content**0.4 * channel**0.6) ** 0.95
        assert result(run, intervention="safe_passage", place=place) == pytest.approx(expected)


def test_the_board_comes_after_joint_work():
    """Joint work takes 20 x 0.4 / 0.8 = 10 of the 12 hours, so a task of 4 hours gets half of them."""
    rows = [{"id": name, "type": name, "champion": 0.0, "capacity": 12} for name in ("ngo", "union")]
    tie = {"members": ["ngo", "union"], "joint": 0.4}
    dyad = {"a": "ngo", "b": "union", "distance": 0.0}
    task = cell("ngo", intervention="assistance")
    values = {**STAY, "disagreement_rate": 0.0}
    case = small(organisation=rows, partnership=[tie], dyad=[dyad], task=[task])
    run = play(start_run(case, values), 1)
    assert run.organisation("ngo").hours_used == pytest.approx(12.0)
    expected = 0.6 * (0.4**0.4 * 0.5**0.3 * 0.35**0.3) ** 0.95
    assert result(run, intervention="assistance") == pytest.approx(expected)


def test_coverage_counts_the_cells_with_half_a_result():
    """Two cells of 24 reach 0.5, one stays below; the measures are missing without a board."""
    tasks = [
        cell(*EVERYBODY),
        cell(*EVERYBODY, intervention="assistance", place="expecting"),
        cell("academia", level="policy"),
    ]
    run = board(*tasks)
    results = np.sort(run.world.task.result)[::-1]
    assert results[1] >= 0.5 > results[2] > 0.0
    worlds = simulate(run.setting.scenario, 3, parameters={"champion_leaving_rate": 0.1})
    assert (worlds.outcomes["task_board_coverage"] == 2 / 24).all()
    assert worlds.outcomes["task_board_result"].iloc[0] == pytest.approx(results.sum() / 24)
    empty = simulate(small(EVERYBODY), 1).outcomes
    assert math.isnan(empty["task_board_coverage"].iloc[0])
    assert math.isnan(empty["task_board_result"].iloc[0])


def test_the_order_of_tasks_changes_nothing():
    tasks = [cell("ngo", "union", place=place, hours=9) for place in Place.words()]
    assert board(*tasks, weeks=9).world.state.tobytes() == board(*tasks[::-1], weeks=9).world.state.tobytes()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            cell("ngo", intervention="protection"),
            "small: task 1 (protection, hiring, outreach): intervention: found 'protection', expected one of "
            "prevention, safe_passage, monitoring, assistance (did you mean 'prevention'?)",
        ),
        (cell("ngo", place="transit"), "small: task 1 (prevention, transit, outreach): place: found 'transit'"),
        (
            cell("ngi"),
            "small: task 1 (prevention, hiring, outreach): who: unknown organisation 'ngi', expected one of ngo "
            "(did you mean 'ngo'?)",
        ),
        (cell("ngo", hours=41), "small: task 1 (prevention, hiring, outreach): hours: found 41, expected a number"),
        (
            cell("ngo", "ngo"),
            "small: task 1 (prevention, hiring, outreach): who: found ['ngo', 'ngo'], expected a list",
        ),
        (cell("ngo", where="x"), "small: task 1 (prevention, hiring, outreach): where: unknown key, expected one of"),
    ],
)
def test_errors_of_the_board_are_one_line(row: dict[str, Any], message: str):
    with pytest.raises(InputError) as caught:
        small(("ngo",), task=[row])
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


def test_a_cell_stands_on_the_board_only_once():
    with pytest.raises(InputError, match=r"^small: task 2 \(prevention, hiring, outreach\): place: found .* twice"):
        small(("ngo",), task=[cell("ngo"), cell("ngo", hours=3)])


def test_a_child_replaces_cells_of_its_parent(tmp_path):
    (tmp_path / "child.toml").write_text(
        'extends = "ilo-roles"\n[[task]]\nplace = "hiring"\nlevel = "policy"\nintervention = "monitoring"\nwho = []\n'
    )
    parent, child = scenario("ilo-roles"), scenario(tmp_path / "child.toml")
    differing = [row for row in child.task if row not in parent.task]
    assert len(child.task) == len(parent.task) == 24
    assert [(row.who, row.hours) for row in differing] == [((), 1.25)]
    assert scenario(child.to_toml()) == child


# --- the case of roles ----------------------------------------------------------------------------------------------


def test_a_division_of_roles_covers_more_than_everyone_everywhere_with_the_same_hours():
    """Complementarity: 90 hours a week either way; without structure the same division covers little."""
    names = ("ilo-roles", "ilo-everyone-does-everything", "ilo-without-structure", "ilo-without-employers")
    hours = {name: sum(row.hours * len(row.who) for row in scenario(name).task) for name in names}
    assert hours["ilo-roles"] == hours["ilo-everyone-does-everything"] == hours["ilo-without-structure"] == 90.0
    worlds = [simulate(name, 60).outcomes for name in names]
    roles, everyone, bare, fewer = (table["task_board_coverage"].mean() for table in worlds)
    assert roles > everyone + 0.2
    assert roles > bare + 0.4
    assert roles > fewer + 0.2
    assert worlds[0]["task_board_result"].mean() > worlds[1]["task_board_result"].mean() + 0.03
    for name in names[1:]:
        lead = [row for row in scenario(name).partnership if row.state == "formal"]
        assert all(row.initiator == "government" for row in lead)


def test_with_hours_in_plenty_everybody_covers_everything():
    """The division matters where hours are scarce: with twice the hours both plans cover all cells."""
    for name in ("ilo-roles", "ilo-everyone-does-everything"):
        assert simulate(name, 20, parameters={"task_hours": 2}).outcomes["task_board_coverage"].min() == 1.0


def test_the_matrix_says_who_works_where():
    lines = list(board_lines(scenario("ilo-roles")))
    assert lines[0] == "Task board: who works where, 1.25 hours a week each"
    assert lines[1].split() == ["policy:", "hiring", "expecting", "leave", "and", "return"]
    text = "\n".join(lines)
    assert text.count("government") == 24
    assert text.count("academia") == 6
    assert max(map(len, lines)) <= 120
    case = small(EVERYBODY, task=[cell(*EVERYBODY), cell("ngo", place="expecting", hours=2)])
    first = next(line for line in list(board_lines(case))[7:] if "prevention" in line)
    assert first.split() == ["prevention", "everybody", "(4", "h)", "ngo", "(2", "h)", "nobody"]
    assert list(board_lines(scenario("baseline"))) == []
