"""axe-core finds no serious and no critical violation on any page, at a desk, on a wall and on a phone."""

from __future__ import annotations

from typing import Any

import pytest

#: Page, and what is there once it is drawn.
PAGES = {
    "/": ".pd-door",
    "/explore": ".pd-chart[data-painted]",
    "/compare": ".pd-chart[data-painted]",
    "/why": "[data-ready]",
    "/lesson": "[data-id=campaign]",
    "/report": ".pd-table",
    "/about": ".pd-glossary",
    "/notes": ".pd-notes",
}
_DENSE = ("/", "/explore", "/compare", "/report")
#: All pages at a desk; those with most on them in projector mode on a wall and on a phone.
SCREENS = {"desk": (1600, 900, tuple(PAGES)), "wall": (1920, 1080, _DENSE), "phone": (390, 844, _DENSE)}
SEVERE = ("serious", "critical")


def violations(page: Any) -> list[str]:
    """What axe-core calls serious or critical: rule, place, and what to do."""
    from axe_playwright_python.base import AXE_SCRIPT

    # The file names AMD's `define` first where a page has one, as Solara's pages do.
    page.evaluate(f"(() => {{ const define = undefined, module = undefined; {AXE_SCRIPT} }})()")
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations'], preload: false})")["violations"]
    return [
        f"{rule['id']} ({rule['impact']}) {node['target']}: {' '.join(node['failureSummary'].split())[:200]}"
        for rule in found
        if rule["impact"] in SEVERE
        for node in rule["nodes"]
    ]


def test_axe_would_notice(visitor: Any) -> None:
    page = visitor.open("/", PAGES["/"])
    page.evaluate("document.querySelector('.pd-door').insertAdjacentHTML('beforeend', '<input id=unnamed>')")
    assert any("#unnamed" in text for text in violations(page))


@pytest.mark.parametrize("screen", SCREENS)
def test_no_page_has_a_serious_violation(visitors: Any, screen: str) -> None:
    width, height, paths = SCREENS[screen]
    visitor = visitors(width, height)
    found = {}
    for path in paths:
        page = visitor.open(path, PAGES[path])
        if screen == "wall":
            page.keyboard.press("p")
            page.wait_for_function("document.body.classList.contains('pd-projector')")
        found[path] = violations(page)
    assert not any(found.values()), "\n".join(f"{path}: {text}" for path, texts in found.items() for text in texts)


def test_open_forms_lessons_and_answers_have_none(visitor: Any) -> None:
    found = {}
    page = visitor.open("/compare", PAGES["/compare"])
    page.click("[data-add]")
    page.wait_for_selector("[data-field=verb]")
    found["form"] = violations(page)
    page = visitor.open("/explore", PAGES["/explore"])
    page.keyboard.press("?")
    page.wait_for_selector(".pd-dialog")
    found["help"] = violations(page)
    page = visitor.open("/lesson", PAGES["/lesson"])
    page.click("[data-id=campaign]")
    page.wait_for_selector("[data-ready]")
    found["lesson"] = violations(page)
    page.click("[data-id=next]")
    page.wait_for_selector("[data-id=b]")
    found["bet"] = violations(page)
    page.click("[data-id=b]")
    page.wait_for_selector(".pd-verdict")
    found["result"] = violations(page)
    page = visitor.open("/why", ".pd-progress")
    found["work in progress"] = violations(page)
    page.wait_for_function("document.querySelectorAll('.pd-chart[data-painted]').length === 2", timeout=120_000)
    found["why"] = violations(page)
    assert not any(found.values()), "\n".join(f"{path}: {text}" for path, texts in found.items() for text in texts)
