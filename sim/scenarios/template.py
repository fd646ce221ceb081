"""A file to start a case of one's own from: a commented template, or a complete copy of a scenario."""

from __future__ import annotations

import errno
import textwrap
from pathlib import Path

from sim.errors import InputError
from sim.scenarios.loading import scenario
from sim.scenarios.toml_text import write_toml
from sim.vocabulary.kinds import KINDS

_TEMPLATE = Path(__file__).parent / "template.toml"
_COPY = """\
# A complete copy of the scenario {name}: what it extends is merged in, and the
# comments of the original are left out. It runs as it is:
#
#     sim run {file}
#     sim scenarios check {file}
#     sim compare {name} {file}
#
# Change title, question, source and assumptions with what you change below: they still describe the original.

"""


def template(file: str) -> str:
    """Return the template for a case of one's own; its comments call it ``file``."""
    text = _TEMPLATE.read_text(encoding="utf-8")
    types = ", ".join(word for word in KINDS if word != "flagship")
    listed = textwrap.fill(f"# Types: {types}.", 120, subsequent_indent="# ")
    return text.replace("@FILE@", file).replace("@STEM@", file.removesuffix(".toml")).replace("@TYPES@", listed)


def copy_of(source: str | Path, file: str) -> str:
    """Return a scenario as one complete file, with a header; it will be named after its file.

    Raises
    ------
    InputError
        There is no such scenario, or it is not sound.
    """
    original = scenario(source)
    document = original.document()
    document.pop("name", None)
    return _COPY.format(name=source, file=file) + write_toml(document)


def write_new(file: str | Path, source: str | Path | None = None) -> Path:
    """Write a new scenario file, and nothing over an old one.

    Parameters
    ----------
    file
        Path of the file to write; its folder has to be there.
    source
        Scenario to copy; the template if None.

    Raises
    ------
    InputError
        The file is there already, its folder is not, its name does not end in .toml, or there is no such scenario.
    """
    path = Path(file)
    if path.suffix != ".toml" or not path.stem.strip("."):
        raise InputError(f"{file}: found a name that does not end in .toml, expected one as my-case.toml")
    if not path.parent.is_dir():
        raise InputError(f"{file}: found no folder {path.parent}, expected a folder that is there")
    text = template(path.name) if source is None else copy_of(source, path.name)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as target:
            target.write(text)
    except OSError as error:
        if error.errno == errno.EEXIST:
            raise InputError(f"{file}: there already, expected the name of a new file (nothing was written)") from None
        raise InputError(f"{file}: cannot be written ({error.strerror}), expected a folder to write to") from None
    return path
