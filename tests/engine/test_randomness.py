"""Chance: keyed, stateless, exact, and coupled between worlds."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from randomgen import Philox
from scipy import stats

from sim.engine.randomness import (
    Decision,
    binomial_count,
    entity_key,
    mix,
    normal_quantile,
    philox,
    poisson_count,
    resample,
    threshold,
    uniform,
    uniform_pair,
)
from sim.scenarios import catalogue, scenario

ONES = 0xFFFFFFFF
# Random123, kat_vectors, philox4x32 with 10 rounds: counter, key, result.
KNOWN_ANSWERS = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((ONES,) * 4, (ONES,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]
GRID = np.concatenate([np.linspace(0.0, 0.999, 97), [1e-12, 1e-6, 0.5, 1 - 1e-6, 1 - 1e-9]])
MEANS = [1e-6, 0.01, 0.3, 1.0, 3.7, 12.0, 50.0, 150.0, 199.99, 200.0, 200.01, 450.0, 5_000.0, 250_000.0]


def block(counter: tuple[int, ...], key: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(int(word) for word in philox(*map(np.uint64, counter), *map(np.uint64, key)))


@pytest.mark.parametrize("counter, key, expected", KNOWN_ANSWERS)
def test_philox_gives_the_published_answers(counter, key, expected):
    """The three known-answer vectors of Salmon et al. (Random123) for Philox4x32-10."""
    assert block(counter, key) == expected


def test_philox_agrees_bit_for_bit_with_an_independent_implementation():
    """The randomgen package gives the same words for 200 random counters and keys (it counts up before drawing)."""
    for number in range(200):
        words = Philox(number=4, width=32, key=1, counter=6 * number).random_raw(6).tolist()
        counter, key = tuple(words[:4]), tuple(words[4:])
        whole = sum(word << 32 * place for place, word in enumerate(counter))
        other = Philox(number=4, width=32, counter=(whole - 1) % 2**128, key=key[0] + (key[1] << 32))
        assert block(counter, key) == tuple(other.random_raw(4).tolist())


def test_uniforms_lie_in_zero_to_one_and_never_reach_one():
    """Uniforms have 53 bits in [0, 1); thresholds are therefore finite and at least 0."""
    highest = (ONES >> 5) * 67108864.0 + (ONES >> 6)
    assert highest / 9007199254740992.0 < 1.0
    drawn = [uniform_pair(s, r, 5, 17, 3, 0) for s in (0, ONES) for r in range(2_000)]
    assert np.min(drawn) >= 0.0
    assert np.max(drawn) < 1.0
    assert 0.0 <= threshold(1, 1, 1, 1, 1) < math.inf


@pytest.mark.parametrize("varied", ["seed", "replicate", "decision", "entity", "occurrence", "lane"])
def test_draws_are_uniform_and_independent_along_every_part_of_the_key(varied):
    """Kolmogorov-Smirnov test at 1 in 1,000, and no correlation with the next draw or with the second uniform."""
    part = ["seed", "replicate", "decision", "entity", "occurrence", "lane"].index(varied)
    count = 20_000
    drawn = np.empty((count, 2))
    for number in range(count):
        key = [7, 3, 16, 12345, 2, 1]
        key[part] = number
        drawn[number] = uniform_pair(*key)
    for lane in range(2):
        assert stats.kstest(drawn[:, lane], "uniform").pvalue > 1e-3
        assert abs(np.corrcoef(drawn[:-1, lane], drawn[1:, lane])[0, 1]) < 4 / math.sqrt(count)
    assert abs(np.corrcoef(drawn.T)[0, 1]) < 4 / math.sqrt(count)


def test_every_part_of_the_key_changes_the_draw():
    """Two draws that differ in any one of seed, replicate, decision, entity, occurrence are different numbers."""
    drawn = {uniform(*key) for key in np.ndindex(3, 3, 5, 4, 4)}
    assert len(drawn) == 3 * 3 * 5 * 4 * 4
    assert len({int(decision) for decision in Decision}) == len(Decision)


@pytest.mark.parametrize("mean", MEANS)
def test_poisson_counts_are_the_inverse_of_the_distribution(mean):
    """The count is the smallest k with P(X <= k) > u, against scipy, from rare events to a quarter of a million."""
    slack = 1e-9
    for u in GRID:
        k = poisson_count(mean, u)
        assert stats.poisson.cdf(k, mean) > u - slack
        assert k == 0 or stats.poisson.cdf(k - 1, mean) <= u + slack


@pytest.mark.parametrize("trials", [1, 7, 200, 5_000, 2_000_000])
@pytest.mark.parametrize("chance", [1e-6, 0.004262, 0.3, 0.5, 0.51, 0.99])
def test_binomial_counts_are_the_inverse_of_the_distribution(trials, chance):
    """The count is the smallest k with P(X <= k) > u, against scipy, also where failures are counted instead."""
    slack = 1e-8
    for u in GRID:
        k = binomial_count(trials, chance, u)
        assert 0 <= k <= trials
        assert stats.binom.cdf(k, trials, chance) > u - slack
        assert k == 0 or stats.binom.cdf(k - 1, trials, chance) <= u + slack


def test_counts_of_paired_worlds_move_together():
    """At a fixed uniform a larger mean, chance or number of trials never gives a smaller count."""
    means = np.concatenate([np.linspace(0.0, 30.0, 301), np.linspace(190.0, 210.0, 201)])
    for u in np.linspace(0.003, 0.997, 61):
        assert np.all(np.diff([poisson_count(mean, u) for mean in means]) >= 0)
        assert np.all(np.diff([binomial_count(90, chance, u) for chance in np.linspace(0.0, 1.0, 101)]) >= 0)
        assert np.all(np.diff([binomial_count(trials, 0.3, u) for trials in range(300, 500)]) >= 0)


def test_counts_at_the_ends_of_the_distribution():
    """No mean, no trials or no chance gives 0; certainty gives all; a count never exceeds the trials."""
    assert poisson_count(0.0, 0.99) == poisson_count(-1.0, 0.99) == poisson_count(5.0, 0.0) == 0
    assert binomial_count(0, 0.5, 0.9) == binomial_count(10, 0.0, 0.9) == 0
    assert binomial_count(10, 1.0, 0.0) == binomial_count(10, 0.7, math.nextafter(1.0, 0.0)) == 10


def test_normal_quantiles_have_fifteen_digits():
    """Wichura's AS 241 against scipy, over the whole range of a 53-bit uniform."""
    u = np.concatenate([np.linspace(1e-4, 1 - 1e-4, 2_001), 10.0 ** -np.arange(4, 16), 1 - 10.0 ** -np.arange(4, 16)])
    found = np.array([normal_quantile(x) for x in u])
    np.testing.assert_allclose(found, stats.norm.ppf(u), rtol=2e-14, atol=2e-15)


@pytest.mark.parametrize("hazard", [0.001, 0.05, 0.7, 2.0])
def test_a_weekly_hazard_gives_an_event_with_its_probability(hazard):
    """P(event in a week) = 1 - exp(-h): the share of unit-exponential thresholds that one week's hazard crosses."""
    count = 40_000
    crossed = sum(threshold(11, 0, int(Decision.CONFLICT), entity, 1) <= hazard for entity in range(count))
    chance = 1.0 - math.exp(-hazard)
    assert abs(crossed - count * chance) < 3.5 * math.sqrt(count * chance * (1.0 - chance))


def test_the_time_to_an_event_is_exact_for_hazards_that_change():
    """With hazards 0.1, 0, 0.4, 0.2 a week the share without an event is exp(-sum) after every week."""
    count = 40_000
    drawn = np.array([threshold(5, 2, int(Decision.ADOPTION), entity, 0) for entity in range(count)])
    for summed in np.cumsum([0.1, 0.0, 0.4, 0.2]):
        chance = math.exp(-summed)
        assert abs(np.mean(drawn > summed) - chance) < 3.5 * math.sqrt(chance * (1.0 - chance) / count)


def test_ids_of_shipped_scenarios_have_different_keys():
    """No two organisations, pairs or ordered pairs share a key, so no two entities ever share their draws."""
    ids = {name for case in catalogue() for name in scenario(case).organisation_ids}
    ids |= {"academia", "international", "managers_body", "parental_leave", "ombud_ideas"}
    ids |= {f"firm_{number:03d}" for number in range(1, 201)}
    keys = {name: entity_key(name) for name in sorted(ids)}
    assert len(set(keys.values())) == len(keys)
    assert all(0 <= key < 2**32 for key in keys.values())
    ordered = {mix(keys[a], keys[b]) for pair in combinations(sorted(ids), 2) for a, b in (pair, pair[::-1])}
    assert len(ordered) >= len(ids) * (len(ids) - 1) - 3  # 42,000 keys of 32 bits: 0.2 collisions expected
    shipped = [name for name in ids if not name.startswith("firm_")]
    assert len({mix(keys[a], keys[b]) for a in shipped for b in shipped}) == len(shipped) ** 2


def test_bootstrap_means_are_keyed_and_right_on_average():
    """Resampling gives the same means for the same key, others for another, and is centred on the sample mean."""
    values = np.arange(101.0)
    means = np.empty(4_000)
    resample(values, 3, 17, means)
    again = np.empty_like(means)
    resample(values, 3, 17, again)
    assert means.tobytes() == again.tobytes()
    resample(values, 3, 18, again)
    assert means.tobytes() != again.tobytes()
    spread = values.std() / math.sqrt(len(values))
    assert abs(means.mean() - 50.0) < 4 * spread / math.sqrt(len(means))
    assert means.std() == pytest.approx(spread, rel=0.05)
