"""The network player in Python: what it shows, ready for the browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import anywidget
import traitlets

from sim.dashboard.trajectory import Trajectory, packed
from sim.vocabulary.audiences import AUDIENCES

if TYPE_CHECKING:
    from sim.stories.texts import Texts

_FOLDER = Path(__file__).parent
#: Shape and colour (Okabe & Ito) of each kind of organisation, and its place around the middle.
_KINDS: dict[str, tuple[str, str, int]] = {
    "ombud": ("square", "#1a1a1a", 0),
    "federation": ("triangle", "#0072B2", 1),
    "firm": ("hexagon", "#E69F00", 2),
    "ngo": ("diamond", "#009E73", 3),
    "union": ("pentagon", "#56B4E9", 4),
    "government": ("circle", "#595959", 5),
    "international": ("circle", "#8c8c8c", 6),
    "academia": ("pentagon", "#8c8c8c", 7),
    "professional_body": ("pentagon", "#CC79A7", 8),
    "messenger": ("circle", "#CC79A7", 9),
}
_OTHER = ("hexagon", "#8c8c8c", 10)
_LEGEND = (
    *("active", "formal", "hidden", "contact", "cooling", "ended"),
    *("firm-none", "firm-quiet", "firm-open", "firm-credit"),
    *("heat", "coverage", "turn"),
)


class PlayerWidget(anywidget.AnyWidget):
    """Plays one world. ``revision`` changes last, when a new world is whole."""

    # As text: anywidget ties a widget that is given a path to that path for ever, and no session would end.
    _esm = (_FOLDER / "player.js").read_text(encoding="utf-8")
    _css = (_FOLDER / "player.css").read_text(encoding="utf-8")
    world = traitlets.Dict().tag(sync=True)
    data = traitlets.Bytes(b"").tag(sync=True)
    words = traitlets.Dict().tag(sync=True)
    large = traitlets.Bool(False).tag(sync=True)
    start = traitlets.Int(-1).tag(sync=True)
    revision = traitlets.Unicode("").tag(sync=True)


def player_world(one: Trajectory, words: Texts) -> tuple[dict[str, Any], bytes]:
    """Describe a trajectory for the browser: who and what is where, and the bytes of its frames."""
    table, content = packed(one)
    scenario = one.scenario
    named = [row for row in one.named if row >= 0]
    organisations = []
    for place, identifier in enumerate(one.organisations):
        kind = scenario.find(identifier).type
        shape, colour, order = _KINDS.get(kind, _OTHER)
        name = words.organisation(scenario, identifier)
        firm = one.named[place]
        organisations.append(
            {
                "id": identifier,
                "name": name[:1].upper() + name[1:],
                "short": name,
                "kind": words(f"kind.{kind}"),
                "shape": shape,
                "colour": colour,
                "order": order,
                "firm": named.index(firm) if firm >= 0 else -1,
            }
        )
    centre = scenario.default_initiator
    dates = [scenario.date(max(0, frame - 1)) for frame in range(scenario.weeks + 1)]
    return {
        "table": table,
        "frames": scenario.weeks + 1,
        "organisations": organisations,
        "centre": one.organisations.index(centre) if centre in one.organisations else -1,
        "dyads": [list(pair) for pair in one.dyads],
        "pairs": [list(pair) for pair in one.pairs],
        "firms": len(one.shown),
        "named": len(named),
        "audiences": [words.maybe("audience", name, name) for name in AUDIENCES],
        "ideas": [{"owner": row} for row in one.owners],
        "days": [words.day(date) for date in dates],
        "events": [
            {**line, "day": words.day(scenario.date(min(line["frame"] - 1, scenario.weeks - 1)))} for line in one.lines
        ],
    }, content


def player_words(one: Trajectory, words: Texts) -> dict[str, Any]:
    """Return all texts of the player."""
    found: dict[str, Any] = {key: value for key, value in words.table("player").items() if isinstance(value, str)}
    legend = words.table("player.legend")
    found["legend"] = [[key, legend[key]] for key in _LEGEND]
    if len(one.shown) + sum(row >= 0 for row in one.named) < one.firms:
        found["legend"].append(
            ["firm-none", words("player.sample", shown=words.number(len(one.shown)), firms=words.number(one.firms))]
        )
    found["locale"] = words.code
    found["picture"] = words("player.picture", title=words.scenario(one.scenario))
    return found
