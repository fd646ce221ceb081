"""Small beamers, walls and phones: what has to be read and pressed is large enough, in view, and stays there."""

from __future__ import annotations

from typing import Any

import pytest

PAINTED = ".pd-chart[data-painted]"
BEAMERS = [(1280, 720), (1366, 768), (1600, 900)]


def project(page: Any) -> None:
    page.keyboard.press("p")
    page.wait_for_function("document.body.classList.contains('pd-projector')")
    page.wait_for_selector(".pd-player.pd-large")


def box(page: Any, selector: str) -> dict[str, float]:
    return page.evaluate(
        "(one) => { const b = document.querySelector(one).getBoundingClientRect();"
        " return {left: b.left, top: b.top, right: b.right, bottom: b.bottom, width: b.width, height: b.height}; }",
        selector,
    )


@pytest.mark.parametrize("size", BEAMERS)
def test_a_small_beamer_shows_a_network_sliders_and_a_chart_of_some_size(visitors: Any, size: tuple[int, int]) -> None:
    page = visitors(*size).open("/explore", PAINTED)
    project(page)
    stage, chart = box(page, ".pd-player-stage"), box(page, ".pd-chart")
    assert stage["width"] >= 400
    assert stage["height"] >= 270
    assert chart["height"] >= 170
    assert (
        page.evaluate("Math.min(...[...document.querySelectorAll('.pd-slider input')].map((o) => o.clientWidth))") > 90
    )
    assert box(page, ".pd-player-bar")["bottom"] <= size[1] + 40
    sizes = page.evaluate(
        "[...document.querySelectorAll('.pd-player-log, .pd-player-legend, .pd-verdict, .pd-slider label')]"
        ".map((one) => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert min(sizes) >= 15


@pytest.mark.parametrize("size", [(1280, 720), (1920, 940), (390, 844)])
def test_the_moves_of_a_lesson_stay_in_place(visitors: Any, size: tuple[int, int]) -> None:
    page = visitors(*size).open("/lesson", "[data-id=campaign]")
    if size[0] > 1000:
        page.keyboard.press("p")
        page.wait_for_function("document.body.classList.contains('pd-projector')")
    page.click("[data-id=campaign]")
    page.wait_for_selector("[data-ready]")
    page.click("[data-id=next]")
    page.wait_for_selector(".pd-veiled")
    before = box(page, ".pd-moves .pd-buttons")
    page.click(".pd-bet-box [data-id=b]")
    page.wait_for_selector(".pd-bet-result")
    after = box(page, ".pd-moves .pd-buttons")
    notes = box(page, ".pd-moves .pd-small")
    assert after["bottom"] <= notes["top"] + 1
    assert notes["bottom"] <= size[1] + 1
    assert size[0] < 1000 or abs(after["top"] - before["top"]) < 2


def test_details_on_a_wall_are_large_and_leave_the_current_event_in_view(visitors: Any) -> None:
    page = visitors(1920, 940).open("/explore", "[data-ready]")
    project(page)
    page.locator(".pd-player-log li.pd-strong button").nth(2).click()
    page.select_option(".pd-player-people select", index=1)
    page.wait_for_selector(".pd-details-grid h4")
    assert page.evaluate("parseFloat(getComputedStyle(document.querySelector('.pd-details-grid h4')).fontSize)") >= 16
    page.wait_for_function(
        "() => { const log = document.querySelector('.pd-player-log').getBoundingClientRect(),"
        " now = document.querySelector('.pd-player-log .pd-now').getBoundingClientRect();"
        " return now.top >= log.top - 1 && now.top < log.bottom - 20; }"
    )


def test_playing_pauses_at_a_turning_point_and_goes_on(visitor: Any) -> None:
    page = visitor.open("/explore", "[data-ready]")
    halts = page.locator(".pd-player-halts input")
    assert not halts.is_checked()
    project(page)
    assert halts.is_checked()
    page.keyboard.press("Space")
    page.wait_for_selector("[data-held]")
    at = page.get_attribute("[data-held]", "data-held")
    assert page.get_attribute("[data-held]", "data-frame") == at
    assert page.locator(".pd-player-log .pd-held").count() >= 1
    page.wait_for_timeout(800)
    assert page.get_attribute("[data-ready]", "data-frame") == at
    page.wait_for_function("(at) => Number(document.querySelector('[data-ready]').dataset.frame) > Number(at)", arg=at)
    assert page.locator(".pd-player-log .pd-held").count() == 0
    page.wait_for_selector("[data-fps]")
    page.keyboard.press("Space")
    halts.uncheck()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("5")
    page.click("[data-id=campaign]")
    page.wait_for_selector("[data-ready]")
    assert not page.locator(".pd-player-halts input").is_checked()


def test_the_table_of_the_report_fits_a_phone(visitors: Any) -> None:
    page = visitors(390, 844).open("/report", ".pd-scroll .pd-table")
    wide = page.evaluate(
        "(() => { const one = document.querySelector('.pd-scroll'); return one.scrollWidth - one.clientWidth; })()"
    )
    assert wide <= 1


def test_the_help_keeps_the_focus_and_gives_it_back(visitor: Any) -> None:
    page = visitor.open("/about", ".pd-glossary")
    page.focus("[aria-label='Keyboard shortcuts']")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.getAttribute('role') === 'dialog'")
    for keys in ("Tab", "Tab", "Tab", "Shift+Tab", "Shift+Tab"):
        page.keyboard.press(keys)
        assert page.evaluate("Boolean(document.activeElement.closest('.pd-dialog'))"), keys
    page.keyboard.press("Escape")
    page.wait_for_selector(".pd-dialog", state="detached")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Keyboard shortcuts"


def test_an_error_does_not_outlive_a_change_of_verb(visitor: Any) -> None:
    page = visitor.open("/compare", ".pd-plan table")
    page.click("[data-add]")
    page.select_option("[data-field=verb]", "launch_campaign")
    page.fill("[data-field=tone]", "1.5")
    page.click("[data-apply]")
    page.wait_for_selector(".pd-form .pd-error")
    page.select_option("[data-field=verb]", "pause")
    page.wait_for_selector(".pd-form .pd-error", state="detached")
    assert page.locator(".pd-form").count() == 1
