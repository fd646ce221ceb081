"""Two organisations in calm waters: models of partnership, meetings, and how long alliances last (P38, P39, X1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.studies.validation.checks import formula, judge, mean, ratio, share
from sim.studies.validation.worlds import Pattern

if TYPE_CHECKING:
    from sim.studies.validation.checks import Check
    from sim.studies.validation.worlds import Worlds

__all__ = ["PATTERNS"]


def _p38(worlds: Worlds) -> list[Check]:
    integrated, add_on = (worlds.of(f"{model}-pair").outcomes for model in ("integrated", "add-on"))
    result = mean(integrated["joint_result"] - add_on["joint_result"])
    left = ratio(integrated["exits"] > 0, add_on["exits"] > 0)
    hours = float(worlds.p.launch_hours_add_on / worlds.p.launch_hours_integrated)
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
    ensemble = worlds.of("calm-pair")
    found = share((ensemble.outcomes["exits"] == 0).to_numpy())
    words = "calm partnerships without any exit after five years (66 of 100 observed)"
    return [judge("X1", words, found, least=0.60, most=0.72, worlds=ensemble.replicates)]


PATTERNS = (
    Pattern("P38", "models", _p38),
    Pattern("P39", "meetings", _p39),
    Pattern("X1", "calm-pair", _x1),
)
