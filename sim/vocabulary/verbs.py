"""What plans can do, with what each verb costs; standing rules; shocks from outside."""

from __future__ import annotations

from sim.vocabulary.coded import Coded


class Verb(Coded):
    """What a plan can do: code in compiled plans and event logs, hours and EUR of the one who acts.

    Hours and EUR are assumptions, and a plan may say others.
    """

    def __init__(self, code: int, hours: float = 0.0, eur: float = 0.0) -> None:
        self.hours = hours
        self.eur = eur

    APPROACH = 1, 8
    OFFER_TERMS = 2, 12
    SIGN = 3, 16  # of both
    SHARE_IDEA = 4, 4
    HOLD_WORKSHOP = 5, 24  # of both
    PUBLISH_SURVEY = 6, 60, 20_000
    PUBLISH_GUIDE = 7, 60, 15_000
    RUN_TRAINING = 8, 16, 1_000  # the hours for 200 seats or fewer, and so on; at least 5 EUR a seat
    INFORM = 9, 2.5, 125  # each week; with other hours 50 EUR an hour
    LAUNCH_CAMPAIGN = 10, 60  # and 30 h a week and unit of intensity; the budget is paid week by week
    ADJUST_CAMPAIGN = 11, 4
    STOP_CAMPAIGN = 12, 2
    RECRUIT_MESSENGER = 13, 8, 5_000  # a partner speaks for nothing
    GO_PUBLIC = 14, 8
    GO_SHADOW = 15, 2
    CREDIT = 16, 2
    CLAIM_CREDIT = 17, 12
    DEFER = 18
    INSIST = 19
    PROMISE = 20, 1
    DELIVER = 21, 16
    APOLOGISE = 22, 4
    PAUSE = 23
    REAPPROACH = 24, 8
    EXIT = 25, 2
    APPLY_FUNDING = 26, 40
    LOBBY = 27, 20
    SET_STRATEGY = 28
    APPOINT_CHAMPION = 29, 40  # and 4 h a week
    SET_FOCAL_POINT = 30, 4  # and 2 h a week
    CELEBRATE = 31, 8, 500  # hours of both
    SHOCK = 32
    EXPLAIN_ROLE = 33, 8  # of both
    WARN = 34, 4  # twice as many, of both, to show the text
    SUSPEND = 35, 2  # of both if accepted


class Strategy(Coded):
    """Standing rules that `set_strategy` changes; an organisation may start with them. 8 is never used again."""

    REAPPROACH_INTERVAL = 0
    DEFERENCE = 1
    EXPECTATION = 2
    DISCLOSURE_BEFORE = 3
    DISCLOSURE_AFTER = 4
    VISIBILITY = 5
    JOINT_LEVEL = 6
    MEETING_SHARE = 7
    GIVES_TIME = 9
    APPLY_YEARLY = 10


class Expectation(Coded):
    """What an organisation expects of its partners."""

    HIGH = 0
    MEDIUM = 1
    LOW = 2
    ADAPTIVE = 3


class Working(Coded):
    """How an organisation wants to be seen at work with others; FIRM leaves the choice to the firm."""

    PUBLIC = 0
    SHADOW = 1
    FIRM = 2


class Shock(Coded):
    """What may happen from outside, with the arguments that each takes; what stands in brackets may be left out."""

    def __init__(self, code: int, *arguments: str) -> None:
        self.arguments = tuple(name.strip("[]") for name in arguments)
        self.may_lack = tuple(name.strip("[]") for name in arguments if name.startswith("["))

    CHAMPION_LEAVES = 0, "org"
    DIRECTOR_ABSENT = 1, "dyad"
    FOREIGN_STORM = 2, "size", "tone", "weeks", "[targets]"
    POLICY_CHANGE = 3, "rate"
    BUDGET_CUT = 4, "org", "share", "[weeks]"
    CAPACITY_CUT = 5, "org", "share", "weeks"
    GO_PUBLIC_FIRM = 6, "firm"
    DIRECTOR_CHANGES = 7, "org"
    ELIGIBILITY = 8, "org", "value"
    POOL = 9, "org", "share"
