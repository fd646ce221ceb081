"""Run the examples of a page as they stand, and keep the output that the page shows current.

Of the fenced blocks of a page, in order and in one folder,

* ``toml`` blocks that begin with a comment of one word are written to the file of that name;
* ``console`` blocks: every line after ``$`` is a command of ``sim``; the lines below it are what it prints, where
  ``...`` stands for lines that are left out;
* ``python`` blocks are run one after the other, and see the names of those before them.

Blocks of other languages are not run. ``python -m docs.examples`` runs the pages in `PAGES` and writes what the
commands print now in place of what they printed before.
"""

from __future__ import annotations

import contextlib
import difflib
import io
import os
import re
import shlex
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).parent
PAGES = (DOCS / "tutorial.md", DOCS / "how-to-read-results.md")
LEFT_OUT = "..."
_FENCED = re.compile(r"^```(\w+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass
class Example:
    """One thing that a page does: a file, a command or some Python.

    Attributes
    ----------
    kind
        "file", "command" or "python".
    text
        Content of the file, the command, or the code.
    name
        Name of the file.
    shown
        Lines that the page shows below a command.
    """

    kind: str
    text: str
    name: str = ""
    shown: tuple[str, ...] = ()


def examples(page: Path) -> Iterator[Example]:
    """Yield the examples of a page, in order."""
    for language, body in _FENCED.findall(page.read_text(encoding="utf-8")):
        if language == "console":
            for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
                command, *shown = part.rstrip("\n").split("\n")
                yield Example("command", command, shown=tuple(shown))
        elif language == "toml":
            found = re.match(r"# (\S+\.toml)\n", body)
            if found:
                yield Example("file", body, found[1])
        elif language == "python":
            yield Example("python", body)


def run(example: Example, names: dict[str, Any]) -> tuple[int, str]:
    """Run an example in the current folder; return its exit code and what it printed."""
    printed = io.StringIO()
    if example.kind == "file":
        Path(example.name).write_text(example.text, encoding="utf-8")
        return 0, ""
    with contextlib.redirect_stdout(printed):
        if example.kind == "python":
            exec(compile(example.text, "example", "exec"), names)
            return 0, printed.getvalue()
        from sim.cli import run_command

        program, *arguments = shlex.split(example.text)
        if program != "sim":
            raise ValueError(f"found command {program!r}, expected sim")
        return run_command(arguments), printed.getvalue()


def missing(example: Example, printed: str) -> list[str]:
    """Lines that a page shows and the command does not print, or not in this order."""
    rest = iter(_lines(printed))
    return [line for line in example.shown if line.strip() != LEFT_OUT and line.rstrip() not in rest]


def _lines(printed: str) -> list[str]:
    return [line.rstrip() for line in printed.splitlines()]


def current(example: Example, printed: str) -> list[str]:
    """Return the lines to show: of what is printed now, those that are most like the ones shown before."""
    found = []
    for line in example.shown:
        close = (
            difflib.get_close_matches(line, _lines(printed), 1, 0.4) if line.strip() not in ("", LEFT_OUT) else [line]
        )
        found += close or [line]
    return found


def rewrite(page: Path) -> bool:
    """Run a page and write what its commands print now; return whether that changed it."""
    text = before = page.read_text(encoding="utf-8")
    names: dict[str, Any] = {}
    for example in examples(page):
        code, printed = run(example, names)
        if code:
            raise SystemExit(f"{page.name}: {example.text} ends with exit code {code}")
        if missing(example, printed):
            old = "\n".join(["$ " + example.text, *example.shown])
            text = text.replace(old, "\n".join(["$ " + example.text, *current(example, printed)]))
    page.write_text(text, encoding="utf-8")
    return text != before


def main() -> int:
    """Run all pages, each in a folder of its own."""
    import matplotlib as mpl

    mpl.use("Agg")
    here = Path.cwd()
    for page in PAGES:
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            try:
                changed = rewrite(page)
            finally:
                os.chdir(here)
        print(f"{page.name}: {'written' if changed else 'as it was'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
