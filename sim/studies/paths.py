"""Paths in a scenario that a study writes to: ``plan.launch-campaign.tone`` and the like."""

from __future__ import annotations

import copy
import datetime
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.errors import InputError
from sim.scenarios import build
from sim.scenarios.explain import nearest, show

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sim.scenarios import Scenario

#: Tables of rows, with the keys that name a row.
_ROWS = {
    "plan": ("label",),
    "organisation": ("id",),
    "idea": ("id",),
    "dyad": ("a", "b"),
    "partnership": ("members",),
}
_TABLES = ("firms", "policy")
_TOP = ("weeks", "start", "topic", "omniscient", "audit")
_FORMS = (
    "plan.<label>.<argument>, organisation.<id>.<key>, dyad.<a>-<b>.<key>, partnership.<a>-<b>.<key>, idea.<id>.<key>, "
    f"firms.<key>, policy.<key>, parameter.<name> or one of {', '.join(_TOP)}"
)
_SHIFT = re.compile(r"^(?P<path>.*?)(?:\s+(?P<sign>[+-])\s*(?P<number>\d+(?:\.\d+)?))?$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class ScenarioPath:
    """Where in a scenario a value is written: a path, and what is added to a number."""

    path: str
    shift: float = 0.0

    def shifted(self, value: Any) -> Any:
        """Return the value as it is written here; InputError if it is no number but should be shifted."""
        if not self.shift:
            return value
        if isinstance(value, (str, bool)):
            raise InputError(f"{self.path}: found {show(value)} with a shift of {self.shift:+g}, expected a number")
        found = value + self.shift
        return int(found) if isinstance(value, int) and float(found).is_integer() else found


@dataclass(frozen=True, slots=True)
class Change:
    """What a point changes in its scenario.

    Attributes
    ----------
    values
        (path, value) in the order of writing.
    removed
        Labels of actions that are left out.
    """

    values: tuple[tuple[str, Any], ...] = ()
    removed: tuple[str, ...] = ()

    @property
    def parameters(self) -> dict[str, float]:
        """Values that go to parameters."""
        return {path.partition(".")[2]: value for path, value in self.values if path.startswith("parameter.")}


def read_path(text: str) -> ScenarioPath:
    """Read a path with its shift, ``plan.publish-survey.when - 1``."""
    found = _SHIFT.match(text.strip())
    assert found is not None  # the pattern matches any text
    shift = float(found["number"] or 0.0) * (-1.0 if found["sign"] == "-" else 1.0)
    return ScenarioPath(found["path"].strip(), shift)


def changed(scenario: Scenario, change: Change) -> Scenario:
    """Return a scenario with other values at some places.

    Raises
    ------
    InputError
        No such place, or a value that the scenario cannot have.
    """
    values = [(path, value) for path, value in change.values if not path.startswith("parameter.")]
    if not values and not change.removed:
        return scenario
    document = copy.deepcopy(scenario.document())
    for label in change.removed:
        _remove(document, label, scenario.name)
    for path, value in values:
        _write(document, path, value, scenario.name)
    return build(document, scenario.name)


def _remove(document: dict[str, Any], label: str, name: str) -> None:
    labels = [row["label"] for row in document.get("plan", ()) if "label" in row]
    if label not in labels:
        raise InputError(
            f"found {show(label)}, expected a label of the plan of {name}: {', '.join(labels)}{nearest(label, labels)}"
        )
    document["plan"] = [row for row in document["plan"] if row.get("label") != label]


def _write(document: dict[str, Any], path: str, value: Any, name: str) -> None:
    head, _, rest = path.partition(".")
    if head in _TOP and not rest:
        document[head] = _as_found(head, value)
    elif head in _TABLES and rest:
        document.setdefault(head, {})[rest] = value
    elif head in _ROWS and rest:
        row, key = _row(document, head, rest, path, name)
        *parents, last = key.split(".")
        for parent in parents:
            row = row.setdefault(parent, {})
            if not isinstance(row, dict):
                raise InputError(f"found {show(path)}, expected a key that holds a table before .{last}")
        row[last] = _as_found(last, value)
    else:
        raise InputError(f"found {show(path)}, expected {_FORMS}{nearest(head, [*_ROWS, *_TABLES, *_TOP])}")


def _as_found(key: str, value: Any) -> Any:
    """Whole numbers stay whole: a table of points may have made them floats."""
    if key in ("when", "weeks", "due") and isinstance(value, float) and value.is_integer():
        return int(value)
    if key == "start" and isinstance(value, str):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            return value  # the scenario says what it expects
    return value


def _row(document: dict[str, Any], table: str, rest: str, path: str, name: str) -> tuple[dict[str, Any], str]:
    rows = document.get(table, [])
    names = [_name(row, _ROWS[table]) for row in rows]
    for row, known in zip(rows, names, strict=True):
        for word in known:
            if rest.startswith(f"{word}."):
                return row, rest[len(word) + 1 :]
    meant = [word for known in names for word in known[:1]]
    raise InputError(
        f"found {show(path)}, expected {table}.<{_kind(table)}>.<key> with one of {', '.join(meant) or 'none'} "
        f"({name}){nearest(rest.rpartition('.')[0], meant)}"
    )


def _kind(table: str) -> str:
    return {"plan": "label", "dyad": "a>-<b", "partnership": "a>-<b"}.get(table, "id")


def _name(row: Mapping[str, Any], keys: Sequence[str]) -> list[str]:
    """Names of a row; a pair can be named either way round."""
    found = [row[key] for key in keys if key in row]
    if not found:
        return []
    words: Iterable[str] = found[0] if isinstance(found[0], (list, tuple)) else found
    listed = [str(word) for word in words]
    return ["-".join(listed), "-".join(reversed(listed))] if len(listed) > 1 else listed
