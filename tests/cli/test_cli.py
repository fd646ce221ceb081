"""The command line: what it prints, how it ends, and one line for whatever goes wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pandas as pd
import pytest
from made_up import ensemble, shifted

import sim.cli
import sim.engine.compiled
from sim.analysis.comparison import answer
from sim.scenarios import catalogue


@pytest.fixture
def call(capsys):
    """Run the command line in this process: exit code, output, errors."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = sim.cli.run_command(list(arguments))
        found = capsys.readouterr()
        return code, found.out, found.err

    return run


@pytest.fixture
def quick(monkeypatch):
    """Worlds that are made up instead of simulated."""

    def simulate(case, replicates, seed, *, parameters=None, threads=None, progress=None, parameter_sets=None):
        if progress is not None:
            progress(replicates, replicates)
        if case.name == "baseline":
            return ensemble(case, replicates=replicates, seed=seed)
        made = shifted(0.1, replicates=replicates, seed=seed)
        object.__setattr__(made, "scenario", case)
        return made

    monkeypatch.setattr(answer, "simulate", simulate)
    monkeypatch.setattr(sim.engine.compiled, "is_warm", lambda: True)


def one_line(text: str) -> bool:
    return text.startswith("error: ") and text.count("\n") == 1 and text.endswith("\n")


# ---------------------------------------------------------------------- what it prints


def test_version_and_help(call):
    assert call("--version")[1].startswith("sim ")
    code, out, _ = call("--help")
    assert code == 0
    for command in ("scenarios", "parameters", "run", "compare", "validate"):
        assert command in out


def test_help_loads_nothing_heavy():
    program = (
        "import sys, sim.cli\n"
        "assert sim.cli.run_command(['--help']) == 0\n"
        "heavy = {'numba', 'pandas', 'scipy', 'matplotlib', 'mesa', 'pydantic'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)


def test_the_scenarios_are_listed(call):
    code, out, _ = call("scenarios")
    assert code == 0
    assert all(name in out for name in catalogue())


def test_a_scenario_is_shown_in_words_and_as_a_file(call, tmp_path):
    _, out, _ = call("scenarios", "show", "stay-in-the-shadows")
    assert "The equality ombud asks the flagship firm for a meeting" in out
    assert "Warning: partnership out of sight" in out
    _, toml, _ = call("scenarios", "show", "stay-in-the-shadows", "--toml")
    file = tmp_path / "copy.toml"
    file.write_text(toml)
    code, out, _ = call("scenarios", "check", str(file))
    assert code == 0
    assert "ok: stay-in-the-shadows" in out


def test_parameters_are_listed_and_explained(call):
    assert "trust_gain" in call("parameters")[1]
    _, by_name, _ = call("parameters", "trust_gain")
    _, by_symbol, _ = call("parameters", "eta_p")
    assert by_name == by_symbol
    assert "0.005 to 0.05" in by_name
    assert "source" in by_name


def test_compare_prints_verdicts_and_writes_a_report(call, quick, tmp_path):
    out_folder = tmp_path / "made" / "here"
    code, out, err = call("compare", "baseline", "positive-framing", "--replicates", "40", "--out", str(out_folder))
    assert (code, err) == (0, "")
    assert "“Positive framing” wins about" in out
    assert "B better" in out
    assert str(out_folder / "report.html") in out
    assert (out_folder / "report.html").is_file()
    assert len(pd.read_parquet(out_folder / "outcomes.parquet")) == 80


def test_compare_writes_tables_that_nordic_spreadsheets_read(call, quick, tmp_path):
    assert call("compare", "baseline", "positive-framing", "--csv", "nordic", "--out", str(tmp_path))[0] == 0
    found = pd.read_csv(tmp_path / "pairs.csv", sep=";", decimal=",", encoding="utf-8-sig").set_index("measure")
    plain = json.loads((tmp_path / "comparison.json").read_text())["pairs"][0]["measures"]
    assert found.loc["goal_share", "difference"] == pytest.approx(plain["goal_share"]["difference"])
    assert found.loc["goal_share", "sentence"] == plain["goal_share"]["sentence"]


def test_compare_writes_a_workbook(call, quick, tmp_path):
    from openpyxl import load_workbook

    assert call("compare", "baseline", "positive-framing", "--csv", "xlsx", "--out", str(tmp_path))[0] == 0
    book = load_workbook(tmp_path / "tables.xlsx")
    assert book.sheetnames == ["outcomes", "summary", "pairs", "durations"]
    assert [cell.value for cell in book["pairs"][1]][:3] == ["a", "b", "a_name"]


def test_compare_names_its_folder_after_the_scenarios(call, quick, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert call("compare", "baseline", "positive-framing", "--replicates", "8")[0] == 0
    assert (tmp_path / "results" / "baseline-vs-positive-framing" / "manifest.json").is_file()


def test_json_is_all_there_is_on_standard_output(call, quick, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, _ = call("compare", "baseline", "positive-framing", "--replicates", "8", "--set", "stimulus=8", "--json")
    found = json.loads(out)
    assert code == 0
    assert found["parameters"] == {"stimulus": 8.0}
    assert found["replicates"] == 8
    assert list(tmp_path.iterdir()) == []


def test_the_engine_answers_the_same_twice(call):
    first = call("compare", "baseline", "ngo-as-critic", "--replicates", "3", "--seed", "5", "--json")
    second = call(
        "compare", "baseline", "ngo-as-critic", "--replicates", "3", "--seed", "5", "--json", "--threads", "1"
    )
    assert first[0] == second[0] == 0
    assert json.loads(first[1]) == json.loads(second[1])


def test_a_run_tells_a_story_and_writes_it(call, tmp_path):
    pytest.importorskip("sim.stories")
    code, out, _ = call("run", "campaign-while-partnering", "--weeks", "40", "--out", str(tmp_path))
    assert code == 0
    assert "How it ended" in out
    assert "Goal share" in out
    for name in ("story.txt", "events.csv", "series.csv", "outcomes.csv", "manifest.json"):
        assert (tmp_path / name).stat().st_size > 0
    assert len(pd.read_csv(tmp_path / "series.csv")) == 40


# ---------------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize(
    "arguments, expected",
    [
        (["compare", "baseline", "positive-framing", "--replicates", "0"], "--replicates: found 0, expected a whole"),
        (["compare", "baseline", "positive-framing", "--replicates", "-5"], "--replicates: found -5"),
        (["compare", "baseline", "positive-framing", "--replicates", "many"], "--replicates"),
        (["compare", "baseline", "positive-framing", "--seed", "-1"], "--seed: found -1"),
        (["compare", "baseline", "positive-framing", "--seed", "4294967296"], "--seed"),
        (["compare", "baseline", "positive-framing", "--threads", "0"], "--threads: found 0"),
        (["compare", "baseline", "positive-framing", "--set", "stimulus"], "expected name=value"),
        (["compare", "baseline", "positive-framing", "--set", "stimulsu=3"], "did you mean 'stimulus'"),
        (["compare", "baseline", "positive-framing", "--set", "stimulus=nan"], "finite"),
        (["compare", "baseline", "positive-framing", "--set", "stimulus=1e9"], "expected 1 to 9"),
        (["compare", "baseline"], "expected 2 to 8 to compare"),
        (["compare", *["baseline"] * 9], "found 9, expected 2 to 8"),
        (["compare", "baseline", "baseline", "--weeks", "500"], "--weeks: found 500"),
        (["compare", "baseline", "baseline", "--measure", "goal_shar"], "did you mean 'goal_share'"),
        (["compare", "baseline", "baseline", "--matters", "goal_share"], "expected a measure and a number"),
        (["compare", "baseline", "baseline", "--csv", "excel"], "expected a kind of table"),
        (["compare", "baseline", "baseline", "--language", "sv"], "expected a language"),
        (["compare", "baseline", "no-such-plan"], "no such scenario or file"),
        (["compare"], "Missing argument"),
        (["run", "baseline", "--weeks", "0"], "--weeks: found 0"),
        (["run", "no-such-plan"], "no such scenario or file"),
        (["scenarios", "show", "baselin"], "baseline"),
        (["scenarios", "check", "/no/such/file.toml"], "no such scenario or file"),
        (["parameters", "trust_gian"], "did you mean trust_gain"),
        (["validate", "--replicates", "0"], "--replicates: found 0"),
        (["fly"], "No such command"),
        (["compare", "--fly"], "--fly"),
    ],
)
def test_bad_input_ends_in_one_line_and_exit_code_2(call, arguments, expected):
    code, out, err = call(*arguments)
    assert code == 2
    assert out == ""
    assert one_line(err), err
    assert expected in err


@pytest.mark.parametrize("command", [["compare", "baseline", "positive-framing"], ["run", "baseline"]])
def test_a_folder_that_cannot_be_written_is_noticed_before_the_run(call, tmp_path, monkeypatch, command):
    monkeypatch.setattr(answer, "simulate", lambda *_, **__: pytest.fail("ran before looking"))
    file = tmp_path / "file"
    file.write_text("in the way")
    for folder in (file, file / "below"):
        code, _, err = call(*command, "--out", str(folder))
        assert code == 2
        assert one_line(err)
        assert "--out" in err


def test_ctrl_c_keeps_what_is_finished(call, quick, monkeypatch, tmp_path):
    made = answer.simulate

    def stopped(case, *arguments, **more):
        if case.name != "baseline":
            raise KeyboardInterrupt
        return made(case, *arguments, **more)

    monkeypatch.setattr(answer, "simulate", stopped)
    code, _, err = call("compare", "baseline", "positive-framing", "--replicates", "9", "--out", str(tmp_path))
    assert code == 130
    assert err.count("\n") == 1
    assert "outcomes of baseline kept" in err
    assert len(pd.read_csv(tmp_path / "outcomes.csv")) == 9
    assert not (tmp_path / "manifest.json").exists()


def test_ctrl_c_with_nothing_to_keep_is_one_line_too(call, monkeypatch):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(answer, "simulate", stopped)
    monkeypatch.setattr(sim.engine.compiled, "is_warm", lambda: True)
    code, out, err = call("compare", "baseline", "positive-framing", "--json")
    assert (code, out, err) == (130, "", "stopped\n")


def test_a_bug_keeps_its_traceback(call, quick, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(answer, "simulate", broken)
    with pytest.raises(ZeroDivisionError):
        call("compare", "baseline", "positive-framing", "--json")


def test_a_reader_that_leaves_early_is_no_error():
    process = subprocess.Popen(
        [sys.executable, "-m", "sim", "parameters"], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait(30) in (0, 1)
    assert errors == b""
