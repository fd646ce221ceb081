"""The public names of the package, from their signatures and docstrings."""

from __future__ import annotations

import inspect
import re
from typing import Any

from docs.blocks.markdown import code, prose

__all__ = ["python_names"]

#: What readers use of each class; the rest is there, but seldom needed.
_MEMBERS = {
    "Comparison": ("pairs", "table", "sentences", "durations", "caveats", "plot", "report", "save", "to_json"),
    "Ensemble": ("plot",),
    "PartnershipModel": ("step", "organisation", "firm", "peer_network", "partnership_network"),
    "Scenario": ("replace", "with_actions", "to_toml", "digest"),
    "Story": ("text",),
}


def python_names() -> str:
    """Every public name with its signature, what it does and its parameters."""
    import sim

    parts = []
    for name in sorted(sim.__all__, key=str.lower):
        thing = getattr(sim, name)
        parts.append(f"## sim.{name}\n")
        if inspect.isclass(thing) and name != "PartnershipModel":
            parts.append(_told(thing.__doc__ or ""))
        else:
            parts.append(f"```text\nsim.{name}{_signature(thing)}\n```\n")
            parts.append(_told(thing.__doc__ or ""))
        members = [(word, inspect.getattr_static(thing, word)) for word in _MEMBERS.get(name, ())]
        parts += [_member(word, member) for word, member in members]
        if members:
            parts[-1] += "\n"
    return "\n".join(parts)


def _member(word: str, member: Any) -> str:
    call = "" if not inspect.isfunction(member) else _signature(member)
    inner = getattr(member, "func", None) or getattr(member, "fget", None) or member
    first = (inspect.getdoc(inner) or "").split("\n\n")[0]
    return f"- {code(f'.{word}{call}')}: {prose(first)}"


def _signature(thing: Any) -> str:
    # What a class is said to take may leave something out (see sim/model.py).
    found = inspect.signature(thing.__init__ if inspect.isclass(thing) else thing)
    arguments = [
        one.replace(annotation=inspect.Parameter.empty) for one in found.parameters.values() if one.name != "self"
    ]
    return str(found.replace(parameters=arguments, return_annotation=inspect.Signature.empty))


def _told(docstring: str) -> str:
    """Turn a docstring of NumPy's style into paragraphs and lists."""
    text = inspect.cleandoc(docstring)
    sections = re.split(r"^(\w[\w ]*)\n-{3,}\n", text, flags=re.MULTILINE)
    parts = [f"{prose(paragraph)}\n" for paragraph in sections[0].strip().split("\n\n") if paragraph.strip()]
    for heading, body in zip(sections[1::2], sections[2::2], strict=True):
        if heading in ("Parameters", "Attributes", "Returns", "Raises"):
            parts.append(f"{heading}:\n")
            parts.append("\n".join(_entries(body)) + "\n")
    return "\n".join(parts)


def _entries(body: str) -> list[str]:
    """Entries of a section: a line at the margin, and the indented text below it."""
    found: list[list[str]] = []
    for line in body.strip().splitlines():
        if line.startswith(" ") and found:
            found[-1].append(line.strip())
        elif line.strip():
            found.append([line.strip()])
    return [f"- {code(head)}{': ' if rest else ''}{prose(' '.join(rest))}" for head, *rest in found]
