"""Explore, for the wall: one world plays, a thousand answer, six sliders change plan B."""

from __future__ import annotations

from typing import TYPE_CHECKING

import solara

from sim.dashboard.pages.parts import (
    PlanSliders,
    Player,
    Verdict,
    caveat,
    current,
    fan,
    measure_choice,
    plans_line,
    text,
    world_controls,
)
from sim.dashboard.state import Plan
from sim.dashboard.widgets.components import Choice
from sim.scenarios.lessons import lessons

if TYPE_CHECKING:
    from sim.dashboard.session import Session


@solara.component
def Explore() -> None:
    """The page for the wall."""
    session = current()
    view, words = session.view, session.words
    answer = session.answer()
    solara.use_effect(session.refine, [view.question, view.measure])
    with solara.Div(classes=["pd-toolbar"]):
        _presets(session)
        measure_choice(session)
    with solara.Div(classes=["pd-explore"]):
        with solara.Div(classes=["pd-card", "pd-world-card"]):
            with solara.Div(classes=["pd-row"]):
                text(words("explore.world", number=view.world), tag="h2")
                world_controls(session)
            with solara.Div(classes=["pd-player-box"]):
                Player(session)
        with solara.Div(classes=["pd-stack"]):
            with solara.Div(classes=["pd-card", "pd-answer"]):
                plans_line(session)
                if answer is not None:
                    Verdict(answer, session)
                    fan(answer, session)
                caveat(session)
            with solara.Div(classes=["pd-card"]):
                text(words("explore.sliders"), tag="h2")
                PlanSliders(session, "b", session.history.value.moves)


def _presets(session: Session) -> None:
    """Plans of the lessons, ready to compare."""
    view, words = session.view, session.words
    rows = [row for row in lessons() if row.kind == "lesson"]

    def choose(name: object) -> None:
        for row in rows:
            if row.id == name:
                a, b = (Plan(one) for one in row.compare[0][:2])
                session.show(a=a, b=b, measure=row.measures[0])

    now = (view.a.base, view.b.base)
    chosen = next((row.id for row in rows if now == row.compare[0][:2]), "")
    own = [{"id": "", "label": words("explore.own")}] if not chosen else []
    Choice(
        name="preset",
        label=words("explore.presets"),
        value=chosen,
        groups=[{"label": "", "rows": [*own, *({"id": row.id, "label": words(f"preset.{row.id}")} for row in rows)]}],
        event_chosen=choose,
    )
