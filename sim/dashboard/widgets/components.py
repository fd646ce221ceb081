"""Faces of the Vue components; arguments are properties there, ``event_*`` are what it calls."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import solara

Event = Callable[[Any], None]


@solara.component_vue("shell.vue")
def Shell(
    words: dict[str, str],
    pages: list[dict[str, str]],
    page: str,
    languages: list[dict[str, str]],
    language: str,
    projector: bool,
    can_undo: bool,
    can_redo: bool,
    link: str,
    longest: int,
    recent: str,
    title: str,
    note: str,
    shortcuts: list[list[str]],
    event_go: Event,
    event_undo: Event,
    event_redo: Event,
    event_replay: Event,
    event_set_projector: Event,
    event_set_language: Event,
) -> None:
    """Header of all pages; it also keeps the address, the keyboard and the language of the document."""


@solara.component_vue("sliders.vue")
def Sliders(
    which: str, rows: list[dict[str, Any]], revision: int, locale: str, colour: str, event_moved: Event
) -> None:
    """Sliders of one plan."""


def Chart(name: str, option: dict[str, Any], height: str = "100%", caption: Sequence[str] = ()) -> None:
    """One chart, from the options of `sim.dashboard.charts`; a saved picture has a title and says what made it."""
    # As one text: Solara would search thousands of numbers for components, and compare each with the one before.
    _Chart(name=name, option=json.dumps(option, separators=(",", ":")), height=height, caption=list(caption))


@solara.component_vue("chart.vue")
def _Chart(name: str, option: str, height: str, caption: list[str]) -> None: ...


@solara.component_vue("buttons.vue")
def Buttons(rows: list[dict[str, Any]], label: str, event_pressed: Event, kind: str = "") -> None:
    """A row of buttons; ``on`` marks the chosen one."""


@solara.component_vue("choice.vue")
def Choice(
    name: str, label: str, value: str, groups: list[dict[str, Any]], event_chosen: Event, quiet: bool = False
) -> None:
    """A list to choose from, in groups."""


@solara.component_vue("saving.vue")
def Saving(
    rows: list[dict[str, str]],
    label: str,
    file: dict[str, Any],
    event_wanted: Event,
    event_opened: Event,
    opens: str = "",
    most: int = 0,
    too_large: str = "",
    message: str = "",
) -> None:
    """Save files, and open one; a file is made only when somebody asks for it."""


@solara.component_vue("recent.vue")
def Recent(none: str) -> None:
    """What this browser looked at before."""


@solara.component_vue("plan.vue")
def PlanEditor(
    which: str,
    words: dict[str, str],
    rows: list[dict[str, Any]],
    verbs: list[dict[str, Any]],
    ready: list[dict[str, str]],
    fresh: dict[str, str],
    refusals: bool,
    error: dict[str, str] | None,
    accepted: int,
    event_act: Event,
) -> None:
    """The plan as a table; an action is edited in a form whose fields the schema checks."""


@solara.component_vue("drawer.vue")
def Drawer(
    words: dict[str, str],
    seed: int,
    next_seed: int,
    rows: list[dict[str, Any]],
    refused: dict[str, str],
    full: bool,
    event_search: Event,
    event_put: Event,
) -> None:
    """Seed and parameters; a row with a value is changed, one with an empty value stands as shipped."""


@solara.component_vue("notes.vue")
def Follow(where: dict[str, Any], follow: bool, event_moved: Event) -> None:
    """Keep the notes of the facilitator where the lesson is."""
