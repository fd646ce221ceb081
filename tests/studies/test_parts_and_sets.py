"""Parts of a study put together, plausible sets as its points, the seed of its points, missing values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from small_studies import small_study

import sim
from sim.errors import InputError
from sim.parameters.sets import shipped_sets
from sim.studies.location import open_location
from sim.studies.merge import merge_studies
from sim.studies.prepared import prepare_study
from sim.studies.run import run_study

if TYPE_CHECKING:
    from pathlib import Path

PAIR = ["campaign-while-partnering", "partner-in-calm-seas"]


def of_sets(**more: Any) -> dict[str, Any]:
    return {
        "name": "sets",
        "title": "Plausible sets as points",
        "scenarios": PAIR,
        "outcomes": ["weeks_away", "goal_share"],
        "replicates": 2,
        "set": {"weeks": 80},
        "design": {"kind": "sets", "samples": 40},
        **more,
    }


def test_parts_put_together_are_the_study_that_ran_at_once(tmp_path: Path) -> None:
    file = small_study(chunk=6)
    whole = sim.study(file, tmp_path / "whole")
    assert len(whole.prepared.shards) >= 3
    for number in (1, 2):
        run_study(prepare_study(file), open_location(tmp_path / f"part{number}"), part=(number, 2))
    merged = merge_studies([tmp_path / "part1", tmp_path / "part2"], tmp_path / "merged")
    assert merged.store.status().finished
    for path in sorted((tmp_path / "whole").rglob("*")):
        if path.is_file():
            assert (tmp_path / "merged" / path.relative_to(tmp_path / "whole")).read_bytes() == path.read_bytes()


def test_parts_may_share_a_folder_and_a_part_alone_is_not_finished(tmp_path: Path) -> None:
    file = small_study(chunk=6)
    first = run_study(prepare_study(file), open_location(tmp_path), part=(2, 2))
    assert not first.store.status().finished
    assert run_study(prepare_study(file), open_location(tmp_path), part=(1, 2)).store.status().finished


def test_parts_of_different_studies_are_refused(tmp_path: Path) -> None:
    run_study(prepare_study(small_study(chunk=6)), open_location(tmp_path / "a"), part=(1, 2))
    run_study(prepare_study(small_study(chunk=6), seed=5), open_location(tmp_path / "b"), part=(2, 2))
    with pytest.raises(InputError, match="expected parts of the same one"):
        merge_studies([tmp_path / "a", tmp_path / "b"], tmp_path / "merged")


def test_plausible_sets_are_points_drawn_by_weight() -> None:
    design = prepare_study(of_sets(design={"kind": "sets", "samples": 2_000})).design
    sets = shipped_sets()
    first = [float(sample[sets.names[0]]) for sample in design.samples]
    heaviest = int(sets.weights.argmax())
    share = np.mean(np.isclose(first, sets.values[heaviest, 0]))
    assert share == pytest.approx(sets.weights[heaviest], abs=1.5 / 2_000)
    assert {factor.name for factor in design.sampled} == set(sets.names)


def test_a_study_of_sets_says_what_its_outcomes_move_with() -> None:
    found = sim.study(of_sets(difference=[{"a": PAIR[0], "b": PAIR[1], "outcome": "weeks_away"}]))
    table = found.answers["given_data"].tables()["given-data"]
    assert set(table["factor"]) == set(shipped_sets().names)
    assert ((table["index"] >= 0.0) & (table["index"] <= 1.0)).all()
    assert found.own_worlds  # samples are counted, so that each has worlds of its own
    values = found.values("weeks_away")
    same = sim.simulate(
        sim.scenario(PAIR[0]).replace(weeks=80), 2, 0, first=2 * 7, series=(),
        parameters={name: float(value) for name, value in found.design.samples[7].items()},
    )  # fmt: skip
    assert values[7, 0].tolist() == same.outcomes["weeks_away"].tolist()


@pytest.mark.parametrize(
    "more", [{"uncertainty": [{"parameter": "stimulus"}]}, {"parameter_sets": "none"}, {"design": {"kind": "sets"}}]
)
def test_a_design_of_sets_has_nothing_beside_them(more: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="expected"):
        prepare_study(of_sets(**more))


def test_the_points_do_not_depend_on_the_seed_of_the_worlds() -> None:
    sampled = {"kind": "latin-hypercube", "samples": 8, "levers": "sampled"}
    file = small_study(design=sampled)
    one, other = (prepare_study(file, seed=seed).design for seed in (0, 1))
    assert [one.point(k) for k in range(len(one))] == [other.point(k) for k in range(len(other))]
    moved = prepare_study({**file, "design": {**file["design"], "seed": 1}}).design
    assert [one.point(k) for k in range(len(one))] != [moved.point(k) for k in range(len(moved))]


def test_a_missing_outcome_is_null_and_not_a_number_to_average(tmp_path: Path) -> None:
    import duckdb

    found = sim.study(small_study(outcomes=["cost_per_adopter", "adopters"], set={"weeks": 8}), tmp_path)
    values = found.values("cost_per_adopter")
    assert np.isnan(values).any()
    wrong = "count(*) filter (where isnan(cost_per_adopter))"
    query = f"select avg(cost_per_adopter), {wrong} from '{tmp_path}/outcomes/*.parquet'"
    ((mean, number),) = duckdb.sql(query).fetchall()
    assert number == 0
    there = values[np.isfinite(values)]
    assert mean == (pytest.approx(float(there.mean())) if there.size else None)
