"""The table of limiting cases is complete: every check V01 to V20 is a test, and the page says which."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHECKS = [f"V{number:02d}" for number in range(1, 21)]


def _tests() -> dict[str, str]:
    """Names of all tests, with the file that holds them."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found |= {
            node.name: path.name
            for node in tree.body
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
        }
    return found


@pytest.mark.parametrize("check", CHECKS)
def test_every_limiting_case_is_a_test_with_its_id(check):
    held = [name for name in _tests() if name.startswith(f"test_{check.lower()}_")]
    assert held, f"no test is named test_{check.lower()}_..."


def test_the_table_of_the_page_names_tests_that_exist():
    """docs/validation.md: each of V01 to V20 has one row, and every test in it exists."""
    page = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (V\d\d) \| (.*) \|$", page, flags=re.MULTILINE))
    assert list(rows) == CHECKS
    known = _tests()
    for check, row in rows.items():
        named = re.findall(r"`(test_\w+)`", row)
        assert named, check
        assert all(name in known and name.startswith(f"test_{check.lower()}_") for name in named), check
        # A row lists all tests of its check, so that none is forgotten.
        assert sorted(named) == sorted(name for name in known if name.startswith(f"test_{check.lower()}_"))
