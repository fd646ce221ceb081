"""The verbs of a plan: one model each, with its arguments, their ranges and defaults.

Organisations are named by id; whether they exist is checked by `sim.scenarios.references`, which knows the
whole scenario. Durations are weeks, money is EUR; ``cost`` and ``hours`` replace what a verb costs.
"""

# Pydantic reads the annotations at run time, so this module goes without postponed annotations.

import datetime
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, model_validator

from sim.parameters import AUDIENCES
from sim.scenarios.fields import (
    CONTRACT_ITEMS,
    ELEMENTS,
    STRUCTURE_ITEMS,
    Contract,
    Count,
    Due,
    Duration,
    Euro,
    Flag,
    Frozen,
    Hours,
    Label,
    Members,
    Share,
    Structure,
    Text,
    Weekly,
    When,
    Word,
    Words,
    choices,
    integer,
    problem,
    real,
)
from sim.scenarios.organisations import Deference

__all__ = [
    "ORGANISATION_FIELDS",
    "SHARE_TOLD",
    "STRATEGY_KEYS",
    "VERBS",
    "Action",
    "Adjust",
    "Apologise",
    "ApplyFunding",
    "AppointChampion",
    "Approach",
    "Celebrate",
    "ClaimCredit",
    "Credit",
    "Defer",
    "Deliver",
    "Exit",
    "Format",
    "GoPublic",
    "GoShadow",
    "HoldWorkshop",
    "Inform",
    "Insist",
    "LaunchCampaign",
    "Lobby",
    "OfferTerms",
    "Pause",
    "PlanAction",
    "Promise",
    "PublishGuide",
    "PublishSurvey",
    "Reapproach",
    "RecruitMessenger",
    "RunTraining",
    "SetFocalPoint",
    "SetStrategy",
    "ShareIdea",
    "Shock",
    "Sign",
    "StopCampaign",
]

#: Share of a bundle that becomes known, by the way it is told.
SHARE_TOLD = {"list": 1.0, "teaser": 0.2, "guide": 0.6, "workshop": 0.5}

#: How often a repeated action acts if the plan does not say.
DEFAULT_REPEATS = 40

#: Arguments that hold organisation ids (one, or a list).
ORGANISATION_FIELDS = (
    "by",
    "to",
    "with",
    "org",
    "who",
    "about",
    "members",
    "partnership",
    "dyad",
    "cosenders",
    "channel",
    "messenger",
)

Visibility = Literal["public", "shadow"]
CampaignTopic = Literal["work_equality", "violence", "gender_general"]
Quarrel = Literal["words", "pictures", "channel"]
Tone = Share
Intensity = Annotated[float, real(0.0, 3.0)]


class Action(Frozen):
    """What all actions have: when they are due, how often, and a name to refer to them.

    ``when`` is a date, a week index or the text of a condition. With ``repeat_every`` (weeks) an action acts
    at most ``max_times`` times.
    """

    verb: str
    when: When
    label: Label | None = None
    repeat_every: Duration | None = None
    max_times: Annotated[int, integer(1, 5200)] = 1
    cost: Euro | None = None
    hours: Hours | None = None

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
            raise problem("1 without repeat_every", "max_times", found=self.max_times)
        return self

    @property
    def actor(self) -> str | None:
        """Who acts: the one whose hours and money are used. None for a shock from outside."""
        for name in ("by", "org"):
            found = getattr(self, name, None)
            if found is not None and not isinstance(self, Shock):
                return str(found)
        members: tuple[str, ...] = getattr(self, "members", ())
        return members[0] if members else None

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
    """Ask an organisation to meet or to become a partner."""

    verb: Literal["approach"]
    by: Word
    to: Word
    ask: Share = 0.3
    tone: Literal["positive", "neutral", "critical"] = "positive"
    visibility: Visibility = "public"
    direct: Flag | None = None
    purpose: Literal["partnership", "meeting"] = "partnership"


class _Terms(Action):
    """Contract and structure items that can be agreed."""

    items: Contract = ()
    structure: Structure = ()

    @property
    def contract_score(self) -> float:
        """Share of the contract items."""
        return len(self.items) / len(CONTRACT_ITEMS)

    @property
    def structure_score(self) -> float:
        """Share of the structure items."""
        return len(self.structure) / len(STRUCTURE_ITEMS)


class OfferTerms(_Terms):
    """Offer terms of partnership; a firm then decides what to do with the ideas."""

    verb: Literal["offer_terms"]
    by: Word
    to: Word
    menu: Annotated[tuple[str, ...], choices(("public", "shadow"), least=1)] = ("public",)
    model: Literal["add_on", "integrated"] | None = None
    deference: Deference | None = None
    ask: Share = 0.5


class Sign(_Terms):
    """Sign an agreement; the short form with seven items unless said otherwise. The first member asks."""

    verb: Literal["sign"]
    members: Members
    items: Contract = CONTRACT_ITEMS[:7]


class ShareIdea(Action):
    """Tell an organisation part of a bundle of ideas."""

    verb: Literal["share_idea"]
    by: Word
    to: Word
    bundle: Word | None = None
    how: Literal["list", "teaser", "guide", "workshop"] | None = None
    share: Share | None = None

    @model_validator(mode="after")
    def _some(self) -> "ShareIdea":
        if self.how is None and self.share is None:
            raise problem(f"how = one of {', '.join(SHARE_TOLD)}, or share from 0 to 1", "how", found=None)
        return self

    @property
    def share_told(self) -> float:
        """Share of the bundle that is known afterwards (never less than before)."""
        return SHARE_TOLD[self.how or "list"] if self.share is None else self.share


class HoldWorkshop(Action):
    """Work on a bundle of ideas together."""

    verb: Literal["hold_workshop"]
    by: Word
    with_: Word = Field(alias="with")
    bundle: Word | None = None


class PublishSurvey(Action):
    """Publish a survey with n answers; ``method`` is its quality."""

    verb: Literal["publish_survey"]
    by: Word
    n: Count
    method: Share = 1.0


class PublishGuide(Action):
    """Publish a guide of good practice, alone or with a partner."""

    verb: Literal["publish_guide"]
    by: Word
    with_: Word | None = Field(default=None, alias="with")


class RunTraining(Action):
    """Open training seats and announce them in the channels of the organisations named (default: the own)."""

    verb: Literal["run_training"]
    by: Word
    with_: Word | None = Field(default=None, alias="with")
    channel: Words = ()
    seats: Count = 200


class Inform(Action):
    """Spread information for some weeks."""

    verb: Literal["inform"]
    by: Word
    channel: Words = ()
    weeks: Duration = 4


class Format(Frozen):
    """Shares of the posts of a campaign by kind."""

    video: Share = 0.0
    photo: Share = 0.0
    text: Share = 0.0

    @model_validator(mode="after")
    def _whole(self) -> "Format":
        total = self.video + self.photo + self.text
        if total > 1.0 + 1e-9:
            raise problem("shares that sum to at most 1", found=round(total, 9))
        return self


class LaunchCampaign(Action):
    """Start a campaign: ``tone`` is how critical it is (0 praise, 1 blame), ``stunt`` how surprising.

    ``exposures`` replaces the computed reach, week by week.
    """

    verb: Literal["launch_campaign"]
    by: Word
    cosenders: Words = ()
    tone: Tone = 0.5
    intensity: Intensity = 1.0
    weeks: Duration = 8
    format: Format = Format()
    messenger: Word | None = None
    budget: Euro = 0.0
    budget_share: Share = 0.0
    stunt: Share = 0.0
    topic: CampaignTopic | None = None
    audience: Annotated[tuple[str, ...], choices(AUDIENCES)] = ("public",)
    elements: Annotated[tuple[str, ...], choices(ELEMENTS)] = ("communication",)
    exposures: Weekly | None = None

    @model_validator(mode="after")
    def _senders(self) -> "LaunchCampaign":
        if self.by in self.cosenders:
            raise problem("other organisations than by", "cosenders", found=self.by)
        if self.exposures is not None and len(self.exposures) > self.weeks:
            raise problem(f"at most one number for each of {self.weeks} weeks", "exposures", found=len(self.exposures))
        return self


class Adjust(Action):
    """Change a running campaign, named by the label of its launch (default: the last one of ``by``)."""

    verb: Literal["adjust_campaign"]
    by: Word
    campaign: Label | None = None
    tone: Tone | None = None
    intensity: Intensity | None = None
    budget: Euro | None = None
    weeks: Duration | None = None

    @model_validator(mode="after")
    def _some(self) -> "Adjust":
        if all(value is None for value in (self.tone, self.intensity, self.budget, self.weeks)):
            raise problem("at least one of tone, intensity, budget, weeks", "tone", found=None)
        return self


class StopCampaign(Action):
    """End a running campaign, named by the label of its launch (default: the last one of ``by``)."""

    verb: Literal["stop_campaign"]
    by: Word
    campaign: Label | None = None


class RecruitMessenger(Action):
    """Win somebody who will speak for the campaigns of the next half year."""

    verb: Literal["recruit_messenger"]
    by: Word
    who: Word


class GoPublic(Action):
    """Make a partnership in the shadows public; the other member has to agree."""

    verb: Literal["go_public"]
    partnership: Members
    by: Word


class GoShadow(Action):
    """Take a public partnership out of sight."""

    verb: Literal["go_shadow"]
    partnership: Members
    by: Word


class Credit(Action):
    """Name the owner of a bundle as the source (``by`` used it), or name a firm that agreed to it."""

    verb: Literal["credit"]
    by: Word
    about: Word
    bundle: Word | None = None


class ClaimCredit(Action):
    """Say in public that somebody uses one's ideas without naming the source."""

    verb: Literal["claim_credit"]
    by: Word
    about: Word
    bundle: Word | None = None


class Defer(Action):
    """Give way in this week's disagreements, or in those on one topic."""

    verb: Literal["defer"]
    by: Word
    with_: Word = Field(alias="with")
    topic: Quarrel | None = None


class Insist(Action):
    """Never give way in this week's disagreements, or in those on one topic."""

    verb: Literal["insist"]
    by: Word
    with_: Word = Field(alias="with")
    topic: Quarrel | None = None


class Promise(Action):
    """Promise something (a word of one's own choice) until a date or week."""

    verb: Literal["promise"]
    by: Word
    to: Word
    what: Label
    due: Due
    weight: Share | None = None

    def due_week(self, start: datetime.date) -> int:
        """Week index in which the promise has to be kept."""
        return week_index(self.due, start)


class Deliver(Action):
    """Keep an open promise."""

    verb: Literal["deliver"]
    by: Word
    to: Word
    what: Label


class Apologise(Action):
    """Apologise; costs a little credibility with the own supporters."""

    verb: Literal["apologise"]
    by: Word
    to: Word


class Pause(Action):
    """Give an organisation time: nobody is approached again for so many weeks."""

    verb: Literal["pause"]
    by: Word
    to: Word
    weeks: Duration


class Reapproach(Action):
    """Try to win a partner back who has left."""

    verb: Literal["reapproach"]
    by: Word
    to: Word


class Exit(Action):
    """Leave a partnership, for good if ``final``."""

    verb: Literal["exit"]
    by: Word
    partnership: Members
    final: Flag = False


class ApplyFunding(Action):
    """Apply for a grant for next year's project; before the round of mid-December, and only if eligible."""

    verb: Literal["apply_funding"]
    by: Word
    amount: Euro


class Lobby(Action):
    """Talk to politicians; what is talked about is the demand of [policy]."""

    verb: Literal["lobby"]
    by: Word
    on: Text | None = None


class AppointChampion(Action):
    """Put a committed person in place."""

    verb: Literal["appoint_champion"]
    org: Word


class SetFocalPoint(Action):
    """Name a contact person for a partnership."""

    verb: Literal["set_focal_point"]
    org: Word
    partnership: Members


class Celebrate(Action):
    """Celebrate what the partnership reached."""

    verb: Literal["celebrate"]
    partnership: Members
    by: Word


_EXPECTATIONS = ("high", "medium", "low", "adaptive")
_WORD_KEYS = {
    "expectation": _EXPECTATIONS,
    "deference": get_args(Deference),
    "visibility": ("public", "shadow", "firm"),
}
_NUMBER_KEYS = {
    "push": 1.0,
    "disclosure_before": 1.0,
    "disclosure_after": 1.0,
    "joint_level": 1.0,
    "meeting_share": 0.8,
}

#: Standing rules that a plan may set; the other strategies are ways to write a plan.
STRATEGY_KEYS = ("reapproach_interval", *_WORD_KEYS, "gives_time", "apply_yearly", *_NUMBER_KEYS)
#: Short name of a rule, as in the equations.
_STRATEGY_SYMBOLS = {"re_int": "reapproach_interval"}


class SetStrategy(Action):
    """Set a standing rule from now on."""

    verb: Literal["set_strategy"]
    by: Word
    key: str
    value: bool | float | str

    @model_validator(mode="before")
    @classmethod
    def _check(cls, data: Any) -> Any:
        if not isinstance(data, dict) or "key" not in data or "value" not in data:
            return data
        key = _STRATEGY_SYMBOLS.get(str(data["key"]), data["key"])
        if key not in STRATEGY_KEYS:
            raise problem(f"one of {', '.join(STRATEGY_KEYS)}", "key", found=key)
        return {**data, "key": key, "value": _strategy_value(key, data["value"])}


def _strategy_value(key: str, value: object) -> bool | float | str:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if key in _WORD_KEYS:
        if value in _WORD_KEYS[key]:
            return str(value)
        raise problem(f"one of {', '.join(_WORD_KEYS[key])} for {key}", "value", found=value)
    if key in ("gives_time", "apply_yearly"):
        if isinstance(value, bool):
            return value
        raise problem(f"true or false for {key}", "value", found=value)
    if key == "reapproach_interval":
        if value == "never" or (number and 8 <= value <= 104):  # type: ignore[operator]
            return "never" if value == "never" else float(value)  # type: ignore[arg-type]
        raise problem('a number of weeks from 8 to 104 or "never" for reapproach_interval', "value", found=value)
    if number and 0.0 <= value <= _NUMBER_KEYS[key]:  # type: ignore[operator]
        return float(value)  # type: ignore[arg-type]
    raise problem(f"a number from 0 to {_NUMBER_KEYS[key]:g} for {key}", "value", found=value)


_SHOCK_ARGUMENTS = {
    "champion_leaves": ("org",),
    "director_absent": ("dyad",),
    "foreign_storm": ("size", "tone", "weeks"),
    "policy_change": ("p0_factor",),
    "budget_cut": ("org", "share"),
    "capacity_cut": ("org", "share", "weeks"),
    "go_public_firm": ("firm",),
}


class Shock(Action):
    """Something that happens from outside; each kind takes its own arguments, all of them needed.

    champion_leaves (org), director_absent (dyad: two ids, the second one's director), foreign_storm (size in
    items a week, tone, weeks), policy_change (p0_factor), budget_cut (org, share), capacity_cut (org, share,
    weeks), go_public_firm (firm: number from 1, or id).
    """

    verb: Literal["shock"]
    what: Literal[
        "champion_leaves",
        "director_absent",
        "foreign_storm",
        "policy_change",
        "budget_cut",
        "capacity_cut",
        "go_public_firm",
    ]
    org: Word | None = None
    dyad: Members | None = None
    size: Annotated[float, real(0.0, 10_000.0)] | None = None
    tone: Tone | None = None
    weeks: Duration | None = None
    p0_factor: Annotated[float, real(0.0, 100.0)] | None = None
    share: Share | None = None
    firm: Count | Word | None = None

    @model_validator(mode="after")
    def _arguments(self) -> "Shock":
        needed = _SHOCK_ARGUMENTS[self.what]
        for name in sorted({name for names in _SHOCK_ARGUMENTS.values() for name in names}):
            given = getattr(self, name)
            if name in needed and given is None:
                raise problem(f"a value for {self.what}, which needs {', '.join(needed)}", name, found=None)
            if name not in needed and given is not None:
                raise problem(f"no such key: {self.what} takes {', '.join(needed)}", name, found=given)
        for name in ("cost", "hours"):
            if getattr(self, name) is not None:
                raise problem("no such key: a shock costs nobody anything", name, found=getattr(self, name))
        return self


PlanAction = Annotated[
    Approach
    | OfferTerms
    | Sign
    | ShareIdea
    | HoldWorkshop
    | PublishSurvey
    | PublishGuide
    | RunTraining
    | Inform
    | LaunchCampaign
    | Adjust
    | StopCampaign
    | RecruitMessenger
    | GoPublic
    | GoShadow
    | Credit
    | ClaimCredit
    | Defer
    | Insist
    | Promise
    | Deliver
    | Apologise
    | Pause
    | Reapproach
    | Exit
    | ApplyFunding
    | Lobby
    | SetStrategy
    | AppointChampion
    | SetFocalPoint
    | Celebrate
    | Shock,
    Field(discriminator="verb"),
]

#: Model of each verb.
VERBS: dict[str, type[Action]] = {
    get_args(model.model_fields["verb"].annotation)[0]: model for model in get_args(get_args(PlanAction)[0])
}
