"""The way of a demand through politics: pressures by hand, stages in order, sides, and what a law does."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from one_run import Run, parameters, play, simulate, small, start_run

import sim
from sim.errors import InputError
from sim.observe.measures import measure
from sim.rules.policy import breadth, build_up, count_speakers, stage_hazard
from sim.scenarios import build
from sim.schedule import advance
from sim.stories import tell_world
from sim.vocabulary.events import EventKind
from sim.vocabulary.topics import Side, Stage

STAY = {"exit_base": -500.0, "conflict_base": -500.0, "joint_level": 0.0}
NEVER_REACHED = {"stage_rate": 0.0}
AT_ONCE = {"stage_rate": 1e5}
DEMAND = {"demand": "a quota", "law_rate": 0.0}
LOBBY = {"when": 0, "verb": "lobby", "by": "ombud"}
CAMPAIGN = {"when": 0, "verb": "launch_campaign", "by": "ombud", "tone": 0.5, "weeks": 30}
BASE = 0.25 / 52


def asking(organisations: tuple[str, ...] = ("ombud",), **keys: Any) -> Any:
    """A small scenario with a demand."""
    return small(organisations, **{"policy": DEMAND, **keys})


def stage_weeks(run: Run) -> dict[int, int]:
    """Week in which each stage was reached."""
    rows = run.events(EventKind.POLICY_STAGE)
    return {int(run.world.log_number[row, 0]): int(run.world.log.week[row]) for row in rows}


# --- pressure ---------------------------------------------------------------------------------------------------------


def test_pressure_and_hazard_by_hand():
    """P' + (rho - P') (1 - exp(-u)), and b exp(theta (P_for - P_against)); breadth from a half to the whole."""
    p = parameters()
    kept = 0.4 * 2 ** (-1 / 26)
    assert build_up(0.4, 0.6, 0.3, p) == pytest.approx(kept + (0.6 - kept) * (1 - math.exp(-0.3)), rel=1e-14)
    assert build_up(0.4, 0.2, 0.3, p) == kept  # who presses with less than there is adds nothing, and takes nothing
    assert stage_hazard(0.0, 0.0, p) == pytest.approx(BASE, rel=1e-14)
    assert stage_hazard(0.5, 0.2, p) == pytest.approx(BASE * math.exp(1.6 * 0.3), rel=1e-14)
    assert [breadth(count, p) for count in (0, 1, 2, 6, 9)] == [0.5, 0.5, 0.6, 1.0, 1.0]


def test_talks_weigh_with_credibility_evidence_and_the_news():
    """One round of talks of one organisation, week for week."""
    rows = [{"id": "ombud", "type": "ombud", "evidence_stock": 0.4}]
    run = start_run(asking(organisation=rows, plan=[{**LOBBY, "when": 3}]), NEVER_REACHED)
    pressure = 0.0
    for week in range(8):
        advance(run.world, week)
        pressure *= 2 ** (-1 / 26)
        if week == 3:
            ombud = run.organisation("ombud")
            items = run.world.voice[0].coverage + run.world.voice[1].coverage
            talks = 0.2 * run.world.credibility[0, 3] * (1 + ombud.evidence) * (1 + items / (items + 40))
            pressure += (0.5 - pressure) * (1 - math.exp(-talks))
        assert run.world.demand[0].pressure_for == pytest.approx(pressure, abs=1e-14), week
        assert run.world.demand[0].pressure_against == 0.0
    assert pressure > 0.05


def test_coverage_weighs_less_where_nobody_turns_to_politicians():
    """Half, unless a campaign has the audience politicians, or names who decides on money."""
    found = {}
    for name, keys in (("public", {}), ("politicians", {"audience": ["politicians"]}), ("named", {"targets": ["gov"]})):
        rows = [{"id": "ombud", "type": "ombud"}, {"id": "gov", "type": "government"}]
        run = start_run(asking(organisation=rows, plan=[{**CAMPAIGN, **keys}]), NEVER_REACHED)
        advance(run.world, 0)
        heard = float(run.world.voice[1].coverage)
        u = -math.log(1 - run.world.demand[0].pressure_for / 0.5)
        found[name] = u / (0.8 * heard / (heard + 40) * run.world.credibility[run.setting.row("ombud"), 3])
    assert found["public"] == pytest.approx(0.5, rel=1e-9)
    assert found["politicians"] == pytest.approx(1.0, rel=1e-9)
    assert found["named"] == pytest.approx(1.0, rel=1e-9)


def test_a_messenger_lends_credibility_with_politicians():
    """A storyteller with 0.5 and stance 0 counts 0.75 against the ombud's 0.4."""
    rows = [
        {"id": "ombud", "type": "ombud", "credibility": {"politicians": 0.4}},
        {"id": "storyteller", "type": "messenger", "credibility": {"politicians": 0.5}},
    ]
    recruit = {"when": 0, "verb": "recruit_messenger", "by": "ombud", "who": "storyteller", "cost": 0}
    plan = [recruit, {**CAMPAIGN, "messenger": "storyteller", "audience": ["politicians"]}]
    run = start_run(asking(organisation=rows, plan=plan), {"credibility_return": 0.0, **NEVER_REACHED})
    advance(run.world, 0)
    heard = float(run.world.voice[1].coverage)
    expected = 0.5 * (1 - math.exp(-0.8 * heard / (heard + 40) * 0.75))
    assert run.world.demand[0].pressure_for == pytest.approx(expected, abs=1e-12)


def test_who_counts_among_those_who_speak_up():
    """Campaigners, co-senders, lobbyists of four weeks, and public partners on the side; not hidden or opposed ones."""
    names = ("ombud", "union", "ngo", "federation", "government", "academia", "international")
    ties = [
        {"members": ["ombud", "union"]},
        {"members": ["ombud", "ngo"], "visibility": "shadow"},
        {"members": ["ombud", "federation"]},
        {"members": ["ombud", "government"]},
    ]
    plan = [
        {**CAMPAIGN, "cosenders": ["academia"], "weeks": 3},
        {**LOBBY, "by": "international", "when": 2},
        {**LOBBY, "by": "federation", "when": 2},
    ]
    run = start_run(asking(names, partnership=ties, plan=plan), STAY)
    found = []
    for week in range(8):
        advance(run.world, week)
        found.append(tuple(int(count_speakers(run.world, side, week)) for side in (Side.FOR, Side.AGAINST)))
    assert found == [(3, 0), (3, 0), (4, 1), (1, 1), (1, 1), (1, 1), (0, 0), (0, 0)]


def test_swapping_all_sides_swaps_the_pressures():
    """Stances, and so sides, of everybody turned round: what pressed for the demand presses against it."""
    plan = [
        {**CAMPAIGN, "audience": ["politicians"], "tone": 0.0},
        {**LOBBY, "when": 4, "by": "union"},
        {**LOBBY, "when": 9, "by": "federation", "repeat_every": 3, "max_times": 3},
    ]
    found = []
    for sign in (1.0, -1.0):
        rows = [
            {"id": name, "type": name, "stance": sign * stance}
            for name, stance in (("ombud", 1.0), ("union", 0.6), ("federation", -1.0))
        ]
        run = start_run(asking(organisation=rows, plan=plan), NEVER_REACHED)
        pressures = []
        for week in range(30):
            run_week(run, week)
            pressures.append((run.world.demand[0].pressure_for, run.world.demand[0].pressure_against))
        found.append(np.array(pressures))
    # the news of the two voices are different draws: talks swap exactly, and the campaign only in its mean
    talks = slice(4, 30)
    assert found[0][talks, 1] == pytest.approx(found[1][talks, 0], rel=1e-12)


def run_week(run: Run, week: int) -> None:
    """A week in which both voices are quiet after their draw, so that only talks differ."""
    advance(run.world, week)
    for v in (1, 2):
        run.world.voice[v].coverage = 0.0
        run.world.voice[v].memory = 0.0


# --- stages -------------------------------------------------------------------------------------------------------


def test_stages_come_in_order_and_one_a_week():
    """However large the hazards: agenda, promise, decision in three weeks, and force as long after as it takes."""
    run = start_run(asking(), AT_ONCE)
    stages = []
    for week in range(7):
        advance(run.world, week)
        stages.append(int(run.world.demand[0].stage))
    assert stages == [1, 2, 3, 3, 3, 3, 3]
    assert stage_weeks(run) == {1: 0, 2: 1, 3: 2}


def test_a_decision_waits_for_its_day():
    """In force 26 weeks after the decision, also where the run begins with the decision."""
    run = play(start_run(asking(), AT_ONCE))
    assert stage_weeks(run) == {1: 0, 2: 1, 3: 2, 4: 28}
    assert stage_weeks(play(start_run(asking(policy={**DEMAND, "stage": "decided"})))) == {4: 26}
    assert stage_weeks(play(start_run(asking(policy={**DEMAND, "stage": "force"})))) == {}


def test_without_a_demand_nothing_happens_in_politics():
    run = play(start_run(small(("ombud",), plan=[CAMPAIGN]), AT_ONCE))
    assert run.world.demand[0].stage == 0
    assert run.world.demand[0].pressure_for == 0.0


def test_nobody_pressing_leaves_the_pace_of_politics():
    """Three stages of 0.25 a year: the share of worlds decided after eight years is that of an Erlang distribution."""
    worlds = simulate(asking(("government",), weeks=416), 600, seed=3)
    mean = 0.25 * 8.0
    expected = 1.0 - math.exp(-mean) * (1.0 + mean + mean**2 / 2.0)
    reached = (worlds.outcomes["policy_stage"] >= Stage.DECIDED).mean()
    assert reached == pytest.approx(expected, abs=3.5 * (expected * (1 - expected) / 600) ** 0.5)
    assert measure("policy_stage").direction == 1


# --- sides: in every world -----------------------------------------------------------------------------------------


FAST = {"stage_rate": 1.0, **STAY, "rebuttal_rate": 0.0, "accept_base": -500.0}
ALLIES = ("ombud", "ngo", "union", "federation")
EVERY_FOUR = {"repeat_every": 4, "max_times": 60}


def both(less: list[dict[str, Any]], more: list[dict[str, Any]], worlds: int = 12) -> list[tuple[dict[int, int], ...]]:
    """Weeks of the stages under two plans, world by world."""
    found = []
    for replicate in range(worlds):
        pair = [
            stage_weeks(play(start_run(asking(ALLIES, weeks=200, plan=plan), FAST, replicate=replicate)))
            for plan in (less, more)
        ]
        found.append(tuple(pair))
    return found


@pytest.mark.parametrize(
    "act",
    [
        {**LOBBY, **EVERY_FOUR, "by": "federation"},
        {**LOBBY, **EVERY_FOUR, "by": "union", "side": "against"},
        {**CAMPAIGN, "by": "federation", "intensity": 3.0, "weeks": 200, "audience": ["politicians"]},
        {"when": 0, "verb": "publish_survey", "by": "federation", "n": 2000, "cost": 0, **EVERY_FOUR},
    ],
    ids=lambda act: f"{act['verb']} {act.get('side', '')}",
)
def test_an_opponent_never_advances_a_stage(act: dict[str, Any]):
    """In any world: whatever is done against the demand, no stage comes earlier; and some come later."""
    base = [{**CAMPAIGN, "weeks": 60}, {**LOBBY, **EVERY_FOUR}]
    later = 0
    for without, opposed in both(base, [*base, act]):
        for stage, week in opposed.items():
            assert without.get(stage, 10_000) <= week
            later += without[stage] < week
        later += len(without) > len(opposed)
    assert later > 3


@pytest.mark.parametrize(
    "act",
    [{**LOBBY, **EVERY_FOUR, "by": "union"}, {**CAMPAIGN, "when": 5, "by": "ngo", "weeks": 60}],
    ids=lambda act: str(act["verb"]),
)
def test_an_ally_never_delays_a_stage(act: dict[str, Any]):
    base = [CAMPAIGN, {**LOBBY, "by": "federation", **EVERY_FOUR}]
    earlier = 0
    for without, helped in both(base, [*base, act]):
        for stage, week in without.items():
            assert helped[stage] <= week
            earlier += helped[stage] < week
    assert earlier > 3


# --- what a law does ------------------------------------------------------------------------------------------------


def test_a_law_acts_once_in_force_and_a_shock_adds_to_it():
    """Rates a year, as hazards a week: that of the demand from its day on, that of a shock from its week on."""
    shock = {"when": 30, "verb": "shock", "what": "policy_change", "rate": 0.1}
    case = small(("ombud",), policy={**DEMAND, "law_rate": 0.3}, plan=[shock])
    run = start_run(case, AT_ONCE)
    rates = []
    for week in range(32):
        advance(run.world, week)
        rates.append(round(52 * float(run.world.demand[0].law), 12))
    assert rates == [0.0] * 28 + [0.3] * 2 + [0.4] * 2
    for stage, rate in (("promised", 0.0), ("decided", 0.0), ("force", 0.3)):
        run = start_run(small(("ombud",), policy={**DEMAND, "law_rate": 0.3, "stage": stage}))
        assert 52 * run.world.demand[0].law == pytest.approx(rate)


def test_a_law_of_0_changes_nothing_else():
    """All firms are the same to the last bit, whatever politics decides; with a rate they are not."""
    case = asking(weeks=200, firms={"number": 60})
    still = play(start_run(case, NEVER_REACHED))
    moved = play(start_run(case, AT_ONCE))
    assert (still.world.demand[0].stage, moved.world.demand[0].stage) == (0, 4)
    assert moved.world.firm.tobytes() == still.world.firm.tobytes()
    pushed = play(start_run(case.replace(policy={**DEMAND, "law_rate": 0.4}), AT_ONCE))
    assert pushed.world.tallies[0].adopters > still.world.tallies[0].adopters


def test_a_law_with_sanctions_moves_a_third_of_the_firms_in_a_year():
    """The Norwegian quota: 1 - exp(-0.4), and the base rate (pattern P47)."""
    case = small(("ombud",), weeks=52, firms={"number": 4000, "network": "none"},
                 policy={**DEMAND, "stage": "force", "law_rate": 0.4})  # fmt: skip
    calm = {"burden_spread": 0.0, "de_adoption_rate": 0.0}
    share = simulate(case, 10, seed=1, parameters=calm).outcomes["adopters"].mean() / 4000
    assert share == pytest.approx(1 - math.exp(-0.408), abs=0.01)


# --- plans, files, stories ------------------------------------------------------------------------------------------


def test_plans_can_wait_for_a_stage():
    """`policy` reads the stage at the end of last week, in words."""
    plan = [
        {"when": f"policy == '{word}'", "verb": "promise", "by": "ombud", "to": "ngo", "what": word, "due": 60}
        for word in Stage.words()
    ]
    run = play(start_run(asking(("ombud", "ngo"), plan=plan), AT_ONCE), 40)
    assert [int(run.world.log.week[row]) for row in run.events(EventKind.PROMISE_MADE)] == [0, 1, 2, 3, 29]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        (
            {"policy": {**DEMAND, "stage": "agreed"}},
            "policy: stage: found 'agreed', expected one of none, agenda, promised",
        ),
        ({"policy": {**DEMAND, "law_rate": -1}}, "policy: law_rate: found -1, expected a number from 0 to 10"),
        ({"policy": {"demand": "a quota"}}, "policy: law_rate: found nothing, expected a rate a year at which the law"),
        ({"policy": {"law_rate": 1}}, "policy: demand: found nothing, expected what is demanded, in words"),
        (
            {"policy": {**DEMAND, "base_rate_factor": 2}},
            "policy: base_rate_factor: no longer a key, expected law_rate, the rate a year",
        ),
        ({"policy": {"demands": "x"}}, "policy: demands: unknown key, expected one of demand, stage, law_rate"),
        ({"plan": [LOBBY]}, "plan 1 (lobby): on: found nothing, expected [policy] demand in the scenario: nothing to"),
        (
            {"plan": [{**LOBBY, "on": "quota"}], "policy": DEMAND},
            "plan 1 (lobby): on: found 'quota', expected its demand, 'a quota', or nothing",
        ),
        (
            {"plan": [{"when": 1, "verb": "shock", "what": "policy_change", "p0_factor": 2}]},
            "plan 1 (shock): p0_factor: no longer a key, expected rate, the rate a year",
        ),
    ],
)
def test_errors_about_politics_are_one_line(keys: dict[str, Any], message: str):
    with pytest.raises(InputError) as caught:
        small(("ombud",), **keys)
    assert str(caught.value).startswith("small: " + message)
    assert "\n" not in str(caught.value)


def test_a_demand_survives_writing_and_its_words_do_not_count_in_the_digest():
    """The words of the demand change no result; that there is one, its stage and its law do."""
    case = small(("ombud",), plan=[{**LOBBY, "on": "a quota"}], policy={**DEMAND, "law_rate": 0.4})
    assert build(case.document(), "again") == case
    case = asking()
    assert asking(policy={**DEMAND, "law_rate": 0.1}).digest() != case.digest()
    assert asking(policy={**DEMAND, "stage": "agenda"}).digest() != case.digest()
    assert asking(policy={**DEMAND, "demand": "something else"}).digest() == case.digest()
    assert small(("ombud",)).digest() != case.digest()


def test_the_story_tells_every_stage_and_names_the_demand_once():
    case = asking(plan=[CAMPAIGN, LOBBY], policy={**DEMAND, "demand": "a duty to report"})
    lines = sim.story(case, seed=1).lines
    assert any(line.text == "The ombud talks to politicians." for line in lines)
    run = play(start_run(case, AT_ONCE))
    told = [line.text for line in tell_world(run.setting, run.world) if line.kind == "policy_stage"]
    assert len(told) == 4
    assert "The ombud is heard in politics: the demand (a duty to report) comes onto the agenda (pressure" in told[0]
    assert told[0].endswith("for it and 0.00 against it).")
    assert told[1] == "Politicians promise to meet the demand, for which one organisation presses."
    assert told[3] == "What was decided on the demand is in force."
    alone = play(start_run(asking(), AT_ONCE), 1)
    (line,) = tell_world(alone.setting, alone.world)[:1]
    assert line.text == "The demand (a quota) comes onto the political agenda, although nobody presses for it."


def test_politicians_hear_the_same_from_the_same_organisation_once_in_four_weeks():
    """A round within three weeks of one is refused and costs nothing; not on the other side, not of others."""
    weekly = [{**LOBBY, "when": week} for week in range(6)]
    others = [{**LOBBY, "when": 1, "by": "ngo"}, {**LOBBY, "when": 2, "side": "against"}]
    run = play(start_run(asking(("ombud", "ngo"), plan=[*weekly, *others])), 6)
    refused = [week for week in range(6) if week not in (0, 4)]
    assert run.world.tallies[0].refused == len(refused)
    assert run.organisation("ombud").hours_total == 3 * 20.0
