"""Rows of a scenario file that say who is there and how they stand at the start."""

# Pydantic reads the annotations at run time, so this module goes without postponed annotations.

import datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, model_validator

from sim.scenarios.fields import (
    Contract,
    Euro,
    Flag,
    Frozen,
    Hours,
    Members,
    OneOf,
    Share,
    Signed,
    SomeOf,
    Structure,
    Text,
    Whose,
    Word,
    integer,
    problem,
    real,
)
from sim.vocabulary.audiences import AUDIENCES, SKILLS, Audience
from sim.vocabulary.kinds import KINDS
from sim.vocabulary.partnerships import (
    SCORED_ITEMS,
    STRUCTURE_ITEMS,
    Deference,
    Element,
    Integration,
    State,
    Visibility,
)
from sim.vocabulary.topics import Quarrel
from sim.vocabulary.verbs import Expectation, Working
from sim.words.language import Said


def _ids(value: object) -> tuple[str, ...]:
    if isinstance(value, (list, tuple)) and all(isinstance(name, str) for name in value):
        return tuple(value)
    raise problem(Said("measures"))


#: Share of the population that an audience is.
_SHARES = {"employers": 0.02, "employees": 0.6, "supporters": 0.02}
Ids = Annotated[tuple[str, ...], BeforeValidator(_ids)]
Persons = Annotated[float, real(1.0, 1e10)]

_TYPES = tuple(code for code in KINDS if code != "flagship")


def _type(value: object) -> str:
    if value == "flagship":
        raise problem(Said("flagship_type"))
    if not isinstance(value, str) or value not in _TYPES:
        raise problem(Said("one_of", list=", ".join(_TYPES)))
    return value


def _patience(value: object) -> float | Literal["never"]:
    if value == "never":
        return "never"
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 8 <= value <= 104:
        return float(value)
    raise problem(Said("interval"))


Patience = Annotated[float | Literal["never"], BeforeValidator(_patience)]


def _by_name(names: tuple[str, ...]) -> BeforeValidator:
    """Accept a table that gives some of the names a share."""

    def check(value: object) -> dict[str, float]:
        if not isinstance(value, dict):
            raise problem(Said("table_of", list=", ".join(names)))
        for name, number in value.items():
            if name not in names:
                raise problem(Said("one_of", list=", ".join(names)), name, found=name)
            good = isinstance(number, (int, float)) and not isinstance(number, bool)
            if not good or not 0.0 <= number <= 1.0:
                raise problem(Said("number", low=0, high=1), name, found=number)
        return {name: float(value[name]) for name in names if name in value}

    return BeforeValidator(check)


def _years(value: object) -> tuple[int, ...]:
    if isinstance(value, (list, tuple)) and all(isinstance(y, int) and 1900 <= y <= 2300 for y in value):
        years = tuple(value)
        if not years or years == tuple(range(years[0], years[0] + len(years))):
            return years
    raise problem(Said("years"))


def _levels(value: object) -> tuple[float, ...]:
    listed = [value] if isinstance(value, (int, float)) else value
    if isinstance(listed, (list, tuple)) and 1 <= len(listed) <= 5200:
        numbers = [x for x in listed if isinstance(x, (int, float)) and not isinstance(x, bool) and 0 <= x <= 1]
        if len(numbers) == len(listed):
            return tuple(float(x) for x in numbers)
    raise problem(Said("weekly_of", rest=Said("number", low=0, high=1)))


def _bounds(value: object) -> tuple[float, ...]:
    bounds = _levels(value) if isinstance(value, (list, tuple)) else ()
    if len(bounds) != 2 or bounds[0] > bounds[1]:
        raise problem(Said("two_shares"))
    return bounds


def _membership(value: object) -> float | tuple[str, ...]:
    if isinstance(value, (list, tuple)):
        return tuple(_listed(value))
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value)
    raise problem(Said("share_or_firms"))


def _listed(value: Any) -> Any:
    if not all(isinstance(name, str) for name in value) or len(set(value)) != len(value):
        raise problem(Said("each_once", rest=Said("share_or_firms")))
    return value


Bounds = Annotated[tuple[float, ...], BeforeValidator(_bounds)]


def _day_of_year(value: object) -> str:
    try:
        return f"{datetime.datetime.strptime(f'2000-{value}', '%Y-%m-%d'):%m-%d}"
    except ValueError:
        raise problem(Said("day_of_year")) from None


class Evidenced(Frozen):
    """A row whose start values are marked as evidence from a source or as assumption."""

    evidence: bool | tuple[str, ...] = False

    #: Keys that are no start values, so that they cannot be marked.
    _not_values: ClassVar[frozenset[str]] = frozenset({"evidence"})

    @model_validator(mode="before")
    @classmethod
    def _marks(cls, data: Any) -> Any:
        marks = data.get("evidence", False) if isinstance(data, dict) else False
        if isinstance(marks, bool):
            return data
        names = [name for name in cls.model_fields if name not in cls._not_values]
        if isinstance(marks, str) or not isinstance(marks, (list, tuple)):
            raise problem(Said("evidence_marks"), "evidence", found=marks)
        for mark in marks:
            if mark not in names:
                raise problem(Said("names_from", list=", ".join(names)), "evidence", found=mark)
        return data

    def is_evidence(self, key: str) -> bool:
        """Whether the start value under a key comes from a source; all others are assumptions."""
        return self.evidence if isinstance(self.evidence, bool) else key in self.evidence


class Organisation(Evidenced):
    """One organisation; a start value left out is the one of its type (`sim.vocabulary.kinds`).

    ``expertise`` is who knows better in disagreements about words, pictures and channel; left out, skills in content
    and channel say so. ``reach`` is the share of each audience within reach of its own channels.
    ``need`` is how badly an area (a commune, a school) needs partners among firms, which find it the easier to say yes.
    ``funds`` says whether it gives grants to projects, ``pool`` how much in a year at most.
    ``csr`` says whether a firm has a strategy for its social responsibility; left out, each replicate draws it.
    The next block holds standing rules: how it behaves when the plan says nothing; ``leaves_by_itself = false`` keeps
    an organisation in its partnerships until the plan says exit. ``members`` of a federation is the share of the
    firms that belong to it, or a list of firm ids; left out, every firm belongs to exactly one of the federations
    without it.
    """

    _not_values = frozenset({"evidence", "id", "type", "name"})

    id: Word
    type: Annotated[str, BeforeValidator(_type)]
    name: Text | None = None
    flagship: Flag = False

    stance: Signed | None = None
    exposure: Share | None = None
    role: Share | None = None
    champion: Share | None = None
    top: Share | None = None
    direct: Flag = True
    csr: Flag | None = None
    eligible: Flag | None = None
    capacity: Hours | None = None
    annual_budget: Euro | None = None
    followers: Annotated[float, real(0.0, 1e10)] | None = None
    evidence_stock: Share | None = None
    credibility: Annotated[dict[str, float], _by_name(AUDIENCES)] = Field(default_factory=dict)
    skills: Annotated[dict[str, float], _by_name(SKILLS)] = Field(default_factory=dict)
    expertise: Annotated[dict[str, float], _by_name(Quarrel.words())] = Field(default_factory=dict)
    reach: Annotated[dict[str, float], _by_name(AUDIENCES)] = Field(default_factory=dict)

    reapproach_interval: Patience | None = None
    expectation: Annotated[str, OneOf(Expectation)] | None = None
    deference: Annotated[str, OneOf(Deference)] | None = None
    gives_time: Flag = False
    apply_yearly: Flag = False
    need: Share = 0.0
    funds: Flag | None = None
    pool: Euro | None = None
    in_plan_years: Annotated[tuple[int, ...], BeforeValidator(_years)] = ()
    disclosure_before: Share = 0.0
    disclosure_after: Share = 1.0
    visibility: Annotated[str, OneOf(Working)] | None = None
    leaves_by_itself: Flag = True

    members: Annotated[float | tuple[str, ...], BeforeValidator(_membership)] | None = None

    @model_validator(mode="after")
    def _flagship_is_a_firm(self) -> "Organisation":
        if self.flagship and self.type != "firm":
            raise problem(Said("flagship_firm"), "flagship", found=True)
        return self

    @property
    def kind(self) -> str:
        """Key of the start values in `sim.vocabulary.kinds.KINDS`."""
        return "flagship" if self.flagship else self.type


class Dyad(Evidenced):
    """How two organisations stand to each other; ``x_ab`` is what a feels, ``x_ba`` what b feels.

    Trust_ab is the trust of a in b, value_ba the value of the partnership to b, grievance_ba the grievance of
    b against a, expectation_ab what a expects of b. Distance, fit and the anchor of trust hold for both;
    role_ab is how far a sees criticism by b as its job. ``member`` says whether a firm is a member of the federation,
    so that the federation reaches it and hears its complaints; left out, it is by default or by chance;
    ``fit_bonus`` is added to the fit of the partnership's model (a cause that both believe in, such as children).
    """

    _not_values = frozenset({"evidence", "a", "b"})

    a: Word
    b: Word
    trust_ab: Share | None = None
    trust_ba: Share | None = None
    anchor: Share | None = None
    distance: Share | None = None
    value_ab: Share | None = None
    value_ba: Share | None = None
    fit: Share | None = None
    fit_bonus: Share = 0.0
    expectation_ab: Share | None = None
    expectation_ba: Share | None = None
    grievance_ab: Share | None = None
    grievance_ba: Share | None = None
    role_ab: Share | None = None
    role_ba: Share | None = None
    member: Flag | None = None

    @model_validator(mode="after")
    def _two(self) -> "Dyad":
        if self.a == self.b:
            raise problem(Said("not_a"), "b", found=self.b)
        return self


class Season(Frozen):
    """A part of every year with its own level of joint work: weeks whose Monday lies in it, ends included."""

    start: Annotated[str, BeforeValidator(_day_of_year)]
    end: Annotated[str, BeforeValidator(_day_of_year)]
    joint: Share = 1.0

    @model_validator(mode="after")
    def _forward(self) -> "Season":
        if self.end < self.start:
            raise problem(Said("after_start"), "end", found=self.end)
        return self

    def holds(self, monday: datetime.date) -> bool:
        """Whether a week belongs to the season."""
        return self.start <= f"{monday:%m-%d}" <= self.end


class Drawn(Frozen):
    """What every replicate draws about a partnership: probabilities, and the bounds of uniform draws.

    ``integrated``: of the integrated model (else add-on); ``formal``: that it is signed as soon as it forms;
    ``direct``: of access to somebody who can decide; ``structure``, ``trust``: lowest and highest value.
    """

    integrated: Share | None = None
    formal: Share | None = None
    direct: Share | None = None
    structure: Bounds | None = None
    trust: Bounds | None = None


class Partnership(Evidenced):
    """A partnership; its first member is the one who asked. With three and more members each answers for itself.

    ``state`` none means that it may form in the run: the first member asks the others with the verb approach.
    ``elements`` are what is done together, ``element_eur`` the money put into them; without elements a project.
    ``term`` is a term in weeks, after which both decide on going on; 0 leaves the partnership open.
    ``drawn`` lets every replicate draw some of its traits.

    ``joint`` is the joint work of a week from 0 to 1; a list gives it week by week, and its last number holds on.
    ``lead`` applies for money (default: the first member); ``grant`` is granted for the first project year, and
    ``advertising_share`` of every grant is kept for campaigns.
    """

    _not_values = frozenset({"evidence", "members"})

    members: Members
    state: Annotated[str, OneOf(State, State.ENDED)] = "informal"
    visibility: Annotated[str, OneOf(Visibility)] = "public"
    model: Annotated[str, OneOf(Integration)] | None = None
    items: Contract = ()
    structure: Structure = ()
    term: Annotated[int, integer(0, 5200)] = 0
    joint: Annotated[tuple[float, ...], BeforeValidator(_levels)] | None = None
    season: Season | None = None
    elements: Annotated[tuple[str, ...], SomeOf(Element)] = ()
    element_eur: dict[str, Euro] = Field(default_factory=dict)
    drawn: Drawn | None = None
    lead: Word | None = None
    grant: Euro = 0.0
    advertising_share: Share = 0.35

    @model_validator(mode="after")
    def _known_elements(self) -> "Partnership":
        for name in self.element_eur:
            if name not in self.elements:
                expected = Said("elements", list=", ".join(self.elements)) if self.elements else Said("elements_first")
                raise problem(expected, "element_eur", found=name)
        return self

    @model_validator(mode="after")
    def _member_leads(self) -> "Partnership":
        if self.lead is not None and self.lead not in self.members:
            raise problem(Said("member"), "lead", found=self.lead)
        return self

    @property
    def initiator(self) -> str:
        """Who asked for the partnership."""
        return self.members[0]

    @property
    def contract_score(self) -> float:
        """Share of the contract items agreed."""
        return min(1.0, len(self.items) / SCORED_ITEMS)

    @property
    def structure_score(self) -> float:
        """Share of the structure items in place."""
        return len(self.structure) / len(STRUCTURE_ITEMS)


class Idea(Evidenced):
    """A bundle of ideas: what its owner could tell others."""

    _not_values = frozenset({"evidence", "id", "owner"})

    id: Word
    owner: Word
    quality: Share = 1.0


class AudienceSizes(Frozen):
    """How many people there are to reach, in the arena and of each audience.

    Left out, 60 % are employees, 2 % managers and 2 % supporters, and 500 people are politicians.
    """

    population: Persons = 1_000_000.0
    employers: Persons | None = None
    employees: Persons | None = None
    politicians: Persons = 500.0
    supporters: Persons | None = None

    def size(self, audience: str) -> float:
        """Persons of an audience."""
        if audience == Audience.PUBLIC.word:
            return self.population
        given: float | None = getattr(self, audience)
        return self.population * _SHARES[audience] if given is None else given


class Goal(Frozen):
    """What the case is about: ids of the measures that are told first, and the organisations whose partnerships count.

    Left out, the measures are how many firms act, and for how long; all partnerships count. ``matters`` gives measures
    another smallest difference that matters than their unit has.
    """

    measures: Ids = ()
    stake: Whose = ()
    matters: dict[str, Annotated[float, real(0.0, 1e12)]] = Field(default_factory=dict)


class Firms(Frozen):
    """The ordinary firms that may take up measures."""

    number: Annotated[int, integer(1, 1_000_000)] = 200
    network: Literal["ring", "complete", "none"] = "ring"
