"""The guided lessons: which plans, which outcomes to bet on, step by step. The words are in the language files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from sim.dashboard.sliders import sliders_of
from sim.dashboard.state import Plan
from sim.statistics import Verdict

if TYPE_CHECKING:
    from sim.dashboard.state import History, View
    from sim.statistics import Paired

BETS = ("a", "b", "same")
#: Steps in which the group changes the plans itself.
FREE = ("try", "talk")


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
    times
        Minutes of each step.
    trial
        What the group changes at the end: plan B ("b"), plan B as a copy of plan A ("copy"), or both plans together,
        so that they go on differing in one thing ("both").
    """

    id: str
    plans: tuple[str, str]
    measures: tuple[str, str]
    world: int
    times: tuple[int, int, int, int, int]
    trial: Literal["b", "copy", "both"]

    @property
    def steps(self) -> tuple[str, ...]:
        """Keys of the steps, in order."""
        return ("story", "bet1", "bet2", "try", "talk")

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return sum(self.times)

    @property
    def sliders(self) -> str:
        """Which plan the sliders move: "b" or "both"."""
        return "both" if self.trial == "both" else "b"

    def measure(self, step: str) -> str:
        """Outcome that a step looks at first."""
        return self.measures[1] if step == "bet2" else self.measures[0]

    def plans_at(self, step: str) -> tuple[Plan, Plan]:
        """Plans that a step begins with."""
        a, b = (Plan(one) for one in self.plans)
        return (a, a) if step in FREE and self.trial == "copy" else (a, b)

    def fits(self, view: View, step: str) -> bool:
        """Whether a view shows what belongs to a step; in a free step, what its sliders can make of it."""
        a, b = self.plans_at(step)
        if view.seed or view.parameters:
            return False
        if step not in FREE:
            return (view.a, view.b, view.measure) == (a, b, self.measure(step))
        if view.measure not in self.measures or view.b.base != b.base:
            return False
        if self.trial != "both":
            return view.a == a
        return view.a.base == a.base and sliders_of(view.a.scenario) == sliders_of(view.b.scenario)


LESSONS: tuple[Lesson, ...] = (
    Lesson(
        "campaign",
        ("campaign-while-partnering", "partner-in-calm-seas"),
        ("weeks_away", "goal_share"),
        0,
        (6, 7, 6, 8, 8),
        "copy",
    ),
    Lesson(
        "ideas",
        ("ideas-given-early", "ideas-after-commitment"),
        ("credited_impact_ombud", "goal_share"),
        0,
        (5, 6, 5, 7, 7),
        "b",
    ),
    Lesson(
        "shadows",
        ("public-partnership", "stay-in-the-shadows"),
        ("goal_share", "credited_impact_ombud"),
        0,
        (5, 6, 5, 7, 7),
        "both",
    ),
)


def lesson_of(name: str) -> Lesson | None:
    """Return a lesson by its id, None if there is none."""
    return next((row for row in LESSONS if row.id == name), None)


def begun(view: View, lesson: Lesson, step: int) -> View:
    """Return a view at the beginning of a step: plans, seed, parameters, outcome and world as the lesson has them."""
    key = lesson.steps[step]
    a, b = lesson.plans_at(key)
    return replace(
        view,
        a=a,
        b=b,
        seed=0,
        parameters=(),
        measure=lesson.measure(key),
        world=lesson.world,
        shown="a",
        lesson=lesson.id,
        step=step,
        bet="",
    )


def set_back(history: History, lesson: Lesson, step: int) -> History:
    """Return a history whose view belongs to a step of a lesson again.

    An undo or redo that led out of the step is taken back, so that neither is used up; what came from another page
    can be undone after the lesson.
    """
    key = lesson.steps[step]
    for other in (history, history.redo(), history.undo()):
        if lesson.fits(other.present, key):
            return other
    return history.change(begun(history.present, lesson, step))


def outcome_of_bet(bet: str, paired: Paired | None, better: str) -> str:
    """Hold a bet against the model: ``right``, ``wrong``, or ``open_result`` where it is undecided and one bet on it.

    Parameters
    ----------
    bet
        "a", "b" or "same".
    paired, better
        Result of the comparison, and who is better in it ("" if nobody is).
    """
    settled = paired is not None and paired.verdict in (Verdict.HIGHER, Verdict.LOWER)
    if not settled:
        return "right" if bet == "same" else "open_result"
    return "right" if better.lower() == bet else "wrong"
