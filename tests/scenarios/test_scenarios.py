"""Scenario files: the shipped ones, the ways to vary them, and every way to get one wrong."""

from __future__ import annotations

import datetime
import pickle
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim.cli
from sim.ensemble import simulate
from sim.errors import InputError
from sim.observe.measures import outcome_ids
from sim.parameters import REGISTRY
from sim.scenarios import SHADOW_CAVEAT, VERBS, Scenario, build, catalogue, lineage, scenario, warnings
from sim.scenarios.check import pestering_limit
from sim.scenarios.lessons import Lesson, find_lesson, lessons, lessons_page
from sim.scenarios.template import template, write_new
from sim.vocabulary.audiences import AUDIENCES, SKILLS
from sim.vocabulary.kinds import KINDS
from sim.vocabulary.partnerships import CONTRACT_ITEMS

CATALOGUE = Path(sim.scenarios.__file__).parent / "catalogue"

# Warnings that are meant: what a plan does wrong is what the scenario is about. All others have none.
COURTING, PESTERING = "while it courts federation", "hardly anybody returns"
MEANT = {
    "campaign-while-partnering": [COURTING],
    "federation-in-the-shadows": [COURTING, SHADOW_CAVEAT],
    "flagship-in-silence": [SHADOW_CAVEAT],
    "knock-every-eight-weeks": [COURTING],
    "knock-every-other-week": [PESTERING, COURTING],
    "knock-every-two-years": [COURTING],
    "parent-project": [COURTING],
    "partner-takes-it-personally": [COURTING],
    "partner-understands-our-role": [COURTING],
    "public-partnership": [COURTING],
    "stay-in-the-shadows": [COURTING, SHADOW_CAVEAT],
    "wait-until-they-come": [COURTING],
}
# Actions that may be refused: a guide with a federation that said no three times, or that the leaders left out of the
# annual plan; a champion who is taken away in the very week in which it leaves by itself.
MAY_BE_REFUSED = {
    ("publish-guide", "precondition"),
    ("guide-after-yes", "approval"),
    ("champion-leaves", "precondition"),
}

BASE = """
start = 2015-01-05
weeks = 52
[[organisation]]
id = "ombud"
type = "ombud"
[[organisation]]
id = "federation"
type = "federation"
[[organisation]]
id = "accounting"
type = "firm"
[[idea]]
id = "leave"
owner = "ombud"
"""


def text(*actions: str, base: str = BASE) -> str:
    return base + "".join(f"[[plan]]\n{action}\n" for action in actions)


def action(row: str, *, when: str = "2015-02-02"):
    return scenario(text(f"when = {when}\n{row}")).plan[0]


# --- the shipped scenarios


@pytest.mark.parametrize("name", catalogue())
def test_shipped_scenarios_are_whole(name):
    loaded = scenario(name)
    assert loaded.name == name
    assert loaded.title
    assert loaded.question.endswith("?")
    assert loaded.source
    assert all(row.label for row in loaded.plan)
    assert lineage(name)[-1] == f"{name}.toml"


@pytest.mark.parametrize("name", catalogue())
def test_shipped_scenarios_say_what_is_assumed(name):
    """In the comment at the top, or in a list that `sim scenarios show` tells."""
    comment = (CATALOGUE / f"{name}.toml").read_text(encoding="utf-8").split("title =")[0].lower()
    assert "assum" in comment
    assert "evidence" in comment or "nobody" in comment
    assert scenario(name).assumptions


@pytest.mark.parametrize("name", catalogue())
def test_shipped_scenarios_warn_only_where_it_is_meant(name):
    found, meant = warnings(scenario(name)), MEANT.get(name, [])
    assert len(found) == len(meant), found
    for part in meant:
        assert sum(part in text for text in found) == 1, part


@pytest.mark.parametrize("name", catalogue())
def test_shipped_scenarios_run(name):
    """Nothing leaves its range, and no action is refused but those that may be."""
    ensemble = simulate(scenario(name), 6, seed=11)
    assert ensemble.clips == 0
    refused = {(row.label, row.reason) for row in ensemble.refusals.itertuples()}
    assert refused <= MAY_BE_REFUSED


@pytest.mark.parametrize("name", [name for name in catalogue() if len(lineage(name)) > 1])
def test_arms_differ_from_their_parent(name):
    parent = lineage(name)[-2].removesuffix(".toml")
    assert scenario(name).digest() != scenario(parent).digest()
    assert scenario(name).question != scenario(parent).question
    assert scenario(name).title != scenario(parent).title


@pytest.mark.parametrize("name", catalogue())
def test_written_and_read_again_is_the_same(name):
    loaded = scenario(name)
    again = scenario(loaded.to_toml())
    assert again == loaded
    assert again.digest() == loaded.digest()
    assert pickle.loads(pickle.dumps(loaded)) == loaded


def test_arms_differ_in_what_they_say_only():
    parent = scenario("campaign-while-partnering")
    child = scenario("positive-framing")
    differing = [a.label for a, b in zip(parent.plan, child.plan, strict=True) if a != b]
    assert differing == ["launch-campaign"]
    assert child.plan[-1].tone == 0.1
    assert child.organisation == parent.organisation
    assert child.dyad == parent.dyad
    assert child.question != parent.question


def test_calm_seas_removes_and_adds():
    labels = [row.label for row in scenario("partner-in-calm-seas").plan]
    expected = [
        "recruit-storyteller",
        "publish-survey",
        "launch-campaign",
        "approach-after-storm",
        "guide-after-yes",
    ]
    assert labels == expected
    assert scenario("partner-in-calm-seas").plan[3].max_times == 40


def test_the_campaign_week_is_23():
    loaded = scenario("campaign-while-partnering")
    weeks = {row.label: row.week(loaded.start) for row in loaded.plan}
    assert weeks["approach-federation"] == 4
    assert weeks["launch-campaign"] == 23
    assert scenario("ideas-given-early").plan[1].week(loaded.start) is None


def test_shadow_is_seen():
    assert scenario("stay-in-the-shadows").shadow_strategy
    assert not scenario("public-partnership").shadow_strategy
    assert SHADOW_CAVEAT in warnings(scenario("stay-in-the-shadows"))


def test_evidence_is_marked_value_by_value():
    ombud = scenario("baseline").find("ombud")
    assert ombud.is_evidence("eligible")
    assert not ombud.is_evidence("annual_budget")


def test_ideas_get_the_only_bundle():
    plan = {row.label: row for row in scenario("ideas-given-early").plan}
    assert plan["share-ideas"].bundle == "parental_leave"
    assert plan["share-ideas"].share_told == 1.0


# --- varying a scenario


def test_digest_ignores_words_and_sees_numbers():
    loaded = scenario("baseline")
    assert loaded.replace(title="other", notes=["x"]).digest() == loaded.digest()
    assert loaded.replace(weeks=259).digest() != loaded.digest()
    assert loaded.replace(parameters={"stimulus": 7.0}).digest() != loaded.digest()


def test_with_actions_appends_and_checks():
    loaded = scenario("baseline")
    longer = loaded.with_actions([{"when": 3, "verb": "apologise", "by": "ombud", "to": "federation"}])
    assert longer.plan[0].week(loaded.start) == 3
    assert loaded.plan == ()
    with pytest.raises(InputError, match="plan 1"):
        loaded.with_actions([{"when": 3, "verb": "apologise", "by": "ombud", "to": "nobody"}])


def test_a_scenario_cannot_be_changed():
    with pytest.raises(ValueError, match="frozen"):
        scenario("baseline").weeks = 3


def test_child_merges_rows_by_identity(tmp_path):
    (tmp_path / "parent.toml").write_text(
        BASE
        + '[[dyad]]\na = "ombud"\nb = "federation"\ntrust_ab = 0.3\nanchor = 0.2\n'
        + '[[partnership]]\nmembers = ["ombud", "federation"]\nitems = 7\n[parameters]\nstimulus = 7\n'
        + '[[plan]]\nwhen = 1\nlabel = "a"\nverb = "lobbyist"\n'.replace("lobbyist", "apologise")
        + 'by = "ombud"\nto = "federation"\n'
    )
    (tmp_path / "child.toml").write_text(
        'extends = "parent.toml"\nweeks = 10\n[parameters]\nlaunch_factor = 5\n[firms]\nnumber = 50\n'
        '[[organisation]]\nid = "ombud"\ntop = 0.9\ncredibility = { public = 0.5 }\n'
        '[[dyad]]\na = "federation"\nb = "ombud"\ntrust_ab = 0.6\n'
        '[[partnership]]\nmembers = ["federation", "ombud"]\nvisibility = "shadow"\n'
        '[[plan]]\nwhen = "storm"\nlabel = "b"\nverb = "apologise"\nby = "ombud"\nto = "federation"\n'
        '[[remove]]\nlabel = "a"\n'
    )
    loaded = scenario(tmp_path / "child.toml")
    assert loaded.name == "child"
    assert loaded.weeks == 10
    assert loaded.firms.number == 50
    assert loaded.parameters == {"stimulus": 7.0, "launch_factor": 5.0}
    assert loaded.find("ombud").type == "ombud"
    assert loaded.find("ombud").credibility == {"public": 0.5}
    (dyad,) = loaded.dyad
    assert (dyad.a, dyad.trust_ab, dyad.trust_ba, dyad.anchor) == ("ombud", 0.3, 0.6, 0.2)
    (partnership,) = loaded.partnership
    assert partnership.initiator == "federation"
    assert partnership.contract_score == 7 / 8
    assert [row.label for row in loaded.plan] == ["b"]
    assert [condition is None for condition in loaded.conditions] == [False]


def test_errors_in_merged_rows_name_the_file_that_holds_them(tmp_path):
    (tmp_path / "parent.toml").write_text(BASE.replace('type = "firm"', 'type = "firm"\ntop = 2'))
    (tmp_path / "child.toml").write_text('extends = "parent.toml"\n')
    with pytest.raises(InputError, match=r"parent\.toml: organisation 3 \(accounting\): top: found 2,"):
        scenario(tmp_path / "child.toml")
    (tmp_path / "parent.toml").write_text(text('when = 1\nverb = "pause"\nby = "ombud"\nto = "federation"\nweeks = 1'))
    (tmp_path / "child.toml").write_text('extends = "parent.toml"\n[[plan]]\nwhen = 1\nverb = "pause"\nweeks = 0\n')
    with pytest.raises(InputError, match=r"child\.toml: plan 1 \(pause\): "):
        scenario(tmp_path / "child.toml")
    (tmp_path / "child.toml").write_text('extends = "parent.toml"\n[[remove]]\nlabel = "x"\n')
    with pytest.raises(InputError, match=r"child\.toml: remove 1: label: found 'x'"):
        scenario(tmp_path / "child.toml")


# --- the verbs

DEMAND = '[policy]\ndemand = "a quota"\nlaw_rate = 0\n'
EVERY_VERB = [
    'verb = "approach"\nby = "ombud"\nto = "federation"',
    'verb = "offer_terms"\nby = "ombud"\nto = "federation"\nitems = 8\nmenu = "shadow"',
    'verb = "sign"\nmembers = ["ombud", "federation"]\nstructure = ["baseline"]',
    'verb = "share_idea"\nby = "ombud"\nto = "accounting"\nshare = 0.3',
    'verb = "hold_workshop"\nby = "ombud"\nwith = "accounting"\nbundle = "leave"',
    'verb = "publish_survey"\nby = "ombud"\nn = 500\nmethod = 0.5\ncost = 10',
    'verb = "publish_guide"\nby = "ombud"',
    'verb = "run_training"\nby = "ombud"\nchannel = "federation"',
    'verb = "inform"\nby = "ombud"\nweeks = 2\nhours = 5',
    'verb = "launch_campaign"\nby = "ombud"\ncosenders = ["federation"]\nexposures = [1, 2]\nlabel = "c"',
    'verb = "adjust_campaign"\nby = "ombud"\ntone = 0.1',
    'verb = "stop_campaign"\nby = "ombud"',
    'verb = "recruit_messenger"\nby = "ombud"\nwho = "federation"',
    'verb = "go_public"\npartnership = ["ombud", "federation"]',
    'verb = "go_shadow"\npartnership = ["ombud", "federation"]\nby = "federation"',
    'verb = "credit"\nby = "ombud"\nabout = "accounting"',
    'verb = "claim_credit"\nby = "ombud"\nabout = "accounting"',
    'verb = "defer"\nby = "ombud"\nwith = "federation"\ntopic = "words"',
    'verb = "insist"\nby = "ombud"\nwith = "federation"',
    'verb = "promise"\nby = "ombud"\nto = "federation"\nwhat = "link"\ndue = 2015-03-02',
    'verb = "deliver"\nby = "ombud"\nto = "federation"\nwhat = "link"',
    'verb = "apologise"\nby = "ombud"\nto = "federation"',
    'verb = "pause"\nby = "ombud"\nto = "federation"\nweeks = 26',
    'verb = "reapproach"\nby = "ombud"\nto = "federation"',
    'verb = "exit"\nby = "ombud"\npartnership = ["ombud", "federation"]\nfinal = true',
    'verb = "apply_funding"\nby = "ombud"\namount = 5000',
    'verb = "lobby"\nby = "ombud"\nside = "for"',
    'verb = "set_strategy"\nby = "ombud"\nkey = "re_int"\nvalue = "never"',
    'verb = "appoint_champion"\norg = "ombud"',
    'verb = "set_focal_point"\norg = "ombud"\npartnership = ["ombud", "federation"]',
    'verb = "celebrate"\npartnership = ["ombud", "federation"]',
    'verb = "shock"\nwhat = "capacity_cut"\norg = "ombud"\nshare = 0.5\nweeks = 8',
    'verb = "explain_role"\nby = "ombud"\nto = "federation"',
    'verb = "warn"\nby = "ombud"\nto = "federation"\ncampaign = "c"\nshow_text = true\n'
    '[[plan]]\nwhen = 2015-03-02\nverb = "launch_campaign"\nby = "ombud"\nlabel = "c"',
    'verb = "suspend"\nby = "ombud"\npartnership = ["ombud", "federation"]\nweeks = 8',
]


@pytest.mark.parametrize("row", EVERY_VERB, ids=list(VERBS))
def test_every_verb_loads_and_survives_writing(row):
    loaded = scenario(text(f"when = 2015-02-02\n{row}") + DEMAND)
    assert scenario(loaded.to_toml()) == loaded
    assert loaded.plan[0].week(loaded.start) == 4
    assert loaded.plan[0].actor == (None if "shock" in row else "federation" if "go_shadow" in row else "ombud")


def test_counts_of_items_mean_the_first_ones():
    row = action('verb = "sign"\nmembers = ["ombud", "federation"]\nitems = 2')
    assert row.items == CONTRACT_ITEMS[:2]
    assert action('verb = "sign"\nmembers = ["ombud", "federation"]').contract_score == 7 / 8


@pytest.mark.parametrize(
    ("when", "week"), [("2015-01-05", 0), ("2015-01-11", 0), ('"2015-01-12"', 1), ("7", 7), ('"storm"', None)]
)
def test_ways_to_say_when(when, week):
    assert action(EVERY_VERB[0], when=when).week(datetime.date(2015, 1, 5)) == week


def test_repeats_are_forty_unless_said():
    assert action(EVERY_VERB[0] + "\nrepeat_every = 4").max_times == 40
    again = scenario(scenario(text("when = 1\nrepeat_every = 4\nmax_times = 1\n" + EVERY_VERB[0])).to_toml())
    assert again.plan[0].max_times == 1


# --- what is refused

CAMPAIGN = 'when = 2015-02-02\nlabel = "launch-campaign"\nverb = "launch_campaign"\nby = "ombud"\n'
ASK = 'when = 2015-02-02\nverb = "approach"\nby = "ombud"\nto = "federation"\n'

BAD = {
    "misspelt verb": (
        text(ASK.replace("approach", "aproach")),
        "plan 1 (aproach): verb: found 'aproach', expected",
    ),
    "misspelt verb hint": (text(ASK.replace("approach", "aproach")), "did you mean 'approach'?"),
    "no verb": (text('when = 1\nby = "ombud"'), "plan 1: verb: found nothing"),
    "unknown actor": (
        text(ASK.replace('"federation"', '"federaton"')),
        "plan 1 (approach): to: unknown organisation 'federaton', expected one of ombud, federation, "
        "accounting (did you mean 'federation'?)",
    ),
    "date before the start": (
        text(ASK.replace("2015-02-02", "2015-01-04")),
        "plan 1 (approach): when: found 2015-01-04, expected a date from the start, 2015-01-05, on",
    ),
    "no date": (text(ASK.replace("2015-02-02", '"2015-02-30"')), "when: found '2015-02-30', expected a date"),
    "date with time": (text(ASK.replace("2015-02-02", "2015-02-02T08:00:00")), "when: found 2015-02-02T08"),
    "negative week": (
        text(ASK.replace("2015-02-02", "-1")),
        "when: found -1, expected a date, a week number",
    ),
    "start is no Monday": (BASE.replace("01-05", "01-06"), "start: found 2015-01-06, expected a Monday"),
    "share of 1.4": (
        text(CAMPAIGN + "tone = 1.4"),
        "plan 1 (launch-campaign): tone: found 1.4, expected a number from 0 to 1",
    ),
    "format of 1.4": (
        text(CAMPAIGN + "format = { video = 1.4 }"),
        ": format: video: found 1.4",
    ),
    "format over 1": (
        text(CAMPAIGN + "format = { video = 0.8, photo = 0.8 }"),
        "format: found 1.6, expected shares",
    ),
    "share is true": (text(CAMPAIGN + "tone = true"), "tone: found true, expected a number from 0 to 1"),
    "not a number": (text(CAMPAIGN + "tone = nan"), "tone: found nan, expected a number from 0 to 1"),
    "negative budget": (text(CAMPAIGN + "budget = -1"), "budget: found -1, expected a number from 0 to 1,000,000,000"),
    "negative annual budget": (
        BASE.replace('type = "firm"', 'type = "firm"\nannual_budget = -5'),
        "organisation 3 (accounting): annual_budget: found -5, expected a number from 0 to 1,000,000,000",
    ),
    "negative cost": (text(ASK + "cost = -1"), "cost: found -1, expected a number from 0 to 1,000,000,000"),
    "hidden trust": (
        text(ASK.replace("2015-02-02", '"trust(federation) > 0.5"')),
        "plan 1 (approach): when: column 1: 'trust' is hidden from the actors, expected an observable",
    ),
    "calls a function": (
        text(ASK.replace("2015-02-02", "\"open('x') == 1\"")),
        "plan 1 (approach): when: column 1: calls a function, 'open': expected an observable",
    ),
    "unknown parameter": (
        BASE + "[parameters]\nstimulos = 3",
        "parameters: stimulos: unknown parameter 'stimulos', did",
    ),
    "parameter out of range": (
        BASE + "[parameters]\ntrust_loss = 3",
        "parameters: trust_loss: found 3, expected 0.02",
    ),
    "parameter is text": (
        BASE + '[parameters]\ntrust_loss = "a"',
        "parameters: trust_loss: found 'a', expected a number",
    ),
    "value out of range": (
        BASE.replace("weeks = 52", "weeks = 0"),
        "weeks: found 0, expected a whole number from 1 to",
    ),
    "unknown key": (
        text(CAMPAIGN + "tonee = 0.4"),
        "(launch-campaign): tonee: unknown key, expected one of",
    ),
    "unknown key at the top": ("wheks = 3\n" + BASE, "wheks: unknown key, expected one of"),
    "unknown table": (BASE + '[[organization]]\nid = "x"', "organization: unknown key"),
    "table instead of tables": (
        BASE + '[plan]\nverb = "approach"',
        "plan: found {'verb': 'approach'}, expected tables",
    ),
    "missing key": (
        text('when = 1\nverb = "approach"\nby = "ombud"'),
        "plan 1 (approach): to: found nothing",
    ),
    "no start": (BASE.replace("start = 2015-01-05", ""), "start: found nothing, expected a value"),
    "unknown word": (
        text(ASK + 'tone = "positiv"'),
        "found 'positiv', expected one of positive, neutral, critical",
    ),
    "unknown type": (
        BASE.replace('type = "firm"', 'type = "frim"'),
        "organisation 3 (accounting): type: found 'frim'",
    ),
    "flagship as type": (
        BASE.replace('type = "firm"', 'type = "flagship"'),
        'type = "firm" with flagship = true',
    ),
    "ombud as flagship": (
        BASE.replace('type = "ombud"', 'type = "ombud"\nflagship = true'),
        "(ombud): flagship: found",
    ),
    "twice the same id": (
        BASE.replace('"accounting"', '"ombud"'),
        "organisation 3 (ombud): id: found ombud twice",
    ),
    "a pair in two partnerships": (
        BASE + '[[partnership]]\nmembers = ["ombud", "federation"]\n'
        '[[partnership]]\nmembers = ["ombud", "accounting", "federation"]',
        "members: found ombud and federation in two partnerships, expected a pair in one only",
    ),
    "three who share no partnership": (
        text('when = 1\nverb = "sign"\nmembers = ["ombud", "federation", "accounting"]'),
        "members: found ombud, federation, accounting, expected the members of a [[partnership]] of the scenario",
    ),
    "the same member twice": (
        BASE + '[[partnership]]\nmembers = ["ombud", "ombud"]',
        "members: found ['ombud', 'ombud'], expected a list of two or more different organisation ids",
    ),
    "money for what is not done": (
        BASE + '[[partnership]]\nmembers = ["ombud", "federation"]\nelement_eur = {survey = 100}',
        "element_eur: found 'survey', expected elements first",
    ),
    "not a member": (
        text('when = 1\nverb = "exit"\nby = "accounting"\npartnership = ["ombud", "federation"]'),
        "by: found 'accounting', expected a member of the partnership, ombud or federation",
    ),
    "unknown campaign": (
        text(CAMPAIGN, 'when = 9\nverb = "stop_campaign"\nby = "ombud"\ncampaign = "lunch"'),
        "plan 2 (stop_campaign): campaign: unknown campaign label 'lunch', expected one of launch-campaign",
    ),
    "same label twice": (
        text(CAMPAIGN, CAMPAIGN),
        "plan 2 (launch-campaign): label: found launch-campaign twice",
    ),
    "no idea": (
        text(
            'when = 1\nverb = "share_idea"\nby = "ombud"\nto = "accounting"\nhow = "list"',
            base=BASE[: BASE.index("[[idea]]")],
        ),
        "bundle: found nothing, expected an [[idea]]",
    ),
    "neither how nor share": (
        text('when = 1\nverb = "share_idea"\nby = "ombud"\nto = "accounting"'),
        "how: found nothing",
    ),
    "yearly by word": (
        text('when = 1\nverb = "set_strategy"\nby = "ombud"\nkey = "apply_yearly"\nvalue = "always"'),
        "value: found 'always', expected true or false for apply_yearly",
    ),
    "strategy value": (
        text('when = 1\nverb = "set_strategy"\nby = "ombud"\nkey = "re_int"\nvalue = 3'),
        "value: found 3, expected a number of weeks from 8 to 104",
    ),
    "shock argument": (
        text('when = 1\nverb = "shock"\nwhat = "budget_cut"\norg = "ombud"'),
        "share: found nothing, expected a value for budget_cut, which needs org, share",
    ),
    "shock with too much": (
        text('when = 1\nverb = "shock"\nwhat = "champion_leaves"\norg = "ombud"\nsize = 3'),
        "size: found 3.0, expected no such key: champion_leaves takes org",
    ),
    "due before the promise": (
        text('when = 9\nverb = "promise"\nby = "ombud"\nto = "federation"\nwhat = "x"\ndue = 9'),
        "due: found 9, expected a date or week after the promise is made",
    ),
    "max_times alone": (text(ASK + "max_times = 3"), "max_times: found 3, expected 1 without repeat_every"),
    "evidence of nothing": (
        BASE.replace('type = "firm"', 'type = "firm"\nevidence = ["tops"]'),
        "evidence: found 'tops'",
    ),
    "unknown audience": (
        BASE.replace('type = "firm"', 'type = "firm"\ncredibility = { voters = 0.5 }'),
        "credibility: voters: found 'voters', expected one of employers",
    ),
    "remove without parent": (
        BASE + '[[remove]]\nlabel = "x"',
        "remove 1: found 'x', expected no [[remove]]",
    ),
    "not TOML": ("start = 2015-01-05\nweeks = = 3\n", "not TOML: "),
    "not TOML line": ("start = 2015-01-05\nweeks = = 3\n", "line 2"),
    "TOML nested without end": ("x = " + "[" * 20_000 + "\n", "not TOML: "),
    "endless number": ("weeks = " + "9" * 5_000 + "\n", "not TOML: "),
    "extends nothing": (
        'extends = "nothing"\n',
        "extends: found 'nothing', expected a file next to this one or a name that",
    ),
    "extends a number": ("extends = 3\n", "extends: found 3, expected the name or relative path"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_gives_one_line(tmp_path, case):
    content, part = BAD[case]
    path = tmp_path / "my-plan.toml"
    path.write_text(content)
    with pytest.raises(InputError) as caught:
        scenario(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert part in message
    assert "\n" not in message


def test_further_errors_are_counted():
    with pytest.raises(InputError, match=r"\(and 1 more\)$"):
        scenario(text(CAMPAIGN + "tone = 1.4\nbudget = -1"))


def test_extending_oneself_is_refused(tmp_path):
    path = tmp_path / "a.toml"
    path.write_text('extends = "a.toml"\n')
    with pytest.raises(InputError, match=r"a\.toml: extends: found 'a\.toml', which leads back to"):
        scenario(path)
    path.write_text('extends = "b.toml"\n')
    (tmp_path / "b.toml").write_text('extends = "a.toml"\n')
    with pytest.raises(InputError, match="leads back to"):
        scenario(path)
    for number in range(12):
        (tmp_path / f"c{number}.toml").write_text(f'extends = "c{number + 1}.toml"\n')
    (tmp_path / "c12.toml").write_text(BASE)
    assert scenario(tmp_path / "c5.toml").weeks == 52
    with pytest.raises(InputError, match="more than 8 parents"):
        scenario(tmp_path / "c0.toml")


@pytest.mark.parametrize(
    ("content", "part"),
    [(b"\x7fELF\x00\x01\x02", "binary"), (b"start = 1\ntitle = '\xff\xfe'", "line 2: found bytes")],
)
def test_binary_files_are_refused(tmp_path, content, part):
    path = tmp_path / "plan.toml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=part):
        scenario(path)


def test_large_files_are_refused_unread(tmp_path):
    path = tmp_path / "plan.toml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    with pytest.raises(
        InputError, match=r"plan\.toml: found 50,000,000 bytes, expected a scenario file of at most 1,000,000"
    ):
        scenario(path)


@pytest.mark.parametrize("source", ["basline", "missing.toml", "", "a\0b", "x" * 5_000])
def test_missing_files_suggest_the_catalogue(source):
    with pytest.raises(InputError, match=r"expected a \.toml file or a name that `sim scenarios` lists") as caught:
        scenario(source)
    assert ("did you mean 'baseline'" in str(caught.value)) == (source == "basline")


def test_a_folder_is_no_scenario(tmp_path):
    with pytest.raises(InputError, match="a folder"):
        scenario(tmp_path)


def test_odd_file_names_still_give_a_name(tmp_path):
    path = tmp_path / "my plan (2).toml"
    path.write_text(BASE)
    assert scenario(path).name == "my-plan-2"


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "a", "when"]), inner, max_size=3)
    ),
    max_leaves=4,
)


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(sorted(Scenario.model_fields)),
    st.sampled_from(EVERY_VERB),
    st.sampled_from(["by", "when", "x"]),
    junk,
)
def test_any_document_loads_or_is_refused_in_one_line(key, row, argument, value):
    data = scenario(text(f"when = 2015-02-02\n{row}") + DEMAND).document()
    for changed in ({**data, key: value}, {**data, "plan": [{**data["plan"][0], argument: value}]}):
        try:
            loaded = build(changed, "junk")
        except InputError as error:
            lines = str(error).splitlines()
        else:
            lines = ["equal"] if scenario(loaded.to_toml()) == loaded else []
        assert len(lines) == 1


# --- warnings


def warned(*actions: str, base: str = BASE) -> str:
    return " | ".join(warnings(scenario(text(*actions, base=base))))


def test_a_plain_scenario_has_no_warnings():
    assert warnings(scenario("baseline")) == []
    assert warnings(scenario("ideas-given-early")) == []


def test_pestering_trap():
    assert pestering_limit(8, 0.03, 30) == pytest.approx(0.148, abs=5e-4)
    assert pestering_limit(8, 0.01, 30) == pytest.approx(0.049, abs=5e-4)
    trap = 'when = 1\nverb = "set_strategy"\nby = "ombud"\nkey = "re_int"\nvalue = 8'
    assert "hardly anybody returns" not in warned(trap)
    assert "hardly anybody returns" in warned(
        trap, base=BASE + "[parameters]\npester = 0.03\ngrievance_half_life = 42\n"
    )


def test_other_warnings():
    assert "after the last week" in warned(ASK.replace("2015-02-02", "2016-02-02"))
    assert "annual budgets give 40,000 EUR" in warned(CAMPAIGN + "budget = 50000")
    assert "while it courts federation" in warned(ASK, CAMPAIGN + "tone = 0.9")
    assert "while it courts" not in warned(ASK, CAMPAIGN + "tone = 0.1")
    assert "never true" in warned(ASK.replace("2015-02-02", "\"date < '2014-12-01' and not storm\""))
    assert "never true" not in warned(ASK.replace("2015-02-02", "\"date < '2014-12-01' or not storm\""))
    assert "never recruited" in warned(CAMPAIGN + 'messenger = "federation"')
    told = 'when = 1\nverb = "share_idea"\nby = "ombud"\nto = "accounting"\nhow = "list"'
    assert "80% of the ideas are told to accounting before any meeting" in warned(told)
    met = ASK.replace('"federation"', '"accounting"').replace("2015-02-02", "0")
    assert "before any meeting" not in warned(met, told)


# --- lessons and questions

GROUPS = [(row.id, group) for row in lessons() for group in row.compare]


def test_every_lesson_and_question_is_there():
    found = [(row.kind, row.id) for row in lessons()]
    assert found[:7] == [("lesson", f"M{number}") for number in range(22, 29)]
    assert found[7:] == [("question", f"Q{number}") for number in range(1, 11)]


@pytest.mark.parametrize("row", lessons(), ids=lambda row: row.id)
def test_a_lesson_says_what_to_compare_and_how_to_read_it(row):
    assert row.text.endswith("." if row.kind == "lesson" else "?")
    assert row.answer.endswith(".")
    assert not re.search(r"\d", row.answer), "the shape of an answer, not its numbers"
    assert set(row.arms) <= set(catalogue())
    assert len(row.commands) == len(row.compare)
    if any(scenario(name).shadow_strategy for name in row.arms):
        assert "transparency" in row.caveat
    for group in row.compare:
        cases = [scenario(name) for name in group]
        assert len({(case.start, case.weeks, case.firms.number, case.topic) for case in cases}) == 1
        for case in cases:
            assert set(row.measures) <= set(outcome_ids(case))


@pytest.mark.parametrize(("name", "group"), GROUPS, ids=lambda value: value if isinstance(value, str) else "")
def test_arms_of_a_lesson_differ_in_what_to_look_at(name, group):
    """Whatever is compared for a lesson differs in twenty worlds, in one of its own measures."""
    measures = list(find_lesson(name).measures)
    outcomes = [simulate(scenario(arm), 20, seed=5).outcomes[measures] for arm in group]
    for first in range(len(group)):
        for second in range(first):
            assert not outcomes[first].equals(outcomes[second]), (group[second], group[first])


def test_a_lesson_is_found_by_its_id_and_a_question_by_its_number():
    assert find_lesson("m22").id == "M22"
    assert find_lesson("3") is find_lesson("Q3")
    with pytest.raises(InputError, match=r"^lesson: found 'M21', expected one of M22, .* Q10$"):
        find_lesson("M21")


@pytest.mark.parametrize(
    ("compare", "part"),
    [
        ([["baseline", "basline"]], "did you mean 'baseline'"),
        ([["baseline"]], "2 to 6 different scenarios"),
        ([["baseline", "baseline"]], "2 to 6 different scenarios"),
        ("baseline", "a list of lists"),
    ],
)
def test_a_lesson_compares_scenarios_that_are_there(compare, part):
    row = {"id": "X", "kind": "lesson", "text": "x", "compare": compare, "measures": ["exits"], "answer": "x"}
    with pytest.raises(ValueError, match=part):
        Lesson.model_validate(row)


def test_the_page_of_lessons_is_up_to_date():
    page = (Path(__file__).parents[2] / "docs" / "lessons.md").read_text(encoding="utf-8")
    generated = page.split("<!-- generated: lessons -->\n")[1].split("<!-- end generated -->")[0]
    assert generated.strip() == lessons_page().strip()
    for row in lessons():
        assert f"### {row.id}\n" in generated
        assert all(command in generated for command in row.commands)


# --- a case of one's own


def test_the_template_runs_as_it_is(tmp_path):
    path = write_new(tmp_path / "my-case.toml")
    case = scenario(path)
    assert case.name == "my-case"
    assert warnings(case) == []
    ensemble = simulate(case, 6, seed=3)
    assert ensemble.clips == 0
    assert ensemble.refusals.empty


def test_the_second_arm_in_the_template_runs_too(tmp_path):
    """The comment at its end, without the marks, is a file that extends it."""
    path = write_new(tmp_path / "our-plan.toml")
    comment = path.read_text(encoding="utf-8").split("# extends", 1)[1]
    arm = tmp_path / "our-plan-blame.toml"
    arm.write_text(re.sub(r"(?m)^# ?", "", "# extends" + comment))
    assert arm.name in path.read_text(encoding="utf-8")
    case, parent = scenario(arm), scenario(path)
    assert lineage(arm)[-2] == str(path)
    assert [row.label for row in case.plan] == [row.label for row in parent.plan][:-1]
    assert simulate(case, 6, seed=3).outcomes["exits"].sum() > simulate(parent, 6, seed=3).outcomes["exits"].sum()


def test_the_template_explains_all_choices():
    text = template("x.toml")
    for code in KINDS:
        assert code in text or code == "flagship"
    for topic in ("work_equality", "violence", "gender_general", "none"):
        assert topic in text
    named = set(re.findall(r"\b(?:approach|offer_terms|sign|share_idea|launch_campaign|reapproach|shock)\b", text))
    assert named <= set(VERBS)
    assert max(map(len, text.splitlines())) <= 120


@pytest.mark.parametrize("name", ["baseline", "start-big-with-own-money", "stay-in-the-shadows"])
def test_a_copy_is_complete_and_the_same_world(tmp_path, name):
    path = write_new(tmp_path / "copy.toml", name)
    assert scenario(path).digest() == scenario(name).digest()
    assert scenario(path).name == "copy"
    assert lineage(path) == (str(path),)


def test_nothing_is_written_over_and_nowhere_else(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("precious")
    cases = {
        path: "there already",
        tmp_path / "none" / "mine.toml": "found no folder",
        tmp_path / "mine": "does not end in .toml",
        tmp_path: "does not end in .toml",
    }
    for target, part in cases.items():
        with pytest.raises(InputError, match=re.escape(part)) as caught:
            write_new(target)
        assert "\n" not in str(caught.value)
    with pytest.raises(InputError, match="no such scenario"):
        write_new(tmp_path / "new.toml", "nothing-like-it")
    assert path.read_text() == "precious"
    assert [file.name for file in tmp_path.iterdir()] == ["mine.toml"]


def test_the_command_line_lists_starts_and_refuses(tmp_path, capsys):
    def call(*words):
        code = sim.cli.run_command(["scenarios", *map(str, words)])
        return code, *capsys.readouterr()

    code, out, _ = call()
    assert code == 0
    assert all(name in out for name in catalogue())
    assert "\n  campaign-while-partnering " in out
    assert max(map(len, out.splitlines())) <= 100
    code, out, _ = call("lessons")
    assert code == 0
    joined = re.sub(r"\s*\\\n\s*", " ", out)
    assert all(command in joined for row in lessons() for command in row.commands)
    code, out, _ = call("lessons", "M26")
    assert code == 0
    assert "transparency" in out
    assert call("lessons", "M99")[0] == 2
    assert call("new", tmp_path / "x.toml", "--from", "ombud-applies")[0] == 0
    code, _, err = call("new", tmp_path / "x.toml")
    assert code == 2
    assert err.count("\n") == 1
    assert "there already" in err


# --- agreement with the parameters


def test_tables_agree_with_the_parameters():
    row = ", ".join(f"{name} = 0.5" for name in AUDIENCES)
    skills = ", ".join(f"{name} = 0.5" for name in SKILLS)
    loaded = scenario(
        BASE + f'[[organisation]]\nid = "x"\ntype = "ngo"\ncredibility = {{{row}}}\nskills = {{{skills}}}\n'
    )
    assert tuple(loaded.find("x").credibility) == AUDIENCES
    for code in KINDS:
        made = {"id": "x", "type": "firm", "flagship": True} if code == "flagship" else {"id": "x", "type": code}
        assert build({"start": "2015-01-05", "organisation": [made]}, "made").find("x").kind == code
    assert {"pester", "return_grievance", "grievance_half_life", "reapproach_interval"} <= set(REGISTRY)


def test_a_scenario_can_say_whose_outcomes_are_measured(tmp_path):
    """Without `observed` these are ombud, NGOs and federations; costs are theirs."""
    plain = scenario(text('when = 1\nverb = "approach"\nby = "accounting"\nto = "ombud"'))
    assert plain.observed_ids == ("federation", "ombud")
    whole = plain.replace(observed=["accounting", "ombud"])
    assert whole.observed_ids == ("accounting", "ombud")
    hours = [simulate(case, 1, 0).outcomes["cost_hours"].iloc[0] for case in (plain, whole)]
    assert hours[1] == 2 * hours[0] + 8.0  # both work together, and one asked
    with pytest.raises(InputError, match="observed: unknown organisation 'nobody'"):
        plain.replace(observed=["nobody"])
