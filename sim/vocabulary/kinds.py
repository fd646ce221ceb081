"""Kinds of organisations: a row each, with its traits and what an organisation of the kind starts with.

Rules ask for a trait (who funds, who carries ideas to members), never for a kind, unless the meaning needs it. All
values are assumptions, except that only some kinds may apply for campaign money (ombud no, NGO yes) and some orders: of
reach (federation above ombud with employers, union above ombud with employees, storyteller above ombud with the
public), and of credibility that the source talk states: federation above ombud with employers, union at least ombud
with employees, storyteller above ombud with people who do not follow the topic.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from sim.errors import InputError
from sim.vocabulary.topics import Topic

Credibility = tuple[float, float, float, float, float]
Skills = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of organisation: start values, which a scenario may replace, and traits, which belong to the kind.

    Parameters
    ----------
    code : int
        Number in a world; never given to another kind. A flagship is a firm.
    word, label : str
        Word used in scenario files; words for reports.
    stance : float
        Position on the issue from -1 (against) to 1 (for).
    exposure : float
        How much criticism of employers in general, on equality at work, hits this organisation or its members; an
        ordinary firm is one among many.
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
        In the order of `Audience`; also the anchor to which credibility returns.
    skills : tuple of float
        In the order of `Skill`.
    reach : tuple of float
        Share of each audience within reach of its own channels, in the order of `Audience`.
    violence_exposure : float
        Share of critical coverage on violence that hits it: no reproach against employers, but against the state.
    public_body : bool
        Its projects need the approval of its leaders.
    funds : bool
        Gives grants to projects.
    carries_to_members : bool
        Passes what it worked out with partners on to member firms (route "federation" of adoption).
    addresses_firms : bool
        Has ideas to tell firms.
    speaks_for_others : bool
        Can be won as a messenger by anybody.
    opens_channels : bool
        Anybody may inform its audiences in its channels.
    observed : bool
        Its outcomes are measured if a scenario does not say whose.
    overlap : float
        Share of its audience that follows a sender anyway.
    training_reach : float
        Weekly sign-ups per free seat of a training through its channels, at full credibility; the union's order above
        the ombud is from the source talk.
    """

    code: int
    word: str
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
    reach: Credibility
    violence_exposure: float = 0.0
    public_body: bool = False
    funds: bool = False
    carries_to_members: bool = False
    addresses_firms: bool = False
    speaks_for_others: bool = False
    opens_channels: bool = False
    observed: bool = False
    overlap: float = 0.95
    training_reach: float = 0.0


# Columns: code, word, label; then stance, exposure, role, champion, top, eligible, capacity (h/week), annual budget
# (EUR), followers, evidence; then credibility by audience; then skills; reach by audience; then traits.
# fmt: off
_ROWS: tuple[Kind, ...] = (
    Kind(0, "ombud", "equality ombud",
         1.0, 0.0, 0.8, 1.0, 0.5, False, 240.0, 40e3, 30e3, 0.0,
         (0.30, 0.65, 0.60, 0.60, 0.75), (1.0, 0.2, 0.6, 0.9, 0.7, 0.1),
         (0.05, 0.05, 0.05, 0.30, 0.50),
         public_body=True, addresses_firms=True, observed=True, training_reach=0.08),
    Kind(1, "ngo", "NGO",
         1.0, 0.0, 1.0, 0.9, 0.7, True, 120.0, 5e3, 20e3, 0.0,
         (0.30, 0.55, 0.65, 0.55, 0.85), (0.2, 0.8, 0.7, 0.3, 0.4, 1.0),
         (0.02, 0.05, 0.06, 0.20, 0.60),
         overlap=0.6, observed=True, training_reach=0.1),
    Kind(2, "federation", "employer federation",
         -1.0, 1.0, None, 0.4, 0.5, False, 60.0, 50e3, 25e3, 0.0,
         (0.80, 0.40, 0.50, 0.65, 0.80), (0.4, 0.8, 0.8, 0.3, 0.6, 0.5),
         (0.60, 0.05, 0.02, 0.40, 0.05),
         carries_to_members=True, overlap=0.3, observed=True,
         training_reach=0.1),
    Kind(3, "firm", "firm",
         -1.0, 0.3, 0.5, 0.3, 0.5, False, 40.0, 20e3, 2e3, 0.0,
         (0.55, 0.45, 0.45, 0.45, 0.60), (0.4, 0.5, 0.5, 0.2, 0.2, 0.6),
         (0.02, 0.02, 0.01, 0.02, 0.0)),
    # Top management is low because the director was absent from the first meeting.
    Kind(3, "flagship", "flagship firm",
         -1.0, 1.0, 0.5, 0.3, 0.3, False, 40.0, 20e3, 50e3, 0.0,
         (0.70, 0.55, 0.60, 0.55, 0.70), (0.4, 0.6, 0.8, 0.3, 0.3, 0.8),
         (0.10, 0.10, 0.05, 0.05, 0.0),
         overlap=0.3),
    Kind(4, "government", "government",
         0.0, 0.2, 0.5, 0.3, 0.5, False, 80.0, 10e6, 50e3, 0.0,
         (0.50, 0.50, 0.50, 0.70, 0.50), (0.3, 0.3, 0.8, 0.4, 1.0, 1.0),
         (0.20, 0.10, 0.10, 0.80, 0.10),
         public_body=True, funds=True, violence_exposure=0.2),
    Kind(5, "union", "trade union",
         0.6, 0.0, 0.9, 0.6, 0.5, False, 80.0, 30e3, 300e3, 0.0,
         (0.35, 0.80, 0.55, 0.55, 0.80), (0.4, 0.8, 0.5, 0.3, 0.5, 0.4),
         (0.05, 0.60, 0.10, 0.30, 0.30),
         overlap=0.5, training_reach=0.2, opens_channels=True),
    Kind(6, "messenger", "storyteller",
         0.0, 0.0, 1.0, 0.0, 0.5, False, 20.0, 0.0, 1e6, 0.0,
         (0.45, 0.70, 0.75, 0.40, 0.60), (0.8, 0.9, 0.5, 0.1, 0.1, 0.2),
         (0.10, 0.25, 0.30, 0.10, 0.20),
         speaks_for_others=True, overlap=0.2),
    Kind(7, "academia", "university or institute",
         0.2, 0.0, 0.9, 0.3, 0.5, False, 40.0, 10e3, 5e3, 0.3,
         (0.60, 0.60, 0.70, 0.70, 0.60), (0.4, 0.2, 0.7, 1.0, 0.3, 0.2),
         (0.05, 0.03, 0.02, 0.20, 0.10)),
    Kind(8, "international", "international body",
         0.8, 0.0, 0.9, 0.3, 0.5, False, 40.0, 50e3, 20e3, 0.3,
         (0.45, 0.45, 0.55, 0.65, 0.65), (0.6, 0.3, 0.8, 0.6, 0.9, 0.3),
         (0.02, 0.02, 0.02, 0.30, 0.10)),
    Kind(9, "professional_body", "managers' body",
         0.2, 0.3, 0.6, 0.9, 0.7, False, 80.0, 150e3, 120e3, 0.2,
         (0.70, 0.55, 0.50, 0.60, 0.75), (0.7, 0.7, 0.6, 0.4, 0.4, 0.6),
         (0.40, 0.15, 0.02, 0.10, 0.10)),
)
# fmt: on

KINDS: dict[str, Kind] = {row.word: row for row in _ROWS}
"""Kinds by word. A flagship firm is written as a firm marked as flagship in scenario files."""


def code_of(word: str) -> int:
    """Return the number of a kind in a world."""
    return KINDS[word].code


def exposure(word: str, topic: str) -> float:
    """Return the share of critical coverage that hits an organisation of a kind.

    Parameters
    ----------
    word : str
        Key of `KINDS`.
    topic : str
        Word of a `Topic`.

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    InputError
        Unknown kind or topic.
    """
    row = KINDS.get(word)
    if row is None:
        raise InputError(_unknown("organisation type", word, tuple(KINDS)))
    if topic not in Topic.words():
        raise InputError(_unknown("topic", topic, Topic.words()))
    return row.violence_exposure if topic == Topic.VIOLENCE.word else row.exposure


def _unknown(kind: str, found: str, known: tuple[str, ...]) -> str:
    """Word the message for a name that is not in a closed list."""
    close = difflib.get_close_matches(str(found), known, n=1)
    hint = f"did you mean {close[0]!r}?" if close else f"expected one of {', '.join(known)}"
    return f"unknown {kind} {found!r}, {hint}"
