"""Calibration: known posteriors are found, a stopped run ends like another, and sets keep what they promise."""

from __future__ import annotations

import functools
import json
import math
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

import sim.calibration
from sim.calibration import Calibration, Settings, calibrate
from sim.calibration.diagnostics import links, posteriors, rank_correlation, weighted_quantile
from sim.calibration.emulator import fit
from sim.calibration.judge import Answer, Judge, Line, chance, lines_of
from sim.calibration.priors import CALIBRATED, OFF
from sim.calibration.report import save_calibration
from sim.calibration.sets_judged import judge_sets
from sim.calibration.storage import Storage
from sim.cli import run_command
from sim.engine.randomness import entity_key, uniform
from sim.errors import InputError
from sim.parameters import CORE, REGISTRY
from sim.parameters.sets import ParameterSets, read_sets, sets_of, shipped_sets
from sim.validation import validate
from sim.validation.checks import Check, Estimate, at_least, between, formula, judge

CALIBRATE = sys.modules[calibrate.__module__]
RESULTS = Path(__file__).parents[2] / "results" / "reference"
TWO = ("language_learning", "trust_gain")
SMALL = Settings(
    first=32, waves=1, wave=8, rounds=2, worlds=6, many=12, fresh=8, steps=50, names=TWO,
    patterns=("P12", "P14"),
    seed=3,
)  # fmt: skip


@contextmanager
def silent(text):
    yield lambda done, total: None


# ---------------------------------------------------------------------- a toy of which everything is known


class Toy:
    """Two numbers and their product, each known to lie within a window; no worlds, no luck."""

    windows: tuple[tuple[float, float], ...] = ()

    def __init__(self, worlds: int, patterns: Any = (), fixed: Any = None) -> None:
        self.worlds = worlds

    @staticmethod
    def shown(places: list[float]) -> list[float]:
        x, y = places
        return [x + y, x * y]

    def checks(self, values: dict[str, float], seed: int) -> list[Check]:
        places = [REGISTRY[name].place(values.get(name, REGISTRY[name].default)) for name in TWO]
        rows = zip(self.shown(places), self.windows, strict=True)
        return [formula("T1", "toy", value, least=low, most=high, use="CAL") for value, (low, high) in rows]

    def __call__(self, values: dict[str, float], seed: int) -> Answer:
        checks = self.checks(values, seed)
        found = np.array([check.value for check in checks])
        return Answer(found, np.zeros(len(found)), np.array([chance(check) for check in checks]))


def toy(windows: tuple[tuple[float, float], ...], seed: int, size: int = 160) -> Calibration:
    settings = Settings(
        first=size, waves=1, wave=size // 2, rounds=3, fresh=4, steps=150,
        names=TWO,
        seed=seed,
    )  # fmt: skip
    made = type("Known", (Toy,), {"windows": windows})
    return calibrate(settings, processes=1, bar=silent, judge_of=made)


def test_a_known_posterior_is_recovered():
    """Flat on a strip across the square: x and y trade off against each other, and neither is known alone."""
    found = toy(((0.9, 1.1), (-9.0, 9.0)), 5, 600)
    x, y = found.many.places.T
    inside = np.abs(x + y - 1.0) <= 0.1
    assert found.weights @ inside > 0.99  # what is outside counts a thousandth
    area = 0.2 * 0.8 + 2 * (0.1 * 0.1 + 0.1 * 0.1 / 2)
    left = (0.1 * 0.1 + 0.1 * 0.1 / 2 + 0.2 * 0.15) / area
    error = math.sqrt(left * (1 - left) / found.effective)
    assert found.weights @ (x < 0.25) == pytest.approx(left, abs=3 * error)
    assert found.weights @ x == pytest.approx(0.5, abs=3 * 0.28 / math.sqrt(found.effective))
    assert rank_correlation(x, y, found.weights) < -0.9
    assert [(link.a, link.b) for link in found.confounded] == [TWO]
    assert found.effective > 60


def test_simulation_based_calibration():
    """Truths drawn from the prior have ranks in their posteriors that are uniform (Talts et al. 2018)."""
    ranks = []
    for number in range(24):
        truth = [float(uniform(9, number, 1, entity_key(name), 0)) for name in TWO]
        windows = []
        for line, value in enumerate(Toy.shown(truth)):
            middle = value + 0.15 * (2.0 * float(uniform(9, number, 2, line, 0)) - 1.0)
            windows.append((middle - 0.15, middle + 0.15))
        found = toy(tuple(windows), number)
        ranks += [float(found.weights @ (found.many.places[:, k] < truth[k])) for k in range(2)]
    assert stats.kstest(ranks, "uniform").pvalue > 0.01
    assert stats.kstest(np.abs(2.0 * np.array(ranks) - 1.0), "uniform").pvalue > 0.01  # neither too wide nor too narrow


def test_the_emulator_is_exact_where_the_model_is_quadratic():
    lines = tuple(Line(key, key, "toy", "0 to 1", 0.0, 1.0, counted=True) for key in ("sum", "product"))
    rng = [float(uniform(1, row, 3, column, 0)) for row in range(80) for column in range(3)]
    places = np.array(rng).reshape(80, 3)
    shown = np.stack([places[:, 0] - places[:, 1] ** 2, places[:, 0] * places[:, 2]], axis=1)
    found = fit(lines, places, shown, np.zeros_like(shown), np.ones(80))
    predicted = found.predict(places) + 0.5
    assert predicted == pytest.approx(shown, abs=0.01)
    missing = shown.copy()
    missing[:, 1] = np.nan  # nobody could be counted: the line says nothing
    blind = fit(lines, places, missing, np.zeros_like(shown), np.ones(80))
    assert blind.spread[1] > 10.0


# ---------------------------------------------------------------------- priors, likelihood, diagnostics


def test_everything_that_nobody_knows_is_calibrated():
    """The core set and all of low or medium confidence, but switches and what is off by default."""
    assert set(CORE) <= set(CALIBRATED)
    unknown = {name for name, row in REGISTRY.items() if row.confidence != "high" and not row.integer}
    assert set(CALIBRATED) == unknown - set(OFF)


def test_wide_ranges_are_flat_in_the_logarithm():
    plain, wide = REGISTRY["grievance_half_life"], REGISTRY["trust_gain"]
    assert (plain.logarithmic, wide.logarithmic) == (False, True)
    assert (plain.at(0.0), plain.at(0.5), plain.at(1.0)) == (22.0, 32.0, 42.0)
    assert wide.at(0.5) == pytest.approx(math.sqrt(0.005 * 0.05))
    assert (wide.at(0.0), wide.at(1.0)) == (0.005, 0.05)
    for about in REGISTRY.values():
        assert about.at(about.place(about.default)) == pytest.approx(about.default)


def test_the_likelihood_of_a_share_is_binomial():
    """Jeffreys' posterior of the share between the ends of the window."""
    hits = np.arange(100) < 80
    assert chance(between("P99", "words", hits, 0.7, 0.9)) == pytest.approx(
        float(np.diff(stats.beta(80.5, 20.5).cdf([0.7, 0.9]))[0])
    )
    assert 0.45 < chance(at_least("P99", "words", hits, 0.8)) < 0.55  # on the mark: as likely as not
    many = np.arange(10_000) < 8_300
    assert chance(at_least("P99", "words", many, 0.8)) > 0.999
    assert chance(formula("P99", "words", 1.0, least=1.0, use="CAL")) == 1.0
    assert chance(formula("P99", "words", 1.0, least=1.0, strictly=True, use="CAL")) == 0.0
    low, high = 2.0 - 1.645, 2.0 + 1.645  # a standard error of 1
    assert chance(judge("P99", "words", Estimate(2.0, low, high), worlds=9, least=1.0)) == pytest.approx(
        0.8413, abs=1e-4
    )
    assert chance(judge("P99", "words", Estimate(math.nan, math.nan, math.nan), worlds=9, least=1.0)) == 0.0


def test_lines_agree_with_their_checks():
    checks = Judge(6).checks({}, 0)
    assert {check.use for check in checks} == {"CAL"}
    lines = lines_of(checks)
    keys = [line.key for line in lines]
    assert len(set(keys)) == len(keys)
    assert "P04b" in keys
    for line, check in zip(lines, checks, strict=True):
        assert (line.least, line.most) == (check.least, check.most)
        assert line.counted == check.counted


def test_quantiles_and_ranks_know_weights():
    values = np.array([3.0, 1.0, 2.0])
    assert weighted_quantile(values, np.ones(3), 0.5) == 2.0
    assert weighted_quantile(values, np.array([1.0, 1.0, 98.0]), 0.5) == pytest.approx(2.0, abs=0.02)
    x = np.arange(20.0)
    assert rank_correlation(x, x**3, np.ones(20)) == pytest.approx(1.0)
    assert rank_correlation(x, -x, np.arange(1.0, 21.0)) == pytest.approx(-1.0)
    assert math.isnan(rank_correlation(x, np.ones(20), np.ones(20)))
    y = np.sin(x * 7.0)
    assert rank_correlation(x, y, np.ones(20)) == pytest.approx(stats.spearmanr(x, y)[0])


def test_only_links_beyond_chance_are_told():
    places = np.array([[float(uniform(4, row, 5, column, 0)) for column in range(3)] for row in range(150)])
    places[:, 1] = 1.0 - places[:, 0]
    even = np.full(150, 1.0 / 150)
    found = links([(name, places[:, k]) for k, name in enumerate("xyz")], even)
    assert [(link.a, link.b) for link in found] == [("x", "y")]
    rows = posteriors(("trust_gain", "trust_loss", "peer_rate"), places, even)
    assert all(row.told == "not informed" and row.p10 < row.median < row.p90 for row in rows)


# ---------------------------------------------------------------------- with the model


@pytest.fixture(scope="module")
def straight(tmp_path_factory) -> Path:
    """A small calibration that nobody stopped."""
    folder = tmp_path_factory.mktemp("straight") / "out"
    folder.mkdir()
    save_calibration(calibrate(SMALL, folder, processes=1, bar=silent), folder)
    return folder


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_is_written_hangs_together(straight):
    assert set(_files(straight)) == {
        "parameter_sets.csv", "diagnostics.json", "diagnostics.png", "calibration.md", "manifest.json",
    }  # fmt: skip
    sets = read_sets(straight)
    assert sets.names == TWO
    assert sets.weights.sum() == pytest.approx(1.0)
    numbers = json.loads((straight / "diagnostics.json").read_text())
    assert [row["name"] for row in numbers["parameters"]] == list(TWO)
    assert [row["stage"] for row in numbers["stages"]] == ["prior", "wave 1", "round 1", "round 2", "many", "fresh"]
    assert numbers["sets"] == len(sets) == numbers["stages"][3]["sets"]
    assert numbers["judged"] == 32 + 8 + 2 * 8
    assert 1.0 <= numbers["effective_sets"] <= len(sets)
    for row in numbers["parameters"]:
        assert row["prior"][0] <= row["p10"] <= row["median"] <= row["p90"] <= row["prior"][1]
    manifest = json.loads((straight / "manifest.json").read_text())
    assert manifest["patterns"] == ["P12", "P14"]
    assert (manifest["seed"], manifest["replicates"]) == (3, 12)
    text = (straight / "calibration.md").read_text()
    assert f"{len(sets)} weighted parameter sets agree with 4 checks of 2 targets (P12, P14)" in text


def test_weights_prefer_what_shows_the_targets(straight):
    """By weight the sets pass more checks than sets from the prior do."""
    numbers = json.loads((straight / "diagnostics.json").read_text())
    for row in numbers["checks"]:
        assert row["passed"] >= row["passed_by_prior"] - 0.1
    assert sum(row["passed"] for row in numbers["checks"]) > sum(row["passed_by_prior"] for row in numbers["checks"])


def test_a_calibration_that_was_stopped_ends_with_the_same_bytes(straight, tmp_path):
    """Stopped after a batch and again in a later stage; the rest with two processes."""
    reports = []

    @contextmanager
    def stopping(text):
        def report(done, total):
            reports.append(text)
            if len(reports) in (1, 4):
                raise KeyboardInterrupt

        yield report

    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            calibrate(SMALL, tmp_path, processes=1, bar=stopping)
        assert (tmp_path / "unfinished").is_dir()
        assert not (tmp_path / "parameter_sets.csv").exists()
    save_calibration(calibrate(SMALL, tmp_path, processes=2, bar=stopping), tmp_path)
    assert _files(tmp_path) == _files(straight)


def test_an_interrupted_stage_gives_up_what_it_has_not_begun(monkeypatch):
    """An open generator would keep the pool at work: the interpreter waits for every task before it ends."""
    closed = []

    def judged(tasks, processes):
        try:
            while True:
                yield Answer(np.zeros(2), np.zeros(2), np.ones(2))
        finally:
            closed.append(True)

    @contextmanager
    def interrupted(text):
        def report(done: int, total: int) -> None:
            raise KeyboardInterrupt

        yield report

    monkeypatch.setattr(CALIBRATE, "judged", judged)
    made = type("Known", (Toy,), {"windows": ((0.0, 1.0), (0.0, 1.0))})
    with pytest.raises(KeyboardInterrupt) as held:
        calibrate(SMALL, processes=1, bar=interrupted, judge_of=made)
    assert closed
    assert held.traceback  # whoever holds the traceback holds the stage's variables


def test_a_folder_of_other_settings_is_refused(straight, tmp_path):
    other = Settings(**{**vars_of(SMALL), "worlds": 13})
    with pytest.raises(InputError, match=r"holds a calibration with worlds 6, expected 13"):
        calibrate(other, straight, bar=silent)
    Storage(tmp_path, SMALL.document())
    with pytest.raises(InputError, match=r"holds a calibration with worlds 6, expected 13"):
        calibrate(other, tmp_path, bar=silent)
    (tmp_path / "manifest.json").write_text('{"seed": 0}')
    with pytest.raises(InputError, match="another command"):
        calibrate(SMALL, tmp_path, bar=silent)
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(InputError, match="is not JSON"):
        calibrate(SMALL, tmp_path, bar=silent)


def vars_of(settings: Settings) -> dict[str, Any]:
    return {name: getattr(settings, name) for name in settings.__dataclass_fields__}


def test_a_fixed_parameter_is_not_calibrated():
    settings = Settings(fixed=(("grievance_half_life", 25.0), ("trust_gain", 0.02)))
    assert not set(settings.free) & {"grievance_half_life", "trust_gain"}


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"first": 1}, "first is 1, expected a whole number from 8"),
        ({"worlds": 2.5}, "worlds is 2.5"),
        ({"fixed": (("trust_gain", 9.0),)}, "trust_gain is 9"),
        ({"names": ("trust_gain",), "fixed": (("trust_gain", 0.02),)}, "no parameter is left"),
        ({"names": ("nonsense",)}, "unknown parameter 'nonsense'"),
        ({"names": ("complex_contagion",)}, "takes whole numbers only"),
    ],
)
def test_settings_that_cannot_be_used_are_one_clear_line(keys, message):
    with pytest.raises(InputError, match=message):
        Settings(**keys)


def test_an_unknown_pattern_is_one_clear_line():
    with pytest.raises(InputError, match="unknown pattern 'P99'"):
        calibrate(Settings(first=8, worlds=4, patterns=("P99",)))


# ---------------------------------------------------------------------- the command


@pytest.fixture
def small_command(monkeypatch):
    small = functools.partial(Settings, names=SMALL.names, patterns=SMALL.patterns, steps=SMALL.steps)
    monkeypatch.setattr(sim.calibration, "Settings", small)


COMMAND = [
    "calibrate", "--first", "32", "--waves", "1", "--wave", "8", "--rounds", "2",
    "--worlds", "6", "--many", "12", "--fresh", "8", "--processes", "1", "--seed", "3",
]  # fmt: skip


def test_the_command_writes_the_same_as_the_library(small_command, straight, tmp_path, capsys):
    assert run_command([*COMMAND, "--out", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert _files(tmp_path) == _files(straight)
    assert "prior: 32 sets, 6 worlds a case" in out
    assert "weighted sets of 56 judged" in out
    assert "language_learning" in out
    assert run_command([*COMMAND, "--out", str(tmp_path)]) == 0  # finished before: nothing is computed
    again = capsys.readouterr().out
    assert again.startswith("# Calibration")
    assert run_command([*COMMAND[:-1], "4", "--out", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert "seed 3, expected 4" in error


def test_ctrl_c_says_what_is_kept_and_the_same_command_goes_on(small_command, straight, tmp_path, capsys, monkeypatch):
    import sim.cli.calibrate

    count = []

    class Stopping:
        def __init__(self, of):
            pass

        def __enter__(self):
            def report(done, total):
                count.append(done)
                if len(count) == 2:
                    raise KeyboardInterrupt

            return report

        def __exit__(self, *_):
            pass

    with monkeypatch.context() as patch:
        patch.setattr(sim.cli.calibrate, "progress_bar", Stopping)
        assert run_command([*COMMAND, "--out", str(tmp_path)]) == 130
    error = capsys.readouterr().err
    assert error == f"stopped: finished batches kept in {tmp_path}; the same command goes on from there\n"
    assert run_command([*COMMAND, "--out", str(tmp_path)]) == 0
    assert _files(tmp_path) == _files(straight)


# ---------------------------------------------------------------------- sets


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("trust_gain\n", "found no sets"),
        ("trust_gian\n0.02\n", "line 1: unknown parameter 'trust_gian'"),
        ("set,weight\n0,1\n", "line 1: found no parameter"),
        ("trust_gain,trust_gain\n0.02,0.02\n", "'trust_gain' is there twice"),
        ("trust_gain\n0.02\nmuch\n", "line 3: trust_gain is 'much', expected a number"),
        ("trust_gain\n9\n", "line 2: trust_gain is 9, expected 0.005 to 0.05"),
        ("trust_gain,peer_rate\n0.02\n", "line 2: found 1 values, expected 2"),
        ("weight,trust_gain\n-1,0.02\n", "line 2: weight is -1"),
        ("weight,trust_gain\n0,0.02\n", "all weights are 0"),
    ],
)
def test_a_file_of_sets_that_cannot_be_used_is_one_clear_line(text, message, tmp_path):
    path = tmp_path / "sets.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=message) as found:
        read_sets(path)
    assert str(path) in str(found.value)
    assert "\n" not in str(found.value)
    with pytest.raises(InputError, match="cannot be read"):
        read_sets(tmp_path / "nowhere.csv")


def test_sets_are_written_in_full_precision_and_read_again(tmp_path):
    values = np.array([[0.1 / 3.0 + 0.01, 30.0 / 7.0 + 20.0], [0.02, 31.0]])
    sets = ParameterSets("made up", ("trust_gain", "grievance_half_life"), values, np.array([0.25, 0.75]))
    path = tmp_path / "sets.csv"
    path.write_bytes(sets.as_csv())
    again = read_sets(path)
    assert again.names == sets.names
    assert again.values.tobytes() == values.tobytes()
    assert again.weights.tobytes() == sets.weights.tobytes()
    assert again.overrides(1) == {"trust_gain": 0.02, "grievance_half_life": 31.0}


def test_words_choose_sets(tmp_path):
    assert sets_of("none") is sets_of(None) is None
    assert sets_of("shipped") is shipped_sets()
    with pytest.raises(InputError, match="cannot be read"):
        sets_of(tmp_path / "nowhere.csv")


def test_the_sets_of_the_package_are_those_of_the_reference_results():
    sets = shipped_sets()
    assert read_sets(RESULTS).as_csv() == sets.as_csv()
    assert sets.names == CALIBRATED
    assert len(sets) >= 128
    diagnostics = json.loads((RESULTS / "diagnostics.json").read_text())
    assert diagnostics["sets"] == len(sets)


def test_sets_can_be_held_against_the_targets(tmp_path):
    """The share of sets that meet a check is weighted; a set that fails by construction fails."""
    values = np.array([[0.95], [0.8]])
    sets = ParameterSets("two", ("returns_to_scale",), values, np.array([0.75, 0.25]))
    found = judge_sets(sets, 4, ("P40",), processes=1)
    assert [line.pattern for line in found.lines] == ["P40"] * 3
    assert found.values[0].tolist() == [
        check.value for check in validate(4, ["P40"], parameters={"returns_to_scale": 0.95})
    ]
    assert found.shares.tolist() == (sets.weights @ found.passed).tolist()
    assert found.share_of_all() == pytest.approx(float(sets.weights @ found.passed.all(axis=1)))
