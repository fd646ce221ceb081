"""What somebody found who tried to cheat the model: each loophole is closed, and each right value is a test."""

from __future__ import annotations

from typing import Any

import pytest
from one_run import Run, play, simulate, small, start_run

from sim import InputError, story
from sim.plan.campaigning import SHOW_SOFTENS
from sim.scenarios import scenario
from sim.stories import tell_world
from sim.vocabulary.events import EventKind
from sim.vocabulary.partnerships import State, Visibility
from sim.vocabulary.uptake import Uptake
from sim.words.language import LANGUAGES

STAY = {"exit_base": -500.0, "conflict_base": -500.0, "champion_leaving_rate": 0.0, "director_rate": 0.0}
WILLING = {**STAY, "accept_base": 500.0, "approve_base": 500.0}
NOW = {"when": 0, "by": "ombud"}
CAMPAIGN = {**NOW, "verb": "launch_campaign", "tone": 0.9, "weeks": 6}
TIE = {"members": ["ombud", "ngo"], "state": "informal", "joint": 0.5}


def world(
    *plan: dict[str, Any], kinds: tuple[str, ...] = ("ombud", "ngo", "federation"), weeks: int = 8,
    values: dict[str, float] | None = None, **keys: Any
) -> Run:  # fmt: skip
    rows = keys.pop("organisation", [{"id": name, "type": name, "annual_budget": 90_000} for name in kinds])
    case = small(**{"organisation": rows, "partnership": [TIE], "plan": list(plan), "weeks": max(weeks, 20), **keys})
    return play(start_run(case, {**WILLING, **(values or {})}), weeks)


def seen(run: Run, kind: EventKind) -> int:
    return len(run.events(kind))


# --- names that are lent ----------------------------------------------------------------------------------------------


def test_nobody_becomes_a_co_sender_without_being_asked():
    """Whoever does not stand on the side of a campaign joins as an active partner, and not in criticism."""
    with_federation = {**CAMPAIGN, "cosenders": ["federation"]}
    assert seen(world(with_federation), EventKind.CAMPAIGN_STARTED) == 0
    assert seen(world({**with_federation, "tone": 0.1}), EventKind.CAMPAIGN_STARTED) == 0
    partners = [{**TIE, "members": ["ombud", "federation"]}]
    assert seen(world(with_federation, partnership=partners), EventKind.CAMPAIGN_STARTED) == 0
    assert seen(world({**with_federation, "tone": 0.1}, partnership=partners), EventKind.CAMPAIGN_STARTED) == 1
    assert seen(world({**CAMPAIGN, "cosenders": ["ngo"]}, partnership=[]), EventKind.CAMPAIGN_STARTED) == 1


def test_trainings_use_channels_that_are_open():
    """The own ones, those of an active partner, and a union's: as with information."""
    training = {**NOW, "verb": "run_training"}
    for channel, opened in (("federation", 0), ("union", 1), ("ngo", 1)):
        run = world({**training, "channel": [channel]}, kinds=("ombud", "ngo", "federation", "union"))
        assert seen(run, EventKind.TRAINING_OPENED) == opened, channel


def test_information_work_shows_the_evidence_of_who_does_it():
    """Whatever channel it goes through, while somebody is in the news."""
    rows = [{"id": name, "type": name} for name in ("federation", "ngo", "ombud", "union")]
    rows[2]["evidence_stock"] = rows[3]["evidence_stock"] = 0.8
    news = {**CAMPAIGN, "by": "ngo"}
    tell = {**NOW, "verb": "inform", "weeks": 3}
    runs = [world(news, *plan, organisation=rows) for plan in ([], [tell], [{**tell, "channel": ["union"]}])]
    ombud, union = ([float(run.world.credibility[i, 2]) for run in runs] for i in (2, 3))
    assert ombud[1] > ombud[0]
    assert ombud[2] > ombud[0]
    assert union[2] == pytest.approx(union[0], abs=1e-3)


# --- leaving, resting, hiding -----------------------------------------------------------------------------------------


def test_who_left_by_its_plan_is_not_knocked_at():
    leave = {**NOW, "verb": "exit", "partnership": ["ombud", "ngo"]}
    run = world(leave, weeks=200, values={"return_grievance": 1.0, "reapproach_interval": 8})
    assert run.partnership("ombud", "ngo").state == State.COOLING
    ask = {"when": 40, "verb": "reapproach", "by": "ngo", "to": "ombud"}
    run = world(leave, ask, weeks=60, values={"return_grievance": 1.0})
    assert run.partnership("ombud", "ngo").state == State.INFORMAL


def test_a_member_that_does_not_renew_takes_nobody_along():
    """Among several the one who was asked goes, whoever values the partnership less."""
    tie = {"members": ["ombud", "ngo", "union"], "state": "formal", "term": 10, "joint": 0.0}
    values = [{"a": "ombud", "b": "ngo", "value_ab": 0.05, "value_ba": 0.9}]
    run = world(partnership=[tie], dyad=values, kinds=("ombud", "ngo", "union"), weeks=12,
                values={"renewal_base": -500.0})  # fmt: skip
    assert run.world.alliance[0].initiator == run.setting.ids.index("ombud")
    assert seen(run, EventKind.EXIT) == 2


def test_a_shorter_rest_does_not_end_a_longer_one():
    rest = {"by": "ombud", "verb": "suspend", "partnership": ["ombud", "ngo"]}
    run = world({"when": 0, **rest, "weeks": 12}, {"when": 2, **rest, "weeks": 1})
    assert run.partnership("ombud", "ngo").suspended_until == 12


def test_who_was_found_out_can_hide_again():
    hide = {"by": "ombud", "verb": "go_shadow", "partnership": ["ombud", "ngo"], "when": "found_out(ombud, ngo)"}
    run = world(hide, partnership=[{**TIE, "visibility": "shadow"}], weeks=20, values={"found_rate": 0.0})
    run.partnership("ombud", "ngo").found_sum = run.partnership("ombud", "ngo").found_threshold
    play(run, 24, first=20)
    assert run.partnership("ombud", "ngo").visibility == Visibility.SHADOW
    assert seen(run, EventKind.FOUND_OUT) == 1


def test_a_hidden_partnership_of_several_comes_out_as_a_whole():
    tie = {"members": ["ombud", "ngo", "union"], "state": "formal", "visibility": "shadow"}
    run = world(partnership=[tie], kinds=("ombud", "ngo", "union"), weeks=1)
    run.partnership("ombud", "ngo").found_sum = 1e9
    play(run, 2, first=1)
    assert {int(p.visibility) for p in run.world.partnership} == {Visibility.PUBLIC}


# --- warnings and apologies -------------------------------------------------------------------------------------------


def test_warnings_of_two_campaigns_do_not_cancel_each_other():
    launches = [{**CAMPAIGN, "when": week, "label": label} for week, label in ((4, "one"), (6, "two"))]
    warnings = [
        {"when": 1, "verb": "warn", "by": "ombud", "to": "ngo", "campaign": label, "show_text": True}
        for label in ("one", "two")
    ]
    run = world(*warnings, *launches)
    p = run.setting.parameters
    assert run.relation("ngo", "ombud").warned == p["show_effect"]
    tones = [float(run.world.campaign[c].tone) for c in range(2)]
    assert tones == pytest.approx([0.9 * (1.0 - SHOW_SOFTENS)] * 2)


def test_a_warning_may_come_in_the_week_of_the_launch():
    warning = {"when": 3, "verb": "warn", "by": "ombud", "to": "ngo", "campaign": "one"}
    launch = {**CAMPAIGN, "when": 3, "label": "one"}
    assert seen(world(warning, launch), EventKind.WARNED) == 1
    assert seen(world(launch, warning), EventKind.WARNED) == 0


def test_nobody_breaks_the_word_of_an_apology_that_was_never_made():
    for name in ("parent-project", "campaign-while-partnering"):
        told = story(scenario(name), seed=3)
        assert not (told.events["event"] == "relapse").any()


# --- money and hours --------------------------------------------------------------------------------------------------


def test_every_cut_ends_by_itself():
    cut = {"verb": "shock", "what": "budget_cut", "org": "ngo", "share": 0.5}
    long, short = {**cut, "when": 1, "weeks": 15}, {**cut, "when": 3, "weeks": 2}
    budgets = [int(world(long, short, weeks=week).organisation("ngo").annual_budget) for week in (4, 8, 18)]
    assert budgets == [2_250_000, 4_500_000, 9_000_000]
    fewer = {**cut, "what": "capacity_cut"}
    long, short = {**fewer, "when": 1, "weeks": 15}, {**fewer, "when": 3, "weeks": 2}
    hours = [float(world(long, short, weeks=week).organisation("ngo").capacity_now) for week in (1, 2, 4, 8, 18)]
    assert hours == [120.0, 60.0, 30.0, 60.0, 120.0]


def test_hours_bind_campaigns():
    """With 30 hours left a campaign of intensity 3 is as loud as one of intensity 1."""
    rows = [{"id": "ombud", "type": "ombud", "capacity": 30.0}, {"id": "ngo", "type": "ngo"}]
    run = world({**CAMPAIGN, "intensity": 3.0, "hours": 0}, organisation=rows, partnership=[], weeks=2)
    assert float(run.world.campaign[0].loudness) == 1.0
    again = {**CAMPAIGN, "intensity": 1.0, "hours": 0}
    run = world(again, {**again, "label": "more"}, organisation=rows, partnership=[], weeks=2)
    assert [float(c.loudness) for c in run.world.campaign[:2]] == [1.0, 0.0]


def test_a_grant_of_nothing_is_a_refusal_and_the_next_application_may_name_another():
    kinds = [{"id": name, "type": "government", "annual_budget": 500_000} for name in ("fund_a", "fund_b")]
    rows = [{"id": "ombud", "type": "ombud"}, {"id": "ngo", "type": "ngo", "apply_yearly": True}, *kinds]
    ask = {"when": 3, "verb": "apply_funding", "by": "ngo", "amount": 4_000, "to": "fund_a"}
    empty = {"when": 5, "verb": "shock", "what": "pool", "org": "fund_a", "share": 0.0}
    back = {**empty, "when": 70, "share": 1.0}
    tie = {**TIE, "lead": "ngo"}
    sure = {"award_full": 1e-9, "grant_noise": 0.0}
    run = world(ask, empty, organisation=rows, partnership=[tie], weeks=120, values=sure)
    givers = [run.setting.ids[int(run.world.log.other[row])] for row in run.events(EventKind.GRANT_AWARDED)]
    assert seen(run, EventKind.GRANT_REFUSED) == 1
    assert givers == ["fund_b", "fund_b"]
    run = world(ask, empty, {**ask, "when": 72}, back, organisation=rows, partnership=[tie], weeks=120, values=sure)
    givers = [run.setting.ids[int(run.world.log.other[row])] for row in run.events(EventKind.GRANT_AWARDED)]
    assert givers == ["fund_b", "fund_a"]


def test_a_grant_goes_back_when_the_partners_have_parted():
    tie = {**TIE, "lead": "ngo", "grant": 8_000}
    rows = [{"id": name, "type": name} for name in ("ombud", "ngo", "government")]
    leave = {"when": 4, "verb": "exit", "by": "ngo", "partnership": ["ombud", "ngo"]}
    run = world(leave, organisation=rows, partnership=[tie], weeks=60)
    assert seen(run, EventKind.GRANT_RETURNED) == 1


# --- who helps --------------------------------------------------------------------------------------------------------


def test_two_opponents_who_work_together_teach_nobody_the_measures():
    rows = [{"id": name, "type": "federation"} for name in ("feda", "fedb")]
    tie = {"members": ["feda", "fedb"], "state": "formal", "joint": 1.0}
    run = world(organisation=rows, partnership=[tie], weeks=20)
    assert float(run.world.audience.aware.max()) == 0.0
    assert float(run.world.organisation.carries.max()) == 0.0


def test_what_opponents_reach_is_no_reach_for_the_measures():
    rows = [{"id": "federation", "type": "federation"}, {"id": "ombud", "type": "ombud"}]
    against = {**CAMPAIGN, "by": "federation", "budget": 20_000}
    case = small(organisation=rows, plan=[against], weeks=20)
    outcomes = simulate(case, 5).outcomes
    assert (outcomes[["reach", "visitors", "minutes"]] == 0.0).all().all()
    assert (simulate(case.replace(plan=[{**against, "by": "ombud"}]), 5).outcomes["reach"] > 0.0).all()


def test_a_firm_may_belong_to_any_number_of_federations():
    rows = [{"id": f"fed{x}", "type": "federation", "members": 1.0} for x in "abcde"]
    run = world(organisation=[*rows, {"id": "ombud", "type": "ombud"}], partnership=[], weeks=1)
    assert run.world.organisation.member_weight.tolist() == [1.0] * 5 + [0.0]


def test_a_firm_that_goes_on_using_the_ideas_counts_once():
    firm = {"id": "acme", "type": "firm"}
    offers = {
        "when": "week >= 2",
        "verb": "offer_terms",
        "by": "ombud",
        "to": "acme",
        "repeat_every": 12,
        "max_times": 6,
    }
    told = {"when": 1, "verb": "share_idea", "by": "ombud", "to": "acme", "how": "list"}
    meet = {**NOW, "verb": "approach", "to": "acme", "purpose": "meeting"}
    rows = [{"id": "ombud", "type": "ombud"}, firm]
    case = small(organisation=rows, firms={"number": 5}, idea=[{"id": "ideas", "owner": "ombud"}], weeks=90,
                 plan=[meet, told, offers])  # fmt: skip
    values = {**WILLING, "own_use_value": 2.0, "base_rate": 0.0}
    uses = [int(play(start_run(case, values, replicate=k)).world.tallies[0].uncredited_uses) for k in range(30)]
    assert max(uses) == 1


def test_a_firm_that_goes_public_may_be_named():
    """Who wanted to stay unnamed, and then went public with the owner, is not betrayed by being named."""
    rows = [{"id": "ombud", "type": "ombud"}, {"id": "acme", "type": "firm"}]
    credit = {"when": 5, "verb": "credit", "by": "ombud", "about": "acme"}
    run = start_run(small(organisation=rows, firms={"number": 5}, idea=[{"id": "ideas", "owner": "ombud"}], plan=[credit], weeks=20), WILLING)  # fmt: skip # noqa: E501
    run.organisation("acme").unnamed = 1
    run.world.firm[int(run.organisation("acme").firm)].uptake = Uptake.QUIET
    decision = run.decision("acme")
    decision.pending, decision.due, decision.menu, decision.count, decision.told = 1, 1, 1, 1, 1.0
    play(run, 8)
    named = run.world.firm[int(run.organisation("acme").firm)].uptake == Uptake.PUBLIC_CREDITED
    if named:
        assert seen(run, EventKind.BREACH) == 0


# --- files and stories ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "action, message",
    [
        ({"what": "go_public_firm", "firm": "ombud"}, "firm: unknown firm 'ombud'"),
        ({"what": "director_changes", "org": "messenger"}, "a storyteller has no director"),
        ({"what": "pool", "org": "ngo", "share": 0.5}, "found 'ngo', expected one that gives grants"),
    ],
)
def test_shocks_hit_whom_they_can_hit(action: dict[str, Any], message: str):
    with pytest.raises(InputError, match=message):
        world({"when": 0, "verb": "shock", **action}, kinds=("ombud", "ngo", "messenger"))


def test_money_is_asked_of_those_who_give():
    with pytest.raises(InputError, match="found 'ombud', expected one that gives grants"):
        world({"when": 1, "verb": "apply_funding", "by": "ngo", "amount": 5, "to": "ombud"})


def test_stories_tell_terms_shocks_and_who_took_part():
    rows = [{"id": name, "type": name} for name in ("ombud", "ngo", "union", "government", "messenger", "flagship")]
    plan = [
        {"when": 1, "verb": "recruit_messenger", "by": "ombud", "who": "messenger", "cost": 0},
        {**CAMPAIGN, "when": 2, "cosenders": ["ngo", "union"], "messenger": "messenger"},
        {"when": 3, "verb": "run_training", "by": "ombud", "channel": ["union"]},
        {"when": 4, "verb": "shock", "what": "eligibility", "org": "ngo", "value": False},
        {"when": 5, "verb": "shock", "what": "pool", "org": "government", "share": 0.5},
        {"when": 6, "verb": "shock", "what": "director_changes", "org": "ombud"},
        {"when": 7, "verb": "suspend", "by": "ombud", "partnership": ["ombud", "ngo"], "weeks": 5},
    ]
    rows = [{**row, "type": "firm", "flagship": True} if row["id"] == "flagship" else row for row in rows]
    case = small(organisation=rows, partnership=[{**TIE, "term": 8}], plan=plan, weeks=20)
    run = play(start_run(case, {**WILLING, "renewal_base": 500.0}, seed=1))
    text = "\n".join(line.text for line in tell_world(run.setting, run.world))
    for sentence in (
        "The ombud, together with the ngo and the union, starts a critical campaign, with the messenger as its voice",
        "opens 200 training seats, announced in the channels of the union",
        "The ngo may no longer apply for money from outside",
        "The government gives 50% of what it gave before",
        "agree to rest their partnership for 5 weeks",
        "go on for another term",
    ):
        assert sentence in text
    assert text.count("new director") == 1
    for language in LANGUAGES[1:]:
        assert len(tell_world(run.setting, run.world, language)) == len(text.splitlines())
