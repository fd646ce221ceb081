"""The drawing of the gallery: the look of the package for figures that are no comparison of two plans."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.drawing.style import INK, LOOKS, MUTED, SMALL, figure_style
from sim.provenance import PACKAGE, package_version

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

    from sim.stories import Story

__all__ = ["Sheet", "picture", "timeline"]

WIDTH = 12.0


class Sheet:
    """A figure of the house: a title that says what one sees, axes with units, lines with labels at their ends.

    Parameters
    ----------
    title
        What is drawn, in words.
    down, across
        Labels of the axes.
    simulated
        What was simulated: scenario, changes; the rest of the foot is added.
    worlds
        Number of worlds behind every point.
    height
        Inches.
    right
        Share of the width at which the axes end; labels of lines stand beyond.
    """

    def __init__(
        self,
        title: str,
        down: str,
        across: str,
        simulated: str,
        worlds: int,
        *,
        seed: int = 0,
        height: float = 6.0,
        right: float = 0.78,
    ) -> None:
        from matplotlib.figure import Figure

        with figure_style():
            self.figure: Figure = Figure(figsize=(WIDTH, height))
            self.axes: Any = self.figure.add_axes((0.075, 1.15 / height, right - 0.075, 1.0 - 1.85 / height))
            self.axes.set_title(title, pad=14)
            self.axes.set_ylabel(down)
            self.axes.set_xlabel(across)
            self.axes.tick_params(length=0)
            foot(self.figure, simulated, worlds, seed)
        self.ends: list[tuple[float, str, str]] = []

    def line(
        self,
        x: ArrayLike,
        y: ArrayLike,
        label: str,
        look: int,
        *,
        dots: bool = False,
        steps: bool = False,
        at: tuple[float, float] | None = None,
    ) -> None:
        """Draw a line in one of the looks of the house; the label stands at its right end, or at a place."""
        style = LOOKS[look]
        with figure_style():
            self.axes.plot(
                x, y, color=style.colour, linestyle=style.line, linewidth=2.8, solid_capstyle="round",
                drawstyle="steps-post" if steps else "default",
                marker=style.marker if dots else "", markersize=8,
                markerfacecolor=style.colour if style.filled else "white", markeredgewidth=1.8,
                clip_on=not dots,
            )  # fmt: skip
            if at is not None:
                self.axes.text(*at, label, color=style.text, fontsize=SMALL + 1, fontweight="bold", linespacing=1.3)
                return
        self.ends.append((float(list(y)[-1]), label, style.text))

    def band(self, x: ArrayLike, low: ArrayLike, high: ArrayLike, look: int, alpha: float = 0.18) -> None:
        """Shade what lies between two lines."""
        self.axes.fill_between(x, low, high, color=LOOKS[look].colour, alpha=alpha, linewidth=0)

    def shares(self, top: float = 1.0) -> None:
        """Let the upright axis run from 0 to ``top`` in per cent."""
        from matplotlib.ticker import PercentFormatter

        self.axes.set_ylim(0.0, top)
        self.axes.yaxis.set_major_formatter(PercentFormatter(1.0, 0))

    def note(self, x: float, y: float, text: str, *, ha: str = "left", va: str = "bottom", colour: str = MUTED) -> None:
        """Write a remark into the picture."""
        with figure_style():
            self.axes.text(x, y, text, fontsize=SMALL, color=colour, ha=ha, va=va, linespacing=1.35)

    def finish(self) -> Figure:
        """Put the labels at the ends of the lines, moved apart where they would overlap."""
        low, high = self.axes.get_ylim()
        lines = [text.count("\n") + 1 for _, text, _ in self.ends]
        unit = (high - low) / (self.axes.get_position().height * self.figure.get_figheight() * 72.0) * SMALL * 1.45
        order = sorted(range(len(self.ends)), key=lambda k: self.ends[k][0])
        places: list[float] = []
        for rank, k in enumerate(order):
            place = self.ends[k][0]
            if rank:
                place = max(place, places[-1] + unit * (lines[order[rank - 1]] + lines[k]) / 2.0)
            places.append(place)
        with figure_style():
            for place, k in zip(places, order, strict=True):
                _, text, colour = self.ends[k]
                self.axes.annotate(
                    text, (1.0, place), xycoords=("axes fraction", "data"), xytext=(10, 0), textcoords="offset points",
                    va="center", color=colour, fontsize=SMALL + 1, fontweight="bold", annotation_clip=False,
                    linespacing=1.3,
                )  # fmt: skip
        self.axes.set_ylim(low, high)
        return self.figure


def foot(figure: Figure, simulated: str, worlds: int, seed: int) -> None:
    """Say at the foot what was simulated, so that a picture that travels alone can be traced back."""
    number = "1 world" if worlds == 1 else f"{worlds:,} worlds"
    text = f"{simulated}  ·  {number}  ·  seed {seed}  ·  {PACKAGE} {package_version()}"
    figure.text(0.012, 0.12 / figure.get_figheight(), text, fontsize=SMALL, color=MUTED, va="bottom")


def picture(figure: Figure) -> bytes:
    """Return a figure as a small PNG, with nothing in it that changes from day to day."""
    import io

    from PIL import Image

    from sim.drawing.export import as_png

    image = Image.open(io.BytesIO(as_png(figure, dpi=96))).convert("RGB")
    buffer = io.BytesIO()
    few = image.quantize(256, method=Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)
    few.save(buffer, format="png", optimize=True)
    return buffer.getvalue()


def timeline(dates: Sequence[Any], rows: Sequence[Any], story: Story, simulated: str, seed: int) -> Figure:
    """Draw one world as panels below each other, with the events of its story above.

    Parameters
    ----------
    dates
        Monday of each week.
    rows
        Panels: (label of the axis, lines), each line (values, label, look).
    story
        Its most important events are numbered and told at the side.
    """
    from matplotlib.dates import DateFormatter, YearLocator
    from matplotlib.figure import Figure

    with figure_style():
        figure = Figure(figsize=(WIDTH, 2.15 * len(rows) + 2.0))
        height = figure.get_figheight()
        grid = figure.add_gridspec(
            len(rows), 1, left=0.075, right=0.60, top=1.0 - 1.15 / height, bottom=0.85 / height, hspace=0.28
        )
        events = list(_events(story))
        first = None
        for place, (label, lines) in enumerate(rows):
            axes = figure.add_subplot(grid[place, 0], sharex=first)
            first = first or axes
            across = 0.0 if place else 0.64  # beside the numbers of the events
            for values, text, look in lines:
                style = LOOKS[look]
                axes.plot(
                    dates, values, color=style.colour, linestyle="-" if len(lines) == 1 else style.line, linewidth=2
                )
                if len(lines) == 1:
                    axes.fill_between(dates, 0, values, color=style.colour, alpha=0.2, linewidth=0)
                axes.text(
                    across, 1.03, text, transform=axes.transAxes, color=style.text, fontsize=SMALL, fontweight="bold"
                )
                across += 0.45
            axes.set_ylim(0.0, 1.08 * max(float(max(values)) for values, _, _ in lines))
            axes.set_ylabel(label)
            axes.tick_params(length=0, labelbottom=place == len(rows) - 1)
            axes.set_xlim(dates[0], dates[-1])
            axes.xaxis.set_major_locator(YearLocator())
            axes.xaxis.set_major_formatter(DateFormatter("%Y"))
            for day, _ in events:
                axes.axvline(day, color="#b0b0b0", linewidth=0.9, zorder=0)
        _number(first, [day for day, _ in events])
        figure.text(
            0.012, 1.0 - 0.2 / height, story.scenario.title + ": one world", fontsize=15, fontweight="bold", va="top"
        )
        _tell(figure, events)
        foot(figure, simulated, 1, seed)
    return figure


def _events(story: Story) -> Iterator[tuple[Any, str]]:
    """Yield the turning points, in few words: the first sentence of each line, one text a day."""
    found: dict[Any, list[str]] = {}
    for line in story.lines:
        if line.importance >= 3:
            found.setdefault(line.date, []).append(line.text.split(". ")[0].rstrip("."))
    for day, texts in found.items():
        yield day, ". ".join(texts)


def _number(axes: Any, days: Sequence[Any]) -> None:
    """Number the events above the first panel, side by side where they would overlap."""
    from matplotlib.dates import date2num

    low, high = axes.get_xlim()
    apart = 0.024 * (high - low)
    place = low - apart
    for number, day in enumerate(days, 1):
        place = max(place + apart, date2num(day))
        axes.annotate(
            f"{number}", (date2num(day), 1.0), xycoords=axes.get_xaxis_transform(), xytext=(place, 1.2),
            textcoords=axes.get_xaxis_transform(), ha="center", va="bottom", fontsize=SMALL, fontweight="bold",
            color=INK, arrowprops={"arrowstyle": "-", "color": "#b0b0b0", "linewidth": 0.9, "shrinkA": 0, "shrinkB": 0},
        )  # fmt: skip


def _tell(figure: Figure, events: Sequence[tuple[Any, str]]) -> None:
    import textwrap

    height = figure.get_figheight()
    place = 1.0 - 0.62 / height
    for number, (day, text) in enumerate(events, 1):
        lines = [f"{day:%d %b %Y}", *textwrap.wrap(text, 46)]
        figure.text(0.625, place, f"{number}", fontsize=SMALL, fontweight="bold", va="top", color=INK)
        figure.text(0.65, place, "\n".join(lines), fontsize=SMALL, va="top", linespacing=1.25)
        place -= (0.215 * len(lines) + 0.12) / height
