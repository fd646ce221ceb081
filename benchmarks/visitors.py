"""Visitors of the dashboard without a browser: they open a page, move sliders, and note how long the answer took.

They speak what a page speaks: Jupyter messages on a websocket, one kernel a visitor, and the farewell of a closed tab.
"""

from __future__ import annotations

import asyncio
import json
import struct
import time
import urllib.request
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Visitor", "meet"]

_PATIENCE = 20.0
#: Every so many actions another world is played instead of a slider moved.
_WORLD_EVERY = 5


def _unpacked(message: str | bytes) -> dict[str, Any]:
    if isinstance(message, str):
        return dict(json.loads(message))
    parts = struct.unpack("!i", message[:4])[0]
    starts = struct.unpack(f"!{parts}I", message[4 : 4 * (parts + 1)])
    end = starts[1] if parts > 1 else None
    return dict(json.loads(message[starts[0] : end]))


@dataclass
class Visitor:
    """One session; ``times`` are seconds from an action to the new chart (or world) on the line.

    The server says when it is busy with a message and when it is done. The new chart is the one that comes between
    the two or, where a worker answers, the next one: never one that refines the answer before.
    """

    address: str
    number: int
    times: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    widgets: dict[str, dict[str, Any]] = field(default_factory=dict)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def open(self, path: str = "/explore") -> None:
        """Open a page and wait until it is whole."""
        from websockets.asyncio.client import connect

        with await asyncio.to_thread(urllib.request.urlopen, self.address + path, timeout=_PATIENCE) as page:
            cookie = (page.headers.get("set-cookie") or "").split(";")[0]
            page.read()
        self.kernel, self.page = str(uuid.uuid4()), str(uuid.uuid4())
        place = f"{self.address.replace('http', 'ws', 1)}/jupyter/api/kernels/{self.kernel}/channels"
        self.line = await connect(
            f"{place}?session_id={self.page}",
            origin=self.address,
            additional_headers={"Cookie": cookie} if cookie else {},
            max_size=None,
        )
        self.control = uuid.uuid4().hex
        self.seen: list[tuple[str, str]] = []
        self.reading = asyncio.create_task(self._read())
        await self._send("comm_open", {"comm_id": self.control, "target_name": "solara.control", "data": {}})
        run = {"method": "run", "args": {"path": path, "appName": None, "themes": {}, "dark": False}}
        await self._send("comm_msg", {"comm_id": self.control, "data": run})
        await self._until(lambda: ("method", "finished") in self.seen)

    async def act(self, step: int) -> None:
        """Move a slider of plan B to a value of its own, or play another world, and wait for the answer."""
        began = time.perf_counter()
        if step % _WORLD_EVERY == _WORLD_EVERY - 1:
            wanted = "world"
            comm = self._widget(lambda state: [row["id"] for row in state.get("rows", ())] == ["next"])
            event, data = "pressed", "next"
        else:
            wanted = "option"
            comm = self._widget(lambda state: state.get("which") == "b" and "revision" in state)
            row = next(row for row in self.widgets[comm]["rows"] if row["id"] == "campaign_tone")
            # Fractions of the golden ratio: spread, and no two visitors and steps alike.
            share = (0.618034 * (step + 1) + 0.0137 * self.number) % 1.0
            event = "moved"
            data = {"which": "b", "id": row["id"], "value": round(row["low"] + share * (row["high"] - row["low"]), 4)}
            data["fresh"] = True
        content = {"event": event, "data": data}
        self.seen.clear()
        asked = await self._send("comm_msg", {"comm_id": comm, "data": {"method": "custom", "content": content}})
        busy, done, new = ("busy", asked), ("idle", asked), ("state", wanted)
        await self._until(lambda: done in self.seen and new in self.seen[self.seen.index(busy) :])
        self.times.append(time.perf_counter() - began)

    async def close(self) -> None:
        """Leave as a closed tab does."""
        farewell = f"{self.address}/_solara/api/close/{self.kernel}?session_id={self.page}"
        await asyncio.to_thread(lambda: urllib.request.urlopen(farewell, data=b"", timeout=_PATIENCE).close())
        self.reading.cancel()
        await self.line.close()

    def _widget(self, fits: Callable[[dict[str, Any]], bool]) -> str:
        return next(comm for comm, state in self.widgets.items() if fits(state))

    @staticmethod
    def _data(message: dict[str, Any]) -> dict[str, Any]:
        found = message.get("content", {}).get("data", {})
        return found if isinstance(found, dict) else {}

    async def _send(self, kind: str, content: dict[str, Any]) -> str:
        header = {"msg_id": uuid.uuid4().hex, "username": "", "session": self.page, "msg_type": kind, "version": "5.3"}
        whole = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
        await self.line.send(json.dumps({**whole, "buffers": []}))
        return str(header["msg_id"])

    async def _read(self) -> None:
        """Take every message as it comes, as a browser does."""
        async for raw in self.line:
            self._take(_unpacked(raw))
            async with self.news:
                self.news.notify_all()

    def _take(self, message: dict[str, Any]) -> None:
        """Keep the state of the widgets, and what has been seen since the last action."""
        kind, content = message.get("header", {}).get("msg_type"), message.get("content", {})
        data = self._data(message)
        if kind == "comm_open":
            self.widgets[content["comm_id"]] = dict(data.get("state", {}))
        elif kind == "comm_close":
            self.widgets.pop(content["comm_id"], None)
        elif kind == "comm_msg" and data.get("method") == "update":
            self.widgets.setdefault(content["comm_id"], {}).update(data.get("state", {}))
        elif kind == "error" or content.get("status") == "error":
            self.errors.append(str(content)[:200])
        if kind == "status":
            self.seen.append((content.get("execution_state", ""), message.get("parent_header", {}).get("msg_id", "")))
        self.seen.extend(("state", name) for name in data.get("state", {}))
        if "method" in data:
            self.seen.append(("method", str(data["method"])))

    async def _until(self, there: Callable[[], bool]) -> None:
        async with asyncio.timeout(_PATIENCE), self.news:
            await self.news.wait_for(there)


async def _visit(visitor: Visitor, seconds: float, pause: float) -> None:
    """Come a little after the one before, act every ``pause`` seconds, stay, and leave."""
    try:
        await asyncio.sleep(visitor.number * pause / 7.0)
        await visitor.open()
        start, step = time.perf_counter(), 0
        while time.perf_counter() - start < seconds:
            await visitor.act(step)
            step += 1
            await asyncio.sleep(max(0.0, start + step * pause - time.perf_counter()))
    except Exception as error:  # whatever goes wrong is what is counted
        visitor.errors.append(f"{type(error).__name__}: {error}")
    finally:
        await visitor.close()


def meet(address: str, visitors: int = 20, seconds: float = 120.0, pause: float = 2.0) -> list[Visitor]:
    """Let visitors act side by side, and return them."""
    found = [Visitor(address, number) for number in range(visitors)]

    async def all_of_them() -> None:
        await asyncio.gather(*(_visit(one, seconds, pause) for one in found))

    asyncio.run(all_of_them())
    return found
