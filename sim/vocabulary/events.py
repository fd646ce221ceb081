"""What the event log can tell: kinds of events with what they carry, reasons of refusals, labels of exits."""

from __future__ import annotations

from sim.vocabulary.coded import Coded
from sim.vocabulary.uptake import Route

NUMBERS = 8  # numbers that an event may carry
CAUSES = 16  # cause terms that an event may carry

_REPLY = "probability uniform ask meeting"
_WILLINGNESS = "base trust fit value evidence champion direct heat grievance ask flank tone contract top format need"
_ROUTES = " ".join(Route.words())


class EventKind(Coded):
    """Kinds of events, with the names of their numbers and causes; the order is that in which a week is told."""

    def __init__(self, code: int, numbers: str = "", causes: str = "") -> None:
        self.numbers = tuple(numbers.split())
        self.causes = tuple(causes.split())

    CHAMPION_LEFT = 1, "", "hazard_sum"
    CHAMPION_CAME = 2, "appointed"
    WINDOW_OPENED = 3
    SHOCK = 4, "size"
    PLAN_DECIDED = 5, "yes probability_of_yes", "base external ask champion in_plan"
    ACTION_DONE = 6, "verb eur hours reason"
    ACTION_REFUSED = 7, "verb eur hours reason"
    APPROACH_ACCEPTED = 8, _REPLY, _WILLINGNESS
    APPROACH_REFUSED = 9, _REPLY, _WILLINGNESS
    TERMS_ACCEPTED = 10, _REPLY, _WILLINGNESS
    TERMS_REFUSED = 11, _REPLY, _WILLINGNESS
    SIGN_ACCEPTED = 12, _REPLY, _WILLINGNESS
    SIGN_REFUSED = 13, _REPLY, _WILLINGNESS
    GO_PUBLIC_ACCEPTED = 14, _REPLY, _WILLINGNESS
    GO_PUBLIC_REFUSED = 15, _REPLY, _WILLINGNESS
    PARTNERSHIP_FORMED = 16, "shadow contract"
    PARTNERSHIP_SIGNED = 17, "shadow contract"
    JOINT_WORK_SCALED = 18, "wanted done"
    DISAGREEMENT = (
        19,
        "number deferred_by_actor deferred_by_other negotiated unresolved",
        "trust_term gap_term",
    )
    PROMISE_MADE = 20, "weight", "due"
    PROMISE_KEPT = 21, "weight"
    PROMISE_BROKEN = 22, "weight", "due"
    SURVEY_PUBLISHED = 23, "respondents gain"
    GUIDE_PUBLISHED = 24, "quality"
    TRAINING_OPENED = 25, "seats rate"
    SEATS_FILLED = 26, "seats weeks"
    CAMPAIGN_STARTED = 27, "tone intensity budget weeks side names"
    CAMPAIGN_CHANGED = 28, "tone intensity budget"
    CAMPAIGN_ENDED = 29, "exposures visitors spent"
    VISITORS = (
        30,
        "exposures visitors page_views minutes new_share",
        "own paid messenger earned",
    )
    STORM_STARTED = 31, "coverage mean_before voice", "stimulus excitation background"
    STORM_ENDED = 32, "coverage weeks"
    REBUTTAL = 33, "heat"
    IDEA_TOLD = 34, "share workshop"
    IDEA_LEAKED = 35, "share"
    IDEA_DECISION = (
        36,
        "p_public p_shadow p_alone p_quiet p_nothing choice uniform told",
        ("u_public u_shadow u_alone u_quiet u_nothing value brand association heat_memory trust contract"),
    )
    PRESS_RELEASE = 37, "credited"
    UNCREDITED_USE_SEEN = 38
    CREDIT_GIVEN = 39, "success"
    CREDIT_CLAIMED = 40, "success"
    ADOPTED = 41, "route uptake depth", _ROUTES
    ADOPTED_COUNT = 42, _ROUTES, _ROUTES
    BREACH = 43, "severity gap", "trust_before trust_after anchor_before anchor_after"
    APOLOGY = 44
    CELEBRATION = 45
    EXIT = (
        46,
        "cause hazard_sum threshold share_since_campaign complaint must_report ten_largest",
        "base pressure grievance trust formal champion drift_base value top newness held",
    )
    REAPPROACH_UNWILLING = 48, "grievance held limit"
    RETURNED = 49, "by_itself weeks_away trust trust_of_other", "grievance heat trust"
    ENDED = 50, "why"
    GRANT_AWARDED = 51, "eur first", "trust achieved_term achieved"
    GRANT_REFUSED = 52, "success"
    GRANT_RETURNED = 53, "eur"
    POLICY_STAGE = (
        54,
        "stage members opponents",
        "pressure_for pressure_against hazard_sum threshold",
    )
    CLIP = 55, "value"
    SUSPENSION_ACCEPTED = 56, _REPLY, _WILLINGNESS
    SUSPENSION_REFUSED = 57, _REPLY, _WILLINGNESS
    RENEWED = 58, "probability uniform terms"
    FOUND_OUT = 59, "those_who_know"
    NEW_DIRECTOR = 60
    ROLE_EXPLAINED = 61, "understanding"
    WARNED = 62, "left leaked shown"
    MEMBERS_LEFT = 63, "left"
    INFORMATION_ENDED = 64, "planned"
    GAVE_UP = 65, "number"
    RELAPSE = 66


class Reason(Coded):
    """Why an action was refused (0: it was not)."""

    DONE = 0
    UNKNOWN = 1
    PRECONDITION = 2
    ELIGIBILITY = 3
    HOURS = 4
    MONEY = 5
    APPROVAL = 6
    PAUSED = 7
    REPEATED = 8
    NO_OFFENCE = 9
    NOT_SINCERE = 10
    NO_CHANNEL = 11


class ExitCause(Coded):
    """Why an active partnership was left."""

    CONFLICT_STORM = 0  # in anger, over what is said now
    CONFLICT_GRIEVANCE = 1  # in anger, over what was said once
    LAPSE = 2  # it was worth little
    DECISION = 3
    TERM = 4  # its term was over, and not renewed


class EndCause(Coded):
    """Why it is over for good."""

    DECISION = 0
    BREACHES = 1
    MOVED_ON = 2
