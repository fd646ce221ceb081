"""What an arena, a campaign or a quarrel is about; the way of a demand; the cells of the task board."""

from __future__ import annotations

from sim.vocabulary.coded import Coded


class Topic(Coded):
    """What an arena or a campaign is about, which decides its awareness windows."""

    NONE = 0
    WORK_EQUALITY = 1  # the week of 8 March
    VIOLENCE = 2  # 25 November to 10 December
    GENDER_GENERAL = 3  # both


class Voice(Coded):
    """Who is heard in the news: nobody in particular, those for and against the measures, those on other matters."""

    ORDINARY = 0
    FOR = 1
    AGAINST = 2
    ELSEWHERE = 3


class Side(Coded):
    """On which side of the measures somebody speaks; its voice has the same code."""

    FOR = int(Voice.FOR)
    AGAINST = int(Voice.AGAINST)


class News(Coded):
    """What makes news; all but campaigns are stirs, whose size is given."""

    CAMPAIGN = 0
    SURVEY = 1
    DISPUTE = 2  # over credit
    STORM = 3  # from elsewhere
    DISCOVERY = 4  # of a hidden partnership


class Quarrel(Coded):
    """What partners disagree about; a plan that names none means all."""

    WORDS = 0
    PICTURES = 1
    CHANNEL = 2


class Stage(Coded):
    """How far a demand has come in politics."""

    NONE = 0
    AGENDA = 1
    PROMISED = 2
    DECIDED = 3
    FORCE = 4


class Intervention(Coded):
    """What is done in a cell of the task board."""

    PREVENTION = 0
    SAFE_PASSAGE = 1
    MONITORING = 2
    ASSISTANCE = 3


class Place(Coded):
    """At which stage of the employment relation; that they match source, transit, destination is an assumption."""

    HIRING = 0
    EXPECTING = 1
    LEAVE_AND_RETURN = 2


class Level(Coded):
    """On which level a cell of the task board works."""

    POLICY = 0
    OUTREACH = 1
