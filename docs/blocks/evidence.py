"""Render docs/evidence.toml, the list of what the sources say and where it went, as Markdown."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

__all__ = ["SECTIONS", "Item", "evidence_table", "items"]

FILE = Path(__file__).parent.parent / "evidence.toml"

SECTIONS = {
    "actors": "Actors",
    "currencies": "Currencies",
    "life_cycle": "Life cycle of a partnership",
    "tactics": "Campaign elements and tactics",
    "lessons": "Models of partnership, success factors, lessons",
    "numbers": "Numbers",
    "focus": "Role matrix and scope questions",
}
"""Tables of the file, with their headings, in order."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a source says.

    Attributes
    ----------
    id, item, source
        Its number, what it is, who says so.
    scenarios
        Names in the catalogue that hold it.
    held_by
        Mechanism, parameter or pattern that holds it.
    rule, test
        Function that carries it, and a test that exercises that function.
    out_of_scope
        Why nothing does.
    """

    id: str
    item: str
    source: str
    scenarios: tuple[str, ...] = ()
    held_by: str = ""
    rule: str = ""
    test: str = ""
    out_of_scope: str = ""

    @property
    def where(self) -> str:
        """Where it went, in words."""
        if self.out_of_scope:
            return f"*out of scope:* {self.out_of_scope}"
        named = ", ".join(f"`{name}`" for name in self.scenarios)
        words = f"{named}: {self.held_by}" if named else self.held_by
        return f"{words} (rule `{self.rule}`, test `{self.test.partition('::')[2]}`)"


def items() -> dict[str, list[Item]]:
    """Read the file: items by section."""
    document = tomllib.loads(FILE.read_text(encoding="utf-8"))
    assert list(document) == list(SECTIONS), f"{FILE.name}: expected the tables {', '.join(SECTIONS)}"
    return {
        section: [Item(**{**row, "scenarios": tuple(row.get("scenarios", ()))}) for row in rows]
        for section, rows in document.items()
    }


def evidence_table() -> str:
    """Return the tables of all sections as Markdown."""
    parts = []
    for section, rows in items().items():
        lines = [f"### {SECTIONS[section]}", "", "| id | what the source says | source | where it is |"]
        lines.append("| --- | --- | --- | --- |")
        lines += [f"| {row.id} | {row.item} | {row.source} | {row.where} |" for row in rows]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)
