"""Keyed chance: every draw is a function of (seed, replicate, decision, entity, occurrence, lane).

There is no generator and no state: any draw can be computed again, alone and in any order. Two plans in the
same world (same seed and replicate) therefore differ only where the plans made them differ. The numbers come
from Philox4x32-10 [1]_, a counter-based function: counter = (decision, entity, occurrence, lane), key = (seed,
replicate).

Events that may happen in any week use one unit-exponential *threshold* per entity and occurrence [2]_: the
weekly hazard is added up, and the event happens when the sum crosses the threshold. Counts are drawn by
inverting the distribution function at one uniform, so that they too move together in paired worlds.

References
----------
.. [1] Salmon, Moraes, Dror & Shaw (2011). Parallel random numbers: as easy as 1, 2, 3. Proc. SC'11.
.. [2] Sellke (1983). On the asymptotic distribution of the size of a stochastic epidemic. J. Appl. Prob. 20.
"""

from __future__ import annotations

import hashlib
import math
from enum import IntEnum

import numpy as np

from sim.engine.compiled import rule


class Decision(IntEnum):
    """The closed list of what is left to chance. The number is the first word of the counter: never reuse one."""

    NETWORK_TIE = 1
    FIRM_TRAITS = 2
    ADOPTION = 3
    ADOPTION_ROUTE = 4
    CHAMPION_AT_START = 5
    CHAMPION_LEAVES = 6
    CHAMPION_REPLACED = 7
    IDEA_VALUE = 8
    ACCEPT_APPROACH = 9
    ACCEPT_TERMS = 10
    ACCEPT_SIGNING = 11
    ACCEPT_GOING_PUBLIC = 12
    REPLY_ORDER = 13
    DISAGREEMENTS = 14
    DISAGREEMENT = 15
    COVERAGE = 16
    REBUTTAL = 17
    VISITORS = 18
    PAGE_VIEWS = 19
    SEATS = 20
    DECISION_DELAY = 21
    IDEA_CHOICE = 22
    QUIET_USE_FOUND = 23
    CLAUSE_KEPT = 24
    LEAK = 25
    LEAK_TARGET = 26
    REAPPROACH = 28  # 27 was leaving, 29 whether a willing partner says yes
    SELF_RETURN = 30
    CLAIM_CREDIT = 31
    START_SPREAD = 32
    DE_ADOPTION = 33
    IN_PLAN = 34
    GRANT_NOISE = 35
    POLICY_STAGE = 36
    BOOTSTRAP = 37
    PARTNERSHIP_TRAITS = 40
    CONFLICT = 41
    DRIFT = 42
    RENEWAL = 43
    FORGIVENESS = 44
    MOVING_ON = 45
    NEW_DIRECTOR = 46
    MEMBER_LEAVES = 47
    WARNING = 48
    FOUND_OUT = 49
    ACCEPT_SUSPENSION = 50
    MEMBERSHIP = 51
    AWARD = 52
    WISH = 53
    NAMED_SOURCE = 54
    PARAMETER_SET = 55
    CALIBRATION = 56


_WORD = np.uint64(0xFFFFFFFF)
_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_HALF = np.uint64(32)
_FIVE = np.uint64(5)
_SIX = np.uint64(6)
_TO_UNIT = 1.0 / 9007199254740992.0  # 2**-53
_HIGH_STEP = 67108864.0  # 2**26


def entity_key(text: str) -> int:
    """Return the 32-bit key of an id: the same for a text in every file, row and version."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=4).digest(), "little")


@rule
def philox(c0, c1, c2, c3, k0, k1):
    """Philox4x32-10: four 32-bit words from a counter of four words and a key of two (all as uint64)."""
    for _ in range(10):
        product_0 = _MULTIPLIER_0 * c0
        product_1 = _MULTIPLIER_1 * c2
        c0 = (product_1 >> _HALF) ^ c1 ^ k0
        c2 = (product_0 >> _HALF) ^ c3 ^ k1
        c1 = product_1 & _WORD
        c3 = product_0 & _WORD
        k0 = (k0 + _WEYL_0) & _WORD
        k1 = (k1 + _WEYL_1) & _WORD
    return c0, c1, c2, c3


@rule
def uniform_pair(seed, replicate, decision, entity, occurrence, lane):
    """Two independent uniforms in [0, 1) with 53 bits each, from one block."""
    a, b, c, d = philox(
        np.uint64(decision),
        np.uint64(entity) & _WORD,
        np.uint64(occurrence) & _WORD,
        np.uint64(lane),
        np.uint64(seed) & _WORD,
        np.uint64(replicate) & _WORD,
    )
    first = (np.float64(a >> _FIVE) * _HIGH_STEP + np.float64(b >> _SIX)) * _TO_UNIT
    second = (np.float64(c >> _FIVE) * _HIGH_STEP + np.float64(d >> _SIX)) * _TO_UNIT
    return first, second


@rule
def uniform(seed, replicate, decision, entity, occurrence):
    """One uniform in [0, 1)."""
    return uniform_pair(seed, replicate, decision, entity, occurrence, 0)[0]


@rule
def threshold(seed, replicate, decision, entity, occurrence):
    """One unit-exponential threshold: the event happens when the summed weekly hazard reaches it."""
    return -math.log(1.0 - uniform_pair(seed, replicate, decision, entity, occurrence, 0)[0])


@rule
def mix(a, b):
    """Key of the ordered pair of two 32-bit keys (a bijective scramble of the first, then add and scramble)."""
    x = (np.uint64(a) & _WORD) * np.uint64(0x9E3779B1) & _WORD
    x = (x ^ (x >> np.uint64(15))) * np.uint64(0x85EBCA6B) & _WORD
    x = (x + (np.uint64(b) & _WORD)) & _WORD
    x = (x ^ (x >> np.uint64(13))) * np.uint64(0xC2B2AE35) & _WORD
    return np.int64(x ^ (x >> np.uint64(16)))


@rule
def log_factorial(n):
    """Ln n! (exact sum below 32, else Stirling's series; error under 1e-13 relative)."""
    if n < 32:
        total = 0.0
        for k in range(2, n + 1):
            total += math.log(np.float64(k))
        return total
    x = np.float64(n)
    return (x + 0.5) * math.log(x) - x + 0.9189385332046727 + (1.0 - (1.0 / (30.0 * x * x))) / (12.0 * x)


@rule
def poisson_count(mean, u):
    """Smallest k with P(Poisson(mean) <= k) > u: a count that rises with its mean at a fixed uniform."""
    if mean <= 0.0:
        return 0
    k = 0
    if mean < 200.0:
        mass = math.exp(-mean)
    else:  # start ten standard deviations below: the mass left out is under 1e-22
        k = int(mean - 10.0 * math.sqrt(mean))
        mass = math.exp(np.float64(k) * math.log(mean) - mean - log_factorial(k))
    below = mass
    top = mean + 12.0 * math.sqrt(mean) + 60.0
    while u >= below and k < top:
        k += 1
        mass *= mean / np.float64(k)
        below += mass
    return k


@rule
def negative_binomial_count(mean, size, u):
    """Smallest k with P(NB <= k) > u, mean m and variance m + m^2 / size: as `poisson_count`, but moody."""
    if mean <= 0.0:
        return 0
    odds = mean / (mean + size)
    spread = math.sqrt(mean + mean * mean / size)
    k = max(0, int(mean - 10.0 * spread))  # the mass left out is under 1e-22
    log_mass = size * math.log1p(-odds)  # of nothing at all, from where nearly every sum starts
    if k > 0:
        first = np.float64(k)
        log_mass += math.lgamma(first + size) - math.lgamma(size) - math.lgamma(first + 1.0) + first * math.log(odds)
    mass = math.exp(log_mass)
    below = mass
    top = mean + 80.0 * spread + 60.0
    while u >= below and k < top:
        mass *= odds * (np.float64(k) + size) / np.float64(k + 1)
        k += 1
        below += mass
    return k


@rule
def binomial_count(trials, chance, u):
    """Smallest k with P(Binomial(trials, chance) <= k) > u."""
    if trials <= 0 or chance <= 0.0:
        return 0
    if chance >= 1.0:
        return trials
    if chance > 0.5:  # count the failures, with the uniform turned round so that the count still rises with u
        return trials - binomial_count_low(trials, 1.0 - chance, 1.0 - u)
    return binomial_count_low(trials, chance, u)


@rule
def binomial_count_low(trials, chance, u):
    """`binomial_count` for a chance of at most one half."""
    odds = chance / (1.0 - chance)
    mean = np.float64(trials) * chance
    k = 0
    if mean < 100.0:
        mass = math.exp(np.float64(trials) * math.log1p(-chance))
    else:
        k = int(max(0.0, mean - 10.0 * math.sqrt(mean)))
        mass = math.exp(
            log_factorial(trials)
            - log_factorial(k)
            - log_factorial(trials - k)
            + np.float64(k) * math.log(chance)
            + np.float64(trials - k) * math.log1p(-chance)
        )
    below = mass
    top = min(np.float64(trials), mean + 12.0 * math.sqrt(mean) + 60.0)
    while u >= below and k < top:
        mass *= odds * np.float64(trials - k) / np.float64(k + 1)
        k += 1
        below += mass
    return k


# Coefficients of Wichura (1988), algorithm AS 241, Applied Statistics 37(3), from the highest power down.
_CENTRE_TOP = (
    2509.0809287301226727,
    33430.575583588128105,
    67265.770927008700853,
    45921.953931549871457,
    13731.693765509461125,
    1971.5909503065514427,
    133.14166789178437745,
    3.387132872796366608,
)
_CENTRE_BOTTOM = (
    5226.495278852854561,
    28729.085735721942674,
    39307.89580009271061,
    21213.794301586595867,
    5394.1960214247511077,
    687.1870074920579083,
    42.313330701600911252,
    1.0,
)
_TAIL_TOP = (
    7.7454501427834140764e-4,
    2.27238449892691845833e-2,
    2.4178072517745061177e-1,
    1.27045825245236838258,
    3.64784832476320460504,
    5.7694972214606914055,
    4.6303378461565452959,
    1.42343711074968357734,
)
_TAIL_BOTTOM = (
    1.05075007164441684324e-9,
    5.475938084995344946e-4,
    1.51986665636164571966e-2,
    1.4810397642748007459e-1,
    6.8976733498510000455e-1,
    1.6763848301838038494,
    2.05319162663775882187,
    1.0,
)
_FAR_TOP = (
    2.01033439929228813265e-7,
    2.71155556874348757815e-5,
    1.2426609473880784386e-3,
    2.65321895265761230930e-2,
    2.9656057182850489123e-1,
    1.7848265399172913358,
    5.4637849111641143699,
    6.6579046435011037772,
)
_FAR_BOTTOM = (
    2.04426310338993978564e-15,
    1.4215117583164458887e-7,
    1.8463183175100546818e-5,
    7.868691311456132591e-4,
    1.48753612908506148525e-2,
    1.3692988092273580531e-1,
    5.9983220655588793769e-1,
    1.0,
)


@rule
def _ratio(top, bottom, x):
    above = 0.0
    below = 0.0
    for k in range(8):
        above = above * x + top[k]
        below = below * x + bottom[k]
    return above / below


@rule
def normal_quantile(u):
    """Quantile of the standard normal distribution, u in (0, 1); about 16 digits."""
    centred = u - 0.5
    if abs(centred) <= 0.425:
        return centred * _ratio(_CENTRE_TOP, _CENTRE_BOTTOM, 0.180625 - centred * centred)
    tail = u if centred < 0.0 else 1.0 - u
    tail = math.sqrt(-math.log(max(tail, 1e-300)))
    if tail <= 5.0:
        z = _ratio(_TAIL_TOP, _TAIL_BOTTOM, tail - 1.6)
    else:
        z = _ratio(_FAR_TOP, _FAR_BOTTOM, tail - 5.0)
    return -z if centred < 0.0 else z


@rule
def uniform_table(seed, decision, entity, out):
    """Fill (rows, columns): row r has the uniforms of replicate r, one an occurrence."""
    for row in range(out.shape[0]):
        for column in range(out.shape[1]):
            out[row, column] = uniform(seed, row, decision, entity, column)


@rule
def resample(values, seed, entity, means):
    """Bootstrap means: `means[b]` is the mean of a resample, with replacement, of `values` (keyed, no replicate).

    Every word of a Philox block picks one value, (word x n) >> 32; the bias is below n / 2**32.
    """
    n = np.uint64(values.shape[0])
    for b in range(means.shape[0]):
        total = 0.0
        for k in range(0, values.shape[0], 4):
            words = philox(
                np.uint64(37),
                np.uint64(entity) & _WORD,
                np.uint64(b),
                np.uint64(k),
                np.uint64(seed) & _WORD,
                np.uint64(0),
            )
            for place in range(4):
                if k + place < values.shape[0]:
                    total += values[(words[place] * n) >> _HALF]
        means[b] = total / values.shape[0]
