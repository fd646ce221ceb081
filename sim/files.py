"""Read TOML files that people write: whole, not too large, and every fault in one line."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from sim.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["MAX_BYTES", "decode", "parse_toml", "read_bytes"]

MAX_BYTES = 1_000_000


def read_bytes(path: Path, where: str, expected: str) -> bytes:
    """Read a file of at most `MAX_BYTES`.

    Parameters
    ----------
    path, where
        The file, and how messages name it.
    expected
        What it should have been ("a scenario file").

    Raises
    ------
    InputError
        It is too large or cannot be read.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
            size = path.stat().st_size
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"{where}: cannot be read ({reason}), expected {expected}") from None
    if len(content) > MAX_BYTES:
        raise InputError(f"{where}: found {size:,} bytes, expected {expected} of at most {MAX_BYTES:,}")
    return content


def decode(content: bytes, where: str) -> str:
    """Return the text of a file, without the mark that some editors put in front.

    Raises
    ------
    InputError
        It is binary or no UTF-8.
    """
    if b"\0" in content:
        raise InputError(f"{where}: found a binary file, expected TOML text")
    try:
        return content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InputError(f"{where}: line {line}: found bytes that are no UTF-8, expected TOML text") from None


def parse_toml(text: str, where: str, expected: str = "key = value") -> dict[str, Any]:
    """Return the keys and tables of a text.

    Raises
    ------
    InputError
        It is not TOML.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{where}: not TOML: {' '.join(str(error).split())}, expected {expected}") from None
    except (ValueError, RecursionError):
        raise InputError(f"{where}: not TOML: a number or a nesting without end, expected {expected}") from None
