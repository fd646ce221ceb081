"""Markdown that looks the same here and on a code host."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Stands for the way from a page to the root of the repository.
FROM_ROOT = "from-root:"

__all__ = ["FROM_ROOT", "code", "linked", "plain", "prose", "sentence", "table"]


def plain(text: str) -> str:
    """Escape what Markdown would read as markup or as the end of a cell."""
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    return re.sub(r"([\\*_`<>|\[\]$])", r"\\\1", text)


def prose(text: str) -> str:
    """Escape all but what is set as code, with one backtick or, as in docstrings, with two."""
    parts = re.split(r"(``.+?``|`[^`]+`)", " ".join(text.split()))
    return "".join(code(part.strip("`")) if part.startswith("`") else _escaped(part) for part in parts)


def code(text: str) -> str:
    """Set a text as code, also in a cell."""
    fence = "``" if "`" in text else "`"
    return f"{fence}{' '.join(text.split())}{fence}".replace("|", "\\|")


def linked(path: str) -> str:
    """Link a file of the repository; the page that shows it puts its own way to the root in."""
    return f"[{code(path)}]({FROM_ROOT}{path})"


def sentence(text: str) -> str:
    """Start with a capital and end with a full stop."""
    text = " ".join(text.split())
    text = text[:1].upper() + text[1:]
    return text if not text or text[-1] in ".:!?" else f"{text}."


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; the cells are Markdown already."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n"
