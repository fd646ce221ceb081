"""Evidence: what surveys add, and how it ages (submodel S4)."""

from __future__ import annotations

from sim.engine.compiled import rule

__all__ = ["gather_evidence", "survey_quality"]


@rule
def survey_quality(respondents, method, severity, p):
    """Q = n / (n + n_half) x method x severity: what a survey shows, and how grave. 2,014 respondents give 0.80."""
    return respondents / (respondents + p.survey_half) * method * severity


@rule
def gather_evidence(w):
    """Evidence ages with a half-life; a survey published this week adds to it."""
    p = w.parameter[0]
    for i in range(w.organisation.shape[0]):
        organisation = w.organisation[i]
        organisation.evidence *= p.evidence_decay
        if organisation.survey_now > 0.0:
            organisation.evidence += organisation.survey_now * (1.0 - organisation.evidence)
