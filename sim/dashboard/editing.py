"""Edit a plan: actions as rows of a table, arguments as fields, and the schema's own words where one is refused."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticUndefined

from sim.dashboard.state import Plan, scenario_of
from sim.errors import InputError
from sim.scenarios.actions import VERBS
from sim.scenarios.guide import choices_of, verb_summary
from sim.scenarios.toml_text import write_toml
from sim.stories.plans import in_words, when_said
from sim.words.language import Said
from sim.words.numbers import capital

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.ensemble import Ensemble
    from sim.scenarios import Scenario
    from sim.stories.texts import Texts

#: Names as files have them; pydantic wants another one for a Python keyword.
_ALIASES = {"with_": "with"}
_PLACE = re.compile(r"plan (\d+)(?: \([^)]*\))?(?:: (\w+))?$")
_COMMON = ("when", "label", "repeat_every", "max_times", "cost", "hours", "essential")
_MOST_ACTIONS = 200
_LONGEST_FIELD = 2_000


class Refusal(Exception):  # noqa: N818 - an answer, not an error of the program
    """An action that the schema refuses: in which field, and why."""

    def __init__(self, field: str, text: str) -> None:
        super().__init__(text)
        self.field = field
        self.text = text


@dataclass(frozen=True)
class Field:
    """One argument of a verb as a form shows it."""

    name: str
    choices: tuple[str, ...]
    needed: bool
    default: str


@cache
def fields_of(verb: str) -> tuple[Field, ...]:
    """Return the arguments of a verb: when it is due first, then its own, then what all actions have."""
    model = VERBS[verb]
    own = [name for name in model.model_fields if name not in (*_COMMON, "verb")]
    found = []
    for name in ("when", *own, *_COMMON[1:]):
        field = model.model_fields[name]
        missing = field.default is PydanticUndefined and field.default_factory is None
        default = "" if missing or field.default is None else _written(field.default)
        choices = ("true", "false") if field.annotation is bool else choices_of(field)
        found.append(Field(field.alias or _ALIASES.get(name, name), choices, missing, default))
    return tuple(found)


def verbs_of(scenario: Scenario, words: Texts) -> list[dict[str, Any]]:
    """Describe all verbs with their fields; fields that take one organisation offer those of the scenario."""
    organisations = [
        {"id": one, "label": capital(words.organisation(scenario, one))} for one in sorted(scenario.organisation_ids)
    ]
    found = []
    for verb, model in VERBS.items():
        rows = []
        for field in fields_of(verb):
            choices = [{"id": one, "label": words(f"choice.{one}")} for one in field.choices]
            rows.append(
                {
                    "name": field.name,
                    "label": words(f"field.{field.name}"),
                    "choices": choices or (organisations if field.name in _ONE_ORGANISATION else []),
                    "needed": field.needed,
                    "default": words.maybe("choice", field.default, field.default) or "\u2013",
                }
            )
        summary = words.maybe("summary", verb, verb_summary(model).replace("``", ""))
        found.append({"id": verb, "label": words(f"verb.{verb}"), "summary": summary, "fields": rows})
    return found


_ONE_ORGANISATION = frozenset({"by", "to", "with", "org", "who", "about", "messenger"})


def _written(value: Any) -> str:
    """Write a value as a file would, but words without quotes."""
    if isinstance(value, str):
        return value
    if hasattr(value, "model_dump"):
        value = value.model_dump(exclude_defaults=True)
    if value in ((), {}, []):
        return ""
    return write_toml({"x": value}).partition("=")[2].strip() if not isinstance(value, dict) else _table(value)


def _table(value: Mapping[str, Any]) -> str:
    return "{ " + ", ".join(f"{key} = {_written(item)}" for key, item in value.items()) + " }" if value else ""


def _read(text: str) -> Any:
    """Read what was typed: a number, a date, true, a list or a table as in a file; anything else is text."""
    if len(text) > _LONGEST_FIELD:
        raise Refusal("", f"found {len(text):,} characters, expected at most {_LONGEST_FIELD:,}")
    stripped = text.strip()
    try:
        return tomllib.loads(f"x = {stripped}")["x"]
    except (tomllib.TOMLDecodeError, ValueError, RecursionError):
        if "," in stripped and not any(sign in stripped for sign in "()'\"<>="):
            return [part.strip() for part in stripped.split(",")]
        return stripped


def row_fields(action: Mapping[str, Any]) -> dict[str, str]:
    """Return the arguments of an action as a form shows them."""
    return {_ALIASES.get(name, name): _written(value) for name, value in action.items() if value is not None}


def rows_of(scenario: Scenario) -> list[dict[str, Any]]:
    """Return the actions of a plan as tables of a file, in the order of the plan."""
    return [dict(row) for row in scenario.document().get("plan", ())]


def changes_said(plan: Plan, words: Texts) -> list[str]:
    """Say in what an edited plan differs from the shipped one: actions first, then everything else."""
    before, after = scenario_of(Plan(plan.base)), plan.scenario
    told = [[f"{when_said(action, one, words)}: {in_words(action, one, words)}" for action in one.plan]
            for one in (before, after)]  # fmt: skip
    found = [words("report.gone", what=line) for line in told[0] if line not in told[1]]
    found += [words("report.new", what=line) for line in told[1] if line not in told[0]]
    old, new = _leaves(before.document()), _leaves(after.document())
    for key in dict.fromkeys((*old, *new)):
        if old.get(key) != new.get(key) and not key.startswith("plan."):
            shown, shipped = (_local(str(table.get(key, "\u2013")), words) for table in (new, old))
            found.append(words("report.other", name=key, value=shown, shipped=shipped))
    return found


def _local(written: str, words: Texts) -> str:
    """Write a number as the language does, anything else as it is."""
    return words.local(written) if re.fullmatch(r"-?\d[\d.,]*", written) else written


def _leaves(value: Any, path: str = "") -> dict[str, Any]:
    """Name every value of a document by its path; rows of a table by their id or place."""
    found: dict[str, Any] = {}
    if isinstance(value, dict):
        for key, one in value.items():
            found |= _leaves(one, f"{path}.{key}" if path else str(key))
        return found
    if isinstance(value, (list, tuple)) and any(isinstance(one, dict) for one in value):
        for place, one in enumerate(value, start=1):
            found |= _leaves(one, f"{path}.{one.get('id', place) if isinstance(one, dict) else place}")
        return found
    return {path: value}


def refusals_by_place(ensemble: Ensemble) -> dict[int, tuple[str, float]]:
    """Return the reason and the share of worlds in which an action was refused, by its place in the plan."""
    return {
        int(row["action"]): (str(row["reason"]), float(row["share"])) for row in ensemble.refusals.to_dict("records")
    }


def act(plan: Plan, message: Mapping[str, Any]) -> Plan:
    """Return the plan after an edit: ``apply`` a form, ``remove`` or ``move`` a row.

    Parameters
    ----------
    plan
        What is edited.
    message
        ``act``, ``row`` (-1 for a new one) and ``fields`` or ``by``, as the form sends them.

    Raises
    ------
    Refusal
        The schema does not take it; says which field.
    """
    rows = rows_of(plan.scenario)
    kind = message.get("act")
    place = int(message.get("row", -1))
    if kind != "apply" and not 0 <= place < len(rows):
        return plan
    if kind == "remove":
        del rows[place]
    elif kind == "move":
        other = place + (1 if int(message.get("by", 1)) > 0 else -1)
        if not 0 <= other < len(rows):
            return plan
        rows[place], rows[other] = rows[other], rows[place]
    elif kind == "apply":
        if len(rows) >= _MOST_ACTIONS and place < 0:
            raise Refusal("", f"found {len(rows)} actions, expected at most {_MOST_ACTIONS}")
        row = _row(message.get("fields") or {})
        if 0 <= place < len(rows):
            rows[place] = row
        else:
            place = len(rows)
            rows.append(row)
    else:
        return plan
    try:
        return plan.with_changes({"plan": rows})
    except InputError as error:
        raise _refusal(error, place) from None


def _row(fields: Mapping[str, Any]) -> dict[str, Any]:
    verb = str(fields.get("verb", ""))
    if verb not in VERBS:
        raise Refusal("verb", Said("found", found=repr(verb[:40]), expected=Said("one_of", list=", ".join(VERBS))))
    row: dict[str, Any] = {"verb": verb}
    for field in fields_of(verb):
        typed = str(fields.get(field.name, "") or "").strip()
        if typed:
            row[field.name] = typed if field.name in ("label", "key", "on", "what") else _read(typed)
        elif field.needed:
            raise Refusal(field.name, Said("nothing", expected=Said("value")))
    return row


def _refusal(error: InputError, place: int) -> Refusal:
    """Find the field that a message of the schema speaks of."""
    said = error.said
    found = _PLACE.search(said.arguments["place"]) if isinstance(said, Said) and said.key == "at" else None
    if found is None or int(found[1]) != place + 1:
        return Refusal("", said)
    assert isinstance(said, Said)
    return Refusal(found[2] or "", said.arguments["rest"])
