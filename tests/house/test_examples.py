"""The literate examples run, do what they say, and touch the files that CONTRIBUTING.md names."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RECIPES = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("## Recipes")[1].split("\n## ")[0]


def _named(what: str) -> list[str]:
    """Files that the numbered steps of a recipe begin with, as patterns."""
    recipe = re.search(rf"\*\*{what}\*\*.*?(?=\n\*\*|\Z)", RECIPES, re.DOTALL)
    assert recipe is not None, what
    return [re.sub(r"<\w+>", r"\\w+", file) for file in re.findall(r"^\d\. `([^`]+)`", recipe[0], re.MULTILINE)]


@pytest.mark.slow
@pytest.mark.parametrize(
    "page, what, most, says",
    [
        ("a_new_rule", "A rule", 4, "with the rule"),
        ("a_new_verb", "A verb", 6, "The ombud thanks the ngo.\nthank precondition"),
        ("a_new_measure", "A measure", 2, "trust of the ombud and the federation in each other"),
    ],
)
def test_a_page_changes_what_its_recipe_names(page, what, most, says, monkeypatch, capsys):
    """The change works in a copy of the package, and needs no other file than the recipe says, nor more than these."""
    monkeypatch.syspath_prepend(str(ROOT / "examples"))
    sys.modules.pop(page, None)
    touched = __import__(page).main()
    assert says in capsys.readouterr().out
    files = _named(what)
    assert [file for file in touched if not any(re.fullmatch(named, file) for named in files)] == []
    assert len(touched) <= most
