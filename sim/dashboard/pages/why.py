"""Why: which parameters the verdict hangs on, two sliders as a map, and the worst futures opened as stories."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import solara

from sim.analysis.comparison.words import Told
from sim.dashboard import charts
from sim.dashboard.analyses import recall, work_out
from sim.dashboard.engine import outcome
from sim.dashboard.pages.exports import save_chart
from sim.dashboard.pages.parts import Player, Verdict, block, caveat, current, made_by, measure_choice, plans_line, text
from sim.dashboard.slider_map import CELL_WORLDS, slider_map
from sim.dashboard.sliders import SLIDERS, sliders_of
from sim.dashboard.widgets.components import Buttons, Chart, Choice
from sim.errors import InputError
from sim.observe.measures import measure as describe

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from sim.dashboard.analyses import Progress
    from sim.dashboard.engine import Answer
    from sim.dashboard.session import Session
    from sim.dashboard.state import View
    from sim.ensemble import Ensemble

_LISTED = 12
#: Of a chart, on a desk and on a wall.
_HEIGHTS = ("430px", "500px")
_TELL_EVERY = 4  # points: every step of progress is a message to the browser


def worst_worlds(ensemble: Ensemble, measure: str) -> list[tuple[int, float]]:
    """Return the tenth of the worlds that is worst in an outcome, the worst first: number and value.

    For an outcome without a better and a worse, the lowest count as worst.
    """
    values = ensemble.outcomes[measure].to_numpy(float)
    sign = -1.0 if describe(measure).direction < 0 else 1.0
    there = np.flatnonzero(np.isfinite(values))
    order = there[np.argsort(sign * values[there], kind="stable")]
    return [(int(world), float(values[world])) for world in order[: max(1, len(there) // 10)]]


@solara.component
def Why() -> None:
    """What the answer hangs on."""
    session = current()
    view, words = session.view, session.words
    answer = session.answer()
    solara.use_effect(session.refine, [view.question, view.measure])
    with solara.Div(classes=["pd-toolbar"]):
        text(words("why.lead"), tag="h1")
        measure_choice(session)
    if answer is None:
        return
    with solara.Div(classes=["pd-card"]):
        plans_line(session)
        Verdict(answer, session)
        caveat(session)
    with solara.Div(classes=["pd-two", "pd-below"]):
        _hangs(session, answer)
        _Map(session)
    _Worst(session, answer.comparison.ensembles["ab".index(view.shown)])


def _analysis(key: Hashable, work: Callable[[Progress], Any]) -> tuple[Any, tuple[int, int]]:
    """Work something long out in a thread, anew for every question; return its answer (or None) and its progress."""
    state, set_state = solara.use_state((key, recall(key), (0, 0)))

    def begin() -> Callable[[], None]:
        stopped = threading.Event()

        def tell(done: int, total: int) -> bool:
            if not stopped.is_set() and done % _TELL_EVERY == 0:
                set_state((key, None, (done, total)))
            return not stopped.is_set()

        def job() -> None:
            found = work_out(key, work, tell)
            if found is not None and not stopped.is_set():
                set_state((key, found, (1, 1)))

        if state[0] != key or state[1] is None:
            threading.Thread(target=job, daemon=True).start()
        return stopped.set

    solara.use_effect(begin, [key])
    return state[1:] if state[0] == key else (None, (0, 0))


def _waiting(session: Session, progress: tuple[int, int], label: str, height: str) -> None:
    """Keep the room of a chart until there is one, and say how far it is."""
    done, total = progress
    words = session.words
    with solara.Div(classes=["pd-coming"], style={"height": height}):
        said = words("why.in_line") if not total else words("why.progress", done=done, all=total) if total > 1 else ""
        text(said, classes="pd-small", role="status")
        block("", "pd-progress", tag="progress", max=str(max(1, total)), value=str(done), **{"aria-label": label})


def _hangs(session: Session, answer: Answer) -> None:
    """Show which uncertain values the difference hangs on, from the same worlds."""
    words, name = session.words, answer.measure
    told = Told(answer.comparison, words.code)
    height = _HEIGHTS[session.view.projector]
    with solara.Div(classes=["pd-card"]):
        text(words("why.tornado"), tag="h2")
        text(words("why.tornado_text"), classes="pd-small")
        curves = answer.comparison.hangs.curves.get((1, name))
        if curves is None:
            for sentence in told.hangs() or [words("answer.hangs_none")]:
                text(sentence)
            return
        for sentence in told.hangs_on(name, 1):
            text(sentence, classes="pd-evidence")
        facts = made_by(session, "report.facts", worlds=words.number(answer.comparison.replicates))
        title = f"{words('why.tornado')}: {words.measure(name, session.view.a.scenario)}"
        option = charts.tornado_option(curves, name, told, large=session.view.projector)
        Chart(name="tornado", option=option, height=height, caption=(title, *facts, words("why.tornado_text")))
        save_chart(session, "tornado")


@solara.component
def _Map(session: Session) -> None:
    """Two sliders of plan B as a map."""
    view, words = session.view, session.words
    there = [slider.id for slider, _ in sliders_of(view.b.scenario)]
    chosen, set_chosen = solara.use_state(("", ""))
    pair = chosen if set(chosen) <= set(there) and chosen[0] != chosen[1] else tuple(there[:2])
    with solara.Div(classes=["pd-card"]):
        text(words("why.map"), tag="h2")
        text(words("why.map_text"), classes="pd-small")
        if len(there) < 2:
            text(words("why.few"))
            return
        x, y = pair
        with solara.Div(classes=["pd-toolbar", "pd-sliders-chosen"]):
            for place, name in enumerate(("across", "upwards")):
                Choice(
                    name=name,
                    label=words(f"why.{name}"),
                    value=pair[place],
                    groups=[{"label": "", "rows": [{"id": one, "label": words(f"slider.{one}")} for one in there]}],
                    event_chosen=lambda one, place=place: set_chosen(_paired(pair, place, str(one), there)),
                )
        _Drawn(session, view, x, y)


def _paired(pair: tuple[str, ...], place: int, one: str, there: list[str]) -> tuple[str, str]:
    """Put a slider in its place; the other one gives way if it is the same."""
    if one not in there:
        return pair[0], pair[1]
    other = pair[1 - place] if pair[1 - place] != one else pair[place]
    return (one, other) if place == 0 else (other, one)


@solara.component
def _Drawn(session: Session, view: View, x: str, y: str) -> None:
    words = session.words
    key = ("map", view.question, outcome(view), x, y)
    found, progress = _analysis(key, lambda tell: slider_map(view, x, y, tell))
    height = _HEIGHTS[view.projector]
    if found is None:
        _waiting(session, progress, words("why.map"), height)
        return
    if isinstance(found, InputError):
        text(words.say(found.said), classes="pd-error", role="alert")
        return
    ticks = (
        [_tick(session, found.x, value) for value in found.columns],
        [_tick(session, found.y, value) for value in found.rows],
    )
    labels = (words(f"slider.{found.x}"), words(f"slider.{found.y}"))
    option = charts.map_option(found, outcome(view), labels, ticks, words, large=view.projector)
    facts = made_by(session, "why.facts", points=f"{found.difference.size}", worlds=f"{CELL_WORLDS}")
    title = f"{words('why.map')}: {words.measure(outcome(view), view.a.scenario)}"
    brackets = words("why.brackets", worlds=CELL_WORLDS)
    text(brackets, classes="pd-small")
    Chart(name="map", option=option, height=height, caption=(title, *facts, words("why.map_text"), brackets))
    save_chart(session, "map")


def _tick(session: Session, name: str, value: float) -> str:
    slider = next(row for row in SLIDERS if row.id == name)
    if slider.unit == "week":
        date = session.view.b.scenario.date(round(value))
        return f"{session.words.words['months'][date.month - 1]} {date.year}"
    return session.words.amount(
        value, slider.unit if slider.unit == "share" else "", 0 if slider.unit != "share" else None
    )


@solara.component
def _Worst(session: Session, ensemble: Ensemble) -> None:
    """The futures in which a plan did worst, to open as stories."""
    view, words = session.view, session.words
    name = outcome(view)
    unit = describe(name).unit
    rows = worst_worlds(ensemble, name)[:_LISTED]
    listed = [world for world, _ in rows]
    told = view.world if view.world in listed or not listed else listed[0]
    label = words.measure(name, view.a.scenario)
    with solara.Div(classes=["pd-lesson", "pd-below"]):
        with solara.Div(classes=["pd-card"]):
            text(words("why.worst"), tag="h2")
            text(words("why.worst_text", letter=view.shown.upper(), measure=label[:1].lower() + label[1:]))
            Buttons(
                rows=[
                    {"id": one, "label": words(f"compare.plan_{one}"), "on": view.shown == one} for one in ("a", "b")
                ],
                label=words("explore.plan_shown"),
                event_pressed=lambda one: session.show(shown="b" if one == "b" else "a"),
            )
            Buttons(
                rows=[
                    {
                        "id": str(world),
                        "label": words("why.world", world=world, value=words.amount(value, unit)),
                        "on": world == told,
                    }
                    for world, value in rows
                ],
                label=words("why.worst"),
                kind="presets",
                event_pressed=lambda world: session.show(world=int(str(world))),
            )
            text(words("app.one_world"), classes="pd-small")
        with solara.Div(classes=["pd-card", "pd-world-card"]):
            text(words("why.story", world=told), tag="h2")
            with solara.Div(classes=["pd-player-box"]):
                Player(session, world=told)
