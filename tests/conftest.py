"""What all tests have in common: their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright's event loop runs on in this thread, and others need their own."""
    items.sort(key=lambda item: "browser" in item.path.parts)
