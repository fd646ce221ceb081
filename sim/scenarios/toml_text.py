"""Write the keys and tables of a scenario as TOML; the standard library can only read it."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

_WIDTH = 120
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def write_toml(document: Mapping[str, Any]) -> str:
    """Write a document of plain values, tables and lists of tables, in this order.

    Parameters
    ----------
    document
        Values may be text, numbers, booleans, dates, sequences and mappings; None is left out.
    """
    plain: list[str] = []
    tables: list[str] = []
    for key, value in document.items():
        if isinstance(value, Mapping):
            tables += ["", f"[{_key(key)}]", *_lines(value)]
        elif _is_rows(value):
            for row in value:
                tables += ["", f"[[{_key(key)}]]", *_lines(row)]
        elif value is not None:
            plain.append(_line(key, value))
    return "\n".join([*plain, *tables]) + "\n"


def _is_rows(value: object) -> bool:
    rows = isinstance(value, Sequence) and not isinstance(value, str)
    return rows and bool(value) and all(isinstance(row, Mapping) for row in value)  # type: ignore[attr-defined]


def _lines(table: Mapping[str, Any]) -> list[str]:
    return [_line(key, value) for key, value in table.items() if value is not None]


def _line(key: str, value: object) -> str:
    """Write a key and its value; a list too long for a line gets one line for each item."""
    written = f"{_key(key)} = {_value(value)}"
    if len(written) <= _WIDTH or isinstance(value, str) or not isinstance(value, Sequence):
        return written
    return "\n".join([f"{_key(key)} = [", *(f"    {_value(item)}," for item in value), "]"])


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _text(value: str) -> str:
    # JSON escapes are TOML escapes, but for DEL, which TOML wants escaped and JSON does not.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)} = {_value(item)}" for key, item in value.items() if item is not None) + "}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    raise TypeError(f"no TOML for {type(value).__name__}")
