"""State variables: every field of every record, with its unit and meaning."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from docs.blocks.markdown import code, plain, sentence, table

__all__ = ["described", "records", "state_variables"]

_DESCRIPTIONS = Path(__file__).parent / "state_variables.toml"


@cache
def described() -> dict[str, Any]:
    """Descriptions by record and field; ``is`` says what a record stands for."""
    return tomllib.loads(_DESCRIPTIONS.read_text(encoding="utf-8"))


def records() -> dict[str, tuple[str, ...]]:
    """Return the fields of the records that make up the state of a world."""
    from sim.engine import world

    names = (
        "clock", "media", "voice", "demand", "tallies", "audience", "organisation", "relation", "partnership",
        "alliance",        "campaign", "idea", "decision", "promise", "training", "task", "firm",
    )  # fmt: skip
    return {name: tuple(world.LAYOUT[name][0].names or ()) for name in names} | {"arrays": _arrays()}


def _arrays() -> tuple[str, ...]:
    """Arrays of plain numbers that belong to the state."""
    return (
        "credibility", "credibility_anchor", "credibility_start", "skill", "expertise", "channel",
        "taught", "criticism",
        "criticism_memory", "own",
        "held", "flank", "leaving", "leaving_limit", "member", "pressed", "account", "coverage_history",
        "project_budget", "element_eur",
        "remaining", "sensitivity", "visibility", "peer_weight", "keeping",
        "adopter", "lineage", "peer",
    )  # fmt: skip


def state_variables() -> str:
    """One table a record."""
    parts = []
    for record, fields in records().items():
        about = described()[record]
        rows = []
        for name in fields:
            unit, meaning = about[name]
            rows.append((code(name), plain(unit), plain(sentence(meaning))))
        parts.append(f"### {record[:1].upper()}{record[1:]}\n\n{plain(about['is'])}\n")
        parts.append(table(("variable", "unit or range", "meaning"), rows))
    return "\n".join(parts)
