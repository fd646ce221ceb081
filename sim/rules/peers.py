"""The peers of the firms: a small world on a ring, drawn from keyed chance.

Every firm owns ties to the next k/2 firms on the ring; each tie is rewired with a given probability to a firm
drawn uniformly, unless that would make a loop or a double tie: then the ring tie stays.
"""

from __future__ import annotations

from sim.engine.compiled import rule
from sim.engine.randomness import Decision, uniform_pair

# Firms that a firm watches: assumption; a peer acts on a firm by `peer_rate` times the share of its peers.
PEER_TIES = 8

# Chance that a tie leads to any firm rather than to a neighbour (probability): assumption.
REWIRING = 0.1


def own_ties(firms: int) -> int:
    """Ties that each firm owns on the ring: half of its ties, fewer in a very small world."""
    return max(0, min(PEER_TIES // 2, (firms - 1) // 2))


@rule
def _taken(w, f, g, own, firms):
    """Whether a tie between f and g would be a loop, a tie of the ring, or a rewired tie drawn before."""
    apart = abs(f - g)
    if apart <= own or firms - apart <= own:
        return True
    for c in range(own):
        if w.ring[f * own + c] == g or w.ring[g * own + c] == f:
            return True
    return False


@rule
def draw_peers(w, own):
    """Draw the ring with its rewired ties and list every firm's peers."""
    clock = w.clock[0]
    firms = w.firm.shape[0]
    for f in range(firms):
        for c in range(own):
            far = f + c + 1
            w.ring[f * own + c] = far - firms if far >= firms else far
    for f in range(firms):
        for c in range(own):
            u, v = uniform_pair(clock.seed, clock.replicate, Decision.NETWORK_TIE, f, c, 0)
            if u < REWIRING:
                g = int(v * firms)
                if not _taken(w, f, g, own, firms):
                    w.ring[f * own + c] = g
    for f in range(firms + 1):
        w.peer_start[f] = 0
    for f in range(firms):
        w.peer_start[f + 1] += own
        for c in range(own):
            w.peer_start[w.ring[f * own + c] + 1] += 1
    for f in range(firms):
        w.peer_start[f + 1] += w.peer_start[f]
    for f in range(firms):  # fill, with `adopting` as the place of each firm's next peer
        w.adopting[f] = w.peer_start[f]
    for f in range(firms):
        for c in range(own):
            g = w.ring[f * own + c]
            w.peer[w.adopting[f]] = g
            w.adopting[f] += 1
            w.peer[w.adopting[g]] = f
            w.adopting[g] += 1
