"""Evidence: what surveys add, and how it ages (submodel S4)."""

from __future__ import annotations

from sim.engine.compiled import rule

__all__ = ["gather_evidence", "survey_gain"]


@rule
def survey_gain(evidence, respondents, method, p):
    """Evidence gained by a survey: (1 - Ev) n / (n + n_half) x method. 2,014 respondents give 0.80 from nothing."""
    return (1.0 - evidence) * respondents / (respondents + p.survey_half) * method


@rule
def gather_evidence(w):
    """Evidence ages with a half-life; a survey published this week adds to it."""
    p = w.parameter[0]
    for i in range(w.organisation.shape[0]):
        organisation = w.organisation[i]
        organisation.evidence *= p.evidence_decay
        if organisation.survey_now > 0.0:
            organisation.evidence += organisation.survey_now * (1.0 - organisation.evidence)
