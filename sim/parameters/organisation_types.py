"""What an organisation of each type starts with, and what a pair starts with.

All values are assumptions, except that only some types may apply for campaign money (ombud no, NGO yes) and
three orders of credibility that the source talk states: federation above ombud with employers, union at least
ombud with employees, storyteller above ombud with people who do not follow the topic.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from sim.errors import InputError

__all__ = [
    "AUDIENCES",
    "ORGANISATION_TYPES",
    "SKILLS",
    "TOPICS",
    "DyadDefaults",
    "OrganisationType",
    "dyad_defaults",
    "exposure",
]

AUDIENCES: tuple[str, ...] = ("employers", "employees", "public", "politicians", "supporters")
"""Audiences, in the order of every credibility row."""

SKILLS: tuple[str, ...] = ("content", "channel", "legitimacy", "evidence", "policy", "money")
"""Skills, in the order of every skill row; "money" is access to money."""

TOPICS: tuple[str, ...] = ("work_equality", "violence", "gender_general", "none")
"""Topics that an arena can have."""

Credibility = tuple[float, float, float, float, float]
Skills = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class OrganisationType:
    """Start values of one type of organisation.

    Parameters
    ----------
    code, label : str
        Word used in scenario files; words for reports.
    stance : float
        Position on the issue from -1 (against) to 1 (for).
    exposure : float
        Share of critical coverage on equality at work that hits this organisation or its members.
    role : float or None
        How far it sees criticism as the critic's job; None: the parameter `role_understanding_federation`.
    champion : float
        Probability of a champion at the start.
    top : float
        Ownership of the top management.
    eligible : bool
        May apply for campaign money.
    capacity : float
        Hours per week.
    annual_budget : float
        EUR per year.
    followers : float
        Own followers in social media.
    evidence : float
        Evidence stock.
    credibility : tuple of float
        In the order of `AUDIENCES`; also the anchor to which credibility returns.
    skills : tuple of float
        In the order of `SKILLS`.
    """

    code: str
    label: str
    stance: float
    exposure: float
    role: float | None
    champion: float
    top: float
    eligible: bool
    capacity: float
    annual_budget: float
    followers: float
    evidence: float
    credibility: Credibility
    skills: Skills


@dataclass(frozen=True, slots=True)
class DyadDefaults:
    """Start values of a pair of organisations, the same in both directions.

    Parameters
    ----------
    trust, anchor : float
        Trust and the level to which it returns.
    distance : float
        Distance in language; the builder of a world raises it to the floor set by the stances.
    value, fit : float
        Felt value of a partnership and match of purposes.
    expectation : float
        What each expects of the other.
    """

    trust: float
    anchor: float
    distance: float
    value: float
    fit: float
    expectation: float


# Columns: code, label; then stance, exposure, role, champion, top, eligible, capacity (h/week), annual budget
# (EUR), followers, evidence; then credibility by audience; then skills.
# fmt: off
_ROWS: tuple[OrganisationType, ...] = (
    OrganisationType("ombud", "equality ombud",
                     1.0, 0.0, 0.8, 1.0, 0.5, False, 240.0, 40e3, 30e3, 0.0,
                     (0.30, 0.65, 0.60, 0.60, 0.75), (1.0, 0.2, 0.6, 0.9, 0.7, 0.1)),
    OrganisationType("ngo", "NGO",
                     1.0, 0.0, 1.0, 0.9, 0.7, True, 120.0, 5e3, 20e3, 0.0,
                     (0.30, 0.55, 0.65, 0.55, 0.85), (0.2, 0.8, 0.7, 0.3, 0.4, 1.0)),
    OrganisationType("federation", "employer federation",
                     -1.0, 1.0, None, 0.4, 0.5, False, 60.0, 50e3, 25e3, 0.0,
                     (0.80, 0.40, 0.50, 0.65, 0.80), (0.4, 0.8, 0.8, 0.3, 0.6, 0.5)),
    OrganisationType("firm", "firm",
                     -1.0, 1.0, 0.5, 0.3, 0.5, False, 40.0, 20e3, 2e3, 0.0,
                     (0.55, 0.45, 0.45, 0.45, 0.60), (0.4, 0.5, 0.5, 0.2, 0.2, 0.6)),
    # Top management is low because the director was absent from the first meeting.
    OrganisationType("flagship", "flagship firm",
                     -1.0, 1.0, 0.5, 0.3, 0.3, False, 40.0, 20e3, 50e3, 0.0,
                     (0.70, 0.55, 0.60, 0.55, 0.70), (0.4, 0.6, 0.8, 0.3, 0.3, 0.8)),
    OrganisationType("government", "government",
                     0.0, 0.2, 0.5, 0.3, 0.5, False, 80.0, 10e6, 50e3, 0.0,
                     (0.50, 0.50, 0.50, 0.70, 0.50), (0.3, 0.3, 0.8, 0.4, 1.0, 1.0)),
    OrganisationType("union", "trade union",
                     0.6, 0.0, 0.9, 0.6, 0.5, False, 80.0, 30e3, 300e3, 0.0,
                     (0.35, 0.80, 0.55, 0.55, 0.80), (0.4, 0.8, 0.5, 0.3, 0.5, 0.4)),
    OrganisationType("messenger", "storyteller",
                     0.0, 0.0, 1.0, 0.0, 0.5, False, 20.0, 0.0, 1e6, 0.0,
                     (0.45, 0.70, 0.75, 0.40, 0.60), (0.8, 0.9, 0.5, 0.1, 0.1, 0.2)),
    OrganisationType("academia", "university or institute",
                     0.2, 0.0, 0.9, 0.3, 0.5, False, 40.0, 10e3, 5e3, 0.3,
                     (0.60, 0.60, 0.70, 0.70, 0.60), (0.4, 0.2, 0.7, 1.0, 0.3, 0.2)),
    OrganisationType("international", "international body",
                     0.8, 0.0, 0.9, 0.3, 0.5, False, 40.0, 50e3, 20e3, 0.3,
                     (0.45, 0.45, 0.55, 0.65, 0.65), (0.6, 0.3, 0.8, 0.6, 0.9, 0.3)),
    OrganisationType("professional_body", "managers' body",
                     0.2, 0.3, 0.6, 0.9, 0.7, False, 80.0, 150e3, 120e3, 0.2,
                     (0.70, 0.55, 0.50, 0.60, 0.75), (0.7, 0.7, 0.6, 0.4, 0.4, 0.6)),
)
# fmt: on

ORGANISATION_TYPES: dict[str, OrganisationType] = {row.code: row for row in _ROWS}
"""Organisation types by code. A flagship firm is written as a firm marked as flagship in scenario files."""

# Violence is not a reproach against employers; only the state is criticised for what it leaves undone.
_VIOLENCE_EXPOSURE = {"government": 0.2}


def exposure(type_code: str, topic: str) -> float:
    """Return the share of critical coverage that hits an organisation of a type.

    Parameters
    ----------
    type_code : str
        Key of `ORGANISATION_TYPES`.
    topic : str
        One of `TOPICS`.

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    InputError
        Unknown type or topic.
    """
    row = ORGANISATION_TYPES.get(type_code)
    if row is None:
        raise InputError(_unknown("organisation type", type_code, tuple(ORGANISATION_TYPES)))
    if topic not in TOPICS:
        raise InputError(_unknown("topic", topic, TOPICS))
    if topic == "violence":
        return _VIOLENCE_EXPOSURE.get(type_code, 0.0)
    return row.exposure


def dyad_defaults(stance_a: float, stance_b: float) -> DyadDefaults:
    """Return the start values of a pair for which a scenario says nothing.

    Pairs whose stances have the same sign trust each other more and get more out of working together than
    pairs with opposite signs. A pair in which somebody is neutral (stance 0) has the trust of the same side,
    because there is nothing to quarrel about, but only the value and fit of opposite sides, because there is
    no shared cause either.

    Parameters
    ----------
    stance_a, stance_b : float
        Positions on the issue in [-1, 1].

    Returns
    -------
    DyadDefaults
    """
    product = stance_a * stance_b
    trust = 0.40 if product < 0 else 0.50
    value, fit = (0.60, 0.7) if product > 0 else (0.45, 0.5)
    return DyadDefaults(trust=trust, anchor=trust, distance=0.70, value=value, fit=fit, expectation=0.6)


def _unknown(kind: str, found: str, known: tuple[str, ...]) -> str:
    """Word the message for a name that is not in a closed list."""
    close = difflib.get_close_matches(str(found), known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"expected one of {', '.join(known)}"
    return f"unknown {kind} {found!r}, {hint}"
