"""What can be read of a world: declared once, read at its place, computed where it is not stored."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest
from one_run import play, start_run

import sim
from sim.engine.world import LAYOUT
from sim.observe import places
from sim.observe.measures import outcome_ids, series_ids, split
from sim.observe.quantities import read
from sim.scenarios import scenario
from sim.vocabulary.audiences import AUDIENCES
from sim.vocabulary.coded import NEVER
from sim.vocabulary.quantities import OBSERVABLES, QUANTITIES, Computed, How, Quantity, Stored

SOURCE = (Path(sim.__file__).parent / "observe" / "quantities.py").read_text(encoding="utf-8")
STORED = [row for row in QUANTITIES if row.stored is not None]
NOW = 60


@pytest.fixture(scope="module")
def run():
    """A world with coverage, promises, exits, surveys and decisions behind it."""
    return play(start_run(scenario("ideas-given-early").replace(firms={"number": 20}), seed=4), NOW)


def _field(world, row):
    name, _, field = row.stored.place.partition(".")
    array = getattr(world, name)
    return np.asarray(array[field] if field else array)


def _expected(row, value):
    if row.stored.how == How.EUR:
        return value / 100
    if row.stored.how == How.HAPPENED:
        return float(value != NEVER)
    if row.stored.how == How.SINCE:
        return math.nan if value == NEVER else max(0.0, NOW - 1.0 - value)
    return float(value)


@pytest.mark.parametrize("row", STORED, ids=lambda row: f"{row.id}-{row.of}")
def test_a_stored_quantity_is_the_number_of_its_field(run, row):
    """For every organisation, pair, audience and year: what is read by its place is what the record holds."""
    world, n = run.world, len(run.setting.ids)
    field = _field(world, row)
    if row.of == "":
        rows = [(-1, -1, field[0])]
    elif row.of == "y":
        rows = [(year, -1, value) for year, value in enumerate(field)]
    elif row.of == "i":
        rows = [(i, -1, field[i]) for i in range(n)]
    elif row.of == "ia":
        rows = [(i, a, field[i, a]) for i in range(n) for a in range(len(AUDIENCES))]
    else:
        known = [(i, j) for i in range(n) for j in range(n) if world.partnership_of[i, j] >= 0]
        in_relation = row.stored.place.startswith("relation")
        rows = [(i, j, field[i * n + j if in_relation else world.partnership_of[i, j]]) for i, j in known]
    assert rows
    for i, j, value in rows:
        np.testing.assert_equal(read(world, row.code, i, j, NOW), _expected(row, value))


def test_every_computed_quantity_has_its_line():
    """No quantity falls through to "missing", and no line is left over."""
    lines = set(re.findall(r"code == Computed\.(\w+):", SOURCE))
    assert lines == {code.name for code in Computed}


def test_ids_and_names_are_unique():
    """A quantity is found by its id and what it is of; a condition by its name."""
    assert len({(row.id, row.of) for row in QUANTITIES}) == len(QUANTITIES)
    assert len({row.code_name for row in QUANTITIES if row.stored is None}) == len(Computed)
    assert all(OBSERVABLES[row.condition] is row for row in QUANTITIES if row.condition)
    for row in QUANTITIES:
        assert row.direction in (-1, 0, 1)
        assert row.measured or not row.direction, f"{row.id} is no measure"
        assert bool(row.label) == bool(row.measured), row.id


@pytest.mark.parametrize("name", ["danish-portfolio", "ilo-roles", "stop-femicides"])
def test_every_id_of_a_scenario_is_found_again(name):
    """The id of a measure leads back to its quantity and to what it is of."""
    case = scenario(name)
    ids = tuple(sorted(case.organisation_ids))
    assert set(outcome_ids(case)) <= set(series_ids(case))
    for identifier in series_ids(case):
        row, arguments = split(identifier, ids)
        assert identifier == "_".join((row.id, *arguments)), identifier


@pytest.mark.parametrize("of, place", [("i", "tallies.exits"), ("i", "relation.trust"), ("", "organisation.heat"),
    ("ij", "organisation.heat"), ("", "coverage_history"), ("ia", "organisation.heat")])  # fmt: skip
def test_a_quantity_that_is_stored_where_it_has_no_row_is_refused(of, place, run, monkeypatch):
    """Else other memory would be read, in silence."""
    wrong = Quantity("wrong", of, "count", "declared in the wrong place", stored=Stored(place))
    monkeypatch.setattr(places, "QUANTITIES", (wrong,))
    arrays = {name: getattr(run.world, name) for name in LAYOUT}
    with pytest.raises(ValueError, match="'wrong': stored in"):
        places.quantity_table(arrays)
