"""The report of a comparison: one HTML page that needs nothing else, on a screen, a phone or paper."""

from __future__ import annotations

import base64
import math
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.analysis.comparison.figures import differences, distributions, futures, main_measure, over_time, series_to_show
from sim.analysis.comparison.plans import align
from sim.analysis.comparison.templates import template
from sim.analysis.comparison.words import Told, caveats, cost_sentence
from sim.analysis.durations import ALL_PARTNERS
from sim.drawing.export import as_svg
from sim.drawing.style import LOOKS, Look
from sim.parameters.sets import NONE, SHIPPED
from sim.provenance import PACKAGE, library_versions, package_version, sets_in_words
from sim.stories.texts import texts
from sim.words.language import ENGLISH
from sim.words.numbers import capital, decimals, in_100, minus_signs, number, of_100, unit_text

if TYPE_CHECKING:
    from sim.analysis.comparison.numbers import Compared
    from sim.observe.measures import Measure
    from sim.scenarios import Scenario
    from sim.statistics import Paired, Summary

#: What the model does not claim; every report says so.
LIMITS: tuple[str, ...] = (
    "It does not predict what a real federation, firm or ministry will do. It is a way to think through the order, "
    "the roles and the terms of working together.",
    "It rests on a handful of cases: one federation that left and came back, one firm that used ideas without naming "
    "their source, one partnership over four seasons. The model agrees with them; it is not calibrated in a "
    "statistical sense, and its parameter values are not estimates.",
    "The good examples behind it were collected because they were good. They cannot tell how often the same recipe "
    "fails.",
    "It measures neither discrimination nor violence nor parental leave, and there are no individual women, men or "
    "children in it. Laws, courts, party politics and wages are left out; where there are data, regulation moves more "
    "than campaigns do.",
    "It does not say that silence, or work out of sight, is right. An ombud may be obliged by law to criticise; then "
    "waiting for calm is no option.",
    "One world is an anecdote, and credibility is an order, not a measurement. A verdict settles chance only: which "
    "plan is better also depends on what one values and on uncertain parameters, which may turn it "
    "(sim study).",
    "Organisations here are types. The model is not made to profile anybody, nor to choose whom to influence.",
)


@dataclass(frozen=True, slots=True)
class Player:
    """One scenario as the page shows it."""

    letter: str
    name: str
    scenario: Scenario
    look: Look


@dataclass(frozen=True, slots=True)
class Cell:
    """One measure of a later plan against the first one."""

    spread: tuple[str, str]
    difference: str
    interval: str
    word: str
    short: str
    leads: str
    bar: tuple[float, float, float] | None
    bar_text: str
    counts: str
    half: str
    double: str


@dataclass(frozen=True, slots=True)
class Line:
    """One measure as a row of the table at a glance: the first plan, and a cell for each later one."""

    label: str
    unit: str
    first: tuple[str, str]
    cells: tuple[Cell | None, ...]
    matters: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Picture:
    """One figure with the text that stands for it where it cannot be seen."""

    source: str
    alt: str
    caption: str


def render(comparison: Compared) -> str:
    """Return the report as the text of an HTML page."""
    told = Told(comparison)
    page: str = template("template.html").render(
        players=_players(comparison),
        lead=told.answer(),
        hangs=told.hangs(),
        sentences=sentences(told),
        drivers=_drivers(told),
        lines=glance(comparison),
        front=comparison.front,
        caveats=caveats(comparison),
        cost=cost_sentence(comparison),
        shadow=any(scenario.shadow_strategy for scenario in comparison.scenarios),
        pictures=_pictures(comparison),
        durations=_durations(comparison),
        plan=align(comparison.ensembles, texts(ENGLISH)),
        assumptions=[_assumptions(comparison, k) for k in range(len(comparison.ensembles))],
        changed=_changed(comparison),
        limits=LIMITS,
        command=command_line(comparison),
        facts=_facts(comparison),
        table=_full_table(comparison),
        worlds=f"{comparison.replicates:,}",
        package=PACKAGE,
        version=package_version(),
        seed=comparison.seed,
    )
    return page


def render_fragment(comparison: Compared) -> str:
    """Return the answer in short, for a notebook."""
    fragment: str = template("fragment.html").render(
        players=_players(comparison),
        lead=Told(comparison).answer(),
        lines=glance(comparison),
        caveats=caveats(comparison),
        worlds=f"{comparison.replicates:,}",
        seed=comparison.seed,
    )
    return fragment


def command_line(comparison: Compared) -> str:
    """Return the command that repeats a comparison."""
    parts = ["sim", "compare", *comparison.references]
    parts += ["--replicates", str(comparison.replicates), "--seed", str(comparison.seed)]
    for name, value in comparison.parameters.items():
        parts += ["--set", f"{name}={value:.12g}"]
    for name in comparison.asked:
        parts += ["--measure", name]
    for name, value in comparison.given.items():
        parts += ["--matters", f"{name}={value:.12g}"]
    sets = comparison.parameter_sets
    if sets is None or sets.source != SHIPPED:
        parts += ["--parameter-sets", sets.source if sets else NONE]
    return shlex.join(parts)


def _players(comparison: Compared) -> list[Player]:
    rows = zip(comparison.letters, comparison.names, comparison.scenarios, LOOKS, strict=False)
    return [Player(*row) for row in rows]


# ---------------------------------------------------------------------- the answer


def sentences(told: Told) -> list[str]:
    """Say the verdicts of the headline in full, with what they rest on, a line each."""
    compared = told.compared
    several = len(compared.ensembles) > 2
    found = []
    for (_, b), results in compared.results.items():
        for name in compared.headline:
            if name in results:
                judged = told.verdict(name, b)
                lead = f"{compared.letters[b]}, " if several else ""
                found.append(" ".join([f"{capital(lead + told.label(name))}: {judged.short}", *judged.evidence]))
    return found


def glance(comparison: Compared) -> list[Line]:
    """Return the answer in short: a row a headline measure."""
    told = Told(comparison)
    return [_line(told, name) for name in comparison.headline]


def _line(told: Told, name: str) -> Line:
    comparison = told.compared
    about = comparison.describe(name)
    cells = tuple(_cell(told, name, b) for b in range(1, len(comparison.ensembles)))
    some = next((row[name] for row in comparison.results.values() if name in row), None)
    return Line(
        capital(about.label),
        unit_text(about.unit).strip(),
        _spread_of(comparison, name, 0),
        cells,
        "" if some is None else told.matter(name, some),
        about.definition,
    )


def _cell(told: Told, name: str, b: int) -> Cell | None:
    comparison = told.compared
    paired = comparison.results[0, b].get(name)
    if paired is None:
        return None
    judged = told.verdict(name, b)
    bar, text = _bar(comparison.describe(name), paired, comparison.letters[0], comparison.letters[b])
    difference, interval = _difference(told, name, paired)
    return Cell(
        _spread_of(comparison, name, b), difference, interval, judged.word, judged.short, judged.leads, bar, text,
        _counts(bar, comparison.letters[0], comparison.letters[b]),
        told.at(name, b, 0.5), told.at(name, b, 2.0),
    )  # fmt: skip


def _spread_of(comparison: Compared, name: str, position: int) -> tuple[str, str]:
    found = comparison.summaries[position].get(name)
    return ("", "") if found is None else _spread(found)


def _bar(about: Measure, paired: Paired, a: str, b: str) -> tuple[tuple[float, float, float] | None, str]:
    """Shares of the worlds in which A is ahead, both are equal, B is ahead."""
    if not paired.pairs_used:
        return None, "no world has a value in both"
    shares = paired.ahead(about.direction)
    word = "better" if about.direction else "higher"
    text = f"{a} {word} in {of_100(shares[0])}, {b} {word} in {of_100(shares[2])}"
    if shares[1] > 0.0:
        text += f", equal in {of_100(shares[1])}"
    return shares, text


def _counts(bar: tuple[float, float, float] | None, a: str, b: str) -> str:
    if bar is None:
        return ""
    parts = [in_100(share) for share in bar]
    equal = f" · equal {parts[1]}" if bar[1] > 0.0 else ""
    return f"{a} {parts[0]}{equal} · {b} {parts[2]}".replace("more than ", ">").replace("fewer than ", "<")


def _difference(told: Told, name: str, paired: Paired) -> tuple[str, str]:
    if not paired.differing:
        return "0", "in every world"
    difference, low, high = told.difference(name, paired, bare=True)
    return difference, f"{low} to {high}" if math.isfinite(paired.low) else ""


def _drivers(told: Told) -> list[dict[str, str]]:
    """Rows of what the differences hang on: the goal's first."""
    comparison = told.compared
    rows = []
    names = sorted(comparison.headline, key=lambda name: name != comparison.goal)
    for name in names:
        for b in range(1, len(comparison.ensembles)):
            for one in comparison.hangs.drivers(b, name)[:3]:
                about = comparison.describe(name)
                rows.append(
                    {
                        "measure": capital(about.label),
                        "plan": comparison.letters[b],
                        "driver": told.driver(one),
                        "name": one.name,
                        "moves": told.size(name, one.moves),
                        "turns": "" if math.isnan(one.turns_at) else number(one.turns_at),
                    }
                )
    return rows


def _spread(summary: Summary) -> tuple[str, str]:
    """Median, and the 10-90 % band."""
    if not math.isfinite(summary.median):
        return "none", ""
    width = summary.p90 - summary.p10
    size = max(abs(summary.p10), abs(summary.p90), abs(summary.median))
    digits = decimals(width / 5.0 if width > 0.0 else size / 100.0, size)
    if all(float(value).is_integer() for value in (summary.median, summary.p10, summary.p90)):
        digits = 0
    texts = [number(value, digits) for value in (summary.median, summary.p10, summary.p90)]
    if width == 0.0:
        return minus_signs(texts[0]), "in 80+ of 100 worlds"
    return minus_signs(texts[0]), minus_signs(f"{texts[1]} to {texts[2]}")


# ---------------------------------------------------------------------- pictures


def _pictures(comparison: Compared) -> dict[str, list[Picture]]:
    main = comparison.describe(main_measure(comparison)).label
    names = " and ".join(f"{player.letter} ({player.scenario.name})" for player in _players(comparison))
    found: dict[str, list[Picture]] = {"time": [], "ends": [], "differences": []}
    found["time"].append(
        _picture(
            futures(comparison),
            f"{capital(main)} over time for {names}: median with bands, and 50 possible futures at the end. "
            + " ".join(Told(comparison).answer()),
            "Line: the median world. Dark band: the middle half of the worlds. Light band: 80 of 100 worlds. Each dot "
            "at the side is one of 50 equally likely futures. Marks below: dated actions; bars: campaigns.",
        )
    )
    series = [name for name in series_to_show(comparison, 7) if name != main_measure(comparison)][:6]
    if series:
        labels = ", ".join(comparison.describe(name).label for name in series)
        found["time"].append(
            _picture(
                over_time(comparison, series),
                f"Over time for {names}: {labels}.",
                "More along the way; a share of worlds is shown as a line only.",
            )
        )
    found["ends"].append(
        _picture(
            distributions(comparison),
            f"Distribution of headline measures at the end for {names}; the numbers are in the table of all measures.",
            "Each dot is one of 50 equally likely futures; the upright line is the median.",
        )
    )
    for pair in comparison.results:
        a, b = (comparison.letters[position] for position in pair)
        found["differences"].append(
            _picture(
                differences(comparison, pair),
                f"Paired differences between {a} and {b}; the numbers are in the table at a glance.",
                f"Right of the line: {b} is better; left: {a}. Counted in smallest differences that matter: within the "
                "grey nothing matters. The bar is the interval of the mean difference. Hollow: no better or worse.",
            )
        )
    return found


def _picture(figure: Any, alt: str, caption: str) -> Picture:
    data = base64.b64encode(as_svg(figure)).decode("ascii")
    return Picture(f"data:image/svg+xml;base64,{data}", alt, caption)


# ---------------------------------------------------------------------- the rest


_DURATION_WORDS = {
    "time_to_exit_km": ("Until a partner leaves for the first time", "more than half never left"),
    "weeks_away_km": ("Until a partner who left is back", "more than half never came back"),
    "adoption_median_km": ("Until half of the firms have adopted", "more than half never did"),
}


def _whom(measure: str) -> str:
    return "all firms" if measure == "adoption_median_km" else "all partnerships"


def _durations(comparison: Compared) -> list[dict[str, Any]]:
    """Rows by kind and partnership, with a cell (median, spells) for each scenario."""
    rows: dict[tuple[str, str], dict[str, tuple[str, str]]] = {}
    for row in comparison.durations.to_dict("records"):
        if not row["spells"]:
            continue
        _, never = _DURATION_WORDS[row["measure"]]
        median = f"{row['median']:,.0f} weeks" if math.isfinite(row["median"]) else never
        unit = "firm" if row["measure"] == "adoption_median_km" else "spell"
        spells = f"1 {unit}" if row["spells"] == 1 else f"{row['spells']:,} {unit}s"
        cell = (median, f"{spells}, {row['censored']:.0%} cut off by the end")
        rows.setdefault((row["measure"], row["partner"]), {})[row["scenario"]] = cell
    ordered = sorted(rows.items(), key=lambda item: (item[0][0], item[0][1] != ALL_PARTNERS, item[0][1]))
    return [
        {
            "what": _DURATION_WORDS[measure][0],
            "partner": _whom(measure) if partner == ALL_PARTNERS else partner.replace("-", " and "),
            "cells": [cells.get(letter) for letter in comparison.letters],
        }
        for (measure, partner), cells in ordered
    ]


def _assumptions(comparison: Compared, position: int) -> dict[str, Any]:
    """What of a scenario is evidence, and what is assumed."""
    scenario = comparison.scenarios[position]
    evidence, assumed = [], 0
    rows: list[tuple[str, Any, tuple[str, ...]]] = [
        *((row.name or row.id, row, ("id", "type", "name", "evidence")) for row in scenario.organisation),
        *((f"{row.a} and {row.b}", row, ("a", "b", "evidence")) for row in scenario.dyad),
        *((" and ".join(row.members), row, ("members", "evidence")) for row in scenario.partnership),
        *((f"idea {row.id}", row, ("id", "owner", "evidence")) for row in scenario.idea),
    ]
    for owner, row, skipped in rows:
        given = [key for key in row.model_fields_set if key not in skipped]
        for key in sorted(given):
            if row.is_evidence(key):
                evidence.append(f"{owner}: {key.replace('_', ' ')} {_shown(getattr(row, key))}")
            else:
                assumed += 1
    return {
        "letter": comparison.letters[position],
        "source": scenario.source,
        "texts": [*scenario.assumptions, *scenario.notes],
        "evidence": evidence,
        "assumed": assumed,
        "firms": f"{scenario.firms.number:,}",
        "weeks": f"{scenario.weeks:,}",
        "start": scenario.start.isoformat(),
    }


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _changed(comparison: Compared) -> list[dict[str, Any]]:
    """Parameters that are not at their defaults, with what each scenario uses."""
    from sim.parameters import REGISTRY

    names = list(dict.fromkeys(name for ensemble in comparison.ensembles for name in ensemble.overrides))
    rows = []
    for name in names:
        about = REGISTRY.get(name)
        if about is None:
            continue
        values = [f"{ensemble.parameters.get(name, about.default):g}" for ensemble in comparison.ensembles]
        rows.append({"name": name, "about": about, "values": values})
    return rows


def _facts(comparison: Compared) -> list[tuple[str, str]]:
    from sim.engine.compiled import sources_digest

    facts = [
        ("worlds in each scenario", f"{comparison.replicates:,}"),
        ("seed", str(comparison.seed)),
        ("version", f"{PACKAGE} {package_version()}, sources {sources_digest()[:16]}"),
    ]
    facts.append(("parameters", sets_in_words(comparison.parameter_sets)))
    for player in _players(comparison):
        facts.append((f"scenario {player.letter}", f"{player.name}, digest {player.scenario.digest()[:16]}"))
    libraries = ", ".join(f"{name} {version}" for name, version in library_versions().items())
    facts.append(("libraries", libraries))
    return facts


def _full_table(comparison: Compared) -> list[dict[str, Any]]:
    rows = []
    told = Told(comparison)
    for name in comparison.measures:
        about = comparison.describe(name)
        rows.append(
            {
                "id": name,
                "label": capital(about.label),
                "unit": about.unit,
                "definition": about.definition,
                "direction": {1: "more is better", -1: "less is better"}.get(about.direction, ""),
                "values": [_spread(found[name]) if name in found else ("", "") for found in comparison.summaries],
                "pairs": [
                    {"difference": _difference(told, name, found[name]), "verdict": told.verdict(name, b).word}
                    if name in found and found[name].pairs_used
                    else None
                    for (_, b), found in comparison.results.items()
                ],
            }
        )
    return rows
