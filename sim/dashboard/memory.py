"""Memory of the process that serves: few heaps while people come, and back to the start when they have gone."""

from __future__ import annotations

import ctypes
import gc
import threading
from typing import TYPE_CHECKING

from sim.dashboard.analyses import forget_analyses
from sim.dashboard.engine import empty_cache
from sim.dashboard.state import scenario_of

if TYPE_CHECKING:
    from collections.abc import Callable

#: glibc's parameter M_ARENA_MAX of mallopt(3): heaps that threads share.
_ARENA_MAX, _HEAPS = -8, 2


def few_heaps() -> None:
    """Let all threads share two heaps; call it before there are threads.

    glibc gives every thread a heap of its own, up to eight a core, and each keeps what it once needed. Solara serves
    every session in a thread. Other C libraries have nothing to set here.
    """
    mallopt = getattr(_libc(), "mallopt", None)
    if mallopt is not None:
        mallopt(_ARENA_MAX, _HEAPS)


def _trim() -> None:
    """Hand free pages of the heaps back to the system."""
    trim = getattr(_libc(), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _libc() -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL(None)
    except (OSError, TypeError):  # no such thing on Windows
        return None


class Memory:
    """Tidies up a little after sessions ended, once for all that ended together.

    Parameters
    ----------
    open_sessions
        Says how many there are; ensembles are dropped only when there is none.
    delay
        Seconds between the end of a session and tidying up.
    """

    def __init__(self, open_sessions: Callable[[], int], delay: float = 5.0) -> None:
        self._open = open_sessions
        self._delay = delay
        self._lock = threading.Lock()
        self._planned = False

    def session_began(self) -> Callable[[], None]:
        """Return what to call at its end: the shape of Solara's `on_kernel_start`."""
        return self.session_ended

    def session_ended(self) -> None:
        """Plan to tidy up."""
        with self._lock:
            if self._planned:
                return
            self._planned = True
        timer = threading.Timer(self._delay, self.tidy)
        timer.daemon = True
        # Solara ties a thread to the session that starts it; this one has to outlive the session.
        timer.current_context = None  # type: ignore[attr-defined]
        timer.start()

    def tidy(self) -> None:
        """Collect what ended sessions left, drop ensembles that nobody looks at, hand memory back."""
        with self._lock:
            self._planned = False
        if not self._open():
            empty_cache()
            forget_analyses()
            scenario_of.cache_clear()
        gc.collect()
        _trim()
