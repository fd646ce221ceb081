"""Two organisations in calm waters: models of partnership, meetings, and how long alliances last (P38, P39, X1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.rules.joint_work import LAUNCH_HOURS_ADD_ON, LAUNCH_HOURS_INTEGRATED
from sim.validation.checks import between, formula, judge, mean, ratio, resampled
from sim.validation.worlds import Pattern

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.validation.checks import Check
    from sim.validation.worlds import Worlds


def _p38(worlds: Worlds) -> list[Check]:
    integrated, add_on = (worlds.of(f"{model}-pair").outcomes for model in ("integrated", "add-on"))
    result = mean(integrated["joint_result"] - add_on["joint_result"])
    left = ratio(integrated["exits"] > 0, add_on["exits"] > 0)
    hours = float(LAUNCH_HOURS_ADD_ON / LAUNCH_HOURS_INTEGRATED)
    n = worlds.replicates
    more, fewer = "integrated over add-on: joint result", "integrated over add-on: share that ever left"
    return [
        judge("P38", more, result, least=0.0, strictly=True, worlds=n),
        judge("P38", fewer, left, most=1.0, strictly=True, worlds=n),
        formula("P38", "hours to launch, add-on over integrated", hours, most=1.0, strictly=True, use="CAL"),
    ]


def _p39(worlds: Worlds) -> list[Check]:
    usual, meeting = worlds.of("busy-pair"), worlds.of("meeting-pair")
    start = meeting.scenario.dyad[0].value_ba or 1.0
    value = mean(meeting.outcomes["value_partner"] / start)
    left = ratio(meeting.outcomes["exits"] > 0, usual.outcomes["exits"] > 0)
    n = worlds.replicates
    less, more = "meetings doubled: value at the end over the start", "meetings doubled: share that ever left (ratio)"
    return [
        judge("P39", less, value, most=1.0, strictly=True, worlds=n),
        judge("P39", more, left, least=1.0, strictly=True, worlds=n),
    ]


def _x1(worlds: Worlds) -> list[Check]:
    """Of 100 alliances 66 existed after five years, and 25 of 34 endings came before the contract did."""
    ensemble = worlds.of("calm-pair", ("partnered_body_partner",))
    active = ensemble.series["partnered_body_partner"] > 0.0
    ended = ~active[:, -1]
    planned = ensemble.outcomes["planned_ends"].to_numpy() > 0
    gone = np.where(active.all(axis=1), active.shape[1], (~active).argmax(axis=1))  # week of the first ending
    early = gone[~planned]
    newness = resampled(len(early), lambda rows: _hazard(early[rows], 0, 52) / _hazard(early[rows], 208, 260))
    return [
        between("X1", "calm partnerships that exist after five years (66 of 100 observed)", ~ended, 0.60, 0.72),
        between("X1", "of the endings, before the end of the term (25 of 34 observed)", ~planned[ended], 0.65, 0.85),
        judge("X1", "early endings, rate of the first year over that of the fifth", newness,
              worlds=worlds.replicates, least=1.2),
    ]  # fmt: skip


def _hazard(gone: NDArray[np.int64], low: int, high: int) -> float:
    """Endings in a span of weeks, over those that had not ended before it; half an ending where there was none."""
    endings = ((gone >= low) & (gone < high)).sum()
    return float(max(0.5, endings) / max(1, (gone >= low).sum()))


PATTERNS = (
    Pattern("P38", "models", _p38),
    Pattern("P39", "meetings", _p39),
    Pattern("X1", "calm-pair", _x1),
)
