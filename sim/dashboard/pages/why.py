"""Why: the futures in which a plan did worst, opened as stories.

Cards that say what the verdict hangs on (a tornado over parameters, a map of two levers) belong between the verdict
and the stories; they come from `sim.studies`, run with `sim.dashboard.engine.Latest`, and are drawn by `charts`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import solara

from sim.dashboard.engine import FIRST_WORLDS, outcome
from sim.dashboard.pages.parts import Player, Verdict, caveat, current, fan, measure_choice, plans_line, text
from sim.dashboard.widgets.components import Buttons
from sim.observe.measures import measure as describe

if TYPE_CHECKING:
    from sim.ensemble import Ensemble

__all__ = ["Why", "worst_worlds"]

_LISTED = 12


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
        Buttons(
            rows=[{"id": one, "label": words(f"compare.plan_{one}"), "on": view.shown == one} for one in ("a", "b")],
            label=words("explore.plan_shown"),
            event_pressed=lambda one: session.show(shown="b" if one == "b" else "a"),
        )
    if answer is None:
        return
    name = outcome(view)
    ensemble = answer.comparison.ensembles["ab".index(view.shown)]
    unit = describe(name).unit
    rows = worst_worlds(ensemble, name)[:_LISTED]
    with solara.Div(classes=["pd-lesson", "pd-why"]):
        with solara.Div(classes=["pd-stack"]):
            with solara.Div(classes=["pd-card"]):
                plans_line(session)
                Verdict(answer, session)
                fan(answer, session, "270px")
                caveat(session)
            with solara.Div(classes=["pd-card"]):
                text(words("why.worst"), tag="h2")
                label = words.measure(name, view.a.scenario)
                text(words("why.worst_text", letter=view.shown.upper(), measure=label[:1].lower() + label[1:]))
                Buttons(
                    rows=[
                        {"id": str(world), "label": f"{world}: {words.amount(value, unit)}", "on": world == view.world}
                        for world, value in rows
                    ],
                    label=words("why.worst"),
                    kind="presets",
                    event_pressed=lambda world: session.show(world=int(str(world))),
                )
        with solara.Div(classes=["pd-card", "pd-world-card"]):
            text(words("why.story", world=view.world), tag="h2")
            with solara.Div(classes=["pd-player-box"]):
                Player(session)
            text(words("app.one_world"), classes="pd-small")
