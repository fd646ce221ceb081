"""Files to keep: every page that shows a comparison saves the same ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import solara

from sim.dashboard.files import file_of
from sim.dashboard.pages.parts import current
from sim.dashboard.widgets.components import Saving

if TYPE_CHECKING:
    from sim.dashboard.session import Session

#: What a button saves, and its text; the browser itself saves a chart, and prints.
_KINDS = (
    ("chart:futures", "png"),
    ("csv", "csv"),
    ("html", "html"),
    ("toml_a", "toml_a"),
    ("toml_b", "toml_b"),
    ("print", "print"),
)


def save_chart(session: Session, name: str) -> None:
    """Button that saves one chart."""
    Saving(
        rows=[{"id": f"chart:{name}", "label": session.words("report.png")}],
        label=session.words("compare.export"),
        file={},
        event_wanted=lambda _: None,
        event_opened=lambda _: None,
    )


@solara.component
def Exports() -> None:
    """Buttons that save the comparison."""
    session = current()
    words = session.words
    nothing: dict[str, Any] = {}
    file, set_file = solara.use_state(nothing)

    def wanted(kind: object) -> None:
        made = file_of(session.view, str(kind), int(file.get("number", 0)) + 1)
        if made is not None:
            set_file(made)

    Saving(
        rows=[{"id": kind, "label": words(f"report.{label}")} for kind, label in _KINDS],
        label=words("compare.export"),
        file=file,
        event_wanted=wanted,
        event_opened=lambda _: None,
    )
