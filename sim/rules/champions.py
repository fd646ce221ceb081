"""Champions: the committed person in an organisation, who may leave and be replaced (submodel S14)."""

from __future__ import annotations

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.engine.randomness import Decision, threshold, uniform
from sim.vocabulary.events import EventKind
from sim.vocabulary.partnerships import State

CHAMPION_HOURS = 4.0  # a week, of a champion who was appointed

# Time until a champion who left is replaced (weeks): assumption.
CHAMPION_VACANCY_WEEKS = 13.0


@rule
def install_champion(w, i):
    """A champion takes up work in organisation i, with a leaving threshold of its own."""
    clock = w.clock[0]
    organisation = w.organisation[i]
    organisation.champion = 1
    organisation.champion_hazard = 0.0
    organisation.champion_threshold = threshold(
        clock.seed, clock.replicate, Decision.CHAMPION_LEAVES, organisation.key, organisation.champions
    )
    organisation.champions += 1
    organisation.vacancy_left = 0
    organisation.appointment_left = 0


@rule
def has_focal_point(w, i):
    """Whether a partnership of organisation i names focal points: then a successor is found more often."""
    for k in range(w.partnership.shape[0]):
        partnership = w.partnership[k]
        if (
            (partnership.a == i or partnership.b == i)
            and State.INFORMAL <= partnership.state <= State.FORMAL
            and partnership.focal_points == 1
        ):
            return True
    return False


@rule
def turn_over_champions(w):
    """Champions leave with hazard chi_c; a vacancy is filled after some weeks, with a chance, or by appointment."""
    clock = w.clock[0]
    p = w.parameter[0]
    for i in range(w.organisation.shape[0]):
        organisation = w.organisation[i]
        if organisation.champion == 1:
            organisation.champion_hazard += p.champion_leaving_hazard
            if organisation.champion_hazard >= organisation.champion_threshold:
                lose_champion(w, i)
        elif organisation.appointment_left > 0:
            organisation.appointment_left -= 1
            if organisation.appointment_left == 0:
                install_champion(w, i)
                event = note(w, EventKind.CHAMPION_CAME, i, -1, -1)
                w.log_number[event, 0] = 1.0  # appointed
        elif organisation.vacancy_left > 0:
            organisation.vacancy_left -= 1
            if organisation.vacancy_left == 0:
                chance = p.champion_replaced_focal if has_focal_point(w, i) else p.champion_replaced
                if (
                    uniform(
                        clock.seed,
                        clock.replicate,
                        Decision.CHAMPION_REPLACED,
                        organisation.key,
                        organisation.vacancies,
                    )
                    < chance
                ):
                    install_champion(w, i)
                    note(w, EventKind.CHAMPION_CAME, i, -1, -1)


@rule
def lose_champion(w, i):
    """The champion of organisation i leaves; the weeks of vacancy begin."""
    organisation = w.organisation[i]
    organisation.champion = 0
    if organisation.appointed == 1:
        organisation.appointed = 0
        organisation.standing_hours -= CHAMPION_HOURS
    organisation.vacancies += 1
    organisation.vacancy_left = int(CHAMPION_VACANCY_WEEKS)
    event = note(w, EventKind.CHAMPION_LEFT, i, -1, -1)
    w.log_cause[event, 0] = organisation.champion_hazard
