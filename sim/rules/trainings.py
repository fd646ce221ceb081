"""Trainings: how open seats fill, and how many trained people there are (submodel S3)."""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.engine.randomness import Decision, binomial_count, mix, uniform
from sim.vocabulary.events import EventKind

TRAINED_KEPT = 2.0 ** (-1.0 / 104.0)  # of those who were trained half have left or forgotten after two years
MOST = 0.9  # of the seats: then a training counts as full
PEOPLE_A_FIRM = 100.0  # that have to be trained for a firm to have somebody who is


@rule
def run_trainings(w, week):
    """People sign up for open training seats: Binomial(seats left, 1 - exp(-lambda)); q_T = 1 - exp(-Q / 100 firms)."""
    clock = w.clock[0]
    tallies = w.tallies[0]
    for i in range(w.organisation.shape[0]):
        w.organisation[i].trained *= TRAINED_KEPT
    for k in range(w.training.shape[0]):
        course = w.training[k]
        if course.open == 0 or course.filled >= course.seats:
            continue
        u = uniform(
            clock.seed, clock.replicate, Decision.SEATS, mix(w.organisation[course.by].key, course.number), week
        )
        signed = binomial_count(int(course.seats - course.filled), 1.0 - math.exp(-course.rate), u)
        before = course.filled
        course.filled += np.float64(signed)
        tallies.seats_filled += np.float64(signed)
        w.organisation[course.by].trained += np.float64(signed)
        if before < MOST * course.seats <= course.filled:
            event = note(w, EventKind.SEATS_FILLED, course.by, -1, k)
            w.log_number[event, 0] = course.seats
            w.log_number[event, 1] = np.float64(week - course.start)
    if tallies.seats_open > 0.0 and tallies.seats_week < 0 and tallies.seats_filled >= MOST * tallies.seats_open:
        tallies.seats_week = week
    tallies.trained = 0.0
    for i in range(w.organisation.shape[0]):
        tallies.trained += w.organisation[i].trained
    tallies.trained_share = 1.0 - math.exp(-tallies.trained / (PEOPLE_A_FIRM * w.firm.shape[0]))
