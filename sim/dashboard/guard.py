"""The door of the dashboard: who may connect, how many, and how much they may send."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, MutableMapping

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    Application = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_SESSIONS = 40
#: Bytes of one websocket message or one request body; a scenario file is far smaller.
LARGEST_FRAME = 512_000
_TOO_MANY, _FOREIGN, _TOO_LARGE = 1013, 1008, 1009
_VIEWPORT = re.compile(rb'<meta name="viewport"[^>]*>')
_GOOD_VIEWPORT = b'<meta name="viewport" content="width=device-width, initial-scale=1">'
#: Solara's own bar and circles of waiting have no name for people who listen.
_WAITING = re.compile(rb"<v-progress-(linear|circular)(?![^>]*aria-label)")
_NAMED = rb'<v-progress-\1 aria-label="Loading"'
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)
#: Vue compiles its templates in the browser (unsafe-eval), Vuetify writes styles into the page, and anywidget loads
#: the player by way of a blob; fonts and pictures of charts come as data.
_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-eval' blob:{nonce}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_SCRIPT = re.compile(rb"<script(?=[\s>])")
#: Solara asks for this where it may be shown in frames of others; this dashboard may not.
_CROSS_SITE = re.compile(rb"(?i)samesite=none")


class KnownHosts:
    """Serve an ASGI application to those only who call it by a name of its own.

    A page elsewhere can let its name point to this computer (DNS rebinding), and then counts as ours to a browser;
    the Host header still holds that name. Starlette's TrustedHostMiddleware knows neither ports nor the addresses of
    a computer that listens on all of them: the address that a connection came to is a name of ours as well.

    Parameters
    ----------
    application
        What is served.
    hosts
        Names, with the port unless it is the usual one, such as ``localhost:8765``.
    """

    def __init__(self, application: Application, hosts: Iterable[str]) -> None:
        self.application = application
        self.hosts = frozenset(host.lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "lifespan" or self.known(scope):
            await self.application(scope, receive, send)
            return
        refusal = "This host is not known here; SIM_DASHBOARD_ORIGINS can name it (docs/hosting.md).\n"
        await PlainTextResponse(refusal, status_code=400)(scope, receive, send)

    def known(self, scope: Scope) -> bool:
        """Tell whether the one Host header is a name of this server."""
        found = [value.decode("latin-1").lower() for name, value in scope["headers"] if name == b"host"]
        own = set(self.hosts)
        if scope.get("server"):
            own.update(host_names(*scope["server"]))
        return len(found) == 1 and found[0] in own


def host_names(host: str, port: int) -> tuple[str, ...]:
    """Write a name or an address and a port as browsers do in their Host header."""
    host = host.removeprefix("::ffff:")  # an IPv4 caller of an IPv6 socket
    host = f"[{host}]" if ":" in host else host
    return (f"{host}:{port}", host) if port == 80 else (f"{host}:{port}",)


class Guard:
    """Stand in front of an ASGI application.

    Websockets are refused unless they come from a page of this server (their Origin names the host that they
    connect to, or one of ``origins``), beyond ``sessions`` open ones, and closed when a message is larger than
    ``frame`` bytes. Pages get a language and may be zoomed, and their bars of waiting a name. They load and call
    nothing but this server, their scripts are the ones that it wrote, and nobody may frame them.

    Parameters
    ----------
    application
        What is guarded.
    origins
        Further origins that may connect, such as ``https://dashboard.example.org``.
    sessions, frame
        Most open websockets, most bytes of a message.
    """

    def __init__(
        self,
        application: Application,
        origins: Iterable[str] = (),
        sessions: int = MOST_SESSIONS,
        frame: int = LARGEST_FRAME,
    ) -> None:
        self.application = application
        self.origins = frozenset(as_sent(origin) for origin in origins)
        self.sessions = sessions
        self.frame = frame
        self.open = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        elif scope["type"] == "http":
            await self._http(scope, receive, send)
        else:
            await self.application(scope, receive, send)

    def allowed(self, headers: Iterable[tuple[bytes, bytes]]) -> bool:
        """Tell whether a websocket comes from a page of this server."""
        found = {name.lower(): value.decode("latin-1").lower() for name, value in headers}
        origin, host = found.get(b"origin", ""), found.get(b"host", "")
        return origin in self.origins or (bool(host) and origin in (f"http://{host}", f"https://{host}"))

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not self.allowed(scope["headers"]):
            await receive()
            await send({"type": "websocket.close", "code": _FOREIGN, "reason": "foreign origin"})
            return
        if self.open >= self.sessions:
            await receive()
            await send({"type": "websocket.close", "code": _TOO_MANY, "reason": "too many sessions"})
            return

        async def bounded() -> Message:
            message = await receive()
            content = message.get("bytes") or message.get("text") or b""
            size = len(content.encode() if isinstance(content, str) else content)
            if message["type"] == "websocket.receive" and size > self.frame:
                await send({"type": "websocket.close", "code": _TOO_LARGE, "reason": "message too large"})
                return {"type": "websocket.disconnect", "code": _TOO_LARGE}
            return message

        self.open += 1
        try:
            await self.application(scope, bounded, send)
        finally:
            self.open -= 1

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if scope["method"] not in ("GET", "HEAD", "OPTIONS", "POST") or not length.isdigit():
            await _refuse(send, 405)
            return
        if int(length) > self.frame:
            await _refuse(send, 413)
            return
        page = _Page(send)
        # A page is patched as it passes: it has to come unpacked.
        headers = [
            (name, value) for name, value in scope["headers"] if name != b"accept-encoding" or not _is_page(scope)
        ]
        await self.application({**scope, "headers": headers}, receive, page)


def _is_page(scope: Scope) -> bool:
    accept = dict(scope["headers"]).get(b"accept", b"")
    return b"text/html" in accept


def as_sent(origin: str) -> str:
    """Write an origin as browsers send it: small letters, no slash, no usual port."""
    origin = origin.lower().rstrip("/")
    return origin.removesuffix(":443" if origin.startswith("https:") else ":80")


async def _refuse(send: Send, status: int) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", b"0")]})
    await send({"type": "http.response.body", "body": b""})


class _Page:
    """Passes a response on; HTML is collected, given a language, and allowed to be zoomed."""

    def __init__(self, send: Send) -> None:
        self.send = send
        self.start: Message | None = None
        self.parts: list[bytes] = []
        self.nonce = os.urandom(16).hex()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [
                (name, _CROSS_SITE.sub(b"SameSite=Lax", value) if name == b"set-cookie" else value)
                for name, value in message.get("headers", ())
            ]
            kinds = [value for name, value in headers if name.lower() == b"content-type"]
            packed = any(name.lower() == b"content-encoding" for name, _ in headers)
            page = bool(kinds) and kinds[0].startswith(b"text/html") and not packed
            policy = _POLICY.format(nonce=f" 'nonce-{self.nonce}'" if page else "")
            headers += [*_HEADERS, (b"content-security-policy", policy.encode())]
            message = {**message, "headers": headers}
            if page:
                self.start = message
                return
            await self.send(message)
        elif self.start is None or message["type"] != "http.response.body":
            await self.send(message)
        else:
            self.parts.append(message.get("body", b""))
            if message.get("more_body"):
                return
            body = _VIEWPORT.sub(_GOOD_VIEWPORT, b"".join(self.parts), count=1)
            body = _WAITING.sub(_NAMED, body)
            body = _SCRIPT.sub(b'<script nonce="%s"' % self.nonce.encode(), body)
            body = re.sub(rb"<html(?![^>]*\blang=)", b'<html lang="en"', body, count=1)
            headers = [pair for pair in self.start["headers"] if pair[0].lower() != b"content-length"]
            headers.append((b"content-length", str(len(body)).encode()))
            await self.send({**self.start, "headers": headers})
            await self.send({"type": "http.response.body", "body": body})
