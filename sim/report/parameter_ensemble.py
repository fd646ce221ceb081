"""What many plausible parameter sets say about a comparison: table, figure, and a section of the report."""

from __future__ import annotations

import base64
import math
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sim.report.figures import as_svg
from sim.report.style import INK, LOOKS, MUTED, SMALL, figure_style
from sim.studies.calibration.sampler import effective_size
from sim.studies.parameter_ensemble import AGREEMENT, WORLDS_SHARE, sentence, turning_sentence
from sim.studies.provenance import PACKAGE, package_version
from sim.studies.wording import capital, decimals, number, of_100, unit_text

if TYPE_CHECKING:
    from sim.studies.compare import Comparison
    from sim.studies.parameter_ensemble import Across

__all__ = ["SetsLine", "across_section", "differences_across", "lines_across", "sets_in_words", "table_across"]

MOST_PANELS = 8
_GREY = "#767676"


@dataclass(frozen=True, slots=True)
class SetsLine:
    """One measure across the sets, as a row of the table; counts are of 100 sets."""

    label: str
    unit: str
    b_higher: str
    a_higher: str
    undecided: str
    difference: str
    band: str
    agreement: str
    verdict: str
    winner: str
    sentence: str
    turning: str
    open_mean: bool


def sets_in_words(comparison: Comparison) -> str:
    """Say which sets and worlds were used, and when a sign counts as settled."""
    across = comparison.across
    assert across is not None
    source = "that come with the package" if across.sets.source == "reference" else f"of {across.sets.source}"
    equal = effective_size(across.sets.weights)
    words = (
        f"{len(across.sets)} parameter sets {source} (they weigh as much as {equal:.0f} equal ones), "
        f"{across.worlds:,} worlds under each "
        f"(one in {WORLDS_SHARE} of those asked for, at least 20; every set has worlds of its own). "
        f"A sign counts as settled if it agrees in at least {AGREEMENT:.0%} of the sets, and if the mean over the sets "
        "stands out (its 95 % interval is on the same side of 0)"
    )
    if across.held:
        words += f"; held at the value given: {', '.join(across.held)}"
    return words


def lines_across(comparison: Comparison, pair: tuple[int, int]) -> list[SetsLine]:
    """Return one row a headline measure."""
    assert comparison.across is not None
    return [_line(comparison, pair, name, one) for name, one in comparison.across.results[pair].items()]


def _line(comparison: Comparison, pair: tuple[int, int], name: str, one: Across) -> SetsLine:
    about = comparison.describe(name)
    a, b = (comparison.letters[position] for position in pair)
    winner, verdict = "", one.verdict
    if verdict in ("B higher", "A higher"):
        higher, lower = (b, a) if verdict == "B higher" else (a, b)
        winner = "" if about.direction == 0 else higher if about.direction > 0 else lower
        verdict = f"{winner} better" if winner else f"{higher} higher"
    digits = decimals((one.p90 - one.p10) / 2.0, one.median)
    band = _minus(f"{number(one.p10, digits)} to {number(one.p90, digits)}")
    return SetsLine(
        label=capital(about.label),
        unit=unit_text(about.unit).strip(),
        b_higher=_of_100(one.b_higher),
        a_higher=_of_100(one.a_higher),
        undecided=_of_100(one.undecided + one.identical),
        difference="0" if one.verdict == "identical" else _minus(number(one.median, digits, sign=True)),
        band="in every set" if one.verdict == "identical" else band,
        agreement="" if one.verdict == "identical" else _of_100(one.agreement),
        verdict=verdict,
        winner=winner,
        sentence=sentence(about, one, a, b),
        turning="" if one.turning is None else turning_sentence(about, one.turning, a, b),
        open_mean=one.verdict == "undecided" and one.agrees,
    )


def _minus(text: str) -> str:
    return text.replace("-", "\N{MINUS SIGN}")


def _of_100(share: float) -> str:
    text = of_100(share, "sets").removesuffix(" of 100 sets")
    return text.replace("more than ", ">").replace("fewer than ", "<")


def table_across(comparison: Comparison) -> pd.DataFrame:
    """Return every mean paired difference: one row a set, pair of scenarios and measure."""
    across = comparison.across
    assert across is not None
    tables = []
    for (a, b), found in across.results.items():
        for name, one in found.items():
            columns = {
                "a": comparison.letters[a],
                "b": comparison.letters[b],
                "measure": name,
                "set": np.arange(len(across.sets)),
                "weight": across.sets.weights,
                "difference": one.differences,
                "verdict": one.verdicts,
            }
            tables.append(pd.DataFrame(columns))
    return pd.concat(tables, ignore_index=True)


def across_section(comparison: Comparison) -> dict[str, Any] | None:
    """Return what the section of the report shows, or None if there are no sets."""
    if comparison.across is None:
        return None
    pairs = []
    for a, b in comparison.across.results:
        lines = lines_across(comparison, (a, b))
        told = " ".join(line.sentence for line in lines[:MOST_PANELS])
        data = base64.b64encode(as_svg(differences_across(comparison, (a, b)))).decode("ascii")
        pairs.append(
            {
                "a": comparison.letters[a],
                "b": comparison.letters[b],
                "lines": lines,
                "told": [
                    *(line.sentence for line in lines if line.open_mean),
                    *(line.turning for line in lines if line.turning),
                ],
                "picture": f"data:image/svg+xml;base64,{data}",
                "alt": f"Paired differences between {comparison.letters[a]} and {comparison.letters[b]} under every "
                f"parameter set, sorted. {told}",
            }
        )
    return {"words": sets_in_words(comparison), "pairs": pairs}


# ---------------------------------------------------------------------- figure


def differences_across(comparison: Comparison, pair: tuple[int, int] = (0, 1)) -> Any:
    """Draw the mean paired difference under every parameter set, sorted, coloured by who is better.

    Measures that are identical under every set are left out; hollow dots are sets that are undecided on their own.

    Returns
    -------
    matplotlib.figure.Figure
    """
    from matplotlib.figure import Figure

    across = comparison.across
    assert across is not None
    shown = {name: one for name, one in across.results[pair].items() if one.verdict != "identical"}
    names = list(shown)[:MOST_PANELS]
    rows = max(1, math.ceil(len(names) / 2))
    total = 2.75 * rows + 1.85
    with figure_style():
        figure = Figure(figsize=(13.0, total))
        grid = figure.add_gridspec(
            rows, 2, left=0.085, right=0.985, top=1.0 - 1.0 / total, bottom=1.25 / total, wspace=0.2, hspace=0.55
        )
        _legend(figure, comparison, pair, total)
        for place, name in enumerate(names):
            axes = figure.add_subplot(grid[place // 2, place % 2])
            lowest = place >= len(names) - 2
            _sorted_differences(axes, comparison, pair, name, shown[name], lowest)
        if not names:
            figure.text(0.5, 0.5, "identical under every parameter set", ha="center", color=MUTED)
        scenarios = "  ·  ".join(
            f"{comparison.letters[position]} {comparison.scenarios[position].name}" for position in pair
        )
        facts = f"{len(across.sets)} parameter sets ({across.sets.source}), {across.worlds:,} worlds each"
        foot = f"{scenarios}\n{facts}, seed {across.seed}  ·  {PACKAGE} {package_version()}"
        figure.text(0.012, 0.08 / total, foot, fontsize=SMALL, color=MUTED, va="bottom")
    return figure


def _legend(figure: Any, comparison: Comparison, pair: tuple[int, int], total: float) -> None:
    top = 1.0 - 0.32 / total
    place = 0.085
    for position in pair:
        figure.text(place, top, f"● {comparison.letters[position]} better", color=LOOKS[position].text, weight="bold")
        place += 0.1
    words = "grey: neither is better, only higher or lower  ·  hollow: undecided within the set"
    figure.text(place + 0.01, top, words, color=MUTED, fontsize=SMALL)


def _sorted_differences(
    axes: Any, comparison: Comparison, pair: tuple[int, int], name: str, one: Across, lowest: bool
) -> None:
    from matplotlib.ticker import MaxNLocator

    about = comparison.describe(name)
    there = np.flatnonzero(np.isfinite(one.differences))
    order = there[np.argsort(one.differences[there], kind="stable")]
    heights = one.differences[order]
    # Sets take the width of their weight, so that the axis reads as "of 100 sets".
    assert comparison.across is not None
    share = comparison.across.sets.weights[order] / comparison.across.sets.weights[order].sum()
    ends = 100.0 * np.cumsum(share)
    middles = ends - 50.0 * share
    a_colour, b_colour = (LOOKS[position].colour for position in pair)
    if about.direction == 0:
        a_colour = b_colour = _GREY
    elif about.direction < 0:
        a_colour, b_colour = b_colour, a_colour
    colours = np.where(heights > 0.0, b_colour, np.where(heights < 0.0, a_colour, "#bdbdbd"))
    decided = np.array([one.verdicts[k] in ("A higher", "B higher") for k in order])
    axes.vlines(middles, 0.0, heights, colors=colours.tolist(), linewidth=1.1, alpha=0.55, zorder=2)
    faces = np.where(decided, colours, "white")
    axes.scatter(middles, heights, s=20, c=faces.tolist(), edgecolors=colours.tolist(), linewidths=1.1, zorder=3)
    axes.axhline(0.0, color=INK, linewidth=1.1, zorder=1)
    axes.set_xlim(0.0, 100.0)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    letters = [comparison.letters[position] for position in pair]
    unit = unit_text(about.unit).strip()
    axes.set_ylabel(f"{letters[1]} \N{MINUS SIGN} {letters[0]}" + (f" ({unit})" if unit else ""))
    if lowest:
        axes.set_xlabel("of 100 parameter sets, sorted")
    axes.set_title("\n".join(textwrap.wrap(capital(about.label), 48)))
    axes.tick_params(length=0)
