"""Media storms as they are reported: they start nothing and change nothing (submodel S2)."""

from __future__ import annotations

import numpy as np

from sim.engine.compiled import rule
from sim.engine.log import note
from sim.vocabulary.events import EventKind
from sim.vocabulary.topics import Voice

VOICES = len(Voice)

# Coverage that a week needs at least to count as part of a media storm (items/week): Boydstun, Hardy & Walgrave
# 2014 (idea); level assumed.
STORM_LEVEL = 20.0
# How far a week must exceed the four weeks before it for a storm to begin (ratio): Boydstun, Hardy & Walgrave 2014
# (a rise of 150 %, recalled; a convention of counting).
STORM_RATIO = 2.5


@rule
def mean_coverage(w, week, weeks):
    """Mean coverage of the weeks before `week`; before the start it was at its calm level."""
    total = 0.0
    for k in range(week - weeks, week):
        total += w.coverage_history[k] if k >= 0 else w.media[0].coverage_before_start
    return total / weeks


@rule
def _loudest(w):
    """The voice with most items this week, and how much started and echoed in all of them."""
    loudest = 0
    stimulus = 0.0
    echo = 0.0
    for v in range(VOICES):
        voice = w.voice[v]
        stimulus += voice.stimulus
        if v > 0 and voice.coverage > w.voice[loudest].coverage:
            loudest = v
        echo += voice.expected - voice.stimulus
    return loudest, stimulus, echo - w.parameter[0].background_coverage


@rule
def watch_storms(w, week):
    """A storm begins when coverage is large and has leapt; it lasts while coverage is large."""
    media = w.media[0]
    p = w.parameter[0]
    if media.storm == 0:
        before = mean_coverage(w, week, 4)
        if media.coverage >= STORM_LEVEL and media.coverage >= STORM_RATIO * before:
            media.storm = 1
            media.storms += 1
            media.storm_started = week
            loudest, stimulus, echo = _loudest(w)
            event = note(w, EventKind.STORM_STARTED, -1, -1, -1)
            w.log_number[event, 0] = media.coverage
            w.log_number[event, 1] = before
            w.log_number[event, 2] = np.float64(loudest)
            w.log_cause[event, 0] = stimulus
            w.log_cause[event, 1] = echo
            w.log_cause[event, 2] = p.background_coverage
    elif media.coverage < STORM_LEVEL:
        media.storm = 0
        event = note(w, EventKind.STORM_ENDED, -1, -1, -1)
        w.log_number[event, 0] = media.coverage
        w.log_number[event, 1] = np.float64(week - media.storm_started)
    if media.storm == 1:
        media.storm_weeks += 1
        media.last_storm_week = week
