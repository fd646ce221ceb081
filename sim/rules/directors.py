"""New directors: what goes with a person, and what stays with the institution (submodel S14)."""

from __future__ import annotations

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.engine.randomness import Decision, threshold
from sim.parameters.relations import TRUST_OPPOSITE, TRUST_SAME
from sim.vocabulary.events import EventKind

NEW_TOP = 0.5  # ownership of somebody who has just come


@rule
def await_director(w, i):
    """Draw the threshold at which the next director of organisation i comes."""
    clock = w.clock[0]
    organisation = w.organisation[i]
    organisation.director_hazard = 0.0
    organisation.director_threshold = threshold(
        clock.seed, clock.replicate, Decision.NEW_DIRECTOR, organisation.key, organisation.directors
    )


@rule
def change_director(w, i):
    """A new director of i: trust and understanding go half way to where they start, grievance is halved, anchors stay.

    After good years that is a loss, after a storm a chance.
    """
    p = w.parameter[0]
    n = w.organisation.shape[0]
    organisation = w.organisation[i]
    organisation.directors += 1
    organisation.top = NEW_TOP
    for j in range(n):
        relation = w.relation[i * n + j]
        if relation.exists == 0:
            continue
        opposite = organisation.stance * w.organisation[j].stance < 0.0
        usual = TRUST_OPPOSITE if opposite else TRUST_SAME
        relation.trust += p.personal_share * (usual - relation.trust)
        relation.role += p.personal_share * (relation.role_start - relation.role)
        relation.grievance *= 1.0 - p.personal_share
    await_director(w, i)
    note(w, EventKind.NEW_DIRECTOR, i, -1, -1)


@rule
def turn_over_directors(w):
    """Directors change at a rate, in every organisation by itself."""
    hazard = w.parameter[0].director_hazard
    if hazard <= 0.0:
        return
    for i in range(w.organisation.shape[0]):
        organisation = w.organisation[i]
        if organisation.speaks_for_others == 1:
            continue  # a person, who has none
        organisation.director_hazard += hazard
        if organisation.director_hazard >= organisation.director_threshold:
            change_director(w, i)
