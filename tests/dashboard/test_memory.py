"""What the dashboard gives back when sessions end."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from typing import Any

from sim.dashboard import engine
from sim.dashboard.guard import Guard
from sim.dashboard.memory import Memory, few_heaps
from sim.scenarios import scenario


def _shelve() -> None:
    engine.ensemble_of(scenario("campaign-while-partnering").replace(weeks=10, firms={"number": 5}), 2, 1)


def test_the_cache_is_emptied_when_the_last_session_has_ended() -> None:
    few_heaps()
    remaining = [1]
    memory = Memory(lambda: remaining[0])
    _shelve()
    memory.tidy()
    assert engine._cache
    remaining[0] = 0
    memory.tidy()
    assert not engine._cache


def test_sessions_that_end_together_are_tidied_up_after_once() -> None:
    asked, tidied = [], threading.Event()

    def remaining() -> int:
        asked.append(1)
        tidied.set()
        return 1

    memory = Memory(remaining, delay=0.05)
    for _ in range(5):
        memory.session_began()()
    assert tidied.wait(10)
    tidied.clear()
    assert not tidied.wait(0.2)
    assert len(asked) == 1
    memory.session_ended()
    assert tidied.wait(10)


def test_bars_of_waiting_get_a_name() -> None:
    async def page(scope: Any, receive: Any, send: Any) -> None:
        start = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/html")]}
        await send(start)
        body = b'<html><v-progress-linear absolute></v-progress-linear><v-progress-circular aria-label="x">'
        await send({"type": "http.response.body", "body": body})

    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "headers": []}
    asyncio.run(Guard(page)(scope, None, send))  # type: ignore[arg-type]
    body = sent[-1]["body"].decode()
    assert '<v-progress-linear aria-label="Loading" absolute>' in body
    assert body.count("aria-label") == 2


def test_a_closed_player_leaves_nothing_behind() -> None:
    # In a process of its own: Solara keeps what is opened outside a session.
    trial = """
import gc, weakref
from sim.dashboard.widgets.player import PlayerWidget
player = PlayerWidget()
left = weakref.ref(player)
player.close()
del player
gc.collect()
raise SystemExit(left() is not None)
"""
    assert subprocess.run([sys.executable, "-c", trial], check=False).returncode == 0
