"""Partnerships of three and more members, what partners do together, and what replicates draw about partnerships."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from one_run import Run, parameters, play, small, start_run

from sim.rules.alliances import towards_others
from sim.rules.elements import GUIDE, RECIPES, element_result, guide_quality, joint_result
from sim.rules.leaving import conflict_terms
from sim.rules.resources import hours_left
from sim.schedule import advance
from sim.vocabulary.events import EventKind
from sim.vocabulary.partnerships import State

STAY = {"exit_base": -500.0, "conflict_base": -500.0}
FOUR = ("ombud", "ngo", "union", "federation")
TABLE = {"members": ["ombud", "ngo", "union"], "joint": 0.5, "state": "formal"}


def table(*plan: dict[str, Any], weeks: int = 1, values: dict[str, float] | None = None, **keys: Any) -> Run:
    """A partnership of ombud (who asked), NGO and union, in a world with a federation."""
    rows = [{"id": name, "type": name, "champion": 0.0} for name in FOUR]
    case = small(organisation=rows, partnership=[{**TABLE, **keys}], plan=[*plan], weeks=60)
    return play(start_run(case, {**STAY, **(values or {})}), weeks)


def states(run: Run) -> dict[str, int]:
    pairs = (("ombud", "ngo"), ("ombud", "union"), ("ngo", "union"))
    return {f"{a}-{b}": int(run.partnership(a, b).state) for a, b in pairs}


# --- joint work of several ---------------------------------------------------------------------------------------


def test_everybody_sits_with_everybody_and_two_memberships_count():
    run = table(weeks=10)
    assert set(states(run).values()) == {State.FORMAL}
    assert run.world.tallies[0].partnership_weeks == 20  # of those who were asked
    assert run.partnership("ngo", "federation").state == State.NONE


def test_hours_are_booked_once_for_each_member():
    """H = 20 joint / (1 - m) for each, whatever the number of pairs."""
    run = table(values={"disagreement_rate": 0.0})
    for name in ("ombud", "ngo", "union"):
        assert run.organisation(name).hours_used == pytest.approx(20 * 0.5 / 0.8, abs=1e-12)
    assert run.organisation("federation").hours_used == 0.0


def test_the_member_with_least_time_slows_down_all():
    rows = [{"id": name, "type": name, "capacity": 5.0 if name == "union" else 100.0} for name in FOUR]
    case = small(organisation=rows, partnership=[TABLE])
    run = play(start_run(case, {**STAY, "disagreement_rate": 0.0}), 1)
    for a, b in (("ombud", "ngo"), ("ombud", "union"), ("ngo", "union")):
        assert run.partnership(a, b).joint == pytest.approx(0.5 * 5.0 / 12.5, abs=1e-12)
    assert hours_left(run.world, run.setting.row("union")) == pytest.approx(0.0, abs=1e-9)
    assert len(run.events(EventKind.JOINT_WORK_SCALED)) == 2  # one line a membership


def test_the_result_adds_up_what_all_bring():
    """Three who each bring a third of an input reach what none of them can."""
    skills = {"content": 0.34, "channel": 0.34, "legitimacy": 0.34}
    rows = [{"id": name, "type": name, "champion": 0.0, "skills": skills} for name in FOUR]
    both = start_run(small(organisation=rows, partnership=[{**TABLE, "members": ["ombud", "ngo"]}]), STAY)
    three = start_run(small(organisation=rows, partnership=[TABLE]), STAY)
    for run, available in ((both, 0.68), (three, 1.02)):
        k = run.world.partnership_of[run.setting.row("ombud"), run.setting.row("ngo")]
        assert joint_result(run.world, k, 0, 1.0) == pytest.approx(0.6 * available**0.95, abs=1e-12)


def test_disagreements_are_shared_out_among_the_pairs():
    """Rate D0 d joint / (members - 1) for each pair: three pairs of three members, half the rate each."""
    means = []
    for members in (["ombud", "ngo"], ["ombud", "ngo", "union"]):
        rows = [{"id": name, "type": name} for name in FOUR]
        dyads = [{"a": a, "b": b, "distance": 0.8} for a, b in (("ombud", "ngo"), ("ombud", "union"), ("ngo", "union"))]
        case = small(organisation=rows, partnership=[{**TABLE, "members": members}], dyad=dyads, weeks=1)
        counts = []
        for replicate in range(400):
            run = play(start_run(case, STAY, replicate=replicate, events=0))
            counts.append(float(run.world.tallies[0].disagreements))
        means.append(np.mean(counts))
    assert means[0] == pytest.approx(2.5 * 0.8 * 0.5, abs=0.16)  # 4 standard errors
    assert means[1] == pytest.approx(3 * 2.5 * 0.8 * 0.5 / 2, abs=0.22)


def test_one_result_and_one_decision_for_the_whole_partnership():
    run = table(weeks=20, values={"disagreement_rate": 0.0})
    assert run.world.tallies[0].joint_result == pytest.approx(
        20 * 0.5 * run.partnership("ombud", "ngo").result, rel=1e-9
    )
    years = start_run(small(organisation=[{"id": n, "type": n} for n in FOUR], partnership=[TABLE], weeks=60), STAY)
    play(years)  # one January: the ombud decides once
    assert len(years.events(EventKind.PLAN_DECIDED)) == 1


# --- feelings towards several ------------------------------------------------------------------------------------


def test_trust_is_the_mean_and_grievance_the_largest():
    run = table()
    run.relation("union", "ombud").trust, run.relation("union", "ngo").trust = 0.2, 0.8
    run.relation("union", "ombud").grievance, run.relation("union", "ngo").grievance = 0.1, 0.3
    j = run.setting.row("union")
    run.world.held[j, run.setting.row("ombud")], run.world.held[j, run.setting.row("ngo")] = 0.9, 0.2
    k = run.world.partnership_of[run.setting.row("ombud"), run.setting.row("union")]
    assert towards_others(run.world, k, run.setting.row("union")) == pytest.approx((0.5, 0.3, 0.9, 0.0))
    p = parameters()
    assert conflict_terms(run.world, k, j)[3] == pytest.approx(0.0, abs=1e-12)
    assert conflict_terms(run.world, k, j)[2] == pytest.approx(p.exit_grievance * 0.3, abs=1e-12)


# --- coming and going --------------------------------------------------------------------------------------------

ALL = ["ombud", "ngo", "union"]


def test_who_leaves_takes_only_its_own_membership_along():
    leaving = {"when": 3, "verb": "exit", "by": "union", "partnership": ALL}
    run = table(leaving, weeks=6)
    assert states(run) == {
        "ombud-ngo": State.FORMAL, "ombud-union": State.COOLING, "ngo-union": State.COOLING,
    }  # fmt: skip
    assert run.world.tallies[0].exits == 1
    before = table(weeks=3)
    for name in ("ombud", "ngo"):  # all who stay trust it less
        assert run.relation(name, "union").trust < 0.7 * before.relation(name, "union").trust
    assert run.relation("ombud", "ngo").trust > 0.9 * before.relation("ombud", "ngo").trust


def test_the_partnership_outlives_who_called_it_together():
    """The initiator hands over: the others go on, and the one who went may come back as a member."""
    leaving = {"when": 3, "verb": "exit", "by": "ombud", "partnership": ALL}
    run = table(leaving, weeks=6)
    assert states(run) == {
        "ombud-ngo": State.COOLING, "ombud-union": State.COOLING, "ngo-union": State.FORMAL,
    }  # fmt: skip
    assert run.world.alliance[0].initiator == run.setting.row("ngo")
    assert run.partnership("ngo", "union").link == 0
    assert run.partnership("ombud", "union").link == 1
    again = table(
        leaving, {"when": 20, "verb": "reapproach", "by": "ngo", "to": "ombud"}, weeks=22,
        values={"forgiveness_spread": 0.0},
    )  # fmt: skip
    assert again.partnership("ombud", "ngo").state == State.INFORMAL
    assert again.partnership("ombud", "union").state == State.INFORMAL  # linked again


def test_the_list_of_the_scenario_says_who_is_next():
    """Not the ids: relabelled members hand over to the same one; who goes for good ends its own membership only."""
    leaving = {"when": 3, "verb": "exit", "by": "ombud", "partnership": ALL, "final": True}
    run = table(leaving, weeks=6, members=["ombud", "union", "ngo"])
    assert run.world.alliance[0].initiator == run.setting.row("union")
    assert states(run) == {
        "ombud-ngo": State.COOLING, "ombud-union": State.ENDED, "ngo-union": State.FORMAL,
    }  # fmt: skip


def test_two_leavers_end_the_joint_work():
    plan = [{"when": 3, "verb": "exit", "by": name, "partnership": ALL} for name in ("union", "ngo")]
    run = table(*plan, weeks=6)
    assert all(state == State.COOLING for state in states(run).values())
    assert run.partnership("ombud", "ngo").joint == 0.0


def test_each_answers_for_itself_and_signs_for_itself():
    """A planned partnership: the first member asks the others one by one; who says yes is in."""
    ask = [{"when": 1, "verb": "approach", "by": "ombud", "to": name} for name in ("ngo", "union")]
    signing = {"when": 4, "verb": "sign", "by": "ombud", "members": ALL}
    signing.pop("by")
    yes = table(*ask, signing, weeks=8, state="none", values={"accept_base": 500.0})
    assert set(states(yes).values()) == {State.FORMAL}
    assert yes.organisation("ngo").hours_total >= 16.0
    rows = [{"id": name, "type": name} for name in FOUR]
    dyads = [{"a": "ombud", "b": "union", "trust_ba": 0.0}]
    case = small(organisation=rows, partnership=[{**TABLE, "state": "none"}], dyad=dyads, plan=ask)
    some = play(start_run(case, {**STAY, "accept_base": 10.0, "accept_trust": 1000.0}), 3)
    assert states(some) == {
        "ombud-ngo": State.INFORMAL, "ombud-union": State.NONE, "ngo-union": State.NONE,
    }  # fmt: skip


def test_celebrating_and_the_shadow_concern_all_members():
    plan = [
        {"when": 5, "verb": "celebrate", "partnership": ALL, "by": "union", "cost": 0},
        {"when": 6, "verb": "go_shadow", "partnership": ALL, "by": "ombud"},
        {"when": 9, "verb": "go_public", "partnership": ALL, "by": "ombud"},
    ]
    shadow = table(*plan, weeks=8)
    assert all(
        shadow.partnership(a, b).visibility == 1 for a, b in (("ombud", "ngo"), ("ombud", "union"), ("ngo", "union"))
    )
    assert all(shadow.partnership(a, b).celebration_week == 5 for a, b in (("ombud", "ngo"), ("ngo", "union")))
    public = table(*plan, weeks=11, values={"accept_base": 500.0})
    assert all(
        public.partnership(a, b).visibility == 0 for a, b in (("ombud", "ngo"), ("ombud", "union"), ("ngo", "union"))
    )


def test_ledgers_and_ranges_hold_through_comings_and_goings():
    """Random exits and returns of a partnership of four, week by week."""
    rows = [{"id": name, "type": name} for name in FOUR]
    everyone = {**TABLE, "members": [*FOUR], "state": "informal"}
    campaign = {
        "when": 5, "verb": "launch_campaign", "by": "ombud", "tone": 0.9, "weeks": 8, "budget": 1000,
    }  # fmt: skip
    case = small(organisation=rows, partnership=[everyone], plan=[campaign], weeks=150, topic="work_equality")
    seen = set()
    for replicate in range(8):
        run = start_run(case, {"exit_base": -5.0, "conflict_base": -4.0, "return_grievance": 0.4}, replicate=replicate)
        for week in range(150):
            advance(run.world, week)
            assert run.world.account.sum() == 0
            members = [k for k in range(len(run.world.partnership)) if run.world.partnership[k].alliance == 0]
            for k in members:
                tie = run.world.partnership[k]
                if tie.link == 1:
                    hub = int(run.world.alliance[0].initiator)
                    ends = [run.world.partnership[run.world.partnership_of[hub, int(m)]].state for m in (tie.a, tie.b)]
                    both = all(s in (State.INFORMAL, State.FORMAL) for s in ends)
                    assert (tie.state in (State.INFORMAL, State.FORMAL)) == both
            for who in run.world.organisation:
                assert who.hours_used <= who.capacity_now + 1e-9
            assert run.world.tallies[0].returns <= run.world.tallies[0].exits
        assert run.world.tallies[0].clips == 0
        seen.add((int(run.world.tallies[0].exits), int(run.world.tallies[0].returns)))
    assert len(seen) > 3


def test_relabelled_members_swap_their_fates():
    """V18 for several: ids and rows swapped together swap what happens."""

    def trusts(first: str, second: str) -> tuple[float, float]:
        rows = [{"id": "ombud", "type": "ombud"}, {"id": first, "type": "ngo"}, {"id": second, "type": "union"}]
        case = small(organisation=rows, partnership=[{**TABLE, "members": ["ombud", first, second]}])
        quiet = {**STAY, "disagreement_rate": 0.0, "champion_leaving_rate": 0.0}
        run = play(start_run(case, quiet), 20)
        return float(run.relation("ombud", first).trust), float(run.relation(first, second).trust)

    assert trusts("alpha", "beta") == pytest.approx(trusts("beta", "alpha"), abs=1e-12)


# --- elements ----------------------------------------------------------------------------------------------------


def test_recipes_are_shares():
    np.testing.assert_allclose(RECIPES.sum(axis=1), 1.0)


def test_the_result_is_the_mean_over_the_elements():
    rows = [{"id": name, "type": name, "champion": 0.0} for name in ("ombud", "ngo")]
    pair = {"members": ["ombud", "ngo"], "elements": ["survey", "guide"], "element_eur": {"survey": 5_000}}
    weak = [{**row, "skills": {"evidence": 0.1, "money": 0.05, "legitimacy": 0.25}} for row in rows]
    run = start_run(small(organisation=weak, partnership=[pair]), STAY)
    k = run.world.partnership_of[0, 1]
    survey = (0.2**0.5 * max(0.1, 5_000 / 20_000) ** 0.3 * 0.5**0.2) ** 0.95
    guide = (1.2**0.4 * 1.0**0.3 * 0.5**0.3) ** 0.95  # ombud and NGO together have content and channel
    assert element_result(run.world, k, 0) == pytest.approx(survey, abs=1e-12)
    assert joint_result(run.world, k, 0, 1.0) == pytest.approx(0.6 * (survey + guide) / 2, abs=1e-12)


def test_a_guide_is_as_good_as_its_authors_complement_each_other():
    """Alone the ombud lacks the channel; with the federation nothing lacks, and the federation passes it on."""
    rows = [{"id": name, "type": name, "champion": 1.0, "annual_budget": 90_000} for name in ("ombud", "federation")]
    tie = {"members": ["ombud", "federation"], "joint": 0.3}
    run = start_run(small(organisation=rows, partnership=[tie]), STAY)
    ombud = run.setting.row("ombud")
    assert guide_quality(run.world, ombud, -1) == pytest.approx((0.6**0.3 * 0.2**0.3) ** 0.95, abs=1e-12)
    assert guide_quality(run.world, ombud, 0) == pytest.approx(1.0, abs=1e-12)
    together = {"when": 0, "verb": "publish_guide", "by": "ombud", "with": "federation"}
    alone = {"when": 0, "verb": "publish_guide", "by": "ombud"}
    carried = []
    for plan in ([together], [alone], []):
        played = play(start_run(small(organisation=rows, partnership=[tie], plan=plan), STAY), 1)
        carried.append(float(played.organisation("federation").carries))
    assert carried[0] > carried[1] == carried[2] > 0.0
    joint = 1.0 - np.exp(-0.10 * float(played.world.tallies[0].joint_result))
    assert carried[2] == pytest.approx(joint)
    assert carried[0] > 0.25
    played = play(start_run(small(organisation=rows, partnership=[tie], plan=[together]), STAY), 1)
    assert played.partnership("ombud", "federation").elements == 1 << GUIDE


def test_a_campaign_of_partners_is_an_element_of_their_partnership():
    campaign = {
        "when": 1, "verb": "launch_campaign", "by": "ombud", "cosenders": ["ngo"], "budget": 10_000,
        "elements": ["information", "communication"],
    }  # fmt: skip
    rows = [{"id": name, "type": name} for name in ("ombud", "ngo", "union")]
    pairs = [{"members": ["ombud", "ngo"]}, {"members": ["ombud", "union"]}]
    run = play(start_run(small(organisation=rows, partnership=pairs, plan=[campaign]), STAY), 3)
    assert run.partnership("ombud", "ngo").elements == 0b10010
    assert run.partnership("ombud", "union").elements == 0
    k = run.world.partnership_of[run.setting.row("ombud"), run.setting.row("ngo")]
    assert run.world.element_eur[k].tolist() == [0.0, 0.0, 0.0, 0.0, 10_000.0]


# --- what replicates draw ----------------------------------------------------------------------------------------


def test_traits_of_partnerships_are_drawn_from_their_prior():
    drawn = {"integrated": 4 / 7, "formal": 0.5, "direct": 0.5, "structure": [0.0, 1.0], "trust": [0.4, 0.7]}
    rows = [{"id": "town", "type": "government"}, {"id": "firm_001", "type": "firm", "champion": 0.6}]
    tie = {"members": ["town", "firm_001"], "state": "none", "drawn": drawn}
    ask = {"when": 0, "verb": "approach", "by": "town", "to": "firm_001"}
    case = small(organisation=rows, partnership=[tie], plan=[ask], weeks=1)
    found = []
    for replicate in range(400):
        run = start_run(case, {"accept_base": 500.0}, replicate=replicate, events=0)
        pair = run.partnership("town", "firm_001")
        found.append(
            (pair.model, pair.signs_at_once, pair.direct, pair.structure, run.relation("town", "firm_001").trust)
        )
        if replicate < 20:
            play(run, 1)
            assert run.partnership("town", "firm_001").state == (State.FORMAL if found[-1][1] else State.INFORMAL)
    means = np.mean(np.array(found, float), axis=0)
    error = 4 * np.array([math.sqrt(0.25 / 400)] * 3 + [0.29 / 20, 0.3 * 0.29 / 20])
    assert (np.abs(means - [4 / 7, 0.5, 0.5, 0.5, 0.55]) < error).all()
    trust = np.array(found, float)[:, 4]
    assert trust.min() >= 0.4
    assert trust.max() <= 0.7
