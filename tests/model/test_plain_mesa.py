"""The compiled rules against the second model as a plain Mesa model, fed the same draws and nothing else."""

import numpy as np
import pytest
from one_run import simulate

from benchmarks.peers.plain_mesa import PlainMesa
from sim.observe.measures import resolve, value
from sim.rules.peers import own_ties
from sim.scenarios import build, scenario
from sim.schedule import advance
from sim.start.draw import begin
from sim.start.prepared import new_world, prepare

COUNTS = ("coverage", "state_", "adopters", "public_adopters")


def _organisations(*types):
    return [{"id": name, "type": name} for name in types]


CALM = {"members": ["ombud", "federation"], "state": "informal", "joint": 0.3}
BLAME = {
    "when": 20,
    "verb": "launch_campaign",
    "by": "ombud",
    "tone": 0.8,
    "intensity": 1.2,
    "weeks": 10,
    "audience": ["employers"],
}
SMALL = {
    "start": "2014-09-01",
    "weeks": 260,
    "firms": {"number": 60},
    "organisation": _organisations("ombud", "federation"),
    "partnership": [CALM],
    "plan": [BLAME],
}
# Others criticise, a signed partnership in the shadow, a patient ombud, firms with few peers.
CROWDED = {
    **SMALL,
    "firms": {"number": 120},
    "parameters": {"peer_rate": 0.5, "reapproach_interval": 8},
    "organisation": _organisations("academia", "federation", "government", "messenger", "ngo", "ombud", "union"),
    "dyad": [{"a": "ombud", "b": "federation", "trust_ab": 0.6, "trust_ba": 0.5, "anchor": 0.45, "distance": 0.6}],
    "partnership": [
        {**CALM, "state": "formal", "visibility": "shadow", "joint": 0.6, "structure": ["baseline", "monitoring"]},
        {"members": ["ngo", "government"], "joint": 0.5},
        {"members": ["union", "federation"], "joint": 0.9},
    ],
    "plan": [
        {"when": 10, "verb": "publish_guide", "by": "ombud", "with": "federation"},
        {"when": 26, "verb": "publish_survey", "by": "ngo", "n": 800, "cost": 0},
        {"when": 27, "verb": "recruit_messenger", "by": "ngo", "who": "messenger", "cost": 0},
        {**BLAME, "when": 27, "by": "ngo", "messenger": "messenger"},
        {**BLAME, "when": 30, "tone": 0.2, "weeks": 12, "topic": "gender_general"},
        {**BLAME, "when": 120, "tone": 1.0, "intensity": 2.0},
        {"when": 60, "verb": "approach", "by": "academia", "to": "federation", "repeat_every": 13, "max_times": 5},
    ],
}


def _cases():
    return {
        "small": build(SMALL, "bench"),
        "crowded": build(CROWDED, "bench"),
        "shipped": scenario("campaign-while-partnering"),
    }


def _weeks(case, names, seed, replicate):
    """Weekly values of the compiled rules in double precision (an ensemble keeps single precision)."""
    setting = prepare(case)
    world = new_world(setting)
    own = own_ties(case.firms.number)
    begin(world, setting.start.state, seed, replicate, own)
    codes = resolve(names, case, setting.ids)
    found = np.empty((case.weeks, len(names)))
    for week in range(case.weeks):
        advance(world, week)
        for column, code in enumerate(codes):
            found[week, column] = value(world, *(int(number) for number in code))
    return found


@pytest.mark.parametrize("name", ["small", "crowded", "shipped"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_same_draws_give_the_same_weeks(name, seed):
    case = _cases()[name]
    plain = PlainMesa(case, seed=seed, replicate=7)
    while plain.running:
        plain.step()
    table = plain.datacollector.get_model_vars_dataframe()
    names = list(table.columns)
    engine = _weeks(case, names, seed, 7)
    for column, measure in enumerate(names):
        ours, theirs = engine[:, column], table[measure].to_numpy(float)
        if measure.startswith(COUNTS):
            np.testing.assert_array_equal(ours, theirs, err_msg=measure)
        else:
            np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9, err_msg=measure)
    assert table["adopters"].iloc[-1] > 0
    assert table.filter(like="heat_").to_numpy().max() > 0.1


def test_worlds_do_what_the_comparison_is_about():
    """Among the compared worlds some partnerships break and mend, so that equality says something."""
    exits = returns = 0
    for case in _cases().values():
        outcomes = simulate(case, 40, seed=1).outcomes
        exits += outcomes["exits"].sum()
        returns += outcomes["returns"].sum()
    assert exits > 10
    assert returns > 5


def test_the_plain_model_refuses_what_it_leaves_out():
    with pytest.raises(NotImplementedError, match="verb share_idea"):
        PlainMesa(scenario("public-partnership"))
