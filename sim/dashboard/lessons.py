"""The guided lessons: which plans, which outcomes to bet on, step by step. The words are in the language files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.studies.statistics import Paired

__all__ = ["LESSONS", "Lesson", "lesson_of", "outcome_of_bet"]

BETS = ("a", "b", "same")


@dataclass(frozen=True)
class Lesson:
    """One lesson: a story, two bets with their results, a try of one's own, a talk.

    Attributes
    ----------
    id
        Its name in the language files, under ``lessons``.
    plans
        Scenarios A and B.
    measures
        Outcome of the first and of the second bet.
    world
        World whose story is played first.
    minutes
        How long it takes.
    """

    id: str
    plans: tuple[str, str]
    measures: tuple[str, str]
    world: int
    minutes: int

    @property
    def steps(self) -> tuple[str, ...]:
        """Keys of the steps, in order."""
        return ("story", "bet1", "bet2", "try", "talk")

    def measure(self, step: str) -> str:
        """Outcome that a step looks at."""
        return self.measures[1] if step == "bet2" else self.measures[0]


LESSONS: tuple[Lesson, ...] = (
    Lesson("campaign", ("campaign-while-partnering", "partner-in-calm-seas"), ("weeks_away", "goal_share"), 0, 35),
    Lesson("ideas", ("ideas-given-early", "ideas-after-commitment"), ("credited_impact_ombud", "goal_share"), 0, 30),
    Lesson("shadows", ("public-partnership", "stay-in-the-shadows"), ("goal_share", "credited_impact_ombud"), 0, 30),
)


def lesson_of(name: str) -> Lesson | None:
    """Return a lesson by its id, None if there is none."""
    return next((row for row in LESSONS if row.id == name), None)


def outcome_of_bet(bet: str, paired: Paired | None, better: str) -> str:
    """Hold a bet against the model: ``right``, ``wrong``, or ``open_result`` where it is undecided and one bet on it.

    Parameters
    ----------
    bet
        "a", "b" or "same".
    paired, better
        Result of the comparison, and who is better in it ("" if nobody is).
    """
    settled = paired is not None and paired.verdict not in ("undecided", "identical")
    if not settled:
        return "right" if bet == "same" else "open_result"
    return "right" if better.lower() == bet else "wrong"
