"""No act that costs is without effect, and acts on one side never help the other (dead-lever and sign tests)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from one_run import simulate, small

from sim.scenarios import scenario
from sim.scenarios.actions import VERBS
from sim.validation.levers import CASES, EXEMPT, levers_of, pull

# --- no lever is dead -----------------------------------------------------------------------------------------------


def test_every_verb_is_a_lever_or_exempt():
    """A verb that is new has to be tried, or to have a reason."""
    tried = {lever.verb for name in CASES for lever in levers_of(scenario(name))}
    assert tried | set(EXEMPT) == set(VERBS)


@pytest.mark.parametrize("name", CASES)
def test_every_act_that_costs_moves_something_or_is_refused(name):
    """In some world a goal, or what it depends on, differs; or the plan says no."""
    rows = pull([name])
    assert [f"{row.lever.verb} {row.lever.what}" for row in rows if not row.passes] == []
    assert sum(bool(row.differed) for row in rows) > 15  # the comparison is worth what it moved


# --- signs ----------------------------------------------------------------------------------------------------------

ROWS = [{"id": name, "type": kind} for name, kind in (
    ("ombud", "ombud"), ("ngo", "ngo"), ("federation", "federation"), ("union", "union"), ("government", "government"),
)]  # fmt: skip
DEMAND = {"demand": "a quota", "law_rate": 0.2}
HELD = {"exit_base": -500.0, "conflict_base": -500.0, "halo_up": 0.0, "halo_down": 0.0,
        "rebuttal_rate": 0.0}  # fmt: skip
TALKS = [{"when": week, "verb": "lobby", "by": "ombud"} for week in range(4, 100, 8)]
AGAINST: list[dict[str, Any]] = [
    {"when": 10, "verb": "launch_campaign", "by": "federation", "side": "against", "tone": 0.8, "weeks": 20},
    {"when": 12, "verb": "publish_survey", "by": "federation", "side": "against", "n": 900, "cost": 0},
    {"when": 14, "verb": "lobby", "by": "federation", "side": "against", "repeat_every": 4, "max_times": 15},
]
SERIES = ["coverage_for", "pressure_for", "firm_press", "policy_stage", "adopters", "aware_employers"]


def lived(*plan: dict[str, Any], **keys: Any) -> Any:
    speaks = {"when": 6, "verb": "launch_campaign", "by": "ombud", "tone": 0.6, "weeks": 30}
    case = small(organisation=ROWS, policy=DEMAND, plan=[speaks, *TALKS, *plan], weeks=130, **keys)
    return simulate(case, 100, seed=3, series=SERIES, parameters=HELD, beyond_range=True)


@pytest.mark.parametrize("act", AGAINST, ids=lambda act: act["verb"])
def test_an_act_against_the_measures_never_helps_them(act):
    """With credibility and partnerships held, in every world and week: coverage, pressure, press, stage, who knows."""
    without, with_ = lived(), lived(act)
    for name in ("coverage_for", "pressure_for", "firm_press", "policy_stage", "aware_employers"):
        assert (with_.series[name] <= without.series[name] + 1e-12).all(), name
    assert with_.outcomes["adopters"].mean() <= without.outcomes["adopters"].mean()


def test_talks_of_allies_never_delay_the_demand():
    without = lived()
    with_ = lived({"when": 9, "verb": "lobby", "by": "union", "repeat_every": 4, "max_times": 12})
    assert (with_.series["policy_stage"] >= without.series["policy_stage"]).all()
    assert with_.series["policy_stage"].sum() > without.series["policy_stage"].sum()


# --- properties of reach and adoption -------------------------------------------------------------------------------


def learned(**campaign: Any) -> np.ndarray[Any, Any]:
    plan = [{"when": 2, "verb": "launch_campaign", "by": "ombud", "tone": 0.0, "weeks": 8, **campaign}]
    rows = [{**ROWS[0], "annual_budget": 2e7}, *ROWS[1:]]
    case = small(organisation=rows, plan=plan, weeks=12, topic="none")
    found = simulate(
        case, 20, seed=1, series=["aware_public"], parameters={"background_coverage": 0.0}, beyond_range=True
    )
    return found.series["aware_public"].max(axis=1)


def test_more_money_teaches_more_and_less_and_less():
    """dU/dB >= 0, concave in B, and ten millions teach hardly more than one."""
    levels = [learned(budget=eur).mean() for eur in (0, 20_000, 40_000, 60_000, 80_000, 1_000_000, 10_000_000)]
    assert np.all(np.diff(levels) >= 0.0)
    steps = np.diff(levels[:5])
    assert np.all(np.diff(steps) <= 1e-12)
    assert levels[6] - levels[5] < 0.01


def test_a_federation_without_joint_work_or_guide_passes_nothing_on():
    """Then its rate may be as large as it likes, and no byte changes."""
    rows = [{"id": "ombud", "type": "ombud"}, {"id": "federation", "type": "federation"}]
    case = small(organisation=rows, weeks=100, partnership=[{"members": ["ombud", "federation"], "joint": 0.0}])
    values = [{"joint_level": 0.0, "federation_rate": rate} for rate in (0.02, 0.32)]
    first, second = (simulate(case, 20, seed=2, parameters=value) for value in values)
    assert first.outcomes.to_numpy().tobytes() == second.outcomes.to_numpy().tobytes()


def test_many_federations_do_not_multiply_a_push():
    """Twenty federations with a twentieth of the members each, and the same to pass on, are worth one with all."""
    from one_run import start_run

    from sim.schedule import advance

    left = []
    for number in (1, 20):
        rows = [{"id": "ngo", "type": "ngo"}, *({"id": f"f{k:02}", "type": "federation"} for k in range(number))]
        ties = [{"members": ["ngo", row["id"]]} for row in rows[1:]]
        case = small(organisation=rows, weeks=3, firms={"number": 4000, "network": "none"}, partnership=ties)
        silent = {"manager_rate": 0.0, "staff_rate": 0.0, "burden_spread": 0.0, "exit_base": -500.0}
        run = start_run(case, silent, events=0)
        before = run.world.remaining.copy()
        for week in range(3):
            run.world.organisation.carries[run.world.organisation.carries_to_members == 1] = 0.5
            advance(run.world, week)
        taken = (before - run.world.remaining)[np.isfinite(run.world.remaining)]
        left.append(taken.mean())
    assert left[0] > 0.0
    assert left[1] == pytest.approx(left[0], rel=0.01)


def test_grants_never_exceed_what_the_funder_has():
    rows = [{"id": "ngo", "type": "ngo", "apply_yearly": True}, {"id": "ombud", "type": "ombud"},
            {"id": "ministry", "type": "government", "annual_budget": 9_000}]  # fmt: skip
    case = small(organisation=rows, weeks=150, partnership=[{"members": ["ombud", "ngo"], "lead": "ngo"}])
    found = simulate(case, 30, seed=1, parameters={"award_full": 0.4})
    assert 0.0 < found.outcomes["grants"].max() <= 9_000 * 3
