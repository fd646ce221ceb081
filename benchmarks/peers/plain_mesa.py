"""The model as a plain Mesa model: agents, a `DataCollector`, no arrays and no compiler.

The rules are those of the second model (`benchmarks/peers/second`), which was written from `docs/odd.md`. Here it runs
by itself: it starts from the start values of a world and decides which actions of the plan can be done. Fed the same
keyed draws it gives the same weeks as the compiled rules (`tests/model/test_plain_mesa.py`), and `python -m benchmarks`
measures what they gain over it.

Left out: conditions of a plan, most verbs, grants (money has to suffice), partnerships of several, the task board, the
event log. Plans with such parts are refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa

from benchmarks.peers.second.model import CONTACT, NONE, Rebuilt, Tie, Who
from benchmarks.peers.second.spread import CREDITED, UNCREDITED, Given, Shop
from benchmarks.peers.second.start import rebuild
from benchmarks.peers.second.work import HOURS
from sim.rules.peers import own_ties
from sim.start.draw import begin
from sim.start.prepared import new_world, prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sim.scenarios import Scenario

__all__ = ["PlainMesa"]

VERBS = ("approach", "launch_campaign", "lobby", "publish_guide", "publish_survey", "recruit_messenger")
RECRUITED = 26  # weeks for which a messenger may speak
SWITCHES = ("complex_contagion", "leak_rate", "start_spread")


class Organisation(mesa.Agent):
    """An organisation of the second model."""

    def __init__(self, model: PlainMesa, who: Who) -> None:
        super().__init__(model)
        self.who = who


class Partnership(mesa.Agent):
    """A pair that can be, is or was a partnership."""

    def __init__(self, model: PlainMesa, tie: Tie) -> None:
        super().__init__(model)
        self.tie = tie


class Firm(mesa.Agent):
    """A firm that acts, or not."""

    def __init__(self, model: PlainMesa, shop: Shop) -> None:
        super().__init__(model)
        self.shop = shop

    @property
    def acts(self) -> bool:
        return self.shop.uptake > 0

    @property
    def acts_in_public(self) -> bool:
        return self.shop.uptake in (UNCREDITED, CREDITED)


class PlainMesa(mesa.Model):
    """One world, stepped week by week.

    Parameters
    ----------
    scenario
        A scenario out of the parts that this model knows.
    seed, replicate
        Key of the draws.
    parameters
        Values that differ from the registry and from the scenario's own.
    """

    def __init__(
        self, scenario: Scenario, seed: int = 0, replicate: int = 0, parameters: Mapping[str, float] | None = None
    ) -> None:
        super().__init__(rng=seed)
        _refuse_the_unknown(scenario, {**scenario.parameters, **(parameters or {})})
        self.case = scenario  # `scenario` is a property of Mesa's from version 3.5 on
        setting = prepare(scenario, parameters)
        world = new_world(setting)
        peers = own_ties(scenario.firms.number)
        begin(world, setting.start.state, seed, replicate, peers)
        self.second: Rebuilt = rebuild(setting, world, seed, replicate)
        self.week = -1
        self.times = [0] * len(scenario.plan)
        self.recruited: dict[tuple[int, int], int] = {}
        for who in self.second.who:
            Organisation(self, who)
        for tie in self.second.tie.values():
            Partnership(self, tie)
        for shop in self.second.spread.shop:
            Firm(self, shop)
        self.firms = self.agents_by_type[Firm]
        self.datacollector = mesa.DataCollector(model_reporters=self._reporters())

    def _reporters(self) -> dict[str, Callable[[PlainMesa], float]]:
        second = self.second
        found: dict[str, Callable[[PlainMesa], float]] = {
            "coverage": lambda m: sum(m.second.coverage.values()),
            "adopters": lambda m: len(m.firms.select(lambda firm: firm.acts)),
            "public_adopters": lambda m: len(m.firms.select(lambda firm: firm.acts_in_public)),
            "aware_employers": lambda m: m.second.spread.aware(0),
        }
        for who in second.who:
            found[f"heat_{who.id}"] = lambda m, who=who: who.heat
        for a, b in second.tie:
            one, two = second.who[a].id, second.who[b].id
            found[f"state_{one}_{two}"] = lambda m, tie=second.tie[a, b]: tie.state
            found[f"trust_{one}_{two}"] = lambda m, feeling=second.feeling[a, b]: feeling.trust
            found[f"grievance_{two}_{one}"] = lambda m, feeling=second.feeling[b, a]: feeling.grievance
        return found

    def step(self) -> None:
        """One week."""
        self.week += 1
        self.second.week(self.week, self.due(), Given(None, {}, [0.0] * len(self.second.who), []))
        self.datacollector.collect(self)
        if self.week + 1 >= self.case.weeks:
            self.running = False

    def due(self) -> list[Any]:
        """Actions of the plan that are done this week: due, possible, and within the hours of who does them."""
        found, hours = [], [self.second.joint.capacity(i, self.week) for i in range(len(self.second.who))]
        for k, action in enumerate(self.case.plan):
            week = action.week(self.case.start) + self.times[k] * (action.repeat_every or 0)
            if self.week != week or self.times[k] >= action.max_times:
                continue
            self.times[k] += 1
            by, need = self.second.row(action.by), HOURS[action.verb] if action.hours is None else action.hours
            if hours[by] >= need and getattr(self, f"can_{action.verb}")(action, by):
                hours[by] -= need
                found.append(action)
        return found

    def can_approach(self, action: Any, by: int) -> bool:
        state = self.second.pair(by, self.second.row(action.to)).state
        return state == NONE or (state == CONTACT and action.purpose == "partnership")

    def can_lobby(self, action: Any, by: int) -> bool:
        side = action.side or ("against" if self.second.who[by].stance < 0.0 else "for")
        return self.week - self.second.politics.talked.get((by, side), -RECRUITED) >= 4

    def can_publish_guide(self, action: Any, by: int) -> bool:
        return action.with_ is None or self.second.pair(by, self.second.row(action.with_)).active

    def can_publish_survey(self, action: Any, by: int) -> bool:
        return True

    def can_recruit_messenger(self, action: Any, by: int) -> bool:
        self.recruited[by, self.second.row(action.who)] = self.week
        return True

    def can_launch_campaign(self, action: Any, by: int) -> bool:
        if action.messenger in (None, action.by):
            return True
        messenger = self.second.row(action.messenger)
        tie = self.second.pair(by, messenger)
        since = self.week - self.recruited.get((by, messenger), -RECRUITED)
        return since < RECRUITED or (tie is not None and tie.active)


def _refuse_the_unknown(scenario: Scenario, parameters: Mapping[str, float]) -> None:
    """Say what this model leaves out rather than answer without it."""
    problems = [f"verb {action.verb}" for action in scenario.plan if action.verb not in VERBS]
    problems += [f"condition {action.when!r}" for action in scenario.plan if action.is_conditional]
    problems += [f"partnership of {len(row.members)}" for row in scenario.partnership if len(row.members) > 2]
    problems += [f"network {scenario.firms.network}"] if scenario.firms.network != "ring" else []
    problems += [name for name in SWITCHES if parameters.get(name)]
    if problems:
        raise NotImplementedError(f"the plain model leaves out: {', '.join(problems)}")
