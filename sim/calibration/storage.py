"""What a calibration has got done, kept batch by batch: a run that was stopped goes on where it was.

A batch or generation is a file that is whole or not there. All stand in one folder that says what settings they
belong to; it goes away once the results are written.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.files import as_json, prepare_folder, write

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MANIFEST = "manifest.json"
_UNFINISHED = "unfinished"
_SETTINGS = "settings.json"


class Storage:
    """Documents by name; without a folder they live in memory.

    Parameters
    ----------
    folder
        Output folder of the calibration, or None.
    settings
        What the documents belong to.

    Raises
    ------
    InputError
        The folder holds the work of other settings.
    """

    def __init__(self, folder: Path | None = None, settings: Mapping[str, Any] | None = None) -> None:
        self._memory: dict[str, dict[str, Any]] = {}
        self._folder = None if folder is None else folder / _UNFINISHED
        if folder is None or self._folder is None:
            return
        wanted = json.loads(json.dumps(dict(settings or {})))
        held = _read(self._folder / _SETTINGS)
        if held is None:
            prepare_folder(self._folder)
            write(self._folder / _SETTINGS, as_json(wanted))
        else:
            refuse_other(folder, held, wanted)

    def load(self, name: str) -> dict[str, Any] | None:
        """Return a document, or None if it is not there."""
        if self._folder is None:
            return self._memory.get(name)
        return _read(self._folder / f"{name}.json")

    def save(self, name: str, document: dict[str, Any]) -> None:
        """Keep a document."""
        if self._folder is None:
            self._memory[name] = json.loads(json.dumps(document))
        else:
            write(self._folder / f"{name}.json", (json.dumps(document) + "\n").encode())

    def forget(self, start: str) -> None:
        """Drop the documents whose names begin so."""
        for name in [name for name in self._memory if name.startswith(start)]:
            del self._memory[name]
        if self._folder is not None:
            for path in self._folder.glob(f"{start}*.json"):
                path.unlink()


def drop_unfinished(folder: Path) -> None:
    """Drop the kept batches of a folder whose results are written."""
    unfinished = folder / _UNFINISHED
    if (unfinished / _SETTINGS).exists():
        shutil.rmtree(unfinished, ignore_errors=True)


def finished_manifest(folder: Path, settings: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the manifest of a finished calibration with these settings, or None if there is none.

    Raises
    ------
    InputError
        The folder holds other results.
    """
    found = _read(folder / MANIFEST)
    if found is None:
        return None
    if "calibration" not in found:
        raise InputError(f"{folder}: holds results of another command, expected a new folder or a calibration")
    refuse_other(folder, found["calibration"], json.loads(json.dumps(dict(settings))))
    return found


def refuse_other(folder: Path, held: Mapping[str, Any], wanted: Mapping[str, Any]) -> None:
    """Refuse a folder whose settings differ, naming the first that does."""
    for name in dict.fromkeys([*wanted, *held]):
        if held.get(name) != wanted.get(name):
            raise InputError(
                f"{folder}: holds a calibration with {name} {_short(held.get(name))}, expected "
                f"{_short(wanted.get(name))}: choose another folder, or delete this one"
            )


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def _read(path: Path) -> dict[str, Any] | None:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    try:
        found: dict[str, Any] = json.loads(text)
    except ValueError:
        raise InputError(f"{path}: is not JSON, expected what `sim calibrate` wrote") from None
    return found
