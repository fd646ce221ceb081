"""Fill the generated blocks of the pages, or say which of them are stale.

A page holds a block between two comments, ``generated: NAME`` and ``end generated``. What stands between them is
written by the function of that name in `BLOCKS`, from the package itself, so that no table is kept by hand::

    python -m docs.generate            # write what has changed
    python -m docs.generate --check    # write nothing; one line a stale block, exit code 1

To add a block, write a function that returns Markdown, and give it a name in `BLOCKS`.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from docs.blocks.calibration import calibration_findings
from docs.blocks.commands import commands
from docs.blocks.evidence import evidence_table
from docs.blocks.gallery import sources
from docs.blocks.markdown import FROM_ROOT
from docs.blocks.numbers import files, measures, organisation_types, parameters
from docs.blocks.plans import conditions, scenarios, verbs
from docs.blocks.python_names import python_names
from docs.blocks.rules import rule_catalogue, weekly_schedule
from docs.blocks.screening import screening
from docs.blocks.state import state_variables
from docs.blocks.turning import turning
from docs.blocks.validation import BLOCKS as VALIDATION
from sim.scenarios.lessons import lessons_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BLOCKS: dict[str, Callable[[], str]] = {
    "calibration-findings": calibration_findings,
    "commands": commands,
    "conditions": conditions,
    "evidence": evidence_table,
    "files": files,
    "lessons": lessons_page,
    "measures": measures,
    "organisation-types": organisation_types,
    "parameters": parameters,
    "python-names": python_names,
    "rule-catalogue": rule_catalogue,
    "scenarios": scenarios,
    "screening": screening,
    "state-variables": state_variables,
    "turning": turning,
    "verbs": verbs,
    "weekly-schedule": weekly_schedule,
    **VALIDATION,
    **sources(),
}

ROOT = Path(__file__).parent.parent
_BLOCK = re.compile(r"(<!-- generated: (?P<name>[\w-]+) -->\n)(?P<body>.*?)(<!-- end generated -->)", re.DOTALL)
_MARK = re.compile(r"<!-- (?:generated: .*?|end generated) -->")


class PageError(Exception):
    """A page whose marks cannot be read."""


def pages(root: Path = ROOT) -> list[Path]:
    """Return the README and every page of the documentation."""
    return [root / "README.md", *sorted((root / "docs").rglob("*.md"))]


def stale_blocks(text: str, where: str) -> Iterator[tuple[str, str]]:
    """Yield name and wanted content of every block of a page that is not current."""
    for found in _blocks(text, where):
        wanted = _wanted(found["name"], where)
        if found["body"] != wanted:
            yield found["name"], wanted


def filled(text: str, where: str) -> str:
    """Return a page with all its blocks written anew."""
    _blocks(text, where)
    return _BLOCK.sub(lambda found: f"{found[1]}{_wanted(found['name'], where)}{found[4]}", text)


def _wanted(name: str, where: str) -> str:
    """Content of a block on a page, with links that are right from there."""
    return BLOCKS[name]().strip().replace(FROM_ROOT, "../" * where.count("/")) + "\n"


def _blocks(text: str, where: str) -> list[re.Match[str]]:
    found = list(_BLOCK.finditer(text))
    if len(_MARK.findall(text)) != 2 * len(found):
        raise PageError(f"{where}: found an opening or closing mark alone, expected pairs of them")
    for block in found:
        if block["name"] not in BLOCKS:
            raise PageError(f"{where}: found block {block['name']!r}, expected one of {', '.join(BLOCKS)}")
    return found


def main(arguments: list[str]) -> int:
    """Run the command; return its exit code."""
    if arguments not in ([], ["--check"]):
        print("usage: python -m docs.generate [--check]", file=sys.stderr)
        return 2
    stale = 0
    try:
        for page in pages():
            where = page.relative_to(ROOT).as_posix()
            text = page.read_text(encoding="utf-8")
            names = [name for name, _ in stale_blocks(text, where)]
            stale += len(names)
            for name in names:
                print(f"{where}: {name} is {'stale, run python -m docs.generate' if arguments else 'written'}")
            if names and not arguments:
                page.write_text(filled(text, where), encoding="utf-8")
    except PageError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 1 if stale and arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
