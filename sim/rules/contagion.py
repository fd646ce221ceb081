"""What firms learn from their peers: simple or complex contagion (submodel S11)."""

from __future__ import annotations

from sim.engine.compiled import rule
from sim.engine.randomness import Decision, normal_quantile, uniform_pair

# Mean share of peers that a firm needs to see (alternative theory) (share): Centola, Becker, Brackbill &
# Baronchelli 2018 (10-40 %).
THRESHOLD_MEAN = 0.25
# Spread of the needed share between firms (alternative theory) (share): Granovetter 1978 (outcome flips near 0.12).
THRESHOLD_SD = 0.12


@rule
def contagion_threshold(w, f):
    """Theta of firm f, drawn again from its key: normal(0.25, 0.12), not clipped below."""
    clock = w.clock[0]
    u, _ = uniform_pair(clock.seed, clock.replicate, Decision.FIRM_TRAITS, f, 0, 1)
    return THRESHOLD_MEAN + THRESHOLD_SD * normal_quantile(max(u, 1e-16))


@rule
def peer_response(w, f, visible, signal, p):
    """S(x), x = 1 - (1 - vis)(1 - phi): x itself, or with complex contagion 1 if x >= theta_f, else 0."""
    seen = 1.0 - (1.0 - visible) * (1.0 - signal)
    if p.complex_contagion == 1.0:
        return 1.0 if seen >= contagion_threshold(w, f) else 0.0
    return seen
