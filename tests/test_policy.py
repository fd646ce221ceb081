"""The way of a demand through politics: hazards by hand, stages in order, and what a decision changes."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import Run, parameters, play, small, start_run

import sim
from sim.errors import InputError
from sim.observe.measures import measure
from sim.rules.policy import agenda_pressure, coalition_breadth, coalition_of, find_sender, stage_hazard
from sim.scenarios import build
from sim.schedule import advance
from sim.stories import tell_world
from sim.vocabulary.events import EventKind
from sim.vocabulary.topics import Stage

STAY = {"exit_base": -500.0, "joint_level": 0.0}
NEVER_REACHED = {"agenda_base": 0.0, "agenda_pressure": 0.0}
AT_ONCE = {"agenda_base": 500.0, "promise_hazard": 500.0, "decision_hazard": 500.0, "force_delay": 0.0}
LOBBY = {"when": 0, "verb": "lobby", "by": "ombud"}
CAMPAIGN = {"when": 0, "verb": "launch_campaign", "by": "ombud", "tone": 0.5, "weeks": 30}


def hazards(run: Run, weeks: int) -> list[float]:
    """What each week added to the sum of hazards of a stage that is never reached."""
    found = []
    for week in range(weeks):
        before = run.world.demand[0].hazard
        advance(run.world, week)
        found.append(float(run.world.demand[0].hazard - before))
    return found


def stage_weeks(run: Run) -> dict[int, int]:
    """Week in which each stage was reached."""
    rows = run.events(EventKind.POLICY_STAGE)
    return {int(run.world.log_number[row, 0]): int(run.world.log.week[row]) for row in rows}


def unreachable(run: Run) -> Run:
    """Keep the demand where it is: its sum of hazards starts far below any threshold."""
    run.world.demand[0].hazard = -1e3
    return run


# --- hazards ------------------------------------------------------------------------------------------------------


def test_hazards_by_hand():
    """0.0005 + 0.02 A C (1 + Ev), x 1.5 after lobbying, then 0.01 and 0.005; every one x (1 + breadth)."""
    p = parameters()
    pressure = agenda_pressure(0.5, 0.6, 0.8, False, p)
    assert pressure == pytest.approx(0.02 * 0.5 * 0.6 * 1.8, rel=1e-15)
    assert agenda_pressure(0.5, 0.6, 0.8, True, p) == pytest.approx(1.5 * pressure, rel=1e-15)
    assert stage_hazard(0, pressure, 0.4, p) == pytest.approx((0.0005 + 0.0108) * 1.4, rel=1e-15)
    assert stage_hazard(1, pressure, 0.4, p) == pytest.approx(0.014, rel=1e-15)
    assert stage_hazard(2, pressure, 1.0, p) == pytest.approx(0.01, rel=1e-15)
    assert [coalition_breadth(members, p) for members in (1, 2, 6, 9)] == [0.0, 0.2, 1.0, 1.0]


def test_without_a_sender_only_the_base_hazard_counts():
    """Also in the midst of a storm that nobody in the scenario sends."""
    storm = {"when": 0, "verb": "shock", "what": "foreign_storm", "size": 200, "tone": 0.9, "weeks": 10}
    for plan in ([], [storm]):
        run = start_run(small(("ombud", "ngo", "government"), plan=plan))
        found = hazards(run, 10)
        assert found == pytest.approx([0.0005] * 10, abs=1e-15)
    assert run.world.media[0].attention > 0.5


def test_a_sender_presses_with_attention_credibility_and_evidence():
    """Every week of a campaign and of lobbying adds what the equation says, exactly."""
    rows = [{"id": "ombud", "type": "ombud", "evidence_stock": 0.4}]
    run = unreachable(start_run(small(organisation=rows, plan=[CAMPAIGN, {**LOBBY, "when": 3}])))
    for week in range(12):
        before = run.world.demand[0].hazard
        advance(run.world, week)
        ombud = run.organisation("ombud")
        pressure = 0.02 * run.world.media[0].attention * run.world.credibility[0, 3] * (1.0 + ombud.evidence)
        expected = 0.0005 + pressure * (1.5 if 3 <= week < 7 else 1.0)
        assert run.world.demand[0].hazard - before == pytest.approx(expected, abs=1e-12), week


def test_lobbying_works_for_four_weeks():
    """Who lobbied speaks for the demand this week and in the three weeks after."""
    run = start_run(small(("ombud", "ngo"), plan=[{**LOBBY, "when": 2}]))
    senders = []
    for week in range(8):
        advance(run.world, week)
        senders.append(int(find_sender(run.world, week)))
    assert senders == [-1, -1, 1, 1, 1, 1, -1, -1]


def test_the_sender_is_the_one_whom_politicians_believe_most():
    """Among campaigner, co-sender and lobbyist; somebody who does neither is no sender, however credible."""
    rows = [
        {"id": name, "type": name, "credibility": {"politicians": believed}}
        for name, believed in (("academia", 0.9), ("ngo", 0.7), ("ombud", 0.3), ("union", 0.5))
    ]
    campaign = {**CAMPAIGN, "cosenders": ["union"]}
    run = play(start_run(small(organisation=rows, plan=[campaign])), 1)
    assert run.setting.ids[find_sender(run.world, 0)] == "union"
    run = play(start_run(small(organisation=rows, plan=[campaign, {**LOBBY, "by": "ngo"}])), 1)
    assert run.setting.ids[find_sender(run.world, 0)] == "ngo"


def test_a_messenger_lends_credibility_with_politicians():
    """C = max(C, min(1, C_m (1 + unexpected))): a storyteller with 0.5 and stance 0 counts 0.75."""
    rows = [
        {"id": "ombud", "type": "ombud", "credibility": {"politicians": 0.4}},
        {"id": "storyteller", "type": "messenger", "credibility": {"politicians": 0.5}},
    ]
    recruit = {"when": 0, "verb": "recruit_messenger", "by": "ombud", "who": "storyteller", "cost": 0}
    plan = [recruit, {**CAMPAIGN, "messenger": "storyteller"}]
    run = start_run(small(organisation=rows, plan=plan), {"credibility_return": 0.0})
    found = hazards(run, 1)[0]
    assert found == pytest.approx(0.0005 + 0.02 * run.world.media[0].attention * 0.75, abs=1e-12)


def test_who_belongs_to_the_coalition():
    """Sender, public partners on the side of the demand, co-senders, lobbyists; not hidden or opposed partners."""
    rows = [
        {"id": name, "type": name, "credibility": {"politicians": 0.6 if name == "ombud" else 0.1}}
        for name in ("ombud", "union", "ngo", "federation", "government", "academia", "international")
    ]
    ties = [
        {"members": ["ombud", "union"]},
        {"members": ["ombud", "ngo"], "visibility": "shadow"},
        {"members": ["ombud", "federation"]},
        {"members": ["ombud", "government"]},
        {"members": ["ngo", "academia"]},
    ]
    plan = [{**CAMPAIGN, "cosenders": ["academia"]}, {**LOBBY, "by": "international", "when": 2}]
    run = unreachable(start_run(small(organisation=rows, partnership=ties, plan=plan), STAY))
    play(run, 1)
    ombud = run.setting.row("ombud")
    assert coalition_of(run.world, ombud, 0) == 3  # with the union and academia
    for week in (1, 2):
        before = run.world.demand[0].hazard
        advance(run.world, week)
    assert coalition_of(run.world, ombud, 2) == 4
    pressure = 0.02 * run.world.media[0].attention * run.world.credibility[ombud, 3]
    assert run.world.demand[0].hazard - before == pytest.approx((0.0005 + pressure) * 1.6, abs=1e-12)


# --- stages -------------------------------------------------------------------------------------------------------


def test_stages_come_in_order_and_one_a_week():
    """However large the hazards: agenda, promise, decision, force in four weeks, and then no more."""
    run = start_run(small(("ombud",)), AT_ONCE)
    stages = []
    for week in range(7):
        advance(run.world, week)
        stages.append(int(run.world.demand[0].stage))
    assert stages == [1, 2, 3, 4, 4, 4, 4]
    assert stage_weeks(run) == {1: 0, 2: 1, 3: 2, 4: 3}


def test_a_decision_waits_for_its_day():
    """In force 26 weeks after the decision, also where the run begins with the decision."""
    run = play(start_run(small(("ombud",)), {**AT_ONCE, "force_delay": 26.0}))
    assert stage_weeks(run) == {1: 0, 2: 1, 3: 2, 4: 28}
    assert stage_weeks(play(start_run(small(("ombud",), policy={"stage": "decided"})))) == {4: 26}
    assert stage_weeks(play(start_run(small(("ombud",), policy={"stage": "force"})))) == {}


def test_more_pressure_never_delays_a_stage():
    """First arrival: in the same world, lobbying and a broader coalition bring every stage at least as early."""
    fast = {"agenda_pressure": 0.1, "promise_hazard": 0.02, "decision_hazard": 0.02, **STAY}
    ties = {"partnership": [{"members": ["ombud", "ngo"]}, {"members": ["ombud", "union"]}]}
    loud = [CAMPAIGN, {**LOBBY, "repeat_every": 4, "max_times": 60}]
    earlier = 0
    for replicate in range(12):
        weeks = []
        for plan, keys in (([CAMPAIGN], {}), (loud, {}), (loud, ties)):
            case = small(("ombud", "ngo", "union"), weeks=200, plan=plan, **keys)
            weeks.append(stage_weeks(play(start_run(case, fast, replicate=replicate))))
        for less, more in ((0, 1), (1, 2)):
            for stage, week in weeks[less].items():
                assert weeks[more][stage] <= week
                earlier += weeks[more][stage] < week
    assert earlier > 5


def test_the_share_of_worlds_on_the_agenda_is_that_of_the_hazard():
    """1 - exp(-0.0005 x 400 weeks) = 0.18 of the worlds, with nobody pressing."""
    worlds = sim.simulate(small(("government",), weeks=400), 600, seed=3)
    reached = (worlds.outcomes["policy_stage"] > 0).mean()
    assert reached == pytest.approx(0.181, abs=3.5 * (0.181 * 0.819 / 600) ** 0.5)
    assert measure("policy_stage").direction == 1


# --- what a decision changes ----------------------------------------------------------------------------------------


def test_a_decision_changes_the_base_rate_from_its_week_on():
    """p0 is multiplied once, in the week of the decision; a shock multiplies it further."""
    shock = {"when": 5, "verb": "shock", "what": "policy_change", "p0_factor": 2}
    run = start_run(small(("ombud",), policy={"base_rate_factor": 3}, plan=[shock]), AT_ONCE)
    factors = []
    for week in range(7):
        advance(run.world, week)
        factors.append(float(run.world.demand[0].base_rate_factor))
    assert factors == [1.0, 1.0, 3.0, 3.0, 3.0, 6.0, 6.0]
    for stage, factor in (("promised", 1.0), ("decided", 3.0), ("force", 3.0)):
        run = start_run(small(("ombud",), policy={"base_rate_factor": 3, "stage": stage}))
        assert run.world.demand[0].base_rate_factor == factor


def test_without_a_factor_politics_changes_nothing_else():
    """Off by default: all firms are the same to the last bit, whatever politics decides; with a factor they are not."""
    case = small(("ombud",), weeks=200, firms={"number": 60})
    still = play(start_run(case, NEVER_REACHED))
    moved = play(start_run(case, AT_ONCE))
    assert (still.world.demand[0].stage, moved.world.demand[0].stage) == (0, 4)
    assert moved.world.firm.tobytes() == still.world.firm.tobytes()
    pushed = play(start_run(case.replace(policy={"base_rate_factor": 20}), AT_ONCE))
    assert pushed.world.tallies[0].adopters > still.world.tallies[0].adopters


# --- plans, files, stories ------------------------------------------------------------------------------------------


def test_plans_can_wait_for_a_stage():
    """`policy` reads the stage at the end of last week, in words."""
    plan = [
        {"when": f"policy == '{word}'", "verb": "promise", "by": "ombud", "to": "ngo", "what": word, "due": 30}
        for word in Stage.words()
    ]
    run = play(start_run(small(("ombud", "ngo"), plan=plan), AT_ONCE), 8)
    assert [int(run.world.log.week[row]) for row in run.events(EventKind.PROMISE_MADE)] == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"policy": {"stage": "agreed"}}, "policy: stage: found 'agreed', expected one of none, agenda, promised"),
        ({"policy": {"base_rate_factor": -1}}, "policy: base_rate_factor: found -1, expected a number from 0 to 100"),
        ({"policy": {"demands": "x"}}, "policy: demands: unknown key, expected one of demand, stage, base_rate_factor"),
        ({"plan": [{**LOBBY, "on": "quota"}]}, "plan 1 (lobby): on: found 'quota', expected [policy] demand in the"),
        (
            {"plan": [{**LOBBY, "on": "quota"}], "policy": {"demand": "a quota"}},
            "plan 1 (lobby): on: found 'quota', expected its demand, 'a quota', or nothing",
        ),
    ],
)
def test_errors_about_politics_are_one_line(keys: dict[str, Any], message: str):
    with pytest.raises(InputError) as caught:
        small(("ombud",), **keys)
    assert str(caught.value).startswith("small: " + message)
    assert "\n" not in str(caught.value)


def test_a_demand_survives_writing_and_does_not_count_in_the_digest():
    """The words of the demand change no result; the stage and the factor do."""
    keys = {"plan": [{**LOBBY, "on": "a quota"}], "policy": {"demand": "a quota", "base_rate_factor": 2.0}}
    case = small(("ombud",), **keys)
    assert build(case.document(), "again") == case
    assert case.replace(policy={"demand": "a quota"}).digest() != case.digest()
    plain = small(("ombud",), policy={"demand": "a quota"})
    assert plain.digest() == small(("ombud",)).digest()


def test_the_story_tells_every_stage_and_names_the_demand_once():
    case = small(("ombud",), plan=[CAMPAIGN, LOBBY], policy={"demand": "a duty to report"})
    lines = sim.story(case, seed=1).lines
    assert any(line.text == "The ombud talks to politicians." for line in lines)
    run = play(start_run(case, AT_ONCE))
    told = [line.text for line in tell_world(run.setting, run.world) if line.kind == "policy_stage"]
    assert len(told) == 4
    assert "The ombud is heard in politics: the demand (a duty to report) comes onto the agenda (attention" in told[0]
    assert told[0].endswith("and it talks to them directly).")
    assert told[1] == "Politicians promise to meet the demand, for which one organisation presses."
    assert told[3] == "What was decided on the demand is in force."
    alone = play(start_run(small(("ombud",)), AT_ONCE), 1)
    (line,) = tell_world(alone.setting, alone.world)[:1]
    assert line.text == "The demand comes onto the political agenda, although nobody presses for it."
