"""What partnerships are made of: states, terms, elements, requests, rules of giving way."""

from __future__ import annotations

from sim.vocabulary.coded import Coded


class State(Coded):
    """Where a partnership stands (the order matters: active means INFORMAL or FORMAL)."""

    NONE = 0
    CONTACT = 1
    INFORMAL = 2
    FORMAL = 3
    COOLING = 4
    ENDED = 5


class Visibility(Coded):
    """Whether the public sees a partnership."""

    PUBLIC = 0
    SHADOW = 1


class Integration(Coded):
    """The model of a partnership with a firm: beside its core business, or within it."""

    ADD_ON = 0
    INTEGRATED = 1


class Deference(Coded):
    """Who gives way in a disagreement."""

    EXPERTISE = 0
    LEAD = 1
    ALTERNATE = 2
    NEVER = 3


class Purpose(Coded):
    """What an approach asks for."""

    PARTNERSHIP = 0
    MEETING = 1


class AskingTone(Coded):
    """The tone of an approach; half the number is the friendliness that the reply reads."""

    POSITIVE = 2
    NEUTRAL = 1
    CRITICAL = 0


class Request(Coded):
    """What one organisation can ask of another; the reply comes in step 4 of the week."""

    APPROACH = 0
    TERMS = 1
    SIGN = 2
    GO_PUBLIC = 3
    REAPPROACH = 4
    SUSPENSION = 5


class Promised(Coded):
    """What has become of a promise; a row without one is 0."""

    OPEN = 1
    KEPT = 2
    BROKEN = 3
    CANCELLED = 4


class EffectKind(Coded):
    """Kinds of effects between two organisations that wait for the trust step of their week, in its order."""

    CREDIT = 0
    CLAIM = 1
    BREACH_ROLE = 2
    BREACH_INTEGRITY = 3
    APOLOGY = 4
    REALISED = 5  # nothing broken: only the expectation learns


class ContractItem(Coded):
    """Items of a partnership contract; the first seven are the short agreement, the eighth is the rule on credit.

    The last says that members may criticise each other in public.
    """

    EFFECTS = 0
    GOALS = 1
    ACTIVITIES = 2
    SUCCESS_CRITERIA = 3
    TIMETABLE = 4
    BUDGET = 5
    DECISION_RIGHTS = 6
    CREDIT_CLAUSE = 7
    CRITICISM_ALLOWED = 8


class StructureItem(Coded):
    """Items that hold a partnership together in daily work."""

    FOCAL_POINTS = 0
    COORDINATION_UNIT = 1
    BASELINE = 2
    MONITORING = 3
    JOINT_INDICATORS = 4
    LEARNING_EVENTS = 5
    JOB_DESCRIPTIONS = 6
    LEAD_MINISTRY = 7


class Element(Coded):
    """What partners may do together."""

    SURVEY = 0
    INFORMATION = 1
    TRAINING = 2
    GUIDE = 3
    COMMUNICATION = 4


CONTRACT_ITEMS = ContractItem.words()
SCORED_ITEMS = 8  # a contract of more items is not more complete
STRUCTURE_ITEMS = StructureItem.words()
