"""How partnerships end, and what can be done about it: competing risks, terms, members' complaint, understanding."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from one_run import Run, parameters, play, simulate, small, start_run

from sim.rules.credibility import standing
from sim.rules.discovery import count_who_know
from sim.rules.leaving import conflict_terms, drift_terms, renewal_chance
from sim.rules.members import complain, complaint_of_member
from sim.rules.trust import kept_up
from sim.rules.understanding import exit_pressure, understanding
from sim.schedule import advance
from sim.vocabulary.events import EndCause, EventKind, ExitCause, Reason
from sim.vocabulary.partnerships import State

STILL = {"exit_base": -500.0, "conflict_base": -500.0, "director_rate": 0.0}
PAIR = {"members": ["ombud", "federation"], "state": "informal", "joint": 0.3}
NO_RENEWAL = {"renewal_base": -500.0}
CAMPAIGN = {"when": 8, "verb": "launch_campaign", "by": "ombud", "tone": 0.9, "weeks": 8, "label": "loud"}


def pair(
    plan: list[dict[str, Any]] | None = None,
    values: dict[str, float] | None = None,
    *,
    replicate: int = 0,
    weeks: int | None = None,
    **keys: Any,
) -> Run:
    """Run the partnership of an ombud with a federation that agrees on nothing beside it."""
    found: dict[str, Any] = {"partnership": [PAIR], "weeks": 100, "topic": "work_equality", **keys}
    case = small(("ombud", "federation"), plan=plan or [], **found)
    return play(start_run(case, {**STILL, **(values or {})}, replicate=replicate), weeks)


def reasons(run: Run) -> list[str]:
    return [Reason(int(run.world.log_number[row, 3])).word for row in run.events(EventKind.ACTION_REFUSED)]


def causes(run: Run) -> list[str]:
    return [ExitCause(int(run.world.log_number[row, 0])).word for row in run.events(EventKind.EXIT)]


# --- terms ------------------------------------------------------------------------------------------------------------


def test_the_share_renewed_is_that_of_the_logit():
    """Sigma(r0 + rV (V - 1/2)) of the lesser value, by one draw a term; without a term nothing ends as planned."""
    p = parameters()
    assert renewal_chance(0.5, p) == pytest.approx(1 / (1 + math.exp(-2.5)))
    keys = {"partnership": [{**PAIR, "term": 20, "joint": 0.0}], "dyad": [
        {"a": "ombud", "b": "federation", "value_ab": 0.7, "value_ba": 0.2}]}  # fmt: skip
    case = small(("ombud", "federation"), weeks=21, **keys)
    values = {**STILL, "value_rate": 0.0, "renewal_base": 1.2}
    worlds = simulate(case, 600, seed=4, parameters=values, beyond_range=True)
    expected = 1 / (1 + math.exp(-(1.2 - 4 * 0.3)))
    assert (worlds.outcomes["planned_ends"] == 0).mean() == pytest.approx(expected, abs=0.07)
    open_end = case.replace(partnership=[{**PAIR, "term": 0}])
    assert simulate(open_end, 50, seed=4, parameters=values, beyond_range=True).outcomes["planned_ends"].sum() == 0


def test_a_planned_end_and_a_lapse_leave_no_bitterness():
    """Trust, anchor and grievance are those of the twin that goes on; the state is CONTACT, and one may ask again."""
    ask = {"when": 60, "verb": "approach", "by": "ombud", "to": "federation", "repeat_every": 2, "max_times": 20}
    term = pair([ask], NO_RENEWAL, partnership=[{**PAIR, "term": 50, "joint": 0.0}], weeks=51)
    lapse = pair([ask], {"exit_base": 500.0}, partnership=[{**PAIR, "joint": 0.0}], weeks=51)
    twin = pair([ask], partnership=[{**PAIR, "joint": 0.0}], weeks=51)
    for run, cause in ((term, "term"), (lapse, "lapse")):
        assert causes(run) == [cause]
        assert run.partnership("ombud", "federation").state == State.CONTACT
        for name in ("trust", "anchor", "grievance"):
            for a, b in (("ombud", "federation"), ("federation", "ombud")):
                assert run.relation(a, b)[name] == twin.relation(a, b)[name]
    assert (int(term.world.tallies[0].exits), int(term.world.tallies[0].planned_ends)) == (0, 1)
    assert (int(lapse.world.tallies[0].exits), int(lapse.world.tallies[0].lapses)) == (1, 1)
    play(term, 100, first=51)
    assert term.partnership("ombud", "federation").state == State.INFORMAL


def test_a_term_can_be_agreed_and_is_renewed():
    sign = {"when": 2, "verb": "sign", "members": ["ombud", "federation"], "term": 10, "repeat_every": 2}
    run = pair([sign], {"renewal_base": 500.0, "accept_base": 50.0}, weeks=45)
    tie = run.partnership("ombud", "federation")
    assert (int(tie.term), int(tie.terms), int(tie.state)) == (10, 4, State.FORMAL)
    assert len(run.events(EventKind.RENEWED)) == 4


# --- competing risks --------------------------------------------------------------------------------------------------


def test_value_decides_on_lapses_and_trust_on_anger():
    """Neither enters the logit of the other; each keeps a partner in."""
    run = pair(weeks=5)
    w, k, j = run.world, 0, run.setting.row("federation")
    feeling = run.relation("federation", "ombud")
    base = sum(conflict_terms(w, k, j)), sum(drift_terms(w, k, j))
    feeling.value += 0.2
    assert (sum(conflict_terms(w, k, j)), sum(drift_terms(w, k, j)) < base[1]) == (base[0], True)
    feeling.value -= 0.2
    feeling.trust += 0.2
    assert (sum(conflict_terms(w, k, j)) < base[0], sum(drift_terms(w, k, j))) == (True, pytest.approx(base[1]))


@pytest.mark.parametrize("keys", [{"value_ba": 0.9}, {"value_ab": 0.9, "value_ba": 0.9}])
def test_more_value_never_brings_a_lapse_earlier(keys: dict[str, float]):
    """In the same world, with thresholds fixed."""
    for replicate in range(12):
        weeks = []
        for values in ({"value_ab": 0.3, "value_ba": 0.3}, {"value_ab": 0.3, "value_ba": 0.3, **keys}):
            dyad = [{"a": "ombud", "b": "federation", **values}]
            run = pair([], {"exit_base": -4.0}, dyad=dyad, replicate=replicate)
            week = int(run.partnership("ombud", "federation").lapse_week)
            weeks.append(week if week >= 0 else 10_000)
        assert weeks[1] >= weeks[0]


def test_more_criticism_never_lets_anger_come_later():
    earlier = 0
    for replicate in range(12):
        weeks = []
        for plan in ([], [CAMPAIGN], [CAMPAIGN, {**CAMPAIGN, "when": 20, "label": "again", "intensity": 3.0}]):
            values = {"conflict_base": -6.0, "trust_loss": 0.0, "grievance_gain": 0.0, "trust_gain": 0.0}
            run = pair(plan, values, replicate=replicate)
            rows = run.events(EventKind.EXIT)
            weeks.append(int(run.world.log.week[rows[0]]) if rows else 10_000)
        assert weeks[0] >= weeks[1] >= weeks[2]
        earlier += weeks[2] < weeks[0]
    assert earlier >= 6


def test_both_sides_may_leave_and_swapping_them_swaps_the_hazards():
    """Who asked and who was asked have the same hazards if they are alike; who never leaves by itself adds none."""
    rows = [{"id": name, "type": "union", "stance": 0.5, "champion": 0.0} for name in ("one", "two")]
    found = []
    for members in (["one", "two"], ["two", "one"]):
        case = small(organisation=rows, weeks=30, partnership=[{"members": members, "joint": 0.3}])
        run = play(start_run(case, {"director_rate": 0.0, "conflict_base": -9.0, "exit_base": -9.0}))
        found.append(run.world.leaving[0].copy())
    np.testing.assert_array_equal(found[0], found[1])
    assert found[0][0] == found[0][1] > 0.0
    stays = [{**rows[0], "leaves_by_itself": False}, rows[1]]
    case = small(organisation=stays, weeks=30, partnership=[{"members": ["one", "two"], "joint": 0.3}])
    run = play(start_run(case, {"director_rate": 0.0, "conflict_base": -9.0, "exit_base": -9.0}))
    assert run.world.leaving[0, 1] == run.world.leaving[0, 3] == 0.0
    assert run.world.leaving[0, 0] == found[0][0]


def test_the_initiator_of_several_hands_over_when_it_leaves_by_itself():
    rows = [{"id": name, "type": name} for name in ("ombud", "ngo", "union")]
    tie = {"members": ["ombud", "ngo", "union"], "state": "formal", "joint": 0.2}
    left = 0
    for replicate in range(10):
        case = small(organisation=rows, partnership=[tie], weeks=60)
        values = {"conflict_base": -4.5, "exit_base": -500.0, "director_rate": 0.0}
        run = start_run(case, values, replicate=replicate)
        week = 0
        while week < 60 and not run.events(EventKind.EXIT):
            advance(run.world, week)
            week += 1
        first = run.events(EventKind.EXIT)
        if first and run.world.log.actor[first[0]] == run.setting.row("ombud"):
            left += 1
            assert run.world.alliance[0].initiator != run.setting.row("ombud")
    assert left > 0


def test_only_a_rate_of_moving_on_ends_a_break_for_good():
    """L_m = 0: nobody moves on; with a rate more do, the larger it is, and each of them also with the smaller rates."""
    plan = [
        {"when": 1, "verb": "exit", "by": "federation", "partnership": ["ombud", "federation"]},
        {"when": 0, "verb": "set_strategy", "by": "ombud", "key": "reapproach_interval", "value": "never"},
    ]
    run = pair(plan, {"moving_rate": 5.0}, weeks=3)
    (row,) = run.events(EventKind.ENDED)
    assert run.world.log_number[row, 0] == EndCause.MOVED_ON
    gone = []
    for rate in (0.0, 0.004, 0.02):
        case = small(("ombud", "federation"), plan=plan, partnership=[PAIR], weeks=150)
        worlds = simulate(case, 60, seed=2, parameters={"moving_rate": rate, **STILL}, beyond_range=True)
        gone.append(worlds.outcomes["moved_on"].to_numpy() > 0)
    assert not gone[0].any()
    assert (gone[1] <= gone[2]).all()
    assert gone[2].sum() > gone[1].sum() > 5


# --- value and effort -----------------------------------------------------------------------------------------------


def test_a_partnership_without_work_is_worth_less_every_week():
    run = pair(partnership=[{**PAIR, "joint": 0.0}], weeks=40)
    p = run.world.parameter[0]
    feeling = run.relation("federation", "ombud")
    assert feeling.value == pytest.approx(float(feeling.value_start) * (1.0 - p.value_rate) ** 40, rel=1e-12)
    assert [kept_up(joint, wanted, p) for joint, wanted in ((0.3, 0.3), (0.15, 0.3), (0.05, 0.05), (0.0, 0.5))] == [
        1.0, 0.5, pytest.approx(0.5), 0.0,
    ]  # fmt: skip


def test_fewer_hours_never_keep_more_partners():
    """The share that leaves does not fall with the cut of a partner's hours: quarrels without time are put off."""
    left = []
    for cut in (0.0, 0.8, 0.9, 0.95, 1.0):
        shock = {"when": 0, "verb": "shock", "what": "capacity_cut", "org": "federation", "share": cut, "weeks": 200}
        case = small(("ombud", "federation"), plan=[shock], partnership=[PAIR], weeks=200)
        values = {"exit_base": -7.5, "director_rate": 0.0}
        left.append((simulate(case, 400, seed=1, parameters=values).outcomes["exits"] > 0).mean())
    assert all(a <= b + 0.02 for a, b in itertools.pairwise(left))
    assert left[-1] > left[0] + 0.1


# --- members of a federation ----------------------------------------------------------------------------------------


def members(sensitivity: np.ndarray[Any, Any], weight: np.ndarray[Any, Any], items: float) -> tuple[Run, float]:
    """Complaint of a federation whose members have given sensitivities and weights, under so many items a week."""
    case = small(("ombud", "federation"), firms={"number": len(sensitivity)}, partnership=[PAIR])
    run = start_run(case, STILL)
    w = run.world
    w.sensitivity[:], w.firm.weight[:] = sensitivity, weight
    w.criticism[0, 2] = items
    w.media[0].critics = 1
    complain(w)
    return run, float(run.organisation("federation").complaint)


@given(
    st.lists(st.tuples(st.floats(0.0, 4.0), st.floats(0.1, 9.0)), min_size=2, max_size=20),
    st.floats(0.0, 400.0),
    st.integers(0, 19),
)
def test_complaint_is_a_share_that_rises_with_what_members_feel(
    firms: list[tuple[float, float]], items: float, place: int
):
    sensitivity, weight = (np.array(column) for column in zip(*firms, strict=True))
    _, found = members(sensitivity, weight, items)
    assert 0.0 <= found <= 1.0
    felt = np.minimum(1.0, sensitivity * items / (items + 40.0))
    each = felt**2 / (felt**2 + 0.25**2)
    assert found == pytest.approx((weight * each).sum() / weight.sum(), rel=1e-6, abs=1e-12)
    f = place % len(firms)
    more = sensitivity.copy()
    more[f] += 1.0
    assert members(more, weight, items)[1] >= found - 1e-12
    larger = weight.copy()
    larger[f] += 1.0
    moved = members(sensitivity, larger, items)[1] - found
    assert moved >= -1e-9 if each[f] >= found else moved <= 1e-9
    order = np.argsort(-sensitivity)
    assert members(sensitivity[order], weight[order], items)[1] == pytest.approx(found, rel=1e-6, abs=1e-12)


def test_broad_discontent_drives_a_federation_out_and_a_few_furious_members_do_not():
    """At the same mean of what members feel; and half of them complain at the tolerance."""
    even = np.full(20, 0.6)
    few = np.array([4.0] * 3 + [0.0] * 17)
    one = np.ones(20)
    assert members(even, one, 40.0)[1] > 2.0 * members(few, one, 40.0)[1]
    assert complaint_of_member(0.25, parameters()) == pytest.approx(0.5)


def test_members_leave_a_federation_that_stays_with_the_critic():
    """Complaining members, while the federation is publicly the critic's partner; they are heard no more."""
    many = {"firms": {"number": 3_000}}
    stays = pair([CAMPAIGN], **many)
    hidden = pair([CAMPAIGN], partnership=[{**PAIR, "visibility": "shadow"}], **many)
    apart = pair([CAMPAIGN], partnership=[], **many)
    assert int(stays.organisation("federation").members_left) > 0
    assert (stays.world.member == -1).all(axis=1).sum() == stays.organisation("federation").members_left
    assert hidden.organisation("federation").members_left == apart.organisation("federation").members_left == 0


def test_naming_a_federation_angers_its_members_and_naming_one_firm_by_its_weight():
    rows = [
        {"id": "ombud", "type": "ombud"},
        {"id": "federation", "type": "federation"},
        {"id": "firm", "type": "firm"},
    ]
    found = {}
    for target in ("federation", "firm", "employers"):
        plan = [{**CAMPAIGN, "targets": [target]}]
        case = small(organisation=rows, plan=plan, partnership=[PAIR], weeks=12, topic="work_equality")
        found[target] = float(play(start_run(case, STILL)).organisation("federation").complaint)
    assert found["federation"] == pytest.approx(found["employers"], abs=0.05)
    assert 0.0 < found["firm"] < 0.15


# --- understanding ---------------------------------------------------------------------------------------------------


def test_full_understanding_leaves_trust_and_half_of_the_pressure():
    """Rho = 1: trust, anchor and grievance as without criticism; members are calmed by mu only."""
    p = parameters()
    assert exit_pressure(0.8, 0.9, 1.0, 1.0, p) == pytest.approx(0.8 * 0.9 * 0.5)
    role = [{"a": "ombud", "b": "federation", "role_ba": 1.0}]
    loud, calm = (pair(plan, dyad=role) for plan in ([CAMPAIGN], []))
    for name in ("trust", "anchor", "grievance"):
        assert loud.relation("federation", "ombud")[name] == calm.relation("federation", "ombud")[name]
    assert loud.organisation("federation").peak_heat > 0.1


def test_explaining_roles_adds_a_quarter_of_what_is_missing_once_a_quarter():
    explain = {"when": 1, "verb": "explain_role", "by": "ombud", "to": "federation", "repeat_every": 6, "max_times": 4}
    run = pair([explain], weeks=30)
    assert run.relation("federation", "ombud").role == pytest.approx(1.0 - 0.5 * 0.75**2)
    assert reasons(run) == ["repeated", "repeated"]
    assert run.relation("ombud", "federation").role == pytest.approx(0.8)
    nothing = pair([explain], partnership=[], weeks=2)
    assert reasons(nothing) == ["precondition"]


def test_a_clause_in_a_signed_contract_shields_while_it_is_in_force():
    items = [*("effects", "goals"), "criticism_allowed"]
    run = pair(partnership=[{**PAIR, "state": "formal", "items": items}], weeks=1)
    i, j = run.setting.row("ombud"), run.setting.row("federation")
    assert understanding(run.world, j, i) == pytest.approx(1.0 - 0.5 * 0.75)
    plain = pair(partnership=[{**PAIR, "state": "formal", "items": items[:2]}], weeks=1)
    assert understanding(plain.world, j, i) == pytest.approx(0.5)


WARN = {"when": 5, "verb": "warn", "by": "ombud", "to": "federation", "campaign": "loud"}
SAFE = {"warn_risk": 0.0}


def test_a_warning_takes_a_part_of_the_blow_until_the_next_unwarned_launch():
    """0.3, with the text 0.5 and a softer tone; a launch without a warning ends it; grievance is never more for it."""
    again = {**CAMPAIGN, "when": 40, "label": "again"}
    plain, warned, shown = (
        pair([CAMPAIGN, again, *more], SAFE, weeks=30) for more in ([], [WARN], [{**WARN, "show_text": True}])
    )
    force = [float(run.relation("federation", "ombud").warned) for run in (plain, warned, shown)]
    assert force == [0.0, 0.3, 0.5]
    grievance = [float(run.relation("federation", "ombud").grievance) for run in (plain, warned, shown)]
    assert grievance[0] > grievance[1] > grievance[2] > 0.0
    assert [float(run.world.campaign[0].tone) for run in (plain, warned, shown)] == [0.9, 0.9, pytest.approx(0.765)]
    assert play(warned, 41, first=30).relation("federation", "ombud").warned == 0.0
    late = pair([CAMPAIGN, {**WARN, "when": 9}], SAFE, weeks=12)
    assert reasons(late) == ["precondition"]
    early = pair([{**CAMPAIGN, "when": 40}, WARN], SAFE, weeks=42)
    assert early.relation("federation", "ombud").warned == 0.0  # more than half a year before


def test_without_heat_a_warning_changes_hours_and_the_risk_only():
    quiet = {**CAMPAIGN, "tone": 0.0}
    plain, warned = (pair(plan, SAFE) for plan in ([quiet], [quiet, WARN]))
    for name in ("trust", "anchor", "grievance", "value"):
        assert plain.relation("federation", "ombud")[name] == warned.relation("federation", "ombud")[name]
    assert warned.organisation("ombud").hours_total == plain.organisation("ombud").hours_total + 4.0


def test_the_risk_of_a_warning_is_nothing_where_there_is_full_trust():
    """Else some leave at once, and some let the news out: then the launch is old news, and they answer in public."""
    trust = [{"a": "ombud", "b": "federation", "trust_ba": 1.0, "anchor": 1.0}]
    risky = {"warn_risk": 1.0}
    left = leaked = 0
    for replicate in range(15):
        run = pair([CAMPAIGN, WARN], risky, dyad=trust, replicate=replicate, weeks=9)
        (row,) = run.events(EventKind.WARNED)
        assert run.world.log_number[row, :2].tolist() == [0.0, 0.0]
        run = pair([CAMPAIGN, WARN], risky, replicate=replicate, weeks=9)
        (row,) = run.events(EventKind.WARNED)
        gone, out = run.world.log_number[row, :2]
        assert (run.partnership("ombud", "federation").state == State.COOLING) == (gone == 1.0)
        assert (run.world.campaign[0].novelty == 0.0) == (out == 1.0)
        assert not out or run.organisation("federation").rebuttals == 1
        left, leaked = left + gone, leaked + out
    assert left > 2
    assert leaked > 2


def test_a_rest_that_is_agreed_is_no_exit_and_hides_the_partnership():
    """No joint work and no push for so long; seen from outside it is as in the shadow; value fades meanwhile."""
    rest = {"when": 6, "verb": "suspend", "by": "ombud", "partnership": ["ombud", "federation"], "weeks": 10}
    yes = pair([CAMPAIGN, rest], {"accept_base": 50.0}, weeks=12)
    assert yes.partnership("ombud", "federation").joint == 0.0
    assert yes.relation("federation", "ombud").value < yes.relation("federation", "ombud").value_start
    assert yes.world.tallies[0].exits == 0
    twin = pair([CAMPAIGN], weeks=12)
    i, j = yes.setting.row("ombud"), yes.setting.row("federation")
    assert conflict_terms(yes.world, 0, j)[1] == pytest.approx(0.3 * conflict_terms(twin.world, 0, j)[1], rel=0.05)
    assert yes.organisation("federation").hours_total < twin.organisation("federation").hours_total
    play(yes, 17, first=12)
    assert yes.partnership("ombud", "federation").joint > 0.0
    no = pair([CAMPAIGN, rest], {"accept_base": -50.0}, weeks=12)
    assert len(no.events(EventKind.SUSPENSION_REFUSED)) == 1
    assert no.partnership("ombud", "federation").joint == twin.partnership("ombud", "federation").joint
    assert i != j


# --- apologies, directors ---------------------------------------------------------------------------------------------


def test_an_apology_needs_an_offence_and_sincerity_and_works_the_less_the_later():
    sorry = {"verb": "apologise", "by": "ombud", "to": "federation"}
    assert reasons(pair([{**sorry, "when": 5}], weeks=6)) == ["no_offence"]
    assert reasons(pair([CAMPAIGN, {**sorry, "when": 12}], weeks=13)) == ["not_sincere"]
    assert reasons(pair([CAMPAIGN, {**sorry, "when": 90}], weeks=91)) == ["no_offence"]
    plain = float(pair([CAMPAIGN], weeks=70).relation("federation", "ombud").grievance)
    found = [
        float(pair([CAMPAIGN, {**sorry, "when": week}], weeks=70).relation("federation", "ombud").grievance)
        for week in (20, 30, 45)
    ]
    assert found[0] < found[1] < found[2] < plain
    early = pair([{**sorry, "when": 5}])
    never = pair()
    assert early.world.relation.tobytes() == never.world.relation.tobytes()  # refused: not a byte


def test_after_a_storm_trust_stays_below_its_twin_for_ever():
    """What hurts trust lowers the level to which it can return, in every world."""
    for replicate in range(5):
        loud, calm = (pair(plan, replicate=replicate, weeks=3) for plan in ([{**CAMPAIGN, "when": 1}], []))
        for week in range(3, 100):
            advance(loud.world, week)
            advance(calm.world, week)
            if week > 4:
                assert loud.relation("federation", "ombud").trust < calm.relation("federation", "ombud").trust
                assert loud.relation("federation", "ombud").anchor < calm.relation("federation", "ombud").anchor


def test_a_new_director_takes_half_of_what_was_personal():
    change = {"when": 30, "verb": "shock", "what": "director_changes", "org": "federation"}
    before, after = pair([CAMPAIGN], weeks=30), pair([CAMPAIGN, change], weeks=31)
    old, new = before.relation("federation", "ombud"), after.relation("federation", "ombud")
    assert new.trust == pytest.approx(old.trust + 0.5 * (0.4 - old.trust), abs=0.01)
    assert new.grievance == pytest.approx(0.5 * old.grievance, rel=0.1)
    assert new.anchor == pytest.approx(old.anchor, abs=0.005)
    worlds = simulate(small(("union",), weeks=520), 200, seed=1)
    assert worlds.scenario.weeks == 520
    rate = [
        len(pair([], {"director_rate": 0.12}, replicate=r, weeks=100).events(EventKind.NEW_DIRECTOR)) for r in range(60)
    ]
    assert np.mean(rate) == pytest.approx(2 * 100 / 52 * 0.12, rel=0.4)


# --- standing, hidden partnerships ------------------------------------------------------------------------------------


@given(st.floats(0.0, 1.0), st.lists(st.tuples(st.floats(0.0, 1.0), st.floats(0.0, 1.0)), min_size=1, max_size=30))
def test_lent_credibility_is_a_mixture(anchor: float, partners: list[tuple[float, float]]):
    """With any number of partners C* lies between the lowest and the highest standing there is."""
    weight = sum(w for w, _ in partners)
    rest = math.prod(1.0 - w for w, _ in partners)
    found = standing(anchor, sum(w * c for w, c in partners), weight, rest)
    seen = [c for w, c in partners if w > 0.0]
    assert min([anchor, *seen]) - 1e-9 <= found <= max([anchor, *seen]) + 1e-9


def test_hidden_partnerships_come_out_the_sooner_the_more_know():
    """A public one has nothing to find out; with four who know the hazard is twice that of two."""
    rows = [{"id": name, "type": name} for name in ("ombud", "federation", "ngo", "union")]
    hidden = {**PAIR, "visibility": "shadow"}
    others = [{"members": ["ombud", name], "state": "informal", "joint": 0.0} for name in ("ngo", "union")]
    sums = {}
    for name, ties in (("two", [hidden]), ("four", [hidden, *others]), ("public", [PAIR])):
        case = small(organisation=rows, partnership=ties, weeks=20)
        run = start_run(case, STILL)
        k = run.world.partnership_of[run.setting.row("ombud"), run.setting.row("federation")]
        assert count_who_know(run.world, k) == (4 if name == "four" else 2)
        sums[name] = float(play(run).partnership("ombud", "federation").found_sum)
    assert sums["public"] == 0.0
    assert sums["four"] == pytest.approx(2.0 * sums["two"])
    out = pair([], {"found_rate": 500.0}, partnership=[hidden], weeks=2)
    tie = out.partnership("ombud", "federation")
    assert (int(tie.found), int(tie.visibility)) == (1, 0)
    before = pair([], partnership=[hidden], weeks=1)
    assert out.relation("ombud", "federation").trust < before.relation("ombud", "federation").trust
    supporters = out.world.credibility[out.setting.row("ombud"), 4]
    assert supporters == pytest.approx(0.9 * 0.75, abs=0.02)


def test_observables_of_endings():
    """What conditions may read of terms, lapses, rests and warnings."""
    names = ["weeks_to_term(ombud, federation) <= 3", "lapsed(ombud, federation)", "warned(ombud, federation)",
             "suspended(ombud, federation)", "moved_on(ombud, federation)", "found_out(ombud, federation)"]  # fmt: skip
    marks = [
        {"when": name, "verb": "promise", "by": "ombud", "to": "federation", "what": f"m{k}", "due": 95, "hours": 0}
        for k, name in enumerate(names)
    ]
    rest = {"when": 20, "verb": "suspend", "by": "ombud", "partnership": ["ombud", "federation"], "weeks": 4}
    plan = [*marks, CAMPAIGN, WARN, rest]
    values = {**SAFE, "accept_base": 50.0, **NO_RENEWAL}
    run = pair(plan, values, partnership=[{**PAIR, "term": 40}])
    fired = [int(run.world.action_state[k].fired) for k in range(len(names))]
    assert fired == [1, 1, 1, 1, 0, 0]
    week = [int(run.world.log.week[row]) for row in run.events(EventKind.PROMISE_MADE)]
    assert week == [6, 21, 37, 40]
