"""The second model, continued: hours, champions, annual plans, joint work and disagreement, from docs/odd.md alone.

Pairs only: partnerships of three and more members and the task board are not rebuilt. What a grant pays comes in.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from benchmarks.peers.second.chance import mix, poisson, sigma
from benchmarks.peers.second.constants import (
    APPROVE_EXTERNAL,
    APPROVE_IN_PLAN,
    CHAMPION_APPOINTMENT_WEEKS,
    CHAMPION_VACANCY_WEEKS,
    DEFERENCE_GAP,
    DEFERENCE_RULE_GAP,
    HOURS_DEFERRED,
    LAUNCH_HOURS,
    SEASON_HELP,
    WORKSHOP_JOINT_WORK,
)

if TYPE_CHECKING:
    from benchmarks.peers.second.model import Campaign, Rebuilt, Tie

SKILLS = ("content", "channel", "legitimacy", "evidence", "policy", "money")
TOPICS = ("words", "pictures", "channel")
#: Input shares, and EUR that fully meet the input money (7.12.2).
RECIPES: dict[str, tuple[dict[str, float], float]] = {
    "survey": ({"legitimacy": 0.2, "evidence": 0.5, "money": 0.3}, 20_000.0),
    "information": ({"content": 0.4, "channel": 0.6}, 5_000.0),
    "training": ({"content": 0.5, "channel": 0.5}, 10_000.0),
    "guide": ({"content": 0.4, "channel": 0.3, "legitimacy": 0.3}, 15_000.0),
    "communication": ({"content": 0.3, "channel": 0.3, "money": 0.4}, 50_000.0),
    "project": ({"content": 0.45, "channel": 0.45, "legitimacy": 0.1}, 20_000.0),
}
#: Hours of an action, if the plan gives no others (7.17).
HOURS = {
    "approach": 8, "offer_terms": 12, "sign": 16, "share_idea": 4, "hold_workshop": 24, "publish_survey": 60,
    "publish_guide": 60, "run_training": 16, "inform": 2.5, "launch_campaign": 60, "adjust_campaign": 4,
    "stop_campaign": 2, "recruit_messenger": 8, "go_public": 8, "go_shadow": 2, "credit": 2, "claim_credit": 12,
    "promise": 1, "deliver": 16, "apologise": 4, "reapproach": 8, "exit": 2, "apply_funding": 40, "lobby": 20,
    "appoint_champion": 40, "set_focal_point": 4, "celebrate": 8, "explain_role": 8, "warn": 4, "suspend": 2,
}  # fmt: skip
BOTH = {"sign", "hold_workshop", "celebrate", "explain_role"}  # spend hours of both sides


@dataclass
class Bond:
    """What partners work with."""

    distance: float
    floor: float
    lead: int
    structure: float
    drawn_structure: float
    items: set[str]
    elements: dict[str, float]
    profile: list[float]
    fit_bonus: float = 0.0
    rule: str | None = None
    turn: int = 0
    launch: float = 0.0
    reference: float = 0.0
    workshop: float = 0.0
    contact_of: int = -1  # who gives the hours of a contact person
    in_plan: dict[int, int] = field(default_factory=dict)
    defer: tuple[int, str | None] | None = None
    insist: tuple[int, str | None] | None = None


@dataclass
class Worker:
    """An organisation at work."""

    capacity: float
    skill: dict[str, float]
    expertise: dict[str, float]
    public_body: bool
    plan_years: tuple[int, int]
    now: float = 0.0
    used: float = 0.0
    standing: float = 0.0
    cuts: list[tuple[float, int]] = field(default_factory=list)  # share, until
    hazard: float = 0.0
    threshold: float = 0.0
    champions: int = 0
    vacancies: int = 0
    vacant: int = 0
    appointing: int = 0
    appointed: bool = False
    level: float | None = None
    meetings: float | None = None
    deference: str | None = None
    informing: float = 0.0


@dataclass
class Work:
    """Joint work of a pair in a week."""

    joint: float = 0.0
    distance: float = 0.0
    deferrals: int = 0
    unresolved: int = 0
    result: float = 0.0
    meeting_share: float = 0.0
    reference: float = 0.0
    wanted: float = 0.0


class JointWork:
    """Hours and joint work of one world of the second model."""

    def __init__(self, model: Rebuilt, workers: list[Worker], bonds: dict[tuple[int, int], Bond]) -> None:
        self.model, self.p, self.worker, self.bond = model, model.p, workers, bonds
        self.informations: list[dict[str, Any]] = []
        self.informers: set[int] = set()
        for i, worker in enumerate(workers):
            if model.who[i].champion:
                self.install(i)
            worker.informing = 0.0
        for place, tie in model.tie.items():
            bonds[place].in_plan = {tie.a: 1, tie.b: 1}
            if tie.active:
                self.set_reference(tie)

    def of(self, tie: Tie) -> Bond:
        return self.bond[tie.a, tie.b]

    # --- step 1 (7.1, 7.14, 7.13)

    def open_week(self, outside: dict[tuple[int, int], bool]) -> None:
        monday = self.model.first_day + datetime.timedelta(weeks=self.model.t)
        for i, worker in enumerate(self.worker):
            worker.now, worker.used, worker.informing = self.capacity(i, self.model.t), 0.0, 0.0
            self.spend(i, worker.standing)
        for bond in self.bond.values():
            bond.workshop, bond.defer, bond.insist = 0.0, None, None
        self.informers = set()
        self.turn_champions_over()
        if monday.month == 1 and monday.day <= 7:
            self.plan_the_year(monday.year, outside)

    def capacity(self, i: int, t: int) -> float:
        """Hours of week t, as things stand."""
        worker, monday = self.worker[i], self.model.first_day + datetime.timedelta(weeks=t)
        hours = worker.capacity
        if monday.month in (11, 12) and worker.public_body and self.model.who[i].champion:
            hours *= 1.0 + SEASON_HELP
        for share, until in worker.cuts:
            hours *= 1.0 - share if t < until else 1.0
        return hours

    def spend(self, i: int, hours: float) -> float:
        spent = min(hours, self.left(i))
        self.worker[i].used += spent
        return spent

    def left(self, i: int) -> float:
        return max(0.0, self.worker[i].now - self.worker[i].used)

    def install(self, i: int) -> None:
        worker = self.worker[i]
        self.model.who[i].champion = 1
        worker.hazard, worker.vacant, worker.appointing = 0.0, 0, 0
        key = self.model.organisation_key(i)
        worker.threshold = self.model.threshold("CHAMPION_LEAVES", key, worker.champions)
        worker.champions += 1

    def lose(self, i: int) -> None:
        worker = self.worker[i]
        self.model.who[i].champion = 0
        if worker.appointed:
            worker.appointed = False
            worker.standing -= 4.0
        worker.vacancies += 1
        worker.vacant = int(CHAMPION_VACANCY_WEEKS)
        self.model.count("champion left")

    def turn_champions_over(self) -> None:
        for i, worker in enumerate(self.worker):
            if self.model.who[i].champion:
                worker.hazard += self.p["champion_leaving_rate"] / 52.0
                if worker.hazard >= worker.threshold:
                    self.lose(i)
            elif worker.appointing > 0:
                worker.appointing -= 1
                if worker.appointing == 0:
                    self.install(i)
                    self.model.count("champion appointed")
            elif worker.vacant > 0:
                worker.vacant -= 1
                if worker.vacant == 0:
                    ties = [tie for tie in self.model.tie.values() if i in (tie.a, tie.b) and tie.active]
                    focal = any("focal_points" in self.of(tie).items for tie in ties)
                    chance = self.p["champion_replaced_focal" if focal else "champion_replaced"]
                    key = self.model.organisation_key(i)
                    if self.model.uniform("CHAMPION_REPLACED", key, worker.vacancies) < chance:
                        self.install(i)
                        self.model.count("champion replaced")

    def plan_the_year(self, year: int, outside: dict[tuple[int, int], bool]) -> None:
        p, model = self.p, self.model
        for place, tie in model.tie.items():
            bond = self.bond[place]
            for i in place:
                worker = self.worker[i]
                if not tie.active or not worker.public_body:
                    continue
                x = p["approve_base"] + APPROVE_EXTERNAL * outside.get(place, False)
                x -= p["approve_ask"] * p["plan_ask"]
                x += p["approve_champion"] * model.who[i].champion + APPROVE_IN_PLAN * bond.in_plan[i]
                key = mix(model.organisation_key(i), tie.key)
                u = model.uniform("IN_PLAN", key, year - model.first_day.year)
                given = worker.plan_years[0] <= year <= worker.plan_years[1]
                bond.in_plan[i] = int(given or u < sigma(x))
                model.count("in the annual plan" if bond.in_plan[i] else "not in the annual plan")

    # --- steps 2 and 3 (7.17)

    def act(self, action: Any) -> None:
        """Hours of an action that was done, and what it changes for joint work."""
        verb, model = action.verb, self.model
        default = HOURS.get(verb, 0)
        if verb == "run_training":
            default *= math.ceil(action.seats / 200)
        if verb == "warn" and action.show_text:
            default *= 2
        hours = default if action.hours is None else action.hours
        if verb in ("sign",):
            by, *others = (model.row(name) for name in action.members)
        elif verb in ("appoint_champion", "set_focal_point"):
            by, others = model.row(action.org), []
        elif verb == "shock":
            self.shock(action)
            return
        else:
            by = model.row(action.by)
            other = getattr(action, "to", None) or getattr(action, "with_", None)
            names = getattr(action, "partnership", None) or ([other] if other else [])
            others = [model.row(name) for name in names if model.row(name) != by]
        self.spend(by, hours)
        if verb in BOTH or (verb == "warn" and action.show_text):
            for j in others:
                self.spend(j, hours)
        getattr(self, f"act_{verb}", lambda *_: None)(action, by, others)

    def shock(self, action: Any) -> None:
        i = None if action.org is None else self.model.row(action.org)
        if action.what == "champion_leaves":
            self.lose(i)
        elif action.what == "capacity_cut":
            worker = self.worker[i]
            worker.cuts.append((action.share, self.model.t + action.weeks))
            worker.now = max(worker.used, worker.now * (1.0 - action.share))

    def act_appoint_champion(self, action: Any, by: int, others: list[int]) -> None:
        worker = self.worker[by]
        worker.appointing, worker.appointed = int(CHAMPION_APPOINTMENT_WEEKS), True
        worker.standing += 4.0

    def act_set_focal_point(self, action: Any, by: int, others: list[int]) -> None:
        one, two = (self.model.row(name) for name in action.partnership)
        bond = self.of(self.model.pair(one, two))
        self.build(bond, {"focal_points"})
        bond.contact_of = by
        self.worker[by].standing += 2.0

    def act_hold_workshop(self, action: Any, by: int, others: list[int]) -> None:
        tie = self.model.pair(by, others[0])
        if tie.active:
            self.of(tie).workshop = WORKSHOP_JOINT_WORK

    def act_defer(self, action: Any, by: int, others: list[int]) -> None:
        self.of(self.model.pair(by, others[0])).defer = (by, action.topic)

    def act_insist(self, action: Any, by: int, others: list[int]) -> None:
        self.of(self.model.pair(by, others[0])).insist = (by, action.topic)

    def act_run_training(self, action: Any, by: int, others: list[int]) -> None:
        for j in others:
            tie = self.model.pair(by, j)
            if tie.active:
                self.add(tie, "training", 1_000.0 if action.cost is None else float(action.cost))

    def act_inform(self, action: Any, by: int, others: list[int]) -> None:
        channels = [self.model.row(name) for name in action.channel] or [by]
        hours = HOURS["inform"] if action.hours is None else action.hours
        until = self.model.t + action.weeks
        row = {"action": action, "by": by, "channels": channels, "hours": hours, "until": until, "new": True}
        self.informations.append(row)
        self.tell(row)

    def tell(self, row: dict[str, Any]) -> None:
        self.informers.add(row["by"])
        for i in row["channels"]:
            self.worker[i].informing += row["hours"] / 2.5

    def go_on_informing(self, unpaid: list[Any]) -> None:
        for row in self.informations:
            if row.pop("new", False):
                continue
            partners = [row["by"], *(j for j in row["channels"] if self.reaches(row["by"], j))]
            short = self.left(row["by"]) < row["hours"] or not set(row["channels"]) <= set(partners)
            if self.model.t >= row["until"] or short or any(row["action"] is action for action in unpaid):
                row["until"] = -1
                continue
            self.spend(row["by"], row["hours"])
            self.tell(row)
        self.informations = [row for row in self.informations if row["until"] >= 0]

    def reaches(self, i: int, j: int) -> bool:
        tie = self.model.pair(i, j)
        return self.model.who[j].is_union or (tie is not None and tie.active)

    def act_set_strategy(self, action: Any, by: int, others: list[int]) -> None:
        self.rule(by, action.key, action.value)

    def rule(self, i: int, key: str, value: Any) -> None:
        names = {"joint_level": "level", "meeting_share": "meetings", "deference": "deference"}
        if key in names:
            setattr(self.worker[i], names[key], value)

    # --- step 4: what is agreed (7.6)

    def agree(self, tie: Tie, action: Any) -> None:
        """Terms, or a signature, that were accepted."""
        if action is None:
            return
        bond = self.of(tie)
        if getattr(action, "deference", None) is not None:
            bond.rule = action.deference
        self.build(bond, set(getattr(action, "structure", None) or ()))
        if "focal_points" in (action.items or ()):
            self.build(bond, {"focal_points"})

    def build(self, bond: Bond, items: set[str]) -> None:
        bond.items |= items
        bond.structure = min(1.0, bond.drawn_structure + len(bond.items) / 8.0)

    def choose_model(self, tie: Tie, model: str) -> None:
        self.of(tie).launch = LAUNCH_HOURS[model]

    def set_reference(self, tie: Tie) -> None:
        self.of(tie).reference = 0.8 * self.result(tie, champion=1, ratio=1.0)

    def part(self, tie: Tie) -> None:
        """The contact person of a partnership that was left has time again."""
        bond = self.of(tie)
        if bond.contact_of >= 0:
            self.worker[bond.contact_of].standing -= 2.0
            bond.contact_of = -1
            bond.items -= {"focal_points"}
            self.build(bond, set())

    # --- step 5 (7.12, 7.7)

    def week(self) -> dict[tuple[int, int], Work]:
        p, work = self.p, {place: Work(distance=bond.distance) for place, bond in self.bond.items()}
        asked = [0.0] * len(self.worker)
        planned: dict[tuple[int, int], float] = {}
        need: dict[tuple[int, int], float] = {}
        for place, tie in self.model.tie.items():
            bond = self.bond[place]
            work[place].reference = bond.reference
            if not tie.active:
                continue
            first, second = tie.initiator, tie.other(tie.initiator)
            meetings = [self.worker[i].meetings for i in (first, second)]
            work[place].meeting_share = next((m for m in meetings if m is not None), p["meeting_share"])
            wanted = self.level(bond, first, second)
            work[place].wanted = wanted
            if self.model.t < tie.suspended_until:
                wanted = 0.0
            elif not all(bond.in_plan.values()):
                wanted *= p["plan_without"]
            if wanted > 0.0:
                planned[place] = wanted
                need[place] = p["joint_hours"] * wanted / (1.0 - work[place].meeting_share) + bond.launch
                for i in place:
                    asked[i] += need[place]
        ratio = [1.0 if asked[i] <= self.left(i) else self.left(i) / asked[i] for i in range(len(self.worker))]
        shared = {place: min(ratio[i] for i in place) for place in planned}
        for place, wanted in planned.items():
            work[place].joint = shared[place] * wanted
            for i in place:
                self.spend(i, shared[place] * need[place])
            self.bond[place].launch *= 1.0 - shared[place]
        for place in planned:
            tie = self.model.tie[place]
            champion = max(self.model.who[i].champion for i in place)
            work[place].result = self.result(tie, champion, shared[place])
            if work[place].joint > 0.0:
                self.disagree(tie, work[place])
            work[place].distance = self.bond[place].distance
        return work

    def level(self, bond: Bond, first: int, second: int) -> float:
        t = self.model.t
        level = bond.profile[t] if bond.profile[t] >= 0.0 else self.p["joint_level"]
        for i in (second, first):
            own = self.worker[i].level
            level = level if own is None else own
        return min(1.0, level + bond.workshop)

    def skill(self, tie: Tie, x: str) -> float:
        total = 0.0
        for i in (tie.a, tie.b):
            add_on = tie.model == "add_on" and self.model.who[i].is_firm
            total += self.worker[i].skill[x] * (self.p["add_on_skill"] if add_on else 1.0)
        return total

    def element(self, tie: Tie, name: str, ratio: float) -> float:
        recipe, enough = RECIPES[name]
        product = 1.0
        for x, share in recipe.items():
            got = self.skill(tie, x)
            if x == "money" and name != "project":
                got = max(got, min(1.0, self.of(tie).elements.get(name, 0.0) / enough))
            product *= (got * ratio) ** (self.p["returns_to_scale"] * share)
        return product

    def quality(self, champion: float, structure: float) -> float:
        p = self.p
        return p["quality_base"] + p["quality_champion"] * champion + p["quality_structure"] * structure

    def result(self, tie: Tie, champion: int, ratio: float) -> float:
        bond = self.of(tie)
        names = [name for name in RECIPES if name in bond.elements] or ["project"]
        mean = sum(self.element(tie, name, ratio) for name in names) / len(names)
        return self.quality(champion, bond.structure) * mean

    def guide(self, by: int, partner: int | None) -> float:
        """Quality of a guide at its publication (7.12.2)."""
        if partner is None:
            recipe, _ = RECIPES["guide"]
            product = 1.0
            for x, share in recipe.items():
                product *= self.worker[by].skill[x] ** (self.p["returns_to_scale"] * share)
            return min(1.0, self.quality(self.model.who[by].champion, 0.0) / self.quality(1.0, 0.0) * product)
        tie = self.model.pair(by, partner)
        z = self.of(tie).structure
        champion = max(self.model.who[i].champion for i in (by, partner))
        return min(1.0, self.quality(champion, z) / self.quality(1.0, z) * self.element(tie, "guide", 1.0))

    def add(self, tie: Tie, name: str, eur: float) -> None:
        bond = self.of(tie)
        bond.elements[name] = bond.elements.get(name, 0.0) + eur

    def send_together(self, campaign: Campaign, names: tuple[str, ...], budget: float) -> None:
        for tie in self.model.tie.values():
            if tie.active and campaign.sent_by(tie.a) and campaign.sent_by(tie.b):
                for name in names:
                    self.add(tie, name, budget if name == "communication" else 0.0)

    def disagree(self, tie: Tie, work: Work) -> None:
        p, model, bond = self.p, self.model, self.of(tie)
        rate = p["disagreement_rate"] * bond.distance * work.joint
        number = poisson(rate, model.uniform("DISAGREEMENTS", tie.key, model.t))
        trust = min(model.feeling[tie.a, tie.b].trust, model.feeling[tie.b, tie.a].trust)
        for m in range(min(40, number)):
            hours, deferred, settled = self.settle(tie, m, trust)
            if min(self.left(tie.a), self.left(tie.b)) < hours:
                model.count("no time to disagree")
                continue
            self.spend(tie.a, hours)
            self.spend(tie.b, hours)
            work.unresolved += not settled
            work.deferrals += deferred
            model.count("deferred" if deferred else "negotiated" if settled else "unresolved")
            if deferred and self.rule_of(tie) == "alternate":
                bond.turn = 1 - bond.turn
            if settled:
                self.come_closer(bond)

    def rule_of(self, tie: Tie) -> str:
        return self.of(tie).rule or self.worker[tie.initiator].deference or "expertise"

    def settle(self, tie: Tie, number: int, trust: float) -> tuple[float, bool, bool]:
        p, model, bond = self.p, self.model, self.of(tie)
        key = mix(tie.key, number)
        u1, u2 = model.spread.lane("DISAGREEMENT", key, model.t, 0)
        u3, u4 = model.spread.lane("DISAGREEMENT", key, model.t, 1)
        topic = TOPICS[int(3 * u1)]
        gap = self.worker[tie.a].expertise[topic] - self.worker[tie.b].expertise[topic]
        who = tie.b if gap > 0.0 or (gap == 0.0 and u4 < 0.5) else tie.a
        term = DEFERENCE_GAP * abs(gap)
        rule = self.rule_of(tie)
        if rule == "lead" and bond.lead in (tie.a, tie.b):
            who, term = tie.other(bond.lead), DEFERENCE_RULE_GAP
        elif rule == "alternate":
            who, term = (tie.a, tie.b)[bond.turn], DEFERENCE_RULE_GAP
        chance = sigma(p["deference_slope"] * (trust - p["deference_midpoint"]) + term)
        if rule == "never":
            chance = 0.0
        if bond.defer is not None and bond.defer[1] in (None, topic):
            who, chance = bond.defer[0], 1.0
        if bond.insist is not None and bond.insist[1] in (None, topic) and bond.insist[0] == who:
            chance = 0.0
        if u2 < chance:
            return HOURS_DEFERRED, True, True
        return p["hours_negotiated"], False, u3 >= p["unresolved_rate"] * (1.0 - trust)

    def come_closer(self, bond: Bond) -> None:
        bond.distance = bond.floor + (bond.distance - bond.floor) * (1.0 - self.p["language_learning"])
