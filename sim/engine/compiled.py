"""Compile the rules once, keep the machine code, and never run stale code.

Numba notices a change in a rule's own file, but not in a rule that it calls from another file. The cache
therefore lives in a folder named by a digest of every source file that a rule can reach, the numba version and
the Python version: any edit starts a fresh folder, and old folders are pruned.
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
from numba import types

if TYPE_CHECKING:
    from collections.abc import Callable

Function = TypeVar("Function", bound="Callable[..., Any]")

_KEEP = 4  # older caches of other versions that stay on disk
_MARK = "compiled-rules-of-partnership-dynamics"  # a file in each cache: nothing without it is ever deleted


#: The folders that compiled rules can reach, below the package. A new one counts only by decision: add it here.
RULE_FOLDERS = ("engine", "observe", "parameters", "plan", "rules", "start", "vocabulary")
_RULE_FILES = ("ensemble.py", "errors.py", "schedule.py")
_PACKAGE = Path(__file__).parent.parent


def sources_digest(*, rules_only: bool = False) -> str:
    """Digest of the Python sources of the package: the version of the science, to the letter.

    Parameters
    ----------
    rules_only
        Only the sources that compiled rules can reach.
    """
    paths = sorted(_PACKAGE.rglob("*.py"))
    if rules_only:
        paths = [path for path in paths if path.relative_to(_PACKAGE).parts[0] in (*RULE_FOLDERS, *_RULE_FILES)]
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.relative_to(_PACKAGE).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _base_folder() -> Path:
    chosen = os.environ.get("PARTNERSHIP_DYNAMICS_CACHE")
    if chosen:  # an empty variable counts as not set
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "partnership-dynamics"


def prune(base: Path, keep: Path, most: int = _KEEP) -> None:
    """Delete old caches: only folders that carry the mark of this module, whatever else lies beside them."""
    marked = [mark.parent for mark in base.glob(f"*/{_MARK}") if mark.parent != keep]
    for old in sorted(marked, key=lambda folder: folder.stat().st_mtime)[:-most]:
        shutil.rmtree(old, ignore_errors=True)


def _prepare() -> Path | None:
    version = f"{sources_digest(rules_only=True)}-{numba.__version__}-{sys.version}"
    stamp = hashlib.sha256(version.encode()).hexdigest()[:16]
    base = _base_folder()
    folder = base / stamp
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _MARK).touch()
        os.utime(folder)
        prune(base, folder)
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
        compiled: Function = numba.njit(
            nogil=True, cache=_FOLDER is not None, error_model="numpy", no_cfunc_wrapper=True
        )(function)
    finally:
        numba_config.CACHE_DIR = before
    if hasattr(compiled, "get_call_template"):
        _share_compilations(compiled)
    return compiled


def _plain(kind: Any) -> Any:
    """Type under which a scalar argument is compiled: one for all constants, enumerations and short numbers."""
    kind = types.unliteral(kind)
    if isinstance(kind, types.IntEnumMember) or kind in (types.int8, types.int16, types.int32):
        return types.int64
    return types.float64 if kind == types.float32 else kind


def _share_compilations(dispatcher: Any) -> None:
    """Let calls between rules share compilations.

    Numba compiles a rule anew for every constant in a call, ``note(w, EventKind.EXIT, i, -1, -1)``; the last digit
    of the result is the same, and compiling takes a third longer.
    """
    resolve = dispatcher.get_call_template

    def resolve_plain(arguments: Any, keywords: Any) -> Any:
        named = {name: _plain(kind) for name, kind in keywords.items()}
        return resolve(tuple(_plain(kind) for kind in arguments), named)

    dispatcher.get_call_template = resolve_plain
