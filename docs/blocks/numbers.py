"""Blocks about numbers: parameters, start values, measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docs.blocks.markdown import code, plain, sentence, table

__all__ = ["measures", "organisation_types", "parameters"]

_DIRECTIONS = {1: "more", -1: "less", 0: "neither"}

if TYPE_CHECKING:
    from collections.abc import Mapping


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 and float(value).is_integer() else f"{value:g}"


def parameters() -> str:
    """All parameters, one table a group."""
    from sim.parameters import CORE, GROUPS, REGISTRY

    stars = f"★ marks the {len(CORE)} that the global sensitivity analysis varies"
    parts = [f"{len(REGISTRY)} parameters; {stars}. What each moves most is from the screening (docs/screening.md).\n"]
    for group in GROUPS:
        rows = []
        for row in REGISTRY.values():
            if row.group == group:
                symbol = "" if row.symbol == row.name else f" {code(row.symbol)}"
                limits = "0 or 1" if row.is_switch else f"{_number(row.low)} to {_number(row.high)}"
                rows.append(
                    (
                        f"{code(row.name)}{symbol}{' ★' if row.core else ''}",
                        _number(row.default),
                        limits,
                        plain(row.unit),
                        plain(sentence(row.meaning)),
                        f"{plain(row.source)} ({row.confidence})",
                        plain(row.moves),
                    )
                )
        heading = f"## {group[:1].upper()}{group[1:]}\n"
        parts += [
            heading,
            table(
                ("name and symbol", "default", "range", "unit", "meaning", "source (confidence)", "moves most"), rows
            ),
        ]
    return "\n".join(parts)


def organisation_types() -> str:
    """Start values of the types of organisation, of their credibility, and of a pair."""
    from sim.parameters import REGISTRY
    from sim.parameters.relations import relation_defaults
    from sim.vocabulary.audiences import AUDIENCES, SKILLS
    from sim.vocabulary.kinds import KINDS

    role = REGISTRY["role_understanding_federation"].default
    types = KINDS.values()
    state = table(
        ("type", "is", "stance", "exposure", "role", "champion", "top", "may apply", "hours a week", "budget (EUR)",
         "followers", "evidence"),
        [
            (
                code(row.word),
                row.label,
                *(_number(x) for x in (row.stance, row.exposure, role if row.role is None else row.role)),
                _number(row.champion),
                _number(row.top),
                "yes" if row.eligible else "no",
                *(_number(x) for x in (row.capacity, row.annual_budget, row.followers, row.evidence)),
            )
            for row in types
        ],
    )  # fmt: skip
    credibility = table(
        ("type", *AUDIENCES), [(code(row.word), *(_number(x) for x in row.credibility)) for row in types]
    )
    skills = table(("type", *SKILLS), [(code(row.word), *(_number(x) for x in row.skills)) for row in types])
    reach = table(("type", *AUDIENCES), [(code(row.word), *(_number(x) for x in row.reach)) for row in types])
    pairs = []
    for words, stances in (("same side", (1.0, 1.0)), ("opposite sides", (1.0, -1.0)), ("one neutral", (1.0, 0.0))):
        found = relation_defaults(*stances)
        numbers = (found.trust, found.anchor, found.distance, found.value, found.fit, found.expectation)
        pairs.append((words, *(_number(x) for x in numbers)))
    pair = table(("pair", "trust", "anchor", "distance", "value", "fit", "expectation"), pairs)
    parts = {
        "Credibility at the start, by audience": credibility,
        "Skills": skills,
        "Reach: share of each audience within reach of the own channels": reach,
        "Pairs": pair,
    }
    return state + "\n" + "\n".join(f"{title}:\n\n{rows}" for title, rows in parts.items())


def _matters(own: float | None, unit: str, by_unit: Mapping[str, float]) -> str:
    """Smallest difference that matters; of firms, firm-years and persons a share of all there are."""
    if own is None and unit in ("firms", "weighted firms", "firm-years", "weighted firm-years", "persons"):
        return f"{by_unit[unit]:.0%} of all"
    return f"{by_unit.get(unit, 0.0) if own is None else own:,g}"


def files() -> str:
    """Columns of the table of pairs, and what changed from one version of it to the next."""
    from sim.analysis.comparison.tables import CHANGES, PAIR_COLUMNS, SCHEMA

    columns = table(("column", "meaning"), [(code(name), plain(sentence(text))) for name, text in PAIR_COLUMNS.items()])
    changes = table(
        ("schema", "what changed"), [(str(number), plain(sentence(text))) for number, text in CHANGES.items()]
    )
    return f"{columns}\n## Versions\n\nThis is schema {SCHEMA}.\n\n{changes}"


def measures() -> str:
    """Every outcome measure and every weekly series."""
    from sim.observe.measures import split
    from sim.vocabulary.quantities import GOAL, MATTERS, QUANTITIES, THEMES

    first = {split(name.format(i="ombud"), None)[0] for name in (*GOAL, *(one for theme in THEMES for one in theme))}
    tables = {"outcome": [], "series": []}
    for row in QUANTITIES:
        if not row.measured:
            continue
        ends = {
            "": "",
            "i": "_ORG",
            "i0": "_ORG",
            "y": "_YEAR",
            "ij": "_ORG_ORG",
            "ia": "_ORG_AUDIENCE",
            "a": "_AUDIENCE",
        }
        words = {
            "i": "YEAR" if row.of == "y" else "ORG",
            "j": "the ombud" if row.of == "i0" else "ORG",
            "a": "AUDIENCE",
        }
        mark = " ★" if row in first else ""
        tables[row.measured].append(
            (
                f"{code(row.id + ends[row.of])}{mark}",
                plain(row.label.format(**words)),
                plain(row.unit),
                _DIRECTIONS[row.direction],
                _matters(row.matters, row.unit, MATTERS),
                plain(sentence(row.definition.format(**words))),
            )
        )
    headings = ("id", "label", "unit", "better", "matters", "definition")
    return (
        "★: a headline measure, shown first. ORG stands for the id of an organisation, for example"
        f" `trust_ombud_federation`.\n\n## Outcome measures\n\n{table(headings, tables['outcome'])}\n"
        f"## Weekly series only\n\nEvery outcome measure can be read as a weekly series; these are series only.\n\n"
        f"{table(headings, tables['series'])}"
    )
