"""The folder of compiled rules: found again, pruned, and never a danger to what lies beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.engine import compiled

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_pruning_deletes_old_caches_and_nothing_else(tmp_path: Path) -> None:
    for number in range(8):
        folder = tmp_path / f"cache{number}"
        folder.mkdir()
        (folder / compiled._MARK).touch()
    for name in ("src", "docs", "0123456789abcdef"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "work.txt").write_text("precious")
    compiled.prune(tmp_path, tmp_path / "cache7", most=3)
    left = {path.name for path in tmp_path.iterdir()}
    assert {"src", "docs", "0123456789abcdef", "cache7"} <= left
    assert len([name for name in left if name.startswith("cache")]) == 4


def test_an_empty_variable_does_not_mean_the_current_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PARTNERSHIP_DYNAMICS_CACHE", "")
    assert compiled._base_folder().name == "partnership-dynamics"
    assert not list(tmp_path.iterdir())
