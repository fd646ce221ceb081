"""Analyses of the page Why: one at a time in the whole process, and what was worked out is kept for everybody."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from sim.dashboard.cache import Cache
from sim.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    Progress = Callable[[int, int], bool]

#: Results kept for all sessions together; one is a few kB.
_MOST = 64
_kept: Cache[Any] = Cache(_MOST)
#: They take both cores for seconds: side by side, each would be late.
_turn = threading.Lock()


class Stopped(Exception):  # noqa: N818 - nobody waits any more
    """The question is no longer asked."""


def recall(key: Hashable) -> Any:
    """Return what was worked out for a question, or None."""
    return _kept.get(key)


def work_out(key: Hashable, work: Callable[[Progress], Any], progress: Progress) -> Any:
    """Answer a question when its turn comes: from what is kept, or by work.

    Parameters
    ----------
    key
        The question: all that the answer depends on.
    work
        Called with ``progress``.
    progress
        Called with points done and points in all; False stops the work.

    Returns
    -------
    object
        What the work returned; the InputError that refused it; None if it was stopped.
    """
    with _turn:
        found = recall(key)
        if found is not None:
            return found
        try:
            found = work(progress) if progress(0, 1) else None
        except Stopped:
            return None
        except InputError as error:
            found = error
        if found is not None:
            _kept.put(key, found)
        return found


def forget_analyses() -> None:
    """Keep nothing; the next question is worked out again."""
    _kept.clear()
