"""The validation table: as text for documents, as JSON, and as a picture of how far inside its range each number is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sim.report.style import LOOKS, figure_style
from sim.studies.provenance import manifest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sim.studies.validation import Check

__all__ = ["validation_figure", "validation_json", "validation_table"]


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def validation_table(checks: Iterable[Check]) -> str:
    """Return the checks as a Markdown table; failures stand out."""
    lines = ["| id | pattern | value | 90 % interval | expected | result |", "| --- | --- | --- | --- | --- | --- |"]
    for check in checks:
        interval = "exact" if check.worlds == 0 else f"{_number(check.low)} to {_number(check.high)}"
        result = "ok" if check.passed else "**FAILED**"
        lines.append(
            f"| {check.id} | {check.check} | {_number(check.value)} | {interval} | {check.threshold} | {result} |"
        )
    return "\n".join(lines) + "\n"


def validation_json(checks: Iterable[Check], *, seed: int, replicates: int, parameters: Mapping[str, float]) -> str:
    """Return the checks as one JSON object, with what made them."""
    rows = [
        {
            "id": check.id,
            "check": check.check,
            "value": float(check.value),
            "low": float(check.low),
            "high": float(check.high),
            "threshold": check.threshold,
            "passed": bool(check.passed),
            "use": check.use,
            "worlds": check.worlds,
        }
        for check in checks
    ]
    document = {"checks": rows, "made_by": manifest([], seed=seed, replicates=replicates, parameters=parameters)}
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def validation_figure(checks: Iterable[Check]) -> Any:
    """Draw every measured share with its interval against its threshold (only checks between 0 and 1)."""
    from matplotlib.figure import Figure

    shown = [c for c in checks if 0.0 <= c.low <= c.high <= 1.2 and c.worlds > 0]
    with figure_style():
        figure = Figure(figsize=(14.0, 1.6 + 0.46 * len(shown)))
        axes = figure.add_axes((0.52, 0.07, 0.45, 0.91))
        for row, check in enumerate(reversed(shown)):
            colour = LOOKS[0].colour if check.passed else LOOKS[1].colour
            axes.plot([check.low, check.high], [row, row], color=colour, linewidth=4, solid_capstyle="butt")
            axes.plot([check.value], [row], "o" if check.passed else "X", color=colour, markersize=9)
            for bound in _bounds(check.threshold):
                axes.plot([bound, bound], [row - 0.36, row + 0.36], color="#444444", linewidth=2)
        axes.set_yticks(range(len(shown)), [f"{c.check}  {c.id}" for c in reversed(shown)])
        axes.set_xlim(-0.02, 1.22)
        axes.set_ylim(-0.7, len(shown) - 0.3)
        axes.set_xlabel("share or ratio with 90 % interval; upright bars: expected")
        axes.tick_params(length=0)
    return figure


def _bounds(threshold: str) -> list[float]:
    found = []
    for word in threshold.replace(",", "").split():
        try:
            found.append(float(word))
        except ValueError:
            continue
    return found
