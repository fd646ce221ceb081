"""Which Python `make test-newest` takes: the newest that is tested, runs, and is newer than the one at work."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / ".ci" / "newest_python.py"
NEWEST = runpy.run_path(str(SCRIPT))["tested"]()[0]

pytestmark = pytest.mark.skipif(sys.version_info >= (3, NEWEST), reason="there is no newer Python that is tested")


def program(path: Path, lines: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{lines}\n")
    path.chmod(0o755)
    return path


def found(folder: Path) -> str:
    """What is printed where only the programs of a folder are at hand."""
    asked = subprocess.run(
        [sys.executable, SCRIPT], env={"PATH": str(folder)}, capture_output=True, text=True, check=True
    )
    return asked.stdout.strip()


def test_nothing_is_printed_where_there_is_nothing_newer(tmp_path: Path) -> None:
    program(tmp_path / f"python3.{sys.version_info.minor}", "exit 0")
    program(tmp_path / f"python3.{NEWEST + 1}", "exit 0")  # never tested
    assert found(tmp_path) == ""


def test_a_newer_one_on_the_path_is_found_if_it_runs(tmp_path: Path) -> None:
    python = program(tmp_path / f"python3.{NEWEST}", "exit 0")
    assert found(tmp_path) == str(python)
    program(python, "exit 127")  # as a shim of a version that is not switched on
    assert found(tmp_path) == ""


def test_versions_of_a_pyenv_are_found_the_newest_patch_first(tmp_path: Path) -> None:
    root = tmp_path / "root with a space"
    program(tmp_path / "pyenv", f"echo '{root}'")
    for patch in (2, 10):
        program(root / "versions" / f"3.{NEWEST}.{patch}" / "bin" / "python", "exit 0")
    assert found(tmp_path) == str(root / "versions" / f"3.{NEWEST}.10" / "bin" / "python")
