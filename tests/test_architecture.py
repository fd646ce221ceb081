"""How the package hangs together: imports point one way, tables agree, nothing else rolls dice."""

from __future__ import annotations

import ast
import re
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.engine.log import EventKind, Reason
from sim.engine.world import LAYOUT, State, Uptake, World
from sim.parameters import REGISTRY
from sim.plan.conditions import Operation, Seen
from sim.plan.verbs import COSTS, ShockKind, StrategyKey, Verb
from sim.scenarios import DECISION_CODES, OBSERVABLES, STATE_CODES, STRATEGY_KEYS, VERBS, catalogue, scenario

ROOT = Path(sim.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))

# A part may import parts of lower levels, and of its own level only itself, unless a line below says otherwise.
LEVELS = {
    "errors": 0,
    "compiled": 0.5, "toml_files": 0.5,
    "parameters": 1, "randomness": 1, "memory": 1,
    "scenarios": 2, "world": 2,
    "log": 3, "network": 3,
    "environment": 4, "exchange": 4, "partnership": 4, "plan": 4,
    "observe": 5, "schedule": 5,
    "initialisation": 6,
    "ensemble": 7, "agents": 8, "model": 8,
    "studies": 9,
    "report": 10, "dashboard": 11,
    "cli": 12, "__main__": 13,
}  # fmt: skip
# Parts of one level that build on each other: what happens around, between and by plan, and who looks at it.
TOGETHER = [{"environment", "exchange", "partnership", "plan"}, {"observe", "schedule"}, {"agents", "model"}]
# Modules that run a world to tell of it stand beside the ensemble, whatever folder they are in.
TELLERS = {"observe/story.py"}
RUNS_WORLDS = 7
# The face of the package: everything that users import.
FACE = "__init__"


def _part(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def _imports(path: Path) -> list[tuple[str, bool]]:
    """Modules that a file imports, with whether only inside functions or for types."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    top = {id(node) for node in tree.body}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, id(node) not in top) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            found += [(f"{node.module}.{alias.name}", id(node) not in top) for alias in node.names]
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_imports_point_one_way(path):
    """Foundations know nothing of rules, rules nothing of the schedule, the model nothing of studies and reports."""
    part = _part(path)
    if part == FACE:
        return
    level = RUNS_WORLDS if path.relative_to(ROOT).as_posix() in TELLERS else LEVELS[part]
    for name, late in _imports(path):
        if not name.startswith("sim."):
            continue
        other = name.split(".")[1]
        if other == part or other not in LEVELS or late:  # late: for types, or a convenience such as `plot`
            continue
        allowed = LEVELS[other] < level or any({part, other} <= group for group in TOGETHER)
        assert allowed, f"{part} imports {name}"


def test_every_part_has_its_level():
    """A new part of the package has to say where it stands."""
    assert {_part(path) for path in FILES} - {FACE} <= set(LEVELS)


def test_rules_do_not_run_in_circles():
    """Modules of the model can be put in an order in which each imports only earlier ones."""
    graph = {}
    for path in FILES:
        name = ".".join(("sim", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__")
        graph[name] = {target for target, late in _imports(path) if target.startswith("sim.") and not late}
    known = set(graph)
    graph = {
        name: {t if t in known else t.rpartition(".")[0] for t in targets} - {name} for name, targets in graph.items()
    }
    done: set[str] = set()
    while len(done) < len(graph):
        free = {name for name, targets in graph.items() if name not in done and targets & known <= done}
        assert free, f"imports run in circles among {sorted(set(graph) - done)}"
        done |= free


def test_only_the_model_and_its_agents_import_mesa():
    """A new version of Mesa can break one place only."""
    users = {_part(path) for path in FILES for name, _ in _imports(path) if name.split(".")[0] == "mesa"}
    assert users <= {"model", "agents"}


def test_no_module_has_another_source_of_chance():
    """No numpy.random, random, secrets, uuid or time-based number anywhere in the package."""
    for path in FILES:
        for name, _ in _imports(path):
            assert not re.match(r"(random|secrets|uuid|numpy\.random)(\.|$)", name), f"{path.name} imports {name}"
        assert not re.search(r"\b(np|numpy)\.random\b", path.read_text(encoding="utf-8")), path.name


def test_every_array_of_a_world_is_in_its_layout():
    """Compiled rules find every field of `World`, in the order of its declaration."""
    names = [field.name for field in fields(World) if field.init]
    assert sorted(names) == sorted(LAYOUT)
    for name, (_, dimensions) in LAYOUT.items():
        assert dimensions in (1, 2), name


def test_no_field_of_a_record_hides_behind_an_attribute_of_numpy():
    """`row.size` or `rows.T` would mean numpy's attribute in plain Python and the field in compiled rules."""
    taken = {name for name in (*dir(np.record), *dir(np.recarray)) if not name.startswith("_")}
    names = {name for kind, _ in LAYOUT.values() for name in kind.names or ()}
    assert sorted(names & taken) == []


def test_conditions_read_exactly_the_observables_of_the_closed_list():
    """Every observable of scenario files has a code that compiled conditions know, and no other code exists."""
    assert {name.upper() for name in OBSERVABLES} == {seen.name for seen in Seen}
    assert [int(seen) for seen in Seen] == list(range(len(Seen)))
    assert [int(operation) for operation in Operation] == list(range(len(Operation)))
    source = (ROOT / "plan" / "observing.py").read_text(encoding="utf-8")
    for seen in Seen:
        if seen not in (Seen.GRANT,):  # always 0 until grants are there
            assert source.count(f"Seen.{seen.name}") >= 1, f"{seen.name} is never read"


def test_every_verb_of_scenario_files_can_be_carried_out():
    """Verbs, their codes, their costs, and the dispatch agree."""
    assert {name.upper() for name in VERBS} == {verb.name for verb in Verb}
    assert set(COSTS) == set(Verb)
    dispatch = (ROOT / "plan" / "carry_out.py").read_text(encoding="utf-8")
    for verb in Verb:
        assert f"Verb.{verb.name}:" in dispatch or verb is Verb.SHOCK
    assert {key.upper() for key in STRATEGY_KEYS} == {key.name for key in StrategyKey}
    shocks = VERBS["shock"].model_fields["what"].annotation.__args__
    assert [what.upper() for what in shocks] == [kind.name for kind in ShockKind]


def test_codes_of_words_are_the_same_everywhere():
    """States and decisions have the same numbers in conditions and in worlds."""
    assert {name.upper(): code for name, code in STATE_CODES.items()} == {s.name: int(s) for s in State}
    assert list(DECISION_CODES.values()) == list(range(6))
    assert [int(u) for u in Uptake] == [0, 1, 2, 3]
    assert len({int(kind) for kind in EventKind}) == len(EventKind)
    assert len({int(reason) for reason in Reason}) == len(Reason)


def _read_by_rules() -> set[str]:
    """Names that some module outside the registry reads from a parameter record."""
    found: set[str] = set()
    for path in FILES:
        part = _part(path)
        if part not in {"environment", "exchange", "partnership", "plan", "initialisation", "network", "observe"}:
            continue
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"\b(?:p|parameter\[0\]|record\[0\])\.(\w+)", text))
        found |= set(re.findall(r"""parameters\[["'](\w+)["']\]""", text))
    derived = {
        "evidence_decay": "evidence_half_life", "grievance_decay": "grievance_half_life",
        "heat_memory_decay": "heat_memory_half_life", "receptivity_decay": "receptivity_half_life",
        "base_hazard": "base_rate", "federation_hazard": "federation_rate", "ombud_hazard": "ombud_rate",
        "press_hazard": "press_rate", "peer_hazard": "peer_rate", "champion_leaving_hazard": "champion_leaving_rate",
        "de_adoption_hazard": "de_adoption_rate", "reapproach_hazard": "reapproach_interval",
    }  # fmt: skip
    return {derived.get(name, name) for name in found}


def test_every_parameter_is_read_by_a_rule():
    """A parameter that can be set, swept and analysed must be able to change something."""
    assert sorted(set(REGISTRY) - _read_by_rules()) == []


ROLES = {"ombud", "federation", "ngo", "union", "government", "storyteller", "flagship", "managers",
    "academia",
}  # fmt: skip
PORTFOLIO = {
    "area_renewal", "refugee_organisation", "school", "youth_district", "deprived_areas", "family_foundation",
    "mothers_aid", "municipality", "property_group", "pension_insurer", "toy_maker", "fire_brigade", "mortgage_lender",
    "mortgage_bank", "local_firms",
}  # fmt: skip


def test_no_shipped_scenario_names_a_real_firm():
    """Organisations are called by their type or by what they do; the flagship firm stays unnamed."""
    for name in catalogue():
        for row in scenario(name).organisation:
            made_up = re.fullmatch(r"(firm|town)_\d+", row.id)
            assert row.id in ROLES | PORTFOLIO or made_up, row.id
            if row.flagship:
                assert row.name in (None, "flagship firm")
