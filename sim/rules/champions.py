"""Champions: the committed person in an organisation, who may leave and be replaced (submodel S14)."""

from __future__ import annotations

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.engine.randomness import Decision, threshold, uniform
from sim.vocabulary.events import EventKind
from sim.vocabulary.partnerships import State

__all__ = ["install_champion", "lose_champion", "turn_over_champions"]

CHAMPION_HOURS = 4.0  # a week, of a champion who was appointed


@rule
def install_champion(w, i):
    """A champion takes up work in organisation i, with a leaving threshold of its own."""
    clock = w.clock[0]
    who = w.organisation[i]
    who.champion = 1
    who.champion_hazard = 0.0
    who.champion_threshold = threshold(clock.seed, clock.replicate, Decision.CHAMPION_LEAVES, who.key, who.champions)
    who.champions += 1
    who.vacancy_left = 0
    who.appointment_left = 0


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
        who = w.organisation[i]
        if who.champion == 1:
            who.champion_hazard += p.champion_leaving_hazard
            if who.champion_hazard >= who.champion_threshold:
                lose_champion(w, i)
        elif who.appointment_left > 0:
            who.appointment_left -= 1
            if who.appointment_left == 0:
                install_champion(w, i)
                row = note(w, EventKind.CHAMPION_CAME, i, -1, -1)
                w.log_number[row, 0] = 1.0  # appointed
        elif who.vacancy_left > 0:
            who.vacancy_left -= 1
            if who.vacancy_left == 0:
                chance = p.champion_replaced_focal if has_focal_point(w, i) else p.champion_replaced
                if uniform(clock.seed, clock.replicate, Decision.CHAMPION_REPLACED, who.key, who.vacancies) < chance:
                    install_champion(w, i)
                    note(w, EventKind.CHAMPION_CAME, i, -1, -1)


@rule
def lose_champion(w, i):
    """The champion of organisation i leaves; the weeks of vacancy begin."""
    p = w.parameter[0]
    who = w.organisation[i]
    who.champion = 0
    if who.appointed == 1:
        who.appointed = 0
        who.standing_hours -= CHAMPION_HOURS
    who.vacancies += 1
    who.vacancy_left = int(p.champion_vacancy_weeks)
    row = note(w, EventKind.CHAMPION_LEFT, i, -1, -1)
    w.log_cause[row, 0] = who.champion_hazard
