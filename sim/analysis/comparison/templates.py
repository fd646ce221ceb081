"""The HTML templates beside this file."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from sim.words.numbers import minus_signs


@cache
def template(name: str) -> Any:
    """Return a template by its file name."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(Path(__file__).parent)
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["minus"] = minus_signs
    return environment.get_template(name)
