"""The drawer of assumptions: the seed, and the parameters that differ from the registry, in both plans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import solara

from sim.dashboard.state import LARGEST_SEED, MOST_PARAMETERS, read_seed, with_parameter
from sim.dashboard.widgets.components import Drawer
from sim.errors import InputError
from sim.parameters import REGISTRY
from sim.words.numbers import capital

if TYPE_CHECKING:
    from sim.dashboard.session import Session
    from sim.parameters import Parameter
    from sim.stories.texts import Texts

_LISTED = 12
_LONGEST_SEARCH = 60


def search(query: str, words: Texts) -> list[str]:
    """Return the parameters whose name, words or meaning have all words of a query; the core ones for none."""
    wanted = query.casefold().split()
    if not wanted:
        return [name for name, row in REGISTRY.items() if row.core]
    found = []
    for name, row in REGISTRY.items():
        text = f"{name} {row.symbol} {row.words} {row.meaning} {words.maybe('parameter', name, '')}".casefold()
        if all(one in text for one in wanted):
            found.append(name)
    return sorted(found, key=lambda name: (query.strip().casefold() not in name, name))


def _row(row: Parameter, value: float | None, words: Texts) -> dict[str, Any]:
    """Describe a parameter as the drawer shows it."""
    span = words("drawer.off") if row.is_switch else words("report.span", low=f"{row.low:g}", high=f"{row.high:g}")
    return {
        "name": row.name,
        "label": capital(words.maybe("parameter", row.name, row.words)),
        "meaning": row.meaning,
        "default": f"{row.default:g}",
        "range": span,
        "unit": words.unit(row.unit) or row.unit,
        "value": "" if value is None else f"{value:.12g}",
    }


@solara.component
def Assumptions(session: Session) -> None:
    """Seed and parameters, checked by the registry; every change can be undone and is in the link."""
    view, words = session.view, session.words
    query, set_query = solara.use_state("")
    refused, set_refused = solara.use_state({})
    changed = dict(view.parameters)
    found = [name for name in search(query, words) if name not in changed]
    shown = [*changed, *found[:_LISTED]]

    def attempt(field: str, change: Any) -> None:
        try:
            changes = change()
        except InputError as error:
            set_refused({"place": field, "text": words.say(error.said)})
        else:
            set_refused({})
            session.show(**changes)

    def put(message: dict[str, Any]) -> None:
        name, written = str(message.get("name", "")), str(message.get("value", ""))
        if name == "seed":
            attempt(name, lambda: {"seed": read_seed(written)})
        elif name in REGISTRY:
            attempt(name, lambda: {"parameters": with_parameter(session.view.parameters, name, written)})

    count = len(changed)
    how_many = words("drawer.none" if not count else "drawer.one" if count == 1 else "drawer.many", number=count)
    texts = words.table("drawer")
    texts["summary"] = words("drawer.summary", seed=view.seed, changed=how_many)
    texts["search"] = words("drawer.search", number=len(REGISTRY))
    texts["most"] = words("drawer.most", most=MOST_PARAMETERS)
    fitting = words("drawer.found", shown=min(len(found), _LISTED), number=len(found))
    texts["listed"] = words("drawer.first") if not query.strip() else fitting if found else words("drawer.nothing")
    Drawer(
        words=texts,
        seed=view.seed,
        next_seed=(view.seed + 1) % (LARGEST_SEED + 1),
        rows=[_row(REGISTRY[name], changed.get(name), words) for name in shown],
        refused=refused,
        full=count >= MOST_PARAMETERS,
        event_search=lambda typed: set_query(str(typed)[:_LONGEST_SEARCH]),
        event_put=put,
    )
