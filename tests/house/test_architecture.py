"""How the package hangs together: arrows point down, nothing runs in circles, nothing else rolls dice."""

from __future__ import annotations

import ast
import re
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

import sim
from sim.engine.compiled import RULE_FOLDERS
from sim.engine.world import ACTION, LAYOUT, World
from sim.parameters import DERIVED, REGISTRY
from sim.plan.translate import OPEN, arguments_of
from sim.scenarios import VERBS, catalogue, scenario
from sim.vocabulary.coded import Coded
from sim.vocabulary.kinds import KINDS
from sim.vocabulary.uptake import Telling
from sim.vocabulary.verbs import Verb

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(sim.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
TESTS = ROOT.parent / "tests"

#: The floors from the ground up. A room may import itself and what stands above it in this list: in any line, also
#: inside a function or for types. (docs/decisions.md says where and why this differs from what one would expect.)
FLOORS = (
    "words", "errors", "vocabulary", "files", "parameters", "engine", "scenarios", "provenance", "rules", "observe",
    "plan", "start", "schedule", "agents", "model", "drawing", "ensemble", "statistics", "stories", "analysis",
    "studies", "ema", "validation", "calibration", "dashboard", "cli", "__main__",
    "__init__",  # the face of the package: what users import
)  # fmt: skip


def _room(name: str) -> str:
    """The room of a module or imported name: ``sim.rules.trust`` stands in ``rules``."""
    return name.split(".")[1]


def _module(path: Path) -> str:
    return ".".join(("sim", *path.relative_to(ROOT).with_suffix("").parts))


def _imports(path: Path) -> Iterator[str]:
    """Names that a file imports, in any line."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name} imports relatively"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _targets(path: Path) -> set[str]:
    """Files of the package that a file imports, late and typing imports included, as module names."""
    known = {_module(file) for file in FILES}
    found = set()
    for name in _imports(path):
        if name.startswith("sim."):
            while name and name not in known and f"{name}.__init__" not in known:
                name = name.rpartition(".")[0]
            found.add(name if name in known else f"{name}.__init__")
    return found - {_module(path)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_arrows_point_down(path):
    """Foundations know nothing of rules, rules nothing of plans, analyses nothing of pages; no import is exempt."""
    room = _room(_module(path))
    assert room in FLOORS, f"{room} has no floor: give it one"
    for target in _targets(path):
        assert _room(target) in FLOORS[: FLOORS.index(room) + 1], f"{_module(path)} imports {target}"


def test_private_names_stay_in_their_room():
    """What a file of another room, or a test of another room, needs has a public name."""
    for path in [*FILES, *TESTS.rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sim."):
                private = [alias.name for alias in node.names if alias.name.startswith("_")]
                rooms = {path.parent.name, _room(_module(path))} if path in FILES else {path.parent.name}
                assert not private or _room(str(node.module)) in rooms, f"{path.name}: {node.module} {private}"


def test_files_do_not_run_in_circles():
    """They can be put in an order in which each imports only earlier ones, late and typing imports included."""
    assert _circle({_module(path): _targets(path) for path in FILES}) == []


def test_an_analysis_knows_no_other_analysis():
    """Each is a folder of its own, and a line where analyses are registered."""
    for path in FILES:
        parts = _module(path).split(".")
        if parts[1] == "analysis" and len(parts) > 3:
            others = {
                target for target in _targets(path) if target.count(".") > 2 and target.startswith("sim.analysis.")
            }
            assert {target.split(".")[2] for target in others} <= {parts[2]}, _module(path)


def _circle(graph: dict[str, set[str]]) -> list[str]:
    """Files that no order can be found for in which each imports only earlier ones."""
    done: set[str] = set()
    while free := {name for name, targets in graph.items() if name not in done and targets <= done}:
        done |= free
    return sorted(set(graph) - done)


def test_rules_that_compiled_code_can_reach_stand_in_the_listed_folders():
    """A new folder counts as rules, for the cache and the names of studies, only by decision."""
    marked = {path for path in FILES if re.search(r"^@rule$", path.read_text(encoding="utf-8"), re.MULTILINE)}
    rooms = {_room(_module(path)) for path in marked}
    assert rooms <= {*RULE_FOLDERS, "ensemble", "schedule"}
    for path in marked:
        if _room(_module(path)) != "ensemble":
            reached = {_room(target) for target in _targets(path)}
            assert reached <= {*RULE_FOLDERS, "schedule", "errors", "scenarios", "words"}, path.name


def test_rules_ask_for_traits_and_never_for_a_kind_by_name():
    """A new kind of organisation is a row of traits; firms are firms, and one measure is about NGOs."""
    for path in FILES:
        if _room(_module(path)) not in ("rules", "plan", "observe"):
            continue
        text = path.read_text(encoding="utf-8")
        if "@rule" not in text:
            continue
        named = {word for word in KINDS if re.search(rf"""["']{word}["']""", text)}
        assert named <= {"ngo", "firm"}, f"{path.name}: {named}"
        assert not re.search(r"organisation(\[[^]]*\])?\.kind == (?!NGO)", text), path.name


def test_refusals_of_values_have_a_key():
    """A page says them in its language: no English text stands where a value of a scenario is refused."""
    for path in (ROOT / "scenarios").glob("*.py"):
        if path.name != "lessons.py":  # read at the start, written by us
            assert not re.search(r"problem\(\s*f?[\"']", path.read_text(encoding="utf-8")), path.name


def test_only_the_model_and_its_agents_import_mesa():
    """A new version of Mesa can break one place only."""
    users = {_room(_module(path)) for path in FILES for name in _imports(path) if name.split(".")[0] == "mesa"}
    assert users <= {"model", "agents"}


def test_no_module_has_another_source_of_chance():
    """No numpy.random, random, secrets, uuid or time-based number anywhere in the package."""
    for path in FILES:
        for name in _imports(path):
            assert not re.match(r"(random|secrets|uuid|numpy\.random)(\.|$)", name), f"{path.name} imports {name}"
        assert not re.search(r"\b(np|numpy)\.random\b", path.read_text(encoding="utf-8")), path.name


def test_every_array_of_a_world_is_in_its_layout():
    """Compiled rules find every field of `World`, in the order of its declaration."""
    names = [field.name for field in fields(World) if field.init]
    assert names == list(LAYOUT)
    for name, (_, dimensions) in LAYOUT.items():
        assert dimensions in (1, 2), name


def test_no_field_of_a_record_hides_behind_an_attribute_of_numpy():
    """`row.size` or `rows.T` would mean numpy's attribute in plain Python and the field in compiled rules."""
    taken = {name for name in (*dir(np.record), *dir(np.recarray)) if not name.startswith("_")}
    names = {name for kind, _ in LAYOUT.values() for name in kind.names or ()}
    assert sorted(names & taken) == []


def test_every_argument_of_a_verb_has_a_column_that_can_hold_it():
    """It is there, keeps fractions if there may be some, and tells "left out" from the first word of a list."""
    fields = ACTION.fields or {}
    for verb, model in VERBS.items():
        for argument in arguments_of(model):
            about = model.model_fields[argument.name]
            if argument.number is None and argument.refers is None and argument.closed is None and _is_text(about):
                continue  # told to people only
            assert argument.column in fields, f"{verb}: no column {argument.column} in ACTION"
            may_be_real = argument.number is None and argument.closed is None and "float" in str(about.annotation)
            assert not may_be_real or fields[argument.column][0].kind == "f", (
                f"{verb}: {argument.column} has no fractions"
            )
            left_out = about.default is None and (argument.closed is not None or argument.refers is not None)
            assert not left_out or argument.column in OPEN or argument.number is not None, f"{verb}: {argument.column}"


def _is_text(about):
    return "str" in str(about.annotation)


def _closed_lists(base: type = Coded) -> list[type[Coded]]:
    lists = base.__subclasses__()
    return [*lists, *(inner for outer in lists for inner in _closed_lists(outer))]


def test_no_two_members_of_a_closed_list_share_a_number():
    """A number given twice would make the second name an alias of the first, in silence."""
    assert len(_closed_lists()) > 20
    for closed in _closed_lists():
        assert len(closed.__members__) == len(closed), closed.__name__
        assert len(set(closed.words())) == len(closed), closed.__name__


def test_every_verb_can_be_carried_out():
    """Each verb has arguments, and a line in the dispatch (what is no verb of anybody is a shock)."""
    assert set(VERBS) == set(Verb.words())
    dispatch = (ROOT / "plan" / "carry_out.py").read_text(encoding="utf-8")
    for verb in set(Verb) - {Verb.SHOCK}:
        assert f"Verb.{verb.name}:" in dispatch


def _read_by_rules() -> set[str]:
    """Names that some module outside the registry reads from a parameter record."""
    found: set[str] = set()
    for path in FILES:
        if _room(_module(path)) not in {"rules", "plan", "start", "observe"}:
            continue
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r"\b(?:p|parameter\[0\]|record\[0\])\.(\w+)", text))
        found |= set(re.findall(r"""parameters\[["'](\w+)["']\]""", text))
    for kind in KINDS.values():  # parameters that a trait names
        found |= {kind.overlap, kind.training_reach} - {""}
    found |= {f"share_{word}" for word in Telling.words()}
    return {DERIVED.get(name, name) for name in found}


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
