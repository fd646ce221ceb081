"""What a condition may read: the closed list of observable quantities, and of hidden ones.

Every value is the one at the end of the week before (week 0: the start values). "Never" is 9999 in every
count of weeks since something. Observables are public, or known to the organisation that asks.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from sim.vocabulary.partnerships import State
from sim.vocabulary.topics import Stage
from sim.vocabulary.uptake import Seen

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["NEVER", "OBSERVABLES", "Observable"]

#: Value of "weeks since" when the thing has never happened.
NEVER = 9999

ArgumentKind = Literal["organisation", "audience", "weeks"]


@dataclass(frozen=True)
class Observable:
    """One name that a condition may use.

    Attributes
    ----------
    name
        As written in a condition.
    arguments
        Kind of each argument. Two organisations may be shortened to one: the first is then the initiator.
    unit
        Unit of the value; ``0/1`` marks a yes/no observable, which may stand alone in a condition.
    kind
        ``number``, ``text`` (compared with quoted words) or ``date`` (compared with a quoted day).
    definition
        One sentence that says what is measured.
    codes
        For text: the closed table of values and the number that stands for each.
    hidden
        True for what no actor can see; readable only in an omniscient scenario.
    """

    name: str
    arguments: tuple[ArgumentKind, ...]
    unit: str
    kind: Literal["number", "text", "date"]
    definition: str
    codes: Mapping[str, int] | None = None
    hidden: bool = False

    @property
    def is_flag(self) -> bool:
        """Whether the value is yes (1) or no (0)."""
        return self.unit == "0/1"

    @property
    def pattern(self) -> str:
        """How the observable is written, for messages."""
        letters = {"organisation": "ab", "audience": "c", "weeks": "n"}
        if not self.arguments:
            return self.name
        names = [letters[kind][min(i, len(letters[kind]) - 1)] for i, kind in enumerate(self.arguments)]
        if self.arguments[-1] == "audience":
            names[-1] = "audience"
        return f"{self.name}({', '.join(names)})"


_ONE: tuple[ArgumentKind, ...] = ("organisation",)
_TWO: tuple[ArgumentKind, ...] = ("organisation", "organisation")


def _number(name: str, arguments: tuple[ArgumentKind, ...], unit: str, definition: str) -> Observable:
    return Observable(name, arguments, unit, "number", definition)


def _hidden(name: str, arguments: tuple[ArgumentKind, ...], definition: str) -> Observable:
    return Observable(name, arguments, "0 to 1", "number", definition, hidden=True)


_TABLE = (
    _number("week", (), "index", "Week of the run, counted from 0."),
    _number("year", (), "year", "Calendar year of the week's Monday."),
    _number("month", (), "month", "Month (1 to 12) of the week's Monday."),
    Observable("date", (), "day", "date", "Monday of the week, compared with a quoted day."),
    _number("in_window", (), "0/1", "An awareness window of the arena's topic is open this coming week."),
    _number("coverage", (), "items/week", "Media items in the week."),
    _number("coverage_mean", ("weeks",), "items/week", "Mean coverage over the last n (2 to 52) weeks."),
    _number("storm", (), "0/1", "A media storm is on."),
    _number("storms", (), "count", "Storms begun so far."),
    _number("weeks_since_storm", (), "weeks", "Weeks since the last storm week."),
    _number("campaign_running", _ONE, "0/1", "a sends or co-sends a campaign now."),
    _number("weeks_since_campaign", _ONE, "weeks", "Weeks since the last week of a campaign of a."),
    _number("critical_campaign_running", (), "0/1", "Some campaign with tone 0.5 or more is running."),
    _number("rebutted", _ONE, "count", "Public rebuttals by a so far."),
    Observable("state", _TWO, "word", "text", "State of the partnership of a and b.", State.codes()),
    _number("weeks_in_state", _TWO, "weeks", "Weeks since that state was entered; 0 in the week of entry."),
    _number("partnered", _TWO, "0/1", "The state is informal or formal."),
    _number("public_partnership", _TWO, "0/1", "Partnered, and visibly so."),
    _number("exited", _TWO, "0/1", "The partnership was left at least once."),
    _number("weeks_since_exit", _TWO, "weeks", "Weeks since the last exit."),
    _number("exits", _TWO, "count", "Exits so far."),
    _number("returned", _TWO, "0/1", "The partner came back at least once."),
    _number("weeks_since_return", _TWO, "weeks", "Weeks since the last return."),
    _number("approaches", _TWO, "count", "How often a asked b."),
    _number("refusals", _TWO, "count", "How often b said no to a."),
    _number("weeks_since_refusal", _TWO, "weeks", "Weeks since b last said no to a."),
    _number("contract", _TWO, "0 to 1", "Share of the contract items agreed between a and b."),
    Observable("decision", _TWO, "word", "text", "Last choice of firm b on the ideas of a.", Seen.codes()),
    _number("told", _TWO, "0 to 1", "Share of the ideas of a that a has told b."),
    _number("uncredited_public", _ONE, "0/1", "a visibly uses ideas of others without naming them."),
    _number("public_adopters", (), "count", "Firms that have adopted in public."),
    _number("public_adopter_share", (), "0 to 1", "Weighted share of firms that have adopted in public."),
    _number("guide_published", _ONE, "0/1", "a has published a guide."),
    _number("survey_published", _ONE, "0/1", "a has published a survey."),
    _number("weeks_since_survey", _ONE, "weeks", "Weeks since the last survey of a."),
    _number("money", _ONE, "EUR", "Money on the account of a."),
    _number("grant", _ONE, "EUR", "The last grant a received."),
    _number("hours_left", _ONE, "h", "Work capacity of a last week minus the hours used."),
    _number("in_plan", _ONE, "0/1", "The project is in the annual plan of a this year."),
    _number("own_champion", _ONE, "0/1", "a has a champion; an organisation knows its own."),
    _number("promise_due", _TWO, "0/1", "A promise of a to b is open and due within 4 weeks."),
    _number("promises_broken", _TWO, "count", "Promises of a to b broken so far."),
    Observable("policy", (), "word", "text", "Stage of the political demand.", Stage.codes()),
    _number("seats_filled", (), "0 to 1", "Share of the open training seats that are filled."),
    _hidden("trust", _TWO, "Trust of a in b."),
    _hidden("grievance", _TWO, "Grievance of a against b."),
    _hidden("value", _TWO, "Value of the partnership with b to a."),
    _hidden("distance", _TWO, "Distance between a and b in words, pictures and channels."),
    _hidden("expectation", _TWO, "What a expects of b."),
    _hidden("credibility", ("organisation", "audience"), "Credibility of a with an audience."),
    _hidden("heat", _ONE, "Critical coverage that reaches a."),
)

OBSERVABLES: Mapping[str, Observable] = MappingProxyType({entry.name: entry for entry in _TABLE})
