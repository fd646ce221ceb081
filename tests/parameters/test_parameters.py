"""Parameters: what the tables promise, what the sources fix, and what bad input is told."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest

from sim.errors import InputError
from sim.parameters import (
    CORE,
    DERIVED,
    GROUPS,
    PARAMETERS_DTYPE,
    REGISTRY,
    as_dict,
    parameter_record,
    parse_override,
)
from sim.parameters.registry import TABLES
from sim.parameters.relations import relation_defaults
from sim.rules.reach import PAGES_PER_VISIT
from sim.vocabulary.audiences import AUDIENCES, SKILLS
from sim.vocabulary.kinds import KINDS, exposure
from sim.vocabulary.topics import Topic

PARAMETERS = list(REGISTRY.values())


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.name)
def test_every_parameter_is_documented_and_its_default_is_in_range(parameter):
    assert parameter.name.isidentifier()
    assert parameter.low < parameter.high
    assert parameter.contains(parameter.default)
    assert parameter.meaning[0].isupper()
    assert parameter.meaning.endswith(".")
    assert all((parameter.symbol, parameter.unit, parameter.source, parameter.group))
    assert parameter.confidence in {"high", "medium", "low"}
    if parameter.unit in {"share", "probability", "switch"}:
        assert parameter.low >= 0
        assert parameter.high <= 1
    if parameter.integer:
        assert all(float(x).is_integer() for x in (parameter.default, parameter.low, parameter.high))
    if parameter.positive:
        assert parameter.low > 0


def test_parameters_are_listed_once_and_by_group():
    groups = [parameter.group for parameter in PARAMETERS]
    assert tuple(dict.fromkeys(groups)) == GROUPS
    assert sum(a != b for a, b in pairwise(groups)) == len(GROUPS) - 1
    assert sum(len(table) for table in TABLES) == len(REGISTRY)


def test_core_set_holds_what_a_verdict_may_hang_on():
    """The twelve of the first model, and what third parties, firms, politics, members and warnings hang on."""
    symbols = {"s0", "n1", "bH", "hG", "r_FED", "third", "eta_p", "eta_n", "c_assoc", "b_own", "p_fed", "q"}
    symbols |= {
        "p_mgr",
        "p_staff",
        "kappa",
        "aFl",
        "p_press",
        "g",
        "theta",
        "c0",
        "mu",
        "l_m",
        "w_warn",
        "w_show",
        "p_w",
    }
    assert {REGISTRY[name].symbol for name in CORE} == symbols


def test_losing_trust_is_faster_than_gaining_and_halo_lifts_more_than_it_lowers():
    """Slovic 1993; GlobeScan 2012 (75 % respect the firm more, 53 % the NGO less)."""
    record = parameter_record()
    assert record.trust_loss[0] > record.trust_gain[0]
    assert record.halo_up[0] / record.halo_down[0] == pytest.approx(75 / 53, abs=0.02)


def test_attention_cannot_explode_anywhere_in_range():
    assert REGISTRY["branching_max"].high < 1
    with pytest.raises(InputError):
        parameter_record({"branching_max": 1.0}, beyond_range=True)


def test_funnel_ratios_are_exact():
    record = parameter_record()
    assert record.click_through[0] == 3739 / 877209
    assert PAGES_PER_VISIT == 5761 / 3739


def test_record_layout_and_round_trip():
    record = parameter_record({"stimulus": 8})
    assert record.shape == (1,)
    assert PARAMETERS_DTYPE.names == (*REGISTRY, *DERIVED)
    assert PARAMETERS_DTYPE.itemsize == 8 * len(PARAMETERS_DTYPE.names)
    values = as_dict(record)
    assert list(values) == list(REGISTRY)
    assert values["stimulus"] == 8.0
    assert parameter_record(values).tobytes() == record.tobytes()


def test_derived_values():
    record = parameter_record({"grievance_half_life": 26, "de_adoption_rate": 0.05})
    assert record.grievance_decay[0] ** 26 == pytest.approx(0.5, rel=1e-14)
    assert record.pressure_decay[0] ** 26 == pytest.approx(0.5, rel=1e-13)
    for hazard, rate in {
        "base_hazard": 0.008,
        "federation_hazard": 0.08,
        "manager_hazard": 0.04,
        "staff_hazard": 0.04,
        "press_hazard": 3.0,
        "peer_hazard": 0.38,
        "champion_leaving_hazard": 0.2,
        "de_adoption_hazard": 0.05,
    }.items():
        assert record[hazard][0] == rate / 52
    assert record.awareness_decay[0] ** 26 == pytest.approx(0.5, rel=1e-14)
    assert record.reapproach_hazard[0] == 1 / 26


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"stimulos": 6}, "case.toml: unknown parameter 'stimulos', did you mean 'stimulus'?"),
        ({"s0": 6}, "case.toml: unknown parameter 's0', did you mean 'stimulus'?"),
        ({"zzzz": 6}, "case.toml: unknown parameter 'zzzz', no parameter has a similar name"),
        ({"stimulus": "six"}, "case.toml: stimulus is 'six', expected a number, 1 to 9 (items/week)"),
        ({"stimulus": True}, "case.toml: stimulus is True, expected a number, 1 to 9 (items/week)"),
        (
            {"stimulus": float("nan")},
            "case.toml: stimulus is nan, expected a finite number, 1 to 9 (items/week)",
        ),
        ({"stimulus": 40}, "case.toml: stimulus is 40, expected 1 to 9 (items/week)"),
        (
            {"complex_contagion": 0.5},
            "case.toml: complex_contagion is 0.5, expected a whole number, 0 (off) or 1 (on)",
        ),
        (
            {"mirror_blame": 0.5},
            "case.toml: mirror_blame is no longer a parameter, fixed at 0.3 (factor): "
            "it moved nothing that is asked for",
        ),
        ({"complex_contagion": 2}, "case.toml: complex_contagion is 2, expected 0 (off) or 1 (on)"),
    ],
)
def test_bad_values_are_told_in_one_line(overrides, message):
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        parameter_record(overrides, where="case.toml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("stimulus", "--set: found 'stimulus', expected name=value, for example stimulus=8"),
        ("stimulus=", "--set: found 'stimulus=', expected name=value, for example stimulus=8"),
        ("stimulus=lots", "--set: stimulus is 'lots', expected a number, 1 to 9 (items/week)"),
        ("peer_rat=0.1", "--set: unknown parameter 'peer_rat', did you mean 'peer_rate'?"),
        ("peer_rate=0.9", "--set: peer_rate is 0.9, expected 0 to 0.5 (per year)"),
    ],
)
def test_bad_command_line_values_are_told_in_one_line(text, message):
    with pytest.raises(InputError, match=f"^{re.escape(message)}$"):
        parse_override(text)


def test_command_line_values_are_read():
    assert parse_override(" stimulus = 8.5 ") == ("stimulus", 8.5)


def test_limiting_cases_go_beyond_the_range_but_not_beyond_the_possible():
    record = parameter_record({"trust_gain": 0, "exit_grievance": 8, "peer_rate": 50}, beyond_range=True)
    assert (record.trust_gain[0], record.exit_grievance[0], record.peer_rate[0]) == (0, 8, 50)
    for name, value in {"grievance_half_life": 0, "trust_gain": -0.1, "halo_informal": 1.1}.items():
        with pytest.raises(InputError, match=name):
            parameter_record({name: value}, beyond_range=True)


def test_organisation_rows_are_complete_and_in_range():
    codes = [row.code for word, row in KINDS.items() if word != "flagship"]  # a flagship is a firm
    assert codes == list(range(len(codes))), "a number that no kind had before"
    assert KINDS["flagship"].code == KINDS["firm"].code
    for code, row in KINDS.items():
        assert row.word == code
        assert -1 <= row.stance <= 1
        assert len(row.credibility) == len(AUDIENCES)
        assert len(row.skills) == len(SKILLS)
        shares = [row.exposure, row.champion, row.top, row.evidence, *row.credibility, *row.skills]
        assert all(0 <= share <= 1 for share in shares)
        assert min(row.capacity, row.annual_budget, row.followers) >= 0
    without_role = [code for code, row in KINDS.items() if row.role is None]
    assert without_role == ["federation"]


def test_orders_of_credibility_that_the_sources_state():
    def credibility(code, audience):
        return KINDS[code].credibility[AUDIENCES.index(audience)]

    assert credibility("federation", "employers") > credibility("ombud", "employers")
    assert credibility("union", "employees") >= credibility("ombud", "employees")
    assert credibility("messenger", "public") > credibility("ombud", "public")


def test_only_the_ngo_may_apply_for_campaign_money():
    assert [code for code, row in KINDS.items() if row.eligible] == ["ngo"]


def test_exposure_by_topic():
    assert exposure("federation", "work_equality") == exposure("federation", "gender_general") == 1.0
    violence = {code: exposure(code, "violence") for code in KINDS}
    assert {code: share for code, share in violence.items() if share} == {"government": 0.2}
    assert exposure("federation", "none") == 1.0  # no awareness windows, but criticism hits as ever
    assert set(Topic.words()) == {"work_equality", "violence", "gender_general", "none"}
    with pytest.raises(InputError, match="did you mean 'violence'"):
        exposure("ngo", "violense")
    with pytest.raises(InputError, match="did you mean 'ombud'"):
        exposure("ombut", "none")


def test_relation_defaults_by_side():
    same, opposite, neutral = relation_defaults(1, 0.6), relation_defaults(1, -1), relation_defaults(1, 0)
    assert (same.trust, same.anchor, same.value, same.fit) == (0.50, 0.50, 0.60, 0.7)
    assert (opposite.trust, opposite.anchor, opposite.value, opposite.fit) == (0.40, 0.40, 0.45, 0.5)
    assert (neutral.trust, neutral.anchor, neutral.value, neutral.fit) == (0.50, 0.50, 0.45, 0.5)
    assert relation_defaults(-1, 1) == opposite
    assert {same.distance, opposite.distance, neutral.distance} == {0.70}
    assert {same.expectation, opposite.expectation, neutral.expectation} == {0.6}


def test_compiled_code_can_read_the_record():
    numba = pytest.importorskip("numba")

    @numba.njit
    def read(record):
        return record[0].stimulus + record[0].reapproach_hazard

    assert read(parameter_record()) == np.float64(3 + 1 / 26)
