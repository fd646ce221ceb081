"""Lessons of the talk and what-if questions: which scenarios to compare for each, and how to read the answer."""

from __future__ import annotations

import textwrap
import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ValidationError

from sim.errors import InputError
from sim.scenarios.explain import nearest
from sim.scenarios.fields import Frozen, Label, Text, problem
from sim.scenarios.loading import catalogue, scenario

_FILE = Path(__file__).parent / "lessons.toml"
_LEAST, _MOST = 2, 6  # scenarios in one comparison
_WIDTH = 120


def _names(value: object) -> tuple[str, ...]:
    if isinstance(value, (list, tuple)) and value and all(isinstance(item, str) and item for item in value):
        return tuple(value)
    raise problem("a list of names")


def _groups(value: object) -> tuple[tuple[str, ...], ...]:
    if not isinstance(value, (list, tuple)) or not value:
        raise problem("a list of lists of scenario names")
    groups = tuple(_names(group) for group in value)
    for group in groups:
        if not _LEAST <= len(group) <= _MOST or len(set(group)) != len(group):
            raise problem(f"{_LEAST} to {_MOST} different scenarios in a group", found=list(group))
        for name in group:
            if name not in catalogue():
                raise problem(f"a scenario that comes with the package{nearest(name, list(catalogue()))}", found=name)
    return groups


class Lesson(Frozen):
    """A lesson or a question, and the comparisons that answer it.

    Attributes
    ----------
    id
        M22 to M28 for the lessons, Q1 to Q10 for the questions.
    kind
        ``lesson`` or ``question``.
    text
        The lesson or the question in one or two sentences.
    compare
        Groups of names of scenarios, one group for each comparison; all of a group have the same dates.
    measures
        Ids of the outcome measures to look at first.
    answer
        What an honest answer looks like: its shape, never its numbers.
    caveat
        What the comparison cannot say; may be empty.
    """

    id: Label
    kind: Literal["lesson", "question"]
    text: Text
    compare: Annotated[tuple[tuple[str, ...], ...], BeforeValidator(_groups)]
    measures: Annotated[tuple[str, ...], BeforeValidator(_names)]
    answer: Text
    caveat: Text = ""

    @property
    def arms(self) -> tuple[str, ...]:
        """Names of all scenarios of the comparisons, each once."""
        return tuple(dict.fromkeys(name for group in self.compare for name in group))

    @property
    def commands(self) -> tuple[str, ...]:
        """What to type, one command for each comparison."""
        return tuple(f"sim compare {' '.join(group)}" for group in self.compare)


@cache
def lessons() -> tuple[Lesson, ...]:
    """Return the lessons, then the questions, in the order of their file.

    Raises
    ------
    InputError
        The file is not sound: one line that names the entry and the key.
    """
    document = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    rows = [{**row, "kind": kind} for kind in ("lesson", "question") for row in document[kind]]
    return tuple(_build(row) for row in rows)


def _build(row: dict[str, Any]) -> Lesson:
    try:
        return Lesson.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "row"
        raise InputError(f"{_FILE.name}: {row.get('id', '?')}: {place}: {first['msg']}") from None


def find_lesson(name: str) -> Lesson:
    """Return a lesson or question by its id; a number alone is that of a question.

    Raises
    ------
    InputError
        There is none with this id.
    """
    wanted = name.strip().upper()
    ids = [row.id for row in lessons()]
    wanted = f"Q{wanted}" if wanted.isdigit() else wanted
    if wanted not in ids:
        raise InputError(f"lesson: found {name!r}, expected one of {', '.join(ids)}")
    return lessons()[ids.index(wanted)]


def lessons_page() -> str:
    """Write all lessons and questions as Markdown, with their scenarios and commands."""
    headings = {"lesson": "Lessons of the talk", "question": "What-if questions"}
    lines: list[str] = []
    for kind, heading in headings.items():
        lines += [f"## {heading}", ""]
        for row in lessons():
            if row.kind == kind:
                lines += [*_section(row), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def _section(row: Lesson) -> list[str]:
    lines = [f"### {row.id}", "", *_paragraph(f"**{row.text}**"), ""]
    for name in row.arms:
        lines += _paragraph(f"`{name}`: {scenario(name).question}", item=True)
    lines += ["", "```sh", *row.commands, "```", ""]
    looks = ", ".join(f"`{name}`" for name in row.measures)
    lines += _paragraph(f"Look first at: {looks}.", item=True)
    lines += _paragraph(f"An honest answer: {row.answer}", item=True)
    if row.caveat:
        lines += _paragraph(f"Caveat: {row.caveat}", item=True)
    return lines


def _paragraph(text: str, *, item: bool = False) -> list[str]:
    first, then = ("* ", "  ") if item else ("", "")
    return textwrap.wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=then, break_long_words=False, break_on_hyphens=False
    )
