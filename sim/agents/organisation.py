"""What all organisations have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa

from sim.agents.face import Face, Levels
from sim.rules.champions import install_champion, lose_champion
from sim.rules.resources import OuterAccount
from sim.vocabulary.audiences import AUDIENCES, SKILLS
from sim.vocabulary.partnerships import State

if TYPE_CHECKING:
    from sim.agents.host import Host


class Organisation(mesa.Agent):  # type: ignore[misc]
    """An organisation of the arena.

    Attributes
    ----------
    id, kind : str
        Its id and its kind in the scenario file.

    The numbers below are quantities of `sim.vocabulary.quantities`; all can be read and set.
    """

    stance = Face("stance")
    exposure = Face("exposure")
    evidence = Face("evidence")
    top = Face("top")
    capacity = Face("capacity")
    hours_used = Face("hours_used")
    followers = Face("followers")
    heat = Face("heat")
    eligible = Face("eligible")

    def __init__(self, model: Host, row: int) -> None:
        super().__init__(model)
        self.row = row
        self.id = model.setting.ids[row]
        self.kind = model.setting.scenario.find(self.id).type

    def __setattr__(self, name: str, value: Any) -> None:
        """Refuse names that no rule would ever read: a misspelt attribute must not pass in silence."""
        own = name.startswith("_") or name in ("model", "unique_id", "pos", "row", "id", "kind", "firm_row")
        if not own and not hasattr(type(self), name):
            raise AttributeError(f"{type(self).__name__} has no attribute {name!r} that could be set")
        super().__setattr__(name, value)

    @property
    def money(self) -> float:
        """Balance in EUR; setting it moves the difference from or to the treasury, so the ledger still balances."""
        return float(self.model.world.account[self.row]) / 100.0

    @money.setter
    def money(self, eur: float) -> None:
        if eur < 0.0:
            raise ValueError(f"money: found {eur!r}, expected at least 0 EUR")
        account = self.model.world.account
        change = round(100 * eur) - int(account[self.row])
        account[self.row] += change
        account[len(self.model.setting.ids) + OuterAccount.TREASURY] -= change

    @property
    def champion(self) -> bool:
        """Whether a committed person is in place; setting it installs or removes one."""
        return bool(self.model.world.organisation[self.row].champion)

    @champion.setter
    def champion(self, present: bool) -> None:
        if present and not self.champion:
            install_champion(self.model.world, self.row)
        elif not present and self.champion:
            lose_champion(self.model.world, self.row)

    @property
    def credibility(self) -> Levels:
        """Credibility with each audience, 0 to 1."""
        return Levels(lambda: {name: a for a, name in enumerate(AUDIENCES)}, self.model.world.credibility[self.row])

    @property
    def skills(self) -> Levels:
        """Skill by role input, 0 to 1 (shared by all replicates of this model's setting)."""
        return Levels(lambda: {name: x for x, name in enumerate(SKILLS)}, self.model.world.skill[self.row])

    def _towards(self, column: str) -> Levels:
        n = len(self.model.setting.ids)
        low = self.row * n
        exists = self.model.world.relation.exists[low : low + n]
        places = {name: j for j, name in enumerate(self.model.setting.ids) if exists[j]}
        return Levels(lambda: places, self.model.world.relation[column][low : low + n])

    @property
    def trust(self) -> Levels:
        """Trust of this organisation in each other one, 0 to 1: ``ombud.trust["federation"]``."""
        return self._towards("trust")

    @property
    def grievance(self) -> Levels:
        """Grievance of this organisation against each other one, 0 to 1."""
        return self._towards("grievance")

    @property
    def understanding(self) -> Levels:
        """How far this organisation sees criticism by each other one as its job, 0 to 1."""
        return self._towards("role")

    @property
    def expectation(self) -> Levels:
        """What this organisation expects of each other one, 0 to 1."""
        return self._towards("expectation")

    @property
    def value(self) -> Levels:
        """Value of a partnership with each other one to this organisation, 0 to 1."""
        return self._towards("value")

    @property
    def partners(self) -> list[Organisation]:
        """Organisations with which it has an active partnership."""
        partners = []
        for partnership in self.model.world.partnership:
            if State.INFORMAL <= partnership.state <= State.FORMAL and self.row in (partnership.a, partnership.b):
                partners.append(
                    self.model.organisation(int(partnership.b if partnership.a == self.row else partnership.a))
                )
        return partners

    def state_with(self, other: str) -> str:
        """Return the state of the partnership with another organisation, as a word."""
        k = self.model.world.partnership_of[self.row, self.model.setting.row(other)]
        return State(int(self.model.world.partnership[k].state)).word if k >= 0 else "none"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id}>"
