"""sim validate: checks, parameter files, ablations, and one line for whatever is wrong."""

from __future__ import annotations

import hashlib
import json
import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

import sim.validation.ablations
from sim.cli import run_command
from sim.errors import InputError
from sim.files import MAX_BYTES
from sim.parameters.files import read_parameters
from sim.validation import PATTERNS, Check, validate
from sim.validation.ablations import VARIANTS, Ablation, Variant, ablate, conclusions
from sim.validation.analysis import precision, targets, trade_off
from sim.validation.checks import Estimate, at_least, formula, interval_of, judge, mean, over, ratio, share
from sim.validation.report import (
    ABLATION_COLUMNS,
    ablation_findings,
    ablation_table,
    corroboration_table,
    precision_table,
    trade_off_table,
    validation_table,
)

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Run the command line in this process: exit code, output, errors."""

    def run(*arguments: str) -> tuple[int, str, str]:
        code = run_command(list(arguments))
        found = capsys.readouterr()
        return code, found.out, found.err

    return run


@pytest.fixture(scope="module")
def few() -> list[Ablation]:
    """Some variants on two cases, with few worlds."""
    wanted = {"default", "no_grievance", "no_language", "fixed_anchor", "complex_contagion", "short_grievance"}
    variants = [variant for variant in VARIANTS if variant.name in wanted]
    return ablate(60, ["P02", "P04", "P12", "P13", "P14", "P18"], variants=variants)


# ---------------------------------------------------------------------- checks


@pytest.mark.parametrize(
    ("least", "most", "strictly", "text", "passed"),
    [
        (0.7, math.inf, False, ">= 0.7", True),
        (0.7, math.inf, True, "> 0.7", False),
        (-math.inf, 0.7, False, "<= 0.7", True),
        (-math.inf, 0.6, True, "< 0.6", False),
        (0.4, 0.85, False, "0.4 to 0.85", True),
        (0.7, 0.7, False, "0.7", True),
    ],
)
def test_a_threshold_is_said_in_words_and_judged(least, most, strictly, text, passed):
    found = judge("P99", "words", Estimate(0.7, 0.6, 0.8), worlds=10, least=least, most=most, strictly=strictly)
    assert (found.threshold, found.passed) == (text, passed)


def test_a_result_is_settled_if_the_whole_interval_says_the_same():
    assert judge("P99", "", Estimate(0.8, 0.75, 0.85), worlds=10, least=0.7).settled
    assert not judge("P99", "", Estimate(0.8, 0.65, 0.85), worlds=10, least=0.7).settled
    assert judge("P99", "", Estimate(0.5, 0.45, 0.55), worlds=10, least=0.7).settled
    assert not judge("P99", "", Estimate(0.65, 0.55, 0.75), worlds=10, least=0.7).settled


def test_what_no_world_can_answer_fails_instead_of_passing():
    nothing = at_least("P99", "share of none", np.zeros(0, bool), 0.0)
    assert math.isnan(nothing.value)
    assert not nothing.passed
    assert math.isnan(ratio([], []).value)
    assert math.isnan(mean([]).value)


def test_estimates_are_those_of_textbooks():
    """Wilson's interval of 15 in 20 (Newcombe 1998 form); the ratio of equal columns is one without spread."""
    found = share(np.arange(20) < 15)
    z, p, n = 1.6448536, 0.75, 20
    middle, half = (p + z * z / (2 * n)), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    assert found.low == pytest.approx((middle - half) / (1 + z * z / n), abs=1e-6)
    assert found.high == pytest.approx((middle + half) / (1 + z * z / n), abs=1e-6)
    column = np.arange(1.0, 30.0)
    assert ratio(column, column) == (1.0, 1.0, 1.0)
    assert ratio(2.0 * column, column) == (2.0, 2.0, 2.0)
    assert over(lambda a, b: a - b, column, column) == (0.0, 0.0, 0.0)


def test_intervals_count_endless_ratios_and_skip_undefined_ones():
    low, high = interval_of(np.array([1.0] * 90 + [math.inf] * 10 + [math.nan] * 50))
    assert (low, high) == (1.0, math.inf)
    assert all(math.isnan(bound) for bound in interval_of(np.array([math.nan])))
    endless = ratio(np.array([1.0, 1.0]), np.array([0.0, 0.0]))
    assert math.isinf(endless.value)


def test_patterns_survive_a_single_world():
    """One world answers what it can; nothing raises or warns, and what is missing fails."""
    found = validate(1, seed=3)
    assert {check.id for check in found} == set(PATTERNS)
    assert not any(check.passed for check in found if math.isnan(check.value))
    assert "none" in validation_table(found) or not any(math.isnan(check.value) for check in found)


# ---------------------------------------------------------------------- options


def test_pattern_and_patterns_are_one_option(call):
    code, one, _ = call("validate", "--pattern", "P25", "--json")
    assert code == 0
    assert call("validate", "--patterns", "P25", "--json")[1] == one
    assert [row["id"] for row in json.loads(one)["checks"]] == ["P25"]


def test_only_the_patterns_of_a_case(call):
    _, out, _ = call("validate", "--case", "attention", "--json")
    assert {row["id"] for row in json.loads(out)["checks"]} == {"P31", "P33", "P45"}


@pytest.mark.parametrize("text", ["[parameters]\nstunt_bonus = 0.2\n", "stunt_bonus = 0.2\n"], ids=["table", "plain"])
def test_parameters_come_from_a_file_and_set_wins(call, tmp_path, text):
    from sim.parameters import REGISTRY

    name = next(row.name for row in REGISTRY.values() if row.symbol == "b_nu")
    file = tmp_path / "mine.toml"
    file.write_text(text.replace("stunt_bonus", name))
    arguments = ("validate", "--pattern", "P31", "--parameters", str(file), "--json")
    code, out, _ = call(*arguments)
    document = json.loads(out)
    assert code == 1  # with a weaker bonus a stunt no longer stands out
    assert [row["passed"] for row in document["checks"]] == [False, True]
    made_by = document["made_by"]
    assert made_by["parameters"] == {name: 0.2}
    assert made_by["parameter_file"] == {"name": "mine.toml", "digest": hashlib.sha256(file.read_bytes()).hexdigest()}
    code, out, _ = call(*arguments, "--set", f"{name}=2")
    assert code == 0
    assert json.loads(out)["made_by"]["parameters"] == {name: 2.0}


def test_run_and_compare_take_the_same_file(call, tmp_path):
    file = tmp_path / "calm.toml"
    file.write_text("stimulus = 3\n")
    out = tmp_path / "out"
    code, text, _ = call("run", "baseline", "--weeks", "3", "--parameters", str(file), "--out", str(out))
    assert (code, "How it ended" in text) == (0, True)
    assert json.loads((out / "manifest.json").read_text())["parameters"] == {"stimulus": 3.0}
    plans = ("baseline", "campaign-while-partnering")
    code, text, _ = call("compare", *plans, "--replicates", "4", "--parameters", str(file), "--json")
    assert code == 0
    assert json.loads(text)["parameters"] == {"stimulus": 3.0}


_FILES = {
    "unknown": ("stimulis = 3", "unknown parameter 'stimulis', did you mean 'stimulus'?"),
    "range": ("stimulus = 300", "stimulus is 300, expected 1 to 9"),
    "word": ('stimulus = "loud"', "stimulus is 'loud', expected a number"),
    "toml": ("stimulus 3", "not TOML"),
    "empty": ("# nothing\n", "found no parameters"),
    "mixed": ("stimulus = 3\n[parameters]\nstimulus = 4\n", "'stimulus' beside the table [parameters]"),
    "no table": ("parameters = 3", "expected a table [parameters]"),
}


@pytest.mark.parametrize("case", _FILES)
@pytest.mark.parametrize("command", [("validate",), ("run", "baseline"), ("compare", "baseline", "positive-framing")])
def test_a_bad_file_is_one_line(call, tmp_path, monkeypatch, case, command):
    monkeypatch.chdir(tmp_path)
    text, expected = _FILES[case]
    file = tmp_path / "bad.toml"
    file.write_text(text)
    code, out, err = call(*command, "--parameters", str(file))
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert "bad.toml" in err
    assert expected in err
    assert list(tmp_path.iterdir()) == [file]  # nothing was written


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("--parameters", "nowhere.toml"), "nowhere.toml: no such file"),
        (("--parameters", "."), ".: a folder"),
        (("--pattern", "P99"), "unknown pattern 'P99', expected some of P01"),
        (("--pattern", "P01,P99"), "unknown pattern 'P99'"),
        (("--pattern", ","), "found no pattern"),
        (("--case", "nowhere"), "unknown case 'nowhere', expected one of attention"),
        (("--case", "attention", "--pattern", "P01"), "none belongs to case 'attention'"),
        (("--set", "stimulus=99"), "stimulus is 99, expected 1 to 9"),
        (("--replicates", "0"), "--replicates: found 0"),
        (("--ablations", "--pattern", "P18,P29"), "P18, P29 verify the code"),
    ],
)
def test_a_bad_option_is_one_line(call, tmp_path, monkeypatch, arguments, expected):
    monkeypatch.chdir(tmp_path)
    code, out, err = call("validate", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert expected in err


def test_files_that_are_no_text_or_too_large_are_refused(tmp_path):
    file = tmp_path / "odd.toml"
    file.write_bytes(b"stimulus = 3\n\xff\n")
    with pytest.raises(InputError, match="line 2: found bytes that are no UTF-8"):
        read_parameters(file)
    file.write_bytes(b"#" * (MAX_BYTES + 1))
    with pytest.raises(InputError, match=r"found 1,000,001 bytes, expected .* of at most 1,000,000"):
        read_parameters(file)
    file.write_bytes("\ufeffstimulus = 3\n".encode())
    assert read_parameters(file).values == {"stimulus": 3.0}


# ---------------------------------------------------------------------- ablations


def test_every_variant_changes_something_that_exists():
    """Each variant builds a parameter record that differs from the default's; the first is the default."""
    from sim.parameters import parameter_record

    records = [parameter_record(variant.parameters, beyond_range=True) for variant in VARIANTS]
    assert VARIANTS[0].kind == "default"
    assert len({record.tobytes() for record in records}) == len(VARIANTS)
    assert len({variant.name for variant in VARIANTS}) == len(VARIANTS)


def test_the_columns_shown_are_the_numbers_that_they_claim():
    words = [
        "leaves within 8 weeks",
        "median weeks away",
        "disagreements, season 4",
        "settled by giving way",
        "trust (lower",
    ]
    found = validate(5, ["P02", "P04", "P12", "P13", "P14"])
    for (_, pattern, place), start in zip(ABLATION_COLUMNS, words, strict=True):
        assert start in [check for check in found if check.id == pattern][place].check


def test_ablations_find_what_is_needed_and_what_is_not(few):
    """Without grievance the partner is back too soon; without a common language nothing is learned."""
    by_name = {row.variant.name: row for row in few}
    assert set(by_name["default"].fails) <= {"P02"}  # close to its threshold, and these worlds are few
    assert "P04" in by_name["no_grievance"].lost
    assert by_name["no_grievance"].verdict.startswith("needed: fails P0")
    assert "P12" in by_name["no_language"].lost
    assert by_name["short_grievance"].verdict.startswith("ruled out: fails P04")
    assert by_name["complex_contagion"].touched == ()
    assert by_name["complex_contagion"].verdict == "allowed: no pattern changes"
    assert by_name["fixed_anchor"].touched == ("P13", "P14")
    assert "P18" not in {check.id for row in few for check in row.checks}  # verifies the code


def test_ablations_keep_the_same_worlds(few):
    """What a variant cannot touch has the same numbers to the last bit, so differences are not luck."""
    by_name = {row.variant.name: row for row in few}
    assert by_name["no_grievance"].value("P12") == by_name["default"].value("P12")
    assert by_name["no_language"].value("P12") != by_name["default"].value("P12")
    alone = validate(60, ["P12"], parameters={"language_learning": 0.0}, beyond_range=True)
    assert alone[0].value == by_name["no_language"].value("P12")


def _made_up(kind: str, name: str, **lines: tuple[float, float, float]) -> Ablation:
    variant = Variant(name, name, kind, f"the {name}", {})
    checks = [judge(pattern, "words", Estimate(*line), worlds=9, least=0.5) for pattern, line in lines.items()]
    default = _made_up("default", "default", P01=(0.9, 0.8, 1.0), P02=(0.2, 0.1, 0.3)) if kind != "default" else None
    return sim.validation.ablations._judged(variant, checks, default)


def test_conclusions_are_drawn_from_the_results():
    """Other results give other sentences: nothing about the mechanisms is written down in advance."""
    bad, good = (0.2, 0.1, 0.3), (0.9, 0.8, 1.0)
    default = _made_up("default", "default", P01=good, P02=bad)
    needed = _made_up("removal", "heart", P01=(0.4, 0.3, 0.6), P02=bad)
    rival = _made_up("alternative", "rival", P01=bad, P02=bad)
    same = _made_up("alternative", "ghost", P01=good, P02=bad)
    free = _made_up("removal", "tail", P01=(0.8, 0.7, 0.9), P02=(0.1, 0.0, 0.2))
    assert default.verdict == "fails P02"
    assert needed.verdict == "needed: fails P01 (narrowly)"
    assert rival.verdict == "ruled out: fails P01"
    assert same.verdict == "allowed: no pattern changes"
    assert free.verdict == "undecided: fails P02, as the default does"
    well = _made_up("removal", "cure", P01=(0.8, 0.7, 0.9), P02=good)
    assert well.verdict == "allowed: passes everything; the patterns do not identify it"
    said = conclusions([default, needed, rival, same, free, well])
    assert said == [
        "Needed by the patterns: the heart (P01).",
        "Ruled out: the rival (P01).",
        "Not identified (no pattern fails without it, or with it instead): the cure.",
        "Undecided (fails what the default fails too): the tail.",
        "Not tested (no pattern's number changes with it): the ghost.",
    ]
    assert conclusions([default]) == []


def test_ablations_are_printed_and_written(call, tmp_path, monkeypatch):
    monkeypatch.setattr(sim.validation.ablations, "ablate", lambda **options: ablate(**options, variants=VARIANTS[:3]))
    arguments = ("validate", "--ablations", "--pattern", "P02,P03", "--replicates", "100")
    code, out, err = call(*arguments, "--out", str(tmp_path))
    assert (code, err) == (0, "")
    assert "P02 exit share" in out
    assert "P12 ratio" not in out  # was not asked for
    assert "Needed by the patterns:" in out
    document = json.loads((tmp_path / "ablations.json").read_text())
    assert [row["name"] for row in document["variants"]] == ["default", "no_grievance", "no_heat"]
    assert document["made_by"]["replicates"] == 100
    assert document["variants"][2]["parameters"] == {"exit_heat": 0.0}
    assert "| heat does not drive exits |" in (tmp_path / "ablations.md").read_text()
    assert (tmp_path / "ablations.png").read_bytes().startswith(b"\x89PNG")
    code, again, _ = call(*arguments, "--json")
    assert json.loads(again) == document


def test_stopping_ends_in_one_line(call, monkeypatch):
    def stop(**_: object) -> list[Ablation]:
        raise KeyboardInterrupt

    monkeypatch.setattr(sim.validation.ablations, "ablate", stop)
    assert call("validate", "--ablations") == (130, "", "stopped\n")


def test_a_default_that_fails_ends_with_exit_code_1(call, monkeypatch):
    monkeypatch.setattr(sim.validation.ablations, "ablate", lambda **options: ablate(**options, variants=VARIANTS[:1]))
    code, out, _ = call("validate", "--ablations", "--pattern", "P02", "--replicates", "40", "--set", "stimulus=2")
    assert code == 1
    assert "fails P02" in out


# ---------------------------------------------------------------------- tables and analysis


def test_tables_have_a_row_a_variant_and_a_sentence_a_finding(few):
    table = ablation_table(few)
    assert table.count("\n") == 2 + len(few)
    assert ablation_findings(few).splitlines() == [f"* {sentence}" for sentence in conclusions(few)]


def test_failures_stand_out_and_exact_numbers_say_so():
    failed = Check("P99", "words", 0.1, 0.0, 0.2, ">= 0.5", False, "CAL", 10)
    exact = formula("P98", "words", 3.0, least=2.0, use="VER")
    table = validation_table([failed, exact])
    assert "| P99 | words | 0.1 | 0 to 0.2 | >= 0.5 | CAL | **FAILED** |" in table
    assert "| P98 | words | 3 | exact | >= 2 | VER | ok |" in table


def test_intervals_shrink_with_the_number_of_worlds():
    measured = precision((50, 200), ["P02"])
    widths = [checks[0].high - checks[0].low for checks in measured.values()]
    assert widths[1] < widths[0]
    assert "| 50 worlds | 200 worlds |" in precision_table(measured)


def test_a_longer_memory_and_a_stricter_limit_both_keep_the_partner_away():
    values = {"grievance_half_life": (26.0, 36.0), "return_grievance": (0.10, 0.20)}
    measured = trade_off(values, replicates=60)
    away = pd.Series({pair: checks[1].value for pair, checks in measured.items()})
    assert away[36.0, 0.10] > away[26.0, 0.10] > away[26.0, 0.20]
    assert away[36.0, 0.10] > away[36.0, 0.20]
    table = trade_off_table(list(values), measured)
    assert table.splitlines()[0] == "| grievance_half_life | return_grievance 0.1 | return_grievance 0.2 |"
    assert "**" in table  # the longest absence is beyond the threshold


def test_patterns_that_set_parameters_are_not_called_corroboration():
    used = targets()
    assert {"P02", "P04", "P15", "X1"} <= set(used) <= set(PATTERNS)
    assert "grievance_half_life" in used["P04"]
    rows = [
        judge("P04", "set a parameter", Estimate(1, 1, 1), worlds=1, least=0),
        judge("P20", "was not used", Estimate(1, 1, 1), worlds=1, least=0),
        formula("P18", "verifies", 0.0, least=0.0, most=0.0, use="VER"),
    ]
    table = corroboration_table(rows)
    assert "was not used" in table
    assert "P04" not in table
    assert "P18" not in table
