"""A calibration as files: sets, numbers, figure and a short text that is computed from the numbers."""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.parameters import REGISTRY
from sim.report.figures import as_png
from sim.report.style import INK, LOOKS, MUTED, SMALL, figure_style
from sim.studies.calibration.diagnostics import IDENTIFIED, INFORMED, Posterior
from sim.studies.calibration.parameter_sets import FILE
from sim.studies.calibration.sampler import effective_size
from sim.studies.calibration.storage import MANIFEST
from sim.studies.provenance import PACKAGE, manifest, package_version
from sim.studies.saving import as_json, prepare_folder, write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sim.studies.calibration.calibrate import Calibration, Ridge
    from sim.studies.calibration.diagnostics import Link
    from sim.studies.calibration.priors import Prior
    from sim.studies.calibration.sampler import Population

__all__ = [
    "TEXT",
    "calibration_figure",
    "calibration_text",
    "diagnostics",
    "ending",
    "generation_line",
    "save_calibration",
]

TEXT = "calibration.md"
_MOST_LINKS = 12
#: Rank correlation from which two parameters count as one curve.
RIDGE_CORRELATION = 0.5


def save_calibration(calibration: Calibration, folder: Path) -> Path:
    """Write everything about a calibration; the manifest comes last, so that it vouches for the rest."""
    prepare_folder(folder, "folder")
    settings = calibration.settings
    write(folder / FILE, calibration.sets.as_csv())
    write(folder / "diagnostics.json", as_json(diagnostics(calibration)))
    write(folder / "diagnostics.png", _few_colours(as_png(calibration_figure(calibration), dpi=80)))
    write(folder / TEXT, calibration_text(calibration).encode())
    described = manifest(
        [],
        seed=settings.seed,
        replicates=settings.worlds,
        parameters=dict(settings.fixed),
        patterns=list(dict.fromkeys(line.pattern for line in calibration.lines)),
        calibration=settings.document(),
    )
    write(folder / MANIFEST, as_json(described))
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
    accepted = calibration.accepted
    fresh = calibration.fresh
    by_prior = _by_prior(calibration).mean(axis=0)
    return {
        "sets": len(accepted.points),
        "effective_sets": round(effective_size(accepted.weights), 2),
        "draws": calibration.draws,
        "generations": [_generation(population) for population in calibration.populations],
        "checks": [
            {
                "key": line.key,
                "check": line.words,
                "threshold": line.threshold,
                "shortfall_of_defaults": round(short, 4),
                "passed_by_prior": _rounded(by_prior[k]),
                "passed_again": _rounded(fresh.passed[:, k].mean()),
            }
            for k, (line, short) in enumerate(zip(calibration.lines, calibration.at_default, strict=True))
        ],
        "passed_all_again": _rounded(fresh.passed.all(axis=1).mean()),
        "parameters": [_posterior(row) for row in calibration.posteriors],
        "move_together": [_link(link) for link in calibration.confounded],
        "informed_by": [_link(link) for link in calibration.informed_by],
        "ridge": None if calibration.ridge is None else _ridge(calibration.ridge),
    }


def _generation(population: Population) -> dict[str, Any]:
    return {
        "generation": population.generation,
        "tolerance": None if math.isinf(population.tolerance) else round(population.tolerance, 6),
        "draws": population.draws,
        "kept": len(population.points),
        "acceptance": round(population.acceptance, 6),
        "effective_sets": round(effective_size(population.weights), 2),
    }


def _posterior(row: Posterior) -> dict[str, Any]:
    return {
        "name": row.prior.name,
        "symbol": REGISTRY[row.prior.name].symbol,
        "prior": [row.prior.low, row.prior.high],
        "scale": "logarithm" if row.prior.logarithmic else "plain",
        "default": REGISTRY[row.prior.name].default,
        "p10": _significant(row.p10),
        "median": _significant(row.median),
        "p90": _significant(row.p90),
        "shrinkage": _rounded(row.shrinkage),
        "told": row.told,
    }


def _ridge(ridge: Ridge) -> dict[str, Any]:
    return {
        "patterns": list(dict.fromkeys(line.pattern for line in ridge.lines)),
        "generations": [_generation(population) for population in ridge.populations],
        "parameters": [_posterior(row) for row in ridge.posteriors],
        "half_life_with_limit": _rounded(ridge.together()),
        "with_weeks_away": {name: _rounded(found) for name, found in ridge.with_time_away().items()},
    }


def _link(link: Link) -> dict[str, Any]:
    return {"a": link.a, "b": link.b, "correlation": _rounded(link.correlation)}


def _rounded(value: float) -> float | None:
    return round(float(value), 4) if math.isfinite(value) else None


def _significant(value: float) -> float:
    return float(f"{value:.6g}")


# ---------------------------------------------------------------------- words


def generation_line(name: str, population: Population) -> str:
    """Say how a generation went."""
    kept, draws = len(population.points), population.draws
    if math.isinf(population.tolerance):
        return f"{name} 0: {draws:,} sets from the prior"
    goal = "all checks pass" if population.tolerance == 0.0 else f"shortfall at most {population.tolerance:.3g}"
    return f"{name} {population.generation}: {kept:,} of {draws:,} draws kept ({population.acceptance:.1%}), {goal}"


def ending(calibration: Calibration) -> list[str]:
    """Say in a few lines what came out."""
    accepted, fresh = calibration.accepted, calibration.fresh.passed
    effective, share = effective_size(accepted.weights), fresh.all(axis=1).mean()
    counts = [sum(row.told == told for row in calibration.posteriors) for told in ("identified", "informed")]
    lines = [
        f"{len(accepted.points)} sets pass all {len(calibration.lines)} checks, found in {calibration.draws:,} draws; "
        f"they weigh as much as {effective:.0f} equal ones.",
        f"In fresh worlds {share:.0%} of them pass every check again.",
        f"Of {len(calibration.priors)} parameters {counts[0]} are identified, {counts[1]} informed, the rest are as "
        "uncertain as before.",
    ]
    lines += [f"{link.a} and {link.b} move together ({link.correlation:+.2f})." for link in calibration.confounded[:3]]
    if calibration.ridge is not None:
        lines.append(
            "Half-life of grievance and its limit for a return cannot be told apart: rank correlation "
            f"{_signed(calibration.ridge.together())} among sets that show the federation's case."
            if _is_ridge(calibration.ridge)
            else f"Half-life of grievance and its limit for a return: rank correlation "
            f"{_signed(calibration.ridge.together())} among sets that show the federation's case."
        )
    return lines


def _is_ridge(ridge: Ridge) -> bool:
    return abs(ridge.together()) >= RIDGE_CORRELATION


def calibration_text(calibration: Calibration) -> str:
    """Say in a page what was done and what came out."""
    settings, accepted = calibration.settings, calibration.accepted
    patterns = list(dict.fromkeys(line.pattern for line in calibration.lines))
    parts = [
        "# Calibration",
        "",
        f"{len(accepted.points)} parameter sets show all {len(calibration.lines)} checks of {len(patterns)} patterns "
        f"({', '.join(patterns)}), each judged by {settings.worlds} worlds a case of its own, seed {settings.seed}. "
        f"They took {calibration.draws:,} draws in {len(calibration.populations)} generations, and weigh as much as "
        f"{effective_size(accepted.weights):.0f} equal ones. The sets agree with a handful of cases; they are "
        "no estimates, and their spread is what the cases leave open, not all that is unknown.",
        "",
        *_generations(calibration),
        *_checks(calibration),
        *_told(calibration),
        *_together(calibration),
        *([] if calibration.ridge is None else _ridge_words(calibration.ridge)),
        *_informing(calibration),
        f"Made by {PACKAGE} {package_version()}.",
    ]
    return "\n".join(parts) + "\n"


def _generations(calibration: Calibration) -> list[str]:
    rows = [
        "| generation | tolerance | draws | kept | acceptance | weigh as |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for row in calibration.populations:
        tolerance = "none" if math.isinf(row.tolerance) else f"{row.tolerance:.3g}"
        rows.append(
            f"| {row.generation} | {tolerance} | {row.draws:,} | {len(row.points)} | {row.acceptance:.1%} "
            f"| {effective_size(row.weights):.0f} |"
        )
    return [*rows, "", "The tolerance is the largest sum of relative shortfalls over all checks; 0: all pass.", ""]


def _checks(calibration: Calibration) -> list[str]:
    pairs = zip(calibration.lines, calibration.at_default, strict=True)
    failing = [line.key for line, short in pairs if short > 0.0]
    fresh = calibration.fresh.passed
    share = fresh.mean(axis=0)
    weak = [
        f"{calibration.lines[k].key} {share[k]:.0%}" for k in np.argsort(share, kind="stable")[:5] if share[k] < 1.0
    ]
    ruled = zip(_by_prior(calibration).mean(axis=0).tolist(), (line.key for line in calibration.lines), strict=True)
    hard = [f"{key} {of:.0%}" for of, key in sorted(ruled)[:5]]
    again = f"Judged again by {calibration.settings.worlds} worlds that had no part in choosing them, "
    again += f"{fresh.all(axis=1).mean():.0%} of the sets pass every check once more"
    again += f"; checks that are lost most often: {', '.join(weak)} pass." if weak else "."
    defaults = (
        f"The defaults fail {', '.join(failing)} in these worlds." if failing else "The defaults pass all checks."
    )
    return [
        "## Checks",
        "",
        f"Of sets from the prior, the fewest pass: {', '.join(hard)}. {defaults}",
        "",
        again,
        "",
    ]


def _by_prior(calibration: Calibration) -> Any:
    """Whether each set from the prior passes each check."""
    values = calibration.populations[0].values.tolist()
    return np.array([[line.meets(one) for line, one in zip(calibration.lines, row, strict=True)] for row in values])


def _told(calibration: Calibration) -> list[str]:
    parts = ["## What the patterns tell", ""]
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
    rest = [f"`{row.prior.name}`" for row in rows if row.told == "not informed"]
    if rest:
        parts += [f"Not informed, so as uncertain as before: {', '.join(rest)}.", ""]
    return parts


def _row(row: Posterior) -> str:
    about = REGISTRY[row.prior.name]
    cells = (
        f"`{row.prior.name}`", about.symbol, f"{row.prior.low:g} to {row.prior.high:g}", f"{row.median:.3g}",
        f"{row.p10:.3g} to {row.p90:.3g}", f"{about.default:g}", f"{row.shrinkage:.0%}",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _together(calibration: Calibration) -> list[str]:
    found = calibration.confounded
    parts = ["## What cannot be told apart", ""]
    if not found:
        return [*parts, "No two parameters move together among the accepted sets beyond chance.", ""]
    pairs = [f"`{link.a}` and `{link.b}` ({link.correlation:+.2f})" for link in found[:_MOST_LINKS]]
    more = f", and {len(found) - _MOST_LINKS} more" if len(found) > _MOST_LINKS else ""
    text = f"Among the accepted sets these move together (rank correlation, beyond chance): {', '.join(pairs)}{more}."
    return [*parts, text, ""]


def _ridge_words(ridge: Ridge) -> list[str]:
    away = ridge.with_time_away()
    half_life, limit = ridge.posteriors[:2]
    text = (
        "A run of its own lets the half-life of grievance range from "
        f"{half_life.prior.low:g} to {half_life.prior.high:g} weeks and the limit of grievance for a return from "
        f"{limit.prior.low:g} to {limit.prior.high:g}. Over the prior, the median weeks away go with the half-life "
        f"({_signed(away['grievance_half_life'])}), the limit ({_signed(away['return_grievance'])}) and the gain of "
        f"grievance ({_signed(away['grievance_gain'])}): a grievance that halves every h weeks falls from its peak to "
        "the limit after h times log2(peak / limit) weeks. Among the accepted sets half-life and limit have a rank "
        f"correlation of {_signed(ridge.together())}"
    )
    text += (
        ": the case fixes a curve, not a point, which is why the limit is held fixed in the calibration."
        if _is_ridge(ridge)
        else "."
    )
    ranges = (
        f"On the curve the half-life runs from {half_life.p10:.3g} to {half_life.p90:.3g} weeks (10-90 %), the limit "
        f"from {limit.p10:.3g} to {limit.p90:.3g}."
    )
    return [text, "", ranges, ""]


def _signed(value: float) -> str:
    return f"{value:+.2f}" if math.isfinite(value) else "none"


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


def calibration_figure(calibration: Calibration) -> Any:
    """Draw every parameter after the calibration within its prior, and the ridge of grievance."""
    from matplotlib.figure import Figure

    rows = sorted(range(len(calibration.priors)), key=lambda k: -calibration.posteriors[k].shrinkage)
    half = math.ceil(len(rows) / 2)
    ridge = 4.6 if calibration.ridge is not None else 0.0
    tall = 0.42 * half
    total = tall + ridge + 1.8
    with figure_style():
        figure = Figure(figsize=(15.0, total))
        bottom = (0.75 + ridge) / total
        for side, part in enumerate((rows[:half], rows[half:])):
            if part:
                height = tall / total * len(part) / half
                axes = figure.add_axes((0.24 + 0.49 * side, bottom + tall / total - height, 0.2, height))
                _intervals(axes, calibration, part)
        figure.text(
            0.012, 1.0 - 0.35 / total, "What the patterns leave of each parameter's range", weight="bold", va="top"
        )
        figure.text(
            0.012, 1.0 - 0.66 / total, "grey: range before; dots: accepted sets; bar: 10 to 90 %; upright: median; "
            "cross: default", color=MUTED, fontsize=SMALL, va="top",
        )  # fmt: skip
        if calibration.ridge is not None:
            _ridge_panels(figure, calibration.ridge, 0.85 / total, (ridge - 0.95) / total)
        settings = calibration.settings
        foot = f"{len(calibration.accepted.points)} sets  ·  seed {settings.seed}  ·  {settings.worlds} worlds a case"
        foot += f"  ·  {PACKAGE} {package_version()}"
        figure.text(0.012, 0.1 / total, foot, fontsize=SMALL, color=MUTED, va="bottom")
    return figure


def _intervals(axes: Any, calibration: Calibration, part: Sequence[int]) -> None:
    accepted = calibration.accepted
    sizes = 26.0 * accepted.weights / accepted.weights.max()
    for row, column in enumerate(part):
        found = calibration.posteriors[column]
        prior, about = found.prior, REGISTRY[found.prior.name]
        axes.plot([0.0, 1.0], [row, row], color="#e4e4e4", linewidth=9, solid_capstyle="butt", zorder=1)
        places = accepted.points[:, column]
        axes.scatter(
            places, np.full(len(places), row), s=sizes, color=LOOKS[0].colour, alpha=0.35, linewidths=0, zorder=2
        )
        band = [_place(prior, value) for value in (found.p10, found.p90)]
        colour = LOOKS[1].colour if found.told != "not informed" else MUTED
        axes.plot(band, [row + 0.3, row + 0.3], color=colour, linewidth=3.0, solid_capstyle="butt", zorder=3)
        middle = _place(prior, found.median)
        axes.plot([middle, middle], [row - 0.3, row + 0.4], color=INK, linewidth=2.0, zorder=4)
        axes.plot([_place(prior, about.default)], [row], "x", color=INK, markersize=7, zorder=4)
        style = {"va": "center", "fontsize": SMALL, "color": MUTED}
        scale = ", log" if prior.logarithmic else ""
        for place, side, text in ((-0.02, "right", f"{prior.low:.3g}"), (1.02, "left", f"{prior.high:.3g}{scale}")):
            axes.text(place, row, text.replace("-", "\N{MINUS SIGN}"), ha=side, **style)
    axes.set_ylim(len(part) - 0.4, -0.6)
    axes.set_xlim(0.0, 1.0)
    names = [calibration.priors[column].name.replace("_", " ") for column in part]
    axes.set_yticks(range(len(part)), names)
    axes.tick_params(axis="y", length=0, pad=46, labelcolor=INK, labelsize=SMALL)
    axes.set_xticks([])
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _place(prior: Prior, value: float) -> float:
    if prior.logarithmic:
        return math.log(value / prior.low) / math.log(prior.high / prior.low)
    return (value - prior.low) / (prior.high - prior.low)


def _ridge_panels(figure: Any, ridge: Ridge, bottom: float, height: float) -> None:
    """Half-life and limit of grievance: what the prior tried, and what was accepted; and the time away of each."""
    half_life, limit, _ = ridge.priors
    tried, kept = ridge.populations[0], ridge.accepted

    def values(prior: Prior, column: Any) -> list[float]:
        return [prior.value(place) for place in column.tolist()]

    pair = figure.add_axes((0.07, bottom, 0.38, height))
    pair.scatter(
        values(half_life, tried.points[:, 0]), values(limit, tried.points[:, 1]), s=22, facecolors="none",
        edgecolors="#9a9a9a", linewidths=1.0, label="tried, from the prior",
    )  # fmt: skip
    sizes = 60.0 * kept.weights / kept.weights.max()
    pair.scatter(
        values(half_life, kept.points[:, 0]), values(limit, kept.points[:, 1]), s=sizes, color=LOOKS[1].colour,
        alpha=0.8, linewidths=0, label="accepted (area: weight)",
    )  # fmt: skip
    pair.set_title("What one case cannot tell apart")
    pair.set_xlabel("half-life of grievance (weeks)")
    pair.set_ylabel("limit of grievance for a return (share)")
    pair.legend(loc="lower right", fontsize=SMALL, frameon=True, framealpha=0.9)
    away = tried.values[:, ridge.away]
    time = figure.add_axes((0.57, bottom, 0.38, height))
    span = [
        prior * math.log2(1.0 / limit_value)
        for prior, limit_value in zip(
            values(half_life, tried.points[:, 0]), values(limit, tried.points[:, 1]), strict=True
        )
    ]
    low, high = ridge.lines[ridge.away].least, ridge.lines[ridge.away].most
    time.axhspan(low, high, color=LOOKS[0].colour, alpha=0.12, linewidth=0)
    words = f"asked: {ridge.lines[ridge.away].threshold} weeks"
    time.text(
        0.99, high, words, transform=time.get_yaxis_transform(), ha="right", va="bottom", fontsize=SMALL, color=MUTED
    )
    time.scatter(span, away, s=26, facecolors="none", edgecolors=INK, linewidths=1.0)
    time.set_title("Time away, over the prior")
    time.set_xlabel("half-life \N{MULTIPLICATION SIGN} log2(1 / limit) (weeks)")
    time.set_ylabel("median weeks away")
