"""Validation as text for documents, as JSON, and as pictures: patterns, ablations, precision."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.drawing.sheet import sheet, wrapped
from sim.drawing.style import INK, LOOKS, RULE
from sim.files import as_json
from sim.provenance import PACKAGE, manifest, package_version
from sim.validation.ablations import conclusions
from sim.validation.analysis import targets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sim.validation import Check
    from sim.validation.ablations import Ablation

ABLATION_COLUMNS: tuple[tuple[str, str, int], ...] = (
    ("P02 exit share", "P02", 0),
    ("P04 weeks away", "P04", 1),
    ("P12 ratio", "P12", 0),
    ("P13 ratio", "P13", 0),
    ("P14 gain", "P14", 0),
)
"""Numbers shown of each variant: heading, pattern, and which of its lines."""


_SPACES = 2 * "\N{NO-BREAK SPACE}"


# --- words and tables -------------------------------------------------------------------------------------------------


def number_text(value: float | None) -> str:
    """Write a number with three digits, thousands in full, and what is missing as such."""
    if value is None or math.isnan(value):
        return "none"
    return f"{value:,.0f}" if 1000 <= abs(value) < math.inf else f"{value:.3g}"


def interval_text(check: Check) -> str:
    """Write the interval of a check; what follows from the parameters alone has none."""
    return "exact" if check.worlds == 0 else f"{number_text(check.low)} to {number_text(check.high)}"


def _markdown(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def validation_table(checks: Iterable[Check]) -> str:
    """Return the checks as a Markdown table; failures stand out."""
    headings = ("id", "pattern", "value", "90 % interval", "expected", "use", "result")
    rows = (
        (
            check.id,
            check.check,
            number_text(check.value),
            interval_text(check),
            check.threshold,
            check.use,
            "ok" if check.passed else "**FAILED**",
        )
        for check in checks
    )
    return _markdown(headings, rows)


def ablation_cells(row: Ablation) -> tuple[str, ...]:
    """Return variant, its numbers, the patterns that fail and the verdict."""
    numbers = (number_text(row.value(pattern, place)) for _, pattern, place in ABLATION_COLUMNS)
    return (row.variant.label, *numbers, ", ".join(row.fails) or "none", row.verdict)


def ablation_table(rows: Iterable[Ablation]) -> str:
    """Return the variants as a Markdown table."""
    headings = ("variant", *(heading for heading, _, _ in ABLATION_COLUMNS), "fails", "verdict")
    return _markdown(headings, (ablation_cells(row) for row in rows))


def ablation_findings(rows: Sequence[Ablation]) -> str:
    """Return what the patterns identify and what they do not, as a Markdown list."""
    return "".join(f"* {sentence}\n" for sentence in conclusions(rows))


def precision_table(measured: Mapping[int, Iterable[Check]]) -> str:
    """Return how the intervals of the same checks shrink with the number of worlds, as a Markdown table."""
    columns = {worlds: list(checks) for worlds, checks in measured.items()}
    headings = ["id", "pattern", *(f"{worlds:,} worlds" for worlds in columns)]
    rows = [
        [same[-1].id, same[-1].check, *(f"{number_text(check.value)} ({interval_text(check)})" for check in same)]
        for same in zip(*columns.values(), strict=True)
    ]
    return _markdown(headings, rows)


def trade_off_table(
    names: Sequence[str], measured: Mapping[tuple[float, float], Sequence[Check]], place: int = 1
) -> str:
    """Return one line of a pattern for all pairs of values of two parameters, as a Markdown table; failures are bold.

    Parameters
    ----------
    names
        The two parameters.
    measured
        The checks by the pair of values.
    place
        Which of the pattern's lines is shown; the others count for the result.
    """
    firsts, seconds = (list(dict.fromkeys(pair[k] for pair in measured)) for k in (0, 1))
    headings = [names[0], *(f"{names[1]} {value:g}" for value in seconds)]
    rows = []
    for first in firsts:
        cells = []
        for second in seconds:
            checks = measured[first, second]
            text = number_text(checks[place].value)
            cells.append(text if all(check.passed for check in checks) else f"**{text}**")
        rows.append([f"{first:g}", *cells])
    return _markdown(headings, rows)


def corroboration_table(checks: Iterable[Check]) -> str:
    """Return the patterns that no parameter was set with, as a Markdown table."""
    used = targets()
    return validation_table(check for check in checks if check.id not in used and check.use == "CAL")


# --- for other programs -----------------------------------------------------------------------------------------------


def _described(check: Check) -> dict[str, Any]:
    return {
        "id": check.id,
        "check": check.check,
        "value": check.value,
        "low": check.low,
        "high": check.high,
        "threshold": check.threshold,
        "passed": bool(check.passed),
        "use": check.use,
        "worlds": check.worlds,
    }


def validation_json(
    checks: Iterable[Check], *, seed: int, replicates: int, parameters: Mapping[str, float], **more: Any
) -> str:
    """Return the checks as one JSON object, with what made them (and more about it, such as a parameter file)."""
    made_by = manifest([], seed=seed, replicates=replicates, parameters=parameters, **more)
    return as_json({"checks": [_described(check) for check in checks], "made_by": made_by}).decode()


def ablation_json(
    rows: Sequence[Ablation], *, seed: int, replicates: int, parameters: Mapping[str, float], **more: Any
) -> str:
    """Return the variants with all their checks as one JSON object, with what made them."""
    described = [
        {
            "name": row.variant.name,
            "label": row.variant.label,
            "kind": row.variant.kind,
            "parameters": dict(row.variant.parameters),
            "verdict": row.verdict,
            "fails": list(row.fails),
            "lost": list(row.lost),
            "narrow": list(row.narrow),
            "touched": list(row.touched),
            "checks": [_described(check) for check in row.checks],
        }
        for row in rows
    ]
    made_by = manifest([], seed=seed, replicates=replicates, parameters=parameters, **more)
    return as_json({"variants": described, "conclusions": conclusions(rows), "made_by": made_by}).decode()


def seeds_table(by_seed: Mapping[int, Sequence[Check]]) -> str:
    """Return all checks at several seeds as a Markdown table: value with its interval, failures in bold."""
    seeds = list(by_seed)
    rows = [
        f"| pattern | check | expected | {' | '.join(f'seed {seed}' for seed in seeds)} |",
        "| --- " * (3 + len(seeds)) + "|",
    ]
    for checks in zip(*by_seed.values(), strict=True):
        cells = []
        for check in checks:
            text = f"{number_text(check.value)} {interval_text(check)}".strip()
            cells.append(text if check.passed else f"**{text}**")
        rows.append(f"| {checks[0].id} | {checks[0].check} | {checks[0].threshold} | {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


# --- pictures ---------------------------------------------------------------------------------------------------------


def _foot(of: str, seed: int, replicates: int, parameters: Mapping[str, float] | None) -> str:
    """Say what was simulated."""
    worlds = "1 world" if replicates == 1 else f"{replicates:,} worlds"
    values = ", ".join(f"{name} {value:g}" for name, value in (parameters or {}).items())
    if parameters and len(parameters) > 3:
        values = f"{len(parameters)} parameters changed"
    facts = (of, values or "default parameters", f"seed {seed}", f"{worlds} a case", f"{PACKAGE} {package_version()}")
    return "  ·  ".join(facts)


def validation_figure(
    checks: Iterable[Check], *, seed: int, replicates: int, parameters: Mapping[str, float] | None = None
) -> Any:
    """Draw every measured share with its interval against its threshold (only checks between 0 and 1)."""
    shown = [c for c in checks if 0.0 <= c.low <= c.high <= 1.2 and c.worlds > 0]
    foot = _foot("patterns", seed, replicates, parameters)
    notes = "orange cross: not as expected"
    with sheet([["all"]], [0.46 * max(len(shown), 1)], notes=notes, foot=foot, width=14.0) as (figure, drawn):
        axes = drawn["all"]
        for row, check in enumerate(shown):
            colour = LOOKS[0].colour if check.passed else LOOKS[1].colour
            axes.plot([check.low, check.high], [row, row], color=colour, linewidth=4, solid_capstyle="butt")
            axes.plot([check.value], [row], "o" if check.passed else "X", color=colour, markersize=9)
            for bound in (check.least, check.most):
                if math.isfinite(bound):
                    axes.plot([bound, bound], [row - 0.36, row + 0.36], color="#444444", linewidth=2)
        axes.set_yticks(range(len(shown)), [wrapped(f"{c.check}{_SPACES}{c.id}", 7.0) for c in shown])
        axes.set_xlim(-0.02, 1.22)
        axes.set_ylim(len(shown) - 0.4, -0.6)
        axes.set_xlabel("share or ratio with 90 % interval; upright bars: expected")
        axes.tick_params(length=0)
    return figure


def ablation_figure(
    rows: Sequence[Ablation], *, seed: int, replicates: int, parameters: Mapping[str, float] | None = None
) -> Any:
    """Draw variants against patterns: passes, fails, or the very same numbers as the default."""
    from matplotlib.lines import Line2D

    ids = list(dict.fromkeys(check.id for check in rows[0].checks))
    places: dict[str, tuple[list[int], list[int]]] = {"same": ([], []), "passes": ([], []), "fails": ([], [])}
    for y, row in enumerate(rows):
        for x, name in enumerate(ids):
            changed = name in row.touched or row.variant.kind == "default"
            kind = "fails" if name in row.fails else "passes" if changed else "same"
            places[kind][0].append(x)
            places[kind][1].append(y)
    looks: dict[str, dict[str, Any]] = {
        "same": {"label": "the same numbers as the default", "marker": ".", "color": RULE, "ms": 8},
        "passes": {"label": "passes", "marker": "o", "color": LOOKS[0].colour, "ms": 9},
        "fails": {"label": "fails", "marker": "X", "color": LOOKS[1].colour, "ms": 11},
    }
    legend = [Line2D([], [], ls="none", mew=0, **look) for look in looks.values()]
    foot = _foot("ablations", seed, replicates, parameters)
    with sheet([["all"]], [0.42 * len(rows)], legend=legend, foot=foot, width=14.0) as (figure, drawn):
        axes = drawn["all"]
        for kind, look in looks.items():
            axes.plot(*places[kind], ls="none", mew=0, zorder=3, **look)
        axes.set_xticks(range(len(ids)), ids, rotation=0 if len(ids) < 20 else 90)
        axes.set_yticks(range(len(rows)), [row.variant.label for row in rows], color=INK)
        axes.set_xlim(-0.6, len(ids) - 0.4)
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.set_xlabel("pattern")
        axes.tick_params(length=0)
    return figure
