"""Files to save: made when somebody asks for one."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim.analysis.comparison.answer import compare_ensembles
from sim.dashboard.engine import MORE_WORLDS, whole
from sim.files import as_csv
from sim.provenance import package_version

if TYPE_CHECKING:
    from sim.analysis.comparison.answer import Comparison
    from sim.dashboard.state import Plan, View
    from sim.scenarios import Scenario

#: Bytes of a scenario file that is opened; the shipped ones have less than 10,000.
LARGEST_UPLOAD = 100_000


def saved_scenario(plan: Plan, letter: str) -> Scenario:
    """Return the scenario of a plan as files have it: an edited one is not taken for the shipped one."""
    scenario = plan.scenario
    if not (plan.base and plan.edited):
        return scenario
    changes = {
        "name": f"{scenario.name}-edited-{letter.lower()}",
        "title": f"{scenario.title} (edited)",
        "source": f"edited in the dashboard, from {plan.base}" + (f"; {scenario.source}" if scenario.source else ""),
    }
    return scenario.replace(**changes)


def saved_comparison(view: View, worlds: int = MORE_WORLDS) -> Comparison:
    """Compare the plans of a view as a report does: it names the files that repeat it."""
    found = whole(view, worlds)
    names, pair = [], []
    for letter, plan, ensemble in zip("AB", (view.a, view.b), found.ensembles, strict=True):
        scenario = saved_scenario(plan, letter)
        names.append(scenario.name if plan.base and not plan.edited else f"{scenario.name}.toml")
        pair.append(replace(ensemble, scenario=scenario))
    return compare_ensembles(pair, parameters=dict(view.parameters), references=names)


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
        from sim.analysis.comparison.page import render

        return "report.html", "text/html", render(saved_comparison(view)).encode()
    if kind == "csv":
        import pandas as pd

        changed = "; ".join(f"{name} = {value:g}" for name, value in view.parameters)
        tables = []
        for letter, plan, one in zip("AB", (view.a, view.b), whole(view).ensembles, strict=True):
            table = one.outcomes.reset_index(names="replicate")
            made_by: dict[str, str | int | bool] = {
                "plan": letter,
                "scenario": saved_scenario(plan, letter).name,
                "parameters": changed,
                "seed": view.seed,
                "version": package_version(),
            }
            for place, (name, value) in enumerate(made_by.items()):
                table.insert(place, name, value)
            tables.append(table)
        return "outcomes.csv", "text/csv", as_csv(pd.concat(tables, ignore_index=True))
    if kind in ("toml_a", "toml_b"):
        scenario = saved_scenario(view.a, "A") if kind == "toml_a" else saved_scenario(view.b, "B")
        return f"{scenario.name}.toml", "application/toml", scenario.to_toml().encode()
    return None
