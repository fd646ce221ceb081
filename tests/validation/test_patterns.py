"""Patterns of the sources, with few worlds; `sim validate` measures them with many."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from sim.cli import run_command
from sim.errors import InputError
from sim.validation import PATTERNS, Check, validate

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def checks() -> list[Check]:
    return validate(replicates=400)


def test_every_pattern_is_measured(checks: list[Check]) -> None:
    assert {check.id for check in checks} == set(PATTERNS)


def test_the_shipped_parameters_show_every_pattern(checks: list[Check]) -> None:
    failed = [f"{c.id} {c.check}: {c.value:.3g}, expected {c.threshold}" for c in checks if not c.passed]
    assert not failed, "\n".join(failed)


def test_an_interval_holds_its_estimate(checks: list[Check]) -> None:
    for check in checks:
        assert check.low <= check.value <= check.high, check


@pytest.mark.parametrize(
    ("removed", "pattern"),
    [
        ({"exit_heat": 0.0}, "P02"),
        ({"grievance_gain": 0.0}, "P04"),
        ({"branching_base": 0.0, "branching_conflict": 0.0}, "P02"),
    ],
)
def test_a_pattern_fails_without_the_mechanism_that_it_needs(removed: dict[str, float], pattern: str) -> None:
    """Heat, slow grievance and self-exciting media are needed: without one of them the case is not reproduced."""
    found = validate(replicates=100, patterns=[pattern], parameters=removed, beyond_range=True)
    assert not all(check.passed for check in found)


def test_an_unknown_pattern_or_case_is_one_clear_line() -> None:
    with pytest.raises(InputError, match="P99"):
        validate(patterns=["P99"])
    with pytest.raises(InputError, match="nowhere"):
        validate(case="nowhere")


def test_the_validation_is_written_as_text_json_and_figure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`sim validate --out` keeps every number with what made it; `--json` prints the same object."""
    arguments = ["validate", "--patterns", "P01,P25", "--replicates", "60"]
    assert run_command([*arguments, "--out", str(tmp_path)]) == 0
    written = json.loads((tmp_path / "validation.json").read_text())
    assert [row["id"] for row in written["checks"]] == ["P01", "P25"]
    assert written["made_by"]["seed"] == 0
    assert "| P25 |" in (tmp_path / "validation.md").read_text()
    assert (tmp_path / "validation.png").stat().st_size > 1_000
    capsys.readouterr()
    assert run_command([*arguments, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == written
