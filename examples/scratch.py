"""A scratch copy of the package to change: what the literate examples of this folder write into, and run.

A copy lies in a folder of its own, so that an example changes nothing here; it runs as plain Python, without
compilation, so that an example takes seconds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import sim

__all__ = ["Scratch"]


class Scratch:
    """A copy of the package. Use it in a ``with`` statement.

    Attributes
    ----------
    touched
        Files changed so far, in order, as they are named in CONTRIBUTING.md.
    """

    def __init__(self) -> None:
        self.touched: list[str] = []
        self._folder = tempfile.TemporaryDirectory(prefix="sim-scratch-")
        self.root = Path(self._folder.name)
        here = Path(sim.__file__).parent
        shutil.copytree(here, self.root / "sim", ignore=shutil.ignore_patterns("__pycache__"))

    def __enter__(self) -> Scratch:
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def insert(self, file: str, text: str, *, before: str = "", after: str = "") -> None:
        """Write ``text`` before or after the only place in a file where a text stands."""
        anchor = before or after
        self.replace(file, anchor, text + anchor if before else anchor + text)

    def replace(self, file: str, old: str, new: str) -> None:
        """Replace the only place in a file where ``old`` stands."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        if text.count(old) != 1:
            raise LookupError(f"{file}: found {old!r} {text.count(old)} times, expected it once")
        path.write_text(text.replace(old, new), encoding="utf-8")
        if file not in self.touched:
            self.touched.append(file)

    def run(self, program: str) -> str:
        """Run a Python program with the changed package; returns what it prints."""
        environment = {**os.environ, "PYTHONPATH": str(self.root), "NUMBA_DISABLE_JIT": "1"}
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=self.root, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise RuntimeError(done.stderr)
        return done.stdout.strip()
