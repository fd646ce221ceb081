"""Blocks of the gallery: the source of each picture."""

from __future__ import annotations

import inspect
from functools import partial
from typing import TYPE_CHECKING

from docs.gallery import FIGURES

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["sources"]


def sources() -> dict[str, Callable[[], str]]:
    """One block a picture, named ``gallery-`` and the name of the picture."""
    return {f"gallery-{name}": partial(_source, function) for name, function in FIGURES.items()}


def _source(function: Callable[..., object]) -> str:
    return f"```python\n{inspect.getsource(function).strip()}\n```"
