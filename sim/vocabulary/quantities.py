"""All that can be read of a world, once: by outcome measures and weekly series, by conditions of plans, by agents.

Most quantities are stored in a field of a record; the others are computed by a rule of `sim.observe.quantities`,
which has one line for each.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from sim.vocabulary.coded import Coded
from sim.vocabulary.partnerships import State
from sim.vocabulary.topics import Stage
from sim.vocabulary.uptake import Seen
from sim.words.language import language

if TYPE_CHECKING:
    from collections.abc import Mapping


class How(Coded):
    """How a stored field is read."""

    AS_IS = 0
    EUR = 1  # stored in cents
    HAPPENED = 2  # the field is a week: whether it has come
    SINCE = 3  # the field is a week: weeks since then, missing (NaN) if it never came


@dataclass(frozen=True, slots=True)
class Stored:
    """Where a quantity is stored: ``record.field``, or a plain array of numbers."""

    place: str
    how: How = How.AS_IS


@dataclass(frozen=True, slots=True)
class Quantity:
    """One thing that can be read of a world.

    Attributes
    ----------
    id
        Name in files and tables, before the organisations that it is of: ``trust`` in ``trust_ombud_federation``.
    of
        "" the world, "i" an organisation, "i0" an organisation towards the one that plans start from, "ij" two
        organisations (directed), "ia" an organisation and an audience, "a" an audience, "y" a year, "n" a number of
        weeks.
    unit
        Unit of the value.
    definition
        How it is computed, or what it says; {i}, {j} and {a} stand for what it is of.
    direction
        1 more is better, -1 less is better, 0 neither.
    measured
        "outcome" for a measure at the end of a run, which is also a weekly series; "series" for a weekly series only.
    condition
        Name under which conditions of plans may read it, "" if they may not.
    hidden
        No actor can see it: readable only by the conditions of an omniscient scenario.
    flag
        Yes (1) or no (0); may stand alone in a condition.
    words
        Closed list whose words a condition compares it with.
    stored
        Where it is stored; None if a rule computes it.
    matters
        Smallest difference that matters, where it is another than that of the unit (`MATTERS`).
    until_horizon
        A world that lacks it waits until its end: then the number of weeks stands for it.
    """

    id: str
    of: str
    unit: str
    definition: str
    direction: int = 0
    measured: str = ""
    condition: str = ""
    hidden: bool = False
    flag: bool = False
    words: type[Coded] | None = None
    stored: Stored | None = None
    matters: float | None = None
    until_horizon: bool = False

    @property
    def label(self) -> str:
        """Plain words for a measure, in English; other languages have theirs under the same key."""
        return language().maybe("measure", self.key, "") if self.measured else ""

    @property
    def code(self) -> int:
        """Number in a world: the place in `QUANTITIES`."""
        return _CODES[self.id, self.of]

    @property
    def key(self) -> str:
        """Key of its texts: the id, with "_of" where the world has a measure of the same id."""
        return f"{self.id}_of" if self.of and (self.id, "") in _CODES else self.id

    @property
    def code_name(self) -> str:
        """Name of its code among the computed ones."""
        return self.id.upper() + {"ij": "_BETWEEN", "i": "_OF"}.get(self.of, "") * (self.id in _SHARED)

    @property
    def kind(self) -> Literal["number", "text", "date"]:
        """What a condition compares it with: a number, one of its words, or a day."""
        return "text" if self.words is not None else "date" if self.unit == "day" else "number"

    @property
    def arguments(self) -> tuple[str, ...]:
        """Kind of each argument in a condition."""
        return tuple({"i": "organisation", "j": "organisation", "a": "audience", "n": "weeks"}[x] for x in self.of)

    @property
    def pattern(self) -> str:
        """How a condition writes it."""
        return (
            self.condition
            + {"": "", "i": "(a)", "ij": "(a, b)", "ia": "(a, audience)", "a": "(audience)", "n": "(n)"}[self.of]
        )

    @property
    def meaning(self) -> str:
        """What a condition reads, in a sentence about a and b."""
        text = self.label or self.definition
        if self.measured == "series" and self.words is None:
            text = f"{self.label}: {self.definition}"
        told = text.format(i="a", j="b", a="an audience")
        return (told if text.startswith("{") else f"{told[:1].upper()}{told[1:]}") + "."


# fmt: off
QUANTITIES: tuple[Quantity, ...] = (
    Quantity("goal_share", "", "share", "share of firms that took the measures up, weighted by size and depth",
             direction=1, measured="outcome"),
    Quantity("goal_impact", "", "weighted firms", "sum of weight x depth x quality over adopters",
             direction=1, measured="outcome", stored=Stored("tallies.goal_impact")),
    Quantity("firm_years", "", "firm-years", "years with the measures, summed over firms",
             direction=1, measured="outcome", stored=Stored("tallies.firm_years")),
    Quantity("weighted_firm_years", "", "weighted firm-years", "the same, weighted by size, depth and quality",
             direction=1, measured="outcome",
             stored=Stored("tallies.weighted_firm_years")),
    Quantity("adopters", "", "firms", "firms that use the idea at the end",
             direction=1, measured="outcome", stored=Stored("tallies.adopters")),
    Quantity("public_adopters", "", "firms", "firms that use the idea in public",
             direction=1, measured="outcome", condition="public_adopters",
             stored=Stored("tallies.public_adopters")),
    Quantity("gave_up", "", "firms", "ordinary firms that gave the measures up, so far",
             direction=-1, measured="outcome", stored=Stored("tallies.gave_up")),
    Quantity("credited_impact", "i", "weighted firms", "weight of adopters that name {i}",
             direction=1, measured="outcome", stored=Stored("organisation.credited")),
    Quantity("causal_impact", "i", "weighted firms", "weight of adoptions traced to {i}",
             measured="outcome", stored=Stored("organisation.causal")),
    Quantity("shadow_impact", "i", "weighted firms", "caused minus credited impact",
             measured="outcome"),
    Quantity("uncredited_uses", "", "count", "uses without the owner's name: press releases, quiet use",
             measured="outcome", stored=Stored("tallies.uncredited_uses")),
    Quantity("partnerships_formed", "", "count", "memberships that became informal or formal",
             direction=1, measured="outcome", stored=Stored("tallies.formed")),
    Quantity("partnership_weeks", "", "weeks", "membership-weeks informal or formal",
             direction=1, measured="outcome",
             stored=Stored("tallies.partnership_weeks")),
    Quantity("public_partnership_weeks", "", "weeks", "of these, public",
             measured="outcome",
             stored=Stored("tallies.public_partnership_weeks")),
    Quantity("exits", "", "count", "exits from partnerships",
             direction=-1, measured="outcome", stored=Stored("tallies.exits")),
    Quantity("returns", "", "count", "returns of partners that had left",
             measured="outcome", stored=Stored("tallies.returns")),
    Quantity("weeks_away", "", "weeks", "membership-weeks of cooling",
             direction=-1, measured="outcome", stored=Stored("tallies.weeks_away")),
    Quantity("burned_bridges", "", "count", "memberships apart for 104 weeks or more at the end",
             direction=-1, measured="outcome"),
    Quantity("relationship_capital", "i", "0 to 1", "mean of the geometric mean trust with those it has to do with",
             direction=1, measured="outcome"),
    Quantity("disagreements", "", "count", "disagreements in joint work",
             measured="outcome", stored=Stored("tallies.disagreements")),
    Quantity("deferral_share", "", "share", "deferred over all disagreements",
             direction=1, measured="outcome"),
    Quantity("disagreement_hours", "", "h", "hours spent settling disagreements",
             direction=-1, measured="outcome",
             stored=Stored("tallies.disagreement_hours")),
    Quantity("peak_coverage", "", "items/week", "largest weekly coverage",
             measured="outcome", stored=Stored("media.peak_coverage")),
    Quantity("storm_weeks", "", "weeks", "weeks with a media storm",
             measured="outcome", stored=Stored("media.storm_weeks")),
    Quantity("reach", "", "count", "exposures of all campaigns for the measures",
             direction=1, measured="outcome", stored=Stored("tallies.reach"), matters=100_000.0),
    Quantity("reached", "a", "persons", "of {a}, those who were ever told",
             direction=1, measured="outcome", condition="reached"),
    Quantity("aware", "a", "share", "of {a}, those who know now",
             direction=1, measured="outcome"),
    Quantity("learned", "a", "persons", "of {a}, those who learned, each time they did",
             direction=1, measured="outcome"),
    Quantity("learners", "", "persons", "visitors of campaign sites who learned, each time they did",
             direction=1, measured="outcome", condition="learners",
             stored=Stored("tallies.learners"), matters=500.0),
    Quantity("help_sought", "", "persons", "of those of the public who learned, those who seek help",
             direction=1, measured="outcome", matters=500.0),
    Quantity("visitors", "", "count", "visitors that campaigns brought",
             direction=1, measured="outcome", condition="visitors",
             stored=Stored("tallies.visitors"), matters=1_000.0),
    Quantity("shared_visits", "", "count", "visits because somebody shared a visit",
             direction=1, measured="outcome", stored=Stored("tallies.shared_visits"), matters=1_000.0),
    Quantity("page_views", "", "count", "pages that visitors opened",
             direction=1, measured="outcome", stored=Stored("tallies.page_views"), matters=1_000.0),
    Quantity("minutes", "", "min", "minutes that visitors stayed",
             direction=1, measured="outcome"),
    Quantity("new_audience_share", "", "share", "exposures outside the usual audience",
             direction=1, measured="outcome"),
    Quantity("seats_weeks", "", "weeks", "from the first opening until 90 % of all seats are taken",
             direction=-1, measured="outcome", until_horizon=True),
    Quantity("adoption_week", "", "weeks", "mean of min(adoption week, horizon)",
             direction=-1, measured="outcome", matters=1.0),
    Quantity("cost_eur", "", "EUR", "money spent by all whose outcomes are measured",
             direction=-1, measured="outcome"),
    Quantity("cost_hours", "", "h", "hours spent by all whose outcomes are measured",
             direction=-1, measured="outcome"),
    Quantity("cost_eur", "i", "EUR", "money spent by {i}",
             direction=-1, measured="outcome", stored=Stored("organisation.cost", How.EUR)),
    Quantity("cost_hours", "i", "h", "hours spent by {i}",
             direction=-1, measured="outcome", stored=Stored("organisation.hours_total")),
    Quantity("cost_per_adopter", "", "EUR", "cost over adopters, missing without adopters",
             direction=-1, measured="outcome"),
    Quantity("grants", "", "EUR", "money received from outside for projects",
             direction=1, measured="outcome", stored=Stored("tallies.grants", How.EUR)),
    Quantity("budget", "y", "EUR", "money granted for the projects of {i}",
             direction=1, measured="outcome", stored=Stored("project_budget")),
    Quantity("angry_exits", "", "count", "partners who walked out in anger",
             direction=-1, measured="outcome", stored=Stored("tallies.angry_exits")),
    Quantity("lapses", "", "count", "partnerships that lapsed because they were worth little",
             direction=-1, measured="outcome", stored=Stored("tallies.lapses")),
    Quantity("planned_ends", "", "count", "partnerships that were not renewed at the end of their term",
             measured="outcome", stored=Stored("tallies.planned_ends")),
    Quantity("moved_on", "", "count", "partners who had left and moved on for good",
             direction=-1, measured="outcome", stored=Stored("tallies.moved_on")),
    Quantity("members_left", "i", "firms", "members that left {i} while it was a critic's partner",
             direction=-1, measured="outcome",
             stored=Stored("organisation.members_left")),
    Quantity("existing_share", "", "share", "of the memberships that were ever active, those that are now",
             direction=1, measured="outcome"),
    Quantity("approval_years", "", "count", "Januaries in which a project was approved",
             direction=1, measured="outcome",
             stored=Stored("tallies.approval_years")),
    Quantity("joint_result", "", "result weeks", "joint work times result, summed over weeks",
             direction=1, measured="outcome", stored=Stored("tallies.joint_result")),
    Quantity("value", "i0", "0 to 1", "felt value of the partnership",
             direction=1, measured="outcome",
             stored=Stored("relation.value")),
    Quantity("morale_loss", "i", "index", "sum of the gaps between expected and realised",
             direction=-1, measured="outcome",
             stored=Stored("organisation.morale_loss")),
    Quantity("cooptation", "i", "-1 to 1", "change over the run",
             direction=1, measured="outcome"),
    Quantity("exits", "i", "count", "exits from partnerships with {i}",
             direction=-1, measured="outcome"),
    Quantity("returns", "i", "count", "returns to partnerships with {i}", measured="outcome"),
    Quantity("policy_stage", "", "0 to 4", "0 none, 1 on the agenda, 2 promised, 3 decided, 4 in force",
             direction=1, measured="outcome", stored=Stored("demand.stage")),
    Quantity("task_board_coverage", "", "share",
             "cells with a result of 0.5 or more over all 24, missing without a board",
             direction=1, measured="outcome"),
    Quantity("task_board_result", "", "result", "mean result of the 24 cells, missing without a board",
             direction=1, measured="outcome"),
    Quantity("board_years", "", "result years", "results of all cells of the task board, summed over the years",
             direction=1, measured="outcome",
             stored=Stored("tallies.board_years")),
    Quantity("refused_actions", "", "count", "actions of the plan that could not be done",
             measured="outcome", stored=Stored("tallies.refused")),
    Quantity("trust", "ij", "0 to 1", "trust at the end",
             direction=1, measured="outcome", condition="trust", hidden=True,
             stored=Stored("relation.trust")),
    Quantity("credibility_change", "ia", "-1 to 1", "change over the run",
             direction=1, measured="outcome"),
    Quantity("deferred", "", "count", "so far",
             direction=1, measured="series",
             stored=Stored("tallies.deferred")),
    Quantity("deferred_by_ngo", "", "count", "so far",
             measured="series",
             stored=Stored("tallies.deferred_by_ngo")),
    Quantity("coverage", "", "items/week", "items in the week",
             measured="series", condition="coverage", stored=Stored("media.coverage")),
    Quantity("attention", "", "0 to 1", "coverage / (coverage + 40)",
             measured="series", stored=Stored("media.attention")),
    Quantity("coverage_for", "", "items/week", "items in the week of those for the measures",
             measured="series", condition="coverage_for"),
    Quantity("coverage_against", "", "items/week", "items in the week of those against the measures",
             measured="series", condition="coverage_against"),
    Quantity("pressure_for", "", "0 to 1", "pressure of those for the demand on politics",
             measured="series", stored=Stored("demand.pressure_for")),
    Quantity("pressure_against", "", "0 to 1", "pressure of those against the demand on politics",
             measured="series", stored=Stored("demand.pressure_against")),
    Quantity("firm_press", "", "0 to 1", "press on a firm that nobody names, as a share of that on one that is named",
             measured="series", stored=Stored("media.firm_press")),
    Quantity("tone", "", "0 to 1", "share of critical items",
             measured="series", stored=Stored("media.tone")),
    Quantity("storm", "", "0 or 1", "whether a storm is on",
             measured="series", condition="storm", flag=True, stored=Stored("media.storm")),
    Quantity("partnerships", "", "count", "memberships informal or formal now",
             direction=1, measured="series"),
    Quantity("partnered", "ij", "share of worlds", "informal or formal now",
             direction=1, measured="series", condition="partnered", flag=True),
    Quantity("state", "ij", "code", "0 none ... 5 ended",
             measured="series", condition="state", words=State,
             stored=Stored("partnership.state")),
    Quantity("held", "ij", "0 to 1", "heat on {i}, as far as it is held against {j}",
             direction=-1, measured="series", condition="held", hidden=True),
    Quantity("heat", "i", "0 to 1", "items that criticise {i} / (items + 40)",
             direction=-1, measured="series", condition="heat", hidden=True,
             stored=Stored("organisation.heat")),
    Quantity("grievance", "ij", "0 to 1", "slow memory",
             direction=-1, measured="series", condition="grievance", hidden=True,
             stored=Stored("relation.grievance")),
    Quantity("role", "ij", "0 to 1", "how far {i} sees criticism by {j} as its job",
             direction=1, measured="series", condition="role", hidden=True,
             stored=Stored("relation.role")),
    Quantity("trained_share", "", "share", "share of firms with a trained person",
             direction=1, measured="series",
             stored=Stored("tallies.trained_share")),
    Quantity("carries", "i", "0 to 1", "what {i} has worked out with partners and passes on to its members",
             direction=1, measured="series", stored=Stored("organisation.carries")),
    Quantity("complaint", "i", "0 to 1", "share of the members of {i} that complain; 0 if it has none",
             direction=-1, measured="series", condition="complaint", hidden=True,
             stored=Stored("organisation.complaint")),
    Quantity("distance", "ij", "0 to 1", "in words and channels",
             direction=-1, measured="series", condition="distance", hidden=True,
             stored=Stored("partnership.distance")),
    Quantity("credibility", "ia", "0 to 1", "this week",
             direction=1, measured="series", condition="credibility", hidden=True,
             stored=Stored("credibility")),
    Quantity("money", "i", "EUR", "account at the end of the week",
             measured="series", condition="money", stored=Stored("account", How.EUR)),
    Quantity("evidence", "i", "0 to 1", "evidence stock",
             direction=1, measured="series", stored=Stored("organisation.evidence")),
    Quantity("champion", "i", "share of worlds", "a committed person in place",
             direction=1, measured="series", condition="own_champion", flag=True,
             stored=Stored("organisation.champion")),
    Quantity("direct", "ij", "share of worlds", "contact between people who can decide",
             direction=1, measured="series", flag=True),
    Quantity("mean_result", "ij", "result", "mean result of their joint work so far",
             direction=1, measured="series"),
    Quantity("decision", "i", "code", "0 none, 1 pending, 2 ... 6",
             measured="series"),
    # what only conditions read
    Quantity("week", "", "index", "week of the run, counted from 0", condition="week"),
    Quantity("year", "", "year", "calendar year of the week's Monday", condition="year"),
    Quantity("month", "", "month", "month (1 to 12) of the week's Monday", condition="month"),
    Quantity("date", "", "day", "Monday of the week, compared with a quoted day", condition="date"),
    Quantity("in_window", "", "0 or 1", "an awareness window of the arena's topic is open this coming week",
             condition="in_window", flag=True),
    Quantity("coverage_mean", "n", "items/week", "mean coverage over the last n (2 to 52) weeks",
             condition="coverage_mean"),
    Quantity("storms", "", "count", "storms begun so far", condition="storms", stored=Stored("media.storms")),
    Quantity("weeks_since_storm", "", "weeks", "weeks since the last storm week",
             condition="weeks_since_storm", stored=Stored("media.last_storm_week", How.SINCE)),
    Quantity("campaign_running", "i", "0 or 1", "{i} sends or co-sends a campaign now",
             condition="campaign_running", flag=True),
    Quantity("weeks_since_campaign", "i", "weeks", "weeks since the last week of a campaign of {i}",
             condition="weeks_since_campaign", stored=Stored("organisation.campaign_week", How.SINCE)),
    Quantity("criticised", "i", "0 or 1", "{i} was criticised last week, in an item or more",
             condition="criticised", flag=True),
    Quantity("criticised_by", "ij", "0 or 1", "{j} criticised {i} last week, in an item or more",
             condition="criticised_by", flag=True),
    Quantity("lobbied", "i", "0 or 1", "{i} talked to politicians in the last four weeks",
             condition="lobbied", flag=True),
    Quantity("critical_campaign_running", "", "0 or 1", "some campaign with tone 0.5 or more is running",
             condition="critical_campaign_running", flag=True),
    Quantity("rebutted", "i", "count", "public rebuttals by {i} so far",
             condition="rebutted", stored=Stored("organisation.rebuttals")),
    Quantity("weeks_in_state", "ij", "weeks", "weeks since that state was entered; 0 in the week of entry",
             condition="weeks_in_state", stored=Stored("partnership.since", How.SINCE)),
    Quantity("public_partnership", "ij", "0 or 1", "partnered, and visibly so",
             condition="public_partnership", flag=True),
    Quantity("exited", "ij", "0 or 1", "the partnership was left at least once",
             condition="exited", flag=True, stored=Stored("partnership.exit_week", How.HAPPENED)),
    Quantity("weeks_to_term", "ij", "weeks", "weeks until the term of the partnership is over",
             condition="weeks_to_term"),
    Quantity("lapsed", "ij", "0 or 1", "the partnership lapsed, or was not renewed, at least once",
             condition="lapsed", flag=True, stored=Stored("partnership.lapse_week", How.HAPPENED)),
    Quantity("moved_on", "ij", "0 or 1", "one who had left has moved on for good",
             condition="moved_on", flag=True, stored=Stored("partnership.moved_on")),
    Quantity("suspended", "ij", "0 or 1", "the partnership rests as agreed", condition="suspended", flag=True),
    Quantity("warned", "ij", "0 or 1", "{i} has warned {j} of a campaign that has not begun, or was the last",
             condition="warned", flag=True),
    Quantity("found_out", "ij", "0 or 1", "the partnership worked in the shadow and was found out",
             condition="found_out", flag=True, stored=Stored("partnership.found")),
    Quantity("willing", "ij", "0 or 1", "{j}, who left, would come back to {i} now",
             condition="willing", flag=True, hidden=True),
    Quantity("weeks_since_exit", "ij", "weeks", "weeks since the last exit",
             condition="weeks_since_exit", stored=Stored("partnership.exit_week", How.SINCE)),
    Quantity("exits", "ij", "count", "exits so far", condition="exits", stored=Stored("partnership.exits")),
    Quantity("returned", "ij", "0 or 1", "the partner came back at least once",
             condition="returned", flag=True, stored=Stored("partnership.return_week", How.HAPPENED)),
    Quantity("weeks_since_return", "ij", "weeks", "weeks since the last return",
             condition="weeks_since_return", stored=Stored("partnership.return_week", How.SINCE)),
    Quantity("approaches", "ij", "count", "how often {i} asked {j}",
             condition="approaches", stored=Stored("relation.approaches")),
    Quantity("refusals", "ij", "count", "how often {j} said no to {i}",
             condition="refusals", stored=Stored("relation.refusals")),
    Quantity("weeks_since_refusal", "ij", "weeks", "weeks since {j} last said no to {i}",
             condition="weeks_since_refusal", stored=Stored("relation.refusal_week", How.SINCE)),
    Quantity("contract", "ij", "0 to 1", "share of the contract items agreed between {i} and {j}",
             condition="contract"),
    Quantity("decision", "ij", "word", "last choice of firm {j} on the ideas of {i}",
             condition="decision", words=Seen),
    Quantity("told", "ij", "0 to 1", "share of the ideas of {i} that {i} has told {j}", condition="told"),
    Quantity("uncredited_public", "i", "0 or 1", "{i} visibly uses ideas of others without naming them",
             condition="uncredited_public", flag=True),
    Quantity("public_adopter_share", "", "0 to 1", "weighted share of firms that have adopted in public",
             condition="public_adopter_share"),
    Quantity("guide_published", "i", "0 or 1", "{i} has published a guide",
             condition="guide_published", flag=True, stored=Stored("organisation.guide_published")),
    Quantity("survey_published", "i", "0 or 1", "{i} has published a survey",
             condition="survey_published", flag=True, stored=Stored("organisation.survey_published")),
    Quantity("weeks_since_survey", "i", "weeks", "weeks since the last survey of {i}",
             condition="weeks_since_survey", stored=Stored("organisation.survey_week", How.SINCE)),
    Quantity("grant", "i", "EUR", "the last grant {i} received",
             condition="grant", stored=Stored("organisation.last_grant", How.EUR)),
    Quantity("grant_refused", "i", "0 or 1", "the last application of {i} was refused",
             condition="grant_refused", flag=True, stored=Stored("organisation.grant_refused")),
    Quantity("hours_left", "i", "h", "work capacity of {i} last week minus the hours used", condition="hours_left"),
    Quantity("in_plan", "i", "0 or 1", "the project is in the annual plan of {i} this year",
             condition="in_plan", flag=True),
    Quantity("promise_due", "ij", "0 or 1", "a promise of {i} to {j} is open and due within 4 weeks",
             condition="promise_due", flag=True),
    Quantity("promises_broken", "ij", "count", "promises of {i} to {j} broken so far",
             condition="promises_broken", stored=Stored("relation.promises_broken")),
    Quantity("policy", "", "word", "stage of the political demand",
             condition="policy", words=Stage, stored=Stored("demand.stage")),
    Quantity("seats_filled", "", "0 to 1", "share of the open training seats that are filled",
             condition="seats_filled"),
    Quantity("value", "ij", "0 to 1", "value of the partnership with {j} to {i}",
             condition="value", hidden=True, stored=Stored("relation.value")),
    Quantity("expectation", "ij", "0 to 1", "what {i} expects of {j}",
             condition="expectation", hidden=True, stored=Stored("relation.expectation")),
    # what only the faces of agents read
    Quantity("stance", "i", "-1 to 1", "position on the issue", stored=Stored("organisation.stance")),
    Quantity("exposure", "i", "0 to 1", "share of critical coverage that hits it",
             stored=Stored("organisation.exposure")),
    Quantity("top", "i", "0 to 1", "ownership by its top management", stored=Stored("organisation.top")),
    Quantity("capacity", "i", "h/week", "work capacity", stored=Stored("organisation.capacity")),
    Quantity("hours_used", "i", "h", "hours spent this week", stored=Stored("organisation.hours_used")),
    Quantity("followers", "i", "count", "own followers", stored=Stored("organisation.followers")),
    Quantity("eligible", "i", "0 or 1", "may apply for campaign money",
             flag=True, stored=Stored("organisation.eligible")),
    Quantity("disclosure_before", "i", "0 to 1", "share of its ideas told at the first meeting",
             stored=Stored("organisation.disclosure_before")),
    Quantity("disclosure_after", "i", "0 to 1", "share of its ideas told after commitment",
             stored=Stored("organisation.disclosure_after")),
)
# fmt: on

_CODES = {(row.id, row.of): code for code, row in enumerate(QUANTITIES)}
_SHARED = {row.id for row in QUANTITIES if sum(row.id == other.id for other in QUANTITIES) > 1}
_COMPUTED = {row.code_name: row.code for row in QUANTITIES if row.stored is None}

#: Codes of the computed quantities, for the rules that compute them.
Computed: Any = IntEnum("Computed", _COMPUTED)  # type: ignore[misc]

#: What conditions may read, by the name that they use.
OBSERVABLES: Mapping[str, Quantity] = MappingProxyType({row.condition: row for row in QUANTITIES if row.condition})


MATTERS: Mapping[str, float] = MappingProxyType(
    {
        "share": 0.02,
        "firms": 0.02,  # of all firms
        "weighted firms": 0.02,
        "firm-years": 0.02,  # of all firms, all years
        "weighted firm-years": 0.02,
        "persons": 0.02,  # of their audience
        "weeks": 4.0,
        "EUR": 2_000.0,
        "h": 50.0,
        "count": 0.25,
        "index": 0.25,
        "0 to 4": 0.25,
        "0 to 1": 0.05,
        "-1 to 1": 0.05,
        "result": 0.05,
        "result weeks": 4.0,
        "result years": 0.25,
        "items/week": 5.0,
        "min": 1_000.0,
    }
)
"""Smallest difference that matters, by unit; of firms and persons a share of all there are."""

REACH: Mapping[str, float] = MappingProxyType(
    {"share": 1.0, "0 to 1": 1.0, "-1 to 1": 2.0, "0 to 4": 4.0, "result": 1.0}
)
"""Largest possible difference, by unit, where there is one."""

GOAL: tuple[str, ...] = ("goal_share", "firm_years", "adopters", "public_adopters")
"""Measures of the goal, if a scenario does not name others."""

THEMES: tuple[tuple[str, ...], ...] = (
    ("credited_impact_{i}", "shadow_impact_{i}", "uncredited_uses"),
    ("partnership_weeks", "exits", "returns", "weeks_away"),
    ("task_board_coverage",),
    ("relationship_capital_{i}",),
    ("credibility_change_{i}_employers",),
    ("cooptation_{i}",),
    ("peak_coverage",),
    ("cost_eur",),
    ("cost_hours",),
)
"""Measures that a reader sees after those of the goal, by what they are about; {i} is the organisation that most plans
start from. Of those about the same thing, one is told in a sentence."""
