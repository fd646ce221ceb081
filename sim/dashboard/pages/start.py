"""Start: three doors, what the model is and is not, where one was."""

from __future__ import annotations

import html

import solara

from sim.dashboard.pages.parts import block, current, shipped_groups, text
from sim.dashboard.state import Plan
from sim.dashboard.widgets.components import Buttons, Recent
from sim.scenarios import catalogue
from sim.scenarios.lessons import lessons

_DOORS = (
    (
        "teach",
        "lesson",
        "#0072B2",
        '<path d="M6 12h36v24H6zM24 36v8M14 46h20" fill="none" stroke="#0072B2" stroke-width="3.5"/>'
        '<path d="M13 28l7-7 5 4 9-8" fill="none" stroke="#0072B2" stroke-width="3.5"/>',
    ),
    (
        "plan",
        "compare",
        "#D55E00",
        '<path d="M6 8v34h38" fill="none" stroke="#D55E00" stroke-width="3.5"/>'
        '<path d="M10 36l10-6 8 2 14-8" fill="none" stroke="#D55E00" stroke-width="3.5" stroke-dasharray="4 3"/>'
        '<path d="M10 34l10-14 9-3 13-9" fill="none" stroke="#D55E00" stroke-width="3.5"/>',
    ),
    (
        "explore",
        "explore",
        "#009E73",
        '<g fill="none" stroke="#009E73" stroke-width="3.5"><circle cx="24" cy="24" r="6"/>'
        '<circle cx="8" cy="12" r="4"/><circle cx="41" cy="13" r="4"/><circle cx="38" cy="40" r="4"/>'
        '<path d="M11 14l8 6M37 15l-8 6M29 28l7 9"/></g>',
    ),
)


def question_of(name: str) -> tuple[str, str]:
    """Return two plans of one world, one of them this scenario: those of its lesson, or twice itself to change."""
    for row in lessons():
        for pair in row.compare:
            if name in pair[:2] and len(pair) > 1:
                return pair[0], pair[1]
    return name, name


@solara.component
def Start() -> None:
    """The first page."""
    session = current()
    words = session.words
    router = solara.use_router()

    def choose(name: object) -> None:
        if name in catalogue():
            a, b = question_of(str(name))
            session.show(a=Plan(a), b=Plan(b), shown="b" if b == name else "a")
            router.push("/explore")

    with solara.Div(classes=["pd-narrow"]):
        text(words("start.lead"), tag="h1", classes="pd-lead")
        text(words("start.text"), classes="pd-text")
        with solara.Div(classes=["pd-doors"]):
            for key, page, colour, drawing in _DOORS:
                title, about = html.escape(words(f"start.{key}")), html.escape(words(f"start.{key}_text"))
                markup = f'<svg viewBox="0 0 48 48" aria-hidden="true">{drawing}</svg><h2>{title}</h2><p>{about}</p>'
                with solara.Link(f"/{page}", classes=["pd-door"], style=f"--pd-door: {colour}"):
                    block(markup)
        with solara.Div(classes=["pd-three"]):
            for key in ("is", "not"):
                with solara.Div(classes=["pd-card"]):
                    text(words(f"start.{key}_title"), tag="h2")
                    items = "".join(f"<li>{html.escape(one)}</li>" for one in words.words["start"][key])
                    block(items, "pd-list", tag="ul")
            with solara.Div(classes=["pd-card"]):
                text(words("start.recent"), tag="h2")
                Recent(none=words("start.recent_none"))
        with solara.v.Html(tag="details", class_="pd-below"):
            text(words("start.scenarios"), tag="summary")
            for group in shipped_groups(words):
                text(group["label"], tag="h3")
                Buttons(rows=group["rows"], label=group["label"], kind="presets", event_pressed=choose)
