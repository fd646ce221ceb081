"""Blocks about scenario files: verbs, conditions, the catalogue."""

from __future__ import annotations

from docs.blocks.markdown import code, plain, sentence, table

__all__ = ["conditions", "scenarios", "verbs"]


def verbs() -> str:
    """Every verb with its price and arguments."""
    from sim.scenarios import VERBS, Action
    from sim.scenarios.guide import argument_lines, verb_summary
    from sim.vocabulary.verbs import Verb

    common = len(Action.model_fields) - 1
    rows, parts = [], []
    for name, model in VERBS.items():
        verb = Verb.of(name)
        rows.append((f"[{code(name)}](#{name})", plain(verb_summary(model)), f"{verb.hours:g}", f"{verb.eur:,.0f}"))
        lines = argument_lines(model)
        parts.append(f"### {name}\n\n{sentence(plain(verb_summary(model)))}\n")
        parts.append("\n".join(f"- {_argument(line)}" for line in lines[: len(lines) - common]) + "\n")
    every = "\n".join(f"- {_argument(line)}" for line in argument_lines(Action))
    listed = table(("verb", "what it does", "hours", "EUR"), rows)
    return f"{listed}\n### What every action may say\n\n{every}\n\n" + "\n".join(parts)


def _argument(line: str) -> str:
    """Set the name of an argument as code: ``name: one of a, b (default 'a')``."""
    head, _, rest = line.partition(" (")
    name, _, words = head.partition(": one of ")
    choice = f": one of {', '.join(code(word) for word in words.split(', '))}" if words else ""
    return f"{code(name)}{choice} ({plain(rest)}"


def conditions() -> str:
    """Return what a condition may read."""
    from sim.scenarios.guide import condition_lines

    return table(
        ("written", "unit", "meaning"),
        [(code(written), plain(unit), plain(meaning)) for written, unit, meaning in condition_lines()],
    )


def scenarios() -> str:
    """List the scenarios that come with the package, with the questions they ask."""
    from sim.scenarios import catalogue, scenario

    found = [scenario(name) for name in catalogue()]
    return table(
        ("scenario", "question", "from", "weeks"),
        [(code(one.name), plain(one.question), f"{one.start}", f"{one.weeks}") for one in found],
    )
