"""Worlds are paired: plans that differ in one thing differ in its consequences only, whatever the machine does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from one_run import play, simulate, small, start_run, write_results

from sim.ensemble import Ensemble  # noqa: TC001
from sim.observe.measures import series_ids
from sim.scenarios import Scenario, build, scenario

WORLDS = 12
ROOT = Path(__file__).parents[2]

# Actions that are refused or void in the scenario below, at any date.
WITHOUT_EFFECT = [
    {"verb": "pause", "by": "union", "to": "federation", "weeks": 3},
    {"verb": "sign", "members": ["ombud", "government"]},
    {"verb": "exit", "by": "ombud", "partnership": ["ombud", "government"]},
    {"verb": "stop_campaign", "by": "union"},
    {"verb": "go_public", "by": "ombud", "partnership": ["ombud", "ngo"]},
    {"verb": "deliver", "by": "union", "to": "ngo", "what": "nothing"},
    {"verb": "publish_survey", "by": "union", "n": 10, "cost": 1e9},
    {"verb": "set_strategy", "by": "storyteller", "key": "re_int", "value": 26},
    {"verb": "shock", "what": "policy_change", "rate": 0.0},
]


def _case(name: str = "campaign-while-partnering", weeks: int = 80) -> Scenario:
    demand = {"demand": "a quota", "law_rate": 0.1}
    return scenario(name).replace(weeks=weeks, firms={"number": 30}, policy=demand)


def _all(case: Scenario, **keys) -> Ensemble:
    keys = {"replicates": WORLDS, "seed": 7, **keys}
    return simulate(case, series=series_ids(case), **keys)


def _same(first: Ensemble, second: Ensemble, *, but: tuple[str, ...] = ()) -> None:
    """All measures and series that both have are the same, to the byte."""
    for name in first.outcomes:
        if name in second.outcomes and name not in but:
            assert first.outcomes[name].to_numpy().tobytes() == second.outcomes[name].to_numpy().tobytes(), name
    for name, series in first.series.items():
        if name in second.series and name not in but:
            assert series.tobytes() == second.series[name].tobytes(), name


@pytest.mark.parametrize("action", WITHOUT_EFFECT, ids=lambda action: action["verb"])
def test_an_action_without_effect_changes_no_byte(action):
    """Refused and void actions leave every outcome and every weekly series of every world as they were."""
    case = _case()
    _same(_all(case), _all(case.with_actions([{**action, "when": 30}])), but=("refused_actions",))


@pytest.mark.parametrize(
    "action",
    [
        {"verb": "launch_campaign", "by": "union", "tone": 1.0},
        {"verb": "approach", "by": "union", "to": "federation"},
        {"verb": "publish_survey", "by": "ombud", "n": 500},
        {"verb": "shock", "what": "foreign_storm", "size": 40, "tone": 1.0, "weeks": 9, "targets": ["employers"]},
    ],
    ids=lambda action: action["verb"],
)
def test_an_action_after_the_end_changes_no_byte(action):
    """What is dated after the last week never happens."""
    case = _case()
    _same(_all(case), _all(case.with_actions([{**action, "when": 80}])))


EFFECTIVE = [
    {"verb": "launch_campaign", "by": "ombud", "tone": 1.0, "budget": 5000, "audience": ["employers"]},
    {"verb": "publish_survey", "by": "union", "n": 900},
    {"verb": "approach", "by": "union", "to": "federation"},
    {"verb": "exit", "by": "ombud", "partnership": ["ombud", "union"]},
    {"verb": "run_training", "by": "ombud", "channel": ["union"]},
    {"verb": "inform", "by": "ombud"},
    {"verb": "shock", "what": "foreign_storm", "size": 60, "tone": 0.9, "weeks": 4, "targets": ["employers"]},
    {"verb": "shock", "what": "policy_change", "rate": 4.0},
    {"verb": "set_strategy", "by": "ombud", "key": "joint_level", "value": 1.0},
    {"verb": "promise", "by": "ombud", "to": "union", "what": "pictures", "due": 60},
    {"verb": "appoint_champion", "org": "federation"},
    {"verb": "lobby", "by": "ngo"},
    {"verb": "set_focal_point", "org": "ombud", "partnership": ["ombud", "ngo"]},
]


@pytest.mark.parametrize("action", EFFECTIVE, ids=lambda action: action["verb"])
def test_no_action_has_an_effect_before_its_date(action):
    """Causality: weekly series before the week of an action are those of the world without it."""
    week = 33
    case = _case()
    before, after = _all(case), _all(case.with_actions([{**action, "when": week}]))
    for name, series in before.series.items():
        assert series[:, :week].tobytes() == after.series[name][:, :week].tobytes(), name
    assert any(s[:, week:].tobytes() != after.series[n][:, week:].tobytes() for n, s in before.series.items())


@settings(deadline=None, derandomize=True, max_examples=15)
@given(week=st.integers(0, 79), action=st.sampled_from(EFFECTIVE))
def test_causality_holds_at_any_date(week, action):
    """The same for random dates."""
    case = _case()
    due = {**action, "due": week + 9} if "due" in action else action
    keys = {"replicates": 3, "threads": 1}
    before, after = _all(case, **keys), _all(case.with_actions([{**due, "when": week}]), **keys)
    for name, series in before.series.items():
        assert series[:, :week].tobytes() == after.series[name][:, :week].tobytes(), name


@pytest.mark.parametrize("threads, chunk", [(1, 1), (1, 50), (2, 1), (2, 7), (7, 1), (7, 7), (7, 50)])
def test_threads_and_chunks_change_no_byte(threads, chunk):
    """The result is a function of scenario, parameters and seed alone."""
    case = _case("public-partnership", 130)
    first = _all(case, replicates=23, threads=1, chunk=7)
    second = _all(case, replicates=23, threads=threads, chunk=chunk)
    _same(first, second)
    assert first.durations.equals(second.durations)
    assert first.refusals.equals(second.refusals)


def test_a_replicate_is_the_same_alone_and_among_many():
    """Replicate 5 run alone (`first=5`) is the sixth of a run, and a single stepped world gives the same numbers."""
    case = _case("public-partnership", 60)
    many, alone = _all(case), _all(case, replicates=1, first=5)
    assert many.outcomes.iloc[[5]].to_numpy().tobytes() == alone.outcomes.to_numpy().tobytes()
    run = play(start_run(case, seed=7, replicate=5))
    assert run.world.tallies[0].goal_impact == alone.outcomes["goal_impact"].iloc[0]
    assert run.relation("ombud", "federation").trust == alone.outcomes["trust_ombud_federation"].iloc[0]


def test_keeping_a_log_changes_nothing():
    """A world that keeps events, one that has lost most of them, and one that keeps none are the same world."""
    case = _case("stay-in-the-shadows", 150)
    worlds = [play(start_run(case, events=events)).world for events in (0, 5, 50_000)]
    for other in worlds[1:]:
        assert worlds[0].state.tobytes() == other.state.tobytes()
        assert worlds[0].firm.tobytes() == other.firm.tobytes()


def test_the_order_of_rows_in_a_file_changes_no_byte():
    """Organisations, dyads, partnerships and ideas may stand in any order."""
    case = _case("public-partnership", 130)
    keys = ("organisation", "dyad", "partnership", "idea")
    turned = case.replace(**{key: list(reversed(case.document().get(key, []))) for key in keys})
    _same(_all(case), _all(turned))


def test_another_seed_or_replicate_is_another_world():
    """The seed and the number of the replicate both matter."""
    case = _case()
    first, other = _all(case), _all(case, seed=8)
    assert (first.outcomes["peak_coverage"] != other.outcomes["peak_coverage"]).sum() > WORLDS // 2
    assert first.outcomes["credibility_change_ombud_public"].nunique() == WORLDS


def test_changing_one_firm_leaves_the_draws_of_all_others_untouched():
    """Without peers, one named firm more (or pushed) changes nobody else's adoption week."""
    firms = {"number": 40, "network": "none"}
    plain = small(("ombud",), weeks=150, firms=firms)
    named = plain.replace(organisation=[{"id": "ombud", "type": "ombud"}, {"id": "bank", "type": "firm"}])
    taught = named.replace(idea=[{"id": "bundle", "owner": "ombud"}]).with_actions(
        [{"when": 2, "verb": "share_idea", "by": "ombud", "to": "bank", "how": "list"}]
    )
    values = {"base_rate": 0.3}
    weeks = [play(start_run(case, values)).world.firm.week for case in (plain, named, taught)]
    assert np.array_equal(weeks[0][1:], weeks[1][1:])
    assert np.array_equal(weeks[0][1:], weeks[2][1:])
    assert weeks[0].max() > 0


def test_more_press_never_delays_a_firm_in_the_same_world():
    """Monotone coupling: with peers off, a higher press rate moves every adoption earlier or leaves it."""
    case = _case("campaign-while-partnering", 150)
    later = None
    for press in (0.0, 0.05, 0.5, 5.0):
        run = play(start_run(case, {"press_rate": 60.0 * press, "peer_rate": 0.0, "base_rate": 0.1}, replicate=3))
        weeks = np.where(run.world.firm.week < 0, 9_999, run.world.firm.week)
        if later is not None:
            assert np.all(weeks <= later)
        later = weeks
    assert np.count_nonzero(later < 9_999) > 10


def test_a_louder_campaign_never_lowers_coverage_in_the_same_world():
    """Counts are coupled too: more intensity gives at least as many items in every week of every world."""
    case = small(
        ("ombud", "federation"),
        plan=[{"when": 5, "verb": "launch_campaign", "by": "ombud", "tone": 0.5, "intensity": 0.5, "label": "loud"}],
    )
    louder = case.replace(plan=[{**case.document()["plan"][0], "intensity": 1.5}])
    quiet, loud = (simulate(c, 40, seed=2, series=["coverage"]).series["coverage"] for c in (case, louder))
    assert np.all(loud >= quiet)
    assert loud.mean() > quiet.mean()


def test_another_campaign_without_effect_leaves_the_visitors_of_mine():
    """A silent campaign of somebody else (no tone, no intensity, no money) changes no visitor of any other."""
    mine = {"when": 8, "verb": "launch_campaign", "by": "ombud", "tone": 0.5, "budget": 5_000}
    silent = {
        "when": 2,
        "verb": "launch_campaign",
        "by": "union",
        "tone": 0.0,
        "intensity": 0.0,
        "weeks": 1,
        "hours": 0,
    }
    case = small(("ombud", "federation", "union"), plan=[mine])
    first, second = (simulate(c, 20, seed=2) for c in (case, case.with_actions([silent])))
    assert np.array_equal(first.outcomes["reach"], second.outcomes["reach"])
    assert np.array_equal(first.outcomes["visitors"], second.outcomes["visitors"])


def test_worlds_of_two_plans_share_what_the_plans_leave_alone():
    """A campaign does not change who has a champion at the start, nor the network of the firms."""
    first, second = (start_run(_case(name), replicate=2) for name in ("baseline", "campaign-while-partnering"))
    assert np.array_equal(first.world.peer, second.world.peer)
    assert np.array_equal(first.world.sensitivity, second.world.sensitivity)
    assert np.array_equal(first.world.organisation.champion, second.world.organisation.champion)


# --- other machines -----------------------------------------------------------------------------------------------

BUSY = [
    {"when": 0, "verb": "set_strategy", "by": "ombud", "key": "expectation", "value": "adaptive"},
    {"when": 1, "verb": "approach", "by": "ombud", "to": "flagship", "purpose": "meeting"},
    {"when": 2, "verb": "publish_survey", "by": "ombud", "n": 800, "cost": 100},
    {"when": 3, "verb": "run_training", "by": "ombud", "with": "union", "channel": ["union"]},
    {"when": 4, "verb": "launch_campaign", "by": "ngo", "cosenders": ["union"], "tone": 0.8, "budget": 3000},
    {"when": 5, "verb": "share_idea", "by": "ombud", "to": "flagship", "how": "list"},
    {"when": 5, "verb": "promise", "by": "ombud", "to": "union", "what": "film", "due": 9},
    {"when": 6, "verb": "hold_workshop", "by": "ombud", "with": "flagship"},
    {"when": 7, "verb": "offer_terms", "by": "ombud", "to": "flagship", "menu": ["public", "shadow"], "items": 8},
    {"when": 8, "verb": "sign", "members": ["ombud", "union"], "structure": 3},
    {"when": 9, "verb": "deliver", "by": "ombud", "to": "union", "what": "film"},
    {"when": "coverage > 8 or weeks_since_campaign(ngo) >= 2", "verb": "inform", "by": "ombud"},
    {"when": 12, "verb": "go_shadow", "by": "ombud", "partnership": ["ombud", "union"]},
    {"when": 13, "verb": "celebrate", "by": "ombud", "partnership": ["ombud", "union"]},
    {"when": 15, "verb": "exit", "by": "union", "partnership": ["ombud", "union"]},
    {"when": 16, "verb": "apologise", "by": "ombud", "to": "union"},
    {"when": 18, "verb": "lobby", "by": "ngo"},
    {"when": 29, "verb": "reapproach", "by": "ombud", "to": "union", "repeat_every": 2, "max_times": 5},
    {"when": "uncredited_public(flagship)", "verb": "claim_credit", "by": "ombud", "about": "flagship"},
]


def _busy() -> Scenario:
    """Build a tiny world in which nearly every rule runs."""
    values = {"leak_rate": 0.01, "start_spread": 0.3, "de_adoption_rate": 0.2, "stage_rate": 0.3}
    task = {"intervention": "monitoring", "place": "hiring", "level": "policy", "who": ["ombud", "union"], "hours": 3}
    case = scenario("public-partnership").replace(plan=[], weeks=40, firms={"number": 20}, parameters=values)
    return case.replace(task=[task], policy={"demand": "a quota", "stage": "agenda", "law_rate": 0.2}).with_actions(
        BUSY
    )


SHIPPED = ("campaign-while-partnering", "ideas-given-early")
SCRIPT = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from one_run import write_results
from sim.scenarios import load
for name in sys.argv[3:]:
    write_results(load(Path(sys.argv[2]) / (name + ".toml")), Path(sys.argv[2]) / (name + ".bytes"))
"""


def _elsewhere(folder: Path, cases: dict[str, Scenario], environment: dict[str, str]) -> None:
    """Run scenarios in another process and leave their results as bytes beside them."""
    for name, case in cases.items():
        (folder / f"{name}.toml").write_text(case.to_toml(), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SCRIPT, str(Path(__file__).parents[1]), str(folder), *cases],
        env={**os.environ, **environment},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3_000:]


def _cases() -> dict[str, Scenario]:
    tiny = {name: scenario(name).replace(weeks=40, firms={"number": 20}) for name in SHIPPED}
    return {**tiny, "busy": _busy()}


def _compare(folder: Path, cases: dict[str, Scenario]) -> None:
    for name, case in cases.items():
        write_results(case, folder / f"{name}.here")
        assert (folder / f"{name}.bytes").read_bytes() == (folder / f"{name}.here").read_bytes(), name


@pytest.mark.slow
def test_without_compilation_the_bytes_are_the_same(tmp_path):
    """The rules run as plain Python (NUMBA_DISABLE_JIT=1) give the bytes of the compiled ones."""
    cases = _cases()
    _elsewhere(tmp_path, cases, {"NUMBA_DISABLE_JIT": "1", "PARTNERSHIP_DYNAMICS_CACHE": str(tmp_path / "cache")})
    _compare(tmp_path, cases)


def test_without_compilation_a_foreign_storm_is_as_large(tmp_path):
    """The size of a foreign storm is the one of the plan in both modes."""
    storm = {
        "when": 5,
        "verb": "shock",
        "what": "foreign_storm",
        "size": 40,
        "tone": 0.7,
        "weeks": 3,
        "targets": ["employers"],
    }
    cases = {"storm": small(("ombud", "federation"), weeks=12, plan=[storm])}
    _elsewhere(tmp_path, cases, {"NUMBA_DISABLE_JIT": "1", "PARTNERSHIP_DYNAMICS_CACHE": str(tmp_path / "cache")})
    _compare(tmp_path, cases)


@pytest.mark.slow
def test_no_rule_reads_or_writes_outside_an_array(tmp_path):
    """Compiled with bounds checks (NUMBA_BOUNDSCHECK=1) there is no IndexError, and the bytes are the same."""
    cases = {**_cases(), "shadows": scenario("stay-in-the-shadows").replace(weeks=156, firms={"number": 20})}
    _elsewhere(tmp_path, cases, {"NUMBA_BOUNDSCHECK": "1", "PARTNERSHIP_DYNAMICS_CACHE": str(tmp_path / "cache")})
    _compare(tmp_path, cases)


def test_a_scenario_written_and_read_again_is_the_same_scenario():
    """What the two tests above rely on: a file holds all that a scenario says."""
    case = _busy()
    assert build(case.document(), "again").digest() == case.digest()
