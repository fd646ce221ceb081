"""What a study found: sentences, tables and figures, and the files that hold them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.outcomes import describe
from sim.drawing.export import as_file
from sim.ensemble import OFTEN_REFUSED
from sim.provenance import PACKAGE, package_version
from sim.scenarios import SHADOW_CAVEAT
from sim.statistics import compare_pairs, mean_and_error
from sim.studies.figure import foot_of, sweep_figure
from sim.words.numbers import amount, capital, decimals, in_100, number, of_100, short_number, unit_text, with_interval

if TYPE_CHECKING:
    import pandas as pd

    from sim.studies.prepared import PreparedStudy
    from sim.studies.results import Results

#: Text of the findings, beside the shards.
RESULTS = "findings.txt"
#: Points up to which a table lists every one of them, and outcomes beside each other.
MOST_POINTS = 24
MOST_OUTCOMES = 5
#: A point of more factors than this is named by its number.
MOST_FACTORS = 4


def heading(study: Results) -> str:
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
    sampled = [factor.name for factor in design.factors]
    if design.kind == "sets":
        sampled = [f"{len(design.sampled)} parameters of plausible sets", *(factor.name for factor in design.crossed)]
    varied = ", ".join(sampled)
    kept = ", ".join(file.outcomes)
    kept += f"; every week: {', '.join(file.series)}" if file.series else ""
    kept += f"; event logs of {file.events} worlds of each point" if file.events else ""
    return [
        f"{file.name}: {file.title}",
        f"{design.kind}: {points} x {file.replicates:,} worlds = {prepared.worlds:,} worlds in {shards}",
        f"varied: {varied}" if varied else "varied: nothing",
        f"kept: {kept}",
    ]


def status_lines(study: Results) -> list[str]:
    """Say how far a study is."""
    status = study.status
    location = study.store.location.address
    lines = [
        heading(study),
        f"{status.done:,} of {status.shards:,} shards done, {status.missing:,} missing, {status.failed_shards:,} with "
        f"failed points; {status.worlds_done:,} of {status.worlds:,} worlds",
    ]
    lines += [f"point {point} ({point_words(study, point)}): {text}" for point, text in study.failures.items()][:20]
    if len(study.failures) > 20:
        lines.append(f"... and {len(study.failures) - 20:,} more failed points")
    if study.failures:
        lines.append(f"sim study retry {location} runs only the failed points again")
    if status.missing:
        lines.append(f"sim study FILE --out {location} --resume goes on, with the file that it was begun with")
    return lines


# ---------------------------------------------------------------------- sentences


def findings(study: Results) -> list[str]:
    """Say what was found, one sentence a finding; what the study file asks first."""
    if study.hopeless:
        return ["Every point failed: there is nothing to be found."]
    found = [text for answer in study.answers.values() for text in answer.sentences()]
    if not found or study.design.kind in ("grid", "list"):
        found += [_extremes(study, name) for name in study.prepared.file.outcomes]
        if not study.prepared.file.own_worlds and len(study.design) > 1 and study.prepared.file.replicates > 1:
            found.append("Lowest and highest points were chosen in one half of the worlds and compared in the other.")
    if study.failures:
        points = "1 point has" if len(study.failures) == 1 else f"{len(study.failures):,} points have"
        found.append(f"{points} failed and count for nothing above.")
    found += _refusals(study)
    if any(base.shadow_strategy for base in study.prepared.bases):
        found.append(SHADOW_CAVEAT)
    return found


def _refusals(study: Results) -> list[str]:
    """Say where plans were not carried out as written."""
    often = np.flatnonzero(study.refused > OFTEN_REFUSED)
    if not often.size:
        return []
    most = int(study.refused.argmax())
    return [
        f"Some action of the plan is refused in more than {of_100(OFTEN_REFUSED)} at {often.size:,} of "
        f"{len(study.design):,} points, most often ({of_100(study.refused[most])}) at: {point_words(study, most)}."
    ]


def _extremes(study: Results, name: str) -> str:
    """Where an outcome is lowest and where it is highest, and whether the two can be told apart.

    The two points are chosen in one half of the worlds and compared in the other: the same worlds would always find a
    difference between the ends of many points.
    """
    about = describe(name)
    label = capital(about.label)
    values = study.values(name).reshape(len(study.design), -1)
    choosing, telling = values[:, 0::2], values[:, 1::2]
    means, _, _ = mean_and_error(choosing if telling.shape[1] else values)
    if not np.isfinite(means).any():
        return f"{label}: no world has a value."
    low, high = int(np.nanargmin(means)), int(np.nanargmax(means))
    if means[low] == means[high]:
        return f"{label}: {amount(means[low], about.unit)} at every point."
    told, _, _ = mean_and_error(telling if telling.shape[1] else values)
    text = (
        f"{label}: from {amount(told[low], about.unit)} ({point_words(study, low)}) "
        f"to {amount(told[high], about.unit)} ({point_words(study, high)})"
    )
    if study.prepared.file.own_worlds or not telling.shape[1]:
        return f"{text}."
    paired = compare_pairs((telling[[high]] - telling[[low]]).T, [study.matter(name)])[0]
    if not math.isfinite(paired.low):
        return f"{text}."
    difference, low_end, high_end = with_interval(paired.difference, paired.low, paired.high)
    return (
        f"{text}; paired difference {difference}{unit_text(about.unit)} (95 % interval {low_end} to {high_end}), the "
        f"second is higher in {of_100(paired.ahead(1)[2])}, equal in {in_100(paired.ahead(1)[1])}."
    )


def point_words(study: Results, point: int) -> str:
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


def document(study: Results) -> dict[str, Any]:
    """Return what was found as plain numbers and texts, for other programs."""
    file = study.prepared.file
    return {
        "study": file.name,
        "title": file.title,
        "digest": study.digest,
        "version": package_version(),
        "seed": file.seed,
        "points": len(study.design),
        "replicates": file.replicates,
        "failures": {str(point): text for point, text in study.failures.items()},
        "sentences": findings(study),
        **{name: answer.document() for name, answer in study.answers.items()},
    }


# ---------------------------------------------------------------------- tables


def summary_rows(study: Results) -> tuple[list[str], list[list[str]]]:
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


def tables(study: Results) -> dict[str, pd.DataFrame]:
    """Return the tables of a study by name; "summary" has one row a point."""
    found = {"summary": study.summary.reset_index()}
    for answer in study.answers.values():
        found |= answer.tables()
    return found


# ---------------------------------------------------------------------- figures


def figures(study: Results) -> dict[str, Any]:
    """Draw what was found: figures by name, the most telling first."""
    found: dict[str, Any] = {}
    if study.hopeless:  # there is nothing to draw
        return found
    for answer in study.answers.values():
        found |= answer.figures(study.prepared.file.title, foot_of(study))
    if not found or study.design.kind in ("grid", "list"):
        found["outcomes"] = sweep_figure(study)
    return found


# ---------------------------------------------------------------------- files


def save_study(study: Results) -> list[str]:
    """Write findings, tables and figures beside the shards; the same study writes the same bytes.

    Returns
    -------
    list of str
        Names of the files.
    """
    results: dict[str, Any] = {f"{name}.csv": table for name, table in tables(study).items()}
    results |= {f"{name}.png": figure for name, figure in figures(study).items()}
    results[RESULTS] = "\n".join([heading(study), "", *findings(study), ""])
    results["findings.json"] = document(study)
    for name, content in results.items():
        study.store.location.write(name, as_file(name, content))
    return list(results)
