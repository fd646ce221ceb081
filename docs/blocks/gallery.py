"""Blocks of the gallery: the source of each picture."""

from __future__ import annotations

import ast
import inspect
from functools import partial
from typing import TYPE_CHECKING

from docs import gallery

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["sources"]


def sources() -> dict[str, Callable[[], str]]:
    """One block a picture, named ``gallery-`` and the name of the picture."""
    return {f"gallery-{name}": partial(_source, function) for name, function in gallery.FIGURES.items()}


def _source(function: Callable[..., object]) -> str:
    return f"```python\n{snippet(function)}\n```"


def snippet(function: Callable[..., object]) -> str:
    """Return the source of a picture, with its imports and the line that draws it: it runs as it stands."""
    source = inspect.getsource(function).strip()
    used = {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}
    imports = []
    for node in ast.walk(ast.parse(inspect.getsource(gallery))):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            node.names = [one for one in node.names if (one.asname or one.name) in used]
            imports += [ast.unparse(node)] if node.names else []
    return "\n".join([*imports, "", "", source, "", "", f'{function.__name__}().savefig("{function.__name__}.png")'])
