"""Compile the rules once, keep the machine code, and never run stale code.

Numba notices a change in a rule's own file, but not in a rule that it calls from another file. The cache
therefore lives in a folder named by a digest of every source file of the package, the numba version and the
Python version: any edit starts a fresh folder, and old folders are pruned.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numba
from numba import config as numba_config

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["cache_folder", "is_warm", "rule", "sources_digest"]

Function = TypeVar("Function", bound="Callable[..., Any]")

_KEEP = 4  # older caches of other versions that stay on disk


def sources_digest() -> str:
    """Digest of all Python sources of the package: the version of the science, to the letter."""
    folder = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _base_folder() -> Path:
    if "PARTNERSHIP_DYNAMICS_CACHE" in os.environ:
        return Path(os.environ["PARTNERSHIP_DYNAMICS_CACHE"])
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "partnership-dynamics"


def _prepare() -> Path | None:
    stamp = hashlib.sha256(f"{sources_digest()}-{numba.__version__}-{sys.version}".encode()).hexdigest()[:16]
    base = _base_folder()
    folder = base / stamp
    try:
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
        others = sorted((p for p in base.iterdir() if p.is_dir() and p != folder), key=lambda p: p.stat().st_mtime)
        for old in others[:-_KEEP]:
            shutil.rmtree(old, ignore_errors=True)
    except OSError:
        return None  # a read-only home: compile in memory
    return folder


_FOLDER = _prepare()


def cache_folder() -> Path | None:
    """Folder of the compiled rules, or None where none can be written."""
    return _FOLDER


def is_warm() -> bool:
    """Whether compiled rules are already on disk, so that a run starts at once."""
    return _FOLDER is not None and any(_FOLDER.rglob("*.nbc"))


def rule(function: Function) -> Function:
    """Compile a rule of the model (``numba.njit``: no Python objects, no global lock, no fast-math).

    With ``NUMBA_DISABLE_JIT=1`` the function is returned as it is and gives the same bytes.
    """
    before = numba_config.CACHE_DIR
    numba_config.CACHE_DIR = str(_FOLDER) if _FOLDER is not None else ""
    try:
        compiled: Function = numba.njit(nogil=True, cache=_FOLDER is not None, error_model="numpy")(function)
    finally:
        numba_config.CACHE_DIR = before
    return compiled
