"""The week and its rules, read from the sources."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from docs.blocks.markdown import code, linked, plain, prose, table

__all__ = ["Rule", "public_rules", "rule_catalogue", "weekly_schedule"]

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "sim"
SCHEDULE = PACKAGE / "schedule.py"


@dataclass(frozen=True)
class Rule:
    """One rule as its source tells it."""

    name: str
    arguments: str
    file: str
    submodel: str
    heading: str
    says: str


def weekly_schedule() -> str:
    """Return the steps of a week, in order, from the comments of `sim.schedule.advance`."""
    homes = _homes()
    rows = []
    for line in SCHEDULE.read_text(encoding="utf-8").split("def advance")[1].splitlines():
        found = re.match(r"    (\w+)\(.*\)  # (?:(\d+)\. )?(.*)$", line)
        if found:
            name, step, comment = found.groups()
            rows.append((step or "", code(name), plain(comment), linked(homes[name])))
    return table(("step", "rule", "what happens", "where"), rows)


def _homes() -> dict[str, str]:
    """File of each rule that the schedule imports."""
    homes = {}
    for node in ast.walk(ast.parse(SCHEDULE.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            homes |= {alias.name: f"{node.module.replace('.', '/')}.py" for alias in node.names}
    return homes


@cache
def public_rules() -> tuple[Rule, ...]:
    """Every public function marked ``@rule``, in the order of files and lines."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        heading = (ast.get_docstring(tree) or "").split("\n")[0].rstrip(".")
        submodels = ", ".join(re.findall(r"\bS\d+\b", heading))
        heading = re.sub(r" \([^)]*\bS\d+\)", "", heading)
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if any(isinstance(mark, ast.Name) and mark.id == "rule" for mark in node.decorator_list):
                found.append(
                    Rule(
                        node.name,
                        ", ".join(argument.arg for argument in node.args.args),
                        path.relative_to(ROOT).as_posix(),
                        submodels,
                        heading,
                        ast.get_docstring(node) or "",
                    )
                )
    return tuple(found)


def rule_catalogue() -> str:
    """Return every public rule with its docstring, which holds its equation."""
    parts = []
    for file in dict.fromkeys(one.file for one in public_rules()):
        rules = [one for one in public_rules() if one.file == file]
        name = file.removeprefix("sim/").removesuffix(".py")
        submodel = f" ({rules[0].submodel})" if rules[0].submodel else ""
        parts.append(f"## {name}{submodel}\n\n{prose(rules[0].heading)}. {linked(file)}\n")
        parts.append(table(("rule", "what it says"), [(_signature(one), _says(one.says)) for one in rules]))
    return "\n".join(parts)


def _signature(one: Rule) -> str:
    return f"**{code(one.name)}** ({plain(one.arguments)})"


def _says(docstring: str) -> str:
    paragraphs = [prose(part) for part in docstring.split("\n\n")]
    return "<br>".join(paragraphs)
