"""The verbs of a plan: one model each, with its arguments, their ranges and defaults.

Organisations are named by id; whether they exist is checked by `sim.scenarios.references`, which knows the
whole scenario. Durations are weeks, money is EUR; ``cost`` and ``hours`` replace what a verb costs.
"""

# Pydantic reads the annotations at run time, so this module goes without postponed annotations.

import datetime
import math
from typing import Annotated, Any, Literal, Union, get_args

from pydantic import Field, model_validator

from sim.scenarios.fields import (
    Contract,
    Count,
    Due,
    Duration,
    Euro,
    Flag,
    Frozen,
    Hours,
    Kept,
    Label,
    Members,
    OneOf,
    Rate,
    Refers,
    Share,
    SomeOf,
    Structure,
    Targets,
    Text,
    Weekly,
    When,
    Who,
    Whose,
    Word,
    integer,
    problem,
    real,
)
from sim.vocabulary.audiences import Audience
from sim.vocabulary.coded import Coded
from sim.vocabulary.partnerships import (
    CONTRACT_ITEMS,
    SCORED_ITEMS,
    STRUCTURE_ITEMS,
    AskingTone,
    Deference,
    Element,
    Integration,
    Purpose,
    Visibility,
)
from sim.vocabulary.topics import Quarrel, Side, Topic
from sim.vocabulary.uptake import SHARE_TOLD, Telling
from sim.vocabulary.verbs import Expectation, Strategy, Verb, Working
from sim.vocabulary.verbs import Shock as ShockKind
from sim.words.language import Said

EUR_AN_HOUR = Verb.INFORM.eur / Verb.INFORM.hours
EUR_A_SEAT = 5.0
SEATS_A_COURSE = 200

#: How often a repeated action acts if the plan does not say.
DEFAULT_REPEATS = 40

Bundle = Annotated[Word, Refers("idea"), Kept("idea")]
Launched = Annotated[Label, Refers("campaign")]
Way = Annotated[
    str, OneOf(Telling, Telling.WORKSHOP), Kept("share", lambda action, plan: SHARE_TOLD[Telling.of(action.how)])
]
Tone = Share
Intensity = Annotated[float, real(0.0, 3.0)]
Chosen = Annotated[str, OneOf(Side)]


class Action(Frozen):
    """What all actions have: when they are due, how often, and a name to refer to them.

    ``when`` is a date, a week index or the text of a condition. With ``repeat_every`` (weeks) an action acts
    at most ``max_times`` times. ``essential`` says whether the plan is another one without it; left out, what
    distinguishes it from the plan that it is compared with is.
    """

    verb: str
    when: When
    label: Label | None = None
    repeat_every: Duration | None = None
    max_times: Annotated[int, integer(1, 5200)] = 1
    cost: Euro | None = None
    hours: Hours | None = None
    essential: Flag | None = None

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        filled = dict(data)
        if filled.get("repeat_every") is not None:
            filled.setdefault("max_times", DEFAULT_REPEATS)
        members = filled.get("partnership")
        if "by" in cls.model_fields and "by" not in filled and isinstance(members, (list, tuple)) and members:
            filled["by"] = members[0]
        return filled

    @model_validator(mode="after")
    def _repeats(self) -> "Action":
        if self.max_times > 1 and self.repeat_every is None:
            raise problem(Said("once"), "max_times", found=self.max_times)
        return self

    @property
    def takes_hours(self) -> float:
        """Hours of the one who acts."""
        return Verb.of(self.verb).hours if self.hours is None else self.hours

    @property
    def eur(self) -> float:
        """EUR of the one who acts."""
        return Verb.of(self.verb).eur if self.cost is None else self.cost

    @property
    def actor(self) -> str | None:
        """Who acts: the one whose hours and money are used. None for a shock from outside."""
        for name in ("by", "org"):
            organisation = getattr(self, name, None)
            if organisation is not None and not isinstance(self, Shock):
                return str(organisation)
        members: tuple[str, ...] = getattr(self, "members", ())
        return members[0] if members else None

    def named_together(self) -> list[tuple[str, str]]:
        """Pairs of organisations that the action needs to know of each other."""
        members = getattr(self, "members", None) or getattr(self, "partnership", None)
        if members:
            return [(members[0], members[1])]
        others = (getattr(self, name, None) for name in ("to", "with_", "who", "about"))
        return [(self.actor, other) for other in others if self.actor and other not in (None, self.actor)]

    @property
    def is_conditional(self) -> bool:
        """Whether the action waits for a condition instead of a date."""
        return isinstance(self.when, str)

    def week(self, start: datetime.date) -> int | None:
        """Week index in which the action is due, None for a condition; negative if before the start."""
        if isinstance(self.when, str):
            return None
        return week_index(self.when, start)


def week_index(moment: datetime.date | int, start: datetime.date) -> int:
    """Index of the week (Monday to Sunday) that holds a day; an index stays as it is."""
    return moment if isinstance(moment, int) else (moment - start).days // 7


class Approach(Action):
    """Ask an organisation to meet or to become a partner; ``how`` offers a firm a list of ideas, or a workshop."""

    verb: Literal["approach"]
    by: Who
    to: Who
    ask: Share = 0.3
    tone: Annotated[str, OneOf(AskingTone)] = "positive"
    visibility: Annotated[str, OneOf(Visibility)] = "public"
    direct: Flag | None = None
    purpose: Annotated[str, OneOf(Purpose)] = "partnership"
    how: Annotated[str, OneOf(Telling, Telling.TEASER, Telling.GUIDE)] | None = None


class _Terms(Action):
    """Contract and structure items that can be agreed, and a term in weeks (0: open)."""

    items: Contract = ()
    structure: Structure = ()
    term: Annotated[int, integer(0, 5200)] | None = None

    @property
    def contract_score(self) -> float:
        """Share of the contract items."""
        return min(1.0, len(self.items) / SCORED_ITEMS)

    @property
    def structure_score(self) -> float:
        """Share of the structure items."""
        return len(self.structure) / len(STRUCTURE_ITEMS)


class OfferTerms(_Terms):
    """Offer terms of partnership; a firm then decides what to do with the ideas."""

    verb: Literal["offer_terms"]
    by: Who
    to: Who
    menu: Annotated[tuple[str, ...], SomeOf(Visibility, least=1)] = ("public",)
    model: Annotated[str, OneOf(Integration)] | None = None
    deference: Annotated[str, OneOf(Deference)] | None = None
    ask: Share = 0.5


class Sign(_Terms):
    """Sign an agreement; the short form with seven items unless said otherwise. The first member asks."""

    verb: Literal["sign"]
    members: Members
    items: Contract = CONTRACT_ITEMS[:7]


class ShareIdea(Action):
    """Tell an organisation part of a bundle of ideas."""

    verb: Literal["share_idea"]
    by: Who
    to: Who
    bundle: Bundle | None = None
    how: Way | None = None
    share: Share | None = None

    @model_validator(mode="after")
    def _some(self) -> "ShareIdea":
        if self.how is None and self.share is None:
            raise problem(Said("how", list=", ".join(Telling.words())), "how", found=None)
        return self

    @property
    def share_told(self) -> float:
        """Share of the bundle that is known afterwards (never less than before)."""
        return SHARE_TOLD[Telling.of(self.how or "list")] if self.share is None else self.share


class HoldWorkshop(Action):
    """Work on a bundle of ideas together; ``share`` is how much of them is known afterwards."""

    verb: Literal["hold_workshop"]
    by: Who
    with_: Annotated[Who, Kept("to")] = Field(alias="with")
    bundle: Bundle | None = None
    share: Share | None = None


class PublishSurvey(Action):
    """Publish a survey with n answers; ``method`` is its quality, ``severity`` how grave what it shows is."""

    verb: Literal["publish_survey"]
    by: Who
    n: Annotated[Count, Kept("respondents")]
    method: Share = 1.0
    severity: Share = 1.0
    side: Chosen | None = None


class PublishGuide(Action):
    """Publish a guide of good practice, alone or with a partner."""

    verb: Literal["publish_guide"]
    by: Who
    with_: Annotated[Who, Kept("to")] | None = Field(default=None, alias="with")


class RunTraining(Action):
    """Open training seats and announce them in the channels of the organisations named (default: the own).

    Two hundred seats or fewer take 16 hours, and every seat costs 5 EUR at least.
    """

    verb: Literal["run_training"]
    by: Who
    with_: Annotated[Who, Kept("to")] | None = Field(default=None, alias="with")
    channel: Whose = ()
    seats: Count = 200

    @property
    def eur(self) -> float:
        """EUR: as said, and at least 5 a seat."""
        return max(super().eur, EUR_A_SEAT * self.seats)

    @property
    def takes_hours(self) -> float:
        """Hours: as said, or 16 for every 200 seats begun."""
        return super().takes_hours * (math.ceil(self.seats / SEATS_A_COURSE) if self.hours is None else 1)


class Inform(Action):
    """Spread information for some weeks, in the channels named (default: own).

    ``hours`` are those of a week, and an hour costs 50 EUR.
    """

    verb: Literal["inform"]
    by: Who
    channel: Whose = ()
    weeks: Duration = 4

    @property
    def eur(self) -> float:
        """EUR a week."""
        return super().eur if self.hours is None else EUR_AN_HOUR * self.hours if self.cost is None else self.cost


class Format(Frozen):
    """Shares of the posts of a campaign by kind."""

    video: Share = 0.0
    photo: Share = 0.0
    text: Share = 0.0

    @model_validator(mode="after")
    def _whole(self) -> "Format":
        total = self.video + self.photo + self.text
        if total > 1.0 + 1e-9:
            raise problem(Said("sum"), found=round(total, 9))
        return self


class LaunchCampaign(Action):
    """Start a campaign: ``tone`` is how critical it is (0 praise, 1 blame), ``stunt`` how surprising.

    ``side`` is for or against the measures (default: the sender's stance). ``targets`` are those it criticises:
    organisations, or employers in general. With none named, a campaign for the measures criticises employers and
    whoever is exposed and not for them, a campaign against them whoever spoke up for them lately. ``exposures``
    replaces the computed reach, week by week.
    """

    verb: Literal["launch_campaign"]
    by: Who
    cosenders: Whose = ()
    tone: Tone = 0.5
    intensity: Intensity = 1.0
    weeks: Duration = 8
    format: Annotated[Format, Kept("video", lambda action, plan: action.format.video)] = Format()
    messenger: Who | None = None
    budget: Euro = 0.0
    budget_share: Share = 0.0
    stunt: Share = 0.0
    topic: Annotated[str, OneOf(Topic, Topic.NONE)] | None = None
    side: Chosen | None = None
    targets: Targets = ()
    audience: Annotated[tuple[str, ...], SomeOf(Audience)] = ("public",)
    elements: Annotated[tuple[str, ...], SomeOf(Element)] = ("communication",)
    exposures: Weekly | None = None

    @model_validator(mode="after")
    def _senders(self) -> "LaunchCampaign":
        if self.by in self.cosenders:
            raise problem(Said("others"), "cosenders", found=self.by)
        if self.targets and self.tone == 0.0:
            raise problem(Said("tone_praise"), "tone", found=self.tone)
        for name in (self.by, *self.cosenders):
            if name in self.targets:
                raise problem(Said("not_senders"), "targets", found=name)
        if self.exposures is not None and len(self.exposures) > self.weeks:
            raise problem(Said("one_a_week", weeks=self.weeks), "exposures", found=len(self.exposures))
        return self


class Adjust(Action):
    """Change a running campaign, named by the label of its launch (default: the last one of ``by``)."""

    verb: Literal["adjust_campaign"]
    by: Who
    campaign: Launched | None = None
    tone: Tone | None = None
    intensity: Intensity | None = None
    budget: Euro | None = None
    weeks: Duration | None = None

    @model_validator(mode="after")
    def _some(self) -> "Adjust":
        if all(value is None for value in (self.tone, self.intensity, self.budget, self.weeks)):
            raise problem(Said("some_change"), "tone", found=None)
        return self


class StopCampaign(Action):
    """End a running campaign, named by the label of its launch (default: the last one of ``by``)."""

    verb: Literal["stop_campaign"]
    by: Who
    campaign: Launched | None = None


class RecruitMessenger(Action):
    """Win somebody who will speak for the campaigns of the next half year."""

    verb: Literal["recruit_messenger"]
    by: Who
    who: Annotated[Who, Kept("to")]


class GoPublic(Action):
    """Make a partnership in the shadows public; the other member has to agree."""

    verb: Literal["go_public"]
    partnership: Members
    by: Who


class GoShadow(Action):
    """Take a public partnership out of sight."""

    verb: Literal["go_shadow"]
    partnership: Members
    by: Who


class Credit(Action):
    """Name the owner of a bundle as the source (``by`` used it), or name a firm that agreed to it."""

    verb: Literal["credit"]
    by: Who
    about: Annotated[Who, Kept("to")]
    bundle: Bundle | None = None


class ClaimCredit(Action):
    """Say in public that somebody uses one's ideas without naming the source."""

    verb: Literal["claim_credit"]
    by: Who
    about: Annotated[Who, Kept("to")]
    bundle: Bundle | None = None


class Defer(Action):
    """Give way in this week's disagreements, or in those on one topic."""

    verb: Literal["defer"]
    by: Who
    with_: Annotated[Who, Kept("to")] = Field(alias="with")
    topic: Annotated[str, OneOf(Quarrel)] | None = None


class Insist(Action):
    """Never give way in this week's disagreements, or in those on one topic."""

    verb: Literal["insist"]
    by: Who
    with_: Annotated[Who, Kept("to")] = Field(alias="with")
    topic: Annotated[str, OneOf(Quarrel)] | None = None


class Promise(Action):
    """Promise something (a word of one's own choice) until a date or week."""

    verb: Literal["promise"]
    by: Who
    to: Who
    what: Annotated[Label, Kept(number=lambda action, plan: plan.promises.index(action.what))]
    due: Annotated[Due, Kept(number=lambda action, plan: action.due_week(plan.start))]
    weight: Share | None = None

    def due_week(self, start: datetime.date) -> int:
        """Week index in which the promise has to be kept."""
        return week_index(self.due, start)


class Deliver(Action):
    """Keep an open promise."""

    verb: Literal["deliver"]
    by: Who
    to: Who
    what: Annotated[Label, Kept(number=lambda action, plan: plan.promises.index(action.what))]


class Apologise(Action):
    """Apologise; costs a little credibility with the own supporters."""

    verb: Literal["apologise"]
    by: Who
    to: Who


class Pause(Action):
    """Give an organisation time: nobody is approached again for so many weeks."""

    verb: Literal["pause"]
    by: Who
    to: Who
    weeks: Duration


class Reapproach(Action):
    """Try to win a partner back who has left."""

    verb: Literal["reapproach"]
    by: Who
    to: Who


class Exit(Action):
    """Leave a partnership, for good if ``final``."""

    verb: Literal["exit"]
    by: Who
    partnership: Members
    final: Flag = False


class ApplyFunding(Action):
    """Apply for a grant for next year's project; before the round of mid-December, and only if eligible.

    ``to`` names who is asked; left out, it is the one who trusts the lead most and has most to give.
    """

    verb: Literal["apply_funding"]
    by: Who
    to: Who | None = None
    amount: Annotated[Euro, Kept("value")]


class Lobby(Action):
    """Talk to politicians about the demand of [policy]; ``side`` is for or against it (default: the stance)."""

    verb: Literal["lobby"]
    by: Who
    on: Text | None = None
    side: Chosen | None = None


class AppointChampion(Action):
    """Put a committed person in place."""

    verb: Literal["appoint_champion"]
    org: Annotated[Who, Kept("by")]


class SetFocalPoint(Action):
    """Name a contact person for a partnership."""

    verb: Literal["set_focal_point"]
    org: Annotated[Who, Kept("by")]
    partnership: Members


class Celebrate(Action):
    """Celebrate what the partnership reached; ``public`` invites the audiences of all members."""

    verb: Literal["celebrate"]
    partnership: Members
    by: Who
    public: Annotated[Flag, Kept("in_public")] = False


class ExplainRole(Action):
    """Explain to an organisation that criticising is one's job; both give the hours."""

    verb: Literal["explain_role"]
    by: Who
    to: Who


class Warn(Action):
    """Warn a partner of a campaign (the label of its launch); ``show_text`` takes twice the hours, of both."""

    verb: Literal["warn"]
    by: Who
    to: Who
    campaign: Launched
    show_text: Flag = False


class Suspend(Action):
    """Ask the partners to rest a partnership for some weeks."""

    verb: Literal["suspend"]
    by: Who
    partnership: Members
    weeks: Duration


#: Standing rules that take a word, with the closed list of each.
_WORD_KEYS: dict[str, type[Coded]] = {"expectation": Expectation, "deference": Deference, "visibility": Working}
_NUMBER_KEYS = {
    "disclosure_before": 1.0,
    "disclosure_after": 1.0,
    "joint_level": 1.0,
    "meeting_share": 0.8,
}

#: Short name of a rule, as in the equations.
_STRATEGY_SYMBOLS = {"re_int": "reapproach_interval"}


class SetStrategy(Action):
    """Set a standing rule from now on."""

    verb: Literal["set_strategy"]
    by: Who
    key: Annotated[str, Kept(number=lambda action, plan: Strategy.of(action.key))]
    value: Annotated[bool | float | str, Kept(number=lambda action, plan: strategy_number(action.key, action.value))]

    @model_validator(mode="before")
    @classmethod
    def _check(cls, data: Any) -> Any:
        if not isinstance(data, dict) or "key" not in data or "value" not in data:
            return data
        key = _STRATEGY_SYMBOLS.get(str(data["key"]), data["key"])
        if key not in Strategy.words():
            raise problem(Said("one_of", list=", ".join(Strategy.words())), "key", found=key)
        return {**data, "key": key, "value": _strategy_value(key, data["value"])}


def _strategy_value(key: str, value: object) -> bool | float | str:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if key in _WORD_KEYS:
        if value in _WORD_KEYS[key].words():
            return str(value)
        raise problem(
            Said("for_key", rest=Said("one_of", list=", ".join(_WORD_KEYS[key].words())), key=key), "value", found=value
        )
    if key in ("gives_time", "apply_yearly"):
        if isinstance(value, bool):
            return value
        raise problem(Said("for_key", rest=Said("truth"), key=key), "value", found=value)
    if key == "reapproach_interval":
        if value == "never" or (number and 8 <= value <= 104):  # type: ignore[operator]
            return "never" if value == "never" else float(value)  # type: ignore[arg-type]
        raise problem(Said("for_key", rest=Said("interval"), key="reapproach_interval"), "value", found=value)
    if number and 0.0 <= value <= _NUMBER_KEYS[key]:  # type: ignore[operator]
        return float(value)  # type: ignore[arg-type]
    raise problem(Said("for_key", rest=Said("number", low=0, high=_NUMBER_KEYS[key]), key=key), "value", found=value)


def strategy_number(key: str, value: bool | float | str) -> float:
    """Return the number that stands for the value of a standing rule."""
    if value == "never" and key == "reapproach_interval":
        return 0.0
    return float(_WORD_KEYS[key].of(str(value)) if key in _WORD_KEYS else value)


class Shock(Action):
    """Something that happens from outside; each kind takes its own arguments, all of them needed.

    champion_leaves (org), director_absent (dyad: two ids, the second one's director), foreign_storm (size in
    items a week, tone, weeks, and targets where it blames somebody), policy_change (rate a year at which a law makes
    firms act), director_changes (org), budget_cut (org, share, and weeks after which the annual budget is back),
    capacity_cut (org, share, weeks), go_public_firm (firm: number from 1, or id), eligibility (org, value: whether it
    may apply for money from now on), pool (org: who funds, share of what it would give).
    """

    verb: Literal["shock"]
    what: Annotated[str, OneOf(ShockKind), Kept("key")]
    org: Annotated[Who, Kept("to")] | None = None
    dyad: Members | None = None
    size: Annotated[float, real(0.0, 10_000.0), Kept("magnitude")] | None = None
    tone: Tone | None = None
    weeks: Duration | None = None
    targets: Targets | None = None
    rate: Annotated[Rate, Kept("value")] | None = None
    share: Share | None = None
    value: Annotated[Flag, Kept("final")] | None = None
    firm: Annotated[Count | Word, Kept(number=lambda action, plan: plan.firm(action.firm))] | None = None

    @model_validator(mode="after")
    def _arguments(self) -> "Shock":
        needed = ShockKind.of(self.what).arguments
        for name in sorted({name for kind in ShockKind for name in kind.arguments}):
            given = getattr(self, name)
            if name in needed and given is None and name not in ShockKind.of(self.what).may_lack:
                raise problem(Said("shock_needs", what=self.what, list=", ".join(needed)), name, found=None)
            if name not in needed and given is not None:
                raise problem(Said("shock_takes", what=self.what, list=", ".join(needed)), name, found=given)
        if self.targets and not self.tone:
            raise problem(Said("tone_named"), "tone", found=self.tone)
        if self.tone and not self.targets:
            raise problem(Said("blamed"), "targets", found=None)
        for name in ("cost", "hours"):
            if getattr(self, name) is not None:
                raise problem(Said("shock_free"), name, found=getattr(self, name))
        return self


_MODELS = {
    get_args(model.model_fields["verb"].annotation): model
    for model in globals().copy().values()
    if isinstance(model, type) and issubclass(model, Action)
}

#: Model of each verb, in the order of the vocabulary.
VERBS: dict[str, type[Action]] = {verb: _MODELS[verb,] for verb in Verb.words()}

#: Any action of a plan; its verb says which.
PlanAction: Any = Annotated[Union[tuple(VERBS.values())], Field(discriminator="verb")]  # noqa: UP007
