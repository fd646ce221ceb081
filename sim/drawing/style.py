"""One look for all figures: colours that colour-blind people can tell apart, large type, direct labels.

Colours are those of Okabe & Ito (2008), "Color Universal Design"; line styles and markers say the same again, so
that a figure also works in grey.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

INK = "#1a1a1a"
MUTED = "#595959"
RULE = "#d9d9d9"
SIZE = 14.0
SMALL = 12.0  # nothing is smaller: a wall is far away


@dataclass(frozen=True, slots=True)
class Look:
    """How one scenario is drawn; ``text`` is its colour darkened until it is readable on white."""

    colour: str
    text: str
    line: str | tuple[int, tuple[int, ...]]
    marker: str
    filled: bool


LOOKS: tuple[Look, ...] = (
    Look("#0072B2", "#005f96", (0, (5, 2)), "o", False),
    Look("#D55E00", "#a84a00", "-", "o", True),
    Look("#009E73", "#00704f", (0, (6, 2, 1, 2)), "s", False),
    Look("#CC79A7", "#9c4577", (0, (1, 1)), "D", True),
    Look("#E69F00", "#8a5f00", (0, (8, 3)), "^", False),
    Look("#56B4E9", "#1a6fa3", (0, (3, 1, 1, 1, 1, 1)), "s", True),
    Look("#555555", "#3d3d3d", (0, (10, 2, 2, 2)), "^", True),
    Look("#882255", "#882255", (0, (2, 2)), "D", False),
)


@contextmanager
def figure_style() -> Iterator[None]:
    """Draw in the look of this package, whatever the settings of the user are."""
    import matplotlib as mpl

    settings: dict[str, Any] = {
        "font.family": "sans-serif",
        "font.sans-serif": ["DejaVu Sans"],
        "font.size": SIZE,
        "axes.titlesize": SIZE + 1,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.labelsize": SMALL + 1,
        "axes.labelcolor": MUTED,
        "axes.edgecolor": RULE,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "axes.grid.axis": "y",
        "axes.axisbelow": True,
        "axes.unicode_minus": True,
        "grid.color": "#e8e8e8",
        "grid.linewidth": 0.8,
        "xtick.labelsize": SMALL,
        "ytick.labelsize": SMALL,
        "xtick.color": MUTED,
        "ytick.color": MUTED,
        "text.color": INK,
        "figure.facecolor": "white",
        "savefig.facecolor": "white",
        "svg.fonttype": "path",
        "svg.hashsalt": "sim",  # else every file has other ids
        "path.simplify": True,
    }
    with mpl.rc_context(settings):
        yield
