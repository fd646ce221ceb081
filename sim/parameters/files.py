"""Read parameter values from a TOML file: a table ``[parameters]``, or plain ``name = value`` lines."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.parameters.values import parameter_record

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["MAX_BYTES", "ParameterFile", "read_parameters"]

MAX_BYTES = 1_000_000
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
        No such file, not TOML, an unknown parameter, a value out of range, or values that contradict each other.
    """
    content = _read(path)
    found = _table(_parse(content, str(path)), str(path))
    parameter_record(found, where=str(path))
    values = {name: float(value) for name, value in found.items()}
    return ParameterFile(path.name, hashlib.sha256(content).hexdigest(), values)


def _read(path: Path) -> bytes:
    try:
        if not path.is_file():
            what = "a folder" if path.is_dir() else "no such file"
            raise InputError(f"--parameters: {path}: {what}, expected a TOML file of parameter values")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"--parameters: {str(path)!r}: cannot be read ({reason}), expected a TOML file") from None
    if len(content) > MAX_BYTES:
        raise InputError(f"{path}: found more than {MAX_BYTES:,} bytes, expected a TOML file of parameter values")
    return content


def _parse(content: bytes, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode("utf-8").removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(f"{where}: line {line}: found bytes that are no UTF-8, expected TOML text") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{where}: not TOML: {' '.join(str(error).split())}, expected name = value") from None
    except (ValueError, RecursionError):
        raise InputError(f"{where}: not TOML: a number or a nesting without end, expected name = value") from None


def _table(document: dict[str, Any], where: str) -> dict[str, Any]:
    found = document
    if _TABLE in document:
        found = document[_TABLE]
        beside = [name for name in document if name != _TABLE]
        if not isinstance(found, dict):
            raise InputError(f"{where}: {_TABLE}: found {found!r}, expected a table [{_TABLE}]")
        if beside:
            raise InputError(f"{where}: found {beside[0]!r} beside the table [{_TABLE}], expected nothing else")
    if not found:
        raise InputError(f"{where}: found no parameters, expected name = value, for example stimulus = 8")
    return found
