"""One world to step and look at: the Mesa face of the model.

The rules are those of `sim.schedule`; a world stepped here has the same bytes as the same replicate of an ensemble.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
from mesa.datacollection import DataCollector

from sim.agents.faces import face_of
from sim.agents.firm import Firm, NamedFirm
from sim.agents.networks import firm_network, partnership_network
from sim.engine.memory import NeverCopied
from sim.errors import InputError
from sim.observe.measures import default_series, resolve, value
from sim.parameters import as_dict
from sim.parameters.sets import SHIPPED, sets_of
from sim.scenarios import Scenario
from sim.scenarios import scenario as load_scenario
from sim.schedule import advance
from sim.start.draw import begin
from sim.start.prepared import new_world, prepare

if TYPE_CHECKING:
    import datetime
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import networkx as nx

    from sim.agents.organisation import Organisation
    from sim.parameters.sets import ParameterSets


class PartnershipModel(NeverCopied, mesa.Model):  # type: ignore[misc]
    """A world of an ombud and its partners, one week a step.

    Parameters
    ----------
    scenario
        A scenario, or the name or file of one.
    seed, replicate
        Which world: replicate r of a seed is the same world in every scenario and in every ensemble. Without a seed
        it is 0. Chance is keyed, so ``mesa.batch_run`` with ``iterations`` repeats the same world: vary ``replicate``
        (or ``seed``) instead.
    parameters
        Values that differ from the registry, by name.
    measures
        Ids of the measures that the data collector records every week; None takes those that figures show.
    events
        Room of the event log; 0 keeps none.
    parameter_sets
        Plausible sets of which the world draws one: "shipped", a file, or "none"; what `parameters` and the scenario
        say wins over it.
    rng
        The seed under the name that newer versions of Mesa give it.
    **values
        Further parameter values by name, so that ``mesa.batch_run`` can vary them.

    Attributes
    ----------
    world
        The arrays of the world (`sim.engine.world.World`).
    week : int
        Weeks stepped so far.
    seed, replicate : int
        Which world it is.
    agents, agents_by_type
        Organisations and firms as Mesa agents, made when somebody first looks.
    datacollector
        Weekly measures, one row a step.

    Raises
    ------
    InputError
        A scenario, parameter or measure that cannot be used.
    """

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        if "__init__" in vars(cls):
            cls.__signature__ = None  # it shows its own arguments, not those that are shown below

    def __init__(
        self,
        scenario: Scenario | str | Path = "baseline",
        seed: int | None = None,
        replicate: int = 0,
        parameters: Mapping[str, float] | None = None,
        measures: Sequence[str] | None = None,
        events: int = 0,
        parameter_sets: ParameterSets | str | Path | None = SHIPPED,
        rng: int | None = None,
        **values: float,
    ) -> None:
        if seed is not None and rng is not None:
            raise InputError(f"seed: found seed {seed} and rng {rng}, expected one of them: they are the same")
        chosen = rng if seed is None else seed
        self.seed = 0 if chosen is None else int(chosen)
        if not 0 <= self.seed < 2**32:
            raise InputError(f"seed: found {self.seed}, expected a whole number from 0 to 4,294,967,295")
        super().__init__(rng=self.seed)
        self._looked = True  # nothing to look at yet
        case = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
        self.setting = prepare(case, {**(parameters or {}), **values}, sets=sets_of(parameter_sets))
        self.replicate = int(replicate)
        self.world = new_world(self.setting, events=events)
        begin(self.world, self.setting.start.state, self.seed, self.replicate, self.setting.ring_ties)
        self.week = 0
        names = self.world.organisation.dtype.names or ()
        self.columns = {name: np.asarray(self.world.organisation[name]) for name in names}
        self._looked = False
        self._organisations: list[Organisation] = []
        self._firms: list[Firm | NamedFirm] = []
        recorded = list(default_series(case) if measures is None else measures)
        codes = resolve(recorded, case, self.setting.ids)
        self.datacollector = DataCollector(
            model_reporters={
                name: [_read, [self, int(q), int(i), int(j)]] for name, (q, i, j) in zip(recorded, codes, strict=True)
            }
        )

    def step(self) -> None:
        """Advance by one week. After the last week of the scenario `running` is False and nothing happens."""
        if self.week >= self.setting.scenario.weeks:
            self.running = False
            return
        advance(self.world, self.week)
        self.week += 1
        self.datacollector.collect(self)
        self.running = self.week < self.setting.scenario.weeks

    @property
    def scenario(self) -> Scenario:
        """What is played."""
        return self.setting.scenario

    @scenario.setter
    def scenario(self, other: Any) -> None:
        # Mesa 3.5 has a property of this name and, while a model is made, sets an empty scenario of a class of its own.
        if hasattr(self, "setting"):
            raise AttributeError("a model keeps its scenario: make a new model for another one")

    @property
    def parameters(self) -> dict[str, float]:
        """Parameter values of this world: what was chosen, else what it drew."""
        return as_dict(self.world.parameter)

    @property
    def date(self) -> datetime.date:
        """Monday of the week that comes next."""
        return self.setting.scenario.date(self.week)

    def measure(self, identifier: str) -> float:
        """Return the value of an outcome measure or series now, for example ``trust_ombud_federation``."""
        quantity, i, j = resolve([identifier], self.setting.scenario, self.setting.ids)[0]
        return float(value(self.world, int(quantity), int(i), int(j)))

    # --- agents, made when somebody looks ---------------------------------------------------------------------------

    def _look(self) -> None:
        if self._looked:
            return
        self._looked = True
        faces: dict[int, NamedFirm] = {}
        for row, who in enumerate(self.world.organisation):
            agent = face_of(int(who.kind))(self, row)
            self._organisations.append(agent)
            if isinstance(agent, NamedFirm):
                faces[agent.firm_row] = agent
        self._firms = [faces.get(f) or Firm(self, f) for f in range(len(self.world.firm))]

    @property
    def agents(self) -> Any:
        """All organisations and firms, as a Mesa AgentSet."""
        self._look()
        return super().agents

    @property
    def agents_by_type(self) -> Any:
        """AgentSets of organisations and firms by class."""
        self._look()
        return super().agents_by_type

    @property
    def agent_types(self) -> Any:
        """Classes of the agents."""
        self._look()
        return super().agent_types

    def organisation(self, which: str | int) -> Organisation:
        """Return the agent of an organisation, by its id or row."""
        self._look()
        return self._organisations[self.setting.row(which) if isinstance(which, str) else which]

    def firm(self, number: int) -> Firm | NamedFirm:
        """Return the agent of a firm, by its number from 0."""
        self._look()
        return self._firms[number]

    # --- networks -----------------------------------------------------------------------------------------------------

    @property
    def peer_network(self) -> nx.Graph[int]:
        """Who watches whom among the firms, as a networkx graph."""
        return firm_network(self.world)

    @property
    def partnership_network(self) -> nx.Graph[str]:
        """Who is partner of whom now, as a networkx graph."""
        return partnership_network(self.world, self.setting.ids)

    def __repr__(self) -> str:
        case = self.setting.scenario
        return f"<PartnershipModel {case.name}, seed {self.seed}, week {self.week} of {case.weeks}>"


if "rng" in inspect.signature(mesa.batch_run).parameters:
    # From Mesa 3.4 on, batch_run writes its own chance (usually None) over the argument `seed` of a model that shows
    # one, whatever seeds were asked for; a model that shows only `rng` gets it there.
    _shown = inspect.signature(PartnershipModel)
    PartnershipModel.__signature__ = _shown.replace(
        parameters=[one for one in _shown.parameters.values() if one.name != "seed"]
    )


def _read(model: PartnershipModel, quantity: int, i: int, j: int) -> float:
    return float(value(model.world, quantity, i, j))
