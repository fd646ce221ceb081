"""The verbs of plans, with what each costs unless the plan says otherwise."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["COSTS", "ShockKind", "StrategyKey", "Verb"]


class Verb(IntEnum):
    """What a plan can do. The number is the code in compiled plans and event logs."""

    APPROACH = 1
    OFFER_TERMS = 2
    SIGN = 3
    SHARE_IDEA = 4
    HOLD_WORKSHOP = 5
    PUBLISH_SURVEY = 6
    PUBLISH_GUIDE = 7
    RUN_TRAINING = 8
    INFORM = 9
    LAUNCH_CAMPAIGN = 10
    ADJUST_CAMPAIGN = 11
    STOP_CAMPAIGN = 12
    RECRUIT_MESSENGER = 13
    GO_PUBLIC = 14
    GO_SHADOW = 15
    CREDIT = 16
    CLAIM_CREDIT = 17
    DEFER = 18
    INSIST = 19
    PROMISE = 20
    DELIVER = 21
    APOLOGISE = 22
    PAUSE = 23
    REAPPROACH = 24
    EXIT = 25
    APPLY_FUNDING = 26
    LOBBY = 27
    SET_STRATEGY = 28
    APPOINT_CHAMPION = 29
    SET_FOCAL_POINT = 30
    CELEBRATE = 31
    SHOCK = 32


class StrategyKey(IntEnum):
    """Standing rules that `set_strategy` changes."""

    REAPPROACH_INTERVAL = 0
    DEFERENCE = 1
    EXPECTATION = 2
    DISCLOSURE_BEFORE = 3
    DISCLOSURE_AFTER = 4
    VISIBILITY = 5
    JOINT_LEVEL = 6
    MEETING_SHARE = 7
    PUSH = 8
    GIVES_TIME = 9
    APPLY_YEARLY = 10


class ShockKind(IntEnum):
    """What may happen from outside."""

    CHAMPION_LEAVES = 0
    DIRECTOR_ABSENT = 1
    FOREIGN_STORM = 2
    POLICY_CHANGE = 3
    BUDGET_CUT = 4
    CAPACITY_CUT = 5
    GO_PUBLIC_FIRM = 6


#: Hours and EUR that a verb takes from the one who acts. All are assumptions.
COSTS: dict[Verb, tuple[float, float]] = {
    Verb.APPROACH: (8, 0),
    Verb.OFFER_TERMS: (12, 0),
    Verb.SIGN: (16, 0),  # of both
    Verb.SHARE_IDEA: (4, 0),
    Verb.HOLD_WORKSHOP: (24, 0),  # of both
    Verb.PUBLISH_SURVEY: (60, 20_000),
    Verb.PUBLISH_GUIDE: (60, 15_000),
    Verb.RUN_TRAINING: (16, 1_000),
    Verb.INFORM: (10, 500),
    Verb.LAUNCH_CAMPAIGN: (60, 0),  # and 30 h a week and unit of intensity; the budget is paid week by week
    Verb.ADJUST_CAMPAIGN: (4, 0),
    Verb.STOP_CAMPAIGN: (2, 0),
    Verb.RECRUIT_MESSENGER: (8, 5_000),  # a partner speaks for nothing
    Verb.GO_PUBLIC: (8, 0),
    Verb.GO_SHADOW: (2, 0),
    Verb.CREDIT: (2, 0),
    Verb.CLAIM_CREDIT: (12, 0),
    Verb.DEFER: (0, 0),
    Verb.INSIST: (0, 0),
    Verb.PROMISE: (1, 0),
    Verb.DELIVER: (16, 0),
    Verb.APOLOGISE: (4, 0),
    Verb.PAUSE: (0, 0),
    Verb.REAPPROACH: (8, 0),
    Verb.EXIT: (2, 0),
    Verb.APPLY_FUNDING: (40, 0),
    Verb.LOBBY: (20, 0),
    Verb.SET_STRATEGY: (0, 0),
    Verb.APPOINT_CHAMPION: (40, 0),  # and 4 h a week
    Verb.SET_FOCAL_POINT: (4, 0),  # and 2 h a week
    Verb.CELEBRATE: (8, 500),  # hours of both
    Verb.SHOCK: (0, 0),
}
