"""The pages in a browser: they open without a network, answer, remember, and refuse what they should."""

from __future__ import annotations

import re
from typing import Any

import pytest

PAGES = {
    "/": ".pd-door",
    "/explore": ".pd-player",
    "/compare": ".pd-plan table",
    "/why": ".pd-player",
    "/lesson": "[data-id=campaign]",
    "/report": ".pd-table",
    "/about": ".pd-glossary",
    "/notes": ".pd-notes",
}
PAINTED = ".pd-chart[data-painted]"
CHANNEL = "sessionStorage['pd-channel']"
SIZES = {"desk": (1600, 900), "wall": (1920, 1080), "phone": (390, 844)}


def verdict(page: Any) -> str:
    return page.inner_text(".pd-verdict")


def painted(page: Any) -> int:
    return int(page.get_attribute(PAINTED, "data-painted") or 0)


def wait_painted(page: Any, more_than: int) -> None:
    page.wait_for_function("(n) => Number(document.querySelector('.pd-chart').dataset.painted || 0) > n", arg=more_than)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_without_a_network_and_without_an_error(visitor: Any, path: str) -> None:
    page = visitor.open(path, PAGES[path])
    assert page.get_attribute("html", "lang") == "en"
    assert "Partnership dynamics" in page.title()
    assert "user-scalable=no" not in page.content()


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_wider_than_the_screen(visitors: Any, size: str) -> None:
    visitor = visitors(*SIZES[size])
    for path, sign in PAGES.items():
        page = visitor.open(path, sign)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 1, f"{path} is {wide} px too wide"


def test_the_player_plays_steps_rewinds_and_jumps(visitor: Any) -> None:
    page = visitor.open("/explore", "[data-ready]")

    def frame() -> int:
        return int(page.get_attribute("[data-frame]", "data-frame"))

    assert frame() == 0
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowLeft")
    assert frame() == 1
    page.keyboard.press("End")
    assert frame() == 260
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    page.wait_for_function("Number(document.querySelector('[data-frame]').dataset.frame) > 5")
    page.keyboard.press("Space")
    event = page.locator(".pd-player-log li.pd-strong button").nth(1)
    event.click()
    assert event.locator("time").inner_text() == page.inner_text(".pd-player-date")
    page.select_option(".pd-player-people select", index=1)
    assert page.locator(".pd-player-details .pd-bar").count() >= 6


def test_a_slider_moves_the_answer_and_undo_brings_it_back(visitor: Any) -> None:
    page = visitor.open("/explore", PAINTED)
    page.wait_for_function("document.querySelector('.pd-stack').innerText.includes('1,000 paired')")
    before, count = verdict(page), painted(page)
    page.locator("[data-slider=campaign_tone]").fill("0")
    wait_painted(page, count)
    page.wait_for_function("(text) => document.querySelector('.pd-verdict').innerText !== text", arg=before)
    page.keyboard.press("u")
    page.wait_for_function("(text) => document.querySelector('.pd-verdict').innerText === text", arg=before)
    page.wait_for_function("document.querySelector('[data-slider=campaign_tone]').value === '0.9'")


def test_a_slider_is_dragged_as_one_step_and_replayed(visitor: Any) -> None:
    page = visitor.open("/explore", PAINTED)
    slider = page.locator("[data-slider=campaign_weeks]")
    for weeks in (12, 16, 20):
        count = painted(page)
        slider.evaluate("(one, x) => { one.value = x; one.dispatchEvent(new Event('input')); }", weeks)
        wait_painted(page, count)
    slider.dispatch_event("change")
    page.click("text=Replay")
    page.wait_for_function("document.querySelector('[data-slider=campaign_weeks]').value === '8'")
    page.wait_for_function("document.querySelector('[data-slider=campaign_weeks]').value === '20'")
    page.keyboard.press("u")
    page.wait_for_function("document.querySelector('[data-slider=campaign_weeks]').value === '8'")
    assert page.locator("[aria-label=Undo]").is_disabled()


def test_a_reload_brings_everything_back(visitor: Any) -> None:
    page = visitor.open("/compare", PAINTED)
    page.locator("#pd-b-campaign_tone").fill("0.2")
    page.wait_for_function("location.search.includes('s=')")
    link = page.evaluate("location.search")
    page.select_option("[data-choice=measure]", "goal_share")
    page.wait_for_function("(link) => location.search !== link", arg=link)
    # All worlds of the new question, not those of the one before.
    page.wait_for_function("document.querySelector('.pd-asked').innerText.startsWith('Goal share')")
    page.wait_for_function("document.querySelector('.pd-verdict').innerText.startsWith('So far')")
    page.wait_for_function("!document.querySelector('.pd-verdict').innerText.startsWith('So far')")
    said = verdict(page)
    page.reload()
    page.wait_for_selector(PAINTED)
    assert page.input_value("#pd-b-campaign_tone") == "0.2"
    assert page.input_value("[data-choice=measure]") == "goal_share"
    page.wait_for_function("(text) => document.querySelector('.pd-verdict').innerText === text", arg=said)


def test_two_sessions_do_not_see_each_others_plan(visitors: Any) -> None:
    one, two = visitors(), visitors()
    first, second = one.open("/compare", PAINTED), two.open("/compare", PAINTED)
    count = painted(first)
    first.locator("#pd-b-campaign_tone").fill("0.1")
    wait_painted(first, count)
    count = painted(second)
    second.select_option("[data-choice=measure]", "exits")
    wait_painted(second, count)
    assert second.input_value("#pd-b-campaign_tone") == "0.9"
    assert first.input_value("[data-choice=measure]") == "weeks_away"


def test_a_condition_can_be_chosen_and_is_told_in_words(visitor: Any) -> None:
    page = visitor.open("/compare", ".pd-plan table")
    page.click("[data-add]")
    page.select_option("[data-field=verb]", "pause")
    page.select_option("[data-field=to]", "federation")
    page.select_option("[data-ready-condition]", "exited(federation)")
    assert page.input_value("[data-field=when]") == "exited(federation)"
    page.fill("[data-field=weeks]", "26")
    page.click("[data-apply]")
    page.wait_for_selector("text=when the employer federation has left the equality ombud before")


def test_a_refused_action_shows_the_words_of_the_schema_at_its_field(visitor: Any) -> None:
    page = visitor.open("/compare", ".pd-plan table")
    rows = page.locator(".pd-plan tbody tr").count()
    page.click("[data-add]")
    page.select_option("[data-field=verb]", "launch_campaign")
    page.fill("[data-field=when]", "2016-02-08")
    page.fill("[data-field=tone]", "1.5")
    page.click("[data-apply]")
    page.wait_for_selector(".pd-field.pd-bad")
    assert "expected a number from 0 to 1" in page.inner_text(".pd-field.pd-bad .pd-error")
    assert page.locator("[data-field=tone][aria-invalid=true]").count() == 1
    page.fill("[data-field=tone]", "0.5")
    page.fill("[data-field=when]", "exited(nobody)")
    page.click("[data-apply]")
    page.wait_for_function(
        "(document.querySelector('.pd-form .pd-error') || {innerText: ''}).innerText.includes('nobody')"
    )
    page.fill("[data-field=when]", "exited(federation)")
    page.click("[data-apply]")
    page.wait_for_function("(n) => document.querySelectorAll('.pd-plan tbody tr').length === n", arg=rows + 1)
    assert page.locator(".pd-form").count() == 0


def test_a_bad_file_is_refused_with_its_message_and_a_good_one_opens(visitor: Any) -> None:
    page = visitor.open("/compare", ".pd-plan table")
    box = page.locator(".pd-side-card.pd-b [data-import]")

    def give(text: str) -> None:
        box.set_input_files({"name": "plan.toml", "mimeType": "text/plain", "buffer": text.encode()})

    give("start = what\n")
    page.wait_for_selector(".pd-side-card.pd-b .pd-error")
    assert "not TOML" in page.inner_text(".pd-side-card.pd-b .pd-error")
    give('extends = "/etc/passwd"\ntitle = "x"\n')
    page.wait_for_function(
        "document.querySelector('.pd-side-card.pd-b .pd-error').innerText.includes('shipped scenario')"
    )
    give("# " + "x" * 200_000 + "\n")
    page.wait_for_function("document.querySelector('.pd-side-card.pd-b .pd-error').innerText.includes('at most')")
    give('extends = "positive-framing"\ntitle = "Mine <b>own</b>"\n')
    page.wait_for_function("document.querySelector('.pd-centre').innerText.includes('Mine <b>own</b>')")


def test_files_can_be_saved(visitor: Any) -> None:
    page = visitor.open("/compare", PAINTED)
    for kind, start in (
        ("chart:futures", b"\x89PNG"),
        ("csv", b"plan,scenario,"),
        ("html", b"<!"),
        ("toml_b", b"name"),
    ):
        with page.expect_download() as waiting:
            page.click(f'[data-save="{kind}"]')
        with open(waiting.value.path(), "rb") as file:
            assert file.read(len(start)).lower() == start.lower(), kind


def test_a_lesson_hides_the_result_until_a_bet_is_placed_and_the_notes_follow(visitor: Any) -> None:
    page = visitor.open("/lesson", "[data-id=campaign]")
    page.click("[data-id=campaign]")
    page.wait_for_selector("[data-ready]")
    with page.expect_popup() as waiting:
        page.click("text=Facilitator notes")
    notes = waiting.value
    notes.wait_for_selector(".pd-notes")
    assert "Step 1 of 5" in notes.inner_text(".pd-notes")
    page.click("[data-id=next]")
    page.wait_for_selector(".pd-veiled")
    assert page.locator(".pd-verdict").count() == 0
    assert page.locator("[data-id=next]").is_disabled()
    notes.wait_for_function("document.querySelector('.pd-notes').innerText.includes('Step 2 of 5')")
    page.click("[data-id=b]")
    page.wait_for_selector(".pd-verdict")
    assert "Your bet: Plan B" in page.inner_text(".pd-bet-result")


def test_notes_follow_the_lesson_that_opened_them_and_no_other(visitor: Any) -> None:
    page = visitor.open("/lesson", "[data-id=campaign]")
    page.click("[data-id=campaign]")
    with page.expect_popup() as waiting:
        page.click("text=Facilitator notes")
    notes = waiting.value
    notes.wait_for_selector(".pd-notes")
    notes.reload()  # its address forgot the lesson, its window did not
    notes.wait_for_function("document.querySelector('.pd-notes')?.innerText.includes('Step 1 of 5')")

    with page.expect_popup() as waiting:
        page.evaluate("window.open(location.href)")  # a copy of the window, with all that it keeps
    other = waiting.value
    other.wait_for_selector("[data-id=next]")
    other.wait_for_function("(name) => sessionStorage['pd-channel'] !== name", arg=page.evaluate(CHANNEL))
    other.click("[data-id=leave]")
    other.click("[data-id=ideas]")
    other.click("[data-id=next]")
    other.wait_for_selector(".pd-veiled")
    page.click("[data-id=next]")
    notes.wait_for_function("document.querySelector('.pd-notes').innerText.includes('Step 2 of 5')")
    assert "Campaigning while partnering" in notes.inner_text(".pd-notes")
    with other.expect_popup() as waiting:
        other.click("text=Facilitator notes")
    waiting.value.wait_for_selector(".pd-notes")
    assert "Giving ideas away early" in waiting.value.inner_text(".pd-notes")
    assert "Campaigning while partnering" in notes.inner_text(".pd-notes")


def test_a_lesson_keeps_its_plans_whatever_happens_elsewhere_and_ends_in_explore(visitor: Any) -> None:
    page = visitor.open("/lesson", "[data-id=ideas]")
    page.click("[data-id=ideas]")
    page.click("[data-id=next]")
    page.wait_for_selector(".pd-veiled")
    page.click("[data-id=b]")
    page.wait_for_selector(".pd-bet-result")
    plans = page.inner_text(".pd-plans")
    page.click(".pd-nav a[href*=explore]")
    page.wait_for_selector("[data-choice=preset]")
    page.select_option("[data-choice=preset]", "M22")
    page.wait_for_function("(old) => document.querySelector('.pd-plans').innerText !== old", arg=plans)
    page.click(".pd-nav a[href*=lesson]")
    page.wait_for_selector(".pd-lesson .pd-plans")
    assert page.inner_text(".pd-plans") == plans
    for _ in range(3):
        page.keyboard.press("u")
    page.wait_for_timeout(500)
    assert page.inner_text(".pd-plans") == plans
    page.click("[data-id=next]")
    page.wait_for_selector(".pd-veiled")
    page.click("[data-id=same]")
    for step in (4, 5):
        page.click("[data-id=next]:enabled")
        page.wait_for_selector(f"text=Step {step} of 5")
    page.click(".pd-lesson [data-id=explore]")
    page.wait_for_selector(".pd-explore")
    assert page.inner_text(".pd-plans") == plans


def test_the_page_speaks_three_languages(visitor: Any) -> None:
    page = visitor.open("/explore", "[data-ready]")
    seen = {page.inner_text(".pd-verdict")}
    for language in ("nb", "da"):
        page.select_option(".pd-language select", language)
        page.wait_for_function("(code) => document.documentElement.lang === code", arg=language)
        page.wait_for_function(
            "(texts) => !texts.includes(document.querySelector('.pd-verdict').innerText)", arg=[*seen]
        )
        seen.add(page.inner_text(".pd-verdict"))
        log = page.inner_text(".pd-player-log")
        assert not re.search(r"\b(the|partnership|pulls)\b", log)
    assert len(seen) == 3


def test_projector_mode_and_help_answer_to_keys(visitor: Any) -> None:
    page = visitor.open("/explore", PAINTED)
    size = page.evaluate("getComputedStyle(document.querySelector('.pd-verdict')).fontSize")
    page.keyboard.press("p")
    page.wait_for_function("document.body.classList.contains('pd-projector')")
    assert page.evaluate("getComputedStyle(document.querySelector('.pd-verdict')).fontSize") != size
    page.keyboard.press("?")
    page.wait_for_selector(".pd-dialog")
    page.keyboard.press("Escape")
    page.wait_for_selector(".pd-dialog", state="detached")
    page.keyboard.press("3")
    page.wait_for_selector(".pd-compare")


def test_every_shortcut_of_the_list_works(visitor: Any) -> None:
    page = visitor.open("/explore", "[data-ready]")

    def frame() -> int:
        return int(page.get_attribute("[data-frame]", "data-frame"))

    page.keyboard.press("Shift+ArrowRight")
    page.wait_for_function("Number(document.querySelector('[data-frame]').dataset.frame) === 13")
    page.keyboard.press("Shift+ArrowLeft")
    assert frame() == 0
    for place, sign in enumerate((".pd-door", ".pd-explore", ".pd-compare", "[data-choice=across]"), start=1):
        page.keyboard.press(str(place))
        page.wait_for_selector(sign)
    for place, sign in ((5, "[data-id=campaign]"), (6, ".pd-table"), (7, ".pd-glossary")):
        page.keyboard.press(str(place))
        page.wait_for_selector(sign)
    page.keyboard.press("2")
    page.wait_for_selector(PAINTED)
    slider = "document.querySelector('[data-slider=campaign_weeks]').value"
    page.locator("[data-slider=campaign_weeks]").fill("20")
    page.wait_for_function(f"{slider} === '20' && !document.querySelector('[aria-label=Undo]').disabled")
    for key, weeks in (("u", "8"), ("y", "20"), ("Control+z", "8"), ("Control+y", "20")):
        page.keyboard.press(key)
        page.wait_for_function(f"{slider} === '{weeks}'")
    page.keyboard.press("r")
    page.wait_for_function(f"{slider} === '8'")
    page.wait_for_function(f"{slider} === '20'")
    page.evaluate("navigator.clipboard.writeText = async (text) => { window.kept = text; }")
    page.keyboard.press("l")
    page.wait_for_function("(window.kept || '').includes('/explore?s=')")


def test_the_drawer_changes_seed_and_parameters_and_refuses_as_the_registry_does(visitor: Any) -> None:
    page = visitor.open("/compare", PAINTED)
    page.click(".pd-drawer summary")
    page.fill("#pd-search", "fast trust grows")
    page.wait_for_function("document.querySelectorAll('.pd-drawer-table tbody tr').length < 4")
    box = "[data-parameter=trust_gain]"
    page.fill(box, "7")
    page.press(box, "Enter")
    page.wait_for_selector(f"{box}[aria-invalid=true]")
    assert "expected 0.005 to 0.05" in page.inner_text(".pd-drawer .pd-error")
    page.fill(box, "0.05")
    page.press(box, "Enter")
    page.wait_for_selector("tr.pd-changed")
    page.click("[data-next-seed]")
    page.wait_for_function("document.querySelector('.pd-drawer summary').innerText.includes('seed 1, 1 parameter')")
    page.reload()
    page.wait_for_selector(PAINTED)
    assert "seed 1, 1 parameter given" in page.inner_text(".pd-drawer summary")
    page.keyboard.press("6")
    page.wait_for_selector(".pd-table")
    assert "How fast trust grows (trust_gain)" in page.inner_text(".pd-main")
    page.keyboard.press("3")
    page.click(".pd-drawer summary")
    page.click("tr.pd-changed button")
    page.wait_for_function("document.querySelector('.pd-drawer summary').innerText.includes('as each world draws')")
    page.click("[aria-label=Undo]")
    page.wait_for_selector("tr.pd-changed")


def test_a_bad_link_is_told_and_does_no_harm(visitor: Any) -> None:
    page = visitor.open("/compare?s=nonsense", ".pd-plan table")
    assert "The link could not be used" in page.inner_text(".pd-main")


def test_why_finds_parameters_and_draws_a_map(visitor: Any) -> None:
    page = visitor.open("/why", ".pd-coming, .pd-chart")
    page.wait_for_function("document.querySelectorAll('.pd-chart[data-painted]').length === 2", timeout=120_000)
    told = page.inner_text(".pd-main")
    assert "It hangs most on" in told or "No uncertain value moves the difference" in told


def test_the_server_refuses_a_foreign_origin(address: str) -> None:
    import base64
    import os
    import socket
    from urllib.parse import urlsplit

    at = urlsplit(address)
    for origin, good in ((address, True), ("https://evil.example", False), ("", False)):
        with socket.create_connection((at.hostname or "", at.port or 0), timeout=20) as line:
            key = base64.b64encode(os.urandom(16)).decode()
            ask = [
                "GET /jupyter/api/kernels/00000000-0000-4000-8000-000000000000/channels?session_id=x HTTP/1.1",
                f"Host: {at.netloc}",
                "Cookie: solara-session-id=11111111-1111-4111-8111-111111111111",
                "Upgrade: websocket",
                "Connection: Upgrade",
                f"Sec-WebSocket-Key: {key}",
                "Sec-WebSocket-Version: 13",
                *([f"Origin: {origin}"] if origin else []),
            ]
            line.sendall(("\r\n".join(ask) + "\r\n\r\n").encode())
            answer = line.recv(200).split(b"\r\n")[0]
        assert (b" 101 " in answer) == good, (origin, answer)
