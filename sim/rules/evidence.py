"""Evidence: what surveys add, and how it ages (submodel S4)."""

from __future__ import annotations

from sim.engine.compiled import rule

# Respondents that a survey needs for half of its possible weight as evidence (persons): assumption.
SURVEY_HALF = 500.0
# Time after which published evidence counts for half (weeks): assumption.
EVIDENCE_HALF_LIFE = 104.0
EVIDENCE_DECAY = 2.0 ** (-1.0 / EVIDENCE_HALF_LIFE)


@rule
def survey_quality(respondents, method, severity):
    """Q = n / (n + n_half) x method x severity: what a survey shows, and how grave. 2,014 respondents give 0.80."""
    return respondents / (respondents + SURVEY_HALF) * method * severity


@rule
def gather_evidence(w):
    """Evidence ages with a half-life; a survey published this week adds to it."""
    for i in range(w.organisation.shape[0]):
        organisation = w.organisation[i]
        organisation.evidence *= EVIDENCE_DECAY
        if organisation.survey_now > 0.0:
            organisation.evidence += organisation.survey_now * (1.0 - organisation.evidence)
