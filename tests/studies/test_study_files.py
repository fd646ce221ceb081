"""Study files: whatever is wrong with one is said in a line that begins with its name, before anything runs."""

from __future__ import annotations

import contextlib
import copy
import datetime
import math
import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from small_studies import CALM, CAMPAIGN, HORIZON, STIMULUS, small_study

import sim.ensemble
from sim.cli import run_command
from sim.errors import InputError
from sim.studies import point_list
from sim.studies.prepared import MOST_POINTS, prepare_study

TOP = """
title = "A small study"
scenarios = "campaign-while-partnering"
outcomes = ["adopters", "returns_federation"]
replicates = 3
chunk = 3
"""
SET = "[set]\nweeks = 60\n"
LEVER = '[[lever]]\nname = "tone"\nset = "plan.launch-campaign.tone"\nlow = 0.0\nhigh = 1.0\n'
STIMULUS_TABLE = '[[uncertainty]]\nparameter = "stimulus"\n'
LIST = '[design]\nkind = "list"\nfile = "rows.csv"\nlevers = "sampled"\n'
GOOD = TOP + SET + LEVER


@pytest.fixture
def refused(tmp_path, capsys, monkeypatch):
    """Run a file that is refused: the one line behind its name."""

    def run(content: str | bytes, *options: str) -> str:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sim.ensemble, "simulate", lambda *_, **__: pytest.fail("ran before looking"))
        Path("study.toml").write_bytes(content if isinstance(content, bytes) else content.encode())
        code = run_command(["study", "study.toml", "--out", "out", *options])
        out, err = capsys.readouterr()
        assert code == 2
        assert out == ""
        assert err.count("\n") == 1
        assert not Path("out").exists()
        return err.removeprefix("error: ").rstrip("\n")

    return run


def changed(old: str, new: str, text: str = GOOD) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


def lever(path: str, *, values: str = "[0.1, 0.2]", more: str = "") -> str:
    return f'{TOP}{SET}[[lever]]\nname = "x"\nset = "{path}"\nvalues = {values}\n{more}'


def options(first: str, second: str, more: str = "") -> str:
    return f'{TOP}{SET}{more}[[lever]]\nname = "x"\n[[lever.option]]\n{first}\n[[lever.option]]\n{second}\n'


CASES = {
    # places of levers
    "unknown place": (
        lever("plna.launch-campaign.tone"),
        "lever 1 (x): found 'plna.launch-campaign.tone', expected plan.<",
    ),
    "unknown label": (lever("plan.launch-campagn.tone"), "(did you mean 'launch-campaign'?)"),
    "unknown argument": (
        lever("plan.launch-campaign.tune"),
        "lever 1 (x): campaign-while-partnering: plan 5 (launch-campaign): tune: unknown key",
    ),
    "unknown id": (lever("organisation.ombd.exposure"), "(did you mean 'ombud'?)"),
    "unknown pair": (lever("dyad.ombud-federatoin.trust_ab"), "(did you mean 'ombud-federation'?)"),
    "below a number": (lever("plan.launch-campaign.tone.x"), "expected a key that holds a table before .x"),
    "value of a plan": (
        lever("plan.launch-campaign.tone", values="[0.5, 1.5]"),
        "tone: found 1.5, expected a number from 0 to 1",
    ),
    "week before the start": (
        lever("plan.launch-campaign.when - 9", values="[20, 5]"),
        "when: found -4, expected a date",
    ),
    "shift of a text": (
        lever("plan.launch-campaign.when - 1", values='["a", "b"]'),
        "set: plan.launch-campaign.when: found 'a' with a shift of -1, expected a number",
    ),
    "shift of a date": (
        lever("plan.launch-campaign.when - 1", values="[2015-02-09, 2015-02-16]"),
        "found '2015-02-09' with a shift of -1",
    ),
    "date out of reach": (
        lever("plan.launch-campaign.when", values="[2015-02-09, 2005-02-14]"),
        "lever 1 (x): campaign-while-partnering: plan 5 (launch-campaign): when: ",
    ),
    "start": (lever("start", values='["2014-09-01", "soon"]'), "start: found 'soon', expected a Monday"),
    "parameter": (lever("parameter.stimulsu"), "unknown parameter 'stimulsu', did you mean 'stimulus'?"),
    "value of a parameter": (lever("parameter.stimulus", values="[5, 500]"), "stimulus"),
    "two levers, one place": (
        GOOD + LEVER.replace('"tone"', '"tune"'),
        "lever 2 (tune): found 'plan.launch-campaign.tone', which lever 1 writes too",
    ),
    "lever and uncertainty": (
        lever("parameter.stimulus", values="[5, 6]", more=STIMULUS_TABLE),
        "found 'parameter.stimulus', which an uncertainty writes too",
    ),
    "set and uncertainty": (
        TOP + '[set]\n"parameter.stimulus" = 5\n' + STIMULUS_TABLE,
        "set: found 'parameter.stimulus', expected no fixed value for an uncertainty",
    ),
    "set": (TOP + '[set]\nweeks = "many"\n', "set: campaign-while-partnering: weeks: found 'many'"),
    "set nan": (TOP + "[set]\nweeks = nan\n", "set: weeks: found nan, expected a finite number"),
    # levers
    "empty range": (
        changed("high = 1.0", "high = 0.0"),
        "lever 1: high: found 0.0, expected more than low, 0: the range is empty",
    ),
    "turned range": (changed("low = 0.0", "low = 2.0"), "the range is empty"),
    "no high": (changed("high = 1.0\n", ""), "lever 1: high: found nothing, expected low and high, or values"),
    "nan": (changed("low = 0.0", "low = nan"), "lever 1: low: found nan, expected a number"),
    "inf": (changed("high = 1.0", "high = inf"), "lever 1: high: found inf, expected a number"),
    "true": (changed("high = 1.0", "high = true"), "lever 1: high: found true, expected a number"),
    "huge": (changed("high = 1.0", f"high = 1{'0' * 400}"), "expected a number"),
    "huge value": (
        lever("plan.launch-campaign.tone", values=f"[0, 1{'0' * 400}]"),
        "expected a list of finite numbers",
    ),
    "nan value": (lever("plan.launch-campaign.tone", values="[0, nan]"), "expected a list of finite numbers"),
    "one value": (lever("plan.launch-campaign.tone", values="[0.5]"), "expected a list of two or more values"),
    "value twice": (lever("plan.launch-campaign.tone", values="[1, 1.0]"), "names each value only once"),
    "texts and numbers": (
        lever("plan.launch-campaign.by", values='["ombud", 1]'),
        "expected a list of numbers, or of texts",
    ),
    "half weeks": (
        lever("plan.launch-campaign.when").replace("values = [0.1, 0.2]", "low = 3.5\nhigh = 9.0"),
        "lever 1 (x): low: found 3.5, expected a whole number",
    ),
    "whole": (changed("high = 1.0", "high = 1.5\nwhole = true"), "expected whole numbers"),
    "logarithm of 0": (
        GOOD + "logarithmic = true\n",
        "lever 1: low: found 0.0, expected more than 0 for a logarithmic range",
    ),
    "levels": (GOOD + "levels = 1\n", "levels: found 1, expected a whole number from 2 to 1,000"),
    "template": (
        lever("plan.launch-campaign.when", more='template = "week > 3"'),
        "template: found 'week > 3', expected a text with {value} in it",
    ),
    "condition": (
        lever("plan.launch-campaign.when", more='template = "weak > {value}"'),
        "lever 1 (x): campaign-while-partnering: plan 5 (launch-campaign): when: ",
    ),
    "unknown key": (GOOD + "hihg = 1.0\n", "lever 1: hihg: unknown key, expected one of low, high"),
    "lever twice": (GOOD + LEVER, "found 'tone', expected each name of a factor once"),
    "lever called as a column": (
        changed('name = "tone"', 'name = "adopters"'),
        "lever 1 (adopters): name: found 'adopters', which the results use for another column",
    ),
    "lever called replicate": (
        changed('name = "tone"', 'name = "replicate"'),
        "which the results use for another column",
    ),
    "lever called scenario": (
        changed(
            '"campaign-while-partnering"',
            '["baseline", "partner-in-calm-seas"]',
            changed('name = "tone"', 'name = "scenario"'),
        ),
        "which the results use for another column",
    ),
    "name": (changed('name = "tone"', 'name = "a tone"'), "lever 1: name: found 'a tone', expected a name of letters"),
    # options
    "option without name": (
        options('name = "a"', 'remove = "launch-campaign"'),
        "lever 1: option: 1: name: found nothing, expected a value",
    ),
    "one option": (
        TOP + '[[lever]]\nname = "x"\n[[lever.option]]\nname = "a"\n',
        "expected two or more options of different names",
    ),
    "options of one name": (options('name = "a"', 'name = "a"'), "expected two or more options of different names"),
    "options and range": (
        options('name = "a"', 'name = "b"').replace('name = "x"', 'name = "x"\nlow = 1'),
        "either options, or set with a range or values",
    ),
    "option of a scenario": (
        options('name = "a"', 'name = "b"\nscenario = "baselin"'),
        "lever 1 (x): option (b): scenario: baselin: no such scenario",
    ),
    "option removes": (
        options('name = "a"', 'name = "b"\nremove = "launch-campagn"'),
        "lever 1 (x): found 'launch-campagn', expected a label of the plan",
    ),
    "option key": (
        options('name = "a"', 'name = "b"\nremvoe = "x"'),
        "remvoe: unknown key, expected one of name, scenario, set, remove (did you mean 'remove'?)",
    ),
    "option value": (
        options('name = "a"', 'name = "b"\nset = {weeks = inf}'),
        "weeks: found inf, expected a finite number",
    ),
    "two choose the scenario": (
        options('name = "a"', 'name = "b"\nscenario = "baseline"').replace(
            f'"{CAMPAIGN}"', '["baseline", "partner-in-calm-seas"]'
        ),
        "expected one lever that chooses the scenario",
    ),
    # uncertainties
    "unknown parameter": (
        GOOD + '[[uncertainty]]\nparameter = "stimulsu"\n',
        "uncertainty 1: parameter: found 'stimulsu', expected a name from `sim parameters` (did you mean 'stimulus'?)",
    ),
    "unknown group": (
        GOOD + '[[uncertainty]]\ngroup = "heart"\n',
        "uncertainty 1: group: found 'heart', expected core, or one of",
    ),
    "neither": (GOOD + "[[uncertainty]]\n", "expected one of parameter and group"),
    "outside the registry": (
        GOOD + STIMULUS_TABLE + "low = 0.5\nhigh = 5\n",
        "uncertainty 1: low: found 0.5, expected 1 to 9 (items/week), as the registry has it",
    ),
    "value outside": (
        GOOD + STIMULUS_TABLE + "values = [5, 50]\n",
        "uncertainty 1: values: found 50, expected 1 to 9",
    ),
    "half neighbours": (
        GOOD + '[[uncertainty]]\nparameter = "complex_contagion"\nlow = 0.5\n',
        "expected a whole number",
    ),
    "registry ends": (GOOD + STIMULUS_TABLE + "low = 9\n", "uncertainty 1: low: found 9.0, expected less than 9"),
    "registry starts": (GOOD + STIMULUS_TABLE + "high = 1\n", "uncertainty 1: high: found 1.0, expected more than 1"),
    "logarithm of the registry": (
        GOOD + '[[uncertainty]]\nparameter = "third_party_blame"\nlogarithmic = true\n',
        "logarithmic: found true, expected false: third_party_blame may be 0",
    ),
    "range of a group": (GOOD + '[[uncertainty]]\ngroup = "core"\nlow = 1\n', "no range of its own"),
    "parameter twice": (
        GOOD + STIMULUS_TABLE + STIMULUS_TABLE,
        "found 'stimulus', expected each name of a factor once",
    ),
    "group and parameter": (
        GOOD + STIMULUS_TABLE + '[[uncertainty]]\ngroup = "core"\n',
        "expected each name of a factor once",
    ),
    "fixed and uncertain": (
        GOOD + STIMULUS_TABLE + "[parameters]\nstimulus = 5\n",
        "parameters: stimulus: found 5.0, expected no fixed value for an uncertainty",
    ),
    "fixed unknown": (GOOD + "[parameters]\nstimulsu = 5\n", "unknown parameter 'stimulsu', did you mean 'stimulus'?"),
    "fixed true": (GOOD + "[parameters]\nstimulus = true\n", "parameters: stimulus: found true, expected a number"),
    "fixed nan": (GOOD + "[parameters]\nstimulus = nan\n", "stimulus"),
    "fixed number": ("parameters = 5\n" + GOOD, "parameters: found 5, expected a table of keys"),
    # designs
    "too many points": (GOOD + '[[uncertainty]]\ngroup = "core"\nlevels = 9\n', f"expected at most {MOST_POINTS:,}"),
    "no samples": (
        GOOD + STIMULUS_TABLE + '[design]\nkind = "sobol"\n',
        "design: samples: found nothing, expected a number of samples for sobol",
    ),
    "power of 2": (
        GOOD + STIMULUS_TABLE + '[design]\nkind = "sobol"\nsamples = 100\n',
        "design: samples: found 100, expected a power of 2",
    ),
    "samples of a grid": (GOOD + "[design]\nsamples = 100\n", "design: samples: found 100, expected no samples"),
    "half a sample": (
        GOOD + STIMULUS_TABLE + '[design]\nkind = "morris"\nsamples = 2.5\n',
        "design: samples: found 2.5, expected a whole number",
    ),
    "kind": (
        GOOD + '[design]\nkind = "sobl"\n',
        "found 'sobl', expected one of grid, latin-hypercube, sobol, morris, sets, list (did you mean 'sobol'?)",
    ),
    "second order": (
        GOOD + "[design]\nsecond_order = true\n",
        "second_order: found true, expected false unless kind is sobol",
    ),
    "sobol of nothing": (
        GOOD + '[design]\nkind = "sobol"\nsamples = 4\n',
        "design: found nothing to sample, expected [[uncertainty]]",
    ),
    "morris of nothing": (GOOD + '[design]\nkind = "morris"\nsamples = 4\n', "design: found nothing to sample"),
    "hypercube of nothing": (
        GOOD + '[design]\nkind = "latin-hypercube"\nsamples = 4\n',
        "design: found nothing to sample",
    ),
    "morris of options": (
        options(
            'name = "a"',
            'name = "b"\n[[lever.option]]\nname = "c"',
            '[design]\nkind = "morris"\nsamples = 4\nlevers = "sampled"\n',
        ),
        "expected numbers or two options",
    ),
    "no file": (GOOD + '[design]\nkind = "list"\n', "design: file: found nothing, expected a CSV file for a list"),
    "file of a grid": (
        GOOD + '[design]\nfile = "rows.csv"\n',
        "design: file: found 'rows.csv', expected a CSV file for a list, and only for a list",
    ),
    "file is missing": (GOOD + LIST, "design: file 'rows.csv': cannot be read (No such file or directory)"),
    "file is a folder": (GOOD + LIST.replace("rows.csv", "."), "design: file '.': cannot be read (Is a directory)"),
    # at the top
    "no title": (changed('title = "A small study"\n', ""), "title: found nothing, expected a value"),
    "unknown table": (GOOD + "[desing]\n", "desing: unknown key, expected one of name, title"),
    "unknown scenario": (
        changed(f'"{CAMPAIGN}"', '"campaign-while-partnerin"'),
        "scenarios: campaign-while-partnerin: no such scenario or file",
    ),
    "no scenario": (changed(f'"{CAMPAIGN}"', "[]"), "scenarios: found [], expected at least one"),
    "scenario twice": (changed(f'"{CAMPAIGN}"', '["baseline", "baseline"]'), "names each only once"),
    "seven scenarios": (
        changed(f'"{CAMPAIGN}"', '["a", "b", "c", "d", "e", "f", "g"]'),
        "expected at most 6 scenarios",
    ),
    "unknown outcome": (
        changed('"adopters"', '"adoptres"'),
        "outcomes: found 'adoptres', expected measures that campaign-while-partnering has",
    ),
    "similar outcome": (changed('"adopters"', '"adoptres"'), "(did you mean 'adopters'?)"),
    "no outcome": (changed('["adopters", "returns_federation"]', "[]"), "outcomes: found [], expected at least one"),
    "outcome of another scenario": (
        changed('"adopters"', '"longest_away_ombud_firm"'),
        "outcomes: found 'longest_away_ombud_firm'",
    ),
    "unknown series": ('series = "adoptres"\n' + GOOD, "series: found 'adoptres'"),
    "more events than worlds": ("events = 4\n" + GOOD, "events: found 4, expected at most the 3 replicates"),
    "no replicate": (
        changed("replicates = 3", "replicates = 0"),
        "replicates: found 0, expected a whole number from 1 to",
    ),
    "true replicates": (changed("replicates = 3", "replicates = true"), "replicates: found true"),
    "negative seed": ("seed = -1\n" + GOOD, "seed: found -1, expected a whole number from 0 to 4,294,967,295"),
    "worlds": ('worlds = "mine"\n' + GOOD, "worlds: found 'mine', expected one of common, own"),
    "study name": ('name = "../elsewhere"\n' + GOOD, "name: found '../elsewhere', expected a name of letters"),
    "lever is no table": ("lever = 5\n" + TOP, "lever: found 5"),
    # questions
    "robustness of one plan": (
        TOP + "[robustness.weights]\nadopters = 1\n",
        "robustness: found 1 plan, expected two or more crossed plans",
    ),
    "weight without direction": (
        changed('"adopters"', '"peak_coverage"') + "[robustness.weights]\npeak_coverage = 1\n",
        "of which neither more nor less is better",
    ),
    "weight of another outcome": (
        GOOD + "[robustness.weights]\ngoal_share = 1\n",
        "robustness: found 'goal_share', expected one of outcomes",
    ),
    "true weight": (
        GOOD + "[robustness.weights]\nadopters = true\n",
        "robustness: weights: adopters: found true, expected a number",
    ),
    "bounds": (
        GOOD + "[robustness.satisfice]\nadopters = {at_least = 5, at_most = 4}\n",
        "at_most: found 4.0, expected at least 5: the range is empty",
    ),
    "no bounds": (GOOD + "[robustness.satisfice]\nadopters = {}\n", "expected at_least, at_most or both"),
    "difference of an unknown plan": (
        GOOD + '[[difference]]\na = "tone 0"\nb = "tone 2"\noutcome = "adopters"\n',
        "difference 1: b: found 'tone 2', expected a plan of the study: tone 0, tone 0.25",
    ),
    "difference from itself": (
        GOOD + '[[difference]]\na = "tone 0"\nb = "tone 0"\noutcome = "adopters"\n',
        "difference 1: b: found 'tone 0', expected another plan than a",
    ),
    "difference of another outcome": (
        GOOD + '[[difference]]\na = "tone 0"\nb = "tone 1"\noutcome = "exits"\n',
        "difference 1: outcome: found 'exits', expected one of outcomes",
    ),
    "discovery without bounds": (
        GOOD + '[[discovery]]\ntext = "x"\noutcome = "adopters"\n',
        "discovery 1: at_least: found nothing",
    ),
    "discovery of another outcome": (
        GOOD + '[[discovery]]\ntext = "x"\noutcome = "exits"\nat_least = 1\n',
        "discovery 1: outcome: found 'exits'",
    ),
    "discovery under an unknown plan": (
        GOOD + '[[discovery]]\ntext = "x"\noutcome = "adopters"\nat_least = 1\nplan = "tone 3"\n',
        "discovery 1: plan: found 'tone 3'",
    ),
    "discovery nan": (
        GOOD + '[[discovery]]\ntext = "x"\noutcome = "adopters"\nat_least = nan\n',
        "discovery 1: at_least: found nan",
    ),
    # the file
    "not TOML": (GOOD + "high 1.0\n", "not TOML: "),
    "key twice": (GOOD + "high = 1.0\n", "not TOML: "),
    "no UTF-8": (GOOD.encode() + b"# \xff\n", "line 14: found bytes that are no UTF-8, expected TOML text"),
    "binary": (b"PAR1\0\0", "found a binary file, expected TOML text"),
    "too large": (GOOD + "#" * 1_000_001, "bytes, expected a study file of at most 1,000,000"),
    "deep": ("x = " + "[" * 5_000 + GOOD, "not TOML: "),
    "empty": ("", "title: found nothing, expected a value (and 2 more)"),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_wrong_with_a_file_is_one_line(refused, name):
    content, told = CASES[name]
    line = refused(content)
    assert line.startswith("study.toml: ")
    assert told in line
    assert len(line) < 700


def test_the_file_that_the_cases_start_from_is_sound():
    assert len(prepare_study(small_study()).design) == 5


@pytest.mark.parametrize(
    "rows, told",
    [
        ("tone\n0.5\n", "found no column 'stimulus', expected one column a factor: stimulus, tone (it has tone)"),
        ("tone,stimulus,colour\n0.5,5,red\n", "found column 'colour', expected only factors that the study names"),
        ("tone,stimulus,tone\n0.5,5,0.6\n", "found column 'tone' twice, expected one column a factor"),
        ("tone,stimulus\n0.5,5\nloud,5\n", "line 3: tone: found 'loud', expected a number from 0 to 1"),
        ("tone,stimulus\n0.5,5\n1.5,5\n", "line 3: tone: found '1.5', expected a number from 0 to 1"),
        ("tone,stimulus\n0.5,500\n", "line 2: stimulus: found '500', expected a number from 1 to 9"),
        ("tone,stimulus\n0.5,nan\n", "line 2: stimulus: found 'nan', expected a number from 1 to 9"),
        ("tone,stimulus\n0.5\n", "line 2: stimulus: found '', expected a number from 1 to 9"),
        ("tone,stimulus\n0.5,5,6\n", "line 2: found more cells than the 2 columns"),
        ("tone,stimulus\n", "found no rows, expected one row a point"),
        ("", "found no column 'stimulus', expected one column a factor: stimulus, tone (it has none)"),
        (b"tone,stimulus\n\xff,5\n", "cannot be read (no UTF-8 text)"),
        ("tone,stimulus\n" + "9" * 200_000 + ",5\n", "found what is no CSV (field larger than field limit (131072))"),
        ("tone,stimulus\n0.5,5\n" * 1_000, "line 3: stimulus: found 'stimulus'"),
    ],
)
def test_what_is_wrong_with_a_list_is_one_line(refused, tmp_path, rows, told):
    (tmp_path / "rows.csv").write_bytes(rows if isinstance(rows, bytes) else rows.encode())
    line = refused(GOOD + STIMULUS_TABLE + LIST)
    assert line.startswith(f"study.toml: design: file 'rows.csv': {told}")


def test_a_list_that_is_too_long_is_not_cut(refused, tmp_path, monkeypatch):
    monkeypatch.setattr(point_list, "MOST_ROWS_BYTES", 50)
    (tmp_path / "rows.csv").write_text("tone,stimulus\n" + "0.5,5\n" * 10)
    assert "found more than 50 bytes, expected a CSV file of at most that" in refused(GOOD + STIMULUS_TABLE + LIST)


@pytest.mark.parametrize(
    "given_options, told",
    [
        (["--replicates", "0"], "--replicates: found 0, expected a whole number of worlds from 1 to 1,000,000"),
        (["--seed", "-1"], "--seed: found -1, expected a whole number from 0 to 4,294,967,295"),
        (["--workers", "0"], "--workers: found 0, expected a whole number from 1"),
        (["--replicates", "many"], "Invalid value for '--replicates'"),
        (["--fly"], "No such option"),
    ],
)  # fmt: skip
def test_options_that_cannot_be_are_one_line(refused, given_options, told):
    assert told in refused(GOOD, *given_options)


@pytest.mark.parametrize(
    "address, told", [("", "found no name or the current folder"), ("nonsense://x", "nonsense://x: ")]
)
def test_a_location_that_cannot_be_is_one_line(tmp_path, monkeypatch, capsys, address, told):
    monkeypatch.chdir(tmp_path)
    Path("study.toml").write_text(GOOD)
    assert run_command(["study", "study.toml", "--out", address]) == 2
    error = capsys.readouterr().err
    assert error.startswith(f"error: --out: {told}")
    assert error.count("\n") == 1
    assert os.listdir() == ["study.toml"]


def test_options_are_told_with_the_name_of_the_file(refused):
    text = changed("replicates = 3", "replicates = 3\nevents = 2")
    assert refused(text, "--replicates", "1") == "study.toml: events: found 2, expected at most the 1 replicates"


@pytest.mark.parametrize(
    "name, told",
    [
        ("nowhere.toml", "no such file, expected a study file (.toml)"),
        (".", "a folder, expected a study file (.toml)"),
        ("a\nb.toml", "no such file"),
        ("x" * 5_000, "no such file"),
    ],
)
def test_a_file_that_is_not_there_is_one_line(tmp_path, monkeypatch, capsys, name, told):
    monkeypatch.chdir(tmp_path)
    assert run_command(["study", name]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert told in error
    assert list(tmp_path.iterdir()) == []


def test_a_file_may_be_called_anything(tmp_path):
    for stem, name in (("my study (1)", "my-study-1-"), ("..", "study"), ("-x", "x"), ("ä" * 70, "ä" * 60)):
        path = tmp_path / f"{stem}.toml"
        path.write_text(GOOD)
        assert prepare_study(path).file.name == name


def test_a_design_that_is_too_large_for_the_disk_is_refused(tmp_path, monkeypatch, capsys):
    disk = namedtuple("disk", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: disk(10**6, 999_000, 1_000))
    monkeypatch.chdir(tmp_path)
    Path("study.toml").write_text(GOOD)
    for more in (["--dry-run"], []):
        assert run_command(["study", "study.toml", "--out", "out", *more]) == 2
        error = capsys.readouterr().err
        assert error.startswith("error: study.toml: design: 5 points x 3 worlds need about ")
        assert error.endswith(
            "in out, where 1.0 kB are free: expected fewer points, worlds, outcomes or series, or another --out\n"
        )
        assert Path("out").exists() == (not more)


def test_worlds_of_their_own_are_not_more_than_there_are():
    study = small_study(
        uncertainty=[STIMULUS], design={"kind": "latin-hypercube", "samples": 3_000}, worlds="own", replicates=1_000_000
    )
    with pytest.raises(InputError, match=r'^study: worlds: found "own" for 3,000 samples x 1,000,000 replicates'):
        prepare_study(study)


def test_dates_are_values_like_others():
    dates = [datetime.date(2015, 2, 9), datetime.date(2015, 2, 16)]
    one = {"name": "launch", "set": ["plan.launch-campaign.when"], "values": dates}
    prepared = prepare_study(small_study(lever=[one]))
    assert prepared.design.table["launch"].tolist() == ["2015-02-09", "2015-02-16"]
    assert prepare_study(small_study(set={"start": datetime.date(2014, 9, 8)})).case(0).change.values[0] == (
        "start", "2014-09-08",
    )  # fmt: skip


# ---------------------------------------------------------------------- anything at all

STUDIES = [
    small_study(),
    small_study(
        scenarios=[CAMPAIGN, CALM], lever=None, outcomes=["adopters"], robustness={"weights": {"adopters": 1.0}}
    ),
    small_study(
        uncertainty=[STIMULUS],
        parameters={"trust_gain": 0.02},
        design={"kind": "sobol", "samples": 4, "levers": "sampled", "second_order": True},
    ),
    small_study(
        lever=[
            {**HORIZON},
            {
                "name": "what",
                "option": [
                    {"name": "a"},
                    {"name": "b", "set": {"firms.number": 30}},
                    {"name": "c", "remove": ["launch-campaign"]},
                ],
            },
            {"name": "when", "set": ["plan.launch-campaign.when - 1"], "low": 4, "high": 20, "levels": 2},
        ],
        difference=[{"a": "horizon 50, a, when 4", "b": "horizon 60, b, when 4", "outcome": "adopters"}],
        discovery=[{"text": "many", "outcome": "adopters", "at_least": 3.0}],
        robustness={"weights": {"adopters": 1.0}, "satisfice": {"adopters": {"at_least": 1.0}}},
    ),
]
ODD = st.one_of(
    st.sampled_from([
        None, True, False, -1, 0, 1, 2, 3, 0.5, -0.0, 1e308, 5e-324, math.nan, math.inf, 10**30, 10**400, "", " ", "a",
        "\n", "\0", "tone", "adopters", "grid", "list", "morris", "plan", "plan.launch-campaign.tone",
        "parameter.stimulus", "weeks", "{value}", "../..", "x" * 300, [], [1], [1, 2], ["a", "b"],
        [[1]], [True, False], [1, 10**400], {}, {"a": 1}, [{}],
        datetime.date(2015, 1, 5), datetime.datetime(2015, 1, 5), datetime.time(1),
    ]),
    st.text(max_size=8), st.floats(), st.integers(),
)  # fmt: skip


def places(value, path=()):
    """Every place in a document, by its path."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield (*path, key)
        yield from places(one, (*path, key))


def read(source):
    """Prepare a study, or give the line that refuses it."""
    try:
        return prepare_study(source), ""
    except InputError as error:
        return None, str(error)


def mutate(data, document):
    where = data.draw(st.sampled_from(list(places(document))))
    inner = document
    for key in where[:-1]:
        inner = inner[key]
    kind = data.draw(st.sampled_from(["put", "put", "drop", "rename", "again"]))
    if kind == "put":
        inner[where[-1]] = data.draw(ODD)
    elif kind == "drop" or not (isinstance(inner, dict) or kind == "again"):
        del inner[where[-1]]
    elif kind == "rename":
        inner[data.draw(st.sampled_from(["", "a", "weeks", "set", "values", "high", "x.y"]))] = inner.pop(where[-1])
    elif isinstance(inner, list):
        inner.append(copy.deepcopy(inner[where[-1]]))


@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_whatever_a_study_says_it_is_read_or_refused_in_a_line(data):
    document = copy.deepcopy(data.draw(st.sampled_from(STUDIES)))
    for _ in range(data.draw(st.integers(1, 3))):
        if document:
            mutate(data, document)
    prepared, line = read(document)
    assert "\n" not in line
    assert len(line) < 2_000
    if prepared is not None and len(prepared.design) < 100:
        assert prepare_study(prepared.file).digest == prepared.digest


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.integers(0, len(GOOD)), st.integers(0, 30), st.text(max_size=6))
@example(0, 0, "\x00")
@example(0, 0, "\ud800")
def test_whatever_is_in_a_file_it_is_read_or_refused_in_a_line(tmp_path_factory, start, cut, put):
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes((GOOD[:start] + put + GOOD[start + cut :]).encode("utf-8", "surrogatepass"))
    prepared, line = read(path)
    assert (prepared is None) == line.startswith(str(path))
    assert "\n" not in line


def test_points_of_any_list_are_points_or_one_line(tmp_path):
    @settings(max_examples=80, deadline=None, derandomize=True)
    @given(st.text(alphabet='tone,stimulus0.5\n\r"\0 9ä', max_size=40))
    @example("tone,stimulus\n0.5,5")
    def check(text):
        (tmp_path / "rows.csv").write_bytes(text.encode())
        (tmp_path / "study.toml").write_text(GOOD + STIMULUS_TABLE + LIST)
        with contextlib.suppress(InputError):
            assert len(prepare_study(tmp_path / "study.toml").design) >= 1

    check()
    assert os.listdir(tmp_path)
