"""Whom an organisation can convince, and with what it can work."""

from __future__ import annotations

from sim.vocabulary.coded import Coded


class Audience(Coded):
    """Audiences; the number is the column of every credibility row."""

    EMPLOYERS = 0
    EMPLOYEES = 1
    PUBLIC = 2
    POLITICIANS = 3
    SUPPORTERS = 4


class Skill(Coded):
    """Skills; the number is the column of every skill row and recipe. MONEY is access to money."""

    CONTENT = 0
    CHANNEL = 1
    LEGITIMACY = 2
    EVIDENCE = 3
    POLICY = 4
    MONEY = 5


AUDIENCES = Audience.words()
SKILLS = Skill.words()
