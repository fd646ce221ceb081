"""Study files: what is varied, how, in how many worlds, and what is asked of the results."""

# Pydantic reads the annotations at run time, so this module goes without postponed annotations.

import datetime
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, create_model, model_validator

from sim.analysis.asked import Number
from sim.analysis.registered import ANALYSES
from sim.errors import InputError
from sim.files import decode, parse_toml, read_bytes
from sim.parameters import CORE, GROUPS, REGISTRY, parameter_record
from sim.parameters.sets import NONE, SHIPPED
from sim.scenarios.explain import explain, nearest, show
from sim.scenarios.fields import LONGEST_WORD, Flag, Frozen, Label, Text, integer, problem

MOST_SCENARIOS = 6
#: Worlds of a shard unless a study says otherwise; about half a second of work.
CHUNK = 2_000


def _texts(value: object) -> tuple[str, ...]:
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, (list, tuple)) or not all(isinstance(item, str) and item.strip() for item in listed):
        raise problem("a text or a list of texts")
    if len(set(listed)) != len(listed):
        raise problem("a list that names each only once")
    return tuple(listed)


def _some_texts(value: object) -> tuple[str, ...]:
    listed = _texts(value)
    if not listed:
        raise problem("at least one")
    return listed


def _finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # a whole number that no float can hold
        return False


def _values(value: object) -> tuple[Any, ...]:
    if not isinstance(value, (list, tuple)) or len(value) < 2:
        raise problem("a list of two or more values")
    kinds = {type(item) for item in value}
    if not kinds <= {int, float} and not (len(kinds) == 1 and kinds <= {str, bool, datetime.date}):
        raise problem("a list of numbers, or of texts, dates or true and false")
    if kinds <= {int, float} and not all(map(_finite, value)):
        raise problem("a list of finite numbers")
    if len(set(value)) != len(value):
        raise problem("a list that names each value only once")
    # Dates stand as texts: a table of points holds numbers and texts only.
    return tuple(item.isoformat() if isinstance(item, datetime.date) else item for item in value)


def _scalar(value: object) -> Any:
    if isinstance(value, (int, float)) and not _finite(value):
        raise problem("a finite number")
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value.isoformat()
    return value


Texts = Annotated[tuple[str, ...], BeforeValidator(_texts)]
SomeTexts = Annotated[tuple[str, ...], BeforeValidator(_some_texts)]
Levels = Annotated[int, integer(2, 1_000)]
Settings = dict[str, Annotated[Any, BeforeValidator(_scalar)]]


class _Range(Frozen):
    """A range or a list of values; on a grid a range has so many levels."""

    low: Number | None = None
    high: Number | None = None
    values: Annotated[tuple[Any, ...], BeforeValidator(_values)] = ()
    levels: Levels = 5
    logarithmic: Flag | None = None
    label: Text = ""

    @model_validator(mode="after")
    def _sound(self) -> "_Range":
        if self.values and (self.low is not None or self.high is not None):
            raise problem("either low and high, or values", "values", found=list(self.values))
        if self.low is not None and self.high is not None and not self.low < self.high:
            raise problem(f"more than low, {self.low:g}: the range is empty", "high", found=self.high)
        if self.logarithmic and self.low is not None and self.low <= 0.0:
            raise problem("more than 0 for a logarithmic range", "low", found=self.low)
        return self


class Uncertainty(_Range):
    """A parameter of the model whose value nobody chooses; its range is that of the registry unless given.

    ``group`` names many at once: "core", or a heading of ``sim parameters``.
    """

    parameter: str | None = None
    group: str | None = None

    @model_validator(mode="after")
    def _known(self) -> "Uncertainty":
        if (self.parameter is None) == (self.group is None):
            raise problem("one of parameter and group", "parameter", found=self.parameter)
        if self.parameter is not None and self.parameter not in REGISTRY:
            hint = nearest(self.parameter, list(REGISTRY))
            raise problem(f"a name from `sim parameters`{hint}", "parameter", found=self.parameter)
        if self.group is not None:
            if self.group != "core" and self.group not in GROUPS:
                raise problem(f"core, or one of {', '.join(GROUPS)}", "group", found=self.group)
            if self.low is not None or self.high is not None or self.values:
                raise problem("no range of its own: each parameter of a group keeps the one of the registry", "group")
        if self.parameter is not None:
            about = REGISTRY[self.parameter]
            given = {"low": self.low, "high": self.high}
            for key, number in [*given.items(), *(("values", value) for value in self.values)]:
                usable = isinstance(number, (int, float)) and about.contains(float(number))
                if number is not None and not usable:
                    raise problem(f"{about.range_text}, as the registry has it", key, found=number)
                if isinstance(number, (int, float)) and about.integer and not float(number).is_integer():
                    raise problem(f"a whole number, {about.range_text}", key, found=number)
        for name in () if self.values else self.names:
            low, high = self.range_of(name)
            if not low < high:
                if self.high is None:
                    raise problem(f"less than {high:g}, where the registry's range ends", "low", found=low)
                raise problem(f"more than {low:g}, where the registry's range starts", "high", found=high)
            if self.logarithmic and low <= 0.0:
                raise problem(f"false: {name} may be {low:g}, which has no logarithm", "logarithmic", found=True)
        return self

    def range_of(self, name: str) -> tuple[float, float]:
        """Range of a parameter that is meant: what the file says, else what the registry says."""
        about = REGISTRY[name]
        return about.low if self.low is None else self.low, about.high if self.high is None else self.high

    def is_logarithmic(self, name: str) -> bool:
        """Whether a parameter varies on a logarithmic scale: what the file says, else as its prior in the registry."""
        if self.logarithmic is not None:
            return self.logarithmic
        return REGISTRY[name].logarithmic and self.range_of(name)[0] > 0.0

    @property
    def names(self) -> tuple[str, ...]:
        """Parameters that are meant."""
        if self.parameter is not None:
            return (self.parameter,)
        if self.group == "core":
            return CORE
        return tuple(name for name, row in REGISTRY.items() if row.group == self.group and not row.is_switch)


class Option(Frozen):
    """One choice of a lever: another scenario, values at places of the plan, actions left out."""

    name: Label
    scenario: str | None = None
    set: Settings = Field(default_factory=dict)
    remove: Texts = ()


class Lever(_Range):
    """Something a planner chooses: numbers written to places of a scenario, or named options.

    A place is ``plan.<label>.<argument>``, ``organisation.<id>.<key>``, ``dyad.<a>-<b>.<key>``,
    ``partnership.<a>-<b>.<key>``, ``idea.<id>.<key>``, ``firms.<key>``, ``policy.<key>``, ``parameter.<name>`` or a
    key at the top such as ``weeks``; "+ n" or "- n" behind it writes a number that differs by n. With ``template``,
    the text that is written has the number where the template has ``{value}``, as a condition needs.
    ``chosen = false`` is for a circumstance that nobody chooses, such as the trust one finds.
    """

    name: Label
    unit: Text = ""
    set: Texts = ()
    template: Text = ""
    whole: Flag = False
    chosen: Flag = True
    option: tuple[Option, ...] = ()

    @model_validator(mode="after")
    def _complete(self) -> "Lever":
        if self.option:
            if self.set or self.values or self.low is not None or self.high is not None:
                raise problem("either options, or set with a range or values", "option")
            names = [row.name for row in self.option]
            if len(names) < 2 or len(set(names)) != len(names):
                raise problem("two or more options of different names", "option", found=names)
            return self
        if self.template and "{value}" not in self.template:
            raise problem("a text with {value} in it", "template", found=self.template)
        if not self.set:
            raise problem("places of the scenario to write to, or options", "set", found=None)
        if not self.values and (self.low is None or self.high is None):
            raise problem("low and high, or values", "low" if self.low is None else "high", found=None)
        if self.whole and self.low is not None and not (self.low.is_integer() and float(self.high or 0).is_integer()):
            raise problem("whole numbers", "low", found=self.low)
        return self


class DesignTable(Frozen):
    """Which points are run: ``kind``, and how many samples of what is sampled.

    ``sets``: every sample is one of the plausible parameter sets, drawn by weight. ``seed`` is that of the points,
    apart from that of the worlds. ``levers`` crossed: every plan under every sample; sampled: levers vary along with
    the uncertainties.
    """

    kind: Literal["grid", "latin-hypercube", "sobol", "morris", "sets", "list"] = "grid"
    samples: Annotated[int, integer(2, 100_000_000)] | None = None
    levers: Literal["crossed", "sampled"] = "crossed"
    second_order: Flag = False
    seed: Annotated[int, integer(0, 2**32 - 2)] = 0
    file: str | None = None

    @model_validator(mode="after")
    def _fits(self) -> "DesignTable":
        sampled = self.kind in ("latin-hypercube", "sobol", "morris", "sets")
        if sampled and self.samples is None:
            raise problem(f"a number of samples for {self.kind}", "samples", found=None)
        if not sampled and self.samples is not None:
            raise problem(f"no samples: a {self.kind} has as many points as it has", "samples", found=self.samples)
        if self.kind == "sobol" and self.samples is not None and self.samples & (self.samples - 1):
            raise problem("a power of 2 for a Sobol sequence, for example 256", "samples", found=self.samples)
        if (self.kind == "list") != (self.file is not None):
            raise problem("a CSV file for a list, and only for a list", "file", found=self.file)
        if self.second_order and self.kind != "sobol":
            raise problem("false unless kind is sobol", "second_order", found=True)
        return self


class _StudyKeys(Frozen):
    """Keys and tables of every study file, whatever it asks of its results."""

    name: Label = "study"
    title: Text
    question: Text = ""
    notes: Texts = ()
    scenarios: SomeTexts
    replicates: Annotated[int, integer(1, 1_000_000)] = 100
    seed: Annotated[int, integer(0, 2**32 - 1)] = 0
    chunk: Annotated[int, integer(1, 1_000_000)] = CHUNK
    worlds: Literal["common", "own"] | None = None
    outcomes: SomeTexts
    series: Texts = ()
    events: Annotated[int, integer(0, 1_000_000)] = 0
    set: Settings = Field(default_factory=dict)
    parameters: dict[str, float] = Field(default_factory=dict)
    parameter_sets: Text = SHIPPED
    design: DesignTable = DesignTable()
    uncertainty: tuple[Uncertainty, ...] = ()
    lever: tuple[Lever, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _numbers_only(cls, data: Any) -> Any:
        given = data.get("parameters", {}) if isinstance(data, dict) else {}
        if not isinstance(given, dict):
            raise problem("a table of keys", "parameters", found=given)
        for name, value in given.items():
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                raise problem("a number", "parameters", str(name), found=value)
        return data

    @model_validator(mode="after")
    def _whole(self) -> "_StudyKeys":
        if len(self.scenarios) > MOST_SCENARIOS:
            raise problem(f"at most {MOST_SCENARIOS} scenarios", "scenarios", found=list(self.scenarios))
        try:
            parameter_record(self.parameters, where="parameters")
        except InputError as error:
            raise problem(str(error), "parameters", found=dict(self.parameters)) from None
        if self.events > self.replicates:
            raise problem(f"at most the {self.replicates} replicates", "events", found=self.events)
        if self.design.kind == "sets" and (self.uncertainty or self.parameter_sets == NONE):
            found = [row.parameter or row.group for row in self.uncertainty] or self.parameter_sets
            raise problem("parameter sets, and no uncertainty beside them, for a design of sets", "design", found=found)
        if self.design.kind == "sets" and self.design.levers == "sampled":
            raise problem("crossed: every plan under every set", "design", "levers", found="sampled")
        chosen = [name for row in self.uncertainty for name in row.names]
        self._once([*chosen, *(row.name for row in self.lever)], "name of a factor")
        for name in chosen:
            if name in self.parameters:
                raise problem("no fixed value for an uncertainty", "parameters", name, found=self.parameters[name])
        choosing = [row.name for row in self.lever if any(option.scenario for option in row.option)]
        if len(choosing) + (len(self.scenarios) > 1) > 1:
            raise problem("one lever that chooses the scenario", "lever", found=choosing or list(self.scenarios))
        return self

    @property
    def own_worlds(self) -> bool:
        """Whether each sample has worlds of its own: as given, or where points are looked at together."""
        if self.worlds is not None:
            return self.worlds == "own"
        return any(bool(self.asked(one.name)) for one in ANALYSES if one.own_worlds)

    def asked(self, analysis: str) -> Any:
        """Return what the file asks of an analysis: a table or a tuple of tables; nothing if it has none."""
        return getattr(self, analysis, None)

    @staticmethod
    def _once(names: list[str], what: str) -> None:
        for name in names:
            if names.count(name) > 1:
                raise problem(f"each {what} once", "uncertainty", found=name)


_QUESTIONS: dict[str, Any] = {
    one.name: (tuple[one.table, ...], ()) if one.many else (one.table | None, None)  # type: ignore[name-defined]
    for one in ANALYSES
    if one.table is not None
}
#: A study as its file says it: with a table for every analysis that is registered.
StudyFile = create_model("StudyFile", __base__=_StudyKeys, **_QUESTIONS)
KEYS = tuple(StudyFile.model_fields)
_TABLES: dict[str, type[BaseModel]] = {
    "uncertainty": Uncertainty,
    "lever": Lever,
    "design": DesignTable,
    **{one.name: one.table for one in ANALYSES if one.table is not None},
}


def read_study_file(source: str | Path | Mapping[str, Any], where: str | None = None) -> tuple[StudyFile, str, Path]:
    """Read and check a study.

    Parameters
    ----------
    source
        Path of a TOML file, or its keys and tables.
    where
        How messages name it, if not by its path or name.

    Returns
    -------
    tuple of StudyFile, str and Path
        The study, how messages name its file, and the folder that paths in it start from.

    Raises
    ------
    InputError
        One line: the file, the place in it, what was found and what was expected.
    """
    if isinstance(source, Mapping):
        where, folder, document = where or str(source.get("name", "study")), Path(), dict(source)
    else:
        path = Path(source)
        where, folder, document = where or str(path), path.parent, _parse(path)
        document.setdefault("name", _label_of(path.stem))
    try:
        return StudyFile.model_validate(document), where, folder
    except ValidationError as error:
        raise InputError(explain(error, document, where, {}, list(KEYS), _TABLES)) from None


def _label_of(stem: str) -> str:
    """Name a study after its file, whatever the file is called."""
    return re.sub(r"[^\w.\-]+", "-", stem).lstrip(".-")[:LONGEST_WORD] or "study"


def _parse(path: Path) -> dict[str, Any]:
    where = show(str(path))[1:-1]
    try:
        there, folder = path.is_file(), path.is_dir()
    except (OSError, ValueError):
        there = folder = False
    if not there:
        what = "a folder" if folder else "no such file"
        raise InputError(f"{where}: {what}, expected a study file (.toml)")
    return parse_toml(decode(read_bytes(path, where, "a study file"), where), where)
