"""The second model, continued: the way of a demand through politics (7.15), from docs/odd.md alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from benchmarks.peers.second.constants import COVERAGE_PRESSURE, FORCE_DELAY, LOBBY_PRESSURE, UNADDRESSED

if TYPE_CHECKING:
    from benchmarks.peers.second.model import Campaign, Rebuilt

POLITICIANS = 3
DECIDED, FORCE = 3, 4
SIDES = ("for", "against")


class Politics:
    """A demand, the pressure for it and against it, and the law that it becomes."""

    def __init__(self, model: Rebuilt, stage: int | None, rate: float, funds: list[bool]) -> None:
        self.model, self.p, self.stage, self.rate, self.funds = model, model.p, stage, rate, funds
        self.pressure = dict.fromkeys(SIDES, 0.0)
        self.hazard = 0.0
        self.entered = 0
        self.shocks = 0.0
        self.talking: set[tuple[int, str]] = set()
        self.talked: dict[tuple[int, str], int] = {}
        self.spoke: set[tuple[int, str]] = set()

    def open_week(self) -> None:
        self.talking = set()

    def talk(self, i: int, side: str) -> None:
        self.talking.add((i, side))
        self.talked[i, side] = self.model.t

    def law(self) -> float:
        """A year, on firms."""
        return self.shocks + (self.rate if self.stage == FORCE else 0.0)

    def running(self, side: str) -> list[Campaign]:
        found = self.model.campaigns
        return [c for c in found if c.kind == "campaign" and c.side == side and c.runs(self.model.t)]

    def week(self) -> None:
        if self.stage is None:
            return
        p = self.p
        for side in SIDES:
            kept = self.pressure[side] * 2.0 ** (-1.0 / p["pressure_half_life"])
            n = len(self.speakers(side))
            breadth = 1.0 - p["breadth_weight"]
            breadth += p["breadth_weight"] * min(1.0, max(0, n - 1) / p["coalition_full"])
            self.pressure[side] = kept + max(0.0, breadth - kept) * (1.0 - math.exp(-self.stimulus(side)))
        if self.stage == DECIDED and self.model.t - self.entered >= FORCE_DELAY:
            self.enter(FORCE)
        elif self.stage < DECIDED:
            lean = self.pressure["for"] - self.pressure["against"]
            self.hazard += p["stage_rate"] / 52.0 * math.exp(p["policy_force"] * lean)
            if self.hazard >= self.model.threshold("POLICY_STAGE", 0, self.stage + 1):
                self.enter(self.stage + 1)

    def enter(self, stage: int) -> None:
        self.stage, self.hazard, self.entered = stage, 0.0, self.model.t
        self.model.count(f"policy stage {stage}")

    def heard(self, *voices: str) -> float:
        items = sum(self.model.coverage[v] for v in voices)
        return items / (items + self.p["coverage_half"])

    def stimulus(self, side: str) -> float:
        who = self.model.who
        talks = sum(
            who[i].credibility[POLITICIANS] * (1.0 + who[i].evidence) for i, spoken in self.talking if spoken == side
        )
        return LOBBY_PRESSURE * talks * (1.0 + self.heard("ordinary", side)) + COVERAGE_PRESSURE * self.heard(
            side
        ) * self.most_believed(side) * self.addressed(side)

    def most_believed(self, side: str) -> float:
        who = self.model.who
        found = [0.0]
        found += [
            who[i].credibility[POLITICIANS] * (1.0 + who[i].evidence) for i, spoken in self.spoke if spoken == side
        ]
        for c in self.running(side):
            believed = [who[i].credibility[POLITICIANS] for i in c.senders]
            if c.messenger >= 0:
                believed.append(self.model.lent(c, POLITICIANS))
            found.append(max(believed) * (1.0 + max(who[i].evidence for i in c.senders)))
        return max(found)

    def addressed(self, side: str) -> float:
        for c in self.running(side):
            givers = {self.model.who[i].id for i, gives in enumerate(self.funds) if gives}
            if "politicians" in c.audience or givers & set(c.targets):
                return 1.0
        return UNADDRESSED

    def speakers(self, side: str) -> set[int]:
        model = self.model
        loud = {i for c in self.running(side) for i in c.senders}
        loud |= {i for (i, spoken), then in self.talked.items() if spoken == side and model.t - then < 4}
        sign = 1.0 if side == "for" else -1.0
        with_them = set()
        for tie in model.tie.values():
            for i, j in ((tie.a, tie.b), (tie.b, tie.a)):
                on_side = model.who[j].stance * sign > 0.0 and not model.who[j].is_firm
                if i in loud and on_side and tie.active and not tie.hidden:
                    with_them.add(j)
        return loud | with_them
