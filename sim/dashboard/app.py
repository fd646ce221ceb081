"""The application that Solara serves: the header, and the page that the address names."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

import solara

from sim.dashboard.pages.about import About
from sim.dashboard.pages.compare import Compare
from sim.dashboard.pages.explore import Explore
from sim.dashboard.pages.lesson import Guided, Notes
from sim.dashboard.pages.parts import plan_title, text
from sim.dashboard.pages.report import Report
from sim.dashboard.pages.start import Start
from sim.dashboard.pages.why import Why
from sim.dashboard.session import Session, session_context
from sim.dashboard.state import LONGEST_LINK, encode
from sim.dashboard.widgets.components import Buttons, Shell
from sim.stories.texts import texts
from sim.words.language import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable

_PAGES: dict[str, Callable[..., Any]] = {
    "start": Start,
    "explore": Explore,
    "compare": Compare,
    "why": Why,
    "lesson": Guided,
    "report": Report,
    "about": About,
    "notes": Notes,
}
_log = logging.getLogger(__name__)
_THEME = (Path(__file__).parent / "widgets" / "theme.css").read_text(encoding="utf-8")
_KEYS = (
    ("Space", "play"),
    ("\u2190 \u2192", "step"),
    ("Home, End", "ends"),
    ("1 \u2013 7", "pages"),
    ("U, Y", "undo"),
    ("R", "replay"),
    ("P", "projector"),
    ("L", "link"),
    ("?", "help"),
)

#: Solara keeps a value of its own for every browser tab.
_kept: Any = solara.reactive(None)


@solara.component
def Layout(children: list[Any]) -> None:
    """Nothing around the page but the page."""
    solara.Style(_THEME)
    solara.Div(classes=["pd-page"], children=children)


@solara.component
def Studio() -> None:
    """One page with its header."""
    router = solara.use_router()
    if _kept.peek() is None:
        _kept.set(Session(_link(router.search)))
    session: Session = _kept.peek()
    session_context.provide(session)
    named = (router.path or "").strip("/").split("/")[0]
    name = named if named in _PAGES else "start"
    view, words, history = session.view, session.words, session.history.value
    pages = [{"id": page, "label": words(f"nav.{page}")} for page in _PAGES if page != "notes"]
    shell = {**words.table("app"), "brand": words("app.brand")}

    def go(page: object) -> None:
        if page in _PAGES:
            router.push("/" if page == "start" else f"/{page}")

    def speak(language: object) -> None:
        if language in LANGUAGES:
            session.show(language=str(language))

    Shell(
        words=shell,
        pages=pages,
        page=name,
        languages=[{"id": one, "label": texts(one)("name")} for one in LANGUAGES],
        language=view.language,
        projector=view.projector,
        can_undo=bool(history.past),
        can_redo=bool(history.future),
        link=encode(view),
        longest=LONGEST_LINK,
        recent=" / ".join(plan_title(plan, words) for plan in (view.a, view.b)),
        title=words("app.title", page=words(f"nav.{name}") if name in words.words["nav"] else name),
        note=session.note.value,
        shortcuts=[[key, words(f"keys.{meaning}")] for key, meaning in _KEYS],
        event_go=go,
        event_undo=lambda _=None: session.undo(),
        event_redo=lambda _=None: session.redo(),
        event_replay=lambda _=None: session.replay(),
        event_set_projector=lambda on: session.show(projector=bool(on)),
        event_set_language=speak,
    )
    with solara.Div(classes=["pd-main"], attributes={"id": "pd-main", "role": "main", "tabindex": "-1"}):
        if session.note.value:
            text(session.note.value, classes="pd-error", role="alert")
        _Page(name).key(name)


@solara.component
def _Page(name: str) -> None:
    """One page; a fault in it is told in its place, and the header stays."""
    fault, forget = solara.use_exception()
    if fault is None:
        _PAGES[name]().key("page")
    else:
        _Fault(fault, forget).key("fault")


@solara.component
def _Fault(fault: BaseException, forget: Callable[[], None]) -> None:
    """What is said instead of a page that could not be drawn; another question may well have an answer."""
    session: Session = solara.use_context(session_context)
    words = session.words
    first = solara.use_ref(session.asked)
    solara.use_effect(lambda: _log.error("a page could not be drawn", exc_info=fault), [])
    solara.use_effect(lambda: None if session.asked == first.current else forget(), [session.asked])

    def pressed(which: object) -> None:
        if which == "back":
            session.undo()
        forget()

    with solara.Div(classes=["pd-card"]):
        text(words("app.broken"), tag="h1")
        text(f"{type(fault).__name__}: {fault}", classes="pd-error", role="alert")
        back = {"id": "back", "label": words("app.undo"), "main": True, "disabled": not session.history.value.past}
        Buttons(
            rows=[back, {"id": "again", "label": words("app.try_again")}],
            label=words("app.broken"),
            event_pressed=pressed,
        )


routes = [
    solara.Route(path="/" if name == "start" else name, component=Studio, layout=Layout if name == "start" else None)
    for name in _PAGES
]


def _link(search: str | None) -> str:
    """Return the packed state of an address."""
    from urllib.parse import parse_qs

    query = parse_qs(search or "")
    return query.get("s", [""])[0]
