"""What analyses of a study look at: the differences that it asks for or, without any, all outcomes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.analysis.asked import against
from sim.analysis.outcomes import describe

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from sim.analysis.asked import Points


def responses(points: Points) -> Iterator[tuple[str, str, NDArray[np.float64]]]:
    """Yield what is analysed: title, unit, and (samples, replicates); the differences or, without any, all outcomes."""
    asked = points.asked("difference")
    for row in asked:
        about = describe(row.outcome)
        yield against(about.label, row.a, row.b), about.unit, points.difference(row.a, row.b, row.outcome)
    for outcome in () if asked else points.measures:
        about, values = describe(outcome), points.values(outcome)
        for plan, name in enumerate(points.plans):
            title = about.label if len(points.plans) == 1 else f"{about.label}, {name}"
            yield title, about.unit, values[:, plan]
