"""Lesson: one idea a step, a bet before each result, and notes for the facilitator in a window of their own."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import solara

from sim.dashboard.lessons import BETS, FREE, LESSONS, Lesson, begun, lesson_of, outcome_of_bet, set_back
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
from sim.dashboard.widgets.components import Buttons, Follow

if TYPE_CHECKING:
    from sim.dashboard.engine import Answer
    from sim.dashboard.session import Session


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
    """Begin a step of a lesson, with everything as the lesson has it."""
    lesson = lesson_of(name)
    if lesson is None:
        session.show(lesson="", step=0, bet="")
    else:
        session.history.value = session.history.value.change(begun(session.view, lesson, step))


@solara.component
def _Step(session: Session, lesson: Lesson) -> None:
    view, words = session.view, session.words
    step = min(view.step, len(lesson.steps) - 1)
    key = lesson.steps[step]
    bets = key.startswith("bet")
    hidden = bets and view.bet not in BETS
    strayed = not lesson.fits(view, key)  # another page, or an undo, brought other plans: show nothing of them

    def return_to_step() -> None:
        if strayed:
            session.history.value = set_back(session.history.value, lesson, step)

    def refine() -> None:
        if not strayed:
            session.refine()

    answer = None if strayed or key == "story" else session.answer()
    solara.use_effect(return_to_step, [view])
    solara.use_effect(refine, [view.question, view.measure, strayed])
    with solara.Div(classes=["pd-lesson"]):
        with solara.Div(classes=["pd-card", "pd-lesson-text"]):
            text(words(f"lessons.{lesson.id}.title"), tag="h1")
            marks = "".join(f'<i class="{"pd-done" if k <= step else ""}"></i>' for k in range(len(lesson.steps)))
            block(marks, "pd-steps", **{"aria-hidden": "true"})
            text(words("lesson.step", step=step + 1, steps=len(lesson.steps)), classes="pd-small")
            text(words(f"lessons.{lesson.id}.{key}"))
            if bets:
                _bet(session, lesson, key, answer)
            _Moves(session, lesson, step, hidden)
        with solara.Div(classes=["pd-stack"]):
            if strayed:
                solara.Div(classes=["pd-card", "pd-answer"])
            elif key == "story":
                with solara.Div(classes=["pd-card", "pd-world-card", "pd-answer"]):
                    world_controls(session)
                    with solara.Div(classes=["pd-player-box"]):
                        Player(session)
            else:
                with solara.Div(classes=["pd-card", "pd-answer"]):
                    plans_line(session)
                    if key in FREE:
                        _outcomes(session, lesson)
                    if hidden:
                        text(f"{words('lesson.bet_title')}: {words.measure(view.measure, view.a.scenario)}?", tag="h2")
                        block("<span>?</span>", "pd-veiled", **{"aria-hidden": "true"})
                    elif answer is not None:
                        Verdict(answer, session)
                        fan(answer, session)
                    caveat(session)
                if key == "try":
                    with solara.Div(classes=["pd-card"]):
                        heading = "lesson.both_sliders" if lesson.sliders == "both" else "explore.sliders"
                        text(words(heading), tag="h2")
                        PlanSliders(session, lesson.sliders, session.history.value.moves)


def _outcomes(session: Session, lesson: Lesson) -> None:
    """Let the group look at either outcome of the lesson."""
    view, words = session.view, session.words
    names = {name: words.measure(name, view.a.scenario) for name in lesson.measures}
    with solara.Div(classes=["pd-row"]):
        Buttons(
            rows=[{"id": name, "label": label, "on": view.measure == name} for name, label in names.items()],
            label=words("explore.outcome"),
            event_pressed=lambda name: session.show(measure=str(name)) if name in names else None,
        )


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


@solara.component
def _Moves(session: Session, lesson: Lesson, step: int, hidden: bool) -> None:
    """Show the ways on from a step, and the way to its notes."""
    words = session.words
    router = solara.use_router()
    channel, set_channel = solara.use_state("")
    last = step == len(lesson.steps) - 1
    onward = (
        {"id": "explore", "label": words("lesson.explore"), "main": True}
        if last
        else {"id": "next", "label": words("lesson.next"), "main": not hidden, "disabled": hidden}
    )
    rows: list[dict[str, Any]] = [
        {"id": "back", "label": words("lesson.back"), "disabled": step == 0},
        onward,
        {"id": "reset", "label": words("lesson.reset")},
        {"id": "leave", "label": words("lesson.leave")},
    ]

    def press(name: object) -> None:
        if name == "leave":
            session.show(lesson="", step=0, bet="")
        elif name == "reset":
            _begin(session, lesson.id, step)
        elif name == "explore" and last:
            router.push("/explore")
        elif name == "next" and not last:
            _go(session, lesson, step + 1)
        elif name == "back" and step:
            _go(session, lesson, step - 1)

    def hear(said: object) -> None:
        """Take the name of the channel that the notes listen to; "alone" in a browser without channels."""
        named = str(said.get("channel", "")) if isinstance(said, dict) else ""
        set_channel(named if re.fullmatch("[a-z0-9]{1,40}", named) else "alone")

    with solara.Div(classes=["pd-moves"]):
        Buttons(rows=rows, label=words("nav.lesson"), event_pressed=press)
        link = ""  # keeps its room until the channel is known
        if channel:
            address = f"notes?lesson={lesson.id}&step={step}&language={session.view.language}&channel={channel}"
            told = html.escape(words("lesson.notes"))
            link = f'<a href="{html.escape(address)}" target="pd-notes-{channel}">{told}</a>'
        block(link, "pd-small")
        Follow(where={"lesson": lesson.id, "step": step}, follow=False, event_moved=hear)


def _go(session: Session, lesson: Lesson, step: int) -> None:
    """Go to a step; from one free step to the next what was tried stays."""
    now = min(session.view.step, len(lesson.steps) - 1)
    if {lesson.steps[step], lesson.steps[now]} <= {*FREE}:
        session.show(step=step)
    else:
        _begin(session, lesson.id, step)


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
        heading = words("lesson.step", step=step + 1, steps=len(lesson.steps))
        time = words("lesson.step_minutes", minutes=lesson.times[step], whole=lesson.minutes)
        text(f"{heading} \u00b7 {time}", classes="pd-small")
        text(words(f"lessons.{lesson.id}.{key}"))
        told = words.words["lessons"][lesson.id]
        rows = [*zip(("aim", "say", "ask", "watch"), told["notes"][key], strict=True)]
        if key in told["answers"]:
            rows += zip(("usually", "then"), told["answers"][key], strict=True)
        for name, content in rows:
            text(words(f"lesson.{name}"), tag="h3")
            text(content)
        text(words("lesson.notes_follow"), classes="pd-small")
    channel = query.get("channel", [""])[0]
    Follow(where={"channel": channel}, follow=True, event_moved=lambda found: set_where(dict(found)))


def _speak(session: Session, language: str) -> None:
    from sim.words.language import LANGUAGES

    if language in LANGUAGES:
        session.history.value = session.history.value.change(replace(session.view, language=language))
