"""The doors of the dashboard, tried from outside: real requests to the server that the command starts."""

from __future__ import annotations

import base64
import hashlib
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from sim.cli import run_command
from sim.dashboard.server import FOLDERS, missing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(bool(missing()), reason="the extra dashboard is not installed")

FILES = "/_solara/cdn"
CHART = f"{FILES}/echarts@5.4.0/dist/echarts.js"
STUDIO = "https://studio.example"
NOT_OURS = "not-ours@1.0.0"


@dataclass
class Server:
    """A running dashboard; its assets are a copy, so that nothing is lost if a test fails."""

    port: int
    assets: Path

    def __call__(
        self,
        method: str,
        path: str,
        headers: tuple[tuple[str, str], ...] | None = None,
        address: str = "127.0.0.1",
        body: bytes = b"",
    ) -> tuple[http.client.HTTPResponse, bytes]:
        """Send one request exactly as it is written, with no header but the given ones."""
        connection = http.client.HTTPConnection(address, self.port, timeout=30)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in (("Host", self.name),) if headers is None else headers:
            connection.putheader(name, value)
        if body:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body or None)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer, content

    @property
    def name(self) -> str:
        return f"localhost:{self.port}"

    def shake_hands(self, host: str, origin: str | None, address: str = "127.0.0.1") -> int:
        """Ask for a websocket of a session; 101 is a yes."""
        key = base64.b64encode(os.urandom(16)).decode()
        headers = [("Host", host), ("Connection", "Upgrade"), ("Upgrade", "websocket")]
        headers += [("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", key)]
        if origin is not None:
            headers.append(("Origin", origin))
        return self("GET", "/jupyter/api/kernels/k/channels?session_id=p", tuple(headers), address)[0].status

    def digest(self) -> str:
        """Names, times and bytes of all assets."""
        found = hashlib.sha256()
        for path in sorted(self.assets.rglob("*")):
            found.update(f"{path.relative_to(self.assets)} {path.lstat().st_mtime_ns}".encode())
            if path.is_file():
                found.update(path.read_bytes())
        return found.hexdigest()


def _served(assets: Path, *options: str) -> Iterator[Server]:
    environment = {
        **os.environ,
        "SIM_DASHBOARD_ORIGINS": f"{STUDIO}:443",
        "SOLARA_ASSETS_PROXY_CACHE_DIR": str(assets),
        # An environment cannot bring the proxy back, nor hand the cookie to scripts.
        "SOLARA_ASSETS_PROXY": "true",
        "SOLARA_SESSION_HTTP_ONLY": "false",
    }
    command = [sys.executable, "-m", "sim", "dashboard", "--port", "0", "--no-browser", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment)
    assert process.stdout is not None
    try:
        port = urlsplit(process.stdout.readline().split()[1]).port
        assert port is not None
        yield Server(port, assets)
    finally:
        process.terminate()
        process.communicate(timeout=20)


@pytest.fixture(scope="module")
def assets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the assets that pages load, a package that they do not, and a way out of a folder."""
    from solara.server import settings

    root = tmp_path_factory.mktemp("assets")
    for folder in FOLDERS:
        shutil.copytree(settings.assets.proxy_cache_dir / folder, root / folder)
    (root / NOT_OURS).mkdir()
    (root / NOT_OURS / "page.html").write_text("<script>alert(1)</script>")
    (root / "echarts@5.4.0" / "package.json").write_text("{}")
    (root / "requirejs@2.3.6" / "way-out.js").symlink_to(root / NOT_OURS / "page.html")
    return root


@pytest.fixture(scope="module")
def server(assets: Path) -> Iterator[Server]:
    for one in _served(assets):
        # The first visitor of all lies about where we are; nobody may suffer from that.
        one("GET", "/", (("Host", one.name), ("X-Script-Name", "//evil.example"), ("X-Forwarded-Host", "evil.example")))
        yield one


@pytest.fixture(scope="module", params=["0.0.0.0", "::"])
def open_server(assets: Path, request: pytest.FixtureRequest) -> Iterator[Server]:
    if request.param == "::" and not (socket.has_ipv6 and socket.has_dualstack_ipv6()):
        pytest.skip("no IPv6 here")
    yield from _served(assets, "--host", request.param)


# --- files


def test_files_that_pages_load_are_served_as_they_are(server: Server) -> None:
    assert server("HEAD", CHART)[0].status == 200
    for folder in FOLDERS:
        file = next(
            path for path in sorted((server.assets / folder).iterdir()) if path.suffix in (".js", ".css", ".woff")
        )
        answer, content = server("GET", f"{FILES}/{folder}/{file.name}")
        assert answer.status == 200
        assert content == file.read_bytes()


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/@widgetti",
        "/@widgetti/solara-vuetify-app@10.1.1",
        "/@widgetti/solara-vuetify-app@10.1.1/dist",
        "/echarts@5.4.0",
        "/echarts@5.4.0/",
        "/echarts@5.4.0/dist",
        "/echarts@5.4.0/dist/",
        "/echarts@5.4.0/dist/extension",
        "/echarts@5.4.0/dist/nothing.js",
        "/echarts@5.4.0/package.json",
        "/nothing-like-it@1.0.0",
        "/nothing-like-it@1.0.0/page.html",
        f"/{NOT_OURS}",
        f"/{NOT_OURS}/page.html",
        "/requirejs@2.3.6/way-out.js",
        "/echarts@5.4.0/dist/../package.json",
        "/echarts@5.4.0/dist/%2e%2e/package.json",
        "/echarts@5.4.0/dist/..%2fpackage.json",
        "/echarts@5.4.0/dist/%252e%252e%252fpackage.json",
        "/echarts@5.4.0/dist/..%5cpackage.json",
        "/requirejs@2.3.6/..",
        "/requirejs@2.3.6/.",
        "/..",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/echarts@5.4.0/dist//etc/passwd",
        "/echarts@5.4.0/dist/%2fetc%2fpasswd",
        "/echarts@5.4.0/dist/%00",
        "/echarts@5.4.0/dist/" + "x" * 300,
    ],
)
def test_nothing_else_is_served_and_nothing_changes(server: Server, path: str) -> None:
    before = server.digest()
    for method in ("GET", "HEAD"):
        answer, content = server(method, FILES + path)
        assert answer.status == 404
        assert answer.getheader("content-type", "").startswith("text/plain")
        assert len(content) < 100
    assert server.digest() == before


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "MOVE", "get"])
def test_files_are_only_read(server: Server, method: str) -> None:
    before = server.digest()
    for path in (CHART, f"{FILES}/echarts@5.4.0/dist/new.js"):
        assert server(method, path, body=b"x" if method in ("POST", "PUT") else b"")[0].status == 405
    assert server(method, f"{FILES}/echarts@5.4.0")[0].status in (404, 405)
    assert server.digest() == before


def test_missing_assets_are_said_in_one_line(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sim", "dashboard", "--port", "0", "--no-browser"]
    environment = {**os.environ, "SOLARA_ASSETS_PROXY_CACHE_DIR": str(tmp_path)}
    found = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert found.returncode == 2
    assert len(found.stderr.strip().splitlines()) == 1
    assert "install solara-assets again" in found.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "path", ["/resourcez", "/resourcez?verbose", "/readyz", "/_solara/api/evict/k", "/jupyter/api/kernels/k"]
)
def test_routes_that_no_page_needs_are_not_there(server: Server, path: str) -> None:
    for method in ("GET", "POST"):
        assert server(method, path)[0].status in (404, 405)


# --- names and origins

GOOD_HOSTS = ["localhost:{port}", "127.0.0.1:{port}", "[::1]:{port}", "LOCALHOST:{port}", "studio.example"]
BAD_HOSTS = [
    "evil.example", "evil.example:{port}", "localhost.evil.example:{port}", "127.0.0.1.evil.example:{port}",
    "localhost", "localhost:1", "localhost:{port}@evil.example", "evil.example@localhost:{port}", "localhost.:{port}",
    "0.0.0.0:{port}", "127.0.0.2:{port}", "[::]:{port}", "studio.example:{port}", "x.studio.example", "*", "",
]  # fmt: skip


@pytest.mark.parametrize("host", GOOD_HOSTS)
def test_names_of_our_own_are_served(server: Server, host: str) -> None:
    host = host.format(port=server.port)
    assert server("GET", "/", (("Host", host),))[0].status == 200
    assert server.shake_hands(host, f"http://{host.lower()}") == 101


@pytest.mark.parametrize("host", BAD_HOSTS)
def test_a_foreign_name_is_refused(server: Server, host: str) -> None:
    host = host.format(port=server.port)
    for path in ("/", CHART, "/static/assets/style.css"):
        answer, content = server("GET", path, (("Host", host),))
        assert answer.status == 400
        assert len(content) < 200
    # The page of a name that was pointed here agrees with itself; one of another site may name an origin of ours.
    for origin in (f"http://{host}", f"https://{host}", STUDIO, f"http://{server.name}"):
        assert server.shake_hands(host, origin) == 400


def test_no_name_and_two_names_are_refused(server: Server) -> None:
    assert server("GET", "/", ())[0].status == 400
    for one, two in ((server.name, "evil.example"), ("evil.example", server.name)):
        assert server("GET", "/", (("Host", one), ("Host", two)))[0].status == 400
    forwarded = (("Host", "evil.example"), ("X-Forwarded-Host", server.name))
    assert server("GET", "/", forwarded)[0].status == 400


@pytest.mark.parametrize(
    "origin",
    [
        "ftp://{name}", "ws://{name}", "file://{name}", "chrome-extension://{name}", "//{name}", "{name}", "null", "",
        None, "http://{name}/", "http://x@{name}", "http://{name}.evil.example", "http://localhost:1",
        "http://127.0.0.1:{port}", "https://evil.example", "ftp://studio.example", "http://studio.example",
        "https://studio.example.evil.example",
    ],
)  # fmt: skip
def test_a_foreign_origin_gets_no_session(server: Server, origin: str | None) -> None:
    origin = origin and origin.format(name=server.name, port=server.port)
    assert server.shake_hands(server.name, origin) == 403


def test_our_origin_and_named_ones_get_a_session(server: Server) -> None:
    for origin in (f"http://{server.name}", f"https://{server.name}", STUDIO):
        assert server.shake_hands(server.name, origin) == 101
    assert server.shake_hands("studio.example", STUDIO) == 101


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have but one address of their own")
def test_listening_everywhere_knows_the_address_that_was_called(open_server: Server) -> None:
    for called in ("127.0.0.1", "127.0.0.2"):
        own = f"{called}:{open_server.port}"
        assert open_server("GET", "/", (("Host", own),), called)[0].status == 200
        assert open_server.shake_hands(own, f"http://{own}", called) == 101
        foreign = f"evil.example:{open_server.port}"
        assert open_server("GET", "/", (("Host", foreign),), called)[0].status == 400
        assert open_server.shake_hands(foreign, f"http://{foreign}", called) == 400


@pytest.mark.parametrize("host", ["", " "])
def test_an_empty_address_is_refused_in_one_line(capsys: Any, host: str) -> None:
    assert run_command(["dashboard", "--host", host, "--no-browser"]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.strip().splitlines()) == 1
    assert "--host: found" in said.err


@pytest.mark.parametrize(
    "origin",
    ["ftp://a", "ws://a", "//a", "a", "https://", "https://a/b", "https://a?b", "https://a#b", "https://b@a",
     "https://*", "https://a:b", "https://a b", "https://a:1:2", "https://[a", "https://a\\b"],
)  # fmt: skip
def test_only_web_origins_can_be_named(capsys: Any, monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    monkeypatch.setenv("SIM_DASHBOARD_ORIGINS", f"https://a, {origin}")
    assert run_command(["dashboard", "--no-browser", "--scenario", "nothing-like-it"]) == 2
    said = capsys.readouterr().err
    assert len(said.strip().splitlines()) == 1
    assert "SIM_DASHBOARD_ORIGINS" in said


# --- what pages may do


def test_pages_load_and_call_nothing_but_this_server(server: Server) -> None:
    seen = set()
    for path in ("/", "/compare", "/", CHART, "/nothing"):
        answer, content = server("GET", path, (("Host", server.name), ("Accept", "text/html")))
        policy = answer.getheader("content-security-policy") or ""
        rules = {rule.split()[0]: rule.split()[1:] for rule in policy.split("; ")}
        for name in ("default-src", "object-src", "base-uri", "form-action", "frame-ancestors"):
            assert rules[name] == ["'none'"]
        assert rules["connect-src"] == ["'self'"]
        assert "'unsafe-inline'" not in rules["script-src"]
        # Nobody's host, no scheme that others can use, no star.
        words = {word for rule in rules.values() for word in rule}
        assert all(word in ("data:", "blob:") or re.fullmatch(r"'[\w=-]+'", word) for word in words)
        assert answer.getheader("x-frame-options") == "DENY"
        nonces = [word for word in rules["script-src"] if "nonce" in word]
        if b"<html" not in content:
            assert nonces == []
            continue
        assert len(nonces) == 1
        seen.add(nonces[0])
        nonce = nonces[0].strip("'").removeprefix("nonce-")
        scripts = re.findall(rb"<script[^>]*>", content)
        assert len(scripts) > 5
        assert all(f'nonce="{nonce}"'.encode() in script for script in scripts)
        assert b"evil.example" not in content
        assert not re.search(rb"<(script|link|img|iframe)[^>]*(src|href)=.(https?:)?//", content)
        assert b'solara.cdn = "/_solara/cdn"' in content
    assert len(seen) == 3


def test_the_cookie_is_for_this_site_only_and_no_script_reads_it(server: Server) -> None:
    for extra in ((), (("X-Forwarded-Proto", "https"),)):
        answer, _ = server("GET", "/", (("Host", server.name), *extra))
        cookies = answer.headers.get_all("set-cookie") or []
        assert cookies
        for cookie in cookies:
            parts = {part.strip().lower() for part in cookie.split(";")}
            assert {"httponly", "samesite=lax"} <= parts
            assert ("secure" in parts) or not extra
