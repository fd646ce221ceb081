"""Global sensitivity: indices against algebra, and a floor that tells chance from effects."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from made_up import noise, unpacked

from sim.analysis.design import Design, make_design
from sim.analysis.factors import Factor
from sim.analysis.noise import draw_noise
from sim.analysis.sensitivity.answer import SensitivityAnswer
from sim.analysis.sensitivity.figure import sensitivity_figure
from sim.analysis.sensitivity.numbers import FactorIndices, Index, Sensitivity, _with_ranks, sensitivity
from sim.analysis.sensitivity.words import sentence
from sim.drawing.export import as_png
from sim.ensemble import simulate
from sim.errors import InputError
from sim.scenarios import scenario


def unit_factors(number: int) -> list[Factor]:
    return [Factor(f"x{k}", 0.0, 1.0) for k in range(1, number + 1)]


def inputs(design: Design) -> np.ndarray:
    return design.table.to_numpy(float)


def chance(shape: tuple[int, int], name: int, seed: int = 0) -> np.ndarray:
    return noise(shape[0] * shape[1], name, seed).reshape(shape)


def same(response: np.ndarray, replicates: int = 8) -> np.ndarray:
    """Worlds without chance."""
    return np.repeat(response[:, None], replicates, axis=1)


# ---------------------------------------------------------------------- indices with a known answer


def ishigami(x: np.ndarray) -> np.ndarray:
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def test_sobol_indices_of_the_ishigami_function():
    """Ishigami & Homma (1990), with a = 7 and b = 0.1 as in Sobol & Levitan (1999): S1 and ST in closed form."""
    a, b, pi = 7.0, 0.1, math.pi
    alone = [0.5 * (1.0 + b * pi**4 / 5.0) ** 2, a**2 / 8.0, 0.0]
    together = b**2 * pi**8 * (1.0 / 18.0 - 1.0 / 50.0)
    variance = sum(alone) + together
    first = np.array(alone) / variance
    total = first + np.array([together, 0.0, together]) / variance
    assert first == pytest.approx([0.3139, 0.4424, 0.0], abs=5e-5)
    assert total == pytest.approx([0.5576, 0.4424, 0.2437], abs=5e-5)

    design = make_design("sobol", [Factor(f"x{k}", -pi, pi) for k in (1, 2, 3)], samples=2048, second_order=True)
    found = sensitivity(design, same(ishigami(inputs(design))))
    assert [row.first.value for row in found.rows] == pytest.approx(first, abs=0.01)
    assert [row.main.value for row in found.rows] == pytest.approx(total, abs=0.01)
    assert (found.mean, found.sd) == (pytest.approx(a / 2.0, abs=0.02), pytest.approx(math.sqrt(variance), rel=0.01))
    assert [row.rank for row in found.rows] == [1, 2, 3]
    assert not found.rows[2].first.clear  # x3 does nothing by itself
    pairs = {(pair.a, pair.b): pair.value for pair in found.pairs}
    expected = {("x1", "x2"): 0.0, ("x1", "x3"): together / variance, ("x2", "x3"): 0.0}
    assert pairs == pytest.approx(expected, abs=0.03)


def test_morris_effects_of_a_linear_function_are_its_slopes():
    """Over the whole range of each factor: mu = slope x range, mu* its absolute value, sigma 0."""
    ranges = [(0.0, 2.0), (-1.0, 1.0), (10.0, 20.0), (0.0, 1.0)]
    factors = [Factor(f"x{k}", *ends) for k, ends in enumerate(ranges)]
    slopes = np.array([3.0, -4.0, 0.1, 0.0])
    design = make_design("morris", factors, samples=8, seed=3)
    found = sensitivity(design, same(inputs(design) @ slopes))
    expected = slopes * [high - low for low, high in ranges]
    assert [row.mu for row in found.rows] == pytest.approx(expected, abs=1e-9)
    assert [row.main.value for row in found.rows] == pytest.approx(abs(expected), abs=1e-9)
    assert [row.sigma for row in found.rows] == pytest.approx([0.0] * 4, abs=1e-9)
    assert [row.rank for row in found.rows] == [2, 1, 3, None]


def test_morris_sees_a_product_by_sigma():
    """Y = x1 x2 has effects x2 and x1: on four levels, mean 1/2 and sd sqrt(5)/6."""
    design = make_design("morris", unit_factors(2), samples=400)
    x = inputs(design)
    found = sensitivity(design, same(x[:, 0] * x[:, 1]))
    for row in found.rows:
        assert row.main.value == pytest.approx(0.5, abs=0.05)
        assert row.sigma == pytest.approx(math.sqrt(5.0) / 6.0, abs=0.03)


def test_morris_counts_a_switch_over_its_whole_range():
    """A switch, a number of few whole values and a number, each worth 1 from end to end, weigh the same."""
    factors = [
        Factor("switch", values=(False, True)),
        Factor("weeks", 1, 3, whole=True),
        Factor("listed", values=(10.0, 20.0, 40.0)),
        Factor("number", 0.0, 1.0),
    ]
    design = make_design("morris", factors, samples=200)
    ends = {"listed": (10.0, 20.0, 40.0)}
    response = [
        point["switch"] + (point["weeks"] - 1) / 2 + ends["listed"].index(point["listed"]) / 2 + point["number"]
        for point in design.samples
    ]
    found = sensitivity(design, same(np.array(response, float)))
    assert [row.main.value for row in found.rows] == pytest.approx([1.0] * 4, abs=1e-9)


def moments(low: float, high: float, most: int) -> list[float]:
    """E[x^k] of a uniform number."""
    return [(high ** (k + 1) - low ** (k + 1)) / ((k + 1) * (high - low)) for k in range(most + 1)]


def growth_indices(coefficients, growth, success):
    """S1 and ST of sum_k c_k (g S)^k for independent g and S with given moments."""
    terms = list(enumerate(coefficients))
    mean = sum(c * growth[k] * success[k] for k, c in terms)

    def variance(of_g, of_s):
        """Variance of the sum after averaging over what is not varied."""
        total = 0.0
        for (k, c), (m, d) in product(terms, terms):
            left = growth[k + m] if of_g else growth[k] * growth[m]
            right = success[k + m] if of_s else success[k] * success[m]
            total += c * d * left * right
        return total - mean**2

    whole, g, s = variance(True, True), variance(True, False), variance(False, True)
    return [g / whole, s / whole], [1.0 - s / whole, 1.0 - g / whole]


@pytest.mark.parametrize("rounds", [1, 3, 8])
def test_sobol_indices_of_geometric_growth(rounds):
    """B_n = B_0 (1 + g S)^n with uniform g and S: exact from E[g^k] E[S^k], term by term of the binomial."""
    ends = {"g": (0.8, 2.5), "s": (0.3, 0.8)}
    coefficients = [math.comb(rounds, k) for k in range(rounds + 1)]
    expected = growth_indices(coefficients, moments(*ends["g"], 2 * rounds), moments(*ends["s"], 2 * rounds))
    design = make_design("sobol", [Factor(name, *pair) for name, pair in ends.items()], samples=4096)
    x = inputs(design)
    found = sensitivity(design, same(5_000.0 * (1.0 + x[:, 0] * x[:, 1]) ** rounds))
    assert [row.first.value for row in found.rows] == pytest.approx(expected[0], abs=0.015)
    assert [row.main.value for row in found.rows] == pytest.approx(expected[1], abs=0.015)


def test_sobol_indices_of_geometric_growth_in_the_model():
    """V12 under a Sobol design: with a funder who never changes its mind, grants are polynomials of g and S."""
    calm = scenario("stop-femicides").replace(topic="none", plan=[])
    steady = {
        "grant_noise": 0.0,
        "grant_trust": 1.0,
        "exit_base": -500.0,
        "conflict_base": -500.0,
        "director_rate": 0.0,
    }

    def granted(growth: float, success: float) -> np.ndarray:
        dyads = [
            dyad.model_copy(update={"trust_ab": success, "anchor": success}) if dyad.a == "government" else dyad
            for dyad in calm.dyad
        ]
        values = {**steady, "grant_growth": growth, "grant_need": 0.0, "award_full": 1e-9}
        case = calm.replace(dyad=dyads)
        run = simulate(case, 8, parameters=values, series=(), beyond_range=True, parameter_sets=None)
        return run.outcomes["grants"].to_numpy(float)

    ends = {"growth": (0.8, 1.4), "success": (0.2, 0.8)}
    design = make_design("sobol", [Factor(name, *pair) for name, pair in ends.items()], samples=128)
    values = np.array([granted(**point) for point in design.samples])
    x = inputs(design)
    # Four rounds on top of the first 5,000 EUR; every grant is rounded to cents, and the next grows from there.
    assert values == pytest.approx(5_000.0 * same(sum((1 + x[:, 0] * x[:, 1]) ** n for n in range(5))), abs=0.5)

    coefficients = [sum(math.comb(n, k) for n in range(5)) for k in range(5)]
    expected = growth_indices(coefficients, moments(*ends["growth"], 8), moments(*ends["success"], 8))
    found = sensitivity(design, values, name="grants", label="grants", unit="EUR")
    assert [row.first.value for row in found.rows] == pytest.approx(expected[0], abs=0.03)
    assert [row.main.value for row in found.rows] == pytest.approx(expected[1], abs=0.03)
    assert [row.rank for row in found.rows] == [2, 1]
    assert found.noise == pytest.approx(0.0, abs=1e-12)


# ---------------------------------------------------------------------- the floor


@pytest.mark.parametrize("kind, samples", [("sobol", 16), ("morris", 8)])
@pytest.mark.parametrize("own_worlds", [True, False])
def test_noise_alone_ranks_nearly_nothing(kind, samples, own_worlds):
    """Of 60 outcomes of pure noise, about 3 may put a factor above the floor; 9 or more have a chance of 0.3 %."""
    found = 0
    for trial in range(60):
        design = make_design(kind, unit_factors(5), samples=samples, seed=trial)
        values = chance((len(design), 12), 100, trial)
        result = sensitivity(design, values, seed=trial, own_worlds=own_worlds)
        found += any(row.main.value > result.floor for row in result.rows)
        assert result.noise > 0.5
    assert found < 9


def test_noise_alone_does_not_rank_by_first_order_either():
    """The floor of S1 holds too; its chance comes from noise times everything else that varies."""
    above = 0
    for trial in range(60):
        design = make_design("sobol", unit_factors(5), samples=16, seed=trial)
        strong = 3.0 * inputs(design)[:, :1]
        result = sensitivity(design, strong + chance((len(design), 12), 200, trial), seed=trial, own_worlds=True)
        above += any(abs(row.first.value) > row.first.floor for row in result.rows[1:])
    assert 0 < above < 9


@pytest.mark.parametrize("kind, samples", [("sobol", 64), ("morris", 12)])
def test_a_strong_factor_stands_out_of_noise_and_inert_ones_do_not(kind, samples):
    """One factor of twelve matters, and only that one is ranked."""
    design = make_design(kind, unit_factors(12), samples=samples)
    values = 4.0 * inputs(design)[:, 6:7] + chance((len(design), 20), 301)
    found = sensitivity(design, values, own_worlds=True, name="goal_share", label="goal share")
    assert [row.name for row in found.ranked] == ["x7"]
    assert found.ranked[0].main.value > 3.0 * found.floor
    assert sentence(found).startswith("Goal share hangs most on x7 (")
    assert "; 11 of 12 parameters cannot be told from what chance alone reaches (" in sentence(found)


@pytest.mark.parametrize("kind, samples, power", [("sobol", 64, 1.0), ("morris", 20, 0.5)])
def test_the_floor_falls_with_replicates(kind, samples, power):
    """Sixteen times the worlds: a sixteenth of the variance (total index), a quarter of the effects."""
    design = make_design(kind, unit_factors(4), samples=samples)
    signal, scatter = 10.0 * inputs(design)[:, :1], chance((len(design), 256), 400)
    few, many = (sensitivity(design, signal + scatter[:, :size], own_worlds=True) for size in (16, 256))
    assert few.floor / many.floor == pytest.approx(16.0**power, rel=0.15)
    assert few.noise / many.noise == pytest.approx(16.0, rel=0.15)


@pytest.mark.parametrize("kind, samples", [("sobol", 16), ("morris", 8)])
def test_luck_that_all_points_share_is_no_noise(kind, samples):
    """In common worlds the same luck moves every point alike and cancels; in own worlds nobody could know that."""
    design = make_design(kind, unit_factors(3), samples=samples)
    signal = inputs(design) @ [1.0, 0.5, 0.0]
    values = signal[:, None] + 5.0 * noise(30, 500)
    common = sensitivity(design, values)
    assert common.floor < 1e-8
    assert common.noise < 1e-12
    assert [row.rank for row in common.rows] == [1, 2, None]
    own = sensitivity(design, values, own_worlds=True)
    assert own.floor > 0.5
    assert own.ranked == ()
    assert "hangs clearly on none of 3 parameters" in sentence(own)


@pytest.mark.parametrize("replicates", [8, 9, 12, 15])
@pytest.mark.parametrize("own_worlds", [True, False])
def test_drawn_noise_has_the_variance_of_the_mean(replicates, own_worlds):
    """Variance s^2 / n at every point, for even and odd numbers of worlds."""
    values = 2.0 + chance((300, replicates), 600)
    drawn = draw_noise(values, 200, 1, own_worlds=own_worlds)
    expected = values.var(axis=1, ddof=1) / replicates
    assert (drawn**2).mean() == pytest.approx(expected.mean(), rel=0.03)
    assert abs(drawn.mean()) < 0.02


def test_missing_worlds_leave_the_variance_of_those_that_are_there():
    """A point counts with its worlds; a lone value gets the chance of a typical point."""
    values = chance((400, 12), 700)
    values[:200, 3:] = np.nan
    values[0, 1:] = np.nan
    drawn = draw_noise(values, 200, 1, own_worlds=False)
    assert (drawn[:, 1:200] ** 2).mean() == pytest.approx(np.nanvar(values[1:200], axis=1, ddof=1).mean() / 3, rel=0.05)
    assert (drawn[:, 200:] ** 2).mean() == pytest.approx(values[200:].var(axis=1, ddof=1).mean() / 12, rel=0.05)
    assert (drawn[:, 0] ** 2).mean() == pytest.approx(1.0, rel=0.2)
    design = make_design("morris", unit_factors(3), samples=100)
    found = sensitivity(design, 5.0 * inputs(design)[:, :1] + values)
    assert found.missing == pytest.approx((200 * 9 + 2) / 4800)
    assert found.ranked[0].name == "x1"
    assert sentence(found).endswith("38% of the worlds have no value and do not count.")


# ---------------------------------------------------------------------- promises


def test_the_same_arguments_give_the_same_answer():
    """Also with seed 0, which SALib takes for none."""
    for kind in ("sobol", "morris"):
        design = make_design(kind, unit_factors(3), samples=8)
        values = inputs(design)[:, :1] + chance((len(design), 9), 800)
        first, again = (sensitivity(design, values, own_worlds=True) for _ in range(2))
        assert unpacked(first) == unpacked(again)
        assert sensitivity(design, values, own_worlds=True, seed=1).floor != first.floor


@pytest.mark.parametrize("replicates", [1, 7])
@pytest.mark.parametrize("kind", ["sobol", "morris"])
def test_few_worlds_a_point_rank_nothing(kind, replicates):
    """Without enough worlds nobody knows what chance does."""
    design = make_design(kind, unit_factors(3), samples=8)
    found = sensitivity(design, same(inputs(design)[:, 0], replicates), label="goal share")
    assert math.isnan(found.floor)
    assert math.isnan(found.noise)
    assert found.ranked == ()
    assert sentence(found).startswith("Goal share moves most with x1 (")
    assert "nothing is ranked" in sentence(found)
    json.dumps(found.to_dict(), allow_nan=False)


@pytest.mark.parametrize("kind", ["sobol", "morris"])
def test_an_outcome_that_does_not_vary_says_so(kind):
    """No variance, no index; the sum of tenths is not taken for a variance."""
    design = make_design(kind, unit_factors(3), samples=8)
    found = sensitivity(design, np.full((len(design), 11), 0.1), label="exits", unit="weeks")
    assert not found.varies
    assert all(math.isnan(row.main.value) and row.rank is None for row in found.rows)
    assert sentence(found) == "Exits does not vary: it is 0.100 weeks at nearly every point."
    json.dumps(found.to_dict(), allow_nan=False)


def test_a_value_that_one_mixed_point_has_is_no_variance():
    """Sobol shares out the variance of the base samples: if only another point differs, there is none."""
    design = make_design("sobol", unit_factors(3), samples=8)
    values = np.zeros((len(design), 8))
    values[1] = 1.0
    assert not sensitivity(design, values).varies


@pytest.mark.parametrize("kind", ["sobol", "morris"])
def test_table_and_dictionary_hold_every_number(kind):
    """One row a factor, with floor and rank; the dictionary is fit for JSON."""
    design = make_design(kind, unit_factors(3), samples=64)
    values = 9.0 * inputs(design)[:, :1] + chance((len(design), 10), 900)
    found = sensitivity(design, values, name="goal_share", own_worlds=True)
    table = found.table()
    main = "ST" if kind == "sobol" else "mu_star"
    assert list(table["factor"]) == ["x1", "x2", "x3"]
    assert table.loc[0, main] == found.rows[0].main.value
    assert set(table[f"{main}_floor"]) == {found.floor}
    assert table.loc[0, "rank"] == 1
    content = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert content["factors"][0][main] == found.rows[0].main.value
    assert content["points"] == len(design)
    assert SensitivityAnswer((found,)).document()[0]["sentence"] == sentence(found)


def test_what_stands_on_one_step_is_not_ranked():
    """An effect of one trajectory out of four is above the floor, but its interval holds zero."""
    design = make_design("morris", unit_factors(2), samples=4)
    response = np.zeros(len(design))
    response[0] = 1.0
    found = sensitivity(design, same(response), label="goal share")
    assert max(row.main.value for row in found.rows) > found.floor
    assert found.ranked == ()
    assert sentence(found) == (
        "Goal share hangs clearly on none of 2 parameters: 1 of 2 parameters cannot be told from what chance alone "
        "reaches (0), and 1 is above that, but not clearly."
    )


def test_an_interval_that_reaches_into_the_floor_is_not_clear():
    """Above the floor, but not with its whole interval: no rank, and a mark of its own."""
    assert not Index(21.5, 9.5, 19.0).clear
    assert Index(21.5, 9.5, 19.0).above
    assert Index(30.0, 9.5, 19.0).clear
    assert not Index(18.0, 0.5, 19.0).above
    assert not Index(18.0, 0.5, math.nan).above  # nobody knows what chance does
    rows = [
        FactorIndices(f"x{k}", f"assumption {k}", False, Index(value, 9.5, 19.0), None, value, 5.0, None)
        for k, value in enumerate([40.0, 21.5, 18.0])
    ]
    found = replace(three_outcomes("morris")[0], rows=_with_ranks(rows), label="goal share", unit="firms")
    assert [row.rank for row in found.rows] == [1, None, None]
    assert "1 of 3 parameters cannot be told from what chance alone reaches (19" in sentence(found)
    assert sentence(found).endswith(", and 1 is above that, but not clearly.")
    figure = sensitivity_figure([found])
    colours = [bar.get_facecolor() for container in figure.axes[0].containers for bar in container]
    assert len(set(colours)) == 3
    assert [text.get_text() for text in figure.axes[0].texts] == ["1 \N{UPWARDS ARROW}"]
    legend = [text.get_text() for text in figure.legends[0].get_texts()]
    assert "above chance, not clearly: not ranked" in legend


def test_factors_ranked_behind_the_third_are_counted():
    factors = unit_factors(6)
    design = make_design("morris", factors, samples=8)
    found = sensitivity(design, same(inputs(design) @ [6.0, 5.0, 4.0, 3.0, 0.0, 0.0]), label="goal share")
    assert len(found.ranked) == 4
    assert ", and clearly on one more; 2 of 6 parameters cannot be told" in sentence(found)


def test_levers_are_called_levers():
    """Words follow what was sampled."""
    levers = [Factor("tone", 0.0, 1.0, lever=True), Factor("weeks", 1, 20, whole=True, lever=True)]
    design = make_design("morris", levers, samples=6)
    found = sensitivity(design, same(np.array([point["tone"] for point in design.samples])), label="reach")
    assert sentence(found).endswith("1 of 2 levers cannot be told from what chance alone reaches (0).")


@pytest.mark.parametrize(
    "kind, change, message",
    [
        ("sobol", lambda v: v[:-1], r"\(39, 8\), expected 40 points"),
        ("sobol", lambda v: v[:, 0], r"\(40,\), expected 40 points"),
        ("sobol", lambda v: np.where(np.arange(40)[:, None] < 3, np.nan, v), "3 of 40 points without a value"),
        ("sobol", lambda v: np.where(np.arange(40)[:, None] < 3, np.inf, v), "found 24 infinite values"),
        ("latin-hypercube", lambda v: v, "found 'latin-hypercube', expected 'sobol' or 'morris'"),
    ],
)
def test_what_cannot_be_analysed_is_refused_in_one_line(kind, change, message):
    """Place, what was found, what was expected."""
    design = make_design(kind, unit_factors(3), samples=8)
    values = change(same(np.arange(40.0)))
    with pytest.raises(InputError, match=message) as caught:
        sensitivity(design, values, name="weeks_away")
    assert "\n" not in str(caught.value)


# ---------------------------------------------------------------------- the figure


def three_outcomes(kind: str) -> list[Sensitivity]:
    factors = [Factor(f"x{k}", 0.0, 1.0, label=f"assumption {k}") for k in range(1, 6)]
    design = make_design(kind, factors, samples=64 if kind == "sobol" else 16)
    x, scatter = inputs(design), 0.3 * chance((len(design), 10), 1000)
    slopes = {"share of firms": [0, 0, 5, 0, 0], "weeks away": [0, -2, 4, 0, 0], "exits": [0] * 5}
    return [
        sensitivity(design, (x @ slope)[:, None] + any(slope) * scatter, label=label, own_worlds=True)
        for label, slope in slopes.items()
    ]


@pytest.mark.parametrize("kind", ["sobol", "morris"])
def test_a_figure_has_a_panel_an_outcome_and_ranks_only_what_stands_out(kind):
    """Factors in one order, the most important first; bars that are chance are grey and carry no number."""
    figure = sensitivity_figure(three_outcomes(kind), "What matters")
    firms, weeks, exits = figure.axes
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["Share of firms", "Weeks away", "Exits"]
    labels = [label.get_text() for label in firms.get_yticklabels()]
    assert labels[:2] == ["Assumption 3", "Assumption 2"]
    up, down = (" \N{UPWARDS ARROW}", " \N{DOWNWARDS ARROW}") if kind == "morris" else ("", "")
    assert [text.get_text() for text in firms.texts] == [f"1{up}"]
    assert [text.get_text() for text in weeks.texts] == [f"1{up}", f"2{down}"]
    assert [text.get_text() for text in exits.texts] == ["does not vary"]
    colours = [bar.get_facecolor() for container in firms.containers for bar in container]
    assert len(colours) == 5
    assert colours[0] not in colours[1:]
    assert len(set(colours[1:])) == 1
    assert all(axes.get_xlabel() for axes in figure.axes)
    assert as_png(figure).startswith(b"\x89PNG")


def test_a_figure_wants_outcomes_of_one_design():
    """Panels share their factors."""
    with pytest.raises(InputError, match="found no outcome"):
        sensitivity_figure([])
    with pytest.raises(InputError, match="expected outcomes of one design"):
        sensitivity_figure([three_outcomes("sobol")[0], three_outcomes("morris")[0]])
