"""Figure of a robust comparison: how far behind the best each plan can be, and how often it is good enough."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.drawing.sheet import sheet, wrapped
from sim.drawing.style import INK, LOOKS, MUTED, RULE, SIZE, SMALL
from sim.provenance import PACKAGE, package_version
from sim.words.numbers import decimals, number, of_100, short_number, unit_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.analysis.robustness.numbers import PlanResult, Robustness

_REGRET, _GOOD = LOOKS[1], LOOKS[0]
_ROW = 0.95
#: Samples stand this far above and below the line of their plan.
_SWARM = 0.2
_GOLDEN = 0.6180339887498949


def robustness_figure(result: Robustness, title: str = "", foot: str = "") -> Any:
    """Draw regret and satisficing by plan, the plan that is best on average at the top.

    Left, the regret of every sample as a dot, with the mean and its 95 % interval, the 90 % quantile and the largest,
    and the mean cross-validated over halves of the worlds. Right, the share of the worlds of all samples in which all
    thresholds hold. A part that was not asked for is left out.

    Parameters
    ----------
    result
        Plans, judged.
    title, foot
        Above the figure, and what was simulated, at its foot.

    Returns
    -------
    matplotlib.figure.Figure
    """
    rows = _ordered(result)
    parts = [name for name, there in (("regret", _has_regret(result)), ("good", bool(result.satisfice))) if there]
    size = f"{len(rows)} plans  ·  {result.samples:,} samples of parameters  ·  {result.worlds:,} worlds each"
    if math.isfinite(result.agreement):
        size += f"  ·  two halves of the worlds agree on the best plan in {of_100(result.agreement, 'samples')}"
    lead = [text for text in (_weights(result), _thresholds(result)) if text]
    widths = {"regret": 1.9, "good": 1.0}
    with sheet(
        [parts] if parts else [],
        [_ROW * len(rows)] if parts else [],
        title=title,
        lead="\n".join(lead) if parts else "no weights and no thresholds were given",
        legend=_legend(crossed=math.isfinite(rows[0].cross.value)) if "regret" in parts else (),
        foot=foot or f"{size}  ·  {PACKAGE} {package_version()}",
        widths=[widths[part] for part in parts],
    ) as (figure, drawn):
        for place, (part, axes) in enumerate(drawn.items()):
            _frame(axes, rows, named=place == 0)
            if part == "regret":
                _regret(axes, result, rows)
            else:
                _satisficing(axes, rows)
    return figure


def _has_regret(result: Robustness) -> bool:
    return any(math.isfinite(row.regret.value) for row in result.rows)


def _ordered(result: Robustness) -> list[PlanResult]:
    if _has_regret(result):
        return sorted(result.rows, key=lambda row: row.regret.value)
    return sorted(result.rows, key=lambda row: -row.satisficing.value if row.judged > 0.0 else math.inf)


def _weights(result: Robustness) -> str:
    if result.weights is None:
        return ""
    counted = ", ".join(
        f"{result.label(name)} × {weight:g}{' (less is better)' if result.directions[name] < 0 else ''}"
        for name, weight in result.weights.items()
    )
    return f"Weights: {counted}; each measure divided by its smallest difference that matters"


def _thresholds(result: Robustness) -> str:
    if not result.satisfice:
        return ""
    wanted = []
    for name, (least, most) in result.satisfice.items():
        ends = [f"{sign} {short_number(end)}" for sign, end in (("≥", least), ("≤", most)) if end is not None]
        wanted.append(f"{result.label(name)} {' and '.join(ends)}{unit_text(result.units.get(name, ''))}")
    return f"Good enough (satisficing): {', '.join(wanted)}"


def _frame(axes: Any, rows: list[PlanResult], *, named: bool) -> None:
    axes.set_ylim(len(rows) - 0.45, -0.55)
    axes.set_yticks(range(len(rows)), [wrapped(row.plan, 2.6, SIZE) for row in rows] if named else [])
    axes.tick_params(axis="y", labelsize=SIZE, labelcolor=INK, length=0)
    axes.tick_params(axis="x", length=0)
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)


# ---------------------------------------------------------------------- regret


def _regret(axes: Any, result: Robustness, rows: list[PlanResult]) -> None:
    largest = max(row.regret_max for row in rows) or 1.0
    for place, row in enumerate(rows):
        regrets = result.regrets[:, result.plans.index(row.plan)]
        found = np.sort(regrets[np.isfinite(regrets)])
        axes.plot([0.0, row.regret_max], [place, place], color=RULE, linewidth=1.4, zorder=1)
        axes.scatter(found, place + _swarm(len(found)), s=20, color=_REGRET.colour, alpha=0.3, linewidths=0, zorder=2)
        if math.isfinite(row.regret.low):
            ends = [row.regret.low, row.regret.high]
            _interval(axes, ends, place, _REGRET.text)
        axes.scatter([row.regret.value], [place], s=85, color="white", edgecolors=INK, linewidths=1.4, zorder=5)
        axes.scatter([row.regret_p90], [place], s=330, marker="|", color=INK, linewidths=2.2, zorder=4)
        axes.scatter([row.regret_max], [place], s=90, marker="D", facecolors="white" if not row.minimax else INK,
                     edgecolors=INK, linewidths=1.6, zorder=4, clip_on=False)  # fmt: skip
        if math.isfinite(row.cross.value):
            axes.scatter([max(row.cross.value, 0.0)], [place], s=80, marker="<", color="white", edgecolors=_REGRET.text,
                         linewidths=1.6, zorder=6, clip_on=False)  # fmt: skip
        digits = decimals(0.02 * largest, largest)
        pairs = (
            ("mean", row.regret.value, row.cross.value),
            ("90 %", row.regret_p90, row.cross_p90),
            ("largest", row.regret_max, row.cross_max),
        )
        text = "   ".join(f"{name} {_bracketed(plain, cross, digits)}" for name, plain, cross in pairs)
        if row.minimax:
            text += "  the smallest"
        elif row.plan in result.contenders:
            text += "  undecided"
        axes.annotate(
            text, (0.0, place + 0.44), fontsize=SMALL, color=INK if row.minimax else MUTED, va="center",
            xytext=(2, 0), textcoords="offset points",
        )  # fmt: skip
    crossed = math.isfinite(rows[0].cross.value)
    axes.set_xlim(-0.02 * largest, 1.05 * largest)
    axes.set_xlabel("regret: how far behind the best plan, in weighted differences that matter")
    axes.set_title("Regret (in brackets: cross-validated)" if crossed else "Regret")


def _bracketed(plain: float, cross: float, digits: int) -> str:
    text = number(plain, digits)
    return f"{text} ({number(max(cross, 0.0), digits)})" if math.isfinite(cross) else text


def _interval(axes: Any, ends: list[float], place: int, colour: str) -> None:
    """Draw an interval taller than the dot in it, so that a narrow one shows too."""
    axes.barh(place, ends[1] - ends[0], left=ends[0], height=0.24, color=colour, linewidth=0, zorder=3)


def _swarm(count: int) -> NDArray[np.float64]:
    """Heights that keep neighbours in a sorted row apart."""
    found: NDArray[np.float64] = ((np.arange(count, dtype=np.float64) * _GOLDEN) % 1.0 - 0.5) * 2.0 * _SWARM
    return found


def _legend(*, crossed: bool) -> list[Any]:
    """Say what the marks are."""
    from matplotlib.lines import Line2D

    def mark(marker: str, size: float, label: str, **look: Any) -> Line2D:
        look = {"markeredgecolor": INK, "markerfacecolor": "white"} | look
        return Line2D([], [], linestyle="none", marker=marker, markersize=size, label=label, **look)

    faint = {"markeredgecolor": "none", "markerfacecolor": _REGRET.colour, "alpha": 0.4}
    half = [mark("<", 8, "cross-validated mean", markeredgecolor=_REGRET.text)] if crossed else []
    return [
        mark("o", 5, "a sample", **faint),
        mark("o", 9, "mean, 95 % interval"),
        *half,
        mark("|", 15, "90 %", markeredgewidth=2.2),
        mark("D", 8, "largest; filled: the smallest of all"),
    ]


# ---------------------------------------------------------------------- good enough


def _satisficing(axes: Any, rows: list[PlanResult]) -> None:
    for place, row in enumerate(rows):
        one = row.satisficing
        if not math.isfinite(one.value):
            axes.text(0.02, place, "no world can be judged", color=MUTED, va="center", fontsize=SMALL)
            continue
        axes.barh(place, one.value, height=0.34, color=_GOOD.colour, alpha=0.25, zorder=1)
        if math.isfinite(one.low):
            ends = [one.low, one.high]
            _interval(axes, ends, place, _GOOD.text)
        axes.scatter([one.value], [place], s=85, color="white", edgecolors=INK, linewidths=1.4, zorder=3,
                     clip_on=False)  # fmt: skip
        text = f"{one.value:.0%}" + (f" ({one.low:.0%} to {one.high:.0%})" if math.isfinite(one.low) else "")
        text += f", judged in {row.judged:.0%}" if row.judged < 1.0 else ""
        axes.annotate(
            text, (0.0, place + 0.44), fontsize=SMALL, color=MUTED, va="center", xytext=(2, 0),
            textcoords="offset points",
        )  # fmt: skip
    axes.set_xlim(0.0, 1.0)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0%}")
    axes.set_xlabel("share of all worlds, samples pooled")
    axes.set_title("Good enough (satisficing)")
