"""Files: TOML that people write, with every fault in one line, and results that are whole or not there."""

from __future__ import annotations

import json
import math
import os
import tomllib
from typing import TYPE_CHECKING, Any

from sim.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

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


def prepare_folder(folder: Path, option: str = "--out") -> Path:
    """Make a folder and see that files can be written there, before anything is computed.

    Raises
    ------
    InputError
        It cannot be made or written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(
            f"{option}: found {str(folder)!r}, which cannot be written ({reason}), expected a folder to write to"
        ) from None
    return folder


def write(path: Path, content: bytes) -> Path:
    """Write a file whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise InputError(f"{path}: cannot be written ({reason})") from None
    except BaseException:  # Ctrl-C in the middle of a file
        temporary.unlink(missing_ok=True)
        raise
    return path


def as_csv(table: pd.DataFrame, *, index: bool = False, nordic: bool = False) -> bytes:
    """Return a table as text, the same on every system; ``nordic`` with semicolons and decimal commas."""
    if nordic:  # the mark at the start tells a spreadsheet that it is UTF-8
        return table.to_csv(index=index, lineterminator="\n", sep=";", decimal=",").encode("utf-8-sig")
    return table.to_csv(index=index, lineterminator="\n").encode()


def as_workbook(tables: Mapping[str, pd.DataFrame]) -> bytes:
    """Return tables as the sheets of a workbook (.xlsx); texts stay texts, whatever they begin with.

    Raises
    ------
    InputError
        openpyxl is not installed.
    """
    try:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
    except ImportError:
        raise InputError('xlsx: needs openpyxl: pip install "partnership-dynamics[excel]"') from None
    import datetime
    import io

    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = datetime.datetime(
        2000, 1, 1
    )  # the same result, the same bytes
    for name, table in tables.items():
        sheet = book.create_sheet(name)
        for row in ([str(column) for column in table.columns], *table.itertuples(index=False)):
            cells = []
            for value in plain(list(row)):
                cell = WriteOnlyCell(sheet, value=value)
                if isinstance(value, str):
                    cell.data_type = "s"
                cells.append(cell)
            sheet.append(cells)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def as_json(content: Any) -> bytes:
    """Return numbers, texts and tables as readable JSON; a missing or infinite number is null."""
    return (json.dumps(plain(content), indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def plain(content: Any) -> Any:
    """Return a result as JSON knows it: rows of a table as objects, missing numbers as None."""
    if isinstance(content, dict):
        return {str(key): plain(value) for key, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [plain(value) for value in content]
    if hasattr(content, "to_dict"):
        return plain(content.to_dict("records"))
    if content is None or isinstance(content, (str, bool, int, float)):
        return None if isinstance(content, float) and not math.isfinite(content) else content
    # Left are numbers of numpy, and tables of pandas.
    return plain(content.item() if hasattr(content, "item") else content.to_dict("records"))
