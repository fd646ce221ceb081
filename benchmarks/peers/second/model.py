"""A second model, written from the text of docs/odd.md: it uses no rule of the package and no numpy.

It carries its own state over a whole run: calendar (S1), attention (S2), reach (S3), evidence (S4), credibility (S5),
replies (S6), disagreement (S7), trust, anchor, grievance, value (S8), life cycle (S9), ideas (S10), adoption (S11),
joint work (S12), annual plans (S13), champions (S14), policy (S15) and expectation (S16). What comes in week by week:
which actions were done (conditions, money), and what `Given` holds.

Numbers in brackets are sections of docs/odd.md.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from benchmarks.peers.second.chance import WORD, entity_key, mix, negative_binomial, sigma, two_uniforms
from benchmarks.peers.second.constants import (
    ACCEPT_ASK,
    ACCEPT_CONTRACT,
    ACCEPT_DIRECT,
    ACCEPT_FORMAT,
    ACCEPT_GRIEVANCE,
    ACCEPT_NEED,
    ACCEPT_TOP,
    APOLOGY_GAIN,
    APOLOGY_GRIEVANCE,
    APOLOGY_HALF_LIFE,
    APOLOGY_SUPPORTERS_LOSS,
    APPROPRIATION_TRUST,
    BREACH_SLOPE,
    CELEBRATION_VALUE,
    CLAIM_GRIEVANCE,
    CLAIM_ITEMS,
    CLAIM_TONE,
    CLAIM_TRUST_FACTOR,
    CLAIM_WEEKS,
    CLAUSE_KEPT,
    COOLING_WEEKS,
    CREDIT_GAIN,
    DECISION_DELAY_MAX,
    DECISION_DELAY_MIN,
    DEFERRAL_CREDIT,
    DEPTH_INTEGRATED,
    DEPTH_WORKSHOP,
    EVIDENCE_CREDIBILITY,
    EVIDENCE_HALF_LIFE,
    EXIT_TOP,
    EXIT_TRUST,
    EXIT_TRUST_FACTOR,
    EXPECT,
    EXPECT_MEDIUM,
    EXPECT_RATE,
    EXPLAIN_GAIN,
    FIT,
    FOUND_ATTENTION,
    HEAT_MEMORY_HALF_LIFE,
    IDEA_VALUE_HIGH,
    IDEA_VALUE_LOW,
    JOINT_WORK_CREDIT,
    MEMBER_LEAVING,
    MIRROR_BLAME,
    MOVING_ALTERNATIVE,
    MOVING_GRIEVANCE,
    MOVING_TIME,
    NOVELTY_HALF_LIFE,
    PRESS_RELEASE_DELAY,
    PROMISE_BREAK,
    PROMISE_WEIGHT,
    QUIET_APPROPRIATION,
    QUIET_UTILITY,
    REALISED_QUIET,
    REALISED_REFUSAL,
    REALISED_SHADOW,
    REBUTTAL_EMPLOYEES,
    REBUTTAL_LOSS,
    REBUTTAL_TONE,
    RENEWAL_VALUE,
    SEVERITY_CLAUSE,
    SEVERITY_NAMING,
    SEVERITY_QUIET_USE,
    SEVERITY_REFUSAL,
    SHADOW_ASSOCIATION,
    SHADOW_UTILITY,
    SHADOW_VISIBILITY,
    SHARE_TOLD,
    SHOW_SOFTENS,
    STORM_LEVEL,
    STORM_RATIO,
    SURVEY_HALF,
    SURVEY_NEWS_WEEKS,
    TOP_RATE,
    TRUST_UTILITY,
    UNEXPECTED_MESSENGER,
    WISH_LIST,
    WORKSHOP_TIME_COST,
    WORKSHOP_VALUE,
)

if TYPE_CHECKING:
    from benchmarks.peers.second.policy import Politics
    from benchmarks.peers.second.spread import Given, Spread
    from benchmarks.peers.second.work import JointWork, Work

NONE, CONTACT, INFORMAL, FORMAL, COOLING, ENDED = range(6)
EMPLOYERS, EMPLOYEES, PUBLIC, POLITICIANS, SUPPORTERS = range(5)
NEVER = -(10**6)


def side_of(stance: float) -> str:
    return "against" if stance < 0.0 else "for"


# --- calendar (7.1) --------------------------------------------------------------------------------------------------


def awareness_days(monday: datetime.date, topic: str) -> int:
    """Awareness days of the topic in the week."""
    days = [(day.month, day.day) for day in (monday + datetime.timedelta(days=k) for k in range(7))]
    work = sum(day == (3, 8) for day in days)
    violence = sum(day in ((11, 25), (12, 10)) for day in days)
    return {"work_equality": work, "violence": violence, "gender_general": work + violence}.get(topic, 0)


# --- what there is (2) ----------------------------------------------------------------------------------------------


@dataclass
class Who:
    """An organisation."""

    id: str
    stance: float
    exposure: float
    role: float
    direct: int
    is_firm: bool
    evidence: float
    top: float
    credibility: list[float]
    is_federation: bool
    leaves_by_itself: bool = True
    complaint: float = 0.0
    directors: int = 0
    director_sum: float = 0.0
    director_threshold: float = 0.0
    champion: int = 0
    heat: float = 0.0
    heat_memory: float = 0.0
    rebuts: int = 0
    rebuttals: int = 0
    rebutted: bool = False
    sends_now: bool = False
    voice: str = ""
    campaign_week: int = NEVER
    lobby_week: int = NEVER
    stale: float = 0.0
    stale_surveys: float = 0.0
    survey_week: int = NEVER
    survey_gain: float = 0.0
    informing: float = 0.0
    followers: float = 0.0
    training_reach: float = 0.0
    is_union: bool = False
    is_person: bool = False
    launched: int = 0
    trainings: int = 0
    need: float = 0.0
    celebrates: bool = False
    burden: float = 0.0
    morale_loss: float = 0.0
    unnamed: bool = False
    # standing rules
    adapts: bool = False
    visibility: str = "public"
    interval: float | str | None = None
    gives_time: bool = False
    before: float = 0.0
    after: float = 1.0
    anchor: list[float] = field(default_factory=list)


@dataclass
class Feeling:
    """A dyad: how one stands to another."""

    trust: float
    anchor: float
    grievance: float
    value: float
    value_start: float
    expectation: float
    role: float = 0.0
    role_start: float = 0.0
    warned: float = 0.0
    warnings_of: dict[str | None, tuple[int, bool]] = field(default_factory=dict)  # by campaign: week, text shown
    warnings: int = 0
    offended: int = NEVER
    sorry: int = NEVER
    kept: float = 0.0
    pause_until: int = NEVER
    breaches: int = 0  # of integrity, by this one against the other
    last_breach_integrity: bool = False
    attempts: dict[str, int] = field(default_factory=dict)
    claims: int = 0


@dataclass
class Tie:
    """A pair with its partnership."""

    a: int
    b: int
    key: int
    fit: float
    fit_bonus: float
    state: int
    hidden: bool
    initiator: int
    contract: float
    clause: bool
    agreed: float = 0.0
    agreed_clause: bool = False
    celebrated: int = 0
    distance_floor: float = 0.0
    criticism_allowed: bool = False
    agreed_criticism: bool = False
    term: int = 0
    term_end: int = 0
    terms: int = 0
    suspended_until: int = 0
    spell: int = 0
    sums: dict[tuple[str, int], float] = field(default_factory=dict)
    limits: dict[tuple[str, int], float] = field(default_factory=dict)
    found_sum: float = 0.0
    found_threshold: float = 0.0
    forgiveness: float = 0.0
    moving_sum: float = 0.0
    moving_threshold: float = 0.0
    pestered: int = NEVER
    decided: bool = False
    exit_week: int = NEVER
    exits: int = 0
    returns: int = 0
    left_by: int = -1
    attempts: int = 0
    cooling_spells: int = 0
    model: str = ""
    knock_sum: float = 0.0
    knock_threshold: float = 0.0
    return_sum: float = 0.0
    return_threshold: float = 0.0

    def other(self, i: int) -> int:
        return self.b if i == self.a else self.a

    @property
    def active(self) -> bool:
        return self.state in (INFORMAL, FORMAL)


@dataclass
class Campaign:
    """A campaign, or a stir (with items of its own)."""

    by: int
    cosenders: tuple[int, ...]
    tone: float
    intensity: float
    start: int
    end: int
    topic: str
    items: float = 0.0
    label: str | None = None
    kind: str = "campaign"
    side: str = "for"
    targets: tuple[str, ...] = ()
    stunt: float = 0.0
    novelty: float = 0.0
    leaked_to: int = -1
    video: float = 0.0
    audience: tuple[str, ...] = ()
    messenger: int = -1
    loudness: float = 0.0
    key: int = 0
    budget: float = 0.0
    paid: float = 0.0
    given: dict[int, float] | None = None

    @property
    def senders(self) -> tuple[int, ...]:
        return () if self.by < 0 else (self.by, *self.cosenders)

    def runs(self, t: int) -> bool:
        return self.start <= t < self.end

    def share(self, t: int) -> float:
        """EUR of this week: equal parts of what is left, in whole cents."""
        cents = math.floor(100.0 * (self.budget - self.paid) / (self.end - t))
        self.paid += cents / 100.0
        return cents / 100.0

    def sent_by(self, i: int) -> bool:
        return i == self.by or i in self.cosenders


@dataclass
class Case:
    """What an organisation was told of an idea, and what it does with it."""

    key: int
    value: float
    told: float = 0.0
    workshop: int = 0
    contract: float = 0.0
    clause: bool = False
    pending: bool = False
    number: int = 0
    due: int = NEVER
    menu: tuple[str, ...] = ()
    model: str | None = None
    choice: str = ""
    press_week: int = NEVER
    found_week: int = NEVER
    visible: bool = False


@dataclass
class Idea:
    id: str
    owner: int


@dataclass
class Firm:
    """What counts of a firm in its federation."""

    sensitivity: float
    weight: float
    organisation: int
    members: list[int]


@dataclass
class Request:
    kind: str
    by: int
    to: int
    ask: float = 0.5
    positive: float = 0.5
    offered: float = 0.0
    hidden: bool = False
    direct: int = 1
    meeting: bool = False
    action: Any = None


VOICES = ("ordinary", "for", "against", "elsewhere")
CROWD = -1  # employers in general, as a target
Critic = tuple[int, str]  # an organisation speaking on a side; (-1, "elsewhere") where nobody is known
OPTIONS = ("public", "shadow", "alone", "quietly", "nothing")
POSITIVE = {"positive": 1.0, "neutral": 0.5, "critical": 0.0}
KINDS = ("credit", "claim", "breach of a role", "breach of integrity", "apology", "realised")


class Rebuilt:
    """The second model: one world."""

    def __init__(self, p: dict[str, float], seed: int, replicate: int, start: datetime.date, topic: str) -> None:
        self.p = p
        self.key = (seed % WORD, replicate % WORD)
        self.first_day, self.topic = start, topic
        self.t = 0
        self.who: list[Who] = []
        self.feeling: dict[tuple[int, int], Feeling] = {}
        self.tie: dict[tuple[int, int], Tie] = {}
        self.idea: list[Idea] = []
        self.case: dict[tuple[int, int], Case] = {}
        self.campaigns: list[Campaign] = []
        self.promises: list[dict[str, Any]] = []
        self.requests: list[Request] = []
        self.effects: list[tuple[str, int, int, float, float]] = []
        self.happened: dict[str, int] = {}
        self.chances: list[float] = []  # of the replies and choices of the week
        # the calm arena (5.3)
        branching = p["branching_base"]
        self.calm = p["background_coverage"] / (1.0 - branching)
        self.coverage = dict.fromkeys(VOICES, 0.0) | {"ordinary": self.calm}
        self.memory = dict(self.coverage)
        self.critical = dict.fromkeys(VOICES, 0.0)
        self.rebutted = dict.fromkeys(VOICES, False)
        self.criticism: dict[tuple[Critic, int], float] = {}  # b
        self.remembered: dict[tuple[Critic, int], float] = {}  # B
        self.held: dict[tuple[int, int], float] = {}  # H
        self.flank: dict[tuple[int, int], float] = {}
        self.storm = False
        self.history: list[float] = []
        self.firm_weight: dict[int, float] = {}
        self.own: dict[tuple[int, int], float] = {}
        self.named: dict[tuple[Critic, int], float] = {}  # criticism that names a federation itself
        self.named_remembered: dict[tuple[Critic, int], float] = {}
        self.firms: list[Firm] = []
        self.leaked: dict[str, int] = {}
        self.rest: dict[tuple[int, int], float] = {}  # hazard left before a member leaves its federation
        self.spread: Spread
        self.joint: JointWork
        self.politics: Politics
        self.work: dict[tuple[int, int], Work] = {}
        self.guides: dict[int, float] = {}  # by author
        self.stimulus_now: dict[int, float] = {}

    # --- chance

    def uniform(self, decision: str, entity: int, occurrence: int) -> float:
        return two_uniforms(decision, entity, occurrence, 0, self.key)[0]

    def threshold(self, decision: str, entity: int, occurrence: int) -> float:
        return -math.log(1.0 - self.uniform(decision, entity, occurrence))

    def organisation_key(self, i: int) -> int:
        return entity_key(self.who[i].id)

    def towards(self, i: int, j: int) -> int:
        return mix(self.organisation_key(i), self.organisation_key(j))

    def count(self, what: str) -> None:
        self.happened[what] = self.happened.get(what, 0) + 1

    def pair(self, i: int, j: int) -> Tie | None:
        return self.tie.get((min(i, j), max(i, j)))

    # --- the start (5.3, 5.4)

    def start(self) -> None:
        for tie in self.tie.values():
            if tie.active:
                self.start_spell(tie)
            elif tie.state == COOLING:
                tie.exit_week, tie.exits, tie.left_by = 0, 1, tie.other(tie.initiator)
                self.start_cooling(tie)
        low, high = IDEA_VALUE_LOW, IDEA_VALUE_HIGH
        for b, idea in enumerate(self.idea):
            for j in range(len(self.who)):
                key = mix(entity_key(idea.id), self.organisation_key(j))
                self.case[b, j] = Case(key, low + (high - low) * self.uniform("IDEA_VALUE", key, 0))

    def start_spell(self, tie: Tie) -> None:
        tie.spell += 1
        for m in (tie.a, tie.b):
            for cause in ("CONFLICT", "DRIFT"):
                tie.sums[cause, m] = 0.0
                tie.limits[cause, m] = self.threshold(cause, self.towards(m, tie.other(m)), tie.spell)
        tie.found_sum = 0.0
        tie.found_threshold = self.threshold("FOUND_OUT", tie.key, tie.spell)

    def start_cooling(self, tie: Tie) -> None:
        tie.knock_sum = tie.return_sum = tie.moving_sum = 0.0
        tie.knock_threshold = self.threshold("REAPPROACH", tie.key, tie.attempts)
        tie.return_threshold = self.threshold("SELF_RETURN", tie.key, tie.cooling_spells)
        tie.moving_threshold = self.threshold("MOVING_ON", tie.key, tie.cooling_spells)
        tie.forgiveness = self.uniform("FORGIVENESS", tie.key, tie.cooling_spells)

    # --- one week (3)

    def week(self, t: int, done: list[Any], given: Given) -> None:
        """Move on by one week: `done` are the actions of the plan that were done, in order."""
        self.t = t
        self.guides = {}
        self.requests, self.effects, self.chances = [], [], []
        for who in self.who:
            who.survey_gain, who.celebrates = 0.0, False
        self.joint.open_week(given.outside)
        self.politics.open_week()
        self.change_directors()
        for feeling in self.feeling.values():
            feeling.kept = 0.0
        for tie in self.tie.values():
            tie.celebrated = 0
        for action in done:
            self.joint.act(action)
            self.do(action)
        self.joint.go_on_informing(given.unpaid)
        self.tell_by_rule()
        self.knock()
        self.answer()
        work = self.work = self.joint.week()
        for i, worker in enumerate(self.joint.worker):
            self.who[i].informing = worker.informing
        self.break_promises()
        self.spread.carry_on(work)
        self.gather_evidence()
        for c in self.campaigns:
            if c.kind == "campaign" and c.runs(t):
                c.loudness = self.joint.spend(c.by, 30.0 * c.intensity) / 30.0
        self.stimulus_now = {id(c): self.stimulus(c) for c in self.campaigns if c.runs(t)}
        self.spread.reach(work, given, self.guides)
        self.attend()
        self.believe()
        self.spread.show_due()
        self.decide_on_ideas()
        self.spread.adopt(self.politics.law())
        self.complain()
        self.trust(work)
        self.value(work)
        self.end_after_breaches()
        self.find_out()
        self.leave_or_stay(work)
        self.return_by_itself()
        self.move_on()
        self.politics.week()

    # --- step 1: directors (7.14)

    def change_directors(self) -> None:
        for i, who in enumerate(self.who):
            if self.t == 0:
                who.director_threshold = self.threshold("NEW_DIRECTOR", self.organisation_key(i), 0)
            if who.is_person:
                continue
            who.director_sum += self.p["director_rate"] / 52.0
            if who.director_sum >= who.director_threshold:
                self.new_director(i)

    def new_director(self, i: int) -> None:
        who, share = self.who[i], self.p["personal_share"]
        who.top = 0.5
        for j, other in enumerate(self.who):
            if (i, j) in self.feeling:
                feeling = self.feeling[i, j]
                usual = 0.4 if who.stance * other.stance < 0.0 else 0.5
                feeling.trust += share * (usual - feeling.trust)
                feeling.role += share * (feeling.role_start - feeling.role)
                feeling.grievance *= 1.0 - share
        who.directors += 1
        who.director_sum = 0.0
        who.director_threshold = self.threshold("NEW_DIRECTOR", self.organisation_key(i), who.directors)
        self.count("new director")

    # --- step 2: actions (7.17)

    def row(self, name: str) -> int:
        return next(i for i, who in enumerate(self.who) if who.id == name)

    def do(self, action: Any) -> None:
        getattr(self, f"do_{action.verb}", lambda action: None)(action)

    def hides(self, i: int) -> bool:
        return self.who[i].visibility == "shadow"

    def do_approach(self, action: Any) -> None:
        by, to = self.row(action.by), self.row(action.to)
        direct = self.who[by].direct * self.who[to].direct if action.direct is None else int(action.direct)
        self.requests.append(
            Request(
                "approach",
                by,
                to,
                ask=action.ask,
                positive=POSITIVE[action.tone],
                hidden=self.hides(by) or action.visibility == "shadow",
                direct=direct,
                meeting=action.purpose == "meeting",
                action=action,
            )
        )

    def do_offer_terms(self, action: Any) -> None:
        by, to = self.row(action.by), self.row(action.to)
        tie = self.pair(by, to)
        owned = [b for b, idea in enumerate(self.idea) if idea.owner == by]
        if self.who[to].is_firm and owned:
            menu = {"shadow": ("shadow",), "firm": ("public", "shadow")}.get(self.who[by].visibility, action.menu)
            self.open_decision(self.case[owned[0], to], tuple(menu), action.model)
        if not self.who[to].is_firm or action.items or action.structure or action.deference or action.term is not None:
            offered = min(1.0, len(action.items) / 8)
            request = Request("terms", by, to, ask=action.ask, offered=offered, action=action)
            request.hidden = self.hides(by) or tie.hidden
            request.direct = self.who[by].direct * self.who[to].direct
            self.requests.append(request)

    def do_sign(self, action: Any) -> None:
        by, to = (self.row(name) for name in action.members)
        request = Request("signing", by, to, offered=min(1.0, len(action.items) / 8), hidden=self.pair(by, to).hidden)
        request.direct = self.who[by].direct * self.who[to].direct
        request.action = action
        self.requests.append(request)

    def sides(self, action: Any) -> tuple[int, int]:
        by = self.row(action.by)
        return by, next(i for i in map(self.row, action.partnership) if i != by)

    def do_go_public(self, action: Any) -> None:
        by, to = self.sides(action)
        request = Request("going public", by, to, direct=self.who[by].direct * self.who[to].direct)
        self.requests.append(request)

    def do_go_shadow(self, action: Any) -> None:
        by, to = self.sides(action)
        self.pair(by, to).hidden = True
        self.feeling[to, by].trust *= 1.0 - PROMISE_BREAK * 0.2

    def do_share_idea(self, action: Any) -> None:
        share = SHARE_TOLD[action.how or "list"] if action.share is None else action.share
        by, to = self.row(action.by), self.row(action.to)
        tie = self.pair(by, to)
        if self.who[to].is_firm and tie is not None and tie.state == NONE:
            share *= self.who[by].credibility[EMPLOYERS]
        self.tell(self.bundle(action), to, share, workshop=False)

    def do_hold_workshop(self, action: Any) -> None:
        share = SHARE_TOLD["workshop"] if action.share is None else action.share
        self.tell(self.bundle(action), self.row(action.with_), share, workshop=True)

    def bundle(self, action: Any) -> int:
        return next(b for b, idea in enumerate(self.idea) if idea.id == action.bundle)

    def do_publish_survey(self, action: Any) -> None:
        who = self.who[self.row(action.by)]
        p, q = self.p, action.n / (action.n + SURVEY_HALF) * action.method * action.severity
        who.survey_gain += (1.0 - who.survey_gain) * q
        who.survey_week = self.t
        items = p["stimulus"] * p["launch_factor"] * p["evidence_news_value"] * q * (1.0 - who.stale_surveys)
        if items > 0.0:
            side = action.side or side_of(who.stance)
            self.politics.spoke.add((self.row(action.by), side))
            self.campaigns.append(self.stir("survey", self.row(action.by), side, items, 0.0, 2))
        who.stale_surveys = 1.0

    def stir(self, kind: str, by: int, side: str, items: float, tone: float, weeks: int) -> Campaign:
        return Campaign(by, (), tone, 0.0, self.t, self.t + weeks, "", items, kind=kind, side=side)

    def do_shock(self, action: Any) -> None:
        if action.what == "foreign_storm" and action.size > 0.0:
            self.count("storm from elsewhere")
            stir = self.stir("storm", -1, "elsewhere", action.size, action.tone, action.weeks)
            stir.targets = action.targets or ()
            self.campaigns.append(stir)
        elif action.what == "policy_change":
            self.politics.shocks += action.rate
        elif action.what == "director_changes":
            self.new_director(self.row(action.org))

    def do_lobby(self, action: Any) -> None:
        by = self.row(action.by)
        self.who[by].lobby_week = self.t
        self.politics.talk(by, action.side or side_of(self.who[by].stance))

    def do_run_training(self, action: Any) -> None:
        by = self.row(action.by)
        self.who[by].trainings += 1
        channels = {by, *map(self.row, action.channel)}
        rate = sum(self.who[i].training_reach * self.who[i].credibility[EMPLOYEES] for i in channels)
        key = mix(self.organisation_key(by), self.who[by].trainings)
        self.spread.courses.append([by, key, float(action.seats), rate])

    def do_publish_guide(self, action: Any) -> None:
        authors = [self.row(name) for name in (action.by, action.with_) if name is not None]
        if len(authors) == 2:
            cost = 15_000.0 if action.cost is None else float(action.cost)
            self.joint.add(self.pair(*authors), "guide", cost)
        quality = self.joint.guide(authors[0], authors[1] if len(authors) == 2 else None)
        self.spread.publish(quality, authors)
        for i in authors:
            self.guides[i] = max(self.guides.get(i, 0.0), quality)
            for b, idea in enumerate(self.idea):
                for j, who in enumerate(self.who):
                    if idea.owner == i and who.is_firm:
                        if self.case[b, j].told == 0.0:
                            self.bind(b, j)
                        believed = SHARE_TOLD["guide"] * self.who[i].credibility[EMPLOYERS]
                        self.case[b, j].told = max(self.case[b, j].told, believed)

    def do_launch_campaign(self, action: Any) -> None:
        self.count("campaign")
        self.campaigns.append(
            Campaign(
                self.row(action.by),
                tuple(self.row(name) for name in action.cosenders),
                action.tone,
                action.intensity,
                self.t,
                self.t + action.weeks,
                action.topic or self.topic,
                label=action.label,
                side=action.side or side_of(self.who[self.row(action.by)].stance),
                targets=action.targets,
                stunt=action.stunt,
                novelty=1.0 - self.who[self.row(action.by)].stale,
                video=action.format.video,
                audience=action.audience,
                messenger=-1 if action.messenger in (None, action.by) else self.row(action.messenger),
                given=None if action.exposures is None else dict(enumerate(action.exposures)),
            )
        )
        campaign = self.campaigns[-1]
        self.who[campaign.by].launched += 1
        campaign.key = mix(self.organisation_key(campaign.by), self.who[campaign.by].launched)
        campaign.budget = float(action.budget)
        self.joint.send_together(campaign, action.elements, campaign.budget)
        for i in campaign.senders:
            self.politics.spoke.add((i, campaign.side))
        shown = False
        for j in range(len(self.who)):
            feeling = self.feeling.get((j, campaign.by))
            if feeling is None:
                continue
            week, text = feeling.warnings_of.pop(action.label, (NEVER, False))
            if self.t - week > 26:
                feeling.warned = 0.0
            else:
                shown = shown or text
        if shown:
            campaign.tone *= 1.0 - SHOW_SOFTENS
        for i in campaign.senders if campaign.tone >= 0.5 else ():
            for j in range(len(self.who)):
                mine = self.feeling.get((i, j))
                if mine is not None and mine.sorry != NEVER and self.t - mine.sorry <= 26:
                    self.feeling[j, i].trust *= 1.0 - 0.5 * PROMISE_BREAK
                    self.count("relapse")
        campaign.leaked_to = self.leaked.pop(action.label, -1)
        if campaign.leaked_to >= 0:
            campaign.novelty = 0.0
        for i in campaign.senders:
            self.who[i].stale = 1.0

    def own_running(self, action: Any) -> Campaign:
        mine = [c for c in self.campaigns if c.by == self.row(action.by) and c.items == 0.0 and c.runs(self.t)]
        return next(c for c in reversed(mine) if action.campaign in (None, c.label))

    def do_adjust_campaign(self, action: Any) -> None:
        campaign = self.own_running(action)
        if action.tone is not None:
            campaign.tone = action.tone
        if action.intensity is not None:
            campaign.intensity = action.intensity
        if action.weeks is not None:
            campaign.end = campaign.start + action.weeks

    def do_stop_campaign(self, action: Any) -> None:
        self.own_running(action).end = self.t

    def do_credit(self, action: Any) -> None:
        by, about = self.row(action.by), self.row(action.about)
        owner = self.idea[self.bundle(action)].owner
        if by == owner:
            self.name(by, about)
        else:
            self.effects.append(("credit", by, owner, 0.0, 1.0))
            self.spread.take_up(by, 3, owner, True, 0.0, 0)
            self.spread.show_due()
            self.case[self.bundle(action), by].visible = False

    def do_claim_credit(self, action: Any) -> None:
        by, about = self.row(action.by), self.row(action.about)
        feeling = self.feeling[by, about]
        feeling.claims += 1
        if self.uniform("CLAIM_CREDIT", self.towards(by, about), feeling.claims) < self.who[by].credibility[PUBLIC]:
            self.case[self.bundle(action), about].visible = False
            self.count("claim believed")
            self.spread.take_up(about, 3, by, True, 0.0, 0)
            self.spread.show_due()
        self.effects.append(("claim", by, about, 0.0, 0.0))
        self.name(by, about)
        stir = self.stir("dispute", by, side_of(self.who[by].stance), CLAIM_ITEMS, CLAIM_TONE, 0)
        stir.end = self.t + int(CLAIM_WEEKS)
        stir.targets = (self.who[about].id,)
        self.campaigns.append(stir)

    def name(self, by: int, about: int) -> None:
        if self.who[about].unnamed:
            self.effects.append(("breach of integrity", by, about, SEVERITY_NAMING, 0.0))

    def do_promise(self, action: Any) -> None:
        by, to = self.row(action.by), self.row(action.to)
        weight = PROMISE_WEIGHT if action.weight is None else action.weight
        due = action.due
        self.promises.append({"by": by, "to": to, "what": action.what, "due": due, "weight": weight, "open": True})
        feeling = self.feeling[to, by]
        feeling.expectation = max(feeling.expectation, EXPECT_MEDIUM)

    def do_deliver(self, action: Any) -> None:
        by, to = self.row(action.by), self.row(action.to)
        asked = {"by": by, "to": to, "what": action.what, "open": True}
        made = next(q for q in self.promises if asked.items() <= q.items())
        made["open"] = False
        self.feeling[to, by].kept += made["weight"]
        self.effects.append(("realised", by, to, 0.0, 1.0))
        self.count("promise kept")

    def do_apologise(self, action: Any) -> None:
        by, to = self.row(action.by), self.row(action.to)
        who = self.who[by]
        who.credibility[SUPPORTERS] = max(0.0, who.credibility[SUPPORTERS] - APOLOGY_SUPPORTERS_LOSS)
        late = self.t - self.feeling[to, by].offended
        self.effects.append(("apology", by, to, 2.0 ** (-late / APOLOGY_HALF_LIFE), 0.0))
        self.feeling[by, to].sorry = self.t
        self.count("apology")

    def do_pause(self, action: Any) -> None:
        feeling = self.feeling[self.row(action.by), self.row(action.to)]
        feeling.pause_until = max(feeling.pause_until, self.t + action.weeks)

    def do_reapproach(self, action: Any) -> None:
        self.requests.append(Request("return", self.row(action.by), self.row(action.to)))

    def do_exit(self, action: Any) -> None:
        by, to = self.sides(action)
        tie = self.pair(by, to)
        self.leave(tie, by)
        tie.decided = True
        if action.final:
            tie.state = ENDED

    def do_explain_role(self, action: Any) -> None:
        feeling = self.feeling[self.row(action.to), self.row(action.by)]
        feeling.role += EXPLAIN_GAIN * (1.0 - feeling.role)
        self.count("role explained")

    def do_warn(self, action: Any) -> None:
        p, by, to = self.p, self.row(action.by), self.row(action.to)
        feeling = self.feeling[to, by]
        if action.show_text:
            feeling.kept += 1.0
        feeling.warnings += 1
        feeling.warned = max(feeling.warned, p["show_effect" if action.show_text else "warn_effect"])
        _, text = feeling.warnings_of.get(action.campaign, (NEVER, False))
        feeling.warnings_of[action.campaign] = (self.t, text or action.show_text)
        leave, leak = two_uniforms("WARNING", self.towards(to, by), feeling.warnings, 0, self.key)
        risk = p["warn_risk"] * (1.0 - feeling.trust)
        self.count("warned")
        if leak < risk:
            self.leaked[action.campaign] = to
            self.count("leaked")
            if action.show_text:
                self.who[by].credibility[SUPPORTERS] *= 0.99
        tie = self.pair(by, to)
        if leave < risk and tie.active:
            self.leave(tie, to)
            self.count("left when warned")

    def do_suspend(self, action: Any) -> None:
        by, to = self.sides(action)
        request = Request("suspension", by, to, positive=1.0, hidden=self.pair(by, to).hidden, action=action)
        request.direct = self.who[by].direct * self.who[to].direct
        self.requests.append(request)

    def do_celebrate(self, action: Any) -> None:
        by, to = self.sides(action)
        self.pair(by, to).celebrated = 1
        for i in (by, to) if action.public and not self.pair(by, to).hidden else ():
            self.who[i].celebrates = True
        for pair in ((by, to), (to, by)):
            self.feeling[pair].value += CELEBRATION_VALUE * (1.0 - self.feeling[pair].value)
        self.count("celebration")

    def do_set_strategy(self, action: Any) -> None:
        self.rule(self.row(action.by), action.key, action.value)

    def rule(self, i: int, key: str, value: Any) -> None:
        """A standing rule (7.16, 7.17)."""
        who = self.who[i]
        if key == "expectation":
            who.adapts = value == "adaptive"
            if not who.adapts:
                for (a, _), feeling in self.feeling.items():
                    if a == i:
                        feeling.expectation = EXPECT[value]
        elif key == "visibility":
            who.visibility = value
        elif key == "reapproach_interval":
            who.interval = value
        elif key == "gives_time":
            who.gives_time = value
        elif key == "disclosure_before":
            who.before = value
        elif key == "disclosure_after":
            who.after = value

    # --- steps 3 and 4: knocking, answering (7.6, 7.9)

    def knock(self) -> None:
        for tie in self.tie.values():
            if tie.state != COOLING or tie.decided or self.t - tie.exit_week <= COOLING_WEEKS:
                continue
            j = tie.left_by
            i = tie.other(j)
            if self.t < self.feeling[i, j].pause_until:
                continue
            interval = self.who[i].interval
            if interval != "never":
                tie.knock_sum += 1.0 / (self.p["reapproach_interval"] if interval is None else float(interval))
            if tie.knock_sum >= tie.knock_threshold:
                self.joint.spend(i, 8.0)
                self.requests.append(Request("return", i, j))

    def answer(self) -> None:
        order = [self.uniform("REPLY_ORDER", self.organisation_key(r.to), self.t) for r in self.requests]
        for _, request in sorted(zip(order, self.requests, strict=True), key=lambda both: both[0]):
            self.answer_one(request)

    def still_open(self, tie: Tie, kind: str) -> bool:
        if kind == "approach":
            return tie.state in (NONE, CONTACT)
        if kind == "terms":
            return tie.state in (CONTACT, INFORMAL)
        if kind == "signing":
            return tie.state == INFORMAL
        if kind == "going public":
            return tie.active and tie.hidden
        if kind == "suspension":
            return tie.active
        return tie.state == COOLING

    def answer_one(self, r: Request) -> None:
        p, i, j = self.p, r.by, r.to
        tie = self.pair(i, j)
        if not self.still_open(tie, r.kind):
            return
        if r.kind == "return":
            self.attempt_return(tie, i, j)
            return
        asker, asked, feeling = self.who[i], self.who[j], self.feeling[j, i]
        seen = SHADOW_VISIBILITY if r.hidden else 1.0
        x = (
            p["accept_base"]
            + p["accept_trust"] * (feeling.trust - 0.5)
            + p["accept_fit"] * tie.fit
            + p["accept_value"] * feeling.value
            + p["accept_evidence"] * asker.evidence
            + p["accept_champion"] * asked.champion
            + ACCEPT_DIRECT * r.direct
            - p["accept_heat"] * self.held.get((j, i), 0.0) * seen
            - ACCEPT_GRIEVANCE * feeling.grievance
            - ACCEPT_ASK * r.ask * (1.0 - feeling.trust)
            + p["accept_flank"] * self.flank.get((j, i), 0.0)
            + p["accept_tone"] * (r.positive - 0.5)
            + ACCEPT_CONTRACT * r.offered
            + (ACCEPT_TOP * (asked.top - 0.5) if r.kind != "approach" else 0.0)
            - ACCEPT_FORMAT * self.other_format(r)
            + (ACCEPT_NEED * asker.need if asked.is_firm else 0.0)
        )
        attempts = self.feeling[i, j].attempts
        attempts[r.kind] = attempts.get(r.kind, 0) + 1
        self.chances.append(sigma(x))
        decision = f"ACCEPT_{r.kind.upper().replace(' ', '_')}"
        if self.uniform(decision, self.towards(i, j), attempts[r.kind]) >= sigma(x):
            self.count("refusal")
            return
        self.count(f"yes to {r.kind}")
        if r.kind == "approach":
            if not r.meeting:
                self.form(tie, i, INFORMAL, r.hidden)
            elif tie.state == NONE:
                tie.state, tie.initiator = CONTACT, i
        elif r.kind == "terms":
            self.accept_terms(tie, i, j, r)
        elif r.kind == "signing":
            self.joint.agree(tie, r.action)
            tie.state = FORMAL
            tie.contract = max(tie.contract, r.offered, tie.agreed)
            tie.clause = tie.clause or "credit_clause" in r.action.items or tie.agreed_clause
            allowed = "criticism_allowed" in r.action.items
            tie.criticism_allowed = tie.criticism_allowed or allowed or tie.agreed_criticism
            if r.action.term is not None:
                tie.term, tie.term_end = r.action.term, self.t + r.action.term
        elif r.kind == "suspension":
            tie.suspended_until = max(tie.suspended_until, self.t + r.action.weeks)
            self.joint.spend(j, 2.0 if r.action.hours is None else r.action.hours)
        else:
            tie.hidden = False

    def other_format(self, r: Request) -> float:
        how = r.action.how if r.kind == "approach" and r.action is not None and self.who[r.to].is_firm else None
        if how is None:
            return 0.0
        likes_list = self.uniform("WISH", self.towards(r.to, r.by), 0) < WISH_LIST
        return 0.0 if likes_list == (how == "list") else 1.0

    def accept_terms(self, tie: Tie, i: int, j: int, r: Request) -> None:
        self.joint.agree(tie, r.action)
        tie.agreed = max(tie.agreed, r.offered)
        tie.agreed_clause = tie.agreed_clause or "credit_clause" in r.action.items
        tie.agreed_criticism = tie.agreed_criticism or "criticism_allowed" in r.action.items
        if r.action.term is not None:
            tie.term, tie.term_end = r.action.term, self.t + r.action.term
        if r.action.model is not None:
            self.choose_model(tie, r.action.model)
        if not self.who[j].is_firm:
            tie.contract = max(tie.contract, tie.agreed)
            tie.clause = tie.clause or tie.agreed_clause
            tie.criticism_allowed = tie.criticism_allowed or tie.agreed_criticism
            if tie.state == CONTACT:
                self.form(tie, i, INFORMAL, r.hidden)

    def form(self, tie: Tie, initiator: int, state: int, hidden: bool) -> None:
        tie.state, tie.initiator, tie.hidden = state, initiator, hidden
        tie.term_end = self.t + tie.term
        self.start_spell(tie)
        self.joint.set_reference(tie)
        self.count("formed")

    def choose_model(self, tie: Tie, model: str) -> None:
        """Fit and value of a model (7.12)."""
        tie.model = model
        self.joint.choose_model(tie, model)
        tie.fit = min(1.0, FIT[model] + tie.fit_bonus)
        start = self.p[f"value_{model}"]
        for pair in ((tie.a, tie.b), (tie.b, tie.a)):
            feeling = self.feeling[pair]
            feeling.value = min(1.0, max(0.0, feeling.value + start - feeling.value_start))
            feeling.value_start = start

    def willing(self, tie: Tie, j: int) -> bool:
        feeling, p = self.feeling[j, tie.other(j)], self.p
        limit = p["return_grievance"] * (1.0 + p["forgiveness_spread"] * (2.0 * tie.forgiveness - 1.0))
        burden = feeling.grievance + self.held.get((j, tie.other(j)), 0.0)
        return burden < limit * (feeling.trust + feeling.value)

    def attempt_return(self, tie: Tie, i: int, j: int) -> None:
        tie.attempts += 1
        tie.knock_sum = 0.0
        tie.knock_threshold = self.threshold("REAPPROACH", tie.key, tie.attempts)
        if self.willing(tie, j):
            self.come_back(tie)
            self.count("returned when asked")
            return
        feeling = self.feeling[j, i]
        feeling.grievance = min(1.0, feeling.grievance + self.p["pester"])
        tie.pestered = self.t
        self.count("pestered")

    def come_back(self, tie: Tie) -> None:
        tie.state = INFORMAL
        tie.returns += 1
        self.start_spell(tie)
        if self.joint.of(tie).reference == 0.0:
            self.joint.set_reference(tie)

    # --- step 5: promises that fall due (7.8)

    def break_promises(self) -> None:
        for made in self.promises:
            if not made["open"] or self.t < made["due"]:
                continue
            made["open"] = False
            if self.pair(made["by"], made["to"]).state != COOLING:
                self.feeling[made["to"], made["by"]].trust *= 1.0 - PROMISE_BREAK * made["weight"]
                self.count("promise broken")

    # --- steps 6 and 7: evidence, attention (7.4, 7.2)

    def gather_evidence(self) -> None:
        for who in self.who:
            who.evidence *= 2.0 ** (-1.0 / EVIDENCE_HALF_LIFE)
            who.evidence += who.survey_gain * (1.0 - who.evidence)

    def attend(self) -> None:
        running = [c for c in self.campaigns if c.runs(self.t)]
        for i, who in enumerate(self.who):
            mine = [c for c in running if c.sent_by(i)]
            who.sends_now = any(c.kind == "campaign" for c in mine)
            if mine:
                who.voice = mine[-1].side
            if who.sends_now:
                who.campaign_week = self.t
        stimulus = self.stimulus_now
        for who in self.who:
            who.stale *= 2.0 ** (-1.0 / NOVELTY_HALF_LIFE)
            who.stale_surveys *= 2.0 ** (-1.0 / NOVELTY_HALF_LIFE)
        self.rebut(running)
        ratio, branching = self.cover(running, stimulus)
        self.history.append(sum(self.coverage.values()))
        self.watch_storm()
        self.criticise(running, stimulus, ratio, branching)
        self.feel()

    def cover(self, running: list[Campaign], stimulus: dict[int, float]) -> tuple[dict[str, float], dict[str, float]]:
        """Coverage by voice; returns items over expected items, and items that an item breeds."""
        p, ratio, branching = self.p, {}, {}
        for number, v in enumerate(VOICES):
            mine = [c for c in running if c.side == v]
            share = self.critical[v] / self.memory[v] if self.memory[v] > 0.0 else 0.0
            conflict = min(1.0, share + REBUTTAL_TONE * self.rebutted[v])
            n = min(p["branching_max"], p["branching_base"] + p["branching_conflict"] * conflict)
            mean = sum(stimulus[id(c)] for c in mine) + n * self.memory[v]
            mean += p["background_coverage"] if v == "ordinary" else 0.0
            u = self.uniform("COVERAGE", number, self.t)
            self.coverage[v] = negative_binomial(mean, p["coverage_dispersion"], u)
            ratio[v] = self.coverage[v] / mean if mean > 0.0 else 0.0
            branching[v] = n
            keep = p["coverage_memory"]
            blaming = (sum(stimulus[id(c)] * c.tone for c in mine) + n * self.critical[v]) * ratio[v]
            self.critical[v] = keep * self.critical[v] + (1.0 - keep) * blaming
            self.memory[v] = keep * self.memory[v] + (1.0 - keep) * self.coverage[v]
            if self.memory[v] < 1e-9:
                self.memory[v] = self.critical[v] = 0.0
        return ratio, branching

    def stimulus(self, c: Campaign) -> float:
        p = self.p
        if c.kind != "campaign":
            return c.items
        launch = 1.0 + (p["launch_factor"] - 1.0) * c.novelty if self.t < c.start + 2 else 1.0
        believed = max(self.who[i].credibility[PUBLIC] for i in c.senders)
        room = p["coverage_half"] / (p["coverage_half"] + self.memory["elsewhere"])
        news = launch * (1.0 + p["tone_news_value"] * c.tone) * (believed / 0.6) * room
        return p["stimulus"] * c.loudness * news * self.multiplier(c)

    def multiplier(self, c: Campaign) -> float:
        """M of a week (7.1), without rivals that the scenario gives."""
        p = self.p

        def voice(stunt: float, rivals: float) -> float:
            loud = 1.0 + p["stunt_boost"] * stunt
            return loud / (loud + rivals)

        plain = voice(0.0, p["everyday_rivals"])
        ordinary = voice(c.stunt, p["everyday_rivals"]) / plain
        aware = (1.0 + p["window_boost"]) * voice(c.stunt, p["everyday_rivals"] + p["window_rivals"]) / plain
        d = awareness_days(self.first_day + datetime.timedelta(weeks=self.t), c.topic)
        return (d * aware + (7 - d) * ordinary) / 7.0

    def crowd(self, j: int) -> float:
        return self.who[j].exposure if self.who[j].is_firm else 0.0

    def critics(self, j: int, table: dict[tuple[Critic, int], float]) -> dict[int, float]:
        """What hits j by critic (-1: nobody known), both sides of each together."""
        found: dict[int, float] = {}
        for (critic, target), items in table.items():
            share = 1.0 if target == j else self.crowd(j) if target == CROWD and critic[0] != j else 0.0
            found[critic[0]] = found.get(critic[0], 0.0) + share * items
        return found

    def rebut(self, running: list[Campaign]) -> None:
        self.rebutted = dict.fromkeys(VOICES, False)
        for who in self.who:
            who.rebuts, who.rebutted = 0, False
        for c in running:
            if c.leaked_to >= 0 and self.t == c.start:
                knew = self.who[c.leaked_to]
                knew.rebuts = 1
                knew.rebuttals += 1
                self.who[c.by].rebutted = True
                self.rebutted[c.side] = True
        for j, who in enumerate(self.who):
            said = self.critics(j, self.criticism)
            against = [
                (c, i)
                for c in running
                if c.tone > 0.0 and not c.sent_by(j)
                for i in c.senders
                if said.get(i, 0.0) > 0.0
            ]
            if who.heat <= 0.0 or not against:
                continue
            chance = 1.0 - math.exp(-self.p["rebuttal_rate"] * who.heat)
            if self.uniform("REBUTTAL", self.organisation_key(j), self.t) < chance:
                who.rebuts = 1
                who.rebuttals += 1
                self.count("rebuttal")
                for c, i in against:
                    self.who[i].rebutted = True
                    self.rebutted[c.side] = True

    def watch_storm(self) -> None:
        coverage = self.history[-1]
        before = [self.calm] * 4 + self.history[:-1]
        if not self.storm:
            leapt = coverage >= STORM_RATIO * sum(before[-4:]) / 4
            if coverage >= STORM_LEVEL and leapt:
                self.storm = True
                self.count("storm")
        elif coverage < STORM_LEVEL:
            self.storm = False

    def hits(self, c: Campaign) -> dict[int, float]:
        """The table of 7.2."""
        firms = "employers" in c.targets or (not c.targets and c.side == "for")
        found = {CROWD: 1.0} if firms and self.topic != "violence" else {}
        for j, who in enumerate(self.who):
            if c.sent_by(j):
                continue
            if who.id in c.targets:
                found[j] = 1.0
                continue
            if {"for": who.stance > 0.0, "against": who.stance < 0.0}.get(c.side, False):
                continue
            cases = [0.0]
            if who.is_federation:
                cases += [self.weight_of(k) for k, other in enumerate(self.who) if other.id in c.targets]
            if not c.targets and c.side == "for" and not who.is_firm:
                cases.append(who.exposure)
            if "employers" in c.targets and who.is_federation:
                cases.append(who.exposure)
            lately = self.t - max(who.campaign_week, who.lobby_week) < 4
            if not c.targets and c.side == "against" and who.stance > 0.0 and lately:
                cases.append(1.0)
            found[j] = max(cases)
        return found

    def weight_of(self, k: int) -> float:
        """Share of the weight of all firms of organisation k; 0 if it is no firm."""
        return self.firm_weight.get(k, 0.0)

    def criticise(
        self, running: list[Campaign], stimulus: dict[int, float], ratio: dict[str, float], branching: dict[str, float]
    ) -> None:
        """Criticism of the week by critic and target, and the memory of it."""
        now = {
            (critic, target): branching[critic[1]] * items * ratio[critic[1]]
            for (critic, target), items in self.remembered.items()
        }
        for c in running:
            senders: tuple[int, ...] = c.senders or (-1,)
            for target, hit in self.hits(c).items():
                for i in senders:
                    key = ((i, c.side), target)
                    items = stimulus[id(c)] * c.tone * hit / len(senders) * ratio[c.side]
                    now[key] = now.get(key, 0.0) + items
        self.criticism = now
        named = {
            (critic, target): branching[critic[1]] * items * ratio[critic[1]]
            for (critic, target), items in self.named_remembered.items()
        }
        for c in running:
            senders = c.senders or (-1,)
            for j, who in enumerate(self.who):
                if who.is_federation and who.id in c.targets and not c.sent_by(j):
                    for i in senders:
                        key = ((i, c.side), j)
                        items = stimulus[id(c)] * c.tone / len(senders) * ratio[c.side]
                        named[key] = named.get(key, 0.0) + items
        self.named = named
        keep = self.p["coverage_memory"]
        self.remembered = {
            key: keep * self.remembered.get(key, 0.0) + (1.0 - keep) * items for key, items in now.items()
        }
        self.remembered = {key: items for key, items in self.remembered.items() if items >= 1e-9}
        self.named_remembered = {
            key: keep * self.named_remembered.get(key, 0.0) + (1.0 - keep) * items for key, items in named.items()
        }
        self.named_remembered = {key: items for key, items in self.named_remembered.items() if items >= 1e-9}

    def feel(self) -> None:
        """Heat, and against whom it is held."""
        p = self.p
        for j, who in enumerate(self.who):
            items = sum(self.critics(j, self.criticism).values())
            who.heat = items / (items + p["coverage_half"])
            who.heat_memory = max(who.heat, 2.0 ** (-1.0 / HEAT_MEMORY_HALF_LIFE) * who.heat_memory)
            said = self.critics(j, self.remembered)
            total = sum(said.values())
            for i, other in enumerate(self.who):
                self.own[j, i] = self.held[j, i] = self.flank[j, i] = 0.0
                if i == j or total <= 0.0:
                    continue
                omega = {k: part / total for k, part in said.items()}
                stance = {k: 0.0 if k < 0 else self.who[k].stance for k in omega}
                others = sum(w * (1.0 + stance[k] * other.stance) / 2.0 for k, w in omega.items() if k not in (i, j))
                own = min(1.0, omega.get(i, 0.0) + p["third_party_blame"] * others)
                self.own[j, i] = own
                self.held[j, i] = who.heat * own
                allies = sum(w for k, w in omega.items() if k != i and stance[k] * other.stance > 0.0)
                self.flank[j, i] = who.heat_memory * max(0.0, allies - omega.get(i, 0.0))

    # --- step 8: credibility (7.5)

    def believe(self) -> None:
        p = self.p
        change = [[0.0] * 5 for _ in self.who]
        for i, who in enumerate(self.who):
            seen = who.sends_now or i in self.joint.informers or self.t - who.survey_week < SURVEY_NEWS_WEEKS
            for a in range(5):
                c = who.credibility[a]
                change[i][a] += p["credibility_return"] * (self.standing(i, a) - c)
                if seen:
                    heard = self.coverage[who.voice] / (self.coverage[who.voice] + p["coverage_half"])
                    change[i][a] += EVIDENCE_CREDIBILITY * who.evidence * heard * (1.0 - c)
                if who.rebutted and a != SUPPORTERS:
                    weight = REBUTTAL_EMPLOYEES if a == EMPLOYEES else 1.0
                    change[i][a] -= REBUTTAL_LOSS * weight * (1.0 - who.evidence) * c
        for who, row in zip(self.who, change, strict=True):
            who.credibility = [min(1.0, max(0.0, c + d)) for c, d in zip(who.credibility, row, strict=True)]

    def standing(self, i: int, a: int) -> float:
        """C*: a mixture of what the audience thinks of i anyhow, and of its public partners."""
        p, me = self.p, self.who[i]
        own, rest, weights, lent = me.anchor[a], 1.0, 0.0, 0.0
        for tie in self.tie.values():
            if i not in (tie.a, tie.b) or not tie.active or tie.hidden or self.t < tie.suspended_until:
                continue
            you = self.who[tie.other(i)]
            view, down = you.credibility[a], p["halo_down_other"]
            if a == SUPPORTERS:
                sides = me.stance * you.stance
                if sides <= 0.0:
                    view = p["opposite_view"] * you.credibility[PUBLIC]
                if sides < 0.0:
                    down = 1.0
            seen = 1.0 if tie.state == FORMAL else p["halo_informal"]
            weight = seen * (p["halo_up"] if view > own else p["halo_down"] * down)
            rest *= 1.0 - weight
            weights += weight
            lent += weight * view
        return own if weights == 0.0 else rest * own + (1.0 - rest) * lent / weights

    def lent(self, c: Campaign, a: int) -> float:
        """Credibility that the messenger of a campaign lends to it with an audience."""
        messenger = self.who[c.messenger]
        unexpected = abs((1.0 if c.side == "for" else -1.0) - messenger.stance) / 2.0
        return min(1.0, messenger.credibility[a] * (1.0 + UNEXPECTED_MESSENGER * unexpected))

    # --- ideas (7.10)

    def bind(self, b: int, j: int) -> None:
        tie = self.pair(self.idea[b].owner, j)
        if tie is not None:
            self.case[b, j].contract = max(tie.contract, tie.agreed)
            self.case[b, j].clause = tie.clause or tie.agreed_clause

    def tell(self, b: int, j: int, share: float, workshop: bool) -> None:
        case = self.case[b, j]
        if case.told == 0.0:
            self.bind(b, j)
        case.told = max(case.told, share)
        case.workshop = int(workshop)
        if self.who[j].is_firm and not case.pending and case.number == 0:
            self.open_decision(case, (), None)

    def tell_by_rule(self) -> None:
        for b, idea in enumerate(self.idea):
            share = self.who[idea.owner].before
            for j, who in enumerate(self.who):
                tie = self.pair(idea.owner, j) if who.is_firm and j != idea.owner else None
                known = tie is not None and tie.state in (CONTACT, INFORMAL, FORMAL)
                if share > 0.0 and known and self.case[b, j].told < share:
                    self.tell(b, j, share, workshop=False)

    def open_decision(self, case: Case, menu: tuple[str, ...], model: str | None) -> None:
        if not case.pending:
            case.number += 1
        case.pending, case.menu, case.model = True, menu, model
        low, high = DECISION_DELAY_MIN, DECISION_DELAY_MAX
        u = self.uniform("DECISION_DELAY", case.key, case.number)
        case.due = self.t + math.floor(low + math.floor(u * (high - low + 1)))

    def decide_on_ideas(self) -> None:
        for b, idea in enumerate(self.idea):
            for j in range(len(self.who)):
                case = self.case[b, j]
                if case.press_week == self.t:
                    self.release(b, j)
                if case.found_week == self.t:
                    case.visible = True
                    breach = ("breach of integrity", j, idea.owner, SEVERITY_QUIET_USE, REALISED_QUIET)
                    self.effects.append(breach)
                if case.pending and self.t >= case.due:
                    self.decide(b, j)

    def decide(self, b: int, j: int) -> None:
        p, case, i = self.p, self.case[b, j], self.idea[b].owner
        case.pending = False
        if case.told == 0.0:
            self.bind(b, j)
        owner, trust, s = self.who[i], self.feeling[j, i].trust, case.told
        psi = p["untold_value"] + (1.0 - p["untold_value"]) * min(1.0, s / p["untold_saturation"])
        val = case.value * (s + (1.0 - s) * psi)
        form = (WORKSHOP_VALUE - WORKSHOP_TIME_COST) * case.workshop
        shame = p["appropriation_cost"] + p["appropriation_contract"] * case.contract
        shame += APPROPRIATION_TRUST * trust
        distrust = p["association_cost"] * (1.0 - owner.credibility[EMPLOYERS])
        utility = {
            "public": val
            + p["brand_value"] * owner.credibility[PUBLIC]
            - distrust
            - self.who[j].heat_memory
            + TRUST_UTILITY * trust
            + form,
            "shadow": val - SHADOW_ASSOCIATION * distrust + TRUST_UTILITY * trust + form + SHADOW_UTILITY,
            "alone": case.value * s + p["own_use_value"] - shame,
            "quietly": case.value * s - QUIET_APPROPRIATION * shame + QUIET_UTILITY,
            "nothing": 0.0,
        }
        for option in OPTIONS[:-1]:
            utility[option] -= p["implementation_cost"] * self.who[j].burden
        tie = self.pair(i, j)
        offered = () if tie is None or tie.state in (COOLING, ENDED) else case.menu
        menu = [option for option in OPTIONS if option in (*offered, "alone", "quietly", "nothing")]
        weight = [math.exp(p["choice_slope"] * utility[option]) for option in menu]
        self.chances += [weight[menu.index(o)] / sum(weight) if o in menu else 0.0 for o in OPTIONS]
        u = self.uniform("IDEA_CHOICE", case.key, case.number)
        running, case.choice = 0.0, menu[-1]
        for option, part in zip(menu, weight, strict=True):
            running += part / sum(weight)
            if running > u:
                case.choice = option
                break
        self.count(f"chose {case.choice}")
        self.act_on_choice(b, j)

    def act_on_choice(self, b: int, j: int) -> None:
        p, case, i = self.p, self.case[b, j], self.idea[b].owner
        later = self.t + int(PRESS_RELEASE_DELAY)
        if case.choice != "nothing":
            self.who[j].unnamed = case.choice != "public"
        if case.choice in ("public", "shadow"):
            self.commit(b, j, hidden=case.choice == "shadow")
            uptake = 3 if case.choice == "public" else 1
            integrated = DEPTH_INTEGRATED if case.model == "integrated" else self.depth(case)
            self.spread.take_up(j, uptake, i, uptake == 3, integrated, int(PRESS_RELEASE_DELAY))
            realised = p["realised_public"] if case.choice == "public" else REALISED_SHADOW
            self.effects.append(("realised", j, i, 0.0, realised))
        elif case.choice == "alone":
            case.press_week = later
        elif case.choice == "quietly":
            self.spread.take_up(j, 1, i, False, self.depth(case), int(PRESS_RELEASE_DELAY))
            if self.uniform("QUIET_USE_FOUND", case.key, case.number) < p["quiet_use_found"]:
                case.found_week = later
        elif case.told >= SHARE_TOLD["list"]:
            self.effects.append(("breach of a role", j, i, SEVERITY_REFUSAL, REALISED_REFUSAL))

    def depth(self, case: Case) -> float:
        return DEPTH_WORKSHOP if case.workshop else self.p["depth_plain"]

    def commit(self, b: int, j: int, hidden: bool) -> None:
        case, i = self.case[b, j], self.idea[b].owner
        tie = self.pair(i, j)
        agreed = max(tie.agreed, tie.contract)
        state = FORMAL if agreed > 0.0 else INFORMAL
        if case.model is not None:
            self.choose_model(tie, case.model)
        if tie.state in (NONE, CONTACT):
            self.form(tie, i, state, hidden)
        elif tie.active:
            tie.state, tie.hidden = max(tie.state, state), hidden
        tie.contract = agreed
        tie.clause = tie.clause or tie.agreed_clause
        tie.criticism_allowed = tie.criticism_allowed or tie.agreed_criticism
        case.told = max(case.told, self.who[i].after)

    def release(self, b: int, j: int) -> None:
        p, case, i = self.p, self.case[b, j], self.idea[b].owner
        self.count("press release")
        kept = case.clause and self.uniform("CLAUSE_KEPT", case.key, case.number) < CLAUSE_KEPT
        self.spread.take_up(j, 3 if kept else 2, i, kept, self.depth(case), 0)
        self.spread.show_due()
        if kept:
            self.effects.append(("realised", j, i, 0.0, p["realised_public"]))
            self.count("clause kept")
            return
        case.visible = True
        if case.clause:
            self.count("clause broken")
        severity = SEVERITY_CLAUSE if case.clause else p["severity_uncredited_use"]
        self.effects.append(("breach of integrity", j, i, severity, 0.0))

    # --- step 11: trust, events, value (7.8, 7.16)

    def trust(self, work: dict[Any, Work]) -> None:
        p = self.p
        loss = p["trust_loss"]
        learning = p["anchor_learning"]
        for (i, j), feeling in self.feeling.items():
            place = (min(i, j), max(i, j))
            shared = work[place]
            good = feeling.kept + self.tie[place].celebrated + DEFERRAL_CREDIT * shared.deferrals
            good += JOINT_WORK_CREDIT * shared.joint * (1.0 - shared.distance)
            felt = self.felt(i, j)
            if felt > 0.02:
                feeling.offended = self.t
            bad = felt + MIRROR_BLAME * self.felt(j, i)
            bad += shared.unresolved
            t, t0 = feeling.trust, feeling.anchor
            gain = p["trust_gain"] * good * 2.0 * t0 * (1.0 - t)
            feeling.trust = min(1.0, max(0.0, t + gain - loss * bad * t + p["trust_return"] * (t0 - t)))
            scar = p["breach_scar"]
            feeling.anchor = t0 + learning * (t - t0) - scar * loss * bad * t0
            g = feeling.grievance
            hurt = p["grievance_gain"] * felt * (1.0 - g)
            feeling.grievance = g * 2.0 ** (-1.0 / p["grievance_half_life"]) + hurt
        for kind in KINDS:
            for effect in self.effects:
                if effect[0] == kind:
                    self.suffer(*effect)

    def understanding(self, j: int, i: int) -> float:
        """Rho of j towards its critic i."""
        feeling, tie = self.feeling[j, i], self.pair(i, j)
        clause = EXPLAIN_GAIN if tie.state == FORMAL and tie.criticism_allowed else 0.0
        return 1.0 - (1.0 - feeling.role) * (1.0 - feeling.warned) * (1.0 - clause)

    def felt(self, j: int, i: int) -> float:
        return self.held.get((j, i), 0.0) * (1.0 - self.understanding(j, i))

    def complain(self) -> None:
        """Complaint of the members of federations; of others, their own heat (7.9)."""
        p = self.p
        for who in self.who:
            who.complaint = 0.0 if who.is_federation else who.heat
        crowd = sum(items for (_, target), items in self.criticism.items() if target == CROWD)
        if not self.criticism:
            return
        total: dict[int, float] = {}
        for firm in self.firms:
            for j in firm.members:
                total[j] = total.get(j, 0.0) + firm.weight
        for f, firm in enumerate(self.firms):
            items = crowd
            if firm.organisation >= 0:
                items += sum(x for (_, target), x in self.criticism.items() if target == firm.organisation)
            items += sum(x for (_, target), x in self.named.items() if target in firm.members)
            felt = min(1.0, firm.sensitivity * items / (items + p["coverage_half"]))
            firm_complaint = felt**2 / (felt**2 + p["member_tolerance"] ** 2)
            for j in list(firm.members):
                self.who[j].complaint += firm.weight * firm_complaint / total[j]
                self.leave_federation(f, firm, j, firm_complaint)

    def leave_federation(self, f: int, firm: Firm, j: int, complaint: float) -> None:
        public = [i for i in range(len(self.who)) if i != j and self.seen_with(i, j)]
        worst = max((self.own.get((j, i), 0.0) for i in public), default=0.0)
        if worst <= 0.0:
            return
        key = mix(f, self.organisation_key(j))
        rest = self.rest.get((f, j), self.threshold("MEMBER_LEAVES", key, 0))
        self.rest[f, j] = rest - MEMBER_LEAVING / 52.0 * complaint * worst
        if self.rest[f, j] <= 0.0:
            firm.members.remove(j)
            self.count("member left")

    def seen_with(self, i: int, j: int) -> bool:
        tie = self.pair(i, j)
        return tie is not None and tie.active and not tie.hidden

    def suffer(self, kind: str, by: int, to: int, severity: float, realised: float) -> None:
        p, feeling = self.p, self.feeling[to, by]
        self.count(kind)
        if kind == "credit":
            feeling.trust += CREDIT_GAIN * (1.0 - feeling.trust)
            self.learn(to, feeling, realised)
        elif kind == "claim":
            feeling.trust *= CLAIM_TRUST_FACTOR
            feeling.grievance = min(1.0, feeling.grievance + CLAIM_GRIEVANCE)
        elif kind.startswith("breach"):
            gap = max(0.0, feeling.expectation - realised)
            feeling.trust *= 1.0 - BREACH_SLOPE * gap * severity
            offender = self.feeling[by, to]
            offender.last_breach_integrity = kind == "breach of integrity"
            if offender.last_breach_integrity:
                feeling.anchor *= 1.0 - p["breach_scar"] * gap * severity
                offender.breaches += 1
            feeling.offended = self.t
            self.disappoint(to, feeling, realised)
        elif kind == "apology":
            half = 0.5 if self.feeling[by, to].last_breach_integrity else 1.0
            feeling.trust += half * severity * APOLOGY_GAIN * (1.0 - feeling.trust)
            feeling.grievance *= 1.0 - half * severity * APOLOGY_GRIEVANCE
        else:
            self.disappoint(to, feeling, realised)

    def disappoint(self, i: int, feeling: Feeling, realised: float) -> None:
        self.who[i].morale_loss += max(0.0, feeling.expectation - realised)
        self.learn(i, feeling, realised)

    def learn(self, i: int, feeling: Feeling, realised: float) -> None:
        if self.who[i].adapts:
            feeling.expectation += EXPECT_RATE * (realised - feeling.expectation)

    def value(self, work: dict[Any, Work]) -> None:
        p = self.p
        change = [0.0] * len(self.who)
        for place, tie in self.tie.items():
            shared = work[place]
            if not tie.active:
                continue
            done = min(1.0, shared.joint / max(shared.wanted, p["keep_warm"]))
            ratio = 1.0
            if shared.reference > 0.0:
                ratio = shared.result * (1.0 - shared.meeting_share) / shared.reference
            for j, i in ((tie.a, tie.b), (tie.b, tie.a)):
                feeling = self.feeling[j, i]
                shown = 0.0 if tie.hidden else shared.result
                if shared.joint > 0.0:
                    change[j] += TOP_RATE * ((feeling.value + shown) / 2.0 - self.who[j].top)
                aim = feeling.value_start * min(1.0, ratio) * done
                feeling.value += p["value_rate"] * (aim - feeling.value)
        for who, step in zip(self.who, change, strict=True):
            who.top = min(1.0, max(0.0, who.top + step))

    # --- step 12: endings, returns (7.9)

    def end_after_breaches(self) -> None:
        for tie in self.tie.values():
            i = tie.initiator
            if tie.state not in (NONE, ENDED) and self.feeling[tie.other(i), i].breaches >= 2:
                if tie.active:
                    self.leave(tie, i)
                tie.state = ENDED
                self.count("end")

    def find_out(self) -> None:
        p = self.p
        coverage = sum(self.coverage.values())
        for tie in self.tie.values():
            if not tie.active or not tie.hidden:
                continue
            i = tie.initiator
            know = 2
            for j in range(len(self.who)):
                if j in (tie.a, tie.b):
                    continue
                other = self.pair(i, j)
                told = any(self.case[b, j].told > 0.0 for b, idea in enumerate(self.idea) if idea.owner == i)
                warned = (j, i) in self.feeling and self.feeling[j, i].warned > 0.0
                know += int((other is not None and other.active) or told or warned)
            loud = 1.0 + FOUND_ATTENTION * coverage / (coverage + p["coverage_half"])
            tie.found_sum += p["found_rate"] / 52.0 * loud * know / 2.0
            if tie.found_sum >= tie.found_threshold:
                tie.hidden = False
                tie.found_sum = 0.0
                self.count("found out")
                news = self.stir("discovery", -1, "ordinary", CLAIM_ITEMS, 0.0, 0)
                news.start, news.end = self.t + 1, self.t + 1 + int(CLAIM_WEEKS)
                self.campaigns.append(news)
                for one, two in ((tie.a, tie.b), (tie.b, tie.a)):
                    self.feeling[one, two].trust *= 1.0 - 0.2 * PROMISE_BREAK
                    opposite = self.who[one].stance * self.who[two].stance < 0.0
                    self.who[one].credibility[SUPPORTERS] *= 0.9 if opposite else 0.97
                    self.who[one].credibility[PUBLIC] *= 0.95

    def leave_or_stay(self, work: dict[Any, Work]) -> None:
        for place, tie in self.tie.items():
            if not tie.active:
                continue
            distance = work[place].distance
            order = [(cause, m) for cause in ("CONFLICT", "DRIFT") for m in (tie.other(tie.initiator), tie.initiator)]
            for cause, m in order:
                if self.who[m].leaves_by_itself:
                    x = self.anger(tie, m) if cause == "CONFLICT" else self.drift(tie, m, distance)
                    tie.sums[cause, m] += math.log(1.0 + math.exp(x))
            gone = next((both for both in order if tie.sums[both] >= tie.limits[both]), None)
            if gone is not None:
                self.leave(tie, gone[1], calm=gone[0] == "DRIFT")
                self.count("lapse" if gone[0] == "DRIFT" else "walk-out")
            elif tie.term > 0 and self.t + 1 >= tie.term_end:
                self.renew(tie)

    def anger(self, tie: Tie, m: int) -> float:
        p, o = self.p, tie.other(m)
        feeling = self.feeling[m, o]
        seen = SHADOW_VISIBILITY if tie.hidden or self.t < tie.suspended_until else 1.0
        calm = 1.0 - p["role_calms"] * self.understanding(m, o)
        return (
            p["conflict_base"]
            + p["exit_heat"] * self.who[m].complaint * self.own.get((m, o), 0.0) * seen * calm
            + p["exit_grievance"] * feeling.grievance
            - EXIT_TRUST * (feeling.trust - 0.5)
            - p["exit_formal"] * (tie.state == FORMAL)
            - p["exit_champion"] * self.who[m].champion
        )

    def drift(self, tie: Tie, m: int, distance: float) -> float:
        p, who = self.p, self.who[m]
        return (
            p["exit_base"]
            - p["exit_value"] * (self.feeling[m, tie.other(m)].value - 0.5)
            - EXIT_TOP * (who.top - 0.5)
            + p["exit_newness"] * (distance - tie.distance_floor)
            - p["exit_formal"] * (tie.state == FORMAL)
            - p["exit_champion"] * who.champion
        )

    def renew(self, tie: Tie) -> None:
        p = self.p
        tie.terms += 1
        worth = min(self.feeling[tie.a, tie.b].value, self.feeling[tie.b, tie.a].value)
        chance = sigma(p["renewal_base"] + RENEWAL_VALUE * (worth - 0.5))
        if self.uniform("RENEWAL", tie.key, tie.terms) < chance:
            tie.term_end = self.t + 1 + tie.term
            self.count("renewed")
        else:
            self.leave(tie, tie.a, calm=True, planned=True)
            self.count("planned end")

    def return_by_itself(self) -> None:
        for tie in self.tie.values():
            late = self.t - tie.exit_week >= COOLING_WEEKS
            if tie.state == COOLING and late and not tie.decided and self.willing(tie, tie.left_by):
                tie.return_sum += self.p["self_return_rate"]
                if tie.return_sum >= tie.return_threshold:
                    self.come_back(tie)
                    self.count("returned by itself")

    def move_on(self) -> None:
        p = self.p
        for tie in self.tie.values():
            if tie.state != COOLING:
                continue
            j = tie.left_by
            hazard = p["moving_rate"] * (1.0 + MOVING_GRIEVANCE * self.feeling[j, tie.other(j)].grievance)
            if any(other is not tie and other.active and j in (other.a, other.b) for other in self.tie.values()):
                hazard *= 1.0 + MOVING_ALTERNATIVE
            if self.t - tie.pestered >= 26:
                hazard *= MOVING_TIME
            tie.moving_sum += hazard
            if tie.moving_sum >= tie.moving_threshold:
                tie.state = ENDED
                self.count("moved on")

    def leave(self, tie: Tie, leaver: int, *, calm: bool = False, planned: bool = False) -> None:
        stays = tie.other(leaver)
        feeling = self.feeling[stays, leaver]
        if not calm:
            feeling.trust *= EXIT_TRUST_FACTOR
            self.disappoint(stays, feeling, 0.0)
        for made in self.promises:
            if {made["by"], made["to"]} == {stays, leaver}:
                made["open"] = False
        tie.contract, tie.clause, tie.agreed, tie.agreed_clause = 0.0, False, 0.0, False
        tie.criticism_allowed = tie.agreed_criticism = False
        tie.term = tie.term_end = tie.suspended_until = 0
        tie.decided = False
        tie.exits += int(not planned)
        tie.left_by = leaver
        self.joint.part(tie)
        if calm:
            tie.state = CONTACT
            return
        tie.state, tie.exit_week = COOLING, self.t
        tie.cooling_spells += 1
        self.start_cooling(tie)
        if self.who[stays].gives_time:
            feeling.pause_until = max(feeling.pause_until, self.t + 13)
        self.count("exit")
