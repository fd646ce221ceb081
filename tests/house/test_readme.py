"""What the README shows can be typed as it stands: every command is run here, or named with the reason why not."""

from __future__ import annotations

import importlib
import re
import shlex
from pathlib import Path

import matplotlib as mpl
import pytest

from sim.cli import run_command

README = Path(__file__).parents[2] / "README.md"
STUDY = Path(__file__).parents[2] / "experiments" / "when-to-campaign.toml"

#: Lines of shell that are not run here.
NOT_RUN = {
    "make demo": "installs the package, then runs the comparison that is tested below",
    "make docs": "installs the package; the site is built in test_docs.py",
    "make test": "runs these tests",
    "make test-newest": "runs some of these tests in another environment",
    "make bench": "takes minutes; its parts are tested on their own",
    "sim calibrate": "takes half an hour; test_calibration.py runs it for a few patterns",
    ".venv/bin/pip install -c constraints.txt -e '.[dashboard]'": "needs a package index",
    ".venv/bin/sim dashboard": "serves until it is stopped; tests/browser starts it and opens every page",
    "python3 -m venv .venv": "needs a package index",
    ".venv/bin/pip install -c constraints.txt -e .": "needs a package index",
}
#: Commands with words to fill in, and what is run in their place.
FILLED_IN = {
    "sim scenarios show NAME": "sim scenarios show baseline",
    "sim scenarios check FILE": "sim scenarios check baseline",
    "sim compare A B [C ...]": "sim compare baseline ngo-as-critic positive-framing --replicates 10",
    "sim parameters [NAME]": "sim parameters stimulus",
    "sim scenarios new FILE": "sim scenarios new mine.toml",
    "sim validate": "sim validate --patterns P25 --replicates 10",
    "sim validate --ablations": "sim validate --ablations --pattern P12 --replicates 10",
    "sim study experiments/when-to-campaign.toml": f"sim study {STUDY} --replicates 2",
    "sim compare A B --parameter-sets none": "sim compare baseline ngo-as-critic --parameter-sets none --replicates 10",
}


def _text() -> str:
    return README.read_text(encoding="utf-8")


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", _text(), flags=re.DOTALL)


def _shell_lines() -> list[str]:
    lines = [line.split("#")[0].strip() for block in _blocks("sh") for line in block.splitlines()]
    return [line for line in lines if line]


def _commands() -> list[str]:
    inline = re.findall(r"`((?:sim|make) [^`]+)`", _text())
    shell = [line.removeprefix(".venv/bin/") for line in _shell_lines() if line not in NOT_RUN]
    return [line for line in dict.fromkeys([*inline, *shell]) if line not in NOT_RUN]


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
    assert run_command(["scenarios", "check", "my-plan.toml"]) == 0
    assert run_command(["compare", "campaign-while-partnering", "my-plan.toml", "--replicates", "30", "--json"]) == 0
    assert "verdict" in capsys.readouterr().out


def test_the_lines_that_read_a_study_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_command(["study", str(STUDY), "--replicates", "2"]) == 0
    (block,) = _blocks("py")
    names = {name: importlib.import_module(name) for name in ("pandas", "pyarrow.dataset", "duckdb")}
    space = {"pandas": names["pandas"], "pyarrow": importlib.import_module("pyarrow"), "duckdb": names["duckdb"]}
    lines = block.strip().splitlines()
    assert len(lines) == 3
    rows = [eval(line, space) for line in lines]
    assert len(rows[0]) == rows[1].num_rows == 2 * 65
    assert len(rows[2].fetchall()) == rows[0]["tone"].nunique() == 5


@pytest.mark.parametrize("command", _commands())
def test_the_commands_of_the_readme_work(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    program, *arguments = shlex.split(FILLED_IN.get(command, command))
    assert program == "sim"
    assert run_command(arguments) == 0
    assert capsys.readouterr().out


def test_nothing_is_excluded_that_the_readme_does_not_show() -> None:
    shown = {*_shell_lines(), *re.findall(r"`((?:sim|make) [^`]+)`", _text())}
    assert set(NOT_RUN) | set(FILLED_IN) <= shown


def test_the_make_targets_of_the_readme_exist() -> None:
    makefile = (README.parent / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"make (\w+)", " ".join([*_blocks("sh"), *NOT_RUN]))):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target


def test_the_files_that_the_readme_links_exist() -> None:
    for target in re.findall(r"\]\(([^)#]+)", _text()):
        assert (README.parent / target).exists(), target
