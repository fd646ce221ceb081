"""What the outcomes or differences of a study move with, from a Latin hypercube or from plausible sets as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.asked import Analysis
from sim.analysis.curves import LEAST_SETS
from sim.analysis.given_data.figure import given_data_figure
from sim.analysis.given_data.numbers import moved
from sim.analysis.given_data.words import sentence
from sim.analysis.responses import responses

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.asked import Points
    from sim.analysis.given_data.numbers import Response


@dataclass(frozen=True)
class GivenDataAnswer:
    """How responses move with sampled values."""

    found: tuple[Response, ...]

    def sentences(self) -> list[str]:
        """Say it, one sentence a response."""
        return [sentence(one) for one in self.found]

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return one table: one row a response and sampled value."""
        import pandas as pd

        parts = []
        for one in self.found:
            drivers = {driver.name: driver for driver in one.curves.drivers}
            turns = [drivers[name].turns_at if name in drivers else np.nan for name in one.curves.names]
            together = [", ".join(drivers[name].together) if name in drivers else "" for name in one.curves.names]
            parts.append(
                pd.DataFrame(
                    {
                        "question": one.name,
                        "factor": one.curves.names,
                        "index": one.curves.index,
                        "moves": one.curves.moves,
                        "chance": one.curves.chance,
                        "above_chance": np.abs(one.curves.moves) > one.curves.chance,
                        "turns_at": turns,
                        "together": together,
                    }
                )
            )
        return {"given-data": pd.concat(parts, ignore_index=True)}

    def figures(self, title: str, foot: str) -> dict[str, Any]:
        """Draw one panel a response."""
        return {"given-data": given_data_figure(self.found, title, foot=foot)}

    def document(self) -> list[dict[str, Any]]:
        """Return the rows of the table, and the sentences."""
        rows = self.tables()["given-data"]
        return [
            {"name": one.name, "sentence": sentence(one), "rows": rows[rows["question"] == one.name]}
            for one in self.found
        ]


def _answer(points: Points) -> GivenDataAnswer | None:
    sampled = [factor for factor in points.design.sampled if factor.numeric]
    samples = points.design.samples
    if points.design.kind not in ("sets", "latin-hypercube") or not sampled or len(samples) < LEAST_SETS:
        return None
    values = np.array([[float(sample[factor.name]) for factor in sampled] for sample in samples])
    found = moved(sampled, values, responses(points), points.seed)
    return GivenDataAnswer(found) if found else None


GIVEN_DATA = Analysis("given_data", _answer)
