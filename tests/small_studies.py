"""Studies that take a second: few firms, short horizons, few worlds, one point a shard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sim.ensemble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pytest

CAMPAIGN, CALM = "campaign-while-partnering", "partner-in-calm-seas"
TONE = {"name": "tone", "set": ["plan.launch-campaign.tone"], "low": 0.0, "high": 1.0, "levels": 5}
STIMULUS = {"parameter": "stimulus", "low": 4.0, "high": 8.0, "levels": 5, "logarithmic": False}
HORIZON = {"name": "horizon", "set": ["weeks"], "values": [50, 60]}
REPLICATES = 3


def small_study(**changes: Any) -> dict[str, Any]:
    """Keys and tables of a study; without changes, five tones of one campaign."""
    found = {
        "title": "A small study",
        "scenarios": CAMPAIGN,
        "outcomes": ["adopters", "returns_federation"],
        "replicates": REPLICATES,
        "chunk": REPLICATES,
        "set": {"weeks": 60, "firms.number": 20},
        "lever": [TONE],
    }
    found |= changes
    return {key: value for key, value in found.items() if value is not None}


def parameter_study(levels: int = 5, **changes: Any) -> dict[str, Any]:
    """A study of one parameter, so that a point is known by its value."""
    return small_study(lever=None, uncertainty=[{**STIMULUS, "levels": levels}], **changes)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, with its bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def watched(
    monkeypatch: pytest.MonkeyPatch, fails: Callable[[dict[str, float]], bool] = lambda parameters: False
) -> list[dict[str, float]]:
    """List the parameters of every run from now on; runs of some parameters raise."""
    calls: list[dict[str, float]] = []
    simulate = sim.ensemble.simulate

    def run(*arguments: Any, **more: Any) -> Any:
        calls.append(more["parameters"])
        if fails(more["parameters"]):
            raise RuntimeError("the machine\nhad a bad day")
        return simulate(*arguments, **more)

    monkeypatch.setattr(sim.ensemble, "simulate", run)
    return calls


class Counted:
    """An executor that counts the shards under way: asked for, and not yet given back."""

    def __init__(self, executor: Any) -> None:
        self.executor, self.workers, self.most = executor, executor.workers, 0
        self._under_way = 0

    def run(self, works: Any, address: str | None = None) -> Iterator[Any]:
        def asked() -> Iterator[Any]:
            for work in works:
                self._under_way += 1
                self.most = max(self.most, self._under_way)
                yield work

        for result in self.executor.run(asked(), address):
            self._under_way -= 1
            yield result
