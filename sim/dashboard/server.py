"""Start the dashboard: Solara behind the guard, on one port, without a network."""

from __future__ import annotations

import importlib.util
import os
import re
import socket
import threading
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sim.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from sim.dashboard.guard import KnownHosts

INSTALL = "pip install 'partnership-dynamics[dashboard]'"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_NEEDED = ("solara", "solara_assets", "anywidget", "ipyvuetify", "uvicorn")
_SETTINGS = {
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "false",
    "SOLARA_THEME_SHOW_BANNER": "false",
    "SOLARA_THEME_TITLE": "Partnership dynamics",
    "SOLARA_KERNEL_CULL_TIMEOUT": "30m",
    "SOLARA_MODE": "production",
}
#: Solara's routes that pages need. The others report on the process, or end sessions for tests.
_ROUTES = (
    "/jupyter/api/kernels/{kernel_id}/{name}",
    "/_solara/api/close/{kernel_id}",
    "/jupyter/nbextensions",
    "/static/assets",
    "/static",
    "/",
    "/{fullpath}",
    "/{fullpath:path}",
)
#: Folders of solara-assets that pages load from, and where pages look for them.
FOLDERS = (
    "@widgetti/solara-vuetify-app@10.1.1/dist",
    "echarts@5.4.0/dist",
    "font-awesome@4.5.0/css",
    "font-awesome@4.5.0/fonts",
    "requirejs@2.3.6",
)
_ASSETS = "/_solara/cdn"
_ORIGIN = re.compile(r"https?://([\w.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?", re.ASCII | re.IGNORECASE)


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


def check_host(host: str) -> None:
    """Refuse an empty address, which would listen on all there are.

    Raises
    ------
    InputError
        It is empty.
    """
    if not host.strip():
        raise InputError(f"--host: found {host!r}, expected an address of this computer, such as 127.0.0.1")


def check_origins(text: str) -> tuple[str, ...]:
    """Read the origins that may connect besides the server itself, separated by commas.

    Raises
    ------
    InputError
        One is no origin.
    """
    found = tuple(part.strip().rstrip("/") for part in text.split(",") if part.strip())
    for origin in found:
        if not _ORIGIN.fullmatch(origin):
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


def application(
    host: str = "127.0.0.1", port: int = 8765, origins: Iterable[str] = (), sessions: int | None = None
) -> KnownHosts:
    """Make the whole ASGI application: what Solara serves to pages, behind the guard.

    Parameters
    ----------
    host, port
        Where it will listen.
    origins
        Origins that may connect besides the server itself; it may be called by their names.
    sessions
        Most sessions at a time.

    Raises
    ------
    InputError
        Files that pages load are missing.
    """
    import solara.settings
    from solara.server import settings
    from solara.server import starlette as served
    from starlette.applications import Starlette
    from starlette.routing import Mount, Router

    from sim.dashboard.guard import MOST_SESSIONS, Guard, KnownHosts, as_sent, host_names

    # Solara's proxy fetches what it lacks from a network, and deletes folders that are asked for: files only, here.
    root = settings.assets.proxy_cache_dir
    lacking = [folder for folder in FOLDERS if not (root / folder).is_dir()]
    if lacking:
        raise InputError(f"dashboard: {', '.join(lacking)} not found below {root}, install solara-assets again")
    settings.main.mode = "production"
    settings.main.root_path = settings.main.root_path or ""  # else the first visitor's headers would say it
    settings.session.http_only = True
    solara.settings.assets.proxy = False
    solara.settings.assets.cdn = settings.main.root_path + _ASSETS
    folders = [Mount(f"/{name}", served.StaticFilesOptionalAuth(directory=root / name)) for name in FOLDERS]
    files = Mount(_ASSETS, Router(folders, redirect_slashes=False))
    routes = [route for route in served.routes if route.path in _ROUTES]
    app = Starlette(routes=[files, *routes], lifespan=served.lifespan, middleware=served.middleware)
    origins = [as_sent(origin) for origin in origins]
    hosts = [name for one in (*LOOPBACK, host) for name in host_names(one, port)]
    hosts += [urlsplit(origin).netloc for origin in origins]
    return KnownHosts(Guard(app, origins, MOST_SESSIONS if sessions is None else sessions), hosts)


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
        Origins that may connect besides the server itself; it may be called by their names.
    sessions
        Most sessions at a time.
    ready
        Called with the address as soon as pages are served.

    Raises
    ------
    InputError
        The extra is missing, or the address or the port cannot be used.
    """
    check_installed()
    check_host(host)
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    os.environ["SOLARA_APP"] = "sim.dashboard.app"
    if "SOLARA_SESSION_SECRET_KEY" not in os.environ:
        os.environ["SOLARA_SESSION_SECRET_KEY"] = os.urandom(24).hex()
    listener = _listen(host, port)

    from sim.dashboard.memory import Memory, few_heaps

    few_heaps()
    _warm_up()
    found = listener.getsockname()[1]
    shown = f"[{host}]" if ":" in host else host
    address = f"http://{'localhost' if host in LOOPBACK else shown}:{found}{path}"

    import uvicorn
    from solara.lab import on_kernel_start
    from solara.server import kernel_context

    from sim.dashboard.guard import LARGEST_FRAME

    on_kernel_start(Memory(lambda: len(kernel_context.contexts)).session_began)
    whole = application(host, found, origins, sessions)
    config = uvicorn.Config(whole, log_level="error", access_log=False, ws_max_size=2 * LARGEST_FRAME, lifespan="on")
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
