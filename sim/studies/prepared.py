"""A study made ready to run: scenarios loaded, points made, every place checked, points grouped in shards."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.analysis.design import count_samples, make_design
from sim.analysis.factors import Factor
from sim.analysis.outcomes import derived_outcomes
from sim.analysis.registered import ANALYSES
from sim.engine.compiled import sources_digest
from sim.engine.randomness import Decision, entity_key, uniform
from sim.errors import InputError
from sim.observe.measures import outcome_ids, series_ids
from sim.parameters import REGISTRY, parameter_record
from sim.parameters.sets import NONE, SHIPPED, parse_sets, sets_of
from sim.provenance import PACKAGE, library_versions, package_version
from sim.scenarios import scenario as load_scenario
from sim.scenarios.explain import nearest, show
from sim.studies.file import StudyFile, read_study_file
from sim.studies.paths import Change, changed, read_path
from sim.studies.point_list import read_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sim.analysis.design import Design
    from sim.analysis.factors import Value
    from sim.parameters.sets import ParameterSets
    from sim.scenarios import Scenario

#: Version of what is written to shards and manifest.
FORMAT = 2
#: Name of the lever that several scenarios make.
SCENARIO = "scenario"
#: Kept in every study: a plan that was refused is another plan than the one that was meant.
REFUSED = "refused_actions"
MOST_POINTS = 1_000_000
#: Of the combinations of options, so many are tried before anything runs.
MOST_TRIED = 200
#: Keys that hold whole numbers only, so that their levers do too.
_WHOLE = frozenset({"when", "due", "weeks", "repeat_every", "max_times", "n", "seats", "number"})
#: Columns of the tables that are no factors, outcomes or series.
_COLUMNS = ("point", "replicate", "week")
#: The number of a replicate is kept in four bytes.
MOST_REPLICATE = 2**31 - 1
_INSIDE = 0.37  # a place that is neither end nor middle


@dataclass(frozen=True, slots=True)
class Case:
    """One point to run: which scenario, what is changed in it, and its first replicate."""

    point: int
    base: int
    change: Change
    parameters: tuple[tuple[str, float], ...]
    first: int
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class ShardPlan:
    """A shard to be written: its number, the points in it, and its name.

    The name carries the digest of everything that its numbers depend on, so that what is there can be trusted.
    """

    number: int
    first_point: int
    points: int
    name: str


@dataclass(frozen=True, eq=False)
class PreparedStudy:
    """A study whose file is sound.

    Attributes
    ----------
    file, where
        The study, and how messages name its file.
    bases
        Scenarios that points start from.
    design
        The points.
    sets
        Plausible parameter sets of which each world draws one; None: the defaults in all.
    """

    file: StudyFile
    where: str
    bases: tuple[Scenario, ...]
    design: Design
    sets: ParameterSets | None = None

    @property
    def worlds(self) -> int:
        """Worlds in all."""
        return len(self.design) * self.file.replicates

    @property
    def points_per_shard(self) -> int:
        """Points of a shard: a point is never split."""
        return -(-self.file.chunk // self.file.replicates)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Outcomes that are kept: those of the file, and how often an action of the plan was refused."""
        return tuple(dict.fromkeys([*self.file.outcomes, REFUSED]))

    @property
    def factor_names(self) -> tuple[str, ...]:
        """Names of the factors in the order of the design."""
        return tuple(factor.name for factor in self.design.factors)

    # ------------------------------------------------------------------ points

    @cached_property
    def _option_scenarios(self) -> dict[tuple[str, str], int]:
        """Scenario that an option chooses, by lever and option."""
        names = [base.name for base in self.bases]
        found = {(SCENARIO, name): number for number, name in enumerate(names)}
        number = len(self.file.scenarios)
        for lever in self.file.lever:
            for option in lever.option:
                if option.scenario:
                    found[lever.name, option.name] = number
                    number += 1
        return found

    def case(self, point: int) -> Case:
        """Return what a point runs."""
        values = self.design.point(point)
        sample = point // len(self.design.plans)
        first = sample * self.file.replicates if self.file.own_worlds else 0
        return self._case(point, values, first)

    def _case(self, point: int, values: Mapping[str, Value], first: int) -> Case:
        base = 0
        written: list[tuple[str, Any]] = list(self.file.set.items())
        removed: list[str] = []
        for name, value in values.items():
            base = self._option_scenarios.get((name, str(value)), base)
        for lever in self.file.lever:
            value = values[lever.name]
            if lever.option:
                option = next(row for row in lever.option if row.name == value)
                written += option.set.items()
                removed += option.remove
            else:
                paths = [read_path(text) for text in lever.set]
                written += [(path.path, _written(path.shifted(value), lever.template)) for path in paths]
        change = Change(tuple(written), tuple(removed))
        parameters = {**self.file.parameters, **change.parameters}
        parameters |= {
            name: float(values[name]) for row in self.file.uncertainty for name in row.names if name in values
        }
        if self.file.design.kind == "sets" and self.sets is not None:
            parameters |= {name: float(values[name]) for name in self.sets.names if name in values}
        return Case(point, base, change, tuple(parameters.items()), first, tuple(values.values()))

    def cases(self, shard: ShardPlan) -> tuple[Case, ...]:
        """Return what the points of a shard run."""
        return tuple(map(self.case, range(shard.first_point, shard.first_point + shard.points)))

    # ------------------------------------------------------------------ shards

    @cached_property
    def shards(self) -> tuple[ShardPlan, ...]:
        """All shards, in order."""
        step, total = self.points_per_shard, len(self.design)
        found = []
        for number, low in enumerate(range(0, total, step)):
            cases = tuple(map(self.case, range(low, min(low + step, total))))
            found.append(ShardPlan(number, low, len(cases), self.shard_name(number, cases)))
        return tuple(found)

    def shard_name(self, number: int, cases: Sequence[Case]) -> str:
        """Name a shard of these points: its number, and the digest of what its numbers depend on."""
        content = json.dumps(
            [self._common, [[self._digests[c.base], c.change.values, c.change.removed, c.parameters, c.first, c.values,
                             c.point] for c in cases]],
            separators=(",", ":"),
        )  # fmt: skip
        return f"{number:06d}-{hashlib.sha256(content.encode()).hexdigest()[:20]}"

    @cached_property
    def rules(self) -> str:
        """Digest of the rules that the study runs on."""
        return sources_digest(rules_only=True)

    @cached_property
    def _digests(self) -> tuple[str, ...]:
        return tuple(base.digest() for base in self.bases)

    @cached_property
    def _common(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "version": package_version(),
            "rules": self.rules,
            "seed": self.file.seed,
            "parameter_sets": self.sets.digest if self.sets else NONE,
            "replicates": self.file.replicates,
            "factors": self.factor_names,
            "outcomes": self.outcomes,
            "series": self.file.series,
            "events": self.file.events,
        }

    # ------------------------------------------------------------------ description

    @cached_property
    def digest(self) -> str:
        """Hash of what the numbers depend on: points, worlds, scenarios, rules; not of words and questions."""
        content = [self._common, [[shard.name, shard.points] for shard in self.shards]]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    @cached_property
    def _described(self) -> dict[str, Any]:
        return {
            "package": PACKAGE,
            **self._common,
            "study": self.file.model_dump(mode="json", exclude_defaults=True),
            "worlds_per_shard": self.file.chunk,
            "points": len(self.design),
            "samples": len(self.design.samples),
            "plans": len(self.design.plans),
            **({"sets": self.sets.as_csv().decode()} if self.sets and self.sets.source != SHIPPED else {}),
            "scenarios": [{"name": base.name, "digest": base.digest(), "toml": base.to_toml()} for base in self.bases],
            "shards": [[shard.name, shard.first_point, shard.points] for shard in self.shards],
        }

    def manifest(self) -> dict[str, Any]:
        """Describe the study: the same study has the same manifest, wherever and however it runs."""
        return {**self._described, "libraries": library_versions()}


# ---------------------------------------------------------------------- from a file to points


def prepare_study(source: StudyFile | str | Path | Mapping[str, Any], **changes: Any) -> PreparedStudy:
    """Load and check a study.

    Parameters
    ----------
    source
        A study file, or its keys and tables.
    **changes
        Keys at the top that replace those of the file, such as ``replicates``.

    Raises
    ------
    InputError
        One line: the file, the place in it, what was found and what was expected.
    """
    from pathlib import Path as PathClass

    if isinstance(source, StudyFile):
        file, where, folder = source, source.name, PathClass()
    else:
        file, where, folder = read_study_file(source)
    if changes:
        file = read_study_file({**file.model_dump(exclude_defaults=True), **changes}, where)[0]
    bases = _load_bases(file, where, folder)
    _check_outcomes(file, where, bases)
    uncertain, levers, _ = _factors(file, bases)
    _check_levers(file, where, levers)
    rows: list[dict[str, Value]] = []
    if file.design.file is not None:
        rows = read_rows(file, where, folder, uncertain if _crossing(file) else (*uncertain, *levers))
    beside = folder / file.parameter_sets
    sets = sets_of(beside if file.parameter_sets not in (SHIPPED, NONE) and beside.exists() else file.parameter_sets)
    prepared = PreparedStudy(file, where, bases, _make_design(file, where, bases, rows, sets), sets)
    _try_points(prepared)
    _check_questions(prepared)
    return prepared


def _load_bases(file: StudyFile, where: str, folder: Path) -> tuple[Scenario, ...]:
    wanted = [("scenarios", name) for name in file.scenarios]
    for number, lever in enumerate(file.lever, start=1):
        wanted += [
            (f"lever {number} ({lever.name}): option ({row.name}): scenario", row.scenario)
            for row in lever.option
            if row.scenario
        ]
    found = []
    for place, name in wanted:
        beside = folder / name
        try:
            found.append(load_scenario(beside if name.endswith(".toml") and beside.is_file() else name))
        except InputError as error:
            raise InputError(f"{where}: {place}: {error}") from None
    names = [base.name for base in found[: len(file.scenarios)]]
    if len(set(names)) < len(names):
        raise InputError(f"{where}: scenarios: found {', '.join(names)}, expected scenarios of different names")
    return tuple(found)


def _check_outcomes(file: StudyFile, where: str, bases: Sequence[Scenario]) -> None:
    for key, names, known_of in (("outcomes", file.outcomes, _outcomes_of), ("series", file.series, series_ids)):
        for name in names:
            for base in bases:
                known = known_of(base)
                if name not in known:
                    raise InputError(
                        f"{where}: {key}: found {show(name)}, expected measures that {base.name} has, such as "
                        f"{', '.join(known[:4])} (all: docs/reference/measures.md){nearest(name, list(known))}"
                    )


def _outcomes_of(scenario: Scenario) -> list[str]:
    return [*outcome_ids(scenario), *derived_outcomes(scenario)]


def _check_levers(file: StudyFile, where: str, factors: Sequence[Factor]) -> None:
    """Check that every lever has a column, numbers and places of its own."""
    columns = {*_COLUMNS, *file.outcomes, *file.series, REFUSED}
    columns |= {SCENARIO} if len(file.scenarios) > 1 else set()
    writing = {f"parameter.{name}": "an uncertainty" for row in file.uncertainty for name in row.names}
    for path in file.set:
        if path in writing:
            raise InputError(f"{where}: set: found {show(path)}, expected no fixed value for an uncertainty")
    by_name = {factor.name: factor for factor in factors}
    for number, lever in enumerate(file.lever, start=1):
        place = f"{where}: lever {number} ({lever.name})"
        if lever.name in columns:
            raise InputError(f"{place}: name: found {show(lever.name)}, which the results use for another column")
        for key, bound in (("low", lever.low), ("high", lever.high)):
            if bound is not None and by_name[lever.name].whole and not bound.is_integer():
                raise InputError(f"{place}: {key}: found {bound:g}, expected a whole number")
        for text in lever.set:
            for value in lever.values:
                try:
                    read_path(text).shifted(value)
                except InputError as error:
                    raise InputError(f"{place}: set: {error}") from None
        paths = {read_path(text).path for text in (*lever.set, *(key for row in lever.option for key in row.set))}
        for path in sorted(paths & writing.keys()):
            raise InputError(f"{place}: found {show(path)}, which {writing[path]} writes too, expected one of them")
        writing |= dict.fromkeys(paths, f"lever {number}")


def reopen(manifest: Mapping[str, Any], rows: Sequence[Mapping[str, Value]] = ()) -> PreparedStudy:
    """Return the study of a manifest.

    Parameters
    ----------
    manifest
        As a store keeps it.
    rows
        All points, by factor; a "list" has them from here.

    Raises
    ------
    InputError
        This version of the package cannot read it.
    """
    file = read_study_file(manifest["study"])[0]
    bases = tuple(load_scenario(f"{row['toml']}\n").replace(name=row["name"]) for row in manifest["scenarios"])
    rows = rows[:: int(manifest["plans"])]  # every plan has the rows of the list once
    kept = manifest.get("sets")
    sets = parse_sets(kept, file.parameter_sets, "manifest.json") if kept else sets_of(file.parameter_sets)
    return PreparedStudy(file, file.name, bases, _make_design(file, file.name, bases, rows, sets), sets)


def _crossing(file: StudyFile) -> bool:
    return file.design.levers == "crossed"


def _make_design(
    file: StudyFile,
    where: str,
    bases: Sequence[Scenario],
    rows: Sequence[Mapping[str, Value]],
    sets: ParameterSets | None,
) -> Design:
    uncertain, levers, levels = _factors(file, bases)
    if file.design.kind == "sets" and sets is not None:
        uncertain, rows = _of_sets(sets, file)
    sampled, crossed = (uncertain, levers) if _crossing(file) else ((*uncertain, *levers), ())
    if file.design.kind != "grid" and not sampled:
        raise InputError(f'{where}: design: found nothing to sample, expected [[uncertainty]], or levers = "sampled"')
    rows = [{factor.name: factor.exact(row[factor.name]) for factor in sampled} for row in rows]
    samples = file.design.samples or len(rows)
    plans = count_samples("grid", crossed, 0, levels, False)
    number = count_samples(file.design.kind, sampled, samples, levels, file.design.second_order)
    if plans * number > MOST_POINTS:
        raise InputError(f"{where}: design: found {plans * number:,} points, expected at most {MOST_POINTS:,}")
    if file.own_worlds and number * file.replicates > MOST_REPLICATE:
        raise InputError(
            f'{where}: worlds: found "own" for {number:,} samples x {file.replicates:,} replicates, expected at most '
            f"{MOST_REPLICATE:,} worlds in all"
        )
    try:
        return make_design(
            file.design.kind,
            sampled,
            crossed,
            samples=samples,
            seed=file.design.seed,
            levels=levels,
            rows=rows,
            second_order=file.design.second_order,
        )
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def _of_sets(sets: ParameterSets, file: StudyFile) -> tuple[tuple[Factor, ...], list[Mapping[str, Value]]]:
    """Return the values of plausible sets as factors, and samples of them: each set as often as its weight says."""
    free = [place for place, name in enumerate(sets.names) if name not in file.parameters]
    factors = []
    for place in free:
        about, column = REGISTRY[sets.names[place]], sets.values[:, place]
        unit = "" if about.unit in ("switch", "logit", "utility") else about.unit
        low, high = float(column.min()), float(column.max())
        factors.append(Factor(about.name, low, high, about.integer, label=about.words, unit=unit))
    number = file.design.samples or len(sets)
    start = uniform(file.design.seed, 0, int(Decision.PARAMETER_SET), entity_key("samples of sets"), 0)
    drawn = np.searchsorted(sets.upto, (np.arange(number) + start) / number).clip(0, len(sets) - 1)
    names = [factor.name for factor in factors]
    return tuple(factors), [dict(zip(names, sets.values[row, free].tolist(), strict=True)) for row in drawn.tolist()]


def _factors(
    file: StudyFile, bases: Sequence[Scenario]
) -> tuple[tuple[Factor, ...], tuple[Factor, ...], dict[str, int]]:
    levels = {SCENARIO: len(file.scenarios)}
    uncertain, levers = [], []
    for row in file.uncertainty:
        for name in row.names:
            about, (low, high) = REGISTRY[name], row.range_of(name)
            unit = "" if about.unit in ("switch", "logit", "utility") else about.unit
            factor = Factor(
                name, low, high, about.integer, row.is_logarithmic(name), row.values, row.label or about.words, unit
            )
            uncertain.append(factor)
            levels[name] = row.levels
    if len(file.scenarios) > 1:
        levers.append(Factor(SCENARIO, values=tuple(base.name for base in bases[: len(file.scenarios)]), lever=True))
    for lever in file.lever:
        values = tuple(row.name for row in lever.option) or lever.values
        low, high = (math.nan if bound is None else bound for bound in (lever.low, lever.high))
        keys = {read_path(text).path.rpartition(".")[2] for text in lever.set}
        whole = lever.whole or (not lever.template and bool(keys & _WHOLE))
        factor = Factor(
            lever.name, low, high, whole, bool(lever.logarithmic), values, lever.label, lever.unit, lever.chosen
        )
        (levers if lever.chosen else uncertain).append(factor)
        levels[lever.name] = lever.levels
    return tuple(uncertain), tuple(levers), levels


# ---------------------------------------------------------------------- what can be known before it runs


def _try_points(prepared: PreparedStudy) -> None:
    """Build the scenarios of the ends of every range and of the options, so that no point fails for its file."""
    file, factors = prepared.file, prepared.design.factors
    options = [factor for factor in factors if factor.values]
    ranges = [factor for factor in factors if not factor.values]
    tried = 0
    for chosen in product(*(factor.values for factor in options)):
        for place in (0.0, _INSIDE, 1.0):
            values: dict[str, Value] = {factor.name: factor.value(place) for factor in ranges}
            values |= {factor.name: value for factor, value in zip(options, chosen, strict=True)}
            case = prepared._case(0, {factor.name: values[factor.name] for factor in factors}, 0)
            try:
                scenario = changed(prepared.bases[case.base], case.change)
            except InputError as error:
                raise InputError(f"{prepared.where}: {_suspect(file, values, str(error))}: {error}") from None
            merged = {**scenario.parameters, **dict(case.parameters)}
            parameter_record(merged, where=f"{prepared.where}: parameters")
            tried += 1
        if tried >= MOST_TRIED:
            break


def _suspect(file: StudyFile, values: Mapping[str, Value], message: str) -> str:
    """Name the lever whose place or value a message is about."""
    for number, lever in enumerate(file.lever, start=1):
        texts = list(lever.set)
        for option in lever.option:
            if option.name == values.get(lever.name):
                texts += [*option.set, *option.remove]
        for text in texts:
            parts = read_path(text).path.split(".")
            if repr(read_path(text).path) in message or all(part in message for part in parts[1:]):
                return f"lever {number} ({lever.name})"
    return "set" if file.set else "lever"


def _check_questions(prepared: PreparedStudy) -> None:
    """Check what is asked of the results: plans that exist, outcomes that are kept."""
    file, where = prepared.file, prepared.where
    plans = [prepared.design.plan_name(number) for number in range(len(prepared.design.plans))]
    for analysis in ANALYSES:
        asked = file.asked(analysis.name)
        if asked:
            analysis.check(asked, plans, file.outcomes, where)


def _written(value: Any, template: str) -> Any:
    if not template:
        return value
    return template.replace("{value}", value if isinstance(value, str) else f"{value:.15g}")
