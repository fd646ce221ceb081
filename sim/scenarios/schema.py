"""A scenario as it is used: checked, complete and unchangeable."""

# Pydantic reads the annotations at run time, so this module goes without postponed annotations.

import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from pydantic import ValidationError, model_validator

from sim.errors import InputError
from sim.scenarios.conditions import Condition
from sim.scenarios.explain import Origins, explain
from sim.scenarios.references import check_references, read_conditions, with_bundle
from sim.scenarios.tables import Tables
from sim.scenarios.toml_text import write_toml

#: Texts that only describe: they do not count for the digest.
_DESCRIPTIVE = frozenset({"name", "title", "question", "source", "notes", "assumptions"})


class Scenario(Tables):
    """Who is there at the start, and the plan: what happens when.

    Lists have the names of a file's tables: ``organisation``, ``dyad``, ``partnership``, ``idea``,
    ``task``, ``plan``.
    Use `sim.scenarios.scenario` to load one and `replace` or `with_actions` to vary it.
    """

    @model_validator(mode="after")
    def _whole(self) -> "Scenario":
        check_references(self)
        # The only write after validation: an unnamed bundle becomes the one that is meant.
        self.__dict__["plan"] = with_bundle(self)
        self.__dict__["conditions"] = read_conditions(self)
        return self

    @cached_property
    def conditions(self) -> tuple[Condition | None, ...]:
        """The conditions of the plan, action by action; None for an action with a date or week."""
        return read_conditions(self)

    def __repr__(self) -> str:
        return (
            f"<Scenario {self.name}: {len(self.organisation)} organisations, {len(self.plan)} actions, "
            f"{self.weeks} weeks from {self.start}>"
        )

    __str__ = __repr__

    def document(self) -> dict[str, Any]:
        """Return the scenario as the keys and tables of a file, without what is at its default."""
        document: dict[str, Any] = self.model_dump(by_alias=True, exclude_defaults=True)
        for row, action in zip(document.get("plan", ()), self.plan, strict=False):
            if action.repeat_every is not None:
                row["max_times"] = action.max_times
        return document

    def to_toml(self) -> str:
        """Write the scenario as a file that stands alone; loading it gives an equal scenario."""
        return write_toml(self.document())

    def digest(self) -> str:
        """Hash everything that can change a result (sha256 in hex).

        Two scenarios with the same digest give the same results; name, title and notes do not count.
        """
        content = self.model_dump(mode="json", by_alias=True, exclude=set(_DESCRIPTIVE))
        for rows in ("organisation", "dyad", "partnership", "idea"):
            for row in content[rows]:
                row.pop("evidence", None)
                row.pop("name", None)
        content["goal"].pop("matters")
        for action in content["plan"]:
            action.pop("essential")
        content["policy"]["demand"] = self.policy.demand is not None  # its words do not count
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)
        return hashlib.sha256(text.encode("ascii")).hexdigest()

    def replace(self, **changes: Any) -> "Scenario":
        """Return a scenario with other values at the top level, checked anew.

        Raises
        ------
        InputError
            The changed scenario is not sound.
        """
        return build({**self.document(), **changes}, self.name)

    def with_actions(self, actions: Iterable[Mapping[str, Any]]) -> "Scenario":
        """Return a scenario with more actions at the end of its plan, each a table as in a file."""
        rows = [*self.document().get("plan", ()), *(dict(row) for row in actions)]
        return self.replace(plan=rows)


def build(data: Mapping[str, Any], where: str, origins: Origins | None = None) -> Scenario:
    """Check a scenario given as keys and tables.

    Parameters
    ----------
    data
        As read from a file, parents merged in.
    where
        Name of the file, for messages.
    origins
        Where merged rows and keys come from.

    Raises
    ------
    InputError
        One line that names the file, the place, what was found and what was expected.
    """
    try:
        return Scenario.model_validate(dict(data))
    except ValidationError as error:
        keys = list(Scenario.model_fields)
        raise InputError(explain(error, data, where, origins or {}, keys)) from None
