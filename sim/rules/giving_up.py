"""Firms that give the measures up, and what keeps others from it (submodel S11)."""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.engine.randomness import Decision, normal_quantile, threshold, uniform_pair
from sim.rules.federations import push_on
from sim.rules.uptake import count_adopter, show, visible_weight
from sim.vocabulary.audiences import Audience
from sim.vocabulary.events import EventKind
from sim.vocabulary.uptake import Uptake

EMPLOYEES = int(Audience.EMPLOYEES)


@rule
def resistance(w, f):
    """k_f = b_f / sqrt(w_f), what measures cost firm f: b lognormal with E(1/b) = 1; a large firm has it easier."""
    clock = w.clock[0]
    sd = w.parameter[0].burden_spread
    u, _ = uniform_pair(clock.seed, clock.replicate, Decision.FIRM_TRAITS, f, 0, 3)
    return math.exp(sd * normal_quantile(max(u, 1e-16)) + 0.5 * sd * sd) / math.sqrt(np.float64(w.firm[f].weight))


@rule
def give_up(w, week, complete, push):
    """Ordinary adopters give up with hazard r_drop (1 - depth)(1 - support), and may adopt again.

    support = 1 - (1 - press)(1 - vis)(1 - U_employees)(1 - F): whoever is pressed, sees others, is asked by its
    staff or hears from its federation keeps what it began. `push` is F where it is the same for all firms, else -1.
    """
    clock = w.clock[0]
    tallies = w.tallies[0]
    p = w.parameter[0]
    alone = w.parameter[0].de_adoption_hazard * (1.0 - w.media[0].firm_press) * (1.0 - w.audience[EMPLOYEES].aware)
    left = 0
    place = 0
    while place < tallies.adopted:
        f = w.adopter[place]
        firm = w.firm[f]
        visible = complete if complete >= 0.0 else w.visibility[f]
        if firm.week < week:
            told = push if push >= 0.0 else push_on(w, f)
            w.keeping[f] -= alone * (1.0 - np.float64(firm.depth)) * (1.0 - min(1.0, visible)) * (1.0 - told)
        if w.keeping[f] > 0.0:
            place += 1
            continue
        tallies.adopted -= 1
        w.adopter[place] = w.adopter[tallies.adopted]
        count_adopter(w, f, -1.0)
        tallies.adoption_weeks -= np.float64(firm.weight) * firm.week
        tallies.adopted_weight -= np.float64(firm.weight)
        show(w, f, -visible_weight(firm.uptake, p))
        firm.uptake = Uptake.NONE
        firm.names = 0
        for column in range(w.lineage.shape[1]):
            w.lineage[f, column] = 0.0
        w.remaining[f] = threshold(clock.seed, clock.replicate, Decision.ADOPTION, f, firm.times) * resistance(w, f)
        left += 1
    if left > 0:
        tallies.gave_up += left
        event = note(w, EventKind.GAVE_UP, -1, -1, -1)
        w.log_number[event, 0] = np.float64(left)
