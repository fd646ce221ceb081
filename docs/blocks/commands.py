"""The command line, told by the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docs.blocks.markdown import code, plain, sentence, table

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["commands"]

_EVERYWHERE = ("help", "version")


def commands() -> str:
    """Every command with its arguments and options."""
    import typer

    from sim.cli import app

    return "\n".join(_sections(typer.main.get_command(app), "sim", None))


def _sections(command: Any, name: str, parent: Any) -> Iterator[str]:
    context = command.make_context(name.split()[-1], [], parent=parent, resilient_parsing=True)
    inner = getattr(command, "commands", {})
    usage = " ".join([name, *(_written(one) for one in command.params if not _is_option(one))])
    usage += " COMMAND" if inner else ""
    usage += " [OPTIONS]" if any(_is_option(one) and one.name not in _EVERYWHERE for one in command.params) else ""
    yield f"## {name}\n" if name.count(" ") < 2 else f"### {name}\n"
    yield f"{plain(sentence(command.help or ''))}\n"
    yield f"```text\n{usage}\n```\n"
    rows = [_row(parameter) for parameter in command.params if parameter.name not in _EVERYWHERE]
    if rows:
        yield table(("argument or option", "meaning", "default"), rows)
    for word, one in inner.items():
        yield from _sections(one, f"{name} {word}", context)


def _is_option(parameter: Any) -> bool:
    return parameter.opts[0].startswith("-")


def _written(parameter: Any) -> str:
    names = ", ".join(parameter.opts) if _is_option(parameter) else ""
    return " ".join(part for part in (names, parameter.metavar) if part)


def _row(parameter: Any) -> tuple[str, str, str]:
    """Name an argument or option, with its meaning and default."""
    if parameter.required:
        default = "needed"
    else:
        default = "" if parameter.default is None or parameter.default is False else code(f"{parameter.default}")
    return code(_written(parameter)), plain(parameter.help or ""), default
