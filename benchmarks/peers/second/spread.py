"""The second model, continued: who knows (S3) and how firms adopt, give up, and from whom they have it (S11).

Written from the text of docs/odd.md like `model.py`, whose state it reads. What comes in week by week: money spent on
campaigns, and results on the task board.

Numbers in brackets are sections of docs/odd.md.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from benchmarks.peers.second.chance import binomial, mix, two_uniforms
from benchmarks.peers.second.constants import (
    DEPTH_INTEGRATED,
    DEPTH_WORKSHOP,
    GUIDE_STEP,
    MESSENGER_REACH,
    POSTS_PER_WEEK,
    REWIRING,
    SPILL,
    VISITING_POOL,
)

if TYPE_CHECKING:
    from benchmarks.peers.second.model import Campaign, Rebuilt
    from benchmarks.peers.second.work import Work

EMPLOYERS, EMPLOYEES, PUBLIC = 0, 1, 2
NONE, QUIET, UNCREDITED, CREDITED = range(4)
BACKGROUND = -1
AUDIENCES = ("employers", "employees", "public", "politicians", "supporters")
ROUTES = ("base", "law", "managers", "staff", "press", "federation", "peer", "idea")


@dataclass
class Shop:
    """A firm, named or ordinary."""

    weight: float
    sensitivity: float
    organisation: int
    members: list[int]
    left: float = 0.0
    keeping: float = 0.0
    peers: list[int] = field(default_factory=list)
    uptake: int = NONE
    shown: float = 0.0
    names: set[int] = field(default_factory=set)
    depth: float = 0.0
    quality: float = 0.0
    week: int = -1
    route: str = ""
    times: int = 0
    sources: dict[int, float] = field(default_factory=dict)


@dataclass
class Given:
    """What comes in for a week."""

    spent: dict[int, float] | None  # EUR of each campaign, by its number; None where there is enough money
    outside: dict[tuple[int, int], bool]  # whether a pair has a grant this year
    board: list[float]  # contacts of the task board, by organisation
    unpaid: list[Any]  # actions of information work that nobody can pay any longer


class Spread:
    """Audiences and firms of one world of the second model."""

    def __init__(self, model: Rebuilt, channel: list[list[float]], people: float, shops: list[Shop]) -> None:
        self.model, self.p, self.people, self.shop = model, model.p, people, shops
        self.channel = channel
        n = len(model.who)
        self.taught = [[0.0] * 5 for _ in range(n)]  # S
        self.reached = [0.0] * 5  # D
        self.trained = [0.0] * n  # Q
        self.carries = [0.0] * n  # J
        self.passed_on = [0.0] * n  # F
        self.came: dict[int, float] = {}
        self.courses: list[list[Any]] = []  # owner, key, seats left, rate
        self.later: list[tuple[int, int, float]] = []  # week, firm, what its peers then see of it
        self.adopters: list[int] = []
        self.total = sum(firm.weight for firm in shops)
        self.share = {
            m: sum(firm.weight for firm in shops if m in firm.members) / self.total
            for m, who in enumerate(model.who)
            if who.is_federation
        }
        self.draw_network()
        for f, firm in enumerate(shops):
            firm.left = model.threshold("ADOPTION", f, 0) * self.resistance(f)

    # --- chance

    def lane(self, decision: str, entity: int, occurrence: int, lane: int) -> tuple[float, float]:
        return two_uniforms(decision, entity, occurrence, lane, self.model.key)

    def resistance(self, f: int) -> float:
        u, _ = self.lane("FIRM_TRAITS", f, 0, 3)
        sd = self.p["burden_spread"]
        return math.exp(sd * NormalDist().inv_cdf(max(u, 1e-16)) + sd * sd / 2.0) / math.sqrt(self.shop[f].weight)

    def draw_network(self) -> None:
        """Small world on a ring (7.11.1)."""
        n = len(self.shop)
        own = min(4, (n - 1) // 2)
        far = [[(f + c + 1) % n for c in range(own)] for f in range(n)]
        for f in range(n):
            for c in range(own):
                u, v = self.lane("NETWORK_TIE", f, c, 0)
                if u >= REWIRING:
                    continue
                g = int(v * n)
                near = min(abs(f - g), n - abs(f - g)) <= own
                if not near and g not in far[f] and f not in far[g]:
                    far[f][c] = g
        for f in range(n):
            for g in far[f]:
                self.shop[f].peers.append(g)
                self.shop[g].peers.append(f)

    # --- who knows (7.3)

    def aware(self, a: int) -> float:
        return sum(row[a] for row in self.taught)

    def trained_share(self) -> float:
        return 1.0 - math.exp(-sum(self.trained) / (100.0 * len(self.shop)))

    def within(self, i: int, a: int) -> float:
        return self.channel[i][a] * self.share.get(i, 1.0)

    def results(self, i: int, work: dict[Any, Work], public: bool) -> float:
        """Sum of joint R over active partnerships of i with others than firms."""
        total = 0.0
        for pair, done in work.items():
            tie = self.model.tie[pair]
            if i not in pair or not tie.active or (public and tie.hidden) or self.model.who[tie.other(i)].is_firm:
                continue
            if any(self.model.who[m].stance >= 0.0 for m in pair):
                total += done.joint * done.result
        return total

    def carry_on(self, work: dict[Any, Work]) -> None:
        for m in self.share:
            gained = 1.0 - math.exp(-self.p["joint_push"] * self.results(m, work, public=False))
            self.carries[m] = 2.0 ** (-1.0 / 26.0) * self.carries[m] + (1.0 - self.carries[m]) * gained

    def publish(self, quality: float, authors: list[int]) -> None:
        """A guide of this week, before joint work."""
        for m in authors:
            if m in self.share:
                self.carries[m] += (1.0 - self.carries[m]) * GUIDE_STEP * quality

    def reach(self, work: dict[Any, Work], given: Given, guides: dict[int, float]) -> None:
        p, who, people = self.p, self.model.who, self.people
        lesson = [[0.0] * 5 for _ in who]
        against, missed = [0.0] * 5, [1.0] * 5

        def teach(i: int, a: int, x: float, believed: float, side: str) -> None:
            missed[a] *= 1.0 - x
            if side == "for":
                lesson[i][a] += p["learning"] * believed * x
            else:
                against[a] += p["learning"] * believed * x

        def evidently(i: int, a: int) -> float:
            c = who[i].credibility[a]
            return c + (1.0 - c) * who[i].evidence / 2.0

        learners: dict[int, float] = {}
        running = [(k, c) for k, c in enumerate(self.model.campaigns) if c.kind == "campaign" and c.runs(self.model.t)]
        for k, c in running:
            spent = c.share(self.model.t) if given.spent is None else given.spent.get(k, 0.0)
            exposures = self.campaign(c, spent, teach, evidently)
            u = self.model.uniform("VISITORS", c.key, self.model.t)
            visitors = binomial(exposures, p["click_through"], u)
            format_ratio = 1.0 + (p["video_reach_ratio"] - 1.0) * c.video
            again = min(0.8, p["share_rate"] * (1.0 + c.stunt) * format_ratio) * self.came.get(k, 0.0)
            self.came[k] = visitors + again
            if c.side == "for":
                learners[k] = self.came[k]
        self.train()
        for i in range(len(who)):
            phi = p["contacts"] * (who[i].informing + 0.5 * (self.results(i, work, public=True) + given.board[i]))
            phi += 2.0 * guides.get(i, 0.0) + p["contacts"] * who[i].celebrates
            if phi > 0.0:
                for a in range(5):
                    teach(i, a, self.within(i, a) * (1.0 - math.exp(-phi)), evidently(i, a), "for")
        came = sum(learners.values())
        if came > 0.0:
            pool = VISITING_POOL * people
            learn = p["learner_share"] * pool * (1.0 - math.exp(-came / pool))
            for k, part in learners.items():
                lesson[self.model.campaigns[k].by][PUBLIC] += learn * part / came / people
        for a in range(5):
            known, gaining = self.aware(a), sum(row[a] for row in lesson)
            net = gaining - against[a]
            gained = (1.0 - known) * (1.0 - math.exp(-net)) if net > 0.0 else 0.0
            kept = 2.0 ** (-1.0 / p["awareness_half_life"]) * min(1.0, math.exp(net))
            for i, row in enumerate(self.taught):
                row[a] = kept * row[a] + (gained * lesson[i][a] / gaining if gained > 0.0 else 0.0)
            self.reached[a] += (1.0 - self.reached[a]) * (1.0 - missed[a])

    def train(self) -> None:
        self.trained = [2.0 ** (-1.0 / 104.0) * own for own in self.trained]
        for course in self.courses:
            by, key, left, rate = course
            if left > 0:
                signed = binomial(int(left), 1.0 - math.exp(-rate), self.model.uniform("SEATS", key, self.model.t))
                course[2] -= signed
                self.trained[by] += signed

    def campaign(self, c: Campaign, spent: float, teach: Any, evidently: Any) -> int:
        """What a campaign of this week teaches; its exposures, returned."""
        p, model = self.p, self.model
        m = model.multiplier(c)
        voice = sum(
            model.stimulus_now[id(other)] for other in model.campaigns if other.runs(model.t) and other.side == c.side
        )
        share = model.stimulus_now[id(c)] / voice if voice > 0.0 else 0.0
        earned = p["earned_reach"] * self.people * model.coverage[c.side] * share
        paid = 1000.0 * spent / p["cost_per_mille"]
        format_ratio = 1.0 + (p["video_reach_ratio"] - 1.0) * c.video
        posts = m * POSTS_PER_WEEK * c.loudness * p["organic_reach"] * format_ratio
        for a, word in enumerate(AUDIENCES):
            tau = 1.0 if word in c.audience else SPILL
            broad = 1.0 - math.exp(-m * (earned + tau * paid) / self.people)
            if c.given is not None:
                broad = 1.0 - math.exp(-c.given.get(model.t - c.start, 0.0) / self.people)
            for i in range(len(model.who)):
                if not c.sent_by(i):
                    continue
                own = self.within(i, a) * (1.0 - math.exp(-posts))
                x = 1.0 - (1.0 - broad) * (1.0 - own) if i == c.by else (1.0 - broad) * own
                teach(i, a, x, evidently(i, a), c.side)
            if c.messenger >= 0:
                x = self.within(c.messenger, a) * (1.0 - math.exp(-m * MESSENGER_REACH * format_ratio))
                teach(c.messenger, a, x, model.lent(c, a), c.side)
        if c.given is not None:
            return math.floor(c.given.get(model.t - c.start, 0.0) + 0.5)
        posts = POSTS_PER_WEEK * c.loudness * p["organic_reach"] * format_ratio
        exposures = model.who[c.by].followers * posts + paid + earned
        if c.messenger >= 0:
            fans = model.who[c.messenger].followers
            exposures += fans * MESSENGER_REACH * (0.5 + format_ratio / 2.0)
        return math.floor(m * exposures + 0.5)

    # --- adoption (7.11)

    def visible(self, f: int) -> float:
        firm = self.shop[f]
        weights = sum(self.shop[g].weight for g in firm.peers)
        return sum(self.shop[g].weight * self.shop[g].shown for g in firm.peers) / weights if weights else 0.0

    def seen(self, uptake: int) -> float:
        return {NONE: 0.0, QUIET: self.p["quiet_visibility"]}.get(uptake, 1.0)

    def take_up(self, j: int, uptake: int, owner: int, named: bool, depth: float, weeks: int) -> None:
        """Organisation j uses an idea by its own decision; its peers see it so many weeks later."""
        f = next(f for f, firm in enumerate(self.shop) if firm.organisation == j)
        firm = self.shop[f]
        if firm.uptake == NONE:
            firm.sources, firm.week, firm.route, firm.left = {owner: 1.0}, self.model.t, "idea", math.inf
        change = -self.seen(firm.uptake)
        firm.uptake = max(firm.uptake, uptake)
        change += self.seen(firm.uptake)
        firm.names |= {owner} if named else set()
        firm.depth, firm.quality = max(firm.depth, depth), 1.0
        self.later.append((self.model.t + weeks, f, change))

    def show_due(self) -> None:
        for week, f, change in self.later:
            if week == self.model.t:
                self.shop[f].shown += change
        self.later = [row for row in self.later if row[0] > self.model.t]

    def press(self) -> tuple[float, dict[int, float]]:
        """Press on every firm, and on those named (7.2, number 7)."""
        p, m = self.p, self.model
        pro, contra = m.coverage["for"], m.coverage["against"]
        relief = pro / (pro + contra) if contra > 0.0 else 1.0

        def heat(target: int) -> float:
            x = sum(v for ((i, side), about), v in m.criticism.items() if i >= 0 and side == "for" and about == target)
            return x / (x + p["coverage_half"])

        g = p["crowd_share"]
        named = {j: relief * (1.0 - g) * heat(j) for j, who in enumerate(m.who) if who.is_firm}
        return relief * g * heat(-1), named

    def push(self, f: int) -> float:
        spared = 1.0
        for m in self.shop[f].members:
            spared *= 1.0 - self.passed_on[m]
        return 1.0 - spared

    def partners(self, m: int) -> list[Any]:
        """Active partnerships of m with others than firms."""
        ties = [t for t in self.model.tie.values() if m in (t.a, t.b) and t.active]
        return [t for t in ties if not self.model.who[t.other(m)].is_firm]

    def adopt(self, law: float) -> None:
        p, t = self.p, self.model.t
        for m in self.share:
            ties = [tie for tie in self.partners(m) if t >= tie.suspended_until]
            v = 0.0 if not ties else 1.0 if any(not tie.hidden for tie in ties) else p["shadow_push"]
            self.passed_on[m] = self.model.who[m].credibility[EMPLOYERS] * self.carries[m] * v
        press, named = self.press()
        stage = p["flagship_share"] * sum(self.shop[f].shown for f in self.flagships())
        relayed = any(self.partners(m) for m in self.share)
        phi = min(1.0, stage * (2.0 if relayed else 1.0))
        entering = []
        for f, firm in enumerate(self.shop):
            if math.isinf(firm.left):
                continue
            parts = self.hazards(f, law, press, named.get(firm.organisation, 0.0), phi)
            firm.left -= sum(parts.values())
            if firm.left <= 0.0:
                entering.append((f, self.trace(f, parts, press, named.get(firm.organisation, 0.0), phi)))
        for f, (route, sources, names, depth) in entering:
            self.enter(f, route, sources, names, depth)
        if self.p["de_adoption_rate"] > 0.0:
            self.give_up(press)

    def flagships(self) -> list[int]:
        return [f for f, firm in enumerate(self.shop) if firm.organisation >= 0 and firm.weight > 1.0]

    def hazards(self, f: int, law: float, press: float, named: float, phi: float) -> dict[str, float]:
        p, firm = self.p, self.shop[f]
        year = {
            "base": p["base_rate"],
            "law": law,
            "managers": p["manager_rate"] * self.aware(EMPLOYERS),
            "staff": p["staff_rate"] * (1.0 - (1.0 - self.aware(EMPLOYEES)) * (1.0 - self.trained_share())),
            "press": p["press_rate"] * (press + named) * firm.sensitivity,
            "federation": p["federation_rate"] * self.push(f),
            "peer": p["peer_rate"] * (1.0 - (1.0 - self.visible(f)) * (1.0 - phi)),
        }
        return {route: rate / 52.0 for route, rate in year.items()}

    def smallest(self, f: int, among: dict[int, float]) -> int:
        """One of them, drawn in proportion (7.11.3)."""

        def place(i: int) -> float:
            key = mix(f, self.model.organisation_key(i))
            return self.model.threshold("NAMED_SOURCE", key, self.shop[f].times) / among[i]

        found = [i for i in among if among[i] > 0.0]
        return min(found, key=place) if found else -1

    def trace(self, f: int, parts: dict[str, float], press: float, named: float, phi: float) -> Any:
        p, firm, model = self.p, self.shop[f], self.model
        total = sum(parts.values())
        _, v = self.lane("ADOPTION_ROUTE", f, firm.times, 0)
        u2, _ = self.lane("ADOPTION_ROUTE", f, firm.times, 1)
        u3, _ = self.lane("ADOPTION_ROUTE", f, firm.times, 2)
        rest, ends = v * total, {}
        for name, part in parts.items():
            rest -= part
            ends[name] = rest
        route = next((name for name, end in ends.items() if end < 0.0), "peer")
        sources: dict[int, float] = {}

        def add(i: int, share: float) -> None:
            i = BACKGROUND if i >= 0 and model.who[i].is_firm else i
            sources[i] = sources.get(i, 0.0) + share

        add(BACKGROUND, (parts["base"] + parts["law"]) / total)
        trained, knowing = self.trained_share(), self.aware(EMPLOYEES)
        taught = {a: {i: row[a] for i, row in enumerate(self.taught)} for a in (EMPLOYERS, EMPLOYEES)}
        shares = dict(enumerate(self.trained))
        for among, share in (
            (taught[EMPLOYERS], parts["managers"]),
            (taught[EMPLOYEES], p["staff_rate"] / 52.0 * knowing * (1.0 - trained)),
            (shares, p["staff_rate"] / 52.0 * trained),
        ):
            for i, part in among.items():
                if part > 0.0:
                    add(i, share / total * part / sum(among.values()))
        for target, strength in ((-1, press), (firm.organisation, named)):
            said: dict[int, float] = {}
            for ((i, side), about), items in model.remembered.items():
                if i >= 0 and side == "for" and about == target:
                    said[i] = said.get(i, 0.0) + items
            share = p["press_rate"] / 52.0 * strength * firm.sensitivity / total
            if share > 0.0 and not said:
                add(BACKGROUND, share)
            for i, items in said.items():
                add(i, share * items / sum(said.values()))
        pushing = {m: self.passed_on[m] for m in firm.members if self.passed_on[m] > 0.0}
        for m, part in pushing.items():
            share = parts["federation"] / total * part / sum(pushing.values())
            owners = [t.other(m) for t in self.partners(m) if self.owns(t.other(m))]
            add(m, share * (p["split_channel"] if owners else 1.0))
            for i in owners:
                add(i, share * (1.0 - p["split_channel"]) / len(owners))
        names: set[int] = set()
        if parts["peer"] > 0.0:
            g = self.peers_share(f, parts["peer"] / total, phi, u2, add)
            names = set(self.shop[g].names) if route == "peer" and g >= 0 else names
        depth = DEPTH_WORKSHOP if u3 < trained else p["depth_plain"]
        if route == "federation":
            m = self.smallest(f, pushing)
            names = {m} | {t.other(m) for t in self.partners(m) if not t.hidden}
            if any(t.model == "integrated" for t in model.tie.values() if m in (t.a, t.b) and t.active):
                depth = DEPTH_INTEGRATED
        elif route in ("managers", "staff"):
            i = self.smallest(f, taught[EMPLOYERS if route == "managers" else EMPLOYEES])
            names = {i} if i >= 0 and self.owns(i) else set()
        return route, sources, names, depth

    def owns(self, i: int) -> bool:
        return any(idea.owner == i for idea in self.model.idea)

    def peers_share(self, f: int, share: float, phi: float, u: float, add: Any) -> int:
        firm = self.shop[f]
        weights = sum(self.shop[g].weight for g in firm.peers)
        found = [(g, self.shop[g].weight * self.seen(self.shop[g].uptake) / weights) for g in firm.peers]
        found = [(g, w) for g, w in found if w > 0.0]
        flagships = [g for g in self.flagships() if self.shop[g].uptake != NONE]
        if phi > 0.0 and flagships:
            found.append((flagships[-1], phi))
        total = sum(w for _, w in found)
        if total <= 0.0:
            add(BACKGROUND, share)
            return -1
        running, drawn = 0.0, -1
        for g, w in found:
            if drawn < 0 and u * total < running + w:
                drawn = g
            running += w
            for i, part in self.shop[g].sources.items():
                add(i, share * w / total * part)
        return found[-1][0] if drawn < 0 else drawn

    def enter(self, f: int, route: str, sources: dict[int, float], names: set[int], depth: float) -> None:
        firm = self.shop[f]
        u, _ = self.lane("ADOPTION_ROUTE", f, firm.times, 0)
        public = u < self.p["public_share"]
        firm.uptake = QUIET if not public else CREDITED if any(self.owns(i) for i in names) else UNCREDITED
        firm.names = names if public else set()
        firm.route, firm.sources, firm.depth, firm.quality, firm.week = route, sources, depth, 1.0, self.model.t
        firm.left = math.inf
        if firm.organisation < 0:
            self.adopters.append(f)
            firm.keeping = self.model.threshold("DE_ADOPTION", f, firm.times)
        firm.times += 1
        firm.shown += self.seen(firm.uptake)
        self.model.count(f"adopted: {route}")

    def give_up(self, press: float) -> None:
        alone = self.p["de_adoption_rate"] / 52.0 * (1.0 - press) * (1.0 - self.aware(EMPLOYEES))
        place = 0
        while place < len(self.adopters):
            f = self.adopters[place]
            firm = self.shop[f]
            if firm.week < self.model.t:
                firm.keeping -= alone * (1.0 - firm.depth) * (1.0 - self.visible(f)) * (1.0 - self.push(f))
            if firm.keeping > 0.0:
                place += 1
                continue
            last = self.adopters.pop()
            if last != f:
                self.adopters[place] = last
            firm.shown -= self.seen(firm.uptake)
            firm.uptake, firm.names, firm.sources = NONE, set(), {}
            firm.left = self.model.threshold("ADOPTION", f, firm.times) * self.resistance(f)
            self.model.count("gave up")
