"""Files to save: made when somebody asks for one."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from sim.dashboard.engine import whole
from sim.studies.provenance import package_version
from sim.studies.saving import as_csv

if TYPE_CHECKING:
    from sim.dashboard.state import View

__all__ = ["LARGEST_UPLOAD", "file_of"]

#: Bytes of a scenario file that is opened; the shipped ones have less than 10,000.
LARGEST_UPLOAD = 100_000


def file_of(view: View, kind: str, number: int) -> dict[str, Any] | None:
    """Make a file: ``html``, ``csv``, ``toml_a`` or ``toml_b``; None for anything else.

    ``number`` makes two files of the same content different messages.
    """
    made = _content(view, kind)
    if made is None:
        return None
    name, mime, content = made
    return {"name": name, "type": mime, "content": base64.b64encode(content).decode(), "number": number}


def _content(view: View, kind: str) -> tuple[str, str, bytes] | None:
    if kind == "html":
        from sim.report.html import render

        return "report.html", "text/html", render(whole(view)).encode()
    if kind == "csv":
        import pandas as pd

        changed = "; ".join(f"{name} = {value:g}" for name, value in view.parameters)
        tables = []
        for letter, plan, one in zip("AB", (view.a, view.b), whole(view).ensembles, strict=True):
            table = one.outcomes.reset_index(names="replicate")
            made_by: dict[str, str | int | bool] = {
                "plan": letter,
                "scenario": one.scenario.name,
                "edited": plan.edited,
                "parameters": changed,
                "seed": view.seed,
                "version": package_version(),
            }
            for place, (name, value) in enumerate(made_by.items()):
                table.insert(place, name, value)
            tables.append(table)
        return "outcomes.csv", "text/csv", as_csv(pd.concat(tables, ignore_index=True))
    if kind in ("toml_a", "toml_b"):
        scenario = (view.a if kind == "toml_a" else view.b).scenario
        return f"{scenario.name}.toml", "application/toml", scenario.to_toml().encode()
    return None
