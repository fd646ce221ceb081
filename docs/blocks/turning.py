"""What the answers of the lessons hang on, over worlds that carry ignorance: a parameter, and where it turns one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from docs.blocks.markdown import code, table

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["turning"]

WORLDS = 1_000
#: Standard errors that a slope needs: none of 150 parameters reaches it by chance, in 95 of 100 comparisons.
FLOOR = 3.6


def turning() -> str:
    """Return, for the first measure of every lesson and question, what it hangs on most and where that turns it."""
    from sim.ensemble import simulate
    from sim.observe.measures import measure
    from sim.scenarios.lessons import lessons

    known: dict[str, Any] = {}

    def play(name: str) -> Any:
        if name not in known:
            known[name] = simulate(name, WORLDS, series=())
        return known[name]

    rows = []
    for lesson in lessons():
        first, *others = lesson.compare[0]
        for other in others:
            one, two = play(first), play(other)
            name = next(word for word in lesson.measures if word in one.outcomes and word in two.outcomes)
            difference = two.outcomes[name].to_numpy(float) - one.outcomes[name].to_numpy(float)
            hangs, where = _hangs_on(difference, one.parameter_sets, one.set_rows)
            error = 1.96 * float(np.nanstd(difference)) / np.sqrt(np.isfinite(difference).sum())
            rows.append(
                (
                    lesson.id,
                    f"{code(other)} against {code(first)}: {measure(name).label}",
                    f"{np.nanmean(difference):+.3g} ± {error:.2g}",
                    hangs,
                    where,
                )
            )
    return table(("lesson", "comparison", "mean difference", "hangs most on", "turns at"), rows)


def _hangs_on(difference: NDArray[np.float64], sets: Any, drawn: NDArray[np.int64]) -> tuple[str, str]:
    """Find the parameter with the steepest sure slope, and where its line crosses 0."""
    from sim.parameters import REGISTRY

    there = np.isfinite(difference)
    best: tuple[float, str, str] = (0.0, "nothing above chance", "")
    for column, name in enumerate(sets.names):
        about = REGISTRY[name]
        place = np.array([about.place(value) for value in sets.values[:, column].tolist()])[drawn][there]
        centred = place - place.mean()
        spread = float(centred @ centred)
        if spread <= 0.0:
            continue
        slope = float(centred @ difference[there]) / spread
        left = difference[there] - difference[there].mean() - slope * centred
        error = np.sqrt(float(left @ left) / max(len(left) - 2, 1) / spread)
        sure = abs(slope) / error if error > 0.0 else 0.0
        if sure > max(FLOOR, best[0]):
            zero = place.mean() - difference[there].mean() / slope
            low, high = np.quantile(place, [0.02, 0.98])
            where = (
                f"{about.at(float(zero)):.3g} {about.unit}"
                if low <= zero <= high
                else "not within its plausible values"
            )
            best = (sure, f"{code(name)} ({'more' if slope > 0 else 'less'} with more of it)", where)
    return best[1], best[2]
