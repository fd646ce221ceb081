"""Why: which parameters the verdict hangs on, two levers as a map, and the worst futures opened as stories."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import solara

from sim.dashboard import charts
from sim.dashboard.engine import FIRST_WORLDS, outcome
from sim.dashboard.hinges import LeverMap, Stopped, hinges, lever_map
from sim.dashboard.levers import LEVERS, levers_of
from sim.dashboard.pages.parts import Player, Verdict, caveat, current, measure_choice, plans_line, text
from sim.dashboard.widgets.components import Buttons, Chart, Choice
from sim.errors import InputError
from sim.observe.measures import measure as describe

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.dashboard.session import Session
    from sim.dashboard.state import View
    from sim.ensemble import Ensemble

__all__ = ["Why", "worst_worlds"]

_LISTED = 12
_NAMED = 3
_TELL_EVERY = 4  # points: every step of progress is a message to the browser
#: Analyses that run at a time in the whole process: they take both cores for seconds.
_turn = threading.Semaphore(2)


def worst_worlds(ensemble: Ensemble, measure: str, worlds: int = FIRST_WORLDS) -> list[tuple[int, float]]:
    """Return the tenth of the first worlds that is worst in an outcome, the worst first: number and value.

    For an outcome without a better and a worse, the lowest count as worst.
    """
    values = ensemble.outcomes[measure].to_numpy(float)[:worlds]
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
        _Tornado(session)
        _Map(session)
    _Worst(session, answer.comparison.ensembles["ab".index(view.shown)])


def _analysis(
    key: Any, work: Callable[[Callable[[int, int], bool]], Any]
) -> tuple[Callable[[], None], Any, tuple[int, int] | None]:
    """Run something long in a thread when asked; what belongs to another question is dropped."""
    result, set_result = solara.use_state(None)
    progress, set_progress = solara.use_state(None)
    wanted = solara.use_ref(None)

    def forget() -> Callable[[], None]:
        wanted.current = None
        set_progress(None)

        def leave() -> None:
            wanted.current = None

        return leave

    solara.use_effect(forget, [key])

    def run() -> None:
        wanted.current = key

        def tell(done: int, total: int) -> bool:
            if wanted.current != key:
                return False
            if done % _TELL_EVERY == 0:
                set_progress((done, total))
            return True

        def job() -> None:
            with _turn:
                try:
                    found = work(tell)
                except Stopped:
                    return
                except InputError as error:
                    found = error
            if wanted.current == key:
                set_result((key, found))
                set_progress(None)

        set_progress((0, 1))
        threading.Thread(target=job, daemon=True).start()

    current_result = result[1] if result is not None and result[0] == key else None
    return run, current_result, progress


def _controls(
    session: Session, name: str, run: Callable[[], None], found: Any, progress: tuple[int, int] | None
) -> None:
    words = session.words
    label = words("why.again" if found is not None else "why.run")
    Buttons(
        rows=[{"id": name, "label": label, "main": found is None, "disabled": progress is not None}],
        label=label,
        event_pressed=lambda _: run(),
    )
    if progress is not None:
        done, total = progress
        text(words("why.progress", done=done, all=total), classes="pd-small", role="status")
        solara.ProgressLinear(100.0 * done / total)
    if isinstance(found, InputError):
        text(str(found), classes="pd-error", role="alert")


@solara.component
def _Tornado(session: Session) -> None:
    """Which parameters the difference hangs on."""
    view, words = session.view, session.words
    key = ("tornado", view.question, outcome(view))
    run, found, progress = _analysis(key, lambda tell: hinges(view, tell))
    with solara.Div(classes=["pd-card"]):
        text(words("why.tornado"), tag="h2")
        text(words("why.tornado_text"), classes="pd-small")
        _controls(session, "tornado", run, found, progress)
        if found is None or isinstance(found, InputError):
            return
        names = {row.name: words.maybe("parameter", row.name, row.label) for row in found.rows}
        first = [names[row.name] for row in found.ranked[:_NAMED]]
        text(words("why.hangs", names="; ".join(first)) if first else words("why.none"), classes="pd-evidence")
        option = charts.tornado_option(found, names, words, large=view.projector)
        Chart(name="tornado", option=option, height="430px" if not view.projector else "560px")


@solara.component
def _Map(session: Session) -> None:
    """Two levers of plan B as a map."""
    view, words = session.view, session.words
    there = [lever.id for lever, _ in levers_of(view.b.scenario)]
    chosen, set_chosen = solara.use_state(("", ""))
    pair = chosen if set(chosen) <= set(there) and chosen[0] != chosen[1] else tuple(there[:2])
    with solara.Div(classes=["pd-card"]):
        text(words("why.map"), tag="h2")
        text(words("why.map_text"), classes="pd-small")
        if len(there) < 2:
            text(words("why.few"))
            return
        x, y = pair
        with solara.Div(classes=["pd-toolbar"]):
            for place, name in enumerate(("across", "upwards")):
                Choice(
                    name=name,
                    label=words(f"why.{name}"),
                    value=pair[place],
                    groups=[{"label": "", "rows": [{"id": one, "label": words(f"lever.{one}")} for one in there]}],
                    event_chosen=lambda one, place=place: set_chosen(_paired(pair, place, str(one), there)),
                )
        _Drawn(session, view, x, y)


def _paired(pair: tuple[str, ...], place: int, one: str, there: list[str]) -> tuple[str, str]:
    """Put a lever in its place; the other one gives way if it is the same."""
    if one not in there:
        return pair[0], pair[1]
    other = pair[1 - place] if pair[1 - place] != one else pair[place]
    return (one, other) if place == 0 else (other, one)


@solara.component
def _Drawn(session: Session, view: View, x: str, y: str) -> None:
    words = session.words
    key = ("map", view.question, outcome(view), x, y)
    run, found, progress = _analysis(key, lambda tell: lever_map(view, x, y, tell))
    _controls(session, "map", run, found, progress)
    if not isinstance(found, LeverMap):
        return
    ticks = (
        [_tick(session, found.x, value) for value in found.columns],
        [_tick(session, found.y, value) for value in found.rows],
    )
    labels = (words(f"lever.{found.x}"), words(f"lever.{found.y}"))
    option = charts.map_option(found, outcome(view), labels, ticks, words, large=view.projector)
    Chart(name="map", option=option, height="430px" if not view.projector else "560px")


def _tick(session: Session, name: str, value: float) -> str:
    lever = next(row for row in LEVERS if row.id == name)
    if lever.unit == "week":
        date = session.view.b.scenario.date(round(value))
        return f"{session.words.words['months'][date.month - 1]} {date.year}"
    return session.words.amount(
        value, lever.unit if lever.unit == "share" else "", 0 if lever.unit != "share" else None
    )


@solara.component
def _Worst(session: Session, ensemble: Ensemble) -> None:
    """The futures in which a plan did worst, to open as stories."""
    view, words = session.view, session.words
    name = outcome(view)
    unit = describe(name).unit
    rows = worst_worlds(ensemble, name)[:_LISTED]
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
                        "on": world == view.world,
                    }
                    for world, value in rows
                ],
                label=words("why.worst"),
                kind="presets",
                event_pressed=lambda world: session.show(world=int(str(world))),
            )
            text(words("app.one_world"), classes="pd-small")
        with solara.Div(classes=["pd-card", "pd-world-card"]):
            text(words("why.story", world=view.world), tag="h2")
            with solara.Div(classes=["pd-player-box"]):
                Player(session)
