"""Start the dashboard: Solara behind the guard, on one port, without a network."""

from __future__ import annotations

import importlib.util
import os
import socket
import threading
from typing import TYPE_CHECKING

from sim.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["INSTALL", "LOOPBACK", "check_installed", "check_origins", "check_sessions", "missing", "serve"]

INSTALL = "pip install 'partnership-dynamics[dashboard]'"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_NEEDED = ("solara", "solara_assets", "anywidget", "ipyvuetify", "uvicorn")
_SETTINGS = {
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_THEME_TITLE": "Partnership dynamics",
    "SOLARA_KERNEL_CULL_TIMEOUT": "30m",
    "SOLARA_ASSETS_PROXY": "true",
    "SOLARA_MODE": "production",
}


def missing() -> list[str]:
    """Name the packages of the extra ``dashboard`` that are not installed."""
    return [name for name in _NEEDED if importlib.util.find_spec(name) is None]


def check_installed() -> None:
    """Refuse to start without the extra.

    Raises
    ------
    InputError
        A package is missing: the line says how to install it.
    """
    lacking = missing()
    if lacking:
        raise InputError(f"dashboard: {', '.join(lacking)} not found, install with {INSTALL}")


def check_origins(text: str) -> tuple[str, ...]:
    """Read the origins that may connect besides the server itself, separated by commas.

    Raises
    ------
    InputError
        One is no origin.
    """
    found = tuple(part.strip().rstrip("/") for part in text.split(",") if part.strip())
    for origin in found:
        scheme, separator, rest = origin.partition("://")
        if scheme not in ("http", "https") or not separator or not rest or "/" in rest:
            raise InputError(f"SIM_DASHBOARD_ORIGINS: found {origin!r}, expected https://name or https://name:port")
    return found


def check_sessions(text: str) -> int | None:
    """Read the most sessions at a time; None where nothing is said.

    Raises
    ------
    InputError
        It is no whole number from 1 to 10,000.
    """
    if not text.strip():
        return None
    if not text.strip().isdecimal() or not 1 <= int(text) <= 10_000:
        raise InputError(f"SIM_DASHBOARD_SESSIONS: found {text!r}, expected a whole number from 1 to 10,000")
    return int(text)


def serve(
    host: str = "127.0.0.1",
    port: int = 8765,
    path: str = "/",
    *,
    origins: Iterable[str] = (),
    sessions: int | None = None,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve the dashboard until it is stopped.

    Parameters
    ----------
    host, port
        Where to listen; port 0 takes a free one.
    path
        First page.
    origins
        Origins that may connect besides the server itself.
    sessions
        Most sessions at a time.
    ready
        Called with the address as soon as pages are served.

    Raises
    ------
    InputError
        The extra is missing, or the port cannot be used.
    """
    check_installed()
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    os.environ["SOLARA_APP"] = "sim.dashboard.app"
    if "SOLARA_SESSION_SECRET_KEY" not in os.environ:
        os.environ["SOLARA_SESSION_SECRET_KEY"] = os.urandom(24).hex()
    listener = _listen(host, port)

    from sim.dashboard.upkeep import Upkeep, few_heaps

    few_heaps()
    _warm_up()
    found = listener.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{'localhost' if host in LOOPBACK else shown}:{found}{path}"

    import uvicorn
    from solara.lab import on_kernel_start
    from solara.server import kernel_context, settings
    from solara.server.starlette import app

    from sim.dashboard.guard import LARGEST_FRAME, MOST_SESSIONS, Guard

    settings.main.mode = "production"
    on_kernel_start(Upkeep(lambda: len(kernel_context.contexts)).session_began)
    guard = Guard(app, origins, MOST_SESSIONS if sessions is None else sessions)
    config = uvicorn.Config(guard, log_level="error", access_log=False, ws_max_size=2 * LARGEST_FRAME, lifespan="on")
    server = uvicorn.Server(config)
    if ready is not None:
        threading.Thread(target=_tell, args=(server, ready, address), daemon=True).start()
    server.run(sockets=[listener])


def _warm_up() -> None:
    """Compile, or load, the rules before anybody waits for a page."""
    from sim.dashboard.engine import FIRST_WORLDS, compared
    from sim.dashboard.state import View
    from sim.dashboard.trajectory import trajectory

    compared(View(), FIRST_WORLDS)
    trajectory(View().a.scenario)


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        raise InputError(f"--host {host} --port {port}: cannot be used ({reason}), expected a free port") from None
    return listener


def _tell(server: object, ready: Callable[[str], None], address: str) -> None:
    while not getattr(server, "started", False):
        if getattr(server, "should_exit", False):
            return
        threading.Event().wait(0.05)
    ready(address)
