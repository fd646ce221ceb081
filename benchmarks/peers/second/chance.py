"""Chance of the second model (7.0): keyed draws and counts, from docs/odd.md alone."""

from __future__ import annotations

import hashlib
import math

WORD = 2**32

DECISIONS = {
    "NETWORK_TIE": 1,
    "FIRM_TRAITS": 2,
    "ADOPTION": 3,
    "ADOPTION_ROUTE": 4,
    "CHAMPION_LEAVES": 6,
    "CHAMPION_REPLACED": 7,
    "IDEA_VALUE": 8,
    "ACCEPT_APPROACH": 9,
    "ACCEPT_TERMS": 10,
    "ACCEPT_SIGNING": 11,
    "ACCEPT_GOING_PUBLIC": 12,
    "REPLY_ORDER": 13,
    "DISAGREEMENTS": 14,
    "DISAGREEMENT": 15,
    "COVERAGE": 16,
    "REBUTTAL": 17,
    "VISITORS": 18,
    "SEATS": 20,
    "DECISION_DELAY": 21,
    "IDEA_CHOICE": 22,
    "QUIET_USE_FOUND": 23,
    "CLAUSE_KEPT": 24,
    "REAPPROACH": 28,
    "SELF_RETURN": 30,
    "CLAIM_CREDIT": 31,
    "IN_PLAN": 34,
    "POLICY_STAGE": 36,
    "CONFLICT": 41,
    "DRIFT": 42,
    "RENEWAL": 43,
    "FORGIVENESS": 44,
    "MOVING_ON": 45,
    "NEW_DIRECTOR": 46,
    "MEMBER_LEAVES": 47,
    "WARNING": 48,
    "FOUND_OUT": 49,
    "ACCEPT_SUSPENSION": 50,
    "DE_ADOPTION": 33,
    "WISH": 53,
    "NAMED_SOURCE": 54,
}


def philox(counter: tuple[int, ...], key: tuple[int, int]) -> tuple[int, ...]:
    """Four words from a counter and a key."""
    c0, c1, c2, c3 = counter
    k0, k1 = key
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (p1 // WORD) ^ c1 ^ k0, p1 % WORD, (p0 // WORD) ^ c3 ^ k1, p0 % WORD
        k0, k1 = (k0 + 0x9E3779B9) % WORD, (k1 + 0xBB67AE85) % WORD
    return c0, c1, c2, c3


def entity_key(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8"), digest_size=4).digest(), "little")


def mix(x: int, y: int) -> int:
    z = x * 0x9E3779B1 % WORD
    z = (z ^ (z >> 15)) * 0x85EBCA6B % WORD
    z = (z + y) % WORD
    z = (z ^ (z >> 13)) * 0xC2B2AE35 % WORD
    return z ^ (z >> 16)


def negative_binomial(mean: float, size: float, u: float) -> int:
    """Smallest k with P(N <= k) > u."""
    if mean <= 0.0:
        return 0
    k = max(0, int(mean - 10.0 * math.sqrt(mean + mean * mean / size)))
    q = mean / (mean + size)
    log_mass = math.lgamma(k + size) - math.lgamma(size) - math.lgamma(k + 1) + k * math.log(q)
    mass = math.exp(log_mass + size * math.log1p(-q))
    below = mass
    while below <= u:
        mass *= q * (k + size) / (k + 1)
        k += 1
        below += mass
    return k


def two_uniforms(decision: str, entity: int, occurrence: int, lane: int, key: tuple[int, int]) -> tuple[float, float]:
    """Two numbers in [0, 1) with 53 bits."""
    words = philox((DECISIONS[decision], entity % WORD, occurrence % WORD, lane), key)
    first, second = ((a // 32) * 2**26 + b // 64 for a, b in (words[:2], words[2:]))
    return first / 2**53, second / 2**53


def poisson(mean: float, u: float) -> int:
    """Smallest k with P(N <= k) > u, for small means."""
    k, mass = 0, math.exp(-mean)
    below = mass
    while below <= u and k < 1000:
        k += 1
        mass *= mean / k
        below += mass
    return k


def binomial(trials: int, chance: float, u: float) -> int:
    """Smallest k with P(N <= k) > u (7.0)."""
    if trials <= 0 or chance <= 0.0:
        return 0
    if chance >= 1.0:
        return trials
    if chance > 0.5:
        return trials - binomial(trials, 1.0 - chance, 1.0 - u)
    mean = trials * chance
    k = 0 if mean < 100.0 else math.floor(mean - 10.0 * math.sqrt(mean))
    log_mass = math.lgamma(trials + 1) - math.lgamma(k + 1) - math.lgamma(trials - k + 1)
    mass = math.exp(log_mass + k * math.log(chance) + (trials - k) * math.log1p(-chance))
    below, top = mass, min(trials, mean + 12.0 * math.sqrt(mean) + 60.0)
    while u >= below and k < top:
        mass *= chance / (1.0 - chance) * (trials - k) / (k + 1)
        k += 1
        below += mass
    return k


def sigma(x: float) -> float:
    """Probability of a logit."""
    return 1.0 / (1.0 + math.exp(-x))
