"""What a study found: sentences, tables and figures, and the files that hold them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.report.figures import as_png
from sim.scenarios import SHADOW_CAVEAT
from sim.studies.exploration.outcomes import describe
from sim.studies.provenance import PACKAGE, package_version
from sim.studies.saving import as_csv
from sim.studies.wording import amount, capital, decimals, number, of_100, short_number, unit_text

if TYPE_CHECKING:
    import pandas as pd

    from sim.studies.exploration.prepared import PreparedStudy
    from sim.studies.exploration.results import Study

__all__ = [
    "RESULTS",
    "figures",
    "findings",
    "heading",
    "point_words",
    "save_study",
    "size_lines",
    "status_lines",
    "summary_rows",
    "tables",
]

#: Text of the findings, beside the shards.
RESULTS = "findings.txt"
#: Points up to which a table lists every one of them, and outcomes beside each other.
MOST_POINTS = 24
MOST_OUTCOMES = 5
#: A point of more factors than this is named by its number.
MOST_FACTORS = 4
#: Share of worlds from which on refused actions are told.
OFTEN_REFUSED = 0.25


def heading(study: Study) -> str:
    """Say which study it is, with everything needed to get it again."""
    file = study.prepared.file
    return (
        f"{file.title}\nstudy {file.name}  ·  {len(study.design):,} points x {file.replicates:,} worlds  ·  seed "
        f"{file.seed}  ·  digest {study.digest[:12]}  ·  {PACKAGE} {package_version()}"
    )


def size_lines(prepared: PreparedStudy) -> list[str]:
    """Say how large a study is, before it runs."""
    file, design = prepared.file, prepared.design
    points = f"{len(design):,} points"
    if len(design.plans) > 1 and len(design.samples) > 1:
        points += f" ({len(design.plans):,} plans x {len(design.samples):,} samples)"
    shards = "1 shard" if len(prepared.shards) == 1 else f"{len(prepared.shards):,} shards"
    varied = ", ".join(factor.name for factor in design.factors)
    kept = ", ".join(file.outcomes)
    kept += f"; every week: {', '.join(file.series)}" if file.series else ""
    kept += f"; event logs of {file.events} worlds of each point" if file.events else ""
    return [
        f"{file.name}: {file.title}",
        f"{design.kind}: {points} x {file.replicates:,} worlds = {prepared.worlds:,} worlds in {shards}",
        f"varied: {varied}" if varied else "varied: nothing",
        f"kept: {kept}",
    ]


def status_lines(study: Study) -> list[str]:
    """Say how far a study is."""
    status = study.status
    place = study.store.place.address
    lines = [
        heading(study),
        f"{status.done:,} of {status.shards:,} shards done, {status.missing:,} missing, {status.failed_shards:,} with "
        f"failed points; {status.worlds_done:,} of {status.worlds:,} worlds",
    ]
    lines += [f"point {point} ({point_words(study, point)}): {text}" for point, text in study.failures.items()][:20]
    if len(study.failures) > 20:
        lines.append(f"... and {len(study.failures) - 20:,} more failed points")
    if study.failures:
        lines.append(f"sim study retry {place} runs only the failed points again")
    if status.missing:
        lines.append(f"the command that began it, with --resume, goes on; it was begun for {place}")
    return lines


# ---------------------------------------------------------------------- sentences


def findings(study: Study) -> list[str]:
    """Say what was found, one sentence a finding; what the study file asks first."""
    if len(study.failures) == len(study.design):
        return ["Every point failed: there is nothing to be found."]
    found = [one.sentence() for one in study.sensitivities]
    found += [one.sentence() for one in study.discoveries]
    if study.robustness is not None:
        found += study.robustness.sentences()
    if not found or study.design.kind in ("grid", "list"):
        found += [_extremes(study, name) for name in study.prepared.file.outcomes]
    if study.failures:
        points = "1 point has" if len(study.failures) == 1 else f"{len(study.failures):,} points have"
        found.append(f"{points} failed and count for nothing above.")
    found += _refusals(study)
    if any(base.shadow_strategy for base in study.prepared.bases):
        found.append(SHADOW_CAVEAT)
    return found


def _refusals(study: Study) -> list[str]:
    """Say where plans were not carried out as written."""
    often = np.flatnonzero(study.refused > OFTEN_REFUSED)
    if not often.size:
        return []
    most = int(study.refused.argmax())
    return [
        f"Some action of the plan is refused in more than {of_100(OFTEN_REFUSED)} at {often.size:,} of "
        f"{len(study.design):,} points, most often ({of_100(study.refused[most])}) at: {point_words(study, most)}."
    ]


def _extremes(study: Study, name: str) -> str:
    """Where an outcome is lowest and where it is highest, and whether the two can be told apart."""
    about, means = describe(name), study.summary[name].to_numpy()
    label = capital(about.label)
    if not np.isfinite(means).any():
        return f"{label}: no world has a value."
    low, high = int(np.nanargmin(means)), int(np.nanargmax(means))
    if means[low] == means[high]:
        return f"{label}: {amount(means[low], about.unit)} at every point."
    text = (
        f"{label}: from {amount(means[low], about.unit)} ({point_words(study, low)}) "
        f"to {amount(means[high], about.unit)} ({point_words(study, high)})"
    )
    if study.prepared.file.worlds == "own":
        return f"{text}."
    paired = study.pair(name, low, high)
    if not math.isfinite(paired.low):
        return f"{text}."
    digits = decimals((paired.high - paired.low) / 2.0, paired.difference)
    band = f"{number(paired.low, digits)} to {number(paired.high, digits)}"
    return (
        f"{text}; paired difference {number(paired.difference, digits, sign=True)}{unit_text(about.unit)} (95 % "
        f"{band}), the second is higher in {of_100(paired.share_b_higher - paired.ties / 2.0)}, equal in "
        f"{of_100(paired.ties).removesuffix(' of 100 worlds')}."
    )


def point_words(study: Study, point: int) -> str:
    """Name a point by its factors, or by plan and number where that would be long."""
    if len(study.design.factors) > MOST_FACTORS:
        plan = study.plans[point % len(study.plans)]
        return f"point {point:,}" if len(study.plans) == 1 else f"point {point:,}, {plan}"
    found = []
    for factor in study.design.factors:
        value = study.design.point(point)[factor.name]
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, bool):
            found.append(f"{factor.words} {'on' if value else 'off'}")
        else:
            found.append(f"{factor.words} {short_number(float(value))}{unit_text(factor.unit)}")
    return ", ".join(found) or "the only point"


# ---------------------------------------------------------------------- tables


def summary_rows(study: Study) -> tuple[list[str], list[list[str]]]:
    """Return headings and rows of the mean outcomes, point by point; no rows where there are too many points."""
    names = study.prepared.file.outcomes[:MOST_OUTCOMES]
    about = [describe(name) for name in names]
    headings = ["point", *(row.label + (f" ({row.unit})" if unit_text(row.unit) else "") for row in about)]
    rows = []
    if len(study.design) <= MOST_POINTS:
        for point, row in study.summary.iterrows():
            cells = [_mean(row[name], row[f"{name}_half_width"]) for name in names]
            rows.append([point_words(study, int(str(point))), *cells])
    return headings, rows


def _mean(mean: float, half: float) -> str:
    if not math.isfinite(mean):
        return "none"
    if not math.isfinite(half) or half == 0.0:
        return number(mean)
    digits = decimals(half, mean)
    return f"{number(mean, digits)} +-{number(half, digits)}"


def tables(study: Study) -> dict[str, pd.DataFrame]:
    """Return the tables of a study by name; "summary" has one row a point."""
    import pandas as pd

    found = {"summary": study.summary.reset_index()}
    if len(study.failures) == len(study.design):
        return found
    if study.sensitivities:
        parts = [one.table().reset_index(drop=True).assign(question=one.name) for one in study.sensitivities]
        found["sensitivity"] = pd.concat(parts, ignore_index=True)
    for place, one in enumerate(study.discoveries, start=1):
        found[f"discovery-{place}"] = one.table()
    if study.robustness is not None:
        found["robustness"] = study.robustness.table()
        if study.robustness.weights:
            found["break-even"] = study.robustness.break_even()
    return found


# ---------------------------------------------------------------------- figures


def figures(study: Study) -> dict[str, Any]:
    """Draw what was found: figures by name, the most telling first."""
    from sim.report.sweep import foot_of, sweep_figure

    found: dict[str, Any] = {}
    if len(study.failures) == len(study.design):  # there is nothing to draw
        return found
    foot = foot_of(study)
    if study.sensitivities:
        from sim.report.sensitivity import sensitivity_figure

        found["sensitivity"] = sensitivity_figure(study.sensitivities, study.prepared.file.title, foot=foot)
    for place, one in enumerate(study.discoveries, start=1):
        from sim.report.discovery import discovery_figure

        found[f"discovery-{place}"] = discovery_figure(one, foot=foot)
    if study.robustness is not None:
        from sim.report.robustness import robustness_figure

        found["robustness"] = robustness_figure(study.robustness, study.prepared.file.title, foot=foot)
    if not found or study.design.kind in ("grid", "list"):
        found["outcomes"] = sweep_figure(study)
    return found


# ---------------------------------------------------------------------- files


def save_study(study: Study) -> list[str]:
    """Write findings, tables and figures beside the shards; the same study writes the same bytes.

    Returns
    -------
    list of str
        Names of the files.
    """
    place = study.store.place
    written = {}
    for name, table in tables(study).items():
        written[f"{name}.csv"] = as_csv(table)
    for name, figure in figures(study).items():
        written[f"{name}.png"] = as_png(figure)
    text = "\n".join([heading(study), "", *findings(study)])
    written[RESULTS] = f"{text}\n".encode()
    for name, content in written.items():
        place.write(name, content)
    return list(written)
