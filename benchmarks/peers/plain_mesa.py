"""The case of the parent project as a plain Mesa model: agents with methods, `AgentSet.do`, `DataCollector`.

It was written from the equations, apart from the compiled rules, and shares only data with them: start values,
parameters, and the keyed draws of `sim.engine.randomness`. Fed the same draws it has to give the same weeks, which
`tests/test_plain_mesa.py` checks; `python -m benchmarks` measures what the compiled rules gain over it.

Included: champions, approaches and replies, joint work with disagreements, evidence, campaigns and attention,
rebuttals and blame, credibility with halo and messenger, adoption with routes, credit and lineage, trust and
grievance, value, exits, re-approaches and returns.

Left out: the funnel of visitors, money (the plan must be affordable), ideas and firms with a name, promises,
breaches and apologies, contracts, trainings, conditions of a plan, the event log. Plans with such parts are refused.
"""

from __future__ import annotations

import datetime
import math
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import mesa

from sim.engine.randomness import (
    Decision,
    entity_key,
    mix,
    normal_quantile,
    poisson_count,
    threshold,
    uniform,
    uniform_pair,
)
from sim.parameters import as_dict, parameter_record
from sim.parameters.relations import relation_defaults
from sim.vocabulary.audiences import AUDIENCES, SKILLS
from sim.vocabulary.kinds import KINDS, exposure

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.scenarios import Scenario

__all__ = ["PlainMesa"]

YEAR = 52.0  # weeks
STATES = ("none", "contact", "informal", "formal", "cooling", "ended")
VERBS = ("approach", "launch_campaign", "publish_guide", "publish_survey", "recruit_messenger")
HOURS = {
    "approach": 8.0,
    "launch_campaign": 60.0,
    "publish_guide": 60.0,
    "publish_survey": 60.0,
    "recruit_messenger": 8.0,
}
PROJECT = {"content": 0.4, "channel": 0.4, "legitimacy": 0.2}  # what joint work needs
TONES = {"positive": 1.0, "neutral": 0.5, "critical": 0.0}


class Draws:
    """The draws of one replicate, by what they decide."""

    def __init__(self, seed: int, replicate: int) -> None:
        self.seed, self.replicate = seed, replicate

    def pair(self, decision: Decision, entity: int, occurrence: int, lane: int = 0) -> tuple[float, float]:
        return uniform_pair(self.seed, self.replicate, int(decision), entity, occurrence, lane)

    def one(self, decision: Decision, entity: int, occurrence: int) -> float:
        return uniform(self.seed, self.replicate, int(decision), entity, occurrence)

    def patience(self, decision: Decision, entity: int, occurrence: int) -> float:
        """Unit-exponential threshold: the event comes when the summed hazard reaches it."""
        return threshold(self.seed, self.replicate, int(decision), entity, occurrence)


def logistic(x: float) -> float:
    return 1.0 / (1.0 + math.exp(-x))


class Organisation(mesa.Agent):
    """An organisation with its own view of every other one."""

    def __init__(self, model: PlainMesa, row: Any) -> None:
        super().__init__(model)
        kind = KINDS[row.kind]

        def given(name: str, default: Any) -> Any:
            value = getattr(row, name)
            return default if value is None else value

        self.name: str = row.id
        self.type: str = row.type
        self.key = entity_key(row.id)
        self.stance: float = given("stance", kind.stance)
        self.exposure: float = given("exposure", exposure(row.kind, model.case.topic))
        role = model.p.role_understanding_federation if kind.role is None else kind.role
        self.role: float = given("role", role)
        self.top: float = given("top", kind.top)
        self.direct: bool = row.direct
        self.given_years: tuple[int, ...] = row.in_plan_years
        self.capacity: float = given("capacity", kind.capacity)
        self.evidence: float = given("evidence_stock", kind.evidence)
        self.push: float | None = row.push
        self.reapproach_interval = row.reapproach_interval
        self.credibility = {a: row.credibility.get(a, kind.credibility[k]) for k, a in enumerate(AUDIENCES)}
        self.credibility_anchor = dict(self.credibility)
        self.skills = {x: row.skills.get(x, kind.skills[k]) for k, x in enumerate(SKILLS)}

        self.trust: dict[Organisation, float] = {}
        self.anchor: dict[Organisation, float] = {}
        self.grievance: dict[Organisation, float] = {}
        self.value: dict[Organisation, float] = {}
        self.first_value: dict[Organisation, float] = {}
        self.approaches: dict[Organisation, int] = {}
        self.ties: dict[Organisation, Partnership] = {}
        self.recruited: dict[Organisation, int] = {}

        self.heat = self.blame = self.flank = 0.0
        self.own = model.p.third_party_blame
        self.hours = 0.0
        self.guide = False
        self.survey = 0.0
        self.survey_week: int | None = None
        self.rebutted = False
        self.campaigns: list[Campaign] = []
        self.credited = 0.0
        self.causal = 0.0

        self.champion = False
        self.champions = self.vacancies = self.vacant_weeks = 0
        self.restlessness = self.loyalty = 0.0
        if model.draws.one(Decision.CHAMPION_AT_START, self.key, 0) < given("champion", kind.champion):
            self.install_champion()

    # staff and hours

    def install_champion(self) -> None:
        self.champion = True
        self.restlessness = 0.0
        self.loyalty = self.model.draws.patience(Decision.CHAMPION_LEAVES, self.key, self.champions)
        self.champions += 1

    def start_week(self) -> None:
        p, model = self.model.p, self.model
        self.hours = self.capacity
        if self.type == "ngo" and model.monday.month in (11, 12):
            self.hours *= 1.5
        if model.monday.isocalendar()[1] in (28, 29, 30, 52, 1):
            self.hours *= p.holiday_factor
        self.survey = 0.0
        if self.champion:
            self.restlessness += p.champion_leaving_rate / YEAR
            if self.restlessness >= self.loyalty:
                self.champion = False
                self.vacancies += 1
                self.vacant_weeks = int(p.champion_vacancy_weeks)
        elif self.vacant_weeks > 0:
            self.vacant_weeks -= 1
            if self.vacant_weeks == 0:
                chance = p.champion_replaced
                if model.draws.one(Decision.CHAMPION_REPLACED, self.key, self.vacancies) < chance:
                    self.install_champion()

    def spend(self, hours: float) -> None:
        self.hours -= min(hours, self.hours)

    # evidence, campaigns, heat

    def age_evidence(self) -> None:
        self.evidence *= 2.0 ** (-1.0 / self.model.p.evidence_half_life)
        self.evidence += (1.0 - self.evidence) * self.survey

    def run_campaigns(self) -> None:
        self.campaigns = [c for c in self.model.campaigns if c.runs() and c.is_of(self)]
        for campaign in self.campaigns:
            if campaign.by is self:
                self.spend(30.0 * campaign.intensity)

    def feel_heat(self) -> None:
        model = self.model
        self.own = self.blame + model.p.third_party_blame * (1.0 - self.blame)
        self.heat = model.attention * model.tone * self.exposure
        self.flank = model.attention * model.tone * max(0.0, 1.0 - 2.0 * self.blame)

    # credibility

    def weigh_credibility(self) -> None:
        """Changes of the week, from everybody's credibility before it."""
        p, model = self.model.p, self.model
        published = self.survey_week is not None and model.week - self.survey_week < p.survey_news_weeks
        seen = model.attention if self.campaigns or published else 0.0
        self.news = {}
        for audience, c in self.credibility.items():
            change = p.credibility_return * (self.credibility_anchor[audience] - c)
            change += p.evidence_credibility * self.evidence * seen * (1.0 - c)
            if self.rebutted:
                heard = {"employees": p.rebuttal_employees, "supporters": 0.0}.get(audience, 1.0)
                change -= p.rebuttal_loss * heard * (1.0 - self.evidence) * c
            for partner, tie in self.ties.items():
                if tie.active and tie.visibility == "public":
                    change += self.halo(partner, audience, c) * (1.0 if tie.state == "formal" else p.halo_informal)
            self.news[audience] = change

    def halo(self, partner: Organisation, audience: str, c: float) -> float:
        p = self.model.p
        other = partner.credibility[audience]
        down = p.halo_down_other
        if audience == "supporters":
            if self.stance * partner.stance <= 0.0:
                other = p.opposite_view * partner.credibility["public"]
            if self.stance * partner.stance < 0.0:
                down = 1.0
        return p.halo_up * max(0.0, other - c) - p.halo_down * down * max(0.0, c - other)

    def change_credibility(self) -> None:
        for audience, change in self.news.items():
            self.credibility[audience] = min(1.0, max(0.0, self.credibility[audience] + change))

    def credibility_with_employers(self) -> float:
        c = self.credibility["employers"]
        for campaign in self.campaigns:
            if campaign.by is self and campaign.messenger is not None:
                unexpected = max(0.0, 1.0 - campaign.messenger.stance) / 2.0
                lent = campaign.messenger.credibility["employers"]
                c = max(c, min(1.0, lent * (1.0 + self.model.p.unexpected_messenger * unexpected)))
        return c

    # what it brings to every firm

    def hazard(self) -> float:
        p = self.model.p
        if self.type == "ombud":
            push = p.push_ombud if self.push is None else self.push
            if any("employers" in campaign.audience for campaign in self.campaigns):
                push = 1.0
            return p.ombud_rate / YEAR * self.credibility_with_employers() * (1.0 + self.evidence) * push
        if self.type == "federation":
            push = 0.0
            for other, tie in self.ties.items():
                if tie.active:
                    force = p.push_federation if tie.visibility == "public" else p.push_federation_shadow
                    force = force if self.push is None else self.push
                    push = max(push, force * (1.0 if self.guide or other.guide else p.guide_before))
            return p.federation_rate / YEAR * self.credibility_with_employers() * push
        return 0.0

    def public_partners(self) -> set[Organisation]:
        return {other for other, tie in self.ties.items() if tie.active and tie.visibility == "public"}

    def idea_owners(self) -> list[Organisation]:
        """Active partners who own ideas: of the organisations here, only an ombud does."""
        return [other for other, tie in self.ties.items() if tie.active and other.type == "ombud"]

    # trust

    def judge_others(self) -> None:
        p = self.model.p
        for other, tie in self.ties.items():
            blow = self.heat * other.own * (1.0 - self.role)
            negative = blow + p.mirror_blame * other.heat * self.own * (1.0 - other.role) + p.unresolved_harm * tie.open
            trust, anchor = self.trust[other], self.anchor[other]
            change = p.trust_gain * tie.good * (1.0 - trust) - p.trust_loss * negative * trust
            self.trust[other] = min(1.0, max(0.0, trust + change + p.trust_return * (anchor - trust)))
            self.anchor[other] = anchor + p.anchor_learning * (trust - anchor)
            grievance = self.grievance[other]
            faded = grievance * 2.0 ** (-1.0 / p.grievance_half_life)
            self.grievance[other] = faded + p.grievance_gain * blow * (1.0 - grievance)

    def judge_work(self) -> None:
        """Value of every partnership that worked this week, and the ownership of the top management."""
        p = self.model.p
        top = self.top
        for other, tie in self.ties.items():
            if tie.active and tie.joint > 0.0:
                value = self.value[other]
                shown = tie.result if tie.visibility == "public" else 0.0
                self.top += p.top_rate * ((value + shown) / 2.0 - top)
                ratio = tie.result * (1.0 - p.meeting_share) / tie.reference
                self.value[other] = value + p.value_rate * (min(1.0, self.first_value[other] * ratio) - value)


class Partnership(mesa.Agent):
    """What two organisations share. The one who was asked may leave and come back."""

    def __init__(self, model: PlainMesa, first: Organisation, second: Organisation) -> None:
        super().__init__(model)
        p = model.p
        self.first, self.second = first, second
        self.initiator, self.asked = first, second
        self.key = mix(*sorted((first.key, second.key)))
        self.state, self.visibility = "none", "public"
        self.floor = p.distance_base + p.distance_stance * abs(first.stance - second.stance) / 2.0
        start = relation_defaults(first.stance, second.stance)
        self.distance = max(self.floor, start.distance)
        self.fit = start.fit
        self.structure = 0.0
        self.level = p.joint_level
        self.approved = dict.fromkeys((first, second), True)
        self.good = self.joint = self.wanted = self.result = 0.0
        self.open = 0
        self.reference = 1.0
        self.exit_week = 0
        self.spells = self.away_spells = self.attempts = 0
        self.strain = self.longing = self.waiting = 0.0
        self.endurance = self.homesickness = self.restraint = math.inf
        for one, other in ((first, second), (second, first)):
            one.ties[other] = self
            one.trust[other], one.anchor[other] = start.trust, start.anchor
            one.value[other] = start.value
            one.grievance[other] = 0.0
            one.approaches[other] = 0

    @property
    def active(self) -> bool:
        return self.state in ("informal", "formal")

    @property
    def members(self) -> tuple[Organisation, Organisation]:
        return self.first, self.second

    # the annual plan

    def plan_year(self) -> None:
        """In the first week of January ombud and government decide on each of their partnerships."""
        monday, p = self.model.monday, self.model.p
        if monday.month != 1 or monday.day > 7 or not self.active:
            return
        for member in self.members:
            if member.type not in ("ombud", "government"):
                continue
            readiness = p.approve_base - p.approve_ask * p.plan_ask + p.approve_champion * member.champion
            readiness += p.approve_in_plan * self.approved[member]
            draw = self.model.draws.pair(Decision.IN_PLAN, mix(member.key, self.key), self.model.year_number())[0]
            given = monday.year in member.given_years
            self.approved[member] = given or draw < logistic(readiness)

    # joint work

    def plan_work(self) -> None:
        self.good, self.open, self.joint, self.wanted, self.result = 0.0, 0, 0.0, 0.0, 0.0
        if self.active:
            p, model = self.model.p, self.model
            self.wanted = self.level
            if model.monday.isocalendar()[1] in (28, 29, 30, 52, 1):
                self.wanted *= p.holiday_factor
            if not all(self.approved.values()):
                self.wanted *= p.plan_without

    def hours_needed(self) -> float:
        return self.model.p.joint_hours * self.wanted / (1.0 - self.model.p.meeting_share)

    def produce(self, champion: bool, share: float) -> float:
        p = self.model.p
        quality = p.quality_base + p.quality_champion * champion + p.quality_structure * self.structure
        for skill, weight in PROJECT.items():
            quality *= min(1.0, sum(member.skills[skill] for member in self.members) * share) ** weight
        return quality

    def start_work(self) -> None:
        if self.wanted > 0.0:
            self.share = min(self.model.hours_share[member] for member in self.members)
            self.joint = self.wanted * self.share
            for member in self.members:
                member.spend(self.share * self.hours_needed())

    def work(self) -> None:
        if self.wanted <= 0.0:
            return
        self.result = self.produce(any(member.champion for member in self.members), self.share)
        deferrals = self.disagree()
        p = self.model.p
        self.good = p.deferral_credit * deferrals + p.joint_work_credit * self.joint * (1.0 - self.distance)

    def disagree(self) -> int:
        """Argue about words, pictures and channels; returns how often somebody deferred."""
        p, draws, week = self.model.p, self.model.draws, self.model.week
        u, _ = draws.pair(Decision.DISAGREEMENTS, self.key, week)
        count = min(40, poisson_count(p.disagreement_rate * self.distance * self.joint, u))
        trust = min(self.first.trust[self.second], self.second.trust[self.first])
        deferrals = 0
        for number in range(count):
            key = mix(self.key, number)
            topic, defer = draws.pair(Decision.DISAGREEMENT, key, week, 0)
            fail, _ = draws.pair(Decision.DISAGREEMENT, key, week, 1)
            skill = "channel" if topic * 3.0 >= 2.0 else "content"
            gap = abs(self.first.skills[skill] - self.second.skills[skill])
            deferred = defer < logistic(p.deference_slope * (trust - p.deference_midpoint) + p.deference_gap * gap)
            hours = p.hours_deferred if deferred else p.hours_negotiated
            if min(member.hours for member in self.members) < hours:
                self.open += 1
                continue
            for member in self.members:
                member.spend(hours)
            if not deferred and fail < p.unresolved_rate * (1.0 - trust):
                self.open += 1
                continue
            deferrals += deferred
            self.distance = self.floor + (self.distance - self.floor) * (1.0 - p.language_learning)
        return deferrals

    # life cycle

    def begin(self, initiator: Organisation, state: str, visibility: str) -> None:
        self.initiator, self.asked = initiator, (self.second if initiator is self.first else self.first)
        self.state, self.visibility = state, visibility
        self.reference = self.produce(True, 1.0) * 0.8  # with a champion and a fifth of the time in meetings
        self.start_spell()

    def start_spell(self) -> None:
        self.spells += 1
        self.strain = 0.0
        self.endurance = self.model.draws.patience(Decision.EXIT, self.key, self.spells)

    def await_attempt(self) -> None:
        self.waiting = 0.0
        self.restraint = self.model.draws.patience(Decision.REAPPROACH, self.key, self.attempts)

    def is_willing(self) -> bool:
        p, asked, i = self.model.p, self.asked, self.initiator
        calm = asked.grievance[i] < p.return_grievance and asked.heat < p.return_heat
        return calm and asked.trust[i] > p.return_trust

    def knock(self) -> None:
        """The clock of re-approaches runs once the cooling weeks are over."""
        p = self.model.p
        if self.state != "cooling" or self.model.week - self.exit_week <= p.cooling_weeks:
            return
        interval = self.initiator.reapproach_interval
        if interval != "never":
            self.waiting += 1.0 / (p.reapproach_interval if interval is None else interval)
        if self.waiting >= self.restraint:
            self.initiator.spend(8.0)
            self.model.requests.append((self.asked, self.answer_knock))

    def answer_knock(self) -> None:
        p, asked, i = self.model.p, self.asked, self.initiator
        self.attempts += 1
        self.await_attempt()
        if not self.is_willing():
            asked.grievance[i] = min(1.0, asked.grievance[i] + p.pester)
        elif self.model.draws.one(Decision.REAPPROACH_SUCCESS, self.key, self.attempts) < p.return_success:
            self.come_back()

    def come_back(self) -> None:
        self.state = "informal"
        self.start_spell()

    def live_on(self) -> None:
        p, week = self.model.p, self.model.week
        if self.active:
            self.strain += math.log1p(math.exp(self.urge_to_leave()))
            if self.strain >= self.endurance:
                self.state = "cooling"
                self.exit_week = week
                self.initiator.trust[self.asked] *= p.exit_trust_factor
                self.away_spells += 1
                self.longing = 0.0
                self.homesickness = self.model.draws.patience(Decision.SELF_RETURN, self.key, self.away_spells)
                self.await_attempt()
        elif self.state == "cooling" and week - self.exit_week >= p.cooling_weeks and self.is_willing():
            self.longing += p.self_return_rate
            if self.longing >= self.homesickness:
                self.come_back()

    def urge_to_leave(self) -> float:
        p, asked, i = self.model.p, self.asked, self.initiator
        seen = 1.0 if self.visibility == "public" else p.shadow_visibility
        return (
            p.exit_base
            + p.exit_heat * asked.heat * i.own * seen
            + p.exit_grievance * asked.grievance[i]
            - p.exit_trust * (asked.trust[i] - 0.5)
            - p.exit_formal * (self.state == "formal")
            - p.exit_champion * asked.champion
            - p.exit_value * asked.value[i]
            - p.exit_top * (asked.top - 0.5)
        )


class Campaign:
    """A campaign of one organisation, with or without co-senders."""

    def __init__(self, model: PlainMesa, action: Any) -> None:
        self.model = model
        self.by = model.organisation(action.by)
        self.senders = {self.by, *(model.organisation(name) for name in action.cosenders)}
        self.messenger = model.organisation(action.messenger) if action.messenger else None
        self.topic: str = action.topic or model.case.topic
        self.audience: tuple[str, ...] = action.audience
        self.tone: float = action.tone
        self.intensity: float = action.intensity
        self.start: int = model.week
        self.end: int = model.week + action.weeks

    def runs(self) -> bool:
        return self.start <= self.model.week < self.end

    def is_of(self, organisation: Organisation) -> bool:
        return organisation in self.senders

    def stimulus(self) -> float:
        p = self.model.p
        intensity = self.intensity * (p.launch_factor if self.model.week < self.start + 2 else 1.0)
        window = 1.0 + p.window_boost * self.model.in_window(self.topic)
        evidence = max(sender.evidence for sender in self.senders)
        loud = (1.0 + p.evidence_news_value * evidence) * (1.0 + p.tone_news_value * self.tone)
        return p.stimulus * intensity * window * loud


class Firm(mesa.Agent):
    """A firm that may take up the measures, in public or quietly."""

    def __init__(self, model: PlainMesa, number: int) -> None:
        super().__init__(model)
        p = model.p
        self.number = number
        self.peers: list[Firm] = []
        self.reluctance = model.draws.patience(Decision.ADOPTION, number, 0)
        self.pressure = 0.0
        u, v = model.draws.pair(Decision.FIRM_TRAITS, number, 0)
        spread = p.sensitivity_spread
        self.sensitivity = math.exp(spread * normal_quantile(max(u, 1e-16)) - spread**2 / 2.0)
        if v < p.must_report_share:
            self.sensitivity *= p.must_report_sensitivity
        self.adopted = self.public = False
        self.visibility = 0.0
        self.names: set[Organisation] = set()
        self.lineage: dict[Organisation | None, float] = {}

    def step(self) -> None:
        """Feel the pressure of the week; those who had enough adopt when all have felt it."""
        if self.adopted:
            return
        model = self.model
        seen = sum(peer.visibility for peer in self.peers) / len(self.peers) if self.peers else 0.0
        peers = model.peer_hazard * min(1.0, seen)
        press = model.press_hazard * self.sensitivity
        self.pressure += model.common_hazard + press + peers
        if self.pressure >= self.reluctance:
            model.adopting.append((self, press, peers))

    def trace(self, press: float, peers: float) -> None:
        """Whose doing it is: shares of the sources, and one route whose names stand on the record."""
        model = self.model
        u, v = model.draws.pair(Decision.ADOPTION_ROUTE, self.number, 0)
        self.public = u < model.p.public_share
        pushes = [(source, hazard) for source, hazard in model.pushes if hazard > 0.0]
        total = model.base_hazard + sum(hazard for _, hazard in pushes) + press + peers
        self.share(None, model.base_hazard / total)
        for source, hazard in pushes:
            owners = source.idea_owners() if source.type == "federation" else []
            kept = model.p.split_channel if owners else 1.0
            self.share(source, kept * hazard / total)
            for owner in owners:
                self.share(owner, (1.0 - kept) * hazard / total / len(owners))
        critics = sum(critic.blame for critic in model.organisations)
        for critic in model.organisations:
            self.share(critic, press * critic.blame / max(1.0, critics) / total)
        self.share(None, press * max(0.0, 1.0 - critics) / total)
        example = self.learn_from_peers(peers / total)

        left = v * total - model.base_hazard
        if left < 0.0:
            return
        for source, hazard in pushes:
            if left < hazard:
                self.names = {source}
                if source.type == "federation":
                    self.names |= source.public_partners()
                return
            left -= hazard
        if left >= press and example is not None:
            self.names = set(example.names)

    def share(self, source: Organisation | None, share: float) -> None:
        if share > 0.0:
            self.lineage[source] = self.lineage.get(source, 0.0) + share

    def learn_from_peers(self, share: float) -> Firm | None:
        """Pass on where the visible peers had it from; returns one of them, drawn by visibility."""
        visible = [peer for peer in self.peers if peer.visibility > 0.0]
        if share <= 0.0 or not visible:
            self.share(None, share)
            return None
        total = sum(peer.visibility for peer in visible)
        for peer in visible:
            for source, part in peer.lineage.items():
                self.share(source, share * part * peer.visibility / total)
        u, _ = self.model.draws.pair(Decision.ADOPTION_ROUTE, self.number, 0, 1)
        target = u * total
        for peer in visible:
            if target < peer.visibility:
                return peer
            target -= peer.visibility
        return visible[-1]

    def adopt(self) -> None:
        self.adopted = True
        self.visibility = 1.0 if self.public else self.model.p.quiet_visibility
        if not self.public:
            self.names = set()
        for organisation in self.names:
            organisation.credited += 1.0
        for source, share in self.lineage.items():
            if source is not None:
                source.causal += share


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
        self,
        scenario: Scenario,
        seed: int = 0,
        replicate: int = 0,
        parameters: Mapping[str, float] | None = None,
        *,
        beyond_range: bool = False,
    ) -> None:
        super().__init__(rng=seed)
        self.case = scenario  # `scenario` is a property of Mesa's from version 3.5 on
        record = parameter_record({**scenario.parameters, **(parameters or {})}, beyond_range=beyond_range)
        self.p = SimpleNamespace(**as_dict(record))
        self.draws = Draws(seed, replicate)
        self.week = -1
        self.monday = scenario.start
        _refuse_the_unknown(scenario, self.p)

        p = self.p
        self.coverage = self.memory = p.background_coverage / (1.0 - p.branching_base)
        self.attention = self.coverage / (self.coverage + p.coverage_half)
        self.tone = 0.0
        self.campaigns: list[Campaign] = []
        self.requests: list[Any] = []
        self.done = [0] * len(scenario.plan)
        self.accepted: set[int] = set()
        self.adopting: list[tuple[Firm, float, float]] = []
        self.pushes: list[tuple[Organisation, float]] = []

        for row in sorted(scenario.organisation, key=lambda row: row.id):
            Organisation(self, row)
        self.organisations = self.agents_by_type[Organisation]
        self._by_name = {organisation.name: organisation for organisation in self.organisations}
        self._found_partnerships()
        for number in range(scenario.firms.number):
            Firm(self, number)
        self.firms = self.agents_by_type[Firm]
        self._tie_firms()
        self.datacollector = mesa.DataCollector(model_reporters=self._reporters())

    def organisation(self, name: str) -> Organisation:
        return self._by_name[name]

    def partnership(self, one: str, other: str) -> Partnership:
        return self.organisation(one).ties[self.organisation(other)]

    # the start

    def _found_partnerships(self) -> None:
        organisations = list(self.organisations)
        for k, first in enumerate(organisations):
            for second in organisations[k + 1 :]:
                Partnership(self, first, second)
        self.partnerships = self.agents_by_type[Partnership]
        for row in self.case.dyad:
            a, b = self.organisation(row.a), self.organisation(row.b)
            tie = a.ties[b]
            if row.distance is not None:
                tie.distance = max(tie.floor, row.distance)
            if row.fit is not None:
                tie.fit = row.fit
            for one, other, way in ((a, b, "ab"), (b, a, "ba")):
                for name in ("trust", "value", "grievance"):
                    number = getattr(row, f"{name}_{way}")
                    if number is not None:
                        getattr(one, name)[other] = number
                if row.anchor is not None:
                    one.anchor[other] = row.anchor
        for organisation in organisations:
            organisation.first_value = dict(organisation.value)
        for row in self.case.partnership:
            tie = self.partnership(*row.members)
            tie.structure = row.structure_score
            if row.joint is not None:
                (tie.level,) = set(row.joint)  # one level for all weeks
            tie.begin(self.organisation(row.members[0]), row.state, row.visibility)

    def _tie_firms(self) -> None:
        """A ring on which every firm owns ties to the next four; some lead to a firm drawn at random instead."""
        firms = list(self.firms)
        n = len(firms)
        own = min(int(self.p.peer_ties) // 2, (n - 1) // 2)
        far = [[(f + c + 1) % n for c in range(own)] for f in range(n)]
        for f in range(n):
            for c in range(own):
                u, v = self.draws.pair(Decision.NETWORK_TIE, f, c)
                if u < self.p.rewiring:
                    g = int(v * n)
                    near = min((f - g) % n, (g - f) % n) <= own  # itself, or next on the ring
                    if not near and g not in far[f] and f not in far[g]:
                        far[f][c] = g
        for f in range(n):
            for g in far[f]:
                firms[f].peers.append(firms[g])
                firms[g].peers.append(firms[f])

    def _reporters(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "coverage": "coverage",
            "attention": "attention",
            "tone": "tone",
            "adopters": lambda m: m.adopters,
            "public_adopters": lambda m: m.public_adopters,
            "goal_impact": lambda m: m.p.depth_plain * m.adopters,
        }
        for i in self.organisations:
            found[f"heat_{i.name}"] = lambda m, i=i: i.heat
            if i.type in ("ombud", "federation"):
                found[f"credited_impact_{i.name}"] = lambda m, i=i: i.credited
                found[f"causal_impact_{i.name}"] = lambda m, i=i: i.causal
                found[f"evidence_{i.name}"] = lambda m, i=i: i.evidence
                for a in ("employers", "supporters"):
                    found[f"credibility_{i.name}_{a}"] = lambda m, i=i, a=a: i.credibility[a]
            for j, tie in i.ties.items():
                if {i.type, j.type} == {"ombud", "federation"}:
                    found[f"trust_{i.name}_{j.name}"] = lambda m, i=i, j=j: i.trust[j]
                    found[f"grievance_{i.name}_{j.name}"] = lambda m, i=i, j=j: i.grievance[j]
                    found[f"state_{i.name}_{j.name}"] = lambda m, tie=tie: STATES.index(tie.state)
                    found[f"distance_{i.name}_{j.name}"] = lambda m, tie=tie: tie.distance
        self.adopters = self.public_adopters = 0
        return found

    # the week

    def year_number(self) -> int:
        return self.monday.year - self.case.start.year

    def step(self) -> None:
        """One week, in the order of the specification."""
        self.week += 1
        self.monday = self.case.date(self.week)
        self.organisations.do("start_week")
        self.partnerships.do("plan_year")
        self.requests = []
        self.carry_out_plan()
        self.partnerships.do("knock")
        self.answer_requests()
        self.work_together()
        self.organisations.do("age_evidence")
        self.organisations.do("run_campaigns")
        self.draw_attention()
        self.organisations.do("weigh_credibility")
        self.organisations.do("change_credibility")
        self.spread_measures()
        self.organisations.do("judge_others")
        self.organisations.do("judge_work")
        self.partnerships.do("live_on")
        self.datacollector.collect(self)
        if self.week + 1 >= self.case.weeks:
            self.running = False

    def in_window(self, topic: str) -> bool:
        days = [self.monday + datetime.timedelta(days=d) for d in range(7)]
        work = any((d.month, d.day) == (3, 8) for d in days)
        violence = any((11, 25) <= (d.month, d.day) <= (12, 10) for d in days)
        return {"work_equality": work, "violence": violence, "gender_general": work or violence}.get(topic, False)

    def carry_out_plan(self) -> None:
        for k, action in enumerate(self.case.plan):
            due = action.week(self.case.start) + self.done[k] * (action.repeat_every or 0)
            if self.week != due or self.done[k] >= action.max_times or k in self.accepted:
                continue
            self.done[k] += 1
            getattr(self, action.verb)(k, action)

    def approach(self, k: int, action: Any) -> None:
        by, to = self.organisation(action.by), self.organisation(action.to)
        if by.ties[to].state == "none" and by.hours >= HOURS["approach"]:
            by.spend(HOURS["approach"])
            by.approaches[to] += 1
            self.requests.append((to, lambda: self.answer_approach(k, action)))

    def publish_guide(self, k: int, action: Any) -> None:
        by = self.organisation(action.by)
        partner = self.organisation(action.with_) if action.with_ else None
        willing = partner is None or by.ties[partner].active
        if willing and by.hours >= HOURS["publish_guide"]:
            by.spend(HOURS["publish_guide"])
            by.guide = True
            if partner is not None:
                partner.guide = True

    def publish_survey(self, k: int, action: Any) -> None:
        by = self.organisation(action.by)
        if by.hours >= HOURS["publish_survey"]:
            by.spend(HOURS["publish_survey"])
            by.survey = action.n / (action.n + self.p.survey_half) * action.method
            by.survey_week = self.week

    def recruit_messenger(self, k: int, action: Any) -> None:
        by = self.organisation(action.by)
        if by.hours >= HOURS["recruit_messenger"]:
            by.spend(HOURS["recruit_messenger"])
            by.recruited[self.organisation(action.who)] = self.week + 26

    def launch_campaign(self, k: int, action: Any) -> None:
        by = self.organisation(action.by)
        if action.messenger and self.week >= by.recruited.get(self.organisation(action.messenger), 0):
            return
        if by.hours >= HOURS["launch_campaign"]:
            by.spend(HOURS["launch_campaign"])
            self.campaigns.append(Campaign(self, action))

    def answer_requests(self) -> None:
        def turn(request: Any) -> float:
            return self.draws.one(Decision.REPLY_ORDER, request[0].key, self.week)

        for _, answer in sorted(self.requests, key=turn):
            answer()

    def answer_approach(self, k: int, action: Any) -> None:
        p, i, j = self.p, self.organisation(action.by), self.organisation(action.to)
        tie, trust = i.ties[j], j.trust[i]
        direct = (i.direct and j.direct) if action.direct is None else action.direct
        seen = 1.0 if action.visibility == "public" else p.shadow_visibility
        logit = (
            p.accept_base
            + p.accept_trust * (trust - 0.5)
            + p.accept_fit * tie.fit
            + p.accept_value * j.value[i]
            + p.accept_evidence * i.evidence
            + p.accept_champion * j.champion
            + p.accept_direct * direct
            - p.accept_heat * j.heat * i.own * seen
            - p.accept_grievance * j.grievance[i]
            - p.accept_ask * action.ask * (1.0 - trust)
            + p.accept_flank * i.flank
            + p.accept_tone * (TONES[action.tone] - 0.5)
        )
        if self.draws.one(Decision.ACCEPT_APPROACH, mix(i.key, j.key), i.approaches[j]) < logistic(logit):
            self.accepted.add(k)
            tie.begin(i, "informal", action.visibility)

    def work_together(self) -> None:
        self.partnerships.do("plan_work")
        self.hours_share = {}
        for organisation in self.organisations:
            asked = sum(tie.hours_needed() for tie in organisation.ties.values())
            self.hours_share[organisation] = 1.0 if asked <= organisation.hours else organisation.hours / asked
        self.partnerships.do("start_work")
        self.partnerships.do("work")

    def draw_attention(self) -> None:
        p = self.p
        running = [campaign for campaign in self.campaigns if campaign.runs()]
        rebuttals = self.rebut([campaign for campaign in running if campaign.tone > 0.0])
        intensity = sum(campaign.intensity for campaign in running)
        criticism = sum(campaign.intensity * campaign.tone for campaign in running)
        tone = criticism / intensity if intensity > 0.0 else 0.0
        conflict = min(1.0, tone + p.rebuttal_tone * (rebuttals > 0)) if running else 0.0
        branching = min(p.branching_max, p.branching_base + p.branching_conflict * conflict)
        stimulus = sum(campaign.stimulus() for campaign in running)
        u = self.draws.one(Decision.COVERAGE, 0, self.week)
        self.coverage = float(poisson_count(p.background_coverage + stimulus + branching * self.memory, u))
        self.memory = p.coverage_memory * self.memory + (1.0 - p.coverage_memory) * self.coverage
        self.attention = self.coverage / (self.coverage + p.coverage_half)
        faded = p.tone_memory * self.tone
        if running and tone > 0.0 and tone >= faded:
            for i in self.organisations:
                part = sum(campaign.intensity * campaign.tone for campaign in running if campaign.is_of(i))
                i.blame = part / criticism
        self.tone = max(tone, faded)
        self.organisations.do("feel_heat")

    def rebut(self, critical: list[Campaign]) -> int:
        """The criticised may answer in public, which feeds the conflict and wears the critics' credibility."""
        for organisation in self.organisations:
            organisation.rebutted = False
        rebuttals = 0
        for j in self.organisations:
            against = [campaign for campaign in critical if not campaign.is_of(j)]
            if against and j.heat > 0.0:
                chance = 1.0 - math.exp(-self.p.rebuttal_rate * j.heat)
                if self.draws.one(Decision.REBUTTAL, j.key, self.week) < chance:
                    rebuttals += 1
                    for campaign in against:
                        for sender in campaign.senders:
                            sender.rebutted = True
        return rebuttals

    def spread_measures(self) -> None:
        p = self.p
        self.pushes = [(i, i.hazard()) for i in self.organisations]
        self.base_hazard = p.base_rate / YEAR
        self.common_hazard = self.base_hazard + sum(hazard for _, hazard in self.pushes)
        self.press_hazard = p.press_rate / YEAR * self.attention * self.tone
        self.peer_hazard = p.peer_rate / YEAR
        self.adopting = []
        self.firms.do("step")
        for firm, press, peers in self.adopting:
            firm.trace(press, peers)
        for firm, _, _ in self.adopting:
            firm.adopt()
            self.adopters += 1
            self.public_adopters += firm.public


def _refuse_the_unknown(scenario: Scenario, p: SimpleNamespace) -> None:
    """Say what this model leaves out rather than answer without it."""
    problems = [f"verb {action.verb}" for action in scenario.plan if action.verb not in VERBS]
    problems += [f"condition {action.when!r}" for action in scenario.plan if action.is_conditional]
    problems += [f"firm {row.id}" for row in scenario.organisation if row.type == "firm"]
    problems += [f"partnership model {row.model}" for row in scenario.partnership if row.model is not None]
    problems += [f"state {row.state}" for row in scenario.partnership if row.state not in ("informal", "formal")]
    problems += [f"network {scenario.firms.network}"] if scenario.firms.network != "ring" else []
    for name in ("complex_contagion", "bounded_confidence", "de_adoption_rate", "start_spread"):
        problems += [name] if getattr(p, name) else []
    if problems:
        raise NotImplementedError(f"the plain model leaves out: {', '.join(problems)}")
