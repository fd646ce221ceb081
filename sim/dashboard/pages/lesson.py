"""Lesson: one idea a step, a bet before each result, and notes for the facilitator in a window of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import solara

from sim.dashboard.lessons import BETS, LESSONS, Lesson, lesson_of, outcome_of_bet
from sim.dashboard.pages.parts import (
    PlanSliders,
    Player,
    Verdict,
    block,
    caveat,
    current,
    fan,
    plans_line,
    text,
    world_controls,
)
from sim.dashboard.state import Plan
from sim.dashboard.widgets.components import Buttons, Follow

if TYPE_CHECKING:
    from sim.dashboard.engine import Answer
    from sim.dashboard.session import Session

__all__ = ["Guided", "Notes"]


@solara.component
def Guided() -> None:
    """The lesson that runs, or the choice of one."""
    session = current()
    lesson = lesson_of(session.view.lesson)
    if lesson is None:
        _Choose(session)
    else:
        _Step(session, lesson)


@solara.component
def _Choose(session: Session) -> None:
    words = session.words
    text(words("lesson.choose"), tag="h1")
    with solara.Div(classes=["pd-three"]):
        for row in LESSONS:
            with solara.Div(classes=["pd-card", "pd-lesson-card"]):
                text(words(f"lessons.{row.id}.title"), tag="h2")
                text(words(f"lessons.{row.id}.lead"))
                text(words("lesson.minutes", minutes=row.minutes), classes="pd-small")
                Buttons(
                    rows=[{"id": row.id, "label": words("lesson.begin"), "main": True}],
                    label=words(f"lessons.{row.id}.title"),
                    event_pressed=lambda name: _begin(session, str(name)),
                )


def _begin(session: Session, name: str, step: int = 0) -> None:
    """Set the plans and the outcome of a step as the lesson has them."""
    lesson = lesson_of(name)
    if lesson is None:
        session.show(lesson="", step=0, bet="")
        return
    a, b = (Plan(one) for one in lesson.plans)
    key = lesson.steps[step]
    session.show(
        lesson=name, step=step, bet="", a=a, b=b, shown="a", world=lesson.world, measure=lesson.measure(key), seed=0
    )


@solara.component
def _Step(session: Session, lesson: Lesson) -> None:
    view, words = session.view, session.words
    step = min(view.step, len(lesson.steps) - 1)
    key = lesson.steps[step]
    bets = key.startswith("bet")
    hidden = bets and view.bet not in BETS
    answer = None if key == "story" else session.answer()
    solara.use_effect(session.refine, [view.question, view.measure])
    with solara.Div(classes=["pd-lesson"]):
        with solara.Div(classes=["pd-card", "pd-lesson-text"]):
            text(words(f"lessons.{lesson.id}.title"), tag="h1")
            marks = "".join(f'<i class="{"pd-done" if k <= step else ""}"></i>' for k in range(len(lesson.steps)))
            block(marks, "pd-steps", **{"aria-hidden": "true"})
            text(words("lesson.step", step=step + 1, steps=len(lesson.steps)), classes="pd-small")
            text(words(f"lessons.{lesson.id}.{key}"))
            if bets:
                _bet(session, lesson, key, answer)
            _moves(session, lesson, step, hidden)
        with solara.Div(classes=["pd-stack"]):
            if key == "story":
                with solara.Div(classes=["pd-card", "pd-world-card", "pd-answer"]):
                    world_controls(session)
                    with solara.Div(classes=["pd-player-box"]):
                        Player(session)
            else:
                with solara.Div(classes=["pd-card", "pd-answer"]):
                    plans_line(session)
                    if hidden:
                        text(f"{words('lesson.bet_title')}: {words.measure(view.measure, view.a.scenario)}?", tag="h2")
                        block("<span>?</span>", "pd-veiled", **{"aria-hidden": "true"})
                    elif answer is not None:
                        Verdict(answer, session)
                        fan(answer, session)
                    caveat(session)
                if key == "try":
                    with solara.Div(classes=["pd-card"]):
                        text(words("explore.sliders"), tag="h2")
                        PlanSliders(session, "b", session.history.value.moves)
    Follow(where={"lesson": lesson.id, "step": step}, follow=False, event_moved=lambda _: None)


def _bet(session: Session, lesson: Lesson, key: str, answer: Answer | None) -> None:
    """Ask for a bet; once it is placed, hold it against the result."""
    view, words = session.view, session.words
    with solara.Div(classes=["pd-bet-box"]):
        text(words("lesson.bet_title"), tag="h2")
        Buttons(
            rows=[{"id": one, "label": words(f"lesson.bet_{one}"), "on": view.bet == one} for one in BETS],
            label=words("lesson.bet_title"),
            event_pressed=lambda one: session.show(bet=str(one)) if one in BETS else None,
        )
        if view.bet in BETS and answer is not None:
            paired = answer.comparison.results[0, 1].get(answer.measure)
            better = answer.comparison.better(answer.measure, paired) if paired is not None else ""
            found = outcome_of_bet(view.bet, paired, better)
            said = words("lesson.your_bet", bet=words(f"lesson.bet_{view.bet}"))
            text(f"{said} {words(f'lesson.{found}')}", classes="pd-bet-result", role="status")
            text(words(f"lessons.{lesson.id}.{key.replace('bet', 'after')}"))


def _moves(session: Session, lesson: Lesson, step: int, hidden: bool) -> None:
    words = session.words
    last = step == len(lesson.steps) - 1
    rows: list[dict[str, Any]] = [
        {"id": "back", "label": words("lesson.back"), "disabled": step == 0},
        {"id": "next", "label": words("lesson.next"), "main": not hidden and not last, "disabled": last or hidden},
        {"id": "reset", "label": words("lesson.reset")},
        {"id": "leave", "label": words("lesson.leave")},
    ]

    def press(name: object) -> None:
        if name == "leave":
            session.show(lesson="", step=0, bet="")
        elif name == "reset":
            _begin(session, lesson.id, step)
        elif name == "next" and not last:
            _go(session, lesson, step + 1)
        elif name == "back" and step:
            _go(session, lesson, step - 1)

    Buttons(rows=rows, label=words("nav.lesson"), event_pressed=press)
    link = f'<a href="notes?lesson={lesson.id}&amp;step={step}&amp;language={session.view.language}" target="pd-notes">'
    block(f"{link}{words('lesson.notes')}</a>", "pd-small")


def _go(session: Session, lesson: Lesson, step: int) -> None:
    """Go to a step; what was tried stays, but every result waits for its bet."""
    key = lesson.steps[step]
    if key in ("bet1", "bet2"):
        _begin(session, lesson.id, step)
    else:
        session.show(step=step, bet="", measure=lesson.measure(key))


@solara.component
def Notes() -> None:
    """Notes for the facilitator; they follow the lesson in the other window."""
    from urllib.parse import parse_qs

    session = current()
    router = solara.use_router()
    query = parse_qs(router.search or "")
    asked = {"lesson": query.get("lesson", [""])[0], "step": query.get("step", ["0"])[0]}
    where, set_where = solara.use_state(asked)
    words = session.words
    lesson = lesson_of(str(where.get("lesson", ""))) or LESSONS[0]
    number = str(where.get("step", 0))
    step = min(int(number) if number.isdigit() else 0, len(lesson.steps) - 1)
    key = lesson.steps[step]
    solara.use_effect(lambda: _speak(session, query.get("language", [""])[0]), [])
    with solara.Div(classes=["pd-card", "pd-notes"]):
        text(words("lesson.notes_title"), classes="pd-small")
        text(words(f"lessons.{lesson.id}.title"), tag="h1")
        text(words("lesson.step", step=step + 1, steps=len(lesson.steps)), classes="pd-small")
        text(words(f"lessons.{lesson.id}.{key}"))
        rows = zip(("aim", "say", "ask", "watch"), words.words["lessons"][lesson.id]["notes"][key], strict=True)
        for name, content in rows:
            text(words(f"lesson.{name}"), tag="h3")
            text(content)
        text(words("lesson.notes_follow"), classes="pd-small")
    Follow(where={}, follow=True, event_moved=lambda found: set_where(dict(found)))


def _speak(session: Session, language: str) -> None:
    from sim.dashboard.state import LANGUAGES

    if language in LANGUAGES:
        session.history.value = session.history.value.change(replace(session.view, language=language))
