"""Read parameter values from a TOML file: a table ``[parameters]``, or plain ``name = value`` lines."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.files import decode, parse_toml, read_bytes
from sim.parameters.values import parameter_record

if TYPE_CHECKING:
    from pathlib import Path

_TABLE = "parameters"


@dataclass(frozen=True, slots=True)
class ParameterFile:
    """Values that a file gives.

    Attributes
    ----------
    name, digest
        Name of the file without its folder, and the SHA-256 of its bytes: what a result says about it.
    values
        By parameter, as checked against the registry.
    """

    name: str
    digest: str
    values: dict[str, float]

    def described(self) -> dict[str, str]:
        """Return name and digest, for the description of a run."""
        return {"name": self.name, "digest": self.digest}


def read_parameters(path: Path) -> ParameterFile:
    """Read and check a file of parameter values.

    Parameters
    ----------
    path
        A TOML file.

    Raises
    ------
    InputError
        No such file, not TOML, an unknown parameter, or a value out of range.
    """
    content = _read(path)
    table = _table(parse_toml(decode(content, str(path)), str(path), "name = value"), str(path))
    parameter_record(table, where=str(path))
    values = {name: float(value) for name, value in table.items()}
    return ParameterFile(path.name, hashlib.sha256(content).hexdigest(), values)


def _read(path: Path) -> bytes:
    if not _is_file(path):
        what = "a folder" if path.is_dir() else "no such file"
        raise InputError(f"--parameters: {path}: {what}, expected a TOML file of parameter values")
    return read_bytes(path, str(path), "a TOML file of parameter values")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"--parameters: {str(path)!r}: cannot be read ({reason}), expected a TOML file") from None


def _table(document: dict[str, Any], where: str) -> dict[str, Any]:
    table = document
    if _TABLE in document:
        table = document[_TABLE]
        beside = [name for name in document if name != _TABLE]
        if not isinstance(table, dict):
            raise InputError(f"{where}: {_TABLE}: found {table!r}, expected a table [{_TABLE}]")
        if beside:
            raise InputError(f"{where}: found {beside[0]!r} beside the table [{_TABLE}], expected nothing else")
    if not table:
        raise InputError(f"{where}: found no parameters, expected name = value, for example stimulus = 8")
    return table
