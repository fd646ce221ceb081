"""Every verb of a plan: when it is refused and why, what it costs, and what it changes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from one_run import Run, play, small, start_run

from sim.rules.resources import hours_left
from sim.schedule import advance
from sim.vocabulary.coded import NEVER
from sim.vocabulary.events import EventKind, Reason
from sim.vocabulary.partnerships import State
from sim.vocabulary.uptake import Uptake
from sim.vocabulary.verbs import Verb

YES, NO = {"accept_base": 500.0}, {"accept_base": -500.0}
STAY = {"exit_base": -500.0, "conflict_base": -500.0}
ROWS = [
    {"id": "ombud", "type": "ombud", "annual_budget": 100_000},
    {"id": "federation", "type": "federation"},
    {"id": "flagship", "type": "firm", "flagship": True},
    {"id": "ngo", "type": "ngo"},
    {"id": "union", "type": "union"},
    {"id": "storyteller", "type": "messenger"},
]
OMBUD_UNION = {"members": ["ombud", "union"], "joint": 0.0}


def world(
    *plan: dict[str, Any], weeks: int = 1, values: dict[str, float] | None = None, offended: int = NEVER, **keys: Any
) -> Run:
    """Run a plan (actions without `when` act in week 0) among six organisations; none works jointly by itself."""
    demand = {"demand": "a quota", "law_rate": 0.0}
    keys = {"idea": [{"id": "bundle", "owner": "ombud"}], "organisation": ROWS, "policy": demand, **keys}
    case = small(plan=[{"when": 0, **action} for action in plan], weeks=max(weeks, 60), **keys)
    run = start_run(case, {"joint_level": 0.0, **STAY, **(values or {})})
    run.relation("union", "ombud").offence_week = offended  # what the ombud has to be sorry for
    return play(run, weeks)


def partnered(state: str = "informal", **keys: Any) -> dict[str, Any]:
    return {"partnership": [{**OMBUD_UNION, "state": state, **keys}]}


def meeting(*, partner: str = "flagship") -> dict[str, Any]:
    return {"partnership": [{"members": ["ombud", partner], "state": "contact"}]}


def reasons(run: Run) -> list[tuple[str, str]]:
    """Verbs that were refused, with the reason."""
    found = [run.world.log_number[row] for row in run.events(EventKind.ACTION_REFUSED)]
    return [(Verb(int(number[0])).name.lower(), Reason(int(number[3])).name.lower()) for number in found]


def act(verb: str, by: str = "ombud", **arguments: Any) -> dict[str, Any]:
    return {"verb": verb, "by": by, **arguments}


APPROACH = act("approach", to="federation")
REFUSALS: list[tuple[dict[str, Any], str, dict[str, Any]]] = [
    (act("approach", to="union"), "precondition", partnered()),
    (act("approach", to="union"), "precondition", partnered("cooling")),
    ({**APPROACH, "hours": 241}, "hours", {}),
    ({**APPROACH, "cost": 1e7}, "money", {}),
    ({**APPROACH, "cost": 1e7, "hours": 241}, "hours", {}),
    (act("approach", to="union", cost=1e7, hours=241), "precondition", partnered()),
    (act("offer_terms", to="union"), "precondition", {}),
    ({"verb": "sign", "members": ["ombud", "union"]}, "precondition", {}),
    ({"verb": "sign", "members": ["ombud", "union"]}, "precondition", partnered("formal")),
    (act("share_idea", by="ngo", to="flagship", how="list"), "precondition", {}),
    (act("hold_workshop", **{"with": "flagship"}), "precondition", {}),
    (act("hold_workshop", hours=41, **{"with": "flagship"}), "hours", meeting()),
    (act("publish_survey", n=100, cost=1e7), "money", {}),
    (act("publish_survey", by="federation", n=100, hours=61), "hours", {}),
    (act("publish_guide", cost=1e7), "money", {}),
    (act("run_training", by="storyteller", hours=0), "no_channel", {}),
    (act("run_training", by="storyteller", channel=["union"], hours=0), "money", {}),
    (act("inform", hours=300), "hours", {}),
    (act("launch_campaign", messenger="storyteller"), "precondition", {}),
    (act("launch_campaign", budget=1e7), "money", {}),
    (act("launch_campaign", by="storyteller", side="for"), "hours", {}),
    (act("adjust_campaign", tone=0.1), "precondition", {}),
    (act("stop_campaign"), "precondition", {}),
    (act("recruit_messenger", who="union"), "precondition", {}),
    (act("go_public", partnership=["ombud", "union"]), "precondition", partnered()),
    (act("go_public", partnership=["ombud", "union"]), "precondition", {}),
    (act("go_shadow", partnership=["ombud", "union"]), "precondition", partnered(visibility="shadow")),
    (act("credit", by="flagship", about="ombud"), "precondition", {}),
    (act("claim_credit", about="flagship"), "precondition", {}),
    (act("defer", **{"with": "union"}), "precondition", {}),
    (act("insist", **{"with": "union"}), "precondition", {}),
    (act("promise", to="union", what="film", due=1, hours=300), "hours", {}),
    (act("deliver", to="union", what="film"), "precondition", {}),
    (act("reapproach", to="union"), "precondition", {}),
    (act("reapproach", to="union"), "precondition", partnered("cooling")),
    (act("exit", partnership=["ombud", "union"]), "precondition", {}),
    (act("lobby", hours=241), "hours", {}),
    (act("lobby", cost=1e7), "money", {}),
    ({"verb": "appoint_champion", "org": "ombud"}, "precondition", {}),
    ({"verb": "set_focal_point", "org": "ombud", "partnership": ["ombud", "union"]}, "precondition", {}),
    (act("celebrate", partnership=["ombud", "union"]), "precondition", partnered()),
    ({"verb": "shock", "what": "champion_leaves", "org": "storyteller"}, "precondition", {}),
    ({"verb": "shock", "what": "go_public_firm", "firm": 3}, "precondition", {}),
]


@pytest.mark.parametrize("action, reason, keys", REFUSALS, ids=lambda x: x.get("verb") if isinstance(x, dict) else x)
def test_a_refused_action_says_why_and_costs_nothing(action, reason, keys):
    """The reason is the first that fails of precondition, hours, money; nothing is spent, nobody is asked."""
    run = world(action, **keys)
    assert reasons(run) == [(action["verb"], reason)]
    assert run.world.tallies[0].refused == 1
    assert run.world.organisation.hours_total.sum() == 0.0
    assert run.world.organisation.cost.sum() == 0


def test_approaches_are_refused_during_a_pause():
    """A pause of three weeks covers its own and the next two weeks, for approach and for reapproach."""
    plan = [act("pause", to="federation", weeks=3), *({**APPROACH, "when": week} for week in range(4))]
    run = world(*plan, weeks=4, values=NO)
    assert reasons(run) == [("approach", "paused")] * 3
    assert run.relation("ombud", "federation").approaches == 1


@pytest.mark.parametrize(
    "verb, arguments, gap", [("apologise", {"to": "union"}, 52), ("celebrate", {"partnership": ["ombud", "union"]}, 26)]
)
def test_what_is_repeated_too_soon_is_refused_as_repeated(verb, arguments, gap):
    """Apologies count once in 52 weeks, celebrations once in 26."""
    plan = [{**act(verb, **arguments), "when": week} for week in (1, gap, gap + 1)]
    keys: dict[str, Any] = {"partnership": [{**OMBUD_UNION, "joint": 0.2}], "offended": 1}
    approved = {"approve_base": 50.0}  # else January may take the project out of the annual plan
    assert reasons(world(*plan, weeks=gap + 2, values=approved, **keys)) == [(verb, "repeated")]


DONE: list[tuple[dict[str, Any], dict[str, Any], tuple[str, ...]]] = [
    (APPROACH, {}, ()),
    (act("offer_terms", to="union"), partnered(), ()),
    ({"verb": "sign", "members": ["ombud", "union"]}, partnered(), ("union",)),
    (act("share_idea", to="union", how="list"), {}, ()),
    (act("hold_workshop", **{"with": "flagship"}), meeting(), ("flagship",)),
    (act("publish_survey", n=2014), {}, ()),
    (act("publish_guide"), {}, ()),
    (act("run_training"), {}, ()),
    (act("inform"), {}, ()),
    (act("launch_campaign", intensity=0.0), {}, ()),
    (act("recruit_messenger", who="storyteller"), {}, ()),
    (act("go_public", partnership=["ombud", "union"]), partnered(visibility="shadow"), ()),
    (act("go_shadow", partnership=["ombud", "union"]), partnered(), ()),
    (act("promise", to="union", what="film", due=5), {}, ()),
    (act("apologise", to="union"), {"offended": 0}, ()),
    (act("pause", to="union", weeks=2), {}, ()),
    (act("exit", partnership=["ombud", "union"]), partnered(), ()),
    (act("lobby"), {}, ()),
    (act("set_strategy", key="joint_level", value=0.5), {}, ()),
    ({"verb": "appoint_champion", "org": "storyteller", "hours": 15}, {}, ()),
    ({"verb": "set_focal_point", "org": "ombud", "partnership": ["ombud", "union"]}, partnered(), ()),
]


@pytest.mark.parametrize("action, keys, also", DONE, ids=lambda x: x.get("verb") if isinstance(x, dict) else "")
def test_an_action_books_its_hours_and_money(action, keys, also):
    """Hours come from the actor (where said from both), EUR go from the actor to the suppliers."""
    run = world(action, values=NO, **keys)
    assert reasons(run) == []
    hours, eur = Verb.of(action["verb"]).hours, Verb.of(action["verb"]).eur
    hours = action.get("hours", hours)
    actor = action.get("by") or action.get("org") or action["members"][0]
    for name in run.setting.ids:
        spent = hours if name == actor or name in also else 0.0
        assert run.organisation(name).hours_total == spent, name
        assert run.organisation(name).cost == (100 * eur if name == actor else 0), name
    assert run.world.account[len(run.setting.ids) + 1] == 100 * eur


@pytest.mark.parametrize(
    "action, keys",
    [
        ({**APPROACH, "cost": 700}, {}),
        (act("share_idea", to="union", how="list", cost=700), {}),
        (act("inform", cost=700), {}),
    ],
    ids=["approach", "share_idea", "inform"],
)
def test_a_cost_that_the_plan_gives_is_paid(action, keys):
    """`cost` replaces what a verb costs, for every verb."""
    run = world(action, values=NO, **keys)
    assert run.money("ombud") == 100_000 - 700
    assert run.organisation("ombud").cost == 70_000


# --- asking -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("purpose, state", [("meeting", State.CONTACT), ("partnership", State.INFORMAL)])
def test_an_accepted_approach_makes_contact_or_a_partnership(purpose, state):
    """Yes: CONTACT or INFORMAL with the visibility asked for, the asker as initiator; a repeated approach stops."""
    action = {**APPROACH, "purpose": purpose, "visibility": "shadow", "repeat_every": 1, "max_times": 5}
    run = world(action, weeks=5, values=YES)
    tie = run.partnership("ombud", "federation")
    assert (tie.state, tie.initiator) == (state, run.setting.row("ombud"))
    assert run.relation("ombud", "federation").approaches == 1
    if purpose == "partnership":
        assert tie.visibility == 1
        assert run.world.tallies[0].formed == 1


def test_a_refused_approach_only_counts():
    """No: the state stays, refusals rise, hours are gone; a repeated approach goes on asking, each with a new draw."""
    run = world({**APPROACH, "repeat_every": 1, "max_times": 5}, weeks=9, values=NO)
    dyad = run.relation("ombud", "federation")
    assert (dyad.approaches, dyad.refusals, run.partnership("ombud", "federation").state) == (5, 5, State.NONE)
    assert run.organisation("ombud").hours_total == 40.0
    drawn = {run.world.log_number[row, 1] for row in run.events(EventKind.APPROACH_REFUSED)}
    assert len(drawn) == 5


def test_two_approaches_in_a_week_are_two_attempts():
    """One keyed draw per attempt, also if the same organisation asks twice in a week."""
    run = world(APPROACH, {**APPROACH, "tone": "neutral"}, values=NO)
    drawn = [run.world.log_number[row, 1] for row in run.events(EventKind.APPROACH_REFUSED)]
    assert len(drawn) == 2
    assert drawn[0] != drawn[1]


def test_the_logit_of_an_approach_is_the_sum_of_its_published_terms():
    """S6 with Ev 0.8, ask 0.9, heat 0, grievance 0.2, champion and direct known: probability and every term."""
    dyad = {"a": "ombud", "b": "federation", "trust_ba": 0.45, "value_ba": 0.45, "fit": 0.5, "grievance_ba": 0.2}
    rows = [{**ROWS[0], "evidence_stock": 0.8}, {**ROWS[1], "champion": 1.0}, *ROWS[2:]]
    run = world({**APPROACH, "ask": 0.9, "direct": False, "tone": "critical"}, dyad=[dyad], organisation=rows)
    (row,) = run.events(EventKind.APPROACH_ACCEPTED) + run.events(EventKind.APPROACH_REFUSED)
    expected = [-1.0, 3 * -0.05, 0.5, 1.5 * 0.45, 0.7 * 0.8, 1.0, 0.0, 0.0, -0.8, -2 * 0.9 * 0.55, 0.0, -0.4, 0.0, 0.0]
    np.testing.assert_allclose(run.world.log_cause[row, :14], expected, atol=1e-12)
    assert run.world.log_number[row, 0] == pytest.approx(1.0 / (1.0 + np.exp(-sum(expected))), abs=1e-12)


def test_terms_bring_an_informal_partnership_with_model_rule_and_contract():
    """Accepted by a non-firm in CONTACT: INFORMAL, and model, rule, items and structure are agreed."""
    terms = act("offer_terms", to="union", model="integrated", items=8, structure=3, deference="never")
    run = world(terms, values=YES, **meeting(partner="union"))
    tie = run.partnership("ombud", "union")
    assert (tie.state, tie.model, tie.rule, tie.agreed, tie.agreed_clause) == (State.INFORMAL, 1, 3, 1.0, 1)
    assert tie.structure == 3 / 8
    assert tie.fit == pytest.approx(0.8)


def test_a_firm_with_a_csr_policy_keeps_its_better_fit_in_any_model():
    """A policy of social responsibility adds 0.1 to fit; with the integrated model 0.8 + 0.1."""
    rows = [{**row, "csr": True} if row["id"] == "flagship" else row for row in ROWS]
    run = world(organisation=rows, partnership=[{"members": ["ombud", "flagship"], "state": "contact"}])
    assert run.partnership("ombud", "flagship").fit == pytest.approx(0.6)
    terms = act("offer_terms", to="flagship", model="integrated", items=1)
    run = world(terms, values=YES, organisation=rows, **meeting())
    assert run.partnership("ombud", "flagship").fit == pytest.approx(0.9)


def test_signing_makes_a_partnership_formal():
    """FORMAL, contract score items/8, structure score structure/8; a refusal leaves it informal."""
    action = {"verb": "sign", "members": ["ombud", "union"], "items": 4, "structure": ["baseline", "monitoring"]}
    tie = world(action, values=YES, **partnered()).partnership("ombud", "union")
    assert (tie.state, tie.contract, tie.structure) == (State.FORMAL, 0.5, 0.25)
    assert world(action, values=NO, **partnered()).partnership("ombud", "union").state == State.INFORMAL


def test_focal_points_in_a_signed_structure_help_to_replace_champions():
    """A focal point among the structure items counts as one, so champions are replaced with 0.8."""
    action = {"verb": "sign", "members": ["ombud", "union"], "structure": ["focal_points"]}
    assert world(action, values=YES, **partnered()).partnership("ombud", "union").focal_points == 1


@pytest.mark.parametrize("told, contract", [(1, 1.0), (0, 0.0)])
def test_a_contract_protects_what_is_told_after_it_was_agreed(told, contract):
    """Items accepted with an offer are the contract at once, but count only if agreed before the disclosure."""
    terms = {**act("offer_terms", to="flagship", items=8), "when": 0}
    run = world(terms, {**act("share_idea", to="flagship", how="list"), "when": told}, weeks=2, values=YES, **meeting())
    assert run.partnership("ombud", "flagship").agreed == 1.0
    assert run.decision("flagship").contract == contract


def test_visibility_changes_with_consent_or_at_a_price():
    """go_public asks; go_shadow acts at once, and the other's trust falls by a broken promise of weight 0.2."""
    public = act("go_public", partnership=["ombud", "union"])
    assert world(public, values=YES, **partnered(visibility="shadow")).partnership("ombud", "union").visibility == 0
    assert world(public, values=NO, **partnered(visibility="shadow")).partnership("ombud", "union").visibility == 1
    run = world(act("go_shadow", partnership=["ombud", "union"]), **partnered())
    assert run.partnership("ombud", "union").visibility == 1
    left = world(**partnered()).relation("union", "ombud").trust
    fallen = run.relation("union", "ombud").trust
    p = run.world.parameter[0]
    assert fallen == pytest.approx(left - 0.45 * 0.2 * 0.5 * (1 - p.trust_return), abs=1e-9)
    assert run.relation("ombud", "union").promises_broken == 1


# --- leaving and returning ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("final, state", [(False, State.COOLING), (True, State.ENDED)])
def test_leaving_voids_the_contract_and_costs_the_others_trust(final, state):
    """COOLING or ENDED, contract void, the trust of the one who stays x 0.55, open promises cancelled."""
    promise = act("promise", by="union", to="ombud", what="film", due=3)
    leave = {**act("exit", by="union", partnership=["ombud", "union"], final=final), "when": 1}
    keys = partnered("formal", items=8)
    run = world(promise, leave, weeks=9, **keys)
    tie = run.partnership("ombud", "union")
    assert (tie.state, tie.contract, tie.exits) == (state, 0.0, 1)
    assert run.events(EventKind.PROMISE_BROKEN) == []
    fresh = world(promise, leave, weeks=2, **keys)
    before = world(promise, weeks=1, **keys).relation("ombud", "union").trust
    assert fresh.relation("ombud", "union").trust == pytest.approx(0.55 * before, abs=2e-3)


def test_a_reapproach_waits_for_the_cooling_weeks_and_succeeds_if_the_other_is_willing():
    """Refused until c_min weeks are over; then a willing partner that is asked comes back INFORMAL."""
    plan = [act("exit", partnership=["ombud", "union"]), {**act("reapproach", to="union"), "when": 13}]
    never = act("set_strategy", key="re_int", value="never")
    run = world(
        never, *plan, weeks=14, values={"return_grievance": 0.2, "self_return_rate": 0.0}, **partnered("formal")
    )
    assert reasons(run) == [("reapproach", "precondition")]
    plan[1]["when"] = 14
    run = world(
        never, *plan, weeks=15, values={"return_grievance": 0.2, "self_return_rate": 0.0}, **partnered("formal")
    )
    tie = run.partnership("ombud", "union")
    assert (tie.state, tie.returns) == (State.INFORMAL, 1)
    angry = {"return_grievance": 0.0, "self_return_rate": 0.0}
    run = world(never, *plan, weeks=15, values=angry, **partnered("formal"))
    assert run.partnership("ombud", "union").state == State.COOLING
    assert run.relation("union", "ombud").grievance == pytest.approx(0.01, rel=0.05)


def test_two_breaches_of_integrity_end_a_partnership():
    """The second breach of integrity by the same partner ends it for good, and nothing can be asked any more."""

    def betrayed(setting) -> None:
        n = len(setting.ids)
        setting.start.relation[setting.row("union") * n + setting.row("ombud")].integrity_breaches = 2

    case = small(organisation=ROWS, plan=[{**act("approach", to="union"), "when": 1}], **partnered())
    run = play(start_run(case, STAY, change=betrayed), 2)
    assert run.partnership("ombud", "union").state == State.ENDED
    assert reasons(run) == [("approach", "precondition")]


# --- promises, apologies, celebrations ----------------------------------------------------------------------------


def test_a_promise_is_kept_broken_or_still_open():
    """Delivered by its due week: kept, trust rises; not delivered: broken, trust of the receiver x (1 - 0.45 w)."""
    promise = act("promise", to="union", what="film", due=4, weight=0.8)
    quiet = world(weeks=5).relation("union", "ombud").trust
    kept = world(promise, {**act("deliver", to="union", what="film"), "when": 4}, weeks=5)
    assert kept.relation("union", "ombud").trust > quiet
    assert kept.relation("ombud", "union").promises_broken == 0
    broken = world(promise, weeks=5)
    assert broken.relation("ombud", "union").promises_broken == 1
    p = broken.world.parameter[0]
    assert broken.relation("union", "ombud").trust == pytest.approx(0.5 * (1 - 0.45 * 0.8), abs=2 * p.trust_return)
    assert world(promise, weeks=4).relation("ombud", "union").promises_broken == 0


def test_a_promise_that_falls_due_while_cooling_is_cancelled():
    """Due within a COOLING spell: cancelled, not broken."""
    run = world(act("promise", to="union", what="film", due=4), weeks=8, **partnered("cooling"))
    assert run.events(EventKind.PROMISE_BROKEN) == []


def test_an_apology_repairs_a_little_and_costs_standing_with_supporters():
    """For an offence of this week: T += 0.05 (1 - T), G x 0.75; C[supporters] -= 0.01."""
    with_, without = world(act("apologise", to="union"), offended=0), world(offended=0)
    plain = without.relation("union", "ombud").trust
    assert with_.relation("union", "ombud").trust == pytest.approx(plain + 0.05 * (1 - plain), abs=1e-12)
    i = with_.setting.row("ombud")
    p = with_.world.parameter[0]
    lost = without.world.credibility[i, 4] - with_.world.credibility[i, 4]
    assert lost == pytest.approx(0.01 * (1 - p.credibility_return), abs=1e-12)


def test_celebrating_results_raises_trust_and_value():
    """+1 in p of the pair and V += 0.05 (1 - V) for both members."""
    keys = {"partnership": [{**OMBUD_UNION, "joint": 0.2}]}
    party = {**act("celebrate", partnership=["ombud", "union"]), "when": 2}
    with_, without = world(party, weeks=3, **keys), world(weeks=3, **keys)
    for a, b in (("ombud", "union"), ("union", "ombud")):
        assert with_.relation(a, b).value > without.relation(a, b).value + 0.015
        assert with_.relation(a, b).trust > without.relation(a, b).trust + 0.005


def test_celebrating_counts_also_in_a_week_without_joint_work():
    """The result of the last 26 weeks is celebrated, not that of the week."""
    keys = {"partnership": [{**OMBUD_UNION, "joint": 0.2}]}
    rest = {**act("set_strategy", key="joint_level", value=0.0), "when": 2}
    party = {**act("celebrate", partnership=["ombud", "union"]), "when": 3}
    with_, without = world(rest, party, weeks=4, **keys), world(rest, weeks=4, **keys)
    assert reasons(with_) == []
    assert with_.relation("union", "ombud").value > without.relation("union", "ombud").value


# --- deference ----------------------------------------------------------------------------------------------------

# Everybody gives way, or nobody does, unless a rule or verb says otherwise.
YIELDING = {"deference_midpoint": 0.0, "deference_slope": 1_000.0}
STUBBORN = {"deference_midpoint": 1.0, "deference_slope": 1_000.0}
WORKING = {"partnership": [{**OMBUD_UNION, "joint": 1.0, "state": "formal"}]}


def _disagreements(run: Run) -> np.ndarray:
    """Sums of: number, deferred by a, deferred by b, negotiated, unresolved."""
    return sum((run.world.log_number[row, :5] for row in run.events(EventKind.DISAGREEMENT)), np.zeros(5))


@pytest.mark.parametrize("who", ["ombud", "union"])
def test_who_defers_gives_way_and_who_insists_never_does(who):
    """`defer`: all of this week's disagreements are deferred by that member; `insist`: none is."""
    again = {"repeat_every": 1, "max_times": 40}
    other = "union" if who == "ombud" else "ombud"
    run = world({**act("defer", by=who, **{"with": other}), **again}, weeks=20, values=STUBBORN, **WORKING)
    number, by_a, by_b, *_ = _disagreements(run)
    assert number > 5
    assert (by_a if run.partnership("ombud", "union").a == run.setting.row(who) else by_b) == number
    run = world({**act("insist", by=who, **{"with": other}), **again}, weeks=20, values=YIELDING, **WORKING)
    number, by_a, by_b, *_ = _disagreements(run)
    assert (by_a if run.partnership("ombud", "union").a == run.setting.row(who) else by_b) == 0
    assert number > 5


@pytest.mark.parametrize("rule", ["never", "lead", "alternate"])
def test_an_agreed_rule_decides_who_defers(rule):
    """never: nobody; lead: only the one who does not lead; alternate: both in turns."""
    terms = act("offer_terms", to="union", deference=rule)
    keys = {"partnership": [{**OMBUD_UNION, "joint": 1.0}]}
    run = world(terms, weeks=30, values={**YES, **YIELDING}, **keys)
    number, by_ombud, by_union, *_ = _disagreements(run)
    first = world(weeks=1, values=YES, **keys)  # the agreement comes in step 4, before the work of the same week
    assert first.world.tallies[0].disagreements <= number
    assert number > 10
    if rule == "never":
        assert by_ombud == by_union == 0
    elif rule == "lead":
        assert (by_ombud, by_union) == (0, number)
    else:
        assert abs(by_ombud - by_union) <= 1


def test_a_standing_deference_rule_holds_in_partnerships_formed_later():
    """`deference = never` of the ombud, set before the federation says yes, holds in that partnership."""
    rule = act("set_strategy", key="deference", value="never")
    joint = act("set_strategy", key="joint_level", value=1.0)
    run = world(rule, joint, {**APPROACH, "when": 1}, weeks=30, values={**YES, **YIELDING})
    number, by_a, by_b, *_ = _disagreements(run)
    assert number > 10
    assert by_a == by_b == 0


def test_lead_is_worth_half_a_logit_also_without_a_skill_gap():
    """`lead` replaces the gap term by 0.5: with nothing else in the logit, sigma(0.5) = 0.62 is deferred."""
    terms = act("offer_terms", to="union", deference="lead")
    keys = {"partnership": [{**OMBUD_UNION, "joint": 1.0}]}
    same = {**YES, "deference_slope": 0.0, "disagreement_rate": 40.0, "language_learning": 0.0, "hours_negotiated": 0.0,
            "trust_loss": 0.0}  # fmt: skip
    with_rule = _disagreements(world(terms, weeks=30, values=same, **keys))
    assert with_rule[2] / with_rule[0] == pytest.approx(0.62, abs=0.08)


def test_giving_way_needs_joint_work():
    """Precondition of defer and insist: joint work this week."""
    assert reasons(world(act("defer", **{"with": "union"}), **partnered())) == [("defer", "precondition")]


# --- ideas and credit ---------------------------------------------------------------------------------------------


def _soon(run: Run, weeks: int) -> Run:
    """Play on, with the decision that was opened in week 1 due in week 2."""
    play(run, min(weeks, 2))
    run.world.decision["due"][run.world.decision["pending"] == 1] = 2
    return play(run, weeks, first=2) if weeks > 2 else run


def _chosen(option: str, *plan: dict[str, Any], weeks: int = 5, **values: float) -> Run:
    """Run a world in which the flagship takes a given option in week 2, after a list and an offer in week 1."""
    favours = {
        "public": {"brand_value": 500.0},
        "shadow": {"appropriation_cost": 900.0, "association_cost": 0.0, "choice_slope": 500.0},
        "alone": {"own_use_value": 500.0},
        "quiet": {"own_use_value": 0.0, "appropriation_cost": 0.6, "implementation_cost": 0.0,  # of which it costs half
                  "association_cost": 90.0, "choice_slope": 500.0},
        "nothing": {"implementation_cost": 500.0},
    }  # fmt: skip
    menu = ["shadow"] if option == "shadow" else ["public", "shadow"]
    start = [
        {**act("share_idea", to="flagship", how="list", share=1.0), "when": 1},
        {**act("offer_terms", to="flagship", menu=menu), "when": 1},
    ]
    return _soon(world(*start, *plan, weeks=0, values={**favours[option], **values}, **meeting()), weeks)


def _flagship(run: Run) -> Any:
    return run.world.firm[run.organisation("flagship").firm]


@pytest.mark.parametrize(
    "option, state, uptake, named, morale",
    [
        ("public", State.INFORMAL, Uptake.PUBLIC_CREDITED, True, 0.0),
        ("shadow", State.INFORMAL, Uptake.QUIET, False, None),
        ("alone", State.CONTACT, Uptake.PUBLIC_UNCREDITED, False, 0.6),
        ("quiet", State.CONTACT, Uptake.QUIET, False, None),
        ("nothing", State.CONTACT, Uptake.NONE, False, 0.4),
    ],
)
def test_what_a_firm_decides_shows_in_state_credit_and_disappointment(option, state, uptake, named, morale):
    """The five options of S10, with the state, the record and the gap (expectation 0.6 minus what was realised)."""
    run = _chosen(option, quiet_use_found=0.0)
    firm = _flagship(run)
    assert (run.partnership("ombud", "flagship").state, firm.uptake) == (state, uptake)
    assert bool(int(firm.names) >> run.setting.row("ombud") & 1) == named
    assert run.organisation("flagship").unnamed == (option in ("shadow", "alone", "quiet"))
    if morale is not None:
        assert run.organisation("ombud").morale_loss == pytest.approx(morale)


def test_use_alone_becomes_public_a_week_after_the_decision():
    """The press release comes one week after the decision, and with it the breach of integrity."""
    run = _chosen("alone", weeks=3)
    assert _flagship(run).uptake == Uptake.NONE
    advance(run.world, 3)
    assert _flagship(run).uptake == Uptake.PUBLIC_UNCREDITED
    (row,) = run.events(EventKind.BREACH)
    severity, gap = run.world.log_number[row, :2]
    before, after, anchor, scarred = run.world.log_cause[row, :4]
    assert (severity, gap) == pytest.approx((0.8, 0.6))
    assert after == pytest.approx(before * (1 - 0.6 * gap * 0.8))
    assert scarred == pytest.approx(anchor * (1 - 0.7 * gap * 0.8))


def test_the_same_breach_hurts_high_hopes_three_times_as_much():
    """P25: the loss of trust is proportional to the expectation: 0.9 against 0.3."""
    loss = []
    for level in ("high", "low"):
        run = _chosen("alone", act("set_strategy", key="expectation", value=level))
        (row,) = run.events(EventKind.BREACH)
        loss.append(1.0 - run.world.log_cause[row, 1] / run.world.log_cause[row, 0])
    assert loss[0] / loss[1] == pytest.approx(3.0)


def test_a_partnership_in_the_shadow_disappoints_by_what_it_leaves_open():
    """Morale of the owner += expectation 0.6 minus realised 0.5."""
    assert _chosen("shadow").organisation("ombud").morale_loss == pytest.approx(0.1)


def test_an_exit_disappoints_the_one_who_is_left():
    """Realised of an exit is 0: morale of the one who stays += its expectation."""
    run = world(act("exit", by="union", partnership=["ombud", "union"]), **partnered())
    assert run.organisation("ombud").morale_loss == pytest.approx(0.6)


def test_quiet_use_is_a_breach_only_once_found():
    """Found (probability set to 1): seen a week later, breach of severity 0.4 against realised 0.3."""
    run = _chosen("quiet", quiet_use_found=1.0)
    (row,) = run.events(EventKind.BREACH)
    assert tuple(run.world.log_number[row, :2]) == pytest.approx((0.4, 0.3))
    assert _chosen("quiet", quiet_use_found=0.0).events(EventKind.BREACH) == []


def test_public_use_is_visible_to_peers_one_week_later():
    """S10: public use by a partner is visible to its peers from the week after the decision on."""
    run = _chosen("public", weeks=3, peer_rate=1e9)
    assert _flagship(run).week == 2
    assert np.all(np.delete(run.world.firm.week, run.organisation("flagship").firm) != 2)


def test_credit_given_late_restores_the_record_and_some_trust():
    """The user names the owner: uncredited -> credited, the owner's T += 0.05 (1 - T)."""
    run = _chosen("alone", {**act("credit", by="flagship", about="ombud"), "when": 4})
    assert _flagship(run).uptake == Uptake.PUBLIC_CREDITED
    before = _chosen("alone", weeks=5).relation("ombud", "flagship").trust
    assert run.relation("ombud", "flagship").trust == pytest.approx(before + 0.05 * (1 - before), abs=1e-9)


@pytest.mark.parametrize("credibility, success", [(1.0, True), (0.0, False)])
def test_claiming_credit_works_as_far_as_one_is_believed(credibility, success):
    """Success with C[by, public]; always T x 0.8, G + 0.05 of the firm, and a public dispute of 5 items a week."""
    claim = {**act("claim_credit", about="flagship"), "when": 4}

    def believed(setting) -> None:
        setting.start.credibility[setting.row("ombud"), 2] = credibility
        setting.start.credibility_anchor[setting.row("ombud"), 2] = credibility
        setting.start.organisation[setting.row("flagship")].exposure = 0.0  # the dispute itself leaves no heat

    run = _chosen("alone", claim)
    again = _soon(start_run(run.setting.scenario, run.setting.overrides, change=believed), 5)
    assert (_flagship(again).uptake == Uptake.PUBLIC_CREDITED) == success
    assert again.relation("flagship", "ombud").grievance == pytest.approx(0.05, rel=0.1)
    assert again.world.voice[1].stimulus == pytest.approx(5.0)
    assert again.world.voice[1].critical_stimulus == pytest.approx(5.0 * 0.3)
    assert again.world.named[0].nonzero()[0].tolist() == [again.setting.row("flagship")]


def test_nobody_can_claim_the_ideas_of_others():
    """Precondition: about uses *by's* bundle; an NGO that owns none is refused."""
    run = _chosen("alone", {**act("claim_credit", by="ngo", about="flagship"), "when": 4})
    assert reasons(run) == [("claim_credit", "precondition")]


def test_what_was_told_stays_told():
    """Told = max(told, share); a workshop tells half, costs both 24 hours and marks the disclosure."""
    plan = [act("share_idea", to="union", how="guide"), {**act("share_idea", to="union", how="teaser"), "when": 1}]
    assert world(*plan, weeks=2).decision("union").told == pytest.approx(0.6)
    run = world(act("hold_workshop", **{"with": "union"}), **partnered())
    assert (run.decision("union").told, run.decision("union").workshop) == (0.5, 1.0)
    assert run.partnership("ombud", "union").joint == pytest.approx(0.5)


def test_ideas_do_not_leak_to_their_owner():
    """A leak reaches an organisation without the idea; the owner has it."""
    plan = [act("share_idea", to=name, how="list") for name in ("union", "federation", "ngo", "flagship")]
    run = world(*plan, weeks=60, values={"leak_rate": 0.5})
    assert len(run.events(EventKind.IDEA_LEAKED)) >= 1
    assert run.decision("ombud").told == 0.0


# --- towards the public -------------------------------------------------------------------------------------------


def test_a_survey_is_evidence_from_its_own_week_on():
    """Ev += (1 - Ev) n/(n + 500) method: 2,014 answers give 0.80, and the stock halves in 104 weeks."""
    run = world(act("publish_survey", n=2014))
    assert run.organisation("ombud").evidence == pytest.approx(2014 / 2514)
    play(run, 53, first=1)
    assert run.organisation("ombud").evidence == pytest.approx(2014 / 2514 * 2 ** (-52 / 104), rel=1e-9)


def test_two_surveys_in_a_week_both_count():
    """Ev += (1 - Ev) gain, one after the other."""
    run = world(act("publish_survey", n=2000), act("publish_survey", n=100))
    assert run.organisation("ombud").evidence == pytest.approx(1 - (1 - 2000 / 2500) * (1 - 100 / 600))


def test_a_campaign_runs_its_weeks_and_pays_its_budget_evenly():
    """Hours 60 + 30 I, then 30 I a week; budget/weeks a week to media_buying; it ends after its weeks."""
    run = world(act("launch_campaign", intensity=0.5, weeks=4, budget=10_000), weeks=2)
    assert run.organisation("ombud").hours_total == 60 + 2 * 15
    assert run.organisation("ombud").cost == 500_000
    play(run, 8, first=2)
    assert run.organisation("ombud").cost == 1_000_000
    assert run.world.account[len(run.setting.ids) + 2] == 1_000_000
    assert len(run.events(EventKind.VISITORS)) == 4
    assert len(run.events(EventKind.CAMPAIGN_ENDED)) == 1


def test_a_campaign_can_be_changed_and_stopped():
    """New values hold from the week of the change; stopping ends it before its week, the rest of the money stays."""
    launch = act("launch_campaign", tone=0.9, weeks=10, budget=10_000)
    adjust = {**act("adjust_campaign", tone=0.2, intensity=2.0), "when": 2}
    run = world(launch, adjust, weeks=3)
    ombud = run.world.credibility[run.setting.row("ombud"), 2]  # of the week before, to a thousandth
    assert run.world.voice[1].stimulus == pytest.approx(3.0 * 2.0 * 1.1 * ombud / 0.6, rel=1e-2)
    assert run.world.voice[1].critical_stimulus == pytest.approx(0.2 * run.world.voice[1].stimulus)
    run = world(launch, {**act("stop_campaign"), "when": 3}, weeks=9)
    assert run.organisation("ombud").cost == 300_000
    assert run.world.voice[1].stimulus == 0.0
    below = {**act("adjust_campaign", budget=100), "when": 3}
    assert reasons(world(launch, below, weeks=4)) == [("adjust_campaign", "precondition")]


def test_hours_are_checked_before_money():
    """The order of the checks is the same for every verb."""
    launch = act("launch_campaign", weeks=10)
    adjust = {**act("adjust_campaign", budget=1e7, hours=500), "when": 2}
    assert reasons(world(launch, adjust, weeks=3)) == [("adjust_campaign", "hours")]


@pytest.mark.parametrize("week, allowed", [(25, True), (26, False)])
def test_a_recruited_messenger_may_be_named_for_half_a_year(week, allowed):
    """26 weeks; a partner speaks for nothing and needs no recruiting."""
    plan = [
        act("recruit_messenger", who="storyteller"),
        {**act("launch_campaign", messenger="storyteller"), "when": week},
    ]
    assert (reasons(world(*plan, weeks=week + 1)) == []) == allowed
    free = world(act("recruit_messenger", who="union"), act("launch_campaign", messenger="union"), **partnered())
    assert reasons(free) == []
    assert free.organisation("ombud").cost == 0


def test_the_log_of_an_action_tells_what_was_paid():
    """action_done carries EUR and hours: 0 EUR for a partner who speaks for nothing."""
    run = world(act("recruit_messenger", who="union"), **partnered())
    (row,) = run.events(EventKind.ACTION_DONE)
    assert run.world.log_number[row, 1] == 0.0


def test_training_seats_fill_through_the_channels_named():
    """Sign-ups with 1 - exp(-sum of reach x C[owner, employees]): ombud 0.052 a week, with the union 0.212."""
    for channel, rate in (([], 0.08 * 0.65), (["union"], 0.08 * 0.65 + 0.20 * 0.80)):
        run = world(act("run_training", channel=channel))
        assert run.world.training[0].rate == pytest.approx(rate)
        assert run.world.tallies[0].seats_open == 200


FED = {"partnership": [{"members": ["ombud", "federation"], "joint": 0.0}]}


def test_a_guide_is_passed_on_by_a_federation_that_wrote_it_too():
    """F = C J v: J grows by guide_step x quality; v is 1 in public, 0.75 in the shadow."""
    guide = act("publish_guide", **{"with": "federation"})
    calm = {"halo_up": 0.0, "halo_down": 0.0}
    kept = 2.0 ** (-1.0 / 26.0)
    for plan, visibility, force in (
        ([], "public", 0.0),
        ([act("publish_guide")], "public", 0.0),
        ([guide], "public", 0.25),
        ([guide], "shadow", 0.25 * 0.75),
    ):
        keys = {"partnership": [{**FED["partnership"][0], "visibility": visibility}]}
        run = world(*plan, values={**calm, "quality_champion": 0.0}, **keys)
        assert run.organisation("federation").passed_on == pytest.approx(0.80 * force * kept)
    assert world(guide, values=calm).organisation("federation").passed_on == 0.0


def test_joint_work_fills_what_a_federation_passes_on():
    """J' = 2^(-1/26) J + (1 - J)(1 - exp(-eta joint R)), and nothing once the partnership rests."""
    keys = {"partnership": [{"members": ["ombud", "federation"], "joint": 0.5}]}
    run = world(weeks=3, values={"joint_level": 0.5}, **keys)
    tie, carries, before = run.partnership("ombud", "federation"), run.organisation("federation").carries, 0.0
    for _ in range(3):
        before = 2.0 ** (-1.0 / 26.0) * before + (1.0 - before) * (1.0 - np.exp(-0.1 * tie.joint * tie.result))
    assert carries == pytest.approx(before, rel=0.05)  # the result of each week may differ a little
    rests = act("suspend", partnership=["ombud", "federation"], weeks=20)
    calm = world(rests, weeks=3, values={**YES, "joint_level": 0.5}, **keys)
    assert calm.organisation("federation").passed_on == 0.0


def test_a_joint_campaign_needs_the_annual_plan_too():
    """A public body out of the plan with its co-sender may not put own money into their campaign."""
    launch = act("launch_campaign", cosenders=["union"], budget=1_000)

    def refused(**arguments: Any) -> list[tuple[str, str]]:
        case = small(organisation=ROWS, partnership=[OMBUD_UNION], plan=[{"when": 0, **launch, **arguments}])
        run = start_run(case, STAY)
        run.partnership("ombud", "union").in_plan_a = 0
        return reasons(play(run, 1))

    assert refused() == [("launch_campaign", "approval")]
    assert refused(budget=0) == []
    assert refused(cosenders=["ngo"]) == []


def test_a_federation_reaches_only_its_members():
    """A named firm outside the federation keeps the threshold that members lose, and is not traced to it."""
    left = []
    alone = {"peer_rate": 0.0, "manager_rate": 0.0, "staff_rate": 0.0}
    for member in (True, False):
        dyad = [{"a": "federation", "b": "flagship", "member": member}]
        run = world(act("publish_guide", **{"with": "federation"}), values=alone, dyad=dyad, **FED)
        left.append(run.world.remaining[:2].copy())
        passed_on = float(run.organisation("federation").passed_on)
    assert passed_on > 0.1
    assert left[1][0] - left[0][0] == pytest.approx(0.08 / 52 * passed_on, rel=1e-6)
    assert left[1][1] == pytest.approx(left[0][1], rel=1e-12)


def test_only_idea_owners_share_the_cause_of_a_federations_push():
    """The half of the federation's push that is not its channel goes to the idea owners among its partners."""
    partners = [{"members": [name, "federation"], "joint": 0.5} for name in ("ombud", "ngo")]
    silent = {"federation_rate": 30.0, "joint_level": 0.5, "manager_rate": 0.0, "staff_rate": 0.0}
    run = world(weeks=50, values=silent, partnership=partners)
    assert run.world.tallies[0].adopters > 5
    assert run.organisation("ngo").causal == 0.0
    assert run.organisation("ombud").causal > 1.0


def test_information_costs_hours_and_money_every_week_and_stops_without_them():
    """2.5 h and 125 EUR a week, other hours at 50 EUR; contacts in the channel named, in every week it goes on."""
    run = world(act("inform", weeks=3), weeks=5)
    assert (run.organisation("ombud").hours_total, run.organisation("ombud").cost) == (7.5, 37_500)
    assert world(act("inform", weeks=1, hours=10)).organisation("ombud").cost == 50_000
    for channel, mine, union in (([], 1.0, 0.0), (["union"], 0.0, 1.0), (["ombud", "union"], 1.0, 1.0)):
        told = world(act("inform", weeks=2, channel=channel), weeks=2)
        assert (told.organisation("ombud").informing, told.organisation("union").informing) == (mine, union)
    assert reasons(world(act("inform", channel=["federation"]))) == [("inform", "no_channel")]
    poor = [{**row, "annual_budget": 300} if row["id"] == "ombud" else row for row in ROWS]
    short = world(act("inform", weeks=9), weeks=9, organisation=poor)
    assert short.organisation("ombud").cost == 25_000
    (row,) = short.events(EventKind.INFORMATION_ENDED)
    assert short.world.log.week[row] == 2


def test_training_takes_hours_by_the_course_and_money_by_the_seat():
    """16 h for every 200 seats begun, at least 5 EUR a seat."""
    run = world(act("run_training", seats=401))
    assert (run.organisation("ombud").hours_total, run.organisation("ombud").cost) == (48.0, 200_500)
    assert world(act("run_training", seats=10)).organisation("ombud").cost == 100_000


def test_an_idea_sent_without_a_meeting_is_read_as_far_as_one_is_believed():
    """A list after a meeting tells 0.8, sent unasked 0.8 x C[ombud, employers]; a guide tells every named firm."""
    told = act("share_idea", to="flagship", how="list")
    assert world(told, **meeting()).decision("flagship").told == pytest.approx(0.8)
    assert world(told).decision("flagship").told == pytest.approx(0.8 * 0.30)
    assert world({**told, "share": 0.5}, **meeting()).decision("flagship").told == pytest.approx(0.5)
    guide = world(act("publish_guide"))
    assert guide.decision("flagship").told == pytest.approx(0.6 * 0.30)
    assert guide.decision("flagship").pending == 0


def test_a_firm_that_wishes_another_format_says_yes_less_often():
    """-0.5 in the logit for a list where a workshop is wished (3 in 10 firms), and the reverse; no format, no term."""
    terms = []
    for how in ("list", "workshop"):
        found = []
        for replicate in range(40):
            case = small(organisation=ROWS, plan=[{**act("approach", to="flagship", how=how), "when": 0}])
            run = play(start_run(case, replicate=replicate), 1)
            (row,) = run.events(EventKind.APPROACH_ACCEPTED) + run.events(EventKind.APPROACH_REFUSED)
            found.append(float(run.world.log_cause[row, 14]))
        assert set(found) == {0.0, -0.5}
        terms.append(found)
    assert [a + b for a, b in zip(*terms, strict=True)] == [-0.5] * 40  # each firm wishes one of the two
    assert 20 <= terms[0].count(0.0) <= 36


# --- inside and outside -------------------------------------------------------------------------------------------


def test_an_appointed_champion_arrives_after_four_weeks_and_takes_four_hours_a_week():
    """In place four weeks later; 4 hours a week are gone from then on."""
    run = world({"verb": "appoint_champion", "org": "storyteller", "hours": 10}, weeks=4)
    assert run.organisation("storyteller").champion == 0
    advance(run.world, 4)
    assert run.organisation("storyteller").champion == 1
    assert hours_left(run.world, run.setting.row("storyteller")) == 16.0


def test_a_focal_point_is_one_structure_item_and_costs_two_hours_a_week():
    """Z + 1/8, once; capacity - 2 from the next week on."""
    action = {"verb": "set_focal_point", "org": "ombud", "partnership": ["ombud", "union"]}
    run = world(action, {**action, "when": 1}, weeks=2, **partnered())
    assert run.partnership("ombud", "union").structure == pytest.approx(0.125)
    assert reasons(run) == [("set_focal_point", "precondition")]
    assert run.organisation("ombud").hours_total == 4 + 2


def test_shocks_change_what_they_name():
    """Each kind of shock has its effect in its own week, and costs nobody anything."""

    def shock(what: str, **keys: Any) -> Run:
        return world({"verb": "shock", "what": what, **keys}, values=None)

    assert shock("champion_leaves", org="ombud").organisation("ombud").champion == 0
    assert shock("director_absent", dyad=["ombud", "union"]).organisation("union").top == pytest.approx(0.3)
    assert shock("policy_change", rate=0.3).world.demand[0].law == pytest.approx(0.3 / 52)
    cut = shock("budget_cut", org="union", share=0.25)
    assert (cut.money("union"), cut.organisation("union").annual_budget) == (22_500, 2_250_000)
    assert cut.organisation("union").cost == 0
    assert shock("capacity_cut", org="union", share=0.5, weeks=2).organisation("union").capacity_now == 40.0
    storm = shock("foreign_storm", size=40, tone=0.8, weeks=2, targets=["federation"])
    assert storm.world.voice[3].stimulus == pytest.approx(40.0)
    assert storm.world.voice[3].critical_stimulus == pytest.approx(32.0)
    assert storm.world.criticism[-1, storm.setting.row("federation")] > 0.0


@pytest.mark.parametrize(
    "key, value, field, expected",
    [
        ("re_int", 13, "reapproach_hazard", 1 / 13),
        ("re_int", "never", "reapproach_hazard", 0.0),
        ("disclosure_before", 0.4, "disclosure_before", 0.4),
        ("disclosure_after", 0.4, "disclosure_after", 0.4),
        ("visibility", "firm", "visibility", 2),
        ("joint_level", 0.7, "joint_level", 0.7),
        ("meeting_share", 0.5, "meeting_share", 0.5),
        ("gives_time", True, "gives_time", 1),
        ("expectation", "adaptive", "expectation_adapts", 1),
        ("deference", "alternate", "deference", 2),
    ],
)
def test_standing_rules_are_kept(key, value, field, expected):
    """Every key of set_strategy sets its rule."""
    run = world(act("set_strategy", key=key, value=value))
    assert run.organisation("ombud")[field] == pytest.approx(expected)


def test_ideas_are_told_at_the_first_meeting_if_the_rule_says_so():
    """disclosure_before: told automatically once the two have met."""
    run = world(act("set_strategy", key="disclosure_before", value=0.5), weeks=2, **meeting())
    assert run.decision("flagship").told == pytest.approx(0.5)


def test_conditions_of_week_0_read_the_initial_hours():
    """Week 0: initial values; nobody has used any hours yet."""
    run = world({**act("inform"), "when": "hours_left(ombud) >= 240"}, weeks=1)
    assert run.world.action_state[0].until == 4


def test_a_condition_fires_once_or_as_often_as_it_may():
    """Once by default; with repeat_every again while true, at most max_times."""
    once = world({**act("publish_guide", cost=1), "when": "week >= 3"}, weeks=9)
    assert once.organisation("ombud").cost == 100
    again = world({**act("publish_guide", cost=1), "when": "week >= 3", "repeat_every": 2, "max_times": 3}, weeks=20)
    assert again.organisation("ombud").cost == 300


@pytest.mark.parametrize("operator", [">= 5", "> 0", "!= 3", "< 5", "<= 5", "== 0"])
@pytest.mark.parametrize("what", ["exit(ombud, federation)", "return(ombud, federation)", "refusal(ombud, federation)",
    "storm", "campaign(ngo)", "survey(ngo)"])  # fmt: skip
def test_weeks_since_something_that_never_happened_compare_with_nothing(what, operator):
    """No action waits for the fifth week after an exit that never was."""
    plan = [{"verb": "inform", "by": "ombud", "when": f"weeks_since_{what} {operator}"}]
    run = play(start_run(small(("ombud", "ngo", "federation"), plan=plan)), 12)
    assert run.world.action_state[0].fired == 0


def test_weeks_since_an_exit_count_from_the_exit():
    """The condition is false until the partner has left, and true from the fifth week after."""
    tie = {"members": ["ombud", "federation"], "state": "informal"}
    gone = {"verb": "exit", "by": "federation", "partnership": ["ombud", "federation"], "when": 3}
    waits = {"verb": "inform", "by": "ombud", "when": "weeks_since_exit(ombud, federation) >= 5"}
    run = start_run(
        small(("ombud", "federation"), partnership=[tie], plan=[gone, waits]),
        {"exit_base": -30.0, "conflict_base": -30.0},
    )
    fired = []
    for week in range(12):
        advance(run.world, week)
        fired.append(int(run.world.action_state[1].fired))
    assert fired.index(1) == 3 + 5 + 1  # conditions see the end of the week before
