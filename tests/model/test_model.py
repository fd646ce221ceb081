"""The Mesa face: a real Mesa model whose worlds are those of the ensemble."""

from __future__ import annotations

import copy
import inspect
import pickle
import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
import pytest

import sim
from sim.agents.federation import EmployerFederation
from sim.agents.firm import Firm, NamedFirm
from sim.agents.ombud import Ombud
from sim.engine.world import World
from sim.observe.measures import series_ids

if TYPE_CHECKING:
    from collections.abc import Callable

SMALL = {"firms": {"number": 24}, "weeks": 60}


def _small(name: str) -> sim.Scenario:
    return sim.scenario(name).replace(**SMALL)


@pytest.mark.parametrize("name", ["campaign-while-partnering", "stay-in-the-shadows"])
def test_a_world_stepped_through_mesa_is_the_same_replicate_of_the_ensemble_bit_for_bit(name: str) -> None:
    case = _small(name)
    everything = series_ids(case)
    worlds = sim.simulate(case, replicates=3, seed=11, series=everything)
    model = sim.PartnershipModel(case, seed=11, replicate=2, measures=everything)
    while model.running:
        model.step()
    for identifier in everything:
        stepped = np.asarray(model.datacollector.model_vars[identifier], np.float32)
        np.testing.assert_array_equal(stepped, worlds.series[identifier][2], err_msg=identifier)
    for identifier, value in worlds.outcomes.loc[2].items():
        np.testing.assert_array_equal(model.measure(str(identifier)), value, err_msg=str(identifier))


def test_looking_at_agents_changes_nothing() -> None:
    case = _small("campaign-while-partnering")
    looked, blind = (sim.PartnershipModel(case, seed=3) for _ in range(2))
    for _ in range(20):
        looked.step()
        blind.step()
        _ = [agent.unique_id for agent in looked.agents], looked.partnership_network, looked.peer_network
    assert looked.world.state.tobytes() == blind.world.state.tobytes()


def test_agents_are_found_by_type_and_read_in_the_words_of_the_field() -> None:
    model = sim.PartnershipModel(sim.scenario("ideas-given-early"), seed=1, parameter_sets="none")
    assert len(model.agents) == 200 + 3  # the flagship is one of the 200 firms
    ombud = model.organisation("ombud")
    federation = model.organisation("federation")
    assert isinstance(ombud, Ombud)
    assert isinstance(federation, EmployerFederation)
    assert set(model.agents_by_type[Ombud]) == {ombud}
    assert len(model.agents_by_type[Firm]) == 199
    flagship = model.organisation("flagship")
    assert isinstance(flagship, NamedFirm)
    assert flagship.weight == 6.0
    assert federation in ombud.partners
    assert ombud.trust["flagship"] == 0.5
    assert ombud.state_with("federation") == "informal"
    assert ombud.credibility["employers"] < federation.credibility["employers"]


def test_what_is_set_on_an_agent_is_what_the_rules_use() -> None:
    case = _small("campaign-while-partnering")
    model = sim.PartnershipModel(case, seed=5, parameter_sets="none")
    federation = model.organisation("federation")
    for name in federation.understanding:
        federation.understanding[name] = 1.0
    model.world.organisation[model.setting.row("federation")].role = 1.0  # of its next directors, too
    while model.running:
        model.step()
    assert max(federation.grievance.values()) == 0.0  # full role understanding: storms leave no grievance

    other = sim.PartnershipModel(case, seed=5).organisation("ombud")
    other.money = 12.5
    assert other.money == 12.5
    assert other.model.world.account.sum() == 0  # the treasury took the rest
    other.trust["federation"] = 0.9
    assert other.trust["federation"] == 0.9
    other.champion = False
    assert not other.champion


@pytest.mark.parametrize(
    ("name", "value"), [("exposure", 1.2), ("stance", -2.0), ("money", -1.0), ("capacity", float("nan"))]
)
def test_a_value_out_of_range_is_refused(name: str, value: float) -> None:
    ombud = sim.PartnershipModel(_small("baseline")).organisation("ombud")
    with pytest.raises(ValueError, match=name):
        setattr(ombud, name, value)


def test_batch_run_varies_scenario_seed_and_any_parameter() -> None:
    rows = mesa.batch_run(
        sim.PartnershipModel,
        {
            "scenario": [_small("baseline"), _small("positive-framing")],
            "seed": [1, 2],
            "stimulus": [6.0, 8.0],
            "measures": [("adopters",)],
        },
        number_processes=1,
        data_collection_period=-1,
        display_progress=False,
    )
    assert len(rows) == 8
    alone = sim.simulate(_small("positive-framing"), 1, 2, parameters={"stimulus": 8.0}).outcomes["adopters"][0]
    found = [r for r in rows if r["scenario"].name == "positive-framing" and r["seed"] == 2 and r["stimulus"] == 8.0]
    assert [row["adopters"] for row in found] == [alone]


def test_batch_run_of_newer_mesa_gives_the_seed_as_rng() -> None:
    if "rng" not in inspect.signature(mesa.batch_run).parameters:
        pytest.skip("this version of Mesa has no rng in batch_run")
    case = _small("positive-framing")
    rows = mesa.batch_run(
        sim.PartnershipModel,
        {"scenario": [case], "measures": [("adopters",)]},
        number_processes=1,
        rng=[1, 2],
        data_collection_period=-1,
        display_progress=False,
    )
    alone = [sim.simulate(case, 1, seed).outcomes["adopters"][0] for seed in (1, 2)]
    assert [row["adopters"] for row in rows] == alone


def test_batch_run_finds_the_arguments_of_a_model_made_of_ours() -> None:
    class Short(sim.PartnershipModel):
        def __init__(self, seed: int = 0) -> None:
            super().__init__(_small("baseline"), seed, measures=("adopters",))

    class Same(sim.PartnershipModel):
        pass

    assert list(inspect.signature(Short).parameters) == ["seed"]
    assert inspect.signature(Same) == inspect.signature(sim.PartnershipModel)
    assert "seed" in inspect.signature(sim.PartnershipModel.__init__).parameters


def test_seed_and_rng_are_two_names_of_one_thing() -> None:
    case = _small("baseline")
    models = [sim.PartnershipModel(case, 4), sim.PartnershipModel(case, seed=4), sim.PartnershipModel(case, rng=4)]
    assert [model.seed for model in models] == [4, 4, 4]
    assert len({model.world.state.tobytes() for model in models}) == 1
    assert [sim.PartnershipModel(case, seed=none).seed for none in (None, 0)] == [0, 0]
    with pytest.raises(sim.InputError, match="seed 1 and rng 2"):
        sim.PartnershipModel(case, seed=1, rng=2)


def test_the_scenario_of_a_model_is_ours_and_stays() -> None:
    case = _small("baseline")
    model = sim.PartnershipModel(case, seed=9)
    assert model.scenario is case
    assert repr(model) == "<PartnershipModel baseline, seed 9, week 0 of 60>"
    with pytest.raises(AttributeError, match="make a new model"):
        model.scenario = _small("positive-framing")
    assert model.scenario is case


@pytest.mark.parametrize(
    "make",
    [copy.copy, copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one)), lambda one: pickle.dumps(one, 0)],
    ids=["copy", "deepcopy", "pickle", "pickle-0"],
)
def test_a_copy_would_change_the_memory_of_the_original_and_is_refused(make: Callable[[Any], Any]) -> None:
    model = sim.PartnershipModel(_small("campaign-while-partnering"), seed=3)
    for _ in range(30):
        model.step()
    before = model.world.state.tobytes()
    for one in (model, model.world, model.setting, model.organisation("ombud"), [model]):
        if make is copy.copy and one not in (model, model.world):
            continue  # a shallow copy of these shares the model or world itself
        with pytest.raises(TypeError, match="make the model anew with the same seed and replicate") as refusal:
            make(one)
        assert "\n" not in str(refusal.value)
    assert model.world.state.tobytes() == before
    again = sim.PartnershipModel(model.scenario, model.seed, model.replicate)  # what the message advises
    for _ in range(model.week):
        again.step()
    assert again.world.state.tobytes() == before


@pytest.mark.parametrize("kind", [sim.PartnershipModel, World])
def test_what_an_earlier_version_pickled_is_refused(kind: type) -> None:
    with pytest.raises(TypeError, match=f"a {kind.__name__} cannot be copied or pickled"):
        kind.__new__(kind).__setstate__({"address": 1})


# Mesa 3.3 breaks a rule of Solara's that is checked when it is imported.
@pytest.mark.filterwarnings("ignore:.*ComponentsView. `use_state` found despite early return:UserWarning")
def test_the_view_of_mesa_shows_the_model_and_plays_another_scenario_after_a_reset() -> None:
    solara = pytest.importorskip("solara")
    pytest.importorskip("altair")
    import ipyvuetify

    example = runpy.run_path(str(Path(__file__).parents[2] / "examples" / "solaraviz.py"))
    shown = solara.reactive(example["model"])

    @solara.component
    def page() -> None:
        with solara.AppLayout():  # has the place for the controls
            example["SolaraViz"](shown, components=[example["partnerships"]], model_params=example["parameters"])

    _, rendered = solara.render(page(), handle_error=False)

    def press(label: str) -> None:
        [button] = [one for one in rendered.find(ipyvuetify.Btn).widgets if label in one.children]
        button.click()

    try:
        press("Step")
        assert shown.value.week == 1
        assert shown.value.setting.scenario.name == "campaign-while-partnering"
        rendered.find(ipyvuetify.Select).widget.v_model = "positive-framing"
        press("Reset")
        assert shown.value.week == 0
        assert shown.value.setting.scenario.name == "positive-framing"
        assert shown.value.seed == 7
    finally:
        rendered.close()


def test_the_last_week_ends_the_run_and_further_steps_change_nothing() -> None:
    model = sim.PartnershipModel(_small("baseline").replace(weeks=3))
    for _ in range(3):
        assert model.running
        model.step()
    assert not model.running
    before = model.world.state.tobytes()
    model.step()
    assert model.world.state.tobytes() == before


def test_an_unknown_seed_measure_or_parameter_is_one_clear_line() -> None:
    for bad in ({"seed": -1}, {"measures": ["nonsense"]}, {"parameters": {"nonsense": 1.0}}, {"nonsense": 1.0}):
        with pytest.raises(sim.InputError, match=r"nonsense|seed"):
            sim.PartnershipModel("baseline", **bad)


def test_the_network_of_partnerships_holds_those_who_are_partners_now() -> None:
    """A contact is no partner yet, and who has left is none any more."""
    states = {"federation": "contact", "union": "cooling", "ngo": "informal", "academia": "formal"}
    case = sim.scenario("baseline").replace(
        organisation=[{"id": name, "type": name} for name in ("ombud", *states)],
        dyad=[],
        partnership=[{"members": ["ombud", name], "state": state} for name, state in states.items()],
        plan=[],
    )
    network = sim.PartnershipModel(case).partnership_network
    assert set(network) == {"ombud", *states}
    assert {(*sorted(pair), what["state"]) for *pair, what in network.edges(data=True)} == {
        ("ngo", "ombud", "informal"),
        ("academia", "ombud", "formal"),
    }
