"""Which factors the differences or outcomes of a study are most sensitive to; Sobol and Morris designs ask it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.analysis.asked import Analysis
from sim.analysis.responses import responses
from sim.analysis.sensitivity.figure import sensitivity_figure
from sim.analysis.sensitivity.numbers import sensitivity
from sim.analysis.sensitivity.words import sentence
from sim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.asked import Points
    from sim.analysis.sensitivity.numbers import Sensitivity


@dataclass(frozen=True)
class SensitivityAnswer:
    """Sensitivities, and a sentence for each response that could not be analysed, because a point failed."""

    found: tuple[Sensitivity, ...]
    left: tuple[str, ...] = ()

    def sentences(self) -> list[str]:
        """Say them, one sentence a response."""
        return [*map(sentence, self.found), *self.left]

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return one table, one row a response and factor."""
        import pandas as pd

        if not self.found:
            return {}
        parts = [one.table().reset_index(drop=True).assign(question=one.name) for one in self.found]
        return {"sensitivity": pd.concat(parts, ignore_index=True)}

    def figures(self, title: str, foot: str) -> dict[str, Any]:
        """Draw one figure, a panel a response."""
        return {"sensitivity": sensitivity_figure(self.found, title, foot=foot)} if self.found else {}

    def document(self) -> list[dict[str, Any]]:
        """Return all indices, and the sentences."""
        return [{**one.to_dict(), "sentence": sentence(one)} for one in self.found]


def _answer(points: Points) -> SensitivityAnswer | None:
    if points.design.kind not in ("sobol", "morris"):
        return None
    found, left = [], []
    for title, unit, values in responses(points):
        try:
            found.append(
                sensitivity(
                    points.design, values, seed=points.seed, name=title, unit=unit, own_worlds=points.own_worlds
                )
            )
        except InputError as error:
            left.append(f"Not analysed: {error}.")
    return SensitivityAnswer(tuple(found), tuple(left))


SENSITIVITY = Analysis("sensitivity", _answer)
