"""Where the things happen that a study looks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.asked import Analysis, Threshold, one_of
from sim.analysis.discovery.figure import discovery_figure
from sim.analysis.discovery.numbers import discover
from sim.analysis.discovery.words import sentence
from sim.scenarios.fields import Share, Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from sim.analysis.asked import Points
    from sim.analysis.discovery.numbers import Discovery as Found


class Discovery(Threshold):
    """What to look for: where an outcome keeps the bounds in at least a ``share`` of the worlds of a point."""

    text: Text
    outcome: str
    share: Share = 0.5
    plan: str | None = None


@dataclass(frozen=True)
class DiscoveryAnswer:
    """Boxes, one a thing that was looked for."""

    found: tuple[Found, ...]

    def sentences(self) -> list[str]:
        """Say them, one sentence each."""
        return [sentence(one) for one in self.found]

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return one table of limits each."""
        return {f"discovery-{place}": one.table() for place, one in enumerate(self.found, start=1)}

    def figures(self, title: str, foot: str) -> dict[str, Any]:
        """Draw one figure each."""
        return {f"discovery-{place}": discovery_figure(one, foot=foot) for place, one in enumerate(self.found, start=1)}

    def document(self) -> list[dict[str, Any]]:
        """Return everything but the points, and the sentences."""
        return [{**one.to_dict(), "sentence": sentence(one)} for one in self.found]


def _check(asked: Sequence[Discovery], plans: Sequence[str], outcomes: Sequence[str], where: str) -> None:
    for number, row in enumerate(asked, start=1):
        place = f"{where}: discovery {number}"
        one_of(row.outcome, outcomes, f"{place}: outcome", "one of outcomes")
        if row.plan is not None:
            one_of(row.plan, plans, f"{place}: plan", "a plan of the study")


def _answer(points: Points) -> DiscoveryAnswer | None:
    asked = points.asked("discovery")
    return DiscoveryAnswer(tuple(_one(points, row) for row in asked)) if asked else None


def _one(points: Points, row: Discovery) -> Found:
    values = points.values(row.outcome)
    hit = np.ones(values.shape, bool)
    if row.at_least is not None:
        hit &= values >= row.at_least
    if row.at_most is not None:
        hit &= values <= row.at_most
    there = np.isfinite(values)
    count = there.sum(axis=2)
    share = np.where(count > 0, (hit & there).sum(axis=2) / np.maximum(count, 1), np.nan)
    plans = np.arange(len(points.plans)) if row.plan is None else np.array([points.plans.index(row.plan)])
    chosen = (np.arange(len(points.design)).reshape(share.shape)[:, plans]).reshape(-1)
    return discover(
        points.design.table.iloc[chosen],
        share[:, plans].reshape(-1),
        points.design.factors if row.plan is None else points.design.sampled,
        text=row.text,
        share=row.share,
        blocks=chosen // len(points.plans),  # plans under one sample belong together
        seed=points.seed,
    )


DISCOVERY = Analysis("discovery", _answer, Discovery, many=True, own_worlds=True, check=_check)
