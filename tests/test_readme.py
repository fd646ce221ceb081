"""What the README shows can be typed as it stands."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import matplotlib as mpl
import pytest

from sim.cli import _run

README = Path(__file__).parent.parent / "README.md"


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README.read_text(encoding="utf-8"), flags=re.DOTALL)


def test_the_python_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mpl.use("Agg")
    monkeypatch.chdir(tmp_path)
    (block,) = _blocks("python")
    exec(compile(block.replace("replicates=1000", "replicates=40"), "README.md", "exec"), {})
    assert (tmp_path / "report.html").stat().st_size > 10_000


def test_the_plan_of_the_readme_is_sound_and_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (block,) = _blocks("toml")
    (tmp_path / "my-plan.toml").write_text(block, encoding="utf-8")
    assert _run(["scenarios", "check", "my-plan.toml"]) == 0
    assert _run(["compare", "campaign-while-partnering", "my-plan.toml", "--replicates", "30", "--json"]) == 0
    assert "verdict" in capsys.readouterr().out


@pytest.mark.parametrize(
    "command",
    [
        line.strip("` ")
        for line in re.findall(r"`(sim [^`]+)`", README.read_text(encoding="utf-8"))
        if not re.search(r"[A-Z]{2,}|\bA B\b|validate", line)
    ],
)
def test_the_commands_of_the_readme_work(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert _run(shlex.split(command)[1:]) == 0
    assert capsys.readouterr().out


def test_the_make_targets_of_the_readme_exist() -> None:
    makefile = (README.parent / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"make (\w+)", " ".join(_blocks("sh")))):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target
