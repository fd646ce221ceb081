"""A calibration as files: sets, numbers, figure and a short text that is computed from the numbers."""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.calibration.diagnostics import IDENTIFIED, INFORMED, Posterior
from sim.calibration.judge import which_of
from sim.calibration.storage import MANIFEST, drop_unfinished
from sim.drawing.export import as_png, save
from sim.drawing.sheet import in_rows, sheet
from sim.drawing.style import INK, LOOKS, MUTED, SMALL
from sim.files import as_json
from sim.parameters import REGISTRY
from sim.parameters.sets import FILE
from sim.provenance import PACKAGE, manifest, package_version

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.calibration.calibrate import Calibration, Stage
    from sim.calibration.diagnostics import Link
    from sim.calibration.sets_judged import SetsJudged
    from sim.parameters.sets import ParameterSets

TEXT = "calibration.md"
CLOSEST: tuple[str, ...] = (
    "P02", "P04", "P06", "X1", "P12", "P13", "P14", "P15", "P16", "P17", "P20", "P21", "P22", "P40", "P43", "P45",
    "P46", "P47", "P48",
)  # fmt: skip
"""Targets that are asked for all at once."""
_MOST_LINKS = 12


def save_calibration(calibration: Calibration, folder: str | Path) -> Path:
    """Write everything about a calibration; the manifest comes last and vouches for the rest; unfinished work goes."""
    folder = Path(folder)
    settings = calibration.settings
    described = manifest(
        [],
        seed=settings.seed,
        replicates=settings.many,
        parameters=dict(settings.fixed),
        patterns=list(dict.fromkeys(line.pattern for line in calibration.lines)),
        calibration=settings.document(),
    )
    results = {
        FILE: calibration.sets.as_csv(),
        "diagnostics.json": diagnostics(calibration),
        "diagnostics.png": _few_colours(as_png(calibration_figure(calibration), dpi=80)),
        TEXT: calibration_text(calibration),
        MANIFEST: described,
    }
    save(folder, results.items())
    drop_unfinished(folder)
    return folder


def _few_colours(png: bytes) -> bytes:
    """Return an image with 64 colours: reference results are under version control and have to stay small."""
    from PIL import Image

    buffer = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").quantize(64, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


# ---------------------------------------------------------------------- numbers


def diagnostics(calibration: Calibration) -> dict[str, Any]:
    """Return everything that was found as plain numbers and texts."""
    prior, many, fresh = _shares(calibration)
    default = calibration.at_default
    return {
        "sets": len(calibration.weights),
        "effective_sets": round(calibration.effective, 2),
        "judged": calibration.judged,
        "stages": [_stage(calibration, stage) for stage in (*calibration.stages, calibration.many, calibration.fresh)],
        "checks": [
            {
                "key": line.key,
                "check": line.words,
                "threshold": line.threshold,
                "at_default": _rounded(float(default.values[k])),
                "chance_at_default": _rounded(float(default.chances[k])),
                "passed_by_prior": _rounded(prior[k]),
                "passed": _rounded(many[k]),
                "passed_again": _rounded(fresh[k]),
            }
            for k, line in enumerate(calibration.lines)
        ],
        "passed_all_again": _rounded(_all_again(calibration)),
        "passed_closest_again": _rounded(_all_again(calibration, CLOSEST)),
        "parameters": [_posterior(row) for row in calibration.posteriors],
        "move_together": [_link(link) for link in calibration.confounded],
        "informed_by": [_link(link) for link in calibration.informed_by],
    }


def _shares(calibration: Calibration) -> tuple[Any, Any, Any]:
    """Shares of sets that pass each check: from the prior, by weight in many worlds, and once more."""
    return (
        calibration.passed(calibration.stages[0]).mean(axis=0),
        calibration.weights @ calibration.passed(calibration.many),
        calibration.passed(calibration.fresh).mean(axis=0),
    )


def _all_again(calibration: Calibration, patterns: Sequence[str] = ()) -> float:
    chosen = which_of(calibration.lines, patterns)
    return float(calibration.passed(calibration.fresh)[:, chosen].all(axis=1).mean())


def _stage(calibration: Calibration, stage: Stage) -> dict[str, Any]:
    passed = calibration.passed(stage)
    return {
        "stage": stage.name,
        "sets": len(stage.places),
        "worlds": stage.worlds,
        "log_likelihood": _rounded(float(np.median(stage.log_likelihood))),
        "checks_passed": _rounded(float(passed.mean())),
        "all_passed": _rounded(float(passed.all(axis=1).mean())),
    }


def _posterior(row: Posterior) -> dict[str, Any]:
    about = REGISTRY[row.name]
    return {
        "name": row.name,
        "symbol": about.symbol,
        "prior": [about.low, about.high],
        "scale": "logarithm" if about.logarithmic else "plain",
        "default": about.default,
        "p10": _significant(row.p10),
        "median": _significant(row.median),
        "p90": _significant(row.p90),
        "shrinkage": _rounded(row.shrinkage),
        "told": row.told,
    }


def _link(link: Link) -> dict[str, Any]:
    return {"a": link.a, "b": link.b, "correlation": _rounded(link.correlation)}


def _rounded(value: float) -> float | None:
    return round(float(value), 4) if math.isfinite(value) else None


def _significant(value: float) -> float:
    return float(f"{value:.6g}")


def sets_json(
    judged: SetsJudged, sets: ParameterSets, *, seed: int, replicates: int, parameters: Mapping[str, float], **more: Any
) -> str:
    """Return the shares of sets that meet each check as one JSON object."""
    rows = [
        {"key": line.key, "check": line.words, "threshold": line.threshold, "share": share}
        for line, share in zip(judged.lines, judged.shares.tolist(), strict=True)
    ]
    made_by = manifest(
        [], seed=seed, replicates=replicates, parameters=parameters, parameter_sets=sets.described(), **more
    )
    return as_json({"checks": rows, "all": judged.share_of_all(), "made_by": made_by}).decode()


def sets_table(judged: SetsJudged) -> str:
    """Return the shares of sets that meet each check as a Markdown table."""
    rows = ["| check | asked | sets that meet it |", "| --- | --- | --- |"]
    for line, share in zip(judged.lines, judged.shares.tolist(), strict=True):
        rows.append(f"| {line.key} {line.words} | {line.threshold} | {share:.0%} |")
    return "\n".join([*rows, f"| all at once | | {judged.share_of_all():.0%} |"]) + "\n"


# ---------------------------------------------------------------------- words


def stage_line(stage: Stage) -> str:
    """Say how a stage went."""
    middle = float(np.median(stage.log_likelihood))
    return (
        f"{stage.name}: {len(stage.places):,} sets, {stage.worlds:,} worlds a case, median log-likelihood {middle:.1f}"
    )


def ending(calibration: Calibration) -> list[str]:
    """Say in a few lines what came out."""
    counts = [sum(row.told == told for row in calibration.posteriors) for told in ("identified", "informed")]
    fresh = _shares(calibration)[2]
    lines = [
        f"{len(calibration.weights):,} weighted sets of {calibration.judged:,} judged; they weigh as much as "
        f"{calibration.effective:.0f} equal ones.",
        f"In fresh worlds {_all_again(calibration):.0%} of them meet all {len(calibration.lines)} checks again, "
        f"{_all_again(calibration, CLOSEST):.0%} all of the closest targets, and "
        f"{sum(share >= 0.9 for share in fresh)} checks are met by 90 % or more.",
        f"Of {len(calibration.posteriors)} parameters {counts[0]} are identified, {counts[1]} informed, the rest are "
        "as uncertain as before.",
    ]
    together = calibration.confounded[:3]
    return [*lines, *(f"{link.a} and {link.b} move together ({link.correlation:+.2f})." for link in together)]


def calibration_text(calibration: Calibration) -> str:
    """Say in a page what was done and what came out."""
    settings = calibration.settings
    patterns = list(dict.fromkeys(line.pattern for line in calibration.lines))
    parts = [
        "# Calibration",
        "",
        f"{len(calibration.weights):,} weighted parameter sets agree with {len(calibration.lines)} checks of "
        f"{len(patterns)} targets ({', '.join(patterns)}), each judged by {settings.many:,} worlds a case of its own, "
        f"seed {settings.seed}. {calibration.judged:,} sets were judged by {settings.worlds:,} worlds to find "
        f"them, and they weigh as much as {calibration.effective:.0f} equal ones. The sets agree with a handful of "
        "cases; they are no estimates, and their spread is what the cases leave open, not all that is unknown.",
        "",
        *_stages(calibration),
        *_checks(calibration),
        *_told(calibration),
        *_together(calibration),
        *_informing(calibration),
        f"Made by {PACKAGE} {package_version()}.",
    ]
    return "\n".join(parts) + "\n"


def _stages(calibration: Calibration) -> list[str]:
    rows = [
        "| stage | sets | worlds a case | median log-likelihood | checks passed | all passed |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for stage in (*calibration.stages, calibration.many, calibration.fresh):
        found = _stage(calibration, stage)
        rows.append(
            f"| {stage.name} | {found['sets']:,} | {found['worlds']:,} | {found['log_likelihood']:.1f} "
            f"| {found['checks_passed']:.1%} | {found['all_passed']:.1%} |"
        )
    return [*rows, ""]


def _checks(calibration: Calibration) -> list[str]:
    prior, many, fresh = _shares(calibration)
    default = calibration.at_default
    rows = [
        "## Checks",
        "",
        "Value with the default parameters, and the share of sets that pass: from the prior, by weight in the worlds "
        "that chose them, and once more in worlds that had no part in it.",
        "",
        "| check | asked | default | prior | chosen | again |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for k, line in enumerate(calibration.lines):
        value = float(default.values[k])
        shown = f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"
        shares = " | ".join(f"{found[k]:.0%}" for found in (prior, many, fresh))
        rows.append(f"| {line.key} {line.words} | {line.threshold} | {shown} | {shares} |")
    again = (
        f"Once more, {_all_again(calibration):.0%} of the sets pass every check, and "
        f"{_all_again(calibration, CLOSEST):.0%} all of {', '.join(CLOSEST)}."
    )
    return [*rows, "", again, ""]


def _told(calibration: Calibration) -> list[str]:
    parts = ["## What the targets tell", ""]
    rows = sorted(calibration.posteriors, key=lambda row: -row.shrinkage)
    for told, words in (
        ("identified", f"identified (the 80 % band is narrower than the prior's by {IDENTIFIED:.0%} or more)"),
        ("informed", f"informed (by {INFORMED:.0%} or more)"),
    ):
        found = [row for row in rows if row.told == told]
        parts += [f"{len(found)} of {len(rows)} parameters are {words}{':' if found else '.'}", ""]
        if found:
            parts += ["| parameter | symbol | prior | median | 10-90 % | default | narrower by |", "| --- " * 7 + "|"]
            parts += [_row(row) for row in found] + [""]
    rest = [f"`{row.name}`" for row in rows if row.told == "not informed"]
    if rest:
        parts += [f"Not informed, so as uncertain as before: {', '.join(rest)}.", ""]
    return parts


def _row(row: Posterior) -> str:
    about = REGISTRY[row.name]
    cells = (
        f"`{row.name}`", about.symbol, f"{about.low:g} to {about.high:g}", f"{row.median:.3g}",
        f"{row.p10:.3g} to {row.p90:.3g}", f"{about.default:g}", f"{row.shrinkage:.0%}",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _together(calibration: Calibration) -> list[str]:
    found = calibration.confounded
    parts = ["## What cannot be told apart", ""]
    if not found:
        return [*parts, "No two parameters move together among the sets beyond chance.", ""]
    pairs = [f"`{link.a}` and `{link.b}` ({link.correlation:+.2f})" for link in found[:_MOST_LINKS]]
    more = f", and {len(found) - _MOST_LINKS} more" if len(found) > _MOST_LINKS else ""
    text = f"Among the sets these move together (rank correlation, beyond chance): {', '.join(pairs)}{more}."
    return [*parts, text, ""]


def _informing(calibration: Calibration) -> list[str]:
    by: dict[str, list[str]] = {}
    for link in calibration.informed_by:
        by.setdefault(link.a, []).append(f"{link.b} ({link.correlation:+.2f})")
    parts = ["## Which check moves with which parameter", ""]
    if not by:
        return [*parts, "None beyond chance, over sets from the prior.", ""]
    parts += ["Rank correlations over sets from the prior, those beyond chance:", ""]
    return [*parts, *(f"* `{name}`: {', '.join(found[:6])}" for name, found in by.items()), ""]


# ---------------------------------------------------------------------- figure

_COLUMNS = 3


def calibration_figure(calibration: Calibration) -> Any:
    """Draw every parameter after the calibration within its prior, the most informed first."""
    rows = sorted(range(len(calibration.posteriors)), key=lambda k: -calibration.posteriors[k].shrinkage)
    each = math.ceil(len(rows) / _COLUMNS)
    settings = calibration.settings
    with sheet(
        in_rows(math.ceil(len(rows) / each), _COLUMNS),
        [0.42 * each],
        title="What the targets leave of each parameter's range",
        notes="grey: range before; dots: sets (area: weight); bar: 10 to 90 %; upright: median; cross: default",
        foot=f"{len(calibration.weights)} sets  ·  seed {settings.seed}  ·  {settings.many:,} worlds a case  ·  "
        f"{PACKAGE} {package_version()}",
        width=22.0,
    ) as (figure, drawn):
        for side, axes in drawn.items():
            _intervals(axes, calibration, rows[side * each : (side + 1) * each])
            axes.set_ylim(each - 0.4, -0.6)
    return figure


def _intervals(axes: Any, calibration: Calibration, part: Sequence[int]) -> None:
    sizes = 26.0 * calibration.weights / calibration.weights.max()
    for row, column in enumerate(part):
        found = calibration.posteriors[column]
        about = REGISTRY[found.name]
        axes.plot([0.0, 1.0], [row, row], color="#e4e4e4", linewidth=9, solid_capstyle="butt", zorder=1)
        places = calibration.many.places[:, column]
        axes.scatter(
            places, np.full(len(places), row), s=sizes, color=LOOKS[0].colour, alpha=0.35, linewidths=0, zorder=2
        )
        band = [about.place(value) for value in (found.p10, found.p90)]
        colour = LOOKS[1].colour if found.told != "not informed" else MUTED
        axes.plot(band, [row + 0.3, row + 0.3], color=colour, linewidth=3.0, solid_capstyle="butt", zorder=3)
        middle = about.place(found.median)
        axes.plot([middle, middle], [row - 0.3, row + 0.4], color=INK, linewidth=2.0, zorder=4)
        axes.plot([about.place(about.default)], [row], "x", color=INK, markersize=7, zorder=4)
        style = {"va": "center", "fontsize": SMALL, "color": MUTED}
        scale = ", log" if about.logarithmic else ""
        for place, side, text in ((-0.02, "right", f"{about.low:.3g}"), (1.02, "left", f"{about.high:.3g}{scale}")):
            axes.text(place, row, text.replace("-", "\N{MINUS SIGN}"), ha=side, **style)
    axes.set_xlim(0.0, 1.0)
    names = [calibration.posteriors[column].name.replace("_", " ") for column in part]
    axes.set_yticks(range(len(part)), names)
    axes.tick_params(axis="y", length=0, pad=64, labelcolor=INK, labelsize=SMALL)
    axes.set_xticks([])
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)
