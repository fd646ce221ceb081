"""The doors of the dashboard, tried from outside: real requests to the server that the command starts."""

from __future__ import annotations

import hashlib
import http.client
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from sim.dashboard.server import _FOLDERS, missing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(bool(missing()), reason="the extra dashboard is not installed")

FILES = "/_solara/cdn"
CHART = f"{FILES}/echarts@5.4.0/dist/echarts.js"
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
        "SOLARA_ASSETS_PROXY_CACHE_DIR": str(assets),
        # An environment cannot bring the proxy back.
        "SOLARA_ASSETS_PROXY": "true",
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
    for folder in _FOLDERS:
        shutil.copytree(settings.assets.proxy_cache_dir / folder, root / folder)
    (root / NOT_OURS).mkdir()
    (root / NOT_OURS / "page.html").write_text("<script>alert(1)</script>")
    (root / "echarts@5.4.0" / "package.json").write_text("{}")
    (root / "requirejs@2.3.6" / "way-out.js").symlink_to(root / NOT_OURS / "page.html")
    return root


@pytest.fixture(scope="module")
def server(assets: Path) -> Iterator[Server]:
    yield from _served(assets)


# --- files


def test_files_that_pages_load_are_served_as_they_are(server: Server) -> None:
    assert server("HEAD", CHART)[0].status == 200
    for folder in _FOLDERS:
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
