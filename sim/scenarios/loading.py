"""Read scenario files: from the catalogue, from a path or from text; put parents and child together."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sim.errors import InputError
from sim.files import MAX_BYTES, decode, parse_toml, read_bytes
from sim.scenarios.explain import nearest, show
from sim.scenarios.merging import Layer, assemble, merge, read_layer
from sim.scenarios.schema import Scenario, build

MAX_PARENTS = 8
_CATALOGUE = Path(__file__).parent / "catalogue"


def catalogue() -> tuple[str, ...]:
    """Names of the scenarios that come with the package, in alphabetical order."""
    return tuple(sorted(path.stem for path in _CATALOGUE.glob("*.toml")))


def scenario(source: str | Path) -> Scenario:
    """Load a scenario.

    Parameters
    ----------
    source
        Name in the catalogue, path of a file, or (text of several lines) the content of a file.

    Raises
    ------
    InputError
        One line: the file, the place in it, what was found and what was expected.

    Examples
    --------
    >>> scenario("baseline").weeks
    260
    """
    document, where, path = _open(source)
    layers = [layer for layer, _ in _layers(document, where, path)]
    merged = layers[0]
    for layer in layers[1:]:
        merged = merge(merged, layer)
    data, origins = assemble(merged)
    data["name"] = document.get("name", _name(path))
    return build(data, where, origins)


load = scenario


def lineage(source: str | Path) -> tuple[str, ...]:
    """Files that make up a scenario, the oldest parent first."""
    return tuple(where for _, where in _layers(*_open(source)))


def _name(path: Path | None) -> str:
    """Name a scenario after its file, without what a name may not hold."""
    words = re.sub(r"[^\w.-]+", "-", path.stem if path else "scenario").strip(".-")
    return words[:60] or "scenario"


def _open(source: str | Path) -> tuple[dict[str, Any], str, Path | None]:
    if isinstance(source, str) and "\n" in source:
        return _parse(source, "text"), "text", None
    path = _find(source)
    where = _shown(path)
    return _parse(_read(path, where), where), where, path


def _layers(document: dict[str, Any], where: str, path: Path | None) -> list[tuple[Layer, str]]:
    """Read a file and its parents, the oldest parent first."""
    chain = [path.resolve()] if path else []
    layers = [(_layer(document, where, alone="extends" not in document), where)]
    while "extends" in document:
        parent = _parent(document["extends"], where, path)
        if parent.resolve() in chain:
            raise InputError(
                f"{where}: extends: found {show(document['extends'])}, which leads back to {_shown(parent)}, "
                "expected a parent that does not extend its child"
            )
        if len(chain) > MAX_PARENTS:
            raise InputError(f"{where}: extends: found more than {MAX_PARENTS} parents, expected fewer")
        chain.append(parent.resolve())
        path, where = parent, _shown(parent)
        document = _parse(_read(parent, where), where)
        layers.insert(0, (_layer(document, where, alone="extends" not in document), where))
    return layers


def _layer(document: dict[str, Any], where: str, *, alone: bool) -> Layer:
    layer = read_layer(document, where)
    if alone and layer.removed:
        label, (_, number) = layer.removed[0]
        raise InputError(f"{where}: remove {number}: found {show(label)}, expected no [[remove]] without extends")
    return layer


def _shown(path: Path) -> str:
    """Name a file: shipped ones without the folder in which the package happens to be installed."""
    return path.name if path.parent == _CATALOGUE else str(path)


def _find(source: str | Path) -> Path:
    names = catalogue()
    if str(source) in names:
        return _CATALOGUE / f"{source}.toml"
    path = Path(source)
    try:
        there = path.is_file()
    except (OSError, ValueError):
        there = False
    if not there:
        stem = path.stem if path.suffix == ".toml" else str(source)
        what = "a folder" if not _odd(source) and path.is_dir() else "no such scenario or file"
        raise InputError(
            f"{show(str(source))[1:-1]}: {what}, expected a .toml file or a name that `sim scenarios` lists"
            f"{nearest(stem, list(names))}"
        )
    return path


def _odd(source: str | Path) -> bool:
    return "\0" in str(source) or len(str(source)) > 1_000


def _parent(parent: object, where: str, path: Path | None) -> Path:
    if not isinstance(parent, str) or not parent.strip() or _odd(parent):
        raise InputError(f"{where}: extends: found {show(parent)}, expected the name or relative path of one scenario")
    if parent in catalogue():
        return _CATALOGUE / f"{parent}.toml"
    folder = path.parent if path else Path()
    if not (folder / parent).is_file():
        raise InputError(
            f"{where}: extends: found {show(parent)}, expected a file next to this one or a name that `sim scenarios` "
            f"lists{nearest(parent, list(catalogue()))}"
        )
    return folder / parent


def _read(path: Path, where: str) -> str:
    return decode(read_bytes(path, where, "a scenario file"), where)


def _parse(text: str, where: str) -> dict[str, Any]:
    if len(text) > MAX_BYTES:
        raise InputError(f"{where}: found {len(text):,} characters, expected at most {MAX_BYTES:,}")
    return parse_toml(text.removeprefix("\ufeff"), where)
