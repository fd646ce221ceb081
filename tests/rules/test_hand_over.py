"""What a partnership of three and more keeps when members come and go: its work, terms, money, promises to itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from one_run import Run, play, small, start_run

from sim.rules.elements import guide_quality
from sim.schedule import advance
from sim.vocabulary.events import EventKind
from sim.vocabulary.partnerships import State

STAY = {"exit_base": -500.0, "conflict_base": -500.0, "champion_leaving_rate": 0.0}
WILLING = {**STAY, "accept_base": 500.0, "approve_base": 500.0}
GRANTED = {"award_full": 0.4, "grant_trust": 0.6}
FOUR = ("ombud", "ngo", "union", "federation")
ALL = ["ombud", "ngo", "union"]
ACTIVE = (State.INFORMAL, State.FORMAL)


def table(*plan: dict[str, Any], weeks: int = 1, values: dict[str, float] | None = None, **keys: Any) -> Run:
    """A partnership of ombud (who asked), NGO and union, with a federation and a government looking on."""
    more = keys.pop("organisations", {})
    rows = [
        {
            "id": name,
            "type": name,
            "champion": 0.0,
            "annual_budget": 90_000,
            "reapproach_interval": "never",
            **more.get(name, {}),
        }
        for name in (*FOUR, "government")
    ]
    tie = {"members": ALL, "joint": 0.5, "state": "formal", **keys}
    case = small(
        organisation=rows, partnership=[tie], plan=[*plan], weeks=200, policy={"demand": "a quota", "law_rate": 0.0}
    )
    return play(start_run(case, {**WILLING, **(values or {})}), weeks)


def leaves(who: str, week: int) -> dict[str, Any]:
    return {"when": week, "verb": "exit", "by": who, "partnership": ALL}


def asks_again(by: str, to: str, week: int) -> dict[str, Any]:
    return {"when": week, "verb": "reapproach", "by": by, "to": to}


# --- whoever calls the members together ---------------------------------------------------------------------------


def test_a_member_keeps_its_exits_and_returns():
    """No return without an exit: the membership goes on under the new initiator."""
    run = table(leaves("union", 3), leaves("ombud", 6), asks_again("ngo", "union", 20), weeks=22)
    assert (run.partnership("ngo", "union").exits, run.partnership("ngo", "union").returns) == (1, 1)
    assert (run.partnership("ombud", "union").exits, run.partnership("ombud", "union").returns) == (0, 0)
    assert (run.world.tallies[0].exits, run.world.tallies[0].returns) == (2, 1)
    assert run.partnership("ngo", "union").state == State.INFORMAL


def test_durations_belong_to_the_membership():
    """A second exit after a hand-over does not end the time away that is over."""
    run = table(
        leaves("union", 3), asks_again("ombud", "union", 20), leaves("ombud", 25), leaves("union", 30), weeks=35
    )
    rows = run.world.spell[: run.world.tallies[0].spells]
    away = [(int(s.start), int(s.end)) for s in rows if s.kind == 1]
    assert away == [(3, 20), (25, -1), (30, -1)]
    assert [int(s.end) for s in rows if s.kind == 0] == [25, 3]  # ngo-ombud, ombud-union


def test_the_work_goes_on_as_planned():
    """Joint work, elements, model and what is expected of the results do not depend on who calls."""
    keys = {"elements": ["guide"], "model": "integrated", "joint": [0.7]}
    before = table(weeks=10, **keys)
    after = table(leaves("ombud", 3), weeks=10, **keys)
    tie = after.partnership("ngo", "union")
    assert tie.joint == pytest.approx(0.7)
    assert tie.elements == before.partnership("ombud", "union").elements
    assert tie.model == 1
    assert tie.reference_result == pytest.approx(float(before.partnership("ombud", "union").reference_result))
    assert tie.joint_total == pytest.approx(10 * 0.7)


def test_the_value_of_a_partnership_outlives_a_hand_over():
    """V is that of the member and the partnership, whoever calls."""
    run = table(leaves("ombud", 3), weeks=3)
    run.relation("union", "ombud").value = run.relation("union", "ombud").value_start = 0.91
    advance(run.world, 3)
    assert run.relation("union", "ngo").value_start == 0.91


def test_only_whoever_called_the_members_together_invites():
    ask = {"when": 1, "verb": "approach", "by": "union", "to": "ombud"}
    run = table(ask, weeks=3, state="none")
    assert run.world.tallies[0].refused == 1
    assert run.partnership("ombud", "union").state == State.NONE
    terms = [
        {"when": 1, "verb": "approach", "by": "ombud", "to": "union", "purpose": "meeting"},
        {"when": 3, "verb": "offer_terms", "by": "union", "to": "ombud", "items": 7},
    ]
    talked = table(*terms, weeks=5, state="none").partnership("ombud", "union")
    assert talked.state == State.INFORMAL
    assert talked.initiator == talked.a if talked.member == talked.b else talked.b
    assert table(*terms, weeks=5, state="none").setting.ids[talked.initiator] == "ombud"


def test_conditions_see_linked_members_part_and_meet_again():
    seen = [
        {"when": "exited(ngo, union)", "verb": "lobby", "by": "ngo", "label": "parted"},
        {"when": "returned(ngo, union)", "verb": "lobby", "by": "federation", "label": "again", "side": "for"},
    ]
    run = table(leaves("union", 3), asks_again("ombud", "union", 20), *seen, weeks=30)
    assert [int(run.organisation(name).lobby_week) for name in ("ngo", "federation")] == [4, 21]


def test_rules_of_deference_are_those_of_the_partnership():
    """Where the one who asked wants everything negotiated, members who were both asked negotiate too."""
    run = table(organisations={"ombud": {"deference": "never"}}, weeks=60, values={"disagreement_rate": 4.0})
    assert run.world.tallies[0].disagreements > 50
    assert run.world.tallies[0].deferred == 0


def test_two_who_do_not_lead_go_by_expertise():
    """The rule `lead` says nothing about two others; the NGO knows less of content than the union."""
    quarrels = {"disagreement_rate": 40.0, "deference_midpoint": 0.0}
    run = table(organisations={"ombud": {"deference": "lead"}}, weeks=20, values=quarrels)
    rows = [row for row in run.events(EventKind.DISAGREEMENT) if run.setting.row("ombud") != run.world.log[row].actor]
    pairs = {(int(run.world.log[row].actor), int(run.world.log[row].other)) for row in rows}
    ngo, ombud, union = (run.setting.row(name) for name in ("ngo", "ombud", "union"))
    given = run.world.log_number[[row for row in rows if run.world.log[row].other == union]][:, 1:3].sum(axis=0)
    assert (ngo, union) in pairs
    assert given.min() > 0.0  # the channel is a draw
    led = run.world.log_number[[row for row in rows if run.world.log[row].other == ombud]][:, 1:3].sum(axis=0)
    assert led[1] == 0.0  # to the ombud, who leads, the NGO gives way


# --- money --------------------------------------------------------------------------------------------------------


def test_one_grant_a_year_for_one_partnership():
    run = table(organisations={"ngo": {"apply_yearly": True}}, lead="ngo", weeks=20, values=GRANTED)
    awarded = run.events(EventKind.GRANT_AWARDED)
    assert len(awarded) == 1
    assert run.world.tallies[0].grants == run.organisation("ngo").last_grant
    assert run.world.account.sum() == 0


def test_the_annual_plan_knows_of_the_grant():
    """The share from outside counts, whichever pair the money stands with."""
    for members in (["ombud", "union", "ngo"], ["ombud", "ngo", "union"]):
        run = table(
            organisations={"ngo": {"apply_yearly": True}}, lead="ngo", members=members, weeks=22, values=GRANTED
        )
        (row,) = run.events(EventKind.PLAN_DECIDED)
        assert run.world.log_cause[row, 1] == pytest.approx(2.0)


def test_a_no_of_the_leaders_holds_for_all_of_the_partnership():
    """Also when the member leaves with whom it happened to be written down, and when it comes back later."""
    run = table(leaves("ngo", 22), weeks=25, values={"approve_base": 0.0, "approve_ask": 1000.0})
    assert len(run.events(EventKind.PLAN_DECIDED)) == 1
    assert run.partnership("ombud", "union").joint == pytest.approx(0.25)
    campaign = {
        "when": 24, "verb": "launch_campaign", "by": "ombud", "cosenders": ["union"], "budget": 100.0,
    }  # fmt: skip
    refused = table(leaves("ngo", 22), campaign, weeks=26, values={"approve_base": 0.0, "approve_ask": 1000.0})
    assert refused.world.tallies[0].refused == 1


def test_a_grant_is_spent_also_after_a_hand_over():
    """The money stays with the partnership when the pair it was written down with is one no longer."""
    season = {"start": "10-01", "end": "12-20", "joint": 0.5}
    keys = {"lead": "ngo", "grant": 10_000, "season": season, "advertising_share": 0.0}
    for members in (["union", "ngo", "federation"], ["union", "federation", "ngo"]):
        gone = {"when": 1, "verb": "exit", "by": "union", "partnership": members}
        stayed = table(members=members, weeks=16, **keys)
        handed = table(gone, members=members, weeks=16, **keys)
        for run in (stayed, handed):
            assert run.organisation("ngo").cost == 1_000_000
        assert handed.world.alliance[0].initiator == handed.setting.row(members[1])


def test_a_lead_that_left_gets_no_grant():
    apply = {"ngo": {"apply_yearly": True}}
    assert not table(leaves("ngo", 3), organisations=apply, lead="ngo", weeks=20).events(EventKind.GRANT_AWARDED)


def test_the_lead_of_the_file_leads_once_the_partnership_forms():
    rows = [{"id": name, "type": name, "apply_yearly": True} for name in ("ombud", "ngo", "government")]
    ask = {"when": 0, "verb": "approach", "by": "ombud", "to": "ngo"}
    tie = {"members": ["ombud", "ngo"], "state": "none", "lead": "ngo"}
    run = play(start_run(small(organisation=rows, partnership=[tie], plan=[ask]), {**WILLING, **GRANTED}), 20)
    assert run.setting.ids[run.partnership("ombud", "ngo").lead] == "ngo"
    assert len(run.events(EventKind.GRANT_AWARDED)) == 1


def test_the_part_of_a_grant_for_advertising_is_that_of_each_year():
    """What was advertised last year leaves this year's reserve whole."""
    rows = [{"id": name, "type": name} for name in ("ngo", "ombud", "government")]
    tie = {"members": ["ombud", "ngo"], "lead": "ngo", "grant": 10_000, "advertising_share": 0.4}
    campaign = {
        "when": 1, "verb": "launch_campaign", "by": "ngo", "tone": 0.0, "weeks": 4, "budget_share": 0.4,
    }  # fmt: skip
    run = play(start_run(small(organisation=rows, partnership=[tie], plan=[campaign]), WILLING), 10)
    assert run.partnership("ombud", "ngo").advertised == 400_000
    assert play(run, 20, first=10).partnership("ombud", "ngo").advertised == 0


def test_what_is_left_of_a_grant_goes_back_without_a_new_application():
    """The reporting duty is that of the grant, not of the next one."""
    run = table(lead="ngo", grant=10_000, weeks=20)
    (row,) = run.events(EventKind.GRANT_RETURNED)
    assert run.world.log_number[row, 0] == 10_000.0
    assert run.partnership("ombud", "ngo").grant_left == 0
    assert run.world.account.sum() == 0


def test_a_campaign_of_several_brings_its_budget_once():
    campaign = {
        "when": 1, "verb": "launch_campaign", "by": "ombud", "cosenders": ["ngo", "union"], "budget": 10_000,
        "elements": ["communication"],
    }  # fmt: skip
    run = table(campaign, weeks=3)
    for a, b in (("ombud", "ngo"), ("ombud", "union"), ("ngo", "union")):
        k = run.world.partnership_of[run.setting.row(a), run.setting.row(b)]
        assert run.world.element_eur[k].sum() == 10_000.0


# --- contact persons, structure, drawn traits ------------------------------------------------------------------------


def test_a_contact_person_stays_while_somebody_is_left_to_contact():
    named = {"when": 2, "verb": "set_focal_point", "org": "ombud", "partnership": ALL}
    run = table(named, leaves("ngo", 4), weeks=6)
    assert run.partnership("ombud", "union").focal_points == 1
    assert run.organisation("ombud").standing_hours == 2.0
    alone = table(named, leaves("ngo", 4), leaves("union", 5), weeks=7)
    assert alone.organisation("ombud").standing_hours == 0.0


def test_a_contact_person_goes_with_its_organisation():
    named = {"when": 2, "verb": "set_focal_point", "org": "union", "partnership": ALL}
    run = table(named, leaves("ombud", 4), leaves("union", 6), weeks=8)
    assert run.organisation("union").standing_hours == 0.0
    assert run.partnership("ngo", "union").focal_points == 0


def test_items_add_to_a_drawn_structure():
    rows = [{"id": name, "type": name} for name in ("ombud", "ngo")]
    tie = {"members": ["ombud", "ngo"], "drawn": {"structure": [0.5, 0.5]}}
    named = {"when": 2, "verb": "set_focal_point", "org": "ombud", "partnership": ["ombud", "ngo"]}
    gone = {"when": 5, "verb": "exit", "by": "ngo", "partnership": ["ombud", "ngo"]}
    run = play(start_run(small(organisation=rows, partnership=[tie], plan=[named, gone]), STAY), 4)
    assert run.partnership("ombud", "ngo").structure == 0.625
    assert play(run, 7, first=4).partnership("ombud", "ngo").structure == 0.5


def test_traits_are_drawn_once_for_a_partnership():
    rows = [{"id": name, "type": name} for name in FOUR]
    tie = {"members": ALL, "drawn": {"integrated": 0.5, "structure": [0.0, 1.0]}}
    case = small(organisation=rows, partnership=[tie], weeks=1)
    models = set()
    for replicate in range(20):
        run = start_run(case, STAY, replicate=replicate)
        first, second = run.partnership("ombud", "ngo"), run.partnership("ombud", "union")
        assert first.model == second.model
        assert first.structure == second.structure == run.partnership("ngo", "union").structure
        models.add(int(first.model))
    assert models == {0, 1}


def test_a_guide_of_several_counts_every_champion():
    run = table(organisations={"union": {"champion": 1.0}})
    run.world.skill[:] /= 4.0  # so that not even all of them have all it needs
    k = run.world.partnership_of[run.setting.row("ombud"), run.setting.row("ngo")]
    with_champion = guide_quality(run.world, run.setting.row("ombud"), k)
    run.organisation("union").champion = 0
    assert with_champion == pytest.approx(guide_quality(run.world, run.setting.row("ombud"), k) * 0.8 / 0.6)


def test_a_partner_who_had_left_before_the_run_brings_expectations_back():
    """Value moves after a return as after any other: it had a reference all along."""
    rows = [{"id": name, "type": name} for name in ("ombud", "union")]
    tie = {"members": ["ombud", "union"], "state": "cooling"}
    case = small(organisation=rows, partnership=[tie], weeks=60)
    run = play(start_run(case, {**STAY, "self_return_rate": 1.0}))
    assert run.partnership("ombud", "union").state in ACTIVE
    assert run.partnership("ombud", "union").reference_result > 0.0
    assert np.isfinite(run.relation("union", "ombud").value)


# --- in public and in the shadow -------------------------------------------------------------------------------------


def test_who_stayed_in_the_shadow_can_be_asked_again():
    """The one who said no is asked again, though the others are seen already; and all can be hidden again."""
    ask = {"when": 5, "verb": "go_public", "by": "ombud", "partnership": ALL}
    hide = {"when": 9, "verb": "go_shadow", "by": "ombud", "partnership": ALL}
    mixed = [
        {"when": 1, "verb": "go_shadow", "by": "union", "partnership": ALL},
        {"when": 1, "verb": "go_shadow", "by": "ngo", "partnership": ALL},
    ]
    for alone in mixed:
        run = table(alone, ask, weeks=7)
        assert [run.partnership("ombud", name).visibility for name in ("ngo", "union")] == [0, 0]
        hidden = table(alone, hide, weeks=11)
        assert [hidden.partnership("ombud", name).visibility for name in ("ngo", "union")] == [1, 1]


# --- whatever the plan -----------------------------------------------------------------------------------------------

MEMBERS = ["federation", "ngo", "ombud", "union"]
goings = st.lists(
    st.tuples(
        st.integers(0, 70),
        st.sampled_from(["exit", "reapproach", "set_focal_point", "celebrate", "go_shadow", "approach", "promise"]),
        st.permutations(MEMBERS),
    ),
    min_size=4,
    max_size=30,
)


def _action(week: int, verb: str, order: list[str]) -> dict[str, Any]:
    two = {"by": order[0], "to": order[1]}
    found: dict[str, Any] = {"when": week, "verb": verb, "hours": 1}
    if verb == "set_focal_point":
        return {**found, "org": order[0], "partnership": MEMBERS}
    if verb == "celebrate":
        return {**found, "by": order[0], "partnership": MEMBERS, "cost": 0}
    if verb == "promise":
        return {**found, **two, "what": "film", "due": 79}
    if verb in ("reapproach", "approach"):
        return {**found, **two, "repeat_every": 4, "max_times": 6}
    return {**found, "by": order[0], "partnership": MEMBERS}


@settings(deadline=None, derandomize=True, max_examples=40, suppress_health_check=list(HealthCheck))
@given(
    plan=goings, start=st.sampled_from(["none", "informal", "formal", "cooling"]), exits=st.sampled_from([-2.5, -9.0])
)
def test_memberships_keep_their_books_whatever_the_plan(plan, start, exits):
    """One initiator, no return without an exit, 13 weeks apart at least, one spell for each exit, no hour leaks."""
    rows = [{"id": name, "type": name} for name in MEMBERS]
    tie = {"members": ["ombud", "ngo", "union", "federation"], "state": start}
    case = small(organisation=rows, partnership=[tie], plan=[_action(*row) for row in plan], weeks=80)
    values = {"accept_base": 5.0, "exit_base": exits - 2.0, "conflict_base": exits, "return_grievance": 0.9}
    run = start_run(case, values)
    w = run.world
    before: dict[int, tuple[int, int, int, int]] = {}
    for week in range(80):
        advance(w, week)
        hub = int(w.alliance[0].initiator)
        now = {}
        for tie in w.partnership[w.partnership.link == 0]:
            assert tie.initiator == hub
            assert tie.returns <= tie.exits
            now[int(tie.member)] = (int(tie.state), int(tie.exits), int(tie.returns), int(tie.exit_week))
        for member, (state, left, returned, _) in now.items():
            was, left_before, returned_before, week_left = before.get(member, (0, 0, 0, 0))
            assert left >= left_before or member not in before
            if was == State.COOLING and state in ACTIVE:
                assert returned == returned_before + 1
                assert week - week_left >= 13
        before = now
        assert w.partnership[w.partnership.link == 1].exits.sum() == 0
        tallies = w.tallies[0]
        assert (tallies.exits, tallies.returns) == (w.partnership.exits.sum(), w.partnership.returns.sum())
        away = [spell for spell in w.spell[: tallies.spells] if spell.kind == 1]
        assert (len(away), sum(spell.end >= 0 for spell in away)) == (tallies.exits - tallies.lapses, tallies.returns)
        named = w.partnership.focal_by[w.partnership.focal_by >= 0]
        assert w.organisation.standing_hours.sum() == pytest.approx(2.0 * len(named))
        assert w.account.sum() == 0
