"""A dashboard on a free port, and a browser that has no network: whatever is not local fails the test."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
PATIENCE = 120_000  # the first start compiles the rules


def _lacking() -> str:
    """Say what is missing for these tests, empty if nothing is."""
    from importlib.util import find_spec

    if find_spec("playwright") is None:
        return "playwright is not installed (pip install -e '.[dev]')"
    from sim.dashboard.server import INSTALL, missing

    if missing():
        return f"the extra dashboard is not installed ({INSTALL})"
    if CHROMIUM is None:
        return "no chromium found (apt-get install chromium, or set CHROMIUM)"
    return ""


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Start the dashboard as users do, and return its address."""
    lacking = _lacking()
    if lacking:
        if os.environ.get("CI"):
            pytest.fail(f"browser tests may not be skipped in CI: {lacking}")
        pytest.skip(lacking)
    command = [sys.executable, "-m", "sim", "dashboard", "--port", "0", "--no-browser"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        first = process.stdout.readline()
        if not first.startswith("dashboard: http://"):
            process.kill()
            pytest.fail(f"no address: {first!r} {process.communicate()[1][-2000:]}")
        yield first.split()[1].rstrip("/")
    finally:
        process.terminate()
        process.communicate(timeout=20)


@pytest.fixture(scope="session")
def chromium(address: str) -> Iterator[Any]:
    """A browser of the system."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Visitor:
    """Somebody with a browser of their own; complaints are what must not happen."""

    def __init__(self, browser: Any, address: str, width: int = 1600, height: int = 900) -> None:
        self.address = address
        self.context = browser.new_context(viewport={"width": width, "height": height}, accept_downloads=True)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("request", self._request)
        self.page.on("response", self._response)
        self.page.set_default_timeout(30_000)

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(f"console: {message.text}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:", "blob:", self.address.replace("http", "ws"))):
            self.complaints.append(f"not local: {request.url}")

    def _response(self, response: Any) -> None:
        if response.status >= 400:
            self.complaints.append(f"{response.status}: {response.url}")

    def open(self, path: str, until: str) -> Any:
        """Open a page and wait until something of it is there."""
        self.page.goto(self.address + path)
        self.page.wait_for_selector(until, timeout=PATIENCE)
        return self.page


@pytest.fixture
def visitors(chromium: Any, address: str) -> Iterator[Any]:
    """Make visitors; none of them may have met an error at the end."""
    made: list[Visitor] = []

    def make(width: int = 1600, height: int = 900) -> Visitor:
        made.append(Visitor(chromium, address, width, height))
        return made[-1]

    yield make
    complaints = [text for visitor in made for text in visitor.complaints]
    for visitor in made:
        visitor.context.close()
    assert complaints == []


@pytest.fixture
def visitor(visitors: Any) -> Visitor:
    """One visitor at a desk."""
    return visitors()
