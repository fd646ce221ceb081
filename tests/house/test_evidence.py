"""docs/evidence.toml: every item of the sources went somewhere, and the page shows where."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sim.scenarios import VERBS, catalogue
from sim.validation import PATTERNS
from sim.vocabulary.kinds import KINDS

if TYPE_CHECKING:
    from types import ModuleType

DOCS = Path(__file__).parents[2] / "docs"
# How many items the sources have in each group: actors, currencies, life cycle, tactics, lessons, numbers, focus.
COUNTS = {"A": 41, "R": 22, "L": 36, "K": 21, "M": 28, "N": 21, "F": 7}


def _load() -> ModuleType:
    """Load the module by its path: the documentation is not installed with the package."""
    spec = importlib.util.spec_from_file_location("evidence_of_the_docs", DOCS / "blocks" / "evidence.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


evidence = _load()
ROWS = [row for rows in evidence.items().values() for row in rows]


def test_every_item_is_there_exactly_once_and_in_order():
    expected = [f"{letter}{number:02d}" for letter, most in COUNTS.items() for number in range(1, most + 1)]
    assert [row.id for row in ROWS] == expected


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_every_item_is_held_by_something_or_out_of_scope_for_a_reason(row):
    assert row.item.strip()
    assert set(row.source.split(", ")) <= {"talk", "slides", "idea catalogues", "campaign case", "ILO"}
    if row.out_of_scope:
        assert len(row.out_of_scope.split()) >= 4
        assert not row.held_by
        assert not row.scenarios
    else:
        assert row.held_by.strip()
        assert row.rule
        assert row.test


@pytest.mark.slow
def test_every_rule_is_exercised_by_the_test_that_is_named(tmp_path):
    """The named tests run in plain Python, where it is seen which functions each of them calls."""
    rules: dict[str, list[str]] = {}
    for row in ROWS:
        if row.rule:
            rules.setdefault(row.test, []).append(row.rule)
    file = tmp_path / "rules.json"
    file.write_text(json.dumps(rules))
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": os.pathsep.join(["tests", *sys.path])}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "exercised",
        "-p",
        "no:cacheprovider",
        "--exercised",
        str(file),
    ]
    nodes = [f"tests/{test}" for test in sorted(rules)]
    run = subprocess.run(
        [*command, *nodes], cwd=DOCS.parent, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stdout[-2_000:]
    assert json.loads(file.read_text()) == {}, "rules that the named tests do not call"


def test_every_scenario_that_is_named_exists():
    named = {name for row in ROWS for name in row.scenarios}
    assert named <= set(catalogue())


def test_every_pattern_verb_and_type_that_is_named_exists():
    """P numbers are patterns; words set as code are verbs, types, or words of scenario files."""
    text = " ".join(row.held_by for row in ROWS)
    assert set(re.findall(r"\bP\d\d\b", text)) <= set(PATTERNS)
    kinds = set(re.findall(r"type `(\w+)`", text))
    assert kinds <= set(KINDS)
    verbs = set(re.findall(r"[Vv]erbs? `(\w+)`", text))
    assert verbs <= set(VERBS)


def test_no_cell_breaks_the_table():
    for row in ROWS:
        assert not re.search(r"[|\n]", f"{row.item}{row.source}{row.where}"), row.id


def test_the_page_shows_the_list_as_it_is():
    page = (DOCS / "validation.md").read_text(encoding="utf-8")
    shown = page.split("<!-- generated: evidence -->\n")[1].split("<!-- end generated -->")[0]
    assert shown == evidence.evidence_table().strip() + "\n"
