"""What a difference hangs on, against toys whose answer is known; and by how much chance alone may fool."""

from __future__ import annotations

import math

import numpy as np
import pytest
from made_up import noise
from scipy.special import ndtr

import sim
from sim.analysis.comparison.answer import compare
from sim.analysis.comparison.hangs import drawn_starts, what_it_hangs_on
from sim.analysis.curves import Uncertain

SETS, VALUES = 192, 20


def toy(gain, worlds=1_000, name=0, luck=1.0):
    """Worlds of plausible sets of independent even values from 0 to 1, and what the later plan gains in each."""
    values = ndtr(np.column_stack([noise(SETS, 77_000 + 100 * name + k) for k in range(VALUES)]))
    rows = np.floor(SETS * ndtr(noise(worlds, 5_000 + name))).astype(int).clip(0, SETS - 1)
    names = tuple(f"v{k}" for k in range(VALUES))
    found = gain(values[rows]) + luck * noise(worlds, 6_000 + name)
    return Uncertain(names, values, rows, np.full(SETS, 1.0 / SETS)), found


def hangs(uncertain, found, matters=0.05, seed=0):
    return what_it_hangs_on({(1, "goal"): found}, "goal", 1, {"goal": matters}, [uncertain], seed)


def test_the_value_that_turns_the_answer_is_found_with_where_it_turns_and_what_it_is_worth():
    """The gain is v0 - 0.4: knowing v0 first is worth 0.18 - 0.10 = 0.08, and four tenths of the sets are below 0."""
    found = hangs(*toy(lambda v: v[:, 0] - 0.4, luck=0.5))
    (driver,) = found.drivers(1, "goal")
    assert (driver.name, driver.together) == ("v0", ())
    assert driver.moves == pytest.approx(0.9, abs=0.15)
    assert driver.turns_at == pytest.approx(0.4, abs=0.08)
    assert found.beyond(1, "goal", -1.0) == pytest.approx(0.35, abs=0.08)
    (worth,) = found.worth
    assert worth.name == "v0"
    assert worth.worth == pytest.approx(0.08, abs=0.03)


def test_a_value_that_bends_the_answer_is_found():
    found = hangs(*toy(lambda v: 4.0 * (v[:, 3] - 0.5) ** 2, luck=0.5))
    assert [one.name for one in found.drivers(1, "goal")] == ["v3"]


def test_values_known_only_together_are_named_together():
    uncertain, found = toy(lambda v: v[:, 0] - 0.4, luck=0.5)
    values = uncertain.values.copy()
    values[:, 1] = 0.8 * values[:, 0] + 0.2 * values[:, 1]
    (driver,) = hangs(Uncertain(uncertain.names, values, uncertain.rows, uncertain.weights), found).drivers(1, "goal")
    assert {driver.name, *driver.together} == {"v0", "v1"}


def test_nothing_is_found_where_there_is_nothing():
    """In at most one of twenty comparisons chance passes for a driver, or for a fact worth finding out."""
    trials = [hangs(*toy(lambda v: 0.0 * v[:, 0], worlds=400, name=k), seed=k) for k in range(1, 61)]
    assert sum(bool(found.drivers(1, "goal")) for found in trials) <= 7  # 3 expected
    assert sum(bool(found.worth) for found in trials) <= 7
    assert all(
        round(found.beyond(1, "goal", -1.0), 9) in (0.0, 1.0) for found in trials if not found.drivers(1, "goal")
    )


def test_a_clear_winner_is_worth_no_search():
    found = hangs(*toy(lambda v: 5.0 + v[:, 0], luck=0.5))
    assert [one.name for one in found.drivers(1, "goal")] == ["v0"]
    assert math.isnan(found.drivers(1, "goal")[0].turns_at)
    assert found.worth == ()


def test_start_values_that_differ_are_uncertain_too():
    fixed = sim.simulate("campaign-while-partnering", 3, series=())
    assert drawn_starts(fixed, np.arange(3))[0] == ()
    spread = sim.simulate("campaign-while-partnering", 3, series=(), parameters={"start_spread": 0.5})
    names, values = drawn_starts(spread, np.arange(3))
    assert "trust_federation_ombud" in names
    assert values.shape == (3, len(names))
    assert np.ptp(values[:, names.index("trust_federation_ombud")]) > 0.0


def test_without_plausible_sets_nothing_is_known_of_what_it_hangs_on():
    found = compare(["baseline", "positive-framing"], 40, parameter_sets=None)
    assert found.hangs.why_not == "fixed"
    assert "nothing is known" in found.what_it_hangs_on()[0]
